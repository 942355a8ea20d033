"""The tools on a pack of strict rules: nothing is weighed, so there is less to ask, and each answer is exact."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

import caprev
from caprev.api import given, naming
from caprev.assistants.tools import AsAt, FactSet, Section, described
from caprev.assistants.words import LIMITS
from caprev.documents.reports import strict_changes as changing
from caprev.errors import BadInput
from caprev.files import reading
from caprev.review import strict_pages as pages
from caprev.strict import answer as answers
from caprev.strict import changes, matter
from caprev.strict import schema as schemas
from caprev.strict.answer import Answer
from caprev.strict.book import Book
from caprev.strict.matter import Setting


class StrictTools:
    """The tools on one body of strict law. All raise BadInput, in words an assistant can act on."""

    def __init__(self, book: Book, directory: Path) -> None:
        self.book, self.directory = book, directory
        self.limits = LIMITS.format(disclaimer=book.pack.disclaimer)

    @property
    def all(self) -> tuple[Callable[..., Any], ...]:
        """Every tool, in the order in which an assistant needs them."""
        return (
            self.describe_facts,
            self.check_facts,
            self.assess,
            self.missing,
            self.what_would_change,
            self.explain_rule,
        )

    def describe_facts(self, section: Section = "") -> dict[str, Any]:
        """The facts there are: names, types, allowed values and the question each answers. Call this first.

        Use these names and values only; a fact that the text does not state is left out, never guessed.
        """
        events = self.book.pack.events
        told = described(self.book.vocabulary, section)
        if events:
            told["events"] = f"Each {events.one} is an entry of the list `events`: an id, and facts of its own."
        return told

    def check_facts(self, facts: FactSet) -> dict[str, Any]:
        """Check a fact set before it is assessed: every problem with its place. Mend them all."""
        try:
            found = caprev.answer(facts, self.book)
        except BadInput as error:
            return {"usable": False, "problems": [problem.to_dict() for problem in error.problems]}
        return {"usable": True, "problems": [], "facts_sha256": found.facts_sha256}

    def assess(
        self,
        facts: FactSet,
        as_at: AsAt = "",
        part: Annotated[str, Field(description="Only this event; empty for all.")] = "",
    ) -> dict[str, Any]:
        """What follows by the rules for every event, with each rule, amount and authority. This decides; you do not.

        A question that is open stays open: ask the user for what `needs` and `missing` name, and never answer it
        yourself. Give amounts as they are, with their bounds where they are ranges, and always show `limits`.
        """
        return {**caprev.answer(facts, self.book, as_at=as_at, part=part).to_dict(), "limits": self.limits}

    def missing(self, facts: FactSet, as_at: AsAt = "") -> list[dict[str, Any]]:
        """The facts not known that a question or an amount waits on, and what each answer would settle.

        Put these questions to the user as they are worded, with the paper that would prove each. Never answer them
        yourself.
        """
        return changing.missing_data(changes.missing(self._answer(facts, as_at)))

    def what_would_change(
        self,
        facts: FactSet,
        suppose: Annotated[
            dict[str, Any] | None,
            Field(description='Facts supposed, {"section.fact": value} or {"EVENT:section.fact": value}; or none.'),
        ] = None,
        as_at: AsAt = "",
    ) -> dict[str, Any]:
        """What supposed facts would move; without any, the next day on which each event turns, and single facts.

        A hypothesis, not the matter: say so. Never suggest that a fact be stated otherwise than it is.
        """
        found = self._answer(facts, as_at)
        if not suppose:
            return changing.flips_data(changes.turning_days(found), changes.flips(found))
        settings = []
        for name, value in suppose.items():
            event, _, fact = name.rpartition(":")
            naming.facts(self.book, [fact])
            if event:
                found.part(event)
            settings.append(Setting(fact, reading.textual(value), event))
        return {"moves": list(changing.differences(found, changes.supposed(found, settings)))}

    def _answer(self, facts: FactSet, as_at: str) -> Answer:
        day = as_at and naming.whole_day(as_at, "as_at")
        return answers.answer(self.book, matter.read(given.source(facts), self.book, day))

    def explain_rule(
        self, rule: Annotated[str, Field(description="The id of a question, rule, amount, parameter or warning.")]
    ) -> str:
        """A rule as it stands: its condition, days, authority with pinpoints and marks, and what it is limited to."""
        return pages.shown(self.book, self.directory, rule)

    # what resources show

    def rules(self) -> str:
        """Every question, rule, amount and parameter in a line."""
        return "".join(f"{line}\n" for line in pages.listing(self.book))

    def schema(self) -> dict[str, Any]:
        """What a fact set may hold."""
        return schemas.schema(self.book)
