"""What is in doubt of the facts, in sentences: those in dispute, and those on whose mere assertion a result rests."""

from __future__ import annotations

from dataclasses import replace

from caprev.documents.words import phrases
from caprev.documents.words.grammar import lower_first
from caprev.documents.words.sentences import Sentences
from caprev.facts.matter import Given
from caprev.facts.vocabulary import worded
from caprev.once import cached_property
from caprev.reasoning.analysis import Analysis


class Doubts:
    """The doubtful facts of one parcel, by the wordings of the rulebook; read only where something is in doubt."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    @cached_property
    def _sentences(self) -> Sentences | None:
        wordings = phrases.of_facts(self.analysis.assessment.rules, self.analysis.book)
        return Sentences(wordings, self.analysis.parcel.facts) if wordings else None

    def told(self, name: str) -> str:
        """What is in doubt about a fact; nothing where the rulebook has no words for it."""
        given = self.analysis.parcel.facts.get(name)
        if given is None or self._sentences is None or not self._sentences.worded(given.fact):
            return ""
        written = replace(given, knowledge=given.written or given.knowledge)  # what was said, not what follows too
        clause = lower_first(self._sentences.sentence(written))
        without = next((item.without for item in self.analysis.bearing if item.given is given), "")
        if without:
            known = f"that is only {given.standing}{_source(given)}"
            return f"The result rests on a fact {known}: {clause}. Without it, it would be {worded(without)}."
        return f"It is disputed whether {clause}{_source(given)}; it is taken here to be so."


def _source(given: Given) -> str:
    return f" ({given.source})" if given.source else ""
