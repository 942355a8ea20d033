"""What every request passes: who sent it, where it may come from, whether somebody is signed in, and what the browser
is told about the answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from caprev_web.turns import Turns

AT_A_TIME = 1
MOMENT = 1.0
"""Seconds."""
NOT_KEPT = ("csrfmiddlewaretoken", "old", "new", "again", "password", "code")
Answer = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, and nothing inline."""
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


def forwarded(answer: Answer) -> Answer:
    """Believes what a proxy says of a request only where it is the proxy that was named."""

    def middleware(request: HttpRequest) -> HttpResponse:
        meta = request.META
        request.direct = not any(meta.get(name) for name in _FORWARDED)
        if settings.PROXY and meta.get("REMOTE_ADDR") == settings.PROXY:
            # The last address is the one that the proxy saw; those before it are what the sender claimed.
            meta["REMOTE_ADDR"] = meta.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip() or settings.PROXY
        else:
            for name in _FORWARDED:
                meta.pop(name, None)
        request.get_host()  # a name that is not ours is refused here, whatever the page asks for
        return answer(request)

    return middleware


def headers(answer: Answer) -> Answer:
    """The headers that Django does not set by itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.streaming:
            # waitress closes the connection after an answer whose length it is not told.
            response.headers.setdefault("Content-Length", str(len(response.content)))
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
            response.headers.setdefault("Vary", "Cookie, HX-Request")
        return response

    return middleware


def in_turn(answer: Answer) -> Answer:
    """Lets one request be worked on at a time. Python does one thing at a time: two of them only take longer each, and
    hold what others wait for. None waits for its turn longer than a moment, however slow the one before it is."""
    turns = Turns(AT_A_TIME)

    def middleware(request: HttpRequest) -> HttpResponse:
        taken = turns.take(MOMENT)
        try:
            return answer(request)
        finally:
            if taken:
                turns.leave()

    return middleware


def same_site(answer: Answer) -> Answer:
    """Refuses what another site makes the browser send, beside Django's tokens: two locks on one door."""

    def middleware(request: HttpRequest) -> HttpResponse:
        came = request.headers.get("Sec-Fetch-Site", "none")
        if request.method not in ("GET", "HEAD", "OPTIONS") and came not in ("same-origin", "none"):
            return HttpResponse("This request came from another site and was refused.", status=403)
        return answer(request)

    return middleware


class SignedIn(LoginRequiredMiddleware):
    """Every page but the few that say otherwise needs somebody signed in, not away for too long."""

    def process_view(self, request: HttpRequest, view: Any, args: Any, options: Any) -> HttpResponse | None:
        """Lets the request pass, or answers it."""
        if request.user.is_authenticated:
            now = int(time.time())
            if now - request.session.get("seen", now) > settings.IDLE:
                auth.logout(request)
            elif now - request.session.get("seen", 0) > 60:  # not a write for every request
                request.session["seen"] = now
            if request.session.get("enrol") and request.resolver_match.url_name not in ("second", "sign-out"):
                if request.headers.get("HX-Request"):
                    return HttpResponse(status=204, headers={"HX-Redirect": reverse("second")})
                return redirect("second")
        return super().process_view(request, view, args, options)

    def handle_no_permission(self, request: HttpRequest, view: Any) -> HttpResponse:
        """The sign-in page; a part of a page is told so instead, because it would swallow the whole of it."""
        if request.headers.get("HX-Request"):
            return render(request, "parts/signed-out.html", status=401)
        if request.method == "POST" and request.POST and not request.FILES:
            # What was typed is carried through the sign-in and offered again after it.
            fields = [(name, value) for name, values in request.POST.lists() for value in values]
            kept = signing.dumps([request.path, [pair for pair in fields if pair[0] not in NOT_KEPT]], compress=True)
            page = {"name": "", "problem": "", "next": request.path, "parked": kept}
            return render(request, "sign-in.html", page, status=401)
        return super().handle_no_permission(request, view)


def problems(answer: Answer) -> Answer:
    """Input that cannot be used becomes a page that says what is wrong, wherever it was found."""
    from caprev_web import failures, host, saving  # after Django is set up

    def middleware(request: HttpRequest) -> HttpResponse:
        return answer(request)

    def bad(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, host.BadInput):
            told = [host.told(problem) for problem in error.problems]
            return render(request, "problems.html", {"problems": told}, status=422)
        if isinstance(error, saving.Frozen):
            return failures.forbidden(request, f"This matter is {error} by now, so nothing of it can be changed.")
        return None

    middleware.process_exception = bad  # type: ignore[attr-defined]
    return middleware
