"""The law over time: at every date every kind of owner is told what the amount is, and no two rules disagree.

`pytest tests/reasoning/test_law_dates.py -s -k table` prints the tables: for a conclusion and the age of the land, the
rules that give each kind of owner its answer, from 1984 to 2030 by half years.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from caprev.facts import matter as facts
from caprev.files import reading
from caprev.law import rulebook
from caprev.law.models import Consequence, Supposed
from caprev.reasoning import consequences
from caprev.reasoning.consequences import Followed, Setting
from caprev.review import examples

ROOT = Path(__file__).resolve().parents[2]
BOOK = rulebook.load(ROOT / "rules" / "au-land")
KINDS = BOOK.vocabulary["taxpayer.kind"].values
DATES = [f"{year}-{day}" for year in range(1984, 2031) for day in ("01-01", "07-01")]
ENTRY = "tr-92-3/profit-purpose-at-entry"
# What else stands in the way of an answer: facts of which every kind of owner has one.
ORDINARY: dict[str, Any] = {"taxpayer.majority_owners_changed": False, "arrangement.kind": "none"}


@dataclass(frozen=True)
class Concluded:
    """A conclusion, with the finding on purpose at entry that it rests on."""

    characterisation: str
    route: str
    at_entry: bool


CONCLUSIONS = {
    "capital": Concluded("capital", "mere_realisation", False),
    "isolated transaction from the start": Concluded("revenue", "isolated_transaction", True),
    "isolated transaction later": Concluded("revenue", "isolated_transaction", False),
    "business from the start": Concluded("revenue", "business", True),
    "business later": Concluded("revenue", "business", False),
}
BOUGHT = {"1970": "1970-03-01", "1985": "1985-09-20", "three years before": "3", "half a year before": "0.5"}


def bought(when: str, sold: str) -> str:
    """The day of purchase of a row, for a sale on a day."""
    age = BOUGHT[when]
    return age if "-" in age else str(date.fromisoformat(sold) - timedelta(days=int(float(age) * 366)))


@cache
def parcel(kind: str, acquired: str, sold: str, circumstance: str) -> facts.Parcel:
    given = {"taxpayer.kind": kind, "acquisition.date": acquired, "sales.date": sold, **ORDINARY}
    given |= {"holding.committed_on": sold, **CIRCUMSTANCES.get(circumstance, {})}
    text = reading.parse(json.dumps({"facts": given, "matter": {"as_at": BOOK.pack.as_at}}), "a cell of the table")
    return facts.load(text, BOOK.vocabulary, BOOK.derivations, BOOK.pack.as_at).parcels[0]


def answered(concluded: Concluded, position: str) -> frozenset[tuple[str, str]]:
    """A position's answers to those points on which a rule that can follow from a conclusion hangs.

    Positions that agree on these cannot differ in a cell, and what was followed for one is what follows for the other.
    """
    side, route = concluded.characterisation, concluded.route
    points = {
        point
        for rule in BOOK.consequences.values()
        if side in (rule.applies.characterisation or [side]) and route in (rule.applies.route or [route])
        for point in rule.position
    }
    answers = BOOK.positions[position].answers
    return frozenset((point, answers[point]) for point in points if point in answers)


# What is settled is told by the rules that settle something; what the others say is not looked at here.
SETTLING = replace(BOOK, consequences={name: rule for name, rule in BOOK.consequences.items() if rule.settles})


def given(items: Iterable[Followed]) -> dict[str, dict[str, tuple[str, ...]]]:
    """What consequences that apply settle: for each matter the answers given, and the rules that give each; more than
    one answer is a contradiction between the rules."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for item in items:
        for matter, answer in item.rule.settles.items() if item.state == "applies" else ():
            answers = found.setdefault(matter, {})
            answers[answer] = (*answers.get(answer, ()), item.rule.id)
    return found


@cache
def settled(
    kind: str,
    acquired: str,
    sold: str,
    concluded: Concluded,
    answers: frozenset[tuple[str, str]],
    circumstance: str,
    every_rule: bool = False,
) -> dict[str, dict[str, tuple[str, ...]]]:
    where = Setting(
        BOOK if every_rule else SETTLING,
        parcel(kind, acquired, sold, circumstance),
        concluded.characterisation,
        concluded.route,
        {ENTRY: concluded.at_entry},
        dict(answers),
    )
    return given(consequences.follow(where))


def asked(sold: str, concluded: Concluded, gain: set[str]) -> list[str]:
    """The matters on which a cell needs an answer: a gain that is taxed asks for its relief, income for its measure."""
    matters = ["character", "gain"]
    if concluded.characterisation == "revenue" and sold >= "1997-07-01":
        matters.append("measure")
    if concluded.characterisation == "capital" and gain & {"taxed", "since_july_2027"}:
        matters.append("relief")
    return matters


def cells(
    concluded: Concluded, when: str, position: str, circumstance: str = ""
) -> Iterator[tuple[str, str, dict[str, Any], list[str]]]:
    answers = answered(concluded, position)
    for sold in DATES:
        acquired = bought(when, sold)
        if acquired >= sold:
            continue
        for kind in KINDS:
            found = settled(kind, acquired, sold, concluded, answers, circumstance)
            yield kind, sold, found, asked(sold, concluded, set(found.get("gain", {})))


