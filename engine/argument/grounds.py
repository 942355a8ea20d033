"""What an argument is made of: the facts, factors and authorities of an analysis in words."""

from __future__ import annotations

from collections.abc import Iterable

from caprev.argument.reasons import Fact, Kind, Reason
from caprev.facts.in_words import describe
from caprev.facts.matter import Given
from caprev.facts.vocabulary import worded
from caprev.law import citations
from caprev.law.models import Cited
from caprev.law.rulebook import Rulebook
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.precedents import Case


class Grounds:
    """The facts, factors and authorities of one parcel in words; `cited` keeps which authorities were named."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.conclusion: Conclusion = analysis.conclusion
        self.book: Rulebook = analysis.book
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
        return tuple(map(self.fact, self.analysis.rests_on(factor)))

    def factor(self, name: str, detail: bool = False) -> Reason:
        """A met factor as a reason."""
        rule = self.book.factors[name]
        return Reason(
            Kind.FACTOR,
            text=self.analysis.told(name),
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

    def short(self, case: Case) -> str:
        """A case as it is named in running text; it is listed in full at the end."""
        self.cited[case.authority] = None
        record = self.book.authorities[case.authority]
        return str(record.get("short") or record["name"])


def _in_words(given: Given) -> Fact:
    source = given.source
    if given.derived_from and not source:
        source = "follows from " + " and ".join(worded(name) for name in given.derived_from)
    return Fact(given.fact.name, given.fact.words, describe(given), source, given.standing or "")
