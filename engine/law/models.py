"""What a rule is: factors, indicators, elements, issues, outcomes, positions, and how they are weighed.

Only shapes stand here; the law itself is in `rules/`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from caprev.facts.knowledge import day
from caprev.law.telling import Told

Side = str
"""The id of a side, or of a conclusion that is of none: one of `Sides` in `pack.yaml`, checked when the law is read."""
NEUTRAL = "neutral"
"""What favours neither side."""
UNDETERMINED = "undetermined"
"""What is concluded where nothing decides."""
Mark = Literal["seed", "seen", "second_hand", "memory"]
MARKS: tuple[Mark, ...] = get_args(Mark)
STRENGTHS = ("slight", "moderate", "strong", "near_decisive")


def _whole_day(text: str) -> str:
    try:
        if len(text) == 10:
            day(text)
            return text
    except ValueError:
        pass
    raise ValueError(f"'{text}' is not a day; allowed: YYYY-MM-DD")


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("says nothing")
    return text


def _each(written: Any) -> Any:
    """Answers by point, where one answer may stand without its list."""
    if not isinstance(written, dict):
        return written
    return {point: [answer] if isinstance(answer, str) else answer for point, answer in written.items()}


def _earned(written: Any) -> Any:
    return None if written == "not earned" else written


Day = Annotated[str, AfterValidator(_whole_day)]
Text = Annotated[str, AfterValidator(_said)]
Telling = Annotated[str, AfterValidator(Told.read)]


class Model(BaseModel):
    """Strict, immutable data: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, allow_inf_nan=False)


class Span(Model):
    """Dates between which a rule is law; either end may be open."""

    start: Day = Field(default="", validation_alias="from")
    end: Day = Field(default="", validation_alias="to")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end and self.end < self.start:
            raise ValueError(f"ends on {self.end}, before it begins")
        return self

    @property
    def words(self) -> str:
        """The span as written: `from 1998-07-01 to 2027-06-30`; empty if both ends are open."""
        return " ".join(f"{word} {day}" for word, day in (("from", self.start), ("to", self.end)) if day)

    def covers(self, day: str) -> bool:
        """Whether the rule is in force on a day (YYYY-MM-DD)."""
        return self.start <= day and (not self.end or day <= self.end)


class Cited(Model):
    """An authority as a rule relies on it.

    In a rulebook that was read, `mark` says how it is known: it is that of the place in the authority's record,
    unless the rule itself is more cautious.
    """

    cite: str
    says: str
    mark: Mark | None = None
    pinpoint: str = ""


class Example(Model):
    """Facts beside a rule, and what the rule makes of them."""

    name: str
    facts: dict[str, Any]
    expect: Literal["met", "not_met", "unknown"]
    asks: tuple[str, ...] = ()
    as_at: Day = ""


class Magnitude(Model):
    """The number that makes a factor more or less of itself, for comparison with decided cases."""

    fact: str
    stronger: Literal["more", "less"]


class Factor(Model):
    """A pattern of facts that favours one side, told by `text`, which may be `[done|planned]`.

    `position`: it counts only under one of these answers to a point.
    """

    id: str
    favours: Side
    strength: Literal["slight", "moderate", "strong", "near_decisive"]
    text: Telling
    authority: tuple[Cited, ...] = Field(min_length=1)
    when: Any
    unless: Any = None
    position: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_each)] = {}
    feeds: tuple[str, ...] = Field(min_length=1)
    cluster: str
    magnitude: Magnitude | None = None
    limits: str
    in_force: Span = Span()
    status: Literal["draft", "reviewed", "superseded"]
    examples: tuple[Example, ...] = Field(min_length=3)


