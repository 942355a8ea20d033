"""Amounts, days and formulas in words."""

from __future__ import annotations

from fractions import Fraction

from caprev.facts import in_words
from caprev.law.strict import MONEY, Amount
from caprev.strict import numbers, parameters
from caprev.strict.book import Book
from caprev.strict.numbers import Bound, Interval

_OPEN = "cannot be said"


def unit_of(book: Book, amount: Amount) -> Fraction:
    """What an amount is rounded to when it is told: as it says, else to the least coin, a hundredth, or a day."""
    if amount.round:
        return parameters.number(amount.round)
    if amount.unit == MONEY:
        return Fraction(1, 10**book.pack.decimals)
    return Fraction(1) if amount.unit == "date" else Fraction(1, 10_000 if amount.unit == "percent" else 100)


def told(book: Book, unit: str, interval: Interval | None, to: Fraction) -> str:
    """A value or a range: `4,000.00 USD`, `1.00 to 2.00 EUR`, `at least 5`, `2 June 2009`, `50.28 %`."""
    if interval is None or (interval.low is None and interval.high is None):
        return _OPEN
    low, high = (
        None if end is None else one(unit, end, to, book.pack.decimals) for end in (interval.low, interval.high)
    )
    last = f" {book.pack.currency}" if unit == MONEY and book.pack.currency else ""
    if unit not in (MONEY, "date", "percent", "number"):
        last = f" {unit}"
    day = unit == "date"
    if low is None:
        return f"{'on or before' if day else 'at most'} {high}{last}"
    if high is None:
        return f"{'on or after' if day else 'at least'} {low}{last}"
    return f"{low}{last}" if low == high else f"{low} to {high}{last}"


def one(unit: str, value: Fraction, to: Fraction, decimals: int) -> str:
    """One value, rounded, without the name of its unit (percent has its sign)."""
    if unit == "date":
        when = numbers.day_of(value)
        return f"{when.day} {in_words.month(when)} {when.year}"
    found = numbers.rounded(value, to)
    if unit == "percent":
        return f"{_digits(found * 100, 0)} %"
    return _digits(found, decimals if unit == MONEY else 0)


def plain(unit: str, value: Bound, to: Fraction, decimals: int) -> str | None:
    """One value for a machine: digits, a day as YYYY-MM-DD, a share as a fraction of one; none where it is open."""
    if value is None:
        return None
    if unit == "date":
        return numbers.day_of(value).isoformat()
    return _digits(numbers.rounded(value, to), decimals if unit == MONEY else 0).replace(",", "")


def _digits(value: Fraction, least: int) -> str:
    """A number that ends, in decimals: at least so many places, and no more than it needs."""
    places = least
    while (value * 10**places).denominator != 1 and places < 12:
        places += 1
    scaled = numbers.rounded(value * 10**places, Fraction(1))
    digits = f"{abs(int(scaled)):0{places + 1}d}"
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{int(whole):,}{'.' + part if part else ''}"
