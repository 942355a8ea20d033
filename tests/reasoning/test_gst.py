"""GST is a question of its own: yes, no, or undetermined with what has to be known first."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import caprev
from caprev import Assessor, BadInput, as_dict
from caprev.law import rulebook, soundness

ROOT = Path(__file__).resolve().parents[2]

HOME = {"acquisition": {"mode": "purchase", "purposes": ["main_residence"], "profit_by_resale": "none"}}
# facts of public matters whose answer on GST is known (or told by a tax author), with that answer
KNOWN: dict[str, tuple[dict[str, Any], str, tuple[str, ...]]] = {
    "a back lot cut from the home, owner not registered": (
        {
            "taxpayer": {"kind": "individual", "gst_registered": False},
            "acquisition": {"mode": "purchase", "purposes": {"includes": ["main_residence"]}},
            "holding": {"uses": ["main_residence"], "main_use": "main_residence"},
            "development": {"kind": "subdivision", "lots": 2, "lots_for_sale": 1, "lots_kept": 1, "dwellings_built": 0},
            "sales": {"dwelling_included": False, "date": "2025-05-01"},
        },
        "no",
        ("no",),
    ),
    "townhouses built for sale by investors through a developer": (
        {
            "taxpayer": {"kind": "co_owners", "gst_registered": False},
            "acquisition": {"mode": "purchase", "purposes": ["develop_for_sale"], "profit_by_resale": "dominant"},
            "holding": {"uses": ["rental"], "main_use": "rental"},
            "decision": {"plan_for_product": "sell_all"},
            "development": {"kind": "dwellings", "dwellings_built": 3},
            "sales": {"date": "2022-08"},
        },
        "yes",
        ("yes", "undetermined"),
    ),
    "units in place of let houses, owner registered for a farm": (
        {
            "taxpayer": {"kind": "individual", "gst_registered": True, "main_activity": "farming"},
            "acquisition": {"mode": "purchase", "purposes": ["rental"]},
            "holding": {"uses": ["rental"], "main_use": "rental"},
            "development": {"kind": "units", "dwellings_built": {"at_least": 2}},
            "sales": {"date": "2025-03"},
        },
        "yes",
        ("yes",),
    ),
    "a complying fund's lot": (
        {
            "taxpayer": {"kind": "super_fund", "gst_registered": False},
            "development": {"kind": "subdivision", "lots": 2, "dwellings_built": 0},
            "sales": {"date": "2025-03", "price": 600000},
        },
        "yes",
        ("yes", "undetermined"),
    ),
    "a new home sold before moving in, registered by mistake": (
        {
            "taxpayer": {"kind": "individual", "gst_registered": True},
            **HOME,
            "holding": {"uses": ["vacant"], "main_use": "vacant"},
            "decision": {"plan_for_product": "keep_all"},
            "development": {"kind": "dwellings", "status": "completed", "dwellings_built": 1},
            "sales": {"date": "2021-03", "dwelling_included": True},
        },
        "no",
        ("no",),
    ),
}


def asked(assessor: Assessor, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the JSON of an assessment says of GST."""
    given = {"matter": {"id": "m", "title": "M", "as_at": "2025-06-30"}, **facts}
    return dict(as_dict(caprev.assess(given, assessor))["parcels"][0]["gst"])


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_answer_on_gst_is_given_or_left_open_with_the_reason(name: str, assessor: Assessor) -> None:
    """Enterprise as decided; the supply never answered wrongly; what is open says what has to be known."""
    facts, enterprise, supply = KNOWN[name]
    found = asked(assessor, facts)
    assert found["enterprise"] == enterprise
    assert found["taxable_supply"] in supply
    for part in ("enterprise", "taxable_supply"):
        why = [reason for reason in found["why"] if reason["question"] == part]
        assert why
        assert all(reason["says"] for reason in why)


def test_registration_not_known_leaves_a_farm_open_and_asks_for_it(assessor: Assessor) -> None:
    """A farmer's paddock is sold in the farm's enterprise if the farmer is registered; unknown is not no."""
    farm: dict[str, dict[str, object]] = {
        "taxpayer": {"kind": "individual"},
        "acquisition": {"mode": "inheritance", "date": "1990"},
        "holding": {"uses": ["farming"], "main_use": "farming", "years": 30},
        "development": {"kind": "none"},
        "sales": {"method": "whole", "date": "2021-05-01"},
    }
    found = asked(assessor, farm)
    assert found["enterprise"] == "undetermined"
    assert "taxpayer.gst_registered" in found["why"][0]["depends_on"]
    registered = {**farm, "taxpayer": {"kind": "individual", "gst_registered": True}}
    assert asked(assessor, registered)["enterprise"] == "yes"
    assert asked(assessor, registered)["taxable_supply"] == "undetermined"
    for goes_on, taxable in ((True, "no"), (False, "yes")):
        sale = {**farm["sales"], "buyer_goes_on_farming": goes_on, "dwelling_included": False}
        assert asked(assessor, {**registered, "sales": sale})["taxable_supply"] == taxable


