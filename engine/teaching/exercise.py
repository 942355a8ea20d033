"""Exercises on decided cases: the facts without the outcome, a prediction, and a score that explains itself.

What is drawn is drawn from a seed that is printed, so that the same seed gives the same exercise everywhere.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from caprev.errors import BadInput, Problem, nearest
from caprev.facts import conditions
from caprev.facts.in_words import describe
from caprev.facts.matter import Given, Matter
from caprev.facts.vocabulary import worded
from caprev.files import reading
from caprev.law import citations
from caprev.law.rulebook import Rulebook
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.precedents import Case

T = TypeVar("T")
Ask = Callable[[str], str]
FOR_OUTCOME, FOR_ROUTE, FOR_FACTOR = 4, 2, 1


class Draw:
    """Draws from a seed, the same on every machine and Python."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def one(self, items: Sequence[T]) -> T:
        """One of several; `items` must not be empty."""
        return items[int(self._random.random() * len(items))]

    def some(self, items: Iterable[T], most: int) -> list[T]:
        """At most so many of several, in the order drawn."""
        left = list(items)
        return [left.pop(int(self._random.random() * len(left))) for _ in range(min(most, len(left)))]


@dataclass(frozen=True)
class Exercise:
    """A decided case put to a student: its facts, the routes to choose from and the factors to choose among."""

    case: Case
    matter: Matter
    seed: int
    facts: tuple[Given, ...]
    routes: tuple[str, ...]
    options: tuple[str, ...]


@dataclass(frozen=True)
class Prediction:
    """What a student answers: outcome, route and decisive factors."""

    outcome: str
    route: str
    factors: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    """One line of a score: points earned of those to be had, what for and why."""

    points: int
    most: int
    what: str
    why: str


@dataclass(frozen=True)
class Score:
    """A score line by line; the factors together never cost more than they can earn."""

    lines: tuple[Line, ...]

    @property
    def points(self) -> int:
        """Points earned."""
        return sum(line.points for line in self.lines)

    @property
    def most(self) -> int:
        """Points that could be earned."""
        return sum(line.most for line in self.lines)


def eligible(assessor: Assessor) -> list[Case]:
    """The cases fit for an exercise: on the subject, firmly read, standing, with recorded grounds."""
    cases = assessor.cases.cases.values()
    return [case for case in cases if case.shown and case.on_subject(assessor.book.pack) and case.because]


