"""Clients and their tokens: added and revoked from the command line, known by a hash, held to a rate."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from caprev.errors import listing, nearest
from caprev_web import trail
from caprev_web.api.models import Client
from caprev_web.models import User
from caprev_web.models.people import LOCAL
from caprev_web.views import people

SCOPES = {
    "law": "read rules, decided cases and the schema of facts",
    "assess": "assess facts that are sent, and all that follows; nothing is kept",
    "matters:read": "read the matters that the person may see",
    "matters:write": "start matters, and change their facts",
}
MINUTE = 60.0


class Refused(Exception):
    """A call that is not answered: without a scope (403), or too soon (429, `wait` in seconds)."""

    def __init__(self, status: int, detail: str, wait: int = 0) -> None:
        super().__init__(detail)
        self.status, self.wait = status, wait


@dataclass(frozen=True)
class Allowance:
    """How much a client may still ask: `left` of `most` calls in this minute, which ends in `wait` seconds."""

    most: int
    left: int
    wait: int


class Token(HttpBearer):
    """A call with `Authorization: Bearer TOKEN`, of a client that has the scope and calls within its rate."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Client | None:
        """The client. None for a token that is not known, was revoked or has ended. Raises Refused."""
        client = Client.objects.select_related("user").filter(sha256=_hash(token)).first()
        now = timezone.now()
        if client is None or client.revoked or (client.expires and client.expires <= now):
            return None
        if not client.user.is_active:
            return None
        request.allowance = allowance = METER.counted(client.sha256, client.per_minute)
        if allowance.left < 0:
            what = f"{client.name} may call {client.per_minute} times a minute"
            raise Refused(429, f"{what}; try again in {allowance.wait} s.", allowance.wait)
        if self.scope not in client.scopes:
            raise Refused(403, f"{client.name} has not the scope '{self.scope}'; it has {listing(client.scopes)}.")
        return client


class Meter:
    """Calls of each client in its current minute, counted in this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minutes: dict[Any, tuple[float, int]] = {}

    def counted(self, client: Any, most: int) -> Allowance:
        """Counts one call."""
        now = time.monotonic()
        with self._lock:
            began, calls = self._minutes.get(client, (now, 0))
            if now - began >= MINUTE:
                began, calls = now, 0
            self._minutes[client] = began, calls + 1
        return Allowance(most, most - calls - 1, max(1, round(began + MINUTE - now)))


METER = Meter()


def add(
    name: str, scopes: Sequence[str], user: str = LOCAL, per_minute: int = 60, days: int = 0
) -> tuple[str, list[str]]:
    """Adds a client; its token, which is told this once, or what is wrong."""
    problems = []
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,59}", name):
        problems.append(f"'{name}' is not a name of a client: letters, digits and . _ -, two to sixty of them.")
    elif Client.objects.filter(name=name).exists():
        problems.append(f"There is a client called {name} already. Revoke it, and give the new one another name.")
    for scope in scopes:
        if scope not in SCOPES:
            problems.append(f"'{scope}' is not a scope; allowed: {listing(SCOPES)}. {nearest(scope, SCOPES)}".rstrip())
    person = User.objects.filter(name=user).first()
    if person is None and user == LOCAL:
        person = people.local()
    if person is None:
        problems.append(f"There is nobody called {user}. {nearest(user, User.objects.values_list('name', flat=True))}")
    if problems:
        return "", problems
    token = f"caprev_{secrets.token_urlsafe(32)}"
    ends = timezone.now() + timedelta(days=days) if days else None
    told = {"name": name, "user": user, "scopes": list(scopes), "per_minute": per_minute}
    with transaction.atomic():
        Client.objects.create(
            name=name, user=person, sha256=_hash(token), scopes=list(scopes), per_minute=per_minute, expires=ends
        )
        trail.add(None, "client added", after=told, name="command line")
    return token, []


def revoke(name: str) -> list[str]:
    """Ends a client's token at once; says what is wrong if there is no such client."""
    found = Client.objects.filter(name=name).first()
    if found is None:
        names = Client.objects.values_list("name", flat=True)
        return [f"There is no client called {name}. {nearest(name, names)}".rstrip()]
    with transaction.atomic():
        found.revoked = found.revoked or timezone.now()
        found.save(update_fields=["revoked"])
        trail.add(None, "client revoked", after={"name": name}, name="command line")
    return []


def everyone() -> Iterator[str]:
    """A line for every client."""
    for client in Client.objects.select_related("user").order_by("name"):
        ends = f", until {client.expires:%Y-%m-%d}" if client.expires else ""
        ends += " (revoked)" if client.revoked else ""
        yield f"{client.name}: for {client.user.name}; {', '.join(client.scopes)}; {client.per_minute} a minute{ends}"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
