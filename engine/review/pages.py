"""Single rules and cases as pages of text: what `rules show` and `cases show` print."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts.conditions import AllOf, AnyOf, Atom, Condition, Met, Not
from caprev.facts.in_words import describe
from caprev.facts.matter import Parcel
from caprev.facts.vocabulary import worded
from caprev.files import reading
from caprev.law import citations, packs
from caprev.law.figures import Sheet
from caprev.law.models import Cited, Consequence, Factor, Node, Point
from caprev.law.references import condition_key
from caprev.law.rulebook import Rulebook
from caprev.reasoning import casebook
from caprev.reasoning.assess import Assessor
from caprev.reasoning.precedents import Case


def rule(book: Rulebook, name: str) -> str:
    """A factor, node, unsettled point or consequence. Raises BadInput for a name that is none of them."""
    if name in book.factors:
        lines = _factor(book, book.factors[name])
    elif name in book.nodes:
        lines = _node(book, book.nodes[name])
    elif name in book.points:
        lines = _point(book, name, book.points[name])
    elif name in book.consequences:
        lines = _consequence(book, book.consequences[name])
    else:
        known = [*book.factors, *book.nodes, *book.points, *book.consequences]
        within = [rule for rule in known if rule.startswith(f"{name.lower()}/")]
        fix = f"Did you mean one of {listing(within)}?" if within else nearest(name.lower(), known)
        raise BadInput(Problem(f"there is no rule '{name}'", fix=fix))
    return "\n".join(lines) + "\n"


def bearing_on(book: Rulebook, name: str) -> list[Factor]:
    """The factors that feed a node, or any node that it weighs or is combined from."""
    pending, below = [name], dict[str, None]()
    while pending:
        node = book.nodes[pending.pop()]
        below[node.id] = None
        pending += [part for part in (*node.weighs, *node.parts) if part != "self" and part not in below]
    return [factor for factor in book.factors.values() if any(fed in below for fed in factor.feeds)]


def file(book: Rulebook, name: str) -> str:
    """Where a rule stands, from the directory that holds the rulebook; of a pack shipped, from the one with `rules`."""
    if book.name:
        return os.path.relpath(book.files[name], packs.root("rules").parent)
    return os.path.relpath(book.files[name], Path(os.path.commonpath(book.files.values())).parent)


def in_words(condition: Condition, depth: int = 0) -> Iterator[str]:
    """A condition as indented lines."""
    indent = "  " * depth
    if isinstance(condition, Atom):
        yield f"{indent}{condition.fact} {_tested(condition.text)}"
    elif isinstance(condition, Met):
        yield f"{indent}{condition.rule} is met"
    elif isinstance(condition, Not):
        yield f"{indent}not:"
        yield from in_words(condition.part, depth + 1)
    else:
        yield f"{indent}{'all of:' if isinstance(condition, AllOf) else 'any of:'}"
        assert isinstance(condition, (AllOf, AnyOf))
        for part in condition.parts:
            yield from in_words(part, depth + 1)


_TESTS = {
    "includes_any": "includes", "includes_all": "includes", "only": "is nothing but",
    ">=": "is at least", "<=": "is at most", ">": "is more than", "<": "is less than", "before": "is before",
}  # fmt: skip


def _tested(text: str) -> str:
    """A test in words: `is at least 28`, `includes resale or develop_for_sale`."""
    operator, _, operand = text.partition(" ")
    if not operand:  # a span, as 5..19
        return "is {} to {}".format(*operator.split(".."))
    joined = " and " if operator == "includes_all" else " or "
    values = joined.join(re.split(r"[|+]", operand)) if operator not in (">=", "<=", ">", "<") else operand
    return f"{_TESTS.get(operator, operator)} {values}"


def _authority(book: Rulebook, authority: tuple[Cited, ...]) -> Iterator[str]:
    for cited in authority:
        yield f"  {citations.short(book, cited)}: {cited.says}"
        yield f"    {citations.full(book, cited.cite)}"


def _factor(book: Rulebook, rule: Factor) -> Iterator[str]:
    strength = rule.strength.replace("_", "-")
    yield f"{rule.id}: favours {rule.favours}, {strength} (engine weight, not law); {rule.status}"
    yield rule.text
    yield "when:"
    yield from in_words(book.conditions[rule.id], 1)
    for point, answers in rule.position.items():
        yield f"only where the position on {point} is {' or '.join(answers)}"
    yield f"feeds: {', '.join(rule.feeds)}"
    yield f"cluster: {rule.cluster}"
    if rule.magnitude:
        yield f"compared with cases by: {rule.magnitude.fact}; {rule.magnitude.stronger} is stronger"
    if place := book.ground_of.get(rule.id):
        yield f"a form of the ground: {book.grounds[place[0]].says}"
    yield from _standing_on(book, rule)


def _consequence(book: Rulebook, rule: Consequence) -> Iterator[str]:
    unverified = "; NOT VERIFIED as law" if rule.unverified else ""
    yield f"{rule.id}: {rule.title} ({rule.status}{unverified})"
    yield rule.says
    yield f"answers: {book.questions.questions[rule.question]}"
    after = (*rule.applies.characterisation, *rule.applies.route)
    yield f"follows from: {' or '.join(worded(name) for name in after) or 'any conclusion'}"
    if rule.when is not None:
        yield "when:"
        yield from in_words(book.conditions[condition_key(rule)], 1)
    for point, answer in rule.position.items():
        yield f"only where the answer to {point} is {answer}"
    dated_by = ", ".join(rule.dated_by or (book.questions.event,))
    yield f"for events: {rule.in_force.words or 'of any date'}, dated by {dated_by}"
    if rule.succeeded_by:
        yield f"followed from the next day by: {', '.join(rule.succeeded_by)}"
    for matter, answer in rule.settles.items():
        yield f"settles: {worded(matter)}: {book.questions.matters[matter][answer]}"
    sheet = Sheet(book.vocabulary, {})
    for figure in rule.figures:
        formula = sheet.work(figure).formula.replace(" not given", "")
        yield f"figure: {figure.label} = {formula} (rounded {book.vocabulary.money.rounding})"
    for index, sign in enumerate(rule.signs.signs if rule.signs else ()):
        yield f"sign: {sign.text}"
        yield from in_words(book.conditions[condition_key(rule, index)], 1)
    if rule.warning:
        yield f"warning: {rule.warning}"
    if rule.unsettled:
        yield f"unsettled: {', '.join(rule.unsettled)}"
    yield from _standing_on(book, rule)


def _standing_on(book: Rulebook, rule: Factor | Consequence) -> Iterator[str]:
    """What a rule stands on, how far it goes, and what shows it."""
    yield "authority:"
    yield from _authority(book, rule.authority)
    yield f"limits: {rule.limits}"
    yield "examples:"
    for example in rule.examples:
        asks = f", asks {', '.join(example.asks)}" if example.asks else ""
        yield f"  {worded(example.expect)}: {example.name}{asks}"
    yield f"file: {file(book, rule.id)}"


def _node(book: Rulebook, node: Node) -> Iterator[str]:
    yield f"{node.id}: {node.kind}. {node.title}"
    yield node.question
    for word, parts in (("all of", node.all), ("any of", node.any), ("none of", node.none)):
        if parts:
            yield f"satisfied when {word}: {', '.join(parts)}"
    if node.weighs:
        yield f"weighs: {', '.join(part if part != 'self' else 'its own factors' for part in node.weighs)}"
    yield "authority:"
    yield from _authority(book, node.authority)
    yield "factors that feed it:"
    for factor in book.feeding[node.id]:
        yield f"  {factor.favours:8} {factor.strength:13} {factor.id}"
    if node.limits:
        yield f"limits: {node.limits}"
    if node.unsettled:
        yield f"unsettled: {', '.join(node.unsettled)}"


def _point(book: Rulebook, name: str, point: Point) -> Iterator[str]:
    yield f"{name}: {point.question}"
    yield f"turns on: {point.turns_on}"
    for answer, taken in point.answers.items():
        holders = [key for key, position in book.positions.items() if position.answers.get(name) == answer]
        yield f"{answer}" + (f" (position: {', '.join(holders)})" if holders else "")
        yield f"  {taken.says}"
        yield from _authority(book, taken.authority)
    if point.warning:
        yield f"warning: {point.warning}"


def case(assessor: Assessor, name: str) -> str:
    """A decided case by id, or a comparator by its number. Raises BadInput for a name that is neither."""
    if name in assessor.cases.cases:
        return "\n".join(_case(assessor.book, assessor.cases.cases[name])) + "\n"
    files = casebook.others(assessor.cases_directory, assessor.book)
    if name not in files:
        known = [*assessor.cases.cases, *files]
        raise BadInput(Problem(f"there is no case or comparator '{name}'", fix=nearest(name, known)))
    found = reading.read(files[name])
    matter = assessor.matter(found)
    lines = [f"{matter.about.get('title') or matter.id}"]
    comparator = found.data.get("comparator") if isinstance(found.data, dict) else None
    if isinstance(comparator, dict):
        lines += [f"{worded(key)}: {value}" for key, value in comparator.items() if isinstance(value, str)]
        unweighed = comparator.get("unweighed")
        if isinstance(unweighed, list):
            lines += ["left unweighed:", *(f"  {item}" for item in unweighed)]
        lines.append(assessor.book.pack.comparator_warning)
    for parcel in matter.parcels:
        lines += _facts(parcel)
    return "\n".join(lines) + "\n"


def _case(book: Rulebook, case: Case) -> Iterator[str]:
    yield citations.full(book, case.authority)
    yield f"{case.court}, {case.decided}; {case.outcome}, {worded(case.route)}"
    shown = "" if case.shown else "; not shown as authority"
    yield f"confidence in this reading: {case.confidence}{shown}"
    yield f"ratio: {case.ratio}"
    for key, names in (("because", case.because), ("despite", case.despite)):
        yield f"{key}:" + ("" if names else " nothing selected")
        for name in names:
            yield f"  {name}: {book.factors[name].text}"
    for item in case.treatment:
        yield f"treatment: {item}"
    status = citations.status(book, case.authority)
    if status:
        yield f"status: {status}"
    yield from _facts(case.parcel)


def _facts(parcel: Parcel) -> Iterator[str]:
    yield f"facts{f' of {parcel.id}' if parcel.id != 'all' else ''}:"
    for given in parcel.facts.values():
        origin = given.source or (f"follows from {', '.join(given.derived_from)}" if given.derived_from else "")
        told = "; ".join(part for part in (origin, given.standing or "", given.note) if part)
        yield f"  {given.fact.name}: {describe(given)}" + (f"  ({told})" if told else "")
