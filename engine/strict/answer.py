"""What is answered: for every event and for the matter, each question with its outcomes, amounts and warnings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts.knowledge import Truth
from caprev.grouping import grouped
from caprev.law.strict import Amount, Question, Warning_
from caprev.strict import words
from caprev.strict.book import Book
from caprev.strict.evaluate import Desk, Sheet
from caprev.strict.matter import MATTER, Matter, Setting, Unit, changed
from caprev.strict.numbers import Interval
from caprev.strict.traces import NOTHING, Found, Trace

State = Literal["answered", "open", "none", "conflict", "not_asked"]
STATES: dict[Truth, str] = {True: "follows", False: "does_not_follow", None: "unknown"}


@dataclass(frozen=True)
class Asked:
    """A question as it stands: the outcomes that follow, those that still may, the rules by which, and what is missing.

    `conflict`: two outcomes follow of which the pack allows one; the law as written contradicts itself.
    """

    name: str
    question: Question
    state: State
    follows: tuple[str, ...]
    may: tuple[str, ...]
    outcomes: Mapping[str, Found]
    rules: tuple[str, ...]
    trace: Trace


@dataclass(frozen=True)
class Told:
    """An amount as it stands: whether it arises, its bounds (open ends: None), and what is missing for it."""

    name: str
    amount: Amount
    applies: Truth
    interval: Interval | None
    unit: Fraction
    trace: Trace

    @property
    def exact(self) -> bool:
        """Whether it is one number, and arises."""
        return self.applies is True and self.interval is not None and self.interval.exact


@dataclass(frozen=True)
class Warned:
    """A warning that is given (True), or that hangs on what is not known (None)."""

    name: str
    warning: Warning_
    state: Truth
    trace: Trace


@dataclass(frozen=True)
class Part:
    """What is answered of one event, or of the matter as a whole."""

    unit: Unit
    questions: tuple[Asked, ...]
    amounts: tuple[Told, ...]
    warnings: tuple[Warned, ...]

    @property
    def id(self) -> str:
        """The event's id; `matter` for the whole."""
        return self.unit.id or MATTER

    @property
    def open(self) -> bool:
        """Whether a question is left open."""
        return any(asked.state in ("open", "conflict") for asked in self.questions)

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts that an open question waits on, and then those that an amount waits on."""
        traces = [asked.trace for asked in self.questions if asked.state == "open"]
        traces += [told.trace for told in self.amounts if not told.exact and told.applies is not False]
        return NOTHING.and_(*traces).needs


@dataclass(frozen=True)
class Answer:
    """All of a matter: its events in the order of their days, then the matter as a whole."""

    book: Book
    matter: Matter
    desk: Desk
    parts: tuple[Part, ...]

    @property
    def open(self) -> bool:
        """Whether anything asked is left open."""
        return any(part.open for part in self.parts)

    @property
    def waits(self) -> dict[str, list[str]]:
        """The facts that answers and amounts wait on, each with the events that wait on it."""
        return grouped((name, part.id) for part in self.parts for name in part.needs)

    def part(self, name: str) -> Part:
        """The part of an event. Raises BadInput where there is none."""
        for part in self.parts:
            if part.id == name:
                return part
        names = [part.id for part in self.parts]
        raise BadInput(
            Problem(f"has no event '{name}'", self.matter.file, allowed=listing(names), fix=nearest(name, names))
        )


def answer(book: Book, matter: Matter) -> Answer:
    """Everything that the law of a pack says of a matter."""
    desk = Desk(book, matter)
    parts = [_part(sheet, "event") for sheet in desk.events]
    whole = _part(desk.whole, "matter")
    if whole.questions or whole.amounts or whole.warnings or not parts:
        parts.append(whole)
    return Answer(book, matter, desk, tuple(parts))


def beside(book: Book, matter: Matter, concluded: str) -> Matter:
    """A matter with what the weighed question of the same pack concluded, unless the matter says otherwise itself."""
    weighed = book.pack.weighed
    if weighed is None or concluded not in weighed.values or weighed.fact in matter.whole.facts:
        return matter
    return changed(matter, book, [Setting(weighed.fact, weighed.values[concluded])])


def only(found: Answer, name: str) -> Answer:
    """The answer for one event alone, worked out among all. Raises BadInput where there is no such event."""
    return replace(found, parts=(found.part(name),))


def _part(sheet: Sheet, of: str) -> Part:
    book = sheet.book
    return Part(
        sheet.unit,
        tuple(_asked(sheet, name, q) for name, q in book.questions.items() if book.of(name) == of),
        tuple(_told(sheet, amount) for name, amount in book.amounts.items() if book.of(name) == of),
        tuple(_warned(sheet, of)),
    )


def _asked(sheet: Sheet, name: str, question: Question) -> Asked:
    asked = sheet.condition(sheet.book.conditions[f"question:{name}"])
    if asked.truth is False:
        return Asked(name, question, "not_asked", (), (), {}, (), asked.trace)
    found = {outcome: sheet.rule(outcome) for outcome in question.outcomes}
    follows = tuple(outcome for outcome, item in found.items() if item.truth is True)
    may = tuple(outcome for outcome, item in found.items() if item.truth is None)
    state: State
    if len(follows) > 1 and not question.several:
        state = "conflict"
    elif asked.truth is None or (may and (question.several or not follows)):
        state = "open"
    else:
        state = "answered" if follows else "none"
    # Of an open question, what is missing; of an answer, that by which it follows.
    chosen = may if state == "open" else follows or tuple(found)
    trace = NOTHING.and_(*(found[outcome].trace for outcome in chosen))
    if state == "open":
        trace = asked.trace.and_(trace) if asked.truth is None else trace
    rules = NOTHING.and_(*(found[outcome].trace for outcome in follows)).rules
    return Asked(name, question, state, follows, may, found, rules, trace)


def _told(sheet: Sheet, amount: Amount) -> Told:
    worked = sheet.amount(amount.id)
    interval = worked.value.interval if worked.value is not None else None
    return Told(amount.id, amount, worked.applies, interval, words.unit_of(sheet.book, amount), worked.trace)


def _warned(sheet: Sheet, of: str) -> Iterator[Warned]:
    for warning in sheet.book.warnings.values():
        if sheet.book.of(warning.id) == of:
            with sheet.dated(warning.dated_by):
                found = sheet.condition(sheet.book.conditions[f"warning:{warning.id}"])
            if found.truth is not False:
                yield Warned(warning.id, warning, found.truth, found.trace)
