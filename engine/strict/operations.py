"""What formulas do with numbers and days: arithmetic, comparisons, roundings and the calendar."""

from __future__ import annotations

from fractions import Fraction
from math import floor

from caprev.facts.knowledge import negation
from caprev.strict import numbers
from caprev.strict.numbers import Number, exactly
from caprev.strict.traces import Trace, Value


def operated(name: str, values: list[Number], trace: Trace) -> tuple[Value, Trace]:
    """An operation on numbers, none of which is missing."""
    one = values[0]
    two = values[1] if len(values) > 1 else exactly(1)
    result: Value
    match name:
        case "add":
            result = one.plus(two)
        case "subtract":
            result = one.minus(two)
        case "multiply":
            result = numbers.times(one, two)
        case "divide" | "power":
            result = numbers.divided(one, two) if name == "divide" else numbers.power(one, two)
            if result is None:
                what = "a division by nought" if name == "divide" else "a power that cannot be taken"
                return None, trace.and_(Trace(gaps=(what,)))
        case "<" | ">=":
            truth = numbers.less(one, two)
            result = truth if name == "<" else negation(truth)
        case ">" | "<=":
            truth = numbers.less(two, one)
            result = truth if name == ">" else negation(truth)
        case "=" | "!=":
            truth = numbers.same(one, two)
            result = truth if name == "=" else negation(truth)
        case "min":
            result = numbers.least(values)
        case "max":
            result = numbers.most(values)
        case "abs":
            result = numbers.most([one, one.scaled(Fraction(-1))])
        case "round" | "floor" | "ceil":
            return _rounded(name, one, two, trace)
        case _:
            result = _calendar(name, values)
    return result, trace


def _rounded(name: str, value: Number, unit: Number, trace: Trace) -> tuple[Value, Trace]:
    if not unit.exact or unit.constant <= 0:
        return None, trace.and_(Trace(gaps=("a rounding to a unit that is not known, or not above nought",)))
    how = {"round": numbers.rounded, "floor": numbers.down, "ceil": numbers.up}[name]
    return numbers.stepped(f"{name} {unit.constant}", value, lambda number: how(number, unit.constant)), trace


def _calendar(name: str, values: list[Number]) -> Number:
    one, two = values[0], values[1] if len(values) > 1 else exactly(0)
    match name:
        case "days":
            return two.minus(one)
        case "months":
            return numbers.both(name, one, two, numbers.months_between, falls=True)
        case "years":
            return numbers.both(
                name, one, two, lambda a, b: Fraction(floor(numbers.months_between(a, b) / 12)), falls=True
            )
        case "add_days":
            return one.plus(two)
        case "add_months":
            return numbers.both(name, one, two, numbers.later)
        case "add_years":
            return numbers.both(name, one, two, lambda a, b: numbers.later(a, floor(b) * Fraction(12)))
        case "year":
            return numbers.stepped(name, one, lambda value: Fraction(numbers.day_of(value).year))
        case "tax_year":
            month, number = int(values[1].constant), int(values[2].constant)
            return numbers.stepped(f"tax_year {month} {number}", one, lambda value: _begun(value, month, number))
        case _:
            assert name == "date"
            month, number = int(values[1].constant), int(values[2].constant)
            return numbers.stepped(f"date {month} {number}", one, lambda value: numbers.the_day(value, month, number))


def _begun(value: Fraction, month: int, number: int) -> Fraction:
    """The year in which the year that a day lies in began."""
    when = numbers.day_of(value)
    return Fraction(when.year - ((when.month, when.day) < (month, number)))
