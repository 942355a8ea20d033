"""What if, and one conclusion beside another: another matter, or a decided case point by point."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import caprev
from caprev.changes import compare

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
FARM = ROOT / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"
BOUGHT = ROOT / "cases" / "au-land" / "examples" / "bought-to-develop.yaml"
PARCELS = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"


def data(result) -> dict:
    assert result.exit_code == 0, result.output
    return json.loads(result.output)[0]


# --- what if -------------------------------------------------------------------------------------------------


def test_whatif_shows_both_conclusions_and_what_moved(run):
    """Side by side, with the facts that differ, and each factor with the facts that moved it."""
    supposed = ("whatif", FARM, "--set", "development.lots=4", "--set", "involvement.level=substantial")
    told = " ".join(run(*supposed).output.split())
    assert told.startswith("If the project created 4 lots or dwellings, and you put substantial time and decisions of")
    assert "this would still be capital, moderate. " in told
    assert "You put little of your own time and decisions into" in told
    assert "many-lots" not in told
    assert "involvement.level" not in told
    output = run(*supposed, "--all").output
    assert "as it is" in output
    assert "what if" in output
    assert "Facts that differ (2;" in output
    assert "R many-lots (for revenue, slight): met -> not met. development.lots: 27 -> 4" in output
    assert "R owner-active (for revenue, strong): not met -> met. involvement.level: minor -> substantial" in output


def test_whatif_is_an_assessment_of_the_changed_fact_set(run, assessor, tmp_path):
    """The supposed conclusion is that of a file in which those facts are written so."""
    written = tmp_path / "farm.yaml"
    text = FARM.read_text().replace('lots: {value: 27, source: "Planning permit, endorsed plan", standing: documented}',
                                    "lots: 4")  # fmt: skip
    assert text != FARM.read_text()
    written.write_text(text)
    supposed = data(run("whatif", FARM, "--set", "development.lots=4", "--format", "json"))["right"]
    assessed = caprev.assess(written, assessor).conclusions[0]
    assert supposed["balance"] == assessed.balance
    assert supposed["characterisation"] == assessed.characterisation
    assert supposed["probability_revenue"] == assessed.probability


def test_whatif_follows_what_is_derived(run):
    """A later sale makes more years of ownership; a fact made unknown takes with it what followed from it."""
    found = data(run("whatif", FARM, "--set", "acquisition.date=2021", "--set", "sales.date=2023", "--format", "json"))
    facts = {row["fact"]: (row["left"], row["right"]) for row in found["facts"]}
    assert facts["derived.years_owned"][0] is None
    assert "at most 3 years" in facts["derived.years_owned"][1] or "2" in facts["derived.years_owned"][1]
    found = data(run("whatif", FARM, "--set", "holding.main_use=unknown", "--format", "json"))
    facts = {row["fact"]: (row["left"], row["right"]) for row in found["facts"]}
    assert facts["holding.main_use"] == ("farming", None)
    assert facts["holding.uses"][1] is None


@pytest.mark.parametrize(
    ("setting", "to"),
    [
        ("development.lots=about 20", "at least 18 and at most 22"),
        ("acquisition.purposes=also resale", "main residence, farming, resale"),
        ("acquisition.purposes=[farming]", "farming"),
        ("development.lots={at_least: 30}", "at least 30"),
        ("taxpayer.kind=6", "trust"),
    ],
)
def test_values_in_plain_words_or_as_in_a_fact_set(run, setting, to):
    """Both ways of writing are taken."""
    found = data(run("whatif", FARM, "--set", setting, "--format", "json"))
    assert to in [row["right"] for row in found["facts"]]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (["development.lot=4"], "Did you mean development.lots?"),
        (["development.lots"], "is not section.fact=value"),
        (["development.lots=many"], "not understood"),
        (["development.lots=4", "development.lots=5"], "is set twice"),
        (["finance.borrowed=no"], "--set finance.borrowed_for=unknown"),
        (["development.lots={at_least: many}"], "not allowed"),
        (["acquisition.purposes=[farming, resael]"], "Did you mean resale?"),
    ],
)
def test_what_cannot_be_supposed_is_said(run, settings, says):
    """Unknown facts, wrong values and contradictions: exit 2, and what to do."""
    result = run("whatif", FARM, *[part for setting in settings for part in ("--set", setting)])
    assert result.exit_code == 2
    assert says in result.output


def test_all_faults_are_told_together(run):
    """One run names them all."""
    output = run("whatif", FARM, "--set", "a=b", "--set", "development.lots=many", "--set", "taxpayer.kind=x").output
    assert len(output.strip().splitlines()) == 3


# --- compare -------------------------------------------------------------------------------------------------


def test_a_matter_beside_a_decided_case_point_by_point(run):
    """Shared grounds, what the case rested on and the matter lacks, and what goes beyond it."""
    output = run("compare", SEED, "stevenson").output
    assert "REVENUE (business), 1991" in output
    assert "Point by point: Stevenson v Federal Commissioner of Taxation, decided revenue" in output
    assert "A ground of the case that is absent here (distinguishes, for capital):" in output
    assert "R owner-active: The owner put substantial time and decisions of their own into the project." in output
    assert "involvement.level               none                                  substantial" in output


def test_point_by_point_is_what_the_precedents_say(run, assessor):
    """The same comparison that decides whether the case binds."""
    found = data(run("compare", SEED, "stevenson-v-fct", "--format", "json"))["case"]
    conclusion = caprev.assess(SEED, assessor).conclusions[0]
    expected = compare.beside(assessor.cases, conclusion, assessor.cases.cases["stevenson-v-fct"])
    assert found["missing"] == list(expected.missing)
    assert found["beyond"] == list(expected.beyond)
    assert found["binds"] is expected.binds is False


def test_a_case_beside_itself_binds_and_differs_in_nothing(run, assessor):
    """Held beside its own facts a case governs; the rules alone are asked without it."""
    found = data(run("compare", "stevenson", "stevenson", "--format", "json"))
    assert found["facts"] == found["factors"] == []
    assert found["case"]["binds"] is True


def test_two_matters_and_a_comparator_by_its_number(run):
    """Files and published rulings alike; the parcels of one beside the only one of the other."""
    output = run("compare", FARM, BOUGHT, "--all").output
    assert "Grazing property sold in lots" in output
    assert "Six townhouses on one block" in output
    assert "C acquired-to-farm" in output
    found = json.loads(run("compare", PARCELS, "1052196215679", "--format", "json").output)
    assert [part["left"]["parcel"] for part in found] == ["stage-1", "stage-2"]
    assert len(json.loads(run("compare", PARCELS, PARCELS, "--format", "json").output)) == 2


def test_every_difference_between_two_matters_is_told(assessor):
    """A fact is either alike, or in the list; so is every factor that counts and every finding that moved."""
    left, right = (caprev.assess(path, assessor).conclusions[0] for path in (FARM, BOUGHT))
    diff = compare.differences(assessor, left, right)
    told = {row.fact for row in (*diff.facts, *diff.alike)}
    assert told == (set(left.parcel.facts) | set(right.parcel.facts)) - {"matter.as_at"}
    moved = {
        name
        for name in left.weigher.active
        if left.states[name] != right.states[name] and assessor.book.factors[name].favours != "neutral"
    }
    assert {row.factor for row in diff.factors} == moved
    assert all(row.facts for row in diff.factors)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((FARM, "stevensn-v-fct"), "Did you mean stevenson-v-fct?"),
        ((FARM, "nowhere.yaml"), "cannot be read"),
        ((FARM, PARCELS), "has several parcels"),
        ((PARCELS, FARM, "--parcel", "stage-9"), "has no parcel 'stage-9'"),
    ],
)
def test_bad_input_is_told(run, arguments, says):
    """Exit 2, and what would be right."""
    result = run("compare", *arguments)
    assert result.exit_code == 2
    assert says in result.output
