"""Portfolios of strict rules: columns tell what one by one tells, to the last cent, or leave it to it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from bench import strict_columns as bench
from caprev.columns import rationals
from caprev.columns.strict import MOST_EVENTS
from caprev.columns.strict_rows import FEW, Writer
from caprev.strict import book, rows
from caprev.strict import numbers as ordinary
from caprev.strict.book import Book
from caprev.strict.matter import Matter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKS = {name: (ROOT / "rules" / name, ROOT / "cases" / name) for name in bench.strict()}
PACKS |= {"loans": (HERE / "loans" / "rules", HERE / "loans" / "cases")}


@pytest.mark.parametrize("name", PACKS)
def test_columns_and_one_by_one_tell_the_same_of_random_fact_sets(name, tmp_path):
    law = book.load(PACKS[name][0])
    text = bench.lines(law, PACKS[name][1], seed=11, count=60)
    source = tmp_path / "sets.jsonl"
    source.write_text("\n".join(text), "utf-8")
    read = list(rows.entries(law, source))
    for number, (entry, line) in enumerate(zip(read, text, strict=True), 1):
        plain = rows.one(law, f"{source}:{number}", line)  # what is read at once is what any reading gives
        assert known(entry) == known(plain)
    writer = Writer(law)
    found = list(writer.rows(read))
    assert found == [row for entry in read for row in rows.rows_of(law, entry)]
    assert writer.counted.columns > len(text) / 3


def known(entry: Matter | rows.Bad) -> Any:
    if isinstance(entry, rows.Bad):
        return entry
    units = [(unit.id, unit.kind, dict(unit.known), unit.days, unit.shared) for unit in (entry.whole, *entry.events)]
    return entry.about.get("id"), entry.as_at, units


# --- a pack of arithmetic: what may go wrong with exact numbers between bounds --------------------------------------

FORMULAS = {
    "cancels": "thing.a - min(thing.a, thing.b)",
    "same-twice": "thing.a * thing.b - thing.b * thing.a",
    "quotient": "(thing.a - 7) / thing.b",
    "power": "(1 + thing.rate) ^ thing.years",
    "either": "if(thing.yes, thing.a, 5) - if(thing.yes, thing.b, 5)",
    "steps": "round(thing.a / 3, 0.05) + floor(thing.b / 7, 10) - ceil(thing.a * thing.rate)",
    "large": "(thing.a + 1) * (thing.b + 1) * (thing.a + 3) * (thing.b + 7) * (thing.a + 11) / 1000000007",
    "distance": "abs(thing.a - thing.b)",
    "earlier": "thing.a - sum_before(used)",
    "used": "min(thing.a, max(0, thing.b - sum_before(used)))",
    "share": "used / sum(thing-a)",
    "thing-a": "thing.a",
    "taxed": "brackets(scale, thing.a - thing.b) + at(rate, add_months(event.date, thing.years)) * thing.a",
    "late": "months(event.date, add_days(event.date, thing.a)) + years(event.date, 2030-01-01)",
}
DOUBTFUL = ("cancels", "same-twice", "either")
"""Those in which what is added may be taken away again; they are of events of the second kind."""
KINDS = ["one", "one", "one", "two"]
DAYS = ["2021-02-28", "2024-12-31", "2025", "2019-05", None]


@pytest.fixture(scope="module")
def arithmetic(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """A pack of formulas over a few facts of events."""
    folder = tmp_path_factory.mktemp("arithmetic")
    kinds = {"a": "number", "b": "number", "rate": "number", "years": "int", "yes": "bool"}
    files = {
        "pack.yaml": {
            "title": "T", "question": "Q?", "jurisdiction": "J", "version": "1", "as_at": "2026-01-01",
            "disclaimer": "D", "events": {"section": "event", "one": "event", "many": "events"},
        },
        "vocabulary.yaml": {
            "event": {
                "kind": {"type": "enum", "values": ["one", "two"], "ask": "Which?"},
                "date": {"type": "date", "ask": "When?"},
            },
            "thing": {name: {"type": kind, "ask": f"{name}?"} for name, kind in kinds.items()},
        },
        "authorities.yaml": {"x": {"kind": "rule", "name": "X", "mark": "seen", "pinpoints": {}}},
        "parameters.yaml": {
            "rate": {"label": "Rate", "values": [
                {"to": "2024-12-31", "value": "1/3", "source": "X", "mark": "seen"},
                {"from": "2025-01-01", "value": "2/7", "source": "X", "mark": "seen"},
            ]},
            "scale": {"label": "Scale", "values": [
                {"from": "2020-01-01", "brackets": [{"over": "0", "rate": "10%"}, {"over": "50", "rate": "1/3"}],
                 "source": "X", "mark": "seen"},
            ]},
        },
        "strict.yaml": {
            "amounts": {
                name: {"label": name, "unit": "number", "formula": text}
                | ({"when": {"event.kind": "two"}} if name in DOUBTFUL else {})
                for name, text in FORMULAS.items()
            }
        },
    }  # fmt: skip
    for name, data in files.items():
        (folder / name).write_text(json.dumps(data), "utf-8")
    return book.load(folder)


def test_formulas_over_what_is_known_in_part_are_exact_or_left(arithmetic, tmp_path):
    rng = random.Random(3)

    def number() -> Any:
        one, two = sorted(rng.choice([0, 1, 3, 50, 0.07, 12.5, 999999999, 123456789.01]) for _ in range(2))
        return rng.choice([one, two, two, {"at_least": one}, {"at_most": two}, {"at_least": one, "at_most": two}, None])

    def event(at: int) -> Any:
        facts = {
            "thing.a": number(), "thing.b": number(), "thing.rate": rng.choice([0, 0.05, 0.125, None]),
            "thing.years": rng.choice([0, 1, 20, {"at_most": 3}, None]), "thing.yes": rng.choice([True, False, None]),
            "event.date": rng.choice(DAYS), "event.kind": rng.choice(KINDS),
        }  # fmt: skip
        return {"id": f"e{at}", "facts": {name: value for name, value in facts.items() if rng.random() < 0.8}}

    text = [
        json.dumps({"matter": {"id": str(at)}, "events": [event(i) for i in range(rng.choice([1, 2, 4]))]})
        for at in range(120)
    ]
    text.append(json.dumps({"matter": {"id": "many"}, "events": [event(at) for at in range(MOST_EVENTS + 1)]}))
    source = tmp_path / "sets.jsonl"
    source.write_text("\n".join(text), "utf-8")
    read = list(rows.entries(arithmetic, source))
    writer = Writer(arithmetic)
    assert list(writer.rows(read)) == [row for entry in read for row in rows.rows_of(arithmetic, entry)]
    assert 60 < writer.counted.columns < 121
    assert writer.counted.left["same-twice"]  # two products that may be one are for the ordinary engine


def test_columns_of_numbers_are_exact_whatever_their_size():
    rng = random.Random(5)
    pool = [Fraction(0), Fraction(1, 3), Fraction(-7, 2), Fraction(10**15), Fraction(-(10**30), 7), Fraction(1, 10**12)]
    for size in (2, 4, 6):
        one = [rng.choice(pool[:size]) + rng.randint(-5, 5) for _ in range(50)]
        two = [rng.choice(pool[:size]) * rng.randint(-5, 5) for _ in range(50)]
        a, b = rationals.of(one), rationals.of(two)
        assert values(rationals.plus(a, b)) == [x + y for x, y in zip(one, two, strict=True)]
        assert values(rationals.times(a, b)) == [x * y for x, y in zip(one, two, strict=True)]
        assert values(rationals.inverse(a)) == [1 / x if x else x for x in one]
        assert values(rationals.least(a, b)) == [min(x, y) for x, y in zip(one, two, strict=True)]
        assert values(rationals.most(a, b)) == [max(x, y) for x, y in zip(one, two, strict=True)]
        for unit in (Fraction(1, 100), Fraction(1000), Fraction(3, 7)):
            assert values(rationals.rounded(a, unit)) == [ordinary.rounded(x, unit) for x in one]
            assert values(rationals.down(a, unit)) == [ordinary.down(x, unit) for x in one]
            assert values(rationals.up(a, unit)) == [ordinary.up(x, unit) for x in one]


def values(column: rationals.Rationals) -> list[Fraction]:
    return [Fraction(num, den) for num, den in zip(column.num.tolist(), column.dens, strict=True)]


# --- the command ------------------------------------------------------------------------------------------------------


def test_a_portfolio_has_the_same_bytes_alone_and_among_many(run: Callable[..., Any], tmp_path):
    law = book.load(PACKS["loans"][0])
    text = bench.lines(law, PACKS["loans"][1], seed=2, count=FEW + 6)
    (tmp_path / "many.jsonl").write_text("\n".join(text) + "\n", "utf-8")
    where = ("--rules", PACKS["loans"][0], "--cases", PACKS["loans"][1])
    done = run("batch", tmp_path / "many.jsonl", "--out", tmp_path / "many-rows.jsonl", *where)
    assert done.exit_code == 0
    assert "answered by columns" in done.stdout
    alone = []
    for number, line in enumerate(text):
        (tmp_path / "many.jsonl").write_text("\n" * number + line, "utf-8")
        run("batch", tmp_path / "many.jsonl", "--out", tmp_path / "one.jsonl", *where)
        alone.append((tmp_path / "one.jsonl").read_text("utf-8"))
    assert "".join(alone) == (tmp_path / "many-rows.jsonl").read_text("utf-8")


def test_a_line_that_is_no_text_spoils_no_other(tmp_path):
    law = book.load(PACKS["loans"][0])
    source = tmp_path / "sets.jsonl"
    source.write_bytes(b'{"matter": {"id": "a"}}\n\xff\xfe{}\n\n{"matter": {"id": "b"}}\n')
    found = [row for entry in rows.entries(law, source) for row in rows.rows_of(law, entry)]
    assert [row["id"] for row in found] == ["a", "2", "b"]
    assert "is not UTF-8 text" in found[1]["error"]
    assert not found[2]["error"]
