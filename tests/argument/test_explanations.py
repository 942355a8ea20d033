"""An explanation names every reason, its rule, its authority and its facts, in every format, and nothing else.

The files of tests/snapshots are whole documents. When wording changes on purpose, run
`pytest tests/test_explanations.py --snapshot-update` and read the diff before it is committed.
"""

from __future__ import annotations

import dataclasses
import html.parser
import itertools
import json
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import strategies as st

from caprev import Assessor
from caprev.cli import common, main
from caprev.facts import in_words
from caprev.facts.matter import Given, Matter
from caprev.files import reading
from caprev.law import telling
from caprev.reasoning import sensitivity
from caprev.reasoning.conclusion import Conclusion

Run = Callable[..., Result]
Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "cases" / "au-land"
SEED_RULING = CASES / "rulings" / "1052196215679.yaml"
STEVENSON = CASES / "fca" / "stevenson-v-fct.yaml"
EXAMPLES = sorted((CASES / "examples").glob("*.yaml"))
MATTERS = [SEED_RULING, STEVENSON, *EXAMPLES]
FORMATS = ["text", "json", "markdown", "html"]

ids: dict[str, Any] = {"ids": lambda path: path.stem}


SAID: dict[tuple[str, ...], Result] = {}


def once(run: Run, *arguments: str | Path) -> Result:
    """What a command says of a matter of the repository, run once in a process for all tests that read it.

    That it says the same every time is tested in tests/reasoning/test_laws.py and tests/files/test_determinism.py.
    """
    key = tuple(map(str, arguments))
    if key not in SAID:
        SAID[key] = run(*arguments)
    return SAID[key]


def assessed(run: Run, path: Path, *options: str) -> Json:
    result = once(run, "assess", path, "--format", "json", *options)
    assert result.exit_code in (0, 3), result.stderr
    data: Json = json.loads(result.stdout)
    return data


def nodes(reason: Json) -> Iterator[Json]:
    """Every reason of an argument."""
    yield reason
    for child in reason.get("children", []):
        yield from nodes(child)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "matter.yaml"
    path.write_text(text, "utf-8")
    return path


# --- whole documents ----------------------------------------------------------------------------------------

SNAPSHOTS = {
    **{f"{path.stem}.txt": (path, "text") for path in [SEED_RULING, *EXAMPLES]},
    f"{STEVENSON.stem}.md": (STEVENSON, "markdown"),
}


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_the_document_is_as_it_was_read_last(name: str, run: Run, snapshot: Callable[[str, str], None]) -> None:
    """What `caprev assess` prints changes only when somebody has read the change."""
    path, form = SNAPSHOTS[name]
    text = once(run, "assess", path, "--format", form).stdout
    # The rulebook's fingerprint changes with every comment in it.
    snapshot(name, re.sub(r"(; rulebook [\d.]+ )\([0-9a-f]{12}\)", r"\1(fingerprint)", text))


def test_every_snapshot_is_compared() -> None:
    """A file left in tests/snapshots by a renamed test would mislead."""
    assert {path.name for path in (ROOT / "tests" / "snapshots").iterdir()} == set(SNAPSHOTS)


