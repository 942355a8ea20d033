"""The same facts give the same bytes, whatever process, machine, place, language or order of keys they are read in."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import random
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from caprev.files import reading

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"

# Everything that a process makes: documents of every format, a portfolio, and what is printed.
SCRIPT = """
import functools, locale, sys
import caprev
from caprev.cli import main as cli
caprev.load = functools.cache(caprev.load)
try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass  # not installed here; the names of the languages are in the environment all the same
def run(*arguments):
    cli.main(list(arguments), standalone_mode=False)
matter, rows, to, drafts = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split(",")
for form in ("json", "text", "html", "markdown"):
    run("assess", matter, "--format", form, "--out", f"{to}/assessed.{form}")
for draft in drafts:
    template, form = draft.split(".")
    run("draft", matter, "--template", template, "--to", f"{to}/{draft}")
run("draft", matter, "--edited", "--to", f"{to}/edited.md")
run("plot", matter, "--parcel", "i", "--out", f"{to}/plot.svg")
if rows:
    run("batch", rows, "--out", f"{to}/rows.csv", "--explain-top", "2")
run("assess", matter, "--format", "json")
"""

ELSEWHERE: dict[str, dict[str, str]] = {
    "here": {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"},
    "in C": {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "in Turkish, in Latin letters": {
        "PYTHONHASHSEED": "random", "TZ": "America/St_Johns",
        "LC_ALL": "tr_TR.ISO-8859-9", "PYTHONIOENCODING": "iso8859-9",
    },
}  # fmt: skip


def shuffled(rng: random.Random, value: Any) -> Any:
    """The same data with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {key: shuffled(rng, value[key]) for key in keys}
    return [shuffled(rng, item) for item in value] if isinstance(value, list) else value


def written(folder: Path, seed: int) -> tuple[Path, Path]:
    """A matter with letters that other languages change, and a portfolio; keys and columns ordered by a seed."""
    rng = random.Random(seed)
    data: Any = reading.read(SEED).data
    title = "Farm in I\u011fd\u0131r \u5317\u4eac \U0001f600 \u2013 caf\xe9"
    data["matter"] = {**(data.get("matter") or {}), "id": "ISTANBUL-\u0131i\u0130I", "title": title}
    data["parcels"] = [{"id": "i", "title": "\u0130lk"}, {"id": "I", "development": {"stages": "3"}}]
    rows = [
        {"id": f"\u0131{n}", "taxpayer.kind": kind, "development.lots": lots, "acquisition.date": "1990"}
        for n, (kind, lots) in enumerate(
            [("individual", 3), ("company", {"at_least": 20}), ("nobody", 1), ("trust", None)]
        )
    ]
    matter, portfolio = folder / "matter.json", folder / "rows.jsonl"
    matter.write_text(json.dumps(shuffled(rng, data) if seed else data, ensure_ascii=False), "utf-8")
    lines = (json.dumps(shuffled(rng, row) if seed else row, ensure_ascii=False) for row in rows)
    portfolio.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return matter, portfolio


def test_the_same_bytes_elsewhere(tmp_path: Path, environment: dict[str, str]) -> None:
    """Another hash seed, time zone, language, encoding of the terminal, directory and order of keys: the same bytes."""
    # A debate, which takes longest, in one format, and what else there is in the others.
    drafts = ["debate.md", "advice.html", "ruling.docx", *(["advice.pdf"] if find_spec("typst") else [])]
    started = {}
    for number, (name, language) in enumerate(ELSEWHERE.items()):
        folder = (
            tmp_path / f"{number} i{'' if number % 2 else chr(0x130)}"
        )  # in C and Latin letters names of files are others
        (folder / "out").mkdir(parents=True)
        matter, rows = written(folder, number)
        arguments = [matter, rows if find_spec("polars") else "", folder / "out", ",".join(drafts)]
        command = [sys.executable, "-c", SCRIPT, *map(str, arguments)]
        variables = {**environment, "PYTHONPATH": str(ROOT), **language, "CAPREV_CACHE": "off"}  # each parses itself
        place = folder if number % 2 else Path("/")
        started[name] = (
            folder,
            subprocess.Popen(command, cwd=place, env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE),
        )
    made = {}
    for name, (folder, process) in started.items():
        printed, said = process.communicate(timeout=180)
        assert process.returncode == 0, said.decode("utf-8", "replace")
        # A record holds the fact set as it was written, and so the order of its keys; what it was made of comes after.
        files = {path.name: path.read_bytes() for path in (folder / "out").iterdir() if "record" not in path.name}
        summary = printed.replace(str(folder).encode(), b"")
        made[name] = {file: hashlib.sha256(data).hexdigest() for file, data in {**files, "printed": summary}.items()}
    assert len(made["here"]) >= 10
    for name, hashes in made.items():
        assert hashes == made["here"], name


def test_the_same_record_elsewhere(tmp_path: Path, environment: dict[str, str]) -> None:
    """Of the same file, a record is the same too, and is reproduced in another process and place."""
    cli = [sys.executable, str(ROOT / "cli.py")]
    records = []
    for number, language in enumerate(list(ELSEWHERE.values())[1:3]):
        folder = tmp_path / str(number)
        folder.mkdir()
        matter, _ = written(folder, 0)
        command: list[str | Path] = [*cli, "assess", matter, "--out", "a.txt", "--record", "a.json"]
        subprocess.run(command, cwd=folder, env={**environment, **language}, check=True, capture_output=True)
        records.append((folder / "a.json").read_bytes())
    assert records[0] == records[1]
    done = subprocess.run(
        [*cli, "record", "verify", tmp_path / "0" / "a.json"], cwd="/", env=environment, capture_output=True
    )
    assert b"Reproduced byte for byte" in done.stdout


def test_no_module_asks_which_language_the_process_speaks() -> None:
    """Names of months, upper case by a language, the zone of a clock: nothing of the engine depends on them."""
    for path in sorted((ROOT / "engine").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FormattedValue) and isinstance(node.format_spec, ast.JoinedStr):
                spec = "".join(str(part.value) for part in node.format_spec.values if isinstance(part, ast.Constant))
                assert "%" not in spec.removesuffix("%"), f"{path}:{node.lineno}"
                assert not spec.endswith("n"), f"{path}:{node.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr not in ("strftime", "month_name", "day_name", "strxfrm", "strcoll", "getlocale"), (
                    f"{path}:{node.lineno}"
                )
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", None) or ""]
                assert not {"locale", "calendar", "gettext", "getpass"} & {name.split(".")[0] for name in names}, path


def test_files_are_read_and_written_in_one_encoding() -> None:
    """No file is opened as text without saying that it is UTF-8: what a machine takes for its own differs."""
    for folder in ("engine",):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if not isinstance(node, ast.Call):
                    continue
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                told = any("utf" in word for word in words) or any(key.arg == "encoding" for key in node.keywords)
                if called in ("read_text", "write_text"):
                    assert told, f"{path}:{node.lineno}"


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes on POSIX only")
def test_a_name_of_a_file_that_is_no_text_is_told_by_its_bytes(tmp_path: Path, environment: dict[str, str]) -> None:
    """A file may have any name; a message shows it, whatever the terminal can show."""
    command: list[bytes] = [sys.executable.encode(), str(ROOT / "cli.py").encode(), b"assess", b"caf\xe9\x1b.yaml"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 2
    assert b"caf\\xe9\\x1b.yaml: cannot be read" in done.stderr
