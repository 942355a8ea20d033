"""The language of formulas: names, numbers and a few functions, read into a tree and never run as code.

    shares * (event.value - award.price)
    if(held_long_enough, 0, min(event.value, sale.price) - award.price)
    event.date > add_years(award.granted, 2)

A name with a dot is a fact; one without is an amount, a rule or a parameter of the pack. Names may hold hyphens, so a
minus has a blank on either side. Numbers are exact; `20%` is a fifth; days are written 2017-01-31, words of a fact in
quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from caprev.errors import listing, nearest
from caprev.facts.knowledge import day

Kind = Literal["number", "date", "truth", "text", "brackets", "table", "steps"]
MOST = 2_000
"""Characters of a formula."""
_DEEPEST = 60

_TOKEN = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{2}-\d{2})|(?P<number>\d+(?:\.\d+)?%?)|(?P<text>'[^']*'|\"[^\"]*\")"
    r"|(?P<name>[^\W\d]\w*(?:-\w+)*(?:\.\w+(?:-\w+)*)*)|(?P<op><=|>=|!=|[-+*/^()<>=,]))"
)


@dataclass(frozen=True, slots=True)
class Literal_:
    """A number, or a day as the number of it."""

    value: Fraction
    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """A value of a fact, in quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Name:
    """A fact, an amount, a rule or a parameter."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operation, of some terms."""

    function: str
    terms: tuple[Node, ...]


Node = Literal_ | Word | Name | Call
_COMPARED = ("<", "<=", ">", ">=", "=", "!=")
_SIGNS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "^": "power"}


class _Parser:
    def __init__(self, text: str) -> None:
        if len(text) > MOST:
            raise ValueError(f"has {len(text):,} characters; allowed: at most {MOST:,}")
        self.tokens: list[tuple[str, str, int]] = []
        self.depth = 0
        place = 0
        while text[place:].strip():
            found = _TOKEN.match(text, place)
            if found is None or found.end() == place:
                rest = text[place:].strip()
                raise ValueError(f"cannot be read from '{rest[:20]}' on (character {place + 1})")
            kind = str(found.lastgroup)
            self.tokens.append((kind, found.group(kind), found.start(kind) + 1))
            place = found.end()
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> tuple[str, str, int]:
        if self.at == len(self.tokens):
            raise ValueError(f"ends too early{f'; expected {wanted}' if wanted else ''}")
        kind, text, place = self.tokens[self.at]
        if wanted and text != wanted:
            raise ValueError(f"has '{text}' at character {place}; expected '{wanted}'")
        self.at += 1
        return kind, text, place

    def whole(self) -> Node:
        node = self.either()
        if self.at < len(self.tokens):
            _, text, place = self.tokens[self.at]
            raise ValueError(f"has '{text}' at character {place}, where the formula could have ended")
        return node

    def either(self) -> Node:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError(f"is nested more than {_DEEPEST} deep")
        node = self.joined("or", lambda: self.joined("and", self.negated))
        self.depth -= 1
        return node

    def joined(self, word: str, part: Callable[[], Node]) -> Node:
        parts = [part()]
        while self.peek() == word:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Call(word, tuple(parts))

    def negated(self) -> Node:
        if self.peek() == "not":
            self.take()
            return Call("not", (self.negated(),))
        left = self.sum()
        if self.peek() in _COMPARED:
            _, sign, _ = self.take()
            return Call(sign, (left, self.sum()))
        return left

    def sum(self) -> Node:
        node = self.product()
        while self.peek() in ("+", "-"):
            _, sign, _ = self.take()
            node = Call(_SIGNS[sign], (node, self.product()))
        return node

    def product(self) -> Node:
        node = self.signed()
        while self.peek() in ("*", "/"):
            _, sign, _ = self.take()
            node = Call(_SIGNS[sign], (node, self.signed()))
        return node

    def signed(self) -> Node:
        if self.peek() == "-":
            self.take()
            return Call("subtract", (Literal_(Fraction(0), "number", "0"), self.signed()))
        node = self.single()
        if self.peek() == "^":
            self.take()
            return Call("power", (node, self.signed()))
        return node

    def single(self) -> Node:
        kind, text, place = self.take()
        if kind == "number":
            value = Fraction(text.rstrip("%")) / (100 if text.endswith("%") else 1)
            return Literal_(value, "number", text)
        if kind == "date":
            try:
                return Literal_(Fraction(day(text)[0]), "date", text)
            except ValueError:
                raise ValueError(f"has '{text}' at character {place}, which is no day") from None
        if kind == "text":
            return Word(text[1:-1])
        if text == "(":
            node = self.either()
            self.take(")")
            return node
        if kind != "name" or text in ("and", "or", "not"):
            raise ValueError(f"has '{text}' at character {place}; expected a number, a name or '('")
        if self.peek() != "(":
            return Name(text)
        if text not in FUNCTIONS:
            raise ValueError(f"has no function '{text}'; allowed: {listing(FUNCTIONS)}. {nearest(text, FUNCTIONS)}")
        self.take()
        terms = []
        while self.peek() != ")":
            terms.append(self.either())
            if self.peek() != ")":
                self.take(",")
        self.take(")")
        return Call(text, tuple(terms))


