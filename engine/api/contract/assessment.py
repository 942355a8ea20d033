"""A matter assessed: what is concluded of each parcel, and why."""

from __future__ import annotations

from typing import Any

from pydantic import Field, PrivateAttr

from caprev.api.contract.told import Characterisation, Finding, Headed, State, Strength, Told, UsedFact, Weighed
from caprev.reasoning import analysis
from caprev.reasoning.conclusion import Conclusion


class Matter(Told):
    """What the fact set says of the matter itself."""

    id: str | None
    title: str | None
    questions: Any
    period: str | None
    scheme: str | None
    notes: Any


class Balance(Told):
    """The decisive balance: above `neutral` it favours the pole `for`; what is not known leads from low to high."""

    value: float
    low: float
    high: float


class Strong(Told):
    """What it takes to be called strong, and what is wanting."""

    reached: bool
    open: tuple[str, ...]
    lead: int
    lead_needed: int
    complete: bool
    under_appeal: tuple[str, ...]


class Voices(Told):
    """What rules, precedent and analogy each say."""

    rules: str
    precedent: str
    analogy: str


class Sides(Told):
    """A finding, with the factors for it, against it and not known."""

    finding: Finding
    robust: bool
    balance: float
    for_: tuple[str, ...] = Field(alias="for")
    against: tuple[str, ...]
    open: tuple[str, ...]


class Issue(Sides):
    """An issue, with the elements that it is made of, if it has any."""

    elements: dict[str, Sides] = Field({})


class _Named(Told):
    """A finding's name, and the element or issue for which it is weighed."""

    id: str
    of: str
    title: str


class Indicator(Sides, _Named):
    """An indicator, what it is weighed for, and its finding."""


class Factor(Told):
    """A factor on these facts. `weight` is the engine's own number: no court assigns one."""

    id: str
    state: State
    favours: str
    strength: str
    weight: float
    counted: bool
    authority: tuple[str, ...]
    facts: tuple[UsedFact, ...]


class Binding(Told):
    """A case that binds, unless one of these factors turns out to be met."""

    case: str
    outcome: str
    unless: tuple[str, ...]


class OnPoint(Told):
    """A decided case that is like the matter: what is shared, what distinguishes it, what of it is not known here."""

    case: str
    name: str
    outcome: str
    court: str
    shared: tuple[str, ...]
    all_shared: tuple[str, ...]
    distinguishing: tuple[str, ...]
    not_shown: tuple[str, ...]
    grounds: tuple[dict[str, Any], ...]


class Precedents(Told):
    """What decided cases say."""

    constraint: str
    by: tuple[Binding, ...]
    persuaded_by: tuple[str, ...]
    on_point: tuple[OnPoint, ...]


class Unsettled(Told):
    """A point of law that is not settled, the answer taken, and what another would make of the matter."""

    point: str
    answer: str
    otherwise: str
    turns: bool


class RestsOn(Told):
    """A fact that was only said, or is disputed, without which the conclusion would not stand."""

    fact: str
    standing: str | None
    without: str


class MissingFact(Told):
    """A fact not known that could change the conclusion, the question to ask, and what an answer could do.

    `moves` says whether learning it alone could move the conclusion, or its probability as it is printed.
    """

    fact: str
    ask: str
    why: tuple[str, ...]
    effect: str
    moves: bool
    probability_from: float
    probability_to: float


class Figure(Told):
    """An amount by formula: one value, a range, or none and what is missing for it."""

    id: str
    label: str
    formula: str
    value: float | tuple[float | None, float | None] | None
    rounding: str
    missing: tuple[str, ...]


class Sign(Told):
    """A sign that is counted, and whether it is there."""

    sign: str
    present: Any
    facts: tuple[str, ...]


class Consequence(Told):
    """What follows in law from the conclusion, if its own conditions are met."""

    id: str
    title: str
    state: str
    says: str
    question: str
    authority: tuple[str, ...]
    unverified: bool
    facts: tuple[UsedFact, ...]
    depends_on: tuple[str, ...]
    ask: tuple[str, ...]
    figures: tuple[Figure, ...]
    signs: tuple[Sign, ...]
    finding: str
    unsettled: tuple[str, ...]
    warning: str
    limits: str


class Reason(Told):
    """A node of the argument: what is said, by which rule, on which facts; and the reasons below it."""

    kind: str = ""
    heading: str = ""
    text: str = ""
    rule: str = ""
    side: str = ""
    verdict: str = ""
    authority: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    named: dict[str, tuple[str, ...]] = Field({})
    notes: tuple[str, ...] = ()
    children: tuple[Reason, ...] = ()


class Parcel(Weighed):
    """What is concluded of one parcel, and why. A further question that the law asks (`gst`) is a key of its own."""

    id: str
    title: str
    characterisation: Characterisation
    route: str | None
    route_arguable: str | None
    strength: Strength
    probability_revenue: float | None = None
    robust: bool
    balance: Balance
    neutral: float
    strong: Strong
    decided_by: str
    voices: Voices
    issues: dict[str, Issue]
    indicators: tuple[Indicator, ...]
    factors: tuple[Factor, ...]
    precedents: Precedents
    turns_on: tuple[str, ...]
    unsettled: tuple[Unsettled, ...]
    rests_on: tuple[RestsOn, ...]
    missing: tuple[MissingFact, ...]
    consequences: tuple[Consequence, ...]
    argument: Reason


class Assessment(Headed):
    """A matter assessed: the object of `caprev assess --format json`, schema `caprev.assessment/1`."""

    matter: Matter
    parcels: tuple[Parcel, ...]
    _inner: analysis.Assessment | None = PrivateAttr(None)

    @property
    def inner(self) -> analysis.Assessment:
        """The engine's own assessment, for code that lives with the engine: no part of the contract."""
        if self._inner is None:
            raise ValueError("this came from data or from another process; assess its facts again")
        return self._inner

    @property
    def conclusions(self) -> tuple[Conclusion, ...]:
        """The engine's own conclusions: no part of the contract."""
        return self.inner.conclusions

    def __eq__(self, other: object) -> bool:
        """Two assessments are the same if they say the same."""
        return isinstance(other, Assessment) and self.to_dict() == other.to_dict()

    def __getstate__(self) -> dict[Any, Any]:
        """What goes to another process: the contract alone."""
        return {**super().__getstate__(), "__pydantic_private__": {"_inner": None}}
