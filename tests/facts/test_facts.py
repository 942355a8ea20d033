"""A fact set says what is known, in whole or in part, and from where; nothing of it is lost or added."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

import caprev
from caprev import Assessor, BadInput
from caprev.facts import derivations
from caprev.facts import matter as facts
from caprev.facts.derivations import OPERATIONS
from caprev.facts.in_words import describe
from caprev.facts.knowledge import Choice, Knowledge, Range, Subset
from caprev.facts.matter import Matter, Parcel
from caprev.files import reading

Run = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[2]
FOREVER = float("inf")
USES = frozenset({"main_residence", "farming", "rental", "business_premises", "private_use", "vacant", "other"})


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def days(first: str, last: str) -> Range:
    return Range(day(first), day(last))


def subset(included: set[str], excluded: set[str] | frozenset[str] = frozenset()) -> Subset:
    return Subset(frozenset(included), frozenset(excluded))


def read(assessor: Assessor, text: str) -> Matter:
    return assessor.matter(reading.parse(text))


def parcel(assessor: Assessor, **written: str) -> Parcel:
    """One parcel from facts written as `section__fact="YAML"`."""
    lines = [f"  {name.replace('__', '.')}: {value}\n" for name, value in written.items()]
    return read(assessor, "facts:\n" + "".join(lines)).parcels[0]


# --- every form of knowledge --------------------------------------------------------------------------------

FORMS: list[tuple[str, str, Knowledge, str]] = [
    # exact
    ("taxpayer.kind", "trust", Choice(frozenset({"trust"})), "trust"),
    ("taxpayer.kind", "super_fund", Choice(frozenset({"super_fund"})), "super fund"),
    ("taxpayer.retired", "true", Choice(frozenset({True})), "yes"),
    ("taxpayer.retired", "yes", Choice(frozenset({True})), "yes"),
    ("taxpayer.retired", "False", Choice(frozenset({False})), "no"),
    ("taxpayer.retired", '"no"', Choice(frozenset({False})), "no"),
    ("development.lots", "12", Range(12, 12), "12"),
    ("development.lots", "0", Range(0, 0), "0"),
    ("development.lots", '"1,200"', Range(1200, 1200), "1,200"),
    ("acquisition.area_ha", "36.5", Range(36.5, 36.5), "36.5 ha"),
    ("development.cost", '"$1,250,000"', Range(1250000, 1250000), "$1,250,000"),
    ("sales.profit", "-40000", Range(-40000, -40000), "-$40,000"),
    ("sales.date", "2023-11-28", days("2023-11-28", "2023-11-28"), "28 November 2023"),
    # one of several
    ("taxpayer.kind", "{one_of: [trust, couple]}", Choice(frozenset({"couple", "trust"})), "couple or trust"),
    ("taxpayer.retired", "{one_of: [true]}", Choice(frozenset({True})), "yes"),
    ("development.lots", "{one_of: [3, 2]}", Choice(frozenset({2.0, 3.0})), "2 or 3"),
    ("sales.date", "{one_of: [2021, 2022]}", days("2021-01-01", "2022-12-31"), "2021 to 2022"),
    # bounded
    ("holding.years", "{at_least: 20}", Range(20, FOREVER), "at least 20 years"),
    ("development.lots", "{at_most: 9}", Range(0, 9), "at least 0 and at most 9"),
    ("development.lots", "{at_least: 4, at_most: 9}", Range(4, 9), "at least 4 and at most 9"),
    ("sales.profit", "{at_most: 0}", Range(-FOREVER, 0), "at most $0"),
    ("sales.date", "{at_least: 2023-11-28}", Range(day("2023-11-28"), FOREVER), "on or after 28 November 2023"),
    ("sales.date", "{at_least: 2020, at_most: 2022}", days("2020-01-01", "2022-12-31"), "2020 to 2022"),
    # dates known in part
    ("sales.date", "2021", days("2021-01-01", "2021-12-31"), "2021"),
    ("sales.date", "2020-02", days("2020-02-01", "2020-02-29"), "February 2020"),
    ("sales.date", "2021-12", days("2021-12-01", "2021-12-31"), "December 2021"),
    # sets
    ("holding.uses", "[farming]", subset({"farming"}, USES - {"farming"}), "farming"),
    ("holding.uses", "[other, farming]", subset({"farming", "other"}, USES - {"farming", "other"}), "farming, other"),
    ("holding.uses", "[]", subset(set(), USES), "none of them"),
    ("holding.uses", "{includes: [farming]}", subset({"farming"}), "farming, perhaps more"),
    ("holding.uses", "{excludes: [rental]}", subset(set(), {"rental"}), "not known in full; not rental"),
    ("holding.uses", "{includes: [farming], excludes: [other]}", subset({"farming"}, {"other"}), "farming; not other"),
    # masked, as in published rulings
    ("acquisition.date", "19PP", days("1900-01-01", "1999-12-31"), "1900 to 1999"),
    ("acquisition.date", "20XX", days("2000-01-01", "2099-12-31"), "2000 to 2099"),
    ("acquisition.date", "June 20XX", days("2000-01-01", "2099-12-31"), "2000 to 2099"),
    ("acquisition.date", "{at_least: 19PP}", Range(day("1900-01-01"), FOREVER), "on or after 1 January 1900"),
    ("development.lots", "X lots", Range(2), "at least 2"),
    ("development.lots", "about XX lots", Range(2), "at least 2"),
    ("development.cost", "$XXX,XXX", Range(0), "at least $0"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "written", "knowledge", "words"), FORMS, ids=[f"{f[0]}: {f[1]}" for f in FORMS])
def test_a_value_is_read_for_what_it_tells(
    name: str, written: str, knowledge: Knowledge, words: str, assessor: Assessor
) -> None:
    """Every way to write a value means one set of values that it may still have, and reads back in words."""
    told = parcel(assessor, **{name.replace(".", "__"): written}).facts[name]
    assert told.knowledge == knowledge
    assert describe(told) == words


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("taxpayer.kind", "unknown"),
        ("taxpayer.kind", "Unknown"),
        ("holding.uses", "unknown"),
        ("holding.uses", "{includes: []}"),
        ("sales.date", "unknown"),
        ("development.lots", "X"),
        ("development.lots", "{at_least: 0}"),
        ("acquisition.area_ha", "X hectares"),
        ("taxpayer.retired", "{one_of: [true, false]}"),
    ],
)
def test_a_value_that_tells_nothing_is_as_if_left_out(name: str, written: str, assessor: Assessor) -> None:
    """Unknown is not a value: the fact is missing, and the fingerprint is that of a file without it."""
    told = read(assessor, f"facts:\n  taxpayer.prior_resales: 1\n  {name}: {written}\n")
    silent = read(assessor, "facts:\n  taxpayer.prior_resales: 1\n")
    assert name not in told.parcels[0].facts
    assert told.sha256 == silent.sha256


@pytest.mark.parametrize("written", ["", "~", "null"])
def test_a_blank_is_unknown(written: str, assessor: Assessor) -> None:
    """A fact whose value was left blank in a template is unknown, and so is JSON's null."""
    for text in (
        f"development:\n  lots: {written}\n",
        f"development:\n  lots:\n    value: {written}\n",
        f"development:\n  works: {written}\n",
        "taxpayer:\n",
        '{"development": {"lots": null}}',
    ):
        assert "development.lots" not in read(assessor, text).parcels[0].facts


