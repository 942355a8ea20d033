"""A document as Markdown with footnotes; comments to the officer are numbered and listed at its end."""

from __future__ import annotations

import re
from textwrap import indent

from caprev.documents.content.escaping import escape as _escape
from caprev.documents.content.model import (
    Document,
    Heading,
    Note,
    Paragraph,
    Picture,
    Remark,
    Run,
    Table,
    notes_of,
    remarks_of,
)
from caprev.documents.content.walk import Rendering

# What would make a paragraph an item of a list, or a line across the page.
_STARTS = re.compile(r"^(\s*\d*)(?=\S)([.)]|(?<!\d)[-+=])")


def render(document: Document, comments: str = "") -> str:
    """The document as Markdown; `comments` heads the list of comments."""
    writer = _Markdown(document)
    lines = [f"**{escape(document.mark)}**", "", f"# {escape(document.title)}", ""]
    for block in writer.blocks():
        lines += [block, ""]
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
    inside = _escape(text)
    if not inside:
        return " " if text else ""
    lead, tail = (" " if text[0].isspace() else ""), (" " if text[-1].isspace() else "")
    return f"{lead}{inside}{tail}"


class _Markdown(Rendering):
    def heading(self, heading: Heading, text: str) -> str:
        return f"{'#' * min(heading.level + 1, 6)} {text}"

    def paragraph(self, paragraph: Paragraph, text: str) -> str:
        text = _STARTS.sub(r"\1\\\2", text)
        if paragraph.style == "label":
            text = f"**{text.strip()}**"
        return f"> {text}" if paragraph.style in ("quote", "disclaimer") else text

    def item(self, text: str, below: str, number: int, depth: int) -> str:
        line = f"{f'{number}.' if number else '-'} {text}".rstrip()
        return f"{line}\n{indent(below, '    ' if number else '  ')}" if below else line

    def listing(self, items: list[str], start: int) -> str:
        return "\n".join(items)

    def table(self, table: Table, rows: list[list[str]]) -> str:
        lines = [f"**{escape(table.caption)}**", ""] if table.caption else []
        lines.append(f"| {' | '.join(escape(text) or ' ' for text in table.header)} |")
        lines.append(f"|{'---|' * len(table.header)}")
        lines += [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join(lines)

    def picture(self, picture: Picture) -> str:
        """In words: a text file shows no drawing."""
        return "\n".join([f"**{escape(picture.caption)}**", "", *(f"- {escape(text)}" for text in picture.told)])

    def note(self, note: Note) -> str:
        return f"[^{note.number}]"

    def remark(self, remark: Remark, number: int) -> str:
        return f"{self.runs(remark.runs)} \\[C{number}\\]"

    def run(self, run: Run) -> str:
        text = escape(run.text)
        for wanted, mark in ((run.italic, "*"), (run.bold, "**")):
            # Emphasis must touch what it emphasises.
            if wanted and text.strip():
                lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
                text = f"{lead}{mark}{text.strip()}{mark}{tail}"
        return text
