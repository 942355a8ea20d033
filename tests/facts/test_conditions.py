"""What a condition means when not everything is known: true or false only if it stays so whatever is learnt."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caprev import Assessor
from caprev.facts import conditions
from caprev.facts.conditions import AllOf, AnyOf, Atom, Condition, Met, Not, met, not_met, open_on, resting_on, truth
from caprev.facts.knowledge import Choice, Knowledge, Range, Scalar, Subset, Truth, all_of, any_of, negation
from caprev.facts.vocabulary import Fact
from caprev.files.reading import Value
from tests.reference import holds

TRUTHS: tuple[Truth, ...] = (True, False, None)
NAMES = "abcdef"


# --- Kleene's tables ----------------------------------------------------------------------------------------


def test_conjunction() -> None:
    """And: false if one part is false, else unknown if one is unknown."""
    table = {(a, b): all_of([a, b]) for a in TRUTHS for b in TRUTHS}
    assert table == {
        (True, True): True, (True, False): False, (True, None): None,
        (False, True): False, (False, False): False, (False, None): False,
        (None, True): None, (None, False): False, (None, None): None,
    }  # fmt: skip


def test_disjunction() -> None:
    """Or: true if one part is true, else unknown if one is unknown."""
    table = {(a, b): any_of([a, b]) for a in TRUTHS for b in TRUTHS}
    assert table == {
        (True, True): True, (True, False): True, (True, None): True,
        (False, True): True, (False, False): False, (False, None): None,
        (None, True): True, (None, False): None, (None, None): None,
    }  # fmt: skip


def test_negation() -> None:
    """Not: unknown stays unknown."""
    assert [negation(value) for value in TRUTHS] == [False, True, None]


def test_nothing_to_combine() -> None:
    """All of nothing holds, any of nothing does not."""
    assert all_of([]) is True
    assert any_of([]) is False


@pytest.mark.parametrize("many", list(itertools.product(TRUTHS, repeat=3)))
def test_long_combinations_are_those_of_two(many: tuple[Truth, ...]) -> None:
    """Three parts combine as two and one, in any order."""
    for first, second, third in itertools.permutations(many):
        assert all_of(many) is all_of([all_of([first, second]), third])
        assert any_of(many) is any_of([any_of([first, second]), third])
        assert all_of(many) is negation(any_of(map(negation, many)))


# --- conditions ---------------------------------------------------------------------------------------------

leaves = st.sampled_from([Met(name) for name in NAMES])


def combined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=1, max_size=4).map(tuple)
    return several.map(AllOf) | several.map(AnyOf) | parts.map(Not)


trees = st.recursive(leaves, combined, max_leaves=14)
partly = st.dictionaries(st.sampled_from(NAMES), st.booleans())


def completions(known: Mapping[str, bool]) -> Iterator[dict[str, bool]]:
    """Everything that may yet turn out."""
    unknown = [name for name in NAMES if name not in known]
    for values in itertools.product((True, False), repeat=len(unknown)):
        yield {**known, **dict(zip(unknown, values, strict=True))}


def classical(condition: Condition, facts: Mapping[str, bool]) -> bool:
    """Two-valued logic, written independently of the engine."""
    match condition:
        case Met(rule):
            return facts[rule]
        case Not(part):
            return not classical(part, facts)
        case AllOf(parts):
            return all(classical(part, facts) for part in parts)
        case AnyOf(parts):
            return any(classical(part, facts) for part in parts)
    raise AssertionError(condition)


@settings(max_examples=150)
@given(condition=trees, known=partly)
def test_a_verdict_holds_whatever_is_learnt(condition: Condition, known: dict[str, bool]) -> None:
    """If a condition is true or false on what is known, it is so in every completion of what is not."""
    verdict = truth(condition, known)
    if verdict is not None:
        assert all(classical(condition, facts) is verdict for facts in completions(known))


@settings(max_examples=150)
@given(condition=trees, known=partly)
def test_unknown_means_undecided_where_no_name_recurs(condition: Condition, known: dict[str, bool]) -> None:
    """Where every name occurs once, unknown means that some completion makes it true and another false."""
    names = [leaf.key for leaf in conditions.leaves(condition)]
    if len(names) == len(set(names)) and truth(condition, known) is None:
        assert {classical(condition, facts) for facts in completions(known)} == {True, False}


@given(condition=trees, known=partly)
def test_with_everything_known_logic_is_ordinary(condition: Condition, known: dict[str, bool]) -> None:
    """On a complete set of facts a condition is true or false, as in two-valued logic."""
    for facts in completions(known):
        assert truth(condition, facts) is classical(condition, facts)


@settings(max_examples=150)
@given(condition=trees, known=partly, learnt=partly)
def test_learning_more_never_takes_a_verdict_back(
    condition: Condition, known: dict[str, bool], learnt: dict[str, bool]
) -> None:
    """New facts turn unknown into true or false, and change nothing else."""
    before = truth(condition, known)
    if before is not None:
        assert truth(condition, {**learnt, **known}) is before


@settings(max_examples=150)
@given(condition=trees, known=partly)
def test_the_compiled_trees_hold_as_the_condition_does(condition: Condition, known: dict[str, bool]) -> None:
    """The tree for met holds exactly when the condition is true, the tree for not met when it is false."""
    verdict = truth(condition, known)
    assert holds(met(condition), known) is (verdict is True)
    assert holds(not_met(condition), known) is (verdict is False)


@settings(max_examples=150)
@given(condition=trees, known=partly)
def test_a_verdict_rests_on_the_facts_named(condition: Condition, known: dict[str, bool]) -> None:
    """The facts an explanation names are known, and are enough for the verdict on their own."""
    verdict = truth(condition, known)
    named = {leaf.key for leaf in resting_on(condition, known)}
    assert named <= set(known)
    if verdict is not None:
        assert truth(condition, {name: known[name] for name in named}) is verdict


@settings(max_examples=150)
@given(condition=trees, known=partly, learnt=partly)
def test_an_open_condition_waits_on_the_facts_named(
    condition: Condition, known: dict[str, bool], learnt: dict[str, bool]
) -> None:
    """What is asked for is not known yet; learning anything else would not decide the condition."""
    waiting = {leaf.key for leaf in open_on(condition, known)}
    assert not waiting & set(known)
    assert bool(waiting) is (truth(condition, known) is None)
    others = {name: value for name, value in learnt.items() if name not in waiting}
    if waiting:
        assert truth(condition, {**others, **known}) is None


# --- tests on one fact --------------------------------------------------------------------------------------

WORDS = ("ant", "bee", "cat", "dog")
FACTS = {
    "bool": Fact("s.bool", "bool", (), "", "?"),
    "enum": Fact("s.enum", "enum", WORDS, "", "?"),
    "set": Fact("s.set", "set", WORDS, "", "?"),
    "int": Fact("s.int", "int", (), "", "?"),
}
numbers = st.integers(0, 8)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True)


def one_key(key: str, values: st.SearchStrategy[Any]) -> st.SearchStrategy[Value]:
    return st.fixed_dictionaries({key: values})


def written(fact: Fact) -> st.SearchStrategy[Value]:
    """Every form in which a rule may test a fact."""
    if fact.type == "bool":
        return st.sampled_from(["true", "false"])
    if fact.type == "enum":
        return st.sampled_from(WORDS) | one_key("in", words)
    if fact.type == "set":
        listed = [one_key(key, words) for key in ("includes_any", "includes_all", "only")]
        return st.sampled_from(WORDS) | st.one_of(listed)
    text = numbers.map(str)
    single = [one_key(key, text) for key in ("at_least", "at_most", "more_than", "less_than")]
    ordered = st.tuples(numbers, numbers).map(sorted)
    both: st.SearchStrategy[Value] = ordered.map(lambda ends: {"at_least": str(ends[0]), "at_most": str(ends[1])})
    return text | st.one_of(single) | both | one_key("in", st.lists(text, min_size=1, max_size=3))


def knowledge(fact: Fact) -> st.SearchStrategy[Knowledge]:
    if fact.type == "set":
        states = st.lists(st.sampled_from([True, False, None]), min_size=len(WORDS), max_size=len(WORDS))
        return states.map(
            lambda has: Subset(
                frozenset(word for word, value in zip(WORDS, has, strict=True) if value is True),
                frozenset(word for word, value in zip(WORDS, has, strict=True) if value is False),
            )
        )
    if fact.type == "int":
        pairs = st.tuples(numbers, numbers).map(lambda ends: Range(float(min(ends)), float(max(ends))))
        return pairs | st.frozensets(numbers.map(float), min_size=1).map(Choice)
    values: tuple[Scalar, ...] = (True, False) if fact.type == "bool" else WORDS
    return st.frozensets(st.sampled_from(values), min_size=1).map(Choice)


def possible(known: Knowledge) -> list[Knowledge]:
    """Every single value that a fact may still have."""
    if isinstance(known, Choice):
        return [Choice(frozenset({value})) for value in known.values]
    if isinstance(known, Range):
        return [Range(float(number), float(number)) for number in range(int(known.low), int(known.high) + 1)]
    rest = [word for word in WORDS if word not in known.included | known.excluded]
    return [
        Subset(known.included.union(some), frozenset(WORDS) - known.included.union(some))
        for size in range(len(rest) + 1)
        for some in itertools.combinations(rest, size)
    ]


def passes(item: Value, value: Knowledge) -> bool:
    """What a test means on a single value, written independently of the engine."""
    if isinstance(value, Subset):
        if isinstance(item, str):
            return item in value.included
        assert isinstance(item, dict)
        ((operator, operands),) = item.items()
        assert isinstance(operands, list)
        wanted = {str(operand) for operand in operands}
        return {"includes_any": bool(wanted & value.included), "includes_all": wanted <= value.included,
                "only": value.included <= wanted}[operator]  # fmt: skip
    exact = next(iter(value.values)) if isinstance(value, Choice) else value.low
    told = str(exact).lower() if isinstance(exact, bool) else exact if isinstance(exact, str) else str(int(exact))
    if isinstance(item, str):
        return told == item
    assert isinstance(item, dict)
    number = 0 if isinstance(exact, str) else exact
    checks = {
        "in": lambda operand: told in operand,
        "at_least": lambda operand: number >= int(operand),
        "at_most": lambda operand: number <= int(operand),
        "more_than": lambda operand: number > int(operand),
        "less_than": lambda operand: number < int(operand),
    }
    return all(checks[operator](operand) for operator, operand in item.items())


@pytest.mark.parametrize("kind", FACTS)
@settings(max_examples=150)
@given(data=st.data())
def test_a_test_is_decided_only_if_all_values_agree(kind: str, data: st.DataObject) -> None:
    """A test is true only if every value still possible passes it, and false only if none does."""
    fact = FACTS[kind]
    item, known = data.draw(written(fact)), data.draw(knowledge(fact))
    verdicts = {passes(item, value) for value in possible(known)}
    verdict = conditions.atom(fact, item).decide(known)
    assert verdict is None or verdicts == {verdict}


@pytest.mark.parametrize("kind", FACTS)
@settings(max_examples=150)
@given(data=st.data())
def test_a_test_is_unknown_only_if_values_differ(kind: str, data: st.DataObject) -> None:
    """What is known is used in full: where all values still possible agree, the test is decided."""
    fact = FACTS[kind]
    item, known = data.draw(written(fact)), data.draw(knowledge(fact))
    if isinstance(known, Range) and isinstance(item, dict) and "in" in item:
        return  # a list that covers a range number by number is not recognised; it is unknown, and asked for
    verdicts = {passes(item, value) for value in possible(known)}
    if len(verdicts) == 1:
        assert conditions.atom(fact, item).decide(known) is verdicts.pop()


@pytest.mark.parametrize("kind", FACTS)
@given(data=st.data())
def test_equal_tests_share_a_name_and_different_ones_do_not(kind: str, data: st.DataObject) -> None:
    """Two tests of a rulebook that have one name are decided alike on everything that may be known."""
    fact = FACTS[kind]
    first, second = (conditions.atom(fact, data.draw(written(fact))) for _ in range(2))
    if first.key == second.key:
        known = data.draw(knowledge(fact))
        assert first.decide(known) is second.decide(known)


@pytest.mark.parametrize(
    ("written", "known", "verdict"),
    [
        ("1985", "1985", True), ("1985", "1985-06", True), ("1985-06", "1985", None), ("1985", "1986", False),
        ({"before": "1985-09-20"}, "1985-09-19", True), ({"before": "1985-09-20"}, "1985-09-20", False),
        ({"before": "1985-09-20"}, "1985-09", None), ({"before": "1985-09-20"}, "1984", True),
        ({"at_least": "1985"}, "1985-01-01", True), ({"at_least": "1985"}, "1984-12-31", False),
        ({"at_most": "1985"}, "1985-12-31", True), ({"at_most": "1985"}, "1986-01-01", False),
        ({"at_least": "1985", "at_most": "1986"}, "1985-06", True),
        ({"at_least": "1985", "at_most": "1986"}, "1987", False),
    ],
)  # fmt: skip
def test_dates_are_compared_by_what_they_may_be(written: Value, known: str, verdict: Truth, assessor: Assessor) -> None:
    """A year or a month is every day in it, on both sides of a test."""
    fact = assessor.book.vocabulary["sales.date"]
    assert conditions.atom(fact, written).decide(fact.read(known)) is verdict


def test_amounts_are_compared_strictly_or_not(assessor: Assessor) -> None:
    """more_than and less_than leave the amount itself out, at_least and at_most let it in."""
    fact = assessor.book.vocabulary["development.cost"]
    operators = ("less_than", "at_most", "at_least", "more_than")
    verdicts = {
        cost: [conditions.atom(fact, {operator: "250000.5"}).decide(fact.read(cost)) for operator in operators]
        for cost in ("250000.49", "250000.5", "250000.51")
    }
    assert verdicts == {
        "250000.49": [True, True, False, False],
        "250000.5": [False, True, True, False],
        "250000.51": [False, False, True, True],
    }


# --- reading ------------------------------------------------------------------------------------------------


def test_several_entries_are_a_conjunction(assessor: Assessor) -> None:
    """A mapping of tests, and a list, mean all of them."""
    vocabulary = assessor.book.vocabulary
    plain = conditions.read({"development.lots": "2", "taxpayer.retired": "true"}, vocabulary)
    listed = conditions.read([{"development.lots": "2"}, {"taxpayer.retired": "true"}], vocabulary)
    named = conditions.read({"all": [{"development.lots": "2"}, {"taxpayer.retired": "true"}]}, vocabulary)
    assert plain == listed == named
    assert isinstance(plain, AllOf)
    assert [leaf.key for leaf in conditions.leaves(plain)] == ["development.lots is 2", "taxpayer.retired is true"]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"development.lot": "2"}, "'development.lot' is not in the vocabulary. Did you mean development.lots?"),
        ({"development.lots": "many"}, "'many' is not a value of development.lots; allowed: a whole number"),
        ({"development.lots": {"at_least": "ten"}}, "'ten' is not a value of development.lots"),
        ({"development.lots": {"over": "3"}}, "one of in, at_least, at_most, more_than, less_than"),
        ({"development.lots": {"at_least": "3", "less_than": "9"}}, "'development.lots' is tested with"),
        ({"taxpayer.kind": {"in": "trust"}}, "in needs a list of values"),
        ({"taxpayer.kind": {"in": []}}, "in needs a list of values"),
        ({"taxpayer.kind": ["trust"]}, "'taxpayer.kind' is tested with"),
        ({"taxpayer.kind": "person"}, "'person' is not a value of taxpayer.kind; allowed: individual, couple"),
        ({"holding.uses": {"in": ["rental"]}}, "one of includes_any, includes_all, only"),
        ({"sales.date": {"before": "soon"}}, "'soon' is not a value of sales.date"),
        ({"sales.date": "soon"}, "'soon' is not a value of sales.date; allowed: a date"),
        ({"sales.date": {"at_least": "20XX"}}, "'20XX' is not a value of sales.date"),
        ({"development.lots": {"at_least": "nan"}}, "'nan' is not a value of development.lots"),
        ({"development.lots": {"at_least": "inf"}}, "'inf' is not a value of development.lots"),
        ({"development.lots": {"more_than": "0.5"}}, "'0.5' is not a value of development.lots"),
        ({"development.lots": {"at_least": ["1", "2"]}}, "'['1', '2']' is not a value of development.lots"),
        ([], "a condition is a mapping such as 'section.fact: value'"),
        ({"all": []}, "'all' needs a list of conditions"),
        ({"any": {"development.lots": "2"}}, "'any' needs a list of conditions"),
        ({"met": ["a"]}, "'met' names one rule"),
        ({}, "a condition is a mapping such as 'section.fact: value'"),
        ("development.lots", "a condition is a mapping such as 'section.fact: value'"),
        ({"not": {"any": [{"taxpayer.kin": "trust"}]}}, "Did you mean taxpayer.kind?"),
    ],
)
def test_a_bad_condition_is_explained(written: Value, message: str, assessor: Assessor) -> None:
    """Whoever writes a rule is told what is wrong and what a condition may say."""
    with pytest.raises(ValueError, match=re.escape(message)):
        conditions.read(written, assessor.book.vocabulary)


def test_crossed_bounds_are_explained(assessor: Assessor) -> None:
    """A rule that asks for at least 10 and at most 3 is a slip, as it is in a fact set."""
    with pytest.raises(ValueError, match="at_least"):
        conditions.read({"development.lots": {"at_least": "10", "at_most": "3"}}, assessor.book.vocabulary)


def test_every_atom_of_the_rulebook_can_go_either_way(assessor: Assessor) -> None:
    """No test of the rulebook is true, or false, of everything its fact may be: such a test says nothing."""
    facts = {**assessor.book.vocabulary.facts, **assessor.book.derivations.facts}
    idle = [atom.key for atom in assessor.book.atoms if atom.decide(facts[atom.fact].unknown) is not None]
    assert len(assessor.book.atoms) > 100
    assert idle == []


def test_every_factor_can_be_met_and_not_met(assessor: Assessor) -> None:
    """No factor's condition contradicts itself, as far as its own literals show."""
    for factor in assessor.book.factors:
        condition = assessor.book.conditions[factor]
        keys = sorted({leaf.key for leaf in conditions.leaves(condition)})
        assert all(isinstance(leaf, Atom) for leaf in conditions.leaves(condition)), factor
        verdicts = {
            truth(condition, dict(zip(keys, values, strict=True)))
            for values in itertools.islice(itertools.product((True, False), repeat=len(keys)), 5_000)
        }
        assert verdicts == {True, False}, factor
