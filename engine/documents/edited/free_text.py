"""Free text as it may be published: what is known to be plain language or law stays, and everything else is hidden.

A list of names is never complete, and a list of words nearly is. So a word stays if the rulebook itself uses it, or if
`rules/drafts/edited.yaml` lists it; a capital within a sentence, any figure, date or number in words, and every word of
neither list is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from caprev.documents.words.phrases import Phrases
from caprev.files.reading import Source
from caprev.once import cached_property

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_MONEY = re.compile(r"(?:\b[A-Z]{1,3})?\$\s?\d(?:[\d,]*\d)?(?:\.\d+)?(?:\s?(?:million|mil|m|k)\b)?")
_CONTACT = re.compile(
    r"\S+\s?[\[(]at[\])]\s?\S+|\S*@\S+|https?://\S+|www\.\S+|#\w+"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|gov|edu|asn|io|au)\b(?:/\S*)?"
)
_INITIALS = re.compile(r"\b(?:[A-Z]\. ?){1,4}(?=[A-Z][^\W\d_])")
_NUMBER = re.compile(r"\b(?=\w*\d)[\w/.,-]*\w\b")
_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
# X, XX or XXX, and the letters of 19PP: what stands there was put there.
_PLACEHOLDER = re.compile(r"([A-Z])\1{0,2}")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er")


class Placeholders(Protocol):
    """Gives out placeholders, the same for the same thing, and keeps account of them."""

    phrases: Phrases
    found: Source

    def words(self, key: str) -> list[str]: ...

    def year(self, year: int) -> str: ...

    def letter(self, value: str) -> str: ...

    def amount(self, value: str) -> str: ...

    def name(self, name: str) -> str: ...

    def note(self, kind: str, original: str, placeholder: str, where: str) -> str: ...


class Redactor:
    """Edits the free text of one fact set."""

    def __init__(self, placeholders: Placeholders) -> None:
        self.give = placeholders
        self.phrases = placeholders.phrases
        self.other = self.phrases("edited.other")

    def text(self, text: str) -> str:
        """A text as it may be published."""
        if not text.strip():
            return text
        parts = []
        position = 0
        for start, end in self._protected(text):
            parts += [self._edit(text[position:start], position == 0, "?" in text), text[start:end]]
            position = end
        return "".join([*parts, self._edit(text[position:], position == 0, "?" in text)])

    def _note(self, kind: str, original: str, placeholder: str) -> str:
        return self.give.note(kind, original, placeholder, "free text")

    # law

    def _protected(self, text: str) -> Iterator[tuple[int, int]]:
        """The spans that are law: references to provisions, names of Acts, rulings and cases, and reports."""
        listed = (*self.phrases.listed("citing.references"), *self.phrases.listed("citing.paragraphs"))
        references = rf"\b(?:{'|'.join(map(str, listed))}) \d[\w()-]*(?:(?:,| and| to) \d[\w()-]*)*"
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
        names: list[str] = []
        for record in self.phrases.book.authorities.values():
            names += [str(record.get(key) or "") for key in ("short", "cite", "act")]
            name = str(record.get("name") or "")
            if " v " in name:
                names.append(name)
                names += [
                    name.replace(long, str(brief)) for long, brief in self.phrases.table("citing.ato_names").items()
                ]
            neutral = record.get("medium_neutral")
            reports = [neutral, *(record.get("reports") or [])] if isinstance(neutral, dict) else record.get("reports")
            names += [str(report["cite"]) for report in reports or []]
        names += [str(entry.get("short")) for entry in self.phrases.table("citing.acts").values()]
        # One word may be somebody's name; what has a number or several words is the law's.
        return tuple(sorted({name for name in names if " " in name}, key=lambda name: (-len(name), name)))

    # what could identify

    def _edit(self, text: str, opening: bool, asks: bool) -> str:
        text = _CONTACT.sub(lambda m: self._note("contact", m[0], self.other), text)
        text = _INITIALS.sub("", text)
        text = self._dates(text)
        text = _MONEY.sub(lambda m: self._note("amount", m[0], self.give.amount(m[0])), text)
        text = self._numbers.sub(self._counted, text)
        text = _NUMBER.sub(lambda m: self._figure(m[0]), text)
        return self._names(text, opening, asks)

    @cached_property
    def _months(self) -> str:
        return "|".join(rf"{month}|{month[:4]}\.?|{month[:3]}\.?" for month in self.give.words("months"))

    def _dates(self, text: str) -> str:
        """Dates by their years alone; days that the law itself gives stay."""
        hidden, kept = self.phrases("edited.day"), self.give.words("kept_days")

        def full(match: re.Match[str]) -> str:
            day = f"{match['day']} {match['month']}" if match["month"] else ""
            year = self.give.year(_century(match["year"])) if match["year"] else ""
            shown = f"{day if day in kept else hidden} {year}".strip()
            return self._note("date", match[0], shown)

        def partly(match: re.Match[str]) -> str:
            return self._note("date", match[0], self.give.year(_century(match["year"])))

        month, year = rf"\b(?P<month>{self._months})(?!\w)", r"(?P<year>\d{4}|['\u2019]\d\d)"
        day = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
        for pattern, change in (
            (rf"\b{day}(?: of)? {month}(?:,? {year})?\b", full),
            (rf"{month} {day}(?:,? {year})?\b(?! (?:lots|days|years|acres))", full),
            (rf"{month},? {year}\b", partly),
            (r"\b(?P<year>\d{4})[-/.\u2013]\d{1,2}(?:[-/.]\d{1,2})?\b", partly),
            (r"\b\d{1,2}[-/.]\d{1,2}[-/.](?P<year>\d{4}|\d\d)\b", partly),
            (r"\b(?:FY|fy) ?(?P<year>\d{4}|\d\d)\b", partly),
            (rf"(?P<year>{_YEAR.pattern})", partly),
        ):
            text = re.sub(pattern, change, text)
        return text

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        """A number in words, of one word or several: not one, which may be anything."""
        word = "|".join(sorted(self.give.words("number_words"), key=len, reverse=True))
        joint = r"[ -](?:and[ -])?(?:an?[ -])?"
        more = rf"(?:{joint}(?:{word}|one|first|second)\b)*"
        pattern = rf"\b(?:one{joint})?(?:{word})s?\b{more}(?P<money> dollars?| cents?)?"
        return re.compile(pattern, re.IGNORECASE)

    def _counted(self, match: re.Match[str]) -> str:
        low = match[0].lower()
        if match["money"]:
            return self._note("amount", match[0], self.give.amount(low))
        return self._note("number", match[0], self.give.letter(f"text {low}"))

    def _figure(self, text: str) -> str:
        """Figures and anything with a digit in it, except what a placeholder left and the days of the law."""
        if re.fullmatch(r"(?:1[89]|20)[A-Z]{2}", text) or text in ("0", "1", "30"):
            return text
        return self._note("number", text, self.give.letter(f"text {text}"))

    # names

    def _names(self, text: str, opening: bool, asks: bool) -> str:
        done: list[str] = []
        position = index = 0
        matches = list(_WORD.finditer(text))
        kept = tuple(self.give.words("kept_days"))

        def joined(at: int) -> bool:
            """Whether the next word goes on with a name."""
            return at + 1 < len(matches) and text[matches[at].end() : matches[at + 1].start()] in (" ", " & ")

        while index < len(matches):
            match = matches[index]
            before = text[: match.start()].rstrip()
            first = (opening and not before) or before.endswith((".", "?", "!", ":", ";"))
            named = joined(index) and matches[index + 1][0][0].isupper() and self._hidden(matches[index + 1][0])
            hidden = self._opens(match[0], named, asks) if first else self._hidden(match[0])
            if not hidden or text[: match.end()].endswith(kept):
                index += 1
                continue
            last = index
            # A name goes on over capitals ("Bank of Exampletown" is two); small words are hidden together.
            while (
                joined(last)
                and self._hidden(word := matches[last + 1][0])
                and word[0].isupper() is match[0][0].isupper()
            ):
                last += 1
            name = text[match.start() : matches[last].end()]
            done += [text[position : match.start()], self._named(name)]
            position = matches[last].end()
            index = last + 1
        return "".join([*done, text[position:]])

    def _named(self, name: str) -> str:
        """What stands for a name; for a month by itself and for small words no more than that something is hidden."""
        month = re.fullmatch(self._months, name)
        if month or (name[0].islower() and name.isascii()):
            return self._note("date" if month else "word", name, self.other)
        return self.give.name(name)

    def _opens(self, word: str, named: bool, asks: bool) -> bool:
        """Whether the first word of a sentence could be a name, or the first of one that goes on."""
        low = word.lower()
        if not word[0].isupper() or word in self._plain or _PLACEHOLDER.fullmatch(word):
            return self._hidden(word)
        if low in self.give.words("names_too"):
            return named and not asks
        return not self._usual(low) or (named and low not in self._common)

    def _hidden(self, word: str) -> bool:
        """Whether a word within a sentence could identify: a capital, or what is no plain language."""
        head, _, rest = word.partition("-")
        if word in self._plain or (_PLACEHOLDER.fullmatch(head) and (not rest or self._usual(rest))):
            return False
        low = word.lower()
        return word[0].isupper() or not self._usual(low) or (low in self._known_names and low not in self._common)

    def _usual(self, low: str) -> bool:
        """Whether a word is plain language, as it stands, inflected or compounded."""
        low = re.sub(r"['\u2019]s?$", "", low)
        if low in self._language or all(part in self._language for part in low.split("-")):
            return True
        stems = [low[: -len(ending)] for ending in _ENDINGS if low.endswith(ending)]
        return any(stem in self._language or f"{stem}e" in self._language for stem in stems if len(stem) > 2)

    @cached_property
    def _plain(self) -> frozenset[str]:
        return frozenset((*self.give.words("plain"), *self.give.words("titles")))

    @cached_property
    def _common(self) -> frozenset[str]:
        return frozenset(self.give.words("language"))

    @cached_property
    def _language(self) -> frozenset[str]:
        """Words that the rulebook itself writes small: plain language, and nobody's name."""
        book = self.phrases.book
        texts: list[str] = [text for factor in book.factors.values() for text in (factor.text, factor.limits)]
        texts += [fact.ask for fact in book.vocabulary]
        texts += [node.question for node in book.nodes.values()]
        texts += [text for rule in book.consequences.values() for text in (rule.title, rule.says)]
        for table in self.phrases.tables.values():
            texts += _strings(table.data)
        found = {word for text in texts for word in _WORD.findall(text) if word[0].islower()}
        return frozenset((found | self._common) - set(self.give.words("number_words")))

    @cached_property
    def _known_names(self) -> frozenset[str]:
        """Words that the fact set writes with a capital somewhere within a sentence."""
        found = set()
        for text in _strings(self.give.found.data):
            for match in _WORD.finditer(text):
                inside = match.start() > 0 and not text[: match.start()].rstrip().endswith((".", "?", "!"))
                if match[0][0].isupper() and inside and len(match[0]) > 2:
                    found.add(match[0].lower())
        return frozenset(found)


def _century(text: str) -> int:
    """A year of four digits, or of two: those up to thirty are of this century."""
    number = int(text.strip("'\u2019"))
    return number if number > 99 else number + (2000 if number <= 30 else 1900)


def _strings(value: object) -> Iterator[str]:
    """Every text in nested data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, Iterable):
        for item in value:
            yield from _strings(item)
