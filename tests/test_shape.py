"""The shape of the code: what may import what, what the engine may know, and that it is clean."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from caprev.files import reading
from caprev.law import packs
from caprev.law.pack import Pack
from caprev.law.strict import Strict

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "engine"


def modules() -> list[Path]:
    return sorted(ENGINE.rglob("*.py"))


def rooms() -> list[str]:
    """The rooms from the ground up, as `pyproject.toml` orders them."""
    layers = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    return [room for layer in reversed(layers) for room in layer.split(" | ")]


def test_rooms_import_only_what_stands_before_them():
    """The layers of `pyproject.toml`, held by import-linter."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_walkthrough_lists_every_room_in_the_order_of_imports():
    """Every room is drawn in pyproject.toml, has its line in the walkthrough, and says what it is for."""
    packages = {path.parent.name for path in ENGINE.glob("*/__init__.py")}
    single = {path.stem for path in ENGINE.glob("*.py")} - {"__init__"}
    assert packages | single == set(rooms())
    text = (ROOT / "docs" / "walkthrough.md").read_text()
    listed = re.findall(r"^- `([a-z_]+)`", text, flags=re.M)
    assert set(listed) == packages | {"record"}
    assert listed == sorted(listed, key=rooms().index)
    for path in ENGINE.rglob("*/__init__.py"):
        said = path.read_text().splitlines()[2:5]
        assert [line.split(":")[0] for line in said] == ["In", "Out", "Must not know"], path


def test_names_go_into_words_in_one_place():
    """`worded` says how; a second place would be a second wording."""
    found = [path for path in modules() if re.search(r"""replace\((["'])_\1, (["']) \2\)""", path.read_text())]
    assert found == [ENGINE / "facts" / "vocabulary.py"]


def test_commands_are_a_page_each():
    """The command line is commands only: modules short enough to read, and nothing of the law in them."""
    for path in (ROOT / "cli.py", *(ENGINE / "cli").glob("*.py")):
        assert len(path.read_text().splitlines()) <= 300, path


def test_durable_rules_is_known_to_one_module():
    """Only inference.py touches the inference engine."""
    users = [path.name for path in modules() if "durable_rules_engine" in path.read_text()]
    assert users == ["inference.py"]


def test_the_engine_knows_no_tax_law():
    """Names of rulings, cases and land words belong in rules/ and cases/; the help of commands has examples."""
    words = r"statham|casimaty|mccorkell|stevenson|whitfords|tr[ -]?9[27]/|subdivi|council|itaa"
    guilty = {
        path.name: match.group()
        for path in modules()
        if path.parent.name != "cli" and (match := re.search(words, path.read_text(), flags=re.I))
    }
    assert not guilty


def test_the_engine_prints_nothing_and_knows_no_clock():
    """An assessment has no clock, no randomness of its own, no network and no command line."""
    for path in modules():
        barred = {"socket", "urllib", "requests", "time"} | ({"click"} if path.parent.name != "cli" else set())
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not barred & {name.split(".")[0] for name in names}, path


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["mypy"]], ids=["ruff", "mypy"])
def test_clean(command):
    """ruff and mypy --strict have nothing to say."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


KEYS = ("parcel", "parcels")
"""Keys of fact sets, of JSON and of options, which are the same under every law."""
WORDS_KEPT = {  # a module, a word of a pack that its strings may hold, and why
    ("law/packs.py", "land"): "the name of the pack that is the default",
    ("api/contract/__init__.py", "parcel"): "the name of a class",
    ("cli/facts.py", "returned"): "an argument: the questionnaire that came back",
    **dict.fromkeys(
        [
            ("changes/compare.py", "parcel"),
            ("changes/compare.py", "parcels"),
            ("cli/ask.py", "parcels"),
            ("cli/common.py", "parcel"),
            ("cli/teaching.py", "parcel"),
            ("cli/teaching.py", "parcels"),
            ("columns/files.py", "parcels"),
            ("facts/matter.py", "parcel"),
            ("facts/matter.py", "parcels"),
            ("interview/fact_set.py", "parcel"),
            ("interview/fact_set.py", "parcels"),
            ("reasoning/assess.py", "parcel"),
            ("record.py", "parcel"),
            ("review/effects.py", "parcel"),
        ],
        "it speaks of the key of fact sets, or of the option",
    ),
    **dict.fromkeys(
        [
            ("documents/drafts/debate_sheet.py", "parcel"),
            ("documents/drafts/facts.py", "parcel"),
            ("documents/drafts/ruling.py", "parcels"),
            ("documents/words/proofreading.py", "parcels"),
        ],
        "where a wording stands among the drafts of a pack",
    ),
}


def words_of_packs() -> set[str]:
    """What every pack calls its sides, money, courts, position and subject: shipped, and those of the tests."""
    found: set[str] = set()
    for path in (*ROOT.glob("rules/*/pack.yaml"), *ROOT.glob("tests/packs/*/rules/pack.yaml")):
        data = reading.read(path).data
        if packs.strict(path.parent):  # it has no sides, and its currency by code alone
            strict = Strict.model_validate(data)
            found |= {strict.currency, *strict.currencies}
            continue
        pack = Pack.model_validate(data)
        money = (word for about in pack.currencies.values() for word in (*about.words, *about.part))
        sides = (pole.id for pole in pack.sides.poles)
        found |= {*sides, *pack.currencies, pack.currency, *money, *pack.levels, pack.position, pack.subject}
        found |= {pack.unit.one, pack.unit.many}
    return found - {""}


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module, and the pieces of those with slots, by line; without docstrings."""
    tree = ast.parse(path.read_text())
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    bodies = [getattr(node, "body", []) for node in ast.walk(tree) if isinstance(node, holders)]
    said = {
        id(part.value) for body in bodies for part in body if isinstance(part, ast.Expr)
    }  # docstrings, and those of constants
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.lineno, node.value


def test_the_engine_has_no_words_of_its_own_for_what_a_pack_names():
    """A side, a currency, a court or a subject is called what the pack calls it; so a new pack tests the engine."""
    words = words_of_packs()
    assert {"capital", "revenue", "land", "commissioner", "AUD", "dollars", "cent", "parcels", "tribunal"} < words
    pattern = re.compile(rf"(?<![^\W_])({'|'.join(map(re.escape, sorted(words)))})(?![^\W_])", re.IGNORECASE)
    found = {
        (str(path.relative_to(ENGINE)), match.group().lower()): f"{path}:{line}: {text!r}"
        for path in modules()
        for line, text in strings(path)
        if text not in KEYS
        for match in pattern.finditer(text)
    }
    assert sorted(told for key, told in found.items() if key not in WORDS_KEPT) == []
    assert WORDS_KEPT.keys() <= found.keys(), "an exception that nothing needs"
