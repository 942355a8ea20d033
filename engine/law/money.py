"""Amounts of money in words, rounded to the cent, and rates as they are written."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor

Bounds = tuple[Fraction | None, Fraction | None]
"""The least and the greatest that an amount may be; an open end is None."""


def money(bounds: Bounds) -> str:
    """An amount or a range of amounts, to the cent: `$1,200.00`, `$1.00 to $2.00`, `at least $1.00`."""
    low, high = (None if end is None else rounded(end) for end in bounds)
    return worded(low, high)


def worded(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return _dollars(low) if low == high else f"{_dollars(low)} to {_dollars(high)}"
    if low is not None:
        return f"at least {_dollars(low)}"
    return "not known" if high is None else f"at most {_dollars(high)}"


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.2f}".replace("$-", "-$")


def rounded(amount: Fraction) -> Decimal:
    """To the cent; half a cent away from zero, and never minus nothing."""
    cents = floor(abs(amount) * 100 + Fraction(1, 2))
    return Decimal(cents if amount > 0 else -cents).scaleb(-2) if cents else Decimal("0.00")


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