def test_quoted_nothing_is_text(assessor: Assessor) -> None:
    """A title in quotes stays what was written, even if it is the word null."""
    assert read(assessor, 'matter: {title: "null"}\n').about == {"title": "null"}


def test_alternatives_are_told_in_order(assessor: Assessor) -> None:
    """Numbers that a value may be are told from the smallest."""
    told = parcel(assessor, development__lots="{one_of: [10, 9]}").facts["development.lots"]
    assert describe(told) == "9 or 10"


@pytest.mark.parametrize(
    ("name", "written"), [("acquisition.area_ha", "1,5"), ("development.lots", "12,34,5"), ("development.lots", "$12")]
)
def test_an_odd_number_is_not_guessed_at(name: str, written: str, assessor: Assessor) -> None:
    """1,5 hectares are not fifteen: commas stand between thousands, and a dollar sign before money only."""
    with pytest.raises(BadInput, match=re.escape(written)):
        read(assessor, f'facts: {{{name}: "{written}"}}\n')


@pytest.mark.parametrize("written", ["-5", "{at_most: -5}", "{at_least: -9, at_most: -5}", "{one_of: [-5, 5]}"])
def test_only_what_may_be_a_loss_may_be_negative(written: str, assessor: Assessor) -> None:
    """Costs, prices and values are not negative; profits may be."""
    for name in ("development.cost", "sales.price", "finance.amount", "development.lots"):
        with pytest.raises(BadInput, match="negative"):
            read(assessor, f"facts: {{{name}: {written}}}\n")
    assert "sales.profit" in read(assessor, f"facts: {{sales.profit: {written}}}\n").parcels[0].facts


