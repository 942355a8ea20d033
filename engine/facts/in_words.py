"""Known values in words, and words in lines."""

from __future__ import annotations

from datetime import date

from caprev.facts.knowledge import INFINITY, Choice, Subset
from caprev.facts.matter import Given
from caprev.facts.vocabulary import Fact, worded

WIDTH = 108
"""Columns of a line on a terminal."""
MOST_PLACES = 6
"""Decimals of a number that somebody writes down."""
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def describe(given: Given) -> str:
    """A known value in words: `farming, not rental`, `at least 20 years`, `1955`.

    >>> from caprev.facts.vocabulary import Fact
    >>> from caprev.facts.matter import Given
    >>> lots = Fact("site.lots", "int", (), "", "How many lots?")
    >>> describe(Given(lots, lots.read({"at_least": "20"})))
    'at least 20'
    """
    fact, knowledge = given.fact, given.knowledge
    if given.hidden:
        return given.hidden.when(knowledge) if fact.type == "date" else given.hidden.number(fact, knowledge, fact.unit)
    if isinstance(knowledge, Subset):
        inside = [value for value in fact.values if value in knowledge.included]
        outside = [value for value in fact.values if value in knowledge.excluded]
        if len(inside) + len(outside) == len(fact.values):
            return worded(", ".join(inside)) or "none of them"
        text = ", ".join(inside) or "not known in full"
        return worded(f"{text}; not {', '.join(outside)}" if outside else f"{text}, perhaps more")
    if isinstance(knowledge, Choice):
        order = {value: index for index, value in enumerate(fact.values)}
        values = sorted(
            knowledge.values,
            key=lambda value: (order.get(str(value), 0), value if isinstance(value, float) else 0.0, str(value)),
        )
        return " or ".join(_word(fact, value) for value in values)
    if knowledge.low == knowledge.high:
        return _word(fact, knowledge.low)
    if fact.type == "date" and knowledge.low > -INFINITY and knowledge.high < INFINITY:
        return _span(int(knowledge.low), int(knowledge.high))
    bounds = []
    if knowledge.low > -INFINITY:
        bounds.append(f"{'on or after' if fact.type == 'date' else 'at least'} {_word(fact, knowledge.low)}")
    if knowledge.high < INFINITY:
        bounds.append(f"{'on or before' if fact.type == 'date' else 'at most'} {_word(fact, knowledge.high)}")
    return " and ".join(bounds) or "not known"


def _word(fact: Fact, value: bool | int | float | str) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return worded(value)
    if fact.type == "date":
        return _date(int(value))
    number = f"{value:,.{_places(value)}f}"
    number = number.rstrip("0").rstrip(".") if "." in number else number
    if fact.currency:
        return fact.currency.written(number)
    return f"{number} {fact.unit}" if fact.unit else number


def _places(value: float) -> int:
    """A rate of 0.238 is told as it was written; what was worked out and does not end, to two places."""
    ending = repr(float(value)).partition(".")[2]
    return len(ending) if ending.isdigit() and len(ending) <= MOST_PLACES else 2


def _date(ordinal: int) -> str:
    when = date.fromordinal(ordinal)
    return f"{when.day} {month(when)} {when.year}"


def day(iso: str) -> str:
    """A day as it is told: `2027-06-30` is `30 June 2027`; a year alone stays one."""
    return _date(date.fromisoformat(iso).toordinal()) if len(iso) == 10 else iso


def month(when: date) -> str:
    """The name of a day's month, whatever language the process speaks."""
    return MONTHS[when.month - 1]


def _span(low: int, high: int) -> str:
    first, last = date.fromordinal(low), date.fromordinal(high)
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    if first.day == 1 and (first.year, first.month) == (last.year, last.month) and (last.day >= 28):
        return f"{month(first)} {first.year}"
    return f"between {_date(low)} and {_date(high)}"


def wrapped(text: str, indent: str = "", hang: int = 0, width: int = WIDTH) -> list[str]:
    """A paragraph in lines, broken at blanks only: as `textwrap` breaks them, in a sixth of its time."""
    whole, start = " ".join(text.split()), 0
    lines = []
    while len(whole) - start > width - len(indent):
        cut = whole.rfind(" ", start, start + width - len(indent) + 1)
        if cut < 0:
            cut = whole.find(" ", start)
        if cut < 0:
            break
        lines.append(indent + whole[start:cut])
        start = cut + 1
        indent, hang = indent + " " * hang, 0
    return [*lines, indent + whole[start:]] if start < len(whole) else lines
