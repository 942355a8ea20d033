"""Portfolios from the command line: every form of input and output, bad rows, and runs that are cut short."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("numpy")
pl = pytest.importorskip("polars")
pytest.importorskip("pyarrow")

from bench.rows import rows  # noqa: E402
from caprev import limits  # noqa: E402
from caprev.characters import shown  # noqa: E402
from caprev.columns import files  # noqa: E402
from caprev.columns.assess import Columns  # noqa: E402
from caprev.columns.files import of_rows, row_of  # noqa: E402
from caprev.columns.records import Records  # noqa: E402
from caprev.errors import BadInput  # noqa: E402
from caprev.portfolio import batch  # noqa: E402
from caprev.reasoning.assess import Assessor  # noqa: E402
from tests.work import grows  # noqa: E402

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
    assert [row["id"] for row in read(tmp_path / "out.jsonl")] == ["a\\ud800", "\U0001f600"]
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


def told(columns: Columns, path: Path, content: bytes, **options: Any) -> list[dict[str, str]]:
    """What comes out of a file, read as any program reads CSV."""
    path.write_bytes(content)
    target = path.with_name("told.csv")
    batch.run(columns, path, target, **options)
    with target.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


QUOTES: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "never closed": (
        b'id,taxpayer.kind\na,couple\n"b,trust\nc,couple\nd,trust\n',
        [("a", ""), ("b,trust", "opens a quote"), ("c", ""), ("d", "")],
    ),
    "never closed in the last row": (b'id,taxpayer.kind\na,couple\nb,"trust', [("a", ""), ("b", "opens a quote")]),
    "closed by another row's": (
        b'id,taxpayer.kind,matter.notes\na,couple,"x\nb,trust,"y, z"\nc,trust,\n',
        [("a", "opens a quote"), ("b", ""), ("c", "")],
    ),
    "closed rightly, with line breaks": (
        b'id,taxpayer.kind,matter.notes\na,couple,"two\nlines, ""quoted"""\r\nb,trust,\n',
        [("a", ""), ("b", "")],
    ),
    "closed rightly, one cell too many": (
        b'id,taxpayer.kind\na,"cou\nple",x\nb,trust\n',
        [("a", "has 3 cells"), ("b", "")],
    ),
    "inside a cell": (b'id,taxpayer.kind\na 5" pipe,couple\nb,tr"ust\n', [('a 5" pipe', ""), ("b", "not allowed")]),
    "in every row": (b"id,taxpayer.kind\n" + b'x"y,"\n' * 4, [('x"y', "quote")] * 4),
}


@pytest.mark.parametrize("how", QUOTES)
def test_a_quote_too_many_takes_in_no_other_row(how: str, columns: Columns, tmp_path: Path) -> None:
    """Every row that is whole by itself is a row; the one with the quote says what is wrong with it."""
    content, expected = QUOTES[how]
    found = told(columns, tmp_path / "in.csv", content)
    assert [row["id"] for row in found] == [ident for ident, _ in expected]
    assert all(fragment in row["error"] for row, (_, fragment) in zip(found, expected, strict=True))
    assert [bool(row["error"]) for row in found] == [bool(fragment) for _, fragment in expected]


