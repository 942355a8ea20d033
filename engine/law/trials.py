"""What each answer that a fact may still have would decide, with what follows from it and with nothing else learnt.

What was tried lately is kept: from one look at a matter to the next, most of what a fact hangs together with is as it
was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from caprev.facts import conditions, samples
from caprev.facts.conditions import Atom, Condition
from caprev.facts.derivations import Contradiction, Derivations, derive
from caprev.facts.knowledge import Knowledge
from caprev.facts.vocabulary import Vocabulary

_KEPT = 1024
"""How many trials are kept: those of some ten matters."""


@dataclass(frozen=True)
class Trial:
    """The tests on facts that an answer decides, by their keys; the factors whose conditions make one, and those
    that these tests meet alone."""

    verdicts: Mapping[str, bool]
    factors: frozenset[str]
    alone: frozenset[str]


class Trials:
    """Tries answers against the tests of the law; `testing` are the factors that make a test, by its key, and `rules`
    hold the condition of each."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        tests: Mapping[str, tuple[Atom, ...]],
        testing: Mapping[str, tuple[str, ...]],
        rules: Mapping[str, Condition],
        derivations: Derivations,
    ) -> None:
        self._vocabulary, self._derivations = vocabulary, derivations
        self._tests, self._testing, self._rules = tests, testing, rules
        self._start()

    def _start(self) -> None:
        """What belongs to this process."""
        self._kept = lru_cache(maxsize=_KEPT)(self._tried)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_kept"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._start()

    def of(self, fact: str, facts: Mapping[str, Knowledge]) -> tuple[Trial, ...]:
        """Every answer to a fact that can be, where this much is known; those that decide the same are one."""
        return self._kept(fact, tuple(map(facts.get, self._derivations.beside(fact))))

    def _tried(self, fact: str, beside: tuple[Knowledge | None, ...]) -> tuple[Trial, ...]:
        named = zip(self._derivations.beside(fact), beside, strict=True)
        facts = {name: known for name, known in named if known is not None}
        found: dict[frozenset[tuple[str, bool]], Trial] = {}
        for learnt in self._learnt(fact, facts):
            verdicts = conditions.verdicts(self._tests, learnt)
            told = frozenset(verdicts.items())
            if told not in found:
                making = frozenset(name for key in verdicts for name in self._testing.get(key, ()))
                met = (name for name in making if conditions.truth(self._rules[name], verdicts) is True)
                found[told] = Trial(verdicts, making, frozenset(met))
        return tuple(found.values())

    def _learnt(self, fact: str, facts: Mapping[str, Knowledge]) -> Iterator[dict[str, Knowledge]]:
        """Each answer with what follows from it; what is known may leave some out."""
        asked, derivations = self._vocabulary[fact], self._derivations
        turns = {*samples.cuts(asked, self._tests)}
        if fact in derivations.operands:
            turns.update(samples.operand_cuts(asked, self._tests, derivations, facts))
        known = facts.get(fact)
        for answer in samples.answers(asked, known or asked.unknown, turns):
            if not derivations.heeds(fact, known, answer):
                yield {fact: answer}
                continue
            try:
                steps = derive(derivations.around(fact), {**facts, fact: answer})
            except Contradiction:
                continue
            yield {fact: answer, **{step.fact: step.knowledge for step in steps}}