class Node(Model):
    """An indicator, element or issue: weighed from factors, or combined from lower nodes.

    `weighs` lists the nodes whose factors are weighed together ("self": those that feed this one).
    `all`, `any` and `none` combine findings. `unsettled` names positions the node turns on.
    `decisive` lists the questions that have to be answered before a finding here makes a conclusion strong: facts
    that have to be known, or conditions that have to be decided either way. `beside` is said where the node is made
    out and the conclusion goes by another of the same side.
    """

    id: str
    kind: Literal["indicator", "element", "issue"]
    title: Text
    question: Text
    authority: tuple[Cited, ...] = Field(min_length=1)
    satisfied: Telling
    not_satisfied: Telling
    undetermined: Text
    beside: Text = ""
    weighs: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    order: int = 0
    limits: str = ""
    unsettled: tuple[str, ...] = ()
    decisive: tuple[Any, ...] = ()
    weightless: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The nodes whose findings this one combines."""
        return self.all or self.any or self.none


class Outcome(Model):
    """A conclusion and the findings it follows from; the first outcome that is met is the conclusion.

    Of several that are met for one side, one `led_by` a node goes before the others where that node is satisfied and
    after them where it is not; where that is open, the better made out goes first.
    """

    id: str
    characterisation: Side
    route: Text
    when: Any
    title: Text
    says: Text
    led_by: str = ""


class Calibration(Model):
    """Balance to probability, and the band in which the calibrated prediction set holds both sides.

    Beyond `saturation`, on either side, only the share `tail` of a balance makes a conclusion more probable. `strong`
    is none where no probability has earned the word: then nothing is strong by its balance alone. `fitted_on` and
    `out_of_fold` say what the numbers were fitted on and how they did on matters that they had not seen, and how far
    slope and intercept could be off on so many matters (`slope_variance`, `intercept_variance`, `covariance`).
    """

    slope: float
    intercept: float
    saturation: float
    tail: float = 0.0
    undetermined: tuple[float, float]
    strong: Annotated[tuple[float, float] | None, BeforeValidator(_earned)]
    moderate: tuple[float, float]
    binding: float
    persuasive: float
    fitted_on: str
    out_of_fold: dict[str, float] = {}

    def saturated(self, balance: float) -> float:
        """A balance as the probability sees it."""
        within = max(min(balance, self.saturation), -self.saturation)
        return within + self.tail * (balance - within)

    def balance(self, seen: float) -> float:
        """The balance that the probability sees as this one; beyond the saturation without a tail, the same."""
        within = max(min(seen, self.saturation), -self.saturation)
        return within + (seen - within) / (self.tail or 1.0)

    @property
    def neutral(self) -> float:
        """The balance at which either side is equally probable, to two places; above it the pole `for` is favoured."""
        return round(-self.intercept / self.slope, 2) + 0.0


class Group(Model):
    """Clusters whose factors for one side share a cap on some nodes."""

    side: Side
    clusters: tuple[str, ...]


class Design(Model):
    """The numbers as judgement set them. Fitting starts from these and shrinks to them; it never changes them."""

    strengths: dict[str, float]
    starts: dict[str, float]
    slope: float
    intercept: float


class Weighing(Model):
    """The numbers behind the strength words: engine weights, not law.

    `lead`: how many more independent grounds a strong conclusion has for it than against it.
    """

    strengths: dict[str, float]
    overlap: float
    cluster_cap: float
    starts: dict[str, float]
    groups: dict[str, Group] = {}
    group_caps: dict[str, dict[str, float]] = {}
    indicator_band: float
    lead: int = 0
    calibration: Calibration
    design: Design
    note: str


class Answer(Model):
    """One of the answers that an unsettled point may have, with who gives it."""

    says: Text
    authority: tuple[Cited, ...]


class Point(Model):
    """An unsettled point of law, its competing answers and the facts that make it live.

    `under_appeal` says of a point that is before a court what a reader should know first; nothing that leans on an
    answer to such a point is strong.
    """

    question: Text
    source: str
    turns_on: str
    answers: dict[str, Answer] = {}
    matters_when: Any
    warning: str = ""
    under_appeal: str = ""


class Form(Model):
    """A form of a ground that no factor says: when it is there, and its words."""

    when: Any
    says: Text


class Ground(Model):
    """What several grounds have in common, in words, and its forms from the weakest to the strongest.

    Forms that are alike stand together; one is the id of a factor, or said by a condition where no factor says it.
    """

    says: Text
    forms: tuple[tuple[str | Form, ...], ...]


class Position(Model):
    """A choice of answers to unsettled points."""

    title: Text
    note: str
    answers: dict[str, str]


class Applies(Model):
    """The conclusions from which a consequence follows; empty: whichever is reached."""

    characterisation: tuple[Side, ...] = ()
    route: tuple[str, ...] = ()


class Figure(Model):
    """An amount by a formula over facts; later figures of the same rule may build on its id.

    An optional figure is left out where it cannot be worked out, instead of naming what is missing for it; one that
    is not shown serves later figures, and is shown by another rule.
    """

    id: str
    label: Text
    formula: Any
    optional: bool = False
    shown: bool = True


class Sign(Model):
    """One sign of a list that is counted."""

    text: Telling
    when: Any


class Signs(Model):
    """Signs counted against each other: present or absent. `lead` is how many more of one kind make a finding.

    The lead is an engine weight, not law.
    """

    signs: tuple[Sign, ...] = Field(min_length=1)
    lead: int
    present: str
    absent: str
    unclear: str


class Concluded(Model):
    """A conclusion as an example supposes it; answers to unsettled points default to the pack's position."""

    characterisation: Side
    route: str = ""
    findings: dict[str, bool] = {}
    answers: dict[str, str] = {}


