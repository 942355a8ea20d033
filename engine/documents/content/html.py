"""A document as one HTML page: no scripts, no network; footnotes and comments as linked lists at its end."""

from __future__ import annotations

from html import escape as escaped

from caprev.characters import shown
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

_STYLE = """
body { font: 1rem/1.5 Georgia, serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
body { background: #fff; overflow-wrap: anywhere; }
h1, h2, h3, h4, h5, h6 { font-family: system-ui, sans-serif; line-height: 1.25; margin: 1.6em 0 .5em; }
h2 { border-bottom: 1px solid #767676; padding-bottom: .2rem; } h5, h6 { font-style: italic; }
.mark { font: 600 .9rem system-ui, sans-serif; text-transform: uppercase; letter-spacing: .05em; }
.label { font-weight: 600; margin-bottom: .2rem; } .small, .notes { font-size: .9rem; }
.disclaimer { border-left: 4px solid #767676; padding-left: .8rem; font-size: .95rem; }
figure { margin: 1.2rem 0; } figure svg { max-width: 100%; height: auto; } figcaption { font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; margin: 1rem 0; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { border: 1px solid #767676; padding: .3rem .5rem; text-align: left; vertical-align: top; }
th { background: #e7e6e6; } li { margin: .2rem 0; } blockquote { margin: 0 2rem; }
mark { background: #fff3bf; color: inherit; } sup { line-height: 0; } a { color: #0b5394; }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #eee; } th { background: #333; } mark { background: #4d4413; }
  a { color: #9cc4f0; }
}
@media print { body { max-width: none; margin: 0; } .fresh { break-before: page; } }
"""


def render(document: Document, notes: str = "", comments: str = "") -> str:
    """The document as a page; `notes` and `comments` head the lists at its end."""
    return _Page(document).text(notes, comments)


def escape(text: str) -> str:
    return escaped(shown(text))


class _Page(Rendering):
    def text(self, notes: str, comments: str) -> str:
        document = self.document
        title = escape(f"{document.title}: {document.subject}")
        lines = [
            "<!doctype html>",
            f'<html lang="{document.language}">',
            "<head>",
            '<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="generator" content="caprev">',
            f"<title>{title}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            f'<p class="mark">{escape(document.mark)}</p>',
            f"<h1>{escape(document.title)}</h1>",
        ]
        lines += self.blocks()
        found = notes_of(document)
        if found:
            lines += [f'<section class="notes" aria-label="{escape(notes)}">', f"<h2>{escape(notes)}</h2>", "<ol>"]
            lines += [
                f'<li id="n{note.number}">{self.runs(note.runs)} <a href="#r{note.number}" '
                f'aria-label="Back to the text">&#8617;</a></li>'
                for note in found
            ]
            lines += ["</ol>", "</section>"]
        remarks = remarks_of(document)
        if remarks:
            lines += [f'<section class="notes" aria-label="{escape(comments)}">', f"<h2>{escape(comments)}</h2>"]
            lines.append("<ol>")
            lines += [
                f'<li id="c{index + 1}"><q>{self.runs(remark.runs)}</q>: {escape(remark.comment)} '
                f'<a href="#d{index + 1}" aria-label="Back to the text">&#8617;</a></li>'
                for index, remark in enumerate(remarks)
            ]
            lines += ["</ol>", "</section>"]
        return "\n".join([*lines, "</main>", "</body>", "</html>"]) + "\n"

    def heading(self, heading: Heading, text: str) -> str:
        level = min(heading.level + 1, 6)
        page = ' class="fresh"' if heading.fresh else ""
        return f"<h{level}{page}>{text}</h{level}>"

    def paragraph(self, paragraph: Paragraph, text: str) -> str:
        kind = f' class="{paragraph.style}"' if paragraph.style else ""
        text = f"<p{kind}>{text}</p>"
        return f"<blockquote>{text}</blockquote>" if paragraph.style == "quote" else text

    def item(self, text: str, below: str, number: int, depth: int) -> str:
        return f"<li>{text}{below}</li>"

    def listing(self, items: list[str], start: int) -> str:
        opening, closing = (f'<ol start="{start}">', "</ol>") if start else ("<ul>", "</ul>")
        return f"{opening}{''.join(items)}{closing}"

    def table(self, table: Table, rows: list[list[str]]) -> str:
        head = "".join(f'<th scope="col">{escape(text)}</th>' for text in table.header)
        caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
        lines = [f"<table>{caption}", f"<thead><tr>{head}</tr></thead>", "<tbody>"]
        lines += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
        return "\n".join([*lines, "</tbody></table>"])

    def picture(self, picture: Picture) -> str:
        """The drawing itself, which carries its words for readers that cannot see it."""
        return f"<figure><figcaption>{escape(picture.caption)}</figcaption>\n{picture.drawing}</figure>"

    def note(self, note: Note) -> str:
        number = note.number
        return f'<sup><a id="r{number}" href="#n{number}" aria-label="Footnote {number}">{number}</a></sup>'

    def remark(self, remark: Remark, number: int) -> str:
        link = f'<a id="d{number}" href="#c{number}" aria-label="Comment {number}">[C{number}]</a>'
        return f"<mark>{self.runs(remark.runs)}</mark><sup>{link}</sup>"

    def run(self, run: Run) -> str:
        text = escape(run.text)
        text = f"<em>{text}</em>" if run.italic else text
        return f"<strong>{text}</strong>" if run.bold else text
