"""The law in short: a rule, a decided case."""

from __future__ import annotations

from caprev.api.contract.told import Told


class Rule(Told):
    """A rule in short: a factor, indicator, element, issue, unsettled point or consequence."""

    id: str
    kind: str
    text: str
    favours: str | None
    strength: str | None
    authority: tuple[str, ...]


class Case(Told):
    """A decided case in short. `shown` is false where it may not be shown as authority."""

    id: str
    citation: str
    court: str
    decided: str
    outcome: str
    route: str
    confidence: str
    shown: bool
    ratio: str
    because: tuple[str, ...]
    despite: tuple[str, ...]
