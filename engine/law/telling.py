"""Sentences of the law told in the time of the project: what was done, what is planned, what is going on."""

from __future__ import annotations

import re

from caprev.facts.tense import Tense

PRESUMED = "Presumed, since nothing known bears on it"
"""Said before what is found where no fact speaks for it or against it."""
_FORMS = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)(?:\|([^\[\]|]*))?\]")
_PARTICIPLE = r"\w+ed|built|put|made|cut|done|run|sold|kept|let|held|taken|paid"
_PASSIVE = re.compile(rf"\bto be (?={_PARTICIPLE})")
_FOLLOWS = re.compile(rf" (?:{_PARTICIPLE})\b")
_TO_BE = re.compile(r"\b(?:(is|are) )?to be$")
_AHEAD = re.compile(r"^(is|are)( not)? to\b ?(.*)$")
_IRREGULAR = {"do": "does", "go": "goes", "have": "has"}


class Told(str):
    """A sentence as it is once the project is carried out; `forms` are the others, by the time of the project."""

    forms: dict[Tense, str]

    @property
    def planned(self) -> str:
        """The sentence while the project is only planned."""
        return self.forms[Tense.PLANNED]

    @classmethod
    def read(cls, written: str) -> Told:
        """A sentence as the law writes it, `Houses [were|are to be] built.` Raises ValueError for a stray bracket.

        A third form tells what is going on, where that does not follow from the second: `[laid|are to lay|are laying]`.
        """
        forms = {tense: tensed(written, tense) for tense in Tense}
        if any(mark in text for text in forms.values() for mark in "[]"):
            raise ValueError("has a bracket that is not of the form [were|are to be], which tells done from planned")
        if not all(text.strip() for text in forms.values()):
            raise ValueError("says nothing")
        found = cls(forms[Tense.DONE])
        found.forms = forms
        return found


def tensed(written: str, tense: Tense) -> str:
    """`[done|planned]` in the form of a time."""

    def form(match: re.Match[str]) -> str:
        if tense == Tense.UNDER_WAY:
            return match[3] or _going_on(match[2], written[match.end() :])
        return match[2] if tense == Tense.PLANNED else match[1]

    return _FORMS.sub(form, written)


def told(text: str, tense: Tense) -> str:
    """A sentence of the law for a project as it stands."""
    return text.forms[tense] if isinstance(text, Told) else text


def _going_on(ahead: str, after: str) -> str:
    """What is planned, told as going on: `are to be` built is `are being` built, `is to plan` is `plans`."""
    ahead = _PASSIVE.sub("being ", ahead)
    if found := _TO_BE.search(ahead):
        verb = found[1] or ""
        being = "being" if _FOLLOWS.match(after) else "" if verb else "to be"
        return ahead[: found.start()] + " ".join(filter(None, (verb, being)))
    if not (found := _AHEAD.match(ahead)):
        return ahead
    plural, refused, rest = found[1] == "are", found[2], found[3]
    if refused:
        return f"{'do' if plural else 'does'} not {rest}".rstrip()
    verbs = re.split(r" (and|or) ", rest)
    if any(" " in verb for verb in verbs[:-1]):
        return ahead
    return " ".join(part if plural or part in ("and", "or") else _third(part) for part in verbs)


def _third(verb: str) -> str:
    """The third person of a verb, with what follows it."""
    first, _, rest = verb.partition(" ")
    if first in _IRREGULAR:
        first = _IRREGULAR[first]
    elif re.search(r"[^aeiou]y$", first):
        first = f"{first[:-1]}ies"
    else:
        first += "es" if re.search(r"(?:s|x|z|ch|sh)$", first) else "s"
    return f"{first} {rest}".rstrip()
