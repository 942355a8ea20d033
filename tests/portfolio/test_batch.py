"""Portfolios from the command line: every form of input and output, bad rows, and runs that are cut short."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pl = pytest.importorskip("polars")
pytest.importorskip("pyarrow")

from bench.rows import rows  # noqa: E402
from caprev.columns import files  # noqa: E402
from caprev.columns.assess import Columns  # noqa: E402
from caprev.columns.files import of_rows, row_of  # noqa: E402
from caprev.errors import BadInput  # noqa: E402
from caprev.portfolio import batch  # noqa: E402
from caprev.reasoning.assess import Assessor  # noqa: E402

FIELDS = ["id", "characterisation", "route", "strength", "probability_revenue", "robust", "error"]


@pytest.fixture(scope="module")
def columns(assessor: Assessor) -> Columns:
    return Columns(assessor)


@pytest.fixture(scope="module")
def lines(assessor: Assessor) -> list[str]:
    return [json.dumps(row) for row in rows(assessor, 7, 600)]


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_rows_are_what_single_assessments_are(
    assessor: Assessor, columns: Columns, lines: list[str], tmp_path: Path
) -> None:
    """One row for each fact set, in order; bad ones say what is wrong with them, and only they do."""
    batch.run(columns, written(tmp_path / "in.jsonl", lines), tmp_path / "out.jsonl")
    book = assessor.book
    found = read(tmp_path / "out.jsonl")
    assert [row["id"] for row in found] == [json.loads(line)["id"] for line in lines]
    bad = 0
    for row, line in zip(found, lines, strict=True):
        assert list(row) == FIELDS
        if row["error"]:
            bad += 1
            with pytest.raises(BadInput) as refused:
                files.parcel(row_of(line), book.vocabulary, book.derivations, book.pack.as_at)
            assert row["error"].startswith(str(refused.value.problems[0]).replace(" (line 0)", ""))
            assert {row[name] for name in FIELDS[1:-1]} == {None}
            continue
        parcel = files.parcel(row_of(line), book.vocabulary, book.derivations, book.pack.as_at)
        one = assessor.conclude(parcel, columns.weigher, assessor.cases)
        assert (row["characterisation"], row["route"], row["strength"]) == (
            one.characterisation,
            one.route,
            one.strength,
        )
        assert (row["probability_revenue"], row["robust"]) == (one.probability, one.robust)
    assert 20 < bad < 300


def test_every_format_in_and_out(columns: Columns, tmp_path: Path) -> None:
    """The same rows as JSON Lines, CSV and Parquet give the same conclusions in all three."""
    told = [
        {
            "id": "a",
            "taxpayer.kind": "individual",
            "acquisition.purposes": ["farming"],
            "development.lots": {"at_least": 20},
            "acquisition.date": "1978",
            "taxpayer.retired": True,
        },
        {
            "id": "b",
            "taxpayer.kind": {"one_of": ["trust", "company"]},
            "acquisition.purposes": {"includes": ["resale"]},
            "development.lots": 3,
            "acquisition.date": {"at_least": "1990", "at_most": "1995"},
            "taxpayer.retired": False,
        },
        {"id": "c", "development.lots": {"one_of": [1, 40]}, "acquisition.purposes": [], "taxpayer.kind": "nobody"},
    ]
    cells = [
        ["id", "taxpayer.kind", "acquisition.purposes", "development.lots", "acquisition.date", "taxpayer.retired"],
        ["a", "individual", "farming", ">=20", "1978", "true"],
        ["b", "trust|company", "resale|...", "3", "1990..1995", "no"],
        ["c", "nobody", "[]", '{"one_of": [1, 40]}', "", ""],
    ]
    written(tmp_path / "in.jsonl", [json.dumps(row) for row in told])
    with (tmp_path / "in.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(cells)
    table = pl.DataFrame(cells[1:], schema=cells[0], orient="row").with_columns(
        pl.Series("taxpayer.retired", [True, False, None])
    )
    table.with_columns(pl.when(pl.col(pl.String) != "").then(pl.col(pl.String))).write_parquet(tmp_path / "in.parquet")
    outputs = []
    for source in ("in.jsonl", "in.csv", "in.parquet"):
        for target in ("out.jsonl", "out.csv", "out.parquet"):
            batch.run(columns, tmp_path / source, tmp_path / target)
        outputs += [
            pl.read_ndjson(tmp_path / "out.jsonl"),
            pl.read_csv(tmp_path / "out.csv"),
            pl.read_parquet(tmp_path / "out.parquet"),
        ]
    assert outputs[0].columns == FIELDS
    assert "Did you mean" in outputs[0]["error"][2] or "not allowed" in outputs[0]["error"][2]
    assert all(output.equals(outputs[0]) for output in outputs)


def test_typed_columns(columns: Columns, tmp_path: Path) -> None:
    """Numbers, dates and lists of Parquet are read as such; values out of range are bad rows."""
    from datetime import date

    table = pl.DataFrame(
        {
            "id": [1, 2, 3, 4],
            "development.lots": [3.0, 2.5, -1.0, None],
            "acquisition.date": [date(1978, 5, 1), None, date(1999, 1, 1), None],
            "holding.uses": [["farming"], [], None, ["surfing"]],
            "taxpayer.kind": pl.Series(["couple", None, "trust", "trust"]).cast(pl.Categorical),
        }
    )
    table.write_parquet(tmp_path / "in.parquet")
    batch.run(columns, tmp_path / "in.parquet", tmp_path / "out.jsonl")
    found = read(tmp_path / "out.jsonl")
    assert [row["id"] for row in found] == ["1", "2", "3", "4"]
    assert [bool(row["error"]) for row in found] == [False, True, True, True]
    assert "development.lots" in found[1]["error"]
    assert "negative" in found[2]["error"]
    assert "surfing" in found[3]["error"]


def test_bad_lines(columns: Columns, tmp_path: Path) -> None:
    """No line stops or shifts the others, whatever it holds."""
    deep = "[" * 100_000
    bad = [
        b"{",
        b"[1]",
        b'"text"',
        b'{"id": 1, "id": 2}',
        b'{"id": "\xff"}',
        deep.encode(),
        b'{"nonsense": 1}',
        b'{"parcels": [{"id": "p"}, {"id": "q"}]}',
        b'{"facts": 3}',
        b'{"taxpayer": 3}',
        b'{"matter": {"as_at": "soon"}}',
        b'{"taxpayer.kind": {"value": "couple", "standing": "rumour"}}',
        b'{"development.lots": NaN}',
        b'{"development.lots": ' + b'{"value": ' * 400 + b"3" + b"}" * 401,
        b'{"facts": {"taxpayer.kind": "couple"}, "taxpayer.kind": "trust"}',
        b'{"facts": 3, "taxpayer.kind": "trust"}',
    ]
    lines = [
        part
        for number, line in enumerate(bad)
        for part in (line, b'{"id": "good %d", "taxpayer.kind": "couple"}' % number)
    ]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))
    summary = batch.run(columns, tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    found = read(tmp_path / "out.jsonl")
    assert (summary.rows, summary.errors) == (2 * len(bad), len(bad))
    assert all(row["error"] for row in found[::2])
    assert [row["id"] for row in found[1::2]] == [f"good {number}" for number in range(len(bad))]
    assert not any(row["error"] for row in found[1::2])
    assert len({(row["characterisation"], row["probability_revenue"]) for row in found[1::2]}) == 1


def test_rows_of_csv_that_do_not_fit(columns: Columns, tmp_path: Path) -> None:
    """Too many or too few cells are a bad row; a quoted line break is part of its cell."""
    (tmp_path / "in.csv").write_text(
        'id,taxpayer.kind,matter.notes\na,couple,"two\nlines"\nb\nc,trust,x,y\nd,estate,\n'
    )
    batch.run(columns, tmp_path / "in.csv", tmp_path / "out.csv")
    found = pl.read_csv(tmp_path / "out.csv")
    assert found["error"].is_null().to_list() == [True, False, False, True]
    assert found.height == 4


def test_columns_that_mean_nothing(run: Any, tmp_path: Path) -> None:
    """An unknown column is refused before anything is written, with the nearest name."""
    (tmp_path / "in.csv").write_text("id,taxpayer.knd\na,couple\n")
    done = run("batch", tmp_path / "in.csv", "--out", tmp_path / "out.csv")
    assert done.exit_code == 2
    assert "taxpayer.kind" in done.stderr
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("arguments", [("in.txt", "out.csv"), ("in.csv", "out.txt"), ("none.csv", "out.csv")])
def test_files_that_cannot_be(run: Any, tmp_path: Path, arguments: tuple[str, str]) -> None:
    (tmp_path / "in.csv").write_text("id\na\n")
    (tmp_path / "in.txt").write_text("id\na\n")
    done = run("batch", tmp_path / arguments[0], "--out", tmp_path / arguments[1])
    assert done.exit_code == 2
    assert done.stderr.startswith("caprev: ")


def test_an_empty_file_gives_an_empty_table(columns: Columns, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("")
    for name in ("out.parquet", "out.csv", "out.jsonl"):
        assert batch.run(columns, tmp_path / "in.jsonl", tmp_path / name).rows == 0
    assert pl.read_parquet(tmp_path / "out.parquet").columns == FIELDS


def test_the_command(run: Any, tmp_path: Path, lines: list[str]) -> None:
    """Exit code 0 with a summary, also where some rows are bad; explanations of the likeliest beside the output."""
    written(tmp_path / "in.jsonl", [*lines[:40], "nonsense"])
    done = run(
        "batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.csv", "--explain-top", "2", "--position", "courts"
    )
    assert done.exit_code == 0, done.output
    assert "41 rows" in done.stdout
    assert "By taxpayer.kind" in done.stdout
    assert (tmp_path / "out.explained.txt").read_text().count("CONCLUSION") == 2
    assert not list(tmp_path.glob(".out*"))


def test_a_run_cut_short_goes_on(
    columns: Columns, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts that were done are not done again, and the output is that of a run in one piece."""
    monkeypatch.setattr(files, "LINES", 100)
    source = written(tmp_path / "in.jsonl", lines)
    whole = batch.run(columns, source, tmp_path / "whole.jsonl", explain_top=1)

    class Killed(BaseException):
        pass

    def stop(rows: int, share: float) -> None:
        if rows >= 300:
            raise Killed

    with pytest.raises(Killed):
        batch.run(columns, source, tmp_path / "out.jsonl", explain_top=1, progress=stop)
    assert not (tmp_path / "out.jsonl").exists()
    assessed = []
    call = batch.Screen.__call__
    monkeypatch.setattr(batch.Screen, "__call__", lambda self, *rest: assessed.append(1) or call(self, *rest))
    again = batch.run(columns, source, tmp_path / "out.jsonl", explain_top=1)
    assert len(assessed) == 3
    assert again == whole
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert (tmp_path / "out.explained.txt").read_bytes() == (tmp_path / "whole.explained.txt").read_bytes()


