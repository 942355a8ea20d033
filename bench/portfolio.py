"""Portfolios, measured: `python -m bench.portfolio` (about ten minutes; the extras `portfolio` and `bench`).

    python -m bench.portfolio                     everything
    python -m bench.portfolio single              one matter's factors on caprev and on its peers
    python -m bench.portfolio columns             all findings over columns, with loading, and end to end
    python -m bench.portfolio matters | rules     cost against the number of matters, and of rules
    python -m bench.portfolio --differential [N]  every engine against the ordinary one on N random rows (10,000)

Engines are compared for equality before any time is taken. Each column engine runs in a process of its own, on one
core, and its peak memory is that process's. Times are medians of repeated runs; ratios are to caprev/durable-rules.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

import caprev
from bench.assess import median
from bench.rows import found, rows
from caprev.columns import derive, files
from caprev.columns.assess import Columns
from caprev.columns.compile import Compiled, compile_columns
from caprev.columns.known import Coder
from caprev.columns.numpy_code import Function
from caprev.errors import BadInput
from caprev.facts.matter import Parcel
from caprev.portfolio import batch
from caprev.reasoning.assess import Assessor
from caprev.reasoning.precedents import CaseBase
from caprev.reasoning.productions import compile_rulebook
from caprev.reasoning.weighing import Weigher

REPEATS = 5


# one matter at a time


def single(assessor: Assessor, count: int = 300) -> None:
    """Which factors are met and not met: 300 matters, engine by engine."""
    from bench.peers.single import PEERS, Names

    productions = compile_rulebook(assessor.book).productions
    names = Names([p for p in productions if p.stratum == 0], [a.key for a in assessor.book.atoms])
    cases = []
    for _, parcel in _parcels(assessor, 1, count):
        cases.append({names.atoms[key]: value for key, value in assessor.known(parcel).items()})
    built = {}
    for name, make in PEERS.items():
        try:
            built[name] = make(names)
        except ImportError:
            print(f"{name:28} skipped: it is not installed (python3 install.py bench)")
    wanted = [built["caprev/durable-rules"](case) for case in cases]
    for name, peer in built.items():
        assert [peer(case) for case in cases] == wanted, f"{name} finds something else"
    print(f"\nOne matter: {len(names.productions)} productions, {len(cases)} matters, equal findings")
    times: dict[str, list[float]] = {name: [] for name in built}
    for _ in range(3 * REPEATS):  # interleaved, so that a busy moment hits all alike
        for name, peer in built.items():
            times[name].append(median(lambda peer=peer: [peer(case) for case in cases], 1) / len(cases))  # type: ignore[misc]
    first = statistics.median(times["caprev/durable-rules"])
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"{name:28} {1e3 * middle:8.3f} ms   x {middle / first:.2f}")
    whole = [parcel for _, parcel in _parcels(assessor, 1, count)]
    weigher = assessor.weigher(assessor.book.pack.position, assessor.book.pack.as_at)
    conclude = median(lambda: [assessor.conclude(parcel, weigher, assessor.cases) for parcel in whole], 3) / len(whole)
    print(f"{'caprev, whole assessment':28} {1e3 * conclude:8.3f} ms   (inference, weighing, precedents, conclusion)")


def _parcels(assessor: Assessor, seed: int, count: int) -> list[tuple[dict[str, Any], Any]]:
    """Random rows that the ordinary reading takes, with their parcels."""
    book, done = assessor.book, []
    for row in rows(assessor, seed, 3 * count):
        raw = files.row_of(json.dumps(row))
        try:
            done.append((row, files.parcel(raw, book.vocabulary, book.derivations, book.pack.as_at)))
        except BadInput:
            continue
    return done[:count]


# columns


def typed(assessor: Assessor, count: int) -> pl.DataFrame:
    """A table of so many matters: sound random rows, drawn again and again; what is known in part is left out."""
    book, rng = assessor.book, np.random.default_rng(1)
    columns: dict[str, list[Any]] = {}
    sound = [row for row, _ in _parcels(assessor, 2, 3000)]
    for fact in book.vocabulary:
        values = [row.get(fact.name) for row in sound]
        values = [v["value"] if isinstance(v, dict) and "value" in v else v for v in values]
        if fact.type == "bool":
            known = {True: True, False: False, "true": True, "false": False}
            columns[fact.name] = [known.get(v) if isinstance(v, (bool, str)) else None for v in values]
        elif fact.type in ("int", "number"):
            columns[fact.name] = [_number(v) for v in values]
        elif fact.type == "set":
            columns[fact.name] = ["|".join(v) or "[]" if isinstance(v, list) else None for v in values]
        else:
            columns[fact.name] = [v if isinstance(v, str) else None for v in values]
    table = pl.DataFrame(columns).select(pl.all().cast(pl.Enum([])) if not columns else pl.all())
    enums = [pl.col(f.name).cast(pl.Enum(f.values), strict=False) for f in book.vocabulary if f.type == "enum"]
    drawn = table.with_columns(enums)[rng.integers(0, table.height, count)]
    return drawn.insert_column(0, pl.Series("id", np.arange(count)))


def _number(value: Any) -> float | None:
    try:
        return float(value) if isinstance(value, (int, float, str)) else None
    except ValueError:
        return None


def measure(kind: str, path: str, count: int) -> dict[str, float]:
    """One column engine in this process: seconds to load, to find, and end to end; peak memory in MB."""
    assessor = caprev.load()
    columns = Columns(assessor, engine="duckdb" if kind == "duckdb" else "polars")
    screen = batch.Screen(columns)
    names = (*columns.names(False), *columns.detailed)
    result: dict[str, float] = {"ordinary": _checked(columns, path)}
    start = time.perf_counter()
    parts = []
    for portion in files.portions(Path(path), columns.reader):
        derive.derive(assessor.book.derivations, portion.known)
        codes = columns.coder.codes(portion.known)
        for row in np.flatnonzero(portion.known.odd).tolist():
            columns.coder.write(codes, row, {})
        parts.append(codes)
    codes = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    del parts
    result["load"] = time.perf_counter() - start
    runs = 3 if count > 200_000 or kind == "duckdb" else REPEATS
    columns.run({name: column[:100] for name, column in codes.items()}, 100, names)
    if kind == "openfisca":
        from bench.peers.openfisca import OpenFisca

        small = compile_columns(columns.weigher, columns.cases, 31, 64)
        inputs = _for(small, assessor, Path(path))
        plain = [name for name in names if name.split(" ")[0] not in ("route",)]
        peer = OpenFisca(small.program, plain)
        mine, its = columns.run(codes, count, plain), peer.run(inputs, count)
        assert all((mine[name] == its[name]).all() for name in plain), "OpenFisca finds something else"
        result["all"] = median(lambda: peer.run(inputs, count), runs)
    else:
        result["all"] = median(lambda: columns.run(codes, count, names), runs)
        result["conclusion"] = median(lambda: columns.run(codes, count, columns.names(False)), runs)
    result["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if kind != "openfisca":
        del codes
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "out.parquet"
            result["end"] = median(lambda: batch.run(columns, Path(path), target), 1 if count > 200_000 else 3)
    del screen
    return result


def _checked(columns: Columns, path: str, count: int = 300) -> float:
    """Compares all findings of the first rows with the ordinary engine's; seconds that one matter takes it."""
    assessor, book = columns.assessor, columns.book
    portion = next(files.portions(Path(path), columns.reader))
    parcels = []
    for row in range(min(count, portion.known.rows)):
        try:
            parcels.append(files.parcel(portion.raw(row), book.vocabulary, book.derivations, book.pack.as_at))
        except BadInput:
            continue
    start = time.perf_counter()
    conclusions = [assessor.conclude(parcel, columns.weigher, columns.cases) for parcel in parcels]
    taken = (time.perf_counter() - start) / len(parcels)
    table = columns.assess(parcels, detail=True)
    for line, conclusion in zip(table.iter_rows(named=True), conclusions, strict=True):
        for name, value in found(conclusion).items():
            assert line[name] == value, f"{name} is {line[name]}, not {value}"
    return taken


