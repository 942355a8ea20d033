"""Portfolios: a file of fact sets in, a file of conclusions out, a row for each in input order.

Memory is bounded: a portion of rows at a time is read, assessed and put away beside the output. A run that is cut
short leaves these portions, and the next run with the same input, law and options goes on after them; the output
itself appears whole or not at all. A bad row says what is wrong with it and touches no other.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import os
import shutil
import stat
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from caprev.argument.tree import arguments
from caprev.columns import derive, files
from caprev.columns.assess import CONCLUSION, Columns, withheld
from caprev.columns.known import Bits, Flags, Known
from caprev.columns.tables import Portion, Raw
from caprev.documents.reports import memorandum
from caprev.errors import BadInput, Problem, listing, nearest
from caprev.files import reading as source
from caprev.files import saving, targets
from caprev.files.locking import Lock
from caprev.files.reading import Value
from caprev.law.pack import Sides
from caprev.reasoning.assess import Assessor

OUTPUTS = (".parquet", ".csv", ".jsonl", ".ndjson")
# What a spreadsheet takes for a formula, also behind blanks and quotes; a plain number does nothing.
_FORMULA = r"^(?:[\t\r]|[\s'\"]*[=+\-@\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}])"
_NUMBER = r"^\s*[+-]?\d+(?:\.\d+)?\s*$"
_COUNTED = ("characterisations", "strengths", "missing")
LOCK, SPARK = "lock", "spark"  # names among the parts
Progress = Callable[[int, float], None]


def fields(sides: Sides) -> tuple[str, ...]:
    """The columns of the output, in their order."""
    return ("id", "characterisation", "route", "strength", sides.key, "robust", "error")


@dataclass
class Summary:
    """Counts over a portfolio. `kinds` is by the fact `by`; `missing`: rows in which nothing is known of a fact.

    `formulas` are the cells before which an apostrophe was written.
    """

    by: str
    rows: int = 0
    errors: int = 0
    characterisations: Counter[str] = field(default_factory=Counter)
    strengths: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter)
    formulas: int = 0

    def add(self, other: Summary) -> None:
        """Counts another summary in."""
        self.rows, self.errors = self.rows + other.rows, self.errors + other.errors
        self.characterisations += other.characterisations
        self.strengths += other.strengths
        self.missing += other.missing
        for kind, counts in other.kinds.items():
            self.kinds[kind] = self.kinds.get(kind, Counter()) + counts

    def plain(self) -> dict[str, Any]:
        """The counts as plain data."""
        return dict(vars(self))

    @classmethod
    def read(cls, found: dict[str, Any]) -> Summary:
        """The summary that `plain` wrote, as JSON has it."""
        kinds = {kind: Counter(counts) for kind, counts in found["kinds"].items()}
        counters: dict[str, Any] = {name: Counter(found[name]) for name in _COUNTED}
        return cls(found["by"], found["rows"], found["errors"], kinds=kinds, **counters)


class Screen:
    """Assesses portions of rows."""

    def __init__(self, columns: Columns, by: str = "") -> None:
        """`by` is the fact whose values the summary counts; by default the first choice of the vocabulary.

        Raises BadInput if it is not a choice.
        """
        self.columns = columns
        self.book = columns.assessor.book
        choices = [fact.name for fact in self.book.vocabulary if fact.type in ("enum", "bool")]
        self.by = by or next((name for name in choices if self.book.vocabulary[name].type == "enum"), "")
        if by and by not in choices:
            raise BadInput(Problem(f"'{by}' is not a fact of a few values", fix=nearest(by, choices)))
        self.asked = sorted({atom.fact for atom in columns.assessor.book.atoms} & set(self.book.vocabulary.facts))

    def __call__(self, portion: Portion, before: int = 0) -> tuple[pl.DataFrame, Summary]:
        """The rows' conclusions. A row without an id is called by its number, from 1; `before` rows went ahead."""
        known, columns = portion.known, self.columns
        derive.derive(self.book.derivations, known)
        codes = columns.coder.codes(known)
        errors: dict[int, str] = {}
        complete = [True] * known.rows
        for row in np.flatnonzero(known.odd).tolist():
            facts = {}
            try:
                parcel = self.parcel(portion.raw(row))
                facts, complete[row] = parcel.known, parcel.complete
            except BadInput as error:
                errors[row] = " ".join(str(problem).replace(" (line 0)", "") for problem in error.problems)
            columns.coder.write(codes, row, facts)
        table = withheld(columns.table(columns.run(codes, known.rows, CONCLUSION)), complete)
        wrong = pl.repeat(None, known.rows, dtype=pl.String, eager=True).alias("error")
        if errors:
            wrong = wrong.scatter(list(errors), list(errors.values()))
            table = table.select(pl.when(wrong.is_null()).then(pl.all()))
        ids = portion.ids
        if ids.null_count() or (ids == "").any():
            numbers = pl.int_range(before + 1, before + known.rows + 1, eager=True).cast(pl.String)
            ids = ids.zip_with(ids.fill_null("") != "", numbers)
        return table.with_columns(ids, wrong).select(fields(self.book.sides)), self._summary(
            table, wrong.is_null().to_numpy(), known
        )

    def law(self) -> str:
        """What the rules and the cases are, as a digest."""
        cases = [[c.id, c.outcome, sorted(c.met), c.because, c.confidence] for c in self.columns.cases.cases.values()]
        return hashlib.sha256(json.dumps([self.book.sha256, cases]).encode()).hexdigest()

    def parcel(self, row: Raw) -> Any:
        """One row, read as any fact set. Raises BadInput."""
        book = self.book
        return files.parcel(row, book.vocabulary, book.derivations, book.pack.as_at, book.name)

    def _summary(self, table: pl.DataFrame, good: Flags, known: Known) -> Summary:
        found = Summary(self.by, table.height, int(np.count_nonzero(~good)))
        bits, words = self._kinds(known)
        told = table.select("characterisation", "strength", pl.Series("kind", bits)).filter(pl.Series(good))
        for side, strength, kind, rows in told.group_by(told.columns).len().iter_rows():
            found.characterisations[side] += rows
            found.strengths[strength] += rows
            found.kinds.setdefault(words.get(kind, "unknown"), Counter())[side] += rows
        for name in self.asked:
            absent = known.absent(name)
            found.missing[name] = int(np.count_nonzero(absent & good if found.errors else absent))
        return found

    def _kinds(self, known: Known) -> tuple[Bits, dict[int, str]]:
        """What is known in each row of the fact that is counted, as bits, and the words of those that say one value."""
        if not known.has(self.by):
            return np.zeros(known.rows, np.uint8), {}
        values = self.book.vocabulary[self.by].values or ("true", "false")
        return known.columns[self.by][0], {1 << place: value for place, value in enumerate(values)}


