"""Decided matters reduced to what their balances depend on, so that many numbers can be tried on them quickly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from caprev.evaluation.decided import Decided
from caprev.law.models import Weighing
from caprev.law.rulebook import Rulebook
from caprev.reasoning.conclusion import decisive
from caprev.reasoning.weighing import SHARE_DECIMALS, Weigher

Column = list[float]


@dataclass(frozen=True)
class Row:
    """The clusters of a matter at one node, each as a sign and the words of what is met; some share a group's cap."""

    free: tuple[tuple[int, tuple[str, ...]], ...]
    grouped: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


class Sample:
    """The decisive balances of matters, each under the position of its set, as a function of a weighing's numbers.

    They are the balances that the weigher strikes; clusters, groups and what feeds what are those of the rulebook.
    """

    def __init__(self, book: Rulebook, matters: Sequence[Decided], positions: Mapping[str, str]) -> None:
        self.book = book
        self.outcomes = [matter.positive for matter in matters]
        self.nodes = [node.id for node in book.nodes.values() if node.weighs and node.kind != "indicator"]
        weighers: dict[str, Weigher] = {}
        found: dict[str, list[Row]] = {node: [] for node in self.nodes}
        for matter in matters:
            position = positions.get(matter.set, book.pack.position)
            if position not in weighers:
                weighers[position] = Weigher(book, book.positions[position].answers, book.pack.as_at)
            met = {name for name, state in matter.states.items() if state == "met"}
            for node in self.nodes:
                found[node].append(self._row(weighers[position], node, met))
        # Matters that are alike at a node share its sum; what differs is small.
        self._kinds = {node: list(dict.fromkeys(rows)) for node, rows in found.items()}
        self._places = {node: [self._kinds[node].index(row) for row in rows] for node, rows in found.items()}
        self._words = sorted({words for rows in self._kinds.values() for row in rows for words in _words(row)})
        self._pushed: tuple[tuple[float, ...], dict[str, Column]] = (), {}

    def _row(self, weigher: Weigher, node: str, met: set[str]) -> Row:
        factors = self.book.factors
        free, grouped = [], dict[str, list[tuple[str, ...]]]()
        for cluster in weigher.clusters[node]:
            words = tuple(factors[name].strength for name, _ in cluster.rows if name in met)
            if words and cluster.group:
                grouped.setdefault(cluster.group, []).append(words)
            elif words:
                free.append((cluster.sign, words))
        return Row(tuple(free), tuple((group, tuple(found)) for group, found in grouped.items()))

    def balances(self, weighing: Weighing) -> Column:
        """The decisive balance of every matter under these numbers."""
        strengths = tuple(weighing.strengths.values())
        if self._pushed[0] != strengths:  # starts are only added: what pushes need not be summed again
            self._pushed = strengths, self._columns(weighing)
        totals: dict[str, Column] = {}
        for node, column in self._pushed[1].items():
            start = weighing.starts.get(node, 0.0)
            totals[node] = [start + push for push in column]
        routes = [self._combined(name, totals) for name in decisive(self.book)]
        return [round(balance, 9) for balance in _by_matter(max, routes)]

    def _columns(self, weighing: Weighing) -> dict[str, Column]:
        sizes = {words: _size(weighing, words) for words in self._words}
        found = {}
        for node in self.nodes:
            caps = weighing.group_caps.get(node, {})
            sums = [self._sum(row, sizes, caps, weighing) for row in self._kinds[node]]
            found[node] = [sums[place] for place in self._places[node]]
        return found

    def _combined(self, name: str, totals: Mapping[str, Column]) -> Column:
        node = self.book.nodes[name]
        if node.weighs:
            return totals[name]
        parts = [self._combined(part, totals) for part in node.parts]
        if node.none:
            return [-balance for balance in _by_matter(max, parts)]
        return _by_matter(min if node.all else max, parts)

    def _sum(
        self, row: Row, sizes: Mapping[tuple[str, ...], float], caps: Mapping[str, float], weighing: Weighing
    ) -> float:
        total = 0.0
        for sign, words in row.free:
            total += sign * sizes[words]
        for group, found in row.grouped:
            sign = self.book.sides.sign(weighing.groups[group].side)
            total += sign * min(sum(sizes[words] for words in found), caps[group])
        return total


def _by_matter(choose: Callable[..., float], columns: list[Column]) -> Column:
    return columns[0] if len(columns) == 1 else list(map(choose, *columns))


def _size(weighing: Weighing, words: Sequence[str]) -> float:
    shares = (round(weighing.overlap**rank, SHARE_DECIMALS) for rank in range(len(words)))
    size = sum(weighing.strengths[word] * share for word, share in zip(words, shares, strict=True))
    return min(size, weighing.cluster_cap)


def _words(row: Row) -> list[tuple[str, ...]]:
    return [words for _, words in row.free] + [words for _, found in row.grouped for words in found]
