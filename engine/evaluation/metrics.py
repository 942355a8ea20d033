"""How well a set of predictions agrees with decided matters: shares, ranking, calibration, and their intervals.

A `Row` is one matter: whether it was decided for the pole `for` (positive), and the probability that was given to that.
Shares have Wilson intervals, all else percentile intervals from a seeded bootstrap. Pure Python, the same on every run.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from statistics import NormalDist

from caprev.grouping import grouped

Row = tuple[bool, float]
Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval; `value` is None where the figure is not defined. `of` counts what it is of."""

    value: float | None
    low: float | None
    high: float | None
    of: int = 0


def wilson(right: int, of: int) -> Estimate:
    """A share with its Wilson interval.

    >>> share = wilson(8, 10)
    >>> share.value, round(share.low or 0, 2), round(share.high or 0, 2)
    (0.8, 0.49, 0.94)
    """
    if not of:
        return Estimate(None, None, None, 0)
    p, z2 = right / of, Z * Z
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z * math.sqrt(p * (1 - p) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return Estimate(p, middle - half if right else 0.0, middle + half if right < of else 1.0, of)


def lower_bound(right: int, of: int, sure: float) -> float:
    """The exact one-sided lower bound of a share (Clopper and Pearson), at the confidence `sure`; of nothing: 0."""
    low, high = 0.0, right / of if of else 0.0
    for _ in range(50):
        p = (low + high) / 2
        as_many = math.fsum(math.comb(of, k) * p**k * (1 - p) ** (of - k) for k in range(right, of + 1))
        low, high = (p, high) if as_many < 1 - sure else (low, p)
    return low


def bootstrap(
    rows: Sequence[Row], figure: Callable[[Sequence[Row]], float | None], seed: int, resamples: int
) -> Estimate:
    """A figure with its percentile interval over resampled matters, less resamples on which it is undefined."""
    rng, found = random.Random(seed), []
    for _ in range(resamples):
        value = figure(rng.choices(rows, k=len(rows))) if rows else None
        if value is not None:
            found.append(value)
    value = figure(rows) if rows else None
    if value is None or not found:
        return Estimate(value, None, None, len(rows))
    found.sort()
    low, high = (found[round(share * (len(found) - 1))] for share in (0.025, 0.975))
    return Estimate(value, low, high, len(rows))


def said_for(probability: float) -> bool:
    """The side of a probability."""
    return probability > 0.5


def forced(rows: Sequence[Row]) -> float:
    """The share right if every matter must be decided, by the side of its probability."""
    return sum(said_for(p) == positive for positive, p in rows) / len(rows)


def balanced(rows: Sequence[Row]) -> float | None:
    """The mean of the shares right among the negative and among the positive matters, all forced."""
    shares = []
    for side in (False, True):
        mine = [said_for(p) == side for positive, p in rows if positive is side]
        if not mine:
            return None
        shares.append(sum(mine) / len(mine))
    return sum(shares) / 2


def mcc(rows: Sequence[Row]) -> float | None:
    """Matthews' correlation of the forced sides with the outcomes; none if either never varies.

    >>> mcc([(True, 0.9), (False, 0.2), (True, 0.8), (False, 0.4)])
    1.0
    """
    count = {(a, b): 0 for a in (False, True) for b in (False, True)}
    for positive, p in rows:
        count[positive, said_for(p)] += 1
    tp, tn, fp, fn = count[True, True], count[False, False], count[False, True], count[True, False]
    below = (tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
    return (tp * tn - fp * fn) / math.sqrt(below) if below else None


def brier(rows: Sequence[Row]) -> float:
    """The mean squared error of the probabilities."""
    return sum((p - positive) ** 2 for positive, p in rows) / len(rows)


def auc(rows: Sequence[Row]) -> float | None:
    """The share of pairs of a positive and a negative matter that the probabilities put in order; ties count half.

    >>> auc([(True, 0.9), (False, 0.2), (False, 0.9)])
    0.75
    >>> auc([(True, 0.9)]) is None
    True
    """
    ordered = sorted(rows, key=itemgetter(1))
    positive = sum(outcome for outcome, _ in rows)
    negative = len(rows) - positive
    if not positive or not negative:
        return None
    won, below, index = 0.0, 0, 0
    while index < len(ordered):
        end = index
        while end < len(ordered) and ordered[end][1] == ordered[index][1]:
            end += 1
        tied = sum(outcome for outcome, _ in ordered[index:end])
        won += tied * (below + (end - index - tied) / 2)
        below += end - index - tied
        index = end
    return won / (positive * negative)


@dataclass(frozen=True)
class Tenth:
    """The matters whose probability lies in one tenth: how many, the mean probability, the share that is positive."""

    low: float
    mean: float
    share: Estimate


def tenths(rows: Sequence[Row]) -> list[Tenth]:
    """Calibration by tenths of probability; empty tenths are left out."""
    bins = grouped((min(int(row[1] * 10), 9), row) for row in rows)
    return [
        Tenth(tenth / 10, sum(p for _, p in mine) / len(mine), wilson(sum(positive for positive, _ in mine), len(mine)))
        for tenth, mine in sorted(bins.items())
    ]


def ece(rows: Sequence[Row]) -> float:
    """The mean distance, over tenths, of the mean probability from the share that is positive, by number of matters."""
    sums = [[0.0, 0.0] for _ in range(10)]
    for positive, p in rows:
        mine = sums[min(int(p * 10), 9)]
        mine[0] += p
        mine[1] += positive
    return sum(abs(said - was) for said, was in sums) / len(rows)


def chance_ece(rows: Sequence[Row], seed: int, resamples: int) -> Estimate:
    """The `ece` that a perfectly calibrated forecaster with these probabilities would show by chance."""
    rng = random.Random(seed)
    found = sorted(ece([(rng.random() < p, p) for _, p in rows]) for _ in range(resamples)) if rows else []
    if not found:
        return Estimate(None, None, None, 0)
    low, high = (found[round(share * (len(found) - 1))] for share in (0.025, 0.975))
    return Estimate(sum(found) / len(found), low, high, len(rows))


@dataclass(frozen=True)
class Step:
    """Deciding only the most certain matters: their share, how many, and the share of them that is wrong."""

    coverage: float
    of: int
    risk: float


def risk_coverage(rows: Sequence[Row]) -> list[Step]:
    """Risk as ever less certain matters are decided; matters equally certain come in together."""
    ordered = sorted(((round(abs(p - 0.5), 9), said_for(p) == positive) for positive, p in rows), reverse=True)
    steps, wrong = [], 0
    for index, (certainty, right) in enumerate(ordered):
        wrong += not right
        if index + 1 == len(ordered) or ordered[index + 1][0] != certainty:
            steps.append(Step((index + 1) / len(ordered), index + 1, wrong / (index + 1)))
    return steps


def paired(first: Sequence[bool], second: Sequence[bool]) -> tuple[int, int, float]:
    """How many only the first and only the second got right, and McNemar's exact two-sided probability of that.

    >>> paired([True] * 9 + [False], [False] * 9 + [True])
    (9, 1, 0.021484375)
    """
    better = sum(a and not b for a, b in zip(first, second, strict=True))
    worse = sum(b and not a for a, b in zip(first, second, strict=True))
    n = better + worse
    tail = sum(math.comb(n, k) for k in range(min(better, worse) + 1)) / 2**n
    return better, worse, min(1.0, 2 * tail)