class Supposed(Model):
    """Facts and a conclusion beside a consequence, what it makes of them, and figures, exact."""

    name: str
    facts: dict[str, Any]
    conclusion: Concluded
    expect: Literal["applies", "does_not_apply", "depends"]
    asks: tuple[str, ...] = ()
    figures: dict[str, str] = {}
    finding: str = ""
    as_at: Day = ""


class Consequence(Model):
    """What follows in law from a conclusion, if it is law at the date of the event.

    The event is dated by the first of `dated_by` that is known, or by the event of `Questions`. `position`
    restricts it to answers to unsettled points, `unsettled` only names them. `unverified`: whether it is law at all
    was not confirmed. `settles` names the matters of `Questions` that it decides where it applies, each with its
    answer. `answers` gives a part of a further question (subject.part) its answer, the earlier in `order` first.
    `succeeded_by` names the rules that take over on the day after its last, `lapses` says why none does, or
    none for some owners. `untested` says why a fact that its limits speak of is not tested. One that is `minor` is told
    in detail only, one that is `rare` also where it applies. Where `figures_unless` is true it has no figures.
    """

    id: str
    title: Text
    question: str
    order: int
    applies: Applies = Applies()
    when: Any = None
    position: dict[str, str] = {}
    says: Text
    settles: dict[str, str] = {}
    answers: dict[str, str] = {}
    authority: tuple[Cited, ...] = Field(min_length=1)
    in_force: Span = Span()
    succeeded_by: tuple[str, ...] = ()
    lapses: str = ""
    dated_by: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    figures_unless: Any = None
    signs: Signs | None = None
    warning: str = ""
    unverified: bool = False
    unsettled: tuple[str, ...] = ()
    limits: str
    untested: dict[str, str] = {}
    minor: bool = False
    rare: bool = False
    status: Literal["draft", "reviewed", "superseded"]
    examples: tuple[Supposed, ...] = Field(min_length=3)


class Needs(Model):
    """What one part of a question needs of an earlier part, and what is answered where that is known not to be so."""

    part: str
    answer: str
    otherwise: str


class AskedPart(Model):
    """One part of a further question: how it is asked, the answers it may have, and what it needs of another part.

    `left_open` says why there is no answer where no rule gives one or could.
    """

    ask: Text
    left_open: Telling
    words: dict[str, str]
    needs: Needs | None = None


class Asked(Model):
    """A further question with an answer of its own, beside the conclusion: the parts in their order."""

    question: str
    parts: dict[str, AskedPart]


class Questions(Model):
    """The questions that consequences answer, in the order to show them.

    `event` is the fact that dates the event of a rule; where it is not known, `otherwise` stands for it. `owners` is
    the fact that says what kind of owner it is: a rule that ends has successors for each of them. `matters` are what
    rules may settle of an amount, each with the answers it can have: two rules that apply and give different answers
    contradict each other. `answered` are questions beside the conclusion that get an answer of their own, in the group
    of consequences that `question` names; the name of each is its key in JSON. `story` are the facts that an interview
    asks for first, in the order in which a person tells what happened.
    """

    note: str
    event: str
    otherwise: str
    owners: str = ""
    questions: dict[str, str]
    matters: dict[str, dict[str, str]] = {}
    answered: dict[str, Asked] = {}
    story: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, AskedPart]:
        """Every part of the questions beside the conclusion, as rules name it: subject.part."""
        return {f"{name}.{part}": how for name, asked in self.answered.items() for part, how in asked.parts.items()}
