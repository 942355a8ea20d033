"""What was recorded: made again, or under other law."""

from __future__ import annotations

import click

from caprev import record
from caprev.cli.common import FILE, Asked, asking, ending


@click.group("record", short_help="Reproduce a record, or run it under other law.")
def records() -> None:
    """Reproduce what was recorded, or see what other law would change."""


@records.command()
@FILE
@click.option("--output", metavar="FILE", help="What the record was written with.  [default: the draft beside it]")
@asking()
def verify(asked: Asked, file: str, output: str | None) -> int:
    """Make a record again from its own fact set, and say what differs.

    A draft that stands beside its record (OUT beside OUT.record.json), or the output named, must be the one recorded.

    Exit code 0: reproduced byte for byte; 1: not, and what differs is said; 2: not a record, or one that was not
    finished.

    \b
    Examples:
      caprev record verify ruling.docx.record.json
      caprev record verify memo.json --output memo.txt
    """
    record.read(file)
    if asked.strict:
        from caprev.cli import strictly  # here: most packs are weighed

        verdict = strictly.verify(asked, file, output)
    else:
        verdict = record.verify(file, asked.assessor, output)
    click.echo("\n".join(verdict.lines))
    return 0 if verdict.same else 1


@records.command()
@FILE
@asking(
    "as_at",
    "position",
    strictly="replay",
    as_at="Apply the law as at this day, YYYY-MM-DD.  [default: the record's]",
    position="Whose answers to unsettled points: {positions}.  [default: the record's]",
)
def replay(asked: Asked, file: str) -> int:
    """Run the fact set of a record under other law, and say what changes.

    Exit code 0: replayed; 2: not a record; 3: replayed, and the conclusion is undetermined.

    \b
    Example:
      caprev record replay ruling.docx.record.json --position courts
    """
    record.read(file)
    assessment, lines = record.replay(file, asked.assessor, asked.as_at, asked.position)
    click.echo("\n".join(lines))
    return ending(assessment.conclusions)
