"""Headings, paragraphs, lists, tables and pictures, in order; as Markdown, or as plain text for a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caprev.documents.content.escaping import escape

WIDTH = 110
# What may stand between two backticks as code; whatever else a person writes between them is text.
_CODE = re.compile(r"(?<![`\\])`([\w./:+=,-](?:[\w./:+=, -]*[\w./:+=,-])?)`(?!`)", re.ASCII)
_NAME, _ODD = re.compile(r"[\w./-]+", re.ASCII), re.compile(r"[<>\\]")


@dataclass(frozen=True)
class Heading:
    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str


@dataclass(frozen=True)
class Bullets:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The first column is set left, the others right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A picture in a file beside the document."""

    file: str
    says: str


Block = Heading | Paragraph | Bullets | Table | Picture


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table from any rows."""
    return Table(tuple(head), tuple(tuple(row) for row in rows))


def markdown(blocks: Iterable[Block]) -> str:
    """The blocks as Markdown. A name or a command between backticks is code; all else is escaped."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Heading):
            lines += ["#" * block.level + " " + _escaped(block.text)]
        elif isinstance(block, Paragraph):
            lines += [_escaped(block.text)]
        elif isinstance(block, Bullets):
            lines += [f"- {_escaped(item)}" for item in block.items]
        elif isinstance(block, Picture):
            lines += [f"![{_escaped(block.says)}]({_target(block.file)})"]
        else:
            rules = ["---"] + ["---:"] * (len(block.head) - 1)
            lines += [_row(map(_escaped, block.head)), _row(rules)]
            lines += [_row(map(_escaped, row)) for row in block.rows]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _escaped(text: str) -> str:
    parts = _CODE.split(text)
    return "".join(f"`{part}`" if index % 2 else _spaced(part) for index, part in enumerate(parts) if part)


def _target(file: str) -> str:
    """The name of a file as the target of a link."""
    return file if _NAME.fullmatch(file) else f"<{_ODD.sub(lambda found: chr(92) + found[0], file)}>"


def _spaced(text: str) -> str:
    """Escaped, with the spaces at its ends, which `escape` takes off."""
    start, end = text[:1].isspace() and bool(text.strip()), text[-1:].isspace()
    return " " * start + escape(text) + " " * end


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def plain(blocks: Iterable[Block]) -> str:
    """The blocks for a terminal; pictures are left out."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Picture):
            continue
        if isinstance(block, Heading):
            text = _CODE.sub(r"\1", block.text)
            lines += [text.upper() if block.level == 1 else text] + (["=" * len(text)] if block.level <= 2 else [])
        elif isinstance(block, Paragraph):
            lines += textwrap.wrap(_CODE.sub(r"\1", block.text), WIDTH)
        elif isinstance(block, Bullets):
            for item in block.items:
                lines += textwrap.wrap(_CODE.sub(r"\1", item), WIDTH, initial_indent="  - ", subsequent_indent="    ")
        else:
            rows = [[_CODE.sub(r"\1", cell) for cell in row] for row in (block.head, *block.rows)]
            wide = [max(len(row[column]) for row in rows) for column in range(len(block.head))]
            for row in rows:
                set_right = [cell.rjust(width) for cell, width in zip(row, wide, strict=True)]
                lines.append("  ".join(["  " + row[0].ljust(wide[0]), *set_right[1:]]).rstrip())
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
