"""The list of matters, new ones, and what is said of a matter itself."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprev_web import access, factsets, host, saving
from caprev_web.models import Matter, User
from caprev_web.models.matters import STATUSES

A_PAGE = 25
LARGEST = 5_000_000
"""Bytes of an uploaded fact set: what the engine reads at most."""


@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """The matters that one may see: mine, my team's or all, by status, found by their words."""
    wanted = request.GET.get("q", "").strip()[:200]
    whose, status = request.GET.get("whose", "all"), request.GET.get("status", "")
    found = access.visible(request.user)
    if whose == "mine":
        found = found.filter(owner=request.user) | found.filter(assignee=request.user)
    elif whose == "team":
        found = found.filter(team=request.user.team_id) if request.user.team_id else found.none()
    if status in STATUSES:
        found = found.filter(status=status)
    for word in wanted.lower().split():
        found = found.filter(words__icontains=word)
    rows = found.select_related("owner", "assignee").defer("words", "about").distinct()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    looks = dict(request.user.look_set.filter(matter__in=[row.pk for row in page]).values_list("matter_id", "version"))
    shown = {"page": page, "q": wanted, "whose": whose, "status": status, "statuses": STATUSES, "looks": looks}
    return render(request, "matters.html", shown)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new matter: blank, from an example, or from a file."""
    access.require(request.user, "start")
    problems: list[Any] = []
    if request.method == "POST":
        made, problems = _made(request)
        if made is not None:
            return redirect("matter" if made.entries.exists() else "ask", made.pk)
    page = {"problems": problems, "examples": host.examples(), "bodies": host.bodies(), "filled": request.POST}
    return render(request, "new.html", page, status=422 if problems else 200)


def _made(request: HttpRequest) -> tuple[Matter | None, list[Any]]:
    title, way = request.POST.get("title", "").strip(), request.POST.get("way", "blank")
    if way == "blank":
        if not title:
            return None, [host.Told("Give the matter a title.", ("title",))]
        pack = request.POST.get("pack", "")
        about = {"pack": pack} if pack in dict(host.bodies()) and pack != host.bodies()[0][0] else {}
        return saving.start(request.user, factsets.Taken(title, "", about, [], [])), []
    if way == "example":
        chosen = next((item for item in host.examples() if item.id == request.POST.get("example")), None)
        if chosen is None:
            return None, [host.Told("Choose an example.", ("example",))]
        text, name = chosen.text, chosen.id
    else:
        text, wrong = uploaded(request)
        if wrong:
            return None, [host.Told(wrong, ("file",))]
        name = "your file"
    return from_text(request.user, text, name, title)


def uploaded(request: HttpRequest) -> tuple[str, str]:
    """The text of the file that was sent, or why there is none."""
    sent = request.FILES.get("file")
    if sent is None:
        return "", "Choose a file."
    if sent.size > LARGEST:
        return "", f"The file is {sent.size:,} bytes long; a fact set has at most {LARGEST:,}."
    try:
        return sent.read().decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        return "", "The file is not text (UTF-8). A fact set is YAML or JSON."


def from_text(user: User, text: str, name: str, title: str = "") -> tuple[Matter | None, list[Any]]:
    """A matter from a fact set in a file. One that only contradicts itself is taken, and shown with its problems."""
    found = host.read(text, name, lines=True)
    if found.matter is None and (found.source is None or not contradicts(found)):
        return None, list(found.problems)
    assert found.source is not None
    data: Any = found.source.data
    pack = str((data.get("matter") or {}).get("pack") or "")
    return saving.start(user, factsets.taken(data, host.vocabulary(pack), host.events(pack)), title), []


def contradicts(found: host.Read) -> bool:
    """Whether nothing else is wrong with a fact set."""
    return all("contradicts" in problem.says for problem in found.problems)


@require_GET
def download(request: HttpRequest, pk: Any) -> HttpResponse:
    """The fact set as a file, as the command line takes it."""
    matter = access.found(request.user, pk)
    text = factsets.as_yaml(matter, matter.entries.all())
    response = HttpResponse(text, content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name(matter)}.yaml"'
    return response


def file_name(matter: Matter) -> str:
    """A name for files of a matter, in plain letters."""
    plain = re.sub(r"[^a-z0-9]+", "-", (matter.reference or matter.title).lower()).strip("-")
    return plain[:60] or "matter"


@require_POST
def copy(request: HttpRequest, pk: Any) -> HttpResponse:
    """A copy of a matter, one's own: to suppose other facts, or for a like case."""
    matter = access.found(request.user, pk)
    access.require(request.user, "start")
    states = [factsets.state_of(entry) for entry in matter.entries.all()]
    about, parcels = dict(matter.about), list(matter.parcels)
    taken = factsets.Taken(f"Copy of {matter.title}", "", about, parcels, states)
    made = saving.start(request.user, taken)
    messages.info(request, "This is a copy. The matter that it was made from stays as it is.")
    return redirect("matter", made.pk)


