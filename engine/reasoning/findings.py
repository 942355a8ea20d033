"""What is found on each node, and the sums it rests on."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Literal

State = Literal["satisfied", "not_satisfied", "undetermined"]
FactorState = Literal["met", "not_met", "unknown"]


@dataclass(frozen=True, slots=True)
class Push:
    """What one factor adds to a balance: `weight` by its strength word, `effect` after overlap (signed)."""

    factor: str
    weight: float
    effect: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A weighed node: where it starts, what pushes it, what a cap gave back, and the sum with its interval."""

    start: float
    pushes: tuple[Push, ...]
    capped: float
    total: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found on a node. `robust`: no completion of the unknown facts changes it. `near`: between which balances
    any one further answer leaves it, and `firm`: no one further answer changes it.

    `supports` and `opposes` are the met factors for and against the node's being satisfied, strongest first;
    `open` those not known. `detail` shows the arithmetic of a weighed node.
    """

    node: str
    state: State
    _: KW_ONLY
    balance: float
    low: float
    high: float
    near: tuple[float, float]
    robust: bool
    firm: bool
    supports: tuple[str, ...]
    opposes: tuple[str, ...]
    open: tuple[str, ...]
    detail: Balance | None = None

    @property
    def borne_on(self) -> bool:
        """Whether anything that is known bears on the node, or on those it combines."""
        return bool(self.supports or self.opposes)
