"""Decided cases followed and distinguished, and the best argument the other way, as sections of the argument."""

from __future__ import annotations

from dataclasses import replace

from caprev.argument.grounds import Grounds
from caprev.argument.reasons import Kind, Named, Reason, lists, names
from caprev.facts.vocabulary import worded
from caprev.law import citations
from caprev.reasoning.likeness import Likeness

_LIKE, _UNLIKE = (4, 3), (3, 2)
"""How many cases each way are compared point by point: in full, and in a short rendering."""

_CONSTRAINT = {
    "free": "No decided case in the base binds on the facts as known; the cases are argued from by analogy.",
    "conflict": "Decided cases of equal rank point both ways on these facts.",
}


def cases(grounds: Grounds) -> Reason:
    """The cases that govern, then those followed, then those distinguished."""
    c = grounds.conclusion
    children: list[Reason] = []
    near = grounds.analysis.near
    governing = {comparison.case.id for comparison in c.guidance.by}
    for item in near:
        if item.case.id in governing:
            unless = item.comparison.unless
            more = f" That would change if it turned out: {names(unless, 6)}." if unless else ""
            children.append(_case(grounds, item, "governs", more))
    poles = grounds.book.sides
    decided = c.characterisation in poles.ids
    side = c.characterisation if decided else poles.against.id
    others = [p for p in near if p.case.id not in governing and p.case.on_subject(grounds.book.pack)]
    followed = [p for p in others if p.case.outcome == side]
    against = [p for p in others if p.case.outcome == poles.other(side)]
    words = ("followed", "distinguished") if decided else ("on point", "on point")
    for found, word, (most, few) in ((followed, words[0], _LIKE), (against, words[1], _UNLIKE)):
        children += [_case(grounds, p, word, detail=index >= few) for index, p in enumerate(found[:most])]
        if found[few:]:
            rest = tuple(grounds.short(p.case) for p in found[few:])
            children.append(
                Reason(Kind.OTHERS, verdict=word, named=(Named(f"Also for {worded(found[0].case.outcome)}", rest),))
            )
    text = _CONSTRAINT.get(c.guidance.constraint, "A decided case governs on the facts as known.")
    return Reason(Kind.SECTION, heading="Decided cases", text=text, children=tuple(children))


def _case(grounds: Grounds, near: Likeness, word: str, more: str = "", detail: bool = False) -> Reason:
    case = near.case
    grounds.cited[case.authority] = None
    # What the list of authorities says of the case is said here only where the case base says nothing of its own.
    treatment = case.treatment or (citations.status(grounds.book, case.authority),)
    return Reason(
        Kind.CASE,
        heading=f"{case.name} ({case.decided[:4]}, {case.court})",
        text=more.strip(),
        rule=case.id,
        side=case.outcome,
        verdict=word,
        authority=(citations.full(grounds.book, case.authority),),
        detail=detail,
        notes=tuple(note for note in (case.ratio, *treatment, *_forms(near)) if note),
        named=lists(
            ("Shared", near.shared or (() if near.here else near.told)),
            ("Stronger here", near.of("stronger")),
            ("Here in another form", near.of("other_form")),
            ("Rested on what is weaker here", near.of("weaker")),
            ("Rested on what is absent here", near.of("absent")),
            ("Rested on what is not known here", near.unknown),
            ("Here also", near.beyond),
        ),
    )


def _forms(near: Likeness) -> list[str]:
    """In what form a ground of a case is here that is not here in its own."""
    words = {"stronger": "stronger here", "other_form": "here in another form", "weaker": "weaker here"}
    return [
        f"{item.factor}, {words[item.degree]} ({item.by or item.says.rstrip('.')}): {item.general}"
        for item in near.grounds
        if item.general
    ]


def other_side(grounds: Grounds) -> Reason:
    """The best argument against the conclusion."""
    best = grounds.analysis.against
    factors, side = best.factors[:5], worded(best.side)
    parts = [f"Nothing known speaks for {side}."]
    if factors:
        road = f"The strongest road to {side} is: {grounds.book.nodes[best.node].title}"
        parts = [f"{road} {' '.join(map(grounds.analysis.told, factors))} ({names(factors)})"]
    if best.case:
        shared = names(best.case.told, 4)
        parts.append(f"The closest case is {grounds.short(best.case.case)}, with which this matter shares {shared}.")
    return Reason(
        Kind.SECTION,
        heading=f"The best argument for {side}",
        text=" ".join(parts),
        rule=best.node,
        side=best.side,
        children=tuple(replace(grounds.factor(name).brief, detail=True) for name in factors),
    )
