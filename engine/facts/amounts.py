"""A number in plain words: `20`, `about 20`, `20-30`, `at least 5`, `850k`, `2 years 6 months`, `half a million`."""

from __future__ import annotations

import math
import re
from typing import Any

from caprev.facts.phrases import ABOUT, options
from caprev.facts.vocabulary import Fact

_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TEN = re.compile(rf"\b({'|'.join(_TENS)})(?:[\s-]+(one|two|three|four|five|six|seven|eight|nine))?\b", re.I)
_WORDS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
]
_SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mil": 1e6,
    "million": 1e6,
    "hundred": 100,
    "dozen": 12,
    "bn": 1e9,
    "billion": 1e9,
}
_NUMBER = re.compile(
    rf"(?<![a-z\d])(?P<digits>\d[\d,_]*(?:\.\d+)?|\.\d+|{'|'.join(reversed(_WORDS))}|an?(?=\s+(?:dozen|hundred|thousand|million|billion)))"
    rf"\s*(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})?(?![a-z\d.])",
    re.I,
)
_UNITS = {
    "years": (
        (re.compile(r"\bmonths?\b"), 1 / 12),
        (re.compile(r"\bweeks?\b"), 1 / 52),
        (re.compile(r"\bdays?\b"), 1 / 365),
    ),
    "ha": (
        (re.compile(r"\bacres?\b"), 0.40468564),
        (re.compile(r"\b(?:m2|sqm|sq\.? ?m|square met(?:re|er)s?)\b|m\u00b2"), 1e-4),
    ),
}
"""Other units by the unit of a fact, and how much of it one is."""
# Words that say how a number is meant, whether or not the question has them.
_CONTROL = "about above around below between fewer from least less maximum minimum more most over than under"


def number(fact: Fact, said: str, hedged: bool) -> tuple[Any, bool]:
    """The number or the range that words name, as a fact set would hold it, and whether it is doubtful.

    `hedged`: it was said with a doubt, and is meant loosely. Raises ValueError with what would be understood.

    >>> from caprev.facts.vocabulary import Fact
    >>> lots = Fact("site.lots", "int", (), "", "How many lots?")
    >>> number(lots, "about 20 lots", False)
    ({'at_least': 18, 'at_most': 22}, True)
    >>> number(lots, "at least two dozen", False)
    ({'at_least': 24}, False)
    """
    text = said.lower()
    for word in (fact.currency.symbol, fact.unit) if fact.currency else ():
        text = text.replace(word.lower(), "")
    text, times = _in_unit(fact, _in_digits(text.strip()))
    converted = fact.unit == "ha" and times != 1
    if fact.currency and (loss := re.match(r"(?:-|minus |(?:a )?loss of )\s*(?=[\d.])", text)):
        text, times = text[loss.end() :], -times
    found = [(_value(match) * times, match) for match in _NUMBER.finditer(text)]
    values = [value for value, _ in found]
    rest = _NUMBER.sub("#", text)
    rest = re.sub(rf"\b(?:{'|'.join(_units(fact))}|of them|in all|altogether|exactly)\b", "", rest)
    rest = re.sub(r"\s+", " ", rest).strip(" .")
    whole = fact.type == "int"
    if len(values) == 2:
        if values[0] < 1000 <= values[1] and found[1][1]["scale"] and not found[0][1]["scale"]:
            values[0] *= _SCALES[found[1][1]["scale"]]  # 1-2 million
        low, high = sorted(values)
        if re.fullmatch(r"(?:between )?(?:(?:about|around|~) ?)?# ?(?:-|to|and) ?#|from # (?:to|until) #", rest):
            return _span(fact, low, high), False
        if rest == "# or #":
            return {"one_of": [_plain(fact, value) for value in values]}, False
    if len(values) == 1:
        value = values[0]
        if rest == "#" and not hedged:
            return _plain(fact, value), converted
        if rest == "#" or re.fullmatch(rf"{ABOUT.pattern}#|# or so|#ish", rest):
            low, high = round(value * 0.9, 6), round(value * 1.1, 6)
            if whole:
                low, high = min(math.floor(low), value - 1), max(math.ceil(high), value + 1)
            return _span(fact, max(low, 0) if value >= 0 else low, high), True
        if re.fullmatch(r"(?:at least|min|minimum|no less than|not less than|>=|from) ?#|# or (?:more|over)|#\+", rest):
            return {"at_least": _plain(fact, value)}, hedged
        if re.fullmatch(r"(?:more than|over|above|>|greater than) ?#", rest):
            return {"at_least": _plain(fact, value + 1 if whole else value)}, not whole
        if re.fullmatch(r"(?:at most|maximum|max|up to|no more than|not more than|<=) ?#|# or (?:less|fewer)", rest):
            return {"at_most": _plain(fact, value)}, hedged
        if re.fullmatch(r"(?:less than|fewer than|under|below|<) ?#", rest):
            return {"at_most": _plain(fact, value - 1 if whole else value)}, not whole
    if not values and said.lower() in ("none", "nothing", "none at all"):
        return _plain(fact, 0.0), False
    if not values and re.search(r"x", said, re.I):
        fact.read(said)  # a masked number of a published record
        return said, False
    raise ValueError(f"'{said}' is not understood; allowed: {options(fact)}")


