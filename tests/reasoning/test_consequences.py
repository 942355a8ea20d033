"""What follows in law: every rule's examples, dates that change the law, figures to the cent, and what is open."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import caprev
from caprev import Assessor, BadInput
from caprev.facts.knowledge import Choice, Knowledge, Range
from caprev.facts.vocabulary import Vocabulary
from caprev.files.reading import Value
from caprev.law import authorities, figures, rulebook
from caprev.law.figures import Sheet, Worked, facts_of
from caprev.law.models import Consequence, Factor, Figure, Node, Supposed
from caprev.reasoning import consequences
from caprev.reasoning.consequences import Followed, Setting
from caprev.review import examples

ROOT = Path(__file__).resolve().parents[2]
BOOK = rulebook.load(ROOT / "rules" / "au-land")
RULES = list(BOOK.consequences.values())
STANDING = {"memory": 0, "second_hand": 1, "seed": 2, "seen": 2}
Facts = dict[str, Any]


def parcel_of(assessor: Assessor, facts: Facts, **options: Any) -> dict[str, Any]:
    """A fact set through the whole pipeline: its only parcel as the JSON contract has it."""
    matter = {"matter": {"id": "test", "as_at": options.pop("as_at", "2025-06-30")}, "facts": facts}
    data = caprev.as_dict(caprev.assess(matter, assessor, **options))
    return dict(json.loads(json.dumps(data))["parcels"][0])


def by_id(parcel: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["id"]: item for item in parcel["consequences"]}


def values(item: Mapping[str, Any]) -> dict[str, Any]:
    return {figure["id"]: figure["value"] for figure in item["figures"]}


def supposed(facts: Facts, characterisation: str, route: str = "", **more: Any) -> dict[str, Followed]:
    """What follows from a conclusion that is only supposed, by rule."""
    conclusion = {"characterisation": characterisation, "route": route, **more}
    example = Supposed.model_validate(
        {"name": "supposed", "facts": facts, "conclusion": conclusion, "expect": "applies", "as_at": "2025-06-30"}
    )
    found = {rule.id: examples.run_example(BOOK, rule, example) for rule in RULES}
    return {name: item for name, item in found.items() if item.state != "does_not_apply"}


# A home block of an individual, let and then sold as it stood.
CAPITAL: Facts = {
    "taxpayer.kind": "individual",
    "taxpayer.main_activity": "employment",
    "taxpayer.property_occupation": "none",
    "taxpayer.prior_developments": "0",
    "acquisition.mode": "purchase",
    "acquisition.date": "1999-11-05",
    "acquisition.purposes": ["rental"],
    "acquisition.profit_by_resale": "none",
    "holding.main_use": "rental",
    "holding.used_until_project": "true",
    "development.kind": "subdivision",
    "development.lots": "3",
    "development.works_scope": "council_required",
    "development.dwellings_built": "0",
    "involvement.level": "minor",
    "involvement.selling": "agent",
    "arrangement.kind": "none",
    "finance.borrowed": "false",
    "sales.date": "2025-02-01",
    "sales.price": "900000.55",
    "amounts.cost_base": "400000.10",
}
# A farm committed to building twelve dwellings for sale.
VENTURED: Facts = {
    "taxpayer.kind": "individual",
    "arrangement.kind": "none",
    "acquisition.mode": "purchase",
    "acquisition.date": "1990-02-01",
    "sales.date": "2025-02-01",
    "sales.price": "2000000",
    "amounts.cost": "300000",
    "amounts.cost_base": "900000",
    "amounts.value_at_commitment": "1000000",
    "amounts.cost_base_at_commitment": "300000",
    "amounts.works_cost": "550000",
    "amounts.selling_costs": "50000",
}
FINDINGS = {"tr-92-3/profit-purpose-at-entry": False, "tr-92-3/ventured": True}


# --- the rules ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_examples_hold(rule: Consequence) -> None:
    """Every example comes out as written, figures to the cent, and each state is shown by one."""
    assert {example.expect for example in rule.examples} == {"applies", "does_not_apply", "depends"}
    for example in rule.examples:
        assert not examples.fault(BOOK, rule, example), example.name


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_authority_is_as_good_as_its_record(rule: Consequence) -> None:
    """A pinpoint exists in the record, and no rule claims to have seen what the record only recalls."""
    for cited in rule.authority:
        known = authorities.mark(BOOK.authorities[cited.cite], cited.pinpoint)
        assert known
        assert cited.mark
        assert STANDING[cited.mark] <= STANDING[known]


HEADINGS = {
    "charging": ["net-capital-gain", "no-ordinary-income"],
    "event A1": ["event-a1"],
    "pre-CGT": ["pre-cgt-disregarded", "pre-cgt-lost", "pre-cgt-improvements", "pre-cgt-buildings"],
    "split and merged assets": ["lots-keep-acquisition-date", "titles-merged"],
    "cost base": ["capital-gain", "manager-fees"],
    "discount": ["discount-half", "discount-fund", "discount-none-for-company", "discount-foreign-owner"],
    "agreements of the first year": ["discount-early-agreement"],
    "indexation": ["indexed-cost-base", "indexation-choice"],
    "deducted and holding costs": ["deducted-costs", "holding-costs-in-cost-base", "vacant-land-holding-costs"],
    "settlement": ["foreign-resident-withholding", "foreign-resident-withholding-earlier", "gst-notice"],
    "foreign residents": ["home-foreign-resident", "foreign-residents-2026"],
    "first income use": ["home-first-income-use"],
    "dwelling losses": ["reform-dwelling-losses"],
    "State taxes": ["windfall-gains-tax"],
    "loss": ["capital-loss", "isolated-loss", "business-loss", "residual-loss"],
    "main residence": ["home-exempt", "home-lot-sold-alone", "home-partly-exempt", "home-does-not-shelter-profit"],
    "small business": ["small-business-conditions", "small-business-fifteen-years", "small-business-half"],
    "isolated transaction": ["isolated-net-profit", "profit-from-cost", "profit-from-value-at-commitment"],
    "s 118-20": ["profit-taken-out-of-gain", "growth-before-commitment"],
    "business": ["business-gross-proceeds", "stock-from-purchase", "stock-later", "stock-holding-costs"],
    "K4 and elections": ["event-k4", "event-k4-pre-cgt", "stock-at-cost", "stock-at-market-value"],
    "residual": ["profit-making-plan", "acquired-for-profit-by-sale", "residual-closed-by-income"],
    "2027": ["reform-discount", "reform-pre-cgt", "reform-held-across", "reform-companies-and-funds"],
    "GST": ["gst-separate", "gst-enterprise", "gst-turnover", "gst-margin-scheme"],
}


def test_every_heading_of_the_digest_is_covered() -> None:
    """The law digest on consequences has a rule for each of its topics."""
    assert len(RULES) >= 25
    assert {name for names in HEADINGS.values() for name in names} <= set(BOOK.consequences)


def test_the_fifteen_years_and_the_half_stand_where_they_belong() -> None:
    """Subdivision 152-B is the 15-year exemption, as its heading says, and 152-C the 50% reduction, recalled."""
    years, half = BOOK.consequences["small-business-fifteen-years"], BOOK.consequences["small-business-half"]
    assert {c.cite: c.mark for c in years.authority}["itaa97-subdiv-152-b"] == "seen"
    assert {c.cite: c.mark for c in half.authority}["itaa97-subdiv-152-c"] == "memory"


# What each corrected rule now rests on, says and no longer says; where the answer changed, its examples hold the rest.
CORRECTED: dict[str, tuple[str, set[str], str, str]] = {
    "E3": ("net-profit-instead-of-stock", {"td-92-161"}, "version of 1992", "no longer current"),
    "E4": ("discount-partners", {"itaa97-106-5"}, "Each partner makes one", "Part 3-3"),
    "E5": ("residual-loss-on-resale", {"itaa36-52"}, "first return", "Recalled"),
    "E6": ("titles-merged", {"itaa97-108-65", "td-8"}, "separate asset", "TD 97/3"),
    "E7": ("reform-small-business", {"itaa97-152-10"}, r"Subdivision 152-C\) only", "would be"),
    "E8": ("pre-cgt-improvements", {"itaa97-108-70", "itaa97-108-80", "itaa97-108-85", "td-7"}, "together", "can be"),
    "E8a": ("pre-cgt-buildings", {"itaa97-108-55"}, "is an asset of its own", "can be an asset"),
    "E9": ("holding-costs-in-cost-base", {"itaa97-110-25", "itaa97-110-45"}, "after 20 August 1991", "may then"),
    "E10": ("discount-foreign-owner", {"itaa97-115-105"}, "market value on that day", "not an Australian resident"),
    "E11": ("discount-half", {"itaa97-115-40"}, "12 months", "indexed cost base"),
    "E12": ("pre-cgt-lost", {"itaa97-149-30"}, "stand in the shoes", "have passed to others"),
    "E13": ("gst-enterprise-by-status", {"gst99-9-20"}, "charity", "signs of"),
    "E14": ("gst-turnover", {"gst99-188-25", "gst99-23-15"}, "enterprise ends", "thresholds are not"),
    "E15": ("business-loss", {"itaa97-div-35"}, "income requirement and", "until it makes a profit"),
    "E16": ("gst-at-settlement", {"taa53-sch1-14-250"}, "7% under the margin scheme", "third party"),
    "E17": ("stock-later", {"itaa97-70-30"}, "by the time when the return", "on that footing"),
    "E18": ("stock-outside-ordinary-course", {"itaa97-70-90"}, "in one line", "Recalled"),
    "E19": ("stock-kept", {"itaa97-70-110"}, "cost base for capital gains", "Recalled"),
    "E20": ("home-exempt", {"itaa97-118-110"}, "is shut out", "may be shut out"),
    "E21": ("home-partly-exempt", {"itaa97-118-190"}, "interest on money", "Recalled"),
    "E22": ("profit-taken-out-of-gain", {"itaa97-118-20"}, r"s 118-20\(1A\)", "was not seen"),
    "E24": ("residual-closed-by-income", {"itaa97-15-15"}, "does not leave ordinary income out", "not looked at"),
    "E25": ("inherited-land", {"itaa97-128-15"}, "s 70-105", "Division 128"),
    "E26": ("small-business-conditions", {"itaa97-152-10", "itaa97-152-35"}, r"7 1/2 years", "by the owner's business"),
    "E27": ("before-capital-gains", {"itaa36-26aaa"}, "26AAA", "no earlier charge"),
    "E29": ("capital-gain", {"itaa97-110-45"}, "input tax credits", "law-reform"),
}


@pytest.mark.parametrize("number", CORRECTED)
def test_a_corrected_rule_says_what_its_source_says(number: str) -> None:
    """Sections and words of the corrections of November 2026; each fails on the text before them."""
    name, cites, has, lacks = CORRECTED[number]
    rule = BOOK.consequences[name]
    told = " ".join(f"{rule.title} {rule.says} {rule.warning} {rule.limits}".split())
    assert cites <= {cited.cite for cited in rule.authority}
    assert re.search(has, told)
    assert not re.search(lacks, told)


def test_burden_and_change_of_purpose_cite_what_was_read() -> None:
    """What the assessment should have been must be proved (E23); nothing rests on TR 92/3 paras 41-42 alone (E28)."""
    burden = BOOK.points["evidence-and-onus"].answers["taxpayer_proves"]
    assert "what it should have been" in burden.says
    rules: list[Factor | Node] = [*BOOK.factors.values(), *BOOK.nodes.values()]
    for rule in rules:
        if any((cited.cite, cited.pinpoint) == ("tr-92-3", "paras 41-42") for cited in rule.authority):
            assert [cited for cited in rule.authority if cited.mark != "memory"], rule.id


def test_no_rates_of_tax() -> None:
    """A rule reduces a gain; none works out what is payable on it."""
    labels = [figure.label.lower() for rule in RULES for figure in rule.figures]
    assert labels
    assert not [label for label in labels if re.search(r"payable|tax\b|levy", label)]


def test_python_knows_no_law() -> None:
    """Neither provisions nor names of taxes stand in the modules that work consequences out."""
    for name in ("reasoning/consequences", "law/figures", "argument/consequences"):
        text = (ROOT / "engine" / f"{name}.py").read_text()
        assert not re.search(r"\bCGT\b|\bGST\b|\btax|\bs \d|\d+-\d+", text, flags=re.I)
        assert len(text.splitlines()) <= 300


# --- dates -------------------------------------------------------------------------------------------------


def test_the_last_day_and_the_first_day(assessor: Assessor) -> None:
    """A sale on 30 June 2027 has the discount; one on 1 July 2027 has the reform, which is law, as others report it."""
    last = by_id(parcel_of(assessor, {**CAPITAL, "sales.date": "2027-06-30"}))
    first = by_id(parcel_of(assessor, {**CAPITAL, "sales.date": "2027-07-01"}))
    assert last["discount-half"]["state"] == "applies"
    assert values(last["discount-half"]) == {"after": 250000.23}
    assert "discount-half" not in first
    assert "capital-gain" not in first
    assert first["reform-discount"]["state"] == first["reform-held-across"]["state"] == "applies"
    assert not any(item["unverified"] for item in (*last.values(), *first.values()))
    assert first["reform-discount"]["authority"][0].startswith(
        "ITAA 1997 as amended by Act No 49 of 2026 ss 110-36(1A)"
    )


@pytest.mark.parametrize(
    ("kind", "follows"),
    [
        ("company", {"capital-gain", "discount-none-for-company", "reform-companies-and-funds"}),
        ("super_fund", {"capital-gain", "discount-fund", "reform-companies-and-funds"}),
        ("individual", {"reform-discount", "reform-held-across"}),
        ("partnership", {"discount-partners", "reform-held-across"}),
    ],
)
def test_the_reform_leaves_companies_and_funds_where_they_are(assessor: Assessor, kind: str, follows: set[str]) -> None:
    """The same sale under the reform: the gain and its relief by kind of owner, with figures where they go on."""
    found = by_id(parcel_of(assessor, {**CAPITAL, "taxpayer.kind": kind, "sales.date": "2028-02-01"}))
    assert follows <= {name for name, item in found.items() if item["state"] == "applies"}
    assert ("capital-gain" in found) is (kind in ("company", "super_fund"))
    if kind == "super_fund":
        assert values(found["discount-fund"]) == {"after": 333333.63}


def test_the_reform_is_law_and_says_who_reports_it() -> None:
    """Rules from 1 July 2027 rest on the Act, at second hand; none says what would be, and nothing cites the Bill."""
    assert "tax-reform-2026-bill" not in BOOK.authorities
    act = BOOK.authorities["tax-reform-2026"]
    assert act["kind"] == "provision"
    assert act["in_force"]["from"] == "2027-07-01"
    assert {pinpoint["mark"] for pinpoint in act["pinpoints"].values()} == {"second_hand"}
    for rule in RULES:
        if rule.in_force.start == "2027-07-01":
            assert {cited.mark for cited in rule.authority if cited.cite == "tax-reform-2026"} == {"second_hand"}, (
                rule.id
            )
            told = f"{rule.title} {rule.says}"
            assert not re.search(r"would|is reported|are reported|If the reform|is not law", told), rule.id


@pytest.mark.parametrize(
    "date", ["2027", {"at_least": "2025-01-01"}, {"at_least": "2027-06-30", "at_most": "2027-07-01"}]
)
def test_a_date_that_straddles_a_change_shows_both(assessor: Assessor, date: Value) -> None:
    """With the day open, the former rule and the reform are both shown as depending on it, and it is asked for."""
    found = by_id(parcel_of(assessor, {**CAPITAL, "sales.date": date}))
    for name in ("discount-half", "reform-discount", "capital-gain", "reform-held-across"):
        assert found[name]["state"] == "depends"
        assert found[name]["depends_on"] == ["sales.date"]
        assert "sale contracts" in found[name]["ask"][0]
    assert found["event-a1"]["state"] == "applies"


def test_the_month_before_and_the_month_after(assessor: Assessor) -> None:
    """A date known only to the month is enough where no change falls within it."""
    before = by_id(parcel_of(assessor, {**CAPITAL, "sales.date": "2027-06"}))
    after = by_id(parcel_of(assessor, {**CAPITAL, "sales.date": "2027-07"}))
    assert before["discount-half"]["state"] == after["reform-discount"]["state"] == "applies"
    assert "reform-discount" not in before
    assert "discount-half" not in after


def test_the_day_of_assessment_stands_for_a_day_not_given(assessor: Assessor) -> None:
    """Without a date of sale, that of the assessment is taken throughout and shown as assumed."""
    facts = {name: value for name, value in CAPITAL.items() if name != "sales.date"}
    found = by_id(parcel_of(assessor, facts, as_at="2026-03-31"))
    assert found["discount-half"]["state"] == "applies"
    day = next(fact for fact in found["discount-half"]["facts"] if fact["fact"] == "sales.date")
    assert (day["value"], day["standing"]) == ("31 March 2026", "assumed")
    assert by_id(parcel_of(assessor, facts, as_at="2028-03-31"))["reform-discount"]["state"] == "applies"


def test_a_day_of_assessment_before_the_purchase_dates_nothing(assessor: Assessor) -> None:
    """Where the day of assessment cannot be that of the sale, the date is open and nothing breaks."""
    facts = {**CAPITAL, "acquisition.date": "2026-11-05"}
    del facts["sales.date"]
    found = by_id(parcel_of(assessor, facts, as_at="2025-01-01"))
    assert found["event-a1"]["state"] in ("applies", "depends")


@pytest.mark.parametrize(
    ("sold", "follows"), [("1969", "before-capital-gains"), ("1990-05-01", "earlier-capital-gains")]
)
def test_older_sales_are_told_that_other_law_applies(sold: str, follows: str) -> None:
    """The rules of the 1997 Act are not carried back."""
    found = supposed({"sales.date": sold, "acquisition.date": "1950"}, "capital", "mere_realisation")
    assert found[follows].state == "applies"
    assert "earlier-ordinary-income" in found
    assert not {"event-a1", "discount-half", "capital-gain", "net-capital-gain", "gst-enterprise"} & set(found)


@pytest.mark.parametrize(
    ("bought", "sold", "state"),
    [
        ("2024-02-01", "2025-02-01", None),  # neither the first nor the last day counts
        ("2024-02-01", "2025-02-02", "applies"),
        ("2024-02-29", "2025-02-28", None),
        ("2024-02-29", "2025-03-01", "applies"),
        ("1985-09-20", "2025-02-01", "applies"),
        ("1985-09-19", "2025-02-01", None),  # disregarded altogether
    ],
)
def test_twelve_months(bought: str, sold: str, state: str | None) -> None:
    """The discount asks for a full year between the days of the two contracts."""
    owner = {"taxpayer.kind": "individual", "arrangement.kind": "none"}
    found = supposed({"acquisition.date": bought, "sales.date": sold, **owner}, "capital", "mere_realisation")
    assert (found["discount-half"].state if "discount-half" in found else None) == state


# --- whole matters -----------------------------------------------------------------------------------------


def test_pre_cgt_land_merely_realised(assessor: Assessor) -> None:
    """The gain is disregarded, and the provisions left over for such land are answered by the facts."""
    parcel = parcel_of(assessor, {**CAPITAL, "acquisition.date": "1978-11-05"})
    found = by_id(parcel)
    assert parcel["characterisation"] == "capital"
    assert found["pre-cgt-disregarded"]["state"] == "applies"
    assert {name for name in ("capital-gain", "discount-half") if name in found} == set()
    for name, authority in (("profit-making-plan", "s 15-15"), ("not-acquired-for-profit-by-sale", "s 25A(1)")):
        assert found[name]["state"] == "applies"
        assert found[name]["question"] == "residual"
        assert found[name]["authority"][0].startswith(authority)
    later = by_id(parcel_of(assessor, {**CAPITAL, "acquisition.date": "1978-11-05", "sales.date": "2027-07-01"}))
    assert "pre-cgt-disregarded" not in later
    assert later["reform-pre-cgt"]["state"] == "applies"


def test_land_bought_since_closes_the_residual_question(assessor: Assessor) -> None:
    """Neither provision reaches land acquired on or after 20 September 1985."""
    residual = [item["id"] for item in parcel_of(assessor, CAPITAL)["consequences"] if item["question"] == "residual"]
    assert residual == ["residual-closed-after-1985"]


def test_a_parcel_that_changed_character_shows_both_figures() -> None:
    """A farm committed to a scheme: net profit over the value at commitment, and the growth before it as a gain."""
    found = supposed(VENTURED, "revenue", "isolated_transaction", findings=FINDINGS)
    taxed = [name for name, item in found.items() if item.figures and item.rule.question not in ("gst", "settlement")]
    shown = {name: {worked.figure.id: worked.low for worked in found[name].figures} for name in taxed}
    assert shown == {
        "profit-from-value-at-commitment": {"profit": Decimal("400000.00")},
        "growth-before-commitment": {
            "gain": Decimal("1100000.00"), "profit": Decimal("400000.00"), "left": Decimal("700000.00"),
            "growth": Decimal("700000.00"),
        },
        "growth-before-commitment-discount": {"after": Decimal("350000.00")},
    }  # fmt: skip
    assert found["growth-before-commitment"].figures[2].formula == (
        "capital gain before the reduction $1,100,000.00 - net profit assessed as income $400,000.00, not below nil"
    )
    older = supposed({**VENTURED, "acquisition.date": "1980"}, "revenue", "isolated_transaction", findings=FINDINGS)
    assert older["pre-cgt-disregarded"].state == older["residual-closed-by-income"].state == "applies"
    assert "growth-before-commitment" not in older


def test_land_put_into_a_business_depends_on_the_election() -> None:
    """Market value: event K4 now and the later growth as income; cost: all of it as income later."""
    facts = {**VENTURED, "holding.committed_on": "2021-07-01"}
    both = supposed(facts, "revenue", "business", findings=FINDINGS)
    for name in ("event-k4", "event-k4-discount", "stock-at-market-value", "stock-at-cost"):
        assert both[name].state == "depends"
        assert [wait.name for wait in both[name].waits] == ["amounts.stock_election"]
    market = supposed({**facts, "amounts.stock_election": "market_value"}, "revenue", "business", findings=FINDINGS)
    assert market["event-k4"].state == "applies"
    assert market["event-k4"].figures[0].low == Decimal("700000.00")
    assert market["event-k4-discount"].figures[0].low == Decimal("350000.00")
    assert market["stock-at-market-value"].figures[0].low == Decimal("400000.00")
    assert "stock-at-cost" not in market
    cost = supposed({**facts, "amounts.stock_election": "cost"}, "revenue", "business", findings=FINDINGS)
    assert cost["stock-at-cost"].figures[0].low == Decimal("1100000.00")
    assert not {"event-k4", "event-k4-discount", "stock-at-market-value"} & set(cost)


def test_k4_is_dated_by_the_commitment_and_not_by_the_sale() -> None:
    """A sale under the reform does not change an event that happened before it."""
    facts = {**VENTURED, "sales.date": "2029-02-01", "amounts.stock_election": "market_value"}
    early = supposed({**facts, "holding.committed_on": "2027-06-30"}, "revenue", "business", findings=FINDINGS)
    late = supposed({**facts, "holding.committed_on": "2027-07-01"}, "revenue", "business", findings=FINDINGS)
    assert early["event-k4"].state == "applies"
    assert "reform-stock" not in early
    assert late["reform-stock"].rule.unverified
    assert "event-k4" not in late
    never = supposed(facts, "revenue", "business", findings=FINDINGS)
    assert [wait.name for wait in never["event-k4"].waits] == ["holding.committed_on"]


def test_the_other_view_on_stock_follows_the_position() -> None:
    """Which of the two views applies is the position's; the other is shown as depending on the unsettled point."""
    for answer, applies, other in (
        ("stock_from_venture", "stock-later", "net-profit-instead-of-stock"),
        ("net_profit_only", "net-profit-instead-of-stock", "stock-later"),
    ):
        answers = {"trading-stock": answer}
        found = supposed(VENTURED, "revenue", "business", findings=FINDINGS, answers=answers)
        assert found[applies].state == "applies"
        assert found[other].state == "depends"
        assert [wait.name for wait in found[other].waits] == ["trading-stock"]


