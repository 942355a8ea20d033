"""The words in which people name a value of a fact, and which value they mean.

In: a fact with its values, its question and its synonyms (`rules/vocabulary.yaml`).
Out: the one value that what was said names, or none. Words that could name two values name neither.
"""

from __future__ import annotations

import re
from functools import lru_cache

from caprev.errors import listing
from caprev.facts.vocabulary import Fact, meanings, worded
from caprev.grouping import grouped

# Words around a name that change nothing of it: "it was my own home" names what "home" names.
_AROUND = frozenset({
    "a", "an", "the", "it", "its", "it's", "this", "that", "there", "they", "he", "she", "we", "i", "you", "was",
    "were", "is", "are", "be", "been", "had", "has", "have", "did", "do", "to", "for", "as", "by", "in", "on", "of",
    "at", "from", "with", "my", "our", "his", "her", "their", "own", "mainly", "mostly", "just", "all", "some",
    "mine", "ours",
})  # fmt: skip

_DENIED = frozenset({"not", "no", "never", "without", "neither", "nor", "none", "nothing", "except", "but"})
ABOUT = re.compile(r"(?:about|around|roughly|approximately|approx\.?|circa|nearly|almost|say|~)\s*", re.I)
"""How a value is said to be not quite this."""


def phrase(text: str) -> str:
    """What was said in one form: small letters, no stops, the singular.

    >>> phrase("Rental properties.")
    'rental property'
    """
    words = re.findall(r"[a-z0-9$%']+", worded(text.lower().replace("\u2019", "'")))
    return " ".join(_singular(word) for word in words)


def meant(fact: Fact, said: str) -> str | None:
    """The value of an enum or a set that the words name, or None.

    >>> from caprev.facts.vocabulary import Fact
    >>> use = Fact("site.use", "set", ("farming", "rental", "own_home"), "", "What was it used for?")
    >>> meant(use, "it was my own home")
    'own_home'
    >>> meant(use, "holidays")
    """
    table, words = _table(fact), phrase(said)
    if words in table:
        return table[words]
    return table.get(_bare(words)) or _bared(fact).get(_bare(words))


def denied(words: str) -> bool:
    """Whether something is denied in words that are in the one form."""
    return any(word in _DENIED or word.endswith("n't") for word in words.split())


def names(fact: Fact) -> dict[str, str]:
    """Every phrase, in its one form, that names a value of an enum or a set."""
    return _table(fact)


def within(fact: Fact, said: str) -> str:
    """The one value of which a name stands within what was said, or nothing: to be offered, not to be taken.

    A longer name counts before a shorter one inside it; where something is denied, nothing is offered.

    >>> from caprev.facts.vocabulary import Fact
    >>> use = Fact("site.use", "set", ("farming", "rental", "own_home"), "", "What was it used for?")
    >>> within(use, "mostly for farming, I think")
    'farming'
    >>> within(use, "not for farming")
    ''
    """
    words = phrase(said).split()
    if denied(phrase(said)):
        return ""
    spans: dict[tuple[int, int], str] = {}
    for name, value in {**_bared(fact), **_table(fact)}.items():
        parts = name.split()
        for start in range(len(words) - len(parts) + 1):
            if words[start : start + len(parts)] == parts and len(name) > 2:
                spans[start, start + len(parts)] = value
    widest = {
        value
        for (low, high), value in spans.items()
        if not any(start <= low and high <= end and (start, end) != (low, high) for start, end in spans)
    }
    return widest.pop() if len(widest) == 1 else ""


def clash(fact: Fact) -> str:
    """What is wrong with a fact's synonyms, or nothing: one that is a value's name or means two values."""
    found = {phrase(value): value for value in fact.values}
    for value, words in fact.synonyms:
        if value not in fact.values:
            return f"has synonyms of '{value}'; allowed: {fact.allowed}"
        for word in words:
            other = found.setdefault(phrase(word), value)
            if other != value:
                return f"has the synonym '{word}' for both {other} and {value}"
    return ""


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 5 and word.endswith("sses"):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "'s")) else word


def _bare(words: str) -> str:
    left = words.split()
    while left and left[0] in _AROUND:
        del left[0]
    while left and left[-1] in _AROUND:
        del left[-1]
    return " ".join(left)


@lru_cache(maxsize=1024)
def _table(fact: Fact) -> dict[str, str]:
    """Names and synonyms by their one form, with the words by which the question itself explains a value."""
    table = {phrase(value): value for value in fact.values}
    table |= {phrase(word): value for value, words in fact.synonyms for word in words}
    glossed: dict[str, set[str]] = {}
    for name, gloss in meanings(fact.ask).items():
        if name in fact.values:
            for part in (gloss, *re.split(r",\s*(?:or\s+)?|\s+or\s+", gloss)):
                glossed.setdefault(phrase(part), set()).add(name)
    single = {words: names.pop() for words, names in glossed.items() if words and len(names) == 1}
    return single | table


@lru_cache(maxsize=1024)
def _bared(fact: Fact) -> dict[str, str]:
    """The table without the words around each name; those that then could name two values are left out."""
    found = grouped((_bare(words), value) for words, value in _table(fact).items())
    return {words: values[0] for words, values in found.items() if words and len(set(values)) == 1}


def options(fact: Fact) -> str:
    """What may be answered, in words.

    >>> from caprev.facts.vocabulary import Fact
    >>> use = Fact("site.use", "set", ("farming", "rental", "own_home"), "", "What was it used for?")
    >>> options(use)
    '1 farming, 2 rental, 3 own home'
    """
    if fact.type == "bool":
        return "yes or no"
    if fact.values:
        return listing(f"{index} {worded(value)}" for index, value in enumerate(fact.values, 1))
    if fact.type == "date":
        return "a date, a month or a year (1988, April 1988, 12/4/1988, before 1985)"
    unit = f" ({fact.unit})" if fact.unit else ""
    return f"a number{unit}, or 'about 20', '20-30', 'at least 5'"