# --- every reason is named ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_a_factor_is_shown_with_rule_authority_and_facts(path: Path, run: Run, assessor: Assessor) -> None:
    """Each factor line names a rule that exists, at least one authority and at least one fact that is known."""
    seen = 0
    for parcel in assessed(run, path)["parcels"]:
        facts = {p.id: p.facts for p in assessor.read(path).parcels}[parcel["id"]]
        told = {given.fact.words for given in facts.values()}
        tense = assessor.book.derivations.tense({name: given.knowledge for name, given in facts.items()})
        for reason in nodes(parcel["argument"]):
            if reason["kind"] in ("factor", "brief"):
                rule = assessor.book.factors[reason["rule"]]
                assert reason["text"] == telling.told(rule.text, tense)
                assert reason["authority"]
                assert reason["facts"]
                assert all(fact.split(": ")[0] in told for fact in reason["facts"])
                seen += 1
    assert seen > 5


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_every_met_factor_is_explained_and_no_other(path: Path, run: Run) -> None:
    """The argument explains the factors that are met, each with its state in the data; none is left out."""
    for parcel in assessed(run, path)["parcels"]:
        met = {factor["id"] for factor in parcel["factors"] if factor["state"] == "met"}
        names = {factor["id"] for factor in parcel["factors"]}
        explained = {reason.get("rule") for reason in nodes(parcel["argument"]) if reason.get("facts")} & names
        assert explained == met


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_every_met_factor_is_named_with_detail_and_none_without(path: Path, run: Run) -> None:
    """With --detail every factor that is met is named; without, the reader is told in words and meets no id."""
    detail, brief = once(run, "assess", path, "--detail").stdout, once(run, "assess", path).stdout
    for parcel in assessed(run, path)["parcels"]:
        for factor in parcel["factors"]:
            assert factor["state"] != "met" or factor["id"] in detail, factor["id"]
            named = re.search(rf"(?<![\w-]){re.escape(factor['id'])}(?![\w-])", brief)
            assert factor["id"].count("-") < 2 or not named, factor["id"]


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_the_first_screen_says_what_matters(path: Path, run: Run) -> None:
    """Answer, how sure, reasons each way, what would change it and where the cases stand, before the first section."""
    for alone in re.split(r"\n\n(?=Parcel )", once(run, "assess", path).stdout):
        screen = alone.partition("\n1. ")[0]
        if "CONCLUSION" not in screen:
            continue
        assert len(screen.splitlines()) <= 45
        assert re.search(
            r"(?:of 100 decided matters with such a balance about \d+|: about \d+ of 100 such matters) went to revenue "
            r"\(range \d+ to \d+\)",
            " ".join(screen.split()),
        )
        for lead in ("Why ", "What speaks for ", "What would most change it", "Where the decided cases stand"):
            assert lead in screen
        assert not re.search(r"[+-]\d+\.\d\d|\[\?\]|\d%", screen)


@pytest.mark.parametrize("path", MATTERS, **ids)
@pytest.mark.parametrize("form", FORMATS)
def test_every_indicator_of_the_rulings_is_gone_through(path: Path, form: str, run: Run, assessor: Assessor) -> None:
    """Each of the eight indicators of TR 97/11 and the eight matters of TR 92/3 para 13 appears, known or not."""
    text = once(run, "assess", path, "--format", form).stdout
    indicators = [node for node in assessor.book.nodes.values() if node.kind == "indicator"]
    assert len(indicators) == 16
    for node in indicators:
        assert node.id in text or form == "text"
        assert node.title.lower() in " ".join(text.replace("&#x27;", "'").lower().split())
    for parcel in assessed(run, path)["parcels"]:
        shown = [reason["rule"] for reason in nodes(parcel["argument"]) if reason["kind"] == "indicator"]
        assert sorted(shown) == sorted(node.id for node in indicators)


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_every_issue_and_element_has_a_finding_with_authority(path: Path, run: Run, assessor: Assessor) -> None:
    """Both issues, both elements of TR 92/3 para 6, the branch of a changed purpose and mere realisation are found
    on, each with an authority, and the finding shown is the finding made."""
    for parcel in assessed(run, path)["parcels"]:
        shown = {r["rule"]: r for r in nodes(parcel["argument"]) if r["kind"] in ("issue", "element")}
        assert set(shown) == {node.id for node in assessor.book.nodes.values() if node.kind != "indicator"}
        assert all(reason["authority"] for reason in shown.values())
        for name, issue in parcel["issues"].items():
            assert shown[name.replace("_", "-")]["verdict"] == issue["finding"].replace("_", " ")
        for name, element in parcel["issues"]["isolated_transaction"]["elements"].items():
            assert shown[name]["verdict"] == element["finding"].replace("_", " ")


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_what_was_not_checked_says_so(path: Path, run: Run, assessor: Assessor) -> None:
    """What was recalled or is known through others says so wherever a factor cites it, and nothing else does."""
    words = {"memory": " [unverified]", "second_hand": " [reported, text not read]"}
    marked = dict.fromkeys(words, 0)
    for parcel in assessed(run, path)["parcels"]:
        for factor in parcel["factors"]:
            cited = assessor.book.factors[factor["id"]].authority
            assert len(cited) == len(factor["authority"])
            for support, shown in zip(cited, factor["authority"], strict=True):
                assert shown.endswith(words.get(support.mark or "", ""))
                assert ("[" in shown) is (support.mark in words)
                assert (support.pinpoint in shown) or support.pinpoint == "unverified"
                if support.mark in words:
                    marked[support.mark] += 1
    assert marked["memory"] > 5
    assert marked["second_hand"] > 5


