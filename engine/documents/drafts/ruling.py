"""The draft private ruling, in the order and habits of published ones."""

from __future__ import annotations

from datetime import date

from caprev.documents.content.model import Document, Heading, Paragraph, Part, Run, Table, law_run
from caprev.documents.drafts.application import Application, differences, listed
from caprev.documents.drafts.attachments import attach, consequences
from caprev.documents.drafts.cases import compare_cases
from caprev.documents.drafts.facts import state_facts
from caprev.documents.drafts.material import Group, Material
from caprev.documents.drafts.questions import Asked, asked, put, sold, subject
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.citations import Citer
from caprev.documents.words.grammar import upper_first
from caprev.documents.words.sentences import day
from caprev.documents.words.shares import share
from caprev.facts.vocabulary import worded
from caprev.reasoning.analysis import Analysis


def build(material: Material) -> tuple[Document, Citer]:
    """The whole document, and what it cites."""
    writer = Writer(material.phrases, comments=not material.edited)
    return _Ruling(writer, material).document(), writer.citer


class _Ruling:
    def __init__(self, writer: Writer, material: Material) -> None:
        self.writer = writer
        self.material = material
        self.phrases = material.phrases
        self.edited = material.edited
        self.asked = asked(material)
        self.sold = law_run(sold(material))

    def document(self) -> Document:
        title = self.label("edited_title" if self.edited else "title", of="ruling")
        about = subject(self.material)
        self.head(about)
        self.questions()
        self.period()
        self.facts()
        # The list of provisions stands before the reasons and is known after them.
        place = len(self.writer.parts)
        self.reasons()
        consequences(self.writer, self.material, 1, "ruled")
        self.writer.part("consequences")
        provisions = self.provisions()
        self.writer.parts.insert(place, provisions)
        if not self.edited:
            attach(self.writer, self.material)
            self.writer.heading(1, self.label("disclaimer_end"))
            self.writer.paragraph("{text}", "disclaimer", text=law_run(self.material.book.pack.disclaimer))
            self.writer.part("disclaimer")
        return self.writer.finish(title, about, self.material.assessment.as_at, self.phrases("ruling.mark"))

    def label(self, name: str, of: str = "ruling.labels") -> str:
        return self.phrases(f"{of}.{name}")

    def head(self, about: str) -> None:
        if self.edited:
            self.writer.heading(1, self.label("disclaimer"))
            self.writer.paragraph(self.phrases("ruling.edited_disclaimer"), "disclaimer")
        self.writer.paragraph(self.phrases("ruling.edited_status" if self.edited else "ruling.status"), "disclaimer")
        for name in ("number", "date"):
            value = law_run(self.label(f"{name}_value"))
            value_shown = self.writer.remark(value, self.phrases("ruling.missing.authorisation_comment"))
            self.writer.add(Paragraph((Run(self.label(name), bold=True, law=True), *value_shown)))
        self.writer.heading(1, self.label("ruling"))
        self.writer.add(Paragraph((Run(self.label("subject"), bold=True, law=True), Run(about))))
        self.writer.part("head")

    # questions and answers

    def questions(self) -> None:
        for question in self.asked:
            self.writer.heading(2, f"{self.label('question')} {question.number}")
            self.writer.add(Paragraph(put(self.writer, question, self.sold), rule=f"question:{question.kind}"))
            self.writer.heading(3, self.label("answer"))
            for group in self.material.groups:
                self.answer(question, group)
        if len(self.material.analyses) > len(self.material.groups):  # else the answers name each parcel
            self.table_of_parcels()
        self.writer.part("questions")

    def answer(self, question: Asked, group: Group) -> None:
        reply = question.reply(self.phrases, group)
        comment = self.standing(group) if question is self.asked[0] else ""
        if question.question is None:
            comment = self.phrases("questions.unknown.comment").format(known=", ".join(self.phrases.questions))
        who = f"{upper_first(self.material.titles(group.members))}: " if len(self.material.groups) > 1 else ""
        answer = self.writer.remark(law_run(reply.answer, bold=True), comment)
        fine = group.characterisation != "undetermined" and any(
            g.conclusion.strength == "finely_balanced" for g in group.members
        )
        told = [reply.says, self.phrases("ruling.fine") if fine and not self.edited else ""]
        says = tuple(Run(f" {text}", law=True) for text in told if text)
        self.writer.add(Paragraph((*((Run(who),) if who else ()), *answer, *says), "answer", f"answer:{question.kind}"))

    def standing(self, group: Group) -> str:
        """How strong the answer is, for the officer."""
        return " ".join(dict.fromkeys(self.strength(analysis) for analysis in (alike[0] for alike in group.likes)))

    def strength(self, analysis: Analysis) -> str:
        c = analysis.conclusion
        return self.phrases("ruling.comments.strength").format(
            strength=worded(c.strength),
            share=share(c),
            turn=self.phrases(f"ruling.comments.{'robust' if c.robust else 'open'}"),
        )

    def table_of_parcels(self) -> None:
        header = tuple(map(str, self.phrases.listed("ruling.parcels.header")))
        rows = []
        for analysis in self.material.analyses:
            c = analysis.conclusion
            route = self.phrases.table("ruling.parcels.routes").get(c.route or "", c.characterisation)
            cells = (upper_first(self.material.title(c.parcel.id)), c.characterisation, str(route), c.strength)
            shown = cells if not self.edited else cells[:3]
            rows.append(tuple((Run(worded(cell) if index else cell),) for index, cell in enumerate(shown)))
        widths = (34, 18, 30, 18) if not self.edited else (40, 20, 40)
        self.writer.add(Table(self.label("conclusions"), header[: len(widths)], tuple(rows), widths))

    # period, scheme, facts

    def period(self) -> None:
        about = self.material.assessment.matter.about
        found = about.get("period")
        periods = [str(item) for item in (found if isinstance(found, list) else [found]) if item]
        self.writer.add(
            Paragraph(self.writer.text(self.label("period_many" if len(periods) > 1 else "period_one")), "label")
        )
        missing = law_run(self.phrases("ruling.missing.period"))
        for text in periods:
            self.writer.add(Paragraph((Run(text),)))
        if not periods:
            self.writer.add(Paragraph(self.writer.remark(missing, self.phrases("ruling.missing.period_comment"))))
        self.writer.add(Paragraph(self.writer.text(self.label("scheme_past")), "label"))
        scheme = str(about.get("scheme") or "")
        for lead in map(str, self.phrases.listed("ruling.scheme_leads")):
            scheme = scheme[len(lead) :].strip() if scheme.lower().startswith(lead) else scheme
        missing = law_run(self.phrases("ruling.missing.scheme"))
        shown = (Run(scheme),) if scheme else self.writer.remark(missing, self.phrases("ruling.missing.scheme_comment"))
        self.writer.add(Paragraph(shown))
        self.writer.part("period")

    def facts(self) -> None:
        self.writer.heading(1, self.label("facts"))
        self.writer.paragraph(self.phrases("ruling.edited_facts_lead" if self.edited else "ruling.facts_lead"))
        state_facts(self.writer, self.material)
        self.writer.heading(1, self.label("assumptions"))
        position = self.material.book.positions[self.material.assessment.position].title
        key = "assumptions_edited" if self.edited else "assumptions_lead"
        self.writer.paragraph(
            self.phrases(f"ruling.{key}"),
            as_at=law_run(_day(self.material.assessment.as_at)),
            matter=law_run(_day(self.material.assessment.matter.as_at)),
            position=law_run(position),
        )
        self.writer.part("facts")

    # reasons

    def reasons(self) -> None:
        self.writer.heading(1, self.label("reasons"))
        for index, question in enumerate(self.asked):
            self.writer.heading(2, f"{self.label('question')} {question.number}")
            if index == 0:
                self.characterise()
            elif question.question:
                self.writer.passages(
                    question.question.law, self.material.known, rule=f"question:{question.kind}", object=self.sold
                )
                self.writer.paragraph(self.phrases("ruling.reasons.refer_back"), number=str(self.asked[0].number))
            self.writer.heading(3, self.label("conclusion"))
            for group in self.material.groups:
                self.conclude(question, group)
        self.writer.part("reasons")

    def characterise(self) -> None:
        """The three ways, the law of each, and its application."""
        self.writer.passages(self.phrases.passages("ruling.reasons.first"), self.material.known)
        issues = [node for node in self.material.book.nodes.values() if node.kind == "issue"]
        for node in issues:
            law = self.phrases.law.get(node.id)
            if law:
                self.writer.heading(3, law.title, node.id)
                self.writer.passages(law.passages, self.material.known, listed(self.material, node.id), node.id)
        first: Application | None = None
        for group in self.material.groups:
            applied = self.apply(group, first)
            first = first or applied

    def apply(self, group: Group, before: Application | None) -> Application:
        """The law applied to the parcels of one outcome; those that stand alike share their reasons, and what stands
        as it did `before` is not said again."""
        if before is None:
            self.writer.heading(3, self.label("application"))
        if len(self.material.groups) > 1:
            self.writer.paragraph(
                self.phrases("ruling.reasons.applied_to"), "label", parcels=self.material.titles(group.members)
            )
        first = group.first
        if len(group.likes) > 1 and len(group.likes[0]) < len(group.members):
            self.writer.paragraph(
                self.phrases("ruling.reasons.applied_to"), "label", parcels=self.material.titles(group.likes[0])
            )
        application = Application(self.writer, self.material, first, before)
        for node in [node for node in self.material.book.nodes.values() if node.kind == "issue"]:
            law = self.phrases.law.get(node.id)
            self.writer.heading(4, (law.applied or law.title) if law else "{title}", node.id, title=law_run(node.title))
            application.issue(node.id, 5)
            if law and law.cases:
                compare_cases(self.writer, self.material, application)
            application.conclusion(node.id)
        self.voices(group)
        for alike in group.likes[1:]:
            differences(self.writer, self.material, first, alike)
        return application

    def voices(self, group: Group) -> None:
        """Where a decided case and not the weighing settles the matter."""
        c = group.first.conclusion
        if c.decided_by == "rules":
            return
        case = (c.guidance.by or c.guidance.persuaders)[0].case
        key = "governed" if c.decided_by == "precedent" else "persuaded"
        self.writer.paragraph(
            self.phrases(f"ruling.{key}"),
            case=self.writer.text(f"{{@{case.authority}}}"),
            weighed=law_run(self.phrases(f"ruling.weighed.{c.rules}")),
        )

    def conclude(self, question: Asked, group: Group) -> None:
        who = self.material.titles(group.members) if len(self.material.groups) > 1 else ""
        text = self.writer.text(question.conclusion(self.phrases, group), object=law_run(sold(self.material, group)))
        lead = (Run(f"{upper_first(who)}: "),) if who else ()
        self.writer.add(Paragraph((*lead, *text), rule=f"conclusion:{question.kind}"))

    # provisions

    def provisions(self) -> Part:
        """The provisions that the questions are about and that the reasons rely on, one a line."""
        usual = [question.question for question in self.asked if question.question]
        names = dict.fromkeys(name for question in usual for name in question.relies_on)
        names.update(dict.fromkeys(self.writer.citer.cited))
        lines = self.writer.citer.provisions(names)
        heading = Heading(1, self.writer.text(self.label("provisions")))
        return Part("provisions", (heading, *(Paragraph(law_run(line), rule=name) for name, line in lines)))


def _day(iso: str) -> str:
    return day(date.fromisoformat(iso).toordinal()) if len(iso) == 10 else iso  # a year, if no more is known
