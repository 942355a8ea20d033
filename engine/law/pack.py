"""What a body of law says of itself: its version and day, its courts, and the two sides of the question it weighs."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from caprev.facts.currency import Currency
from caprev.facts.vocabulary import worded
from caprev.law.models import MARKS, NEUTRAL, UNDETERMINED, Day, Mark, Model, Side, Text
from caprev.law.papers import Writing

Name = Annotated[str, Field(pattern=r"^[^\W\d_]\w*$")]
DECIDED, ALL = "cases", "all"
"""The set of the decided cases, and that of all sets."""
_TAKEN = (NEUTRAL, UNDETERMINED, "open", "even", "bench", "matter")
"""What tables, pictures and debates say in the place of a side."""


class Pole(Model):
    """Something that may be concluded. `id` names it in data and, `worded`, in sentences; `mark` is its letter."""

    id: Name
    mark: Text

    @field_validator("id")
    @classmethod
    def _free(cls, name: str) -> str:
        if name in _TAKEN:
            raise ValueError(f"is '{name}', which says that there is no side")
        return name


class Sides(Model):
    """The two sides of the weighed question, and what else may be concluded.

    Factors favour a side and cases are decided for one; a balance above zero speaks for the pole `for`, below zero
    for the pole `against`. `neither` are conclusions of no side: findings alone lead to them, and no balance, factor
    or case speaks for one.
    """

    against: Pole
    for_: Pole = Field(alias="for")
    neither: tuple[Pole, ...] = ()

    @model_validator(mode="after")
    def _apart(self) -> Self:
        """Conclusions that could not be told from each other would decide nothing."""
        for key in ("id", "mark"):
            names = [getattr(pole, key) for pole in self.poles]
            if names[0] == names[1]:
                raise ValueError(f"has one {key} for both sides: {names[0]}")
            if twice := next((name for name in names if names.count(name) > 1), ""):
                raise ValueError(f"has one {key} for two conclusions: {twice}")
        return self

    @property
    def poles(self) -> tuple[Pole, ...]:
        """All that may be concluded, the pole `against` first, then `for`: the order of every table."""
        return self.against, self.for_, *self.neither

    @property
    def ids(self) -> tuple[Side, Side]:
        """Both sides, the pole `against` first."""
        return self.against.id, self.for_.id

    @property
    def conclusions(self) -> tuple[Side, ...]:
        """All that may be concluded, by id; last that nothing is decided."""
        return *(pole.id for pole in self.poles), UNDETERMINED

    @property
    def key(self) -> str:
        """The key under which data give the probability of the pole `for`."""
        return f"probability_{self.for_.id}"

    @property
    def probability(self) -> str:
        """The same in words."""
        return worded(self.key).replace(" ", " of ", 1)

    def apart(self, conclusion: str) -> bool:
        """Whether a conclusion is of no side, so that neither balance nor case says anything of it."""
        return any(pole.id == conclusion for pole in self.neither)

    def mark(self, side: str) -> str:
        """The letter of a side; a dot for what is none."""
        return next((pole.mark for pole in self.poles if pole.id == side), ".")

    def other(self, side: str) -> Side:
        """The side that is not this one; of what is neither, the pole `for`, for which a balance is made out."""
        return self.against.id if side == self.for_.id else self.for_.id

    def sign(self, side: str) -> int:
        """Which way a side pushes a balance: 1 up, for the pole `for`, and -1 down, for the other."""
        return 1 if side == self.for_.id else -1

    def leaning(self, up: bool) -> Side:
        """The side that a balance speaks for which goes up, or down."""
        return self.for_.id if up else self.against.id

    def at(self, balance: float, band: tuple[float, float]) -> Side | None:
        """The side at a balance outside a band; none within, its ends being outside."""
        floor, ceiling = band
        return self.for_.id if balance >= ceiling else self.against.id if balance <= floor else None


class Marking(Model):
    """The words for one mark: what it means, and what a reader is warned of; none for what was read.

    `prints` follows a citation, `remark` tells an officer to check `{what}`, `listed` heads the `{names}` to check.
    """

    means: str
    prints: str = ""
    remark: str = ""
    listed: str = ""


class Unit(Model):
    """What a part of a matter that is concluded on by itself is called (`parcels` in fact sets and data): one, many."""

    one: Text = "part"
    many: Text = "parts"

    def titled(self, ident: str, title: str) -> str:
        """The heading of one of several: `Part b: The other half`."""
        return f"{self.one.capitalize()} {ident}: {title}".rstrip(": ")


Role = Literal["comparators", "examples"]
"""What the matters of a folder of cases are for: to be compared with what others decided, or to start from."""


class Pack(Writing):
    """The rulebook as a whole: version, day of the law, default position, sides, courts, words for marks.

    `title`, `question` and `jurisdiction` say to a reader which law this is; `language` is that of its words (an ISO
    639 code) and `currency` that of its amounts (an ISO 4217 code; none where it has none), one of
    `currencies`: a fact whose unit is one of these is an amount of money. Cases about anything else
    than `subject` neither bind nor persuade; empty: whatever they are about. `undecided` is said where nothing decides;
    `unit` is the word for what a matter may have several of. `folders` are those folders of cases whose matters are no
    precedents, each with its role; comparators are sets by which the reasoning can be measured, called as their folder.
    `documents` are those that can be written of a matter.
    """

    title: Text = ""
    question: Text = ""
    jurisdiction: Text = ""
    language: Annotated[str, Field(pattern="^[a-z]{2,3}$")] = "en"
    currency: Annotated[str, Field(pattern="^([A-Z]{3})?$")] = ""
    currencies: dict[Annotated[str, Field(pattern="^[A-Z]{3}$")], Currency] = Field(default_factory=dict)
    version: str
    as_at: Day
    position: str
    sides: Sides
    unit: Unit = Field(default_factory=Unit)
    folders: dict[Text, Role] = Field({"examples": "examples"})
    undecided: Text = "What is known does not decide it."
    subject: str = ""
    disclaimer: str
    comparator_warning: str
    marks: dict[Mark, Marking]
    levels: tuple[str, ...]
    least_grounds: int
    binding_levels: tuple[str, ...]
    persuasive_levels: tuple[str, ...]

    def words(self, mark: str | None) -> Marking | None:
        """The words for a mark, if it is one."""
        return self.marks.get(mark)  # type: ignore[call-overload, no-any-return]

    @property
    def comparators(self) -> tuple[str, ...]:
        """The folders of matters that others decided."""
        return tuple(folder for folder, role in self.folders.items() if role == "comparators")

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets by which the reasoning can be measured: the decided cases, each folder of comparators, and all."""
        return DECIDED, *self.comparators, ALL

    @field_validator("folders")
    @classmethod
    def _not_taken(cls, folders: dict[str, Role]) -> dict[str, Role]:
        for name in folders:
            if name in (DECIDED, ALL):
                raise ValueError(f"has a folder '{name}', which is the name of another set")
        return folders

    @model_validator(mode="after")
    def _described(self) -> Self:
        if self.currency and self.currency not in self.currencies:
            raise ValueError(f"currency is '{self.currency}', of which currencies says nothing")
        return self

    @field_validator("marks")
    @classmethod
    def _every_mark(cls, marks: dict[Mark, Marking]) -> dict[Mark, Marking]:
        """A mark without words would print as if the authority had been read."""
        for mark in MARKS:
            if mark not in marks:
                raise ValueError(f"has no words for '{mark}'")
        return marks
