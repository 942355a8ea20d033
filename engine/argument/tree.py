"""The tree of reasons: issue, rule, application to these facts, cases, counter-argument, conclusion.

One tree, many renderings. Every node names its rule, its authority and the facts it rests on; wording is
made here, nothing is decided here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from caprev.argument import cases, open_points, workings
from caprev.argument import consequences as following
from caprev.argument.grounds import Grounds
from caprev.argument.reasons import Kind, Pointing, Reason, lists
from caprev.facts.in_words import day
from caprev.facts.vocabulary import worded
from caprev.law.models import Node
from caprev.reasoning.analysis import Analysis, Assessment
from caprev.reasoning.findings import Finding, State

_POINTING: Mapping[State, Pointing] = {
    "satisfied": Pointing.FOR,
    "not_satisfied": Pointing.AGAINST,
    "undetermined": Pointing.OPEN,
}


class Argument:
    """The tree of reasons for one parcel of an assessment, made from its analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.assessment = analysis.assessment
        self.grounds = Grounds(analysis)
        self.conclusion = analysis.conclusion
        self.book = analysis.book

    def tree(self, whole: bool = True) -> Reason:
        """The whole argument for the parcel; otherwise without what a short rendering tells in prose of its own, or
        not at all: issues, cases, factors, workings and authorities."""
        c, grounds = self.conclusion, self.grounds
        body = [self._assumptions()]
        if whole:
            body += [self._issue(name) for name in self.book.nodes if self.book.nodes[name].kind == "issue"]
            body += [cases.cases(grounds), cases.other_side(grounds)]
        body += [
            following.section(grounds, self.analysis.follows, self.analysis.answered, whole),
            open_points.missing(grounds, whole),
            open_points.unsettled(grounds),
            open_points.unweighed(grounds),
        ]
        if whole:
            body += [workings.factors(grounds), workings.context(grounds), workings.arithmetic(grounds)]
            body.append(workings.authorities(grounds))  # last: those that the others have cited
        return Reason(
            Kind.CONCLUSION,
            heading=self._title(),
            text=self.says,
            verdict=worded(c.characterisation),
            side=c.characterisation,
            children=tuple(r for r in body if r.text or r.children),
            notes=self._standing(),
        )

    def _title(self) -> str:
        parcel = self.conclusion.parcel
        several = len(self.assessment.matter.parcels) > 1
        return self.book.pack.unit.titled(parcel.id, parcel.title) if several else ""

    @property
    def says(self) -> str:
        """What is concluded, in a sentence or two."""
        c = self.conclusion
        if c.outcome is None:
            return self.book.pack.undecided
        if c.decided_by == "rules":
            return c.outcome.says
        case = c.guidance.leading
        verb = "binds" if c.decided_by == "precedent" else "persuades"
        weighed = "leaves the matter open" if c.rules == "undetermined" else f"would say {worded(c.rules)}"
        return f"{case.name} {verb} on the facts as known, although the weighing {weighed}. {c.outcome.says}"

    def _standing(self) -> tuple[str, ...]:
        """How strong the conclusion is, and how the voices stand."""
        c, fit, for_ = self.conclusion, self.book.weighing.calibration, worded(self.book.sides.for_.id)
        constraint = worded(c.guidance.constraint)
        analogy = worded(c.guidance.analogy or "even")
        weighed = "It follows from findings alone, whatever the balance."
        if c.chance is not None:
            weighed = (
                f"The decisive balance is {c.balance:+.2f} (above {fit.neutral:+.2f} favours {for_}; "
                f"the facts not known could take it from {c.low:+.2f} to {c.high:+.2f}); of decided matters with "
                f"such a balance about {c.chance:.0%} were {for_}."
            )
        lines = [
            f"Strength: {worded(c.strength)}. {weighed}",
            f"Voices: rules {worded(c.rules)}; precedent {constraint}; analogy {analogy}. "
            + (
                "No one answer that is still open would turn this."
                if c.robust
                else "An answer that is not yet known could still turn this."
            ),
        ]
        beside = (open_points.foremost, open_points.appealed, open_points.roads, open_points.wanting)
        return (*lines, *(note for notes in beside for note in notes(self.grounds)))

    def _assumptions(self) -> Reason:
        facts = [g for g in self.conclusion.parcel.facts.values() if g.at]
        counts = Counter(g.standing for g in facts)
        told = ", ".join(f"{counts[s]} {s}" for s in ("documented", "stated", "disputed", "assumed") if counts[s])
        rest = counts[None]
        told = ", ".join(part for part in (told, f"{rest} without a standing" if rest else "") if part)
        told = f" ({told})" if told else ""
        given = f"{len(facts)} {'fact is' if len(facts) == 1 else 'facts are'} known and taken as given{told}"
        text = (
            f"{given if facts else 'No facts are given'}. What is not given is unknown and counts for "
            f"neither side, and all is assessed as at {day(self.assessment.matter.as_at)}, with the law as at "
            f"{day(self.assessment.as_at)}."
        )
        children = [
            Reason(
                Kind.NOTE,
                text=f"The result rests on a fact that is only {b.given.standing}. "
                f"{_upper(self.grounds.fact(b.given).text)}. Without it: {worded(b.without)}.",
                facts=(self.grounds.fact(b.given),),
                rule=b.given.fact.name,
            )
            for b in self.analysis.bearing
        ]
        children += [
            Reason(
                Kind.NOTE,
                text=f"Disputed: {self.grounds.fact(g).text}.",
                facts=(self.grounds.fact(g),),
                rule=g.fact.name,
            )
            for g in facts
            if g.standing == "disputed" and all(b.given is not g for b in self.analysis.bearing)
        ]
        children += [
            Reason(Kind.NOTE, text=f"Facts that stand against each other: {item.says}", rule=item.id)
            for item in self.analysis.tensions
        ]
        return Reason(Kind.SECTION, heading="Assumptions", text=text, children=tuple(children))

    def _issue(self, name: str) -> Reason:
        node, finding = self.book.nodes[name], self.conclusion.findings[name]
        parts = [self._element(part) for part in node.parts if self.book.nodes[part].kind == "element"]
        parts += [self._element(leader) for leader in self.book.leaders(name)] if not node.parts else []
        return Reason(
            Kind.ISSUE,
            heading=node.title,
            text=f"{self._says_of(node, finding)} {self._chiefly(node, finding)}".strip(),
            rule=name,
            authority=self.grounds.authority(node.authority),
            verdict=worded(finding.state),
            children=tuple(parts if node.parts else (*parts, *self._indicators(name))),
            notes=(node.limits,) if node.limits else (),
            named=lists(("For it", finding.supports), ("Against it", finding.opposes)) if node.none else (),
        )

    def _says_of(self, node: Node, finding: Finding) -> str:
        return self.analysis.found(node.id, finding.state)

    def _chiefly(self, node: Node, finding: Finding) -> str:
        """The leading factors each way, as sentences; what denies other issues leaves them to those."""
        if node.none:
            return ""
        holds = finding.state != "not_satisfied"
        first, second = (finding.supports, finding.opposes) if holds else (finding.opposes, finding.supports)
        parts = [("Chiefly", first, 3), ("Against that", second, 2)]
        return " ".join(
            f"{word}: {' '.join(map(self.analysis.told, self.book.strongest(names)[:most]))}"
            for word, names, most in parts
            if names
        )

    def _element(self, name: str) -> Reason:
        """An element, with the elements beneath it or the matters weighed for it."""
        node, finding = self.book.nodes[name], self.conclusion.findings[name]
        children = [self._element(part) for part in node.parts] if node.parts else self._indicators(name)
        return Reason(
            Kind.ELEMENT,
            heading=node.title,
            text=self._says_of(node, finding),
            rule=name,
            authority=self.grounds.authority(node.authority),
            verdict=worded(finding.state),
            children=tuple(children),
            named=() if children else lists(("For it", finding.supports), ("Against it", finding.opposes)),
        )

    def _indicators(self, name: str) -> list[Reason]:
        done = []
        for indicator in self.book.indicators_of(name):
            finding = self.conclusion.findings[indicator.id]
            named = lists(("for", finding.supports), ("against", finding.opposes))
            waiting = f"{len(finding.open)} not known" if finding.open else ""
            done.append(
                Reason(
                    Kind.INDICATOR,
                    heading=indicator.title,
                    text=self._says_of(indicator, finding) if named else "",
                    rule=indicator.id,
                    verdict=_POINTING[finding.state],
                    authority=self.grounds.authority(indicator.authority),
                    notes=(waiting,) if waiting else () if named else ("nothing known bears on it",),
                    named=named,
                )
            )
        return done


def arguments(assessment: Assessment) -> list[Argument]:
    """The reasons for each parcel."""
    return [Argument(analysis) for analysis in assessment.analyses]


def _upper(text: str) -> str:
    """What begins a sentence."""
    return text[:1].upper() + text[1:]
