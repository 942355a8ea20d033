"""Other bodies of law than the one shipped: a toy pack on which every command runs, and packs that lack something.

Whatever a rulebook and a case base hold or lack, a command does its work or says plainly what is wrong (exit code 2);
what a pack does wrong, `rules lint` reports with file and line.
"""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import click
import pytest
import yaml
from click.testing import Result

import caprev
from caprev import Assessor
from caprev.changes import flips, trials
from caprev.cli import choosing, main
from caprev.columns import assess as columns
from caprev.documents.content.model import FORMATS
from caprev.documents.words import phrases, proofreading
from caprev.errors import BadInput
from caprev.files import reading
from caprev.law import packs
from caprev.law.papers import KINDS
from caprev.review import lint

ROOT = Path(__file__).resolve().parents[2]
TOY = ROOT / "tests" / "packs" / "found-things"
Run = Callable[..., Result]
NO_DOCUMENTS = "this rulebook has no wordings for documents"
NO_PLAN = "this rulebook does not say how to measure it"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the toy pack that may be changed."""
    return Path(shutil.copytree(TOY, tmp_path / "pack"))


@pytest.fixture
def land(tmp_path: Path) -> Path:
    """A copy of the rulebook shipped that may be changed."""
    return Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "land"))


def on(run: Run, pack: Path, *arguments: str | Path, typed: str | None = None) -> Result:
    """A command on a pack. It ends as documented, and says why if it refuses."""
    result = run(*arguments, "--rules", pack / "rules", "--cases", pack / "cases", typed=typed)
    assert result.exit_code in (0, 2, 3), result.output
    assert (result.exit_code == 2) == result.stderr.startswith("caprev: "), result.stderr
    return result


def put(pack: Path, name: str, text: str) -> None:
    (pack / name).parent.mkdir(parents=True, exist_ok=True)
    (pack / name).write_text(text, "utf-8")


def edit(pack: Path, name: str, old: str, new: str) -> int:
    """Changes a file and returns the line on which the change begins."""
    text = (pack / name).read_text("utf-8")
    assert old in text, f"{name} no longer has '{old}'"
    put(pack, name, text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


# --- every command on the toy pack ---------------------------------------------------------------------------------

ONE, TWO, THREE = (f"cases/examples/{name}.yaml" for name in ("umbrella", "purse-and-keys", "coins"))
RUNS: list[tuple[str, int, str]] = [  # a command, its exit code on one parcel, and what it says if it refuses
    *((f"assess {{file}} --format {form}", 0, "") for form in ("text", "json", "markdown", "html")),
    ("assess {file} --detail --position house --as-at 2025-01-01", 0, ""),
    ("assess {file} --position courts", 2, "the position 'courts' does not exist. Allowed: house"),
    ("assess {file} --without statham-v-fct", 2, "there is no decided case"),
    ("assess {file} --record {tmp}/a.json --out {tmp}/a.txt", 0, ""),
    ("record verify {tmp}/a.json", 0, ""),
    ("record replay {tmp}/a.json", 0, ""),
    ("ask {tmp}/new.yaml", 0, ""),
    ("ask {tmp}/copy.yaml", 0, ""),
    *((f"missing {{file}} --format {form}", 0, "") for form in ("text", "json")),
    *((f"flips {{file}} --format {form}", 0, "") for form in ("text", "json")),
    *((f"whatif {{file}} --set thing.marked=true --format {form}", 0, "") for form in ("text", "json")),
    *((f"compare {{file}} {{file}} --format {form}", 0, "") for form in ("text", "json")),
    ("compare {file} somebody-v-somebody", 2, "is neither a file nor a decided case nor a comparator"),
    *((f"draft {{file}} --template clearance --to {{tmp}}/a.{form}", 0, "") for form in FORMATS),
    ("draft {file} --to {tmp}/a.md", 0, ""),
    ("draft {file} --to {tmp}/a.md --edited", 2, "'clearance' has no edited version"),
    *(
        (f"draft {{file}} --template {kind} --to {{tmp}}/a.md", 2, f"there is no template '{kind}'. Allowed: clearance")
        for kind in KINDS
    ),
    ("draft {file} --template clearence --to {tmp}/a.md", 2, "Allowed: clearance. Did you mean clearance?"),
    *((f"argue {{file}} --format {form}", 0, "") for form in ("text", "json", "markdown")),
    ("argue {file} --side returned --vary finder.days_waited", 0, ""),
    ("exercise --seed 1", 2, "has no case fit for an exercise"),
    ("exercise --seed 1 --hypotheticals 2 --out {tmp}/class", 2, "has no case fit for an exercise"),
    *((f"plot {{file}} --kind {kind}", 0, "") for kind in ("balance", "cases", "tornado", "graph")),
    ("packs", 0, ""),
    ("schema", 0, ""),
    ("rules list", 0, ""),
    ("rules list --feeds care", 0, ""),
    *((f"rules show {rule}", 0, "") for rule in ("handed-in", "care", "struck-off")),
    ("rules lint", 0, ""),
    ("rules new a-factor --theme lost", 2, "there is no theme 'lost'"),
    ("rules effects --against tests/packs/found-things", 0, ""),
    ("rules docs --out {tmp}/pages", 0, ""),
    ("cases list", 0, ""),
    ("cases show somebody-v-somebody", 2, "there is no case or comparator"),
    ("cases nearest {file}", 0, ""),
    *(
        (f"batch {{tmp}}/rows.jsonl --out {{tmp}}/{engine}.{form} --engine {engine} --explain-top 2", 0, "")
        for engine in ("polars", "duckdb")
        for form in ("jsonl", "csv", "parquet")
    ),
    *((f"evaluate --format {form}", 2, NO_PLAN) for form in ("text", "markdown", "json")),
    ("evaluate --set {tmp}", 2, NO_PLAN),
    ("facts check {file} --against {file}", 0, ""),
    ("calibrate --check", 2, NO_PLAN),
]


@pytest.mark.parametrize(("command", "code", "says"), RUNS, ids=[command for command, _, _ in RUNS])
def test_every_command_runs_on_another_pack(command: str, code: int, says: str, run: Run, tmp_path: Path) -> None:
    """On a body of law with four factors, no court, no case and a document of its own, nothing is taken for granted."""
    file = TOY / ONE
    shutil.copy(file, tmp_path / "copy.yaml")
    rows = [reading.read(TOY / ONE).data, {"thing": {"marked": "perhaps"}}, {}]
    put(tmp_path, "rows.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    if command.startswith("record"):
        on(run, TOY, "assess", file, "--record", tmp_path / "a.json", "--out", tmp_path / "a.txt")
    typed = "not sure\n1\nquit\n" if command.startswith("ask") else None
    result = on(run, TOY, *command.format(file=file, tmp=tmp_path).split(), typed=typed)
    assert result.exit_code == code, result.output
    assert says in result.stderr


@pytest.mark.parametrize(("command", "code", "says"), RUNS, ids=[command for command, _, _ in RUNS])
def test_every_command_runs_on_a_conclusion_of_neither_side(
    command: str, code: int, says: str, run: Run, tmp_path: Path
) -> None:
    """Finder and owner share what was hidden: no side is concluded for, and nothing printed speaks of another law."""
    file = TOY / THREE
    shutil.copy(file, tmp_path / "copy.yaml")
    put(tmp_path, "rows.jsonl", json.dumps(reading.read(file).data) + "\n")
    if command.startswith("record"):
        on(run, TOY, "assess", file, "--record", tmp_path / "a.json", "--out", tmp_path / "a.txt")
    typed = "not sure\n1\nquit\n" if command.startswith("ask") else None
    result = on(run, TOY, *command.format(file=file, tmp=tmp_path).split(), typed=typed)
    assert result.exit_code == code, result.output
    assert says in result.stderr
    if command not in ("packs", "schema"):  # the first is about every law
        assert not re.search(r"\b(capital|revenue|land|Commissioner|probability_revenue)\b|[$]", result.output)


@pytest.mark.parametrize(("name", "answer"), [(ONE, "**Yes.**"), (TWO, "**No.**"), (THREE, "**In part.**")])
def test_a_pack_calls_its_documents_as_it_likes(name: str, answer: str, run: Run, tmp_path: Path) -> None:
    """What elsewhere is a ruling is a clearance here: in its own words throughout, with a record that is verified."""
    assert on(run, TOY, "draft", TOY / name, "--template", "clearance", "--to", tmp_path / "a.md").exit_code == 0
    written = (tmp_path / "a.md").read_text("utf-8")
    assert "# Clearance" in written
    assert answer in written
    assert not re.search(r"\b(capital|revenue|land|ruling|Commissioner|private)\b|[$]", written)
    record = tmp_path / "a.md.record.json"
    assert json.loads(record.read_text("utf-8"))["request"]["template"] == "clearance"
    assert "byte for byte" in on(run, TOY, "record", "verify", record).stdout
    assert caprev.draft(TOY / name, caprev.load(TOY / "rules", TOY / "cases")).text == written


def test_what_is_of_neither_side_has_no_probability(run: Run, tmp_path: Path) -> None:
    """It is strong where its findings stand whatever else is learnt; a balance says nothing of it."""
    (parcel,) = json.loads(on(run, TOY, "assess", TOY / THREE, "--format", "json").stdout)["parcels"]
    told = {key: parcel[key] for key in ("characterisation", "route", "strength", "probability_retained", "robust")}
    assert told == {
        "characterisation": "halved", "route": "treasure", "strength": "strong", "probability_retained": None,
        "robust": True,
    }  # fmt: skip
    shown = on(run, TOY, "assess", TOY / THREE).stdout
    assert "Strong: it follows from findings alone, whatever the balance." in " ".join(shown.split())
    assert "of 100 decided matters" not in shown
    assert "of decided matters" not in shown
    assert "No answer still missing could change the conclusion." in on(run, TOY, "missing", TOY / THREE).stdout
    put(tmp_path, "rows.jsonl", "".join(json.dumps(reading.read(TOY / name).data) + "\n" for name in (ONE, THREE)))
    on(run, TOY, "batch", tmp_path / "rows.jsonl", "--out", tmp_path / "o.jsonl")
    one, three = [json.loads(line) for line in (tmp_path / "o.jsonl").read_text("utf-8").splitlines()]
    assert (one["characterisation"], one["probability_retained"]) == ("retained", 0.8808)
    assert {key: three[key] for key in told} == told


def test_what_could_lead_to_another_outcome_is_found(run: Run) -> None:
    """The umbrella is the finder's, unless it turns out that it had been hidden; whatif and flips say the same."""
    (found,) = json.loads(on(run, TOY, "flips", TOY / THREE, "--format", "json").stdout)
    least = [({c["fact"]: c["to"] for c in flip["changes"]}, flip["characterisation"]) for flip in found["flips"]]
    assert ({"thing.hidden": "no"}, "retained") in least
    assert ({"thing.marked": "yes", "thing.hidden": "no"}, "returned") in least
    told = on(run, TOY, "missing", TOY / ONE).stdout
    assert "Could turn it to halved.\n" in told
    assert "turn it to halved\n  - If it had been hidden, this would be halved.\n" in told
    whatif = on(run, TOY, "whatif", TOY / ONE, "--set", "thing.hidden=true").stdout
    assert re.search(r"conclusion +RETAINED +HALVED\n", whatif)
    assert re.search(r"probability of retained +88% +none\n", whatif)


