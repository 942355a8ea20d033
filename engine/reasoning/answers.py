"""Further questions that consequences answer with yes, no or another word, by rules in order.

The first rule that applies gives the answer, unless an earlier one that would answer otherwise still depends on
something not known: then the question is undetermined, and says on what it waits. Which questions there are, and what
one needs of another, stands in `questions.yaml`; the rules are consequences that name the question under `answers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from caprev.law.models import Asked
from caprev.law.rulebook import Rulebook
from caprev.reasoning.consequences import Followed

UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Answer:
    """An answer to one part of a further question: by which rule, or what it waits on (`open`, in their order)."""

    subject: str
    part: str
    answer: str
    by: tuple[Followed, ...]
    open: tuple[Followed, ...]


def answered(book: Rulebook, follows: Iterable[Followed]) -> Mapping[str, tuple[Answer, ...]]:
    """Every part of every further question, in the order of the rulebook, from the consequences that may apply."""
    items = sorted(follows, key=lambda item: item.rule.order)
    found: dict[str, tuple[Answer, ...]] = {}
    for subject, asked in book.questions.answered.items():
        answers: dict[str, Answer] = {}
        for part in asked.parts:
            own = _by_rules(subject, part, [item for item in items if f"{subject}.{part}" in item.rule.answers])
            answers[part] = _as_needed(own, answers, asked)
        found[subject] = tuple(answers.values())
    return found


def _by_rules(subject: str, part: str, items: list[Followed]) -> Answer:
    """The answer of the first rule that applies, if no earlier one may still answer otherwise."""
    name, waiting = f"{subject}.{part}", []
    for item in items:
        if item.state != "applies":
            waiting.append(item)
            continue
        answer = item.rule.answers[name]
        otherwise = tuple(other for other in waiting if other.rule.answers[name] != answer)
        return Answer(subject, part, UNDETERMINED if otherwise else answer, (item,), otherwise)
    return Answer(subject, part, UNDETERMINED, (), tuple(waiting))


def _as_needed(own: Answer, before: Mapping[str, Answer], asked: Asked) -> Answer:
    """The answer, where what it needs of another part is known to be so; `otherwise` where it is known not to be."""
    needs = asked.parts[own.part].needs
    if needs is None or own.answer == needs.otherwise:
        return own
    first = before[needs.part]
    if first.answer == needs.answer:
        return own
    if first.answer == UNDETERMINED:
        return replace(own, answer=UNDETERMINED, by=(), open=first.open or own.open)
    return replace(own, answer=needs.otherwise, by=first.by, open=())
