"""caprev from Python: the results are those of the command line, frozen and typed, and bad input is one exception."""

from __future__ import annotations

import ast
import datetime
import doctest
import json
import multiprocessing
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from pydantic import BaseModel, ValidationError

import caprev
from caprev import Assessor, BadInput

Run = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "cases" / "au-land"
SEED = CASES / "rulings" / "1052196215679.yaml"
TWO = CASES / "examples" / "two-parcels.yaml"
FACTS: dict[str, Any] = {
    "matter": {"id": "m", "as_at": datetime.date(2025, 6, 30)},
    "taxpayer": {"retired": True},
    "facts": {"development.lots": {"at_least": 12}},
    "acquisition": {"date": 1978, "purposes": ["farming"]},
}
TEXT = """
matter: {id: m, as_at: 2025-06-30}
taxpayer: {retired: true}
acquisition: {date: 1978, purposes: [farming]}
development: {lots: {at_least: 12}}
"""


# --- the same as the command line ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [SEED, TWO], ids=["ruling", "two parcels"])
@pytest.mark.parametrize(
    ("command", "call"),
    [
        (["assess"], lambda path: caprev.assess(path)),
        (["assess", "--position", "courts", "--as-at", "2020-06-30"],
         lambda path: caprev.assess(path, position="courts", as_at="2020-06-30")),
        (["missing", "--up-to", "1"], lambda path: caprev.missing(path, up_to=1)),
        (["flips", "--up-to", "1", "--fixed", "taxpayer"],
         lambda path: caprev.flips(path, up_to=1, fixed=["taxpayer"])),
        (["whatif", "--set", "development.lots=about 25", "--set", "acquisition.purposes=[farming, rental]"],
         lambda path: caprev.whatif(path, {"development.lots": "about 25",
                                           "acquisition.purposes": ["farming", "rental"]})),
        (["argue", "--moves", "5"], lambda path: caprev.argue(path, moves=5)),
    ],
    ids=["assess", "assess by the courts", "missing", "flips", "whatif", "argue"],
)  # fmt: skip
def test_a_result_is_the_json_of_the_command(path: Path, command: list[str], call: Any, run: Run) -> None:
    """Whoever changes from one to the other finds the same keys and values."""
    name, *options = command
    printed = run(name, path, "--format", "json", *options)
    assert printed.exit_code in (0, 3), printed.stderr
    told = call(path)
    assert json.loads(printed.stdout) == (
        [part.to_dict() for part in told] if isinstance(told, tuple) else told.to_dict()
    )


@pytest.mark.parametrize("right", ["stevenson", "1052196215679", TWO], ids=["case", "comparator", "matter"])
def test_a_comparison_is_the_json_of_the_command(right: str | Path, run: Run) -> None:
    """With a decided case by a short name, a comparator by its number, another matter by its file."""
    printed = json.loads(run("compare", TWO, right, "--format", "json").stdout)
    assert [part.to_dict() for part in caprev.compare(TWO, right)] == printed


def test_a_draft_is_the_file_and_the_record_of_the_command(run: Run, tmp_path: Path) -> None:
    """Byte for byte, so that `record verify` reproduces what Python wrote."""
    run("draft", SEED, "--to", tmp_path / "out.md", "--edited")
    made = caprev.draft(SEED, edited=True, name="out.md")
    assert made.content == (tmp_path / "out.md").read_bytes()
    assert made.record == (tmp_path / "out.md.record.json").read_bytes()
    assert made.report == (tmp_path / "out.md.edits.md").read_text("utf-8")
    assert "DRAFT" in made.text
    with pytest.raises(ValueError, match="docx is not text"):
        _ = caprev.draft(SEED, form="docx").text


@pytest.mark.parametrize("name", ["nso-held", "espp-sold-early"])
def test_an_answer_under_strict_rules_is_the_json_of_the_command(name: str, run: Run) -> None:
    """Typed whole; and a pack of the other kind is refused with what to call instead."""
    path = CASES.parent / "us-share-options" / "examples" / f"{name}.yaml"
    found = caprev.answer(path)
    assert found.to_dict() == json.loads(run("assess", path, "--format", "json").stdout)
    assert not list(undeclared(found))
    with pytest.raises(BadInput, match="Ask for its answer"):
        caprev.assess(path)
    with pytest.raises(BadInput, match="Assess it"):
        caprev.answer(SEED)


