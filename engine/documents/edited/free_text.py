"""Free text as it may be published: what is known to be plain language or law stays, and everything else is hidden.

A false alarm costs a second look, and a leak cannot be taken back. So nothing is hidden because it looks like a name, a
lot or a telephone; it stays because it is known to be none. What is put in place of a part is never read again, so that
no name can pass by looking like a placeholder.
"""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

from caprev.documents.edited.hidden_figures import HiddenFigures
from caprev.documents.edited.hidden_names import HiddenNames
from caprev.documents.edited.kept_law import KeptLaw
from caprev.documents.edited.plain_words import PlainWords
from caprev.documents.edited.spans import Settled

if TYPE_CHECKING:
    from caprev.documents.edited.editor import Editor

_BROKEN = re.compile(r"(?<=\w)-[ \t]{0,8}\r?\n[ \t]{0,8}(?=\w)")


class Redactor:
    """Edits the free text of one fact set."""

    def __init__(self, placeholders: Editor) -> None:
        self.give = placeholders
        self.law = KeptLaw(placeholders.phrases)
        self.figures = HiddenFigures(placeholders)
        self.plain = PlainWords(placeholders.phrases, placeholders.words, placeholders.found)
        self.months = frozenset(month[:size] for month in placeholders.words("months") for size in (9, 4, 3))

    def text(self, text: str) -> str:
        """A text as it may be published."""
        settled = Settled(normalised(text))
        self.law.settle(settled)
        self.figures.settle(settled)
        HiddenNames(settled, self.plain, self._named, partial(self._note, "word")).settle()
        return settled.shown()

    def _named(self, name: str) -> str:
        if name in self.months:
            return self._note("date", name)
        return self.give.name(name)

    def _note(self, kind: str, original: str) -> str:
        return self.give.note(kind, original, self.give.phrases("edited.other"), "free text")


def normalised(text: str) -> str:
    """Text in one line, in letters as they are usually written, without characters that are not seen."""
    text = unicodedata.normalize("NFKC", _BROKEN.sub("-", text))
    return " ".join("".join(mark for mark in text if unicodedata.category(mark) not in _UNSEEN).split())


# Joiners, marks that stay over letters, private and unassigned characters.
_UNSEEN = ("Cf", "Mn", "Me", "Co", "Cn", "Cs")
