"""What is known of many matters, or of the events of each that stand at one place, as columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np

from caprev.columns import rationals
from caprev.columns.rationals import Flags, Ints
from caprev.columns.strict_values import NO, OPEN, YES, Arithmetic, Input, Layout, Numbers, Truths, among
from caprev.facts.conditions import Atom
from caprev.facts.knowledge import Choice, Knowledge, exact
from caprev.facts.vocabulary import Fact
from caprev.strict.book import Book
from caprev.strict.evaluate import bounds
from caprev.strict.matter import Unit

_STATE = {True: YES, False: NO, None: OPEN}
EVENT, MATTER = "event", "matter"


@dataclass(frozen=True)
class Words:
    """Which words a fact may still have: a number for each set of them, and the sets."""

    codes: Ints
    sets: Sequence[frozenset[str]]
    needs: Ints


Value = Numbers | Truths | Words
_T = TypeVar("_T")


class Sheet:
    """Every matter (`place` is -1), or the event of each that stands at a place, as columns of what is known.

    `matters` are the numbers of the matters that have a row.
    """

    def __init__(self, at: int, units: Sequence[Unit], matters: Sequence[int], book: Book, layout: Layout) -> None:
        self.at, self.units, self.book = at, units, book
        self.of = MATTER if at < 0 else EVENT
        self.matters = np.array(matters, dtype=np.int64)
        self.row = {matter: row for row, matter in enumerate(matters)}
        self.rows = rows = len(units)
        self.place = {name: at for at, name in enumerate(book.facts)}
        self.layout = layout
        self.sum = Arithmetic(rows, self.layout, self.of == EVENT)
        self.codes: dict[str, Ints] = {}
        self.known: dict[str, list[Knowledge | None]] = {}
        self.shared: dict[str, Flags] = {}
        self._read()
        self._values: dict[object, Any] = {}

    def _read(self) -> None:
        """A number for each different thing that is known of a fact; nought for nothing."""
        at: dict[str, dict[Knowledge, int]] = {}
        for row, unit in enumerate(self.units):
            for name, knowledge in unit.known.items():
                if name not in at:
                    at[name], self.codes[name] = {}, np.zeros(self.rows, dtype=np.int64)
                self.codes[name][row] = at[name].setdefault(knowledge, len(at[name]) + 1)
            for name in unit.shared:
                if name not in self.shared:
                    self.shared[name] = np.zeros(self.rows, dtype=bool)
                self.shared[name][row] = True
        self.known = {name: [None, *found] for name, found in at.items()}

    def once(self, key: object, make: Callable[[], _T]) -> _T:
        """What has this key, worked out when it is first asked for."""
        if key not in self._values:
            self._values[key] = make()
        found: _T = self._values[key]
        return found

    def every(self, fact: str, of: Callable[[Knowledge | None], Any], kind: Any) -> Ints:
        """Something of what is known of a fact, in every row."""
        if fact not in self.codes:
            return np.full(self.rows, of(None), dtype=kind)
        return np.array([of(known) for known in self.known[fact]], dtype=kind)[self.codes[fact]]

    def truths(self, state: Any, needs: Ints | None = None) -> Truths:
        return Truths(np.broadcast_to(np.asarray(state, dtype=np.int8), (self.rows,)), self._bits(needs))

    def _bits(self, needs: Ints | None) -> Ints:
        return self.sum.blank if needs is None else needs | self.sum.blank

    def asking(self, fact: str, mask: Flags) -> Ints:
        """The facts to ask for, to learn one, in the rows of a mask."""
        names = self.book.askable(fact)
        if names == (fact,):
            return among(mask, self.layout.need[self.place[fact]])
        needs, left = self.sum.blank, mask
        for name in names:
            open_ = mask & ~self.every(name, lambda known: known is not None and exact(known), bool)
            needs, left = needs | among(open_, self.layout.need[self.place[name]]), left & ~open_
        return needs | among(left, self.layout.need[self.place[fact]])

    def atom(self, atom: Atom) -> Truths:
        """One test on a fact."""
        state = self.every(atom.fact, lambda known: OPEN if known is None else _STATE[atom.decide(known)], np.int8)
        return self.truths(state, self.asking(atom.fact, state == OPEN))

    def fact(self, fact: Fact) -> Value:
        """A fact as formulas read it."""
        name = fact.name
        told = self.every(name, lambda known: known is not None and exact(known), bool)
        needs = self.asking(name, ~told)
        if fact.type == "bool":
            return self.truths(self.every(name, _flag, np.int8), needs)
        if fact.type == "enum":
            sets = [
                frozenset(map(str, known.values if isinstance(known, Choice) else fact.values))
                for known in self.known.get(name, [None])
            ]
            return Words(self.codes.get(name, np.zeros(self.rows, dtype=np.int64)), sets, self._bits(needs))
        ends = [bounds(fact, known) for known in self.known.get(name, [None])]
        codes = self.codes.get(name, np.zeros(self.rows, dtype=np.int64))
        low = rationals.of(Fraction(0) if end.low is None else end.low for end in ends).take(codes)
        closed = all(end.exact for end in ends)
        high = low if closed else rationals.of(end.high or Fraction(0) for end in ends).take(codes)
        lopen = np.array([end.low is None for end in ends])[codes]
        hopen = np.array([end.high is None for end in ends])[codes]
        single = np.array([end.exact for end in ends])[codes]
        place = self.place[name]
        shared = self.shared.get(name, self.sum.no) if self.of == EVENT else ~self.sum.no
        number = self.sum.known(low)
        # What an event shares with the matter is one unknown, not one of each event.
        for key, marks, here in (
            (name, self.layout.shared[place], shared & ~single),
            ((name, self.at), self.layout.owned[place], ~shared & ~single),
        ):
            if here.any():
                each = Input(low, high, lopen, hopen, marks | np.zeros((self.layout.mark_words, self.rows), np.uint64))
                number = self.sum.where(here, self.sum.unknown(key, each, here), number)
        return replace(number, needs=self._bits(needs))


def _flag(known: Knowledge | None) -> int:
    values = known.values if isinstance(known, Choice) else ()
    return (YES if next(iter(values)) else NO) if len(values) == 1 else OPEN


def same_words(one: Words, two: Words) -> Truths:
    """Whether two are one word."""
    table = np.array(
        [[YES if a == b and len(a) == 1 else OPEN if a & b else NO for b in two.sets] for a in one.sets], dtype=np.int8
    )
    return Truths(table[one.codes, two.codes], one.needs | two.needs)
