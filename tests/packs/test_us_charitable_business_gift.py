"""Gifts of a business to charity: the slides' figures to the cent, and old law for old gifts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.packs.shared import tried

PACK = tried("us-charitable-business-gift")


def cents(example: str, amount: str, instead: tuple[str, str] = ("", "")) -> int:
    return round(PACK.figure(PACK.told(example, instead), "gift", amount) * 100)


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
def test_figures_come_out(example, amount, dollars):
    assert cents(example, amount) == Fraction(dollars) * 100


def test_cash_of_2016_has_the_ceiling_of_2016_and_no_floor():
    assert cents("cash-in-2016", "ceiling") == 200_000_00
    assert cents("cash-in-2026", "ceiling") == 240_000_00
    assert cents("cash-in-2026", "now") == 8_000_00


def test_a_higher_rate_makes_the_lead_trusts_gift_larger():
    dear = cents("lead-trust", "taxable-gift", ("value: 0.02", "value: 0.05"))
    assert dear == 188_444_74 > cents("lead-trust", "taxable-gift")


def test_a_sum_over_gifts_says_over_what_it_is(run):
    told = run("assess", PACK.cases / "examples" / "annuity-trust.yaml").output
    assert "Deductible over all gifts: $182,428.33 = deductible in all over all events 182,428.33." in told
