"""Which facts exist, what values each may have, and how a written value becomes knowledge.

The vocabulary itself is `rules/vocabulary.yaml`; adding a fact there is the whole of adding a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeGuard, get_args

from caprev import limits
from caprev.errors import BadInput, Problem, echoed, listing, nearest, stray
from caprev.facts.currency import Currency
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, Scalar, Subset, day
from caprev.files.reading import Source, Value
from caprev.grouping import grouped
from caprev.once import cached_property

FactType = Literal["bool", "int", "number", "date", "enum", "set"]

# Published rulings mask identifying values: 19PP and 20XX are years, "X lots" or "$XXX" a number.
MASKED_YEAR = r"(?:[A-Z][a-z]+ )?(1[89]|20)[A-Z]{2}(?:[-/][A-Z0-9]{2})?"
MASKED_NUMBER = r"(?:[Aa]pproximately |[Aa]bout )?\$?[XYZxyz]+(?:[,.][Xx]+)*(?: [A-Za-z]+)?"
# Commas part thousands and nothing else; anything else written with one would be a guess.
DIGITS = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
LARGEST = 1e15
MOST_VALUES = 61  # of one fact: columns hold what is known of it as bits of one number
_MASKED_YEAR, _MASKED_NUMBER = re.compile(MASKED_YEAR), re.compile(MASKED_NUMBER)
_NUMBER = re.compile(rf"-?{DIGITS}(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")

_TYPE_WORDS = {
    "bool": "true or false",
    "int": "a whole number",
    "number": "a number",
    "date": "a date: YYYY, YYYY-MM or YYYY-MM-DD",
}


_MEANING = re.compile(r"\b(\w+) = ([^;.]+)")


def question(ask: str) -> str:
    """A question without the glossary of its answers."""
    asked, mark, _ = ask.partition("?")
    return asked + mark


def meanings(ask: str) -> dict[str, str]:
    """What a question's glossary says of each answer.

    >>> meanings("What was done? none = sold as it stood; units = apartments.")
    {'none': 'sold as it stood', 'units': 'apartments'}
    """
    return {name: meaning.strip() for name, meaning in _MEANING.findall(ask)}


def worded(name: str) -> str:
    """A name of the rules in words: `finely_balanced` is told as `finely balanced`.

    >>> worded("finely_balanced")
    'finely balanced'
    """
    return name.replace("_", " ")


@dataclass(frozen=True)
class Fact:
    """One fact of the vocabulary: its name (section.name), type, allowed values, unit and question.

    `evidence` is the paper that would prove it; a `fixed` fact is past and done, so that nobody can change it; a
    `signed` number may be negative; a `firm` date is set by somebody, so that it cannot be masked or unknown;
    `synonyms` are, by value, the words in which people say it; `counted` those that may stand beside a number; a bool
    that `disputes` facts is true, where nobody answered it, if the value of one of them is marked as disputed;
    `currency` is that of an amount of money.
    """

    name: str
    type: FactType
    values: tuple[str, ...]
    unit: str
    ask: str
    evidence: str = ""
    fixed: bool = False
    signed: bool = False
    firm: bool = False
    synonyms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    disputes: tuple[str, ...] = ()
    currency: Currency | None = None
    counted: tuple[str, ...] = ()

    @cached_property
    def unknown(self) -> Knowledge:
        """Knowledge that says nothing: every value is still possible."""
        if self.type == "bool":
            return Choice(frozenset({True, False}))
        if self.type == "enum":
            return Choice(frozenset(self.values))
        if self.type == "set":
            return Subset(frozenset(), frozenset())
        # That an amount of money was masked is told, although it says no more than that there was one.
        return Range() if self.currency else self.possible

    @property
    def possible(self) -> Range:
        """The numbers that a number or a date may be."""
        return Range(0) if self.type in ("int", "number") and not self.signed else Range()

    @property
    def allowed(self) -> str:
        """What may be written, in words."""
        return listing(self.values) if self.values else _TYPE_WORDS[self.type]

    @property
    def words(self) -> str:
        """The fact's name as prose."""
        return worded(self.name.split(".", 1)[1])

    def scalar(self, text: str) -> Scalar:
        """One value of this fact from text. Raises ValueError naming what is allowed."""
        if self.type == "bool":
            if text.lower() in ("true", "yes"):
                return True
            if text.lower() in ("false", "no"):
                return False
        elif self.type in ("enum", "set"):
            if text in self.values:
                return text
        elif self.type == "date":
            return day(text)[0]
        else:
            plain = text
            if self.currency and (sign := self.currency.symbol) and text.removeprefix("-").startswith(sign):
                plain = text.replace(sign, "", 1)
            number = float(plain.replace(",", "")) if _NUMBER.fullmatch(plain) else float("nan")
            if abs(number) < LARGEST and (self.type == "number" or number.is_integer()):
                return number
        raise ValueError(text)

    def read(self, value: Value) -> Knowledge:
        """Knowledge from a written value: exact, one_of, bounded, partial or masked.

        Raises ValueError with what is wrong and what is allowed.
        """
        if self.firm:
            return self._read_firm(value)
        if value is None:
            return self.unknown
        if self.type == "set":
            return self._read_set(value)
        if isinstance(value, dict):
            return self._read_partial(value)
        if isinstance(value, list):
            raise ValueError("is a list, but this fact has one value; write {one_of: [...]} if it may be several")
        return self._read_text(value)

    def _read_firm(self, value: Value) -> Knowledge:
        try:
            return Range(*day(value.strip() if isinstance(value, str) else ""))
        except ValueError:
            raise ValueError(f"'{value}' is not {self.allowed}") from None

    def _read_text(self, text: str) -> Knowledge:
        if not _told(text):
            return self.unknown
        text = text.strip()
        if self.type == "date":
            masked = _MASKED_YEAR.fullmatch(text)
            if masked:
                century = masked.group(1)
                return Range(day(f"{century}00")[0], day(f"{century}99")[1])
            try:
                return Range(*day(text))
            except ValueError:
                raise ValueError(f"'{echoed(text)}' is not {self.allowed}") from None
        if self.type in ("int", "number") and _MASKED_NUMBER.fullmatch(text):
            plural = self.type == "int" and text.endswith("s")  # "X lots" are at least two
            return Range(2 if plural else 0)
        try:
            scalar = self.scalar(text)
        except ValueError:
            raise NotAllowed(self, text) from None
        if not isinstance(scalar, float):
            return Choice(frozenset({scalar}))
        if scalar < self.possible.low:
            raise ValueError(f"'{echoed(text)}' is negative; allowed: {self.allowed}, zero or more")
        return Range(scalar, scalar)

    def _read_partial(self, value: dict[str, Value]) -> Knowledge:
        keys = set(value)
        if keys == {"one_of"} and isinstance(value["one_of"], list) and value["one_of"]:
            if len(value["one_of"]) > limits.LISTED:
                what = f"lists {len(value['one_of']):,} values in one_of; allowed: at most {limits.LISTED}"
                raise ValueError(f"{what}, or bounds")
            parts = [self._read_text(item) for item in value["one_of"] if _told(item)]
            if len(parts) != len(value["one_of"]):
                raise ValueError("one_of lists something that is not a plain value")
            if all(isinstance(part, Choice) for part in parts):
                return Choice(frozenset(v for part in parts if isinstance(part, Choice) for v in part.values))
            numbers = [part for part in parts if isinstance(part, Range)]
            if all(part.low == part.high for part in numbers):
                return Choice(frozenset(part.low for part in numbers))
            return Range(min(part.low for part in numbers), max(part.high for part in numbers))
        if keys and keys <= {"at_least", "at_most"} and self.type in ("int", "number", "date"):
            low, high = -INFINITY, INFINITY
            for key, text in value.items():
                if not _told(text):
                    raise ValueError(f"{key} needs {_TYPE_WORDS[self.type]}")
                bound = self._read_text(text)
                assert isinstance(bound, Range)
                low, high = (bound.low, high) if key == "at_least" else (low, bound.high)
            if low > high:
                raise ValueError("at_least is greater than at_most")
            within = Range(low, high).narrowed(self.possible)
            if within is None:
                raise ValueError("is negative; allowed: zero or more")
            return within
        forms = "{one_of: [...]}"
        if self.type in ("int", "number", "date"):
            forms += ", {at_least: ...}, {at_most: ...} or both"
        raise ValueError(f"has the keys {echoed(', '.join(sorted(keys))) or 'none'}; allowed: a value, or {forms}")

    def _read_set(self, value: Value) -> Knowledge:
        if isinstance(value, list):
            included = self._members(value)
            return Subset(included, frozenset(self.values) - included)
        if isinstance(value, dict) and value and set(value) <= {"includes", "excludes"}:
            included = self._members(value.get("includes") or [])
            excluded = self._members(value.get("excludes") or [])
            if included & excluded:
                raise ValueError(f"{listing(sorted(included & excluded))} is both included and excluded")
            return Subset(included, excluded)
        if isinstance(value, str) and not _told(value):
            return self.unknown
        raise ValueError("is not a list; allowed: [values] when complete, or {includes: [...], excludes: [...]}")

    def _members(self, items: Value) -> frozenset[str]:
        if not isinstance(items, list):
            raise ValueError("includes and excludes need lists")
        for item in items:
            if item not in self.values:
                raise NotAllowed(self, str(item))
        return frozenset(str(item) for item in items)


