"""What a rulebook needs besides files of the right form, so that every command can run on it.

An outcome for each conclusion, findings to rest on, words of fact sets left to them, and numbers that can be weighed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any, Self

from pydantic import BaseModel, Field, ValidationError, model_validator

from caprev.facts import conditions
from caprev.facts.conditions import Condition, Met
from caprev.facts.matter import RECORD_KEYS
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.files.reading import Path_
from caprev.law.faults import words
from caprev.law.models import STRENGTHS, Calibration, Consequence, Node, Outcome, Questions, Span, Weighing
from caprev.law.pack import Pack, Sides
from caprev.law.reader import Reader

KEYS = ("matter", "facts", "parcels", "set_aside", "id", "title", *RECORD_KEYS)
"""What fact sets and decided cases say besides facts."""

PARCEL = (
    "id", "title", "characterisation", "route", "route_arguable", "strength", "robust", "balance", "neutral", "strong",
    "decided_by", "voices", "issues", "indicators", "factors", "precedents", "turns_on", "unsettled", "rests_on",
    "missing", "consequences", "argument",
)  # fmt: skip
"""What the JSON of an assessment says of every parcel, beside the chance of a side and the further questions."""

Fault = tuple[Path_, str, str]
"""Where in a file something is wrong, of what, and what."""


def sections(vocabulary: Vocabulary) -> Iterator[Fault]:
    """Sections that a fact set could not tell from its own keys, and facts that cannot be named."""
    for section, names in vocabulary.sections.items():
        if section in KEYS:
            yield (section,), section, "is a key of fact sets and decided cases, and cannot be a section of facts"
        for name in (section, *names):
            if not name.isidentifier():
                at: Path_ = (section,) if name == section else (section, name)
                yield at, name, "is not a name of facts; allowed: letters, digits and '_', no digit first"


def outcomes(
    found: Collection[Outcome], sides: Sides, nodes: Mapping[str, Node], rests: Mapping[str, Condition]
) -> Iterator[Fault]:
    """Conclusions without an outcome, and outcomes that rest on what is not decided."""
    for side in sides.conclusions[:-1]:
        if not any(outcome.characterisation == side for outcome in found):
            yield ("outcomes",), "outcomes", f"has no outcome whose characterisation is {side}; each side needs one"
    for index, outcome in enumerate(found):
        for leaf in conditions.leaves(rests[outcome.id]) if outcome.id in rests else ():
            if isinstance(leaf, Met) and leaf.rule in nodes and nodes[leaf.rule].kind == "indicator":
                yield ("outcomes", index, "when"), outcome.id, f"rests on {_INDICATOR.format(leaf.rule)}"


def parts(node: Node, nodes: Mapping[str, Node]) -> Iterator[Fault]:
    """Findings that are combined where they cannot be."""
    key = "all" if node.all else "any" if node.any else "none"
    if node.kind == "indicator" and node.parts:
        yield (key,), node.id, "is an indicator, which is weighed from factors and combines nothing"
    for part in node.parts:
        if part in nodes and nodes[part].kind == "indicator":
            yield (key,), node.id, f"rests on {_INDICATOR.format(part)}"


_INDICATOR = "the indicator '{}', which decides nothing by itself; weigh it, or make it an element"


def dates(questions: Questions, vocabulary: Vocabulary, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """Events that are not dated by a fact that a person can give."""
    if questions.event in facts and questions.event not in vocabulary:
        yield ("event",), questions.event, "is not in the vocabulary, and an event is dated by what is written"
    for key in ("event", "otherwise"):
        name = getattr(questions, key)
        if name in facts and facts[name].type != "date":
            yield (key,), name, "is not a date, and an event is dated by one"


def further(questions: Questions, sides: Sides) -> Iterator[Fault]:
    """Further questions whose answers could not be told from what is said of every parcel."""
    for subject in questions.answered:
        if subject in (*PARCEL, sides.key):
            what = "is a key of every assessment in JSON, and cannot be the name of a further question"
            yield ("answered", subject), subject, what


def dated(rule: Consequence, facts: Mapping[str, Fact]) -> Iterator[Fault]:
    """What dates a rule and is no date; figures that cannot be told from others or from facts."""
    for name in rule.dated_by:
        if name in facts and facts[name].type != "date":
            yield ("dated_by",), rule.id, f"is dated by {name}, which is not a date"
    for index, figure in enumerate(rule.figures):
        if "." in figure.id:
            yield ("figures", index, "id"), rule.id, f"figure '{figure.id}': names with a dot are those of facts"
        if figure.id in [earlier.id for earlier in rule.figures[:index]]:
            yield ("figures", index, "id"), rule.id, f"figure '{figure.id}' is given twice"


def levels(pack: Pack) -> Iterator[Fault]:
    """Levels of courts that are not among the levels."""
    for key in ("binding_levels", "persuasive_levels"):
        for level in getattr(pack, key):
            if level not in pack.levels:
                yield (key,), level, f"is not a level; allowed: {', '.join(pack.levels) or 'none, for there are none'}"


def numbers(weighing: Weighing) -> Iterator[Fault]:
    """Numbers with which nothing could be weighed, or that could not be fitted."""
    yield from _added(weighing)
    yield from _fitted(weighing.calibration)
    if weighing.design.slope <= 0:
        yield ("design", "slope"), "slope", _TOO_LOW.format(weighing.design.slope)
    if set(weighing.starts) != set(weighing.design.starts):
        names = ", ".join(sorted(set(weighing.starts) ^ set(weighing.design.starts)))
        yield ("design", "starts"), "starts", f"are not of the nodes that stand under 'starts' ({names})"


_TOO_LOW = "is {:g}; it must be above zero"


def _added(weighing: Weighing) -> Iterator[Fault]:
    """What is added up to a balance: strengths in their order, caps that are none, more decimals than are counted."""
    for at, table in ((("strengths",), weighing.strengths), (("design", "strengths"), weighing.design.strengths)):
        values = [table[word] for word in STRENGTHS if word in table]
        if any(value <= 0 for value in values) or any(a > b for a, b in pairwise(values)):
            yield at, "strengths", f"are not above zero and in order: {', '.join(STRENGTHS)}"
    if weighing.lead < 0:
        yield ("lead",), "lead", "is below zero"
    if not 0 <= weighing.overlap <= 1:
        yield ("overlap",), "overlap", f"is {weighing.overlap:g}; allowed: 0 to 1"
    low: dict[Path_, float] = {("cluster_cap",): weighing.cluster_cap, ("indicator_band",): weighing.indicator_band}
    low |= {
        ("group_caps", node, group): cap for node, caps in weighing.group_caps.items() for group, cap in caps.items()
    }
    for place, value in low.items():
        if value < 0:
            yield place, str(place[-1]), "is below zero"
    for place, value in _weights(weighing):
        if abs(value) > 1000 or (Fraction(str(value)) * 10**6).denominator != 1:
            yield place, str(place[-1]), f"is {value!r}; allowed: a number to 1000, in six decimals"


def _fitted(fit: Calibration) -> Iterator[Fault]:
    """The map to probabilities, and the bands of the words."""
    for key in ("undetermined", "strong", "moderate"):
        band = getattr(fit, key)
        if band and band[0] > band[1]:
            yield ("calibration", key), key, "ends before it begins"
    for key in ("slope", "saturation"):
        if getattr(fit, key) <= 0:
            yield ("calibration", key), key, _TOO_LOW.format(getattr(fit, key))
    if not 0 <= fit.tail <= 1:
        yield ("calibration", "tail"), "tail", f"is {fit.tail:g}; allowed: 0 to 1"
    for key in ("binding", "persuasive"):
        value = getattr(fit, key)
        if not 0.5 <= value <= 1 or (Fraction(str(value)) * 10_000).denominator != 1:
            yield ("calibration", key), key, f"is {value:g}; allowed: a probability of 0.5 to 1, in four decimals"


def _weights(weighing: Weighing) -> Iterator[tuple[Path_, float]]:
    """Every number that is added up."""
    yield ("overlap",), weighing.overlap
    yield ("cluster_cap",), weighing.cluster_cap
    for at, table in (
        (("strengths",), weighing.strengths),
        (("starts",), weighing.starts),
        (("design", "strengths"), weighing.design.strengths),
        (("design", "starts"), weighing.design.starts),
        *((("group_caps", node), caps) for node, caps in weighing.group_caps.items()),
    ):
        for name, value in table.items():
            yield (*at, name), value


class _Report(BaseModel, defer_build=True):
    """One way in which a case is cited."""

    cite: str = Field(min_length=1)


class _Record(BaseModel, defer_build=True):
    """What of an authority's record is written into documents; what else it holds is not looked at here."""

    kind: str = ""
    name: str = ""
    act: str = ""
    section: str = ""
    short: str = ""
    cite: str = ""
    year: str = ""
    status: str = ""
    reports: tuple[_Report, ...] = ()
    medium_neutral: _Report | None = None
    pinpoints: dict[str, dict[str, Any]] = {}
    in_force: Span = Field(default_factory=Span)

    @model_validator(mode="after")
    def _can_be_cited(self) -> Self:
        needs = ("act", "section", "short") if self.kind == "provision" else ("name",)
        missing = [key for key in needs if not getattr(self, key)]
        if missing:
            raise ValueError(f"has no {' and no '.join(missing)}, by which a {self.kind or 'record'} is cited")
        return self


def records(found: Mapping[str, Mapping[str, Any]]) -> Iterator[Fault]:
    """Authorities that could not be cited: without what their kind is cited by, or with fields of another form."""
    for name, record in found.items():
        try:
            _Record.model_validate({key: value for key, value in record.items() if value is not None})
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                yield (name, *fault["loc"]), name, words(fault, _Record)[0]


def report(reader: Reader, file: str, found: Iterator[Fault]) -> None:
    """Faults of one file, with their lines."""
    for at, subject, what in found:
        reader.fault(file, at, subject, what)
