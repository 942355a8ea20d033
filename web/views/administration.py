"""Administration: people, the audit log, retention and backup. An administrator sees no facts."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import timedelta
from pathlib import Path

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from caprev_web import access, codes, directory, trail
from caprev_web.models import Event, Matter, Team, User
from caprev_web.models.people import ROLES

A_PAGE = 100
LEAST = 30
"""Days for which a closed matter is kept at least."""


@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, and somebody new."""
    access.require(request.user, "administer")
    problems: list[str] = []
    sent = request.POST
    if request.method == "POST":
        name, full = sent.get("name", "").strip(), sent.get("full_name", "").strip()
        team, roles = sent.get("team", "").strip(), sent.getlist("roles")
        single = sent.get("single") == "yes"
        problems = directory.add(name, sent.get("password", ""), roles, team, full, request.user, single)
        if not problems:
            messages.info(request, f"{name} can sign in now.")
            return redirect("people")
    page = {"people": User.objects.select_related("team").order_by("name"), "roles": ROLES, "problems": problems}
    page |= {"teams": Team.objects.order_by("name"), "filled": sent, "required": codes.required()}
    page["phones"] = set(TOTPDevice.objects.filter(confirmed=True).values_list("user_id", flat=True))
    return render(request, "people.html", page, status=422 if problems else 200)


@require_POST
def policy(request: HttpRequest) -> HttpResponse:
    """Whether a second factor is required of everybody who signs in with a password."""
    access.require(request.user, "administer")
    before, wanted = codes.required(), request.POST.get("second") == "yes"
    if wanted != before:
        codes.require(wanted)
        told = [{"second factor required": value} for value in (before, wanted)]
        trail.add(request.user, "sign-in rules changed", before=told[0], after=told[1])
    messages.info(request, "Saved." if wanted == before else "Saved. It holds from the next sign-in of each.")
    return redirect("people")


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: roles, team, password, in or out."""
    access.require(request.user, "administer")
    found = User.objects.select_related("team").filter(pk=pk).first()
    if found is None:
        raise Http404
    problems: list[str] = []
    if request.method == "POST":
        sent = request.POST
        roles, active = sent.getlist("roles"), sent.get("active") == "yes"
        if found.pk == request.user.pk and ("administrator" not in roles or not active):
            problems = [
                "You cannot take administration from yourself, or shut yourself out. Another administrator can."
            ]
        elif not roles:
            problems = ["Give at least one role."]
        else:
            problems = directory.change(
                found.name,
                roles,
                sent.get("team", "").strip(),
                sent.get("password", ""),
                active,
                request.user,
                single=sent.get("single") == "yes" and not found.single,
                phone_lost=sent.get("phone_lost") == "yes",
            )
        if not problems:
            messages.info(request, "Saved.")
            return redirect("people")
    page = {"person": found, "roles": ROLES, "teams": Team.objects.order_by("name"), "problems": problems}
    page["phone"] = codes.device(found)
    return render(request, "person.html", page, status=422 if problems else 200)


@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """Everything that was done at the desk, without what was typed, and whether the chains hold."""
    access.require(request.user, "administer")
    who, kind = request.GET.get("who", ""), request.GET.get("kind", "")
    events = Event.objects.select_related("who").order_by("-id")
    events = events.filter(name=who) if who else events
    events = events.filter(kind=kind) if kind else events
    page = Paginator(events, A_PAGE).get_page(request.GET.get("page"))
    kinds = sorted(set(Event.objects.values_list("kind", flat=True)))
    shown = {"page": page, "who": who, "kind": kind, "kinds": kinds, "broken": _broken()}
    return render(request, "audit.html", shown)


def _broken() -> list[str]:
    """The chains that do not follow from themselves: each was tampered with."""
    heads = [None, *Matter.objects.values_list("pk", flat=True)]
    chains = ((pk, Event.objects.filter(matter=pk).order_by("number")) for pk in heads)
    return [str(pk or "the desk") for pk, events in chains if any(trail.broken(events))]


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The audit log as a file: who, what, when, to which matter, with the digests that chain it; no facts."""
    access.require(request.user, "administer")
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["at", "who", "kind", "matter", "version", "number", "parcel", "fact", "law", "digest"])
    for event in Event.objects.order_by("id").iterator(2000):
        at = event.at.isoformat()
        row = [at, event.name, event.kind, event.matter_id or "", event.version, event.number]
        writer.writerow([*row, event.parcel, event.fact, event.law, event.digest])
    trail.add(request.user, "audit log exported")
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return response


@require_http_methods(["GET", "POST"])
def keeping(request: HttpRequest) -> HttpResponse:
    """Retention: closed matters that are old enough to go; and the backup."""
    access.require(request.user, "administer")
    days = request.POST.get("days") or request.GET.get("days") or "2555"
    number = max(LEAST, int(days)) if days.isdigit() else 2555
    due = Matter.objects.filter(status="closed", changed__lt=timezone.now() - timedelta(days=number))
    if request.method == "POST":
        if request.POST.get("sure") != "yes":
            messages.info(request, "Nothing was deleted: tick that you are sure.")
        else:
            count = 0
            for matter in list(due):
                trail.purge(request.user, matter)
                count += 1
            messages.info(request, f"{count} matter{'' if count == 1 else 's'} deleted.")
        return redirect("keeping")
    page = {"days": number, "due": due.count(), "sqlite": connection.vendor == "sqlite", "least": LEAST}
    return render(request, "keeping.html", page)


@require_POST
def backup(request: HttpRequest) -> FileResponse:
    """The whole database of a desk on SQLite as one file, consistent while others work. Keep it as you keep facts."""
    access.require(request.user, "administer")
    if connection.vendor != "sqlite":
        raise PermissionDenied("This desk is on PostgreSQL: back it up with pg_dump (docs/serving.md).")
    if connection.in_atomic_block:
        raise Http404
    trail.add(request.user, "backup downloaded")
    folder = tempfile.mkdtemp(prefix="caprev-backup-")
    path = Path(folder) / "desk.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(path)])
    stream = path.open("rb")
    path.unlink()
    Path(folder).rmdir()
    name = f"desk-{timezone.localdate().isoformat()}.sqlite3"
    return FileResponse(stream, as_attachment=True, filename=name, content_type="application/vnd.sqlite3")