def _for(compiled: Compiled, assessor: Assessor, path: Path) -> dict[str, Any]:
    """A file coded for another layout."""
    coder = Coder(compiled.layout)
    reader = Columns(assessor).reader
    parts = []
    for portion in files.portions(path, reader):
        derive.derive(assessor.book.derivations, portion.known)
        codes = coder.codes(portion.known)
        for row in np.flatnonzero(portion.known.odd).tolist():
            coder.write(codes, row, {})
        parts.append(codes)
    return {name: np.concatenate([part[name] for part in parts]).astype(np.int32) for name in parts[0]}


def apart(kind: str, path: Path, count: int) -> dict[str, float]:
    """`measure` in a process of its own, on one core."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.portfolio", "measure", kind, str(path), str(count)]
    environment = {**os.environ, "POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
    core = max(os.sched_getaffinity(0))
    done = subprocess.run(
        command, capture_output=True, text=True, env=environment, preexec_fn=lambda: os.sched_setaffinity(0, {core})
    )
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        missing = re.search(r"No module named '(\w+)'", reason)
        print(f"{kind:20}{f'skipped: {missing[1]} is not installed' if missing else f'failed: {reason}'}", flush=True)
        return {}
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def over_columns(assessor: Assessor, sizes: tuple[int, ...], kinds: tuple[str, ...]) -> None:
    """All findings, by engine and number of matters. Rates are matters a second on one core; the ratio is of all
    findings to the ordinary engine's on the same matters, which the column engines' were compared with."""
    print("\nOver columns, one core, findings compared first: matters a second")
    heads = ("all findings", "conclusion", "load", "load+all", "file to file")
    heading = "engine".ljust(20) + "matters".rjust(10) + "".join(head.rjust(14) for head in heads)
    print(heading + "peak MB".rjust(9) + "x durable-rules".rjust(17))
    with tempfile.TemporaryDirectory() as folder:
        for count in sizes:
            path = Path(folder) / f"{count}.parquet"
            typed(assessor, count).write_parquet(path, row_group_size=65_536)
            for kind in kinds:
                r = apart(kind, path, count)
                if r:
                    cells = [count / r["all"], count / r["conclusion"] if "conclusion" in r else 0, count / r["load"]]
                    cells += [count / (r["load"] + r["all"]), count / r["end"] if "end" in r else 0]
                    shown = "".join(f"{cell:>14,.0f}" if cell else " " * 14 for cell in cells)
                    times = r["ordinary"] * count / r["all"]
                    name = kind if kind == "openfisca" else f"caprev/{kind}"
                    print(f"{name:20}{count:>10,}{shown}{r['peak']:>9,.0f}{times:>17,.0f}", flush=True)


def over_rules(assessor: Assessor) -> None:
    """All findings of 100,000 matters with the rulebook's factors cut down, or repeated under other names."""
    print("\nCost against the number of rules (100,000 matters, no cases; factor states and findings)")
    base = assessor.book
    rng = np.random.default_rng(0)
    for count in (100, 250, 500, 1000):
        factors, conditions = {}, dict(base.conditions)
        for number in range(count):
            name = list(base.factors)[number % len(base.factors)]
            turn = number // len(base.factors)
            ident = f"{name}~{turn}" if turn else name
            old = base.factors[name]
            factors[ident] = old.model_copy(
                update={"id": ident, "cluster": f"{old.cluster}~{turn}" if turn else old.cluster}
            )
            conditions[ident] = base.conditions[name]
        book = dataclasses.replace(base, factors=factors, conditions=conditions)
        weigher = Weigher(book, book.positions[book.pack.position].answers, book.pack.as_at)
        start = time.perf_counter()
        compiled = compile_columns(weigher, CaseBase([], book))
        coder = Coder(compiled.layout)
        wanted = [
            n for n in compiled.program.names if n.split(" ")[0] in ("factor", "finding", "balance", "low", "high")
        ]
        function = Function(compiled.program, wanted, coder.types)
        took = time.perf_counter() - start
        rows_ = 100_000
        codes = {c: (1 << rng.integers(0, w, rows_)).astype(coder.types[c]) for c, w in compiled.layout.widths.items()}
        taken = median(lambda f=function, c=codes: f(c, 100_000), REPEATS)  # type: ignore[misc]
        each = 1e9 * taken / rows_
        print(f"{count:6} rules: {each:8.0f} ns a matter, {each / count:5.2f} a rule; compiled in {took:.1f} s")


