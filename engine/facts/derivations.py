"""Facts that follow from facts: implications that narrow what is known, quantities with intervals, dates in order.

`rules/derived.yaml` declares them; this module only computes. Narrowing is repeated until nothing changes,
which gives the same result in whatever order the implications stand.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from caprev.errors import BadInput, Problem, stray
from caprev.facts import conditions
from caprev.facts.conditions import Atom, Condition
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range
from caprev.facts.tense import Tense
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.files.reading import Source, Value
from caprev.once import cached_property

T = TypeVar("T")


AS_AT = Fact("matter.as_at", "date", (), "", "As at which date is the matter assessed?", firm=True)


@dataclass(frozen=True)
class Implication:
    """When `when` is true of what is known, each fact of `then` can only have the value given."""

    id: str
    when: Condition
    then: tuple[tuple[str, Knowledge], ...]
    says: str


@dataclass(frozen=True)
class Quantity:
    """A number computed from other facts; `target` names the fact it is, or narrows, and `within` what that may be."""

    fact: Fact
    target: str
    operation: str
    operands: tuple[str, ...]
    says: str
    within: Range


@dataclass(frozen=True)
class Order:
    """Two dates that cannot stand the other way round."""

    id: str
    first: str
    then: str
    says: str


@dataclass(frozen=True)
class Tension:
    """Facts that can hardly stand together, though each may be so: where `when` is true, that is said, not refused."""

    id: str
    when: Condition
    says: str


@dataclass(frozen=True)
class Derivations:
    """All that follows from facts, as `derived.yaml` declares it.

    While `planned` is true of a project, what is told of it is told as planned, and while `under_way` is, as going on,
    unless the day `until` is known to be past; without them, all is told as done.
    """

    implications: tuple[Implication, ...]
    quantities: tuple[Quantity, ...]
    orders: tuple[Order, ...] = ()
    tensions: tuple[Tension, ...] = ()
    planned: Condition | None = None
    under_way: Condition | None = None
    until: str = ""
    # What was worked out of a fact, by its name.
    _after: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _around: dict[str, Derivations] = field(default_factory=dict, init=False, repr=False, compare=False)
    _beside: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def facts(self) -> dict[str, Fact]:
        """The facts that exist only by derivation, by name."""
        own = {q.fact.name: q.fact for q in self.quantities if q.target == q.fact.name}
        return {AS_AT.name: AS_AT, **own}

    def tense(self, known: Mapping[str, Knowledge]) -> Tense:
        """The time in which a project is told by what is known of it."""
        if self.planned is not None and _holds(self.planned, known):
            return Tense.PLANNED
        if self.under_way is None or not _holds(self.under_way, known) or self._past(known):
            return Tense.DONE
        return Tense.UNDER_WAY

    def _past(self, known: Mapping[str, Knowledge]) -> bool:
        """Whether the day until which a project can be under way is known to lie before the date of assessment."""
        end, now = known.get(self.until), known.get(AS_AT.name)
        return isinstance(end, Range) and isinstance(now, Range) and end.high < now.low

    def in_tension(self, known: Mapping[str, Knowledge]) -> tuple[Tension, ...]:
        """The facts known that stand against each other."""
        return tuple(item for item in self.tensions if _holds(item.when, known))

    def involve(self, fact: str) -> bool:
        """Whether anything may follow from the fact, or the fact from others."""
        return fact in self._involved

    @cached_property
    def _involved(self) -> frozenset[str]:
        return frozenset(name for reads, writes in self.links for name in reads | writes)

    @cached_property
    def tested(self) -> tuple[tuple[Implication, tuple[str, ...], frozenset[str]], ...]:
        """Each implication and the facts that its condition reads, without all of which it is silent."""
        read = ((rule, conditions.facts_of(rule.when)) for rule in self.implications)
        return tuple((rule, facts, frozenset(facts)) for rule, facts in read)

    @cached_property
    def links(self) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
        """What each derivation reads, and what it may narrow."""
        found = [
            (frozenset(conditions.facts_of(rule.when)), frozenset(name for name, _ in rule.then))
            for rule in self.implications
        ]
        found += [(frozenset(q.operands), frozenset([q.target])) for q in self.quantities]
        found += [(frozenset([order.first, order.then]), frozenset()) for order in self.orders]
        return tuple(found)

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
    def operands(self) -> frozenset[str]:
        """The facts that a quantity is worked out from."""
        return frozenset(name for quantity in self.quantities for name in quantity.operands)

    def heeds(self, fact: str, known: Knowledge | None, answer: Knowledge) -> bool:
        """Whether anything may follow from an answer to a fact that does not follow from what is known of it, if
        anything is: that it was answered at all may tell something."""
        return fact in self._compared or any(
            test.decide(answer) is not None and (known is None or test.decide(known) is None)
            for test in self._tests.get(fact, ())
        )

    @cached_property
    def _compared(self) -> frozenset[str]:
        """The facts that are worked with as numbers, and not only tested."""
        return self.operands.union(name for order in self.orders for name in (order.first, order.then))

    @cached_property
    def _tests(self) -> Mapping[str, tuple[Atom, ...]]:
        """The tests that implications make on each fact."""
        leaves = (leaf for rule in self.implications for leaf in conditions.leaves(rule.when))
        return conditions.by_fact(dict.fromkeys(leaf for leaf in leaves if isinstance(leaf, Atom)))

    def around(self, fact: str) -> Derivations:
        """Those that may come to something else where only this fact is learnt: the others need not be tried anew."""
        if fact not in self._around:
            told = {fact, *self.after(fact)}
            near = (not told.isdisjoint(reads | writes) for reads, writes in self.links)  # used up in their order
            self._around[fact] = Derivations(
                tuple([rule for rule in self.implications if next(near)]),
                tuple([quantity for quantity in self.quantities if next(near)]),
                tuple([order for order in self.orders if next(near)]),
            )
        return self._around[fact]

    def beside(self, fact: str) -> tuple[str, ...]:
        """The fact and all others that those around it read or may narrow."""
        if fact not in self._beside:
            read = (name for reads, writes in self.around(fact).links for name in reads | writes)
            self._beside[fact] = tuple(sorted({fact, *read}))
        return self._beside[fact]


class ReadBy:
    """Law, weighed or strict, by which facts are read."""

    vocabulary: Vocabulary
    derivations: Derivations

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Every fact by name, also those that exist only by derivation."""
        return {**self.vocabulary.facts, **self.derivations.facts}

    def askable(self, fact: str) -> tuple[str, ...]:
        """The facts a person can be asked for to learn one: a derived quantity is asked for by its operands."""
        if fact in self.vocabulary:
            return (fact,)
        return next((q.operands for q in self.derivations.quantities if q.target == fact), ())