def run(
    columns: Columns,
    source: Path,
    target: Path,
    explain_top: int = 0,
    by: str = "",
    progress: Progress = lambda rows, share: None,
    spread: Callable[[Work], None] | None = None,
    keep_formulas: bool = False,
) -> Summary:
    """Assess every row of a file. `progress` is told the rows done and the share of the file.

    `explain_top` writes, beside the output, the full reasons for so many rows: those most probably `for`. `spread`
    has the rows assessed elsewhere (`spark`). Cells of CSV that a spreadsheet would take for formulas get an apostrophe
    before them, unless `keep_formulas`. Raises BadInput.
    """
    if target.suffix.lower() not in OUTPUTS:
        raise BadInput(Problem(f"ends in '{target.suffix}'", str(target), allowed=listing(OUTPUTS)))
    files.kind(source)
    if not source.exists():
        raise BadInput(Problem("does not exist", str(source)))
    if target.exists() and target.samefile(source):
        raise BadInput(Problem("is the input itself", str(target), fix="Write the conclusions to another file"))
    for path in (source, target):
        if os.fsencode(path) != str(path).encode("utf-8", "replace"):  # Polars takes names that are UTF-8
            fix = "Rename it, or set PYTHONUTF8=1 if this machine's language cannot say it"
            raise BadInput(Problem("has a name that is not UTF-8 text", str(path), fix=fix))
    work = Work(columns, source, target, explain_top, by)
    targets.check(work.outputs, [str(source)], folders=True)
    try:
        work.start()
        try:
            if spread is None:
                work.assess(progress)
            else:
                spread(work)
        except BadInput:
            work.give_up()
            raise
        return work.finish(keep_formulas)
    except OSError as error:
        raise targets.unwritten(str(target), error) from None
    finally:
        work.close()


