"""Adding and changing people, with what is wrong told in words: for the command line and for administrators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from caprev.errors import listing, nearest
from caprev_web import trail
from caprev_web.models import Team, User
from caprev_web.models.people import ROLES
from caprev_web.views.people import end_sessions


def add(
    name: str, password: str, roles: Sequence[str], team: str = "", full_name: str = "", by: User | None = None
) -> list[str]:
    """Adds somebody; says what is wrong, and then adds nobody."""
    problems = [*_roles(roles)]
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._@-]{1,59}", name):
        problems.append(f"'{name}' is not a name to sign in by: letters, digits and . _ @ -, two to sixty of them.")
    elif User.objects.filter(name__iexact=name).exists():
        problems.append(f"There is somebody called {name} already.")
    problems += _password(password, User(name=name, full_name=full_name))
    if not problems:
        with transaction.atomic():
            User.objects.create(name, password, roles=list(roles), team=_team(team), full_name=full_name[:120])
            trail.add(by, "person added", after={"name": name, "roles": list(roles), "team": team}, name="command line")
    return problems


def change(
    name: str,
    roles: Sequence[str] = (),
    team: str = "",
    password: str = "",
    active: bool | None = None,
    by: User | None = None,
) -> list[str]:
    """Changes somebody; what is not given stays. Says what is wrong, and then changes nothing."""
    found = User.objects.filter(name=name).first()
    if found is None:
        return [f"There is nobody called {name}. {nearest(name, User.objects.values_list('name', flat=True))}".rstrip()]
    problems = [*_roles(roles), *(_password(password, found) if password else [])]
    if not problems:
        with transaction.atomic():
            before = {"roles": list(found.roles), "team": str(found.team or ""), "active": found.is_active}
            found.roles = list(roles) or found.roles
            found.team = _team(team) if team else found.team
            found.is_active = found.is_active if active is None else active
            if password:
                found.set_password(password)
            found.save()
            after = {"name": name, "roles": list(found.roles), "team": str(found.team or ""), "active": found.is_active}
            trail.add(by, "person changed", before=before, after=after, name="command line")
        if password or active is False:
            end_sessions(found)
    return problems


def everybody() -> Iterator[str]:
    """A line for everybody."""
    for user in User.objects.select_related("team").order_by("name"):
        state = "" if user.is_active else " (shut out)"
        yield f"{user.name}: {', '.join(user.roles) or 'no role'}; {user.team or 'no team'}{state}"


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
