"""What a strict rule is: its conclusion follows or it does not. Shapes only; the law itself is in `rules/`.

Beside rules stand questions with the outcomes they may have, amounts by formula, parameters and tables with the days
between which they hold, warnings, and regimes to be compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from caprev.facts.currency import Currency
from caprev.law.models import MARKS, Cited, Day, Mark, Model, Span, Text
from caprev.law.pack import Marking
from caprev.law.papers import Advice, Paper, Writing

Level = Literal["event", "matter"]
Severity = Literal["note", "caution", "danger"]
SEVERITIES: tuple[Severity, ...] = ("danger", "caution", "note")
MONEY = "money"
_PLAIN: dict[Mark, Marking] = {
    "seed": Marking(means="read in the document that the pack was written from"),
    "seen": Marking(means="its own text read"),
    "second_hand": Marking(means="reported by others, its own text not read", prints="text not read"),
    "memory": Marking(means="recalled, not verified", prints="from memory, not verified"),
}


class Carried(Model):
    """A fact that an event takes from an earlier event of a kind, where neither it nor the matter says otherwise."""

    kind: str = Field(validation_alias="from")
    fact: str


class Events(Model):
    """The events of a matter: the section that holds the facts of one, and what `one` and `many` are called.

    The section has the facts `kind` and `date`. `carries` names facts that an event takes from an earlier one.
    """

    section: str
    one: Text = "event"
    many: Text = "events"
    carries: dict[str, Carried] = Field(default_factory=dict)


class Weighed(Model):
    """The fact that the weighed question of the same pack answers: its value for each side that may be concluded."""

    fact: str
    values: dict[str, str] = Field(min_length=1)


class Strict(Writing):
    """What a pack of strict rules says of itself. `currencies` says how amounts are written; one that it leaves out is
    written with its code and two decimals.

    `dated_by` is the fact whose day tells which law applies: that of the event, or that of the assessment. `weighed`
    is for a pack that also weighs. `documents` are those that can be written of its answers.
    """

    papers: Mapping[str, Advice] = Field(default_factory=dict, alias="documents")
    title: Text
    question: Text
    jurisdiction: Text
    language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] = "en"
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    currencies: dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], Currency] = Field(default_factory=dict)
    version: str
    as_at: Day
    disclaimer: Text
    events: Events | None = None
    dated_by: str = ""
    weighed: Weighed | None = None
    marks: dict[Mark, Marking] = Field(default_factory=dict, validate_default=True)

    @field_validator("marks")
    @classmethod
    def _every_mark(cls, marks: dict[Mark, Marking]) -> dict[Mark, Marking]:
        return {mark: marks.get(mark, _PLAIN[mark]) for mark in MARKS}

    def words(self, mark: str | None) -> Marking | None:
        """The words for a mark, if it is one."""
        return next((words for name, words in self.marks.items() if name == mark), None)

    @classmethod
    def usual(cls) -> Mapping[str, Paper]:
        """An advice."""
        return {"advice": Advice(kind="advice", title="Advice")}

    @property
    def money(self) -> Currency:
        """How amounts are written."""
        return self.currencies.get(self.currency, Currency())

    @property
    def decimals(self) -> int:
        """The decimals of an amount."""
        return self.money.decimals

    @property
    def dating(self) -> str:
        """The fact by which a rule is dated that names none itself."""
        return self.dated_by or (f"{self.events.section}.date" if self.events else "matter.as_at")


class Answer(Model):
    """One outcome that a question may have."""

    title: Text
    says: Text


class Question(Model):
    """A question with the outcomes it may have. Of them one follows, unless it is said that `several` may.

    `otherwise` is the outcome that follows where every other is known not to. It is asked only where `when` holds.
    """

    of: Level = "event"
    ask: Text
    when: Any = None
    outcomes: dict[str, Answer] = Field(min_length=1)
    otherwise: str = ""
    several: bool = False


class Supposed(Model):
    """Facts beside a rule, and what it makes of them; `asks` are facts that it then waits on."""

    name: Text
    facts: dict[str, Any]
    expect: Literal["follows", "does_not_follow", "unknown"]
    asks: tuple[str, ...] = ()
    as_at: Day = ""


class Rule(Model):
    """A rule that holds or does not: `when` it does, unless what stands under `unless` does.

    `then` is the outcome that follows; without one it is a step that other rules name. It is law on the days
    `in_force`, and the fact `dated_by` tells the day that counts.
    """

    id: str
    of: Level = "event"
    text: Text
    when: Any
    unless: Any = None
    then: str = ""
    authority: tuple[Cited, ...] = Field(min_length=1)
    in_force: Span = Field(default_factory=Span)
    dated_by: str = ""
    limits: str = ""
    examples: tuple[Supposed, ...] = ()


class Amount(Model):
    """An amount by formula, worked out where `when` holds. `unit`: money, percent, date, or a word.

    One that is not `shown` serves other amounts. `round` is what it is rounded to when it is told, half up.
    """

    id: str
    of: Level = "event"
    label: Text
    formula: Text
    unit: str = MONEY
    when: Any = None
    authority: tuple[Cited, ...] = ()
    in_force: Span = Field(default_factory=Span)
    dated_by: str = ""
    round: Text = ""
    shown: bool = True
    limits: str = ""


class Warning_(Model):
    """What a careful adviser says where `when` holds, and how grave it is."""

    id: str
    of: Level = "event"
    severity: Severity
    text: Text
    when: Any = None
    authority: tuple[Cited, ...] = Field(min_length=1)
    in_force: Span = Field(default_factory=Span)
    dated_by: str = ""


class Option(Model):
    """One of the ways that are compared: the facts that it makes so, and what it risks.

    It is open only where `when` holds.
    """

    title: Text
    facts: dict[str, Any] = Field(default_factory=dict)
    risks: tuple[str, ...] = ()
    when: Any = None


class Regimes(Model):
    """Ways that a person may choose between, compared by amounts on the same facts; the first decides which is better.

    `scenarios` are things that may happen, each with its facts: every way is compared under each of them.
    """

    id: str
    title: Text
    ask: Text
    compares: tuple[str, ...] = Field(min_length=1)
    better: Literal["less", "more"]
    options: dict[str, Option] = Field(min_length=2)
    scenarios: dict[str, Option] = Field(default_factory=dict)
    authority: tuple[Cited, ...] = ()
    limits: str = ""


class Step(Model):
    """From a threshold on: the rate of what lies above it, or the value."""

    over: Text
    rate: Text


class Dated(Model):
    """A value or a table as it is between two days, where that was read, and how it is known.

    `brackets` tax each slice at its rate, `table` has a value for each word, `steps` the value from a number on.
    """

    start: Day = Field(default="", validation_alias="from")
    end: Day = Field(default="", validation_alias="to")
    value: str | None = None
    brackets: tuple[Step, ...] = ()
    table: dict[str, str] = Field(default_factory=dict)
    steps: dict[str, str] = Field(default_factory=dict)
    source: Text
    mark: Mark

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        forms = [name for name in ("value", "brackets", "table", "steps") if getattr(self, name) not in (None, (), {})]
        if len(forms) != 1:
            raise ValueError(f"has {' and '.join(forms) or 'no value'}; allowed: one of value, brackets, table, steps")
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it begins")
        return self

    @property
    def form(self) -> str:
        """Which of the forms it has."""
        if self.value is not None:
            return "value"
        return "brackets" if self.brackets else "table" if self.table else "steps"


class Parameter(Model):
    """A number or a table of the law, as it was at one time and another."""

    label: Text
    unit: str = MONEY
    values: tuple[Dated, ...] = Field(min_length=1)
