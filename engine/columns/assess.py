"""The rulebook over columns: many matters at once, and thousands of variations of one.

    columns = Columns(assessor)
    table = columns.assess(matters)              # a row for each parcel: characterisation, route, strength, ...
    table = columns.assess(matters, detail=True) # and every factor, finding and balance
    table = columns.vary(parcel, [{"development.lots": Range(20, 20)}, ...])

The same rules as everywhere: `columns/rules` compiles them once into a program, which NumPy runs here and SQL
elsewhere; the result is the ordinary assessment's, to the last bit. For the reasons, assess the row by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
import polars as pl

from caprev.columns import derive
from caprev.columns.compile import DECIDED_BY, FINDINGS, STATES, STRENGTHS, Compiled, compile_columns
from caprev.columns.derive import Rows
from caprev.columns.known import Bits, Coder, Known
from caprev.columns.numpy_code import Function
from caprev.columns.read import Reader
from caprev.facts import derivations
from caprev.facts.derivations import AS_AT, Contradiction
from caprev.facts.knowledge import Knowledge, Range
from caprev.facts.matter import Matter, Parcel
from caprev.grouping import grouped
from caprev.once import cached_property
from caprev.reasoning.assess import Assessor
from caprev.reasoning.precedents import CaseBase
from caprev.reasoning.weighing import Weigher

Engine = Literal["polars", "duckdb"]
Runner = Callable[[Mapping[str, Bits], int], dict[str, Bits]]

CONCLUSION = ("characterisation", "route", "strength", "probability", "robust")
MORE = ("balance", "low", "high", "rules", "decided_by", "constraint", "persuaded", "analogy")


class Varied:
    """A weigher and its decided cases, compiled for one engine: columns in, columns out, and one parcel varied."""

    def __init__(self, weigher: Weigher, cases: CaseBase, engine: Engine = "polars") -> None:
        self.weigher, self.cases, self.engine = weigher, cases, engine
        self.book = weigher.book
        entries = 1024 if engine == "polars" else 16  # SQL reads the tables anew in every query
        self.compiled: Compiled = compile_columns(weigher, cases, entries=entries)
        self.coder = Coder(self.compiled.layout)
        self.reader = Reader(self.book.vocabulary, self.book.derivations, self.book.pack.as_at)
        self._runners: dict[tuple[str, ...], Runner] = {}

    @cached_property
    def words(self) -> Mapping[str, tuple[str | None, ...]]:
        """The words that columns give as numbers, by the column's name, or its first word."""
        against, for_ = self.book.sides.ids
        concluded = self.book.sides.conclusions
        return WORDS | {
            "characterisation": concluded,
            "rules": concluded,
            "constraint": (f"forced_{against}", f"forced_{for_}", "free", "conflict"),
            "persuaded": (against, for_, None),
            "analogy": (against, for_, None),
        }

    def vary(
        self, parcel: Parcel, changes: Sequence[Mapping[str, Knowledge]], names: Sequence[str] = (*CONCLUSION, *MORE)
    ) -> pl.DataFrame:
        """One parcel with some facts changed, again and again: a row for each mapping of fact to knowledge.

        What follows from facts is worked out anew. `Fact.unknown` forgets a fact. A row is null where the facts
        contradict each other. Raises KeyError for a fact that is not in the vocabulary.
        """
        base = {
            name: given.knowledge if given.written is None else given.written
            for name, given in parcel.facts.items()
            if name == AS_AT.name or given.written is not None or given.at or not given.derived_from
        }
        known = Known(self.reader.facts, len(changes))
        clock = base.pop(AS_AT.name, self.reader.default)
        for name, knowledge in ((AS_AT.name, clock), *base.items()):
            known.put(name, slice(None), knowledge)
        rows = grouped((item, row) for row, change in enumerate(changes) for item in change.items())
        for (name, knowledge), here in rows.items():
            self._change(known, name, np.array(here), knowledge)
        unread = known.odd.copy()
        derive.derive(self.book.derivations, known)
        codes = self.coder.codes(known)
        impossible = known.contradicted & ~unread
        for row in np.flatnonzero(known.odd & ~impossible).tolist():
            facts = {**base, **changes[row]}
            kept = {n: k for n, k in facts.items() if k != self.reader.facts[n].unknown}
            full = self.derived({**kept, AS_AT.name: clock})
            impossible[row] = full is None
            if full is not None:
                self.coder.write(codes, row, full)
        table = self.table(self.run(codes, len(changes), names))
        return withheld(table, [parcel.complete] * table.height).select(pl.when(pl.Series(~impossible)).then(pl.all()))

    def _change(self, known: Known, name: str, rows: Rows, knowledge: Knowledge) -> None:
        fact = self.book.vocabulary[name]
        if knowledge != fact.unknown:
            known.put(name, rows, knowledge)
        elif known.has(name):
            blank = Known({name: fact}, 1)
            blank.ensure(name)
            for mine, none in zip(known.columns[name], blank.columns[name], strict=True):
                mine[rows] = none[0]

    def derived(self, known: Mapping[str, Knowledge]) -> dict[str, Knowledge] | None:
        """Knowledge of one parcel with all that follows from it; None if it contradicts itself."""
        try:
            steps = derivations.derive(self.book.derivations, known)
        except Contradiction:
            return None
        return {**known, **{step.fact: step.knowledge for step in steps}}

    # columns in, columns out

    def run(self, codes: Mapping[str, Bits], rows: int, names: Sequence[str]) -> dict[str, Bits]:
        """Named columns of the program, from coded columns."""
        key = tuple(names)
        if key not in self._runners:
            self._runners[key] = self._runner(key)
        return self._runners[key](codes, rows)

    def _runner(self, names: tuple[str, ...]) -> Runner:
        if self.engine == "polars":
            return Function(self.compiled.program, names, self.coder.types)
        from caprev.columns import sql

        return sql.duckdb_runner(self.compiled.program, names, self.coder.types)

    def table(self, found: Mapping[str, Bits]) -> pl.DataFrame:
        """Columns as people read them: words for numbers, balances on their scale, nothing where there is none."""
        table = pl.DataFrame([self._series(name, column) for name, column in found.items()])
        apart = [pole.id for pole in self.book.sides.neither]
        if apart and {"characterisation", self.book.sides.key} <= set(table.columns):
            told = ~pl.col("characterisation").cast(pl.String).is_in(apart)
            table = table.with_columns(pl.when(told).then(pl.col(self.book.sides.key)))
        return table

    def _series(self, name: str, column: Bits) -> pl.Series:
        what = name.split(" ", 1)[0]
        if what in ("balance", "low", "high"):
            return pl.Series(name, column / self.compiled.scale)
        if what == "probability":
            return pl.Series(self.book.sides.key, column / 10_000)
        if what == "robust":
            return pl.Series(name, column)
        words: tuple[str | None, ...] = self.compiled.routes if what == "route" else self.words[what]
        kept = [word for word in words if word is not None]
        # Also where there is none, the number under the blank must be that of a word: Arrow files are checked for it.
        codes = pl.Series(name, np.minimum(column, len(kept) - 1))
        if len(kept) < len(words):
            codes = codes.set(pl.Series(column == len(kept)), None)
        return codes.cat.to(pl.Enum(kept))


