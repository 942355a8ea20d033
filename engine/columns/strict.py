"""Strict rules and amounts over columns: many matters at once, with the answers of the ordinary engine.

    found = Columns(book).answered(matters)
    found.settled[0]                # whether the first matter was answered here; else ask the ordinary engine

A sheet has a row for every matter; another for the first event of each, another for the second ... Every rule, outcome,
amount and table is a column of a sheet, worked out once: truths of three values, exact numbers between bounds
(`strict_values`), and beside each the facts it waits on. So what sums up earlier events rests on earlier sheets. What
cannot be told here for certain is `unsure`, and so is all that rests on it; such matters are left to `strict.evaluate`,
whole. No figure is ever near: it is exact, or it is not from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np

from caprev.columns import rationals
from caprev.columns.rationals import Flags, Ints, Rationals
from caprev.columns.strict_values import NO, OPEN, UNSURE, YES, Arithmetic, Layout, Numbers, Truths, among
from caprev.columns.strict_values import combined, negated
from caprev.facts.conditions import AllOf, Atom, Condition, Met, Not
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, exact
from caprev.facts.vocabulary import Fact
from caprev.law.strict import Question
from caprev.strict import numbers, parameters
from caprev.strict.book import HOLDS, Book, dating_of
from caprev.strict.expressions import Call, Literal_, Name, Node, Word
from caprev.strict.matter import Matter, Unit
from caprev.strict.numbers import Interval
from caprev.strict.parameters import Read, Row

_STATE = {True: YES, False: NO, None: OPEN}
EVENT, MATTER = "event", "matter"
MOST_EVENTS = 24
"""Of a matter; one with more is left to the ordinary engine, for a sheet costs the same whatever its rows."""


@dataclass(frozen=True)
class Words:
    """Which words a fact may still have: a number for each set of them, and the sets."""

    codes: Ints
    sets: Sequence[frozenset[str]]
    needs: Ints


Value = Numbers | Truths | Words


@dataclass(frozen=True)
class Asked:
    """A question: the state of each row (a word of `STATES`), which outcomes follow, and what is waited for."""

    state: Ints
    follows: Mapping[str, Flags]
    needs: Ints


STATES = ("not_asked", "conflict", "open", "answered", "none")


@dataclass(frozen=True)
class Told:
    """An amount: whether it arises, its value where it may, and what is waited for."""

    applies: Truths
    value: Numbers
    needs: Ints


@dataclass(frozen=True)
class Level:
    """What is answered on one sheet; `missing` are the facts that are waited for, as bits.

    `warnings` are where each is given; `warned` where any is, or may be.
    """

    units: Sequence[Unit]
    row: Mapping[int, int]
    questions: Mapping[str, Asked]
    amounts: Mapping[str, Told]
    warnings: Mapping[str, Flags]
    warned: Flags
    missing: Ints
    unsure: Flags


@dataclass(frozen=True)
class Found:
    """Everything that is answered of some matters: of themselves, and of their first events, their second ...

    `doubts` counts the matters that each amount, question or warning left to the ordinary engine.
    """

    events: Sequence[Level]
    whole: Level
    settled: Flags
    facts: Sequence[str]
    doubts: Mapping[str, int]


class Columns:
    """The strict law of a pack for columns of matters."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.facts = tuple(book.facts)
        self.layout = Layout(len(self.facts))
        self.memos: dict[str, dict[Any, Fraction]] = {}

    def answered(self, matters: Sequence[Matter]) -> Found:
        """Everything that the law says of them."""
        return _Run(self, matters).found()


