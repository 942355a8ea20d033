"""Files of many fact sets, a portion at a time: JSON Lines, CSV and Parquet.

Every row of a file is a row of a portion, whatever is wrong with it; ids are told as they may be shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from caprev import limits
from caprev.characters import is_text
from caprev.columns.read import COMPLETE, DEPTH, Reader, Row, pairs
from caprev.columns.records import Records
from caprev.columns.tables import Portion, Raw, Wrong, long_id, of_table, shown_id
from caprev.errors import BadInput, Problem, listing
from caprev.facts import matter as facts
from caprev.facts.derivations import AS_AT, Derivations
from caprev.facts.matter import MATTER_KEYS, Parcel
from caprev.facts.vocabulary import Vocabulary
from caprev.files.reading import Source, Value, lines, opened, textual

KINDS = {".jsonl": "json", ".ndjson": "json", ".csv": "csv", ".parquet": "parquet"}
LINES, ROWS = 8_192, 131_072  # of a portion: text is bulkier in memory than columns
BYTES = 64_000_000  # of a share of JSON Lines
_LONGEST = 4 * limits.LINE + 1  # bytes of a line; what is longer is too long for any row

Share = tuple[int, int]  # from and to: rows of Parquet, bytes of text


def kind(path: Path) -> str:
    """How a file is written, by its name. Raises BadInput."""
    if path.suffix.lower() not in KINDS:
        raise BadInput(Problem(f"ends in '{path.suffix}'", str(path), allowed=listing(KINDS)))
    return KINDS[path.suffix.lower()]


def shares(path: Path) -> list[Share]:
    """A file in pieces that can be read by themselves. Raises BadInput.

    Parquet is cut between its groups of rows, JSON Lines anywhere; CSV is one piece, for a cell may hold line breaks.
    """
    how = kind(path)
    size = max(path.stat().st_size, 1)
    if how != "parquet":
        step = size if how == "csv" else BYTES
        return [(start, min(start + step, size)) for start in range(0, size, step)]
    found: list[Share] = []
    with opened(path) as stream, _parquet_errors(path):
        about = pq.ParquetFile(stream).metadata
        first = end = 0
        for group in range(about.num_row_groups):
            end += about.row_group(group).num_rows
            if end - first >= ROWS or group == about.num_row_groups - 1:
                found.append((first, end))
                first = end
    return found


def portions(path: Path, reader: Reader, share: Share | None = None) -> Iterator[Portion]:
    """A file's rows in order, or those of one share. Raises BadInput if it cannot be read, or has columns that mean
    nothing."""
    how = kind(path)
    with opened(path) as stream:
        if how == "parquet":
            yield from _parquet(path, reader, share)
            return
        start, end = share or (0, max(path.stat().st_size, 1))
        # Bytes that are no text stay where they are, and make only their own row a bad one.
        text = (line.decode("utf-8-sig", "surrogateescape") for line in lines(stream, _LONGEST, start, end))
        read = _lines(text, reader) if how == "json" else _cells(Records(text, str(path)), reader)
        for portion in read:
            done = min((stream.tell() - start) / (end - start), 1.0)
            yield Portion(portion.known, portion.ids, portion.raw, done)


# JSON Lines


def _lines(text: Iterator[str], reader: Reader) -> Iterator[Portion]:
    rows: list[Raw] = []
    size = 0
    for line in text:
        if line.strip():
            rows.append(row_of(line))
            size += len(line)
        if len(rows) == LINES or size > limits.WINDOW:
            yield of_rows(rows, reader)
            rows, size = [], 0
    if rows:
        yield of_rows(rows, reader)


def row_of(line: str) -> Raw:
    """One line of JSON; every scalar stays text.

    >>> row_of('{"id": 7, "site.lots": 12}')
    {'id': '7', 'site.lots': '12'}
    >>> row_of("[]")
    Wrong(what='is not a mapping of facts.', id=None)
    """
    if len(line) > limits.LINE:
        return Wrong(f"is more than {limits.LINE:,} characters long.")
    try:
        row = json.loads(line, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=pairs)
        told = textual(row, DEPTH)
    except RecursionError:
        return Wrong("is nested too deeply.")
    except ValueError as error:
        return Wrong(f"is not valid JSON: {error}." if is_text(line) else "is not UTF-8 text.")
    if not isinstance(told, dict):
        return Wrong("is not a mapping of facts.")
    if not is_text(line):
        return Wrong("is not UTF-8 text.", _id(told))
    if "\\u" in line and not is_text(json.dumps(row, ensure_ascii=False)):
        return Wrong("is not text: it has half of a pair of escapes (\\ud800 to \\udfff).", _id(told))
    ident = _id(told)
    return told if ident is None or len(ident) <= limits.ID else long_id(ident)


def of_rows(rows: Sequence[Raw], reader: Reader) -> Portion:
    """A portion from rows as written."""
    flat = [None if isinstance(row, Wrong) else _flat(row, reader.vocabulary) for row in rows]
    ids = [row.id if isinstance(row, Wrong) else _id(row) for row in rows]
    told = pl.Series("id", [ident and shown_id(ident) for ident in ids], pl.String)
    return Portion(reader.rows(flat), told, rows.__getitem__, 0.0)


def _id(row: dict[str, Value]) -> str | None:
    matter = row.get("matter")
    found = row.get("id") or row.get("matter.id") or (matter.get("id") if isinstance(matter, dict) else None)
    return found if isinstance(found, str) else None


_ABOUT = frozenset(MATTER_KEYS) - {"pack"}  # a row that says its pack is read by itself, where that is checked


def _flat(row: dict[str, Value], vocabulary: Vocabulary) -> Row | None:
    """`section.fact` to value; None if the row has anything else to say, or says something twice."""
    found: dict[str, Value] = {}
    count = 0
    for key, value in row.items():
        for name, item in value.items() if key == "facts" and isinstance(value, dict) else ((key, value),):
            if name == "matter" and isinstance(item, dict) and set(item) <= _ABOUT:
                given = {AS_AT.name: item["as_at"]} if item.get("as_at") else {}
                given |= {COMPLETE: item["complete"]} if item.get("complete") is not None else {}
            elif name in vocabulary.sections and isinstance(item, dict):
                given = {f"{name}.{fact}": told for fact, told in item.items()}
            elif "." in name:
                given = {name: item} if item is not None or name != AS_AT.name else {}
            elif (name == "id" and not isinstance(item, (dict, list))) or (
                name in vocabulary.sections and item is None
            ):
                given = {}
            else:
                return None
            found.update(given)
            count += len(given)
    return found if len(found) == count else None


# tables


def _cells(records: Records, reader: Reader) -> Iterator[Portion]:
    names = records.names
    reader.check(names)
    name_at = next((names.index(name) for name in ("id", "matter.id") if name in names), len(names))
    found: list[list[str]] = []
    bad: dict[int, Wrong] = {}
    size = 0
    for row, wrong, length in records:
        wrong = wrong or ("" if all(map(is_text, row)) else "is not UTF-8 text.")
        if wrong:
            bad[len(found)] = Wrong(wrong, row[name_at] if name_at < len(row) else None)
            row = [""] * len(names)
        found.append(row)
        size += length
        if len(found) == LINES or size > limits.WINDOW:
            yield _of_cells(names, found, bad, reader)
            found, bad, size = [], {}, 0
    if found:
        yield _of_cells(names, found, bad, reader)


def _of_cells(names: list[str], rows: list[list[str]], bad: dict[int, Wrong], reader: Reader) -> Portion:
    columns = zip(*rows, strict=True)
    table = pl.DataFrame(
        [pl.Series(n, [c or None for c in column], pl.String) for n, column in zip(names, columns, strict=True)]
    )
    return of_table(table, reader, bad)


def _parquet(path: Path, reader: Reader, share: Share | None) -> Iterator[Portion]:
    with _parquet_errors(path):
        scan = pl.scan_parquet(path, glob=False)
        start, end = share or (0, int(scan.select(pl.len()).collect().item()))
        done = 0
        for table in scan.slice(start, end - start).collect_batches(chunk_size=ROWS, maintain_order=True):
            portion = of_table(table, reader)
            done += table.height
            yield Portion(portion.known, portion.ids, portion.raw, done / max(end - start, 1))


@contextmanager
def _parquet_errors(path: Path) -> Iterator[None]:
    """Raises BadInput for what the readers of Parquet say of a file."""
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException) as error:
        reason = (str(error).splitlines() or ["damaged"])[0]
        raise BadInput(Problem(f"is not a Parquet file that can be read ({reason})", str(path))) from None


# one row by itself


class _Row(Source):
    def line(self, path: Any) -> int:
        return 0


def fact_set(row: dict[str, Value]) -> dict[str, Value]:
    """A row as a fact set: dotted names move below `matter` and `facts`. Raises BadInput if one is there already."""
    found: dict[str, Value] = {key: value for key, value in row.items() if "." not in key}
    for key, value in row.items():
        if "." in key:
            place, name = ("matter", key.split(".", 1)[1]) if key.startswith("matter.") else ("facts", key)
            into = found.setdefault(place, {})
            if isinstance(into, dict):  # anything else is refused by the reading
                if name in into:
                    raise BadInput(Problem("is given twice", subject=key, fix="Keep one of them"))
                found[place] = {**into, name: value}
    return found


def parcel(row: Raw, vocabulary: Vocabulary, derivations: Derivations, default_as_at: str, pack: str = "") -> Parcel:
    """One row through the ordinary reading. Raises BadInput with what is wrong with it."""
    if isinstance(row, Wrong):
        raise BadInput(Problem(row.what))
    matter = facts.load(_Row("", fact_set(row), ""), vocabulary, derivations, default_as_at, pack)
    if len(matter.parcels) != 1:
        fix = "Give each a row of its own"
        raise BadInput(Problem(f"has {len(matter.parcels)} parcels, but a row is one conclusion", fix=fix))
    return matter.parcels[0]
