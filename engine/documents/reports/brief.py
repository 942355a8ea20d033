"""The memorandum for a reader: one screen with the answer, the reasons each way, what would change it and the cases;
then the reasons in prose. Rules are named by their ids with detail only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from caprev.argument.reasons import Kind, Reason
from caprev.documents.content.model import Block, Heading, Item, Listing, Paragraph, Part, Run
from caprev.documents.words import grounds as composing
from caprev.documents.words import sentences
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.documents.words.grounds import listed
from caprev.documents.words.reasons import Reasons, loose
from caprev.documents.words.shares import effect, share
from caprev.facts.vocabulary import worded
from caprev.law import citations
from caprev.law.models import Cited, Node
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.likeness import HERE, Likeness
from caprev.reasoning.precedents import Comparison

_BALANCE = re.compile(r" \([+-]\d+\.\d+\)")
_EACH_WAY = 3
_CHANGES = 3
_CASES = 3


class Brief:
    """One parcel told to a reader. `tree` is its argument, from which the later sections are taken.

    A `page` has lists of its own; a terminal has their marks in the text. `told` are the cases of which earlier
    parcels have said what they held.
    """

    def __init__(self, analysis: Analysis, tree: Reason, page: bool = False, told: set[str] | None = None) -> None:
        self.analysis = analysis
        self.page = page
        self.told = set() if told is None else told
        self.tree = tree
        self.book = analysis.book
        self.concluded = analysis.conclusion
        self.reasons = Reasons(analysis)
        self.grounds = self.reasons.grounds

    def parts(self) -> Iterator[Part]:
        """The first screen, then the reasons."""
        if self.page:
            heads = [_heading(1, f"{self.tree.heading or 'Conclusion'}: {worded(self.tree.verdict)}")]
        else:
            heads = [_heading(1, self.tree.heading)] if self.tree.heading else []
            heads.append(_heading(1, f"CONCLUSION: {worded(self.tree.verdict).upper()}", self.tree.side or "open"))
        told = (self.tree.text, self.sure(), *map(second_person, self.tree.notes[2:]))
        yield Part("conclusion", (*heads, *map(_paragraph, told)))
        yield Part("conclusion", tuple(self.front()))
        for number, blocks in enumerate(self.sections(), 1):
            first, *rest = blocks
            assert isinstance(first, Heading)
            title = "".join(run.text for run in first.inlines if isinstance(run, Run))
            yield Part("section", (_heading(2, title if self.page else f"{number}. {title}"), *rest))

    # one screen

    def sure(self) -> str:
        """How sure the conclusion is: its word, the decided matters, and whether answers could still change it."""
        c = self.concluded
        word = upper_first(worded(c.strength)) if c.characterisation != "undetermined" else "Undetermined"
        still = "Facts not yet known could still change it."
        if c.robust:
            still = "No one answer that is still open would turn it."
        return f"{word}: {share(c)}. {still}"

    def front(self) -> Iterator[Block]:
        """Three reasons each way, what would most change it, and where the cases stand."""
        sides = self.book.sides
        mine = self.concluded.characterisation
        order = sides.ids if mine == sides.against.id else sides.ids[::-1]
        for side in order:
            names = self.side(side)
            yield _heading(2, f"Why {worded(side)}" if side == mine else f"What speaks for {worded(side)}")
            rows = [self.ground(name) for name in names]
            yield self.listing(rows, start=1) if rows else _paragraph("Nothing that is known.")
        yield _heading(2, "What would most change it")
        yield self.listing(self.changes())
        yield _heading(2, "Where the decided cases stand")
        yield _paragraph(self.standing())

    def side(self, side: str) -> list[str]:
        """The strongest independent grounds for a side."""
        c = self.concluded
        met = [name for name, state in c.states.items() if state == "met" and name in c.weigher.active]
        favouring = [name for name in met if self.book.factors[name].favours == side]
        return self.grounds.distinct(favouring, _EACH_WAY, 1)

    def ground(self, name: str) -> str:
        """One ground with its first authority."""
        return f"{upper_first(self.grounds.clause(name))}.{self.cited(self.book.factors[name].authority[:1])}"

    def cited(self, authority: Sequence[Cited]) -> str:
        """Authorities in square brackets, each once."""
        told = "; ".join(dict.fromkeys(citations.short(self.book, item) for item in authority))
        return f" [{told}]" if told else ""

    def changes(self) -> list[str]:
        """What to find out first, and what it could do."""
        moving = self.analysis.telling
        word = worded(self.book.sides.for_.id)
        rows = []
        for item in moving[:_CHANGES]:
            rows.append(f"{sentences.ask(item.ask)} It {effect(item, word)}.")
        points = [self.book.points[item.point].question for item in self.analysis.unsettled if item.turns]
        rows += [f"A point of law that is not settled: {second_person(point)}" for point in points]
        return rows or ["No single answer that is still missing would move it."]

    def standing(self) -> str:
        """What binds, and which cases are nearest for either side."""
        guidance = self.concluded.guidance
        lead = {"free": "None binds on the facts as known.", "conflict": "Cases of equal rank point both ways."}.get(
            guidance.constraint, ""
        )
        if guidance.by:
            lead = f"{listed([self.name(c) for c in guidance.by[:_CASES]])} governs on the facts as known."
        parts = [lead]
        for side in self.book.sides.ids:
            near = [self.name(item) for item in self.near(side)]
            if near:
                parts.append(f"Nearest for {worded(side)}: {listed(near)}.")
        return " ".join(filter(None, parts))

    def near(self, side: str) -> list[Likeness]:
        """The cases on the subject that were decided for a side, the nearest first."""
        found = self.analysis.near_for(side)
        return [item for item in found if item.case.on_subject(self.book.pack)][:_CASES]

    def name(self, comparison: Likeness | Comparison, more: str = "") -> str:
        """A case as it is named in running text."""
        case = comparison.case
        return f"{self.book.authorities[case.authority].get('short') or case.name} ({case.decided[:4]}{more})"

    # the reasons

    def sections(self) -> Iterator[list[Block]]:
        """What is assumed, each issue in prose, the cases, then what else the argument says."""
        first, *others = (section for section in self.tree.children if not section.detail)
        yield [_heading(2, first.heading), *self.section(first)]
        for node in self.book.nodes.values():
            if node.kind == "issue":
                yield [_heading(2, f"{node.title} {self.verdict(node)}"), *self.issue(node)]
        cases = list(self.cases())
        if cases:
            yield [_heading(2, "The decided cases"), *cases]
        yield list(self.against())
        for section in others:
            blocks = list(self.section(section))
            if blocks:
                yield [_heading(2, section.heading), *blocks]

    def verdict(self, node: Node) -> str:
        """The answer to the question of an issue."""
        state = self.concluded.findings[node.id].state
        if self.grounds.beside(node):
            return "Its signs are there, but the answer goes by another road."
        return {"satisfied": "Yes.", "not_satisfied": "No."}.get(state, "Not settled.")

    def issue(self, node: Node) -> Iterator[Block]:
        """An issue: the matters weighed for it, then why the balance falls as it does."""
        finding = self.concluded.findings[node.id]
        if not node.none:
            parts = [self.book.nodes[name] for name in node.parts]
            for part in parts:
                yield from self.element(part)
            if not parts:
                yield from self.matters(self.book.indicators_of(node.id))
            yield from self.matters(loose(self.book, node.id))
        beside = self.grounds.beside(node)
        why = "" if beside or (node.parts and not node.none) else self.reasons.why(finding)
        text = f"{self.grounds.finding(node.id, 'beside' if beside else finding.state)} {why}".strip()
        yield _paragraph(text + self.cited(node.authority))

    def element(self, node: Node) -> Iterator[Block]:
        """An element with its alternatives or matters beneath it."""
        finding = self.concluded.findings[node.id]
        yield _heading(3, node.title)
        indicators = self.book.indicators_of(node.id)
        leaves = [self.book.nodes[name] for name in _leaves(self.book.nodes, node)]
        yield from self.matters(indicators or leaves or [node])
        if indicators or leaves:
            why = self.reasons.why(finding) if indicators else ""
            yield _paragraph(f"{self.grounds.finding(node.id, finding.state)} {why}".strip())

    def matters(self, nodes: Sequence[Node]) -> Iterator[Block]:
        """A paragraph for each matter on which something bears; the others in one sentence."""
        blank = [node for node in nodes if not self.reasons.bears(node)]
        for node in nodes:
            if self.reasons.bears(node):
                text = self.reasons.matter(node).text
                yield Paragraph((Run(f"{node.title}.", bold=True), Run(f" {text}{self.cited(node.authority[:1])}")))
        if blank:
            yield _paragraph(self.reasons.silent(blank))

    def against(self) -> Iterator[Block]:
        """The best that can be said for the other side: by which road, on which grounds, from which case."""
        best = self.analysis.against
        yield _heading(2, f"The best argument for {worded(best.side)}")
        names = self.grounds.distinct(best.factors, 5)
        if not names:
            yield _paragraph(f"Nothing known speaks for {worded(best.side)}.")
        else:
            told = composing.sentences([self.grounds.clause(name) for name in names], self.book.words.subjects)
            road = second_person(self.book.nodes[best.node].title).rstrip("?")
            yield _paragraph(f"The strongest road is this: {lower_first(road)}? {' '.join(told)}")
        if best.case:
            shared = listed([self.grounds.short(name) for name in self.grounds.distinct(best.case.told, 3)])
            yield _paragraph(f"The closest case is {self.name(best.case)}, which shares {shared or 'little'}.")

    def cases(self) -> Iterator[Block]:
        """The nearest cases of either side: what each held, what is shared, what is not; a point at length once."""
        side, said = self.concluded.characterisation, set[str]()
        near = [item for pole in sorted(self.book.sides.ids, key=lambda pole: pole != side) for item in self.near(pole)]
        if near:
            yield self.listing([" ".join(self.case(item, said)) for item in near])

    def case(self, comparison: Likeness, said: set[str]) -> Iterator[str]:
        """One case; `said` are the points that were told at length."""
        case, grounds = comparison.case, self.grounds
        later = ", after the day considered" if case.decided[:10] > self.analysis.assessment.matter.as_at else ""
        held = f"{self.name(comparison, later)}, for {worded(case.outcome)}"
        yield f"{held}, as told above." if case.id in self.told else f"{held}. {case.ratio.strip()}"
        self.told.add(case.id)
        shared = grounds.distinct(comparison.shared or (() if comparison.here else comparison.told), 3)
        if shared:
            yield f"Shared: {listed([grounds.short(name) for name in shared])}."
        forms = [item for item in comparison.grounds if item.degree in HERE and item.says and item.says not in said]
        if forms:
            said.update(item.says for item in forms[:2])
            named = listed([lower_first(second_person(item.says).rstrip(".")) for item in forms[:2]])
            yield f"Here in another form: {named}."
        lacking = self.book.strongest(comparison.of("absent"))[:2]
        fresh, known = ([name for name in lacking if (name in said) is again] for again in (False, True))
        said.update(fresh)
        texts = [lower_first(self.book.factors[name].text.rstrip(".")) for name in fresh]
        texts += [grounds.theirs(name) for name in known]
        if texts:
            yield f"Only there: {'; '.join(texts)}."

    def section(self, section: Reason) -> Iterator[Block]:
        """What follows, what is missing, what is unsettled and what else is said, in words."""
        if section.kind == Kind.FOLLOWING:
            yield from self.following(section)
        elif section.kind == Kind.SECTION and section.children:
            children = [child for child in section.children if not child.detail]
            if children and children[0].kind == Kind.MISSING:
                yield from self.missing(section, children)
            elif children and children[0].kind in (Kind.POINT, Kind.NOTE):
                yield _paragraph(section.text)
                yield self.listing([_noted(child) for child in children])
                hidden = len(section.children) - len(children)
                if hidden:
                    yield _paragraph(f"And {hidden} more (--detail).")
        elif section is self.tree.children[0]:
            yield _paragraph(section.text)

    def following(self, section: Reason) -> Iterator[Block]:
        """What applies, with its figures; what waits on something, and on what; the others counted."""
        rows: list[str] = []
        waiting: dict[tuple[str, ...], list[str]] = {}
        late: dict[str, tuple[str, ...]] = {}
        hidden = 0
        for group in section.children:
            for reason in group.children:
                if reason.detail:
                    hidden += 1
                elif reason.kind == Kind.ANSWER:
                    rows.append(f"{second_person(f'{reason.heading} {reason.text}')}{_brackets(reason.authority)}")
                elif reason.kind == Kind.FIGURE:
                    told = waiting[late[reason.rule]] if reason.rule in late else rows
                    told.append(f"{reason.text}{_brackets(reason.authority)}")
                elif not reason.named:
                    rows.append(f"{second_person(reason.heading)}{_brackets(reason.authority)}")
                else:
                    late[reason.rule] = tuple(reason.named[0].ids)
                    waiting.setdefault(late[reason.rule], []).append(second_person(reason.heading))
        if rows:
            yield self.listing(rows)
        answers = (answer for parts in self.analysis.answered.values() for answer in parts)
        above = [{wait.name for wait in answer.open[0].waits} for answer in answers if answer.open and not answer.upon]
        for waits, titles in waiting.items():
            if any(asked.issuperset(waits) for asked in above):  # an answer above waits on the same
                yield _paragraph("Not yet clear, for want of the same answers:")
            else:
                yield _paragraph(f"Not yet clear. To be known first: {' '.join(map(self.asked, waits))}")
            yield self.listing(titles)
        if hidden:
            yield _paragraph(f"{hidden} further points are far from applying (--detail).")

    def asked(self, waits: str) -> str:
        """What something waits on: a fact or a point of law, by its question, else what is said of it."""
        book = self.book
        if waits in book.points:
            return book.points[waits].question
        return sentences.ask(book.vocabulary[waits].ask) if waits in book.vocabulary else f"{upper_first(waits)}."

    def listing(self, texts: Sequence[str], start: int = 0) -> Listing:
        """A list, numbered from `start` where that is not 0."""
        if self.page:
            return Listing(tuple(Item((Run(text),)) for text in texts), start)
        marks = (f"{start + place}." if start else "-" for place in range(len(texts)))
        return Listing(
            tuple(Item((Run(f"{mark} {text}"),), hang=len(mark) + 1) for mark, text in zip(marks, texts, strict=True))
        )

    def missing(self, section: Reason, children: Sequence[Reason]) -> Iterator[Block]:
        """What is missing, but for what moves nothing by itself."""
        moving = {item.fact: item for item in self.analysis.telling}
        rows = [
            f"{sentences.ask(moving[child.rule].ask)} ({moving[child.rule].effect.words})"
            for child in children
            if child.rule in moving
        ]
        yield _paragraph(f"{len(self.analysis.missing)} facts that are not known bear on the matter.")
        if rows:
            yield self.listing(rows, start=1)


def _leaves(nodes: Mapping[str, Node], node: Node) -> list[str]:
    """What an element is combined from, down to what is weighed."""
    found: list[str] = []
    for name in node.parts:
        found += _leaves(nodes, nodes[name]) if nodes[name].parts else [name]
    return found


def _noted(reason: Reason) -> str:
    """A note or an unsettled point in a line; a balance is for detail."""
    text = second_person(reason.text) if reason.kind == Kind.POINT else reason.text
    told = f"{_BALANCE.sub('', text)}{_brackets(reason.authority)}"
    return f"{told} ({reason.verdict})" if reason.verdict else told


def _brackets(authority: Sequence[str]) -> str:
    return f" [{'; '.join(authority)}]" if authority else ""


def _heading(level: int, text: str, tone: str = "heading") -> Heading:
    return Heading(level, (Run(text),), tone=tone)


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),) if text else ())