def test_an_open_conclusion_shows_every_side_as_depending_on_it() -> None:
    """Nothing that needs a conclusion applies without one."""
    found = supposed(VENTURED, "undetermined")
    assert {
        name for name, item in found.items() if item.state == "applies" and item.rule.applies.characterisation
    } == set()
    for name in ("no-ordinary-income", "business-gross-proceeds", "isolated-net-profit", "net-capital-gain"):
        assert [wait.name for wait in found[name].waits] == ["conclusion"]
    assert found["gst-separate"].state == "applies"


def test_the_seed_ruling(run: Callable[..., Any]) -> None:
    """An individual's rental land, held long, to be sold in lots at some time after the ruling."""
    data = json.loads(run("assess", ROOT / "cases/au-land/rulings/1052196215679.yaml", "--format", "json").stdout)
    (parcel,) = data["parcels"]
    found = by_id(parcel)
    assert found["event-a1"]["state"] == found["net-capital-gain"]["state"] == "applies"
    assert "s 104-10(3) ITAA 1997" in found["event-a1"]["authority"]
    assert "contract" in found["event-a1"]["says"]
    assert found["lots-keep-acquisition-date"]["state"] == "applies"
    # Held over 12 months by an individual: only the day of the sale is open, because the reform may come between.
    assert found["discount-half"]["depends_on"] == ["sales.date"]
    assert found["reform-discount"]["depends_on"] == ["sales.date"]
    assert not {"discount-fund", "discount-none-for-company", "discount-held-too-short", "pre-cgt-disregarded"} & set(
        found
    )
    assert found["manager-fees"]["state"] == found["small-business-not-for-rent"]["state"] == "applies"
    assert found["gst-separate"]["question"] == found["gst-enterprise"]["question"] == "gst"
    assert found["gst-enterprise"]["finding"] == "they lead neither way"
    assert not [item["id"] for item in found.values() if item["id"].startswith(("stock", "business", "isolated"))]


