"""The argument as one HTML page: no scripts, no network, readable in print and by a screen reader."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from caprev.argument.reasons import Kind, Reason
from caprev.argument.tree import Argument
from caprev.drawing import maps
from caprev.reasoning.analysis import Assessment

_STYLE = """
body { font: 1rem/1.5 Georgia, serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }
body { color: #1a1a1a; background: #fff; }
h1, h2, h3 { line-height: 1.2; font-family: system-ui, sans-serif; } h3 { margin-top: 2rem; }
figure { margin: 1rem 0; } figure svg { max-width: 100%; height: auto; }
ul { padding-left: 1.2rem; } li { margin: .35rem 0; }
.verdict { font-family: system-ui, sans-serif; font-weight: 600; }
.rule, .authority, .facts { font-size: .85rem; color: #444; } .rule { font-family: ui-monospace, monospace; }
.facts li { margin: 0; } .note { font-size: .9rem; color: #333; }
.capital > .side, .revenue > .side { font-weight: 600; } .disclaimer { border-top: 1px solid #999; padding-top: 1rem; }
@media (prefers-color-scheme: dark) {
  body { background: #161616; color: #eee; }
  .rule, .authority, .facts, .note { color: #bbb; }
}
@media print { body { max-width: none; margin: 0; } }
"""


def render(assessment: Assessment, arguments: list[Argument]) -> str:
    """The memorandum as one page."""
    matter, book = assessment.matter, assessment.rulebook
    title = escape(str(matter.about.get("title") or matter.id or "Matter"))
    lines = [
        "<!doctype html>",
        '<html lang="en-AU">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f"<h1>{title}</h1>",
        f"<p>{f'Matter {escape(matter.id)}. ' if matter.id else ''}As at {escape(matter.as_at)}; position: "
        f"{escape(book.positions[assessment.position].title)}; rulebook {escape(book.pack.version)} "
        f"({book.sha256[:12]}).</p>",
    ]
    for argument in arguments:
        lines += [*_conclusion(argument.tree()), *_pictures(argument)]
    lines += [f'<p class="disclaimer">{escape(book.pack.disclaimer)}</p>', "</main>", "</body>", "</html>"]
    return "\n".join(lines) + "\n"


def _conclusion(reason: Reason) -> Iterator[str]:
    heading = f"{reason.heading}: {reason.verdict}" if reason.heading else f"Conclusion: {reason.verdict}"
    yield f'<section class="{escape(reason.verdict)}">'
    yield f"<h2>{escape(heading)}</h2>"
    yield f"<p>{escape(reason.text)}</p>"
    for note in reason.notes:
        yield f"<p>{escape(note)}</p>"
    for section in reason.children:
        verdict = f' <span class="verdict">({escape(section.verdict)})</span>' if section.verdict else ""
        yield f"<h3>{escape(section.heading)}{verdict}</h3>"
        if section.text:
            yield f"<p>{escape(section.text)}{_provenance(section)}</p>"
        if section.named and section.kind == Kind.ISSUE:
            yield f"<p>{escape(section.listed)}</p>"
        if section.children:
            yield "<ul>"
            for child in section.children:
                yield from _item(child)
            yield "</ul>"
    yield "</section>"


def _pictures(argument: Argument) -> Iterator[str]:
    """Inline pictures; each says in words what it shows, and the sections above say the same."""
    yield '<section class="pictures">'
    yield "<h3>In pictures</h3>"
    for kind in ("balance", "cases", "tornado"):
        yield f"<figure>{maps.picture(kind, argument.analysis)}</figure>"
    yield "</section>"


def _item(reason: Reason) -> Iterator[str]:
    head = f"<strong>{escape(reason.heading)}</strong> " if reason.heading else ""
    verdict = ", ".join(
        part for part in (reason.verdict, reason.side if reason.kind in (Kind.CASE, Kind.FACTOR) else "") if part
    )
    word = f'<span class="verdict">({escape(verdict)})</span> ' if verdict else ""
    classes = f"{escape(reason.kind)} {escape(reason.side)}".strip()
    yield f'<li class="{classes}">{head}{word}{escape(reason.text)}{_provenance(reason)}'
    if reason.named and reason.kind != Kind.CONSEQUENCE:
        yield f'<div class="note">{escape(reason.listed)}</div>'
    if reason.facts:
        yield ('<ul class="facts">' + "".join(f"<li>{escape(fact.text)}</li>" for fact in reason.facts) + "</ul>")
    for note in reason.notes:
        yield f'<div class="note">{escape(note)}</div>'
    if reason.children:
        yield "<ul>"
        for child in reason.children:
            yield from _item(child)
        yield "</ul>"
    yield "</li>"


def _provenance(reason: Reason) -> str:
    rule = f' <span class="rule">{escape(reason.rule)}</span>' if reason.rule else ""
    authority = f' <span class="authority">[{escape("; ".join(reason.authority))}]</span>' if reason.authority else ""
    return rule + authority
