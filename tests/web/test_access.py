"""Who may open what: every route of the desk as every role, as somebody of another team, and as nobody.

A route that this list does not have fails the test: whoever adds one says here who may use it.
"""

from __future__ import annotations

import re
import uuid

import pytest

ROLES = ("reader", "author", "reviewer", "trainer", "administrator")
READ = ("reader", "author", "reviewer", "trainer")
LAW = ROLES
OPEN = "open"  # to everybody, signed in or not
ALL = "all"  # to everybody who is signed in

# Route: method, and who may use it on a matter (or a thing) of their own team. What is wrong with an empty form is told
# with 400, 404, 409 or 422, or by going back: that is being let in.
MAY: dict[str, tuple[str, str | tuple[str, ...]]] = {
    "home": ("get", ALL), "health": ("get", OPEN), "enter": ("get", OPEN), "sign-in": ("get", OPEN),
    "code": ("get", OPEN), "provider": ("get", OPEN), "provider-back": ("get", OPEN), "second": ("get", ALL),
    "policy": ("post", ("administrator",)),
    "sign-out": ("post", ALL), "account": ("get", ALL),
    "matters": ("get", ALL), "new": ("get", ("author",)),
    "matter": ("get", READ), "section": ("get", READ), "save": ("post", ("author",)), "download": ("get", READ),
    "events": ("post", ("author",)),
    "copy": ("post", ("author",)), "about": ("get", READ), "upload": ("get", ("author",)), "ask": ("get", ("author",)),
    "reasons": ("get", READ), "drawing": ("get", READ), "changes": ("get", READ), "whatif": ("get", READ),
    "near": ("get", READ), "papers": ("get", READ), "paper": ("get", READ), "tick": ("post", ("author", "reviewer")),
    "preview": ("get", READ), "verify": ("get", READ), "paper-file": ("get", READ), "review": ("get", READ),
    "comment": ("post", ("author", "reviewer")), "resolve": ("post", ("author", "reviewer")),
    "move": ("post", ("author",)), "history": ("get", READ), "at": ("get", READ), "undo": ("post", ("author",)),
    "classes": ("get", ("trainer",)), "lesson": ("get", ()), "results": ("get", ()), "steer": ("post", ()),
    "join-any": ("get", OPEN), "join": ("get", OPEN), "pupil": ("get", OPEN),
    "portfolios": ("get", READ), "portfolio": ("get", READ), "portfolio-file": ("get", READ),
    "portfolio-steer": ("post", READ),
    "people": ("get", ("administrator",)), "person": ("get", ("administrator",)), "audit": ("get", ("administrator",)),
    "audit-file": ("get", ("administrator",)), "keeping": ("get", ("administrator",)),
    "backup": ("post", ("administrator",)),
    "cases": ("get", LAW), "case": ("get", LAW), "rules": ("get", LAW), "chapter": ("get", LAW), "rule": ("get", LAW),
    "rule-fault": ("get", LAW),
}  # fmt: skip
MARK = "Zanzibar Crescent"  # a fact that nobody outside the team may see anywhere
LET_IN = (200, 302, 400, 404, 409, 422)


@pytest.fixture
def place(person, browse, ruling):
    """A matter of team one with a marked fact, a document, a comment; a class; a portfolio; every route's address."""
    from django.urls import reverse

    from caprev_web import saving
    from caprev_web.models import Comment, Lesson, Portfolio

    saving.put_state(person("ann"), ruling.pk, saving.blank("", "development.lots") | {"value": 12, "note": MARK})
    browse().post(f"/m/{ruling.pk}/documents", {"template": "advice", "form": "md"})
    paper = ruling.papers.get()
    comment = Comment.objects.create(matter=ruling, text=MARK, by=person("ann"))
    lesson = Lesson.objects.create(
        code="QWERTZ", case="stevenson-v-fct", pack="au-land", seed=1, by=person("tess", "trainer")
    )
    owner = person("ann")
    portfolio = Portfolio.objects.create(name=MARK, suffix=".csv", pack="au-land", by=owner, team=owner.team)
    parts = {
        "pk": ruling.pk, "section": "development", "number": paper.pk, "what": "document", "kind": "balance",
        "version": 1, "action": "send", "token": "x", "name": "stevenson-v-fct", "code": "QWERTZ",
    }  # fmt: skip
    own = {
        "resolve": {"number": comment.pk}, "undo": {"number": 2}, "case": {}, "rule": {"name": "many-lots"},
        "rule-fault": {"name": "many-lots"}, "chapter": {"name": "findings"}, "lesson": {"pk": lesson.pk},
        "results": {"pk": lesson.pk}, "steer": {"pk": lesson.pk, "action": "keep"}, "portfolio": {"pk": portfolio.pk},
        "portfolio-file": {"pk": portfolio.pk}, "portfolio-steer": {"pk": portfolio.pk, "action": "none"},
        "person": {"pk": owner.pk},
    }  # fmt: skip

    def address(route):
        wanted = parts | own.get(route.name, {})
        return reverse(route.name, kwargs={name: wanted[name] for name in route.pattern.converters})

    return address


def routes():
    from django.urls import URLPattern

    from caprev_web import urls

    # The calls of the API take tokens, and are walked in test_api.py.
    return [route for route in urls.urlpatterns if isinstance(route, URLPattern)]


def test_every_route_is_in_the_list(desk):
    from caprev_web import urls

    assert {route.name for route in routes()} == set(MAY)
    # What programs call has keys of its own, and tests of its own (tests/api).
    others = {str(route.pattern) for route in urls.urlpatterns} - {str(route.pattern) for route in routes()}
    assert others <= {"api/v1/"}


