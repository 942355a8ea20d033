"""The advice for an advisor's client: a few pages that can be sent, and an annex with every step.

First the answer, how sure it is and why, what would change it, what to do and to keep, and what each answer means in
tax; then assumptions, facts, reasons by issue, rule, application and conclusion, and the evidence to gather.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from caprev.documents.content.model import Document, Item, Listing, Paragraph, Run, Table, law_run, plain
from caprev.documents.drafts.application import Application, listed
from caprev.documents.drafts.attachments import consequences
from caprev.documents.drafts.cases import compare_cases
from caprev.documents.drafts.facts import state_facts
from caprev.documents.drafts.material import Group, Material
from caprev.documents.drafts.pictures import illustrate
from caprev.documents.drafts.questions import Asked, asked, put, sold, subject
from caprev.documents.drafts.writer import Writer
from caprev.documents.words import grounds as composing
from caprev.documents.words.citations import Citer
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.documents.words.sentences import ask, dated, day, ends
from caprev.documents.words.shares import share
from caprev.facts.derivations import AS_AT
from caprev.facts.vocabulary import worded
from caprev.grouping import grouped
from caprev.law.models import Side
from caprev.reasoning import consequences as consequences_of
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.consequences import Followed
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
        self.letter: dict[str, list[str]] = {}  # the grounds that the letter names of each parcel
        self.told: set[str] = set()  # and what it has said at length of any
        self.applied: dict[str, Application] = {}

    def label(self, name: str) -> str:
        return self.phrases(f"advice.labels.{name}")

    def document(self) -> Document:
        about = subject(self.material)
        self.head(about)
        self.answer()
        for section in (self.why, self.change, self.todo, self.money):
            section()
        self.annex()
        self.writer.heading(1, self.label("disclaimer"))
        self.writer.paragraph("{text}", "disclaimer", text=law_run(self.material.book.pack.disclaimer))
        self.writer.part("disclaimer")
        return self.writer.finish(
            self.phrases("advice.title"), about, self.material.assessment.as_at, self.phrases("advice.mark")
        )

    def annex(self) -> None:
        """The reasons in full, for those who want every step."""
        self.writer.heading(1, self.label("annex"), fresh=True)
        self.writer.paragraph(self.phrases("advice.annex_lead"))
        self.assumptions()
        self.writer.heading(2, self.label("facts"))
        state_facts(self.writer, self.material)
        self.writer.part("facts")
        self.writer.heading(2, self.label("reasons"))
        first: Application | None = None
        for group in self.material.groups:
            applied = self.reasons(group, first)
            first = first or applied
        self.writer.part("reasons")
        for section in (self.against, self.evidence):
            section()
        consequences(self.writer, self.material, 2)
        self.writer.part("consequences")
        self.authorities()

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

    # the advice itself

    def answer(self) -> None:
        """The questions with their answers, and what is concluded."""
        self.writer.heading(1, self.label("questions"))
        for question in self.asked:
            text = put(self.writer, question, self.sold)
            self.writer.add(Paragraph((Run(f"{question.number}. ", law=True), *text), rule=f"question:{question.kind}"))
            for group in self.material.groups:
                reply = question.reply(self.phrases, group, self.because(question, group))
                who = f"{upper_first(self.material.titles(group.members))}: " if len(self.material.groups) > 1 else ""
                answer = (Run(who), Run(reply.answer, bold=True, law=True), Run(f" {reply.says}".rstrip(), law=True))
                self.writer.add(Paragraph(answer, rule=f"answer:{question.kind}"))
        # An answer that is the advisor's to write says nothing of what is concluded.
        if self.asked[0].question is None:
            for group in self.material.groups:
                self.of(group)
                said = self.because(self.asked[0], group) or self.phrases("advice.undetermined")
                self.writer.add(Paragraph(law_run(said), rule="conclusion"))
        self.writer.part("questions")

    def because(self, question: Asked, group: Group) -> str:
        """What is concluded, as the reason for the answer to the first question; or nothing."""
        outcome = group.first.conclusion.outcome
        return outcome.says.strip() if outcome and question is self.asked[0] else ""

    def why(self) -> None:
        """How sure the answer is, what carries it, what stands against it, and what of the law is not settled."""
        self.writer.heading(1, self.label("why"))
        first = True
        for group in self.material.groups:
            self.of(group)
            for alike in group.likes:
                c = alike[0].conclusion
                again = "" if first else "_again"
                sure = self.phrases(f"advice.strength{again}.{c.strength}").format(share=share(c, again=not first))
                turn = self.phrases(f"advice.turn{again}.{'robust' if c.robust else 'open'}")
                first = False
                who = f"{upper_first(self.material.titles(alike))}: " if len(group.likes) > 1 else ""
                self.writer.add(
                    Paragraph((*((Run(who),) if who else ()), *law_run(f"{sure} {turn}")), rule="conclusion")
                )
            self.grounds(group.first)
            for item in group.first.unsettled:
                point = self.material.book.points[item.point]
                if item.turns and item.otherwise and item.answer in point.answers:
                    self.writer.paragraph(
                        self.phrases("advice.turns_on"),
                        rule=item.point,
                        question=law_run(point.question),
                        taken=law_run(point.answers[item.answer].says),
                        other=law_run(item.otherwise.characterisation),
                    )
        self.writer.part("why")

    def grounds(self, analysis: Analysis) -> None:
        """The strongest grounds each way, as the annex has them in full."""
        application = Application(self.writer, self.material, analysis)
        words, side = application.grounds, analysis.conclusion.characterisation
        met = _active(analysis)
        factors, sides = self.material.book.factors, self.material.book.sides
        mine = [name for name in met if factors[name].favours == side]
        other = [name for name in met if factors[name].favours not in (side, "neutral")]
        rows = [(self.phrases("advice.carries"), mine, 6), (self.phrases("advice.opposes"), other, 4)]
        if side not in sides.ids:  # then each side has its own
            lead = self.phrases("advice.speaks_for")
            by_side = {pole: [name for name in met if factors[name].favours == pole] for pole in sides.ids}
            rows = [(lead.format(side=worded(pole)), names, 4) for pole, names in by_side.items()]
        for told_as, names, most in rows:
            chosen = words.distinct(names, most, 1)
            if chosen:
                self.letter.setdefault(analysis.parcel.id, []).extend(chosen)
                fresh = [name for name in chosen if words.clause(name) not in self.told]
                known = [f"{words.short(name)}{application.basis([name])}" for name in chosen if name not in fresh]
                self.told.update(map(words.clause, fresh))
                clauses = [words.clause(name) for name in fresh]
                tails = [application.basis([name]) for name in fresh]
                texts = composing.sentences(clauses, self.material.book.words.subjects, tails)
                if known:
                    texts.append(self.phrases("advice.told").format(grounds=composing.listed(known)))
                told = " ".join(texts)
                label = law_run(f"{told_as} ", bold=True)
                self.writer.add(Paragraph((*label, *law_run(told))))
            elif names is other and met:
                self.writer.paragraph(self.phrases("advice.none_opposes"))
        if not met:
            self.writer.paragraph(self.phrases("advice.none_either"))
        best = analysis.against.case
        if best:
            self.writer.paragraph(self.phrases("advice.closest"), case=self.writer.text(f"{{@{best.case.authority}}}"))

    def todo(self) -> None:
        """Steps to take, and papers to keep."""
        self.writer.heading(1, self.label("todo"))
        known = [analysis.parcel.known for analysis in self.material.analyses]
        steps = [
            entry["text"]
            for entry in self.phrases.value("advice.steps") or ()
            if any(
                self.phrases.holds(entry.get("when"), one)
                and not ("unless" in entry and self.phrases.holds(entry["unless"], one))
                for one in known
            )
        ]
        self.writer.add(Listing(tuple(Item(law_run(" ".join(str(text).split()))) for text in steps), start=1))
        self.writer.heading(1, self.label("keep"))
        papers = self.papers()
        self.writer.paragraph(self.phrases("advice.keep.lead") if papers else "")
        self.writer.bullets(Item(law_run(text)) for text in (*papers, self.phrases("advice.keep.always")))
        self.writer.part("todo")

    def papers(self) -> list[str]:
        """What to keep for each paragraph of the facts of which something carries weight and is not documented."""
        papers: dict[str, int] = {}  # each paper once, where it is first of use
        for row in self.material.numbered:
            used = any(row.given.fact.name in self.material.used(analysis) for analysis in self.material.analyses)
            if used and row.given.at and row.given.standing != "documented" and row.given.fact.evidence:
                papers.setdefault(lower_first(second_person(row.given.fact.evidence).rstrip(".")), row.number)
        rows = grouped((papers[paper], paper) for paper in list(papers)[: self.phrases.number("advice.keep.most")])
        wording = self.phrases("advice.keep.row")
        return [wording.format(number=str(number), papers="; ".join(told)) for number, told in rows.items()]

    def money(self) -> None:
        """What follows from either conclusion, side by side, with figures where the facts allow."""
        self.writer.heading(1, self.label("money"))
        self.writer.paragraph(self.phrases("advice.money.lead"))
        worked = []
        for group in self.material.groups:
            self.of(group)
            worked.append(self.side_by_side(group.first))
        if not all(worked):
            self.writer.paragraph(self.phrases("advice.money.none"))
        self.writer.part("money")

    def waiting(self, item: Followed) -> str:
        return "" if item.state == "applies" else self.phrases("advice.money.depends")

    def side_by_side(self, analysis: Analysis) -> bool:
        """What follows on each side; whether figures could be worked out."""
        book, most = self.material.book, self.phrases.number("advice.money.most")
        sides = [sorted(either(analysis, side), key=lambda item: item.state != "applies") for side in book.sides.ids]
        rows = []
        for question, title in book.questions.questions.items():
            cells = [
                " ".join(
                    f"{second_person(item.rule.title).rstrip('.')}{self.waiting(item)}."
                    for item in [found for found in items if found.rule.question == question and told(found)][:most]
                )
                for items in sides
            ]
            if any(cells) and cells[0] != cells[1]:
                rows.append((title, *cells))
        figures: dict[str, list[str]] = {}
        for index, items in enumerate(sides):
            for item in items:
                for worked in item.figures:
                    if not worked.missing and item.state == "applies":
                        figures.setdefault(worked.figure.label, ["", ""])[index] = worked.value
        rows += [(label, *values) for label, values in figures.items()]
        header = tuple(map(str, self.phrases.listed("advice.money.header")))
        if rows:
            shown = tuple(tuple(law_run(text) for text in row) for row in rows)
            self.writer.add(Table("", header, shown, (24, 38, 38), "money"))
        return bool(figures)

    def assumptions(self) -> None:
        self.writer.heading(2, self.label("assumptions"))
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

    def reasons(self, group: Group, before: Application | None) -> Application:
        """Each issue by issue, rule, application, conclusion; then the cases; what was said `before` only once."""
        self.of(group)
        analysis = group.first
        illustrate(self.writer, self.material, analysis, "balance")
        application = Application(self.writer, self.material, analysis, before, own="advice")
        application.grounds.said.update(self.letter.get(analysis.parcel.id, ()))
        self.applied[analysis.parcel.id] = application
        if before is not None:
            self.writer.paragraph(self.phrases("advice.rule_again"))
        for node in (node for node in self.material.book.nodes.values() if node.kind == "issue"):
            law = self.phrases.law.get(node.id)
            self.writer.heading(3, law.title if law else "{title}", node.id, title=law_run(node.title))
            if before is None or not law:
                self.step("issue")
                self.writer.add(Paragraph(law_run(second_person(node.question)), rule=node.id))
            if before is None:
                self.step("rule")
            if law and before is None:
                self.writer.passages(law.passages, self.material.known, listed(self.material, node.id), node.id)
            self.step("application")
            application.issue(node.id, 5)
            if law and law.cases:
                illustrate(self.writer, self.material, analysis, "cases")
                compare_cases(self.writer, self.material, application)
            self.step("issue_conclusion")
            application.conclusion(node.id)
        return application

    def step(self, name: str) -> None:
        self.writer.heading(4, self.label(name))

    # against, change, evidence

    def against(self) -> None:
        self.writer.heading(2, self.label("against"))
        for group in self.material.groups:
            self.of(group)
            self.other_side(group.first)
            illustrate(self.writer, self.material, group.first, "tornado")
        self.writer.part("against")

    def other_side(self, analysis: Analysis) -> None:
        best = analysis.against
        if best.factors:
            road, side = law_run(second_person(self.material.book.nodes[best.node].title)), (Run(best.side),)
            self.writer.paragraph(self.phrases("advice.against_lead"), rule=best.node, side=side, road=road)
            application = self.applied[analysis.parcel.id]
            words = application.grounds
            chosen = words.distinct(best.factors, 6)
            known = [words.short(name) for name in chosen if name in words.said]
            fresh = [name for name in chosen if name not in words.said]
            tails = [application.basis([name]) for name in fresh]
            told = composing.sentences([words.clause(name) for name in fresh], self.material.book.words.subjects, tails)
            if known:
                told.insert(0, self.phrases("advice.against_known").format(grounds=composing.listed(known)))
            self.writer.add(Paragraph(law_run(" ".join(told))))
        else:
            speaks = any(analysis.book.factors[name].favours == best.side for name in _active(analysis))
            self.writer.paragraph(
                self.phrases(f"advice.{'no_road' if speaks else 'none_against'}"), side=(Run(best.side),)
            )
        if best.case:
            self.writer.paragraph(
                self.phrases("advice.against_case"), case=self.writer.text(f"{{@{best.case.case.authority}}}")
            )

    def change(self) -> None:
        self.writer.heading(1, self.label("change"))
        put: set[str] = set()
        for group in self.material.groups:
            self.of(group)
            analysis = group.first
            moving = [item for item in analysis.telling if item.effect.telling]
            weaker = [item for item in analysis.telling if not item.effect.telling]
            if moving:
                alike = len({m.effect.words for m in moving[:5]}) == 1
                lead = self.phrases("advice.changes.lead_alike").format(effect=moving[0].effect.words)
                self.writer.paragraph(lead if alike else self.phrases("advice.changes.lead"))
                row = "{ask}" if alike else self.phrases("advice.changes.row")
                rows = [(m, row.replace("{ask}", self.ask(m)).replace("{effect}", m.effect.words)) for m in moving[:5]]
                self.writer.bullets(Item(law_run(text), m.fact) for m, text in rows)
            else:
                again = "" if group is self.material.groups[0] else "_again"
                self.writer.paragraph(self.phrases(f"advice.changes.none{again}"))
                if weaker:
                    self.writer.paragraph(self.phrases(f"advice.changes.strength{again}"))
                    fresh = [m for m in weaker[:5] if m.fact not in put] or weaker[:5]
                    self.writer.bullets(Item(law_run(self.ask(m)), m.fact) for m in fresh)
                    before = len(weaker[:5]) - len(fresh)
                    if before:
                        key = "also_one" if before == 1 else "also_many"
                        self.writer.paragraph(self.phrases(f"advice.changes.{key}").format(count=before))
            put.update(m.fact for m in (moving or weaker)[:5])
        self.writer.part("change")

    def ask(self, item: Missing) -> str:
        return ask(self.material.book.vocabulary[item.fact].ask)

    def evidence(self) -> None:
        self.writer.heading(2, self.label("evidence"))
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
        self.writer.heading(2, self.label("authorities"))
        names = list(self.writer.citer.cited)
        acts: dict[str, dict[str, str]] = {}
        for name, line in self.writer.citer.provisions(names):
            act = str(self.material.book.authorities[name]["act"])
            acts.setdefault(act, {})[name] = line.removeprefix(f"{act} ")
        rows: dict[str, list[tuple[str, tuple[Run, ...]]]] = {}
        fresh = Citer(self.phrases)
        for name in sorted(names, key=lambda name: str(self.material.book.authorities[name].get("name")).lower()):
            kind = str(self.material.book.authorities[name].get("kind"))
            if kind != "provision":
                rows.setdefault("case" if kind == "case" else "ruling", []).append((name, fresh.entry(name)))
        if acts:
            self.writer.heading(3, self.phrases("advice.authorities.provision"))
            told = ((f"{act}: {', '.join(places.values())}", " ".join(places)) for act, places in acts.items())
            self.writer.add(Listing(tuple(Item(law_run(text), rule) for text, rule in told)))
        for key in ("case", "ruling"):
            if rows.get(key):
                self.writer.heading(3, self.phrases(f"advice.authorities.{key}"))
                self.writer.add(Listing(tuple(Item(runs, name) for name, runs in rows[key])))
        self.writer.part("authorities")


def _active(analysis: Analysis) -> list[str]:
    """The grounds that are met and count for this conclusion."""
    c = analysis.conclusion
    return [name for name, state in c.states.items() if state == "met" and name in c.weigher.active]


def either(analysis: Analysis, side: Side) -> tuple[Followed, ...]:
    """What would follow on one side: as it is found, or as the other side's best road would have it."""
    concluded = analysis.conclusion
    if concluded.characterisation == side:
        return analysis.follows
    where, book = consequences_of.setting(concluded), analysis.book
    outcomes = [outcome for outcome in book.outcomes if outcome.characterisation == side]
    fitting = [outcome for outcome in outcomes if outcome.route == analysis.against.node.replace("-", "_")]
    outcome = (fitting or outcomes)[0]
    findings = {name: found for name, found in where.findings.items() if book.nodes[name].kind != "issue"}
    for node in book.nodes.values():
        if node.kind == "issue":
            findings[node.id] = node.id.replace("-", "_") == outcome.route
    return consequences_of.follow(replace(where, characterisation=side, route=outcome.route, findings=findings))


def told(item: Followed) -> bool:
    """Whether a consequence has a place in the short comparison: it applies or nearly does, and is law beyond doubt."""
    return not item.far and not item.rule.unverified and (item.state == "applies" or len(item.waits) == 1)
