"""What matters of other people needed to say and could not: each can be said, asked in plain words, and counts."""

from __future__ import annotations

from typing import Any

import pytest

import caprev
from caprev import Assessor, as_dict

Facts = dict[str, Any]
HOME: Facts = {"taxpayer.kind": "individual", "holding.uses": ["main_residence"]}
# what is said, the facts that say it, and the factor that is met or the consequence that applies because of it
SAID: dict[str, tuple[Facts, str]] = {
    "a half bought and a half taken over later": ({"acquisition.interests": "in_parts"}, "interests-at-several-times"),
    "co-owners with unlike purposes": (
        {"taxpayer.kind": "co_owners", "acquisition.co_owners_differ": True},
        "co-owners-judged-apart",
    ),
    "a partnership of owner and developer": ({"arrangement.kind": "partnership"}, "partnership-with-developer"),
    "a partnership is as much as a joint venture": ({"arrangement.kind": "partnership"}, "joint-venture"),
    "neighbours who sell together": ({"arrangement.kind": "cooperation_agreement"}, "sold-together-with-neighbours"),
    "the old home sold and the new one kept": (
        {"sales.sold": "old_dwelling", "development.dwellings_built": 1, "development.lots_kept": 1},
        "old-home-sold-new-kept",
    ),
    "damage": ({"decision.reasons": ["damage"], "development.kind": "none"}, "old-use-came-to-an-end"),
    "a strip given up for a road": ({"development.boundary_only": True}, "boundary-or-road-only"),
    "a permit shelved and revived": ({"development.permit_shelved": True}, "permit-left-unused"),
    "a resident on the day of the contract": (
        {**HOME, "taxpayer.foreign_resident_at_sale": False, "sales.dwelling_included": True},
        "home-exempt",
    ),
    "an absence from the home": ({**HOME, "holding.absent_years": 3, "sales.dwelling_included": True}, "home-absence"),
    "a home let for nine years": (
        {**HOME, "holding.absent_years": 9, "holding.let_while_absent": True},
        "home-absence-too-long",
    ),
    "a home that was never built": (
        {"taxpayer.kind": "individual", "decision.home_never_built": True},
        "home-never-built",
    ),
    "what the owner told the lender": ({"acquisition.own_statements": "of_reselling"}, "own-statements-of-profit"),
    "what the owner told the council": ({"acquisition.own_statements": "of_holding"}, "own-statements-of-holding"),
    "a trader's separate investment": (
        {"taxpayer.held_as_investment": True, "taxpayer.property_occupation": "developer"},
        "traders-separate-investment",
    ),
    "a project run without method": ({"organisation.unbusinesslike": True}, "run-without-method"),
    "resale as a second plan": (
        {"acquisition.profit_only_if": True, "acquisition.profit_by_resale": "incidental"},
        "profit-only-a-second-plan",
    ),
    "works to keep what earns rent": ({"decision.works_keep_income": True}, "works-to-keep-an-income-asset"),
    "outside investors": ({"taxpayer.outside_investors": True}, "outside-investors"),
}


@pytest.mark.parametrize("name", SAID)
def test_it_can_be_said_and_counts(name: str, assessor: Assessor) -> None:
    """The fact is asked in a sentence of its own with its proof, and a factor or a consequence rests on it."""
    facts, rule = SAID[name]
    for fact in facts:
        assert assessor.book.vocabulary[fact].ask.count("?") == 1
        assert assessor.book.vocabulary[fact].evidence
    farm = {"acquisition.mode": "inheritance", "acquisition.profit_by_resale": "none", "holding.years": 30}
    given = {**farm, "involvement.level": "none", "sales.date": "2024-05-01", **facts}
    parcel = as_dict(caprev.assess({"matter": {"id": "m", "as_at": "2024-06-30"}, "facts": given}, assessor))[
        "parcels"
    ][0]
    met = {item["id"] for item in parcel["factors"] if item["state"] == "met"}
    met |= {item["id"] for item in parcel["consequences"] if item["state"] == "applies"}
    assert rule in met
    without = {key: value for key, value in given.items() if key not in facts}
    bare = as_dict(caprev.assess({"matter": {"id": "m", "as_at": "2024-06-30"}, "facts": without}, assessor))[
        "parcels"
    ][0]
    assert rule not in {item["id"] for item in bare["factors"] if item["state"] == "met"}
    assert rule not in {item["id"] for item in bare["consequences"] if item["state"] == "applies"}


def test_history_is_fixed(assessor: Assessor) -> None:
    """Purposes, dates and papers of the time are not among what flips may change, unless it is asked to."""
    words = assessor.book.vocabulary
    history = [
        "acquisition.purposes", "acquisition.profit_by_resale", "acquisition.documents_show_hold", "acquisition.date",
        "sales.date", "decision.documents_show_development", "acquisition.own_statements",
    ]  # fmt: skip
    assert all(words[name].fixed for name in history)
    assert not any(words[name].fixed for name in ("development.lots_kept", "sales.method", "arrangement.kind"))
