"""Answers that stand for all: hypothesis holds every answer against those that are tried."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caprev import Assessor
from caprev.facts import conditions, samples
from caprev.facts.knowledge import Choice, Knowledge, Range, Scalar
from caprev.facts.vocabulary import Fact


def test_a_number_of_which_nothing_is_known_or_tested_has_an_answer() -> None:
    """Also one that may be negative, and has no end either way."""
    profit = Fact("plan.profit", "number", (), "", "What was the profit?", signed=True)
    assert list(samples.answers(profit, profit.unknown)) == [Range(0.0, 0.0)]
    years = Fact("held.years", "number", (), "years", "How long?")
    assert Range(0, 0) in samples.answers(years, years.unknown)
    assert list(samples.answers(years, Range(3, 3))) == [Range(3, 3)]


@pytest.mark.parametrize("kind", ["int", "number", "date", "enum", "bool"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_answer_is_told_apart_from_all_those_that_are_tried(
    assessor: Assessor, kind: str, data: st.DataObject
) -> None:
    """Whatever is answered, one of the answers tried decides every test of the rules just as it does."""
    book = assessor.book
    names = [name for name, fact in book.vocabulary.facts.items() if fact.type == kind and name in book.tests]
    fact = book.vocabulary[data.draw(st.sampled_from(names))]
    answer: Knowledge
    if kind in ("enum", "bool"):
        values: tuple[Scalar, ...] = fact.values or (True, False)
        answer = Choice(frozenset([data.draw(st.sampled_from(values))]))
    else:
        low, high = (1, 800_000) if kind == "date" else (0, 10_000)
        number = data.draw(st.floats(low, high) if kind == "number" else st.integers(low, high))
        answer = Range(float(number), float(number))

    def decided(knowledge: Knowledge) -> dict[str, bool]:
        return conditions.decided(book.tests[fact.name], {fact.name: knowledge})

    tried = samples.answers(fact, fact.unknown, samples.cuts(fact, book.tests))
    assert decided(answer) in [decided(one) for one in tried]
