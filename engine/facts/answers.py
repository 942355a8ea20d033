"""An answer in plain words to a value of the vocabulary.

    yes | probably not | 2 | joint venture | 1 or 3 | not 2
    20 | about 20 | 20-30 | at least 5 | 850k | not sure, about 20
    1988 | April 1988 | 12/4/1988 | before 1985 | about 1990
    farming, rental | only farming | also rental | not resale | none

What is doubtful is kept as what it leaves possible, with a note of what was said; nothing is guessed.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from caprev.errors import listing, nearest
from caprev.facts import phrases
from caprev.facts.knowledge import INFINITY, Knowledge, Subset, day
from caprev.facts.vocabulary import Fact, worded
from caprev.files.reading import textual

_UNKNOWN = re.compile(
    r"(?:(?:i|we)(?:'m|'ve| am| are| have)? )?(?:unknown|don'?t know|do not know|dunno|not known|"
    r"(?:got )?no (?:idea|clue)|"
    r"haven'?t (?:an? idea|a clue)|not (?:quite )?(?:sure|certain)|unsure|can'?t (?:say|tell|remember|recall)|"
    r"don'?t (?:remember|recall)|couldn'?t say|maybe|perhaps)",
    re.I,
)
_LEAD = re.compile(r"(?:it'?s|it was|it is|they were|there (?:were|was|are|is)|that (?:is|was)|we had)\s+", re.I)
# What may stand after yes or no without saying more: "no, we didn't", "yes it was".
_TAIL = re.compile(
    r"(?:,?\s+(?:(?:i|we|he|she|it|they|there|that)\s+"
    r"(?:(?:do|does|did|is|are|was|were|have|has|had|am)(?:n'?t| not)?)|"
    r"never|not at all|of course|definitely|indeed))?",
    re.I,
)
_HEDGE = re.compile(
    r"(?:i'?m\s+)?(not\s+(?:quite\s+)?sure|unsure|i\s+think|i\s+believe|maybe|perhaps|possibly|probably|likely)"
    r"(?:\s*[,;:]\s*|\s+)(?:but\s+)?",
    re.I,
)
_ABOUT = re.compile(r"(?:about|around|roughly|approximately|approx\.?|circa|nearly|almost|say|~)\s*", re.I)
_WORDS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
]
_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "mil": 1e6, "million": 1e6, "dozen": 12, "bn": 1e9, "billion": 1e9}
_NUMBER = re.compile(
    rf"(?<![a-z\d])(?P<digits>\d[\d,_]*(?:\.\d+)?|\.\d+|{'|'.join(reversed(_WORDS))}|an?(?=\s+dozen))"
    rf"\s*(?P<scale>{'|'.join(sorted(_SCALES, key=len, reverse=True))})?(?![a-z\d.])",
    re.I,
)
_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
# Words that say how a number is meant, whether or not the question has them.
_CONTROL = "about above around below between fewer from least less maximum minimum more most over than under"
YES = ("yes", "y", "true", "yep", "yeah")
NO = ("no", "n", "false", "nope")


@dataclass(frozen=True)
class Answer:
    """A value as a fact set would hold it (None: not known), with a note and a standing where it is doubtful."""

    value: Any
    note: str = ""
    standing: str = ""


def parse(fact: Fact, text: str, known: Knowledge | None = None) -> Answer:
    """The answer to the fact's question. `known` is what an answer such as `also rental` adds to.

    Raises ValueError with what is wrong and what would be right.
    """
    said = " ".join(text.replace("\u2013", "-").split())
    if not said:
        raise ValueError(f"no answer; allowed: {options(fact)}")
    if _UNKNOWN.fullmatch(said.rstrip(".!")):
        return Answer(None)
    hedge = _HEDGE.match(said)
    plain = (said[hedge.end() :] if hedge else said).strip().rstrip(".!")
    lead = _LEAD.match(plain)
    if lead and plain[lead.end() :]:
        plain = plain[lead.end() :]
    note = f"answered: {said}"
    if fact.type == "set":
        value = _set(fact, plain, known)
    elif fact.type in ("bool", "enum"):
        value = _one(fact, plain)
    else:
        value, doubtful = _date(fact, plain, bool(hedge)) if fact.type == "date" else _number(fact, plain, bool(hedge))
        fact.read(textual(value))
        return Answer(value, note if doubtful else "")
    fact.read(textual(value))
    return Answer(value, note, "assumed") if hedge else Answer(value)


def options(fact: Fact) -> str:
    """What may be answered, in words."""
    if fact.type == "bool":
        return "yes or no"
    if fact.values:
        return listing(f"{index} {worded(value)}" for index, value in enumerate(fact.values, 1))
    if fact.type == "date":
        return "a date, a month or a year (1988, April 1988, 12/4/1988, before 1985)"
    unit = f" ({fact.unit})" if fact.unit else ""
    return f"a number{unit}, or 'about 20', '20-30', 'at least 5'"


# --- yes, no and options -------------------------------------------------------------------------------------


def _one(fact: Fact, said: str) -> Any:
    if fact.type == "enum" and (value := phrases.meant(fact, said)):
        return value
    excluded = re.match(r"(?:not|neither|anything but)\s+", said, re.I)
    parts = re.split(r"\s+(?:or|nor)\s+|\s*[,/]\s*", said[excluded.end() :] if excluded else said)
    if excluded and fact.type == "bool":
        if re.fullmatch(r"not (?:at all|really|that i (?:know|am aware) of)", said, re.I):
            return False
        raise ValueError(f"'{said}' is not yes or no")
    values = list(dict.fromkeys(_option(fact, part) for part in parts if part))
    if excluded:
        values = [value for value in fact.values if value not in values]
    if not values:
        raise ValueError("nothing is left that it could be")
    if fact.type == "bool" and len(values) == 2:
        return None
    return values[0] if len(values) == 1 else {"one_of": values}


def _option(fact: Fact, said: str) -> Any:
    """One allowed value by number, name, or the beginning of a name."""
    word = re.sub(r"[\s-]+", "_", said.strip().lower())
    if fact.type == "bool":
        if word in YES or word in NO:
            return word in YES
        if word in ("not", "never", "not_at_all", "definitely_not", "of_course_not"):  # probably not
            return False
        if word in ("correct", "definitely", "of_course", "sure", "certainly", "indeed"):
            return True
        first = re.match(r"[a-z]+", said.strip(), re.I)
        if first and first.group().lower() in YES + NO and _TAIL.fullmatch(said.strip()[first.end() :]):
            yes = first.group().lower() in YES
            if not (yes and re.search(r"n'?t\b|\bnot\b|never", said, re.I)):  # "yes, we didn't" is neither
                return yes
        raise ValueError(f"'{said}' is not yes or no. {nearest(word, ['yes', 'no'])}".rstrip())
    if word.isdigit() and 1 <= int(word) <= len(fact.values):
        return fact.values[int(word) - 1]
    if word in fact.values:
        return word
    if word in YES + NO:
        # The question may read as one of yes or no, but its answer is one of the values: which one is not guessed.
        raise ValueError(f"'{said}' leaves open which it is: {options(fact)}")
    if value := phrases.meant(fact, said):
        return value
    beginning = [value for value in fact.values if value.startswith(word)]
    if len(word) > 2 and len(beginning) == 1:
        return beginning[0]
    raise ValueError(f"'{said}' is not one of the answers: {options(fact)}. {nearest(word, fact.values)}".rstrip())


def _set(fact: Fact, said: str, known: Knowledge | None) -> Any:
    before = known if isinstance(known, Subset) else Subset(frozenset(), frozenset())
    if said.lower() in ("none", "nothing", "none of them", "none of these") and said.lower() not in fact.values:
        return []
    lead = re.match(r"(only|just|also|and|plus)\s*:?\s+", said, re.I)
    word = lead.group(1).lower() if lead else ""
    included: list[str] = []
    excluded: list[str] = []
    for part in _parts(fact, said[lead.end() :] if lead else said):
        negative = re.match(r"(?:but\s+)?(?:not|no|without)\s+", part, re.I)
        name = re.sub(r"^(?:also|plus|perhaps more|maybe more)\s*", "", part[negative.end() :] if negative else part)
        if name:
            (excluded if negative else included).append(_option(fact, name))
    if set(included) & set(excluded):
        raise ValueError(f"{listing(sorted(set(included) & set(excluded)))} is both in and out")
    if word in ("only", "just"):
        return _ordered(fact, included)
    adds = word in ("also", "and", "plus") or not included
    inside = set(included) | ((before.included - set(excluded)) if adds else set())
    outside = set(excluded) | ((before.excluded - set(included)) if adds else set())
    if len(inside) + len(outside) == len(fact.values):
        return _ordered(fact, inside)
    partial = {"includes": _ordered(fact, inside), "excludes": _ordered(fact, outside)}
    return {key: names for key, names in partial.items() if names}


def _parts(fact: Fact, said: str) -> list[str]:
    """The values named one after the other; a name that itself has an "and" stays whole."""
    if phrases.meant(fact, said):
        return [said]
    parts = []
    for part in re.split(r"\s*[,;&+]\s*", said):
        whole = phrases.meant(fact, part)
        parts += [part] if whole else re.split(r"\s+and\s+|^and\s+", part)
    return parts


def _ordered(fact: Fact, names: Any) -> list[str]:
    return [value for value in fact.values if value in names]


# --- numbers -------------------------------------------------------------------------------------------------


def _number(fact: Fact, said: str, hedged: bool) -> tuple[Any, bool]:
    text = said.lower()
    for word in (fact.currency.symbol, fact.unit) if fact.currency else ():
        text = text.replace(word.lower(), "")
    text, times = _in_unit(fact, text.strip())
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
            return _plain(fact, value), False
        if rest == "#" or re.fullmatch(rf"{_ABOUT.pattern}#|# or so|#ish", rest):
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
    """Months where years are asked for; another measure is refused, because it would be taken for this one."""
    if fact.unit == "years" and re.search(r"\bmonths?\b", text):
        if re.search(r"\byears?\b", text):
            raise ValueError("gives years and months; give years alone, such as 2.5")
        return re.sub(r"\bmonths?\b", "", text), 1 / 12
    if fact.unit == "ha" and (match := re.search(r"([\d.,]+)\s*(acres?|m2|sqm|square)", text)):
        raise ValueError(f"'{match.group()}' is not in hectares; one acre is 0.405 ha, 10,000 square metres are 1 ha")
    return text, 1.0


def _units(fact: Fact) -> list[str]:
    """Words that may stand beside the number because the question has them: `20 lots`, `3 years`."""
    words = {*re.findall(r"[a-z]{4,}", f"{fact.ask} {fact.words}".lower())} - {*re.findall(r"\w+", _CONTROL)}
    units = {"years": ["years?", "yrs?"], "ha": ["ha", "hectares?"]}.get(fact.unit, [])
    money = map(re.escape, fact.currency.words) if fact.currency else ()
    return [*sorted(words, key=len, reverse=True), *units, *money]


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


# --- dates ---------------------------------------------------------------------------------------------------


def _date(fact: Fact, said: str, hedged: bool) -> tuple[Any, bool]:
    about = _ABOUT.match(said)
    text = said[about.end() :] if about else said
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
