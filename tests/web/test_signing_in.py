"""Who comes in, and by what: a code beside the password, recovery codes, and an organisation's own sign-in."""

from __future__ import annotations

import http.client
import re
import time
from urllib.parse import urlsplit

import pytest

from tests.web.shared import PASSWORD, text


def shown(key, later=0):
    """What a phone with this key shows, now or so many half minutes later."""
    from django_otp.oath import TOTP

    clock = TOTP(key)
    clock.time = time.time() + 30 * later
    return f"{clock.token():06d}"


def key_of(page):
    """The key on the page where a phone is set up, as a phone reads it."""
    import base64

    secret = re.search(r"secret=([A-Z2-7]+)", page)
    assert secret
    return base64.b32decode(secret[1])


def set_up(client, password=PASSWORD):
    """Sets a phone up; its key and the recovery codes."""
    key = key_of(text(client.get("/account/second-factor")))
    page = text(client.post("/account/second-factor", {"do": "begin", "code": shown(key), "old": password}))
    return key, re.findall(r"<li>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</li>", page)


def first_step(client, **more):
    return client.post("/sign-in", {"name": "ann", "password": PASSWORD, **more})


def test_with_a_phone_set_up_the_password_alone_lets_nobody_in(ann):
    from django.test import Client

    here = Client()
    first_step(here)
    key, recovery = set_up(here)
    assert len(set(recovery)) == 10
    client = Client()
    page = text(first_step(client, next="/rules"))
    assert "Your code" in page
    assert client.get("/matters").status_code == 302
    assert client.post("/sign-in/code", {"code": "000000"}).status_code in (422, 429)
    ann.refresh_from_db()
    from django_otp.plugins.otp_totp.models import TOTPDevice

    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    code = shown(key, later=1)
    assert client.post("/sign-in/code", {"code": code, "next": "/rules"}).url == "/rules"
    assert client.get("/matters").status_code == 200
    # The same code opens nothing a second time.
    other = Client()
    first_step(other)
    assert other.post("/sign-in/code", {"code": code}).status_code == 422
    # Nor does the second step without the first, or long after it.
    assert Client().post("/sign-in/code", {"code": code}).url == "/sign-in"
    session = other.session
    session["half"] = [session["half"][0], session["half"][1] - 301, session["half"][2]]
    session.save()
    assert other.get("/sign-in/code").url == "/sign-in"


def test_a_recovery_code_lets_in_once_and_is_kept_as_a_hash_only(ann):
    from django.test import Client

    from caprev_web.models import Event, Recovery

    here = Client()
    first_step(here)
    _, recovery = set_up(here)
    for client, given, status in ((Client(), recovery[3].upper(), 302), (Client(), recovery[3], 422)):
        first_step(client)
        assert client.post("/sign-in/code", {"code": given}).status_code == status
    assert ann.recoveries.count() == 9
    assert all(row.hashed.startswith("argon2") for row in Recovery.objects.all())
    assert Event.objects.filter(kind="signed in", after__by="password and recovery code").count() == 1


def test_wrong_codes_are_counted_as_wrong_passwords_are(ann):
    from django.test import Client

    here = Client()
    first_step(here)
    _, recovery = set_up(here)
    client = Client()
    first_step(client)
    for _ in range(10):
        assert client.post("/sign-in/code", {"code": "12 34 56"}).status_code == 422
    assert client.post("/sign-in/code", {"code": recovery[0]}).status_code == 429


def test_a_phone_is_set_up_and_given_up_with_the_password_and_ends_other_sessions(ann):
    from django.test import Client

    here, there = Client(), Client()
    first_step(here)
    first_step(there)
    key = key_of(text(here.get("/account/second-factor")))
    begin = {"do": "begin", "code": shown(key)}
    assert here.post("/account/second-factor", begin | {"old": "wrong"}).status_code == 422
    assert here.post("/account/second-factor", begin | {"old": PASSWORD, "code": "1"}).status_code == 422
    _, first = set_up(here)
    assert first
    assert there.get("/matters").status_code == 302
    page = text(here.post("/account/second-factor", {"do": "renew", "old": PASSWORD}))
    assert "never again" in page
    assert first[0] not in page
    assert here.post("/account/second-factor", {"do": "end", "old": "wrong"}).status_code == 422
    here.post("/account/second-factor", {"do": "end", "old": PASSWORD})
    assert not ann.recoveries.exists()
    assert first_step(Client()).status_code == 302


