"""A debate for a terminal, as a document and as data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from caprev.argument.reasons import in_short
from caprev.documents.content import text as terminal
from caprev.documents.content.model import Document, Heading, Item, Listing, Paragraph, Part, Run
from caprev.documents.content.text import Paint, plain
from caprev.documents.reports.assessment_json import fact_data, headed
from caprev.documents.words.grounds import in_words
from caprev.facts.vocabulary import worded
from caprev.law.rulebook import Rulebook
from caprev.reasoning.analysis import Assessment
from caprev.teaching.abstractions import by_id
from caprev.teaching.debate import Debate, Difference
from caprev.teaching.moves import BENCH, Move

SCHEMA = "caprev.debate/1"
_NAMED = 12  # factors of a move that are named


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
    return assessment.rulebook.pack.unit.titled(parcel.id, parcel.title) if several else ""


def _speaker(move: Move) -> str:
    answers = f", answering {move.answers}" if move.answers else ""
    return f"{worded(move.side)}, {move.kind}{answers}"


def _otherwise(book: Rulebook, point: str, here: str, there: str, ids: bool) -> str:
    """What two positions answer to one point."""
    if ids:
        return f"Answers {point} otherwise: there {worded(there)}, here {worded(here)}."
    answers = book.points[point].answers
    return f"{book.points[point].question} There: {answers[there].says} Here: {answers[here].says}"


def _difference(difference: Difference, book: Rulebook, called: Callable[[str], str], ids: bool) -> Iterator[str]:
    def named(factors: Iterable[str]) -> str:
        return ", ".join(map(called, factors))

    c = difference.conclusion
    yield f"{difference.title} ({difference.position}): {in_short(c)}."
    for point, here, there in difference.points:
        yield _otherwise(book, point, here, there, ids)
    if difference.counted:
        yield f"Counted only there: {named(difference.counted)}."
    if difference.uncounted:
        yield f"Not counted there: {named(difference.uncounted)}."
    for word, moves in (("Falls away", difference.gone), ("Comes instead", difference.new)):
        for move in moves:
            about = move.case or named(move.factors[:4]) or move.text
            number = f"{move.number}, " if word == "Falls away" else ""
            yield f"{word}: {number}{worded(move.side)}, {move.kind}: {about}"
    for change in difference.changed:
        less = f" without {named(change.without)}" if change.without else ""
        more = f" with {named(change.added)} too" if change.added else ""
        yield f"Changes: {change.move.number}, {_speaker(change.move)}:{less}{',' if less and more else ''}{more}"
    told = (difference.counted, difference.uncounted, difference.gone, difference.new, difference.changed)
    if not any(told):
        yield "Nothing in the debate changes."


def text(assessment: Assessment, debates: list[Debate], paint: Paint = plain, ids: bool = False) -> str:
    """The debate for a terminal; `ids`: held with the ids of factors."""
    return terminal.dense(_document(assessment, debates, False, ids), paint)


def sheet(assessment: Assessment, debates: list[Debate], ids: bool = False) -> Document:
    """The debate as a document; with `ids` each move lists its factors."""
    return _document(assessment, debates, True, ids)


def _document(assessment: Assessment, debates: list[Debate], page: bool, ids: bool) -> Document:
    parts = [Part("head", (_paragraph(_head(assessment)),))]
    for analysis, debate in zip(assessment.analyses, debates, strict=True):
        called = (by_id if ids else in_words)(analysis)
        parcel = _parcel(assessment, debate)
        heads = [Heading(1, (Run(parcel),))] if parcel else []
        parts.append(Part("parcel", (*heads, _paragraph(f"{worded(debate.opens).capitalize()} opens."))))
        cited: set[str] = set()
        parts += [_told(move, page, ids, cited) for move in debate.moves]
        if debate.differences:
            heading = "What another position would change"
            told = (_difference(item, assessment.rulebook, called, ids) for item in debate.differences)
            changes = Listing(tuple(_changes(rows, page) for rows in told))
            parts.append(Part("positions", (Heading(2, (Run(heading if page else heading.upper()),)), changes)))
    disclaimer = Paragraph((Run(assessment.rulebook.pack.disclaimer),), "disclaimer")
    title = f"The debate: {_title(assessment)}"
    return Document(title, "", "1980-01-01", "", (*parts, Part("disclaimer", (disclaimer,))))


def _told(move: Move, page: bool, ids: bool, cited: set[str]) -> Part:
    """One move; an authority is named where it is first relied on, and not again (`cited`)."""
    speaker = f"{move.number}. {_speaker(move) if page else _speaker(move).upper()}"
    heading = Heading(2, (Run(speaker),), tone=move.side if move.side != BENCH else "heading")
    items = [_item(point, page) for point in move.points]
    if page and ids and move.factors:
        more = f" and {len(move.factors) - _NAMED} more" if len(move.factors) > _NAMED else ""
        named = (run for name in move.factors[:_NAMED] for run in (Run(", "), Run(name, code=True)))
        items.append(Item((Run("Factors: "), *list(named)[1:], *([Run(more)] if more else ()))))
    stands = [f"Facts: {'; '.join(fact.text for fact in move.facts)}"] if move.facts else []
    fresh = [name for name in move.authority if name not in cited and not _shorter(name, move.authority)]
    cited.update(move.authority)
    stands += [f"Authority: {'; '.join(fresh)}"] if fresh else []
    items += (Item((Run(text),)) for text in (*stands, *(f"Note: {note}" for note in move.notes)))
    listed = [Listing(tuple(items))] if items else []
    return Part("move", (heading, _paragraph(move.text), *listed))


def _shorter(name: str, authority: Sequence[str]) -> bool:
    """Whether a short name stands for an authority that is named beside it in full."""
    return any(other != name and other.startswith((f"{name} ", f"{name} & ")) for other in authority)


def _changes(rows: Iterable[str], page: bool) -> Item:
    first, *rest = rows
    return Item((Run(first),), children=tuple(_item(row, page) for row in rest))


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _item(text: str, page: bool) -> Item:
    """An item of a list among others that are none on a terminal."""
    return Item((Run(text if page else f"- {text}"),))


def data(assessment: Assessment, debates: list[Debate]) -> str:
    """The debate as JSON: `caprev.debate/1`."""
    about = {"id": assessment.matter.id, "title": assessment.matter.about.get("title")}
    whole = headed(SCHEMA, assessment, about, [_held(debate) for debate in debates])
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _held(debate: Debate) -> dict[str, Any]:
    return {
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
                "points": [{"point": point, "here": here, "there": there} for point, here, there in difference.points],
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
        "facts": [fact_data(fact) for fact in move.facts],
        "notes": list(move.notes),
    }
