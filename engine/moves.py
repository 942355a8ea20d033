"""The moves of a debate over decided cases, after CATO: what may be said for or against a case, and on what footing.

Each move stands on a comparison of the matter with one case. A distinction is emphasised where it goes to an
indicator that the two do not have in common, and downplayed where other factors speak to the same indicator.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from . import citations, conditions
from .argument import SIDES
from .assess import Assessment, Assessor
from .conclusion import Conclusion
from .conditions import Atom
from .grounds import Grounds
from .law import Node, Side
from .precedents import Case, Comparison
from .reasons import Fact
from .variations import standing
from .weighing import Finding
from .wording import describe

Kind = Literal["cite", "distinguish", "counter-example", "downplay", "emphasise", "hypothetical", "concession", "close"]
BENCH = "bench"  # neither side: whoever decides


@dataclass(frozen=True)
class Move:
    """One move: who says what of which case, in answer to which move, and what it stands on."""

    number: int
    side: str
    kind: Kind
    text: str
    points: tuple[str, ...] = ()
    factors: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    case: str = ""
    answers: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reply:
    """Why a distinction matters little: a sentence, the factors it names and a case it calls on, if any."""

    text: str
    factors: tuple[str, ...]
    node: Node | None = None
    case: Case | None = None


class Moves(Grounds):
    """The moves open to either side on one parcel of an assessment."""

    def __init__(self, assessor: Assessor, assessment: Assessment, conclusion: Conclusion) -> None:
        super().__init__(assessor, assessment, conclusion)
        self.moves: list[Move] = []
        self._found: dict[str, dict[str, Finding]] = {}
        # Factors left unanswered, and factors relied on, by the side that would have to concede.
        self.unanswered: dict[str, dict[str, None]] = {"capital": {}, "revenue": {}}
        self.relied: dict[str, dict[str, None]] = {"capital": {}, "revenue": {}}

    def on_point(self, side: str) -> list[Comparison]:
        """The cases that may be cited for a side, what governs first, then by on-pointness; land cases first."""
        found = [c for c in self.c.guidance.on_point if c.case.outcome == side]
        order = {"binds": 0, "persuades": 1}
        return sorted(found, key=lambda c: (order.get(standing(self.book, c), 2), c.case.subject != "land"))

    def add(
        self,
        side: str,
        kind: Kind,
        text: str,
        points: Iterable[str] = (),
        factors: Iterable[str] = (),
        authority: Iterable[str] = (),
        case: Case | None = None,
        answers: int = 0,
        notes: Iterable[str] = (),
        facts: Iterable[Fact] = (),
    ) -> Move:
        """Adds a move with its number; its facts are those on which its factors rest here, unless given."""
        named = tuple(dict.fromkeys(factors))
        known = [name for name in named if self.c.states[name] != "unknown"]
        rested = tuple(dict.fromkeys(fact for name in known for fact in self.facts_of(name)))
        cited = [citations.full(self.book, case.authority)] if case else []
        move = Move(
            len(self.moves) + 1,
            side,
            kind,
            text,
            tuple(points),
            named,
            tuple(dict.fromkeys((*cited, *authority))),
            tuple(facts) or rested,
            case.id if case else "",
            answers,
            tuple(notes),
        )
        self.moves.append(move)
        return move

    # wording

    def short(self, case: Case) -> str:
        """A case as it is named in running text."""
        record = self.book.authorities[case.authority]
        return str(record.get("short") or record["name"])

    def strongest(self, names: Iterable[str]) -> list[str]:
        """Factors by strength, ties in the order given."""
        weights = self.book.weighing.strengths
        return sorted(names, key=lambda name: -weights[self.book.factors[name].strength])

    def say(self, name: str) -> str:
        """A factor as a point: its id, its words and its strength."""
        rule = self.book.factors[name]
        return f"{name} ({rule.favours}, {rule.strength.replace('_', '-')}): {rule.text}"

    def cites(self, names: Iterable[str]) -> list[str]:
        """The authorities of factors, as named in running text."""
        return [text for name in names for text in self.authority(self.book.factors[name].authority)]

    def _degree(self, name: str, case: Case) -> str:
        """How much of a factor there is here and was there, where it has a magnitude known on both sides."""
        magnitude = self.book.factors[name].magnitude
        if not magnitude:
            return ""
        mine, theirs = self.c.parcel.facts.get(magnitude.fact), case.parcel.facts.get(magnitude.fact)
        if not mine or not theirs:
            return ""
        return f"{mine.fact.words} here {describe(mine)}, there {describe(theirs)}"

    # the moves

    def cite(self, side: str, comparison: Comparison, answers: int = 0, kind: Kind = "cite", lead: str = "") -> Move:
        """The case is put for the side it was decided for, by the decisive factors it shares with the matter."""
        case = comparison.case
        shared = self.strongest(comparison.decisive)
        self.relied[side] |= dict.fromkeys(shared)
        stands = {
            "binds": " It binds: the matter has all of them, and nothing against that the case did not overcome.",
            "persuades": " Were it a court's, it would govern: the matter has all of them; it persuades.",
        }.get(standing(self.book, comparison), "")
        overcome = [name for name in case.despite if self.c.states[name] == "met" and name not in comparison.beyond]
        despite = f" It was so decided despite {self.names(overcome)}, which is also here." if overcome else ""
        subject = "" if case.subject == "land" else " It was not about land."
        text = (
            f"{lead}{case.name} ({case.decided[:4]}, {case.court}) was decided for {side}. {case.ratio}{subject} The "
            f"matter shares {len(shared)} of the {len(case.because)} factors it rested on.{stands}{despite}"
        )
        notes = [*case.treatment, citations.status(self.book, case.authority)]
        return self.add(
            side,
            kind,
            text,
            map(self.say, shared),
            [*shared, *overcome],
            self.cites(shared),
            case,
            answers,
            [note for note in notes if note],
        )

    def distinguish(self, side: str, comparison: Comparison, answers: int) -> Move:
        """What the case rested on and is not here, and what is here and the case did not overcome."""
        case, short = comparison.case, self.short(comparison.case)
        points: list[str] = []
        for name in self.strongest(comparison.missing):
            degree = self._degree(name, case) if self.c.states[name] == "met" else ""
            word = f"only in a lesser degree ({degree})" if degree else "not so here"
            points.append(f"{self.say(name)} In {short} this was decisive; {word}.")
        points += [f"{self.say(name)} Decisive in {short}; not shown here." for name in self.strongest(comparison.unproved)]
        beyond = self.strongest(comparison.beyond)
        for name in beyond[:6]:
            degree = self._degree(name, case) if name in case.despite else ""
            words = f"overcome in {short} only in a lesser degree ({degree})" if degree else f"{short} did not overcome it"
            points.append(f"{self.say(name)} Here, and {words}.")
        if len(beyond) > 6:
            points.append(f"And {len(beyond) - 6} more factors against it: {self.names(beyond[6:])}.")
        factors = [*comparison.missing, *comparison.unproved, *comparison.beyond]
        if not factors:
            unless = self.strongest(comparison.unless)
            rest = f" Only facts not yet known could take the matter out of it: {self.names(unless, 6)}." if unless else ""
            text = f"On the facts as known there is nothing by which to distinguish {short}.{rest}"
            self.unanswered[side] |= dict.fromkeys(comparison.decisive)
            return self.add(side, "concession", text, factors=unless, case=case, answers=answers)
        lacking, extra = len(comparison.missing) + len(comparison.unproved), len(comparison.beyond)
        parts = [f"{lacking} of the factors it rested on {'is' if lacking == 1 else 'are'} not made out" if lacking else ""]
        parts.append(f"{extra} for {side} {'goes' if extra == 1 else 'go'} beyond what it overcame" if extra else "")
        text = f"{short} is distinguishable: {'; '.join(part for part in parts if part)}."
        return self.add(side, "distinguish", text, points, factors, self.cites(factors[:4]), case, answers)

    def emphasise(self, side: str, comparison: Comparison, answers: int) -> Move | None:
        """The distinction goes to an indicator that pointed the other way in the case, not to a detail."""
        case, short = comparison.case, self.short(comparison.case)
        theirs, mine = self._findings(case), self.c.findings
        told = [name for name in (*comparison.missing, *comparison.unproved, *comparison.beyond)]
        rows: list[tuple[bool, float, Node]] = []
        for node in self._abstract(told):
            there, here = _direction(theirs[node.id]), _direction(mine[node.id])
            if there == case.outcome and here != there:
                rows.append((here != side, -abs(theirs[node.id].balance - mine[node.id].balance), node))
        if not rows:
            return None
        chosen = [node for _, _, node in sorted(rows, key=lambda row: row[:2])[:3]]
        points, factors = [], []
        for node in chosen:
            own = self.strongest(_for(mine[node.id], side))[:4]
            lost = self.strongest(_for(theirs[node.id], case.outcome))[:4]
            here = f"here it points to {side} ({self.names(own)})" if own else "here nothing known points that way"
            points.append(f"{node.title}: in {short} it pointed to {case.outcome} ({self.names(lost)}); {here}.")
            factors += [*own, *(name for name in lost if name in told)]
        text = f"The distinction is one of kind: it goes to what {short} was about, not to a detail of it."
        authority = [item for node in chosen for item in self.authority(node.authority)]
        return self.add(side, "emphasise", text, points, factors, authority, case, answers)

    def downplay(self, side: str, comparison: Comparison, answers: int) -> Move | None:
        """The distinctions matter little, because something else speaks to the same indicator for the same side."""
        case, short = comparison.case, self.short(comparison.case)
        replies: list[tuple[str, Reply]] = []
        for name in self.strongest([*comparison.missing, *comparison.unproved]):
            self._keep(side, name, self._instead(side, name, short), replies)
        for name in self.strongest(comparison.beyond):
            self._keep(side, name, self._overcome(side, name, comparison), replies)
        if not replies:
            return None
        points = [f"{name}: {reply.text}" for name, reply in replies[:6]]
        if len(replies) > 6:
            points.append(f"Likewise {self.names(name for name, _ in replies[6:])}.")
        factors = [item for name, reply in replies for item in (name, *reply.factors)]
        nodes = [reply.node for _, reply in replies[:6] if reply.node]
        authority = [item for node in nodes for item in self.authority(node.authority)]
        authority += [citations.full(self.book, reply.case.authority) for _, reply in replies if reply.case]
        total = len(comparison.missing) + len(comparison.unproved) + len(comparison.beyond)
        text = f"{len(replies)} of the {total} distinctions matter{'s' if len(replies) == 1 else ''} little: what they go to is otherwise met."
        return self.add(side, "downplay", text, points, factors, authority, case, answers)

    def _keep(self, side: str, name: str, reply: Reply | None, replies: list[tuple[str, Reply]]) -> None:
        if reply:
            replies.append((name, reply))
        else:
            self.unanswered[side][name] = None

    def _instead(self, side: str, name: str, short: str) -> Reply | None:
        """A factor that is here and speaks for the same side to the same indicator as one that is not."""
        other, node = self._alike(name, self.c.weigher.active, side, met_in=None)
        if other is None or node is None:
            return None
        text = f"the same indicator, {node.title}, is met here by {other}: {self.book.factors[other].text}"
        return Reply(text, (other,), node)

    def _overcome(self, side: str, name: str, comparison: Comparison) -> Reply | None:
        """Why a factor against the side does not take the matter out of a case."""
        for other in self.on_point(side):
            if other.case.id != comparison.case.id and name in other.case.despite and name not in other.beyond:
                text = f"not fatal: {self.short(other.case)} was decided for {side} despite it."
                return Reply(text, (), case=other.case)
        case = comparison.case
        against = SIDES[side]
        there, node = self._alike(name, frozenset(case.despite) or case.met, against, met_in=case)
        if there is None:
            there, node = self._alike(name, case.met, against, met_in=case)
        if there and node:
            word = "overcame" if there in case.despite else "had before it"
            text = f"{self.short(case)} {word} {there}, which speaks to the same indicator, {node.title}."
            return Reply(text, (there,), node)
        here, node = self._alike(name, self.c.weigher.active, side, met_in=None)
        if here and node:
            text = f"set off on the same indicator, {node.title}, by {here}: {self.book.factors[here].text}"
            return Reply(text, (here,), node)
        return None

    def _alike(
        self, name: str, among: Iterable[str], side: str, met_in: Case | None
    ) -> tuple[str, Node] | tuple[None, None]:
        """The strongest other factor for a side that is met and feeds an indicator or element that `name` feeds."""
        states = met_in.states if met_in else self.c.states
        chosen = set(among)
        nodes = self._abstract([name])
        rules = [
            rule
            for rule in self.book.factors.values()
            if rule.id in chosen and rule.id != name and rule.favours == side and states[rule.id] == "met"
        ]
        for other in self.strongest(rule.id for rule in rules):
            for node in nodes:
                if node.id in self.book.factors[other].feeds:
                    return other, node
        return None, None

    def _abstract(self, names: Sequence[str]) -> list[Node]:
        """The indicators and elements that factors feed: what they have in common with others."""
        fed = {node for name in names for node in self.book.factors[name].feeds}
        return [node for node in self.book.nodes.values() if node.id in fed and node.weighs and node.kind != "issue"]

    def _findings(self, case: Case) -> dict[str, Finding]:
        if case.id not in self._found:
            self._found[case.id] = self.c.weigher.weighed(case.states)
        return self._found[case.id]

    def concede(self, side: str) -> Move | None:
        """What a side cannot answer, and how far what it relies on goes: the limits that the rules themselves state."""
        open_points = self.strongest(self.unanswered[side])[:4]
        relied = self.strongest(name for name in self.relied[side] if self.c.states[name] == "met")[:3]
        if not open_points and not relied:
            return None
        points = [f"Unanswered: {self.say(name)}" for name in open_points]
        points += [f"Limits of {name}: {self.book.factors[name].limits}" for name in relied]
        text = f"What {side} must concede: " + (
            f"{self.names(self.unanswered[side], 4)} remains without an answer from the cases or the indicators."
            if open_points
            else "nothing is unanswered, but what it relies on has limits."
        )
        return self.add(side, "concession", text, points, [*open_points, *relied], self.cites(relied))

    def without_cases(self, side: str, answers: int) -> Move:
        """A side for which no case may be cited argues from the rules alone, and says so."""
        own = self.strongest(
            name
            for name, state in self.c.states.items()
            if state == "met" and name in self.c.weigher.active and self.book.factors[name].favours == side
        )[:5]
        self.relied[side] |= dict.fromkeys(own)
        rest = "It argues from the rules alone:" if own else "Nothing known speaks for it either."
        text = f"No decided case that may be cited was decided for {side} on anything that is here. {rest}"
        return self.add(side, "concession", text, map(self.say, own), own, self.cites(own), answers=answers)

    def asks(self, name: str) -> list[str]:
        """The questions on which an unknown factor waits."""
        leaves = conditions.open_on(self.book.conditions[name], self.known)
        facts = dict.fromkeys(leaf.fact for leaf in leaves if isinstance(leaf, Atom))
        return [self.book.vocabulary[fact].ask for fact in facts if fact in self.book.vocabulary]


def _direction(finding: Finding) -> Side | None:
    """Which way an indicator or element points."""
    return {"satisfied": "revenue", "not_satisfied": "capital"}.get(finding.state)  # type: ignore[return-value]


def _for(finding: Finding, side: str) -> tuple[str, ...]:
    return finding.supports if side == "revenue" else finding.opposes
