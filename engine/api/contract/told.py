"""What every result is: data that cannot be assigned to, and the few words and parts that many results share."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Characterisation = str  # a side of the pack, what is neither, or "undetermined"
Strength = Literal["strong", "moderate", "finely_balanced"]
State = Literal["met", "not_met", "unknown"]
Finding = Literal["satisfied", "not_satisfied", "undetermined"]


class Told(BaseModel):
    """A result, or part of one."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    def to_dict(self) -> dict[str, Any]:
        """The data, as the command line prints it with `--format json`; yours to change."""
        return self.model_dump(by_alias=True, exclude_unset=True, mode="json")


class Rulebook(Told):
    """Which release of the law was applied, and the hash of its text."""

    version: str
    sha256: str


class Headed(Told):
    """What is told of the parcels of a matter, by which law, with the schema of the whole."""

    schema_: str = Field(alias="schema")
    matter: Any
    as_at: str
    law_as_at: str
    position: str
    rulebook: Rulebook
    facts_sha256: str
    disclaimer: str


class UsedFact(Told):
    """A fact on which something rests, in words, with its source."""

    fact: str
    value: str
    source: str
    standing: str


class Weighed(Told):
    """What was concluded by a balance: the probability is of the pole `for`, and named by it."""

    @property
    def probability(self) -> float | None:
        """The share of decided matters with such a balance that were decided for that pole, whatever it is called."""
        return next((value for key, value in self.to_dict().items() if key.startswith("probability_")), None)