# --- provenance ---------------------------------------------------------------------------------------------


def test_source_standing_and_note_are_kept(assessor: Assessor) -> None:
    """What was written beside a value stays with it."""
    text = """
    acquisition:
      date: {value: 1955-08, source: "Contract, cl 4", standing: documented, note: signed by both}
      mode: purchase
    """
    told = read(assessor, text).parcels[0].facts
    given = told["acquisition.date"]
    assert given.knowledge == days("1955-08-01", "1955-08-31")
    assert (given.source, given.standing, given.note) == ("Contract, cl 4", "documented", "signed by both")
    assert (told["acquisition.mode"].source, told["acquisition.mode"].standing) == ("", None)


def test_provenance_survives_narrowing(assessor: Assessor) -> None:
    """A written date that another fact narrows keeps its source, and says what narrowed it."""
    text = """
    acquisition:
      date: {value: 1985, source: Title search, standing: documented}
      pre_cgt: true
    """
    given = read(assessor, text).parcels[0].facts["acquisition.date"]
    assert given.knowledge == days("1985-01-01", "1985-09-19")
    assert (given.source, given.standing) == ("Title search", "documented")
    assert given.derived_from == ("acquisition.pre_cgt",)


def test_sources_reach_the_reader(run: Run, tmp_path: Path) -> None:
    """The assessment names, for each factor, the facts it rests on with their source and standing."""
    path = tmp_path / "matter.yaml"
    path.write_text(
        "acquisition:\n  documents_show_resale: {value: true, source: Minutes of 3 May, standing: disputed}\n"
    )
    data = json.loads(run("assess", path, "--format", "json").stdout)
    rested = [fact for factor in data["parcels"][0]["factors"] if factor["state"] == "met" for fact in factor["facts"]]
    assert {
        "fact": "acquisition.documents_show_resale",
        "value": "yes",
        "source": "Minutes of 3 May",
        "standing": "disputed",
    } in rested


# --- one matter, many ways to write it ----------------------------------------------------------------------

SAME = [
    """
    matter: {id: a, title: A farm}
    acquisition:
      date: {value: 1955, source: Title, standing: documented}
      purposes: [farming, main_residence]
    development: {lots: 12, kind: {one_of: [subdivision, none]}}
    taxpayer: {retired: true}
    """,
    """
    # other order, other forms
    taxpayer:
      retired: "yes"
    development:
      kind:
        one_of:
          - none
          - subdivision
      lots: '12'
    acquisition:
      purposes: [main_residence, farming]
      date:
        standing: documented
        source: Title
        value: 1955
    matter:
      title: A farm
      id: a
    """,
    """
    matter: {id: a, title: A farm}
    facts:
      development.lots: 12
      taxpayer.retired: true
      development.kind: {one_of: [subdivision, none]}
      acquisition.purposes: [farming, main_residence]
      acquisition.date: {value: 1955, source: Title, standing: documented}
    """,
    """
    matter: {id: a, title: A farm}
    taxpayer: {retired: true}
    facts:
      development: {lots: 12, kind: {one_of: [subdivision, none]}}
      acquisition.purposes: [farming, main_residence]
      acquisition.date: {value: 1955, source: Title, standing: documented}
    """,
    """
    {"matter": {"id": "a", "title": "A \\u0066arm"}, "taxpayer": {"retired": true},
     "development": {"lots": 12, "kind": {"one_of": ["subdivision", "none"]}},
     "acquisition": {"purposes": ["farming", "main_residence"],
                     "date": {"value": 1955, "source": "Title", "standing": "documented"}}}
    """,
]


def test_all_ways_to_write_a_matter_are_the_same_matter(assessor: Assessor) -> None:
    """Sections, flat facts and JSON, in any order, have one fingerprint and the same knowledge."""
    matters = [read(assessor, text) for text in SAME]
    assert len({matter.sha256 for matter in matters}) == 1
    known = matters[0].parcels[0].known
    assert len(known) > 5
    assert all(matter.parcels[0].known == known for matter in matters)


