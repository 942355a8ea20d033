"""Rulebook to productions: pure data that any evaluator can run.

Every factor, and every finding that combines others, becomes two productions: one for *met* and one for
*not met*, each in positive normal form (conjunctions and disjunctions of tests, no negation, no test of
absence). A rule whose two productions are both silent is unknown, so three-valued logic needs no negation
in the inference engine. Strata come from the rules' own dependencies: atoms, factors, findings, outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caprev.facts.conditions import Atom, Conj, Disj, Signed, Tree, met, not_met, signed_atoms
from caprev.law.models import Node
from caprev.law.rulebook import Rulebook

MET, NOT_MET = "/met", "/not_met"


@dataclass(frozen=True, slots=True)
class Production:
    """Fires, once, when `when` holds of what is known. Strata run in ascending order."""

    id: str
    stratum: int
    when: Tree


@dataclass(frozen=True)
class Program:
    """A rulebook ready to run: its productions, and the atoms that must be decided before the first stratum."""

    productions: tuple[Production, ...]
    atoms: tuple[Atom, ...]
    last: int


def compile_rulebook(book: Rulebook) -> Program:
    """Factors in stratum 0, combined findings by depth above it, outcomes last."""
    productions: list[Production] = []
    for factor in book.factors.values():
        condition = book.conditions[factor.id]
        productions += _pair(factor.id, 0, met(condition), not_met(condition))
    depths = _depths(book.nodes)
    for node in book.nodes.values():
        if node.parts:
            productions += _pair(node.id, depths[node.id], *_combination(node))
    last = max(depths.values(), default=0) + 1
    for outcome in book.outcomes:
        condition = book.conditions[outcome.id]
        productions += _pair(outcome.id, last, met(condition), not_met(condition))
    return Program(tuple(productions), book.atoms, last)


def _pair(rule: str, stratum: int, when_met: Tree, when_not_met: Tree) -> list[Production]:
    return [Production(rule + MET, stratum, when_met), Production(rule + NOT_MET, stratum, when_not_met)]


def _combination(node: Node) -> tuple[Tree, Tree]:
    yes = tuple(Signed(part, True) for part in node.parts)
    no = tuple(Signed(part, False) for part in node.parts)
    if node.all:
        return Conj(yes), Disj(no)
    if node.any:
        return Disj(yes), Conj(no)
    return Conj(no), Disj(yes)


def _depths(nodes: Mapping[str, Node]) -> dict[str, int]:
    """Stratum of each combined node: one above the highest of its parts; weighed nodes are 0."""
    depths: dict[str, int] = {}

    def depth(name: str, above: tuple[str, ...]) -> int:
        if name in above:
            raise ValueError(f"{' -> '.join((*above, name))} is a circle of findings")
        if name not in depths:
            parts = nodes[name].parts
            depths[name] = 1 + max(depth(part, (*above, name)) for part in parts) if parts else 0
        return depths[name]

    for name in nodes:
        depth(name, ())
    return depths


__all__ = [
    "MET",
    "NOT_MET",
    "Conj",
    "Disj",
    "Production",
    "Program",
    "Signed",
    "Tree",
    "compile_rulebook",
    "signed_atoms",
]
