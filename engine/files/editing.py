"""Changing single values in a written fact set, so that everything else stays as a person wrote it.

Comments, order, quoting and layout are kept: only the characters of the value change, or a line is added. What
was changed is read back and compared; where a layout defeats that, the whole is written anew, its comments above it.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

import yaml

from caprev.errors import BadInput
from caprev.files import reading
from caprev.files.reading import Path_, Value, textual

_PLAIN = re.compile(r"[A-Za-z0-9_$][A-Za-z0-9_.$%/() -]*")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def put(text: str, path: Path_, value: Any) -> str:
    """The text with `value` at `path`, added if it is not there.

    >>> print(put("site:\\n  lots: 12  # by the plan\\n", ("site", "lots"), 14), end="")
    site:
      lots: 14  # by the plan
    """
    expected = _set(reading.parse(text).data, path, textual(value))
    return _checked(text, expected, lambda root: _put(text, root, path, value))


def remove(text: str, path: Path_) -> str:
    """The text without the entry at `path`, and without a section that it leaves empty.

    >>> print(remove("site:\\n  lots: 12\\n  sold: no\\n", ("site", "lots")), end="")
    site:
      sold: no
    """
    data = reading.parse(text).data
    while len(path) > 1 and isinstance(path[-2], str) and len(_at(data, path[:-1])) == 1:
        path = path[:-1]
    expected = _set(data, path, None, drop=True)
    return _checked(text, expected, lambda root: _remove(text, root, path))


def _checked(text: str, expected: Value, edit: Any) -> str:
    with suppress(yaml.YAMLError, BadInput, _Layout):
        new = str(edit(yaml.compose(text, yaml.SafeLoader)))
        if reading.parse(new).data == expected:
            return new
    return "".join(f"{comment}\n" for comment in _comments(text)) + _written(expected)


def _comments(text: str) -> list[str]:
    """Every comment: what stands between the tokens."""
    found, end = "", 0
    with suppress(yaml.YAMLError):  # JSON that YAML does not know has none
        for token in yaml.scan(text, yaml.SafeLoader):
            found += text[end : token.start_mark.index] + "\n"
            if getattr(token, "style", "") in ("|", ">"):
                found += text[token.start_mark.index :].partition("\n")[0] + "\n"
            end = token.end_mark.index
        found += text[end:]
    return re.findall(r"#[^\r\n]*", found)


class _Layout(Exception):
    """A layout that cannot be edited in place."""


# --- data ----------------------------------------------------------------------------------------------------


def _at(data: Value, path: Path_) -> Any:
    found: Any = data
    for step in path:
        found = found[step]
    return found


def _set(data: Value, path: Path_, value: Value, drop: bool = False) -> Value:
    """A copy of the data with another value at the path."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(data, list):
        assert isinstance(key, int)
        return [_set(item, rest, value, drop) if index == key else item for index, item in enumerate(data)]
    entries = dict(data) if isinstance(data, dict) else {}
    if drop and not rest:
        entries.pop(str(key), None)
    else:
        entries[str(key)] = _set(entries.get(str(key)), rest, value, drop)
    return entries


# --- text ----------------------------------------------------------------------------------------------------


def _put(text: str, root: Any, path: Path_, value: Any) -> str:
    json_like = root.flow_style and text.lstrip().startswith("{") and '"' in text
    node, depth, place = root, 0, None
    while depth < len(path):
        if isinstance(node, yaml.SequenceNode):
            index = path[depth]
            assert isinstance(index, int)
            place, node = None, node.value[index]
        elif isinstance(node, yaml.MappingNode):
            found = next(((key, item) for key, item in node.value if key.value == path[depth]), None)
            if found is None:
                return _insert(text, node, path[depth:], value, json_like)
            place, node = found
        else:
            break  # a key without a value, or one to be replaced by a mapping
        depth += 1
    if place is None:
        raise _Layout
    for key in reversed(path[depth:]):
        value = {str(key): value}
    empty = isinstance(node, yaml.ScalarNode) and node.start_mark.index == node.end_mark.index
    end = place.end_mark.index if empty else _end(text, node)
    written = _flow(value, json_like)
    if empty:
        colon = text.index(":", end)
        return f"{text[: colon + 1]} {written}{text[colon + 1 :]}"
    return f"{text[: place.end_mark.index]}: {written}{text[end:]}"


