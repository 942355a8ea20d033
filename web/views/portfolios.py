"""Portfolios: a file in, a conclusion for every row; the same as `caprev batch`."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprev_web import access, batching, host, trail
from caprev_web.models import Portfolio

LARGEST = 5_000_000
A_PAGE = 50
RUNNING = 2
"""Runs at a time of one person."""


def folder(found: Portfolio) -> Path:
    """Where the files of a portfolio are."""
    return Path(settings.DATA) / "portfolios" / str(found.pk)


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """One's own portfolios and one's team's, and a new one."""
    access.require(request.user, "portfolios")
    problems: list[str] = []
    if request.method == "POST":
        made, problems = _made(request)
        if made is not None:
            return redirect("portfolio", made.pk)
    rows = [(found, batching.progress(folder(found))) for found in _mine(request)[:100]]
    page = {"rows": rows, "problems": problems, "bodies": host.bodies()}
    return render(request, "portfolios.html", page, status=422 if problems else 200)


def _mine(request: HttpRequest) -> Any:
    found = Portfolio.objects.select_related("by")
    own = found.filter(by=request.user)
    return (own | found.filter(team=request.user.team_id)) if request.user.team_id else own


def _made(request: HttpRequest) -> tuple[Portfolio | None, list[str]]:
    sent = request.FILES.get("file")
    if sent is None:
        return None, ["Choose a file."]
    suffix = Path(sent.name).suffix.lower()
    if suffix not in batching.SUFFIXES:
        return None, [f"A portfolio is one of {', '.join(batching.SUFFIXES)}."]
    if sent.size > LARGEST:
        return None, [f"The file is {sent.size:,} bytes long; at most {LARGEST:,}. For more: caprev batch."]
    running = [
        found
        for found in Portfolio.objects.filter(by=request.user)[:20]
        if batching.progress(folder(found))["state"] == "running"
    ]
    if len(running) >= RUNNING:
        return None, [f"{RUNNING} of yours are running. Wait for one to end."]
    pack = request.POST.get("pack", "")
    pack = pack if pack in dict(host.bodies()) else host.bodies()[0][0]
    if host.strict(pack) and suffix == ".parquet":
        return None, ["Under strict rules a portfolio is one of .csv, .jsonl, .ndjson."]
    plain = re.sub(r"[^\w .()-]", "", Path(sent.name).name)[:120] or "portfolio"
    made = Portfolio.objects.create(name=plain, suffix=suffix, pack=pack, by=request.user, team=request.user.team)
    place = folder(made)
    place.mkdir(parents=True, mode=0o700)
    (place / f"in{suffix}").write_bytes(sent.read())
    (place / "asked.json").write_text(json.dumps({"suffix": suffix, "pack": pack, "position": ""}))
    batching.start(place)
    trail.add(request.user, "portfolio started", after={"bytes": sent.size})
    return made, []


def _found(request: HttpRequest, pk: Any) -> Portfolio:
    access.require(request.user, "portfolios")
    found: Portfolio | None = _mine(request).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@require_GET
def portfolio(request: HttpRequest, pk: Any) -> HttpResponse:
    """How far it is; then the shares, and the rows, which can be filtered."""
    found = _found(request, pk)
    progress = batching.progress(folder(found))
    page: dict[str, Any] = {"portfolio": found, "progress": progress, "rows": [], "number": 1, "next": False}
    page["called"] = host.called(found.pack)
    if progress["state"] == "done":
        outcome, wanted = request.GET.get("outcome", ""), request.GET.get("q", "").strip()[:100]
        number = max(1, int(request.GET.get("page", "1") or 1)) if request.GET.get("page", "1").isdigit() else 1
        questions = progress.get("questions")
        kept = (row for row in _rows(found) if _fits(row, outcome, wanted, questions))
        shown = list(islice(kept, (number - 1) * A_PAGE, number * A_PAGE + 1))
        page |= {"rows": shown[:A_PAGE], "number": number, "next": len(shown) > A_PAGE, "outcome": outcome, "q": wanted}
    name = "parts/portfolio.html" if request.headers.get("HX-Request") else "portfolio.html"
    return render(request, name, page)


def _rows(found: Portfolio) -> Iterator[dict[str, str]]:
    with open(folder(found) / "out.csv", newline="", encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def _fits(row: dict[str, str], outcome: str, wanted: str, questions: list[str] | None) -> bool:
    """Whether a row is among those asked for; under strict rules it is answered, or a question of it is open."""
    if questions is not None:
        kind = batching.standing(row, questions)
    else:
        kind = "error" if row["error"] else row["characterisation"]
    return outcome in ("", kind) and wanted.lower() in f"{row['id']} {row['error']}".lower()


@require_GET
def download(request: HttpRequest, pk: Any) -> FileResponse:
    """The conclusions, a row each."""
    found = _found(request, pk)
    path = folder(found) / "out.csv"
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename="conclusions.csv", content_type="text/csv; charset=utf-8"
    )


@require_POST
def steer(request: HttpRequest, pk: Any, action: str) -> HttpResponse:
    """Goes on with a run that was cut short, or removes a portfolio with its files."""
    found = _found(request, pk)
    state = batching.progress(folder(found))["state"]
    if action == "resume" and state == "stopped":
        batching.start(folder(found))
        return redirect("portfolio", pk)
    if action == "remove" and state != "running" and found.by_id == request.user.pk:
        shutil.rmtree(folder(found), ignore_errors=True)
        found.delete()
        trail.add(request.user, "portfolio removed")
        return redirect("portfolios")
    raise Http404
