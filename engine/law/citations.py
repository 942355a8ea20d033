"""Authorities in words, from the fields of `rules/authorities.yaml`. What was not read says so, in the pack's words."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from caprev.law.authorities import UNPLACED, Records
from caprev.law.models import Cited
from caprev.law.pack import Marking


class Marked(Protocol):
    """What has words for a mark."""

    def words(self, mark: str | None) -> Marking | None:
        """The words for a mark, if it is one."""


class Citable(Protocol):
    """A body of law with records of its authorities, whether its rules are weighed or strict."""

    @property
    def authorities(self) -> Records:
        """The records."""

    @property
    def pack(self) -> Marked:
        """What the law says of itself."""


def doubt(book: Citable, mark: str | None) -> str:
    """What follows a citation that was not read, ` [unverified]`; nothing for one that was."""
    words = book.pack.words(mark)
    return f" [{words.prints}]" if words and words.prints else ""


def short(book: Citable, cited: Cited) -> str:
    """An authority as it is named in running text: short name, pinpoint, and whether it was checked."""
    record = book.authorities[cited.cite]
    return _placed(str(record.get("short") or record["name"]), cited.pinpoint) + doubt(book, cited.mark)


@lru_cache(maxsize=4096)  # of words alone, and the law cites the same places again and again
def _placed(name: str, pinpoint: str) -> str:
    section = pinpoint.partition("(")[0]
    if section.startswith("s ") and f"{section} " in name:  # a subsection stands for its section, not beside it
        return name.replace(section, pinpoint, 1)
    if pinpoint.startswith("ss ") and name.startswith("s "):  # and so do sections beside it
        return f"{pinpoint}{name[name.index(' ', 2) :]}"
    return name if pinpoint in (*UNPLACED, "whole") else f"{name} {pinpoint}"


def full(book: Citable, authority: str) -> str:
    """Name and parallel citations of an authority, in the order of the file; recalled citations are marked."""
    record = book.authorities[authority]
    if record.get("kind") == "provision":
        section = str(record.get("section", ""))
        sign = "" if not section[:1].isdigit() else "ss " if " to " in section else "s "
        return f"{record.get('act', '')} {sign}{section}" if section else str(record["name"])
    neutral = record.get("medium_neutral")
    reports = ([neutral] if neutral else []) + list(record.get("reports") or [])
    text = "; ".join(f"{report['cite']}{doubt(book, report.get('mark'))}" for report in reports)
    return f"{record['name']} {text}".strip() + doubt(book, record.get("mark"))


def status(book: Citable, authority: str) -> str:
    """What is known of an authority's currency, if anything."""
    return str(book.authorities[authority].get("status") or "")
