"""From what is known to what follows: rules, outcomes, amounts and warnings of every event and of the matter.

Each name is worked out when another asks for it, once; that rests on circles being refused when the law is read. Truth
is Kleene's: what is not known is never taken for no. Every result carries the facts it rests on, the facts it waits on
and the gaps in the law that it met.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from caprev.facts import conditions
from caprev.facts.conditions import Atom, Condition, Met
from caprev.facts.derivations import interval
from caprev.facts.knowledge import Choice, Knowledge, Truth, all_of, any_of, exact, negation
from caprev.facts.vocabulary import Fact
from caprev.law.money import ends
from caprev.strict import numbers, parameters
from caprev.strict.book import HOLDS, Book, dating_of
from caprev.strict.expressions import Call, Literal_, Name, Node, Word
from caprev.strict.matter import Matter, Unit
from caprev.strict.numbers import Interval, Number, exactly, hull, within
from caprev.strict.operations import operated
from caprev.strict.parameters import Read, Row
from caprev.strict.traces import NOTHING, Found, Trace, Value, Worked


@dataclass
class Sheet:
    """One unit of a matter, worked out on demand."""

    desk: Desk
    unit: Unit
    place: int = -1
    _truths: dict[str, Found] = field(default_factory=dict)
    _amounts: dict[str, Worked] = field(default_factory=dict)
    _dated_by: str = ""

    @property
    def book(self) -> Book:
        """The law."""
        return self.desk.book

    # --- truths ----------------------------------------------------------------------------------------------

    def rule(self, name: str) -> Found:
        """Whether a rule holds, or an outcome follows."""
        sheet = self.of(name)
        if sheet is not self:
            return sheet.rule(name)
        if name not in self._truths:
            if name in self.book.outcomes:
                self._truths[name] = self._outcome(name)
            else:
                with self.dated(self.book.rules[name].dated_by):
                    found = self.condition(self.book.conditions[f"rule:{name}"])
                self._truths[name] = Found(found.truth, Trace(rules=(name,)).and_(found.trace))
        return self._truths[name]

    def _outcome(self, name: str) -> Found:
        book = self.book
        question = book.questions[book.asked_in[name]]
        parts = [self.rule(rule) for rule in book.concluding[name]]
        if question.otherwise == name:
            others = [self.rule(other) for other in question.outcomes if other != name]
            parts.append(_combined([Found(negation(o.truth), o.trace) for o in others], True))
        return _combined(parts, False)

    def condition(self, condition: Condition) -> Found:
        """Whether a condition is met."""
        truth, resting = self.resting(condition)
        return Found(truth, NOTHING.and_(*(found.trace for _, found in resting)))

    def resting(self, condition: Condition) -> tuple[Truth, list[tuple[Atom | Met, Found]]]:
        """Whether a condition is met, and the parts of it on which that rests, or waits, each with what is found."""
        found: dict[str, Found] = {}
        for leaf in conditions.leaves(condition):
            if leaf.key not in found:
                found[leaf.key] = self.leaf(leaf)
        known = {key: item.truth for key, item in found.items() if item.truth is not None}
        truth = conditions.truth(condition, known)
        chosen = conditions.resting_on(condition, known) if truth is not None else conditions.open_on(condition, known)
        return truth, [(leaf, found[leaf.key]) for leaf in chosen]

    def leaf(self, leaf: Atom | Met) -> Found:
        """Whether one test, one rule or one comparison holds."""
        if isinstance(leaf, Met):
            if not leaf.rule.startswith(HOLDS):
                return self.rule(leaf.rule)
            value, trace = self.evaluate(self.book.formulas[leaf.rule])
            assert value is None or isinstance(value, bool)
            return Found(value, trace)
        known = self.unit.known.get(leaf.fact)
        truth = leaf.decide(known) if known is not None else None
        if truth is None:
            return Found(None, Trace(needs=self._askable(leaf.fact)))
        return Found(truth, Trace(facts=(leaf.fact,)))

    # --- amounts ---------------------------------------------------------------------------------------------

    def amount(self, name: str) -> Worked:
        """An amount, worked out."""
        sheet = self.of(name)
        if sheet is not self:
            return sheet.amount(name)
        if name not in self._amounts:
            with self.dated(self.book.amounts[name].dated_by):
                applies = self.condition(self.book.conditions[f"amount:{name}"])
                if applies.truth is False:
                    self._amounts[name] = Worked(False, exactly(0), applies.trace)
                else:
                    value, trace = self.evaluate(self.book.formulas[name])
                    assert value is None or isinstance(value, Number)
                    self._amounts[name] = Worked(applies.truth, value, applies.trace.and_(trace))
        return self._amounts[name]

    def _counted(self, name: str) -> tuple[Value, Trace]:
        """An amount as another formula takes it: nought where it does not arise."""
        worked = self.amount(name)
        if worked.value is None or worked.applies is not None:
            return worked.value, worked.trace
        return hull(f"{self.unit.id}?{name}", [exactly(0), worked.value]), worked.trace

    # --- formulas --------------------------------------------------------------------------------------------

    def evaluate(self, tree: Node) -> tuple[Value, Trace]:
        """What a formula gives, and on what that rests."""
        if isinstance(tree, Literal_):
            return exactly(tree.value), NOTHING
        if isinstance(tree, Word):
            return frozenset({tree.value}), NOTHING
        if isinstance(tree, Name):
            return self._name(tree.name)
        name = tree.function
        if name in ("and", "or", "not"):
            parts = [Found(value, trace) for value, trace in map(self.evaluate, tree.terms)]  # type: ignore[arg-type]
            if name == "not":
                return negation(parts[0].truth), parts[0].trace
            joined = _combined(parts, name == "and")
            return joined.truth, joined.trace
        if name == "if":
            return self._if(tree)
        if name in ("sum", "sum_before", "count"):
            return self._summed(tree)
        if name in ("brackets", "lookup", "step", "at"):
            return self._table(tree)
        pairs = [self.evaluate(term) for term in tree.terms]
        trace = NOTHING.and_(*(trace for _, trace in pairs))
        values = [value for value, _ in pairs]
        if any(value is None for value in values):
            return None, trace
        if any(isinstance(value, frozenset) for value in values):
            left, right = (value if isinstance(value, frozenset) else frozenset() for value in values)
            same = True if left == right and len(left) == 1 else None if left & right else False
            return (same if name == "=" else negation(same)), trace
        return operated(name, [value for value in values if isinstance(value, Number)], trace)

    def _name(self, name: str) -> tuple[Value, Trace]:
        book = self.book
        if name in book.amounts:
            return self._counted(name)
        if name in book.parameters:
            return self._parameter(book.parameters[name], *self._today(), self._day)
        if "." not in name:
            found = self.rule(name)
            return found.truth, found.trace
        return self._fact(name)

    def _fact(self, name: str) -> tuple[Value, Trace]:
        fact, known = self.book.facts[name], self.unit.known.get(name)
        told = known is not None and exact(known)
        trace = Trace(facts=(name,)) if told else Trace(needs=self._askable(name))
        if fact.type == "bool":
            values = known.values if isinstance(known, Choice) else frozenset({True, False})
            return (bool(next(iter(values))) if len(values) == 1 else None), trace
        if fact.type == "enum":
            words = known.values if isinstance(known, Choice) else frozenset(fact.values)
            return frozenset(map(str, words)), trace
        mine = name if not self.unit.id or name in self.unit.shared else f"{self.unit.id}:{name}"
        return within(mine, bounds(fact, known)), trace

    def _if(self, tree: Call) -> tuple[Value, Trace]:
        test, trace = self.evaluate(tree.terms[0])
        if isinstance(test, bool):
            value, rest = self.evaluate(tree.terms[1 if test else 2])
            return value, trace.and_(rest)
        (yes, one), (no, two) = self.evaluate(tree.terms[1]), self.evaluate(tree.terms[2])
        if not isinstance(yes, Number) or not isinstance(no, Number):
            return None, trace.and_(one, two)
        if yes.interval.exact and yes.interval == no.interval:
            return yes, one.and_(two)  # the same either way: it does not hang on the test
        return hull(f"{self.unit.id}?{tree.terms[0]}", [yes, no]), trace.and_(one, two)

    def _summed(self, tree: Call) -> tuple[Value, Trace]:
        name = tree.terms[0]
        assert isinstance(name, Name)
        sheets = self.desk.events[: self.place] if tree.function == "sum_before" else self.desk.events
        total, trace = exactly(0), NOTHING
        if tree.function == "sum_before" and self.place < 0:
            sheets = []
        for sheet in sheets:
            if tree.function == "count":
                found = sheet.rule(name.name)
                one = within(f"{sheet.unit.id}#{name.name}", Interval(Fraction(0), Fraction(1)))
                total = total.plus(exactly(found.truth) if found.truth is not None else one)
                trace = trace.and_(found.trace)
                continue
            value, read = sheet._counted(name.name)
            trace = trace.and_(read)
            if not isinstance(value, Number):
                return None, trace
            total = total.plus(value)
        return total, trace

    @contextmanager
    def dated(self, fact: str) -> Iterator[None]:
        """While a rule or an amount is worked out, the law of the day counts that it names."""
        before, self._dated_by = self._dated_by, fact
        try:
            yield
        finally:
            self._dated_by = before

    def _today(self) -> tuple[Interval, Trace]:
        """The day whose law counts."""
        value, trace = self._fact(self._dated_by or self.desk.dating(self))
        assert isinstance(value, Number)
        return value.interval, trace

    @property
    def _day(self) -> str:
        """The day whose law counts, by name: what hangs on one day is another thing than what hangs on another."""
        return f"{self.unit.id}:{self._dated_by or self.desk.dating(self)}"

    def _parameter(self, read: Read, when: Interval, dated: Trace, day: str) -> tuple[Value, Trace]:
        rows, trace = self._rows(read, when, dated)
        if rows is None:
            return None, trace
        return hull(f"{read.name}@{day}", [exactly(row.value) for row in rows]), trace

    def _rows(self, read: Read, when: Interval, dated: Trace) -> tuple[list[Row] | None, Trace]:
        """The rows that may hold on a day; none where there may be none, which is a gap in the law of the pack."""
        rows, whole = read.at(when)
        sources = tuple(f"{read.label}: {row.source} [{row.mark}]" for row in rows)
        # One row that holds whichever day it is does not hang on the day.
        waits = Trace(facts=dated.facts, needs=dated.needs if len(rows) > 1 or not whole else (), sources=sources)
        if whole:
            return rows, waits
        known = when.low is not None and when.low == when.high
        day = numbers.day_of(when.low).isoformat() if known and when.low is not None else "every day it may be"
        return None, waits.and_(Trace(gaps=(f"no value of {read.label} for {day}",)))

    def _table(self, tree: Call) -> tuple[Value, Trace]:
        table = tree.terms[0]
        assert isinstance(table, Name)
        read = self.book.parameters[table.name]
        value, trace = self.evaluate(tree.terms[1])
        if tree.function == "at":
            if not isinstance(value, Number):
                return None, trace
            found, more = self._parameter(read, value.interval, trace, f"{self.unit.id}:{tree.terms[1]}")
            return found, more.and_(trace)
        rows, more = self._rows(read, *self._today())
        trace = trace.and_(more)
        if rows is None or value is None:
            return None, trace
        named = f"{read.name}@{self._day}"
        if isinstance(value, frozenset):
            words = value
            result = parameters.joined(named, rows, lambda row: parameters.looked_up(row, words))
        else:
            assert isinstance(value, Number)
            amount = value
            if tree.function == "brackets":
                result = parameters.joined(named, rows, lambda row: [parameters.taxed(row, amount)])
            else:
                result = parameters.joined(named, rows, lambda row: parameters.from_on(row, amount))
        if result is None:
            trace = trace.and_(Trace(gaps=(f"{read.label} has no value for what is looked up in it",)))
        return result, trace

    # --- places ----------------------------------------------------------------------------------------------

    def of(self, name: str) -> Sheet:
        """The sheet on which a name stands: that of the matter, for what is asked of the whole."""
        return self.desk.whole if self.unit.id and self.book.of(name) == "matter" else self

    def _askable(self, fact: str) -> tuple[str, ...]:
        asked = self.book.askable(fact)
        known = self.unit.known
        return tuple(name for name in asked if name not in known or not exact(known[name])) or (fact,)


class Desk:
    """All sheets of a matter."""

    def __init__(self, book: Book, matter: Matter) -> None:
        self.book, self.matter = book, matter
        self.whole = Sheet(self, matter.whole)
        self.events = [Sheet(self, unit, place) for place, unit in enumerate(matter.events)]

    def dating(self, sheet: Sheet) -> str:
        """The fact that tells which day's law counts on a sheet."""
        return dating_of(self.book, "event" if sheet.unit.id else "matter")


def _combined(parts: list[Found], every: bool) -> Found:
    """Parts joined by and, or by or: what decides the whole is what it rests on."""
    truth = (all_of if every else any_of)(part.truth for part in parts)
    deciding = (not every) if truth is (not every) else truth
    chosen = [part for part in parts if part.truth is deciding]
    return Found(truth, NOTHING.and_(*(part.trace for part in chosen)))


def bounds(fact: Fact, known: Knowledge | None) -> Interval:
    """The ends of what is known of a number or a date."""
    return Interval(*ends(fact.possible if known is None else interval(known)))
