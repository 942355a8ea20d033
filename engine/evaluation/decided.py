"""Matters that other people decided: the sets by which the reasoning is measured and calibrated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts import conditions
from caprev.facts import matter as facts
from caprev.facts.matter import Parcel
from caprev.files import reading as source
from caprev.files.reading import Path_, Source
from caprev.law import faults as wrong
from caprev.law.models import Model, Side
from caprev.law.pack import ALL, DECIDED
from caprev.law.rulebook import Rulebook
from caprev.reasoning.assess import Assessor
from caprev.reasoning.findings import FactorState

Share = Annotated[float, Field(ge=0, le=1)]


class Target(Model):
    """What a figure should reach, or stay below."""

    at_least: float | None = None
    at_most: float | None = None


class Plan(Model):
    """How agreement is measured and the weighing fitted (`evaluation.yaml`). Nothing here enters an assessment.

    `fitted_on` is the set that the weighing is fitted to, less the matters of `apart`, in `folds`. `excluded` is the
    most that a conformal set may leave out of either side; `strong` the share right that the word must have earned.
    `remarks` say of single matters what a reader of the misses should know; they change no figure. `routes` says which
    route of the rulebook stands for one that it does not have.
    """

    folds: Annotated[int, Field(ge=2)]
    fitted_on: str
    apart: tuple[str, ...] = ()
    positions: dict[str, str]
    excluded: Share
    strong: Share
    note: str
    one_rule: Any
    groups: str
    seed: int
    resamples: Annotated[int, Field(ge=0)]
    targets: dict[str, dict[str, Target]]
    remarks: dict[str, str]
    routes: dict[str, str] = Field(default={})


@dataclass(frozen=True)
class Decided:
    """One decided matter: its facts, the state of every factor on them, and how it was decided.

    `positive`: for the pole `for`. `complete` is false where less is known of the facts than the decider knew.
    """

    id: str
    set: str
    title: str
    outcome: Side
    positive: bool
    route: str
    confidence: str
    parcel: Parcel
    states: dict[str, FactorState]
    complete: bool = True


def plan(directory: str | Path, book: Rulebook) -> Plan:
    """The plan beside a rulebook. Raises BadInput with everything that is wrong with it."""
    path = Path(directory) / "evaluation.yaml"
    if not path.exists():
        what = "does not exist: this rulebook does not say how to measure it or what to fit it to"
        raise BadInput(Problem(what, str(path)))
    found = source.read(path)
    try:
        read = Plan.model_validate(found.data)
    except ValidationError as error:
        raise BadInput(wrong.faults(error, Plan, found)) from None
    problems = list(_unknown(read, book, found))
    if problems:
        raise BadInput(problems)
    return read


def _unknown(plan: Plan, book: Rulebook, found: Source) -> Iterator[Problem]:
    """What a plan names that the rulebook does not have."""
    names: list[tuple[Path_, str, str, Sequence[str]]] = [
        (("fitted_on",), "set", plan.fitted_on, book.pack.sets),
        (("groups",), "fact", plan.groups, list(book.facts)),
        *((("positions", key), "position", name, list(book.positions)) for key, name in plan.positions.items()),
    ]
    for at, kind, name, known in names:
        if name not in known:
            subject = ".".join(map(str, at))
            fix = nearest(name, known)
            yield Problem(f"the {kind} '{name}' does not exist", found.file, found.line(at), subject, fix=fix)
    try:
        conditions.read(plan.one_rule, book.vocabulary, book.derivations.facts)
    except ValueError as error:
        yield Problem(str(error), found.file, found.line(("one_rule",)), "one_rule")


def load(assessor: Assessor, name: str) -> list[Decided]:
    """The matters of a set, or of a file or directory in the same form. Raises BadInput.

    Matters decided both ways (mixed) have no single outcome and are left out.
    """
    sets = assessor.book.pack.sets
    if name == ALL:
        return [item for part in sets if part != ALL for item in load(assessor, part)]
    if name == DECIDED:
        return [
            Decided(
                case.id,
                name,
                case.name,
                *_way(assessor, case.outcome),
                case.route,
                case.confidence,
                case.parcel,
                dict(case.states),
            )
            for case in assessor.cases.cases.values()
        ]
    if name in sets:
        return list(_comparators(assessor, assessor.cases_directory / name, name))
    path = Path(name)
    if path.is_dir():
        return list(_comparators(assessor, path, path.name))
    if not path.exists():
        allowed = f"{listing(sets)}, or a path"
        raise BadInput(Problem("is neither a set nor a file", name, allowed=allowed, fix=nearest(name, sets)))
    return list(_listed(assessor, path))


def _comparators(assessor: Assessor, directory: Path, name: str) -> Iterator[Decided]:
    """Fact sets with a `comparator` that says how they were decided."""
    for path in sorted(directory.glob("*.yaml")):
        found = source.read(path)
        data = found.data if isinstance(found.data, dict) else {}
        record = data.get("comparator")
        if isinstance(record, dict):
            yield from _decided(assessor, found, record, path.stem, name)


def _listed(assessor: Assessor, path: Path) -> Iterator[Decided]:
    """A list of records: id, outcome, route, facts; in one file."""
    found = source.read(path)
    records = found.data if isinstance(found.data, list) else [found.data]
    for index, record in enumerate(records):
        if not isinstance(record, dict) or "facts" not in record or "outcome" not in record:
            raise BadInput(
                Problem(
                    "is not a decided matter (id, outcome, facts)",
                    found.file,
                    found.line((index,)),
                    f"record {index + 1}",
                )
            )
        # The record's facts are read as a fact set of their own, as at the date that the record says.
        about: dict[str, Any] = {"id": record.get("id"), "as_at": facts.dated(record) or None}
        part = source.Source(f"{found.file} ({record.get('id')})", {"facts": record["facts"], "matter": about}, "{}")
        yield from _decided(assessor, part, record, str(record.get("id")), path.stem)


def _decided(
    assessor: Assessor, found: source.Source, record: dict[str, Any], ident: str, name: str
) -> Iterator[Decided]:
    outcome = record.get("outcome")
    book = assessor.book
    if outcome not in book.sides.ids:
        return
    matter = facts.load(found, book.vocabulary, book.derivations, book.pack.as_at)
    parcel = matter.parcels[0]
    yield Decided(
        ident,
        name,
        str(matter.about.get("title") or record.get("name") or ident),
        *_way(assessor, str(outcome)),
        str(record.get("route") or "unknown"),
        str(record.get("confidence") or "high"),
        parcel,
        assessor.states(parcel),
        record.get("all_facts_seen") != "false",
    )


def _way(assessor: Assessor, outcome: Side) -> tuple[Side, bool]:
    """An outcome, and whether it is the pole `for`."""
    return outcome, outcome == assessor.book.sides.for_.id


def fitted(assessor: Assessor, plan: Plan) -> list[Decided]:
    """The matters that the weighing is fitted to."""
    return [matter for matter in load(assessor, plan.fitted_on) if matter.id not in plan.apart]


def too_few(matters: Sequence[Decided], book: Rulebook, least: int) -> str:
    """Why nothing can be learnt from some matters, where they are fewer of either outcome than `least`; or nothing."""
    count = Counter(matter.outcome for matter in matters)
    if min(count[side] for side in book.sides.ids) >= least:
        return ""
    counted = " and ".join(f"{count[side]} {side}" for side in book.sides.ids)
    return f"{counted} are too few to learn from; at least {least} of each"
