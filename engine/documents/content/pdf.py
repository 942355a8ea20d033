"""A document as PDF, tagged for accessibility (PDF/UA-1), through typst; the same document gives the same bytes.

typst is asked for when a PDF is, and not before. Its own fonts are used; only for a character that they lack are
the fonts of the machine tried, and one that nothing can show is written as its code.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from caprev.characters import shown
from caprev.documents.content import bitmap, glyphs, model
from caprev.documents.content.walk import Rendering
from caprev.errors import BadInput, Problem

_PREAMBLE = Path(__file__).with_name("templates") / "typst" / "preamble.typ"
_WRAPS = {"label": "label-line", "disclaimer": "disclaimer", "small": "small", "quote": "indented"}
_PARTS = re.compile(r".{1,10000}(?:(?<=\s)|$)|.{1,10000}", re.DOTALL)
_LONG = re.compile(r"\S{36,}")
_HEAD = '#set document(title: "x")\n#set text(font: "Libertinus Serif")\n'
_LINE = re.compile(r"\.typ:(\d+):\d")
_PAGE = 1_000  # words that are tried at a time


def render(document: model.Document, comments: str = "") -> bytes:
    """The document as a PDF file; `comments` heads the list of comments. Raises BadInput where typst is missing."""
    try:
        import typst
    except ImportError:
        fix = "Set it up with: python3 install.py, or choose .docx, .html or .md"
        raise BadInput(Problem("PDF needs typst", fix=fix)) from None
    source = _Source(document).text(comments)

    def fails(words: set[str], own_fonts: bool) -> set[str]:
        rows = sorted(words)
        pages = (rows[start : start + _PAGE] for start in range(0, len(rows), _PAGE))
        return {page[row] for page in pages for row in _failing(typst, page, document, own_fonts)}

    shown = glyphs.needed(source, fails)
    try:
        return _compile(typst, shown.written(source), document, shown.own_fonts)
    except typst.TypstError:  # something can be shown by itself, and not where it stands
        return _compile(typst, glyphs.ascii_only(source).written(source), document, True)


def _failing(typst: Any, words: list[str], document: model.Document, own_fonts: bool) -> set[int]:
    """The places of those words that cannot be set, each tried as text, as strong and as emphasised text."""
    texts = (literal(word) for word in words)
    rows = "".join(f"\n#{text} #strong({text}) #emph({text})\n" for text in texts)
    try:
        _compile(typst, _HEAD + rows, document, own_fonts)
    except typst.TypstError as error:
        first = _HEAD.count("\n") + 2
        places = {(int(line) - first) // 2 for line in _LINE.findall(str(error.diagnostic))}
        return places & set(range(len(words))) or set(range(len(words)))
    return set()


def _compile(typst: Any, source: str, document: model.Document, ignore_system_fonts: bool) -> bytes:
    year, month, number = (int(part) for part in document.date.split("-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = typst.compile(
            source.encode("utf-8"),
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=datetime(year, month, number, tzinfo=UTC),
            ignore_system_fonts=ignore_system_fonts,
        )
    assert isinstance(done, bytes)
    return done


class _Source(Rendering):
    """The document as typst source: all text stands in string literals, so that none of it is markup."""

    def text(self, comments: str) -> str:
        document = self.document
        language, _, region = document.language.partition("-")
        where = f', region: "{region.lower()}"' if region else ""
        lines = [
            f"#let mark = {literal(document.mark)}",
            f"#let about = {literal(model.shortened(document.subject))}",
            f'#set document(title: {literal(f"{document.title}: {document.subject}")}, author: "caprev")',
            f'#set text(lang: "{language}"{where})',
            _PREAMBLE.read_text("utf-8"),
            f"#title({literal(document.title)})",
        ]
        lines += self.blocks()
        remarks = model.remarks_of(document)
        if remarks:
            lines.append(f"#heading(level: 1, {literal(comments)})")
            items = (f"[{self.runs(remark.runs)}: {_string(remark.comment)}]" for remark in remarks)
            lines.append(f'#enum(numbering: "[C1]", {", ".join(items)})')
        return "\n\n".join(lines) + "\n"

    def heading(self, heading: model.Heading, text: str) -> str:
        page = "#pagebreak(weak: true)\n" if heading.fresh else ""
        return f"{page}#heading(level: {heading.level})[{text}]"

    def paragraph(self, paragraph: model.Paragraph, text: str) -> str:
        wrap = _WRAPS.get(paragraph.style, "lead" if paragraph.leads else "")
        return f"#{wrap}[{text}]" if wrap else text

    def item(self, item: model.Item, text: str, below: str, number: int, depth: int) -> str:
        return f"[{text}\n{below}]" if below else f"[{text}]"

    def listing(self, items: list[str], start: int) -> str:
        kind = f"enum(start: {start}, " if start else "list("
        return f"#{kind}{', '.join(items)})"

    def table(self, table: model.Table, rows: list[list[str]]) -> str:
        widths = ", ".join(f"{width}fr" for width in table.widths)
        header = ", ".join(f"strong({literal(text)})" for text in table.header)
        cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
        caption = f"#caption-line({literal(table.caption)})\n" if table.caption else ""
        return f"{caption}#table(columns: ({widths}), table.header({header}), {cells})"

    def picture(self, picture: model.Picture) -> str:
        drawing = _quoted(bitmap.light(picture.drawing))
        words = literal(" ".join((picture.caption, *picture.told)))
        return f"#drawing({literal(picture.caption)}, {drawing}, {words}, {bitmap.shape(picture.drawing):.4f})"

    def note(self, note: model.Note) -> str:
        return f"#footnote[{self.runs(note.runs)}]"

    def remark(self, remark: model.Remark, number: int) -> str:
        return f'{self.runs(remark.runs)}#super("[C{number}]")'

    def run(self, run: model.Run) -> str:
        return _string(run.text, "emph({})" if run.italic else "{}", "strong({})" if run.bold else "{}")


def literal(text: str) -> str:
    """Text as a typst string; a word too long for a line may be broken."""
    text = re.sub("[\n\t]", " ", shown(text))
    return _quoted(_LONG.sub(lambda match: glyphs.BREAK.join(re.findall(r".{1,24}", match[0])), text))


def _quoted(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _string(text: str, *wraps: str) -> str:
    """Text in the flow, in parts with nothing between them: typst sets no more than 65,535 characters in one go."""
    parts = map(literal, _PARTS.findall(text))
    for wrap in wraps:
        parts = map(wrap.format, parts)
    return "#box(width: 0pt);".join(f"#{part};" for part in parts)
