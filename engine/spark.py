"""Portfolios on Spark: every worker runs the same columns over its share of the rows (`mapInArrow`)."""

from __future__ import annotations

import csv
import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from .assess import Assessor
from .batch import FIELDS, Screen, Summary, Work
from .columnar import Columns
from .columns import files as columns_files

TYPES = (
    "file string, block bigint, place bigint, id string, characterisation string, route string, strength string, "
    "probability_revenue double, robust boolean, error string, said string"
)
BAD = "_corrupt_record"
Setting = tuple[str, str, str, str, tuple[str, ...], str]


def session(master: str) -> Any:
    """A Spark session for a master URL; workers on this machine use this Python. Raises ImportError without PySpark."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("caprev").master(master)
    if master.startswith("local"):
        root = str(Path(__file__).resolve().parent.parent)
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        builder = builder.config("spark.executorEnv.PYTHONPATH", root)
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "65536")
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def spread(master: str) -> Callable[[Work], None]:
    """A way for `batch.run` to have its rows assessed by Spark. Raises ImportError without PySpark or pandas."""
    import pandas  # noqa: F401  (PySpark hands over Arrow batches only where pandas is)
    import pyspark  # noqa: F401

    return lambda work: assess(work, session(master))


def assess(work: Work, spark: Any) -> None:
    """All rows of the work's input. Workers read the law from the same directories as this process."""
    if work.done:
        return
    columns = work.columns
    assessor = columns.assessor
    setting = (
        str(assessor.rules_directory),
        str(assessor.cases_directory),
        columns.position,
        columns.as_at,
        tuple(columns.without),
        work.screen.by,
    )
    how = columns_files.kind(work.source)
    path = str(work.source.resolve())
    if how == "json":
        rows = spark.read.text(path)
    elif how == "csv":
        names = [name.strip() for name in next(csv.reader(work.source.open(encoding="utf-8-sig")), [])]
        columns.reader.check(names)
        schema = ", ".join(f"`{name}` string" for name in (*names, BAD))
        options = {"header": True, "multiLine": True, "escape": '"', "columnNameOfCorruptRecord": BAD}
        rows = spark.read.schema(schema).options(**options).csv(path)
    else:
        rows = spark.read.parquet(path)
        columns.reader.check(rows.columns)
    from pyspark.sql import functions

    # Names with dots would be taken for fields of structures.
    chosen: list[Any] = [functions.col(f"`{name}`").alias(f"c{place}") for place, name in enumerate(rows.columns)]
    where = [
        functions.col("_metadata.file_path").alias(" file"),
        functions.col("_metadata.file_block_start").alias(" block"),
    ]
    placed = rows.select(*chosen, *where).withColumn(" place", functions.monotonically_increasing_id())
    found = placed.mapInArrow(functools.partial(_assess, setting, None if how == "json" else rows.columns), TYPES)
    target = work.directory / "spark"
    found.write.mode("overwrite").parquet(str(target))
    _gather(work, sorted(target.glob("part-*.parquet")))


def _gather(work: Work, files: list[Path]) -> None:
    """Put the shares in the order of the input. Spark would sort them, but would assess every row twice for it.

    A block of the input is assessed as one piece, so its rows stand together and in order.
    """
    blocks = []
    for file in files:
        counts = pl.scan_parquet(file).group_by("file", "block", maintain_order=True).agg(pl.len(), pl.first("place"))
        start = 0
        for name, block, length, place in counts.collect().iter_rows():
            blocks.append(((name, block, place), file, start, length))
            start += length
    rows = 0
    for _, file, start, length in sorted(blocks):
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
    work.keep(len(work.done), table.with_columns(ids).select(FIELDS), summary, None, before)
    return table.height


@functools.lru_cache(maxsize=2)
def _screen(setting: Setting) -> Screen:
    """The columns of a worker, compiled once in each process."""
    rules, cases, position, as_at, without, by = setting
    return Screen(Columns(Assessor(rules, cases), position, as_at, without), by)


def _assess(setting: Setting, names: list[str] | None, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    screen = _screen(setting)
    reader = screen.columns.reader
    for batch in batches:
        table = pl.DataFrame(pl.from_arrow(batch))
        place = table.select(
            pl.col(" file").alias("file"), pl.col(" block").alias("block"), pl.col(" place").alias("place")
        )
        if names is None:
            text = table.get_column("c0").to_list()
            filled = [bool(line.strip()) for line in text]
            place = place.filter(pl.Series(filled, dtype=pl.Boolean))
            rows = [columns_files.row_of(line) for line, use in zip(text, filled, strict=True) if use]
            portion = columns_files.of_rows(rows, reader)
        else:
            table = table.drop(" file", " block", " place").rename(dict(zip(table.columns, names, strict=False)))
            said_bad = table.get_column(BAD).to_list() if BAD in table.columns else []
            bad = {row: "has not as many cells as there are columns." for row, text in enumerate(said_bad) if text}
            portion = columns_files.of_table(table.drop(BAD, strict=False), reader, bad)
        if not portion.known.rows:
            continue
        found, summary = screen(portion)
        said = pl.Series("said", [json.dumps(summary.plain())] + [None] * (found.height - 1), pl.String)
        words = pl.col("characterisation", "route", "strength").cast(pl.String)
        whole = pl.concat([place, found.with_columns(words, portion.ids, said)], how="horizontal")
        yield from whole.to_arrow().cast(_schema()).to_batches()


def _schema() -> pa.Schema:
    kinds = {"string": pa.string(), "bigint": pa.int64(), "double": pa.float64(), "boolean": pa.bool_()}
    pairs = [part.strip().split(" ") for part in TYPES.split(",")]
    return pa.schema([(name, kinds[kind]) for name, kind in pairs])
