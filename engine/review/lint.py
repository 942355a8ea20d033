"""Checks of a rulebook beyond its form: every example must come out as written, and what may mislead is named."""

from __future__ import annotations

import json
from collections.abc import Iterator

from caprev.errors import BadInput, Problem
from caprev.facts import conditions
from caprev.facts import matter as facts
from caprev.facts.vocabulary import worded
from caprev.files import reading
from caprev.law import figures
from caprev.law.citations import doubt
from caprev.law.models import Example, Factor
from caprev.law.rulebook import Rulebook
from caprev.reasoning import consequences
from caprev.reasoning.assess import Assessor
from caprev.reasoning.weighing import FactorState
from caprev.review import completeness
from caprev.review.linting import across, decided


def errors(assessor: Assessor) -> list[Problem]:
    """Faults that would decide wrongly: examples that do not hold, examples that show too little."""
    problems: list[Problem] = []
    for factor in assessor.book.factors.values():
        file = assessor.book.files[factor.id]
        shown = {example.expect for example in factor.examples}
        if shown != {"met", "not_met", "unknown"}:
            missing = sorted({"met", "not_met", "unknown"} - shown)
            problems.append(Problem(f"has no example that is {' or '.join(missing)}", file, subject=factor.id))
        for example in factor.examples:
            problem = _example(assessor, factor, example)
            if problem:
                problems.append(Problem(f"example '{example.name}': {problem}", file, subject=factor.id))
    problems += _consequences(assessor.book)
    try:
        problems += decided.check(assessor)  # also what is wrong with the case base, which it reads
    except BadInput as error:
        problems += error.problems
    else:
        problems += completeness.faults(assessor)
    return [*problems, *across.check(assessor).errors]


def _consequences(book: Rulebook) -> Iterator[Problem]:
    """Consequences whose examples do not hold, or do not show every state that the rule can have."""
    for rule in book.consequences.values():
        shown = {example.expect for example in rule.examples}
        if len(shown) < 3:
            missing = sorted({"applies", "does_not_apply", "depends"} - shown)
            what = worded(f"has no example that {' or '.join(missing)}")
            yield Problem(what, book.files[rule.id], subject=rule.id)
        for example in rule.examples:
            try:
                fault = consequences.fault(book, rule, example)
            except BadInput as error:
                fault = str(error)
            if fault:
                yield Problem(f"example '{example.name}': {fault}", book.files[rule.id], subject=rule.id)


def run_example(assessor: Assessor, factor: Factor, example: Example) -> tuple[FactorState, tuple[str, ...]]:
    """What the rules make of an example, and the facts on which the factor still waits. Raises BadInput."""
    written = {"facts": example.facts, "matter": {"as_at": example.as_at or assessor.book.pack.as_at}}
    matter = facts.load(
        reading.parse(json.dumps(written), f"example of {factor.id}"),
        assessor.book.vocabulary,
        assessor.book.derivations,
        assessor.book.pack.as_at,
    )
    parcel = matter.parcels[0]
    waiting = conditions.open_on(assessor.book.conditions[factor.id], assessor.known(parcel))
    asks = tuple(sorted(conditions.named(waiting)))
    return assessor.states(parcel)[factor.id], asks


def _example(assessor: Assessor, factor: Factor, example: Example) -> str:
    try:
        state, asks = run_example(assessor, factor, example)
    except BadInput as error:
        return str(error)
    if state != example.expect:
        return f"is {state}, not {example.expect}"
    if state == "unknown" and tuple(sorted(example.asks)) != asks:
        return f"asks {', '.join(asks)}, not {', '.join(example.asks) or 'nothing'}"
    return ""


def warnings(assessor: Assessor) -> list[Problem]:
    """What may mislead without being wrong: unread facts, unmet precedents, twin conditions, weak authority."""
    book = assessor.book
    found: list[Problem] = []
    read = {fact for condition in book.conditions.values() for fact in conditions.facts_of(condition)}
    for quantity in book.derivations.quantities:
        read.update(quantity.operands)
    for rule in book.consequences.values():
        read.update((*rule.dated_by, book.questions.event))
        for figure in rule.figures:
            read.update(figures.facts_of(figure.formula, book.vocabulary, [other.id for other in rule.figures]))
    for name in book.vocabulary.facts:
        if name not in read:
            found.append(Problem("is read by no rule", "vocabulary.yaml", subject=name))
    for node in book.nodes.values():
        if node.weighs and not book.weighed_for(node.id):
            found.append(
                Problem("is fed by no factor, and stays where it starts", book.files[node.id], subject=node.id)
            )
    twins: dict[str, str] = {}
    for factor in book.factors.values():
        file = book.files[factor.id]
        text = repr(book.conditions[factor.id]) + repr(sorted(factor.position.items()))
        if text in twins:
            found.append(Problem(f"has the same condition as {twins[text]}", file, subject=factor.id))
        twins[text] = factor.id
        if all(doubt(book, cited.mark) for cited in factor.authority):
            found.append(Problem("rests only on authority that was not read", file, subject=factor.id))
    try:
        cases = list(assessor.cases.cases.values())
    except BadInput:  # these are errors, and reported as such
        cases = []
    for case in cases:
        if not case.because and case.shown and case.subject == "land":
            found.append(
                Problem(
                    "names no factor it rested on, so it can neither bind nor be on point", case.file, subject=case.id
                )
            )
    return [*found, *completeness.gaps(assessor), *across.check(assessor).warnings]


def notes(assessor: Assessor) -> list[Problem]:
    """What a rule should answer, though nothing may be wrong: what its limits name and it does not test."""
    return list(across.check(assessor).notes)
