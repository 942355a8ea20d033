"""The debate sheet for trainers: the motion, the agreed facts, both cases, the moves, and the decision at the end."""

from __future__ import annotations

import re
from datetime import date

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
from caprev.documents.words.sentences import ask, ends
from caprev.facts.knowledge import INFINITY
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.conclusion import decisive
from caprev.teaching.debate import Debate
from caprev.teaching.moves import Move

_ID = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")


def build(material: Material) -> tuple[Document, Citer]:
    """The whole document, and what it cites."""
    writer = Writer(material.phrases, comments=False)
    return _Sheet(writer, material).document(), writer.citer


class _Sheet:
    def __init__(self, writer: Writer, material: Material) -> None:
        self.w = writer
        self.m = material
        self.p = material.phrases

    def label(self, name: str) -> str:
        return self.p(f"debate.labels.{name}")

    def document(self) -> Document:
        about = subject(self.m)
        self.w.paragraph(self.p("debate.status"), "disclaimer")
        self.w.heading(1, self.label("motion"))
        for group in self.m.groups:
            key = "motion_parcel" if len(self.m.groups) > 1 else "motion"
            side = group.characterisation if group.characterisation != "undetermined" else "capital"
            self.w.paragraph(
                self.p(f"debate.{key}"),
                parcel=self.m.titles(group.members),
                object=law_run(sold(self.m)),
                side=law_run(side),
            )
        self.w.part("head")
        self.w.heading(1, self.label("facts"))
        state_facts(self.w, self.m, 2)
        self.w.part("facts")
        self.w.heading(1, self.label("rules"))
        self.w.bullets(map(str, self.p.listed("debate.rules")))
        assessment = self.m.assessment
        first = [group.first for group in self.m.groups]
        shown = [item for item in self.m.debates if item.conclusion in [analysis.conclusion for analysis in first]]
        for analysis, item in zip(first, shown, strict=True):
            self.round(analysis, item)
        self.w.part("reasons")
        self.decision(list(zip(first, shown, strict=True)))
        self.w.heading(1, self.label("disclaimer"))
        self.w.paragraph("{text}", "disclaimer", text=law_run(self.m.book.pack.disclaimer))
        self.w.part("disclaimer")
        return self.w.finish(self.p("debate.title"), about, assessment.as_at, self.p("debate.mark"))

    def round(self, analysis: Analysis, held: Debate) -> None:
        """Both cases, the moves, the cases in play and what the class may ask."""
        if len(self.m.groups) > 1:
            self.w.heading(1, "{parcel}", parcel=upper_first(self.m.title(analysis.parcel.id)))
        for side in (held.opens, "revenue" if held.opens == "capital" else "capital"):
            self.w.heading(2, self.p("debate.labels.case_for"), side=law_run(side))
            self.case_for(analysis, side)
        self.w.heading(2, self.label("moves"))
        self.moves(held)
        self.w.heading(2, self.label("cases"))
        illustrate(self.w, self.m, analysis, "cases")
        self.cases(analysis)
        self.w.heading(2, self.label("class"))
        self.w.bullets(map(str, self.p.listed("debate.questions")))
        if analysis.missing:
            self.w.heading(3, self.label("missing"))
            self.w.paragraph(self.p("debate.missing_lead"))
            items = [Item(law_run(ask(self.m.book.vocabulary[m.fact].ask)), m.fact) for m in analysis.missing[:12]]
            self.w.add(Listing(tuple(items)))
        if analysis.unsettled:
            self.w.heading(3, self.label("points"))
            for name in (item.point for item in analysis.unsettled):
                point = self.m.book.points[name]
                answers = tuple(Item(law_run(answer.says), name) for answer in point.answers.values())
                self.w.add(Listing((Item(law_run(point.question, bold=True), name, children=answers),)))

    def case_for(self, analysis: Analysis, side: str) -> None:
        """The met factors for a side on the roads that decide, the strongest first."""
        book, c = self.m.book, analysis.conclusion
        names: dict[str, None] = {}
        for node in decisive(book, "revenue"):
            for part in (node, *book.nodes[node].parts):
                finding = c.findings[part]
                names.update(dict.fromkeys(finding.supports if side == "revenue" else finding.opposes))
        order = book.weighing.strengths
        ranked = sorted(names, key=lambda name: -order[book.factors[name].strength])
        if not ranked:
            self.w.paragraph(self.p("debate.none"), side=law_run(side))
            return
        self.w.paragraph(self.p("debate.case_for_lead"), side=law_run(side))
        application = Application(self.w, self.m, analysis)
        self.w.add(Listing(application.factors(ranked)))

    def moves(self, held: Debate) -> None:
        """Each move under a heading of its own, with its points and notes."""
        for move in held.moves:
            if self.m.mask and self.telling(held, move):
                continue
            kind = str(self.p.table("debate.kinds").get(move.kind, move.kind))
            answers = self.p("debate.answers").format(number=move.answers) if move.answers else ""
            head = self.p("debate.move").format(number=move.number, side=upper_first(move.side), kind=kind)
            self.w.add(Heading(3, law_run(f"{head}{answers}"), "move"))
            self.w.add(Paragraph(law_run(self.worded(move.text)), rule=move.case))
            self.w.bullets(Item(law_run(self.worded(text)), move.case) for text in (*move.points, *move.notes))

    def worded(self, text: str) -> str:
        """A move with factors named in words and not by their ids."""
        return _ID.sub(lambda m: m[0].replace("-", " ") if m[0] in self.m.book.factors else m[0], text)

    def telling(self, held: Debate, move: Move) -> bool:
        """Whether a move says a number of the fact set, which an edited version hides."""
        numbers: set[str] = set()
        for given in held.conclusion.parcel.facts.values():
            if given.fact.type in ("int", "number", "date"):
                for end in ends(given.knowledge):
                    if abs(end) < INFINITY:
                        dated = given.fact.type == "date"
                        numbers.add(str(date.fromordinal(int(end)).year) if dated else f"{end:g}")
        numbers -= {"0", "1"}
        said = " ".join((move.text, *move.points, *move.notes)).replace(",", "")
        return move.kind == "hypothetical" or bool(numbers & set(re.findall(r"\d+(?:\.\d+)?", said)))

    def cases(self, analysis: Analysis) -> None:
        rows = []
        for comparison in chosen(self.m, analysis):
            case = comparison.case
            held = self.p(f"ruling.cases.held.{case.outcome}")
            shared, different = (points(self.m, names) for names in (comparison.shared, comparison.distinguishing))
            named = self.w.text(f"{{@{case.authority}}}")
            rows.append((named, *(law_run(text) for text in (held, shared, different))))
        header = tuple(map(str, self.p.listed("debate.case_header")))
        self.w.add(Table(self.label("cases"), header, tuple(rows), (24, 16, 30, 30), "cases"))

    def decision(self, rounds: list[tuple[Analysis, Debate]]) -> None:
        # On a page of its own, so that the sheet can be handed out without it.
        self.w.heading(1, self.label("decision"), fresh=True)
        for analysis, held in rounds:
            c = analysis.conclusion
            said = c.outcome.says.strip() if c.outcome else self.p("debate.undetermined")
            words = self.p("debate.decision").format(
                outcome=said, strength=c.strength.replace("_", " "), share=f"{c.probability:.0%}"
            )
            who = f"{upper_first(self.m.title(c.parcel.id))}: " if len(rounds) > 1 else ""
            self.w.add(Paragraph((*((Run(who),) if who else ()), Run(words, law=True)), rule="conclusion"))
            if held.differences:
                self.w.heading(2, self.label("other"))
            for difference in held.differences:
                other = difference.conclusion
                words = self.p("debate.other").format(
                    position=difference.title, side=other.characterisation, strength=other.strength.replace("_", " ")
                )
                self.w.add(Paragraph(law_run(words)))
            # The graph shows every finding, and so it stands with the decision and not before it.
            illustrate(self.w, self.m, analysis, "graph")
        self.w.part("decision")
