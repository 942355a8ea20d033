"""Numbers and tables of the law by their days: a value, rates by brackets, a table by words, steps by numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from caprev.facts.knowledge import day
from caprev.law.models import Mark
from caprev.law.strict import Dated, Parameter
from caprev.strict.expressions import Kind
from caprev.strict.numbers import Interval, Number, exactly, hull, stepped

KINDS: dict[str, Kind] = {"value": "number", "brackets": "brackets", "table": "table", "steps": "steps"}


@dataclass(frozen=True)
class Row:
    """What a parameter is from a day to a day (none: open), as numbers."""

    low: Fraction | None
    high: Fraction | None
    source: str
    mark: Mark
    value: Fraction = Fraction(0)
    steps: tuple[tuple[Fraction, Fraction], ...] = ()
    table: tuple[tuple[str, Fraction], ...] = ()

    def meets(self, when: Interval) -> bool:
        """Whether a day that is known within bounds may be one of its days."""
        late = self.low is not None and when.high is not None and when.high < self.low
        return not late and not (self.high is not None and when.low is not None and when.low > self.high)


@dataclass(frozen=True)
class Read:
    """A parameter ready for use: its kind, and its rows in the order of their days."""

    name: str
    label: str
    unit: str
    kind: Kind
    rows: tuple[Row, ...]

    def at(self, when: Interval) -> tuple[list[Row], bool]:
        """The rows that may hold on a day, and whether one holds whichever day it is."""
        found = [row for row in self.rows if row.meets(when)]
        if not found:
            return [], False
        first, last = found[0], found[-1]
        whole = first.low is None or (when.low is not None and when.low >= first.low)
        whole &= last.high is None or (when.high is not None and when.high <= last.high)
        gaps = any(a.high is None or b.low is None or b.low - a.high > 1 for a, b in pairwise(found))
        return found, whole and not gaps


def number(text: str) -> Fraction:
    """A number as written: `11,100`, `20%`, `1/3`. Raises ValueError."""
    try:
        if text.endswith("%"):
            return Fraction(text[:-1].replace(",", "")) / 100
        return Fraction(text.replace(",", ""))
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"'{text}' is not a number; allowed: 11100, 11,100, 20%, 1/3") from None


def read(name: str, written: Parameter) -> Read:
    """A parameter from what is written. Raises ValueError with what is wrong."""
    forms = {row.form for row in written.values}
    if len(forms) > 1:
        raise ValueError(f"has {' and '.join(sorted(forms))}; allowed: one form at all times")
    rows = sorted((_row(entry) for entry in written.values), key=lambda row: (row.low is not None, row.low or 0))
    for before, after in pairwise(rows):
        if before.high is None or after.low is None or after.low <= before.high:
            raise ValueError("has two values for one day; end the first (to:) before the second begins (from:)")
    return Read(name, written.label, written.unit, KINDS[forms.pop()], tuple(rows))


def _row(entry: Dated) -> Row:
    low = Fraction(day(entry.start)[0]) if entry.start else None
    high = Fraction(day(entry.end)[1]) if entry.end else None
    steps: tuple[tuple[Fraction, Fraction], ...] = ()
    if entry.brackets:
        steps = _rising((step.over, step.rate) for step in entry.brackets)
        if any(rate < 0 for _, rate in steps):
            raise ValueError("has a rate below nought")
    elif entry.steps:
        steps = _rising(iter(entry.steps.items()))
    table = tuple((key, number(value)) for key, value in entry.table.items())
    value = number(entry.value) if entry.value is not None else Fraction(0)
    return Row(low, high, entry.source, entry.mark, value, steps, table)


def _rising(pairs: Iterator[tuple[str, str]]) -> tuple[tuple[Fraction, Fraction], ...]:
    steps = tuple((number(over), number(value)) for over, value in pairs)
    if any(a >= b for (a, _), (b, _) in pairwise(steps)):
        raise ValueError("has thresholds that do not rise")
    return steps


def taxed(row: Row, amount: Number) -> Number:
    """The tax on an amount, slice by slice."""

    def tax(value: Fraction) -> Fraction:
        total = Fraction(0)
        tops = [over for over, _ in row.steps[1:]]
        for index, (over, rate) in enumerate(row.steps):
            top = min(value, tops[index]) if index < len(tops) else value
            total += max(top - over, Fraction(0)) * rate
        return total

    return stepped(f"brackets {row.steps}", amount, tax)


def from_on(row: Row, amount: Number) -> list[Number]:
    """The values that a number may have in steps; none where it may lie below the first."""
    within = amount.interval
    ends = [over for over, _ in row.steps[1:]]
    if within.low is None or within.low < row.steps[0][0]:
        return []
    return [
        exactly(value)
        for index, (over, value) in enumerate(row.steps)
        if (within.high is None or over <= within.high) and (index == len(ends) or within.low < ends[index])
    ]


def looked_up(row: Row, words: frozenset[str]) -> list[Number]:
    """The values that words may have; none where one of them has none."""
    table = dict(row.table)
    return [exactly(table[word]) for word in sorted(words)] if words <= set(table) else []


def joined(name: str, rows: list[Row], of: Callable[[Row], list[Number]]) -> Number | None:
    """What may come of any of several rows; none where one of them gives nothing."""
    found = [of(row) for row in rows]
    if not found or not all(found):
        return None
    return hull(name, [number for numbers in found for number in numbers])
