"""What follows in law, as a section of the argument: wording is made here, nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from functools import lru_cache

from caprev.argument.grounds import Grounds
from caprev.argument.reasons import Fact, Kind, Reason, lists
from caprev.facts.tense import Tense
from caprev.facts.vocabulary import question
from caprev.law.models import Signs
from caprev.law.telling import told
from caprev.reasoning.answers import UNDETERMINED, Answer
from caprev.reasoning.consequences import CONCLUSION, Counted, Followed

TOGETHER = " Taken together "
"""What stands between the title of signs that are counted and what they amount to."""
ITSELF = "the conclusion"
"""What waits on what is concluded names it so, where others name a fact or a point of law."""


def section(
    grounds: Grounds, items: tuple[Followed, ...], answered: Mapping[str, tuple[Answer, ...]], whole: bool = True
) -> Reason:
    """The consequences grouped by the question they answer, what applies before what depends on something.

    Unless it is made whole, what is for detail only is there by its rule alone, to be counted, and no facts are told.
    """
    questions = grounds.book.questions
    groups = []
    about: dict[str, list[Followed]] = {name: [] for name in questions.questions}
    for item in sorted(items, key=lambda item: item.state != "applies"):
        about[item.rule.question].append(item)
    for name, rows in about.items():
        asked = [subject for subject, further in questions.answered.items() if further.question == name]
        parts = [answer for subject in asked for answer in answered[subject] if rows]
        # A rule that gives an answer is told with it, and not once more below.
        given = {item.rule.id for answer in parts if not answer.open for item in answer.by}
        settled = {f"{name}.{a.part}" for name in asked for a in answered[name] if a.answer != UNDETERMINED}
        reasons = tuple(_answer(grounds, answer, whole) for answer in parts) + tuple(
            replace(reason, detail=True) if not reason.detail and _idle(item, settled) else reason
            for item in rows
            if item.rule.id not in given
            for reason in _reasons(grounds, item, whole)
        )
        groups.append(Reason(Kind.GROUP, heading=questions.questions[name], children=reasons))
    filled = tuple(group for group in groups if group.children)
    return Reason(
        Kind.FOLLOWING,
        heading="What follows in law",
        text=f"{questions.note} Rounding: {grounds.book.vocabulary.money.rounding}." if filled else "",
        children=filled,
    )


def _answer(grounds: Grounds, answer: Answer, whole: bool) -> Reason:
    """A further question with its answer: the reason, or what has to be known first."""
    part, by = answer.asked, () if answer.open else answer.by
    if answer.open and not answer.upon:  # one rule's waits at a time; JSON has all
        text = "To be known first: " + " ".join(wait.short for wait in answer.open[0].waits)
    else:
        rule = by[0].rule if by else None
        text = rule.says if rule else told(answer.unruled, grounds.analysis.tense)
    return Reason(
        Kind.ANSWER,
        heading=f"{part.ask} {part.words.get(answer.answer, UNDETERMINED).capitalize()}.",
        text=text,
        rule=by[0].rule.id if by else "",
        verdict=answer.answer,
        authority=tuple(cited for item in by for cited in grounds.authority(item.rule.authority)),
        facts=tuple(fact for item in by if whole for fact in facts_of(grounds, item)),
        notes=tuple(item.rule.limits for item in by),
        named=lists(("waits on", [w.name for w in answer.open[0].waits] if answer.open and not answer.upon else [])),
        upon=answer.upon.ask if answer.upon else "",
    )


def _idle(item: Followed, settled: Set[str]) -> bool:
    """Whether a rule could only give answers that are given without it, or counts signs that lead nowhere."""
    rule = item.rule
    if rule.signs:
        return bool(settled) and item.finding == rule.signs.unclear
    return item.state != "applies" and bool(rule.answers) and settled >= rule.answers.keys()


@lru_cache(maxsize=1024)  # of the law alone
def _only_counted(rule: str) -> tuple[Reason]:
    """A consequence that is there to be counted."""
    return (Reason(Kind.CONSEQUENCE, rule=rule, detail=True),)


def _reasons(grounds: Grounds, item: Followed, whole: bool) -> tuple[Reason, ...]:
    """A consequence and its figures; one that is for detail only is one reason."""
    if item.far and not whole:
        return _only_counted(item.rule.id)
    figures = _figures(grounds, item)
    if item.far:
        return (_reason(grounds, item, " ".join(figures), whole),)
    return (_reason(grounds, item, "", whole), *(Reason(Kind.FIGURE, text=text, rule=item.rule.id) for text in figures))


def _reason(grounds: Grounds, item: Followed, more: str, whole: bool) -> Reason:
    rule = item.rule
    applies = item.state == "applies"
    heading = rule.title if rule.title.endswith("?") else f"{rule.title}."
    parts = [rule.says] if applies else []
    if rule.signs:
        heading += f"{TOGETHER}{item.finding}."
        parts.append(_signs(item.signs, rule.signs, grounds.analysis.tense))
    if item.waits:
        parts.append("Depends on: " + " ".join(wait.short for wait in item.waits))
    if rule.warning:
        parts.append(f"Warning: {rule.warning}")
    if more:
        parts.append(more)
    return Reason(
        Kind.CONSEQUENCE,
        heading=heading,
        text=" ".join(parts),
        rule=rule.id,
        verdict=item.state + (", law not verified" if rule.unverified else ""),
        authority=grounds.authority(rule.authority),
        facts=facts_of(grounds, item) if whole else (),
        detail=item.far,
        unverified=rule.unverified,
        notes=(rule.limits,) if applies else (rule.says, rule.limits),
        named=lists(("waits on", [ITSELF if w.name == CONCLUSION else w.name for w in item.waits])),
    )


def facts_of(grounds: Grounds, item: Followed) -> tuple[Fact, ...]:
    """The known facts a consequence rests on."""
    return tuple(map(grounds.fact, item.facts))


def _figures(grounds: Grounds, item: Followed) -> list[str]:
    """The figures in words; none where nothing is known of the amounts."""
    rows = []
    for worked in item.figures if any(worked.used for worked in item.figures) else ():
        if not worked.told:
            asks = " ".join(question(grounds.book.vocabulary[name].ask) for name in worked.missing)
            rows.append(f"{worked.figure.label}: not worked out. {asks}")
        else:
            plain = worked.formula.endswith(worked.value)  # an amount that was set or given, with nothing to work out
            rows.append(f"{worked.figure.label} = {worked.formula}{'' if plain else f' = {worked.value}'}.")
    return rows


def _signs(signs: tuple[Counted, ...], rule: Signs, tense: Tense) -> str:
    """The signs, present, absent and not known, and how they are counted."""
    parts = []
    for state, word in ((True, "Present"), (False, "Absent"), (None, "Not known")):
        texts = [told(item.sign.text, tense) for item in signs if item.state is state]
        if texts:
            parts.append(f"{word}: {'; '.join(texts)}.")
    counted = f"They are counted, and a lead of {rule.lead} makes a finding: an engine weight, not law."
    return " ".join([*parts, counted])
