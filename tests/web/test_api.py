"""The rules over HTTP: tokens, scopes and rates, problems with their places, writes done once, and clients that nobody
here wrote."""

from __future__ import annotations

import base64
import importlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import caprev

ROOT = Path(__file__).resolve().parents[2]
RULING = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
SEEDED = yaml.load(RULING.read_text("utf-8"), yaml.BaseLoader)
FACTS = {"development": {"lots": {"at_least": 20}}, "involvement": {"level": "minor"}}
Call = Callable[..., Any]
SCOPES = ("law", "assess", "matters:read", "matters:write")


@pytest.fixture
def calling(person: Callable[..., Any]) -> Callable[..., Call]:
    """A program that calls for somebody, with a token of some scopes and a rate."""
    from django.test import Client

    from caprev_web.api import clients

    person("ann", "author", "reader")

    def made(name: str = "ledger", *scopes: str, user: str = "ann", per_minute: int = 10_000, days: int = 0) -> Call:
        token, problems = clients.add(name, scopes or SCOPES, user, per_minute, days)
        assert not problems
        browser = Client(headers={"Authorization": f"Bearer {token}"})

        def call(method: str, path: str, body: Any = None, **headers: str) -> Any:
            data = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            return getattr(browser, method)(f"/api/v1{path}", **data, headers=sent)

        return call

    return made


# --- answers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "more", "call"),
    [
        ("assess", {"position": "courts", "as_at": "2020-06-30"},
         lambda: caprev.assess(SEEDED, position="courts", as_at="2020-06-30")),
        ("missing", {}, lambda: caprev.missing(SEEDED, up_to=1)),
        ("flips", {"fixed": ["taxpayer"]}, lambda: caprev.flips(SEEDED, up_to=1, fixed=["taxpayer"])),
        ("whatif", {"suppose": {"development.lots": "about 25"}},
         lambda: caprev.whatif(SEEDED, {"development.lots": "about 25"})),
        ("compare", {"case": "stevenson"}, lambda: caprev.compare(SEEDED, "stevenson")),
        ("argue", {"moves": 4}, lambda: caprev.argue(SEEDED, moves=4)),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)  # fmt: skip
def test_an_answer_is_that_of_python(path: str, more: dict[str, Any], call: Any, calling: Callable[..., Call]) -> None:
    """And so that of the command line: one contract."""
    answer = calling()("post", f"/{path}", {"facts": SEEDED, **more})
    assert answer.status_code == 200, answer.content
    told = call()
    assert answer.json() == ([part.to_dict() for part in told] if isinstance(told, tuple) else told.to_dict())


def test_a_draft_comes_with_its_record(calling: Callable[..., Call]) -> None:
    """Base64, the bytes that Python makes; edited with its report."""
    answer = calling()("post", "/draft", {"facts": SEEDED, "edited": True}).json()
    made = caprev.draft(SEEDED, edited=True)
    assert base64.b64decode(answer["content"]) == made.content
    assert answer["record"].encode() == made.record
    assert answer["report"] == made.report


def test_the_law_is_read_page_by_page(calling: Callable[..., Call]) -> None:
    """Lists say how many there are; a rule with a slash in its name has an address."""
    call, seen = calling(), []
    count = call("get", "/rules?limit=1").json()["count"]
    for offset in range(0, count, 90):
        seen += [rule["id"] for rule in call("get", f"/rules?limit=90&offset={offset}").json()["items"]]
    assert seen == [rule.id for rule in caprev.rules()]
    assert call("get", "/rules/tr-97-11/commercial-purpose").json()["page"] == caprev.page(
        "tr-97-11/commercial-purpose"
    )
    assert [case["id"] for case in call("get", "/cases?about=stevenson").json()["items"]] == ["stevenson-v-fct"]
    assert call("get", "/schema").json() == caprev.schema()


