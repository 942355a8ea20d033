"""The law itself: rules, decided cases, and the schema of fact sets."""

from __future__ import annotations

import json
from pathlib import Path

import click

from caprev.api import naming
from caprev.cli.common import COUNT, FILE, Asked, asking
from caprev.documents.words.grounds import in_words
from caprev.errors import BadInput, Problem
from caprev.facts import schema as schemas
from caprev.facts.vocabulary import worded
from caprev.law import citations, pinpoints, rulebook
from caprev.law.models import NEUTRAL
from caprev.review import earlier, editors, handbook, pages
from caprev.review import effects as moving
from caprev.review import lint as linting
from caprev.review import skeleton as skeletons
from caprev.teaching.abstractions import by_id


@click.command(short_help="Print a JSON Schema of fact sets, or of files of the law, for editors.")
@click.option(
    "--of",
    "what",
    type=click.Choice(["facts", *editors.FORMS]),
    default="facts",
    show_default=True,
    help="Fact sets, or a file of the law.",
)
@asking("out", strictly="schema")
def schema(asked: Asked, what: str) -> None:
    """Print a JSON Schema of fact sets, or of files of the law, for editors (VS Code's YAML extension and others).

    \b
    Examples:
      caprev schema --out caprev-schema.json
      caprev schema --of factor --out factor-schema.json
    """
    book = asked.book
    found = editors.FORMS[what](book) if what != "facts" else schemas.schema(book.vocabulary, book.pack.version)
    asked.write(json.dumps(found, indent=2) + "\n")


@click.group()
def rules() -> None:
    """Look at the rules, check them, and write them as pages."""


@rules.command()
@asking(strictly="lint")
def lint(asked: Asked) -> None:
    """Check every rule, its examples and its authority, and rules beside one another; report all problems together.

    \b
    errors    decide wrongly, or cannot be checked: an example that does not hold, a section no record has, a rule that
              ends and nothing follows. Exit code 2.
    warnings  may mislead: authority of which nothing was read, facts that no rule reads.
    notes     ask for an answer: what a rule's limits name and it does not test (answered under untested).
    """
    try:
        assessor = asked.assessor
    except rulebook.Unsound as error:
        click.echo("warning: the decided cases, and rules beside one another, are checked when the faults are mended.")
        raise BadInput([*error.problems, *linting.unsound(error.book)]) from None
    warnings, notes, faults = linting.warnings(assessor), linting.notes(assessor), linting.errors(assessor)
    for word, problems in (("warning", warnings), ("note", notes)):
        for problem in problems:
            click.echo(f"{word}: {problem}")
    if faults:
        raise BadInput(faults)
    if asked.mixed:
        from caprev.cli import strictly  # here: most packs are weighed

        strictly.lint(asked)
    book = assessor.book
    examples = sum(len(factor.examples) for factor in book.factors.values())
    click.echo(
        f"{len(book.factors)} factors, {len(book.nodes)} indicators, elements and issues, "
        f"{examples} examples, {len(assessor.cases.cases)} cases: no errors, {len(warnings)} warnings, "
        f"{len(notes)} notes."
    )


@rules.command()
@click.option("--against", default="HEAD", metavar="REF|DIR", show_default=True, help="What to compare with.")
@asking()
def effects(asked: Asked, against: str) -> None:
    """Which decided cases, rulings, guidance and examples a change of rules or cases moves, and by which factor.

    Each is assessed twice: under the rules and cases of a commit (the last one, unless another is named) or of a
    directory that holds rules and cases; and under those at hand. A decided case is concluded with itself left out.

    \b
    Examples:
      caprev rules effects
      caprev rules effects --against main~3
      caprev rules effects --against ../caprev-as-published
    """
    with earlier.law(against, asked.rules, asked.cases) as before:
        click.echo(moving.words(moving.effects(before, asked.assessor)))


@rules.command("new")
@click.argument("factor")
@click.option("--theme", required=True, metavar="FOLDER", help="The folder of rules/factors in which it goes.")
@click.option(
    "--favours", metavar="SIDE", default=NEUTRAL, show_default=True, help="The side for which it speaks, or neutral."
)
@asking()
def new_factor(asked: Asked, factor: str, theme: str, favours: str) -> None:
    """Write the file of a new factor, to be filled in: what each line is for, and three examples.

    \b
    Example:
      caprev rules new loan-repaid-from-sales --theme finance --favours revenue
    """
    try:
        book = asked.book
    except rulebook.Unsound as error:  # another file is being written; what can be read has the names that are taken
        book = error.book
    naming.side(book, favours, NEUTRAL)
    path, text = skeletons.factor(book, asked.rules, factor, theme, favours)
    asked.save({str(path): text})
    click.echo(f"Written: {path}")
    click.echo("Fill it in; then: caprev rules lint, caprev rules effects, caprev rules show " + factor)


