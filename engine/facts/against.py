"""A fact set held against the text that it was taken from: what is quoted is there, and what the text leaves to ask.

In: a matter, the vocabulary, and a text. No language is understood here: quotations are compared word by word, and a
passage is thought to answer a question only by the vocabulary's own words. It proposes; a person decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from caprev.facts import phrases
from caprev.facts.matter import Matter
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.once import cached_property

# Straight, curly and angled marks; a single one is an apostrophe unless it stands before a word and after one.
_QUOTED = re.compile(
    r"\"([^\"]+)\"|\u201c([^\u201d]+)\u201d|\u00ab([^\u00bb]+)\u00bb|(?<!\w)['\u2018](.+?)['\u2019](?!\w)"
)
_LEFT_OUT = re.compile(r"\[[^\]]*\]|\u2026|\.{3,}")  # what a person who quotes leaves out or puts in
_WORD = re.compile(r"[^\W_]+(?:[.,][0-9]+)*(?:['\u2019][^\W_]+)?")
_BROKEN = re.compile(r"(?<=[a-z])(?:-\n[ \t]*|\u00ad\n?)(?=[a-z])")  # a word at the end of a line
_PASSAGE = re.compile(r"[^\n.;?!](?:[^\n.;?!]|\n(?!\s*\n)|[.](?=\w))*[.;?!]?")
_YEAR, _NUMBER = (
    re.compile(r"\b(?:1[89]|20)\d\d\b"),
    re.compile(r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b"),
)
_ASKING = frozenset({
    "about", "after", "also", "and", "any", "are", "because", "before", "been", "but", "can", "come", "could", "did",
    "does", "down", "each", "for", "from", "get", "had", "has", "have", "how", "into", "its", "made", "make", "many",
    "more", "most", "much", "not", "off", "once", "one", "only", "other", "out", "over", "own", "same", "some",
    "such", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "through",
    "under", "until", "upon", "was", "were", "what", "when", "where", "which", "while", "who", "whom", "whose", "why",
    "will", "with", "without", "would", "year", "owner",
})  # fmt: skip
_FAR = 40  # words that may be left out between two parts of a quotation
_LIKE = 0.5  # the share of its words in a row, from which a passage is named as the nearest
_DENYING = 4  # words before a name, among which "no" denies it
_SHOWN = 240  # characters of a passage


@dataclass(frozen=True)
class Quote:
    """Words quoted as the source of a fact: the line where the text has them (0: it has not), else what is nearest."""

    fact: str
    parcel: str
    words: str
    line: int
    nearest: str = ""


@dataclass(frozen=True)
class Proposal:
    """A question that is open and that a passage seems to answer: the words in common, and the value they name."""

    fact: str
    ask: str
    line: int
    passage: str
    words: tuple[str, ...]
    value: str = ""


@dataclass(frozen=True)
class Checked:
    """What came of it: every quotation, the facts that quote nothing, and the questions left open."""

    quotes: tuple[Quote, ...]
    unquoted: tuple[tuple[str, str], ...]  # fact, and its source as far as one is named
    proposals: tuple[Proposal, ...]


def check(matter: Matter, vocabulary: Vocabulary, text: str) -> Checked:
    """A matter held against a text."""
    held = _Text(text)
    quotes: dict[tuple[str, str], Quote] = {}
    unquoted: dict[str, str] = {}
    open_: dict[str, Fact] = {}
    for parcel in matter.parcels:
        name = parcel.id if len(matter.parcels) > 1 else ""
        for given in parcel.facts.values():
            if not given.at:
                continue  # it follows from others, and nobody took it from anywhere
            found = quoted(given.source) + quoted(given.note)
            if not found:
                unquoted.setdefault(given.fact.name, given.source)
            for words in found:  # facts that parcels share are held once
                quotes.setdefault((given.fact.name, words), held.quote(given.fact.name, name, words))
        for fact in vocabulary:
            if fact.name not in parcel.facts or parcel.facts[fact.name].knowledge == fact.unknown:
                open_[fact.name] = fact
    proposals = _Proposer(vocabulary).over(held, open_)
    return Checked(tuple(quotes.values()), tuple(unquoted.items()), tuple(proposals))


def quoted(source: str) -> list[str]:
    """What a source quotes: the words between quotation marks."""
    return [next(part for part in match.groups() if part) for match in _QUOTED.finditer(source)]


class _Text:
    """A text as words, each knowing its line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.at: list[int] = []
        plain = _BROKEN.sub(lambda match: "\ue000" * len(match.group()), text)  # keeps every place
        for match in re.finditer(r"[^\W_\ue000]+(?:\ue000+[^\W_\ue000]+)*(?:[.,][0-9]+)*(?:['\u2019][^\W_]+)?", plain):
            self.words.append(_one(match.group().replace("\ue000", "")))
            self.at.append(match.start())
        self.starts: list[int] = []
        length = 1
        for word in self.words:
            self.starts.append(length)
            length += len(word) + 1
        self.joined = f" {' '.join(self.words)} "

    @cached_property
    def _numbers(self) -> Mapping[int, int]:
        return {start: number for number, start in enumerate(self.starts)}

    def line(self, place: int) -> int:
        """The line on which a character stands."""
        return self.text.count("\n", 0, place) + 1

    def quote(self, fact: str, parcel: str, quotation: str) -> Quote:
        """A quotation, looked for word by word: case, marks, spaces and the ends of lines say nothing."""
        parts = [found for part in _LEFT_OUT.split(quotation) if (found := [_one(w) for w in _WORD.findall(part)])]
        place = self._found(parts)
        line = self.line(self.at[place]) if place >= 0 else 0
        return Quote(fact, parcel, quotation, line, "" if line else self._nearest([w for part in parts for w in part]))

    def _found(self, parts: list[list[str]]) -> int:
        """The number of the word at which the parts stand one after the other, or -1."""
        if not parts:
            return -1
        first = f" {' '.join(parts[0])} "
        begin = self.joined.find(first)
        while begin >= 0:
            start = self._numbers[begin + 1]
            if self._follow(start + len(parts[0]), parts[1:]):
                return start
            begin = self.joined.find(first, begin + 1)
        return -1

    def _follow(self, place: int, parts: list[list[str]]) -> bool:
        for part in parts:
            near = range(place, min(place + _FAR, len(self.words)) + 1)
            found = next((at for at in near if self.words[at : at + len(part)] == part), -1)
            if found < 0:
                return False
            place = found + len(part)
        return True

    def _nearest(self, words: list[str]) -> str:
        matcher = SequenceMatcher(None, words, self.words, autojunk=False)
        match = matcher.find_longest_match(0, len(words), 0, len(self.words))
        if not words or match.size < max(2, _LIKE * len(words)):
            return ""
        first = max(match.b - match.a, 0)
        last = min(match.b + len(words) - match.a, len(self.words)) - 1
        end = self.at[last] + len(self.words[last])
        return f"line {self.line(self.at[match.b])}: {_short(self.text[self.at[first] : end])}"

    def passages(self) -> Iterator[tuple[int, str]]:
        """Sentences, or lines of a list, each with its line."""
        for match in _PASSAGE.finditer(self.text):
            said = " ".join(_BROKEN.sub("", match.group()).split())
            if said:
                yield self.line(match.start() + len(match.group()) - len(match.group().lstrip())), said


