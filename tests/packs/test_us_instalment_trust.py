"""Instalment sales to a trust: ratios, schedules and the interest charge to the cent, and claims that stay claims."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from caprev.files import reading
from caprev.law.packs import home
from caprev.strict import answer, book, examples, matter

RULES, CASES = home("rules", "us-instalment-trust"), home("cases", "us-instalment-trust")


@pytest.fixture(scope="module")
def law():
    return book.load(RULES)


def told(law, name):
    return answer.answer(law, matter.read(reading.read(Path(CASES) / "examples" / f"{name}.yaml"), law))


def amount(found, part, name):
    item = next(item for item in found.part(part).amounts if item.name == name)
    assert item.interval is not None
    assert item.interval.low == item.interval.high
    return item.interval.low


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
def test_figures_come_out(law, example, part, name, dollars):
    assert amount(told(law, example), part, name) == Fraction(dollars)


def test_level_payments_return_all_gain_and_no_more(law):
    found = told(law, "level-payments")
    gains = [amount(found, f"year-{year}", "gain") for year in range(1, 6)]
    assert sorted(gains) == gains
    assert sum(gains) == 600_000
    assert round(float(amount(found, "matter", "level-payment")), 2) == 250_456.45


def test_a_claim_that_was_not_made_is_not_held_against_anybody(law):
    warned = {item.warning.id: item.state for item in told(law, "public-shares").part("matter").warnings}
    assert warned["claim-public-stock"] is True
    assert warned.get("claim-audits") is not True


def test_every_matter_and_every_rule_says_what_comes_out(law):
    assert not list(examples.rules(law)) + list(examples.folder(law, CASES))
    assert len(list(examples.files(CASES))) >= 12