class _Sheet:
    """Every matter (`place` is -1), or the event of each that stands at a place, as columns of what is known.

    `matters` are the numbers of the matters that have a row.
    """

    def __init__(self, at: int, units: Sequence[Unit], matters: Sequence[int], columns: Columns) -> None:
        self.at, self.units, self.book = at, units, columns.book
        self.of = MATTER if at < 0 else EVENT
        self.matters = np.array(matters, dtype=np.int64)
        self.row = {matter: row for row, matter in enumerate(matters)}
        self.rows = rows = len(units)
        self.place = {name: at for at, name in enumerate(columns.facts)}
        self.layout = columns.layout
        self.sum = Arithmetic(rows, self.layout, self.of == EVENT)
        self.codes: dict[str, Ints] = {}
        self.known: dict[str, list[Knowledge | None]] = {}
        self.shared: dict[str, Flags] = {}
        self._read()
        self.values: dict[Any, Value] = {}

    def _read(self) -> None:
        """A number for each different thing that is known of a fact; nought for nothing."""
        at: dict[str, dict[Knowledge, int]] = {}
        for row, unit in enumerate(self.units):
            for name, knowledge in unit.known.items():
                if name not in at:
                    at[name], self.codes[name] = {}, np.zeros(self.rows, dtype=np.int64)
                self.codes[name][row] = at[name].setdefault(knowledge, len(at[name]) + 1)
            for name in unit.shared:
                if name not in self.shared:
                    self.shared[name] = np.zeros(self.rows, dtype=bool)
                self.shared[name][row] = True
        self.known = {name: [None, *found] for name, found in at.items()}

    def every(self, fact: str, of: Callable[[Knowledge | None], Any], kind: Any) -> Ints:
        """Something of what is known of a fact, in every row."""
        if fact not in self.codes:
            return np.full(self.rows, of(None), dtype=kind)
        return np.array([of(known) for known in self.known[fact]], dtype=kind)[self.codes[fact]]

    def truths(self, state: Any, needs: Ints | None = None) -> Truths:
        return Truths(np.broadcast_to(np.asarray(state, dtype=np.int8), (self.rows,)), self._bits(needs))

    def _bits(self, needs: Ints | None) -> Ints:
        return self.sum.blank if needs is None else needs | self.sum.blank

    def asking(self, fact: str, mask: Flags) -> Ints:
        """The facts to ask for, to learn one, in the rows of a mask."""
        names = self.book.askable(fact)
        if names == (fact,):
            return among(mask, self.layout.need[self.place[fact]])
        needs, left = self.sum.blank, mask
        for name in names:
            open_ = mask & ~self.every(name, lambda known: known is not None and exact(known), bool)
            needs, left = needs | among(open_, self.layout.need[self.place[name]]), left & ~open_
        return needs | among(left, self.layout.need[self.place[fact]])

    def atom(self, atom: Atom) -> Truths:
        """One test on a fact."""
        state = self.every(atom.fact, lambda known: OPEN if known is None else _STATE[atom.decide(known)], np.int8)
        return self.truths(state, self.asking(atom.fact, state == OPEN))

    def fact(self, fact: Fact) -> Value:
        """A fact as formulas read it."""
        name = fact.name
        told = self.every(name, lambda known: known is not None and exact(known), bool)
        needs = self.asking(name, ~told)
        if fact.type == "bool":
            return self.truths(self.every(name, _flag, np.int8), needs)
        if fact.type == "enum":
            sets = [
                frozenset(map(str, known.values if isinstance(known, Choice) else fact.values))
                for known in self.known.get(name, [None])
            ]
            return Words(self.codes.get(name, np.zeros(self.rows, dtype=np.int64)), sets, self._bits(needs))
        bounds = [_bounds(fact, known) for known in self.known.get(name, [None])]
        codes = self.codes.get(name, np.zeros(self.rows, dtype=np.int64))
        low = rationals.of(Fraction(0) if end.low is None else end.low for end in bounds).take(codes)
        closed = all(end.exact for end in bounds)
        high = low if closed else rationals.of(end.high or Fraction(0) for end in bounds).take(codes)
        lopen = np.array([end.low is None for end in bounds])[codes]
        hopen = np.array([end.high is None for end in bounds])[codes]
        single = np.array([end.exact for end in bounds])[codes]
        place = self.place[name]
        shared = self.shared.get(name, self.sum.no) if self.of == EVENT else ~self.sum.no
        marks = np.where(shared, self.layout.shared[place], self.layout.owned[place])
        number = replace(self.sum.exactly(0), low=low, high=high, lopen=lopen, hopen=hopen)
        return replace(number, ups=among(~single, marks), needs=self._bits(needs))


def _flag(known: Knowledge | None) -> int:
    values = known.values if isinstance(known, Choice) else ()
    return (YES if next(iter(values)) else NO) if len(values) == 1 else OPEN


def _bounds(fact: Fact, known: Knowledge | None) -> Interval:
    if isinstance(known, Choice):
        ends = [float(value) for value in known.values]
        known = Range(min(ends), max(ends))
    within = known if isinstance(known, Range) else fact.possible
    low = None if within.low == -INFINITY else _written(within.low)
    return Interval(low, None if within.high == INFINITY else _written(within.high))


