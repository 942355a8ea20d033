"""Amounts of money in words, and rates as they are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from caprev.facts.currency import Currency
from caprev.facts.knowledge import INFINITY, Range

Bounds = tuple[Fraction | None, Fraction | None]
"""The least and the greatest that an amount may be; an open end is None."""


def ends(span: Range) -> Bounds:
    """What is known of a number, exactly: the decimals that were written, which are the shortest texts of floats."""
    low, high = (None if abs(end) == INFINITY else _written(end) for end in (span.low, span.high))
    return low, high


def _written(number: float) -> Fraction:
    return Fraction(int(number)) if number == int(number) and abs(number) < 1e15 else Fraction(repr(number))


def money(bounds: Bounds, currency: Currency) -> str:
    """An amount or a range of amounts, rounded: `1,200.00`, `1.00 to 2.00`, `at least 1.00`, each with its sign."""
    low, high = (None if end is None else currency.rounded(end) for end in bounds)
    return worded(low, high, currency)


def worded(low: Decimal | None, high: Decimal | None, currency: Currency) -> str:
    """Bounds that were rounded, in words; `not known` where both are open."""
    if low is not None and high is not None:
        told = currency.amount(low)
        return told if low == high else f"{told} to {currency.amount(high)}"
    if low is not None:
        return f"at least {currency.amount(low)}"
    return "not known" if high is None else f"at most {currency.amount(high)}"


@lru_cache(maxsize=1024)  # the law declares the same ones again and again
def rate(text: str) -> Fraction:
    """A declared rate: `50%` or `1/3`. Raises ValueError."""
    try:
        if text.endswith("%"):
            return Fraction(Decimal(text[:-1])) / 100
        over, under = text.split("/")
        return Fraction(int(over), int(under))
    except (ArithmeticError, ValueError, OverflowError):
        raise ValueError(
            f"'{text}' is not a rate; allowed: a percentage such as 50%, or a fraction such as 1/3"
        ) from None
