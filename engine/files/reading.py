"""Reading YAML and JSON strictly: every scalar stays text, and every value knows its line.

YAML's conveniences decide cases wrongly: `no` becomes false, `6.10` becomes 6.1, a repeated key silently
wins, nine lines of aliases become a billion nodes. So: no implicit types, no tags, no anchors, duplicate
keys refused, size, counts and depth bounded. Types come later, from the vocabulary and from pydantic models.

Characters that could command a terminal or turn text around are kept as their escapes (`characters`).
"""

from __future__ import annotations

import json
import math
import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import yaml

from caprev.characters import shown
from caprev.errors import BadInput, Problem, echoed, nearest
from caprev.limits import BYTES as MAX_BYTES
from caprev.limits import DEPTH as MAX_DEPTH
from caprev.limits import KEYS as MAX_KEYS
from caprev.limits import VALUES as MAX_NODES
from caprev.once import cached_property

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Value = None | str | list["Value"] | dict[str, "Value"]
Path_ = tuple[str | int, ...]

# JSON writes what lies beyond U+FFFF as two escapes, of which YAML knows neither.
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][\da-fA-F]{2})\\u([dD][c-fC-F][\da-fA-F]{2})")
_NOTHING = ("", "~", "null", "Null", "NULL")


class Source:
    """A parsed file: nested dicts, lists and text, the line of every value by its path, and the text itself."""

    def __init__(self, file: str, data: Value, text: str) -> None:
        self.file = file
        self.data = data
        self.text = text

    @cached_property
    def _lines(self) -> dict[Path_, int]:
        return _build(self.text, self.file, places=True).lines

    def line(self, path: Path_) -> int:
        """The line where the value at `path`, or the nearest enclosing one, was written."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 0)


@contextmanager
def opened(path: str | Path) -> Iterator[BinaryIO]:
    """A file to be read as bytes. Raises BadInput where it cannot be, and for anything but a plain file: a pipe or a
    device may never end, or never begin."""
    name = str(path)
    if "\0" in name:
        raise BadInput(Problem("cannot be read (its name holds a NUL)", name))
    try:
        kind = os.stat(path).st_mode  # before it is opened: a pipe would wait, and a device may take it for a command
        if not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
            what = "a pipe" if stat.S_ISFIFO(kind) else "a socket" if stat.S_ISSOCK(kind) else "a device"
            fix = "Save what it gives in a file, and name that"
            raise BadInput(Problem(f"is {what}, not a plain file", name, fix=fix))
        with open(path, "rb") as stream:
            yield stream
    except IsADirectoryError:
        raise BadInput(Problem("is a directory, not a file", name, fix="Name one YAML or JSON file")) from None
    except OSError as error:
        fix = _beside(Path(path)) if isinstance(error, FileNotFoundError) else ""
        raise BadInput(Problem(f"cannot be read ({error.strerror or error})", name, fix=fix)) from None


def read(path: str | Path) -> Source:
    """Parse one file. Raises BadInput for anything that is not one plain YAML or JSON document."""
    return parse(contents(path), str(path))


def contents(path: str | Path) -> str:
    """The text of one file. Raises BadInput where it cannot be read, is too long, or is no text."""
    name = str(path)
    with opened(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > MAX_BYTES:
            raise BadInput(Problem(f"is {size:,} bytes long", name, allowed=f"at most {MAX_BYTES:,} bytes"))
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise BadInput(Problem("is too long", name, allowed=f"at most {MAX_BYTES:,} bytes"))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BadInput(Problem(f"is not UTF-8 text (byte {error.start})", name, line)) from None


def lines(stream: BinaryIO, most: int, start: int = 0, end: float = math.inf) -> Iterator[bytes]:
    """The lines that begin in a range of bytes. One that is longer than `most` bytes ends where it is."""

    def unfinished(line: bytes) -> bool:
        return len(line) == most and not line.endswith(b"\n")

    if start:
        stream.seek(start - 1)
        while unfinished(stream.readline(most)):
            pass
    while stream.tell() < end and (line := stream.readline(most)):
        yield line
        while unfinished(line):
            line = stream.readline(most)


def _beside(path: Path) -> str:
    """The file of the nearest name where one was looked for."""
    try:
        names = sorted(item.name for item in path.parent.iterdir() if item.suffix == path.suffix)
    except OSError:
        return ""
    return nearest(path.name, names)


def parse(text: str, name: str = "<text>") -> Source:
    """Parse text already in memory; `name` is what messages call it. Raises BadInput.

    >>> parse("site: {lots: 12, sold: no}").data
    {'site': {'lots': '12', 'sold': 'no'}}
    """
    if not text.strip():
        raise BadInput(Problem("is empty", name))
    return Source(name, _build(text, name, places=False).data, text)


def made(data: Any, name: str) -> Source:
    """What `parse` makes of data that stood in a file which was read already, such as the facts of an example.

    >>> made({"development": {"lots": 3, "staged": True}}, "an example").data
    {'development': {'lots': '3', 'staged': 'true'}}
    """
    return Source(name, textual(data), json.dumps(data))


def _build(text: str, name: str, places: bool) -> _Builder:
    builder = _Builder(name, places)
    try:
        _feed(builder, text)
    except yaml.MarkedYAMLError as error:
        _check_depth(text, name, error)
        joined = _SURROGATES.sub(_joined, text) if "escape code" in (error.problem or "") and _is_json(text) else text
        if joined != text:
            return _build(joined, name, places)
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise BadInput(Problem(f"is not valid YAML: {error.problem or error.context}", name, line)) from None
    except UnicodeEncodeError as error:  # text that was made by a program
        line = text.count("\n", 0, error.start) + 1
        raise BadInput(Problem("is not text: it holds half of a pair of surrogates", name, line)) from None
    except yaml.YAMLError as error:  # a character YAML does not allow
        position = getattr(error, "position", 0) or 0
        line = text.count("\n", 0, position) + 1
        raise BadInput(Problem("is not valid YAML: it holds a character YAML does not allow", name, line)) from None
    if not builder.closed:
        raise BadInput(Problem("holds no data", name))
    return builder


def _feed(builder: _Builder, text: str) -> None:
    """Give the builder every event of the parser; one that recurses may give out first."""
    parser = _LOADER(text)
    take = {
        yaml.ScalarEvent: builder.scalar,
        yaml.MappingStartEvent: builder.mapping,
        yaml.SequenceStartEvent: builder.sequence,
        yaml.MappingEndEvent: builder.end,
        yaml.SequenceEndEvent: builder.end,
        yaml.AliasEvent: builder.alias,
        yaml.DocumentStartEvent: builder.document,
    }
    try:
        while (event := parser.get_event()) is not None:
            step = take.get(type(event))
            if step:
                step(event)
    except RecursionError:
        problem = Problem("is nested too deeply", builder.name, allowed=f"at most {MAX_DEPTH} levels")
        raise BadInput(problem) from None


def _check_depth(text: str, name: str, error: yaml.MarkedYAMLError) -> None:
    """Refuse text that is nested too deeply before the place where the parser gave up.

    Parsers look ahead, and some (libyaml 0.2.6) have a limit of depth too, in their own words: what they tell would
    depend on their release.
    """
    builder = _Builder(name, places=False)
    try:
        _feed(builder, text[: error.problem_mark.index] if error.problem_mark else "")
    except (BadInput, yaml.YAMLError):
        if builder.too_deep:
            raise


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _joined(escapes: re.Match[str]) -> str:
    """Two surrogate escapes as the one escape that means the same in YAML."""
    high, low = (int(escapes[part], 16) for part in (2, 3))
    return f"{escapes[1]}\\U{0x10000 + ((high - 0xD800) << 10) + low - 0xDC00:08x}"


class _Builder:
    """Builds plain data from parser events, so that nothing is ever constructed implicitly.

    With `places` it keeps the line of every value; without, it is twice as fast, and lines are found by
    building again when a message needs one.
    """

    def __init__(self, name: str, places: bool) -> None:
        self.name = name
        self.data: Value = None
        self.lines: dict[Path_, int] = {}
        self.closed = False
        self._places = places
        self._open: list[dict[str, Value] | list[Value]] = []
        self._keys: list[str | None] = []
        self._key_line = 0
        self._path: list[Path_] = []
        self._nodes = 0
        self._documents = 0

    @property
    def too_deep(self) -> bool:
        """Whether more is open than may be."""
        return len(self._open) > MAX_DEPTH

    def mapping(self, event: Any) -> None:
        self._start(event, {})

    def sequence(self, event: Any) -> None:
        self._start(event, [])

    def _start(self, event: Any, new: dict[str, Value] | list[Value]) -> None:
        self._check(event)
        self._path.append(self._place(new, event))
        self._open.append(new)
        self._keys.append(None)
        if self.too_deep:
            self._refuse("is nested too deeply", event, f"at most {MAX_DEPTH} levels")

    def end(self, _event: Any) -> None:
        self._open.pop()
        self._keys.pop()
        self._path.pop()

    def alias(self, event: Any) -> None:
        self._refuse(f"uses an alias (*{echoed(event.anchor)})", event, "plain values; write the value out")

    def document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            self._refuse("holds a second document", event, "one document a file")

    def scalar(self, event: Any) -> None:
        self._check(event)
        value = shown(event.value)
        if self._open and self._keys[-1] is None and isinstance(self._open[-1], dict):
            if value in self._open[-1]:
                self._twice(event)
            if len(self._open[-1]) == MAX_KEYS:
                self._refuse("has too many keys in one place", event, f"at most {MAX_KEYS:,}")
            self._keys[-1], self._key_line = value, event.start_mark.line + 1
            return
        # Only an unquoted nothing is nothing; "null" in quotes is text.
        self._place(None if value in _NOTHING and not event.style else value, event)

    def _check(self, event: Any) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse("holds too many values", event, f"at most {MAX_NODES:,}")
        if event.anchor:
            self._refuse(f"uses an anchor (&{echoed(event.anchor)})", event, "plain values; write the value out")
        if event.tag:
            self._refuse(f"uses a tag ({echoed(event.tag)})", event, "plain values without tags")

    def _place(self, value: Value, event: Any) -> Path_:
        step: str | int
        if not self._open:
            self.data, self.closed = value, True
            if self._places:
                self.lines[()] = event.start_mark.line + 1
            return ()
        parent = self._open[-1]
        if isinstance(parent, list):
            step = len(parent)
            parent.append(value)
        else:
            key = self._keys[-1]
            if key is None:
                raise BadInput(Problem("has a list or a mapping as a key", self.name, event.start_mark.line + 1))
            step = key
            parent[key] = value
            self._keys[-1] = None
        if not self._places:
            return ()
        here = (*self._path[-1], step)
        # A block value begins on the line below its key; the key is what a person looks for.
        self.lines[here] = self._key_line if isinstance(parent, dict) else event.start_mark.line + 1
        return here

    def _twice(self, event: Any) -> None:
        line = event.start_mark.line + 1
        raise BadInput(
            Problem(
                f"the key '{echoed(event.value)}' is given twice in one place", self.name, line, fix="Keep one of them"
            )
        )

    def _refuse(self, what: str, event: Any, allowed: str) -> None:
        raise BadInput(Problem(what, self.name, event.start_mark.line + 1, allowed=allowed))


def textual(value: Any, deepest: int = sys.maxsize) -> Any:
    """The value as the loader of fact sets reads it: every scalar as text.

    Raises RecursionError for what is nested deeper than `deepest`, which no fact set is.

    >>> textual({"lots": 12, "sold": False, "price": None})
    {'lots': '12', 'sold': 'false', 'price': None}
    """
    if deepest < 0:
        raise RecursionError
    if isinstance(value, str) or value is None:  # the most frequent first
        return value
    if isinstance(value, dict):
        return {str(key): textual(item, deepest - 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [textual(item, deepest - 1) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)
