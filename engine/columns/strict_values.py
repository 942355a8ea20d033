"""Columns of what is known in part: truths of three values, numbers between bounds, and the facts each waits on.

As to the ordinary engine, a number is a constant and unknown inputs, each so many times, so that an input on both sides
of a sum cancels. A fact is one input wherever it is read. What is no sum (a product of two unknowns, the smaller of
two, a rounding) is an input of its own, and two of those may be the same in some rows, if what they are made of is.
Every input has marks by which that is seen: a row in which one number adds what another, by its marks, may take away
is `unsure`, and left to the ordinary engine, with everything that rests on it. Marks may be alike by chance: then a row
is unsure that need not be, and never the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from zlib import crc32

import numpy as np

from caprev.columns import rationals
from caprev.columns.rationals import Flags, Ints, Rationals
from caprev.once import cached_property

NO, YES, OPEN, UNSURE = 0, 1, 2, 3
"""Truths: false, true, not known, and left to the ordinary engine."""


@dataclass(frozen=True)
class Truths:
    """Truths, and the facts that each waits on as bits (words of 64 by rows)."""

    state: Ints
    needs: Ints


@dataclass(frozen=True, eq=False)
class Input:
    """Something not known, from `low` to `high` (`lopen` and `hopen`: no such end), with the marks of it."""

    low: Rationals
    high: Rationals
    lopen: Flags
    hopen: Flags
    marks: Ints

    def take(self, rows: Ints) -> Input:
        """These rows of it."""
        high = self.high.take(rows)
        return Input(self.low.take(rows), high, self.lopen[rows], self.hopen[rows], self.marks[:, rows])

    def where(self, mask: Flags, other: Input) -> Input:
        """The same input, with its bounds from the rows that have them."""
        if self is other or mask.all():
            return self
        low, high = rationals.where(mask, self.low, other.low), rationals.where(mask, self.high, other.high)
        lopen, hopen = np.where(mask, self.lopen, other.lopen), np.where(mask, self.hopen, other.hopen)
        return Input(low, high, lopen, hopen, np.where(mask, self.marks, other.marks))


@dataclass(frozen=True, eq=False)
class Numbers:
    """Constants and inputs, each so many times, by what they are. `none`: it cannot be said.

    `needs` are bits of the facts that it waits on.
    """

    constant: Rationals
    inputs: Mapping[object, tuple[Rationals, Input]]
    none: Flags
    unsure: Flags
    needs: Ints

    @cached_property
    def _bounds(self) -> tuple[Rationals, Rationals, Flags, Flags]:
        low = high = self.constant
        lopen = hopen = np.zeros(len(self.none), dtype=bool)
        for times, each in self.inputs.values():
            sign = rationals.sign(times)
            first, last = rationals.where(sign < 0, each.high, each.low), rationals.where(sign < 0, each.low, each.high)
            low, high = (
                rationals.plus(end, rationals.times(times, part)) for end, part in ((low, first), (high, last))
            )
            lopen = lopen | ((sign > 0) & each.lopen) | ((sign < 0) & each.hopen)
            hopen = hopen | ((sign > 0) & each.hopen) | ((sign < 0) & each.lopen)
        return low, high, lopen, hopen

    @property
    def low(self) -> Rationals:
        """The least that it may be; anything where that is open."""
        return self._bounds[0]

    @property
    def high(self) -> Rationals:
        """The most that it may be; anything where that is open."""
        return self._bounds[1]

    @property
    def lopen(self) -> Flags:
        """Where there is no least."""
        return self._bounds[2]

    @property
    def hopen(self) -> Flags:
        """Where there is no most."""
        return self._bounds[3]

    @cached_property
    def exact(self) -> Flags:
        """Where it is one number."""
        closed: Flags = ~(self.none | self.unsure)
        for times, _ in self.inputs.values():
            closed = closed & (rationals.sign(times) == 0)
        return closed

    def marks(self, sign: int, words: int) -> Ints:
        """The marks of the inputs that it adds (1), or takes away (-1)."""
        found = np.zeros((words, len(self.none)), dtype=np.uint64)
        for times, each in self.inputs.values():
            found = found | among(rationals.sign(times) == sign, each.marks)
        return found

    def take(self, rows: Ints) -> Numbers:
        """These rows of it."""
        inputs = {name: (times.take(rows), each.take(rows)) for name, (times, each) in self.inputs.items()}
        return Numbers(self.constant.take(rows), inputs, self.none[rows], self.unsure[rows], self.needs[:, rows])


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

    def named(self, kind: str, rows: int, of: Sequence[Numbers]) -> Ints:
        """One bit of a word by what an input is made of: the same for the same, and seldom for another."""
        total = np.uint64(crc32(kind.encode()) + 1) * np.ones(rows, dtype=np.uint64)
        for number in of:  # in whatever order
            mixed = (number.marks(1, self.mark_words) * self._up).sum(axis=0, dtype=np.uint64)
            mixed = mixed + (number.marks(-1, self.mark_words) * self._down).sum(axis=0, dtype=np.uint64)
            total = total + ((mixed ^ (mixed >> np.uint64(29))) * _ODD)
        total = (total ^ (total >> np.uint64(32))) * _ODD
        return np.uint64(1) << (total >> np.uint64(58))


class Arithmetic:
    """Operations on numbers of so many rows, of each event or of the matter."""

    def __init__(self, rows: int, layout: Layout, event: bool) -> None:
        self.rows, self.layout, self.event = rows, layout, event
        self.blank = np.zeros((layout.words, rows), dtype=np.uint64)
        self.no: Flags = np.zeros(rows, dtype=bool)
        self.zero = rationals.constant(0, rows)

    def exactly(self, value: Fraction | int) -> Numbers:
        """One number in every row."""
        return self.known(rationals.constant(value, self.rows))

    def known(self, column: Rationals) -> Numbers:
        """Numbers that are known."""
        return Numbers(column, {}, self.no, self.no, self.blank)

    def nothing(self) -> Numbers:
        """What cannot be said."""
        return replace(self.exactly(0), none=~self.no)

    def doubtful(self, number: Numbers, unsure: Flags) -> Numbers:
        """With rows that are left to the ordinary engine."""
        if not unsure.any():
            return number
        needs = number.needs | among(unsure, self.layout.doubt)
        return replace(number, unsure=number.unsure | unsure, needs=needs)

    def like(self, number: Numbers, *of: Numbers) -> Numbers:
        """A number that rests on others: not said, unsure and waiting where they are."""
        none, unsure, needs = number.none, number.unsure, number.needs
        for other in of:
            none, unsure, needs = none | other.none, unsure | other.unsure, needs | other.needs
        return replace(number, none=none, unsure=unsure, needs=needs)

    def input(
        self, low: Rationals, high: Rationals, lopen: Flags, hopen: Flags, kind: str, *of: Numbers, own: bool = False
    ) -> Numbers:
        """Something not known, as an input of its own, made of others; where its bounds are one, it is known.

        `kind` is how it came about: as finely as may be, so long as what is the same has the same. It is of the event
        if what it is made of is, or if it is `own` by itself.
        """
        open_ = lopen | hopen
        inexact = open_ if low is high else open_ | (rationals.sign(low, high) != 0)
        for one in of:
            inexact = inexact & ~(one.none | one.unsure)
        if not inexact.any():
            return self.like(self.known(low), *of)
        layout, mine = self.layout, self.no | (own and self.event)
        for one in of:
            for _, each in one.inputs.values():
                mine = mine | each.marks[layout.own].any(axis=0)
        name, marks = layout.named(kind, self.rows, of), np.zeros((layout.mark_words, self.rows), dtype=np.uint64)
        marks[layout.kind] = among(inexact & ~mine, name)
        marks[layout.own_kind] = among(inexact & mine, name)
        return self.like(self.unknown(object(), Input(low, high, lopen, hopen, marks), inexact), *of)

    def unknown(self, name: object, each: Input, inexact: Flags) -> Numbers:
        """An input, in the rows in which it is not known; elsewhere its low end."""
        constant = rationals.where(inexact, self.zero, each.low)
        times = rationals.where(inexact, rationals.constant(1, self.rows), self.zero)
        return Numbers(constant, {name: (times, each)}, self.no, self.no, self.blank)

    def where(self, mask: Flags, a: Numbers, b: Numbers) -> Numbers:
        """The one in the rows of a mask, the other elsewhere."""
        if mask.all() or not mask.any():
            return a if mask.all() else b
        inputs: dict[object, tuple[Rationals, Input]] = {}
        for name in dict.fromkeys((*a.inputs, *b.inputs)):
            one, two = a.inputs.get(name), b.inputs.get(name)
            times = rationals.where(mask, one[0] if one else self.zero, two[0] if two else self.zero)
            if rationals.sign(times).any():
                each = one[1] if one else two[1] if two else None
                assert each is not None
                inputs[name] = times, each.where(mask, two[1]) if one and two else each
        constant = rationals.where(mask, a.constant, b.constant)
        none, unsure = np.where(mask, a.none, b.none), np.where(mask, a.unsure, b.unsure)
        return Numbers(constant, inputs, none, unsure, np.where(mask, a.needs, b.needs))

    def clash(self, a: Numbers, b: Numbers) -> Flags:
        """Where one adds what the other, under another name, may take away."""
        found, layout = self.no, self.layout
        for name, (times, one) in a.inputs.items():
            for other, (more, two) in b.inputs.items():
                if name != other and (against := rationals.sign(times) * rationals.sign(more) < 0).any():
                    alike = (one.marks & two.marks).any(axis=0)
                    alike |= (one.marks[layout.all] & layout.folded(two.marks)) != 0
                    alike |= (two.marks[layout.all] & layout.folded(one.marks)) != 0
                    found = found | (against & alike)
        return found

    def plus(self, a: Numbers, b: Numbers) -> Numbers:
        """The sum."""
        inputs = dict(a.inputs)
        for name, (times, each) in b.inputs.items():
            if name in inputs:
                count, mine = inputs[name]
                inputs[name] = rationals.plus(count, times), mine.where(rationals.sign(count) != 0, each)
            else:
                inputs[name] = times, each
        kept = {name: part for name, part in inputs.items() if rationals.sign(part[0]).any()}
        found = Numbers(rationals.plus(a.constant, b.constant), kept, self.no, self.no, self.blank)
        return self.doubtful(self.like(found, a, b), self.clash(a, b) if a.inputs and b.inputs else self.no)

    def scaled(self, a: Numbers, by: Rationals) -> Numbers:
        """So many times a number."""
        inputs = {name: (rationals.times(times, by), each) for name, (times, each) in a.inputs.items()}
        return replace(a, constant=rationals.times(a.constant, by), inputs=inputs)

    def negative(self, a: Numbers) -> Numbers:
        """Below nought as far."""
        inputs = {name: (rationals.minus(times), each) for name, (times, each) in a.inputs.items()}
        return replace(a, constant=rationals.minus(a.constant), inputs=inputs)

    def minus(self, a: Numbers, b: Numbers) -> Numbers:
        """The difference."""
        return self.plus(a, self.negative(b))

    def times(self, a: Numbers, b: Numbers) -> Numbers:
        """The product: of two unknowns it is an input of its own."""
        if not a.inputs or not b.inputs:
            one, two = (b, a) if not a.inputs else (a, b)
            return self.like(self.scaled(one, two.constant), two)
        found = self.input(*self._corners(a, b), "product", a, b)
        found = self.where(b.exact, self.like(self.scaled(a, b.constant), b), found)
        return self.where(a.exact, self.like(self.scaled(b, a.constant), a), found)

    def _corners(self, a: Numbers | Input, b: Numbers | Input) -> tuple[Rationals, Rationals, Flags, Flags]:
        """The bounds of every product there can be."""
        ends = [rationals.times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
        low = rationals.least(rationals.least(ends[0], ends[1]), rationals.least(ends[2], ends[3]))
        high = rationals.most(rationals.most(ends[0], ends[1]), rationals.most(ends[2], ends[3]))
        ajar: Flags = a.lopen | a.hopen | b.lopen | b.hopen
        above = ~a.lopen & ~b.lopen & (rationals.sign(a.low) >= 0) & (rationals.sign(b.low) >= 0)
        low, high = rationals.where(ajar, ends[0], low), rationals.where(ajar, ends[3], high)
        return low, high, ajar & ~above, ajar & (~above | a.hopen | b.hopen)

    def divided(self, a: Numbers, b: Numbers) -> Numbers:
        """The quotient; none by nought."""
        known = b.exact
        over = rationals.inverse(b.constant)
        scaled = self.like(self.scaled(a, over), b)
        scaled = replace(scaled, none=scaled.none | (known & (rationals.sign(b.constant) == 0)))
        if not b.inputs:
            return scaled
        # The inverse falls: its ends change places, and an end that is open comes as near to nought as one likes.
        above, below = ~b.lopen & (rationals.sign(b.low) > 0), ~b.hopen & (rationals.sign(b.high) < 0)
        low = rationals.where(b.hopen, self.zero, rationals.inverse(b.high))
        high = rationals.where(b.lopen, self.zero, rationals.inverse(b.low))
        inverse = Input(low, high, self.no, self.no, self.blank)
        first, last, lopen, hopen = self._corners(a, inverse)
        apart = ~(above | below)
        found = self.input(first, last, lopen | apart, hopen | apart, "quotient", a, b)
        nothing = a.exact & (rationals.sign(a.constant) == 0)
        found = self.where(nothing, self.like(self.exactly(0), a, b), found)
        return self.where(known, scaled, found)

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
        equal = exact & (rationals.sign(apart.constant) == 0)
        return self._told(apart, equal, (exact & ~equal) | (~exact & beside))

    def _told(self, apart: Numbers, yes: Flags, no: Flags) -> Truths:
        state = np.where(yes, YES, np.where(no, NO, OPEN))
        state = np.where(apart.none, OPEN, state)
        return Truths(np.where(apart.unsure, UNSURE, state).astype(np.int8), apart.needs)

    def smaller(self, a: Numbers, b: Numbers) -> Numbers:
        """The smaller."""
        return self._smaller(a, b, "least")

    def greater(self, a: Numbers, b: Numbers) -> Numbers:
        """The greater."""
        return self.negative(self._smaller(self.negative(a), self.negative(b), "most"))

    def _smaller(self, a: Numbers, b: Numbers, kind: str) -> Numbers:
        apart = self.minus(a, b)
        first = ~apart.hopen & (rationals.sign(apart.high) <= 0)
        second = ~first & ~apart.lopen & (rationals.sign(apart.low) >= 0)
        found = self.where(first, a, b)
        if not (first | second).all():
            low = rationals.least(a.low, b.low)
            high = rationals.where(a.hopen, b.high, rationals.where(b.hopen, a.high, rationals.least(a.high, b.high)))
            either = self.input(low, high, a.lopen | b.lopen, a.hopen & b.hopen, kind, a, b)
            found = self.where(first | second, found, either)
        none, unsure = a.none | b.none, a.unsure | b.unsure
        return self.doubtful(replace(found, none=none, unsure=unsure, needs=a.needs | b.needs), apart.unsure)

    def hull(self, a: Numbers, b: Numbers, kind: str, own: bool = False) -> Numbers:
        """One of two, it is not known which. Where both are the same number, it is that."""
        low, high = rationals.least(a.low, b.low), rationals.most(a.high, b.high)
        found = self.input(low, high, a.lopen | b.lopen, a.hopen | b.hopen, kind, a, b, own=own)
        same = ~a.exact & ~b.exact & (rationals.sign(a.constant, b.constant) == 0)
        alike = same.copy()
        for name in {*a.inputs, *b.inputs}:
            one, two = a.inputs.get(name), b.inputs.get(name)
            equal = rationals.sign(one[0] if one else self.zero, two[0] if two else self.zero) == 0
            same = same & equal
        words = self.layout.mark_words
        for sign in (1, -1):
            alike &= (a.marks(sign, words) == b.marks(sign, words)).all(axis=0)
        both = self.like(a, b)
        return self.doubtful(self.where(same, both, found), alike & ~same)

    def stepped(self, a: Numbers, kind: str, of: Callable[[Rationals], Rationals]) -> Numbers:
        """What a function that never falls makes of it."""
        if not a.inputs:
            return replace(a, constant=of(a.constant))
        return self.input(of(a.low), of(a.high), a.lopen, a.hopen, kind, a)

    def both(
        self, a: Numbers, b: Numbers, kind: str, of: Callable[[Rationals, Rationals], Rationals], falls: bool = False
    ) -> Numbers:
        """What a function of two makes of them; it rises with the second, and with the first unless it `falls`."""
        if not a.inputs and not b.inputs:
            return self.like(self.known(of(a.constant, b.constant)), a, b)
        one, two = (a.high, a.low) if falls else (a.low, a.high)
        first, last = (a.hopen, a.lopen) if falls else (a.lopen, a.hopen)
        return self.input(of(one, b.low), of(two, b.high), first | b.lopen, last | b.hopen, kind, a, b)
