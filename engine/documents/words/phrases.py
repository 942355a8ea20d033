"""The wording of documents, as read from `rules/drafts/`: what is law is written there, and only put together here.

`{name}` in a wording is filled in, `{@authority}` names an authority in running text, `{^authority pinpoint}` makes
a footnote. Values from a fact set are filled in as they are and never read as wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from caprev.errors import BadInput, Problem
from caprev.facts import conditions
from caprev.facts.conditions import Condition
from caprev.facts.knowledge import Knowledge
from caprev.files import reading
from caprev.files.reading import Source
from caprev.law.models import Model
from caprev.law.rulebook import Rulebook

FILES = ("facts", "questions", "ruling", "advice", "debate", "citing", "edited")


class Passage(Model):
    """A standard paragraph, with items below it, shown where `when` is true of the facts."""

    text: str
    items: tuple[str, ...] = ()
    indicators: bool = False
    when: Any = None


class Reply(Model):
    """The answer to a question for one outcome; `yes` is absent where it is not answered."""

    answer: str
    yes: bool | None = None
    says: str = ""


class Addition(Model):
    """What an answer and a conclusion of one outcome say besides, where `when` is true of the facts."""

    when: Any
    outcome: str
    answer: str
    conclusion: str


class Question(Model):
    """A usual question, with its answers and conclusions by route or by characterisation."""

    text: str
    hints: tuple[str, ...] = ()
    when: Any = None
    relies_on: tuple[str, ...] = ()
    yes_means: str
    law: tuple[Passage, ...] = ()
    adds: tuple[Addition, ...] = ()
    answers: dict[str, Reply]
    conclusions: dict[str, str]


class Law(Model):
    """The standard law on one issue."""

    title: str
    passages: tuple[Passage, ...]
    cases: bool = False


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
        found = self.value(path)
        if isinstance(found, str):
            return found
        if default is not None:
            return default
        file = self.tables[path.split(".", 1)[0]].file
        raise BadInput(Problem("is not a wording", file, subject=path.split(".", 1)[1]))

    def value(self, path: str) -> Any:
        """Whatever stands at a path, or None."""
        name, *steps = path.split(".")
        found: Any = self.tables[name].data
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
        return found

    def table(self, path: str) -> dict[str, Any]:
        """A mapping by its path, empty if there is none."""
        found = self.value(path)
        return found if isinstance(found, dict) else {}

    def listed(self, path: str) -> list[Any]:
        """A list by its path, empty if there is none."""
        found = self.value(path)
        return found if isinstance(found, list) else []

    def passages(self, path: str) -> list[Passage]:
        """Standard paragraphs by their path."""
        return [Passage.model_validate(entry) for entry in self.listed(path)]

    def holds(self, when: Any, known: Mapping[str, Knowledge]) -> bool:
        """Whether a condition of a wording is true of what is known of each fact; no condition is true."""
        if when is None:
            return True
        condition = self.condition(when)
        return conditions.truth(condition, conditions.decided(conditions.leaves(condition), known)) is True

    def asked_by(self, when: Any) -> tuple[str, ...]:
        """The facts that a condition of a wording asks for."""
        return conditions.facts_of(self.condition(when)) if when is not None else ()

    def condition(self, when: Any) -> Condition:
        """A condition of a wording. Raises BadInput."""
        try:
            return conditions.read(when, self.book.vocabulary, self.book.derivations.facts)
        except ValueError as error:
            raise BadInput(Problem(f"has a condition that {error}", str(self.root))) from None

    def first(self, path: str, known: Mapping[str, Knowledge], default: str) -> str:
        """The text of the first entry of a list whose condition is true."""
        for entry in self.listed(path):
            if self.holds(entry.get("when"), known):
                return str(entry["text"])
        return self(default)


def load(rules: str | Path, book: Rulebook) -> Phrases:
    """The wordings beside a rulebook. Raises BadInput with every problem."""
    root = Path(rules) / "drafts"
    problems: list[Problem] = []
    tables: dict[str, Source] = {}
    for name in FILES:
        try:
            tables[name] = reading.read(root / f"{name}.yaml")
        except BadInput as error:
            problems.extend(error.problems)
    if problems:
        raise BadInput(problems)
    questions = _models(tables["questions"], "questions", Question, problems)
    law = _models(tables["ruling"], "law", Law, problems)
    found = Phrases(root, tables, questions, law, book)
    problems += _unknown_facts(found)
    for question in questions.values():
        for passage in (question, *question.law, *question.adds):
            if passage.when is not None:
                found.condition(passage.when)
    if problems:
        raise BadInput(problems)
    return found


def _models(table: Source, key: str, model: type[Any], problems: list[Problem]) -> dict[str, Any]:
    entries = table.data.get(key) if isinstance(table.data, dict) else None
    found = {}
    for name, entry in (entries if isinstance(entries, dict) else {}).items():
        try:
            found[name] = model.model_validate(entry)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                where = ".".join(map(str, fault["loc"]))
                line = table.line((key, name, *fault["loc"]))
                problems.append(Problem(f"{where}: {fault['msg'].lower()}", table.file, line, name))
    return found


def _unknown_facts(phrases: Phrases) -> list[Problem]:
    """Sentences for facts that do not exist, or for values that a fact cannot have."""
    problems = []
    facts = {**phrases.book.vocabulary.facts, **phrases.book.derivations.facts}
    file = phrases.tables["facts"]
    for name, entry in phrases.table("facts.facts").items():
        line = file.line(("facts", name))
        if name not in facts:
            problems.append(Problem("is not in the vocabulary", file.file, line, name))
            continue
        fact = facts[name]
        allowed = {
            "bool": {"yes", "no"},
            "enum": set(fact.values),
            "set": {"members", "complete", "includes", "excludes", "none", "exactly", "single"},
        }.get(fact.type, {"zero", "one", "many", "unit"})
        for key in set(entry) - allowed:
            problems.append(Problem(f"has a sentence for '{key}', which it cannot be", file.file, line, name))
    return problems
