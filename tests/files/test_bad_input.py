"""Bad input is refused with a message that says where, what and how to mend it; nothing else happens.

Each file of tests/bad holds one fault and is named for it. Here stands, for each, the line on which a person
would look for the fault (0: the file as a whole) and what the message must say.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

import caprev
from caprev import Assessor, BadInput, Problem, errors, limits
from caprev.documents.content import html, markdown
from caprev.documents.reports import assessment_json as data
from caprev.documents.reports import memorandum
from caprev.files import reading
from caprev.law import rulebook
from tests.work import grows

Run = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[2]
BAD = ROOT / "tests" / "bad"
HANGS = 30  # seconds; what does not hang is done long before, and how fast is measured in bench/
GOOD = ROOT / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"
KINDS = "individual, couple, co_owners, partnership, company, trust, super_fund, estate, not_for_profit"

EXPECTED: dict[str, tuple[int, tuple[str, ...]]] = {
    # names
    "unknown-fact.yaml": (3, ("development.lot:", "Did you mean development.lots?")),
    "unknown-section.yaml": (3, ("developement:", "taxpayer, acquisition, holding", "Did you mean development?")),
    "fact-in-wrong-section.yaml": (3, ("holding.lots:", "Did you mean development.lots?")),
    "unknown-flat-fact.yaml": (3, ("acquisition.dat:", "Did you mean acquisition.date?")),
    "unknown-matter-key.yaml": (3, ("matter.tittle:", "period, scheme, as_at", "Did you mean title?")),
    "unknown-key-beside-value.yaml": (4, ("development.lots", "'sauce'", "value, source, standing, note")),
    "unknown-standing.yaml": (4, ("taxpayer.retired", "'proven'", "documented, stated, disputed, assumed")),
    # values
    "wrong-type.yaml": (3, ("development.lots", "'many'", "a whole number")),
    "fraction-of-a-lot.yaml": (2, ("development.lots", "'2.5'", "a whole number")),
    "yes-no-fact-with-maybe.yaml": (2, ("taxpayer.retired", "'maybe'", "true or false")),
    "value-not-allowed.yaml": (2, ("taxpayer.kind", "'indivdual'", KINDS, "Did you mean individual?")),
    "set-member-not-allowed.yaml": (2, ("holding.uses", "'rentall'", "business_premises", "Did you mean rental?")),
    "set-given-scalar.yaml": (2, ("holding.uses", "not a list", "[values] when complete", "includes")),
    "set-includes-and-excludes.yaml": (2, ("holding.uses", "rental is both included and excluded")),
    "scalar-given-list.yaml": (2, ("taxpayer.kind", "is a list", "{one_of: [...]}")),
    "bound-on-a-word.yaml": (2, ("taxpayer.kind", "at_least", "a value, or {one_of: [...]}")),
    "bound-that-is-a-list.yaml": (2, ("development.lots", "at_least needs a whole number")),
    "one-of-nothing.yaml": (2, ("taxpayer.kind", "one_of")),
    "one-of-not-allowed.yaml": (2, ("taxpayer.kind", "'corporation'", KINDS)),
    "at-least-above-at-most.yaml": (2, ("development.lots", "at_least is greater than at_most")),
    "negative-lots.yaml": (2, ("development.lots", "negative", "zero or more")),
    "negative-bounds.yaml": (2, ("development.lots", "negative", "zero or more")),
    "infinity.yaml": (2, ("development.lots", "'.inf'", "a whole number")),
    "not-a-number.yaml": (2, ("development.cost", "'nan'", "a number")),
    "huge-number.yaml": (2, ("development.lots", "'1e400'", "a whole number")),
    "half-written-date.yaml": (2, ("acquisition.date", "'1990-1'", "YYYY, YYYY-MM or YYYY-MM-DD")),
    "day-first-date.yaml": (2, ("acquisition.date", "'20/09/1985'", "YYYY, YYYY-MM or YYYY-MM-DD")),
    "date-that-never-was.yaml": (2, ("acquisition.date", "'2021-02-29'", "YYYY, YYYY-MM or YYYY-MM-DD")),
    "as-at-is-not-a-date.yaml": (3, ("matter.as_at", "'last year'", "YYYY, YYYY-MM or YYYY-MM-DD")),
    "source-is-a-list.yaml": (4, ("taxpayer.kind", "source")),
    "title-is-a-list.yaml": (2, ("matter.title",)),
    # shapes
    "matter-is-text.yaml": (1, ("matter", "not a mapping", "id, title")),
    "section-is-text.yaml": (3, ("development", "not a mapping", "kind, status, lots")),
    "facts-is-a-list.yaml": (1, ("facts", "not a mapping of section.fact to value")),
    "parcels-is-a-mapping.yaml": (1, ("parcels", "not a list")),
    "no-parcels-in-the-list.yaml": (1, ("parcels", "not a list of parcels")),
    "parcel-is-text.yaml": (3, ("parcels", "not a mapping")),
    "parcel-with-unknown-section.yaml": (3, ("buyer", "not a section")),
    "bad-parcel-id-twice.yaml": (4, ("'stage-1' is used twice",)),
    "list-at-top.yaml": (1, ("not a fact set",)),
    "text-at-top.yaml": (1, ("not a fact set",)),
    # contradictions
    "fact-given-twice.yaml": (4, ("development.lots", "given twice (first on line 2)")),
    "pre-cgt-1990.yaml": (3, ("acquisition.pre_cgt", "acquisition.date (line 2)", "20 September 1985")),
    "not-pre-cgt-1980.yaml": (2, ("acquisition.pre_cgt", "acquisition.date (line 5)", "20 September 1985")),
    "lots-zero-three-stages.yaml": (3, ("development.stages", "development.lots (line 2)", "without lots")),
    "more-for-sale-than-created.yaml": (3, ("development.lots (line 2)", "development.lots_for_sale (line 3)")),
    "failed-sale-never-tried.yaml": (2, ("decision.tried_to_sell_whole", "decision.whole_sale_failed (line 3)")),
    "sold-before-bought.yaml": (4, ("sales.date", "acquisition.date (line 2)")),
    # YAML and JSON
    "duplicate-key.yaml": (4, ("'lots' is given twice",)),
    "duplicate-section.yaml": (5, ("'development' is given twice",)),
    "broken-yaml.yaml": (3, ("not valid YAML", "expected ',' or '}'")),
    "unclosed-quote.yaml": (5, ("not valid YAML", "unexpected end")),
    "tab-indented.yaml": (2, ("not valid YAML",)),
    "colon-in-text.yaml": (2, ("not valid YAML", "mapping values are not allowed")),
    "list-as-key.yaml": (3, ("a list or a mapping as a key",)),
    "merge-key.yaml": (2, ("taxpayer.<<", "not in the vocabulary")),
    "alias-bomb.yaml": (1, ("anchor (&a)", "write the value out")),
    "anchor.yaml": (3, ("anchor (&no)", "write the value out")),
    "alias.yaml": (3, ("alias (*no)", "write the value out")),
    "tag.yaml": (2, ("uses a tag", "os.system", "plain values without tags")),
    "deep-nesting.yaml": (2, ("nested too deeply", "at most 24 levels")),
    "two-documents.yaml": (3, ("second document", "one document a file")),
    "empty.yaml": (0, ("is empty",)),
    "only-spaces.yaml": (0, ("is empty",)),
    "only-comments.yaml": (0, ("holds no data",)),
    "not-utf8.yaml": (2, ("not UTF-8 text", "byte 33")),
    "utf-16.yaml": (1, ("not UTF-8 text", "byte 0")),
    "nul-byte.yaml": (3, ("a character YAML does not allow",)),
    "unclosed-object.json": (4, ("expected ',' or '}'",)),
    "json-text.json": (3, ("development.lots", "'five'", "a whole number")),
}


def refused(result: Result, *fragments: str) -> list[str]:
    """Checks that a command was refused as bad input is, and returns its messages."""
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    messages = result.stderr.splitlines()
    assert messages
    for fragment in fragments:
        assert fragment in result.stderr
    return messages


def test_every_bad_file_is_tested() -> None:
    """A file put into tests/bad without an expected message would test nothing."""
    assert {path.name for path in BAD.iterdir()} == set(EXPECTED)


class _Shallow(yaml.SafeLoader):
    """A parser with a limit of depth and words of its own, which it meets while looking ahead."""

    def fetch_flow_collection_start(self, token: Any) -> None:
        if self.flow_level >= 100:
            raise yaml.scanner.ScannerError("while scanning", self.get_mark(), "no more brackets", self.get_mark())
        super().fetch_flow_collection_start(token)


class _Recursive(yaml.SafeLoader):
    """A parser that runs out of stack."""

    def get_event(self) -> Any:
        raise RecursionError


@pytest.mark.parametrize("loader", [getattr(yaml, "CSafeLoader", yaml.SafeLoader), yaml.SafeLoader, _Shallow])
@pytest.mark.parametrize(
    "deep",
    [
        pytest.param("[" * 2_000 + "]" * 2_000, id="flow"),
        pytest.param("{a: " * 2_000 + "}" * 2_000, id="mappings"),
        pytest.param("- " * 2_000 + "x", id="block"),
        pytest.param("".join(f"\n{' ' * level}a:" for level in range(2, 2_002)), id="indented"),
        pytest.param("[" * 2_000, id="never closed"),
    ],
)
def test_nesting_is_refused_alike_whatever_the_parser_allows(
    deep: str, loader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own check comes first: releases of the parser differ in how deep they go and in what they say."""
    monkeypatch.setattr(reading, "_LOADER", loader)
    with pytest.raises(BadInput, match=r"x\.yaml:\d+: is nested too deeply.*at most 24 levels") as refusal:
        reading.parse("# été, \N{GRINNING FACE}\nmatter:\n  " + deep, "x.yaml")
    assert refusal.value.problems[0].line == (27 if "\n" in deep else 3)


