"""The decided cases: each comes out as decided, rests on what it says it rests on, and binds no further than that."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any

import pytest

import caprev
from caprev.facts import conditions
from caprev.facts.conditions import Atom
from caprev.facts.matter import Matter, Parcel
from caprev.files import reading
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.precedents import Case
from caprev.review.linting import decided

ASSESSOR = caprev.load()
CASES = ASSESSOR.cases.cases
BOOK = ASSESSOR.book
POSITIONS = tuple(BOOK.positions)
OTHER = {"capital": "revenue", "revenue": "capital"}

LEADING = {
    "capital": ("statham-v-fct", "casimaty-v-fct", "mccorkell-v-fct", "morton-v-fct"),
    "revenue": ("stevenson-v-fct", "fct-v-whitfords-beach", "crow-v-fct", "august-v-fct", "steinberg-v-fct"),
}
HELD = decided.read(ASSESSOR)[0]  # `rules/checks.yaml`: the leading cases, and those decided otherwise today
CHECKS = decided.Checks(ASSESSOR, HELD)


def some(ids: Iterable[str]) -> list[str]:
    """Case ids in a fixed order."""
    return sorted(ids)


APPLIED = some(id for id, case in CASES.items() if case.subject == "land" and case.shown)
HIDDEN = some(id for id, case in CASES.items() if not case.shown)
GROUNDS = [(id, factor) for id in some(CASES) for factor in CASES[id].because]
THICK = [(id, factor) for id, factor in GROUNDS if len(CASES[id].because) >= 3]


def on_own_facts(case: Case, position: str = "", without: Iterable[str] = ()) -> Conclusion:
    """The case as a matter."""
    return ASSESSOR.assess(ASSESSOR.read(case.file), position, without=without).conclusions[0]


def written(parcel: Parcel, name: str) -> set[str]:
    """The facts that a person wrote and from which a fact follows: itself, unless it was derived."""
    given = parcel.facts.get(name)
    if given is None:
        return set()
    if not given.derived_from:
        return {name}
    return set().union(*(written(parcel, other) for other in given.derived_from))


def record(case: Case) -> dict[str, Any]:
    """The file of a case as data."""
    data = reading.read(case.file).data
    assert isinstance(data, dict)
    return data


def without_facts_of(case: Case, factor: str) -> Matter:
    """The case as a matter in which nothing is known, or follows, of the facts that meet a factor."""
    tested = {leaf.fact for leaf in conditions.leaves(BOOK.conditions[factor]) if isinstance(leaf, Atom)}
    data: dict[str, Any] = copy.deepcopy(record(case))
    matter = ASSESSOR.read(case.file)
    while told := set().union(*(written(matter.parcels[0], fact) for fact in tested)):
        for name in told:
            section, fact = name.split(".")
            del data["facts"][section][fact]
        matter = ASSESSOR.matter(reading.parse(json.dumps(data), case.file))
    return matter


def binds(case: Case, conclusion: Conclusion) -> bool:
    """Whether the case governs a matter as concluded."""
    return next(item for item in conclusion.guidance.all if item.case.id == case.id).binds


# --- outcomes -----------------------------------------------------------------------------------------------


def told(problems: Iterable[caprev.Problem]) -> list[str]:
    return [str(problem) for problem in problems]


@pytest.mark.parametrize("id", APPLIED)
def test_a_case_comes_out_as_decided(id: str) -> None:
    """With itself in the base, a land case that may be relied on is decided as the court decided it."""
    assert told(CHECKS.comes_out_as_decided(CASES[id])) == []


@pytest.mark.parametrize(("side", "id"), [(side, id) for side, ids in LEADING.items() for id in ids])
def test_a_leading_case_comes_out_by_its_own_route(side: str, id: str) -> None:
    """The leading cases are decided on the ground on which the court decided them, and not merely for the side."""
    assert CASES[id].outcome == side
    assert id in HELD.leading
    assert told(CHECKS.comes_out_by_its_own_route(CASES[id])) == []


@pytest.mark.parametrize("id", some(set(CASES) - set(HELD.decided_otherwise_today)))
def test_left_out_a_case_is_never_strongly_the_other_way(id: str) -> None:
    """Without itself in the base, no case is decided `strong` against what the court decided."""
    assert told(CHECKS.left_out_is_not_strongly_the_other_way(CASES[id])) == []


def test_only_one_case_is_excepted() -> None:
    """A case is excepted for a change in the law; it is still decided otherwise, and is never shown."""
    assert list(HELD.decided_otherwise_today) == ["kratzmann-v-fct"]
    assert CHECKS.strongly_otherwise(CASES["kratzmann-v-fct"], BOOK.pack.position)
    assert not CASES["kratzmann-v-fct"].shown


def test_all_is_checked_by_lint() -> None:
    """What holds a case to its rules is no matter of this file alone: an officer runs it with `caprev rules lint`."""
    assert told(decided.check(ASSESSOR)) == []


def test_v65_is_overruled() -> None:
    """The Tribunal's decision that Statham reversed is marked so."""
    assert CASES["case-v65-aat-statham-below"].overruled


