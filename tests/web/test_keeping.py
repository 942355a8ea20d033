"""Saving facts: nothing typed is lost, unknown is never no, two people do not undo each other, every change can be."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.shared import text

FACT = "development.lots"


def save(client, matter, fact, seen=None, follow=True, **fields):
    entry = matter.entries.filter(fact=fact, parcel=fields.get("parcel", "")).first()
    seen = (entry.version if entry else 0) if seen is None else seen
    return client.post(f"/m/{matter.pk}/fact", {"fact": fact, "seen": seen, **fields}, follow=follow)


def value(matter, fact, parcel=""):
    return matter.entries.get(fact=fact, parcel=parcel).value


@pytest.fixture
def blank(person):
    """A matter of which nothing is known."""
    from caprev_web import factsets, saving

    return saving.start(person("ann", "author"), factsets.Taken("Blank", "", {}, [], []))


def test_the_first_choice_of_every_question_is_not_known(browse, blank):
    client = browse()
    from caprev_web import host

    for section in host.vocabulary().sections:
        page = text(client.get(f"/m/{blank.pk}/facts/{section}"))
        for form in page.split('<form class="fact')[1:]:
            first = form.split('<input type="radio"', 1)[1].split(">", 1)[0]
            assert 'value="unknown"' in first
            assert "checked" in first
            assert form.split("</fieldset>")[0].count(" checked") == 1


@pytest.mark.parametrize(
    ("fact", "fields", "kept"),
    [
        (FACT, {"how": "exactly", "first": "12"}, 12),
        (FACT, {"how": "about", "first": "20"}, {"at_least": 18, "at_most": 22}),
        (FACT, {"how": "at_least", "first": "twenty"}, {"at_least": 20}),
        (FACT, {"how": "between", "first": "20", "second": "30"}, {"at_least": 20, "at_most": 30}),
        (FACT, {"how": "one_of", "first": "24", "second": "26"}, {"one_of": [24, 26]}),
        (FACT, {"how": "unknown"}, "unknown"),
        (FACT, {"how": "unknown", "first": "7"}, 7),
        ("acquisition.date", {"how": "exactly", "first": "1978"}, "1978"),
        ("acquisition.date", {"how": "exactly", "first": "April 1988"}, "1988-04"),
        ("acquisition.date", {"how": "at_most", "first": "1984"}, {"at_most": "1984-12-31"}),
        ("taxpayer.kind", {"how": "company"}, "company"),
        ("taxpayer.kind", {"how": "several", "chosen": ["trust", "company"]}, {"one_of": ["company", "trust"]}),
        ("taxpayer.retired", {"how": "false"}, False),
        ("acquisition.purposes", {"how": "some", "chosen": ["farming"], "barred": ["resale"]},
         {"includes": ["farming"], "excludes": ["resale"]}),
        ("acquisition.purposes", {"how": "all", "chosen": ["farming", "rental"]}, ["farming", "rental"]),
    ],
)  # fmt: skip
def test_full_and_partial_answers_are_kept_as_a_fact_set_has_them_and_shown_again(browse, blank, fact, fields, kept):
    client = browse()
    assert save(client, blank, fact, **fields).status_code == 200
    assert value(blank, fact) == kept
    page = text(client.get(f"/m/{blank.pk}/facts/{fact.split('.')[0]}"))
    form = page.split(f'id="{fact.replace(".", "-")}"')[1].split("</form>")[0]
    assert ("Understood" in form) == (kept != "unknown") or "not known" in form
    # What the page shows, sent as it is, changes nothing.
    from caprev_web import controls, host

    known = host.vocabulary()[fact]
    again = controls.understood(known, controls.filled_in(known, kept)).value
    assert host.knowledge(known, again) == host.knowledge(known, kept)


def test_what_is_not_understood_is_kept_where_it_was_typed_beside_what_is_taken_meanwhile(browse, blank):
    client = browse()
    save(client, blank, FACT, how="exactly", first="12")
    page = text(save(client, blank, FACT, how="exactly", first="a dozen <b>or so"))
    assert "a dozen &lt;b&gt;or so" in page
    assert "Kept, but not understood" in page
    assert "Until then it is taken to be: 12" in page
    assert value(blank, FACT) == 12


def test_facts_that_contradict_are_kept_and_told_at_each_of_them_with_the_last_standing(browse, ruling):
    client = browse()
    page = text(save(client, ruling, "acquisition.date", how="exactly", first="1990"))
    assert "Facts contradict each other" not in page
    page = text(save(client, ruling, "acquisition.pre_cgt", how="true"))
    assert page.count("Contradiction.") == 2
    assert "At version" in page
    assert value(ruling, "acquisition.pre_cgt") is True
    page = text(save(client, ruling, "acquisition.pre_cgt", how="false"))
    assert "Contradiction." not in page


def test_two_people_on_one_fact_see_both_values_and_neither_is_lost(browse, ruling):
    ann, bob = browse("ann"), browse("bob")
    save(ann, ruling, FACT, how="exactly", first="12", seen=1)
    answer = save(bob, ruling, FACT, how="exactly", first="15", note="survey", seen=1)
    page = text(answer)
    assert answer.status_code == 409
    assert "Changed meanwhile by ann" in page
    assert "<dt>Theirs</dt><dd>12" in page
    assert "<dt>Yours</dt><dd>15" in page
    assert 'name="first" value="15"' in page
    assert ">survey</textarea>" in page
    assert value(ruling, FACT) == 12
    # No later save of the same form takes its place unasked; the button that says so does.
    assert save(bob, ruling, FACT, how="exactly", first="16", seen=1).status_code == 409
    assert '<button name="over" value="2">Save mine in its place' in page
    assert save(bob, ruling, FACT, how="exactly", first="15", seen=1, over=2).status_code == 200
    assert value(ruling, FACT) == 15


def test_two_people_on_two_facts_do_not_meet(browse, ruling):
    ann, bob = browse("ann"), browse("bob")
    for client, fact in ((ann, FACT), (bob, "development.dwellings_built")):
        assert save(client, ruling, fact, how="exactly", first="3").status_code == 200
    assert value(ruling, FACT) == value(ruling, "development.dwellings_built") == 3


def test_the_same_answer_again_is_no_change(browse, ruling):
    client, before = browse(), ruling.version
    page = text(client.get(f"/m/{ruling.pk}/facts/development"))
    assert page
    entry = ruling.entries.get(fact="development.kind")
    save(
        client,
        ruling,
        "development.kind",
        how=entry.value,
        source=entry.source,
        standing=entry.standing,
        note=entry.note,
    )
    ruling.refresh_from_db()
    assert ruling.version == before


def test_part_of_the_page_is_sent_where_it_asks_for_one(browse, ruling):
    answer = browse().post(f"/m/{ruling.pk}/fact", {"fact": FACT, "seen": 1, "how": "exactly", "first": "30"},
                           headers={"HX-Request": "true"})  # fmt: skip
    page = text(answer)
    assert "<html" not in page
    for part in ('id="panel"', 'id="sections"', 'id="version"', 'id="saved"', "Understood: <strong>30"):
        assert part in page


def test_a_parcel_has_its_own_fact_or_that_of_all(browse, person):
    from caprev_web import host
    from caprev_web.views.matters import from_text

    example = next(item for item in host.examples() if item.id.endswith("two-parcels"))
    matter, _ = from_text(person("ann", "author"), example.text, example.id)
    assert matter
    client = browse()
    page = text(client.get(f"/m/{matter.pk}/facts/development?parcel=stage-1"))
    assert "Nine vacant lots" in page
    assert "As for all parcels: subdivision" in page.replace("Subdivision", "subdivision")
    save(client, matter, "development.kind", parcel="stage-1", how="units")
    assert value(matter, "development.kind", "stage-1") == "units"
    save(client, matter, "development.kind", parcel="stage-1", how="")
    assert value(matter, "development.kind", "stage-1") is None
    assert "As for all parcels" in text(client.get(f"/m/{matter.pk}/facts/development?parcel=stage-1"))


def test_every_change_can_be_undone_and_the_undoing_too(browse, ruling):
    client, before = browse(), value(ruling, FACT)
    save(client, ruling, FACT, how="exactly", first="99", note="typed in haste")
    event = ruling.events.get(fact=FACT)
    client.post(f"/m/{ruling.pk}/undo/{event.number}")
    assert value(ruling, FACT) == before
    client.post(f"/m/{ruling.pk}/undo/{ruling.events.filter(kind='undo').last().number}")
    assert value(ruling, FACT) == 99
    page = text(client.get(f"/m/{ruling.pk}/history?fact={FACT}"))
    assert page.count("put back") == 2
    page = text(client.get(f"/m/{ruling.pk}/history/1"))
    assert "typed in haste" in page


def test_the_facts_as_they_were_at_any_version_are_those_that_were_saved(browse, ruling):
    from caprev_web import factsets, trail

    client, seen = browse(), {}
    for number in range(3):
        ruling.refresh_from_db()
        seen[ruling.version] = factsets.text(ruling, ruling.entries.all())
        save(client, ruling, FACT, how="exactly", first=str(40 + number))
    for version, then in seen.items():
        assert factsets.text(ruling, trail.entries_at(ruling, version)) == then


def test_a_matter_downloaded_and_uploaded_is_the_same_matter(browse, ruling, person):
    from caprev_web import factsets
    from caprev_web.views.matters import from_text

    found = text(browse().get(f"/m/{ruling.pk}/file"))
    again, problems = from_text(person("ann"), found, "again")
    assert again
    assert not problems
    assert factsets.text(again, again.entries.all()) == factsets.text(ruling, ruling.entries.all())
    assert again.standing == ruling.standing


def test_a_file_is_looked_at_before_it_changes_anything(browse, ruling):
    from django.core.files.uploadedfile import SimpleUploadedFile

    client, words = browse(), "development: {lots: 77}\ntaxpayer: {retired: maybe}\n"
    page = text(client.post(f"/m/{ruling.pk}/upload", {"file": SimpleUploadedFile("a.yaml", words.encode())}))
    assert "Line 2" in page
    sent = SimpleUploadedFile("a.yaml", b"development: {lots: 77}\n")
    page = text(client.post(f"/m/{ruling.pk}/upload", {"file": sent}))
    assert "1 fact would change" in page
    assert value(ruling, FACT) != 77
    client.post(f"/m/{ruling.pk}/upload", {"text": "development: {lots: 77}\n", "do": "take"})
    assert value(ruling, FACT) == 77


def test_a_file_of_many_facts_is_reckoned_once_and_each_fact_can_be_undone(browse, ruling, monkeypatch):
    from caprev_web import saving

    reckoned = []
    monkeypatch.setattr(saving, "reckon", lambda matter: reckoned.append(matter.version))
    words, before = "development: {lots: 77, dwellings_built: 3}\nholding: {years: 12}\n", ruling.version
    browse().post(f"/m/{ruling.pk}/upload", {"text": words, "do": "take"})
    assert value(ruling, FACT) == 77
    ruling.refresh_from_db()
    assert reckoned == [ruling.version] == [before + 3]
    taken = ruling.events.filter(kind="upload").values_list("fact", flat=True)
    assert sorted(taken) == ["development.dwellings_built", FACT, "holding.years"]


def test_of_a_file_all_facts_are_taken_or_none(browse, ruling, monkeypatch):
    from caprev_web import trail

    added, before = trail.add, factsets_of(ruling)

    def fails(*given, **more):
        if given[4] == "holding.years":
            raise OSError("the disk is full")
        return added(*given, **more)

    monkeypatch.setattr(trail, "add", fails)
    words = "development: {lots: 77}\nholding: {years: 12}\n"
    with pytest.raises(OSError, match="full"):
        browse().post(f"/m/{ruling.pk}/upload", {"text": words, "do": "take"})
    assert factsets_of(ruling) == before


def test_what_a_killed_desk_left_undone_is_done_by_the_next(browse, ruling, monkeypatch):
    from caprev_web import saving

    client, reckon = browse(), saving.reckon
    before = ruling.standing
    monkeypatch.setattr(saving, "reckon", lambda matter: None)  # killed after the change was saved
    save(client, ruling, "development.dwellings_built", how="exactly", first="60")
    monkeypatch.setattr(saving, "reckon", reckon)
    ruling.refresh_from_db()
    assert (ruling.standing, ruling.standing_version) == (before, ruling.version - 1)
    saving.mend()
    ruling.refresh_from_db()
    assert ruling.standing_version == ruling.version
    assert ruling.standing != before


def factsets_of(matter):
    """All that is written of a matter now."""
    from caprev_web import factsets

    return factsets.text(matter, matter.entries.all())


def test_what_was_typed_outlives_the_session(browse, ruling, person):
    from django.test import Client

    from tests.web.shared import PASSWORD, text

    ann = person("ann")
    ann.set_password(PASSWORD)
    ann.save()
    client = Client()
    fields = {"fact": FACT, "seen": 1, "how": "exactly", "first": "21"}
    answer = client.post(f"/m/{ruling.pk}/fact", fields)
    assert answer.status_code == 401
    parked = text(answer).split('name="parked" value="')[1].split('"')[0]
    page = text(client.post("/sign-in", {"name": "ann", "password": PASSWORD, "parked": parked}))
    assert "Not saved yet" in page
    assert 'name="first" value="21"' in page
    assert value(ruling, FACT) != 21
    assert client.post(f"/m/{ruling.pk}/fact", fields).status_code == 302
    assert value(ruling, FACT) == 21


def test_search_finds_titles_facts_and_conclusions(browse, ruling, blank):
    client = browse()
    for words, found in (("subdivided", True), ("subdivision capital", True), ("zzz", False)):
        assert (f"/m/{ruling.pk}" in text(client.get("/matters", {"q": words}))) == found, words
    assert f"/m/{ruling.pk}" not in text(client.get("/matters", {"status": "closed"}))


def test_what_was_changed_of_the_matter_itself_is_put_back_but_no_facts_go_with_it(browse, ruling):
    client = browse()
    sent = {"title": "Another title", "reference": "R 1", "parcels": "north: The north\nsouth: The south"}
    client.post(f"/m/{ruling.pk}/about", sent)
    event = ruling.events.get(kind="matter")
    client.post(
        f"/m/{ruling.pk}/fact",
        {"fact": "development.lots", "parcel": "north", "seen": 0, "how": "exactly", "first": "5"},
    )
    told = client.post(f"/m/{ruling.pk}/undo/{event.number}", follow=True).content.decode()
    assert "parcel north has facts by now" in told
    entry = ruling.entries.get(parcel="north")
    client.post(f"/m/{ruling.pk}/fact", {"fact": entry.fact, "parcel": "north", "seen": entry.version, "how": ""})
    before = ruling.title
    client.post(f"/m/{ruling.pk}/undo/{event.number}")
    ruling.refresh_from_db()
    assert (ruling.title, ruling.reference, ruling.parcels) == (before, event.before["reference"], [])


def test_a_reviewer_says_something_of_a_section_or_a_fact_where_it_stands(browse, ruling):
    rita = browse("rita", "reviewer")
    page = rita.get(f"/m/{ruling.pk}/facts/finance").content.decode()
    assert f"/m/{ruling.pk}/review?on=finance." in page
    page = rita.get(f"/m/{ruling.pk}/review", {"on": "finance.borrowed"}).content.decode()
    assert '<option value="finance.borrowed" selected>' in page
    rita.post(f"/m/{ruling.pk}/review/comment", {"fact": "finance", "text": "Is there no loan at all?"})
    assert "Is there no loan at all?" in browse().get(f"/m/{ruling.pk}/facts/finance").content.decode()
    assert "Is there no loan at all?" not in browse().get(f"/m/{ruling.pk}/facts/development").content.decode()
    assert rita.post(f"/m/{ruling.pk}/review/comment", {"fact": "nowhere", "text": "x"}).status_code == 404


def test_a_questionnaire_goes_out_from_the_desk_and_comes_back_to_it(browse, person):
    """What was answered is shown before it is taken; what was not understood changes no fact, and is not lost."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from caprev_web.views.matters import from_text
    from tests.interview.test_returned import FARM, filled

    client = browse()
    farm, problems = from_text(person("ann"), FARM.read_text(), "farm")
    assert farm, problems
    client.post(f"/m/{farm.pk}/documents", {"template": "questionnaire", "form": "docx"})
    answers = {"holding.years": "about 40", "taxpayer.prior_resales": "purple", "statements": "The dam burst in 1999."}
    back = filled(bytes(farm.papers.get().content), answers)

    page = text(client.post(f"/m/{farm.pk}/upload", {"file": SimpleUploadedFile("Back.docx", back)}))
    assert "1 fact would change" in page
    assert "at least 36 years and at most 44 years" in page
    assert "Not taken: what was not understood" in page
    assert "purple" in page
    assert "The dam burst in 1999." in page
    assert not farm.entries.filter(fact="holding.years")
    (shown,) = re.findall(r'name="text" value="([^"]*)"', page)
    kept = html.unescape(shown)
    client.post(f"/m/{farm.pk}/upload", {"text": kept, "returned": "yes", "do": "take"})
    assert value(farm, "holding.years") == {"at_least": 36, "at_most": 44}
    assert farm.entries.get(fact="holding.years").source.startswith("Back.docx, table 1")
    assert not farm.entries.filter(fact="taxpayer.prior_resales").exclude(value="unknown").exists()
    farm.refresh_from_db()
    assert farm.about["statements"] == ["The dam burst in 1999."]
    assert "purple" in str(farm.about["notes"])
    assert "purple" in text(client.get(f"/m/{farm.pk}/about"))


def test_a_file_that_is_no_questionnaire_is_refused_without_a_path(browse, ruling):
    from django.core.files.uploadedfile import SimpleUploadedFile

    for content in (b"PK not a zip", b"\xd0\xcf\x11\xe0 old", b"\xff\xfe text"):
        answer = browse().post(f"/m/{ruling.pk}/upload", {"file": SimpleUploadedFile("x.docx", content)})
        assert answer.status_code == 422
        assert "/tmp" not in text(answer)