def test_every_way_to_conclude_agrees_on_three_outcomes(pack: Path) -> None:
    """One matter at a time, in columns, and by trials of changes: on every set of facts that the toy tells apart."""
    edit(pack, "rules/weighing.yaml", "undetermined: [-0.2, 0.2]", "undetermined: [-0.5, 0.6]")  # so that some are
    assessor = caprev.load(pack / "rules", pack / "cases")
    choices = [[None, "true", "false"]] * 3
    data = [
        {"thing": {"marked": m, "hidden": h}, "finder": {"reported": r, "days_waited": d}}
        for m, h, r in itertools.product(*choices)
        for d in (None, "10", "40")
        if not (r == "false" and d)  # nobody waits for what was not handed in
    ]
    told = [{section: {k: v for k, v in facts.items() if v} for section, facts in row.items()} for row in data]
    matters = [assessor.matter(reading.parse(json.dumps(row), "<row>")) for row in told]
    conclusions = [assessor.assess(matter).conclusions[0] for matter in matters]
    assert {c.characterisation for c in conclusions} == {"retained", "returned", "halved", "undetermined"}
    table = columns.Columns(assessor).assess(matters)
    for c, known, row in zip(conclusions, told, table.iter_rows(named=True), strict=True):
        same = (c.characterisation, c.route, c.strength, c.chance, c.robust, c.rules, c.decided_by)
        names = ("characterisation", "route", "strength", "probability_retained", "robust", "rules", "decided_by")
        assert tuple(row[name] for name in names) == same
        if c.robust:  # whatever else is learnt, the conclusion is the same
            later = [
                other.characterisation
                for other, facts in zip(conclusions, told, strict=True)
                if all(facts[section].items() >= known[section].items() for section in known)
            ]
            assert set(later) == {c.characterisation}
    cases = assessor.cases
    for c in conclusions:
        changes = flips.learnable(assessor, c, cases)
        for change, result in zip(changes, trials.Trials(c, cases)([(change,) for change in changes]), strict=True):
            then = flips.concluded(assessor, c, cases, [change])
            assert (result and result.characterisation) == (then and then.characterisation)


