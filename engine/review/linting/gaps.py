"""Rules that end: on the day after, other rules must take over for every kind of owner, or it is said why none does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from caprev.errors import Problem, listing
from caprev.facts import conditions
from caprev.law.models import Consequence
from caprev.law.references import condition_key
from caprev.law.rulebook import Rulebook
from caprev.review.linting.texts import problem


def check(book: Rulebook) -> Iterator[Problem]:
    """What is missing on the day after the last of each rule that ends."""
    for rule in book.consequences.values():
        if not rule.in_force.end:
            continue
        next_day = (date.fromisoformat(rule.in_force.end) + timedelta(days=1)).isoformat()
        file, subject = book.files[rule.id], rule.id
        if not rule.succeeded_by and not rule.lapses:
            what = f"ends on {rule.in_force.end}, and nothing is said to follow"
            fix = f"Name the rules in force on {next_day} (succeeded_by), or say why there are none (lapses)."
            yield problem(what, file, ("in_force",), subject, fix)
            continue
        for name in rule.succeeded_by:
            if not book.consequences[name].in_force.covers(next_day):
                what = f"is said to be succeeded by {name}, which is not in force on {next_day}"
                yield problem(what, file, ("succeeded_by",), subject)
        left = [kind for kind in _owners(book, rule) if not _followed(book, rule, kind, next_day)]
        if left and rule.succeeded_by and not rule.lapses:
            what = f"ends on {rule.in_force.end}; from {next_day} none of its successors is for {listing(left)}"
            fix = "Add the rule that is (succeeded_by), or say why there is none (lapses)."
            yield problem(what, file, ("succeeded_by",), subject, fix)


def _owners(book: Rulebook, rule: Consequence) -> list[str]:
    """The kinds of owner to which a rule can apply."""
    fact = book.facts.get(book.questions.owners)
    return [kind for kind in fact.values if _open_to(book, rule, kind)] if fact else []


def _open_to(book: Rulebook, rule: Consequence, kind: str) -> bool:
    """Whether nothing in a rule's condition shuts a kind of owner out, whatever else is known."""
    if rule.when is None:
        return True
    name = book.questions.owners
    condition = book.conditions[condition_key(rule)]
    known = conditions.decided(conditions.leaves(condition), {name: book.facts[name].read(kind)})
    return conditions.truth(condition, known) is not False


def _followed(book: Rulebook, rule: Consequence, kind: str, day: str) -> bool:
    for successor in (book.consequences[name] for name in rule.succeeded_by):
        if successor.in_force.covers(day) and _open_to(book, successor, kind) and _meets(rule, successor):
            return True
    return False


def _meets(rule: Consequence, successor: Consequence) -> bool:
    """Whether two rules can follow from the same conclusion."""
    for ended, next_ in (
        (rule.applies.characterisation, successor.applies.characterisation),
        (rule.applies.route, successor.applies.route),
    ):
        if ended and next_ and not set(ended) & set(next_):
            return False
    return True
