"""What the tests of every pack of strict rules do: read its law once, answer its matters, and take out a figure."""

from __future__ import annotations

from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path

from caprev.files import reading
from caprev.law import packs
from caprev.strict import answer, book, matter
from caprev.strict.answer import Answer
from caprev.strict.book import Book

Bounds = tuple[Fraction | None, Fraction | None]


class Tried:
    """A pack by its name, and what its matters to start from come to."""

    def __init__(self, name: str) -> None:
        self.rules, self.cases = packs.home("rules", name), packs.home("cases", name)

    @cached_property
    def law(self) -> Book:
        """Read when a test first asks, so that a fault in it is one of that test."""
        return book.load(self.rules)

    def told(self, example: str, instead: tuple[str, str] = ("", "")) -> Answer:
        """The answer on a matter to start from, a text of which may be put otherwise."""
        text = (Path(self.cases) / "examples" / f"{example}.yaml").read_text("utf-8")
        assert instead[0] in text
        return answer.answer(self.law, matter.read(reading.parse(text.replace(*instead), example), self.law))

    def bounds(self, found: Answer | str, part: str, name: str) -> Bounds:
        """From where to where an amount may be, in an answer or in that on a matter to start from."""
        found = self.told(found) if isinstance(found, str) else found
        told = next(item for item in found.part(part).amounts if item.name == name)
        assert told.interval is not None, f"{part}: {name} is not told"
        return told.interval.low, told.interval.high

    def figure(self, found: Answer | str, part: str, name: str) -> Fraction:
        """An amount that is one number."""
        low, high = self.bounds(found, part, name)
        assert low is not None
        assert low == high, f"{part}: {name} is from {low} to {high}"
        return low


@cache
def tried(name: str) -> Tried:
    """A pack, read once in a run."""
    return Tried(name)
