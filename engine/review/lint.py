"""Checks of a rulebook beyond its form: every example must come out as written, and what may mislead is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from caprev.errors import BadInput, Problem, listing
from caprev.facts import conditions
from caprev.facts import matter as facts
from caprev.facts.vocabulary import worded
from caprev.files import reading
from caprev.law import figures
from caprev.law.citations import doubt
from caprev.law.models import Example, Factor
from caprev.law.rulebook import Rulebook
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import states_from
from caprev.reasoning.findings import FactorState
from caprev.review import completeness, examples
from caprev.review.linting import across, decided


def errors(assessor: Assessor) -> list[Problem]:
    """Faults that would decide wrongly: examples that do not hold, examples that show too little."""
    problems: list[Problem] = []
    for factor in assessor.book.factors.values():
        problems += _examples(assessor.book, factor, assessor)
    problems += _consequences(assessor.book)
    try:
        problems += decided.check(assessor)  # also what is wrong with the case base, which it reads
    except BadInput as error:
        problems += error.problems
    else:
        problems += completeness.faults(assessor)
    return [*problems, *across.check(assessor).errors]


def unsound(book: Rulebook) -> list[Problem]:
    """The examples that do not hold in what could be read of a rulebook that has other faults."""
    return [problem for factor in book.factors.values() for problem in _examples(book, factor)]


def _examples(book: Rulebook, factor: Factor, assessor: Assessor | None = None) -> Iterator[Problem]:
    """Examples of a factor that do not hold, each at its line, and states that none of them shows."""
    file = book.files[factor.id]

    def fault(what: str, *at: str | int, allowed: str = "", fix: str = "") -> Problem:
        return Problem(what, file, reading.read(file).line(("examples", *at)), factor.id, allowed, fix)

    missing = [state for state in get_args(FactorState) if state not in {one.expect for one in factor.examples}]
    if missing and (assessor or len(factor.examples) > 2):  # fewer are a fault of shape
        yield fault(f"has no example that is {listing([worded(state) for state in missing])}")
    for index, example in enumerate(factor.examples):
        try:
            told = _told(book, factor, example, assessor)
        except BadInput as error:
            for problem in error.problems:
                name = f"example '{example.name}': {problem.subject}: {problem.what}"
                section, _, fact = problem.subject.partition(".")
                at = next((at for at in ((problem.subject,), (section, fact)) if _holds(example, at)), ())
                yield fault(name, index, "facts", *at, allowed=problem.allowed, fix=problem.fix)
            continue
        if told:
            yield fault(f"example '{example.name}': {told}", index)


def _holds(example: Example, at: tuple[str, ...]) -> bool:
    """Whether the facts of an example are written in this way, as `section.fact` or section by section."""
    inside: Any = example.facts
    for step in at:
        inside = inside.get(step) if isinstance(inside, dict) else None
    return inside is not None


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
                fault = examples.fault(book, rule, example)
            except BadInput as error:
                fault = str(error)
            if fault:
                yield Problem(f"example '{example.name}': {fault}", book.files[rule.id], subject=rule.id)


def run_example(
    book: Rulebook, factor: Factor, example: Example, assessor: Assessor | None = None
) -> tuple[FactorState, tuple[str, ...]]:
    """What the rules make of an example, and the facts on which the factor still waits. Raises BadInput.

    Of a rulebook with faults no engine can be made; there the condition itself says what it means.
    """
    written = {"facts": example.facts, "matter": {"as_at": example.as_at or book.pack.as_at}}
    found = reading.made(written, f"example of {factor.id}")
    parcel = facts.load(found, book.vocabulary, book.derivations, book.pack.as_at).parcels[0]
    condition = book.conditions[factor.id]
    known = conditions.decided(conditions.leaves(condition), parcel.known)  # no other rule reads them here
    asks = tuple(sorted(conditions.named(conditions.open_on(condition, known))))
    if assessor:
        return states_from(book, frozenset(assessor.engine.run(0, known)))[factor.id], asks
    truth = conditions.truth(condition, known)
    return "unknown" if truth is None else "met" if truth else "not_met", asks


def _told(book: Rulebook, factor: Factor, example: Example, assessor: Assessor | None) -> str:
    """How an example comes out otherwise than it says, or nothing. Raises BadInput if its facts are not facts."""
    state, asks = run_example(book, factor, example, assessor)
    if state != example.expect:
        return f"comes out {worded(state)}; the example expects {worded(example.expect)}"
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
            file = str(assessor.rules_directory / "vocabulary.yaml")
            at = reading.read(file).line(tuple(name.split(".")))
            found.append(Problem("is read by no rule", file, at, name))
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
        if not case.because and case.shown and case.on_subject(book.pack):
            found.append(
                Problem(
                    "names no factor it rested on, so it can neither bind nor be on point", case.file, subject=case.id
                )
            )
    return [*found, *completeness.gaps(assessor), *across.check(assessor).warnings]


def notes(assessor: Assessor) -> list[Problem]:
    """What a rule should answer, though nothing may be wrong: what its limits name and it does not test."""
    return list(across.check(assessor).notes)
