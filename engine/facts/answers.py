"""An answer in plain words to a value of the vocabulary.

    yes | probably not | 2 | joint venture | 1 or 3 | not 2
    20 | about 20 | 20-30 | at least 5 | 850k | not sure, about 20
    1988 | April 1988 | 12/4/1988 | before 1985 | about 1990
    farming, rental | only farming | also rental | not resale | none; and to "anything else?": no | that's all | rental

What is doubtful is kept as what it leaves possible, with a note of what was said; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from caprev.errors import listing, nearest
from caprev.facts import phrases
from caprev.facts.amounts import number
from caprev.facts.days import date_said
from caprev.facts.knowledge import Knowledge, Subset
from caprev.facts.phrases import options
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

    >>> from caprev.facts.vocabulary import Fact
    >>> lots = Fact("site.lots", "int", (), "", "How many lots?")
    >>> parse(lots, "not sure, about 20")
    Answer(value={'at_least': 18, 'at_most': 22}, note='answered: not sure, about 20', standing='')
    >>> parse(lots, "no idea")
    Answer(value=None, note='', standing='')
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
        value, doubtful = (
            date_said(fact, plain, bool(hedge)) if fact.type == "date" else number(fact, plain, bool(hedge))
        )
        fact.read(textual(value))
        return Answer(value, note if doubtful else "")
    fact.read(textual(value))
    return Answer(value, note, "assumed") if hedge else Answer(value)


def further(fact: Fact, text: str, known: Subset) -> Answer | None:
    """The answer to whether a set known in part has more: that it is complete, or what else; None if that is not known.

    Raises ValueError as `parse` does.

    >>> from caprev.facts.vocabulary import Fact
    >>> use = Fact("site.use", "set", ("farming", "rental", "own_home"), "", "What was it used for?")
    >>> further(use, "that is all", use.read({"includes": ["farming"]}))
    Answer(value=['farming'], note='', standing='')
    >>> further(use, "not rental", use.read({"includes": ["farming"]}))
    Answer(value={'includes': ['farming'], 'excludes': ['rental']}, note='', standing='')
    """
    said = " ".join(text.split()).rstrip(".!")
    if _UNKNOWN.fullmatch(said):
        return None
    if _ENOUGH.fullmatch(said):
        return Answer(_ordered(fact, known.included))
    return parse(fact, said if _SET_LEAD.match(said) else f"also {said}", known)


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
