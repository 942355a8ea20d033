"""The rules in words that sentences are composed of; `words.yaml` beside the factors has them, if there is one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from caprev.law.models import Model, Text

_TENSE = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")


class Variant(Model):
    """What a factor is where it may be several things, and when it is that."""

    when: Any
    says: Text


class Words(Model):
    """A factor in words: `says` is a clause about "you", `short` what it is called once it has been said."""

    says: Text
    short: Text
    variants: tuple[Variant, ...] = ()


class Wordbook(Model):
    """The words of all factors, when the project is only planned, and the subjects that clauses may share."""

    planned_when: Any = None
    subjects: tuple[str, ...] = ("you",)
    factors: Mapping[str, Words] = {}


def tensed(text: str, planned: bool) -> str:
    """`[done|planned]` as the project stands."""
    return _TENSE.sub(lambda match: match[2] if planned else match[1], text)
