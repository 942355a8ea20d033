"""What a rule is: factors, indicators, elements, issues, outcomes, positions, and how they are weighed.

Only shapes stand here; the law itself is in `rules/`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Side = Literal["capital", "revenue"]
Mark = Literal["seed", "seen", "memory"]
STRENGTHS = ("slight", "moderate", "strong", "near_decisive")


class Model(BaseModel):
    """Strict, immutable data: unknown keys are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Span(Model):
    """Dates between which a rule is law; either end may be open."""

    start: str = Field(default="", validation_alias="from")
    end: str = Field(default="", validation_alias="to")

    def covers(self, day: str) -> bool:
        return self.start <= day and (not self.end or day <= self.end)


class Cited(Model):
    """An authority as a rule relies on it. A `memory` mark is printed as unverified."""

    cite: str
    says: str
    mark: Mark
    pinpoint: str = ""


class Example(Model):
    """Facts beside a rule, and what the rule makes of them."""

    name: str
    facts: dict[str, Any]
    expect: Literal["met", "not_met", "unknown"]
    asks: tuple[str, ...] = ()
    as_at: str = ""


class Magnitude(Model):
    """The number that makes a factor more or less of itself, for comparison with decided cases."""

    fact: str
    stronger: Literal["more", "less"]


class Factor(Model):
    """A pattern of facts that favours one side."""

    id: str
    favours: Literal["capital", "revenue", "neutral"]
    strength: Literal["slight", "moderate", "strong", "near_decisive"]
    text: str
    authority: tuple[Cited, ...] = Field(min_length=1)
    when: Any
    unless: Any = None
    position: dict[str, str] = {}
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
    """

    id: str
    kind: Literal["indicator", "element", "issue"]
    title: str
    question: str
    authority: tuple[Cited, ...] = Field(min_length=1)
    satisfied: str
    not_satisfied: str
    undetermined: str
    weighs: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    order: int = 0
    limits: str = ""
    unsettled: tuple[str, ...] = ()
    weightless: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The nodes whose findings this one combines."""
        return self.all or self.any or self.none


class Outcome(Model):
    """A conclusion and the findings it follows from; the first outcome that is met is the conclusion."""

    id: str
    characterisation: Side
    route: str
    when: Any
    title: str
    says: str


class Calibration(Model):
    """Balance to probability, and the band in which the calibrated prediction set holds both sides.

    Beyond `saturation`, on either side, a greater balance makes no conclusion more probable.
    """


    slope: float
    intercept: float
    saturation: float
    undetermined: tuple[float, float]
    strong: tuple[float, float]
    moderate: tuple[float, float]
    binding: float
    persuasive: float
    fitted_on: str


class Group(Model):
    """Clusters whose factors for one side share a cap on some nodes."""

    side: Side
    clusters: tuple[str, ...]


class Weighing(Model):
    """The numbers behind the strength words: engine weights, not law."""

    strengths: dict[str, float]
    overlap: float
    cluster_cap: float
    starts: dict[str, float]
    groups: dict[str, Group] = {}
    group_caps: dict[str, dict[str, float]] = {}
    indicator_band: float
    calibration: Calibration
    note: str


class Answer(Model):
    says: str
    authority: tuple[Cited, ...]


class Point(Model):
    """An unsettled point of law, its competing answers and the facts that make it live."""

    question: str
    source: str
    turns_on: str
    answers: dict[str, Answer] = {}
    matters_when: Any
    warning: str = ""


class Position(Model):
    """A choice of answers to unsettled points."""

    title: str
    note: str
    answers: dict[str, str]


class Pack(Model):
    version: str
    as_at: str
    position: str
    disclaimer: str
    comparator_warning: str
    levels: tuple[str, ...]
    binding_levels: tuple[str, ...]
    persuasive_levels: tuple[str, ...]
