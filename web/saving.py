"""Every change of a matter: one transaction each, based on a version, and in the trail. Nothing else writes facts.

What contradicts is kept: a change is saved first, and assessed after. What is shown of a matter whose facts contradict
each other is its last standing, marked so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, prefetch_related_objects
from django.utils import timezone

from caprev_web import controls, factsets, host, strict, trail
from caprev_web.controls import Filled
from caprev_web.factsets import KEYS
from caprev_web.models import Entry, Look, Matter, User
from caprev_web.models.matters import STANDINGS

LONGEST = 10_000
"""Characters of a source or a note."""


class Conflict(Exception):
    """Somebody else changed the same fact meanwhile: nothing was saved; `theirs` is what stands now."""

    def __init__(self, theirs: Entry) -> None:
        super().__init__("changed meanwhile")
        self.theirs = theirs


class Frozen(Exception):
    """The matter may not be changed any more: it was signed off or closed meanwhile."""


@dataclass(frozen=True)
class Change:
    """What a form says of one fact: the value as filled in, and where it comes from."""

    parcel: str
    fact: str
    filled: Filled
    source: str = ""
    standing: str = ""
    note: str = ""


def put(user: User, shown: Matter, change: Change, seen: int) -> Entry:
    """Saves one fact of a matter, of which `seen` is the version that the form showed. The entry's `matter` is the one
    that now stands. Raises Conflict or Frozen."""
    fact = host.vocabulary(pack_of(shown))[change.fact]
    said = controls.understood(fact, change.filled)
    fields: dict[str, Any] = {
        "source": change.source[:LONGEST],
        "standing": change.standing if change.standing in STANDINGS else "",
        "note": change.note[:LONGEST],
        "problem": said.problem,
        "typed": change.filled.as_data() if said.problem else None,
    }
    if not said.problem:
        fields["value"] = said.value
        # How a loose answer was taken is told once, not again on every save.
        if said.note and said.note not in fields["note"]:
            fields["note"] = "; ".join(filter(None, [fields["note"], said.note]))
        fields["standing"] = fields["standing"] or said.standing

    def change_it(matter: Matter) -> Entry:
        entry = _entry(matter, change.parcel, change.fact, user)
        before = factsets.state(entry) if entry.version else None
        if entry.version != seen and _differs(entry, fields):
            raise Conflict(entry)
        if _differs(entry, fields):
            _write(matter, entry, fields, user, "fact", before)
            # Who had seen all before has seen this too.
            Look.objects.filter(matter=matter, user=user, version=matter.version - 1).update(version=matter.version)
        return entry

    return _changed(shown.pk, change_it)


def put_state(user: User, pk: Any, state: dict[str, Any], kind: str = "undo") -> None:
    """Puts a fact back to a state that the trail keeps (an undo). Raises Frozen."""
    put_states(user, pk, [state], kind)


def put_states(
    user: User, pk: Any, states: Iterable[dict[str, Any]], kind: str, about: dict[str, Any] | None = None
) -> None:
    """Takes many facts at once, and what is said of the matter beside them: all of it or, where one fails, none. Each
    is a change of its own in the trail, and where the matter stands is worked out once. Raises Frozen."""

    def change_it(matter: Matter) -> None:
        for state in states:
            entry = _entry(matter, state["parcel"], state["fact"], user)
            fields = {name: state[name] for name in ("value", "typed", "problem", *KEYS)}
            if _differs(entry, fields):
                _write(matter, entry, fields, user, kind, factsets.state(entry) if entry.version else None)
        if about:
            _describe(user, matter, {"about": {**matter.about, **about}})

    _changed(pk, change_it)


def blank(parcel: str, fact: str) -> dict[str, Any]:
    """The state of a fact of which nothing is said."""
    return {"parcel": parcel, "fact": fact, "value": None, "typed": None, "problem": "", **dict.fromkeys(KEYS, "")}


def supposed(parcel: str, fact: str, value: Any) -> dict[str, Any]:
    """The state of a fact that a copy supposes."""
    return blank(parcel, fact) | {"value": value, "note": "supposed", "standing": "assumed"}


def describe(user: User, pk: Any, fields: dict[str, Any]) -> None:
    """Changes what is said of the matter itself: title, reference, tags, position, what it asks, its parcels.

    Raises Frozen.
    """
    _changed(pk, lambda matter: _describe(user, matter, fields))


def _describe(user: User, matter: Matter, fields: dict[str, Any]) -> None:
    before = {name: getattr(matter, name) for name in fields}
    if before == fields:
        return
    for name, value in fields.items():
        setattr(matter, name, value)
    matter.version += 1
    matter.save()
    trail.add(user, "matter", matter, before=before, after=fields)


def arrange(user: User, pk: Any, arranged: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
    """Adds a part of a matter, names it or takes it out, on what stands at that moment. Raises Frozen."""

    def change_it(matter: Matter) -> None:
        before = list(matter.parcels)
        after = arranged([dict(part) for part in before])
        if before != after:
            matter.parcels = after
            matter.version += 1
            matter.save()
            trail.add(user, "matter", matter, before={"parcels": before}, after={"parcels": after})

    _changed(pk, change_it)


def start(user: User, taken: factsets.Taken, title: str = "") -> Matter:
    """A new matter of a person, from a fact set that was taken apart."""
    with transaction.atomic():
        matter = Matter.objects.create(
            title=(title or taken.title or "Matter without a title")[:200],
            reference=taken.reference[:80],
            team=user.team,
            owner=user,
            about=taken.about,
            parcels=taken.parcels,
        )
        Entry.objects.bulk_create(Entry(matter=matter, by=user, version=1, **state) for state in taken.entries)
        head = {"title": matter.title, "about": matter.about, "parcels": matter.parcels}
        trail.add(user, "created", matter, after={**head, "entries": taken.entries})
    reckon(matter)
    return matter


def reckon(matter: Matter) -> None:
    """Works out where a matter stands on what is saved, and keeps it, unless it was changed again meanwhile."""
    entries = entries_of(matter)
    text, pack = factsets.text(matter, entries), pack_of(matter)
    found = host.read(text, pack=pack)
    kept: dict[str, Any]
    if found.matter is None:
        kept = {"problems": [problem.as_data() for problem in found.problems]}
        says: list[str] = []
    else:
        if host.strict(pack):
            standing = [item.as_data() for item in strict.standing(text, pack)]
        else:
            standing = [item.as_data() for item in host.standing(text, position_of(matter), pack)]
        kept = {"problems": [], "standing": standing, "standing_version": matter.version}
        says = [f"{item['headline']} {item['says']}" for item in standing]
    kept["words"] = _words(matter, entries, says)
    # Nobody who waits to save stands behind this at the disk (`web/sqlite`).
    with connection.derived() if connection.vendor == "sqlite" else nullcontext(), transaction.atomic():
        Matter.objects.filter(pk=matter.pk, version=matter.version).update(**kept)
    for name, value in kept.items():
        setattr(matter, name, value)


def mend() -> None:
    """Works out where matters stand of which a change was saved and no more, because the desk was killed just then or
    the power failed."""
    for matter in Matter.objects.filter(problems=[]).exclude(standing_version=F("version")):
        with suppress(host.BadInput):  # of a body of law that is not installed any more
            reckon(matter)


def entries_of(matter: Matter, user: User | None = None) -> list[Entry]:
    """All that is written of a matter, with who wrote it; read once, and kept with the matter, changes too. `user`,
    who is known already, is not looked up."""
    if matter.written is None:
        matter.written = list(matter.entries.all())
        for entry in matter.written:
            if user is not None and entry.by_id == user.pk:
                entry.by = user
        prefetch_related_objects(matter.written, "by")  # few people wrote many facts
    return matter.written


def pack_of(matter: Matter) -> str:
    """The body of law that a matter is of; empty for the usual one."""
    return str(matter.about.get("pack") or "").strip()


def position_of(matter: Matter) -> str:
    """Whose answers to unsettled points the matter takes; empty for those of the law."""
    known = dict(host.positions(pack_of(matter)))
    return matter.position if matter.position in known else ""


def _words(matter: Matter, entries: Iterable[Entry], says: Iterable[str]) -> str:
    """All that a search looks in: titles, facts in words, sources and notes, the conclusion."""
    vocabulary = host.vocabulary(pack_of(matter))
    parts = [matter.title, matter.reference, matter.tags, *says]
    for entry in entries:
        if entry.fact in vocabulary and entry.value is not None:
            fact = vocabulary[entry.fact]
            parts += [fact.words, host.in_words(fact, entry.value), entry.source, entry.note]
    return "\n".join(filter(None, parts)).lower()


def _changed(pk: Any, change: Callable[[Matter], Any]) -> Any:
    """Makes one change of a matter under its lock, and reckons it anew after."""
    with transaction.atomic():
        matter = Matter.objects.select_for_update().get(pk=pk)
        if matter.frozen:
            raise Frozen(matter.status)
        version = matter.version
        done = change(matter)
    if matter.version != version:
        reckon(matter)
    return done


def _entry(matter: Matter, parcel: str, fact: str, user: User) -> Entry:
    """The entry of a fact; a new one, not yet saved, where there is none."""
    found = next((entry for entry in entries_of(matter, user) if (entry.parcel, entry.fact) == (parcel, fact)), None)
    return found or Entry(matter=matter, parcel=parcel, fact=fact, by=user)


def _differs(entry: Entry, fields: dict[str, Any]) -> bool:
    return any(getattr(entry, name) != value for name, value in fields.items())


def _write(
    matter: Matter, entry: Entry, fields: dict[str, Any], user: User, kind: str, before: dict[str, Any] | None
) -> None:
    for name, value in fields.items():
        setattr(entry, name, value)
    if not entry.version:
        entries_of(matter).append(entry)
    entry.version += 1
    entry.by = user
    entry.save()
    matter.version += 1
    # What was asked for anew is no longer what a reviewer was sent, nor what they asked to change.
    matter.save(update_fields=["version", "changed"])
    trail.add(
        user, kind, matter, entry.parcel, entry.fact, before, factsets.state(entry), law=host.law_hash(pack_of(matter))
    )


def now() -> Any:
    """This moment."""
    return timezone.now()
