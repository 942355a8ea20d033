"""Exact numbers of which not everything may be known: a number plus inputs that are known within bounds.

Sums are kept as sums until the end, so that an input which stands on both sides cancels: `sale - price` less
`sale - value` is `value - price`, whatever the sale was. Everything else (products of two unknowns, the smaller of
two, rounding) becomes an input of its own with the bounds that follow. All is done in fractions; nothing is rounded
unless a formula says so. Dates are numbers too: the days of the calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil, floor

from caprev.facts.knowledge import Truth

Bound = Fraction | None
LARGEST_POWER = 1_000
_LAST_DAY = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class Interval:
    """Every number from `low` to `high`; an end that is not known is open (None)."""

    low: Bound = None
    high: Bound = None

    @property
    def exact(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    def joined(self, other: Interval) -> Interval:
        """The least interval around both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Interval(low, high)


@dataclass(frozen=True)
class Number:
    """A constant and inputs, each so many times; without inputs it is exact."""

    constant: Fraction = Fraction(0)
    inputs: Mapping[str, tuple[Fraction, Interval]] = field(default_factory=dict)

    @property
    def exact(self) -> bool:
        """Whether nothing in it is open."""
        return not self.inputs

    @property
    def key(self) -> str:
        """A name: equal numbers have equal names."""
        parts = [f"{times}*{name}" for name, (times, _) in sorted(self.inputs.items())]
        return f"[{' + '.join([str(self.constant), *parts])}]"

    @property
    def interval(self) -> Interval:
        """Every value it may have."""
        low: Bound = self.constant
        high: Bound = self.constant
        for times, within in self.inputs.values():
            least, most = (within.low, within.high) if times > 0 else (within.high, within.low)
            low = None if low is None or least is None else low + times * least
            high = None if high is None or most is None else high + times * most
        return Interval(low, high)

    def plus(self, other: Number, times: Fraction = Fraction(1)) -> Number:
        """The sum with another, so many times."""
        inputs = dict(self.inputs)
        for name, (count, within) in other.inputs.items():
            total = inputs.get(name, (Fraction(0), within))[0] + count * times
            inputs[name] = total, within
        return Number(self.constant + other.constant * times, {n: part for n, part in inputs.items() if part[0]})

    def minus(self, other: Number) -> Number:
        """The difference."""
        return self.plus(other, Fraction(-1))

    def scaled(self, times: Fraction) -> Number:
        """So many times this."""
        return Number().plus(self, times)


def exactly(value: Fraction | int) -> Number:
    """A number that is known."""
    return Number(Fraction(value))


def within(name: str, interval: Interval) -> Number:
    """A number known within bounds, under a name by which it is recognised."""
    if interval.low is not None and interval.low == interval.high:
        return Number(interval.low)
    return Number(Fraction(0), {name: (Fraction(1), interval)})


def hull(name: str, numbers: Iterable[Number]) -> Number:
    """One of several numbers, it is not known which."""
    found = list({number.key: number for number in numbers}.values())
    if len(found) == 1:
        return found[0]
    interval = found[0].interval
    for number in found[1:]:
        interval = interval.joined(number.interval)
    return within(f"{name}({','.join(number.key for number in found)})", interval)


def times(left: Number, right: Number) -> Number:
    """The product."""
    if left.exact:
        return right.scaled(left.constant)
    if right.exact:
        return left.scaled(right.constant)
    low, high = sorted((left.key, right.key))
    return within(f"{low}*{high}", _corners(left.interval, right.interval))


def _corners(left: Interval, right: Interval) -> Interval:
    """Every product there can be. An open end times nothing is nothing."""
    ends = [(a, b) for a in (left.low, left.high) for b in (right.low, right.high)]
    if all(a is not None and b is not None for a, b in ends):
        products = [a * b for a, b in ends if a is not None and b is not None]
        return Interval(min(products), max(products))
    if left.low is not None and left.low >= 0 and right.low is not None and right.low >= 0:
        high = None if left.high is None or right.high is None else left.high * right.high
        return Interval(left.low * right.low, high)
    return Interval()


def divided(left: Number, right: Number) -> Number | None:
    """The quotient; none where it would be by nought.

    >>> divided(exactly(Fraction(6)), exactly(Fraction(4))).constant
    Fraction(3, 2)
    >>> divided(exactly(Fraction(6)), exactly(Fraction(0))) is None
    True
    """
    below = right.interval
    if below.exact:
        return left.scaled(1 / right.constant) if right.constant else None
    if left.exact and left.constant == 0:
        return left
    name = f"{left.key}/{right.key}"
    if below.low is not None and below.low > 0:
        inverse = Interval(None if below.high is None else 1 / below.high, 1 / below.low)
        inverse = Interval(inverse.low if inverse.low is not None else Fraction(0), inverse.high)
    elif below.high is not None and below.high < 0:
        inverse = Interval(1 / below.high, None if below.low is None else 1 / below.low)
        inverse = Interval(inverse.low, inverse.high if inverse.high is not None else Fraction(0))
    else:
        return within(name, Interval())
    return within(name, _corners(left.interval, inverse))


