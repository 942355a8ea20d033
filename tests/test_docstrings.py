"""What docstrings show is what happens."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parent.parent / "engine"
SHOWING = sorted(path for path in ENGINE.rglob("*.py") if ">>> " in path.read_text("utf-8"))


@pytest.mark.parametrize("path", SHOWING, ids=lambda path: path.relative_to(ENGINE).with_suffix("").as_posix())
def test_every_example_in_a_docstring_comes_out(path, monkeypatch):
    """From the root of the repository, for some examples name a file of it."""
    monkeypatch.chdir(ENGINE.parent)
    parts = path.relative_to(ENGINE).with_suffix("").parts
    module = importlib.import_module(".".join(("caprev", *(part for part in parts if part != "__init__"))))
    found = doctest.testmod(module)
    assert found.failed == 0
    assert found.attempted > 0
