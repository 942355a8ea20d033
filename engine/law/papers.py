"""The documents that a body of law has written, as its `pack.yaml` declares them: by what name, of which kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.law.models import Model, Text

Kind = Literal["ruling", "advice", "debate", "information", "questionnaire"]
"""What the engine can write: an authority's decision with its reasons, an adviser's letter, both sides of an argument,
an authority's request for what is missing, and an adviser's questions that come back as facts."""
KINDS: tuple[Kind, ...] = get_args(Kind)


def _named(name: str) -> str:
    if not (name.replace("-", "").isalnum() and name.isascii() and name == name.lower() and len(name) <= 20):
        raise ValueError(f"'{name}' is not a name; allowed: at most 20 letters a to z, digits and '-'")
    return name


class Paper(Model):
    """A document: its kind, its title in lists, whether it has an edited version for publication, and whether the
    officer's checks of what it says go with it, as they can with a ruling.
    """

    kind: Kind
    title: Text
    edited: bool = False
    checks: bool = False

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if self.checks and self.kind != "ruling":
            raise ValueError(f"has checks, which go with the kind ruling and not with {self.kind}")
        return self


class Advice(Paper):
    """A document of strict rules: there is nothing to rule on, nobody to debate with, and no edited version."""

    kind: Literal["advice"]

    @model_validator(mode="after")
    def _plain(self) -> Self:
        if self.edited:
            raise ValueError("has an edited version, which strict rules do not write")
        return self


class Writing(Model):
    """What a body of law has written: `documents` in its `pack.yaml`, the one first that is written unless another is
    asked for. Where none is declared they are the `usual` ones.
    """

    # Not called as its key: a pack that also weighs gives strict rules what they have a field for, and its documents
    # are of what it weighs.
    papers: Mapping[Annotated[str, AfterValidator(_named)], Paper] = Field(default_factory=dict, alias="documents")

    @classmethod
    def usual(cls) -> Mapping[str, Paper]:
        """Made when asked for: a model that is made while modules are read costs every start its validator."""
        return {
            "ruling": Paper(kind="ruling", title="Draft ruling", edited=True, checks=True),
            "advice": Paper(kind="advice", title="Advice", edited=True),
            "debate": Paper(kind="debate", title="Debate sheet", edited=True),
            "information": Paper(kind="information", title="Request for information", edited=True),
            "questionnaire": Paper(kind="questionnaire", title="Questionnaire", edited=True),
        }

    @property
    def documents(self) -> Mapping[str, Paper]:
        """All that can be written, by name."""
        return self.papers or self.usual()

    @property
    def listed(self) -> str:
        """The names of all that can be written, each with its title."""
        return ", ".join(f"{name} ({paper.title})" for name, paper in self.documents.items())

    def document(self, name: str = "", edited: bool = False) -> tuple[str, Paper]:
        """A document by its name, the first where none is given, with that name. Raises BadInput for one that there is
        not, or that has no `edited` version.
        """
        there = self.documents
        name = name or next(iter(there))
        if name not in there:
            allowed, fix = listing(there), nearest(name, list(there))
            raise BadInput(Problem(f"there is no template '{name}'", allowed=allowed, fix=fix))
        if edited and not there[name].edited:
            having = [other for other, paper in there.items() if paper.edited]
            raise BadInput(Problem(f"'{name}' has no edited version", allowed=listing(having) if having else ""))
        return name, there[name]
