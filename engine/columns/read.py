"""Rows as people write them, to columns of knowledge: mappings (JSON Lines) and tables (CSV, Parquet).

A value is read by the vocabulary, as in any fact set, but once for each different value and not once for each row.
Rows that a column cannot hold, or that are not well formed, are marked odd; `facts` reads them one by one, and says
what is wrong with them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

import numpy as np
import polars as pl

from ..derived import AS_AT, Derivations
from ..errors import BadInput, Problem
from ..facts import MATTER_KEYS, Standing
from ..knowledge import INFINITY, Knowledge, Range
from ..source import Value
from ..vocabulary import Fact, Vocabulary
from .codes import Options
from .derive import EPOCH
from .known import Known

Row = Mapping[str, Value]
TOLD = frozenset({"value", "source", "standing", "note"})
LAST = 3_652_059  # the day number of 31 December 9999
_BETWEEN = re.compile(r"(.+?)\s*\.\.\s*(.+)")


class Reader:
    """Reads rows by one vocabulary; remembers what every written value means."""

    def __init__(self, vocabulary: Vocabulary, derivations: Derivations, default_as_at: str) -> None:
        self.vocabulary = vocabulary
        self.facts: dict[str, Fact] = {**vocabulary.facts, **derivations.facts}
        self.default = AS_AT.read(default_as_at)
        self._meanings: dict[str, dict[object, Knowledge | None]] = {}

    # rows

    def rows(self, rows: Sequence[Row | None]) -> Known:
        """Knowledge of flat rows: `section.fact` to value. A row that is None is odd."""
        known = self._start(len(rows))
        told: dict[str, tuple[list[int], list[Value]]] = {}
        for number, row in enumerate(rows):
            if row is None:
                known.odd[number] = True
                continue
            for name, value in row.items():
                if name not in told:
                    told[name] = ([], [])
                told[name][0].append(number)
                told[name][1].append(value)
        for name, (numbers, values) in told.items():
            if name in self.vocabulary or name == AS_AT.name:
                self._fill(known, name, np.array(numbers), values)
            elif name not in _IGNORED:
                known.odd[numbers] = True
        return known

    def _start(self, rows: int) -> Known:
        known = Known(self.facts, rows)
        known.put(AS_AT.name, slice(None), self.default)
        return known

    def _fill(self, known: Known, name: str, rows: np.ndarray, values: Sequence[Value]) -> None:
        """Put values into rows, one group of rows for each different value."""
        places: dict[object, int] = {}
        numbers = [places.setdefault(v if isinstance(v, str) else _key(v), len(places)) for v in values]
        codes = np.full(known.rows, len(places))
        codes[rows] = numbers
        self._put(known, name, codes, [_value(key) for key in places])

    def _put(self, known: Known, name: str, codes: np.ndarray, values: list[Value]) -> None:
        """Give a fact its column: every row has the number of a value, or the next number for none."""
        fact = AS_AT if name == AS_AT.name else self.vocabulary[name]
        table = Known(self.facts, len(values) + 1)
        table.ensure(name)
        for place, value in enumerate(values):
            meaning = self._meaning(fact, value)
            if meaning is None:
                table.odd[place] = True
            elif meaning != fact.unknown or fact is AS_AT:
                table.put(name, place, meaning)
        if fact is AS_AT:
            table.put(name, len(values), self.default)
        if table.odd.any():
            known.odd |= table.odd.take(codes)
        if name in table.options:
            known.options[name] = table.options[name].take(codes)
        elif name in table.members:
            has, lacks = table.members[name]
            known.members[name] = has.take(codes), lacks.take(codes)
        else:
            low, high = table.ends[name]
            known.ends[name] = low.take(codes), high.take(codes)

    def _meaning(self, fact: Fact, value: Value) -> Knowledge | None:
        """What a written value says; None if it is not well formed."""
        meanings = self._meanings.setdefault(fact.name, {})
        key = value if isinstance(value, str) else _key(value)
        if key not in meanings:
            if len(meanings) > 100_000:  # numbers may all differ
                meanings.clear()
            meanings[key] = self._read(fact, value)
        return meanings[key]

    def _read(self, fact: Fact, value: Value) -> Knowledge | None:
        if isinstance(value, dict) and "value" in value:
            if not TOLD.issuperset(value) or value.get("standing") not in (None, *get_args(Standing)):
                return None
            value = value["value"]
        try:
            return fact.read(value)
        except ValueError:
            return None

    # tables

    def check(self, names: Sequence[str]) -> None:
        """Raises BadInput for columns that are neither facts nor about the matter."""
        problems = [
            Problem("is not in the vocabulary", subject=name, fix=self.vocabulary.nearest(name))
            for name in names
            if name not in self.vocabulary and name != AS_AT.name and name not in _IGNORED
        ]
        twice = sorted({name for name in names if list(names).count(name) > 1})
        problems += [Problem("is the name of two columns", subject=name, fix="Keep one of them") for name in twice]
        if problems:
            raise BadInput(problems)

    def table(self, table: pl.DataFrame) -> Known:
        """Knowledge of a table with a column for each fact; text as `cell` reads it, null is unknown."""
        known = self._start(table.height)
        found = [(AS_AT if name == AS_AT.name else self.vocabulary.facts.get(name), name) for name in table.columns]
        facts = {name: fact for fact, name in found if fact is not None}
        plain_numbers = {
            name: numbers for name, fact in facts.items() if (numbers := _numbers(fact, table[name])) is not None
        }
        filled = table.select(plain_numbers.values()) if plain_numbers else table  # all columns in one go
        for name, fact in facts.items():
            series = table.get_column(name)
            if name not in plain_numbers:
                self._text(known, fact, series)
            elif isinstance(series.dtype, pl.Enum):
                values = [cell(fact, text) for text in series.dtype.categories.to_list()]
                self._put(known, name, filled.get_column(name).to_numpy(), values)
            elif fact.type == "bool":
                absent = Options(fact, (True, False)).absent[0]
                known.options[name] = np.array([2, 1, absent], np.uint8).take(filled.get_column(name).to_numpy())
            else:
                self._bounds(known, fact, series, filled.get_column(name).to_numpy())
        return known

    def _bounds(self, known: Known, fact: Fact, series: pl.Series, numbers: Any) -> None:
        """Single numbers or days, not a number where there is none; those that cannot be make their row odd."""
        if fact.type == "date":
            numbers = numbers + float(EPOCH)
            fits = (numbers >= 1) & (numbers <= LAST)
        else:
            allowed = fact.unknown
            assert isinstance(allowed, Range)
            fits = (numbers >= allowed.low) & (numbers < 1e15) & (numbers > -1e15)
            if fact.type == "int":
                fits &= numbers == np.floor(numbers)
        if known.rows - int(fits.sum()) > series.null_count():
            known.odd |= ~fits & series.is_not_null().to_numpy()
        known.ends[fact.name] = np.where(fits, numbers, -INFINITY), np.where(fits, numbers, INFINITY)

    def _text(self, known: Known, fact: Fact, series: pl.Series) -> None:
        if series.dtype == pl.Datetime and bool((series.dt.truncate("1d") == series).all()):
            series = series.dt.date()
        if series.dtype not in (pl.String, pl.Categorical):
            given = np.flatnonzero(series.is_not_null().to_numpy())
            self._fill(known, fact.name, given, [plain(value) for value in series.drop_nulls().to_list()])
            return
        series = series.cast(pl.String)
        distinct = series.unique().drop_nulls()
        codes = series.cast(pl.Enum(distinct)).to_physical().cast(pl.UInt32).fill_null(len(distinct)).to_numpy()
        self._put(known, fact.name, codes, [cell(fact, text) for text in distinct.to_list()])


def _numbers(fact: Fact, series: pl.Series) -> pl.Expr | None:
    """A column whose type says what the fact's type says, as numbers without null; None if its values must be read."""
    column = pl.col(series.name)
    if isinstance(series.dtype, pl.Enum):
        return column.to_physical().cast(pl.UInt32).fill_null(len(series.dtype.categories))
    if fact.type == "bool" and series.dtype == pl.Boolean:
        return column.cast(pl.UInt8).fill_null(2)
    if fact.type == "date" and series.dtype == pl.Date and fact is not AS_AT:
        return column.to_physical().cast(pl.Float64).fill_null(float("nan"))
    if fact.type in ("int", "number") and series.dtype.is_numeric():
        return column.cast(pl.Float64).fill_null(float("nan"))
    return None