def test_registered_for_something_else_is_no_sign_of_developing_this_land(assessor: Assessor) -> None:
    """Registration is of the owner: what for decides whether it speaks of this land, and unknown is neither."""
    found = {}
    for what in ("land_activity", "other_enterprise", "mistake", None):
        taxpayer = {"kind": "individual", "gst_registered": True, **({"gst_registered_for": what} if what else {})}
        data = as_dict(caprev.assess({"matter": {"id": "m"}, "taxpayer": taxpayer}, assessor))
        states = {item["id"]: item["state"] for item in data["parcels"][0]["factors"]}
        found[what] = states["gst-registered-for-land"]
        assert states["not-gst-registered"] == "not_met"
    assert found == {"land_activity": "met", "other_enterprise": "not_met", "mistake": "not_met", None: "unknown"}


def test_a_renovated_home_is_new_only_where_nearly_all_of_it_was_replaced(assessor: Assessor) -> None:
    """A third home done up and sold: how much was renovated decides, and is asked."""
    facts: dict[str, Any] = {
        "taxpayer": {"kind": "couple", "property_occupation": "trade", "prior_developments": 2},
        "acquisition": {
            "mode": "purchase",
            "purposes": ["main_residence", "resale"],
            "profit_by_resale": "significant",
        },
        "involvement": {"contracting": "owner", "planning": "owner", "selling": "owner"},
        "sales": {"date": "2023-04-01", "price": 1400000, "dwelling_included": True},
    }
    for substantial, supply in ((True, "yes"), (False, "no"), (None, "undetermined")):
        done = {} if substantial is None else {"substantial_renovation": substantial}
        found = asked(assessor, {**facts, "development": {"kind": "renovation", **done}})
        assert (found["enterprise"], found["taxable_supply"]) == ("yes", supply)
    assert any("development.substantial_renovation" in reason.get("depends_on", ()) for reason in found["why"])


def test_a_fund_that_must_register_makes_a_taxable_supply_though_it_is_not_registered(assessor: Assessor) -> None:
    """Enterprise by what the fund is; the duty to register does what registration does, and its absence ends it."""
    fund = {"kind": "super_fund", "gst_registered": False}
    lot: dict[str, Any] = {"development": {"kind": "subdivision", "lots": 2, "dwellings_built": 0}}
    lot["sales"] = {"date": "2025-03", "dwelling_included": False}
    for required, supply in ((True, "yes"), (False, "no"), (None, "undetermined")):
        taxpayer = {**fund, **({} if required is None else {"gst_required": required})}
        found = asked(assessor, {"taxpayer": taxpayer, **lot})
        assert (found["enterprise"], found["taxable_supply"]) == ("yes", supply)
    assert any("taxpayer.gst_required" in reason.get("depends_on", ()) for reason in found["why"])


def test_the_margin_scheme_is_barred_by_gst_on_the_whole_price(assessor: Assessor) -> None:
    """Bought with GST on the whole price: barred; under the scheme or before GST: open; not known: asked."""
    for bought, state in (
        ({"gst_on_purchase": "full"}, ("gst-margin-scheme-barred", "applies")),
        ({"gst_on_purchase": "margin_scheme"}, ("gst-margin-scheme", "applies")),
        ({"date": "1998"}, ("gst-margin-scheme", "applies")),
        ({}, ("gst-margin-scheme", "depends")),
    ):
        facts = {
            "matter": {"id": "m", "as_at": "2025-06-30"},
            "taxpayer": {"kind": "individual", "gst_registered": True},
            "acquisition": bought,
            "sales": {"date": "2025-03"},
        }
        items = as_dict(caprev.assess(facts, assessor))["parcels"][0]["consequences"]
        found = {item["id"]: item["state"] for item in items if item["id"].startswith("gst-margin")}
        assert (state[0], found[state[0]]) == state
        assert state[1] == "depends" or len(found) == 1


def test_a_sale_before_gst_is_answered_no(assessor: Assessor) -> None:
    """Neither question arises before 1 July 2000, and the reason says so."""
    found = asked(assessor, {"taxpayer": {"kind": "individual"}, "sales": {"date": "1998-05-01"}})
    assert (found["enterprise"], found["taxable_supply"]) == ("no", "no")
    assert {reason["rule"] for reason in found["why"]} == {"gst-not-yet"}


