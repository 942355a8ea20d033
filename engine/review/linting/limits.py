"""Limits that name what a fact of the vocabulary could test, although the rule does not test it.

A match of words, so it is told as a note: the rule reads the fact, or says under `untested` why it does not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from caprev.errors import Problem
from caprev.facts import conditions
from caprev.law import figures
from caprev.law.models import Consequence
from caprev.law.references import condition_key
from caprev.law.rulebook import Rulebook
from caprev.review.linting.texts import problem

_EXCLUDES = re.compile(
    r"\b(not|no|except\w*|unless|apart|outside|out|may|also|differ\w*|instead|only|of (its|their) own)\b", re.IGNORECASE
)
"""Words without which a sentence of a limit shuts nothing out."""

LEAST = 6
"""Letters of a word that alone may name a fact."""


def check(book: Rulebook) -> Iterator[Problem]:
    """Every fact that the limits of a consequence name and the consequence does not read."""
    phrases = _phrases(book)
    for rule in book.consequences.values():
        read = facts_read(book, rule)
        for name, words in _named(phrases, rule):
            if name not in read and name not in rule.untested:
                what = f"limits speak of '{words}', which {name} could test, and the rule does not read it"
                fix = "Test it, or say under untested why not."
                yield problem(what, book.files[rule.id], ("limits",), rule.id, fix)
        for name in rule.untested:
            if name in read:
                what = f"says why {name} is not tested, and tests it"
                yield problem(what, book.files[rule.id], ("untested", name), rule.id)


def facts_read(book: Rulebook, rule: Consequence) -> set[str]:
    """The facts that a consequence reads: in its condition, its signs, its date and its figures."""
    keys = [condition_key(rule)] if rule.when is not None else []
    keys += [condition_key(rule, index) for index in range(len(rule.signs.signs if rule.signs else ()))]
    read = {fact for key in keys for fact in conditions.facts_of(book.conditions[key])}
    read.update(rule.dated_by or (book.questions.event,))
    for figure in rule.figures:
        read.update(figures.facts_of(figure.formula, book.vocabulary, [other.id for other in rule.figures]))
    return read


def _named(named: dict[str, list[str]], rule: Consequence) -> Iterator[tuple[str, str]]:
    """The facts that limits name where they shut something out, each with the words: a value of it, or its name."""
    sentences = [_plain(said) for said in re.split(r"(?<=[.;:]) ", rule.limits) if _EXCLUDES.search(said)]
    for fact, phrases in named.items():
        found = next((phrase for phrase in phrases for said in sentences if f" {phrase} " in said), "")
        if found:
            yield fact, found


def _phrases(book: Rulebook) -> dict[str, list[str]]:
    """The words by which a sentence may name each fact.

    A single word only where it is long, and a value of no other fact; every kind of owner counts.
    """
    facts = book.vocabulary.facts.values()
    values = Counter(_plain(value).strip() for fact in facts for value in fact.values)
    found = {}
    for fact in facts:
        own = [_plain(value).strip() for value in fact.values]
        name = _plain(fact.words).strip()
        clear = fact.name == book.questions.owners
        found[fact.name] = [
            phrase for phrase in own if " " in phrase or clear or (values[phrase] == 1 and len(phrase) >= LEAST)
        ]
        found[fact.name] += [name] if " " in name else []
    return found


def _plain(text: str) -> str:
    """Words in small letters and in the singular, between blanks."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return f" {' '.join(_singular(word) for word in words)} "


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word
