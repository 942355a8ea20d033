"""Findings and precedents to a conclusion: characterisation, route, strength, and how the three voices stand.

The voices are the rules (weighed findings), precedent (constraint) and analogy. Their agreement makes a
conclusion strong; their disagreement is shown, never averaged away.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from caprev.facts import conditions
from caprev.facts.knowledge import Truth, all_of, any_of, negation
from caprev.facts.matter import Parcel
from caprev.law.models import UNDETERMINED, Outcome, Side
from caprev.law.rulebook import Rulebook
from caprev.reasoning.earning import Earning, earning
from caprev.reasoning.findings import FactorState, Finding, State
from caprev.reasoning.precedents import Case, Guidance
from caprev.reasoning.productions import MET, NOT_MET
from caprev.reasoning.weighing import Weigher

Characterisation = Side
"""What may be concluded: one of `Sides.conclusions`."""
Strength = Literal["strong", "moderate", "finely_balanced"]
DecidedBy = Literal["rules", "precedent", "persuasion"]


@dataclass(frozen=True)
class InShort:
    """A conclusion in short: what is concluded, how strongly, and at which decisive balance."""

    characterisation: Characterisation
    strength: Strength
    balance: float


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What is concluded of one parcel.

    `known` are the atoms of factors that are decided by what is known of the parcel.
    `balance` is the decisive balance (above zero favours the pole `for`), `low` and `high` what it could become;
    `probability` is the calibrated share of decided matters with such a balance that were decided for that pole.
    `robust`: no one further answer would turn the side. `decided_by` says which voice settled it: rules, precedent or
    persuasion. `earning` says what the word strong has, and what it would still need. `fired` are the productions above
    the factors that held.
    """

    parcel: Parcel
    known: Mapping[str, bool] = field(repr=False)
    characterisation: Characterisation
    route: str | None
    strength: Strength
    probability: float
    robust: bool
    balance: float
    low: float
    high: float
    decided_by: DecidedBy
    earning: Earning
    outcome: Outcome | None
    rules: Characterisation
    states: Mapping[str, FactorState]
    findings: Mapping[str, Finding]
    guidance: Guidance
    weigher: Weigher
    fired: frozenset[str] = field(repr=False)

    @property
    def earner(self) -> Outcome | None:
        """The outcome that has to earn the word strong: none where cases decided against the rules."""
        return self.outcome if self.characterisation == self.rules else None

    @property
    def in_short(self) -> InShort:
        """The same in short."""
        return InShort(self.characterisation, self.strength, self.balance)

    @property
    def chance(self) -> float | None:
        """The probability as it is told: none where what is concluded is of no side."""
        return None if self.weigher.book.sides.apart(self.characterisation) else self.probability

    def presumed(self, node: str, state: str) -> bool:
        """Whether a node would be found on, one way or the other, with nothing known that bears on it or its parts."""
        return state != "undetermined" and not self.findings[node].borne_on

    def beside(self, node: str) -> bool:
        """Whether a node is made out by which the conclusion could go, but goes by another for the same side."""
        taken, book = self.outcome, self.weigher.book
        if taken is None or self.findings[node].state != "satisfied" or node in book.rests[taken.id]:
            return False
        alike = (other for other in book.outcomes if other.characterisation == taken.characterisation)
        return any(node in book.rests[other.id] for other in alike)


def states_from(book: Rulebook, fired: frozenset[str]) -> dict[str, FactorState]:
    """The state of every factor from the productions that fired."""
    return {
        name: "met" if name + MET in fired else "not_met" if name + NOT_MET in fired else "unknown"
        for name in book.factors
    }


def state_from(rule: str, fired: frozenset[str]) -> State:
    """The finding on a combined node from the productions that fired."""
    return "satisfied" if rule + MET in fired else "not_satisfied" if rule + NOT_MET in fired else "undetermined"


def decisive(book: Rulebook) -> tuple[str, ...]:
    """The nodes whose balance decides: those that the outcomes for the pole `for` rest on."""
    return roads(book, book.sides.for_.id)


def roads(book: Rulebook, side: Side) -> tuple[str, ...]:
    """The nodes that the outcomes for a side rest on."""
    return tuple(
        node for outcome in book.outcomes if outcome.characterisation == side for node in book.rests[outcome.id]
    )


def side_at(book: Rulebook, balance: float) -> Characterisation:
    """What the rules conclude at a decisive balance."""
    return book.sides.at(balance, book.weighing.calibration.undetermined) or UNDETERMINED


