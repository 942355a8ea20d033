"""What is missing, what is unsettled, and what a published decision left unweighed, as sections of the argument."""

from __future__ import annotations

from caprev.argument.grounds import Grounds
from caprev.argument.reasons import Kind, Reason, in_short, names

_SHORT = 5
"""How many facts or points a short rendering shows."""


def missing(grounds: Grounds) -> Reason:
    """The facts not known, in the order to find them out."""
    analysis = grounds.analysis
    children = [
        Reason(
            Kind.MISSING,
            text=item.ask,
            rule=item.fact,
            verdict=item.effect.words,
            notes=(f"revenue {item.low:.0%} to {item.high:.0%}", f"bears on {names(item.factors, 4)}"),
            detail=index >= _SHORT,
        )
        for index, item in enumerate(analysis.telling or analysis.missing)
    ]
    text = f"{len(analysis.missing)} unknown facts bear on the matter; the most telling first." if children else ""
    return Reason(
        Kind.SECTION, heading="What is missing, in the order to find it out", text=text, children=tuple(children)
    )


def unsettled(grounds: Grounds) -> Reason:
    """The unsettled points of law that are live, the answers taken, and what the others would give."""
    children = []
    for item in grounds.analysis.unsettled:
        point = grounds.book.points[item.point]
        taken = point.answers.get(item.answer)
        other = f" With the other answer: {in_short(item.otherwise)}." if item.otherwise else ""
        text = point.question + (f" Taken here: {taken.says}" if taken else "")
        children.append(
            Reason(
                Kind.POINT,
                text=text + other,
                rule=item.point,
                verdict="turns the result" if item.turns else "",
                authority=grounds.authority(taken.authority) if taken else (),
                notes=(point.warning,) if point.warning else (),
                detail=not (item.turns or item.otherwise),
            )
        )
    position = grounds.book.positions[grounds.analysis.assessment.position]
    text = f"Position taken: {position.title}." if children else ""
    return Reason(Kind.SECTION, heading="Unsettled points", text=text, children=tuple(children))


def unweighed(grounds: Grounds) -> Reason:
    """What the published decision on this matter, if there is one, left out of its reasons."""
    items = grounds.analysis.assessment.matter.unweighed
    return Reason(
        Kind.SECTION,
        heading="What the published decision left unweighed",
        text=grounds.book.pack.comparator_warning if items else "",
        children=tuple(Reason(Kind.NOTE, text=item, detail=index >= _SHORT) for index, item in enumerate(items)),
    )
