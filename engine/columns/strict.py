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

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from caprev.columns import rationals
from caprev.columns import strict_functions as functions
from caprev.columns import strict_tables as tables
from caprev.columns.rationals import Flags, Ints
from caprev.columns.strict_sheet import EVENT, MATTER, Sheet, Value, Words, same_words
from caprev.columns.strict_values import NO, OPEN, UNSURE, YES, Layout, Numbers, Truths, among, combined, negated
from caprev.facts.conditions import AllOf, Atom, Condition, Met, Not
from caprev.law.strict import Question
from caprev.strict.book import HOLDS, Book, dating_of
from caprev.strict.expressions import Call, Literal_, Name, Node, Word
from caprev.strict.matter import Matter, Unit

MOST_EVENTS = 24
"""Of a matter; one with more is left to the ordinary engine, for a sheet costs the same whatever its rows."""


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
        self.memos: functions.Memos = {}

    def answered(self, matters: Sequence[Matter]) -> Found:
        """Everything that the law says of them."""
        return _Run(self, matters).found()


class _Run:
    """The answers of some matters."""

    def __init__(self, columns: Columns, matters: Sequence[Matter]) -> None:
        self.columns, self.book = columns, columns.book
        self.many: Flags = np.array([len(matter.events) > MOST_EVENTS for matter in matters], dtype=bool)
        self.whole = Sheet(-1, [matter.whole for matter in matters], range(len(matters)), columns.book, columns.layout)
        self.events: list[Sheet] = []
        while here := [
            number for number, matter in enumerate(matters) if len(self.events) < len(matter.events) <= MOST_EVENTS
        ]:
            at = len(self.events)
            self.events.append(
                Sheet(at, [matters[number].events[at] for number in here], here, columns.book, columns.layout)
            )
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

    def _spread(self, sheet: Sheet, flags: Flags) -> Flags:
        """What is so of the rows of a sheet, for every matter."""
        found: Flags = np.zeros(self.whole.rows, dtype=bool)
        found[sheet.matters] = flags
        return found

    def _level(self, sheet: Sheet, doubts: dict[str, Flags]) -> Level:
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

    def _asked(self, sheet: Sheet, name: str, question: Question) -> tuple[Asked, Flags]:
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

    def _lift(self, sheet: Sheet, name: str) -> bool:
        """Whether something stands with the matter, asked of an event."""
        return sheet.of == EVENT and self.book.of(name) == MATTER

    def _rule(self, sheet: Sheet, name: str) -> Truths:
        if self._lift(sheet, name):
            found = self._rule(self.whole, name)
            return Truths(found.state[sheet.matters], found.needs[:, sheet.matters])
        if name in self.book.outcomes:
            return sheet.once(("rule", name), lambda: self._outcome(sheet, name))
        condition, dated_by = self.book.conditions[f"rule:{name}"], self.book.rules[name].dated_by
        return sheet.once(("rule", name), lambda: self._condition(sheet, condition, dated_by))

    def _outcome(self, sheet: Sheet, name: str) -> Truths:
        question = self.book.questions[self.book.asked_in[name]]
        parts = [self._rule(sheet, rule) for rule in self.book.concluding[name]]
        if question.otherwise == name:
            others = [negated(self._rule(sheet, other)) for other in question.outcomes if other != name]
            parts.append(self._combined(sheet, others, True))
        return self._combined(sheet, parts, False)

    def _combined(self, sheet: Sheet, parts: Sequence[Truths], every: bool) -> Truths:
        return combined(parts, every, sheet.rows, sheet.sum.blank, sheet.layout.doubt)

    def _condition(self, sheet: Sheet, condition: Condition, dated_by: str) -> Truths:
        if isinstance(condition, Atom):
            return sheet.once(("atom", condition.key), lambda: sheet.atom(condition))
        if isinstance(condition, Met):
            if not condition.rule.startswith(HOLDS):
                return self._rule(sheet, condition.rule)
            return self._truths(sheet, self.book.formulas[condition.rule], dated_by)
        if isinstance(condition, Not):
            return negated(self._condition(sheet, condition.part, dated_by))
        parts = [self._condition(sheet, part, dated_by) for part in condition.parts]
        return self._combined(sheet, parts, isinstance(condition, AllOf))

    # --- amounts ---------------------------------------------------------------------------------------------

    def _amount(self, sheet: Sheet, name: str) -> Told:
        def told() -> Told:
            amount, add = self.book.amounts[name], sheet.sum
            applies = self._condition(sheet, self.book.conditions[f"amount:{name}"], amount.dated_by)
            value = self._numbers(sheet, self.book.formulas[name], amount.dated_by)
            needs = applies.needs | among(applies.state != NO, value.needs)
            value = add.where(applies.state == NO, add.exactly(0), replace(value, needs=needs))
            return Told(applies, replace(value, needs=needs), needs)

        return sheet.once(("amount", name), told)

    def _counted(self, sheet: Sheet, name: str) -> Numbers:
        """An amount as another formula takes it: nought where it does not arise."""
        if self._lift(sheet, name):
            return self._counted(self.whole, name).take(sheet.matters)

        def counted() -> Numbers:
            told, add = self._amount(sheet, name), sheet.sum
            perhaps = (told.applies.state == OPEN) & ~told.value.none
            either = replace(add.hull(add.exactly(0), told.value, f"perhaps {name}", own=True), needs=told.needs)
            return add.doubtful(add.where(perhaps, either, told.value), told.applies.state == UNSURE)

        return sheet.once(("counted", name), counted)

    # --- formulas --------------------------------------------------------------------------------------------

    def _numbers(self, sheet: Sheet, tree: Node, dated_by: str) -> Numbers:
        found = self._value(sheet, tree, dated_by)
        assert isinstance(found, Numbers)
        return found

    def _truths(self, sheet: Sheet, tree: Node, dated_by: str) -> Truths:
        found = self._value(sheet, tree, dated_by)
        assert isinstance(found, Truths)
        return found

    def _value(self, sheet: Sheet, tree: Node, dated_by: str) -> Value:
        return sheet.once((tree, dated_by), lambda: self._worked(sheet, tree, dated_by))

    def _worked(self, sheet: Sheet, tree: Node, dated_by: str) -> Value:
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
            same = same_words(values[0], values[1])
            return same if name == "=" else negated(same)
        terms = [value for value in values if isinstance(value, Numbers)]
        return functions.operated(sheet, self.columns.memos, name, terms)

    def _name(self, sheet: Sheet, name: str, dated_by: str) -> Value:
        book = self.book
        if name in book.amounts:
            return self._counted(sheet, name)
        if name in book.parameters:
            return tables.parameter(sheet, book.parameters[name], self._today(sheet, dated_by))
        if "." not in name:
            return self._rule(sheet, name)
        return sheet.once(("fact", name), lambda: sheet.fact(book.facts[name]))

    def _if(self, sheet: Sheet, tree: Call, dated_by: str) -> Numbers:
        add = sheet.sum
        test = self._truths(sheet, tree.terms[0], dated_by)
        yes, no = (self._numbers(sheet, term, dated_by) for term in tree.terms[1:])
        chosen = add.where(test.state == YES, yes, no)
        chosen = replace(chosen, needs=chosen.needs | test.needs)
        if (test.state < OPEN).all():
            return chosen
        alike = yes.exact & no.exact & (rationals.sign(yes.constant, no.constant) == 0)
        either = add.hull(yes, no, "either", own=True)
        either = replace(either, needs=either.needs | among(~alike, test.needs))
        found = add.where(test.state < OPEN, chosen, either)
        return add.doubtful(found, test.state == UNSURE)

    def _summed(self, sheet: Sheet, tree: Call) -> Numbers:
        """A sum over all events of each matter, or over those before the one at hand."""
        named = tree.terms[0]
        assert isinstance(named, Name)
        if tree.function == "sum_before":
            if sheet.of == MATTER:
                return sheet.sum.exactly(0)
            return self._total(named.name, False, sheet.at).take(sheet.matters)
        total, layout = self._total(named.name, tree.function == "count", len(self.events)), self.columns.layout
        total = _marked(total, layout.overall)
        return total if sheet.of == MATTER else total.take(sheet.matters)

    def _total(self, name: str, count: bool, before: int) -> Numbers:
        """A sum over so many first events of each matter."""
        add, layout = self.whole.sum, self.columns.layout
        totals = self.totals.setdefault((name, count), [add.exactly(0)])
        for at in range(len(totals) - 1, before):
            sheet, total = self.events[at], totals[at]
            item = self._ones(sheet, self._rule(sheet, name)) if count else self._counted(sheet, name)
            item = _marked(item, layout.passed)
            source = np.zeros(add.rows, dtype=np.int64)
            source[sheet.matters] = np.arange(sheet.rows)
            value = item.take(source)
            added = add.plus(total, value)
            goes_on = self._spread(sheet, ~sheet.sum.no) & ~total.none
            totals.append(add.where(goes_on, added, total))
        return totals[before]

    def _ones(self, sheet: Sheet, truths: Truths) -> Numbers:
        add = sheet.sum
        yes = add.where(truths.state == YES, add.exactly(1), add.exactly(0))
        one = rationals.constant(1, sheet.rows)
        either = add.input(add.zero, one, add.no, add.no, "count", own=True)
        found = replace(add.where(truths.state == OPEN, either, yes), needs=truths.needs)
        return add.doubtful(found, truths.state == UNSURE)

    def _today(self, sheet: Sheet, dated_by: str) -> Numbers:
        found = self._name(sheet, dated_by or dating_of(self.book, sheet.of), "")
        assert isinstance(found, Numbers)
        return found

    def _table(self, sheet: Sheet, tree: Call, dated_by: str) -> Numbers:
        named = tree.terms[0]
        assert isinstance(named, Name)
        read = self.book.parameters[named.name]
        value = self._value(sheet, tree.terms[1], dated_by)
        if tree.function == "at":
            assert isinstance(value, Numbers)
            return tables.at(sheet, read, value)
        day = self._today(sheet, dated_by)
        if isinstance(value, Words):
            return tables.looked_up(sheet, read, day, value)
        assert isinstance(value, Numbers)
        return tables.of_number(sheet, tree.function, read, day, value)


def _marked(number: Numbers, of: Callable[[Ints], Ints]) -> Numbers:
    inputs = {name: (times, replace(each, marks=of(each.marks))) for name, (times, each) in number.inputs.items()}
    return replace(number, inputs=inputs)


def bits(words: Ints, row: int, names: Sequence[str]) -> Iterator[str]:
    """The names of the facts whose bits stand in a row."""
    for at, word in enumerate(words[:, row].tolist()):
        while word:
            low = word & -word
            if (place := 64 * at + low.bit_length() - 1) < len(names):  # else the bit of doubt
                yield names[place]
            word ^= low
