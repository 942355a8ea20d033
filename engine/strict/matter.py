"""A matter with its events: the facts of the matter are shared, those of an event are its own.

    award: {kind: iso, granted: 2015-01-01, price: 10}
    events:
      - {id: e1, kind: exercise, date: 2016-06-01, value: 20}
      - {id: s1, kind: sale, of: e1, date: 2017-06-02, value: 30}

An event is read as the engine reads a part of a matter that differs from the rest; so sources, standings, masked and
partial values, derived facts and contradictions are what they are there. What the pack says an event takes from an
earlier one (`carries`) is copied where neither the event nor the matter says it: from the event that `of` names, or
that this one is of; else from the only one of that kind, or the last before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from caprev import limits
from caprev.errors import BadInput, Problem, echoed, nearest
from caprev.facts import matter as facts
from caprev.facts.derivations import interval
from caprev.facts.knowledge import Knowledge, Range, exact
from caprev.facts.matter import Given
from caprev.files.reading import Path_, Source, Value
from caprev.strict.book import EVENT_KEYS, Book

MATTER = "matter"


@dataclass(frozen=True)
class Unit:
    """One event, or the matter as a whole (`id` is then empty): what is known of it, and the days it may fall on.

    `facts` say where that comes from; of a portfolio that is not kept.
    """

    id: str
    title: str
    kind: str
    facts: Mapping[str, Given]
    known: Mapping[str, Knowledge]
    days: Range
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Matter:
    """What a fact set says: of the matter, and of its events in the order of their days.

    `data` is what was written, without what it expects; `expected` is what an example says the answer should be.
    """

    file: str
    about: Mapping[str, Any]
    whole: Unit
    events: tuple[Unit, ...]
    as_at: str
    sha256: str
    source: Source
    expected: Mapping[str, Any]

    @property
    def title(self) -> str:
        """What the matter is called."""
        return str(self.about.get("title") or self.about.get("id") or "Matter")


@dataclass(frozen=True)
class Setting:
    """A fact supposed: in one event, or (no event) wherever it stands."""

    fact: str
    value: Value
    event: str = ""


class _Told(Source):
    """A fact set as the engine reads it, with the lines of what was written."""

    def __init__(self, source: Source, data: Value, places: Mapping[Path_, Path_]) -> None:
        super().__init__(source.file, data, source.text)
        self._written, self._places = source, places

    def line(self, path: Path_) -> int:
        """The line where the value, or what it was taken from, was written."""
        for size in range(len(path), 0, -1):
            if path[:size] in self._places:
                return self._written.line((*self._places[path[:size]], *path[size:]))
        return self._written.line(path)


def read(source: Source, book: Book, as_at: str = "") -> Matter:
    """A matter from its file; `as_at` overrides the day that it says. Raises BadInput with every problem."""
    if not isinstance(source.data, dict):
        raise BadInput(Problem("is not a fact set (a mapping of sections)", source.file, 1))
    data = {key: value for key, value in source.data.items() if key not in ("expect", "events")}
    if as_at:
        about = data.get("matter")
        data["matter"] = {**(about if isinstance(about, dict) else {}), "as_at": as_at}
    written = Written(source, book)
    events = written.events()
    if "parcels" in data:
        fix = f"List them under events, or leave them out: this pack has {'events' if book.pack.events else 'none'}"
        raise BadInput(Problem("is not known here", source.file, source.line(("parcels",)), "parcels", fix=fix))
    pack = book.pack
    whole = facts.load(_Told(source, data, {}), book.vocabulary, book.derivations, pack.as_at, book.name)
    given = whole.parcels[0]
    base = Unit("", "", "", given.facts, given.known, Range())
    told: Value = {**data, "parcels": events} if events else data
    done = facts.load(_Told(source, told, written.places), book.vocabulary, book.derivations, pack.as_at, book.name)
    units = [_unit(item.id, item.title, item.facts, base, book) for item in done.parcels] if events else []
    order = {unit.id: place for place, unit in enumerate(units)}
    units.sort(key=lambda unit: (unit.days.low, unit.days.high, order[unit.id]))
    expected = source.data.get("expect")
    return Matter(
        source.file, done.about, base, tuple(units), done.as_at, done.sha256, source,
        expected if isinstance(expected, dict) else {},
    )  # fmt: skip


def changed(matter: Matter, book: Book, settings: Iterable[Setting]) -> Matter:
    """A matter with other facts. Raises BadInput."""
    assert isinstance(matter.source.data, dict)
    data = {key: value for key, value in matter.source.data.items() if key != "expect"}
    events = data.get("events")
    entries = [dict(entry) if isinstance(entry, dict) else {} for entry in events] if isinstance(events, list) else []
    for place, entry in enumerate(entries):
        entry.setdefault("id", f"event-{place + 1}")
    own = f"{book.pack.events.section}." if book.pack.events else ""
    for setting in settings:
        inside = [entry for entry in entries if setting.event in ("", str(entry["id"]))]
        mine = bool(own) and setting.fact.startswith(own)
        for entry in inside:
            _put(entry, setting, own if mine else "", mine or bool(setting.event))
        if not mine and not setting.event:
            _put(data, setting, "", True)
    if entries:
        data["events"] = list(entries)
    return read(Source(matter.file, data, matter.source.text), book, matter.as_at)


def _put(entry: dict[str, Value], setting: Setting, own: str, write: bool) -> None:
    """Takes a fact out of an entry wherever it stands, and writes it anew."""
    section, name = setting.fact.split(".", 1)
    for key in (section, "facts"):
        held = entry.get(key)
        if isinstance(held, dict):
            entry[key] = {k: v for k, v in held.items() if k not in (name if key == section else "", setting.fact)}
    if own:
        entry.pop(name, None)
    if write:
        held = entry.get(section)
        entry[section] = {**(held if isinstance(held, dict) else {}), name: setting.value}


def unit(
    ident: str,
    title: str,
    facts: Mapping[str, Given],
    known: Mapping[str, Knowledge],
    shared: frozenset[str],
    section: str,
) -> Unit:
    """An event of which so much is known; `section` holds its kind and date, and `shared` are facts of the matter."""
    kind, days = known.get(f"{section}.kind"), known.get(f"{section}.date")
    said = sorted(map(str, getattr(kind, "values", ())))
    within = interval(days) if days else Range()
    return Unit(ident, title, said[0] if len(said) == 1 else "", facts, known, within, shared)


def _unit(ident: str, title: str, given: Mapping[str, Given], base: Unit, book: Book) -> Unit:
    assert book.pack.events is not None
    known = {name: item.knowledge for name, item in given.items()}
    # What an event shares with the matter is one unknown, not one of each event.
    shared = frozenset(name for name, item in given.items() if base.facts.get(name) == item)
    return unit(ident, title, given, known, shared, book.pack.events.section)


class Written:
    """The events as they are written, each as facts by their sections; `places` says where each thing was written."""

    def __init__(self, source: Source, book: Book) -> None:
        self.source, self.book = source, book
        self.places: dict[Path_, Path_] = {}
        self.problems: list[Problem] = []
        assert isinstance(source.data, dict)
        self.data = source.data

    def problem(self, at: Path_, what: str, fix: str = "") -> None:
        subject = ".".join(map(str, at[:1]))
        self.problems.append(Problem(what, self.source.file, self.source.line(at), subject, fix=fix))

    def events(self) -> list[Value]:
        """Raises BadInput for events that cannot be told apart, or where the pack knows none."""
        entries = self.data.get("events")
        if entries is None:
            return []
        events = self.book.pack.events
        if events is None:
            self.problem(("events",), "is not known here: this pack has no events")
        elif not isinstance(entries, list) or not entries:
            self.problem(("events",), "is not a list of events")
        elif len(entries) > limits.PARCELS:
            self.problem(("events",), f"lists {len(entries):,} events; allowed: at most {limits.PARCELS}")
        if self.problems or events is None or not isinstance(entries, list):
            raise BadInput(self.problems)
        found = [self._event(index, entry, events.section) for index, entry in enumerate(entries)]
        ids = [str(entry["id"]) for entry in found]
        for index, ident in enumerate(ids):
            if ident in ids[:index] or ident == MATTER:
                self.problem(("events", index), f"the id '{echoed(ident)}' is used twice, or is '{MATTER}'")
        if self.problems:
            raise BadInput(self.problems)
        for index, entry in enumerate(found):
            self._carry(index, entry, found, events.section)
        if self.problems:
            raise BadInput(self.problems)
        return [{key: value for key, value in entry.items() if key != "of"} for entry in found]

    def _event(self, index: int, entry: Value, section: str) -> dict[str, Value]:
        """One event: what is no section, nor its name, is a fact of events."""
        at: Path_ = ("events", index)
        told: Path_ = ("parcels", index)
        self.places[told] = at
        if not isinstance(entry, dict):
            self.problem(at, "is not a mapping")
            return {"id": f"event-{index + 1}"}
        done: dict[str, Value] = {"id": f"event-{index + 1}"}
        own: dict[str, Value] = {}
        for key, value in entry.items():
            if key in self.book.vocabulary.sections and key != section:
                done[key] = dict(value) if isinstance(value, dict) else value
            elif key == section and isinstance(value, dict):
                own |= value
            elif key in EVENT_KEYS:
                done[key] = value
            else:
                own[key] = value
                self.places[*told, section, key] = (*at, key)
        return {**done, section: own}

    def _carry(self, index: int, entry: dict[str, Value], found: list[dict[str, Value]], section: str) -> None:
        events = self.book.pack.events
        assert events is not None
        of = entry.get("of")
        ids = [str(other["id"]) for other in found]
        if of is not None and str(of) not in ids:
            self.problem(("events", index, "of"), f"there is no event '{echoed(str(of))}'", nearest(str(of), ids))
            return
        for name, carried in events.carries.items():
            group, fact = name.split(".", 1)
            base, mine = self.data.get(group), entry.get(group)
            if any(isinstance(said, dict) and fact in said for said in (base, mine)):
                continue
            if (place := self._source(index, found, carried.kind, section)) is None:
                continue
            other = found[place].get(section)
            if isinstance(other, dict) and carried.fact in other:
                entry[group] = {**(mine if isinstance(mine, dict) else {}), fact: other[carried.fact]}
                self.places["parcels", index, group, fact] = self.places.get(
                    ("parcels", place, section, carried.fact), ("events", place)
                )

    def _source(self, index: int, found: list[dict[str, Value]], kind: str, section: str) -> int | None:
        """The event of a kind that another one follows."""
        ids = [str(entry["id"]) for entry in found]
        seen: set[int] = set()
        at: int | None = index
        while at is not None and at not in seen:  # along `of`, from this event back
            seen.add(at)
            if self._said(found[at], section, "kind") == kind:
                return at
            of = found[at].get("of")
            at = ids.index(str(of)) if of is not None and str(of) in ids else None
        here = self._day(found[index], section)
        before = [
            (place, self._day(entry, section))
            for place, entry in enumerate(found)
            if place != index and self._said(entry, section, "kind") == kind
        ]
        before = [(place, when) for place, when in before if when.low <= here.high]
        if len(before) < 2:
            return before[0][0] if before else None
        if not all(exact(when) for _, when in before) or not exact(here):
            what = f"follows more than one event of kind {kind}, and their days do not tell which"
            self.problem(("events", index), what, "Say which with `of: ID`")
            return None
        last = max(when.low for _, when in before)
        latest = [place for place, when in before if when.low == last]
        if len(latest) > 1:
            what = f"follows more than one event of kind {kind} on one day"
            self.problem(("events", index), what, "Say which with `of: ID`")
            return None
        return latest[0]

    def _said(self, entry: dict[str, Value], section: str, name: str) -> str:
        own = entry.get(section)
        value = own.get(name) if isinstance(own, dict) else None
        value = value.get("value") if isinstance(value, dict) else value
        return str(value or "").strip()

    def _day(self, entry: dict[str, Value], section: str) -> Range:
        """The days an event may fall on, so far as they can be read; what is wrong with them is said later."""
        own = entry.get(section)
        value = own.get("date") if isinstance(own, dict) else None
        if isinstance(value, dict) and "value" in value:
            value = value["value"]
        try:
            known = self.book.vocabulary[f"{section}.date"].read(value)
            return interval(known)
        except ValueError:
            return Range()
