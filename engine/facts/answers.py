"""An answer in plain words to a value of the vocabulary.

    yes | probably not | 2 | joint venture | 1 or 3 | not 2
    20 | about 20 | 20-30 | at least 5 | 850k | not sure, about 20
    1988 | April 1988 | 12/4/1988 | before 1985 | about 1990
    farming, rental | only farming | also rental | not resale | none; and to "anything else?": no | that's all | rental

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
    r"(?:got |have )?no (?:idea|clue)|not? (?:an? )?(?:idea|clue)|who knows|n/?a|not applicable|"
    r"haven'?t (?:an? idea|a clue|the (?:faintest|foggiest)(?: idea)?)|not (?:quite )?(?:sure|certain)|unsure|"
    r"can'?t (?:say|tell|remember|recall)|"
    r"don'?t (?:remember|recall)|couldn'?t say|maybe|perhaps)",
    re.I,
)
_LEAD = re.compile(r"(?:it'?s|it was|it is|they were|there (?:were|was|are|is)|that (?:is|was)|we had)\s+", re.I)
# "I think so": a yes that is assumed; "I don't think so" is a no, and so is "I think not".
_BELIEVED = re.compile(
    r"(?:yes,? |no,? )?(?:(?:i|we) )?(?P<doubt>(?:don'?t|do not) )?(?:think|believe|guess|suppose) (?P<what>so|not)",
    re.I,
)
# "we did", "she hasn't": an answer to a question of yes or no.
_DID = re.compile(
    r"(?:i|we|he|she|they|it|there)(?:'d|\s+(?:did|do|does|was|were|is|are|am|have|has|had))"
    r"(?P<no>n'?t|\s+not|\s+never)?",
    re.I,
)
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
_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
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
# That nothing more belongs to a set.
_ENOUGH = re.compile(
    r"(?:no|nope|nah),?(?: (?:thanks|thank you|more|others?|nothing(?: else| more)?|that(?:'s| is| was) (?:all|it)))?|"
    r"none|nothing(?: else| more| other)?|no (?:more|others?)|not (?:really|any ?more)|"
    r"(?:no,? )?(?:that|those|this)(?:'s|'re| is| are| was| were) (?:all|it|everything)|that'?s (?:all|it)|"
    r"only (?:that|those|this|these)",
    re.I,
)
_SET_LEAD = re.compile(r"(?:only|just|also|and|plus|not|but)\b", re.I)
YES = ("yes", "y", "true", "yep", "yeah")
NO = ("no", "n", "false", "nope")


@dataclass(frozen=True)
class Answer:
    """A value as a fact set would hold it (None: not known), with a note and a standing where it is doubtful."""

    value: Any
    note: str = ""
    standing: str = ""


class Unheard(ValueError):
    """What was said is none of the answers; `offer` is the value that it may mean, if it names just one."""

    def __init__(self, text: str, offer: str) -> None:
        super().__init__(text)
        self.offer = offer


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
    if fact.type == "bool" and (believed := _BELIEVED.fullmatch(said.rstrip(".!"))):
        return Answer((believed["what"].lower() == "so") is not bool(believed["doubt"]), note, "assumed")
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


def further(fact: Fact, text: str, known: Subset) -> Answer | None:
    """The answer to whether a set known in part has more: that it is complete, or what else; None if that is not known.

    Raises ValueError as `parse` does.
    """
    said = " ".join(text.split()).rstrip(".!")
    if _UNKNOWN.fullmatch(said):
        return None
    if _ENOUGH.fullmatch(said):
        return Answer(_ordered(fact, known.included))
    return parse(fact, said if _SET_LEAD.match(said) else f"also {said}", known)


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
        if word in ("not", "never", "not_at_all", "definitely_not", "of_course_not", "absolutely_not", "no_way", "nah"):
            return False  # "not": of "probably not"
        if did := _DID.fullmatch(said.strip()):
            return not did["no"]
        if word in ("absolutely", "correct", "definitely", "of_course", "sure", "certainly", "indeed"):
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
    offer = phrases.within(fact, said)
    hint = f"Did you mean {worded(offer)}?" if offer else nearest(word, fact.values)
    raise Unheard(f"'{said}' is not one of the answers: {options(fact)}. {hint}".rstrip(), offer)


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


# --- dates ---------------------------------------------------------------------------------------------------


def _date(fact: Fact, said: str, hedged: bool) -> tuple[Any, bool]:
    said = re.sub(r"^(?:back )?(?:in|on|during|some ?time in)\s+(?!or\b)", "", said, flags=re.I)
    about = _ABOUT.match(said)
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