class Columns(Varied):
    """A rulebook and its decided cases, compiled for one position, one date and one engine."""

    def __init__(
        self,
        assessor: Assessor,
        position: str = "",
        as_at: str = "",
        without: Iterable[str] = (),
        engine: Engine = "polars",
    ) -> None:
        """`without` leaves precedents out of the base. Raises BadInput for a position that does not exist."""
        self.assessor = assessor
        pack = assessor.book.pack
        self.position, self.as_at = position or pack.position, as_at or pack.as_at
        self.without = tuple(sorted(set(without)))
        cases = assessor.cases.without(self.without) if self.without else assessor.cases
        super().__init__(assessor.weigher(self.position, self.as_at), cases, engine)

    @property
    def detailed(self) -> tuple[str, ...]:
        """The names of everything that is found besides the conclusion."""
        book = self.book
        nodes = [f"{what} {node}" for node in book.nodes for what in ("finding", "balance", "low", "high", "robust")]
        return (*(f"factor {name}" for name in book.factors), *nodes)

    def names(self, detail: bool) -> tuple[str, ...]:
        """The columns of the answer, in order; with `detail` every finding and factor too."""
        return (*CONCLUSION, *MORE, *self.detailed) if detail else (*CONCLUSION, *MORE)

    def assess(self, matters: Iterable[Matter | Parcel], detail: bool = False) -> pl.DataFrame:
        """A row for each parcel, in order, with its `id`. Balances are on the scale of `Conclusion.balance`.

        `detail` adds `factor ...` (met, not_met, unknown) and, for every indicator, element and issue, `finding ...`
        (satisfied, not_satisfied, undetermined), `balance ...`, `low ...`, `high ...` and `robust ...`.
        """
        parcels = [p for item in matters for p in (item.parcels if isinstance(item, Matter) else (item,))]
        codes = self.coder.empty(len(parcels))
        for row, parcel in enumerate(parcels):
            self.coder.write(codes, row, parcel.known)
        ids = pl.Series("id", [parcel.id for parcel in parcels], pl.String)
        table = self.table(self.run(codes, len(parcels), self.names(detail))).insert_column(0, ids)
        return withheld(table, [parcel.complete for parcel in parcels])


WORDS: dict[str, tuple[str | None, ...]] = {
    "strength": STRENGTHS,
    "decided_by": DECIDED_BY,
    "factor": STATES,
    "finding": FINDINGS,
}


def withheld(table: pl.DataFrame, complete: Sequence[bool]) -> pl.DataFrame:
    """The rows with no conclusion called strong whose facts are said to be cut short."""
    if all(complete) or "strength" not in table.columns:
        return table
    cut = ~pl.Series(complete, dtype=pl.Boolean) & (table["strength"] == "strong")
    moderate = pl.lit("moderate", table.schema["strength"])
    return table.with_columns(pl.when(cut).then(moderate).otherwise(pl.col("strength")).alias("strength"))


__all__ = ["CONCLUSION", "Columns", "Engine", "Range"]
