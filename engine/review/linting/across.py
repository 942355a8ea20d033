"""All checks across rules: errors decide wrongly or cannot be checked, warnings may mislead, notes want an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from caprev.documents.words import phrases
from caprev.documents.words.phrases import Phrases
from caprev.errors import BadInput, Problem, nearest
from caprev.law import authorities
from caprev.law.authorities import Records
from caprev.law.models import Cited
from caprev.reasoning.assess import Assessor
from caprev.review.linting import gaps, limits, provisions, texts
from caprev.review.linting.provisions import Provisions
from caprev.review.linting.texts import Text

_CITED = re.compile(r"\{[@^]([\w-]+)(?: ([^}]*))?\}")


@dataclass(frozen=True)
class Found:
    """What the checks found, by how much it matters."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    notes: tuple[Problem, ...]


@lru_cache(maxsize=1)
def check(assessor: Assessor) -> Found:
    """Everything that rules say beside one another, and beside the records of authorities."""
    book, root = assessor.book, Path(assessor.rules_directory)
    errors = list(gaps.check(book))
    warnings: list[Problem] = []
    with suppress(BadInput):  # where there are no wordings, or faulty ones, `completeness` says so
        wordings = phrases.load(root, book)
        known = Provisions(book.authorities, provisions.Reader(wordings))
        said = list(texts.of_rules(book, root))
        drafted = list(_drafted(wordings))
        errors += provisions.check_records(known, str(root / "authorities.yaml"))
        errors += provisions.check_texts(known, [*said, *drafted])
        errors += _cited(book.authorities, drafted)
        warnings += provisions.check_whole_parts(known, said)
    return Found(tuple(errors), tuple(warnings), tuple(limits.check(book)))


def _drafted(wordings: Phrases) -> Iterator[Text]:
    """The wordings of documents."""
    for table in wordings.tables.values():
        yield from texts.walk(table.data, table.file, (), "")


def _cited(records: Records, drafted: list[Text]) -> Iterator[Problem]:
    """Authorities that wordings cite and no record has, or at a place that has no mark."""
    for text in drafted:
        for cite, pinpoint in _CITED.findall(text.text):
            if cite == "authority":  # the wording's own explanation of how to cite
                continue
            if cite not in records:
                what, fix = f"authority '{cite}' does not exist", nearest(cite, list(records))
            else:
                fault = authorities.fault(records, Cited(cite=cite, says="", pinpoint=pinpoint)) if pinpoint else None
                if not fault:
                    continue
                _, what, fix = fault
            yield texts.problem(what, text.file, text.at, text.subject, fix)
