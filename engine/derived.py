"""Facts that follow from facts: implications that narrow what is known, and quantities with intervals.

`rules/derived.yaml` declares them; this module only computes. Narrowing is repeated until nothing changes,
which gives the same result in whatever order the implications stand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from . import conditions
from .conditions import Atom, Condition
from .errors import BadInput, Problem
from .knowledge import INFINITY, Choice, Knowledge, Range
from .source import Source, Value
from .vocabulary import Fact, Vocabulary

AS_AT = Fact("matter.as_at", "date", (), "", "As at which date is the matter assessed?")


@dataclass(frozen=True)
class Implication:
    """When `when` is true of what is known, each fact of `then` can only have the value given."""

    id: str
    when: Condition
    then: tuple[tuple[str, Knowledge], ...]
    says: str


@dataclass(frozen=True)
class Quantity:
    """A number computed from other facts; `target` names the fact it is, or narrows."""

    fact: Fact
    target: str
    operation: str
    operands: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Derivations:
    implications: tuple[Implication, ...]
    quantities: tuple[Quantity, ...]

    @property
    def facts(self) -> dict[str, Fact]:
        """The facts that exist only by derivation, by name."""
        own = {q.fact.name: q.fact for q in self.quantities if q.target == q.fact.name}
        return {AS_AT.name: AS_AT, **own}

    def involve(self, fact: str) -> bool:
        """Whether anything may follow from the fact, or the fact from others."""
        return fact in self._involved

    @cached_property
    def _involved(self) -> frozenset[str]:
        return frozenset(name for reads, writes in self.links for name in reads | writes)

    @cached_property
    def links(self) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
        """What each derivation reads, and what it may narrow."""
        found = [
            (frozenset(conditions.facts_of(rule.when)), frozenset(name for name, _ in rule.then))
            for rule in self.implications
        ]
        return (*found, *((frozenset(q.operands), frozenset([q.target])) for q in self.quantities))

    def after(self, fact: str) -> frozenset[str]:
        """The other facts that may follow otherwise if this one is otherwise."""
        if fact not in self._after:
            found: set[str] = set()
            new = {fact}
            while new:
                found |= new
                new = {target for reads, writes in self.links if reads & new for target in writes} - found
            self._after[fact] = frozenset(found - {fact})
        return self._after[fact]

    @cached_property
    def _after(self) -> dict[str, frozenset[str]]:
        return {}


@dataclass(frozen=True)
class Step:
    """One narrowing that changed something: which fact, to what, from which facts, and why."""

    fact: str
    knowledge: Knowledge
    rests_on: tuple[str, ...]
    rule: str
    says: str


class Contradiction(Exception):
    """Nothing is left that a fact could be."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.says)


def derive(derivations: Derivations, known: Mapping[str, Knowledge]) -> list[Step]:
    """Everything that follows from `known`, in the order of the rules. Raises Contradiction."""
    state = dict(known)
    steps: dict[str, Step] = {}

    def narrow(step: Step) -> bool:
        before = state.get(step.fact)
        after = step.knowledge if before is None else before.narrowed(step.knowledge)
        if after is None:
            raise Contradiction(step)
        if after == before:
            return False
        state[step.fact] = after
        steps[step.fact] = Step(step.fact, after, step.rests_on, step.rule, step.says)
        return True

    changed = True
    while changed:
        changed = False
        for rule in derivations.implications:
            leaves = [leaf for leaf in conditions.leaves(rule.when) if isinstance(leaf, Atom)]
            if not any(leaf.fact in state for leaf in leaves):
                continue
            decided = {
                leaf.key: verdict
                for leaf in leaves
                if leaf.fact in state and (verdict := leaf.decide(state[leaf.fact])) is not None
            }
            if conditions.truth(rule.when, decided) is True:
                names = tuple(dict.fromkeys(leaf.fact for leaf in leaves))
                for fact, knowledge in rule.then:
                    changed |= narrow(Step(fact, knowledge, names, rule.id, rule.says))
        for quantity in derivations.quantities:
            values = [interval(state[name]) for name in quantity.operands if name in state]
            if len(values) == len(quantity.operands):
                result = OPERATIONS[quantity.operation](*values)
                if result != Range():
                    changed |= narrow(
                        Step(quantity.target, result, quantity.operands, quantity.fact.name, quantity.says)
                    )
    return list(steps.values())


