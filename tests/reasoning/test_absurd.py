"""Sense at the edges: what any lawyer would say at once is never said strongly the other way."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

import caprev
from caprev import Assessor
from caprev.files import reading
from caprev.reasoning.conclusion import Conclusion

SETS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("absurd.yaml").read_text(encoding="utf-8"))
FARM = Path(__file__).resolve().parents[2] / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"


def concluded(assessor: Assessor, facts: dict[str, Any]) -> Conclusion:
    """What is concluded of a matter with these facts and no others."""
    (found,) = caprev.assess({"facts": facts}, assessor).conclusions
    return found


@pytest.fixture
def farm() -> dict[str, Any]:
    """The farm of the first example: bought to farm, held for decades, sold because of age, with little done."""
    found: dict[str, Any] = yaml.safe_load(FARM.read_text("utf-8"))
    found["development"].pop("stages", None)
    return found


def walk(assessor: Assessor, base: dict[str, Any], steps: list[dict[str, dict[str, Any]]]) -> list[Conclusion]:
    """What is concluded of a fact set with each of some changes in turn."""
    found = []
    for step in steps:
        facts = copy.deepcopy(base)
        for section, values in step.items():
            facts.setdefault(section, {}).update(values)
        given = yaml.load(yaml.safe_dump(facts), yaml.BaseLoader)  # a fact set is text until it is read
        found.append(caprev.assess(given, assessor).conclusions[0])
    return found


def rises(found: list[Conclusion]) -> bool:
    """Whether revenue never becomes less probable from one step to the next."""
    return [c.probability for c in found] == sorted(c.probability for c in found)


def test_there_are_sixty_of_them_each_with_its_reason() -> None:
    """A set without a reason tells a reviewer nothing."""
    assert len({given["id"] for given in SETS}) == len(SETS) >= 60
    assert all(given["because"] for given in SETS)


@pytest.mark.parametrize("given", SETS, ids=[given["id"] for given in SETS])
def test_what_any_lawyer_would_say_at_once_is_never_said_strongly_the_other_way(
    given: dict[str, Any], assessor: Assessor
) -> None:
    """The plainest come out on the right side by the right road; none is called strong on the wrong one."""
    found, because = concluded(assessor, given["facts"]), given["because"]
    if given.get("plain"):
        assert found.characterisation == given["side"], because
    assert found.characterisation in (given["side"], "undetermined") or found.strength != "strong", because
    assert given.get("least", 0) <= found.probability <= given.get("most", 1), because
    if "route" in given:
        assert found.route == given["route"], because


def test_more_dwellings_never_make_a_realisation_likelier(assessor: Assessor) -> None:
    """A farm of thirty years with ever more houses built on it: the walk goes one way, and ends in revenue."""
    base = next(given["facts"] for given in SETS if given["id"] == "farmers-city-bare")
    steps = [concluded(assessor, {**base, "development.dwellings_built": built}) for built in (1, 2, 4, 20, 100, 500)]
    assert rises(steps)
    assert steps[-1].characterisation == "revenue"


def test_a_farmers_city_is_not_a_farm_realised(assessor: Assessor, farm: dict[str, Any]) -> None:
    """However many grounds of age, pressure and history there are, a street of houses outgrows them."""
    farm["development"] |= {"lots": 2000, "kind": "dwellings"}
    counts = (0, 1, 2, 4, 12, 30, 80, 500)
    found = walk(assessor, farm, [{"development": {"dwellings_built": built}} for built in counts])
    assert rises(found)
    assert found[0].characterisation == "capital"
    assert [c.characterisation for c in found[-3:]] == ["revenue"] * 3


@pytest.mark.parametrize("scope", ["council_required", "beyond_required"])
def test_lots_work_with_works(assessor: Assessor, farm: dict[str, Any], scope: str) -> None:
    """From two lots to five thousand: size alone does not convert (Statham at 233), with an estate's works it does."""
    lots = (2, 5, 10, 20, 50, 105, 200, 500, 1000, 2000, 5000)
    found = walk(assessor, farm, [{"development": {"lots": number, "works_scope": scope}} for number in lots])
    assert rises(found)
    assert found[0].characterisation == "capital"
    assert found[-1].characterisation == ("capital" if scope == "council_required" else "revenue")


def test_risk_and_return_work_with_scale(assessor: Assessor, farm: dict[str, Any]) -> None:
    """Of an estate of fifty lots: from a price for the land, over a share of the takings, to all of the profit and
    the risk."""
    farm["development"] |= {"lots": 50, "works_scope": "beyond_required"}
    steps = [
        {"owner_return": "land_price", "risk_on_owner": False},
        {"owner_return": "share_of_gross_proceeds", "risk_on_owner": False},
        {"owner_return": "share_of_profit", "risk_on_owner": False},
        {"owner_return": "share_of_profit", "risk_on_owner": True},
    ]
    found = walk(assessor, farm, [{"arrangement": step} for step in steps])
    assert rises(found)
    assert found[0].characterisation == "capital"
    assert found[-1].characterisation == "revenue"


