"""The wording of documents, as read from `rules/drafts/`: what is law is written there, and only put together here.

`{name}` in a wording is filled in, `{@authority}` names an authority in running text, `{^authority pinpoint}` makes
a footnote. Values from a fact set are filled in as they are and never read as wording.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from caprev.documents.words.wordings import Act, Choice, Ending, Fraction, Law, Passage, Question, Wording
from caprev.errors import BadInput, Problem
from caprev.facts import conditions
from caprev.facts.conditions import Condition
from caprev.facts.knowledge import Knowledge
from caprev.files import reading as source
from caprev.files.reading import Path_, Source
from caprev.law import faults as wrong
from caprev.law.models import Model
from caprev.law.papers import KINDS, Kind, Paper
from caprev.law.rulebook import Rulebook

_FILES: Mapping[str, tuple[Kind, ...]] = {
    **dict.fromkeys(("facts", "questions", "ruling"), KINDS),
    "advice": ("advice",),
    "debate": ("debate",),
    "letters": ("information", "questionnaire"),
    **dict.fromkeys(("citing", "edited"), KINDS),
}
"""The files of wordings, and which kinds of documents are written with each; those of a ruling are lent to all."""
M = TypeVar("M", bound=Model)
_PLAIN = re.compile(r"\w[\w -]*")


@dataclass(frozen=True)
class Phrases:
    """All wordings of one rulebook, with their conditions compiled."""

    root: Path
    tables: Mapping[str, Source]
    questions: Mapping[str, Question]
    law: Mapping[str, Law]
    book: Rulebook

    def __call__(self, path: str, default: str | None = None) -> str:
        """A wording by its path, `ruling.labels.facts`. Raises BadInput if the rulebook has none."""
        return self._worded(path, default)

    def _worded(self, path: str, default: str | None = None) -> Wording:
        found = self.value(path)
        text = found if isinstance(found, str) else default
        if text is not None:
            return self._wording(text, *path.split("."))
        name, _, below = path.partition(".")
        if name not in self.tables:
            what = "is not read: none of the documents in pack.yaml is written with it"
            raise BadInput(Problem(what, str(self.root / f"{name}.yaml"), fix="Declare one under documents"))
        table = self.tables[name]
        line = table.line(tuple(below.split(".")))
        raise BadInput(Problem("is no wording, and this document needs one", table.file, line, below))

    def _wording(self, text: str, name: str, *at: str | int) -> Wording:
        done = Wording(text)
        done.table, done.at = self.tables[name], at
        return done

    def number(self, path: str) -> int:
        """A whole number by its path. Raises BadInput if the rulebook has none."""
        found = self._worded(path)
        if not (found.isascii() and found.isdigit()):
            raise found.bad(f"is '{found}'", "a whole number")
        return int(found)

    def value(self, path: str) -> Any:
        """Whatever stands at a path, or None."""
        name, *steps = path.split(".")
        found: Any = self.tables[name].data if name in self.tables else None
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def table(self, path: str) -> dict[str, Any]:
        """A mapping by its path, empty if there is none."""
        found = self.value(path)
        return found if isinstance(found, dict) else {}

    def listed(self, path: str) -> list[Wording]:
        """A list of wordings by its path, empty if there is none."""
        found, steps = self.value(path), path.split(".")
        entries = found if isinstance(found, list) else ()
        return [self._wording(str(entry), *steps, place) for place, entry in enumerate(entries)]

    def table_fault(self, path: str, what: str, allowed: str) -> BadInput:
        """What is wrong with what stands at a path, at its line."""
        name, *at = path.split(".")
        table = self.tables[name]
        return BadInput(Problem(what, table.file, table.line(tuple(at)), ".".join(at), allowed))

    def passages(self, path: str) -> list[Passage]:
        """Standard paragraphs by their path."""
        return [Passage.model_validate(entry) for entry in self.value(path) or ()]

    def holds(self, when: Any, known: Mapping[str, Knowledge]) -> bool:
        """Whether a condition of a wording is true of what is known of each fact; no condition is true."""
        if when is None:
            return True
        condition = self.condition(when)
        return conditions.holds(condition, known) is True

    def asked_by(self, when: Any) -> tuple[str, ...]:
        """The facts that a condition of a wording asks for."""
        return conditions.facts_of(self.condition(when)) if when is not None else ()

    def condition(self, when: Any) -> Condition:
        """A condition of a wording, all of which were read when the wordings were."""
        return conditions.read(when, self.book.vocabulary, self.book.derivations.facts)

    def first(self, path: str, known: Mapping[str, Knowledge], default: str) -> str:
        """The text of the first entry of a list whose condition is true."""
        for entry in (Choice.model_validate(entry) for entry in self.value(path) or ()):
            if self.holds(entry.when, known):
                return entry.text
        return self(default)


def files(documents: Iterable[Paper]) -> tuple[str, ...]:
    """The names of the files of wordings with which some documents are written."""
    kinds = {paper.kind for paper in documents}
    return tuple(name for name, those in _FILES.items() if kinds.intersection(those))


def load(rules: str | Path, book: Rulebook) -> Phrases:
    """The wordings beside a rulebook. Raises BadInput with every problem."""
    root = Path(rules) / "drafts"
    if not root.is_dir():
        fix = "'caprev assess' gives a memorandum, also with --format markdown or html"
        raise BadInput(Problem("does not exist: this rulebook has no wordings for documents", str(root), fix=fix))
    problems: list[Problem] = []
    tables: dict[str, Source] = {}
    for name in files(book.pack.documents.values()):
        try:
            tables[name] = source.read(root / f"{name}.yaml")
        except BadInput as error:
            problems.extend(error.problems)
    if problems:
        raise BadInput(problems)
    questions = _models(tables["questions"], ("questions",), Question, problems)
    law = _models(tables["ruling"], ("law",), Law, problems)
    for name, at, model in _SHAPES:
        if name in tables:
            _models(tables[name], at, model, problems)
    found = Phrases(root, tables, questions, law, book)
    problems += (*_unread(found), *_unknown_facts(found), *_unknown_questions(found), *_no_words(found))
    if problems:
        raise BadInput(problems)
    return found


def of_facts(rules: Path | None, book: Rulebook) -> Phrases | None:
    """The wordings of facts alone, where a rulebook has them, for what says facts and makes no document."""
    root = rules / "drafts" if rules else None
    if root is None or not (root / "facts.yaml").is_file():
        return None
    return Phrases(root, {"facts": source.read(root / "facts.yaml")}, {}, {}, book)


_SHAPES: tuple[tuple[str, Path_, type[Model]], ...] = (
    ("ruling", ("reasons", "first"), Passage),
    ("ruling", ("conclusions",), Ending),
    ("advice", ("conclusions",), Ending),
    ("questions", ("subjects",), Choice),
    ("questions", ("objects",), Choice),
    ("facts", ("fractions",), Fraction),
    ("citing", ("acts",), Act),
)
"""Entries of tables that are of one form."""


def _models(table: Source, at: Path_, model: type[M], problems: list[Problem]) -> dict[str, M]:
    """The entries at a path as models, by their names or places; those that are none are problems."""
    entries: Any = table.data
    for step in at:
        entries = entries.get(step) if isinstance(entries, dict) else None
    found = {}
    for name, entry in entries.items() if isinstance(entries, dict) else enumerate(entries or ()):
        try:
            found[str(name)] = model.model_validate(entry)
        except ValidationError as error:
            subject = ".".join(map(str, (*at, name)))
            problems += wrong.faults(error, model, table, (*at, name), subject)
    return found


def entries(table: Source) -> Iterator[tuple[Path_, Any]]:
    """Everything that stands in a table, with its path."""
    pending: list[tuple[Path_, Any]] = [((), table.data)]
    while pending:
        at, found = pending.pop()
        yield at, found
        if isinstance(found, dict | list):
            below = found.items() if isinstance(found, dict) else enumerate(found)
            pending += reversed([((*at, key), value) for key, value in below])


def _unread(phrases: Phrases) -> Iterator[Problem]:
    """Conditions of wordings that are none."""
    for table in phrases.tables.values():
        for at, found in entries(table):
            if at and at[-1] in ("when", "unless") and found is not None:
                try:
                    conditions.read(found, phrases.book.vocabulary, phrases.book.derivations.facts)
                except ValueError as error:
                    subject = ".".join(map(str, at))
                    yield Problem(f"is a condition that cannot be read: {error}", table.file, table.line(at), subject)


_WORDS = (
    "citing.references",
    "citing.paragraphs",
    "edited.months",
    "edited.number_words",
    "edited.letters",
    "edited.years",
)
"""Lists of plain words that documents cannot do without: what is law and what identifies is found by them."""


def _no_words(phrases: Phrases) -> Iterator[Problem]:
    """Lists of words that hold none, or something else."""
    for path in _WORDS:
        name, key = path.split(".")
        table, words = phrases.tables[name], phrases.listed(path)
        if not words:
            yield Problem("lists no words, and documents need them", table.file, table.line((key,)), key)
        for word in words:
            if not _PLAIN.fullmatch(word):
                yield from word.bad(f"is '{word}'", "letters, digits, spaces and hyphens").problems


def _unknown_questions(phrases: Phrases) -> Iterator[Problem]:
    """Usual questions that are not among the questions."""
    table = phrases.tables["questions"]
    for place, name in enumerate(phrases.listed("questions.usual")):
        if name not in phrases.questions:
            allowed = ", ".join(phrases.questions)
            line = table.line(("usual", place))
            yield Problem(f"names the question '{name}'", table.file, line, "usual", allowed)


def _unknown_facts(phrases: Phrases) -> Iterator[Problem]:
    """Sentences for facts that do not exist, or for values that a fact cannot have."""
    facts = {**phrases.book.vocabulary.facts, **phrases.book.derivations.facts}
    file = phrases.tables["facts"]
    for name, entry in phrases.table("facts.facts").items():
        line = file.line(("facts", name))
        if name not in facts:
            yield Problem("is not in the vocabulary", file.file, line, name)
            continue
        if not isinstance(entry, dict):
            yield Problem("is not a mapping of sentences", file.file, line, name)
            continue
        fact = facts[name]
        allowed = {
            "bool": {"yes", "no"},
            "enum": {*fact.values, *(f"not_{value}" for value in fact.values), "some", "some_without"},
            "set": {"members", "complete", "includes", "excludes", "none", "exactly", "single"},
        }.get(fact.type, {"zero", "one", "many", "unit"})
        instead = entry.get("instead", [])
        if not (isinstance(instead, list) and all(isinstance(own, dict) and "when" in own for own in instead)):
            yield Problem("is not a list of sentences, each with a 'when'", file.file, line, f"{name}.instead")
            continue
        own = {key for other in instead for key in other} - {"when"}
        for key in sorted((set(entry) - {"instead"} | own) - allowed):
            yield Problem(f"has a sentence for '{key}', which it cannot be", file.file, line, name)
