"""Where numbers turn: below such a number one thing is so, from it on another.

At the tests of conditions and derivations, at the numbers of decided cases, and, with the other operands as they
are, where a quantity computed from the number turns.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from caprev.facts import derivations, samples
from caprev.facts.derivations import AS_AT, Quantity
from caprev.facts.knowledge import INFINITY, Knowledge, Range
from caprev.facts.matter import Parcel
from caprev.facts.samples import past, whole
from caprev.law.rulebook import Rulebook
from caprev.reasoning.precedents import CaseBase

_LARGEST = {"int": 1e9, "number": 1e12}
_DAYS = (date(1800, 1, 1).toordinal(), date(2200, 12, 31).toordinal())


class Cuts:
    """The cuts of every number, for one parcel."""

    def __init__(
        self, book: Rulebook, cases: CaseBase, parcel: Parcel, thens: Mapping[str, Sequence[Knowledge]]
    ) -> None:
        self.book, self.parcel, self.thens = book, parcel, thens
        self._sizes = _sizes(book, cases)

    def of(self, name: str) -> set[float]:
        """The numbers at which something turns: below such a number one thing is so, from it on another."""
        facts = self.book.derivations.facts
        fact = facts[name] if name in facts else self.book.vocabulary[name]
        found = set(samples.cuts(fact, self.book.tests))
        for then in self.thens.get(name, ()):
            if isinstance(then, Range):
                found |= {then.low, past(fact, then.high)}
        for low, high in self._sizes.get(name, ()):
            found |= {low, past(fact, high)}
        for quantity in self.book.derivations.quantities:
            if name in quantity.operands and name != AS_AT.name:
                found |= self._inverted(quantity, name, whole(fact))
        known = self.parcel.known
        for order in self.book.derivations.orders:
            if name == order.then and order.first in known:
                found.add(derivations.interval(known[order.first]).low)
            if name == order.first and order.then in known:
                found.add(past(fact, derivations.interval(known[order.then]).high))
        return {cut for cut in found if abs(cut) < INFINITY}

    def _inverted(self, quantity: Quantity, name: str, whole: bool) -> set[float]:
        """Where the quantity turns as one operand moves and the others stay as they are."""
        known = self.parcel.known
        others = [operand for operand in quantity.operands if operand != name]
        if any(other not in known for other in others):
            return set()
        operation = derivations.OPERATIONS[quantity.operation]
        fact = self.book.vocabulary[name]
        bottom, top = _DAYS if fact.type == "date" else (-1e12 if fact.currency else 0.0, _LARGEST[fact.type])

        def end(value: float, upper: bool) -> float:
            ranges = [
                Range(value, value) if operand == name else derivations.interval(known[operand])
                for operand in quantity.operands
            ]
            result = operation(*ranges)
            return result.high if upper else result.low

        found = set()
        for target in self.of(quantity.target):
            for upper in (False, True):
                rising = end(top, upper) >= end(bottom, upper)
                holds = partial(_reaches, end, upper, target, rising)
                cut = _first(holds, bottom, top, whole)
                if cut is not None:
                    found.add(cut)
        return found


def _reaches(end: Callable[[float, bool], float], upper: bool, target: float, rising: bool, value: float) -> bool:
    return (end(value, upper) >= target) is rising


def _first(holds: Callable[[float], bool], low: float, high: float, whole: bool) -> float | None:
    """The least value from which on `holds` is true, if it is false at `low` and true at `high`."""
    if holds(low) or not holds(high):
        return None
    while True:
        middle = (low + high) // 2 if whole else (low + high) / 2
        if middle in (low, high):
            return high
        if holds(middle):
            high = middle
        else:
            low = middle


def _sizes(book: Rulebook, cases: CaseBase) -> dict[str, set[tuple[float, float]]]:
    """The numbers that made a factor more or less of itself in cases that can bind or persuade."""
    found: dict[str, set[tuple[float, float]]] = {}
    levels = (*book.pack.binding_levels, *book.pack.persuasive_levels)
    for case in cases.cases.values():
        if case.shown and case.on_subject(book.pack) and case.level in levels and case.because:
            for name in (*case.because, *case.despite):
                magnitude = book.factors[name].magnitude
                if magnitude and magnitude.fact in case.parcel.facts:
                    span = derivations.interval(case.parcel.known[magnitude.fact])
                    found.setdefault(magnitude.fact, set()).add((span.low, span.high))
    return found