def _one(word: str) -> str:
    """A word in one form: compatible letters, small, numbers without what parts their thousands."""
    word = unicodedata.normalize("NFKC", word).casefold().replace("\u2019", "'")
    return word.replace(",", "") if word[0].isdigit() else word


def _short(text: str) -> str:
    said = " ".join(_BROKEN.sub("", text).split())
    return said if len(said) <= _SHOWN else said[:_SHOWN].rsplit(" ", 1)[0] + " ..."


class _Proposer:
    """Which passage seems to answer which question, by the words in which the vocabulary asks it and names its values.

    Words that many questions share tell little: a value named by one word needs words of its question beside it,
    and one that is denied is not named.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.own = {fact.name: _content(fact.words) for fact in vocabulary}
        self.asked = {fact.name: _content(fact.ask) | self.own[fact.name] for fact in vocabulary}
        self.often = Counter(word for words in self.asked.values() for word in words)
        self.names = {fact.name: phrases.names(fact) for fact in vocabulary}
        self.shared = Counter(words for names in self.names.values() for words in names)

    def over(self, held: _Text, facts: Mapping[str, Fact]) -> Iterator[Proposal]:
        """For each question the passage that answers it best, if any seems to; the first of equals."""
        passages = [(line, said, f" {phrases.phrase(said)} ") for line, said in held.passages()]
        for fact in facts.values():
            best: tuple[int, Proposal] | None = None
            for line, said, words in passages:
                weight, common, value = self._answer(fact, said, words)
                if weight and (best is None or weight > best[0]):
                    best = weight, Proposal(fact.name, fact.ask, line, _short(said), common, value)
            if best:
                yield best[1]

    def _answer(self, fact: Fact, said: str, words: str) -> tuple[int, tuple[str, ...], str]:
        """How well a passage answers a question (0: not), by which words, naming which value."""
        present = set(words.split())
        rare = {word for word in self.asked[fact.name] & present if self.often[word] <= 3}
        if fact.values:
            return self._named(fact, words, rare)
        own = self.own[fact.name]
        if fact.type == "date" and not _YEAR.search(said):
            return 0, (), ""
        if fact.type in ("int", "number") and not _NUMBER.search(said.lower()):
            return 0, (), ""
        whole = own <= present and (len(own) > 1 or any(self.often[word] == 1 or fact.type == "int" for word in own))
        asked = self.asked[fact.name]
        if whole or len(rare) >= 3 or (len(asked) > 1 and asked <= present):
            return len(own & present) + len(rare), tuple(sorted((own & present) | rare)), ""
        return 0, (), ""

    def _named(self, fact: Fact, words: str, rare: set[str]) -> tuple[int, tuple[str, ...], str]:
        found = {name: value for name, value in self.names[fact.name].items() if f" {name} " in words}
        telling = {}
        for name, value in found.items():
            alone = len(_content(name)) > 1 and self.shared[name] == 1
            beside = rare - set(name.split())
            if len(name) > 3 and (alone or len(beside) > 1 or beside & self.own[fact.name]):
                telling[name] = value
        if not telling:
            return 0, (), ""
        longest = max(telling, key=lambda name: (len(name.split()), len(name)))
        values = {value for name, value in telling.items() if len(name.split()) == len(longest.split())}
        common = (longest, *sorted(rare - set(longest.split())))
        before = " ".join(words.split(f" {longest} ")[0].split()[-_DENYING:])
        value = values.pop() if len(values) == 1 and not phrases.denied(before) else ""
        return 2 * len(longest.split()) + len(rare), common, value


def _content(text: str) -> set[str]:
    """The words of a text that say what it is about."""
    return {word for word in phrases.phrase(text).split() if len(word) > 2 and word not in _ASKING}
