"""Many matters: portfolios, agreement with decided matters, and the fitting of weights."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from caprev.cli.common import LAW, Asked, asking
from caprev.documents.content import markdown, text
from caprev.documents.reports import evaluation
from caprev.documents.reports import evaluation_json as measured
from caprev.errors import BadInput, Problem
from caprev.evaluation import calibrate as calibrating
from caprev.evaluation import decided as matters
from caprev.evaluation import evaluate as evaluating
from caprev.files import targets


@click.command(short_help="Agreement with decided matters, beside simpler methods.")
@click.option(
    "--set",
    "name",
    metavar="SET",
    default="all",
    show_default=True,
    help="cases, rulings, guidance, all, or a path: a list of decided matters, or a directory of comparators.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for the JSON form.")
@asking("out", forms=("text", "markdown", "json"))
def evaluate(asked: Asked, name: str, as_json: bool) -> None:
    """Run decided matters through the system, and simpler methods on the same; every miss with its reasons.

    No matter is weighed with numbers or cases that saw it. Takes about half a minute for all sets. Markdown that is
    written to a file has its pictures (SVG) written beside it.

    \b
    Example:
      caprev evaluate --set rulings
    """
    assessor = asked.assessor
    plan = matters.plan(asked.rules, assessor.book)
    reports = evaluating.Evaluation(assessor, plan).reports(name)
    if as_json or asked.form == "json":
        asked.write(measured.render(reports, plan, assessor.book))
    elif asked.form == "text":
        asked.write(text.render(evaluation.page(reports, plan, assessor.book)))
    else:
        stem = Path(asked.out).stem if asked.out else ""
        page = evaluation.page(reports, plan, assessor.book, stem)
        if asked.out is None:
            asked.write(markdown.render(page))
        else:
            folder = Path(asked.out).parent
            beside = {str(folder / picture.file): picture.drawing for picture in page.pictures}
            asked.save({**beside, asked.out: markdown.render(page)}, folders=True)


@click.command(short_help="Fit the weights to decided matters.")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if weighing.yaml is not what would be written.")
@asking()
def calibrate(asked: Asked, check: bool) -> int:
    """Fit the numbers of weighing.yaml to decided matters, within the law's bounds, and write them.

    Strengths keep their order, and all numbers are drawn to the design's.

    Exit code 0: written, or as it should be.
    """
    path = asked.rules / "weighing.yaml"
    targets.check([] if check else [str(path)])
    assessor = asked.assessor
    plan = matters.plan(asked.rules, assessor.book)
    fitted = calibrating.Calibrator(assessor.book, matters.fitted(assessor, plan), plan).shipped()
    before = path.read_text("utf-8")
    after = calibrating.written(before, fitted)
    for line in calibrating.changes(assessor.book.weighing, fitted):
        click.echo(line)
    if not check:
        asked.save({str(path): after})
    return 1 if check and after != before else 0


@click.command(short_help="Assess many fact sets: JSON Lines, CSV, Parquet.")
@click.argument("source", metavar="IN", type=click.Path())
@click.option(
    "--out", "target", required=True, metavar="OUT", help="A .parquet, .csv or .jsonl file; a row for each fact set."
)
@click.option(
    "--engine",
    "kind",
    type=click.Choice(["polars", "duckdb", "spark"]),
    default="polars",
    show_default=True,
    help="What runs it; the conclusions are the same.",
)
@click.option(
    "--explain-top", type=click.IntRange(0), default=0, metavar="N", show_default=True,
    help="Explain the N rows most probably of the side a balance above zero speaks for.",
)  # fmt: skip
@click.option("--by", metavar="FACT", default="", help="Count the summary by this fact.  [default: the first choice]")
@click.option("--keep-formulas", is_flag=True, help="Copy ids like =A1 into CSV as they are, for no spreadsheet.")
@click.option("--spark-master", metavar="URL", default="local[*]", show_default=True, help="Where Spark runs.")
@asking(*LAW, strictly="batch")
def batch(
    asked: Asked, source: str, target: str, kind: str, explain_top: int, by: str, keep_formulas: bool, spark_master: str
) -> None:
    """Assess every fact set of a .jsonl, .csv or .parquet file; see docs/portfolios.md.

    Bad rows are reported in their row. A run that was cut short goes on where it stopped.

    Exit code 0: it ran; 2: bad input.

    \b
    Example:
      caprev batch clients.csv --out conclusions.parquet --explain-top 20
    """
    try:
        from caprev.columns import assess
        from caprev.portfolio import batch as batches
        from caprev.portfolio import spark

        spread = spark.spread(spark_master) if kind == "spark" else None
        law = asked.assessor, asked.position, asked.as_at, asked.without
        columns = assess.Columns(*law, "duckdb" if kind == "duckdb" else "polars")
    except ImportError as error:
        fix = f"Set it up with: python3 install.py{' spark' if kind == 'spark' else ''}"
        raise BadInput(Problem(f"--engine {kind} needs {error.name or 'a package'}, not installed", fix=fix)) from None
    shown = sys.stderr.isatty()

    def progress(rows: int, share: float) -> None:
        if shown:
            click.echo(f"\r{rows:,} rows, {share:4.0%}", nl=False, err=True)

    summary = batches.run(columns, Path(source), Path(target), explain_top, by, progress, spread, keep_formulas)
    asked.written.append(target)
    if shown:
        click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
    click.echo(batches.words(summary), nl=False)
