"""The interview: one question a page, the most decisive first, as `caprev ask` puts them."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from caprev_web import access, controls, host, rows, saving, strict
from caprev_web.models import Matter
from caprev_web.rows import View
from caprev_web.views import strict as strictly
from caprev_web.views.facts import kept, seen_in

LATER, ANSWERED = "later", "answered"


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, pk: Any) -> HttpResponse:
    """Asks, takes an answer, and goes on; or goes back, or to a question that is named."""
    matter = access.found(request.user, pk, "edit")
    sent = request.POST if request.method == "POST" else request.GET
    parcel = rows.parcel_of(matter, sent.get("parcel", ""))
    if request.method == "POST":
        return _answered(request, matter, parcel)
    view = rows.view(matter, parcel)
    name = sent.get("fact", "")
    if view.events and not matter.parcels and view.read.matter is not None:
        return strictly.begin(request, matter)
    if view.strict and not name:
        parcel, name = strictly.next_question(view, lambda event: _sitting(request, pk, event)[LATER])
        view = rows.view(matter, parcel) if parcel else view
    if name and name not in view.known:
        raise Http404
    sitting = _sitting(request, pk, parcel)
    if not view.strict:
        name = name or _next(view, sitting)
    page = _page(view, name, sitting)
    if view.strict:  # what was said last may be of another event
        page["said"] = _sitting(request, pk, rows.WHOLE).get("said")
    return render(request, "ask.html", page)


def _answered(request: HttpRequest, matter: Matter, parcel: str) -> HttpResponse:
    sent, name = request.POST, request.POST.get("fact", "")
    if name not in host.vocabulary(saving.pack_of(matter)):
        raise Http404
    sitting = _sitting(request, matter.pk, parcel)
    if sent.get("do") == "later":
        sitting[LATER] = [*(fact for fact in sitting[LATER] if fact != name), name]
        request.session.modified = True
        return redirect(_address(matter, rows.WHOLE if host.strict(saving.pack_of(matter)) else parcel))
    filled = controls.posted(sent)
    if filled.how == controls.UNSAID and not filled.first:
        filled = controls.Filled(controls.UNKNOWN)
    before = rows.view(matter, parcel)
    change = saving.Change(
        parcel, name, filled, sent.get("source", "").strip(), sent.get("standing", ""), sent.get("note", "").strip()
    )
    status, conflict = 200, None
    try:
        entry = saving.put(request.user, matter, change, seen_in(sent))
    except saving.Conflict as error:
        entry, status = error.theirs, 409
        fact = host.vocabulary(saving.pack_of(matter))[name]
        theirs = host.in_words(fact, entry.value) or "nothing"
        conflict = {
            "entry": entry,
            "theirs": theirs,
            "mine": filled.first or filled.how,
            "fact": name,
            "seen": sent.get("seen", ""),
        }
    fresh = rows.view(entry.matter, parcel)
    if entry.problem or conflict:
        page = _page(fresh, name, sitting) | {"conflict": conflict}
        if conflict:
            page["row"] = kept(fresh.row(name), change)
        return render(request, "ask.html", page, status=status if conflict else 422)
    sitting[ANSWERED] = [*(fact for fact in sitting[ANSWERED] if fact != name), name]
    _sitting(request, matter.pk, rows.WHOLE if fresh.strict else parcel)["said"] = {
        "fact": name,
        "was": _headlines(before),
        "is": _headlines(fresh),
    }
    request.session.modified = True
    # Under strict rules the next question may be of another event.
    return redirect(_address(matter, rows.WHOLE if fresh.strict else parcel))


def _headlines(view: View) -> str:
    return "; ".join(f"{item.title}: {item.headline}" if item.title else item.headline for item in view.standing)


def _address(matter: Matter, parcel: str) -> str:
    return reverse("ask", args=[matter.pk]) + (f"?{urlencode({'parcel': parcel})}" if parcel else "")


def _sitting(request: HttpRequest, pk: Any, parcel: str) -> dict[str, Any]:
    """What was answered and put off in this sitting, in its order."""
    sittings: dict[str, Any] = request.session.setdefault("sittings", {})
    found: dict[str, Any] = sittings.setdefault(f"{pk} {parcel}", {LATER: [], ANSWERED: []})
    return found


def _next(view: View, sitting: dict[str, Any]) -> str:
    """As `caprev ask`: the story, then what matters most, then what was put off; empty where nothing could matter."""
    left = [name for name in view.questions if not _declined(view, name)]
    told = [name for name in view.story if not _declined(view, name)] if left else []
    asked = list(dict.fromkeys([*told, *left]))
    first = [name for name in asked if name not in sitting[LATER]]
    return next(iter([*first, *(name for name in sitting[LATER] if name in asked)]), "")


def _declined(view: View, name: str) -> bool:
    entry = view.entry(name) or view.entries.get((rows.WHOLE, name))
    return entry is not None and entry.value == controls.UNKNOWN


def _open(view: View) -> list[host.Question]:
    """What is not known, was said not to be, and could still matter."""
    if not view.strict:
        return [view.questions[fact] for fact in view.questions if _declined(view, fact)]
    asked = {(question.parcel, question.fact): question for item in view.standing for question in item.questions}
    return [question for place, question in asked.items() if view.entries.get(place) is not None]


def _page(view: View, name: str, sitting: dict[str, Any]) -> dict[str, Any]:
    why = None
    if name and view.read.matter is not None and view.strict:
        why = strict.why(view.text, view.pack, view.parcel, name)
    elif name and view.read.matter is not None:
        assessment = host.assessed(view.text, saving.position_of(view.matter), view.pack)
        chosen = [item for item in assessment.analyses if view.parcel in (rows.WHOLE, item.parcel.id)]
        among = chosen or list(assessment.analyses)
        # Of several parcels the one that the answer matters to says why.
        why = host.why(next((item for item in among if name in [row.fact for row in item.missing]), among[0]), name)
    answered = sitting[ANSWERED]
    place = answered.index(name) if name in answered else len(answered)
    left = [view.questions[fact] for fact in view.questions if not _declined(view, fact)]
    if view.strict:
        left = strictly.left(view)
    return {
        "matter": view.matter,
        "view": view,
        "row": view.row(name) if name else None,
        "why": why,
        "back": answered[place - 1] if place else "",
        "answers": [view.row(fact) for fact in answered if fact in view.known],
        "said": sitting.get("said"),
        "left": len(left),
        "telling": sum(question.telling if view.strict else question.moves for question in left),
        "open": _open(view),
        "conflict": None,
        "section": name.partition(".")[0],
    }