@pytest.mark.parametrize("command", ["assess", "missing", "flips", "argue", "cases nearest"])
def test_a_matter_of_two_parcels_runs_on_another_pack(command: str, run: Run) -> None:
    """One thing stays its owner's, of the other not enough is known or it is the finder's."""
    assert on(run, TOY, *command.split(), TOY / TWO).exit_code in (0, 3)


def test_no_command_is_left_out() -> None:
    """Every command of the command line is among those that are run."""

    def commands(group: click.Command, name: str = "") -> Iterator[str]:
        for word, command in group.commands.items() if isinstance(group, click.Group) else ():
            yield from commands(command, f"{name}{word} ")
        if not isinstance(group, click.Group):
            yield name

    elsewhere = ("clients", "mcp", "serve", "users")  # they serve, or need a desk: tests/api and tests/web
    told = [name for name in commands(main.main) if not name.startswith(elsewhere)]
    left_out = [name for name in told if not any(f"{c} ".startswith(name) for c, _, _ in RUNS)]
    assert left_out == []


CLEARANCE = "documents: {clearance: {kind: ruling, title: Clearance of the house}}\n"


def test_lint_says_what_cannot_be_done_with_a_pack(run: Run, pack: Path) -> None:
    """What a pack may do without is a warning that names what goes with it."""
    shutil.rmtree(pack / "rules" / "drafts")
    edit(pack, "rules/pack.yaml", CLEARANCE, "")
    told = on(run, pack, "rules", "lint").stdout
    assert "drafts: does not exist: 'draft' can write no document" in told
    assert "evaluation.yaml: does not exist: 'evaluate' and 'calibrate' cannot be run" in told
    assert "cases: holds no decided case" in told
    assert "no errors, 3 warnings" in told


