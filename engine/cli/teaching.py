"""The trainer's room: the debate, exercises on decided cases, pictures."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import click

from caprev.api import naming
from caprev.cli.common import FILE, LAW, Asked, asking, ending
from caprev.documents.content import docx, html, markdown
from caprev.documents.drafts import make as drafts
from caprev.documents.reports import debate as debates
from caprev.documents.reports import exercise as exercises
from caprev.documents.words import phrases
from caprev.documents.words.grounds import in_words
from caprev.documents.words.phrases import Phrases
from caprev.drawing import maps
from caprev.errors import BadInput, Problem
from caprev.facts.matter import Matter
from caprev.files import reading, targets
from caprev.reasoning.analysis import Assessment
from caprev.teaching import coding, debate, drills
from caprev.teaching import exercise as exercising
from caprev.teaching.abstractions import by_id


@click.command(short_help="Argue both sides, move by move.")
@FILE
@click.option("--side", metavar="SIDE", default="", help="Who opens.  [default: the side concluded for]")
@click.option("--moves", "most", type=click.IntRange(1), metavar="N", help="At most N moves; the close is the last.")
@click.option("--vary", multiple=True, metavar="FACT", help="Walk the hypotheticals along this number; repeatable.")
@click.option("--ids", is_flag=True, help="Name factors by their ids, as rules and JSON do.")
@asking(*LAW, "parcel", "out", forms=("text", "json", "markdown"))
def argue(asked: Asked, file: str, side: str, most: int | None, vary: tuple[str, ...], ids: bool) -> int:
    """Argue both sides, move by move: cases cited, distinguished and answered, hypotheticals, and the close.

    Ends with what another position would change.

    Exit code 0: concluded; 3: undetermined; 2: bad input.

    \b
    Examples:
      caprev argue matter.yaml --moves 5
      caprev argue matter.yaml --side revenue --vary development.lots
    """
    naming.side(asked.book, side)
    assessment = asked.assess(file)
    ids = ids or asked.form == "json"
    called = by_id if ids else in_words
    held = debate.debate(asked.assessor, assessment, side, most or 0, vary, asked.without, called)
    if asked.form == "text":
        asked.write(debates.text(assessment, held, asked.paint, ids))
    elif asked.form == "json":
        asked.write(debates.data(assessment, held))
    else:
        asked.write(markdown.render(debates.sheet(assessment, held, ids)))
    return ending(assessment.conclusions)


@click.command(short_help="A decided case, or a matter of your own, as an exercise with answers.")
@click.argument("file", type=click.Path(), required=False, default=None)
@click.option("--case", default="", metavar="CASE", help="The decided case.  [default: drawn by the seed]")
@click.option(
    "--seed", type=click.IntRange(0), metavar="N", help="What is drawn follows from it.  [default: drawn, and printed]"
)
@click.option(
    "--hypotheticals", "count", type=click.IntRange(0, 50), default=0, metavar="N", show_default=True,
    help="Variations to add.",
)  # fmt: skip
@click.option("--code", is_flag=True, help="Code the facts from the decision itself instead of predicting.")
@click.option("--coded", metavar="FILE", help="Compare this coding (a fact set) of the decision.")
@click.option("--out", "folder", metavar="DIR", help="Write a handout and an answer sheet.  [default: asks]")
@asking(*LAW, "parcel", forms=("markdown", "html", "docx"), form="Of handout and answers.")
def exercise(
    asked: Asked,
    file: str | None,
    case: str,
    seed: int | None,
    count: int,
    code: bool,
    coded: str | None,
    folder: str | None,
) -> None:
    """An exercise on a decided case: its facts without the outcome, your prediction, and a score that explains itself.

    Asks on the keyboard or over a pipe. With --out it writes handout and answers, the same bytes for the same seed.

    With FILE the exercise is on a matter of your own, edited: the handout tells its facts without names, dates and
    amounts, and the answers hold a model answer and the marks.

    \b
    Examples:
      caprev exercise --case statham-v-fct
      caprev exercise --seed 8 --hypotheticals 5 --out class
      caprev exercise --case statham-v-fct --coded mine.yaml
      caprev exercise matter.yaml --out class --format docx
    """
    suffix = {"html": "html", "docx": "docx"}.get(asked.form, "md")
    names = {name: str(Path(folder or "") / f"{name}.{suffix}") for name in ("handout", "answers")}
    targets.check(names.values() if folder else (), folders=True)
    assessor = asked.assessor
    if file:
        given = {"--case": case, "--code": code, "--coded": coded, "--hypotheticals": count}
        if wrong := [name for name, value in given.items() if value]:
            raise BadInput(Problem(f"is about a decided case, and {file} is a matter of your own", wrong[0]))
        if not folder:
            raise BadInput(Problem("says nowhere to put handout and answers", "--out", fix="Name a directory"))
        asked.save(dict(zip(names.values(), _own(asked, file, suffix), strict=True)), folders=True)
        click.echo(f"{names['handout']}, {names['answers']}")
        return
    put = exercising.prepare(assessor, random.SystemRandom().randrange(1_000_000) if seed is None else seed, case)
    if coded or code:
        if not case:
            raise BadInput(Problem("coding needs the decision at hand", fix="Name it with --case"))
        click.echo(f"The decision: {exercising.full(assessor.book, put.case)}")
        matter = assessor.read(coded) if coded else coding.code(assessor, put, _answer)
        concluded = assessor.assess(matter, without=[case]).conclusions[0]
        click.echo("\n".join(exercises.coded(put, coding.compare(assessor, put, matter), concluded)))
        return
    if folder or count:
        decided, variations = drills.drills(assessor, put.case, count, put.seed)
        sheets = {
            "handout": exercises.handout(assessor.book, put, variations, _wordings(asked)),
            "answers": exercises.answers(
                assessor.book, put, decided, exercising.blind(assessor, put), variations, _wordings(asked)
            ),
        }
        if asked.form == "docx":
            if folder is None:
                raise BadInput(
                    Problem("is a file, and cannot be shown here", "docx", fix="Name a directory with --out")
                )
            asked.save({names[name]: docx.render(sheet) for name, sheet in sheets.items()}, folders=True)
        else:
            rendered = html.render if asked.form == "html" else markdown.render
            shown = {name: rendered(sheet) for name, sheet in sheets.items()}
            if folder is None:
                click.echo("\n".join(shown.values()), nl=False)
                return
            asked.save({names[name]: sheet for name, sheet in shown.items()}, folders=True)
        click.echo(f"Seed {put.seed}: {folder}/handout.{suffix}, {folder}/answers.{suffix}")
        return
    click.echo("\n".join(exercises.question(assessor.book, put)))
    prediction = exercising.predict(put, assessor.book, _answer)
    click.echo(
        "\n".join(exercises.result(assessor.book, put, prediction, exercising.score(assessor.book, put, prediction)))
    )


def _own(asked: Asked, file: str, form: str) -> tuple[bytes, bytes]:
    """Handout and answers on a matter of one's own."""
    found = reading.read(file)
    assessment = asked.assessed(asked.assessor.matter(found))

    def again(matter: Matter) -> Assessment:
        return asked.assessor.assess(matter, asked.position, asked.as_at, asked.without)

    return drafts.exercise(assessment, found, asked.rules, form, again)


