"""Columns of what is known in part: truths of three values, numbers between bounds, and the facts each waits on.

To the ordinary engine a number is a constant and unknown inputs, each so many times, so that an input on both sides of
a sum cancels. Here a number has its bounds, and marks of the inputs that it adds and of those that it takes away. Two
numbers add up by their bounds unless one adds what the other may take away: such a row is `unsure`, and left to the
ordinary engine, as everything else that rests on it. What is no sum (a product of two unknowns, the smaller of two, a
rounding) is an input of its own there; here it has the mark of its kind, which may be that of another: then a row may
be unsure that need not be, and never the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from zlib import crc32

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

    `ups` and `downs` are bits of the inputs that it adds and takes away, none where it is exact; `needs` of the facts
    that it waits on.
    """

    low: Rationals
    high: Rationals
    lopen: Flags
    hopen: Flags
    none: Flags
    unsure: Flags
    ups: Ints
    downs: Ints
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
        lopen, hopen, none, unsure = (flags[rows] for flags in self.flags)
        return Numbers(
            low, high, lopen, hopen, none, unsure, self.ups[:, rows], self.downs[:, rows], self.needs[:, rows]
        )

    @property
    def flags(self) -> tuple[Flags, Flags, Flags, Flags]:
        """Where there is no low end, no high end, no number, and no telling."""
        return self.lopen, self.hopen, self.none, self.unsure


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


_ODD = np.uint64(0x9E3779B97F4A7C15)


class Layout:
    """Which bit stands for what, for so many facts: of `needs` the facts themselves, and last that there are more.

    Words of marks: the facts of the matter, and one word for what is no sum; both again for the event at hand; then
    what rests on earlier events, and what rests on all of them, each of them in one word.
    """

    def __init__(self, facts: int) -> None:
        words = facts // 64 + 1
        self.words, self.mark_words = words, 2 * words + 4
        self.need = [bit(words, at) for at in range(facts)]
        self.doubt = bit(words, facts)
        self.shared = [bit(self.mark_words, at) for at in range(facts)]
        self.owned = [bit(self.mark_words, 64 * (words + 1) + at) for at in range(facts)]
        self.kind, self.own_kind = words, 2 * words + 1
        self.own = slice(words + 1, 2 * words + 2)
        self.earlier, self.all = 2 * words + 2, 2 * words + 3
        mixed = np.arange(1, 2 * self.mark_words + 1, dtype=np.uint64) * _ODD
        self._up, self._down = mixed[::2, None] | np.uint64(1), mixed[1::2, None] | np.uint64(1)

    def folded(self, marks: Ints) -> Ints:
        """The marks of the event at hand, in one word."""
        found: Ints = np.bitwise_or.reduce(marks[self.own], axis=0)
        return found

    def passed(self, marks: Ints) -> Ints:
        """Marks as those of an earlier event: what is unknown of it is another input than the same of the next."""
        found = marks.copy()
        found[self.earlier] |= self.folded(marks)
        found[self.own] = 0
        return found

    def overall(self, marks: Ints) -> Ints:
        """Marks of a sum that is over the event at hand too."""
        found = marks.copy()
        found[self.all] |= marks[self.earlier]
        return found

    def named(self, kind: str, of: Sequence[Numbers]) -> Ints:
        """One bit of a word by what an input is made of: the same for the same, and seldom for another."""
        total = np.uint64(crc32(kind.encode()) + 1) * np.ones(of[0].ups.shape[1], dtype=np.uint64)
        for number in of:  # in whatever order
            mixed = (number.ups * self._up).sum(axis=0, dtype=np.uint64)
            mixed = mixed + (number.downs * self._down).sum(axis=0, dtype=np.uint64)
            total = total + ((mixed ^ (mixed >> np.uint64(29))) * _ODD)
        total = (total ^ (total >> np.uint64(32))) * _ODD
        return np.uint64(1) << (total >> np.uint64(58))


