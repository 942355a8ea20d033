"""Supposed facts in sentences: what would have to be so for another conclusion, addressed to the owner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from caprev.changes.alternatives import Change, between, spans, together
from caprev.documents.words import phrases
from caprev.documents.words.grammar import lower_first, upper_first
from caprev.documents.words.grounds import listed
from caprev.documents.words.sentences import Sentences, ask
from caprev.documents.words.shares import share
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, Subset
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
        wordings = phrases.of_facts(rules, self.book)
        self.sentences = Sentences(wordings, self.facts) if wordings else None

    def change(self, rows: Sequence[Change]) -> str:
        """One fact with the values that would do, as a clause about "you"."""
        fact = self.book.vocabulary[rows[0].fact]
        if fact.type in ("int", "number", "date"):  # the value tried stands for all of its span
            texts = [self.span(fact, *span) for span in spans(rows)]
            return self.either(texts) if all(texts) else f"{fact.words} were {together(fact, rows)}"
        if len(rows) == 1 and (text := self.value(fact, self.more(fact, rows[0].knowledge))):
            return text
        if fact.type in ("bool", "enum"):
            values = frozenset(value for row in rows for value in row.values)
            if values and (text := self.value(fact, Choice(values))):
                return text
        if fact.type == "set" and all(texts := [self.value(fact, self.more(fact, row.knowledge)) for row in rows]):
            return self.either(texts)
        return f"{fact.words} were {together(fact, rows)}"

    def either(self, texts: list[str]) -> str:
        """One of several clauses."""
        if len(texts) == 1 or self.sentences is None:
            return f"either {', or '.join(texts)}" if texts[1:] else "".join(texts)
        return lower_first(_REST.sub("", self.sentences.either(texts)))

    def span(self, fact: Fact, first: float, after: float) -> str:
        """Numbers or days from the first up to before the second, as a clause."""
        whole = fact.type in ("int", "date")
        if whole:
            return self.value(fact, Range(first, after - 1 if after < INFINITY else after))
        forms = self.sentences.phrases.table("facts.facts").get(fact.name) if self.sentences else None
        many = forms.get("many") if isinstance(forms, dict) else None
        if self.sentences is None or not isinstance(many, str):
            return ""
        told = re.sub(r"^from (.+) on$", r"\1 or more", between(fact, first, after))
        return lower_first(self.sentences.tense(many.replace("{n}", told))).rstrip(".")

    def more(self, fact: Fact, known: Knowledge) -> Knowledge:
        """What a value adds to a set of which some members are known; any other value as it is."""
        given = self.facts.get(fact.name)
        now = given.knowledge if given else None
        if not isinstance(known, Subset) or not isinstance(now, Subset) or not now.included < known.included:
            return known
        return Subset(known.included - now.included, known.excluded - now.excluded)

    def fact(self, name: str) -> str:
        """What is known of a fact as a sentence; nothing where the rulebook has no words for it, or it is not known."""
        given = self.facts.get(name)
        if given is None or self.sentences is None or not self.sentences.worded(given.fact):
            return ""
        text = self.sentences.sentence(replace(given, knowledge=given.written or given.knowledge))
        return f"{upper_first(_REST.sub('', text))}."

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
