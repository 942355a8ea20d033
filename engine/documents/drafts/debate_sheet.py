"""The debate sheet for trainers: the motion, the agreed facts, both cases, the moves, and the decision at the end."""

from __future__ import annotations

from caprev.documents.content.model import Document, Heading, Item, Listing, Paragraph, Run, Table, law_run
from caprev.documents.drafts.application import Application
from caprev.documents.drafts.cases import chosen, points
from caprev.documents.drafts.facts import state_facts
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.pictures import illustrate
from caprev.documents.drafts.questions import sold, subject
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.citations import Citer
from caprev.documents.words.grammar import upper_first
from caprev.documents.words.sentences import ask
from caprev.documents.words.shares import share
from caprev.facts.vocabulary import worded
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.conclusion import decisive
from caprev.teaching.debate import Debate
from caprev.teaching.moves import Move


def build(material: Material) -> tuple[Document, Citer]:
    """The whole document, and what it cites."""
    writer = Writer(material.phrases, comments=False)
    return _Sheet(writer, material).document(), writer.citer


class _Sheet:
    def __init__(self, writer: Writer, material: Material) -> None:
        self.writer = writer
        self.material = material
        self.phrases = material.phrases

    def label(self, name: str) -> str:
        return self.phrases(f"debate.labels.{name}")

    def document(self) -> Document:
        about = subject(self.material)
        self.writer.paragraph(self.phrases("debate.status"), "disclaimer")
        self.writer.heading(1, self.label("motion"))
        for group in self.material.groups:
            key = "motion_parcel" if len(self.material.groups) > 1 else "motion"
            side = (
                group.characterisation
                if group.characterisation != "undetermined"
                else self.material.book.sides.against.id
            )
            self.writer.paragraph(
                self.phrases(f"debate.{key}"),
                parcel=self.material.titles(group.members),
                object=law_run(sold(self.material)),
                side=law_run(side),
            )
        self.writer.part("head")
        self.writer.heading(1, self.label("facts"))
        state_facts(self.writer, self.material)
        self.writer.part("facts")
        self.writer.heading(1, self.label("rules"))
        self.writer.bullets(map(str, self.phrases.listed("debate.rules")))
        assessment = self.material.assessment
        first = [group.first for group in self.material.groups]
        shown = [
            item for item in self.material.debates if item.conclusion in [analysis.conclusion for analysis in first]
        ]
        for analysis, item in zip(first, shown, strict=True):
            self.round(analysis, item)
        self.writer.part("reasons")
        self.decision(list(zip(first, shown, strict=True)))
        self.writer.heading(1, self.label("disclaimer"))
        self.writer.paragraph("{text}", "disclaimer", text=law_run(self.material.book.pack.disclaimer))
        self.writer.part("disclaimer")
        return self.writer.finish(self.phrases("debate.title"), about, assessment.as_at, self.phrases("debate.mark"))

    def round(self, analysis: Analysis, held: Debate) -> None:
        """Both cases, the moves, the cases in play and what the class may ask."""
        if len(self.material.groups) > 1:
            self.writer.heading(1, "{parcel}", parcel=upper_first(self.material.title(analysis.parcel.id)))
        for side in (held.opens, self.material.book.sides.other(held.opens)):
            self.writer.heading(2, self.phrases("debate.labels.case_for"), side=law_run(side))
            self.case_for(analysis, side)
        self.writer.heading(2, self.label("moves"))
        self.moves(held)
        self.writer.heading(2, self.label("cases"))
        illustrate(self.writer, self.material, analysis, "cases")
        self.cases(analysis)
        self.writer.heading(2, self.label("class"))
        self.writer.bullets(map(str, self.phrases.listed("debate.questions")))
        asked = analysis.telling or analysis.missing
        if asked:
            self.writer.heading(3, self.label("missing"))
            self.writer.paragraph(self.phrases("debate.missing_lead"))
            items = [Item(law_run(ask(self.material.book.vocabulary[m.fact].ask)), m.fact) for m in asked[:12]]
            self.writer.add(Listing(tuple(items)))
        if analysis.unsettled:
            self.writer.heading(3, self.label("points"))
            for name in (item.point for item in analysis.unsettled):
                point = self.material.book.points[name]
                answers = tuple(Item(law_run(answer.says), name) for answer in point.answers.values())
                self.writer.add(Listing((Item(law_run(point.question, bold=True), name, children=answers),)))

    def case_for(self, analysis: Analysis, side: str) -> None:
        """The met factors for a side on the roads that decide, the strongest first."""
        book, c = self.material.book, analysis.conclusion
        names: dict[str, None] = {}
        for node in decisive(book):
            for part in (node, *book.nodes[node].parts):
                finding = c.findings[part]
                names.update(dict.fromkeys(finding.supports if book.sides.sign(side) > 0 else finding.opposes))
        order = book.weighing.strengths
        ranked = sorted(names, key=lambda name: -order[book.factors[name].strength])
        if not ranked:
            self.writer.paragraph(self.phrases("debate.none"), side=law_run(side))
            return
        self.writer.paragraph(self.phrases("debate.case_for_lead"), side=law_run(side))
        application = Application(self.writer, self.material, analysis)
        chosen = application.grounds.distinct(ranked, len(ranked), len(ranked))
        self.writer.bullets(
            Item(
                law_run(f"{upper_first(application.grounds.clause(name))}{application.basis([name])}."),
                name,
                self.material.resting(analysis, name),
            )
            for name in chosen
        )

    def moves(self, held: Debate) -> None:
        """Each move under a heading of its own, with its points and notes."""
        for move in held.moves:
            kind = str(self.phrases.table("debate.kinds").get(move.kind, move.kind))
            answers = self.phrases("debate.answers").format(number=move.answers) if move.answers else ""
            head = self.phrases("debate.move").format(number=move.number, side=upper_first(move.side), kind=kind)
            self.writer.add(Heading(3, law_run(f"{head}{answers}"), "move"))
            self.writer.add(Paragraph(law_run(move.text), rule=move.case))
            self.writer.bullets(Item(law_run(text), move.case) for text in (*move.points, *self.notes(move)))

    def notes(self, move: Move) -> list[str]:
        """What is noted of a case, but for how its record was made, which is no student's business."""
        case = self.material.assessment.cases.cases.get(move.case)
        if case is None or self.writer.citer.alarm(case.authority):
            return list(move.notes)
        made = str(self.material.book.authorities[case.authority].get("status") or "")
        return [note for note in move.notes if note != made]

    def cases(self, analysis: Analysis) -> None:
        rows = []
        for near in chosen(self.material, analysis):
            case = near.case
            held = self.phrases(f"ruling.cases.held.{case.outcome}")
            shared, different = (
                points(self.material, names) for names in ((*near.here, *near.besides, *near.overcome), near.apart)
            )
            named = self.writer.text(f"{{@{case.authority}}}")
            rows.append((named, *(law_run(text) for text in (held, shared, different))))
        header = tuple(map(str, self.phrases.listed("debate.case_header")))
        self.writer.add(Table(self.label("cases"), header, tuple(rows), (24, 16, 30, 30), "cases"))

    def decision(self, rounds: list[tuple[Analysis, Debate]]) -> None:
        # On a page of its own, so that the sheet can be handed out without it.
        self.writer.heading(1, self.label("decision"), fresh=True)
        for analysis, held in rounds:
            c = analysis.conclusion
            said = c.outcome.says.strip() if c.outcome else self.phrases("debate.undetermined")
            words = self.phrases("debate.decision").format(outcome=said, strength=worded(c.strength), share=share(c))
            who = f"{upper_first(self.material.title(c.parcel.id))}: " if len(rounds) > 1 else ""
            self.writer.add(Paragraph((*((Run(who),) if who else ()), Run(words, law=True)), rule="conclusion"))
            if held.differences:
                self.writer.heading(2, self.label("other"))
            for difference in held.differences:
                other = difference.conclusion
                words = self.phrases("debate.other").format(
                    position=difference.title, side=other.characterisation, strength=worded(other.strength)
                )
                self.writer.add(Paragraph(law_run(words)))
            # The graph shows every finding, and so it stands with the decision and not before it.
            illustrate(self.writer, self.material, analysis, "graph")
        self.writer.part("decision")
