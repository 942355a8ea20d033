"""What a body of law says of itself: its version and day, its courts, and the two sides of the question it weighs."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from caprev.law.models import MARKS, Day, Mark, Model, Side, Text


class Pole(Model):
    """One of the two sides that factors favour and cases are decided for.

    `word` names it in a sentence, `account` says what a gain on it is, `mark` is the letter drawn beside it.
    """

    id: Side
    word: Text
    account: Text
    mark: Text


class Sides(Model):
    """The two sides of the weighed question. A balance above zero speaks for the pole `for`, below zero against it."""

    against: Pole
    for_: Pole = Field(alias="for")

    @model_validator(mode="after")
    def _two(self) -> Self:
        """Sides that could not be told from each other would decide nothing."""
        for key in ("id", "word", "mark"):
            if getattr(self.against, key) == getattr(self.for_, key):
                raise ValueError(f"has one {key} for both sides: {getattr(self.for_, key)}")
        return self

    @property
    def ids(self) -> tuple[Side, Side]:
        """Both sides, the pole `against` first: the order of every table."""
        return self.against.id, self.for_.id

    def other(self, side: str) -> Side:
        """The side that is not this one; of what is neither, the pole `for`, for which a balance is made out."""
        return self.against.id if side == self.for_.id else self.for_.id

    def sign(self, side: str) -> int:
        """Which way a side pushes a balance: 1 up, for the pole `for`, and -1 down, for the other."""
        return 1 if side == self.for_.id else -1

    def leaning(self, up: bool) -> Side:
        """The side that a balance speaks for which goes up, or down."""
        return self.for_.id if up else self.against.id

    def at(self, balance: float, band: tuple[float, float]) -> Side | None:
        """The side at a balance outside a band; none within, its ends being outside."""
        floor, ceiling = band
        return self.for_.id if balance >= ceiling else self.against.id if balance <= floor else None


class Marking(Model):
    """The words for one mark: what it means, and what a reader is warned of; none for what was read.

    `prints` follows a citation, `remark` tells an officer to check `{what}`, `listed` heads the `{names}` to check.
    """

    means: str
    prints: str = ""
    remark: str = ""
    listed: str = ""


class Pack(Model):
    """The rulebook as a whole: version, day of the law, default position, sides, courts, words for marks.

    `title`, `question` and `jurisdiction` say to a reader which law this is; `language` is that of its words (an ISO
    639 code) and `currency` that of its amounts (an ISO 4217 code; none where it has none). Cases about anything else
    than `subject` neither bind nor persuade; empty: whatever they are about.
    """

    title: Text = ""
    question: Text = ""
    jurisdiction: Text = ""
    language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] = "en"
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    version: str
    as_at: Day
    position: str
    sides: Sides
    subject: str = ""
    disclaimer: str
    comparator_warning: str
    marks: dict[Mark, Marking]
    levels: tuple[str, ...]
    least_grounds: int
    binding_levels: tuple[str, ...]
    persuasive_levels: tuple[str, ...]

    def words(self, mark: str | None) -> Marking | None:
        """The words for a mark, if it is one."""
        return next((words for name, words in self.marks.items() if name == mark), None)

    @field_validator("marks")
    @classmethod
    def _every_mark(cls, marks: dict[Mark, Marking]) -> dict[Mark, Marking]:
        """A mark without words would print as if the authority had been read."""
        for mark in MARKS:
            if mark not in marks:
                raise ValueError(f"has no words for '{mark}'")
        return marks
