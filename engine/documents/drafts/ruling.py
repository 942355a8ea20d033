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
from caprev.reasoning.analysis import Analysis


def build(material: Material) -> tuple[Document, Citer]:
    """The whole document, and what it cites."""
    edited = material.mask is not None
    writer = Writer(material.phrases, comments=not edited)
    return _Ruling(writer, material, edited).document(), writer.citer


class _Ruling:
    def __init__(self, writer: Writer, material: Material, edited: bool) -> None:
        self.w = writer
        self.m = material
        self.p = material.phrases
        self.edited = edited
        self.asked = asked(material)
        self.sold = law_run(sold(material))

    def document(self) -> Document:
        title = self.label("edited_title" if self.edited else "title", of="ruling")
        about = subject(self.m)
        self.head(about)
        self.questions()
        self.period()
        self.facts()
        # The list of provisions stands before the reasons and is known after them.
        place = len(self.w.parts)
        self.reasons()
        consequences(self.w, self.m, 1, "ruled")
        self.w.part("consequences")
        provisions = self.provisions()
        self.w.parts.insert(place, provisions)
        if not self.edited:
            attach(self.w, self.m)
            self.w.heading(1, self.label("disclaimer_end"))
            self.w.paragraph("{text}", "disclaimer", text=law_run(self.m.book.pack.disclaimer))
            self.w.part("disclaimer")
        return self.w.finish(title, about, self.m.assessment.as_at, self.p("ruling.mark"))

    def label(self, name: str, of: str = "ruling.labels") -> str:
        return self.p(f"{of}.{name}")

    def head(self, about: str) -> None:
        if self.edited:
            self.w.heading(1, self.label("disclaimer"))
            self.w.paragraph(self.p("ruling.edited_disclaimer"), "disclaimer")
        self.w.paragraph(self.p("ruling.edited_status" if self.edited else "ruling.status"), "disclaimer")
        for name in ("number", "date"):
            value = law_run(self.label(f"{name}_value"))
            value_shown = self.w.remark(value, self.p("ruling.missing.authorisation_comment"))
            self.w.add(Paragraph((Run(self.label(name), bold=True, law=True), *value_shown)))
        self.w.heading(1, self.label("ruling"))
        self.w.add(Paragraph((Run(self.label("subject"), bold=True, law=True), Run(about))))
        self.w.part("head")

    # questions and answers

    def questions(self) -> None:
        for question in self.asked:
            self.w.heading(2, f"{self.label('question')} {question.number}")
            self.w.add(Paragraph(put(self.w, question, self.sold), rule=f"question:{question.kind}"))
            self.w.heading(3, self.label("answer"))
            for group in self.m.groups:
                self.answer(question, group)
        if self.m.several:
            self.table_of_parcels()
        self.w.part("questions")

    def answer(self, question: Asked, group: Group) -> None:
        reply = question.reply(self.p, group)
        comment = self.standing(group)
        if question.question is None:
            comment = self.p("questions.unknown.comment").format(known=", ".join(self.p.questions))
        who = f"{upper_first(self.m.titles(group.members))}: " if len(self.m.groups) > 1 else ""
        answer = self.w.remark(law_run(reply.answer, bold=True), comment)
        fine = group.characterisation != "undetermined" and any(
            g.conclusion.strength == "finely_balanced" for g in group.members
        )
        told = [reply.says, self.p("ruling.fine") if fine and not self.edited else ""]
        says = tuple(Run(f" {text}", law=True) for text in told if text)
        self.w.add(Paragraph((*((Run(who),) if who else ()), *answer, *says), "answer", f"answer:{question.kind}"))

    def standing(self, group: Group) -> str:
        """How strong the answer is, for the officer."""
        return " ".join(dict.fromkeys(self.strength(analysis) for analysis in (alike[0] for alike in group.likes)))

    def strength(self, analysis: Analysis) -> str:
        c = analysis.conclusion
        return self.p("ruling.comments.strength").format(
            strength=c.strength.replace("_", " "),
            share=f"{c.probability:.0%}",
            turn=self.p(f"ruling.comments.{'robust' if c.robust else 'open'}"),
        )

    def table_of_parcels(self) -> None:
        header = tuple(map(str, self.p.listed("ruling.parcels.header")))
        rows = []
        for analysis in self.m.analyses:
            c = analysis.conclusion
            route = self.p.table("ruling.parcels.routes").get(c.route or "", c.characterisation)
            cells = (upper_first(self.m.title(c.parcel.id)), c.characterisation, str(route), c.strength)
            shown = cells if not self.edited else cells[:3]
            rows.append(tuple((Run(cell.replace("_", " ") if index else cell),) for index, cell in enumerate(shown)))
        widths = (34, 18, 30, 18) if not self.edited else (40, 20, 40)
        self.w.add(Table(self.label("conclusions"), header[: len(widths)], tuple(rows), widths))

    # period, scheme, facts

    def period(self) -> None:
        about = self.m.assessment.matter.about
        found = about.get("period")
        periods = [str(item) for item in (found if isinstance(found, list) else [found]) if item]
        self.w.add(Paragraph(self.w.text(self.label("period_many" if len(periods) > 1 else "period_one")), "label"))
        missing = law_run(self.p("ruling.missing.period"))
        for text in periods:
            self.w.add(Paragraph((Run(text),)))
        if not periods:
            self.w.add(Paragraph(self.w.remark(missing, self.p("ruling.missing.period_comment"))))
        self.w.add(Paragraph(self.w.text(self.label("scheme_past")), "label"))
        scheme = str(about.get("scheme") or "")
        for lead in map(str, self.p.listed("ruling.scheme_leads")):
            scheme = scheme[len(lead) :].strip() if scheme.lower().startswith(lead) else scheme
        missing = law_run(self.p("ruling.missing.scheme"))
        shown = (Run(scheme),) if scheme else self.w.remark(missing, self.p("ruling.missing.scheme_comment"))
        self.w.add(Paragraph(shown))
        self.w.part("period")

    def facts(self) -> None:
        self.w.heading(1, self.label("facts"))
        self.w.paragraph(self.p("ruling.edited_facts_lead" if self.edited else "ruling.facts_lead"))
        state_facts(self.w, self.m, 2)
        self.w.heading(1, self.label("assumptions"))
        position = self.m.book.positions[self.m.assessment.position].title
        self.w.paragraph(
            self.p("ruling.assumptions_lead"),
            as_at=law_run(day(date.fromisoformat(self.m.assessment.as_at).toordinal())),
            position=law_run(position),
        )
        self.w.part("facts")

    # reasons

    def reasons(self) -> None:
        self.w.heading(1, self.label("reasons"))
        for index, question in enumerate(self.asked):
            self.w.heading(2, f"{self.label('question')} {question.number}")
            if index == 0:
                self.characterise()
            elif question.question:
                self.w.passages(question.question.law, self.m.known, rule=f"question:{question.kind}", object=self.sold)
                self.w.paragraph(self.p("ruling.reasons.refer_back"), number=str(self.asked[0].number))
            self.w.heading(3, self.label("conclusion"))
            for group in self.m.groups:
                self.conclude(question, group)
        self.w.part("reasons")

    def characterise(self) -> None:
        """The three ways, the law of each, and its application."""
        self.w.passages(self.p.passages("ruling.reasons.first"), self.m.known)
        issues = [node for node in self.m.book.nodes.values() if node.kind == "issue"]
        for node in issues:
            law = self.p.law.get(node.id)
            if law:
                self.w.heading(3, law.title, node.id)
                self.w.passages(law.passages, self.m.known, listed(self.m, node.id), node.id)
        for group in self.m.groups:
            self.apply(group)

    def apply(self, group: Group) -> None:
        """The law applied to the parcels of one outcome; those that stand alike share their reasons."""
        self.w.heading(3, self.label("application"))
        if len(self.m.groups) > 1:
            self.w.paragraph(self.p("ruling.reasons.applied_to"), "label", parcels=self.m.titles(group.members))
        if self.m.planned:
            self.w.paragraph(self.p("ruling.reasons.planned"))
        first = group.first
        if len(group.likes) > 1 and len(group.likes[0]) < len(group.members):
            self.w.paragraph(self.p("ruling.reasons.applied_to"), "label", parcels=self.m.titles(group.likes[0]))
        application = Application(self.w, self.m, first)
        for node in [node for node in self.m.book.nodes.values() if node.kind == "issue"]:
            law = self.p.law.get(node.id)
            self.w.heading(4, law.title if law else "{title}", node.id, title=law_run(node.title))
            application.issue(node.id, 5)
            if law and law.cases:
                compare_cases(self.w, self.m, first)
            self.w.add(Paragraph(law_run(self.label("conclusion")), "label"))
            application.conclusion(node.id)
        self.voices(group)
        for alike in group.likes[1:]:
            differences(self.w, self.m, first, alike)

    def voices(self, group: Group) -> None:
        """Where a decided case and not the weighing settles the matter."""
        c = group.first.conclusion
        if c.decided_by == "rules":
            return
        case = (c.guidance.by or c.guidance.persuaders)[0].case
        key = "governed" if c.decided_by == "precedent" else "persuaded"
        self.w.paragraph(
            self.p(f"ruling.{key}"),
            case=self.w.text(f"{{@{case.authority}}}"),
            weighed=law_run(self.p(f"ruling.weighed.{c.rules}")),
        )

    def conclude(self, question: Asked, group: Group) -> None:
        who = self.m.titles(group.members) if len(self.m.groups) > 1 else ""
        text = self.w.text(question.conclusion(self.p, group), object=self.sold)
        lead = (Run(f"{upper_first(who)}: "),) if who else ()
        self.w.add(Paragraph((*lead, *text), rule=f"conclusion:{question.kind}"))

    # provisions

    def provisions(self) -> Part:
        """The provisions that the questions are about and that the reasons rely on, one a line."""
        usual = [question.question for question in self.asked if question.question]
        names = dict.fromkeys(name for question in usual for name in question.relies_on)
        names.update(dict.fromkeys(self.w.citer.cited))
        lines = self.w.citer.provisions(names)
        heading = Heading(1, self.w.text(self.label("provisions")))
        return Part("provisions", (heading, *(Paragraph(law_run(line), rule=name) for name, line in lines)))
