"""Who may do what: one table, asked by every view and by the pages themselves. What is not in it is not allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

if TYPE_CHECKING:
    from caprev_web.models import Matter, User

ACTIONS: dict[str, tuple[str, ...]] = {
    # of a matter that one may see
    "read": ("reader", "author", "reviewer", "trainer"),
    "comment": ("author", "reviewer"),
    "edit": ("author",),
    "draft": ("author", "reviewer"),
    "send": ("author",),
    "return": ("reviewer",),
    "sign": ("reviewer",),
    "reopen": ("reviewer", "administrator"),
    "close": ("author", "reviewer"),
    "assign": ("author", "reviewer"),
    # of the desk
    "start": ("author",),
    "law": ("reader", "author", "reviewer", "trainer", "administrator"),
    "teach": ("trainer",),
    "portfolios": ("reader", "author", "reviewer", "trainer"),
    "administer": ("administrator",),
}
"""Which roles an action takes."""
STAGES: dict[str, tuple[str, ...]] = {
    "edit": ("open", "in review", "changes asked for"),
    "send": ("open", "changes asked for"),
    "return": ("in review",),
    "sign": ("in review",),
    "reopen": ("signed off", "closed"),
    "close": ("open", "in review", "changes asked for"),
}
"""At which stages of a matter an action is possible; the others are at every stage."""


def may(user: User, action: str, matter: Matter | None = None) -> bool:
    """Whether a person may do something, to a matter or at the desk."""
    if not user.is_active or not user.has(*ACTIONS[action]):
        return False
    if matter is None:
        return True
    if not sees(user, matter) or matter.status not in STAGES.get(action, (matter.status,)):
        return False
    # On a desk of several people nobody signs off what they wrote.
    return not (action == "sign" and settings.TEAM and wrote(user, matter))


def sees(user: User, matter: Matter) -> bool:
    """Whether a person may know of a matter: their own, one given to them, or one of their team's."""
    if not user.has(*ACTIONS["read"]):
        return False
    mine = user.pk in (matter.owner_id, matter.assignee_id)
    return mine or (matter.team_id is not None and matter.team_id == user.team_id)


def wrote(user: User, matter: Matter) -> bool:
    """Whether a person owns a matter, or has changed a fact of it."""
    return user.pk == matter.owner_id or matter.events.filter(who=user, kind__in=("fact", "undo", "upload")).exists()


def visible(user: User) -> QuerySet[Matter]:
    """All matters that a person may know of."""
    from caprev_web.models import Matter

    if not user.has(*ACTIONS["read"]):
        return Matter.objects.none()
    theirs = Q(owner=user) | Q(assignee=user)
    return Matter.objects.filter(theirs | Q(team=user.team_id) if user.team_id else theirs)


def found(user: User, pk: Any, action: str = "read") -> Matter:
    """The matter, for somebody who may do this to it. Another's is not told from one that is not there."""
    from caprev_web.models import Matter

    try:
        matter = Matter.objects.get(pk=pk)
    except (Matter.DoesNotExist, ValueError):
        raise Http404 from None
    if not sees(user, matter):
        raise Http404
    if not may(user, action, matter):
        if action in STAGES and matter.status not in STAGES[action]:
            raise PermissionDenied(f"This matter is {matter.status}, so this cannot be done to it now.")
        if action == "sign" and user.has(*ACTIONS["sign"]):
            raise PermissionDenied("You wrote this matter, or a part of it. Somebody else has to sign it off.")
        raise PermissionDenied
    return matter


def require(user: User, action: str) -> None:
    """Raises PermissionDenied unless the person may do this at the desk."""
    if not may(user, action):
        raise PermissionDenied
