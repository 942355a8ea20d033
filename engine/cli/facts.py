"""A fact set itself, before anything is concluded from it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

import caprev
from caprev.cli.common import FILE, FORMS, Asked, asking
from caprev.documents.drafts import letters
from caprev.documents.words import phrases
from caprev.errors import BadInput, Problem
from caprev.facts.in_words import wrapped
from caprev.files import reading, targets, word
from caprev.interview import returned as filling


@click.group("facts", short_help="Hold a fact set against its text; take in a questionnaire that came back.")
def facts() -> None:
    """Look at a fact set before anything is concluded from it."""


@facts.command()
@FILE
@click.option("--against", required=True, metavar="TEXT", help="The text the facts were taken from, as plain text.")
@asking("out", forms=FORMS)
def check(asked: Asked, file: str, against: str) -> int:
    """Hold a fact set against the text that it was taken from: a letter, a statement, a contract, as plain text.

    Says of every quotation in a source or a note ("between marks") whether the text has it, and where; which facts
    quote nothing; and which questions the text seems to answer that the fact set leaves open, by the vocabulary's own
    words. It reads nothing into either: what is proposed is for a person to decide.

    Exit code 0: all that is quoted is there; 1: something is not; 2: bad input.

    \b
    Example:
      caprev facts check matter.yaml --against letter.txt
    """
    found = caprev.check(Path(file), reading.contents(against), asked.assessor)
    if asked.form == "json":
        asked.write(json.dumps(found.to_dict(), indent=2, ensure_ascii=False) + "\n")
    else:
        asked.write("\n".join(_lines(found, against)) + "\n")
    return 1 if found.astray else 0


@facts.command()
@FILE
@click.argument("returned", type=click.Path())
@asking("out", "parcel", forms=FORMS, out="Where the fact set with the answers goes.  [required]",
        parcel="Whose facts the answers are.  [default: those of all]")  # fmt: skip
def fill(asked: Asked, file: str, returned: str) -> int:
    """Take the answers of a questionnaire that came back (a Word file) into a fact set.

    The questionnaire is made with `caprev draft FILE --template questionnaire --to ask.docx`. Says of every answer what
    was understood and what was not. What is not understood, or does not fit what FILE has, changes no fact and is kept
    in the notes of the matter, so that nothing that the client wrote is lost. FILE itself stays as it is.

    Exit code 0: every answer was taken; 1: some were not, and the file is written; 2: bad input, nothing is written.

    \b
    Example:
      caprev facts fill matter.yaml answered.docx --out filled.yaml
    """
    if asked.out is None:
        raise BadInput(Problem("says nowhere to put the fact set with the answers", "--out", fix="Name a new file"))
    targets.check([asked.out], [file, returned])
    wordings = phrases.load(asked.rules, asked.book)
    found = filling.fill(asked.assessor, file, word.read(returned), letters.terms(wordings), asked.parcel)
    asked.save({asked.out: found.text})
    if asked.form == "json":
        told = {"lines": [asdict(line) for line in found.lines], "loose": found.loose, "written": asked.out}
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_taken(found, asked)))
    return 0 if found.whole else 1


def _taken(found: filling.Filled, asked: Asked) -> Iterator[str]:
    count = Counter(line.state for line in found.lines)
    said = [f"{count[state]} {state}" for state in (filling.TAKEN, filling.UNHEARD, filling.APART) if count[state]]
    left = f"; {count[filling.BLANK]} left blank" if count[filling.BLANK] else ""
    yield f"Answers: {', '.join(said) or 'none'}{left}. Written: {asked.out}"
    for state, mark in ((filling.APART, "!!"), (filling.UNHEARD, "??"), (filling.TAKEN, "ok")):
        for line in (line for line in found.lines if line.state == state):
            yield from wrapped(f"{mark} {line.fact} ({line.place}): '{line.said}'", "  ", 3)
            yield from wrapped(f"{'understood' if state == filling.TAKEN else state}: {line.told}", "     ", 2)
    if found.loose:
        yield "Written elsewhere, and kept in the notes:"
        for text in found.loose:
            yield from wrapped(f"- {text}", "  ", 2)


def _lines(found: caprev.Checked, text: str) -> Iterator[str]:
    there, astray = [quote for quote in found.quotes if quote.line], found.astray
    yield f"Quoted: {len(found.quotes)}; in {text}: {len(there)}; not there: {len(astray)}."
    for quote in astray:
        yield from wrapped(f'!! {_name(quote.parcel, quote.fact)}: not in the text: "{quote.words}"', "  ", 3)
        if quote.nearest:
            yield from wrapped(f"nearest, {quote.nearest}", "     ")
    for quote in there:
        yield from wrapped(f"ok {_name(quote.parcel, quote.fact)}: line {quote.line}", "  ", 3)
    if found.unquoted:
        yield ""
        yield "Without a quotation:"
        for bare in found.unquoted:
            yield from wrapped(f"- {bare.fact}: {bare.source or 'no source'}", "  ", 2)
    yield ""
    if not found.proposals:
        yield "No passage was seen that seems to answer an open question; that says little, so read the text."
        return
    yield "Open, and the text seems to answer; read it, and decide:"
    for item in found.proposals:
        value = f" (it names {item.value})" if item.value else ""
        yield from wrapped(f"? {item.fact}: {item.ask}", "  ", 2)
        yield from wrapped(f"line {item.line}{value}: {item.passage}", "    ")


def _name(parcel: str, fact: str) -> str:
    return f"{parcel}, {fact}" if parcel else fact
