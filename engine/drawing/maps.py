"""Pictures of an argument: the decided cases about the matter, and the tree from issues down to factors."""

from __future__ import annotations

from collections.abc import Iterable

from caprev.drawing.balance import ROW, balance, found, heading, in_words, legend, named, subject, tornado
from caprev.drawing.svg import WIDTH, Canvas, Drawing, shortened, wide
from caprev.facts.vocabulary import worded
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.likeness import Likeness
from caprev.teaching.walks import standing

NAMES = 330  # where the names of cases end
KINDS = ("balance", "cases", "tornado", "graph")


def picture(kind: str, analysis: Analysis) -> str:
    """One of the kinds of picture, as SVG."""
    return drawing(kind, analysis).svg


def drawing(kind: str, analysis: Analysis, issue: str = "") -> Drawing:
    """One of the kinds of picture, with its words; the graph also of a single issue, so that it fits a page."""
    if issue:
        return graph(analysis, issue)
    return {"balance": balance, "cases": cases, "tornado": tornado, "graph": graph}[kind](analysis)


def cases(analysis: Analysis) -> Drawing:
    """The decided cases by how much of what each rested on the matter has; the matter stands where all is met."""
    book = analysis.book
    lanes = {side: _lane(analysis, side) for side in book.sides.ids}
    title = f"Decided cases about this matter: {subject(analysis)}"
    told = [
        f"{_case(analysis, p)}: {worded(p.case.outcome)}, {_words(analysis, p)}."
        for lane in lanes.values()
        for p in lane
    ]
    canvas = Canvas(f"cases-{named(analysis)}", title, book.sides, told or ["No decided case is on point."])
    left, right = NAMES + 16, WIDTH - 240

    def at(share: float) -> float:
        return left + share * (right - left)

    y = heading(canvas, title)
    legend(
        canvas,
        y,
        (
            *((side, f"decided for {worded(side)}") for side in lanes),
            ("matter", "this matter"),
            ("open", "if what is not known were shown"),
        ),
        marks=True,
    )
    y += 28
    canvas.text((left + right) / 2, y, "how much of what the case rested on is shown here, by weight", "soft", "middle")
    y += 18
    top = y + 6
    for share, words in ((0.0, "none"), (0.5, "half"), (1.0, "all")):
        canvas.text(at(share), y, words, "soft", "middle", 10)
    for side, lane in lanes.items():
        y += 24
        canvas.text(20, y, f"Decided for {worded(side)}" + ("" if lane else ": none on point"), bold=True)
        for p in lane:
            y += ROW
            has, could = _shares(analysis, p)
            canvas.text(NAMES, y, shortened(_case(analysis, p), NAMES - 20), anchor="end")
            if could > has:
                canvas.line(at(has), y - 4, at(could), y - 4, "soft", 1.5, "3 2")
                canvas.line(at(could), y - 8, at(could), y, "soft", 1.5)
            canvas.mark(at(has), y - 4, side)
            strong = standing(book, p.comparison) in ("binds", "persuades")
            canvas.text(right + 14, y, shortened(_words(analysis, p), WIDTH - right - 20, 10), size=10, bold=strong)
        if side == book.sides.against.id:
            y += 10
            middle = y + 4
    bottom = y + 10
    for share in (0.0, 0.5, 1.0):
        canvas.parts.insert(0, _guide(canvas, at(share), top, bottom))
    canvas.mark(at(1.0), middle + 2, "", 8)
    canvas.text(at(1.0) - 14, middle + 6, "this matter", anchor="end", bold=True)
    return canvas.drawing(bottom + 14)


def _lane(analysis: Analysis, side: str) -> list[Likeness]:
    """The cases for a side, from the closest on; after that, those of whose grounds some are here or may be."""
    near = analysis.near_for(side)
    return [item for index, item in enumerate(near) if not index or len(item.of("absent")) < len(item.grounds)]


def _guide(canvas: Canvas, x: float, top: float, bottom: float) -> str:
    guide = Canvas("", "", canvas.sides)
    guide.line(x, top, x, bottom)
    return guide.parts[0]


def _shares(analysis: Analysis, p: Likeness) -> tuple[float, float]:
    """How much of the weight of a case's grounds is shown here, and how much would be if the unknown were."""
    weights, factors = analysis.book.weighing.strengths, analysis.book.factors

    def weight(names: Iterable[str]) -> float:
        return sum(weights[factors[name].strength] for name in names)

    whole = weight(p.case.because)
    has = weight(p.here)
    return round(has / whole, 6), round((has + weight(p.unknown)) / whole, 6)


def _case(analysis: Analysis, p: Likeness) -> str:
    record = analysis.book.authorities[p.case.authority]
    name = record.get("short") or record["name"]
    return f"{name} {p.case.decided[:4]}, {worded(p.case.level)}"


def _words(analysis: Analysis, p: Likeness) -> str:
    parts = [f"{len(p.here)} of {len(p.case.because)} shown"]
    stands = standing(analysis.book, p.comparison)
    if stands in ("binds", "persuades"):
        parts.insert(0, stands.upper())
    elif p.comparison.binds:
        parts.append(
            "too few grounds to bind"
            if p.case.on_subject(analysis.book.pack)
            else f"not about {analysis.book.pack.subject}"
        )
    if p.beyond:
        parts.append(f"{len(p.beyond)} against it")
    return ", ".join(parts)


