"""The advice for an advisor's client: assumptions, conclusion with its strength, reasons by issue, rule, application
and conclusion, the best argument against, what would change it, and the evidence to gather."""

from __future__ import annotations

from datetime import date

from caprev.argument.reasons import in_short
from caprev.documents.content.model import Document, Item, Listing, Paragraph, Run, Table, law_run, plain
from caprev.documents.drafts.application import Application, listed
from caprev.documents.drafts.attachments import consequences
from caprev.documents.drafts.cases import compare_cases
from caprev.documents.drafts.facts import state_facts
from caprev.documents.drafts.material import Group, Material
from caprev.documents.drafts.pictures import illustrate
from caprev.documents.drafts.questions import asked, put, sold, subject
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.citations import Citer
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.documents.words.sentences import ask, dated, day, ends
from caprev.facts.derivations import AS_AT
from caprev.facts.vocabulary import worded
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.sensitivity import Missing


def build(material: Material) -> tuple[Document, Citer]:
    """The whole document, and what it cites."""
    writer = Writer(material.phrases, comments=not material.edited)
    return _Advice(writer, material).document(), writer.citer


class _Advice:
    def __init__(self, writer: Writer, material: Material) -> None:
        self.writer = writer
        self.material = material
        self.phrases = material.phrases
        self.sold = law_run(sold(material))
        self.asked = asked(material)

    def label(self, name: str) -> str:
        return self.phrases(f"advice.labels.{name}")

    def document(self) -> Document:
        about = subject(self.material)
        self.head(about)
        self.writer.heading(1, self.label("questions"))
        for question in self.asked:
            text = put(self.writer, question, self.sold)
            self.writer.add(Paragraph((Run(f"{question.number}. ", law=True), *text), rule=f"question:{question.kind}"))
            for group in self.material.groups:
                reply = question.reply(self.phrases, group)
                who = f"{upper_first(self.material.titles(group.members))}: " if len(self.material.groups) > 1 else ""
                answer = (Run(who), Run(reply.answer, bold=True, law=True), Run(f" {reply.says}".rstrip(), law=True))
                self.writer.add(Paragraph(answer, rule=f"answer:{question.kind}"))
        self.writer.heading(1, self.label("conclusion"))
        for group in self.material.groups:
            self.conclusion(group)
        self.writer.part("questions")
        self.assumptions()
        self.writer.heading(1, self.label("facts"))
        state_facts(self.writer, self.material)
        self.writer.part("facts")
        self.writer.heading(1, self.label("reasons"))
        for group in self.material.groups:
            self.reasons(group)
        self.writer.part("reasons")
        for section in (self.against, self.change, self.evidence):
            section()
        consequences(self.writer, self.material, 1)
        self.writer.part("consequences")
        self.authorities()
        self.writer.heading(1, self.label("disclaimer"))
        self.writer.paragraph("{text}", "disclaimer", text=law_run(self.material.book.pack.disclaimer))
        self.writer.part("disclaimer")
        return self.writer.finish(
            self.phrases("advice.title"), about, self.material.assessment.as_at, self.phrases("advice.mark")
        )

    def head(self, about: str) -> None:
        self.writer.paragraph(self.phrases("advice.status"), "disclaimer")
        rows = (
            ("to", self.phrases("advice.to")),
            ("from", self.phrases("advice.from")),
            ("date", self.label("date_value")),
        )
        for name, value in rows:
            self.writer.add(Paragraph((Run(self.label(name), bold=True, law=True), Run(value, law=True))))
        self.writer.add(Paragraph((Run(self.label("about"), bold=True, law=True), Run(about))))
        self.writer.part("head")

    def of(self, group: Group) -> None:
        """Which parcels what follows is about, where there are several outcomes."""
        if len(self.material.groups) > 1:
            self.writer.paragraph(self.phrases("advice.for"), "label", parcels=self.material.titles(group.members))

    # conclusion, assumptions

    def conclusion(self, group: Group) -> None:
        self.of(group)
        for alike in group.likes:
            c = alike[0].conclusion
            said = c.outcome.says.strip() if c.outcome else self.phrases("advice.undetermined")
            strength = self.phrases("advice.strength").format(
                strength=worded(c.strength),
                share=f"{c.probability:.0%}",
                turn=self.phrases(f"advice.turn.{'robust' if c.robust else 'open'}"),
            )
            who = f"{upper_first(self.material.titles(alike))}: " if len(group.likes) > 1 else ""
            runs = (Run(who), Run(said, bold=True, law=True), Run(f" {strength}", law=True))
            self.writer.add(Paragraph(tuple(run for run in runs if run.text), rule="conclusion"))
        illustrate(self.writer, self.material, group.first, "balance")

    def assumptions(self) -> None:
        self.writer.heading(1, self.label("assumptions"))
        book, assessment = self.material.book, self.material.assessment
        law = day(date.fromisoformat(assessment.as_at).toordinal())
        known = self.material.analyses[0].conclusion.parcel.facts.get(AS_AT.name)
        matter = dated(*ends(known.knowledge))[1] if known and not self.material.edited else law
        items = [
            Item(self.writer.text(self.phrases("advice.assumption.law"), as_at=law_run(law), matter=matter)),
            Item(
                self.writer.text(
                    self.phrases("advice.assumption.position"),
                    position=law_run(book.positions[assessment.position].title),
                )
            ),
            Item(self.writer.text(self.phrases("advice.assumption.unknown"))),
        ]
        stated = [row for row in self.material.numbered if row.given.standing == "stated"]
        if stated:
            key = "stated_one" if len(stated) == 1 else "stated_many"
            count = self.phrases(f"advice.assumption.{key}").format(count=len(stated))
            items.append(Item(self.writer.text(self.phrases("advice.assumption.stated"), count=law_run(count))))
        for standing in ("disputed", "assumed"):
            for row in self.material.numbered:
                if row.given.standing == standing:
                    sentence = lower_first(self.material.sentence(row))
                    words = self.writer.text(
                        self.phrases(f"advice.assumption.{standing}"), fact=law_run(f"{sentence}.")
                    )
                    items.append(Item(words, row.given.fact.name, (row.given.fact.name,)))
        self.writer.add(Listing(tuple(items)))
        self.writer.part("assumptions")

    # reasons

    def reasons(self, group: Group) -> None:
        """Each issue by issue, rule, application, conclusion; then the cases."""
        self.of(group)
        analysis = group.first
        application = Application(self.writer, self.material, analysis)
        for node in (node for node in self.material.book.nodes.values() if node.kind == "issue"):
            law = self.phrases.law.get(node.id)
            self.writer.heading(2, law.title if law else "{title}", node.id, title=law_run(node.title))
            self.step("issue")
            self.writer.add(Paragraph(law_run(second_person(node.question)), rule=node.id))
            self.step("rule")
            if law:
                self.writer.passages(law.passages, self.material.known, listed(self.material, node.id), node.id)
            self.step("application")
            application.issue(node.id, 4)
            if law and law.cases:
                illustrate(self.writer, self.material, analysis, "cases")
                compare_cases(self.writer, self.material, application)
            self.step("issue_conclusion")
            if not application.beside(node.id):
                application.finding(node)

    def step(self, name: str) -> None:
        self.writer.heading(3, self.label(name))

    # against, change, evidence

    def against(self) -> None:
        self.writer.heading(1, self.label("against"))
        for group in self.material.groups:
            self.of(group)
            self.other_side(group.first)
        self.writer.part("against")

    def other_side(self, analysis: Analysis) -> None:
        best = analysis.against
        if best.factors:
            road, side = law_run(second_person(self.material.book.nodes[best.node].question)), (Run(best.side),)
            self.writer.paragraph(self.phrases("advice.against_lead"), rule=best.node, side=side, road=road)
            self.writer.paragraph(self.phrases("advice.against_points"))
            self.writer.add(Listing(Application(self.writer, self.material, analysis).factors(best.factors[:8])))
        else:
            self.writer.paragraph(self.phrases("advice.none_against"))
        if best.case:
            self.writer.paragraph(
                self.phrases("advice.against_case"), case=self.writer.text(f"{{@{best.case.case.authority}}}")
            )

    def change(self) -> None:
        self.writer.heading(1, self.label("change"))
        for group in self.material.groups:
            self.of(group)
            analysis = group.first
            telling = analysis.telling
            if telling:
                rows = [
                    (self.ask(item), upper_first(item.effect.words), f"{item.low:.0%} to {item.high:.0%}")
                    for item in telling
                ]
                self.writer.paragraph(self.phrases("advice.changes.lead"))
                header = tuple(map(str, self.phrases.listed("advice.changes.header")))
                cells = tuple(tuple(law_run(text) for text in row) for row in rows)
                facts = tuple(item.fact for item in telling)
                self.writer.add(Table("", header, cells, (54, 26, 20), "change", rules=facts))
            else:
                self.writer.paragraph(self.phrases("advice.changes.none"))
                if analysis.missing:
                    self.writer.paragraph(self.phrases("advice.changes.strength"))
                    self.writer.bullets(Item(law_run(self.ask(m)), m.fact) for m in analysis.missing[:8])
            illustrate(self.writer, self.material, analysis, "tornado")
            for item in analysis.unsettled:
                point = self.material.book.points[item.point]
                if item.turns and item.otherwise and item.answer in point.answers:
                    self.writer.paragraph(
                        self.phrases("advice.changes.points"),
                        rule=item.point,
                        question=law_run(point.question),
                        taken=law_run(point.answers[item.answer].says),
                        other=law_run(in_short(item.otherwise)),
                    )
        self.writer.part("change")

    def ask(self, item: Missing) -> str:
        return ask(self.material.book.vocabulary[item.fact].ask)

    def evidence(self) -> None:
        self.writer.heading(1, self.label("evidence"))
        rows = []
        facts = []
        for row in self.material.numbered:
            name, given = row.given.fact.name, row.given
            members = [g for g in self.material.analyses if not row.parcels or g.parcel.id in row.parcels]
            if (
                given.standing == "documented"
                or not given.at
                or not any(name in self.material.used(g) for g in members)
            ):
                continue
            without = [b.without for g in members for b in g.bearing if b.given.fact.name == name]
            carries = self.phrases("advice.evidence.yes").format(without=without[0]) if without else ""
            told = f"{row.number}. {upper_first(self.material.sentence(row))}."
            standing = given.standing or self.phrases("advice.evidence.plain")
            rows.append(tuple(law_run(text) for text in (told, standing, given.fact.evidence, carries)))
            facts.append(name)
        if rows:
            self.writer.paragraph(self.phrases("advice.evidence.lead"))
            header = tuple(map(str, self.phrases.listed("advice.evidence.header")))
            # What carries the result has a column only where something does.
            shown = 4 if any(plain(row[3]) for row in rows) else 3
            cells = tuple(row[:shown] for row in rows)
            widths = (40, 12, 30, 18)[:shown]
            self.writer.add(Table("", header[:shown], cells, widths, "evidence", tuple(facts)))
        else:
            self.writer.paragraph(self.phrases("advice.evidence.none"))
        self.writer.part("evidence")

    def authorities(self) -> None:
        """Everything cited, by kind, in full and as AGLC4 has it."""
        self.writer.heading(1, self.label("authorities"))
        names = list(self.writer.citer.cited)
        rows: dict[str, list[tuple[str, tuple[Run, ...]]]] = {
            "provision": [(name, law_run(line)) for name, line in self.writer.citer.provisions(names)]
        }
        fresh = Citer(self.phrases)
        for name in sorted(names, key=lambda name: str(self.material.book.authorities[name].get("name")).lower()):
            kind = str(self.material.book.authorities[name].get("kind"))
            if kind != "provision":
                rows.setdefault("case" if kind == "case" else "ruling", []).append((name, fresh.entry(name)))
        for key in ("provision", "case", "ruling"):
            if rows.get(key):
                self.writer.heading(2, self.phrases(f"advice.authorities.{key}"))
                self.writer.add(Listing(tuple(Item(runs, name) for name, runs in rows[key])))
        self.writer.part("authorities")
