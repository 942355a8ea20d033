"""A record of what strict rules answered: made, made again, and put under other law, as `record` does elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from caprev import record
from caprev.documents.content import docx, html, markdown, pdf
from caprev.documents.content import text as terminal
from caprev.documents.content.model import Document
from caprev.documents.reports import strict as told
from caprev.files.reading import Source
from caprev.record import Request, Verdict
from caprev.strict import answer as answers
from caprev.strict import examples
from caprev.strict import matter as matters
from caprev.strict.answer import STATES, Answer, Part
from caprev.strict.book import Book


@dataclass(frozen=True)
class Law:
    """The strict rules that a record is made or checked against, and where they and their matters stand."""

    book: Book
    rules: Path
    cases: Path


def requested(command: str, form: str, as_at: str = "", **options: Any) -> Request:
    """What is asked for. Without a day it is that of the matter, or of the pack: see `answered`."""
    return Request(command, form, "", as_at, **options)


def answered(law: Law, found: Source, request: Request) -> Answer:
    """The answers that are asked for. Raises BadInput."""
    matter = matters.read(found, law.book)
    # A day that changes nothing is not written into the facts, whose hash is told.
    if request.as_at and request.as_at != matter.as_at:
        matter = matters.read(found, law.book, request.as_at)
    whole = answers.answer(law.book, matter)
    return answers.only(whole, request.parcel) if request.parcel else whole


def shown(answer: Answer, form: str, detail: bool, paint: terminal.Paint = terminal.plain) -> str:
    """Answers as text, JSON, Markdown or HTML."""
    return told.render(answer) if form == "json" else page(told.document(answer, detail), form, paint)


def page(document: Document, form: str, paint: terminal.Paint = terminal.plain) -> str:
    """A document as text, Markdown or HTML."""
    if form == "markdown":
        return markdown.render(document)
    return html.render(document) if form == "html" else terminal.dense(document, paint)


def drafted(answer: Answer, form: str) -> bytes:
    """Answers as an advice: docx, pdf, html or md, with every rule and authority."""
    document = told.document(answer, detail=True)
    if form in ("docx", "pdf"):
        return docx.render(document) if form == "docx" else pdf.render(document)
    return page(document, {"md": "markdown"}.get(form, form)).encode("utf-8")


def output(request: Request, answer: Answer) -> bytes:
    """What was asked for, as it is written to a file."""
    if request.command == "draft":
        return drafted(answer, request.form)
    return shown(answer, request.form, request.detail).encode("utf-8")


def make(law: Law, found: Source, request: Request, answer: Answer, content: bytes) -> bytes:
    """The record of an output, as it is written to a file."""
    name, version = law.book.name, law.book.pack.version
    return record.written(
        found,
        {**asdict(request), "as_at": answer.matter.as_at},
        record.versions(request),
        ({"pack": name} if name else {}) | record.base(law.rules, version),
        record.base(law.cases, "", (examples.FOLDER,)),
        [findings(part) for part in answer.parts],
        content,
    )


def findings(part: Part) -> dict[str, Any]:
    """What was answered of an event, or of the matter: outcomes, rules that were asked, amounts as bounds, warnings."""
    rules = {name: STATES[found.truth] for asked in part.questions for name, found in asked.outcomes.items()}
    amounts = {
        item.name: "none" if item.applies is False else _bounds(item)
        for item in part.amounts
        if item.applies is not None or item.interval is not None
    }
    return {
        "part": part.id,
        "questions": {asked.name: " and ".join(asked.follows) or asked.state for asked in part.questions},
        "outcomes": rules,
        "amounts": amounts,
        "warnings": {item.name: "given" if item.state else "unknown" for item in part.warnings},
    }


def _bounds(item: answers.Told) -> str:
    if item.interval is None:
        return "unknown"
    ends = ["" if end is None else str(end) for end in (item.interval.low, item.interval.high)]
    return ends[0] if ends[0] == ends[1] else "..".join(ends)


def moved(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[str]:
    """Which answers, amounts and warnings are otherwise, event by event."""
    was_by, now_by = ({str(item.get("part")): item for item in rows} for rows in (before, after))
    lines, turned = list[str](), 0
    for part in dict.fromkeys((*was_by, *now_by)):
        was, now = was_by.get(part, {}), now_by.get(part, {})
        for key, word in (("questions", "question"), ("amounts", "amount"), ("warnings", "warning")):
            found = list(record.apart(f"{part}: {word}", was.get(key) or {}, now.get(key) or {}, "none"))
            turned += len(found) if key == "questions" else 0
            lines += found
    lines.append(f"{turned} answer{'s' * (turned != 1)} moved." if turned else "No answer moved.")
    return lines


def verify(path: str | Path, law: Law, named: str | Path | None = None) -> Verdict:
    """Makes the record again from its own fact set, and says what differs. Raises BadInput."""

    def again(found: Source, request: Request) -> bytes:
        answer = answered(law, found, request)
        return make(law, found, request, answer, output(request, answer))

    return record.compared(path, again, moved, named)


def replay(path: str | Path, law: Law, as_at: str = "") -> tuple[Answer, list[str]]:
    """The fact set of a record under the law of now, or as at another day, and what changes. Raises BadInput."""
    kept = record.read(path)
    request = record.request_of(kept, str(path))
    now = as_at or request.as_at
    other = Request(request.command, request.form, "", now, parcel=request.parcel)
    answer = answered(law, record.facts_of(kept), other)
    apart = record.beside(path)
    lines = [apart] * bool(apart)
    lines.append(f"Law as at: {request.as_at}" + (f" -> {now}" if now != request.as_at else "") + ".")
    lines += record.changed_files("rule", kept["rulebook"], record.base(law.rules, law.book.pack.version))
    return answer, lines + moved(kept["findings"], [findings(part) for part in answer.parts])
