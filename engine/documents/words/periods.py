"""The period of a ruling, as people write it, read as days."""

from __future__ import annotations

import re
from datetime import date

from caprev.facts.in_words import MONTHS

_DAY = re.compile(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})")
_YEAR = re.compile(r"\b(\d{4})\b")
_MONTHS = {name: number for number, name in enumerate(MONTHS, 1)}


def span_of(text: str) -> tuple[float, float] | None:
    """The days a period covers: `year ending 30 June 2023`, `1 July 2011 to 30 June 2012`, `years 2009-2013`."""
    income = re.search(r"\b(\d{4})-(\d{2})\b(?!-)", text)
    days = sorted(found for match in _DAY.finditer(text) if (found := _day(*match.groups())))
    if days and re.search(r"\b(?:years?|ended|ending)\b", text, re.IGNORECASE):
        # `30 June 2024 to 2025` names the same day of a later year.
        later = re.search(r"\d{4}\D{1,9}(\d{4})\s*$", text)
        if later and len(days) == 1 and int(later[1]) > days[0].year:
            days.append(days[0].replace(year=int(later[1])))
        # A year that ends on a day begins on the day after that day of the year before.
        first = days[0]
        start = first.replace(year=first.year - 1, day=min(first.day, 28) if first.month == 2 else first.day)
        return start.toordinal() + 1, days[-1].toordinal()
    if len(days) > 1:
        return days[0].toordinal(), days[-1].toordinal()
    if income and not days and int(income[2]) == (int(income[1]) + 1) % 100:
        first_year = int(income[1])
        return date(first_year, 7, 1).toordinal(), date(first_year + 1, 6, 30).toordinal()
    years = [int(year) for year in _YEAR.findall(text) if int(year) > 1]
    if years and not days:
        # A bare year is the income year that ends in it.
        return date(min(years) - 1, 7, 1).toordinal(), date(max(years), 6, 30).toordinal()
    return None


def _day(number: str, month: str, year: str) -> date | None:
    try:
        found = date(int(year), _MONTHS[month], int(number))
    except (KeyError, ValueError):
        return None
    return found if found.year > 1 else None  # no year begins before the first
