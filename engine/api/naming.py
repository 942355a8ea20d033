"""Names and dates as a person gave them: found, or refused with what is allowed and the nearest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts.knowledge import day as read_day
from caprev.law.models import Node
from caprev.law.rulebook import Rulebook
from caprev.reasoning.assess import Assessor
from caprev.reasoning.precedents import Case

if TYPE_CHECKING:
    from caprev.strict.book import Book


def case(assessor: Assessor, name: str) -> Case:
    """A decided case by its id. Raises BadInput."""
    known = assessor.cases.cases
    if name not in known:
        raise BadInput(Problem(f"there is no decided case '{name}'", fix=nearest(name, list(known))))
    return known[name]


def node(book: Rulebook, name: str) -> Node:
    """An indicator, element or issue by its id. Raises BadInput."""
    if name not in book.nodes:
        fix = nearest(name, list(book.nodes))
        raise BadInput(Problem(f"'{name}' is not an indicator, element or issue", fix=fix))
    return book.nodes[name]


def side(book: Rulebook, name: str, *besides: str) -> None:
    """Raises BadInput for a name that is neither a side, nor one of `besides`, nor empty."""
    known = (*book.sides.ids, *besides)
    if name and name not in known:
        raise BadInput(Problem(f"'{name}' is no side", allowed=listing(known), fix=nearest(name, known)))


def facts(book: Rulebook | Book, names: Iterable[str]) -> set[str]:
    """Facts by name, or all of a section. Raises BadInput with every name that is neither."""
    vocabulary = book.vocabulary
    found: set[str] = set()
    problems = []
    for name in names:
        if name in vocabulary.sections:
            found |= {f"{name}.{fact}" for fact in vocabulary.sections[name]}
        elif name in vocabulary:
            found.add(name)
        else:
            problems.append(Problem("is not in the vocabulary", subject=name, fix=vocabulary.nearest(name)))
    if problems:
        raise BadInput(problems)
    return found


def whole_day(day: str, what: str) -> str:
    """A day as it was given; `what` names it in a refusal. Raises BadInput unless it is a whole date."""
    try:
        if len(day) != 10:
            raise ValueError
        read_day(day)
    except ValueError:
        raise BadInput(Problem(f"{what} '{day}' is not a date", allowed="YYYY-MM-DD")) from None
    return day
