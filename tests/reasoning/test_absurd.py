"""Sense at the edges: what any lawyer would say at once is never said strongly the other way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import caprev
from caprev import Assessor

SETS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("absurd.yaml").read_text(encoding="utf-8"))


def concluded(facts: dict[str, Any]) -> dict[str, Any]:
    """What is printed for machines of a matter with these facts and no others."""
    parcel: dict[str, Any] = caprev.as_dict(caprev.assess({"facts": facts}))["parcels"][0]
    return parcel


@pytest.mark.parametrize("given", SETS, ids=[given["id"] for given in SETS])
def test_what_any_lawyer_would_say_at_once_is_never_said_strongly_the_other_way(given: dict[str, Any]) -> None:
    """The plainest come out on the right side; none of the others is called strong on the wrong one."""
    found = concluded(given["facts"])
    side = found["characterisation"]
    if given.get("plain"):
        assert side == given["side"], given["because"]
    assert side in (given["side"], "undetermined") or found["strength"] != "strong", given["because"]


def test_more_dwellings_never_make_a_realisation_likelier() -> None:
    """A farm of thirty years with ever more houses built on it: the walk goes one way, and ends in revenue."""
    base = next(given["facts"] for given in SETS if given["id"] == "farmers-city-bare")
    walk = [concluded({**base, "development.dwellings_built": built}) for built in (1, 2, 4, 20, 100, 500)]
    chances = [step["probability_revenue"] for step in walk]
    assert chances == sorted(chances)
    assert walk[-1]["characterisation"] == "revenue"


def test_a_farmers_city_is_not_a_farm_realised(assessor: Assessor) -> None:
    """However many grounds of age, pressure and history there are, building by the hundred outgrows them."""
    path = Path(__file__).resolve().parents[2] / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"
    farm = yaml.safe_load(path.read_text("utf-8"))
    farm["development"].pop("stages", None)
    found = []
    for dwellings in (4, 12, 30, 80, 500):
        farm["development"] |= {"lots": 2000, "kind": "dwellings", "dwellings_built": dwellings}
        given = yaml.load(yaml.safe_dump(farm), yaml.BaseLoader)  # a fact set is text until it is read
        (concluded,) = caprev.assess(given, assessor).conclusions
        found.append((concluded.probability or 0.0, concluded.characterisation))
    assert found == sorted(found, key=lambda item: item[0])
    assert [side for _, side in found][-2:] == ["revenue", "revenue"]
