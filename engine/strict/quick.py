"""Plain fact sets read at once, for portfolios: the same knowledge as `matter.read` gives, without lines and sources.

What is not plain (a fault, a derivation, anything about the matter but its name and day) gives nothing here, and is
read as any fact set is; so every message is that of the ordinary reading.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from caprev import limits
from caprev.errors import BadInput
from caprev.facts.derivations import AS_AT
from caprev.facts.knowledge import Knowledge, Range
from caprev.facts.matter import bare
from caprev.files.reading import Source, Value, textual
from caprev.strict.book import Book
from caprev.strict.matter import Matter, Unit, Written, unit

_ABOUT = frozenset({"id", "title", "as_at"})
_EVENT = frozenset({"id", "title", "facts"})
_MOST = 100_000
"""Characters of a line that is read here, and values whose meaning is remembered of a fact."""
_DEEPEST = 12
_KEY = 200


class NotPlain(Exception):
    """It is to be read as any fact set is."""


def parse(line: str) -> Value:
    """A line of JSON with every scalar as its text, as the strict reading of YAML has it. Raises NotPlain."""
    line = line.strip()
    # Escapes, control characters and what is long or deep are read where their limits are kept.
    if len(line) > _MOST or "\\" in line or not line.isprintable() or line.count("{") + line.count("[") > _MOST // 100:
        raise NotPlain
    try:
        found = json.loads(line, parse_int=str, parse_float=str, parse_constant=_refused, object_pairs_hook=_pairs)
        return textual(found, _DEEPEST)  # type: ignore[no-any-return]
    except (ValueError, RecursionError):
        raise NotPlain from None


def _refused(_text: str) -> Any:
    raise NotPlain


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    mapping = dict(found)
    if len(mapping) < len(found) or any(len(key) > _KEY for key in mapping):
        raise NotPlain
    return mapping


class Reader:
    """Reads fact sets of one pack; remembers what every written value means."""

    def __init__(self, book: Book, as_at: str = "") -> None:
        self.book, self._as_at = book, as_at
        derivations = book.derivations
        self._plain = not (derivations.implications or derivations.quantities or derivations.orders)
        self._meanings: dict[str, dict[str, Knowledge]] = {name: {} for name in book.vocabulary.facts}
        self._sections = frozenset(book.vocabulary.sections)

    def read(self, line: str, place: str) -> Matter:
        """The matter of a line. Raises NotPlain."""
        data = parse(line)
        if not self._plain or not isinstance(data, dict):
            raise NotPlain
        about = data.get("matter") or {}
        if not isinstance(about, dict) or not _ABOUT.issuperset(about) or not _named(about):
            raise NotPlain
        for key in data:
            if key not in self._sections and key not in ("matter", "facts", "events", "expect"):
                raise NotPlain
        written = self._as_at or about.get("as_at") or self.book.pack.as_at
        try:
            clock = AS_AT.read(written)
            source = Source(place, data, line)
            events = Written(source, self.book).events()
        except (ValueError, BadInput):
            raise NotPlain from None
        base = _learnt(self._facts(data), self.book)
        base[AS_AT.name] = clock
        units = [self._event(entry, base, clock) for entry in events]
        units.sort(key=lambda unit: (unit.days.low, unit.days.high))
        told = {**about, "as_at": self._as_at} if self._as_at else about
        whole = Unit("", "", "", {}, base, Range())
        return Matter(place, told, whole, tuple(units), str(written).strip(), "", source, {})

    def _event(self, entry: Value, base: Mapping[str, Knowledge], clock: Knowledge) -> Unit:
        if not isinstance(entry, dict) or not _named(entry):
            raise NotPlain
        for key in entry:
            if key not in self._sections and key not in _EVENT:
                raise NotPlain
        own = self._facts(entry)
        known = _learnt({**base, **own}, self.book)
        known[AS_AT.name] = clock
        assert self.book.pack.events is not None
        shared = frozenset(name for name in known if name not in own)
        return unit(str(entry["id"]), "", {}, known, shared, self.book.pack.events.section)

    def _facts(self, data: Mapping[str, Value]) -> dict[str, Knowledge]:
        """Every fact that is written: in its section, or under `facts`."""
        found: dict[str, Knowledge] = {}
        groups: list[tuple[str, Value]] = [item for item in data.items() if item[0] in self._sections]
        extra = data.get("facts")
        if isinstance(extra, dict):
            for key, value in extra.items():
                if "." in key:
                    self._put(found, key, value)
                elif key in self._sections:
                    groups.append((key, value))
                else:
                    raise NotPlain
        elif extra is not None:
            raise NotPlain
        for section, group in groups:
            if isinstance(group, dict):
                for name, value in group.items():
                    self._put(found, f"{section}.{name}", value)
            elif group is not None:
                raise NotPlain
        return found

    def _put(self, found: dict[str, Knowledge], name: str, value: Value) -> None:
        meanings = self._meanings.get(name)
        if meanings is None or name in found:
            raise NotPlain
        try:
            value = bare(value, self.book.vocabulary, name)
            if value is None:
                return
            if isinstance(value, str) and value in meanings:
                found[name] = meanings[value]
                return
            found[name] = known = self.book.vocabulary[name].read(value)
        except ValueError:
            raise NotPlain from None
        if isinstance(value, str):
            if len(meanings) > _MOST:  # numbers may all differ
                meanings.clear()
            meanings[value] = known


def _named(entry: Mapping[str, Value]) -> bool:
    """Whether it is called by short texts, if at all."""
    return all(
        isinstance(entry.get(key) or "", str) and len(str(entry.get(key) or "")) <= most
        for key, most in (("id", limits.ID), ("title", limits.TITLE))
    )


def _learnt(facts: Mapping[str, Knowledge], book: Book) -> dict[str, Knowledge]:
    """The facts of which something is known."""
    words = book.vocabulary
    return {name: known for name, known in facts.items() if name not in words or known != words[name].unknown}