def test_citations_that_were_not_checked_say_so(run: Run, assessor: Assessor) -> None:
    """In the list of authorities, every report recalled from memory carries the mark."""
    text = " ".join(once(run, "assess", STEVENSON, "--detail").stdout.split())
    listed = text.partition(" Authorities ")[2]
    checked = 0
    for record in assessor.book.authorities.values():
        for report in record.get("reports") or []:
            place = listed.find(f"{record['name']} ")
            if place >= 0 and report.get("mark") == "memory":
                assert f"{report['cite']} [unverified]" in listed
                checked += 1
    assert checked > 0


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_cases_are_followed_and_distinguished_for_what_they_are(path: Path, run: Run, assessor: Assessor) -> None:
    """Each case named is in the base; it is followed if decided the way concluded, distinguished if not, and what it
    shares with the matter is met in both."""
    for parcel in assessed(run, path)["parcels"]:
        met = {factor["id"] for factor in parcel["factors"] if factor["state"] == "met"}
        shown = [reason for reason in nodes(parcel["argument"]) if reason["kind"] == "case"]
        assert shown
        for reason in shown:
            case = assessor.cases.cases[reason["rule"]]
            assert case.shown
            assert reason["side"] == case.outcome
            agrees = case.outcome == parcel["characterisation"]
            assert reason["verdict"] in (
                ("governs", "followed") if agrees else ("governs", "distinguished", "on point")
            )
        for point in parcel["precedents"]["on_point"]:
            case = assessor.cases.cases[point["case"]]
            assert set(point["all_shared"]) <= met & case.met
            assert set(point["shared"]) <= set(case.because)


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_what_is_shared_does_not_distinguish(path: Path, run: Run) -> None:
    """No factor is both shared and distinguishing; one that is here in another degree stands with its degree."""
    for parcel in assessed(run, path)["parcels"]:
        for point in parcel["precedents"]["on_point"]:
            apart = set(point["distinguishing"]) | set(point["not_shown"])
            assert not apart & {*point["all_shared"], *point["shared"]}, point["case"]


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_what_is_missing_is_asked_for(path: Path, run: Run, assessor: Assessor) -> None:
    """Each missing fact is one that a person can be asked for, is not known yet, and says what it could do."""
    for parcel in assessed(run, path)["parcels"]:
        facts = {p.id: p for p in assessor.read(path).parcels}[parcel["id"]].known
        names = [item["fact"] for item in parcel["missing"]]
        assert names
        assert len(set(names)) == len(names)
        for item in parcel["missing"]:
            fact = assessor.book.vocabulary[item["fact"]]
            assert item["ask"] == fact.ask
            assert item["why"]
            assert item["fact"] not in facts or len(getattr(facts[item["fact"]], "values", ())) != 1
            if parcel["decided_by"] == "rules":
                assert item["probability_from"] <= parcel["probability_revenue"] <= item["probability_to"]
        waiting = {factor["id"] for factor in parcel["factors"] if factor["state"] == "unknown"}
        assert {name for item in parcel["missing"] for name in item["why"]} <= waiting


@pytest.mark.parametrize("form", FORMATS)
def test_every_document_carries_its_disclaimer_and_assumptions(form: str, run: Run, assessor: Assessor) -> None:
    """Each format says that it is no ruling, as at when, under which position, and on which facts it rests."""
    text = " ".join(once(run, "assess", SEED_RULING, "--format", form).stdout.split()).replace("&#x27;", "'")
    assert assessor.book.pack.disclaimer.strip() in text
    assert ("2023-11-28" if form == "json" else "28 November 2023") in text
    assert assessor.book.positions["commissioner"].title in text or '"position": "commissioner"' in text
    assert "taken as given" in text


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_parcels_are_told_apart(form: str, run: Run) -> None:
    """A matter of two parcels has a headed conclusion for each; one of them alone has no other."""
    path = CASES / "examples" / "two-parcels.yaml"
    text = once(run, "assess", path, "--format", form).stdout
    assert re.search(r"Parcel stage-1: Nine vacant lots.*Parcel stage-2: Eight townhouses", text, re.DOTALL)
    alone = once(run, "assess", path, "--format", form, "--parcel", "stage-2").stdout
    assert "Eight townhouses" in alone
    assert "Nine vacant lots" not in alone


def test_nothing_is_said_of_no_facts(run: Run, tmp_path: Path) -> None:
    """Counting no facts leaves no empty brackets."""
    assert "()" not in run("assess", written(tmp_path, "{}\n")).stdout


