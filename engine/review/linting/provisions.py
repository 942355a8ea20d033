"""Provisions as the rules name them, beside the records of authorities: each exists, and stands where it is said to.

The words for parts of an Act come from `rules/drafts/citing.yaml`, where a provision stands (`within`) from its record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from caprev.documents.words.phrases import Phrases
from caprev.errors import Problem, nearest
from caprev.review.linting.texts import Text, problem

_NUMBER = r"\d+(?:[A-Z]+)?(?:-\d+[A-Z]*)*(?:-[A-Z]+)?(?:\([0-9A-Za-z]+\))*"
_JOINED = re.compile(r"[\s,(;]*(?:(?:of|in|under)\s+)?(?:the\s+)?")
SECTION = "s"


@dataclass(frozen=True)
class Unit:
    """A section, or a larger part of an Act, by the word of the records and its number: `Part 2`, `s 7`."""

    kind: str
    number: str

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Reader:
    """Finds the provisions that a text names."""

    def __init__(self, phrases: Phrases) -> None:
        sections = [str(word) for word in phrases.listed("citing.sections")]
        self.kinds = {form: SECTION for word in sections for form in (word, *([word.capitalize()] if word[2:] else []))}
        self.larger = list(phrases.table("citing.provisions"))
        for kind, forms in phrases.table("citing.provisions").items():
            for word in (kind, *map(str, forms.values())):
                self.kinds |= {word: kind, f"{word}s": kind}
        words = "|".join(sorted(map(re.escape, self.kinds), key=len, reverse=True))
        listed = rf"{_NUMBER}(?:(?:,? and |, | to |\u2013){_NUMBER})*"
        self._named = re.compile(rf"(?<![\w'\u2019-])({words}) ({listed})(?![\w-])") if words else None

    def named(self, text: str) -> Iterator[tuple[Unit, int, int]]:
        """Every provision named, with where the naming begins and ends; subsections count as their section."""
        for found in self._named.finditer(text) if self._named else ():
            for number in re.findall(_NUMBER, found[2]):
                yield Unit(self.kinds[found[1]], number.partition("(")[0]), found.start(), found.end()


class Provisions:
    """The provisions of the records, and where each stands in its Act."""

    def __init__(self, records: Mapping[str, Mapping[str, Any]], reader: Reader) -> None:
        self.reader = reader
        self.records = {name: record for name, record in records.items() if record.get("kind") == "provision"}
        self.own = {name: self._own(record) for name, record in self.records.items()}
        self.known: set[Unit] = set()
        self.homes: dict[tuple[str, Unit, str], dict[str, str]] = {}
        for name, record in self.records.items():
            chain = [unit for part in self._within(record) for unit, *_ in reader.named(part)] + self.own[name]
            places = [unit for place in record.get("pinpoints") or () for unit, *_ in reader.named(place)]
            self.known |= {*chain, *places}
            for index, unit in enumerate(chain):
                for above in chain[:index]:
                    home = self.homes.setdefault((str(record.get("act")), unit, above.kind), {})
                    home.setdefault(above.number, name)

    @staticmethod
    def _within(record: Mapping[str, Any]) -> list[str]:
        within = record.get("within") or []
        return [str(part) for part in (within if isinstance(within, list) else [within])]

    def _own(self, record: Mapping[str, Any]) -> list[Unit]:
        """What a record is about, the largest part first: `Sch 1 s 7` is a section of a schedule."""
        section = str(record.get("section") or "")
        named = section if section[:1].isalpha() and " " in section else f"{SECTION} {section}"
        found = [unit for unit, *_ in self.reader.named(named)]
        return found or [Unit(SECTION, section.partition("(")[0])]

    def placed(self, unit: Unit, kind: str) -> dict[str, str]:
        """The numbers of the larger parts of a kind in which a provision stands, each with the record that says so."""
        return {
            number: record
            for (_, found, above), home in self.homes.items()
            if (found, above) == (unit, kind)
            for number, record in home.items()
        }

    def covers(self, unit: Unit) -> bool:
        """Whether a record is about a provision, names it as a place, or spans it (`7-1 to 7-9`)."""
        return unit in self.known or any(
            str(first) <= unit.number <= str(last) and len(first) == len(unit.number) == len(last)
            for first, last in self._spans()
            if unit.kind == SECTION
        )

    def _spans(self) -> Iterator[tuple[str, str]]:
        for record in self.records.values():
            first, to, last = str(record.get("section") or "").partition(" to ")
            if to:
                yield first, last


def check_records(provisions: Provisions, file: str) -> Iterator[Problem]:
    """Records that put one provision in two places, or hold a pinpoint that has a record of its own."""
    for (act, unit, kind), home in provisions.homes.items():
        if len(home) > 1:
            places = " and ".join(f"{kind} {number} ({record})" for number, record in home.items())
            last = list(home.values())[-1]
            yield problem(f"{unit} of the {act} stands in {places}; it can stand in one", file, (last, "within"), last)
    for name, record in provisions.records.items():
        for place in record.get("pinpoints") or ():
            for unit, *_ in provisions.reader.named(place):
                others = [
                    other
                    for other, own in provisions.own.items()
                    if other != name and own[-1] == unit and provisions.records[other].get("act") == record.get("act")
                ]
                if others and unit not in provisions.own[name]:
                    what = f"has a pinpoint in {unit}, which has a record of its own"
                    yield problem(what, file, (name, "pinpoints", place), name, f"Move it to {others[0]}.")


def check_texts(provisions: Provisions, texts: list[Text]) -> Iterator[Problem]:
    """Provisions that no record has, and provisions put under a Part, Division or Schedule that is not theirs."""
    elsewhere: dict[tuple[Unit, str], tuple[str, Text]] = {}
    for text in texts:
        named = list(provisions.reader.named(text.text))
        for unit in dict.fromkeys(unit for unit, *_ in named):
            if not provisions.covers(unit):
                near = nearest(str(unit), sorted(map(str, provisions.known)))
                fix = f"Give it a record with a mark. {near}".strip()
                yield problem(
                    f"names {unit}, which authorities.yaml does not have", text.file, text.at, text.subject, fix
                )
        for unit, above in _put_under(provisions, text, named):
            placed = provisions.placed(unit, above.kind)
            first, where = elsewhere.setdefault((unit, above.kind), (above.number, text))
            if placed and above.number not in placed:
                right, record = next(iter(placed.items()))
                what = f"puts {unit} under {above}; it stands in {above.kind} {right} ({record})"
                yield problem(what, text.file, text.at, text.subject)
            elif not placed and first != above.number:
                what = f"puts {unit} under {above}, and {where.subject} puts it under {above.kind} {first}"
                fix = f"Say in authorities.yaml where {unit} stands (within)."
                yield problem(what, text.file, text.at, text.subject, fix)


def _put_under(provisions: Provisions, text: Text, named: list[tuple[Unit, int, int]]) -> Iterator[tuple[Unit, Unit]]:
    """What a text puts under what: a part beside a larger one, and what a citation of a larger part names in it."""
    rank = {kind: index for index, kind in enumerate([*provisions.reader.larger, SECTION])}
    for (one, _, end), (other, start, _) in pairwise(named):
        if one.kind != other.kind and start >= end and _joined(text.text[end:start], text.text[start:]):
            yield (one, other) if rank[one.kind] > rank[other.kind] else (other, one)
    above = provisions.own.get(text.cites, [])
    if above and above[-1].kind != SECTION:
        for unit, *_ in named:
            if rank[unit.kind] > rank[above[-1].kind]:
                yield unit, above[-1]


def _joined(between: str, after: str) -> bool:
    """Whether one provision is said to stand in the other; not in a list that goes on: `s 7, Parts 2 and 3`."""
    word = after.split(" ", 1)[0]
    return bool(_JOINED.fullmatch(between)) and not (between.strip() == "," and len(word) > 2 and word.endswith("s"))


def check_whole_parts(provisions: Provisions, texts: list[Text]) -> Iterator[Problem]:
    """Citations of a whole Part that name nothing in it: nobody can check them, and a wrong Part goes unseen."""
    largest = provisions.reader.larger[:1]
    named: dict[tuple[str, tuple[str | int, ...]], list[Text]] = {}
    for text in texts:
        own = provisions.own.get(text.cites, [])
        if own and own[-1].kind in largest:
            named.setdefault((text.file, text.at[:-1]), []).append(text)
    for (file, at), parts in named.items():
        told = any(unit for text in parts for unit in provisions.reader.named(text.text))
        if not told and not any(text.text == "whole" for text in parts):
            what = f"cites {provisions.own[parts[0].cites][-1]} and names no provision in it"
            fix = "Cite the section, or say pinpoint: whole if all of it is meant."
            yield problem(what, file, (*at, "cite"), parts[0].subject, fix)
