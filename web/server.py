"""The process that serves: one engine, some threads, no fork."""

from __future__ import annotations

import threading

import click
from waitress import create_server

from caprev_web import host
from caprev_web.views import people
from caprev_web.wsgi import application


def run(port: int, threads: int, page: str) -> None:
    """Serves until it is stopped. The first line printed is where to go: a page, or a link that lets the local
    person in where none is named. Raises OSError where the port is taken."""
    server = create_server(
        application,
        host="127.0.0.1",
        port=port,
        threads=threads,
        # What a proxy says is believed, or not, in one place: middleware.forwarded.
        clear_untrusted_proxy_headers=False,
        max_request_body_size=8_000_000,
        ident="caprev",
        channel_timeout=60,
    )
    address = f"http://127.0.0.1:{server.effective_port}"
    click.echo(f"{address}{page}" if page else f"{address}/enter/{people.link()}")
    click.echo("Stop it with Ctrl-C; everything saved stays.", err=True)
    # The law is read now, so that the first page does not wait for it.
    threading.Thread(target=host.law, name="law").start()
    try:
        server.run()
    finally:
        server.close()
