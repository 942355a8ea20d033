"""The debate on one parcel, move by move: cases cited, distinguished and answered, hypotheticals, and the close.

One side opens with its most on-point case; the other distinguishes it and cites its own; the first answers both.
The bench then walks a number of the matter past the cases, and says what a decision-maker would have to find.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from caprev.facts.vocabulary import worded
from caprev.reasoning.analysis import Analysis, Assessment
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.likeness import Likeness
from caprev.teaching.abstractions import Naming, by_id
from caprev.teaching.hypotheticals import Bench
from caprev.teaching.moves import Move, Moves
from caprev.teaching.walks import Walk, walks

ROUNDS = 2


@dataclass(frozen=True)
class Changed:
    """A move made under both positions, on other factors."""

    move: Move
    without: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What another position would make of the same debate: its conclusion, and the moves that go, come or change."""

    position: str
    title: str
    conclusion: Conclusion
    points: tuple[tuple[str, str, str], ...]  # unsettled point that is live here, the answer here, the answer there
    counted: tuple[str, ...]
    uncounted: tuple[str, ...]
    gone: tuple[Move, ...]
    new: tuple[Move, ...]
    changed: tuple[Changed, ...]


@dataclass(frozen=True)
class Debate:
    """The moves on one parcel, under one position, and what the other positions would change."""

    conclusion: Conclusion
    opens: str
    moves: tuple[Move, ...]
    walks: tuple[Walk, ...]
    differences: tuple[Difference, ...] = ()


def debate(
    assessor: Assessor,
    assessment: Assessment,
    side: str = "",
    most: int = 0,
    vary: Iterable[str] = (),
    without: Iterable[str] = (),
    naming: Naming = by_id,
) -> list[Debate]:
    """The debate on every parcel of an assessment, with what other positions would change.

    `naming` says how factors are named: by their ids, or in words.
    """
    left_out, asked = tuple(without), tuple(vary) or None
    done = []
    for analysis in assessment.analyses:
        conclusion = analysis.conclusion
        walked = walks(assessor, conclusion, assessment.cases, asked)
        held = _Debate(analysis, walked, naming).held(side, most)
        live = [item.point for item in analysis.unsettled]
        differences = []
        for position in assessor.book.positions:
            if position != assessment.position:
                parcel = conclusion.parcel.id
                other = assessor.assess(assessment.matter, position, assessment.as_at, left_out, parcel)
                same = walks(assessor, other.conclusions[0], other.cases, [walk.fact for walk in held.walks])
                rival = _Debate(other.analyses[0], same, naming).held(held.opens, most)
                differences.append(_difference(assessor, position, held, rival, live))
        done.append(replace(held, differences=tuple(differences)))
    return done


def _difference(assessor: Assessor, position: str, held: Debate, rival: Debate, live: Iterable[str]) -> Difference:
    here, there = held.conclusion.weigher.position, rival.conclusion.weigher.position
    mine, theirs = held.conclusion.weigher.active, rival.conclusion.weigher.active
    met = [name for name, state in held.conclusion.states.items() if state == "met"]
    ours, others = _keyed(held.moves), _keyed(rival.moves)
    changed = []
    for key, move in ours.items():
        other = others.get(key)
        if other and set(other.factors) != set(move.factors):
            without = tuple(name for name in move.factors if name not in other.factors)
            changed.append(Changed(move, without, tuple(name for name in other.factors if name not in move.factors)))
    return Difference(
        position=position,
        title=assessor.book.positions[position].title,
        conclusion=rival.conclusion,
        points=tuple((p, here[p], there[p]) for p in live if p in here and p in there and here[p] != there[p]),
        counted=tuple(name for name in met if name in theirs - mine),
        uncounted=tuple(name for name in met if name in mine - theirs),
        gone=tuple(move for key, move in ours.items() if key not in others),
        new=tuple(move for key, move in others.items() if key not in ours),
        changed=tuple(changed),
    )


def _keyed(moves: Iterable[Move]) -> dict[tuple[str, str, str, int], Move]:
    """Moves by who says what of which case, the first time and again; the close is each position's own."""
    found: dict[tuple[str, str, str, int], Move] = {}
    for move in moves:
        if move.kind != "close":
            again = sum(key[:3] == (move.side, move.kind, move.case) for key in found)
            found[(move.side, move.kind, move.case, again)] = move
    return found


