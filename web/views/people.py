"""Coming in and going out, and one's own account."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
import time
from datetime import timedelta

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprev_web import codes, provider, trail
from caprev_web.models import Attempt, Link, User
from caprev_web.models.people import LOCAL, ROLES

BACKEND = "django.contrib.auth.backends.ModelBackend"
FAILURES, WINDOW = 10, timedelta(minutes=15)
"""So many wrong passwords for one name from one network are heard in so long."""
HALF, STEP = "half", 5 * 60
"""Where a session keeps who gave a right password, and for how many seconds a code may follow it."""


@login_not_required
@never_cache
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Lets the local person in by the link that `caprev serve` printed: once, from this machine, for a short time."""
    if settings.TEAM or not loopback(request):
        raise Http404
    now = timezone.now()
    found = Link.objects.filter(sha256=digest(token), used=None, expires__gt=now)
    if not found.update(used=now):
        text = "It was used, or is too old. Stop the desk (Ctrl-C) and run caprev serve again: it prints a new one."
        return render(request, "failure.html", {"title": "This link lets nobody in", "text": text}, status=403)
    let_in(request, local(), "link")
    return redirect("matters")


def loopback(request: HttpRequest) -> bool:
    """Whether the request comes from this machine itself, not through anything else."""
    try:
        near = ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
    return near and request.direct


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def link(minutes: int = 30) -> str:
    """A new token that lets the local person in; those made before let nobody in any more."""
    token, now = secrets.token_urlsafe(24), timezone.now()
    Link.objects.filter(used=None).update(used=now)
    Link.objects.filter(expires__lt=now - timedelta(days=7)).delete()
    Link.objects.create(sha256=digest(token), expires=now + timedelta(minutes=minutes))
    return token


def local() -> User:
    """The one person of a desk on one machine, made when first wanted."""
    found = User.objects.filter(name=LOCAL).first()
    return found or User.objects.create(LOCAL, full_name="You", roles=list(ROLES))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; wrong ones are told in the same words, whatever was wrong."""
    after = request.POST.get("next") or request.GET.get("next") or ""
    name, problem, status = "", "", 200
    parked = request.POST.get("parked", "")
    if request.user.is_authenticated:
        return redirect(safe(request, after))
    if request.method == "POST":
        name = request.POST.get("name", "").strip()[:60]
        where = network(request.META.get("REMOTE_ADDR", ""))
        if throttled(name, where):
            problem, status = "Too many wrong passwords. Wait a quarter of an hour.", 429
        else:
            user = auth.authenticate(request, username=name, password=request.POST.get("password", "")[:1000])
            if user is not None and codes.device(user):
                request.session.cycle_key()
                request.session[HALF] = [user.pk, int(time.time()), user.get_session_auth_hash()]
                return render(request, "code.html", {"problem": "", "next": after, "parked": parked})
            if user is not None:
                let_in(request, user, "password")
                return _offered(request, parked) or redirect(safe(request, after))
            Attempt.objects.create(name=name.lower(), network=where)
            trail.add(None, "sign-in refused", name=name)
            problem, status = "That name and password do not fit.", 422
    page = {"name": name, "problem": problem, "next": after, "parked": parked}
    return render(request, "sign-in.html", page, status=status)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step, after a right password: a code from the phone, or one of those kept for when it is lost."""
    user, problem, status = _half(request), "", 200
    if user is None:
        return redirect("sign-in")
    after, parked = request.POST.get("next", ""), request.POST.get("parked", "")
    if request.method == "POST":
        where = network(request.META.get("REMOTE_ADDR", ""))
        if throttled(user.name, where):
            problem, status = "Too many wrong codes. Wait a quarter of an hour.", 429
        elif by := codes.fits(user, request.POST.get("code", "")[:40]):
            let_in(request, user, by)
            if by == codes.RECOVERY:
                messages.info(request, f"That code is used up; {user.recoveries.count()} are left.")
            return _offered(request, parked) or redirect(safe(request, after))
        else:
            Attempt.objects.create(name=user.name.lower(), network=where)
            trail.add(None, "sign-in refused", name=user.name)
            problem, status = "That code does not fit, or was used already. Wait for the next one.", 422
    page = {"problem": problem, "next": after, "parked": parked}
    return render(request, "code.html", page, status=status)