def test_a_schema_and_a_page_are_those_of_the_commands(run: Run) -> None:
    """The law as another program reads it."""
    for of in ("facts", "factor"):
        assert caprev.schema(of) == json.loads(run("schema", "--of", of).stdout)
    assert caprev.page("business") == run("rules", "show", "business").stdout
    assert caprev.page("stevenson-v-fct") == run("cases", "show", "stevenson-v-fct").stdout


def test_the_law_is_listed_whole(assessor: Assessor) -> None:
    """Every rule and case once, each with a page."""
    book = assessor.book
    rules = [rule.id for rule in caprev.rules()]
    assert sorted(rules) == sorted([*book.nodes, *book.factors, *book.points, *book.consequences])
    assert [case.id for case in caprev.cases()] == list(assessor.cases.cases)
    assert 0 < len(caprev.cases("revenue subdivision")) < len(caprev.cases())


# --- what is given -------------------------------------------------------------------------------------------


def test_a_mapping_a_path_and_a_text_are_one_matter(tmp_path: Path) -> None:
    """However the facts come, the assessment is the same."""
    (tmp_path / "m.yaml").write_text(TEXT)
    path = tmp_path / "m.yaml"
    found = [caprev.assess(given) for given in (FACTS, path, str(path), TEXT, json.dumps(FACTS, default=str))]
    assert all(other == found[0] for other in found)


