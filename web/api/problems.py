"""What went wrong, as RFC 9457 has it: `application/problem+json`, with the place of each fact at fault."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from caprev import BadInput

TYPE = "application/problem+json"


class Fault(Schema):
    """One thing that is wrong: its place in what was sent, as a JSON pointer, and what would be right."""

    path: str = Field(description="A JSON pointer (RFC 6901) into the body; empty where it is none of its places.")
    subject: str = Field("", description="The fact, rule or case by its name.")
    message: str


class Problem(Schema):
    """Why a call was not answered."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    problems: tuple[Fault, ...] = ()


def problem(
    request: HttpRequest, status: int, kind: str, detail: str, faults: Iterable[Fault] = (), **headers: str
) -> HttpResponse:
    """An answer that says what is wrong."""
    told = Problem(
        type=f"urn:caprev:problem:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=request.path,
        problems=tuple(faults),
    )
    response = HttpResponse(json.dumps(told.model_dump()), status=status, content_type=TYPE)
    for name, value in headers.items():
        response.headers[name.replace("_", "-")] = value
    return response


def of_input(request: HttpRequest, error: BadInput) -> HttpResponse:
    """Facts, or what is asked of them, that cannot be used: every problem with its place in the body."""
    faults = [
        Fault(path=f"/facts{p.path}" if p.path else "", subject=p.subject, message=p.message) for p in error.problems
    ]
    many = "What was sent cannot be used." if len(faults) > 1 else str(error)
    return problem(request, 422, "input", many, faults)


def of_shape(request: HttpRequest, errors: Iterable[dict[str, Any]]) -> HttpResponse:
    """A body, or a parameter, that has not the shape which the OpenAPI file gives it."""
    faults = []
    for error in errors:
        where, *rest = [str(step) for step in error.get("loc", ())]
        place = rest[1:] if where == "body" else [where, *rest]  # after the name of the function's argument
        faults.append(Fault(path="".join(f"/{step}" for step in place), subject="", message=str(error.get("msg", ""))))
    return problem(request, 422, "shape", "What was sent has not the shape that is described.", faults)


def of_fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours, with a number that stands in the log too."""
    import logging

    number = secrets.token_hex(4)
    logging.getLogger("django.request").exception("fault %s at %s", number, request.path)
    return problem(request, 500, "fault", f"This is a fault of the server; if you report it, give the number {number}.")
