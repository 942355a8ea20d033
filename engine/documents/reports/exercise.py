"""An exercise as a handout without the answers, an answer sheet, and lines for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from caprev.documents.content.model import Block, Document, bullets, heading, paragraphs, sheet, table
from caprev.documents.words.grammar import lower_first, upper_first
from caprev.documents.words.grounds import listed
from caprev.documents.words.narrative import Narrative
from caprev.documents.words.phrases import Phrases
from caprev.facts.in_words import describe, wrapped
from caprev.facts.matter import Given
from caprev.facts.tense import Tense
from caprev.facts.vocabulary import worded
from caprev.law import citations
from caprev.law.rulebook import Rulebook
from caprev.law.telling import told as as_told
from caprev.reasoning.conclusion import Conclusion
from caprev.teaching import exercise
from caprev.teaching.drills import Variation
from caprev.teaching.exercise import Exercise, Prediction, Score


def handout(book: Rulebook, put: Exercise, variations: list[Variation], wordings: Phrases | None = None) -> Document:
    """What the student gets: no name, no citation, no outcome, no sources that would give the case away.

    With `wordings` the facts are told as a story, and without them as a table.
    """
    return sheet("Exercise: a decided case", _handout(book, put, variations, wordings))


def _story(put: Exercise, wordings: Phrases) -> Iterator[str]:
    """The facts in paragraphs, in the order of time."""
    facts = {given.fact.name: replace(given, standing=None, source="", note="") for given in put.facts}
    story = Narrative(wordings, facts, facts)
    told = sorted(facts.values(), key=lambda given: (story.paragraph_of(given.fact.name), story.place(given.fact.name)))
    for _, rows in groupby(told, key=lambda given: story.paragraph_of(given.fact.name)):
        sentences = story.told(story.clauses([given for given in rows if story.tells(given)]))
        yield " ".join(upper_first(text) for text, _ in sentences).replace("[number]", "several")


def _handout(book: Rulebook, put: Exercise, variations: list[Variation], wordings: Phrases | None) -> Iterator[Block]:
    yield from paragraphs(
        f"Seed {put.seed}. Facts as at about {put.matter.as_at[:4]}. What is not listed is not known. All values are "
        "as read from the decision; the name of the case, its outcome and its reasons are on the answer sheet."
    )
    yield heading(1, "Facts")
    if wordings:
        yield from paragraphs("You are the owner, or advise the owner.")
        yield bullets(filter(None, _story(put, wordings)), start=1)
    else:
        yield table(["About", "Fact", "Value"], ([*_where(given), _value(given)] for given in put.facts))
    yield heading(1, "Questions")
    routes = ", ".join(worded(route) for route in put.routes)
    yield bullets(
        [
            f"Outcome: {' or '.join(map(worded, book.sides.ids))}? ____________",
            f"Route: {routes}? ____________",
            "Which of the factors below did the court rest on? Some were there without being decisive, some spoke the "
            "other way, and some were not there. ____________",
        ],
        start=1,
    )
    yield heading(1, "Factors to choose from")
    yield bullets((book.factors[name].text for name in put.options), start=1)
    if variations:
        yield heading(1, "Hypotheticals")
        yield from paragraphs(
            "Change only what is said. Which way does it go, and why? Does the decision itself still govern?"
        )
        yield bullets((_suppose(variation, put, wordings) for variation in variations), start=1)
    yield from paragraphs(book.pack.disclaimer)


def _where(given: Given) -> list[str]:
    section = given.fact.name.split(".", 1)[0]
    return [section, given.fact.words]


def _value(given: Given) -> str:
    doubt = f" ({given.standing})" if given.standing in ("assumed", "disputed") else ""
    return describe(given) + doubt


def _suppose(variation: Variation, put: Exercise, wordings: Phrases | None) -> str:
    """What is supposed, and how it was in the case: in sentences where the law has words for its facts."""
    if wordings is None:
        changes = "; ".join(f"{item.words}: {item.after} (in the case: {item.before})" for item in variation.supposed)
        return f"Suppose {changes}."
    facts, before = variation.conclusion.parcel.facts, put.case.parcel.facts
    then, was = Narrative(wordings, facts, facts), Narrative(wordings, before, before)
    names = [item.fact for item in variation.supposed]
    told = [f"Suppose that {listed([lower_first(then.clause(facts[name])) for name in names])}."]
    known = [lower_first(was.clause(before[name])) for name in names if name in before]
    if known:
        told.append(f"In the case, {listed(known)}.")
    elif names[1:]:
        told.append("None of that is known in the case.")
    else:
        told.append("That is not known in the case.")
    return " ".join(told)


def answers(
    book: Rulebook,
    put: Exercise,
    decided: Conclusion,
    blind: Conclusion,
    variations: list[Variation],
    wordings: Phrases | None = None,
) -> Document:
    """What the trainer gets: the case, its reasons factor by factor, the marks, and the hypotheticals answered."""
    return sheet(f"Answers: {put.case.name}", _answers(book, put, decided, blind, variations, wordings))


def _answers(
    book: Rulebook,
    put: Exercise,
    decided: Conclusion,
    blind: Conclusion,
    variations: list[Variation],
    wordings: Phrases | None,
) -> Iterator[Block]:
    case = put.case
    yield from paragraphs(
        f"Seed {put.seed}. {citations.full(book, case.authority)}, {case.court}. Confidence in this reading: "
        f"{case.confidence}.",
        *case.treatment,
        citations.status(book, case.authority),
    )
    yield heading(1, "Outcome")
    yield from paragraphs(f"{worded(case.outcome).capitalize()}, by the route {worded(case.route)}. {case.ratio}")
    yield from paragraphs(f"With this case left out of its base the engine says: {_concluded(blind)}.")
    yield heading(1, "A model answer")
    yield from paragraphs(*_model(book, put))
    numbers = {name: str(index) for index, name in enumerate(put.options, 1)}
    yield heading(1, "What the court rested on")
    head = ["No.", "Factor", "In words", "Authority", "Limits"]
    yield table(head, (_factor(book, numbers, name) for name in case.because))
    if case.despite:
        yield heading(1, "What the court overcame")
        yield table(head, (_factor(book, numbers, name) for name in case.despite))
    yield heading(1, "The other factors on the list")
    rest = [name for name in put.options if name not in (*case.because, *case.despite)]
    yield table(
        ["No.", "Factor", "Why it is not decisive"],
        ([numbers[name], name, exercise.not_decisive(book, case, name)] for name in rest),
    )
    reasons = exercise.held(case)
    if reasons:
        yield heading(1, "The court's reasons as recorded")
        yield table(["Reason", "Speaks"], ([words, side] for words, side in reasons))
    yield heading(1, "Marks")
    most = exercise.FOR_OUTCOME + exercise.FOR_ROUTE + exercise.FOR_FACTOR * len(case.because)
    yield bullets(
        [
            f"{exercise.FOR_OUTCOME} for the outcome, {exercise.FOR_ROUTE} for the route.",
            f"{exercise.FOR_FACTOR} for each factor the court rested on; {exercise.FOR_FACTOR} off for each one named "
            "that was not there or spoke the other way, the factors together never below nothing. One that was there "
            "and spoke for the outcome without being a recorded ground costs nothing.",
            f"{most} in all.",
        ]
    )
    if variations:
        yield heading(1, "Hypotheticals")
        yield from paragraphs(f"As decided, the engine with the case in its base says: {_concluded(decided)}.")
        yield bullets((_answer(variation, put, decided, wordings) for variation in variations), start=1)
    yield from paragraphs(book.pack.disclaimer)


def _model(book: Rulebook, put: Exercise) -> Iterator[str]:
    """What a good answer says: outcome and route, the grounds in the order of their strength, what was overcome."""
    case = put.case

    def told(names: Iterable[str]) -> str:
        return "; ".join(lower_first(book.factors[name].text.rstrip(".")) for name in book.strongest(names))

    yield f"The gain is on the side of {worded(case.outcome)}, by the route {worded(case.route)}. {case.ratio.strip()}"
    if case.because:
        yield f"What decides it is this: {told(case.because)}."
    if case.despite:
        yield f"It is so although something speaks the other way: {told(case.despite)}."


def _factor(book: Rulebook, numbers: dict[str, str], name: str) -> list[str]:
    rule = book.factors[name]
    cited = "; ".join(citations.short(book, item) for item in rule.authority)
    return [numbers.get(name, ""), name, rule.text, cited, rule.limits]


def _concluded(c: Conclusion) -> str:
    route = f" by {worded(c.route)}" if c.route else ""
    return f"{worded(c.characterisation)}{route}, {worded(c.strength)}, balance {c.balance:+.2f}"


def _called(book: Rulebook, names: Iterable[str]) -> str:
    """Factors by what they are called of "the owner"."""
    words = book.words.factors
    short = [as_told(words[name].short, Tense.DONE) if name in words else name.replace("-", " ") for name in names]
    return listed([re.sub(r"\byou\b", "the owner", re.sub(r"\byour\b", "the owner's", text)) for text in short])


def _answer(variation: Variation, put: Exercise, decided: Conclusion, wordings: Phrases | None) -> str:
    book = decided.weigher.book
    c, itself = variation.conclusion, variation.itself
    word = "turns to" if variation.turned else "stays"
    parts = [f"{_suppose(variation, put, wordings)} It {word} {_concluded(c)}."]
    if variation.gained:
        parts.append(f"Now there: {_called(book, variation.gained)}.")
    if variation.lost:
        parts.append(f"No longer shown: {_called(book, variation.lost)}.")
    nodes = c.weigher.book.nodes
    parts += [
        str(getattr(nodes[name], finding.state))
        for name, finding in c.findings.items()
        if finding.state != decided.findings[name].state and nodes[name].kind != "indicator"
    ]
    lacks = [*itself.missing, *itself.unproved, *itself.beyond]
    governs = {"binds": "still binds", "persuades": "would still govern"}.get(variation.stands)
    because = f", being distinguishable by {_called(book, lacks)}" if lacks else ""
    parts.append(f"The decision itself {governs or 'does not govern'}{'' if governs else because}.")
    if c.decided_by != "rules" and c.guidance.by:
        by = ", ".join(comparison.case.name for comparison in c.guidance.by)
        parts.append(f"Decided by precedent ({by}); the weighing alone says {worded(c.rules)}.")
    return " ".join(parts)


def question(book: Rulebook, put: Exercise) -> Iterator[str]:
    """The exercise for a terminal, before anything is asked."""
    yield f"Seed {put.seed}. A decided case; facts as at about {put.matter.as_at[:4]}; what is not listed is not known."
    section = ""
    for given in put.facts:
        where, words = _where(given)
        if where != section:
            yield f"{where}:"
            section = where
        yield f"  {words}: {_value(given)}"
    yield "Factors to choose from:"
    for number, name in enumerate(put.options, 1):
        yield from wrapped(f"{number}. {book.factors[name].text}", "  ", 4)


def result(book: Rulebook, put: Exercise, given: Prediction, score: Score) -> Iterator[str]:
    """The score line by line, and the case it was."""
    case = put.case
    yield from wrapped(f"The case: {citations.full(book, case.authority)} ({case.court})", "", 2)
    yield from wrapped(f"{worded(case.outcome).upper()}, {worded(case.route)}: {case.ratio}", "", 2)
    for line in score.lines:
        yield from wrapped(f"{line.points:+d} of {line.most}: {line.what}: {line.why}", "  ", 9)
    for name in case.despite:
        word = "named" if name in given.factors else "overcome"
        favours = book.factors[name].favours
        yield from wrapped(f"{word}: {name} spoke for {favours}, and did not carry the case", "  ", 4)
    for words, side in exercise.held(case):
        yield from wrapped(f"the court: {words} ({side})", "  ", 4)
    for note in (*case.treatment, citations.status(book, case.authority)):
        if note:
            yield from wrapped(f"note: {note}", "  ", 4)
    yield f"Score: {score.points} of {score.most}."


def coded(put: Exercise, score: Score, concluded: Conclusion) -> Iterator[str]:
    """The score of a coding, and what the engine makes of it with the case left out of its base."""
    case = put.case
    for line in score.lines:
        mark = f"{line.points:+d} of {line.most}: " if line.most else ""
        yield from wrapped(f"{mark}{line.what}: {line.why}", "  ", 9)
    yield from wrapped(f"{worded(case.outcome).upper()}, {worded(case.route)}: {case.ratio}", "", 2)
    engine_says = f"On your coding, with this case left out of its base, the engine says: {_concluded(concluded)}."
    yield from wrapped(engine_says, "", 2)
    yield f"Score: {score.points} of {score.most}."
