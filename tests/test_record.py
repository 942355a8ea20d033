"""Records: self-contained, the same bytes for the same matter, and exact about what differs when anything changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import caprev
from caprev import record
from caprev.files import saving

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
Run = Callable[..., Result]


@pytest.fixture
def kept(run: Run, tmp_path: Path) -> Path:
    """A record of the seed's assessment."""
    path = tmp_path / "record.json"
    assert run("assess", SEED, "--record", path).exit_code == 0
    return path


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A rulebook of one's own."""
    return Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules"))


def rewrite(path: Path, **changes: Any) -> None:
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, **changes}))


def test_a_record_holds_all_that_is_needed(kept: Path) -> None:
    """The fact set as given, hashes of every rule and case file, versions, position, date, findings, output hash."""
    data = json.loads(kept.read_text())
    assert data["fact_set"]["text"] == SEED.read_text()
    assert data["rulebook"]["files"]["factors/decision/failed-to-sell-whole.yaml"]
    assert data["rulebook"]["files"]["drafts/ruling.yaml"]
    assert data["cases"]["files"]["fcafc/statham-v-fct.yaml"]
    assert not any(name.startswith("rulings/") for name in data["cases"]["files"])
    assert {"caprev", "engine", "python", "durable_rules", "pydantic", "PyYAML"} <= set(data["versions"])
    assert (data["request"]["position"], data["request"]["as_at"]) == ("commissioner", "2026-11-01")
    (parcel,) = data["findings"]
    assert parcel["characterisation"] == "capital"
    assert parcel["nodes"]["business"] == "not_satisfied"
    assert parcel["factors"]["failed-to-sell-whole"] == "met"
    assert len(data["output"]["sha256"]) == 64


def test_a_record_names_neither_clock_nor_machine(kept: Path, run: Run, tmp_path: Path) -> None:
    """Written again from another folder, it is the same; it holds no path."""
    again = tmp_path / "deeper"
    again.mkdir()
    copy = again / SEED.name
    copy.write_bytes(SEED.read_bytes())
    run("assess", copy, "--record", again / "record.json")
    assert (again / "record.json").read_bytes() == kept.read_bytes()
    assert str(tmp_path) not in kept.read_text()
    assert str(ROOT) not in kept.read_text()


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_assess_writes_what_it_says_and_keeps_it(run: Run, tmp_path: Path, form: str) -> None:
    """With --out and without, the record is of the output as a file has it."""
    out = tmp_path / "out"
    with_out = run("assess", SEED, "--format", form, "--out", out, "--record", tmp_path / "a.json")
    without = run("assess", SEED, "--format", form, "--record", tmp_path / "b.json")
    assert with_out.exit_code == without.exit_code == 0
    assert with_out.stdout == ""
    assert without.stdout.encode() == out.read_bytes()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ("assess", SEED, "--detail", "--position", "courts", "--without", "statham-v-fct"),
        ("assess", "cases/au-land/examples/two-parcels.yaml", "--parcel", "stage-2", "--format", "json"),
        ("draft", SEED, "--to", "{tmp}/a.docx"),
        ("draft", SEED, "--to", "{tmp}/a.md", "--template", "advice", "--as-at", "2025-01-01"),
        ("draft", SEED, "--to", "{tmp}/a.html", "--edited"),
    ],
    ids=["assess", "parcel", "docx", "advice", "edited"],
)
def test_what_was_recorded_is_reproduced_byte_for_byte(run: Run, tmp_path: Path, arguments: tuple[Any, ...]) -> None:
    """With every option that it was made with."""
    path = tmp_path / "kept.json"
    filled = [str(argument).replace("{tmp}", str(tmp_path)) for argument in arguments]
    assert run(*filled, "--record", path).exit_code == 0
    result = run("record", "verify", path)
    assert result.exit_code == 0, result.output
    assert result.stdout == "Reproduced byte for byte: record, findings and output.\n"


def test_a_changed_rule_is_named_and_so_is_what_it_moves(run: Run, kept: Path, rules: Path) -> None:
    """The file that differs, the factor and findings that moved, and whether the conclusion did."""
    path = rules / "factors" / "finance" / "land-mortgaged-for-developer.yaml"
    before = path.read_text()
    path.write_text(
        before.replace("  finance.land_secures_developer: true\nfeeds", "  finance.guarantee_only: true\nfeeds")
    )
    assert path.read_text() != before
    result = run("record", "verify", kept, "--rules", rules)
    assert result.exit_code == 1
    assert "The rule file factors/finance/land-mortgaged-for-developer.yaml differs." in result.stdout
    assert result.stdout.count("rule file") == 1
    assert "Factor land-mortgaged-for-developer was met, is unknown." in result.stdout
    assert "No conclusion moved." in result.stdout
    assert "The output differs." in result.stdout


