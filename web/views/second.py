"""Setting up one's second factor, and doing without it again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from caprev_web import codes, trail
from caprev_web.models import Attempt
from caprev_web.views import people

KEY = "key"
"""Where a session keeps the key of a phone that is being set up."""


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """One's own phone: none yet, or set up, with recovery codes that are shown once. A password is asked for first."""
    user = request.user
    if not user.has_usable_password():
        return redirect("account")
    problem, told = "", []
    if request.method == "POST":
        do, where = request.POST.get("do", ""), people.network(request.META.get("REMOTE_ADDR", ""))
        fresh = bool(request.session.get("enrol"))  # the password was given a moment ago
        if people.throttled(user.name, where):
            problem = "Too many wrong passwords or codes. Wait a quarter of an hour."
        elif not fresh and not user.check_password(request.POST.get("old", "")[:1000]):
            Attempt.objects.create(name=user.name.lower(), network=where)
            problem = "The password is not right."
        elif do == "begin" and not codes.device(user):
            told = codes.begin(user, request.session.get(KEY, ""), "".join(request.POST.get("code", "").split())[:10])
            wrong = "That code does not fit. Look at the phone again: it shows a new one every half minute."
            problem = "" if told else wrong
        elif do == "renew" and codes.device(user):
            told = codes.renew(user)
        elif do == "end" and not codes.required() and codes.end(user):
            trail.add(user, "second factor ended")
            messages.info(request, "Your password alone lets you in again.")
            return redirect("account")
        if told:
            request.session.pop(KEY, None)
            request.session["enrol"] = False
            people.end_sessions(user, but=request.session.session_key or "")
            trail.add(user, "second factor set up" if do == "begin" else "recovery codes renewed")
    page: dict[str, Any] = {"problem": problem, "codes": told, "device": codes.device(user), "offer": None}
    page |= {"required": codes.required(), "left": user.recoveries.count(), "asks": not request.session.get("enrol")}
    if page["device"] is None:
        request.session.setdefault(KEY, codes.new_key())
        page["offer"] = codes.offer(user, request.session[KEY])
    return render(request, "second.html", page, status=422 if problem else 200)
