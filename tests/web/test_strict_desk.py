"""Strict rules on the desk: events beside facts, what follows from each, what is missing, documents and records."""

from __future__ import annotations

import json
import re
import time

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile

from caprev.files import reading
from caprev.strict import book, matter
from tests.web.shared import ROOT

TABS = ("", "/ask", "/reasons", "/changes", "/what-if", "/cases", "/documents", "/review", "/history", "/about",
        "/pictures/balance")  # fmt: skip
EXAMPLES = {
    "us-share-options": "iso-held",
    "uk-share-options": "contributions-passed-on",
    "us-instalment-trust": "rental-with-recapture",
    "jp-succession-gift": "case-a-ahead",
    "us-charitable-business-gift": "debt-not-known",
}


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode().replace("&#39;", "'"))


@pytest.fixture
def made(person):
    """A matter from an example of a pack."""
    from caprev_web.views.matters import from_text

    def make(pack, name=""):
        path = ROOT / "cases" / pack / "examples" / f"{name or EXAMPLES[pack]}.yaml"
        found, problems = from_text(person("ann", "author", "reviewer"), path.read_text(), path.name)
        assert not problems
        return found

    return make


@pytest.mark.parametrize("pack", EXAMPLES)
def test_every_page_of_a_matter_under_strict_rules_shows_it(browse, made, pack):
    found, client = made(pack), browse("ann", "author", "reviewer")
    for tab in TABS:
        page = client.get(f"/m/{found.pk}{tab}")
        assert page.status_code == 200, (tab, page.content.decode()[:2000])
        assert found.title in text(page)
    for part in found.parcels:
        assert client.get(f"/m/{found.pk}?parcel={part['id']}").status_code == 200


@pytest.mark.parametrize("pack", EXAMPLES)
def test_the_desk_keeps_the_facts_of_every_example_as_they_are_written(made, pack):
    from caprev_web import factsets

    law = book.load(ROOT / "rules" / pack)
    for path in sorted((ROOT / "cases" / pack / "examples").glob("*.yaml")):
        kept = made(pack, path.stem)
        written = factsets.as_yaml(kept, kept.entries.all())
        there, here = (matter.read(source, law) for source in (reading.read(path), reading.parse(written, "desk")))
        for read, again in zip((there.whole, *there.events), (here.whole, *here.events), strict=True):
            # All that an answer follows from, to the last digit; working both answers out would show no more.
            assert (read.id, read.kind, read.days) == (again.id, again.kind, again.days), path.stem
            assert dict(read.known) == dict(again.known), path.stem
        assert (here.title, here.about.get("id"), here.as_at) == (there.title, there.about.get("id"), there.as_at)
        assert not kept.problems


def test_what_follows_is_told_beside_the_facts_with_amounts_warnings_and_what_is_missing(browse, made):
    client = browse("ann", "author", "reviewer")
    page = text(client.get(f"/m/{made('us-share-options').pk}"))
    for words in (": sale<", "Capital gain", "$4,000.00", "Tax in all, at the rates given", "Danger:"):
        assert words in page, words
    missing = made("uk-share-options", "arrangements-not-known")
    page = text(client.get(f"/m/{missing.pk}"))
    assert "is needed to answer" in page
    assert "Not known. Still possible" in page
    changes = text(client.get(f"/m/{missing.pk}/changes"))
    assert "Waited on by" in changes
    assert "Try it" in changes
    assert "The next day on which an answer turns" in changes


def test_ways_stand_side_by_side_with_what_each_costs(browse, made):
    page = text(browse("ann", "author").get(f"/m/{made('jp-succession-gift').pk}/reasons"))
    assert "Calendar years or settlement at inheritance" in page
    assert "91,800,000" in page
    assert "115,195,000" in page
    assert "applied, not weighed" in page


