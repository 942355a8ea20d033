"""What consequences answer: the questions in their order, and those that have an answer of their own."""

from __future__ import annotations

from pydantic import Field

from caprev.law.models.shapes import Model, Telling, Text


class Needs(Model):
    """What one part of a question needs of an earlier part, and what is answered where that is known not to be so."""

    part: str
    answer: str
    otherwise: str


class AskedPart(Model):
    """One part of a further question: how it is asked, the answers it may have, and what it needs of another part.

    `left_open` says why there is no answer where no rule gives one or could.
    """

    ask: Text
    left_open: Telling
    words: dict[str, str]
    needs: Needs | None = None


class Asked(Model):
    """A further question with an answer of its own, beside the conclusion: the parts in their order."""

    question: str
    parts: dict[str, AskedPart]


class Questions(Model):
    """The questions that consequences answer, in the order to show them.

    `event` is the fact that dates the event of a rule; where it is not known, `otherwise` stands for it. `owners` is
    the fact that says what kind of owner it is: a rule that ends has successors for each of them. `matters` are what
    rules may settle of an amount, each with the answers it can have: two rules that apply and give different answers
    contradict each other. `answered` are questions beside the conclusion that get an answer of their own, in the group
    of consequences that `question` names; the name of each is its key in JSON. `story` are the facts that an interview
    asks for first, in the order in which a person tells what happened.
    """

    note: str
    event: str
    otherwise: str
    owners: str = ""
    questions: dict[str, str]
    matters: dict[str, dict[str, str]] = Field({})
    answered: dict[str, Asked] = Field({})
    story: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, AskedPart]:
        """Every part of the questions beside the conclusion, as rules name it: subject.part."""
        return {f"{name}.{part}": how for name, asked in self.answered.items() for part, how in asked.parts.items()}