def _written(number: float) -> Fraction:
    """The decimal that was written: the shortest text of a float."""
    return Fraction(int(number)) if number == int(number) and abs(number) < 1e15 else Fraction(repr(number))


class _Run:
    """The answers of some matters."""

    def __init__(self, columns: Columns, matters: Sequence[Matter]) -> None:
        self.columns, self.book = columns, columns.book
        self.many: Flags = np.array([len(matter.events) > MOST_EVENTS for matter in matters], dtype=bool)
        self.whole = _Sheet(-1, [matter.whole for matter in matters], range(len(matters)), columns)
        self.events: list[_Sheet] = []
        while here := [
            number
            for number, matter in enumerate(matters)
            if len(self.events) < len(matter.events) <= MOST_EVENTS
        ]:
            at = len(self.events)
            self.events.append(_Sheet(at, [matters[number].events[at] for number in here], here, columns))
        self.totals: dict[tuple[str, bool], list[Numbers]] = {}

    def found(self) -> Found:
        """Everything."""
        doubts: dict[str, Flags] = {}
        events = [self._level(sheet, doubts) for sheet in self.events]
        whole = self._level(self.whole, doubts)
        unsure = whole.unsure | self.many
        for sheet, level in zip(self.events, events, strict=True):
            unsure = unsure | self._spread(sheet, level.unsure)
        counted = {name: int(flags.sum()) for name, flags in doubts.items()}
        return Found(events, whole, ~unsure, self.columns.facts, counted)

    def _spread(self, sheet: _Sheet, flags: Flags) -> Flags:
        """What is so of the rows of a sheet, for every matter."""
        found: Flags = np.zeros(self.whole.rows, dtype=bool)
        found[sheet.matters] = flags
        return found

    def _level(self, sheet: _Sheet, doubts: dict[str, Flags]) -> Level:
        book, missing, unsure = self.book, sheet.sum.blank, sheet.sum.no
        questions: dict[str, Asked] = {}
        amounts: dict[str, Told] = {}
        warnings: dict[str, Flags] = {}
        warned = sheet.sum.no

        def doubt(name: str, flags: Flags) -> None:
            if flags.any():
                doubts[name] = doubts.get(name, self.whole.sum.no) | self._spread(sheet, flags)

        for name, question in book.questions.items():
            if book.of(name) == sheet.of:
                asked, doubtful = self._asked(sheet, name, question)
                questions[name] = asked
                open_ = among(asked.state == STATES.index("open"), asked.needs)
                missing, unsure = missing | open_, unsure | doubtful
                doubt(name, doubtful | (open_ & sheet.layout.doubt).any(axis=0))
        for name in book.amounts:
            if book.of(name) == sheet.of:
                told = amounts[name] = self._amount(sheet, name)
                arises, value = told.applies.state, told.value
                waits = among(~((arises == YES) & value.exact) & (arises != NO), told.needs)
                doubtful = (arises == UNSURE) | ((arises != NO) & value.unsure)
                missing, unsure = missing | waits, unsure | doubtful
                doubt(name, doubtful | (waits & sheet.layout.doubt).any(axis=0))
        for name, warning in book.warnings.items():
            if book.of(name) == sheet.of:
                given = self._condition(sheet, book.conditions[f"warning:{name}"], warning.dated_by)
                warnings[name] = given.state == YES
                warned, unsure = warned | (given.state != NO), unsure | (given.state == UNSURE)
                doubt(name, given.state == UNSURE)
        unsure = unsure | (missing & sheet.layout.doubt).any(axis=0)
        return Level(sheet.units, sheet.row, questions, amounts, warnings, warned, missing, unsure)

    def _asked(self, sheet: _Sheet, name: str, question: Question) -> tuple[Asked, Flags]:
        asked = self._condition(sheet, self.book.conditions[f"question:{name}"], "")
        found = {outcome: self._rule(sheet, outcome) for outcome in question.outcomes}
        follows = {outcome: item.state == YES for outcome, item in found.items()}
        count: Ints = np.sum(list(follows.values()), axis=0)
        may = np.any([item.state == OPEN for item in found.values()], axis=0)
        doubtful = np.any([item.state == UNSURE for item in found.values()], axis=0)
        conflict = (count > 1) & (not question.several)
        open_ = (asked.state == OPEN) | (may & ((count == 0) | question.several))
        state = np.where(conflict, 1, np.where(open_, 2, np.where(count > 0, 3, 4)))
        state = np.where(asked.state == NO, 0, state)
        needs = among(asked.state == OPEN, asked.needs)
        for item in found.values():
            needs = needs | among(item.state == OPEN, item.needs)
        return Asked(state, follows, needs), (asked.state == UNSURE) | ((asked.state != NO) & doubtful)

    # --- truths ----------------------------------------------------------------------------------------------

    def _lift(self, sheet: _Sheet, name: str) -> bool:
        """Whether something stands with the matter, asked of an event."""
        return sheet.of == EVENT and self.book.of(name) == MATTER

    def _rule(self, sheet: _Sheet, name: str) -> Truths:
        if self._lift(sheet, name):
            found = self._rule(self.whole, name)
            return Truths(found.state[sheet.matters], found.needs[:, sheet.matters])
        key = ("rule", name)
        if key not in sheet.values:
            if name in self.book.outcomes:
                sheet.values[key] = self._outcome(sheet, name)
            else:
                rule = self.book.rules[name]
                sheet.values[key] = self._condition(sheet, self.book.conditions[f"rule:{name}"], rule.dated_by)
        found_ = sheet.values[key]
        assert isinstance(found_, Truths)
        return found_

    def _outcome(self, sheet: _Sheet, name: str) -> Truths:
        question = self.book.questions[self.book.asked_in[name]]
        parts = [self._rule(sheet, rule) for rule in self.book.concluding[name]]
        if question.otherwise == name:
            others = [negated(self._rule(sheet, other)) for other in question.outcomes if other != name]
            parts.append(self._combined(sheet, others, True))
        return self._combined(sheet, parts, False)

    def _combined(self, sheet: _Sheet, parts: Sequence[Truths], every: bool) -> Truths:
        return combined(parts, every, sheet.rows, sheet.sum.blank, sheet.layout.doubt)

    def _condition(self, sheet: _Sheet, condition: Condition, dated_by: str) -> Truths:
        if isinstance(condition, Atom):
            key = ("atom", condition.key)
            if key not in sheet.values:
                sheet.values[key] = sheet.atom(condition)
            found = sheet.values[key]
            assert isinstance(found, Truths)
            return found
        if isinstance(condition, Met):
            if not condition.rule.startswith(HOLDS):
                return self._rule(sheet, condition.rule)
            return self._truths(sheet, self.book.formulas[condition.rule], dated_by)
        if isinstance(condition, Not):
            return negated(self._condition(sheet, condition.part, dated_by))
        parts = [self._condition(sheet, part, dated_by) for part in condition.parts]
        return self._combined(sheet, parts, isinstance(condition, AllOf))

    # --- amounts ---------------------------------------------------------------------------------------------

    def _amount(self, sheet: _Sheet, name: str) -> Told:
        key = ("amount", name)
        if key not in sheet.values:
            amount, add = self.book.amounts[name], sheet.sum
            applies = self._condition(sheet, self.book.conditions[f"amount:{name}"], amount.dated_by)
            value = self._numbers(sheet, self.book.formulas[name], amount.dated_by)
            needs = applies.needs | among(applies.state != NO, value.needs)
            value = add.where(applies.state == NO, add.exactly(0), replace(value, needs=needs))
            sheet.values[key] = replace(value, needs=needs)
            sheet.values[("applies", name)] = applies
        value_, applies_ = sheet.values[key], sheet.values[("applies", name)]
        assert isinstance(value_, Numbers) and isinstance(applies_, Truths)
        return Told(applies_, value_, value_.needs)

    def _counted(self, sheet: _Sheet, name: str) -> Numbers:
        """An amount as another formula takes it: nought where it does not arise."""
        if self._lift(sheet, name):
            return self._counted(self.whole, name).take(sheet.matters)
        key = ("counted", name)
        if key not in sheet.values:
            told, add = self._amount(sheet, name), sheet.sum
            perhaps = (told.applies.state == OPEN) & ~told.value.none
            either = replace(add.hull(add.exactly(0), told.value, f"perhaps {name}", own=True), needs=told.needs)
            value = add.where(perhaps, either, told.value)
            sheet.values[key] = add.doubtful(value, told.applies.state == UNSURE)
        found = sheet.values[key]
        assert isinstance(found, Numbers)
        return found

    # --- formulas --------------------------------------------------------------------------------------------

    def _numbers(self, sheet: _Sheet, tree: Node, dated_by: str) -> Numbers:
        found = self._value(sheet, tree, dated_by)
        assert isinstance(found, Numbers)
        return found

    def _truths(self, sheet: _Sheet, tree: Node, dated_by: str) -> Truths:
        found = self._value(sheet, tree, dated_by)
        assert isinstance(found, Truths)
        return found

    def _value(self, sheet: _Sheet, tree: Node, dated_by: str) -> Value:
        key = (tree, dated_by)
        if key not in sheet.values:
            sheet.values[key] = self._worked(sheet, tree, dated_by)
        return sheet.values[key]

    def _worked(self, sheet: _Sheet, tree: Node, dated_by: str) -> Value:
        if isinstance(tree, Literal_):
            return sheet.sum.exactly(tree.value)
        if isinstance(tree, Word):
            return Words(np.zeros(sheet.rows, dtype=np.int64), [frozenset({tree.value})], sheet.sum.blank)
        if isinstance(tree, Name):
            return self._name(sheet, tree.name, dated_by)
        name = tree.function
        if name in ("and", "or"):
            return self._combined(sheet, [self._truths(sheet, term, dated_by) for term in tree.terms], name == "and")
        if name == "not":
            return negated(self._truths(sheet, tree.terms[0], dated_by))
        if name == "if":
            return self._if(sheet, tree, dated_by)
        if name in ("sum", "sum_before", "count"):
            return self._summed(sheet, tree)
        if name in ("brackets", "lookup", "step", "at"):
            return self._table(sheet, tree, dated_by)
        values = [self._value(sheet, term, dated_by) for term in tree.terms]
        if isinstance(values[0], Words):
            assert isinstance(values[1], Words)
            same = _same_words(values[0], values[1])
            return same if name == "=" else negated(same)
        terms = [value for value in values if isinstance(value, Numbers)]
        return self._operated(sheet, name, terms)

    def _name(self, sheet: _Sheet, name: str, dated_by: str) -> Value:
        book = self.book
        if name in book.amounts:
            return self._counted(sheet, name)
        if name in book.parameters:
            return self._parameter(sheet, book.parameters[name], self._today(sheet, dated_by))
        if "." not in name:
            return self._rule(sheet, name)
        key = ("fact", name)
        if key not in sheet.values:
            sheet.values[key] = sheet.fact(book.facts[name])
        return sheet.values[key]

    def _if(self, sheet: _Sheet, tree: Call, dated_by: str) -> Numbers:
        add = sheet.sum
        test = self._truths(sheet, tree.terms[0], dated_by)
        yes, no = (self._numbers(sheet, term, dated_by) for term in tree.terms[1:])
        chosen = add.where(test.state == YES, yes, no)
        chosen = replace(chosen, needs=chosen.needs | test.needs)
        if (test.state < OPEN).all():
            return chosen
        alike = yes.exact & no.exact & (rationals.sign(yes.low, no.low) == 0)
        either = add.hull(yes, no, "either", own=True)
        either = replace(either, needs=either.needs | among(~alike, test.needs))
        found = add.where(test.state < OPEN, chosen, either)
        return add.doubtful(found, test.state == UNSURE)

    def _summed(self, sheet: _Sheet, tree: Call) -> Numbers:
        """A sum over all events of each matter, or over those before the one at hand."""
        named = tree.terms[0]
        assert isinstance(named, Name)
        if tree.function == "sum_before":
            if sheet.of == MATTER:
                return sheet.sum.exactly(0)
            return self._total(named.name, False, sheet.at).take(sheet.matters)
        total, layout = self._total(named.name, tree.function == "count", len(self.events)), self.columns.layout
        total = replace(total, ups=layout.overall(total.ups), downs=layout.overall(total.downs))
        return total if sheet.of == MATTER else total.take(sheet.matters)

    def _total(self, name: str, count: bool, before: int) -> Numbers:
        """A sum over so many first events of each matter."""
        add, layout = self.whole.sum, self.columns.layout
        totals = self.totals.setdefault((name, count), [add.exactly(0)])
        for at in range(len(totals) - 1, before):
            sheet, total = self.events[at], totals[at]
            item = self._ones(sheet, self._rule(sheet, name)) if count else self._counted(sheet, name)
            item = replace(item, ups=layout.passed(item.ups), downs=layout.passed(item.downs))
            source = np.zeros(add.rows, dtype=np.int64)
            source[sheet.matters] = np.arange(sheet.rows)
            value = item.take(source)
            added = add.plus(total, value)
            goes_on = self._spread(sheet, ~sheet.sum.no) & ~total.none
            totals.append(add.where(goes_on, added, total))
        return totals[before]

    def _ones(self, sheet: _Sheet, truths: Truths) -> Numbers:
        add = sheet.sum
        yes = add.where(truths.state == YES, add.exactly(1), add.exactly(0))
        either = replace(yes, high=rationals.constant(1, sheet.rows), low=rationals.constant(0, sheet.rows))
        either = add.input(either, "count", own=True)
        found = replace(add.where(truths.state == OPEN, either, yes), needs=truths.needs)
        return add.doubtful(found, truths.state == UNSURE)

    # --- parameters ------------------------------------------------------------------------------------------

    def _today(self, sheet: _Sheet, dated_by: str) -> Numbers:
        found = self._name(sheet, dated_by or dating_of(self.book, sheet.of), "")
        assert isinstance(found, Numbers)
        return found

    def _at(self, sheet: _Sheet, read: Read, day: Numbers) -> tuple[list[Flags], Flags, Ints]:
        """Where each row may hold, where there is no value for every day there may be, and what is waited for."""
        meets, whole = [], sheet.sum.no
        before: Row | None = None
        gap, ended = sheet.sum.no, sheet.sum.no
        for row in read.rows:
            none = sheet.sum.no
            late = none if row.low is None else ~day.hopen & (_beside(day.high, row.low) < 0)
            early = none if row.high is None else ~day.lopen & (_beside(day.low, row.high) > 0)
            here = ~(late | early)
            first = ~np.any(meets, axis=0) if meets else ~none
            begun = ~none if row.low is None else ~day.lopen & (_beside(day.low, row.low) >= 0)
            whole = np.where(here & first, begun, whole)
            ended = np.where(here, ~none if row.high is None else ~day.hopen & (_beside(day.high, row.high) <= 0), ended)
            apart = before is not None and (before.high is None or row.low is None or row.low - before.high > 1)
            gap = gap | (here & ~first & apart)
            meets.append(here)
            before = row
        count = np.sum(meets, axis=0)
        sound = (count > 0) & whole & ended & ~gap
        return meets, ~sound, among((count > 1) | ~sound, day.needs)

    def _joined(
        self, sheet: _Sheet, read: Read, day: Numbers, of: Callable[[Row], Numbers], *operands: Numbers
    ) -> Numbers:
        """What may come of the rows that may hold; none where one of them gives nothing. `operands`: made of which."""
        add = sheet.sum
        meets, missing, needs = self._at(sheet, read, day)
        found, begun, several = add.nothing(), add.no, add.no
        for row, here in zip(read.rows, meets, strict=True):
            if not here.any():
                continue
            one, again = of(row), here & begun
            if again.any():
                joint = replace(add.hull(found, one, ""), none=found.none | one.none)
                one, several = add.where(again, joint, one), several | again
            found = add.where(here, one, found)
            begun = begun | here
        if several.any():
            found = add.where(several, add.input(found, f"table {read.name}", *operands), found)
        return replace(
            found,
            none=found.none | missing,
            needs=among(~missing, found.needs) | needs | among(found.unsure & ~missing, sheet.layout.doubt),
            unsure=(found.unsure & ~missing) | day.unsure,
        )

    def _parameter(self, sheet: _Sheet, read: Read, day: Numbers) -> Numbers:
        found = self._joined(sheet, read, day, lambda row: sheet.sum.exactly(row.value))
        return sheet.sum.doubtful(found, day.unsure | day.none)

    def _table(self, sheet: _Sheet, tree: Call, dated_by: str) -> Numbers:
        named = tree.terms[0]
        assert isinstance(named, Name)
        read, add = self.book.parameters[named.name], sheet.sum
        value = self._value(sheet, tree.terms[1], dated_by)
        if tree.function == "at":
            assert isinstance(value, Numbers)
            found = self._joined(sheet, read, value, lambda row: add.exactly(row.value))
            found = replace(found, none=found.none | value.none, needs=found.needs | value.needs)
            return add.doubtful(found, value.unsure)
        day = self._today(sheet, dated_by)
        if isinstance(value, Words):
            words = value
            found = self._joined(sheet, read, day, lambda row: _looked_up(add, read.name, row, words))
            return replace(found, needs=found.needs | words.needs)
        assert isinstance(value, Numbers)
        amount = value
        one = self._taxed if tree.function == "brackets" else self._from_on
        found = self._joined(sheet, read, day, lambda row: one(sheet, read, row, amount), amount)
        found = replace(found, none=found.none | amount.none, needs=found.needs | amount.needs)
        return add.doubtful(found, amount.unsure)

    def _taxed(self, sheet: _Sheet, read: Read, row: Row, amount: Numbers) -> Numbers:
        return sheet.sum.stepped(amount, f"brackets {row.steps}", lambda column: _brackets(row, column, sheet.rows))

    def _from_on(self, sheet: _Sheet, read: Read, row: Row, amount: Numbers) -> Numbers:
        add = sheet.sum
        value = rationals.constant(row.steps[0][1], sheet.rows)
        for over, at in row.steps[1:]:
            here = _beside(amount.low, over) >= 0
            value = rationals.where(here, rationals.constant(at, sheet.rows), value)
        below = amount.lopen | (_beside(amount.low, row.steps[0][0]) < 0)
        found = replace(add.exactly(0), low=value, high=value, none=below, needs=add.blank)
        return add.doubtful(found, ~amount.exact & ~amount.none & ~below)

    # --- operations ------------------------------------------------------------------------------------------

    def _operated(self, sheet: _Sheet, name: str, terms: Sequence[Numbers]) -> Value:
        add = sheet.sum
        one, two = terms[0], terms[1] if len(terms) > 1 else add.exactly(1)
        match name:
            case "add" | "add_days":
                return add.plus(one, two)
            case "subtract":
                return add.minus(one, two)
            case "days":
                return add.minus(two, one)
            case "multiply":
                return add.times(one, two)
            case "divide":
                return add.divided(one, two)
            case "power":
                return self._power(sheet, one, two)
            case "<" | ">=":
                return add.less(one, two) if name == "<" else negated(add.less(one, two))
            case ">" | "<=":
                return add.less(two, one) if name == ">" else negated(add.less(two, one))
            case "=" | "!=":
                return add.same(one, two) if name == "=" else negated(add.same(one, two))
            case "min" | "max":
                found = one
                for term in terms[1:]:
                    found = add.smaller(found, term) if name == "min" else add.greater(found, term)
                return found
            case "abs":
                return add.greater(one, add.negative(one))
            case "round" | "floor" | "ceil":
                return self._rounded(sheet, name, one, two)
            case _:
                return self._calendar(sheet, name, terms)

    def _rounded(self, sheet: _Sheet, name: str, one: Numbers, two: Numbers) -> Numbers:
        add = sheet.sum
        usable = two.exact & (rationals.sign(two.low) > 0)
        units = {Fraction(num, den) for num, den in zip(two.low.num.tolist(), two.low.dens, strict=True)}
        found = replace(one, none=~add.no)
        for unit in sorted(unit for unit in units if unit > 0):
            here = usable & (_beside(two.low, unit) == 0)
            found = add.where(here, add.stepped(one, f"{name} {unit}", lambda column, unit=unit: _HOW[name](column, unit)), found)
        return replace(
            found,
            none=one.none | two.none | ~usable,
            unsure=one.unsure | two.unsure,
            needs=one.needs | two.needs,
        )

    def _power(self, sheet: _Sheet, base: Numbers, exponent: Numbers) -> Numbers:
        add, ones = sheet.sum, rationals.constant(1, sheet.rows)
        memo = self.columns.memos.setdefault("power", {})
        known = base.exact & exponent.exact
        fits = (exponent.lopen | _whole(exponent.low)) & (exponent.hopen | _whole(exponent.high))
        zero = known & (rationals.sign(base.low) == 0) & (rationals.sign(exponent.low) < 0)
        closed = ~(base.lopen | base.hopen | exponent.lopen | exponent.hopen) & (rationals.sign(base.low) > 0)
        sound = fits & ~zero & (known | closed) & ~(base.unsure | exponent.unsure)
        ends = [
            rationals.mapped(
                lambda a, b: a ** int(b), memo, rationals.where(sound, a, ones), rationals.where(sound, b, ones)
            )
            for a in dict.fromkeys((base.low, base.high))
            for b in dict.fromkeys((exponent.low, exponent.high))
        ]
        low = high = ends[0]
        for end in ends[1:]:
            low, high = rationals.least(low, end), rationals.most(high, end)
        found = add.apart(base, exponent)  # for the facts it waits on
        found = replace(found, low=low, high=high, lopen=~known & ~closed, hopen=~known & ~closed)
        found = replace(found, none=found.none | ~fits | zero)
        return add.input(found, "power", base, exponent)

    def _calendar(self, sheet: _Sheet, name: str, terms: Sequence[Numbers]) -> Numbers:
        add, memos = sheet.sum, self.columns.memos
        parts = [int(term.low.num[0]) if sheet.rows else 1 for term in terms[1:]] if len(terms) == 3 else []
        memo = memos.setdefault(" ".join(map(str, (name, *parts))), {})
        if name in ("months", "years", "add_months", "add_years"):
            of_, falls = _PAIRS[name]
            return add.both(terms[0], terms[1], name, lambda a, b: rationals.mapped(of_, memo, a, b), falls)
        return add.stepped(terms[0], f"{name} {parts}", lambda column: rationals.mapped(lambda value: _DAYS[name](value, *parts), memo, column))