class Work:
    """One run: its parts beside the output, and what is known of them."""

    def __init__(self, columns: Columns, source: Path, target: Path, explain_top: int, by: str) -> None:
        self.columns, self.source, self.target = columns, source, target
        self.screen = Screen(columns, by)
        self.explain_top = explain_top
        self.directory = target.with_name(f".{target.name}.parts")
        self.state = self.directory / "state.jsonl"
        self.done: list[dict[str, Any]] = []
        self.lock = Lock(self.directory / LOCK)
        self.outputs = [str(target)]
        if explain_top:
            self.outputs.append(str(target.with_name(f"{target.stem}.explained.txt")))

    def key(self) -> str:
        """What must be the same for a run to go on where another was cut short."""
        about = self.source.stat()
        facts = [str(self.source.resolve()), about.st_size, about.st_mtime_ns, self.screen.law(), self.screen.by]
        facts += [sorted(self.columns.weigher.active), self.columns.engine, self.explain_top, self.target.suffix]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def start(self) -> None:
        """Go on with the parts that are there, if they are of the same work. Raises BadInput if it is being done."""
        self._private()
        self.lock.take(Problem("is being written by another run", str(self.target)))
        try:
            lines = self.state.read_text(encoding="utf-8").splitlines(keepends=True)
        except (OSError, ValueError):
            lines = []
        done: list[dict[str, Any]] = []
        if lines[:1] == [f"{self.key()}\n"]:
            for number, line in enumerate(lines[1:]):
                if not line.endswith("\n") or not self.part(number).exists():
                    break  # cut short while it was written
                done.append(json.loads(line))
        else:
            for path in self.directory.iterdir():
                if path.suffix == ".arrow" or path == self.state:
                    path.unlink()
            shutil.rmtree(self.directory / SPARK, ignore_errors=True)
        self.anew(done)

    def _private(self) -> None:
        """Makes the directory of the parts, for nobody else: what others put there would be followed, or lost."""
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            self.directory.mkdir(mode=0o700)
        found = os.lstat(self.directory)
        own = not hasattr(os, "geteuid") or (found.st_uid == os.geteuid() and not found.st_mode & 0o022)
        if not (stat.S_ISDIR(found.st_mode) and own):
            raise BadInput(Problem("is not a directory that only you can change", str(self.directory), fix="Remove it"))

    def give_up(self) -> None:
        """Leave nothing behind where nothing was done."""
        if not self.done:
            shutil.rmtree(self.directory, ignore_errors=True)

    def close(self) -> None:
        """Let other runs have the parts; where there are none, nothing is left."""
        if self.lock.taken and not self.done:
            shutil.rmtree(self.directory, ignore_errors=True)
        self.lock.free()

    def anew(self, done: Sequence[dict[str, Any]] = ()) -> None:
        """Begin with some parts done."""
        self.done = list(done)
        lines = [self.key(), *map(json.dumps, self.done)]
        self.state.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def part(self, number: int) -> Path:
        """The file of one part."""
        return self.directory / f"{number:08}.arrow"

    def assess(self, progress: Progress) -> None:
        """Assesses every part that is not there yet."""
        rows = 0
        for number, portion in enumerate(files.portions(self.source, self.columns.reader)):
            if number >= len(self.done):
                table, summary = self.screen(portion, rows)
                self.keep(number, table, summary, portion.raw, rows)
            rows += portion.known.rows
            progress(rows, portion.share)

    def keep(
        self, number: int, table: pl.DataFrame, summary: Summary, raw: Callable[[int], Raw] | None, before: int
    ) -> None:
        """Put a part away, and only then say so. `raw` gives the rows as written, where they are at hand."""
        table.write_ipc(self.part(number))
        top = []
        if self.explain_top:
            chance = table.get_column(self.screen.book.sides.key).to_list()
            good = (row for row, found in enumerate(chance) if found is not None)
            likely = heapq.nlargest(self.explain_top, good, key=chance.__getitem__)
            top = [[chance[row], before + row, table.item(row, "id"), raw and raw(row)] for row in likely]
        self.done.append({"summary": summary.plain(), "top": top})
        with self.state.open("a", encoding="utf-8") as stream:
            stream.write(f"{json.dumps(self.done[-1])}\n")

    def finish(self, keep_formulas: bool = False) -> Summary:
        """Join the parts into the output."""
        summary = Summary(self.screen.by)
        for part in self.done:
            summary.add(Summary.read(part["summary"]))
        with saving.saving(self.outputs) as (whole, *beside):
            parts = [self.part(number) for number in range(len(self.done))]
            summary.formulas = write(parts, whole.path, self.target.suffix, self.screen.book.sides, keep_formulas)
            for explained in beside:
                explained.write(self._explained())
        shutil.rmtree(self.directory, ignore_errors=True)
        return summary

    def _explained(self) -> str:
        top = sorted((row for part in self.done for row in part["top"]), key=lambda row: (-row[0], row[1]))
        top = top[: self.explain_top]
        if any(raw is None for *_, raw in top):
            self._fetch(top)
        return f"\n{'=' * 100}\n\n".join(
            f"{ident} (row {row + 1})\n\n{self._reasons(raw)}" for _, row, ident, raw in top
        )

    def _fetch(self, top: list[list[Any]]) -> None:
        """Read the rows to be explained from the input again."""
        before = 0
        for portion in files.portions(self.source, self.columns.reader):
            for entry in top:
                if before <= entry[1] < before + portion.known.rows:
                    entry[3] = portion.raw(entry[1] - before)
            before += portion.known.rows

    def _reasons(self, row: dict[str, Value]) -> str:
        """The reasons for one row, by the ordinary engine; or what of it, besides its facts, stands against them."""
        try:
            return explain(self.columns.assessor, row, self.columns)
        except BadInput as error:
            return f"{error}\n"


