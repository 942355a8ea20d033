"""The rules for assistants."""

from __future__ import annotations

import click

from caprev.cli.common import Asked, asking
from caprev.errors import BadInput, Problem


@click.command(short_help="Serve the rules to an assistant (MCP).")
@click.option("--http", "port", type=click.IntRange(1, 65535), metavar="PORT", help="Over HTTP here.  [default: stdio]")
@asking()
def mcp(asked: Asked, port: int | None) -> None:
    """Serve the rules to an assistant over the Model Context Protocol; see docs/assistants.md.

    Tools to describe, check and assess facts, to say what is missing and what would change the conclusion, to compare
    with decided cases, and to draft. An assistant that has started this speaks to it by standard input and output; with
    --http it listens on http://127.0.0.1:PORT/mcp, for this machine alone. Nothing is stored, and no file is read by
    name.

    \b
    Examples:
      caprev mcp
      caprev mcp --http 8765
    """
    try:
        from caprev.assistants.server import server, strict_server
    except ImportError as error:
        what = f"an assistant's server needs {error.name or 'a package'}, not installed"
        raise BadInput(Problem(what, fix="Set it up with: python3 install.py mcp")) from None
    if asked.strict:
        from caprev.assistants.strictly import StrictTools  # here: most packs are weighed
        from caprev.strict import book

        strict = book.load(asked.rules)
        made = strict_server(StrictTools(strict, asked.rules), strict.pack)
    else:
        made = server(asked.assessor)
    if port is None:
        made.run("stdio")
    else:
        click.echo(f"http://127.0.0.1:{port}/mcp", err=True)
        made.run("streamable-http", host="127.0.0.1", port=port, stateless_http=True, json_response=True)
