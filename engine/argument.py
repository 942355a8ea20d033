"""The tree of reasons: issue, rule, application to these facts, cases, counter-argument, conclusion.

One tree, many renderings. Every node names its rule, its authority and the facts it rests on; wording is
made here, nothing is decided here.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from . import citations, consequences, following
from .assess import Assessment, Assessor
from .conclusion import decisive
from .consequences import Followed
from .facts import Given
from .grounds import Grounds
from .precedents import Comparison
from .reasons import Reason
from .weighing import Finding

SIDES = {"capital": "revenue", "revenue": "capital"}


class Argument(Grounds):
    """The tree of reasons for one parcel of an assessment."""

    def tree(self) -> Reason:
        """The whole argument for the parcel."""
        c = self.c
        body = [
            self._assumptions(),
            *(self._issue(name) for name in self.book.nodes if self.book.nodes[name].kind == "issue"),
            self._cases(),
            self._other_side(),
            following.section(self, self.follows),
            self._open(),
            self._points(),
            self._unweighed(),
            self._factors(),
            self._context(),
            self._arithmetic(),
        ]
        authorities = self._authorities()
        return Reason(
            "conclusion",
            heading=self._title(),
            text=self._says(),
            verdict=c.characterisation,
            side=c.characterisation,
            children=tuple(r for r in (*body, authorities) if r.text or r.children),
            notes=self._standing(),
        )

    @cached_property
    def follows(self) -> tuple[Followed, ...]:
        """What follows in law from the conclusion, as at the date of the event."""
        return consequences.follow(consequences.setting(self.c))

    def _title(self) -> str:
        parcel = self.c.parcel
        return f"Parcel {parcel.id}: {parcel.title}".rstrip(": ") if len(self.assessment.matter.parcels) > 1 else ""

    def _says(self) -> str:
        c = self.c
        if c.outcome is None:
            return "What is known does not decide whether the gain is on capital or on revenue account."
        if c.decided_by == "rules":
            return c.outcome.says
        case = (c.guidance.by or c.guidance.persuaders)[0].case
        verb = "binds" if c.decided_by == "precedent" else "persuades"
        weighed = "leaves the matter open" if c.rules == "undetermined" else f"would say {c.rules}"
        return f"{case.name} {verb} on the facts as known, although the weighing {weighed}. {c.outcome.says}"

    def _standing(self) -> tuple[str, ...]:
        """How strong the conclusion is, and how the voices stand."""
        c = self.c
        constraint = c.guidance.constraint.replace("_", " ")
        analogy = c.guidance.analogy or "even"
        share = f"{c.probability:.0%}"
        lines = [
            f"Strength: {c.strength.replace('_', ' ')}. The decisive balance is {c.balance:+.2f} (above zero favours "
            f"revenue; the facts not known could take it from {c.low:+.2f} to {c.high:+.2f}); of decided matters with "
            f"such a balance about {share} were revenue.",
            f"Voices: rules {c.rules}; precedent {constraint}; analogy {analogy}. "
            + (
                "No completion of the unknown facts would change this."
                if c.robust
                else "Facts not yet known could still change this."
            ),
        ]
        return tuple(lines)

    def _assumptions(self) -> Reason:
        facts = [g for g in self.c.parcel.facts.values() if g.at]
        counts = {s: sum(g.standing == s for g in facts) for s in ("documented", "stated", "disputed", "assumed")}
        told = ", ".join(f"{number} {standing}" for standing, number in counts.items() if number)
        rest = sum(g.standing is None for g in facts)
        told = ", ".join(part for part in (told, f"{rest} without a standing" if rest else "") if part)
        told = f" ({told})" if told else ""
        text = (
            f"The facts are taken as given: {len(facts)} known{told}; what is not given is unknown, and counts for "
            f"neither side. Assessed as at {self.assessment.matter.as_at}, with the law as at {self.assessment.as_at}."
        )
        children = [
            Reason(
                "note",
                text=f"The result rests on a fact that is only {b.given.standing}. {self._fact_line(b.given)}. "
                f"Without it: {b.without}.",
                facts=(self.fact(b.given),),
                rule=b.given.fact.name,
            )
            for b in self.bearing
        ]
        children += [
            Reason("note", text=f"Disputed: {self._fact_line(g)}.", facts=(self.fact(g),), rule=g.fact.name)
            for g in facts
            if g.standing == "disputed" and all(b.given is not g for b in self.bearing)
        ]
        return Reason("section", "Assumptions", text, children=tuple(children))

    def _fact_line(self, given: Given) -> str:
        return self.fact(given).text

    def _issue(self, name: str) -> Reason:
        node = self.book.nodes[name]
        finding = self.c.findings[name]
        children: list[Reason] = [self._node(part) for part in node.parts if self.book.nodes[part].kind == "element"]
        if not node.parts:
            children = self._indicators(name)
        authority = self.authority(node.authority)
        text = self._finding_text(name)
        text = f"{text} {self._chiefly(finding)}".strip()
        return Reason(
            "issue",
            node.title,
            text,
            name,
            authority=authority,
            verdict=finding.state.replace("_", " "),
            children=tuple(children),
            notes=(node.limits,) if node.limits else (),
        )

    def _finding_text(self, name: str) -> str:
        node, finding = self.book.nodes[name], self.c.findings[name]
        return str(getattr(node, finding.state))

    def _chiefly(self, finding: Finding) -> str:
        """The leading factors each way, as sentences."""
        strengths = self.book.weighing.strengths

        def leading(names: tuple[str, ...]) -> str:
            ranked = sorted(names, key=lambda name: -strengths[self.book.factors[name].strength])
            return " ".join(self.book.factors[name].text for name in ranked[:3])

        holds = finding.state != "not_satisfied"
        first, second = (finding.supports, finding.opposes) if holds else (finding.opposes, finding.supports)
        parts = [f"Chiefly: {leading(first)}" if first else "", f"Against that: {leading(second)}" if second else ""]
        return " ".join(part for part in parts if part)

    def _pros_and_cons(self, finding: Finding) -> str:
        pros = f"For it: {self.names(finding.supports, 4)}." if finding.supports else ""
        cons = f"Against it: {self.names(finding.opposes, 4)}." if finding.opposes else ""
        return " ".join(part for part in (pros, cons) if part)

    def _node(self, name: str) -> Reason:
        """An element, with the elements beneath it or the matters weighed for it."""
        node, finding = self.book.nodes[name], self.c.findings[name]
        children = [self._node(part) for part in node.parts] if node.parts else self._indicators(name)
        authority = self.authority(node.authority)
        text = self._finding_text(name)
        if not children:
            text = f"{text} {self._pros_and_cons(finding)}".strip()
        return Reason(
            "element",
            node.title,
            text,
            name,
            authority=authority,
            verdict=finding.state.replace("_", " "),
            children=tuple(children),
        )

    def _indicators(self, name: str) -> list[Reason]:
        done = []
        for indicator in self.book.indicators_of(name):
            finding = self.c.findings[indicator.id]
            waiting = f"{len(finding.open)} not known" if finding.open else ""
            parts = [
                f"for: {self.names(finding.supports, 4)}" if finding.supports else "",
                f"against: {self.names(finding.opposes, 4)}" if finding.opposes else "",
                waiting,
            ]
            authority = self.authority(indicator.authority)
            verdict = {"satisfied": "for", "not_satisfied": "against", "undetermined": "open"}[finding.state]
            text = str(getattr(indicator, finding.state)) if finding.supports or finding.opposes else ""
            done.append(
                Reason(
                    "indicator",
                    indicator.title,
                    text,
                    indicator.id,
                    verdict=verdict,
                    authority=authority,
                    notes=("; ".join(part for part in parts if part) or "nothing known bears on it",),
                )
            )
        return done

    def _cases(self) -> Reason:
        c = self.c
        children: list[Reason] = []
        for comparison in c.guidance.by:
            unless = (
                f" That would change if it turned out: {self.names(comparison.unless, 6)}." if comparison.unless else ""
            )
            children.append(self._case(comparison, "governs", unless))
        side = c.characterisation if c.characterisation != "undetermined" else "capital"
        governing = {comparison.case.id for comparison in c.guidance.by}
        others = [p for p in c.guidance.on_point if p.case.id not in governing and p.case.subject == "land"]
        followed = [p for p in others if p.case.outcome == side]
        # The other side would cite the case most like this matter, whatever it turned on.
        against = sorted((p for p in others if p.case.outcome == SIDES[side]), key=lambda p: -p.likeness)
        word = ("followed", "distinguished") if c.characterisation != "undetermined" else ("on point", "on point")
        children += [self._case(comparison, word[0]) for comparison in followed[:4]]
        children += [self._case(comparison, word[1]) for comparison in against[:3]]
        constraint = {
            "free": "No decided case in the base binds on the facts as known; the cases are argued from by analogy.",
            "conflict": "Decided cases of equal rank point both ways on these facts.",
        }.get(c.guidance.constraint, "A decided case governs on the facts as known.")
        return Reason("section", "Decided cases", constraint, children=tuple(children))

    def _case(self, comparison: Comparison, word: str, more: str = "") -> Reason:
        case = comparison.case
        self.cited[case.authority] = None
        shares = comparison.decisive or comparison.shared
        lacks = [*comparison.missing, *comparison.unproved]
        parts = [f"Shared: {self.names(shares, 4)}." if shares else ""]
        if lacks:
            parts.append(f"Rested on what is not shown here: {self.names(lacks, 4)}.")
        if comparison.beyond:
            parts.append(f"Here also: {self.names(comparison.beyond, 3)}.")
        treatment = (*case.treatment, citations.status(self.book, case.authority))
        return Reason(
            "case",
            f"{case.name} ({case.decided[:4]}, {case.court})",
            " ".join(p for p in parts if p) + more,
            case.id,
            case.outcome,
            word,
            (citations.full(self.book, case.authority),),
            notes=tuple(note for note in (case.ratio, *treatment) if note),
        )

    def _other_side(self) -> Reason:
        """The best argument against the conclusion."""
        c = self.c
        side = SIDES.get(c.characterisation, "revenue")
        routes = [c.findings[name] for name in decisive(self.book, "revenue")]
        finding = max(routes, key=lambda f: f.balance)
        factors = list(finding.supports if side == "revenue" else finding.opposes)
        factors.sort(key=lambda name: -self.book.weighing.strengths[self.book.factors[name].strength])
        best = next((p for p in c.guidance.on_point if p.case.outcome == side), None)
        if not factors and best is None:
            return Reason("section", f"The best argument for {side}", f"Nothing known speaks for {side}.")
        sentences = " ".join(self.book.factors[name].text for name in factors[:5])
        lead = f"The strongest road to {side} is: {self.book.nodes[finding.node].title}"
        text = f"{lead} {sentences} ({self.names(factors, 5)})".replace(" ()", "").strip()
        if best:
            text += (
                f" The closest case is {self.book.authorities[best.case.authority]['short']}, with which this matter "
                f"shares {self.names(best.decisive, 4)}."
            )
        return Reason(
            "section",
            f"The best argument for {side}",
            text,
            finding.node,
            side,
            children=tuple(replace(self.factor(name).brief, detail=True) for name in factors[:5]),
        )

    def _open(self) -> Reason:
        telling = [m for m in self.missing if m.effect != "could change its strength"] or self.missing
        children = [
            Reason(
                "missing",
                text=item.ask,
                rule=item.fact,
                verdict=item.effect,
                notes=(f"revenue {item.low:.0%} to {item.high:.0%}", f"bears on {self.names(item.factors, 4)}"),
                detail=index >= 6,
            )
            for index, item in enumerate(telling)
        ]
        text = f"{len(self.missing)} unknown facts bear on the matter; the most telling first." if children else ""
        return Reason("section", "What is missing, in the order to find it out", text, children=tuple(children))

    def _points(self) -> Reason:
        children = []
        for name, answer, other, turned in self.unsettled:
            point = self.book.points[name]
            taken = point.answers.get(answer)
            text = point.question + (f" Taken here: {taken.says}" if taken else "")
            if other:
                text += f" With the other answer: {other}."
            notes = (point.warning,) if point.warning else ()
            authority: tuple[str, ...] = ()
            if taken:
                authority = self.authority(taken.authority)
            children.append(
                Reason(
                    "point",
                    text=text,
                    rule=name,
                    verdict="turns the result" if turned else "",
                    authority=authority,
                    notes=notes,
                    detail=not (turned or other),
                )
            )
        position = self.book.positions[self.assessment.position]
        text = f"Position taken: {position.title}." if children else ""
        return Reason("section", "Unsettled points", text, children=tuple(children))

    def _unweighed(self) -> Reason:
        """What the published decision on this matter, if there is one, left out of its reasons."""
        children = tuple(Reason("note", text=item) for item in self.assessment.matter.unweighed)
        return Reason(
            "section",
            "What the published decision left unweighed",
            self.book.pack.comparator_warning if children else "",
            children=children,
        )

    def _factors(self) -> Reason:
        met = [name for name, state in self.c.states.items() if state == "met" and name in self.c.weigher.active]
        order = self.book.weighing.strengths
        ranked = sorted(met, key=lambda name: -order[self.book.factors[name].strength])
        groups = []
        for side in ("capital", "revenue"):
            names = [name for name in ranked if self.book.factors[name].favours == side]
            if names:
                reasons = [replace(self.factor(name), detail=index >= 6) for index, name in enumerate(names)]
                groups.append(Reason("group", f"For {side}", side=side, children=tuple(reasons)))
        return Reason(
            "section",
            "The factors, with their authority and the facts they rest on",
            "Strength words are engine weights, not law.",
            children=tuple(groups),
        )

    def _context(self) -> Reason:
        names = [
            name
            for name, state in self.c.states.items()
            if state == "met" and self.book.factors[name].favours == "neutral"
        ]
        other = [name for name, state in self.c.states.items() if state == "met" and name not in self.c.weigher.active]
        children = [self.factor(name) for name in names]
        children += [
            Reason(
                "note",
                text=f"{self.book.factors[name].text} Not counted under this position.",
                rule=name,
                facts=self.facts_of(name),
                authority=self.authority(self.book.factors[name].authority),
            )
            for name in other
        ]
        return Reason(
            "section",
            "Context that carries no weight here",
            ""
            if not children
            else "Facts that the authorities record without letting them weigh, or that another position would weigh.",
            children=tuple(children),
        )

    def _arithmetic(self) -> Reason:
        rows = []
        for name, finding in self.c.findings.items():
            if finding.detail is None or self.book.nodes[name].kind == "indicator":
                continue
            b = finding.detail
            pushes = " ".join(f"{push.effect:+.2f} {push.factor}" for push in b.pushes) or "nothing"
            capped = f"; the cap gives back {b.capped:+.2f}" if b.capped else ""
            rows.append(
                Reason(
                    "note",
                    text=f"{self.book.nodes[name].title} starts at {b.start:+.2f}; {pushes}{capped}; "
                    f"comes to {b.total:+.2f} (from {b.low:+.2f} to {b.high:+.2f}).",
                    rule=name,
                )
            )
        return Reason("section", "The weighing in numbers", self.book.weighing.note, children=tuple(rows), detail=True)

    def _authorities(self) -> Reason:
        rows = [
            Reason(
                "note",
                text=citations.full(self.book, name)
                + (f". {status}" if (status := citations.status(self.book, name)) else ""),
                rule=name,
            )
            for name in sorted(self.cited, key=lambda name: citations.full(self.book, name))
        ]
        return Reason(
            "section",
            "Authorities",
            "As recorded in the rulebook; [unverified] was recalled and not checked.",
            children=tuple(rows),
            detail=True,
        )


def arguments(assessor: Assessor, assessment: Assessment) -> list[Argument]:
    """The reasons for each parcel."""
    return [Argument(assessor, assessment, conclusion) for conclusion in assessment.conclusions]
