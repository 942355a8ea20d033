"""Facts that derivations connect: what follows within a component depends on that component alone."""

from __future__ import annotations

from collections.abc import Iterable

from caprev.facts.derivations import AS_AT, Derivations


class Components:
    """Which facts are connected by derivations, and what follows within each component."""

    def __init__(self, derivations: Derivations, facts: Iterable[str]) -> None:
        links = [(reads - {AS_AT.name}, writes) for reads, writes in derivations.links]
        self.of: dict[str, str] = {name: name for name in facts}
        for reads, writes in links:
            roots = sorted({self.root(name) for name in reads | writes})
            for other in roots[1:]:
                self.of[other] = roots[0]
        self.of = {name: self.root(name) for name in self.of}
        self.targets = {name for _, writes in links for name in writes}
        self._derivations = derivations
        self._own: dict[str, Derivations] = {}

    def root(self, name: str) -> str:
        """The fact that stands for all that are connected with this one."""
        while self.of.setdefault(name, name) != name:
            name = self.of[name]
        return name

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
                tuple(order for order in self._derivations.orders if self.root(order.then) == component),
            )
        return self._own[component]
