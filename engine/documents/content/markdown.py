"""A document as Markdown with footnotes; comments to the officer are numbered and listed at its end."""

from __future__ import annotations

import re
from textwrap import indent

from caprev.documents.content import model
from caprev.documents.content.escaping import escape as _escape
from caprev.documents.content.walk import Rendering

# What can stand between two backticks; whatever else is code to its writer is shown as text.
_CODE = re.compile(r"[\w./:+=,-](?:[\w./:+=, -]*[\w./:+=,-])?", re.ASCII)
_NAME, _ODD = re.compile(r"[\w./-]+", re.ASCII), re.compile(r"[<>\\]")
# What would make a paragraph an item of a list, or a line across the page.
_STARTS = re.compile(r"^(\s*\d*)(?=\S)([.)]|(?<!\d)[-+=])")


def render(document: model.Document, comments: str = "") -> str:
    """The document as Markdown; `comments` heads the list of comments."""
    writer = _Markdown(document)
    lines = [f"**{escape(document.mark)}**", ""] if document.mark else []
    lines += [f"# {escape(document.title)}", ""]
    for block in writer.blocks():
        lines += [block, ""]
    remarks = model.remarks_of(document)
    if remarks:
        lines += [f"## {escape(comments)}", ""]
        lines += [
            f"{index + 1}. \\[C{index + 1}\\] {writer.runs(remark.runs).strip()}: {escape(remark.comment)}"
            for index, remark in enumerate(remarks)
        ]
        lines.append("")
    lines += [f"[^{note.number}]: {writer.runs(note.runs)}" for note in model.notes_of(document)]
    return "\n".join(lines).rstrip() + "\n"


def escape(text: str) -> str:
    """Text that Markdown shows as it is, keeping the spaces at its ends."""
    inside = _escape(text)
    if not inside:
        return " " if text else ""
    lead, tail = (" " if text[0].isspace() else ""), (" " if text[-1].isspace() else "")
    return f"{lead}{inside}{tail}"


def _target(file: str) -> str:
    """The name of a file as the target of a link."""
    return file if _NAME.fullmatch(file) else f"<{_ODD.sub(lambda found: chr(92) + found[0], file)}>"


class _Markdown(Rendering):
    def heading(self, heading: model.Heading, text: str) -> str:
        return f"{'#' * min(heading.level + 1, 6)} {text}"

    def paragraph(self, paragraph: model.Paragraph, text: str) -> str:
        text = _STARTS.sub(r"\1\\\2", text)
        if paragraph.style == "label":
            text = f"**{text.strip()}**"
        return f"> {text}" if paragraph.style in ("quote", "disclaimer") else text

    def item(self, item: model.Item, text: str, below: str, number: int, depth: int) -> str:
        line = f"{f'{number}.' if number else '-'} {text}".rstrip()
        return f"{line}\n{indent(below, '    ' if number else '  ')}" if below else line

    def listing(self, items: list[str], start: int) -> str:
        return "\n".join(items)

    def table(self, table: model.Table, rows: list[list[str]]) -> str:
        lines = [f"**{escape(table.caption)}**", ""] if table.caption else []
        lines.append(f"| {' | '.join(escape(text) or ' ' for text in table.header)} |")
        rules = ["---"] + ["---:" if table.numbers else "---"] * (len(table.header) - 1)
        lines.append(f"| {' | '.join(rules)} |")
        lines += [f"| {' | '.join(row)} |" for row in rows]
        return "\n".join(lines)

    def picture(self, picture: model.Picture) -> str:
        """In words, unless its drawing is a file beside this one: a text file shows no drawing."""
        if picture.file:
            return f"![{escape(picture.caption)}]({_target(picture.file)})"
        return "\n".join([f"**{escape(picture.caption)}**", "", *(f"- {escape(text)}" for text in picture.told)])

    def note(self, note: model.Note) -> str:
        return f"[^{note.number}]"

    def remark(self, remark: model.Remark, number: int) -> str:
        return f"{self.runs(remark.runs)} \\[C{number}\\]"

    def run(self, run: model.Run) -> str:
        text = f"`{run.text}`" if run.code and _CODE.fullmatch(run.text) else escape(run.text)
        for wanted, mark in ((run.italic, "*"), (run.bold, "**")):
            # Emphasis must touch what it emphasises.
            if wanted and text.strip():
                lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
                text = f"{lead}{mark}{text.strip()}{mark}{tail}"
        return text