def _begun(value: Fraction, month: int, number: int) -> Fraction:
    when = numbers.day_of(value)
    return Fraction(when.year - ((when.month, when.day) < (month, number)))


_PAIRS: dict[str, tuple[Callable[[Fraction, Fraction], Fraction], bool]] = {
    "months": (numbers.months_between, True),
    "years": (lambda a, b: Fraction(floor(numbers.months_between(a, b) / 12)), True),
    "add_months": (numbers.later, False),
    "add_years": (lambda a, b: numbers.later(a, floor(b) * Fraction(12)), False),
}
_DAYS: dict[str, Callable[..., Fraction]] = {
    "year": lambda value: Fraction(numbers.day_of(value).year),
    "tax_year": _begun,
    "date": numbers.the_day,
}
_HOW: dict[str, Callable[[Rationals, Fraction], Rationals]] = {
    "round": rationals.rounded,
    "floor": rationals.down,
    "ceil": lambda column, unit: rationals.minus(rationals.down(rationals.minus(column), unit)),
}


def _whole(column: Rationals) -> Flags:
    """Where a number is whole, and no greater than an exponent may be."""
    size = rationals.most(column, rationals.minus(column))
    whole: Flags = (rationals.sign(column, rationals.down(column, Fraction(1))) == 0)
    return whole & (_beside(size, numbers.LARGEST_POWER) <= 0)


