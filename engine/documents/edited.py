"""The edited version of a document: what could identify is replaced, consistently, and every replacement is reported.

Law and citations are never touched: only values of facts, and whatever a person wrote in the fact set. Free text is
edited by allowing what is known to be plain language and hiding the rest, because a list of names is never complete.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from ..knowledge import INFINITY, Knowledge
from ..source import Source, Value
from ..vocabulary import Fact
from .model import Run
from .phrases import Phrases
from .sentences import ends, number, when

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_MONEY = re.compile(r"\$\s?\d(?:[\d,]*\d)?(?:\.\d+)?(?:\s?(?:million|m|k)\b)?")
_CONTACT = re.compile(r"\S+@\S+|https?://\S+|www\.\S+")
_NUMBER = re.compile(r"\b(?=\w*\d)[\w/.,-]*\w\b")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")


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
        self._given: dict[tuple[str, str], str] = {}
        self._counters: dict[str, int] = {}

    def words(self, key: str) -> list[str]:
        return [str(word) for word in self.phrases.listed(f"edited.{key}")]

    # values of facts

    def number(self, fact: Fact, known: Knowledge, unit: str) -> str:
        """A count, a measure or an amount."""
        low, high = ends(known)
        original = number(fact, known, unit, unit)
        if fact.unit == "AUD":
            return self._note("amount", original, self._amount(f"{low}:{high}"), fact.name)
        shown = f"{self._letter(f'{low}:{high}')} {unit}".strip()
        return self._note("number", original, shown, fact.name)

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
        return self._note("date", original, shown, "")

    def year(self, year: int) -> str:
        """19PP: the century, and letters that stand for this year throughout."""
        return self._once("year", str(year), lambda index: f"{year // 100}{_nth(self.words('years'), index)}")

    def _letter(self, value: str) -> str:
        return self._once("number", value, lambda index: _nth(self.words("letters"), index))

    def _amount(self, value: str) -> str:
        return self._once("amount", value, lambda index: f"${_nth(self.words('letters'), index) * 3}")

    def _once(self, kind: str, value: str, make: Callable[[int], str]) -> str:
        if (kind, value) not in self._given:
            index = self._counters.get(kind, 0)
            self._counters[kind] = index + 1
            self._given[kind, value] = make(index)
        return self._given[kind, value]

    def _note(self, kind: str, original: str, placeholder: str, where: str) -> str:
        if original != placeholder:
            self.replacements.setdefault((kind, original, where), Replacement(kind, original, placeholder, where))
        return placeholder

    # free text

    def change(self, run: Run) -> Run:
        """A run as it may be published."""
        return run if run.law else Run(self.text(run.text), run.italic, run.bold)

    def text(self, text: str) -> str:
        """Free text with everything hidden that is not known to be plain language or law."""
        if not text.strip():
            return text
        parts = []
        position = 0
        for start, end in self._protected(text):
            parts += [self._edit(text[position:start], position == 0), text[start:end]]
            position = end
        parts.append(self._edit(text[position:], position == 0))
        done = "".join(parts)
        if done != text:
            self.texts[done] = None
        return done

    def _protected(self, text: str) -> Iterator[tuple[int, int]]:
        """The spans that are law: references to provisions, names of Acts, rulings and cases."""
        words = "|".join(
            map(str, (*self.phrases.listed("citing.references"), *self.phrases.listed("citing.paragraphs")))
        )
        references = rf"\b(?:{words}) \d[\w()-]*(?:(?:,| and| to) \d[\w()-]*)*"
        spans = [match.span() for match in re.finditer(references, text)]
        for name in self._law:
            start = text.find(name)
            while start >= 0:
                spans.append((start, start + len(name)))
                start = text.find(name, start + len(name))
        end = 0
        for span in sorted(spans, key=lambda found: (found[0], -found[1])):
            if span[0] >= end:
                yield span
                end = span[1]

    @cached_property
    def _law(self) -> tuple[str, ...]:
        book = self.phrases.book
        names = [str(record.get(key) or "") for record in book.authorities.values() for key in ("short", "cite", "act")]
        names += [str(entry.get("short")) for entry in self.phrases.table("citing.acts").values()]
        # One word may be somebody's name; what has a number or several words is the law's.
        return tuple(sorted({name for name in names if " " in name}, key=lambda name: (-len(name), name)))

    def _edit(self, text: str, opening: bool) -> str:
        text = _CONTACT.sub(lambda m: self._note("contact", m[0], self.phrases("edited.other"), "free text"), text)
        text = self._dates(text)
        text = _MONEY.sub(lambda m: self._note("amount", m[0], self._amount(m[0]), "free text"), text)
        text = _NUMBER.sub(lambda m: self._figure(m[0]), text)
        return self._names(text, opening)

    def _dates(self, text: str) -> str:
        months = "|".join(self.words("months"))
        kept = self.words("kept_days")

        def full(match: re.Match[str]) -> str:
            day = f"{match[1]} {match[2]}"
            shown = f"{day if day in kept else self.phrases('edited.day')} {self.year(int(match[3]))}"
            return self._note("date", match[0], shown, "free text")

        def partly(match: re.Match[str]) -> str:
            return self._note("date", match[0], self.year(int(match[1])), "free text")

        text = re.sub(rf"\b(\d{{1,2}}) ({months}) (\d{{4}})\b", full, text)
        text = re.sub(rf"\b(?:{months}) (\d{{4}})\b", partly, text)
        text = re.sub(r"\b(\d{4})-\d{2}(?:-\d{2})?\b", partly, text)
        text = re.sub(r"\b\d{1,2}/\d{1,2}/(\d{4})\b", partly, text)
        return _YEAR.sub(lambda m: self._note("date", m[0], self.year(int(m[0])), "free text"), text)

    def _figure(self, text: str) -> str:
        """Figures and anything with a digit in it, except what a placeholder left and the days of the law."""
        if re.fullmatch(r"(?:1[89]|20)[A-Z]{2}", text) or text in ("0", "1", "30"):
            return text
        return self._note("number", text, self._letter(f"text {text}"), "free text")

    def _names(self, text: str, opening: bool) -> str:
        done: list[str] = []
        position = 0
        matches = list(_WORD.finditer(text))
        index = 0
        while index < len(matches):
            match = matches[index]
            before = text[: match.start()].rstrip()
            first = (opening and not before) or before.endswith((".", "?", "!", ":"))
            if not self._hidden(match[0], first):
                index += 1
                continue
            last = index
            # A name goes on over capitals, and over small words between them ("Bank of Exampletown").
            while last + 1 < len(matches) and text[matches[last].end() : matches[last + 1].start()] in (" ", " & "):
                if not self._hidden(matches[last + 1][0], False):
                    break
                last += 1
            name = text[match.start() : matches[last].end()]
            done += [text[position : match.start()], self._name(name)]
            position = matches[last].end()
            index = last + 1
        return "".join([*done, text[position:]])

    def _hidden(self, word: str, first: bool) -> bool:
        """Whether a word could be a name: a capital where plain language has none, or a script without capitals."""
        if word in self._plain or re.fullmatch(r"(?:1[89]|20)?[A-Z]{1,3}", word):
            return False
        low = word.lower()
        if low in self.words("number_words"):
            return True
        if word[0].isupper():
            return not (first and low in self._language)
        if not word.isascii():
            return low not in self._language
        return low in self._known_names and low not in self._language

    @cached_property
    def _plain(self) -> frozenset[str]:
        return frozenset((*self.words("plain"), *self.words("months"), *self.words("titles")))

    @cached_property
    def _language(self) -> frozenset[str]:
        """Words that the rulebook itself writes small: plain language, and nobody's name."""
        book = self.phrases.book
        texts: list[str] = [factor.text for factor in book.factors.values()]
        texts += [fact.ask for fact in book.vocabulary]
        texts += [node.question for node in book.nodes.values()]
        for table in self.phrases.tables.values():
            texts += _strings(table.data)
        found = {word for text in texts for word in _WORD.findall(text) if word[0].islower()}
        return frozenset((found | set(self.words("language"))) - set(self.words("number_words")))

    @cached_property
    def _known_names(self) -> frozenset[str]:
        """Words that the fact set writes with a capital somewhere within a sentence."""
        found = set()
        for text in _strings(self.found.data):
            for match in _WORD.finditer(text):
                inside = match.start() > 0 and not text[: match.start()].rstrip().endswith((".", "?", "!"))
                if match[0][0].isupper() and inside and len(match[0]) > 2:
                    found.add(match[0].lower())
        return frozenset(found)

    def _name(self, name: str) -> str:
        words = name.split()
        low = name.lower()
        if low in self.words("number_words"):
            return self._note("number", name, self._letter(f"text {low}"), "free text")
        kind, shown = "name", ""
        for table, key in (("companies", "company"), ("trusts", "trust")):
            if any(word.strip(".") in self.words(table) for word in words):
                word = self.phrases(f"edited.{key}")
                shown = self._once(key, low, partial(_lettered, word))
                break
        place = next((word for word in reversed(words) if word in self.words("places")), "")
        if not shown and place and len(words) > 1:
            letters = self.words("letters")
            kind, shown = "place", self._once("place", low, lambda index: f"{_nth(letters, index) * 3} {place}")
        if not shown:
            shown = self._person(words)
        return self._note(kind, name, shown, "free text")

    def _person(self, words: list[str]) -> str:
        """A person, also where only part of the name is given again."""
        for (kind, known), shown in self._given.items():
            if kind == "person" and {word.lower() for word in words} <= set(known.split()):
                return shown
        key = " ".join(word.lower() for word in words)
        return self._once("person", key, lambda index: f"{self.phrases('edited.people')} {_alpha(index)}")


def _lettered(word: str, index: int) -> str:
    return f"{word} {_alpha(index)}"


def _nth(words: list[str], index: int) -> str:
    """The nth placeholder; after the last they are doubled."""
    return words[index % len(words)] * (1 + index // len(words))


def _alpha(index: int) -> str:
    return (_alpha(index // 26 - 1) if index >= 26 else "") + chr(ord("A") + index % 26)


def _strings(value: Value | Mapping[str, object] | Iterable[object]) -> Iterator[str]:
    """Every text in nested data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
