"""Set-up: what is locked, what a first set-up is enough for, what install.py says, and where caprev runs."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "locks"
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NEEDED = {
    "build": PROJECT["dependency-groups"]["build"],
    "caprev": PROJECT["project"]["dependencies"],
    **PROJECT["project"]["optional-dependencies"],
}
PYTHONS = [
    {"python_version": version, "python_full_version": f"{version}.7", "sys_platform": platform, "extra": ""}
    for version in ("3.11", "3.12")
    for platform in ("linux", "darwin", "win32")
]


@pytest.fixture(scope="module")
def install() -> ModuleType:
    """install.py as a module."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def set_up(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "install.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@cache
def locked(name: str) -> tuple[tuple[Requirement, str], ...]:
    """Each package of a lock, as a requirement, with the lines of its hashes."""
    return tuple(_entries(name))


def _entries(name: str) -> Iterator[tuple[Requirement, str]]:
    text = re.sub(r"^ *#.*\n", "", (LOCKS / f"{name}.txt").read_text("utf-8"), flags=re.M)
    for entry in re.split(r"\n(?=\S)", text):
        first, *rest = entry.split(" \\\n")
        yield Requirement(first), "".join(rest)


def pinned(name: str, python: dict[str, str]) -> dict[str, str]:
    """The release of each package that a lock names for a Python."""
    pins: dict[str, str] = {}
    for requirement, _ in locked(name):
        if requirement.marker is None or requirement.marker.evaluate(python):
            assert canonicalize_name(requirement.name) not in pins
            (pin,) = requirement.specifier
            assert pin.operator == "=="
            pins[canonicalize_name(requirement.name)] = pin.version
    return pins


# --- the locks -----------------------------------------------------------------------------------------------


def test_there_is_a_lock_for_each_extra():
    """And one for what everybody needs, and one for what builds."""
    assert {path.stem for path in LOCKS.glob("*.txt")} == set(NEEDED)


@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: f"{python['python_version']}-{python['sys_platform']}")
@pytest.mark.parametrize("name", NEEDED)
def test_a_lock_names_a_release_that_is_allowed_of_all_that_is_needed(name, python):
    """For each Python and platform; after a change of pyproject.toml, run locks/update."""
    pins = pinned(name, python) | (pinned("caprev", python) if name != "build" else {})
    for text in NEEDED[name]:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(python):
            assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)]), text


@pytest.mark.parametrize("python", PYTHONS, ids=lambda python: f"{python['python_version']}-{python['sys_platform']}")
def test_locks_agree(python):
    """Any extras can be set up together."""
    pins: dict[str, str] = {}
    for name in NEEDED:
        for package, release in pinned(name, python).items():
            assert pins.setdefault(package, release) == release, package


@pytest.mark.parametrize("name", NEEDED)
def test_every_package_is_locked_by_hash_and_no_index_is_named(name):
    """So that it comes from any index, and from none that changed it."""
    assert "://" not in (LOCKS / f"{name}.txt").read_text("utf-8")
    for requirement, hashes in locked(name):
        assert re.fullmatch(r"( +--hash=sha256:[0-9a-f]{64})+\n?", hashes), requirement


# --- the first set-up ----------------------------------------------------------------------------------------

# Runs caprev where nothing can be imported that the first set-up does not bring.
BARE = """
import sys
class Absent:
    def find_spec(name, path=None, target=None):
        if name in ABSENT:
            raise ModuleNotFoundError(f"{name} is not in the first set-up", name=name)
sys.meta_path.insert(0, Absent)
import cli
"""


@pytest.fixture(scope="module")
def bare() -> str:
    mine = {requirement.name for requirement, _ in locked("caprev")} | {"caprev"}
    found = importlib.metadata.packages_distributions()
    absent = {module for module, names in found.items() if not {canonicalize_name(name) for name in names} & mine}
    assert {"sklearn", "pypdf", "pytest"} <= absent
    return f"ABSENT = {absent!r}\n{BARE}"


