"""What would change an answer: facts supposed, facts not known, the next day on which it turns, single facts otherwise.

Everything is tried by reading the matter again with the change in it, so that what follows from facts follows anew.
Between two values tried the answers stay: tried are the ends of every test on a fact, every day that a formula gives,
the point where two sides of a comparison meet, and the days on which whole years and months are complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from caprev.errors import BadInput
from caprev.facts import conditions
from caprev.facts.conditions import Atom
from caprev.facts.knowledge import Choice, Range, exact
from caprev.facts.vocabulary import Fact
from caprev.strict import numbers
from caprev.strict.answer import Answer, Asked, answer
from caprev.strict.book import Book
from caprev.strict.evaluate import Sheet
from caprev.strict.expressions import Call, Literal_, Node, nodes
from caprev.strict.matter import Setting, changed
from caprev.strict.numbers import Number, day_of

YEARS = 30
"""How far ahead days are tried."""
MOST_VALUES = 24
"""Values of a fact that are tried one by one."""


@dataclass(frozen=True)
class Moved:
    """A question of which the answer is otherwise: where, before and after."""

    part: str
    question: str
    before: Asked
    after: Asked


@dataclass(frozen=True)
class Turn:
    """A change that moves answers: the fact, in which event, from what to what, and what it moves."""

    setting: Setting
    moved: tuple[Moved, ...]


@dataclass(frozen=True)
class Missing:
    """A fact that is not known: what waits on it, and what each of its values would move.

    Without turns its values are too many to be tried, or none can stand beside the other facts.
    """

    fact: Fact
    parts: tuple[str, ...]
    turns: tuple[Turn, ...]


def supposed(found: Answer, settings: Iterable[Setting]) -> Answer:
    """The answer on other facts. Raises BadInput where they cannot stand together."""
    return answer(found.book, changed(found.matter, found.book, settings))


def moved(before: Answer, after: Answer) -> tuple[Moved, ...]:
    """The questions that are answered otherwise."""
    then = {part.id: {asked.name: asked for asked in part.questions} for part in after.parts}
    return tuple(
        Moved(part.id, asked.name, asked, then[part.id][asked.name])
        for part in before.parts
        for asked in part.questions
        if part.id in then and stands(asked) != stands(then[part.id][asked.name])
    )


def stands(asked: Asked) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """An answer as it is compared with another."""
    return asked.state, asked.follows, asked.may if asked.state == "open" else ()


# --- what is missing -------------------------------------------------------------------------------------------------


def missing(found: Answer) -> list[Missing]:
    """The facts that answers and amounts wait on; those that settle a question first."""
    items, events = [], found.book.pack.events
    for name, parts in found.waits.items():
        fact = found.book.facts[name]
        own = events is not None and name.startswith(f"{events.section}.")
        event = parts[0] if own and len(parts) == 1 else ""
        turns = [_turn(found, Setting(name, value, event)) for value in _words(fact)]
        items.append(Missing(fact, tuple(parts), tuple(turn for turn in turns if turn is not None)))
    return sorted(items, key=lambda item: -sum(bool(turn.moved) for turn in item.turns))


def _words(fact: Fact) -> list[str]:
    if fact.type == "bool":
        return ["true", "false"]
    return list(fact.values) if fact.type == "enum" and len(fact.values) <= MOST_VALUES else []


def _turn(found: Answer, setting: Setting) -> Turn | None:
    """What a change moves; none where it cannot stand beside the other facts."""
    try:
        return Turn(setting, moved(found, supposed(found, [setting])))
    except BadInput:
        return None


# --- when it turns ---------------------------------------------------------------------------------------------------


def turning_days(found: Answer) -> list[Turn]:
    """For each event whose day is known, the first later day on which any question of it is answered otherwise."""
    events = found.book.pack.events
    turns = []
    for sheet in found.desk.events if events else ():
        assert events is not None
        name = f"{events.section}.date"
        today = sheet.unit.days
        if today.low != today.high or all(part.id != sheet.unit.id for part in found.parts):
            continue
        for day in _days(found, sheet, name, int(today.low)):
            turn = _turn(found, Setting(name, day_of(Fraction(day)).isoformat(), sheet.unit.id))
            mine = tuple(item for item in turn.moved if item.part == sheet.unit.id) if turn else ()
            if turn and mine:
                turns.append(Turn(turn.setting, mine))
                break
    return turns


def _days(found: Answer, sheet: Sheet, name: str, today: int) -> list[int]:
    """The days after today on which something may turn, in order."""
    days: set[int] = set()
    for atom in _atoms(found.book):
        if found.book.facts[atom.fact].type == "date":
            days |= {int(end) for end in (atom.low, atom.high) if abs(end) < 1e9}
    trees = list(found.book.formulas.values())
    meet = _meetings(found, sheet, Setting(name, "", sheet.unit.id), Fraction(today), Fraction(1), trees)
    days |= {floor(point) for point in meet} | {ceil(point) for point in meet}
    for node in (node for tree in trees for node in nodes(tree)):
        if isinstance(node, Call):
            days |= _of_call(sheet, node, today)
    last = today + 366 * YEARS
    near = {day + step for day in days for step in (-1, 0, 1)}
    return sorted(day for day in near if today < day <= last)


def _of_call(sheet: Sheet, node: Call, today: int) -> set[int]:
    """Days that a part of a formula gives or counts from."""
    name = node.function
    if name in ("add_days", "add_months", "add_years", "date", "min", "max"):
        value = _number(sheet, node)
        return {int(value.constant)} if value is not None and 0 < value.constant < 3_700_000 else set()
    year = day_of(Fraction(today)).year
    if name in ("year", "tax_year"):
        month, number = [int(term.value) for term in node.terms[1:] if isinstance(term, Literal_)] or (1, 1)
        return {int(numbers.the_day(Fraction(year + n), month, number)) for n in range(YEARS)}
    if name in ("years", "months"):
        start = _number(sheet, node.terms[0])
        count = YEARS + 60 if name == "years" else 12 * YEARS
        step = 12 if name == "years" else 1
        if start is not None:
            first = int(numbers.months_between(start.constant, Fraction(today)) / step)
            return {int(numbers.later(start.constant, Fraction(step * n))) for n in range(first, first + count)}
    return set()


def _number(sheet: Sheet, node: Node) -> Number | None:
    """The exact number that a part of a formula gives on a sheet, if it does."""
    value, _ = sheet.evaluate(node)
    return value if isinstance(value, Number) and value.exact else None


def _atoms(book: Book) -> Iterator[Atom]:
    for condition in book.conditions.values():
        for leaf in conditions.leaves(condition):
            if isinstance(leaf, Atom) and leaf.operator == "between":
                yield leaf


def _meetings(
    found: Answer, sheet: Sheet, setting: Setting, now: Fraction, step: Fraction, trees: Iterable[Node]
) -> set[Fraction]:
    """Values of a fact at which the two sides of a comparison meet, where they move steadily with it."""
    fact = found.book.facts[setting.fact]
    value = day_of(now + step).isoformat() if fact.type == "date" else str(float(now + step))
    try:
        desk = supposed(found, [Setting(setting.fact, value, setting.event)]).desk
    except BadInput:
        return set()
    other = next((s for s in desk.events if s.unit.id == sheet.unit.id), desk.whole)
    points = set()
    for node in (node for tree in trees for node in nodes(tree)):
        if isinstance(node, Call) and node.function in ("<", "<=", ">", ">=", "=", "!="):
            apart = [_apart(each, node) for each in (sheet, other)]
            if apart[0] is not None and apart[1] is not None and apart[0] != apart[1]:
                points.add(now - apart[0] * step / (apart[1] - apart[0]))
    return points


def _apart(sheet: Sheet, node: Call) -> Fraction | None:
    left, right = (_number(sheet, term) for term in node.terms)
    return None if left is None or right is None else left.minus(right).constant


# --- single facts otherwise ------------------------------------------------------------------------------------------


def flips(found: Answer, held: Iterable[str] = (), freed: Iterable[str] = ()) -> list[Turn]:
    """Single facts that, were they otherwise, would move an answer: for each, the nearest such value each way.

    What is past and done (`fixed`) is left, unless `freed`; `held` facts are left too. Days of events are told by
    `turning_days`.
    """
    left, freed = set(held), set(freed)
    events = found.book.pack.events
    day = f"{events.section}.date" if events else ""
    turns = []
    for setting, sheet in _given(found):
        fact = found.book.vocabulary[setting.fact]
        if setting.fact in left or (fact.fixed and setting.fact not in freed) or setting.fact == day:
            continue
        ways = [[value] for value in _words(fact)] or _around(found, sheet, setting)
        for way in ways:
            for value in way:
                turn = _turn(found, Setting(setting.fact, value, setting.event))
                if turn and turn.moved:
                    turns.append(turn)
                    break
    return turns


def _given(found: Answer) -> Iterator[tuple[Setting, Sheet]]:
    """The facts that a person wrote, once where they stand: of the matter, or of one event."""
    vocabulary, events = found.book.vocabulary, found.book.pack.events
    carried = events.carries if events else {}
    for sheet in (found.desk.whole, *found.desk.events):
        for name in vocabulary.facts:  # in this order, whatever that of the fact set
            given = sheet.unit.facts.get(name)
            written = given is not None and given.at and name not in carried and exact(given.knowledge)
            if written and not (sheet.unit.id and name in sheet.unit.shared):
                yield Setting(name, None, sheet.unit.id), sheet


def _around(found: Answer, sheet: Sheet, setting: Setting) -> list[list[str]]:
    """Values of a number or a day at which something may turn: upwards from what it is, and downwards."""
    fact, known = found.book.facts[setting.fact], sheet.unit.known[setting.fact]
    if fact.type not in ("int", "number", "date") or not isinstance(known, Range | Choice):
        return []
    now = Fraction(repr(next(iter(known.values)) if isinstance(known, Choice) else known.low))
    step = Fraction(1, 100) if fact.type == "number" else Fraction(1)
    ends = (end for atom in _atoms(found.book) if atom.fact == setting.fact for end in (atom.low, atom.high))
    points = {Fraction(repr(end)) for end in ends if abs(end) < 1e15}
    points |= _meetings(found, sheet, setting, now, Fraction(1), found.book.formulas.values())
    near = {point + side for point in points for side in (-step, Fraction(0), step)}
    values = {Fraction(round(point / step)) * step for point in near} - {now}
    up = sorted(value for value in values if value > now)
    down = sorted((value for value in values if value < now and (value >= 0 or fact.signed)), reverse=True)
    return [[_text(fact, value) for value in way] for way in (up, down) if way]


def _text(fact: Fact, value: Fraction) -> str:
    if fact.type == "date":
        return day_of(value).isoformat()
    return str(int(value)) if value.denominator == 1 else f"{float(value):.2f}"