def _beside(column: Rationals, value: Fraction | int) -> Ints:
    """How each row compares with one number."""
    return rationals.sign(column, rationals.constant(value, len(column.num)))


def _brackets(row: Row, column: Rationals, rows: int) -> Rationals:
    nought = rationals.constant(0, rows)
    total = nought
    for index, (over, rate) in enumerate(row.steps):
        top = column
        if index + 1 < len(row.steps):
            top = rationals.least(column, rationals.constant(row.steps[index + 1][0], rows))
        slice_ = rationals.most(rationals.plus(top, rationals.constant(-over, rows)), nought)
        total = rationals.plus(total, rationals.times(slice_, rationals.constant(rate, rows)))
    return total


def _same_words(one: Words, two: Words) -> Truths:
    table = np.array(
        [[YES if a == b and len(a) == 1 else OPEN if a & b else NO for b in two.sets] for a in one.sets], dtype=np.int8
    )
    return Truths(table[one.codes, two.codes], one.needs | two.needs)


def _looked_up(add: Arithmetic, name: str, row: Row, words: Words) -> Numbers:
    """What a table has for words: a value, or the bounds of several."""
    table = dict(row.table)
    found = [[table[word] for word in sorted(words_)] if words_ <= set(table) else [] for words_ in words.sets]
    low = rationals.of(min(values, default=Fraction(0)) for values in found).take(words.codes)
    high = rationals.of(max(values, default=Fraction(0)) for values in found).take(words.codes)
    none = np.array([not values for values in found])[words.codes]
    same = all(len(set(values)) < 2 for values in found)
    number = replace(add.exactly(0), low=low, high=low if same else high, none=none)
    return add.input(number, f"table {name}")


def bits(words: Ints, row: int, names: Sequence[str]) -> Iterator[str]:
    """The names of the facts whose bits stand in a row."""
    for at, word in enumerate(words[:, row].tolist()):
        while word:
            low = word & -word
            if (place := 64 * at + low.bit_length() - 1) < len(names):  # else the bit of doubt
                yield names[place]
            word ^= low

