"""The pack uk-share-options: the figures of its document to the penny, and every matter to start from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from caprev.law import packs
from caprev.strict import book, examples

PACK = "uk-share-options"
CASES = packs.home("cases", PACK) / "examples"


@pytest.fixture
def told(run: Callable[..., Any]) -> Callable[[str, str, str], str]:
    """An amount of an event of a matter to start from, as data."""

    def value(name: str, part: str, amount: str) -> str:
        found = json.loads(run("assess", CASES / f"{name}.yaml", "--format", "json").output)
        amounts = next(item["amounts"] for item in found["parts"] if item["id"] == part)
        result: str = next(item["value"] for item in amounts if item["id"] == amount)
        return result

    return value


def test_every_matter_and_every_example_comes_out_as_it_says():
    law = book.load(packs.home("rules", PACK))
    assert [*map(str, examples.rules(law)), *map(str, examples.folder(law, packs.home("cases", PACK)))] == []


def test_the_pack_has_the_matters_that_it_should():
    names = [path.stem for path in examples.files(packs.home("cases", PACK))]
    assert len(names) >= 12
    assert sum(name.startswith("open-") for name in names) >= 6


@pytest.mark.parametrize(
    ("name", "amount", "value"),
    [
        ("listed-higher-rate", "option-gain", "15000.00"),
        ("listed-higher-rate", "effective-rate", "0.5028"),
        ("listed-additional-rate", "effective-rate", "0.5459"),
        ("listed-in-2025", "effective-rate", "0.51"),  # the employer's rate of that year
    ],
)
def test_the_figures_of_the_document_come_out(told, name, amount, value):
    assert told(name, "exercise", amount) == value


def test_an_old_sale_is_taxed_by_the_old_rates(told):
    assert [told(name, "sale", "gains-tax") for name in ("sold-2015", "sold-2025")] == ["2492.00", "4080.00"]


def test_a_year_that_the_pack_does_not_know_is_a_gap_and_not_another_years_rate(run, tmp_path):
    """No slices of the contribution are given for 2022-23: its amount cannot be said, and that is told."""
    path = CASES / "listed-higher-rate.yaml"
    result = run("whatif", path, "--set", "exercise:event.date=2022-12-15", "--parcel", "exercise")
    assert "Employee's national insurance on it: £300.00 -> cannot be said" in result.output
    text = path.read_text("utf-8").replace("2015-12-15", "2022-12-15").split("expect:")[0]
    (tmp_path / "gap.yaml").write_text(text, "utf-8")
    assert "no value of Employee's national insurance" in run("assess", tmp_path / "gap.yaml").output