# --- what a case rests on -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("id", "factor"), GROUNDS)
def test_a_ground_is_met_and_favours_the_outcome(id: str, factor: str) -> None:
    """Every factor a case rested on is met on its own facts and favours the side that won."""
    assert CASES[id].states[factor] == "met"
    assert BOOK.factors[factor].favours == CASES[id].outcome


@pytest.mark.parametrize(("id", "factor"), [(id, factor) for id in some(CASES) for factor in CASES[id].despite])
def test_what_was_overcome_is_met_and_favours_the_other_side(id: str, factor: str) -> None:
    """Every factor a case overcame is met on its own facts and favours the side that lost."""
    assert CASES[id].states[factor] == "met"
    assert BOOK.factors[factor].favours == OTHER[CASES[id].outcome]


@pytest.mark.parametrize("id", some(CASES))
def test_nothing_that_was_overcome_is_left_out(id: str) -> None:
    """Every factor for the losing side that is met on a case's own facts was overcome, and the case says so."""
    assert told(CHECKS.nothing_overcome_is_left_out(CASES[id])) == []


@pytest.mark.parametrize("id", some(CASES))
def test_thin_grounds_are_owned_up_to(id: str) -> None:
    """A case that rests on fewer than three factors says in a note why there are no more."""
    assert HELD.grounds == 3
    assert told(CHECKS.thin_grounds_are_owned_up_to(CASES[id])) == []


# --- how far a case reaches ---------------------------------------------------------------------------------


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("id", some(id for id, case in CASES.items() if case.because))
def test_a_case_binds_its_own_facts(id: str, position: str) -> None:
    """A case that rests on anything governs a matter with exactly its facts."""
    assert binds(CASES[id], on_own_facts(CASES[id], position))


@pytest.mark.parametrize(("id", "factor"), THICK)
def test_without_the_facts_of_a_ground_a_case_does_not_bind(id: str, factor: str) -> None:
    """A case does not govern a matter of which one thing that it rested on is not known."""
    conclusion = ASSESSOR.assess(without_facts_of(CASES[id], factor)).conclusions[0]
    assert conclusion.states[factor] != "met"
    assert not binds(CASES[id], conclusion)


@pytest.mark.parametrize("id", some(CASES))
def test_no_ground_of_a_case_is_idle(id: str) -> None:
    """Under every position a case does not govern a matter that is like it in all but one thing it rested on."""
    assert told(CHECKS.no_ground_is_idle(CASES[id])) == []


# --- cases that are not authority ---------------------------------------------------------------------------


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("id", some(CASES))
def test_hidden_cases_are_neither_applied_nor_on_point(id: str, position: str) -> None:
    """A case known only from memory, or overruled, neither binds nor persuades nor is argued from."""
    guidance = on_own_facts(CASES[id], position).guidance
    used = {item.case.id for item in (*guidance.by, *guidance.persuaders, *guidance.on_point)}
    assert not used & set(HIDDEN)


@pytest.mark.parametrize("detail", [False, True], ids=["short", "detail"])
@pytest.mark.parametrize("id", some(CASES))
def test_hidden_cases_are_not_in_the_text(id: str, detail: bool) -> None:
    """No text names a case known only from memory, or overruled, but in the history of a case that is shown."""
    text = " ".join(caprev.explain(ASSESSOR.assess(ASSESSOR.read(CASES[id].file)), detail).split())
    for shown in APPLIED:
        for remark in CASES[shown].treatment:
            text = text.replace(" ".join(remark.split()), "")
    named = [hidden for hidden in HIDDEN if BOOK.authorities[CASES[hidden].authority]["short"] in text]
    assert not named