def test_nobody_gets_in_anywhere_but_at_the_doors(place):
    from django.test import Client

    for route in routes():
        method, may = MAY[route.name]
        answer = getattr(Client(), method)(place(route))
        if may == OPEN:
            assert answer.status_code in (200, 302, 403, 404), route.name
        else:
            assert answer.status_code in (302, 401), route.name
            assert answer.status_code == 401 or answer.url.startswith("/sign-in"), route.name
        assert MARK not in answer.content.decode(errors="replace"), route.name


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_it_may_and_nothing_else(place, person, browse, role):
    client = browse(f"one-{role}", role)
    for route in routes():
        method, may = MAY[route.name]
        if route.name in ("sign-out", "backup"):
            continue
        status = getattr(client, method)(place(route)).status_code
        if may in (OPEN, ALL) or role in may:
            assert status in (*LET_IN, *([403] if route.name == "enter" else [])), (route.name, status)
        else:
            assert status in (403, 404), (route.name, status)


@pytest.mark.parametrize("role", ROLES)
def test_another_team_learns_nothing_not_even_that_there_is_something(place, browse, role):
    client = browse(f"two-{role}", role, team="two")
    for route in routes():
        method, _ = MAY[route.name]
        if route.name in ("sign-out", "backup", "audit", "audit-file", "people", "person"):
            continue
        answer = getattr(client, method)(place(route))
        shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert MARK not in shown.decode(errors="replace"), route.name
        if route.pattern.converters and str(route.pattern).startswith(("m/", "portfolios/", "class/")):
            assert answer.status_code in (403, 404), (route.name, answer.status_code)
            if role != "administrator" and str(route.pattern).startswith("m/"):
                missing = getattr(client, method)(str(place(route)).replace(str(place_pk(place)), str(uuid.uuid4())))
                assert (missing.status_code, told(missing)) == (answer.status_code, told(answer)), route.name


def told(answer):
    """What a page says, but for the token that differs on every page."""
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", answer.content.decode())


def place_pk(place):
    """The matter's id, from the address of its page."""
    return place(next(route for route in routes() if route.name == "matter")).split("/")[2]


def test_an_administrator_sees_no_facts(place, browse):
    client = browse("root", "administrator")
    for route in routes():
        method, _ = MAY[route.name]
        if route.name in ("sign-out", "backup"):
            continue
        answer = getattr(client, method)(place(route))
        shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert MARK not in shown.decode(errors="replace"), route.name


def test_the_author_cannot_sign_off_their_own_matter_nor_anybody_who_changed_it(person, browse, ruling):
    from caprev_web import access

    both = person("both", "author", "reviewer")
    rita = person("rita", "reviewer")
    ruling.status = "in review"
    ruling.save()
    assert access.may(rita, "sign", ruling)
    assert access.may(both, "sign", ruling)
    browse("both").post(f"/m/{ruling.pk}/fact", {"fact": "development.lots", "seen": 1, "how": "exactly", "first": "9"})
    assert not access.may(both, "sign", ruling)
    ann = person("ann")
    ann.roles = ["author", "reviewer"]
    ann.save()
    assert not access.may(ann, "sign", ruling)
    assert browse("ann").post(f"/m/{ruling.pk}/review/do/sign").status_code == 403


def test_a_matter_goes_from_draft_to_signed_and_is_frozen_then(browse, ruling):
    ann, rita = browse("ann"), browse("rita", "reviewer")
    at = f"/m/{ruling.pk}/review"

    def status():
        ruling.refresh_from_db()
        return ruling.status

    assert rita.post(f"{at}/do/sign").status_code == 403
    ann.post(f"{at}/do/send", {"reason": "please"})
    assert status() == "in review"
    rita.post(f"{at}/comment", {"fact": "development.lots", "text": "Where is this from?"})
    rita.post(f"{at}/do/return", {"reason": ""})
    assert status() == "in review"
    rita.post(f"{at}/do/return", {"reason": "the lots"})
    assert status() == "changes asked for"
    ann.post(f"/m/{ruling.pk}/fact", {"fact": "development.lots", "seen": 1, "how": "exactly", "first": "9"})
    ann.post(f"{at}/do/send")
    rita.post(f"/m/{ruling.pk}/documents", {"template": "advice", "form": "md"})
    ruling.refresh_from_db()
    paper = ruling.papers.get()
    page = rita.get(at).content.decode()
    assert "Where is this from?" in page
    sign = {"version": ruling.version, "paper": paper.pk, "sure": "yes"}
    page = rita.post(f"{at}/do/sign", sign, follow=True).content.decode()
    assert "1 comment is not resolved" in page
    rita.post(f"{at}/comment/{ruling.comments.get().pk}")
    assert "Look again" in rita.post(f"{at}/do/sign", sign | {"version": 1}, follow=True).content.decode()
    rita.post(f"{at}/do/sign", sign)
    assert status() == "signed off"
    signed = ruling.signoffs.get()
    assert (signed.version, len(signed.law)) == (ruling.version, 64)
    answer = ann.post(f"/m/{ruling.pk}/fact", {"fact": "development.lots", "seen": 2, "how": "exactly", "first": "10"})
    assert answer.status_code == 403
    assert ruling.entries.get(fact="development.lots").value == 9
    assert ann.post(f"{at}/do/reopen", {"reason": "why not"}).status_code == 403
    rita.post(f"{at}/do/reopen", {"reason": "new facts"})
    assert status() == "open"