def test_a_conclusion_that_moves_is_said_to_move(run: Run, kept: Path, rules: Path) -> None:
    """A rulebook that starts from revenue turns the seed."""
    path = rules / "weighing.yaml"
    text = path.read_text()
    start = text.index("starts:")
    path.write_text(text[:start] + text[start:].replace("business: ", "business: 90", 1).replace("90-", "90", 1))
    result = run("record", "verify", kept, "--rules", rules)
    assert result.exit_code == 1, result.output
    assert "characterisation was capital, is revenue." in result.stdout
    assert "1 conclusion moved." in result.stdout


def test_a_rule_that_came_and_one_that_went(run: Run, kept: Path, rules: Path) -> None:
    """By name."""
    (rules / "drafts" / "extra.yaml").write_text("a: b\n")
    (rules / "factors" / "future" / "one-off.yaml").unlink()
    for name in ("grounds.yaml", "words.yaml"):  # they name the factor that is gone
        (rules / name).unlink()
    result = run("record", "verify", kept, "--rules", rules)
    assert "The rule file drafts/extra.yaml is new." in result.stdout
    assert "The rule file factors/future/one-off.yaml is gone." in result.stdout
    assert "Factor one-off was met, is unknown." in result.stdout


def test_a_changed_case_is_named(run: Run, kept: Path, tmp_path: Path) -> None:
    """A comment is enough for its hash; the findings stay."""
    cases = Path(shutil.copytree(ROOT / "cases" / "au-land", tmp_path / "cases"))
    path = cases / "fcafc" / "statham-v-fct.yaml"
    path.write_text(path.read_text() + "# read again\n")
    result = run("record", "verify", kept, "--cases", cases)
    assert result.exit_code == 1
    assert "The case file fcafc/statham-v-fct.yaml differs." in result.stdout
    assert "No conclusion moved." in result.stdout
    assert "The output is the same, byte for byte." in result.stdout


def test_another_version_is_named(run: Run, kept: Path) -> None:
    """And the output is still the same."""
    data = json.loads(kept.read_text())
    rewrite(kept, versions={**data["versions"], "pydantic": "1.0"})
    result = run("record", "verify", kept)
    assert result.exit_code == 1
    assert "Version differs: pydantic was 1.0, is" in result.stdout
    assert "The output is the same, byte for byte." in result.stdout


def test_a_record_that_was_tampered_with_says_so(run: Run, kept: Path) -> None:
    """A fact set that is not the one it was made of, and findings that were never made."""
    data = json.loads(kept.read_text())
    facts = {**data["fact_set"], "text": data["fact_set"]["text"].replace("value: rental", "value: vacant")}
    rewrite(kept, fact_set=facts)
    result = run("record", "verify", kept)
    assert result.exit_code == 1
    assert "is not the one it was made of" in result.stdout


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("[]", "caprev.record/1"),
        ('{"schema": "caprev.record/2"}', "caprev.record/1"),
        ('{"schema": "caprev.record/1"}', "request, fact_set"),
        ("\xff\xfe", "not JSON"),
    ],
)
def test_what_is_no_record_is_refused(run: Run, tmp_path: Path, text: str, says: str) -> None:
    """Exit code 2 and a message."""
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    for command in ("verify", "replay"):
        result = run("record", command, path)
        assert result.exit_code == 2
        assert says in result.stderr
    assert run("record", "verify", tmp_path / "none.json").exit_code == 2


@pytest.mark.parametrize(
    ("part", "value", "says"),
    [
        ("findings", ["x"], "findings.0"),
        ("findings", [{"parcel": "1", "nodes": ["a"]}], "findings.0.nodes"),
        ("findings", [{"parcel": "1", "counted": 5}], "findings.0.counted"),
        ("versions", {"caprev": 3}, "versions.caprev"),
        ("rulebook", {"files": ["a"]}, "rulebook.files"),
        ("cases", {"files": {"a": 1}}, "cases.files.a"),
        ("fact_set", {"text": 4}, "fact_set.text"),
        ("request", {"command": "assess", "form": "text", "position": 5, "as_at": []}, "request that is not known"),
    ],
)
def test_a_record_with_a_part_that_is_none_is_refused(
    run: Run, kept: Path, part: str, value: object, says: str
) -> None:
    """The part is named, and nothing of it is taken for what it should be."""
    rewrite(kept, **{part: value})
    for command in ("verify", "replay"):
        result = run("record", command, kept)
        assert result.exit_code == 2
        assert says in result.stderr