# --- GST ---------------------------------------------------------------------------------------------------

SIGNS: Facts = {
    "holding.change_to_development": "true",
    "finance.borrowed": "true",
    "development.works_scope": "beyond_required",
    "development.dwellings_built": "4",
}


@pytest.mark.parametrize(("characterisation", "route"), [("capital", "mere_realisation"), ("revenue", "business")])
def test_gst_does_not_follow_the_income_tax_answer(characterisation: str, route: str) -> None:
    """The same facts give the same signs whatever is concluded for income tax."""
    found = supposed({**SIGNS, "sales.date": "2024-05-01"}, characterisation, route)
    assert found["gst-enterprise"].finding == "they point to an enterprise"
    assert sum(item.state is True for item in found["gst-enterprise"].signs) == 4


def test_gst_signs_are_counted_both_ways() -> None:
    """A lead of three signs makes a finding, and signs that are not known count for neither."""
    facts = dict.fromkeys(SIGNS, "false") | {"development.works_scope": "council_required"}
    facts["development.dwellings_built"] = "0"
    away = supposed({**facts, "sales.date": "2024-05-01"}, "revenue", "business")["gst-enterprise"]
    assert away.finding == "they point away from an enterprise"
    assert supposed({"sales.date": "2024-05-01"}, "capital")["gst-enterprise"].finding == "they lead neither way"


