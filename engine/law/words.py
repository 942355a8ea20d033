"""The rules in words that sentences are composed of; `words.yaml` beside the factors has them, if there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caprev.law.models import Model, Telling


class Variant(Model):
    """What a factor is where it may be several things, and when it is that."""

    when: Any
    says: Telling


class Words(Model):
    """A factor in words: `says` is a clause about "you", `short` what it is called once it has been said.

    `covers` are factors that go without saying where this one is said.
    """

    says: Telling
    short: Telling
    covers: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()


class Wordbook(Model):
    """The words of all factors, and the subjects that clauses may share."""

    subjects: tuple[str, ...] = ("you",)
    factors: Mapping[str, Words] = {}