# --- facts on which the result rests ------------------------------------------------------------------------


def changed(data: Any, at: tuple[Any, ...], value: Any) -> Any:
    """The same data with another value at a path; None takes it out."""
    key, *rest = at
    inner = changed(data[key], tuple(rest), value) if rest else value
    return {**{name: item for name, item in data.items() if name != key}, **({} if inner is None else {key: inner})}


def read(assessor: Assessor, data: Any) -> Matter:
    return assessor.matter(reading.parse(json.dumps(data)))


def single_facts(assessor: Assessor, step: int) -> Iterator[tuple[Any, Given, Conclusion, Conclusion]]:
    """Every `step`th written fact of all matters of one parcel: file, fact, conclusion with it and without it."""
    number = 0
    for path in sorted(CASES.rglob("*.yaml")):
        data = reading.read(path).data
        matter = read(assessor, data)
        if len(matter.parcels) == 1:
            (whole,) = assessor.assess(matter).conclusions
            for given in matter.parcels[0].facts.values():
                number += bool(given.at)
                if given.at and number % step == 0:
                    (less,) = assessor.assess(read(assessor, changed(data, given.at, None))).conclusions
                    yield data, given, whole, less


@pytest.fixture(scope="module")
def decided_by_one_fact(assessor: Assessor) -> tuple[Any, Given, Conclusion]:
    """A matter, one of its facts, and the other conclusion to which the weighing comes without it."""
    for data, given, whole, less in single_facts(assessor, 1):
        # A dispute about the purpose weighs by itself, so that it would be no longer the one fact that decides.
        weighs = given.fact.name in assessor.book.vocabulary.disputable
        if whole.decided_by == less.decided_by == "rules" and whole.rules != less.rules and not weighs:
            return data, given, less
    raise AssertionError("no matter in the repository turns on a single fact")


def with_standing(data: Any, given: Given, standing: str) -> Any:
    value = data
    for key in given.at:
        value = value[key]
    plain = value["value"] if isinstance(value, dict) and "value" in value else value
    return changed(data, given.at, {"value": plain, "source": "Letter to the bank", "standing": standing})


@pytest.mark.parametrize("standing", ["disputed", "stated", "assumed"])
def test_an_unproved_fact_that_decides_is_pointed_out(
    standing: str, decided_by_one_fact: tuple[Any, Given, Conclusion], run: Run, tmp_path: Path
) -> None:
    """If the result would be another without a fact that is not documented, the assumptions say so first."""
    data, given, less = decided_by_one_fact
    path = written(tmp_path, json.dumps(with_standing(data, given, standing)))
    (parcel,) = assessed(run, path)["parcels"]
    assert {"fact": given.fact.name, "standing": standing, "without": less.rules} in parcel["rests_on"]
    for form in ("text", "markdown", "html"):
        text = " ".join(run("assess", path, "--format", form).stdout.split())
        assert f"The result rests on a fact that is only {standing} (Letter to the bank): " in text
        assert f". Without it, it would be {less.rules}." in text


def test_a_documented_fact_that_decides_is_not_pointed_out(
    decided_by_one_fact: tuple[Any, Given, Conclusion], run: Run, tmp_path: Path
) -> None:
    """What papers of the time prove is not an assumption."""
    data, given, _ = decided_by_one_fact
    (parcel,) = assessed(run, written(tmp_path, json.dumps(with_standing(data, given, "documented"))))["parcels"]
    assert given.fact.name not in [rested["fact"] for rested in parcel["rests_on"]]


def bearing_on(assessor: Assessor, conclusion: Conclusion, name: str) -> str | None:
    """What the engine says the rules would conclude without a fact, if the fact were only stated."""
    parcel = conclusion.parcel
    facts = {**parcel.facts, name: dataclasses.replace(parcel.facts[name], standing="stated")}
    conclusion = dataclasses.replace(conclusion, parcel=dataclasses.replace(parcel, facts=facts))
    said = {b.given.fact.name: b.without for b in sensitivity.bearing(conclusion, assessor.known(conclusion.parcel))}
    return said.get(name)


@pytest.fixture(scope="module")
def bearings(assessor: Assessor) -> list[tuple[str, str, str | None]]:
    """For a part of the facts of the repository: conclusion with the fact, without it, and what is said of it."""
    return [
        (whole.rules, less.rules, bearing_on(assessor, whole, given.fact.name))
        for _, given, whole, less in single_facts(assessor, 2)
    ]


