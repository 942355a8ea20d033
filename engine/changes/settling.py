"""The flips to tell of: the smallest ones, confirmed by a full assessment, and how many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from caprev.changes import flips
from caprev.changes.flips import Flip, Sway
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.precedents import CaseBase


@dataclass(frozen=True)
class Turns:
    """What would turn a conclusion: the flips shown of `count`, and how far each fact alone could move it."""

    shown: list[Flip]
    count: int
    sways: list[Sway]


def turns(
    assessor: Assessor,
    c: Conclusion,
    cases: CaseBase,
    held: Collection[str],
    freed: Collection[str],
    up_to: int,
    most: int | None,
) -> Turns:
    """Changes of up to so many known facts; `held` stay as they are, `freed` may change though past and done."""
    changes = flips.known_changes(assessor, c, cases, set(held), set(freed))
    found = flips.flips(c, cases, changes, up_to)
    return Turns(_confirmed(assessor, c, cases, found[:most]), len(found), flips.tornado(c, cases, changes))


def settling(
    assessor: Assessor, c: Conclusion, cases: CaseBase, up_to: int, most: int | None
) -> list[tuple[str, list[Flip], int]]:
    """Sets of up to so many answers that would turn it to each other conclusion: those shown, and how many."""
    found = flips.flips(c, cases, flips.learnable(assessor, c, cases), up_to)
    settled = []
    for side in c.weigher.book.sides.conclusions:
        if side != c.characterisation:
            sets = [flip for flip in found if flip.result.characterisation == side]
            settled.append((side, _confirmed(assessor, c, cases, sets[:most]), len(sets)))
    return settled


def _confirmed(assessor: Assessor, c: Conclusion, cases: CaseBase, found: Iterable[Flip]) -> list[Flip]:
    return [flip for flip, _ in flips.verified(assessor, c, cases, found)]
