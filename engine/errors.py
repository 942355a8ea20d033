"""One problem type: where it is, what is wrong, what is allowed, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from itertools import islice

from caprev import limits
from caprev.characters import shown


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in something a person wrote.

    `file` and `line` say where (line 0: the file as a whole), `subject` names the fact, rule or case,
    `what` says what is wrong, `allowed` what would be right, `fix` the next step. `at` is the place in the data itself,
    as keys and indices, where it is known.
    """

    what: str
    file: str = ""
    line: int = 0
    subject: str = ""
    allowed: str = ""
    fix: str = ""
    at: tuple[str | int, ...] = ()

    @property
    def path(self) -> str:
        """Where in the data, as a JSON pointer (RFC 6901); empty for the whole."""
        return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in self.at)

    @property
    def message(self) -> str:
        """What is wrong, what is allowed and the next step, without the place."""
        return self._told("")

    def __str__(self) -> str:
        """The problem in one line, in which nothing commands a terminal."""
        place = f"{self.file}:{self.line}" if self.file and self.line else self.file
        return self._told(": ".join(part for part in (place, echoed(self.subject)) if part))

    def to_dict(self) -> dict[str, str | int]:
        """The problem as data."""
        return {
            "path": self.path, "subject": self.subject, "file": self.file, "line": self.line, "message": self.message
        }  # fmt: skip

    def _told(self, head: str) -> str:
        text = echoed(self.what, limits.MESSAGE)
        text = f"{head}: {text}" if head else text
        for tail in (self.allowed and f"Allowed: {self.allowed}", self.fix):
            if tail:
                text += f"{'' if text.endswith(('.', '?', ':')) else '.'} {tail}"
        return shown(text if text.endswith((".", "?")) else text + ".").replace("\n", " ")


class BadInput(Exception):
    """Input that cannot be used; carries the problems found, not only the first.

    Of very many the first are told and the others counted; `untold` is how many were counted already.
    """

    def __init__(self, problems: Problem | Iterable[Problem], untold: int = 0) -> None:
        found = (problems,) if isinstance(problems, Problem) else tuple(problems)
        told, untold = found[: limits.TOLD], untold + len(found[limits.TOLD :])
        more = (Problem(f"has {untold:,} more faults, which are not told here", told[-1].file),) if untold else ()
        self.problems: tuple[Problem, ...] = told + more
        super().__init__("\n".join(str(problem) for problem in self.problems))


def echoed(text: str, most: int = limits.ECHOED) -> str:
    """What a person wrote as a message repeats it: whole, or how it begins and how long it is."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def nearest(name: str, known: Iterable[str]) -> str:
    """A question naming the closest known name, or nothing if none is close. Only words are compared, not texts.

    >>> nearest("lotz", ["lots", "years"])
    'Did you mean lots?'
    >>> nearest("price", ["lots", "years"])
    ''
    """
    if len(name) > limits.WORD:
        return ""
    return _nearest(name, tuple(word for word in islice(known, limits.COMPARED) if len(word) <= limits.WORD))


@lru_cache(maxsize=1_000)  # a wrong name is often written many times
def _nearest(name: str, known: tuple[str, ...]) -> str:
    found = get_close_matches(name, known, n=1, cutoff=0.6)
    return f"Did you mean {found[0]}?" if found else ""


def listing(values: Iterable[str], most: int = 24) -> str:
    """Allowed values as text, cut when there are very many.

    >>> listing(["one", "two"])
    'one, two'
    >>> listing(map(str, range(30)), most=3)
    '0, 1, 2 and 27 more'
    """
    values = list(values)
    first = ", ".join(values[:most])
    return first if len(values) <= most else f"{first} and {len(values) - most} more"


def stray(given: Iterable[str], known: Sequence[str]) -> str:
    """What is wrong with the first key that is not known, or nothing if all are.

    >>> stray(["id", "titel"], ["id", "title"])
    "'titel' is not a key known here; allowed: id, title. Did you mean title?"
    >>> stray(["id"], ["id", "title"])
    ''
    """
    for key in given:
        if key not in known:
            hint = nearest(key, known)
            return f"'{echoed(key)}' is not a key known here; allowed: {listing(known)}. {hint}".rstrip()
    return ""
