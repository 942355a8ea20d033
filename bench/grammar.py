"""Inputs made to find mistakes: fact sets, changed rule files and portfolios, drawn from the vocabulary.

Everything is drawn through `Draw`, from a seed or from the bytes of a guided fuzzer; the same draws, the same input.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from caprev.facts.vocabulary import Fact, Vocabulary

T = TypeVar("T")

TOP = ("matter", "facts", "parcels", "as_at", "set_aside", "because", "comparator", "nonsense")
MATTER = ("id", "title", "questions", "period", "scheme", "as_at", "notes", "tittle")
FORMS = ("value", "source", "standing", "note", "one_of", "at_least", "at_most", "includes", "excludes", "sauce")
STANDINGS = ("documented", "stated", "disputed", "assumed", "proven")
# fmt: off
DAYS = (
    "1978", "1985-09-19", "1985-09-20", "1990-13", "2004-02-29", "2021-02-29", "19PP", "20XX", "June 20XX", "0001",
    "9999-12-31", "10000-01-01", "20/09/1985", "unknown", "",
)
NUMBERS = (
    "0", "-0", "1", "2", "3", "12", "1,200", "1,20", "$1,250,000", "1e3", "1e400", "-5", ".5", "5.", "1_0", "nan",
    "inf", "0x10", "999999999999999", "1000000000000000", "0.1", "٣", "X lots", "$XXX", "about XX",
)
WORDS = (
    "true", "no", "Yes", "unknown", "null", "~", "trust", "farming", "a|b", "a|...", ">=5", "<=", "3..7", "..", "[]",
    "{", "[", "&a", "*a", "!!x y", "- a", "# x", "a: b", "'", '"', "%", "@", "`", "|", ">", "?", "<<", "=1+1",
)
ODD = (
    "\x00", "\x1b[2J", "\x07", "\x85", "\u2028", "\u202e", "\ufeff", "\ufffe", "\U000e0041", "\u20dd",
    "e\u0301", "\U0001f600", "農", "<svg onload=x>", "a" * 300, " " * 200, "\r", "\n", "\t",
)
HALVES = ("\ud800", "\udfff", "\udce9")
SLIPS = (
    "", ":", " ", "\n", "{", "]", "- ", "'", '"', "#", "&a ", "*a", "!", "\t", "%", "\0", "? ", ",", "\r", "\ufeff",
    "\\", "\\ud800", "---\n", "...\n", ": {", "[[[[", "\x1b", "null", "0", "é",
)
# fmt: on


@dataclass
class Draw:
    """Decisions, one after another: whole numbers below a bound."""

    below: Callable[[int], int]

    @classmethod
    def seeded(cls, seed: int) -> Draw:
        return cls(random.Random(seed).randrange)

    @classmethod
    def from_bytes(cls, data: bytes) -> Draw:
        """Decisions of a guided fuzzer; when its bytes are used up, always the first choice."""
        rest = iter(data)

        def below(bound: int) -> int:
            number = next(rest, 0)
            while bound > 256:
                number, bound = number * 256 + next(rest, 0), (bound + 255) // 256
            return number % max(bound, 1) if bound <= 256 else number

        return cls(lambda bound: below(bound) % bound)

    def one_of(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def chance(self, percent: int) -> bool:
        # The first choice is the unlikely one, so that a guided fuzzer's zeros make an input short.
        return self.below(100) >= 100 - percent

    def several(self, most: int) -> range:
        return range(self.below(most + 1))


class Grammar:
    """Inputs for one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.facts: list[Fact] = list(vocabulary)
        self.names = [fact.name for fact in self.facts]
        self.sections = list(vocabulary.sections)

    # fact sets

    def fact_set(self, draw: Draw) -> dict[str, Any]:
        """A fact set, mostly well formed."""
        found: dict[str, Any] = {}
        if draw.chance(40):
            found["matter"] = self.matter(draw) if draw.chance(95) else self.anything(draw)
        if draw.chance(40):
            found["facts"] = self.flat(draw, 12) if draw.chance(95) else self.anything(draw)
        for _ in draw.several(6):
            section = draw.one_of(self.sections)
            found[section] = self.section(draw, section) if draw.chance(97) else self.anything(draw)
        if draw.chance(15):
            found["parcels"] = [self.parcel(draw) for _ in draw.several(3)] if draw.chance(95) else self.anything(draw)
        if draw.chance(3):
            found[draw.one_of((*TOP, *self.names, *ODD))] = self.anything(draw)
        return found

    def matter(self, draw: Draw) -> dict[str, Any]:
        found = {}
        for _ in draw.several(4):
            key = draw.one_of(MATTER[: 7 + draw.chance(5)])
            if key == "as_at":
                found[key] = draw.one_of(DAYS) if draw.chance(95) else self.anything(draw)
            elif key == "questions":
                found[key] = [self.text(draw) for _ in draw.several(3)] if draw.chance(70) else self.anything(draw)
            else:
                found[key] = self.text(draw) if draw.chance(95) else self.anything(draw)
        return found

    def parcel(self, draw: Draw) -> Any:
        found: dict[str, Any] = {"id": self.text(draw)} if draw.chance(80) else {}
        if draw.chance(30):
            found["title"] = self.text(draw)
        found |= {"facts": self.flat(draw, 5)} if draw.chance(60) else {}
        section = draw.one_of(self.sections)
        return found | ({section: self.section(draw, section)} if draw.chance(50) else {})

    def flat(self, draw: Draw, most: int) -> dict[str, Any]:
        facts = [draw.one_of(self.facts) for _ in draw.several(most)]
        return {fact.name if draw.chance(98) else self.text(draw): self.value(draw, fact) for fact in facts}

    def section(self, draw: Draw, section: str) -> dict[str, Any]:
        names = [draw.one_of(self.vocabulary.sections[section]) for _ in draw.several(6)]
        return {name: self.value(draw, self.vocabulary[f"{section}.{name}"]) for name in names}

    def value(self, draw: Draw, fact: Fact) -> Any:
        """A value of a fact: right, partly known, told with its source, or wrong."""
        kind = draw.below(60)
        if kind < 36:
            return self.exact(draw, fact)
        if kind < 46:
            return self.partial(draw, fact)
        if kind < 56:
            told = {"value": self.partial(draw, fact) if draw.chance(30) else self.exact(draw, fact)}
            told |= {"source": self.text(draw)} if draw.chance(60) else {}
            told |= {"standing": draw.one_of(STANDINGS[: 4 + draw.chance(5)])} if draw.chance(60) else {}
            return told | ({"note": self.text(draw)} if draw.chance(30) else {})
        return draw.one_of(("unknown", None)) if kind < 59 else self.anything(draw)

    def exact(self, draw: Draw, fact: Fact) -> Any:
        if fact.type == "set":
            return [draw.one_of(fact.values) for _ in draw.several(4)]
        if fact.type == "bool":
            return draw.one_of((True, False, "yes", "no", "TRUE"))
        if fact.type == "enum":
            return draw.one_of(fact.values)
        if fact.type == "date":
            day = f"{1950 + draw.below(80)}-{1 + draw.below(12):02}-{1 + draw.below(28):02}"
            return day if draw.chance(94) else draw.one_of(DAYS)
        number = draw.below(60) if draw.chance(60) else draw.below(3_000_000)
        return number if draw.chance(94) else draw.one_of(NUMBERS)

    def partial(self, draw: Draw, fact: Fact) -> Any:
        if fact.type == "set":
            keys = draw.one_of((("includes",), ("excludes",), ("includes", "excludes")))
            return {key: self.exact(draw, fact) for key in keys}
        if fact.type in ("bool", "enum") or draw.chance(30):
            return {"one_of": [self.exact(draw, fact) for _ in range(1 + draw.below(4))]}
        keys = draw.one_of((("at_least",), ("at_most",), ("at_least", "at_most")))
        return {key: self.exact(draw, fact) for key in keys}

    def anything(self, draw: Draw, depth: int = 0) -> Any:
        """Data of any shape."""
        kind = draw.below(8)
        if kind < 4 or depth > 3:
            return draw.one_of((*WORDS, *NUMBERS, *DAYS, None, True, 0, -1, 1.5))
        if kind == 4:
            return self.text(draw)
        if kind == 5:
            return [self.anything(draw, depth + 1) for _ in draw.several(3)]
        keys = (*FORMS, *self.names, *self.sections, *TOP, *WORDS)
        return {draw.one_of(keys): self.anything(draw, depth + 1) for _ in draw.several(3)}

    def text(self, draw: Draw) -> str:
        parts = (WORDS if draw.chance(70) else ODD if draw.chance(97) else HALVES for _ in range(1 + draw.below(3)))
        return " ".join(draw.one_of(options) for options in parts)

    # files

    def written(self, draw: Draw, data: Any) -> str:
        """Data as JSON, or as YAML of the plainest kind, or either with slips of the fingers."""
        if draw.chance(60):
            text = json.dumps(data, ensure_ascii=draw.chance(30), indent=draw.one_of((None, 1)))
        else:
            text = yaml(data)
        return self.slipped(draw, text) if draw.chance(12) else text

    def slipped(self, draw: Draw, text: str) -> str:
        for _ in range(1 + draw.below(3)):
            place, length = draw.below(len(text) + 1), draw.one_of((0, 0, 1, 5, 40))
            text = text[:place] + draw.one_of(SLIPS) + text[place + length :]
        return text

    def changed(self, draw: Draw, data: Any) -> Any:
        """A tree in which one place is otherwise: gone, doubled, of another type, or something else."""
        if isinstance(data, dict) and data and draw.chance(85):
            key = draw.one_of(list(data))
            if draw.chance(12):
                return {name: value for name, value in data.items() if name != key}
            if draw.chance(8):
                return {**data, draw.one_of((*data, *WORDS, "id", "when", "all", "any", "not")): self.anything(draw)}
            return {**data, key: self.changed(draw, data[key])}
        if isinstance(data, list) and data and draw.chance(85):
            place = draw.below(len(data))
            if draw.chance(20):
                return draw.one_of((data[:place], data[place:], data + data[place:]))
            return [*data[:place], self.changed(draw, data[place]), *data[place + 1 :]]
        options: tuple[Any, ...] = (
            data,
            [data],
            {"all": [data]},
            {"any": data},
            {"not": data},
            None,
            "",
            [],
            {},
            str(data)[:-1],
        )
        return draw.one_of(options) if draw.chance(50) else draw.one_of((*self.names, *self.sections, *WORDS, *NUMBERS))

    # portfolios

    def portfolio(self, draw: Draw, rows: int) -> tuple[str, bytes, int | None]:
        """The suffix of a file, its bytes, and how many rows it has, where that can be said."""
        if draw.chance(50):
            told = [self.fact_set(draw) if draw.chance(20) else {"id": self.text(draw), **self.flat(draw, 8)}
                    for _ in range(rows)]  # fmt: skip
            lines = [json.dumps(row, ensure_ascii=draw.chance(50)) for row in told]
            lines = [self.slipped(draw, line).replace("\n", " ") if draw.chance(10) else line for line in lines]
            text = draw.one_of(("\n", "\r\n")).join(lines)
            # A mark of byte order at the start of a line is no part of it.
            return ".jsonl", encoded(text), sum(bool(line.removeprefix("\ufeff").strip()) for line in lines)
        facts = {draw.one_of(self.facts).name: None for _ in range(1 + draw.below(6))}
        out = io.StringIO()
        end = draw.one_of(("\n", "\r\n"))
        writer = csv.writer(out, lineterminator=end)
        names = [*(["id"] if draw.chance(80) else []), *facts]
        writer.writerow(names)
        for _ in range(rows):
            cells = [self.text(draw)] if len(names) > len(facts) else []
            writer.writerow([*cells, *(self.cell(draw, self.vocabulary[name]) for name in facts)])
        text = draw.one_of(("", "", "\ufeff")) + out.getvalue()
        return (".csv", encoded(self.slipped(draw, text)), None) if draw.chance(40) else (".csv", encoded(text), rows)

    def cell(self, draw: Draw, fact: Fact) -> str:
        if draw.chance(10):
            return self.text(draw)
        value = self.value(draw, fact)
        if isinstance(value, list) and draw.chance(70):
            return "|".join(map(str, value)) or "[]"
        return json.dumps(value) if isinstance(value, (dict, list)) else "" if value is None else str(value)


def encoded(text: str) -> bytes:
    """UTF-8, with bytes that are no text for what UTF-8 cannot say."""
    return text.encode("utf-8", "surrogatepass")


def yaml(data: Any, indent: int = 0) -> str:
    """Data as block YAML; what stands in it is quoted only where it is odd."""
    pad = " " * indent
    if isinstance(data, Mapping) and data:
        return "".join(f"{pad}{_scalar(key)}:{_below(value, indent)}" for key, value in data.items())
    if isinstance(data, list) and data:
        return "".join(f"{pad}-{_below(value, indent)}" for value in data)
    return f"{pad}{_scalar(data)}\n"


def _below(value: Any, indent: int) -> str:
    inside = isinstance(value, (Mapping, list)) and value
    return f"\n{yaml(value, indent + 2)}" if inside else f" {_scalar(value)}\n"


def _scalar(value: Any) -> str:
    if (
        isinstance(value, str)
        and value.isascii()
        and value.replace("_", "").replace("-", "").replace(".", "").isalnum()
    ):
        return value
    return json.dumps(value, ensure_ascii=False)
