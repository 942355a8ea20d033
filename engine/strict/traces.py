"""What is found of strict law, and on what it rests: truths and amounts, each with its trace."""

from __future__ import annotations

from dataclasses import dataclass

from caprev.facts.knowledge import Truth
from caprev.strict.numbers import Number

Value = Number | frozenset[str] | bool | None
"""What a formula gives: a number, the words that a fact may still have, or a truth."""


@dataclass(frozen=True)
class Trace:
    """The known facts that a result rests on, those not known (in full) that it waits on, rules used, and gaps.

    A gap is a place where the law itself has no value: a table that ends, a division by nought.
    """

    facts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def and_(self, *others: Trace) -> Trace:
        """This and others together, each thing once, in order."""
        every = (self, *others)
        return Trace(*(tuple(dict.fromkeys(name for t in every for name in getattr(t, key))) for key in _PARTS))


_PARTS = ("facts", "needs", "rules", "gaps", "sources")
NOTHING = Trace()


@dataclass(frozen=True)
class Found:
    """Whether a rule holds, an outcome follows or a condition is met, and on what that rests."""

    truth: Truth
    trace: Trace = NOTHING


@dataclass(frozen=True)
class Worked:
    """An amount: whether it arises at all, and its value (none: it cannot be said)."""

    applies: Truth
    value: Number | None
    trace: Trace = NOTHING
