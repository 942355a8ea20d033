"""Examples of consequences: what a rule makes of the facts beside it, and whether that is what is written."""

from __future__ import annotations

from caprev.facts import matter as facts
from caprev.files import reading
from caprev.law.figures import Worked
from caprev.law.models import Consequence, Supposed
from caprev.law.rulebook import Rulebook
from caprev.reasoning.consequences import Followed, Setting, decide, with_event


def run_example(book: Rulebook, rule: Consequence, example: Supposed) -> Followed:
    """What a rule makes of an example beside it. Raises BadInput if its facts are not facts."""
    as_at = example.as_at or book.pack.as_at
    written = reading.made({"facts": example.facts, "matter": {"as_at": as_at}}, f"example of {rule.id}")
    matter = facts.load(written, book.vocabulary, book.derivations, as_at)
    supposed = example.conclusion
    answers = {**book.positions[book.pack.position].answers, **supposed.answers}
    parcel = with_event(book, matter.parcels[0])
    return decide(Setting(book, parcel, supposed.characterisation, supposed.route, supposed.findings, answers), rule)


def fault(book: Rulebook, rule: Consequence, example: Supposed) -> str:
    """What is wrong with an example, or nothing. Raises BadInput if its facts are not facts."""
    done = run_example(book, rule, example)
    asks = sorted(wait.name for wait in done.waits)
    if done.state != example.expect:
        return f"{done.state}, not {example.expect}" + (f" (waits on {', '.join(asks)})" if asks else "")
    if done.state == "depends" and asks != sorted(example.asks):
        return f"asks {', '.join(asks)}, not {', '.join(example.asks) or 'nothing'}"
    values = {worked.figure.id: worked for worked in done.figures}
    for name, expected in example.figures.items():
        shown = "left out" if name not in values else _span(values[name])
        if shown != expected:
            return f"the figure '{name}' is {shown}, not {expected}"
    return f"finds '{done.finding}', not '{example.finding}'" if done.finding != example.finding else ""


def _span(worked: Worked) -> str:
    """A value as examples write it: `1200.00`, `1.00..2.00`, `1.00..`, or `missing`."""
    if worked.missing:
        return "missing"
    low, high = ("" if bound is None else str(bound) for bound in (worked.low, worked.high))
    return low if low == high else f"{low}..{high}"
