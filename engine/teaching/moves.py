"""The moves of a debate over decided cases, after CATO: what may be said for or against a case, and on what footing.

Each move stands on a comparison of the matter with one case. A distinction is emphasised where it goes to an
indicator that the two do not have in common, and downplayed where other factors speak to the same indicator.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from caprev.argument.grounds import Grounds
from caprev.argument.reasons import Fact, names
from caprev.facts.vocabulary import worded
from caprev.grouping import grouped
from caprev.law import citations
from caprev.law.models import Node
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.likeness import APART, Likeness
from caprev.reasoning.precedents import Case
from caprev.teaching.abstractions import Abstractions, Naming, by_id, direction, speaking_for
from caprev.teaching.walks import standing

Kind = Literal["cite", "distinguish", "counter-example", "downplay", "emphasise", "hypothetical", "concession", "close"]
BENCH = "bench"  # neither side: whoever decides


@dataclass(frozen=True, kw_only=True)
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


def capital(text: str) -> str:
    """The text with a capital, unless it begins with an id."""
    return text if "-" in text.partition(" ")[0].rstrip(":,") else text[:1].upper() + text[1:]


class Moves:
    """The moves open to either side on one parcel of an assessment, and those made."""

    def __init__(self, analysis: Analysis, naming: Naming = by_id) -> None:
        self.analysis = analysis
        self.conclusion = analysis.conclusion
        self.book = analysis.book
        self.grounds = Grounds(analysis)
        self.terms = Abstractions(analysis, naming)
        self.moves: list[Move] = []
        # Factors left unanswered, and factors relied on, by the side that would have to concede.
        self.unanswered: dict[str, dict[str, None]] = {side: {} for side in self.book.sides.ids}
        self.relied: dict[str, dict[str, None]] = {side: {} for side in self.book.sides.ids}

    def on_point(self, side: str) -> list[Likeness]:
        """The cases that may be cited for a side, from the closest on."""
        return list(self.analysis.near_for(side))

    def add(
        self,
        side: str,
        kind: Kind,
        text: str,
        *,
        points: Iterable[str] = (),
        factors: Iterable[str] = (),
        upon: Iterable[str] | None = None,
        authority: Iterable[str] = (),
        case: Case | None = None,
        answers: int = 0,
        notes: Iterable[str] = (),
        facts: Iterable[Fact] = (),
    ) -> Move:
        """Adds a move with its number. `upon` are the factors whose authority and facts it shows, or all it names."""
        named = tuple(dict.fromkeys(factors))
        shown = named if upon is None else tuple(dict.fromkeys(upon))
        rested = [
            fact for name in shown if self.conclusion.states[name] != "unknown" for fact in self.grounds.facts_of(name)
        ]
        cited = [citations.full(self.book, case.authority)] if case else []
        cited += [
            *authority,
            *(text for name in shown for text in self.grounds.authority(self.book.factors[name].authority)),
        ]
        move = Move(
            number=len(self.moves) + 1,
            side=side,
            kind=kind,
            text=text,
            points=tuple(points),
            factors=named,
            authority=tuple(dict.fromkeys(cited)),
            facts=tuple(dict.fromkeys((*facts, *rested))),
            case=case.id if case else "",
            answers=answers,
            notes=tuple(notes),
        )
        self.moves.append(move)
        return move

    # the moves

    def cite(self, side: str, comparison: Likeness, answers: int = 0, kind: Kind = "cite", lead: str = "") -> Move:
        """The case is put for the side it was decided for, by the decisive factors it shares with the matter."""
        case = comparison.case
        shared = self.book.strongest(comparison.here)
        named = shared or self.book.strongest(name for name in comparison.told if name in case.met)
        self.relied[side] |= {name: None for name in named if self.book.factors[name].favours == side}
        stands = {
            "binds": " It binds: the matter has all of them, and nothing against that the case did not overcome.",
            "persuades": " It would govern if it were a binding court's; it persuades.",
        }.get(standing(self.book, comparison.comparison), "")
        overcome = [
            name for name in case.despite if self.conclusion.states[name] == "met" and name not in comparison.beyond
        ]
        despite = f" It was so decided despite {self.terms.names(overcome)}, also present here." if overcome else ""
        subject = "" if case.on_subject(self.book.pack) else f" It was not about {self.book.pack.subject}."
        count = (
            f"all {len(shared)}" if len(shared) == len(case.because) else f"{len(shared)} of the {len(case.because)}"
        )
        rested = f"The matter shares {count} factors it rested on."
        if not shared:
            rested = f"The matter shares none of what it rested on, but is like it in {self.terms.names(named, 5)}."
        text = (
            f"{lead}{case.name} ({case.decided[:4]}, {case.court}) was decided for {worded(side)}. {case.ratio}"
            f"{subject} {rested}{stands}{despite}"
        )
        notes = [note for note in (*case.treatment, citations.status(self.book, case.authority)) if note]
        points = [self._as_here(name, comparison) for name in named[:6]]
        return self.add(
            side,
            kind,
            text,
            points=points,
            factors=[*named, *overcome],
            upon=[*(self._form(name, comparison) for name in named[:6]), *overcome],
            case=case,
            answers=answers,
            notes=notes,
        )

    def _form(self, name: str, comparison: Likeness) -> str:
        """The factor that is here for a ground of a case: itself, or another form of it."""
        ground = comparison.standing.get(name)
        return (ground.by if ground else "") or name

    def _as_here(self, name: str, comparison: Likeness) -> str:
        """A factor as a point, with the form in which it is here, where that is another."""
        ground = comparison.standing.get(name)
        if ground is None or not ground.says:
            return self.terms.say(name)
        word = "stronger" if ground.degree == "stronger" else "in another form"
        form = f"{self.terms.called(ground.by)}: {ground.says}" if ground.by else ground.says
        return f"{self.terms.say(name)} Here {word} ({form})"

    def distinguish(self, side: str, comparison: Likeness, answers: int) -> Move:
        """What the case rested on and is not here, and what is here and the case did not overcome."""
        case, short = comparison.case, self.grounds.short(comparison.case)
        lacking = self.book.strongest(comparison.of(*APART)) + self.book.strongest(comparison.unknown)
        beyond = self.book.strongest(comparison.beyond)
        if not lacking and not beyond:
            return self._indistinguishable(side, comparison, answers)
        points: list[str] = []
        for name in lacking:
            degree = self.terms.degree(name, case) if self.conclusion.states[name] == "met" else ""
            ground = comparison.standing[name]
            degree = degree or (self.terms.called(ground.by) if ground.by else ground.says.rstrip("."))
            word = f"here only in a lesser degree ({degree})" if ground.degree == "weaker" else "not so here"
            word = "not shown here" if ground.degree == "unknown" else word
            points.append(f"{self.terms.say(name)} Decisive in {short}; {word}.")
        for name in beyond[:6]:
            degree = self.terms.degree(name, case) if name in case.despite else ""
            word = f"in {short} overcome only in a lesser degree ({degree})" if degree else f"not overcome in {short}"
            points.append(f"{self.terms.say(name)} Here; {word}.")
        if len(beyond) > 6:
            points.append(f"And {len(beyond) - 6} more that {short} did not overcome: {self.terms.names(beyond[6:])}.")
        parts = []
        if lacking:
            verb = "is" if len(lacking) == 1 else "are"
            parts.append(f"{len(lacking)} of the {len(case.because)} factors it rested on {verb} not made out here")
        if beyond:
            verb = "goes" if len(beyond) == 1 else "go"
            parts.append(f"{len(beyond)} for {side} {verb} beyond what it overcame")
        text = f"{short} is distinguishable: {', and '.join(parts)}."
        return self.add(
            side,
            "distinguish",
            text,
            points=points,
            factors=[*lacking, *beyond],
            upon=[*lacking[:4], *beyond[:4]],
            case=case,
            answers=answers,
        )

    def _indistinguishable(self, side: str, comparison: Likeness, answers: int) -> Move:
        short, unless = self.grounds.short(comparison.case), self.book.strongest(comparison.comparison.unless)
        rest = (
            f" Only what is not yet known could take the matter out of it: {self.terms.names(unless, 6)}."
            if unless
            else ""
        )
        text = f"On the facts as known there is nothing by which to distinguish {short}.{rest}"
        self.unanswered[side] |= dict.fromkeys(comparison.here)
        return self.add(side, "concession", text, factors=unless, upon=(), case=comparison.case, answers=answers)

    def emphasise(self, side: str, comparison: Likeness, answers: int) -> Move | None:
        """The distinction goes to an indicator that pointed the other way in the case, not to a detail."""
        case, short = comparison.case, self.grounds.short(comparison.case)
        theirs, mine = self.terms.findings_of(case), self.conclusion.findings
        sides = self.book.sides
        told = [*comparison.apart, *comparison.unknown]
        rows: list[tuple[bool, float, Node]] = []
        for node in self.terms.abstract(told):
            there, here = direction(theirs[node.id], sides), direction(mine[node.id], sides)
            if there == case.outcome and here != there:
                rows.append((here != side, -abs(theirs[node.id].balance - mine[node.id].balance), node))
        if not rows:
            return None
        points: list[str] = []
        factors: list[str] = []
        chosen = [node for _, _, node in sorted(rows, key=lambda row: row[:2])[:3]]
        for node in chosen:
            own = self.book.strongest(speaking_for(mine[node.id], sides.sign(side) > 0))[:4]
            lost = self.book.strongest(speaking_for(theirs[node.id], sides.sign(case.outcome) > 0))[:4]
            now = (
                f"here it points to {worded(side)} ({self.terms.names(own)})"
                if own
                else "here nothing known points that way"
            )
            points.append(
                f"{node.title}: in {short} it pointed to {worded(case.outcome)} ({self.terms.names(lost)}); {now}."
            )
            factors += [*own, *(name for name in lost if name in told)]
        text = f"The distinction is one of kind: it goes to what {short} was about, not to a detail of it."
        authority = [item for node in chosen for item in self.grounds.authority(node.authority)]
        return self.add(
            side,
            "emphasise",
            text,
            points=points,
            factors=factors,
            upon=factors[:4],
            authority=authority,
            case=case,
            answers=answers,
        )

    def downplay(self, side: str, comparison: Likeness, answers: int) -> Move | None:
        """The distinctions matter little, because something as strong speaks to the same indicator for the side."""
        replies: dict[str, Reply] = {}
        told = self.book.strongest([*comparison.of(*APART), *comparison.unknown, *comparison.beyond])
        for name in told:
            against = name in comparison.beyond
            reply = self._overcome(side, name, comparison) if against else self._instead(side, name)
            if reply:
                replies[name] = reply
            else:
                self.unanswered[side][name] = None
        if not replies:
            return None
        alike = grouped((reply.text, name) for name, reply in replies.items())
        points = [capital(f"{self.terms.names(found)}: {text}") for text, found in alike.items()]
        factors = [item for name, reply in replies.items() for item in (name, *reply.factors)]
        shown = list(replies.items())[:6]
        upon = [item for name, reply in shown for item in (name, *reply.factors)]
        authority = [text for _, reply in shown if reply.node for text in self.grounds.authority(reply.node.authority)]
        authority += [citations.full(self.book, reply.case.authority) for reply in replies.values() if reply.case]
        count = f"{len(replies)} of the {len(told)} distinctions go" if len(told) > 1 else "The distinction goes"
        count = f"All {len(told)} distinctions go" if len(replies) == len(told) > 1 else count
        text = f"{count} to something that is met in another way, so that the case still speaks to this matter."
        return self.add(
            side,
            "downplay",
            text,
            points=points,
            factors=factors,
            upon=upon,
            authority=authority,
            case=comparison.case,
            answers=answers,
        )

    def _instead(self, side: str, name: str) -> Reply | None:
        """A factor that is here and speaks for the same side to the same indicator as one that is not."""
        other, node = self.terms.alike(name, self.conclusion.weigher.active, side, self.conclusion.states)
        if other is None or node is None:
            return None
        named = self.terms.called(other)
        text = f"the same {node.kind}, '{node.title}', is met here by {named}: {self.analysis.told(other)}"
        return Reply(text, (other,), node)

    def _overcome(self, side: str, name: str, comparison: Likeness) -> Reply | None:
        """Why a factor against the side does not take the matter out of a case."""
        for other in self.on_point(side):
            if other.case.id != comparison.case.id and name in other.case.despite and name not in other.beyond:
                return Reply(
                    f"not fatal, since {self.grounds.short(other.case)} was decided for {side} all the same.",
                    (),
                    None,
                    other.case,
                )
        case, against = comparison.case, self.book.sides.other(side)
        there, node = self.terms.alike(name, case.despite, against, case.states)
        if there and node:
            named = self.terms.called(there)
            same = f"the same {node.kind}, '{node.title}'"
            text = f"{self.grounds.short(case)} overcame {named}, which speaks to {same}."
            return Reply(text, (there,), node)
        here, node = self.terms.alike(name, self.conclusion.weigher.active, side, self.conclusion.states)
        if here and node:
            named = self.terms.called(here)
            text = f"set off in the same {node.kind}, '{node.title}', by {named}: {self.analysis.told(here)}"
            return Reply(text, (here,), node)
        return None

    def concede(self, side: str) -> Move | None:
        """What a side cannot answer, and how far what it relies on goes: the limits that the rules themselves state."""
        unanswered = self.book.strongest(self.unanswered[side])
        relied = self.book.strongest(name for name in self.relied[side] if self.conclusion.states[name] == "met")[:3]
        if not unanswered and not relied:
            return None

        def against(name: str) -> str:
            named = self.terms.called(name)
            return named if self.book.factors[name].favours != side else f"{named}, which is not shown here"

        points = [f"Unanswered, {against(name)}: {self.analysis.told(name)}" for name in unanswered[:4]]
        points += [f"Limits of {self.terms.called(name)}: {self.terms.limits(name)}" for name in relied]
        text = f"{worded(side).capitalize()} must concede that what it relies on has limits."
        if unanswered:
            told = names(map(against, unanswered), 4)
            text = (
                f"{worded(side).capitalize()} must concede that it has no answer to {told}, and that what it relies on "
                "has limits."
            )
        return self.add(
            side, "concession", text, points=points, factors=[*unanswered, *relied], upon=[*unanswered[:4], *relied]
        )

    def without_cases(self, side: str, answers: int) -> Move:
        """A side for which no case may be cited argues from the rules alone, and says so."""
        own = self.book.strongest(
            name
            for name, state in self.conclusion.states.items()
            if state == "met" and name in self.conclusion.weigher.active and self.book.factors[name].favours == side
        )[:5]
        self.relied[side] |= dict.fromkeys(own)
        rest = "It argues from the rules alone." if own else "Nothing known speaks for it either."
        text = f"No decided case that may be cited was decided for {worded(side)} on anything that is here. {rest}"
        return self.add(side, "concession", text, points=map(self.terms.say, own), factors=own, answers=answers)
