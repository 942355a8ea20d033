"""A student's coding of a decision beside the coding of the case base: fact by fact, then factor by factor."""

from __future__ import annotations

import json
from collections.abc import Mapping

from caprev.facts import conditions
from caprev.facts.in_words import describe
from caprev.facts.matter import Matter
from caprev.files import reading
from caprev.files.reading import Value
from caprev.reasoning.assess import Assessor
from caprev.teaching.exercise import Ask, Exercise, Line, Score

SAME, COMPATIBLE, CONTRARY = 2, 1, -1


def asked(assessor: Assessor, exercise: Exercise) -> list[str]:
    """The facts to code: those that the court's reasons rest on, in the order of the vocabulary."""
    case, book = exercise.case, assessor.book
    known = assessor.known(case.parcel)
    rested = {
        fact
        for name in (*case.because, *case.despite)
        for fact in conditions.named(conditions.resting_on(book.conditions[name], known))
    }
    return [name for name in book.vocabulary.facts if name in rested]


def code(assessor: Assessor, exercise: Exercise, ask: Ask) -> Matter:
    """Asks for every fact to code; nothing or `unknown` leaves one unknown. Raises BadInput on a contradiction."""
    coded: dict[str, Value] = {}
    for name in asked(assessor, exercise):
        fact = assessor.book.vocabulary[name]
        lead = ""
        while True:
            answer = ask(f"{lead}{fact.ask} [{fact.allowed}; empty if not known] ").strip()
            if not answer or answer == "unknown":
                break
            value: Value = [item.strip() for item in answer.split(",")] if fact.type == "set" else answer
            try:
                fact.read(value)
            except ValueError as error:
                lead = f"{str(error).rstrip('.')}. "
                continue
            coded[name] = value
            break
    return as_matter(assessor, coded, exercise.matter.as_at)


def as_matter(assessor: Assessor, coded: Mapping[str, Value], as_at: str) -> Matter:
    """A fact set of coded facts. Raises BadInput."""
    written = {"matter": {"as_at": as_at}, "facts": dict(coded)}
    return assessor.matter(reading.parse(json.dumps(written), "<coding>"))


def compare(assessor: Assessor, exercise: Exercise, coded: Matter) -> Score:
    """Points for every fact the court's reasons rest on, then what each of those reasons becomes."""
    case, book = exercise.case, assessor.book
    mine, theirs = coded.parcels[0], case.parcel
    lines = []
    for name in asked(assessor, exercise):
        right = theirs.facts.get(name)
        if right is None:  # a quantity that follows from others
            continue
        told = describe(right) + (f" ({right.source})" if right.source else "")
        given = mine.facts.get(name)
        if given is None:
            lines.append(Line(0, SAME, f"missed {name}", f"it is {told}"))
        elif given.knowledge == right.knowledge:
            lines.append(Line(SAME, SAME, f"coded {name}", f"{describe(given)}, as in the case base"))
        elif given.knowledge.narrowed(right.knowledge) is not None:
            why = f"{describe(given)} can stand with, but is not, what the case base has: {told}"
            lines.append(Line(COMPATIBLE, SAME, f"coded {name}", why))
        else:
            lines.append(Line(CONTRARY, SAME, f"coded {name}", f"{describe(given)}, contrary to the case base: {told}"))
    states, known = assessor.states(mine), assessor.known(mine)
    for name in (*case.because, *case.despite):
        ground = "the court rested on it" if name in case.because else "the court overcame it"
        state = states[name]
        if state == "met":
            why = "met on your coding too"
        elif state == "not_met":
            facts = conditions.named(conditions.resting_on(book.conditions[name], known))
            why = "not met on your coding: " + "; ".join(f"{f}: {describe(mine.facts[f])}" for f in facts)
        else:
            facts = conditions.named(conditions.open_on(book.conditions[name], known))
            why = f"open on your coding, which leaves out {', '.join(facts)}"
        lines.append(Line(0, 0, f"factor {name}", f"{ground}; {why}"))
    return Score(tuple(lines))