ROWS: dict[str, tuple[str, bytes, list[str]]] = {
    "one column with an empty cell": ("csv", b"development.lots\n5\n\n7\n", ["1", "2", "3"]),
    "one column of ids": ("csv", b"id\na\n\n\n", ["a", "2", "3"]),
    "empty lines between rows": ("csv", b"id,taxpayer.kind\n\na,couple\n\n\nb,trust\n\n", ["a", "b"]),
    "a byte order mark and CR LF": ("csv", b"\xef\xbb\xbfid,taxpayer.kind\r\na,couple\r\nb,trust", ["a", "b"]),
    "ids twice": ("csv", b"id\na\na\na\n", ["a", "a", "a"]),
    "a carriage return in a row": ("csv", b"id,taxpayer.kind\na,cou\rple\nb,trust\n", ["a", "b"]),
    "a carriage return before a line break": ("csv", b'id,matter.notes\na\rb,"two\nlines"\nc,x\n', ["a\\rb", "c"]),
    "NUL": ("csv", b"id,taxpayer.kind\na\x00,couple\nb,trust\n", ["a\\x00", "b"]),
    "a byte that is no text": ("csv", b"id,taxpayer.kind\ncaf\xe9,couple\nb,\xff\n", ["caf\\xe9", "b"]),
    "a byte that is no text, in JSON": ("jsonl", b'{"id": "caf\xe9"}\n{"id": "b"}\n', ["caf\\xe9", "b"]),
    "a byte order mark, in JSON": ("jsonl", b'\xef\xbb\xbf{"id": "a"}\r\n\r\n{"id": "a"}', ["a", "a"]),
    "a megabyte of notes": ("csv", b"id,matter.notes\na,%s\nb,x\n" % (b"y" * 1_000_000), ["a", "b"]),
    "a megabyte of a fact": ("csv", b"id,taxpayer.kind\na,%s\nb,trust\n" % (b"y" * 1_000_000), ["a", "b"]),
    "half a pair of escapes in a cell": (
        "csv",
        b'id,taxpayer.kind\na,"{""value"": ""trust"", ""source"": ""\\udce9""}"\nb,trust\n',
        ["a", "b"],
    ),
    "six megabytes of a line": ("csv", b"id,matter.notes\na,%s\nb,x\n" % (b"y" * 6_000_000), ["a", "b"]),
    "six megabytes, in JSON": ("jsonl", b'{"id": "a", "x": "%s"}\n{"id": "b"}' % (b"y" * 6_000_000), ["1", "b"]),
    "forty thousand blanks": ("csv", b"id,development.lots\na,1%sx\nb,1 .. 3\n" % (b" " * 40_000), ["a", "b"]),
}


@pytest.mark.parametrize("kind", ["polars", "duckdb"])
def test_as_many_rows_come_out_as_go_in(kind: str, assessor: Assessor, columns: Columns, tmp_path: Path) -> None:
    """Whatever a row holds it is a row of the output, called by its id as far as that can be read."""
    engines = {"polars": columns, "duckdb": columns}
    if kind == "duckdb":
        pytest.importorskip("duckdb")
        engines["duckdb"] = Columns(assessor, engine="duckdb")
    for what, (suffix, content, ids) in list(ROWS.items())[:: 1 if kind == "polars" else 5]:
        found = told(engines[kind], tmp_path / f"in.{suffix}", content)
        assert [row["id"] for row in found] == ids, what


def test_a_long_id_is_a_bad_row_and_told_by_how_it_begins(columns: Columns, tmp_path: Path) -> None:
    """An id as no list has it would be most of the output; the row says how long it is."""
    (tmp_path / "in.parquet").unlink(missing_ok=True)
    for name, content in (("in.csv", b"id\n" + b"x" * 10_000), ("in.jsonl", b'{"id": "%s"}' % (b"x" * 10_000))):
        (row,) = told(columns, tmp_path / name, content)
        assert row["id"] == "x" * 200 + "… (10,000 characters)"
        assert row["error"].startswith("has an id that is 10,000 characters long")


