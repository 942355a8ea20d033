"""What every template writes with: wordings into runs, citations, comments to the officer, parts in order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from caprev.documents.content.model import (
    Block,
    Document,
    Heading,
    Inline,
    Item,
    Listing,
    Paragraph,
    Part,
    Remark,
    Run,
    Style,
)
from caprev.documents.words.citations import Cite, Citer
from caprev.documents.words.grammar import upper_first
from caprev.documents.words.phrases import Phrases
from caprev.documents.words.wordings import Passage
from caprev.facts.knowledge import Knowledge
from caprev.law.models import Cited

MOST_COMMENTS = 15
_SLOT = re.compile(r"\{([@^&]?)([^{}]+)\}")
Filling = str | Sequence[Inline]


class Writer:
    """Writes one document from front to back; footnotes and short citations count on that order.

    `comments` is off in an edited version, where nothing is addressed to the officer; `to_check` is what the officer
    has to look at and has no comment of its own, `left_out` the citations that were not checked.
    """

    def __init__(self, phrases: Phrases, comments: bool = True) -> None:
        self.phrases = phrases
        self.citer = Citer(phrases)
        self.comments = comments
        self.parts: list[Part] = []
        self.to_check: dict[str, None] = {}
        self.left_out: dict[str, list[str]] = {}
        self.asked: dict[str, str] = {}  # what waits on a question names it by its letter once it has been put
        self._blocks: list[Block] = []
        self._remarks = 0
        self._turns: Counter[str] = Counter()
        self._said: set[str] = set()

    # parts and blocks

    def part(self, name: str) -> None:
        """Ends the part being written, under its name."""
        self.parts.append(Part(name, tuple(self._blocks)))
        self._blocks = []

    def add(self, *blocks: Block) -> None:
        """Puts blocks at the end of the part that is being written."""
        self._blocks += blocks

    def heading(self, level: int, text: str, /, rule: str = "", fresh: bool = False, **values: Filling) -> None:
        """A heading; `fresh` begins a page."""
        self.add(Heading(level, self.text(text, **values), rule, fresh))

    def paragraph(self, text: str, /, style: Style = "", rule: str = "", **values: Filling) -> None:
        """A paragraph of a wording; nothing for an empty one."""
        if text:
            self.add(Paragraph(self.text(text, **values), style, rule))

    def bullets(self, items: Iterable[Item | str], rule: str = "") -> None:
        """A list of items or wordings; nothing if there are none."""
        done = tuple(item if isinstance(item, Item) else Item(self.text(item), rule) for item in items)
        if done:
            self.add(Listing(done))

    def finish(self, title: str, subject: str, date: str, mark: str) -> Document:
        """The document, of all parts written."""
        return Document(title, subject, date, mark, tuple(self.parts))

    # wordings

    def text(self, wording: str, /, **values: Filling) -> tuple[Inline, ...]:
        """A wording as inline elements: `{@authority}`, `{^authority pinpoint}` and `{name}` filled in.

        `{&authority}` only notes that the authority is relied on, where the wording names it in its own way.
        """
        done: list[Inline] = []
        position = 0
        for match in _SLOT.finditer(wording):
            self._literal(done, wording[position : match.start()])
            position = match.end()
            sign, name = match.groups()
            if sign == "@":
                self._name(done, name, first=not done or wording[: match.start()].endswith((". ", "? ")))
            elif sign == "&":
                self.relied_on([name])
            elif sign == "^":
                authority, _, pinpoint = name.partition(" ")
                self.cite(done, [Cite(authority, pinpoint)])
            else:
                filling = values.get(name, "")
                if isinstance(filling, str):
                    done += [Run(filling)] if filling else []
                else:
                    done += filling
        self._literal(done, wording[position:])
        return tuple(done)

    def _literal(self, done: list[Inline], text: str) -> None:
        if text:
            done.append(Run(text, law=True))

    def turn(self, path: str) -> str:
        """A set phrase; of several at a path, the next in turn, so that no page says one thing in one way only."""
        ways = self.phrases.listed(path)
        if not ways:
            return self.phrases(path)
        self._turns[path] += 1
        return ways[(self._turns[path] - 1) % len(ways)]

    def plain(self, text: str, bold: bool = False, italic: bool = False) -> tuple[Inline, ...]:
        """Text of the fact set, as it is."""
        return (Run(text, italic, bold),) if text else ()

    def remark(self, inlines: Sequence[Inline], comment: str) -> tuple[Inline, ...]:
        """The inline elements with a comment on their runs, if comments are written at all."""
        if not (self.comments and comment):
            return tuple(inlines)
        if self._remarks >= MOST_COMMENTS:
            self.to_check[comment] = None
            return tuple(inlines)
        runs = tuple(inline for inline in inlines if isinstance(inline, Run))
        rest = tuple(inline for inline in inlines if not isinstance(inline, Run))
        self._remarks += bool(runs)
        return (Remark(runs, comment), *rest) if runs else tuple(inlines)

    # authorities

    def _name(self, done: list[Inline], authority: str, first: bool) -> None:
        runs = self.citer.in_text(authority)
        if first:
            runs = [Run(upper_first(runs[0].text), runs[0].italic, runs[0].bold, runs[0].law), *runs[1:]]
        left_out = self.citer.left_out(authority)
        if left_out:
            record = self.citer.record(authority)
            self.left_out[str(record.get("short") or record["name"])] = left_out
        done += self.remark(runs, " ".join(self._status(authority)))

    def _status(self, authority: str) -> list[str]:
        alarm = self.citer.alarm(authority)
        if not alarm or not self._once(f"status {authority}"):
            return []
        record = self.citer.record(authority)
        name = str(record.get("short") or record["name"])
        return [self.phrases("ruling.comments.status").format(name=name, status=alarm)]

    def cite(self, done: list[Inline], cites: Sequence[Cite]) -> None:
        """A footnote at the end of what is written so far; what was not checked is said to the officer there."""
        note = self.citer.note(cites)
        comment = []
        for cite in cites:
            comment += self._status(cite.authority)
            pinpoint = "" if cite.pinpoint == "unverified" else cite.pinpoint
            mark = self.citer.mark(cite)
            if self.citer.doubt(mark) and self._once(f"{mark} {cite.authority} {pinpoint}"):
                record = self.citer.record(cite.authority)
                name = str(record.get("short") or record["name"])
                what = name if pinpoint in name else pinpoint if pinpoint.startswith("s ") else f"{name} {pinpoint}"
                self.citer.unread.setdefault(mark, {})[what] = None
        last = done[-1] if done else None
        if comment and self.comments and isinstance(last, Run) and self._remarks < MOST_COMMENTS:
            self._remarks += 1
            # What is printed bold is one thing, and is not split.
            head, tail = ("", last.text) if last.bold else _tail(last.text)
            done[-1:] = [Run(head, last.italic, last.bold, last.law)] if head else []
            done.append(Remark((Run(tail, last.italic, last.bold, last.law),), " ".join(comment)))
        elif comment and isinstance(last, Remark):
            done[-1] = Remark(last.runs, f"{last.comment} {' '.join(comment)}")
        done.append(note)

    def cited(self, done: list[Inline], authority: Iterable[Cited], says: bool = False) -> None:
        """A footnote for the authorities of a rule."""
        cites = [Cite(item.cite, item.pinpoint, item.says if says else "", item.mark or "") for item in authority]
        if cites:
            self.cite(done, cites)

    def relied_on(self, authorities: Iterable[str]) -> None:
        """Authorities that are relied on without being named here."""
        for name in authorities:
            self.citer.cited.setdefault(name, {})

    def _once(self, key: str) -> bool:
        fresh = key not in self._said
        self._said.add(key)
        return fresh

    # standard passages

    def passages(
        self,
        passages: Iterable[Passage],
        known: Mapping[str, Knowledge],
        listed: Sequence[str] = (),
        rule: str = "",
        **values: Filling,
    ) -> None:
        """Standard paragraphs whose condition is true; `listed` stands where a passage lists the indicators."""
        for passage in passages:
            if not self.phrases.holds(passage.when, known):
                continue
            facts = self.phrases.asked_by(passage.when)
            self.add(Paragraph(self.text(passage.text, **values), rule=rule, facts=facts))
            items = listed if passage.indicators else passage.items
            self.add(*([Listing(tuple(Item(self.text(text, **values), rule) for text in items))] if items else []))


def _tail(text: str) -> tuple[str, str]:
    """The last clause of a text, where a comment is put, and what stands before it."""
    start = max(text.rfind(mark, 0, len(text) - 2) for mark in (". ", "; ", ": ", ", "))
    if start < 0 or len(text) - start > 160:
        start = text.rfind(" ", 0, max(len(text) - 60, 0))
    return text[: start + 1], text[start + 1 :]
