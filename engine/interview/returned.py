"""A questionnaire that came back: its answers taken into a fact set, and nothing of what was written lost.

Each row names its fact in square brackets, and what stands beside it is heard as the interview hears an answer. What
is not understood, or does not fit what is known, changes no fact: it is kept among the notes of the matter, and told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from caprev.errors import BadInput, Problem
from caprev.facts.answers import Answer, parse
from caprev.facts.in_words import describe
from caprev.facts.knowledge import Knowledge, Subset
from caprev.facts.matter import Given
from caprev.facts.phrases import options
from caprev.facts.vocabulary import Fact, worded
from caprev.files import editing, reading
from caprev.files.reading import textual
from caprev.files.word import Office, Row
from caprev.interview.fact_set import Written
from caprev.reasoning.assess import Assessor

_NAME = re.compile(r"\[([a-z_]+\.[a-z_0-9]+)\]")
_STATEMENTS = "matter.statements"
_BOX = re.compile(r"([\u2610\u2611\u2612\u2713\u2714\u25a0\u25a1])\s*([^\u2610\u2611\u2612\u2713\u2714\u25a0\u25a1]*)")
_EMPTY = "\u2610\u25a1"
TAKEN, BLANK, UNHEARD, APART = "taken", "blank", "not understood", "does not fit"


@dataclass(frozen=True)
class Terms:
    """The set words of a questionnaire: what stands in an empty place, and what is offered to choose from."""

    empty: tuple[str, ...]
    paper: str
    memory: str
    guess: str
    complete: str
    all: str
    more: str
    familiar: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """What became of one answer: its fact, where it stands, what was said, and what was made of it or why nothing."""

    fact: str
    place: str
    said: str
    state: str
    told: str = ""


@dataclass(frozen=True)
class Filled:
    """A fact set with the answers in it, line by line; `loose` is what was written outside the places for answers."""

    text: str
    lines: tuple[Line, ...]
    loose: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether every answer that was given was taken."""
        return all(line.state in (TAKEN, BLANK) for line in self.lines)


def fill(assessor: Assessor, path: str | Path, office: Office, terms: Terms, parcel: str = "") -> Filled:
    """The fact set at a path with the answers of a questionnaire. Raises BadInput for a file that holds no
    questionnaire, for rows that name no fact of the vocabulary, and for a fact that is asked twice."""
    rows = _rows(assessor, office)
    return _Filling(assessor, Written(path, parcel, whole=not parcel), office, terms).filled(rows)


def _rows(assessor: Assessor, office: Office) -> list[tuple[str, Row]]:
    """The rows that name a fact."""
    found: dict[str, Row] = {}
    problems = []
    for row in office.rows:
        for name in _NAME.findall(" ".join(row.cells)):
            if name != _STATEMENTS and name not in assessor.book.vocabulary:
                fix = assessor.book.vocabulary.nearest(name)
                problems.append(
                    Problem(f"{row.place} is about a fact that there is not", office.file, 0, name, fix=fix)
                )
            elif name in found:
                what = f"{row.place} answers what {found[name].place} answers too"
                problems.append(Problem(what, office.file, 0, name, fix="Leave one of the two rows in the file"))
            else:
                found[name] = row
    if not found and not problems:
        what = "has no row of a questionnaire: no cell names its fact in square brackets"
        fix = "'caprev draft MATTER.yaml --template questionnaire --to ask.docx' makes one to send"
        problems.append(Problem(what, office.file, fix=fix))
    if problems:
        raise BadInput(problems)
    return list(found.items())


