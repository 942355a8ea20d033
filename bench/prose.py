"""How documents read, in figures: `python -m bench.prose [FILE ...]`. Prints figures; asserts nothing.

For the seed, the examples and five rulings, or for the fact sets named: words, pages, the share of runs of six words
that were there before, the longest and the median sentence, comments, ids in prose, sentences that begin small. The
parts that are signed or sent are measured apart from those that are the officer's or the advisor's own.
"""

from __future__ import annotations

import io
import re
import statistics
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import caprev
from caprev.argument.tree import arguments
from caprev.documents.content import pdf
from caprev.documents.content.model import (
    Document,
    Heading,
    Inline,
    Listing,
    Paragraph,
    Run,
    Table,
    inlines_of,
    plain,
    remarks_of,
    walk,
)
from caprev.documents.drafts import make
from caprev.documents.reports import memorandum
from caprev.files import reading

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "cases" / "au-land"
RULINGS = ("1052196215679", "1011495264939", "1012519669251", "1051609087555", "1051958927908", "1052395809937")
OWN = {
    "ruling": ("attachments", "check", "disclaimer"),
    "advice": ("assumptions", "facts", "reasons", "against", "evidence", "consequences", "authorities"),
}
"""The parts of a document that are not signed or sent, or are read only by those who want it all."""
_SENTENCE = re.compile(r"(?<=[.?!])[\"')\]]*\s+(?=[\"'(\[]*[A-Z0-9])")
_COMMENTS = "Comments on this draft"
_SHORT = re.compile(r"\b(?:v|No|Mr|Ms|Dr|cl|para|paras|s|ss|e\.g|i\.e|pt|div)\.$")


@dataclass(frozen=True)
class Prose:
    """The figures of one document."""

    words: int
    pages: int
    repeats: float
    longest: int
    median: float
    comments: int
    ids: int
    small: int

    def row(self, name: str) -> str:
        """The figures in a line."""
        return (
            f"{name:<34}{self.words:>7,}{self.pages:>7}{self.repeats:>9.1%}{self.longest:>9}{self.median:>8.0f}"
            f"{self.comments:>10}{self.ids:>5}{self.small:>7}"
        )


HEAD = "document                            words  pages  repeats  longest  median  comments  ids  small"


def measured(document: Document, names: Iterable[str]) -> Prose:
    """The figures of a document; `names` are the ids that have no place in prose."""
    texts = list(_texts(document))
    every = " ".join(text for text, _ in texts)
    prose = [sentence for text, told in texts if told for sentence in sentences(text)]
    lengths = [len(sentence.split()) for sentence in prose] or [0]
    ids = re.compile("|".join(rf"(?<![\w./-]){re.escape(name)}(?![\w/-])" for name in sorted(names, key=len)[::-1]))
    return Prose(
        words=len(every.split()),
        pages=pages(document),
        repeats=repeated([text for text, told in texts if told]),
        longest=max(lengths),
        median=statistics.median(lengths),
        comments=len(remarks_of(document)),
        ids=len(ids.findall(every)),
        small=sum(sentence[:1].islower() for sentence in prose),
    )


def _texts(document: Document) -> Iterator[tuple[str, bool]]:
    """What stands in a document, and whether it is sentences; what follows a colon goes on with its sentence."""
    goes_on = False
    names = (*document.part("provisions"), *document.part("authorities"))
    listed = {id(block) for block in names}  # names of Acts and of authorities are no prose
    for block in document.blocks:
        if id(block) in listed:
            yield from ((plain(inlines), False) for inlines in inlines_of(block))
            continue
        if isinstance(block, Listing):
            for item in walk(block.items):
                text = plain(item.inlines)
                yield (text[:1].upper() + text[1:] if goes_on else text), bool(text)
            continue
        told = isinstance(block, Paragraph) and block.style not in ("label", "answer")
        for inlines in inlines_of(block):
            text = plain(_without_label(inlines))
            yield text, told and " " in text
        goes_on = isinstance(block, Paragraph) and block.leads
        if isinstance(block, Heading | Table):
            goes_on = False


def _without_label(inlines: Sequence[Inline]) -> Sequence[Inline]:
    """A paragraph without the bold words with which it begins, which are a heading and no sentence."""
    first = inlines[0] if inlines else None
    return inlines[1:] if isinstance(first, Run) and first.bold and len(inlines) > 1 else inlines


def sentences(text: str) -> list[str]:
    """A text in sentences; an abbreviation ends none."""
    done: list[str] = []
    for part in _SENTENCE.split(" ".join(text.split())):
        if done and _SHORT.search(done[-1]):
            done[-1] += f" {part}"
        elif part:
            done.append(part)
    return done


def repeated(texts: Iterable[str], size: int = 6) -> float:
    """The share of runs of so many words that stood before, within sentences."""
    seen: set[tuple[str, ...]] = set()
    count = again = 0
    for text in texts:
        words = re.findall(r"[\w'$%-]+", text.lower())
        for start in range(len(words) - size + 1):
            run = tuple(words[start : start + size])
            count += 1
            again += run in seen
            seen.add(run)
    return again / count if count else 0.0


def pages(document: Document) -> int:
    """How many pages it has as a PDF, before the list of its comments."""
    import pypdf

    found = pypdf.PdfReader(io.BytesIO(pdf.render(document, _COMMENTS))).pages
    return next((number for number, page in enumerate(found, 1) if _COMMENTS in page.extract_text()), len(found))


def proper(document: Document, kind: str) -> Document:
    """What of it is signed or sent."""
    return replace(document, parts=tuple(part for part in document.parts if part.name not in OWN.get(kind, ())))


def main(files: list[Path]) -> None:
    """Prints a table for each kind of document."""
    assessor = caprev.load()
    names = {*assessor.book.factors, *assessor.book.facts, *assessor.book.nodes, *assessor.cases.cases}
    names = {name for name in names if re.search(r"[-./_]", name)} - {"mere-realisation", "not-for-profit"}  # words too
    rows: dict[str, list[str]] = {}
    for path in files:
        found = reading.read(path)
        assessment = assessor.assess(assessor.matter(found))
        for kind in ("ruling", "advice"):
            document = make.make(assessment, found, caprev.home("rules"), "md", kind).document
            whole = measured(document, names).row(path.stem)
            rows.setdefault(f"{kind}, all", []).append(whole)
            rows.setdefault(f"{kind}, what is signed or sent", []).append(
                measured(proper(document, kind), names).row(path.stem)
            )
        text = memorandum.short(assessment, arguments(assessment))
        rows.setdefault("memorandum", []).append(measured(text, names).row(path.stem))
    for kind, lines in rows.items():
        print(f"\n{kind}\n{HEAD}")
        print("\n".join(lines))


if __name__ == "__main__":
    chosen = [Path(name) for name in sys.argv[1:]]
    usual = [CASES / "rulings" / f"{name}.yaml" for name in RULINGS]
    main(chosen or [usual[0], *sorted((CASES / "examples").glob("*.yaml")), *usual[1:]])