def test_a_parser_out_of_stack_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """No parser's RecursionError reaches a user."""
    monkeypatch.setattr(reading, "_LOADER", _Recursive)
    with pytest.raises(BadInput, match="is nested too deeply"):
        reading.parse("a: 1", "x.yaml")


@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_is_named_with_its_place_and_remedy(name: str, run: Run) -> None:
    """One fault gives one message, and at once: file, line, fact, what is wrong, what is allowed."""
    line, fragments = EXPECTED[name]
    start = time.monotonic()
    messages = refused(run("assess", BAD / name), *fragments)
    assert time.monotonic() - start < HANGS
    assert len(messages) == 1
    place = f"{BAD / name}:{line}:" if line else f"{BAD / name}:"
    assert messages[0].startswith(f"caprev: {place} ")
    assert messages[0].endswith((".", "?"))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_bad_input_leaves_the_output_file_alone(name: str, run: Run, tmp_path: Path) -> None:
    """With --out, an older file keeps its content, and nothing is left beside it."""
    out = tmp_path / "out.txt"
    out.write_text("older")
    refused(run("assess", BAD / name, "--out", out))
    refused(run("assess", BAD / name, "--format", "json", "--out", tmp_path / "new.json"))
    assert out.read_text() == "older"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_bad_input_prints_nothing_in_any_format(form: str, run: Run) -> None:
    """A program that reads standard output never gets half a document."""
    refused(run("assess", BAD / "wrong-type.yaml", "--format", form), "development.lots")


