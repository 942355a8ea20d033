"""The results, typed: what `--format json` prints, key by key. The contract of Python, HTTP and assistants alike.

Attributes cannot be assigned. `to_dict()` gives the data as JSON has it. A key that a later release adds is kept.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from caprev.reasoning import analysis
from caprev.reasoning.conclusion import Conclusion

Characterisation = str  # a side of the pack, what is neither, or "undetermined"
Strength = Literal["strong", "moderate", "finely_balanced"]
State = Literal["met", "not_met", "unknown"]
Finding = Literal["satisfied", "not_satisfied", "undetermined"]


class Told(BaseModel):
    """A result, or part of one."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    def to_dict(self) -> dict[str, Any]:
        """The data, as the command line prints it with `--format json`; yours to change."""
        return self.model_dump(by_alias=True, exclude_unset=True, mode="json")


# --- an assessment -------------------------------------------------------------------------------------------


class Matter(Told):
    """What the fact set says of the matter itself."""

    id: str | None
    title: str | None
    questions: Any
    period: str | None
    scheme: str | None
    notes: Any


class Rulebook(Told):
    """Which release of the law was applied, and the hash of its text."""

    version: str
    sha256: str


class UsedFact(Told):
    """A fact on which something rests, in words, with its source."""

    fact: str
    value: str
    source: str
    standing: str


class Balance(Told):
    """The decisive balance: above `neutral` it favours revenue; what is not known could take it from low to high."""

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

    elements: dict[str, Sides] = {}


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
    named: dict[str, tuple[str, ...]] = {}
    notes: tuple[str, ...] = ()
    children: tuple[Reason, ...] = ()


class _Weighed(Told):
    """What was concluded by a balance: the probability is of the pole `for`, and named by it."""

    @property
    def probability(self) -> float | None:
        """The share of decided matters with such a balance that were decided for that pole, whatever it is called."""
        return next((value for key, value in self.to_dict().items() if key.startswith("probability_")), None)


class Parcel(_Weighed):
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


class Assessment(Told):
    """A matter assessed: the object of `caprev assess --format json`, schema `caprev.assessment/1`."""

    schema_: str = Field(alias="schema")
    matter: Matter
    as_at: str
    law_as_at: str
    position: str
    rulebook: Rulebook
    facts_sha256: str
    disclaimer: str
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


# --- what would change it ------------------------------------------------------------------------------------


class _Now(_Weighed):
    """The conclusion as it is."""

    parcel: str
    characterisation: Characterisation
    balance: float
    probability_revenue: float | None = None
    robust: bool


class Change(Told):
    """A fact otherwise: to what, in words and as values, and whether that is still possible on what is known."""

    fact: str
    to: str
    values: tuple[Any, ...]
    still_possible: bool


class Flip(Told):
    """A smallest set of changes, and what is concluded with it."""

    changes: tuple[Change, ...]
    characterisation: Characterisation
    balance: float


class Swayed(Told):
    """What one fact alone would make of the conclusion, with another value."""

    to: str
    characterisation: Characterisation
    balance: float


class Sway(Told):
    """How far one fact alone could move the conclusion."""

    fact: str
    values: tuple[Swayed, ...]


class Flips(_Now):
    """The smallest changes of known facts that change the conclusion; `found` counts them."""

    found: int
    flips: tuple[Flip, ...]
    tornado: tuple[Sway, ...]


class Unknown(MissingFact):
    """A fact not known, with the paper that would prove it."""

    evidence: str
    could_change_the_conclusion: bool


class Settling(Told):
    """The smallest sets of answers that would turn the conclusion to another."""

    to: str
    found: int
    sets: tuple[Flip, ...]


class Missing(_Now):
    """Which unknown facts could change the conclusion, and the smallest sets that would settle it."""

    missing: tuple[Unknown, ...]
    settling: tuple[Settling, ...]


# --- side by side --------------------------------------------------------------------------------------------


class Side(_Weighed):
    """One of two matters that are compared."""

    title: str
    parcel: str
    characterisation: Characterisation
    route: str | None
    strength: Strength
    probability_revenue: float | None = None
    balance: float
    precedent: str


class FactBeside(Told):
    """A fact on both sides, in words."""

    fact: str
    left: str | None
    right: str | None


class FactorBeside(Told):
    """A factor whose state differs, and the facts that make the difference."""

    factor: str
    favours: str
    strength: str
    left: State
    right: State
    facts: tuple[FactBeside, ...]


class Found(Told):
    """A finding with its balance."""

    finding: Finding
    balance: float


class FindingBeside(Told):
    """A finding on both sides."""

    node: str
    left: Found
    right: Found


class CaseBeside(Told):
    """A matter beside a decided case, point by point, and whether the case binds."""

    id: str
    outcome: str
    route: str
    binds: bool
    shared: tuple[str, ...]
    decisive: tuple[str, ...]
    missing: tuple[str, ...]
    not_shown: tuple[str, ...]
    beyond: tuple[str, ...]
    unless: tuple[str, ...]
    grounds: tuple[dict[str, Any], ...]


class Comparison(Told):
    """Two conclusions side by side; `case` where the right one is a decided case."""

    left: Side
    right: Side
    facts: tuple[FactBeside, ...]
    factors: tuple[FactorBeside, ...]
    findings: tuple[FindingBeside, ...]
    case: CaseBeside | None = None