# --- the contract ------------------------------------------------------------------------------------------


def test_the_contract_of_a_consequence(assessor: Assessor) -> None:
    """Each has its keys, its state, authority in words, and what it waits on with what to ask."""
    parcel = parcel_of(assessor, CAPITAL)
    for item in parcel["consequences"]:
        assert {"id", "title", "state", "says", "question", "authority", "facts", "depends_on"} <= set(item)
        assert {"figures", "warning", "unverified", "ask", "signs", "finding", "limits", "unsettled"} <= set(item)
        assert item["state"] in ("applies", "depends")
        assert item["question"] in BOOK.questions.questions
        assert item["authority"]
        assert bool(item["depends_on"]) is (item["state"] == "depends")
        assert len(item["depends_on"]) == len(set(item["depends_on"])) == len(item["ask"])
        for figure in item["figures"]:
            assert {"label", "formula", "value", "rounding"} <= set(figure)
            assert "half up" in figure["rounding"]
    found = by_id(parcel)
    assert found["capital-gain"]["figures"][0]["formula"] == "price $900,000.55 - cost base $400,000.10, not below nil"
    assert values(found["capital-gain"])["gain"] == 500000.45
    assert "s 115-25(1) ITAA 1997" in found["discount-half"]["authority"]
    assert "s 110-25 ITAA 1997 [unverified]" in found["capital-gain"]["authority"]