def test_where_it_is_required_nothing_opens_before_it_is_set_up(ann, browse):
    from django.test import Client

    root = browse("root", "administrator")
    root.post("/people/sign-in", {"second": "yes"})
    client = Client()
    first_step(client)
    for path in ("/matters", "/rules", "/account", "/matters/new"):
        assert client.get(path).url == "/account/second-factor", path
    part = client.get("/matters", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, "/account/second-factor")
    _, recovery = set_up(client, password="")  # given a moment ago
    assert recovery
    assert client.get("/matters").status_code == 200
    client.post("/account/second-factor", {"do": "end", "old": PASSWORD})
    assert text(client.get("/account/second-factor")).count("requires a second factor")
    # A lost phone: an administrator takes it away, and the next sign-in sets up another.
    root.post(f"/people/{ann.pk}", {"roles": ["author"], "team": "one", "active": "yes", "phone_lost": "yes"})
    again = Client()
    assert first_step(again).url == "/matters"
    assert again.get("/matters").url == "/account/second-factor"


@pytest.fixture
def provider(desk):
    """An organisation's provider, and a desk that is told of it."""
    from django.test import override_settings

    from caprev_web.configuration import Provider as Told
    from tests.web.provider import CLIENT, SECRET, Provider

    made = Provider()
    with override_settings(PROVIDER=Told(made.issuer, CLIENT, SECRET, "preferred_username", "Example House")):
        yield made
    made.close()


def through(client, provider, path="/sign-in/provider"):
    """What the desk answers when the browser comes back from the provider."""
    to = urlsplit(client.get(path).url)
    connection = http.client.HTTPConnection(to.hostname, to.port, timeout=60)
    connection.request("GET", f"{to.path}?{to.query}")
    back = urlsplit(connection.getresponse().headers["Location"])
    return client.get(f"{back.path}?{back.query}")


def added(name, **more):
    from caprev_web import directory
    from caprev_web.models import User

    assert not directory.add(name, "", ["author"], "one", single=True, **more)
    return User.objects.get(name=name)


def test_the_people_of_an_organisation_come_in_by_its_own_sign_in(provider):
    from django.test import Client

    from caprev_web.models import Event

    lee = added("lee")
    provider.claims = {"sub": "0815", "preferred_username": "lee"}
    client = Client()
    assert "Sign in with Example House" in text(client.get("/sign-in"))
    assert through(client, provider, "/sign-in/provider?next=/rules").url == "/rules"
    assert client.get("/matters").status_code == 200
    assert Event.objects.filter(kind="signed in", who=lee, after__by="provider").exists()
    # Known by the subject from now on, whatever the name becomes; and the name alone is nobody any more.
    provider.claims = {"sub": "0815", "preferred_username": "lee.married"}
    assert through(Client(), provider).status_code == 302
    provider.claims = {"sub": "4711", "preferred_username": "lee"}
    assert through(Client(), provider).status_code == 403


def test_whom_no_administrator_added_for_it_is_let_in_by_no_name(provider, ann):
    from django.test import Client

    from caprev_web.models import User

    User.objects.create("local", roles=["administrator"])  # the person of a desk that was for one
    shut = added("out")
    shut.is_active = False
    shut.save()
    for number, name in enumerate(("ann", "local", "nobody", "out", "")):
        provider.claims = {"sub": f"s{number}", "preferred_username": name}
        client = Client()
        answer = through(client, provider)
        assert answer.status_code == 403, name
        assert "does not let you in" in text(answer)
        assert client.get("/matters").status_code == 302, name


def test_an_address_counts_only_where_the_provider_has_verified_it(provider):
    from dataclasses import replace

    from django.conf import settings
    from django.test import Client, override_settings

    added("lee@example.org")
    with override_settings(PROVIDER=replace(settings.PROVIDER, claim="email")):
        provider.claims = {"sub": "1", "email": "lee@example.org"}
        assert through(Client(), provider).status_code == 403
        provider.claims["email_verified"] = True
        assert through(Client(), provider).status_code == 302


