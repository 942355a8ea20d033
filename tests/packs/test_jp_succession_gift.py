"""The article's worked figures come out to the yen, and what it leaves open stays open."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.packs.shared import tried

PACK = tried("jp-succession-gift")


@pytest.mark.parametrize(
    ("example", "part", "amount", "yen"),
    [
        ("case-a-ahead", "matter", "tax-without-gift", 91_800_000),
        ("case-a-settlement", "matter", "total-tax", 91_800_000),
        ("case-a-settlement", "failed", "payable", 35_000_000),
        ("case-a-settlement", "death", "inheritance-tax", 56_800_000),
        ("case-a-calendar", "failed", "payable", 102_995_000),
        ("illustration", "figures", "flat-calendar-imposed", 150),
        ("illustration", "figures", "flat-calendar-paid", 60),
        ("illustration", "figures", "flat-settlement-imposed", 60),
        ("illustration", "figures", "flat-settlement-paid", 30),
        ("illustration", "figures", "flat-settlement-waived", 30),
        ("illustration", "figures", "flat-settlement-added", 300),
        ("illustration", "figures", "flat-settlement-credit", 60),
        ("successor-first-calendar", "matter", "calendar-gift-tax", 157_995_000),
        ("successor-first-settlement", "father", "allowance", 36_000_000),
        ("successor-first-settlement", "father", "gift-share", Fraction(3, 5)),
        ("successor-first-settlement", "father", "heirs-pay", 59_000_000),
        ("law-of-2024", "matter", "settlement-gift-tax", 34_780_000),
    ],
)
def test_the_worked_figures_come_out(example, part, amount, yen):
    assert PACK.figure(example, part, amount) == yen


def test_the_effective_rates_are_those_of_the_article():
    assert PACK.figure("case-a-ahead", "matter", "rate-without-gift") == Fraction(306, 1000)
    assert PACK.figure("case-a-ahead", "matter", "calendar-rate") == Fraction(514975, 1000000)  # "about 51.5 %"


def test_what_is_not_settled_is_a_range():
    assert PACK.bounds("successor-first-unsettled", "father", "heirs-pay") == (
        Fraction(59_000_000),
        Fraction(114_000_000),
    )
