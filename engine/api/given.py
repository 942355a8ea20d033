"""Facts as another program has them: a mapping, a file, or text."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from caprev.errors import BadInput, Problem
from caprev.files import reading

Facts: TypeAlias = Mapping[str, Any] | str | os.PathLike[str]
"""A fact set: a mapping of the shape of a file; the path of a file; or the text of one, YAML or JSON.

A `str` is text if it has a line break, begins with a brace or holds a colon and a space; otherwise it is a path.
"""
MAPPING, TEXT = "<fact set>", "<text>"


def source(facts: Facts) -> reading.Source:
    """The facts as the engine reads them. Raises BadInput."""
    if isinstance(facts, Mapping):
        return reading.parse(_json(facts), MAPPING)
    if is_text(facts):
        return reading.parse(str(facts), TEXT)
    return reading.read(Path(facts))


def is_text(facts: Facts) -> bool:
    """Whether it is the text of a fact set, and not its path."""
    return isinstance(facts, str) and ("\n" in facts or ": " in facts or facts.lstrip()[:1] in ("{", ""))


@contextmanager
def placed() -> Iterator[None]:
    """Problems of a mapping name the fact and its place in the mapping; it has no file, and no lines."""
    try:
        yield
    except BadInput as error:
        found = [replace(p, file="", line=0) if p.file == MAPPING else p for p in error.problems]
        raise BadInput(found) from None


def _json(facts: Mapping[str, Any]) -> str:
    try:
        return json.dumps(facts, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        what = f"holds what is no plain value ({error})"
        allowed = "mappings, lists, text, numbers, dates, True, False and None"
        raise BadInput(Problem(what, MAPPING, allowed=allowed)) from None


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(type(value).__name__)
