"""Fact sets changed in a few values, run through the ordinary assessor: what a hypothetical is made of.

A walk takes one number over the values at which something can change: the thresholds that factors declare
and the magnitudes of the decided cases. Between two neighbours of such a ladder nothing else can happen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from . import conditions, source
from .assess import Assessor
from .conclusion import Conclusion
from .conditions import Atom
from .errors import BadInput
from .facts import Parcel
from .knowledge import INFINITY, Knowledge, Range
from .precedents import CaseBase, Comparison
from .rulebook import Rulebook
from .source import Source, Value


def changed(found: Source, changes: Mapping[str, Value], parcel: str = "") -> Source:
    """The fact set with other values for some facts of one parcel; None makes a fact unknown.

    Of the parcels only the one named is to be assessed afterwards: the base loses what is changed.
    """
    data = json.loads(json.dumps(found.data))
    entries = data.get("parcels") or []
    ids = [str(entry.get("id") or f"parcel-{index + 1}") for index, entry in enumerate(entries)]
    target = entries[ids.index(parcel)] if parcel in ids else data
    for name in changes:
        section, key = name.split(".", 1)
        for place in (data, target):
            facts = place.get("facts") or {}
            facts.pop(name, None)
            for holder in (place.get(section), facts.get(section)):
                if isinstance(holder, dict):
                    holder.pop(key, None)
    added = {name: value for name, value in changes.items() if value is not None}
    target["facts"] = {**(target.get("facts") or {}), **added}
    return source.parse(json.dumps(data), found.file)


def dimensions(book: Rulebook) -> tuple[str, ...]:
    """The numbers that make a factor more or less of itself and that a fact set can state."""
    facts = (f.magnitude.fact for f in book.factors.values() if f.magnitude and f.favours != "neutral")
    return tuple(dict.fromkeys(fact for fact in facts if fact in book.vocabulary))


def ladder(book: Rulebook, cases: CaseBase, fact: str, parcel: Parcel) -> list[float]:
    """The values of a number worth trying: either side of every threshold, every case's own, and the matter's."""
    found: set[float] = set()
    for factor in book.factors:
        for leaf in conditions.leaves(book.conditions[factor]):
            if isinstance(leaf, Atom) and leaf.fact == fact:
                found |= {leaf.low, leaf.low - 1, leaf.high, leaf.high + 1}
                found |= {float(value) for value in leaf.values if not isinstance(value, str)}
    for case in cases.cases.values():
        sized = {f.magnitude.fact for name in case.met if (f := book.factors[name]).magnitude}
        if case.shown and fact in sized:
            found |= _ends(case.parcel.known[fact])
    if fact in parcel.facts:
        found |= _ends(parcel.known[fact])
    # Between them, 2, 20, 200: the orders of magnitude in which hypotheticals are put.
    most = max((value for value in found if value < INFINITY), default=0.0)
    found |= {2.0 * 10**power for power in range(6) if 2 * 10**power < most}
    lowest = 0 if book.vocabulary[fact].type in ("int", "number") else -INFINITY
    # Open bounds stand a hair past their number; whole numbers and halves are what a lawyer would vary.
    return sorted({round(value, 2) for value in found if lowest <= value < INFINITY})


def _ends(known: Knowledge) -> set[float]:
    return {known.low, known.high} if isinstance(known, Range) else set()


@dataclass(frozen=True)
class Step:
    """The matter at one value of the dimension, or why it cannot have that value."""

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
    """A matter along one dimension."""

    fact: str
    steps: tuple[Step, ...]

    @property
    def possible(self) -> list[tuple[Step, Conclusion]]:
        return [(step, step.conclusion) for step in self.steps if step.conclusion]

    @property
    def reach(self) -> tuple[int, int, float]:
        """How much the dimension matters: conclusions it leads to, changes to what binds, spread of the balance."""
        done = [conclusion for _, conclusion in self.possible]
        if not done:
            return (0, 0, 0.0)
        sides = {conclusion.characterisation for conclusion in done}
        binding = {tuple(c.case.id for c in conclusion.guidance.by) for conclusion in done}
        balances = [conclusion.balance for conclusion in done]
        return (len(sides), len(binding), round(max(balances) - min(balances), 9))


@dataclass(frozen=True)
class Setting:
    """How a matter is assessed: everything but its facts."""

    assessor: Assessor
    position: str
    as_at: str
    without: tuple[str, ...] = ()

    def conclude(self, found: Source, parcel: str) -> Conclusion:
        """The conclusion on one parcel of a fact set. Raises BadInput."""
        matter = self.assessor.matter(found)
        return self.assessor.assess(matter, self.position, self.as_at, self.without, parcel).conclusions[0]


def walk(setting: Setting, found: Source, parcel: Parcel, fact: str, values: list[float]) -> Walk:
    """The matter at every value of one fact."""
    steps = []
    for value in values:
        text = str(int(value)) if value.is_integer() else str(value)
        try:
            steps.append(Step(value, setting.conclude(changed(found, {fact: text}, parcel.id), parcel.id)))
        except BadInput as error:
            steps.append(Step(value, None, error.problems[0].what))
    return Walk(fact, tuple(steps))


def standing(book: Rulebook, comparison: Comparison) -> str:
    """How a case stands to a matter: binds, persuades, is on point, or is not."""
    case = comparison.case
    if not case.shown:
        return "not cited"
    if comparison.binds and case.subject == "land":
        if case.level in book.pack.binding_levels:
            return "binds"
        if case.level in book.pack.persuasive_levels:
            return "persuades"
    return "on point" if comparison.decisive else "not on point"
