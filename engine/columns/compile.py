"""A rulebook and its decided cases as a column program: everything that an assessment finds, for every row.

It says the same as `productions`, `weighing`, `precedents` and `conclusion`, step for step; the tests hold all of
them to each other. Steps are named where SQL cuts its layers: atoms, factors, places in tables, words of sums,
balances, findings, cases, conclusion.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from caprev.columns.codes import Cut, Layout
from caprev.columns.findings import Findings
from caprev.columns.program import Logistic, Program
from caprev.facts import conditions
from caprev.facts.conditions import Met
from caprev.facts.knowledge import INFINITY
from caprev.law.models import Outcome
from caprev.law.rulebook import Rulebook
from caprev.reasoning.conclusion import decisive, outcome_of
from caprev.reasoning.earning import needs_all
from caprev.reasoning.precedents import Case, CaseBase, Comparison
from caprev.reasoning.weighing import Weigher

STRENGTHS = ("strong", "moderate", "finely_balanced")
DECIDED_BY = ("rules", "precedent", "persuasion")
STATES = ("not_met", "unknown", "met")
FINDINGS = ("not_satisfied", "undetermined", "satisfied")


@dataclass(frozen=True)
class Compiled:
    """A program, the layout of its inputs, the units of its balances, and the routes it numbers."""

    program: Program
    layout: Layout
    scale: int
    routes: tuple[str | None, ...]


def compile_columns(weigher: Weigher, cases: CaseBase, bits: int = 62, entries: int = 1024) -> Compiled:
    """The program for one position and date.

    `bits` is the most that one whole number of the engine may hold, `entries` how long a table may grow by sharing.
    """
    return _Compiler(weigher, cases, bits, entries).compiled()


class _Compiler(Findings):
    """Adds decided cases and the conclusion: what `precedents` and `conclusion` say."""

    def __init__(self, weigher: Weigher, cases: CaseBase, bits: int, entries: int) -> None:
        super().__init__(weigher, _compared(weigher.book, cases), bits, entries)
        self.cases = cases
        self.sides = self.book.sides.ids
        self.concluded = self.book.sides.conclusions
        self.apart = self.concluded[2:-1]

    def compiled(self) -> Compiled:
        routes = self._conclusion()
        return Compiled(self.program, self.layout, self.weigher.scale, routes)

    # decided cases

    def _sized(self, name: str, case: Case, weaker: bool) -> int:
        """The matter is known to have less of a factor than the case had, or more than it overcame."""
        magnitude, size = self.book.factors[name].magnitude, self.cases.size(name, case.parcel)
        if magnitude is None or size is None:
            return self.program.constant(False)
        code = self.layout.number(magnitude.fact)
        least, most = size if magnitude.stronger == "more" else (-size[1], -size[0])
        if (magnitude.stronger == "more") is weaker:
            return code.below(self.program, least)
        return code.beyond(self.program, most)

    def _cases(self) -> dict[str, _Standing]:
        p, active, factors = self.program, self.weigher.active, self.book.factors
        poles = self.book.sides
        against: dict[str, list[str]] = {side: [] for side in poles.ids}
        for name, factor in factors.items():
            if name in active and factor.favours != "neutral":
                against[poles.other(factor.favours)].append(name)
        counts = {
            side: p.name(f"against {side}", p.count([(self.met[name], 1) for name in names]))
            for side, names in against.items()
        }
        found = {}
        for case in self.cases.cases.values():
            weaker = {name: self._sized(name, case, weaker=True) for name in case.because}
            missing = p.some([*(self.not_met[name] for name in case.because), *weaker.values()])
            has = p.every([*(self.met[name] for name in case.because), *map(p.inverse, weaker.values())])
            overcome = [name for name in against[case.outcome] if name in case.met]
            stronger = [p.every([self.met[name], self._sized(name, case, weaker=False)]) for name in overcome]
            more = p.above(counts[case.outcome], p.count([(self.met[name], 1) for name in overcome]))
            beyond = p.name(f"beyond {case.id}", p.some([more, *stronger]))
            by_one = p.some(
                p.every(self.met[name] for name in case.because if name not in fed) for fed in self._fed(case.because)
            )
            outside = p.name(f"outside {case.id}", p.some([missing, beyond, p.inverse(by_one)]))
            binds = p.every([has, p.inverse(beyond)]) if case.because else p.constant(False)
            p.name(f"binds {case.id}", binds)
            decisive = tuple(
                name
                for name in dict.fromkeys(case.because)
                if name in active and name in case.met and factors[name].favours != "neutral"
            )
            found[case.id] = _Standing(case, case.governs(self.book.pack), binds, outside, decisive)
        return found

    def _fed(self, because: Iterable[str]) -> list[frozenset[str]]:
        """Which of some factors an answer to one fact may meet, each set once."""
        found = (fed.intersection(because) for fed in self.book.fed.values())
        return sorted(set(found), key=sorted)

    def _conclusion(self) -> tuple[str | None, ...]:
        p = self.program
        cases = list(self._cases().values())
        voices = self._voices(cases)
        met = [p.name(f"met outcome {o.id}", self._holds(o)) for o in self.book.outcomes]
        first: list[tuple[int, Outcome]] = []
        before = p.constant(False)
        for step, outcome in zip(met, self.book.outcomes, strict=True):
            first.append((p.every([step, p.inverse(before)]), outcome))
            before = p.some([before, step])
        rules = {side: p.some(step for step, o in first if o.characterisation == side) for side in self.concluded[:-1]}
        silent = p.name("rules are silent", p.inverse(before))
        leading = [(self._leads(place, met, rules), o) for place, o in enumerate(self.book.outcomes)]
        final = {side: rules[side] for side in self.apart}
        sided = p.inverse(p.some(rules[side] for side in self.apart))
        for side in self.sides:
            swayed = p.every([silent, voices[f"persuaded {side}"]])
            unforced = p.inverse(p.some(voices[f"forced {side}"] for side in self.sides))
            final[side] = p.name(
                f"concluded {side}",
                p.every(
                    [sided, p.some([voices[f"forced {side}"], p.every([unforced, p.some([rules[side], swayed])])])]
                ),
            )
            p.name(f"agrees {side}", p.every([final[side], rules[side]]))
            p.name(f"precedent decides {side}", p.every([sided, voices[f"forced {side}"], p.inverse(rules[side])]))
            p.name(f"persuasion decides {side}", p.every([unforced, swayed]))
        for side in self.apart:
            p.name(f"agrees {side}", rules[side])
        for name, steps in (("characterisation", final), ("rules", rules)):
            last = len(self.concluded) - 1
            p.name(name, p.choose([(steps[side], place) for place, side in enumerate(self.concluded[:-1])], last))
        decided = [(p.names[f"precedent decides {side}"], 1) for side in self.sides]
        decided += [(p.names[f"persuasion decides {side}"], 2) for side in self.sides]
        p.name("decided_by", p.choose(decided, 0))
        self._balance()
        self._robust(met, cases)
        self._strength(voices, leading)
        self._probability()
        return self._route(leading, cases)

    def _holds(self, outcome: Outcome) -> int:
        settled = {node: (self.satisfied[node], self.not_satisfied[node]) for node in self.book.nodes}
        return self.tree(conditions.met(self.book.conditions[outcome.id]), settled)

    def _leads(self, place: int, met: list[int], rules: Mapping[str, int]) -> int:
        """The outcome is the one best made out of those met for its side; of equals, the first."""
        p, outcomes = self.program, self.book.outcomes
        mine = self._made_out(outcomes[place])
        needs = [met[place], rules[outcomes[place].characterisation]]
        for other, outcome in enumerate(outcomes):
            if other != place and outcome.characterisation == outcomes[place].characterisation:
                its = self._made_out(outcome)
                better = p.above(mine, its) if other < place else p.inverse(p.above(its, mine))
                needs.append(p.some([p.inverse(met[other]), *self._before(outcomes[place], outcome, better)]))
        return p.name(f"leads {outcomes[place].id}", p.every(needs))

    def _before(self, mine: Outcome, other: Outcome, better: int) -> tuple[int, int]:
        """One outcome goes before another: by its leading node or the other's, or, where these are equal, as the better
        made out."""
        p, none = self.program, self.program.constant(False)

        def ahead(one: Outcome, two: Outcome) -> int:
            up, down = (
                [found[o.led_by] if o.led_by else none for o in (one, two)]
                for found in (self.satisfied, self.not_satisfied)
            )
            return p.some([p.every([up[0], p.inverse(up[1])]), p.every([p.inverse(down[0]), down[1]])])

        return ahead(mine, other), p.every([p.inverse(ahead(other, mine)), better])

    def _made_out(self, outcome: Outcome) -> int:
        leaves = conditions.leaves(self.book.conditions[outcome.id])
        return self.program.least([self.ends[leaf.rule][0] for leaf in leaves if isinstance(leaf, Met)])

    def _voices(self, cases: list[_Standing]) -> dict[str, int]:
        """Constraint by courts, persuasion by others, analogy: a step for each thing they can say."""
        p, pack = self.program, self.book.pack
        forced: dict[str, list[int]] = {side: [] for side in (*self.sides, "conflict")}
        none_above = p.constant(True)
        for level in pack.levels:
            if level not in pack.binding_levels:
                continue
            binding = {side: p.some(c.binds for c in cases if c.speaks(side, (level,))) for side in self.sides}
            forced["conflict"].append(p.every([none_above, *binding.values()]))
            for side, other in (self.sides, self.sides[::-1]):
                forced[side].append(p.every([none_above, binding[side], p.inverse(binding[other])]))
            none_above = p.every([none_above, p.inverse(p.some(binding.values()))])
        found = {f"forced {side}": p.some(steps) for side, steps in forced.items()}
        urged = {side: p.some(c.binds for c in cases if c.speaks(side, pack.persuasive_levels)) for side in self.sides}
        weights = {side: self._on_point(side, cases) for side in self.sides}
        for side, other in (self.sides, self.sides[::-1]):
            found[f"persuaded {side}"] = p.every([urged[side], p.inverse(urged[other])])
            found[f"analogy {side}"] = p.above(weights[side], weights[other])
        for name, step in found.items():
            p.name(name, step)
        said = [
            *((found[f"forced {side}"], place) for place, side in enumerate(self.sides)),
            (found["forced conflict"], 3),
        ]
        p.name("constraint", p.choose(said, 2))
        for voice in ("persuaded", "analogy"):
            p.name(voice, p.choose([(found[f"{voice} {side}"], self.concluded.index(side)) for side in self.sides], 2))
        return found

    def _on_point(self, side: str, cases: list[_Standing]) -> int:
        """The greatest weight of decisive factors that the matter shares with a case for a side."""
        p, strengths = self.program, self.book.weighing.strengths
        exact = {word: Fraction(str(number)) for word, number in strengths.items()}
        scale = math.lcm(*(number.denominator for number in exact.values()))
        shared = []
        for c in cases:
            if c.case.outcome == side and c.case.shown and c.decisive:
                weight = [int(exact[self.book.factors[name].strength] * scale) for name in c.decisive]
                terms = [(self.met[name], number) for name, number in zip(c.decisive, weight, strict=True) if number]
                shared.append(p.name(f"shared {c.case.id}", p.count(terms)))
        return p.name(f"on point {side}", p.greatest(shared) if shared else p.count([]))

    def _balance(self) -> None:
        routes = [self.ends[name] for name in decisive(self.book)]
        for place, name in enumerate(("balance", "low", "high")):
            self.program.name(name, self.program.greatest([ends[place] for ends in routes]))

    def _strength(self, voices: Mapping[str, int], leading: list[tuple[int, Outcome]]) -> None:
        p, fit = self.program, self.book.weighing.calibration
        strong, moderate = [], []
        no = p.inverse
        for side, other in (self.sides, self.sides[::-1]):
            agrees = p.names[f"agrees {side}"]
            opposed = p.some([voices["forced conflict"], voices[f"persuaded {other}"]])
            agreed = p.every([voices[f"forced {side}"], voices[f"analogy {side}"]])
            far, near = self._beyond(side, fit.strong), self._beyond(side, fit.moderate)
            reached = p.every([agrees, p.some([p.every([far, no(opposed)]), p.every([no(far), near, agreed])])])
            settled = no(p.some(self.met[name] for name, (its, _) in self.weigher.appealed.items() if its == side))
            strong.append(p.every([reached, settled, self._lead(side), self._answered_by(side, leading)]))
            moderate.append(reached)  # where the word is not earned; strong is chosen first where it is
            middle = [[far, opposed], [no(far), near, no(agreed)], [no(far), no(near), agreed]]
            moderate.append(p.every([agrees, p.some(p.every(parts) for parts in middle)]))
            moderate.append(p.every([p.names["rules are silent"], voices[f"forced {side}"]]))
        for side in self.apart:
            agrees = p.names[f"agrees {side}"]
            strong.append(p.every([agrees, p.names["robust"], self._answered_by(side, leading)]))
            moderate.append(agrees)
        p.name("strength", p.choose([(p.some(strong), 0), (p.some(moderate), 1)], 2))

    def _lead(self, side: str) -> int:
        """The independent grounds for a side exceed those against it by as many as strong needs."""
        p = self.program
        grounds = [(ground == side, p.some(self.met[name] for name in names)) for ground, names in self.weigher.grounds]
        # Counted are those present for it and those absent against it, so that all numbers are above zero.
        terms = [(step if mine else p.inverse(step), 1) for mine, step in grounds]
        return p.at_least(p.count(terms), self.book.weighing.lead + sum(not mine for mine, _ in grounds))

    def _answered_by(self, side: str, leading: list[tuple[int, Outcome]]) -> int:
        """The decisive questions are answered on the limbs of the outcome that leads."""
        p, roads = self.program, []
        for step, outcome in leading:
            if outcome.characterisation == side:
                leaves = conditions.leaves(self.book.conditions[outcome.id])
                limbs = [self._answered(leaf.rule, True) for leaf in leaves if isinstance(leaf, Met)]
                roads.append(p.every([step, *limbs]))
        return p.some(roads)

    def _answered(self, node: str, satisfied: bool) -> int:
        """The decisive questions beneath a finding are answered: on every limb it needs, or on one that carries it."""
        p, rule = self.program, self.book.nodes[node]
        tests = [test for question in self.book.decisive[node] for test in question.tests]
        own = [
            p.some([self.tree(conditions.met(test), self.tests), self.tree(conditions.not_met(test), self.tests)])
            for test in tests
        ]
        if not rule.parts:
            return p.every(own)
        state = satisfied is not bool(rule.none)
        held = self.satisfied if state else self.not_satisfied
        limbs = [(held[part], self._answered(part, state)) for part in rule.parts]
        if needs_all(self.book, node, satisfied):
            return p.every([*own, *(answered for _, answered in limbs)])
        return p.every([*own, p.some(p.every(limb) for limb in limbs)])

    def _beyond(self, side: str, band: tuple[float, float] | None) -> int:
        p = self.program
        if band is None:
            return p.constant(False)
        balance = p.names["balance"]
        if self.book.sides.sign(side) < 0:
            return p.at_most(balance, self.at_most(band[0]))
        return p.at_least(balance, self.at_least(band[1]))

    def _probability(self) -> None:
        """In ten-thousandths."""
        p, fit = self.program, self.book.weighing.calibration
        curve = Logistic(self.weigher.scale, fit.saturation, fit.tail, fit.slope, fit.intercept)
        weighed = p.name("weighed probability", p.logistic(p.names["balance"], curve))
        options = []
        for voice, least in (("precedent", fit.binding), ("persuasion", fit.persuasive)):
            bound = _ten_thousandths(least)
            against, for_ = self.sides
            options.append((f"{voice} decides {for_}", p.greatest([weighed], bound)))
            options.append((f"{voice} decides {against}", p.least([weighed], 10_000 - bound)))
        p.name("probability", p.pick([(p.names[name], step) for name, step in options], weighed))

    def _robust(self, met: list[int], cases: list[_Standing]) -> None:
        p = self.program
        safe = {
            side: p.every(
                c.outside
                for c in cases
                if c.governs and c.case.outcome != side and c.case.level in self.book.pack.binding_levels
            )
            for side in self.sides
        } | dict.fromkeys(self.apart, p.constant(True))
        firm = {
            node: (p.every([robust, self.satisfied[node]]), p.every([robust, self.not_satisfied[node]]))
            for node, robust in self.robust.items()
        }
        holding = []
        for place, (step, outcome) in enumerate(zip(met, self.book.outcomes, strict=True)):
            before = [
                self.tree(conditions.not_met(self.book.conditions[other.id]), firm)
                for other in self.book.outcomes[:place]
                if other.characterisation != outcome.characterisation
                and {other.characterisation, outcome.characterisation} & set(self.apart)
            ]
            leaves = conditions.leaves(self.book.conditions[outcome.id])
            stays = self.robust if outcome.characterisation in self.apart else self.firm
            findings = [stays[leaf.rule] for leaf in leaves if isinstance(leaf, Met)]
            side = outcome.characterisation
            holding.append(p.every([step, p.names[f"agrees {side}"], *findings, *before, safe[side]]))
        p.name("robust", p.some(holding))

    def _route(self, leading: list[tuple[int, Outcome]], cases: list[_Standing]) -> tuple[str | None, ...]:
        p = self.program
        routes = tuple(dict.fromkeys(outcome.route for outcome in self.book.outcomes))
        options = [
            (p.every([step, p.names[f"agrees {o.characterisation}"]]), routes.index(o.route)) for step, o in leading
        ]
        pack = self.book.pack
        for voice, levels in (("precedent", pack.binding_levels), ("persuasion", pack.persuasive_levels)):
            for c in sorted(cases, key=self._rank):
                side = c.case.outcome
                alike = outcome_of(self.book, c.case)
                if c.speaks(side, levels) and alike:
                    decides = p.names[f"{voice} decides {side}"]
                    options.append((p.every([decides, c.binds]), routes.index(alike.route)))
        p.name("route", p.choose(options, len(routes)))
        return (*routes, None)

    def _rank(self, standing: _Standing) -> tuple[object, ...]:
        """How a case that binds ranks among those that do: nothing of it is missing, so its weight is its own."""
        decisive, weight = standing.decisive, self.cases.weight(standing.decisive)
        return self.cases.rank(
            Comparison(
                standing.case,
                shared=decisive,
                decisive=decisive,
                missing=(),
                unproved=(),
                beyond=(),
                weight=weight,
                likeness=weight,
                open_against=(),
            )
        )


@dataclass(frozen=True)
class _Standing:
    """A decided case beside the rows: may it govern, does it bind, is the matter outside it for certain, and what is
    decisive in it."""

    case: Case
    governs: bool
    binds: int
    outside: int
    decisive: tuple[str, ...]

    def speaks(self, side: str, levels: Iterable[str]) -> bool:
        """Whether the case, where it binds, speaks for this side from one of these levels."""
        return self.governs and self.case.outcome == side and self.case.level in levels


def _compared(book: Rulebook, cases: CaseBase) -> Iterable[tuple[str, Cut]]:
    """The numbers at which decided cases compare a factor by its magnitude."""
    for case in cases.cases.values():
        for name in (*case.because, *sorted(case.met)):
            magnitude = book.factors[name].magnitude
            size = cases.size(name, case.parcel)
            if magnitude and size:
                least, most = (-size[1], -size[0]) if magnitude.stronger == "less" else size
                for cut in ((least, False), (most, True)):
                    if abs(cut[0]) < INFINITY:
                        yield magnitude.fact, cut


def _ten_thousandths(number: float) -> int:
    exact = Fraction(str(number)) * 10_000
    if exact.denominator != 1:
        raise ValueError(f"{number} has more than four decimals; probabilities have four")
    return int(exact)
