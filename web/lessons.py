"""What a class is asked and told: the exercise on a decided case, the spread of answers, scores, and the debate."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

import caprev
from caprev.facts.in_words import describe
from caprev.facts.vocabulary import worded
from caprev.teaching import exercise
from caprev_web import host
from caprev_web.models import Lesson, Pupil

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of codes: none that is taken for another."""
LASTS = timedelta(hours=24)


@dataclass(frozen=True)
class Put:
    """The exercise as pages show it."""

    case: str
    name: str
    facts: tuple[tuple[str, str], ...]
    outcomes: tuple[str, ...]
    routes: tuple[tuple[str, str], ...]
    grounds: tuple[tuple[str, str], ...]
    outcome: str
    route: str
    ratio: str
    because: tuple[str, ...]


@lru_cache
def cases(pack: str = "") -> tuple[tuple[str, str], ...]:
    """The cases that are fit for an exercise, each with its name."""
    assessor = host.law(pack)
    found = [(case.id, f"{case.name} ({case.decided[:4]})") for case in exercise.eligible(assessor)]
    return tuple(sorted(found, key=lambda pair: pair[1]))


@lru_cache(32)
def prepared(case: str, seed: int, pack: str) -> exercise.Exercise:
    """The engine's exercise on a case. Raises BadInput."""
    return exercise.prepare(host.law(pack), seed, case)


@lru_cache(32)
def put(case: str, seed: int, pack: str = "") -> Put:
    """The exercise on a case. Raises BadInput."""
    found, book = prepared(case, seed, pack), host.law(pack).book
    return Put(
        case,
        exercise.full(book, found.case),
        tuple((given.fact.ask, describe(given)) for given in found.facts),
        book.sides.ids,
        tuple((route, worded(route)) for route in found.routes),
        tuple((name, book.factors[name].text) for name in found.options),
        found.case.outcome,
        worded(found.case.route),
        found.case.ratio,
        found.case.because,
    )


def scored(lesson: Lesson, pupil: Pupil) -> exercise.Score:
    """What a pupil earned, line by line, each with its reason."""
    found = prepared(lesson.case, lesson.seed, lesson.pack)
    given = exercise.Prediction(pupil.outcome, pupil.route, tuple(pupil.grounds))
    return exercise.score(host.law(lesson.pack).book, found, given)


@dataclass(frozen=True)
class Spread:
    """How the answers of a class are spread."""

    joined: int
    answered: int
    outcomes: tuple[tuple[str, int], ...]
    grounds: tuple[tuple[str, str, int, bool], ...]


def spread(lesson: Lesson) -> Spread:
    """How many answered what; every ground that was named, the most named first, and whether the court rested on it."""
    pupils = list(lesson.pupils.all())
    found = put(lesson.case, lesson.seed, lesson.pack)
    given = [pupil for pupil in pupils if pupil.answered]
    outcomes = Counter(pupil.outcome for pupil in given)
    named = Counter(name for pupil in given for name in pupil.grounds)
    grounds = [(name, text, named[name], name in found.because) for name, text in found.grounds if named[name]]
    missed = [(name, text, 0, True) for name, text in found.grounds if name in found.because and not named[name]]
    return Spread(
        len(pupils),
        len(given),
        tuple((side, outcomes[side]) for side in found.outcomes),
        tuple(sorted(grounds, key=lambda row: -row[2]) + missed),
    )


@lru_cache(16)
def debate(case: str, pack: str = "") -> tuple[dict[str, Any], ...]:
    """The moves of the debate on a case's facts, argued without the case itself."""
    assessor = host.law(pack)
    facts = assessor.cases.cases[case].file
    held = caprev.argue(facts, assessor, without=[case])
    return tuple(move.to_dict() for move in held.parcels[0].moves)


def code() -> str:
    """A code to join by that no other class has."""
    while True:
        found = "".join(secrets.choice(LETTERS) for _ in range(6))
        if not Lesson.objects.filter(code=found).exists():
            return found


def swept() -> int:
    """Removes the classes of yesterday and before, with all who were in them, unless they are kept; says how many."""
    old = Lesson.objects.filter(kept=False, at__lt=timezone.now() - LASTS)
    count = old.count()
    old.delete()
    return count
