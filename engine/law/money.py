"""Amounts of money in words, and rates as they are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from caprev.facts.currency import Currency

Bounds = tuple[Fraction | None, Fraction | None]
"""The least and the greatest that an amount may be; an open end is None."""


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
