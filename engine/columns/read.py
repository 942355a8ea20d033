"""Rows as people write them, to columns of knowledge: mappings (JSON Lines) and tables (CSV, Parquet).

A value is read by the vocabulary, as in any fact set, but once for each different value and not once for each row.
Rows that a column cannot hold, or that are not well formed, are marked odd; `facts` reads them one by one, and says
what is wrong with them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any, cast

import numpy as np
import polars as pl

from caprev import limits
from caprev.characters import is_text
from caprev.columns.codes import Options
from caprev.columns.derive import EPOCH
from caprev.columns.known import Bits, Flags, Floats, Known
from caprev.errors import BadInput, Problem, echoed
from caprev.facts.derivations import AS_AT, Derivations
from caprev.facts.knowledge import INFINITY, Knowledge
from caprev.facts.matter import MATTER_KEYS, bare
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.files.reading import Value, textual

Row = Mapping[str, Value]
DEPTH = 50  # of nesting
LAST = 3_652_059  # the day number of 31 December 9999


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
            elif name == COMPLETE:
                known.odd[[at for at, value in zip(numbers, values, strict=True) if value not in (None, "true")]] = True
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
        known.columns[name] = tuple(column.take(codes) for column in table.columns[name])

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
        try:
            return fact.read(bare(value, self.vocabulary, fact.name))
        except ValueError:
            return None

    # tables

    def check(self, names: Sequence[str]) -> None:
        """Raises BadInput for columns that are neither facts nor about the matter."""
        problems: list[Problem] = []
        for name in names:
            if name not in self.vocabulary and name != AS_AT.name and name not in _IGNORED:
                fix = self.vocabulary.nearest(name) if len(problems) < limits.TOLD else ""
                problems.append(Problem("is not in the vocabulary", subject=name, fix=fix))
        twice = sorted(name for name, count in Counter(names).items() if count > 1)
        problems += [Problem("is the name of two columns", subject=name, fix="Keep one of them") for name in twice]
        if problems:
            raise BadInput(problems)

    def table(self, table: pl.DataFrame) -> Known:
        """Knowledge of a table with a column for each fact; text as `cell` reads it, null is unknown."""
        known = self._start(table.height)
        if COMPLETE in table.columns:
            known.odd |= (table[COMPLETE].cast(pl.String).fill_null("true") != "true").to_numpy()
        named = [(AS_AT if name == AS_AT.name else self.vocabulary.facts.get(name), name) for name in table.columns]
        found = [(fact, table.get_column(name)) for fact, name in named if fact is not None]
        found = [(fact, series) for fact, series in found if series.null_count() < table.height]
        plain_columns = {fact.name: columns for fact, series in found if (columns := _plain(fact, series))}
        filled = table.select([column for columns in plain_columns.values() for column in columns])  # all in one go
        for fact, series in found:
            if fact.type == "bool" and series.dtype == pl.Boolean:
                known.columns[fact.name] = (_flags(series),)
            elif fact.name not in plain_columns:
                self._text(known, fact, series)
            elif isinstance(series.dtype, pl.Enum):
                values = [cell(fact, text) for text in series.dtype.categories.to_list()]
                self._put(known, fact.name, filled.get_column(fact.name).to_numpy(), values)
            else:
                low, high = (filled.get_column(f"{fact.name} {end}").to_numpy() for end in ("low", "high"))
                self._bounds(known, fact, series, low, high)
        return known

    def _bounds(self, known: Known, fact: Fact, series: pl.Series, low: Floats, high: Floats) -> None:
        """Single numbers or days, infinite where there is none; those that cannot be make their row odd."""
        least, most = (1.0, float(LAST)) if fact.type == "date" else (fact.possible.low, 1e15)

        def sound(numbers: Floats) -> Flags:
            fits = (numbers >= least) & (numbers <= most) & (numbers > -1e15) & (numbers < 1e15)
            return fits & (numbers == np.floor(numbers)) if fact.type == "int" else fits

        if not sound(low[low > -INFINITY]).all() or int((low > -INFINITY).sum()) + series.null_count() < known.rows:
            fits = sound(low)
            known.odd |= ~fits & series.is_not_null().to_numpy()
            low, high = np.where(fits, low, -INFINITY), np.where(fits, high, INFINITY)
        known.columns[fact.name] = low, high

    def _text(self, known: Known, fact: Fact, series: pl.Series) -> None:
        if series.dtype not in (pl.String, pl.Categorical):
            given = np.flatnonzero(series.is_not_null().to_numpy())
            self._fill(known, fact.name, given, [typed(value) for value in series.drop_nulls().to_list()])
            return
        words = pl.Categories.random()  # of this column alone; they last as long as the column
        numbered = series.cast(pl.String).cast(pl.Categorical(words))
        distinct = words.to_series().to_list()
        codes = numbered.to_physical().fill_null(len(distinct)).to_numpy()
        self._put(known, fact.name, codes, [cell(fact, text) for text in distinct])


def _plain(fact: Fact, series: pl.Series) -> list[pl.Expr]:
    """A column whose type says what the fact's type says, as numbers without null; none if its values must be read.

    For a choice the number of the value; for numbers and days their low and high ends.
    """
    column = pl.col(series.name)
    if isinstance(series.dtype, pl.Enum):
        count = len(series.dtype.categories)
        codes = column.to_physical()
        return [(codes if count < 255 else codes.cast(pl.UInt32)).fill_null(count)]
    if fact.type == "date" and series.dtype == pl.Date and fact is not AS_AT:
        numbers = column.to_physical().cast(pl.Float64) + float(EPOCH)
    elif fact.type in ("int", "number") and series.dtype.is_numeric():
        numbers = column.cast(pl.Float64)
    else:
        return []
    ends = (("low", -INFINITY), ("high", INFINITY))
    return [numbers.fill_null(end).alias(f"{fact.name} {name}") for name, end in ends]


def _flags(series: pl.Series) -> Bits:
    """The bits of a column of booleans: 1 for true, 2 for false, and all there are for null."""
    arrow = series.rechunk().to_arrow()
    valid, values = (
        buffer and np.unpackbits(np.frombuffer(buffer, np.uint8), count=arrow.offset + len(arrow), bitorder="little")
        for buffer in arrow.buffers()
    )
    bits = 2 - values[arrow.offset :]
    if valid is not None:
        bits |= (valid[arrow.offset :] ^ 1) * Options(Fact("", "bool", (), "", ""), (True, False)).absent[0]
    return cast("Bits", bits)


COMPLETE = "matter.complete"  # a row whose facts are cut short is read as any fact set
_IGNORED = frozenset({"id", *(f"matter.{key}" for key in MATTER_KEYS if key not in ("as_at", "pack"))})


def cell(fact: Fact, text: str) -> Value:
    """The value that a cell of a table stands for.

    Empty: unknown. `a|b`: a complete set, or one of several values; `a|...`: a set with perhaps more; `[]`: the empty
    set. `>=5`, `<=5`, `5..10`: bounds. JSON (`{"includes": [...], "excludes": [...]}`): anything a fact set can say.
    Other text is the value itself.

    >>> from caprev.facts.vocabulary import Fact
    >>> use = Fact("site.use", "set", ("farming", "rental", "own_home"), "", "What was it used for?")
    >>> cell(use, "farming|...")
    {'includes': ['farming']}
    >>> lots = Fact("site.lots", "int", (), "", "How many lots?")
    >>> cell(lots, ">=5"), cell(lots, "5..10"), cell(lots, "")
    ({'at_least': '5'}, {'at_least': '5', 'at_most': '10'}, None)
    """
    text = text.strip()
    if not text:
        return None
    if text[0] in "{[":
        try:
            found = textual(json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=pairs), DEPTH)
        except (ValueError, RecursionError):
            return text
        # Half of a pair of escapes is no text; as it is written it is a wrong value.
        return found if "\\u" not in text or is_text(json.dumps(found, ensure_ascii=False)) else text
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
    low, _, high = text.partition("..")
    if low and high and fact.type in ("int", "number", "date"):
        return {"at_least": low.rstrip(), "at_most": high.lstrip()}
    return text


def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; raises ValueError if a key is given twice."""
    mapping = dict(found)
    if len(mapping) < len(found):
        twice = next(name for name, count in Counter(name for name, _ in found).items() if count > 1)
        raise ValueError(f"the key '{echoed(twice)}' is given twice in one place")
    return mapping


def typed(value: Any) -> Value:
    """A typed value as text: a moment at midnight is a day, and a member of a structure that is null is left out."""
    if isinstance(value, datetime) and value.time() == time():
        return str(value.date())
    if isinstance(value, dict):
        return {str(key): typed(item) for key, item in value.items() if item is not None}
    return [typed(item) for item in value] if isinstance(value, list) else textual(value)


def _key(value: Value) -> object:
    return json.dumps(value, sort_keys=True), None


def _value(key: object) -> Value:
    return key if isinstance(key, str) else json.loads(key[0])  # type: ignore[index]