def test_no_fact_that_decides_is_passed_over(bearings: list[tuple[str, str, str | None]]) -> None:
    """Wherever taking a single fact out of a matter changes what the rules conclude, it would be pointed out."""
    turning = [said for rules, without, said in bearings if rules != without]
    assert len(turning) > 5
    assert all(turning)


def test_what_is_said_of_a_fact_that_decides_is_so(bearings: list[tuple[str, str, str | None]]) -> None:
    """A fact is pointed out only if the conclusion would be another without it, and with that other conclusion."""
    assert [said or rules for rules, _, said in bearings] == [without for _, without, _ in bearings]


def test_every_disputed_fact_is_listed(run: Run) -> None:
    """A disputed fact is named among the assumptions even if nothing turns on it."""
    text = " ".join(run("assess", CASES / "examples" / "bought-to-develop.yaml").stdout.split())
    assumptions = text.partition("1. Assumptions")[2].partition("2. ")[0]
    assert (
        "It is disputed whether the plan for the works was to sell all of the lots or dwellings "
        "(Loan application, repayment from sales); it is taken here to be so." in assumptions
    )
    assert "plan for product" not in assumptions


def test_a_disputed_fact_that_is_narrowed_is_listed(run: Run, tmp_path: Path) -> None:
    """A disputed date stays disputed when pre-CGT status narrows it, and counts among the facts known."""
    path = written(tmp_path, "acquisition: {date: {value: 1985, source: Diary, standing: disputed}, pre_cgt: true}\n")
    text = " ".join(run("assess", path).stdout.split())
    assert "2 facts are known" in text
    assert "It is disputed whether you acquired the land in 1985 (Diary)" in text


def test_a_point_that_turns_the_result_is_named(assessor: Assessor) -> None:
    """A live unsettled point is said to turn the result if, and only if, another answer to it gives another one.

    What is told of that answer is what would be concluded if everything were weighed anew.
    """
    compared = 0
    for path in [*sorted((CASES / "rulings").glob("*.yaml"))[::4], *MATTERS]:
        for position in ("commissioner", "courts"):
            done = assessor.assess(assessor.read(path), position)
            for analysis, conclusion in zip(done.analyses, done.conclusions, strict=True):
                for item in analysis.unsettled:
                    others = [
                        assessor.conclude_states(
                            conclusion.parcel, conclusion.states,
                            assessor.weigher(position, done.as_at, {item.point: other}), done.cases,
                        ).in_short
                        for other in assessor.book.points[item.point].answers if other != item.answer
                    ]  # fmt: skip
                    assert item.turns is any(o.characterisation != conclusion.characterisation for o in others)
                    assert (item.point in analysis.turns_on) is item.turns
                    assert item.otherwise in (None, others[-1])  # the short way comes to what the long one does
                    compared += bool(item.otherwise)
    assert compared > 0


# --- text ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("detail", [[], ["--detail"]], ids=["brief", "detail"])
def test_text_fits_a_page_and_is_plain(detail: list[str], run: Run) -> None:
    """Every matter of the repository prints without colour codes when piped, and no line is over 110 columns."""
    paths = [SEED_RULING, STEVENSON, *EXAMPLES, *sorted((CASES / "rulings").glob("*.yaml"))[::5]]
    for path in paths:
        text = once(run, "assess", path, *detail).stdout
        assert text.endswith("\n")
        assert "\x1b" not in text
        long = [line for line in text.splitlines() if len(line) > 110]
        assert long == [], path.stem


