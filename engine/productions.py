"""Rules as productions: pure data that any evaluator can run.

Every rule that can be met becomes two productions, one for *met* and one for *not met*, each in positive
normal form: conjunctions and disjunctions of tests, no negation, no test of absence. A rule whose two
productions are both silent is unknown. Three-valued logic therefore needs no negation in the inference
engine (strong Kleene logic; see `conditions.py` for the semantics).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Test:
    """One literal: the atom or lower finding `name` is known to be `value`."""

    name: str
    value: bool


@dataclass(frozen=True, slots=True)
class Conj:
    """All parts hold. Empty: always holds."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Disj:
    """At least one part holds. Empty: never holds."""

    parts: tuple[Tree, ...]


Tree = Test | Conj | Disj


@dataclass(frozen=True, slots=True)
class Production:
    """Fires, once, when `when` holds of what is known. Strata run in ascending order."""

    id: str
    stratum: int
    when: Tree


def tests_of(tree: Tree) -> Iterator[Test]:
    """Every literal of a tree, left to right, repetitions included."""
    if isinstance(tree, Test):
        yield tree
    else:
        for part in tree.parts:
            yield from tests_of(part)
