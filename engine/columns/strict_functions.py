"""What formulas do with numbers, over columns: sums, products, the smaller, roundings, the calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from caprev.columns import rationals
from caprev.columns.rationals import Flags, Rationals, beside
from caprev.columns.strict_sheet import Sheet, Value
from caprev.columns.strict_values import Numbers, negated
from caprev.strict import numbers
from caprev.strict.operations import DAYS, PAIRS

Memos = dict[str, dict[Any, Fraction]]
"""What functions of the calendar, and powers, gave before."""


def operated(sheet: Sheet, memos: Memos, name: str, terms: Sequence[Numbers]) -> Value:
    add = sheet.sum
    one, two = terms[0], terms[1] if len(terms) > 1 else add.exactly(1)
    match name:
        case "add" | "add_days":
            return add.plus(one, two)
        case "subtract":
            return add.minus(one, two)
        case "days":
            return add.minus(two, one)
        case "multiply":
            return add.times(one, two)
        case "divide":
            return add.divided(one, two)
        case "power":
            return _power(sheet, memos, one, two)
        case "<" | ">=":
            return add.less(one, two) if name == "<" else negated(add.less(one, two))
        case ">" | "<=":
            return add.less(two, one) if name == ">" else negated(add.less(two, one))
        case "=" | "!=":
            return add.same(one, two) if name == "=" else negated(add.same(one, two))
        case "min" | "max":
            found = one
            for term in terms[1:]:
                found = add.smaller(found, term) if name == "min" else add.greater(found, term)
            return found
        case "abs":
            return add.greater(one, add.negative(one))
        case "round" | "floor" | "ceil":
            return _rounded(sheet, memos, name, one, two)
        case _:
            return _calendar(sheet, memos, name, terms)


def _rounded(sheet: Sheet, memos: Memos, name: str, one: Numbers, two: Numbers) -> Numbers:
    add = sheet.sum
    usable = two.exact & (rationals.sign(two.low) > 0)
    units = {Fraction(num, den) for num, den in zip(two.low.num.tolist(), two.low.dens, strict=True)}
    found = replace(one, none=~add.no)
    for unit in sorted(unit for unit in units if unit > 0):
        here = usable & (beside(two.low, unit) == 0)
        found = add.where(here, add.stepped(one, f"{name} {unit}", partial(_HOW[name], unit=unit)), found)
    return replace(
        found, none=one.none | two.none | ~usable, unsure=one.unsure | two.unsure, needs=one.needs | two.needs
    )


def _power(sheet: Sheet, memos: Memos, base: Numbers, exponent: Numbers) -> Numbers:
    add, ones = sheet.sum, rationals.constant(1, sheet.rows)
    memo = memos.setdefault("power", {})
    known = base.exact & exponent.exact
    fits = (exponent.lopen | _whole(exponent.low)) & (exponent.hopen | _whole(exponent.high))
    zero = known & (rationals.sign(base.low) == 0) & (rationals.sign(exponent.low) < 0)
    closed = ~(base.lopen | base.hopen | exponent.lopen | exponent.hopen) & (rationals.sign(base.low) > 0)
    sound = fits & ~zero & (known | closed) & ~(base.unsure | exponent.unsure)
    bases, powers = ([x.low] if not x.inputs else [x.low, x.high] for x in (base, exponent))
    ends = [
        rationals.mapped(
            lambda base, exponent: Fraction(base ** int(exponent)),
            memo,
            rationals.where(sound, a, ones),
            rationals.where(sound, b, ones),
        )
        for a in bases
        for b in powers
    ]
    low = high = ends[0]
    for end in ends[1:]:
        low, high = rationals.least(low, end), rationals.most(high, end)
    ajar = ~known & ~closed
    found = add.input(low, high, ajar, ajar, "power", base, exponent)
    return replace(found, none=found.none | ~fits | zero)


def _calendar(sheet: Sheet, memos: Memos, name: str, terms: Sequence[Numbers]) -> Numbers:
    add = sheet.sum
    parts = [int(term.constant.num[0]) if sheet.rows else 1 for term in terms[1:]] if len(terms) == 3 else []
    memo = memos.setdefault(" ".join(map(str, (name, *parts))), {})
    if name in ("months", "years", "add_months", "add_years"):
        of_, falls = PAIRS[name]
        return add.both(terms[0], terms[1], name, lambda a, b: rationals.mapped(of_, memo, a, b), falls)
    return add.stepped(
        terms[0],
        f"{name} {parts}",
        lambda column: rationals.mapped(lambda value: DAYS[name](value, *parts), memo, column),
    )


_HOW: dict[str, Callable[..., Rationals]] = {"round": rationals.rounded, "floor": rationals.down, "ceil": rationals.up}


def _whole(column: Rationals) -> Flags:
    """Where a number is whole, and no greater than an exponent may be."""
    size = rationals.most(column, rationals.minus(column))
    whole: Flags = rationals.sign(column, rationals.down(column, Fraction(1))) == 0
    return whole & (beside(size, numbers.LARGEST_POWER) <= 0)
