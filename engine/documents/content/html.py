"""A document as one HTML page, or as a fragment of one: no scripts, no network; notes as linked lists at its end.

Nothing in a fragment carries a style of its own, so that a page may forbid inline styles: all looks stand in `style`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape as escaped
from pathlib import Path

from caprev.characters import shown
from caprev.documents.content import model
from caprev.documents.content.walk import Rendering
from caprev.drawing import svg

_STYLE = Path(__file__).with_name("templates") / "html" / "style.css"


def render(document: model.Document, notes: str = "", comments: str = "") -> str:
    """The document as a page; `notes` and `comments` head the lists at its end."""
    return _Page(document).text(notes, comments)


def fragment(document: model.Document, notes: str = "", comments: str = "", level: int = 2) -> str:
    """The body of the document for a page that has its own frame, its chief headings at `level` (1 to 6).

    It has neither title nor styles; the page shows it right with the sheet of `style`.
    """
    return "\n".join(_Page(document, level - 1).body(notes, comments)) + "\n"


def style(sides: Sequence[str]) -> str:
    """The one sheet of styles for fragments whose pictures are of these sides, against first."""
    return f"{_STYLE.read_text('utf-8')}{svg.stylesheet(sides)}\n"


def escape(text: str) -> str:
    return escaped(shown(text))


class _Page(Rendering):
    def __init__(self, document: model.Document, above: int = 1) -> None:
        """`above`: the levels of headings that stand above the document's own."""
        super().__init__(document)
        self.above = above

    def text(self, notes: str, comments: str) -> str:
        document = self.document
        title = escape(": ".join(filter(None, (document.title, document.subject))))
        lines = [
            "<!doctype html>",
            f'<html lang="{document.language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="generator" content="caprev">',
            f"<title>{title}</title>",
            f"<style>\n{_STYLE.read_text('utf-8')}{self._darkened()}</style>",
            "</head>",
            "<body>",
            "<main>",
            *([f'<p class="mark">{escape(document.mark)}</p>'] if document.mark else []),
            f"<h1>{escape(document.title)}</h1>",
        ]
        lines += self.body(notes, comments)
        return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"

    def _darkened(self) -> str:
        """What the pictures say of a dark screen, once."""
        return "".join(f"{rules}\n" for rules in dict.fromkeys(svg.styles(p.drawing) for p in self.document.pictures))

    def body(self, notes: str, comments: str) -> list[str]:
        """All blocks, then the lists of notes and comments."""
        blocks, document = self.blocks(), self.document
        noted = {note.number: self.runs(note.runs) for note in model.notes_of(document)}
        told = (f"<q>{self.runs(remark.runs)}</q>: {escape(remark.comment)}" for remark in model.remarks_of(document))
        return [
            *blocks,
            *self._listed(notes, noted, ("n", "r")),
            *self._listed(comments, dict(enumerate(told, 1)), ("c", "d")),
        ]

    def _listed(self, title: str, items: Mapping[int, str], letters: tuple[str, str]) -> list[str]:
        """A list at the end, by numbers; of the letters one names an item, and one its place in the text."""
        head, (mine, place) = f"h{min(self.above + 1, 6)}", letters
        back = 'aria-label="Back to the text">&#8617;</a></li>'
        rows = [f'<li id="{mine}{at}">{text} <a href="#{place}{at}" {back}' for at, text in items.items()]
        top = [f'<section class="notes" aria-label="{escape(title)}">', f"<{head}>{escape(title)}</{head}>", "<ol>"]
        return [*top, *rows, "</ol>", "</section>"] if rows else []

    def heading(self, heading: model.Heading, text: str) -> str:
        level = min(heading.level + self.above, 6)
        page = ' class="fresh"' if heading.fresh else ""
        return f"<h{level}{page}>{text}</h{level}>"

    def paragraph(self, paragraph: model.Paragraph, text: str) -> str:
        kind = f' class="{paragraph.style}"' if paragraph.style else ""
        text = f"<p{kind}>{text}</p>"
        return f"<blockquote>{text}</blockquote>" if paragraph.style == "quote" else text

    def item(self, item: model.Item, text: str, below: str, number: int, depth: int) -> str:
        return f"<li>{text}{below}</li>"

    def listing(self, items: list[str], start: int) -> str:
        opening, closing = (f'<ol start="{start}">', "</ol>") if start else ("<ul>", "</ul>")
        return f"{opening}{''.join(items)}{closing}"

    def table(self, table: model.Table, rows: list[list[str]]) -> str:
        kinds = ["", *([' class="number"' if table.numbers else ""] * (len(table.header) - 1))]
        cells = zip(table.header, kinds, strict=True)
        head = "".join(f'<th scope="col"{kind}>{escape(text)}</th>' for text, kind in cells)
        caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
        lines = [f"<table>{caption}", f"<thead><tr>{head}</tr></thead>", "<tbody>"]
        for row in rows:
            cells = zip(row, kinds, strict=True)
            lines.append("<tr>" + "".join(f"<td{kind}>{cell}</td>" for cell, kind in cells) + "</tr>")
        return "\n".join([*lines, "</tbody></table>"])

    def picture(self, picture: model.Picture) -> str:
        """The drawing itself, which carries its words for readers that cannot see it."""
        caption = f"<figcaption>{escape(picture.caption)}</figcaption>\n" if picture.caption else ""
        return f"<figure>{caption}{svg.embedded(picture.drawing)}</figure>"

    def note(self, note: model.Note) -> str:
        number = note.number
        return f'<sup><a id="r{number}" href="#n{number}" aria-label="Footnote {number}">{number}</a></sup>'

    def remark(self, remark: model.Remark, number: int) -> str:
        link = f'<a id="d{number}" href="#c{number}" aria-label="Comment {number}">[C{number}]</a>'
        return f"<mark>{self.runs(remark.runs)}</mark><sup>{link}</sup>"

    def run(self, run: model.Run) -> str:
        text = f"<code>{escape(run.text)}</code>" if run.code else escape(run.text)
        text = f"<em>{text}</em>" if run.italic else text
        return f"<strong>{text}</strong>" if run.bold else text
