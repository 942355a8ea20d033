"""The rulebook over columns says exactly what the ordinary engine says, to the last bit."""

from __future__ import annotations

import copy
import dataclasses
import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

np = pytest.importorskip("numpy")
pl = pytest.importorskip("polars")
pytest.importorskip("pyarrow")

from bench.rows import found, rows  # noqa: E402
from caprev.columns import derive, files  # noqa: E402
from caprev.columns.assess import Columns  # noqa: E402
from caprev.columns.codes import Layout  # noqa: E402
from caprev.columns.compile import compile_columns  # noqa: E402
from caprev.columns.program import Logistic, Program  # noqa: E402
from caprev.errors import BadInput  # noqa: E402
from caprev.facts import derivations  # noqa: E402
from caprev.facts.conditions import Atom  # noqa: E402
from caprev.facts.knowledge import INFINITY, Choice, Range, Subset  # noqa: E402
from caprev.facts.matter import Parcel  # noqa: E402
from caprev.facts.vocabulary import Fact  # noqa: E402
from caprev.portfolio.batch import Screen  # noqa: E402
from caprev.reasoning.assess import Assessor  # noqa: E402
from caprev.reasoning.conclusion import probability  # noqa: E402
from caprev.reasoning.precedents import CaseBase  # noqa: E402

ENGINES = ("polars", "duckdb")


def columns(assessor: Assessor, engine: str, **options: Any) -> Columns:
    if engine == "duckdb":
        pytest.importorskip("duckdb")
    return Columns(assessor, engine=engine, **options)  # type: ignore[arg-type]


def parcels(assessor: Assessor) -> list[Parcel]:
    """Every parcel of every case, ruling, guidance and example."""
    paths = sorted(assessor.cases_directory.rglob("*.yaml"))
    return [parcel for path in paths for parcel in assessor.read(path).parcels]


def differences(table: Any, wanted: Sequence[Mapping[str, Any] | None]) -> list[str]:
    """Where a table is not what the ordinary engine found; rows that are None are not looked at."""
    assert table.height == len(wanted)
    return [
        f"row {number}: {name} is {row[name]}, not {value}"
        for number, (row, want) in enumerate(zip(table.iter_rows(named=True), wanted, strict=True))
        for name, value in (want or {}).items()
        if row[name] != value or type(row[name]) is not type(value)
    ]


@pytest.mark.parametrize("position", ["commissioner", "courts"])
def test_every_case_ruling_and_example(assessor: Assessor, position: str) -> None:
    """All findings of all matters of the repository."""
    weigher = assessor.weigher(position, assessor.book.pack.as_at)
    matters = parcels(assessor)
    wanted = [found(assessor.conclude(parcel, weigher, assessor.cases)) for parcel in matters]
    for engine in ENGINES:
        table = columns(assessor, engine, position=position).assess(matters, detail=True)
        assert not differences(table, wanted)[:5], engine


@pytest.fixture(scope="module")
def drawn(assessor: Assessor) -> tuple[list[Any], list[Parcel | None], list[Mapping[str, Any] | None]]:
    """Random rows, a third adversarial; as parcels, None where the ordinary reading refuses; and what is found."""
    book = assessor.book
    written = [files.row_of(json.dumps(row)) for row in rows(assessor, 11, 2000)]
    read: list[Parcel | None] = []
    for row in written:
        try:
            read.append(files.parcel(row, book.vocabulary, book.derivations, book.pack.as_at))
        except BadInput:
            read.append(None)
    weigher = assessor.weigher(book.pack.position, book.pack.as_at)
    return written, read, [found(assessor.conclude(p, weigher, assessor.cases)) if p else None for p in read]


@pytest.mark.parametrize("engine", ENGINES)
def test_random_rows(assessor: Assessor, drawn: Any, engine: str) -> None:
    """Reading, derivation and all findings, on rows made to find mistakes."""
    written, read, wanted = drawn
    screen = Screen(columns(assessor, engine))
    portion = files.of_rows(written, screen.columns.reader)
    found_table = screen.columns
    known = portion.known
    derive.derive(assessor.book.derivations, known)
    codes = found_table.coder.codes(known)
    refused = np.array([parcel is None for parcel in read])
    assert not (refused & ~known.odd).any(), "a row that the ordinary reading refuses was taken"
    assert (~known.odd).sum() > len(read) / 2, "most rows fit columns"
    for row in np.flatnonzero(known.odd).tolist():
        parcel = read[row]
        found_table.coder.write(codes, row, parcel.known if parcel else {})
    table = found_table.table(found_table.run(codes, len(read), found_table.names(True)))
    assert not differences(table, wanted)[:5]


