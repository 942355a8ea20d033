"""Column programs: what is computed for every row, as data that NumPy and SQL can both run.

A program is a graph of few kinds of steps on booleans and whole numbers. Three-valued logic is two booleans, one
for known to be true and one for known to be false, so that no step ever meets a missing value. Equal steps are one
step. Some have names: the outputs, and those where SQL should cut its work into layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "column",  # an input, by name
    "constant",  # a boolean
    "meets",  # has the input any of these bits?
    "is",  # is the input exactly these bits?
    "all",
    "any",
    "not",
    "count",  # the sum of numbers, each counted where its boolean is true
    "lookup",  # the entry of a table at a place
    "sum",
    "field",  # some bits of a number, as a number
    "minus",
    "negative",
    "least",
    "greatest",
    "at_least",  # a number against a constant, or against another number
    "at_most",
    "above",
    "state",  # 0, 1 or 2: how many of two booleans are true
    "choose",  # the number beside the first condition that is true
    "pick",  # the step beside the first condition that is true; the last step has no condition
    "logistic",  # see `Logistic`
]


@dataclass(frozen=True, slots=True)
class Logistic:
    """A number of units to a probability, in ten-thousandths: 1 / (1 + exp(-(slope x + intercept))).

    Beyond the bound only the share `tail` of x counts.
    """

    scale: int
    bound: float
    tail: float
    slope: float
    intercept: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its kind, the steps it reads, and what it needs to know besides (bits, numbers, a table)."""

    kind: Kind
    reads: tuple[int, ...] = ()
    data: tuple[int, ...] | str | bool | Logistic = ()


class Program:
    """Steps in an order in which each reads only earlier ones."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.names: dict[str, int] = {}
        self._known: dict[Step, int] = {}

    def _add(self, kind: Kind, reads: Iterable[int] = (), data: tuple[int, ...] | str | bool | Logistic = ()) -> int:
        step = Step(kind, tuple(reads), data)
        if step not in self._known:
            self._known[step] = len(self.steps)
            self.steps.append(step)
        return self._known[step]

    def name(self, name: str, step: int) -> int:
        """Give a step a name; a step may have several."""
        self.names[name] = step
        return step

    def column(self, name: str) -> int:
        """A step that reads an input column."""
        return self._add("column", data=name)

    def constant(self, value: bool) -> int:
        """A step that is true or false for every row."""
        return self._add("constant", data=value)

    def meets(self, column: int, bits: int) -> int:
        """Whether a column of bits has any of these bits."""
        return self._add("meets", (column,), (bits,)) if bits else self.constant(False)

    def equals(self, column: int, bits: int) -> int:
        """Whether a column of bits has these bits and no others."""
        return self._add("is", (column,), (bits,))

    def inverse(self, step: int) -> int:
        """The opposite of a boolean step; twice is the step itself."""
        found = self.steps[step]
        if found.kind == "constant":
            return self.constant(not found.data)
        return found.reads[0] if found.kind == "not" else self._add("not", (step,))

    def every(self, steps: Iterable[int]) -> int:
        """Conjunction; of nothing: true."""
        return self._combine("all", steps)

    def some(self, steps: Iterable[int]) -> int:
        """Disjunction; of nothing: false."""
        return self._combine("any", steps)

    def _combine(self, kind: Literal["all", "any"], steps: Iterable[int]) -> int:
        idle, decisive = self.constant(kind == "all"), self.constant(kind == "any")
        reads = tuple(dict.fromkeys(step for step in steps if step != idle))
        if decisive in reads:
            return decisive
        if len(reads) < 2:
            return reads[0] if reads else idle
        return self._add(kind, reads)

    def count(self, terms: Sequence[tuple[int, int]]) -> int:
        """The sum of `number` over the pairs (condition, number) whose condition is true; numbers are 1 or more."""
        return self._add("count", (condition for condition, _ in terms), tuple(number for _, number in terms))

    def lookup(self, table: tuple[int, ...], place: int) -> int:
        """The entry of a table at a place."""
        return self._add("lookup", (place,), table)

    def total(self, steps: Iterable[int], start: int = 0) -> int:
        """The sum of steps, from a start."""
        return self._add("sum", steps, (start,))

    def field(self, word: int, shift: int, width: int) -> int:
        """Some bits of a word, as a whole number."""
        return self._add("field", (word,), (shift, width))

    def minus(self, left: int, right: int) -> int:
        """The difference of two numbers."""
        return self._add("minus", (left, right))

    def negative(self, step: int) -> int:
        """A number with its sign changed."""
        return self._add("negative", (step,))

    def least(self, steps: Sequence[int], bound: int | None = None) -> int:
        """The least of some numbers, and of a constant."""
        data = () if bound is None else (bound,)
        return steps[0] if len(steps) == 1 and not data else self._add("least", steps, data)

    def greatest(self, steps: Sequence[int], bound: int | None = None) -> int:
        """The greatest of some numbers, and of a constant."""
        data = () if bound is None else (bound,)
        return steps[0] if len(steps) == 1 and not data else self._add("greatest", steps, data)

    def at_least(self, number: int, bound: int) -> int:
        """Whether a number reaches a bound."""
        return self._add("at_least", (number,), (bound,))

    def at_most(self, number: int, bound: int) -> int:
        """Whether a number stays within a bound."""
        return self._add("at_most", (number,), (bound,))

    def above(self, left: int, right: int) -> int:
        """Whether the left number is greater."""
        return self._add("above", (left, right))

    def state(self, yes: int, no: int) -> int:
        """0 where it is no, 2 where it is yes (never both), 1 where it is neither."""
        return self._add("state", (yes, self.inverse(no)))

    def choose(self, options: Sequence[tuple[int, int]], otherwise: int) -> int:
        """The small number beside the first condition that is true."""
        return self._add(
            "choose", (condition for condition, _ in options), (*(number for _, number in options), otherwise)
        )

    def pick(self, options: Sequence[tuple[int, int]], otherwise: int) -> int:
        """The step beside the first condition that is true."""
        return self._add("pick", (*(step for option in options for step in option), otherwise))

    def logistic(self, number: int, curve: Logistic) -> int:
        """A balance as a probability, by the calibrated curve."""
        return self._add("logistic", (number,), curve)

    def needed(self, names: Iterable[str]) -> list[int]:
        """The steps that the named ones rest on, and themselves, in order."""
        wanted = [False] * len(self.steps)
        for name in names:
            wanted[self.names[name]] = True
        for index in range(len(self.steps) - 1, -1, -1):
            if wanted[index]:
                for read in self.steps[index].reads:
                    wanted[read] = True
        return [index for index, keep in enumerate(wanted) if keep]
