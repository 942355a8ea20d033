"""The command line: click commands only. What they do stands in `engine/`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import engine
from engine import citations, debate, lint, pages, precedents, rulebook, schema, source
from engine.assess import Assessment, Assessor
from engine.documents import data, html, markdown, text
from engine.documents import debate as debates
from engine.errors import BadInput, Problem, nearest

EXIT_UNDETERMINED = 3
_COLOURS = {"capital": "green", "revenue": "magenta", "open": "yellow"}


@contextmanager
def reporting() -> Iterator[None]:
    """Turns bad input into messages on stderr and exit code 2."""
    try:
        yield
    except BadInput as error:
        for problem in error.problems:
            click.echo(f"caprev: {problem}", err=True)
        sys.exit(2)


def where(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose another rulebook or case base."""
    command = click.option("--cases", "cases_dir", type=click.Path(), help="Another case base (a directory).")(command)
    return click.option("--rules", "rules_dir", type=click.Path(), help="Another rulebook (a directory).")(command)


def paint(words: str, style: str) -> str:
    """Colour for a terminal; headings are bold."""
    if style in ("heading", "title"):
        return click.style(words, bold=True)
    return click.style(words, fg=_COLOURS.get(style), bold=True)


def colourful() -> bool:
    """Colour only on a terminal, and never where NO_COLOR is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write(output: str, to: str | None) -> None:
    """To standard output, or to a file that appears whole or not at all."""
    if to is None:
        click.echo(output, nl=False)
        return
    target = Path(to)
    temporary = target.with_name(f".{target.name}.part")
    try:
        temporary.write_text(output, encoding="utf-8")
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise BadInput(Problem(f"cannot be written ({error.strerror})", to)) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="caprev", prog_name="caprev")
def main() -> None:
    """Is a gain from land capital or revenue? An explained conclusion from a fact set.

    Support for a person's judgement: not advice and not a ruling.
    """


@main.command()
@click.argument("file", type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="How to show it.",
)
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@click.option("--parcel", default="", help="Assess only this parcel.")
@click.option("--without", multiple=True, metavar="CASE", help="Leave a decided case out of the base; repeatable.")
@click.option("--detail", is_flag=True, help="Show everything: limits, numbers, full citations.")
@click.option("--out", metavar="FILE", help="Write to a file instead of standard output.")
@where
def assess(
    file: str,
    form: str,
    as_at: str,
    position: str,
    parcel: str,
    without: tuple[str, ...],
    detail: bool,
    out: str | None,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Assess a fact set and explain the conclusion.

    Exit code 0: concluded; 3: undetermined; 2: bad input.
    """
    with reporting():
        _check_date(as_at)
        found = source.read(file)
        assessor = engine.load(rules_dir, cases_dir)
        matter = assessor.matter(found)
        for case in without:
            _known_case(assessor, case)
        assessment = assessor.assess(matter, position, as_at, without, parcel)
        write(_rendered(assessor, assessment, form, detail, colourful() and out is None), out)
    undetermined = any(c.characterisation == "undetermined" for c in assessment.conclusions)
    sys.exit(EXIT_UNDETERMINED if undetermined else 0)


def _rendered(assessor: Assessor, assessment: Assessment, form: str, detail: bool, colour: bool) -> str:
    arguments = engine.arguments(assessor, assessment)
    if form == "json":
        return data.render(assessment, arguments)
    if form == "markdown":
        return markdown.render(assessment, arguments)
    if form == "html":
        return html.render(assessment, arguments)
    return text.render(assessment, arguments, detail, paint if colour else text.plain)


def _check_date(day: str) -> None:
    try:
        if day and len(day) != 10:
            raise ValueError
        if day:
            source_day(day)
    except ValueError:
        raise BadInput(Problem(f"--as-at '{day}' is not a date", allowed="YYYY-MM-DD")) from None


def source_day(day: str) -> None:
    """Raises ValueError unless `day` is a whole date."""
    from engine.knowledge import day as read_day

    read_day(day)


def _known_case(assessor: Assessor, case: str) -> precedents.Case:
    if case not in assessor.cases.cases:
        raise BadInput(Problem(f"there is no decided case '{case}'", fix=nearest(case, list(assessor.cases.cases))))
    return assessor.cases.cases[case]


@main.command("schema")
@click.option("--out", metavar="FILE", help="Write to a file instead of standard output.")
@where
def schema_command(out: str | None, rules_dir: str | None, cases_dir: str | None) -> None:
    """Print a JSON Schema of fact sets, for editors (VS Code's YAML extension and others)."""
    with reporting():
        book = rulebook.load(rules_dir or engine.home("rules"))
        write(json.dumps(schema.schema(book.vocabulary, book.pack.version), indent=2) + "\n", out)


@main.group()
def rules() -> None:
    """Look at the rules, and check them."""