def test_a_mapping_is_a_fact_set(assessor: Assessor) -> None:
    """From Python a fact set is a mapping of the same shape as a file."""
    mapping = {
        "matter": {"id": "a", "title": "A farm"}, "taxpayer": {"retired": True},
        "facts": {"development.lots": 12, "development.kind": {"one_of": ["subdivision", "none"]},
                  "acquisition.purposes": ["farming", "main_residence"],
                  "acquisition.date": {"value": 1955, "source": "Title", "standing": "documented"}},
    }  # fmt: skip
    assert caprev.assess(mapping, assessor).facts_sha256 == read(assessor, SAME[0]).sha256


def test_json_may_escape_any_character(assessor: Assessor) -> None:
    """JSON as other programs write it, with \\ud83d\\ude00 for an emoji, is JSON."""
    text = json.dumps({"matter": {"title": "Farm \U0001f600"}})
    assert read(assessor, text).about["title"] == "Farm \U0001f600"
    assert caprev.assess({"matter": {"title": "Farm \U0001f600"}}, assessor).matter.title == "Farm \U0001f600"


def test_only_pairs_of_escapes_are_joined(assessor: Assessor) -> None:
    """What JSON does not mean as one character stays as it is, or is refused with its line."""
    title = "\U0001f600 \\ud83d\\ude00 \\\U0001f600 caf\xe9"
    assert read(assessor, json.dumps({"matter": {"title": title}})).about["title"] == title
    literal = "\\ud83d\\ude00"
    assert read(assessor, f"matter: {{title: '{literal}'}}\n").about["title"] == literal
    with pytest.raises(BadInput, match="text>:2: is not valid YAML"):
        read(assessor, '{"matter":\n {"title": "\\ud83d"}}')


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('"\\e[2J"', "\\x1b[2J"), ('"a\\x07b"', "a\\x07b"), ('"a\\0b"', "a\\x00b"), ("a\u202eb", "a\\u202eb"),
        ('"a\\rb"', "a\\rb"),
        ('"a\\r\\nb\\tc"', "a\nb\tc"), ('"caf\xe9 \\u200f\U0001f600"', "caf\xe9 \\u200f\U0001f600"),
        ("a\ufeffb", "a\\ufeffb"), ('"\\ufffe\\uffff"', "\\ufffe\\uffff"), ("\u061c\u2066x", "\\u061c\\u2066x"),
        ('"\\U0001fffe\\ufdd0"', "\\U0001fffe\\ufdd0"), ("x\U000e0041", "x\\U000e0041"),
        ("caf\xe9 \u5317\u4eac \u200d\u200c", "caf\xe9 \u5317\u4eac \u200d\u200c"),
    ],
)  # fmt: skip
def test_a_command_to_a_terminal_is_kept_as_its_escape(written: str, seen: str, assessor: Assessor) -> None:
    """Characters that do something instead of being read are shown, and do nothing; tabs and lines stay."""
    assert read(assessor, f"matter: {{title: {written}}}\n").about["title"] == seen


def test_text_may_hold_any_character(assessor: Assessor) -> None:
    """Names and quotations outside ASCII come through unchanged, with or without a byte order mark."""
    title = "Wurrundjeri Ngurra, café, 農場 \U0001f600 \"quoted\" 'too'"
    text = json.dumps({"matter": {"title": title}}, ensure_ascii=False)
    assert read(assessor, text).about["title"] == title


def test_a_byte_order_mark_and_crlf_are_no_matter(assessor: Assessor, tmp_path: Path) -> None:
    """Files saved by Windows editors read the same."""
    (tmp_path / "unix.yaml").write_bytes(b"taxpayer:\n  kind: trust\n")
    (tmp_path / "windows.yaml").write_bytes(b"\xef\xbb\xbftaxpayer:\r\n  kind: trust\r\n")
    assert assessor.read(tmp_path / "unix.yaml").sha256 == assessor.read(tmp_path / "windows.yaml").sha256


@pytest.mark.parametrize(
    "change",
    [
        ("lots: 12", "lots: 13"),
        ("lots: 12", "lots: {at_least: 12}"),
        ("source: Title", "source: Contract"),
        ("standing: documented", "standing: stated"),
        ("retired: true", "retired: false"),
        ("title: A farm", "title: The farm"),
        ("[farming, main_residence]", "{includes: [farming, main_residence]}"),
        ("subdivision, none", "subdivision, units"),
        ("1955", "1955-01"),
        (", source: Title", ""),
    ],
    ids=" -> ".join,
)
def test_the_fingerprint_covers_everything_written(change: tuple[str, str], assessor: Assessor) -> None:
    """Any change of what is known, or of where it comes from, is another fact set."""
    assert change[0] in SAME[0]
    assert read(assessor, SAME[0]).sha256 != read(assessor, SAME[0].replace(*change)).sha256