_IGNORED = frozenset({"id", *(f"matter.{key}" for key in MATTER_KEYS if key != "as_at")})


def cell(fact: Fact, text: str) -> Value:
    """The value that a cell of a table stands for.

    Empty: unknown. `a|b`: a complete set, or one of several values; `a|...`: a set with perhaps more; `[]`: the empty
    set. `>=5`, `<=5`, `5..10`: bounds. JSON (`{"includes": [...], "excludes": [...]}`): anything a fact set can say.
    Other text is the value itself.
    """
    text = text.strip()
    if not text:
        return None
    if text[0] in "{[":
        try:
            return plain(json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=pairs))
        except (ValueError, RecursionError):
            return text
    if fact.type == "set":
        if text.lower() == "unknown":
            return "unknown"
        members: list[Value] = [part.strip() for part in text.split("|")]
        return {"includes": members[:-1]} if members[-1] == "..." else members
    if text.startswith(">="):
        return {"at_least": text[2:].strip()}
    if text.startswith("<="):
        return {"at_most": text[2:].strip()}
    if "|" in text:
        return {"one_of": [part.strip() for part in text.split("|")]}
    between = _BETWEEN.fullmatch(text)
    if between and fact.type in ("int", "number", "date"):
        return {"at_least": between[1], "at_most": between[2]}
    return text


def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; raises ValueError if a key is given twice."""
    mapping = dict(found)
    if len(mapping) < len(found):
        names = [name for name, _ in found]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key '{twice}' is given twice in one place")
    return mapping


def plain(value: Any) -> Value:
    """Data with every scalar as text, as fact sets are read."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _key(value: Value) -> object:
    return json.dumps(value, sort_keys=True), None


def _value(key: object) -> Value:
    return key if isinstance(key, str) else json.loads(key[0])  # type: ignore[index]
