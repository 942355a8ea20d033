"""The case base as read from `cases/`: each decided case checked against the rulebook and its own facts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from caprev.errors import BadInput, Problem, nearest
from caprev.facts import matter
from caprev.facts.knowledge import day
from caprev.facts.matter import Parcel
from caprev.files import caching, reading
from caprev.law.rulebook import Rulebook
from caprev.reasoning.precedents import Case, CaseBase, States

Decide = Callable[[Parcel], States]


def load(directory: str | Path, book: Rulebook, decide: Decide) -> CaseBase:
    """The precedents in a directory, `decide` giving the state of every factor on their facts. Raises BadInput."""
    root = Path(directory)
    if not root.is_dir():
        raise BadInput(Problem("is not a directory of cases", str(root)))
    folder = caching.Folder(root)
    problems: list[Problem] = []
    cases: dict[str, Case] = {}
    for path in sorted(root.rglob("*.yaml")):
        if path.relative_to(root).parts[0] in book.pack.folders:
            continue
        try:
            case = _File(folder.read(path), book).case(decide)
        except BadInput as error:
            problems.extend(error.problems)
            continue
        if case.id in cases:
            problems.append(Problem(f"is also the id of {cases[case.id].file}", str(path), subject=case.id))
        cases[case.id] = case
    if problems:
        raise BadInput(problems)
    folder.keep()
    return CaseBase(cases.values(), book)


def others(directory: str | Path, book: Rulebook) -> dict[str, Path]:
    """The comparators and examples of a directory, which decide nothing, by the names of their files."""
    folders = (Path(directory) / folder for folder in book.pack.folders)
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}


class _File:
    """One case file: what it says, and what is wrong with it."""

    def __init__(self, found: reading.Source, book: Rulebook) -> None:
        self.found = found
        self.book = book
        self.data: dict[str, Any] = found.data if isinstance(found.data, dict) else {}
        self.problems: list[Problem] = []

    def case(self, decide: Decide) -> Case:
        """The case. Raises BadInput with everything that is wrong with the file."""
        parcel = matter.load(self.found, self.book.vocabulary, self.book.derivations, self.book.pack.as_at).parcels[0]
        case = Case(
            id=self._text("id"),
            authority=self._text("authority", self.book.authorities),
            name=self._text("name"),
            court=self._text("court"),
            level=self._text("level", self.book.pack.levels),
            decided=self._date("decided"),
            subject=self._text("subject"),
            outcome=self._text("outcome", self.book.sides.ids),
            route=self._text("route"),
            confidence=self._text("confidence", ("high", "medium", "low")),
            ratio=self._text("ratio"),
            because=self._factors("because"),
            despite=self._factors("despite"),
            treatment=tuple(map(str, self.data.get("treatment") or [])),
            overruled=self.data.get("overruled") == "true",
            parcel=parcel,
            states=decide(parcel),
            file=self.found.file,
        )
        self._on_its_own_facts(case)
        if self.problems:
            raise BadInput(self.problems)
        return case

    def _fault(self, what: str, *path: str | int, allowed: str = "", fix: str = "") -> None:
        self.problems.append(Problem(what, self.found.file, self.found.line(path), str(path[0]), allowed, fix))

    def _text(self, key: str, allowed: Collection[str] | None = None) -> str:
        value = self.data.get(key)
        if isinstance(value, str) and (allowed is None or value in allowed):
            return value
        words = "text" if allowed is None else ", ".join(allowed) or "none, for the rulebook has none"
        self._fault(f"has the {key} '{value}'", key, allowed=words)
        return ""

    def _date(self, key: str) -> str:
        value = self._text(key)
        try:
            day(value)
        except ValueError:
            self._fault(f"'{value}' is not a date", key, allowed="YYYY, YYYY-MM or YYYY-MM-DD")
        return value

    def _factors(self, key: str) -> tuple[str, ...]:
        names = self.data.get(key) or []
        known = []
        for index, name in enumerate(names if isinstance(names, list) else ()):
            if name in known:
                self._fault(f"'{name}' is named twice", key, index)
            elif isinstance(name, str) and name in self.book.factors:
                known.append(name)
            else:
                self._fault(f"'{name}' is not a factor", key, index, fix=nearest(str(name), list(self.book.factors)))
        return tuple(known)

    def _on_its_own_facts(self, case: Case) -> None:
        """What a court rested on, and what it overcame, must be so on the facts of the case."""
        if not case.outcome:
            return
        against = self.book.sides.other(case.outcome)
        for key, names, side in (("because", case.because, case.outcome), ("despite", case.despite, against)):
            for name in names:
                if self.book.factors[name].favours != side:
                    self._fault(f"'{name}' does not favour {side}", key)
                elif case.states[name] != "met":
                    fix = "Select factors that the facts of the case meet, or add the fact"
                    self._fault(f"'{name}' is not met on the case's own facts", key, fix=fix)
