"""What a wording is: text with slots that knows where it is written, and the forms that entries of tables have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from caprev.errors import BadInput, Problem
from caprev.files.reading import Path_, Source
from caprev.law.models import Model

_SLOT = re.compile(r"\{([^{}]*)\}")


class Wording(str):
    """A wording that knows where it is written, so that what it cannot say is a fault of that line."""

    table: Source
    at: Path_

    def format(self, *_: object, **values: object) -> str:
        """The wording with its slots filled. Raises BadInput for a slot that nothing here fills."""
        return _SLOT.sub(lambda slot: str(values[slot[1]]) if slot[1] in values else self._nothing(slot, values), self)

    def _nothing(self, slot: re.Match[str], values: Mapping[str, object]) -> str:
        raise self.bad(f"has the slot {slot[0]}", ", ".join(f"{{{name}}}" for name in values))

    def bad(self, what: str, allowed: str) -> BadInput:
        """What is wrong with the wording, at its place."""
        subject = ".".join(map(str, self.at))
        return BadInput(Problem(what, self.table.file, self.table.line(self.at), subject, allowed))


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


class Choice(Model):
    """A wording for facts of which `when` is true."""

    text: str
    when: Any = None


class Fraction(Model):
    """Below how many of a unit its fractions are told in a smaller one, how many of those make it, and their names."""

    below: float
    times: int
    unit: tuple[str, str]


class Act(Model):
    """How an Act is named after the first time, and whose it is."""

    short: str = ""
    jurisdiction: str = ""


class Ending(Model):
    """What is said of an issue as it was found; `beside` where it is made out and the conclusion goes by another,
    `neither` where not one of its elements is.
    """

    satisfied: str = ""
    not_satisfied: str = ""
    undetermined: str = ""
    beside: str = ""
    neither: str = ""


class Law(Model):
    """The standard law on one issue; `applied` heads its application, where that is named otherwise."""

    title: str
    applied: str = ""
    passages: tuple[Passage, ...]
    cases: bool = False
