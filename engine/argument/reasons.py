"""The nodes of an argument: what a reason says, and the rule, authority and facts it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from enum import StrEnum

from caprev.facts.vocabulary import worded
from caprev.quick import quick
from caprev.reasoning.conclusion import Conclusion, InShort


@dataclass(frozen=True)
class Fact:
    """A known fact as a reason rests on it."""

    name: str
    words: str
    value: str
    source: str
    standing: str

    @property
    def text(self) -> str:
        """The fact in one line: its words, its value, and where it comes from."""
        origin = "; ".join(part for part in (self.source, self.standing) if part)
        return f"{self.words}: {self.value}" + (f" ({origin})" if origin else "")


@dataclass(frozen=True)
class Named:
    """Factors, facts or rules listed by their ids, under the words that introduce them."""

    words: str
    ids: tuple[str, ...]

    def text(self, most: int = 0) -> str:
        """The list in one line, the first `most` of it by name."""
        return f"{self.words}: {names(self.ids, most)}"


def in_short(conclusion: Conclusion | InShort) -> str:
    """A conclusion in a few words: `undetermined, finely balanced (+0.12)`."""
    strength = worded(conclusion.strength)
    return f"{worded(conclusion.characterisation)}, {strength} ({conclusion.balance:+.2f})"


def names(ids: Iterable[str], most: int = 0) -> str:
    """Ids in one line, the first `most` by name and the others counted; all of them for 0."""
    listed = list(ids)
    shown = listed[:most] if most else listed
    rest = len(listed) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


class Kind(StrEnum):
    """How a reason may be shown; the value is its name in the JSON contract and in HTML."""

    CONCLUSION = "conclusion"
    SECTION = "section"
    ISSUE = "issue"
    ELEMENT = "element"
    INDICATOR = "indicator"
    GROUP = "group"
    FACTOR = "factor"
    BRIEF = "brief"
    CASE = "case"
    OTHERS = "others"
    FOLLOWING = "following"
    ANSWER = "answer"
    CONSEQUENCE = "consequence"
    FIGURE = "figure"
    MISSING = "missing"
    POINT = "point"
    CONTEXT = "context"
    NOTE = "note"


class Pointing(StrEnum):
    """Which way a matter weighed for an issue points."""

    FOR = "for"
    AGAINST = "against"
    OPEN = "open"


@quick
@dataclass(frozen=True)
class Reason:
    """One node of the argument. `kind` says how it may be shown; `side` which way it speaks.

    `named` lists what it weighs; `detail` marks what a short rendering leaves out; `unverified` that the law of it
    was not checked; `upon` is the question before it whose answer, or want of one, is the reason.
    """

    kind: Kind
    _: KW_ONLY
    heading: str = ""
    text: str = ""
    rule: str = ""
    side: str = ""
    verdict: str = ""
    authority: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    children: tuple[Reason, ...] = ()
    detail: bool = False
    notes: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
    unverified: bool = False
    upon: str = ""

    @property
    def listed(self) -> str:
        """All that is listed, as sentences."""
        return " ".join(f"{named.text()}." for named in self.named)

    @property
    def brief(self) -> Reason:
        """The same reason as a line, where it is explained in full elsewhere."""
        return replace(self, kind=Kind.BRIEF, notes=())


def lists(*pairs: tuple[str, Sequence[str]]) -> tuple[Named, ...]:
    """The lists that hold something."""
    return tuple(Named(words, tuple(ids)) for words, ids in pairs if ids)
