"""British options: the note's figures to the penny, and the law of each event's day."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from caprev.files import reading
from caprev.law.packs import home
from caprev.strict import answer, book, examples, matter

RULES, CASES = home("rules", "uk-share-options"), home("cases", "uk-share-options")


@pytest.fixture(scope="module")
def law():
    return book.load(RULES)


def amount(law, name, part, wanted):
    found = answer.answer(law, matter.read(reading.read(Path(CASES) / "examples" / f"{name}.yaml"), law))
    item = next(item for item in found.part(part).amounts if item.name == wanted)
    assert item.interval is not None
    return item.interval.low, item.interval.high


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
def test_figures_come_out(law, example, part, wanted, value):
    assert amount(law, example, part, wanted) == (Fraction(value), Fraction(value))


def test_what_is_not_known_is_a_range_no_wider_than_it_can_be(law):
    assert amount(law, "band-not-known", "sale", "gains-tax") == (1602, 2492)


def test_every_matter_and_every_rule_says_what_comes_out(law):
    assert not list(examples.rules(law)) + list(examples.folder(law, CASES))
    assert len(list(examples.files(CASES))) >= 12