def _remove(text: str, root: Any, path: Path_) -> str:
    node = root
    for step in path[:-1]:
        node = node.value[step] if isinstance(step, int) else next(i for k, i in node.value if k.value == step)
    index = next(i for i, (key, _) in enumerate(node.value) if key.value == path[-1])
    key, item = node.value[index]
    if node.flow_style:
        start = node.value[index - 1][1].end_mark.index if index else node.start_mark.index + 1
        end = _end(text, item)
        if index == 0 and len(node.value) > 1:
            end = node.value[1][0].start_mark.index
        return text[:start] + text[end:]
    if len(node.value) == 1:
        raise _Layout  # an empty section
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    if text[start : key.start_mark.index].strip():
        raise _Layout  # the first key of a list's entry shares its line with the dash
    end = text.find("\n", _end(text, item))
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def _end(text: str, node: Any) -> int:
    """Where the value's own characters end: before trailing blanks, lines and comments."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _end(text, node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _end(text, node.value[-1])
    start, end = int(node.start_mark.index), int(node.end_mark.index)
    return start + len(text[start:end].rstrip())


def _insert(text: str, node: Any, keys: Path_, value: Any, json_like: bool) -> str:
    """A new entry at the end of a mapping."""
    names = [str(key) for key in keys]
    if node.flow_style:
        for name in reversed(names[1:]):
            value = {name: value}
        entry = f"{scalar(names[0], json_like)}: {_flow(value, json_like)}"
        if not node.value:
            return f"{text[: node.start_mark.index + 1]}{entry}{text[node.end_mark.index - 1 :]}"
        last = _end(text, node.value[-1][1])
        first = node.value[0][0].start_mark
        over_lines = first.line != node.start_mark.line
        return f"{text[:last]},{chr(10) + ' ' * first.column if over_lines else ' '}{entry}{text[last:]}"
    if not node.value:
        raise _Layout
    indent = node.value[0][0].start_mark.column
    last = _end(text, node.value[-1][1])
    if isinstance(node.value[-1][1], yaml.ScalarNode) and last == node.value[-1][0].end_mark.index:
        last = text.index(":", last) + 1
    line_end = text.find("\n", last)
    line_end = len(text) if line_end < 0 else line_end
    lines = [f"{' ' * (indent + 2 * depth)}{scalar(name, False)}:" for depth, name in enumerate(names)]
    lines[-1] += f" {_flow(value, False)}"
    after = text[line_end:] or "\n"
    return text[:line_end] + "\n" + "\n".join(lines) + after


def _flow(value: Any, json_like: bool) -> str:
    """A value on one line."""
    if json_like:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key, False)}: {_flow(item, False)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, False) for item in value) + "]"
    return scalar(value, False)


def scalar(value: Any, json_like: bool = False) -> str:
    """One value as it is written: bare where nothing could mistake it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    special = isinstance(value, str) and (text.lower() in _WORDS or text != text.strip())
    if json_like or special or not _PLAIN.fullmatch(text) or ": " in text or " #" in text:
        return json.dumps(text, ensure_ascii=False)
    return text


def _written(data: Value) -> str:
    """A whole fact set: sections as blocks, each fact on a line."""
    if not isinstance(data, dict) or not data:
        return _flow(data, False) + "\n"
    lines: list[str] = []
    for key, item in data.items():
        if isinstance(item, dict) and item:
            lines.append(f"{scalar(key, False)}:")
            lines += [f"  {scalar(name, False)}: {_flow(value, False)}" for name, value in item.items()]
        elif isinstance(item, list) and item:
            lines.append(f"{scalar(key, False)}:")
            lines += [f"  - {_flow(value, False)}" for value in item]
        else:
            lines.append(f"{scalar(key, False)}: {_flow(item, False)}")
    return "\n".join(lines) + "\n"
