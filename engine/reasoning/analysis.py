"""All that is told of a conclusion, worked out once for each parcel and only when it is asked for.

What puts a conclusion in words takes this and nothing that could conclude anew: memorandum, draft and debate rest on
the same analysis and cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from pathlib import Path

from caprev.facts import conditions
from caprev.facts.derivations import Tension
from caprev.facts.matter import Given, Matter, Parcel
from caprev.facts.tense import Tense
from caprev.law.models import Side
from caprev.law.rulebook import Rulebook
from caprev.law.telling import PRESUMED, told
from caprev.once import cached_property
from caprev.reasoning import answers, consequences, likeness, sensitivity
from caprev.reasoning.answers import Answer
from caprev.reasoning.conclusion import Conclusion, InShort, roads
from caprev.reasoning.consequences import Followed
from caprev.reasoning.likeness import Likeness
from caprev.reasoning.precedents import CaseBase
from caprev.reasoning.sensitivity import Bearing, Missing, Scale

Otherwise = Callable[[Conclusion, str, str], InShort]
"""What would be concluded of a parcel with another answer (the last) to an unsettled point (the one before)."""


@dataclass(frozen=True)
class Assessment:
    """A matter assessed under one position and as at one date, parcel by parcel.

    `rules` is the directory of the law, beside which its wordings stand.
    """

    matter: Matter
    _: KW_ONLY
    position: str
    as_at: str
    rulebook: Rulebook
    cases: CaseBase
    conclusions: tuple[Conclusion, ...]
    otherwise: Otherwise = field(repr=False, compare=False)
    rules: Path | None = field(default=None, repr=False, compare=False)

    @cached_property
    def analyses(self) -> tuple[Analysis, ...]:
        """Each parcel analysed, in the order of the conclusions."""
        return tuple(Analysis(self, conclusion) for conclusion in self.conclusions)


@dataclass(frozen=True)
class Unsettled:
    """An unsettled point that is live: the answer taken, and what is concluded with the other answer.

    `otherwise` is None where no factor hangs on the point; `turns` says that another answer turns the result.
    """

    point: str
    answer: str
    otherwise: InShort | None
    turns: bool


@dataclass(frozen=True)
class Against:
    """What is best said against a conclusion: for which side, on which issue, by which factors, from which case."""

    side: Side
    node: str
    factors: tuple[str, ...]
    case: Likeness | None


@dataclass(frozen=True, eq=False)
class Analysis:
    """One parcel of an assessment: its conclusion, what that rests on, what is open and what could change it."""

    assessment: Assessment
    conclusion: Conclusion

    @property
    def book(self) -> Rulebook:
        """The rulebook assessed under."""
        return self.assessment.rulebook

    @property
    def parcel(self) -> Parcel:
        """The parcel with its facts."""
        return self.conclusion.parcel

    @cached_property
    def tense(self) -> Tense:
        """The time in which the project is told."""
        return self.book.derivations.tense(self.parcel.known)

    def told(self, factor: str) -> str:
        """The sentence of a factor, for the project as it stands."""
        return told(self.book.factors[factor].text, self.tense)

    def found(self, node: str, state: str) -> str:
        """What is found on a node, for the project as it stands: with nothing known that bears on it, what is not
        made out is not shown, where the law has words for that, and all else is presumed."""
        rule, silent = self.book.nodes[node], self.conclusion.presumed(node, state)
        if silent and state == "not_satisfied" and rule.not_shown:
            return told(rule.not_shown, self.tense)
        text = told(getattr(rule, state), self.tense)
        return f"{PRESUMED}: {text[:1].lower()}{text[1:]}" if silent else text

    @cached_property
    def tensions(self) -> tuple[Tension, ...]:
        """The facts that stand against each other."""
        return self.book.derivations.in_tension(self.parcel.known)

    @property
    def known(self) -> Mapping[str, bool]:
        """Every atom of the factors that is decided by what is known of the parcel."""
        return self.conclusion.known

    @cached_property
    def scale(self) -> Scale:
        """The balance for other sets of met factors."""
        return Scale(self.conclusion)

    @cached_property
    def missing(self) -> tuple[Missing, ...]:
        """The unknown facts on which factors wait, those that could settle most first."""
        return tuple(sensitivity.missing(self.conclusion, self.known, self.scale))

    @cached_property
    def telling(self) -> tuple[Missing, ...]:
        """Those of the missing facts that could by themselves move the conclusion, or its probability as printed."""
        return tuple(item for item in self.missing if item.moves and not item.idle)

    @cached_property
    def bearing(self) -> tuple[Bearing, ...]:
        """The facts, no more than said, without which the conclusion would not stand."""
        return tuple(sensitivity.bearing(self.conclusion, self.known, self.scale))

    @cached_property
    def follows(self) -> tuple[Followed, ...]:
        """What follows in law from the conclusion, as at the date of the event."""
        return consequences.follow(consequences.setting(self.conclusion))

    @cached_property
    def other_road(self) -> Conclusion | None:
        """The same conclusion by another outcome for its side, where that is arguable too: it is met, and one more
        ground of moderate strength could put it first."""
        concluded = self.conclusion
        if concluded.outcome is None or concluded.decided_by != "rules":
            return None
        found = {name: f.state == "satisfied" for name, f in concluded.findings.items() if f.state != "undetermined"}
        mine, more = concluded.outcome, self.book.weighing.strengths["moderate"]
        for other in self.book.outcomes:
            alike = other.id != mine.id and other.characterisation == mine.characterisation
            if alike and conditions.truth(self.book.conditions[other.id], found):
                for leader in filter(None, (mine.led_by, other.led_by)):
                    low, high = concluded.weigher.band(self.book.nodes[leader])
                    if low - more < concluded.findings[leader].balance < high + more:
                        return replace(concluded, outcome=other, route=other.route)
        return None

    @cached_property
    def apart(self) -> tuple[tuple[Followed, ...], tuple[Followed, ...]]:
        """What applies by the road taken and not by the other that is arguable, and the reverse."""
        if self.other_road is None:
            return (), ()
        roads = [rule for rule in self.book.consequences.values() if rule.applies.route]  # others follow by either
        sides = self.follows, consequences.follow(consequences.setting(self.other_road), roads)
        applies = [
            [item for item in items if item.rule.applies.route and item.state == "applies" and not item.far]
            for items in sides
        ]
        names = [{item.rule.id for item in items} for items in applies]
        mine, its = (
            tuple(item for item in items if item.rule.id not in names[1 - place]) for place, items in enumerate(applies)
        )
        return mine, its

    @cached_property
    def answered(self) -> Mapping[str, tuple[Answer, ...]]:
        """The further questions that the law asks beside the conclusion, each part with its answer."""
        return answers.answered(self.book, self.follows)

    @cached_property
    def unsettled(self) -> tuple[Unsettled, ...]:
        """The unsettled points that are live."""
        holds = (name for name in self.book.points if self._live(name))
        return tuple(map(self._unsettled, holds))

    def _live(self, point: str) -> bool:
        return conditions.truth(self.book.conditions[f"point:{point}"], self.known) is True

    def _unsettled(self, point: str) -> Unsettled:
        answer = self.conclusion.weigher.position.get(point, "")
        affected = point in self.book.weighed_points
        others = [
            self.assessment.otherwise(self.conclusion, point, other)
            for other in self.book.points[point].answers
            if affected and other != answer
        ]
        turns = any(other.characterisation != self.conclusion.characterisation for other in others)
        return Unsettled(point, answer, others[-1] if others else None, turns)

    @property
    def turns_on(self) -> list[str]:
        """The unsettled points on which the characterisation turns."""
        return [item.point for item in self.unsettled if item.turns]

    @cached_property
    def against(self) -> Against:
        """The other side's best argument; where the matter is open, that of the pole `for`."""
        concluded = self.conclusion
        side = self.book.sides.other(concluded.characterisation)
        road = max((concluded.findings[name] for name in roads(self.book, side)), key=lambda found: found.balance)
        return Against(side, road.node, tuple(self.book.strongest(road.supports)), self.closest(side))

    # the decided cases

    @cached_property
    def beside(self) -> tuple[Likeness, ...]:
        """The matter beside every decided case that may be shown, from the closest on."""
        return likeness.nearest(self.assessment.cases, self.conclusion)

    @cached_property
    def near(self) -> tuple[Likeness, ...]:
        """Those with which the matter has something in common."""
        return tuple(item for item in self.beside if item.told)

    def near_for(self, side: str) -> tuple[Likeness, ...]:
        """Those that were decided for a side, from the closest on."""
        return tuple(item for item in self.near if item.case.outcome == side)

    def closest(self, side: str) -> Likeness | None:
        """The closest case on the subject that was decided for a side."""
        return next((item for item in self.near_for(side) if item.case.on_subject(self.book.pack)), None)

    # what a factor rests on

    @cached_property
    def _resting(self) -> dict[str, tuple[Given, ...]]:
        return {}

    def resting(self, factor: str) -> tuple[Given, ...]:
        """The known facts that make the state of a factor what it is, looked up once."""
        if factor not in self._resting:
            names = conditions.named(conditions.resting_on(self.book.conditions[factor], self.known))
            self._resting[factor] = tuple(self.parcel.facts[name] for name in names)
        return self._resting[factor]

    def rests_on(self, factor: str) -> tuple[Given, ...]:
        """The same as it is told: where a person wrote one of the facts down, what merely follows adds nothing."""
        return tuple(self.parcel.facts[name] for name in self.rests_on_facts[factor])

    @cached_property
    def rests_on_facts(self) -> Mapping[str, tuple[str, ...]]:
        """The names of these facts by factor, each looked up once."""
        return _Resting(self)


class _Resting(dict[str, tuple[str, ...]]):
    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    def __missing__(self, factor: str) -> tuple[str, ...]:
        resting = self._analysis.resting(factor)
        told = [given for given in resting if given.at] or resting
        return self.setdefault(factor, tuple(given.fact.name for given in told))
