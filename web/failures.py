"""Pages for what went wrong: they say what to do next, and nothing of what is inside."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from caprev_web.api.problems import problem


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem(request, status, "request", text)
    return render(request, "failure.html", {"title": title, "text": text}, status=status)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: too old, or not ours."""
    text = (
        "This form was open for too long, or did not come from this desk. Nothing was saved. Go back and send it again."
    )
    return _page(request, 403, "Not accepted", text)


def bad_request(request: HttpRequest, exception: Any) -> HttpResponse:
    """A request that makes no sense, or is too large."""
    return _page(
        request, 400, "Not understood", "What was sent is too large, or not what this page takes. Nothing was saved."
    )


def forbidden(request: HttpRequest, exception: Any) -> HttpResponse:
    """Something that this person may see but not do."""
    return _page(request, 403, "Not allowed", str(exception) or "Your role does not allow this. Ask an administrator.")


def not_found(request: HttpRequest, exception: Any) -> HttpResponse:
    """Nothing is there, or nothing that this person may know of."""
    return _page(request, 404, "Not found", "There is no such page, or you may not see it.")


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours, with a number that stands in the log too."""
    import logging

    number = secrets.token_hex(4)
    logging.getLogger("django.request").error(
        "fault %s at %s", number, request.resolver_match and request.resolver_match.route
    )
    try:
        text = f"This is a fault of the desk. Nothing was half-saved. If you report it, give the number {number}."
        return _page(request, 500, "Something went wrong", text)
    except Exception:  # the page itself may be what is at fault
        return HttpResponse(f"Something went wrong. Number {number}.", status=500, content_type="text/plain")
