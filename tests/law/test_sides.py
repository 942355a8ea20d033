"""The two sides of the question come from the rulebook, and everything that compares sides asks it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from caprev.errors import BadInput
from caprev.law import packs, rulebook
from caprev.law.pack import Sides
from caprev.reasoning.assess import Assessor

AGAINST = {"id": "capital", "mark": "O"}
FOR = {"id": "revenue", "mark": "F"}


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


@pytest.mark.parametrize("key", ["id", "mark"])
def test_sides_that_cannot_be_told_apart_are_refused(key: str) -> None:
    """Two poles with one name or one letter would be one pole to a reader."""
    with pytest.raises(ValidationError, match=f"has one {key} for both sides"):
        sides(**{key: AGAINST[key]})


def test_a_conclusion_of_no_side_is_told_apart_too() -> None:
    """It has a name and a letter of its own, stands behind the sides in every table, and has no balance."""
    both = {"id": "half_each", "mark": "S"}
    found = Sides.model_validate({"against": AGAINST, "for": FOR, "neither": [both]})
    assert found.conclusions == ("capital", "revenue", "half_each", "undetermined")
    assert [found.apart(name) for name in found.conclusions] == [False, False, True, False]
    assert [found.mark(name) for name in found.conclusions] == ["O", "F", "S", "."]
    assert (found.key, found.probability) == ("probability_revenue", "probability of revenue")
    for key in both:
        with pytest.raises(ValidationError, match=f"has one {key} for two conclusions: {FOR[key]}"):
            Sides.model_validate({"against": AGAINST, "for": FOR, "neither": [both | {key: FOR[key]}]})


@pytest.mark.parametrize("name", ["neutral", "undetermined", "open", "two words", "2nd", "half-each"])
def test_a_side_has_a_name_of_its_own(name: str) -> None:
    """One that says that there is no side, or that no key of data could hold, is refused."""
    with pytest.raises(ValidationError):
        sides(id=name)


SLIPS = [  # a file of the rulebook, what stands there, what stands there instead, and what is said of it
    ("factors/development/works-limited-to-approval.yaml", "favours: capital", "favours: captial",
     "favours is 'captial'. Allowed: capital, revenue, neutral. Did you mean capital?"),
    ("conclusion.yaml", "characterisation: revenue", "characterisation: revenu",
     "characterisation is 'revenu'. Allowed: capital, revenue. Did you mean revenue?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "says"), SLIPS, ids=[row[2] for row in SLIPS])
def test_a_slip_in_a_side_is_named_when_the_law_is_read(
    file: str, old: str, new: str, says: str, tmp_path: Path
) -> None:
    """With file and line, what is allowed and the nearest, like any other name that points nowhere."""
    root = Path(shutil.copytree(packs.home("rules"), tmp_path / "rules"))
    text = (root / file).read_text("utf-8")
    assert old in text
    (root / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as error:
        rulebook.load(root)
    line = text[: text.index(old)].count("\n") + 1
    (told,) = [str(problem) for problem in error.value.problems if says in str(problem)]
    assert told.startswith(f"{root / file}:{line}: ")


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
