"""Column programs as SQL text for DuckDB: a common table expression for each layer of names.

Names of one layer are computed from those of earlier layers only, so that expressions are not put into each other
until they grow without bound; the last layer is materialised for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from caprev.columns.program import Logistic, Program, Step

Columns = Mapping[str, NDArray[Any]]
Runner = Callable[[Columns, int], dict[str, NDArray[Any]]]

TABLE = "codes"
ORDER = "row_number"
_SIGNED = {"u1": "i2", "u2": "i4", "u4": "i8", "i8": "i8"}


def sql(program: Program, names: Sequence[str]) -> str:
    """A query over the table `codes` (`row_number`, and the inputs) for the named columns, as `o0`, `o1`, ..."""
    return _Writer(program, names).query()


class _Writer:
    def __init__(self, program: Program, names: Sequence[str]) -> None:
        self.program, self.names = program, names
        self.steps = program.needed(names)
        self.inputs = {index for index in self.steps if program.steps[index].kind == "column"}
        self.kept = {index for index in program.names.values() if index in set(self.steps)} - self.inputs
        self.layers = self._layers()

    def query(self) -> str:
        last = self._last()
        end = max(self.layers.values(), default=0)
        expressions = []
        source = TABLE
        for layer in range(1, end + 1):
            carried = [*sorted(self.inputs), *(i for i in sorted(self.kept) if self.layers[i] < layer)]
            columns = [ORDER, *(f"c{i}" for i in carried if last.get(i, 0) > layer)]
            columns += [f"{self._step(i)} AS c{i}" for i in sorted(self.kept) if self.layers[i] == layer]
            how = "MATERIALIZED " if layer == end else ""
            expressions.append(f"layer{layer} AS {how}(\nSELECT {', '.join(columns)}\nFROM {source})")
            source = f"layer{layer}"
        found = [f"c{self.program.names[name]} AS o{place}" for place, name in enumerate(self.names)]
        with_ = ",\n".join(expressions)
        return f"WITH {with_}\nSELECT {', '.join([ORDER, *found])}\nFROM {source}"

    def _layers(self) -> dict[int, int]:
        """For every step, the layer after which it can be computed; for kept ones, their own layer."""
        layers: dict[int, int] = {}
        for index in self.steps:
            below = max((layers[read] for read in self.program.steps[index].reads), default=0)
            layers[index] = below + 1 if index in self.kept else below
        return layers

    def _last(self) -> dict[int, int]:
        """The last layer in which each kept step or input is read; outputs are read after all."""
        end = max(self.layers.values(), default=0) + 1
        last = {self.program.names[name]: end for name in self.names}
        within: dict[int, int] = {}
        for index in reversed(self.steps):
            layer = self.layers[index] if index in self.kept else within.get(index, 0)
            for read in self.program.steps[index].reads:
                found = last if read in self.kept or read in self.inputs else within
                found[read] = max(found.get(read, 0), layer)
        return last

    def _read(self, index: int) -> str:
        return f"c{index}" if index in self.kept or index in self.inputs else self._step(index)

    def _step(self, index: int) -> str:
        step = self.program.steps[index]
        reads = [self._read(read) for read in step.reads]
        return self._logistic(reads[0], step.data) if isinstance(step.data, Logistic) else self._text(step, reads)

    def _text(self, step: Step, reads: list[str]) -> str:
        if step.kind == "constant":
            return "TRUE" if step.data else "FALSE"
        data = step.data
        assert isinstance(data, tuple)
        first = reads[0] if reads else ""
        match step.kind:
            case "meets":
                return f"({first} & {data[0]}) <> 0"
            case "is":
                return f"({first} = {data[0]})"
            case "not":
                return f"(NOT {first})"
            case "all":
                return f"({' AND '.join(reads)})"
            case "any":
                return f"({' OR '.join(reads)})"
            case "count":
                terms = [f"IF({read}, {number}, 0)" for read, number in zip(reads, data, strict=True)]
                return f"({' + '.join(terms)})" if terms else "0"
            case "lookup":
                return f"([{', '.join(map(str, data))}]::BIGINT[])[{first} + 1]"
            case "sum":
                return f"({' + '.join([*reads, str(data[0])])})"
            case "field":
                return f"(({first} >> {data[0]}) & {(1 << data[1]) - 1})"
            case "minus":
                return f"({first} - {reads[1]})"
            case "negative":
                return f"(- {first})"
            case "least" | "greatest":
                return f"{step.kind}({', '.join([*reads, *map(str, data)])})"
            case "at_least":
                return f"({first} >= {data[0]})"
            case "at_most":
                return f"({first} <= {data[0]})"
            case "above":
                return f"({first} > {reads[1]})"
            case "state":
                return f"(IF({first}, 1, 0) + IF({reads[1]}, 1, 0))"
            case "choose":
                return _case(reads, list(map(str, data)))
            case _:
                return _case(reads[:-1:2], reads[1::2] + reads[-1:])

    def _logistic(self, units: str, curve: Logistic) -> str:
        y = f"CAST({units} AS DOUBLE) / {_double(curve.scale)}"
        within = f"greatest(least({y}, {_double(curve.bound)}), {_double(-curve.bound)})"
        x = f"({within} + {_double(curve.tail)} * ({y} - {within}))"
        p = f"{_double(1)} / ({_double(1)} + exp(-({_double(curve.slope)} * {x} + {_double(curve.intercept)})))"
        return f"CAST(floor({p} * {_double(10_000)} + {_double(0.5)}) AS BIGINT)"


def _double(number: float) -> str:
    """A literal that is not taken for a decimal."""
    return f"({float(number)!r}::DOUBLE)"


def _case(conditions: list[str], values: list[str]) -> str:
    branches = " ".join(f"WHEN {c} THEN {v}" for c, v in zip(conditions, values[:-1], strict=True))
    return f"CASE {branches} ELSE {values[-1]} END" if branches else values[-1]


def arrow(program: Program, columns: Columns, rows: int, types: Mapping[str, str]) -> pa.Table:
    """The inputs of a program as a table of Arrow."""
    found: dict[str, Any] = {ORDER: np.arange(rows)}
    for index, step in enumerate(program.steps):
        if step.kind == "column":
            name = str(step.data)
            found[f"c{index}"] = columns[name].astype(_SIGNED[types[name]])
    return pa.table(found)


def duckdb_runner(program: Program, names: Sequence[str], types: Mapping[str, str], threads: int = 1) -> Runner:
    """Runs a program on DuckDB, in memory."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {threads}")
    query = sql(program, names)

    def run(columns: Columns, rows: int) -> dict[str, NDArray[Any]]:
        connection.register(TABLE, arrow(program, columns, rows, types))
        found = connection.sql(query).to_arrow_table()
        connection.unregister(TABLE)
        return in_order(found, names)

    return run


def in_order(found: pa.Table, names: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Columns in the order of the rows."""
    order = np.argsort(found.column(ORDER).to_numpy(), kind="stable")
    return {name: found.column(f"o{place}").to_numpy(zero_copy_only=False)[order] for place, name in enumerate(names)}
