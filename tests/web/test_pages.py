"""The pages of a matter, by Django's client: what they show, keep, refuse, and put back."""

from __future__ import annotations

import json

import pytest

from caprev.files import reading
from tests.web.shared import RULING

TABS = ("", "/ask", "/reasons", "/changes", "/what-if", "/cases", "/documents", "/review", "/history", "/about",
        "/pictures/balance", "/pictures/graph")  # fmt: skip


@pytest.mark.parametrize("tab", TABS)
def test_every_page_of_a_matter_shows_it(browse, ruling, tab):
    answer = browse().get(f"/m/{ruling.pk}{tab}")
    assert answer.status_code == 200, answer.content.decode()[:3000]
    assert ruling.title in answer.content.decode().replace("&#39;", "'")


def test_the_desk_tells_a_plan_as_a_plan_and_the_cases_in_the_order_of_the_reasons(browse):
    """What stands beside the facts is told as in the memorandum: in its tense, with its closest cases first."""
    from caprev_web import host

    text = json.dumps(reading.read(RULING).data)
    (analysis,) = host.assessed(text).analyses
    (standing,) = host.standing(text)
    grounds = [ground for side in standing.sides for ground in side.grounds]
    assert [ground.text for ground in grounds] == [analysis.told(ground.id) for ground in grounds]
    assert any(ground.text != analysis.book.factors[ground.id].text for ground in grounds)
    found = host.near(text, "all")
    assert [near.id for near in found] == [beside.case.id for beside in analysis.near[: len(found)]]