# --- debate, draft, law --------------------------------------------------------------------------------------


class Move(Told):
    """One move of a debate."""

    number: int
    side: str
    kind: str
    answers: int | None
    case: str | None
    text: str
    points: tuple[str, ...]
    factors: tuple[str, ...]
    authority: tuple[str, ...]
    facts: tuple[UsedFact, ...]
    notes: tuple[str, ...]


class ParcelDebate(Told):
    """The debate on one parcel: its moves, hypotheticals walked along a number, and what other positions change."""

    id: str
    characterisation: Characterisation
    balance: float
    opens: str
    moves: tuple[Move, ...]
    walks: tuple[dict[str, Any], ...]
    positions: tuple[dict[str, Any], ...]


class Debate(Told):
    """Both sides argued: the object of `caprev argue --format json`, schema `caprev.debate/1`."""

    schema_: str = Field(alias="schema")
    matter: dict[str, Any]
    as_at: str
    law_as_at: str
    position: str
    rulebook: Rulebook
    facts_sha256: str
    disclaimer: str
    parcels: tuple[ParcelDebate, ...]


class Check(Told):
    """A check of a draft: whether it holds, and what was found."""

    name: str
    ok: bool
    found: str


class Draft(Told):
    """A document with its checks, the report of what was hidden in it, and the record that reproduces it.

    `content` is the file as it would be written, in `form` (docx, pdf, html or md). In data it is base64.
    """

    model_config = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    form: str
    template: str
    edited: bool
    content: bytes
    checks: tuple[Check, ...]
    report: str
    record: bytes

    @property
    def text(self) -> str:
        """The document as text, where it is Markdown or HTML. Raises ValueError for another form."""
        if self.form not in ("md", "html"):
            raise ValueError(f"a document in {self.form} is not text; take its content")
        return self.content.decode("utf-8")


class Quote(Told):
    """Words quoted as the source of a fact: the line where the text has them (0: it has not), else what is nearest."""

    fact: str
    parcel: str
    words: str
    line: int
    nearest: str


class Unquoted(Told):
    """A fact that quotes nothing, and its source as far as it names one."""

    fact: str
    source: str


class Proposal(Told):
    """A question left open that a passage seems to answer, by these words; and the value that they name."""

    fact: str
    ask: str
    line: int
    passage: str
    words: tuple[str, ...]
    value: str


class Checked(Told):
    """A fact set held against a text: the object of `caprev facts check --format json`, schema `caprev.check/1`."""

    schema_: str = Field(alias="schema")
    facts_sha256: str
    quotes: tuple[Quote, ...]
    unquoted: tuple[Unquoted, ...]
    proposals: tuple[Proposal, ...]

    @property
    def astray(self) -> tuple[Quote, ...]:
        """The quotations that the text does not have."""
        return tuple(quote for quote in self.quotes if not quote.line)


class StrictRule(Told):
    """A strict rule by which an outcome follows, with its authority (`cite`, `pinpoint`, `mark`)."""

    id: str
    text: str
    authority: tuple[dict[str, str], ...]


class StrictQuestion(Told):
    """A question: the outcomes that follow, those that still may, the rules by which, and what an open one waits on."""

    id: str
    ask: str
    state: str
    follows: tuple[str, ...]
    may: tuple[str, ...]
    outcomes: dict[str, str]
    rules: tuple[StrictRule, ...]
    facts: tuple[str, ...]
    needs: tuple[str, ...]


class StrictAmount(Told):
    """An amount: whether it arises, its value or its bounds, how it was worked, and what is missing for it."""

    id: str
    label: str
    unit: str
    arises: str
    value: Any
    low: Any
    high: Any
    formula: str
    worked: Any
    authority: tuple[dict[str, str], ...]
    needs: tuple[str, ...]
    gaps: tuple[str, ...]


class StrictPart(Told):
    """What is answered of one event, or of the matter as a whole."""

    id: str
    kind: str | None
    date: str | None
    questions: tuple[StrictQuestion, ...]
    amounts: tuple[StrictAmount, ...]
    warnings: tuple[dict[str, Any], ...]


class StrictMissing(Told):
    """A fact not known on which something waits, and of which events."""

    fact: str
    ask: str
    of: tuple[str, ...]


class Answer(Told):
    """What follows under a pack of strict rules: the object of its `caprev assess --format json`."""

    schema_: str = Field(alias="schema")
    pack: str
    matter: dict[str, Any]
    as_at: str
    rulebook: Rulebook
    facts_sha256: str
    disclaimer: str
    open: bool
    parts: tuple[StrictPart, ...]
    regimes: tuple[dict[str, Any], ...]
    missing: tuple[StrictMissing, ...]


class Rule(Told):
    """A rule in short: a factor, indicator, element, issue, unsettled point or consequence."""

    id: str
    kind: str
    text: str
    favours: str | None
    strength: str | None
    authority: tuple[str, ...]


class Case(Told):
    """A decided case in short. `shown` is false where it may not be shown as authority."""

    id: str
    citation: str
    court: str
    decided: str
    outcome: str
    route: str
    confidence: str
    shown: bool
    ratio: str
    because: tuple[str, ...]
    despite: tuple[str, ...]
