"""GST is a question of its own: yes, no, or undetermined with what has to be known first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

import caprev
from caprev import Assessor, as_dict

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
    farm = {
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
    sold = {**registered, "sales": {"method": "whole", "date": "2021-05-01", "buyer_goes_on_farming": True}}
    assert asked(assessor, {**sold, "sales": {**sold["sales"], "dwelling_included": False}})["taxable_supply"] == "no"
    others = {**registered, "sales": {"method": "whole", "date": "2021-05-01", "buyer_goes_on_farming": False}}
    others["sales"]["dwelling_included"] = False
    assert asked(assessor, others)["taxable_supply"] == "yes"