@given(seed=st.integers(0, 2**32))
def test_the_order_of_keys_is_no_matter(seed: int, assessor: Assessor) -> None:
    """A real matter, its keys shuffled at every level, is the same matter."""
    path = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"
    data = yaml.safe_load(path.read_text("utf-8"))

    def shuffled(value: Any) -> Any:
        if not isinstance(value, dict):
            return [shuffled(item) for item in value] if isinstance(value, list) else value
        keys = list(value)
        rng.shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}

    rng = random.Random(seed)
    matter = read(assessor, json.dumps(shuffled(data), default=str))
    assert matter.sha256 == assessor.read(path).sha256


# --- parcels ------------------------------------------------------------------------------------------------

PARCELS = """
taxpayer: {kind: individual}
development:
  kind: {value: subdivision, source: Plan, standing: documented}
  lots: 9
parcels:
  - id: north
    title: The paddock
    development: {lots: 4}
  - id: south
    facts: {development.kind: dwellings, sales.pre_sales: true}
  - development: {stages: 2}
"""


def test_parcels_override_the_facts_they_share(assessor: Assessor) -> None:
    """Each parcel has the base facts, save those it states itself, with their own sources."""
    north, south, third = read(assessor, PARCELS).parcels
    assert (north.id, north.title, south.id, south.title, third.id) == ("north", "The paddock", "south", "", "parcel-3")
    assert [p.known["development.lots"] for p in (north, south, third)] == [Range(4, 4), Range(9, 9), Range(9, 9)]
    assert describe(south.facts["development.kind"]) == "dwellings"
    assert (south.facts["development.kind"].source, south.facts["development.kind"].standing) == ("", None)
    assert north.facts["development.kind"].source == "Plan"
    assert [("sales.pre_sales" in p.facts) for p in (north, south, third)] == [False, True, False]
    assert all(describe(p.facts["taxpayer.kind"]) == "individual" for p in (north, south, third))


def test_without_parcels_there_is_one(assessor: Assessor) -> None:
    """A file that names no parcel is about one, called `all`."""
    assert [p.id for p in read(assessor, "taxpayer: {kind: trust}\n").parcels] == ["all"]


def test_parcels_are_derived_apart(assessor: Assessor) -> None:
    """What follows from one parcel's facts says nothing of the others."""
    text = "development: {lots: 9}\nparcels:\n- {id: a, development: {lots_for_sale: 9}}\n- {id: b}\n"
    first, second = read(assessor, text).parcels
    assert first.known["development.lots_kept"] == Range(0, 0)
    assert "development.lots_kept" not in second.known


def test_a_parcel_may_contradict_only_itself(assessor: Assessor) -> None:
    """A contradiction within one parcel is reported for it; facts of different parcels never contradict."""
    fine = "acquisition: {pre_cgt: true}\nparcels:\n- {id: a}\n- {id: b, acquisition: {pre_cgt: false, date: 1990}}\n"
    assert len(read(assessor, fine).parcels) == 2
    with pytest.raises(BadInput) as refused:
        read(assessor, fine.replace("pre_cgt: false, ", ""))
    assert len(refused.value.problems) == 1
    assert "acquisition.date (line 4)" in str(refused.value)


def test_a_parcel_may_not_know_what_the_others_do(assessor: Assessor) -> None:
    """A parcel that says unknown overrides the base fact too."""
    text = "development: {lots: 9}\nparcels:\n- {id: a, development: {lots: unknown}}\n"
    assert "development.lots" not in read(assessor, text).parcels[0].facts


def test_a_shared_contradiction_is_reported_once(assessor: Assessor) -> None:
    """Ten parcels with one wrong base fact are one fault to mend."""
    with pytest.raises(BadInput) as refused:
        read(assessor, "acquisition: {date: 1990, pre_cgt: true}\nparcels: [{id: a}, {id: b}]\n")
    assert len(refused.value.problems) == 1