def ruled(weigher: Weigher, totals: Mapping[str, float], balance: float) -> Characterisation:
    """What the rules conclude at these balances of the weighed nodes that are no indicators, and this decisive one."""
    book = weigher.book
    if not book.sides.neither:  # then the decisive balance says all
        return side_at(book, balance)
    settled: dict[str, bool] = {}
    for name in totals:
        _settle(weigher, name, totals, settled)
    for name, node in book.nodes.items():
        if node.parts:
            _settle(weigher, name, totals, settled)
    met = (o.characterisation for o in book.outcomes if conditions.truth(book.conditions[o.id], settled) is True)
    return next(met, UNDETERMINED)


def _settle(weigher: Weigher, name: str, totals: Mapping[str, float], settled: dict[str, bool]) -> Truth:
    """Whether a node is satisfied; what is decided is put down."""
    if name in settled:
        return settled[name]
    node, found = weigher.book.nodes[name], None
    if name in totals:
        floor, ceiling = weigher.band(node)
        found = True if totals[name] >= ceiling else False if totals[name] <= floor else None
    else:
        parts = [_settle(weigher, part, totals, settled) for part in node.parts]
        parts = [negation(part) for part in parts] if node.none else parts
        found = any_of(parts) if node.any else all_of(parts)
    if found is not None:
        settled[name] = found
    return found


def decided(
    book: Rulebook, rules: Characterisation, bound: Side | None, persuaded: Side | None
) -> tuple[Characterisation, DecidedBy]:
    """Who decides: courts that bind, then the rules, and where these leave it open, tribunals that persuade.

    Cases were decided for a side; where the rules conclude on none, they have no say.
    """
    if book.sides.apart(rules):
        return rules, "rules"
    if bound:
        return bound, "rules" if bound == rules else "precedent"
    if rules == "undetermined" and persuaded:
        return persuaded, "persuasion"
    return rules, "rules"


def probability(book: Rulebook, balance: float) -> float:
    """The calibrated probability of the pole `for` at a balance."""
    fit = book.weighing.calibration
    return round(1.0 / (1.0 + math.exp(-(fit.slope * fit.saturated(balance) + fit.intercept))), 4)


def probability_range(book: Rulebook, balance: float) -> tuple[float, float] | None:
    """Between which probabilities that of the pole `for` lies at a balance, at 95 %; nothing where not measured."""
    fit = book.weighing.calibration
    names = ("slope_variance", "intercept_variance", "covariance")
    if not all(name in fit.out_of_fold for name in names):
        return None
    slope, intercept, both = (fit.out_of_fold[name] for name in names)
    bounded = fit.saturated(balance)
    middle = fit.slope * bounded + fit.intercept
    half = 1.96 * math.sqrt(max(slope * bounded * bounded + intercept + 2 * both * bounded, 0.0))
    low, high = (1.0 / (1.0 + math.exp(-(middle + off))) for off in (-half, half))
    return round(low, 4), round(high, 4)


def conclude(
    parcel: Parcel,
    known: Mapping[str, bool],
    states: Mapping[str, FactorState],
    findings: Mapping[str, Finding],
    fired: frozenset[str],
    weigher: Weigher,
    guidance: Guidance,
    alike: Conclusion | None = None,
) -> Conclusion:
    """Bring the voices together for one parcel; `alike` is a conclusion on findings of the same states."""
    book = weigher.book
    outcome = _leading(book, fired, findings)
    routes = [findings[name] for name in decisive(book)]
    balance, low, high = (max(getattr(f, end) for f in routes) for end in ("balance", "low", "high"))
    rules: Characterisation = outcome.characterisation if outcome else "undetermined"

    side, decided_by = decided(book, rules, guidance.bound, guidance.persuaded)
    if decided_by != "rules":
        outcome = outcome_of(book, guidance.leading)
    robust = side == rules and _robust(book, side, fired, findings, guidance)
    word = _strength(book, side, rules, balance, guidance, robust)
    earner = outcome if side == rules else None
    asked = alike.earning if alike and earner and earner is alike.earner else None
    earned = earning(weigher, parcel, earner, states, findings, word == "strong", asked)
    return Conclusion(
        parcel=parcel,
        known=known,
        characterisation=side,
        route=outcome.route if outcome else None,
        strength="moderate" if word == "strong" and not earned.strong else word,
        probability=_probability(book, side, rules, balance, decided_by),
        robust=robust,
        balance=balance,
        low=low,
        high=high,
        decided_by=decided_by,
        earning=earned,
        outcome=outcome,
        rules=rules,
        states=states,
        findings=findings,
        guidance=guidance,
        weigher=weigher,
        fired=fired,
    )


