"""The places in authorities that the rules rest on, and how each is known: what was read, what is left to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from caprev.law.authorities import UNPLACED
from caprev.law.citations import doubt, short
from caprev.law.models import Cited, Mark
from caprev.law.rulebook import Rulebook


@dataclass(frozen=True)
class Relied:
    """A place that rules rest on: the authority and where in it, how it is known, and the rules, in their order."""

    cited: Cited
    mark: Mark
    rules: tuple[str, ...]


def citations_of(book: Rulebook) -> Iterator[tuple[str, Cited]]:
    """Every citation of the rulebook with the rule it stands in; answers to unsettled points as `point/answer`."""
    for rules in (book.factors, book.nodes, book.consequences):
        for name, rule in rules.items():
            yield from ((name, cited) for cited in rule.authority)
    for name, point in book.points.items():
        for key, answer in point.answers.items():
            yield from ((f"{name}/{key}", cited) for cited in answer.authority)


def relied_on(book: Rulebook) -> list[Relied]:
    """Every place once for each way in which it is known, those that most rules rest on first."""
    rules: dict[tuple[str, str, Mark], dict[str, None]] = {}
    first: dict[tuple[str, str, Mark], Cited] = {}
    for name, cited in citations_of(book):
        assert cited.mark  # a rulebook that was read has marks
        key = (cited.cite, "" if cited.pinpoint in UNPLACED else cited.pinpoint, cited.mark)
        rules.setdefault(key, {})[name] = None
        first.setdefault(key, cited)
    found = [Relied(first[key], key[2], tuple(names)) for key, names in rules.items()]
    return sorted(found, key=lambda relied: (-len(relied.rules), relied.cited.cite, relied.cited.pinpoint))


def unread(book: Rulebook) -> list[Relied]:
    """The places that print a warning, because their text was not read."""
    return [relied for relied in relied_on(book) if doubt(book, relied.mark)]


def counted(book: Rulebook) -> dict[Mark, int]:
    """How many places are known in each way, in the order of the pack's marks."""
    found = Counter(relied.mark for relied in relied_on(book))
    return {mark: found[mark] for mark in book.pack.marks}


def tally(book: Rulebook) -> str:
    """How many places the rules rest on, how many of them were read, and how each is known, as a sentence."""
    marks = counted(book)
    told = []
    for word, wanted in (("verified", False), ("not", True)):
        group = {mark: count for mark, count in marks.items() if bool(doubt(book, mark)) is wanted}
        each = "; ".join(f"{count} {book.pack.marks[mark].means}" for mark, count in group.items())
        told.append(f"{sum(group.values())} {word} ({each})")
    return f"The rules rest on {sum(marks.values())} pinpoints, {told[0]}, and {told[1]}."


def listing(book: Rulebook) -> Iterator[str]:
    """What is left to read, a line each: how many rules rest on it, how it is known, where it is, and which rules."""
    left = unread(book)
    for relied in left:
        named = short(book, relied.cited).removesuffix(doubt(book, relied.mark))
        yield f"{len(relied.rules):3}  {relied.mark:11}  {named}: {', '.join(relied.rules)}"
    counts = Counter(relied.mark for relied in left)
    told = [f"{counts[mark]} {words.means}" for mark, words in book.pack.marks.items() if counts[mark]]
    yield f"{len(left)} of {len(relied_on(book))} pinpoints left to read{': ' if told else ''}{'; '.join(told)}."
