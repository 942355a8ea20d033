"""No sentence of an explanation contradicts a fact, or another sentence, and nothing planned is told as done.

Every example, decided case, ruling and piece of guidance is explained, and each as if its project were only planned.
A claim is a form of words and the facts with which it cannot stand.
"""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import caprev
from caprev import Assessor
from caprev.argument.reasons import Kind, Reason
from caprev.argument.tree import arguments
from caprev.facts import conditions
from caprev.facts.knowledge import Knowledge
from caprev.files import reading
from caprev.reasoning.analysis import Assessment

ROOT = Path(__file__).resolve().parents[2]
MATTERS = sorted((ROOT / "cases" / "au-land").glob("*/*.yaml"))
MANY = 8
"""Matters are explained in this many lots, so that a failure names few."""
LOTS = [MATTERS[lot::MANY] for lot in range(MANY)]

# words that are said, and facts any of which would make them untrue
CLAIMS: tuple[tuple[str, Any], ...] = (
    (r"no plan to (develop|resell)", {"acquisition.profit_by_resale": {"in": ["significant", "dominant"]}}),
    (
        r"neither development nor resale is given",
        {"acquisition.purposes": {"includes_any": ["develop_for_sale", "resale"]}},
    ),
    (
        r"played no part in acquiring|at most a passing hope",
        {"acquisition.profit_by_resale": {"in": ["significant", "dominant"]}},
    ),
    (r"the main reason for acquiring|at least one of the real reasons", {"acquisition.profit_by_resale": "none"}),
    (r"it (was|is to be) cut into", {"development.kind": {"in": ["none", "approvals_only"]}}),
    (r"it (was|is to be) subdivided", {"development.kind": {"in": ["none", "approvals_only"]}}),
    (r"with nothing done to it|No works (were|are)", {"development.works": {"includes_any": ["roads", "dwellings"]}}),
    (r"No dwellings or units", {"development.dwellings_built": {"at_least": 1}}),
    (r"dwellings or more (were|are)|put up on the land|Apartments", {"development.dwellings_built": 0}),
    (r"No money (was|is to be) borrowed", {"finance.borrowed": True}),
    (r"Money (was|is to be) borrowed", {"finance.borrowed": False}),
    (r"bore no risk|is to bear no risk", {"arrangement.risk_on_owner": True}),
    (r"bore the risk|is to bear the risk", {"arrangement.risk_on_owner": False}),
    (r"acquired before 20 September 1985, and", {"acquisition.pre_cgt": False}),
    (r"no occupation in property", {"taxpayer.property_occupation": "developer"}),
    (r"no earlier subdivision", {"taxpayer.prior_developments": {"at_least": 1}}),
    (r"planned no further project|plans no further project", {"future.more_projects_planned": True}),
    (
        r"main residence|[Aa] home sold with its land|home first let",
        {"taxpayer.kind": {"in": ["company", "super_fund", "not_for_profit"]}},
    ),
    (r"was never turned to development", {"holding.change_to_development": True}),
    (r"registered for GST for the land", {"taxpayer.gst_registered": False}),
)
# What a project does: facts of it are not known to have happened while it is planned.
PROJECT = ("arrangement", "development", "finance", "future", "involvement", "organisation", "sales")
PAST = re.compile(r"\b(was|were|did|had|took|bore|kept|ran|went|used|paid|sold|put|built|planned|arranged|\w+ised)\b")
PARTICIPLE = re.compile(
    r"\b(is|are|be|not|or|and|been|by|only) (\w+ )?(\w+ed|put|built|sold|paid|kept|done|cut|used)\b"
)


def matter_of(path: Path) -> dict[str, Any]:
    """A matter as its file tells it."""
    found: Any = reading.read(path).data
    return copy.deepcopy(found)


def assessed(assessor: Assessor, data: Any) -> Assessment:
    """A matter given as data, assessed."""
    return assessor.assess(assessor.matter(reading.parse(json.dumps(data))))


