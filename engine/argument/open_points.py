"""What is missing, what is unsettled, and what a published decision left unweighed, as sections of the argument."""

from __future__ import annotations

from caprev.argument.grounds import Grounds
from caprev.argument.reasons import Reason, names

_SHORT = 5
"""How many facts or points a short rendering shows."""


def missing(grounds: Grounds) -> Reason:
    """The facts not known, in the order to find them out."""
    telling = [m for m in grounds.missing if m.effect != "could change its strength"] or grounds.missing
    children = [
        Reason(
            "missing",
            text=item.ask,
            rule=item.fact,
            verdict=item.effect,
            notes=(f"revenue {item.low:.0%} to {item.high:.0%}", f"bears on {names(item.factors, 4)}"),
            detail=index >= _SHORT,
        )
        for index, item in enumerate(telling)
    ]
    text = f"{len(grounds.missing)} unknown facts bear on the matter; the most telling first." if children else ""
    return Reason("section", "What is missing, in the order to find it out", text, children=tuple(children))


def unsettled(grounds: Grounds) -> Reason:
    """The unsettled points of law that are live, the answers taken, and what the others would give."""
    children = []
    for name, answer, other, turned in grounds.unsettled:
        point = grounds.book.points[name]
        taken = point.answers.get(answer)
        text = point.question + (f" Taken here: {taken.says}" if taken else "")
        children.append(
            Reason(
                "point",
                text=text + (f" With the other answer: {other}." if other else ""),
                rule=name,
                verdict="turns the result" if turned else "",
                authority=grounds.authority(taken.authority) if taken else (),
                notes=(point.warning,) if point.warning else (),
                detail=not (turned or other),
            )
        )
    position = grounds.book.positions[grounds.assessment.position]
    text = f"Position taken: {position.title}." if children else ""
    return Reason("section", "Unsettled points", text, children=tuple(children))


def unweighed(grounds: Grounds) -> Reason:
    """What the published decision on this matter, if there is one, left out of its reasons."""
    items = grounds.assessment.matter.unweighed
    return Reason(
        "section",
        "What the published decision left unweighed",
        grounds.book.pack.comparator_warning if items else "",
        children=tuple(Reason("note", text=item, detail=index >= _SHORT) for index, item in enumerate(items)),
    )
