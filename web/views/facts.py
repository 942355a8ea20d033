"""A matter: its facts beside where it stands, and the saving of one fact."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from caprev_web import access, controls, host, rows, saving
from caprev_web.models import Look
from caprev_web.rows import View


@require_GET
def matter(request: HttpRequest, pk: Any, section: str = "") -> HttpResponse:
    """The facts of one section, beside the conclusion, its best reasons and what would change it."""
    found = access.found(request.user, pk)
    view = rows.view(found, rows.parcel_of(found, request.GET.get("parcel", "")))
    sections = host.vocabulary(view.pack).sections
    if section and section not in sections:
        raise Http404
    seen, _ = Look.objects.get_or_create(matter=found, user=request.user, defaults={"version": found.version})
    shown = [item.name for item in view.sections]  # facts of an event are not among those of the matter
    page = _page(request, view, section if section in shown else _first(view))
    response = render(request, "matter.html", page)
    if seen.version != found.version:
        Look.objects.filter(pk=seen.pk).update(version=found.version)
    return response


def _first(view: View) -> str:
    """The section to begin with: where something is wrong, else where what matters most is asked for."""
    sections = view.sections
    wrong = next((item.name for item in sections if item.problems), "")
    asked = next(iter(view.questions), "").partition(".")[0]
    return wrong or asked or sections[0].name


def _page(request: HttpRequest, view: View, section: str) -> dict[str, Any]:
    names = [item.name for item in view.sections]
    place = names.index(section)
    return {
        "matter": view.matter,
        "view": view,
        "section": section,
        "rows": view.rows(section),
        "before": names[place - 1] if place else "",
        "after": names[place + 1] if place + 1 < len(names) else "",
        "editable": access.may(request.user, "edit", view.matter),
        "conflict": None,
    }


@require_POST
def save(request: HttpRequest, pk: Any) -> HttpResponse:
    """Saves one fact: a part of the page where htmx asks, else the page again."""
    found = access.found(request.user, pk, "edit")
    sent = request.POST
    name, parcel = sent.get("fact", ""), rows.parcel_of(found, sent.get("parcel", ""))
    if name not in host.vocabulary(saving.pack_of(found)):
        raise Http404
    filled = controls.posted(sent)
    change = saving.Change(
        parcel, name, filled, sent.get("source", "").strip(), sent.get("standing", ""), sent.get("note", "").strip()
    )
    before = {fact for problem in found.problems for fact in problem["facts"]}
    conflict, status = None, 200
    try:
        fresh = saving.put(request.user, found, change, seen_in(sent)).matter
    except saving.Conflict as error:
        theirs = error.theirs
        fresh = theirs.matter
        fact = host.vocabulary(saving.pack_of(found))[name]
        mine = controls.understood(fact, filled)
        said = host.in_words(fact, mine.value) or "nothing" if not mine.problem else filled.first
        conflict = {
            "entry": theirs,
            "theirs": host.in_words(fact, theirs.value) or "nothing",
            "mine": said,
            "fact": name,
            "seen": sent.get("seen", ""),
        }
        status = 409
    view = rows.view(fresh, parcel)
    section = name.partition(".")[0]
    if request.headers.get("HX-Request"):
        return _part(request, view, section, name, before, conflict, status)
    if conflict:
        page = _page(request, view, section) | {"conflict": conflict}
        page["rows"] = [kept(row, change) if row.fact.name == name else row for row in page["rows"]]
        return render(request, "matter.html", page, status=status)
    query = f"?{urlencode({'parcel': parcel})}" if parcel else ""
    return redirect(f"{reverse('section', args=[pk, section])}{query}#{name.replace('.', '-')}")


def seen_in(sent: Any) -> int:
    """The version that a form is based on: of the fact as it was shown, or the one that a person chose to replace.

    A form that met a conflict stays based on what it showed, so that no later save of it replaces the other unasked.
    """
    found = sent.get("over") or sent.get("seen") or "0"
    return int(found) if found.isdigit() else 0


def kept(row: rows.Row, change: saving.Change) -> rows.Row:
    """A fact's row with what was typed, which was not saved."""
    control = controls.control(row.fact, None, change.filled.as_data())
    return replace(row, control=control, source=change.source, standing=change.standing, note=change.note)


def _part(
    request: HttpRequest, view: View, section: str, name: str, before: set[str], conflict: Any, status: int
) -> HttpResponse:
    """What changed on the page: the fact's state, the facts that contradict it or no longer do, sections, standing."""
    now = {fact for problem in view.problems for fact in problem.facts}
    touched = sorted(fact for fact in (before | now) - {name} if fact.startswith(f"{section}.") and fact in view.known)
    page = {
        "matter": view.matter,
        "view": view,
        "section": section,
        "editable": access.may(request.user, "edit", view.matter),
        "row": view.row(name),
        "others": [view.row(fact) for fact in touched],
        "conflict": conflict,
    }
    return render(request, "parts/saved.html", page, status=status)
