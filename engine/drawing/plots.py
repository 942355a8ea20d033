"""Two pictures of an evaluation: reliability by tenths of probability, and risk by coverage."""

from __future__ import annotations

from caprev.drawing.svg import Canvas
from caprev.evaluation.agreement import Report
from caprev.facts.vocabulary import worded
from caprev.law.pack import Sides

LEFT, TOP, SIDE = 70.0, 30.0, 300.0
WIDTH, HEIGHT = LEFT + SIDE + 30, TOP + SIDE + 55


def reliability(report: Report, sides: Sides) -> str:
    """The share of the pole `for` in each tenth of probability, with its interval; a perfect forecaster is on the
    diagonal."""
    for_ = worded(sides.for_.id)
    points = [(t.mean, t.share) for t in report.tenths]
    told = "; ".join(f"{mean:.2f}: {share.value or 0:.2f} of {share.of}" for mean, share in points)
    canvas = _frame(
        f"{report.name}-reliability",
        f"Reliability on {report.name}",
        f"Share that was {for_} by mean {sides.probability}, by tenths. {told}.",
        f"mean {sides.probability}",
        f"share that was {for_}",
        1.0,
        sides,
    )
    canvas.line(*_at(0, 0, 1), *_at(1, 1, 1), "soft", 1, "5 4")
    for mean, share in points:
        x, y = _at(mean, share.value or 0.0, 1.0)
        canvas.line(x, _at(0, share.low or 0.0, 1.0)[1], x, _at(0, share.high or 0.0, 1.0)[1], "ink", 1.5)
        canvas.mark(x, y, "open", 5)
        canvas.text(x + 8, y + 4, str(share.of), "soft")
    canvas.text(LEFT + SIDE - 4, TOP + SIDE - 8, "beside each mark: how many matters", "soft", "end")
    return canvas.done(HEIGHT, WIDTH)


def risk(report: Report, sides: Sides) -> str:
    """The share wrong as ever less certain matters are decided."""
    top = 0.5
    told = "; ".join(f"{step.coverage:.0%}: {step.risk:.2f}" for step in report.curve)
    canvas = _frame(
        f"{report.name}-risk",
        f"Risk by coverage on {report.name}",
        f"Share wrong when only the most certain matters are decided, by the share decided. {told}.",
        "share of matters decided, the most certain first",
        "share wrong",
        top,
        sides,
    )
    canvas.path([_at(step.coverage, min(step.risk, top), top) for step in report.curve], "ink")
    positive = sum(r.matter.positive for r in report.readings) / len(report.readings)
    fewer = min(positive, 1 - positive)
    canvas.line(*_at(0, fewer, top), *_at(1, fewer, top), "soft", 1, "5 4")
    canvas.text(LEFT + SIDE - 4, _at(0, fewer, top)[1] - 5, "always the more frequent side", "soft", "end")
    covered = sum(bool(r.side) for r in report.readings) / len(report.readings)
    x = _at(covered, 0, top)[0]
    canvas.line(x, TOP, x, TOP + SIDE, "soft", 1, "2 3")
    canvas.text(x - 4, TOP + SIDE - 8, "concluded", "soft", "end")
    return canvas.done(HEIGHT, WIDTH)


def _at(x: float, y: float, top: float) -> tuple[float, float]:
    return LEFT + x * SIDE, TOP + SIDE - y / top * SIDE


def _frame(name: str, title: str, description: str, across: str, up: str, top: float, sides: Sides) -> Canvas:
    """Axes from nothing to one across, and to `top` upwards, with their names."""
    canvas = Canvas(name, title, sides, [description])
    for step in range(6):
        share = step / 5
        x, y = _at(share, share * top, top)
        canvas.line(LEFT, y, LEFT + SIDE, y, "band")
        canvas.line(x, TOP, x, TOP + SIDE, "band")
        canvas.text(x, TOP + SIDE + 18, f"{share:.1f}", "ink", "middle")
        canvas.text(LEFT - 8, y + 4, f"{share * top:.1f}", "ink", "end")
    canvas.line(LEFT, TOP + SIDE, LEFT + SIDE, TOP + SIDE, "ink")
    canvas.line(LEFT, TOP, LEFT, TOP + SIDE, "ink")
    canvas.text(LEFT + SIDE / 2, TOP + SIDE + 42, across, "ink", "middle")
    canvas.text(LEFT - 45, TOP - 12, up, "ink")
    return canvas
