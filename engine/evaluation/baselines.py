"""What simpler methods make of the same matters: the measure of what the rules add.

A learner is shown decided matters and gives others, that it has not seen, a rank and a probability of the pole `for`.
What it chooses (how many neighbours, how much shrinkage) it chooses within the matters it is shown. Ranks of different
folds can be compared; a share of the matters shown cannot, for each fold lacks the outcomes it is to predict.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from caprev.evaluation.bands import logistic, probability_at
from caprev.evaluation.decided import Decided, Plan
from caprev.evaluation.metrics import brier
from caprev.facts import conditions
from caprev.facts.conditions import Condition
from caprev.facts.derivations import interval
from caprev.facts.knowledge import Choice, Range, Subset
from caprev.facts.matter import Parcel
from caprev.facts.vocabulary import Fact
from caprev.law.rulebook import Rulebook

Given = list[tuple[float, float]]
Learner = Callable[[Sequence[Decided], Sequence[Decided]], Given]

NEIGHBOURS = (1, 3, 5, 7, 11, 15)
SHRINKAGE = (0.01, 0.03, 0.1, 0.3, 1.0)
TREES = 200
INNER = 5
LEAST = INNER  # of either outcome, for a learner to be shown them


def learners(book: Rulebook, plan: Plan) -> dict[str, Learner | str]:
    """Every baseline by name; in place of one that cannot be run, why not."""
    condition = conditions.read(plan.one_rule, book.vocabulary, book.derivations.facts)
    sides = {name: factor.favours for name, factor in book.factors.items() if factor.favours != "neutral"}
    found: dict[str, Learner | str] = {
        "majority": by_group(lambda matter: True),
        "one rule": by_group(lambda matter: holds(condition, matter.parcel)),
        "count of factors": counted(sides, book.sides.for_.id),
        "nearest neighbour": nearest(frozenset(sides)),
    }
    try:
        sklearn = importlib.import_module("sklearn")
    except ImportError:
        missing = "scikit-learn is not installed (python3 install.py evaluate)"
        return found | {"logistic regression": missing, "random forest": missing}
    facts = list(book.vocabulary)
    version = f"scikit-learn {sklearn.__version__}"
    # One thread: sums are added in one order, and small sums are not slowed by waiting for threads.
    importlib.import_module("threadpoolctl").threadpool_limits(1)
    return found | {
        f"logistic regression ({version})": regression(facts),
        f"random forest ({version})": forest(facts, plan.seed),
    }


def share(matters: Sequence[Decided]) -> float:
    """The share that is positive, by the rule of succession."""
    return (sum(matter.positive for matter in matters) + 1) / (len(matters) + 2)


def _ranked(probabilities: Iterable[float]) -> Given:
    return [(p, p) for p in probabilities]


def by_group(group: Callable[[Decided], bool]) -> Learner:
    """The share that is positive among the matters of the same group."""

    def learn(seen: Sequence[Decided], new: Sequence[Decided]) -> Given:
        shares = {key: share([matter for matter in seen if group(matter) is key]) for key in (True, False)}
        return [(float(group(matter)), shares[group(matter)]) for matter in new]

    return learn


def holds(condition: Condition, parcel: Parcel) -> bool:
    """Whether a condition is known to be true of a parcel."""
    return conditions.holds(condition, parcel.known) is True


def counted(sides: Mapping[str, str], for_: str) -> Learner:
    """Factors met for the pole `for` less factors met for the other, as a probability by a logistic curve."""

    def count(matter: Decided) -> float:
        met = [side for name, side in sides.items() if matter.states[name] == "met"]
        return float(2 * met.count(for_) - len(met))

    def learn(seen: Sequence[Decided], new: Sequence[Decided]) -> Given:
        slope, intercept = logistic(list(map(count, seen)), [m.positive for m in seen], (0.2, 0.0))
        return [(count(matter), probability_at(slope, intercept, count(matter))) for matter in new]

    return learn


def nearest(factors: frozenset[str]) -> Learner:
    """The share that is positive among the most similar matters, by the factors met in both of those met in either."""

    def met(matter: Decided) -> frozenset[str]:
        return frozenset(name for name in factors if matter.states[name] == "met")

    def judged(mine: frozenset[str], others: Sequence[tuple[frozenset[str], Decided]], most: int) -> float:
        apart = sorted(
            (1 - len(mine & theirs) / (len(mine | theirs) or 1), index) for index, (theirs, _) in enumerate(others)
        )
        farthest = apart[min(most, len(apart)) - 1][0]  # whoever is as near as the last counts too
        return share([others[index][1] for distance, index in apart if distance <= farthest])

    def learn(seen: Sequence[Decided], new: Sequence[Decided]) -> Given:
        profiles = [(met(matter), matter) for matter in seen]

        def error(most: int) -> float:
            rest = [profiles[:index] + profiles[index + 1 :] for index in range(len(profiles))]
            rows = [
                (matter.positive, judged(mine, others, most))
                for (mine, matter), others in zip(profiles, rest, strict=True)
            ]
            return brier(rows)

        most = min(NEIGHBOURS, key=error)
        return _ranked(judged(met(matter), profiles, most) for matter in new)

    return learn


# --- on the raw facts, by scikit-learn ----------------------------------------------------------------------


def raw(facts: Sequence[Fact], parcel: Parcel) -> list[float]:
    """The facts as numbers: one for every value that a fact may have, nothing where it is not known."""
    row: list[float] = []
    for fact in facts:
        given = parcel.facts.get(fact.name)
        known = given.knowledge if given else None
        if fact.type in ("bool", "enum"):
            left = known.values if isinstance(known, Choice) else frozenset()
            row += [(value in left) / len(left) if left else 0.0 for value in fact.values or (True, False)]
        elif fact.type == "set":
            row += [float(isinstance(known, Subset) and value in known.included) for value in fact.values]
        else:
            row += _sized(known)
    return row


def _sized(known: Any) -> list[float]:
    """Whether a number is known, and its size: about one for a hundred and for a day of the year 2000."""
    span = interval(known) if known else Range()
    ends = [end for end in (span.low, span.high) if math.isfinite(end)]
    if not ends:
        return [0.0, 0.0]
    size = sum(ends) / len(ends)
    return [1.0, math.copysign(math.log1p(abs(size)), size) / math.log(100) if abs(size) < 1e5 else size / 730_000]


def regression(facts: Sequence[Fact]) -> Learner:
    """Logistic regression; its shrinkage is chosen by cross-validation within the matters it is shown."""
    model = importlib.import_module("sklearn.linear_model").LogisticRegression

    def fitted(rows: list[list[float]], outcomes: list[bool], new: list[list[float]], strength: float) -> list[float]:
        if len(set(outcomes)) < 2:
            return [float(outcomes[0])] * len(new)
        return _positive(model(C=strength, max_iter=5000).fit(rows, outcomes), new)

    def learn(seen: Sequence[Decided], new: Sequence[Decided]) -> Given:
        rows = [raw(facts, matter.parcel) for matter in seen]
        outcomes = [matter.positive for matter in seen]

        def error(strength: float) -> float:
            judged = []
            for fold in range(INNER):
                kept = [index for index in range(len(rows)) if index % INNER != fold]
                held = [index for index in range(len(rows)) if index % INNER == fold]
                inner = fitted([rows[i] for i in kept], [outcomes[i] for i in kept], [rows[i] for i in held], strength)
                judged += list(zip((outcomes[i] for i in held), inner, strict=True))
            return brier(judged)

        best = min(SHRINKAGE, key=error)
        return _ranked(fitted(rows, outcomes, [raw(facts, matter.parcel) for matter in new], best))

    return learn


def forest(facts: Sequence[Fact], seed: int) -> Learner:
    """A random forest, seeded."""
    model = importlib.import_module("sklearn.ensemble").RandomForestClassifier

    def learn(seen: Sequence[Decided], new: Sequence[Decided]) -> Given:
        rows = [raw(facts, matter.parcel) for matter in seen]
        outcomes = [matter.positive for matter in seen]
        fitted = model(n_estimators=TREES, min_samples_leaf=2, random_state=seed).fit(rows, outcomes)
        return _ranked(_positive(fitted, [raw(facts, matter.parcel) for matter in new]))

    return learn


def _positive(fitted: Any, rows: list[list[float]]) -> list[float]:
    """The probabilities that a fitted model gives to the pole `for`."""
    column = list(fitted.classes_).index(True)
    return [float(row[column]) for row in fitted.predict_proba(rows)]
