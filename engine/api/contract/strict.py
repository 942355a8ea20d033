"""What follows under strict rules: outcomes, amounts and warnings of each event, and what they wait on."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from caprev.api.contract.told import Rulebook, Told


class StrictRule(Told):
    """A strict rule by which an outcome follows, with its authority (`cite`, `pinpoint`, `mark`)."""

    id: str
    text: str
    authority: tuple[dict[str, str], ...]


class StrictQuestion(Told):
    """A question: the outcomes that follow, those that still may, the rules by which, and what an open one waits on."""

    id: str
    ask: str
    state: str
    follows: tuple[str, ...]
    may: tuple[str, ...]
    outcomes: dict[str, str]
    rules: tuple[StrictRule, ...]
    facts: tuple[str, ...]
    needs: tuple[str, ...]


class StrictAmount(Told):
    """An amount: whether it arises, its value or its bounds, how it was worked, and what is missing for it."""

    id: str
    label: str
    unit: str
    arises: str
    value: Any
    low: Any
    high: Any
    formula: str
    worked: Any
    authority: tuple[dict[str, str], ...]
    needs: tuple[str, ...]
    gaps: tuple[str, ...]


class StrictPart(Told):
    """What is answered of one event, or of the matter as a whole."""

    id: str
    kind: str | None
    date: str | None
    questions: tuple[StrictQuestion, ...]
    amounts: tuple[StrictAmount, ...]
    warnings: tuple[dict[str, Any], ...]


class StrictMissing(Told):
    """A fact not known on which something waits, and of which events."""

    fact: str
    ask: str
    of: tuple[str, ...]


class Answer(Told):
    """What follows under a pack of strict rules: the object of its `caprev assess --format json`."""

    schema_: str = Field(alias="schema")
    pack: str
    matter: dict[str, Any]
    as_at: str
    rulebook: Rulebook
    facts_sha256: str
    disclaimer: str
    open: bool
    parts: tuple[StrictPart, ...]
    regimes: tuple[dict[str, Any], ...]
    missing: tuple[StrictMissing, ...]
