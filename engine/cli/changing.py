"""What would change a conclusion: facts to find out, facts otherwise, facts supposed, and another matter beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from caprev.api import naming
from caprev.changes import compare as comparing
from caprev.changes import settling
from caprev.cli.common import COUNT, FILE, FORMS, Asked, asking, ending, heading
from caprev.documents.reports import changes as told
from caprev.documents.reports import comparison as beside
from caprev.documents.words.supposed import Supposed

LOOKED_AT = ("as_at", "position", "parcel", "out")


@click.command(short_help="Which unknown facts could change it, and their proof.")
@FILE
@click.option("--up-to", type=click.IntRange(1, 3), default=2, help="Sets of at most so many answers.", **COUNT)
@click.option("--most", default=12, type=click.IntRange(1), help="Show so many facts.", **COUNT)
@click.option("--all", "every", is_flag=True, help="Show everything.")
@asking(*LOOKED_AT, forms=FORMS, strictly="missing")
def missing(asked: Asked, file: str, up_to: int, most: int, every: bool) -> int:
    """Which facts not known could change the conclusion, the smallest sets that settle it each way, and their proof.

    Exit code 0: concluded; 3: undetermined; 2: bad input.

    \b
    Example:
      caprev missing matter.yaml --most 5
    """
    assessment = asked.assess(file)
    every_set = every or asked.form == "json"

    def parcels() -> Iterator[tuple[str, Any]]:
        for analysis in assessment.analyses:
            c, items = analysis.conclusion, analysis.missing
            sets = settling.settling(asked.assessor, c, assessment.cases, up_to, None if every_set else 100)
            title = heading(assessment, c.parcel.id)
            shown = told.missing(
                c, items, sets, up_to, 0 if every else most, Supposed(asked.rules, c), every, title, asked.paint
            )
            yield shown, told.missing_data(c, items, sets)

    asked.tell(parcels())
    return ending(assessment.conclusions)


@click.command(short_help="The smallest changes of facts that change the conclusion.")
@FILE
@click.option("--up-to", type=click.IntRange(1, 3), default=3, help="Change at most so many facts.", **COUNT)
@click.option("--fixed", multiple=True, metavar="FACT", help="Leave this fact or section as it is; repeatable.")
@click.option("--free", multiple=True, metavar="FACT", help="Change even this one, which is past and done; repeatable.")
@click.option("--most", default=100, type=click.IntRange(1), help="Show so many sets of changes.", **COUNT)
@click.option("--all", "every", is_flag=True, help="Show everything.")
@asking(*LOOKED_AT, forms=FORMS, strictly="flips")
def flips(
    asked: Asked, file: str, up_to: int, fixed: tuple[str, ...], free: tuple[str, ...], most: int, every: bool
) -> int:
    """The smallest changes of known facts that would change the conclusion, and how far each fact could move it.

    Complete up to the size given; what is past and done (date and mode of acquisition) stays, unless freed.

    Exit code 0: concluded; 3: undetermined; 2: bad input.

    \b
    Examples:
      caprev flips matter.yaml --up-to 1
      caprev flips matter.yaml --fixed taxpayer --fixed development.lots
    """
    assessor = asked.assessor
    assessment = asked.assess(file)
    held, freed = (naming.facts(assessor.book, names) for names in (fixed, free))
    limit = None if every or asked.form == "json" else most

    def parcels() -> Iterator[tuple[str, Any]]:
        for c in assessment.conclusions:
            found = settling.turns(assessor, c, assessment.cases, held, freed, up_to, limit)
            rows = found.shown, found.count, up_to, found.sways, Supposed(asked.rules, c), every
            shown = told.flips(c, *rows, heading(assessment, c.parcel.id), asked.paint)
            yield shown, told.flips_data(c, found.shown, found.count, found.sways)

    asked.tell(parcels())
    return ending(assessment.conclusions)


@click.command(short_help="Suppose other facts: both conclusions side by side.")
@FILE
@click.option("--set", "settings", multiple=True, required=True, metavar="FACT=VALUE", help="Suppose this; repeatable.")
@click.option("--all", "every", is_flag=True, help="Show everything, also what stays the same.")
@asking(*LOOKED_AT, forms=FORMS, strictly="whatif")
def whatif(asked: Asked, file: str, settings: tuple[str, ...], every: bool) -> int:
    """Suppose other facts: the two conclusions side by side, what moved and why.

    VALUE as in a fact set or in plain words: 25, 'about 20', 'also resale', '[farming, rental]', unknown.

    Exit code 0: concluded on what is supposed; 3: undetermined; 2: bad input.

    \b
    Example:
      caprev whatif matter.yaml --set development.lots=25 --set involvement.level=substantial
    """
    assessor = asked.assessor
    assessment = asked.assess(file)
    then = [
        comparing.supposed(assessor, c, comparing.settings(assessor, c.parcel, settings), file)
        for c in assessment.conclusions
    ]

    def parcels() -> Iterator[tuple[str, Any]]:
        for c, supposed in zip(assessment.conclusions, then, strict=True):
            diff = comparing.differences(assessor, c, supposed)
            titles = heading(assessment, c.parcel.id) or "as it is", comparing.Other("what if", (supposed,))
            said = Supposed(asked.rules, c), Supposed(asked.rules, supposed)
            yield (
                beside.supposed(diff, said[1])
                + beside.compared(assessor.cases, diff, *titles, said, every, asked.paint),
                beside.data(assessor.cases, diff, *titles),
            )

    asked.tell(parcels())
    return ending(then)


@click.command(short_help="Two matters, or a matter and a decided case, side by side.")
@click.argument("left")
@click.argument("right")
@click.option("--all", "every", is_flag=True, help="Show everything, also what is the same.")
@asking(*LOOKED_AT, forms=FORMS, strictly="compare")
def compare(asked: Asked, left: str, right: str, every: bool) -> int | None:
    """Two matters side by side, or a matter and a decided case point by point.

    LEFT and RIGHT are fact sets, decided cases (stevenson-v-fct, or stevenson), or comparators by their number.

    \b
    Examples:
      caprev compare matter.yaml stevenson
      caprev compare matter.yaml 1052196215679
    """
    assessor = asked.assessor
    pack = assessor.book.pack
    weigher = assessor.weigher(asked.position or pack.position, asked.as_at or pack.as_at)
    mine, theirs = (comparing.other(assessor, name, weigher) for name in (left, right))

    def parcels() -> Iterator[tuple[str, Any]]:
        for one, two in comparing.pairs(mine, theirs, asked.parcel):
            diff = comparing.differences(assessor, one, two)
            titles = mine.only(one).title, theirs.only(two)
            said = Supposed(asked.rules, one), Supposed(asked.rules, two)
            yield (
                beside.compared(assessor.cases, diff, *titles, said, every, asked.paint),
                beside.data(assessor.cases, diff, *titles),
            )

    asked.tell(parcels())
    return None
