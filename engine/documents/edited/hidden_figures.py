"""Contacts, dates, amounts and numbers in free text, in figures or in words: each by its placeholder.

Of a date its year's century stays, and its day only where the law itself gives that day. Every repetition in a pattern
is bounded, so that work grows with the length of a text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from caprev.documents.edited.spans import Settled, Span

if TYPE_CHECKING:
    from caprev.documents.edited.editor import Editor

_CHUNK = re.compile(r"\S{1,200}(?: ?[\[(]at[\])] ?\S{1,200})?", re.IGNORECASE)
_SITE = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.(?:com|net|org|gov|edu|asn|io|au)", re.IGNORECASE)
_MONEY = re.compile(
    r"(?<!\w)[A-Z]{0,3}[$\u00a3\u20ac\u00a5] ?\d(?:[\d,]{0,30}\d)?(?:\.\d{1,9})?"
    r"(?: ?(?:million|billion|mil|bn|m|k)(?!\w))?",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\w{0,40}\d\w{0,40}(?:[/.,:\u2013-]\w{0,40}\d\w{0,40}){0,20}")
_WORD = re.compile(r"[^\W\d_]{1,40}")
_BEFORE = re.compile(r"([^\W\d_]{1,20})[ (]{1,2}$")
_START, _END = r"(?<![\w/.,$-])", r"(?![\w/$-]|[.,]\d)"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_SHORT = r"(?P<year>(?:1[89]|20)\d\d|\d\d)"
_RANGES = (" to ", " until ", " - ", " \u2013 ", "-", "\u2013")


class HiddenFigures:
    """Hides what has digits, and numbers in words."""

    def __init__(self, give: Editor) -> None:
        self.give = give
        self.other, self.hidden_day = give.phrases("edited.other"), give.phrases("edited.day")
        months = give.words("months")
        short = _any(month[:size] for month in months for size in (4, 3))
        month = rf"(?:{_any(months)}|(?:{short})\.?)(?!\w)"
        self._dates = tuple(_date_patterns(month, _any(give.words("days_in_words"))))
        self._kept_day = re.compile(rf"{_START}(?P<day>{_any(give.words('kept_days'))})(?: {_YEAR})?{_END}")
        self._of_year = re.compile(rf"(?<!\w)(?:{_any(give.words('before_kept_days'))})(?: on)? $", re.IGNORECASE)
        self._periods = frozenset(word.lower() for key in ("months", "period_words") for word in give.words(key))
        self._year = re.compile(rf"{_START}{_YEAR}{_END}")
        self._before_years = frozenset(give.words("before_years"))
        place = _any((*give.words("places"), *give.words("perhaps_places")))
        self._place = re.compile(rf"(?: [^\W\d_a-z][\w'\u2019.-]{{0,40}}){{0,4}} (?:{place})(?!\w)")
        self._numbers = self._number_words()

    def settle(self, text: Settled) -> None:
        """Settles all of it."""
        text.settle(_CHUNK, self._contact)
        text.add(list(self._days_of_law(text)))
        for pattern in self._dates:
            text.settle(pattern, self._dated)
        text.settle(self._year, self._year_alone)
        text.settle(_MONEY, lambda m: self._note("amount", m[0], self.give.amount(m[0])))
        text.settle(self._numbers, self._counted)
        text.settle(_FIGURE, lambda m: self._note("number", m[0], self.give.letter(f"text {m[0]}")))

    def addressed(self, text: str, end: int) -> bool:
        """Whether a name with a word for a place follows, so that what stands before it is a number of a house."""
        return bool(self._place.match(text, end))

    def _note(self, kind: str, original: str, placeholder: str) -> str:
        return self.give.note(kind, original, placeholder, "free text")

    def _contact(self, match: re.Match[str]) -> str | None:
        """A chunk that is an address on a network, or some such; None for any other."""
        chunk = match[0]
        core = chunk.strip(".,;:?!()'\"")
        plain = not ("@" in core or "://" in core or "_" in core or "\\" in core or core.lower().startswith("www."))
        if "(at)" in chunk.lower() or "[at]" in chunk.lower():
            core = chunk
        elif plain and not core.startswith("#") and not _SITE.fullmatch(core.partition("/")[0]):
            return None
        lead, _, tail = chunk.partition(core)
        return f"{lead}{self._note('contact', core, self.other)}{tail}"

    # dates

    def _days_of_law(self, text: Settled) -> Iterator[Span]:
        """Days that the law gives, where they can be nothing else: as ends of a year, or in a text of periods only."""
        found = list(text.found(self._kept_day))
        ranges = {
            match.start()
            for pair in pairwise(found)
            if pair[0]["day"] != pair[1]["day"] and text.text[pair[0].end() : pair[1].start()] in _RANGES
            for match in pair
        }
        periods = all(word[0].lower() in self._periods for word in _WORD.finditer(text.text)) if found else False
        for match in found:
            lead = self._of_year.search(text.text, max(0, match.start() - 40), match.start())
            named = text.text[match.end() : match.end() + 2].strip().isupper()
            if (lead or periods or match.start() in ranges) and not named:
                yield Span(match.start(), match.end(), self._shown(match, match["day"]))

    def _dated(self, match: re.Match[str]) -> str | None:
        groups = match.groupdict()
        if groups.get("day"):
            return self._shown(match, self.hidden_day)
        if groups.get("range") and self.addressed(match.string, match.end()):
            return None
        return self._shown(match, "")

    def _shown(self, match: re.Match[str], day: str) -> str:
        """A date by the year alone, after the day as it is shown."""
        year = self.give.year(_century(match["year"])) if match["year"] else ""
        return self._note("date", match[0], f"{day} {year}".strip())

    def _year_alone(self, match: re.Match[str]) -> str | None:
        """A number that is a year by what stands before and after it; None for any other."""
        before = _BEFORE.search(match.string, max(0, match.start() - 24), match.start())
        if not before or before[1].lower() not in self._before_years:
            return None
        after = match.string[match.end() : match.end() + 2]
        return None if after.strip().isdigit() or self.addressed(match.string, match.end()) else self._shown(match, "")

    # numbers in words

    def _number_words(self) -> re.Pattern[str]:
        """A number in words, of one word or several: "one" only where it is a part of an amount or an address."""
        word = _any(self.give.words("number_words"))
        joint = r"[ -](?:and[ -])?(?:an?[ -])?"
        more = rf"(?:{joint}(?:{word}|one|first|second)(?!\w)){{0,12}}"
        lots = "|".join(rf"(?<=\b{lot} )" for lot in self.give.words("lots"))
        money = self.give.phrases.book.vocabulary.money
        single, amounts = (_any([*money.words[places], *money.part[places]]) for places in (slice(1), slice(None)))
        one = rf"(?:{lots})(?:one|first)(?!\w)|(?:one|first|second)(?= (?-i:[A-Z]))|one(?= (?:{single or '(?!)'}))"
        return re.compile(
            rf"(?<!\w)(?:(?:one{joint})?(?:{word})s?(?!\w){more}|{one})(?P<money> (?:{amounts or '(?!)'}))?",
            re.IGNORECASE,
        )

    def _counted(self, match: re.Match[str]) -> str:
        low = match[0].lower()
        if match["money"]:
            return self._note("amount", match[0], self.give.amount(low))
        return self._note("number", match[0], self.give.letter(f"text {low}"))


def _date_patterns(month: str, ordinal: str) -> Iterator[re.Pattern[str]]:
    """Dates in their forms, the fullest first; of a `range` of years only the first is told."""
    year = rf"(?:,? (?P<year>(?:1[89]|20)\d\d|['\u2019]\d\d){_END})?"
    day = r"(?P<day>\d{1,2}(?:st|nd|rd|th)?)"
    in_words = rf"(?P<day>{ordinal})"
    for pattern in (
        rf"{_START}{day}(?: of)? {month}{year}",
        rf"(?<!\w){in_words}(?: day)?(?: of)? {month}{year}",
        rf"(?<!\w){month} {day}(?![\w/$-]|[.]\d){year}(?! (?:lots|days|years|acres))",
        rf"(?<!\w){month}(?: the)? {in_words}(?!\w){year}",
        rf"(?<!\w){month},? {_YEAR}{_END}",
        rf"(?<!\w){month} (?P<year>['\u2019]\d\d){_END}",
        rf"{_START}(?P<range>{_YEAR})[-/.\u2013]\d{{1,2}}(?:[-/.]\d{{1,2}})?{_END}",
        rf"{_START}\d{{1,2}}[-/.]\d{{1,2}}[-/.]{_SHORT}{_END}",
        rf"(?<!\w)FY ?{_SHORT}{_END}",
    ):
        yield re.compile(pattern, re.IGNORECASE)


def _any(words: Iterable[str]) -> str:
    """An alternation of words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _century(text: str) -> int:
    """A year of four digits, or of two: those up to thirty are of this century."""
    number = int(text.strip("'\u2019"))
    return number if number > 99 else number + (2000 if number <= 30 else 1900)
