"""The nodes of an argument: what a reason says, and the rule, authority and facts it stands on."""

from __future__ import annotations

from dataclasses import dataclass, replace


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
        origin = "; ".join(part for part in (self.source, self.standing) if part)
        return f"{self.words}: {self.value}" + (f" ({origin})" if origin else "")


@dataclass(frozen=True)
class Reason:
    """One node of the argument. `kind` says how it may be shown; `side` which way it speaks."""

    kind: str
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

    @property
    def brief(self) -> Reason:
        """The same reason as a line, where it is explained in full elsewhere."""
        return replace(self, kind="brief", notes=())
