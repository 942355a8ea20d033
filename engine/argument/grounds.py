"""What an argument is made of: facts and factors in words, what is missing, what is unsettled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from caprev.argument.reasons import Fact, Reason
from caprev.facts import conditions
from caprev.facts.in_words import describe
from caprev.facts.matter import Given
from caprev.law import citations
from caprev.law.models import Cited, Side
from caprev.law.rulebook import Rulebook
from caprev.reasoning.assess import Assessment, Assessor
from caprev.reasoning.conclusion import Conclusion, decisive
from caprev.reasoning.precedents import Case, Comparison
from caprev.reasoning.sensitivity import Bearing, Missing, Scale, bearing, missing


@dataclass(frozen=True)
class Against:
    """What is best said against a conclusion: for which side, on which issue, by which factors, from which case."""

    side: Side
    node: str
    factors: tuple[str, ...]
    case: Comparison | None


class Grounds:
    """What the reasons for one parcel are made of: its facts, factors, open points and what could change it."""

    def __init__(self, assessor: Assessor, assessment: Assessment, conclusion: Conclusion) -> None:
        self.assessor = assessor
        self.assessment = assessment
        self.c = conclusion
        self.book: Rulebook = assessment.rulebook
        self.known: Mapping[str, bool] = assessor.known(conclusion.parcel)
        self.scale = Scale(conclusion)
        self.missing: list[Missing] = missing(conclusion, self.known, self.scale)
        self.bearing: list[Bearing] = bearing(conclusion, self.known, self.scale)
        self.unsettled = self._unsettled()
        self.cited: dict[str, None] = {}
        self._facts: dict[str, tuple[Given, Fact]] = {}

    def fact(self, given: Given) -> Fact:
        """A fact in words, with where it comes from."""
        found = self._facts.get(given.fact.name)
        if found is None or found[0] is not given:
            found = self._facts[given.fact.name] = given, _in_words(given)
        return found[1]

    def facts_of(self, factor: str) -> tuple[Fact, ...]:
        """The facts on which the state of a factor rests."""
        names = conditions.named(conditions.resting_on(self.book.conditions[factor], self.known))
        given = [self.c.parcel.facts[name] for name in names]
        # Where a person wrote one of them down, what merely follows adds nothing.
        return tuple(map(self.fact, [item for item in given if item.at] or given))

    def factor(self, name: str, detail: bool = False) -> Reason:
        """A met factor as a reason."""
        rule = self.book.factors[name]
        return Reason(
            "factor",
            text=rule.text,
            rule=name,
            side=rule.favours,
            verdict=rule.strength.replace("_", "-"),
            authority=self.authority(rule.authority),
            facts=self.facts_of(name),
            detail=detail,
            notes=(rule.limits,),
        )

    def authority(self, cited: Iterable[Cited]) -> tuple[str, ...]:
        """Authorities as named in running text; each is also listed in full at the end."""
        self.cited.update(dict.fromkeys(item.cite for item in cited))
        return tuple(citations.short(self.book, item) for item in cited)

    def strongest(self, factors: Iterable[str]) -> list[str]:
        """Factors by the strength of their kind, and otherwise in the order given."""
        return sorted(factors, key=lambda name: -self.book.weights[name])

    def against(self) -> Against:
        """The other side's best argument; revenue's where the matter is open."""
        side: Side = "capital" if self.c.characterisation == "revenue" else "revenue"
        road = max((self.c.findings[name] for name in decisive(self.book, side)), key=lambda found: found.balance)
        on_point = (p for p in self.c.guidance.on_point if p.case.outcome == side and p.case.subject == "land")
        return Against(side, road.node, tuple(self.strongest(road.supports)), next(on_point, None))

    def short(self, case: Case) -> str:
        """A case as it is named in running text; it is listed in full at the end."""
        self.cited[case.authority] = None
        record = self.book.authorities[case.authority]
        return str(record.get("short") or record["name"])

    def _unsettled(self) -> list[tuple[str, str, str, bool]]:
        """Live unsettled points: id, answer taken, what the other answer would give, whether it turns the result."""
        c, book = self.c, self.book
        answers = c.weigher.position
        rows = []
        for name, point in book.points.items():
            if conditions.truth(book.conditions[f"point:{name}"], self.known) is not True:
                continue
            answer = answers.get(name, "")
            other, turned = "", False
            affected = any(name in factor.position for factor in book.factors.values())
            for alternative in point.answers:
                if alternative != answer and affected:
                    weigher = self.assessor.weigher(
                        self.assessment.position, self.assessment.as_at, {name: alternative}
                    )
                    cases = self.assessment.cases
                    result = self.assessor.conclude_states(c.parcel, c.states, weigher, cases, indicators=False)
                    other = f"{result.characterisation}, {result.strength.replace('_', ' ')} ({result.balance:+.2f})"
                    turned = turned or result.characterisation != c.characterisation
            rows.append((name, answer, other, turned))
        return rows

    @property
    def turns_on(self) -> list[str]:
        """The unsettled points on which the characterisation turns."""
        return [name for name, _, __, turned in self.unsettled if turned]


def _in_words(given: Given) -> Fact:
    source = given.source
    if given.derived_from and not source:
        source = "follows from " + " and ".join(name.replace("_", " ") for name in given.derived_from)
    return Fact(given.fact.name, given.fact.words, describe(given), source, given.standing or "")