def test_the_probability_is_nowhere_flat(assessor: Assessor, farm: dict[str, Any]) -> None:
    """Where the balance differs, so does the probability: a city is less of a realisation than a farm."""
    found = walk(assessor, farm, [{}, {"development": {"lots": 1000}}])
    assert found[0].balance < found[1].balance < -3
    assert found[0].probability < found[1].probability


def test_who_the_owner_is_counts_only_so_far(assessor: Assessor, farm: dict[str, Any]) -> None:
    """Further grounds of age, health and history move nothing once there are many."""
    more = {
        "decision": {"reasons": ["age_or_retirement", "encroachment", "unable_to_sell_whole", "ill_health", "death"]}
    }
    before, after = walk(assessor, farm, [{}, more])
    assert before.findings["business"].balance == after.findings["business"].balance


def test_a_disputed_purpose_does_not_count_in_full(assessor: Assessor) -> None:
    """The same purpose, marked as disputed, weighs less; columns and the pipeline read the mark alike."""
    facts: dict[str, Any] = {"acquisition": {"mode": "purchase", "purposes": ["main_residence"]}}
    disputed = {"acquisition": {"mode": "purchase", "purposes": {"value": ["main_residence"], "standing": "disputed"}}}
    limb = "tr-92-3/profit-purpose-at-entry"
    (plain,), (marked,) = (caprev.assess(given, assessor).conclusions for given in (facts, disputed))
    assert plain.findings[limb].balance < marked.findings[limb].balance
    assert marked.states["stated-purpose-disputed"] == "met"


def test_a_registration_alone_makes_no_business(assessor: Assessor) -> None:
    """A number of the tax office's is no activity."""
    found = concluded(assessor, {"taxpayer.kind": "individual", "taxpayer.gst_registered": "true"})
    assert found.characterisation != "revenue" or found.route != "business"
    assert found.findings["tr-97-11/course"].state == "not_satisfied"


def test_both_roads_are_told_where_both_are_arguable(assessor: Assessor) -> None:
    """One earlier project beside this one: a business or not, and what each would mean."""
    facts = {
        "taxpayer.kind": "company",
        "taxpayer.prior_developments": "2",
        "acquisition.purposes": ["develop_for_sale"],
        "acquisition.profit_by_resale": "dominant",
        "development.kind": "dwellings",
        "development.dwellings_built": "2",
    }
    told = caprev.assess({"facts": facts}, assessor)
    assert told.conclusions[0].route == "isolated_transaction"
    assert caprev.as_dict(told)["parcels"][0]["route_arguable"] == "business"
    assert "Both roads are arguable." in caprev.explain(told)


def test_what_leans_on_a_point_under_appeal_says_so_first(assessor: Assessor) -> None:
    """A developer who does everything speaks for realisation only as Morton has it, which is under appeal."""
    facts = next(given["facts"] for given in SETS if given["id"] == "manager-for-a-fee")
    told = caprev.assess({"facts": facts}, assessor)
    assert told.conclusions[0].earning.appealed == ("attribution",)
    assert not told.conclusions[0].earning.grounded
    first = caprev.explain(told).split("1. Assumptions")[0]
    assert "Under appeal:" in first


def test_what_statute_says_of_a_fund_is_told_with_the_conclusion(assessor: Assessor) -> None:
    """Two houses built to sell are no income of a complying fund, whatever they are of anybody else."""
    facts = {
        "acquisition.purposes": ["develop_for_sale"],
        "acquisition.profit_by_resale": "dominant",
        "development.kind": "dwellings",
        "development.dwellings_built": "2",
        "sales.date": "2024-05-01",
    }
    firsts = {}
    for kind in ("super_fund", "couple"):
        told = caprev.assess({"facts": {**facts, "taxpayer.kind": kind}}, assessor)
        assert told.conclusions[0].characterisation == "revenue"
        firsts[kind] = caprev.explain(told).split("Why revenue")[0]
    assert "s 295-85(2)(a) ITAA 1997" in firsts["super_fund"]
    assert "295-85" not in firsts["couple"]


def test_of_nothing_nothing_is_made_out_and_nothing_is_said_of_the_land(assessor: Assessor) -> None:
    """Silence satisfies no element and no issue; what has to be shown is said not to be shown, and not to be untrue."""
    (analysis,) = assessor.assess(assessor.matter(reading.parse("facts: {}"))).analyses
    assert analysis.conclusion.characterisation == "undetermined"
    for name, finding in analysis.conclusion.findings.items():
        assert finding.state != "satisfied", name
        if finding.state == "not_satisfied":
            assert analysis.found(name, finding.state).startswith("Nothing stated shows that "), name
