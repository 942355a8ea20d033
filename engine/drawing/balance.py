"""Pictures of a conclusion: the balance of factors, and what each fact could do to it.

Each picture says in its description, in words, what it shows; marks differ in shape and hatching, not in colour
alone. Whoever embeds one has the same in the text of the argument beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from caprev.drawing.svg import SIZE, WIDTH, Canvas, Drawing, lines, shortened, wide
from caprev.facts.vocabulary import question, worded
from caprev.grouping import grouped
from caprev.law.telling import told as told_as
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.findings import Balance

LEFT = 300  # where names end and bars may begin
ASKED = 390  # where questions end
ROW = 18
ROWS = 8  # factors shown of one finding
BARS = 12  # facts shown of either kind


def named(analysis: Analysis) -> str:
    """A prefix for ids, different for every parcel."""
    parcel = analysis.parcel.id
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in parcel)
    order = [c.parcel.id for c in analysis.assessment.conclusions]
    return f"{plain}-{order.index(parcel)}"


def subject(analysis: Analysis) -> str:
    """The matter, and the parcel where there are several."""
    matter, parcel = analysis.assessment.matter, analysis.parcel
    title = str(matter.about.get("title") or matter.id or "Matter")
    return f"{title}, {parcel.title or parcel.id}" if len(matter.parcels) > 1 else title


def in_words(analysis: Analysis, factor: str) -> str:
    """A factor as a label: what it is called, or its id where the law has no words for it."""
    words = analysis.book.words.factors.get(factor)
    return told_as(words.short, analysis.tense) if words else factor.replace("-", " ")


def found(title: str, state: str) -> str:
    """A node and what is found on it; a question is answered."""
    words = worded(state)
    return f"{title} {words.capitalize()}" if title.endswith("?") else f"{title}: {words}"


def listed(analysis: Analysis, factors: Iterable[str]) -> str:
    """Factors in words, or that there are none."""
    return ", ".join(in_words(analysis, factor) for factor in factors) or "nothing"


def legend(canvas: Canvas, y: float, entries: tuple[tuple[str, str], ...], marks: bool = False) -> None:
    """What the bars or marks of a picture mean, in one row."""
    x = 20.0
    for side, words in entries:
        if side == "matter" or (marks and side != "open"):
            canvas.mark(x + 9, y - 4, side)
        else:
            canvas.bar(x, y - 10, 18, 11, side)
        canvas.text(x + 24, y, words)
        x += 40 + wide(words)


def balance(analysis: Analysis) -> Drawing:
    """What pushes each issue and element, and where that leaves it."""
    c, book = analysis.conclusion, analysis.book
    shown = [
        (node, c.findings[name].detail, c.findings[name])
        for name, node in book.nodes.items()
        if node.kind != "indicator" and c.findings[name].detail is not None
    ]
    told = [
        f"{found(node.title, finding.state)}, {finding.balance:+.2f}, for: "
        f"{listed(analysis, finding.supports)}; against: {listed(analysis, finding.opposes)}."
        for node, _, finding in shown
    ]
    title = f"Balance of factors: {subject(analysis)}"
    canvas = Canvas(f"balance-{named(analysis)}", title, book.sides, told)
    scale = _scale([detail for _, detail, __ in shown if detail])
    middle, unit = LEFT + (WIDTH - LEFT - 20) / 2, (WIDTH - LEFT - 110) / 2 / scale
    y = heading(canvas, title)
    legend(
        canvas,
        y,
        (
            *((pole.id, f"{pole.mark}: for {worded(pole.id)}") for pole in book.sides.poles[:2]),
            ("matter", "where it comes to"),
            ("open", "could become"),
        ),
    )
    y += 24
    directions(canvas, middle, y)
    for node, detail, finding in shown:
        assert detail is not None
        y += 26
        canvas.text(20, y, shortened(found(node.title, finding.state), WIDTH - 40, SIZE), bold=True)
        top = y + 8
        y = top
        rows, rest = detail.pushes[:ROWS], detail.pushes[ROWS:]
        for push in rows:
            y += ROW
            side = book.factors[push.factor].favours
            canvas.text(LEFT - 10, y, shortened(in_words(analysis, push.factor), LEFT - 30), anchor="end")
            _push(canvas, middle, unit, y, push.effect, side)
        for side, sign in zip(book.sides.ids, (-1, 1), strict=True):
            more = [push for push in rest if push.effect * sign > 0]
            if more:
                y += ROW
                canvas.text(LEFT - 10, y, f"{len(more)} more for {worded(side)}", "soft", "end")
                _push(canvas, middle, unit, y, sum(push.effect for push in more), side)
        y += ROW
        start = f"starts at {detail.start:+.2f}" + (f", cap gives back {detail.capped:+.2f}" if detail.capped else "")
        canvas.text(LEFT - 10, y, shortened(start, LEFT - 30), "soft", "end")
        y = _total(canvas, middle, unit, scale, y + ROW, detail)
        canvas.line(middle, top + 2, middle, y + 6, "ink")
    return canvas.drawing(y + 20)


def heading(canvas: Canvas, title: str) -> float:
    """Writes the title, over several lines if need be, and says where it ends (in pixels from the top)."""
    y = 28.0
    for row in lines(title, WIDTH - 90, 16):
        canvas.text(20, y, row, size=16, bold=True)
        y += 22
    return y + 4


def _scale(details: list[Balance]) -> float:
    """The largest number to be drawn: pushes, rests and totals; intervals beyond it are cut with an arrow."""
    largest = 1.0
    for detail in details:
        rest = detail.pushes[ROWS:]
        sums = [abs(sum(push.effect for push in rest if push.effect * sign > 0)) for sign in (-1, 1)]
        largest = max(largest, abs(detail.total), *sums, *(abs(push.effect) for push in detail.pushes))
    return largest


def _push(canvas: Canvas, middle: float, unit: float, y: float, effect: float, side: str) -> None:
    length = abs(effect) * unit
    letter, right = canvas.sides.mark(side), canvas.sides.sign(side) > 0
    x = middle if right else middle - length
    canvas.bar(x, y - 10, length, 11, side)
    words = f"{letter} {effect:+.2f}" if effect else f"{letter} nothing beyond the others (cap)"
    if right:
        canvas.text(middle + length + 5, y, words)
    else:
        canvas.text(middle - length - 5, y, words, anchor="end")


def _total(canvas: Canvas, middle: float, unit: float, scale: float, y: float, detail: Balance) -> float:
    """The sum as a diamond, and below it what it could become; returns the last baseline."""
    canvas.text(LEFT - 10, y, f"comes to {detail.total:+.2f}", anchor="end", bold=True)
    canvas.mark(middle + detail.total * unit, y - 4, "", 7)
    if detail.low == detail.high:
        return y
    y += ROW
    canvas.text(LEFT - 10, y, f"could become {detail.low:+.2f} to {detail.high:+.2f}", "soft", "end")
    low, high = (middle + max(min(value, scale), -scale) * unit for value in (detail.low, detail.high))
    canvas.line(low, y - 4, high, y - 4, "soft", 2, "3 2")
    for value, at in ((detail.low, low), (detail.high, high)):
        if abs(value) > scale:
            tip = -7 if value < 0 else 7
            canvas.path([(at, y - 9), (at + tip, y - 4), (at, y + 1)], "soft")
        else:
            canvas.line(at, y - 9, at, y + 1, "soft", 2)
    return y


def directions(canvas: Canvas, x: float, y: float) -> None:
    """Which way is which, either side of zero."""
    against, for_ = map(worded, canvas.sides.ids)
    canvas.text(x - 12, y, f"\u2190 {against}", "soft", "end")
    canvas.text(x + 12, y, f"{for_} \u2192", "soft")
    canvas.text(x, y, "0", "soft", "middle")


@dataclass(frozen=True)
class _Reach:
    """What one fact could do to the balance, or does to it."""

    fact: str
    label: str
    side: str  # open, or the side that a known fact pushes to
    low: float
    high: float
    without: float  # the fact, if it is known

    @property
    def words(self) -> str:
        if self.side == "open":
            return f"{self.label} Not known: from {self.low:+.2f} to {self.high:+.2f}."
        return f"{self.label} Known, for {worded(self.side)}: {self.without:+.2f} without it."


def _reaches(analysis: Analysis) -> tuple[list[_Reach], list[_Reach]]:
    """The facts not known and those known, each that can do most first."""
    c, book = analysis.conclusion, analysis.book
    scale = analysis.scale
    missing, known = [], []
    for item in analysis.missing:
        pushing = frozenset(n for n in item.factors if book.factors[n].favours == book.sides.for_.id)
        low, high = scale.balance(frozenset(item.factors) - pushing), scale.balance(pushing)
        missing.append(_Reach(item.fact, question(item.ask), "open", low, high, c.balance))
    resting = grouped((given.fact.name, name) for name in sorted(scale.met) for given in analysis.resting(name))
    for fact, names in resting.items():
        if c.parcel.facts[fact].at:
            without = scale.balance(less=frozenset(names))
            ends = min(without, c.balance), max(without, c.balance)
            ask = question(c.parcel.facts[fact].fact.ask)
            known.append(_Reach(fact, ask, book.sides.leaning(without < c.balance), *ends, without))

    def telling(rows: list[_Reach]) -> list[_Reach]:
        moving = [row for row in rows if row.high > row.low]
        return sorted(moving, key=lambda row: (round(row.low - row.high, 9), row.fact))

    return telling(missing), telling(known)


def tornado(analysis: Analysis) -> Drawing:
    """What each fact does to the decisive balance: without it, if known; with it, either way, if not."""
    c, book = analysis.conclusion, analysis.book
    missing, known = _reaches(analysis)
    parts = [("Not known: what it could become", missing[:BARS]), ("Known: what it would be without", known[:BARS])]
    shown = [row for _, rows in parts for row in rows]
    title = f"What each fact could do: {subject(analysis)}"
    neutral, (against, for_) = book.weighing.calibration.neutral, book.sides.ids
    told = [f"The balance is {c.balance:+.2f}; above {neutral:+.2f} favours {worded(for_)}."]
    told.append("With each question stands what its answer could make of that, or what would be left without it.")
    told += [row.words for row in shown]
    canvas = Canvas(f"tornado-{named(analysis)}", title, book.sides, told)
    ends = [c.balance, 0.0, *(end for row in shown for end in (row.low, row.high))]
    least, most = min(ends), max(ends)
    unit = (WIDTH - ASKED - 170) / max(most - least, 1.0)

    def at(value: float) -> float:
        return ASKED + 80 + (value - least) * unit

    y = heading(canvas, title)
    known_for = ((side, f"known, for {worded(side)}") for side in (for_, against))
    legend(canvas, y, (("open", "not known"), *known_for))
    y += 24
    directions(canvas, at(0), y)
    y += 24
    canvas.text(at(c.balance), y, f"now {c.balance:+.2f}", anchor="middle", bold=True)
    y += 8
    top, bottom = y, y + sum(ROW * len(rows) + 24 for _, rows in parts if rows) + 4
    floor, ceiling = book.weighing.calibration.undetermined
    canvas.box(at(floor), top, at(ceiling) - at(floor), bottom - top, "band")
    canvas.text(at((floor + ceiling) / 2), bottom + 13, "undetermined", "soft", "middle", 10)
    canvas.line(at(c.balance), top, at(c.balance), bottom, "ink", 1.5)
    for words, rows in parts:
        if rows:
            y += 22
            canvas.text(20, y, words, bold=True)
            y += 2
        for row in rows:
            y += ROW
            canvas.text(ASKED - 10, y, shortened(row.label, ASKED - 30, 11), anchor="end", size=11)
            canvas.bar(at(row.low), y - 10, at(row.high) - at(row.low), 11, row.side)
            if row.side != against:
                canvas.text(at(row.low) - 4, y, f"{row.low:+.2f}", anchor="end", size=10)
            if row.side != for_:
                canvas.text(at(row.high) + 4, y, f"{row.high:+.2f}", size=10)
    rest = len(missing) + len(known) - len(shown)
    if rest:
        canvas.text(20, bottom + 30, f"{rest} facts that do less are not drawn.", "soft", size=10)
    return canvas.drawing(bottom + 42)
