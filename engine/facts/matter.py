"""A matter: one owner's land as written in a fact set, checked, with the source of every value.

A fact set has base facts and, where parcels differ, overrides per parcel; each parcel is assessed alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Protocol, get_args

from caprev import limits
from caprev.errors import BadInput, Problem, echoed, listing, nearest
from caprev.facts import derivations as derived
from caprev.facts.derivations import AS_AT, Contradiction, Derivations, Step
from caprev.facts.knowledge import Choice, Knowledge, Range
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.files.reading import Path_, Source, Value
from caprev.once import cached_property

Standing = Literal["documented", "stated", "disputed", "assumed"]
TOLD = frozenset({"value", "source", "standing", "note"})
"""What may be said of a fact."""
MATTER_KEYS = ("id", "title", "questions", "period", "scheme", "as_at", "complete", "statements", "notes", "pack")
_LENGTHS = {"id": limits.ID, "title": limits.TITLE}
# Decided cases and comparators are fact sets too; what they say besides facts is read elsewhere.
RECORD_KEYS = (
    "id",
    "authority",
    "name",
    "court",
    "level",
    "subject",
    "decided",
    "year",
    "date",
    "as_at",
    "outcome",
    "route",
    "confidence",
    "ratio",
    "because",
    "despite",
    "held",
    "treatment",
    "overruled",
    "comparator",
    "note",
)


class Mask(Protocol):
    """What is told instead of a value that may not be told: of a number in its unit, or of a date."""

    def tells(self, fact: Fact) -> bool:
        """Whether the values of a fact may be told as they are."""

    def number(self, fact: Fact, known: Knowledge, unit: str) -> str:
        """What stands for a number."""

    def when(self, known: Knowledge) -> str:
        """What stands for a date."""


@dataclass(frozen=True)
class Given:
    """What is known of one fact in one parcel, and where that comes from.

    `derived_from` names the facts it follows from, if it was not written by a person; `reason` says why. Where a
    written value was narrowed by what follows from others, `written` is what the person wrote. A number or a date that
    has a `mask` is told by it, whoever tells it.
    """

    fact: Fact
    knowledge: Knowledge
    source: str = ""
    standing: Standing | None = None
    note: str = ""
    at: Path_ = ()
    derived_from: tuple[str, ...] = ()
    reason: str = ""
    written: Knowledge | None = None
    mask: Mask | None = field(default=None, repr=False, compare=False)

    @property
    def hidden(self) -> Mask | None:
        """The mask of a value that is a number or a date: other values are words of the vocabulary."""
        masked = self.mask and self.fact.type in ("int", "number", "date") and not self.mask.tells(self.fact)
        return self.mask if masked else None


@dataclass(frozen=True)
class Parcel:
    """One lot, stage or group of lots with its own facts. Facts left out are unknown.

    `complete` is false where it is said that the facts were cut short, as those of published decisions are.
    """

    id: str
    title: str
    facts: Mapping[str, Given]
    complete: bool = True

    @cached_property
    def known(self) -> Mapping[str, Knowledge]:
        """Knowledge by fact name."""
        return {name: given.knowledge for name, given in self.facts.items()}


@dataclass(frozen=True)
class Matter:
    """One owner's land: what the fact set says of the matter itself, and its parcels.

    `unweighed` lists what a published decision on this very matter is noted to have left unweighed.
    """

    file: str
    about: Mapping[str, Any]
    parcels: tuple[Parcel, ...]
    as_at: str
    unweighed: tuple[str, ...]
    sha256: str = field(repr=False)

    @property
    def id(self) -> str:
        """The matter's id, or nothing."""
        return str(self.about.get("id") or "")