@pytest.mark.parametrize(
    "name",
    [
        "unknown-fact.yaml",
        "pre-cgt-1990.yaml",
        "alias-bomb.yaml",
        "tag.yaml",
        "deep-nesting.yaml",
        "not-utf8.yaml",
        "nul-byte.yaml",
    ],
)
def test_the_installed_command_refuses_alike(name: str, environment: dict[str, str], tmp_path: Path) -> None:
    """As a process of its own: exit code 2, the message on stderr, nothing on stdout, nothing run or written."""
    command: list[str | Path] = [sys.executable, ROOT / "cli.py", "assess", BAD / name, "--out", tmp_path / "out.txt"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"caprev: {BAD / name}:{EXPECTED[name][0]}: ")
    assert all(fragment in done.stderr for fragment in EXPECTED[name][1])
    assert list(tmp_path.iterdir()) == []


def test_all_faults_are_reported_together(run: Run, tmp_path: Path) -> None:
    """A person mends a file in one go: every fault of every section and parcel is listed."""
    path = tmp_path / "matter.yaml"
    path.write_text(
        "taxpayer: {kind: trsut, retired: maybe}\n"
        "developement: {lots: 5}\n"
        "development: {lots: many}\n"
        "parcels:\n"
        "  - id: a\n"
        "    sales: {date: soon}\n"
    )
    messages = refused(run("assess", path))
    faults = [
        (2, "developement"),
        (1, "taxpayer.kind"),
        (1, "taxpayer.retired"),
        (3, "development.lots"),
        (6, "sales.date"),
    ]
    assert [message.split(": ")[1:3] for message in messages] == [[f"{path}:{line}", name] for line, name in faults]


