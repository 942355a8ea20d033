"""Column programs on Spark: as SQL, and as Arrow batches handed to the NumPy program in every worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from .columns_program import Program
from .columns_sql import SPARK, TABLE, Columns, Runner, arrow, in_order, sql


def session(master: str) -> Any:
    """A Spark session for a master URL; workers on this machine use this Python. Raises ImportError without PySpark."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("caprev").master(master)
    if master.startswith("local"):
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def sql_runner(program: Program, names: Sequence[str], types: Mapping[str, str], spark: Any) -> Runner:
    """Runs a program as Spark SQL."""
    query = sql(program, names, SPARK)

    def run(columns: Columns, rows: int) -> dict[str, Any]:
        spark.createDataFrame(arrow(program, columns, rows, types)).createOrReplaceTempView(TABLE)
        return in_order(spark.sql(query).toArrow(), names)

    return run
