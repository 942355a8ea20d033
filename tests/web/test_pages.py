"""The pages of a matter, by Django's client: what they show, keep, refuse, and put back."""

from __future__ import annotations

import pytest

TABS = ("", "/ask", "/reasons", "/changes", "/what-if", "/cases", "/documents", "/review", "/history", "/about",
        "/pictures/balance", "/pictures/graph")  # fmt: skip


@pytest.mark.parametrize("tab", TABS)
def test_every_page_of_a_matter_shows_it(browse, ruling, tab):
    answer = browse().get(f"/m/{ruling.pk}{tab}")
    assert answer.status_code == 200, answer.content.decode()[:3000]
    assert ruling.title in answer.content.decode().replace("&#39;", "'")
