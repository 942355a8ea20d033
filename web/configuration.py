"""What a desk is run with: read from the environment, which `caprev serve` fills, and checked before it starts."""

from __future__ import annotations

import importlib.util
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


class Unfit(Exception):
    """A desk that must not start as it was asked for; says what is wrong and what would be right."""


@dataclass(frozen=True)
class Provider:
    """The OpenID provider of an organisation, whose people sign in at it instead of with a password of the desk.

    `claim` is what it tells of a person that is their name at the desk; `name` is what pages call it.
    """

    issuer: str
    client: str
    secret: str
    claim: str = "preferred_username"
    name: str = "your organisation"


@dataclass(frozen=True)
class Configuration:
    """How one desk runs. `team` desks have people with passwords; others one person, let in by a link.

    `hosts` are the names that it answers to; `proxy` is the address of the one proxy whose `X-Forwarded-*` headers are
    believed, empty where there is none. With `api_only` there are no pages.
    """

    data: Path
    secret: str
    database: str = ""
    team: bool = False
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    proxy: str = ""
    api_only: bool = False
    provider: Provider | None = None


def chosen(environment: Mapping[str, str] = os.environ) -> Configuration:
    """The configuration that the environment describes. Raises Unfit."""
    data = Path(environment.get("CAPREV_DESK_DATA") or home(environment)).absolute()
    team, proxy = environment.get("CAPREV_DESK_TEAM") == "yes", environment.get("CAPREV_DESK_PROXY", "")
    hosts = tuple(filter(None, environment.get("CAPREV_DESK_HOSTS", "").split(",")))
    if "*" in hosts:
        raise Unfit("CAPREV_DESK_HOSTS must name hosts; '*' would let any name in.")
    return Configuration(
        data,
        secret(data),
        environment.get("CAPREV_DESK_DATABASE", ""),
        team,
        (*hosts, "127.0.0.1", "localhost"),
        proxy,
        environment.get("CAPREV_DESK_API_ONLY") == "yes",
        provider(environment),
    )


def provider(environment: Mapping[str, str] = os.environ) -> Provider | None:
    """The OpenID provider that the environment names, if it does. Raises Unfit for one that is not to be trusted."""
    names = ("CAPREV_OIDC_ISSUER", "CAPREV_OIDC_CLIENT", "CAPREV_OIDC_SECRET")
    given = {name: environment.get(name, "") for name in names}
    if not any(given.values()):
        return None
    if missing := [name for name, value in given.items() if not value]:
        raise Unfit(f"Sign-in at a provider needs {' and '.join(missing)} too.")
    issuer = given["CAPREV_OIDC_ISSUER"]
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")):
        raise Unfit(f"CAPREV_OIDC_ISSUER must be an https address, as the provider writes it; it is '{issuer}'.")
    if not importlib.util.find_spec("authlib"):
        raise Unfit("Sign-in at a provider needs more packages: python3 install.py oidc")
    claim, name = environment.get("CAPREV_OIDC_CLAIM"), environment.get("CAPREV_OIDC_NAME")
    told = Provider(issuer, given["CAPREV_OIDC_CLIENT"], given["CAPREV_OIDC_SECRET"])
    return replace(told, claim=claim or told.claim, name=name or told.name)


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """Where a desk keeps its data unless told otherwise: the user's data directory."""
    above = environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(above) / "caprev"


def secret(data: Path) -> str:
    """The key that sessions are signed with: made once, kept beside the database, readable by its owner only.

    Raises Unfit where the directory cannot be written to, or others could read the key.
    """
    path = data / "secret"
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w") as stream:
                stream.write(secrets.token_urlsafe(48))
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Unfit(f"{path} can be read by others. Run: chmod 600 {path}")
        found = path.read_text().strip()
    except OSError as error:
        raise Unfit(f"{data} cannot be used ({error.strerror}). Name another directory with --data.") from None
    if len(found) < 40:
        raise Unfit(f"{path} holds no key. Remove it, and a new one is made (everybody signs in again).")
    return found


def database(url: str, data: Path) -> dict[str, Any]:
    """Django's description of the database: a PostgreSQL URL, or SQLite in the data directory. Raises Unfit."""
    if not url:
        pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
        return {
            "ENGINE": "caprev_web.sqlite",
            "NAME": data / "desk.sqlite3",
            # A writer takes its turn at the start, so that none fails half-way.
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas},
            # A thread keeps its connection: to open the file and learn its tables takes longer than a question.
            "CONN_MAX_AGE": None,
        }
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise Unfit("--database takes postgresql://USER:PASSWORD@HOST:PORT/NAME, or nothing for SQLite.")
    if not importlib.util.find_spec("psycopg"):
        raise Unfit("PostgreSQL needs one more package: python3 install.py postgres")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
