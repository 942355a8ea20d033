"""The condition language: tests on facts, combined with all, any and not.

    when:
      all:
        - development.lots: {at_least: 10}
        - involvement.selling: {in: [agent, developer]}
        - not: {acquisition.purposes: resale}

Semantics are strong Kleene logic. `truth` is the reference evaluator: it defines what a condition means.
`met` and `not_met` compile the same condition to positive normal form, for engines without negation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from caprev.errors import listing
from caprev.facts.knowledge import INFINITY, Knowledge, Scalar, Subset, Truth, day, negation
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.files.reading import Value
from caprev.grouping import grouped
from caprev.once import cached_property


@dataclass(frozen=True, slots=True)
class Signed:
    """A literal of positive normal form: the atom or lower finding `name` is known to be `value`."""

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


Tree = Signed | Conj | Disj


@dataclass(frozen=True)
class Atom:
    """One test on one fact. `operator` is in, between, includes_any, includes_all or only.

    Equal tests on the same fact share their `key`.
    """

    fact: str
    operator: str
    values: frozenset[Scalar]
    low: float = -INFINITY
    high: float = INFINITY
    text: str = ""
    others: frozenset[str] = frozenset()  # for `only`: the values that must be known to be absent

    @cached_property
    def key(self) -> str:
        """The atom's name; made once, because it is looked up all the time."""
        return f"{self.fact} {self.text}"

    @cached_property
    def _members(self) -> frozenset[str]:
        return frozenset(map(str, self.values))

    def decide(self, known: Knowledge) -> Truth:
        """True if every value still possible passes, false if none does, else unknown."""
        if isinstance(known, Subset):
            members = self._members
            if self.operator == "includes_all":
                return True if members <= known.included else None if members.isdisjoint(known.excluded) else False
            if self.operator == "only":
                if known.included - members:
                    return False
                return True if self.others <= known.excluded else None
            return True if members & known.included else False if members <= known.excluded else None
        if self.operator == "between":
            return known.between(self.low, self.high)
        return known.within(self.values)


@dataclass(frozen=True)
class Met:
    """Another rule of a lower stratum is met (or an element satisfied)."""

    rule: str

    @property
    def key(self) -> str:
        """The rule that is asked about."""
        return self.rule


