"""Answers that stand for all: of those that no test tells apart, one.

Numbers are taken from each span between those at which a test turns; sets with one member more, alone or not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from caprev.facts.conditions import Atom
from caprev.facts.derivations import Derivations, Quantity, interval
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, Subset
from caprev.facts.vocabulary import Fact

Tests = Mapping[str, Sequence[Atom]]
_YEAR = 365.25


def answers(fact: Fact, known: Knowledge, cuts: Iterable[float] = ()) -> Iterator[Knowledge]:
    """The answers that a fact may still have where this much is known of it; `cuts` are numbers at which tests turn."""
    if isinstance(known, Subset):
        yield from _members(fact, known)
    elif isinstance(known, Choice):
        for value in fact.values or sorted(known.values):
            if value in known.values:
                yield Choice(frozenset((value,)))
    else:
        yield from _numbers(fact, known, cuts)


def cuts(fact: Fact, tests: Tests) -> Iterator[float]:
    """The numbers at which a test on a fact turns: below such a number it is one way, from it on another."""
    for atom in tests.get(fact.name, ()):
        if atom.operator == "between":
            if atom.low > -INFINITY:
                yield atom.low
            if atom.high < INFINITY:
                yield past(fact, atom.high)
        else:
            for value in atom.values:
                if not isinstance(value, str):
                    yield float(value)
                    yield past(fact, value)


def operand_cuts(fact: Fact, tests: Tests, derivations: Derivations, facts: Mapping[str, Knowledge]) -> Iterator[float]:
    """The numbers at which a test turns on a quantity that is worked out from a fact and from others that are known."""
    for quantity in derivations.quantities:
        if fact.name in quantity.operands:
            for cut in cuts(quantity.fact, {quantity.fact.name: tests.get(quantity.target, ())}):
                for point in _operand(quantity, fact.name, cut, facts):
                    # Years have no one length, and what is divided is rounded: what lies around it is tried too.
                    near = 3 if fact.type == "date" else 1 if fact.type == "int" else abs(point) / 1000
                    yield from (point - near, point + near)


def _members(fact: Fact, known: Subset) -> Iterator[Knowledge]:
    """The set as it is known, and no others; with one member more, and no others or perhaps."""
    rest = frozenset(str(value) for value in fact.values) - known.included
    yield Subset(known.included, rest)
    for member in sorted(rest - known.excluded):
        more = known.included | {member}
        yield Subset(more, known.excluded)
        yield Subset(more, rest - {member})


def _numbers(fact: Fact, known: Range, turns: Iterable[float]) -> Iterator[Knowledge]:
    low, high = max(known.low, fact.possible.low), known.high
    if fact.type == "date":
        low, high = max(low, 1), min(high, date.max.toordinal())
    for first, after in pairwise([low, *sorted({turn for turn in turns if low < turn <= high}), INFINITY]):
        before = after - 1 if whole(fact) or after == INFINITY else math.nextafter(after, -INFINITY)
        last = min(high, before)
        value = next((end for end in (first, last) if abs(end) < INFINITY), 0.0)
        yield Range(value, value)


def whole(fact: Fact) -> bool:
    """Whether between two of the numbers that the fact may be there need not be another."""
    return fact.type in ("int", "date")


def past(fact: Fact, value: float) -> float:
    """The next number that the fact may be."""
    return value + 1 if whole(fact) else math.nextafter(value, INFINITY)


def _operand(quantity: Quantity, fact: str, cut: float, facts: Mapping[str, Knowledge]) -> Iterator[float]:
    """What a fact would have to be for a quantity to come to `cut`; nothing where another operand is not known."""
    others = [name for name in quantity.operands if name != fact]
    if any(name not in facts for name in others):
        return
    first = quantity.operands[0] == fact
    spans = [interval(facts[name]) for name in others] or [Range(0, 0)]
    for end in (end for span in spans for end in (span.low, span.high) if abs(end) < INFINITY):
        if quantity.operation == "years_between":
            yield float(round(end - cut * _YEAR if first else end + cut * _YEAR))
        elif quantity.operation == "divide":
            if first or cut:
                yield cut * end if first else end / cut
        elif quantity.operation == "subtract":
            yield cut + end if first else end - cut
        else:
            yield cut
