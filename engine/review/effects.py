"""What a change of rules or cases moves: every decided case, ruling, guidance and example under both, side by side.

A decided case is concluded with itself left out, as a matter like it would be: with itself in the base it could only
come out as decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caprev import record
from caprev.facts.vocabulary import worded
from caprev.law.models import Factor
from caprev.law.pack import DECIDED
from caprev.reasoning.assess import Assessor

Row = dict[str, Any]
_FACTORS = ("parcel", "factors", "counted")
_FILES = 12  # files named, before the rest is counted
_SHOWN = 3  # matters named for one factor, before the rest is counted


@dataclass(frozen=True)
class Moved:
    """One matter that comes out otherwise: what moved of it, and the changed factors that are met in it."""

    name: str
    lines: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True)
class Effects:
    """What a change moves.

    `files` and `factors` say what was changed; `matters` counts those assessed under both; `apart` names those
    that only one of the two has; `quiet` says which factors and consequences moved where nothing else did. `kinds` says
    what the matters are: the folders that they stand in.
    """

    files: tuple[str, ...]
    factors: Mapping[str, str]
    matters: int
    apart: tuple[str, ...]
    moved: tuple[Moved, ...]
    quiet: Mapping[str, tuple[str, ...]]
    kinds: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Whether nothing moves."""
        return not (self.apart or self.moved or self.quiet)


def effects(before: Assessor, after: Assessor) -> Effects:
    """What moves from one law to the other. Raises BadInput where a matter of either cannot be read."""
    was, now = dict(_concluded(before)), dict(_concluded(after))
    factors = _changed(before, after)
    both = [name for name in now if name in was]
    moved: list[Moved] = []
    quiet: dict[str, list[str]] = {}
    for name in both:
        above = _moved(was[name], now[name], without=_FACTORS[1:])
        below = [*_moved(was[name], now[name], only=_FACTORS), *_follows(was[name], now[name])]
        if above:
            met = tuple(factor for factor in factors if _met(factor, was[name], now[name]))
            moved.append(Moved(name, (*above, *below), met))
            continue
        for line in below:
            quiet.setdefault(line, []).append(name)
    apart = [f"{name} is gone" for name in was if name not in now] + [
        f"{name} is new" for name in now if name not in was
    ]
    return Effects(
        tuple(_files(before, after)),
        factors,
        len(both),
        tuple(apart),
        tuple(moved),
        {line: tuple(names) for line, names in quiet.items()},
        (DECIDED, *after.book.pack.folders),
    )


def words(found: Effects) -> str:
    """The effects as text."""
    more = len(found.files) - _FILES
    lines = [*found.files[:_FILES], *([f"{more} more files differ, are new or are gone."] if more > 0 else [])]
    lines += [f"Factor {name} {what}." for name, what in found.factors.items()]
    lines += [""] * bool(lines)
    *first, last = found.kinds
    kinds = f"{', '.join(first)} and {last}" if first else last
    if found.none:
        return "\n".join([*lines, f"Nothing moves. {found.matters} {kinds} were assessed under both."])
    lines += [f"{name}." for name in found.apart]
    for item in found.moved:
        lines += [f"{item.name}:", *(f"  {line}" for line in item.lines)]
        lines += [f"  By what was changed of: {', '.join(item.by)}."] if item.by else []
    if found.quiet:
        lines += ["Where the conclusion, its route, strength and findings stay:"]
        lines += [f"  {line} {_counted(names)}" for line, names in found.quiet.items()]
    lines += ["", f"{len(found.moved)} of {found.matters} {kinds} move."]
    return "\n".join(lines)


def _counted(names: tuple[str, ...]) -> str:
    """In which matters: their names, or the first and how many more."""
    more = len(names) - _SHOWN
    return f"({', '.join(names[:_SHOWN])}{f', {more} more' if more > 0 else ''})"


def _concluded(assessor: Assessor) -> Iterator[tuple[str, list[Row]]]:
    """The findings on every matter that stands beside a rulebook, by its file in the case base."""
    root = assessor.cases_directory
    for case in assessor.cases.cases.values():
        yield Path(case.file).relative_to(root).as_posix(), _findings(assessor, Path(case.file), case.id)
    for folder in assessor.book.pack.folders:
        for path in sorted((root / folder).rglob("*.yaml")):
            yield path.relative_to(root).as_posix(), _findings(assessor, path)


def _findings(assessor: Assessor, path: Path, case: str = "") -> list[Row]:
    assessment = assessor.assess(assessor.read(path), without=[case] if case else ())
    return [
        record.findings(item.conclusion) | {"follows": {one.rule.id: one.state for one in item.follows}}
        for item in assessment.analyses
    ]


def _moved(was: list[Row], now: list[Row], only: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> list[str]:
    """What moved of some keys of the findings; the last line only counts the conclusions that did."""

    def part(rows: list[Row]) -> list[Row]:
        return [{key: row[key] for key in row if (key in only if only else key not in without)} for row in rows]

    return record.moved(part(was), part(now))[:-1]


def _follows(was: list[Row], now: list[Row]) -> Iterator[str]:
    """Which consequences came, went, or hang on something that they did not hang on before."""
    here, there = ({row["parcel"]: row["follows"] for row in rows} for rows in (was, now))
    for parcel in here:
        before, after = here[parcel], there.get(parcel, {})
        for name in dict.fromkeys((*before, *after)):
            if before.get(name) != after.get(name):
                words = [worded(states.get(name, "does_not_apply")) for states in (before, after)]
                yield f"{f'Parcel {parcel}: ' if len(here) > 1 else ''}Consequence {name}: {words[0]} -> {words[1]}."


def _met(factor: str, *sides: list[Row]) -> bool:
    """Whether a factor is met, on any parcel, before or after."""
    return any(row["factors"].get(factor) == "met" for rows in sides for row in rows)


def _changed(before: Assessor, after: Assessor) -> dict[str, str]:
    """The factors that differ, and in what."""
    was, now = before.book, after.book
    found: dict[str, str] = {}
    for name in dict.fromkeys((*was.factors, *now.factors)):
        if name not in was.factors:
            found[name] = "is new"
        elif name not in now.factors:
            found[name] = "is gone"
        else:
            keys = [
                key for key in Factor.model_fields if getattr(was.factors[name], key) != getattr(now.factors[name], key)
            ]
            if keys:
                found[name] = f"differs in {', '.join(keys)}"
            elif was.weights[name] != now.weights[name]:
                found[name] = f"weighs {now.weights[name]:g}, was {was.weights[name]:g}"
    return found


def _files(before: Assessor, after: Assessor) -> Iterator[str]:
    """The files of rules and cases that differ."""
    versions = before.book.pack.version, after.book.pack.version
    rules = [record.base(one.rules_directory, version) for one, version in zip((before, after), versions, strict=True)]
    yield from record.changed_files("rule", *rules)
    cases = [record.case_base(one) for one in (before, after)]
    yield from record.changed_files("case", *cases)
