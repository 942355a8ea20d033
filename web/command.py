"""`caprev serve` and `caprev users`: Django is imported only when one of them runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

_DATA = click.option(
    "--data",
    type=click.Path(path_type=Path),
    help="Where the desk keeps its data.  [default: the user's data directory]",
)
_DATABASE = click.option(
    "--database",
    metavar="URL",
    default="",
    envvar="CAPREV_DATABASE",
    help="postgresql://… instead of SQLite; also CAPREV_DATABASE, which keeps the password out of lists of processes.  "
    "[default: SQLite in the data directory]",
)


_STARTING = 0x6361707265760001
"""The lock that a process holds on a PostgreSQL while it brings the tables up to date: any number, but always this."""


def _set_up(data: Path | None, database: str, **more: str) -> None:
    """Django, with its database brought up to date. Ends with exit code 2 where the desk must not start."""
    chosen = {"CAPREV_DESK_DATA": str(data) if data else "", "CAPREV_DESK_DATABASE": database, **more}
    os.environ.update({name: value for name, value in chosen.items() if value})
    os.environ["DJANGO_SETTINGS_MODULE"] = "caprev_web.settings"
    from caprev_web.configuration import Unfit

    try:
        import django

        django.setup()
        from django.db import Error

        try:
            _brought_up_to_date()
        except Error as error:
            raise Unfit(f"The database cannot be used: {str(error).strip().splitlines()[0]}") from None
    except Unfit as error:
        click.echo(f"caprev: {error}", err=True)
        sys.exit(2)


def _brought_up_to_date() -> None:
    """Makes the tables, or changes them to what this release needs. Of several processes that start at one moment on
    PostgreSQL one does it, and the others wait for it."""
    from django.core.management import call_command
    from django.db import connection

    alone = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        if alone:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_STARTING])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_STARTING])


@click.command(short_help="The desk on the web, for one person or a team.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes any that is free."
)
@_DATA
@_DATABASE
@click.option("--team", is_flag=True, help="For several people, who sign in with a password; see the command users.")
@click.option("--host", "hosts", multiple=True, metavar="NAME", help="A name that the desk is reached by; repeatable.")
@click.option(
    "--proxy",
    metavar="ADDRESS",
    default="",
    help="The proxy before it, whose X-Forwarded-* headers are believed.  [default: none]",
)
@click.option("--api-only", is_flag=True, help="Only /api/v1, for other programs; no pages. See docs/http.md.")
@click.option("--threads", type=click.IntRange(1, 64), default=8, show_default=True, help="Requests taken at a time.")
def serve(
    port: int,
    data: Path | None,
    database: str,
    team: bool,
    hosts: tuple[str, ...],
    proxy: str,
    api_only: bool,
    threads: int,
) -> None:
    """The desk on the web, on this machine: matters, interview, reasons, documents, review, classes, portfolios.

    Its first line is a link that lets you in, once. Everything is kept in one directory; it may be stopped at any time
    (Ctrl-C), and nothing that was saved is lost. For a team, and behind a proxy: docs/serving.md.

    \b
    Examples:
      caprev serve
      caprev serve --port 8123 --data ./desk
      caprev serve --api-only
      caprev serve --team --host desk.example.org --proxy 127.0.0.1
    """
    several = "yes" if team or proxy else ""
    _set_up(
        data,
        database,
        CAPREV_DESK_TEAM=several,
        CAPREV_DESK_HOSTS=",".join(hosts),
        CAPREV_DESK_PROXY=proxy,
        CAPREV_DESK_API_ONLY="yes" if api_only else "",
    )
    from caprev_web import server

    try:
        server.run(port, threads, "/api/v1/openapi.json" if api_only else "/" if several else "")
    except OSError as error:
        click.echo(
            f"caprev: port {port} cannot be used ({error.strerror or error}). Name another with --port.", err=True
        )
        sys.exit(2)


@click.group(short_help="The people of a team's desk.")
def users() -> None:
    """The people of a desk for a team: who they are, and what they may do."""


_ROLE = click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="ROLE",
    help="reader, author, reviewer, trainer or administrator; repeatable.",
)
_TEAM = click.option(
    "--in", "team", metavar="TEAM", default="", help="The team, which is made if there is none such.  [default: none]"
)

_SINGLE = click.option(
    "--single-sign-on", "single", is_flag=True, help="They sign in at the provider (docs/serving.md), by no password."
)


@users.command(short_help="Add somebody.")
@click.argument("name")
@_ROLE
@_TEAM
@click.option("--full-name", default="", help="The name as pages show it.  [default: the name]")
@_SINGLE
@_DATA
@_DATABASE
def add(
    name: str, roles: tuple[str, ...], team: str, full_name: str, single: bool, data: Path | None, database: str
) -> None:
    """Add somebody who signs in with a password, which is asked for, or read from standard input.

    \b
    Examples:
      caprev users add lee --role author --in "Private rulings"
      caprev users add rao@example.org --role reviewer --single-sign-on
    """
    _set_up(data, database)
    from caprev_web import directory

    password = "" if single else _password()
    _told(directory.add(name, password, roles or ("reader",), team, full_name, single=single))


@users.command("set", short_help="Change roles, team or password.")
@click.argument("name")
@_ROLE
@_TEAM
@click.option("--password", "asks", is_flag=True, help="Give a new password, which ends all sessions.")
@click.option("--active/--inactive", default=None, help="Let in, or out.")
@click.option("--phone-lost", is_flag=True, help="Take their second factor away; they set up another.")
@_SINGLE
@_DATA
@_DATABASE
def change(
    name: str,
    roles: tuple[str, ...],
    team: str,
    asks: bool,
    active: bool | None,
    phone_lost: bool,
    single: bool,
    data: Path | None,
    database: str,
) -> None:
    """Change what somebody may do, their team, or how they come in; or shut them out.

    \b
    Examples:
      caprev users set lee --role author --role reviewer
      caprev users set lee --phone-lost
    """
    _set_up(data, database)
    from caprev_web import directory

    password = _password() if asks else ""
    _told(directory.change(name, roles, team, password, active, single=single, phone_lost=phone_lost))


@users.command("list", short_help="List everybody.")
@_DATA
@_DATABASE
def everybody(data: Path | None, database: str) -> None:
    """Everybody, with team and roles.

    \b
    Example:
      caprev users list
    """
    _set_up(data, database)
    from caprev_web import directory

    for line in directory.everybody():
        click.echo(line)


def _password() -> str:
    if sys.stdin.isatty():
        given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return given
    return sys.stdin.readline().rstrip("\n")


def _told(problems: Iterable[Any]) -> None:
    found = list(problems)
    for problem in found:
        click.echo(f"caprev: {problem}", err=True)
    if found:
        sys.exit(2)


@click.group(short_help="The programs that may call the API.")
def clients() -> None:
    """The programs that may call /api/v1 (docs/http.md): each has a token, with scopes and a rate."""


@clients.command("add", short_help="Add a program, and print its token.")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    metavar="SCOPE",
    help="law, assess, matters:read or matters:write; repeatable.",
)
@click.option("--user", default="local", show_default=True, metavar="NAME", help="For whom it calls.")
@click.option("--per-minute", type=click.IntRange(1, 100_000), default=60, show_default=True, help="Calls at most.")
@click.option("--days", type=click.IntRange(0), default=0, help="How long the token lasts.  [default: until revoked]")
@_DATA
@_DATABASE
def add_client(
    name: str, scopes: tuple[str, ...], user: str, per_minute: int, days: int, data: Path | None, database: str
) -> None:
    """Add a program that calls the API for somebody. Its token is printed this once: only its hash is kept.

    \b
    Example:
      caprev clients add ledger --scope assess --scope law
    """
    _set_up(data, database)
    from caprev_web.api import clients as known

    token, problems = known.add(name, scopes, user, per_minute, days)
    _told(problems)
    click.echo(token)


@clients.command("revoke", short_help="End a program's token.")
@click.argument("name")
@_DATA
@_DATABASE
def revoke_client(name: str, data: Path | None, database: str) -> None:
    """End a program's token, at once.

    \b
    Example:
      caprev clients revoke ledger
    """
    _set_up(data, database)
    from caprev_web.api import clients as known

    _told(known.revoke(name))


@clients.command("list", short_help="List the programs.")
@_DATA
@_DATABASE
def list_clients(data: Path | None, database: str) -> None:
    """Every program: for whom it calls, its scopes and its rate.

    \b
    Example:
      caprev clients list
    """
    _set_up(data, database)
    from caprev_web.api import clients as known

    for line in known.everyone():
        click.echo(line)
