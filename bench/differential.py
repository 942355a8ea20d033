"""The inference engine against the reference evaluator, on random productions.

    python -m bench.differential [DECISIONS] [SEED]

A decision is whether one production fires on one set of known names.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

from caprev.reasoning.inference import Engine
from caprev.reasoning.productions import Conj, Disj, Production, Signed, Tree
from tests.reference import holds


@dataclass
class Tally:
    """What was compared so far; `mismatches` says on what the two evaluators differ."""

    decisions: int
    fired: int
    mismatches: list[str]


def compare(decisions: int, seed: int) -> Iterator[Tally]:
    """Compares at least so many decisions. Yields the same tally, updated, after every rulebook."""
    rng = random.Random(seed)
    tally = Tally(0, 0, [])
    while tally.decisions < decisions:
        names = [f"name {number}" for number in range(rng.choice([2, 5, 20, 100, 400]))]
        productions = random_productions(rng, names)
        engine = Engine(productions)
        for _ in range(20):
            part_known = rng.choice([0, 0.3, 0.7, 1])
            true_of_known = rng.choice([0.05, 0.5, 0.95])
            known = {name: rng.random() < true_of_known for name in names if rng.random() < part_known}
            for stratum in (0, 1):
                members = [production for production in productions if production.stratum == stratum]
                expected = tuple(member.id for member in members if holds(member.when, known))
                fired = engine.run(stratum, known)
                tally.decisions += len(members)
                tally.fired += len(fired)
                if fired != expected:
                    tally.mismatches.append(f"{fired} instead of {expected} of {members} knowing {known}")
        yield tally


def random_productions(rng: random.Random, names: list[str]) -> list[Production]:
    """Two strata of productions, nested up to depth 4, narrow to wide, with tests that recur and conflict."""
    width = rng.choice([2, 3, 5, 8])
    trees = [random_tree(rng, names, rng.randrange(5), width) for _ in range(rng.choice([1, 30, 150]))]
    trees += rng.sample(trees, len(trees) // 10)
    return [Production(f"production {number}", rng.randrange(2), tree) for number, tree in enumerate(trees)]


def random_tree(rng: random.Random, names: list[str], depth: int, width: int) -> Tree:
    if depth == 0 or rng.random() < 0.2:
        return Signed(rng.choice(names), rng.random() < 0.5)
    parts = [random_tree(rng, names, depth - 1, width) for _ in range(rng.randint(1, width))]
    if rng.random() < 0.1:
        parts.append(rng.choice(parts))
    if rng.random() < 0.02:
        parts = []
    return Conj(tuple(parts)) if rng.random() < 0.5 else Disj(tuple(parts))


def main(decisions: int, seed: int) -> int:
    tally = Tally(0, 0, [])
    start = shown = time.monotonic()
    for tally in compare(decisions, seed):
        if time.monotonic() - shown > 5:
            shown = time.monotonic()
            print(f"{tally.decisions:,} decisions, {len(tally.mismatches)} mismatches", flush=True)
    for mismatch in tally.mismatches[:3]:
        print(mismatch)
    print(
        f"{tally.decisions:,} decisions (seed {seed}) in {time.monotonic() - start:.0f} s, "
        f"{tally.fired:,} of them firings: {len(tally.mismatches)} mismatches"
    )
    return 1 if tally.mismatches else 0


if __name__ == "__main__":
    arguments = [int(argument.replace(",", "").replace("_", "")) for argument in sys.argv[1:]]
    sys.exit(main(*(arguments + [5_000_000, 1][len(arguments) :])))
