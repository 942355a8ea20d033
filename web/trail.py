"""Writing and reading the trail: who did what, when, and whether anybody has touched it since."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from caprev_web import guard
from caprev_web.models import Event, Matter, User

TRIES = 5


def add(
    who: User | None,
    kind: str,
    matter: Matter | None = None,
    parcel: str = "",
    fact: str = "",
    before: Any = None,
    after: Any = None,
    law: str = "",
    name: str = "",
) -> Event:
    """Adds one event to the chain of a matter (which the caller has locked), or of the desk."""
    for attempt in range(TRIES):
        chain = Event.objects.filter(matter=matter).order_by("-number")
        number, digest = chain.values_list("number", "digest").first() or (0, "")
        event = Event(
            matter=matter,
            version=matter.version if matter else 0,
            number=number + 1,
            at=timezone.now(),
            who=who,
            name=(who.name if who else name)[:60],
            kind=kind,
            parcel=parcel,
            fact=fact,
            before=before,
            after=after,
            law=law,
        )
        event.digest = event.chained(digest)
        try:
            # A matter is locked by the caller; of the desk's own chain there is no lock, so it may have to try again.
            with nullcontext() if matter else transaction.atomic():
                event.save(force_insert=True)
            return event
        except IntegrityError:  # another added to the desk's chain at the same moment
            if matter or attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def broken(events: Iterable[Event]) -> Iterator[Event]:
    """The events of one chain, in order, that do not follow from the one before: each was changed, or one is gone."""
    digest, number = "", 0
    for event in events:
        if event.number != number + 1 or event.digest != event.chained(digest):
            yield event
        digest, number = event.digest, event.number


def entries_at(matter: Matter, version: int) -> list[dict[str, Any]]:
    """The states of all facts of a matter as they were at a version."""
    states: dict[tuple[str, str], dict[str, Any]] = {}
    for event in matter.events.filter(version__lte=version):
        if event.kind == "created":
            states = {(state["parcel"], state["fact"]): state for state in event.after["entries"]}
        elif event.fact and event.after is not None and event.kind in ("fact", "undo", "upload"):
            states[event.parcel, event.fact] = event.after
    return list(states.values())


def note(who: User, kind: str, matter: Matter, says: str, **more: Any) -> Event:
    """Adds to a matter's chain something that changes none of its facts."""
    with transaction.atomic():
        locked = Matter.objects.select_for_update().get(pk=matter.pk)
        return add(who, kind, locked, after={"says": says, **more})


def purge(who: User, matter: Matter) -> None:
    """Deletes a closed matter for good, its trail too. That it was, and the last digest of it, stay on the desk's.

    The one way past the guard that keeps the trail, and itself one transaction.
    """
    with transaction.atomic():
        last = matter.events.order_by("-number").first()
        told = {"matter": str(matter.pk), "events": last.number if last else 0, "digest": last.digest if last else ""}
        matter.signoffs.all().delete()
        matter.papers.all().delete()
        with connection.cursor() as cursor:
            for statement in guard.lifted(connection.vendor):
                cursor.execute(statement)
            cursor.execute("DELETE FROM caprev_web_event WHERE matter_id = %s", [_key(matter)])
            for statement in guard.set_up(connection.vendor):
                cursor.execute(statement)
        matter.delete()
        add(who, "matter deleted", after=told)


def _key(matter: Matter) -> Any:
    return Event._meta.get_field("matter").get_db_prep_value(matter.pk, connection)
