"""What the conclusion would be if a few facts were otherwise, thousands of times a second.

The result is that of `Assessor.conclude` on the changed parcel; only what the changes touch is worked out again.
Facts that derivations connect form a component, and what follows from a component depends on it alone; factors
are decided by the reference evaluator, balances by the weigher, and cases bind by the test of `precedents`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from caprev.changes.alternatives import Change
from caprev.changes.components import Components
from caprev.facts import conditions, derivations
from caprev.facts.derivations import AS_AT, Contradiction
from caprev.facts.knowledge import Knowledge, Truth
from caprev.facts.matter import Given, Parcel
from caprev.grouping import grouped
from caprev.reasoning.conclusion import Characterisation, Conclusion, decided, decisive, ruled
from caprev.reasoning.findings import FactorState
from caprev.reasoning.precedents import Case, CaseBase, bound, persuaded
from caprev.reasoning.weighing import route_balance

Changes = tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A conclusion and the decisive balance it rests on."""

    characterisation: Characterisation
    balance: float


# Decides many sets of changes; None where the values cannot stand together. Column programs fit this as well.
Evaluator = Callable[[Sequence[Changes]], list[Result | None]]


@dataclass(frozen=True, slots=True)
class _Variant:
    """One component with changes: atoms decided otherwise, factors met and no longer met if nothing else changes.

    `mixed` are the factors touched that also read other components; `sizes` what is now known of magnitudes.
    """

    decided: dict[str, Truth]
    gained: int
    lost: int
    mixed: int
    sizes: dict[str, Knowledge | None]


@dataclass(frozen=True, slots=True)
class Binding:
    """A case that can bind or persuade, by bits: factors it needs, and factors that would take the matter beyond.

    `sized` are the factors of which a decided case may have more or less than the matter.
    """

    case: Case
    need: int
    beyond: int
    sized: int


