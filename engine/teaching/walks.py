"""A matter walked along one number: which conclusion it leads to and which decided cases bind, value by value.

The values tried are those at which something can change: either side of every threshold, and every decided
case's own. At each the matter is assessed anew, with everything that follows from the changed fact.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from caprev.changes.alternatives import Alternatives, changed
from caprev.errors import BadInput, Problem, nearest
from caprev.facts import derivations
from caprev.facts.derivations import Contradiction
from caprev.facts.knowledge import INFINITY, Range
from caprev.facts.matter import Parcel
from caprev.law.rulebook import Rulebook
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.precedents import CaseBase, Comparison

WALKS = 2
Alike = dict[frozenset[tuple[str, bool]], Conclusion]
"""Conclusions on one matter under one law, by the tests that were decided."""


@dataclass(frozen=True)
class Step:
    """The matter at one value of the number, or why it cannot have that value."""

    value: float
    conclusion: Conclusion | None
    impossible: str = ""

    def comparison(self, case: str) -> Comparison | None:
        """The matter so changed beside a case."""
        if self.conclusion is None:
            return None
        return next((c for c in self.conclusion.guidance.all if c.case.id == case), None)


@dataclass(frozen=True)
class Walk:
    """A matter along one number."""

    fact: str
    steps: tuple[Step, ...]

    @property
    def possible(self) -> list[tuple[Step, Conclusion]]:
        """The steps that the other facts allow, with their conclusions."""
        return [(step, step.conclusion) for step in self.steps if step.conclusion]

    @property
    def reach(self) -> tuple[int, int, float]:
        """How much the number matters: conclusions it leads to, changes in what binds, spread of the balance."""
        done = [conclusion for _, conclusion in self.possible]
        sides = {conclusion.characterisation for conclusion in done}
        binding = {tuple(c.case.id for c in conclusion.guidance.by) for conclusion in done}
        balances = [conclusion.balance for conclusion in done] or [0.0]
        return (len(sides), len(binding), round(max(balances) - min(balances), 9))


def walks(assessor: Assessor, conclusion: Conclusion, cases: CaseBase, vary: Iterable[str] | None = None) -> list[Walk]:
    """The matter along the numbers asked for, or along the two that matter most; none where a number may not be told.

    A walk passes the matter's own number, and turns where the matter turns. Raises BadInput.
    """
    book, parcel = assessor.book, conclusion.parcel
    if any(given.hidden for given in parcel.facts.values()):
        return []
    numbers = [fact.name for fact in book.vocabulary if fact.type in ("int", "number")]
    wanted = dimensions(book) if vary is None else tuple(vary)
    for fact in wanted if vary is not None else ():
        if fact not in numbers:
            raise BadInput(Problem(f"'{fact}' is not a number in the vocabulary", fix=nearest(fact, numbers)))
    like: Alike = {frozenset(conclusion.known.items()): conclusion}
    found = [walk(assessor, conclusion, cases, fact, ladder(book, cases, fact, parcel), like) for fact in wanted]
    if vary is not None:
        return found
    found = [row for row in found if row.reach > (1, 1, 0.0)]
    # What changes the conclusion comes first, then what is known here, then what most cases turn on.
    found.sort(key=lambda row: (-row.reach[0], -row.reach[1], row.fact not in parcel.facts, -len(row.steps)))
    return found[:WALKS]


def dimensions(book: Rulebook) -> tuple[str, ...]:
    """The numbers that make a factor more or less of itself and that a fact set can state."""
    facts = (f.magnitude.fact for f in book.factors.values() if f.magnitude and f.favours != "neutral")
    return tuple(dict.fromkeys(fact for fact in facts if fact in book.vocabulary))


def ladder(book: Rulebook, cases: CaseBase, fact: str, parcel: Parcel) -> list[list[float]]:
    """The values of a number worth trying, in order; between the values of one group nothing can differ."""
    whole = book.vocabulary[fact].type == "int"
    cuts = Alternatives(book, cases, parcel).cuts(fact)
    for case in cases.cases.values():
        sized = {f.magnitude.fact for name in case.met if (f := book.factors[name]).magnitude}
        if case.shown and fact in sized:
            low, high = _ends(case.parcel, fact)
            cuts |= {low, high + 1 if whole else math.nextafter(high, INFINITY)}
    found = {value for cut in cuts for value in (cut - 1, cut, cut + 1)}
    if fact in parcel.facts:
        found |= set(_ends(parcel, fact))
    # Between them, 2, 20, 200: the orders of magnitude in which hypotheticals are put.
    most = max((value for value in found if value < INFINITY), default=0.0)
    found |= {2.0 * 10**power for power in range(6) if 2 * 10**power < most}
    # A hair past a number is that number.
    values = sorted({round(value, 2) for value in found if 0 <= value < INFINITY})
    edges = sorted(cuts)
    return [list(group) for _, group in groupby(values, key=lambda value: bisect_right(edges, value))]


def _ends(parcel: Parcel, fact: str) -> tuple[float, float]:
    span = derivations.interval(parcel.known[fact])
    return (span.low, span.high)


def walk(
    assessor: Assessor,
    conclusion: Conclusion,
    cases: CaseBase,
    fact: str,
    groups: Iterable[Iterable[float]],
    like: Alike,
) -> Walk:
    """The matter of a conclusion at every value of one number, all else as it is.

    `like` are its conclusions so far; those of this walk are added.
    """
    steps: list[Step] = []
    for group in groups:
        done: Conclusion | None = None
        for value in group:
            try:
                parcel = changed(assessor.book, conclusion.parcel, {fact: Range(value, value)})
            except Contradiction as error:
                steps.append(Step(value, None, error.step.says))
            else:
                done = done or _concluded(assessor, conclusion, parcel, cases, like)
                steps.append(Step(value, done))
    return Walk(fact, tuple(steps))


def _concluded(assessor: Assessor, conclusion: Conclusion, parcel: Parcel, cases: CaseBase, like: Alike) -> Conclusion:
    """As the assessor concludes: most numbers decide no other test than one before."""
    known = frozenset(assessor.known(parcel).items())
    if known in like:
        return assessor.conclude_like(like[known], parcel, cases)
    return like.setdefault(known, assessor.conclude(parcel, conclusion.weigher, cases))


def standing(book: Rulebook, comparison: Comparison) -> str:
    """How a case stands to a matter: binds, persuades, is on point or not, or may not be cited."""
    case, pack = comparison.case, book.pack
    if not case.shown:
        return "not cited"
    if comparison.binds and case.governs(pack):
        if case.level in pack.binding_levels:
            return "binds"
        if case.level in pack.persuasive_levels:
            return "persuades"
    return "on point" if comparison.decisive else "not on point"
