"""Firings to findings: how the factors that are met, and those that may yet be, weigh on each node.

A balance is a sum on a scale where above zero favours the pole `for`. Each factor counts once on a node, factors of
one cluster overlap, and the numbers are the rulebook's (`weighing.yaml`): engine weights, not law. Unknown
factors give an interval: the lowest and highest balance that any completion of the facts could lead to.

Sums are exact: everything is counted in whole units, the largest that divides every number of the rulebook, so that
neither the order of addition nor the machine that adds can change a finding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain
from operator import mul
from typing import Literal

from caprev.grouping import grouped
from caprev.law.models import STRENGTHS, Node, Side
from caprev.law.rulebook import Rulebook
from caprev.once import cached_property
from caprev.reasoning import clusters as counting
from caprev.reasoning.clusters import Cluster
from caprev.reasoning.findings import Balance, FactorState, Finding, Push, State

SHARE_DECIMALS = 12  # of what the overlap leaves of a factor; keeps balances exact as binary numbers too


def _grounds(book: Rulebook, active: Collection[str]) -> tuple[tuple[Side, frozenset[str]], ...]:
    """The independent grounds: for each cluster and side, its factors of moderate strength or more that count."""
    found = grouped(
        ((factor.cluster, factor.favours), factor.id)
        for factor in book.factors.values()
        if factor.favours != "neutral" and factor.id in active and factor.strength != STRENGTHS[0]
    )
    return tuple((side, frozenset(names)) for (_, side), names in found.items())


def _appealed(book: Rulebook, active: Collection[str]) -> Mapping[str, tuple[Side, tuple[str, ...]]]:
    """The factors that count only under an answer to a point under appeal, each with its side and these points."""
    found: dict[str, tuple[Side, tuple[str, ...]]] = {}
    for factor in book.factors.values():
        points = tuple(point for point in factor.position if book.points[point].under_appeal)
        if points and factor.id in active and factor.favours != "neutral":
            found[factor.id] = factor.favours, points
    return found


Answers = Mapping[int, Mapping[str, int]]
"""By side, the most that an answer to one fact can push a node: in units, by each factor that it could meet."""


Combining = Literal["all", "any", "none"]
_COMBINED: Mapping[Combining, Callable[[Iterable[float]], float]] = {
    "all": min,
    "any": max,
    "none": lambda balances: -max(balances),
}
"""What findings that a node combines come to."""

_Counted = tuple[int, int, int, Sequence[Push], tuple[str, ...]]
"""What a cluster comes to, in units, and at the ends of a balance; its pushes, and those of its factors not known."""

Sums = tuple[int, Mapping[str, int]]
"""What a node comes to, in units, and by how much each group that a cap holds is over it, or below."""


class _Answers(dict[str, Answers]):
    """The same by node, each worked out when it is first asked for: of another answer's weighing hardly any is."""

    def __init__(self, weigher: Weigher) -> None:
        self._weigher = weigher

    def __missing__(self, node: str) -> Answers:
        return self.setdefault(node, self._weigher.most(node))


