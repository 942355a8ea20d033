"""What is found and concluded: indicators, elements and issues, and the outcomes that follow from them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from caprev.law.models.shapes import Cited, Model, Side, Telling, Text


class Node(Model):
    """An indicator, element or issue: weighed from factors, or combined from lower nodes.

    `weighs` lists the nodes whose factors are weighed together ("self": those that feed this one).
    `all`, `any` and `none` combine findings. `unsettled` names positions the node turns on.
    `decisive` lists the questions that have to be answered before a finding here makes a conclusion strong: facts
    that have to be known, or conditions that have to be decided either way. `beside` is said where the node is made
    out and the conclusion goes by another of the same side, `not_shown` in place of `not_satisfied` where nothing that
    is known bears on it.
    """

    id: str
    kind: Literal["indicator", "element", "issue"]
    title: Text
    question: Text
    authority: tuple[Cited, ...] = Field(min_length=1)
    satisfied: Telling
    not_satisfied: Telling
    undetermined: Text
    beside: Text = ""
    not_shown: Telling = Telling("")
    weighs: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    order: int = 0
    limits: str = ""
    unsettled: tuple[str, ...] = ()
    decisive: tuple[Any, ...] = ()
    weightless: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The nodes whose findings this one combines."""
        return self.all or self.any or self.none


class Outcome(Model):
    """A conclusion and the findings it follows from; the first outcome that is met is the conclusion.

    Of several that are met for one side, one `led_by` a node goes before the others where that node is satisfied and
    after them where it is not; where that is open, the better made out goes first.
    """

    id: str
    characterisation: Side
    route: Text
    when: Any
    title: Text
    says: Text
    led_by: str = ""
