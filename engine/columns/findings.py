"""Factors and findings as steps of a column program: what `productions` and `weighing` say, for every row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from fractions import Fraction

from caprev.columns.codes import Cut, Layout
from caprev.columns.program import Program
from caprev.columns.sums import Sums
from caprev.facts import conditions
from caprev.facts.conditions import Atom, Conj, Signed, Tree
from caprev.grouping import grouped
from caprev.law.models import Node
from caprev.law.rulebook import Rulebook
from caprev.reasoning.weighing import Weigher


class Findings:
    """Puts factors and findings into a program: for each the steps that say what it is, by name."""

    def __init__(self, weigher: Weigher, compared: Iterable[tuple[str, Cut]], bits: int, entries: int) -> None:
        """`compared`, `bits`, `entries`: see `Layout` and `Sums`."""
        self.weigher = weigher
        self.book: Rulebook = weigher.book
        self.program = Program()
        facts = {**self.book.vocabulary.facts, **self.book.derivations.facts}
        self.sums = Sums(weigher, bits, entries)
        self.layout = Layout(facts, _atoms(self.book), compared, bits)
        self.met: dict[str, int] = {}
        self.not_met: dict[str, int] = {}
        self.ends: dict[str, tuple[int, int, int]] = {}
        self.satisfied: dict[str, int] = {}
        self.not_satisfied: dict[str, int] = {}
        self.robust: dict[str, int] = {}
        self.near: dict[str, tuple[int, int]] = {}
        self.firm: dict[str, int] = {}
        self._factors()
        self._weighed()
        for node in sorted(self.book.nodes.values(), key=self._depth):
            if node.parts:
                self._combined(node)
        for name in self.book.nodes:
            self._finding(name)

    # factors

    def _factors(self) -> None:
        p = self.program
        self.tests: dict[str, tuple[int, int]] = {}
        for number, atom in enumerate({atom.key: atom for atom in _atoms(self.book)}.values()):
            true, false = self.layout.codes[atom.fact].decide(p, atom)
            self.tests[atom.key] = p.name(f"true {number}", true), p.name(f"false {number}", false)
        for name in self.book.factors:
            condition = self.book.conditions[name]
            self.met[name] = p.name(f"met {name}", self.tree(conditions.met(condition), self.tests))
            self.not_met[name] = p.name(f"not met {name}", self.tree(conditions.not_met(condition), self.tests))
            p.name(f"factor {name}", p.state(self.met[name], self.not_met[name]))

    def tree(self, tree: Tree, tests: Mapping[str, tuple[int, int]]) -> int:
        """A literal that nothing decides at this stage never holds."""
        if isinstance(tree, Signed):
            true, false = tests.get(tree.name, (self.program.constant(False),) * 2)
            return true if tree.value else false
        parts = [self.tree(part, tests) for part in tree.parts]
        return self.program.every(parts) if isinstance(tree, Conj) else self.program.some(parts)

    # findings

    def _weighed(self) -> None:
        p, weigher, sums = self.program, self.weigher, self.sums
        possible = {name: p.inverse(step) for name, step in self.not_met.items()}
        for name in sums.factors:
            p.name(f"possible {name}", possible[name])
        maybe = {name: p.every([p.inverse(self.met[name]), step]) for name, step in possible.items()}
        known, could = sums.compile(p, self.met, "met"), sums.compile(p, possible, "possible")
        for node in weigher.clusters:
            up, down = known(node, 1), known(node, -1)
            more_up, more_down = could(node, 1), could(node, -1)
            total, low, high = (
                p.name(f"{end} {node}", p.minus(plus, minus))
                for end, plus, minus in (("balance", up, down), ("low", up, more_down), ("high", more_up, down))
            )
            self.ends[node] = total, low, high
            floor, ceiling = self._band(node)
            self.satisfied[node] = p.name(f"satisfied {node}", p.at_least(total, ceiling))
            below = p.at_most(total, floor)
            self.not_satisfied[node] = p.name(
                f"not satisfied {node}", p.every([below, p.inverse(self.satisfied[node])])
            )
            less, more = (self._most(node, sign, maybe) for sign in (-1, 1))
            self.near[node] = (
                p.greatest([low, p.minus(total, less)]) if less is not None else low,
                p.least([high, p.total([total, more])]) if more is not None else high,
            )
            self._robust_at(node, floor, ceiling)

    def _most(self, node: str, sign: int, maybe: Mapping[str, int]) -> int | None:
        """The most that an answer to one fact not known can push a node; none where nothing is worked out."""
        p = self.program
        most = sorted(self.weigher.answers[node][sign].items())
        alike = grouped((units, name) for name, units in most if units)
        found = [p.count([(p.some(maybe[name] for name in names), units)]) for units, names in alike.items()]
        return p.greatest(found) if found else None

    def _band(self, node: str) -> tuple[int, int]:
        floor, ceiling = self.weigher.band(self.book.nodes[node])
        return self.at_most(floor), self.at_least(ceiling)

    def at_least(self, number: float) -> int:
        """The least number of units that is no less than a number of the rulebook."""
        return math.ceil(Fraction(str(number)) * self.weigher.scale)

    def at_most(self, number: float) -> int:
        """A bound in whole units of balance, rounded down so that no balance passes that did not before."""
        return math.floor(Fraction(str(number)) * self.weigher.scale)

    def _robust_at(self, node: str, floor: int, ceiling: int) -> None:
        p = self.program
        _, low, high = self.ends[node]
        yes = p.every([self.satisfied[node], p.at_least(low, ceiling)])
        no = p.every([self.not_satisfied[node], p.at_most(high, floor)])
        self.robust[node] = p.name(f"robust {node}", p.some([yes, no]))
        near, far = self.near[node]
        holds = p.every([self.satisfied[node], p.at_least(near, ceiling)])
        fails = p.every([self.not_satisfied[node], p.at_most(far, floor)])
        self.firm[node] = p.some([holds, fails])

    def _depth(self, node: Node) -> int:
        return 1 + max(self._depth(self.book.nodes[part]) for part in node.parts) if node.parts else 0

    def _combined(self, node: Node) -> None:
        p = self.program
        yes = [self.satisfied[part] for part in node.parts]
        no = [self.not_satisfied[part] for part in node.parts]
        parts = [self.ends[part] for part in node.parts]
        nears = [self.near[part] for part in node.parts]
        floor, ceiling = self._band(node.id)
        if node.none:
            yes, no = no, yes
            balance, low, high = (p.negative(p.greatest([part[end] for part in parts])) for end in (0, 2, 1))
            near, far = (p.negative(p.greatest([part[end] for part in nears])) for end in (1, 0))
            low_band, high_band = self.weigher.band(node)
            floor, ceiling = self.at_most(-high_band), self.at_least(-low_band)
        else:
            choose = p.least if node.all else p.greatest
            balance, low, high = (choose([part[end] for part in parts]) for end in (0, 1, 2))
            near, far = (choose([part[end] for part in nears]) for end in (0, 1))
        every_yes = bool(node.all or node.none)
        self.satisfied[node.id] = p.every(yes) if every_yes else p.some(yes)
        self.not_satisfied[node.id] = p.some(no) if every_yes else p.every(no)
        p.name(f"satisfied {node.id}", self.satisfied[node.id])
        p.name(f"not satisfied {node.id}", self.not_satisfied[node.id])
        self.ends[node.id] = balance, low, high
        self.near[node.id] = near, far
        for end, step in zip(("balance", "low", "high"), self.ends[node.id], strict=True):
            p.name(f"{end} {node.id}", step)
        self._robust_at(node.id, floor, ceiling)

    def _finding(self, node: str) -> None:
        p = self.program
        p.name(f"finding {node}", p.state(self.satisfied[node], self.not_satisfied[node]))


def _atoms(book: Rulebook) -> list[Atom]:
    """Every test on facts that factors and decisive questions make."""
    return [*book.atoms, *book.deciding]
