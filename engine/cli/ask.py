"""The facts of one matter, asked for."""

from __future__ import annotations

import sys
from contextlib import suppress

import click

from caprev.cli.common import Asked, asking, ending
from caprev.documents.words import narrative
from caprev.errors import BadInput, Problem
from caprev.files import locking, targets
from caprev.interview import dialogue
from caprev.interview import questions as interview


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
        if asked.strict:
            from caprev.cli import strictly  # here: most packs are weighed

            return strictly.ask(asked, file, _line)
        sitting = interview.Interview(asked.assessor, file, asked.parcel, asked.position, asked.as_at)

        def recap() -> list[str]:
            return narrative.recap(asked.rules, sitting.book, sitting.parcel.facts)

        talk = dialogue.Dialogue(sitting, _line, click.echo, recap)
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
