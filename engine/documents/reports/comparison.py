"""Two conclusions side by side, for a terminal and as data."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from caprev.changes.compare import Differences, FactorRow, FactRow, NodeRow, Other, beside
from caprev.documents.content.text import Paint, plain
from caprev.documents.words.grammar import upper_first
from caprev.documents.words.grounds import listed
from caprev.documents.words.supposed import Supposed, told
from caprev.facts.in_words import wrapped
from caprev.facts.vocabulary import worded
from caprev.law.rulebook import Rulebook
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.findings import FactorState
from caprev.reasoning.likeness import like
from caprev.reasoning.precedents import CaseBase, Comparison

COLUMN = 36
HALF = 51
_OPEN = 6
_STATE: dict[FactorState, str] = {"met": "met", "not_met": "not met", "unknown": "not known"}


def compared(
    cases: CaseBase,
    diff: Differences,
    left: str,
    right: Other,
    said: tuple[Supposed, Supposed],
    everything: bool = False,
    paint: Paint = plain,
) -> str:
    """Two conclusions side by side, and everything in which they differ; `said` has the facts of each in sentences.

    Where everything is told, facts and factors go by their ids.
    """
    lines = [*_heads(diff, left, right, paint)]
    comparison = beside(cases, diff.left, right.case) if right.case else None
    if right.case and comparison:
        lines += ["", *_points(cases, diff, comparison, everything, paint)]
    given = {name for one in (diff.left, diff.right) for name, fact in one.parcel.facts.items() if fact.at}
    facts = [row for row in diff.facts if everything or row.fact in given]  # others only follow from these
    lines += ["", paint(f"Facts that differ ({len(facts)}; {len(diff.alike)} are the same)", "heading")]
    both = [row for row in facts if row.left is not None and row.right is not None]
    lines += _facts(both) if everything else _told(both, said)
    for name, words, rows in (
        (left, said[0], [row for row in facts if row.right is None]),
        (right.title, said[1], [row for row in facts if row.left is None]),
    ):
        if rows and everything:
            told = "; ".join(f"{row.fact}: {row.left or row.right}" for row in rows)
            lines += wrapped(f"Known only of {name}: {told}.", "  ", 2)
        elif rows:
            told = " ".join(_sentence(words, row.fact, row.left or row.right) for row in rows)
            lines += wrapped(f"Known only of {name}: {told}", "  ", 2)
    if everything and diff.alike:
        lines += wrapped(f"The same: {'; '.join(f'{row.fact}: {row.left}' for row in diff.alike)}.", "  ", 2)
    telling = [row for row in diff.factors if everything or "met" in (row.left, row.right)]
    lines += ["", paint(f"Factors that moved ({len(telling)})", "heading")]
    for row in telling:
        lines += _factor(row, cases.book, everything)
    if len(telling) < len(diff.factors):
        quiet = len(diff.factors) - len(telling)
        lines += wrapped(f"Ruled out on one side and not known on the other: {quiet} (--all).", "  ")
    lines += ["", paint("Findings", "heading")]
    lines += _nodes(diff.nodes)
    return "\n".join(lines) + "\n"


def supposed(diff: Differences, said: Supposed) -> str:
    """What is supposed, and what would then be concluded, in a sentence."""
    given = diff.right.parcel.facts
    names = [row.fact for row in diff.facts if row.fact in given and given[row.fact].note == "supposed"]
    clauses = [said.value(given[name].fact, given[name].knowledge) for name in names]
    if not names or not all(clauses):
        return ""
    same = diff.left.characterisation == diff.right.characterisation
    still = "still be" if same else "be"
    now = "" if told(diff.left) == told(diff.right) else f"; as it is, it is {told(diff.left)}"
    text = f"If {listed(clauses)}, this would {still} {told(diff.right)}{now}."
    return "\n".join([*wrapped(text), "", ""])


def _heads(diff: Differences, left: str, right: Other, paint: Paint) -> Iterator[str]:
    a, b = diff.left, diff.right
    rows: list[tuple[str, str, str]] = [("", left, right.title)]
    if right.case:
        decided = f"{worded(right.case.outcome).upper()} ({worded(right.case.route)})"
        rows.append(("decided", "", f"{decided}, {right.case.decided[:4]}"))
    note = ", by the rules alone" if right.case else ""
    rows += [
        ("conclusion", worded(a.characterisation).upper(), worded(b.characterisation).upper() + note),
        ("route", _route(a), _route(b)),
        ("strength", worded(a.strength), worded(b.strength)),
        (a.weigher.book.sides.probability, _chance(a), _chance(b)),
        ("decisive balance", f"{a.balance:+.2f}", f"{b.balance:+.2f}"),
        ("precedent", _precedent(a), _precedent(b)),
    ]
    for index, (label, one, two) in enumerate(rows):
        for line in _columns(label, one, two):
            yield paint(line, "heading") if index == 0 else line


def _chance(conclusion: Conclusion) -> str:
    return "none" if conclusion.chance is None else f"{conclusion.chance:.0%}"


def _route(conclusion: Conclusion) -> str:
    return worded(conclusion.route or "none")


def _precedent(conclusion: Conclusion) -> str:
    guidance = conclusion.guidance
    names = ", ".join(c.case.name for c in guidance.by[:2])
    return worded(guidance.constraint) + (f": {names}" if names else "")


def _columns(label: str, left: str, right: str, first: int = 24, width: int = COLUMN) -> Iterator[str]:
    ones = textwrap.wrap(left, width) or [""]
    twos = textwrap.wrap(right, width) or [""]
    for index in range(max(len(ones), len(twos))):
        one = ones[index] if index < len(ones) else ""
        two = twos[index] if index < len(twos) else ""
        yield f"{label if index == 0 else '':<{first}}{one:<{width + 2}}{two}".rstrip()


def _points(cases: CaseBase, diff: Differences, comparison: Comparison, named: bool, paint: Paint) -> Iterator[str]:
    """The matter and a decided case, point by point; `named`: factors by their ids too."""
    case, factors = comparison.case, cases.book.factors
    sides = cases.book.sides
    against, own = worded(sides.other(case.outcome)), worded(case.outcome)
    yield paint(f"Point by point: {case.name}, decided {worded(case.outcome)}", "heading")
    yield from wrapped(f"Ratio: {case.ratio}", "  ", 2)
    if comparison.binds:
        text = "It governs, as its court ranks: all it rested on is here, and nothing beyond what it overcame."
        yield from wrapped(text, "  ", 2)
    elif not comparison.case.because:
        yield from wrapped("Nothing was selected as its ground, so it cannot bind.", "  ", 2)
    else:
        lacks = len(comparison.missing) + len(comparison.unproved)
        text = (
            f"It does not govern: {lacks} of its {len(case.because)} grounds are not shown here as they were there, "
            f"and {len(comparison.beyond)} factors for {against} here go beyond what it overcame."
        )
        yield from wrapped(text, "  ", 2)
    near = like(cases, diff.left, comparison)
    rows = (
        (f"Shared, and a ground of the decision for {own}", near.of("shared")),
        ("A ground of the case that is stronger here", near.of("stronger")),
        ("A ground of the case that is here in another form", near.of("other_form")),
        ("Shared otherwise", near.besides),
        (f"Here for {against}, and overcome by the case", near.overcome),
        (f"A ground of the case that is weaker here (distinguishes, for {against})", near.of("weaker")),
        (f"A ground of the case that is absent here (distinguishes, for {against})", near.of("absent")),
        ("A ground of the case that is not known here", near.unknown),
        (f"Here for {against}, and not overcome by the case (distinguishes)", near.beyond),
    )
    for title, names in rows:
        if names:
            yield f"  {title}:"
            for name in names:
                mark = sides.mark(factors[name].favours)
                form = near.standing[name].says if name in near.standing else ""
                here = f" Here: {form}" if form else ""
                what = f"{name}: {factors[name].text}" if named else factors[name].text
                yield from wrapped(f"{mark} {what}{here}", "    ", 2)
    if comparison.unless:
        yield "  Not known here, and would distinguish it if it turned out so:"
        if named:
            yield from wrapped(", ".join(comparison.unless), "    ")
            return
        shown = cases.book.strongest(comparison.unless)[:_OPEN]
        for name in shown:
            yield from wrapped(f"{sides.mark(factors[name].favours)} {factors[name].text}", "    ", 2)
        if len(comparison.unless) > len(shown):
            yield f"    ... and {len(comparison.unless) - len(shown)} more (--all)"


def _sentence(said: Supposed, fact: str, value: str | None) -> str:
    """A fact of one side in a sentence; by its question where the law has no words for it, or nothing is known."""
    if value is None:
        return "Not known."
    return said.fact(fact) or f"{said.asked(fact)} {upper_first(value)}."


def _told(rows: Sequence[FactRow], said: tuple[Supposed, Supposed]) -> Iterator[str]:
    """Facts on both sides in sentences, each addressed to the owner of its own side."""
    if not rows:
        yield "  None that is known on both sides."
    for row in rows:
        one, two = (_sentence(words, row.fact, value) for words, value in zip(said, (row.left, row.right), strict=True))
        yield from ("  " + line for line in _columns("", one, two, 0, HALF))


def _facts(rows: Sequence[FactRow]) -> Iterator[str]:
    if rows:
        for row in rows:
            yield from ("  " + line for line in _columns(row.fact, row.left or "", row.right or "", 32))
    else:
        yield "  None that is known on both sides."


def _factor(row: FactorRow, book: Rulebook, named: bool) -> Iterator[str]:
    """A factor that moved, in words, or by its id where everything is told."""
    mark = book.sides.mark(row.favours)
    strength = row.strength.replace("_", "-")
    what = (
        f"{row.factor} (for {worded(row.favours)}, {strength})" if named else book.factors[row.factor].text.rstrip(".")
    )
    facts = "; ".join(_fact(fact) for fact in row.facts[:4]) + ("; and more" if len(row.facts) > 4 else "")
    moved = f"{mark} {what}: {_STATE[row.left]} -> {_STATE[row.right]}."
    yield from wrapped(f"{moved} {facts}" if named else moved, "  ", 4)


def _fact(row: FactRow) -> str:
    left, right = row.left or "not known", row.right or "not known"
    return f"{row.fact}: {left}" + (f" -> {right}" if left != right else "")


def _nodes(rows: Sequence[NodeRow]) -> Iterator[str]:
    indent = {"issue": "", "element": "  ", "indicator": "    "}
    for row in rows:
        label = f"  {indent[row.kind]}{row.title}"
        shown = [f"{worded(state)} {balance:+.2f}" for state, balance in
                 ((row.left, row.left_balance), (row.right, row.right_balance))]  # fmt: skip
        moved = "" if row.moved else "  (the same)"
        yield f"{textwrap.shorten(label.strip(), 58, placeholder='...'):<60}{shown[0]:<22} {shown[1]}{moved}"


def data(cases: CaseBase, diff: Differences, left: str, right: Other) -> dict[str, Any]:
    """The same as data."""
    comparison = beside(cases, diff.left, right.case) if right.case else None
    found: dict[str, Any] = {
        "left": {"title": left, **_side(diff.left)},
        "right": {"title": right.title, **_side(diff.right)},
        "facts": [{"fact": row.fact, "left": row.left, "right": row.right} for row in diff.facts],
        "factors": [
            {
                "factor": row.factor,
                "favours": row.favours,
                "strength": row.strength,
                "left": row.left,
                "right": row.right,
                "facts": [{"fact": fact.fact, "left": fact.left, "right": fact.right} for fact in row.facts],
            }
            for row in diff.factors
        ],
        "findings": [
            {
                "node": row.node,
                "left": {"finding": row.left, "balance": row.left_balance},
                "right": {"finding": row.right, "balance": row.right_balance},
            }
            for row in diff.nodes
        ],
    }
    if right.case and comparison:
        case, near = right.case, like(cases, diff.left, comparison)
        found["case"] = {
            "id": case.id,
            "outcome": case.outcome,
            "route": case.route,
            "binds": comparison.binds,
            "shared": [name for name in comparison.shared if name not in near.apart],
            "decisive": [name for name in comparison.decisive if name not in comparison.missing],
            "missing": list(comparison.missing),
            "not_shown": list(comparison.unproved),
            "beyond": list(comparison.beyond),
            "grounds": [{"ground": s.factor, "degree": s.degree, "by": s.by} for s in near.grounds],
            "unless": list(comparison.unless),
        }
    return found


def _side(conclusion: Conclusion) -> dict[str, Any]:
    c = conclusion
    return {
        "parcel": c.parcel.id,
        "characterisation": c.characterisation,
        "route": c.route,
        "strength": c.strength,
        c.weigher.book.sides.key: c.chance,
        "balance": c.balance,
        "precedent": c.guidance.constraint,
    }