FOREIGN: dict[str, tuple[bytes, str]] = {
    "tabs": (b"id\ttaxpayer.kind\na\tcouple\n", "names columns parted by tabs. Write commas"),
    "semicolons": (b"id;taxpayer.kind\na;couple\n", "names columns parted by semicolons. Write commas"),
    "UTF-16": ("id\na\n".encode("utf-16"), "is UTF-16 text"),
    "gzip": (b"\x1f\x8b\x08\x00id\n", "is compressed (gzip)"),
    "a spreadsheet": (b"PK\x03\x04\x14\x00\n", "is a spreadsheet or an archive"),
    "Latin-1": (b"id,caf\xe9\na,b\n", "is not UTF-8 text"),
    "a carriage return at once": (b"i\rd,taxpayer.kind\na,couple\n", "lines that end in a carriage return alone"),
    "carriage returns alone": (b"id,taxpayer.kind\ra,couple\r", "lines that end in a carriage return alone"),
    "a quote in the header": (b'id,"taxpayer.kind\na,couple\n', "opens a quote that is not closed"),
    "nothing": (b"", "is empty"),
    "no names": (b"\na,couple\n", "names no columns"),
    "a column twice": (b"id,id\na,b\n", "is the name of two columns"),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_header_that_is_none_is_refused_with_its_reason(what: str, run: Any, tmp_path: Path) -> None:
    """What a file is instead of CSV is said, and nothing is written."""
    content, fragment = FOREIGN[what]
    (tmp_path / "in.csv").write_bytes(content)
    done = run("batch", tmp_path / "in.csv", "--out", tmp_path / "out.csv")
    assert done.exit_code == 2
    assert fragment in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_parquet_file_cut_short_is_refused(run: Any, tmp_path: Path) -> None:
    """So is one whose bytes are damaged where no row can be read; nothing is written."""
    path = tmp_path / "in.parquet"
    pl.DataFrame({"id": [str(n) for n in range(5_000)], "taxpayer.kind": ["couple"] * 5_000}).write_parquet(path)
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[4:200] = bytes(196)
    for content in (whole[: len(whole) // 2], whole[:-1], whole[-100:], b"PAR1", b"", bytes(damaged)):
        path.write_bytes(content)
        done = run("batch", path, "--out", tmp_path / "out.csv")
        assert done.exit_code == 2, len(content)
        assert "is not a Parquet file that can be read" in done.stderr
        assert not (tmp_path / "out.csv").exists()


FORMULAS = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    " =1",
    "'=1",
    '"=1',
    "\uff1d1",
]
NUMBERS = ["-5", "+61", "-1.5", "5", "a=1", "x@y", ""]


def test_formulas_are_no_formulas_in_csv(columns: Columns, tmp_path: Path) -> None:
    """An apostrophe stands before what a spreadsheet would run, also in an error; a plain number is one. It is said."""
    source = written(tmp_path / "in.jsonl", [json.dumps({"id": ident}) for ident in FORMULAS + NUMBERS])
    with source.open("a") as stream:
        stream.write('{"id": "last", "=1+1": "x"}\n')
    summary = batch.run(columns, source, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as stream:
        found = list(csv.DictReader(stream))
    safe = [f"'{ident}" for ident in FORMULAS]
    assert [row["id"] for row in found] == [*safe, *NUMBERS[:-1], str(len(FORMULAS + NUMBERS)), "last"]
    assert found[-1]["error"].startswith("'=1+1: is not")
    assert summary.formulas == len(FORMULAS) + 1
    assert f"{summary.formulas} ids or errors begin as formulas do" in batch.words(summary)
    for cell in (cell for row in found for cell in row.values()):
        assert cell in NUMBERS or not cell.lstrip(' \t"').startswith(("=", "+", "-", "@"))


def test_formulas_are_kept_where_that_is_asked_for(run: Any, columns: Columns, tmp_path: Path) -> None:
    """For programs that are no spreadsheets; the other formats copy ids in any case."""
    source = written(tmp_path / "in.jsonl", [json.dumps({"id": ident}) for ident in FORMULAS])
    done = run("batch", source, "--out", tmp_path / "kept.csv", "--keep-formulas")
    assert done.exit_code == 0
    assert "formulas" not in done.stdout
    assert pl.read_csv(tmp_path / "kept.csv")["id"].to_list() == FORMULAS
    for name in ("out.jsonl", "out.parquet"):
        assert batch.run(columns, source, tmp_path / name).formulas == 0
    assert [row["id"] for row in read(tmp_path / "out.jsonl")] == FORMULAS
    assert pl.read_parquet(tmp_path / "out.parquet")["id"].to_list() == FORMULAS


def test_a_cell_that_parts_in_other_countries_is_quoted(columns: Columns, tmp_path: Path) -> None:
    """Where a spreadsheet parts cells by semicolons, an id may not begin a new one."""
    source = written(tmp_path / "in.jsonl", [json.dumps({"id": "a;=1+1"})])
    batch.run(columns, source, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith('"a;=1+1",')


COMMANDS = "a\x1b[2J\x07\x00\x85\u202e\u200f\ufeff\ufffe\U000e0041b"
SHOWN = "a\\x1b[2J\\x07\\x00\\x85\\u202e\\u200f\\ufeff\\ufffe\\U000e0041b"


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_ids_and_cells_command_nothing(suffix: str, columns: Columns, tmp_path: Path) -> None:
    """Control characters of ids and of wrong values are shown by their escapes, in every format."""
    table = {"id": [COMMANDS, "b"], "taxpayer.kind": ["couple", COMMANDS]}
    pl.DataFrame(table).write_parquet(tmp_path / "in.parquet")
    written(
        tmp_path / "in.jsonl",
        [json.dumps(dict(zip(table, row, strict=True))) for row in zip(*table.values(), strict=True)],
    )
    for name in ("in.parquet", "in.jsonl"):
        target = tmp_path / f"out.{suffix}"
        batch.run(columns, tmp_path / name, target, explain_top=2)
        scan = {"csv": pl.read_csv, "jsonl": pl.read_ndjson, "parquet": pl.read_parquet}[suffix]
        found = scan(target)
        assert found["id"].to_list() == [SHOWN, "b"]
        assert f"'{SHOWN}' is not allowed" in found["error"][1]
        explained = (tmp_path / "out.explained.txt").read_text()
        assert SHOWN in explained
        assert explained == shown(explained)


def test_a_name_that_is_no_text_is_refused(columns: Columns, tmp_path: Path) -> None:
    """A portfolio whose name is bytes that no language says is refused before anything is done."""
    written(tmp_path / "in.jsonl", ['{"id": "a"}'])
    odd = tmp_path / os.fsdecode(b"caf\xe9.jsonl")
    shutil.copy(tmp_path / "in.jsonl", odd)
    for source, target in ((odd, tmp_path / "out.csv"), (tmp_path / "in.jsonl", odd.with_suffix(".csv"))):
        with pytest.raises(BadInput, match="has a name that is not UTF-8 text"):
            batch.run(columns, source, target)
    assert len(list(tmp_path.iterdir())) == 2


def test_rows_are_held_by_their_length_too(columns: Columns, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of few and very long rows is read a few rows at a time, and comes out the same."""
    lines = b"".join(b'%d,"%s"\n' % (n, b"x" * 2_000) for n in range(40))
    whole = told(columns, tmp_path / "in.csv", b"id,matter.notes\n" + lines)
    monkeypatch.setattr(limits, "WINDOW", 10_000)
    portions = list(files.portions(tmp_path / "in.csv", columns.reader))
    assert len(portions) >= 8
    assert told(columns, tmp_path / "in.csv", b"id,matter.notes\n" + lines) == whole


def test_quotes_without_end_are_read_once(columns: Columns) -> None:
    """Twice as many rows, each of which opens a quote, are twice the work."""

    def job(size: int) -> Any:
        lines = ["id,taxpayer.kind\n", *('x"y,"\n' for _ in range(size))]
        return lambda: list(Records(iter(lines), "in.csv"))

    assert grows(job, 400) < 2.3
    assert len(job(400)()) == 400


def test_a_row_that_cannot_be_explained_says_so(columns: Columns, tmp_path: Path) -> None:
    """What stands in a row besides its facts, and is passed over, does not stop the run at its end."""
    source = written(tmp_path / "in.jsonl", [json.dumps({"id": "a", "matter": {"title": "x" * 5_000}})])
    assert batch.run(columns, source, tmp_path / "out.csv", explain_top=1).errors == 0
    assert "matter.title: is 5,000 characters long" in (tmp_path / "out.explained.txt").read_text()


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
