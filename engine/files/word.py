"""What a person wrote into a Word file: the rows of its tables, what stands outside them, and the comments.

Read for what it says and not for how it looks, so that a file counts alike whether Word, LibreOffice or a desk on the
web saved it. Nothing of it is run, fetched or unfolded: no macro, no link, no entity.
"""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from caprev.errors import BadInput, Problem
from caprev.files import reading
from caprev.limits import OFFICE, PART

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main "
_FALLBACK = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"
_GONE = ("del", "moveFrom")  # what tracked changes have taken out
_FIX = "Name the Word file (.docx) that came back"


@dataclass(frozen=True)
class Row:
    """A row of a table: where it stands, and the text of its cells."""

    place: str
    cells: tuple[str, ...]


@dataclass
class Office:
    """A Word file as text."""

    file: str
    rows: list[Row] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def read(path: str | Path) -> Office:
    """The text of a Word file. Raises BadInput for anything else, and for one that is too large."""
    name = str(path)
    with reading.opened(path) as stream:
        if stream.seek(0, 2) > OFFICE:
            raise BadInput(Problem("is too long", name, allowed=f"at most {OFFICE:,} bytes"))
        stream.seek(0)
        head = stream.read(8)
        if head.startswith(b"\xd0\xcf\x11\xe0"):
            what = "is an old Word file, or one that is locked by a password"
            raise BadInput(Problem(what, name, fix="Save it in Word as .docx, without a password"))
        stream.seek(0)
        try:
            with zipfile.ZipFile(stream) as archive:
                found = Office(name)
                text = _Text(name, "word/document.xml")
                text.feed(_part(archive, name, "word/document.xml"))
                found.rows, found.paragraphs = text.rows, text.paragraphs
                if "word/comments.xml" in archive.namelist():
                    comments = _Text(name, "word/comments.xml")
                    comments.feed(_part(archive, name, "word/comments.xml"))
                    found.comments = comments.paragraphs
        except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, OSError) as error:
            raise BadInput(Problem(f"is not a Word file that can be read ({error})", name, fix=_FIX)) from None
    return found


def _part(archive: zipfile.ZipFile, name: str, part: str) -> bytes:
    """A part of the file, unpacked no further than is allowed."""
    if part not in archive.namelist():
        raise BadInput(Problem(f"is not a Word file: it has no {part}", name, fix=_FIX))
    with archive.open(part) as stream:
        data = stream.read(PART + 1)
    if len(data) > PART:
        raise BadInput(Problem(f"holds too much text in {part}", name, allowed=f"at most {PART:,} bytes"))
    return data


class _Text:
    """Hears the XML of one part; what tracked changes took out is not said."""

    def __init__(self, name: str, part: str) -> None:
        self.name, self.part = name, part
        self.rows: list[Row] = []
        self.paragraphs: list[str] = []
        self._text: list[str] = []
        self._cells: list[str] = []
        self._paragraph: list[str] = []
        self._tables = self._depth = self._row = self._silent = 0
        self._hears = False

    def feed(self, data: bytes) -> None:
        """The whole part. Raises BadInput where it is no XML, or declares entities."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._said
        parser.StartDoctypeDeclHandler = self._declared
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise BadInput(Problem(f"is damaged: {self.part} is no XML ({error})", self.name, fix=_FIX)) from None

    def _declared(self, *_: object) -> None:
        raise BadInput(Problem(f"declares entities in {self.part}, which no Word file does", self.name, fix=_FIX))

    def _start(self, tag: str, _: object) -> None:
        word = _word(tag)
        if self._silent or tag == _FALLBACK or word in _GONE:
            self._silent += 1
        elif word == "tbl":
            self._depth += 1
            if self._depth == 1:
                self._tables, self._row = self._tables + 1, 0
        elif self._depth == 1 and word == "tr":
            self._row, self._cells = self._row + 1, []
        elif self._depth == 1 and word == "tc":
            self._text = []
        elif word == "t":
            self._hears = True
        elif word in ("tab", "br", "cr"):
            self._paragraph.append(" ")
        elif word == "sym":
            self._paragraph.append("\ufffd")

    def _end(self, tag: str) -> None:
        word = _word(tag)
        if self._silent:
            self._silent -= 1
        elif word == "t":
            self._hears = False
        elif word == "p":
            text = " ".join("".join(self._paragraph).split())
            self._paragraph = []
            if text:
                (self._text if self._depth else self.paragraphs).append(text)
        elif self._depth == 1 and word == "tc":
            self._cells.append(" ".join(self._text))
        elif self._depth == 1 and word == "tr":
            self.rows.append(Row(f"table {self._tables}, row {self._row}", tuple(self._cells)))
        elif word == "tbl":
            self._depth -= 1

    def _said(self, text: str) -> None:
        if self._hears and not self._silent:
            self._paragraph.append(text)


def _word(tag: str) -> str:
    """The name of an element of Word's own, else nothing."""
    for space in (_W, _STRICT):
        if tag.startswith(space):
            return tag[len(space) :]
    return ""
