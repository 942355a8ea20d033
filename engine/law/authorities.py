"""What rules may cite: the records of `rules/authorities.yaml`, and how what each says at a place is known.

A mark stands once, at the place in the record; a rule cites the place. A rule may be more cautious than the record,
where what it takes from there was not read; it never claims more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar

from pydantic import ValidationError, model_validator

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.files.reading import Path_, Source
from caprev.law.models import MARKS, Cited, Day, Mark, Model, Point

Record = Mapping[str, Any]
Records = Mapping[str, Record]
M = TypeVar("M", bound=Model)

UNPLACED = ("", "unverified")
"""Pinpoints that name no place: the record is relied on as a whole, or the place in it is not known."""

_STANDING: dict[Mark, int] = {"memory": 0, "second_hand": 1, "seed": 2, "seen": 2}


class Place(Model):
    """What an authority says at a place, how that is known, and where, in which version and when it was read."""

    mark: Mark
    says: str
    source: str = ""
    dated: str = ""
    read: Day = ""

    @model_validator(mode="after")
    def _reported_by_someone(self) -> Self:
        if self.mark == "second_hand" and not self.source:
            raise ValueError("is second-hand and does not say who reports it (source)")
        return self


def read(found: Source) -> Records:
    """The records, each with what is wanted to cite it, and marks that are known. Raises BadInput with every fault."""
    records: dict[str, Any] = found.data if isinstance(found.data, dict) else {}
    problems = [problem for name, record in records.items() for problem in _record(found, name, record)]
    if problems or not records:
        raise BadInput(problems or [Problem("holds no authorities", found.file)])
    return records


def _record(found: Source, name: str, record: Any) -> Iterable[Problem]:
    fields: dict[str, Any] = record if isinstance(record, dict) else {}

    def problem(what: str, *at: str | int) -> Problem:
        return Problem(what, found.file, found.line((name, *at)), name)

    if not (fields.get("name") or (fields.get("section") and fields.get("short"))):
        yield problem("has no name, and no section with a short name")
    reports, places = fields.get("reports") or [], fields.get("pinpoints") or {}
    if not isinstance(reports, list) or not all(isinstance(item, dict) and item.get("cite") for item in reports):
        yield problem("has reports that do not say how they are cited (cite)", "reports")
        reports = []
    marks: list[tuple[Path_, Any]] = [((key,), fields[key]) for key in ("mark", "in_force_mark") if key in fields]
    marks += [(("reports", index, "mark"), item["mark"]) for index, item in enumerate(reports) if "mark" in item]
    for at, mark in marks:
        if mark not in MARKS:
            yield problem(f"has the mark '{mark}'; allowed: {listing(MARKS)}", *at)
    if not isinstance(places, dict):
        yield problem("has pinpoints that are not a mapping of places", "pinpoints")
        return
    for place, entry in places.items():
        try:
            Place.model_validate(entry)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                yield problem(_place_fault(place, fault), "pinpoints", place, *fault["loc"])


def _place_fault(place: str, fault: Any) -> str:
    """What is wrong with a pinpoint, in words."""
    key = ".".join(map(str, fault["loc"]))
    if fault["type"] == "missing" and key == "mark":
        return f"pinpoint '{place}' has no mark, so it is not said whether it was read; allowed: {listing(MARKS)}"
    if fault["type"] == "missing":
        return f"pinpoint '{place}' has nothing under '{key}'"
    if fault["type"] == "extra_forbidden":
        return f"pinpoint '{place}': '{key}' is not a key known here; allowed: {listing(Place.model_fields)}"
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"pinpoint '{place}'{f': {key}' if key else ''} {message[0].lower()}{message[1:]}"


def mark(record: Record, pinpoint: str) -> Mark | None:
    """How it is known what an authority says at a place, or as a whole; nothing if the record does not say."""
    places = record.get("pinpoints") or {}
    place = places.get("unverified" if pinpoint in UNPLACED else pinpoint) or {}
    return place.get("mark") or (record.get("mark") if pinpoint in UNPLACED else None)


def fault(records: Records, cited: Cited) -> tuple[str, str, str] | None:
    """What is wrong with how a citation says it is known: the key that is wrong, why, and the remedy; or nothing."""
    record = records[cited.cite]
    known = mark(record, cited.pinpoint)
    if known is None and cited.pinpoint in UNPLACED:
        what = f"{cited.cite} is cited without a pinpoint, and its record does not say whether it was read"
        places = listing(record.get("pinpoints") or ())
        mend = "Give its record in authorities.yaml a mark, or a pinpoint 'unverified' with one"
        return "cite", what, f"Cite a place ({places}). {mend}" if places else mend
    if known is None:
        what = f"'{cited.pinpoint}' of {cited.cite} has no mark, so it is not said whether it was read"
        near = nearest(cited.pinpoint, list(record.get("pinpoints") or ()))
        return "pinpoint", what, near or f"Add it under pinpoints of {cited.cite} in authorities.yaml"
    if cited.mark and _STANDING[cited.mark] > _STANDING[known]:
        place = "it" if cited.pinpoint in UNPLACED else f"'{cited.pinpoint}'"
        what = f"claims '{cited.mark}' for {cited.cite}, but authorities.yaml has {place} as '{known}'"
        return "mark", what, "Leave the mark out here: it stands with the authority"
    return None


def marked(records: Records, rule: M) -> M:
    """A rule whose citations carry the marks of their places, so far as it does not claim less itself."""
    authority = tuple(
        cited.model_copy(update={"mark": cited.mark or mark(records.get(cited.cite, {}), cited.pinpoint) or "memory"})
        for cited in rule.authority  # type: ignore[attr-defined]
    )
    return rule.model_copy(update={"authority": authority})


def marked_point(records: Records, point: Point) -> Point:
    """An unsettled point whose answers carry the marks of the places they cite."""
    return point.model_copy(update={"answers": {key: marked(records, item) for key, item in point.answers.items()}})