def interval(knowledge: Knowledge) -> Range:
    if isinstance(knowledge, Range):
        return knowledge
    assert isinstance(knowledge, Choice), "quantities are computed from numbers and dates"
    numbers = [float(value) for value in knowledge.values]
    return Range(min(numbers), max(numbers))


def _years(start: float, end: float) -> float:
    """Completed years between two day numbers, plus the part of the year begun."""
    if start == -INFINITY or end == INFINITY:
        return INFINITY
    if start == INFINITY or end == -INFINITY or end < start:
        return 0.0
    first, last = date.fromordinal(int(start)), date.fromordinal(int(end))
    whole = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    day = 28 if (first.month, first.day) == (2, 29) else first.day
    anniversary = date(first.year + whole, first.month, day)
    return whole + min((last - anniversary).days / 366, 0.997)


def _years_between(start: Range, end: Range) -> Range:
    return Range(_years(start.high, end.low), _years(start.low, end.high))


def _divide(left: Range, right: Range) -> Range:
    low = 0.0 if right.high in (0, INFINITY) else max(left.low, 0.0) / right.high
    high = INFINITY if right.low <= 0 or left.high == INFINITY else left.high / right.low
    return Range(low, high) if low > 0 or high < INFINITY else Range()


def _subtract(left: Range, right: Range) -> Range:
    return Range(max(left.low - right.high, 0.0), left.high - right.low)


def _at_least(value: Range) -> Range:
    return Range(value.low)


OPERATIONS: dict[str, Callable[..., Range]] = {
    "at_least": _at_least,
    "years_between": _years_between,
    "divide": _divide,
    "subtract": _subtract,
}


def load(source: Source, vocabulary: Vocabulary) -> Derivations:
    """The derivations from their file. Raises BadInput listing every entry that is not well formed."""
    problems: list[Problem] = []
    data = source.data if isinstance(source.data, dict) else {}
    quantities: list[Quantity] = []
    for name, entry in _mapping(data.get("quantities")).items():
        problem = _quantity(name, entry, vocabulary, quantities)
        if problem:
            problems.append(Problem(problem, source.file, source.line(("quantities", name)), name))
    derivations = Derivations((), tuple(quantities))
    implications: list[Implication] = []
    entries = data.get("implications")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        try:
            implications.append(_implication(_mapping(entry), vocabulary, derivations.facts))
        except ValueError as error:
            line = source.line(("implications", index))
            problems.append(Problem(str(error), source.file, line, str(_mapping(entry).get("id", ""))))
    if problems:
        raise BadInput(problems)
    return Derivations(tuple(implications), tuple(quantities))


def _mapping(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _implication(entry: dict[str, Value], vocabulary: Vocabulary, derived: Mapping[str, Fact]) -> Implication:
    if set(entry) != {"id", "when", "then", "says"}:
        raise ValueError("needs exactly id, when, then and says")
    then = []
    for name, value in _mapping(entry["then"]).items():
        if name not in vocabulary:
            raise ValueError(f"'{name}' is not in the vocabulary. {vocabulary.nearest(name)}".rstrip())
        then.append((name, vocabulary[name].read(value)))
    when = conditions.read(entry["when"], vocabulary, derived)
    return Implication(str(entry["id"]), when, tuple(then), str(entry["says"]))


def _quantity(name: str, entry: Value, vocabulary: Vocabulary, into: list[Quantity]) -> str:
    fields = _mapping(entry)
    formula = _mapping(fields.get("formula"))
    operation, operands = next(iter(formula.items()), ("", None))
    if operation not in OPERATIONS or not isinstance(operands, list):
        return f"has the formula {formula}; allowed: {', '.join(OPERATIONS)} of a list of facts"
    for operand in operands:
        if operand != AS_AT.name and operand not in vocabulary:
            return f"'{operand}' is not in the vocabulary. {vocabulary.nearest(str(operand))}".rstrip()
    target = str(fields.get("target") or name)
    if target not in (name, *(quantity.fact.name for quantity in into)) and target not in vocabulary:
        return f"'{target}' is not in the vocabulary. {vocabulary.nearest(target)}".rstrip()
    kind: Value = fields.get("type")
    if kind not in ("int", "number"):
        return "has a type that is not int or number"
    fact = Fact(name, kind, (), str(fields.get("unit") or ""), str(fields.get("says")))  # type: ignore[arg-type]
    into.append(Quantity(fact, target, operation, tuple(map(str, operands)), str(fields.get("says"))))
    return ""
