"""Probabilities as people can picture them: of a hundred decided matters so many."""

from __future__ import annotations

from caprev.facts.vocabulary import worded
from caprev.reasoning.conclusion import Conclusion, probability_range
from caprev.reasoning.sensitivity import Missing


def share(conclusion: Conclusion, again: bool = False) -> str:
    """How many of a hundred decided matters with such a balance went to the pole `for`, with the range that is sure.

    A conclusion of neither side rests on no balance, and has none. `again`: in short, where it was said before of what.
    """
    c, book = conclusion, conclusion.weigher.book
    if c.chance is None:
        return "it follows from findings alone, whatever the balance"
    word = worded(book.sides.for_.id)
    found = probability_range(book, c.balance) if c.decided_by == "rules" else None
    between = f" (range {found[0] * 100:.0f} to {found[1] * 100:.0f})" if found else ""
    if again:
        return f"about {c.probability * 100:.0f} of 100 such matters went to {word}{between}"
    return f"of 100 decided matters with such a balance about {c.probability * 100:.0f} went to {word}{between}"


def span(item: Missing) -> str:
    """Of how many of a hundred matters the pole `for` would be told once a fact is known: `8 to 16`."""
    low, high = f"{item.low * 100:.0f}", f"{item.high * 100:.0f}"
    return low if low == high else f"{low} to {high}"


def effect(item: Missing, word: str) -> str:
    """What learning a fact could do, and of how many of a hundred the `word` would then be told, if that could move."""
    low, high = f"{item.low * 100:.0f}", f"{item.high * 100:.0f}"
    return item.effect.words if low == high else f"{item.effect.words}: {low} to {high} of 100 would then be {word}"
