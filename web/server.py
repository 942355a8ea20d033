"""The process that serves: one engine, some threads, no fork."""

from __future__ import annotations

import gc
import threading

import click
from waitress import create_server

from caprev_web import host, saving
from caprev_web.views import people
from caprev_web.wsgi import application

_GARBAGE = (5_000, 10, 5)
"""How often garbage is looked for. An assessment refers to itself, so that one which is kept no more is garbage."""


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
        # Longer than a proxy keeps a connection at rest (nginx 60 s, Caddy 120 s): none sends into a closed one.
        channel_timeout=180,
    )
    address = f"http://127.0.0.1:{server.effective_port}"
    click.echo(f"{address}{page}" if page else f"{address}/enter/{people.link()}")
    click.echo("Stop it with Ctrl-C; everything saved stays.", err=True)
    threading.Thread(target=ready, name="law").start()
    try:
        server.run()
    finally:
        server.close()


def ready() -> None:
    """Reads the law, so that the first page does not wait for it, and has garbage looked for as often as a process
    needs that goes on: the command line hardly does, for commands that end soon. The law itself is never garbage.
    What an earlier process left undone is done then."""
    host.law()
    gc.collect()
    gc.freeze()
    gc.collect()  # Python waits for a quarter more than was there at the last time
    gc.set_threshold(*_GARBAGE)
    saving.mend()