def test_parts_of_other_work_are_not_used(
    columns: Columns, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed input starts anew."""
    monkeypatch.setattr(files, "LINES", 100)
    source = written(tmp_path / "in.jsonl", lines)
    work = batch.Work(columns, source, tmp_path / "out.jsonl", 0, "")
    work.start()
    work.assess(lambda rows, share: None)
    assert len(work.done) == 6
    with pytest.raises(BadInput, match="another run"):
        batch.run(columns, source, tmp_path / "out.jsonl")
    work.close()
    written(source, lines[:150])
    assert batch.run(columns, source, tmp_path / "out.jsonl").rows == 150
    assert len(read(tmp_path / "out.jsonl")) == 150


def test_portions_do_not_matter(
    columns: Columns, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = written(tmp_path / "in.jsonl", lines)
    outputs = set()
    for size in (7, 600, 10_000):
        monkeypatch.setattr(files, "LINES", size)
        batch.run(columns, source, tmp_path / "out.csv")
        outputs.add((tmp_path / "out.csv").read_bytes())
    assert len(outputs) == 1


def test_nested_and_flat_rows_are_the_same(columns: Columns) -> None:
    rows_ = [
        {"id": "x", "taxpayer.kind": "trust", "acquisition.date": "1990", "matter.as_at": "2020-01-01"},
        {"id": "x", "taxpayer": {"kind": "trust"}, "acquisition": {"date": "1990"}, "matter": {"as_at": "2020-01-01"}},
        {"id": "x", "facts": {"taxpayer.kind": "trust", "acquisition": {"date": "1990"}}, "as_at": "2020-01-01"},
    ]
    table, _ = batch.Screen(columns)(of_rows([row_of(json.dumps(row)) for row in rows_], columns.reader))
    assert table["error"].is_null().all()
    assert table.n_unique() == 1


def test_the_input_is_not_written_over(columns: Columns, tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", ['{"id": "a"}'])
    (tmp_path / "also.jsonl").symlink_to(source)
    for target in (source, tmp_path / "also.jsonl"):
        with pytest.raises(BadInput, match="the input itself"):
            batch.run(columns, source, target)
    assert source.read_text() == '{"id": "a"}\n'


def test_text_that_is_none(columns: Columns, tmp_path: Path) -> None:
    """Half pairs of escapes, other encodings and line ends are bad rows or refused; ids of bad rows are kept."""
    source = written(tmp_path / "in.jsonl", ['{"id": "a\\ud800"}', '{"id": "\\ud83d\\ude00"}'])
    for name in ("out.jsonl", "out.csv", "out.parquet"):
        assert batch.run(columns, source, tmp_path / name).errors == 1
    assert [row["id"] for row in read(tmp_path / "out.jsonl")] == ["1", "\U0001f600"]
    (tmp_path / "in.csv").write_bytes(b"\xef\xbb\xbfid,taxpayer.kind\r\na,couple\r\nb,caf\xe9\r\nc\r\n")
    batch.run(columns, tmp_path / "in.csv", tmp_path / "out.jsonl")
    assert [(row["id"], bool(row["error"])) for row in read(tmp_path / "out.jsonl")] == [
        ("a", False),
        ("b", True),
        ("c", True),
    ]
    for data in (b"id,taxpayer.kind\ra,couple\r", "id\na\n".encode("utf-16"), b"\x1f\x8b\x08\x00id\n"):
        (tmp_path / "in.csv").write_bytes(data)
        with pytest.raises(BadInput):
            batch.run(columns, tmp_path / "in.csv", tmp_path / "none.csv")
        assert not list(tmp_path.glob("*none*/**/*.arrow"))


def test_structures_and_moments_of_parquet(columns: Columns, tmp_path: Path) -> None:
    """A null in a structure is left out; a moment at midnight is a day, whatever stands in other rows."""
    from datetime import datetime

    pl.DataFrame(
        {
            "development.lots": [{"at_least": 5, "at_most": None}, {"at_least": 5, "at_most": 9}, None],
            "acquisition.date": [datetime(1978, 5, 1), datetime(1978, 5, 1, 12), None],
            "holding.years": [float("nan"), 0.5, None],
        }
    ).write_parquet(tmp_path / "in.parquet")
    for name, bad in ((["development.lots"], 0), (["acquisition.date"], 1), (["holding.years"], 1)):
        pl.read_parquet(tmp_path / "in.parquet").select(name).write_parquet(tmp_path / "one.parquet")
        assert batch.run(columns, tmp_path / "one.parquet", tmp_path / "out.jsonl").errors == bad


def test_shares_are_the_whole(columns: Columns, lines: list[str], tmp_path: Path, monkeypatch: Any) -> None:
    """A file in shares, as Spark reads it, has every row once and in order."""
    monkeypatch.setattr(files, "BYTES", 5_000)
    monkeypatch.setattr(files, "ROWS", 50)
    source = written(tmp_path / "in.jsonl", lines)
    pl.DataFrame({"id": range(600)}).write_parquet(tmp_path / "in.parquet", row_group_size=30)
    for path in (source, tmp_path / "in.parquet"):
        shares = files.shares(path)
        assert len(shares) > 5
        whole = [name for part in files.portions(path, columns.reader) for name in part.ids]
        parted = [n for s in shares for part in files.portions(path, columns.reader, s) for n in part.ids]
        assert parted == whole


def _interrupt(rows: int, share: float) -> None:
    raise InterruptedError


def test_spark_says_the_same(
    assessor: Assessor, columns: Columns, lines: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Spark in local mode: the same rows, in order, from each kind of file, also where a run here was cut short."""
    pytest.importorskip("pyspark", reason="pyspark is not installed: python3 install.py spark")
    pytest.importorskip("pandas", reason="PySpark needs pandas: python3 install.py spark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not on this machine")
    from caprev.portfolio import spark

    source = written(tmp_path / "in.jsonl", [*lines[:120], "nonsense", ""])
    (tmp_path / "in.csv").write_text('id,taxpayer.kind\na,couple\n"b\nb",nobody\n,trust\n')
    pl.DataFrame({"id": range(300), "taxpayer.kind": ["couple", "nobody", None] * 100}).write_parquet(
        tmp_path / "in.parquet", row_group_size=50
    )
    monkeypatch.setattr(files, "ROWS", 100)
    monkeypatch.setattr(files, "BYTES", 9_000)
    session = spark.session("local[1]")
    try:
        for name in (source, tmp_path / "in.csv", tmp_path / "in.parquet"):
            cut = batch.Work(columns, name, tmp_path / "there.jsonl", 1, "")
            cut.start()
            with pytest.raises(InterruptedError):
                cut.assess(_interrupt)
            cut.close()
            here = batch.run(columns, name, tmp_path / "here.jsonl", explain_top=1)
            there = batch.run(
                columns, name, tmp_path / "there.jsonl", 1, spread=lambda work: spark.assess(work, session)
            )
            assert (tmp_path / "there.jsonl").read_bytes() == (tmp_path / "here.jsonl").read_bytes()
            assert there == here
    finally:
        session.stop()
