"""The argument as Markdown, in full."""

from __future__ import annotations

from collections.abc import Iterator

from caprev.argument.reasons import Kind, Reason
from caprev.argument.tree import Argument
from caprev.documents.content.escaping import escape
from caprev.reasoning.analysis import Assessment


def render(assessment: Assessment, arguments: list[Argument]) -> str:
    """The memorandum as one Markdown document."""
    matter, book = assessment.matter, assessment.rulebook
    lines = [f"# {escape(str(matter.about.get('title') or matter.id or 'Matter'))}", ""]
    if matter.id:
        lines += [f"Matter {escape(matter.id)}.", ""]
    lines += [
        f"As at {matter.as_at}; position: {escape(book.positions[assessment.position].title)}; rulebook "
        f"{book.pack.version} ({book.sha256[:12]}).",
        "",
    ]
    for argument in arguments:
        lines += list(_conclusion(argument.tree()))
    lines += [f"*{escape(book.pack.disclaimer)}*"]
    return "\n".join(lines) + "\n"


def _conclusion(reason: Reason) -> Iterator[str]:
    heading = f"{reason.heading}: {reason.verdict}" if reason.heading else f"Conclusion: {reason.verdict}"
    yield from (f"## {escape(heading)}", "", escape(reason.text), "")
    for note in reason.notes:
        yield from (escape(note), "")
    for section in reason.children:
        verdict = f" ({section.verdict})" if section.verdict else ""
        yield from (f"### {escape(section.heading + verdict)}", "")
        if section.text:
            yield from (escape(section.text) + (_provenance(section) if section.kind == Kind.ISSUE else ""), "")
        if section.named and section.kind == Kind.ISSUE:
            yield from (escape(section.listed), "")
        for child in section.children:
            yield from _item(child, 0)
        yield ""


def _item(reason: Reason, depth: int) -> Iterator[str]:
    indent = "  " * depth
    head = ""
    if reason.kind in (Kind.ELEMENT, Kind.INDICATOR, Kind.CASE):
        verdict = f"{reason.verdict}, {reason.side}" if reason.kind == Kind.CASE else reason.verdict
        head = f"**{escape(reason.heading)}** ({escape(verdict)}): "
    elif reason.kind == Kind.GROUP:
        head = f"**{escape(reason.heading)}**"
    elif reason.kind == Kind.FACTOR:
        head = f"*{escape(reason.verdict)}* "
    elif reason.verdict:
        head = f"*{escape(reason.verdict)}*: "
    if reason.kind == Kind.CONSEQUENCE:
        head += f"**{escape(reason.heading)}** "
    if reason.kind == Kind.OTHERS:
        yield f"{indent}- {escape(reason.listed)}"
        return
    said = f"{head}{escape(reason.text)}".removesuffix(": " if not reason.text else "")
    yield f"{indent}- {said}{_provenance(reason)}".rstrip()
    if reason.named and reason.kind != Kind.CONSEQUENCE:
        yield f"{indent}  - {escape(reason.listed)}"
    for fact in reason.facts:
        yield f"{indent}  - Fact: {escape(fact.text)}"
    for note in reason.notes:
        yield f"{indent}  - {escape(note)}"
    for child in reason.children:
        yield from _item(child, depth + 1)


def _provenance(reason: Reason) -> str:
    parts = [f"`{reason.rule}`"] if reason.rule else []
    parts += [escape(authority) for authority in reason.authority]
    return f" ({'; '.join(parts)})" if parts else ""
