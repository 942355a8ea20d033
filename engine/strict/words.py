"""Amounts, days and formulas in words."""

from __future__ import annotations

from fractions import Fraction

from caprev.facts import in_words
from caprev.facts.conditions import Atom, Condition
from caprev.facts.currency import Currency
from caprev.facts.vocabulary import worded
from caprev.law.strict import MONEY, Amount
from caprev.strict import numbers, parameters
from caprev.strict.book import HOLDS, Book
from caprev.strict.evaluate import Sheet
from caprev.strict.expressions import Call, Literal_, Name, Node, Word
from caprev.strict.numbers import Bound, Interval

_OPEN = "cannot be said"


def unit_of(book: Book, amount: Amount) -> Fraction:
    """What an amount is rounded to when it is told: as it says, else to the least coin, a hundredth, or a day."""
    if amount.round:
        return parameters.number(amount.round)
    if amount.unit == MONEY:
        return Fraction(1, 10**book.pack.decimals)
    return Fraction(1) if amount.unit == "date" else Fraction(1, 10_000 if amount.unit == "percent" else 100)


def told(book: Book, unit: str, interval: Interval | None, to: Fraction) -> str:
    """A value or a range: `4,000.00 USD`, `1.00 to 2.00 EUR`, `at least 5`, `2 June 2009`, `50.28 %`."""
    # That an amount is nought or more says nothing of it.
    if interval is None or (interval.low in (None, 0) and interval.high is None):
        return _OPEN
    low, high = (
        None if end is None else one(unit, end, to, book.pack.decimals) for end in (interval.low, interval.high)
    )
    sign = book.pack.money if unit == MONEY else Currency()
    low, high = (None if end is None else sign.written(end) for end in (low, high))
    last = f" {book.pack.currency}" if unit == MONEY and book.pack.currency and not sign.symbol else ""
    if unit not in (MONEY, "date", "percent", "number"):
        last = f" {unit}"
    day = unit == "date"
    if low is None:
        return f"{'on or before' if day else 'at most'} {high}{last}"
    if high is None:
        return f"{'on or after' if day else 'at least'} {low}{last}"
    return f"{low}{last}" if low == high else f"{low} to {high}{last}"


def one(unit: str, value: Fraction, to: Fraction, decimals: int) -> str:
    """One value, rounded, without the name of its unit (percent has its sign)."""
    if unit == "date":
        when = numbers.day_of(value)
        return f"{when.day} {in_words.month(when)} {when.year}"
    found = numbers.rounded(value, to)
    if unit == "percent":
        return f"{_digits(found * 100, 0)} %"
    return _digits(found, decimals if unit == MONEY else 0)


def plain(unit: str, value: Bound, to: Fraction, decimals: int) -> str | None:
    """One value for a machine: digits, a day as YYYY-MM-DD, a share as a fraction of one; none where it is open."""
    if value is None:
        return None
    if unit == "date":
        return numbers.day_of(value).isoformat()
    return _digits(numbers.rounded(value, to), decimals if unit == MONEY else 0).replace(",", "")


def _digits(value: Fraction, least: int) -> str:
    """A number that ends, in decimals: at least so many places, and no more than it needs."""
    places = least
    while (value * 10**places).denominator != 1 and places < 12:
        places += 1
    scaled = numbers.rounded(value * 10**places, Fraction(1))
    digits = f"{abs(int(scaled)):0{places + 1}d}"
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    sign = "-" if scaled < 0 else ""
    return f"{sign}{int(whole):,}{'.' + part if part else ''}"


_SIGNS = {"add": "+", "subtract": "-", "multiply": "x", "divide": "/", "power": "^"}
_JOINED = ("<", "<=", ">", ">=", "=", "!=", "and", "or")
_LOOSE = ("add", "subtract")
_SAID = {
    "max": "the greater of {0} and {1}",
    "min": "the smaller of {0} and {1}",
    "brackets": "{0} on {1}",
    "lookup": "{0} for {1}",
    "step": "{0} for {1}",
    "at": "{0} on {1}",
    "days": "the days from {0} to {1}",
    "months": "the months from {0} to {1}",
    "years": "the years from {0} to {1}",
    "add_days": "{1} days after {0}",
    "add_months": "{1} months after {0}",
    "add_years": "{1} years after {0}",
}
_TIGHT = ("multiply", "divide", "power", *_SAID)


def workings(sheet: Sheet, amount: str) -> str:
    """The formula of an amount with its numbers, by the law of the day that the amount names."""
    with sheet.dated(sheet.book.amounts[amount].dated_by):
        return worked(sheet, sheet.book.formulas[amount])


