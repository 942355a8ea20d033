"""The class room: a trainer's lessons, and the pages of those who join by a code."""

from __future__ import annotations

import csv
import io
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from caprev_web import access, host, lessons, readings, trail
from caprev_web.models import Attempt, Lesson, Pupil
from caprev_web.models.classes import KINDS
from caprev_web.views.people import WINDOW, network

GUESSES = 30
"""So many wrong codes from one network are heard in a quarter of an hour."""
MOST = 300
"""Pupils of one class."""


@require_http_methods(["GET", "POST"])
def listed(request: HttpRequest) -> HttpResponse:
    """A trainer's lessons, and a new one."""
    access.require(request.user, "teach")
    lessons.swept()
    pack = host.weighed()[0][0]
    if request.method == "POST":
        case = request.POST.get("case", "")
        kind, reading = request.POST.get("kind", KINDS[0]), request.POST.get("reading", "").strip()[:20_000]
        if kind in KINDS and (case == "" or case in dict(lessons.cases(pack))):
            chosen = case or secrets.choice(lessons.cases(pack))[0]
            seed, code = secrets.randbelow(1_000_000), lessons.code()
            told = {"case": chosen, "kind": kind}
            made = Lesson.objects.create(code=code, pack=pack, seed=seed, by=request.user, reading=reading, **told)
            trail.add(request.user, "class opened", after=told)
            return redirect("lesson", made.pk)
    page = {"lessons": request.user.lessons.all(), "cases": lessons.cases(pack), "names": dict(lessons.cases(pack))}
    return render(request, "classes.html", page)


def _own(request: HttpRequest, pk: int) -> Lesson:
    access.require(request.user, "teach")
    found = Lesson.objects.filter(pk=pk, by=request.user).first()
    if found is None:
        raise Http404
    return found


@require_GET
def lesson(request: HttpRequest, pk: int) -> HttpResponse:
    """The screen of a lesson: the code, who is in, the spread of answers, then the court's, then the debate."""
    found = _own(request, pk)
    page = _screen(found)
    name = "parts/screen.html" if request.headers.get("HX-Request") else "lesson.html"
    return render(request, name, page)


def _screen(found: Lesson) -> dict[str, Any]:
    moves = lessons.debate(found.case, found.pack) if found.move else ()
    put = lessons.put(found.case, found.seed, found.pack)
    page = {"lesson": found, "put": put, "spread": lessons.spread(found), "moves": moves[: found.move],
            "more": not found.move or found.move < len(moves), "codings": None}  # fmt: skip
    if found.kind == "code":
        page["codings"] = readings.spread(found, found.state == "revealed")
    return page