def test_bad_input_names_the_place_in_the_data() -> None:
    """A pointer that a program can follow, whatever the form; a file has a line, a mapping has none."""
    facts = {"parcels": [{"id": "a"}, {"id": "b", "development": {"lots": -3}}], "facts": {"a/b": 1}}
    with pytest.raises(BadInput) as error:
        caprev.assess(facts)
    told = [(p.path, p.line, p.file) for p in error.value.problems]
    assert told == [("/facts/a~1b", 0, ""), ("/parcels/1/development/lots", 0, "")]
    assert "'-3' is negative" in error.value.problems[1].message
    assert error.value.problems[1].to_dict()["subject"] == "development.lots"
    with pytest.raises(BadInput) as error:
        caprev.assess("development:\n  lots: -3\n")
    assert [(p.path, p.line) for p in error.value.problems] == [("/development/lots", 2)]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: caprev.assess({"taxpayer": object()}), "no plain value"),
        (lambda: caprev.assess("nowhere.yaml"), "cannot be read"),
        (lambda: caprev.assess(" "), "is empty"),
        (lambda: caprev.assess(FACTS, position="court"), "Did you mean courts?"),
        (lambda: caprev.assess(FACTS, as_at="2020"), "as_at '2020' is not a date"),
        (lambda: caprev.assess(FACTS, parcel="x"), "has no parcel 'x'"),
        (lambda: caprev.assess(FACTS, pack="au-lend"), "Did you mean au-land?"),
        (lambda: caprev.assess(FACTS, without=["stevenson-v-fc"]), "Did you mean stevenson-v-fct?"),
        (lambda: caprev.missing(FACTS, up_to=4), "up_to is 4. Allowed: 1, 2, 3"),
        (lambda: caprev.missing(FACTS, most=0), "most is 0. Allowed: 1 or more, or None for all"),
        (lambda: caprev.flips(FACTS, fixed=["taxpayr"]), "taxpayr: is not in the vocabulary"),
        (lambda: caprev.whatif(FACTS, {"development.lots": "many"}), "'many' is not understood"),
        (lambda: caprev.compare(FACTS, "stevensen-v-fct"), "Did you mean stevenson-v-fct?"),
        (lambda: caprev.argue(FACTS, side="both"), "'both' is no side"),
        (lambda: caprev.draft(FACTS, form="doc"), "there is no form 'doc'"),
        (lambda: caprev.draft(FACTS, template="letter"), "there is no template 'letter'"),
        (lambda: caprev.schema("fact"), "Did you mean facts?"),
        (lambda: caprev.page("bussiness"), "Did you mean business?"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_by_one_exception(call: Callable[[], object], said: str) -> None:
    """With what is allowed, or the nearest name."""
    with pytest.raises(BadInput) as error:
        call()
    assert said in str(error.value)


# --- what comes back -----------------------------------------------------------------------------------------


def undeclared(told: object, place: str = "") -> Iterator[str]:
    """Keys that the data has and the types do not."""
    if isinstance(told, BaseModel):
        yield from (f"{place}.{key}" for key in told.model_extra or {})
        for name in type(told).model_fields:
            yield from undeclared(getattr(told, name), f"{place}.{name}")
    elif isinstance(told, tuple):
        for item in told:
            yield from undeclared(item, place)
    elif isinstance(told, dict):
        for item in told.values():
            yield from undeclared(item, place)


def test_every_key_of_the_json_is_declared() -> None:
    """An editor completes all of it; only the further questions of a pack are its own."""
    found = [caprev.assess(path) for path in sorted(CASES.glob("examples/*.yaml"))]
    further = {f".parcels.{name}" for name in caprev.load().book.questions.answered}
    assert {key for told in found for key in undeclared(told)} == further
    others = (caprev.missing(SEED, up_to=1), caprev.flips(SEED, up_to=1), caprev.compare(SEED, "stevenson"))
    assert not [key for told in (*others, caprev.argue(SEED, moves=3)) for key in undeclared(told)]


def test_a_result_is_frozen_and_its_data_is_the_callers() -> None:
    """Nobody changes what another holds."""
    found = caprev.assess(FACTS)
    with pytest.raises(ValidationError, match="frozen"):
        found.position = "courts"
    data = found.to_dict()
    data["parcels"].clear()
    assert found.to_dict()["parcels"]


def test_a_result_goes_to_another_process() -> None:
    """As a pool of processes sends it: the contract, without the engine behind it."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found = pool.apply(caprev.assess, (FACTS,))
    assert found == caprev.assess(FACTS)
    with pytest.raises(ValueError, match="assess its facts again"):
        caprev.explain(found)
    assert pickle.loads(pickle.dumps(found)) == found


def test_threads_come_to_the_same_results() -> None:
    """Eight at once, each over other matters in another order, as one alone."""
    paths = sorted(CASES.glob("examples/*.yaml"))[:6]
    expected = {path: caprev.assess(path).to_dict() for path in paths}
    wrong: list[Path] = []

    def work(first: int) -> None:
        for path in paths[first % 6 :] + paths[: first % 6]:
            if caprev.assess(path).to_dict() != expected[path]:
                wrong.append(path)
            caprev.missing(path, up_to=1)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


# --- the package ---------------------------------------------------------------------------------------------


def test_importing_caprev_loads_nothing_of_it(environment: dict[str, str]) -> None:
    """A program that may need it does not wait for it."""
    code = "import sys, caprev; print(sorted(m for m in sys.modules if m.startswith(('caprev.', 'pydantic', 'yaml'))))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr


def test_public_names_are_there_typed_and_told() -> None:
    """What `__all__` names exists, has a docstring, and is declared for type checkers; the package says it is typed."""
    assert sorted(caprev.__all__) == sorted(set(caprev.__all__)) == sorted(dir(caprev))
    assert all(getattr(caprev, name).__doc__ for name in caprev.__all__)
    tree = ast.parse((ROOT / "engine" / "__init__.py").read_text("utf-8"))
    declared = {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0
        for alias in node.names
    }  # fmt: skip
    assert set(caprev.__all__) <= declared
    assert (ROOT / "engine" / "py.typed").is_file()
    with pytest.raises(AttributeError, match="no attribute 'asess'"):
        _ = caprev.asess


def test_examples_of_the_page_do_what_they_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the functions are tried with all docstrings, in tests/test_docstrings.py."""
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False)
    assert tried > 20
    assert not failed


def test_no_more_is_confirmed_than_is_asked_for():
    """The first ones of those found, and how many were found in all."""
    (few,), (all_,) = (caprev.flips(SEED, up_to=2, most=most) for most in (2, None))
    assert len(all_.flips) == all_.found > 2
    assert (few.flips, few.found) == (all_.flips[:2], all_.found)
    (first,), (every,) = (caprev.missing(SEED, up_to=2, most=most) for most in (3, None))
    assert [part.sets for part in first.settling] == [part.sets[:3] for part in every.settling]
    assert [part.found for part in first.settling] == [part.found for part in every.settling]