def test_a_matter_is_made_under_another_law_by_its_own_questions(browse, person):
    from caprev_web.models import Matter

    client = browse("ann", "author")
    sent = client.post("/matters/new", {"title": "Ewa's options", "way": "blank", "pack": "us-share-options"})
    found = Matter.objects.get()
    assert sent.url == f"/m/{found.pk}/ask"
    page = text(client.get(sent.url))
    assert "What happened first?" in page
    added = {"do": "add", "kind": "exercise", "date": "1 June 2008", "back": "ask"}
    assert client.post(f"/m/{found.pk}/events", added).url == f"/m/{found.pk}/ask"
    found.refresh_from_db()
    assert found.parcels == [{"id": "exercise"}]
    for _ in range(30):
        page = client.get(f"/m/{found.pk}/ask").content.decode()
        hidden = dict(re.findall(r'name="(fact|parcel|seen)" value="([^"]*)"', page))
        if "fact" not in hidden:
            break
        fact = hidden["fact"]
        said = {"plan.kind": "nso", "person.status": "employee", "award.traded": "false"}.get(fact)
        amount = {"how": "exactly", "first": "2007" if "date" in fact or "granted" in fact else "10"}
        asked = {"how": said} if said else amount if 'name="first"' in page else {"how": "unknown"}
        done = client.post(f"/m/{found.pk}/ask", {**hidden, **asked})
        assert done.status_code == 302, text(done)
    assert "Nothing is left to ask" in page
    found.refresh_from_db()
    assert found.standing[0]["characterisation"] == "follows"
    assert "; Pay; " in found.standing[0]["headline"]
    assert not found.entries.filter(parcel="exercise").exclude(fact__startswith="event.").exists()


def test_an_event_is_named_told_what_it_follows_and_taken_out_and_its_facts_can_be_put_back(browse, made):
    found, client = made("us-share-options"), browse("ann", "author", "reviewer")
    where = f"/m/{found.pk}/events"
    client.post(where, {"do": "add", "kind": "sale", "date": "2010"})
    found.refresh_from_db()
    assert found.parcels[-1] == {"id": "sale-2"}
    client.post(where, {"do": "name", "event": "sale-2", "title": "The rest", "of": "exercise"})
    assert "The rest (sale-2)" in text(client.get(f"/m/{found.pk}"))
    client.post(where, {"do": "out", "event": "sale-2"})
    found.refresh_from_db()
    assert [part["id"] for part in found.parcels] == ["grant", "exercise", "sale"]
    assert "Undo" in text(client.get(f"/m/{found.pk}/history"))
    assert client.post(where, {"do": "out", "event": "nothing"}).status_code == 404
    assert client.post(where, {"do": "add", "kind": "<script>"}).status_code == 302


def test_markup_that_people_type_is_shown_as_they_typed_it(browse, made):
    found, client = made("us-share-options"), browse("ann", "author", "reviewer")
    planted = "<script>alert(1)</script>"
    client.post(f"/m/{found.pk}/events", {"do": "name", "event": "sale", "title": planted})
    client.post(f"/m/{found.pk}/fact", {"fact": "event.costs", "parcel": "sale", "how": "exactly", "first": "1",
                                        "note": planted, "source": planted, "seen": "1"})  # fmt: skip
    for tab in ("", "?parcel=sale", "/reasons", "/changes", "/what-if", "/history", "/review", "/ask"):
        assert planted not in client.get(f"/m/{found.pk}{tab}").content.decode(), tab
    assert "&lt;script&gt;" in client.get(f"/m/{found.pk}").content.decode()


def test_what_contradicts_is_kept_and_told_where_it_stands(browse, made):
    found, client = made("us-share-options"), browse("ann", "author", "reviewer")
    for date in ("2009-06-30", "2009-06-30"):
        client.post(f"/m/{found.pk}/events", {"do": "add", "kind": "exercise", "date": date})
    page = text(client.get(f"/m/{found.pk}"))
    assert "Something is to be mended" in page
    assert "follows more than one event of kind exercise" in page
    for tab in TABS:  # nothing can be supposed of what contradicts
        assert client.get(f"/m/{found.pk}{tab}").status_code == (422 if tab == "/what-if" else 200), tab


