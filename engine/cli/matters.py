"""One matter: its facts asked for, assessed, drafted and recorded."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from caprev.cli.common import FILE, LAW, Asked, asking, ending
from caprev.documents.content.model import TEMPLATES
from caprev.errors import BadInput, Problem
from caprev.files import locking, reading, targets

if TYPE_CHECKING:
    from caprev import record
    from caprev.documents.drafts import make as drafts
    from caprev.interview import dialogue
    from caprev.interview import questions as interview
else:
    from caprev.later import later

    record, drafts = later("caprev.record"), later("caprev.documents.drafts.make")
    dialogue, interview = later("caprev.interview.dialogue"), later("caprev.interview.questions")


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
      caprev assess cases/examples/farm-subdivision.yaml
      caprev assess matter.yaml --position courts --format html --out matter.html
    """
    targets.check([name for name in (asked.out, record_to) if name is not None], [file])
    found = reading.read(file)
    assessment = asked.assessed(asked.assessor.matter(found))
    if record_to is not None:
        request = record.requested(
            assessment, "assess", asked.form, detail=detail, parcel=asked.parcel, without=asked.without
        )
        plain = record.shown(assessment, asked.form, detail).encode("utf-8")
        kept = record.make(asked.law, found, request, assessment, plain)
        asked.save(({asked.out: plain} if asked.out else {}) | {record_to: kept})
    if not (record_to and asked.out):
        asked.write(record.shown(assessment, asked.form, detail, asked.paint))
    return ending(assessment.conclusions)


@click.command(short_help="Ask for the facts in plain words, what matters most first.")
@click.argument("file", type=click.Path(), default="interview.yaml")
@asking("as_at", "position", "parcel", parcel="Whose facts to ask for, where the file has several parcels.")
def ask(asked: Asked, file: str) -> int:
    """Ask for the facts in plain words, what matters most first; saves to FILE after every answer.

    Goes on with FILE if it exists (without FILE: interview.yaml here). Ends when no answer still missing could change
    the conclusion. Answers may also come from a pipe, one a line; `section.fact = answer` answers any question.

    Exit code 0: concluded as far as known; 3: undetermined; 2: bad input, another interview has FILE, or answers
    could not be saved: they are shown.

    \b
    Examples:
      caprev ask client.yaml
      printf '%s\\n' subdivision 'development.lots = about 24' quit | caprev ask client.yaml
    """
    targets.check([file])
    with locking.alone(file, "is being answered by another interview", "End that one, or name another file"):
        sitting = interview.Interview(asked.assessor, file, asked.parcel, asked.position, asked.as_at)
        talk = dialogue.Dialogue(sitting, _line, click.echo)
        try:
            talk.run()
        except KeyboardInterrupt:
            talk.leave()
        finally:
            asked.written.extend([] if sitting.file.new else [file])
    if talk.unsaved:
        raise BadInput(Problem(f"{len(talk.unsaved)} of the answers could not be saved; they are listed above", file))
    return ending([sitting.conclusion])


def _line(prompt: str) -> str | None:
    """One line from the keyboard or a pipe; None when the input has ended."""
    try:
        if sys.stdin.isatty():
            with suppress(ImportError):
                import readline  # noqa: F401  # lets the line be edited
            return input(prompt)
        line = sys.stdin.readline()
    except (EOFError, KeyboardInterrupt):
        return None
    except UnicodeDecodeError:
        raise BadInput(Problem("is not UTF-8 text", "<standard input>")) from None
    if line:
        click.echo(f"{prompt}{line.rstrip()}")
    return line or None


@click.command(short_help="Write a draft private ruling, advice or debate sheet.")
@FILE
@click.option("--to", "to", required=True, metavar="OUT", help="The document to write: .docx, .pdf, .html or .md.")
@click.option("--template", type=click.Choice(TEMPLATES), default="ruling", show_default=True, help="What to write.")
@click.option("--edited", is_flag=True, help="The de-identified form for publication, with a report of replacements.")
@click.option("--record", "record_to", metavar="FILE", help="Where the record goes.  [default: OUT.record.json]")
@asking(*LAW, "parcel")
def draft(asked: Asked, file: str, to: str, template: str, edited: bool, record_to: str | None) -> None:
    """Write a draft from a fact set: a private ruling, an advice, or a debate sheet.

    With it goes a record (OUT.record.json) from which it can be reproduced. An edited version comes with a report of
    every replacement (OUT.edits.md); neither is for publication.

    Exit code 0: written; 2: bad input, nothing written.

    \b
    Examples:
      caprev draft cases/rulings/1052196215679.yaml --to ruling.docx
      caprev draft cases/rulings/1052196215679.yaml --to public.md --edited
      caprev draft matter.yaml --template advice --to advice.pdf
    """
    form = drafts.form_of(to)
    kept, edits = record_to or f"{to}.record.json", f"{to}.edits.md"
    targets.check([to, kept, edits] if edited else [to, kept], [file])
    found = reading.read(file)
    assessment = asked.assessed(asked.assessor.matter(found))
    request = record.requested(
        assessment, "draft", form, template=template, edited=edited, parcel=asked.parcel, without=asked.without
    )
    made = record.drafted(asked.law, found, request, assessment, to)
    report = {edits: made.report.encode("utf-8")} if edited else {}
    asked.save({to: made.content} | report | {kept: record.make(asked.law, found, request, assessment, made.content)})
    for check in made.checks:
        click.echo(f"[{'ok' if check.ok else '!!'}] {check.name}: {check.found}")
    click.echo(f"Written: {', '.join((to, kept, *report))}")


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
    verdict = record.verify(file, asked.law, output)
    click.echo("\n".join(verdict.lines))
    return 0 if verdict.same else 1


@records.command()
@FILE
@asking(
    "as_at",
    "position",
    as_at="Apply the law as at this day, YYYY-MM-DD.  [default: the record's]",
    position="Whose answers to unsettled points: commissioner, courts.  [default: the record's]",
)
def replay(asked: Asked, file: str) -> int:
    """Run the fact set of a record under other law, and say what changes.

    Exit code 0: replayed; 2: not a record; 3: replayed, and the conclusion is undetermined.

    \b
    Example:
      caprev record replay ruling.docx.record.json --position courts
    """
    record.read(file)
    assessment, lines = record.replay(file, asked.law, asked.as_at, asked.position)
    click.echo("\n".join(lines))
    return ending(assessment.conclusions)
