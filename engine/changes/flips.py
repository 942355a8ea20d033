"""The smallest changes that would change a conclusion, and how far each fact alone could move it.

Complete means: every set of at most `up_to` changes, drawn from the candidates of `alternatives` with one change a
fact, was either decided or excluded by a bound that no set reaching the goal can miss. A set is minimal if no part
of it does as much: none of its parts leaves the conclusion, or, for sets that reach the other side, none of its
parts reaches that side. Values that contradict each other or what follows are no change and are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from caprev.changes.alternatives import Alternatives, Change, changed
from caprev.changes.bounds import Bounds
from caprev.changes.trials import Changes, Evaluator, Result, Trials, each_bit
from caprev.facts.derivations import Contradiction
from caprev.facts.knowledge import Knowledge, Range
from caprev.grouping import grouped
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.precedents import CaseBase

MANY = 10_000  # sets; compiling a column program takes as long as trying about so many


@dataclass(frozen=True)
class Flip:
    """Changes that together change the conclusion, and the conclusion they lead to."""

    changes: Changes
    result: Result


@dataclass(frozen=True)
class Sway:
    """How far one fact alone could move the matter: its values furthest against and furthest for."""

    fact: str
    low: tuple[Change, Result]
    high: tuple[Change, Result]
    results: tuple[tuple[Change, Result], ...]

    @property
    def number(self) -> bool:
        """Whether the fact is a number or a date."""
        return isinstance(self.low[0].knowledge, Range)


def learnable(assessor: Assessor, conclusion: Conclusion, cases: CaseBase) -> list[Change]:
    """The answers that what is known leaves possible, for facts that apply and are not known in full."""
    book, known = assessor.book, conclusion.parcel.known
    alternatives = Alternatives(book, cases, conclusion.parcel)
    asked = [fact.name for fact in book.vocabulary if book.applies(fact.name, known) is not False]
    return [change for name in asked for change in alternatives.of(name) if change.open]


def known_changes(
    assessor: Assessor, conclusion: Conclusion, cases: CaseBase, fixed: Collection[str] = (), free: Collection[str] = ()
) -> list[Change]:
    """The other values of the facts a person wrote, but for what is past and done or held fixed."""
    alternatives = Alternatives(assessor.book, cases, conclusion.parcel)
    found: list[Change] = []
    for fact in assessor.book.vocabulary:
        given = conclusion.parcel.facts.get(fact.name)
        if given and given.at and fact.name not in fixed and (not fact.fixed or fact.name in free):
            found += alternatives.of(fact.name)
    return found


def flips(
    conclusion: Conclusion, cases: CaseBase, changes: Sequence[Change], up_to: int, evaluate: Evaluator | None = None
) -> list[Flip]:
    """Every minimal set of at most `up_to` of the changes that changes the conclusion, smallest first."""
    trials = Trials(conclusion, cases)
    return _Search(trials, changes, evaluate or quickest(trials)).found(up_to)


def quickest(trials: Trials) -> Evaluator:
    """Trials for a few sets; for many a column program, if NumPy and Polars are installed. Both say the same."""

    def evaluate(sets: Sequence[Changes]) -> list[Result | None]:
        if len(sets) < MANY:
            return trials(sets)
        try:
            from caprev.columns.assess import Varied
        except ImportError:
            return trials(sets)
        program, parcel = Varied(trials.weigher, trials.cases), trials.parcel
        return by_columns(lambda rows: program.vary(parcel, rows, ("characterisation", "balance")))(sets)

    return evaluate


def by_columns(vary: Callable[[Sequence[Mapping[str, Knowledge]]], Any]) -> Evaluator:
    """The column programs as an evaluator; `vary` gives a table with a row for each mapping of fact to knowledge."""

    def evaluate(sets: Sequence[Changes]) -> list[Result | None]:
        table = vary([{change.fact: change.knowledge for change in changes} for changes in sets])
        rows = table.select("characterisation", "balance").rows()
        return [None if side is None else Result(side, balance) for side, balance in rows]

    return evaluate


class _Search:
    """Sets by size; a set is decided only if some goal is in its reach and no part of it is there already."""

    def __init__(self, trials: Trials, changes: Sequence[Change], evaluate: Evaluator) -> None:
        self.changes = changes
        self.evaluate = evaluate
        self.now = trials.conclusion.characterisation
        self._order = trials.book.sides.conclusions
        self.bounds = Bounds(trials, changes)
        self.goals = self.bounds.goals()
        facts = [change.fact for change in changes]
        self._same = [sum(1 << j for j, fact in enumerate(facts) if fact == facts[i]) for i in range(len(facts))]
        # What completes a set that reaches a goal: by goal, from all but one of its changes to that one.
        self._closing: list[dict[tuple[int, ...], int]] = [{} for _ in self.goals]

    def found(self, up_to: int) -> list[Flip]:
        flips: list[Flip] = []
        for size in range(1, up_to + 1):
            sets = list(self._candidates(size))
            results = self.evaluate([tuple(self.changes[i] for i in indexes) for indexes, _ in sets])
            reached: list[tuple[tuple[int, ...], int]] = []
            level: list[Flip] = []
            for (indexes, wanted), result in zip(sets, results, strict=True):
                if result is None or result.characterisation == self.now:
                    continue
                goals = [
                    number
                    for number, goal in enumerate(self.goals)
                    if wanted >> number & 1 and result.characterisation in goal.accepts
                ]
                if goals:
                    level.append(Flip(tuple(self.changes[i] for i in indexes), result))
                    reached += [(indexes, number) for number in goals]
            flips += sorted(level, key=lambda flip: self._order.index(flip.result.characterisation))
            for indexes, number in reached:
                for index in indexes:
                    rest = tuple(other for other in indexes if other != index)
                    self._closing[number][rest] = self._closing[number].get(rest, 0) | 1 << index
        return flips

    def _candidates(self, size: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """Sets of a size to decide, each with the goals it is decided for, as bits."""
        for prefix in combinations(range(len(self.changes)), size - 1):
            if any(self._same[i] >> j & 1 for i, j in combinations(prefix, 2)):
                continue
            barred = (2 << prefix[-1]) - 1 if prefix else 0
            for index in prefix:
                barred |= self._same[index]
            wanted: dict[int, int] = {}
            for number, goal in enumerate(self.goals):
                closed = self._closed(prefix, number)
                if closed is None:
                    continue
                for bit in each_bit(self.bounds.last(prefix, goal) & ~barred & ~closed):
                    wanted[bit] = wanted.get(bit, 0) | 1 << number
            for bit in sorted(wanted):
                indexes = (*prefix, bit.bit_length() - 1)
                if any(wanted[bit] >> n & 1 and self.bounds.possible(indexes, g) for n, g in enumerate(self.goals)):
                    yield indexes, wanted[bit]

    def _closed(self, prefix: tuple[int, ...], number: int) -> int | None:
        """The changes that would make the set hold one that reaches the goal; None if the prefix holds one."""
        closing = self._closing[number]
        bits = 0
        for size in range(len(prefix) + 1):
            for part in combinations(prefix, size):
                bits |= closing.get(part, 0)
        return None if any(bits >> index & 1 for index in prefix) else bits


def verified(
    assessor: Assessor, conclusion: Conclusion, cases: CaseBase, flips: Iterable[Flip]
) -> Iterator[tuple[Flip, Conclusion]]:
    """Those flips that the whole assessor confirms on the changed parcel, each with its conclusion."""
    for flip in flips:
        conclusion_then = concluded(assessor, conclusion, cases, flip.changes)
        if conclusion_then and conclusion_then.characterisation == flip.result.characterisation:
            yield flip, conclusion_then


def concluded(
    assessor: Assessor, conclusion: Conclusion, cases: CaseBase, changes: Iterable[Change]
) -> Conclusion | None:
    """The whole assessor's conclusion on the parcel with the changes; None if they contradict each other."""
    values = {change.fact: change.knowledge for change in changes}
    try:
        parcel = changed(assessor.book, conclusion.parcel, values)
    except Contradiction:
        return None
    return assessor.conclude(parcel, conclusion.weigher, cases)


def tornado(conclusion: Conclusion, cases: CaseBase, changes: Sequence[Change]) -> list[Sway]:
    """Each fact alone over all its values, the widest sway of the decisive balance first."""
    results = Trials(conclusion, cases)([(change,) for change in changes])
    tried = zip(changes, results, strict=True)
    by_fact = grouped((change.fact, (change, result)) for change, result in tried if result is not None)
    found = []
    for fact, rows in by_fact.items():
        low = min(rows, key=lambda row: row[1].balance)
        high = max(rows, key=lambda row: row[1].balance)
        found.append(Sway(fact, low, high, tuple(rows)))
    order = {sway.fact: index for index, sway in enumerate(found)}
    now = conclusion.balance

    def spread(sway: Sway) -> float:
        return round(max(sway.high[1].balance, now) - min(sway.low[1].balance, now), 9)

    return sorted((s for s in found if spread(s) > 0), key=lambda s: (-spread(s), order[s.fact]))