@rules.command("lint")
@where
def rules_lint(rules_dir: str | None, cases_dir: str | None) -> None:
    """Check every rule, its examples and its authority; report all problems together."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        notes = lint.warnings(assessor)
        faults = lint.errors(assessor)
        for note in notes:
            click.echo(f"warning: {note}")
        if faults:
            raise BadInput(faults)
        examples = sum(len(factor.examples) for factor in assessor.book.factors.values())
        click.echo(
            f"{len(assessor.book.factors)} factors, {len(assessor.book.nodes)} indicators, elements and issues, "
            f"{examples} examples, {len(assessor.cases.cases)} cases: no errors, {len(notes)} warnings."
        )


@rules.command("list")
@click.option("--favours", type=click.Choice(["capital", "revenue", "neutral"]), help="Only factors for one side.")
@click.option("--feeds", default="", help="Only factors that feed this indicator, element or issue.")
@where
def rules_list(favours: str | None, feeds: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """List issues, elements, indicators and factors."""
    with reporting():
        book = rulebook.load(rules_dir or engine.home("rules"))
        if feeds and feeds not in book.nodes:
            raise BadInput(
                Problem(f"'{feeds}' is not an indicator, element or issue", fix=nearest(feeds, list(book.nodes)))
            )
        if not (favours or feeds):
            for node in book.nodes.values():
                click.echo(f"{node.id:40} {node.kind:10} {node.title}")
        for factor in book.factors.values():
            if favours in (None, factor.favours) and (not feeds or feeds in factor.feeds):
                click.echo(f"{factor.id:40} {factor.favours:8} {factor.strength:13} {factor.text}")


@rules.command("show")
@click.argument("rule")
@where
def rules_show(rule: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """Show one factor, indicator, element, issue or unsettled point as it stands in the rulebook."""
    with reporting():
        book = rulebook.load(rules_dir or engine.home("rules"))
        click.echo(pages.rule(book, rule), nl=False)


@main.group()
def cases() -> None:
    """Look at decided cases and comparators."""


@cases.command("list")
@where
def cases_list(rules_dir: str | None, cases_dir: str | None) -> None:
    """List the decided cases: outcome, route, court, year, confidence of the reading."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        for case in assessor.cases.cases.values():
            standing = "" if case.shown else "  not shown as authority"
            click.echo(
                f"{case.id:45} {case.outcome:8} {case.route:26} {case.decided[:4]} {case.level:18} "
                f"{case.confidence}{standing}"
            )


@cases.command("show")
@click.argument("case")
@where
def cases_show(case: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """Show a decided case, or a comparator by its number: facts, outcome, because, despite, treatment."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        click.echo(pages.case(assessor, case), nl=False)


@cases.command("nearest")
@click.argument("file", type=click.Path())
@click.option("--most", default=5, show_default=True, help="How many for each side.")
@where
def cases_nearest(file: str, most: int, rules_dir: str | None, cases_dir: str | None) -> None:
    """The decided cases most on point for a fact set, for each side."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        for conclusion in assessor.assess(assessor.read(file)).conclusions:
            for side in ("capital", "revenue"):
                found = [p for p in conclusion.guidance.on_point if p.case.outcome == side][:most]
                click.echo(f"{conclusion.parcel.id}, for {side}:" + ("" if found else " none on point"))
                for p in found:
                    click.echo(f"  {citations.full(assessor.book, p.case.authority)}")
                    click.echo(f"    shared: {', '.join(p.decisive)}")
                    click.echo(f"    distinguishing: {', '.join(p.distinguishing) or 'nothing known'}")


@main.command()
@click.argument("file", type=click.Path())
@click.option("--side", type=click.Choice(["capital", "revenue"]), help="Who opens; by default the side concluded for.")
@click.option("--moves", "most", type=click.IntRange(1), metavar="N", help="At most N moves; the close is the last.")
@click.option("--vary", metavar="FACT", default="", help="Walk the hypotheticals along this number.")
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@click.option("--parcel", default="", help="Argue only this parcel.")
@click.option("--without", multiple=True, metavar="CASE", help="Leave a decided case out of the base; repeatable.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True, help="Form."
)
@click.option("--out", metavar="FILE", help="Write to a file instead of standard output.")
@where
def argue(
    file: str,
    side: str | None,
    most: int | None,
    vary: str,
    as_at: str,
    position: str,
    parcel: str,
    without: tuple[str, ...],
    form: str,
    out: str | None,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Argue both sides, move by move: cases cited, distinguished and answered, hypotheticals, and the close.

    Ends with what another position would change. Exit code 0: concluded; 3: undetermined; 2: bad input.
    """
    with reporting():
        _check_date(as_at)
        assessor = engine.load(rules_dir, cases_dir)
        matter = assessor.read(file)
        for case in without:
            _known_case(assessor, case)
        assessment = assessor.assess(matter, position, as_at, without, parcel)
        held = debate.debate(assessor, assessment, side or "", most or 0, vary, without)
        if form == "text":
            shown = debates.text(assessment, held, paint if colourful() and out is None else text.plain)
        else:
            shown = (debates.data if form == "json" else debates.as_markdown)(assessment, held)
        write(shown, out)
    undetermined = any(c.characterisation == "undetermined" for c in assessment.conclusions)
    sys.exit(EXIT_UNDETERMINED if undetermined else 0)


if __name__ == "__main__":
    main()