# --- anything at all ----------------------------------------------------------------------------------------

NAMES = [fact.name for fact in rulebook.load(caprev.home("rules")).vocabulary]
WORDS = ["trust", "farming", "true", "no", "unknown", "0", "-1", "12", "1e3", "X lots", "19PP", "1985-09-20", "",
         "null", "nan", "inf", "9999-12-31", "0001-01-01", "1_0", "٣", "{", "\x85", "\u2028", "a" * 2000]  # fmt: skip
FORMS = ["value", "source", "standing", "note", "one_of", "at_least", "at_most", "includes", "excludes"]
TOP = ["matter", "facts", "parcels", "as_at", "because", "comparator", "nonsense"]

scalars = st.sampled_from(WORDS) | st.text(max_size=5) | st.integers(-10, 3000) | st.none() | st.booleans()
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FORMS, *NAMES[:3], "kind", "lots", "id"]), inner, max_size=3)
    ),
    max_leaves=6,
)
flat = st.dictionaries(st.sampled_from([*NAMES, "taxpayer", "development"]), values, max_size=6)
nested = st.dictionaries(st.sampled_from([name.split(".")[1] for name in NAMES]), values, max_size=4)
sections = st.sampled_from([name.split(".")[0] for name in NAMES])
anything = st.fixed_dictionaries(
    {}, optional={"matter": values, "facts": flat | values, "parcels": st.lists(flat | values, max_size=3) | values}
)
files = st.tuples(anything, st.dictionaries(sections, nested | values, max_size=3)).map(
    lambda parts: parts[0] | parts[1]
)


def read_or_refuse(text: str, assessor: Assessor) -> None:
    """Either a matter that can be assessed and explained, or messages."""
    problems: tuple[Problem, ...] = ()
    try:
        assessment = assessor.assess(assessor.matter(reading.parse(text, "fuzz.yaml")))
    except BadInput as refused:
        problems = refused.problems
    if problems:
        assert all(str(problem).startswith("fuzz.yaml") for problem in problems)
        return
    arguments = caprev.arguments(assessment)
    page = memorandum.page(assessment, arguments, pictures=True)
    assert data.render(assessment, arguments)
    assert memorandum.render(assessment, arguments)
    assert markdown.render(page)
    assert html.render(page)


@settings(max_examples=250)
@given(content=files)
def test_no_data_is_a_traceback(content: dict[str, object], assessor: Assessor) -> None:
    """Whatever stands in a file of the right syntax is assessed or refused with its place; nothing else is raised."""
    read_or_refuse(json.dumps(content, ensure_ascii=False), assessor)


@settings(max_examples=100)
@given(draws=st.data())
def test_no_slip_of_the_fingers_is_a_traceback(draws: st.DataObject, assessor: Assessor) -> None:
    """A real file with characters inserted, dropped or doubled is assessed or refused with its place."""
    text = GOOD.read_text("utf-8")
    for _ in range(draws.draw(st.integers(1, 4))):
        place = draws.draw(st.integers(0, len(text)))
        slip = draws.draw(
            st.sampled_from(["", ":", " ", "\n", "{", "]", "- ", "'", "#", "&a ", "*a", "!", "\t", "%", "\0", "? "])
        )
        length = draws.draw(st.sampled_from([0, 0, 1, 5]))
        text = text[:place] + slip + text[place + length :]
    read_or_refuse(text, assessor)