@pytest.mark.parametrize(
    "request_", [{}, {"command": "rm"}, {"command": "assess", "form": "exe", "position": "", "as_at": ""}]
)
def test_a_request_that_is_not_known_is_refused(run: Run, kept: Path, request_: dict[str, str]) -> None:
    """Whatever somebody wrote into it."""
    rewrite(kept, request=request_)
    assert run("record", "verify", kept).exit_code == 2


def test_replay_under_another_position(run: Run, tmp_path: Path) -> None:
    """What is counted there and not here."""
    kept = tmp_path / "kept.json"
    assert run("assess", SEED.with_name("1051940275464.yaml"), "--record", kept).exit_code in (0, 3)
    result = run("record", "replay", kept, "--position", "courts")
    assert result.exit_code == 0
    assert "Position: commissioner -> courts." in result.stdout
    assert "Counted now: paid-a-share-of-price-only." in result.stdout
    assert "No conclusion moved." in result.stdout


def test_replay_as_at_another_date(run: Run, kept: Path, rules: Path) -> None:
    """A factor that is law from later on is not counted before."""
    path = rules / "factors" / "decision" / "failed-to-sell-whole.yaml"
    path.write_text(path.read_text().replace("status: draft", "in_force: {from: 2020-01-01}\nstatus: draft"))
    result = run("record", "replay", kept, "--rules", rules, "--as-at", "2019-06-30")
    assert result.exit_code == 0
    assert "Law as at: 2026-11-01 -> 2019-06-30." in result.stdout
    assert "No longer counted: failed-to-sell-whole." in result.stdout
    assert run("record", "replay", kept, "--as-at", "yesterday").exit_code == 2


def test_a_record_that_cannot_be_written_leaves_nothing(run: Run, tmp_path: Path) -> None:
    """Neither the output nor a part file."""
    result = run("assess", SEED, "--out", tmp_path / "out.txt", "--record", tmp_path / "no" / "r.json")
    assert result.exit_code == 2
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_is_not_the_recorded_one_is_said(run: Run, tmp_path: Path) -> None:
    """A draft that stands beside its record and was changed since, or is of another run; what it was is reproduced."""
    run("draft", SEED, "--to", tmp_path / "a.md")
    path = tmp_path / "a.md.record.json"
    with (tmp_path / "a.md").open("a") as stream:
        stream.write("One more line.\n")
    said = f"{tmp_path / 'a.md'} is not the output of this record: it was changed since, or is of another run.\n"
    result = run("record", "verify", path)
    assert result.exit_code == 1
    assert result.stdout == f"Reproduced byte for byte: record, findings and output.\n{said}"
    assert run("record", "replay", path).stdout.startswith(said)
    (tmp_path / "a.md").unlink()
    assert run("record", "verify", path).exit_code == 0


def test_an_output_of_any_name_is_compared_on_request(run: Run, tmp_path: Path) -> None:
    """--output names it."""
    run("assess", SEED, "--out", tmp_path / "memo.txt", "--record", tmp_path / "memo.json")
    run("assess", SEED, "--detail", "--out", tmp_path / "other.txt")
    verify = ("record", "verify", tmp_path / "memo.json", "--output")
    assert run(*verify, tmp_path / "memo.txt").exit_code == 0
    result = run(*verify, tmp_path / "other.txt")
    assert result.exit_code == 1
    assert "other.txt is not the output of this record" in result.stdout
    assert run(*verify, tmp_path / "none.txt").exit_code == 2


def test_a_record_that_was_not_finished_is_refused(run: Run, kept: Path) -> None:
    """By both commands, with what to do."""
    kept.write_text(f"{saving.UNFINISHED}\n")
    for command in ("verify", "replay"):
        result = run("record", command, kept)
        assert result.exit_code == 2
        assert "is not finished: caprev was stopped while it wrote it" in result.stderr
        assert "Run the command again" in result.stderr


def test_the_base_of_a_record_ignores_what_is_no_precedent(tmp_path: Path) -> None:
    """Comparators and examples may change without a record noticing."""
    assessor = caprev.load()
    held = {name.split("/")[0] for name in record.case_base(assessor)["files"]}
    assert "hca" in held
    assert not held & set(assessor.book.pack.folders)