def test_precedents_that_force_persuade_and_conflict(assessor: Assessor) -> None:
    """Made-up cases of every court bind many rows; the voices agree with the ordinary engine's."""
    rng = random.Random(3)
    book = assessor.book
    made = []
    for number in range(60):
        case = rng.choice(list(assessor.cases.cases.values()))
        met = sorted(name for name in case.met if book.factors[name].favours == case.outcome)
        because = tuple(rng.sample(met, min(len(met), rng.choice([2, 2, 3]))))
        changes: dict[str, Any] = {
            "id": f"made-up-{number}",
            "because": because,
            "level": rng.choice(book.pack.levels),
            "overruled": False,
        }
        if number % 3 == 0:  # a court that decided the like the other way
            changes["outcome"] = "capital" if case.outcome == "revenue" else "revenue"
        made.append(dataclasses.replace(case, confidence=rng.choice(["high", "low"]), **changes))
    other = copy.copy(assessor)
    other.__dict__["cases"] = CaseBase(made, book)
    weigher = assessor.weigher(book.pack.position, book.pack.as_at)
    matters = parcels(assessor)
    wanted = [found(assessor.conclude(parcel, weigher, other.cases)) for parcel in matters]
    seen = {(row["constraint"], row["decided_by"]) for row in wanted}
    assert {name for name, _ in seen} == {"forced_capital", "forced_revenue", "free", "conflict"}
    assert {how for _, how in seen} >= {"rules", "precedent"}
    for engine in ENGINES:
        assert not differences(columns(other, engine).assess(matters, detail=True), wanted)[:5]


def test_without_a_case(assessor: Assessor) -> None:
    """A precedent left out is left out of the columns too."""
    matters = parcels(assessor)
    left_out = next(iter(assessor.cases.cases))
    weigher = assessor.weigher("courts", assessor.book.pack.as_at)
    base = assessor.cases.without([left_out])
    wanted = [found(assessor.conclude(parcel, weigher, base)) for parcel in matters]
    table = columns(assessor, "polars", position="courts", without=[left_out]).assess(matters, detail=True)
    assert not differences(table, wanted)[:5]


def test_numbers_of_31_bits_say_the_same(assessor: Assessor) -> None:
    """A program for an engine with small numbers finds what the other finds."""
    from caprev.columns.known import Coder
    from caprev.columns.numpy_code import Function

    weigher = assessor.weigher("courts", assessor.book.pack.as_at)
    matters = parcels(assessor)
    results = []
    for bits in (31, 62):
        compiled = compile_columns(weigher, assessor.cases, bits, 64)
        coder = Coder(compiled.layout)
        codes = coder.empty(len(matters))
        for row, parcel in enumerate(matters):
            coder.write(codes, row, parcel.known)
        names = [
            name for name in compiled.program.names if name.split(" ")[0] in ("factor", "finding", "balance", "robust")
        ]
        found_here = Function(compiled.program, names, coder.types)(codes, len(matters))
        results.append({name: found_here[name].tolist() for name in names})
    assert results[0] == results[1]


def test_every_probability_there_can_be(assessor: Assessor) -> None:
    """The probability at every balance between the bounds, and beyond them, is the ordinary engine's."""
    from caprev.columns.numpy_code import Function

    book = assessor.book
    fit, scale = book.weighing.calibration, assessor.weigher("courts", book.pack.as_at).scale
    program = Program()
    step = program.logistic(
        program.total([program.column("x")]), Logistic(scale, fit.saturation, fit.tail, fit.slope, fit.intercept)
    )
    program.name("p", step)
    most = int(fit.saturation * scale) * 2
    units = np.arange(-most, most + 1)
    drawn = Function(program, ["p"], {"x": "i8"})({"x": units}, len(units))["p"]
    assert (drawn / 10_000).tolist() == [probability(book, unit / scale) for unit in units.tolist()]


def test_variations(assessor: Assessor) -> None:
    """One parcel with facts changed, added and forgotten is what the ordinary engine makes of such a parcel."""
    rng = random.Random(5)
    book = assessor.book
    parcel = assessor.read(assessor.cases_directory / "rulings" / "1052196215679.yaml").parcels[0]
    facts = list(book.vocabulary)
    changes = []
    for _ in range(300):
        change = {}
        for fact in rng.sample(facts, rng.randint(0, 3)):
            change[fact.name] = rng.choice([fact.unknown, *_values(fact)])
        changes.append(change)
    ours = columns(assessor, "polars")
    table = ours.vary(parcel, changes)
    weigher = ours.weigher
    written = {n: g.written or g.knowledge for n, g in parcel.facts.items() if g.at or g.written is not None}
    impossible = 0
    for row, change in zip(table.iter_rows(named=True), changes, strict=True):
        known = {n: k for n, k in {**written, **change}.items() if k != ours.reader.facts[n].unknown}
        full = ours.derived({**known, "matter.as_at": parcel.known["matter.as_at"]})
        if full is None:
            impossible += 1
            assert set(row.values()) == {None}
            continue
        given = {name: dataclasses.replace(next(iter(parcel.facts.values())), knowledge=k) for name, k in full.items()}
        wanted = found(assessor.conclude(Parcel("", "", given), weigher, assessor.cases))
        assert {name: wanted[name] for name in row} == row
    assert 0 < impossible < 150