class _Filling:
    def __init__(self, assessor: Assessor, file: Written, office: Office, terms: Terms) -> None:
        self.assessor, self.file, self.office, self.terms = assessor, file, office, terms
        self.origin = Path(office.file).name
        self.notes: list[str] = []
        self.stated: list[str] = []
        self._read()

    def _read(self) -> None:
        parcels = self.assessor.matter(self.file.source).parcels
        self.parcels = parcels if self.file.all_parcels else (parcels[self.file.parcel],)

    def filled(self, rows: Sequence[tuple[str, Row]]) -> Filled:
        lines = []
        for name, row in rows:
            place = next(index for index, cell in enumerate(row.cells) if f"[{name}]" in cell)
            said, known = (*row.cells[place + 1 : place + 3], "", "")[:2]
            beside = row.cells[place].partition(f"[{name}]")[2].strip()
            if name == _STATEMENTS:
                self._state(said, beside)
                continue
            line = self._line(self.assessor.book.vocabulary[name], row, said, known, beside)
            lines.append(line)
            if line.state in (UNHEARD, APART):
                self.notes.append(f"{self.origin}, {row.place}, {name}: '{line.said}' {line.state}: {line.told}")
        loose = tuple(self._loose())
        self.notes += [f"{self.origin}: {text}" for text in loose]
        self._add("notes", self.notes)
        self._add("statements", self.stated)
        return Filled(self.file.text, tuple(lines), loose)

    # one answer

    def _line(self, fact: Fact, row: Row, said: str, known: str, beside: str) -> Line:
        shown = self._written(said)
        more = [text for text in (self._written(known), f"beside the question: {beside}" if beside else "") if text]
        if not self._answered(fact, said):
            if more:
                return Line(fact.name, row.place, "; ".join(more), UNHEARD, "the place for the answer is empty")
            return Line(fact.name, row.place, "", BLANK)
        before = self._given(fact)
        try:
            heard = self._heard(fact, said, before)
        except ValueError as error:
            return Line(fact.name, row.place, "; ".join([shown, *more]), UNHEARD, str(error))
        if heard.value is None:
            if before is None:
                self.file.put(fact.name, "unknown")
            return Line(fact.name, row.place, shown, TAKEN, "not known")
        new = fact.read(textual(heard.value))
        if (apart := self._apart(fact, new)) is not None:
            return Line(fact.name, row.place, "; ".join([shown, *more]), APART, apart)
        told = describe(Given(fact, new))
        if before is not None and before == new:
            return Line(fact.name, row.place, shown, TAKEN, f"{told}, as the file has it")
        text = self.file.text
        self.file.put(fact.name, self._entry(row, heard, shown, known, beside))
        try:
            self._read()
        except BadInput as error:
            self.file.text = text
            reason = "; ".join(problem.what for problem in error.problems)
            return Line(fact.name, row.place, "; ".join([shown, *more]), APART, reason)
        return Line(fact.name, row.place, shown, TAKEN, told)

    def _answered(self, fact: Fact, said: str) -> bool:
        """Whether anything was written, ticked or chosen in the place for an answer."""
        if fact.type != "set":
            return bool(self._written(said))
        lead, boxes, all_ = self._boxes(said)
        return bool(lead or all_ or any(mark not in _EMPTY for mark, _ in boxes) or self._strange(fact, boxes))

    def _heard(self, fact: Fact, said: str, before: Knowledge | None) -> Answer:
        """The answer. Raises ValueError."""
        if fact.type != "set":
            return parse(fact, said, before)
        lead, boxes, all_ = self._boxes(said)
        if strange := self._strange(fact, boxes):
            raise ValueError(f"beside the boxes stands '{strange}'")
        ticked = [value for mark, name in boxes if mark not in _EMPTY and (value := self._value(fact, name))]
        if lead:
            if ticked:
                raise ValueError(f"boxes are ticked, and beside them stands '{lead}'")
            return parse(fact, f"only {lead}" if all_ == self.terms.all else lead, before)
        if all_ not in ("", self.terms.all, self.terms.more):
            raise ValueError(f"to '{self.terms.complete}' the answer is '{all_}'")
        if not ticked:
            raise ValueError(f"no box is ticked, and it is said: {all_}. Is it none of them? {options(fact)}")
        if all_ == self.terms.all:
            return Answer(ticked)
        known = before if isinstance(before, Subset) else Subset(frozenset(), frozenset())
        names = {"includes": known.included | set(ticked), "excludes": known.excluded - set(ticked)}
        return Answer({key: [v for v in fact.values if v in chosen] for key, chosen in names.items() if chosen})

    def _boxes(self, said: str) -> tuple[str, list[tuple[str, str]], str]:
        """What stands before the boxes, each with its mark, and the answer to whether that is all."""
        answer, _, all_ = said.partition(self.terms.complete)
        lead = answer[: found.start()] if (found := _BOX.search(answer)) else answer
        boxes = [(mark, " ".join(text.split())) for mark, text in _BOX.findall(answer)]
        return self._written(lead), boxes, self._written(all_)

    def _value(self, fact: Fact, name: str) -> str | None:
        return next((value for value in fact.values if worded(value) == name), None)

    def _strange(self, fact: Fact, boxes: Sequence[tuple[str, str]]) -> str:
        """Words that the client put among the boxes."""
        return "; ".join(name for _, name in boxes if self._value(fact, name) is None)

    def _written(self, said: str) -> str:
        """What a person wrote; nothing where the place still says what is to be done there."""
        text = " ".join(said.split()).strip("_ ")
        return "" if text in self.terms.empty else text

    # what is known

    def _given(self, fact: Fact) -> Knowledge | None:
        """What the file says of a fact; None if nothing, or where parcels differ."""
        found = [parcel.facts.get(fact.name) for parcel in self.parcels]
        written = {given.written or given.knowledge for given in found if given and given.at}
        return written.pop() if len(written) == 1 and all(given and given.at for given in found) else None

    def _apart(self, fact: Fact, new: Knowledge) -> str | None:
        """Why an answer does not stand beside what the file has; None where it does."""
        for parcel in self.parcels:
            given = parcel.facts.get(fact.name)
            if given is None or not given.at:
                continue
            known = given.written or given.knowledge
            both = known.narrowed(new)
            if both == new:
                continue
            has = describe(Given(fact, known))
            return f"the file has {has}; both cannot be so" if both is None else f"the file has {has}, which says more"
        return None

    def _entry(self, row: Row, heard: Answer, said: str, known: str, beside: str) -> dict[str, Any]:
        how = self._written(known)
        notes = [heard.note] if heard.note else []
        if how == self.terms.paper:
            notes.append(f"the client says: {how}")
        elif how and how not in (self.terms.memory, self.terms.guess):
            notes.append(f"how it is known: {how}")
        notes += [f"written beside the question: {beside}"] if beside else []
        standing = "assumed" if how == self.terms.guess or heard.standing == "assumed" else "stated"
        entry = {"value": heard.value, "source": f"{self.origin}, {row.place}", "standing": standing}
        return entry | ({"note": "; ".join(notes)} if notes else {})

    # what is no answer

    def _state(self, said: str, beside: str) -> None:
        """What the client adds in free words: a statement, which documents tell and nothing weighs."""
        self.stated += [text for text in (self._written(said), beside) if text]

    def _loose(self) -> Iterator[str]:
        """What was written outside the tables, in rows that name nothing, and in comments."""
        for text in self.office.paragraphs:
            if not any(
                text == known or (known.endswith(":") and text.startswith(known)) for known in self.terms.familiar
            ):
                yield f"written outside the tables: {text}"
        for row in self.office.rows:
            if not _NAME.search(" ".join(row.cells)):
                own = [cell for cell in row.cells if self._written(cell) and cell not in self.terms.familiar]
                if own:
                    yield f"{row.place}, which names no fact: {' | '.join(own)}"
        yield from (f"comment: {text}" for text in self.office.comments)

    def _add(self, key: str, texts: Sequence[str]) -> None:
        """Adds to a list of the matter what is not in it yet."""
        data = self.file.source.data
        matter = data.get("matter") if isinstance(data, dict) else None
        held = matter.get(key) if isinstance(matter, dict) else None
        before = held if isinstance(held, list) else [held] if held else []
        fresh = [text for text in dict.fromkeys(texts) if text not in before]
        if fresh:
            self.file.text = editing.put(self.file.text, ("matter", key), [*before, *fresh])
            reading.parse(self.file.text, str(self.file.path))