# --- facts that follow from facts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bought", "verdict"),
    [
        ("1985-09-19", True), ("1985-09-20", False), ("1985-09", None), ("1985", None), ("1984", True), ("1986", False),
        ("19PP", None), ("20XX", False), ("18XX", True), ("{at_most: 1985-09-19}", True),
        ("{at_least: 1985-09-20}", False),
        ("{at_least: 1985-09-19}", None), ("1985-08", True), ("1985-10", False),
    ],
)  # fmt: skip
def test_pre_cgt_follows_from_the_date(bought: str, verdict: bool | None, assessor: Assessor) -> None:
    """Land is pre-CGT if bought before 20 September 1985; a date that leaves it open leaves it unknown."""
    known = parcel(assessor, acquisition__date=bought).known
    assert known.get("acquisition.pre_cgt") == (None if verdict is None else Choice(frozenset({verdict})))


@pytest.mark.parametrize(
    ("bought", "pre_cgt", "span"),
    [
        ("unknown", "true", Range(-FOREVER, day("1985-09-19"))),
        ("unknown", "false", Range(day("1985-09-20"), FOREVER)),
        ("1985", "true", days("1985-01-01", "1985-09-19")),
        ("1985", "false", days("1985-09-20", "1985-12-31")),
        ("19PP", "false", days("1985-09-20", "1999-12-31")),
        ("1985-09-19", "true", days("1985-09-19", "1985-09-19")),
        ("20XX", "unknown", days("2000-01-01", "2099-12-31")),
    ],
)
def test_the_date_follows_from_pre_cgt(bought: str, pre_cgt: str, span: Range, assessor: Assessor) -> None:
    """Knowing whether land is pre-CGT narrows when it was bought."""
    assert parcel(assessor, acquisition__date=bought, acquisition__pre_cgt=pre_cgt).known["acquisition.date"] == span


@pytest.mark.parametrize(
    ("bought", "sold", "least", "most"),
    [
        ("2000-06-15", "2020-06-15", 20, 20),
        ("2000-06-15", "2020-06-14", 19.9, 19.999),
        ("2000-06-15", "2000-06-15", 0, 0),
        ("2000-02-29", "2001-03-01", 1, 1.01),
        ("2000", "2020", 19, 20.999),
        ("1955", "{at_least: 1980}", 24, FOREVER),
        ("19PP", "2010-01-01", 10, 110),
        ("{at_most: 1990-12-31}", "2010-12-31", 20, FOREVER),
    ],
)
def test_years_owned_follow_from_the_dates(
    bought: str, sold: str, least: float, most: float, assessor: Assessor
) -> None:
    """Years from acquisition to sale, with the room that partial dates leave, counting whole anniversaries."""
    known = parcel(assessor, acquisition__date=bought, sales__date=sold).known["derived.years_owned"]
    assert isinstance(known, Range)
    assert least <= known.low <= known.high <= most
    assert known.low < least + 1
    assert known.high == most or known.high > most - 1.001


@pytest.mark.parametrize(
    ("cost", "value", "ratio"),
    [
        ("500000", "250000", Range(2, 2)),
        ("0", "250000", Range(0, 0)),
        ("{at_least: 500000}", "250000", Range(2, FOREVER)),
        ("500000", "{at_least: 250000}", Range(0, 2)),
        ("{at_least: 100000, at_most: 300000}", "{at_least: 100000, at_most: 200000}", Range(0.5, 3)),
        ("500000", "{at_most: 250000}", Range(2, FOREVER)),
        ("{at_most: 500000}", "250000", Range(0, 2)),
        ("500000", "0", None),
        ("500000", "unknown", None),
        ("{one_of: [100000, 300000]}", "100000", Range(1, 3)),
    ],
)
def test_cost_to_land_value_follows_with_its_range(
    cost: str, value: str, ratio: Range | None, assessor: Assessor
) -> None:
    """Development cost as a multiple of the land's value, as wide as what is known of the two."""
    known = parcel(assessor, development__cost=cost, development__land_value_before=value).known
    assert known.get("derived.cost_to_land_value") == ratio


def test_a_project_may_make_a_loss(assessor: Assessor) -> None:
    """An expected loss is a fact like another, and no multiple of the land's value."""
    known = parcel(assessor, development__expected_profit="-100000", development__land_value_before="200000").known
    assert known["development.expected_profit"] == Range(-100000, -100000)
    ratio = known.get("derived.profit_to_land_value", Range())
    assert isinstance(ratio, Range)
    assert ratio.low <= -0.5 <= ratio.high


