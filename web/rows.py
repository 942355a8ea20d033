"""What the pages of a matter show, worked out from what is saved: its sections, the facts of one, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from caprev.facts.vocabulary import Fact, worded
from caprev_web import controls, factsets, host, saving, strict
from caprev_web.controls import Control
from caprev_web.models import Comment, Entry, Matter

WHOLE = ""


@dataclass(frozen=True)
class Section:
    """One section of the vocabulary as the list of sections shows it."""

    name: str
    words: str
    total: int
    known: int
    telling: int
    problems: int


@dataclass(frozen=True)
class Row:
    """One fact of a section: its question and control, what was understood, and what is wrong, open or derived."""

    control: Control
    entry: Entry | None
    words: str
    inherited: str
    own: bool
    as_for: str
    clashes: tuple[str, ...]
    question: host.Question | None
    derived: host.Derived | None
    comments: tuple[Comment, ...]
    source: str = ""
    standing: str = ""
    note: str = ""

    @property
    def fact(self) -> Fact:
        """The fact."""
        return self.control.fact

    @property
    def seen(self) -> int:
        """The version of the entry that this row shows."""
        return int(self.entry.version) if self.entry else 0

    @property
    def problem(self) -> str:
        """Why what was typed last is not understood; empty if it is."""
        return str(self.entry.problem) if self.entry else ""


@dataclass(frozen=True)
class View:
    """A matter as it stands now, for one parcel of it (or for what holds for all)."""

    matter: Matter
    parcel: str
    entries: Mapping[tuple[str, str], Entry]
    text: str
    read: host.Read
    standing: list[Any]
    questions: Mapping[str, host.Question]
    comments: Mapping[tuple[str, str], tuple[Comment, ...]] = field(default_factory=dict)
    story: tuple[str, ...] = ()

    @property
    def pack(self) -> str:
        """The body of law."""
        return saving.pack_of(self.matter)

    @property
    def known(self) -> Mapping[str, Fact]:
        """All facts that there are."""
        return host.vocabulary(self.pack).facts

    @property
    def strict(self) -> bool:
        """Whether its body of law has strict rules only."""
        return host.strict(self.pack)

    @property
    def called(self) -> host.Called:
        """What its body of law calls things."""
        return host.called(self.pack)

    @property
    def events(self) -> str:
        """The section of the facts of an event, where its law has events."""
        return host.events(self.pack)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What may happen, where its law has events."""
        return tuple(host.vocabulary(self.pack)[f"{self.events}.kind"].values) if self.events else ()

    @cached_property
    def ordered(self) -> list[Any]:
        """Where it stands, what the page is about first."""
        return sorted(self.standing, key=lambda item: bool(self.parcel) and item.parcel != self.parcel)

    @cached_property
    def ways(self) -> Any:
        """Ways that its law sets side by side, with which is better."""
        return strict.verdicts(self.text, self.pack) if self.compares and self.read.matter is not None else ()

    @property
    def compares(self) -> bool:
        """Whether its law sets ways side by side."""
        return self.strict and bool(host.book(self.pack).regimes)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What each parcel or event is called."""
        told = {item.parcel: item.title for item in self.standing if item.title}
        return {part["id"]: told.get(part["id"]) or part.get("title") or part["id"] for part in self.matter.parcels}

    def _shown(self, section: str) -> bool:
        """Facts of an event are asked on its own page."""
        return section != self.events or bool(self.parcel)

    @property
    def problems(self) -> tuple[host.Told, ...]:
        """Why nothing can be concluded now."""
        return self.read.problems

    def clashes(self, fact: str) -> tuple[str, ...]:
        """What is wrong with a fact beside others."""
        return tuple(problem.says for problem in self.problems if fact in problem.facts)

    @cached_property
    def sections(self) -> list[Section]:
        """All sections, with how much is known in each and what is asked for most."""
        found = []
        sections = host.vocabulary(self.pack).sections
        for name, facts in sorted(sections.items(), key=lambda item: item[0] != self.events):
            if not self._shown(name):
                continue
            names = [f"{name}.{fact}" for fact in facts]
            known = sum(self._known(fact) for fact in names)
            telling = sum(fact in self.questions and self.questions[fact].telling for fact in names)
            wrong = sum(bool(self.clashes(fact) or self._problem(fact)) for fact in names)
            found.append(Section(name, worded(name), len(names), known, telling, wrong))
        return found

    def entry(self, fact: str) -> Entry | None:
        """What is written of a fact of this parcel, if anything is."""
        return self.entries.get((self.parcel, fact))

    def _known(self, fact: str) -> bool:
        entry = self.entry(fact)
        if entry is None or entry.value is None:
            entry = self.entries.get((WHOLE, fact))
        return entry is not None and entry.value not in (None, controls.UNKNOWN)

    def _problem(self, fact: str) -> bool:
        entry = self.entry(fact)
        return entry is not None and bool(entry.problem)

    def rows(self, section: str) -> list[Row]:
        """The facts of a section, in the order of the vocabulary."""
        names = host.vocabulary(self.pack).sections.get(section, ())
        derived = self._derived
        return [self._row(f"{section}.{name}", derived) for name in names]

    def row(self, fact: str) -> Row:
        """One fact."""
        return self._row(fact, self._derived)

    @cached_property
    def _derived(self) -> Mapping[str, host.Derived]:
        if self.read.matter is None:
            return {}
        if self.strict:
            return strict.derived(self.read.matter, self.pack, self.parcel)
        return host.derived(self.read.matter, self.parcel)

    def _row(self, name: str, derived: Mapping[str, host.Derived]) -> Row:
        fact, entry = host.vocabulary(self.pack)[name], self.entry(name)
        base = self.entries.get((WHOLE, name)) if self.parcel else None
        value = entry.value if entry else None
        shown = controls.control(fact, value, entry.typed if entry and entry.problem else None)
        return Row(
            shown,
            entry,
            host.in_words(fact, value),
            host.in_words(fact, base.value) if base else "",
            bool(self.parcel) and not name.startswith(f"{self.events or '.'}."),
            "As for the matter" if self.strict else f"As for all {self.called.many}",
            self.clashes(name),
            self.questions.get(name),
            derived.get(name) if value in (None, controls.UNKNOWN) else None,
            self.comments.get((self.parcel, name), ()),
            entry.source if entry else "",
            entry.standing if entry else "",
            entry.note if entry else "",
        )


def view(matter: Matter, parcel: str = WHOLE) -> View:
    """A matter as it stands now."""
    entries = saving.entries_of(matter)
    text, pack = factsets.text(matter, entries), saving.pack_of(matter)
    read = host.read(text, pack=pack)
    standing: list[Any] = []
    questions: dict[str, host.Question] = {}
    story: dict[str, None] = {}
    if read.matter is not None and host.strict(pack):
        standing = list(strict.standing(text, pack))
        questions = strict.questions(standing, parcel, host.events(pack))
    elif read.matter is not None:
        position = saving.position_of(matter)
        standing = list(host.standing(text, position, pack))
        for analysis in host.assessed(text, position, pack).analyses:
            if parcel in (WHOLE, analysis.parcel.id):
                story |= dict.fromkeys(host.story(analysis))
                for item in analysis.missing:
                    if not item.idle:
                        questions.setdefault(item.fact, host.question(item))
    said: dict[tuple[str, str], list[Comment]] = {}
    for comment in matter.comments.select_related("by", "resolved_by"):
        said.setdefault((comment.parcel, comment.fact), []).append(comment)
    comments = {place: tuple(found) for place, found in said.items()}
    by_place = {(entry.parcel, entry.fact): entry for entry in entries}
    return View(matter, parcel, by_place, text, read, standing, questions, comments, tuple(story))


def parcel_of(matter: Matter, wanted: Any) -> str:
    """The parcel that is asked for, if the matter has it."""
    return str(wanted) if str(wanted) in [parcel["id"] for parcel in matter.parcels] else WHOLE
