"""Files of a rulebook as models: every fault with its file and line, all of them together."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, TypeVar, get_origin

from pydantic import TypeAdapter, ValidationError

from caprev.errors import BadInput, Problem, nearest, stray
from caprev.files import caching
from caprev.files.reading import Path_, Source
from caprev.law.faults import faults
from caprev.law.models import Model

M = TypeVar("M", bound=Model)
T = TypeVar("T")
# Ids stand in names of files, in paths of wordings and on command lines.
_IDENT = re.compile(r"[^\W_][\w-]*(?:/[^\W_][\w-]*)*")


class Reader:
    """Reads the files of one directory, collecting problems; `files` says which file holds which id.

    `unread` are names of what has faults of its own: that others name it is no further fault.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.files: dict[str, str] = {}
        self._folder = caching.Folder(root)
        self.unread: set[str] = set()
        self._sources: dict[str, Source] = {}
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The fingerprint of everything read so far."""
        return self._digest.hexdigest()

    def keep(self) -> None:
        """Has what was read parsed already the next time. To be called when there are no problems."""
        self._folder.keep()

    def file(self, name: str) -> str:
        """A file's path as messages name it."""
        return str(self.root / name)

    def fault(self, file: str, at: Path_, subject: str, what: str, fix: str = "", allowed: str = "") -> None:
        """Puts a fault down, with the line of the place."""
        line = self._sources[file].line(at) if file in self._sources else 0  # a file that is not there has no lines
        self.problems.append(Problem(what, file, line, subject, allowed, fix))

    def check(self, kind: str, name: str, known: Collection[str], file: str, at: Path_, subject: str) -> bool:
        """Whether a name points somewhere; if not, that is a fault."""
        if name not in known and name not in self.unread:
            self.fault(file, at, subject, f"{kind} '{name}' does not exist", nearest(name, list(known)))
        return name in known

    def claim(self, ident: str, file: str, at: Path_) -> None:
        """An id for one rule. Rules of all kinds share the ids, for findings, messages and commands go by them."""
        if not _IDENT.fullmatch(ident):
            what = "is not an id; allowed: letters, digits, '-' and '_', in parts with '/' between them"
            self.fault(file, at, ident, what)
        if ident in self.files:
            self.fault(file, at, ident, f"is also the id of {self.files[ident]}", "Choose another")
        self.files[ident] = file

    def source(self, name: str) -> Source | None:
        """A file parsed, or nothing and a problem."""
        return self._source(self.root / name, Path(name).as_posix())

    def _source(self, path: Path, name: str) -> Source | None:
        try:
            found = self._folder.read(path)
        except BadInput as error:
            self.problems.extend(error.problems)
            return None
        self._digest.update(f"{name}\0{found.text}".encode())
        self._sources[found.file] = found
        return found

    def by(self, name: str, load: Callable[[Source], T]) -> T | None:
        """What a loader makes of a file, or nothing and its problems."""
        found = self.source(name)
        try:
            return load(found) if found else None
        except BadInput as error:
            self.problems.extend(error.problems)
            return None

    def one(self, name: str, model: type[M]) -> M | None:
        """A file that is one model."""
        found = self.source(name)
        return self._model(model, found.data, found, ()) if found else None

    def many(self, folder: str, model: type[M], partly: bool = False) -> dict[str, M]:
        """The files of a folder and of those in it, each one model, by id; a file is named after the id it holds.

        `partly`: of a file with faults, what is sound of it, so that the names in it can be looked at in the same run.
        """
        rules: dict[str, M] = {}
        for path in sorted((self.root / folder).rglob("*.yaml")):
            found = self._source(path, path.relative_to(self.root).as_posix())
            rule = self._model(model, found.data, found, ()) if found else None
            if rule is None:
                self._missed(path, found.data if found else None)
                rule = _sound(model, found.data) if found and partly else None
            if found is None or rule is None:
                continue
            ident: str = rule.id  # type: ignore[attr-defined]
            if ident.rsplit("/", 1)[-1] != path.stem:
                self.fault(found.file, ("id",), ident, f"is in a file named {path.name}", "Name the file after the id")
            self.claim(ident, found.file, ("id",))
            rules[ident] = rule
        return rules

    def tables(self, name: str, **models: type[Model]) -> dict[str, dict[str, Any]]:
        """The entries below each key of a file as models, by their names, or by their places in a list."""
        rows: dict[str, dict[str, Any]] = {key: {} for key in models}
        found = self.source(name)
        if found is None:
            return rows
        data = found.data if isinstance(found.data, dict) else {}
        for key in data:
            if key not in models:
                self.fault(found.file, (key,), "", stray([key], list(models)))
        for key, model in models.items():
            entries = data.get(key)
            if not isinstance(entries, (dict, list)):
                self.fault(found.file, (key,), "", f"has nothing under '{key}'")
                continue
            for place, entry in entries.items() if isinstance(entries, dict) else enumerate(entries):
                row = self._model(model, entry, found, (key, place))
                if row:
                    rows[key][str(place)] = row
                else:
                    self.unread.add(str(place))
        return rows

    def _missed(self, path: Path, data: Any) -> None:
        """What a file with faults would have given a name to."""
        named = data if isinstance(data, dict) else {}
        inside = path.relative_to(self.root).with_suffix("").as_posix()
        self.unread |= {path.stem, inside, str(named.get("id")), str(named.get("cluster"))}

    def _model(self, model: type[M], data: Any, found: Source, at: Path_) -> M | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            subject = str(data.get("id", "")) if isinstance(data, dict) else ""
            self.problems += faults(error, model, found, at, subject)
            return None


def _sound(model: type[M], data: Any) -> M | None:
    """What is sound of data with faults, field by field, the rest empty; nothing where it has no id or condition."""
    if not isinstance(data, dict) or not isinstance(data.get("id"), str) or data.get("when") is None:
        return None
    values: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        form: Any = field.annotation
        empty = () if get_origin(form) is tuple else ""
        try:
            values[name] = TypeAdapter(form).validate_python(data[str(field.validation_alias or name)])
        except (KeyError, ValidationError):
            values[name] = empty if field.is_required() else field.get_default(call_default_factory=True)
    return model.model_construct(**values)