@pytest.mark.parametrize("edited", ["", "--edited"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_pack_that_declares_no_documents_has_the_usual_ones(
    kind: str, edited: str, run: Run, pack: Path, tmp_path: Path
) -> None:
    """So far as it has wordings for them, which this one has not."""
    shutil.rmtree(pack / "rules" / "drafts")
    edit(pack, "rules/pack.yaml", CLEARANCE, "")
    words: list[str | Path] = ["draft", pack / ONE, "--template", kind, "--to", tmp_path / "a.md", *edited.split()]
    assert NO_DOCUMENTS in on(run, pack, *words).stderr
    assert "Allowed: ruling, advice, debate, information, questionnaire. Did you mean advice?" in (
        on(run, pack, "draft", pack / ONE, "--template", "advce", "--to", tmp_path / "a.md").stderr
    )


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{kind: rulling, title: T}", "documents.clearance.kind is 'rulling'. Allowed: ruling, advice, debate, "
         "information, questionnaire. Did you mean ruling?"),
        ("{kind: ruling}", "has no documents.clearance.title"),
        ("{kind: ruling, title: T, edted: true}", "documents.clearance.edted is not a key known here. Did you mean "
         "edited?"),
        ("{kind: advice, title: T, checks: true}", "has checks, which go with the kind ruling and not with advice"),
        ("{kind: debate, title: T}", "documents.clearance: has no wordings: {drafts}/debate.yaml does not exist"),
        ("{kind: information, title: T}", "documents.clearance: has no wordings: {drafts}/letters.yaml does not exist"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_written_is_a_fault_of_the_pack(
    written: str, says: str, run: Run, pack: Path
) -> None:
    """A kind that the engine does not know, a slip, or wordings that are not there: with the line of the document."""
    line = edit(pack, "rules/pack.yaml", "{kind: ruling, title: Clearance of the house}", written)
    told = on(run, pack, "rules", "lint")
    assert told.exit_code == 2
    assert f"{pack}/rules/pack.yaml:{line}: " in told.stderr
    assert says.format(drafts=pack / "rules" / "drafts") in told.stderr


def test_names_of_documents_fit_into_names_of_files(run: Run, pack: Path) -> None:
    """A document's name is an option's value and part of a file's name."""
    edit(pack, "rules/pack.yaml", "{clearance: ", "{../clearance: ")
    assert "'../clearance' is not a name; allowed: at most 20 letters a to z" in on(run, pack, "rules", "lint").stderr


@pytest.mark.parametrize("name", sorted(str(path.relative_to(TOY)) for path in (TOY / "rules").rglob("*.yaml")))
def test_nothing_that_a_pack_leaves_out_or_gets_wrong_gives_a_traceback(name: str, pack: Path) -> None:
    """Each entry of each file left out, or a list where it is something else: messages, or a pack that assesses."""
    text = (pack / name).read_text("utf-8")
    for at in places(yaml.load(text, yaml.BaseLoader)):
        for value in (None, ["x"]):
            changed = yaml.load(text, yaml.BaseLoader)
            holder = inside(changed, at[:-1])
            if value is None:
                del holder[at[-1]]
            else:
                holder[at[-1]] = value
            put(pack, name, yaml.dump(changed, sort_keys=False))
            try:
                assessor = caprev.load(pack / "rules", pack / "cases")
            except BadInput:
                continue
            if not [*lint.errors(assessor), *lint.warnings(assessor)][3:]:  # it warns of what the pack does without
                assert caprev.explain(caprev.assess(pack / ONE, assessor))


def places(data: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything within data."""
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield (*at, key)
        yield from places(data[key], (*at, key))


def inside(data: Any, at: tuple[Any, ...]) -> Any:
    for key in at:
        data = data[key]
    return data


# --- what lint reports ---------------------------------------------------------------------------------------------

NODE = """
id: extra
kind: {kind}
title: One more
question: Is there one more?
authority: [{{cite: house-rules, says: There may be more., mark: seen}}]
satisfied: There is.
not_satisfied: There is not.
undetermined: It is not known.
{rest}
"""
WRONG: dict[str, tuple[str, str, str, str]] = {  # file, text, what stands there instead, and what lint says of it
    "an outcome named like a node": ("conclusion.yaml", "id: finders", "id: care", "is also the id of"),
    "an outcome named like a factor": ("conclusion.yaml", "id: finders", "id: named", "is also the id of"),
    "two outcomes of one name": ("conclusion.yaml", "id: owners", "id: finders", "is also the id of"),
    "a factor named like an indicator": ("factors/named.yaml", "id: named", "id: care", "is also the id of"),
    "a consequence named like a factor": (
        "consequences/struck-off.yaml", "id: struck-off", "id: handed-in", "is also the id of",
    ),
    "a point named like a factor": (
        "positions.yaml", "points: {}",
        "points: {named: {question: Q?, source: s, turns_on: t, matters_when: {thing.marked: true}}}",
        "is also the id of",
    ),
    "an id that leads elsewhere": ("factors/named.yaml", "id: named", "id: ../../named", "is not an id"),
    "an id of two words": ("conclusion.yaml", "id: finders", "id: is kept", "is not an id"),
    "a section named like a key of fact sets": ("vocabulary.yaml", "finder:", "parcels:", "is a key of fact sets"),
    "a section named like a key of cases": ("vocabulary.yaml", "finder:", "outcome:", "is a key of fact sets"),
    "a fact with a dot": ("vocabulary.yaml", "  marked:", "  mark.ed:", "is not a name of facts"),
    "a value that tells nothing": (
        "vocabulary.yaml", "type: bool, ask: \"Does", "type: enum, values: [a, unknown], ask: \"Does",
        "has the value 'unknown'",
    ),
    "a value twice": (
        "vocabulary.yaml", "type: bool, ask: \"Does", "type: enum, values: [a, a], ask: \"Does",
        "has the value 'a' twice",
    ),
    "more values than columns can hold": (
        "vocabulary.yaml", "type: bool, ask: \"Does",
        f"type: enum, values: [{', '.join(f'v{n}' for n in range(62))}], ask: \"Does", "has 62 values",
    ),
    "more numbers than columns can hold": (
        "factors/waited-long.yaml", "{at_least: 30}", f"{{in: [{', '.join(str(n) for n in range(31))}]}}",
        "is tested with 31 numbers",
    ),
    "a quantity named like a fact": (
        "derived.yaml", "implications:",
        "quantities: {finder.days_waited: {type: int, formula: {begun: [finder.days_waited]}, says: s}}\nimplications:",
        "is not a name of its own",
    ),
    "a quantity without a section": (
        "derived.yaml", "implications:",
        "quantities: {days: {type: int, formula: {begun: [finder.days_waited]}, says: s}}\nimplications:",
        "is not a name of its own",
    ),
    "outcomes for one side": (
        "conclusion.yaml", "characterisation: returned", "characterisation: retained",
        "has no outcome whose characterisation is returned",
    ),
    "an outcome that rests on an indicator": (
        "conclusion.yaml", "{met: finder-keeps}", "{met: care}", "rests on the indicator 'care'",
    ),
    "an event that is no date": ("questions.yaml", "event: thing.found_on", "event: thing.marked", "is not a date"),
    "an event that nobody writes": (
        "questions.yaml", "event: thing.found_on", "event: matter.as_at", "is not in the vocabulary",
    ),
    "a rule dated by what is no date": (
        "consequences/struck-off.yaml", "order: 1", "order: 1\ndated_by: [thing.marked]", "which is not a date",
    ),
    "a level that is none": (
        "pack.yaml", "binding_levels: []", "binding_levels: [court]", "is not a level; allowed: none",
    ),
    "a probability of five decimals": ("weighing.yaml", "binding: 0.85", "binding: 0.85555", "in four decimals"),
    "a weight of many decimals": ("weighing.yaml", "moderate: 1.0,", "moderate: 1.0000000001,", "in six decimals"),
    "a number that is none": ("weighing.yaml", "slope: 1.0", "slope: nan", "should be a finite number"),
    "strengths out of order": ("weighing.yaml", "moderate: 1.0,", "moderate: 2.0,", "above zero and in order"),
    "starts that the design lacks": (
        "weighing.yaml", "starts: {finder-keeps: -0.5, hidden: -0.5}", "starts: {}", "are not of the nodes",
    ),
    "a band that ends before it begins": (
        "weighing.yaml", "undetermined: [-0.2, 0.2]", "undetermined: [0.2, -0.2]", "ends before it begins",
    ),
    "an authority without a name": ("authorities.yaml", "name: House rules on lost property, ", "", "has no name"),
    "a provision of no Act": (
        "authorities.yaml", "kind: rules, name: House rules on lost property", "kind: provision, section: s 1",
        "has no act, by which a provision is cited",
    ),
    "a citation that cites nothing": (
        "authorities.yaml", "mark: seen}", "mark: seen, medium_neutral: {year: 2020}}",
        "has no medium_neutral.cite",
    ),
    "a title that says nothing": ("issues/care.yaml", "title: Care for the owner's chance", "title: ''", "title says"),
}  # fmt: skip


def test_a_pack_says_which_folders_of_cases_decide_nothing(run: Run, pack: Path) -> None:
    """A folder of comparators has the name that the pack gives it; one that the pack does not name holds precedents."""
    (pack / "cases/reports").mkdir()
    (pack / ONE).rename(pack / "cases/reports/umbrella.yaml")
    refused = on(run, pack, "cases", "list")
    assert "reports/umbrella.yaml" in refused.stderr  # it is no decided case
    edit(pack, "rules/pack.yaml", "unit: ", "folders: {reports: comparators, examples: examples}\nunit: ")
    assert on(run, pack, "cases", "list").exit_code == 0
    assert on(run, pack, "cases", "show", "umbrella").exit_code == 0
    assert on(run, pack, "compare", pack / TWO, "umbrella").exit_code == 0
    told = on(run, pack, "rules", "effects", "--against", pack).stdout
    assert told.endswith("3 cases, reports and examples were assessed under both.\n")
    edit(pack, "rules/pack.yaml", "reports: comparators", "reports: rulings")
    assert "folders.reports is 'rulings'. Allowed: comparators, examples" in on(run, pack, "cases", "list").stderr
    edit(pack, "rules/pack.yaml", "reports: rulings", "all: comparators")
    assert "has a folder 'all', which is the name of another set" in on(run, pack, "rules", "lint").stderr


@pytest.mark.parametrize("fault", WRONG)
def test_lint_names_what_is_wrong_with_a_pack(fault: str, run: Run, pack: Path) -> None:
    """A pack on which a command could not run is refused by all of them, with the file and the line."""
    file, old, new, says = WRONG[fault]
    line = edit(pack, f"rules/{file}", old, new)
    result = on(run, pack, "rules", "lint")
    assert result.exit_code == 2
    (told,) = [told for told in result.stderr.splitlines() if says in told]
    place = f"{pack / 'rules' / file}:"
    # What clashes is reported at the later of the two, what is missing at what it is missing from.
    elsewhere = says == "is also the id of" or "no outcome" in says or "are not of the nodes" in says
    assert elsewhere or told.startswith((f"caprev: {place}{line}: ", f"caprev: {place}{line + 1}: "))
    assert on(run, pack, "assess", pack / ONE).exit_code == 2


@pytest.mark.parametrize(
    ("kind", "rest", "says"),
    [
        ("indicator", "all: [finder-keeps]", "is an indicator, which is weighed from factors and combines nothing"),
        ("issue", "any: [care]", "rests on the indicator 'care'"),
    ],
)
def test_an_indicator_decides_nothing(kind: str, rest: str, says: str, run: Run, pack: Path) -> None:
    """What varies facts leaves the indicators out; a finding that rests on one would be waited for without end."""
    put(pack, "rules/issues/extra.yaml", NODE.format(kind=kind, rest=rest))
    assert says in on(run, pack, "rules", "lint").stderr


def test_a_node_that_no_factor_feeds_is_pointed_out(run: Run, pack: Path) -> None:
    """It stays where it starts, which may be meant."""
    put(pack, "rules/issues/extra.yaml", NODE.format(kind="issue", rest="weighs: [self]"))
    assert "extra: is fed by no factor" in on(run, pack, "rules", "lint").stdout


# --- cases and comparators -----------------------------------------------------------------------------------------

CASE = """
id: old-case
authority: house-rules
name: Old v Case
court: The Steward
level: steward
subject: land
decided: 2020-01-01
outcome: retained
route: finder
confidence: high
ratio: Who hands it in and waits keeps it.
note: The steward gave no other reason.
because: [handed-in, waited-long]
despite: []
facts: {finder.reported: true, finder.days_waited: 40}
"""
PLAN = """
fitted_on: rulings
folds: 2
note: Invented.
positions: {rulings: house}
excluded: 0.25
strong: 0.9
one_rule: {finder.reported: true}
groups: thing.marked
seed: 1
resamples: 20
targets: {rulings: {right: {at_least: 1}}}
remarks: {}
"""


def with_comparators(pack: Path) -> None:
    """What the folder of decided matters is for, which a pack says."""
    if "folders:" not in (pack / "rules/pack.yaml").read_text("utf-8"):
        edit(pack, "rules/pack.yaml", "unit: ", "folders: {rulings: comparators, examples: examples}\nunit: ")


def with_a_plan(pack: Path) -> None:
    """A plan of evaluation by the decided matters."""
    with_comparators(pack)
    put(pack, "rules/evaluation.yaml", PLAN)


def decided(pack: Path, number: int, outcome: str) -> None:
    """A comparator: what was handed in was kept by its finder."""
    facts = f"finder: {{reported: {'true' if outcome == 'retained' else 'false'}}}\nthing: {{marked: false}}"
    head = f"comparator: {{number: r{number}, outcome: {outcome}}}\nmatter: {{id: r{number}, title: Find {number}}}"
    put(pack, f"cases/rulings/r{number}.yaml", f"{head}\n{facts}\n")


def with_a_court(pack: Path) -> None:
    edit(pack, "rules/pack.yaml", "levels: []", "levels: [steward]")
    edit(pack, "rules/pack.yaml", "binding_levels: []", "binding_levels: [steward]")
    put(pack, "cases/steward/old-case.yaml", CASE)


@pytest.mark.parametrize(
    "command",
    [
        "cases list", "cases show old-case", "cases nearest {file}", "compare {file} old-case",
        "assess {file} --detail", "argue {file}", "exercise --seed 1 --hypotheticals 2",
        "exercise --case old-case --coded {file}",
        "plot {file} --kind cases", "rules lint", "rules docs --out {tmp}/pages", "missing {file}", "flips {file}",
    ],
)  # fmt: skip
def test_one_decided_case_is_enough(command: str, run: Run, pack: Path, tmp_path: Path) -> None:
    """A court with one case: it is cited, compared, put as an exercise, and drawn."""
    with_a_court(pack)
    assert on(run, pack, *command.format(file=pack / ONE, tmp=tmp_path).split()).exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("level: steward", "level: high", "has the level 'high'. Allowed: steward"),
        ("decided: 2020-01-01", "decided: long ago", "'long ago' is not a date"),
        ("outcome: retained", "outcome: mixed", "has the outcome 'mixed'. Allowed: returned, retained"),
        ("[handed-in, waited-long]", "[handed-in, handed-in]", "'handed-in' is named twice"),
        ("[handed-in, waited-long]", "[named]", "'named' does not favour retained"),
    ],
)
def test_a_case_that_is_not_well_formed_is_refused(old: str, new: str, says: str, run: Run, pack: Path) -> None:
    with_a_court(pack)
    line = edit(pack, "cases/steward/old-case.yaml", old, new)
    (told,) = on(run, pack, "rules", "lint").stderr.splitlines()
    assert told.startswith(f"caprev: {pack / 'cases/steward/old-case.yaml'}:{line}: ")
    assert says in told


def test_a_case_of_a_court_is_refused_where_there_are_no_courts(run: Run, pack: Path) -> None:
    """Without levels no level is right."""
    put(pack, "cases/steward/old-case.yaml", CASE)
    assert "Allowed: none, for the rulebook has none" in on(run, pack, "assess", pack / ONE).stderr


def test_lint_reads_comparators_and_examples(run: Run, pack: Path) -> None:
    """One that cannot be read, or does not say how it was decided, would be left out in silence."""
    with_comparators(pack)
    put(pack, "cases/examples/broken.yaml", "thing: {colour: red}\n")
    put(pack, "cases/rulings/r1.yaml", "comparator: {number: r1, outcome: retruned}\nthing: {marked: true}\n")
    told = on(run, pack, "rules", "lint").stderr.splitlines()
    assert [line.split(": ")[1] for line in told] == [
        f"{pack}/cases/rulings/r1.yaml:1", f"{pack}/cases/examples/broken.yaml:1",
    ]  # fmt: skip
    assert "has the outcome 'retruned'. Allowed: returned, retained, halved, mixed" in told[0]


# --- measuring -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcomes", [["retained"], ["retained", "returned"], ["retained", "retained", "retained"]])
@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_few_matters_are_measured_without_what_learns_from_many(
    form: str, outcomes: list[str], run: Run, pack: Path
) -> None:
    """One or two decided matters: how they come out is said, and that nothing could be learnt from so few."""
    with_a_plan(pack)
    for number, outcome in enumerate(outcomes):
        decided(pack, number, outcome)
    for chosen in ("all", "rulings", str(pack / "cases" / "rulings")):
        told = on(run, pack, "evaluate", "--set", chosen, "--format", form)
        assert told.exit_code == 0
        assert "are too few to learn from; at least 6 of each" in told.stdout
    assert "has no matter decided one way" in on(run, pack, "evaluate", "--set", "cases").stderr


def test_one_case_is_measured(run: Run, pack: Path) -> None:
    """The set of decided cases, with one in it and nothing to fit to."""
    with_a_court(pack)
    with_a_plan(pack)
    assert "1 of 1 come out as decided" in on(run, pack, "evaluate", "--set", "cases").stdout


@pytest.mark.parametrize("outcomes", [[], ["retained"], ["retained", "returned"], ["retained"] * 4])
def test_nothing_is_fitted_to_few_matters(outcomes: list[str], run: Run, pack: Path) -> None:
    """Every fold needs matters of both outcomes; the file stays as it was."""
    with_a_plan(pack)
    for number, outcome in enumerate(outcomes):
        decided(pack, number, outcome)
    before = (pack / "rules/weighing.yaml").read_bytes()
    assert "too few to learn from; at least 2 of each" in on(run, pack, "calibrate").stderr
    assert (pack / "rules/weighing.yaml").read_bytes() == before


def test_a_weighing_that_was_never_fitted_can_be(run: Run, pack: Path) -> None:
    """It need not say how it did out of fold; that is written beside what it was fitted on."""
    with_a_plan(pack)
    put(pack, "rules/weighing.yaml", (TOY / "rules/weighing.yaml").read_text("utf-8").replace(
        "starts: {finder-keeps: -0.5, hidden: -0.5}\ni", "starts:\n  finder-keeps: -0.5\n  hidden: -0.5\ni"
    ))  # fmt: skip
    for number, outcome in enumerate(["retained", "returned"] * 3):
        decided(pack, number, outcome)
    assert on(run, pack, "calibrate").exit_code == 0
    text = (pack / "rules/weighing.yaml").read_text("utf-8")
    assert "  fitted_on: 6 rulings (3 returned, 3 retained)\n  out_of_fold: {auc: " in text
    assert on(run, pack, "calibrate", "--check").exit_code == 0


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("fitted_on: rulings", "fitted_on: ruling", "the set 'ruling' does not exist. Did you mean rulings?"),
        ("folds: 2", "folds: 1", "folds input should be greater than or equal to 2"),
        ("rulings: house", "rulings: home", "the position 'home' does not exist. Did you mean house?"),
        ("finder.reported: true", "finder.reported: maybe", "'maybe' is not a value of finder.reported"),
        ("groups: thing.marked", "groups: thing.colour", "the fact 'thing.colour' does not exist"),
        ("excluded: 0.25", "excluded: 2.5", "excluded input should be less than or equal to 1"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(old: str, new: str, says: str, run: Run, pack: Path) -> None:
    with_a_plan(pack)
    line = edit(pack, "rules/evaluation.yaml", old, new)
    for command in (["rules", "lint"], ["evaluate"], ["calibrate", "--check"]):
        (told,) = on(run, pack, *command).stderr.splitlines()
        assert told.startswith(f"caprev: {pack / 'rules/evaluation.yaml'}:{line}: ")
        assert says in told


# --- documents -----------------------------------------------------------------------------------------------------

FARM = ROOT / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"
WORDINGS: list[tuple[str, str, str, str]] = [  # a file, text, what stands there instead, and what is said of it
    ("ruling.yaml", "{@statham}", "{@stathem}", "cites 'stathem', which authorities.yaml does not hold"),
    ("ruling.yaml", "{^statham at 233}", "{^stathem at 233}", "Did you mean statham?"),
    ("ruling.yaml", "{&itaa97-part-3-1}", "{&itaa97-part-3-2}", "cites 'itaa97-part-3-2'"),
    ("questions.yaml", "relies_on: [itaa97-6-5]", "relies_on: [itaa97-6-6]", "cites 'itaa97-6-6'"),
    (
        "ruling.yaml",
        "Strength: {strength};",
        "Strength: {force};",
        "has the slot {force}. Allowed: {strength}, {share}",
    ),
    ("ruling.yaml", "  facts: ", "  fact: ", "labels.facts: is no wording, and this document needs one"),
    ("ruling.yaml", "  indicators: true", "  indicator: true", "passages.1.indicator is not a key known here"),
    ("questions.yaml", "kind: subdivision}", "kind: division}", "is a condition that cannot be read: 'division'"),
    ("questions.yaml", "usual: [ordinary_income", "usual: [income", "names the question 'income'"),
    ("facts.yaml", "  taxpayer.kind:", "  taxpayer.kinds:", "is not in the vocabulary"),
    ("facts.yaml", "below: 2", "below: few", "fractions.years: below is 'few', which is not a number"),
    ("ruling.yaml", "  most: 12", "  most: twelve", "is 'twelve'. Allowed: a whole number"),
    ("citing.yaml", "references: [sections,", "references: ['sections(',", "is 'sections('. Allowed: letters"),
    ("edited.yaml", "months: [", "month: [", "months: lists no words, and documents need them"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), WORDINGS, ids=[row[2] for row in WORDINGS])
def test_a_wording_that_is_wrong_is_named(
    file: str, old: str, new: str, says: str, run: Run, land: Path, tmp_path: Path
) -> None:
    """The file, the line, and what is wrong; and no document."""
    line = edit(land, f"drafts/{file}", old, new)
    result = run("draft", FARM, "--to", tmp_path / "a.md", "--rules", land)
    assert result.exit_code == 2
    (told,) = result.stderr.splitlines()
    place, _, rest = told.removeprefix("caprev: ").partition(": ")
    path, _, number = place.rpartition(":")
    assert path == str(land / "drafts" / file)
    # A wording of several lines is named by its first, a wording that is missing by what it is missing from.
    assert 0 <= line - int(number) <= 30 or new == "month: ["
    assert says in rest
    assert not (tmp_path / "a.md").exists()


def test_lint_reads_the_wordings(run: Run, land: Path) -> None:
    """It names what the wordings name and nobody knows; else it writes every document once, to see what is missing."""
    edit(land, "drafts/ruling.yaml", "  facts: ", "  fact: ")
    assert "labels.facts: is no wording" in run("rules", "lint", "--rules", land).stderr
    edit(land, "drafts/ruling.yaml", "{@statham}", "{@stathem}")
    assert "cites 'stathem'" in run("rules", "lint", "--rules", land).stderr


def test_names_that_wordings_stand_under_exist(assessor: Assessor, land: Path) -> None:
    """A wording under a name that the rulebook does not have would never be used."""
    assert proofreading.faults(phrases.load(land, assessor.book), assessor.cases.cases) == []
    edit(land, "drafts/ruling.yaml", "  tr-97-11/hobby: ", "  tr-97-11/pastime: ")
    edit(land, "drafts/ruling.yaml", "routes: {business: business", "routes: {trade: business")
    edit(land, "drafts/ruling.yaml", "leading: [statham-v-fct", "leading: [stathem-v-fct")
    edit(land, "drafts/ruling.yaml", "event: sales.date", "event: sale.date")
    edit(
        land, "drafts/questions.yaml", "aliases: {mere_realisation: capital_gains", "aliases: {mere_realisation: cgains"
    )
    told = [str(problem) for problem in proofreading.faults(phrases.load(land, assessor.book), assessor.cases.cases)]
    assert len(told) == 5
    for says in (
        "stands under 'tr-97-11/pastime', which is not an indicator, element or issue",
        "stands under 'trade', which is not a route or a side",
        "names 'stathem-v-fct', which is not a decided case. Did you mean statham-v-fct?",
        "names 'sale.date', which is not a fact. Did you mean sales.date?",
        "names 'cgains', which is not a question. Did you mean capital_gains?",
    ):
        assert any(says in problem for problem in told), says


def test_documents_of_another_law_do_not_fit(run: Run, pack: Path, tmp_path: Path) -> None:
    """Wordings copied from one pack to another: each authority that this one lacks is named, and nothing is written."""
    shutil.copytree(ROOT / "rules" / "au-land" / "drafts", pack / "rules" / "drafts", dirs_exist_ok=True)
    edit(pack, "rules/pack.yaml", CLEARANCE, "")  # so that it has the usual documents
    told = on(run, pack, "rules", "lint").stderr
    assert "is not in the vocabulary" in told
    edit(pack, "rules/drafts/facts.yaml", "facts:\n", "facts: {}\nunused:\n")
    for name in KINDS:
        result = on(run, pack, "draft", pack / ONE, "--template", name, "--to", tmp_path / "a.md")
        assert result.exit_code == 2
        assert not (tmp_path / "a.md").exists()


@pytest.mark.parametrize("kind", ["ruling", "guidance", "paper", "provision"])
def test_an_authority_without_a_citation_is_known_by_its_title(
    kind: str, run: Run, land: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Guidance has no number; a document names it, and writes no empty citation."""
    record = "{kind: provision, act: Some Act, section: s 1, short: Some Act s 1, mark: seen}"
    if kind != "provision":
        record = f"{{kind: {kind}, name: A helpful page on selling land, short: A helpful page, mark: seen}}"
    authorities = (land / "authorities.yaml").read_text("utf-8")
    put(land, "authorities.yaml", f"{authorities}\nhelpful: {record}\n")
    factors = [path for path in (land / "factors").rglob("*.yaml") if "development" in str(path)]
    for path in factors:
        text = path.read_text("utf-8")
        put(path.parent, path.name, text.replace("authority:\n", "authority:\n  - {cite: helpful, says: So.}\n"))
    changed = caprev.load(land)
    monkeypatch.setattr(caprev, "load", lambda *_: changed)  # once for all templates
    for template in KINDS:
        result = run("draft", FARM, "--template", template, "--to", tmp_path / "a.md", "--rules", land)
        assert result.exit_code == 0, (template, result.stderr)
        if template not in ("debate", "information", "questionnaire"):  # these give no reasons
            told = "Some Act" if kind == "provision" else "A helpful page"
            assert told in (tmp_path / "a.md").read_text("utf-8"), template
        (tmp_path / "a.md").unlink()


# --- the law shipped, without something ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gone", "command", "says"),
    [
        ("drafts", ["draft", FARM, "--to", "{tmp}/a.md"], NO_DOCUMENTS),
        ("evaluation.yaml", ["evaluate"], NO_PLAN),
        ("evaluation.yaml", ["calibrate", "--check"], NO_PLAN),
        *((f"drafts/{name}.yaml", ["draft", FARM, "--to", "{tmp}/a.md"], f"{name}.yaml: cannot be read")
          for name in ("facts", "questions", "ruling", "advice", "debate", "citing", "edited")),
        *((name, ["assess", FARM], f"{name}: cannot be read") for name in ("positions.yaml", "questions.yaml")),
    ],
)  # fmt: skip
def test_what_a_rulebook_lacks_is_named_where_it_is_needed(
    gone: str, command: list[str | Path], says: str, run: Run, land: Path, tmp_path: Path
) -> None:
    """By the command that needs it, and by lint: an error where the rulebook is half of one, else a warning."""
    path = land / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    result = run(*(str(word).format(tmp=tmp_path) for word in command), "--rules", land)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (tmp_path / "a.md").exists()
    alike = "calibrate" in command or gone not in ("drafts", "evaluation.yaml", "drafts/advice.yaml", "positions.yaml")
    if not alike:
        assert str(path) in run("rules", "lint", "--rules", land).output


@pytest.mark.parametrize(
    "command",
    [
        "assess {file} --detail", "argue {file} --moves 4", "draft {file} --to {tmp}/a.md", "plot {file} --kind cases",
        "draft {file} --template advice --to {tmp}/a.md", "draft {file} --template debate --to {tmp}/a.md",
        "cases list", "cases nearest {file}", "rules docs --out {tmp}/pages",
    ],
)  # fmt: skip
def test_the_law_runs_without_cases(command: str, run: Run, tmp_path: Path) -> None:
    """An empty case base binds nothing and is argued from by nobody; everything else is as it was."""
    (tmp_path / "cases").mkdir()
    words = command.format(file=FARM, tmp=tmp_path).split()
    assert run(*words, "--cases", tmp_path / "cases").exit_code == 0


# --- more than one pack --------------------------------------------------------------------------------------------

OLD, NEW = "cases/rulings/1052196215679.yaml", "cases/au-land/rulings/1052196215679.yaml"


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place that holds two packs: the one shipped, and the toy."""
    for kind in ("rules", "cases"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / packs.DEFAULT).symlink_to(ROOT / kind / packs.DEFAULT)
        shutil.copytree(TOY / kind, tmp_path / kind / "found-things")
    monkeypatch.setattr(packs, "root", lambda kind: tmp_path / kind)
    monkeypatch.delenv(choosing.VARIABLE, raising=False)
    return tmp_path


def matter(two: Path, says: str) -> Path:
    """The toy's umbrella, as a matter that says its pack."""
    text = (TOY / ONE).read_text("utf-8")
    put(two, "umbrella.yaml", text.replace("matter: {", f"matter: {{pack: {says}, "))
    return two / "umbrella.yaml"


def test_a_pack_is_there_by_being_put_there(two: Path, run: Run) -> None:
    """Its folder of rules is all that lists it; what it says of itself is shown with it."""
    assert packs.names() == ["au-land", "found-things"]
    land, toy = json.loads(run("packs", "--format", "json").stdout)
    assert list(land) == ["name", "title", "question", "jurisdiction", "language", "currency", "version", "as_at"]
    assert (land["name"], land["jurisdiction"], land["currency"]) == ("au-land", "Australia", "AUD")
    assert (toy["name"], toy["title"], toy["currency"]) == ("found-things", "Found things", "")
    told = run("packs").stdout
    assert told.startswith("au-land (the default)\n  title         Gains from land")
    assert "found-things\n  title         Found things\n" in told
    assert "  currency      not said\n" in told


@pytest.mark.parametrize("how", ["option", "before", "environment", "matter", "option and matter"])
def test_a_pack_is_chosen(how: str, two: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the command, before its name, by the environment, or by the matter itself; the conclusion is the pack's."""
    file = matter(two, "found-things") if "matter" in how else TOY / ONE
    chosen = ["--pack", "found-things"]
    if how == "environment":
        monkeypatch.setenv("CAPREV_PACK", "found-things")
    before, after = (chosen if how == "before" else []), (chosen if "option" in how else [])
    shown = run(*before, "assess", file, *after)
    assert shown.exit_code == 0, shown.stderr
    expected = on(run, TOY, "assess", file).stdout
    assert shown.stdout.splitlines()[:3] == expected.splitlines()[:3]


def test_a_matter_is_stronger_than_the_environment(two: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is only what is usual; the matter says what it is."""
    monkeypatch.setenv("CAPREV_PACK", "au-land")
    assert run("assess", matter(two, "found-things")).exit_code == 0


def test_every_command_takes_a_pack(two: Path, run: Run) -> None:
    """Also commands without a matter are about the pack that is asked for."""
    assert "handed-in" in run("rules", "list", "--pack", "found-things").stdout
    assert "handed-in" in run("--pack", "found-things", "rules", "list").stdout
    assert "handed-in" not in run("rules", "list").stdout


def test_help_lists_the_documents_of_the_pack_that_is_asked(
    two: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the pack is named before it, and of the default where none is."""
    toy = "What to write: clearance (Clearance of the house). [default: clearance]"
    land = "What to write: ruling (Draft private ruling), advice (Advice), debate (Debate sheet), information"

    def told(*words: str) -> str:
        return " ".join(run(*words).stdout.split())

    assert toy in told("--pack", "found-things", "draft", "--help")
    assert toy in told("draft", "--pack", "found-things", "-h")
    assert land in told("draft", "--help")
    assert land in told("--pack", "lost-things", "draft", "--help")
    monkeypatch.setenv("CAPREV_PACK", "found-things")
    assert toy in told("draft", "--help")


def test_a_pack_that_contradicts_the_matter_is_refused(two: Path, run: Run) -> None:
    """Both are named, with the line of the matter; no law is applied to a matter that says it is of another."""
    told = run("assess", matter(two, "found-things"), "--pack", "au-land")
    assert told.exit_code == 2
    place = f"caprev: {two / 'umbrella.yaml'}:1: matter.pack: "
    assert told.stderr == f"{place}is 'found-things', but 'au-land' is asked for. Ask for one pack.\n"
    with pytest.raises(BadInput, match="is 'found-things', but 'au-land' is asked for"):
        caprev.load().read(matter(two, "found-things"))


def test_a_row_of_another_pack_is_refused(two: Path, run: Run) -> None:
    """A portfolio is of one pack; a row that says another has no conclusion, however it says so."""
    rows = ['{"matter": {"pack": "au-land"}}', '{"matter.pack": "au-land"}', '{"matter": {"pack": "found-things"}}']
    put(two, "rows.jsonl", "\n".join(rows) + "\n")
    put(two, "rows.csv", "id,matter.pack\n1,au-land\n")
    assert run("batch", two / "rows.jsonl", "--out", two / "o.jsonl", "--pack", "found-things").exit_code == 0
    errors = [json.loads(line)["error"] for line in (two / "o.jsonl").read_text("utf-8").splitlines()]
    assert ["but 'found-things' is asked for" in (error or "") for error in errors] == [True, True, False]
    assert run("batch", two / "rows.csv", "--out", two / "o.csv", "--pack", "found-things").exit_code == 2


def test_two_packs_on_one_command_line_are_refused(two: Path, run: Run) -> None:
    """Which of them was meant cannot be known; the same name twice is no fault."""
    told = run("--pack", "au-land", "rules", "list", "--pack", "found-things")
    assert told.exit_code == 2
    assert told.stderr == (
        "caprev: --pack: is 'au-land' before the command and 'found-things' after it. Ask for one pack.\n"
    )
    assert run("--pack", "found-things", "rules", "list", "--pack", "found-things").exit_code == 0


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_answers_say_of_which_pack_they_are(suffix: str, two: Path, run: Run) -> None:
    """A file begun under another law than the default is read under that law ever after; the default stays unsaid."""
    file, usual = two / f"new.{suffix}", two / f"usual.{suffix}"
    typed = "thing.marked = no\nfinder.reported = yes\nquit\n"
    assert run("ask", file, "--pack", "found-things", typed=typed).exit_code == 0
    assert cast(dict[str, Any], reading.read(file).data)["matter"] == {"id": "new", "pack": "found-things"}
    assert "CONCLUSION: RETAINED" in run("assess", file).stdout
    run("ask", usual, typed="development.lots = 3\nquit\n")
    assert cast(dict[str, Any], reading.read(usual).data)["matter"] == {"id": "usual"}


@pytest.mark.parametrize("how", ["option", "environment", "matter"])
def test_a_pack_that_is_not_there_is_refused(how: str, two: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever named it is named, with what is allowed and the nearest."""
    file = matter(two, "found-thing") if how == "matter" else TOY / ONE
    if how == "environment":
        monkeypatch.setenv("CAPREV_PACK", "found-thing")
    told = run("assess", file, *(["--pack", "found-thing"] if how == "option" else []))
    assert told.exit_code == 2
    assert "there is no pack 'found-thing'. Allowed: au-land, found-things. Did you mean found-things?" in told.stderr
    place = {"option": "", "environment": "CAPREV_PACK: ", "matter": f"{file}:1: matter.pack: "}[how]
    assert told.stderr.startswith(f"caprev: {place}there is no pack")


def test_a_record_keeps_the_name_of_the_pack(two: Path, run: Run) -> None:
    """So it is made again under the law that it was made under, without anybody saying so."""
    record = two / "a.json"
    assert run("assess", TOY / ONE, "--pack", "found-things", "--record", record, "--out", two / "a.txt").exit_code == 0
    assert json.loads(record.read_text("utf-8"))["rulebook"]["pack"] == "found-things"
    assert run("record", "verify", record).exit_code == 0


def test_another_rulebook_takes_the_cases_beside_it(two: Path, run: Run) -> None:
    """And not those of the law shipped, which are of other factors."""
    assert "0 cases" in run("rules", "lint", "--rules", TOY / "rules").stdout
    assert "0 cases" in run("rules", "lint", "--rules", two / "rules" / "found-things").stdout


def test_a_path_from_before_there_were_packs_is_still_right(run: Run) -> None:
    """What stands in documents and scripts works from a checkout, and shows the same."""
    assert run("assess", OLD).stdout == run("assess", NEW).stdout
    listed = run("cases", "list", "--rules", "rules", "--cases", "cases")
    assert (listed.exit_code, listed.stdout) == (0, run("cases", "list").stdout)
    assert "cases/rulings/105.yaml: cannot be read" in run("assess", "cases/rulings/105.yaml").stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("juristiction: The house", "is not a key known here"),
        ("currency: dollars", "currency"),
        ("language: English", "language"),
        ("title: ' '", "says nothing"),
    ],
)
def test_what_a_pack_says_of_itself_is_checked(line: str, says: str, run: Run, pack: Path) -> None:
    """A key that nobody knows, a currency or language that is no code, and a title that says nothing are refused."""
    head = line.split(":")[0]
    text = (pack / "rules/pack.yaml").read_text("utf-8")
    put(pack, "rules/pack.yaml", re.sub(rf"(?m)^{head}: .*\n", "", text) + f"{line}\n")
    assert says in on(run, pack, "rules", "lint").stderr
