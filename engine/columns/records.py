"""Rows of CSV from its lines, none of them lost: a quote that is never closed spoils its own row and no other.

A cell in quotes may hold line breaks, so that a quote too many could take in every row after it. What the lines of
such a row are by themselves tells the two apart: if rows are among them, the quote was one too many.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from caprev import limits
from caprev.errors import BadInput, Problem

# Cells quoted whole, or without quotes; nothing is tried twice, so that this takes linear time.
_CELL = r'(?:"[^"]*+(?:""[^"]*+)*+"|[^",\r\n]*+)'
_WHOLE = re.compile(rf"{_CELL}(?:,{_CELL})*+\r?\n?")
_FOREIGN = {
    b"\xff\xfe": "is UTF-16 text",
    b"\xfe\xff": "is UTF-16 text",
    b"\x1f\x8b": "is compressed (gzip)",
    b"PK\x03\x04": "is a spreadsheet or an archive (ZIP)",
    b"PAR1": "is a Parquet file",
}
_MARKS = {"\t": "tabs", ";": "semicolons", "|": "upright strokes"}
# What stands for a carriage return within a cell, which the reader takes for a line's end: no text holds it.
_RETURN = "\udc0d"
OPENED = "opens a quote that is not closed."
MISPLACED = "has a quote where none belongs."
Cells = tuple[list[str], str, int]
"""The cells of a row, what is wrong with it as a whole, and how many characters it is long."""


class Records:
    """The rows of a file, after its header."""

    def __init__(self, lines: Iterator[str], file: str) -> None:
        """Raises BadInput where the first line does not name columns parted by commas."""
        csv.field_size_limit(limits.LINE)
        self._lines = lines
        self._taken: list[str] = []
        self._size = 0
        self._ended = self._returns = False
        self._reader = csv.reader(self._feed())
        self.names = self._header(file)

    def _feed(self) -> Iterator[str]:
        """Lines, remembered; one row is no longer than any may be."""
        for line in self._lines:
            if "\r" in line and "\r" in (body := line.rstrip("\r\n")):
                line = body.replace("\r", _RETURN) + line[len(body) :]
                self._returns = True
            self._taken.append(line)
            self._size += len(line)
            if self._size > limits.LINE:
                raise csv.Error(f"it is more than {limits.LINE:,} characters long")
            yield line
        self._ended = True

    def _header(self, file: str) -> list[str]:
        def refuse(what: str, fix: str = "Save it as CSV, UTF-8, with commas") -> BadInput:
            return BadInput(Problem(what, file, 1, fix=fix))

        wrong = ""
        try:
            names = [name.strip() for name in next(self._reader, [])]
        except csv.Error as error:
            names, wrong = [], str(error)
        first = "".join(self._taken)
        for mark, what in _FOREIGN.items():
            if first[:4].replace(_RETURN, "\r").encode("utf-8", "surrogateescape").startswith(mark):
                raise refuse(f"{what}, not CSV")
        if _RETURN in first:
            raise refuse("has lines that end in a carriage return alone", "Save it with lines that end in a line feed")
        if wrong or (self._ended and first):
            raise refuse(f"is not CSV: {wrong or OPENED}")
        if not any(names):
            raise refuse("names no columns" if first else "is empty", "Name the columns in the first line")
        if any("\ud800" <= letter <= "\udfff" for letter in first):
            raise refuse("is not UTF-8 text")
        for sign, words in _MARKS.items():
            if len(names) == 1 and sign in names[0]:
                raise refuse(f"names columns parted by {words}", "Write commas between cells")
        return names

    def __iter__(self) -> Iterator[Cells]:
        width = len(self.names)
        while True:
            self._taken, self._size = [], 0
            try:
                row, wrong = next(self._reader), ""
                if self._returns:
                    row = _restored(row)
            except StopIteration:
                return
            except csv.Error as error:
                row, wrong = _cells(self._taken[0]), f"is not a row of CSV: {error}."
                self._reader = csv.reader(self._feed())
            if not row and not wrong and width > 1:
                continue  # an empty line; where a row has one cell, it is one
            if self._ended:
                wrong = OPENED
            if len(self._taken) > 1 and (wrong or not self._sound(width)):
                yield from self._apart(width, row, wrong)
            else:
                row = row or [""]
                yield row, wrong or ("" if len(row) == width else _miscounted(row, width)), self._size

    def _sound(self, width: int) -> bool:
        """Whether a row of several lines is what its quotes say."""
        return bool(_WHOLE.fullmatch("".join(self._taken))) and len(next(csv.reader(self._taken))) == width

    def _apart(self, width: int, row: list[str], wrong: str) -> Iterator[Cells]:
        """The lines of a row that is not sound: a row each if there is one among them or if its quote never ends, and
        otherwise one bad row."""
        first, *rest = self._taken
        whole = [bool(_WHOLE.fullmatch(line)) and len(_cells(line)) == width for line in rest]
        if not any(whole) and not wrong:
            yield row, _miscounted(row, width) or MISPLACED, self._size
            return
        yield _cells(first), OPENED, len(first)
        for line, sound in zip(rest, whole, strict=True):
            if sound or line.strip():
                cells = _cells(line)
                yield cells, "" if sound else _miscounted(cells, width) or MISPLACED, len(line)


def _cells(line: str) -> list[str]:
    """One line by itself, as far as it may go."""
    return _restored(next(csv.reader([line[: limits.LINE].rstrip("\r\n")]), [])) or [""]


def _restored(row: list[str]) -> list[str]:
    return [cell.replace(_RETURN, "\r") if _RETURN in cell else cell for cell in row]


def _miscounted(row: list[str], width: int) -> str:
    return "" if len(row) == width else f"has {len(row)} cells, but there are {width} columns."
