"""Columns of exact numbers: whole numerators over whole denominators, in 64 bits where they fit and in any number else.

Nothing is ever rounded that a formula does not round. Before each step the largest result there can be is reckoned; a
column that could outgrow 64 bits goes on as Python's own whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

Ints = np.ndarray[Any, Any]
Flags = np.ndarray[Any, Any]
_MOST = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class Rationals:
    """A column: numerators, over one denominator or one for each row; denominators are above nought."""

    num: Ints
    den: int | Ints

    @property
    def dens(self) -> list[int]:
        """The denominator of every row."""
        return [self.den] * len(self.num) if isinstance(self.den, int) else self.den.tolist()

    def take(self, rows: Ints) -> Rationals:
        """These rows of it."""
        return Rationals(self.num[rows], self.den if isinstance(self.den, int) else self.den[rows])


def of(values: Iterable[Fraction | int]) -> Rationals:
    """A column of these numbers."""
    found = list(values)
    den = 1
    for each in {value.denominator for value in found}:
        den = math.lcm(den, each)
        if den >= _MOST:
            nums = np.array([value.numerator for value in found], dtype=object)
            return _made(nums, np.array([value.denominator for value in found], dtype=object))
    nums = np.empty(len(found), dtype=object)
    nums[:] = [value.numerator * (den // value.denominator) for value in found]
    return Rationals(_fitted(nums), den)


def constant(value: Fraction | int, rows: int) -> Rationals:
    """One number in every row."""
    exact = Fraction(value)
    kind = np.int64 if abs(exact.numerator) < _MOST else object
    return Rationals(np.full(rows, exact.numerator, dtype=kind), exact.denominator)


def _peak(x: Ints | int) -> int:
    if isinstance(x, int):
        return abs(x)
    return max(abs(int(x.max())), abs(int(x.min()))) if x.size else 0


def _fitted(x: Ints) -> Ints:
    return x.astype(np.int64) if x.dtype == object and _peak(x) < _MOST else x


def _wide(x: Any) -> Any:
    return x.astype(object) if isinstance(x, np.ndarray) else x


def _times(a: Any, b: Any) -> Any:
    one, two = _peak(a), _peak(b)
    return _wide(a) * _wide(b) if one * two >= _MOST or max(one, two) >= _MOST else a * b


def _plus(a: Any, b: Any) -> Any:
    return _wide(a) + _wide(b) if _peak(a) + _peak(b) >= _MOST else a + b


def _made(num: Ints, den: Any) -> Rationals:
    """In lowest terms, or near them."""
    if isinstance(den, np.ndarray):
        if not den.size:
            return Rationals(num, 1)
        shared: Any = np.gcd(num, den)
        num, den = num // shared, den // shared
        if (den == den[0]).all():
            return Rationals(_fitted(num), int(den[0]))
        return Rationals(_fitted(num), _fitted(den))
    if den > 1 and num.size:
        common = math.gcd(den, int(np.gcd.reduce(num)))
        if common > 1:
            num, den = num // common if common < _MOST else _wide(num) // common, den // common
    return Rationals(_fitted(num), den)


def _shared(a: Rationals, b: Rationals) -> tuple[Any, Any, Any]:
    """Both over one denominator."""
    if isinstance(a.den, int) and isinstance(b.den, int):
        den = math.lcm(a.den, b.den)
        return _times(a.num, den // a.den), _times(b.num, den // b.den), den
    return _times(a.num, b.den), _times(b.num, a.den), _times(a.den, b.den)


def plus(a: Rationals, b: Rationals) -> Rationals:
    """The sum."""
    one, two, den = _shared(a, b)
    return _made(_plus(one, two), den)


def minus(a: Rationals) -> Rationals:
    """The number below nought that is as far from it, or above."""
    return Rationals(-a.num, a.den)


def times(a: Rationals, b: Rationals) -> Rationals:
    """The product."""
    return _made(_times(a.num, b.num), _times(a.den, b.den))


def inverse(a: Rationals) -> Rationals:
    """One over it; nought is left as it is."""
    num = _wide(a.num) if _peak(a.num) >= _MOST else a.num
    sign = np.where(num < 0, -1, 1)
    den = _times(np.where(num == 0, 1, num), sign)
    up = np.full(len(num), a.den, dtype=object) if isinstance(a.den, int) else a.den
    return _made(_fitted(_wide(np.where(num == 0, 0, _times(up, sign)))), den)


def sign(a: Rationals, b: Rationals | None = None) -> Ints:
    """Below (-1), equal to (0) or above (1) the other, or nought."""
    if b is None:
        one, two = a.num, 0
    else:
        one, two, _ = _shared(a, b)
    return (one > two).astype(np.int8) - (one < two).astype(np.int8)


def where(mask: Flags, a: Rationals, b: Rationals) -> Rationals:
    """The one in the rows of a mask, the other elsewhere."""
    if a is b:
        return a
    if isinstance(a.den, int) and isinstance(b.den, int):
        one, two, den = _shared(a, b)
        return Rationals(np.where(mask, one, two), den)
    rows = len(a.num)
    dens = [np.full(rows, x.den, dtype=object) if isinstance(x.den, int) else x.den for x in (a, b)]
    return _made(np.where(mask, a.num, b.num), np.where(mask, *dens))


def least(a: Rationals, b: Rationals) -> Rationals:
    """The smaller."""
    return where(sign(a, b) <= 0, a, b)


def most(a: Rationals, b: Rationals) -> Rationals:
    """The greater."""
    return where(sign(a, b) >= 0, a, b)


def _stepped(a: Rationals, unit: Fraction) -> tuple[Any, Any]:
    return _times(a.num, unit.denominator), _times(a.den, unit.numerator)


def down(a: Rationals, unit: Fraction) -> Rationals:
    """To the unit below."""
    up, by = _stepped(a, unit)
    return _made(_times(up // by, unit.numerator), unit.denominator)


def up(a: Rationals, unit: Fraction) -> Rationals:
    """To the unit above."""
    return minus(down(minus(a), unit))


def rounded(a: Rationals, unit: Fraction) -> Rationals:
    """To the nearest unit; half a unit away from nought."""
    units = counted(a, unit)
    return _made(_times(units, unit.numerator), unit.denominator)


def counted(a: Rationals, unit: Fraction) -> Ints:
    """How many units it is, to the nearest; half a unit away from nought."""
    up, by = _stepped(a, unit)
    found: Ints = _plus(_times(abs(up), 2), by) // _times(by, 2)
    return np.where(a.num > 0, found, -found)


def mapped(of_: Callable[..., Fraction], memo: dict[Any, Fraction], *columns: Rationals) -> Rationals:
    """A function of numbers, row by row, worked out once for the same numbers."""
    found = []
    for key in zip(*(part for column in columns for part in (column.num.tolist(), column.dens)), strict=True):
        value = memo.get(key)
        if value is None:
            value = memo[key] = of_(*(Fraction(key[at], key[at + 1]) for at in range(0, len(key), 2)))
        found.append(value)
    return of(found)


def beside(column: Rationals, value: Fraction | int) -> Ints:
    """How each row compares with one number, as `sign` tells it."""
    return sign(column, constant(value, len(column.num)))
