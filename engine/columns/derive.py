"""Facts that follow from facts, for many rows at once: the same implications and quantities as `derived`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caprev.columns.codes import Members, Options
from caprev.columns.known import Flags, Floats, Known
from caprev.facts import conditions
from caprev.facts import derivations as derived
from caprev.facts.conditions import Atom, Conj, Signed, Tree
from caprev.facts.derivations import Derivations, Implication, Quantity
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, Subset

Rows = NDArray[np.int64]

EPOCH = 719_163  # the day number of 1 January 1970


def derive(derivations: Derivations, known: Known) -> None:
    """Narrow what is known by all that follows from it. Rows that contradict themselves become odd."""
    _Pass(derivations, known).run()


class _Pass:
    def __init__(self, derivations: Derivations, known: Known) -> None:
        self.known = known
        rules: list[Implication | Quantity] = [*derivations.implications, *derivations.quantities]
        self.reads = [(rule, _reads(rule)) for rule in rules]
        self.orders = derivations.orders

    def run(self) -> None:
        stale = [True] * len(self.reads)
        while any(stale):
            for place, (rule, reads) in enumerate(self.reads):
                if stale[place]:
                    stale[place] = False
                    if not any(self.known.has(name) for name in reads):
                        continue
                    changed = self._imply(rule) if isinstance(rule, Implication) else self._compute(rule)
                    for other, (_, its_reads) in enumerate(self.reads):
                        stale[other] |= not changed.isdisjoint(its_reads)
        for order in self.orders:
            if self.known.has(order.first) and self.known.has(order.then):
                (first, _), (_, last) = (self.known.columns[name] for name in (order.first, order.then))
                self.known.odd |= last < first

    def _imply(self, rule: Implication) -> set[str]:
        atoms = {leaf.key: leaf for leaf in conditions.leaves(rule.when) if isinstance(leaf, Atom)}
        holds = self._holds(conditions.met(rule.when), atoms) & ~self.known.odd
        if not holds.any():
            return set()
        return {name for name, knowledge in rule.then if self._narrow(name, holds, knowledge)}

    def _holds(self, tree: Tree, atoms: dict[str, Atom]) -> Any:
        if isinstance(tree, Signed):
            atom = atoms.get(tree.name)
            if atom is None or not self.known.has(atom.fact):
                return np.zeros(self.known.rows, np.bool_)
            return self._decide(atom, tree.value)
        parts = [self._holds(part, atoms) for part in tree.parts]
        combine = np.logical_and if isinstance(tree, Conj) else np.logical_or
        found = np.full(self.known.rows, isinstance(tree, Conj))
        for part in parts:
            found = combine(found, part)
        return found

    def _decide(self, atom: Atom, wanted: bool) -> Any:
        """The rows in which a test is known to be true, or known to be false."""
        code, columns = self.known.coder(atom.fact), self.known.columns[atom.fact]
        if isinstance(code, Options):
            bits = code.bits(atom.values)
            return columns[0] & (code.absent[0] & ~bits if wanted else bits) == 0
        if isinstance(code, Members):
            (has, lacks), bits = columns, code.bits(atom.values)
            rest = (1 << len(code.fact.values)) - 1 & ~bits
            if atom.operator == "includes_all":
                return has & bits == bits if wanted else lacks & bits != 0
            if atom.operator == "only":
                others = code.bits(atom.others)
                beyond = has & rest != 0
                return ~beyond & ((has | lacks) != 0) & (lacks & others == others) if wanted else beyond
            return has & bits != 0 if wanted else lacks & bits == bits
        low, high = columns
        if atom.operator == "between":
            return (low >= atom.low) & (high <= atom.high) if wanted else (low > atom.high) | (high < atom.low)
        numbers = [float(value) for value in atom.values]
        if wanted:
            return (low == high) & np.isin(low, numbers)
        return np.logical_and.reduce([(low > number) | (high < number) for number in numbers])

    def _narrow(self, name: str, where: Flags, knowledge: Knowledge) -> bool:
        """Leave in some rows only what a value allows; whether anything changed."""
        known = self.known
        known.ensure(name)
        code = known.coder(name)
        if isinstance(knowledge, Choice) and isinstance(code, Options):
            bits, before = code.bits(knowledge.values), known.columns[name][0]
            after = np.where(where, before & bits, before)
            known.contradict(slice(None), after == 0)
            known.columns[name] = (after,)
            return bool((after != before).any())
        if isinstance(knowledge, Subset) and isinstance(code, Members):
            has, lacks = known.columns[name]
            more = np.where(where, has | code.bits(knowledge.included), has).astype(has.dtype)
            less = np.where(where, lacks | code.bits(knowledge.excluded), lacks).astype(lacks.dtype)
            known.contradict(slice(None), more & less != 0)
            known.columns[name] = more, less
            return bool((more != has).any() or (less != lacks).any())
        if isinstance(knowledge, Range):
            return self._bound(name, np.flatnonzero(where), knowledge.low, knowledge.high)
        known.odd |= where  # a list of numbers: one by one
        return False

    def _bound(self, name: str, rows: Rows, least: Floats | float, most: Floats | float) -> bool:
        """Leave in some rows, by number, only what lies between two ends; whether anything changed."""
        known = self.known
        low, high = (column[rows] for column in known.columns[name])
        lower, upper = np.maximum(low, least), np.minimum(high, most)
        if (lower == low).all() and (upper == high).all():
            return False
        known.contradict(rows, lower > upper)
        ends = tuple(column.copy() for column in known.columns[name])
        ends[0][rows], ends[1][rows] = lower, upper
        known.columns[name] = ends
        return True

    def _compute(self, quantity: Quantity) -> set[str]:
        """Worked out only in the rows that know something of every operand."""
        known = self.known
        if not all(known.has(name) for name in quantity.operands):
            return set()
        rows = np.flatnonzero(np.logical_and.reduce([~known.absent(n) for n in quantity.operands]) & ~known.odd)
        ends = [(low[rows], high[rows]) for low, high in (known.columns[name] for name in quantity.operands)]
        operation = OPERATIONS.get(quantity.operation) or _row_by_row(quantity.operation)
        low, high = operation(*ends)
        within = quantity.within
        low, high = np.maximum(low, within.low), np.minimum(high, within.high)
        tells = (low != within.low) | (high != within.high) | ~known.absent(quantity.target)[rows]
        if not tells.any():
            return set()
        known.ensure(quantity.target)
        return {quantity.target} if self._bound(quantity.target, rows[tells], low[tells], high[tells]) else set()


def _reads(rule: Implication | Quantity) -> frozenset[str]:
    if isinstance(rule, Quantity):
        return frozenset(rule.operands)
    return frozenset(conditions.facts_of(rule.when))


Ends = tuple[Floats, Floats]
Operation = Callable[..., Ends]


def _row_by_row(name: str) -> Operation:
    """An operation that has no form for columns."""

    def operation(*operands: Ends) -> Ends:
        rows = zip(*(zip(low.tolist(), high.tolist(), strict=True) for low, high in operands), strict=True)
        found = [derived.OPERATIONS[name](*(Range(*ends) for ends in row)) for row in rows]
        return np.array([r.low for r in found], float), np.array([r.high for r in found], float)

    return operation


def _begun(years: Ends) -> Ends:
    with np.errstate(all="ignore"):
        begun = np.where(years[0] > 0, np.maximum(np.ceil(years[0]) - 1 + 1 / 366, 0.0), 0.0)
    return begun, np.full(len(begun), INFINITY)


def _years(start: Floats, end: Floats) -> Floats:
    """Completed years between two day numbers, plus the part of the year begun."""
    open_ended = (start == -INFINITY) | (end == INFINITY)
    none = (start == INFINITY) | (end == -INFINITY) | (end < start)
    first, last = (np.where(open_ended | none, EPOCH, days).astype(np.int64) - EPOCH for days in (start, end))
    year, month, day = _date(first)
    last_year, last_month, last_day = _date(last)
    whole = last_year - year - ((last_month < month) | ((last_month == month) & (last_day < day)))
    day = np.where((month == 2) & (day == 29), 28, day)
    months = (year + whole - 1970) * 12 + month - 1
    anniversary = months.astype("M8[M]").astype("M8[D]").astype(np.int64) + day - 1
    years = whole + np.minimum((last - anniversary) / 366, 0.997)
    return np.where(open_ended, INFINITY, np.where(none, 0.0, years))


def _date(days: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Year, month and day of days since 1 January 1970."""
    dates = days.astype("M8[D]")
    months = dates.astype("M8[M]")
    number = months.astype(np.int64)
    return number // 12 + 1970, number % 12 + 1, (dates - months.astype("M8[D]")).astype(np.int64) + 1


def _years_between(start: Ends, end: Ends) -> Ends:
    return _years(start[1], end[0]), _years(start[0], end[1])


def _divide(left: Ends, right: Ends) -> Ends:
    down = right[1] <= 0
    left = np.where(down, -left[1], left[0]), np.where(down, -left[0], left[1])
    right = np.where(down, -right[1], right[0]), np.where(down, -right[0], right[1])
    none = (right[0] < 0) | (right[1] == 0)
    low = _quotient(left[0], np.where(left[0] >= 0, right[1], right[0]))
    high = _quotient(left[1], np.where(left[1] > 0, right[0], right[1]))
    return np.where(none, -INFINITY, low), np.where(none, INFINITY, high)


def _quotient(left: Floats, right: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return np.where(right == 0, np.copysign(INFINITY, left), left / right + 0.0)


def _subtract(left: Ends, right: Ends) -> Ends:
    return left[0] - right[1], left[1] - right[0]


OPERATIONS: dict[str, Operation] = {
    "begun": _begun,
    "years_between": _years_between,
    "divide": _divide,
    "subtract": _subtract,
}