# --- refusals --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body", "status", "place", "said"),
    [
        ("assess", {"facts": {"development": {"lotz": 1}}}, 422, "/facts/development/lotz", "Did you mean"),
        ("assess", {"facts": {"parcels": [{"id": "a", "development": {"lots": -1}}]}}, 422,
         "/facts/parcels/0/development/lots", "negative"),
        ("assess", {"facts": [1]}, 422, "/facts", "valid dictionary"),
        ("assess", {"fact": {}}, 422, "/facts", "Field required"),
        ("assess", {"facts": {}, "position": "court"}, 422, "", "Did you mean courts?"),
        ("missing", {"facts": {}, "up_to": 4}, 422, "/up_to", "less than or equal to 3"),
        ("whatif", {"facts": {}, "suppose": {"development.lots": "many"}}, 422, "", "not understood"),
        ("compare", {"facts": {}, "case": str(RULING)}, 422, "", "neither a file nor a decided case"),
        ("compare", {"facts": {}}, 422, "", "Give one"),
        ("draft", {"facts": {}, "form": "doc"}, 422, "/form", "'md', 'html', 'docx' or 'pdf'"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_a_problem_with_its_place(
    path: str, body: Any, status: int, place: str, said: str, calling: Callable[..., Call]
) -> None:
    """RFC 9457: a program finds the fact by the pointer, a person reads the message."""
    answer = calling()("post", f"/{path}", body)
    told = answer.json()
    assert answer.status_code == told["status"] == status
    assert answer["Content-Type"] == "application/problem+json"
    assert told["instance"] == f"/api/v1/{path}"
    assert any(fault["path"] == place and said in fault["message"] for fault in told["problems"]), told


def test_every_refusal_has_one_form(calling: Callable[..., Call]) -> None:
    """No JSON, too much, no such address, not this method, a fault of ours: never a page, never what is inside."""
    from django.test import Client

    call = calling()
    browser = Client()
    assert call("get", "/nowhere").json()["status"] == 404
    assert call("get", "/rules/nothing").json()["detail"] == "There is no rule 'nothing'."
    assert call("get", "/assess").status_code == 405
    assert browser.post("/api/v1/assess", "{", content_type="application/json").json()["status"] == 401
    token = call("get", "/rules").wsgi_request.headers["Authorization"]
    known = Client(headers={"Authorization": token}, raise_request_exception=False)
    assert (
        known.post("/api/v1/assess", "{", content_type="application/json").json()["detail"] == "The body is not JSON."
    )
    large = known.post("/api/v1/assess", f'{{"facts": "{"x" * 2_100_000}"}}', content_type="application/json")
    assert large.json()["status"] == 413


def test_a_fault_of_ours_tells_a_number_and_nothing_else(
    calling: Callable[..., Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log has the rest."""
    monkeypatch.setattr(caprev, "assess", lambda *_, **__: 1 / 0)
    answer = calling()("post", "/assess", {"facts": {}})
    assert answer.status_code == 500
    assert "division" not in answer.content.decode()
    assert re.search(r"give the number [0-9a-f]{8}", answer.json()["detail"])


# --- tokens, scopes, rates ---------------------------------------------------------------------------------------


def test_a_token_opens_its_scopes_and_nothing_else(calling: Callable[..., Call]) -> None:
    """Each call with each scope: only its own lets it in, and before anything is read of what was sent."""
    wanted: dict[str, list[tuple[str, str, dict[str, object] | None]]] = {
        "law": [("get", "/rules", None), ("get", "/cases/stevenson-v-fct", None), ("get", "/schema", None)],
        "assess": [("post", f"/{name}", {}) for name in ("assess", "missing", "flips", "whatif", "compare", "argue",
                                                         "draft", "check", "answer")],
        "matters:read": [("get", "/matters", None)],
        "matters:write": [("post", "/matters", {})],
    }  # fmt: skip
    for scope in SCOPES:
        call = calling(f"only-{scope.replace(':', '-')}", scope)
        for needed, calls in wanted.items():
            for method, path, body in calls:
                answer = call(method, path, body)
                assert (answer.status_code == 403) == (needed != scope), (scope, path, answer.content)


def test_every_call_that_is_described_needs_a_token(calling: Callable[..., Call]) -> None:
    """A new call cannot be left open by oversight; the description itself is open."""
    from django.test import Client

    described = Client().get("/api/v1/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["security"] == [{"Token": []}], (method, path)
            address = re.sub(r"\{[^}]*\}", "00000000-0000-0000-0000-000000000000", path)
            assert getattr(Client(), method)(address).status_code == 401, (method, path)


def test_a_token_that_is_wrong_revoked_or_at_its_end_opens_nothing(calling: Callable[..., Call], person: Any) -> None:
    """Nor one of somebody who was shut out, nor a session of the desk."""
    from django.test import Client
    from django.utils import timezone

    from caprev_web.api import clients
    from caprev_web.api.models import Client as Caller

    call = calling()
    assert call("get", "/rules").status_code == 200
    Caller.objects.update(expires=timezone.now())
    assert call("get", "/rules").status_code == 401
    Caller.objects.update(expires=None)
    clients.revoke("ledger")
    assert call("get", "/rules").status_code == 401
    other = calling("other")
    ann = person("ann")
    ann.is_active = False
    ann.save()
    assert other("get", "/rules").status_code == 401
    browser = Client()
    browser.force_login(person("bo", "author"))
    assert browser.get("/api/v1/rules").status_code == 401
    assert browser.get("/api/v1/rules", headers={"Authorization": "Basic YTpi"}).status_code == 401
    assert browser.get("/api/v1/rules")["WWW-Authenticate"] == "Bearer"


def test_only_the_hash_of_a_token_is_kept(calling: Callable[..., Call]) -> None:
    """Who reads the database cannot call."""
    from caprev_web.api.models import Client

    token = calling()("get", "/rules").wsgi_request.headers["Authorization"].removeprefix("Bearer ")
    assert token not in json.dumps(list(Client.objects.values()), default=str)


def test_a_client_calls_as_often_as_it_may(calling: Callable[..., Call]) -> None:
    """Every answer says what is left; one too many says when to come again, and another client is not kept waiting."""
    call = calling("eager", per_minute=3)
    left = [call("get", "/rules?limit=1")["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    answer = call("get", "/rules")
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert calling("other")("get", "/rules?limit=1").status_code == 200


# --- matters -----------------------------------------------------------------------------------------------------


def test_a_write_is_done_once_for_its_key(calling: Callable[..., Call]) -> None:
    """A client that did not hear the answer asks again, and starts no second matter."""
    from caprev_web.models import Matter

    call = calling()
    before = Matter.objects.count()
    first = call("post", "/matters", {"facts": FACTS, "title": "Paddock"}, Idempotency_Key="k1")
    again = call("post", "/matters", {"facts": FACTS, "title": "Paddock"}, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert Matter.objects.count() == before + 1
    assert call("post", "/matters", {"facts": {}}, Idempotency_Key="k1").json()["type"] == "urn:caprev:problem:key"
    refused = call("post", "/matters", {"facts": {"development": {"lotz": 1}}}, Idempotency_Key="k2")
    assert refused.status_code == 422
    assert (
        call("post", "/matters", {"facts": FACTS}, Idempotency_Key="k2").status_code == 201
    )  # the key was not used up


def test_a_fact_is_put_on_the_version_that_was_seen(calling: Callable[..., Call]) -> None:
    """What somebody changed meanwhile is not overwritten; a contradiction is kept, and told."""
    call = calling()
    made = call("post", "/matters", {"facts": FACTS}).json()
    path = f"/matters/{made['id']}"
    seen = call("get", path)["ETag"]
    put = call("put", f"{path}/facts/development.lots", {"value": 30, "source": "Plan", "standing": "documented"},
               If_Match=seen)  # fmt: skip
    assert put.status_code == 200
    assert put.json()["facts"]["development"]["lots"] == {"value": "30", "source": "Plan", "standing": "documented"}
    assert call("put", f"{path}/facts/development.lots", {"value": 40}, If_Match=seen).status_code == 412
    same = call("put", f"{path}/facts/development.lots", {"value": 30, "source": "Plan", "standing": "documented"})
    assert same["ETag"] == put["ETag"]
    assert call("get", f"{path}/assessment").json() == caprev.assess(same.json()["facts"]).to_dict()
    wrong = call("put", f"{path}/facts/development.lots_for_sale", {"value": 99})
    assert "contradicts" in json.dumps(wrong.json()["problems"])
    assert call("get", f"{path}/assessment").status_code == 422
    assert call("put", f"{path}/facts/development.lotz", {"value": 1}).status_code == 404
    assert call("put", f"{path}/facts/development.lots", {"value": "many"}).json()["problems"][0]["path"] == "/value"
    assert [found["id"] for found in call("get", "/matters?limit=1").json()["items"]] == [made["id"]]


def test_a_matter_under_strict_rules_is_started_changed_and_answered_event_by_event(
    calling: Callable[..., Call],
) -> None:
    """Event by event; it has an answer, and no assessment."""
    call = calling()
    facts = yaml.load((ROOT / "cases/us-share-options/examples/nso-held.yaml").read_text("utf-8"), yaml.BaseLoader)
    facts.pop("expect")
    made = call("post", "/matters", {"facts": facts})
    assert made.status_code == 201, made.content
    path = f"/matters/{made.json()['id']}"
    put = call("put", f"{path}/facts/event.value", {"value": 40, "parcel": "sale"})
    assert put.status_code == 200, put.content
    answer = call("get", f"{path}/answer").json()
    assert answer == caprev.answer(put.json()["facts"], pack="us-share-options").to_dict()
    amounts = {
        item["id"]: item["value"] for part in answer["parts"] if part["id"] == "sale" for item in part["amounts"]
    }
    assert amounts["capital-gain"] == "20000.00"
    assert call("get", f"{path}/assessment").status_code == 422
    assert call("post", "/matters", {"facts": {"matter": {"pack": "us-share-options"}, "evnt": {}}}).status_code == 422


def test_a_client_sees_what_its_person_sees(calling: Callable[..., Call], person: Callable[..., Any]) -> None:
    """Another team's matter is not there; a reader starts and changes nothing; the trail names the person."""
    from caprev_web.models import Event

    call = calling()
    made = call("post", "/matters", {"facts": FACTS}).json()
    assert Event.objects.filter(matter_id=made["id"]).first().name == "ann"
    person("cy", "author", team="two")
    other = calling("other", user="cy")
    assert other("get", f"/matters/{made['id']}").status_code == 404
    assert other("get", "/matters").json()["count"] == 0
    person("rae", "reader")
    reader = calling("reading", user="rae")
    assert reader("get", f"/matters/{made['id']}").status_code == 200
    assert reader("put", f"/matters/{made['id']}/facts/development.lots", {"value": 1}).status_code == 403
    assert reader("post", "/matters", {"facts": FACTS}).status_code == 403


# --- clients that nobody here wrote ------------------------------------------------------------------------------

schemathesis = pytest.importorskip("schemathesis")
from hypothesis import HealthCheck, given, settings  # noqa: E402

HANGS = 120
"""Seconds: a server that has not answered by then never will; how fast it is, is measured in bench/."""


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """`caprev serve --api-only`, as a process of its own: where it is, and a token."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CAPREV_DESK")}
    environment["DJANGO_SETTINGS_MODULE"] = ""
    command = [sys.executable, str(ROOT / "cli.py")]
    data = ["--data", str(tmp_path_factory.mktemp("serving") / "data")]
    adding = [*command, "clients", "add", "public", "--per-minute", "100000", *data]
    adding += [part for scope in SCOPES for part in ("--scope", scope)]
    token = subprocess.run(adding, env=environment, capture_output=True, text=True, check=True).stdout.strip()
    process = subprocess.Popen(
        [*command, "serve", "--api-only", "--port", "0", *data],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stdout
    stop = threading.Timer(500, process.kill)
    stop.start()
    try:
        address = process.stdout.readline().strip()
        assert address.endswith("/api/v1/openapi.json")
        yield address, token
    finally:
        stop.cancel()
        process.terminate()
        process.wait(20)
        process.stdout.close()


def test_a_public_tester_finds_no_fault(serving: tuple[str, str]) -> None:
    """Generated calls of every operation: no fault of ours, and every answer is of a described status, type and shape.

    That data of the described shape may be refused is no fault: facts are checked against the vocabulary, which
    GET /schema describes.
    """
    address, token = serving
    described = schemathesis.openapi.from_url(address)
    headers = {"Authorization": f"Bearer {token}"}
    tried = []
    for found in described.get_all_operations():
        operation = found.ok()

        @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def call(case: Any) -> None:
            case.call_and_validate(
                headers=headers, timeout=HANGS, excluded_checks=[schemathesis.checks.positive_data_acceptance]
            )

        call()
        tried.append(f"{operation.method.upper()} {operation.path}")
    assert len(tried) == 20


def test_a_client_made_by_a_public_generator_assesses(
    serving: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the OpenAPI file of a server that runs: typed answers, and typed refusals."""
    pytest.importorskip("openapi_python_client")
    import httpx

    address, token = serving
    root = address.removesuffix("/api/v1/openapi.json")
    assert httpx.get(f"{root}/matters", timeout=HANGS).status_code == 404  # no pages
    (tmp_path / "openapi.json").write_bytes(httpx.get(address, timeout=HANGS).content)
    (tmp_path / "config.yaml").write_text("package_name_override: generated\nproject_name_override: generated\n")
    made = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(tmp_path / "openapi.json"),
         "--config", str(tmp_path / "config.yaml"), "--output-path", str(tmp_path / "made"), "--meta", "none"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stdout + made.stderr
    assert "WARNING" not in made.stdout + made.stderr, made.stdout
    (tmp_path / "made").rename(tmp_path / "generated")
    monkeypatch.syspath_prepend(tmp_path)
    generated = importlib.import_module("generated")
    models = importlib.import_module("generated.models")
    call = importlib.import_module("generated.api.default.assess")
    client = generated.AuthenticatedClient(base_url=root, token=token, timeout=httpx.Timeout(HANGS))
    facts = models.AskedFacts.from_dict(FACTS)
    answer = call.sync(client=client, body=models.Asked(facts=facts))
    assert isinstance(answer, models.Assessment)
    assert answer.parcels[0].characterisation == caprev.assess(FACTS).parcels[0].characterisation
    wrong = models.Asked(facts=models.AskedFacts.from_dict({"development": {"lotz": 1}}))
    refused = call.sync(client=client, body=wrong)
    assert isinstance(refused, models.Problem)
    assert refused.problems[0].path == "/facts/development/lotz"
