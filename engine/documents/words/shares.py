"""Probabilities as people can picture them: of a hundred decided matters so many."""

from __future__ import annotations

from caprev.facts.vocabulary import worded
from caprev.reasoning.conclusion import Conclusion, probability_range


def share(conclusion: Conclusion) -> str:
    """How many of a hundred decided matters with such a balance went to the pole `for`, with the range that is sure."""
    c, book = conclusion, conclusion.weigher.book
    word = worded(book.sides.for_.id)
    found = probability_range(book, c.balance) if c.decided_by == "rules" else None
    between = f" (range {found[0] * 100:.0f} to {found[1] * 100:.0f})" if found else ""
    return f"of 100 decided matters with such a balance about {c.probability * 100:.0f} went to {word}{between}"