@pytest.mark.parametrize("when", BOUGHT)
@pytest.mark.parametrize("conclusion", CONCLUSIONS)
def test_every_owner_is_answered_at_every_date(conclusion: str, when: str) -> None:
    """By half years and in each position, what the amount is follows for every kind of owner, and no rules disagree."""
    empty, contrary, count = [], [], 0
    for position in BOOK.positions:
        for kind, sold, found, matters in cells(CONCLUSIONS[conclusion], when, position):
            count += 1
            empty += [(position, kind, sold, matter) for matter in matters if matter not in found]
            contrary += [(position, kind, sold, matter, told) for matter, told in found.items() if len(told) > 1]
    assert count
    assert not empty
    assert not contrary


@pytest.mark.parametrize("conclusion", CONCLUSIONS)
def test_positions_that_agree_where_it_counts_settle_the_same(conclusion: str) -> None:
    """What lets the test above follow once for both, and only the rules that settle: tried with all, on one year."""
    concluded = CONCLUSIONS[conclusion]
    for position in BOOK.positions:
        for kind in KINDS:
            few = settled(kind, "1985-09-20", "2019-01-01", concluded, answered(concluded, position), "")
            every = frozenset(BOOK.positions[position].answers.items())
            assert settled(kind, "1985-09-20", "2019-01-01", concluded, every, "", every_rule=True) == few


CIRCUMSTANCES: dict[str, dict[str, Any]] = {
    "an option of the first year": {"arrangement.kind": "option", "arrangement.agreed_within_year": True},
    "a majority that changed": {"taxpayer.majority_owners_changed": True, "taxpayer.owners_succeeded": False},
    "heirs in the founders' shoes": {"taxpayer.majority_owners_changed": True, "taxpayer.owners_succeeded": True},
    "new dwellings": {"development.kind": "dwellings", "development.dwellings_built": 4},
    "a home sold from abroad": {"holding.uses": ["main_residence"], "taxpayer.foreign_resident_at_sale": True},
}


@pytest.mark.parametrize("circumstance", CIRCUMSTANCES)
@pytest.mark.parametrize("when", ["1970", "1985"])
def test_no_circumstance_leaves_an_owner_without_an_answer(when: str, circumstance: str) -> None:
    """What takes a discount or pre-CGT treatment away leaves another rule in its place."""
    empty, contrary = [], []
    for kind, sold, found, matters in cells(CONCLUSIONS["capital"], when, BOOK.pack.position, circumstance):
        empty += [(kind, sold, matter) for matter in matters if matter not in found]
        contrary += [(kind, sold, matter, answers) for matter, answers in found.items() if len(answers) > 1]
    assert not empty
    assert not contrary


@pytest.mark.parametrize("when", ["1970", "1985"])
@pytest.mark.parametrize("conclusion", ["capital", "isolated transaction later", "business later"])
def test_the_table_of_owners_and_dates_has_no_empty_cell(conclusion: str, when: str) -> None:
    """Prints, for every kind of owner, which rules answer from which date on; dates that change nothing are one row."""
    before: dict[str, dict[str, Any]] = {}
    lines = []
    for kind, sold, found, matters in cells(CONCLUSIONS[conclusion], when, BOOK.pack.position):
        rules = {matter: " ".join(found[matter][next(iter(found[matter]))]) for matter in matters if matter in found}
        assert set(rules) == set(matters), (kind, sold)
        if before.get(kind) != rules:
            told = "; ".join(f"{matter}: {names}" for matter, names in rules.items())
            lines.append((kind, sold, told))
        before[kind] = rules
    print(f"\n{conclusion}, land of {when}")
    for kind in KINDS:
        for _, sold, told in (line for line in lines if line[0] == kind):
            print(f"{kind:15} from {sold}  {told}")
    assert {kind for kind, _, _ in lines} == set(KINDS)


def dating(rule: Consequence) -> str:
    return rule.dated_by[0] if rule.dated_by else BOOK.questions.event


def on(rule: Consequence, example: Supposed, kind: str, day: str) -> Supposed:
    """An example of a rule, for a kind of owner and an event on a day."""
    given = {**ORDINARY, **example.facts, "taxpayer.kind": kind, dating(rule): day}
    return example.model_copy(update={"facts": given})


@pytest.mark.parametrize("name", [rule.id for rule in BOOK.consequences.values() if rule.in_force.end])
def test_a_rule_that_ends_has_a_successor_for_every_kind_of_owner(name: str) -> None:
    """Whom a rule concerns on its last day, one of the rules that it names concerns on the next."""
    rule = BOOK.consequences[name]
    assert rule.succeeded_by or rule.lapses, "ends without a rule that takes over, and does not say why"
    if not rule.succeeded_by:
        return
    day_after = str(date.fromisoformat(rule.in_force.end) + timedelta(days=1))
    tried = 0
    for example in rule.examples:
        for kind in KINDS if example.expect == "applies" else ():
            last, first = on(rule, example, kind, rule.in_force.end), on(rule, example, kind, day_after)
            if examples.run_example(BOOK, rule, last).state != "applies":
                continue
            tried += 1
            successors = [BOOK.consequences[other] for other in rule.succeeded_by]
            states = {other.id: examples.run_example(BOOK, other, first).state for other in successors}
            assert set(states.values()) & {"applies", "depends"}, (kind, example.name, states)
    assert tried
