"""What holds of several parcels alike is told once: later ones say that it stands as it did, and tell what differs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from caprev.documents.content.model import Block, Heading, Item, Listing, Paragraph, Part, Run, plain

_NUMBER = re.compile(r"^(\d+)\. ")
_LEAST = 4  # words of what is worth leaving out


@dataclass
class Told:
    """What was told under which heading, and of which parcel first."""

    said: dict[tuple[str, str], str] = field(default_factory=dict)

    def parts(self, parts: Iterable[Part], parcel: str) -> Iterator[Part]:
        """The parts of one parcel without what earlier ones told in the same words."""
        for part in parts:
            yield part if part.name != "section" else replace(part, blocks=tuple(self._blocks(part.blocks, parcel)))

    def _blocks(self, blocks: tuple[Block, ...], parcel: str) -> Iterator[Block]:
        heading, left = "", _Left()
        lead: Paragraph | None = None  # what introduces the list that follows, and goes with it
        for block in blocks:
            if isinstance(block, Heading):
                yield from left.told()
                heading, left = _key(block), _Left()
                yield block
            elif isinstance(block, Paragraph) and block.leads:
                lead = block
            elif isinstance(block, Paragraph):
                if (first := self._first(heading, plain(block.inlines), parcel)) is None:
                    yield block
                else:
                    left.add(first, block)
            elif isinstance(block, Listing):
                kept = [item for item in block.items if self._new(heading, item, parcel, left)]
                if kept:
                    yield from [lead] if lead else []
                    number = _NUMBER.match(plain(block.items[0].inlines))
                    yield replace(block, items=tuple(_renumbered(kept, int(number[1]) if number else 1)))
                lead = None
            else:
                yield block
        yield from left.told()

    def _new(self, heading: str, item: Item, parcel: str, left: _Left) -> bool:
        first = self._first(heading, _NUMBER.sub("", plain(item.inlines)), parcel)
        if first is not None:
            left.count(first)
        return first is None

    def _first(self, heading: str, text: str, parcel: str) -> str | None:
        """The parcel of which this was told already; None where it was not."""
        first = self.said.setdefault((heading, text), parcel)
        return first if first != parcel and len(text.split()) >= _LEAST else None


@dataclass
class _Left:
    """What is left out under one heading, by the parcel of which it was told."""

    named: dict[str, list[str]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, first: str, block: Paragraph) -> None:
        label = block.inlines[0]
        if isinstance(label, Run) and label.bold:
            self.named.setdefault(first, []).append(label.text.rstrip(". "))
        else:
            self.count(first)

    def count(self, first: str) -> None:
        self.counts[first] = self.counts.get(first, 0) + 1

    def told(self) -> Iterator[Paragraph]:
        for first in dict.fromkeys([*self.named, *self.counts]):
            parts, count = list(self.named.get(first, ())), self.counts.get(first, 0)
            if count:
                parts.append(f"{count} {'more ' if parts else ''}point{'s' if count > 1 else ''} told there")
            yield Paragraph((Run(f"As for {first}: {'; '.join(parts)}."),))


def _key(heading: Heading) -> str:
    """A heading without its number and its answer."""
    return _NUMBER.sub("", plain(heading.inlines)).partition("?")[0]


def _renumbered(items: list[Item], first: int) -> Iterator[Item]:
    for number, item in enumerate(items, first):
        text = plain(item.inlines)
        if _NUMBER.match(text) and len(item.inlines) == 1:
            item = replace(item, inlines=(Run(_NUMBER.sub(f"{number}. ", text)),))
        yield item
