"""What is known of a value: the set of values it may still have, and Kleene truth about it.

Three shapes express every form of partial knowledge. `Choice` is a finite set of values (exact: one value;
unknown: all of them). `Range` is an interval of numbers (dates are day numbers). `Subset` is a set fact of
which some members are known to be in and some known to be out. A test is true if all remaining values
satisfy it, false if none does, else unknown (strong Kleene logic; None stands for unknown).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

Truth = bool | None
Scalar = bool | int | float | str

INFINITY = float("inf")


def all_of(truths: Iterable[Truth]) -> Truth:
    """Kleene conjunction: one false makes it false, else one unknown makes it unknown."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def any_of(truths: Iterable[Truth]) -> Truth:
    """Kleene disjunction: one true makes it true, else one unknown makes it unknown."""
    result: Truth = False
    for truth in truths:
        if truth is True:
            return True
        if truth is None:
            result = None
    return result


def negation(truth: Truth) -> Truth:
    """Kleene negation: unknown stays unknown."""
    return None if truth is None else not truth


@dataclass(frozen=True)
class Choice:
    """One of finitely many values; a single one is an exact value."""

    values: frozenset[Scalar]

    def within(self, wanted: frozenset[Scalar]) -> Truth:
        """Whether the value is among those wanted."""
        if self.values <= wanted:
            return True
        return None if self.values & wanted else False

    def between(self, low: float, high: float) -> Truth:
        """Whether the value lies between two numbers, both included."""
        inside = [low <= value <= high for value in self.values if not isinstance(value, str)]
        return True if all(inside) else (None if any(inside) else False)

    def narrowed(self, other: Knowledge) -> Knowledge | None:
        """What is known by both together; None if they contradict."""
        if isinstance(other, Choice):
            kept = self.values & other.values
        elif isinstance(other, Range):
            kept = frozenset(
                value for value in self.values if not isinstance(value, str) and other.low <= value <= other.high
            )
        else:
            return None
        return Choice(kept) if kept else None


@dataclass(frozen=True)
class Range:
    """A number known to lie between two bounds, both included."""

    low: float = -INFINITY
    high: float = INFINITY

    def within(self, wanted: frozenset[Scalar]) -> Truth:
        """Whether the number is among those wanted."""
        numbers = [value for value in wanted if not isinstance(value, str)]
        if self.low == self.high:
            return self.low in numbers
        return None if any(self.low <= value <= self.high for value in numbers) else False

    def between(self, low: float, high: float) -> Truth:
        """Whether the number lies between two others, both included."""
        if low <= self.low and self.high <= high:
            return True
        return None if self.low <= high and low <= self.high else False

    def narrowed(self, other: Knowledge) -> Knowledge | None:
        """What is known by both together; None if they contradict."""
        if isinstance(other, Choice):
            return other.narrowed(self)
        if not isinstance(other, Range):
            return None
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Range(low, high) if low <= high else None


@dataclass(frozen=True)
class Subset:
    """A set fact: members known to be in it, and members known not to be."""

    included: frozenset[str]
    excluded: frozenset[str]

    def has(self, member: str) -> Truth:
        """Whether the member is in the set."""
        if member in self.included:
            return True
        return False if member in self.excluded else None

    def narrowed(self, other: Knowledge) -> Knowledge | None:
        """What is known by both together; None if they contradict."""
        if not isinstance(other, Subset):
            return None
        included, excluded = self.included | other.included, self.excluded | other.excluded
        return None if included & excluded else Subset(included, excluded)


Knowledge = Choice | Range | Subset


def exact(knowledge: Knowledge) -> bool:
    """Whether nothing more could be learnt about a single value (not asked of sets)."""
    if isinstance(knowledge, Choice):
        return len(knowledge.values) == 1
    return isinstance(knowledge, Range) and knowledge.low == knowledge.high


@lru_cache(4096)
def day(text: str) -> tuple[int, int]:
    """First and last day number that a date written as YYYY, YYYY-MM or YYYY-MM-DD may mean.

    Raises ValueError for anything else.

    >>> from datetime import date
    >>> [date.fromordinal(ordinal).isoformat() for ordinal in day("1988-04")]
    ['1988-04-01', '1988-04-30']
    """
    parts = text.split("-")
    if not (
        len(parts) in (1, 2, 3) and len(parts[0]) == 4 and text.isascii() and all(part.isdigit() for part in parts)
    ):
        raise ValueError(text)
    numbers = [int(part) for part in parts]
    if len(numbers) == 3:
        if len(parts[1]) != 2 or len(parts[2]) != 2:
            raise ValueError(text)
        ordinal = date(*numbers).toordinal()
        return ordinal, ordinal
    if len(numbers) == 2:
        if len(parts[1]) != 2:
            raise ValueError(text)
        year, month = numbers
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1).toordinal(), following.toordinal() - 1
    return date(numbers[0], 1, 1).toordinal(), date(numbers[0], 12, 31).toordinal()
