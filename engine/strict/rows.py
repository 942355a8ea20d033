"""Many fact sets, row by row: what each event is answered, as flat rows that a table can hold."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caprev import limits
from caprev.errors import BadInput, Problem
from caprev.files import reading
from caprev.files.reading import Source
from caprev.strict import quick, words
from caprev.strict.answer import Part, answer
from caprev.strict.book import Book
from caprev.strict.matter import MATTER, Matter, read

FORMS = (".jsonl", ".csv")


@dataclass(frozen=True)
class Bad:
    """A fact set that cannot be read: its number in the file, and all that is wrong with it."""

    number: str
    error: str


def entries(book: Book, source: Path, as_at: str = "") -> Iterator[Matter | Bad]:
    """The fact sets of a file, in order.

    They are lines of JSON, or rows of CSV whose columns are facts (`section.fact`) with `id`; such a row is one event
    where the pack has events. Raises BadInput for a file that is neither.
    """
    if source.suffix not in FORMS:
        raise BadInput(Problem("cannot be read as fact sets", str(source), allowed="a .jsonl or .csv file"))
    reader = quick.Reader(book, as_at)
    for number, entry in _lines(source) if source.suffix == ".jsonl" else _cells(book, source):
        if isinstance(entry, Bad):
            yield entry
            continue
        place = f"{source}:{number}"
        try:
            yield reader.read(entry, place)
        except quick.NotPlain:
            yield one(book, place, entry, as_at)


def rows_of(book: Book, entry: Matter | Bad) -> Iterator[dict[str, Any]]:
    """A row for each event of a fact set, and for the matter; of a bad one its `error`."""
    if isinstance(entry, Bad):
        yield {"id": entry.number, "event": None, "error": entry.error}
        return
    for part in answer(book, entry).parts:
        yield {"id": str(entry.about.get("id") or ""), **_row(book, part), "error": None}


def _lines(source: Path) -> Iterator[tuple[int, str | Bad]]:
    """Lines, one at a time: a portfolio may be longer than a matter, and bytes that are no text spoil their line."""
    with reading.opened(source) as stream:
        for number, line in enumerate(reading.lines(stream, 4 * limits.LINE + 1), 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            except UnicodeDecodeError:
                yield number, Bad(str(number), str(Problem("is not UTF-8 text", str(source), number)))
                continue
            if text.strip():
                yield number, text


def _cells(book: Book, source: Path) -> Iterator[tuple[int, str]]:
    events = book.pack.events
    rows = csv.DictReader(io.StringIO(reading.contents(source)))
    for row in rows:
        facts = {key: value for key, value in row.items() if key and "." in key and value not in (None, "")}
        ident = row.get("id") or f"row-{rows.line_num - 1}"
        matter = {"matter": {"id": ident}}
        if events:
            own = {key: value for key, value in facts.items() if key.startswith(f"{events.section}.")}
            rest = {key: value for key, value in facts.items() if key not in own}
            yield rows.line_num, json.dumps({**matter, "facts": rest, "events": [{"id": ident, "facts": own}]})
        else:
            yield rows.line_num, json.dumps({**matter, "facts": facts})


def one(book: Book, place: str, text: str, as_at: str = "") -> Matter | Bad:
    """One fact set, read as any is."""
    try:
        if len(text) > limits.LINE:
            raise BadInput(Problem(f"is {len(text):,} characters long", place))
        parsed = reading.parse(text, place)
        return read(Source(place, parsed.data, text), book, as_at)
    except BadInput as error:
        return Bad(place.rpartition(":")[2], "; ".join(map(str, error.problems)))


def _row(book: Book, part: Part) -> dict[str, Any]:
    row: dict[str, Any] = {"event": part.id if part.id != MATTER else None, "kind": part.unit.kind or None}
    for asked in part.questions:
        row[asked.name] = "|".join(asked.follows) if asked.state in ("answered", "conflict") else asked.state
    for told in part.amounts:
        ends = (told.interval.low, told.interval.high) if told.interval and told.applies is not False else (None, None)
        low, high = (words.plain(told.amount.unit, end, told.unit, book.pack.decimals) for end in ends)
        if told.applies is None:
            low = high = None
        row[told.name] = low if low == high else f"{low or ''}..{high or ''}"
    row["warnings"] = "|".join(item.name for item in part.warnings if item.state)
    # In the order of the vocabulary: in which order formulas meet them is nothing that a table has to say.
    needs = set(part.needs)
    row["missing"] = "|".join(name for name in book.facts if name in needs)
    return row


def fields(book: Book) -> list[str]:
    """The columns of all rows, in order."""
    return ["id", "event", "kind", *book.questions, *book.amounts, "warnings", "missing", "error"]


def rendered(book: Book, rows: Iterable[dict[str, Any]], suffix: str) -> str:
    """Rows as lines of JSON or as CSV. Raises BadInput for another form."""
    names = fields(book)
    whole = [{name: row.get(name) for name in names} for row in rows]
    if suffix == ".jsonl":
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in whole)
    if suffix != ".csv":
        raise BadInput(Problem(f"rows cannot be written as '{suffix}'", allowed=".jsonl, .csv"))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(whole)
    return out.getvalue()
