"""Parsed law is kept between starts: never seen in an answer or a message, and never in the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

import caprev
from caprev.errors import BadInput
from caprev.files import caching, reading, saving
from caprev.files.compiled import Compiled
from caprev.law import rulebook

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
TEXTS = {"one": "a: 1\nb: [x, ~, '~']\n", "two": 'a: {b: é, c: "\\x07 \\u2028"}\n', "three": "[]\n"}


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """The user's cache directory, which is used."""
    monkeypatch.delenv("CAPREV_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.setattr("caprev.files.caching.sys.platform", "linux")
    return tmp_path / "cache" / "caprev"


@pytest.fixture
def law(tmp_path) -> Path:
    """A few files."""
    folder = tmp_path / "law"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def parsed(monkeypatch) -> list[str]:
    """The names of the files that were parsed."""
    names: list[str] = []
    parse = reading.parse

    def noted(text: str, name: str = "<text>") -> reading.Source:
        names.append(Path(name).stem)
        return parse(text, name)

    monkeypatch.setattr(reading, "parse", noted)
    return names


def start(law: Path) -> dict[str, object]:
    """What a start reads."""
    folder = caching.Folder(law)
    found = {path.stem: folder.read(path) for path in sorted(law.iterdir())}
    folder.keep()
    for name, source in found.items():
        assert (source.file, source.text) == (str(law / f"{name}.yaml"), (law / f"{name}.yaml").read_text("utf-8"))
    return {name: source.data for name, source in found.items()}


def test_the_law_is_parsed_once_and_answers_are_the_same(home, parsed, monkeypatch):
    """The second start parses the matter alone; explanations, data and the rulebook's fingerprint are byte for byte."""

    def answer() -> tuple[str, str]:
        assessor = caprev.load()
        assessment = caprev.assess(SEED, assessor)
        return caprev.explain(assessment, detail=True), json.dumps(caprev.as_dict(assessment))

    first = answer()
    assert len(parsed) > 300
    parsed.clear()
    assert answer() == first
    assert parsed == [SEED.stem]
    shutil.rmtree(home)
    monkeypatch.setenv("CAPREV_CACHE", "off")
    assert answer() == first
    assert not home.exists()


def test_only_what_was_edited_is_parsed_anew(home, law, parsed):
    """Also what was added; what is gone is forgotten."""
    before = start(law)
    parsed.clear()
    assert start(law) == before
    assert not parsed
    (law / "one.yaml").write_text("a: 2\n")
    (law / "two.yaml").rename(law / "four.yaml")
    (law / "five.yaml").write_text("b: 3\n")
    found = start(law)
    assert parsed == ["five", "one"]
    assert found == {"one": {"a": "2"}, "three": [], "four": before["two"], "five": {"b": "3"}}
    assert len(next(home.iterdir()).read_bytes().splitlines()) == 1 + 4


def test_what_is_kept_is_what_was_written_not_what_was_made_of_it(home, law):
    """A reader may change the data it was given."""
    folder = caching.Folder(law)
    cast(dict[str, Any], folder.read(law / "one.yaml").data)["a"] = "changed"
    folder.keep()
    again = caching.Folder(law)
    cast(dict[str, Any], again.read(law / "one.yaml").data)["a"] = "changed"
    assert again.read(law / "one.yaml").data == {"a": "1", "b": ["x", None, "~"]}


def test_faults_have_their_lines_and_nothing_of_them_is_kept(home, tmp_path):
    """The same messages as without, of what cannot be parsed and of what points nowhere."""
    rules = Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules"))
    rulebook.load(rules)
    kept = next(home.iterdir()).read_bytes()
    wrong, broken = sorted((rules / "factors").rglob("*.yaml"))[:2]
    wrong.write_text(wrong.read_text().replace("\nfeeds:", "\n# a line more\nfeeds: [nowhere]\nfed:"))

    def messages() -> list[str]:
        with pytest.raises(BadInput) as caught:
            rulebook.load(rules)
        return [str(problem) for problem in caught.value.problems]

    for text in (broken.read_text(), "a: {\n"):
        broken.write_text(text)
        told = messages()
        assert any(str(wrong) in line for line in told)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("CAPREV_CACHE", "off")
            assert messages() == told
        assert next(home.iterdir()).read_bytes() == kept


def _flip(path: Path) -> None:
    """Another value, in the same form."""
    content = path.read_bytes()
    assert b'"1"' in content
    path.write_bytes(content.replace(b'"1"', b'"7"'))


@pytest.mark.parametrize(
    "damage",
    [
        _flip,
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\xff\x00" * 99),
        lambda path: path.write_bytes(b"0" + path.read_bytes()[1:]),
        lambda path: path.chmod(0o666),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.unlink(), os.mkfifo(path)),
        lambda path: (path.rename(path.with_name("kept")), path.symlink_to("kept")),
    ],
    ids=["flipped", "cut", "empty", "garbage", "another release", "anybody's", "folder", "pipe", "link"],
)
def test_a_file_that_cannot_be_trusted_is_as_good_as_none(home, law, parsed, damage: Callable[[Path], object]):
    """No error, no other answer; where it can be, it is written anew."""
    before = start(law)
    (path,) = home.iterdir()
    damage(path)
    parsed.clear()
    assert start(law) == before
    assert sorted(parsed) == sorted(TEXTS)
    parsed.clear()
    assert start(law) == before
    assert bool(parsed) == path.is_dir()


def test_another_parser_reads_nothing_of_this_one(home, law, parsed, monkeypatch):
    """What another release or another Python made of a text may differ."""
    start(law)
    parsed.clear()
    monkeypatch.setattr(caching, "_parser", lambda: "0" * 64)
    start(law)
    assert sorted(parsed) == sorted(TEXTS)


