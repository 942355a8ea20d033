"""A plain sheet of headings, paragraphs, lists and tables, as Markdown or as one HTML page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape as html_escape

from caprev.documents.content.escaping import escape

_STYLE = """
body { font: 1rem/1.5 Georgia, serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
body { color: #1a1a1a; background: #fff; }
h1, h2, h3 { line-height: 1.2; font-family: system-ui, sans-serif; } h2 { margin-top: 2rem; }
table { border-collapse: collapse; } th, td { border: 1px solid #777; padding: .2rem .5rem; text-align: left; }
th, td { vertical-align: top; }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #eee; } }
@media print { body { max-width: none; margin: 0; color: #000; background: #fff; } }
"""


@dataclass
class Worksheet:
    """Blocks in order: each a kind, its texts, and the rows of a table."""

    title: str
    blocks: list[tuple[str, list[str], list[list[str]]]] = field(default_factory=list)

    def heading(self, text: str) -> None:
        """A heading below the title."""
        self.blocks.append(("h2", [text], []))

    def text(self, *paragraphs: str) -> None:
        """Paragraphs; empty ones are left out."""
        self.blocks += [("p", [text], []) for text in paragraphs if text]

    def bullets(self, items: Iterable[str], numbered: bool = False) -> None:
        """A list."""
        self.blocks.append(("ol" if numbered else "ul", list(items), []))

    def table(self, head: list[str], rows: Iterable[list[str]]) -> None:
        """A table with a head."""
        self.blocks.append(("table", head, list(rows)))

    def markdown(self) -> str:
        """The sheet as Markdown."""
        lines = [f"# {escape(self.title)}", ""]
        for kind, texts, rows in self.blocks:
            if kind == "h2":
                lines += [f"## {escape(texts[0])}", ""]
            elif kind == "p":
                lines += [escape(texts[0]), ""]
            elif kind == "table":
                lines += [_row(map(escape, texts)), _row("---" for _ in texts)]
                lines += [*(_row(map(escape, row)) for row in rows), ""]
            else:
                marks = [f"{number}." if kind == "ol" else "-" for number, _ in enumerate(texts, 1)]
                lines += [*(f"{mark} {escape(text)}" for mark, text in zip(marks, texts, strict=True)), ""]
        return "\n".join(lines).rstrip() + "\n"

    def html(self) -> str:
        """The sheet as one HTML page: no scripts, nothing from elsewhere."""
        title = html_escape(self.title)
        lines = [
            "<!doctype html>",
            '<html lang="en-AU">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title><style>{_STYLE}</style></head>",
            f"<body><main><h1>{title}</h1>",
        ]
        for kind, texts, rows in self.blocks:
            if kind in ("h2", "p"):
                lines.append(f"<{kind}>{html_escape(texts[0])}</{kind}>")
            elif kind == "table":
                head = "".join(f'<th scope="col">{html_escape(text)}</th>' for text in texts)
                lines.append(f"<table><thead><tr>{head}</tr></thead><tbody>")
                lines += ["<tr>" + "".join(f"<td>{html_escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
                lines.append("</tbody></table>")
            else:
                lines += [f"<{kind}>", *(f"<li>{html_escape(text)}</li>" for text in texts), f"</{kind}>"]
        return "\n".join([*lines, "</main></body>", "</html>"]) + "\n"


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"
