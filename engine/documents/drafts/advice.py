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
from caprev.documents.words.sentences import ask, day, ends
from caprev.facts.derivations import AS_AT
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.sensitivity import Missing

SIDES = {"capital": "revenue", "revenue": "capital"}


def build(material: Material) -> tuple[Document, Citer]:
    """The whole document, and what it cites."""
    writer = Writer(material.phrases, comments=material.mask is None)
    return _Advice(writer, material).document(), writer.citer


class _Advice:
    def __init__(self, writer: Writer, material: Material) -> None:
        self.w = writer
        self.m = material
        self.p = material.phrases
        self.sold = law_run(sold(material))
        self.asked = asked(material)

    def label(self, name: str) -> str:
        return self.p(f"advice.labels.{name}")

    def document(self) -> Document:
        about = subject(self.m)
        self.head(about)
        self.w.heading(1, self.label("questions"))
        for question in self.asked:
            text = put(self.w, question, self.sold)
            self.w.add(Paragraph((Run(f"{question.number}. ", law=True), *text), rule=f"question:{question.kind}"))
            for group in self.m.groups:
                reply = question.reply(self.p, group)
                who = f"{upper_first(self.m.titles(group.members))}: " if len(self.m.groups) > 1 else ""
                answer = (Run(who), Run(reply.answer, bold=True, law=True), Run(f" {reply.says}".rstrip(), law=True))
                self.w.add(Paragraph(answer, rule=f"answer:{question.kind}"))
        self.w.heading(1, self.label("conclusion"))
        for group in self.m.groups:
            self.conclusion(group)
        self.w.part("questions")
        self.assumptions()
        self.w.heading(1, self.label("facts"))
        state_facts(self.w, self.m, 2)
        self.w.part("facts")
        self.w.heading(1, self.label("reasons"))
        for group in self.m.groups:
            self.reasons(group)
        self.w.part("reasons")
        for section in (self.against, self.change, self.evidence):
            section()
        consequences(self.w, self.m, 1)
        self.w.part("consequences")
        self.authorities()
        self.w.heading(1, self.label("disclaimer"))
        self.w.paragraph("{text}", "disclaimer", text=law_run(self.m.book.pack.disclaimer))
        self.w.part("disclaimer")
        return self.w.finish(self.p("advice.title"), about, self.m.assessment.as_at, self.p("advice.mark"))

    def head(self, about: str) -> None:
        self.w.paragraph(self.p("advice.status"), "disclaimer")
        rows = (("to", self.p("advice.to")), ("from", self.p("advice.from")), ("date", self.label("date_value")))
        for name, value in rows:
            self.w.add(Paragraph((Run(self.label(name), bold=True, law=True), Run(value, law=True))))
        self.w.add(Paragraph((Run(self.label("about"), bold=True, law=True), Run(about))))
        self.w.part("head")

    def of(self, group: Group) -> None:
        """Which parcels what follows is about, where there are several outcomes."""
        if len(self.m.groups) > 1:
            self.w.paragraph(self.p("advice.for"), "label", parcels=self.m.titles(group.members))

    # conclusion, assumptions

    def conclusion(self, group: Group) -> None:
        self.of(group)
        for alike in group.likes:
            c = alike[0].conclusion
            said = c.outcome.says.strip() if c.outcome else self.p("advice.undetermined")
            strength = self.p("advice.strength").format(
                strength=c.strength.replace("_", " "),
                share=f"{c.probability:.0%}",
                turn=self.p(f"advice.turn.{'robust' if c.robust else 'open'}"),
            )
            who = f"{upper_first(self.m.titles(alike))}: " if len(group.likes) > 1 else ""
            runs = (Run(who), Run(said, bold=True, law=True), Run(f" {strength}", law=True))
            self.w.add(Paragraph(tuple(run for run in runs if run.text), rule="conclusion"))
        illustrate(self.w, self.m, group.first, "balance")

    def assumptions(self) -> None:
        self.w.heading(1, self.label("assumptions"))
        book, assessment = self.m.book, self.m.assessment
        law = day(date.fromisoformat(assessment.as_at).toordinal())
        known = self.m.analyses[0].conclusion.parcel.facts.get(AS_AT.name)
        matter = day(int(ends(known.knowledge)[0])) if known and self.m.mask is None else law
        items = [
            Item(self.w.text(self.p("advice.assumption.law"), as_at=law_run(law), matter=matter)),
            Item(
                self.w.text(
                    self.p("advice.assumption.position"), position=law_run(book.positions[assessment.position].title)
                )
            ),
            Item(self.w.text(self.p("advice.assumption.unknown"))),
        ]
        stated = [row for row in self.m.numbered if row.given.standing == "stated"]
        if stated:
            key = "stated_one" if len(stated) == 1 else "stated_many"
            count = self.p(f"advice.assumption.{key}").format(count=len(stated))
            items.append(Item(self.w.text(self.p("advice.assumption.stated"), count=law_run(count))))
        for standing in ("disputed", "assumed"):
            for row in self.m.numbered:
                if row.given.standing == standing:
                    sentence = lower_first(self.m.sentence(row))
                    words = self.w.text(self.p(f"advice.assumption.{standing}"), fact=law_run(f"{sentence}."))
                    items.append(Item(words, row.given.fact.name, (row.given.fact.name,)))
        self.w.add(Listing(tuple(items)))
        self.w.part("assumptions")

    # reasons

    def reasons(self, group: Group) -> None:
        """Each issue by issue, rule, application, conclusion; then the cases."""
        self.of(group)
        analysis = group.first
        application = Application(self.w, self.m, analysis)
        for node in (node for node in self.m.book.nodes.values() if node.kind == "issue"):
            law = self.p.law.get(node.id)
            self.w.heading(2, law.title if law else "{title}", node.id, title=law_run(node.title))
            self.step("issue")
            self.w.add(Paragraph(law_run(second_person(node.question)), rule=node.id))
            self.step("rule")
            if law:
                self.w.passages(law.passages, self.m.known, listed(self.m, node.id), node.id)
            self.step("application")
            application.issue(node.id, 4)
            if law and law.cases:
                illustrate(self.w, self.m, analysis, "cases")
                compare_cases(self.w, self.m, analysis)
            self.step("issue_conclusion")
            if not application.beside(node.id):
                application.finding(node)

    def step(self, name: str) -> None:
        self.w.heading(3, self.label(name))

    # against, change, evidence

    def against(self) -> None:
        self.w.heading(1, self.label("against"))
        for group in self.m.groups:
            self.of(group)
            self.other_side(group.first)
        self.w.part("against")

    def other_side(self, analysis: Analysis) -> None:
        best = analysis.against
        if best.factors:
            road, side = law_run(second_person(self.m.book.nodes[best.node].question)), (Run(best.side),)
            self.w.paragraph(self.p("advice.against_lead"), rule=best.node, side=side, road=road)
            self.w.paragraph(self.p("advice.against_points"))
            self.w.add(Listing(Application(self.w, self.m, analysis).factors(best.factors[:8])))
        else:
            self.w.paragraph(self.p("advice.none_against"))
        if best.case:
            self.w.paragraph(self.p("advice.against_case"), case=self.w.text(f"{{@{best.case.case.authority}}}"))

    def change(self) -> None:
        self.w.heading(1, self.label("change"))
        for group in self.m.groups:
            self.of(group)
            analysis = group.first
            telling = analysis.telling
            if telling:
                rows = [
                    (self.ask(item), upper_first(item.effect.words), f"{item.low:.0%} to {item.high:.0%}")
                    for item in telling
                ]
                self.w.paragraph(self.p("advice.changes.lead"))
                header = tuple(map(str, self.p.listed("advice.changes.header")))
                cells = tuple(tuple(law_run(text) for text in row) for row in rows)
                facts = tuple(item.fact for item in telling)
                self.w.add(Table("", header, cells, (54, 26, 20), "change", rules=facts))
            else:
                self.w.paragraph(self.p("advice.changes.none"))
                if analysis.missing:
                    self.w.paragraph(self.p("advice.changes.strength"))
                    self.w.bullets(Item(law_run(self.ask(m)), m.fact) for m in analysis.missing[:8])
            illustrate(self.w, self.m, analysis, "tornado")
            for item in analysis.unsettled:
                point = self.m.book.points[item.point]
                if item.turns and item.otherwise and item.answer in point.answers:
                    self.w.paragraph(
                        self.p("advice.changes.points"),
                        rule=item.point,
                        question=law_run(point.question),
                        taken=law_run(point.answers[item.answer].says),
                        other=law_run(in_short(item.otherwise)),
                    )
        self.w.part("change")

    def ask(self, item: Missing) -> str:
        return ask(self.m.book.vocabulary[item.fact].ask)

    def evidence(self) -> None:
        self.w.heading(1, self.label("evidence"))
        rows = []
        facts = []
        for row in self.m.numbered:
            name, given = row.given.fact.name, row.given
            members = [g for g in self.m.analyses if not row.parcels or g.parcel.id in row.parcels]
            if given.standing == "documented" or not given.at or not any(name in self.m.used(g) for g in members):
                continue
            without = [b.without for g in members for b in g.bearing if b.given.fact.name == name]
            carries = self.p("advice.evidence.yes").format(without=without[0]) if without else ""
            told = f"{row.number}. {upper_first(self.m.sentence(row))}."
            standing = given.standing or self.p("advice.evidence.plain")
            rows.append(tuple(law_run(text) for text in (told, standing, given.fact.evidence, carries)))
            facts.append(name)
        if rows:
            self.w.paragraph(self.p("advice.evidence.lead"))
            header = tuple(map(str, self.p.listed("advice.evidence.header")))
            # What carries the result has a column only where something does.
            shown = 4 if any(plain(row[3]) for row in rows) else 3
            cells = tuple(row[:shown] for row in rows)
            widths = (40, 12, 30, 18)[:shown]
            self.w.add(Table("", header[:shown], cells, widths, "evidence", tuple(facts)))
        else:
            self.w.paragraph(self.p("advice.evidence.none"))
        self.w.part("evidence")

    def authorities(self) -> None:
        """Everything cited, by kind, in full and as AGLC4 has it."""
        self.w.heading(1, self.label("authorities"))
        names = list(self.w.citer.cited)
        rows: dict[str, list[tuple[str, tuple[Run, ...]]]] = {
            "provision": [(name, law_run(line)) for name, line in self.w.citer.provisions(names)]
        }
        fresh = Citer(self.p)
        for name in sorted(names, key=lambda name: str(self.m.book.authorities[name].get("name")).lower()):
            kind = str(self.m.book.authorities[name].get("kind"))
            if kind != "provision":
                rows.setdefault("case" if kind == "case" else "ruling", []).append((name, fresh.entry(name)))
        for key in ("provision", "case", "ruling"):
            if rows.get(key):
                self.w.heading(2, self.p(f"advice.authorities.{key}"))
                self.w.add(Listing(tuple(Item(runs, name) for name, runs in rows[key])))
        self.w.part("authorities")
