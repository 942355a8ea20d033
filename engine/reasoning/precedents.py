"""Decided cases: which ones bind a matter a fortiori, and which are argued from by analogy.

Constraint is Horty's result model on factors with magnitude: a case decided for side S binds a matter that has
every factor the case rested on (`because`), at least as strongly, and no factor against S beyond those the case
overcame (`despite`). Analogy is HYPO's: cases are on point by the decisive factors they share with the matter,
and are distinguished by naming what is missing and what speaks the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any

from caprev.facts.knowledge import Choice, Range
from caprev.facts.matter import Parcel
from caprev.law.models import Side
from caprev.law.pack import Pack
from caprev.law.rulebook import Rulebook
from caprev.once import cached_property
from caprev.reasoning.findings import FactorState

Constraint = str
"""What courts bind to: `forced_` and a side, `free`, or `conflict`."""
States = Mapping[str, FactorState]
Bounds = tuple[float, float]
"""The least and the most that there is of a factor, more being stronger."""
Form = tuple[int, str, str]
"""A form of a general ground: its place among the forms, the factor that says it if any, and its words."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One decided case with the state of every factor on its own facts."""

    id: str
    authority: str
    name: str
    court: str
    level: str
    decided: str
    subject: str
    outcome: Side
    route: str
    confidence: str
    ratio: str
    because: tuple[str, ...]
    despite: tuple[str, ...]
    treatment: tuple[str, ...]
    overruled: bool
    parcel: Parcel
    states: States
    file: str

    @property
    def shown(self) -> bool:
        """Whether the case may be shown as authority: never if overruled, or on a low-confidence reading."""
        return self.confidence != "low" and not self.overruled

    @cached_property
    def latest_first(self) -> str:
        """The date of the decision, so that later dates sort before earlier ones."""
        return "".join(chr(0x10FF - ord(letter)) for letter in self.decided)

    def on_subject(self, pack: Pack) -> bool:
        """Whether the case is about what the rulebook is about; any case is where it names no subject."""
        return pack.subject in ("", self.subject)

    def governs(self, pack: Pack) -> bool:
        """Whether the case may bind or persuade at all: shown, on the subject, and resting on grounds enough."""
        return self.shown and self.on_subject(pack) and len(self.because) >= pack.least_grounds

    @cached_property
    def met(self) -> frozenset[str]:
        """The factors that are met on the case's own facts."""
        return frozenset(name for name, state in self.states.items() if state == "met")


@dataclass(frozen=True)
class Comparison:
    """A matter beside a case: what they share, what distinguishes them, and whether the case binds.

    `missing`: factors the case rested on that the matter lacks or has less strongly. `unproved`: those not known.
    `beyond`: factors against the case's side that the matter has and the case did not overcome.
    `weight` is the weight of the shared factors that were decisive, `likeness` that of all shared factors.
    `open_against`: the matter's unknown factors against the case's side.
    """

    case: Case
    _: KW_ONLY
    shared: tuple[str, ...]
    decisive: tuple[str, ...]
    missing: tuple[str, ...]
    unproved: tuple[str, ...]
    beyond: tuple[str, ...]
    weight: float
    likeness: float
    open_against: tuple[str, ...]

    @cached_property
    def unless(self) -> tuple[str, ...]:
        """Unknown factors that would take the matter outside the case if they turned out to be met."""
        return tuple(name for name in self.open_against if name not in self.case.met)

    @property
    def binds(self) -> bool:
        """The case governs on the facts as known (see `unless` for what could still take the matter out)."""
        return bool(self.case.because) and not (self.missing or self.unproved or self.beyond)

    @property
    def distinguishing(self) -> tuple[str, ...]:
        """What keeps the case apart: its grounds that the matter lacks, and what it never had to overcome."""
        return self.missing + self.beyond


@dataclass(frozen=True, kw_only=True)
class Guidance:
    """What the decided cases say of a matter."""

    constraint: Constraint
    by: tuple[Comparison, ...]
    persuaded: Side | None
    persuaders: tuple[Comparison, ...]
    on_point: tuple[Comparison, ...]
    analogy: Side | None
    all: tuple[Comparison, ...]

    @property
    def bound(self) -> Side | None:
        """The side that courts bind to."""
        return self.by[0].case.outcome if self.by and self.constraint != "conflict" else None

    @property
    def leading(self) -> Case:
        """The case that governs, or persuades where none governs; there must be one."""
        return (self.by if self.bound else self.persuaders)[0].case


class _Matter:
    """What is asked of a matter again and again: its met and unknown factors by side, in the rulebook's order, and how
    much there is of those that have a size."""

    def __init__(self, book: Rulebook, states: States, sizes: Mapping[str, Bounds], active: frozenset[str]) -> None:
        self.states, self.sizes = states, sizes
        self.met: dict[str, list[str]] = {side: [] for side in (*book.sides.ids, "neutral")}
        unknown: dict[str, list[str]] = {side: [] for side in self.met}
        for name, side in book.favours.items():
            if name in active and states[name] != "not_met":
                (self.met if states[name] == "met" else unknown)[side].append(name)
        self.unknown = {side: tuple(names) for side, names in unknown.items()}