def test_colour_is_for_terminals_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the conclusion is coloured; NO_COLOR turns that off; the words are the same."""
    plain = run("assess", SEED_RULING).stdout
    monkeypatch.setattr(common, "colourful", lambda: True)
    coloured = CliRunner().invoke(main.main, ["assess", str(SEED_RULING)], color=True).stdout
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    monkeypatch.undo()
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not common.colourful()
    monkeypatch.delenv("NO_COLOR")


def test_a_long_title_is_wrapped(run: Run, tmp_path: Path) -> None:
    """A person's long title does not break the page."""
    path = written(tmp_path, "matter: {title: " + "a very long title " * 12 + "}\n")
    assert max(map(len, run("assess", path).stdout.splitlines())) <= 110
    path = written(tmp_path, f"matter: {{id: {'an-id-' * 9}x, title: {'a very long title ' * 12}}}\n")
    lines = run("assess", path).stdout.splitlines()
    assert max(map(len, lines)) <= 110
    assert lines[2].endswith(f"[{'an-id-' * 9}x]")
    assert run("assess", written(tmp_path, "matter: {id: ' ', title: ' '}\n")).stdout.splitlines()[0] == "Matter"
    parcels = "".join(f"- {{id: {part}, title: {'a very long title ' * 12}}}\n" for part in "ab")
    assert max(map(len, run("assess", written(tmp_path, f"parcels:\n{parcels}")).stdout.splitlines())) <= 110


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_control_characters_are_not_passed_on(form: str, run: Run, tmp_path: Path) -> None:
    """A fact set from a stranger cannot send codes to the reader's terminal."""
    path = written(tmp_path, 'matter: {title: "\\e]0;owned\\a \\e[2J"}\n')
    out = tmp_path / "out"
    assert run("assess", path, "--format", form, "--out", out).exit_code in (0, 3)
    assert not set(out.read_text("utf-8")) & {"\x1b", "\x07"}
    assert "x1b" in out.read_text("utf-8")


def test_control_characters_are_not_passed_on_in_messages(run: Run, tmp_path: Path) -> None:
    """Nor by way of a message about a fault, which stays one line."""
    path = written(tmp_path, 'taxpayer: {"\\e[2J": 1, kind: "tr\\nust"}\n')
    result = run("assess", path)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 2
    assert "\x1b" not in result.stderr


# --- HTML and Markdown --------------------------------------------------------------------------------------

VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(html.parser.HTMLParser):
    """A page, checked while it is read: every element is closed in its place."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_html_is_a_sound_page_without_scripts_or_network(path: Path, run: Run) -> None:
    """The page is well formed, has a language and a title, runs nothing and loads nothing."""
    text = once(run, "assess", path, "--format", "html").stdout
    assert text.startswith("<!doctype html>\n")
    page = Page(text)
    tags = [tag for tag, _ in page.elements]
    assert (tags.count("h1"), tags.count("main"), tags[: tags.index("body")].count("title")) == (1, 1, 1)
    assert dict(page.elements)["html"]["lang"] == "en-AU"
    assert ("meta", {"charset": "utf-8"}) in page.elements
    assert not set(tags) & {"script", "iframe", "object", "embed", "link", "img", "form"}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not set(attributes) & {"src", "srcset", "xlink:href"}
        assert (attributes.get("href") or "#").startswith("#"), tag
        if tag == "li":
            assert attributes.get("class") != "", "an empty class attribute"
    assert not re.search(r"url\((?!#)|@import", text)
    names = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(set(names)) == len(names)


def test_html_headings_descend_by_one(run: Run) -> None:
    """A screen reader can walk the headings: none is skipped."""
    page = Page(once(run, "assess", CASES / "examples" / "two-parcels.yaml", "--format", "html").stdout)
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


NASTY = (
    "<script>alert('x')</script> & <b onclick=\"y\"> *bold* _low_ `code` [link](http://evil.example) # | ~ \\ \n- item"
)
NASTY_YAML = json.dumps(NASTY)
NASTY_MATTER = f"""
matter: {{id: {NASTY_YAML}, title: {NASTY_YAML}}}
acquisition:
  profit_by_resale: {{value: dominant, source: {NASTY_YAML}, standing: disputed, note: {NASTY_YAML}}}
parcels:
  - {{id: {NASTY_YAML}, title: {NASTY_YAML}}}
  - {{id: second}}
"""


def test_html_shows_what_a_person_wrote_as_it_is(run: Run, tmp_path: Path) -> None:
    """Markup in sources, titles and ids is text on the page, not markup."""
    text = run("assess", written(tmp_path, NASTY_MATTER), "--format", "html").stdout
    page = Page(text)
    assert not {tag for tag, _ in page.elements} & {"script", "b"}
    words = " ".join("".join(page.words).split())
    assert words.count(" ".join(NASTY.split())) >= 5


def test_markdown_shows_what_a_person_wrote_as_it_is(run: Run, tmp_path: Path) -> None:
    """Markup in sources, titles and ids is escaped: no HTML, link, emphasis, code or list of a person's making."""
    text = run("assess", written(tmp_path, NASTY_MATTER), "--format", "markdown").stdout
    assert not re.search(r"(?<!\\)<", text)
    assert text.count(r"\<script\>alert('x')\</script\>") >= 5
    assert r"\*bold\* \_low\_ \`code\` \[link\](http\://evil.example) \# \| \~ \\ - item" in text
    assert "\n- item" not in text


