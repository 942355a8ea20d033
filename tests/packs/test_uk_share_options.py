"""British options: the note's figures to the penny, and the law of each event's day."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.packs.shared import tried

PACK = tried("uk-share-options")


@pytest.mark.parametrize(
    ("example", "part", "wanted", "value"),
    [
        ("unapproved", "exercise", "option-gain", "15000"),
        ("contributions-passed-on", "exercise", "effective-rate", "0.5028"),
        ("contributions-passed-on-45", "exercise", "effective-rate", "0.5459"),
        ("contributions-passed-on-2025", "exercise", "effective-rate", "0.51"),
        ("sold-in-2015-16", "sale", "gains-tax", "2492"),
        ("sold-in-2025-26", "sale", "gains-tax", "4080"),
        ("relief-in-2026", "sale", "gains-tax", "3060"),
    ],
)
def test_figures_come_out(example, part, wanted, value):
    assert PACK.figure(example, part, wanted) == Fraction(value)


def test_what_is_not_known_is_a_range_no_wider_than_it_can_be():
    assert PACK.bounds("band-not-known", "sale", "gains-tax") == (Fraction(1602), Fraction(2492))
