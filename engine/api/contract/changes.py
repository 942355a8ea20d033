"""What would change a conclusion: known facts otherwise, and facts that are not known."""

from __future__ import annotations

from typing import Any

from caprev.api.contract.assessment import MissingFact
from caprev.api.contract.told import Characterisation, Told, Weighed


class _Now(Weighed):
    """The conclusion as it is."""

    parcel: str
    characterisation: Characterisation
    balance: float
    probability_revenue: float | None = None
    robust: bool


class Change(Told):
    """A fact otherwise: to what, in words and as values, and whether that is still possible on what is known."""

    fact: str
    to: str
    values: tuple[Any, ...]
    still_possible: bool


class Flip(Told):
    """A smallest set of changes, and what is concluded with it."""

    changes: tuple[Change, ...]
    characterisation: Characterisation
    balance: float


class Swayed(Told):
    """What one fact alone would make of the conclusion, with another value."""

    to: str
    characterisation: Characterisation
    balance: float


class Sway(Told):
    """How far one fact alone could move the conclusion."""

    fact: str
    values: tuple[Swayed, ...]


class Flips(_Now):
    """The smallest changes of known facts that change the conclusion; `found` counts them."""

    found: int
    flips: tuple[Flip, ...]
    tornado: tuple[Sway, ...]


class Unknown(MissingFact):
    """A fact not known, with the paper that would prove it."""

    evidence: str
    could_change_the_conclusion: bool


class Settling(Told):
    """The smallest sets of answers that would turn the conclusion to another."""

    to: str
    found: int
    sets: tuple[Flip, ...]


class Missing(_Now):
    """Which unknown facts could change the conclusion, and the smallest sets that would settle it."""

    missing: tuple[Unknown, ...]
    settling: tuple[Settling, ...]
