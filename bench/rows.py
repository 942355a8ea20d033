"""Random fact sets for comparing and measuring engines: plausible ones, and ones made to find mistakes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from caprev.facts.conditions import Atom, leaves
from caprev.files import reading
from caprev.law.rulebook import Rulebook
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion

Row = dict[str, Any]

DATES = [
    "1978",
    "1985-09",
    "1985-09-19",
    "1985-09-20",
    "2004-02-29",
    "2019-07-01",
    "2023",
    "19PP",
    "0001",
    "9999-12-31",
]
NUMBERS = [0, 1, 2, 3, 0.1 + 0.2, 1e14, 1e-7, 12.5, 99_999_999, 366 / 365]
MASKS = {"int": ["X lots", "XX"], "number": ["$XXX"]}


def rows(assessor: Assessor, seed: int, count: int) -> Iterator[Row]:
    """So many rows; every third is adversarial, and every second one a decided matter with a few facts changed."""
    rng = random.Random(seed)
    thresholds = _thresholds(assessor.book)
    decided = list(matters(assessor))
    for number in range(count):
        start = rng.choice(decided) if number % 2 else {}
        yield row(assessor.book, rng, thresholds, number, start, adversarial=number % 3 == 2)


def matters(assessor: Assessor) -> Iterator[Row]:
    """The facts of every case, comparator and example, as they are written."""
    sections = assessor.book.vocabulary.sections
    for path in sorted(assessor.cases_directory.rglob("*.yaml")):
        data: Any = reading.read(path).data
        told = {**data, **(data.get("facts") or {})}
        yield {f"{s}.{name}": value for s in sections for name, value in (told.get(s) or {}).items()}


def row(
    book: Rulebook, rng: random.Random, thresholds: dict[str, list[float]], number: int, start: Row, adversarial: bool
) -> Row:
    share = rng.choice([0.005, 0.01, 0.03]) if start else rng.choice([0.05, 0.1, 0.2, 0.4, 0.7])
    found: Row = {"id": f"row {number}", **start}
    for fact in book.vocabulary:
        if rng.random() < share:
            value = _odd(fact, rng, thresholds) if adversarial and rng.random() < 0.5 else _exact(fact, rng, thresholds)
            found[fact.name] = value
    if adversarial and rng.random() < 0.3:
        found["matter"] = {"as_at": rng.choice(["1990-06-30", "2020", "1984-01", "2026-11-01"])}
    return found


def _thresholds(book: Rulebook) -> dict[str, list[float]]:
    """The numbers that rules test, by fact."""
    found: dict[str, list[float]] = {}
    for condition in book.conditions.values():
        for leaf in leaves(condition):
            if isinstance(leaf, Atom):
                ends = [leaf.low, leaf.high, *(value for value in leaf.values if isinstance(value, float))]
                found.setdefault(leaf.fact, []).extend(end for end in ends if abs(end) < 1e12)
    return found


def _exact(fact: Any, rng: random.Random, thresholds: dict[str, list[float]]) -> Any:
    if fact.type == "bool":
        return rng.random() < 0.5
    if fact.type == "enum":
        return rng.choice(fact.values)
    if fact.type == "set":
        return rng.sample(fact.values, rng.choice([0, 1, 1, 2, 3]))
    if fact.type == "date":
        return f"{rng.randint(1960, 2024)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    near = [number for number in thresholds.get(fact.name, []) if number >= 0]
    if near and rng.random() < 0.5:
        number = max(rng.choice(near) + rng.choice([-1, 0, 0, 1]), 0)
    else:
        number = rng.choice([0, 1, 2, 3, 5, 12, 40, rng.random() * 100])
    return round(number) if fact.type == "int" else number


def _odd(fact: Any, rng: random.Random, thresholds: dict[str, list[float]]) -> Any:
    draw = rng.random()
    if draw < 0.04:
        return rng.choice([None, "unknown"])
    if draw < 0.055:
        return rng.choice(["nonsense", {"at_lest": 1}, [["x"]], -5, {"one_of": []}, {"value": "nonsense"}, 1e300])
    if draw < 0.1:
        return {"value": _exact(fact, rng, thresholds), "standing": "disputed", "source": "a letter"}
    if fact.type == "bool":
        return {"one_of": [True, False]} if draw < 0.3 else draw < 0.6
    if fact.type == "enum":
        return {"one_of": rng.sample(fact.values, rng.randint(1, len(fact.values)))}
    if fact.type == "set":
        mixed = rng.sample(fact.values, len(fact.values))
        cut, end = sorted(rng.choices(range(len(mixed) + 1), k=2))
        return {"includes": mixed[:cut], "excludes": mixed[cut:end]}
    if fact.type == "date":
        first, last = sorted(str(rng.randint(1950, 2030)) for _ in range(2))
        return rng.choice([*DATES, {"at_least": first}, {"at_most": last}, {"at_least": first, "at_most": last}])
    pool = NUMBERS + [number for number in thresholds.get(fact.name, []) if number >= 0]
    low, high = sorted(rng.choices(pool, k=2))
    if fact.type == "int":
        low, high = int(low), int(high)
    several = [int(n) if fact.type == "int" else n for n in rng.choices(pool, k=rng.randint(1, 4))]
    bounds = [{"at_least": low}, {"at_most": high}, {"at_least": low, "at_most": high}]
    return rng.choice([low, high, *bounds, *bounds, {"one_of": several}, rng.choice(MASKS[fact.type])])


def found(conclusion: Conclusion) -> dict[str, Any]:
    """Everything that the ordinary engine finds, by the names of columns."""
    guidance = conclusion.guidance
    row: dict[str, Any] = {
        "characterisation": conclusion.characterisation,
        "route": conclusion.route,
        "strength": conclusion.strength,
        "probability_revenue": conclusion.probability,
        "robust": conclusion.robust,
        "balance": conclusion.balance,
        "low": conclusion.low,
        "high": conclusion.high,
        "rules": conclusion.rules,
        "decided_by": conclusion.decided_by,
        "constraint": guidance.constraint,
        "persuaded": guidance.persuaded,
        "analogy": guidance.analogy,
    }
    row |= {f"factor {name}": state for name, state in conclusion.states.items()}
    for name, finding in conclusion.findings.items():
        row |= {
            f"finding {name}": finding.state,
            f"balance {name}": finding.balance,
            f"low {name}": finding.low,
            f"high {name}": finding.high,
            f"robust {name}": finding.robust,
        }
    return row
