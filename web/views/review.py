"""Review and sign-off: what changed since the last look, comments, and the freezing of what was signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from caprev_web import access, factsets, host, rows, saving, trail
from caprev_web.models import Comment, Look, Matter, SignOff
from caprev_web.views.history import line

LONGEST = 5_000


@require_GET
def review(request: HttpRequest, pk: Any) -> HttpResponse:
    """What changed since one last looked, what is said of the matter, and what can be done with it now."""
    matter = access.found(request.user, pk)
    look = Look.objects.filter(matter=matter, user=request.user).first()
    since = _since(request, look.version if look else 0, matter)
    events = matter.events.select_related("who").filter(
        version__gt=since, kind__in=("created", "fact", "undo", "upload", "matter")
    )
    view = rows.view(matter)
    page = {
        "matter": matter,
        "view": view,
        "since": since,
        "lines": [line(matter, event) for event in events.order_by("number")],
        "comments": list(matter.comments.select_related("by", "resolved_by")),
        "signoffs": list(matter.signoffs.select_related("by", "paper")),
        "papers": list(matter.papers.filter(version=matter.version).defer("content", "record", "report")),
        "wrote": access.wrote(request.user, matter),
        "law": host.law_hash(view.pack),
        "missing": len(view.questions),
        "sections": host.vocabulary(view.pack).sections,
        "on": request.GET.get("on", ""),
        "on_parcel": rows.parcel_of(matter, request.GET.get("parcel", "")),
    }
    return render(request, "review.html", page)


def _since(request: HttpRequest, looked: int, matter: Matter) -> int:
    """The version to compare with: the one asked for, else that of the last hand-over, else that of the last look."""
    wanted = request.GET.get("since", "")
    if wanted.isdigit():
        return min(int(wanted), matter.version)
    last = matter.events.filter(kind__in=("sent for review", "changes asked for", "signed off")).order_by("-number")
    mine = last.filter(who=request.user).first()
    return mine.version if mine else (0 if looked >= matter.version else looked)


@require_POST
def comment(request: HttpRequest, pk: Any) -> HttpResponse:
    """Says something of a fact, of a section, or of the matter."""
    matter = access.found(request.user, pk, "comment")
    text, fact = request.POST.get("text", "").strip()[:LONGEST], request.POST.get("fact", "")
    vocabulary = host.vocabulary(saving.pack_of(matter))
    if fact and fact not in vocabulary and fact not in vocabulary.sections:
        raise Http404
    if text:
        parcel = rows.parcel_of(matter, request.POST.get("parcel", ""))
        Comment.objects.create(matter=matter, parcel=parcel, fact=fact, text=text, by=request.user)
        trail.note(request.user, "commented", matter, text, fact=fact)
        messages.info(request, "Said.")
    else:
        messages.info(request, "Nothing was said: the comment was empty.")
    return redirect(_back(request, pk))


@require_POST
def resolve(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """Marks a comment as dealt with."""
    matter = access.found(request.user, pk, "comment")
    found = matter.comments.filter(pk=number, resolved=None).first()
    if found is None:
        raise Http404
    found.resolved, found.resolved_by = timezone.now(), request.user
    found.save(update_fields=["resolved", "resolved_by"])
    trail.note(request.user, "comment resolved", matter, found.text)
    return redirect(_back(request, pk))


def _back(request: HttpRequest, pk: Any) -> str:
    after = request.POST.get("back", "")
    fine = after.startswith("/m/") and url_has_allowed_host_and_scheme(after, None)
    return after if fine else reverse("review", args=[pk])


_NEXT = {"send": "in review", "return": "changes asked for", "reopen": "open", "close": "closed"}
_DONE = {
    "send": "sent for review", "return": "changes asked for", "reopen": "opened again", "close": "closed",
    "sign": "signed off",
}  # fmt: skip


@require_POST
def move(request: HttpRequest, pk: Any, action: str) -> HttpResponse:
    """Moves a matter on: to review, back with a reason, signed off and frozen, opened again, closed."""
    if action not in _DONE:
        raise Http404
    matter = access.found(request.user, pk, action)
    reason = request.POST.get("reason", "").strip()[:LONGEST]
    if action in ("return", "reopen") and not reason:
        messages.info(request, "Give a reason.")
        return redirect("review", pk)
    if action == "sign":
        return _sign(request, matter, reason)
    with transaction.atomic():
        locked = Matter.objects.select_for_update().get(pk=pk)
        if locked.status != matter.status:
            raise PermissionDenied(f"This matter is {locked.status} by now.")
        locked.status = _NEXT[action]
        locked.save(update_fields=["status", "changed"])
        if action == "reopen":
            locked.signoffs.filter(reopened=None).update(reopened=timezone.now())
        trail.add(request.user, _DONE[action], locked, after={"says": reason})
    messages.info(request, f"This matter is now {_NEXT[action]}.")
    return redirect("review", pk)


def _sign(request: HttpRequest, matter: Matter, statement: str) -> HttpResponse:
    """Signs a matter off as it was shown, and freezes it: its facts, the law's hash, its document."""
    if request.POST.get("version") != str(matter.version):
        messages.info(request, "It was changed since this page was shown. Look again before you sign.")
        return redirect("review", matter.pk)
    view = rows.view(matter)
    paper = matter.papers.filter(pk=request.POST.get("paper") or 0).first()
    left = matter.comments.filter(resolved=None).count()
    if (
        view.read.matter is None
        or left
        or not request.POST.get("sure")
        or paper is None
        or paper.version != matter.version
    ):
        wrong = [
            (view.read.matter is None, "The facts contradict each other."),
            (bool(left), f"{left} comment{' is' if left == 1 else 's are'} not resolved."),
            (paper is None or paper.version != matter.version, "Choose a document that was made from this version."),
            (not request.POST.get("sure"), "Tick that you have read it."),
        ]
        messages.info(request, "Not signed off. " + " ".join(says for holds, says in wrong if holds))
        return redirect("review", matter.pk)
    with transaction.atomic():
        locked = Matter.objects.select_for_update().get(pk=matter.pk)
        if locked.version != matter.version or locked.status != matter.status:
            raise PermissionDenied("It was changed at the same moment. Look again before you sign.")
        locked.status = "signed off"
        locked.save(update_fields=["status", "changed"])
        law = host.law_hash(view.pack)
        text = factsets.as_yaml(matter, matter.entries.all())
        SignOff.objects.create(
            matter=locked,
            version=locked.version,
            by=request.user,
            statement=statement,
            facts=text,
            law=law,
            paper=paper,
        )
        trail.add(request.user, "signed off", locked, after={"says": statement, "sha256": paper.sha256}, law=law)
    messages.info(request, "Signed off. The matter is frozen: its facts, the law and the document.")
    return redirect("review", matter.pk)
