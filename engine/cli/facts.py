"""A fact set itself, before anything is concluded from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

import caprev
from caprev.cli.common import FILE, FORMS, Asked, asking
from caprev.facts.in_words import wrapped
from caprev.files import reading


@click.group("facts", short_help="Hold a fact set against the text it was taken from.")
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