def _answer(prompt: str) -> str:
    """One answer from the keyboard or a pipe."""
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo()
        raise BadInput(Problem("the answers ended before the last question; nothing was scored"))
    if not sys.stdin.isatty():
        click.echo(line.rstrip("\n"))
    return line.strip()


@click.command(short_help="Draw factors, cases, facts or the argument as SVG.")
@FILE
@click.option(
    "--kind",
    type=click.Choice(maps.KINDS),
    default="balance",
    show_default=True,
    help="Which picture: of factors, of decided cases, of facts, of the argument.",
)
@asking(
    *LAW,
    "parcel",
    "out",
    parcel="Which parcel, where there are several.",
    out="An .svg file.  [default: standard output]",
)
def plot(asked: Asked, file: str, kind: str) -> None:
    """Draw a fact set as SVG: balance of factors, map of cases, tornado of facts, graph of the argument.

    \b
    Example:
      caprev plot matter.yaml --kind cases --out map.svg
    """
    if asked.out and Path(asked.out).suffix.lower() != ".svg":
        raise BadInput(Problem("is not a kind of picture that can be written", asked.out, allowed=".svg"))
    matter = asked.assessor.read(file)
    if len(matter.parcels) > 1 and not asked.parcel:
        names = [item.id for item in matter.parcels]
        raise BadInput(Problem("has several parcels, and a picture is of one", file, allowed=", ".join(names)))
    asked.write(maps.picture(kind, asked.assessed(matter).analyses[0]))


def _wordings(asked: Asked) -> Phrases | None:
    """The wordings beside the rules, where there are any."""
    return phrases.load(asked.rules, asked.assessor.book) if (asked.rules / "drafts").is_dir() else None
