"""How a fact is asked for on a page, and what a filled form says of it.

Unknown is the first choice of every question, and partial answers have their own controls. Whatever was typed can be
shown again as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from caprev.facts.answers import parse
from caprev.facts.vocabulary import Fact, meanings, worded
from caprev_web import host

UNKNOWN, UNSAID = "unknown", ""
_NUMBER = {
    "exactly": ("exactly", "{a}"),
    "about": ("about", "about {a}"),
    "at_least": ("at least", "at least {a}"),
    "at_most": ("at most", "at most {a}"),
    "between": ("between … and …", "between {a} and {b}"),
    "one_of": ("one or the other", "{a} or {b}"),
}
_DATE = {
    "exactly": ("on this day, or in this month or year", "{a}"),
    "about": ("about", "about {a}"),
    "at_least": ("on or after", "from {a}"),
    "at_most": ("on or before", "by {a}"),
    "between": ("between … and …", "between {a} and {b}"),
}
TWO = ("between", "one_of")


@dataclass(frozen=True)
class Filled:
    """The fields of one fact's form as they are filled in."""

    how: str = UNSAID
    first: str = ""
    second: str = ""
    chosen: tuple[str, ...] = ()
    barred: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """As the database keeps what could not be understood."""
        lists = {"chosen": list(self.chosen), "barred": list(self.barred)}
        return {"how": self.how, "first": self.first, "second": self.second, **lists}


@dataclass(frozen=True)
class Understood:
    """What a filled form says: a value in the form of a fact set, or why it says none."""

    value: Any = None
    note: str = ""
    standing: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Option:
    """One choice of a fact: its value, its words, and what it means where the question says so."""

    value: str
    words: str
    meaning: str = ""


@dataclass(frozen=True)
class Control:
    """One fact's question as a page shows it."""

    fact: Fact
    filled: Filled
    options: tuple[Option, ...] = ()
    hows: tuple[Option, ...] = field(default=())

    @property
    def id(self) -> str:
        """The fact's name as an id of HTML."""
        return self.fact.name.replace(".", "-")

    @property
    def kind(self) -> str:
        """Which controls it has: options, set, or amount (a number or a date)."""
        return {"bool": "options", "enum": "options", "set": "set"}.get(self.fact.type, "amount")


def control(fact: Fact, value: Any, typed: Mapping[str, Any] | None = None) -> Control:
    """The control of a fact with its value, or with what was typed last where that could not be understood."""
    filled = _again(typed) if typed is not None else filled_in(fact, value)
    if offered := options(fact):
        return Control(fact, filled, offered)
    hows = _DATE if fact.type == "date" else _NUMBER
    return Control(fact, filled, (), tuple(Option(name, words) for name, (words, _) in hows.items()))


@lru_cache(1024)
def options(fact: Fact) -> tuple[Option, ...]:
    """The answers that a fact may have, as they are offered; none where it is a number or a date.

    What its question writes in capitals, such as EMI, is written so.
    """
    if fact.type == "bool":
        return (Option("true", "Yes"), Option("false", "No"))
    capitals = {word.lower(): word for word in re.findall(r"\b[A-Z]{2,}\b", fact.ask)}
    means = meanings(fact.ask)
    found = []
    for name in fact.values or ():
        words = " ".join(capitals.get(word, word) for word in worded(name).split())
        found.append(Option(name, words[:1].upper() + words[1:], means.get(name, "")))
    return tuple(found)


def _again(typed: Mapping[str, Any]) -> Filled:
    return Filled(typed["how"], typed["first"], typed["second"], tuple(typed["chosen"]), tuple(typed["barred"]))


