"""Gifts of a business to charity: the slides' figures to the cent, and old law for old gifts."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from caprev.files import reading
from caprev.law.packs import home
from caprev.strict import answer, book, examples, matter

RULES, CASES = home("rules", "us-charitable-business-gift"), home("cases", "us-charitable-business-gift")


@pytest.fixture(scope="module")
def law():
    return book.load(RULES)


def cents(law, name, part, amount, instead=("", "")):
    text = (Path(CASES) / "examples" / f"{name}.yaml").read_text("utf-8").replace(*instead)
    found = answer.answer(law, matter.read(reading.parse(text, name), law))
    item = next(item for item in found.part(part).amounts if item.name == amount)
    assert item.interval is not None
    assert item.interval.low is not None
    assert item.interval.exact
    return round(item.interval.low * 100)


@pytest.mark.parametrize(
    ("example", "amount", "dollars"),
    [
        ("unitrust", "first-payment", "5000"),
        ("unitrust", "deductible", "44679"),
        ("lead-trust", "taxable-gift", "91214.17"),
        ("lead-trust", "to-family", "1186429.46"),
        ("stock-to-public-charity", "now", "120000"),
        ("stock-to-public-charity", "carried", "80000"),
        ("units-with-debt", "sale-gain", "70000"),
    ],
)
def test_figures_come_out(law, example, amount, dollars):
    assert cents(law, example, "gift", amount) == Fraction(dollars) * 100


def test_cash_of_2016_has_the_ceiling_of_2016_and_no_floor(law):
    assert cents(law, "cash-in-2016", "gift", "ceiling") == 200_000_00
    assert cents(law, "cash-in-2026", "gift", "ceiling") == 240_000_00
    assert cents(law, "cash-in-2026", "gift", "now") == 8_000_00


def test_a_higher_rate_makes_the_lead_trusts_gift_larger(law):
    dear = cents(law, "lead-trust", "gift", "taxable-gift", ("value: 0.02", "value: 0.05"))
    assert dear == 188_444_74 > cents(law, "lead-trust", "gift", "taxable-gift")


def test_every_matter_and_every_rule_says_what_comes_out(law):
    assert not list(examples.rules(law)) + list(examples.folder(law, CASES))
    assert len(list(examples.files(CASES))) >= 12
