"""The pages of a matter under strict rules, where they are not those of a matter that is weighed; and its events."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from caprev_web import access, controls, factsets, host, rows, saving, strict
from caprev_web.models import Matter
from caprev_web.rows import View

NOT_HERE = {
    "near": "The rules of this law are applied, not weighed, so there is no case to set beside the matter.",
    "drawing": "The rules of this law are applied, not weighed, so there is nothing to draw: no balance, no argument.",
}
"""What does not make sense where nothing is weighed, each in a sentence."""


def reasons(request: HttpRequest, view: View) -> HttpResponse:
    """Every answer with its rules, numbers and authorities; ways side by side; what is missing."""
    parts: tuple[str, ...] = ()
    if view.read.matter is not None:
        # The engine escapes all that people typed; see tests/web on planted markup.
        parts = tuple(mark_safe(part) for part in strict.reasons(view.text, view.pack))
    return render(request, "strict/reasons.html", {"matter": view.matter, "view": view, "parts": parts})


def not_here(request: HttpRequest, view: View, tab: str) -> HttpResponse:
    """A page that would say nothing of strict rules says that."""
    return render(request, "strict/not-here.html", {"matter": view.matter, "tab": tab, "says": NOT_HERE[tab]})


def changes(request: HttpRequest, view: View) -> HttpResponse:
    """What is missing and what it would settle; the next day on which each event turns; if asked, facts otherwise."""
    page: dict[str, Any] = {"matter": view.matter, "view": view, "missing": (), "days": (), "flips": None}
    if view.read.matter is not None:
        page["missing"] = strict.missing(view.text, view.pack)
        page["days"] = strict.days(view.text, view.pack)
        page["flips"] = strict.flips(view.text, view.pack) if request.GET.get("most") else None
    return render(request, "strict/changes.html", page)


def whatif(request: HttpRequest, view: View) -> HttpResponse:
    """Other facts supposed, of the matter or of one event: what moves. Nothing is saved, unless taken over."""
    sent = request.POST if request.method == "POST" else request.GET
    supposed = _supposed(sent, view)
    page: dict[str, Any] = {"matter": view.matter, "view": view, "supposed": [], "problems": [], "moved": None}
    values: dict[str, Any] = {}
    for name, text in supposed.items():
        event, _, fact = name.rpartition(":")
        entry = view.entries.get((event, fact)) or view.entries.get((rows.WHOLE, fact))
        told = host.in_words(view.known[fact], entry.value if entry else None)
        row = {"name": name, "text": text, "fact": view.known[fact], "of": view.names.get(event, ""), "is": told}
        page["supposed"].append(row)
        try:
            values[name] = host.supposed_value(view.known[fact], text, entry.value if entry else None)
        except ValueError as error:
            page["problems"].append(host.Told(f"{view.known[fact].ask} {error}"))
    if view.read.matter is None:
        page["problems"] = list(view.problems)
    elif supposed and not page["problems"]:
        try:
            page["moved"] = strict.whatif(view.text, view.pack, values)
        except host.BadInput as error:
            page["problems"] = [host.told(problem, lines=False) for problem in error.problems]
    if request.method == "POST" and supposed and not page["problems"]:
        return _taken_over(request, view, values)
    return render(request, "strict/whatif.html", page, status=422 if page["problems"] else 200)


def _supposed(sent: Any, view: View) -> dict[str, str]:
    """Facts supposed, as `EVENT:section.fact` or `section.fact`: each `set` says one, and the fields another."""
    found = dict(item.split("=", 1) for item in sent.getlist("set") if "=" in item)
    fact, value = sent.get("fact", ""), sent.get("value", "").strip()
    if fact and value:
        found[fact] = value
    dropped, known = sent.getlist("drop"), {}
    for name, text in found.items():
        event, _, fact = name.rpartition(":")
        mine = fact in view.known and (not event or event in view.names)
        if mine and name not in dropped and text.strip():
            known[name] = text.strip()
    return known


def _taken_over(request: HttpRequest, view: View, values: dict[str, Any]) -> HttpResponse:
    """A copy of the matter in which the facts are as supposed. A fact of the matter is then one of every event."""
    access.require(request.user, "start")
    matter = view.matter
    states = [factsets.state_of(entry) for entry in view.entries.values()]
    title = f"What if: {matter.title}"
    made = saving.start(request.user, factsets.Taken(title, "", dict(matter.about), list(matter.parcels), states))
    changes = []
    for name, value in values.items():
        event, _, fact = name.rpartition(":")
        own = bool(view.events) and fact.startswith(f"{view.events}.")
        places = [event] if event else [place for place, known in view.entries if known == fact and place]
        if not event and not own:
            places.append(rows.WHOLE)
        for place in places:
            changes.append(saving.supposed(place, fact, value))
    saving.put_states(request.user, made.pk, changes, "fact")
    return redirect("matter", made.pk)


# --- the interview ----------------------------------------------------------------------------------------------------


def left(view: View) -> list[host.Question]:
    """What is still to be asked, of any event: what an open question waits on first."""
    asked: dict[tuple[str, str], host.Question] = {}
    for item in sorted(view.standing, key=lambda item: item.characterisation != "open"):
        for question in item.questions:
            entry = view.entries.get((question.parcel, question.fact))
            if entry is None or entry.value != controls.UNKNOWN:
                asked.setdefault((question.parcel, question.fact), question)
    return list(asked.values())


def next_question(view: View, later: Callable[[str], Sequence[str]]) -> tuple[str, str]:
    """The event and the fact that are asked for next, both empty where nothing is; what was put off comes last."""
    found = sorted(left(view), key=lambda question: question.fact in later(question.parcel))
    return (found[0].parcel, found[0].fact) if found else ("", "")


def begin(request: HttpRequest, matter: Matter) -> HttpResponse:
    """The first question of a law of events: what happened."""
    return render(request, "strict/begin.html", {"matter": matter, "view": rows.view(matter)})


# --- events -----------------------------------------------------------------------------------------------------------


@require_POST
def events(request: HttpRequest, pk: Any) -> HttpResponse:
    """Adds an event with its kind and day, says which one it follows, or takes it out with its facts."""
    matter = access.found(request.user, pk, "edit")
    section = host.events(saving.pack_of(matter))
    if not section:
        raise Http404
    sent = request.POST
    if sent.get("do") == "add":
        return _added(request, matter, section)
    ident = sent.get("event", "")
    if ident not in [part["id"] for part in matter.parcels]:
        raise Http404
    if sent.get("do") == "out":
        facts = [entry.fact for entry in saving.entries_of(matter) if entry.parcel == ident]
        saving.put_states(request.user, pk, [saving.blank(ident, fact) for fact in facts], "fact")
        saving.arrange(request.user, pk, lambda parts: [part for part in parts if part["id"] != ident])
        messages.info(request, "Taken out. The history keeps its facts.")
        return redirect("matter", pk)
    title, of = sent.get("title", "").strip()[:200], sent.get("of", "")

    def named(parts: list[dict[str, str]]) -> list[dict[str, str]]:
        known = [part["id"] for part in parts if part["id"] != ident]
        told = {"id": ident, "title": title, "of": of if of in known else ""}
        mine = {key: value for key, value in told.items() if value}
        return [mine if part["id"] == ident else part for part in parts]

    saving.arrange(request.user, pk, named)
    messages.info(request, "Saved.")
    return redirect(_address("section", matter, ident, section))


def _added(request: HttpRequest, matter: Matter, section: str) -> HttpResponse:
    sent, vocabulary = request.POST, host.vocabulary(saving.pack_of(matter))
    kind = sent.get("kind", "")
    if kind not in vocabulary[f"{section}.kind"].values:
        messages.info(request, "Say what happened.")
        return redirect("ask" if sent.get("back") == "ask" else "matter", matter.pk)
    ident = ""

    def added(parts: list[dict[str, str]]) -> list[dict[str, str]]:
        nonlocal ident
        taken, base = [part["id"] for part in parts], re.sub(r"_", "-", kind)
        ident = next(
            name for number in range(1, 999) if (name := f"{base}-{number}" if number > 1 else base) not in taken
        )
        return [*parts, {"id": ident}]

    if len(matter.parcels) >= 200:
        messages.info(request, "A matter has at most 200 events.")
        return redirect("matter", matter.pk)
    saving.arrange(request.user, matter.pk, added)
    told = {"kind": controls.Filled(kind), "date": controls.Filled("exactly", sent.get("date", "").strip())}
    for name, filled in told.items():
        if filled.how != "exactly" or filled.first:
            saving.put(request.user, matter, saving.Change(ident, f"{section}.{name}", filled), 0)
    if sent.get("back") == "ask":
        return redirect("ask", matter.pk)
    return redirect(_address("section", matter, ident, section))


def _address(page: str, matter: Matter, event: str, *more: str) -> str:
    return f"{reverse(page, args=[matter.pk, *more])}?{urlencode({'parcel': event})}"