def test_a_range_gives_a_range(assessor: Assessor) -> None:
    """Bounds of an amount are bounds of the figure, an open end is null, and no value names what is missing."""
    ranged = by_id(parcel_of(assessor, {**CAPITAL, "sales.price": {"at_least": "800000", "at_most": "950000"}}))
    assert values(ranged["discount-half"]) == {"after": [199999.95, 274999.95]}
    bounded = by_id(parcel_of(assessor, {**CAPITAL, "amounts.cost_base": {"at_most": "400000"}}))
    assert values(bounded["capital-gain"])["gain"] == [500000.55, 900000.55]  # a cost base is not negative
    bounded = by_id(parcel_of(assessor, {**CAPITAL, "sales.price": {"at_least": "800000"}}))
    assert values(bounded["capital-gain"])["gain"] == [399999.9, None]
    facts = {name: value for name, value in CAPITAL.items() if name != "amounts.cost_base"}
    figure = by_id(parcel_of(assessor, facts))["capital-gain"]["figures"][0]
    assert (figure["value"], figure["missing"]) == (None, ["amounts.cost_base"])


def test_order_is_that_of_the_rulebook_whatever_the_order_of_facts(assessor: Assessor) -> None:
    """Question, then order, then id; the same object for the same facts in any order."""
    one = parcel_of(assessor, CAPITAL)["consequences"]
    other = parcel_of(assessor, dict(reversed(list(CAPITAL.items()))))["consequences"]
    assert one == other
    questions = list(BOOK.questions.questions)
    places = [(questions.index(item["question"]), BOOK.consequences[item["id"]].order, item["id"]) for item in one]
    assert places == sorted(places)


def test_the_section_stands_between_issues_and_factors(assessor: Assessor, run: Callable[..., Any]) -> None:
    """The memorandum says what follows after the issues and before the factors, in every format."""
    file = ROOT / "cases/au-land/rulings/1052196215679.yaml"
    for form in ("text", "markdown", "html"):
        shown = " ".join(run("assess", file, "--format", form, "--detail").stdout.split())
        assert shown.index("merely realised?") < shown.index("What follows in law") < shown.index("The factors, with")
        assert "50% discount" in shown
    detail = run("assess", file, "--detail").stdout
    assert "manager-fees" in detail


def test_rules_show_prints_a_consequence(run: Callable[..., Any]) -> None:
    """A reviewer sees the rule whole: condition, dates, formula, authority, limits, examples."""
    shown = run("rules", "show", "event-k4").stdout
    for part in (
        "for events: from 1998-07-01, dated by holding.committed_on",
        "= value at commitment - cost base at commitment, not below nil",
        "only where the answer to trading-stock is stock_from_venture",
        "s 104-220(1)-(4) ITAA 1997",
        "follows from: business",
        "limits:",
    ):
        assert part in shown
    assert "NOT VERIFIED as law" in run("rules", "show", "reform-stock").stdout
    assert "settles: gain: taxed as a capital gain" in run("rules", "show", "capital-gain").stdout
    assert "followed from the next day by: reform-discount" in run("rules", "show", "discount-half").stdout
    assert "sign: buildings were put up" in run("rules", "show", "gst-enterprise").stdout


