"""The two sides of the question come from the rulebook, and everything that compares sides asks it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from caprev.law.pack import Sides
from caprev.reasoning.assess import Assessor

AGAINST = {"id": "capital", "word": "returned", "account": "for the owner", "mark": "O"}
FOR = {"id": "revenue", "word": "kept", "account": "for the finder", "mark": "F"}


def sides(**changes: str) -> Sides:
    """Two sides, the one under `for` with changes."""
    return Sides.model_validate({"against": AGAINST, "for": FOR | changes})


def test_each_side_has_the_other_and_a_direction() -> None:
    """A balance rises for the pole `for`; what is neither side is answered by it."""
    found = sides()
    assert found.ids == ("capital", "revenue")
    assert [found.other(side) for side in (*found.ids, "undetermined")] == ["revenue", "capital", "revenue"]
    assert [found.sign(side) for side in found.ids] == [-1, 1]
    assert [found.leaning(up) for up in (False, True)] == list(found.ids)


@pytest.mark.parametrize(
    ("balance", "side"),
    [
        (-0.5, "capital"),
        (-0.2, "capital"),
        (-0.19, None),
        (0.0, None),
        (0.29, None),
        (0.3, "revenue"),
        (2.0, "revenue"),
    ],
)
def test_a_balance_on_the_edge_of_the_band_is_outside_it(balance: float, side: str | None) -> None:
    assert sides().at(balance, (-0.2, 0.3)) == side


@pytest.mark.parametrize("key", ["id", "word", "mark"])
def test_sides_that_cannot_be_told_apart_are_refused(key: str) -> None:
    """Two poles with one name, one word or one letter would be one pole to a reader."""
    with pytest.raises(ValidationError, match=f"has one {key} for both sides"):
        sides(**{key: AGAINST[key]})


def test_the_poles_may_stand_the_other_way_round() -> None:
    """Which side a balance above zero speaks for is the rulebook's to say, not the order of the engine's names."""
    found = Sides.model_validate({"against": FOR, "for": AGAINST})
    assert found.ids == ("revenue", "capital")
    assert found.sign("capital") == 1
    assert found.at(1.0, (-0.2, 0.3)) == "capital"


def test_a_case_about_another_subject_governs_nothing(assessor: Assessor) -> None:
    """Which subject that is stands in the rulebook; one that names none lets every case speak."""
    pack = assessor.book.pack
    governing = {case.id for case in assessor.cases.cases.values() if case.governs(pack)}
    assert governing
    elsewhere = pack.model_copy(update={"subject": "another subject"})
    assert not any(case.governs(elsewhere) for case in assessor.cases.cases.values())
    anything = pack.model_copy(update={"subject": ""})
    assert governing < {case.id for case in assessor.cases.cases.values() if case.governs(anything)}