def explain(assessor: Assessor, row: dict[str, Value], columns: Columns) -> str:
    """The reasons for one row of a portfolio, under the position and date of its columns. Raises BadInput."""
    matter = source.parse(json.dumps(files.fact_set(row)), "<row>")
    assessment = assessor.assess(assessor.matter(matter), columns.position, columns.as_at, columns.without)
    return memorandum.render(assessment, arguments(assessment))


def words(summary: Summary) -> str:
    """The summary in plain text."""
    lines = [f"{summary.rows:,} rows, {summary.errors:,} of them bad (see the column error)."]
    if summary.formulas:
        how = "begin as formulas do, and have an apostrophe before them (--keep-formulas leaves it out)."
        lines.append(f"{summary.formulas:,} ids or errors {how}")
    lines += ["", "Characterisation", *_counted(summary.characterisations)]
    lines += ["", "Strength", *_counted(summary.strengths)]
    if summary.kinds:
        lines += ["", f"By {summary.by}"]
        for kind, counts in sorted(summary.kinds.items(), key=lambda item: (-item[1].total(), item[0])):
            told = ", ".join(f"{count:,} {word}" for word, count in sorted(counts.items()))
            lines.append(f"  {kind:24} {counts.total():>12,}  {told}")
    lines += ["", "Facts most often not known at all", *_counted(Counter(dict(summary.missing.most_common(10))))]
    return "\n".join(lines) + "\n"


def _counted(counts: Counter[str]) -> list[str]:
    # Equal counts by their words: the order in which rows are counted is Polars' own.
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [f"  {word:40} {count:>12,}" for word, count in ordered if count]


def write(parts: Sequence[Path], path: Path, suffix: str, sides: Sides, keep_formulas: bool = False) -> int:
    """Parts one after another into one file; with only the names of the columns if there are none.

    How many cells of CSV were kept from being formulas.
    """
    types = {sides.key: pl.Float64, "robust": pl.Boolean}
    table = pl.LazyFrame(schema={name: types.get(name, pl.String) for name in fields(sides)})
    if parts:
        table = pl.scan_ipc(list(parts)).with_columns(pl.col("characterisation", "route", "strength").cast(pl.String))
    if suffix.lower() == ".parquet":
        table.sink_parquet(path)
    elif suffix.lower() != ".csv":
        table.sink_ndjson(path)
    elif keep_formulas:
        table.sink_csv(path)
    else:
        told = pl.col("id", "error")
        found = told.str.contains(_FORMULA) & ~told.str.contains(_NUMBER)
        count = table.select(found.sum()).collect()
        # All text in quotes, so that a spreadsheet that parts cells otherwise finds no formula inside one.
        safe = table.with_columns(pl.when(found).then("'" + told).otherwise(told).name.keep())
        safe.sink_csv(path, quote_style="non_numeric")
        return int(count.sum_horizontal().item())
    return 0
