"""Reading YAML and JSON strictly: every scalar stays text, and every value knows its line.

YAML's conveniences decide cases wrongly: `no` becomes false, `6.10` becomes 6.1, a repeated key silently
wins, nine lines of aliases become a billion nodes. So: no implicit types, no tags, no anchors, duplicate
keys refused, size and depth bounded. Types come later, from the vocabulary and from pydantic models.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .errors import BadInput, Problem

MAX_BYTES = 5_000_000
MAX_DEPTH = 24
MAX_NODES = 250_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value = None | str | list["Value"] | dict[str, "Value"]
Path_ = tuple[str | int, ...]


@dataclass(frozen=True)
class Source:
    """A parsed file: nested dicts, lists and text, and the line of every value by its path."""

    file: str
    data: Value
    lines: dict[Path_, int] = field(repr=False)

    def line(self, path: Path_) -> int:
        """The line where the value at `path`, or the nearest enclosing one, was written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 0)


def read(path: str | Path) -> Source:
    """Parse one file. Raises BadInput for anything that is not one plain YAML or JSON document."""
    name = str(path)
    target = Path(path)
    try:
        if target.is_dir():
            raise BadInput(Problem("is a directory, not a file", name, fix="Name one YAML or JSON file"))
        size = target.stat().st_size
        if size > MAX_BYTES:
            raise BadInput(
                Problem(f"is {size:,} bytes long", name, allowed=f"at most {MAX_BYTES:,} bytes")
            )
        raw = target.read_bytes()
    except OSError as error:
        raise BadInput(Problem(f"cannot be read ({error.strerror or error})", name)) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(Problem(f"is not UTF-8 text (byte {error.start})", name)) from None
    return parse(text, name)


def parse(text: str, name: str = "<text>") -> Source:
    """Parse text already in memory; `name` is what messages call it."""
    if not text.strip():
        raise BadInput(Problem("is empty", name))
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadInput(
            Problem(f"is not valid YAML: {error.problem or error.context}", name, line)
        ) from None
    except yaml.YAMLError as error:  # a character YAML does not allow
        line = text.count("\n", 0, getattr(error, "position", 0) or 0) + 1
        raise BadInput(Problem("is not valid YAML: it holds a character YAML does not allow", name, line)) from None
    except RecursionError:
        raise BadInput(Problem("is nested too deeply", name, allowed=f"at most {MAX_DEPTH} levels")) from None
    if not builder.closed:
        raise BadInput(Problem("holds no data", name))
    return Source(name, builder.data, builder.lines)


class _Builder:
    """Builds plain data from parser events, so that nothing is ever constructed implicitly."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.data: Value = None
        self.lines: dict[Path_, int] = {}
        self.closed = False
        self._open: list[tuple[dict[str, Value] | list[Value], Path_]] = []
        self._key: list[str | None] = []
        self._nodes = 0
        self._documents = 0

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._check(event)
            self._scalar(event)
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._check(event)
            new: dict[str, Value] | list[Value] = {} if isinstance(event, yaml.MappingStartEvent) else []
            path = self._place(new, event.start_mark.line + 1)
            self._open.append((new, path))
            self._key.append(None)
            if len(self._open) > MAX_DEPTH:
                self._refuse("is nested too deeply", event, f"at most {MAX_DEPTH} levels")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self._open.pop()
            self._key.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._refuse(f"uses an alias (*{event.anchor})", event, "plain values; write the value out")
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                self._refuse("holds a second document", event, "one document a file")

    def _check(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse("holds too many values", event, f"at most {MAX_NODES:,}")
        if event.anchor:
            self._refuse(f"uses an anchor (&{event.anchor})", event, "plain values; write the value out")
        if event.tag:
            self._refuse(f"uses a tag ({event.tag})", event, "plain values without tags")

    def _scalar(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if self._open and isinstance(self._open[-1][0], dict) and self._key[-1] is None:
            key = event.value
            mapping, path = self._open[-1]
            if key in mapping:
                first = self.lines.get((*path, key), 0)
                where = ".".join(str(part) for part in (*path, key))
                raise BadInput(
                    Problem(f"is given twice (first on line {first})", self.name, line, where,
                            fix="Keep one of them")
                )
            self._key[-1] = key
            return
        # Only an unquoted nothing is nothing; "null" in quotes is text.
        nothing = event.style is None and event.value in ("", "~", "null", "Null", "NULL")
        self._place(None if nothing else event.value, line)

    def _place(self, value: Value, line: int) -> Path_:
        if not self._open:
            self.data, self.closed = value, True
            self.lines[()] = line
            return ()
        parent, path = self._open[-1]
        if isinstance(parent, list):
            here: Path_ = (*path, len(parent))
            parent.append(value)
        else:
            key = self._key[-1]
            if key is None:
                raise BadInput(Problem("has a list or a mapping as a key", self.name, line))
            here = (*path, key)
            parent[key] = value
            self._key[-1] = None
        self.lines[here] = line
        return here

    def _refuse(self, what: str, event: Any, allowed: str) -> None:
        raise BadInput(Problem(what, self.name, event.start_mark.line + 1, allowed=allowed))
