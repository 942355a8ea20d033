"""Which sets of changes could reach a goal at all: bounds that never exclude one that does.

A change can move a balance by no more than the full weights of the factors it may bring or take away, and a case
comes to bind only if what it lacks may be brought and what goes beyond it may be taken away. Both are read off the
conditions with every other fact left free, so that the bounds hold whatever else is changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from caprev.changes.alternatives import Change
from caprev.changes.trials import Trials, each_bit
from caprev.facts import conditions
from caprev.facts.conditions import Conj, Signed, Tree
from caprev.grouping import grouped
from caprev.law.models import UNDETERMINED
from caprev.reasoning.conclusion import Characterisation

_SLACK = 1e-6
Clause = tuple[str, ...]


@dataclass(frozen=True)
class Goal:
    """Conclusions that would answer: `accepts` them; nodes must rise (or fall) past a threshold, or a case bind.

    `clauses`: alternatives, each a set of weighed nodes that must all pass. `cases`: bits each case still lacks.
    """

    accepts: frozenset[Characterisation]
    sign: int
    threshold: float
    clauses: tuple[Clause, ...]
    cases: tuple[int, ...]


class Bounds:
    """How far each of some changes could go, alone or with others."""

    def __init__(self, trials: Trials, changes: Sequence[Change]) -> None:
        self.trials, self.changes = trials, changes
        self.every = (1 << len(changes)) - 1
        self._sized = 1 << len(trials.bit)
        self._after = {change.fact: trials.book.derivations.after(change.fact) for change in changes}
        self._free = set(self._after).union(*self._after.values())
        self._trees = {name: conditions.met(trials.book.conditions[name]) for name in trials.book.factors}
        self._reading = grouped(
            (trials.components.of[fact], name)
            for name in trials.book.factors
            for fact in conditions.facts_of(trials.book.conditions[name])
        )
        self._fact_of = {atom.key: atom.fact for atoms in trials.atoms.values() for atom in atoms}
        self._favouring = {
            sign: trials.mask(n for n, f in trials.book.factors.items() if f.favours == side)
            for side in reversed(trials.book.sides.ids)
            for sign in (trials.book.sides.sign(side),)
        }
        self.cover: list[int] = []
        self.gains: list[int] = []
        self.losses: list[int] = []
        self.reach: dict[tuple[str, int], list[float]] = {(node, sign): [] for node in trials.nodes for sign in (1, -1)}
        self._places = self._pushes()
        for change in changes:
            self._measure(change)
        self._ranked = {
            key: sorted(range(len(changes)), key=[-value for value in values].__getitem__)
            for key, values in self.reach.items()
        }
        self._masks: dict[tuple[str, int], list[int]] = {}
        self._covering: dict[int, int] = {}
        for index, bits in enumerate(self.cover):
            for bit in each_bit(bits):
                self._covering[bit] = self._covering.get(bit, 0) | 1 << index

    def _pushes(self) -> dict[str, list[tuple[str, int, str, float]]]:
        """Where each factor pushes: node, sign, cap group and full weight."""
        trials = self.trials
        found: dict[str, list[tuple[str, int, str, float]]] = {name: [] for name in trials.book.factors}
        for node in trials.nodes:
            for cluster in trials.weigher.clusters[node]:
                for name, weight in cluster.rows:
                    found[name].append((node, cluster.sign, cluster.group, weight))
        return found

    def _measure(self, change: Change) -> None:
        """What one change may bring and take away, whatever else is changed with it."""
        trials = self.trials
        component = trials.components.of[change.fact]
        loose = change.fact in trials.components.targets
        now = {atom.key: atom.decide(change.knowledge) for atom in trials.atoms.get(change.fact, ())}
        # Atoms that this change decides otherwise, or that may follow from it with others.
        stirred = {
            key for key, truth in now.items() if truth is not trials.decided.get(key) or (loose and truth is None)
        }
        stirred |= {atom.key for name in self._after[change.fact] for atom in trials.atoms.get(name, ())}
        gained = lost = 0
        for name in self._reading.get(component, ()):
            tree, bit = self._trees[name], trials.bit[name]
            if not any(test.name in stirred for test in conditions.signed_atoms(tree)):
                continue
            if trials.base & bit:
                lost |= 0 if self._holds(tree, change.fact, now, loose, False) else bit
            elif self._holds(tree, change.fact, now, loose, True):
                gained |= bit
        sized = any(name in trials.magnitudes for name in trials.facts[component])
        self.cover.append(gained | lost | (self._sized if sized else 0))
        self.gains.append(gained)
        self.losses.append(lost)
        for sign in (1, -1):
            totals = dict.fromkeys(trials.nodes, 0.0)
            grouped: dict[tuple[str, str], float] = {}
            for bits, way in ((gained, sign), (lost, -sign)):
                for name in trials.names(bits):
                    for node, push, group, weight in self._places[name]:
                        if push == way and group:
                            grouped[node, group] = grouped.get((node, group), 0.0) + weight
                        elif push == way:
                            totals[node] += weight
            for (node, group), weight in grouped.items():
                totals[node] += min(weight, trials.book.weighing.group_caps[node][group])
            for node, total in totals.items():
                self.reach[node, sign].append(total)

    def _holds(self, tree: Tree, fact: str, now: dict[str, bool | None], loose: bool, hoping: bool) -> bool:
        """Whether the tree holds with the change if all that is free goes as hoped, or goes otherwise."""
        if isinstance(tree, Signed):
            owner = self._fact_of[tree.name]
            if owner == fact:
                truth = now[tree.name]
                return hoping if truth is None and loose else truth is tree.value
            if owner in self._free:
                return hoping
            return self.trials.decided.get(tree.name) is tree.value
        combine = all if isinstance(tree, Conj) else any
        return combine(self._holds(part, fact, now, loose, hoping) for part in tree.parts)

    # goals

    def goals(self) -> list[Goal]:
        """What a set of changes may achieve: to leave the conclusion as it is, and to reach another side."""
        now = self.trials.conclusion.characterisation
        floor, ceiling = self.trials.book.weighing.calibration.undetermined
        sides = self.trials.book.sides
        against, for_ = sides.ids
        if sides.neither:  # no balance bounds what leads to a conclusion of no side: every set is tried
            others = [frozenset({other}) for other in sides.conclusions if other != now]
            wanted = [frozenset[Characterisation]().union(*others), *others]
            return [Goal(accepts, 1, 0.0, ((),), ()) for accepts in wanted if accepts != {UNDETERMINED}]
        if now == "undetermined":
            return [self._goal({against}, -1, floor), self._goal({for_}, 1, ceiling)]
        if now == against:
            return [self._goal({"undetermined", for_}, 1, floor), self._goal({for_}, 1, ceiling)]
        return [self._goal({"undetermined", against}, -1, ceiling), self._goal({against}, -1, floor)]

    def _goal(self, accepts: set[Characterisation], sign: int, threshold: float) -> Goal:
        routes = [self._clauses(name, sign) for name in self.trials.routes]
        clauses = [c for route in routes for c in route] if sign > 0 else [_merged(c) for c in product(*routes)]
        return Goal(frozenset(accepts), sign, threshold, tuple(clauses), tuple(self._lacking(accepts)))

    def _clauses(self, name: str, sign: int) -> list[Clause]:
        """Sets of weighed nodes that must all move for a node to; an empty set where that cannot be said."""
        node = self.trials.book.nodes[name]
        if node.weighs:
            return [(name,)]
        if node.none:
            return [()]
        parts = [self._clauses(part, sign) for part in node.parts]
        if bool(node.all) == (sign > 0):
            return [_merged(combination) for combination in product(*parts)]
        return [clause for part in parts for clause in part]

    def _lacking(self, accepts: set[Characterisation]) -> Iterator[int]:
        """For every case that would answer, what keeps it from binding; nothing if it binds already."""
        bound = {c.case.id for c in self.trials.conclusion.guidance.all if c.binds}
        for binding in self.trials.bindings:
            if binding.case.outcome in accepts:
                lacks = binding.need & ~self.trials.base | binding.beyond & self.trials.base
                yield lacks or (0 if binding.case.id in bound else self._sized)

    def last(self, prefix: Sequence[int], goal: Goal) -> int:
        """The changes that, added to those of the prefix, may reach the goal, as bits."""
        found, totals = 0, self.trials.totals
        for clause in goal.clauses:
            fit = self.every
            for node in clause:
                reach = self.reach[node, goal.sign]
                rest = goal.sign * (goal.threshold - totals[node]) - sum(reach[i] for i in prefix) - _SLACK
                if rest > 0:
                    fit &= self._reaching((node, goal.sign), rest)
                if not fit:
                    break
            found |= fit
        covered = 0
        for index in prefix:
            covered |= self.cover[index]
        for lacks in goal.cases:
            fit = self.every
            for bit in each_bit(lacks & ~covered):
                fit &= self._covering.get(bit, 0)
                if not fit:
                    break
            found |= fit
        return found

    def possible(self, indexes: Sequence[int], goal: Goal) -> bool:
        """Whether the changes could reach the goal if each brought and took away all that it may."""
        trials, gains, losses, covered = self.trials, 0, 0, 0
        for index in indexes:
            gains |= self.gains[index]
            losses |= self.losses[index]
            covered |= self.cover[index]
        met = (trials.base | gains & self._favouring[goal.sign]) & ~(losses & self._favouring[-goal.sign])
        wanted = goal.sign * goal.threshold - _SLACK
        return any(
            all(goal.sign * trials.total(node, met) >= wanted for node in clause) for clause in goal.clauses
        ) or any(not lacks & ~covered for lacks in goal.cases)

    def _reaching(self, key: tuple[str, int], rest: float) -> int:
        """The changes that may move a node by so much."""
        values, ranked = self.reach[key], self._ranked[key]
        count = bisect_right(ranked, -rest, key=lambda index: -values[index])
        masks = self._masks.setdefault(key, [0])
        while len(masks) <= count:
            masks.append(masks[-1] | 1 << ranked[len(masks) - 1])
        return masks[count]


def _merged(clauses: Sequence[Clause]) -> Clause:
    return tuple(dict.fromkeys(node for clause in clauses for node in clause))
