"""The decisive questions of a limb: what has to be answered before a finding on it makes a conclusion strong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from caprev.errors import listing
from caprev.facts import conditions
from caprev.facts.conditions import Condition
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.files.reading import Value


@dataclass(frozen=True)
class Question:
    """One question: the facts that answer it, and the tests that have to be decided, either way, for an answer."""

    facts: tuple[str, ...]
    tests: tuple[Condition, ...]

    def answered(self, known: Mapping[str, bool]) -> bool:
        """Whether every test is decided by the atoms that are known."""
        return all(conditions.truth(test, known) is not None for test in self.tests)

    def waits_on(self, known: Mapping[str, bool]) -> tuple[str, ...]:
        """The facts that are still to be learnt for an answer, in the order of the rule."""
        return conditions.named(leaf for test in self.tests for leaf in conditions.open_on(test, known))


def read(written: Value, vocabulary: Vocabulary, derived: Mapping[str, Fact]) -> Question:
    """A question from data: the name of a fact that has to be known, or a condition that has to be decided.

    Raises ValueError with what is wrong.
    """
    if not isinstance(written, str):
        condition = conditions.read(written, vocabulary, derived)
        if any(isinstance(leaf, conditions.Met) for leaf in conditions.leaves(condition)):
            raise ValueError("a decisive question rests on facts, not on findings")
        return Question(conditions.facts_of(condition), (condition,))
    fact = vocabulary.facts.get(written)
    if fact is None:
        raise ValueError(f"'{written}' is not in the vocabulary. {vocabulary.nearest(written)}".rstrip())
    values = ("true",) if fact.type == "bool" else fact.values
    if not values:
        what = f"'{written}' is a {fact.type}: say what has to be decided of it, such as '{written}: {{at_least: 5}}'"
        raise ValueError(f"{what}; allowed by its name alone: {listing(('bool', 'enum', 'set'))}")
    return Question((written,), tuple(conditions.atom(fact, value) for value in values))
