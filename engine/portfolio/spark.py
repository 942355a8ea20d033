"""Portfolios on Spark: every worker runs the same columns over its share of the rows (`mapInArrow`)."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from caprev.columns import files as columns_files
from caprev.columns.assess import Columns
from caprev.law.pack import Sides
from caprev.law.packs import home
from caprev.portfolio.batch import SPARK, Screen, Summary, Work, fields
from caprev.reasoning.assess import Assessor

_TYPES = {"share": "bigint", "robust": "boolean"}  # text besides, but for the probability
Setting = tuple[tuple[str, str] | None, str, str, str, tuple[str, ...], str]


def session(master: str) -> Any:
    """A Spark session for a master URL; workers on this machine use this Python. Raises ImportError without PySpark."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    builder = SparkSession.builder.appName("caprev").master(master)
    if master.startswith("local"):
        root = str(Path(__file__).resolve().parent.parent.parent)
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        builder = builder.config("spark.executorEnv.PYTHONPATH", root)
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    builder = builder.config("spark.executorEnv.POLARS_MAX_THREADS", "1")  # Spark has a worker for every core
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def spread(master: str) -> Callable[[Work], None]:
    """A way for `batch.run` to have its rows assessed by Spark. Raises ImportError without PySpark or pandas."""
    import pandas  # noqa: F401  (PySpark hands over Arrow batches only where pandas is)
    import pyspark  # noqa: F401

    return lambda work: assess(work, session(master))


def assess(work: Work, spark: Any) -> None:
    """All rows of the work's input. Workers read the input and the law from the same places as this process.

    Rows do not go through Spark: moving a hundred columns of them takes it longer than reading and assessing them.
    """
    columns = work.columns
    assessor = columns.assessor
    shipped = (Path(assessor.rules_directory), Path(assessor.cases_directory)) == (home("rules"), home("cases"))
    law = None if shipped else (str(assessor.rules_directory), str(assessor.cases_directory))
    setting = (law, work.screen.law(), columns.position, columns.as_at, tuple(columns.without), work.screen.by)
    next(columns_files.portions(work.source, columns.reader), None)  # what is wrong with the whole file is said here
    shares = columns_files.shares(work.source)
    target = work.directory / SPARK
    if not (target / "_SUCCESS").exists():
        told = functools.partial(_assess, setting, str(work.source.resolve()), shares)
        numbers = spark.range(0, len(shares), 1, max(len(shares), 1))
        numbers.mapInArrow(told, ", ".join(map(" ".join, _types(work.screen.book.sides).items()))).write.mode(
            "overwrite"
        ).parquet(str(target))
    work.anew()
    _gather(work, sorted(target.glob("part-*.parquet")))


def _gather(work: Work, files: list[Path]) -> None:
    """Put the shares in the order of the input."""
    found = []
    for file in files:
        start = 0
        shares = pl.scan_parquet(file).group_by("share", maintain_order=True).len().collect()
        for share, length in shares.iter_rows():
            found.append((share, file, start, length))
            start += length
    rows = 0
    for _, file, start, length in sorted(found):
        for part in range(start, start + length, columns_files.ROWS):
            table = pl.scan_parquet(file).slice(part, min(columns_files.ROWS, start + length - part)).collect()
            rows += _gathered(work, table, rows)


def _gathered(work: Work, table: pl.DataFrame, before: int) -> int:
    """Keep some rows; how many."""
    summary = Summary(work.screen.by)
    for said in table.get_column("said").drop_nulls():
        summary.add(Summary.read(json.loads(said)))
    numbered = pl.Series([str(before + row + 1) for row in range(table.height)], dtype=pl.String)
    ids = pl.when(pl.col("id") != "").then("id").otherwise(numbered).alias("id")
    work.keep(len(work.done), table.with_columns(ids).select(fields(work.screen.book.sides)), summary, None, before)
    return table.height


@functools.lru_cache(maxsize=2)
def _screen(setting: Setting) -> Screen:
    """The columns of a worker, compiled once in each process. Raises RuntimeError if the worker has other law."""
    directories, law, position, as_at, without, by = setting
    screen = Screen(Columns(Assessor(*(directories or (home("rules"), home("cases")))), position, as_at, without), by)
    if screen.law() != law:
        raise RuntimeError("this worker has other rules or cases than the driver")
    return screen


def _assess(
    setting: Setting, path: str, shares: list[columns_files.Share], batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Shares, by number, to the conclusions of their rows."""
    screen = _screen(setting)
    for number in (number for batch in batches for number in batch.column(0).to_pylist()):
        for portion in columns_files.portions(Path(path), screen.columns.reader, shares[number]):
            found, summary = screen(portion)
            said = pl.Series("said", [json.dumps(summary.plain())] + [None] * (found.height - 1), pl.String)
            words = pl.col("characterisation", "route", "strength").cast(pl.String)
            schema = _schema(screen.book.sides)
            found = found.with_columns(words, portion.ids, said, pl.lit(number).alias("share")).select(schema.names)
            yield from found.to_arrow().cast(schema).to_batches()


def _types(sides: Sides) -> dict[str, str]:
    """The columns of the shares, with what Spark calls their types."""
    names = ("share", *fields(sides), "said")
    return {name: "double" if name == sides.key else _TYPES.get(name, "string") for name in names}


def _schema(sides: Sides) -> pa.Schema:
    kinds = {"string": pa.string(), "bigint": pa.int64(), "double": pa.float64(), "boolean": pa.bool_()}
    return pa.schema([(name, kinds[kind]) for name, kind in _types(sides).items()])
