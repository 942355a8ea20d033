"""Parameters and tables of the law over columns, each row by its day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import numpy as np

from caprev.columns import rationals
from caprev.columns.rationals import Flags, Ints, Rationals, beside
from caprev.columns.strict_sheet import Sheet, Words
from caprev.columns.strict_values import Arithmetic, Numbers, among
from caprev.strict.parameters import Read, Row


def _at(sheet: Sheet, read: Read, day: Numbers) -> tuple[list[Flags], Flags, Ints]:
    """Where each row may hold, where there is no value for every day there may be, and what is waited for."""
    meets: list[Flags] = []
    whole = sheet.sum.no
    before: Row | None = None
    gap, ended = sheet.sum.no, sheet.sum.no
    for row in read.rows:
        none = sheet.sum.no
        late = none if row.low is None else ~day.hopen & (beside(day.high, row.low) < 0)
        early = none if row.high is None else ~day.lopen & (beside(day.low, row.high) > 0)
        here = ~(late | early)
        first = ~np.any(meets, axis=0) if meets else ~none
        begun = ~none if row.low is None else ~day.lopen & (beside(day.low, row.low) >= 0)
        whole = np.where(here & first, begun, whole)
        ended = np.where(here, ~none if row.high is None else ~day.hopen & (beside(day.high, row.high) <= 0), ended)
        apart = before is not None and (before.high is None or row.low is None or row.low - before.high > 1)
        gap = gap | (here & ~first & apart)
        meets.append(here)
        before = row
    count = np.sum(meets, axis=0)
    sound = (count > 0) & whole & ended & ~gap
    return meets, ~sound, among((count > 1) | ~sound, day.needs)


def _joined(sheet: Sheet, read: Read, day: Numbers, of: Callable[[Row], Numbers], *operands: Numbers) -> Numbers:
    """What may come of the rows that may hold; none where one of them gives nothing. `operands`: made of which."""
    add = sheet.sum
    meets, missing, needs = _at(sheet, read, day)
    found, begun, several = add.nothing(), add.no, add.no
    for row, here in zip(read.rows, meets, strict=True):
        if not here.any():
            continue
        one, again = of(row), here & begun
        if again.any():
            joint = replace(add.hull(found, one, ""), none=found.none | one.none)
            one, several = add.where(again, joint, one), several | again
        found = add.where(here, one, found)
        begun = begun | here
    if several.any():
        bounds = found.low, found.high, found.lopen, found.hopen
        made = add.input(*bounds, f"table {read.name}", *operands)
        # One number of one row, by its name, is what it is; of several, it is an input of the table.
        found = add.where(several & ~found.exact, add.like(made, found), found)
    return replace(
        found,
        none=found.none | missing,
        needs=among(~missing, found.needs) | needs | among(found.unsure & ~missing, sheet.layout.doubt),
        unsure=(found.unsure & ~missing) | day.unsure,
    )


def parameter(sheet: Sheet, read: Read, day: Numbers) -> Numbers:
    """A parameter on a day."""
    found = _joined(sheet, read, day, lambda row: sheet.sum.exactly(row.value))
    return sheet.sum.doubtful(found, day.unsure | day.none)


def at(sheet: Sheet, read: Read, day: Numbers) -> Numbers:
    """A parameter on a day that a formula gives."""
    found = parameter(sheet, read, day)
    return replace(found, none=found.none | day.none, needs=found.needs | day.needs)


def looked_up(sheet: Sheet, read: Read, day: Numbers, words: Words) -> Numbers:
    """What a table has for words."""
    found = _joined(sheet, read, day, lambda row: _word(sheet.sum, read.name, row, words))
    return replace(found, needs=found.needs | words.needs)


def of_number(sheet: Sheet, function: str, read: Read, day: Numbers, amount: Numbers) -> Numbers:
    """The tax on an amount slice by slice (`brackets`), or the value from the last step that it reaches (`step`)."""
    one = _taxed if function == "brackets" else _from_on
    found = _joined(sheet, read, day, lambda row: one(sheet, row, amount), amount)
    found = replace(found, none=found.none | amount.none, needs=found.needs | amount.needs)
    return sheet.sum.doubtful(found, amount.unsure)


def _taxed(sheet: Sheet, row: Row, amount: Numbers) -> Numbers:
    return sheet.sum.stepped(amount, f"brackets {row.steps}", lambda column: _brackets(row, column, sheet.rows))


def _from_on(sheet: Sheet, row: Row, amount: Numbers) -> Numbers:
    add = sheet.sum
    value = rationals.constant(row.steps[0][1], sheet.rows)
    for over, at in row.steps[1:]:
        here = beside(amount.low, over) >= 0
        value = rationals.where(here, rationals.constant(at, sheet.rows), value)
    below = amount.lopen | (beside(amount.low, row.steps[0][0]) < 0)
    found = replace(add.known(value), none=below)
    return add.doubtful(found, ~amount.exact & ~amount.none & ~below)


def _brackets(row: Row, column: Rationals, rows: int) -> Rationals:
    nought = rationals.constant(0, rows)
    total = nought
    for index, (over, rate) in enumerate(row.steps):
        top = column
        if index + 1 < len(row.steps):
            top = rationals.least(column, rationals.constant(row.steps[index + 1][0], rows))
        slice_ = rationals.most(rationals.plus(top, rationals.constant(-over, rows)), nought)
        total = rationals.plus(total, rationals.times(slice_, rationals.constant(rate, rows)))
    return total


def _word(add: Arithmetic, name: str, row: Row, words: Words) -> Numbers:
    """What a table has for words: a value, or the bounds of several."""
    table = dict(row.table)
    found = [[table[word] for word in sorted(words_)] if words_ <= set(table) else [] for words_ in words.sets]
    low = rationals.of(min(values, default=Fraction(0)) for values in found).take(words.codes)
    high = rationals.of(max(values, default=Fraction(0)) for values in found).take(words.codes)
    none = np.array([not values for values in found])[words.codes]
    found_ = add.input(low, high, add.no, add.no, f"table {name}")
    return replace(found_, none=none)