def _leading(book: Rulebook, fired: frozenset[str], findings: Mapping[str, Finding]) -> Outcome | None:
    """The outcome that is met; of several for one side, the one that its leading node puts first, then the one best
    made out, and the first of equals."""
    met = [outcome for outcome in book.outcomes if outcome.id + MET in fired]

    def place(outcome: Outcome) -> tuple[int, float]:
        return led(outcome, findings), min(findings[node].balance for node in book.rests[outcome.id])

    return max((o for o in met if o.characterisation == met[0].characterisation), key=place) if met else None


def led(outcome: Outcome, findings: Mapping[str, Finding]) -> int:
    """Where an outcome stands among others for its side: 1 before them, -1 after them, 0 where nothing says."""
    state = findings[outcome.led_by].state if outcome.led_by else "undetermined"
    return (state == "satisfied") - (state == "not_satisfied")


def outcome_of(book: Rulebook, case: Case) -> Outcome | None:
    """The outcome that matches how a case was decided: by its route if the rulebook has it, else its side."""
    alike = [outcome for outcome in book.outcomes if outcome.characterisation == case.outcome]
    return next((outcome for outcome in alike if outcome.route == case.route), alike[-1] if alike else None)


def _probability(book: Rulebook, side: str, rules: str, balance: float, decided_by: str) -> float:
    weighed = probability(book, balance)
    if side == rules:
        return weighed
    fit = book.weighing.calibration
    least = fit.binding if decided_by == "precedent" else fit.persuasive
    return max(weighed, least) if book.sides.sign(side) > 0 else min(weighed, round(1 - least, 4))


def _strength(book: Rulebook, side: str, rules: str, balance: float, guidance: Guidance, robust: bool) -> Strength:
    """The word that the balance and the decided cases carry; whether strong is earned is asked besides."""
    fit = book.weighing.calibration
    if side == UNDETERMINED:
        return "finely_balanced"
    if book.sides.apart(side):
        return "strong" if robust else "moderate"
    if side != rules:
        return "moderate" if rules == "undetermined" and guidance.constraint.startswith("forced") else "finely_balanced"

    def beyond(band: tuple[float, float] | None) -> bool:
        return band is not None and book.sides.at(balance, band) == side

    opposed = guidance.constraint == "conflict" or (guidance.persuaded is not None and guidance.persuaded != side)
    agreed = guidance.constraint == f"forced_{side}" and guidance.analogy == side
    if beyond(fit.strong):
        return "moderate" if opposed else "strong"
    if beyond(fit.moderate):
        return "strong" if agreed else "moderate"
    return "moderate" if agreed else "finely_balanced"


def _one_answer(book: Rulebook, names: tuple[str, ...]) -> bool:
    """Whether an answer to one fact could meet all of some factors."""
    return not names or any(fed.issuperset(names) for fed in book.fed.values())


def _robust(
    book: Rulebook, side: str, fired: frozenset[str], findings: Mapping[str, Finding], guidance: Guidance
) -> bool:
    """No one further answer turns it: on one of the roads to it every finding is firm, and no case the other way can
    come to bind by one answer. Of what is of no side, and what stands before it: no completion at all."""

    def holds(outcome: Outcome) -> bool:
        stays = (findings[name] for name in book.rests[outcome.id])
        apart = book.sides.apart(outcome.characterisation)
        return outcome.id + MET in fired and all(one.robust if apart else one.firm for one in stays)

    firm = {name: finding.state == "satisfied" for name, finding in findings.items() if finding.robust}

    def first(place: int) -> bool:
        """No outcome before it can come to be met that is of no side, or before one that is."""
        mine = book.outcomes[place].characterisation
        return all(
            conditions.truth(book.conditions[outcome.id], firm) is False
            for outcome in book.outcomes[:place]
            if outcome.characterisation != mine and book.sides.apart(outcome.characterisation) | book.sides.apart(mine)
        )

    places = (place for place, outcome in enumerate(book.outcomes) if outcome.characterisation == side)
    if not any(holds(book.outcomes[place]) and first(place) for place in places):
        return False
    pack = book.pack
    return book.sides.apart(side) or all(
        comparison.missing or comparison.beyond or not _one_answer(book, comparison.unproved)
        for comparison in guidance.all
        if comparison.case.outcome != side
        and comparison.case.governs(pack)
        and comparison.case.level in pack.binding_levels
    )