def load(
    source: Source, vocabulary: Vocabulary, derivations: Derivations, default_as_at: str, pack: str = ""
) -> Matter:
    """A matter from its file. Raises BadInput with every problem: unknown facts, wrong types, contradictions.

    `pack` is the body of law that it is read for, if that has a name: a matter that says another is of other facts.
    """
    reader = _Reader(source, vocabulary)
    if not isinstance(source.data, dict):
        raise BadInput(Problem("is not a fact set (a mapping of sections)", source.file, 1))
    about = reader.about(source.data)
    if pack and about.get("pack") and str(about["pack"]).strip() != pack:
        what, line = f"is '{echoed(str(about['pack']))}', but '{pack}' is asked for", source.line(("matter", "pack"))
        raise BadInput(Problem(what, source.file, line, "matter.pack", fix="Ask for one pack"))
    base = reader.facts(source.data, ())
    parcels = reader.parcels(source.data.get("parcels"), base)
    written = about.get("as_at") or dated(source.data) or default_as_at
    as_at = str(written).strip()
    try:
        clock = {AS_AT.name: AS_AT.read(written)}
    except ValueError as error:
        at: Path_ = ("matter", "as_at") if about.get("as_at") else ("as_at",)
        reader.problem(at, f"as_at {error}", "matter.as_at")
        clock = {}
    complete = reader.complete(about)
    done = [reader.completed(replace(parcel, complete=complete), derivations, clock) for parcel in parcels]
    if reader.problems:
        raise BadInput(reader.problems, reader.untold)
    comparator = source.data.get("comparator")
    unweighed = comparator.get("unweighed") if isinstance(comparator, dict) else None
    left = tuple(map(str, unweighed)) if isinstance(unweighed, list) else ()
    return Matter(source.file, about, tuple(done), as_at, left, fingerprint(about, done))


def dated(record: Mapping[str, Any]) -> str:
    """As at which date the record of a decided matter is assessed: what it says, else the year in which it was decided;
    nothing where it says neither. One rule for every command, so that all assess old matters as at the same date."""
    year = str(record.get("year") or record.get("date") or "")[:4]
    return str(record.get("as_at") or (year if year.isdigit() else ""))


def bare(value: Value, vocabulary: Vocabulary, name: str) -> Value:
    """What is said of a fact, without its source, standing and note. Raises ValueError where these are not well formed,
    or where it is disputed and that is a fact of its own, which the reading of a whole matter draws."""
    if not isinstance(value, dict) or "value" not in value:
        return value
    standing, texts = value.get("standing"), [value.get(key) for key in ("source", "note")]
    sound = TOLD.issuperset(value) and standing in (None, *get_args(Standing))
    sound &= all(text is None or (isinstance(text, str) and len(text) <= limits.TEXT) for text in texts)
    if not sound or (standing == "disputed" and name in vocabulary.disputable):
        raise ValueError(f"{name} is not told plainly")
    return value["value"]


def _plain(knowledge: Knowledge) -> Any:
    if isinstance(knowledge, Choice):
        return sorted(knowledge.values, key=str)
    if isinstance(knowledge, Range):
        return [repr(knowledge.low), repr(knowledge.high)]
    return [sorted(knowledge.included), sorted(knowledge.excluded)]


