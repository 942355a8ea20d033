"""What would change the answers of strict rules: as a document, and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from caprev.documents.content.model import Block, Document, Paragraph, bullets, coded, heading, sheet
from caprev.documents.reports.strict import named
from caprev.facts.in_words import describe
from caprev.facts.matter import Given
from caprev.grouping import grouped
from caprev.strict import words
from caprev.strict.answer import Answer, Asked
from caprev.strict.changes import Missing, Moved, Turn
from caprev.strict.words import lowered


def stands(asked: Asked) -> str:
    """One answer in short."""
    titles = {name: outcome.title for name, outcome in asked.question.outcomes.items()}
    if asked.state == "open":
        return f"not known ({' or '.join(titles[name] for name in asked.may)})"
    if asked.state in ("none", "not_asked"):
        return {"none": "none of the answers", "not_asked": "not asked"}[asked.state]
    return " and ".join(titles[name] for name in asked.follows)


def missing(answer: Answer, items: Sequence[Missing]) -> Document:
    """The facts that are not known, what waits on them, and what each answer would settle."""

    def blocks() -> Iterator[Block]:
        if not items:
            yield Paragraph(coded("Nothing is missing: every question is answered and every amount is known."))
        for item in items:
            yield heading(1, f"{item.fact.ask} ({item.fact.name})")
            proof = f" Proof: {item.fact.evidence}." if item.fact.evidence else ""
            yield Paragraph(coded(f"Waited on by: {', '.join(item.parts)}.{proof}"))
            told = [f"{supposed(answer, turn)}: {_moved(turn.moved)}" for turn in item.turns if turn.moved]
            if told:
                yield bullets(told)

    return sheet(answer.matter.title, blocks())


def flips(answer: Answer, days: Sequence[Turn], turns: Sequence[Turn], years: int) -> Document:
    """The next day on which each event's answer turns, and single facts that would move one."""

    def blocks() -> Iterator[Block]:
        parts = {part.id: part for part in answer.parts}
        if answer.matter.events:
            yield heading(1, f"The next day on which an answer turns (tried: {years} years ahead)")
            found = {turn.setting.event: turn for turn in days}
            told = []
            for part in parts.values():
                if part.unit.id:
                    turn = found.get(part.id)
                    what = f"on {supposed(answer, turn)}: {_moved(turn.moved)}" if turn else "no later day turns it"
                    told.append(f"{named(answer, part)} - {what}")
            yield bullets(told)
        yield heading(1, "Single facts otherwise")
        if not turns:
            yield Paragraph(coded("No single fact that was tried moves an answer."))
        told = []
        for turn in turns:
            where = f"{turn.setting.event}: " if turn.setting.event else ""
            unit = parts[turn.setting.event].unit if turn.setting.event in parts else answer.matter.whole
            given = unit.facts.get(turn.setting.fact)
            was = f" instead of {describe(given)}" if given else ""
            told.append(f"{where}{turn.setting.fact} {supposed(answer, turn)}{was}: {_moved(turn.moved)}")
        if told:
            yield bullets(told)

    return sheet(answer.matter.title, blocks())


def supposed(answer: Answer, turn: Turn) -> str:
    """The value that was tried, in words."""
    fact = answer.book.facts[turn.setting.fact]
    return describe(Given(fact, fact.read(turn.setting.value)))


def _moved(found: Sequence[Moved]) -> str:
    """What moves, and what the answer is now, if there is one."""
    if not found:
        return "nothing moves"
    return "; ".join(moves(found))


def moves(found: Sequence[Moved], names: Mapping[str, str] | None = None) -> list[str]:
    """What moves, in words: events in which the same moves in the same way are named together."""
    together = grouped(
        (f"{m.after.question.ask} {stands(m.after)}{_before(m)}", names[m.part] if names else m.part) for m in found
    )
    return [f"{', '.join(parts)}{':' if names else ','} {says}" for says, parts in together.items()]


def _before(moved: Moved) -> str:
    return "" if moved.before.state == "open" else f" (now {lowered(stands(moved.before))})"


def compared(before: Answer, after: Answer, beside: bool = False) -> Document:
    """Two answers side by side: what moved among questions and amounts.

    `beside`: they are of two matters, and not of one that was changed.
    """
    titles = (before.matter.title, after.matter.title)

    def blocks() -> Iterator[Block]:
        rows = list(differences(before, after))
        if beside:
            yield Paragraph(coded(f"{titles[0]} -> {titles[1]}"))
            names = [[part.id for part in answer.parts] for answer in (before, after)]
            for title, mine, other in zip(titles, names, reversed(names), strict=True):
                if only := [name for name in mine if name not in other]:
                    yield Paragraph(coded(f"Only in {title}: {', '.join(only)}."))
        if not rows:
            yield Paragraph(coded("Nothing moves: the answers and the amounts are the same."))
        for part in dict.fromkeys(row["of"] for row in rows):
            yield heading(1, part)
            yield bullets(
                [
                    f"{row['label']}{'' if row['label'].endswith('?') else ':'} {row['before']} -> {row['after']}"
                    for row in rows
                    if row["of"] == part
                ]
            )

    return sheet("Two matters side by side" if beside else after.matter.title, blocks())


def differences(before: Answer, after: Answer) -> Iterator[dict[str, Any]]:
    """What is otherwise in the second answer: questions and amounts, event by event."""
    then = {part.id: part for part in after.parts}
    for part in before.parts:
        other = then.get(part.id)
        if other is None:
            continue
        for one, two in zip(part.questions, other.questions, strict=True):
            if stands(one) != stands(two):
                label = one.question.ask
                yield {"of": part.id, "id": one.name, "label": label, "before": stands(one), "after": stands(two)}
        for told, told_after in zip(part.amounts, other.amounts, strict=True):
            texts = [
                "does not arise" if t.applies is False else words.told(a.book, t.amount.unit, t.interval, t.unit)
                for a, t in ((before, told), (after, told_after))
            ]
            if texts[0] != texts[1]:
                label = told.amount.label
                yield {"of": part.id, "id": told.name, "label": label, "before": texts[0], "after": texts[1]}


# --- as data ---------------------------------------------------------------------------------------------------------


def missing_data(items: Sequence[Missing]) -> list[dict[str, Any]]:
    """The facts that are not known, as data."""
    return [
        {
            "fact": item.fact.name,
            "ask": item.fact.ask,
            "evidence": item.fact.evidence,
            "of": list(item.parts),
            "answers": [_turn_data(turn) for turn in item.turns],
        }
        for item in items
    ]


def flips_data(days: Sequence[Turn], turns: Sequence[Turn]) -> dict[str, Any]:
    """The changes that move an answer, as data."""
    return {"days": [_turn_data(turn) for turn in days], "facts": [_turn_data(turn) for turn in turns]}


def _turn_data(turn: Turn) -> dict[str, Any]:
    return {
        "fact": turn.setting.fact,
        "event": turn.setting.event or None,
        "value": turn.setting.value,
        "moves": [
            {"of": m.part, "question": m.question, "before": stands(m.before), "after": stands(m.after)}
            for m in turn.moved
        ],
    }
