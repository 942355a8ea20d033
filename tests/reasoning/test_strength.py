"""The word strong is earned: by answers to the decisive questions and by grounds, not by a balance alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from caprev import Assessor
from caprev.columns.assess import Columns
from caprev.columns.files import of_rows
from caprev.errors import BadInput
from caprev.evaluation.calibrate import with_weighing
from caprev.facts import conditions
from caprev.facts.vocabulary import question
from caprev.files.reading import Source, Value
from caprev.law.rulebook import Rulebook
from caprev.portfolio.batch import Screen
from caprev.reasoning.analysis import Assessment
from caprev.reasoning.conclusion import Conclusion

BOUGHT = {"acquisition": {"mode": "purchase", "purposes": ["resale"]}}
ANSWERS: dict[str, Any] = {
    "taxpayer": {"kind": "company", "prior_developments": "5", "property_occupation": "developer"},
    "acquisition": {
        "mode": "purchase",
        "purposes": ["develop_for_sale", "resale"],
        "purpose_evidence": "documents",
        "documents_show_resale": "true",
        "profit_by_resale": "dominant",
        "searched_for_site": "true",
        "short_term_finance": "true",
    },
    "holding": {"main_use": "vacant", "uses": ["vacant"], "years_to_first_step": "0.5", "accounted_as_stock": "true"},
    "development": {"kind": "dwellings", "dwellings_built": "12", "lots": "12"},
    "involvement": {
        "planning": "owner",
        "contracting": "owner",
        "supervision": "owner",
        "financing": "owner",
        "selling": "owner",
    },
    "arrangement": {"kind": "builder_contract"},
    "finance": {"borrowed": "true"},
    "organisation": {"business_plan": "true", "office_or_staff": "true"},
    "sales": {"method": "owner_marketing", "extensive_advertising": "true", "pre_sales": "true"},
}


def assessed(assessor: Assessor, facts: dict[str, Any]) -> Assessment:
    """A fact set assessed."""
    return assessor.assess(assessor.matter(Source("made up", facts, "{}")))


def concluded(assessor: Assessor, facts: dict[str, Any]) -> Conclusion:
    """What is concluded of a fact set of one parcel."""
    return assessed(assessor, facts).conclusions[0]


@pytest.fixture(scope="module")
def sure(assessor: Assessor) -> Assessor:
    """The law with a balance that would carry the word strong: so that only answers and grounds are wanting."""
    found = Assessor(assessor.rules_directory, assessor.cases_directory)
    weighing = found.book.weighing
    calibration = weighing.calibration.model_copy(update={"strong": weighing.calibration.moderate})
    found.book = with_weighing(found.book, weighing.model_copy(update={"calibration": calibration}))
    return found


def without(facts: dict[str, Any], name: str) -> dict[str, Any]:
    """A fact set less one fact."""
    section, key = name.split(".")
    return {**facts, section: {item: value for item, value in facts[section].items() if item != key}}


def test_two_facts_are_never_strong(assessor: Assessor, sure: Assessor) -> None:
    """Bought to resell, and no more known: whatever the balance, the decisive questions are open."""
    assert concluded(assessor, BOUGHT).strength != "strong"
    found = concluded(sure, BOUGHT)
    assert found.strength != "strong"
    assert not found.earning.reached or found.earning.open


def test_answers_and_grounds_make_a_conclusion_strong(sure: Assessor) -> None:
    """A developer who bought to build and did all of it himself, everything told."""
    found = concluded(sure, ANSWERS)
    assert found.characterisation == "revenue"
    assert found.earning.open == ()
    assert found.earning.lead >= found.earning.needed == 4
    assert found.strength == "strong"


@pytest.mark.parametrize("name", ["taxpayer.prior_developments", "involvement.planning", "development.kind"])
def test_one_decisive_question_open_makes_it_moderate_and_is_named(sure: Assessor, name: str) -> None:
    """What is open is told, and told to be what would make it strong."""
    told = assessed(sure, without(ANSWERS, name))
    found = told.conclusions[0]
    assert found.earning.reached
    assert name in found.earning.waits_on
    assert found.strength == "moderate"
    from caprev.argument.tree import arguments

    notes = " ".join(arguments(told)[0].tree().notes)
    assert f"Answers would make it strong: {question(sure.book.facts[found.earning.waits_on[0]].ask)}" in notes


def test_facts_cut_short_are_never_strong(sure: Assessor) -> None:
    """A fact set may say so itself."""
    found = concluded(sure, {"matter": {"complete": "false"}, **ANSWERS})
    assert found.strength == "moderate"
    assert not found.earning.complete
    assert concluded(sure, {"matter": {"complete": "true"}, **ANSWERS}).strength == "strong"
    with pytest.raises(BadInput, match="true or false"):
        concluded(sure, {"matter": {"complete": "perhaps"}, **ANSWERS})


def test_strong_needs_four_more_grounds(sure: Assessor) -> None:
    """The same answers do not suffice where more grounds are asked for than there are."""
    lead = concluded(sure, ANSWERS).earning.lead
    book = sure.book
    more = Assessor(sure.rules_directory, sure.cases_directory)
    more.book = with_weighing(book, book.weighing.model_copy(update={"lead": lead + 1}))
    assert concluded(more, ANSWERS).strength == "moderate"


def test_columns_say_the_same_of_strength(sure: Assessor) -> None:
    """With each answer left out in turn, and with facts cut short, columns and the pipeline agree."""
    names = [f"{section}.{key}" for section, facts in ANSWERS.items() for key in facts]
    sets = [ANSWERS, BOUGHT, {"matter": {"complete": "false"}, **ANSWERS}, *(without(ANSWERS, name) for name in names)]
    matters = [sure.matter(Source("made up", facts, "{}")) for facts in sets]
    expected = [sure.assess(matter).conclusions[0].strength for matter in matters]
    assert Columns(sure).assess(matters)["strength"].to_list() == expected
    assert {"strong", "moderate"} <= set(expected)


def test_a_row_of_a_portfolio_cut_short_is_not_strong(sure: Assessor) -> None:
    """A table says it in a column of its own, a record in its matter."""
    flat = {f"{section}.{key}": value for section, facts in ANSWERS.items() for key, value in facts.items()}
    rows = [flat, {**flat, "matter.complete": "false"}, {**flat, "matter": {"complete": "false"}}]
    columns = Columns(sure)
    portion = of_rows(rows, columns.reader)
    assert portion.known.odd.tolist() == [False, True, True]
    assert Screen(columns)(portion)[0]["strength"].to_list() == ["strong", "moderate", "moderate"]


def test_every_limb_that_carries_a_conclusion_asks(assessor: Assessor) -> None:
    """Each weighed element or issue declares its decisive questions."""
    book: Rulebook = assessor.book
    assert [n.id for n in book.nodes.values() if n.weighs and n.kind != "indicator" and not book.decisive[n.id]] == []


def test_the_neutral_point_printed_is_that_of_the_calibration(assessor: Assessor) -> None:
    """Above it revenue is the more probable, and nothing on one side of it is concluded for the other."""
    fit = assessor.book.weighing.calibration
    assert fit.undetermined[0] <= fit.neutral <= fit.undetermined[1]
    assert abs(fit.slope * fit.neutral + fit.intercept) < fit.slope * 0.01
    told = assessed(assessor, BOUGHT)
    from caprev.argument.tree import arguments

    assert f"(above {fit.neutral:+.2f} favours revenue;" in arguments(told)[0].tree().notes[0]


def test_a_decisive_question_rests_on_facts_that_exist(assessor: Assessor) -> None:
    """What cannot be asked is refused with what is allowed."""
    from caprev.law import decisive

    book = assessor.book
    refused: list[tuple[Value, str]] = [
        ("holding.main_uses", "Did you mean holding.main_use"),
        ("holding.years", "at_least: 5"),
        ({"met": "business"}, "rests on facts"),
    ]
    for written, what in refused:
        with pytest.raises(ValueError, match=what):
            decisive.read(written, book.vocabulary, book.derivations.facts)
    asked = decisive.read("development.kind", book.vocabulary, book.derivations.facts)
    assert not asked.answered({})
    assert dataclasses.is_dataclass(asked)
    assert all(isinstance(test, conditions.Atom) for test in asked.tests)
