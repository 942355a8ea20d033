"""What follows in law, as a section of the argument: wording is made here, nothing is decided here."""

from __future__ import annotations

from .consequences import Counted, Followed
from .figures import ROUNDING
from .grounds import Grounds
from .law import Signs
from .reasons import Fact, Reason


def section(grounds: Grounds, items: tuple[Followed, ...]) -> Reason:
    """The consequences grouped by the question they answer; minor ones together, in detail only."""
    questions = grounds.book.questions
    groups = [
        Reason("group", title, children=_reasons(grounds, [i for i in items if i.rule.question == name], minor=False))
        for name, title in questions.questions.items()
    ]
    groups.append(Reason("group", "Further points", children=_reasons(grounds, items, minor=True), detail=True))
    filled = tuple(group for group in groups if group.children)
    return Reason("section", "What follows in law", f"{questions.note} Rounding: {ROUNDING}.", children=filled)


def _reasons(grounds: Grounds, items: list[Followed] | tuple[Followed, ...], minor: bool) -> tuple[Reason, ...]:
    """What applies first, then what depends on something, each followed by its figures."""
    chosen = [item for item in items if item.rule.minor == minor]
    chosen.sort(key=lambda item: item.state != "applies")
    return tuple(reason for item in chosen for reason in (_reason(grounds, item), *_figures(grounds, item)))


def _reason(grounds: Grounds, item: Followed) -> Reason:
    rule = item.rule
    parts = [f"{rule.title}. {rule.says}"]
    if rule.signs:
        parts.append(signs_in_words(item.signs, item.finding, rule.signs))
    if item.waits:
        parts.append("Depends on: " + " ".join(wait.ask for wait in item.waits))
    if rule.warning:
        parts.append(f"Warning: {rule.warning}")
    return Reason(
        "consequence",
        text=" ".join(parts),
        rule=rule.id,
        verdict=item.state + (", law not verified" if rule.unverified else ""),
        authority=grounds.authority(rule.authority),
        facts=facts_of(grounds, item),
        notes=(rule.limits,),
    )


def facts_of(grounds: Grounds, item: Followed) -> tuple[Fact, ...]:
    """The known facts a consequence rests on."""
    return tuple(grounds.fact(grounds.c.parcel.facts[name]) for name in item.facts)


def _figures(grounds: Grounds, item: Followed) -> list[Reason]:
    rows = []
    for worked in item.figures:
        text = f"{worked.figure.label} = {worked.formula} = {worked.value}."
        if worked.missing:
            asks = " ".join(grounds.book.vocabulary[name].ask for name in worked.missing)
            text = f"{worked.figure.label}: not worked out. {asks}"
        # Where nothing is known of the amounts, naming every figure would only be noise.
        if not worked.missing or len(item.figures) > sum(bool(w.missing) for w in item.figures):
            rows.append(Reason("figure", text=text, rule=item.rule.id))
    return rows


def signs_in_words(signs: tuple[Counted, ...], finding: str, rule: Signs) -> str:
    """The signs, present, absent and not known, and what they come to when counted."""
    parts = []
    for state, word in ((True, "Present"), (False, "Absent"), (None, "Not known")):
        texts = [item.sign.text for item in signs if item.state is state]
        if texts:
            parts.append(f"{word}: {'; '.join(texts)}.")
    counted = f"Taken together: {finding} (counted, a lead of {rule.lead} makes a finding: an engine weight, not law)."
    return " ".join([*parts, counted])