class Arithmetic:
    """Operations on numbers of so many rows, of each event or of the matter."""

    def __init__(self, rows: int, layout: Layout, event: bool) -> None:
        self.rows, self.layout, self.event = rows, layout, event
        self.unmarked = np.zeros((layout.mark_words, rows), dtype=np.uint64)
        self.blank = np.zeros((layout.words, rows), dtype=np.uint64)
        self.no: Flags = np.zeros(rows, dtype=bool)

    def exactly(self, value: Fraction | int) -> Numbers:
        """One number in every row."""
        low = rationals.constant(value, self.rows)
        return Numbers(low, low, self.no, self.no, self.no, self.no, self.unmarked, self.unmarked, self.blank)

    def nothing(self) -> Numbers:
        """What cannot be said."""
        return replace(self.exactly(0), none=~self.no)

    def doubtful(self, number: Numbers, unsure: Flags) -> Numbers:
        """With rows that are left to the ordinary engine."""
        if not unsure.any():
            return number
        return replace(number, unsure=number.unsure | unsure, needs=number.needs | among(unsure, self.layout.doubt))

    def where(self, mask: Flags, a: Numbers, b: Numbers) -> Numbers:
        """The one in the rows of a mask, the other elsewhere."""
        if mask.all() or not mask.any():
            return a if mask.all() else b
        low = rationals.where(mask, a.low, b.low)
        same = a.low is a.high and b.low is b.high
        high = low if same else rationals.where(mask, a.high, b.high)
        lopen, hopen, none, unsure = (np.where(mask, one, two) for one, two in zip(a.flags, b.flags, strict=True))
        ups, downs = np.where(mask, a.ups, b.ups), np.where(mask, a.downs, b.downs)
        return Numbers(low, high, lopen, hopen, none, unsure, ups, downs, np.where(mask, a.needs, b.needs))

    def _joint(self, low: Rationals, high: Rationals, lopen: Flags, hopen: Flags, *of: Numbers) -> Numbers:
        """A number that rests on others."""
        none, unsure, ups, downs, needs = of[0].none, of[0].unsure, of[0].ups, of[0].downs, of[0].needs
        for other in of[1:]:
            none, unsure, needs = none | other.none, unsure | other.unsure, needs | other.needs
            ups, downs = ups | other.ups, downs | other.downs
        return Numbers(low, high, lopen, hopen, none, unsure, ups, downs, needs)

    def settled(self, number: Numbers) -> Numbers:
        """Without marks where it turned out to be exact."""
        if not number.ups.any() and not number.downs.any():
            return number
        exact = number.exact
        zero = np.uint64(0)
        return replace(number, ups=np.where(exact, zero, number.ups), downs=np.where(exact, zero, number.downs))

    def input(self, number: Numbers, kind: str, *of: Numbers, own: bool = False) -> Numbers:
        """As an input of its own: of the event if what it is made of is, or if it is `own` by itself.

        `kind` is how it came about: as finely as may be, so long as what is the same has the same.
        """
        inexact = ~number.exact
        if not inexact.any():
            return replace(number, ups=self.unmarked, downs=self.unmarked)
        layout, mine = self.layout, self.no | (own and self.event)
        for one in of:
            mine = mine | (one.ups[layout.own] | one.downs[layout.own]).any(axis=0)
        name, ups = layout.named(kind, of or (number,)), self.unmarked.copy()
        ups[layout.kind] = among(inexact & ~mine, name)
        ups[layout.own_kind] = among(inexact & mine, name)
        return replace(number, ups=ups, downs=self.unmarked)

    def clash(self, a: Numbers, b: Numbers) -> Flags:
        """Where one adds what the other may take away."""
        layout, found = self.layout, self.no
        for one, two in ((a.ups, b.downs), (a.downs, b.ups)):
            found = found | (one & two).any(axis=0)
            for all_, own in ((one, two), (two, one)):
                found = found | ((all_[layout.all] & layout.folded(own)) != 0)
        return found

    def negative(self, a: Numbers) -> Numbers:
        """Below nought as far."""
        low = rationals.minus(a.high)
        high = low if a.low is a.high else rationals.minus(a.low)
        return replace(a, low=low, high=high, lopen=a.hopen, hopen=a.lopen, ups=a.downs, downs=a.ups)

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
        found = self.input(self._corners(a, b), "product", a, b)
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
        down = sign < 0
        ups, downs = np.where(down, a.downs, a.ups), np.where(down, a.ups, a.downs)
        return replace(self._joint(*turned, lopen, hopen, a, by), ups=ups, downs=downs)

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
        found = self.input(found, "quotient", a, b)
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
        return self._smaller(a, b, "least")

    def _smaller(self, a: Numbers, b: Numbers, kind: str) -> Numbers:
        apart = self.minus(a, b)
        first = ~apart.hopen & (rationals.sign(apart.high) <= 0)
        second = ~first & ~apart.lopen & (rationals.sign(apart.low) >= 0)
        low = rationals.least(a.low, b.low)
        high = rationals.where(a.hopen, b.high, rationals.where(b.hopen, a.high, rationals.least(a.high, b.high)))
        found = self.input(self._joint(low, high, a.lopen | b.lopen, a.hopen & b.hopen, a, b), kind, a, b)
        if kind == "most":  # it is turned again, and the greater of two is an input that is added
            found = replace(found, ups=found.downs, downs=found.ups)
        found = self.settled(self.where(first, a, self.where(second, b, found)))
        found = replace(found, none=a.none | b.none, unsure=a.unsure | b.unsure, needs=a.needs | b.needs)
        return self.doubtful(found, apart.unsure)

    def greater(self, a: Numbers, b: Numbers) -> Numbers:
        """The greater."""
        return self.negative(self._smaller(self.negative(a), self.negative(b), "most"))

    def hull(self, a: Numbers, b: Numbers, kind: str, own: bool = False) -> Numbers:
        """One of two, it is not known which. Where both are the same input, it is that."""
        low, high = rationals.least(a.low, b.low), rationals.most(a.high, b.high)
        found = self._joint(low, high, a.lopen | b.lopen, a.hopen | b.hopen, a, b)
        # Two that are the same would be that, and keep its marks: whether they are is not told here.
        same = (a.ups == b.ups).all(axis=0) & (a.downs == b.downs).all(axis=0) & (a.ups | a.downs).any(axis=0)
        same &= (a.lopen == b.lopen) & (a.hopen == b.hopen)
        same &= (a.lopen | (rationals.sign(a.low, b.low) == 0)) & (a.hopen | (rationals.sign(a.high, b.high) == 0))
        return self.doubtful(self.input(found, kind, a, b, own=own), same)

    def stepped(self, a: Numbers, kind: str, of: Callable[[Rationals], Rationals]) -> Numbers:
        """What a function that never falls makes of it."""
        low = of(a.low)
        found = replace(a, low=low, high=low if a.low is a.high else of(a.high))
        return self.input(found, kind, a)

    def both(
        self, a: Numbers, b: Numbers, kind: str, of: Callable[[Rationals, Rationals], Rationals], falls: bool = False
    ) -> Numbers:
        """What a function of two makes of them; it rises with the second, and with the first unless it `falls`."""
        one, two = (a.high, a.low) if falls else (a.low, a.high)
        first, last = (a.hopen, a.lopen) if falls else (a.lopen, a.hopen)
        low = of(one, b.low)
        high = low if a.low is a.high and b.low is b.high else of(two, b.high)
        return self.input(self._joint(low, high, first | b.lopen, last | b.hopen, a, b), kind, a, b)
