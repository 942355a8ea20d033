"""What is known of many matters at once, before it is coded: bits for choices and sets, ends for numbers.

Everything that one parcel's facts may say fits, but for a number known to be one of several: such rows are `odd`,
and so are those that contradict themselves. Whoever asks runs them through `facts`, one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caprev.columns.codes import Layout, Members, Numbers, Options
from caprev.facts.knowledge import INFINITY, Knowledge, Range
from caprev.facts.vocabulary import Fact

Bits = NDArray[Any]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def kind_of(width: int) -> str:
    """The NumPy type that holds so many bits."""
    return "u1" if width <= 8 else "u2" if width <= 16 else "u4" if width <= 32 else "i8"


class Known:
    """Columns of knowledge of some facts; a fact without columns is one of which nothing is known in any row.

    `columns` holds the bits of a choice, both kinds of bits of a set, and both ends of a number or a date.
    `odd`: rows that columns cannot hold, or that contradict themselves; `contradicted`: which of them do, so far as
    columns hold them.
    """

    def __init__(self, facts: Mapping[str, Fact], rows: int) -> None:
        self.facts = facts
        self.rows = rows
        self.columns: dict[str, tuple[Bits, ...]] = {}
        self.odd: Flags = np.zeros(rows, np.bool_)
        self.contradicted: Flags = np.zeros(rows, np.bool_)

    def coder(self, name: str) -> Options | Members | None:
        """How the bits of a choice or a set are laid out; None for numbers and dates."""
        fact = self.facts[name]
        if fact.type == "set":
            return Members(fact)
        if fact.type in ("bool", "enum"):
            return Options(fact, fact.values or (True, False))
        return None

    def has(self, name: str) -> bool:
        """Whether there is a column for the fact."""
        return name in self.columns

    def ensure(self, name: str) -> None:
        """Give a fact its columns."""
        if self.has(name):
            return
        code = self.coder(name)
        if code is None:
            self.columns[name] = np.full(self.rows, -INFINITY), np.full(self.rows, INFINITY)
        else:
            kinds = zip(code.absent, map(kind_of, code.widths), strict=True)
            self.columns[name] = tuple(np.full(self.rows, bits, kind) for bits, kind in kinds)

    def put(self, name: str, rows: Any, known: Knowledge) -> None:
        """What is known of a fact in some rows: an index, a slice or flags."""
        self.ensure(name)
        code = self.coder(name)
        if code is None and not isinstance(known, Range):
            self.odd[rows] = True
            return
        values = (known.low, known.high) if isinstance(known, Range) else code.encode(known) if code else ()
        for column, value in zip(self.columns[name], values, strict=True):
            column[rows] = value

    def contradict(self, rows: Any, found: Any) -> None:
        """Of some rows, those that were found to contradict themselves."""
        self.odd[rows] |= found
        self.contradicted[rows] |= found

    def absent(self, name: str) -> Any:
        """The rows in which nothing is known of a fact."""
        if not self.has(name):
            return np.ones(self.rows, np.bool_)
        code = self.coder(name)
        blank = (-INFINITY, INFINITY) if code is None else code.absent
        first, *others = (column == bits for column, bits in zip(self.columns[name], blank, strict=True))
        return first & others[0] if others else first


class Coder:
    """Knowledge to the columns that programs read."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.types = {column: kind_of(width) for column, width in layout.widths.items()}

    def codes(self, known: Known) -> dict[str, Bits]:
        """The columns of all rows."""
        found: dict[str, Bits] = {}
        for name, code in self.layout.codes.items():
            if not known.has(name):
                for column, bits in zip(code.columns, code.absent, strict=True):
                    found[column] = np.full(known.rows, bits, self.types[column])
            elif not isinstance(code, Numbers):
                found.update(zip(code.columns, known.columns[name], strict=True))
            else:
                low, high = known.columns[name]
                for column, cuts in zip(code.columns, code.blocks, strict=True):
                    before = np.array([number for number, after in cuts if not after])
                    after = np.array([number for number, after in cuts if after])
                    first, last = (_cells(before, after, end) for end in (low, high))
                    one = np.int64(1)
                    found[column] = ((one << last + 1) - (one << first)).astype(self.types[column])
        return found

    def write(self, codes: Mapping[str, Bits], row: int, known: Mapping[str, Knowledge]) -> None:
        """Code what is known of one parcel into one row."""
        for name, code in self.layout.codes.items():
            bits = code.encode(known[name]) if name in known else code.absent
            for column, value in zip(code.columns, bits, strict=True):
                codes[column][row] = value

    def empty(self, rows: int) -> dict[str, Bits]:
        """Columns of rows that say nothing yet."""
        return {column: np.zeros(rows, kind) for column, kind in self.types.items()}


def _cells(before: Floats, after: Floats, values: Floats) -> NDArray[np.int64]:
    """The cell of each value: how many cuts lie before it."""
    cells = np.zeros(len(values), np.int8)
    for cut in before:
        cells += values >= cut
    for cut in after:
        cells += values > cut
    return cells.astype(np.int64)
