"""What speaks for a side: factors with their examples, and the grounds that several have in common."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from caprev.law.models.shapes import Cited, Day, Model, Side, Span, Telling, Text


def _each(written: Any) -> Any:
    """Answers by point, where one answer may stand without its list."""
    if not isinstance(written, dict):
        return written
    return {point: [answer] if isinstance(answer, str) else answer for point, answer in written.items()}


class Example(Model):
    """Facts beside a rule, and what the rule makes of them."""

    name: str
    facts: dict[str, Any]
    expect: Literal["met", "not_met", "unknown"]
    asks: tuple[str, ...] = ()
    as_at: Day = ""


class Magnitude(Model):
    """The number that makes a factor more or less of itself, for comparison with decided cases."""

    fact: str
    stronger: Literal["more", "less"]


class Factor(Model):
    """A pattern of facts that favours one side, told by `text`, which may be `[done|planned]`.

    `position`: it counts only under one of these answers to a point.
    """

    id: str
    favours: Side
    strength: Literal["slight", "moderate", "strong", "near_decisive"]
    text: Telling
    authority: tuple[Cited, ...] = Field(min_length=1)
    when: Any
    unless: Any = None
    position: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_each)] = Field({})
    feeds: tuple[str, ...] = Field(min_length=1)
    cluster: str
    magnitude: Magnitude | None = None
    limits: str
    in_force: Span = Field(default_factory=Span)
    status: Literal["draft", "reviewed", "superseded"]
    examples: tuple[Example, ...] = Field(min_length=3)


class Form(Model):
    """A form of a ground that no factor says: when it is there, and its words."""

    when: Any
    says: Text


class Ground(Model):
    """What several grounds have in common, in words, and its forms from the weakest to the strongest.

    Forms that are alike stand together; one is the id of a factor, or said by a condition where no factor says it.
    """

    says: Text
    forms: tuple[tuple[str | Form, ...], ...]