class Trials:
    """Decides sets of changes to the parcel of a conclusion. An `Evaluator`."""

    def __init__(self, conclusion: Conclusion, cases: CaseBase) -> None:
        self.conclusion, self.cases = conclusion, cases
        self.weigher = conclusion.weigher
        self.book = self.weigher.book
        self.parcel = conclusion.parcel
        self.known = self.parcel.known
        self.routes = decisive(self.book)
        self.bit = {name: 1 << index for index, name in enumerate(self.book.factors)}
        self.base = self.mask(name for name, state in conclusion.states.items() if state == "met")
        self.atoms = conditions.by_fact(self.book.atoms)
        self.components = Components(self.book.derivations, (*self.book.vocabulary.facts, *self.atoms))
        self.facts = grouped((component, name) for name, component in self.components.of.items())
        self.mixed = self.mask(
            name
            for name in self.book.factors
            if len({self.components.of[fact] for fact in self.book.facts_read[name]}) > 1
        )
        self.decided: dict[str, Truth] = {
            atom.key: atom.decide(self.known[fact])
            for fact, atoms in self.atoms.items()
            if fact in self.known
            for atom in atoms
        }
        self.bindings = [self._binding(case) for case in cases.cases.values() if self._can_bind(case)]
        self.magnitudes = {f.magnitude.fact for f in self.book.factors.values() if f.magnitude}
        self.nodes = {
            node: [self.mask(name for name, _ in cluster.rows) for cluster in clusters]
            for node, clusters in self.weigher.clusters.items()
            if self.book.nodes[node].kind != "indicator"
        }
        self._rows = {node: reduce(or_, masks, 0) for node, masks in self.nodes.items()}
        self._variants: dict[Changes, _Variant | None] = {}
        self._totals: dict[tuple[str, int], float] = {}
        self._sizes: dict[tuple[str, int, int], int] = {}
        self._bound: dict[tuple[object, ...], bool] = {}
        self.totals = {node: self.total(node, self.base) for node in self.nodes}

    def mask(self, names: Iterable[str]) -> int:
        """A set of factors as bits."""
        return reduce(or_, (self.bit[name] for name in names), 0)

    def names(self, bits: int) -> list[str]:
        """The factors of a set of bits, in the order of the rulebook."""
        order = list(self.book.factors)
        return [order[bit.bit_length() - 1] for bit in each_bit(bits)]

    def __call__(self, sets: Sequence[Changes]) -> list[Result | None]:
        return [self.one(changes) for changes in sets]

    def one(self, changes: Changes) -> Result | None:
        """The conclusion with these changes, or None if they contradict each other or what is known."""
        grouped: dict[str, Changes] = {}
        for change in changes:
            component = self.components.of[change.fact]
            grouped[component] = (*grouped.get(component, ()), change)
        variants: list[_Variant] = []
        met, seen, shared = self.base, 0, 0
        for component, part in grouped.items():
            variant = self._variant(component, part)
            if variant is None:
                return None
            variants.append(variant)
            met = (met | variant.gained) & ~variant.lost
            shared |= seen & variant.mixed
            seen |= variant.mixed
        if shared:
            known = dict(self.decided)
            for variant in variants:
                known.update(variant.decided)
            for name in self.names(shared):
                holds = conditions.truth(self.book.conditions[name], known) is True  # type: ignore[arg-type]
                met = met | self.bit[name] if holds else met & ~self.bit[name]
        return self._result(met, variants)

    def _variant(self, component: str, changes: Changes) -> _Variant | None:
        if changes not in self._variants:
            self._variants[changes] = self._vary(component, changes)
        return self._variants[changes]

    def _vary(self, component: str, changes: Changes) -> _Variant | None:
        now = {change.fact: change.knowledge for change in changes}
        for name in self.facts[component]:
            given = self.parcel.facts.get(name)
            if name not in now and given and given.at:
                now[name] = given.written or given.knowledge
        if AS_AT.name in self.known:
            now[AS_AT.name] = self.known[AS_AT.name]
        try:
            steps = derivations.derive(self.components.derivations(component), now)
        except Contradiction:
            return None
        now.update((step.fact, step.knowledge) for step in steps)
        decided: dict[str, Truth] = {}
        for name in self.facts[component]:
            for atom in self.atoms.get(name, ()):
                truth = atom.decide(now[name]) if name in now else None
                if truth is not self.decided.get(atom.key):
                    decided[atom.key] = truth
        known = {**self.decided, **decided}
        touched = {name for key in decided for name in self.book.testing[key]}
        met = {n for n in touched if conditions.truth(self.book.conditions[n], known) is True}  # type: ignore[arg-type]
        now_met, all_touched = self.mask(met), self.mask(touched)
        sizes = {
            name: now.get(name)
            for name in self.facts[component]
            if name in self.magnitudes and now.get(name) != self.known.get(name)
        }
        return _Variant(
            decided, now_met & ~self.base, all_touched & ~now_met & self.base, all_touched & self.mixed, sizes
        )

    def total(self, node: str, met: int) -> float:
        """The balance of a weighed node if exactly these factors are met."""
        key = (node, met & self._rows[node])
        if key not in self._totals:
            sizes = []
            for index, (cluster, rows) in enumerate(zip(self.weigher.clusters[node], self.nodes[node], strict=True)):
                part = (node, index, met & rows)
                if part not in self._sizes:
                    self._sizes[part] = self.weigher.size(cluster, self.names(met & rows))
                sizes.append(self._sizes[part])
            self._totals[key] = self.weigher.summed(node, sizes)[0]
        return self._totals[key]

    def _result(self, met: int, variants: Sequence[_Variant]) -> Result:
        totals = {node: self.total(node, met) for node in self.nodes}
        balance = route_balance(self.weigher, self.routes, totals)
        rules = ruled(self.weigher, totals, balance)
        binding = [b.case for b in self.bindings if self._binds(b, met, variants)]
        if not binding:
            return Result(rules, balance)
        pack = self.book.pack
        return Result(decided(self.book, rules, bound(binding, pack), persuaded(binding, pack))[0], balance)

    # cases

    def _can_bind(self, case: Case) -> bool:
        pack = self.book.pack
        levels = (*pack.binding_levels, *pack.persuasive_levels)
        return case.governs(pack) and case.level in levels

    def _binding(self, case: Case) -> Binding:
        """What the case asks for, found by holding it beside a matter that has nothing, and one that has all."""
        empty = Parcel("", "", {})
        nothing = self.cases.beside(case, dict.fromkeys(self.bit, "not_met"), empty, self.weigher.active)
        everything = self.cases.beside(case, dict.fromkeys(self.bit, "met"), empty, self.weigher.active)
        sized = (name for name, factor in self.book.factors.items() if factor.magnitude)
        return Binding(case, self.mask(nothing.missing), self.mask(everything.beyond), self.mask(sized))

    def _binds(self, binding: Binding, met: int, variants: Sequence[_Variant]) -> bool:
        if binding.need & ~met or binding.beyond & met:
            return False
        if not binding.sized & met:
            return True
        sizes = tuple(item for variant in variants for item in variant.sizes.items())
        key = (binding.case.id, binding.sized & met, sizes)
        if key not in self._bound:
            facts = dict(self.parcel.facts)
            for name, knowledge in sizes:
                facts.pop(name, None)
                if knowledge is not None:
                    fact = self.book.derivations.facts.get(name) or self.book.vocabulary[name]
                    facts[name] = Given(fact, knowledge)
            states: dict[str, FactorState] = {n: "met" if bit & met else "not_met" for n, bit in self.bit.items()}
            parcel = Parcel(self.parcel.id, self.parcel.title, facts)
            self._bound[key] = self.cases.beside(binding.case, states, parcel, self.weigher.active).binds
        return self._bound[key]


def each_bit(bits: int) -> Iterator[int]:
    """The bits of a set, the lowest first."""
    while bits:
        low = bits & -bits
        yield low
        bits ^= low