def _in_unit(fact: Fact, text: str) -> tuple[str, float]:
    """The number without its unit, and by what it is multiplied where that is another than the fact's."""
    for pattern, times in _UNITS.get(fact.unit, ()):
        if pattern.search(text):
            return pattern.sub("", text), times
    return text, 1.0


def _in_digits(text: str) -> str:
    """Numbers in words as digits where one word does not say it: `half a million`, `2 years 6 months`."""
    text = re.sub(r"\bhalf an? (?=dozen|million|billion|year|acre)", "0.5 ", text)
    text = re.sub(r"\b(?:a|one) (year|acre) and a half\b", r"1.5 \1s", text)
    text = re.sub(rf"\b(\d+|{'|'.join(_WORDS[1:])}) and a half\b", lambda found: f"{_whole(found[1])}.5", text)
    text = _TEN.sub(
        lambda found: str(20 + 10 * _TENS.index(found[1]) + (_WORDS.index(found[2]) if found[2] else 0)), text
    )
    hundreds = rf"\b(\d+|an?|{'|'.join(_WORDS[1:])}) hundred (?=thousand|million)"
    text = re.sub(hundreds, lambda found: f"{(_whole(found[1]) or 1) * 100} ", text)
    parts = re.fullmatch(r"(.*?)(\d+|[a-z]+) years?,?(?: and)? (\d+|[a-z]+) months?", text)
    if parts and (years := _whole(parts[2])) is not None and (months := _whole(parts[3])) is not None:
        text = f"{parts[1]}{years + months / 12:.4f} years"
    return re.sub(r"\b(?:an?|one) (?=year|acre|month|hectare)", "1 ", text)


def _whole(text: str) -> int | None:
    """A whole number in digits or in one word."""
    return int(text) if text.isdigit() else _WORDS.index(text) if text in _WORDS else None


def _units(fact: Fact) -> list[str]:
    """Words that may stand beside the number because the question has them: `20 lots`, `3 years`."""
    words = {*re.findall(r"[a-z]{4,}", f"{fact.ask} {fact.words}".lower())} - {*re.findall(r"\w+", _CONTROL)}
    units = {"years": ["years?", "yrs?"], "ha": ["ha", "hectares?"]}.get(fact.unit, [])
    money = map(re.escape, fact.currency.words) if fact.currency else ()
    return [*sorted({*words, *map(re.escape, fact.counted)}, key=len, reverse=True), *units, *money]


def _value(match: re.Match[str]) -> float:
    digits = match["digits"].lower()
    if digits in ("a", "an"):
        number = 1.0
    else:
        number = float(_WORDS.index(digits)) if digits in _WORDS else float(digits.replace(",", "").replace("_", ""))
    return number * _SCALES[match["scale"].lower()] if match["scale"] else number


def _plain(fact: Fact, value: float) -> int | float:
    rounded = float(round(value, 4))
    if fact.type == "int" and not rounded.is_integer():
        raise ValueError(f"{rounded:g} is not a whole number")
    return int(rounded) if rounded.is_integer() else rounded


def _span(fact: Fact, low: float, high: float) -> dict[str, Any]:
    return {"at_least": _plain(fact, low), "at_most": _plain(fact, high)}
