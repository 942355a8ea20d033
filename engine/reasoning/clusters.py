"""The factors that count, and how they stand together: those of one cluster overlap, a group of clusters has a cap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from caprev.law.models import Node
from caprev.law.rulebook import Rulebook


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """The factors of one cluster for one side that push a node, strongest first, and the cap group they share.

    `units` says what each adds if it is the first of the cluster to be met, the second, and so on, in units, and
    `alone` what the cluster comes to if no other of it is.
    """

    sign: int
    group: str
    rows: tuple[tuple[str, float], ...]
    units: tuple[tuple[str, tuple[int, ...]], ...]
    names: frozenset[str]
    alone: Mapping[str, int]


def active(book: Rulebook, position: Mapping[str, str], as_at: str) -> frozenset[str]:
    """The factors that count under a position and as at a date: all that a weighing takes from either."""
    return frozenset(
        factor.id
        for factor in book.factors.values()
        if factor.in_force.covers(as_at)
        and all(position.get(point) in answers for point, answers in factor.position.items())
    )


def rows(book: Rulebook, active: Collection[str], node: Node) -> dict[tuple[str, int, str], list[tuple[str, float]]]:
    """The factors that push a node, by cluster, side and cap group; strongest first, so that the overlap falls
    on the weaker, and ties in the order of the rulebook."""
    weighing = book.weighing
    caps = weighing.group_caps.get(node.id, {})
    rows: dict[tuple[str, int, str], list[tuple[str, float]]] = {}
    for factor in book.weighed_for(node.id):
        if factor.favours != "neutral" and factor.id in active:
            group = next(
                (
                    name
                    for name, group in weighing.groups.items()
                    if name in caps and factor.cluster in group.clusters and group.side == factor.favours
                ),
                "",
            )
            key = (factor.cluster, book.sides.sign(factor.favours), group)
            rows.setdefault(key, []).append((factor.id, book.weights[factor.id]))
    return {key: sorted(members, key=lambda row: -row[1]) for key, members in rows.items()}


def numbered(clusters: Mapping[str, Sequence[Cluster]]) -> tuple[dict[str, tuple[int, ...]], tuple[Cluster, ...]]:
    """By node a number for each of its clusters, the same for those that come to the same; and one of each number."""
    places: dict[tuple[int, tuple[tuple[str, float], ...]], int] = {}
    numbers = {
        node: tuple(places.setdefault((cluster.sign, cluster.rows), len(places)) for cluster in found)
        for node, found in clusters.items()
    }
    return numbers, tuple(
        {n: c for node, found in clusters.items() for n, c in zip(numbers[node], found, strict=True)}.values()
    )


def shared(found: Iterable[Cluster], others: Iterable[Cluster]) -> tuple[Cluster, ...]:
    """Clusters, in the place of each one of `others` that is equal."""
    known = {cluster.rows: cluster for cluster in others}
    return tuple(other if (other := known.get(cluster.rows)) == cluster else cluster for cluster in found)