def prepare(assessor: Assessor, seed: int, case: str = "") -> Exercise:
    """An exercise on one case, or on one drawn by the seed. Raises BadInput."""
    draw = Draw(seed)
    fit = eligible(assessor)
    if not fit:
        raise BadInput(Problem("has no case fit for an exercise", str(assessor.cases_directory)))
    names = [item.id for item in fit]
    drawn = draw.one(fit)
    if case and case not in names:
        known, subject = case in assessor.cases.cases, assessor.book.pack.subject or "this law"
        what = f"is not firmly read, not about {subject} or names no grounds" if known else "is not a decided case here"
        raise BadInput(Problem(f"'{case}' {what}", allowed=", ".join(names), fix=nearest(case, names)))
    chosen = assessor.cases.cases[case] if case else drawn
    book = assessor.book
    order = {name: index for index, name in enumerate(book.vocabulary.facts)}
    written = [given for given in chosen.parcel.facts.values() if given.at]
    routes = [outcome.route for outcome in book.outcomes] + [item.route for item in fit]
    told = [name for name in book.factors if book.factors[name].favours != "neutral"]
    met = [name for name in told if chosen.states[name] == "met"]
    others = [name for name in told if chosen.states[name] != "met"]
    distractors = draw.some(others, max(3, len(met) // 3))
    options = draw.some([*met, *distractors], len(met) + len(distractors))
    return Exercise(
        chosen,
        assessor.read(chosen.file),
        seed,
        tuple(sorted(written, key=lambda given: order[given.fact.name])),
        tuple(dict.fromkeys(routes)),
        tuple(options),
    )


# --- asking ------------------------------------------------------------------------------------------------


def predict(exercise: Exercise, book: Rulebook, ask: Ask) -> Prediction:
    """Asks for outcome, route and decisive factors; an answer that is not one is asked for again."""
    outcome = choice(ask, "Outcome", [worded(side) for side in book.sides.ids]).replace(" ", "_")
    route = choice(ask, "Route", [worded(route) for route in exercise.routes]).replace(" ", "_")
    prompt = f"Decisive factors: numbers 1 to {len(exercise.options)} with commas, those the court rested on"
    while True:
        answer = ask(f"{prompt}: ")
        numbers = answer.replace(",", " ").split()
        if all(number.isdigit() and 1 <= int(number) <= len(exercise.options) for number in numbers):
            picked = dict.fromkeys(exercise.options[int(number) - 1] for number in numbers)
            return Prediction(outcome, route, tuple(picked))
        prompt = f"'{answer}' is not a list of such numbers. Numbers 1 to {len(exercise.options)} with commas"


def choice(ask: Ask, prompt: str, allowed: Sequence[str]) -> str:
    """One of several words, by the word or by its number."""
    listed = ", ".join(f"{number} {word}" for number, word in enumerate(allowed, 1))
    lead = ""
    while True:
        answer = worded(ask(f"{lead}{prompt} ({listed}): ").strip().lower())
        if answer in allowed:
            return answer
        if answer.isdigit() and 1 <= int(answer) <= len(allowed):
            return allowed[int(answer) - 1]
        lead = f"'{answer}' is none of them. "


# --- scoring -----------------------------------------------------------------------------------------------


def score(book: Rulebook, exercise: Exercise, given: Prediction) -> Score:
    """The prediction beside the court's reasons, line by line."""
    case = exercise.case
    lines = []
    for what, said, was, most, otherwise in (
        ("outcome", given.outcome, case.outcome, FOR_OUTCOME, "the case was decided for"),
        ("route", given.route, case.route, FOR_ROUTE, "the route was"),
    ):
        why = "as decided" if said == was else f"{otherwise} {worded(was)}"
        lines.append(Line(most if said == was else 0, most, f"{what}: {worded(said)}", why))
    lines += [
        Line(FOR_FACTOR, FOR_FACTOR, f"found {name}", f"the court rested on it: {book.factors[name].text}")
        if name in given.factors
        else Line(0, FOR_FACTOR, f"missed {name}", f"the court rested on it: {book.factors[name].text}")
        for name in case.because
    ]
    wrong = 0
    for name in given.factors:
        if name not in case.because:
            harmless = case.states[name] == "met" and book.factors[name].favours == case.outcome
            wrong += not harmless
            cost = 0 if harmless else -FOR_FACTOR
            lines.append(Line(cost, 0, f"named {name}", not_decisive(book, case, name)))
    over = wrong - sum(name in given.factors for name in case.because)
    if over > 0:
        lines.append(Line(over * FOR_FACTOR, 0, "given back", "the factors together never cost more than they earn"))
    return Score(tuple(lines))


def not_decisive(book: Rulebook, case: Case, name: str) -> str:
    """Why a factor is not among those that a case rested on."""
    rule, state = book.factors[name], case.states[name]
    known = book.decided(case.parcel.known)
    if name in case.despite:
        return f"it spoke for {worded(rule.favours)}, and the court found for {worded(case.outcome)} despite it"
    if state == "met" and rule.favours == case.outcome:
        return "it was there, but is not recorded as a ground of the decision"
    if state == "met":
        return f"it was there and spoke for {worded(rule.favours)}; it did not carry the case"
    if state == "not_met":
        facts = conditions.named(conditions.resting_on(book.conditions[name], known))
        rested = [case.parcel.facts[fact] for fact in facts]
        return f"it was not there ({'; '.join(f'{g.fact.words}: {describe(g)}' for g in rested)})"
    facts = conditions.named(conditions.open_on(book.conditions[name], known))
    return f"the facts do not show it ({', '.join(worded(fact.split('.', 1)[1]) for fact in facts)} not known)"


def held(case: Case) -> list[tuple[str, str]]:
    """The court's reasons as recorded with the case: in words, and for which side or outweighed."""
    data = reading.read(case.file).data
    rows = data.get("held") if isinstance(data, dict) else None
    found = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            word = ", outweighed" if row.get("outweighed") == "true" else ""
            found.append((str(row.get("factor")), f"for {row.get('direction')}{word}"))
    return found


def blind(assessor: Assessor, exercise: Exercise) -> Conclusion:
    """What the engine concludes on the facts when the case itself is left out of its base."""
    return assessor.assess(exercise.matter, without=[exercise.case.id]).conclusions[0]


def full(book: Rulebook, case: Case) -> str:
    """The case by name and citation."""
    return citations.full(book, case.authority)
