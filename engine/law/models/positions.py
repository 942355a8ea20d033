"""What is not settled: points with competing answers, and positions that choose among these."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from caprev.law.models.shapes import Cited, Model, Text


class Answer(Model):
    """One of the answers that an unsettled point may have, with who gives it."""

    says: Text
    authority: tuple[Cited, ...]


class Point(Model):
    """An unsettled point of law, its competing answers and the facts that make it live.

    `under_appeal` says of a point that is before a court what a reader should know first; nothing that leans on an
    answer to such a point is strong.
    """

    question: Text
    source: str
    turns_on: str
    answers: dict[str, Answer] = Field({})
    matters_when: Any
    warning: str = ""
    under_appeal: str = ""


class Position(Model):
    """A choice of answers to unsettled points."""

    title: Text
    note: str
    answers: dict[str, str]
