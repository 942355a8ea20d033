"""How conclusions agree with decided matters, as a page: what was measured, how, beside what, and every miss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from caprev.documents.content.model import Block, Document, Picture, bullets, heading, paragraphs, sheet, table
from caprev.drawing import plots
from caprev.evaluation.agreement import Aim, Method, Part, Reading, Report, Roads, facts_known, well
from caprev.evaluation.bands import SURE, Shown
from caprev.evaluation.decided import Plan
from caprev.evaluation.metrics import Estimate, Step
from caprev.facts.vocabulary import worded
from caprev.grouping import grouped
from caprev.law.models import Calibration
from caprev.law.pack import Sides
from caprev.law.rulebook import Rulebook

PICTURED = 20  # fewer matters than this make no picture
NAMES = {
    "auc": "ROC AUC",
    "brier": "Brier score",
    "route": "route right where it is known and the side is right",
    "forced": "right when forced",
    "ece": "calibration error (ECE)",
    "strong_right": "right of those called strong",
    "strong_share": "share called strong",
    "strong_wrong": "called strong and not right",
    "right": "matters right",
    "wrong": "matters not right",
    "own_wrong": "cases relied on, themselves in the base: not right",
}


def page(reports: Sequence[Report], plan: Plan, book: Rulebook, stem: str = "") -> Document:
    """The whole page. `stem` begins the names of the files of its pictures; without it there are none."""
    written = f"Written by `caprev evaluate{f' --format markdown --out docs/{stem}.md' if stem else ''}`."
    blocks = [
        *paragraphs(book.pack.comparator_warning, written),
        *_method(plan, book),
        *(block for report in reports for block in _report(report, plan, book.sides, stem)),
    ]
    return sheet("Agreement with decided matters", blocks)


_table = partial(table, numbers=True)


def _method(plan: Plan, book: Rulebook) -> Iterator[Block]:
    yield heading(1, "How it is measured")
    yield bullets(
        (
            f"No matter is weighed with numbers or cases that saw it. The weighing is fitted to the {plan.fitted_on}: "
            f"each of these is weighed with numbers fitted without its tenth of them ({plan.folds} folds), with the "
            "probabilities and the words fitted by folds within the rest. All other matters are weighed with the "
            "weighing as shipped. A decided case is left out of the precedents that its own matter meets.",
            plan.note,
            "Right when forced: every matter is decided, by the side of its probability; balanced accuracy and MCC are "
            "of these. An interval in brackets is of 95 %: Wilson's for shares, else from "
            f"{plan.resamples:,} resamples of the matters (seed {plan.seed}).",
            "Baselines learn from exactly the matters that the weighing was fitted to. Only and only not: matters that "
            "only caprev, and only the other method, got right when forced, and McNemar's exact p of that split.",
            f"Numbers shipped: {book.weighing.calibration.fitted_on}.",
            _thresholds(plan, book.weighing.calibration),
        )
    )


def _thresholds(plan: Plan, fit: Calibration) -> str:
    """At which balances the words begin."""

    def ends(band: tuple[float, float] | None) -> str:
        return f"at or below {band[0]:+.2f} and at or above {band[1]:+.2f}" if band else "at no balance"

    low, high = fit.undetermined
    return (
        f"Thresholds of the decisive balance: even odds at {fit.neutral:+.2f}; undetermined between {low:+.2f} and "
        f"{high:+.2f}; moderate {ends(fit.moderate)}; strong {ends(fit.strong)}. Strong needs a probability from which "
        f"on {plan.strong:.2f} are right on a one-sided lower bound of {SURE:.0%}."
    )


def _report(report: Report, plan: Plan, sides: Sides, stem: str) -> Iterator[Block]:
    count, of = Counter(r.matter.outcome for r in report.readings), len(report.readings)
    each = ", ".join(f"{count[side]} {worded(side)}" for side in sides.ids)
    yield heading(1, f"{report.name.capitalize()} ({of}: {each})")
    weighed = {0: "with the weighing as shipped", of: "each with numbers fitted without it"}.get(
        report.refitted, f"{report.refitted} of them with numbers fitted without them, the rest as shipped"
    )
    yield from paragraphs(f"Position: {report.position}. Weighed {weighed}.")
    yield from _aims(report)
    yield from _figures(report)
    yield from _calibration(report, sides, stem)
    yield heading(2, "By taxpayer, by route as decided, and by how much is known")
    for head, parts in (("taxpayer", report.kinds), ("route", report.routes), ("facts known", report.known)):
        yield _table((head, "matters", "right of decided", "right when forced"), map(_part, parts))
    yield from _roads(report.roads, sides.for_.id)
    yield from _own(report)
    for about, readings in (
        (f"Concluded against the outcome ({len(report.misses)})", report.misses),
        (f"Left undetermined ({len(report.open)})", report.open),
        ("Reported apart: in view, with its reasons, while the rules were written", report.apart),
    ):
        yield from _list(about, readings, plan, sides)


def _aims(report: Report) -> Iterator[Block]:
    if not report.aims:
        return
    yield _table(
        ("target", "wanted", "measured", "reached"),
        ((NAMES[aim.name], _wanted(aim), _plain(aim.measured, aim), "yes" if aim.met else "no") for aim in report.aims),
    )
    if not all(aim.met for aim in report.aims):
        yield from paragraphs(_why(report))


def _why(report: Report) -> str:
    """What stands between the figures and their targets, from the misses themselves."""
    misses = [r for r in report.readings if not well(r.row)]
    if not misses:
        return "No side of a probability is wrong; what is missed is missed by leaving matters open."
    cut, cut_of_all = (sum(not r.matter.complete for r in rows) for rows in (misses, report.readings))
    turnable = [r for r in misses if any(effect.side == r.matter.outcome for _, effect in r.missing)]
    facts = Counter(fact for r in turnable for fact, effect in r.missing if effect.side == r.matter.outcome)
    leading = ", ".join(f"`{fact}` ({times})" for fact, times in sorted(facts.items(), key=lambda f: (-f[1], f[0]))[:8])
    sure = sum(abs(r.conclusion.probability - 0.5) >= 0.25 for r in misses)
    text = (
        f"{len(misses)} of {len(report.readings)} are on the wrong side, {sure} of them with a probability of three in "
        f"four or more. Of these {len(misses)}, the published facts of {cut} are cut short (of all, {cut_of_all}), "
        f"and in {len(turnable)} a single fact that is not known could turn the conclusion to the outcome"
    )
    return f"{text}, most often {leading}." if leading else f"{text}."


def _figures(report: Report) -> Iterator[Block]:
    yield heading(2, "Beside other methods")
    known = [method for method in report.methods if method.figures]
    yield _table(
        ("method", "coverage", "right of decided", "right of all", "right when forced", "only", "only not", "p"),
        map(_deciding, known),
    )
    yield _table(("method", "balanced accuracy", "MCC", "Brier score", "ROC AUC", "ECE"), map(_ranking, known))
    yield from paragraphs(_strongest(report))
    missing = [f"{method.name}: {method.why_not}" for method in report.methods if method.why_not]
    if missing:
        yield bullets(missing)
    yield heading(2, "Strength words")
    yield _table(
        ("word", "share of all matters", "right of those"),
        ((worded(word.word), _estimate(word.share), _estimate(word.right)) for word in report.words),
    )
    yield from paragraphs(_best(report.best))


def _roads(roads: Roads, side: str) -> Iterator[Block]:
    """How the route agrees, beside saying the most frequent one of every matter."""
    if not roads.known:
        return
    yield heading(2, f"The route to {worded(side)}, where it is known")
    wrong = [row for row in roads.rows if row[1] != row[2]]
    said = "; ".join(f"{name} ({worded(decided)}; concluded {worded(concluded)})" for name, decided, concluded in wrong)
    yield from paragraphs(
        f"Of {roads.known} matters decided for {worded(side)} by a known route, {roads.right.of} are concluded so; "
        f"of these the route is right in {_estimate(roads.right)}, of all in {_estimate(roads.of_all)}. Saying "
        f"{worded(roads.always)} of every one, as most of the matters fitted to were decided, would be right in "
        f"{_estimate(roads.majority)}." + (f" Otherwise than decided: {said}." if said else "")
    )


def _best(best: Shown | None) -> str:
    """How near the word strong came to being earned on a set."""
    if best is None:
        return "No matter has a probability at which strong is looked for."
    return (
        f"Most is shown from a probability of {best.probability:.2f} on: {best.right} of {best.of} right, lower bound "
        f"{best.bound:.2f}."
    )


def _strongest(report: Report) -> str:
    """The baseline that comes nearest, or is better, and what chance makes of the difference."""
    found = [(m.figures.forced.value or 0.0, m) for m in report.methods if m.kind == "baseline" and m.figures]
    if not found:
        return "No simpler method was shown matters enough to learn from."
    forced, method = max(found, key=lambda one: one[0])
    return (
        f"The strongest baseline when forced is {method.name} ({forced:.2f}): {method.better} matters only caprev gets "
        f"right, {method.worse} only it does (p {method.chance:.2f})."
    )


def _deciding(method: Method) -> tuple[str, ...]:
    f = method.figures
    assert f is not None
    shares = map(_estimate, (f.coverage, f.right_of_decided, f.right_of_all, f.forced))
    split = (str(method.better), str(method.worse), f"{method.chance:.2f}") if method.kind != "system" else ("", "", "")
    return (method.name, *shares, *split)


def _ranking(method: Method) -> tuple[str, ...]:
    f = method.figures
    assert f is not None
    return (method.name, *map(_estimate, (f.balanced, f.mcc, f.brier, f.auc, f.ece)))


def _calibration(report: Report, sides: Sides, stem: str) -> Iterator[Block]:
    yield heading(2, "Calibration, and risk by coverage")
    figures = report.system.figures
    assert figures is not None
    chance = report.chance_ece
    yield from paragraphs(
        f"Calibration error by tenths {_estimate(figures.ece)}. With {len(report.readings)} matters in tenths, a "
        f"forecaster whose probabilities were exactly right would show {_estimate(chance)} by chance."
    )
    yield _table(
        (sides.probability, "matters", "mean probability", f"share that was {worded(sides.for_.id)}"),
        (
            (f"{t.low:.1f} to {t.low + 0.1:.1f}", str(t.share.of), f"{t.mean:.2f}", _estimate(t.share))
            for t in report.tenths
        ),
    )
    if stem and len(report.readings) >= PICTURED:
        for kind, draw, caption in (
            ("reliability", plots.reliability, f"Share of {worded(sides.for_.id)} by tenth of probability"),
            ("risk", plots.risk, "Share wrong as ever less certain matters are decided"),
        ):
            yield Picture(caption, (), draw(report, sides), file=f"{stem}-{report.name}-{kind}.svg")
    yield _table(
        ("deciding the most certain", "matters", "share wrong"),
        ((f"{step.coverage:.0%}", str(step.of), f"{step.risk:.2f}") for step in _spaced(report)),
    )


def _spaced(report: Report) -> list[Step]:
    """Of the steps of the curve, the first at or beyond each tenth of coverage."""
    found = {next(i for i, s in enumerate(report.curve) if s.coverage >= tenth / 10 - 1e-9) for tenth in range(1, 11)}
    return [report.curve[index] for index in sorted(found)]


def _own(report: Report) -> Iterator[Block]:
    if report.own:
        wrong = [r for r in report.own if not r.right]
        says = ", ".join(
            f"{r.matter.title} ({worded(r.conclusion.characterisation)}, {r.matter.confidence})" for r in wrong
        )
        yield heading(2, "With themselves among the precedents")
        yield from paragraphs(
            f"{len(report.own) - len(wrong)} of {len(report.own)} come out as decided"
            + (f"; not so, with what is concluded and how sure the reading of the case is: {says}." if says else ".")
        )


def _list(about: str, readings: Iterable[Reading], plan: Plan, sides: Sides) -> Iterator[Block]:
    found = list(readings)
    if not found:
        return
    yield heading(2, about)
    for reading in found:
        matter, c = reading.matter, reading.conclusion
        strength = f", {worded(c.strength)}" if reading.side else ""
        cut = "" if matter.complete else "; the published facts are cut short"
        yield from paragraphs(
            f"{matter.id}, {matter.title}. Decided {worded(matter.outcome)} ({worded(matter.route)}); concluded "
            f"{worded(c.characterisation)}{strength}, {sides.probability} {c.probability:.2f}. {facts_known(matter)} "
            f"facts known{cut}."
        )
        lines = [
            f"Turned on `{reading.node}` (balance {c.balance:.2f}): {_pushes(reading.led) or 'where it starts'}.",
            f"Against: {_pushes(reading.against)}." if reading.against else "",
            f"Not known: {_missing(reading)}." if reading.missing else "",
            plan.remarks.get(matter.id, ""),
        ]
        yield bullets(filter(None, lines))


def _pushes(pushes: Sequence[tuple[str, float]], most: int = 6) -> str:
    shown = ", ".join(f"`{name}` {effect:+.2f}" for name, effect in pushes[:most])
    return shown + (f" and {len(pushes) - most} more" if len(pushes) > most else "")


def _missing(reading: Reading, most: int = 5) -> str:
    effects = grouped((effect, f"`{fact}`") for fact, effect in reading.missing[:most])
    shown = "; ".join(f"{', '.join(facts)} ({effect.words})" for effect, facts in effects.items())
    return shown + (f"; and {len(reading.missing) - most} more" if len(reading.missing) > most else "")


def _part(part: Part) -> tuple[str, ...]:
    return worded(part.label), str(part.of), _estimate(part.decided), _estimate(part.forced)


def _wanted(aim: Aim) -> str:
    least, most = aim.target.at_least, aim.target.at_most
    return f"at least {_plain(least, aim)}" if least is not None else f"at most {_plain(most, aim)}"


def _plain(value: float | None, aim: Aim) -> str:
    """A count as a whole number, a share with two decimals, or three where it has them."""
    if value is None:
        return "none"
    if isinstance(aim.measured, int):
        return f"{value:.0f}"
    return f"{value:.2f}" if round(value, 2) == round(value, 3) else f"{value:.3f}"


def _estimate(estimate: Estimate) -> str:
    if estimate.value is None:
        return "none"
    if estimate.low is None or estimate.high is None:
        return f"{estimate.value:.2f}"
    return f"{estimate.value:.2f} ({estimate.low:.2f} to {estimate.high:.2f})"
