"""What factors have in common with others: the indicators and elements they feed, and how a debate names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from caprev.argument.reasons import names
from caprev.facts.in_words import describe
from caprev.facts.vocabulary import worded
from caprev.law.models import Node, Side
from caprev.law.pack import Sides
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.findings import Finding
from caprev.reasoning.precedents import Case, States

_REFERENCE = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")


Naming = Callable[[Analysis], Callable[[str], str]]
"""How the factors of a matter are named, by their ids or in words."""


def by_id(analysis: Analysis) -> Callable[[str], str]:
    """Factors by their ids, for those who look rules up."""
    return str


class Abstractions:
    """Factors of a matter and of decided cases, seen through what they feed; `naming` says how they are named."""

    def __init__(self, analysis: Analysis, naming: Naming = by_id) -> None:
        self.called, self.with_ids = naming(analysis), naming is by_id
        self.analysis = analysis
        self.conclusion = analysis.conclusion
        self.book = analysis.book
        self._found: dict[str, dict[str, Finding]] = {}

    def say(self, name: str) -> str:
        """A factor as a point: its words and its strength, and its id where factors are named so."""
        rule, says = self.book.factors[name], self.analysis.told(name)
        weighs = f"{worded(rule.favours)}, {rule.strength.replace('_', '-')}"
        return f"{name} ({weighs}): {says}" if self.with_ids else f"{says.rstrip('.')} ({weighs})."

    def names(self, factors: Iterable[str], most: int = 0) -> str:
        """Factors in one line by how they are named, the first `most` of them."""
        called = [self.called(factor) for factor in factors]
        if self.with_ids or len(called) < 2 or 0 < most < len(called):
            return names(called, most)
        return f"{', '.join(called[:-1])} and {called[-1]}"

    def limits(self, name: str) -> str:
        """The limits that a rule states; the factors to which it refers, by their ids, are named as all others."""
        factors = self.book.factors
        return _REFERENCE.sub(
            lambda found: self.called(found[0]) if found[0] in factors else found[0], factors[name].limits
        )

    def degree(self, name: str, case: Case) -> str:
        """How much of a factor there is here and was there, where it has a magnitude known on both sides."""
        magnitude = self.book.factors[name].magnitude
        if not magnitude:
            return ""
        mine, theirs = self.conclusion.parcel.facts.get(magnitude.fact), case.parcel.facts.get(magnitude.fact)
        if not mine or not theirs:
            return ""
        return f"{mine.fact.words} here {describe(mine)}, there {describe(theirs)}"

    def alike(self, name: str, among: Iterable[str], side: str, states: States) -> tuple[str, Node] | tuple[None, None]:
        """Another factor for a side that is met, no weaker, and feeds an indicator or element that `name` feeds.

        The one with most in common, then the strongest. What few factors feed says more than what many do; the
        indicator or element named is the one of those in common that the fewest feed.
        """
        weights, factors = self.book.weighing.strengths, self.book.factors
        nodes = sorted(self.abstract([name]), key=lambda node: len(self.book.feeding[node.id]))
        best, found = (0.0, 0.0), None
        for other in sorted(among, key=list(factors).index):
            rule, weight = factors[other], weights[factors[other].strength]
            common = [node for node in nodes if node.id in rule.feeds]
            if other == name or rule.favours != side or states[other] != "met" or not common:
                continue
            score = (round(sum(1 / len(self.book.feeding[node.id]) for node in common), 9), weight)
            if weight >= weights[factors[name].strength] and score > best:
                best, found = score, (other, common[0])
        return found or (None, None)

    def abstract(self, names: Sequence[str]) -> list[Node]:
        """The indicators and elements that factors feed: what they have in common with others."""
        fed = {node for name in names for node in self.book.factors[name].feeds}
        return [node for node in self.book.nodes.values() if node.id in fed and node.weighs and node.kind != "issue"]

    def findings_of(self, case: Case) -> dict[str, Finding]:
        """What would be found on a case's own facts for every indicator and element."""
        if case.id not in self._found:
            self._found[case.id] = self.conclusion.weigher.weighed(case.states)
        return self._found[case.id]


def direction(finding: Finding, sides: Sides) -> Side | None:
    """Which way an indicator or element points."""
    if finding.state == "undetermined":
        return None
    return sides.leaning(finding.state == "satisfied")


def speaking_for(finding: Finding, up: bool) -> tuple[str, ...]:
    """The factors of a finding that push it up, or down."""
    return finding.supports if up else finding.opposes