def test_figures_are_shown_with_their_numbers(assessor: Assessor) -> None:
    """The memorandum shows the formula, its numbers and the result; a figure worked out before by its name."""
    matter = {"matter": {"as_at": "2025-06-30"}, "facts": CAPITAL}
    text = " ".join(caprev.explain(caprev.assess(matter, assessor)).split())
    assert (
        "Capital gain before any discount = price $900,000.55 - cost base $400,000.10, not below nil = $500,000.45."
        in text
    )
    assert "- 50% of capital gain before any discount = $250,000.23." in text
    assert text.count("$500,000.45") == 1
    bare = {name: value for name, value in CAPITAL.items() if not name.startswith(("amounts", "sales.price"))}
    text = caprev.explain(caprev.assess({"matter": {"as_at": "2025-06-30"}, "facts": bare}, assessor))
    assert "not worked out" not in text


# --- the formula language ----------------------------------------------------------------------------------

PRICE, BASE, WORKS = "sales.price", "amounts.cost_base", "amounts.works_cost"
AMOUNTS = (PRICE, BASE, WORKS)


def worked(formula: Value, vocabulary: Vocabulary = BOOK.vocabulary, **known: Knowledge) -> Worked:
    """A formula over three amounts, named p, b and w."""
    names = dict(zip(("p", "b", "w"), AMOUNTS, strict=True))
    sheet = Sheet(vocabulary, {names[key]: knowledge for key, knowledge in known.items()})
    return sheet.work(Figure(id="f", label="Figure", formula=formula))


def exactly(number: float) -> Range:
    return Range(number, number)


@pytest.mark.parametrize(
    ("formula", "price", "base", "expected"),
    [
        ({"add": [PRICE, BASE]}, 0.1, 0.2, "0.30"),  # floats would say 0.30000000000000004
        ({"subtract": [PRICE, BASE]}, 1.1, 1.0, "0.10"),
        ({"subtract": [PRICE, BASE]}, 99999999999.99, 0.01, "99999999999.98"),
        ({"max_zero": {"subtract": [PRICE, BASE]}}, 1.0, 2.0, "0.00"),
        ({"share": {"of": PRICE, "rate": "50%"}}, 0.01, 0.0, "0.01"),  # half a cent goes up
        ({"share": {"of": PRICE, "rate": "50%"}}, -0.01, 0.0, "-0.01"),  # and away from nothing
        ({"share": {"of": PRICE, "rate": "1/3"}}, 1000000.0, 0.0, "333333.33"),
        ({"share": {"of": {"add": [PRICE, BASE]}, "rate": "12.5%"}}, 100.04, 0.0, "12.51"),
        ({"first_known": [WORKS, PRICE]}, 5.0, 0.0, "5.00"),
        ({"subtract": [PRICE, {"add": [BASE, BASE]}]}, 10.0, 3.0, "4.00"),
    ],
)
def test_arithmetic_is_exact_to_the_cent(formula: Value, price: float, base: float, expected: str) -> None:
    """Amounts are decimals, rounded once, half up."""
    done = worked(formula, p=exactly(price), b=exactly(base))
    assert (str(done.low), str(done.high), done.missing) == (expected, expected, ())


def test_rounding_happens_once() -> None:
    """A later figure builds on what was not rounded, not on the cents shown."""
    sheet = Sheet(BOOK.vocabulary, {PRICE: exactly(100.0)})
    third = sheet.work(Figure(id="third", label="A third", formula={"share": {"of": PRICE, "rate": "1/3"}}))
    thrice = sheet.work(Figure(id="thrice", label="Thrice", formula={"add": ["third", "third", "third"]}))
    assert (str(third.low), str(thrice.low)) == ("33.33", "100.00")


def test_what_stands_on_both_sides_cancels() -> None:
    """A price known only to a range leaves no range where it comes in and goes out."""
    formula: Value = {"subtract": [{"subtract": [PRICE, BASE]}, {"subtract": [PRICE, WORKS]}]}
    done = worked(formula, p=Range(1.0, 1e9), b=exactly(5.0), w=exactly(7.5))
    assert str(done.low) == str(done.high) == "2.50"
    assert worked(formula, p=Range(1.0), b=exactly(5.0), w=exactly(7.5)).value == "$2.50"


def test_a_table_gives_the_amount_of_a_date() -> None:
    """The amount of the day; what it may be where the day is known in part; nothing outside the table."""
    formula: Value = {
        "by_date": {"of": "sales.date", "from": {"2023-07-01": "1", "2024-07-01": "3"}, "to": "2025-06-30"}
    }
    figure = Figure(id="f", label="Figure", formula=formula)
    for written, low, high in (
        ("2024-06-30", "1.00", "1.00"),
        ("2024-07-01", "3.00", "3.00"),
        ("2025-06-30", "3.00", "3.00"),
        ("2024", "1.00", "3.00"),
    ):
        done = Sheet(BOOK.vocabulary, {"sales.date": BOOK.vocabulary["sales.date"].read(written)}).work(figure)
        assert (str(done.low), str(done.high), done.missing) == (low, high, ()), written
    for outside in ("2025-07-01", "2023-06-30", "2025"):
        done = Sheet(BOOK.vocabulary, {"sales.date": BOOK.vocabulary["sales.date"].read(outside)}).work(figure)
        assert (done.low, done.missing) == (None, ("sales.date",)), outside


def test_unknown_amounts_are_named() -> None:
    """Without one of its amounts a figure has no value, and says which amounts it waits on."""
    done = worked({"subtract": [PRICE, BASE, WORKS]}, p=exactly(1.0))
    assert (done.low, done.high, done.used, done.missing) == (None, None, (PRICE,), (BASE, WORKS))
    assert worked({"first_known": [WORKS, PRICE]}).missing == (WORKS,)
    one_of = worked({"subtract": [PRICE, BASE]}, p=Choice(frozenset({1.0, 4.0})), b=exactly(1.0))
    assert one_of.value == "$0.00 to $3.00"