class Forms(dict[str, list[Form]]):
    """By general ground, its forms that are there on some facts, from the strongest on; each looked up when asked."""

    def __init__(self, book: Rulebook, states: States, parcel: Parcel) -> None:
        self.book, self.states, self.parcel = book, states, parcel

    def __missing__(self, ground: str) -> list[Form]:
        book, states, known = self.book, self.states, self.parcel.known
        found: list[Form] = []
        for step, forms in enumerate(book.grounds[ground].forms):
            for index, form in enumerate(forms):
                if isinstance(form, str):
                    found += [(step, form, book.factors[form].text)] if states[form] == "met" else []
                elif book.holds(ground, step, index, known):
                    found.append((step, "", form.says))
        return self.setdefault(ground, sorted(found, key=lambda item: -item[0]))


class CaseBase:
    """The precedents of one directory, each run through the same rules as a matter."""

    def __init__(self, cases: Iterable[Case], book: Rulebook) -> None:
        self.book = book
        self.cases = {case.id: case for case in sorted(cases, key=lambda case: case.id)}

    @cached_property
    def _overcome(self) -> Mapping[str, frozenset[str]]:
        return {case.id: self._overcome_by(case) for case in self.cases.values()}

    def overcome_in(self, case: Case) -> frozenset[str]:
        """The factors of which another form, no weaker, is there in a case; those of a case of this base are kept."""
        kept = self.cases.get(case.id) is case
        return self._overcome[case.id] if kept else self._overcome_by(case)

    def _overcome_by(self, case: Case) -> frozenset[str]:
        forms = Forms(self.book, case.states, case.parcel)
        places = self.book.ground_of.items()  # the strongest form comes first
        return frozenset(name for name, (ground, step) in places if forms[ground] and forms[ground][0][0] >= step)

    @cached_property
    def _sized(self) -> frozenset[str]:
        """The factors that there can be more or less of."""
        return frozenset(name for name, factor in self.book.factors.items() if factor.magnitude)

    @cached_property
    def _sizes(self) -> Mapping[str, Mapping[str, Bounds]]:
        return {case.id: self._sizes_of(case.parcel) for case in self.cases.values()}

    def sizes_in(self, case: Case) -> Mapping[str, Bounds]:
        """How much there is of each factor in a case; those of a case of this base are kept with it."""
        kept = self.cases.get(case.id) is case
        return self._sizes[case.id] if kept else self._sizes_of(case.parcel)

    def _sizes_of(self, parcel: Parcel) -> dict[str, Bounds]:
        return {name: size for name in self._sized if (size := self.size(name, parcel))}

    def without(self, excluded: Iterable[str]) -> CaseBase:
        """The base with some cases left out."""
        left_out = set(excluded)
        return CaseBase((case for case in self.cases.values() if case.id not in left_out), self.book)

    def compare(self, case: Case, matter: _Matter) -> Comparison:
        """One matter beside one case."""
        sides = self.book.sides
        against = sides.other(case.outcome)
        # A court's grounds are its own: they count whatever position is taken on unsettled points.
        because = case.because
        states, mine, theirs = matter.states, matter.sizes, self.sizes_in(case)
        sized = mine.keys() & theirs.keys()
        weaker = {name for name in sized if mine[name][1] < theirs[name][0]}
        missing = [name for name in because if states[name] == "not_met" or name in weaker]
        unproved = [name for name in because if states[name] == "unknown" and name not in missing]
        # The case overcame every opposing factor on its own facts, whether or not `despite` names it.
        more = {name for name in sized if mine[name][0] > theirs[name][1]}
        shared = [name for name in matter.met[sides.against.id] + matter.met[sides.for_.id] if name in case.met]
        decisive = [name for name in shared if name in case.because]
        return Comparison(
            case,
            shared=tuple(shared),
            decisive=tuple(decisive),
            missing=tuple(missing),
            unproved=tuple(unproved),
            beyond=tuple([name for name in matter.met[against] if name not in case.met or name in more]),
            weight=self.weight(decisive),
            likeness=self.weight(shared),
            open_against=matter.unknown[against],
        )

    def weight(self, names: Iterable[str]) -> float:
        """What factors weigh together where a matter shares them with a case."""
        weights = self.book.weights
        return round(sum([weights[name] for name in names]), 9)

    def beside(self, case: Case, states: States, parcel: Parcel, active: frozenset[str]) -> Comparison:
        """One matter, by the state of its factors, beside one case."""
        return self.compare(case, _Matter(self.book, states, self._sizes_of(parcel), active))

    def comparisons(self, states: States, parcel: Parcel, active: frozenset[str]) -> list[Comparison]:
        """One matter, by the state of its factors, beside every case."""
        matter = _Matter(self.book, states, self._sizes_of(parcel), active)
        return [self.compare(case, matter) for case in self.cases.values()]

    def size(self, factor: str, parcel: Parcel) -> Bounds | None:
        """How much there is of a factor on a parcel's facts; None if the factor has no magnitude or nothing is known
        of it."""
        magnitude = self.book.factors[factor].magnitude
        given = parcel.facts.get(magnitude.fact) if magnitude else None
        if given is None or magnitude is None:
            return None
        known = given.knowledge
        if isinstance(known, Choice):
            numbers = [float(value) for value in known.values]
            low, high = min(numbers), max(numbers)
        else:
            assert isinstance(known, Range)
            low, high = known.low, known.high
        return (low, high) if magnitude.stronger == "more" else (-high, -low)

    def more(self, factor: str, parcel: Parcel, case: Case) -> bool:
        """The matter has more of a factor than the case is known to have had."""
        mine, theirs = self.size(factor, parcel), self.sizes_in(case).get(factor)
        return bool(mine and theirs and mine[0] > theirs[1])

    def guidance(self, states: States, parcel: Parcel, active: frozenset[str]) -> Guidance:
        """Constraint by courts, persuasion by tribunals, and the cases most on point for each side."""
        return self._guidance(self.comparisons(states, parcel, active))

    def guidance_again(
        self, states: States, parcel: Parcel, active: frozenset[str], before: Guidance, moved: frozenset[str]
    ) -> Guidance:
        """The same, where it was `before` and of the met factors only `moved` count for one of the two: a case stays as
        it was beside the matter if it has none of them, and none speaks against its side."""
        matter, sides = _Matter(self.book, states, self._sizes_of(parcel), active), self.book.sides
        speaking = {self.book.factors[name].favours for name in moved}

        def touched(case: Case) -> bool:
            return sides.other(case.outcome) in speaking or not case.met.isdisjoint(moved)

        return self._guidance([self.compare(c.case, matter) if touched(c.case) else c for c in before.all])

    def _guidance(self, comparisons: list[Comparison]) -> Guidance:
        pack = self.book.pack
        binding = [c for c in comparisons if c.binds and c.case.governs(pack)]
        rank = self.rank
        constraint, by = _constraint([c for c in binding if c.case.level in pack.binding_levels], rank, pack)
        persuaders = sorted((c for c in binding if c.case.level in pack.persuasive_levels), key=rank)
        on_point = sorted((c for c in comparisons if c.shared and c.case.shown and c.case.because), key=rank)
        return Guidance(
            constraint=constraint,
            by=by,
            persuaded=persuaded((c.case for c in persuaders), pack),
            persuaders=tuple(persuaders),
            on_point=tuple(on_point),
            analogy=_analogy(on_point, pack),
            all=tuple(comparisons),
        )

    def rank(self, comparison: Comparison) -> tuple[float, float, int, str, str]:
        """Most on point first: shared decisive weight, then all that is shared, then court, then latest."""
        case = comparison.case
        return (
            -comparison.weight,
            len(comparison.distinguishing),
            self.book.pack.levels.index(case.level),
            case.latest_first,
            case.id,
        )


