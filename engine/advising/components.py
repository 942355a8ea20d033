"""Facts that derivations connect: what follows within a component depends on that component alone."""

from __future__ import annotations

from collections.abc import Iterable

from .. import conditions
from ..conditions import Atom, Condition
from ..derived import AS_AT, Derivations


class Components:
    """Which facts are connected by derivations, and what follows within each component."""

    def __init__(self, derivations: Derivations, facts: Iterable[str]) -> None:
        links = [(set(facts_of(rule.when)), {name for name, _ in rule.then}) for rule in derivations.implications]
        links += [({*q.operands} - {AS_AT.name}, {q.target}) for q in derivations.quantities]
        self.of: dict[str, str] = {name: name for name in facts}
        for reads, writes in links:
            roots = sorted({self.root(name) for name in reads | writes})
            for other in roots[1:]:
                self.of[other] = roots[0]
        self.of = {name: self.root(name) for name in self.of}
        self.targets = {name for _, writes in links for name in writes}
        self._links = links
        self._derivations = derivations
        self._own: dict[str, Derivations] = {}

    def root(self, name: str) -> str:
        while self.of.setdefault(name, name) != name:
            name = self.of[name]
        return name

    def after(self, name: str) -> set[str]:
        """The facts that may follow otherwise if this one is otherwise."""
        found: set[str] = set()
        new = {name}
        while new:
            found |= new
            new = {target for reads, writes in self._links if reads & new for target in writes} - found
        return found - {name}

    def derivations(self, component: str) -> Derivations:
        """The derivations within one component."""
        if component not in self._own:
            self._own[component] = Derivations(
                tuple(
                    rule
                    for rule in self._derivations.implications
                    if any(self.root(name) == component for name, _ in rule.then)
                ),
                tuple(q for q in self._derivations.quantities if self.root(q.target) == component),
            )
        return self._own[component]


def facts_of(condition: Condition) -> list[str]:
    """The facts that a condition reads."""
    return list(dict.fromkeys(leaf.fact for leaf in conditions.leaves(condition) if isinstance(leaf, Atom)))