@dataclass(frozen=True)
class AllOf:
    """Every part holds: false as soon as one is false, else unknown as soon as one is unknown."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class AnyOf:
    """One part holds: true as soon as one is true, else unknown as soon as one is unknown."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """The part does not hold; unknown stays unknown."""

    part: Condition


Condition = Atom | Met | AllOf | AnyOf | Not
_LEAF = (Atom, Met)
NOTHING: Mapping[str, bool] = MappingProxyType({})


def truth(condition: Condition, known: Mapping[str, bool]) -> Truth:
    """The reference evaluator. `known` holds the atoms and findings that are decided; others are unknown.

    >>> from caprev.facts.vocabulary import Fact
    >>> lots = Fact("site.lots", "int", (), "", "How many lots?")
    >>> many, few = atom(lots, {"at_least": "10"}), atom(lots, {"at_most": "3"})
    >>> truth(AnyOf((many, few)), {many.key: True})
    True
    >>> truth(AllOf((many, few)), {many.key: True}) is None
    True
    """
    if isinstance(condition, _LEAF):
        return known.get(condition.key)
    if isinstance(condition, Not):
        return negation(truth(condition.part, known))
    decisive = isinstance(condition, AnyOf)
    result: Truth = not decisive
    for part in condition.parts:
        one = known.get(part.key) if isinstance(part, _LEAF) else truth(part, known)  # most parts are leaves
        if one is decisive:
            return one
        result = None if one is None else result
    return result


def holds(condition: Condition, facts: Mapping[str, Knowledge], findings: Mapping[str, bool] = NOTHING) -> Truth:
    """The same truth, straight from what is known of facts: only the atoms that it comes to are decided."""
    if isinstance(condition, Atom):
        known = facts.get(condition.fact)
        return None if known is None else condition.decide(known)
    if isinstance(condition, Met):
        return findings.get(condition.key)
    if isinstance(condition, Not):
        return negation(holds(condition.part, facts, findings))
    decisive = isinstance(condition, AnyOf)
    result: Truth = not decisive
    for part in condition.parts:
        one = holds(part, facts, findings)
        if one is decisive:
            return one
        result = None if one is None else result
    return result


def met(condition: Condition) -> Tree:
    """The tree that holds exactly when the condition is true."""
    return _tree(condition, True)


def not_met(condition: Condition) -> Tree:
    """The tree that holds exactly when the condition is false."""
    return _tree(condition, False)


def _tree(condition: Condition, wanted: bool) -> Tree:
    if isinstance(condition, (Atom, Met)):
        return Signed(condition.key, wanted)
    if isinstance(condition, Not):
        return _tree(condition.part, not wanted)
    parts = tuple(_tree(part, wanted) for part in condition.parts)
    # De Morgan: a conjunction is false when one part is.
    return Conj(parts) if isinstance(condition, AllOf) == wanted else Disj(parts)


def signed_atoms(tree: Tree) -> Iterator[Signed]:
    """Every literal of a tree, left to right, repetitions included."""
    if isinstance(tree, Signed):
        yield tree
    else:
        for part in tree.parts:
            yield from signed_atoms(part)


def leaves(condition: Condition) -> Iterator[Atom | Met]:
    """Every atom and rule the condition reads, in order, repetitions included."""
    if isinstance(condition, (Atom, Met)):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        for part in condition.parts:
            yield from leaves(part)


def named(found: Iterable[Atom | Met]) -> tuple[str, ...]:
    """The facts that leaves name, each once, in order."""
    return tuple(dict.fromkeys([leaf.fact for leaf in found if isinstance(leaf, Atom)]))


def facts_of(condition: Condition) -> tuple[str, ...]:
    """The facts that a condition reads."""
    return named(leaves(condition))


def decided(found: Iterable[Atom | Met], known: Mapping[str, Knowledge]) -> dict[str, bool]:
    """The atoms among leaves that are decided by what is known of their facts."""
    verdicts = {}
    for leaf in found:
        if isinstance(leaf, Atom) and leaf.fact in known:
            verdict = leaf.decide(known[leaf.fact])
            if verdict is not None:
                verdicts[leaf.key] = verdict
    return verdicts


def by_fact(atoms: Iterable[Atom]) -> dict[str, tuple[Atom, ...]]:
    """Tests by the fact that they are on."""
    return {fact: tuple(tests) for fact, tests in grouped((test.fact, test) for test in atoms).items()}


def verdicts(tests: Mapping[str, Iterable[Atom]], known: Mapping[str, Knowledge]) -> dict[str, bool]:
    """Those of many tests, by the fact that they are on, that are decided by what is known of their facts."""
    return {
        test.key: verdict
        for fact, knowledge in known.items()
        for test in tests.get(fact, ())
        if (verdict := test.decide(knowledge)) is not None
    }


def resting_on(condition: Condition, known: Mapping[str, bool]) -> list[Atom | Met]:
    """The decided leaves that make the condition what it is: all of them for a conjunction that holds,
    the decisive ones otherwise."""
    return standing(condition, lambda leaf: known.get(leaf.key))[1]


def open_on(condition: Condition, known: Mapping[str, bool]) -> list[Atom | Met]:
    """The undecided leaves on which an unknown condition waits."""
    return standing(condition, lambda leaf: known.get(leaf.key))[2]


def standing(
    condition: Condition, look: Callable[[Atom | Met], Truth]
) -> tuple[Truth, list[Atom | Met], list[Atom | Met]]:
    """The truth of a condition, what it rests on, and what it waits on; `look` says what is known of a leaf."""
    if isinstance(condition, _LEAF):
        value = look(condition)
        return (None, [], [condition]) if value is None else (value, [condition], [])
    if isinstance(condition, Not):
        value, resting, waiting = standing(condition.part, look)
        return negation(value), resting, waiting
    parts = [standing(part, look) for part in condition.parts]
    truths = [part[0] for part in parts]
    decisive = isinstance(condition, AnyOf)
    value = decisive if decisive in truths else None if None in truths else not decisive
    if value is None:
        return None, [leaf for _, found, _ in parts for leaf in found], [leaf for part in parts for leaf in part[2]]
    return value, [leaf for one, found, _ in parts if one is value for leaf in found], []


# --- reading -----------------------------------------------------------------------------------------------


def read(value: Value, vocabulary: Vocabulary, derived: Mapping[str, Fact] | None = None) -> Condition:
    """A condition from data. Raises ValueError with what is wrong and the nearest valid name."""
    if isinstance(value, list) and value:
        return AllOf(tuple(read(item, vocabulary, derived) for item in value))
    if not isinstance(value, dict) or not value:
        raise ValueError(f"a condition is a mapping such as 'section.fact: value', not '{value}'")
    parts = tuple(_entry(key, item, vocabulary, derived or {}) for key, item in value.items())
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _entry(key: str, item: Value, vocabulary: Vocabulary, derived: Mapping[str, Fact]) -> Condition:
    if key in ("all", "any"):
        if not isinstance(item, list) or not item:
            raise ValueError(f"'{key}' needs a list of conditions")
        parts = tuple(read(part, vocabulary, derived) for part in item)
        return AllOf(parts) if key == "all" else AnyOf(parts)
    if key == "not":
        return Not(read(item, vocabulary, derived))
    if key == "met":
        if not isinstance(item, str):
            raise ValueError("'met' names one rule")
        return Met(item)
    fact = derived.get(key) or vocabulary.facts.get(key)
    if fact is None:
        raise ValueError(f"'{key}' is not in the vocabulary. {vocabulary.nearest(key)}".rstrip())
    return atom(fact, item)


def atom(fact: Fact, item: Value) -> Atom:
    """One test on `fact`: a value, or {in}, {at_least}, {at_most}, {more_than}, {less_than}, {before},
    {includes_any}, {includes_all}, {only}. Raises ValueError.

    >>> from caprev.facts.vocabulary import Fact
    >>> lots = Fact("site.lots", "int", (), "", "How many lots?")
    >>> ten = atom(lots, {"at_least": "10"})
    >>> ten.fact, ten.operator, ten.low, ten.high
    ('site.lots', 'between', 10.0, inf)
    """
    if isinstance(item, str):
        operator: str = "includes_any" if fact.type == "set" else "in"
        operands: Value = [item]
    elif isinstance(item, dict) and len(item) == 1 and next(iter(item)) in _OPERATORS[fact.type]:
        operator, operands = next(iter(item.items()))
    elif isinstance(item, dict) and set(item) == {"at_least", "at_most"} and "at_least" in _OPERATORS[fact.type]:
        low, high = _bound(fact, "at_least", item["at_least"]), _bound(fact, "at_most", item["at_most"])
        if low[0] > high[1]:
            raise ValueError(f"'{fact.name}' is tested with {item}: at_least is greater than at_most")
        return Atom(fact.name, "between", frozenset(), low[0], high[1], f"{item['at_least']}..{item['at_most']}")
    else:
        raise ValueError(
            f"'{fact.name}' is tested with {item}; allowed: a value or one of {listing(_OPERATORS[fact.type])}"
        )
    if operator in _BOUNDS:
        low_high = _bound(fact, operator, operands)
        return Atom(fact.name, "between", frozenset(), *low_high, text=_BOUNDS[operator](str(operands)))
    if not isinstance(operands, list) or not operands or not all(isinstance(item, str) for item in operands):
        raise ValueError(f"'{fact.name}' {operator} needs a list of values")
    if fact.type == "date":
        low, high = _bound(fact, "at_least", item), _bound(fact, "at_most", item)
        return Atom(fact.name, "between", frozenset(), low[0], high[1], f"is {item}")
    if fact.type in ("int", "number") and len(operands) > MOST_NUMBERS:
        raise ValueError(
            f"'{fact.name}' is tested with {len(operands)} numbers; allowed: at most {MOST_NUMBERS} at once"
        )
    values: list[Scalar] = []
    for text in map(str, operands):
        try:
            values.append(fact.scalar(text))
        except ValueError:
            raise ValueError(f"'{text}' is not a value of {fact.name}; allowed: {fact.allowed}") from None
    shown = "|".join(map(str, operands)) if operator == "in" else f"{operator} {'+'.join(map(str, operands))}"
    others = frozenset(fact.values) - set(map(str, operands)) if operator == "only" else frozenset()
    text = f"is {shown}" if operator == "in" else shown
    return Atom(fact.name, operator, frozenset(values), text=text, others=others)


_BOUNDS: dict[str, Callable[[str], str]] = {
    "at_least": lambda n: f">= {n}",
    "at_most": lambda n: f"<= {n}",
    "more_than": lambda n: f"> {n}",
    "less_than": lambda n: f"< {n}",
    "before": lambda n: f"before {n}",
}
MOST_NUMBERS = 30  # of one test: columns hold what lies before, at and after each as bits of one number
_NUMERIC = ("in", "at_least", "at_most", "more_than", "less_than")
_OPERATORS: dict[str, tuple[str, ...]] = {
    "bool": ("in",),
    "enum": ("in",),
    "set": ("includes_any", "includes_all", "only"),
    "int": _NUMERIC,
    "number": _NUMERIC,
    "date": ("at_least", "at_most", "before"),
}


def _bound(fact: Fact, operator: str, item: Value) -> tuple[float, float]:
    try:
        if fact.type == "date":
            first, last = day(str(item))
            return {"at_least": (first, INFINITY), "at_most": (-INFINITY, last), "before": (-INFINITY, first - 1)}[
                operator
            ]
        number = float(fact.scalar(str(item)))
    except ValueError:
        raise ValueError(f"'{item}' is not a value of {fact.name}; allowed: {fact.allowed}") from None
    # Open bounds step past the number by the smallest float, or by one where values are whole.
    step = 1.0 if fact.type == "int" else abs(number) * 1e-12 + 1e-12
    return {
        "at_least": (number, INFINITY),
        "at_most": (-INFINITY, number),
        "more_than": (number + step, INFINITY),
        "less_than": (-INFINITY, number - step),
    }[operator]