def highest(cases: Iterable[Case], pack: Pack) -> list[Case]:
    """Those of some cases that the highest of their courts decided."""
    courts = [case for case in cases if case.level in pack.binding_levels]
    top = min((pack.levels.index(case.level) for case in courts), default=0)
    return [case for case in courts if pack.levels.index(case.level) == top]


def bound(cases: Iterable[Case], pack: Pack) -> Side | None:
    """The side that courts bind to, if the highest of them is of one mind."""
    return _agreed(highest(cases, pack))


def persuaded(cases: Iterable[Case], pack: Pack) -> Side | None:
    """The side that tribunals persuade to, if they are of one mind."""
    return _agreed(case for case in cases if case.level in pack.persuasive_levels)


def _agreed(cases: Iterable[Case]) -> Side | None:
    sides = {case.outcome for case in cases}
    return sides.pop() if len(sides) == 1 else None


def _constraint(
    courts: list[Comparison], rank: Callable[[Comparison], Any], pack: Pack
) -> tuple[Constraint, tuple[Comparison, ...]]:
    """The higher court prevails; courts of one rank that disagree conflict."""
    if not courts:
        return "free", ()
    cases = [c.case for c in courts]
    side = bound(cases, pack)
    if side is None:
        leading = {case.id for case in highest(cases, pack)}
        return "conflict", tuple(sorted((c for c in courts if c.case.id in leading), key=rank))
    by = tuple(sorted((c for c in courts if c.case.outcome == side), key=rank))
    return f"forced_{side}", by


def _analogy(on_point: list[Comparison], pack: Pack) -> Side | None:
    """The side whose best case shares more decisive weight with the matter; none if they share alike."""
    best = dict.fromkeys(pack.sides.ids, 0.0)
    for comparison in on_point:
        side = comparison.case.outcome
        best[side] = max(best[side], comparison.weight)
    against, for_ = best.values()
    return None if against == for_ else pack.sides.leaning(for_ > against)