def _half(request: HttpRequest) -> User | None:
    """Who gave the right password a moment ago and has still to give a code."""
    pk, at, hashed = request.session.get(HALF) or (0, 0, "")
    user = User.objects.filter(pk=pk, is_active=True).first() if time.time() - at < STEP else None
    return user if user is not None and user.get_session_auth_hash() == hashed else None


def let_in(request: HttpRequest, user: User, by: str) -> None:
    """Begins a session. One that a password alone began, where a second factor is required, can do nothing but set
    one up."""
    request.session.pop(HALF, None)
    auth.login(request, user, backend=BACKEND)
    request.session["enrol"] = by == "password" and codes.required()
    trail.add(user, "signed in", after={"by": by})


def _offered(request: HttpRequest, parked: str) -> HttpResponse | None:
    """What was typed before the session ended, to be sent again or thrown away; nothing if nothing was."""
    try:
        path, fields = signing.loads(parked, max_age=24 * 3600)
    except signing.BadSignature:
        return None
    return render(request, "parked.html", {"path": path, "fields": fields})


def throttled(name: str, where: str) -> bool:
    """Whether too many sign-ins failed lately, for this name from this network, or for this network at all."""
    since = timezone.now() - WINDOW
    Attempt.objects.filter(at__lt=since - timedelta(days=1)).delete()
    recent = Attempt.objects.filter(at__gt=since, network=where).exclude(name="class")
    return recent.filter(name=name.lower()).count() >= FAILURES or recent.count() >= FAILURES * 5


def network(address: str) -> str:
    """The network of an address, so that a neighbour's other addresses count too."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((address, 24 if found.version == 4 else 64), strict=False))


def safe(request: HttpRequest, target: str) -> str:
    """Where to go after signing in: a page of this desk, never another site."""
    fine = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and fine else "/matters"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, on both sides. Who came in by the provider is still signed in there, and is told where to end
    that: a redirect from a form to elsewhere is what the policy of the pages forbids."""
    trail.add(request.user, "signed out")
    token = request.session.get(provider.TOKEN, "")
    auth.logout(request)
    leave = provider.leaving(token, request.build_absolute_uri(reverse("sign-in")))
    response = render(request, "signed-out.html", {"leave": leave}) if leave else redirect("sign-in")
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """One's own password, and the other places where one is signed in."""
    problems: list[str] = []
    if request.method == "POST" and request.POST.get("do") == "sessions":
        ended = end_sessions(request.user, but=request.session.session_key or "")
        messages.info(request, f"Signed out in {ended} other place{'' if ended == 1 else 's'}.")
        return redirect("account")
    if request.method == "POST":
        old, new, again = (request.POST.get(name, "")[:1000] for name in ("old", "new", "again"))
        if request.user.has_usable_password() and not request.user.check_password(old):
            problems.append("The old password is not right.")
        if new != again:
            problems.append("The two new passwords differ.")
        try:
            validate_password(new, request.user)
        except ValidationError as error:
            problems += error.messages
        if not problems:
            request.user.set_password(new)
            request.user.save()
            end_sessions(request.user, but=request.session.session_key or "")
            auth.update_session_auth_hash(request, request.user)
            trail.add(request.user, "password changed")
            messages.info(request, "The password is changed, and every other place is signed out.")
            return redirect("account")
    page = {"problems": problems, "rules": password_validators_help_texts()}
    return render(request, "account.html", page, status=422 if problems else 200)


def end_sessions(user: User, but: str = "") -> int:
    """Ends all sessions of a person, but one; says how many."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.session_key != but and session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended


@login_not_required
@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """That the process answers; says nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")
