"""Names in free text: every word that is not known to be plain language, with what belongs to it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from caprev.documents.edited.plain_words import WORD, PlainWords, base, opens
from caprev.documents.edited.spans import Settled, Span
from caprev.once import cached_property

# What may stand between the words of one name.
_JOINTS = (" ", " & ")
_POSSESSIVE = re.compile(r"['\u2019]s$")


class HiddenNames:
    """Hides the names of one text; `name` gives the placeholder of a name, and `word` that of a small word."""

    def __init__(self, text: Settled, plain: PlainWords, name: Callable[[str], str], word: Callable[[str], str]):
        self.text = text
        self.plain = plain
        self.name = name
        self.word = word
        self.words = list(text.found(WORD))
        self.found: list[bool] = []
        for index in range(len(self.words)):
            self.found.append(self._found(index))

    def settle(self) -> None:
        """Settles every name, and words that could be one."""
        self.text.add(list(self._spans()))

    def _spans(self) -> Iterator[Span]:
        index = 0
        while index < len(self.words):
            last = index
            if self.found[index]:
                while self._goes_on(last):
                    last += 1
                yield self._span(self.words[index].start(), self.words[last].end())
            index = last + 1

    def _span(self, start: int, end: int) -> Span:
        """A name by its placeholder, in the possessive if it stands there; small words are no more than hidden."""
        name = self.text.text[start:end]
        if name[0].islower() and name.isascii():
            return Span(start, end, self.word(name))
        ending = _POSSESSIVE.search(name)
        shown = self.name(name[: ending.start()] if ending else name)
        return Span(start, end, f"{shown}{ending[0] if ending else ''}")

    def _goes_on(self, index: int) -> bool:
        """Whether the name goes on: over words with capitals, and over small ones ("Bank of Exampletown" is two)."""
        if not (self._joined(index) and self.found[index + 1]):
            return False
        return self._capital(index) is self._capital(index + 1)

    def _joined(self, index: int) -> bool:
        """Whether the next word stands right after, or after an initial with its stop."""
        if index + 1 >= len(self.words):
            return False
        between = self.text.text[self.words[index].end() : self.words[index + 1].start()]
        return between in _JOINTS or (between in (". ", ".") and len(self.words[index][0]) == 1)

    def _capital(self, index: int) -> bool:
        return self.words[index][0][0].isupper()

    # which words are hidden

    def _found(self, index: int) -> bool:
        """Whether a word is hidden."""
        word = self.words[index][0]
        low = base(word)
        if low in self.plain.titles and self._capital(index):
            return not self._title(index)
        if self._joined_back(index) and base(self.words[index - 1][0]) in self.plain.titles:
            return low not in self.plain.small or self._capital(index)
        if len(word) == 1 and word.isupper():
            return self._initial(index)
        if self._capital(index):
            return self._opening(index) if opens(self.text.text, self.words[index].start()) else self.plain.hidden(word)
        return self.plain.hidden(word) or self._by_a_name(index)

    def _title(self, index: int) -> bool:
        """Whether a title goes before a name, and is not the end of one."""
        after = index + 1 < len(self.words) and self._joined_back(index + 1) and self._capital(index + 1)
        return after and not (self._joined_back(index) and self._capital(index - 1) and self.found[index - 1])

    def _joined_back(self, index: int) -> bool:
        """Whether the word before stands right before."""
        if not index:
            return False
        between = self.text.text[self.words[index - 1].end() : self.words[index].start()]
        return between in (" ", ". ")

    def _initial(self, index: int) -> bool:
        """A letter by itself, which is a word only as an article that opens a sentence, and as a pronoun."""
        word, start = self.words[index][0], self.words[index].start()
        if word == "I" or (word == "A" and opens(self.text.text, start)):
            return self._joined(index) and self._name_next(index)
        return True

    def _name_next(self, index: int) -> bool:
        """Whether a name with a capital follows at once."""
        return self._joined(index) and self._capital(index + 1) and self.plain.hidden(self.words[index + 1][0])

    def _opening(self, index: int) -> bool:
        """Whether the first word of a sentence could be a name, or the first of one that goes on."""
        word, plain = self.words[index][0], self.plain
        low = base(word)
        if plain.large(word):
            return False
        if low in plain.auxiliaries:
            return not self._asks(index)
        if low in plain.short:
            hidden = self._joined(index) and self.plain.hidden(self.words[index + 1][0])
            return hidden and not self._question(index)
        if low in plain.small:
            return False
        if low in plain.nouns and self._of.match(self.text.text, self.words[index].end()):
            return False
        double = any(part[0].isupper() and not plain.large(part) for part in word.split("-")[1:])
        return double or low in plain.names or not plain.usual(low) or self._name_next(index)

    def _asks(self, index: int) -> bool:
        """Whether "Will" or "May" opens a question: it goes before a word that follows no name."""
        if not self._joined(index) or self._name_next(index):
            return False
        following = self.words[index + 1][0]
        return following.lower() in self.plain.determiners or self.plain.large(following)

    def _question(self, index: int) -> bool:
        """Whether the sentence of a word ends as a question."""
        at = bisect_left(self._stops, self.words[index].end())
        return at < len(self._stops) and self.text.text[self._stops[at]] == "?"

    @cached_property
    def _stops(self) -> list[int]:
        return [index for index, mark in enumerate(self.text.text) if mark in ".?!;"]

    @cached_property
    def _of(self) -> re.Pattern[str]:
        """What shows that the noun before it is no name: a preposition, or a participle with one."""
        verbs, prepositions = ("|".join(self.plain.words(key)) for key in ("participles", "prepositions"))
        return re.compile(rf"(?: (?:{verbs}))?(?: (?:{prepositions})(?!\w))")

    def _by_a_name(self, index: int) -> bool:
        """Whether a small word that is also a name stands by another: "mark banks", "zoe banks", "rose zed"."""
        low, plain = base(self.words[index][0]), self.plain
        if low not in plain.names or low in plain.small:
            return False
        given = plain.given - plain.auxiliaries
        if self._joined_back(index) and not self._capital(index - 1):
            before = base(self.words[index - 1][0])
            if before in given or not (plain.usual(before) or low in plain.nouns):
                return True
        if low in given and self._joined(index):
            after = base(self.words[index + 1][0])
            return (after in plain.names and after not in plain.small) or not plain.usual(after)
        return False
