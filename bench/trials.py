"""What an input may do: conclude, or be refused with a message; anything else is a fault."""

from __future__ import annotations

import csv
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import caprev
from caprev import characters
from caprev.argument.tree import arguments
from caprev.columns.assess import Columns
from caprev.documents.drafts import make
from caprev.documents.reports import assessment_json
from caprev.documents.reports.forms import shown
from caprev.documents.words.grounds import in_words
from caprev.errors import BadInput
from caprev.files import caching, reading
from caprev.files.reading import Source
from caprev.law import rulebook
from caprev.portfolio import batch
from caprev.portfolio.batch import Screen
from caprev.reasoning.analysis import Assessment
from caprev.reasoning.assess import Assessor
from caprev.teaching import debate
from caprev.teaching.debate import Debate

ALL = 400
MESSAGE = 20_000  # characters: a few thousand, whatever was written
Ends = dict[str, int]


class Fault(Exception):
    """What an input did that none may."""


class Trials:
    """The shipped law, loaded once, and the three kinds of input tried on it."""

    def __init__(self) -> None:
        os.environ["CAPREV_CACHE"] = "off"  # what is changed here is not to be kept
        self.assessor: Assessor = caprev.load()
        self.screen = Screen(Columns(self.assessor))
        self.directory = caprev.home("rules")
        paths = sorted(self.directory.rglob("*.yaml"))
        self.read = {str(path): reading.read(path) for path in paths}
        self.rule_files = [path.relative_to(self.directory).as_posix() for path in paths]
        self.rules_data: dict[str, Any] = {name: self.read[str(self.directory / name)].data for name in self.rule_files}

    def facts(self, text: str, depth: int) -> Ends:
        """A fact set: assessed, and told in JSON; one in ten in every form; one in four hundred as a draft.

        `depth` is below `ALL`; 0 is the least, so that a guided fuzzer's inputs are quick.
        """
        try:
            found = reading.parse(text, "fuzz.yaml")
            assessment = self.assessor.assess(self.assessor.matter(found))
        except BadInput as refused:
            _told(refused, "fuzz.yaml")
            return {"refused": 1}
        reasons = arguments(assessment)
        if json.loads(assessment_json.render(assessment, reasons))["schema"] != assessment_json.SCHEMA:
            raise Fault("JSON without its schema")
        if depth % 10 == 9:
            for form in ("text", "markdown", "html"):
                _quiet(shown(assessment, form, detail=False))
        if depth == ALL - 1:
            argued = debate.debate(self.assessor, assessment, naming=in_words)  # the same in every form

            def debates(_: Assessment) -> list[Debate]:
                return argued

            for form in ("md", "html", "docx"):
                make.make(assessment, found, self.directory, form, "debate", debates=debates)
        return {"concluded": 1}

    def rules(self, file: str, text: str, depth: int) -> Ends:
        """The rulebook with one file changed: loaded, and one time in twenty assessed by."""
        changed = str(self.directory / file)

        def read(folder: caching.Folder, path: Path) -> Source:
            there = self.read.get(str(path))
            return reading.parse(text, changed) if str(path) == changed else there or kept(folder, path)

        kept = caching.Folder.read
        caching.Folder.read = read  # type: ignore[method-assign, assignment]
        try:
            book = rulebook.load(self.directory)
            if depth % 20 == 19:
                other = Assessor(self.directory, self.assessor.cases_directory)
                assessment = other.assess(other.matter(reading.parse('{"facts": {}}')))
                assessment_json.render(assessment, arguments(assessment))
            return {"concluded" if book else "": 1}
        except BadInput as refused:
            _told(refused, "")
            return {"refused": 1}
        finally:
            caching.Folder.read = kept  # type: ignore[method-assign]

    def rows(self, suffix: str, content: bytes, count: int | None) -> Ends:
        """A portfolio: as many rows out as in, each with a conclusion or with what is wrong with it."""
        with tempfile.TemporaryDirectory() as folder:
            path, target = Path(folder) / f"in{suffix}", Path(folder) / "out.csv"
            path.write_bytes(content)
            try:
                summary = batch.run(self.screen.columns, path, target)
            except BadInput as refused:
                _told(refused, "")
                if count:
                    raise Fault(f"a file of {count} rows is refused: {refused}") from None
                return {"refused": 1}
            csv.field_size_limit(10**9)
            with target.open(newline="", encoding="utf-8") as stream:
                found = list(csv.DictReader(stream))
        if len(found) != summary.rows or (count is not None and len(found) != count):
            raise Fault(f"{count} rows in, {len(found)} out, {summary.rows} counted")
        for row in found:
            _quiet(row["id"] + row["error"])
            if bool(row["error"]) == bool(row["strength"]):
                raise Fault(f"a row with both an error and a conclusion, or neither: {row}")
            if row["id"][:1] in "=@\t" and row["id"]:
                raise Fault(f"a formula: {row['id']!r}")
        return {"bad": summary.errors, "concluded": summary.rows - summary.errors}


def _told(refused: BadInput, file: str) -> None:
    """A refusal says what is wrong, in messages of some length, in which nothing commands."""
    if not refused.problems:
        raise Fault("refused without a word")
    for problem in refused.problems:
        message = str(problem)
        _quiet(message)
        if not message.startswith(file) or len(message) > MESSAGE or "\n" in message:
            raise Fault(f"a message without its place, or too long: {message[:300]!r}")


def _quiet(text: str) -> None:
    if characters.shown(text) != text:
        raise Fault(f"a character that commands: {text[:200]!r}")