def power(base: Number, exponent: Number) -> Number | None:
    """A power with a whole exponent; none where it is not one, or would be by nought.

    >>> power(exactly(Fraction(1, 2)), exactly(Fraction(3))).constant
    Fraction(1, 8)
    >>> power(exactly(Fraction(2)), exactly(Fraction(1, 2))) is None
    True
    """
    raised, to = base.interval, exponent.interval
    if any(end is not None and (end.denominator != 1 or abs(end) > LARGEST_POWER) for end in (to.low, to.high)):
        return None
    if base.exact and exponent.exact:
        return (
            None if base.constant == 0 and exponent.constant < 0 else exactly(base.constant ** int(exponent.constant))
        )
    name = f"{base.key}^{exponent.key}"
    bounds = (raised.low, raised.high, to.low, to.high)
    if raised.low is None or raised.low <= 0 or any(end is None for end in bounds):
        return within(name, Interval())
    ends = [a ** int(b) for a in bounds[:2] for b in bounds[2:] if a is not None and b is not None]
    return within(name, Interval(min(ends), max(ends)))


def less(left: Number, right: Number) -> Truth:
    """Whether one is less than the other."""
    apart = left.minus(right).interval
    if apart.high is not None and apart.high < 0:
        return True
    return False if apart.low is not None and apart.low >= 0 else None


def same(left: Number, right: Number) -> Truth:
    """Whether two are one number."""
    apart = left.minus(right).interval
    if apart.exact:
        return apart.low == 0
    beside = (apart.low is not None and apart.low > 0) or (apart.high is not None and apart.high < 0)
    return False if beside else None


def least(numbers: list[Number]) -> Number:
    """The smallest."""
    found = numbers[0]
    for number in numbers[1:]:
        found = _smaller(found, number, 1)
    return found


def most(numbers: list[Number]) -> Number:
    """The greatest."""
    found = numbers[0]
    for number in numbers[1:]:
        found = _smaller(found.scaled(Fraction(-1)), number.scaled(Fraction(-1)), -1).scaled(Fraction(-1))
    return found


def _smaller(left: Number, right: Number, sign: int) -> Number:
    apart = left.minus(right).interval
    if apart.high is not None and apart.high <= 0:
        return left
    if apart.low is not None and apart.low >= 0:
        return right
    one, two = left.interval, right.interval
    low = None if one.low is None or two.low is None else min(one.low, two.low)
    ends = [end for end in (one.high, two.high) if end is not None]
    first, second = sorted((left.key, right.key))
    return within(f"least({first},{second},{sign})", Interval(low, min(ends) if ends else None))


def stepped(name: str, number: Number, step: Callable[[Fraction], Fraction]) -> Number:
    """What a function that never falls makes of a number."""
    if number.exact:
        return exactly(step(number.constant))
    bounds = number.interval
    ends = [None if end is None else step(end) for end in (bounds.low, bounds.high)]
    return within(f"{name}({number.key})", Interval(*ends))


def rounded(value: Fraction, unit: Fraction) -> Fraction:
    """To the nearest unit; half a unit away from nought."""
    units = floor(abs(value) / unit + Fraction(1, 2)) * unit
    return units if value > 0 else -units


def down(value: Fraction, unit: Fraction) -> Fraction:
    """To the unit below."""
    return floor(value / unit) * unit


def up(value: Fraction, unit: Fraction) -> Fraction:
    """To the unit above."""
    return ceil(value / unit) * unit


# --- the calendar: functions of two numbers of which the second never lowers the result ------------------------------


def day_of(value: Fraction) -> date:
    """A day of the calendar; what lies outside it is its first or last day."""
    return date.fromordinal(min(max(floor(value), 1), _LAST_DAY))


def later(start: Fraction, months: Fraction) -> Fraction:
    """So many months after a day: the same day of that month, or its last where it has no such day."""
    first = day_of(start)
    index = first.year * 12 + first.month - 1 + floor(months)
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        return Fraction(1 if year < 1 else _LAST_DAY)
    return Fraction(_day(year, month + 1, first.day))


def _day(year: int, month: int, number: int) -> int:
    """The day of a month of that number, or its last."""
    for last in range(number, 27, -1):
        try:
            return date(year, month, last).toordinal()
        except ValueError:
            continue
    return date(year, month, number).toordinal()


def the_day(year: Fraction, month: int, number: int) -> Fraction:
    """A day of a year; of years that no calendar has, its first or last."""
    return Fraction(_day(min(max(floor(year), 1), 9999), month, number))


def months_between(start: Fraction, end: Fraction) -> Fraction:
    """Whole months that have passed; none where the end comes first."""
    if end <= start:
        return Fraction(0)
    first, last = day_of(start), day_of(end)
    passed = (last.year - first.year) * 12 + last.month - first.month
    while passed > 0 and later(start, Fraction(passed)) > end:
        passed -= 1
    return Fraction(passed)


def both(
    name: str, first: Number, second: Number, of: Callable[[Fraction, Fraction], Fraction], falls: bool = False
) -> Number:
    """What a function of two numbers makes of them; it rises with the second, and with the first unless it `falls`."""
    if first.exact and second.exact:
        return exactly(of(first.constant, second.constant))
    one, two = first.interval, second.interval
    lows, highs = ((one.high, one.low) if falls else (one.low, one.high)), (two.low, two.high)
    ends = [None if a is None or b is None else of(a, b) for a, b in zip(lows, highs, strict=True)]
    return within(f"{name}({first.key},{second.key})", Interval(*ends))
