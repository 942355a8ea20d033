"""Instalment sales to a trust: ratios, schedules and the interest charge to the cent, and claims that stay claims."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.packs.shared import tried

PACK = tried("us-instalment-trust")


@pytest.mark.parametrize(
    ("example", "part", "name", "dollars"),
    [
        ("interest-only", "year-1", "interest", "80000"),
        ("interest-only", "year-9", "gain", "0"),
        ("interest-only", "year-10", "gain", "600000"),
        ("rental-with-recapture", "sale", "recapture-now", "100000"),
        ("debt-above-basis", "sale", "gain", "300000"),
        ("home-of-a-couple", "payment", "gain", "60000"),
        ("eight-million-outstanding", "year", "interest-charge", "33600"),
        ("twelve-million-outstanding", "year", "interest-charge", "78400"),
        ("pledged-and-cancelled", "end", "gain", "900000"),
    ],
)
def test_figures_come_out(example, part, name, dollars):
    assert PACK.figure(example, part, name) == Fraction(dollars)


def test_level_payments_return_all_gain_and_no_more():
    found = PACK.told("level-payments")
    gains = [PACK.figure(found, f"year-{year}", "gain") for year in range(1, 6)]
    assert sorted(gains) == gains
    assert sum(gains) == 600_000
    assert round(float(PACK.figure(found, "matter", "level-payment")), 2) == 250_456.45


def test_a_claim_that_was_not_made_is_not_held_against_anybody():
    warned = {item.warning.id: item.state for item in PACK.told("public-shares").part("matter").warnings}
    assert warned["claim-public-stock"] is True
    assert warned.get("claim-audits") is not True