def fingerprint(about: Mapping[str, Any], parcels: Iterable[Parcel]) -> str:
    """SHA-256 of everything a person wrote, whatever the order of keys."""
    written = {
        "matter": about,
        "parcels": [
            [
                parcel.id,
                parcel.title,
                {
                    name: [_plain(given.written or given.knowledge), given.source, given.standing, given.note]
                    for name, given in parcel.facts.items()
                    if given.at
                },
            ]
            for parcel in parcels
        ],
    }
    return hashlib.sha256(json.dumps(written, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _sorted(value: Value) -> Value:
    """The value with the keys of every mapping in order: how a person ordered them says nothing."""
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    return {key: _sorted(value[key]) for key in sorted(value)} if isinstance(value, dict) else value


class _Reader:
    """Reads one file, collecting problems with their lines; when there are more than anyone reads, it counts them."""

    def __init__(self, source: Source, vocabulary: Vocabulary) -> None:
        self.source = source
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []
        self.untold = 0

    @property
    def full(self) -> bool:
        """Whether faults are only counted: a file with hundreds of them is another kind of file."""
        return len(self.problems) >= limits.TOLD

    def problem(self, path: Path_, what: object, subject: str = "", allowed: str = "", fix: str = "") -> None:
        if self.full:
            self.untold += 1
        else:
            line = self.source.line(path)
            self.problems.append(Problem(str(what), self.source.file, line, subject, allowed, fix, path))

    def nearest(self, name: str, known: Iterable[str] | None = None) -> str:
        """The closest of some names, or of all facts, while faults are told."""
        if self.full:
            return ""
        return self.vocabulary.nearest(name) if known is None else nearest(name, known)

    def text(self, path: Path_, value: Value, subject: str, what: str = "is", most: int = limits.TEXT) -> None:
        """A fault where something is not text, or too much of it."""
        if value is not None and not isinstance(value, str):
            self.problem(path, f"{what} not text", subject, "text")
        elif value is not None and len(value) > most:
            self.problem(path, f"{what} {len(value):,} characters long", subject, f"at most {most:,}")

    def about(self, data: dict[str, Value]) -> dict[str, Any]:
        top = [*self.vocabulary.sections, "matter", "facts", "parcels", "set_aside", *RECORD_KEYS]
        for key in data:
            if key not in top:
                allowed, fix = listing(self.vocabulary.sections), self.nearest(key, top) or self.nearest(key)
                self.problem((key,), "is not a section of the vocabulary", key, allowed, fix)
        matter = data.get("matter")
        if matter is None:
            return {}
        if not isinstance(matter, dict):
            self.problem(("matter",), "is not a mapping", "matter", listing(MATTER_KEYS))
            return {}
        for key in matter:
            if key not in MATTER_KEYS:
                allowed, fix = listing(MATTER_KEYS), self.nearest(key, MATTER_KEYS)
                self.problem(("matter", key), "is not known here", f"matter.{key}", allowed, fix)
        for key in ("id", "title", "period", "scheme", "pack"):
            self.text(("matter", key), matter.get(key), f"matter.{key}", most=_LENGTHS.get(key, limits.TEXT))
        questions = matter.get("questions")
        if isinstance(questions, list) and len(questions) > limits.LISTED:
            what, allowed = f"lists {len(questions):,} questions", f"at most {limits.LISTED}"
            self.problem(("matter", "questions"), what, "matter.questions", allowed)
        self.statements(matter.get("statements"))
        return {key: _sorted(value) for key, value in matter.items()}

    def statements(self, written: Value) -> None:
        """Facts in free words: sentences, or a list of them, which documents tell and nothing weighs."""
        at: Path_ = ("matter", "statements")
        rows = written if isinstance(written, list) else [written]
        if len(rows) > limits.LISTED:
            self.problem(at, f"lists {len(rows):,} statements", "matter.statements", f"at most {limits.LISTED}")
        for place, row in enumerate(rows):
            self.text((*at, place) if isinstance(written, list) else at, row, "matter.statements")

    def complete(self, about: Mapping[str, Any]) -> bool:
        """Whether the facts are all there are to know, so far as the fact set says."""
        written = about.get("complete")
        if written not in (None, "true", "false"):
            self.problem(("matter", "complete"), f"is '{echoed(str(written))}'", "matter.complete", "true or false")
        return written != "false"

    def facts(self, data: dict[str, Value], at: Path_) -> dict[str, Given]:
        """Facts from sections, and from `facts` in flat or nested form."""
        found: dict[str, Given] = {}
        for section in self.vocabulary.sections:
            if section in data:
                self._section(section, data[section], (*at, section), found)
        extra = data.get("facts")
        if isinstance(extra, dict):
            for key, value in extra.items():
                if "." in key:
                    self._fact(key, value, (*at, "facts", key), found)
                elif key in self.vocabulary.sections:
                    self._section(key, value, (*at, "facts", key), found)
                else:
                    self.problem((*at, "facts", key), "is not in the vocabulary", key, fix=self.nearest(key))
        elif extra is not None:
            self.problem((*at, "facts"), "is not a mapping of section.fact to value", "facts")
        return found

    def _section(self, section: str, data: Value, at: Path_, found: dict[str, Given]) -> None:
        if data is None:
            return
        if not isinstance(data, dict):
            self.problem(at, "is not a mapping of facts", section, listing(self.vocabulary.sections[section]))
            return
        for key, value in data.items():
            self._fact(f"{section}.{key}", value, (*at, key), found)

    def _fact(self, name: str, value: Value, at: Path_, found: dict[str, Given]) -> None:
        if name not in self.vocabulary:
            self.problem(at, "is not in the vocabulary", name, fix=self.nearest(name))
            return
        if name in found:
            first = self.source.line(found[name].at)
            self.problem(at, f"is given twice (first on line {first})", name, fix="Keep one of them")
            return
        fact = self.vocabulary[name]
        told: dict[str, Value] = {}
        if isinstance(value, dict) and "value" in value:
            told = value
            for key in told:
                if key not in TOLD:
                    self.problem(
                        (*at, key), f"'{echoed(key)}' is not known here", name, "value, source, standing, note"
                    )
            value = told["value"]
        for key in ("source", "note"):
            self.text((*at, key), told.get(key), name, f"has a {key} that is")
        standing = told.get("standing")
        if standing is not None and standing not in get_args(Standing):
            self.problem(
                (*at, "standing"), f"has the standing '{echoed(str(standing))}'", name, listing(get_args(Standing))
            )
            standing = None
        try:
            knowledge = fact.read(value)
        except ValueError as error:
            self.problem(at, error, name)
            return
        # A parcel that says unknown says so of what holds for the others too; a blank says nothing.
        if value is not None:
            found[name] = Given(
                fact,
                knowledge,
                str(told.get("source") or ""),
                standing,  # type: ignore[arg-type]
                str(told.get("note") or ""),
                at,
            )

    def learnt(self, facts: dict[str, Given]) -> dict[str, Given]:
        """The facts of which something is known, and that what is marked as disputed is disputed."""
        found = {name: given for name, given in facts.items() if given.knowledge != given.fact.unknown}
        for name, fact in self.vocabulary.disputes.items():
            marked = [found[other] for other in fact.disputes if other in found and found[other].standing == "disputed"]
            if marked and name not in facts:
                found[name] = Given(
                    fact, Choice(frozenset({True})), marked[0].source, None, marked[0].note, marked[0].at
                )
        return found

    def parcels(self, data: Value, base: dict[str, Given]) -> list[Parcel]:
        if data is None:
            return [Parcel("all", "", self.learnt(base))]
        if not isinstance(data, list) or not data:
            self.problem(("parcels",), "is not a list of parcels", "parcels")
            return []
        if len(data) > limits.PARCELS:
            what, fix = f"lists {len(data):,} parcels", "Assess so many as a portfolio (caprev batch), a row for each"
            self.problem(("parcels",), what, "parcels", f"at most {limits.PARCELS}", fix)
            return []
        done: dict[str, Parcel] = {}
        for index, entry in enumerate(data):
            at: Path_ = ("parcels", index)
            if not isinstance(entry, dict):
                self.problem(at, "is not a mapping", "parcels")
                continue
            for key, what in (("id", "has an id that is"), ("title", "has a title that is")):
                self.text((*at, key), entry.get(key), "parcels", what, _LENGTHS[key])
            ident = str(entry.get("id") or f"parcel-{index + 1}")
            if ident in done:
                self.problem(at, f"the id '{echoed(ident)}' is used twice", "parcels")
            for key in entry:
                if key not in ("id", "title", "facts", "set_aside", *self.vocabulary.sections):
                    self.problem((*at, key), "is not a section of the vocabulary", key, fix=self.nearest(key))
            facts = self.learnt({**base, **self.facts(entry, at)})
            done[ident] = Parcel(ident, str(entry.get("title") or ""), facts)
        return list(done.values())

    def completed(self, parcel: Parcel, derivations: Derivations, clock: dict[str, Knowledge]) -> Parcel:
        """The parcel with everything that follows from its facts."""
        try:
            steps = derived.derive(derivations, {**parcel.known, **clock})
        except Contradiction as error:
            step = error.step
            lines = {name: self.source.line(given.at) for name, given in parcel.facts.items() if name in error.roots}
            line = lines.pop(step.fact, 0) or max(lines.values(), default=0)
            where = ", ".join(f"{name} (line {at})" for name, at in lines.items())
            found = Problem(
                f"contradicts {where or ', '.join(step.rests_on)}: {step.says}",
                self.source.file,
                line,
                step.fact,
                fix="Correct one of them, or leave the doubtful one out",
                at=parcel.facts[step.fact].at if step.fact in parcel.facts else (),
            )
            if found not in self.problems:  # facts that parcels share contradict each other in all of them
                self.problems.append(found)
            return parcel
        return followed(parcel, steps, derivations, self.vocabulary, clock)


def followed(
    parcel: Parcel,
    steps: Iterable[Step],
    derivations: Derivations,
    vocabulary: Vocabulary,
    clock: Mapping[str, Knowledge],
) -> Parcel:
    """A parcel of written facts with the steps of what follows from them."""
    facts = dict(parcel.facts)
    for step in steps:
        given = facts.get(step.fact)
        if given is None:
            fact = vocabulary[step.fact] if step.fact in vocabulary else derivations.facts[step.fact]
            facts[step.fact] = Given(fact, step.knowledge, derived_from=step.rests_on, reason=step.says)
        else:
            facts[step.fact] = replace(
                given, knowledge=step.knowledge, derived_from=step.rests_on, reason=step.says, written=given.knowledge
            )
    if clock:
        facts[AS_AT.name] = Given(
            AS_AT, clock[AS_AT.name], derived_from=("matter.as_at",), reason="the date of assessment"
        )
    return replace(parcel, facts=facts)
