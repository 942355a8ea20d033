"""The trail of a matter: who changed what and when, the facts as they were, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from caprev.facts.vocabulary import worded
from caprev_web import access, factsets, host, saving, trail
from caprev_web.models import Event, Matter

A_PAGE = 50
FACTS = ("fact", "undo", "upload")


@dataclass(frozen=True)
class Line:
    """One event as the history shows it."""

    event: Event
    what: str
    before: str
    after: str
    undoable: bool


@require_GET
def listed(request: HttpRequest, pk: Any) -> HttpResponse:
    """Everything that happened to a matter, the last first; of one fact, if asked so."""
    matter = access.found(request.user, pk)
    events = matter.events.select_related("who").order_by("-number")
    fact, who = request.GET.get("fact", ""), request.GET.get("who", "")
    if fact:
        events = events.filter(fact=fact)
    if who:
        events = events.filter(name=who)
    page = Paginator(events, A_PAGE).get_page(request.GET.get("page"))
    editable = access.may(request.user, "edit", matter)
    lines = [line(matter, event, editable) for event in page]
    whole = not list(trail.broken(matter.events.order_by("number")))
    names = sorted(set(matter.events.values_list("name", flat=True)))
    shown = {"matter": matter, "page": page, "lines": lines, "fact": fact, "who": who, "names": names, "whole": whole}
    shown |= {"events": host.events(saving.pack_of(matter)), "called": host.called(saving.pack_of(matter))}
    return render(request, "history.html", shown)


def line(matter: Matter, event: Event, editable: bool = False) -> Line:
    """An event in words."""
    vocabulary = host.vocabulary(saving.pack_of(matter))
    if event.fact in vocabulary:
        told = {side: _said(vocabulary[event.fact], getattr(event, side)) for side in ("before", "after")}
        what = vocabulary[event.fact].ask
        return Line(event, what, told["before"], told["after"], editable and event.kind in FACTS)
    if event.kind == "created":
        count = len(event.after["entries"])
        return Line(event, "Started", "", f"{count} fact{'' if count == 1 else 's'}", False)
    if event.kind == "matter":
        changed = [key for key in event.after if event.before.get(key) != event.after[key]]
        before, after = (
            "; ".join(f"{worded(key).removesuffix(' id')}: {_short(side.get(key))}" for key in changed)
            for side in (event.before, event.after)
        )
        return Line(event, "The matter itself", before, after, editable)
    after = event.after.get("says", "") if isinstance(event.after, dict) else ""
    return Line(event, event.kind.capitalize(), "", str(after), False)


def _short(value: Any) -> str:
    if isinstance(value, list):  # parcels, or events
        value = ", ".join(str(part.get("title") or part["id"]) for part in value)
    return str(value if value not in (None, "", {}) else "nothing")[:200]


def _said(fact: Any, state: Any) -> str:
    """A state of an entry in words, with where it came from."""
    if not state:
        return "nothing said"
    value = f"“{state['typed']['first']}” (not understood)" if state["problem"] and state["typed"] else ""
    value = value or host.in_words(fact, state["value"]) or "nothing said"
    more = [state[key] for key in factsets.KEYS if state[key]]
    return f"{value} ({'; '.join(more)})" if more else value


@require_GET
def at(request: HttpRequest, pk: Any, version: int) -> HttpResponse:
    """The facts as they were at a version, beside those of now."""
    matter = access.found(request.user, pk)
    if not 1 <= version <= matter.version:
        raise Http404
    then = {(state["parcel"], state["fact"]): state for state in trail.entries_at(matter, version)}
    now = {(entry.parcel, entry.fact): factsets.state(entry) for entry in matter.entries.all()}
    vocabulary = host.vocabulary(saving.pack_of(matter))
    order = {name: place for place, name in enumerate(vocabulary.facts)}
    changed = []
    same = 0
    for place in sorted({*then, *now}, key=lambda place: (place[0], order.get(place[1], 0))):
        one, two = then.get(place), now.get(place)
        if one == two:
            same += 1
        elif place[1] in vocabulary:
            fact = vocabulary[place[1]]
            changed.append({"fact": fact, "parcel": place[0], "then": _said(fact, one), "now": _said(fact, two)})
    event = matter.events.filter(version__lte=version).order_by("-number").first()
    page = {"matter": matter, "version": version, "changed": changed, "same": same, "event": event}
    page |= {"events": host.events(saving.pack_of(matter)), "called": host.called(saving.pack_of(matter))}
    return render(request, "at.html", page)


@require_POST
def undo(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """Puts a fact back to what it was before an event. The undoing is an event too, and can be undone."""
    matter = access.found(request.user, pk, "edit")
    event = matter.events.filter(number=number, kind__in=(*FACTS, "matter")).first()
    if event is None:
        raise Http404
    if event.kind == "matter":
        return _undo_of_matter(request, matter, event)
    state = event.before or saving.blank(event.parcel, event.fact)
    saving.put_state(request.user, pk, state)
    messages.info(request, "Put back as it was before. The history keeps both.")
    query = f"?{urlencode({'parcel': event.parcel})}" if event.parcel else ""
    section = event.fact.partition(".")[0]
    return redirect(f"{reverse('section', args=[pk, section])}{query}#{event.fact.replace('.', '-')}")


def _undo_of_matter(request: HttpRequest, matter: Matter, event: Event) -> HttpResponse:
    """Puts back what was changed of the matter itself; a parcel that has facts by now does not go with it."""
    fields = {key: event.before[key] for key in event.after if event.before.get(key) != event.after[key]}
    gone = {parcel["id"] for parcel in matter.parcels} - {
        parcel["id"] for parcel in fields.get("parcels", matter.parcels)
    }
    one = host.called(saving.pack_of(matter)).one
    if used := sorted(set(matter.entries.filter(parcel__in=gone).exclude(value=None).values_list("parcel", flat=True))):
        messages.info(request, f"Nothing was put back: {one} {', '.join(used)} has facts by now. Clear them first.")
        return redirect("history", matter.pk)
    saving.describe(request.user, matter.pk, fields)
    messages.info(request, "Put back as it was before. The history keeps both.")
    return redirect("about", matter.pk)
