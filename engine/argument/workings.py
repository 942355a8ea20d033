"""What the reasons are made of, laid out: factors, context, the weighing in numbers, authorities in full."""

from __future__ import annotations

from caprev.argument.grounds import Grounds
from caprev.argument.reasons import Kind, Reason, lists
from caprev.facts.vocabulary import worded
from caprev.law import citations

_SHORT = 3
"""How many factors for each side a short rendering shows."""


def factors(grounds: Grounds) -> Reason:
    """The factors that are met and counted, by side, strongest first."""
    met = [
        name
        for name, state in grounds.conclusion.states.items()
        if state == "met" and name in grounds.conclusion.weigher.active
    ]
    groups = []
    for side in grounds.book.sides.ids:
        ranked = grounds.book.strongest([name for name in met if grounds.book.factors[name].favours == side])
        if ranked:
            reasons = [grounds.factor(name, index >= _SHORT) for index, name in enumerate(ranked)]
            groups.append(Reason(Kind.GROUP, heading=f"For {worded(side)}", side=side, children=tuple(reasons)))
    return Reason(
        Kind.SECTION,
        heading="The factors, with their authority and the facts they rest on",
        text="Strength words are engine weights, not law.",
        children=tuple(groups),
    )


def context(grounds: Grounds) -> Reason:
    """What is met and carries no weight: context, and what another position would weigh."""
    book = grounds.book
    met = [name for name, state in grounds.conclusion.states.items() if state == "met"]
    weightless = [name for name in met if book.factors[name].favours == "neutral"]
    other = [name for name in met if name not in grounds.conclusion.weigher.active]
    children = [grounds.factor(name, detail=True) for name in weightless]
    children += [
        Reason(
            Kind.NOTE,
            text=f"{grounds.analysis.told(name)} Not counted under this position.",
            rule=name,
            facts=grounds.facts_of(name),
            authority=grounds.authority(book.factors[name].authority),
            detail=True,
        )
        for name in other
    ]
    return Reason(
        Kind.CONTEXT,
        heading="Context that carries no weight here",
        text="Facts that the authorities record without letting them weigh, or that another position would weigh."
        if children
        else "",
        children=tuple(children),
        named=lists(("Recorded", weightless), ("Not counted under this position", other)),
    )


def arithmetic(grounds: Grounds) -> Reason:
    """Every balance as a sum."""
    rows = []
    for name, finding in grounds.conclusion.findings.items():
        if finding.detail is None or grounds.book.nodes[name].kind == "indicator":
            continue
        b = finding.detail
        pushes = " ".join(f"{push.effect:+.2f} {push.factor}" for push in b.pushes) or "nothing"
        capped = f"; the cap gives back {b.capped:+.2f}" if b.capped else ""
        rows.append(
            Reason(
                Kind.NOTE,
                text=f"{grounds.book.nodes[name].title} starts at {b.start:+.2f}; {pushes}{capped}; "
                f"comes to {b.total:+.2f} (from {b.low:+.2f} to {b.high:+.2f}).",
                rule=name,
            )
        )
    return Reason(
        Kind.SECTION,
        heading="The weighing in numbers",
        text=grounds.book.weighing.note,
        children=tuple(rows),
        detail=True,
    )


def authorities(grounds: Grounds) -> Reason:
    """The authorities cited so far, in full."""
    book = grounds.book
    rows = [
        Reason(
            Kind.NOTE,
            text=citations.full(book, name) + (f". {status}" if (status := citations.status(book, name)) else ""),
            rule=name,
        )
        for name in sorted(grounds.cited, key=lambda name: citations.full(book, name))
    ]
    warned = "; ".join(f"[{words.prints}]: {words.means}" for words in book.pack.marks.values() if words.prints)
    return Reason(
        Kind.SECTION,
        heading="Authorities",
        text=f"As recorded in the rulebook; {warned}.",
        children=tuple(rows),
        detail=True,
    )
