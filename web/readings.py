"""Coding in class: the facts that students read out of a decision, how they differ, and what would follow from them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from caprev.facts.answers import parse
from caprev.facts.in_words import describe
from caprev.facts.matter import Matter
from caprev.facts.vocabulary import Fact, worded
from caprev.teaching import coding, exercise
from caprev_web import host, lessons
from caprev_web.controls import Option, options
from caprev_web.models import Lesson, Pupil

UNSAID, ALL = "", "all"


@dataclass(frozen=True)
class Field:
    """One fact as a student fills it in: `first` what was typed or chosen, `chosen` what was ticked, `all` whether
    that is everything. `value` is what it says, None if nothing; `problem` why it says nothing that the fact can be."""

    fact: Fact
    first: str = UNSAID
    chosen: tuple[str, ...] = ()
    all: bool = False
    value: Any = None
    problem: str = ""

    @property
    def id(self) -> str:
        """The fact's name as an id of HTML."""
        return self.fact.name.replace(".", "-")

    @property
    def options(self) -> tuple[Option, ...]:
        """The values to choose from; none for a number or a date."""
        return options(self.fact)


@lru_cache(32)
def asked(case: str, seed: int, pack: str) -> tuple[str, ...]:
    """The facts of a case that are coded: those that the court's reasons rest on and the case base records."""
    prepared = lessons.prepared(case, seed, pack)
    names = coding.asked(host.law(pack), prepared)
    return tuple(name for name in names if name in prepared.case.parcel.facts)


def _fields(lesson: Lesson) -> list[Fact]:
    vocabulary = host.vocabulary(lesson.pack)
    return [vocabulary[name] for name in asked(lesson.case, lesson.seed, lesson.pack)]


def form(lesson: Lesson, coded: Mapping[str, Any]) -> list[Field]:
    """The form with what was coded so far."""
    return [_filled(fact, coded.get(fact.name)) for fact in _fields(lesson)]


def _filled(fact: Fact, value: Any) -> Field:
    if fact.type == "set" and value is not None:
        partial = isinstance(value, dict)
        return Field(fact, "", tuple(value["includes"] if partial else value), not partial, value)
    if isinstance(value, dict):
        return Field(fact, host.in_words(fact, value), value=value)
    said = "" if value is None else str(value).lower() if fact.type == "bool" else str(value)
    return Field(fact, said, value=value)


def sent(lesson: Lesson, posted: Any) -> list[Field]:
    """The form as a student sent it. `posted` are Django's fields, with lists."""
    return [_sent(fact, posted) for fact in _fields(lesson)]


def _sent(fact: Fact, posted: Any) -> Field:
    first = posted.get(fact.name, "").strip()[:200]
    if fact.type == "set":
        chosen = tuple(name for name in fact.values if name in posted.getlist(fact.name))
        whole = posted.get(f"{fact.name}:{ALL}") == "yes"
        value: Any = None if not chosen else list(chosen) if whole else {"includes": list(chosen)}
        return Field(fact, "", chosen, whole, value)
    if not first:
        return Field(fact)
    try:
        value = parse(fact, first).value if not fact.values and fact.type != "bool" else _chosen(fact, first)
        host.knowledge(fact, value)
    except ValueError as error:
        return Field(fact, first, problem=str(error))
    return Field(fact, first, value=value)


def _chosen(fact: Fact, said: str) -> Any:
    allowed = ("true", "false") if fact.type == "bool" else tuple(fact.values)
    if said not in allowed:
        raise ValueError("choose one of the answers")
    return said == "true" if fact.type == "bool" else said


def problems(lesson: Lesson, fields: Iterable[Field]) -> list[str]:
    """What is wrong with a form, in words: what was not understood, or what contradicts itself."""
    found = list(fields)
    wrong = [
        f"{worded(field.fact.words).capitalize()}: {field.problem.rstrip('.')}." for field in found if field.problem
    ]
    if wrong:
        return wrong
    if not coded(found):
        return ["Code at least one fact."]
    try:
        _matter(json.dumps(coded(found), sort_keys=True), lesson.case, lesson.seed, lesson.pack)
    except host.BadInput as error:
        return [host.told(problem, lines=False).says for problem in error.problems]
    return []


