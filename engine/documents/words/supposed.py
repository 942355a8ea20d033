"""Supposed facts in sentences: what would have to be so for another conclusion, addressed to the owner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from caprev.changes.alternatives import Change, together
from caprev.documents.words import phrases
from caprev.documents.words.grammar import lower_first
from caprev.documents.words.grounds import listed
from caprev.documents.words.sentences import Sentences, ask
from caprev.documents.words.shares import share
from caprev.facts.knowledge import Choice, Knowledge
from caprev.facts.matter import Given
from caprev.facts.vocabulary import Fact, worded
from caprev.law.rulebook import Rulebook
from caprev.reasoning.conclusion import Conclusion

_REST = re.compile(r"; whether [^;.]* is not said|; which of these is so is not known")


class Supposed:
    """Says supposed values of one parcel's facts, by the wordings of the rulebook where it has any."""

    def __init__(self, rules: Path, concluded: Conclusion) -> None:
        self.book: Rulebook = concluded.weigher.book
        self.facts = concluded.parcel.facts
        has_words = (rules / "drafts" / "facts.yaml").is_file()
        self.sentences = Sentences(phrases.load(rules, self.book), self.facts) if has_words else None

    def change(self, rows: Sequence[Change]) -> str:
        """One fact with the values that would do, as a clause about "you"."""
        fact = self.book.vocabulary[rows[0].fact]
        if fact.type in ("int", "number", "date"):  # the value tried stands for all of its span
            span = together(fact, rows)
            exact = self.value(fact, rows[0].knowledge) if fact.type == "int" and span.isdecimal() else ""
            return exact or f"{fact.words} were {span}"
        if len(rows) == 1 and (text := self.value(fact, rows[0].knowledge)):
            return text
        if fact.type in ("bool", "enum"):
            values = frozenset(value for row in rows for value in row.values)
            if values and (text := self.value(fact, Choice(values))):
                return text
        if fact.type == "set" and all(texts := [self.value(fact, row.knowledge) for row in rows]):
            return f"either {', or '.join(texts)}"
        return f"{fact.words} were {together(fact, rows)}"

    def value(self, fact: Fact, known: Knowledge) -> str:
        """A value as a clause; nothing where the rulebook has no words for it."""
        if self.sentences is None or known == fact.unknown:
            return ""
        if fact.name not in self.sentences.phrases.table("facts.facts"):
            return ""
        return lower_first(_REST.sub("", self.sentences.sentence(Given(fact, known))))

    def condition(self, changes: Iterable[Sequence[Change]]) -> str:
        """Several facts that would all have to be so."""
        return listed([self.change(rows) for rows in changes])

    def asked(self, fact: str) -> str:
        """A question about a fact, addressed to the owner."""
        return ask(self.book.vocabulary[fact].ask)


def told(conclusion: Conclusion) -> str:
    """A conclusion in a few words: `capital, moderate`."""
    c = conclusion
    return worded(c.characterisation) + (f", {worded(c.strength)}" if c.characterisation != "undetermined" else "")


def stands(conclusion: Conclusion) -> str:
    """A conclusion in a line, with the share of decided matters."""
    return f"{told(conclusion)}; {share(conclusion)}"