def test_what_no_rule_answers_gives_its_own_reason_and_no_other(assessor: Assessor) -> None:
    """A duplex kept in part: the enterprise is left open because something was built; the supply waits on that."""
    facts = {
        "taxpayer": {"kind": "individual", "gst_registered": True, "gst_registered_for": "other_enterprise"},
        **HOME,
        "holding": {"uses": ["main_residence"], "main_use": "main_residence", "years": 15},
        "decision": {"plan_for_product": "sell_some_keep_some"},
        "development": {"kind": "dwellings", "status": "planned", "dwellings_built": 2, "lots_kept": 1},
        "sales": {"date": "2025-03", "dwelling_included": True, "sold": "new_dwelling"},
    }
    found = asked(assessor, facts)
    assert (found["enterprise"], found["taxable_supply"]) == ("undetermined", "undetermined")
    says = {reason["question"]: reason["says"] for reason in found["why"]}
    assert says["enterprise"].startswith("Something is to be built")
    assert says["taxable_supply"].startswith("It waits on the answer to the question: Is the land sold")
    facts["sales"] = {**facts["sales"], "sold": "old_dwelling"}  # type: ignore[dict-item]
    assert asked(assessor, facts)["enterprise"] == "no"


def test_the_rule_that_answers_is_told_once(assessor: Assessor) -> None:
    """In the argument the answer carries its rule, which is not listed once more among the consequences."""
    known = KNOWN["a back lot cut from the home, owner not registered"][0]
    facts = {"matter": {"id": "m", "as_at": "2025-06-30"}, **known}
    text = str(as_dict(caprev.assess(facts, assessor))["parcels"][0]["argument"])
    assert text.count("gst-realisation-no-enterprise") == 1


def test_a_further_question_cannot_take_a_key_of_every_assessment(tmp_path: Path, assessor: Assessor) -> None:
    """A subject under `answered` that collides with a key of the JSON is refused when the law is read, at its line."""
    shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules")
    file = tmp_path / "rules" / "questions.yaml"
    file.write_text(file.read_text().replace("  gst:\n    question: gst", "  route:\n    question: gst"))
    with pytest.raises(BadInput) as error:
        rulebook.load(tmp_path / "rules")
    assert "is a key of every assessment in JSON" in str(error.value)


def test_the_keys_of_an_assessment_are_those_that_are_kept_free(assessor: Assessor) -> None:
    """The list that the law is held to is the list that is printed."""
    parcel = as_dict(caprev.assess({"matter": {"id": "m"}}, assessor))["parcels"][0]
    own = {*assessor.book.questions.answered, assessor.book.sides.key}
    assert parcel.keys() - own == set(soundness.PARCEL)


def test_a_dwelling_let_for_five_years_since_it_was_built_is_no_longer_new(assessor: Assessor) -> None:
    """Two villas built to keep, let, and sold by an owner registered for a farm: five years decide, and are asked."""
    facts: dict[str, Any] = {
        "taxpayer": {"kind": "individual", "gst_registered": True, "gst_registered_for": "other_enterprise"},
        "acquisition": {"mode": "purchase", "date": "2010", "purposes": ["build_and_hold"]},
        "holding": {"uses": ["rental"], "main_use": "rental"},
        "decision": {"plan_for_product": "keep_all"},
        "development": {"kind": "dwellings", "dwellings_built": 2},
    }
    sale = {"date": "2019-05-01", "used_after_completion": "let"}
    found = {}
    for years in (3, 6, None):
        kept = {"held_after_completion_years": years} if years else {}
        found[years] = asked(assessor, {**facts, "sales": sale | kept})
    assert {years: answer["taxable_supply"] for years, answer in found.items()} == {
        3: "yes",
        6: "no",
        None: "undetermined",
    }
    assert any("sales.held_after_completion_years" in why.get("depends_on", ()) for why in found[None]["why"])


@pytest.mark.parametrize(("going", "taxable"), [(True, "no"), (False, "yes"), (None, "undetermined")])
def test_a_let_building_is_not_called_taxable_before_a_going_concern_is_asked(
    going: bool | None, taxable: str, assessor: Assessor
) -> None:
    """A registered landlord sells a shop: with its lease, as agreed in writing, GST-free; empty, taxable."""
    sale: dict[str, Any] = {"date": "2019-05-01", "sold": "bare_land", "method": "whole"}
    facts = {
        "taxpayer": {"kind": "trust", "gst_registered": True},
        "acquisition": {"mode": "purchase", "date": "2005", "purposes": ["rental"]},
        "holding": {"uses": ["rental"], "main_use": "rental"},
        "development": {"kind": "none"},
        "sales": sale if going is None else {**sale, "going_concern": going},
    }
    assert asked(assessor, facts)["taxable_supply"] == taxable