def test_where_nothing_can_be_written_nothing_is_kept(home, law, tmp_path):
    """A cache directory that is a file, or is below one, or on a system without any."""
    (tmp_path / "cache").write_text("mine")
    assert start(law) == start(law)
    assert (tmp_path / "cache").read_text() == "mine"


def test_a_user_without_a_home_has_nothing_kept(home, law, monkeypatch):
    """The directory is the usual one where none is named, or none that is a path."""
    monkeypatch.setenv("XDG_CACHE_HOME", "here")

    def homeless(path: Path) -> Path:
        assert str(path) == "~/.cache"
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "expanduser", homeless)
    assert start(law) == start(law)
    assert not home.exists()


def test_many_starts_at_once_leave_one_whole_file(home, law, parsed):
    """Each writes the same, beside the place of the file and then into it."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(start, [law] * 8))
    assert all(data == found[0] for data in found)
    assert len(list(home.iterdir())) == 1
    parsed.clear()
    start(law)
    assert not parsed


def test_the_cache_does_not_grow_with_directories(home, tmp_path):
    """The one that was written longest ago makes way."""
    for index in range(caching.MOST + 3):
        folder = tmp_path / f"law-{index}"
        folder.mkdir()
        (folder / "one.yaml").write_text(f"a: {index}\n")
        start(folder)
        newest = max(home.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (index, index))
    assert sorted(int(path.stat().st_mtime) for path in home.iterdir()) == list(range(3, caching.MOST + 3))
    assert home.stat().st_mode & 0o777 == 0o700


# --- the law, compiled


def first(cases: Path | None = None, rules: Path | None = None) -> str:
    """What the first start says of the seed, or of law of one's own."""
    return caprev.explain(caprev.assess(SEED, caprev.load(rules, cases)), detail=True)


@pytest.fixture
def own(home, tmp_path) -> Path:
    """Law of one's own, in `rules` and `cases`."""
    for kind in ("rules", "cases"):
        shutil.copytree(ROOT / kind / "au-land", tmp_path / "own" / kind)
    return tmp_path / "own"


def compiled(home: Path) -> Path:
    """The file in which compiled law is kept."""
    (path,) = home.glob("*.compiled")
    return path


def test_compiled_law_is_read_only_if_nothing_of_it_changed(own, home, parsed):
    """Not after a file was edited, added or taken away; not by another release."""
    rules, cases = own / "rules", own / "cases"

    def again() -> bool:
        parsed.clear()
        first(cases, rules)
        return parsed == [SEED.stem]

    assert [again(), again()] == [False, True]
    some = next((cases / "fca").glob("morton*"))
    text = some.read_text()
    some.write_text(text + "# a word more\n")
    assert [again(), again()] == [False, True]
    some.rename(some.with_stem("moved"))
    for _ in range(2):
        assert any(case.file.endswith("moved.yaml") for case in caprev.load(rules, cases).cases.cases.values())
    some.with_stem("moved").unlink()
    without = caprev.load(rules, cases).cases.cases
    assert not any("morton" in name for name in without)


def test_a_start_with_compiled_law_checks_no_rule(home):
    """No model of a rule is made ready to check anything, for which all installed packages would be looked through.

    In a process of its own: what was imported in this one says nothing.
    """
    first()
    code = "import sys, cli\ncli.main(standalone_mode=False)\nprint('importlib.metadata' in sys.modules)"
    command = [sys.executable, "-c", code, "assess", str(SEED)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b""),
        lambda path: path.chmod(0o666),
    ],
    ids=["cut", "empty", "anybody's"],
)
def test_compiled_law_that_cannot_be_trusted_is_made_again(home, parsed, damage: Callable[[Path], object]):
    """With the same words, and then it is there again."""
    said = first()
    damage(compiled(home))
    assert first() == said
    parsed.clear()
    assert first() == said
    assert parsed == [SEED.stem]


class _Other:
    """What is no part of the law, and does something when it is read."""

    def __init__(self, does: Callable[..., object], *given: object) -> None:
        self.does = does, given

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.does


@pytest.mark.parametrize(
    "other",
    [_Other(os.mkdir, "made"), _Other(saving.save, {"made": b""}), _Other(Compiled, "made")],
    ids=["another's function", "a function of ours", "a type of ours that is no law"],
)
def test_nothing_but_law_is_made_of_what_is_kept(home, law, tmp_path, monkeypatch, other):
    """Whoever can write there can have nothing run by it."""
    monkeypatch.chdir(tmp_path)
    place = Compiled(law)
    place.keep(other)
    assert Compiled(law).read(object) is None
    assert not (tmp_path / "made").exists()
    place.keep({"some": "thing"})
    assert Compiled(law).read(dict) == {"some": "thing"}
    assert Compiled(law).read(list) is None


def test_law_with_faults_is_never_kept_compiled(own, home):
    """Of rules or of cases: each start says what is wrong."""
    cases = own / "cases"
    (cases / "hca" / "broken.yaml").write_text("id: broken\n")
    for _ in range(2):
        with pytest.raises(BadInput, match=r"broken\.yaml"):
            first(cases, own / "rules")
    assert not list(home.glob("*.compiled"))


def test_law_that_a_link_leads_to_is_not_kept_compiled(own, home):
    """What is behind it could change unseen."""
    (own / "cases" / "hca").rename(own / "elsewhere")
    (own / "cases" / "hca").symlink_to(own / "elsewhere")
    first(own / "cases", own / "rules")
    assert not list(home.glob("*.compiled"))
