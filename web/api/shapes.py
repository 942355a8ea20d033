"""What is sent and answered besides the engine's own contract."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from ninja import Schema
from pydantic import ConfigDict, Field

import caprev
from caprev.api import contract

FactSet = Annotated[
    dict[str, Any],
    Field(
        description="A fact set: sections of facts, or `facts` with `section.fact` keys; GET /schema describes it. "
        "What is left out is unknown.",
        examples=[{"development": {"lots": {"at_least": 20}}, "involvement": {"level": "minor"}}],
    ),
]
UpTo = Annotated[int, Field(ge=1, le=3, description="Sets of at most so many facts.")]
AtMost = Annotated[
    int | None, Field(ge=1, description="Confirm, and tell, at most so many of those found; all takes longer.")
]


class Body(Schema):
    """What is sent; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Asked(Body):
    """Facts, and under which law they are assessed; what is left out is the matter's own, else the rulebook's."""

    facts: FactSet
    pack: str = Field("", description="Which body of law.")
    as_at: str = Field("", description="The law as at this day, YYYY-MM-DD.")
    position: str = Field("", description="Whose answers to unsettled points.")
    parcel: str = Field("", description="Only this parcel.")

    def law(self) -> dict[str, str]:
        """What is asked besides the facts."""
        return {name: getattr(self, name) for name in ("pack", "as_at", "position", "parcel")}


class AnswerAsked(Body):
    """Facts under a pack of strict rules; `part` names one event alone."""

    facts: FactSet
    pack: str = Field("", description="Which body of law; else the matter's.")
    as_at: str = Field("", description="The law as at this day, YYYY-MM-DD.")
    part: str = ""


class MissingAsked(Asked):
    """How many answers a set that settles may have, and how many such sets are told each way."""

    up_to: UpTo = 1
    most: AtMost = None


class FlipsAsked(Asked):
    """How many facts may change together; `fixed` stay as they are, `free` may change though past and done."""

    up_to: UpTo = 1
    most: AtMost = None
    fixed: tuple[str, ...] = ()
    free: tuple[str, ...] = ()


class WhatIfAsked(Asked):
    """Facts supposed: by name, a value as in a fact set or in plain words."""

    suppose: dict[str, Any] = Field(min_length=1)


class CompareAsked(Asked):
    """A decided case or a comparator by its name, or another matter's facts; one of the two."""

    case: str = ""
    other: dict[str, Any] | None = None


class ArgueAsked(Asked):
    """Who opens, and how many moves there are at most (0: all)."""

    side: str = Field("", description="Who opens: a side of the question; empty: the one concluded for.")
    moves: int = Field(0, ge=0, le=200)


class DraftAsked(Asked):
    """Which document, in which form."""

    template: str = Field("", description="The name of one of the pack's documents; without one the first.")
    form: Literal["md", "html", "docx", "pdf"] = "md"
    edited: bool = False


class CheckAsked(Body):
    """Facts, and the text that they were taken from."""

    facts: FactSet
    text: str = Field(max_length=2_000_000)
    pack: str = ""


class DraftMade(Schema):
    """A document, base64, with its checks, the report of what was hidden, and the record that reproduces it."""

    form: str
    template: str
    edited: bool
    content: str = Field(description="The file, base64.")
    checks: list[contract.Check]
    report: str
    record: str

    @classmethod
    def of(cls, made: caprev.Draft) -> Self:
        """A draft as it is sent."""
        return cls(
            form=made.form,
            template=made.template,
            edited=made.edited,
            content=base64.b64encode(made.content).decode("ascii"),
            checks=list(made.checks),
            report=made.report,
            record=made.record.decode("utf-8"),
        )


class Page(Schema):
    """A rule or a case in full, as text."""

    id: str
    page: str


class MatterBrief(Schema):
    """A matter of the desk, in short."""

    id: str
    title: str
    reference: str
    status: str
    version: int
    changed: datetime


class MatterWhole(MatterBrief):
    """A matter with its facts. `problems` say why nothing can be concluded of them, if so."""

    facts: dict[str, Any]
    problems: list[Any]


class MatterNew(Body):
    """A matter to start: its facts, and a title where they have none."""

    facts: FactSet
    title: str = Field("", max_length=200)


class FactPut(Body):
    """A fact as it is to be: a value as in a fact set, where it is known from, and how well."""

    value: Any = Field(description="As in a fact set; null: nothing is known.")
    source: str = Field("", max_length=5000)
    standing: Literal["", "documented", "stated", "disputed", "assumed"] = ""
    note: str = Field("", max_length=5000)
    parcel: str = ""
