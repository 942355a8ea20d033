"""The argument for a terminal: a memorandum of one to three screens, or all of it with detail."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace

from ..argument import Argument
from ..assess import Assessment
from ..reasons import Reason

WIDTH = 108
Paint = Callable[[str, str], str]

_MARK = {"for": "+", "against": "-", "open": "?"}
_SIDE = {"capital": "C", "revenue": "R"}


def plain(text: str, _style: str) -> str:
    """No colour."""
    return text


def render(assessment: Assessment, arguments: list[Argument], detail: bool = False, paint: Paint = plain) -> str:
    """The whole memorandum. `paint(text, style)` may colour verdicts; meaning never rests on colour."""
    matter = assessment.matter
    title = str(matter.about.get("title") or matter.id or "Matter")
    lines = [paint(title, "title") + (f"  [{matter.id}]" if matter.id and matter.id != title else "")]
    lines.append(f"As at {matter.as_at}; position: {assessment.rulebook.positions[assessment.position].title}")
    for argument in arguments:
        lines += ["", *_conclusion(argument.tree(), detail, paint)]
    lines += ["", *_wrap(assessment.rulebook.pack.disclaimer, "")]
    if not detail:
        lines += ["Everything, with limits, the weighing in numbers and full citations: --detail"]
    return "\n".join(lines) + "\n"


def _conclusion(reason: Reason, detail: bool, paint: Paint) -> Iterator[str]:
    if reason.heading:
        yield paint(reason.heading, "heading")
    yield paint(f"CONCLUSION: {reason.verdict.upper()}", reason.side or "open")
    yield from _wrap(reason.text, "  ")
    for note in reason.notes:
        yield from _wrap(note, "  ")
    number = 0
    for section in reason.children:
        if section.detail and not detail:
            continue
        number += 1
        yield ""
        yield from _section(section, number, detail, paint)


def _section(section: Reason, number: int, detail: bool, paint: Paint) -> Iterator[str]:
    verdict = f" {section.verdict.upper()}" if section.verdict else ""
    yield paint(f"{number}. {section.heading}{verdict}", "heading")
    if section.text:
        yield from _wrap(section.text, "   ")
    if section.kind == "issue":
        yield from _wrap(_provenance(section), "   ")
    if detail:
        for note in section.notes:
            yield from _wrap(f"Limits: {note}", "   ")
    hidden = 0
    for child in section.children:
        if child.detail and not detail:
            hidden += 1
            continue
        yield from _reason(_beneath(section, child), "   ", detail, paint)
    if hidden and section.kind == "section" and not section.side:
        yield f"   ... and {hidden} more (--detail)"


def _reason(reason: Reason, indent: str, detail: bool, paint: Paint) -> Iterator[str]:
    if reason.kind == "element":
        yield from _wrap(f"{reason.heading}: {reason.verdict.upper()}. {reason.text} {_provenance(reason)}", indent, 2)
        for child in reason.children:
            yield from _reason(_beneath(reason, child), indent + "  ", detail, paint)
    elif reason.kind == "indicator":
        mark = _MARK[reason.verdict]
        yield from _wrap(f"[{mark}] {reason.heading}: {'; '.join(reason.notes)} {_provenance(reason)}", indent, 4)
    elif reason.kind == "group":
        yield indent + paint(reason.heading, "heading")
        hidden = [child.rule for child in reason.children if child.detail and not detail]
        for child in reason.children:
            if child.rule not in hidden:
                yield from _reason(child, indent, detail, paint)
        if hidden:
            yield from _wrap(f"and {', '.join(hidden)} (--detail)", indent, 2)
    elif reason.kind == "factor":
        yield from _wrap(
            f"{_SIDE.get(reason.side, '.')} {reason.rule} ({reason.verdict}): {reason.text} "
            f"[{'; '.join(reason.authority)}] {_facts(reason)}",
            indent,
            2,
        )
        if detail:
            for note in reason.notes:
                yield from _wrap(f"Limits: {note}", indent + "  ")
    elif reason.kind == "brief":
        yield from _wrap(f"- {reason.rule} {_facts(reason)}", indent, 2)
    elif reason.kind == "case":
        yield from _wrap(f"{reason.verdict}: {reason.heading}, {reason.side}. {reason.text}", indent, 2)
        if detail:
            for note in (*reason.authority, *reason.notes):
                yield from _wrap(note, indent + "  ")
    elif reason.kind == "missing":
        yield from _wrap(
            f"{reason.rule}: {reason.text} [{reason.verdict}; {'; '.join(reason.notes[: None if detail else 1])}]",
            indent,
            2,
        )
    else:
        verdict = f" ({reason.verdict})" if reason.verdict else ""
        yield from _wrap(f"{reason.text}{verdict} {_provenance(reason)}", indent, 2)
        if detail:
            for note in reason.notes:
                yield from _wrap(note, indent + "  ")


def _beneath(parent: Reason, child: Reason) -> Reason:
    """A child without the authority that its parent has just named."""
    return replace(child, authority=tuple(name for name in child.authority if name not in parent.authority))


def _provenance(reason: Reason) -> str:
    """Rule and authority in brackets."""
    inside = "; ".join(part for part in (reason.rule, "; ".join(reason.authority)) if part)
    return f"[{inside}]" if inside else ""


def _facts(reason: Reason) -> str:
    return "; ".join(fact.text for fact in reason.facts)


def _wrap(text: str, indent: str, hang: int = 0) -> list[str]:
    return (
        textwrap.wrap(
            " ".join(text.split()),
            WIDTH,
            initial_indent=indent,
            subsequent_indent=indent + " " * hang,
            break_long_words=False,
            break_on_hyphens=False,
        )
        if text.strip()
        else []
    )