@require_POST
def steer(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Closes a lesson to answers, opens it again, reveals, shows the next move, keeps it, or removes it."""
    found = _own(request, pk)
    if action in ("open", "close", "reveal"):
        found.state = {"open": "open", "close": "closed", "reveal": "revealed"}[action]
    elif action == "move":
        found.move += 1
    elif action == "keep":
        found.kept = not found.kept
    elif action == "remove":
        found.delete()
        messages.info(request, "The class is gone, with all that was said in it.")
        return redirect("classes")
    else:
        raise Http404
    found.save()
    return redirect("lesson", pk)


@require_GET
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers as a file for a spreadsheet."""
    found = _own(request, pk)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    answered = found.pupils.exclude(answered=None)
    if found.kind == "code":
        rows = readings.table(found, answered)
    else:
        rows = [["name", "outcome", "route", "grounds", "points", "of"]]
        for pupil in answered:
            score = lessons.scored(found, pupil)
            row = [pupil.name, pupil.outcome, pupil.route, "; ".join(pupil.grounds), score.points, score.most]
            rows.append([str(cell) for cell in row])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="class-{found.code.lower()}.csv"'
    return response


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not cell.lstrip("-").isdigit() else cell


# --- those who join --------------------------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, code: str = "") -> HttpResponse:
    """The way in: the code on the screen, and a name. No account, and nothing is kept after the day."""
    problem, status = "", 200
    name = request.POST.get("name", "").strip()[:40]
    code = (request.POST.get("code", "") or code).strip().upper()[:8]
    if request.method == "POST":
        where = network(request.META.get("REMOTE_ADDR", ""))
        guesses = Attempt.objects.filter(name="class", network=where, at__gt=timezone.now() - WINDOW)
        lessons.swept()
        found = Lesson.objects.filter(code=code).first() if guesses.count() < GUESSES else None
        if found is None:
            Attempt.objects.create(name="class", network=where)
            problem = "There is no class of this code now. Look at the screen again."
        elif not name:
            problem = "Give a name, so that you find yourself again."
        elif found.state != "open" or found.pupils.count() >= MOST:
            problem = "This class takes nobody in any more."
        else:
            try:
                with transaction.atomic():
                    pupil = Pupil.objects.create(lesson=found, name=name)
            except IntegrityError:
                problem = "Somebody has this name already. Take another."
            else:
                request.session["pupil"] = pupil.pk
                return redirect("pupil", found.code)
        status = 422
    return render(request, "join.html", {"problem": problem, "name": name, "code": code}, status=status)


@login_not_required
@require_http_methods(["GET", "POST"])
def pupil(request: HttpRequest, code: str) -> HttpResponse:
    """The page of one who joined: facts and question; then the waiting; then the court's answer and their score."""
    mine = (
        Pupil.objects.select_related("lesson").filter(pk=request.session.get("pupil") or 0, lesson__code=code).first()
    )
    if mine is None:
        return redirect("join", code) if Lesson.objects.filter(code=code).exists() else redirect("join-any")
    found = mine.lesson
    if found.kind == "code":
        return _codes(request, mine)
    put = lessons.put(found.case, found.seed, found.pack)
    problem = ""
    if request.method == "POST":
        outcome, route = request.POST.get("outcome", ""), request.POST.get("route", "")
        if found.state != "open":
            problem = "The class is closed to answers."
        elif outcome not in put.outcomes or route not in dict(put.routes):
            problem = "Say what the court held, and by which route."
        else:
            mine.outcome, mine.route, mine.answered = outcome, route, timezone.now()
            mine.grounds = [name for name, _ in put.grounds if name in request.POST.getlist("grounds")]
            mine.save()
            messages.info(request, "Sent. You may change it until the class is closed.")
            return redirect("pupil", code)
    page: dict[str, Any] = {"pupil": mine, "lesson": found, "put": put, "problem": problem, "score": None, "moves": ()}
    if found.state == "revealed" and mine.answered:
        page["score"] = lessons.scored(found, mine)
    if found.move:
        page["moves"] = lessons.debate(found.case, found.pack)[: found.move]
    name = "parts/pupil.html" if request.headers.get("HX-Request") else "pupil.html"
    return render(request, name, page, status=422 if problem else 200)


def _codes(request: HttpRequest, mine: Pupil) -> HttpResponse:
    """The page of one who codes the facts of a decision."""
    found, problems = mine.lesson, []
    form = readings.form(found, mine.coded)
    if request.method == "POST" and found.state != "open":
        problems = ["The class is closed to answers."]
    elif request.method == "POST":
        form = readings.sent(found, request.POST)
        problems = readings.problems(found, form)
        if not problems:
            mine.coded, mine.answered = readings.coded(form), timezone.now()
            mine.save()
            messages.info(request, "Sent. You may change it until the class is closed.")
            return redirect("pupil", found.code)
    put = lessons.put(found.case, found.seed, found.pack)
    page: dict[str, Any] = {"pupil": mine, "lesson": found, "put": put, "problem": "", "problems": problems}
    page |= {"form": form, "score": None, "moves": ()}
    if found.state == "revealed" and mine.answered:
        page["score"] = readings.scored(found, mine.coded)
    if found.move:
        page["moves"] = lessons.debate(found.case, found.pack)[: found.move]
    name = "parts/pupil.html" if request.headers.get("HX-Request") else "coding.html"
    return render(request, name, page, status=422 if problems else 200)
