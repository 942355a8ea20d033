"""Tables of many fact sets: a column for each fact, a row for each set, and what is wrong with whole rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from caprev import limits
from caprev.characters import shown
from caprev.columns.known import Known
from caprev.columns.read import Reader, cell, typed
from caprev.errors import echoed
from caprev.facts.derivations import AS_AT
from caprev.files.reading import Value


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row as a whole, and its id as far as it can be read."""

    what: str
    id: str | None = None


Raw = dict[str, Value] | Wrong  # a row as written


@dataclass(frozen=True)
class Portion:
    """Some rows of a file: what is known, their ids as they are shown, each row as written, and how far it is read.

    `share` is the part of the file that is read, between 0 and 1.
    """

    known: Known
    ids: pl.Series
    raw: Callable[[int], Raw]
    share: float


def shown_id(ident: str) -> str:
    """An id as it stands in the output."""
    return shown(echoed(ident, limits.ID))


def long_id(ident: str) -> Wrong:
    """What is wrong with a row whose id is longer than ids may be."""
    return Wrong(f"has an id that is {len(ident):,} characters long. Allowed: at most {limits.ID}.", ident)


def of_table(table: pl.DataFrame, reader: Reader, bad: dict[int, Wrong] | None = None) -> Portion:
    """A portion from a table with a column for each fact. Raises BadInput for columns that mean nothing."""
    reader.check(table.columns)
    name = next((name for name in ("id", "matter.id") if name in table.columns), None)
    ids = _text(table.get_column(name)) if name else pl.repeat(None, table.height, dtype=pl.String, eager=True)
    bad = {**_oversized(table, reader), **{row: long_id(ids[row]) for row in _longer(ids, limits.ID)}, **(bad or {})}
    odd = {row: shown_id(ids[row]) for row in ids.str.contains(r"[^\x20-\x7e]").arg_true()}
    odd |= {row: shown_id(wrong.id) for row, wrong in bad.items() if wrong.id}
    if odd:
        ids = ids.scatter(list(odd), list(odd.values()))
    known = reader.table(table)
    known.odd[list(bad)] = True

    def raw(row: int) -> Raw:
        if row in bad:
            return bad[row]
        values = {name: value for name, value in table.row(row, named=True).items() if value is not None}
        return {name: _cell(reader, name, value) for name, value in values.items()}

    return Portion(known, ids.alias("id"), raw, 0.0)


def _text(series: pl.Series) -> pl.Series:
    """A column as text; bytes that are none are shown by their escapes."""
    if series.dtype != pl.Binary:
        return series.cast(pl.String)
    values = [value and value.decode("utf-8", "surrogateescape") for value in series.to_list()]
    return pl.Series(series.name, [value and shown(value) for value in values], pl.String)


def _longer(series: pl.Series, most: int) -> list[int]:
    """The rows in which a text is longer than it may be."""
    lengths = series.str.len_bytes()
    if (lengths.max() or 0) <= most:  # type: ignore[operator]
        return []
    return (series.str.len_chars() > most).arg_true().to_list()


def _oversized(table: pl.DataFrame, reader: Reader) -> dict[int, Wrong]:
    """The rows with a cell of a fact that is longer than any may be."""
    found = {}
    for series in table:
        if series.dtype == pl.String and series.name in reader.vocabulary:
            for row in _longer(series, limits.CELL):
                what = f"{series.name}: is {len(series[row]):,} characters long. Allowed: at most {limits.CELL:,}."
                found[row] = Wrong(what)
    return found


def _cell(reader: Reader, name: str, value: Any) -> Value:
    fact = AS_AT if name == AS_AT.name else reader.vocabulary.facts.get(name)
    return cell(fact, value) if fact and isinstance(value, str) else typed(value)
