"""The edited version of a document: what could identify is replaced, consistently, and every replacement is reported.

Law and citations are never touched: only values of facts, and whatever a person wrote in the fact set (`redacting`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from caprev.documents.edited.free_text import Redactor
from caprev.documents.words.phrases import Phrases
from caprev.documents.words.sentences import ends, number, when
from caprev.facts.currency import Currency
from caprev.facts.knowledge import INFINITY, Knowledge
from caprev.facts.vocabulary import Fact
from caprev.files.reading import Source
from caprev.once import cached_property


@dataclass(frozen=True)
class Replacement:
    """One thing hidden: of what kind, what it was, what stands for it, and where it was found."""

    kind: str
    original: str
    placeholder: str
    where: str


class Editor:
    """Hides what could identify in the documents of one fact set; the same thing always by the same placeholder."""

    def __init__(self, found: Source, phrases: Phrases) -> None:
        self.found = found
        self.phrases = phrases
        self.replacements: dict[tuple[str, str, str], Replacement] = {}
        self.texts: dict[str, None] = {}
        self.given: dict[tuple[str, str], str] = {}
        self._words: dict[str, list[str]] = {}
        self._counters: dict[str, int] = {}
        self._people: dict[str, list[tuple[frozenset[str], str]]] = {}

    def words(self, key: str) -> list[str]:
        """A list of words of the rulebook, read once."""
        if key not in self._words:
            self._words[key] = [str(word) for word in self.phrases.listed(f"edited.{key}")]
        return self._words[key]

    @property
    def money(self) -> Currency:
        """The currency of amounts that a person wrote."""
        return self.phrases.book.vocabulary.money

    # values of facts

    def tells(self, fact: Fact) -> bool:
        """Whether the values of a fact may be told as they are: none here."""
        return False

    def number(self, fact: Fact, known: Knowledge, unit: str) -> str:
        """A count, a measure or an amount."""
        low, high = ends(known)
        original = number(fact, known, unit, unit)
        if fact.currency:
            return self.note("amount", original, self.amount(f"{low}:{high}"), fact.name)
        shown = f"{self.letter(f'{low}:{high}')} {unit}".strip()
        return self.note("number", original, shown, fact.name)

    def when(self, known: Knowledge) -> str:
        """A date, by its year only."""
        low, high = ends(known)
        original = when(known)
        years = [date.fromordinal(int(end)).year for end in (low, high) if abs(end) < INFINITY]
        if len(years) == 2 and years[0] // 100 == years[1] // 100:
            shown = f"in {self.year(years[0])}"
        elif low > -INFINITY and high == INFINITY:
            shown = f"in or after {self.year(years[0])}"
        elif high < INFINITY and low == -INFINITY:
            shown = f"in or before {self.year(years[0])}"
        else:
            shown = f"in {self.phrases('edited.unknown_year')}"
        return self.note("date", original, shown, "")

    def year(self, year: int) -> str:
        """19PP: the century, and letters that stand for this year throughout."""
        return self.once("year", str(year), lambda index: f"{year // 100}{_nth(self.words('years'), index)}")

    def letter(self, value: str) -> str:
        """The letter that stands for a number throughout."""
        return self.once("number", value, lambda index: _nth(self.words("letters"), index))

    def amount(self, value: str) -> str:
        """The placeholder of an amount of money."""
        sign = self.money.symbol
        return self.once("amount", value, lambda index: f"{sign}{_nth(self.words('letters'), index) * 3}")

    def name(self, name: str) -> str:
        """A name by what it seems to be: a company, a trust, a place, or else a person."""
        words, low = name.split(), name.lower()
        for table, key in (("companies", "company"), ("trusts", "trust")):
            if any(word.strip(".") in self.words(table) for word in words):
                word = self.phrases(f"edited.{key}")
                return self.note("name", name, self.once(key, low, partial(_lettered, word)), "free text")
        # With initials it is a person's.
        place = words[-1] if len(words) > 1 and min(map(len, low.replace(".", "").split())) > 1 else ""
        if place in self.words("places"):
            shown = self.once("place", low, lambda index: f"{_nth(self.words('letters'), index) * 3} {place}")
            return self.note("place", name, shown, "free text")
        if place in self.words("perhaps_places"):
            return self.note("place", name, self.phrases("edited.other"), "free text")
        return self.note("name", name, self._person(low.replace(".", " ").split()), "free text")

    def _person(self, words: list[str]) -> str:
        """A person, also where only part of the name is given again."""
        lists = [self._people.get(word, []) for word in words]
        for known, shown in min(lists, key=len, default=[]):
            if known.issuperset(words):
                return shown
        shown = self.once("person", " ".join(words), lambda index: f"{self.phrases('edited.people')} {alpha(index)}")
        known = frozenset(words)
        for word in known:
            self._people.setdefault(word, []).append((known, shown))
        return shown

    def once(self, kind: str, value: str, make: Callable[[int], str]) -> str:
        """The placeholder for a value: made when the value first comes, the same ever after."""
        if (kind, value) not in self.given:
            index = self._counters.get(kind, 0)
            self._counters[kind] = index + 1
            self.given[kind, value] = make(index)
        return self.given[kind, value]

    def note(self, kind: str, original: str, placeholder: str, where: str) -> str:
        """The placeholder, the replacement put down for the report."""
        if original != placeholder:
            self.replacements.setdefault((kind, original, where), Replacement(kind, original, placeholder, where))
        return placeholder

    # free text

    def telling(self, name: str) -> list[str]:
        """The words of a file's name that no edited text would keep."""
        plain = self._redactor.plain
        words = [word for word in re.split(r"[\W_]+", name) if len(word) > 1]
        return [word for word in words if plain.hidden(word.lower()) or word.lower() in plain.names - plain.nouns]

    def text(self, text: str) -> str:
        """Free text with everything hidden that is not known to be plain language or law."""
        done = self._redactor.text(text)
        if done != text:
            self.texts[done] = None
        return done

    @cached_property
    def _redactor(self) -> Redactor:
        return Redactor(self)


def _lettered(word: str, index: int) -> str:
    return f"{word} {alpha(index)}"


def _nth(words: list[str], index: int) -> str:
    """The nth placeholder; after the last come two of them, and so on."""
    return (_nth(words, index // len(words) - 1) if index >= len(words) else "") + words[index % len(words)]


def alpha(index: int) -> str:
    """A, B, ... Z, AA, AB, ..."""
    return (alpha(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)