@rules.command("list")
@click.option("--favours", metavar="SIDE", default="", help="Only factors for one side, or neutral ones.")
@click.option("--feeds", default="", metavar="RULE", help="Only factors that bear on this indicator, element or issue.")
@click.option("--unverified", is_flag=True, help="The pinpoints whose text was not read, the most used first.")
@asking(strictly="list_rules")
def list_rules(asked: Asked, favours: str, feeds: str, unverified: bool) -> None:
    """List issues, elements, indicators and factors: id, kind or side, strength, and what it says.

    With --unverified, list instead what is left to read: how many rules rest on a pinpoint, how it is known
    (second_hand: reported, text not read; memory: recalled), the pinpoint, and the rules.

    \b
    Examples:
      caprev rules list --favours revenue
      caprev rules list --feeds business
      caprev rules list --unverified
    """
    book = asked.book
    naming.side(book, favours, NEUTRAL)
    if unverified:
        if favours or feeds:
            raise BadInput(Problem("--unverified lists pinpoints, and goes with neither --favours nor --feeds"))
        click.echo("\n".join(pinpoints.listing(book)))
        return
    factors = pages.bearing_on(book, naming.node(book, feeds).id) if feeds else book.factors.values()
    if not (favours or feeds):
        for node in book.nodes.values():
            click.echo(f"{node.id:40} {node.kind:10} {node.title}")
    for factor in factors:
        if favours in ("", factor.favours):
            click.echo(f"{factor.id:40} {factor.favours:8} {factor.strength:13} {factor.text}")


@rules.command("show")
@click.argument("rule")
@asking(strictly="show")
def show_rule(asked: Asked, rule: str) -> None:
    """Show a factor, indicator, element, issue, unsettled point or consequence as it stands in the rulebook.

    \b
    Example:
      caprev rules show failed-to-sell-whole
    """
    click.echo(pages.rule(asked.book, rule), nl=False)


@rules.command("docs")
@click.option("--out", "folder", required=True, metavar="DIR", help="The directory to write the pages to.")
@asking(strictly="docs")
def write_pages(asked: Asked, folder: str) -> None:
    """Write all rules and decided cases as Markdown pages, with an index: by theme, by question, by court.

    \b
    Example:
      caprev rules docs --out docs/rules
    """
    found = handbook.Handbook(asked.assessor).pages()
    found = {**found, "index.md": found.pop("index.md")}  # the last vouches for the others
    asked.save({str(Path(folder) / name): page for name, page in found.items()}, folders=True)
    click.echo(f"{len(found)} pages: {Path(folder) / 'index.md'}")


@click.group()
def cases() -> None:
    """Look at decided cases and comparators."""


@cases.command("list")
@asking()
def list_cases(asked: Asked) -> None:
    """List the decided cases: outcome, route, year, rank of court, confidence of the reading."""
    for case in asked.assessor.cases.cases.values():
        standing = "" if case.shown else "  not shown as authority"
        click.echo(
            f"{case.id:45} {case.outcome:8} {case.route:26} {case.decided[:4]} {case.level:18} "
            f"{case.confidence}{standing}"
        )


@cases.command("show")
@click.argument("case")
@asking()
def show_case(asked: Asked, case: str) -> None:
    """Show a decided case, or a comparator by its number: facts, outcome, because, despite, treatment.

    \b
    Examples:
      caprev cases show stevenson-v-fct
      caprev cases show 1052196215679
    """
    click.echo(pages.case(asked.assessor, case), nl=False)


@cases.command()
@FILE
@click.option("--most", default=5, type=click.IntRange(1), help="How many for each side.", **COUNT)
@click.option("--ids", is_flag=True, help="Name factors by their ids, as rules and JSON do.")
@asking()
def nearest(asked: Asked, file: str, most: int, ids: bool) -> None:
    """The decided cases most on point for a fact set, for each side: what is shared, what distinguishes them.

    \b
    Example:
      caprev cases nearest matter.yaml --most 3
    """
    words = {
        "shared": "shared", "stronger": "stronger here", "other_form": "here in another form", "weaker": "weaker here",
        "absent": "absent here", "unknown": "not known here",
    }  # fmt: skip
    for analysis in asked.assess(file).analyses:
        called = (by_id if ids else in_words)(analysis)
        for side in asked.assessor.book.sides.ids:
            found = analysis.near_for(side)[:most]
            click.echo(f"{analysis.parcel.id}, for {worded(side)}:" + ("" if found else " none on point"))
            for p in found:
                click.echo(f"  {citations.full(asked.assessor.book, p.case.authority)}")
                for degree, told in words.items():
                    rows = [f"{called(s.factor)} ({called(s.by) if s.by else s.says.rstrip('.')})" if s.general
                            else called(s.factor) for s in p.grounds if s.degree == degree]  # fmt: skip
                    if rows:
                        click.echo(f"    {told}: {'; '.join(rows)}")
                for told, names in (("shared besides", p.besides), ("overcome there", p.overcome)):
                    if names:
                        click.echo(f"    {told}: {'; '.join(map(called, names))}")
                click.echo(f"    against it here: {'; '.join(map(called, p.beyond)) or 'nothing known'}")