def test_what_is_not_given_bounds_a_figure_and_is_named() -> None:
    """A profit is told less what is unknown; a bound where it is more than that; nothing where one amount is known."""
    formula: Value = {"subtract": [PRICE, BASE, WORKS]}
    done = worked(formula, p=exactly(1000000.0), b=exactly(750000.0))
    assert done.value == "$250,000.00 less works cost, not given"
    assert (done.low, str(done.high), done.missing) == (None, "250000.00", (WORKS,))
    assert done.formula.endswith("works cost not given")
    ranged = worked(formula, p=Range(900000.0, 1000000.0), b=exactly(750000.0))
    assert ranged.value == "at most $250,000.00 (works cost not given)"
    floored = worked({"max_zero": formula}, p=exactly(1000000.0), b=exactly(750000.0))
    assert floored.value == "$0.00 to $250,000.00 (works cost not given)"
    assert not worked(formula, p=exactly(1000000.0)).told


def test_the_cost_base_is_put_together_where_it_is_not_given() -> None:
    """The first term of which most is known: the cost base itself, or cost and works in its place."""
    formula: Value = {"subtract": [PRICE, {"first_known": [BASE, {"add": ["amounts.cost", WORKS]}]}]}
    sheet = Sheet(BOOK.vocabulary, {PRICE: exactly(9.0), "amounts.cost": exactly(2.0), WORKS: exactly(3.0)})
    assert sheet.work(Figure(id="f", label="Figure", formula=formula)).value == "$4.00"
    assert worked(formula, p=exactly(9.0), b=exactly(1.0), w=exactly(3.0)).value == "$8.00"
    assert worked(formula, p=exactly(9.0)).missing == (BASE,)


def test_a_part_of_the_cost_goes_by_area_or_by_value_and_says_which() -> None:
    """The method stands in the figure, ranges give ranges, and a part is never more than the whole."""
    formula: Value = {"proportion": {"of": PRICE, "part": "amounts.lot_area_ha", "whole": "acquisition.area_ha"}}
    figure = Figure(id="f", label="By area", formula=formula)

    def by_area(part: Knowledge, whole: Knowledge) -> Worked:
        known = {PRICE: exactly(400000.0), "amounts.lot_area_ha": part, "acquisition.area_ha": whole}
        return Sheet(BOOK.vocabulary, known).work(figure)

    done = by_area(exactly(0.5), exactly(2.0))
    assert (done.value, done.formula) == ("$100,000.00", "price $400,000.00 x lot area ha 0.5 ha of area ha 2 ha")
    assert by_area(Range(0.5, 1.0), exactly(2.0)).value == "$100,000.00 to $200,000.00"
    assert by_area(exactly(3.0), exactly(2.0)).value == "$400,000.00"
    with pytest.raises(ValueError, match="two facts of one unit"):
        list(facts_of({"proportion": {**formula["proportion"], "whole": PRICE}}, BOOK.vocabulary, ()))  # type: ignore[index,call-overload,dict-item]


def test_growth_of_a_home_before_its_commitment_is_never_silently_taxable() -> None:
    """Beside the growth stands that it can be exempt; a lot sold apart from the home is told that it is not."""
    facts = {**VENTURED, "taxpayer.kind": "individual", "holding.uses": ["main_residence"]}
    for included, name, state in (
        (True, "growth-before-commitment-home", "applies"),
        (False, "growth-before-commitment-lot", "applies"),
        (None, "growth-before-commitment-home", "applies"),
    ):
        more = {} if included is None else {"sales.dwelling_included": included}
        more["taxpayer.foreign_resident_at_sale"] = False
        found = supposed({**facts, **more}, "revenue", "isolated_transaction", findings=FINDINGS)
        assert found[name].state == state
        assert found["growth-before-commitment"].state == "applies"


cents = st.integers(-(10**9), 10**9)
formulas = st.recursive(
    st.sampled_from(AMOUNTS),
    lambda inner: st.one_of(
        st.builds(lambda terms: {"add": terms}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda terms: {"subtract": terms}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda term: {"max_zero": term}, inner),
        st.builds(
            lambda term, rate: {"share": {"of": term, "rate": rate}},
            inner,
            st.sampled_from(["50%", "1/3", "5%", "2/7"]),
        ),
    ),
    max_leaves=6,
)


def value_of(formula: Value, amounts: Mapping[str, Fraction]) -> Fraction:
    """What a formula comes to, by fractions: written apart from the engine's sums."""
    if isinstance(formula, str):
        return amounts[formula]
    assert isinstance(formula, dict)
    ((name, operand),) = formula.items()
    if name == "max_zero":
        return max(value_of(operand, amounts), Fraction(0))
    if name == "share":
        assert isinstance(operand, dict)
        rate = str(operand["rate"])
        times = Fraction(rate[:-1]) / 100 if rate.endswith("%") else Fraction(rate)
        return value_of(operand["of"], amounts) * times
    assert isinstance(operand, list)
    first, *rest = (value_of(term, amounts) for term in operand)
    return first + sum(rest) if name == "add" else first - sum(rest)


def to_cents(value: Fraction) -> Decimal:
    whole = (abs(value) * 100 + Fraction(1, 2)).__floor__()
    return (Decimal(whole) / 100 * (1 if value >= 0 else -1)).quantize(Decimal("0.01"), ROUND_HALF_UP) + Decimal(0)


