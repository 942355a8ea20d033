"""Documents: made, looked at, checked, downloaded, and verified against their record."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprev_web import access, factsets, host, rows, saving, strict_papers, trail
from caprev_web.models import Matter, Paper
from caprev_web.views.matters import file_name

FORMS = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": ("PDF", "application/pdf"),
    "html": ("Web page", "text/html; charset=utf-8"),
    "md": ("Markdown", "text/markdown; charset=utf-8"),
}
PREVIEW = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""Of a document shown in a frame: it may have its own styles, and can do nothing."""


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest, pk: Any) -> HttpResponse:
    """The documents of a matter, and a new one."""
    matter = access.found(request.user, pk, "draft" if request.method == "POST" else "read")
    view = rows.view(matter)
    there = host.documents(view.pack)
    problems: list[Any] = list(view.problems)
    if request.method == "POST" and not problems:
        sent = request.POST
        template, form, edited = sent.get("template", ""), sent.get("form", ""), bool(sent.get("edited"))
        if template not in there or form not in FORMS:
            problems = [host.Told("Choose a document and a form.")]
        elif edited and not there[template].edited:
            problems = [host.Told(f"{there[template].title}: has no edited version.")]
        else:
            parcel = rows.parcel_of(matter, sent.get("parcel", ""))
            made = make(request, matter, view.text, template, form, edited, parcel)
            return redirect("paper", pk, made.pk)
    page = {"matter": matter, "view": view, "problems": problems, "forms": FORMS, "documents": there}
    page["edited"] = [paper.title for paper in there.values() if paper.edited]
    page["papers"] = matter.papers.select_related("by").defer("content", "record", "report")
    return render(request, "papers.html", page, status=422 if request.method == "POST" else 200)


def make(request: HttpRequest, matter: Matter, text: str, template: str, form: str, edited: bool, parcel: str) -> Paper:
    """Makes a document and keeps it with its record. Raises BadInput."""
    pack = saving.pack_of(matter)
    # The record holds the facts as a file that people can read.
    facts = factsets.as_yaml(matter, matter.entries.all())
    if host.strict(pack):
        made = strict_papers.draft(facts, template, form, pack, parcel)
    else:
        made = host.draft(facts, template, form, edited, saving.position_of(matter), pack, parcel)
    digest = hashlib.sha256(made.content).hexdigest()
    checks = [{"name": check.name, "ok": check.ok, "found": check.found} for check in made.checks]
    kept = Paper.objects.create(
        matter=matter,
        template=template,
        form=form,
        edited=edited,
        parcel=parcel,
        version=matter.version,
        content=made.content,
        sha256=digest,
        record=made.record,
        report=made.report,
        checks=checks,
        by=request.user,
    )
    title = host.documents(pack)[template].title
    says = f"{title}{', edited' if edited else ''}, {FORMS[form][0]}, version {matter.version}"
    trail.note(request.user, "document made", matter, says, sha256=digest)
    return kept


def _found(request: HttpRequest, pk: Any, number: int, action: str = "read") -> tuple[Matter, Paper]:
    matter = access.found(request.user, pk, action)
    paper = matter.papers.select_related("by").filter(pk=number).first()
    if paper is None:
        raise Http404
    return matter, paper


@require_GET
def paper(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """A document: how it looks, its checks as a list to tick, and what it was made from."""
    matter, found = _found(request, pk, number)
    view = rows.view(matter)
    checks = []
    for place, check in enumerate(found.checks):
        facts = [
            name for name in dict.fromkeys(re.findall(r"\b[a-z_]+\.[a-z_]+\b", check["found"])) if name in view.known
        ]
        checks.append({**check, "place": place, "ticked": place in found.ticked, "facts": facts})
    page = {"matter": matter, "paper": found, "checks": checks, "forms": FORMS, "view": view}
    page["documents"] = host.documents(view.pack)
    return render(request, "paper.html", page)


@require_POST
def tick(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """Ticks what was checked."""
    matter, found = _found(request, pk, number, "draft")
    ticked = sorted({int(place) for place in request.POST.getlist("ticked") if place.isdigit()})
    found.ticked = [place for place in ticked if place < len(found.checks)]
    found.save(update_fields=["ticked"])
    names = [found.checks[place]["name"] for place in found.ticked]
    trail.note(request.user, "checked", matter, "; ".join(names) or "nothing", paper=found.pk)
    messages.info(request, f"{len(found.ticked)} of {len(found.checks)} checked.")
    return redirect("paper", pk, number)


@require_GET
def preview(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """The document as a web page, from the facts in its record, for the frame in which it is looked at."""
    matter, found = _found(request, pk, number)
    text = json.loads(bytes(found.record))["fact_set"]["text"]
    pack = saving.pack_of(matter)
    if found.form == "html":
        content = bytes(found.content)
    elif host.strict(pack):
        content = strict_papers.draft(text, found.template, "html", pack, found.parcel).content
    else:
        made = host.draft(text, found.template, "html", found.edited, saving.position_of(matter), pack, found.parcel)
        content = made.content
    response = HttpResponse(content, content_type="text/html; charset=utf-8")
    response["Content-Security-Policy"] = PREVIEW
    response["X-Frame-Options"] = "SAMEORIGIN"
    return response


@require_GET
def download(request: HttpRequest, pk: Any, number: int, what: str) -> HttpResponse:
    """The document itself, its record, or the report of what an edited version replaced."""
    matter, found = _found(request, pk, number)
    name = f"{file_name(matter)}-{found.template}{'-edited' if found.edited else ''}.{found.form}"
    if what == "document":
        content, kind = bytes(found.content), FORMS[found.form][1]
    elif what == "record":
        content, kind, name = bytes(found.record), "application/json", f"{name}.record.json"
    elif what == "report" and found.report:
        content, kind, name = found.report.encode(), "text/markdown; charset=utf-8", f"{name}.edits.md"
    else:
        raise Http404
    trail.note(request.user, "downloaded", matter, name)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
def verify(request: HttpRequest, pk: Any, number: int) -> HttpResponse:
    """Whether the document can be made again byte for byte, and what the law of now would change."""
    matter, found = _found(request, pk, number)
    pack = saving.pack_of(matter)
    if host.strict(pack):
        same, lines = strict_papers.verified(bytes(found.record), bytes(found.content), pack)
        page = {"matter": matter, "paper": found, "same": same, "lines": lines, "strict": True}
        as_at = request.GET.get("as_at", "").strip()
        day = as_at if re.fullmatch(r"\d{4}-\d{2}-\d{2}", as_at) else ""
        page |= {"as_at": as_at, "replayed": []}
        try:
            page["replayed"] = strict_papers.replayed(bytes(found.record), day, pack) if day or as_at == "now" else []
        except host.BadInput as error:
            page["replayed"] = [str(problem) for problem in error.problems]
        return render(request, "verify.html", page)
    same, lines = host.verified(bytes(found.record), bytes(found.content), pack)
    page = {"matter": matter, "paper": found, "same": same, "lines": lines, "strict": False}
    position = request.GET.get("position", "")
    position = position if position in dict(host.positions(pack)) else ""
    page |= {"positions": host.positions(pack), "position": position}
    page["replayed"] = host.replayed(bytes(found.record), position, pack) if position else []
    return render(request, "verify.html", page)
