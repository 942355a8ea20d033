"""Two matters side by side, or a matter and a decided case."""

from __future__ import annotations

from typing import Any

from caprev.api.contract.told import Characterisation, Finding, State, Strength, Told, Weighed


class Side(Weighed):
    """One of two matters that are compared."""

    title: str
    parcel: str
    characterisation: Characterisation
    route: str | None
    strength: Strength
    probability_revenue: float | None = None
    balance: float
    precedent: str


class FactBeside(Told):
    """A fact on both sides, in words."""

    fact: str
    left: str | None
    right: str | None


class FactorBeside(Told):
    """A factor whose state differs, and the facts that make the difference."""

    factor: str
    favours: str
    strength: str
    left: State
    right: State
    facts: tuple[FactBeside, ...]


class Found(Told):
    """A finding with its balance."""

    finding: Finding
    balance: float


class FindingBeside(Told):
    """A finding on both sides."""

    node: str
    left: Found
    right: Found


class CaseBeside(Told):
    """A matter beside a decided case, point by point, and whether the case binds."""

    id: str
    outcome: str
    route: str
    binds: bool
    shared: tuple[str, ...]
    decisive: tuple[str, ...]
    missing: tuple[str, ...]
    not_shown: tuple[str, ...]
    beyond: tuple[str, ...]
    unless: tuple[str, ...]
    grounds: tuple[dict[str, Any], ...]


class Comparison(Told):
    """Two conclusions side by side; `case` where the right one is a decided case."""

    left: Side
    right: Side
    facts: tuple[FactBeside, ...]
    factors: tuple[FactorBeside, ...]
    findings: tuple[FindingBeside, ...]
    case: CaseBeside | None = None
