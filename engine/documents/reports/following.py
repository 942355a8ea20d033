"""What follows in law, told to a reader: what applies, what waits on an answer, and the questions by their letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import ascii_lowercase

from caprev.argument import open_points
from caprev.argument.consequences import ITSELF, TOGETHER
from caprev.argument.grounds import Grounds as Named
from caprev.argument.reasons import Kind, Reason
from caprev.documents.content.model import Block
from caprev.documents.reports.telling import CHANGES, Telling, brackets, cite, paragraph
from caprev.documents.words import sentences
from caprev.documents.words.formulas import Formulas
from caprev.documents.words.grammar import second_person, upper_first
from caprev.documents.words.grounds import listed
from caprev.reasoning.answers import UNDETERMINED

_PLACES = ("first", "second", "third")


class Following:
    """What follows from the conclusion on one parcel."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.analysis, self.book = telling.analysis, telling.book
        self.earlier, self.first = telling.earlier, telling.first
        self._rows: frozenset[str] = frozenset()  # what followed for earlier parcels

    def told(self, section: Reason) -> Iterator[Block]:
        """What applies, with its figures; what waits on something, and on what; the others counted."""
        rows: list[str] = []
        before, self._rows = set(self.earlier.marks), frozenset(self.earlier.rows)
        waiting: dict[tuple[str, ...], list[str]] = {}
        late: dict[str, tuple[str, ...]] = {}
        hidden, formulas, reasons = 0, Formulas(), set[str]()
        for group in section.children:
            for reason in group.children:
                if reason.detail:
                    hidden += 1
                elif reason.kind == Kind.ANSWER and reason.named:
                    waits = self.marks(reason.named[0].ids)
                    ask = "questions" if len(waits) > 1 else "question"
                    on = f"{'here ' if self.first else ''}on {ask} {listed([f'({mark})' for mark in waits])}"
                    rows.append(f"{second_person(reason.heading).rstrip('.')}: it waits {on} below.")
                elif reason.kind == Kind.ANSWER and reason.upon:
                    how = "waits on" if reason.verdict == UNDETERMINED else "follows from"
                    rows.append(f"{second_person(reason.heading).rstrip('.')}: it {how} the answer above.")
                elif reason.kind == Kind.ANSWER and reason.text in reasons:
                    rows.append(f"{second_person(reason.heading)} The reason is the same.")
                elif reason.kind == Kind.ANSWER:
                    reasons.add(reason.text)
                    rows.append(self.row(f"{reason.heading} {reason.text}", reason.authority))
                elif reason.kind == Kind.FIGURE:
                    told = waiting[late[reason.rule]] if reason.rule in late else rows
                    told.append(self.row(formulas.short(reason.text), reason.authority))
                elif not reason.named:
                    rows.append(self.row(self.counted(reason.heading), reason.authority))
                else:
                    late[reason.rule] = tuple(reason.named[0].ids)
                    waiting.setdefault(late[reason.rule], []).append(second_person(reason.heading))
        if rows:
            yield self.telling.listing(rows)
        if waiting:
            yield paragraph(
                f"Not yet clear{' here' if self.first else ', until the questions in brackets are answered'}:"
            )
            open_ = [
                (self.titled(title.rstrip(".")), self.marks(waits))
                for waits, titles in waiting.items()
                for title in titles
            ]
            yield self.telling.listing([f"{title} ({', '.join(marks)})." for title, marks in open_])
        fresh = {name: mark for name, mark in self.earlier.marks.items() if name not in before}
        if fresh:
            yield paragraph("The questions are these:" if not before else "The questions that were not put above:")
            put = self.put()
            rows = [f"({mark}) {put.get(name) or self.asked(name)}" for name, mark in fresh.items()]
            yield self.telling.listing(rows)
        if hidden:
            far = f"further {'points are' if hidden > 1 else 'point is'}"
            yield paragraph(f"{hidden} {far} far from applying (--detail).")

    def counted(self, heading: str) -> str:
        """What follows by its title; signs that were counted for an earlier parcel too go by a shorter one."""
        title, together, found = heading.partition(TOGETHER)
        again = together and any(row.startswith(title) for row in self._rows)
        return f"On the signs named above, here{together.lower()}{found}" if again else heading

    def titled(self, title: str) -> str:
        """A title of what follows, whole for the first parcel of which it is told."""
        again = any(row.startswith(title) for row in self._rows)
        return f"{title.partition(', ')[0]}, as above" if again else title

    def row(self, text: str, authority: Sequence[str]) -> str:
        """What follows with its authority; in the same words as of an earlier parcel, where it followed there too."""
        text = second_person(text)
        whole = cite(text, brackets(authority))
        if whole in self.earlier.rows:
            return whole
        self.earlier.rows.add(whole)
        return cite(text, self.telling.bracketed(authority))

    def marks(self, names: Sequence[str]) -> list[str]:
        """The letters of the questions on which something waits, each given one when it is first met."""
        marks = self.earlier.marks
        for name in names:
            times, place = divmod(len(marks), len(ascii_lowercase))
            marks.setdefault(name, ascii_lowercase[place] * (times + 1))
        return sorted((marks[name] for name in names), key=lambda mark: (len(mark), mark))

    def put(self) -> dict[str, str]:
        """Where the first screen has put a question already, by the fact that it asks for."""
        front = [item.fact for item in self.analysis.telling[:CHANGES]]
        wanting = [name for name in open_points.decisive(Named(self.analysis)) if name not in front]
        below = "question put in full under the conclusion."
        put = {n: f"The {place} {below}" for n, place in zip(wanting, _PLACES, strict=False) if n in self.telling.asked}
        above = "question under 'What would most change it'."
        return put | {name: f"The {place} {above}" for name, place in zip(front, _PLACES, strict=False)}

    def asked(self, waits: str) -> str:
        """What something waits on: a fact or a point of law, by its question, else what is said of it."""
        book = self.book
        if waits in book.points:
            return book.points[waits].question
        if waits in book.vocabulary:
            return sentences.ask(book.vocabulary[waits].ask)
        return f"{upper_first(waits)} above, which is open." if waits == ITSELF else f"{upper_first(waits)}."