@dataclass(frozen=True)
class Step:
    """One narrowing that changed something: which fact, to what, from which facts, and why."""

    fact: str
    knowledge: Knowledge
    rests_on: tuple[str, ...]
    rule: str
    says: str


class Contradiction(Exception):
    """Nothing is left that a fact could be. `roots` are the facts that cannot stand together, and what led there."""

    def __init__(self, step: Step, before: Mapping[str, Step]) -> None:
        self.step = step
        self.roots: set[str] = set()
        new = {step.fact, *step.rests_on}
        while new:
            self.roots |= new
            new = {name for fact in new if fact in before for name in before[fact].rests_on} - self.roots
        super().__init__(step.says)


def derive(derivations: Derivations, known: Mapping[str, Knowledge]) -> list[Step]:
    """Everything that follows from `known`, in the order of the rules. Raises Contradiction."""
    state = dict(known)
    steps: dict[str, Step] = {}

    def narrow(step: Step, within: Knowledge | None = None) -> bool:
        before = state.get(step.fact, within)
        after = step.knowledge if before is None else before.narrowed(step.knowledge)
        if after is None:
            raise Contradiction(step, steps)
        if after == before:
            return False
        state[step.fact] = after
        steps[step.fact] = Step(step.fact, after, step.rests_on, step.rule, step.says)
        return True

    changed = True
    while changed:
        changed = False
        for rule, facts, reads in derivations.tested:
            if not reads.isdisjoint(state) and _holds(rule.when, state):
                for fact, knowledge in rule.then:
                    changed |= narrow(Step(fact, knowledge, facts, rule.id, rule.says))
        for quantity in derivations.quantities:
            values = [interval(state[name]) for name in quantity.operands if name in state]
            if len(values) == len(quantity.operands):
                result = OPERATIONS[quantity.operation](*values)
                step = Step(quantity.target, result, quantity.operands, quantity.fact.name, quantity.says)
                changed |= narrow(step, quantity.within)
    for order in derivations.orders:
        if order.first in state and order.then in state:
            earliest, latest = interval(state[order.first]).low, interval(state[order.then]).high
            if latest < earliest:
                raise Contradiction(Step(order.then, Range(earliest), (order.first,), order.id, order.says), steps)
    return list(steps.values())


