"""What one answer would show: for every answer that a fact may still have, the factors that it would meet by itself.

An answer is tried with what follows from it, and with nothing else learnt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from caprev.facts import conditions, samples
from caprev.facts.derivations import Contradiction, derive
from caprev.facts.knowledge import Knowledge
from caprev.law.rulebook import Rulebook


class Learning:
    """What answers to single facts would show, where this much is known of the facts and of the tests on them.

    `waiting` are the factors of which it is not known whether they are met.
    """

    def __init__(
        self, book: Rulebook, facts: Mapping[str, Knowledge], known: Mapping[str, bool], waiting: frozenset[str]
    ) -> None:
        self.book = book
        self.facts = facts
        self.known = dict(known)
        self.waiting = waiting

    def shown(self, fact: str) -> set[frozenset[str]]:
        """The factors that come to be met, by each answer that the fact may still have."""
        if fact not in self.facts and not self.book.derivations.involve(fact):
            return set(map(self._met, self.book.answers[fact]))
        return set(map(self._met, self.book.decided_of(self._learnt(fact))))

    def _learnt(self, fact: str) -> Iterator[dict[str, Knowledge]]:
        """Each answer with what follows from it; what is known may leave some out."""
        book, asked = self.book, self.book.vocabulary[fact]
        turns = {*samples.cuts(asked, book.tests)}
        if fact in book.derivations.operands:
            turns.update(samples.operand_cuts(asked, book.tests, book.derivations, self.facts))
        known = self.facts.get(fact)
        for answer in samples.answers(asked, known or asked.unknown, turns):
            if not book.derivations.heeds(fact, known, answer):
                yield {fact: answer}
                continue
            try:
                steps = derive(book.derivations.around(fact), {**self.facts, fact: answer})
            except Contradiction:
                continue
            yield {fact: answer, **{step.fact: step.knowledge for step in steps}}

    def _met(self, verdicts: Mapping[str, bool]) -> frozenset[str]:
        new = {key: truth for key, truth in verdicts.items() if key not in self.known}
        asked = self.waiting.intersection(name for key in new for name in self.book.testing.get(key, ()))
        self.known.update(new)  # for this answer only: a copy for each would cost more than all else here
        met = frozenset(name for name in asked if conditions.truth(self.book.conditions[name], self.known) is True)
        for key in new:
            del self.known[key]
        return met
