"""The content model of a document: sections of blocks, blocks of inline runs, notes and comments.

Builders make it, renderers show it. Every block keeps the rule it comes from and the facts it states or rests on. A
run of `law` has the words of the rulebook and of authorities, and none of the matter's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from caprev.quick import quick

FORMATS = ("docx", "pdf", "html", "md")
# What may stand between two backticks as code; whatever else a person writes between them is text.
_CODE = re.compile(r"(?<![`\\])`([\w./:+=,-](?:[\w./:+=, -]*[\w./:+=,-])?)`(?!`)", re.ASCII)


@quick
@dataclass(frozen=True)
class Run:
    """Text in one style; `code` is a name or a command to be typed as it stands."""

    text: str
    italic: bool = False
    bold: bool = False
    law: bool = False
    code: bool = False


def law_run(text: str, bold: bool = False, italic: bool = False) -> tuple[Run, ...]:
    """Words of the rulebook."""
    return (Run(text, italic, bold, law=True),)


@dataclass(frozen=True)
class Note:
    """A footnote: its number in the document and its text."""

    number: int
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Remark:
    """Runs with a comment to the officer."""

    runs: tuple[Run, ...]
    comment: str


@dataclass(frozen=True)
class Blank:
    """A place to fill in: its name, what may be chosen there (nothing: free text), what stands there until it is
    filled, and whether it is a box to tick.
    """

    name: str
    choices: tuple[str, ...] = ()
    hint: str = ""
    tick: bool = False

    @property
    def runs(self) -> tuple[Run, ...]:
        """What stands there on paper."""
        line = " / ".join(self.choices) or "____________"
        return (Run("\u2610" if self.tick else line, law=True),)


Inline = Run | Note | Remark | Blank
Style = Literal["", "quote", "small", "label", "answer", "disclaimer"]


@quick
@dataclass(frozen=True)
class Heading:
    """A heading; `fresh` begins a page, and `tone` is what a terminal may colour it by."""

    level: int
    inlines: tuple[Inline, ...]
    rule: str = ""
    fresh: bool = False
    tone: str = "heading"


@quick
@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `facts` are those it states (in the facts section) or rests on (elsewhere).

    One paragraph may be about several rules: `rule` has their names with spaces between.
    """

    inlines: tuple[Inline, ...]
    style: Style = ""
    rule: str = ""
    facts: tuple[str, ...] = ()

    @property
    def leads(self) -> bool:
        """Whether it introduces what follows, and must not be the last line of a page."""
        return plain(self.inlines).rstrip().endswith(":")


@quick
@dataclass(frozen=True)
class Item:
    """A list item, with the items beneath it; on a terminal its lines after the first go in by `hang`."""

    inlines: tuple[Inline, ...]
    rule: str = ""
    facts: tuple[str, ...] = ()
    children: tuple[Item, ...] = ()
    hang: int = 2


@dataclass(frozen=True)
class Listing:
    """A list of items; a numbered one starts at `start`, which is 0 for bullets."""

    items: tuple[Item, ...]
    start: int = 0


@dataclass(frozen=True)
class Table:
    """A table with a header row; `widths` are shares of the width. One right under its heading needs no caption.

    With `numbers`, every column but the first is set right.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    widths: tuple[int, ...]
    rule: str = ""
    facts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    numbers: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing (SVG), and in words what it shows, for formats and readers that cannot show it.

    `file` is its name where it stands in a file beside the document.
    """

    caption: str
    told: tuple[str, ...]
    drawing: str
    rule: str = ""
    file: str = ""


Block = Heading | Paragraph | Listing | Table | Picture


