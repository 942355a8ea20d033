"""Portfolios of strict rules: the rows that one by one give, from columns, and one by one what columns leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np

from caprev.columns import rationals
from caprev.columns.rationals import Rationals
from caprev.columns.strict import STATES, Columns, Found, Level, Told, bits
from caprev.columns.strict_values import YES
from caprev.law.strict import MONEY
from caprev.strict import rows, words
from caprev.strict.book import Book
from caprev.strict.matter import MATTER, Matter
from caprev.strict.rows import Bad

Row = dict[str, Any]
AT_ONCE = 4_096
"""Fact sets that are worked out together."""
FEW = 24
"""With fewer than so many, columns take longer than one by one."""
TOLD = 5
"""Amounts and questions that are named as left to one by one."""


@dataclass
class Counted:
    """How many fact sets there were, how many columns answered, and for how many each thing was left to one by one."""

    sets: int = 0
    bad: int = 0
    columns: int = 0
    left: Counter[str] = field(default_factory=Counter)

    @property
    def told(self) -> str:
        """In words: which way the fact sets were answered, and what columns could not tell for certain."""
        text = f"{self.columns} of {self.sets - self.bad} fact sets answered by columns"
        if not self.left:
            return text
        most = sorted(self.left.items(), key=lambda item: (-item[1], item[0]))[:TOLD]
        why = ", ".join(f"{name} {count}" for name, count in most)
        return f"{text}, the others one by one (columns could not tell for certain: {why})"


class Writer:
    """Rows of many fact sets."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.counted = Counted()
        self._columns = Columns(book)

    def rows(self, entries: Iterable[Matter | Bad]) -> Iterator[Row]:
        """A row for each event of each fact set, and for the matter, in order."""
        left = iter(entries)
        while some := list(islice(left, AT_ONCE)):
            yield from self._some(some)

    def _some(self, entries: Sequence[Matter | Bad]) -> Iterator[Row]:
        matters = [entry for entry in entries if isinstance(entry, Matter)]
        counted = self.counted
        if len(matters) < FEW:
            matters = []
        found = self._columns.answered(matters)
        table = _Table(self.book, found)
        counted.sets += len(entries)
        counted.bad += sum(isinstance(entry, Bad) for entry in entries)
        counted.columns += int(found.settled.sum())
        counted.left.update(found.doubts)
        number = 0
        for entry in entries:
            if matters and isinstance(entry, Matter):
                number += 1
                if found.settled[number - 1]:
                    yield from table.rows(entry, number - 1)
                    continue
            yield from rows.rows_of(self.book, entry)


class _Table:
    """Columns as text, by sheet."""

    def __init__(self, book: Book, found: Found) -> None:
        self.book, self.found = book, found
        self.events = [self._cells(level) for level in found.events]
        self.whole = self._cells(found.whole)
        self.told = bool(found.whole.questions or found.whole.amounts)

    def _cells(self, level: Level) -> list[tuple[str, list[str | None]]]:
        cells: list[tuple[str, list[str | None]]] = []
        for name, asked in level.questions.items():
            states = asked.state.tolist()
            follows = {outcome: flags.tolist() for outcome, flags in asked.follows.items()}
            cells.append((name, [self._outcomes(STATES[state], follows, row) for row, state in enumerate(states)]))
        for name, told in level.amounts.items():
            cells.append((name, self._amounts(name, told)))
        given = [(name, flags.tolist()) for name, flags in level.warnings.items() if flags.any()]
        count = len(level.units)
        cells.append(("warnings", ["|".join(name for name, where in given if where[row]) for row in range(count)]))
        waits: list[bool] = np.any(level.missing, axis=0).tolist()
        facts = self.found.facts
        missing = ["|".join(bits(level.missing, row, facts)) if waits[row] else "" for row in range(count)]
        return [*cells, ("missing", list(missing))]

    def _outcomes(self, state: str, follows: dict[str, list[bool]], row: int) -> str:
        if state not in ("answered", "conflict"):
            return state
        return "|".join(outcome for outcome, flags in follows.items() if flags[row])

    def _amounts(self, name: str, told: Told) -> list[str | None]:
        amount, value = self.book.amounts[name], told.value
        to = words.unit_of(self.book, amount)
        lows = _ends(amount.unit, value.low, to, self.book.pack.decimals)
        highs = lows if value.low is value.high else _ends(amount.unit, value.high, to, self.book.pack.decimals)
        said = ((told.applies.state == YES) & ~value.none).tolist()
        lopen, hopen = value.lopen.tolist(), value.hopen.tolist()
        found: list[str | None] = []
        for row, here in enumerate(said):
            low = None if not here or lopen[row] else lows[row]
            high = None if not here or hopen[row] else highs[row]
            found.append(low if low == high else f"{low or ''}..{high or ''}")
        return found

    def rows(self, matter: Matter, number: int) -> Iterator[Row]:
        """The rows of one matter, by its number among those that were answered together."""
        ident = str(matter.about.get("id") or "")
        for at, unit in enumerate(matter.events):
            row = self.found.events[at].row[number]
            yield (
                {"id": ident, "event": unit.id if unit.id != MATTER else None, "kind": unit.kind or None}
                | {name: cells[row] for name, cells in self.events[at]}
                | {"error": None}
            )
        if self.told or self.found.whole.warned[number] or not matter.events:
            cells = {name: column[number] for name, column in self.whole}
            yield {"id": ident, "event": None, "kind": None, **cells, "error": None}


def _ends(unit: str, column: Rationals, to: Fraction, decimals: int) -> list[str | None]:
    """Numbers for a machine, as `words.plain` tells them."""
    places = len(str(to.denominator)) - 1
    if unit == "date" or to.numerator != 1 or to.denominator != 10**places or places > 12:
        memo: dict[tuple[int, int], str | None] = {}
        for key in zip(column.num.tolist(), column.dens, strict=True):
            if key not in memo:
                memo[key] = words.plain(unit, Fraction(*key), to, decimals)
        return [memo[key] for key in zip(column.num.tolist(), column.dens, strict=True)]
    least = decimals if unit == MONEY else 0
    return [_digits(count, places, least) for count in rationals.counted(column, to).tolist()]


def _digits(count: int, places: int, least: int) -> str:
    """So many of the last decimal place, without noughts at the end beyond the least places."""
    if places < least:
        count, places = count * 10 ** (least - places), least
    digits = str(abs(count)).zfill(places + 1)
    end = len(digits)
    while end > len(digits) - places + least and digits[end - 1] == "0":
        end -= 1
    whole, part = digits[: len(digits) - places], digits[len(digits) - places : end]
    return f"{'-' if count < 0 else ''}{whole}{'.' + part if part else ''}"
