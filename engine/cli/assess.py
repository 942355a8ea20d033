"""One matter assessed."""

from __future__ import annotations

import click

from caprev.cli.common import FILE, LAW, Asked, asking, ending
from caprev.documents.reports.forms import shown
from caprev.files import reading, targets


@click.command(short_help="Assess a fact set and explain the conclusion.")
@FILE
@click.option("--detail", is_flag=True, help="Show everything: limits, numbers, full citations.")
@click.option("--record", "record_to", metavar="FILE", help="Write a record from which this can be reproduced.")
@asking(*LAW, "parcel", "out", forms=("text", "json", "markdown", "html"))
def assess(asked: Asked, file: str, detail: bool, record_to: str | None) -> int:
    """Assess a fact set and explain the conclusion.

    Exit code 0: concluded; 3: undetermined; 2: bad input.

    \b
    Examples:
      caprev assess cases/au-land/examples/farm-subdivision.yaml
      caprev assess matter.yaml --position courts --format html --out matter.html
    """
    targets.check([name for name in (asked.out, record_to) if name is not None], [file])
    if asked.strict:
        from caprev.cli import strictly  # here: most packs are weighed

        return strictly.assess(asked, file, detail, record_to)
    found = reading.read(file)
    assessment = asked.assessed(asked.assessor.matter(found))
    if record_to is not None:
        from caprev import record  # here: most assessments are not recorded

        request = record.requested(
            assessment, "assess", asked.form, detail=detail, parcel=asked.parcel, without=asked.without
        )
        plain = shown(assessment, asked.form, detail).encode("utf-8")
        kept = record.make(asked.assessor, found, request, assessment, plain)
        asked.save(({asked.out: plain} if asked.out else {}) | {record_to: kept})
    if asked.mixed and record_to is None:
        from caprev.cli import strictly  # here: most packs are weighed

        return strictly.beside(asked, assessment, found, detail)
    if not (record_to and asked.out):
        asked.write(shown(assessment, asked.form, detail, asked.paint))
    return ending(assessment.conclusions)
