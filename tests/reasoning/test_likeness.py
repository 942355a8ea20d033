"""A matter beside decided cases: by their grounds, in whatever form, and one closest case for whoever tells of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from caprev.files import reading
from caprev.law import citations
from caprev.reasoning.likeness import HERE, Likeness

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "cases" / "au-land"
EXAMPLES = sorted((CASES / "examples").glob("*.yaml"))
DECIDED = sorted(
    path for folder in ("hca", "fcafc", "fca", "tribunal", "foreign") for path in (CASES / folder).glob("*")
)
SEED = CASES / "rulings" / "1052196215679.yaml"


def near(assessor, path: Path) -> list[tuple[Likeness, ...]]:
    return [analysis.beside for analysis in assessor.assess(assessor.read(path)).analyses]


def beside(assessor, facts: dict, case: str) -> Likeness:
    (analysis,) = assessor.assess(assessor.matter(reading.parse(json.dumps({"facts": facts})))).analyses
    return next(item for item in analysis.beside if item.case.id == case)


# --- forms of a ground ---------------------------------------------------------------------------------------


def test_a_sale_by_a_manager_is_more_passive_than_a_listing_and_no_difference(assessor):
    """Casimaty rested on sales left to an agent; where a manager sells, the owner did still less."""
    found = beside(assessor, {"involvement.selling": "developer"}, "casimaty-v-fct")
    assert found.standing["simple-agent-listing"].degree == "stronger"
    assert found.standing["simple-agent-listing"].says.startswith("The selling is the work of a developer or manager")
    assert "simple-agent-listing" in found.here
    assert "simple-agent-listing" not in found.apart
    own = beside(assessor, {"involvement.selling": "owner", "sales.method": "owner_marketing"}, "casimaty-v-fct")
    assert own.standing["simple-agent-listing"].degree == "absent"


@pytest.mark.parametrize(
    ("facts", "case", "ground", "degree", "by"),
    [
        ({"sales.method": "agent_listing"}, "casimaty-v-fct", "simple-agent-listing", "shared", ""),
        ({"holding.main_use": "rental"}, "mccorkell-v-fct", "farmed-for-most-of-ownership", "other_form",
         "let-for-most-of-ownership"),
        ({"involvement.level": "minor", "involvement.planning": "developer", "involvement.works_by": "developer"},
         "mccorkell-v-fct", "professionals-do-the-planning", "stronger", "developer-does-everything"),
        ({"development.lots": 2000}, "stevenson-v-fct", "many-lots", "stronger", ""),
        ({"development.lots": 25}, "stevenson-v-fct", "many-lots", "weaker", ""),
        ({"involvement.planning": "owner"}, "stevenson-v-fct", "owner-runs-the-project", "weaker", "owner-plans"),
        ({"development.lots": 2}, "stevenson-v-fct", "many-lots", "absent", ""),
        ({"development.kind": "subdivision"}, "stevenson-v-fct", "many-lots", "unknown", ""),
    ],
)  # fmt: skip
def test_a_ground_is_shared_stronger_weaker_absent_or_not_known(assessor, facts, case, ground, degree, by):
    """By the factor itself and how much there is of it, else by another form of the same general ground."""
    standing = beside(assessor, facts, case).standing[ground]
    assert (standing.degree, standing.by) == (degree, by)
    assert bool(standing.general) == bool(by)


def test_a_form_stands_for_one_ground_only(assessor):
    """What is itself a ground of the case, or stands for one already, is not counted a second time."""
    for path in (*EXAMPLES, SEED, *DECIDED):
        for found in near(assessor, path):
            for item in found:
                forms = [standing.says for standing in item.grounds if standing.says]
                assert len(forms) == len(set(forms))
                assert not {standing.by for standing in item.grounds} & set(item.case.because)


@pytest.mark.parametrize("path", [*EXAMPLES, SEED, *DECIDED], ids=lambda path: path.stem)
def test_no_factor_stands_in_two_lists(assessor, path):
    """A factor is shared, or it distinguishes, or it is not known: never two of these."""
    for found in near(assessor, path):
        for item in found:
            by = [standing.by for standing in item.grounds if standing.by]
            listed = [*item.here, *item.apart, *item.unknown, *item.besides, *item.overcome]
            assert len(listed) == len(set(listed)), item.case.id
            assert not set(by) & {*item.besides, *item.overcome, *item.beyond}
            assert {*item.here, *item.of("weaker", "absent"), *item.unknown} == set(item.case.because)


def test_a_case_that_binds_has_all_its_grounds_here(assessor):
    """What is told of a case and what makes it bind rest on the same factors."""
    for path in DECIDED:
        for found in near(assessor, path):
            for item in found:
                if item.comparison.binds:
                    assert not item.apart
                    assert all(standing.degree in HERE for standing in item.grounds)


# --- one closest case ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*EXAMPLES, SEED, *DECIDED[::3]], ids=lambda path: path.stem)
def test_every_command_names_the_same_closest_case(assessor, run, tmp_path, path):
    """The memorandum, the list of cases, the draft, the picture and the debate begin with the same case for a side."""
    cases, book = assessor.cases.cases, assessor.book
    matter = assessor.read(path)
    parcel = matter.parcels[0].id
    analysis = assessor.assess(matter, parcel=parcel).analyses[0]
    closest = {side: found.case.id for side in book.sides.ids if (found := analysis.closest(side))}

    def firsts(ordered: list[str]) -> dict[str, str]:
        """The first case for each side in what was told, those not about land aside."""
        found: dict[str, str] = {}
        for name in ordered:
            if cases[name].on_subject(book.pack):
                found.setdefault(cases[name].outcome, name)
        return found

    told = json.loads(run("assess", path, "--parcel", parcel, "--format", "json").stdout)["parcels"][0]
    assert firsts([item["case"] for item in told["precedents"]["on_point"]]) == closest
    named = [reason["rule"] for reason in reasons(told["argument"]) if reason["kind"] == "case"]
    assert firsts(named) == closest

    listed = run("cases", "nearest", path).stdout.split(f"{parcel}, for capital:")[1].split(", for capital:")[0]
    cited = {citations.full(book, case.authority): name for name, case in cases.items()}
    assert firsts([cited[line.strip()] for line in listed.splitlines() if line.strip() in cited]) == closest

    debate = json.loads(run("argue", path, "--parcel", parcel, "--format", "json").stdout)["parcels"][0]
    first = next(move for move in debate["moves"] if move["kind"] in ("cite", "counter-example"))
    assert first["case"] == closest[cases[first["case"]].outcome]

    svg = run("plot", path, "--parcel", parcel, "--kind", "cases").stdout
    lanes = svg.split("Decided for ")
    for lane in lanes[1:]:
        side = lane.split("<")[0].split(":")[0].strip()
        if side in closest:
            labels = {name: f"{short(book, case)} {case.decided[:4]}" for name, case in cases.items()}
            places = {name: lane.index(label) for name, label in labels.items() if label in lane}
            ours = [name for name in places if cases[name].outcome == side and cases[name].on_subject(book.pack)]
            assert min(ours, key=lambda name: places[name]) == closest[side]

    out = tmp_path / "draft.md"
    assert run("draft", path, "--parcel", parcel, "--to", out).exit_code in (0, 3)
    text = " ".join(out.read_text().split())
    told = {
        name: rf"on {case.outcome} account(?: \([^)]*\))?\. {re.escape(case.ratio[:30])}"
        for name, case in cases.items()
    }
    held = {name: found.start() for name, form in told.items() if (found := re.search(form, text))}
    there = sorted(held, key=lambda name: held[name])
    assert closest.items() <= firsts(there).items()  # leading cases are shown for their law, in common or not


def reasons(tree: dict) -> list[dict]:
    """Every reason of an argument, in its order."""
    return [tree, *(reason for child in tree.get("children", ()) for reason in reasons(child))]


def short(book, case) -> str:
    record = book.authorities[case.authority]
    return record.get("short") or record["name"]