class _Debate:
    """Holds one debate over the walks it is given."""

    def __init__(self, analysis: Analysis, walks: Sequence[Walk], naming: Naming) -> None:
        self.conclusion = analysis.conclusion
        self.walks = walks
        self.poles = analysis.book.sides
        self.sides = Moves(analysis, naming)
        self.bench = Bench(self.sides)

    def opening(self, side: str) -> str:
        """Who opens: the side asked for, else the one concluded for, else the one with the closest case."""
        concluded = self.conclusion.characterisation
        poles = self.poles
        return side or (concluded if concluded in poles.ids else self.conclusion.guidance.analogy or poles.for_.id)

    def held(self, side: str, most: int) -> Debate:
        """The whole debate, or its first moves and the close."""
        opens, moves = self.opening(side), self.sides.moves
        self.exchange(opens, self.poles.other(opens))
        for speaker in (opens, self.poles.other(opens)):
            self.sides.concede(speaker)
        walked = self.walks if not most or len(moves) < most - 1 else ()
        for walk in walked:
            self.bench.hypothetical(walk)
        if most:
            del moves[most - 1 :]
        self.bench.close()
        return Debate(self.conclusion, opens, tuple(moves), tuple(walked))

    # the exchange over cases

    def exchange(self, side: str, other: str) -> None:
        """Cite, answer and rebut, as long as either side has a case that has not been cited."""
        own, others = self.sides.on_point(side), self.sides.on_point(other)
        for number in range(ROUNDS):
            if number and not own and not others:
                break
            comparison = self._next(own, number)
            cited = (
                self.sides.cite(side, comparison)
                if comparison
                else None
                if number
                else self.sides.without_cases(side, 0)
            )
            distinguished = None
            if comparison and cited:
                distinguished = self.sides.distinguish(other, comparison, cited.number)
                if distinguished.kind == "distinguish":
                    self.sides.emphasise(other, comparison, cited.number)
            reply = self._reply(other, comparison, others, cited, number)
            if comparison and distinguished and distinguished.kind == "distinguish":
                self.sides.downplay(side, comparison, distinguished.number)
            if reply:
                theirs, move = reply
                answer = self.sides.distinguish(side, theirs, move.number)
                if answer.kind == "distinguish":
                    self.sides.emphasise(side, theirs, move.number)
                    self.sides.downplay(other, theirs, answer.number)

    def _next(self, own: list[Likeness], number: int) -> Likeness | None:
        """The most on-point case left; later, one that met what stands against the side comes first."""
        if not own:
            return None
        chosen = own[0]
        if number:

            def met(comparison: Likeness) -> int:
                return sum(self.conclusion.states[name] == "met" for name in comparison.case.despite)

            chosen = max(own, key=lambda comparison: (met(comparison) > 0, -own.index(comparison)))
        own.remove(chosen)
        return chosen

    def _reply(
        self, side: str, cited: Likeness | None, own: list[Likeness], move: Move | None, number: int
    ) -> tuple[Likeness, Move] | None:
        """A counter-example where there is one, else the side's own most on-point case."""
        answers = move.number if move else 0
        relied = set(cited.told) if cited else set()
        counter = next((c for c in own if cited and relied <= set(c.comparison.shared)), None)
        if counter and cited:
            own.remove(counter)
            more = set(counter.comparison.shared) > set(cited.comparison.shared)
            relied_on = self.sides.terms.names(cited.told, 5)
            besides = ", which shares more with the matter besides" if more else ""
            lead = (
                f"All that {self.sides.grounds.short(cited.case)} is cited for ({relied_on}) was also present in a "
                f"case that went the other way{besides}. "
            )
            return counter, self.sides.cite(side, counter, answers, "counter-example", lead)
        if own:
            lead = ""
            if cited and not number:
                short = self.sides.grounds.short(cited.case)
                lead = f"No case for {worded(side)} in the base has all that {short} is cited for; the nearest: "
            chosen = self._next(own, number)
            return (chosen, self.sides.cite(side, chosen, answers, lead=lead)) if chosen else None
        if not number:
            self.sides.without_cases(side, answers)
        return None
