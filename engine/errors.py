"""One problem type: where it is, what is wrong, what is allowed, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in something a person wrote.

    `file` and `line` say where (line 0: the file as a whole), `subject` names the fact, rule or case,
    `what` says what is wrong, `allowed` what would be right, `fix` the next step.
    """

    what: str
    file: str = ""
    line: int = 0
    subject: str = ""
    allowed: str = ""
    fix: str = ""

    def __str__(self) -> str:
        """The problem in one line."""
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        head = ": ".join(part for part in (place, self.subject) if part)
        text = f"{head}: {self.what}" if head else self.what
        for tail in (self.allowed and f"Allowed: {self.allowed}", self.fix):
            if tail:
                text += f"{'' if text.endswith(('.', '?', ':')) else '.'} {tail}"
        return (text if text.endswith((".", "?")) else text + ".").replace("\n", " ")


class BadInput(Exception):
    """Input that cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(name: str, known: Sequence[str]) -> str:
    """A question naming the closest known name, or nothing if none is close."""
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"Did you mean {found[0]}?" if found else ""


def listing(values: Iterable[str], most: int = 24) -> str:
    """Allowed values as text, cut when there are very many."""
    values = list(values)
    shown = ", ".join(values[:most])
    return shown if len(values) <= most else f"{shown} and {len(values) - most} more"


def stray(given: Iterable[str], known: Sequence[str]) -> str:
    """What is wrong with the first key that is not known, or nothing if all are."""
    for key in given:
        if key not in known:
            return f"'{key}' is not a key known here; allowed: {listing(known)}. {nearest(key, known)}".rstrip()
    return ""