def test_markdown_shows_entities_as_they_are(run: Run, tmp_path: Path) -> None:
    """A source that speaks of &lt; is shown with &lt;."""
    path = written(tmp_path, 'matter: {title: "a &lt; b"}\n')
    assert r"# a \&lt; b" in run("assess", path, "--format", "markdown").stdout


@pytest.mark.parametrize("path", MATTERS, **ids)
def test_markdown_is_one_document_with_ordered_headings(path: Path, run: Run) -> None:
    """One title, a section for each parcel, headings in order, and lists indented by steps of two."""
    lines = once(run, "assess", path, "--format", "markdown").stdout.splitlines()
    levels = [len(line) - len(line.lstrip("#")) for line in lines if line.startswith("#")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) == len(yaml.safe_load(path.read_text("utf-8")).get("parcels", [0]))
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    indents = [len(line) - len(line.lstrip()) for line in lines if line.lstrip().startswith("- ")]
    assert set(indents) <= {0, 2, 4, 6, 8}
    assert all(after - before <= 2 for before, after in itertools.pairwise(indents))


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_all_formats_tell_the_same_reasons(form: str, run: Run) -> None:
    """Every text of the argument tree stands in every full rendering of it."""

    def squeezed(text: str) -> str:
        text = re.sub(r"<[^>]*>|\\(?=[^A-Za-z0-9\s])", "", text) if form != "text" else text
        return re.sub(r"\s+", "", text.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&"))

    shown = squeezed(once(run, "assess", SEED_RULING, "--format", form, "--detail").stdout)
    (parcel,) = assessed(run, SEED_RULING)["parcels"]
    for reason in nodes(parcel["argument"]):
        for fact in reason.get("facts", []) if form != "text" or reason["kind"] == "factor" else ():
            assert squeezed(fact) in shown, fact
        if reason.get("text") and not (form == "text" and reason["kind"] == "indicator"):
            assert squeezed(reason["text"]) in shown, reason["text"]


def test_text_shows_the_facts_of_what_is_not_counted(run: Run, assessor: Assessor) -> None:
    """With --detail the text shows everything that the other formats show. In Morton some facts count only under other
    answers to the question whose acts the developer's are."""
    agreement = CASES / "fca" / "morton-v-fct.yaml"
    shown = " ".join(run("assess", agreement, "--detail").stdout.split())
    (parcel,) = assessed(run, agreement)["parcels"]
    idle = [f for f in parcel["factors"] if f["state"] == "met" and not f["counted"]]
    assert idle
    notes = [r for r in nodes(parcel["argument"]) if r.get("rule") in {f["id"] for f in idle}]
    assert all(fact in shown.partition("Context that carries")[2] for note in notes for fact in note["facts"])


@hypothesis.given(
    st.lists(st.integers(1, 140).map(lambda size: "x" * size), max_size=40).map(" ".join),
    st.integers(0, 8),
    st.sampled_from([0, 2, 4]),
)
def test_lines_are_broken_as_the_library_breaks_them(words: str, indent: int, hang: int) -> None:
    """The memorandum's own wrapping, which is there for its speed, is that of `textwrap`."""
    wrapper = textwrap.TextWrapper(in_words.WIDTH, break_long_words=False, break_on_hyphens=False)
    wrapper.initial_indent, wrapper.subsequent_indent = " " * indent, " " * (indent + hang)
    lines = wrapper.wrap(words)
    assert in_words.wrapped(words, " " * indent, hang) == lines


def test_the_other_side_argues_its_own_issue(run: Callable[..., Result]) -> None:
    """Against revenue stands the realisation, against capital the stronger road to income; a case shares something."""
    for file in sorted((ROOT / "cases" / "au-land").rglob("*.yaml")):
        data = json.loads(run("assess", file, "--format", "json").stdout)
        for parcel in data["parcels"]:
            side = "capital" if parcel["characterisation"] == "revenue" else "revenue"
            sections = parcel["argument"]["children"]
            (found,) = [s for s in sections if s["heading"] == f"The best argument for {side}"]
            roads = {"capital": {"mere-realisation"}, "revenue": {"business", "isolated-transaction"}}[side]
            assert found["rule"] in roads, file
            assert "shares ." not in found["text"], file
