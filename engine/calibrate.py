"""Fitting the numbers of `weighing.yaml` under constraints, with shrinkage to the rulebook's own.

What is fitted: the strength words (their order holds), where balances start, and the map from balance to
probability. Clusters, caps, signs and what feeds what are law and are never fitted. The penalty pulls every
number towards the prior that the rulebook declares, so that a few matters move it little.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

from .conclusion import decisive
from .law import STRENGTHS, Calibration, Weighing
from .matters import Decided
from .rulebook import Rulebook
from .weighing import Weigher, route_balance

STEPS = (-0.2, 0.2, -0.1, 0.1, -0.05, 0.05)
PENALTY = 6.0
ROUNDS = 4


@dataclass(frozen=True)
class Fit:
    """A weighing fitted to matters, and the share of the penalised likelihood that it won."""

    weighing: Weighing
    before: float
    after: float


def with_weighing(book: Rulebook, weighing: Weighing) -> Rulebook:
    """The same law with other numbers."""
    return dataclasses.replace(book, weighing=weighing)


def balances(book: Rulebook, matters: Sequence[Decided], positions: dict[str, str]) -> list[float]:
    """The decisive balance of every matter, under the position of its set."""
    routes = decisive(book, "revenue")
    weighers: dict[str, Weigher] = {}
    found = []
    for matter in matters:
        position = positions.get(matter.set, book.pack.position)
        if position not in weighers:
            weighers[position] = Weigher(book, book.positions[position].answers, book.pack.as_at)
        weigher = weighers[position]
        met = {name for name, state in matter.states.items() if state == "met"}
        totals = {
            node: weigher.total(node, met) for node in weigher.clusters if book.nodes[node].kind != "indicator"
        }
        found.append(route_balance(weigher, routes, totals))
    return found


def logistic(found: Sequence[float], outcomes: Sequence[bool], prior: tuple[float, float]) -> tuple[float, float]:
    """Slope and intercept by penalised maximum likelihood (Newton's method; slope kept positive)."""
    slope, intercept = prior
    pull = (20.0, 4.0)  # how firmly the prior holds slope and intercept
    for _ in range(50):
        gradient = [-2 * pull[0] * (slope - prior[0]), -2 * pull[1] * (intercept - prior[1])]
        hessian = [2 * pull[0], 0.0, 2 * pull[1]]
        for x, revenue in zip(found, outcomes, strict=True):
            p = 1 / (1 + math.exp(-max(min(slope * x + intercept, 40.0), -40.0)))
            error, spread = revenue - p, p * (1 - p)
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
        if abs(step[0]) + abs(step[1]) < 1e-9:
            break
    return round(slope, 4), round(intercept, 4)


def saturated(weighing: Weighing, found: Sequence[float]) -> list[float]:
    """Balances as the probability sees them."""
    most = weighing.calibration.saturation
    return [max(min(x, most), -most) for x in found]


def loss(found: Sequence[float], outcomes: Sequence[bool], slope: float, intercept: float) -> float:
    """Negative log likelihood."""
    total = 0.0
    for x, revenue in zip(found, outcomes, strict=True):
        z = max(min(slope * x + intercept, 40.0), -40.0)
        total += math.log1p(math.exp(-z if revenue else z))
    return total


def fit(book: Rulebook, matters: Sequence[Decided], positions: dict[str, str], fitted_on: str) -> Fit:
    """Fit the weighing to decided matters, starting from and shrinking to the rulebook's own numbers."""
    prior = book.weighing
    outcomes = [matter.outcome == "revenue" for matter in matters]
    names = [("strengths", name) for name in STRENGTHS] + [("starts", name) for name in prior.starts]

    def objective(weighing: Weighing) -> tuple[float, float, float]:
        found = saturated(prior, balances(with_weighing(book, weighing), matters, positions))
        slope, intercept = logistic(found, outcomes, (prior.calibration.slope, prior.calibration.intercept))
        drift = sum(
            (getattr(weighing, table)[name] - getattr(prior, table)[name]) ** 2 for table, name in names
        )
        return loss(found, outcomes, slope, intercept) + PENALTY * drift, slope, intercept

    best = prior
    score, slope, intercept = objective(best)
    before = score
    for _ in range(ROUNDS):
        moved = False
        for table, name in names:
            for step in STEPS:
                values = {**getattr(best, table), name: round(getattr(best, table)[name] + step, 2)}
                tried = best.model_copy(update={table: values})
                if not _ordered(tried):
                    continue
                result = objective(tried)
                if result[0] < score - 1e-6:
                    best, (score, slope, intercept), moved = tried, result, True
        if not moved:
            break
    found = balances(with_weighing(book, best), matters, positions)
    calibration = bands(found, outcomes, slope, intercept, prior.calibration, fitted_on)
    return Fit(best.model_copy(update={"calibration": calibration}), round(before, 4), round(score, 4))


def _ordered(weighing: Weighing) -> bool:
    """The words keep their order, well apart, and no weight vanishes."""
    values = [weighing.strengths[name] for name in STRENGTHS]
    return values[0] >= 0.2 and all(b >= a * 1.3 for a, b in zip(values, values[1:], strict=False))


def bands(
    found: Sequence[float], outcomes: Sequence[bool], slope: float, intercept: float, prior: Calibration, fitted_on: str
) -> Calibration:
    """Where the words apply: probabilities of one in two, and the balances beyond which few went the other way.

    The undetermined band is the set of balances for which a class-conditional conformal prediction set at the
    level of the prior's band would hold both sides, kept no wider than the probabilities 0.4 to 0.6.
    """

    def at(probability: float) -> float:
        return (math.log(probability / (1 - probability)) - intercept) / slope

    middle = at(0.5)
    low, high = max(_quantile(found, outcomes, True, 0.2), at(0.4)), min(_quantile(found, outcomes, False, 0.8), at(0.6))
    floor, ceiling = (min(low, middle), max(high, middle)) if low < high else (middle - 0.05, middle + 0.05)
    return prior.model_copy(
        update={
            "slope": slope, "intercept": intercept,
            "undetermined": (round(floor, 2), round(ceiling, 2)),
            "strong": (round(at(0.2), 2), round(at(0.85), 2)),
            "moderate": (round(at(0.35), 2), round(at(0.65), 2)),
            "fitted_on": fitted_on,
        }
    )


def _quantile(found: Sequence[float], outcomes: Sequence[bool], revenue: bool, share: float) -> float:
    """The balance below which a share of the matters of one side lie."""
    ordered = sorted(x for x, outcome in zip(found, outcomes, strict=True) if outcome is revenue)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
