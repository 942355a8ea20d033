"""An officer begins a factor from its form, and is told matter by matter what it moves."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from click.testing import Result
from jsonschema import Draft7Validator

from tests import made_up

Run = Callable[..., Result]
ROOT = Path(__file__).resolve().parents[2]
LOAN = made_up.LOAN.replace("strength: slight", "strength: near_decisive")  # so that something moves


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A copy of rules and cases that may be changed, committed in a repository of its own."""
    for name in ("rules", "cases"):
        shutil.copytree(ROOT / name / "au-land", tmp_path / "law" / name)
    return tmp_path / "law"


def effects(run: Run, law: Path, against: str | Path) -> Result:
    return run("rules", "effects", "--rules", law / "rules", "--cases", law / "cases", "--against", against)


def kept_in_git(law: Path) -> None:
    who = ("-c", "user.name=An officer", "-c", "user.email=officer@example.org")
    for arguments in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "The law as it stands")):
        subprocess.run(["git", "-C", str(law), *arguments], check=True, capture_output=True)


def test_nothing_moves_where_nothing_was_changed(run: Run, law: Path) -> None:
    """Every case, ruling, guidance and example is assessed under both, and all come out alike."""
    result = effects(run, law, ROOT)
    assert result.exit_code == 0
    assert result.stdout == "Nothing moves. 129 cases, rulings, guidance and examples were assessed under both.\n"


def test_a_new_factor_is_named_with_what_it_moves(run: Run, law: Path) -> None:
    """Against the last commit: the file, the factor, each matter that moves with what moved of it, and by what."""
    kept_in_git(law)
    (law / "rules/factors/finance/loan-repaid-from-sales.yaml").write_text(LOAN, "utf-8")
    result = effects(run, law, "HEAD")
    assert result.exit_code == 0, result.stderr
    assert "The rule file factors/finance/loan-repaid-from-sales.yaml is new.\n" in result.stdout
    assert "Factor loan-repaid-from-sales is new.\n" in result.stdout
    moved = (
        "tribunal/mccorkell-v-fct.yaml:\n"
        "  probability revenue was 0.116, is 0.1242.\n"
        "  Factor loan-repaid-from-sales was unknown, is met.\n"
        "  Counted now: loan-repaid-from-sales.\n"
        "  By what was changed of: loan-repaid-from-sales.\n"
    )
    assert moved in result.stdout
    assert "  Factor loan-repaid-from-sales was unknown, is met. (guidance/ta-2014-1.yaml)\n" in result.stdout
    assert result.stdout.endswith("1 of 129 cases, rulings, guidance and examples move.\n")


def test_a_factor_that_weighs_otherwise_is_said_to_differ(run: Run, law: Path) -> None:
    """A matter moves also where no factor changed its state; the factor that was changed is named."""
    path = law / "rules/factors/finance/borrowed-for-project.yaml"
    path.write_text(path.read_text("utf-8").replace("strength: slight", "strength: near_decisive"), "utf-8")
    result = effects(run, law, ROOT)
    assert "Factor borrowed-for-project differs in strength.\n" in result.stdout
    assert "  By what was changed of: borrowed-for-project.\n" in result.stdout


def test_a_case_that_came_or_went_is_told(run: Run, law: Path) -> None:
    """What only one of the two has cannot move; it is named."""
    (law / "cases/examples/farm-subdivision.yaml").unlink()
    assert "examples/farm-subdivision.yaml is gone.\n" in effects(run, law, ROOT).stdout


@pytest.mark.parametrize(("against", "message"), [
    ("no-such-commit", "'no-such-commit' is neither a commit nor a directory. Allowed: a commit, a branch, a tag"),
    ("--output=x", "'--output=x' is neither a commit nor a directory"),
    ("docs", "docs: is not a directory of rules. Name a directory that holds 'rules' and 'cases'"),
])  # fmt: skip
def test_what_is_no_law_to_compare_with_is_refused(against: str, message: str, run: Run) -> None:
    """A message that names what is allowed, and exit code 2."""
    result = run("rules", "effects", f"--against={against}")
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_rules_outside_git_need_a_directory(run: Run, law: Path) -> None:
    """Without a repository there is no commit to compare with, and the message says what to name."""
    result = effects(run, law, "HEAD")
    assert result.exit_code == 2
    assert (
        "is not kept in git, so that no commit can be compared with. Name a directory: --against DIR." in result.stderr
    )


def test_a_new_factor_begins_with_its_form(run: Run, law: Path) -> None:
    """The file has every line, each with what it is for; the lint asks for what is not filled in yet."""
    begin = ("rules", "new", "loan-repaid-from-sales", "--favours", "revenue", "--rules", law / "rules", "--theme")
    result = run(*begin, "finance")
    path = law / "rules/factors/finance/loan-repaid-from-sales.yaml"
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"Written: {path}\nFill it in; then: caprev rules lint")
    text = path.read_text("utf-8")
    assert text.startswith("id: loan-repaid-from-sales\nfavours: revenue ")
    assert [f"expect: {state}" in text for state in ("met", "not_met", "unknown")] == [True, True, True]
    told = run("rules", "lint", "--rules", law / "rules").stderr
    assert f"{path}:4: loan-repaid-from-sales: text says nothing" in told
    assert f"{path}:8: loan-repaid-from-sales: has 0 feeds; write at least 1" in told
    again = run(*begin, "finance")
    assert again.exit_code == 2
    assert f"is also the id of {path}. Choose another" in again.stderr
    assert path.read_text("utf-8") == text
    assert "there is no theme 'finace'" in run(*begin, "finace").stderr


class Words(yaml.SafeLoader):
    """YAML as an editor reads it: numbers and yes or no, but no dates."""

    yaml_implicit_resolvers = {  # noqa: RUF012
        letter: [item for item in kinds if item[0] != "tag:yaml.org,2002:timestamp"]
        for letter, kinds in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@pytest.mark.parametrize(("of", "files", "old", "new"), [
    ("factor", "rules/au-land/factors/*/*.yaml", "feeds: [", "feeds: [no-such-node, "),
    ("consequence", "rules/au-land/consequences/*.yaml", "question: ", "question: no_such_"),
    ("pack", "rules/au-land/pack.yaml", "kind: debate", "kind: no-such-kind"),
    ("case", "cases/au-land/fc*/*.yaml", "because:\n", "because:\n  - no-such-factor\n"),
])  # fmt: skip
def test_editors_know_the_files_of_the_law(of: str, files: str, old: str, new: str, run: Run) -> None:
    """The schema accepts every file of its kind, and underlines a name that does not exist."""
    schema = Draft7Validator(json.loads(run("schema", "--of", of).stdout))
    found = sorted(ROOT.glob(files))
    assert found
    for path in found:
        assert [error.message for error in schema.iter_errors(yaml.load(path.read_text("utf-8"), Words))] == [], path
    text = found[0].read_text("utf-8")
    assert old in text
    (error,) = schema.iter_errors(yaml.load(text.replace(old, new), Words))
    assert "no-such-" in error.message or "no_such_" in error.message
