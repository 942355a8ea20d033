"""Letters that ask: the officer's request for information, and the questionnaire that an advisor sends to a client.

Both come from what is missing: what could change the answer first, then what bears on it. The questionnaire is filled
in as a Word file and comes back as facts (`interview.returned`).
"""

from __future__ import annotations

from itertools import groupby

from caprev.documents.content.model import Blank, Document, Inline, Item, Listing, Paragraph, Run, Table, law_run
from caprev.documents.drafts.facts import partly_known
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.questions import subject
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.citations import Citer
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.documents.words.phrases import Phrases
from caprev.documents.words.sentences import ask
from caprev.facts.vocabulary import Fact, worded
from caprev.interview.returned import Terms
from caprev.reasoning.sensitivity import Missing

_LEAST = 8  # questions that a request for information puts where few of them could move the answer


def information(material: Material) -> tuple[Document, Citer]:
    """The letter to an applicant, and what it cites."""
    return _Letter(material, "information").document()


def questionnaire(material: Material) -> tuple[Document, Citer]:
    """The questions to a client, and what they cite."""
    return _Letter(material, "questionnaire").document()


def terms(phrases: Phrases) -> Terms:
    """The set words of a questionnaire, by which one that comes back is read. Raises BadInput where any is missing."""
    at = "letters.questionnaire"
    known, all_ = phrases.listed(f"{at}.known"), phrases.listed(f"{at}.all")
    for path, found, count in ((f"{at}.known", known, 3), (f"{at}.all", all_, 2)):
        if len(found) != count:
            raise phrases.table_fault(path, f"lists {len(found)}", f"{count} of them")
    texts = [text for text in phrases.table(at).values() if isinstance(text, str)]
    labels = phrases.table(f"{at}.labels")
    familiar = (*texts, *map(str, labels.values()), *map(str, phrases.listed(f"{at}.header")))
    return Terms(
        empty=(phrases(f"{at}.choose"), phrases(f"{at}.write")),
        paper=known[0],
        memory=known[1],
        guess=known[2],
        complete=phrases(f"{at}.complete"),
        all=all_[0],
        more=all_[1],
        familiar=tuple(" ".join(text.split()) for text in familiar),
    )


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
            self.asked((telling + others)[: max(len(telling), _LEAST)])
            self.confirm()
            self.closing("reply")
        else:
            left = max(self.phrases.number("letters.questionnaire.most") - len(telling), 0)
            if telling:
                self.form("asked", telling, 1)
                self.form("others", others[:left], len(telling) + 1)
            else:
                self.form("asked", others[:left], 1)
            self.free()
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

    def asked(self, items: list[Missing]) -> None:
        """The questions, numbered; those that could do the same together, under what that is."""
        self.writer.heading(1, self.say("labels.asked"))
        if not items:
            self.writer.paragraph(self.say("none"))
        place = 1
        for why, rows in groupby(items, lambda item: item.effect.words if item.effect.telling else ""):
            group = list(rows)
            key = f"{'why' if why else 'bears'}{'' if group[1:] else '_one'}"
            self.writer.paragraph(self.say(key).format(effect=why))
            self.writer.add(Listing(tuple(map(self.item, group)), start=place))
            place += len(group)
        self.writer.part("asked")

    def item(self, item: Missing) -> Item:
        """A question of the officer, and the papers."""
        fact = self.material.book.vocabulary[item.fact]
        papers = self.say("papers").format(papers=lower_first(second_person(fact.evidence))) if fact.evidence else ""
        return Item(law_run(" ".join(filter(None, (ask(fact.ask), papers)))), item.fact, (item.fact,))

    # the questionnaire: what is filled in stands in tables, whose rows say which fact each is about

    def form(self, part: str, items: list[Missing], first: int) -> None:
        """Questions as rows of a table: what is asked, the answer, and how it is known."""
        if items:
            self.writer.heading(1, self.say(f"labels.{part}"))
            header = tuple(map(str, self.phrases.listed("letters.questionnaire.header")))
            rows = tuple(self.question(item, number) for number, item in enumerate(items, first))
            facts = tuple(item.fact for item in items)
            self.writer.add(Table("", header, rows, (6, 44, 32, 18), "", facts, facts))
        self.writer.part(part)

    def question(self, item: Missing, number: int) -> tuple[tuple[Inline, ...], ...]:
        """A question to a client: what may be answered, and the papers; its name, by which the answer comes back."""
        fact = self.material.book.vocabulary[item.fact]
        told = [ask(fact.ask)]
        if fact.type in ("int", "number", "date"):
            form = self.say("date" if fact.type == "date" else "number")
            unit = f" ({fact.unit})" if fact.unit and not fact.currency else ""
            told.append(self.say("answers").format(answers=f"{form}{unit}"))
        if fact.evidence:
            told.append(self.say("papers").format(papers=lower_first(second_person(fact.evidence))))
        head = (*law_run(" ".join(told)), Run(f" [{item.fact}]", law=True))
        known = self.choice(f"how {item.fact}", "known")
        return (Run(f"{number}"),), head, self.answer(fact), (known,)

    def choice(self, name: str, listed: str) -> Blank:
        """A place where one of some set words is chosen."""
        return Blank(name, tuple(map(str, self.phrases.listed(f"letters.questionnaire.{listed}"))), self.hint)

    def answer(self, fact: Fact) -> tuple[Inline, ...]:
        """The place for an answer: one of several, boxes to tick, or free text."""
        if fact.type == "set":
            done: list[Inline] = []
            for value in fact.values:
                done += [Blank(f"{fact.name} {value}", tick=True), Run(f"\u00a0{worded(value)}  ", law=True)]
            return *done, Run(f" {self.say('complete')} ", law=True), self.choice(f"all {fact.name}", "all")
        if fact.type == "bool":
            choices = tuple(map(str, self.phrases.listed("letters.questionnaire.yes_no")))
        else:
            choices = (*map(worded, fact.values), self.say("not_known")) if fact.values else ()
        return (Blank(fact.name, choices, self.hint if choices else self.say("write")),)

    @property
    def hint(self) -> str:
        return self.say("choose")

    def free(self) -> None:
        """A place for whatever the questions did not ask."""
        self.writer.heading(1, self.say("labels.free"))
        header = tuple(map(str, self.phrases.listed("letters.questionnaire.header")))[1:3]
        asked = (*law_run(self.say("free")), Run(" [matter.statements]", law=True))
        row = (asked, (Blank("statements", (), self.say("write")),))
        self.writer.add(Table("", header, (row,), (44, 56)))
        self.writer.part("free")

    def confirm(self) -> None:
        """What the application tells only in part."""
        rows = [
            f"{upper_first(self.material.said(given))}. {ask(given.fact.ask)}" for given in partly_known(self.material)
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
