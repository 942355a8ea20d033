"""Amounts: a tiny formula language over facts, exact, ranges giving ranges.

    max_zero: {subtract: [sales.price, amounts.cost_base]}
    share: {of: gain, rate: 50%}                             a rate is a percentage or a fraction such as 1/3
    first_known: [amounts.proceeds, sales.price]
    by_date: {of: sales.date, from: {DAY: 100, DAY: 110}, to: DAY}     from each day on, up to the last; nothing beyond

A term with a dot is a fact; one without is an earlier figure of the same rule. A result is kept as a sum of
amounts, each times a number, until the end, so that an amount which stands on both sides cancels in ranges too.
Sums are kept as fractions, because a share such as 2/7 has no end in decimals and half of the smallest coin must be
found where it is. Rounding is to that coin, half up, once, and gives a decimal: later figures build on what was not
rounded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from caprev.errors import nearest
from caprev.facts.currency import Currency
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, day
from caprev.facts.vocabulary import Vocabulary
from caprev.files.reading import Value
from caprev.law.models import Figure

OPERATIONS = ("add", "subtract", "max_zero", "share", "first_known", "by_date")
_ZERO, _ONE = Fraction(0), Fraction(1)

Bounds = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True)
class Worked:
    """A figure worked out: its formula with numbers, and its value as bounds that are equal if it is exact.

    `used` names the known facts in it, `missing` those without which there is no value; an open bound is None.
    """

    figure: Figure
    formula: str
    low: Decimal | None
    high: Decimal | None
    used: tuple[str, ...]
    missing: tuple[str, ...]
    currency: Currency

    @property
    def value(self) -> str:
        """The value in words."""
        return _worded(self.low, self.high, self.currency)


def money(bounds: Bounds, currency: Currency) -> str:
    """An amount or a range of amounts, rounded: `1,200.00`, `1.00 to 2.00`, `at least 1.00`, each with its sign."""
    low, high = (None if end is None else currency.rounded(end) for end in bounds)
    return _worded(low, high, currency)


def _worded(low: Decimal | None, high: Decimal | None, currency: Currency) -> str:
    if low is not None and high is not None:
        told = currency.amount(low)
        return told if low == high else f"{told} to {currency.amount(high)}"
    if low is not None:
        return f"at least {currency.amount(low)}"
    return "not known" if high is None else f"at most {currency.amount(high)}"


def rate(text: str) -> Fraction:
    """A declared rate: `50%` or `1/3`. Raises ValueError."""
    try:
        if text.endswith("%"):
            return Fraction(Decimal(text[:-1])) / 100
        over, under = text.split("/")
        return Fraction(int(over), int(under))
    except (ArithmeticError, ValueError, OverflowError):
        raise ValueError(
            f"'{text}' is not a rate; allowed: a percentage such as 50%, or a fraction such as 1/3"
        ) from None


def facts_of(formula: Value, vocabulary: Vocabulary, earlier: Collection[str]) -> Iterator[str]:
    """The facts a formula reads. Raises ValueError for what is not a formula over amounts."""
    if isinstance(formula, str):
        if "." in formula:
            if formula not in vocabulary:
                raise ValueError(f"'{formula}' is not in the vocabulary. {vocabulary.nearest(formula)}".rstrip())
            if not vocabulary[formula].currency:
                raise ValueError(f"'{formula}' is not an amount of money")
            if vocabulary[formula].currency != vocabulary.money:
                raise ValueError(f"'{formula}' is not in the currency of this law, in which amounts are worked out")
            yield formula
        elif formula not in earlier:
            hint = nearest(formula, list(earlier))
            raise ValueError(f"'{formula}' is neither a fact nor an earlier figure of this rule. {hint}".rstrip())
        return
    name, operand = _operation(formula)
    if name == "share":
        if not isinstance(operand, dict) or set(operand) != {"of", "rate"}:
            raise ValueError("'share' needs exactly of and rate")
        rate(str(operand["rate"]))
        yield from facts_of(operand["of"], vocabulary, earlier)
    elif name == "max_zero":
        yield from facts_of(operand, vocabulary, earlier)
    elif name == "by_date":
        yield _dating(operand, vocabulary)
    else:
        if not isinstance(operand, list) or len(operand) < 2:
            raise ValueError(f"'{name}' needs a list of two terms or more")
        if name == "first_known" and not all(isinstance(term, str) and "." in term for term in operand):
            raise ValueError("'first_known' needs a list of facts")
        for term in operand:
            yield from facts_of(term, vocabulary, earlier)


def _dating(operand: Value, vocabulary: Vocabulary) -> str:
    """The fact by which a table of amounts is read. Raises ValueError for what is not such a table."""
    if not isinstance(operand, dict) or set(operand) != {"of", "from", "to"}:
        raise ValueError("'by_date' needs exactly of, from and to")
    fact = str(operand["of"])
    if fact not in vocabulary or vocabulary[fact].type != "date":
        raise ValueError(f"'{fact}' is not a date")
    starts = [low for low, _, _ in _steps(operand)]
    if not starts or starts != sorted(set(starts)):
        raise ValueError("'by_date' needs amounts from days in their order")
    return fact


def _steps(operand: Mapping[str, Value]) -> list[tuple[float, float, Fraction]]:
    """A table of amounts by date: first day, last day and amount of each step. Raises ValueError."""
    rows = operand["from"]
    if not isinstance(rows, dict):
        raise ValueError("'by_date' needs an amount for each first day")
    try:
        starts = [day(str(start))[0] for start in rows]
        amounts = [Fraction(str(amount)) for amount in rows.values()]
        last = day(str(operand["to"]))[1]
    except ValueError as error:
        raise ValueError(f"'by_date' needs days and amounts, not {error}") from None
    ends = [start - 1 for start in starts[1:]] + [last]
    return list(zip(starts, ends, amounts, strict=True))


def _operation(formula: Value) -> tuple[str, Value]:
    if not isinstance(formula, dict) or len(formula) != 1 or next(iter(formula)) not in OPERATIONS:
        raise ValueError(f"'{formula}' is not a formula; allowed: a fact, an earlier figure, {', '.join(OPERATIONS)}")
    return next(iter(formula.items()))


class Sheet:
    """Works out the figures of one rule, in their order, from what is known."""

    def __init__(self, vocabulary: Vocabulary, known: Mapping[str, Knowledge]) -> None:
        self._vocabulary = vocabulary
        self._known = known
        self._bounds: dict[str, Bounds] = {}
        self._sums: dict[str, dict[str, Fraction]] = {}
        self._figures: dict[str, Worked] = {}
        self._read_facts: dict[str, bool] = {}

    def work(self, figure: Figure) -> Worked:
        """One figure, with what is known."""
        self._read_facts = {}
        total, text = self._term(figure.formula, False)
        self._sums[figure.id] = total
        used, missing = (tuple(n for n, known in self._read_facts.items() if known is k) for k in (True, False))
        ends = (None, None) if missing else self._range(total)
        low, high = (None if end is None else self._vocabulary.money.rounded(end) for end in ends)
        done = Worked(figure, text, low, high, used, missing, self._vocabulary.money)
        self._figures[figure.id] = done
        return done

    def _term(self, formula: Value, nested: bool) -> tuple[dict[str, Fraction], str]:
        """A term as a sum of amounts, and in words with its numbers."""
        if isinstance(formula, str):
            return self._fact(formula) if "." in formula else self._earlier(formula)
        name, operand = _operation(formula)
        if name == "first_known":
            assert isinstance(operand, list)
            names = [str(term) for term in operand]
            return self._fact(next((term for term in names if self._read(term) != (None, None)), names[0]))
        if name == "share":
            assert isinstance(operand, dict)
            part, words = self._term(operand["of"], True)
            times = rate(str(operand["rate"]))
            return {key: number * times for key, number in part.items()}, f"{operand['rate']} of {words}"
        if name == "by_date":
            assert isinstance(operand, dict)
            return self._stepped(operand)
        if name == "max_zero":
            part, words = self._term(operand, False)
            words = f"{words}, not below nil"
            return self._floored(part), f"({words})" if nested else words
        assert isinstance(operand, list)
        terms = [self._term(term, True) for term in operand]
        sign = _ONE if name == "add" else -_ONE
        total = dict(terms[0][0])
        for part, _ in terms[1:]:
            for key, number in part.items():
                total[key] = total.get(key, _ZERO) + sign * number
        words = (" + " if name == "add" else " - ").join(text for _, text in terms)
        return total, f"({words})" if nested else words

    def _read(self, fact: str) -> Bounds:
        knowledge = self._known.get(fact)
        if isinstance(knowledge, Choice):
            numbers = [float(value) for value in knowledge.values]
            knowledge = Range(min(numbers), max(numbers))
        if not isinstance(knowledge, Range):
            return None, None
        # The shortest text of a float is the decimal that was written.
        return (
            None if knowledge.low == -INFINITY else Fraction(repr(knowledge.low)),
            None if knowledge.high == INFINITY else Fraction(repr(knowledge.high)),
        )

    def _stepped(self, operand: Mapping[str, Value]) -> tuple[dict[str, Fraction], str]:
        """The amount that a table gives for a date; what it may be where the date is known in part."""
        fact, steps = str(operand["of"]), _steps(operand)
        low, high = self._read(fact)
        within = low is not None and high is not None and steps[0][0] <= low and high <= steps[-1][1]
        self._read_facts[fact] = within
        possible = [amount for start, end, amount in steps if within and start <= high and low <= end]  # type: ignore[operator]
        name = f"by_date {len(self._bounds)}"
        self._bounds[name] = (min(possible), max(possible)) if possible else (None, None)
        return {
            name: _ONE
        }, f"the amount set for the {self._vocabulary[fact].words} {money(self._bounds[name], self._vocabulary.money)}"

    def _fact(self, name: str) -> tuple[dict[str, Fraction], str]:
        self._bounds[name] = self._read(name)
        self._read_facts[name] = self._bounds[name] != (None, None)
        return {name: _ONE}, f"{self._vocabulary[name].words} {money(self._bounds[name], self._vocabulary.money)}"

    def _earlier(self, name: str) -> tuple[dict[str, Fraction], str]:
        worked = self._figures[name]
        self._read_facts |= {**dict.fromkeys(worked.used, True), **dict.fromkeys(worked.missing, False)}
        label = worked.figure.label
        return self._sums[name], f"{label[0].lower()}{label[1:]} {worked.value}"

    def _range(self, total: Mapping[str, Fraction]) -> Bounds:
        low: Fraction | None = _ZERO
        high: Fraction | None = _ZERO
        for key, number in total.items():
            if number == 0:
                continue
            least, most = self._bounds[key] if number > 0 else reversed(self._bounds[key])
            low = None if low is None or least is None else low + number * least
            high = None if high is None or most is None else high + number * most
        return low, high

    def _floored(self, total: dict[str, Fraction]) -> dict[str, Fraction]:
        """The sum, or nothing where it is below zero; one amount of its own where that is not known."""
        low, high = self._range(total)
        if low is not None and low >= 0:
            return total
        if high is not None and high <= 0:
            return {}
        name = f"max_zero {len(self._bounds)}"
        self._bounds[name] = (_ZERO, high)
        return {name: _ONE}
