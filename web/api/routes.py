"""Every call of `/api/v1`. What each means stands with the function of the same name in `caprev`; see docs/http.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.pagination import LimitOffsetPagination, paginate
from ninja.params.functions import Header

import caprev
from caprev import Assessor, BadInput, Problem
from caprev.api import contract, given, loading
from caprev.files.reading import textual
from caprev.law import packs
from caprev.strict import matter as strict_matter
from caprev_web import access, factsets, host, saving
from caprev_web.api import problems, shapes
from caprev_web.api.clients import Refused, Token
from caprev_web.api.models import Answered, Client
from caprev_web.api.problems import problem
from caprev_web.models import Matter

ERRORS = (401, 403, 404, 409, 412, 413, 415, 422, 429, 500)
LAW, ASSESS, READ, WRITE = (Token(scope) for scope in ("law", "assess", "matters:read", "matters:write"))


class Api(NinjaAPI):
    """The API: every answer says what is left of the client's minute, and every refusal has one form."""

    def create_response(self, request: HttpRequest, data: Any, **how: Any) -> HttpResponse:
        """An answer, with the rate."""
        return _rated(request, super().create_response(request, data, **how))

    def get_openapi_schema(self, *args: Any, **how: Any) -> OpenAPISchema:
        """The description; refusals are `application/problem+json`."""
        found = super().get_openapi_schema(*args, **how)
        for path in found["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:
                        answer["content"] = {problems.TYPE: next(iter(answer["content"].values()))}
        return found


api = Api(
    title="caprev",
    version=metadata.version("caprev"),
    description=f"{host.question_of_default()} An explained conclusion from declarative rules. Support for a "
    "person's judgement: not advice and not a ruling. Show every conclusion with its strength and its disclaimer.",
    urls_namespace="api-1",
    docs_url=None,
    openapi_url="/openapi.json",
)
router = Router()


def _answers(shape: Any, status: int = 200) -> dict[int, Any]:
    return {status: shape, **dict.fromkeys(ERRORS, problems.Problem)}


def _call(method: str, path: str, scope: Token, shape: Any, summary: str, **how: Any) -> Callable[[Any], Any]:
    """An operation: its scope, what it answers, and one line of what it is."""
    make = getattr(router, method)
    name = how.pop("name", path.strip("/").split("/")[0])
    return make(
        path,
        auth=scope,
        response=_answers(shape, how.pop("status", 200)),
        summary=summary,
        description=f"{summary}. Scope: `{scope.scope}`.",
        operation_id=name,
        by_alias=True,
        exclude_unset=True,
        **how,
    )


def _asked(asked: shapes.Asked) -> dict[str, Any]:
    """Facts and law as the functions take them: the law is loaded once in a process."""
    law = asked.law()
    told = asked.facts.get("matter")
    pack = law.pop("pack") or (str(told.get("pack") or "") if isinstance(told, dict) else "")
    return {"facts": asked.facts, "assessor": _law(pack), **law}


def _law(pack: str) -> Assessor:
    """The law that the desk has loaded. Raises BadInput for a pack that there is not, or of strict rules."""
    return host.law(loading.chosen(pack.strip(), None, strict=False))


# --- facts that are sent, and not kept -------------------------------------------------------------------------


@_call("post", "/assess", ASSESS, contract.Assessment, "The conclusion on every parcel, with its reasons")
def assess(request: HttpRequest, asked: shapes.Asked) -> contract.Assessment:
    """`caprev assess`."""
    return caprev.assess(**_asked(asked))


@_call("post", "/missing", ASSESS, list[contract.Missing], "What is not known and could change the conclusion")
def missing(request: HttpRequest, asked: shapes.MissingAsked) -> Sequence[contract.Missing]:
    """`caprev missing`."""
    return list(caprev.missing(**_asked(asked), up_to=asked.up_to, most=asked.most))


@_call("post", "/flips", ASSESS, list[contract.Flips], "The smallest changes of facts that change the conclusion")
def flips(request: HttpRequest, asked: shapes.FlipsAsked) -> Sequence[contract.Flips]:
    """`caprev flips`."""
    how: dict[str, Any] = {"up_to": asked.up_to, "most": asked.most, "fixed": asked.fixed, "free": asked.free}
    return list(caprev.flips(**_asked(asked), **how))


@_call("post", "/whatif", ASSESS, list[contract.Comparison], "The conclusion beside that on facts supposed")
def whatif(request: HttpRequest, asked: shapes.WhatIfAsked) -> Sequence[contract.Comparison]:
    """`caprev whatif`."""
    return list(caprev.whatif(**_asked(asked), suppose=asked.suppose))


@_call("post", "/compare", ASSESS, list[contract.Comparison], "A matter beside a decided case, or another matter")
def compare(request: HttpRequest, asked: shapes.CompareAsked) -> Sequence[contract.Comparison]:
    """`caprev compare`."""
    if bool(asked.case) == (asked.other is not None):
        raise BadInput(Problem("gives both a case and another matter, or neither", subject="compare", fix="Give one"))
    told = _asked(asked)
    right: Any = asked.case if asked.other is None else asked.other
    return list(caprev.compare(told.pop("facts"), right, **told, files=False))


@_call("post", "/argue", ASSESS, contract.Debate, "Both sides argued, move by move")
def argue(request: HttpRequest, asked: shapes.ArgueAsked) -> contract.Debate:
    """`caprev argue`."""
    return caprev.argue(**_asked(asked), side=asked.side, moves=asked.moves)


@_call("post", "/draft", ASSESS, shapes.DraftMade, "One of the documents of the law, with checks and record")
def draft(request: HttpRequest, asked: shapes.DraftAsked) -> shapes.DraftMade:
    """`caprev draft`."""
    made = caprev.draft(**_asked(asked), template=asked.template, form=asked.form, edited=asked.edited)
    return shapes.DraftMade.of(made)


@_call("post", "/check", ASSESS, contract.Checked, "Facts held against the text that they were taken from")
def check(request: HttpRequest, asked: shapes.CheckAsked) -> contract.Checked:
    """`caprev facts check`."""
    return caprev.check(asked.facts, asked.text, _law(asked.pack))


@_call("post", "/answer", ASSESS, contract.Answer, "What follows under a pack of strict rules, and what is missing")
def answer(request: HttpRequest, asked: shapes.AnswerAsked) -> contract.Answer:
    """`caprev assess` with a pack of strict rules."""
    return caprev.answer(asked.facts, pack=asked.pack, as_at=asked.as_at, part=asked.part)


# --- the law ----------------------------------------------------------------------------------------------------


@_call("get", "/schema", LAW, dict[str, Any], "A JSON Schema of fact sets, or of a file of the law")
def schema(request: HttpRequest, of: str = "facts", pack: str = "") -> dict[str, Any]:
    """`caprev schema`."""
    return caprev.schema(of, assessor=_law(pack))


@_call("get", "/rules", LAW, list[contract.Rule], "Every rule, in short")
@paginate(LimitOffsetPagination)
def rules(request: HttpRequest, pack: str = "") -> Sequence[contract.Rule]:
    """`caprev rules list`."""
    return caprev.rules(assessor=_law(pack))


@_call("get", "/rules/{path:rule}", LAW, shapes.Page, "A rule in full", name="rule")
def rule(request: HttpRequest, rule: str, pack: str = "") -> shapes.Page:
    """`caprev rules show`."""
    book = _law(pack).book
    if rule not in {**book.nodes, **book.factors, **book.points, **book.consequences}:
        raise Http404(f"There is no rule '{rule}'.")
    return shapes.Page(id=rule, page=caprev.page(rule, assessor=_law(pack)))


@_call("get", "/cases", LAW, list[contract.Case], "The decided cases, in short; `about`: those with all of its words")
@paginate(LimitOffsetPagination)
def cases(request: HttpRequest, about: str = "", pack: str = "") -> Sequence[contract.Case]:
    """`caprev cases list`."""
    return caprev.cases(about, assessor=_law(pack))


@_call("get", "/cases/{case}", LAW, shapes.Page, "A decided case in full", name="case")
def case(request: HttpRequest, case: str, pack: str = "") -> shapes.Page:
    """`caprev cases show`."""
    if case not in _law(pack).cases.cases:
        raise Http404(f"There is no decided case '{case}'.")
    return shapes.Page(id=case, page=caprev.page(case, assessor=_law(pack)))


# --- matters of the desk ------------------------------------------------------------------------------------------


@_call("get", "/matters", READ, list[shapes.MatterBrief], "The matters that the person may see, the last changed first")
@paginate(LimitOffsetPagination)
def matters(request: HttpRequest) -> list[shapes.MatterBrief]:
    """As the desk lists them."""
    return [_brief(found) for found in access.visible(_client(request).user)]


@_call("post", "/matters", WRITE, shapes.MatterWhole, "Start a matter; once for an Idempotency-Key", status=201,
       name="matter_new")  # fmt: skip
def start(
    request: HttpRequest, new: shapes.MatterNew, key: str = Header("", alias="Idempotency-Key", max_length=200)
) -> Any:
    """As the desk starts one from a file. A key that was used for the same body is answered the same again."""
    client = _client(request)
    access.require(client.user, "start")
    asked = hashlib.sha256(json.dumps(new.model_dump(), sort_keys=True).encode()).hexdigest()
    try:
        with transaction.atomic():
            once = Answered.objects.create(client=client, key=key, asked=asked) if key else None
            answer = _started(client, new).model_dump(mode="json")
            if once:
                once.answer = answer
                once.save(update_fields=["answer"])
    except IntegrityError:
        before = Answered.objects.get(client=client, key=key)
        if before.asked != asked:
            return problem(request, 422, "key", "This Idempotency-Key was used for another body. Take a new one.")
        replayed = api.create_response(request, before.answer, status=201)
        replayed.headers["Idempotency-Replayed"] = "true"
        return replayed
    return api.create_response(request, answer, status=201)


@_call("get", "/matters/{uuid:pk}", READ, shapes.MatterWhole, "A matter with its facts", name="matter")
def matter(request: HttpRequest, response: HttpResponse, pk: Any) -> shapes.MatterWhole:
    """Its version is its ETag."""
    found = _matter(request, pk, "read")
    response.headers["ETag"] = f'"{found.version}"'
    return _whole(found)


@_call("put", "/matters/{uuid:pk}/facts/{fact}", WRITE, shapes.MatterWhole, "Set one fact; If-Match takes the version",
       name="fact_put")  # fmt: skip
def put(
    request: HttpRequest,
    response: HttpResponse,
    pk: Any,
    fact: str,
    set_to: shapes.FactPut,
    seen: str = Header("", alias="If-Match", max_length=40),
) -> Any:
    """As the desk saves a fact: kept even if it contradicts another, as `problems` then say. Put twice, it is once."""
    client = _client(request)
    with transaction.atomic():
        found = Matter.objects.select_for_update().get(pk=_matter(request, pk, "edit").pk)
        if seen.strip('" ') not in ("", "*", str(found.version)):
            return problem(request, 412, "changed", f"The matter is at version {found.version} now.")
        vocabulary = host.vocabulary(saving.pack_of(found))
        if fact not in vocabulary:
            raise Http404(f"There is no fact '{fact}'. {vocabulary.nearest(fact)}".rstrip())
        if set_to.parcel not in ("", *(str(parcel["id"]) for parcel in found.parcels)):
            raise Http404(f"The matter has no {host.called(saving.pack_of(found)).one} '{set_to.parcel}'.")
        try:
            value = textual(set_to.value)
            vocabulary[fact].read(value)
        except ValueError as error:
            fault = problems.Fault(path="/value", subject=fact, message=str(error))
            return problem(request, 422, "input", f"{fact}: {error}", [fault])
        state = saving.blank(set_to.parcel, fact) | {"value": value}
        state |= {key: getattr(set_to, key) for key in factsets.KEYS}
        try:
            saving.put_state(client.user, found.pk, state, "fact")
        except saving.Frozen as error:
            return problem(request, 409, "frozen", f"The matter is {error}, and may not be changed.")
    found.refresh_from_db()
    response.headers["ETag"] = f'"{found.version}"'
    return _whole(found)


@_call("get", "/matters/{uuid:pk}/assessment", READ, contract.Assessment, "A matter's conclusion and its reasons",
       name="matter_assessment")  # fmt: skip
def standing(request: HttpRequest, pk: Any) -> contract.Assessment:
    """On its facts as they are now, under its own position."""
    found = _matter(request, pk, "read")
    facts = factsets.written(found, found.entries.all())
    return caprev.assess(facts, host.law(saving.pack_of(found)), position=saving.position_of(found))


@_call("get", "/matters/{uuid:pk}/answer", READ, contract.Answer, "What follows for a matter under strict rules",
       name="matter_answer")  # fmt: skip
def follows(request: HttpRequest, pk: Any) -> contract.Answer:
    """On its facts as they are now, event by event."""
    found = _matter(request, pk, "read")
    return caprev.answer(factsets.written(found, found.entries.all()), pack=saving.pack_of(found))


def _client(request: HttpRequest) -> Client:
    found: Client = request.auth
    return found


def _matter(request: HttpRequest, pk: Any, action: str) -> Matter:
    return access.found(_client(request).user, pk, action)


def _started(client: Client, new: shapes.MatterNew) -> shapes.MatterWhole:
    source = given.source(new.facts)
    taken = factsets.taken(source.data, *_checked(source))  # type: ignore[arg-type]
    return _whole(saving.start(client.user, taken, new.title))


def _checked(source: Any) -> tuple[Any, str]:
    """The vocabulary of facts that can be read, and the section of events (none: ""). Raises BadInput; what only
    contradicts is taken, as the desk does."""
    pack = packs.told(source.data)
    try:
        with given.placed():
            if host.strict(pack):
                strict_matter.read(source, host.book(pack))
            else:
                _law(pack).matter(source)
    except BadInput as error:
        if not all("contradicts" in fault.what for fault in error.problems):
            raise
    return host.vocabulary(pack), host.events(pack)


def _brief(found: Matter) -> shapes.MatterBrief:
    return shapes.MatterBrief(**_head(found))


def _whole(found: Matter) -> shapes.MatterWhole:
    facts = factsets.written(found, found.entries.all())
    return shapes.MatterWhole(**_head(found), facts=facts, problems=list(found.problems))


def _head(found: Matter) -> dict[str, Any]:
    kept = ("title", "reference", "status", "version", "changed")
    return {"id": str(found.pk), **{name: getattr(found, name) for name in kept}}


# --- what goes wrong ----------------------------------------------------------------------------------------------


def _rated(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    allowance = getattr(request, "allowance", None)
    if allowance:
        response.headers["RateLimit-Limit"] = str(allowance.most)
        response.headers["RateLimit-Remaining"] = str(max(allowance.left, 0))
        response.headers["RateLimit-Reset"] = str(allowance.wait)
    return response


def _handled(kind: type[Exception], answer: Callable[[HttpRequest, Any], HttpResponse]) -> None:
    api.add_exception_handler(kind, lambda request, error: _rated(request, answer(request, error)))


def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    if error.wait:
        return problem(request, error.status, "rate", str(error), Retry_After=str(error.wait))
    return problem(request, error.status, "scope", str(error))


def _unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    what = "This needs a token that is valid: Authorization: Bearer TOKEN (caprev clients add)."
    return problem(request, 401, "token", what, WWW_Authenticate="Bearer")


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == 400:
        return problem(request, 422, "json", "The body is not JSON.")
    return problem(request, error.status_code, "request", str(error))


_handled(BadInput, problems.of_input)
_handled(ValidationError, lambda request, error: problems.of_shape(request, error.errors))
_handled(AuthenticationError, _unknown)
_handled(Refused, _refused)
_handled(Http404, lambda request, error: problem(request, 404, "not-found", str(error) or "There is no such thing."))
_handled(PermissionDenied, lambda request, error: problem(request, 403, "role", str(error) or "The role has not this."))
_handled(RequestDataTooBig, lambda request, error: problem(request, 413, "size", "The body is larger than 2 MB."))
_handled(HttpError, _http)
_handled(Exception, lambda request, error: problems.of_fault(request))

api.add_router("", router)


def urls() -> Any:
    """The addresses; a token lets a call in, not a session."""
    found = api.urls
    for pattern in found[0]:
        pattern.callback.login_required = False
    return found
