"""Authorities in words, from the fields of `rules/authorities.yaml`. What was not checked says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caprev.law.models import Cited
from caprev.law.rulebook import Rulebook

UNVERIFIED = " [unverified]"


def short(book: Rulebook, cited: Cited) -> str:
    """An authority as it is named in running text: short name, pinpoint, and whether it was checked."""
    record = book.authorities[cited.cite]
    name, pinpoint = str(record.get("short") or record["name"]), cited.pinpoint
    unverified = UNVERIFIED if cited.mark == "memory" else ""
    section = f"s {record.get('section')}"
    if pinpoint.startswith(section):  # a subsection stands for its section, not beside it
        return name.replace(section, pinpoint, 1) + unverified
    return f"{name}{'' if pinpoint in ('', 'unverified') else f' {pinpoint}'}{unverified}"


def full(book: Rulebook, authority: str) -> str:
    """Name and parallel citations of an authority, in the order of the file; recalled citations are marked."""
    record = book.authorities[authority]
    if record.get("kind") == "provision":
        return f"{record.get('act', '')} s {record['section']}" if record.get("section") else str(record["name"])
    neutral = record.get("medium_neutral")
    reports = ([neutral] if neutral else []) + list(record.get("reports") or [])
    text = "; ".join(_report(report) for report in reports)
    return f"{record['name']} {text}".strip() + (UNVERIFIED if record.get("mark") == "memory" else "")


def _report(report: Mapping[str, Any]) -> str:
    return f"{report['cite']}{UNVERIFIED if report.get('mark') == 'memory' else ''}"


def status(book: Rulebook, authority: str) -> str:
    """What is known of an authority's currency, if anything."""
    return str(book.authorities[authority].get("status") or "")
