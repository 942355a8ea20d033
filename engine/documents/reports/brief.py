"""The memorandum for a reader: one screen with the answer, the reasons each way, what would change it and the cases;
then the reasons in prose. Rules are named by their ids with detail only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from caprev.argument import open_points
from caprev.argument.grounds import Grounds as Named
from caprev.argument.reasons import Kind, Reason
from caprev.documents.content.model import Block, Heading, Paragraph, Part, Run
from caprev.documents.reports.following import Following
from caprev.documents.reports.nearest import Nearest
from caprev.documents.reports.telling import CHANGES, Earlier, Telling, Weighing, brackets, cite, heading, paragraph
from caprev.documents.words import grounds as composing
from caprev.documents.words.doubts import Doubts
from caprev.documents.words.grammar import joined, lower_first, second_person, upper_first
from caprev.documents.words.grounds import listed
from caprev.documents.words.reasons import loose
from caprev.documents.words.shares import share, span
from caprev.facts.vocabulary import worded
from caprev.law import citations
from caprev.law.models import Node
from caprev.reasoning.analysis import Analysis

_ENDS = re.compile(r"(?<=[.?]) (?=[A-Z])")
_BALANCE = re.compile(r" \([+-]\d+\.\d+\)")
_EACH_WAY = 3


class Brief:
    """One parcel told to a reader. `tree` is its argument, from which the later sections are taken.

    A `page` has lists of its own; a terminal has their marks in the text. `earlier` gathers what was told of parcels.
    """

    def __init__(self, analysis: Analysis, tree: Reason, page: bool = False, earlier: Earlier | None = None) -> None:
        self.telling = Telling(analysis, page, earlier)
        self.nearest, self.following = Nearest(self.telling), Following(self.telling)
        self.tree = tree
        self.analysis, self.book, self.concluded = analysis, analysis.book, analysis.conclusion
        self.earlier, self.first = self.telling.earlier, self.telling.first
        self.reasons, self.grounds = self.telling.reasons, self.telling.grounds
        self._cited = ""  # by the matter before
        self._weighed: dict[str, Weighing] = {}

    def parts(self) -> Iterator[Part]:
        """The first screen, then the reasons."""
        if self.telling.page:
            heads = [heading(1, f"{self.tree.heading or 'Conclusion'}: {worded(self.tree.verdict)}")]
        else:
            heads = [heading(1, self.tree.heading)] if self.tree.heading else []
            heads.append(heading(1, f"CONCLUSION: {worded(self.tree.verdict).upper()}", self.tree.side or "open"))
        told = (self.answer(), self.sure(), *filter(None, map(self.fresh, map(second_person, self.notes()))))
        yield Part("conclusion", (*heads, *map(paragraph, told)))
        yield Part("conclusion", tuple(self.front()))
        for number, blocks in enumerate(self.sections(), 1):
            first, *rest = blocks
            assert isinstance(first, Heading)
            title = "".join(run.text for run in first.inlines if isinstance(run, Run))
            yield Part("section", (heading(2, title if self.telling.page else f"{number}. {title}"), *rest))
        if self.telling.alone:
            return
        self.earlier.parcel = self.first or self.book.pack.unit.titled(self.concluded.parcel.id, "").lower()
        self.earlier.grounds.update(map(self.grounds.clause, self.grounds.said))
        self.earlier.together |= self.grounds.together
        self.earlier.asked |= self.telling.asked
        self.earlier.chief |= self.reasons.named
        self.earlier.weighed = {**self._weighed, **self.earlier.weighed}
        self.earlier.cited |= self.telling.named

    def answer(self) -> str:
        """What is concluded; by reference where the same was concluded of an earlier parcel."""
        again = self.tree.text in self.earlier.told
        self.earlier.told.add(self.tree.text)
        return f"The answer is the one given for {self.first}." if again else self.tree.text

    def fresh(self, note: str) -> str:
        """A note without the sentences that a note on an earlier parcel had."""
        told = _ENDS.split(note)
        left = [text for text in told if text not in self.earlier.told or text.endswith("?")]
        self.earlier.told.update(told)
        return " ".join(left)

    def notes(self) -> tuple[str, ...]:
        """What is under appeal, the other road, and what is wanting for the word strong."""
        grounds = Named(self.analysis)
        below = [item.fact for item in self.analysis.telling[:CHANGES]]
        wanting = open_points.wanting(grounds, below)
        self.telling.asked.update(open_points.decisive(grounds) if wanting else ())
        return (*self.tree.notes[2 : len(self.tree.notes) - len(wanting)], *wanting)

    # one screen

    def sure(self) -> str:
        """How sure the conclusion is: its word, the decided matters, and whether answers could still change it."""
        c = self.concluded
        word = upper_first(worded(c.strength)) if c.characterisation != "undetermined" else "Undetermined"
        still = "here too answers could change it" if self.first else "facts not yet known could still change it"
        if c.robust:
            still = "no open answer would turn it" if self.first else "no one answer that is still open would turn it"
        told = share(c, again=bool(self.first))
        return f"{word}: {told}. {upper_first(still)}." if c.chance is None else f"{word}: {told}, and {still}."

    def front(self) -> Iterator[Block]:
        """Three reasons each way, what would most change it, and where the cases stand."""
        sides = self.book.sides
        mine = self.concluded.characterisation
        order = sides.ids if mine == sides.against.id else sides.ids[::-1]
        for side in order:
            names = self.side(side)
            yield heading(2, f"Why {worded(side)}" if side == mine else f"What speaks for {worded(side)}")
            rows = [self.ground(name) for name in names]
            self.grounds.said.update(names)
            yield self.telling.listing(rows, start=1) if rows else paragraph("Nothing that is known.")
        yield heading(2, "What would most change it")
        yield from self.changes()
        yield heading(2, "Where the decided cases stand")
        yield paragraph(self.nearest.standing())

    def side(self, side: str) -> list[str]:
        """The strongest independent grounds for a side."""
        grounds = self.book.favouring[side] & self.concluded.weigher.active
        favouring = [name for name in self.telling.met if name in grounds]
        return self.grounds.distinct(favouring, _EACH_WAY, 1)

    def ground(self, name: str) -> str:
        """One ground with its first authority."""
        cited = brackets([citations.short(self.book, item) for item in self.book.factors[name].authority[:1]])
        if name in self.grounds.said:  # of an earlier parcel
            return cite(f"{upper_first(self.grounds.short(name))}, as told above.", cited)
        return cite(f"{upper_first(self.grounds.clause(name))}.", cited)

    def changes(self) -> Iterator[Block]:
        """What to find out first, and what it could do: said once of all, where it is the same."""
        moving = self.analysis.telling[:CHANGES]
        alike = len({item.effect.words for item in moving}) == 1
        rows = []
        for item in moving:
            told = filter(None, ("" if alike else item.effect.words, span(item)))
            rows.append(f"{self.telling.question(item.fact)} ({': '.join(told)})")
        if moving:
            what = "This answer" if len(moving) == 1 else "Any of these" if self.first else "Each of these answers"
            can = moving[0].effect.words if alike else "could change it in the way that the brackets say"
            share = f"how many of 100 decided matters would then be {worded(self.book.sides.for_.id)}"
            share = f"; {'in brackets' if alike else 'with that'} stands {share}"
            yield paragraph(f"{what} {can}{', in figures to be read as above' if self.first else share}.")
        points = [self.book.points[item.point].question for item in self.analysis.unsettled if item.turns]
        rows += [f"A point of law that is not settled: {second_person(point)}" for point in points]
        yield self.telling.listing(rows or ["No single answer that is still missing would move it."])

    # the reasons

    def sections(self) -> Iterator[list[Block]]:
        """What is assumed, each issue in prose, the cases, then what else the argument says."""
        first, *others = (section for section in self.tree.children if not section.detail)
        yield [heading(2, first.heading), *self.section(first)]
        for node in self.book.nodes.values():
            if node.kind == "issue":
                yield [heading(2, f"{node.title} {self.verdict(node)}"), *self.issue(node)]
        cases = list(self.nearest.cases())
        if cases:
            yield [heading(2, "The decided cases"), *cases]
        yield list(self.against())
        for section in others:
            blocks = list(self.section(section))
            if blocks:
                yield [heading(2, section.heading), *blocks]

    def verdict(self, node: Node) -> str:
        """The answer to the question of an issue."""
        state = self.concluded.findings[node.id].state
        if self.grounds.beside(node):
            return "Its signs are there, but the answer goes by another road."
        return {"satisfied": "Yes.", "not_satisfied": "No."}.get(state, "Not settled.")

    def issue(self, node: Node) -> Iterator[Block]:
        """An issue: the matters weighed for it, then why the balance falls as it does."""
        finding = self.concluded.findings[node.id]
        self._cited = ""
        if not node.none:
            parts = [self.book.nodes[name] for name in node.parts]
            for part in parts:
                yield from self.element(part)
            if not parts:
                yield from self.matters(self.book.indicators_of(node.id))
            yield from self.matters(loose(self.book, node.id))
        beside = self.grounds.beside(node)
        again = self.again(node, "beside" if beside else finding.state)
        text = self.grounds.finding(node.id, "beside") if beside else self.telling.found(node, finding.state)
        if not (beside or again or (node.parts and not node.none)):
            text = self.reasons.why(finding, text)
        yield paragraph(cite(text, self.telling.cited(node.authority)))

    def element(self, node: Node) -> Iterator[Block]:
        """An element with its alternatives or matters beneath it."""
        finding = self.concluded.findings[node.id]
        yield heading(3, node.title)
        indicators = self.book.indicators_of(node.id)
        leaves = [self.book.nodes[name] for name in _leaves(self.book.nodes, node)]
        yield from self.matters(indicators or leaves or [node])
        if indicators or leaves:
            again = self.again(node, finding.state)
            found = self.telling.found(node, finding.state)
            yield paragraph(self.reasons.why(finding, found) if indicators and not again else found)

    def matters(self, nodes: Sequence[Node]) -> Iterator[Block]:
        """A paragraph for each matter on which something bears; the others in one sentence.

        The authority of a matter stands for those after it, until another is named.
        """
        blank = [node for node in nodes if not self.reasons.bears(node)]
        states = {node.id: self.concluded.findings[node.id].state for node in nodes}
        again = [node for node in nodes if self.reasons.bears(node) and self.again(node, states[node.id])]
        for node in nodes:
            if self.reasons.bears(node) and node not in again:
                text = self.reasons.matter(node).text
                cited = self.telling.cited(node.authority[:1])
                shown = "" if cited == self._cited else cited
                ruling, para, place = cited.partition(" para ")
                if para and shown and self._cited.startswith(f"{ruling}{para}"):
                    shown = f" [para {place}"
                self._cited = cited
                yield Paragraph((Run(f"{node.title}.", bold=True), Run(f" {cite(text, shown)}")))
        if again:
            matters = joined([f"'{lower_first(node.title)}'" for node in again])
            yield paragraph(self.reasons.say("again", matters=matters, part=self.first))
        same = [node for node in blank if node.id in self.earlier.silent]
        fresh = [node for node in blank if node not in same or not same[1:]]
        told = [self.reasons.silent(fresh, whole=len(fresh) == len(nodes))] if fresh else []
        told += [self.reasons.say("silent_again", part=self.first)] if same[1:] else []
        if told:
            yield paragraph(" ".join(told))
        self.earlier.silent.update(node.id for node in blank)

    def again(self, node: Node, state: str) -> bool:
        """Whether a matter stands as it did for an earlier parcel; if not, how it stands is noted for later ones."""
        if self.telling.alone:
            return False
        finding = self.concluded.findings[node.id]
        mine, theirs = (frozenset(map(self.grounds.clause, names)) for names in (finding.supports, finding.opposes))
        self._weighed[node.id] = state, mine, theirs
        return self.earlier.weighed.get(node.id) == self._weighed[node.id]

    def against(self) -> Iterator[Block]:
        """The best that can be said for the other side: by which road, on which grounds, from which case."""
        best = self.analysis.against
        yield heading(2, f"The best argument for {worded(best.side)}")
        nothing = ""
        names = self.grounds.distinct(best.factors, 5)
        if not names:
            beside = [self.grounds.short(name) for name in self.side(best.side)]
            nothing = f"Nothing known speaks for {worded(best.side)}"
            if beside:
                said = f"{listed(beside)} {'speaks' if composing.number(beside) else 'speak'} for it"
                nothing = f"What is known opens no road to {worded(best.side)} by itself, though {said}"
        else:
            road = lower_first(second_person(self.book.nodes[best.node].title)).rstrip("?")
            first = [name for name in self.side(best.side) if name in names] if self.first else []
            known = [self.grounds.short(name) for name in names if name in self.grounds.said and not first[1:]]
            if first[1:]:
                more = [name for name in names if name in self.grounds.said and name not in first]
                known = [f"what was named first for {worded(best.side)}", *map(self.grounds.short, more)]
            fresh = [self.grounds.clause(name) for name in names if name not in self.grounds.said]
            told = f" It would rest on {listed(known)}." if known else ""
            told += f" {' '.join(composing.sentences(fresh, self.book.words.subjects))}" if fresh else ""
            yield paragraph(f"The strongest road leads by the question: {road}?{told}")
        closest = ""
        if best.case and best.case.case.id in self.telling.compared:
            closest = f"The closest case is {self.nearest.name(best.case)}, compared above"
        elif best.case:
            shared = listed([self.grounds.short(name) for name in self.grounds.distinct(best.case.told, 3)])
            closest = f"The closest case is {self.nearest.name(best.case)}, which shares {shared or 'little'}"
        told = f"{nothing}; {lower_first(closest)}" if nothing and closest else nothing or closest
        if told:
            yield paragraph(f"{told}.")

    def section(self, section: Reason) -> Iterator[Block]:
        """What follows, what is missing, what is unsettled and what else is said, in words."""
        if section.kind == Kind.FOLLOWING:
            yield from self.following.told(section)
        elif section.kind == Kind.SECTION and section.children:
            children = [child for child in section.children if not child.detail]
            if section is self.tree.children[0]:
                yield paragraph(self.assumed(section))
                doubts = Doubts(self.analysis)
                yield self.telling.listing([doubts.told(child.rule) or _noted(child) for child in children])
            elif children and children[0].kind == Kind.MISSING:
                yield from self.missing(section, children)
            elif children and children[0].kind in (Kind.POINT, Kind.NOTE):
                yield paragraph(section.text)
                yield self.telling.listing([_noted(child) for child in children])
                hidden = len(section.children) - len(children)
                if hidden:
                    yield paragraph(f"And {hidden} more (--detail).")
        elif section is self.tree.children[0]:
            yield paragraph(self.assumed(section))

    def assumed(self, section: Reason) -> str:
        """How much is known, and how much of it is proved; of a later parcel what is its own."""
        own = section.text.partition(". ")[0].replace(" and taken as given", " here")
        again = f"{own}. Where no authority stands below, it is the one that was given for {self.first}."
        return again if self.first else section.text

    def missing(self, section: Reason, children: Sequence[Reason]) -> Iterator[Block]:
        """What is missing, but for what moves nothing by itself."""
        moving = {item.fact: item for item in self.analysis.telling}
        asked = self.telling.asked | self.earlier.asked
        told = [child.rule for child in children if child.rule in asked]
        fresh = [child.rule for child in children if child.rule in moving and child.rule not in asked]
        count = f"{len(self.analysis.missing)} facts that are not known bear on the matter"
        if self.first:
            count = f"For this {self.book.pack.unit.one.lower()} {len(self.analysis.missing)} are still to be found out"
        yield paragraph(f"{count}; first those that were asked above." if told else f"{count}.")
        if fresh:
            marks = self.earlier.marks
            put = {name: f"Question ({marks[name]}) above" for name in fresh if name in marks}
            rows = [f"{put.get(name) or self.telling.question(name)} ({moving[name].effect.words})" for name in fresh]
            yield self.telling.listing(rows, start=len(told) + 1)


def _leaves(nodes: Mapping[str, Node], node: Node) -> list[str]:
    """What an element is combined from, down to what is weighed."""
    found: list[str] = []
    for name in node.parts:
        found += _leaves(nodes, nodes[name]) if nodes[name].parts else [name]
    return found


def _noted(reason: Reason) -> str:
    """A note or an unsettled point in a line; a balance is for detail."""
    text = second_person(reason.text) if reason.kind == Kind.POINT else reason.text
    told = cite(_BALANCE.sub("", text), brackets(reason.authority))
    return f"{told} ({reason.verdict})" if reason.verdict else told
