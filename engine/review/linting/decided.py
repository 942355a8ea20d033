"""Checks of the decided cases against the rules: each comes out as decided, on its own grounds, all of them named.

What a rulebook is held to besides (`checks.yaml`) is law, and stands beside the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import Field, ValidationError

from caprev.errors import BadInput, Problem, nearest
from caprev.files import reading
from caprev.files.reading import Path_, Source
from caprev.law import faults as wrong
from caprev.law.models import Model
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.findings import FactorState
from caprev.reasoning.precedents import Case

FILE = "checks.yaml"
LOPSIDED = 0.75  # the probability from which on a side is held to be strongly decided for here
_ABSENT: tuple[FactorState, ...] = ("unknown", "not_met")


class Listed(Model):
    """A list of indicators that an authority gives whole."""

    authority: str
    number: int


class Held(Model):
    """What a rulebook is held to (`checks.yaml`); one without it is held to what holds of any.

    `leading` cases come out by their own route, `routes` naming the rulebook's route for one that it has not;
    `decided_otherwise_today` excepts cases, with the reason; `indicators` are lists that are there whole.
    """

    grounds: int = 3
    leading: tuple[str, ...] = ()
    routes: dict[str, str] = Field(default_factory=dict)
    decided_otherwise_today: dict[str, str] = Field(default_factory=dict)
    indicators: dict[str, Listed] = Field(default_factory=dict)


def check(assessor: Assessor) -> list[Problem]:
    """Everything in which cases and rules do not stand together. Raises BadInput where cases cannot be read."""
    held, found = read(assessor)
    checks = Checks(assessor, held)
    problems = [problem for case in assessor.cases.cases.values() for problem in checks.of(case)]
    return [*problems, *(_listed(assessor, held, found) if found else ())]


def read(assessor: Assessor) -> tuple[Held, Source | None]:
    """What a rulebook is held to, and the file that says so, if there is one. Raises BadInput."""
    path = Path(assessor.rules_directory) / FILE
    if not path.exists():
        return Held(), None
    found = reading.read(path)
    try:
        return Held.model_validate(found.data), found
    except ValidationError as error:
        raise BadInput(wrong.faults(error, Held, found)) from None


class Checks:
    """The checks of one case, by name; each yields what is wrong, with file and line."""

    def __init__(self, assessor: Assessor, held: Held) -> None:
        self.assessor, self.held = assessor, held
        self.book = assessor.book
        self.positions = tuple(self.book.positions)

    def of(self, case: Case) -> Iterator[Problem]:
        """All that is wrong with one case."""
        yield from self.nothing_overcome_is_left_out(case)
        yield from self.thin_grounds_are_owned_up_to(case)
        yield from self.comes_out_as_decided(case)
        yield from self.comes_out_by_its_own_route(case)
        yield from self.left_out_is_not_strongly_the_other_way(case)
        yield from self.no_ground_is_idle(case)

    def nothing_overcome_is_left_out(self, case: Case) -> Iterator[Problem]:
        """Every factor for the losing side that is met on a case's own facts was overcome, and the case says so."""
        lost = self.book.sides.other(case.outcome)
        for name, factor in self.book.factors.items():
            if name in case.met and factor.favours == lost and name not in case.despite:
                what = f"'{name}' favours {factor.favours} and is met on the case's own facts, so the court decided "
                what += f"for {case.outcome} in spite of it, and the case does not name it under 'despite'"
                fix = f"Add it under 'despite', or make the condition of {name} narrower"
                yield _problem(case, "despite", what, fix)

    def thin_grounds_are_owned_up_to(self, case: Case) -> Iterator[Problem]:
        """A case that rests on few factors says in a note why there are no more."""
        if len(case.because) < self.held.grounds and not _note(case):
            what = f"names {len(case.because)} grounds, fewer than {self.held.grounds}, and does not say why"
            yield _problem(case, "because", what, "Name the others, or say in 'note' why there are no more")

    def comes_out_as_decided(self, case: Case) -> Iterator[Problem]:
        """With itself in the base, a case that may be relied on is decided as the court decided it."""
        for position in self.positions if self._relied_on(case) else ():
            found = self._concluded(case, position).characterisation
            if found != case.outcome:
                what = f"comes out {found} under the position '{position}'; the court decided {case.outcome}"
                yield _problem(case, "outcome", what, f"See why: caprev assess {case.file} --position {position}")

    def comes_out_by_its_own_route(self, case: Case) -> Iterator[Problem]:
        """A leading case is decided on the ground on which the court decided it, and not merely for the side."""
        route = self.held.routes.get(case.route, case.route)
        if case.id in self.held.leading:
            found = self._concluded(case, self.book.pack.position)
            if found.characterisation == case.outcome and found.route != route:
                what = f"is a leading case, and comes out by way of {found.route}; the court decided by way of {route}"
                yield _problem(case, "route", what, f"See why: caprev assess {case.file}")

    def left_out_is_not_strongly_the_other_way(self, case: Case) -> Iterator[Problem]:
        """Without itself in the base, no case but those excepted is decided `strong` against what the court decided."""
        if case.id in self.held.decided_otherwise_today:
            return
        for position in self.positions:
            if self.strongly_otherwise(case, position):
                lost = self.book.sides.other(case.outcome)
                what = f"left out of the cases, it comes out strongly {lost} under the position "
                what += f"'{position}', against what the court decided: the rules alone do not explain it"
                fix = f"See why: caprev assess {case.file} --without {case.id} --position {position}"
                yield _problem(case, "outcome", what, fix)

    def strongly_otherwise(self, case: Case, position: str) -> bool:
        """Whether the rules and the other cases hold the side that the court decided against to be far more probable.

        The word strong is not asked for: a record seldom answers every decisive question, and would hold the law to
        nothing.
        """
        found = self._concluded(case, position, left_out=True)
        sides = self.book.sides
        lost = sides.other(case.outcome)
        held = found.probability if sides.sign(lost) > 0 else 1 - found.probability
        return found.characterisation == lost and held >= LOPSIDED

    def no_ground_is_idle(self, case: Case) -> Iterator[Problem]:
        """A case binds its own facts, and no matter that is like it in all but one thing that it rested on."""
        for position in self.positions if case.because else ():
            active = self.assessor.weigher(position, self.book.pack.as_at).active
            if not self._binds(case, dict(case.states), active):
                what = f"does not bind a matter with exactly its own facts under the position '{position}'"
                yield _problem(case, "because", what)
            for factor in case.because if len(case.because) >= self.held.grounds else ():
                if any(self._binds(case, {**case.states, factor: state}, active) for state in _ABSENT):
                    what = (
                        f"'{factor}' is idle: the case binds also where it is absent, under the position '{position}'"
                    )
                    yield _problem(case, "because", what)

    def _binds(self, case: Case, states: dict[str, FactorState], active: frozenset[str]) -> bool:
        return self.assessor.cases.beside(case, states, case.parcel, active).binds

    def _relied_on(self, case: Case) -> bool:
        return case.shown and case.on_subject(self.assessor.book.pack)

    def _concluded(self, case: Case, position: str, left_out: bool = False) -> Conclusion:
        cases = self.assessor.cases.without([case.id]) if left_out else self.assessor.cases
        matter = self.assessor.read(case.file)
        as_at = self.book.pack.as_at
        return self.assessor.conclude(matter.parcels[0], self.assessor.weigher(position, as_at), cases)


