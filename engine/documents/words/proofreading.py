"""The wordings of a rulebook proofread: every authority, rule, route, question, fact and case that they name exists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from caprev.documents.words.phrases import Phrases, entries
from caprev.errors import Problem, nearest

_NAMED = re.compile(r"\{[@&^]([^{} ]+)[^{}]*\}")


def faults(phrases: Phrases, cases: Collection[str]) -> list[Problem]:
    """Everything that the wordings name and that does not exist, with its place. `cases` are those of the base."""
    return [*authorities(phrases), *_keys(phrases), *_lists(phrases, cases)]


def authorities(phrases: Phrases) -> Iterator[Problem]:
    """Authorities that the wordings cite and that the rulebook lacks."""
    known = phrases.book.authorities
    for table in phrases.tables.values():
        for at, found in entries(table):
            cited = [found] if at[-2:-1] == ("relies_on",) else _NAMED.findall(found) if isinstance(found, str) else []
            for name in dict.fromkeys(cited):
                if name not in known:
                    what = f"cites '{name}', which authorities.yaml does not hold"
                    subject = ".".join(map(str, at))
                    yield Problem(what, table.file, table.line(at), subject, fix=nearest(str(name), list(known)))


def _keys(phrases: Phrases) -> Iterator[Problem]:
    """Names under which wordings stand: of nodes, sections, and outcomes."""
    book = phrases.book
    outcomes = [name for outcome in book.outcomes for name in (outcome.route, outcome.characterisation)]
    outcomes = [*dict.fromkeys(outcomes), "undetermined"]
    known: dict[str, tuple[str, list[str]]] = {
        "ruling.indicators": ("an indicator, element or issue", list(book.nodes)),
        "ruling.law": ("an indicator, element or issue", list(book.nodes)),
        "ruling.conclusions": ("an indicator, element or issue", list(book.nodes)),
        "ruling.parcels.routes": ("a route or a side", outcomes),
        "facts.sections": ("a section of the vocabulary", [*book.vocabulary.sections, "derived"]),
    }
    for question in phrases.questions:
        for part in ("answers", "conclusions"):
            known[f"questions.questions.{question}.{part}"] = ("a route or a side", outcomes)
    for path, (kind, names) in known.items():
        for key in phrases.table(path):
            if key not in names:
                yield _problem(phrases, f"{path}.{key}", f"stands under '{key}', which is not {kind}", key, names)


def _lists(phrases: Phrases, cases: Collection[str]) -> Iterator[Problem]:
    """Names that wordings list: of questions, facts and cases."""
    book = phrases.book
    facts = list(book.facts)
    for path, kind, names in (
        ("ruling.consequences.ruled_on", "a question of questions.yaml", list(book.questions.questions)),
        ("ruling.cases.leading", "a decided case", list(cases)),
        ("facts.always_told", "a fact", facts),
    ):
        for name in map(str, phrases.listed(path)):
            if name not in names:
                yield _problem(phrases, path, f"names '{name}', which is not {kind}", name, names)
    aliases = [f"questions.aliases.{name}" for name in phrases.table("questions.aliases")]
    single = {
        "ruling.check.event": ("a fact", facts),
        **{path: ("a question", [*phrases.questions]) for path in aliases},
    }
    for path, (kind, names) in single.items():
        found = phrases(path, "")
        if found and found not in names:
            yield _problem(phrases, path, f"names '{found}', which is not {kind}", found, names)


def _problem(phrases: Phrases, path: str, what: str, name: str, known: list[str]) -> Problem:
    table, *at = path.split(".")
    source = phrases.tables[table]
    return Problem(what, source.file, source.line(tuple(at)), ".".join(at), fix=nearest(name, known))