# equality


def differential(assessor: Assessor, count: int) -> int:
    """Every engine against the ordinary one, on everything that it finds. Returns the number of rows that differ."""
    book = assessor.book
    raws = [files.row_of(json.dumps(row)) for row in rows(assessor, 2026, count)]
    read: list[Parcel | None] = []
    for raw in raws:
        try:
            read.append(files.parcel(raw, book.vocabulary, book.derivations, book.pack.as_at))
        except BadInput:
            read.append(None)
    refused = sum(parcel is None for parcel in read)
    print(f"{count:,} rows, a third adversarial; {refused:,} are refused by the ordinary reading", flush=True)
    bad = 0
    for position in book.positions:
        weigher = assessor.weigher(position, book.pack.as_at)
        wanted = [found(assessor.conclude(parcel, weigher, assessor.cases)) if parcel else None for parcel in read]
        for kind in ("polars", "duckdb"):
            columns = Columns(assessor, position, engine=kind)
            portion = files.of_rows(raws, columns.reader)
            derive.derive(book.derivations, portion.known)
            codes = columns.coder.codes(portion.known)
            odd = portion.known.odd
            for row in np.flatnonzero(odd).tolist():
                parcel = read[row]
                columns.coder.write(codes, row, parcel.known if parcel else {})
            table = columns.table(columns.run(codes, count, columns.names(True)))
            wrong = sum(
                not odd[number] if want is None else any(row[name] != value for name, value in want.items())
                for number, (row, want) in enumerate(zip(table.iter_rows(named=True), wanted, strict=True))
            )
            print(f"{position}, caprev/{kind}: {wrong} rows differ, {len(table.columns)} columns each", flush=True)
            bad += wrong
    return bad + _spark(assessor, count)


