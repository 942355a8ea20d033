"""What formulas do with numbers and days: arithmetic, comparisons, roundings and the calendar."""

from __future__ import annotations

from collections.abc import Callable
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
        case "add" | "add_days":
            result = one.plus(two)
        case "subtract":
            result = one.minus(two)
        case "days":
            result = two.minus(one)
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
    if name in PAIRS:
        of, falls = PAIRS[name]
        return numbers.both(name, values[0], values[1], of, falls)
    parts = [int(value.constant) for value in values[1:]]
    return numbers.stepped(" ".join(map(str, (name, *parts))), values[0], lambda value: DAYS[name](value, *parts))


def _begun(value: Fraction, month: int, number: int) -> Fraction:
    """The year in which the year that a day lies in began."""
    when = numbers.day_of(value)
    return Fraction(when.year - ((when.month, when.day) < (month, number)))


PAIRS: dict[str, tuple[Callable[[Fraction, Fraction], Fraction], bool]] = {
    "months": (numbers.months_between, True),
    "years": (lambda a, b: Fraction(floor(numbers.months_between(a, b) / 12)), True),
    "add_months": (numbers.later, False),
    "add_years": (lambda a, b: numbers.later(a, floor(b) * Fraction(12)), False),
}
"""Functions of two numbers, and whether what they give falls as the first rises."""
DAYS: dict[str, Callable[..., Fraction]] = {
    "year": lambda value: Fraction(numbers.day_of(value).year),
    "tax_year": _begun,
    "date": numbers.the_day,
}
"""Functions of a day or a year, and of a month and a day that the formula gives."""
