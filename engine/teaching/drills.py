"""Hypotheticals for teaching: a decided case with one to three facts changed, and the answer with its reasons."""

from __future__ import annotations

from dataclasses import dataclass

from caprev.changes.alternatives import Alternatives, changed
from caprev.facts import conditions
from caprev.facts.conditions import Atom
from caprev.facts.derivations import Contradiction
from caprev.facts.in_words import describe
from caprev.facts.knowledge import Knowledge
from caprev.facts.matter import Given
from caprev.facts.vocabulary import worded
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.precedents import Case, CaseBase, Comparison
from caprev.teaching.exercise import Draw
from caprev.teaching.walks import standing

MOST_FACTS = 3
TELLING = 12  # changes that move the matter most
TRIES = 40  # variations tried for each that is asked for


@dataclass(frozen=True)
class Supposed:
    """One changed fact: what it is in the case and what is supposed instead."""

    fact: str
    words: str
    before: str
    after: str


@dataclass(frozen=True)
class _Single:
    """One change alone, and how far it moves the balance towards the pole `for`."""

    supposed: Supposed
    knowledge: Knowledge
    shift: float


@dataclass(frozen=True)
class Variation:
    """The case with some facts changed, what follows, and why."""

    supposed: tuple[Supposed, ...]
    conclusion: Conclusion
    turned: bool
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    itself: Comparison
    stands: str


def drills(assessor: Assessor, case: Case, wanted: int, seed: int) -> tuple[Conclusion, list[Variation]]:
    """The case as decided, and so many variations of it; about half of them turn the conclusion, where any do."""
    draw, book, cases = Draw(seed), assessor.book, assessor.cases
    weigher = assessor.weigher(book.pack.position, book.pack.as_at)
    decided = assessor.conclude(case.parcel, weigher, cases)
    singles = _singles(assessor, case, decided) if wanted else []
    telling = sorted(singles, key=lambda item: item.shift, reverse=book.sides.sign(case.outcome) < 0)[:TELLING]
    turning: list[Variation] = []
    others: list[Variation] = []
    seen: set[frozenset[tuple[str, str]]] = set()
    for _ in range(TRIES * wanted):
        if len(turning) >= wanted and len(others) >= wanted:
            break
        # Every other variation is drawn from the changes that move the matter most towards the other side.
        drawn = draw.some(draw.one((singles, telling)), 1 + draw.one(range(MOST_FACTS)))
        changes = {item.supposed.fact: item for item in drawn}
        key = frozenset((item.supposed.fact, item.supposed.after) for item in changes.values())
        if not changes or key in seen:
            continue
        seen.add(key)
        try:
            parcel = changed(book, case.parcel, {fact: item.knowledge for fact, item in changes.items()})
        except Contradiction:
            continue
        conclusion = assessor.conclude(parcel, weigher, cases)
        supposed = tuple(item.supposed for item in changes.values())
        variation = _variation(cases, case, decided, conclusion, supposed)
        if variation.gained or variation.lost:
            (turning if variation.turned else others).append(variation)
    half = (wanted + 1) // 2
    first = turning[: max(half, wanted - len(others))]
    chosen_ones = first + others[: wanted - len(first)]
    return decided, draw.some(chosen_ones, len(chosen_ones))


def _worth_changing(assessor: Assessor, case: Case) -> list[str]:
    """The facts on which its met factors rest, what it was decided on first, and those its open factors wait for."""
    book, known = assessor.book, assessor.known(case.parcel)
    found: dict[str, None] = {}
    for name in (*case.because, *case.despite, *(n for n in book.factors if case.states[n] != "not_met")):
        if book.factors[name].favours == "neutral":
            continue
        look = conditions.resting_on if case.states[name] == "met" else conditions.open_on
        for leaf in look(book.conditions[name], known):
            if isinstance(leaf, Atom) and leaf.fact in book.vocabulary:
                found[leaf.fact] = None
    return list(found)


def _singles(assessor: Assessor, case: Case, decided: Conclusion) -> list[_Single]:
    """Every other value of every fact worth changing, alone, with how far it moves the balance."""
    book, alternatives = assessor.book, Alternatives(assessor.book, assessor.cases, case.parcel)
    no_cases = CaseBase((), book)
    found = []
    for fact in _worth_changing(assessor, case):
        for change in alternatives.of(fact):
            try:
                parcel = changed(book, case.parcel, {fact: change.knowledge})
            except Contradiction:
                continue
            states = assessor.states(parcel)
            weighed = assessor.conclude_states(parcel, states, decided.weigher, no_cases)
            after, before = Given(book.vocabulary[fact], change.knowledge), case.parcel.facts.get(fact)
            words = worded(fact.replace(".", ", "))
            supposed = Supposed(fact, words, describe(before) if before else "not known", describe(after))
            found.append(_Single(supposed, change.knowledge, weighed.balance - decided.balance))
    return found


def _variation(
    cases: CaseBase, case: Case, decided: Conclusion, conclusion: Conclusion, supposed: tuple[Supposed, ...]
) -> Variation:
    book, active = cases.book, conclusion.weigher.active
    told = [name for name in book.factors if name in active and book.factors[name].favours != "neutral"]
    was, now = decided.states, conclusion.states
    itself = next(c for c in conclusion.guidance.all if c.case.id == case.id)
    return Variation(
        supposed,
        conclusion,
        conclusion.characterisation != decided.characterisation,
        tuple(name for name in told if now[name] == "met" and was[name] != "met"),
        tuple(name for name in told if was[name] == "met" and now[name] != "met"),
        itself,
        standing(book, itself),
    )
