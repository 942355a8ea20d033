"""What all tests share: one assessor for the session, the command line run in this process, and snapshots."""

from __future__ import annotations

import copy
import functools
import gc
import marshal
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import settings

import caprev
from caprev import Assessor
from caprev.cli import main
from caprev.files import caching, reading

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOTS = ROOT / "tests" / "snapshots"
SHIPPED = ("rules", "cases", "tests/packs")  # folders of law and of matters

# Tests leave nothing in the home directory of whoever runs them, and find nothing there: what one process of a run
# parsed of the law, others of that run find, workers and all that tests start.
CACHES = ("XDG_CACHE_HOME", "LOCALAPPDATA")
if "PYTEST_XDIST_WORKER" not in os.environ:
    _CACHE = tempfile.TemporaryDirectory(prefix="caprev-tests-", ignore_cleanup_errors=True)
    os.environ.update(dict.fromkeys(CACHES, _CACHE.name))
    os.environ.pop("CAPREV_CACHE", None)
OURS = os.environ["XDG_CACHE_HOME"]

# The same examples on every run, so that a commit passes or fails whoever tests it; `--hypothesis-profile=search`
# looks for new ones.
settings.register_profile("caprev", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile("caprev")

# `pytest -m quick`: under a minute, and every library and every kind of file at least once. Of some files, these tests.
QUICK: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ["test_cases", "test_compare", "test_contract", "test_facts", "test_inference", "test_pages", "test_pictures",
         "test_record"],
        (),
    ),
    "test_bad_input": ("test_a_fault_is_named_with_its_place_and_remedy", "test_bad_input_leaves_the_output_file_alone",
                       "test_the_installed_command_refuses_alike"),
    "test_batch": ("test_the_command", "test_every_format_in_and_out", "test_shares_are_the_whole", "test_bad_lines",
                   "test_files_that_cannot_be"),
    "test_draft": ("test_word_has_real_footnotes_and_comments", "test_pdf_is_tagged_and_says_its_language",
                   "test_html_stands_alone_and_is_navigable"),
    "test_edited": ("test_the_command_writes_the_report_beside",),
}  # fmt: skip


def _parsed_once() -> None:
    """A shipped text is parsed once in a process, whichever of hundreds of copies of the law it stands in.

    That a text which differs is parsed anew, and what the cache itself does, is tested in tests/files/test_caching.py,
    which has a cache of its own.
    """
    build, read, keep = reading._build, caching.Folder.read, caching.Folder.keep
    known: dict[tuple[str, bool], tuple[reading._Builder, bytes]] = {}
    shipped = {path.read_text("utf-8") for place in SHIPPED for path in (ROOT / place).rglob("*.yaml")}

    def ours() -> bool:
        return os.environ.get("XDG_CACHE_HOME") == OURS and os.environ.get("CAPREV_CACHE") != "off"

    def once(text: str, name: str, places: bool) -> reading._Builder:
        if not ours() or text not in shipped:
            return build(text, name, places)
        if (text, places) not in known:
            built = build(text, name, places)
            known[text, places] = built, marshal.dumps(built.data)
        found, data = known[text, places]
        if not places:  # whoever asked may change it
            found = copy.copy(found)
            found.data = marshal.loads(data)
        return found

    def parsed(self: caching.Folder, path: Path) -> reading.Source:
        return reading.read(path) if ours() else read(self, path)

    def kept(self: caching.Folder) -> None:
        if not ours():
            keep(self)

    reading._build = once
    caching.Folder.read, caching.Folder.keep = parsed, kept  # type: ignore[method-assign]


gc.set_threshold(
    100_000, 50, 100
)  # the law is a million objects: to go through them for garbage is a ninth of all tests
_parsed_once()  # now, for collecting loads the law too


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--snapshot-update", action="store_true", help="Write tests/snapshots anew; then read the diff.")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """For the quick tests alone, other files are not even read: each process of a run would spend half a minute."""
    other = collection_path.name.startswith("test_") and collection_path.stem not in QUICK
    return True if other and config.option.markexpr == "quick" else None


# Whole files go to one worker after another: those that take minutes or wait much come first, so that none is left to
# end alone. In this order as measured; a name that is not here comes after them.
LONG = ("test_browser", "test_postgres", "test_setup", "test_rules", "test_packs", "test_lint", "test_explanations",
        "test_sensitivity", "test_docs", "test_evaluate", "test_injection", "test_draft", "test_columnar", "test_laws",
        "test_saving", "test_determinism", "test_batch", "test_calibrate", "test_edited", "test_api", "test_effects",
        "test_strict_columns", "test_contract", "test_bad_input")  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))
    for item in items:
        names = QUICK.get(item.path.stem)
        if names is not None and (not names or getattr(item, "originalname", item.name) in names):
            item.add_marker("quick")


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    """The rulebook and case base of this repository, loaded once."""
    return caprev.load()


@functools.cache
def _loaded(load: Callable[..., Assessor], rules: str, cases: str) -> Assessor:
    return load(rules, cases)


@pytest.fixture
def run(assessor: Assessor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs the real command line in this process, as from the repository's root.

    The law shipped is loaded once, and so is each of the packs of the tests, which no test changes where they lie.
    """
    load = caprev.load

    def load_once(rules: str | None = None, cases: str | None = None) -> Assessor:
        if not rules and not cases:
            return assessor
        ours = rules and cases and all(Path(path).is_relative_to(ROOT / "tests" / "packs") for path in (rules, cases))
        return _loaded(load, rules, cases) if ours else load(rules, cases)

    def invoke(*arguments: str | Path, typed: str | None = None) -> Result:
        result = CliRunner().invoke(main.main, [str(argument) for argument in arguments], input=typed)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception  # what a user would see as a traceback
        return result

    monkeypatch.setattr(caprev, "load", load_once)
    monkeypatch.chdir(ROOT)
    return invoke


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A rulebook for which hardly any balance decides."""
    rules = Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules"))
    path = rules / "weighing.yaml"
    text, changes = re.subn(r"(?m)^(  undetermined:) .*$", r"\1 [-99, 99]", path.read_text("utf-8"))
    assert changes == 1
    path.write_text(text, "utf-8")
    return rules


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares text with a file of tests/snapshots, byte for byte; `--snapshot-update` writes it instead."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if request.config.getoption("--snapshot-update"):
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text.encode())
        assert path.is_file(), f"{path} is missing: run pytest --snapshot-update, then read it"
        assert text == path.read_bytes().decode(), f"{path} differs: run pytest --snapshot-update, then read the diff"

    return check


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    """The environment of a subprocess, without what could colour or localise its output."""
    return {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "PYTHONHASHSEED")}