@given(formulas, st.lists(st.tuples(cents, cents, cents), min_size=3, max_size=3))
def test_ranges_hold_every_value(formula: Value, drawn: list[tuple[int, int, int]]) -> None:
    """Whatever the amounts turn out to be within their ranges, the figure lies within its own; exact gives exact."""
    ordered = [sorted(three) for three in drawn]
    ends = {name: Range(low / 100, high / 100) for name, (low, _, high) in zip(AMOUNTS, ordered, strict=True)}
    within = {name: Fraction(middle, 100) for name, (_, middle, __) in zip(AMOUNTS, ordered, strict=True)}
    ranged = Sheet(BOOK.vocabulary, ends).work(Figure(id="f", label="Figure", formula=formula))
    truth = to_cents(value_of(formula, within))
    assert ranged.low is not None
    assert ranged.high is not None
    assert ranged.low <= truth <= ranged.high
    points = {name: exactly(float(amount)) for name, amount in within.items()}
    exact = Sheet(BOOK.vocabulary, points).work(Figure(id="f", label="Figure", formula=formula))
    assert exact.low == exact.high == truth


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ({"divide": [PRICE, BASE]}, "allowed: a fact, an earlier figure, add, subtract"),
        ({"add": [PRICE]}, "'add' needs a list of two terms or more"),
        ({"add": PRICE}, "'add' needs a list of two terms or more"),
        ({"share": {"of": PRICE}}, "'share' needs exactly of and rate"),
        ({"share": {"of": PRICE, "rate": "half"}}, "'half' is not a rate"),
        ({"share": {"of": PRICE, "rate": "1/0"}}, "'1/0' is not a rate"),
        ({"by_date": {"of": PRICE, "from": {"2024-07-01": "1"}, "to": "2025-06-30"}}, "'sales.price' is not a date"),
        ({"by_date": {"of": "sales.date", "from": {"2024-07-01": "1"}}}, "needs exactly of, from and to"),
        ({"by_date": {"of": "sales.date", "from": {"July": "1"}, "to": "2025"}}, "needs days and amounts, not July"),
        (
            {"by_date": {"of": "sales.date", "from": {"2025-07-01": "2", "2024-07-01": "1"}, "to": "2026"}},
            "needs amounts from days in their order",
        ),
        ({"first_known": [PRICE, "gain"]}, "'first_known' needs a list of facts"),
        ("sales.prize", "Did you mean sales.price?"),
        ("development.lots", "'development.lots' is not an amount of money"),
        ("gain", "'gain' is neither a fact nor an earlier figure of this rule"),
        ({"add": [PRICE, BASE], "subtract": [PRICE, BASE]}, "is not a formula"),
    ],
)
def test_a_bad_formula_is_explained(formula: Value, says: str) -> None:
    """A rule's author learns what is wrong with a formula and what would be right."""
    with pytest.raises(ValueError, match=r".") as refused:
        list(figures.facts_of(formula, BOOK.vocabulary, []))
    assert says in str(refused.value)


# --- strict loading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("question: statutory_income", "question: statutory", "question 'statutory' does not exist"),
        ("title: The capital gain", "titel: The capital gain", "Did you mean title?"),
        ("cite: itaa97-110-25", "cite: itaa97-110-26", "Did you mean itaa97-110-25?"),
        ("characterisation: [capital]", "characterisation: [neutral]", "applies.characterisation"),
        ("characterisation: [capital]", "route: [sale]", "route 'sale' does not exist"),
        ("acquisition.pre_cgt: false", "acquisition.precgt: false", "Did you mean acquisition.pre_cgt?"),
        ("- acquisition.pre_cgt: false", "- met: tr-92-3/entry", "node 'tr-92-3/entry' does not exist"),
        ("order: 30", "order: 30\nunsettled: [law-reform-2072]", "unsettled point 'law-reform-2072' does not exist"),
        ("order: 30", "order: 30\nposition: {trading-stock: never}", "answer to trading-stock 'never'"),
        ("order: 30", "order: 30\ndated_by: [sales.day]", "fact 'sales.day' does not exist"),
        ("order: 30", "order: 30\nsucceeded_by: [event-a2]", "consequence 'event-a2' does not exist"),
        ("{gain: taxed}", "{gains: taxed}", "matter 'gains' does not exist"),
        ("{gain: taxed}", "{gain: taxd}", "answer to gain 'taxd' does not exist"),
        ("amounts.cost_base, {add", "amounts.base, {add", "figure 'gain': 'amounts.base' is not in the vocabulary"),
        ("id: capital-gain", "id: event-a2", "is in a file named capital-gain.yaml"),
        ("order: 30", "order: third", "order is 'third', which is not a number"),
        ("status: draft", "status: final", "draft, reviewed, superseded"),
        ("limits:", "limit:", "has no limits"),
    ],
)
def test_a_bad_rule_is_refused(tmp_path: Path, old: str, new: str, says: str) -> None:
    """A consequence that points nowhere does not load, and the message names the file and the fault."""
    shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules")
    file = tmp_path / "rules" / "consequences" / "capital-gain.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(BadInput) as refused:
        rulebook.load(tmp_path / "rules")
    assert says in str(refused.value)
    assert "capital-gain.yaml" in str(refused.value)


def test_lint_runs_the_examples(tmp_path: Path, run: Callable[..., Any]) -> None:
    """An example that does not hold is an error of the lint: its figure, its state, what it asks."""
    shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules")
    file = tmp_path / "rules" / "consequences" / "capital-gain.yaml"
    text, messages = file.read_text(), []
    for old, new, says in (
        ('gain: "500000.45"', 'gain: "500000.46"', "the figure 'gain' is 500000.45, not 500000.46"),
        ("expect: does_not_apply", "expect: applies", "does_not_apply, not applies"),
        ("asks: [acquisition.pre_cgt]", "asks: [acquisition.date]", "asks acquisition.pre_cgt, not acquisition.date"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
        messages.append(says)
    file.write_text(text)
    result = run("rules", "lint", "--rules", tmp_path / "rules", "--cases", ROOT / "cases" / "au-land")
    assert result.exit_code == 2
    for says in messages:
        assert says in result.stderr


def test_every_matter_has_consequences_that_can_be_shown(assessor: Assessor) -> None:
    """No fact set of the repository breaks them, and each is asked for or applies."""
    files = sorted((ROOT / "cases" / "au-land").glob("*/*.yaml"))
    assert files
    for file in files:
        for conclusion in assessor.assess(assessor.read(file)).conclusions:
            where: Setting = consequences.setting(conclusion)
            items = consequences.follow(where)
            assert items, file
            assert all((item.state == "depends") is bool(item.waits) for item in items), file


def test_the_days_on_which_a_wait_turns_are_told_and_the_glossary_is_not(assessor: Assessor) -> None:
    """The memorandum in detail says for which events a rule waits on a date; it leaves out what the answers mean."""
    found = assessor.assess(assessor.read(ROOT / "cases/au-land/examples/bought-to-develop.yaml"))
    told = " ".join(caprev.explain(found, detail=True).split())
    assert "when did the rezoning take effect? The rule is for events from 1 July 2023." in told
    waits = [wait for item in found.analyses[0].follows for wait in item.waits]
    dated = next(wait for wait in waits if wait.more)
    assert dated.ask == f"{dated.question} {dated.more}"
    kind = replace(dated, question=assessor.book.vocabulary["development.kind"].ask, more="")
    assert " = " in kind.ask
    assert kind.short == "What was done to the land before sale?"
