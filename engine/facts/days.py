"""A date in plain words: `1988`, `April 1988`, `12/4/1988`, `before 1985`, `about 1990`, `late 1980s`."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from caprev.facts.in_words import MONTHS
from caprev.facts.knowledge import INFINITY, day
from caprev.facts.phrases import ABOUT
from caprev.facts.vocabulary import Fact

_MONTHS = [month.lower() for month in MONTHS]


def date_said(fact: Fact, said: str, hedged: bool) -> tuple[Any, bool]:
    """The date or the span that words name, as a fact set would hold it, and whether it is doubtful.

    `hedged`: it was said with a doubt, and is meant loosely. Raises ValueError where it is no date.

    >>> from caprev.facts.vocabulary import Fact
    >>> sold = Fact("sale.date", "date", (), "", "When was it sold?")
    >>> date_said(sold, "before April 1988", False)
    ({'at_most': '1988-03-31'}, False)
    >>> date_said(sold, "about 1990", False)
    ({'at_least': '1989-01-01', 'at_most': '1991-12-31'}, True)
    """
    said = re.sub(r"^(?:back )?(?:in|on|during|some ?time in)\s+(?!or\b)", "", said, flags=re.I)
    about = ABOUT.match(said)
    text = said[about.end() :] if about else said
    part = re.fullmatch(r"(early|mid|late)[\s-]+(?:in )?(?:the )?(\d{4}'?s?)", text, re.I)
    if part and (span := _day(part[2])):
        return _third(*span, part[1].lower()), True
    either = re.fullmatch(r"(.+?) or (.+)", text, re.I)
    if either and (first := _day(either[1])) and (last := _day(either[2])):
        return {"at_least": _iso(min(first[0], last[0])), "at_most": _iso(max(first[1], last[1]))}, False
    ends = re.fullmatch(r"(?:between |from )?(.+?)(?: to | and | until |\s?-\s?(?=\d{4}$))(.+)", text, re.I)
    if ends and (first := _day(ends[1])) and (last := _day(ends[2])):
        return {"at_least": _iso(first[0]), "at_most": _iso(last[1])}, False
    limit = re.match(r"(before|until|by|up to|at latest|after|since|from|in or after|not before)\s+", text, re.I)
    span = _day(text[limit.end() :] if limit else text)
    if span is None:
        fact.read(said)  # masked years of published records, and what the loader says of the rest
        return said, False
    low, high = span
    if limit:
        word = limit.group(1).lower()
        bound = {"before": ("at_most", low - 1), "after": ("at_least", high + 1)}.get(word)
        late = word in ("until", "by", "up to", "at latest")
        key, when = bound or (("at_most", high) if late else ("at_least", low))
        return {key: _iso(when)}, hedged
    if about or hedged:
        slack = 365 if high - low > 31 else 61 if high > low else 31
        return {"at_least": _iso(low - slack), "at_most": _iso(high + slack)}, True
    if re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", text):
        return text, False
    if low == high:
        return _iso(low), False
    if high - low <= 31:
        return _iso(low)[:7], False
    return {"at_least": _iso(low), "at_most": _iso(high)}, False


def _third(low: int, high: int, which: str) -> dict[str, Any]:
    """The early, the middle or the late part of a span, with room for how loosely that is said."""
    third = (high - low) // 3
    start, end = {"early": (low, low + third + third // 4), "late": (high - third - third // 4, high)}.get(
        which, (low + third - third // 4, high - third + third // 4)
    )
    return {"at_least": _iso(start), "at_most": _iso(end)}


def _day(text: str) -> tuple[int, int] | None:
    """First and last day of a date, a month, a year or a decade."""
    text = re.sub(r"(\d)(?:st|nd|rd|th)\b|,", r"\1", text.strip().lower())
    months = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
    try:
        if match := re.fullmatch(r"(?:the )?(\d{3}0)'?s", text):
            return day(match[1])[0], day(str(int(match[1]) + 9))[1]
        if match := re.fullmatch(rf"(?:(\d{{1,2}}) )?({months})\.? (\d{{4}})", text):
            number, month, year = match[1], _month(match[2]), match[3]
            return day(f"{year}-{month:02}" + (f"-{int(number):02}" if number else ""))
        if match := re.fullmatch(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})", text):
            number, month_text, year = match.groups()
            return day(f"{year}-{int(month_text):02}" + (f"-{int(number):02}" if number else ""))
        return day(text)
    except ValueError:
        return None


def _month(text: str) -> int:
    return next(index for index, month in enumerate(_MONTHS, 1) if month.startswith(text[:3]))


def _iso(ordinal: int) -> str:
    if not 1 <= ordinal <= date.max.toordinal() or ordinal == INFINITY:
        raise ValueError("is not a date that can be")
    return (date.fromordinal(1) + timedelta(days=ordinal - 1)).isoformat()
