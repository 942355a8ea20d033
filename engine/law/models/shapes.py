"""What rules are made of: strict, immutable data; days and spans; texts; an authority as a rule relies on it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from caprev.facts import in_words
from caprev.facts.knowledge import day
from caprev.law.telling import Told

Side = str
"""The id of a side, or of a conclusion that is of none: one of `Sides` in `pack.yaml`, checked when the law is read."""
NEUTRAL = "neutral"
"""What favours neither side."""
UNDETERMINED = "undetermined"
"""What is concluded where nothing decides."""
Mark = Literal["seed", "seen", "second_hand", "memory"]
MARKS: tuple[Mark, ...] = get_args(Mark)
_put = object.__setattr__  # these are immutable
STRENGTHS = ("slight", "moderate", "strong", "near_decisive")


def _whole_day(text: str) -> str:
    try:
        if len(text) == 10:
            day(text)
            return text
    except ValueError:
        pass
    raise ValueError(f"'{text}' is not a day; allowed: YYYY-MM-DD")


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("says nothing")
    return text


Day = Annotated[str, AfterValidator(_whole_day)]
Text = Annotated[str, AfterValidator(_said)]
Telling = Annotated[str, AfterValidator(Told.read)]


class Model(BaseModel):
    """Strict, immutable data: unknown keys are faults."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False,
        defer_build=True,  # law that was compiled at an earlier start is not checked again
    )  # fmt: skip

    def __getstate__(self) -> dict[Any, Any]:
        """The values alone, so that kept law is read in little time: which of them were given is of no more use."""
        return vars(self)

    def __setstate__(self, state: dict[Any, Any]) -> None:
        _put(self, "__dict__", state)
        _put(self, "__pydantic_fields_set__", set(state))
        _put(self, "__pydantic_extra__", None)
        _put(self, "__pydantic_private__", None)


class Span(Model):
    """Dates between which a rule is law; either end may be open."""

    start: Day = Field(default="", validation_alias="from")
    end: Day = Field(default="", validation_alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end and self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it begins")
        return self

    @property
    def words(self) -> str:
        """The span as written: `from 1998-07-01 to 2027-06-30`; empty if both ends are open."""
        return " ".join(f"{word} {day}" for word, day in (("from", self.start), ("to", self.end)) if day)

    @property
    def told(self) -> str:
        """The span as a reader is told it: `from 1 July 1998 to 30 June 2027`; empty if both ends are open."""
        ends = (("from" if self.start else "up", self.start), ("to", self.end))
        parts = [f"{word} {in_words.day(end)}" if end else word for word, end in ends if end or word == "up"]
        return " ".join(parts) if self.start or self.end else ""

    def covers(self, day: str) -> bool:
        """Whether the rule is in force on a day (YYYY-MM-DD)."""
        return self.start <= day and (not self.end or day <= self.end)


class Cited(Model):
    """An authority as a rule relies on it.

    In a rulebook that was read, `mark` says how it is known: it is that of the place in the authority's record,
    unless the rule itself is more cautious.
    """

    cite: str
    says: str
    mark: Mark | None = None
    pinpoint: str = ""
