"""The strict law of a pack as read from its folder, compiled and checked whole.

In: the folder of a pack.
Out: its strict law as one book; all problems of all files together.
Must not know: any matter, nor what the law says.

    pack.yaml            what the pack says of itself, and how its events are called
    vocabulary.yaml      the facts
    derived.yaml         what follows from facts (may be left out)
    authorities.yaml     what rules may cite
    parameters.yaml      numbers and tables by their days (may be left out)
    strict.yaml, strict/*.yaml   questions, rules, amounts, warnings, regimes, in one file or in many

Every problem of every file is reported together. Rules, outcomes, amounts and parameters share one set of names, since
formulas go by them. In which order files and rules stand says nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from caprev.errors import BadInput, Problem
from caprev.facts import derivations as derived
from caprev.facts import phrases, vocabulary
from caprev.facts.derivations import Derivations
from caprev.facts.vocabulary import Vocabulary
from caprev.files.reading import Source, Value
from caprev.law import authorities, packs, soundness
from caprev.law.faults import faults
from caprev.law.reader import Reader
from caprev.law.strict import Strict
from caprev.strict.book.checks import EVENT_KEYS, Checks
from caprev.strict.book.law import HOLDS, Book, dating_of, rests_on
from caprev.strict.book.tables import Tables

__all__ = ["EVENT_KEYS", "HOLDS", "Book", "dating_of", "load", "rests_on"]
RESERVED = ("events", "expect", "matter", "facts", "parcels", "set_aside")
"""Words of fact sets, which no section of facts may have."""


def load(directory: str | Path) -> Book:
    """Read and check the strict law in a folder. Raises BadInput with every problem of every file."""
    root = Path(directory)
    if not root.is_dir():
        raise BadInput(Problem("is not a directory of rules", str(root)))
    reader = Reader(root)
    tables = Tables(reader)
    tables.read()
    pack = _said(reader, tables.about) if packs.mixed(root) else reader.one("pack.yaml", Strict)
    money = (pack.currencies, pack.currency) if pack else ({}, "")
    words = reader.by("vocabulary.yaml", lambda found: vocabulary.load(found, *money))
    if words:
        _words(words, reader)
    derivations: Derivations | None = Derivations((), ())
    if words and (root / "derived.yaml").is_file():
        derivations = reader.by("derived.yaml", lambda found: derived.load(found, words))
    records = reader.by("authorities.yaml", authorities.read)
    if not (words and derivations and pack and records):
        raise BadInput(reader.problems)
    book = Book(
        packs.of(root),
        pack,
        words,
        derivations,
        records,
        tables.parameters,
        tables.found["questions"],
        tables.found["rules"],
        tables.found["amounts"],
        tables.found["warnings"],
        tables.found["regimes"],
        reader.files,
        reader.sha256,
    )
    Checks(book, reader, tables.places).check()
    if reader.problems:
        raise BadInput(reader.problems)
    reader.keep()
    return _marked(book)


def _said(reader: Reader, about: Mapping[str, Value]) -> Strict | None:
    """What a pack that also weighs says of itself, with what its strict files say under `about`."""
    found = reader.source("pack.yaml")
    data = found.data if found and isinstance(found.data, dict) else {}
    shared = {key: value for key, value in data.items() if key in Strict.model_fields}
    try:
        return Strict.model_validate({**shared, **about})
    except ValidationError as error:
        reader.problems += faults(error, Strict, found or Source("pack.yaml", {}, " "))
        return None


def _words(words: Vocabulary, reader: Reader) -> None:
    file = reader.file("vocabulary.yaml")
    soundness.report(reader, file, soundness.sections(words))
    for fact in words:
        if wrong := phrases.clash(fact):
            reader.problems.append(Problem(wrong, file, subject=fact.name))
    for section in words.sections:
        if section in RESERVED:
            reader.fault(file, (section,), section, "cannot be a section of facts: fact sets use the word", "Rename it")


def _marked(book: Book) -> Book:
    """The book with every citation marked as its place is."""
    marked, records = authorities.marked, book.authorities
    for rules in (book.rules, book.amounts, book.warnings, book.regimes):
        table: dict[str, Any] = rules  # type: ignore[assignment]
        for name, rule in table.items():
            table[name] = marked(records, rule)
    return book
