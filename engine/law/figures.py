"""Amounts: a tiny formula language over facts, exact, ranges giving ranges.

    max_zero: {subtract: [sales.price, amounts.cost_base]}
    share: {of: gain, rate: 50%}                             a rate is a percentage or a fraction such as 1/3
    first_known: [amounts.proceeds, sales.price]             the first of which most is known; terms may be formulas
    proportion: {of: amounts.parcel_cost, part: amounts.lot_area, whole: acquisition.area_ha}     both of one unit
    by_date: {of: sales.date, from: {DAY: 100, DAY: 110}, to: DAY}     from each day on, up to the last; nothing beyond

An amount not known is nothing or more (unless its fact is signed), so a figure of which two amounts are known has a
bound: `$250,000.00 less selling costs, not given`. With one, a bound would only repeat it, and there is none.

A term with a dot is a fact; one without is an earlier figure of the same rule. A result is kept as a sum of
amounts, each times a number, until the end, so that an amount which stands on both sides cancels in ranges too.
Sums are kept as fractions: a share such as 2/7 has no end in decimals, and half of the smallest coin must be found.
Rounding is to that coin, half up, once: later figures build on what was not rounded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from caprev.errors import nearest
from caprev.facts.currency import Currency
from caprev.facts.derivations import interval
from caprev.facts.knowledge import Choice, Knowledge, Range, day
from caprev.facts.vocabulary import Vocabulary
from caprev.files.reading import Value
from caprev.law.models import Figure
from caprev.law.money import Bounds, ends, money, rate, worded

OPERATIONS = ("add", "subtract", "max_zero", "share", "proportion", "first_known", "by_date")
_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Worked:
    """A figure worked out: its formula with numbers, and its value as bounds that are equal if it is exact.

    `used` are the known facts in it, `missing` those not given, `less` its value in words without them.
    """

    figure: Figure
    formula: str
    low: Decimal | None
    high: Decimal | None
    used: tuple[str, ...]
    missing: tuple[str, ...]
    currency: Currency
    less: str = ""

    @property
    def told(self) -> bool:
        """Whether it has a value, or a bound."""
        return not self.missing or (self.low, self.high) != (None, None)

    @property
    def value(self) -> str:
        """The value in words."""
        return self.less or worded(self.low, self.high, self.currency)


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
    elif name == "proportion":
        if not isinstance(operand, dict) or set(operand) != {"of", "part", "whole"}:
            raise ValueError("'proportion' needs exactly of, part and whole")
        sizes = [str(operand[key]) for key in ("part", "whole")]
        if len({vocabulary[name].unit for name in sizes if name in vocabulary} - {""}) != 1:
            raise ValueError(f"'proportion' needs two facts of one unit, not {' and '.join(sizes)}")
        yield from (*facts_of(operand["of"], vocabulary, earlier), *sizes)
    elif name == "by_date":
        yield _dating(operand, vocabulary)
    else:
        if not isinstance(operand, list) or len(operand) < 2:
            raise ValueError(f"'{name}' needs a list of two terms or more")
        if name == "first_known" and not all(isinstance(term, dict) or "." in str(term) for term in operand):
            raise ValueError("'first_known' needs a list of facts, or of formulas over facts")
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
        ends = self._range(total) if not missing or len(used) > 1 else (None, None)
        low, high = (None if end is None else self._vocabulary.money.rounded(end) for end in ends)
        less = self._less(total, missing) if missing and (low, high) != (None, None) else ""
        done = Worked(figure, text, low, high, used, missing, self._vocabulary.money, less)
        self._figures[figure.id] = done
        return done

    def _less(self, total: Mapping[str, Fraction], missing: tuple[str, ...]) -> str:
        """A figure without some of its amounts: a known amount less these, or its bounds and their names."""
        names = " and ".join(self._vocabulary[name].words for name in missing)
        rest = {key: number for key, number in total.items() if key not in missing}
        low, high = self._range(rest)
        if low is not None and low == high and all(total.get(name) == -_ONE for name in missing):
            return f"{self._money((low, high))} less {names}, not given"
        return f"{self._money(self._range(total))} ({names} not given)"

    def _term(self, formula: Value, nested: bool) -> tuple[dict[str, Fraction], str]:
        """A term as a sum of amounts, and in words with its numbers."""
        if isinstance(formula, str):
            return self._fact(formula) if "." in formula else self._earlier(formula)
        name, operand = _operation(formula)
        if name == "first_known":
            assert isinstance(operand, list)
            return self._term(max(operand, key=self._share_known), nested)
        if name == "share":
            assert isinstance(operand, dict)
            part, words = self._term(operand["of"], True)
            times = rate(str(operand["rate"]))
            return {key: number * times for key, number in part.items()}, f"{operand['rate']} of {words}"
        if name in ("by_date", "proportion"):
            assert isinstance(operand, dict)
            return self._stepped(operand) if name == "by_date" else self._proportion(operand)
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

    def _share_known(self, formula: Value) -> int:
        """How much of a formula is known: nothing (0), some of its amounts (1) or all (2)."""
        if isinstance(formula, str):
            return 2 if "." not in formula or self._read(formula) != (None, None) else 0
        name, operand = _operation(formula)
        inner = operand.get("of", operand) if isinstance(operand, dict) else operand
        known = [self._share_known(term) for term in (inner if isinstance(inner, list) else [inner])]
        return max(known) if name == "first_known" else 2 if min(known) == 2 else min(max(known), 1)

    def _read(self, fact: str) -> Bounds:
        knowledge = self._known.get(fact)
        return ends(interval(knowledge)) if isinstance(knowledge, Choice | Range) else (None, None)

    def _stepped(self, operand: Mapping[str, Value]) -> tuple[dict[str, Fraction], str]:
        """The amount that a table gives for a date; what it may be where the date is known in part."""
        fact, steps = str(operand["of"]), _steps(operand)
        low, high = self._read(fact)
        within = low is not None and high is not None and steps[0][0] <= low and high <= steps[-1][1]
        self._read_facts[fact] = within
        possible = [amount for start, end, amount in steps if within and start <= high and low <= end]  # type: ignore[operator]
        name = f"by_date {len(self._bounds)}"
        self._bounds[name] = (min(possible), max(possible)) if possible else (None, None)
        return {name: _ONE}, f"the amount set for the {self._vocabulary[fact].words} {self._money(self._bounds[name])}"

    def _proportion(self, operand: Mapping[str, Value]) -> tuple[dict[str, Fraction], str]:
        """A part of an amount, as one size is a part of another; what it may be where they are known in part."""
        total, words = self._term(operand["of"], True)
        sizes = [str(operand[key]) for key in ("part", "whole")]
        part, whole = (self._read(size) for size in sizes)
        self._read_facts |= {size: self._read(size) != (None, None) for size in sizes}
        least = part[0] / whole[1] if part[0] and whole[1] else _ZERO
        most = part[1] / whole[0] if part[1] is not None and whole[0] else _ONE
        least, most = min(least, _ONE), min(most, _ONE)
        shown = " of ".join(self._sized(size) for size in sizes)
        if least == most:
            return {key: number * most for key, number in total.items()}, f"{words} x {shown}"
        low, high = self._range(total)
        name = f"proportion {len(self._bounds)}"
        self._bounds[name] = (None if low is None else low * least, None if high is None else high * most)
        return {name: _ONE}, f"{words} x {shown}"

    def _sized(self, name: str) -> str:
        """A size with its unit; an amount of money as such."""
        fact, bounds = self._vocabulary[name], self._read(name)
        if bounds == (None, None):
            return f"{fact.words} not given"
        if fact.currency:
            return f"{fact.words} {self._money(bounds)}"
        ends = [f"{float(end):g}" for end in bounds if end is not None]
        return f"{fact.words} {' to '.join(dict.fromkeys(ends))} {fact.unit}"

    def _money(self, bounds: Bounds) -> str:
        return money(bounds, self._vocabulary.money)

    def _fact(self, name: str) -> tuple[dict[str, Fraction], str]:
        fact, bounds = self._vocabulary[name], self._read(name)
        known = self._read_facts[name] = bounds != (None, None)
        self._bounds[name] = bounds if known or fact.signed else (_ZERO, None)
        return {name: _ONE}, f"{fact.words} {self._money(bounds) if known else 'not given'}"

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