def _spark(assessor: Assessor, count: int) -> int:
    """The file that Spark writes against the one written here."""
    try:
        from caprev.portfolio import spark as columns_spark

        spread = columns_spark.spread("local[2]")
    except ImportError as error:
        print(f"caprev/spark: {error.name} is not installed")
        return 0
    columns = Columns(assessor)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        source.write_text("".join(json.dumps(row) + "\n" for row in rows(assessor, 2026, count)))
        batch.run(columns, source, Path(folder) / "here.parquet")
        batch.run(columns, source, Path(folder) / "there.parquet", spread=spread)
        here, there = (pl.read_parquet(Path(folder) / f"{name}.parquet") for name in ("here", "there"))
    wrong = int((here.hash_rows() != there.hash_rows()).sum()) if here.height == there.height else count
    print(f"caprev/spark: {wrong} rows differ from caprev/polars, {here.height:,} rows")
    return wrong


def spark(assessor: Assessor, count: int) -> None:
    """File to file on Spark in local mode, the session's start left out."""
    from caprev.portfolio import spark as columns_spark

    try:
        session = columns_spark.session("local[1]")
    except Exception as error:
        print(f"\ncaprev/spark skipped: it needs PySpark and Java 17 ({str(error).splitlines()[0]})")
        return
    columns = Columns(assessor)
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.parquet", Path(folder) / "out.parquet"
        typed(assessor, count).write_parquet(source, row_group_size=65_536)

        def job() -> object:
            return batch.run(columns, source, target, spread=lambda work: columns_spark.assess(work, session))

        job()
        print(f"\ncaprev/spark, local[1]: {count:,} matters, file to file {count / median(job, 3):,.0f} a second")


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["measure"]:
        print(json.dumps(measure(arguments[1], arguments[2], int(arguments[3]))))
        return 0
    assessor = caprev.load()
    assessor = copy.copy(assessor)
    if arguments[:1] == ["--differential"]:
        return 1 if differential(assessor, int(arguments[1]) if arguments[1:] else 10_000) else 0
    wanted = set(arguments) or {"single", "columns", "matters", "rules", "spark"}
    if "single" in wanted:
        single(assessor)
    if "columns" in wanted:
        over_columns(assessor, (100_000,), ("polars", "duckdb", "openfisca"))
    if "matters" in wanted:
        over_columns(assessor, (100, 1_000, 10_000, 100_000, 1_000_000), ("polars",))
    if "rules" in wanted:
        over_rules(assessor)
    if "spark" in wanted:
        spark(assessor, 1_000_000)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