@pytest.mark.parametrize(
    "cheat",
    [{"iss": "https://other.example"}, {"aud": "another"}, {"aud": ["another"], "azp": "desk"}, {"nonce": "mine"},
     {"exp": 1}, {"sub": ""}],
    ids=lambda cheat: "-".join(cheat),
)  # fmt: skip
def test_a_token_that_is_not_for_this_desk_and_this_moment_lets_nobody_in(provider, cheat):
    from django.test import Client

    added("lee")
    provider.claims, provider.cheat = {"sub": "1", "preferred_username": "lee"}, cheat
    client = Client()
    assert through(client, provider).status_code == 403
    assert client.get("/matters").status_code == 302


@pytest.mark.parametrize("how", ["another key", "the shared secret"])
def test_a_token_signed_by_another_lets_nobody_in(provider, how):
    from django.test import Client
    from joserfc.jwk import RSAKey

    added("lee")
    provider.claims = {"sub": "1", "preferred_username": "lee"}
    if how == "another key":
        provider.key = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    else:
        provider.algorithm = "HS256"
    assert through(Client(), provider).status_code == 403


def test_coming_back_without_having_gone_twice_or_to_another_browser_lets_nobody_in(provider):
    from django.test import Client

    added("lee")
    provider.claims = {"sub": "1", "preferred_username": "lee"}
    client, to = Client(), None
    to = urlsplit(client.get("/sign-in/provider").url)
    asked = dict(pair.split("=") for pair in to.query.split("&"))
    assert asked["code_challenge_method"] == "S256"
    back = urlsplit(provider.authorized({"redirect_uri": "http://x/sign-in/back", "state": asked["state"]}))
    assert Client().get(f"{back.path}?{back.query}").status_code == 403  # another browser
    provider.codes.clear()
    assert through(client, provider).status_code == 302
    assert Client().get("/sign-in/back?code=1&state=2").status_code == 403
    provider.denies = True
    assert "turned back" in text(through(Client(), provider))


def test_a_provider_that_is_away_or_calls_itself_otherwise_is_told_and_passwords_go_on(provider, ann):
    from django.test import Client

    provider.called = "https://other.example"
    assert Client().get("/sign-in/provider").status_code == 403
    provider.close()
    answer = Client().get("/sign-in/provider")
    assert answer.status_code == 403
    assert "did not work" in text(answer)
    assert first_step(Client()).status_code == 302


def test_from_a_password_to_the_provider_and_back_one_way_in_is_left(ann, desk):
    from django.test import Client

    from caprev_web import directory

    client = Client()
    first_step(client)
    assert not directory.change("ann", single=True)
    assert client.get("/matters").status_code == 302
    assert first_step(Client()).status_code == 422
    assert not directory.change("ann", password=PASSWORD)
    ann.refresh_from_db()
    assert (ann.single, ann.subject) == (False, "")
    assert first_step(Client()).status_code == 302


def test_what_a_desk_needs_besides_is_said_in_a_line_before_it_starts(monkeypatch, tmp_path):
    from caprev_web.configuration import Unfit, database, provider

    names = ("CAPREV_OIDC_ISSUER", "CAPREV_OIDC_CLIENT", "CAPREV_OIDC_SECRET")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Unfit, match=r"install\.py postgres"):
        database("postgresql://desk@127.0.0.1/desk", tmp_path)
    names = ("CAPREV_OIDC_ISSUER", "CAPREV_OIDC_CLIENT", "CAPREV_OIDC_SECRET")
    with pytest.raises(Unfit, match=r"install\.py oidc"):
        provider(dict.fromkeys(names, "https://id.example.org"))


def test_a_provider_is_named_wholly_and_by_a_safe_address():
    from caprev_web.configuration import Unfit, provider

    whole = {"CAPREV_OIDC_ISSUER": "https://id.example.org", "CAPREV_OIDC_CLIENT": "desk", "CAPREV_OIDC_SECRET": "s"}
    found = provider(whole)
    assert found is not None
    assert found.claim == "preferred_username"
    assert provider({}) is None
    with pytest.raises(Unfit, match="CAPREV_OIDC_SECRET"):
        provider(whole | {"CAPREV_OIDC_SECRET": ""})
    with pytest.raises(Unfit, match="https"):
        provider(whole | {"CAPREV_OIDC_ISSUER": "http://id.example.org"})