def parse(text: str) -> Node:
    """A formula as a tree. Raises ValueError with what is wrong and where.

    >>> parse("price - cost").function
    'subtract'
    """
    try:
        return _Parser(text).whole()
    except ValueError as error:
        raise ValueError(f"'{text[:80]}' {error}".rstrip()) from None


def nodes(tree: Node) -> Iterator[Node]:
    """A tree and all beneath it."""
    yield tree
    if isinstance(tree, Call):
        for term in tree.terms:
            yield from nodes(term)


def names(tree: Node) -> tuple[str, ...]:
    """Every name in a tree, each once, in order."""
    return tuple(dict.fromkeys(node.name for node in nodes(tree) if isinstance(node, Name)))


# --- kinds ---------------------------------------------------------------------------------------------------

_N, _D, _T = ("number",), ("date",), ("truth",)
# What each function takes, term by term ("..." repeats the last), and what it gives; a blank is the kind of its terms.
FUNCTIONS: dict[str, tuple[tuple[tuple[str, ...], ...], str]] = {
    "min": ((("number", "date"), ("number", "date"), ("...",)), ""),
    "max": ((("number", "date"), ("number", "date"), ("...",)), ""),
    "round": ((_N, _N), "number"),
    "floor": ((_N, _N), "number"),
    "ceil": ((_N, _N), "number"),
    "abs": ((_N,), "number"),
    "days": ((_D, _D), "number"),
    "months": ((_D, _D), "number"),
    "years": ((_D, _D), "number"),
    "add_days": ((_D, _N), "date"),
    "add_months": ((_D, _N), "date"),
    "add_years": ((_D, _N), "date"),
    "year": ((_D,), "number"),
    "tax_year": ((_D, _N, _N), "number"),
    "date": ((_N, _N, _N), "date"),
    "if": ((_T, ("number", "date"), ("number", "date")), ""),
    "brackets": ((("brackets",), _N), "number"),
    "lookup": ((("table",), ("text",)), "number"),
    "step": ((("steps",), _N), "number"),
    "at": ((_N, _D), "number"),
    "sum": ((_N,), "number"),
    "sum_before": ((_N,), "number"),
    "count": ((_T,), "number"),
}
_NAMED = {"at": "a parameter", "sum": "an amount", "sum_before": "an amount", "count": "a rule"}
_CALENDAR = ("tax_year", "date")


def kind(tree: Node, named: Callable[[str], Kind]) -> Kind:
    """The kind of what a formula gives. `named` tells the kind of a name, or raises ValueError.

    Raises ValueError where terms do not fit what is done with them.

    >>> kind(parse("cost + 2 > value"), lambda name: "number")
    'truth'
    """
    if isinstance(tree, Literal_):
        return tree.kind
    if isinstance(tree, Word):
        return "text"
    if isinstance(tree, Name):
        return named(tree.name)
    found = [kind(term, named) for term in tree.terms]
    name = tree.function
    if name in ("and", "or", "not"):
        return _wanted(name, found, ["truth"] * len(found), "truth")
    if name in _COMPARED:
        if found[0] != found[1] or found[0] not in ("number", "date", "text"):
            raise ValueError(f"compares a {found[0]} with a {found[1]} ('{name}')")
        if found[0] == "text" and name not in ("=", "!="):
            raise ValueError(f"compares words by '{name}'; allowed: =, !=")
        return "truth"
    if name in _SIGNS.values():
        if name in ("add", "subtract") and found == ["date", "number"]:
            return "date"
        if name == "subtract" and found == ["date", "date"]:
            return "number"
        return _wanted(name, found, ["number"] * 2, "number")
    if name in _NAMED and not isinstance(tree.terms[0] if tree.terms else None, Name):
        raise ValueError(f"'{name}' needs the name of {_NAMED[name]}")
    return _called(tree, found)


def _wanted(name: str, found: list[Kind], wanted: list[str], gives: Kind) -> Kind:
    if found != wanted:
        raise ValueError(f"'{name}' is done with {' and '.join(found)}; it needs {' and '.join(wanted)}")
    return gives


def _called(tree: Call, found: list[Kind]) -> Kind:
    name = tree.function
    takes, gives = FUNCTIONS[name]
    repeats = takes[-1] == ("...",)
    wanted = list(takes[:-1] if repeats else takes)
    while repeats and len(wanted) < len(found):
        wanted.append(wanted[-1])
    least = 1 if name in ("round", "floor", "ceil") else len(wanted)
    if not least <= len(found) <= len(wanted):
        raise ValueError(f"'{name}' has {len(found)} terms; it needs {_how(takes)}")
    for given, allowed in zip(found, wanted, strict=False):
        if given not in allowed:
            raise ValueError(f"'{name}' is given a {given}; it needs {_how(takes)}")
    if name in _CALENDAR and not all(isinstance(term, Literal_) for term in tree.terms[1:]):
        raise ValueError(f"'{name}' needs month and day as numbers")
    if gives:
        return gives  # type: ignore[return-value]
    values = found[1:] if name == "if" else found
    if len(set(values)) > 1:
        raise ValueError(f"'{name}' has a {values[0]} and a {next(v for v in values if v != values[0])}")
    return values[0]


def _how(takes: tuple[tuple[str, ...], ...]) -> str:
    return ", ".join(" or ".join(allowed) for allowed in takes)
