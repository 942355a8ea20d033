"""The rulebook speaks of "the owner"; a ruling speaks to "you". English grammar only."""

from __future__ import annotations

import re
from functools import lru_cache

_PLURAL = {"was": "were", "is": "are", "has": "have", "does": "do", "goes": "go"}
# Words that may follow "the owner" and end in s without being its verb.
_NO_VERBS = ("always", "as", "his", "its", "this", "across", "unless", "thus", "perhaps")
_REWRITES: tuple[tuple[str, str], ...] = (
    (r"\bthe owner['\u2019]s(?=[.,;:?)]|$)", "yours"),
    (r"\bthe owner['\u2019]s\b", "your"),
    (r"\bThe owner['\u2019]s\b", "Your"),
    (r"\b(?:their|his|her|his or her) own\b", "your own"),
    (r"\bnot of the owner\b", "not yours"),
    (r"\bare (\w+) of the owner\b", r"are your \1"),
    (r"\bthemselves\b", "yourself"),
    (r"\bto them\b", "to you"),
    (r"\bfor them\b", "for you"),
)


@lru_cache(maxsize=4096)  # of words alone, and the law says the same ones again and again
def second_person(text: str) -> str:
    """Words about the owner, addressed to the owner."""
    text = text.replace("this owner", "the owner")
    if not re.search(r"\b[Tt]he owner\b", text):
        return text
    for pattern, words in _REWRITES:
        text = re.sub(pattern, words, text)
    text = re.sub(
        r"\b(Is|is|Was|was|Has|has|Does|does) the owner\b", lambda m: _cased(m[1], _PLURAL[m[1].lower()]) + " you", text
    )
    text = re.sub(r"\b([Tt])he owner((?:,[^,]*,)?) (\w+)", lambda m: f"{_you(m[1])}{m[2]} {_verb(m[3])}", text)
    text = re.sub(r"\b([Tt])he owner\b", lambda m: _you(m[1]), text)
    # A second verb of the same subject.
    return re.sub(r"(^You\b[^.]*|\byou \w+) or (was|has)\b", lambda m: f"{m[1]} or {_PLURAL[m[2]]}", text)


def lower_first(text: str) -> str:
    """The text as it stands after a lead: its first letter small, unless it begins with an abbreviation or a symbol."""
    first, second = text[:1], text[1:2]
    if second.isupper() or (second == " " and first != "A"):
        return text
    return first.lower() + text[1:]


def upper_first(text: str) -> str:
    """The text as a sentence of its own."""
    return text[:1].upper() + text[1:]


def joined(parts: list[str], word: str = "and") -> str:
    """A list in words: `a, b and c`."""
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}" if len(parts) > 1 else "".join(parts)


def _you(first: str) -> str:
    return "You" if first == "T" else "you"


def _cased(like: str, word: str) -> str:
    return word.capitalize() if like[0].isupper() else word


def _verb(word: str) -> str:
    """The verb as it follows "you"."""
    if word in _PLURAL:
        return _PLURAL[word]
    if not word.endswith("s") or word.endswith("ss") or word in _NO_VERBS:
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if re.search(r"(?:ss|sh|ch|x|z)es$", word) else word[:-1]
