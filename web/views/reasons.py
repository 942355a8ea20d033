"""Why: the reasons as a page; and what would change them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_http_methods

from caprev_web import access, factsets, host, rows, saving
from caprev_web.models import Matter
from caprev_web.views import strict

DRAWINGS = {"balance": "What weighs how much", "tornado": "How far each fact could move it",
            "cases": "The cases, near and far", "graph": "The argument"}  # fmt: skip


@require_GET
def reasons(request: HttpRequest, pk: Any) -> HttpResponse:
    """The memorandum as a page. Another position may be looked at; what that changes is said."""
    matter = access.found(request.user, pk)
    view = rows.view(matter)
    if view.strict:
        return strict.reasons(request, view)
    known = dict(host.positions(view.pack))
    position = request.GET.get("position", "")
    position = position if position in known else saving.position_of(matter)
    page: dict[str, Any] = {"matter": matter, "view": view, "position": position, "positions": known, "parts": []}
    if view.read.matter is not None:
        parts = host.reasons(view.text, position, view.pack)
        # The engine escapes all that people typed; see tests/web on planted markup.
        page["parts"] = [(part, mark_safe(part.html)) for part in parts]
        own = host.reasons(view.text, saving.position_of(matter), view.pack) if position else parts
        page["moved"] = [(one, two) for one, two in zip(own, parts, strict=True) if one.headline != two.headline]
    return render(request, "reasons.html", page)


@require_GET
def drawing(request: HttpRequest, pk: Any, kind: str) -> HttpResponse:
    """One picture, with its words beside it."""
    matter = access.found(request.user, pk)
    if kind not in DRAWINGS:
        raise Http404
    view = rows.view(matter)
    if view.strict:
        return strict.not_here(request, view, "drawing")
    page: dict[str, Any] = {"matter": matter, "view": view, "kind": kind, "kinds": DRAWINGS, "drawings": []}
    for item in view.standing:
        drawn = host.picture(view.text, kind, item.parcel, saving.position_of(matter), view.pack)
        page["drawings"].append((item, mark_safe(drawn)))
    return render(request, "drawing.html", page)


@require_GET
def changes(request: HttpRequest, pk: Any) -> HttpResponse:
    """What would change the conclusion: facts to find out with their proof, and facts otherwise."""
    matter = access.found(request.user, pk)
    view = rows.view(matter)
    if view.strict:
        return strict.changes(request, view)
    most = 3 if request.GET.get("most") == "3" else 2
    page: dict[str, Any] = {"matter": matter, "view": view, "most": most, "parts": []}
    page["trial_value"] = lambda change: host.trial(view.known[change.fact], change.to, change.values)
    if view.read.matter is not None:
        position = saving.position_of(matter)
        missing = host.missing(view.text, position, view.pack)
        flips = host.flips(view.text, position, view.pack, most)
        page["parts"] = list(zip(view.standing, missing, flips, strict=True))
    return render(request, "changes.html", page)


@require_http_methods(["GET", "POST"])
def whatif(request: HttpRequest, pk: Any) -> HttpResponse:
    """Other facts supposed, on a scratch copy: both conclusions side by side. Nothing is saved, unless taken over."""
    matter = access.found(request.user, pk)
    sent = request.POST if request.method == "POST" else request.GET
    parcel = rows.parcel_of(matter, sent.get("parcel", ""))
    view = rows.view(matter, parcel)
    if view.strict:
        return strict.whatif(request, view)
    supposed = _supposed(sent, view.known)
    page: dict[str, Any] = {"matter": matter, "view": view, "supposed": supposed, "problems": [], "parts": []}
    page["facts"] = view.known
    if view.read.matter is None:
        page["problems"] = list(view.problems)
    elif supposed:
        try:
            position = saving.position_of(matter)
            page["parts"] = host.whatif(view.text, supposed, position, view.pack, parcel)
            page["factors"] = {rule.id: rule.text for rule in host.rules(view.pack)}
        except host.BadInput as error:
            page["problems"] = [host.told(problem, lines=False) for problem in error.problems]
    if request.method == "POST" and not page["problems"]:
        return _taken_over(request, matter, parcel, supposed)
    page["query"] = urlencode([("set", f"{fact}={text}") for fact, text in supposed.items()])
    return render(request, "whatif.html", page, status=422 if page["problems"] else 200)


def _supposed(sent: Any, known: Any) -> dict[str, str]:
    """The facts supposed, by name: each `set` is fact=value; an added one has its own two fields."""
    found = dict(item.split("=", 1) for item in sent.getlist("set") if "=" in item)
    for fact in sent.getlist("fact"):
        if sent.get("value", "").strip():
            found[fact] = sent["value"].strip()
    dropped = sent.getlist("drop")
    return {
        fact: text.strip() for fact, text in found.items() if fact in known and fact not in dropped and text.strip()
    }


def _taken_over(request: HttpRequest, matter: Matter, parcel: str, supposed: dict[str, str]) -> HttpResponse:
    """Makes a copy of the matter in which the facts are as supposed."""
    access.require(request.user, "start")
    states = [factsets.state_of(entry) for entry in matter.entries.all()]
    title = f"What if: {matter.title}"
    made = saving.start(request.user, factsets.Taken(title, "", dict(matter.about), list(matter.parcels), states))
    changes = []
    for name, text in supposed.items():
        fact = host.vocabulary(saving.pack_of(made))[name]
        entry = made.entries.filter(fact=name, parcel__in=[parcel, rows.WHOLE]).order_by("-parcel").first()
        value = host.supposed_value(fact, text, entry.value if entry else None)
        changes.append(saving.supposed(parcel, name, value))
    saving.put_states(request.user, made.pk, changes, "fact")
    return redirect(reverse("matter", args=[made.pk]))
