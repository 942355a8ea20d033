"""The memorandum for a reader: one screen with the answer, the reasons each way, what would change it and the cases;
then the reasons in prose. Rules are named by their ids with detail only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from caprev.argument import open_points
from caprev.argument.consequences import ITSELF, TOGETHER
from caprev.argument.grounds import Grounds as Named
from caprev.argument.reasons import Kind, Reason
from caprev.documents.content.model import Block, Heading, Item, Listing, Paragraph, Part, Run
from caprev.documents.words import grounds as composing
from caprev.documents.words import sentences
from caprev.documents.words.doubts import Doubts
from caprev.documents.words.formulas import Formulas
from caprev.documents.words.grammar import joined, lower_first, second_person, upper_first
from caprev.documents.words.grounds import listed
from caprev.documents.words.reasons import Reasons, loose
from caprev.documents.words.shares import share, span
from caprev.facts.vocabulary import worded
from caprev.law import citations
from caprev.law.models import Cited, Node
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.likeness import HERE, Likeness, Standing
from caprev.reasoning.precedents import Comparison

_UPON = re.compile(r"(It (?:waits on|follows from)) the answer to the question: ")
Weighing = tuple[str, frozenset[str], frozenset[str]]
"""What was found on a matter, and the grounds for and against it."""
_ENDS = re.compile(r"(?<=[.?]) (?=[A-Z])")
_MARK = re.compile(r" \[([a-z][^\[\]]*)\]")
_BALANCE = re.compile(r" \([+-]\d+\.\d+\)")
_EACH_WAY = 3
_CHANGES = 3
_PLACES = ("first", "second", "third")
_CASES = 3


@dataclass
class Earlier:
    """What was told of earlier parcels, and is not told again at length: what cases held and in which points they are
    like it, grounds and the chief of them, how matters were weighed and what was found on them, on which nothing bears,
    what is concluded and wanting, authorities, what follows, and questions by their letters. `parcel` is the first."""

    parcel: str = ""
    cases: set[str] = field(default_factory=set)
    cited: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    grounds: set[str] = field(default_factory=set)
    weighed: dict[str, Weighing] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    points: dict[str, tuple[str, ...]] = field(default_factory=dict)
    chief: set[frozenset[str]] = field(default_factory=set)
    together: set[frozenset[str]] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    turns: Counter[str] = field(default_factory=Counter)
    marks: dict[str, str] = field(default_factory=dict)


class Brief:
    """One parcel told to a reader. `tree` is its argument, from which the later sections are taken.

    A `page` has lists of its own; a terminal has their marks in the text. `earlier` gathers what was told of parcels.
    """

    def __init__(self, analysis: Analysis, tree: Reason, page: bool = False, earlier: Earlier | None = None) -> None:
        self.analysis = analysis
        self.page = page
        self.earlier = Earlier() if earlier is None else earlier
        self.alone = earlier is None  # so that nothing has to be kept for a later parcel
        self.tree = tree
        self.book = analysis.book
        self.concluded = analysis.conclusion
        self.first = self.earlier.parcel  # of which much was told, unless this is the first
        self.reasons = Reasons(analysis, found=self.found if self.first else None, chief=self.earlier.chief)
        self.reasons.turns = self.earlier.turns
        self.grounds = self.reasons.grounds
        self.grounds.before = frozenset(self.earlier.together)
        self._cited = ""  # by the matter before
        self._named: set[str] = set()  # the authorities that were given
        self._asked: set[str] = set()  # the questions that were put in full
        self._compared: set[str] = set()  # the cases that were told
        self._shared = ""  # what the case before shares
        self._weighed: dict[str, Weighing] = {}
        self._met = [name for name, state in self.concluded.states.items() if state == "met"]
        told = self.earlier.grounds
        self.grounds.said.update(name for name in self._met if told and self.grounds.clause(name) in told)

    def parts(self) -> Iterator[Part]:
        """The first screen, then the reasons."""
        if self.page:
            heads = [_heading(1, f"{self.tree.heading or 'Conclusion'}: {worded(self.tree.verdict)}")]
        else:
            heads = [_heading(1, self.tree.heading)] if self.tree.heading else []
            heads.append(_heading(1, f"CONCLUSION: {worded(self.tree.verdict).upper()}", self.tree.side or "open"))
        told = (self.answer(), self.sure(), *filter(None, map(self.fresh, map(second_person, self.notes()))))
        yield Part("conclusion", (*heads, *map(_paragraph, told)))
        yield Part("conclusion", tuple(self.front()))
        for number, blocks in enumerate(self.sections(), 1):
            first, *rest = blocks
            assert isinstance(first, Heading)
            title = "".join(run.text for run in first.inlines if isinstance(run, Run))
            yield Part("section", (_heading(2, title if self.page else f"{number}. {title}"), *rest))
        if self.alone:
            return
        self.earlier.parcel = self.first or self.book.pack.unit.titled(self.concluded.parcel.id, "").lower()
        self.earlier.grounds.update(map(self.grounds.clause, self.grounds.said))
        self.earlier.together |= self.grounds.together
        self.earlier.chief |= self.reasons.named
        self.earlier.weighed = {**self._weighed, **self.earlier.weighed}
        self.earlier.cited |= self._named

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
        below = [item.fact for item in self.analysis.telling[:_CHANGES]]
        wanting = open_points.wanting(grounds, below)
        self._asked.update(open_points.decisive(grounds) if wanting else ())
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
            yield _heading(2, f"Why {worded(side)}" if side == mine else f"What speaks for {worded(side)}")
            rows = [self.ground(name) for name in names]
            self.grounds.said.update(names)
            yield self.listing(rows, start=1) if rows else _paragraph("Nothing that is known.")
        yield _heading(2, "What would most change it")
        yield from self.changes()
        yield _heading(2, "Where the decided cases stand")
        yield _paragraph(self.standing())

    def side(self, side: str) -> list[str]:
        """The strongest independent grounds for a side."""
        grounds = self.book.favouring[side] & self.concluded.weigher.active
        favouring = [name for name in self._met if name in grounds]
        return self.grounds.distinct(favouring, _EACH_WAY, 1)

    def ground(self, name: str) -> str:
        """One ground with its first authority."""
        cited = _brackets([citations.short(self.book, item) for item in self.book.factors[name].authority[:1]])
        if name in self.grounds.said:  # of an earlier parcel
            return _cite(f"{upper_first(self.grounds.short(name))}, as told above.", cited)
        return _cite(f"{upper_first(self.grounds.clause(name))}.", cited)

    def cited(self, authority: Sequence[Cited]) -> str:
        """Authorities in square brackets, each once."""
        return self.bracketed([citations.short(self.book, item) for item in authority])

    def bracketed(self, names: Sequence[str]) -> str:
        """The same by their names; of a later parcel nothing where all of them were given for an earlier one."""
        told = list(dict.fromkeys(names))
        again = self.first and self.earlier.cited.issuperset(told)
        self._named.update(told)
        return _brackets(told) if told and not again else ""

    def changes(self) -> Iterator[Block]:
        """What to find out first, and what it could do: said once of all, where it is the same."""
        moving = self.analysis.telling[:_CHANGES]
        alike = len({item.effect.words for item in moving}) == 1
        rows = []
        for item in moving:
            told = filter(None, ("" if alike else item.effect.words, span(item)))
            rows.append(f"{self.question(item.fact)} ({': '.join(told)})")
        if moving:
            what = "This answer" if len(moving) == 1 else "Any of these" if self.first else "Each of these answers"
            can = moving[0].effect.words if alike else "could change it in the way that the brackets say"
            share = f"how many of 100 decided matters would then be {worded(self.book.sides.for_.id)}"
            share = f"; {'in brackets' if alike else 'with that'} stands {share}"
            yield _paragraph(f"{what} {can}{', in figures to be read as above' if self.first else share}.")
        points = [self.book.points[item.point].question for item in self.analysis.unsettled if item.turns]
        rows += [f"A point of law that is not settled: {second_person(point)}" for point in points]
        yield self.listing(rows or ["No single answer that is still missing would move it."])

    def question(self, fact: str) -> str:
        """The question about a fact, put in full; it is not put again further down."""
        self._asked.add(fact)
        return sentences.ask(self.book.vocabulary[fact].ask)

    def standing(self) -> str:
        """What binds, and which cases are nearest for either side."""
        guidance = self.concluded.guidance
        lead = {
            "free": "None binds here" if self.first else "None binds on the facts as known",
            "conflict": "Cases of equal rank point both ways",
        }.get(guidance.constraint, "")
        if guidance.by:
            by = guidance.by[:_CASES]
            governs = f"{'govern' if by[1:] else 'governs'} {'here' if self.first else 'on the facts as known'}"
            lead = f"{listed([self.name(c) for c in by])} {governs}"
        near = {side: [self.name(item) for item in self.near(side)] for side in self.book.sides.ids}
        told = [
            f"{listed(found)} {'stand' if found[1:] else 'stands'} nearest for {worded(side)}"
            if self.first
            else f"nearest for {worded(side)} {'are' if found[1:] else 'is'} {listed(found)}"
            for side, found in near.items()
            if found
        ]
        return upper_first("; ".join(filter(None, (lead, "; and ".join(told)))) + ".")

    def near(self, side: str) -> list[Likeness]:
        """The cases on the subject that were decided for a side, the nearest first."""
        found = self.analysis.near_for(side)
        return [item for item in found if item.case.on_subject(self.book.pack)][:_CASES]

    def name(self, comparison: Likeness | Comparison, more: str = "") -> str:
        """A case as it is named in running text."""
        return f"{self.called(comparison)} ({comparison.case.decided[:4]}{more})"

    def called(self, comparison: Likeness | Comparison) -> str:
        """A case by its short name."""
        case = comparison.case
        return str(self.book.authorities[case.authority].get("short") or case.name)

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
        text = self.grounds.finding(node.id, "beside") if beside else self.found(node, finding.state)
        if not (beside or again or (node.parts and not node.none)):
            text = self.reasons.why(finding, text)
        yield _paragraph(_cite(text, self.cited(node.authority)))

    def element(self, node: Node) -> Iterator[Block]:
        """An element with its alternatives or matters beneath it."""
        finding = self.concluded.findings[node.id]
        yield _heading(3, node.title)
        indicators = self.book.indicators_of(node.id)
        leaves = [self.book.nodes[name] for name in _leaves(self.book.nodes, node)]
        yield from self.matters(indicators or leaves or [node])
        if indicators or leaves:
            again = self.again(node, finding.state)
            found = self.found(node, finding.state)
            yield _paragraph(self.reasons.why(finding, found) if indicators and not again else found)

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
                cited = self.cited(node.authority[:1])
                shown = "" if cited == self._cited else cited
                ruling, para, place = cited.partition(" para ")
                if para and shown and self._cited.startswith(f"{ruling}{para}"):
                    shown = f" [para {place}"
                self._cited = cited
                yield Paragraph((Run(f"{node.title}.", bold=True), Run(f" {_cite(text, shown)}")))
        if again:
            matters = joined([f"'{lower_first(node.title)}'" for node in again])
            yield _paragraph(self.reasons.say("again", matters=matters, part=self.first))
        same = [node for node in blank if node.id in self.earlier.silent]
        fresh = [node for node in blank if node not in same or not same[1:]]
        told = [self.reasons.silent(fresh, whole=len(fresh) == len(nodes))] if fresh else []
        told += [self.reasons.say("silent_again", part=self.first)] if same[1:] else []
        if told:
            yield _paragraph(" ".join(told))
        self.earlier.silent.update(node.id for node in blank)

    def again(self, node: Node, state: str) -> bool:
        """Whether a matter stands as it did for an earlier parcel; if not, how it stands is noted for later ones."""
        if self.alone:
            return False
        finding = self.concluded.findings[node.id]
        mine, theirs = (frozenset(map(self.grounds.clause, names)) for names in (finding.supports, finding.opposes))
        self._weighed[node.id] = state, mine, theirs
        return self.earlier.weighed.get(node.id) == self._weighed[node.id]

    def found(self, node: Node, state: str) -> str:
        """What is found on a matter, unless it was found of an earlier parcel in the same words."""
        earlier = self.earlier.weighed.get(node.id)
        same = earlier is not None and earlier[0] == state and state != "undetermined"
        return self.reasons.say("same_result", part=self.first) if same else self.grounds.finding(node.id, state)

    def against(self) -> Iterator[Block]:
        """The best that can be said for the other side: by which road, on which grounds, from which case."""
        best = self.analysis.against
        yield _heading(2, f"The best argument for {worded(best.side)}")
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
            yield _paragraph(f"The strongest road leads by the question: {road}?{told}")
        closest = ""
        if best.case and best.case.case.id in self._compared:
            closest = f"The closest case is {self.name(best.case)}, compared above"
        elif best.case:
            shared = listed([self.grounds.short(name) for name in self.grounds.distinct(best.case.told, 3)])
            closest = f"The closest case is {self.name(best.case)}, which shares {shared or 'little'}"
        told = f"{nothing}; {lower_first(closest)}" if nothing and closest else nothing or closest
        if told:
            yield _paragraph(f"{told}.")

    def cases(self) -> Iterator[Block]:
        """The nearest cases of either side: what each held, what is shared, what is not; a point at length once."""
        side, said = self.concluded.characterisation, set[str]()
        near = [item for pole in sorted(self.book.sides.ids, key=lambda pole: pole != side) for item in self.near(pole)]
        apart = [item for item in near if item.case.id in self.earlier.cases and item.case.outcome != side]
        told = [" ".join(self.case(item, said)) for item in near if not (apart[1:] and item in apart)]
        if apart[1:]:
            told.append(" ".join(self.together(apart)))
        if told:
            yield self.listing(told)

    def together(self, cases: Sequence[Likeness]) -> Iterator[str]:
        """Cases told of an earlier parcel that went the other way from this one: what each shares and what it lacks."""
        self._compared.update(item.case.id for item in cases)
        names = listed([self.name(item) for item in cases])
        yield f"{names}, decided for {worded(cases[0].case.outcome)}, were told above."
        shared = {item.case.id: self.grounds.distinct(item.shared, 2) for item in cases}
        lacking = {item.case.id: self.book.strongest(item.of("absent"))[:2] for item in cases}
        for key, found, call in (
            ("shares_some", shared, self.grounds.short),
            ("lacks_some", lacking, self.grounds.theirs),
        ):
            pairs = [(call(name), self.called(item)) for item in cases for name in found[item.case.id]]
            if pairs:
                yield self.reasons.say(key, grounds=composing.of_each(pairs))

    def case(self, comparison: Likeness, said: set[str]) -> Iterator[str]:
        """One case; `said` are the points that were told at length."""
        case, grounds = comparison.case, self.grounds
        later = ", later" if case.decided[:10] > self.analysis.assessment.matter.as_at else ""
        held = f"{self.name(comparison, later)}, decided for {worded(case.outcome)}"
        ratio = case.ratio.strip()
        colon = f": {lower_first(ratio)}" if ":" not in ratio.partition(". ")[0] else f". {ratio}"
        again = f"{self.name(comparison, later)}, for {worded(case.outcome)} and told above."
        yield again if case.id in self.earlier.cases else f"{held}{colon}"
        self.earlier.cases.add(case.id)
        self._compared.add(case.id)
        shared = grounds.distinct(comparison.shared or (() if comparison.here else comparison.told), 3)
        points = (*map(grounds.clause, shared), *(item.says or item.by for item in comparison.grounds))
        if self.earlier.points.setdefault(case.id, points) is not points and self.earlier.points[case.id] == points:
            yield self.reasons.say("as_before", part=self.first)
            return
        if shared:
            both = listed([grounds.short(name) for name in shared])
            if shared[2:] and frozenset(map(grounds.clause, shared)) in self.reasons.named:
                both = "the grounds that weigh most here"
            same = both == self._shared and shared[1:]
            yield self.reasons.say("shares_same" if same else "shares", grounds=both)
            self._shared = both
        forms = [item for item in comparison.grounds if item.degree in HERE and item.says and item.says not in said]
        if forms:
            said.update(item.says for item in forms[:2])
            akin = [grounds.short(item.by) for item in forms[:2] if item.by in grounds.said]
            new = [self.form(item) for item in forms[:2] if item.by not in grounds.said]
            if akin:
                yield self.reasons.say("akin", grounds=listed(list(dict.fromkeys(akin))))
            if new:
                yield self.reasons.say("same_effect", grounds=", and ".join(new))
        lacking = self.book.strongest(comparison.of("absent"))[:2]
        fresh, known = ([name for name in lacking if (name in said) is again] for again in (False, True))
        said.update(fresh)
        texts = [lower_first(self.book.factors[name].text.rstrip(".")) for name in fresh]
        names = [grounds.theirs(name) for name in known]
        if texts:
            yield self.reasons.say("only_there", grounds=", and ".join(texts))
        if names:
            yield upper_first(self.reasons.say(f"named_there{composing.number(names)}", grounds=listed(names)))

    def form(self, item: Standing) -> str:
        """A ground that is here in another form, as a clause; one with words of its own is said at length with it."""
        if item.by:
            self.grounds.said.add(item.by)
            return self.grounds.clause(item.by)
        return lower_first(second_person(item.says).rstrip("."))

    def section(self, section: Reason) -> Iterator[Block]:
        """What follows, what is missing, what is unsettled and what else is said, in words."""
        if section.kind == Kind.FOLLOWING:
            yield from self.following(section)
        elif section.kind == Kind.SECTION and section.children:
            children = [child for child in section.children if not child.detail]
            if section is self.tree.children[0]:
                yield _paragraph(self.assumed(section))
                doubts = Doubts(self.analysis)
                yield self.listing([doubts.told(child.rule) or _noted(child) for child in children])
            elif children and children[0].kind == Kind.MISSING:
                yield from self.missing(section, children)
            elif children and children[0].kind in (Kind.POINT, Kind.NOTE):
                yield _paragraph(section.text)
                yield self.listing([_noted(child) for child in children])
                hidden = len(section.children) - len(children)
                if hidden:
                    yield _paragraph(f"And {hidden} more (--detail).")
        elif section is self.tree.children[0]:
            yield _paragraph(self.assumed(section))

    def assumed(self, section: Reason) -> str:
        """How much is known, and how much of it is proved; of a later parcel what is its own."""
        own = section.text.partition(". ")[0].replace(" and taken as given", " here")
        again = f"{own}. Where no authority stands below, it is the one that was given for {self.first}."
        return again if self.first else section.text

    def following(self, section: Reason) -> Iterator[Block]:
        """What applies, with its figures; what waits on something, and on what; the others counted."""
        rows: list[str] = []
        before = set(self.earlier.marks)
        waiting: dict[tuple[str, ...], list[str]] = {}
        late: dict[str, tuple[str, ...]] = {}
        hidden, formulas, reasons = 0, Formulas(), set[str]()
        for group in section.children:
            for reason in group.children:
                if reason.detail:
                    hidden += 1
                elif reason.kind == Kind.ANSWER and reason.named:
                    waits = self.marks(reason.named[0].ids)
                    ask = "questions" if len(waits) > 1 else "question"
                    on = f"{'here ' if self.first else ''}on {ask} {listed([f'({mark})' for mark in waits])}"
                    asked = f"it waits {on} below"
                    rows.append(f"{second_person(reason.heading).rstrip('.')}: {asked}.")
                elif reason.kind == Kind.ANSWER and (upon := _UPON.match(reason.text)):
                    answer = second_person(reason.heading).rstrip(".")
                    rows.append(f"{answer}: {lower_first(upon[1])} the answer above.")
                elif reason.kind == Kind.ANSWER and reason.text in reasons:
                    rows.append(f"{second_person(reason.heading)} The reason is the same.")
                elif reason.kind == Kind.ANSWER:
                    reasons.add(reason.text)
                    rows.append(self.row(f"{reason.heading} {reason.text}", reason.authority))
                elif reason.kind == Kind.FIGURE:
                    told = waiting[late[reason.rule]] if reason.rule in late else rows
                    told.append(self.row(formulas.short(reason.text), reason.authority))
                elif not reason.named:
                    rows.append(self.row(self.counted(reason.heading), reason.authority))
                else:
                    late[reason.rule] = tuple(reason.named[0].ids)
                    waiting.setdefault(late[reason.rule], []).append(second_person(reason.heading))
        if rows:
            yield self.listing(rows)
        if waiting:
            yield _paragraph(
                f"Not yet clear{' here' if self.first else ', until the questions in brackets are answered'}:"
            )
            open_ = [
                (self.titled(title.rstrip(".")), self.marks(waits))
                for waits, titles in waiting.items()
                for title in titles
            ]
            yield self.listing([f"{title} ({', '.join(marks)})." for title, marks in open_])
        fresh = {name: mark for name, mark in self.earlier.marks.items() if name not in before}
        if fresh:
            yield _paragraph("The questions are these:" if not before else "The questions that were not put above:")
            yield self.listing([f"({mark}) {self.put(name) or self.asked(name)}" for name, mark in fresh.items()])
        if hidden:
            far = f"further {'points are' if hidden > 1 else 'point is'}"
            yield _paragraph(f"{hidden} {far} far from applying (--detail).")

    def counted(self, heading: str) -> str:
        """What follows by its title; signs that were counted for an earlier parcel too go by a shorter one."""
        title, together, found = heading.partition(TOGETHER)
        again = together and any(row.startswith(title) for row in self.earlier.rows)
        return f"On the signs named above, here{together.lower()}{found}" if again else heading

    def titled(self, title: str) -> str:
        """A title of what follows, whole for the first parcel of which it is told."""
        again = any(row.startswith(title) for row in self.earlier.rows)
        return f"{title.partition(', ')[0]}, as above" if again else title

    def row(self, text: str, authority: Sequence[str]) -> str:
        """What follows with its authority; in the same words as of an earlier parcel, where it followed there too."""
        text = second_person(text)
        whole = _cite(text, _brackets(authority))
        if whole in self.earlier.rows:
            return whole
        self.earlier.rows.add(whole)
        return _cite(text, self.bracketed(authority))

    def marks(self, names: Sequence[str]) -> list[str]:
        """The letters of the questions on which something waits, each given one when it is first met."""
        marks = self.earlier.marks
        for name in names:
            times, place = divmod(len(marks), len(ascii_lowercase))
            marks.setdefault(name, ascii_lowercase[place] * (times + 1))
        return [marks[name] for name in names]

    def put(self, waits: str) -> str:
        """Where the first screen has put a question already, if it has."""
        front = [item.fact for item in self.analysis.telling[:_CHANGES]]
        wanting = [name for name in open_points.decisive(Named(self.analysis)) if name not in front][: len(_PLACES)]
        if waits in front:
            return f"The {_PLACES[front.index(waits)]} question under 'What would most change it'."
        if waits in wanting and waits in self._asked:
            return f"The {_PLACES[wanting.index(waits)]} question put in full under the conclusion."
        return ""

    def asked(self, waits: str) -> str:
        """What something waits on: a fact or a point of law, by its question, else what is said of it."""
        book = self.book
        if waits in book.points:
            return book.points[waits].question
        if waits in book.vocabulary:
            return sentences.ask(book.vocabulary[waits].ask)
        return f"{upper_first(waits)} above, which is open." if waits == ITSELF else f"{upper_first(waits)}."

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
        told = [child.rule for child in children if child.rule in self._asked]
        fresh = [child.rule for child in children if child.rule in moving and child.rule not in self._asked]
        count = f"{len(self.analysis.missing)} facts that are not known bear on the matter"
        if self.first:
            count = f"For this {self.book.pack.unit.one.lower()} {len(self.analysis.missing)} are still to be found out"
        yield _paragraph(f"{count}; first those that were asked above." if told else f"{count}.")
        if fresh:
            rows = [f"{sentences.ask(moving[name].ask)} ({moving[name].effect.words})" for name in fresh]
            yield self.listing(rows, start=len(told) + 1)


def _leaves(nodes: Mapping[str, Node], node: Node) -> list[str]:
    """What an element is combined from, down to what is weighed."""
    found: list[str] = []
    for name in node.parts:
        found += _leaves(nodes, nodes[name]) if nodes[name].parts else [name]
    return found


def _noted(reason: Reason) -> str:
    """A note or an unsettled point in a line; a balance is for detail."""
    text = second_person(reason.text) if reason.kind == Kind.POINT else reason.text
    told = _cite(_BALANCE.sub("", text), _brackets(reason.authority))
    return f"{told} ({reason.verdict})" if reason.verdict else told


def _cite(text: str, brackets: str) -> str:
    """A text with the authority for it in brackets, within its last sentence."""
    return f"{text[:-1]}{brackets}." if brackets and text.endswith(".") else f"{text}{brackets}"


def _brackets(authority: Sequence[str]) -> str:
    """Authorities in square brackets, in which none stands by itself: how well each was read follows a comma."""
    names = [_MARK.sub(r", \1", name) for name in authority]
    return f" [{'; '.join(names)}]" if names else ""


def _heading(level: int, text: str, tone: str = "heading") -> Heading:
    return Heading(level, (Run(text),), tone=tone)


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),) if text else ())