def _values(fact: Fact) -> list[Any]:
    if fact.type == "set":
        return [
            Subset(frozenset(fact.values[:1]), frozenset(fact.values[1:])),
            Subset(frozenset(), frozenset(fact.values[:2])),
        ]
    if fact.type in ("bool", "enum"):
        values = (True, False) if fact.type == "bool" else fact.values
        return [Choice(frozenset([value])) for value in values] + [Choice(frozenset(values[:2]))]
    if fact.type == "date":
        return [Range(720_000, 720_000), Range(730_000)]
    return [Range(0, 0), Range(3, 3), Range(10), Range(0, 40), Choice(frozenset({1.0, 30.0}))]


def test_a_number_has_as_many_columns_as_it_needs() -> None:
    """Facts with more cuts than bits get a second column, and every test still decides exactly."""
    from caprev.columns.numpy_code import Function

    fact = Fact("s.n", "number", (), "", "How many?")
    atoms = [Atom("s.n", "between", frozenset(), float(i), INFINITY, f">= {i}") for i in range(150)]
    atoms += [Atom("s.n", "in", frozenset({float(i), float(i + 7)}), text=f"is {i}") for i in range(0, 100, 9)]
    layout = Layout({"s.n": fact}, atoms, [])
    code = layout.codes["s.n"]
    assert len(code.columns) > 2
    program = Program()
    for number, atom in enumerate(atoms):
        true, false = code.decide(program, atom)
        program.name(f"t{number}", true)
        program.name(f"f{number}", false)
    rng = random.Random(1)
    drawn: list[Any] = [
        Choice(frozenset(float(rng.randint(-3, 160)) for _ in range(rng.randint(1, 3)))) for _ in range(200)
    ]
    drawn += [Range(*sorted([rng.uniform(-5, 170), float(rng.randint(-5, 170))])) for _ in range(200)]
    drawn += [Range(5, 5), Range(), Range(0), Range(-INFINITY, 3)]
    columns_ = {
        name: np.array(bits, "i8")
        for name, bits in zip(code.columns, zip(*map(code.encode, drawn), strict=True), strict=True)
    }
    names = [f"{what}{number}" for number in range(len(atoms)) for what in "tf"]
    result = Function(program, names, dict.fromkeys(columns_, "i8"))(columns_, len(drawn))
    for number, atom in enumerate(atoms):
        verdicts = [atom.decide(known) for known in drawn]
        assert result[f"t{number}"].tolist() == [verdict is True for verdict in verdicts]
        assert result[f"f{number}"].tolist() == [verdict is False for verdict in verdicts]


def test_every_operation_has_a_form_for_columns() -> None:
    """A quantity whose operation has none is still right, but slow."""
    assert set(derive.OPERATIONS) == set(derivations.OPERATIONS)


def test_operations_agree() -> None:
    """Quantities over columns are those over ranges, with open ends and leap days."""
    rng = random.Random(2)
    ends = [-INFINITY, INFINITY, -1e9, -7.5, -1.0, 0.0, 1.0, 7.5, 1e9, 722_875.0, 731_640.0, 731_641.0, 737_119.0]
    for name, operation in derivations.OPERATIONS.items():
        count = operation.__code__.co_argcount
        drawn = [[Range(*sorted(rng.choices(ends, k=2))) for _ in range(count)] for _ in range(2000)]
        drawn = [row for row in drawn if all(r.low < INFINITY and r.high > -INFINITY for r in row)]
        if name == "years_between":
            drawn = [
                [Range(*(e if abs(e) > 1e8 or e > 7e5 else 722_000.0 + e for e in (r.low, r.high))) for r in row]
                for row in drawn
            ]
            drawn = [
                row for row in drawn if all(abs(e) == INFINITY or abs(e) < 3e6 for r in row for e in (r.low, r.high))
            ]
        wanted = [operation(*row) for row in drawn]
        operands = [
            (np.array([r.low for r in column]), np.array([r.high for r in column]))
            for column in zip(*drawn, strict=True)
        ]
        low, high = derive.OPERATIONS[name](*operands)
        assert low.tolist() == [r.low for r in wanted], name
        assert high.tolist() == [r.high for r in wanted], name
