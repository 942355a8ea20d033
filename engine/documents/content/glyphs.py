"""Which characters of a text the fonts at hand can show; the others are written as their codes, `[U+20DD]`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

BREAK = "\u200b"  # where a word too long for a line may be broken; nothing has to be shown for it
_WORD = re.compile("[!-~]?[^\x00-~]+")

Fails = Callable[[set[str], bool], set[str]]
"""Of some words, those that cannot be set: with the fonts of the renderer alone, or also with the machine's."""


@dataclass(frozen=True)
class Glyphs:
    """What a text needs: only the renderer's own fonts, or the machine's too; and the characters that no font has."""

    own_fonts: bool
    missing: frozenset[str]

    def written(self, text: str) -> str:
        """The text with codes for what cannot be shown."""
        return "".join(f"[U+{ord(c):04X}]" if c in self.missing else c for c in text) if self.missing else text


def needed(text: str, fails: Fails) -> Glyphs:
    """What a text needs. Only words that are not plain ASCII are tried."""
    foreign = fails(set(_WORD.findall(text)), True)
    missing: set[str] = set()
    unshown = fails(foreign, False) if foreign else foreign
    # A character may be shown alone and not where it stands, such as a mark on a letter of another font.
    for choose in (lambda letters: fails(letters, False), _marks, set):
        if unshown:
            missing |= choose(_letters(unshown))
            written = {word: Glyphs(False, frozenset(missing)).written(word) for word in unshown}
            failing = fails(set(written.values()), False)
            unshown = {word for word in unshown if written[word] in failing}
    without = Glyphs(True, frozenset(missing))
    return Glyphs(not foreign or not fails(set(map(without.written, foreign)), True), frozenset(missing))


def ascii_only(text: str) -> Glyphs:
    """What shows any text whatever: codes for all that is not ASCII."""
    return Glyphs(True, frozenset(_letters([text])))


def _letters(words: Iterable[str]) -> set[str]:
    return {letter for word in words for letter in word if letter > "~" and letter != BREAK}


def _marks(letters: set[str]) -> set[str]:
    return {letter for letter in letters if unicodedata.category(letter).startswith("M")}