@dataclass(frozen=True)
class Part:
    """A part of the document by name (`facts`, `reasons`, ...), so that parts can be checked against each other."""

    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole document. `date` is the day written into its metadata; nothing else in it comes from a clock."""

    title: str
    subject: str
    date: str
    mark: str
    parts: tuple[Part, ...]
    language: str = "en-AU"

    @property
    def blocks(self) -> Iterator[Block]:
        for part in self.parts:
            yield from part.blocks

    @property
    def pictures(self) -> Iterator[Picture]:
        return (block for block in self.blocks if isinstance(block, Picture))

    def part(self, name: str) -> Iterator[Block]:
        """The blocks of the parts of that name."""
        return (block for part in self.parts if part.name == name for block in part.blocks)


def heading(level: int, text: str) -> Heading:
    """A heading of a text."""
    return Heading(level, coded(text))


def paragraphs(*texts: str) -> Iterator[Paragraph]:
    """A paragraph for each text; none for an empty one."""
    return (Paragraph(coded(text)) for text in texts if text)


def bullets(texts: Iterable[str], start: int = 0) -> Listing:
    """A list of texts, numbered from `start` where that is not 0."""
    return Listing(tuple(Item(coded(text)) for text in texts), start)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: bool = False) -> Table:
    """A table of texts, its columns alike in width."""
    cells = tuple(tuple(coded(text) for text in row) for row in rows)
    return Table("", tuple(header), cells, (1,) * len(header), numbers=numbers)


def sheet(title: str, blocks: Iterable[Block]) -> Document:
    """A document of blocks alone: nothing of it is filed, so that its date says nothing."""
    return Document(title, "", "1980-01-01", "", (Part("", tuple(blocks)),))


def coded(text: str) -> tuple[Run, ...]:
    """Text as runs; what stands between backticks is code."""
    parts = enumerate(_CODE.split(text))
    return tuple(Run(part, code=bool(index % 2)) for index, part in parts if part)


def inlines_of(block: Block) -> Iterator[tuple[Inline, ...]]:
    """Every sequence of inline elements of a block, in order."""
    if isinstance(block, Heading | Paragraph):
        yield block.inlines
    elif isinstance(block, Listing):
        for item in walk(block.items):
            yield item.inlines
    elif isinstance(block, Picture):
        yield (Run(block.caption),)
        yield from ((Run(text),) for text in block.told)
    else:
        yield from [(Run(block.caption),)] if block.caption else []
        yield from (cell for row in block.rows for cell in row)


def walk(items: Iterable[Item]) -> Iterator[Item]:
    """Items and all beneath them."""
    for item in items:
        yield item
        yield from walk(item.children)


def runs_of(inlines: Iterable[Inline]) -> Iterator[Run]:
    """The runs of inline elements, footnotes and commented words included."""
    for inline in inlines:
        if isinstance(inline, Run):
            yield inline
        else:
            yield from inline.runs


def shortened(text: str, most: int = 90) -> str:
    """A text short enough for one line at the head of a page."""
    return text if len(text) <= most else f"{text[: most - 3].rstrip()}..."


def plain(inlines: Iterable[Inline]) -> str:
    """Running text without footnotes and comments."""
    parts = []
    for inline in inlines:
        if not isinstance(inline, Note):
            parts += [inline.text] if isinstance(inline, Run) else [run.text for run in inline.runs]
    return "".join(parts)


def notes_of(document: Document) -> list[Note]:
    """The footnotes in order."""
    return [inline for inline in _all_inlines(document) if isinstance(inline, Note)]


def remarks_of(document: Document) -> list[Remark]:
    """The commented words in order."""
    return [inline for inline in _all_inlines(document) if isinstance(inline, Remark)]


def _all_inlines(document: Document) -> Iterator[Inline]:
    return (inline for block in document.blocks for inlines in inlines_of(block) for inline in inlines)


def rules_of(block: Block) -> Iterator[str]:
    """The rules a block comes from."""
    if isinstance(block, Listing):
        yield from (item.rule for item in walk(block.items) if item.rule)
    else:
        yield from block.rule.split()
        yield from (rule for rule in (block.rules if isinstance(block, Table) else ()) if rule)


def facts_of(block: Block) -> Iterator[str]:
    """The facts a block states or rests on."""
    if isinstance(block, Listing):
        for item in walk(block.items):
            yield from item.facts
    elif isinstance(block, Paragraph | Table):
        yield from block.facts
