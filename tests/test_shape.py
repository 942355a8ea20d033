"""The shape of the code: what may import what, what the engine may know, and that it is clean."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ENGINE = ROOT / "engine"


def modules() -> list[Path]:
    return sorted(ENGINE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Modules of the engine that a module imports, at any depth of its code, by their path below `engine`."""
    package = path.relative_to(ENGINE).parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*package[: len(package) - node.level + 1], *(node.module or "").split(".")]
            for alias in node.names:
                tried = ["/".join(filter(None, [*base, alias.name])), "/".join(filter(None, base))]
                found |= {next(name for name in tried if (ENGINE / f"{name}.py").exists() or name == tried[-1])}
    return found


def listed_as(name: str) -> str:
    """A module as the walkthrough names it; the renderings stand there as one."""
    return "documents" if name.startswith("documents/") else name


def test_the_walkthrough_lists_every_module_in_the_order_of_imports():
    """No module imports one that stands further down the walkthrough, and none is left out of it."""
    listed = re.findall(r"^- `([a-z_/]+)`", (ROOT / "docs" / "walkthrough.md").read_text(), flags=re.M)
    order = {name: index for index, name in enumerate(listed)}
    files = {str(path.relative_to(ENGINE).with_suffix("")): path for path in modules() if path.stem != "__init__"}
    assert {listed_as(name) for name in files} == set(listed)
    assert len(listed) == len(order)
    for name, path in files.items():
        later = {other for other in map(listed_as, imported(path)) if order[other] > order[listed_as(name)]}
        assert not later, f"{name} imports {later}, which stand below it"


def test_commands_are_a_page_each():
    """The command line is commands only: modules short enough to read, and nothing of the law in them."""
    for path in (ROOT / "cli.py", *(ROOT / "commands").glob("*.py")):
        assert len(path.read_text().splitlines()) <= 300, path


def test_durable_rules_is_known_to_one_module():
    """Only inference.py touches the inference engine."""
    users = [path.name for path in modules() if "durable_rules_engine" in path.read_text()]
    assert users == ["inference.py"]


def test_the_engine_knows_no_tax_law():
    """Names of rulings, cases and land words belong in rules/ and cases/."""
    words = r"statham|casimaty|mccorkell|stevenson|whitfords|tr[ -]?9[27]/|subdivi|council|itaa"
    guilty = {
        path.name: match.group() for path in modules() if (match := re.search(words, path.read_text(), flags=re.I))
    }
    assert not guilty


def test_the_engine_prints_nothing_and_knows_no_clock():
    """An assessment has no clock, no randomness of its own, no network and no command line."""
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert not {"click", "socket", "urllib", "requests", "time"} & {name.split(".")[0] for name in names}, path


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["mypy"]], ids=["ruff", "mypy"])
def test_clean(command):
    """ruff and mypy --strict have nothing to say."""
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_begins_with_two_commands():
    """The first section shows exactly two indented commands, and CI runs the second."""
    first = (ROOT / "README.md").read_text().split("\n## ")[0]
    commands = [line.strip() for line in first.splitlines() if line.startswith("    ")]
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text()


def test_a_wheel_carries_the_law_and_runs_elsewhere(tmp_path):
    """An installed wheel has rules and cases inside and works from any directory."""
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True)
    wheel = next(tmp_path.glob("caprev-*.whl"))
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    assert not (site / "rules").exists()
    file = ROOT / "cases" / "rulings" / "1052196215679.yaml"
    code = f"import sys; sys.path.insert(0, {str(site)!r}); import cli; cli.main(['assess', {str(file)!r}])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "CONCLUSION: CAPITAL" in done.stdout
    assert (site / "commands" / "common.py").is_file()


def test_set_up_says_plainly_what_is_missing(tmp_path):
    """Without a C compiler, set-up names the compiler instead of failing inside pip."""
    environment = {"PATH": str(tmp_path), "CC": "no-such-compiler"}
    done = subprocess.run([sys.executable, str(ROOT / "install.py")], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert "a C compiler" in done.stderr
