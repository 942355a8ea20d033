"""What one answer would show: for every answer that a fact may still have, the factors that it would meet by itself.

An answer is tried with what follows from it, and with nothing else learnt.
"""

from __future__ import annotations

from collections.abc import Mapping

from caprev.facts import conditions
from caprev.facts.knowledge import Knowledge
from caprev.law.rulebook import Rulebook
from caprev.law.trials import Trial


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
        self._begun = waiting.intersection([name for key in known for name in book.testing.get(key, ())])

    def shown(self, fact: str) -> set[frozenset[str]]:
        """The factors that come to be met, by each answer that the fact may still have."""
        return set(map(self._met, self.book.trials.of(fact, self.facts)))

    def _met(self, trial: Trial) -> frozenset[str]:
        met, asked = self.waiting & trial.alone, self._begun & trial.factors
        if asked:  # where something is known of the others
            known, rules = {**self.known, **trial.verdicts}, self.book.conditions
            met |= {name for name in asked if conditions.truth(rules[name], known) is True}
        return met