class NotAllowed(ValueError):
    """A value that a fact cannot have. The nearest that it can is looked for when the words are wanted."""

    def __init__(self, fact: Fact, text: str) -> None:
        super().__init__(text)
        self.fact = fact

    def __str__(self) -> str:
        text, fact = self.args[0], self.fact
        hint = nearest(text, fact.values)
        return f"'{echoed(text)}' is not allowed; allowed: {fact.allowed}. {hint}".rstrip()


def _told(value: Value) -> TypeGuard[str]:
    """Whether a value is text that says something."""
    return isinstance(value, str) and value.strip().lower() != "unknown"


class Vocabulary:
    """All facts by name (`section.fact`), in the order of the file.

    `applies` holds, as written, the conditions under which a fact is worth asking for, by its name.
    """

    def __init__(
        self,
        facts: dict[str, Fact],
        currencies: Mapping[str, Currency] = MappingProxyType({}),
        main: str = "",
        applies: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        """`main` is the currency in which amounts are worked out."""
        self.facts = facts
        self.applies = applies
        self.currencies = currencies
        self.money = currencies.get(main, Currency())
        self.sections = grouped((section, fact) for section, fact in (name.split(".", 1) for name in facts))
        self.disputes = {name: fact for name, fact in facts.items() if fact.disputes}
        self.disputable = frozenset(other for fact in self.disputes.values() for other in fact.disputes)

    def __getitem__(self, name: str) -> Fact:
        return self.facts[name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self.facts

    def __iter__(self) -> Iterator[Fact]:
        return iter(self.facts.values())

    def nearest(self, name: str) -> str:
        """A question naming the closest fact, also when the fact was put in the wrong section."""
        short = name.rsplit(".", 1)[-1]
        same = [known for known in self.facts if known.split(".", 1)[1] == short]
        return f"Did you mean {same[0]}?" if same else nearest(name, list(self.facts))


def load(source: Source, currencies: Mapping[str, Currency] = MappingProxyType({}), main: str = "") -> Vocabulary:
    """The vocabulary from its file; a fact whose unit is one of the currencies is an amount of money.

    Raises BadInput listing every entry that is not well formed.

    >>> from caprev.files.reading import parse
    >>> words = load(parse("site: {lots: {type: int, ask: How many lots?}}"))
    >>> words["site.lots"].type
    'int'
    """
    problems: list[Problem] = []
    facts: dict[str, Fact] = {}
    applies: dict[str, Value] = {}
    data = source.data if isinstance(source.data, dict) else {}
    for section, entries in data.items():
        if not isinstance(entries, dict):
            problems.append(Problem("is not a mapping of facts", source.file, source.line((section,)), section))
            continue
        for name, entry in entries.items():
            full = f"{section}.{name}"
            fact = _fact(full, entry, currencies)
            if isinstance(fact, str):
                problems.append(Problem(fact, source.file, source.line((section, name)), full))
            else:
                facts[full] = fact
                if isinstance(entry, dict) and "applies" in entry:
                    applies[full] = entry["applies"]
    for name, fact in facts.items():
        for other in fact.disputes:
            if other not in facts:
                section, short = name.split(".", 1)
                what, fix = f"disputes '{other}', which is not in the vocabulary", nearest(other, list(facts))
                problems.append(Problem(what, source.file, source.line((section, short)), name, fix=fix))
    if problems or not facts:
        raise BadInput(problems or Problem("holds no facts", source.file))
    return Vocabulary(facts, currencies, main, applies)


def _values(values: list[Value]) -> str:
    """What is wrong with the values of a fact, or nothing."""
    if len(values) > MOST_VALUES:
        return f"has {len(values)} values; allowed: at most {MOST_VALUES}"
    for place, value in enumerate(values):
        if not _told(value):
            return f"has the value '{value}', which would not tell anything"
        if value in values[:place]:
            return f"has the value '{value}' twice"
    return ""


def _fact(name: str, entry: Value, currencies: Mapping[str, Currency]) -> Fact | str:
    if not isinstance(entry, dict):
        return "is not a mapping"
    kind, values = entry.get("type"), entry.get("values") or []
    if kind not in get_args(FactType):
        return f"has type '{kind}'; allowed: {listing(get_args(FactType))}"
    if not isinstance(values, list) or (kind in ("enum", "set")) != bool(values):
        return "needs values if, and only if, it is an enum or a set"
    if wrong := _values(values):
        return wrong
    if not str(entry.get("ask") or "").strip():
        return "has no question (ask)"
    for mark in ("fixed", "signed"):
        if entry.get(mark) not in (None, "true", "false"):
            return f"has {mark}: {entry[mark]}; allowed: true or false"
    keys = (
        "type",
        "values",
        "unit",
        "ask",
        "evidence",
        "fixed",
        "signed",
        "synonyms",
        "counted",
        "applies",
        "disputes",
    )
    if wrong := stray(entry, keys):
        return wrong
    synonyms = _synonyms(entry.get("synonyms"))
    if isinstance(synonyms, str):
        return synonyms
    disputed = entry.get("disputes") or []
    if not isinstance(disputed, list) or (disputed and kind != "bool"):
        return "disputes what is no list of facts, or is no bool"
    if synonyms and not values:
        return "has synonyms; only an enum or a set may"
    counted = entry.get("counted") or []
    if not isinstance(counted, list) or (counted and kind != "int"):
        return "needs counted as a list of words, and only a whole number may have it"
    return Fact(
        name,
        kind,  # type: ignore[arg-type]
        tuple(map(str, values)),
        str(entry.get("unit") or ""),
        str(entry["ask"]),
        str(entry.get("evidence") or ""),
        entry.get("fixed") == "true",
        entry.get("signed") == "true",
        synonyms=synonyms,
        disputes=tuple(map(str, disputed)),
        currency=currencies.get(str(entry.get("unit"))),
        counted=tuple(map(str, counted)),
    )


def _synonyms(entry: Value) -> tuple[tuple[str, tuple[str, ...]], ...] | str:
    """The words for each value, or what is wrong with them."""
    if entry is None:
        return ()
    if not isinstance(entry, dict):
        return "needs synonyms as a mapping of values to lists of words"
    found = []
    for value, words in entry.items():
        if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
            return f"needs a list of words as synonyms of '{value}'"
        found.append((value, tuple(map(str, words))))
    return tuple(found)
