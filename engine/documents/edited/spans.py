"""A text as parts that are settled, and the rest that is not: what is put in place of a part is never read again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple


class Span(NamedTuple):
    """A part of a text, and what is shown in its place."""

    start: int
    end: int
    shown: str


class Settled:
    """One text; parts of it are settled step by step, each once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[Span] = []

    def free(self) -> Iterator[tuple[int, int]]:
        """The parts that are not settled, in order."""
        position = 0
        for span in self.spans:
            if span.start > position:
                yield position, span.start
            position = span.end
        if position < len(self.text):
            yield position, len(self.text)

    def found(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Where a pattern stands in what is not settled."""
        for start, end in self.free():
            yield from pattern.finditer(self.text, start, end)

    def settle(self, pattern: re.Pattern[str], change: Callable[[re.Match[str]], str | None]) -> None:
        """Settles every match of a pattern as `change` says, and leaves those for which it says None."""
        done = ((match, change(match)) for match in list(self.found(pattern)))
        self.add(Span(match.start(), match.end(), shown) for match, shown in done if shown is not None)

    def add(self, spans: Iterable[Span]) -> None:
        """Settles parts that were free."""
        self.spans = sorted([*self.spans, *spans])

    def shown(self) -> str:
        """The text with what is shown in place of its settled parts."""
        parts = []
        position = 0
        for span in self.spans:
            parts += [self.text[position : span.start], span.shown]
            position = span.end
        return "".join([*parts, self.text[position:]])
