"""Further questions that consequences answer with yes, no or another word, by rules in order.

The first rule that applies gives the answer, unless an earlier one that would answer otherwise still depends on
something not known: then the question is undetermined, and says on what it waits. Which questions there are, and what
one needs of another, stands in `questions.yaml`; the rules are consequences that name the question under `answers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from caprev.law.models import AskedPart
from caprev.law.rulebook import Rulebook
from caprev.reasoning.consequences import Followed

UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Answer:
    """An answer to one part of a further question: by which rule, or what it waits on (`open`, in their order).

    `upon` is the earlier part whose answer, or want of one, is the reason for this one.
    """

    part: str
    asked: AskedPart
    answer: str
    by: tuple[Followed, ...]
    open: tuple[Followed, ...]
    upon: AskedPart | None = None

    @property
    def unruled(self) -> str:
        """The reason for the answer, or for there being none, where no rule of its own gives it."""
        if self.upon is None:
            return self.asked.left_open
        how = "waits on" if self.answer == UNDETERMINED else "follows from"
        return f"It {how} the answer to the question: {self.upon.ask}"


def answered(book: Rulebook, follows: Iterable[Followed]) -> Mapping[str, tuple[Answer, ...]]:
    """Every part of every further question, in the order of the rulebook, from the consequences that may apply."""
    items = sorted(follows, key=lambda item: item.rule.order)
    found: dict[str, tuple[Answer, ...]] = {}
    for subject, asked in book.questions.answered.items():
        answers: dict[str, Answer] = {}
        for part, how in asked.parts.items():
            name = f"{subject}.{part}"
            given = [(item, item.rule.answers[name]) for item in items if name in item.rule.answers]
            answers[part] = _as_needed(_by_rules(part, how, given), answers)
        found[subject] = tuple(answers.values())
    return found


def _by_rules(part: str, asked: AskedPart, given: list[tuple[Followed, str]]) -> Answer:
    """The answer of the first rule that applies, if no earlier one may still answer otherwise."""
    first = next((index for index, (item, _) in enumerate(given) if item.state == "applies"), len(given))
    waiting = given[:first]
    if first == len(given):
        return Answer(part, asked, UNDETERMINED, (), tuple(item for item, _ in waiting))
    by, answer = given[first]
    otherwise = tuple(item for item, other in waiting if other != answer)
    return Answer(part, asked, UNDETERMINED if otherwise else answer, (by,), otherwise)


def _as_needed(own: Answer, before: Mapping[str, Answer]) -> Answer:
    """The answer, where what it needs of another part is known to be so; `otherwise` where it is known not to be."""
    needs = own.asked.needs
    if needs is None or own.answer == needs.otherwise:
        return own
    first = before[needs.part]
    if first.answer == needs.answer:
        return own
    if first.answer == UNDETERMINED:
        return replace(own, answer=UNDETERMINED, by=(), open=first.open or own.open, upon=first.asked)
    return replace(own, answer=needs.otherwise, by=(), open=(), upon=first.asked)
