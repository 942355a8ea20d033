"""From balances to probabilities, and to the words: a logistic map with shrinkage, conformal sets, earned thresholds.

Plain statistics on balances and outcomes; where the balances come from is not known here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from caprev.evaluation.metrics import Row, lower_bound, said_for
from caprev.law.models import Calibration, Weighing

PULLS = (20.0, 4.0)  # how firmly the prior holds slope and intercept
LEAST_STRONG = 0.75  # `strong` is not looked for below this probability
SURE = 0.8  # how sure it has to be that the share right reaches the level: the confidence of its lower bound
MODERATE = 0.65  # the probability that earns `moderate`
_STEP = 0.01  # in which bands are written


def saturated(weighing: Weighing, found: Iterable[float]) -> list[float]:
    """Balances as the probability sees them."""
    return list(map(weighing.calibration.saturated, found))


def probability_at(slope: float, intercept: float, balance: float) -> float:
    """The probability of the pole `for` at a balance."""
    return 1 / (1 + math.exp(-slope * balance - intercept))


def logistic(
    found: Sequence[float],
    outcomes: Sequence[bool],
    prior: tuple[float, float],
    start: tuple[float, float] | None = None,
) -> tuple[float, float]:
    """Slope and intercept by penalised maximum likelihood (Newton's method; slope kept positive)."""
    slope, intercept = start or prior
    for _ in range(50):
        gradient = [-2 * PULLS[0] * (slope - prior[0]), -2 * PULLS[1] * (intercept - prior[1])]
        hessian = [2 * PULLS[0], 0.0, 2 * PULLS[1]]
        for x, positive in zip(found, outcomes, strict=True):
            p = 1 / (1 + math.exp(-slope * x - intercept))
            error, spread = positive - p, p * (1 - p)
            gradient[0] += error * x
            gradient[1] += error
            hessian[0] += spread * x * x
            hessian[1] += spread * x
            hessian[2] += spread
        determinant = hessian[0] * hessian[2] - hessian[1] ** 2
        step = (
            (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant,
            (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant,
        )
        slope, intercept = max(slope + step[0], 0.05), intercept + step[1]
        if abs(step[0]) + abs(step[1]) < 1e-8:
            break
    return slope, intercept


def spread(found: Sequence[float], slope: float, intercept: float) -> dict[str, float]:
    """How far slope and intercept could be off on so many matters: variances and covariance, by the curvature."""
    a, b, c = 2 * PULLS[0], 0.0, 2 * PULLS[1]
    for x in found:
        p = probability_at(slope, intercept, x)
        a, b, c = a + p * (1 - p) * x * x, b + p * (1 - p) * x, c + p * (1 - p)
    determinant = a * c - b * b
    named = {"slope_variance": c, "intercept_variance": a, "covariance": -b}
    return {name: round(value / determinant, 5) for name, value in named.items()}


def loss(found: Sequence[float], outcomes: Sequence[bool], slope: float, intercept: float) -> float:
    """Negative log likelihood."""
    total = 0.0
    for x, positive in zip(found, outcomes, strict=True):
        z = slope * x + intercept
        total += math.log1p(math.exp(-z if positive else z))
    return total


def bands(
    found: Sequence[float],
    outcomes: Sequence[bool],
    fit: tuple[float, float],
    prior: Calibration,
    excluded: float,
    level: float,
    nothing: float,
) -> Calibration:
    """The balances at which the words apply, from balances that were taken out of fold.

    `undetermined`: where the class-conditional conformal set holds both sides, widened to the balance of even
    probability, so that a side is never concluded against its own probability, and beyond the balance at which
    `nothing` is known, of which nothing follows. `strong`: beyond the least
    probability from which on the share right is shown to be `level`; none where no probability shows it.
    """
    slope, intercept = fit

    def at(probability: float) -> float:
        return prior.balance((math.log(probability / (1 - probability)) - intercept) / slope)

    most = prior.saturation
    seen = [prior.saturated(x) for x in found]
    low, high = (max(min(x, most), -most) for x in conformal(seen, outcomes, excluded))
    given = [probability_at(slope, intercept, x) for x in seen]
    strong = earned(list(zip(outcomes, given, strict=True)), level)
    return prior.model_copy(
        update={
            "slope": slope,
            "intercept": intercept,
            "undetermined": (
                round(min(low, at(0.5), nothing - _STEP), 2),
                round(max(high, at(0.5), nothing + _STEP), 2),
            ),
            "strong": (round(at(1 - strong), 2), round(at(strong), 2)) if strong else None,
            "moderate": (round(at(1 - MODERATE), 2), round(at(MODERATE), 2)),
        }
    )


def conformal(found: Sequence[float], outcomes: Sequence[bool], excluded: float) -> tuple[float, float]:
    """The lowest balance whose prediction set holds the pole `for`, and the highest whose set holds the other.

    A side is left out of the set where at most the share `excluded` of its own matters (this one counted) lie as far
    towards the other side; so at most that share of either side is excluded from its set (Mondrian conformal).
    """
    positive = sorted(x for x, outcome in zip(found, outcomes, strict=True) if outcome)
    negative = sorted((x for x, outcome in zip(found, outcomes, strict=True) if not outcome), reverse=True)

    def edge(ordered: list[float], beyond: float) -> float:
        place = math.floor(excluded * (len(ordered) + 1) + 1e-9)
        return ordered[place - 1] if place else beyond

    return edge(positive, -math.inf), edge(negative, math.inf)


@dataclass(frozen=True)
class Shown:
    """From a probability (of either side) on: how many matters, how many of them right, and the lower bound of that."""

    probability: float
    of: int
    right: int
    bound: float


def shown(rows: Sequence[Row]) -> list[Shown]:
    """What is shown at each probability from `LEAST_STRONG` on, the highest first: the bound is one-sided (`SURE`)."""
    ordered = sorted(((round(max(p, 1 - p), 9), said_for(p) == outcome) for outcome, p in rows), reverse=True)
    right, found = 0, []
    for index, (p, well) in enumerate(ordered):
        if p < LEAST_STRONG:
            break
        right += well
        tied = index + 1 < len(ordered) and ordered[index + 1][0] == p
        if not tied:
            found.append(Shown(p, index + 1, right, lower_bound(right, index + 1, SURE)))
    return found


def earned(rows: Sequence[Row], level: float) -> float | None:
    """The least probability (of either side) from which on the share right is shown to be `level`, if any shows it.

    Shown means that the lower bound of the share reaches it. There is no other way to the word: a share that only looks
    high, on a few matters, has not earned it.
    """
    return min((at.probability for at in shown(rows) if at.bound >= level), default=None)
