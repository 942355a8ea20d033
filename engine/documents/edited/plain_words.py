"""Which words are plain language: those that the rulebook itself writes small, and those listed for it.

A list of names is never complete, and a list of words nearly is. A word of both lists is a name wherever it has a
capital that a sentence does not ask for, where it opens a sentence, and where it stands by a name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from caprev.documents.words.phrases import Phrases
from caprev.files.reading import Source
from caprev.once import cached_property

WORD = re.compile(r"[^\W\d_]{1,64}(?:['\u2019-][^\W\d_]{1,64}){0,6}")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly")
# What a wording is filled in with: ids of authorities are names.
_SLOT = re.compile(r"\{[^{}]{0,80}\}")
_INITIAL = re.compile(r"(?<!\w)[^\W\d_]\.$")
_STOPS = (".", "?", "!", ":", ";")


class PlainWords:
    """The words that tell nothing, beside one fact set."""

    def __init__(self, phrases: Phrases, words: Callable[[str], list[str]], found: Source) -> None:
        self.phrases = phrases
        self.words = words
        self.found = found
        self.capitals = frozenset((*words("plain"), *words("titles")))
        self.titles = frozenset(title.lower() for title in words("titles"))
        self.small = frozenset(words("small_words"))
        self.given = frozenset(words("names_too"))
        self.names = self.given | frozenset(words("surnames_too"))
        self.auxiliaries, self.determiners = frozenset(words("auxiliaries")), frozenset(words("determiners"))
        self.nouns, self.short = frozenset(words("nouns")), frozenset(words("short_names"))

    def hidden(self, word: str) -> bool:
        """Whether a word within a sentence could identify: it has a capital, or is no plain language."""
        if self.large(word):
            return False
        low = base(word)
        if word[0].isupper() or not self.usual(low):
            return True
        return low in self._known_names and low not in self._common

    def large(self, word: str) -> bool:
        """Whether a word has a capital of its own, and names nobody."""
        return _POSSESSIVE.sub("", word) in self.capitals

    def usual(self, low: str) -> bool:
        """Whether a word is plain language, as it stands, inflected or compounded."""
        if low in self._language or all(part in self._language for part in low.split("-")):
            return True
        stems = [low[: -len(ending)] for ending in _ENDINGS if low.endswith(ending)]
        stems = [found for stem in stems for found in (stem, f"{stem}e") if len(found) > 2]
        return any(stem in self._language and stem not in self.small for stem in stems)

    @cached_property
    def _common(self) -> frozenset[str]:
        return (frozenset(self.words("language")) - self.names) | self.small

    @cached_property
    def _language(self) -> frozenset[str]:
        """Words that the rulebook itself writes small, and those listed."""
        book = self.phrases.book
        texts: list[str] = [text for factor in book.factors.values() for text in (factor.text, factor.limits)]
        texts += [fact.ask for fact in book.vocabulary]
        texts += [node.question for node in book.nodes.values()]
        texts += [text for rule in book.consequences.values() for text in (rule.title, rule.says)]
        tables = [table.data for name, table in self.phrases.tables.items() if name != "edited"]
        texts += [text for text in _strings(tables) if " " in text]  # the others are ids
        found = {word for text in texts for word in WORD.findall(_SLOT.sub(" ", text)) if word[0].islower()}
        listed = {*self.words("language"), *self.small}
        return frozenset((found | listed) - set(self.words("number_words")))

    @cached_property
    def _known_names(self) -> frozenset[str]:
        """Words that the fact set writes with a capital somewhere within a sentence."""
        return frozenset(
            base(match[0])
            for text in _strings(self.found.data)
            for match in WORD.finditer(text)
            if match[0][0].isupper() and len(match[0]) > 2 and not opens(text, match.start())
        )


def base(word: str) -> str:
    """A word in small letters, without its possessive ending."""
    return _POSSESSIVE.sub("", word).lower()


def opens(text: str, start: int) -> bool:
    """Whether what starts here begins a sentence: after a stop that is not that of an initial, or before all else."""
    before = text[max(0, start - 8) : start].rstrip(" \n\"'(\u2018\u201c")
    return (before.endswith(_STOPS) and not _INITIAL.search(before)) or (not before and start <= 8)


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
