"""Columns of what is known in part: truths of three values, and numbers between bounds, each with the facts it waits on.

What the ordinary engine knows of a number besides its bounds is on which unknown inputs it rests, so that an input on
both sides of a sum cancels. Here a number has marks of them only. Where two numbers share a mark, and that would tell,
the row is `unsure`: it is then left to the ordinary engine, as everything else that rests on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from caprev.columns import rationals
from caprev.columns.rationals import Flags, Ints, Rationals

NO, YES, OPEN, UNSURE = 0, 1, 2, 3
"""Truths: false, true, not known, and left to the ordinary engine."""


@dataclass(frozen=True)
class Truths:
    """Truths, and the facts that each waits on as bits (words of 64 by rows)."""

    state: Ints
    needs: Ints


@dataclass(frozen=True)
class Numbers:
    """Numbers from `low` to `high`; `lopen` and `hopen`: no such end. `none`: it cannot be said.

    `marks` are bits of the unknown inputs it rests on, none where it is exact; `needs` of the facts it waits on.
    """

    low: Rationals
    high: Rationals
    lopen: Flags
    hopen: Flags
    none: Flags
    unsure: Flags
    marks: Ints
    needs: Ints

    @property
    def exact(self) -> Flags:
        """Where it is one number."""
        closed: Flags = ~(self.lopen | self.hopen | self.none | self.unsure)
        return closed if self.low is self.high else closed & (rationals.sign(self.low, self.high) == 0)

    def take(self, rows: Ints) -> Numbers:
        """These rows of it."""
        low = self.low.take(rows)
        high = low if self.low is self.high else self.high.take(rows)
        flags = (getattr(self, name)[rows] for name in ("lopen", "hopen", "none", "unsure"))
        return Numbers(low, high, *flags, self.marks[:, rows], self.needs[:, rows])


def bit(words: int, place: int) -> Ints:
    """One bit among words of 64, as a column that fits beside any rows."""
    found = np.zeros((words, 1), dtype=np.uint64)
    found[place // 64, 0] = np.uint64(1 << (place % 64))
    return found


def among(mask: Flags, bits: Ints) -> Ints:
    """Bits in the rows of a mask, and none elsewhere."""
    return np.where(mask, bits, np.uint64(0))


def combined(parts: Sequence[Truths], every: bool, rows: int, blank: Ints, doubt: Ints) -> Truths:
    """Parts joined by and, or by or. What decides the whole is what it waits on, or rests on.

    `blank` are no bits at all, `doubt` the bit that says that the bits are not all.
    """
    if not parts:
        return Truths(np.full(rows, YES if every else NO, dtype=np.int8), blank)
    states = np.stack([part.state for part in parts])
    decisive = NO if every else YES
    rest = np.where(states == (1 - decisive), -1, states).max(axis=0)
    state = np.where((states == decisive).any(axis=0), decisive, np.where(rest == -1, 1 - decisive, rest))
    needs = blank
    for part in parts:
        needs = needs | among(part.state == state, part.needs)
    needs = needs | among((states == UNSURE).any(axis=0), doubt)
    return Truths(state.astype(np.int8), needs)


_NEGATED = np.array([YES, NO, OPEN, UNSURE], dtype=np.int8)


def negated(truths: Truths) -> Truths:
    """What is not so."""
    return Truths(_NEGATED[truths.state], truths.needs)


class Arithmetic:
    """Operations on numbers of so many rows; `words` are those of marks, and `doubt` the bit of needs."""

    def __init__(self, rows: int, mark_words: int, need_words: int, own: Ints, hull: Ints, events: Ints, doubt: Ints):
        """`own`: the marks of inputs of one event; `hull`, `events`: the marks of one of several, and of a sum."""
        self.rows = rows
        self.unmarked = np.zeros((mark_words, rows), dtype=np.uint64)
        self.blank = np.zeros((need_words, rows), dtype=np.uint64)
        self.no: Flags = np.zeros(rows, dtype=bool)
        self.own, self.hull_mark, self.events, self.doubt = own, hull, events, doubt

    def exactly(self, value: Fraction | int) -> Numbers:
        """One number in every row."""
        low = rationals.constant(value, self.rows)
        return Numbers(low, low, self.no, self.no, self.no, self.no, self.unmarked, self.blank)

    def nothing(self) -> Numbers:
        """What cannot be said."""
        return replace(self.exactly(0), none=~self.no)

    def doubtful(self, number: Numbers, unsure: Flags) -> Numbers:
        """With rows that are left to the ordinary engine."""
        if not unsure.any():
            return number
        return replace(number, unsure=number.unsure | unsure, needs=number.needs | among(unsure, self.doubt))

    def where(self, mask: Flags, a: Numbers, b: Numbers) -> Numbers:
        """The one in the rows of a mask, the other elsewhere."""
        if mask.all() or not mask.any():
            return a if mask.all() else b
        low = rationals.where(mask, a.low, b.low)
        same = a.low is a.high and b.low is b.high
        return Numbers(
            low,
            low if same else rationals.where(mask, a.high, b.high),
            *(np.where(mask, getattr(a, name), getattr(b, name)) for name in ("lopen", "hopen", "none", "unsure")),
            np.where(mask, a.marks, b.marks),
            np.where(mask, a.needs, b.needs),
        )

    def _joint(self, low: Rationals, high: Rationals, lopen: Flags, hopen: Flags, *of: Numbers) -> Numbers:
        """A number that rests on others."""
        none, unsure, marks, needs = of[0].none, of[0].unsure, of[0].marks, of[0].needs
        for other in of[1:]:
            none, unsure = none | other.none, unsure | other.unsure
            marks, needs = marks | other.marks, needs | other.needs
        return Numbers(low, high, lopen, hopen, none, unsure, marks, needs)

    def settled(self, number: Numbers) -> Numbers:
        """Without marks where it turned out to be exact."""
        if not number.marks.any():
            return number
        return replace(number, marks=np.where(number.exact, np.uint64(0), number.marks))

    def clash(self, a: Numbers, b: Numbers) -> Flags:
        """Where two numbers may rest on one unknown input."""
        shared = (a.marks & b.marks).any(axis=0)
        for one, two in ((a, b), (b, a)):
            shared |= (one.marks & self.events).any(axis=0) & (two.marks & self.own).any(axis=0)
        return shared

    def negative(self, a: Numbers) -> Numbers:
        """Below nought as far."""
        low = rationals.minus(a.high)
        high = low if a.low is a.high else rationals.minus(a.low)
        return replace(a, low=low, high=high, lopen=a.hopen, hopen=a.lopen)

    def plus(self, a: Numbers, b: Numbers) -> Numbers:
        """The sum."""
        return self.doubtful(self.apart(a, b), self.clash(a, b))

    def apart(self, a: Numbers, b: Numbers) -> Numbers:
        """The sum of numbers that share no input."""
        low = rationals.plus(a.low, b.low)
        high = low if a.low is a.high and b.low is b.high else rationals.plus(a.high, b.high)
        return self._joint(low, high, a.lopen | b.lopen, a.hopen | b.hopen, a, b)

    def minus(self, a: Numbers, b: Numbers) -> Numbers:
        """The difference."""
        return self.plus(a, self.negative(b))

    def times(self, a: Numbers, b: Numbers) -> Numbers:
        """The product."""
        if a.low is a.high and b.low is b.high and not (a.lopen | b.lopen | a.hopen | b.hopen).any():
            low = rationals.times(a.low, b.low)
            return self._joint(low, low, a.lopen, a.hopen, a, b)
        found = self._corners(a, b)
        # By a number that is exact, the other is scaled, whichever of its ends are open.
        for one, two in ((b, a), (a, b)):
            found = self.where(one.exact & ~(two.none | two.unsure), self._scaled(two, one), found)
        return self.settled(found)

    def _corners(self, a: Numbers, b: Numbers) -> Numbers:
        """Every product there can be."""
        ends = [rationals.times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        low = rationals.least(rationals.least(ends[0], ends[1]), rationals.least(ends[2], ends[3]))
        high = rationals.most(rationals.most(ends[0], ends[1]), rationals.most(ends[2], ends[3]))
        ajar: Flags = a.lopen | a.hopen | b.lopen | b.hopen
        above = ~a.lopen & ~b.lopen & (rationals.sign(a.low) >= 0) & (rationals.sign(b.low) >= 0)
        low, high = rationals.where(ajar, ends[0], low), rationals.where(ajar, ends[3], high)
        return self._joint(low, high, ajar & ~above, ajar & (~above | a.hopen | b.hopen), a, b)

    def _scaled(self, a: Numbers, by: Numbers) -> Numbers:
        sign = rationals.sign(by.low)
        low, high = rationals.times(a.low, by.low), rationals.times(a.high, by.low)
        lopen = np.where(sign < 0, a.hopen, a.lopen & (sign > 0))
        hopen = np.where(sign < 0, a.lopen, a.hopen & (sign > 0))
        turned = rationals.where(sign < 0, high, low), rationals.where(sign < 0, low, high)
        return self._joint(*turned, lopen, hopen, a, by)

    def divided(self, a: Numbers, b: Numbers) -> Numbers:
        """The quotient; none by nought."""
        known = b.exact
        nought = known & (rationals.sign(b.low) == 0)
        over = rationals.inverse(b.low)
        scaled = self._scaled(a, replace(b, low=over, high=over))
        if known.all():
            return replace(scaled, none=scaled.none | nought)
        # The inverse falls: its ends change places, and an end that is open comes as near to nought as one likes.
        above, below = ~b.lopen & (rationals.sign(b.low) > 0), ~b.hopen & (rationals.sign(b.high) < 0)
        zero = rationals.constant(0, self.rows)
        low = rationals.where(b.hopen, zero, rationals.inverse(b.high))
        high = rationals.where(b.lopen, zero, over)
        apart = ~(above | below)
        inverse = replace(b, low=low, high=high, lopen=apart, hopen=apart)
        found = self._corners(a, inverse)
        found = replace(found, lopen=found.lopen | apart, hopen=found.hopen | apart)
        nothing = a.exact & (rationals.sign(a.low) == 0)
        found = self.where(nothing, self._joint(a.low, a.high, self.no, self.no, a, b), found)
        found = self.where(known, replace(scaled, none=scaled.none | nought), found)
        return self.settled(found)

    def less(self, a: Numbers, b: Numbers) -> Truths:
        """Whether one is less than the other."""
        apart = self.minus(a, b)
        below = ~apart.hopen & (rationals.sign(apart.high) < 0)
        above = ~apart.lopen & (rationals.sign(apart.low) >= 0)
        return self._told(apart, below, above)

    def same(self, a: Numbers, b: Numbers) -> Truths:
        """Whether two are one number."""
        apart = self.minus(a, b)
        beside = (~apart.lopen & (rationals.sign(apart.low) > 0)) | (~apart.hopen & (rationals.sign(apart.high) < 0))
        exact = apart.exact
        equal = exact & (rationals.sign(apart.low) == 0)
        return self._told(apart, equal, (exact & ~equal) | (~exact & beside))

    def _told(self, apart: Numbers, yes: Flags, no: Flags) -> Truths:
        state = np.where(yes, YES, np.where(no, NO, OPEN))
        state = np.where(apart.none, OPEN, state)
        return Truths(np.where(apart.unsure, UNSURE, state).astype(np.int8), apart.needs)

    def smaller(self, a: Numbers, b: Numbers) -> Numbers:
        """The smaller."""
        apart = self.minus(a, b)
        first = ~apart.hopen & (rationals.sign(apart.high) <= 0)
        second = ~first & ~apart.lopen & (rationals.sign(apart.low) >= 0)
        low = rationals.least(a.low, b.low)
        high = rationals.where(a.hopen, b.high, rationals.where(b.hopen, a.high, rationals.least(a.high, b.high)))
        found = self._joint(low, high, a.lopen | b.lopen, a.hopen & b.hopen, a, b)
        found = self.settled(self.where(first, a, self.where(second, b, found)))
        found = replace(found, none=a.none | b.none, unsure=a.unsure | b.unsure, needs=a.needs | b.needs)
        return self.doubtful(found, apart.unsure)

    def greater(self, a: Numbers, b: Numbers) -> Numbers:
        """The greater."""
        return self.negative(self.smaller(self.negative(a), self.negative(b)))

    def hull(self, a: Numbers, b: Numbers) -> Numbers:
        """One of two, it is not known which."""
        low, high = rationals.least(a.low, b.low), rationals.most(a.high, b.high)
        found = self._joint(low, high, a.lopen | b.lopen, a.hopen | b.hopen, a, b)
        return self.settled(replace(found, marks=found.marks | self.hull_mark))

    def stepped(self, a: Numbers, of: Callable[[Rationals], Rationals]) -> Numbers:
        """What a function that never falls makes of it."""
        low = of(a.low)
        found = replace(a, low=low, high=low if a.low is a.high else of(a.high))
        return self.settled(found)

    def both(
        self, a: Numbers, b: Numbers, of: Callable[[Rationals, Rationals], Rationals], falls: bool = False
    ) -> Numbers:
        """What a function of two makes of them; it rises with the second, and with the first unless it `falls`."""
        one, two = (a.high, a.low) if falls else (a.low, a.high)
        first, last = (a.hopen, a.lopen) if falls else (a.lopen, a.hopen)
        low = of(one, b.low)
        high = low if a.low is a.high and b.low is b.high else of(two, b.high)
        return self.settled(self._joint(low, high, first | b.lopen, last | b.hopen, a, b))
