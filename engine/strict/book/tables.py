"""The files of strict law, entry by entry: each of its kind, and under an id of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from caprev.errors import Problem, listing, stray
from caprev.files.reading import Path_, Source, Value
from caprev.law import packs
from caprev.law.faults import faults
from caprev.law.models import Model
from caprev.law.reader import Reader
from caprev.law.strict import Amount, Parameter, Question, Regimes, Rule, Warning_
from caprev.strict import expressions, parameters
from caprev.strict.parameters import Read

M = TypeVar("M", bound=Model)
GROUPS = ("questions", "rules", "amounts", "warnings", "regimes")
ABOUT = "about"
"""In a pack that also weighs: what `pack.yaml` says of strict rules elsewhere (events, dated_by, weighed)."""


class Tables:
    """What stands in the files, entry by entry."""

    models: Mapping[str, type[Model]] = {
        "questions": Question, "rules": Rule, "amounts": Amount, "warnings": Warning_, "regimes": Regimes,
    }  # fmt: skip

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.found: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
        self.parameters: dict[str, Read] = {}
        self.about: dict[str, Value] = {}
        self.places: dict[str, tuple[str, Path_]] = {}

    def read(self) -> None:
        """Read every file; what is wrong goes to the reader."""
        root = self.reader.root
        files = [Path("strict.yaml")] if (root / "strict.yaml").is_file() else []
        files += sorted(path.relative_to(root) for path in (root / "strict").rglob("*.yaml"))
        for file in files:
            source = self.reader.source(file.as_posix())
            if source is not None:
                self._file(source)
        if not self.found["questions"] and not self.found["amounts"] and not self.reader.problems:
            what = "has no questions and no amounts: nothing could be concluded"
            self.reader.problems.append(Problem(what, self.reader.file("strict.yaml")))
        if (root / "parameters.yaml").is_file():
            source = self.reader.source("parameters.yaml")
            if source is not None:
                self._parameters(source)

    def _file(self, source: Source) -> None:
        data = source.data if isinstance(source.data, dict) else {}
        about = data.get(ABOUT)
        if isinstance(about, dict) and packs.mixed(self.reader.root):
            self.about |= about
            data = {key: value for key, value in data.items() if key != ABOUT}
        for key in data or ([] if about else [""]):
            if key not in GROUPS:
                what = stray([key], GROUPS) if key else f"holds nothing; allowed: {listing(GROUPS)}"
                self.reader.fault(source.file, (key,), "", what)
                continue
            for name, entry in self._entries(data[key], source, (key,)):
                named = {**entry, "id": name} if key != "questions" else entry
                row = self._model(self.models[key], named, source, (key, name), name)
                if row is not None and self._claim(name, source, (key, name)):
                    self.found[key][name] = row
                    if isinstance(row, Question):
                        for outcome in row.outcomes:
                            self._claim(outcome, source, (key, name, "outcomes", outcome))

    def _entries(self, data: Value, source: Source, at: Path_) -> Iterator[tuple[str, dict[str, Value]]]:
        if not isinstance(data, dict):
            self.reader.fault(source.file, at, ".".join(map(str, at)), "is not a mapping of ids")
            return
        for name, entry in data.items():
            if isinstance(entry, dict):
                yield name, entry
            else:
                self.reader.fault(source.file, (*at, name), name, "is not a mapping (key: value)")

    def _model(self, model: type[M], data: Value, source: Source, at: Path_, name: str) -> M | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self.reader.problems += faults(error, model, source, at, name)
            self.reader.unread.add(name)
            return None

    def _claim(self, name: str, source: Source, at: Path_) -> bool:
        before = len(self.reader.problems)
        self.reader.claim(name, source.file, at)
        if name in expressions.FUNCTIONS or name in ("and", "or", "not"):
            self.reader.fault(source.file, at, name, "is a word of formulas", "Choose another id")
        self.places[name] = source.file, at
        return len(self.reader.problems) == before

    def _parameters(self, source: Source) -> None:
        for name, entry in self._entries(source.data, source, ()):
            written = self._model(Parameter, entry, source, (name,), name)
            if written and self._claim(name, source, (name,)):
                self._parameter(name, written, source)

    def _parameter(self, name: str, written: Parameter, source: Source) -> None:
        try:
            self.parameters[name] = parameters.read(name, written)
        except ValueError as error:
            self.reader.fault(source.file, (name, "values"), name, str(error))
            self.reader.unread.add(name)
