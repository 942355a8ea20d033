"""What is made for a reader: both sides argued, a document with its checks, a fact set held against its text."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from caprev.api.contract.told import Characterisation, Headed, Told, UsedFact


class Move(Told):
    """One move of a debate."""

    number: int
    side: str
    kind: str
    answers: int | None
    case: str | None
    text: str
    points: tuple[str, ...]
    factors: tuple[str, ...]
    authority: tuple[str, ...]
    facts: tuple[UsedFact, ...]
    notes: tuple[str, ...]


class ParcelDebate(Told):
    """The debate on one parcel: its moves, hypotheticals walked along a number, and what other positions change."""

    id: str
    characterisation: Characterisation
    balance: float
    opens: str
    moves: tuple[Move, ...]
    walks: tuple[dict[str, Any], ...]
    positions: tuple[dict[str, Any], ...]


class Debate(Headed):
    """Both sides argued: the object of `caprev argue --format json`, schema `caprev.debate/1`."""

    matter: dict[str, Any]
    parcels: tuple[ParcelDebate, ...]


class Check(Told):
    """A check of a draft: whether it holds, and what was found."""

    name: str
    ok: bool
    found: str


class Draft(Told):
    """A document with its checks, the report of what was hidden in it, and the record that reproduces it.

    `content` is the file as it would be written, in `form` (docx, pdf, html or md). In data it is base64.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    form: str
    template: str
    edited: bool
    content: bytes
    checks: tuple[Check, ...]
    report: str
    record: bytes

    @property
    def text(self) -> str:
        """The document as text, where it is Markdown or HTML. Raises ValueError for another form."""
        if self.form not in ("md", "html"):
            raise ValueError(f"a document in {self.form} is not text; take its content")
        return self.content.decode("utf-8")


class Quote(Told):
    """Words quoted as the source of a fact: the line where the text has them (0: it has not), else what is nearest."""

    fact: str
    parcel: str
    words: str
    line: int
    nearest: str


class Unquoted(Told):
    """A fact that quotes nothing, and its source as far as it names one."""

    fact: str
    source: str


class Proposal(Told):
    """A question left open that a passage seems to answer, by these words; and the value that they name."""

    fact: str
    ask: str
    line: int
    passage: str
    words: tuple[str, ...]
    value: str


class Checked(Told):
    """A fact set held against a text: the object of `caprev facts check --format json`, schema `caprev.check/1`."""

    schema_: str = Field(alias="schema")
    facts_sha256: str
    quotes: tuple[Quote, ...]
    unquoted: tuple[Unquoted, ...]
    proposals: tuple[Proposal, ...]

    @property
    def astray(self) -> tuple[Quote, ...]:
        """The quotations that the text does not have."""
        return tuple(quote for quote in self.quotes if not quote.line)
