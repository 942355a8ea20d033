"""What is missing, what is unsettled, and what a published decision left unweighed, as sections of the argument."""

from __future__ import annotations

from collections.abc import Sequence

from caprev.argument.grounds import Grounds
from caprev.argument.reasons import Kind, Reason, in_short, names
from caprev.facts.vocabulary import question, worded
from caprev.reasoning.consequences import Followed

_PLACES = ("first", "second", "third")
_SHORT = 5
"""How many facts or points a short rendering shows."""


def missing(grounds: Grounds, whole: bool = True) -> Reason:
    """The facts not known, in the order to find them out; unless it is made whole, none that is for detail only."""
    analysis, for_ = grounds.analysis, worded(grounds.book.sides.for_.id)
    items = analysis.telling or analysis.missing[:_SHORT]
    children = [
        Reason(
            Kind.MISSING,
            text=item.ask,
            rule=item.fact,
            verdict=item.effect.words if item.moves else "only together with others",
            notes=(f"{for_} {item.low:.0%} to {item.high:.0%}", f"bears on {names(item.factors, 4)}")
            if item.moves
            else (),
            detail=index >= _SHORT,
        )
        for index, item in enumerate(items if whole else items[:_SHORT])
    ]
    return Reason(
        Kind.SECTION,
        heading="What is missing, in the order to find it out",
        text=_lead(len(analysis.telling), len(analysis.missing)),
        children=tuple(children),
    )


def _lead(telling: int, missing: int) -> str:
    """How many of the facts not known could move the matter by themselves, and how many only with others."""
    if not missing:
        return ""
    if not telling:
        first = ", those first on which most hangs" if missing > 1 else ""
        return f"{missing} unknown facts bear on the matter; none of them alone would move it{first}."
    rest = missing - telling
    more = f" {rest} more bear on it, and would not move it alone." if rest else ""
    verb = "fact" if telling == 1 else "facts"
    return f"{telling} unknown {verb} could alone move the matter, the most telling first.{more}"


def wanting(grounds: Grounds, below: Sequence[str] = ()) -> tuple[str, ...]:
    """What a conclusion still needs to be called strong; nothing where it is strong, or open, or not by the rules.

    Questions about the facts `below` are put there, and are named here by their places.
    """
    c, facts = grounds.analysis.conclusion, grounds.book.facts
    earned = c.earning
    if c.strength == "strong" or c.characterisation != c.rules or c.characterisation == "undetermined":
        return ()
    said = []
    if not earned.complete:
        said.append("The facts are said to be cut short, so it is not called strong.")
    unreached = "its balance and the decided cases do not carry the word strong"
    if earned.lead < earned.needed:
        if earned.lead > 0:
            ahead = f"The independent grounds for it lead those against it by {earned.lead}"
        else:
            ahead = "The independent grounds for it do not outnumber those against it"
        carried = "" if earned.reached or c.chance is None else f", and {unreached}"
        said.append(f"{ahead}, where strong needs a lead of {earned.needed}{carried}.")
    if earned.appealed:
        said.append("It leans on a point of law that is under appeal, so it is not called strong.")
    if not earned.reached and c.chance is None:
        said.append("A finding that it rests on, or that would come before it, could still turn out otherwise.")
    elif not earned.reached and earned.lead >= earned.needed:
        said.append(f"{unreached.capitalize()}.")
    waits_on = decisive(grounds)
    if waits_on:
        shown = waits_on[:_SHORT]
        asked = [question(facts[name].ask) for name in shown if name not in below]
        places = [_PLACES[place] for place, name in enumerate(below[: len(_PLACES)]) if name in shown]
        if places:
            those = f"the {', '.join(places[:-1])}{' and ' if places[1:] else ''}{places[-1]} of the questions below"
            asked = [f"{those}, and {'these' if asked[1:] else 'this'}:", *asked] if asked else [f"{those}."]
        first = "Answers would make it strong" if earned.reached and earned.grounded else "Not answered, and decisive"
        rest = len(waits_on) - _SHORT
        said.append(f"{first}: {' '.join(asked)}" + (f" And {rest} more." if rest > 0 else ""))
    return (" ".join(said),)


def decisive(grounds: Grounds) -> list[str]:
    """The facts that a limb of the conclusion waits on before it can be called strong."""
    c = grounds.analysis.conclusion
    return [name for name in c.earning.waits_on if grounds.book.applies(name, c.parcel.known) is not False]


def foremost(grounds: Grounds) -> tuple[str, ...]:
    """What follows in law that has to be read with the conclusion, because it may set it aside."""
    applying = [item for item in grounds.analysis.follows if item.rule.foremost and item.state == "applies"]
    return tuple(f"{item.rule.says} [{'; '.join(grounds.authority(item.rule.authority))}]" for item in applying)


def appealed(grounds: Grounds) -> tuple[str, ...]:
    """The points under appeal that the conclusion leans on or turns on, for the first screen."""
    analysis, points = grounds.analysis, grounds.book.points
    leant = dict.fromkeys((*analysis.conclusion.earning.appealed, *analysis.turns_on))
    said = [f"{points[name].question} {points[name].under_appeal}" for name in leant if points[name].under_appeal]
    return (f"Under appeal: {' '.join(said)}",) if said else ()


def roads(grounds: Grounds) -> tuple[str, ...]:
    """That another road to the same side is arguable, with what would follow from it instead, and its amounts."""
    analysis = grounds.analysis
    other, concluded = analysis.other_road, analysis.conclusion
    if other is None or concluded.outcome is None or other.outcome is None:
        return ()
    here, there = analysis.apart
    text = f"Both roads are arguable. What follows by the one taken is told further down{_figures(here)}; by the other,"
    told = "; ".join(_lower(item.rule.title) + _figures((item,)) for item in there)
    return (f"{text} {_lower(other.outcome.title)}, {told or 'nothing else'}.",)


def _figures(items: Sequence[Followed]) -> str:
    """The amounts that were worked out, in brackets."""
    told = [f"{one.figure.label} {one.value}" for item in items for one in item.figures if not one.missing]
    return f" ({'; '.join(told)})" if told else ""


def _lower(text: str) -> str:
    """A title within a sentence; one that begins with an abbreviation stays as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


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
