"""The numbers behind the words of strength: engine weights, not law."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from caprev.law.models.shapes import Model, Side


def _earned(written: Any) -> Any:
    return None if written == "not earned" else written


class Calibration(Model):
    """Balance to probability, and the band in which the calibrated prediction set holds both sides.

    Beyond `saturation`, on either side, only the share `tail` of a balance makes a conclusion more probable. `strong`
    is none where no probability has earned the word: then nothing is strong by its balance alone. `fitted_on` and
    `out_of_fold` say what the numbers were fitted on and how they did on matters that they had not seen, and how far
    slope and intercept could be off on so many matters (`slope_variance`, `intercept_variance`, `covariance`).
    """

    slope: float
    intercept: float
    saturation: float
    tail: float = 0.0
    undetermined: tuple[float, float]
    strong: Annotated[tuple[float, float] | None, BeforeValidator(_earned)]
    moderate: tuple[float, float]
    binding: float
    persuasive: float
    fitted_on: str
    out_of_fold: dict[str, float] = Field({})

    def saturated(self, balance: float) -> float:
        """A balance as the probability sees it."""
        within = max(min(balance, self.saturation), -self.saturation)
        return within + self.tail * (balance - within)

    def balance(self, seen: float) -> float:
        """The balance that the probability sees as this one; beyond the saturation without a tail, the same."""
        within = max(min(seen, self.saturation), -self.saturation)
        return within + (seen - within) / (self.tail or 1.0)

    @property
    def neutral(self) -> float:
        """The balance at which either side is equally probable, to two places; above it the pole `for` is favoured."""
        return round(-self.intercept / self.slope, 2) + 0.0


class Group(Model):
    """Clusters whose factors for one side share a cap on some nodes."""

    side: Side
    clusters: tuple[str, ...]


class Design(Model):
    """The numbers as judgement set them. Fitting starts from these and shrinks to them; it never changes them."""

    strengths: dict[str, float]
    starts: dict[str, float]
    slope: float
    intercept: float


class Weighing(Model):
    """The numbers behind the strength words: engine weights, not law.

    `lead`: how many more independent grounds a strong conclusion has for it than against it.
    """

    strengths: dict[str, float]
    overlap: float
    cluster_cap: float
    starts: dict[str, float]
    groups: dict[str, Group] = Field({})
    group_caps: dict[str, dict[str, float]] = Field({})
    indicator_band: float
    lead: int = 0
    calibration: Calibration
    design: Design
    note: str
