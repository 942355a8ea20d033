"""What follows in law from a conclusion: its conditions, figures and signs, and the examples beside it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from caprev.law.models.shapes import Cited, Day, Model, Side, Span, Telling, Text


class Applies(Model):
    """The conclusions from which a consequence follows; empty: whichever is reached."""

    characterisation: tuple[Side, ...] = ()
    route: tuple[str, ...] = ()


class Figure(Model):
    """An amount by a formula over facts; later figures of the same rule may build on its id.

    An optional figure is left out where it cannot be worked out, instead of naming what is missing for it; one that
    is not shown serves later figures, and is shown by another rule.
    """

    id: str
    label: Text
    formula: Any
    optional: bool = False
    shown: bool = True


class Sign(Model):
    """One sign of a list that is counted."""

    text: Telling
    when: Any


class Signs(Model):
    """Signs counted against each other: present or absent. `lead` is how many more of one kind make a finding.

    The lead is an engine weight, not law.
    """

    signs: tuple[Sign, ...] = Field(min_length=1)
    lead: int
    present: str
    absent: str
    unclear: str


class Concluded(Model):
    """A conclusion as an example supposes it; answers to unsettled points default to the pack's position."""

    characterisation: Side
    route: str = ""
    findings: dict[str, bool] = Field({})
    answers: dict[str, str] = Field({})


class Supposed(Model):
    """Facts and a conclusion beside a consequence, what it makes of them, and figures, exact."""

    name: str
    facts: dict[str, Any]
    conclusion: Concluded
    expect: Literal["applies", "does_not_apply", "depends"]
    asks: tuple[str, ...] = ()
    figures: dict[str, str] = Field({})
    finding: str = ""
    as_at: Day = ""


class Consequence(Model):
    """What follows in law from a conclusion, if it is law at the date of the event.

    The event is dated by the first of `dated_by` that is known, or by the event of `Questions`. `position`
    restricts it to answers to unsettled points, `unsettled` only names them. `unverified`: whether it is law at all
    was not confirmed. `settles` names the matters of `Questions` that it decides where it applies, each with its
    answer. `answers` gives a part of a further question (subject.part) its answer, the earlier in `order` first.
    `succeeded_by` names the rules that take over on the day after its last, `lapses` says why none does, or
    none for some owners. `untested` says why a fact that its limits speak of is not tested. One that is `minor` is told
    in detail only, one that is `rare` also where it applies, and one that is `foremost` with the conclusion. Where `figures_unless` is true it has no figures.
    """

    id: str
    title: Text
    question: str
    order: int
    applies: Applies = Field(default_factory=Applies)
    when: Any = None
    position: dict[str, str] = Field({})
    says: Text
    settles: dict[str, str] = Field({})
    answers: dict[str, str] = Field({})
    authority: tuple[Cited, ...] = Field(min_length=1)
    in_force: Span = Field(default_factory=Span)
    succeeded_by: tuple[str, ...] = ()
    lapses: str = ""
    dated_by: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    figures_unless: Any = None
    signs: Signs | None = None
    warning: str = ""
    unverified: bool = False
    unsettled: tuple[str, ...] = ()
    limits: str
    untested: dict[str, str] = Field({})
    minor: bool = False
    rare: bool = False
    foremost: bool = False
    status: Literal["draft", "reviewed", "superseded"]
    examples: tuple[Supposed, ...] = Field(min_length=3)