_STATES = {"satisfied": ("ink", 2.0, ""), "not_satisfied": ("rule", 1.0, ""), "undetermined": ("soft", 1.5, "4 3")}
INDENT = 26


class _Tree:
    """Draws the rows of the argument graph from top to bottom."""

    def __init__(self, analysis: Analysis, canvas: Canvas, y: float) -> None:
        self.analysis, self.canvas, self.y = analysis, canvas, y
        self.told: list[str] = []

    def node(self, name: str, depth: int, parent_y: float) -> None:
        """An issue, element or indicator with everything beneath it."""
        book, finding = self.analysis.book, self.analysis.conclusion.findings[name]
        node = book.nodes[name]
        mine = self._box(depth, parent_y, node.title, finding.state, finding.balance)
        self.told.append(f"{found(node.title, finding.state)}.")
        parts = () if node.none else node.parts
        below = [*parts, *(indicator.id for indicator in book.indicators_of(name)), *book.leaders(name)]
        own = [factor.id for factor in book.feeding[name]] if not below or node.none else []
        if "self" in node.weighs or node.none:
            own = [factor.id for factor in book.feeding[name]]
        joint = {"all": "all of", "any": "one of", "none": "none of the above"}
        word = next((joint[key] for key in joint if getattr(node, key)), "weighed together" if below else "")
        if word:
            self.canvas.text(20 + depth * INDENT + 14, self.y + 13, word, "soft", size=10)
            self.y += 17
        for part in below:
            self.node(part, depth + 1, mine)
        self._factors(own, depth + 1, mine)

    def _box(self, depth: int, parent_y: float, title: str, state: str, balance: float) -> float:
        x, top = 20 + depth * INDENT, self.y + 5
        edge, stroke, dash = _STATES[state]
        self.canvas.box(x, top, WIDTH - 40 - depth * INDENT, 20, "ground", edge, stroke, dash)
        if depth:
            self._elbow(depth, parent_y, top + 10)
        words = f"{worded(state).upper()} {balance:+.2f}"
        room = WIDTH - 40 - depth * INDENT - wide(words) - 24
        self.canvas.text(x + 8, top + 14, shortened(title, room), bold=depth < 2)
        self.canvas.text(WIDTH - 28, top + 14, words, anchor="end")
        self.y = top + 20
        return top + 20

    def _elbow(self, depth: int, parent_y: float, y: float) -> None:
        x = 20 + (depth - 1) * INDENT + 8
        self.canvas.path([(x, parent_y), (x, y), (20 + depth * INDENT, y)], "rule")

    def _factors(self, names: list[str], depth: int, parent_y: float) -> None:
        """The met factors of a node in rows, each with the mark of its side."""
        c, book = self.analysis.conclusion, self.analysis.book
        met = [
            name
            for name in names
            if c.states[name] == "met" and name in c.weigher.active and book.factors[name].favours != "neutral"
        ]
        waiting = sum(c.states[name] == "unknown" and name in c.weigher.active for name in names)
        start = 20 + depth * INDENT
        if met:
            told = (f"{in_words(self.analysis, name)} for {worded(book.factors[name].favours)}" for name in met)
            self.told.append(f"Met: {', '.join(told)}.")
            self._elbow(depth, parent_y, self.y + 14)
        x, y = start + 8.0, self.y + 18
        for name in met:
            letter = book.sides.mark(book.factors[name].favours)
            width = 18 + wide(f"{letter} {in_words(self.analysis, name)}") + 12
            if x + width > WIDTH - 20:
                x, y = start + 8.0, y + 18
            self.canvas.mark(x + 4, y - 4, book.factors[name].favours, 5)
            self.canvas.text(x + 14, y, f"{letter} {in_words(self.analysis, name)}")
            x += width
        if waiting:
            words = f"{waiting} not known"
            if met and x + wide(words) > WIDTH - 20:
                x, y = start + 8.0, y + 18
            self.canvas.text(x, y, words, "soft", size=10)
        self.y = y + 5 if met or waiting else self.y


def graph(analysis: Analysis, issue: str = "") -> Drawing:
    """The argument as a tree: issues, elements, indicators and the factors met under them, each with its finding."""
    c, book = analysis.conclusion, analysis.book
    title = f"Argument graph: {subject(analysis)}"
    canvas = Canvas(f"graph-{issue}{'-' if issue else ''}{named(analysis)}", title, book.sides)
    y = heading(canvas, title)
    met = tuple((pole.id, f"{pole.mark}: met, for {worded(pole.id)}") for pole in book.sides.poles[:2])
    legend(canvas, y, met, marks=True)
    y += 20
    canvas.text(20, y, "heavy box: satisfied; light: not satisfied; dashed: undetermined", "soft")
    tree = _Tree(analysis, canvas, y + 12)
    root = (
        f"{worded(c.characterisation).upper()}: {c.outcome.title if c.outcome else 'what is known does not decide it'}"
    )
    canvas.box(20, tree.y, WIDTH - 40, 24, "band", "ink", 2)
    canvas.text(28, tree.y + 16, shortened(root, WIDTH - 220), bold=True)
    canvas.text(WIDTH - 28, tree.y + 16, f"{worded(c.strength)}, {c.balance:+.2f}", anchor="end")
    tree.y += 24
    origin = tree.y
    for name, node in book.nodes.items():
        if node.kind == "issue" and issue in ("", name):
            tree.y += 6
            tree.node(name, 1, origin)
    canvas.told = [f"{root}.", *tree.told]
    return canvas.drawing(tree.y + 16)
