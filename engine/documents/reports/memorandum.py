"""The argument for a terminal: a memorandum of three screens, or all of it with detail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from caprev.argument.reasons import Kind, Pointing, Reason, names
from caprev.argument.tree import Argument
from caprev.facts.in_words import WIDTH, wrapped
from caprev.reasoning.analysis import Assessment

Paint = Callable[[str, str], str]

_MARK: Mapping[str, str] = {Pointing.FOR: "+", Pointing.AGAINST: "-", Pointing.OPEN: "?"}
_SIDE = {"capital": "C", "revenue": "R"}
_MOST = {Kind.ISSUE: 6, Kind.ELEMENT: 4, Kind.INDICATOR: 2, Kind.CASE: 3, Kind.OTHERS: 12}
"""How many of a list are named in short."""


def plain(text: str, _style: str) -> str:
    """No colour."""
    return text


def render(assessment: Assessment, arguments: list[Argument], detail: bool = False, paint: Paint = plain) -> str:
    """The whole memorandum. `paint(text, style)` may colour verdicts; meaning never rests on colour."""
    matter = assessment.matter
    title = next(filter(str.strip, (str(matter.about.get("title") or ""), matter.id)), "Matter")
    lines = _heading(title, "title", paint)
    if matter.id.strip() and matter.id != title:
        beside = f"  [{matter.id}]"
        fits = len(wrapped(title, "")[-1] + beside) <= WIDTH
        lines[-1:] = [lines[-1] + beside] if fits else [lines[-1], *wrapped(beside, "")]
    lines.append(f"As at {matter.as_at}; position: {assessment.rulebook.positions[assessment.position].title}")
    shown = _Memorandum(detail, paint)
    for argument in arguments:
        lines += ["", *shown.conclusion(argument.tree())]
    lines += ["", *wrapped(assessment.rulebook.pack.disclaimer, "")]
    if not detail:
        lines += ["Everything, with limits, the weighing in numbers and full citations: --detail"]
    return "\n".join(lines) + "\n"


class _Memorandum:
    def __init__(self, detail: bool, paint: Paint) -> None:
        self.detail = detail
        self.paint = paint

    def conclusion(self, reason: Reason) -> Iterator[str]:
        if reason.heading:
            yield from _heading(reason.heading, "heading", self.paint)
        yield self.paint(f"CONCLUSION: {reason.verdict.upper()}", reason.side or "open")
        yield from wrapped(reason.text, "  ")
        for note in reason.notes:
            yield from wrapped(note, "  ")
        number = 0
        for section in reason.children:
            if self._shown(section):
                number += 1
                yield ""
                yield from self._section(section, number)

    def _shown(self, reason: Reason) -> bool:
        return self.detail or not reason.detail

    def _section(self, section: Reason, number: int) -> Iterator[str]:
        verdict = f" {section.verdict.upper()}" if section.verdict else ""
        yield from _heading(f"{number}. {section.heading}{verdict}", "heading", self.paint)
        if section.kind == Kind.FOLLOWING and not self.detail:
            yield from self._following(section)
            return
        if section.kind == Kind.CONTEXT and not self.detail:
            yield from wrapped(f"{self._named(section)} (--detail)", "   ")
            return
        issue = section.kind == Kind.ISSUE
        text = " ".join(filter(None, [section.text, self._named(section) if issue else ""]))
        yield from wrapped(text, "   ")
        if issue:
            yield from wrapped(_provenance(section.rule, section.authority), "   ")
        if self.detail:
            for note in section.notes:
                yield from wrapped(f"Limits: {note}", "   ")
        shown = [child for child in section.children if self._shown(child)]
        for child in shown:
            yield from self._reason(child, "   ", section.authority)
        hidden = len(section.children) - len(shown)
        named = any(child.kind == Kind.OTHERS for child in shown)  # what is hidden is named there
        if hidden and not section.side and not named:
            yield f"   ... and {hidden} more (--detail)"

    def _following(self, section: Reason) -> Iterator[str]:
        """What applies, a line each with its figures; what waits, under what it waits on; the others by name."""
        items = [child for group in section.children for child in group.children]
        figures = [item.rule for item in items if item.kind == Kind.FIGURE]
        if figures:
            yield from wrapped(section.text, "   ")
        waiting: dict[tuple[str, ...], list[Reason]] = {}
        for item in items:
            if item.detail:
                continue
            if item.kind == Kind.FIGURE or not item.named or item.rule in figures:
                waits = f" (waits on {names(item.named[0].ids)})" if item.named else ""
                says, indent = (item.text, "     ") if item.kind == Kind.FIGURE else (item.heading, "   ")
                yield from wrapped(f"{says}{waits} {_provenance(item.rule, item.authority)}", indent, 2)
            else:
                waiting.setdefault(item.named[0].ids, []).append(item)
        for ids, rows in waiting.items():
            yield from wrapped(f"Not yet clear, for want of {names(ids)}:", "   ", 2)
            for item in rows:
                unverified = " (law not verified)" if item.unverified else ""
                yield from wrapped(f"{item.heading}{unverified} {_provenance(item.rule)}", "     ", 2)
        rest = [item.rule for item in items if item.detail]
        if rest:
            yield from wrapped(f"and {names(rest)} (--detail)", "   ", 2)

    def _reason(self, reason: Reason, indent: str, above: tuple[str, ...] = ()) -> Iterator[str]:
        """A reason and what is beneath it; the authority `above`, which its parent has just named, is not repeated."""
        authority = tuple(name for name in reason.authority if name not in above)
        provenance = _provenance(reason.rule, authority)
        if reason.kind == Kind.ELEMENT:
            parts = [f"{reason.heading}: {reason.verdict.upper()}.", reason.text, self._named(reason)]
            yield from wrapped(f"{' '.join(filter(None, parts))} {provenance}", indent, 2)
            for child in reason.children:
                yield from self._reason(child, indent + "  ", authority)
        elif reason.kind == Kind.INDICATOR:
            weighed = "; ".join([*(named.text(self._most(reason)) for named in reason.named), *reason.notes])
            head = f"[{_MARK[reason.verdict]}] {reason.heading}"
            yield from wrapped(f"{head}: {weighed} {provenance}", indent, 4)
        elif reason.kind == Kind.GROUP:
            yield from self._group(reason, indent)
        elif reason.kind == Kind.FACTOR:
            text = f"{reason.text} [{'; '.join(reason.authority)}]"
            yield from wrapped(
                f"{_SIDE.get(reason.side, '.')} {reason.rule} ({reason.verdict}): {text} {_facts(reason)}", indent, 2
            )
            yield from self._notes(reason, indent, "Limits: ")
        elif reason.kind == Kind.BRIEF:
            yield from wrapped(f"- {reason.rule} {_facts(reason)}", indent, 2)
        elif reason.kind == Kind.CASE:
            parts = [f"{reason.verdict}: {reason.heading}, {reason.side}.", self._named(reason), reason.text]
            yield from wrapped(" ".join(filter(None, parts)), indent, 2)
            if self.detail:
                for note in (*reason.authority, *reason.notes):
                    yield from wrapped(note, indent + "  ")
        elif reason.kind == Kind.OTHERS:
            yield from wrapped(self._named(reason), indent, 2)
        elif reason.kind == Kind.MISSING:
            effect = "; ".join([reason.verdict, *reason.notes[: None if self.detail else 1]])
            yield from wrapped(f"{reason.rule}: {reason.text} [{effect}]", indent, 2)
        else:
            verdict = f" ({reason.verdict})" if reason.verdict else ""
            head = f"{reason.heading} " if reason.heading else ""
            facts = _facts(reason) if self.detail else ""
            yield from wrapped(f"{head}{reason.text}{verdict} {provenance} {facts}", indent, 2)
            yield from self._notes(reason, indent)

    def _group(self, group: Reason, indent: str) -> Iterator[str]:
        yield from _heading(group.heading, "heading", self.paint, indent)
        for child in group.children:
            if self._shown(child):
                yield from self._reason(child, indent)
        hidden = [child.rule for child in group.children if not self._shown(child)]
        if hidden:
            yield from wrapped(f"and {names(hidden)} (--detail)", indent, 2)

    def _notes(self, reason: Reason, indent: str, word: str = "") -> Iterator[str]:
        for note in reason.notes if self.detail else ():
            yield from wrapped(f"{word}{note}", indent + "  ")

    def _named(self, reason: Reason) -> str:
        return " ".join(f"{named.text(self._most(reason))}." for named in reason.named)

    def _most(self, reason: Reason) -> int:
        return 0 if self.detail else _MOST.get(reason.kind, 0)


def _provenance(rule: str, authority: Sequence[str] = ()) -> str:
    """Rule and authority in brackets."""
    inside = "; ".join([*([rule] if rule else ()), *authority])
    return f"[{inside}]" if inside else ""


def _facts(reason: Reason) -> str:
    return "; ".join(fact.text for fact in reason.facts)


def _heading(text: str, style: str, paint: Paint, indent: str = "") -> list[str]:
    """A heading, painted line by line so that no colour runs into the margin."""
    return [indent + paint(line.removeprefix(indent), style) for line in wrapped(text, indent)]