@pytest.mark.parametrize(
    "arguments",
    [
        ["draft", SEED, "--to", "out.pdf"],
        ["draft", SEED, "--to", "out.docx", "--edited"],
        ["batch", "in.csv", "--out", "out.parquet"],
        ["batch", "in.csv", "--out", "out.csv", "--engine", "duckdb"],
        ["batch", "in.jsonl", "--out", "out.parquet", "--engine", "duckdb", "--explain-top", "1"],
        ["batch", "in.parquet", "--out", "out.jsonl"],
        ["plot", SEED, "--kind", "balance", "--out", "out.svg"],
    ],
    ids=lambda arguments: "-".join(str(part).lstrip("-") for part in arguments if part != SEED),
)
def test_the_first_set_up_is_enough_for_all_that_a_user_meets(arguments, bare, environment, tmp_path):
    """PDF, Word, pictures, and portfolios on one machine in every form, without any extra."""
    import polars

    (tmp_path / "in.csv").write_text("id,taxpayer.kind\na,couple\nb,trust\n")
    (tmp_path / "in.jsonl").write_text('{"id": "a", "taxpayer.kind": "couple"}\n')
    polars.DataFrame({"id": ["a"], "taxpayer.kind": ["couple"]}).write_parquet(tmp_path / "in.parquet")
    command = [sys.executable, "-c", f"{bare}cli.main()", *map(str, arguments)]
    environment = {**environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert next(tmp_path.glob("out.*")).stat().st_size


def test_an_assessment_loads_nothing_that_it_does_not_need(environment, tmp_path):
    """What a first set-up brings for documents and portfolios costs one matter no time."""
    heavy = "{'numpy', 'polars', 'pyarrow', 'duckdb', 'typst', 'sklearn'}"
    code = f"import sys, cli\ncli.main(standalone_mode=False)\nprint(sorted({heavy} & set(sys.modules)))"
    command = [sys.executable, "-c", code, "assess", str(SEED)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


# --- what install.py says ------------------------------------------------------------------------------------


def test_the_readme_begins_with_two_commands():
    """The first section shows exactly two indented commands, and CI ends with the second."""
    first = (ROOT / "README.md").read_text("utf-8").split("\n## ")[0]
    commands = [line.strip() for line in first.splitlines() if line.startswith("    ")]
    assert len(commands) == 2
    assert (ROOT / ".ci" / "run").read_text("utf-8").endswith(f"\n{commands[1]}\n")


def test_set_up_says_plainly_what_is_missing(tmp_path):
    """Without a C compiler, set-up names the compiler instead of failing inside pip."""
    done = set_up(env={"PATH": str(tmp_path), "CC": "no-such-compiler"})
    assert done.returncode == 1
    assert "a C compiler" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No extra is called nonsense; there are bench, evaluate, mcp, oidc, postgres, spark, test."),
        (["--offline", "nowhere"], "Make one with --wheelhouse where there is a network."),
        (["--target", "tests"], "holds other things. Name a new or empty directory."),
        (["--target", "README.md"], "Name a directory that you may write to: python3 install.py --target DIR"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_done(arguments, said):
    """With the one thing to do."""
    done = set_up(*arguments, cwd=ROOT)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_set_up_that_fails_says_what_to_do_and_keeps_what_pip_said(tmp_path):
    """From an empty wheelhouse; a line for each step, and nothing beside install.py but what was there."""
    before = {path.name for path in ROOT.iterdir()}
    (tmp_path / "wheelhouse").mkdir()
    done = set_up("--target", "env", "--offline", "wheelhouse", cwd=tmp_path)
    assert done.returncode == 1
    assert re.fullmatch(r"  environment env \.\.\. done in \d+ s\n  build tools \.\.\. stopped\n", done.stdout)
    assert re.search(r"There is no hatchling==\S+ for this machine.*make it anew", done.stderr)
    assert len(done.stderr.strip().splitlines()) == 2
    assert "No matching distribution" in (tmp_path / "env" / "install.log").read_text("utf-8")
    assert {path.name for path in ROOT.iterdir()} == before


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM", "not the one that was locked"),
        (
            "  error: command 'gcc' failed\n  ERROR: Failed building wheel for durable-rules\nFailed",
            "Check your C compiler",
        ),
        ("broken by 'NewConnectionError('<pip>\nERROR: No matching distribution found for x==1", "Check the network"),
        ("ERROR: No matching distribution found for x==1", "There is no x==1 for this machine"),
        ("line 1\nline 2\nERROR: nobody has seen this {before}", "ERROR: nobody has seen this {before}"),
    ],
)
def test_what_pip_says_is_turned_into_one_thing_to_do(said, what, install):
    """And what is not known is shown as pip said it."""
    assert what in install.remedy(said)


@pytest.mark.parametrize("kept", ["", "exit 1", "echo 3 10"], ids=["no python", "broken", "another python"])
def test_an_environment_that_does_not_work_is_made_anew(kept, install, tmp_path, monkeypatch):
    """Python was taken away or replaced since; one that works is kept."""
    made = []
    monkeypatch.setattr(install.venv, "create", lambda target, **options: made.append((target, options["clear"])))
    home = install.Environment(tmp_path, [])
    home.scripts.mkdir()
    (tmp_path / "pyvenv.cfg").touch()
    python = home.scripts / "python"
    if kept:
        python.write_text(f"#!/bin/sh\n{kept}\n")
        python.chmod(0o755)
    home.make()
    assert made == [(tmp_path, True)]
    python.write_text(f"#!/bin/sh\necho {sys.version_info[0]} {sys.version_info[1]}\n")
    python.chmod(0o755)
    home.make()
    assert len(made) == 1


# --- elsewhere -----------------------------------------------------------------------------------------------


def test_a_wheel_carries_the_law_and_runs_elsewhere(tmp_path):
    """An installed wheel has rules and cases inside and works from any directory."""
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(tmp_path)]
    subprocess.run([*build, str(ROOT)], check=True, capture_output=True)
    wheel = next(tmp_path.glob("caprev-*.whl"))
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    assert {path.name.split("-")[0] for path in site.iterdir()} == {"caprev", "caprev_web"}
    for part in ("templates/base.html", "static/desk/desk.css", "migrations/0001_beginnings.py"):
        assert (site / "caprev_web" / part).is_file()
    code = f"import sys; sys.path.insert(0, {str(site)!r})\nfrom caprev.cli.main import main\n"
    code += f"main(['assess', {str(SEED)!r}])"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "CONCLUSION: CAPITAL" in done.stdout
    assert (site / "caprev" / "cli" / "common.py").is_file()


def test_the_container_file_is_clean():
    """hadolint has nothing to say; no container is built here."""
    hadolint = Path(sys.executable).parent / "hadolint"
    if not hadolint.exists():
        pytest.skip("hadolint is packaged for Linux on x86-64 only")
    done = subprocess.run([str(hadolint), str(ROOT / "Containerfile")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_is_set_up_as_any_machine_and_runs_without_privileges():
    """From the files that are there, by install.py, on a Python that is allowed, and not as root."""
    lines = (ROOT / "Containerfile").read_text("utf-8").splitlines()
    images = {line.split()[1] for line in lines if line.startswith("FROM ")}
    assert images == {"docker.io/library/python:3.12-slim"}
    assert "RUN python3 /src/install.py --target /opt/caprev" in lines
    assert "COPY --from=build /opt/caprev /opt/caprev" in lines
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users
    assert users[-1] not in ("0", "root")
    assert os.access(ROOT / "install.py", os.R_OK)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv"} <= set(ignored)
    assert not {"locks", "rules", "cases", "pyproject.toml", "README.md", "LICENSE"} & set(ignored)