@pytest.mark.parametrize(
    ("lots", "for_sale", "kept", "expected"),
    [
        ("10", "7", "unknown", Range(3, 3)),
        ("10", "10", "unknown", Range(0, 0)),
        ("{at_least: 10}", "7", "unknown", Range(3, FOREVER)),
        ("10", "{at_least: 7}", "unknown", Range(0, 3)),
        ("X lots", "X lots", "unknown", Range(0)),
        ("{at_least: 10}", "7", "{at_most: 5}", Range(3, 5)),
        ("0", "unknown", "unknown", Range(0, 0)),
    ],
)
def test_lots_kept_follow_from_lots_and_sales(
    lots: str, for_sale: str, kept: str, expected: Range, assessor: Assessor
) -> None:
    """Lots created less lots for sale, narrowing what is said of the lots kept."""
    known = parcel(
        assessor, development__lots=lots, development__lots_for_sale=for_sale, development__lots_kept=kept
    ).known
    assert known.get("development.lots_kept", Range(0)) == expected


def test_consequences_follow_one_another(assessor: Assessor) -> None:
    """A mere guarantee is no borrowing, and so no amount; each step names what it rests on."""
    told = parcel(assessor, finance__guarantee_only="true").facts
    assert told["finance.borrowed"].knowledge == Choice(frozenset({False}))
    assert told["finance.borrowed"].derived_from == ("finance.guarantee_only",)
    assert told["finance.amount"].derived_from == ("finance.borrowed",)
    assert "guarantee" in told["finance.borrowed"].reason


def test_nothing_follows_from_nothing(assessor: Assessor) -> None:
    """An empty fact set has no facts but the date of assessment."""
    assert set(read(assessor, "{}").parcels[0].facts) == {"matter.as_at"}


def test_a_derived_fact_is_shown_as_such(run: Run, tmp_path: Path) -> None:
    """Where a reason rests on a fact that nobody wrote, the explanation says what it follows from."""
    path = tmp_path / "matter.yaml"
    path.write_text("acquisition: {date: 1955}\nsales: {date: 1990}\n")
    data = json.loads(run("assess", path, "--format", "json").stdout)
    factors = {factor["id"]: factor for factor in data["parcels"][0]["factors"]}
    assert factors["held-since-before-cgt"]["state"] == "met"
    assert {
        "fact": "acquisition.pre_cgt", "value": "yes", "source": "follows from acquisition.date", "standing": "",
    } in factors["held-since-before-cgt"]["facts"]  # fmt: skip


def completions(known: Range) -> st.SearchStrategy[int]:
    return st.integers(int(known.low), int(known.high))


def ranges(least: int, most: int) -> st.SearchStrategy[Range]:
    pairs = st.tuples(st.integers(least, most), st.integers(least, most))
    return pairs.map(lambda ends: Range(min(ends), max(ends)))


@given(data=st.data())
def test_derived_ranges_hold_every_possible_value(data: st.DataObject) -> None:
    """Whatever the facts turn out to be within their ranges, the quantity is within its own."""
    dates = ranges(day("1900-01-01"), day("2040-12-31"))
    kinds = {"years_between": (dates, dates), "subtract": (ranges(0, 500), ranges(0, 500)),
             "divide": (ranges(-500, 500), ranges(-500, 500))}  # fmt: skip
    kind = data.draw(st.sampled_from(sorted(kinds)))
    left, right = (data.draw(strategy) for strategy in kinds[kind])
    whole = OPERATIONS[kind](left, right)
    first, second = data.draw(completions(left)), data.draw(completions(right))
    if (
        (kind == "years_between" and first > second)
        or (kind == "divide" and second == 0)
        or (kind == "subtract" and first < second)
    ):
        return  # no such matter
    exact = OPERATIONS[kind](Range(first, first), Range(second, second))
    assert whole.low <= exact.low
    assert exact.high <= whole.high


def test_the_order_of_derivations_is_no_matter(assessor: Assessor) -> None:
    """The derivations of the rulebook, back to front, give the same facts on every matter in the repository."""
    book, there = assessor.book, assessor.book.derivations
    backwards = derivations.Derivations(there.implications[::-1], there.quantities[::-1], there.orders[::-1])
    paths = sorted((ROOT / "cases" / "au-land").rglob("*.yaml"))
    assert len(paths) > 50
    for path in paths:
        found = reading.read(path)
        forth, back = (
            facts.load(found, book.vocabulary, order, book.pack.as_at) for order in (book.derivations, backwards)
        )
        assert [p.known for p in forth.parcels] == [p.known for p in back.parcels]


