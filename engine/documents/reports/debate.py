"""A debate as text, Markdown and data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from caprev.documents.content.escaping import escape
from caprev.documents.content.text import Paint, plain
from caprev.facts.in_words import wrapped
from caprev.facts.vocabulary import worded
from caprev.reasoning.analysis import Assessment
from caprev.teaching.debate import Debate, Difference
from caprev.teaching.moves import BENCH, Move

SCHEMA = "caprev.debate/1"


def _title(assessment: Assessment) -> str:
    matter = assessment.matter
    return str(matter.about.get("title") or matter.id or "Matter")


def _head(assessment: Assessment) -> str:
    book = assessment.rulebook
    return (
        f"As at {assessment.matter.as_at}; position: {book.positions[assessment.position].title}; rulebook "
        f"{book.pack.version} ({book.sha256[:12]})."
    )


def _parcel(assessment: Assessment, debate: Debate) -> str:
    parcel = debate.conclusion.parcel
    several = len(assessment.matter.parcels) > 1
    return f"Parcel {parcel.id}: {parcel.title}".rstrip(": ") if several else ""


def _speaker(move: Move) -> str:
    answers = f", answering {move.answers}" if move.answers else ""
    return f"{move.side}, {move.kind}{answers}"


def _difference(difference: Difference) -> Iterator[str]:
    c = difference.conclusion
    yield (
        f"{difference.title} ({difference.position}): {c.characterisation}, {worded(c.strength)} ({c.balance:+.2f})."
    )
    for point, here, there in difference.points:
        yield f"Answers {point} otherwise: there {worded(there)}, here {worded(here)}."
    if difference.counted:
        yield f"Counted only there: {', '.join(difference.counted)}."
    if difference.uncounted:
        yield f"Not counted there: {', '.join(difference.uncounted)}."
    for word, moves in (("Falls away", difference.gone), ("Comes instead", difference.new)):
        for move in moves:
            about = move.case or ", ".join(move.factors[:4]) or move.text
            number = f"{move.number}, " if word == "Falls away" else ""
            yield f"{word}: {number}{move.side}, {move.kind}: {about}"
    for change in difference.changed:
        less = f" without {', '.join(change.without)}" if change.without else ""
        more = f" with {', '.join(change.added)} too" if change.added else ""
        yield f"Changes: {change.move.number}, {_speaker(change.move)}:{less}{',' if less and more else ''}{more}"
    told = (difference.counted, difference.uncounted, difference.gone, difference.new, difference.changed)
    if not any(told):
        yield "Nothing in the debate changes."


def text(assessment: Assessment, debates: list[Debate], paint: Paint = plain) -> str:
    """The debate for a terminal."""
    lines = [paint(f"The debate: {_title(assessment)}", "title"), _head(assessment)]
    for debate in debates:
        heading = _parcel(assessment, debate)
        lines += ["", *([paint(heading, "heading")] if heading else []), f"{debate.opens.capitalize()} opens."]
        for move in debate.moves:
            style = move.side if move.side != BENCH else "heading"
            lines += ["", paint(f"{move.number}. {_speaker(move).upper()}", style), *wrapped(move.text, "   ")]
            for point in move.points:
                lines += wrapped(f"- {point}", "   ", 2)
            if move.facts:
                lines += wrapped(f"Facts: {'; '.join(fact.text for fact in move.facts)}", "   ", 2)
            if move.authority:
                lines += wrapped(f"Authority: {'; '.join(move.authority)}", "   ", 2)
            for note in move.notes:
                lines += wrapped(f"Note: {note}", "   ", 2)
        if debate.differences:
            lines += ["", paint("WHAT ANOTHER POSITION WOULD CHANGE", "heading")]
            for difference in debate.differences:
                first, *rest = _difference(difference)
                lines += wrapped(first, "   ", 2)
                for row in rest:
                    lines += wrapped(f"- {row}", "     ", 2)
    lines += ["", *wrapped(assessment.rulebook.pack.disclaimer, "")]
    return "\n".join(lines) + "\n"


def as_markdown(assessment: Assessment, debates: list[Debate]) -> str:
    """The debate sheet as Markdown."""
    lines = [f"# The debate: {escape(_title(assessment))}", "", escape(_head(assessment)), ""]
    for debate in debates:
        heading = _parcel(assessment, debate)
        lines += [f"## {escape(heading)}", ""] if heading else []
        lines += [f"{debate.opens.capitalize()} opens.", ""]
        for move in debate.moves:
            lines += [f"### {move.number}. {escape(_speaker(move))}", "", escape(move.text), ""]
            lines += [f"- {escape(point)}" for point in move.points]
            lines += [""] if move.points else []
            if move.factors:
                more = f" and {len(move.factors) - 12} more" if len(move.factors) > 12 else ""
                lines += [f"Factors: {', '.join(f'`{name}`' for name in move.factors[:12])}{more}", ""]
            if move.facts:
                lines += [f"Facts: {escape('; '.join(fact.text for fact in move.facts))}", ""]
            if move.authority:
                lines += [f"Authority: {escape('; '.join(move.authority))}", ""]
            for note in move.notes:
                lines += [f"Note: {escape(note)}", ""]
        if debate.differences:
            lines += ["### What another position would change", ""]
            for difference in debate.differences:
                first, *rest = _difference(difference)
                lines += [f"- {escape(first)}", *(f"  - {escape(row)}" for row in rest)]
            lines.append("")
    return "\n".join([*lines, f"*{escape(assessment.rulebook.pack.disclaimer)}*"]) + "\n"


def data(assessment: Assessment, debates: list[Debate]) -> str:
    """The debate as JSON: `caprev.debate/1`."""
    matter, book = assessment.matter, assessment.rulebook
    whole = {
        "schema": SCHEMA,
        "matter": {"id": matter.id, "title": matter.about.get("title")},
        "as_at": matter.as_at,
        "law_as_at": assessment.as_at,
        "position": assessment.position,
        "rulebook": {"version": book.pack.version, "sha256": book.sha256},
        "facts_sha256": matter.sha256,
        "disclaimer": book.pack.disclaimer,
        "parcels": [
            {
                "id": debate.conclusion.parcel.id,
                "characterisation": debate.conclusion.characterisation,
                "balance": debate.conclusion.balance,
                "opens": debate.opens,
                "moves": [_move(move) for move in debate.moves],
                "walks": [
                    {
                        "fact": walk.fact,
                        "steps": [
                            {
                                "value": step.value,
                                "characterisation": step.conclusion.characterisation,
                                "strength": step.conclusion.strength,
                                "balance": step.conclusion.balance,
                                "constraint": step.conclusion.guidance.constraint,
                                "binding": [p.case.id for p in step.conclusion.guidance.by],
                                "on_point": [p.case.id for p in step.conclusion.guidance.on_point],
                            }
                            if step.conclusion
                            else {"value": step.value, "impossible": step.impossible}
                            for step in walk.steps
                        ],
                    }
                    for walk in debate.walks
                ],
                "positions": [
                    {
                        "position": difference.position,
                        "characterisation": difference.conclusion.characterisation,
                        "strength": difference.conclusion.strength,
                        "balance": difference.conclusion.balance,
                        "points": [
                            {"point": point, "here": here, "there": there} for point, here, there in difference.points
                        ],
                        "counted": list(difference.counted),
                        "not_counted": list(difference.uncounted),
                        "moves_changed": [
                            {"move": change.move.number, "without": list(change.without), "with": list(change.added)}
                            for change in difference.changed
                        ],
                        "moves_gone": [move.number for move in difference.gone],
                        "moves_new": [_move(move) for move in difference.new],
                    }
                    for difference in debate.differences
                ],
            }
            for debate in debates
        ],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _move(move: Move) -> dict[str, Any]:
    return {
        "number": move.number,
        "side": move.side,
        "kind": move.kind,
        "answers": move.answers or None,
        "case": move.case or None,
        "text": move.text,
        "points": list(move.points),
        "factors": list(move.factors),
        "authority": list(move.authority),
        "facts": [
            {"fact": fact.name, "value": fact.value, "source": fact.source, "standing": fact.standing}
            for fact in move.facts
        ],
        "notes": list(move.notes),
    }
