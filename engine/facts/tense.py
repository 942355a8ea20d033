"""The time in which a project is told: as done, as planned, or as going on."""

from __future__ import annotations

from enum import IntEnum


class Tense(IntEnum):
    """How far a project has gone; what is not known to be ahead or under way is told as done."""

    DONE = 0
    PLANNED = 1
    UNDER_WAY = 2