def coded(fields: Iterable[Field]) -> dict[str, Any]:
    """What a form says, fact by fact."""
    return {field.fact.name: field.value for field in fields if field.value is not None}


@lru_cache(512)
def _matter(written: str, case: str, seed: int, pack: str) -> Matter:
    prepared = lessons.prepared(case, seed, pack)
    return coding.as_matter(host.law(pack), json.loads(written), prepared.matter.as_at)


@lru_cache(512)
def _concluded(written: str, case: str, seed: int, pack: str) -> str:
    """What the rules conclude on a coding, without the case itself."""
    matter = _matter(written, case, seed, pack)
    return str(host.law(pack).assess(matter, without=[case]).conclusions[0].characterisation)


def scored(lesson: Lesson, given: Mapping[str, Any]) -> exercise.Score:
    """What a coding earned, fact by fact, and what each ground of the court becomes on it, in words."""
    matter = _matter(json.dumps(given, sort_keys=True), lesson.case, lesson.seed, lesson.pack)
    assessor = host.law(lesson.pack)
    score = coding.compare(assessor, lessons.prepared(lesson.case, lesson.seed, lesson.pack), matter)
    vocabulary, factors = assessor.book.vocabulary, assessor.book.factors
    lines = []
    for line in score.lines:
        name = line.what.partition(" ")[2]
        lines.append(replace(line, what=vocabulary[name].ask if name in vocabulary else factors[name].text))
    return exercise.Score(tuple(lines))


@dataclass(frozen=True)
class Given:
    """One answer to one fact: how many gave it, and how it stands to the case base."""

    words: str
    count: int
    mark: str


@dataclass(frozen=True)
class Spread:
    """How the codings of a class differ on one fact."""

    id: str
    ask: str
    given: tuple[Given, ...]
    right: str
    source: str


@dataclass(frozen=True)
class Codings:
    """How the codings of a class differ, and what would be concluded on them (empty until it is shown)."""

    facts: tuple[Spread, ...]
    conclusions: tuple[tuple[str, int], ...]


def spread(lesson: Lesson, concludes: bool) -> Codings:
    """The answers to every fact, the most given first, beside the case base."""
    given = [pupil.coded for pupil in lesson.pupils.exclude(answered=None)]
    prepared = lessons.prepared(lesson.case, lesson.seed, lesson.pack)
    facts = []
    for fact in _fields(lesson):
        right = prepared.case.parcel.facts[fact.name]
        counts = Counter(json.dumps(coded.get(fact.name), sort_keys=True) for coded in given)
        rows = []
        for written, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
            value = json.loads(written)
            rows.append(Given(host.in_words(fact, value) or "not said", count, _mark(fact, value, right.knowledge)))
        facts.append(Spread(fact.name.replace(".", "-"), fact.ask, tuple(rows), describe(right), right.source or ""))
    concluded: Counter[str] = Counter()
    if concludes:
        for coded in given:
            written = json.dumps(coded, sort_keys=True)
            concluded[_concluded(written, lesson.case, lesson.seed, lesson.pack)] += 1
    return Codings(tuple(facts), tuple(concluded.most_common()))


def _mark(fact: Fact, value: Any, right: Any) -> str:
    if value is None:
        return ""
    known = host.knowledge(fact, value)
    if known == right:
        return "as in the case base"
    return "can stand with it" if known.narrowed(right) is not None else "contrary to it"


def table(lesson: Lesson, pupils: Iterable[Pupil]) -> list[list[str]]:
    """The codings for a spreadsheet: a row for every student, a column for every fact, then the case base."""
    prepared = lessons.prepared(lesson.case, lesson.seed, lesson.pack)
    facts = _fields(lesson)
    rows = [["name", *(fact.name for fact in facts), "points", "of"]]
    for pupil in pupils:
        score = scored(lesson, pupil.coded)
        said = [host.in_words(fact, pupil.coded.get(fact.name)) for fact in facts]
        rows.append([pupil.name, *said, str(score.points), str(score.most)])
    right = [describe(prepared.case.parcel.facts[fact.name]) for fact in facts]
    return [*rows, ["(the case base)", *right, "", ""]]