@require_http_methods(["GET", "POST"])
def about(request: HttpRequest, pk: Any) -> HttpResponse:
    """What is said of the matter itself: title, reference, tags, position, period, parcels, who works on it."""
    matter = access.found(request.user, pk, "edit" if request.method == "POST" else "read")
    problems: list[str] = []
    if request.method == "POST":
        fields, problems = _about(request, matter)
        if not problems:
            saving.describe(request.user, pk, fields)
            messages.info(request, "Saved.")
            return redirect("about", pk)
    team = User.objects.filter(is_active=True, team=matter.team) if matter.team else User.objects.none()
    people = [person for person in team if person.has("author", "reviewer")]
    page = {"matter": matter, "problems": problems, "people": people, "filled": request.POST or None}
    page["positions"] = host.positions(saving.pack_of(matter))
    page["law"] = dict(host.bodies()).get(saving.pack_of(matter) or host.bodies()[0][0], "")
    page["called"] = host.called(saving.pack_of(matter))
    page["weighed"] = not host.strict(saving.pack_of(matter))
    return render(request, "about.html", page, status=422 if problems else 200)


def _about(request: HttpRequest, matter: Matter) -> tuple[dict[str, Any], list[str]]:
    sent, problems = request.POST, []
    title = sent.get("title", "").strip()
    if not title:
        problems.append("Give the matter a title.")
    told = dict(matter.about)
    for name in ("period", "scheme", "as_at", "notes"):
        text = sent.get(name, "").strip()
        if text:
            told[name] = text
        else:
            told.pop(name, None)
    if told.get("as_at") and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(told["as_at"])):
        problems.append("Give the day as at which it is assessed as YYYY-MM-DD, or leave it out.")
    called = host.called(saving.pack_of(matter))
    # Under strict rules parts are events, which have a place of their own.
    weighed = not host.strict(saving.pack_of(matter))
    parcels, wrong = _parcels(sent.get("parcels", ""), called) if weighed else (list(matter.parcels), [])
    problems += wrong
    gone = {parcel["id"] for parcel in matter.parcels} - {parcel["id"] for parcel in parcels}
    if used := sorted(set(matter.entries.filter(parcel__in=gone).exclude(value=None).values_list("parcel", flat=True))):
        problems.append(
            f"{called.one.capitalize()} {', '.join(used)} has facts of its own. Clear them before you take it out."
        )
    names = dict(host.positions(saving.pack_of(matter)))
    position = sent.get("position", "")
    assignee = (
        User.objects.filter(is_active=True, name=sent.get("assignee", "")).first() if sent.get("assignee") else None
    )
    if assignee and (matter.team is None or assignee.team_id != matter.team_id):
        problems.append("Give the matter to somebody of its team.")
    fields = {
        "title": title[:200],
        "reference": sent.get("reference", "").strip()[:80],
        "tags": ", ".join(dict.fromkeys(filter(None, (tag.strip() for tag in sent.get("tags", "").split(",")))))[:200],
        "position": position if position in names else "",
        "about": told,
        "parcels": parcels,
        "assignee_id": assignee.pk if assignee else None,
    }
    return fields, problems


def _parcels(text: str, called: host.Called) -> tuple[list[dict[str, str]], list[str]]:
    """What a matter has several of, one a line: `id: title`."""
    found: list[dict[str, str]] = []
    problems = []
    for line in filter(str.strip, text.splitlines()):
        ident, _, title = (part.strip() for part in line.partition(":"))
        ident = re.sub(r"\s+", "-", ident)
        if not ident or len(ident) > 80:
            problems.append(f"Give every {called.one} a short name.")
        elif ident in [parcel["id"] for parcel in found]:
            problems.append(f"Two {called.many} are called {ident}.")
        found.append({"id": ident, "title": title[:200]})
    if len(found) > 200:
        problems.append(f"A matter has at most 200 {called.many}.")
    return found, problems
