"""The answer under a pack of strict rules, for other programs: what follows, exactly, and what is missing for it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from caprev.api import contract, naming
from caprev.api.given import Facts, placed, source
from caprev.api.loading import chosen
from caprev.documents.reports import strict as told
from caprev.law.packs import home
from caprev.strict import answer as answers
from caprev.strict import book, matter
from caprev.strict.book import Book


def answer(
    facts: Facts, rules: str | Path | Book | None = None, *, pack: str = "", as_at: str = "", part: str = ""
) -> contract.Answer:
    """What follows for every event of a matter under a pack of strict rules; `part` names one of them alone, and
    `rules` are strict rules of your own, or the directory of them.

    Raises BadInput, also for a pack that weighs: `assess` is for those.

    >>> found = answer({"matter": {"pack": "us-share-options"}})
    >>> found.pack, found.parts[0].id
    ('us-share-options', 'matter')
    """
    with placed():
        given = source(facts)
        own = book.load(rules) if isinstance(rules, str | Path) else rules
        law = own or _law(chosen(pack, given, strict=True))
        found = answers.answer(law, matter.read(given, law, as_at and naming.whole_day(as_at, "as_at")))
        return contract.Answer.model_validate(told.data(answers.only(found, part) if part else found))


@lru_cache(maxsize=8)
def _law(pack: str) -> Book:
    return book.load(home("rules", pack))
