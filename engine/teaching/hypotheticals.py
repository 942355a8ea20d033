"""The moves of the bench: hypotheticals that walk one number of the matter, and what remains to be found.

Along a walk the matter is assessed anew at every value; neighbours at which nothing differs are told as one.
"""

from __future__ import annotations

from itertools import groupby

from caprev.argument.reasons import in_short
from caprev.facts import conditions
from caprev.facts.conditions import Met
from caprev.facts.in_words import describe
from caprev.facts.knowledge import Range
from caprev.facts.matter import Given
from caprev.facts.vocabulary import question, worded
from caprev.grouping import grouped
from caprev.law.models import Outcome
from caprev.reasoning.conclusion import decisive, roads
from caprev.teaching.moves import BENCH, Move, Moves, capital
from caprev.teaching.walks import Step, Walk, standing

STANDS = {
    "binds": "now binding",
    "persuades": "now persuasive",
    "on point": "now on point",
    "not on point": "no longer on point",
}
STOOD = {"binds": "no longer binding", "persuades": "no longer persuasive"}


class Bench:
    """The moves of whoever decides, added to those of the sides."""

    def __init__(self, moves: Moves) -> None:
        self.moves = moves
        self.analysis = moves.analysis
        self.conclusion = moves.conclusion
        self.book = moves.book
        self.grounds = moves.grounds
        self.terms = moves.terms

    # hypotheticals

    def hypothetical(self, row: Walk) -> Move:
        """What one walk shows, value by value."""
        fact = self.book.vocabulary[row.fact]
        given = self.conclusion.parcel.facts.get(row.fact)
        points, factors = [], []
        before: Step | None = None
        for _, group in groupby(
            [step for step in row.steps if step.conclusion], key=lambda step: self._signature(step)
        ):
            steps = list(group)
            conclusion = steps[0].conclusion
            assert conclusion is not None
            binding = [self.grounds.short(c.case) for c in conclusion.guidance.by]
            held = f"binding: {', '.join(binding)}" if binding else "no case binds"
            changes, named = self._changes(before, steps[0]) if before else ([], [])
            told = "".join(f" {change}." for change in changes)
            points.append(f"{self._span(row, steps)}: {in_short(conclusion)}; {held}.{told}")
            factors += named
            before = steps[-1]
        impossible = [step for step in row.steps if step.impossible]
        if impossible:
            values = ", ".join(self._value(row, step) for step in impossible)
            points.append(f"{values}: not possible with the other facts ({impossible[0].impossible}).")
        now = describe(given) if given else "not known"
        text = f"Suppose only the {fact.words} were different (here: {now}). {self._stops(row)}"
        facts = (self.grounds.fact(given),) if given else ()
        moved = [name for name in dict.fromkeys(factors) if name in self.book.factors]
        authority = [item for name in moved for item in self.grounds.authority(self.book.factors[name].authority)]
        return self.moves.add(
            BENCH, "hypothetical", text, points=points, factors=moved, upon=(), authority=authority, facts=facts
        )

    def _signature(self, step: Step) -> tuple[object, ...]:
        c = step.conclusion
        assert c is not None
        on_point = [(standing(self.book, p), p) for p in c.guidance.all if p.decisive and p.case.shown]
        cases = tuple((p.case.id, stands, p.distinguishing) for stands, p in on_point)
        return (c.characterisation, c.strength, c.balance, cases)

    def _value(self, row: Walk, step: Step) -> str:
        return describe(Given(self.book.vocabulary[row.fact], Range(step.value, step.value)))

    def _span(self, row: Walk, steps: list[Step]) -> str:
        first, last = self._value(row, steps[0]), self._value(row, steps[-1])
        if steps[-1] is row.possible[-1][0] and self.book.vocabulary[row.fact].type == "int":
            return f"from {first} on"
        return first if len(steps) == 1 else f"{first} to {last}"

    def _changes(self, before: Step, after: Step) -> tuple[list[str], list[str]]:
        """What is different from the step before: factors, standing of cases, and what distinguishes them."""
        assert before.conclusion
        assert after.conclusion
        was, now = before.conclusion.states, after.conclusion.states
        active = after.conclusion.weigher.active
        turned = [name for name in now if name in active and now[name] != was[name]]
        told = [capital(f"{self.terms.called(name)} is {worded(now[name])}") for name in turned]
        turns: dict[str, list[str]] = {}
        for comparison in after.conclusion.guidance.all:
            old = before.comparison(comparison.case.id)
            if not comparison.case.shown or old is None:
                continue
            short = self.grounds.short(comparison.case)
            stands, stood = standing(self.book, comparison), standing(self.book, old)
            if stands != stood:
                turns.setdefault(f"{STOOD.get(stood) or STANDS[stands]}", []).append(short)
            if "not on point" not in (stands, stood):
                for name in comparison.distinguishing:
                    if name not in old.distinguishing:
                        turns.setdefault(f"now distinguished by {self.terms.called(name)}", []).append(short)
                for name in old.distinguishing:
                    if name not in comparison.distinguishing:
                        turns.setdefault(f"no longer distinguished by {self.terms.called(name)}", []).append(short)
        told += [f"{', '.join(cases)}: {change}" for change, cases in turns.items()]
        return told, turned

    def _stops(self, row: Walk) -> str:
        """Where each precedent begins and stops to bind."""
        binding = grouped(
            (comparison.case.id, step)
            for step, conclusion in row.possible
            for comparison in conclusion.guidance.all
            if standing(self.book, comparison) == "binds"
        )
        told = []
        for case, steps in binding.items():
            short = self.grounds.short(self.analysis.assessment.cases.cases[case])
            everywhere = len(steps) == len(row.possible)
            told.append(f"{short} binds {'at every value tried' if everywhere else 'at ' + self._spans(row, steps)}.")
        if told:
            return " ".join(told)
        pack = self.book.pack
        courts = (
            item
            for item in self.analysis.near
            if item.here and item.case.on_subject(pack) and item.case.level in pack.binding_levels
        )
        closest = next(courts, None)
        if closest is None:
            return "No case binds at any value tried."
        beside = closest.comparison
        lacks = [*closest.apart, *closest.unknown] or [*beside.missing, *beside.unproved, *beside.beyond]
        return (
            f"No case binds at any value tried; the closest of a court is {self.grounds.short(closest.case)}, "
            f"kept from binding by {self.terms.names(lacks, 4)}."
        )

    def _spans(self, row: Walk, steps: list[Step]) -> str:
        """Values at which something holds, neighbours joined."""
        places = {id(step): index for index, (step, _) in enumerate(row.possible)}
        runs: list[list[Step]] = []
        for step in steps:
            if runs and places[id(step)] == places[id(runs[-1][-1])] + 1:
                runs[-1].append(step)
            else:
                runs.append([step])
        return ", ".join(self._span(row, run) for run in runs) + " only"

    # the close

    def close(self) -> Move:
        """What a decision-maker would have to find for either side, and on which facts and points it turns."""
        c = self.conclusion
        points: list[str] = []
        factors: list[str] = []
        authority: list[str] = []
        for side in self.book.sides.conclusions[:-1]:
            for outcome in self.book.outcomes:
                if outcome.characterisation == side:
                    points += self._road(outcome)
            for name in roads(self.book, side):
                authority += self.grounds.authority(self.book.nodes[name].authority)
        for comparison in c.guidance.by:
            against = self.book.sides.other(comparison.case.outcome)
            unless = f", or {self.terms.names(comparison.unless, 5)} is" if comparison.unless else ""
            points.append(
                f"For {worded(against)}, also: that {self.grounds.short(comparison.case)} does not govern, because one "
                f"of {self.terms.names(comparison.case.because, 9)} is not made out{unless}."
            )
        for item in self.analysis.telling[:4]:
            points.append(f"Still to find out: {question(item.ask)} It {item.effect.words}.")
        points += [
            f"To be proved: {self.grounds.fact(b.given).text}. Without it the weighing says {worded(b.without)}."
            for b in self.analysis.bearing[:4]
        ]
        points += [f"To be settled in law: {self.book.points[name].question}" for name in self.analysis.turns_on]
        for name in decisive(self.book):
            finding = c.findings[name]
            factors += [*self.book.strongest(finding.supports)[:3], *self.book.strongest(finding.opposes)[:3]]
        leans = c.characterisation
        stands = f"As known, the finding would be {worded(leans)} ({worded(c.strength)}, {c.balance:+.2f})."
        if leans == "undetermined":
            stands = "What is known does not decide it."
        text = f"What a decision-maker would have to find. {stands}"
        return self.moves.add(
            BENCH, "close", text, points=points, factors=factors, upon=factors[:6], authority=authority
        )

    def _road(self, outcome: Outcome) -> list[str]:
        """What must be found for one outcome, finding by finding, with how each stands."""
        leaves = conditions.leaves(self.book.conditions[outcome.id])
        lead = f"For {worded(outcome.characterisation)}, {worded(outcome.route)}: "
        rows = [row for leaf in leaves if isinstance(leaf, Met) for row in self._needed(leaf.rule, "")]
        return [lead + rows[0], *rows[1:]]

    def _needed(self, name: str, number: str) -> list[str]:
        """A finding that is needed and, numbered, the findings it is made of."""
        node, finding = self.book.nodes[name], self.conclusion.findings[name]
        state = f"now {worded(finding.state)}"
        head = f"({number}) {node.satisfied}" if number else node.satisfied
        if node.none:
            return [f"{head} ({state}; needs that none of these is made out: {', '.join(node.none)})"]
        if node.parts:
            word = "all" if node.all else "one"
            parts = [f"{number}.{index}".lstrip(".") for index, _ in enumerate(node.parts, 1)]
            rows = [f"{head} ({state}; needs {word} of {', '.join(parts)})"]
            for part, label in zip(node.parts, parts, strict=True):
                rows += self._needed(part, label)
            return rows
        _, ceiling = self.conclusion.weigher.band(node)
        reach = f", could reach {finding.high:+.2f}" if finding.high > finding.balance else ""
        return [f"{head} ({state}: {finding.balance:+.2f}, needs {ceiling:+.2f}{reach})"]
