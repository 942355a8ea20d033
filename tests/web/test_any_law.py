"""The desk under weighed law of another subject: no page has words of the land, and none of them fails."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from caprev.law import packs
from tests.web.shared import ROOT

LAND = re.compile(r"\b(capital|revenue|parcels?|land|lots?|commissioner|dollars?)\b", re.I)
PAGES = ("", "/facts/thing", "/ask", "/reasons", "/changes", "/what-if?set=thing.marked=yes", "/cases", "/documents",
         "/review", "/history", "/about", "/pictures/balance")  # fmt: skip


@pytest.fixture
def found_things(_django, monkeypatch, tmp_path):
    """An installation that has the pack of found things beside those that are shipped."""
    for kind in ("rules", "cases"):
        (tmp_path / kind).mkdir()
        for there in (ROOT / kind).iterdir():
            (tmp_path / kind / there.name).symlink_to(there)
        (tmp_path / kind / "found-things").symlink_to(ROOT / "tests" / "packs" / "found-things" / kind)
    monkeypatch.setattr(packs, "root", lambda kind: tmp_path / kind)
    from caprev_web import host

    kept = (host.strict, host.bodies, host.weighed, host.examples, host.tones)  # of what is installed besides
    for cache in kept:
        cache.cache_clear()
    yield
    for cache in kept:
        cache.cache_clear()


def test_a_matter_of_found_things_is_told_in_its_own_words(found_things, person, browse):
    from caprev_web.views.matters import from_text

    text = (ROOT / "tests/packs/found-things/cases/examples/umbrella.yaml").read_text()
    text = text.replace("matter: {", "matter: {pack: found-things, ")
    text += "parcels: [{id: handle, title: Its handle, facts: {thing.hidden: true}}, {id: rest, title: The rest}]\n"
    made, problems = from_text(person("ann", "author", "reviewer"), text, "umbrella.yaml")
    assert made is not None, problems
    client = browse("ann", "author", "reviewer")
    for page in PAGES:
        answer = client.get(f"/m/{made.pk}{page}")
        assert answer.status_code == 200, (page, answer.content.decode()[:2_000])
        shown = re.sub(r"(?s)<(script|style|head|header|footer).*?</\1>|<[^>]+>|/\S+", " ", answer.content.decode())
        assert not LAND.search(shown), (page, LAND.search(shown), shown)
    first = client.get(f"/m/{made.pk}").content.decode()
    assert "Facts of all things" in first
    coloured = set(re.findall(r'<section class="verdict ([\w-]+)"', first))
    assert coloured == {"for", "halved"}  # by the side, whatever it is called; what is neither has no colour
    twice = client.post(f"/m/{made.pk}/about", {"title": "An umbrella", "parcels": "handle: A\nhandle: B\nrest: C"})
    assert "Two things are called handle." in twice.content.decode()


def test_a_document_of_found_things_has_the_name_that_its_law_gives_it(found_things, person, browse):
    from caprev_web.views.matters import from_text

    text = (ROOT / "tests/packs/found-things/cases/examples/umbrella.yaml").read_text()
    made, problems = from_text(
        person("ann", "author"), text.replace("matter: {", "matter: {pack: found-things, "), "umbrella.yaml"
    )
    assert made is not None, problems
    client, at = browse("ann", "author"), f"/m/{made.pk}/documents"
    offered = client.get(at).content.decode()
    assert "Clearance of the house" in offered
    assert not re.search(r"ruling|Advice|Debate|edited version", re.sub(r"(?s).*<main|<footer.*", "", offered))
    for sent in ({"template": "ruling"}, {"template": "clearance", "edited": "yes"}):
        assert client.post(at, {"form": "md", **sent}).status_code == 422
    paper = client.post(at, {"template": "clearance", "form": "md"}).url
    page = client.get(paper).content.decode()
    assert "<h2>Clearance of the house</h2>" in page
    file = client.get(f"{paper}/file/document")
    assert "-clearance.md" in file["Content-Disposition"]
    assert "# Clearance" in file.content.decode()
    assert "byte for byte" in client.get(f"{paper}/verify").content.decode()
    assert "Clearance of the house (Markdown)" in client.get(at).content.decode()


def test_a_portfolio_of_found_things_shows_the_share_of_its_own_side(found_things, browse, monkeypatch):
    from caprev_web import batching
    from caprev_web.models import Portfolio

    monkeypatch.setattr(batching, "start", batching.run)  # in this process, whose law has the pack
    client = browse("ann", "author", "reviewer")
    rows = SimpleUploadedFile("finds.csv", b"id,finder.reported,finder.days_waited\na,true,90\n")
    client.post("/portfolios", {"file": rows, "pack": "found-things"})
    shown = client.get(f"/portfolios/{Portfolio.objects.get().pk}").content.decode()
    assert "Such were retained" in shown
    assert not LAND.search(re.sub(r"(?s)<head.*?</head>|<[^>]+>", " ", shown)), shown