def _holds(when: Condition, known: Mapping[str, Knowledge]) -> bool:
    return conditions.holds(when, known) is True


def interval(knowledge: Knowledge) -> Range:
    """Knowledge of a number or a date as the least interval around it."""
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
    month_day = 28 if (first.month, first.day) == (2, 29) else first.day
    anniversary = date(first.year + whole, first.month, month_day)
    return whole + min((last - anniversary).days / 366, 0.997)


def _years_between(start: Range, end: Range) -> Range:
    return Range(_years(start.high, end.low), _years(start.low, end.high))


def _divide(left: Range, right: Range) -> Range:
    """Every quotient there can be; nothing is divided by zero."""
    if right.high <= 0:
        left, right = Range(-left.high, -left.low), Range(-right.high, -right.low)
    if right.low < 0 or right.high == 0:
        return Range()
    # From here on the divisor is positive, and may be as near to zero as one likes if it begins there.
    low = _quotient(left.low, right.high if left.low >= 0 else right.low)
    high = _quotient(left.high, right.low if left.high > 0 else right.high)
    return Range(low, high)


def _quotient(left: float, right: float) -> float:
    return left / right + 0.0 if right else math.copysign(INFINITY, left)


def _subtract(left: Range, right: Range) -> Range:
    return Range(left.low - right.high, left.high - right.low)


def _begun(years: Range) -> Range:
    """At least what years that may have been rounded up come to: the year before them, and a day."""
    return Range(max(math.ceil(years.low) - 1 + 1 / 366, 0.0) if years.low > 0 else 0.0)


OPERATIONS: dict[str, Callable[..., Range]] = {
    "begun": _begun,
    "years_between": _years_between,
    "divide": _divide,
    "subtract": _subtract,
}
_KEYS = ("implications", "quantities", "orders", "tensions", "planned", "under_way", "until")
_NUMBERS = ("int", "number")
_OPERANDS: dict[str, tuple[tuple[str, ...], ...]] = {  # the types of the facts that each is computed from
    "begun": (_NUMBERS,),
    "years_between": (("date",), ("date",)),
    "divide": (_NUMBERS, _NUMBERS),
    "subtract": (_NUMBERS, _NUMBERS),
}


def load(source: Source, vocabulary: Vocabulary) -> Derivations:
    """The derivations from their file. Raises BadInput listing every entry that is not well formed."""
    data = _mapping(source.data)
    problems = [Problem(stray([key], _KEYS), source.file, source.line((key,))) for key in data if key not in _KEYS]

    def each(key: str, read: Callable[[str, dict[str, Value]], T]) -> tuple[T, ...]:
        """What every entry under a key says; one that is not well formed is a problem."""
        entries = data.get(key)
        found = []
        for place, entry in entries.items() if isinstance(entries, dict) else enumerate(entries or ()):
            fields = _mapping(entry)
            subject = str(fields.get("id") or (place if isinstance(place, str) else ""))
            try:
                found.append(read(subject, fields))
            except ValueError as error:
                problems.append(Problem(str(error), source.file, source.line((key, place)), subject))
        return tuple(found)

    own = [name for name, entry in _mapping(data.get("quantities")).items() if not _mapping(entry).get("target")]
    quantities = each("quantities", lambda name, fields: _quantity(name, fields, vocabulary, own))
    facts = Derivations((), quantities).facts
    implications = each("implications", lambda _, fields: _implication(fields, vocabulary, facts))
    orders = each("orders", lambda _, fields: _order(fields, vocabulary))
    tensions = each("tensions", lambda _, fields: _tension(fields, vocabulary, facts))
    told: dict[str, Condition] = {}
    for key in ("planned", "under_way"):
        if key not in data:
            continue
        try:
            told[key] = _on_facts(data[key], vocabulary, facts)
        except ValueError as error:
            problems.append(Problem(str(error), source.file, source.line((key,)), key))
    until = str(data.get("until", ""))
    if until and until not in vocabulary.facts:
        problems.append(
            Problem(f"names the fact '{until}', which does not exist", source.file, source.line(("until",)), "until")
        )
    if problems:
        raise BadInput(problems)
    return Derivations(implications, quantities, orders, tensions, told.get("planned"), told.get("under_way"), until)


