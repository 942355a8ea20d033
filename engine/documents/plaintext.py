"""A document as Markdown with footnotes; comments to the officer are numbered and listed at its end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .markdown import escape as _escape
from .model import (
    Block,
    Document,
    Heading,
    Inline,
    Item,
    Listing,
    Note,
    Paragraph,
    Remark,
    Run,
    Table,
    notes_of,
    remarks_of,
)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_STARTS = re.compile(r"^(\s*)(\d+)([.)])")


def render(document: Document, comments: str = "") -> str:
    """The document as Markdown; `comments` heads the list of comments."""
    writer = _Markdown()
    lines = [f"**{escape(document.mark)}**", "", f"# {escape(document.title)}", ""]
    for block in document.blocks:
        lines += [*writer.block(block), ""]
    remarks = remarks_of(document)
    if remarks:
        lines += [f"## {escape(comments)}", ""]
        lines += [
            f"{index + 1}. \\[C{index + 1}\\] {writer.runs(remark.runs).strip()}: {escape(remark.comment)}"
            for index, remark in enumerate(remarks)
        ]
        lines.append("")
    lines += [f"[^{note.number}]: {writer.runs(note.runs)}" for note in notes_of(document)]
    return "\n".join(lines).rstrip() + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is, keeping the spaces at its ends."""
    text = _CONTROL.sub("", text)
    inside = _escape(text)
    if not inside:
        return " " if text else ""
    lead, tail = (" " if text[0].isspace() else ""), (" " if text[-1].isspace() else "")
    return f"{lead}{inside}{tail}"


class _Markdown:
    def __init__(self) -> None:
        self.remarks = 0

    def block(self, block: Block) -> Iterator[str]:
        if isinstance(block, Heading):
            yield f"{'#' * min(block.level + 1, 6)} {self.inlines(block.inlines)}"
        elif isinstance(block, Paragraph):
            text = _STARTS.sub(r"\1\2\\\3", self.inlines(block.inlines))
            if block.style == "label":
                text = f"**{text.strip()}**"
            yield f"> {text}" if block.style in ("quote", "disclaimer") else text
        elif isinstance(block, Listing):
            yield from self.items(block.items, 0, block.start)
        else:
            yield from self.table(block)

    def items(self, items: Iterable[Item], depth: int, start: int) -> Iterator[str]:
        for index, item in enumerate(items):
            mark = f"{start + index}." if start else "-"
            yield f"{'  ' * depth}{mark} {self.inlines(item.inlines)}".rstrip()
            yield from self.items(item.children, depth + (2 if start else 1), 0)

    def table(self, table: Table) -> Iterator[str]:
        yield f"**{escape(table.caption)}**"
        yield ""
        yield f"| {' | '.join(escape(text) or ' ' for text in table.header)} |"
        yield f"|{'---|' * len(table.header)}"
        for row in table.rows:
            yield f"| {' | '.join(self.inlines(cell) for cell in row)} |"

    def inlines(self, inlines: Iterable[Inline]) -> str:
        return "".join(self.inline(inline) for inline in inlines)

    def inline(self, inline: Inline) -> str:
        if isinstance(inline, Run):
            return self.run(inline)
        if isinstance(inline, Note):
            return f"[^{inline.number}]"
        assert isinstance(inline, Remark)
        self.remarks += 1
        return f"{self.runs(inline.runs)} \\[C{self.remarks}\\]"

    def runs(self, runs: Iterable[Run]) -> str:
        return "".join(map(self.run, runs))

    def run(self, run: Run) -> str:
        text = escape(run.text)
        for wanted, mark in ((run.italic, "*"), (run.bold, "**")):
            # Emphasis must touch what it emphasises.
            if wanted and text.strip():
                lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
                text = f"{lead}{mark}{text.strip()}{mark}{tail}"
        return text
