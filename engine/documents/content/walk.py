"""The one walk over the content model. A format says what each thing looks like, and nothing of the order.

Everything is rendered in the order in which it stands, because footnotes and comments are numbered on the way.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable

from caprev.documents.content import model


class Rendering(ABC):
    """Walks a document; what was rendered already comes as text."""

    def __init__(self, document: model.Document) -> None:
        self.document = document
        self.remarks = 0

    def blocks(self) -> list[str]:
        """Every block of the document, rendered."""
        return [self.block(block) for block in self.document.blocks]

    def block(self, block: model.Block) -> str:
        if isinstance(block, model.Heading):
            return self.heading(block, self.inlines(block.inlines))
        if isinstance(block, model.Paragraph):
            return self.paragraph(block, self.inlines(block.inlines))
        if isinstance(block, model.Listing):
            return self.items(block.items, block.start, 0)
        if isinstance(block, model.Picture):
            return self.picture(block)
        return self.table(block, [[self.inlines(cell) for cell in row] for row in block.rows])

    def items(self, items: Iterable[model.Item], start: int, depth: int) -> str:
        """A list; a numbered one starts at `start`, and what stands below an item has bullets."""
        done = []
        for index, item in enumerate(items):
            text = self.inlines(item.inlines)
            below = self.items(item.children, 0, depth + 1) if item.children else ""
            done.append(self.item(item, text, below, start + index if start else 0, depth))
        return self.listing(done, start)

    def inlines(self, inlines: Iterable[model.Inline]) -> str:
        return "".join(map(self.inline, inlines))

    def inline(self, inline: model.Inline) -> str:
        if isinstance(inline, model.Run):
            return self.run(inline)
        if isinstance(inline, model.Note):
            return self.note(inline)
        if isinstance(inline, model.Blank):
            return self.blank(inline)
        self.remarks += 1
        return self.remark(inline, self.remarks)

    def runs(self, runs: Iterable[model.Run]) -> str:
        return "".join(map(self.run, runs))

    def blank(self, blank: model.Blank) -> str:
        """A place to fill in: a line, or an empty box."""
        return self.runs(blank.runs)

    # what a format says

    @abstractmethod
    def heading(self, heading: model.Heading, text: str) -> str: ...

    @abstractmethod
    def paragraph(self, paragraph: model.Paragraph, text: str) -> str: ...

    @abstractmethod
    def item(self, item: model.Item, text: str, below: str, number: int, depth: int) -> str:
        """An item with the list below it; its number is 0 in a list with bullets."""

    @abstractmethod
    def listing(self, items: list[str], start: int) -> str: ...

    @abstractmethod
    def table(self, table: model.Table, rows: list[list[str]]) -> str: ...

    @abstractmethod
    def picture(self, picture: model.Picture) -> str: ...

    @abstractmethod
    def run(self, run: model.Run) -> str: ...

    @abstractmethod
    def note(self, note: model.Note) -> str:
        """The reference to a footnote."""

    @abstractmethod
    def remark(self, remark: model.Remark, number: int) -> str:
        """Words with a comment, and the reference to it."""
