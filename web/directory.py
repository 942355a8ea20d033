"""Adding and changing people, with what is wrong told in words: for the command line and for administrators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from caprev.errors import listing, nearest
from caprev_web import codes, trail
from caprev_web.models import Team, User
from caprev_web.models.people import ROLES
from caprev_web.views.people import end_sessions


def add(
    name: str,
    password: str,
    roles: Sequence[str],
    team: str = "",
    full_name: str = "",
    by: User | None = None,
    single: bool = False,
) -> list[str]:
    """Adds somebody; says what is wrong, and then adds nobody. Who is `single` signs in at the provider, by no
    password."""
    problems = [*_roles(roles)]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,59}", name):
        problems.append(f"'{name}' is not a name to sign in by: letters, digits and . _ @ -, two to sixty of them.")
    elif User.objects.filter(name__iexact=name).exists():
        problems.append(f"There is somebody called {name} already.")
    problems += [] if single else _password(password, User(name=name, full_name=full_name))
    if not problems:
        with transaction.atomic():
            own = None if single else password
            told = {"roles": list(roles), "single": single}
            User.objects.create(name, own, team=_team(team), full_name=full_name[:120], **told)
            trail.add(by, "person added", after={"name": name, "team": team, **told}, name="command line")
    return problems


def change(
    name: str,
    roles: Sequence[str] = (),
    team: str = "",
    password: str = "",
    active: bool | None = None,
    by: User | None = None,
    single: bool = False,
    phone_lost: bool = False,
) -> list[str]:
    """Changes somebody; what is not given stays. Says what is wrong, and then changes nothing.

    `single`: from now on they sign in at the provider; a password takes that back. `phone_lost`: their second factor
    is taken away.
    """
    found = User.objects.filter(name=name).first()
    if found is None:
        return [f"There is nobody called {name}. {nearest(name, User.objects.values_list('name', flat=True))}".rstrip()]
    problems = [*_roles(roles), *(_password(password, found) if password else [])]
    if single and password:
        problems.append("Either a password, or the provider: not both.")
    if not problems:
        with transaction.atomic():
            before = _state(found)
            found.roles = list(roles) or found.roles
            found.team = _team(team) if team else found.team
            found.is_active = found.is_active if active is None else active
            if password or single:
                # What was set up with the one way in opens nothing beside the other.
                found.set_password(password or None)
                found.single, found.issuer, found.subject = single, "", ""
            ended = (phone_lost or single) and codes.end(found)
            found.save()
            after = {"name": name, **_state(found), **({"second factor": "taken away"} if ended else {})}
            trail.add(by, "person changed", before=before, after=after, name="command line")
        if password or single or active is False:
            end_sessions(found)
    return problems


def _state(user: User) -> dict[str, Any]:
    team = str(user.team or "")
    return {"roles": list(user.roles), "team": team, "active": user.is_active, "single": user.single}


def everybody() -> Iterator[str]:
    """A line for everybody."""
    for user in User.objects.select_related("team").order_by("name"):
        how = "; at the provider" if user.single else "; second factor" if codes.device(user) else ""
        state = "" if user.is_active else " (shut out)"
        yield f"{user.name}: {', '.join(user.roles) or 'no role'}; {user.team or 'no team'}{how}{state}"


def _team(name: str) -> Team | None:
    return Team.objects.get_or_create(name=name[:80])[0] if name else None


def _roles(roles: Sequence[str]) -> Iterator[str]:
    for role in roles:
        if role not in ROLES:
            yield f"'{role}' is not a role; allowed: {listing(ROLES)}. {nearest(role, ROLES)}".rstrip()


def _password(password: str, user: User) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return list(error.messages)
    return []
