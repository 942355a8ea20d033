"""How one parcel is told: its lists, its authorities and its questions, without what was told of earlier parcels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from caprev.documents.content.model import Heading, Item, Listing, Paragraph, Run
from caprev.documents.words import sentences
from caprev.documents.words.reasons import Reasons
from caprev.law import citations
from caprev.law.models import Cited, Node
from caprev.reasoning.analysis import Analysis

Weighing = tuple[str, frozenset[str], frozenset[str]]
"""What was found on a matter, and the grounds for and against it."""
CHANGES = 3
"""How many questions stand under what would most change a conclusion."""
_MARK = re.compile(r" \[([a-z][^\[\]]*)\]")


@dataclass
class Earlier:
    """What was told of earlier parcels, and is not told again at length: what cases held and in which points they are
    like it, grounds and the chief of them, how matters were weighed and what was found on them, on which nothing bears,
    what is concluded and wanting, authorities, what follows, and questions by their letters. `parcel` is the first."""

    parcel: str = ""
    cases: set[str] = field(default_factory=set)
    cited: set[str] = field(default_factory=set)
    rows: set[str] = field(default_factory=set)
    grounds: set[str] = field(default_factory=set)
    weighed: dict[str, Weighing] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    points: dict[str, tuple[str, ...]] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    chief: set[frozenset[str]] = field(default_factory=set)
    together: set[frozenset[str]] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    turns: Counter[str] = field(default_factory=Counter)
    marks: dict[str, str] = field(default_factory=dict)


class Telling:
    """What all that is told of one parcel shares. `asked` are the questions that were put in full, `named` the
    authorities that were given, `compared` the cases that were told.

    A `page` has lists of its own; a terminal has their marks in the text. `earlier` gathers what was told of parcels.
    """

    def __init__(self, analysis: Analysis, page: bool = False, earlier: Earlier | None = None) -> None:
        self.analysis = analysis
        self.page = page
        self.earlier = Earlier() if earlier is None else earlier
        self.alone = earlier is None  # so that nothing has to be kept for a later parcel
        self.book = analysis.book
        self.concluded = analysis.conclusion
        self.first = self.earlier.parcel  # of which much was told, unless this is the first
        self.reasons = Reasons(analysis, found=self.found if self.first else None, chief=self.earlier.chief)
        self.reasons.turns = self.earlier.turns
        self.grounds = self.reasons.grounds
        self.grounds.before = frozenset(self.earlier.together)
        self.named: set[str] = set()
        self.asked: set[str] = set()
        self.compared: set[str] = set()
        self.met = [name for name, state in self.concluded.states.items() if state == "met"]
        told = self.earlier.grounds
        self.grounds.said.update(name for name in self.met if told and self.grounds.clause(name) in told)

    def found(self, node: Node, state: str) -> str:
        """What is found on a matter, unless it was found of an earlier parcel in the same words."""
        earlier = self.earlier.weighed.get(node.id)
        same = earlier is not None and earlier[0] == state and state != "undetermined"
        return self.reasons.say("same_result", part=self.first) if same else self.grounds.finding(node.id, state)

    def cited(self, authority: Sequence[Cited]) -> str:
        """Authorities in square brackets, each once."""
        return self.bracketed([citations.short(self.book, item) for item in authority])

    def bracketed(self, names: Sequence[str]) -> str:
        """The same by their names; of a later parcel nothing where all of them were given for an earlier one."""
        told = list(dict.fromkeys(names))
        again = self.first and self.earlier.cited.issuperset(told)
        self.named.update(told)
        return brackets(told) if told and not again else ""

    def question(self, fact: str) -> str:
        """The question about a fact, put in full; it is not put again further down."""
        self.asked.add(fact)
        return sentences.ask(self.book.vocabulary[fact].ask)

    def listing(self, texts: Sequence[str], start: int = 0) -> Listing:
        """A list, numbered from `start` where that is not 0."""
        if self.page:
            return Listing(tuple(Item((Run(text),)) for text in texts), start)
        marks = (f"{start + place}." if start else "-" for place in range(len(texts)))
        return Listing(
            tuple(Item((Run(f"{mark} {text}"),), hang=len(mark) + 1) for mark, text in zip(marks, texts, strict=True))
        )


def cite(text: str, brackets: str) -> str:
    """A text with the authority for it in brackets, within its last sentence."""
    return f"{text[:-1]}{brackets}." if brackets and text.endswith(".") else f"{text}{brackets}"


def brackets(authority: Sequence[str]) -> str:
    """Authorities in square brackets, in which none stands by itself: how well each was read follows a comma."""
    names = [_MARK.sub(r", \1", name) for name in authority]
    return f" [{'; '.join(names)}]" if names else ""


def heading(level: int, text: str, tone: str = "heading") -> Heading:
    """A heading of plain words: what a person wrote stays as it is."""
    return Heading(level, (Run(text),), tone=tone)


def paragraph(text: str) -> Paragraph:
    """A paragraph of plain words, or an empty one."""
    return Paragraph((Run(text),) if text else ())
