"""Facts from a file into a matter, or from a questionnaire that came back: first what would change, then the change."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from caprev_web import access, factsets, host, rows, saving
from caprev_web.models import Matter
from caprev_web.views.matters import contradicts, uploaded

SAID = ("notes", "statements")
"""Where a matter keeps, in words, what a questionnaire says beside its answers, or what was not understood of them."""


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, pk: Any) -> HttpResponse:
    """Shows what a file would change, and changes it if that is wanted; each fact in the history."""
    matter = access.found(request.user, pk, "edit")
    page: dict[str, Any] = {"matter": matter, "problems": [], "rows": None, "text": "", "answers": None}
    page["forms"] = not host.strict(saving.pack_of(matter))
    if request.method == "POST":
        text, returned = request.POST.get("text", ""), bool(request.POST.get("returned"))
        try:
            if not text:
                text, page["answers"] = _sent(request, matter)
            found = host.read(text, "your file", saving.pack_of(matter), lines=page["answers"] is None and not returned)
            if found.source is None or (found.matter is None and not contradicts(found)):
                raise Unread(list(found.problems))
        except Unread as error:
            page["problems"] = error.told
        else:
            data: Any = found.source.data
            changes, words = _changes(matter, data), _words(matter, data) if returned or page["answers"] else {}
            if request.POST.get("do") == "take":
                saving.put_states(request.user, pk, [row["state"] for row in changes], "upload", words)
                messages.info(request, f"{len(changes)} fact{'' if len(changes) == 1 else 's'} taken from the file.")
                return redirect("matter", pk)
            page |= {"rows": changes, "text": text, "words": words}
    return render(request, "upload.html", page, status=422 if page["problems"] else 200)


class Unread(Exception):
    """A file that cannot be taken, and why."""

    def __init__(self, told: list[host.Told]) -> None:
        super().__init__("cannot be taken")
        self.told = told


def _sent(request: HttpRequest, matter: Matter) -> tuple[str, Any]:
    """A fact set from what was sent; of a questionnaire also what became of each answer. Raises Unread."""
    sent = request.FILES.get("file")
    if sent is not None and not host.strict(saving.pack_of(matter)) and host.is_office(sent.read(4)):
        sent.seek(0)
        facts = factsets.as_yaml(matter, matter.entries.all())
        parcel = rows.parcel_of(matter, request.POST.get("parcel", ""))
        try:
            filled = host.returned(facts, sent.read(), str(sent.name), parcel)
        except host.BadInput as error:
            raise Unread([host.told(problem, lines=False) for problem in error.problems]) from None
        return filled.text, filled
    if sent is not None:
        sent.seek(0)
    text, wrong = uploaded(request)
    if wrong:
        raise Unread([host.Told(wrong, ("file",))])
    return text, None


def _words(matter: Matter, data: Any) -> dict[str, Any]:
    """What the matter would keep in words that it does not keep yet."""
    about = data.get("matter") or {}
    return {name: about[name] for name in SAID if about.get(name) and about[name] != matter.about.get(name)}


def _changes(matter: Matter, data: Any) -> list[dict[str, Any]]:
    vocabulary = host.vocabulary(saving.pack_of(matter))
    taken = factsets.taken(data, vocabulary, host.events(saving.pack_of(matter)))
    parcels = {"", *(parcel["id"] for parcel in matter.parcels)}
    now = {(entry.parcel, entry.fact): entry for entry in matter.entries.all()}
    found = []
    for state in taken.entries:
        entry = now.get((state["parcel"], state["fact"]))
        same = entry is not None and all(getattr(entry, key) == state[key] for key in ("value", *factsets.KEYS))
        if state["parcel"] in parcels and not same:
            fact = vocabulary[state["fact"]]
            before = host.in_words(fact, entry.value) if entry else ""
            found.append({"state": state, "fact": fact, "before": before, "after": host.in_words(fact, state["value"])})
    return found
