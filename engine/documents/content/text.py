"""A document for a terminal: headings underlined, lists indented, tables in columns, pictures in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from caprev.characters import shown
from caprev.documents.content.model import Document, Heading, Inline, Item, Note, Paragraph, Picture, Remark, Run, Table
from caprev.documents.content.walk import Rendering
from caprev.facts.in_words import WIDTH, wrapped

Paint = Callable[[str, str], str]


def plain(text: str, _style: str) -> str:
    """No colour."""
    return text


def render(document: Document) -> str:
    """The document in lines."""
    return _Terminal(document).text()


def dense(document: Document, paint: Paint = plain) -> str:
    """The document with a blank line between its parts only, and all indented below its heading."""
    return _Dense(document, paint).text()


class _Terminal(Rendering):
    def text(self) -> str:
        title = shown(self.document.title)
        blocks = ["\n".join([title.upper(), "=" * min(len(title), WIDTH)]), *filter(None, self.blocks())]
        return "\n\n".join(blocks) + "\n"

    def heading(self, heading: Heading, text: str) -> str:
        return "\n".join([text, *(["=" * min(len(text), WIDTH)] if heading.level == 1 else [])])

    def paragraph(self, paragraph: Paragraph, text: str) -> str:
        return "\n".join(wrapped(text))

    def item(self, item: Item, text: str, below: str, number: int, depth: int) -> str:
        lines = wrapped(f"{f'{number}.' if number else '-'} {text}", "  " * (depth + 1), 2)
        return "\n".join([*lines, below] if below else lines)

    def listing(self, items: list[str], start: int) -> str:
        return "\n".join(items)

    def table(self, table: Table, rows: list[list[str]]) -> str:
        cells = [[shown(text) for text in table.header], *rows]
        wide = [max(len(row[column]) for row in cells) for column in range(len(table.header))]
        return "\n".join(_row(row, wide) for row in cells)

    def picture(self, picture: Picture) -> str:
        return "\n".join(wrapped(shown(" ".join(picture.told))))

    def inlines(self, inlines: Iterable[Inline]) -> str:
        return shown(super().inlines(inlines))

    def run(self, run: Run) -> str:
        return run.text

    def note(self, note: Note) -> str:
        return ""

    def remark(self, remark: Remark, number: int) -> str:
        return self.runs(remark.runs)


class _Dense(_Terminal):
    def __init__(self, document: Document, paint: Paint) -> None:
        super().__init__(document)
        self.paint = paint
        self.indent = ""

    def text(self) -> str:
        parts = []
        for part in self.document.parts:
            self.indent = ""
            parts.append("\n".join(filter(None, map(self.block, part.blocks))))
        return "\n".join([self._title(), "\n\n".join(parts)]) + "\n"

    def _title(self) -> str:
        title, beside = shown(self.document.title), f"  [{shown(self.document.subject)}]"
        lines = self._painted(title, "title")
        if not self.document.subject:
            return "\n".join(lines)
        fits = len(wrapped(title)[-1] + beside) <= WIDTH
        return "\n".join(lines) + (beside if fits else "\n" + "\n".join(wrapped(beside)))

    def heading(self, heading: Heading, text: str) -> str:
        lines = self._painted(text, heading.tone, self.indent if heading.level > 2 else "")
        self.indent = "  " if heading.level == 1 else "   "
        return "\n".join(lines)

    def _painted(self, text: str, tone: str, indent: str = "") -> list[str]:
        """Painted line by line, so that no colour runs into the margin."""
        return [indent + self.paint(line.removeprefix(indent), tone) for line in wrapped(text, indent)]

    def paragraph(self, paragraph: Paragraph, text: str) -> str:
        return "\n".join(wrapped(text, self.indent))

    def item(self, item: Item, text: str, below: str, number: int, depth: int) -> str:
        lines = wrapped(text, self.indent + "  " * depth, item.hang)
        return "\n".join([*lines, below] if below else lines)


def _row(row: list[str], wide: list[int]) -> str:
    right = (cell.rjust(width) for cell, width in zip(row[1:], wide[1:], strict=True))
    return "  ".join(["  " + row[0].ljust(wide[0]), *right]).rstrip()