# --- the file itself ----------------------------------------------------------------------------------------


def test_a_directory_is_refused(run: Run, tmp_path: Path) -> None:
    """The message says what to give instead."""
    refused(run("assess", tmp_path), f"{tmp_path}: is a directory", "YAML or JSON file")


def test_a_missing_file_is_refused(run: Run, tmp_path: Path) -> None:
    """The message names the file."""
    refused(run("assess", tmp_path / "gone.yaml"), f"{tmp_path / 'gone.yaml'}: cannot be read (No such file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_an_unreadable_file_is_refused(run: Run, tmp_path: Path) -> None:
    """The message says why it cannot be read."""
    path = tmp_path / "secret.yaml"
    path.write_text("taxpayer: {kind: trust}\n")
    path.chmod(0)
    refused(run("assess", path), f"{path}: cannot be read (Permission denied)")


def test_a_file_that_fails_while_being_read_is_refused(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the operating system objects to is a message, not a traceback."""
    path = tmp_path / "matter.yaml"
    path.write_text("taxpayer: {kind: trust}\n")

    def broken(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", broken)
    result = run("assess", path)
    monkeypatch.undo()
    refused(result, f"{path}: cannot be read (Permission denied)")


def test_a_huge_file_is_refused_at_once(run: Run, tmp_path: Path) -> None:
    """50 MB are not read, let alone parsed."""
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.write(b"taxpayer: {kind: trust}\n" + b"# padding\n" * 5_000_000)
    start = time.monotonic()
    refused(run("assess", path), f"{path}: is ", "bytes long", "at most 5,000,000 bytes")
    assert time.monotonic() - start < HANGS


def test_too_many_values_are_refused_at_once(run: Run, tmp_path: Path) -> None:
    """A file within the size limit may still hold more values than any fact set."""
    path = tmp_path / "wide.yaml"
    path.write_text("matter:\n  questions: [" + "a, " * 1_000_000 + "a]\n")
    start = time.monotonic()
    refused(run("assess", path), f"{path}:2: holds too many values", "at most 250,000")
    assert time.monotonic() - start < HANGS


def test_thousands_of_faults_are_reported_quickly(run: Run, tmp_path: Path) -> None:
    """A portfolio given by mistake as a fact set does not hang the command."""
    path = tmp_path / "portfolio.yaml"
    path.write_text("taxpayer:\n" + "".join(f"  column{number}: 1\n" for number in range(5_000)))
    start = time.monotonic()
    refused(run("assess", path), "taxpayer.column0")
    assert time.monotonic() - start < HANGS


# --- more than anyone writes --------------------------------------------------------------------------------


def unread(assessor: Assessor, data: object) -> BadInput:
    """The refusal of a fact set."""
    with pytest.raises(BadInput) as refused:
        assessor.matter(reading.parse(json.dumps(data), "much.json"))
    return refused.value


def many(count: int) -> dict[str, str]:
    return {f"some_name_{number}": "1" for number in range(count)}


TOO_MUCH: dict[str, tuple[object, tuple[str, ...]]] = {
    "keys": (many(100_000), ("has too many keys in one place", "at most 10,000")),
    "facts": ({"taxpayer": many(100_000)}, ("has too many keys in one place", "at most 10,000")),
    "keys of the matter": ({"matter": many(20_000)}, ("has too many keys in one place", "at most 10,000")),
    "parcels": (
        {"parcels": [{"id": f"lot {n}", "facts": {"development.lots": n}} for n in range(2_000)]},
        ("lists 2,000 parcels", "at most 200", "caprev batch"),
    ),
    "questions": ({"matter": {"questions": ["Why?"] * 1_000}}, ("lists 1,000 questions", "at most 200")),
    "an id": ({"matter": {"id": "x" * 5_000}}, ("matter.id: is 5,000 characters long", "at most 200")),
    "a parcel's id": ({"parcels": [{"id": "x" * 5_000}]}, ("has an id that is 5,000 characters long", "at most 200")),
    "a title": ({"matter": {"title": "x" * 5_000}}, ("matter.title: is 5,000 characters long", "at most 1,000")),
    "a parcel's title": ({"parcels": [{"title": "x" * 5_000}]}, ("has a title that is 5,000", "at most 1,000")),
    "a scheme": ({"matter": {"scheme": "x" * 200_000}}, ("matter.scheme: is 200,000", "at most 100,000")),
    "a source": (
        {"taxpayer": {"kind": {"value": "trust", "source": "x" * 200_000}}},
        ("taxpayer.kind: has a source that is 200,000 characters long", "at most 100,000"),
    ),
    "values of one fact": (
        {"development": {"lots": {"one_of": list(range(5_000))}}},
        ("development.lots: lists 5,000 values in one_of", "at most 200, or bounds"),
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_more_than_a_fact_set_has_is_refused_with_the_limit(what: str, assessor: Assessor) -> None:
    """A count or a length beyond any matter is one message, which says how much is allowed."""
    data, fragments = TOO_MUCH[what]
    (problem,) = unread(assessor, data).problems
    assert all(fragment in str(problem) for fragment in fragments), problem


LONG, KEY = "q" * 4_900_000, "x" * 1_000
ECHOES = {
    "value": {"taxpayer": {"kind": LONG}},
    "number": {"development": {"lots": "9" * 4_900_000}},
    "date": {"acquisition": {"date": LONG}},
    "member": {"holding": {"uses": [LONG]}},
    "fact": {"taxpayer": {KEY: "1"}},
    "section": {KEY: "1"},
    "flat": {"facts": {f"taxpayer.{KEY}": "1"}},
    "key": {"taxpayer": {"kind": {"value": "trust", KEY: "1"}}},
    "standing": {"taxpayer": {"kind": {"value": "trust", "standing": LONG}}},
    "form": {"taxpayer": {"kind": {KEY: "1"}}},
    "bounds": {"development": {"lots": {"at_least": LONG}}},
}


@pytest.mark.parametrize("where", ECHOES)
def test_a_message_repeats_only_how_something_long_begins(where: str, assessor: Assessor) -> None:
    """Five megabytes of a wrong value are shown by their beginning and their length."""
    (problem,) = unread(assessor, ECHOES[where]).problems
    assert len(str(problem)) < 1_500
    assert re.search(r"… \((4,900,000|1,0\d\d) characters\)", str(problem))


def test_the_first_faults_are_told_and_the_others_counted(assessor: Assessor) -> None:
    """A file with thousands of faults is another kind of file; nobody reads a thousand messages."""
    problems = unread(assessor, {"taxpayer": many(5_000), **many(3_000)}).problems
    assert len(problems) == 101
    assert "Did you mean" not in str(problems[-1])
    assert str(problems[-1]) == "much.json: has 7,900 more faults, which are not told here."


SIZES: dict[str, Callable[[int], object]] = {
    "unknown keys": many,
    "unknown facts": lambda n: {"taxpayer": many(n)},
    "unknown flat facts": lambda n: {"facts": many(n)},
    "keys of the matter": lambda n: {"matter": many(n)},
    "wrong values": lambda n: {"parcels": [{"taxpayer": {"kind": f"no {k}", "retired": "x"}} for k in range(n // 10)]},
    "keys beside a value": lambda n: {"taxpayer": {"kind": {"value": "trust", **many(n)}}},
    "members": lambda n: {"holding": {"uses": ["farming"] * n + ["surfing"]}},
    "ids used twice": lambda n: {"parcels": [{"id": "a"}] * (n // 10)},
    "contradictions": lambda n: {
        "parcels": [{"facts": {"development.lots": "0", "development.stages": str(k + 2)}} for k in range(n // 10)]
    },
}  # fmt: skip


@pytest.mark.parametrize("what", SIZES)
def test_twice_as_much_is_twice_the_work(what: str, assessor: Assessor) -> None:
    """Reading takes no more than its share for each key, value and fault, however many there are."""

    def job(size: int) -> Callable[[], object]:
        text = json.dumps(SIZES[what](size))

        def read() -> None:
            with pytest.raises(BadInput):
                assessor.matter(reading.parse(text, "much.json"))

        return read

    assert grows(job, 900) < 2.6


def test_few_names_are_compared_with_all_others(assessor: Assessor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest name is looked for while faults are told, for words and not for texts, once for each word."""
    compared: list[str] = []
    closest = difflib.get_close_matches

    def counted(name: str, *others: Any, **options: Any) -> list[str]:
        compared.append(name)
        return closest(name, *others, **options)

    monkeypatch.setattr(errors, "get_close_matches", counted)
    errors._nearest.cache_clear()
    unread(assessor, {**many(4_000), "matter": many(4_000), "taxpayer": many(4_000), "facts": many(4_000)})
    assert 0 < len(compared) <= 250
    compared.clear()
    unread(assessor, {"parcels": [{"taxpayer": {"kind": "nobdy"}}] * 150})
    assert len(compared) <= 1
    assert errors.nearest("x" * 1_000, ["x" * 1_000]) == ""
    assert errors.nearest("lots", ["slots", "lofts", *["y" * 500_000] * 5]) != ""


def test_the_limits_are_told_in_the_documentation() -> None:
    """Everything that an input may be refused for by its size stands, with its number, in the table of limits."""
    told = "".join(path.read_text("utf-8") for path in (ROOT / "docs").glob("reliability*"))
    numbers = {name: value for name, value in vars(limits).items() if name.isupper()}
    internal = {"WINDOW", "MESSAGE"}  # of these nobody is told
    assert [name for name, value in numbers.items() if name not in internal and f"{value:,}" not in told] == []


# --- what is no file ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [["assess"], ["draft", "--to", "{tmp}/a.md"], ["record", "verify"], ["plot"]])
def test_a_pipe_is_refused_and_not_waited_for(command: list[str], run: Run, tmp_path: Path) -> None:
    """A pipe that nobody writes to would wait for ever."""
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    arguments = [part.replace("{tmp}", str(tmp_path)) for part in command]
    refused(run(*arguments, pipe), f"{pipe}: is a pipe, not a plain file", "Save what it gives in a file")
    assert [path.name for path in tmp_path.iterdir()] == ["pipe.json"]


@pytest.mark.parametrize("name", ["pipe.jsonl", "pipe.csv", "pipe.parquet"])
def test_a_portfolio_is_a_plain_file(name: str, run: Run, tmp_path: Path) -> None:
    """Neither a pipe nor a folder is read as one."""
    pytest.importorskip("polars")
    os.mkfifo(tmp_path / name)
    refused(run("batch", tmp_path / name, "--out", tmp_path / "out.csv"), f"{tmp_path / name}: is a pipe")
    (tmp_path / name).unlink()
    (tmp_path / name).mkdir()
    refused(run("batch", tmp_path / name, "--out", tmp_path / "out.csv"), f"{tmp_path / name}: is a directory")
    assert not (tmp_path / "out.csv").exists()


def test_a_device_is_refused_before_it_is_opened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening one may already be a command; one that is endless is never read."""
    opened: list[object] = []
    kept = open
    monkeypatch.setattr("builtins.open", lambda path, *a, **k: opened.append(path) or kept(path, *a, **k))
    refused(run("assess", "/dev/zero"), "/dev/zero: is a device, not a plain file")
    assert "/dev/zero" not in map(str, opened)


def test_half_of_a_pair_is_no_text(assessor: Assessor) -> None:
    """Text that a program made, which no file can hold, is refused with its line."""
    with pytest.raises(BadInput, match=r"made\.yaml:2: is not text"):
        reading.parse("matter:\n  title: \ud800\n", "made.yaml")


def test_a_record_commands_no_terminal(run: Run, tmp_path: Path) -> None:
    """What a stranger wrote into a record is shown by its escapes when it is repeated."""
    path = tmp_path / "record.json"
    assert run("assess", GOOD, "--out", tmp_path / "a.txt", "--record", path).exit_code in (0, 3)
    record = json.loads(path.read_text("utf-8"))
    record["versions"]["caprev"] = "\x1b[2J1"
    record["rulebook"]["files"]["\x1b]0;x\x07.yaml"] = "0"
    path.write_text(json.dumps(record), "utf-8")
    result = run("record", "verify", path)
    assert not set(result.output) & {"\x1b", "\x07"}
    assert "\\x1b[2J1" in result.output


# --- options ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day", ["2024", "2024-02", "2024-2-1", "2024-02-30", "01/02/2024", "tomorrow", "2024-02-01T00"]
)
def test_a_bad_as_at_is_refused(day: str, run: Run) -> None:
    """--as-at needs a whole day, because a rule is in force on a day or is not."""
    refused(run("assess", GOOD, "--as-at", day), f"--as-at '{day}' is not a date", "YYYY-MM-DD")


def test_an_unknown_position_is_refused(run: Run) -> None:
    """The message lists the positions and names the nearest."""
    refused(
        run("assess", GOOD, "--position", "comissioner"),
        "'comissioner'",
        "commissioner, courts",
        "Did you mean commissioner?",
    )


def test_an_unknown_parcel_is_refused(run: Run) -> None:
    """The message lists the parcels of the file."""
    path = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"
    refused(
        run("assess", path, "--parcel", "stage-3"), str(path), "'stage-3'", "stage-1, stage-2", "Did you mean stage-"
    )


def test_an_unknown_case_is_refused(run: Run) -> None:
    """--without a misspelt case would otherwise silently leave nothing out."""
    refused(run("assess", GOOD, "--without", "stevenson-v-ftc"), "'stevenson-v-ftc'", "Did you mean stevenson-v-fct?")


def test_an_unknown_format_is_refused(run: Run) -> None:
    """The message lists the formats."""
    refused(run("assess", GOOD, "--format", "pdf"), "'pdf'", "'json'")


@pytest.mark.parametrize("option", ["--rules", "--cases"])
def test_a_missing_rulebook_or_case_base_is_refused(option: str, run: Run, tmp_path: Path) -> None:
    """The message names the directory."""
    refused(run("assess", GOOD, option, tmp_path / "none"), f"{tmp_path / 'none'}: is not a directory")


def test_output_into_a_missing_directory_is_refused(run: Run, tmp_path: Path) -> None:
    """The message names the file that cannot be written."""
    refused(run("assess", GOOD, "--out", tmp_path / "none" / "out.txt"), "out.txt: cannot be written (No such file")
    assert list(tmp_path.iterdir()) == []


def test_output_onto_a_directory_is_refused(run: Run, tmp_path: Path) -> None:
    """A directory is not replaced by a file."""
    (tmp_path / "out").mkdir()
    refused(run("assess", GOOD, "--out", tmp_path / "out"), "out: cannot be written")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", [".", "", "/"])
def test_output_to_a_path_without_a_name_is_refused(name: str, run: Run) -> None:
    """--out . is a slip of the fingers, not a traceback."""
    refused(run("assess", GOOD, "--out", name), "cannot be written")


@pytest.mark.parametrize("command", [["cases", "nearest"], ["assess"]])
def test_every_command_that_reads_a_fact_set_refuses_alike(command: list[str], run: Run) -> None:
    """The same message, whatever the fact set was wanted for."""
    refused(run(*command, BAD / "unknown-fact.yaml"), "development.lot:", "Did you mean development.lots?")


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        (["rules", "show", "owner-pasive"], "Did you mean owner-passive?"),
        (["cases", "show", "stevenson-v-ftc"], "Did you mean stevenson-v-fct?"),
        (["rules", "list", "--feeds", "busines"], "Did you mean business?"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(command: list[str], hint: str, run: Run) -> None:
    """Looking up a rule or a case that does not exist suggests one that does."""
    refused(run(*command), hint)