def test_another_day_is_supposed_of_one_event_and_kept_as_a_matter_of_its_own(browse, made):
    from caprev_web.models import Matter

    found, client = made("us-share-options"), browse("ann", "author", "reviewer")
    asked = {"set": "sale:event.date=2008-12-01"}
    page = text(client.get(f"/m/{found.pk}/what-if", asked))
    assert "What moves" in page
    assert "Tax in all, at the rates given" in page
    assert "$5,600.00" in page
    made_ = client.post(f"/m/{found.pk}/what-if", asked)
    copy = Matter.objects.exclude(pk=found.pk).get()
    assert made_.url == f"/m/{copy.pk}"
    assert copy.entries.get(parcel="sale", fact="event.date").value == "2008-12-01"
    wrong = client.get(f"/m/{found.pk}/what-if", {"set": "sale:event.date=never"})
    assert wrong.status_code == 422


def test_an_advice_is_made_checked_downloaded_and_made_again_from_its_record(browse, made):
    found, client = made("us-charitable-business-gift"), browse("ann", "author", "reviewer")
    assert "Draft private ruling" not in text(client.get(f"/m/{found.pk}/documents"))
    refused = client.post(f"/m/{found.pk}/documents", {"template": "ruling", "form": "docx"})
    assert refused.status_code == 422
    for form in ("docx", "html", "md"):
        where = client.post(f"/m/{found.pk}/documents", {"template": "advice", "form": form}).url
        page = text(client.get(where))
        assert "Nothing is missing: look at this" in page.replace("</strong>", "").replace("<strong>", "")
        assert "byte for byte" in text(client.get(f"{where}/verify"))
        assert client.get(f"{where}/preview").status_code == 200
    assert "No answer moved" in text(client.get(f"{where}/verify?as_at=now"))
    record = json.loads(client.get(f"{where}/file/record").content)
    assert record["rulebook"]["pack"] == "us-charitable-business-gift"
    client.post(f"/m/{found.pk}/review/do/send")
    found.refresh_from_db()
    signing = {"version": found.version, "paper": where.rsplit("/", 1)[1], "sure": "yes"}
    rita = browse("rita", "reviewer")
    rita.post(f"/m/{found.pk}/review/do/sign", signing)
    assert "This matter is signed off" in text(rita.get(f"/m/{found.pk}"))


def test_rules_are_readable_and_what_does_not_apply_says_so_in_a_sentence(browse, made):
    client = browse("ann", "author", "trainer")
    page = text(client.get("/rules?pack=uk-share-options"))
    assert "warning: danger" in page or "caution" in page
    for link in re.findall(r'href="(/rules/[^"]+)"', client.get("/rules?pack=uk-share-options").content.decode()):
        assert client.get(link.replace("&amp;", "&")).status_code == 200, link
    assert "no decided cases" in text(client.get("/cases?pack=uk-share-options"))
    assert client.get("/cases/stevenson?pack=uk-share-options").status_code == 404
    found = made("uk-share-options")
    assert "no case to set beside" in text(client.get(f"/m/{found.pk}/cases"))
    assert "nothing to draw" in text(client.get(f"/m/{found.pk}/pictures/tornado"))
    assert client.get("/class").status_code == 200


def test_a_portfolio_under_strict_rules_has_a_row_for_each_event(browse):
    client, facts = browse("ann", "author"), ROOT / "cases" / "us-share-options" / "examples" / "nso-held.yaml"
    good = yaml.load(facts.read_text(), yaml.BaseLoader)
    good.pop("expect")
    lines = f'{json.dumps(good)}\n{{"evnt": 1}}\n'.encode()
    sent = {"file": SimpleUploadedFile("sets.jsonl", lines), "pack": "us-share-options"}
    where = client.post("/portfolios", sent).url
    for _ in range(600):
        page = client.get(where).content.decode()
        if "hx-trigger" not in page:
            break
        time.sleep(0.2)
    page = text(client.get(where))
    assert "1 that could not be read" in page
    assert "Answered" in page
    assert "not taxed" in page
    wrong = text(client.get(f"{where}?outcome=error"))
    assert "evnt: is not a section" in wrong
    assert "in.jsonl" not in wrong  # nobody learns where the desk keeps files
    rows = client.get(f"{where}/file")
    assert b"total-tax" in b"".join(rows.streaming_content)
    wrong = client.post("/portfolios", {"file": SimpleUploadedFile("a.parquet", b"x"), "pack": "us-share-options"})
    assert "Under strict rules" in text(wrong)
