"""The law, readable: cases and rules, each with what it rests on; and a matter beside a case."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from caprev_web import access, host, lawpages, rows, saving, strict_papers
from caprev_web.views import strict as strictly

A_PAGE = 30


def _pack(request: HttpRequest) -> str:
    wanted = request.GET.get("pack", "")
    return wanted if wanted in dict(host.bodies()) else host.bodies()[0][0]


def _page(name: str, pack: str) -> str:
    return strict_papers.page(name, pack) if host.strict(pack) else host.page(name, pack)


def _rules(pack: str) -> Any:
    return strict_papers.rules(pack) if host.strict(pack) else host.rules(pack)


@require_GET
def cases(request: HttpRequest) -> HttpResponse:
    """The decided cases: by words, outcome and court."""
    access.require(request.user, "law")
    if host.strict(_pack(request)):
        return render(request, "cases.html", {"page": None, "pack": _pack(request), "bodies": host.bodies()})
    wanted, outcome, court = (request.GET.get(name, "").strip() for name in ("q", "outcome", "court"))
    pack = _pack(request)
    whole = host.cases("", pack)
    found = [
        case
        for case in host.cases(wanted[:200].lower(), pack)
        if outcome in ("", case.outcome) and court in ("", case.court)
    ]
    page = Paginator(sorted(found, key=lambda case: case.decided, reverse=True), A_PAGE).get_page(
        request.GET.get("page")
    )
    shown = {"page": page, "q": wanted, "outcome": outcome, "court": court, "pack": pack, "bodies": host.bodies()}
    shown["courts"] = sorted({case.court for case in whole})
    shown["outcomes"] = sorted({case.outcome for case in whole})
    return render(request, "cases.html", shown)


@require_GET
def case(request: HttpRequest, name: str) -> HttpResponse:
    """A case: what it decided, because of what, despite what, on which facts."""
    access.require(request.user, "law")
    pack = _pack(request)
    if host.strict(pack):
        raise Http404
    found = next((item for item in host.cases("", pack) if item.id == name), None)
    if found is None:
        raise Http404
    mine = list(access.visible(request.user).only("id", "title")[:50])
    texts = {rule.id: rule.text for rule in host.rules(pack)}
    page = {"case": found, "texts": texts, "facts": host.case_facts(name, pack), "mine": mine, "pack": pack}
    return render(request, "case.html", page)


@require_GET
def near(request: HttpRequest, pk: Any) -> HttpResponse:
    """The cases most on point for a matter; one of them point by point, if it is named."""
    matter = access.found(request.user, pk)
    view = rows.view(matter)
    if view.strict:
        return strictly.not_here(request, view, "near")
    position = saving.position_of(matter)
    page: dict[str, Any] = {"matter": matter, "view": view, "parts": [], "compared": (), "case": None}
    page["every"] = sorted(host.cases("", view.pack), key=lambda item: item.citation)
    if view.read.matter is not None:
        page["parts"] = [(item, host.near(view.text, item.parcel, position, view.pack)) for item in view.standing]
        name = request.GET.get("case", "")
        if name:
            page["case"] = next((item for item in page["every"] if item.id == name), None)
            if page["case"] is None:
                raise Http404
            page["compared"] = host.compared(view.text, name, position, view.pack)
            page["texts"] = {rule.id: rule.text for rule in host.rules(view.pack)}
    return render(request, "near.html", page)


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, by words and kind; the pages of the handbook beside them."""
    access.require(request.user, "law")
    pack = _pack(request)
    wanted, kind = request.GET.get("q", "").strip()[:200], request.GET.get("kind", "")
    whole = _rules(pack)
    words = wanted.lower().split()
    found = [
        rule
        for rule in whole
        if kind in ("", rule.kind)
        and all(word in f"{rule.id} {rule.text} {' '.join(rule.authority)}".lower() for word in words)
    ]
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    kinds = sorted({rule.kind for rule in whole})
    shown = {"page": page, "q": wanted, "kind": kind, "kinds": kinds, "pack": pack, "bodies": host.bodies()}
    shown["chapters"] = lawpages.chapters(pack)
    return render(request, "rules.html", shown)


@require_GET
def rule(request: HttpRequest, name: str) -> HttpResponse:
    """One rule: what it says, when it is met, its authority with its mark, its limits and examples."""
    access.require(request.user, "law")
    pack = _pack(request)
    found = next((item for item in _rules(pack) if item.id == name), None)
    if found is None:
        raise Http404
    page = {"rule": found, "html": mark_safe(lawpages.rule(name, pack)), "pack": pack}
    return render(request, "rule.html", page)


@require_GET
def chapter(request: HttpRequest, name: str) -> HttpResponse:
    """A page of the handbook: a theme of factors, the authorities, the facts."""
    access.require(request.user, "law")
    pack = _pack(request)
    chapters = lawpages.chapters(pack)
    if name not in chapters:
        raise Http404
    html = mark_safe(lawpages.chapter(name, pack))
    return render(request, "chapter.html", {"name": name, "title": chapters[name], "html": html, "pack": pack})


@require_GET
def fault(request: HttpRequest, name: str) -> HttpResponse:
    """A file in which a fault of a rule is reported: to send by whatever way one has. Nothing leaves by itself."""
    access.require(request.user, "law")
    pack = _pack(request)
    if name not in {item.id for item in _rules(pack)}:
        raise Http404
    text = (
        f"# A fault in the rule {name}\n\nBody of law: {pack}\nRulebook: {host.law_hash(pack)}\n\n"
        "What the rule says:\n\n"
        + "\n".join(f"    {line}" for line in _page(name, pack).splitlines())
        + "\n\nWhat is wrong with it, and where it is written otherwise (ruling, case or section, and paragraph):\n\n\n"
        "On which facts it shows (no names, no addresses):\n\n\n"
    )
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="fault-{name.replace("/", "-")}.md"'
    return response