def worked(sheet: Sheet, tree: Node) -> str:
    """A formula with its numbers: `shares 1,000 x (value 20 - price 10)`; what is not known says so."""
    return _worked(sheet, tree)[0]


def _worked(sheet: Sheet, tree: Node) -> tuple[str, str]:
    """A formula with its numbers, and the function that holds its terms together: blank where there is only one."""
    if isinstance(tree, Literal_):
        return tree.text, ""
    if isinstance(tree, Word):
        return worded(tree.value), ""
    if isinstance(tree, Name):
        return _named(sheet, tree), ""
    name = tree.function
    if name == "if":
        return _branch(sheet, tree)
    if name in ("sum", "sum_before", "count"):
        return _summed(sheet, tree), ""
    terms = [_term(sheet, tree, term) for term in tree.terms]
    if name == "subtract" and tree.terms[0] == Literal_(Fraction(0), "number", "0"):
        return f"-{terms[1]}", name
    if name == "not":
        return f"not {terms[0]}", name
    if name in _SIGNS or name in _JOINED:
        return f" {_SIGNS.get(name, name)} ".join(terms), name
    said = name in _SAID and len(terms) == 2
    return _SAID[name].format(*terms) if said else f"{name}({', '.join(terms)})", name if said else ""


def _term(sheet: Sheet, whole: Call, term: Node) -> str:
    """A term of a formula, in brackets where it would be read into what stands beside it."""
    text, inner = _worked(sheet, term)
    tight = whole.function in _TIGHT or (whole.function == "subtract" and term is whole.terms[1])
    phrase = inner in _SAID or inner == "if"
    read_on = phrase and (whole.function in _SIGNS or whole.function in _SAID)
    return f"({text})" if read_on or (tight and inner in _LOOSE) or (inner == "or" and whole.function != "or") else text


def _branch(sheet: Sheet, tree: Call) -> tuple[str, str]:
    """The branch that is taken, or both."""
    test, _ = sheet.evaluate(tree.terms[0])
    if isinstance(test, bool):
        return _worked(sheet, tree.terms[1 if test else 2])
    one, two = worked(sheet, tree.terms[1]), worked(sheet, tree.terms[2])
    return f"{one} or {two}, as {worked(sheet, tree.terms[0])} holds or not", tree.function


def _summed(sheet: Sheet, tree: Call) -> str:
    name = tree.terms[0]
    assert isinstance(name, Name)
    label = sheet.book.label(name.name)
    which = "in earlier" if tree.function == "sum_before" else "over all"
    events = sheet.book.pack.events
    return f"{lowered(label)} {which} {events.many if events else 'events'} {_value(sheet, tree, name.name)}"


def _named(sheet: Sheet, name: Name) -> str:
    book = sheet.book
    if name.name in book.parameters and book.parameters[name.name].kind != "number":
        return lowered(book.parameters[name.name].label)
    return f"{lowered(book.label(name.name))} {_value(sheet, name, name.name)}"


def _value(sheet: Sheet, tree: Node, name: str) -> str:
    book = sheet.book
    value, _ = sheet.evaluate(tree)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return worded(" or ".join(sorted(value))) if len(value) == 1 else "(not known)"
    if value is None:
        return "(not known)"
    unit, to = "number", Fraction(1, 1_000_000)
    if name in book.amounts:
        unit, to = book.amounts[name].unit, unit_of(book, book.amounts[name])
    elif name in book.parameters:
        unit = book.parameters[name].unit
        to = Fraction(1, 10**6)
    elif name in book.facts and book.facts[name].type == "date":
        unit = "date"
    interval = value.interval
    text = told(book, unit if unit in ("date", "percent") else "number", interval, to)
    return "(not known)" if text == _OPEN else text if interval.exact else f"({text})"


def lowered(label: str) -> str:
    """A label within a sentence."""
    return f"{label[:1].lower()}{label[1:]}"


def grounds(sheet: Sheet, condition: Condition) -> list[str]:
    """What a condition rests on, or waits on, itself: its facts and comparisons, without those of rules it names."""
    found: list[str] = []
    for leaf, resting in sheet.resting(condition)[1]:
        if isinstance(leaf, Atom):
            given = sheet.unit.facts.get(leaf.fact)
            told_ = in_words.describe(given) if given else "not known"
            found.append(f"{lowered(sheet.book.label(leaf.fact))}: {told_}")
        elif leaf.rule.startswith(HOLDS):
            holds = {True: "", False: " (it is not so)", None: " (not known)"}[resting.truth]
            found.append(f"{worked(sheet, sheet.book.formulas[leaf.rule])}{holds}")
    return list(dict.fromkeys(found))