def _listed(assessor: Assessor, held: Held, found: Source) -> Iterator[Problem]:
    """Names in `checks.yaml` that point nowhere, exceptions that are not needed, and lists that are not whole."""
    cases, book, checks = assessor.cases.cases, assessor.book, Checks(assessor, held)

    def fault(at: Path_, subject: str, what: str, fix: str = "") -> Problem:
        return Problem(what, found.file, found.line(at), subject, fix=fix)

    named: list[tuple[Path_, str]] = [(("leading", index), name) for index, name in enumerate(held.leading)]
    named += [(("decided_otherwise_today", name), name) for name in held.decided_otherwise_today]
    for at, name in named:
        if name not in cases:
            yield fault(at, str(at[0]), f"there is no decided case '{name}'", nearest(name, list(cases)))
    for name in held.decided_otherwise_today:
        if name in cases and not any(checks.strongly_otherwise(cases[name], position) for position in checks.positions):
            yield fault(("decided_otherwise_today", name), name, "is not decided strongly otherwise", "Take it out")
        if name in cases and cases[name].shown:
            what = "is shown as authority, though the law of today decides it otherwise"
            yield fault(("decided_otherwise_today", name), name, what)
    for node, listed in held.indicators.items():
        at = ("indicators", node)
        if node not in book.nodes:
            yield fault(at, "indicators", f"node '{node}' does not exist", nearest(node, list(book.nodes)))
            continue
        citing = [
            part
            for part in book.indicators_of(node)
            if part.kind == "indicator" and any(cited.cite == listed.authority for cited in part.authority)
        ]
        if len(citing) != listed.number:
            what = f"weighs {len(citing)} indicators that cite {listed.authority}; its list has {listed.number}"
            yield fault(at, node, what)
        for part in citing:
            if not book.feeding[part.id]:
                yield fault(at, part.id, "is an indicator of the list that no factor feeds")


def _note(case: Case) -> bool:
    data = reading.read(case.file).data
    return isinstance(data, dict) and bool(data.get("note"))


def _problem(case: Case, key: str, what: str, fix: str = "") -> Problem:
    """A fault with its line, looked up only now that there is one."""
    return Problem(what, case.file, reading.read(case.file).line((key,)), case.id, fix=fix)