def filled_in(fact: Fact, value: Any) -> Filled:
    """The form of a written value."""
    if value is None:
        return Filled()
    if isinstance(value, str) and value.lower() == UNKNOWN:
        return Filled(UNKNOWN)
    if fact.type == "set":
        if isinstance(value, dict):
            return Filled("some", "", "", _texts(value.get("includes")), _texts(value.get("excludes")))
        return Filled("all", "", "", _texts(value))
    if fact.type in ("bool", "enum"):
        if isinstance(value, dict):
            return Filled("several", "", "", _texts(value.get("one_of")))
        said = str(value).lower() if fact.type == "bool" else str(value)
        return Filled({"yes": "true", "no": "false"}.get(said, said) if fact.type == "bool" else said)
    if not isinstance(value, dict):
        return Filled("exactly", str(value))
    if "one_of" in value:
        first, *rest = _texts(value["one_of"])
        return Filled("one_of", first, rest[0]) if len(rest) == 1 else Filled("exactly", " or ".join([first, *rest]))
    low, high = value.get("at_least"), value.get("at_most")
    if low is not None and high is not None:
        return Filled("between", str(low), str(high))
    return Filled("at_least", str(low)) if low is not None else Filled("at_most", str(high))


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values or ())


def posted(fields: Any) -> Filled:
    """What a form sent, as it was typed. `fields` are Django's, with lists."""
    chosen, barred = tuple(fields.getlist("chosen")), tuple(fields.getlist("barred"))
    return Filled(
        fields.get("how", ""), fields.get("first", "").strip(), fields.get("second", "").strip(), chosen, barred
    )


def understood(fact: Fact, filled: Filled) -> Understood:
    """What a filled form says of a fact; a problem in words where it says nothing that the fact can be."""
    if filled.how in (UNSAID, UNKNOWN):
        # Text beside "not known" was typed for a reason: it is taken, never dropped.
        if not filled.first or fact.values or fact.type == "bool":
            return Understood(UNKNOWN if filled.how == UNKNOWN else None)
        filled = Filled("exactly", filled.first, filled.second)
    try:
        answer = _answer(fact, filled)
        host.knowledge(fact, answer.value)
    except ValueError as error:
        return Understood(problem=str(error))
    return answer


def _answer(fact: Fact, filled: Filled) -> Understood:
    if fact.type == "set":
        both = sorted(set(filled.chosen) & set(filled.barred))
        if both:
            raise ValueError(f"{', '.join(map(worded, both))} is ticked as true and as not true")
        chosen, barred = (_ordered(fact, names) for names in (filled.chosen, filled.barred))
        if filled.how == "all":
            if barred:
                raise ValueError("these are all, so nothing more can be ticked as not true")
            return Understood(chosen)
        partial: dict[str, Sequence[str]] = {"includes": chosen, "excludes": barred}
        told = {key: names for key, names in partial.items() if names}
        if not told:
            raise ValueError("tick what is true, or what is certainly not")
        return Understood(told)
    if fact.type in ("bool", "enum"):
        if filled.how == "several":
            found = _ordered(fact, filled.chosen)
            if not found:
                raise ValueError("tick what it may be")
            return Understood({"one_of": found} if len(found) > 1 else found[0])
        if fact.type == "bool":
            return Understood(filled.how == "true" if filled.how in ("true", "false") else _bad(filled.how))
        return Understood(filled.how)
    forms = _DATE if fact.type == "date" else _NUMBER
    if filled.how not in forms:
        _bad(filled.how)
    if not filled.first:
        raise ValueError(f"say {'when' if fact.type == 'date' else 'how much or how many'}, or choose Not known")
    if filled.how in TWO and not filled.second:
        raise ValueError("give the second value too")
    # What people type in the field wins over the list beside it: "about 20" is about 20.
    answer = parse(fact, forms[filled.how][1].format(a=filled.first, b=filled.second))
    return Understood(UNKNOWN if answer.value is None else answer.value, answer.note, answer.standing)


def _bad(how: str) -> Any:
    raise ValueError(f"'{how}' is not one of the answers")


def _ordered(fact: Fact, names: Sequence[str]) -> list[str]:
    for name in names:
        if name not in fact.values:
            _bad(name)
    return [value for value in fact.values if value in names]