def _mapping(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


def _fact(name: Value, vocabulary: Vocabulary) -> Fact:
    if name == AS_AT.name:
        return AS_AT
    if name not in vocabulary:
        raise ValueError(f"'{name}' is not in the vocabulary. {vocabulary.nearest(str(name))}".rstrip())
    return vocabulary[str(name)]


def _implication(entry: dict[str, Value], vocabulary: Vocabulary, derived: Mapping[str, Fact]) -> Implication:
    if set(entry) != {"id", "when", "then", "says"}:
        raise ValueError("needs exactly id, when, then and says")
    when = _on_facts(entry["when"], vocabulary, derived)
    then = _mapping(entry["then"])
    if not then:
        raise ValueError("needs facts under then")
    known = tuple((name, _fact(name, vocabulary).read(value)) for name, value in then.items())
    return Implication(str(entry["id"]), when, known, str(entry["says"]))


def _on_facts(written: Value, vocabulary: Vocabulary, derived: Mapping[str, Fact]) -> Condition:
    """A condition that rests on facts and on no rule. Raises ValueError."""
    when = conditions.read(written, vocabulary, derived)
    for leaf in conditions.leaves(when):
        if not isinstance(leaf, Atom):
            raise ValueError(f"rests on the rule '{leaf.rule}'; facts follow from facts only")
    return when


def _tension(entry: dict[str, Value], vocabulary: Vocabulary, derived: Mapping[str, Fact]) -> Tension:
    if set(entry) != {"id", "when", "says"}:
        raise ValueError("needs exactly id, when and says")
    return Tension(str(entry["id"]), _on_facts(entry["when"], vocabulary, derived), str(entry["says"]))


def _quantity(name: str, entry: dict[str, Value], vocabulary: Vocabulary, own: Collection[str]) -> Quantity:
    if wrong := stray(entry, ("type", "unit", "signed", "target", "formula", "says")):
        raise ValueError(wrong)
    formula = _mapping(entry.get("formula"))
    operation, operands = next(iter(formula.items()), ("", None))
    if operation not in OPERATIONS or len(formula) != 1 or not isinstance(operands, list):
        raise ValueError(f"has the formula {formula}; allowed: {', '.join(OPERATIONS)} of a list of facts")
    types = _OPERANDS[operation]
    facts = [_fact(operand, vocabulary) for operand in operands]
    if len(facts) != len(types) or any(fact.type not in allowed for fact, allowed in zip(facts, types, strict=True)):
        wanted = ", ".join(" or ".join(allowed) for allowed in types)
        raise ValueError(f"computes {operation} of {', '.join(map(str, operands))}; allowed: facts of type {wanted}")
    target = str(entry.get("target") or name)
    if target == name and (name in vocabulary or "." not in name):
        raise ValueError("is not a name of its own, section.fact; what narrows a fact names it as its target")
    kind = entry.get("type")
    if kind not in _NUMBERS:
        raise ValueError("has a type that is not int or number")
    if not entry.get("says"):
        raise ValueError("does not say what it is (says)")
    says, signed = str(entry["says"]), entry.get("signed") == "true"
    unit = str(entry.get("unit") or "")
    fact = Fact(name, kind, (), unit, says, signed=signed, currency=vocabulary.currencies.get(unit))  # type: ignore[arg-type]
    narrows = fact if target in own else _fact(target, vocabulary)
    if narrows.type not in (*_NUMBERS, "date"):
        raise ValueError(f"computes {target}, which is not a number")
    return Quantity(fact, target, operation, tuple(fact.name for fact in facts), says, narrows.possible)


def _order(entry: dict[str, Value], vocabulary: Vocabulary) -> Order:
    if set(entry) != {"id", "first", "then", "says"}:
        raise ValueError("needs exactly id, first, then and says")
    first, then = _fact(entry["first"], vocabulary), _fact(entry["then"], vocabulary)
    for fact in (first, then):
        if fact.type != "date":
            raise ValueError(f"orders {fact.name}, which is not a date")
    return Order(str(entry["id"]), first.name, then.name, str(entry["says"]))