def test_rounded_years_are_no_contradiction(assessor: Assessor) -> None:
    """A person who gives both dates may still say "twenty years" when a month is missing."""
    known = parcel(assessor, acquisition__date="2000-07-01", sales__date="2020-06-01", holding__years="20").known
    assert known["holding.years"] == Range(20, 20)
    with pytest.raises(BadInput, match="rounded up"):
        parcel(assessor, acquisition__date="2000-07-01", sales__date="2019-07-01", holding__years="20")


@pytest.mark.parametrize(
    ("held", "least"),
    [("20", 19 + 1 / 366), ("{at_least: 20}", 19 + 1 / 366), ("1", 1 / 366), ("1.5", 1 + 1 / 366), ("0.2", 1 / 366)],
)
def test_a_number_of_years_held_proves_the_year_before_it(held: str, least: float, assessor: Assessor) -> None:
    """Land held twenty years, as people say it, was owned more than nineteen."""
    assert parcel(assessor, holding__years=held).known["derived.years_owned"] == Range(least)
    assert "derived.years_owned" not in parcel(assessor, holding__years="{at_most: 5}").known


@pytest.mark.parametrize(
    ("facts", "places"),
    [
        ("acquisition.date: 2020-03-01\n  sales.date: 2019", "acquisition.date (line 2)"),
        ("acquisition.pre_cgt: false\n  sales.date: 1980", "acquisition.pre_cgt (line 2)"),
        ("acquisition.date: 19PP\n  acquisition.pre_cgt: false\n  sales.date: 1980",
         "acquisition.date (line 2), acquisition.pre_cgt (line 3)"),
    ],
)  # fmt: skip
def test_a_contradiction_names_every_fact_that_leads_to_it(facts: str, places: str, assessor: Assessor) -> None:
    """Also facts that contradict each other by what follows from them, each with its line."""
    with pytest.raises(BadInput) as refused:
        read(assessor, f"facts:\n  {facts}\n")
    (problem,) = refused.value.problems
    assert (problem.subject, problem.line) == ("sales.date", 2 + facts.count("\n"))
    assert problem.what == f"contradicts {places}: land is not sold before it is acquired"


def test_a_sale_may_be_on_the_day_of_acquisition(assessor: Assessor) -> None:
    """Dates known in part are refused only if no days in them stand in order."""
    for bought, sold in (("2020-03-01", "2020-03-01"), ("2020", "2020-01"), ("20XX", "2000-01-01")):
        owned = parcel(assessor, acquisition__date=bought, sales__date=sold).known["derived.years_owned"]
        assert isinstance(owned, Range)
        assert owned.low == 0


# --- the date of assessment ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "as_at"),
    [("matter: {as_at: 2023-11-28}\n", "2023-11-28"), ("as_at: 1986\n", "1986"), ("taxpayer: {kind: trust}\n", "")],
)
def test_the_date_of_assessment(text: str, as_at: str, assessor: Assessor) -> None:
    """A matter says as at when it is assessed; one that does not is assessed as at the rulebook's day."""
    assert read(assessor, text).as_at == (as_at or assessor.book.pack.as_at)


def test_years_since_acquisition_count_to_the_date_of_assessment(assessor: Assessor) -> None:
    """The same land has been held longer when it is looked at later."""
    spans = [
        read(assessor, f"matter: {{as_at: {year}-07-01}}\nacquisition: {{date: 2000-07-01}}\n").parcels[0].known
        for year in (2010, 2020)
    ]
    assert [span["derived.years_since_acquisition"] for span in spans] == [Range(10, 10), Range(20, 20)]


@pytest.mark.parametrize("day", ["unknown", "20XX", "soon", "{at_least: 2020}", "[2020]"])
def test_the_date_of_assessment_is_a_date(day: str, assessor: Assessor) -> None:
    """Whoever assesses knows as at when; a date that is not known would switch rules on and off by its letters."""
    for text, line in ((f"matter:\n  as_at: {day}\n", 2), (f"as_at: {day}\n", 1)):
        with pytest.raises(BadInput) as refused:
            read(assessor, text)
        (problem,) = refused.value.problems
        assert (problem.subject, problem.line) == ("matter.as_at", line)
        assert "YYYY-MM-DD" in problem.what