class Weigher:
    """Weighs a rulebook's factors under one position, with the law of one date.

    One that is made `like` another shares with it what is equal: of another position that is nearly all.
    """

    def __init__(self, book: Rulebook, position: Mapping[str, str], as_at: str, like: Weigher | None = None) -> None:
        self.book = book
        self.position = position
        self.active = counting.active(book, position, as_at)
        self.grounds = _grounds(book, self.active)
        self.appealed = _appealed(book, self.active)
        weighing = book.weighing
        rows = {node.id: counting.rows(book, self.active, node) for node in book.nodes.values() if node.weighs}
        longest = max((len(members) for found in rows.values() for members in found.values()), default=0)
        shares = [round(_decimal(weighing.overlap) ** rank, SHARE_DECIMALS) for rank in range(longest)]
        strengths = {weight: _decimal(weight) for weight in weighing.strengths.values()}
        effects = {weight: [exact * share for share in shares] for weight, exact in strengths.items()}
        caps = {(node, group): cap for node, groups in weighing.group_caps.items() for group, cap in groups.items()}
        numbers = [_decimal(number) for number in (weighing.cluster_cap, *weighing.starts.values(), *caps.values())]
        numbers += [effect for row in effects.values() for effect in row]
        self.scale = math.lcm(*(number.denominator for number in numbers))
        self.cap = self.units(weighing.cluster_cap)
        self.starts = {node: self.units(weighing.starts.get(node, 0.0)) for node in rows}
        self.group_caps = {key: self.units(cap) for key, cap in caps.items()}
        steps = {weight: tuple(int(effect * self.scale) for effect in row) for weight, row in effects.items()}
        self.clusters = {
            node: tuple(
                Cluster(
                    sign=sign,
                    group=group,
                    rows=tuple(members),
                    units=tuple((name, steps[weight]) for name, weight in members),
                    names=frozenset(name for name, _ in members),
                    alone={name: min(steps[weight][0], self.cap) for name, weight in members},
                )
                for (_, sign, group), members in found.items()
            )
            for node, found in rows.items()
        }
        if like:
            self.clusters = {name: counting.shared(found, like.clusters[name]) for name, found in self.clusters.items()}
        self.answers: Mapping[str, Answers] = _Answers(self)
        self.combines: dict[str, tuple[Combining, tuple[str, ...]]] = {}  # beneath what decides
        for outcome in book.outcomes:
            for name in book.rests[outcome.id] if outcome.characterisation == book.sides.for_.id else ():
                self._combine(book.nodes[name])
        self._numbers, self._distinct = counting.numbered(self.clusters)
        self._signs = {node: tuple(c.sign for c in clusters) for node, clusters in self.clusters.items()}
        self._capped = {node: self._groups(node) for node in self.clusters}

    def units(self, number: float) -> int:
        """A number of the rulebook in whole units, of which `scale` make 1."""
        return int(_decimal(number) * self.scale)

    def _combine(self, node: Node) -> None:
        """Puts down how a node combines others, after those of them that do so too."""
        for part in node.parts:
            self._combine(self.book.nodes[part])
        if node.parts:
            self.combines[node.id] = "all" if node.all else "any" if node.any else "none", node.parts

    def most(self, node: str) -> Answers:
        """The most that an answer to one fact can push a node.

        Factors overlap and are capped, so that those met already only make less of it; no conclusion rests on an
        indicator, so that nothing is worked out for one.
        """
        every = [name for cluster in self.clusters[node] for name in cluster.names]
        found: dict[int, dict[str, int]] = {sign: dict.fromkeys(every, 0) for sign in (1, -1)}
        for sign, most in found.items() if self.book.nodes[node].kind != "indicator" else ():
            clusters = [cluster for cluster in self.clusters[node] if cluster.sign == sign]
            pushing = frozenset(name for cluster in clusters for name in cluster.names)
            for names in {pushing & fed for fed in self.book.fed.values()}:
                units = self._sum(node, clusters, names)
                most |= {name: max(units, most[name]) for name in names}
        return found

    def _sum(self, node: str, clusters: Sequence[Cluster], names: frozenset[str]) -> int:
        sizes: dict[str, int] = {}
        for cluster in clusters:
            sizes[cluster.group] = sizes.get(cluster.group, 0) + self.size(cluster, names)
        return sum(min(n, self.group_caps[node, group]) if group else n for group, n in sizes.items())

    def _groups(self, node: str) -> tuple[tuple[int, int, tuple[int, ...]], ...]:
        """The groups that a cap holds on a node: the side they push to, the cap, and which clusters they are."""
        members = grouped((cluster.group, index) for index, cluster in enumerate(self.clusters[node]) if cluster.group)
        return tuple(
            (self.clusters[node][indexes[0]].sign, self.group_caps[node, group], tuple(indexes))
            for group, indexes in members.items()
        )

    def _pushes(self, cluster: Cluster, met: Collection[str]) -> list[Push]:
        """What each factor of a cluster adds if these of them are met, after overlap and cap."""
        if len(met) == 1:
            (name,) = met
            return [Push(name, self.book.weights[name], cluster.sign * (cluster.alone[name] / self.scale))]
        size = 0
        found: list[Push] = []
        for (name, weight), (_, steps) in zip(cluster.rows, cluster.units, strict=True):
            if name in met:
                effect = min(steps[len(found)], self.cap - size)
                size += effect
                found.append(Push(name, weight, cluster.sign * (effect / self.scale)))
        return found

    def size(self, cluster: Cluster, met: Collection[str]) -> int:
        """What a cluster adds to a balance, unsigned and in units: the sum of its effects, without naming them."""
        return self.sized(cluster, cluster.names.intersection(met))

    def sized(self, cluster: Cluster, met: Collection[str]) -> int:
        """The same, where none but its own factors are named."""
        if len(met) < 2:
            for name in met:
                return cluster.alone[name]
            return 0
        size = rank = 0
        for name, steps in cluster.units:
            if name in met:
                size += steps[rank]
                rank += 1
        return min(size, self.cap)

    def summed(self, node: str, sizes: Sequence[int]) -> tuple[float, float]:
        """The balance of a node from the sizes of its clusters, and what the group caps gave back."""
        total, capped = self._units(node, sizes)
        return (total + capped) / self.scale, capped / self.scale

    def _units(self, node: str, sizes: Sequence[int]) -> tuple[int, int]:
        total = self.starts[node] + sum(map(mul, self._signs[node], sizes))
        capped = 0
        for sign, cap, members in self._capped[node]:
            over = -cap
            for index in members:
                over += sizes[index]
            if over > 0:
                capped -= sign * over
        return total, capped

    def sums(self, node: str, sizes: Sequence[int]) -> Sums:
        """What the sizes of its clusters come to on a node."""
        over: dict[str, int] = {}
        for cluster, size in zip(self.clusters[node], sizes, strict=True):
            if cluster.group:
                over[cluster.group] = over.get(cluster.group, -self.group_caps[node, cluster.group]) + size
        return sum(self._units(node, sizes)), over

    @cached_property
    def places(self) -> Mapping[str, tuple[tuple[str, int, Cluster], ...]]:
        """By factor, the clusters it is in on nodes that are no indicators: the node, and which of its clusters."""
        found = grouped(
            (name, (node, index, cluster))
            for node, clusters in self.clusters.items()
            for index, cluster in enumerate(clusters if self.book.nodes[node].kind != "indicator" else ())
            for name in cluster.names
        )
        return {name: tuple(places) for name, places in found.items()}

    def moved(self, node: str, sums: Sums, moved: Mapping[int, int]) -> float:
        """The balance of a node where it comes to `sums`, once some of its clusters have grown, or shrunk."""
        total, before = sums
        after: dict[str, int] = {}
        for index, more in moved.items():
            cluster = self.clusters[node][index]
            if cluster.group:
                over = after.get(cluster.group, before[cluster.group])
                after[cluster.group] = over + more
                more -= max(over + more, 0) - max(over, 0)  # the cap gives back what is above it
            total += cluster.sign * more
        return total / self.scale

    def weighed(self, states: Mapping[str, FactorState]) -> dict[str, Finding]:
        """A finding for every weighed node, from the state of every factor."""
        return self._weighed(self.clusters, states)

    def weighed_again(
        self, states: Mapping[str, FactorState], found: Mapping[str, Finding], moved: Collection[str]
    ) -> dict[str, Finding]:
        """The same without the indicators, where another weigher found `found`, and of the met factors only `moved`
        count for one of the two: a node that none of them pushes is found as it was, and of the others the balance."""
        met, pushed = _in(states, "met"), {name for factor in moved for name in self.book.pushed[factor]}
        again = {name: found[name] for name in self.clusters if self.book.nodes[name].kind != "indicator"}
        for name in pushed & again.keys():
            balance = self.summed(name, [self.size(cluster, met) for cluster in self.clusters[name]])[0]
            state = _state(balance, self.band(self.book.nodes[name]))
            again[name] = replace(found[name], state=state, balance=balance)
        return again

    def band(self, node: Node) -> tuple[float, float]:
        """At or below the first balance a node is not satisfied, at or above the second it is."""
        if node.kind == "indicator":
            return -self.book.weighing.indicator_band, self.book.weighing.indicator_band
        return self.book.weighing.calibration.undetermined

    def _weighed(self, nodes: Collection[str], states: Mapping[str, FactorState]) -> dict[str, Finding]:
        """The finding on each of some nodes; what pushes several of them alike is counted once."""
        met, unknown = _in(states, "met"), _in(states, "unknown")
        wanted = set[int]().union(*(self._numbers[name] for name in nodes))
        counted = {number: self._count(self._distinct[number], met, unknown) for number in wanted}
        return {
            name: self._finding(self.book.nodes[name], [counted[number] for number in self._numbers[name]])
            for name in nodes
        }

    def _count(self, cluster: Cluster, met: set[str], unknown: set[str]) -> _Counted:
        here, open_ = cluster.names & met, cluster.names & unknown
        size = self.sized(cluster, here) if here else 0
        pushes = self._pushes(cluster, here) if here else ()
        if not open_:
            return size, size, size, pushes, ()
        most = self.sized(cluster, here | open_ if here else open_)
        maybe = tuple(open_) if len(open_) == 1 else tuple([name for name, _ in cluster.rows if name in open_])
        # Unknown factors for one side only ever move the balance that way, so these are its ends.
        return (size, size, most, pushes, maybe) if cluster.sign > 0 else (size, most, size, pushes, maybe)

    def _finding(self, node: Node, counted: Sequence[_Counted]) -> Finding:
        pushes = sorted([push for one in counted for push in one[3]], key=lambda push: -abs(push.effect))
        maybe = tuple([name for one in counted for name in one[4]])
        total, capped = self.summed(node.id, [one[0] for one in counted])
        low, high = total, total
        if maybe:
            low, _ = self.summed(node.id, [one[1] for one in counted])
            high, _ = self.summed(node.id, [one[2] for one in counted])
        most = self.answers[node.id]
        less, more = (max(map(most[sign].__getitem__, maybe), default=0) for sign in (-1, 1))
        near = max(low, total - less / self.scale), min(high, total + more / self.scale)
        balance = Balance(
            start=self.book.weighing.starts.get(node.id, 0.0),
            pushes=tuple(pushes),
            capped=capped,
            total=total,
            low=low,
            high=high,
        )
        floor, ceiling = self.band(node)
        state = _state(total, (floor, ceiling))
        return Finding(
            node.id,
            state,
            balance=total,
            low=low,
            high=high,
            near=near,
            robust=_holds(state, (low, high), floor, ceiling),
            firm=_holds(state, near, floor, ceiling),
            supports=tuple([push.factor for push in pushes if push.effect > 0]),
            opposes=tuple([push.factor for push in pushes if push.effect < 0]),
            open=maybe,
            detail=balance,
        )

    def combined(self, node: Node, state: State, findings: Mapping[str, Finding]) -> Finding:
        """The finding on a node that combines others; `state` is what its productions fired."""
        parts = [findings[part] for part in node.parts]
        totals, lows, highs = zip(*((part.balance, part.low, part.high) for part in parts), strict=True)
        nearer, further = zip(*(part.near for part in parts), strict=True)
        if node.none:
            balance, low, high = -max(totals), -max(highs), -max(lows)
            near = -max(further), -max(nearer)
        else:
            choose = min if node.all else max
            balance, low, high = choose(totals), choose(lows), choose(highs)
            near = choose(nearer), choose(further)
        floor, ceiling = self.band(node)
        if node.none:
            floor, ceiling = -ceiling, -floor
        own = self.book.feeding[node.id]
        supports = _merge(*(part.opposes if node.none else part.supports for part in parts))
        opposes = _merge(*(part.supports if node.none else part.opposes for part in parts))
        if node.none and own:  # argued in its own right: its own factors lead
            feeding = {factor.id for factor in own}
            supports = tuple(sorted(supports, key=lambda name: name not in feeding))
        return Finding(
            node.id,
            state,
            balance=balance,
            low=low,
            high=high,
            near=near,
            robust=_holds(state, (low, high), floor, ceiling),
            firm=_holds(state, near, floor, ceiling),
            supports=supports,
            opposes=opposes,
            open=_merge(*(part.open for part in parts)),
        )


def _in(states: Mapping[str, FactorState], wanted: FactorState) -> set[str]:
    return {name for name, state in states.items() if state == wanted}


def _state(balance: float, band: tuple[float, float]) -> State:
    floor, ceiling = band
    return "satisfied" if balance >= ceiling else "not_satisfied" if balance <= floor else "undetermined"


def _holds(state: State, ends: tuple[float, float], floor: float, ceiling: float) -> bool:
    """Whether a finding stays what it is wherever its balance comes to lie between two ends."""
    return (state == "satisfied" and ends[0] >= ceiling) or (state == "not_satisfied" and ends[1] <= floor)


def _decimal(number: float) -> Fraction:
    """The decimal that a person wrote, exactly."""
    return Fraction(str(number))


def _merge(*lists: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(lists)))


def route_balance(weigher: Weigher, routes: tuple[str, ...], totals: Mapping[str, float]) -> float:
    """The highest balance among the decisive `routes`, given the totals of the weighed nodes beneath them."""
    balances = dict(totals)
    for name, (key, parts) in weigher.combines.items():
        balances[name] = _COMBINED[key](map(balances.__getitem__, parts))
    return max(map(balances.__getitem__, routes))
