"""Flips told together where they share much, so that hundreds can be read; none is lost and none is added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from caprev.changes.alternatives import Change
from caprev.changes.flips import Flip
from caprev.reasoning.conclusion import Characterisation

_LEAST = 4  # changes that are told as a group of which any two will do


@dataclass(frozen=True)
class Block:
    """Flips told as one: of each fact any of the values will do, in every combination."""

    changes: tuple[tuple[Change, ...], ...]
    characterisation: Characterisation
    low: float
    high: float


def blocks(flips: Iterable[Flip]) -> list[Block]:
    """Flips that differ in the value of one fact told together, in the order of the first of each."""
    found = [Block(tuple((c,) for c in f.changes), f.result.characterisation, f.result.balance, f.result.balance)
             for f in flips]  # fmt: skip
    for place in range(max((len(block.changes) for block in found), default=0)):
        merged: dict[tuple[object, ...], Block] = {}
        for block in found:
            if place >= len(block.changes):
                merged[block.changes] = block
                continue
            one = block.changes[place]
            rest = block.changes[:place] + block.changes[place + 1 :]
            key = (block.characterisation, one[0].fact, one[0].open, place, rest)
            same = merged.get(key)
            if same is None:
                merged[key] = block
            else:
                both = (*same.changes[:place], same.changes[place] + one, *same.changes[place + 1 :])
                merged[key] = Block(both, block.characterisation, min(same.low, block.low), max(same.high, block.high))
        found = list(merged.values())
    return found


@dataclass(frozen=True)
class Family:
    """Blocks that share all but one fact: the shared part, and the blocks (one, if it shares with no other)."""

    shared: tuple[tuple[Change, ...], ...]
    blocks: tuple[Block, ...]

    def rest(self, block: Block) -> tuple[Change, ...]:
        """What a block adds to the shared part."""
        return next(changes for changes in block.changes if changes not in self.shared)


def families(found: Iterable[Block]) -> list[Family]:
    """Blocks told together where at least three share all but one fact, the largest families first formed."""
    left = list(found)
    place = {id(block): index for index, block in enumerate(left)}
    done: list[tuple[int, Family]] = []
    while left:
        shared: dict[tuple[object, ...], list[Block]] = {}
        for block in left:
            for index in range(len(block.changes)) if len(block.changes) > 1 else ():
                rest = block.changes[:index] + block.changes[index + 1 :]
                shared.setdefault((block.characterisation, len(block.changes), rest), []).append(block)
        key, group = max(shared.items(), key=lambda item: len(item[1]), default=((), []))
        if len(group) < 3:
            done += [(place[id(block)], Family((), (block,))) for block in left]
            break
        done.append((min(place[id(block)] for block in group), Family(key[2], tuple(group))))  # type: ignore[arg-type]
        taken = set(map(id, group))
        left = [block for block in left if id(block) not in taken]
    return [family for _, family in sorted(done, key=lambda item: item[0])]


@dataclass(frozen=True)
class Clique:
    """Changes of which any two together are a flip."""

    changes: tuple[Change, ...]
    characterisation: Characterisation
    low: float
    high: float


def cliques(flips: Sequence[Flip]) -> tuple[list[Clique], list[Flip]]:
    """Groups of changes of which any two will do, found greedily, and the flips that are in none."""
    found: list[Clique] = []
    left = [flip for flip in flips if len(flip.changes) == 2]
    rest = [flip for flip in flips if len(flip.changes) != 2]
    while left:
        near: dict[Change, dict[Change, Flip]] = {}
        first = left[0].result.characterisation
        for flip in left:
            if flip.result.characterisation == first:
                one, two = flip.changes
                near.setdefault(one, {})[two] = flip
                near.setdefault(two, {})[one] = flip
        group: list[Change] = []
        for change in sorted(near, key=lambda item: -len(near[item])):
            if all(member in near[change] for member in group):
                group.append(change)
        pairs = [near[one][two] for one, two in combinations(group, 2)]
        if len(group) < _LEAST:
            pairs = [flip for flip in left if flip.result.characterisation == first]
            rest += pairs
        else:
            balances = [flip.result.balance for flip in pairs]
            found.append(Clique(tuple(group), first, min(balances), max(balances)))
        taken = set(map(id, pairs))
        left = [flip for flip in left if id(flip) not in taken]
    order = {id(flip): index for index, flip in enumerate(flips)}
    return found, sorted(rest, key=lambda flip: order[id(flip)])
