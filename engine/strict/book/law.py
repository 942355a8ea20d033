"""All strict law of a pack, compiled: what it holds, and what rests on what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from caprev.facts import conditions
from caprev.facts.conditions import AnyOf, Condition, Met
from caprev.facts.derivations import AS_AT, Derivations, ReadBy
from caprev.facts.vocabulary import Vocabulary, worded
from caprev.law.authorities import Records
from caprev.law.strict import Amount, Answer, Question, Regimes, Rule, Strict, Warning_
from caprev.once import cached_property
from caprev.strict.expressions import Call, Name, Node
from caprev.strict.parameters import Read

HOLDS = "= "
"""How a comparison stands among the leaves of a condition: as a rule whose name is its text."""


@dataclass(frozen=True)
class Book(ReadBy):
    """All strict law of a pack, compiled and checked. `name` is that of the pack, if it is one shipped.

    `conditions` go by kind and id (`rule:ID`), `formulas` by the id of their amount or, of a comparison within a
    condition, by its text.
    """

    name: str
    pack: Strict
    vocabulary: Vocabulary
    derivations: Derivations
    authorities: Records
    parameters: Mapping[str, Read]
    questions: Mapping[str, Question]
    rules: Mapping[str, Rule]
    amounts: Mapping[str, Amount]
    warnings: Mapping[str, Warning_]
    regimes: Mapping[str, Regimes]
    files: Mapping[str, str]
    sha256: str
    conditions: dict[str, Condition] = field(default_factory=dict)
    formulas: dict[str, Node] = field(default_factory=dict)

    @cached_property
    def outcomes(self) -> Mapping[str, Answer]:
        """Every outcome of every question."""
        return {name: answer for question in self.questions.values() for name, answer in question.outcomes.items()}

    @cached_property
    def asked_in(self) -> Mapping[str, str]:
        """The question of each outcome."""
        return {name: key for key, question in self.questions.items() for name in question.outcomes}

    @cached_property
    def concluding(self) -> Mapping[str, tuple[str, ...]]:
        """The rules by which each outcome follows."""
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.outcomes, ())
        for rule in self.rules.values():
            if rule.then in found:
                found[rule.then] += (rule.id,)
        return found

    def of(self, name: str) -> str:
        """Whether a question, rule, outcome, amount or warning is of each event or of the matter as a whole."""
        if self.pack.events is None:
            return "matter"
        name = self.asked_in.get(name, name)
        tables: tuple[Mapping[str, Any], ...] = (self.questions, self.rules, self.amounts, self.warnings)
        return next((table[name].of for table in tables if name in table), "matter")

    def label(self, name: str) -> str:
        """What an amount, a parameter, a fact or a rule is called in a sentence."""
        if name in self.amounts:
            return self.amounts[name].label
        if name in self.parameters:
            return self.parameters[name].label
        if name not in self.facts:
            return name
        section = name.partition(".")[0]
        own = self.pack.events is not None and section == self.pack.events.section
        return self.facts[name].words if own else worded(name.replace(".", " "))


def rests_on(book: Book, name: str) -> tuple[str, ...]:
    """The rules, outcomes and amounts that one rests on directly; what earlier events sum up to is not among them."""
    found: list[str] = []
    if name in book.outcomes:
        question = book.questions[book.asked_in[name]]
        found += book.concluding[name]
        if question.otherwise == name:
            found += [other for other in question.outcomes if other != name]
    for kind in ("rule", "amount"):
        for leaf in conditions.leaves(book.conditions.get(f"{kind}:{name}", AnyOf(()))):
            if isinstance(leaf, Met):
                found += _named(book, book.formulas.get(leaf.rule)) if leaf.rule.startswith(HOLDS) else [leaf.rule]
    found += _named(book, book.formulas.get(name))
    tables: tuple[Mapping[str, Any], ...] = (book.rules, book.outcomes, book.amounts)
    return tuple(dict.fromkeys(item for item in found if any(item in table for table in tables)))


def _named(book: Book, tree: Node | None) -> Iterator[str]:
    if isinstance(tree, Name):
        yield tree.name
    elif isinstance(tree, Call) and tree.function != "sum_before":
        for term in tree.terms:
            yield from _named(book, term)


def dating_of(book: Book, of: str) -> str:
    """The fact that tells which day's law counts, for what is of each event or of the matter."""
    events, dating = book.pack.events, book.pack.dating
    return AS_AT.name if of == "matter" and events and dating.startswith(f"{events.section}.") else dating
