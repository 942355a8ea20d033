"""The sentences of a rulebook with where each stands, so that a fault in one can be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caprev.errors import Problem
from caprev.files import reading
from caprev.files.reading import Path_
from caprev.law.rulebook import Rulebook


@dataclass(frozen=True)
class Text:
    """One sentence or more as a rule says them: the file and the place in it, and the rule."""

    text: str
    file: str
    at: Path_
    subject: str
    cites: str = ""
    """The authority, where this is what a citation says of it."""


def problem(what: str, file: str, at: Path_, subject: str, fix: str = "") -> Problem:
    """A fault with its line, looked up only now that there is one."""
    return Problem(what, file, reading.read(file).line(at), subject, fix=fix)


def of_rules(book: Rulebook, root: Path) -> Iterator[Text]:
    """What the rules, the unsettled points and the questions say, and what they say of the authorities they cite."""
    for rules in (book.factors, book.nodes, book.consequences):
        for name, rule in rules.items():
            yield from walk(rule.model_dump(exclude={"when", "unless", "status"}), book.files[name], (), name)
    file = str(root / "positions.yaml")
    for name, point in book.points.items():
        yield from walk(point.model_dump(exclude={"matters_when"}), file, ("points", name), name)
    yield from walk(book.questions.questions, str(root / "questions.yaml"), ("questions",), "")


def walk(data: Any, file: str, at: Path_, subject: str) -> Iterator[Text]:
    """Every sentence in a part of a file."""
    if isinstance(data, str):
        yield Text(data, file, at, subject)
    elif isinstance(data, dict):
        if "cite" in data and "says" in data:
            for key in ("pinpoint", "says"):
                yield Text(data[key], file, (*at, key), subject, data["cite"])
            return
        for key, value in data.items():
            yield from walk(value, file, (*at, key), subject)
    elif isinstance(data, (list, tuple)):
        for index, value in enumerate(data):
            yield from walk(value, file, (*at, index), subject)
