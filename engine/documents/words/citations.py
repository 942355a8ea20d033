"""Authorities in two styles, from the fields of the rulebook: the ATO's in running text, AGLC4 in footnotes.

Names, reports and dates come from `rules/authorities.yaml`, habits of the styles from `rules/drafts/citing.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from caprev.documents.content.model import Note, Run
from caprev.documents.words import proofreading
from caprev.documents.words.phrases import Phrases
from caprev.errors import BadInput
from caprev.facts.in_words import month
from caprev.law import authorities, citations

_DASH = "\u2013"
_PARA = re.compile(r"paras? (\d+)(?:-(\d+))?((?:\([a-z]+\))*)(.*)")


@dataclass(frozen=True)
class Cite:
    """An authority at a place: what it says there, and how that is known if the authority itself does not tell."""

    authority: str
    pinpoint: str = ""
    says: str = ""
    mark: str = ""


@dataclass
class Citer:
    """The citations of one document, in the order in which it is written: first in full, then short."""

    phrases: Phrases
    named: dict[str, None] = field(default_factory=dict)
    cited: dict[str, dict[str, None]] = field(default_factory=dict)
    unread: dict[str, dict[str, None]] = field(default_factory=dict)
    notes: int = 0
    _first: dict[str, int] = field(default_factory=dict)
    _last: str = ""
    _acts: set[str] = field(default_factory=set)

    def record(self, authority: str) -> Mapping[str, Any]:
        """The record of an authority. Raises BadInput, naming every wording that cites one that there is not."""
        if authority not in self.phrases.book.authorities:
            raise BadInput(proofreading.authorities(self.phrases))
        return self.phrases.book.authorities[authority]

    # running text

    def in_text(self, authority: str) -> list[Run]:
        """An authority as the ATO names it: in full with parallel reports at first, by its short name after that."""
        record = self.record(authority)
        self.cited.setdefault(authority, {})
        first = authority not in self.named
        self.named[authority] = None
        if record.get("kind") == "provision":
            return self._provision(record)
        short = str(record.get("short") or record["name"])
        if record.get("kind") != "case":
            name, cite = str(record["name"]), str(record.get("cite") or short)
            series, _, title = name.partition(cite) if cite in name else ("", "", name)
            plain = not title.strip() or title.strip().startswith("(")
            full = f"{series}{cite}" if plain else f"{name} ({short})" if short != name else name
            return [Run(full if first else short, law=True)]
        if not first:
            return [Run(short, italic=True, law=True)]
        name = str(record["name"])
        for long, brief in self.phrases.table("citing.ato_names").items():
            name = name.replace(long, str(brief))
        reports = self.verified(record) or self.reports(record)[:1]
        cited = "; ".join(self._marked(cite, mark) for cite, mark in reports)
        lead = f" {cited} (" if cited else " ("
        named = [Run(name, italic=True, law=True), Run(lead, law=True), Run(short, italic=True, law=True)]
        return [*named, Run(")", law=True)]

    def _provision(self, record: Mapping[str, Any]) -> list[Run]:
        act = str(record["act"])
        section = str(record["section"])
        short = self.phrases(f"citing.acts.{act}.short", act)
        named = f"{act} ({short})" if act not in self._acts and short != act else short
        self._acts.add(act)
        return [Run(f"{self.written(section)} of the {named}", law=True)]

    def left_out(self, authority: str) -> list[str]:
        """Parallel citations that were not checked."""
        record = self.record(authority)
        return [cite for cite, mark in self.reports(record) if self.doubt(mark)] if self.verified(record) else []

    # footnotes

    def note(self, cites: Sequence[Cite]) -> Note:
        """A footnote for authorities."""
        self.notes += 1
        runs: list[Run] = []
        for index, cite in enumerate(cites):
            runs += [Run("; ", law=True)] if index else []
            runs += self._footnoted(cite, alone=len(cites) == 1)
            runs += [Run(f" ({cite.says.rstrip('.')})", law=True)] if cite.says else []
        self._last = cites[0].authority if len(cites) == 1 else ""
        return Note(self.notes, (*runs, Run(".", law=True)))

    def _footnoted(self, found: Cite, alone: bool) -> list[Run]:
        authority, pinpoint = found.authority, found.pinpoint
        doubt = self.doubt(self.mark(found))
        record = self.record(authority)
        self.cited.setdefault(authority, {})[pinpoint] = None
        kind = record.get("kind")
        if alone and self._last == authority:
            return [Run(f"Ibid{self._pinpoint(record, pinpoint)}{doubt}", law=True)]
        earlier = self._first.get(authority)
        self._first.setdefault(authority, self.notes)
        if kind == "provision":
            return self._statute(record, pinpoint, doubt)
        pin = self._pinpoint(record, pinpoint)
        short = str(record.get("short") or record["name"])
        if earlier:
            named = Run(short, italic=kind == "case", law=True)
            # Within one note the name is enough.
            place = f" (n {earlier})" if earlier < self.notes else ""
            return [named, Run(f"{place}{pin}{doubt}", law=True)]
        tail = f"{pin}{doubt}"
        if kind == "case":
            name = str(record["name"])
            for words in self.phrases.listed("citing.aglc_drop"):
                name = name.replace(str(words), "")
            cite, mark = self.best(record, pinpoint)
            cited = f" {self._marked(cite, mark)}" if cite else ""
            comma = "," if pin and pin[1:2].isdigit() else ""
            return [
                Run(name, italic=True, law=True),
                Run(f"{cited}{comma}{tail} ('", law=True),
                Run(short, italic=True, law=True),
                Run("')", law=True),
            ]
        return [*self._issued(record), Run(tail, law=True)]

    def _issued(self, record: Mapping[str, Any]) -> list[Run]:
        """Rulings, determinations and other papers; writings by author and title."""
        name, cite = str(record["name"]), str(record.get("cite") or "")
        if self.phrases("citing.bills.word") in name:
            return [Run(f"{name} ({self.phrases('citing.bills.jurisdiction')})", law=True)]
        issuer = self.phrases(f"citing.issuers.{record.get('kind')}", "")
        if not issuer:
            author, _, title = name.partition(", ")
            titled = title and len(author.split()) <= 3
            return [Run((f"{author}, '{title}' {cite}" if titled else f"{name} {cite}").rstrip(), law=True)]
        # One without a citation is known by its title alone.
        series, _, title = name.partition(cite) if cite and cite in name else (name, "", "")
        day = self._dated(record)
        day = "" if day in name else day
        title = title.strip()
        number = f"{series.strip()} {cite}".strip() if cite and cite in name else name
        if not title or title.startswith("("):
            return [Run(f"{issuer}, {number}{f', {day}' if day else ''}", law=True)]
        dated = f" ({number}{f', {day}' if day else ''})"
        return [Run(f"{issuer}, ", law=True), Run(title, italic=True, law=True), Run(dated, law=True)]

    def _dated(self, record: Mapping[str, Any]) -> str:
        start = str((record.get("in_force") or {}).get("from") or "")
        if start and not self.doubt(str(record.get("in_force_mark") or "")):
            found = date.fromisoformat(start)
            return f"{found.day} {month(found)} {found.year}"
        return str(record.get("year") or "")

    def _statute(self, record: Mapping[str, Any], pinpoint: str, doubt: str) -> list[Run]:
        act = str(record["act"])
        short = self.phrases(f"citing.acts.{act}.short", act)
        where = self.abbreviated(self._section(record, pinpoint)) + doubt
        if act in self._first:
            return [Run(short, italic=True, law=True), Run(f" {where}", law=True)]
        self._first[act] = self.notes
        jurisdiction = self.phrases(f"citing.acts.{act}.jurisdiction", "Cth")
        title = [Run(act, italic=True, law=True), Run(f" ({jurisdiction}) {where}", law=True)]
        if short == act:
            return title
        return [*title, Run(" ('", law=True), Run(short, italic=True, law=True), Run("')", law=True)]

    def _pinpoint(self, record: Mapping[str, Any], pinpoint: str) -> str:
        if pinpoint in ("", "unverified", "whole"):
            return ""
        if record.get("kind") == "provision":
            return f" {self.abbreviated(self._section(record, pinpoint))}"
        paragraphs = _PARA.fullmatch(pinpoint)
        if paragraphs:
            first, last, letters, rest = paragraphs.groups()
            span = f"[{first}]{_DASH}[{last}]" if last else f"[{first}]"
            return f" {span}{letters}{f',{rest}' if rest else ''}"
        return f" {pinpoint.removeprefix('at ')}" if pinpoint.startswith("at ") else f" ({pinpoint})"

    def _section(self, record: Mapping[str, Any], pinpoint: str) -> str:
        """The section that a pinpoint names, within the schedule in which the record has it; or the record's own."""
        section, head = str(record["section"]), pinpoint.partition("(")[0]
        if not self._is_section(pinpoint):
            return section
        return section.replace(head, pinpoint, 1) if head in section else pinpoint

    def written(self, section: str) -> str:
        """A section as running text has it: `section 6-5`, `Part 3-1`, `Division 115`."""
        head, _, rest = section.partition(" ")
        word = self.phrases(f"citing.provisions.{head}.written", "") if rest else ""
        if word:
            below = rest.startswith("s ") or rest.split(" ")[0] in self.phrases.table("citing.provisions")
            return f"{word} {self.written(rest) if below else rest}"
        if section.startswith("s "):
            return f"section {section[2:]}"
        return f"sections {section}" if " to " in section else f"section {section}"

    def abbreviated(self, section: str) -> str:
        """A section as AGLC4 has it: `s 6-5`, `pt 3-1`, `div 115`, `sch 1 s 14-250`."""
        head, _, rest = section.partition(" ")
        word = self.phrases(f"citing.provisions.{head}.abbreviated", "") if rest else ""
        if word:
            number, _, below = rest.partition(" ")
            return f"{word} {number} {self.abbreviated(below)}" if below else f"{word} {rest}"
        if section.startswith(("s ", "ss ")):
            return section
        return f"ss {section.replace(' to ', _DASH)}" if " to " in section else f"s {section}"

    def _is_section(self, pinpoint: str) -> bool:
        return pinpoint.split(" ")[0] in ("s", "ss", *self.phrases.table("citing.provisions")) and " " in pinpoint

    def provisions(self, authorities: Iterable[str]) -> list[tuple[str, str]]:
        """The provisions among authorities, as a ruling lists them: the Act, then the provision, in their order."""
        acts = list(self.phrases.table("citing.acts"))
        found = []
        for name in authorities:
            record = self.record(name)
            if record.get("kind") == "provision":
                act, section = str(record["act"]), str(record["section"])
                place = acts.index(act) if act in acts else len(acts)
                numbers = [int(number) for number in re.findall(r"\d+", section)]
                found.append(((place, numbers, section), name, f"{act} {self.written(section)}"))
        return [(name, line) for _, name, line in sorted(found)]

    def entry(self, authority: str) -> tuple[Run, ...]:
        """An authority as a list of them has it: in full, as AGLC4, without a pinpoint and without a short name."""
        self._first, self._last = {}, ""
        runs = self._footnoted(Cite(authority), alone=False)
        if self.record(authority).get("kind") == "case":
            name, cited = runs[0], runs[1]
            return (name, Run(cited.text.removesuffix(" ('"), law=True))
        return tuple(runs)

    # what was checked

    def reports(self, record: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Every citation of a case with its mark, the medium-neutral one first."""
        neutral = record.get("medium_neutral")
        rows = ([neutral] if isinstance(neutral, dict) else []) + list(record.get("reports") or [])
        return [(str(row["cite"]), str(row.get("mark") or record.get("mark") or "")) for row in rows]

    def verified(self, record: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The reports of a case whose citation was read."""
        return [row for row in self.reports(record) if not self.doubt(row[1])]

    def best(self, record: Mapping[str, Any], pinpoint: str) -> tuple[str, str]:
        """The citation for a footnote: a checked one, from the best report, in which the pinpoint can be a page."""
        rows = self.verified(record) or self.reports(record)
        page = re.fullmatch(r"at (\d+)", pinpoint)
        if page:
            fitting = [row for row in rows if 0 <= int(page[1]) - _start(row[0]) < 400]
            rows = fitting or rows
        order = [str(mark) for mark in self.phrases.listed("citing.report_order")]

        def rank(row: tuple[str, str]) -> int:
            if row[0].startswith("[") and _series(row[0]) not in order:
                return order.index("-") if "-" in order else len(order)
            return order.index(_series(row[0])) if _series(row[0]) in order else len(order)

        return min(rows, key=rank) if rows else ("", "")

    def mark(self, cite: Cite) -> str:
        """How what an authority says at a place is known; a bare name claims only what the record itself does."""
        record = self.record(cite.authority)
        known = authorities.mark(record, cite.pinpoint) if cite.pinpoint else record.get("mark")
        return cite.mark or str(known or "")

    def doubt(self, mark: str) -> str:
        """What a mark adds to a citation; nothing to what was read."""
        return citations.doubt(self.phrases.book, mark)

    def _marked(self, cite: str, mark: str) -> str:
        return cite + self.doubt(mark)

    def alarm(self, authority: str) -> str:
        """What the record says of an authority that must be looked at before it is relied on, or nothing."""
        status = str(self.record(authority).get("status") or "")
        words = [str(word) for word in self.phrases.listed("citing.alarming")]
        return status if any(word in status.lower() for word in words) else ""


def _series(cite: str) -> str:
    """The report series of a citation: CLR of `(1987) 163 CLR 199`."""
    found = re.search(r"\b(\d+ )?([A-Z][A-Za-z]+(?: ER)?) \d", cite)
    return found[2] if found else ""


def _start(cite: str) -> int:
    numbers = re.findall(r"\d+", cite)
    return int(numbers[-1]) if numbers else 0
