"""What a strong conclusion needs besides its balance: answers to the decisive questions, and grounds enough.

A limb is not concluded on strongly while a question that its rule declares decisive is open, nor on facts that were
published in part, nor where the independent grounds for the conclusion hardly outnumber those against it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from caprev.facts.matter import Parcel
from caprev.law.decisive import Question
from caprev.law.models import Outcome, Side
from caprev.law.rulebook import Rulebook
from caprev.reasoning.findings import FactorState, Finding
from caprev.reasoning.weighing import Weigher


@dataclass(frozen=True)
class Earning:
    """Whether a conclusion may be called strong, and what is wanting.

    `reached`: its balance and the decided cases carry the word. `open` are the decisive questions without an answer
    on the limbs concluded on, and `waits_on` the facts that would answer them. `lead` is by how many the independent
    grounds for it exceed those against, `needed` by how many they should. `complete` is false for facts cut short.
    `appealed` are the points under appeal that it leans on: factors for it count only under one answer to them.
    """

    reached: bool
    open: tuple[Question, ...]
    waits_on: tuple[str, ...]
    lead: int
    needed: int
    complete: bool
    appealed: tuple[str, ...] = ()

    @property
    def strong(self) -> bool:
        """Whether everything that the word needs is there."""
        return self.reached and self.grounded and not self.open

    @property
    def grounded(self) -> bool:
        """Whether the grounds are enough and settled, and the facts whole: all that answers could not mend."""
        return self.complete and self.lead >= self.needed and not self.appealed


def earning(
    weigher: Weigher,
    parcel: Parcel,
    outcome: Outcome | None,
    states: Mapping[str, FactorState],
    findings: Mapping[str, Finding],
    reached: bool,
    asked: Earning | None = None,
) -> Earning:
    """What a conclusion by an outcome has earned; nothing where there is no outcome. `asked` is what another by this
    outcome has, on findings of the same states: the open questions are the same."""
    book = weigher.book
    if outcome is None:
        return Earning(False, (), (), 0, book.weighing.lead, parcel.complete)
    met = {name for name, state in states.items() if state == "met"}
    leant = (
        points for name, (side, points) in weigher.appealed.items() if side == outcome.characterisation and name in met
    )
    still, waits_on = (asked.open, asked.waits_on) if asked else _asked(book, parcel, outcome, findings)
    apart = book.sides.apart(outcome.characterisation)  # no factor is a ground for it, or against it
    return Earning(
        reached,
        still,
        waits_on,
        0 if apart else lead(weigher, met, outcome.characterisation),
        0 if apart else book.weighing.lead,
        parcel.complete,
        tuple(dict.fromkeys(point for points in leant for point in points)),
    )


def _asked(
    book: Rulebook, parcel: Parcel, outcome: Outcome, findings: Mapping[str, Finding]
) -> tuple[tuple[Question, ...], tuple[str, ...]]:
    """The decisive questions that are open, and the facts that would answer them."""
    known = book.answered(parcel.known)
    limbs = [_open(book, name, True, findings, known) for name in book.rests[outcome.id]]
    still = tuple(dict.fromkeys(question for limb in limbs for question in limb))
    return still, tuple(dict.fromkeys(fact for question in still for fact in question.waits_on(known)))


def lead(weigher: Weigher, met: Collection[str], side: Side) -> int:
    """By how many the clusters with a met factor of moderate strength or more for a side exceed those against it."""
    mine = sum(not names.isdisjoint(met) for ground, names in weigher.grounds if ground == side)
    return mine - sum(not names.isdisjoint(met) for ground, names in weigher.grounds if ground != side)


def _open(
    book: Rulebook, node: str, satisfied: bool, findings: Mapping[str, Finding], known: Mapping[str, bool]
) -> tuple[Question, ...]:
    """The open questions beneath a finding: of every limb it needs, or of the one limb that carries it best."""
    own = tuple(question for question in book.decisive[node] if not question.answered(known))
    rule = book.nodes[node]
    if not rule.parts:
        return own
    state = satisfied is not bool(rule.none)  # the state of the parts that it rests on
    held = [part for part in rule.parts if findings[part].state == ("satisfied" if state else "not_satisfied")]
    found = [_open(book, part, state, findings, known) for part in held]
    if needs_all(book, node, satisfied):
        return (*own, *(question for limb in found for question in limb))
    return (*own, *min(found, key=len, default=()))


def needs_all(book: Rulebook, node: str, satisfied: bool) -> bool:
    """Whether a finding on a combined node rests on all of its parts, or on any one of them."""
    return satisfied is bool(book.nodes[node].all or book.nodes[node].none)
