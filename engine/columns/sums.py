"""Sums of overlapping, capped factors as table look-ups.

What a cluster of factors adds depends only on how many factors of each kind are met, a kind being factors of one
weight that push the same nodes. So the number of each kind, written as one number with a digit for each kind, is a
place in a table, and the entry is what the weighing itself gives for such factors. Small clusters share a table. An
entry holds the sums for several nodes side by side in the bits of one number; they are added as one and parted at
the end.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from caprev.columns.program import Program
from caprev.grouping import grouped
from caprev.reasoning.weighing import Weigher

Sum = tuple[str, str, int]  # of a node: the cap group, or none, and the side (1 for, -1 against)


@dataclass(frozen=True)
class _Group:
    """The factors of one cluster and side: kinds with their members, and what each place of digits adds to sums."""

    sign: int
    kinds: tuple[tuple[str, ...], ...]
    entries: tuple[Mapping[Sum, int], ...]

    @property
    def strides(self) -> list[int]:
        sizes = [len(kind) + 1 for kind in self.kinds]
        return [math.prod(sizes[:place]) for place in range(len(sizes))]


@dataclass(frozen=True)
class _Field:
    word: int
    shift: int
    width: int


class Sums:
    """Where every sum of a weigher stands, and the tables that make it."""

    def __init__(self, weigher: Weigher, bits: int, entries: int) -> None:
        """`entries`: the most that small clusters may fill of a table. Raises ValueError if a sum needs more bits."""
        self.weigher = weigher
        groups = _groups(weigher)
        self.factors = [name for group in groups for kind in group.kinds for name in kind]
        most: dict[Sum, int] = {}
        for group in groups:
            for key in group.entries[-1]:
                most[key] = most.get(key, 0) + max(entry[key] for entry in group.entries)
        self.fields: dict[Sum, _Field] = {}
        room: list[int] = []
        for key in sorted(most, key=lambda key: -key[2]):
            width = most[key].bit_length()
            if width > bits:
                raise ValueError(f"the balance of {key[0]} needs {width} bits; this engine has {bits}")
            word = next((word for word, left in enumerate(room) if left >= width), len(room))
            if word == len(room):
                room.append(bits)
            self.fields[key] = _Field(word, bits - room[word], width)
            room[word] -= width
        self.bins = _bins(groups, entries)
        self.tables = [self._tables(members) for members in self.bins]

    def compile(self, p: Program, states: Mapping[str, int], tag: str) -> Callable[[str, int], int]:
        """Steps for all sums over the factors that hold by `states`: ask for a node and a side. The start of a
        node is counted for it; caps are applied."""
        words: dict[int, list[int]] = {}
        for number, members in enumerate(self.bins):
            terms, stride = [], 1
            for group in members:
                for kind, step in zip(group.kinds, group.strides, strict=True):
                    terms += [(states[name], stride * step) for name in kind]
                stride *= len(group.entries)
            place = p.name(f"place {tag} {number}", p.count(terms))
            for word, table in self.tables[number].items():
                words.setdefault(word, []).append(p.lookup(table, place))
        sums = {word: p.name(f"word {tag} {word}", p.total(parts)) for word, parts in words.items()}

        def side(node: str, sign: int) -> int:
            parts = []
            for (owner, group, direction), field in self.fields.items():
                if owner == node and direction == sign:
                    part = p.field(sums[field.word], field.shift, field.width)
                    parts.append(p.least([part], self.weigher.group_caps[node, group]) if group else part)
            return p.total(parts, self.weigher.starts[node] if sign > 0 else 0)

        return side

    def _tables(self, members: tuple[_Group, ...]) -> dict[int, tuple[int, ...]]:
        """The tables of one bin, by word; the first group's digits are the lowest."""
        tables: dict[int, list[int]] = {}
        for word in sorted({self.fields[key].word for group in members for key in group.entries[-1]}):
            table = [0]
            for group in members:
                added = [
                    sum(
                        units << self.fields[key].shift for key, units in entry.items() if self.fields[key].word == word
                    )
                    for entry in group.entries
                ]
                table = [below + more for more in added for below in table]
            tables[word] = table
        return {word: tuple(table) for word, table in tables.items() if any(table)}


def _groups(weigher: Weigher) -> list[_Group]:
    clusters = grouped(
        ((weigher.book.factors[cluster.rows[0][0]].cluster, cluster.sign), (node, cluster))
        for node, found in weigher.clusters.items()
        for cluster in found
    )
    groups = []
    for (_, sign), pushed in clusters.items():
        weights = {name: weight for _, cluster in pushed for name, weight in cluster.rows}
        holding = {name: tuple(node for node, c in pushed if any(name == row[0] for row in c.rows)) for name in weights}
        alike = grouped(((weight, holding[name]), name) for name, weight in weights.items())
        kinds = tuple(tuple(names) for names in alike.values())
        entries = []
        for counts in itertools.product(*(range(len(kind) + 1) for kind in reversed(kinds))):
            met = {name for kind, count in zip(reversed(kinds), counts, strict=True) for name in kind[:count]}
            entries.append({(node, c.group, sign): weigher.size(c, met) for node, c in pushed})
        groups.append(_Group(sign, kinds, tuple(entries)))
    return groups


def _bins(groups: list[_Group], most: int) -> list[tuple[_Group, ...]]:
    """Groups that share a table: as many as fit, of one side, the largest first."""
    bins: list[list[_Group]] = []
    for group in sorted(groups, key=lambda group: (group.sign, -len(group.entries))):
        for members in bins:
            size = math.prod(len(member.entries) for member in members)
            if members[0].sign == group.sign and size * len(group.entries) <= most:
                members.append(group)
                break
        else:
            bins.append([group])
    return [tuple(members) for members in bins]
