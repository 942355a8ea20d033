"""Sentences of the law that are told in the time of the project: of what was done, or of what is only planned."""

from __future__ import annotations

import re

_FORMS = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")


class Told(str):
    """A sentence as it is once the project is carried out; `planned` is the same while it is only planned."""

    planned: str

    @classmethod
    def read(cls, written: str) -> Told:
        """A sentence as the law writes it, `Houses [were|are to be] built.` Raises ValueError for a stray bracket."""
        done, ahead = (tensed(written, planned) for planned in (False, True))
        if any(mark in done + ahead for mark in "[]"):
            raise ValueError("has a bracket that is not of the form [were|are to be], which tells done from planned")
        if not done.strip() or not ahead.strip():
            raise ValueError("says nothing")
        found = cls(done)
        found.planned = ahead
        return found


def tensed(written: str, planned: bool) -> str:
    """`[done|planned]` in one of its forms."""
    return _FORMS.sub(lambda match: match[2] if planned else match[1], written)


def told(text: str, planned: bool) -> str:
    """A sentence of the law for a project as it stands."""
    return text.planned if planned and isinstance(text, Told) else text
