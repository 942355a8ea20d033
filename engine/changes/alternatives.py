"""Other values a fact could have: one for every way in which the rules could tell it from what is known.

Values that no condition, no derivation and no comparison with a decided case tells apart are one candidate, so
that few candidates stand for all.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from caprev.changes.cuts import Cuts
from caprev.facts import derivations
from caprev.facts.derivations import AS_AT
from caprev.facts.in_words import describe
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, Scalar, Subset
from caprev.facts.matter import Given, Parcel, followed
from caprev.facts.vocabulary import Fact, worded
from caprev.grouping import grouped
from caprev.law.rulebook import Rulebook
from caprev.reasoning.precedents import CaseBase


@dataclass(frozen=True)
class Change:
    """Another value for one fact.

    `knowledge` is the value tried; `values` are all that it stands for (of an enum, a bool, or members of a set),
    or `first` and `after` bound the numbers that it stands for, `after` excluded. `says` puts them in words. `open`:
    what is known leaves it possible already.
    """

    fact: str
    knowledge: Knowledge
    says: str
    values: tuple[Scalar, ...] = ()
    open: bool = False
    first: float = 0.0
    after: float = 0.0


def together(fact: Fact, changes: Iterable[Change]) -> str:
    """Several values of one fact in words; numbers next to each other become one span."""
    rows = list(changes)
    if fact.type not in ("int", "number", "date"):
        return " or ".join(change.says for change in rows)
    return " or ".join(between(fact, *span) for span in spans(rows))


def spans(changes: Iterable[Change]) -> list[tuple[float, float]]:
    """The numbers for which changes stand, those next to each other as one: from the first up to before the second."""
    found: list[tuple[float, float]] = []
    for change in sorted(changes, key=lambda row: row.first):
        if found and found[-1][1] == change.first:
            found[-1] = (found[-1][0], change.after)
        else:
            found.append((change.first, change.after))
    return found


def changed(book: Rulebook, parcel: Parcel, changes: Mapping[str, Knowledge]) -> Parcel:
    """The parcel with other values for some facts, and everything that follows worked out anew.

    Raises Contradiction where the values cannot stand together.
    """
    facts: dict[str, Given] = {}
    for name, given in parcel.facts.items():
        if given.at and name not in changes:
            known = given.written or given.knowledge
            facts[name] = replace(given, knowledge=known, derived_from=(), reason="", written=None)
    for name, knowledge in changes.items():
        if knowledge != book.vocabulary[name].unknown:
            facts[name] = Given(book.vocabulary[name], knowledge, note="supposed", at=("supposed", name))
    clock = {name: given.knowledge for name, given in parcel.facts.items() if name == AS_AT.name}
    base = Parcel(parcel.id, parcel.title, facts)
    steps = derivations.derive(book.derivations, {**base.known, **clock})
    return followed(base, steps, book.derivations, book.vocabulary, clock)


class Alternatives:
    """The candidates for every fact of a parcel."""

    def __init__(self, book: Rulebook, cases: CaseBase, parcel: Parcel) -> None:
        self.book = book
        self.parcel = parcel
        self.thens = grouped(then for rule in book.derivations.implications for then in rule.then)
        self._cuts = Cuts(book, cases, parcel, self.thens)

    def of(self, name: str) -> list[Change]:
        """Every candidate for a fact that differs from what is known of it."""
        fact = self.book.vocabulary[name]
        given = self.parcel.facts.get(name)
        known = (given.written or given.knowledge) if given and given.at else fact.unknown
        if fact.type == "set":
            assert isinstance(known, Subset)
            return self._members(fact, known)
        if fact.type in ("bool", "enum"):
            assert isinstance(known, Choice)
            return self._values(fact, known)
        return self._numbers(fact, known)

    def cuts(self, name: str) -> set[float]:
        """The numbers at which something turns: below such a number one thing is so, from it on another."""
        return self._cuts.of(name)

    # values and members

    def _pattern(self, fact: Fact, value: Scalar) -> tuple[bool, ...]:
        """Where a value is named: values with one pattern are told apart by nothing."""
        named = [value in atom.values for atom in self.book.tests.get(fact.name, ())]
        for knowledge in self.thens.get(fact.name, ()):
            if isinstance(knowledge, Choice):
                named.append(value in knowledge.values)
            elif isinstance(knowledge, Subset):
                named += [value in knowledge.included, value in knowledge.excluded]
        return tuple(named)

    def _classes(self, fact: Fact, values: Iterable[Scalar]) -> list[tuple[Scalar, ...]]:
        return [tuple(alike) for alike in grouped((self._pattern(fact, value), value) for value in values).values()]

    def _values(self, fact: Fact, known: Choice) -> list[Change]:
        every: tuple[Scalar, ...] = fact.values or (True, False)
        found = []
        for group in self._classes(fact, every):
            if known.values <= set(group):
                continue  # nothing tells them from what is known
            # A value that stays possible is learnt, one that does not replaces what is known.
            for values, still in (
                ([value for value in group if value in known.values], True),
                ([value for value in group if value not in known.values], False),
            ):
                if values:
                    choice = Choice(frozenset(values[:1]))
                    words = describe(Given(fact, Choice(frozenset(values))))
                    found.append(Change(fact.name, choice, words, tuple(values), still))
        return found

    def _members(self, fact: Fact, known: Subset) -> list[Change]:
        found = []
        groups = {
            "with": [value for value in fact.values if known.has(value) is None],
            "also": [value for value in fact.values if known.has(value) is False],
            "without": [value for value in fact.values if known.has(value)],
        }
        for how, members in groups.items():
            for group in self._classes(fact, members):
                if not any(self._pattern(fact, group[0])):
                    continue
                names = tuple(str(value) for value in group)
                member = frozenset(names[:1])
                if how == "without":
                    other = Subset(known.included - member, known.excluded | member)
                else:
                    other = Subset(known.included | member, known.excluded - member)
                atoms = self.book.tests.get(fact.name, ())
                same = all(atom.decide(other) is atom.decide(known) for atom in atoms)
                if not (same and fact.name not in self.thens):
                    words = f"{'without' if how == 'without' else 'with'} {worded(' or '.join(names))}"
                    found.append(Change(fact.name, other, words, names, how == "with"))
        rest = Subset(known.included, frozenset(fact.values) - known.included)
        tests = self.book.tests.get(fact.name, ())
        if rest != known and any(test.decide(rest) is not test.decide(known) for test in tests):
            words = "nothing else" if known.included else "none of them"
            found.append(Change(fact.name, rest, words, (), True))
        return found

    # numbers

    def _numbers(self, fact: Fact, known: Knowledge) -> list[Change]:
        whole = fact.type in ("int", "date")
        start = fact.unknown.low if isinstance(fact.unknown, Range) else -INFINITY
        cuts = sorted(cut for cut in self.cuts(fact.name) if start < cut < INFINITY)
        ends = [start, *cuts, INFINITY]
        span = derivations.interval(known)
        low, high = span.low, span.high
        found = []
        for first, after in pairwise(ends):
            last = INFINITY if after == INFINITY else after - 1 if whole else math.nextafter(after, -INFINITY)
            if first <= low and high <= last:
                continue
            if max(first, low) <= min(last, high):
                value, still = max(first, low), True
                value = min(last, high) if value == -INFINITY else value
            else:
                value, still = (first, False) if first > high else (_below(last, first, whole), False)
            if fact.type == "date" and not 1 <= value <= date.max.toordinal():
                continue
            words = between(fact, first, after)
            found.append(Change(fact.name, Range(value, value), words, (), still, first, after))
        return found


def _below(last: float, first: float, whole: bool) -> float:
    """A plain number at the top of an interval."""
    plain = last if whole else math.floor(last * 100) / 100
    return plain if plain >= first else last


def between(fact: Fact, first: float, after: float) -> str:
    """An interval in words, its end the next cut: `from 20 on`, `9 or less`, `10 to 19`, `5 years to less than 10`."""

    def word(value: float) -> str:
        return describe(Given(fact, Range(value, value)))

    if fact.type in ("int", "date"):
        if after == INFINITY:
            return f"from {word(first)} on"
        if first in (-INFINITY, 0, after - 1):
            top = word(after - 1)
            return top if first == after - 1 else f"up to {top}"
        return f"{word(first)} to {word(after - 1)}"
    low, high = round(first, 6) if first > -INFINITY else first, round(after, 6) if after < INFINITY else after
    start = f"more than {word(low)}" if first > low else f"from {word(low)} on"
    stop = f"at most {word(high)}" if after > high else f"less than {word(high)}"
    if after == INFINITY:
        return start
    if first in (-INFINITY, 0):
        return word(0.0) if after > high == 0 else stop
    if low == high:
        return word(low)
    return f"{start.removesuffix(' on')} to {stop}"