def sentences(reason: Reason) -> Iterator[Reason]:
    """Every reason that tells of this matter: not the law at large, nor decided cases, nor what is not known."""
    if reason.kind in (Kind.CASE, Kind.OTHERS, Kind.MISSING, Kind.POINT):
        return
    yield reason
    for child in reason.children:
        yield from sentences(child)


def contradicted(assessor: Assessor, known: Mapping[str, Knowledge], text: str) -> list[str]:
    """The claims in a text that the facts deny."""
    book = assessor.book
    found = []
    for words, denied in CLAIMS:
        when = conditions.read(_text(denied), book.vocabulary, book.derivations.facts)
        leaves = conditions.leaves(when)
        if re.search(words, text) and conditions.truth(when, conditions.decided(leaves, known)) is True:
            found.append(words)
    return found


def _text(value: Any) -> Any:
    """A condition as the strict reader leaves it: every scalar is text."""
    if isinstance(value, dict):
        return {key: _text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("lot", LOTS, ids=range(MANY))
def test_no_sentence_contradicts_a_fact(lot: list[Path], assessor: Assessor) -> None:
    """What is said of a matter is not denied by what is known of it; two opposite claims are thus never both made."""
    faults, told = [], 0
    for path in lot:
        assessment = assessor.assess(assessor.read(path))
        for argument in arguments(assessment):
            known = argument.conclusion.parcel.known
            for reason in sentences(argument.tree()):
                if reason.kind in (Kind.FACTOR, Kind.BRIEF, Kind.CONSEQUENCE):
                    text = reason.text if reason.kind != Kind.CONSEQUENCE else reason.heading
                    faults += [f"{path.stem}: {text} ({words})" for words in contradicted(assessor, known, text)]
                    told += 1
    assert not faults
    assert told > len(lot)


def test_every_claim_is_made_by_some_sentence(assessor: Assessor) -> None:
    """A claim that no rule makes any more would hold nothing."""
    book = assessor.book
    texts = [form for rule in book.factors.values() for form in (rule.text, rule.text.planned)]  # type: ignore[attr-defined]
    texts += [rule.title for rule in book.consequences.values()]
    unused = [words for words, _ in CLAIMS if not any(re.search(words, text) for text in texts)]
    assert unused == [r"no plan to (develop|resell)"]  # kept out for good


def told_as_done(text: str) -> bool:
    """Whether a sentence tells something as done, participles of a passive set aside."""
    return bool(PAST.search(PARTICIPLE.sub("", text)))


def test_what_a_project_does_is_never_told_as_done_while_it_is_planned(assessor: Assessor) -> None:
    """Each sentence that rests only on facts of the project has a form for a plan."""
    faults = []
    for rule in assessor.book.factors.values():
        sections = {fact.split(".")[0] for fact in assessor.book.facts_read[rule.id]}
        planned = rule.text.planned  # type: ignore[attr-defined]
        if sections <= set(PROJECT) and told_as_done(planned):
            faults.append(f"{rule.id}: {planned}")
    assert not faults


@pytest.mark.parametrize("lot", LOTS[:2], ids=range(2))
def test_a_planned_project_is_told_as_planned(lot: list[Path], assessor: Assessor) -> None:
    """The same matters, only planned: every factor of the project is told in the form for a plan, in all places."""
    planned = 0
    for path in lot:
        data = matter_of(path)
        data.setdefault("development", {})["status"] = "planned"
        try:
            assessment = assessed(assessor, data)
        except caprev.BadInput:  # a case whose other facts deny that the project was only planned
            continue
        for argument in arguments(assessment):
            for reason in sentences(argument.tree()):
                rule = assessor.book.factors.get(reason.rule)
                if rule and rule.text != rule.text.planned:  # type: ignore[attr-defined]
                    assert rule.text not in reason.text
                    planned += 1
    assert planned


@pytest.mark.parametrize("path", [ROOT / "cases/au-land/examples/farm-subdivision.yaml"], ids=["farm"])
def test_done_and_planned_are_told_apart(path: Path, assessor: Assessor) -> None:
    """The same farm, done and planned: `lots were created` becomes `are to be created`, in text and in JSON."""
    told = {}
    for status in ("completed", "planned"):
        data = matter_of(path)
        data["development"]["status"] = status
        parcel = caprev.as_dict(caprev.assess(data, assessor))["parcels"][0]
        told[status] = str(parcel["argument"])
    assert "Twenty or more lots or dwellings were created or approved" in told["completed"]
    assert "are to be created" not in told["completed"]
    assert "Twenty or more lots or dwellings are to be created" in told["planned"]
    assert "were created" not in told["planned"]


def test_facts_that_stand_against_each_other_are_said(assessor: Assessor) -> None:
    """A home as the only purpose, and resale as the main reason: both are counted, and the reader is told."""
    facts: dict[str, Any] = {
        "matter": {"id": "m", "as_at": "2024-06-30"},
        "acquisition": {"mode": "purchase", "purposes": ["main_residence"], "profit_by_resale": "dominant"},
    }
    text = str(caprev.as_dict(caprev.assess(facts, assessor))["parcels"][0]["argument"])
    assert "Facts that stand against each other: neither development nor resale is given" in text
    facts["acquisition"]["profit_by_resale"] = "none"
    assert "stand against each other" not in str(caprev.as_dict(caprev.assess(facts, assessor))["parcels"][0])


def test_years_held_and_the_year_of_sale_settle_that_land_is_not_pre_cgt(assessor: Assessor) -> None:
    """Five years before a sale of 2023 leave nothing open; years that may end when long works began do."""
    base = {"matter": {"id": "m"}, "taxpayer": {"kind": "individual"}}
    for years, sold, settled in ((5, "2023", True), (10, "2024", True), (20, "2026", False), (5, "2010", False)):
        facts = {**base, "holding": {"years": years}, "sales": {"date": sold}}
        known = assessed(assessor, facts).conclusions[0].parcel.known
        assert ("acquisition.pre_cgt" in known) is settled


def test_no_heading_asks_what_is_not_answered(assessor: Assessor) -> None:
    """A consequence states what follows; only the further questions ask, each with its answer beside it."""
    assert [rule.id for rule in assessor.book.consequences.values() if "?" in rule.title] == []


def test_a_company_is_not_told_of_the_main_residence(assessor: Assessor) -> None:
    """Whatever is known of a company's land, the exemption for homes is no matter for it."""
    for uses, kind in itertools.product(([], ["rental"], None), ("company", "super_fund")):
        facts = {
            "matter": {"id": "m", "as_at": "2024-06-30"},
            "taxpayer": {"kind": kind},
            "acquisition": {"mode": "purchase", "purposes": ["develop_for_sale"], "date": "2015"},
            "sales": {"date": "2024-05-01"},
            **({} if uses is None else {"holding": {"uses": uses}}),
        }
        parcel = caprev.as_dict(caprev.assess(facts, assessor))["parcels"][0]
        assert not [item["id"] for item in parcel["consequences"] if item["id"].startswith("home-")]


def test_works_under_way_are_told_as_going_on_until_the_land_is_sold(assessor: Assessor) -> None:
    """What is half built when the matter is considered is neither told as built nor as a plan."""
    data: dict[str, Any] = {
        "matter": {"as_at": "2024-06-30"},
        "development": {
            "kind": "dwellings",
            "status": "under_way",
            "dwellings_built": "6",
            "works_scope": "beyond_required",
        },
        "involvement": {"contracting": "owner", "planning": "owner", "supervision": "owner"},
    }

    def said() -> str:
        return " ".join(str(reason.text) for a in arguments(assessed(assessor, data)) for reason in sentences(a.tree()))

    assert "are being put up" in said()
    assert "were put up" not in said()
    assert "are to be put up" not in said()
    data["sales"] = {"date": "2023-03-01"}
    assert "were put up" in said()
    assert "are being put up" not in said()
