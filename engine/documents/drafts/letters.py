"""Letters that ask: the officer's request for information, and the questionnaire that an advisor sends to a client.

Both come from what is missing: what could change the answer first, then what bears on it.
"""

from __future__ import annotations

from collections.abc import Callable

from caprev.documents.content.model import Document, Item, Listing, Paragraph, Run, law_run
from caprev.documents.drafts.facts import partly_known
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.questions import subject
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.citations import Citer
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.documents.words.sentences import ask
from caprev.facts.in_words import describe
from caprev.facts.vocabulary import Fact, worded
from caprev.reasoning.sensitivity import Missing

_LEAST = 8  # questions that a request for information puts where few of them could move the answer


def information(material: Material) -> tuple[Document, Citer]:
    """The letter to an applicant, and what it cites."""
    return _Letter(material, "information").document()


def questionnaire(material: Material) -> tuple[Document, Citer]:
    """The questions to a client, and what they cite."""
    return _Letter(material, "questionnaire").document()


class _Letter:
    def __init__(self, material: Material, kind: str) -> None:
        self.material = material
        self.kind = kind
        self.phrases = material.phrases
        self.writer = Writer(material.phrases, comments=False)

    def say(self, key: str) -> str:
        return self.phrases(f"letters.{self.kind}.{key}")

    def document(self) -> tuple[Document, Citer]:
        """The letter as a whole."""
        about = subject(self.material)
        self.writer.paragraph(self.say("status"), "disclaimer")
        for name, value in (("to", self.say("to")), ("from", self.say("from"))):
            self.writer.add(Paragraph((Run(self.say(f"labels.{name}"), bold=True, law=True), Run(value, law=True))))
        self.writer.add(Paragraph((Run(self.say("labels.about"), bold=True, law=True), Run(about))))
        self.writer.paragraph(self.say("lead"))
        self.writer.part("head")
        telling, others = self.missing()
        if self.kind == "information":
            self.asked((telling + others)[: max(len(telling), _LEAST)], self.item)
            self.confirm()
            self.closing("reply")
        else:
            if telling:
                self.asked(telling, self.question)
                self.writer.heading(1, self.say("labels.others"))
            else:
                self.writer.heading(1, self.say("labels.asked"))
            left = max(self.phrases.number("letters.questionnaire.most") - len(telling), 0)
            if others[:left]:
                self.writer.add(Listing(tuple(map(self.question, others[:left])), start=len(telling) + 1))
            self.writer.part("others")
            self.closing("back")
        as_at = self.material.assessment.as_at
        return self.writer.finish(self.say("title"), about, as_at, self.say("mark")), self.writer.citer

    def missing(self) -> tuple[list[Missing], list[Missing]]:
        """What is not known on any parcel: what could move the conclusion, and the rest, each asked once.

        Of the rest first comes what decides whether the conclusion is strong.
        """
        found: dict[str, Missing] = {}
        for analysis in self.material.analyses:
            decisive = analysis.conclusion.earning.waits_on
            ranked = sorted(analysis.missing, key=lambda item: item.fact not in decisive)
            for item in (*analysis.telling, *ranked):
                found.setdefault(item.fact, item)
        most = self.phrases.number(f"letters.{self.kind}.most")
        telling = [item for item in found.values() if item.moves and not item.idle][:most]
        return telling, [item for item in found.values() if item not in telling][:most]

    def asked(self, items: list[Missing], told: Callable[[Missing], Item]) -> None:
        """The questions, numbered."""
        self.writer.heading(1, self.say("labels.asked"))
        if items:
            self.writer.add(Listing(tuple(map(told, items)), start=1))
        elif self.kind == "information":
            self.writer.paragraph(self.say("none"))
        self.writer.part("asked")

    def item(self, item: Missing) -> Item:
        """A question of the officer: what, why, and the papers."""
        fact = self.material.book.vocabulary[item.fact]
        why = self.say("why").format(effect=item.effect.words) if item.effect.telling else self.say("bears")
        papers = self.say("papers").format(papers=lower_first(second_person(fact.evidence))) if fact.evidence else ""
        return Item(law_run(" ".join(filter(None, (ask(fact.ask), why, papers)))), item.fact, (item.fact,))

    def question(self, item: Missing) -> Item:
        """A question to a client: what may be answered, and the papers; its name for whoever types it in."""
        fact = self.material.book.vocabulary[item.fact]
        rows = [self.say("answers").format(answers=self.answers(fact))]
        if fact.evidence:
            rows.append(self.say("papers").format(papers=lower_first(second_person(fact.evidence))))
        head = (*law_run(ask(fact.ask)), Run(f" [{item.fact}]"))
        return Item(head, item.fact, (item.fact,), tuple(Item(law_run(text)) for text in rows))

    def answers(self, fact: Fact) -> str:
        """What may be answered, in words."""
        if fact.type == "bool":
            return " / ".join(map(str, self.phrases.listed("letters.questionnaire.yes_no")))
        if fact.type == "date":
            return self.say("date")
        values = " / ".join(map(worded, fact.values))
        if fact.type == "set":
            return self.say("several").format(answers=values)
        return values or " ".join(filter(None, (self.say("number"), f"({fact.unit})" if fact.unit else "")))

    def confirm(self) -> None:
        """What the application tells only in part."""
        rows = [
            f"{upper_first(given.fact.words)}: {describe(given)}. {ask(given.fact.ask)}"
            for given in partly_known(self.material)
        ]
        if rows:
            self.writer.heading(1, self.say("labels.confirm"))
            self.writer.paragraph(self.say("confirm_lead"))
            self.writer.bullets(Item((Run(text),)) for text in rows)
            self.writer.part("confirm")

    def closing(self, key: str) -> None:
        """What the reader is to do."""
        self.writer.heading(1, self.say(f"labels.{key}"))
        self.writer.paragraph(self.say(key))
        self.writer.part("closing")
