"""What is known of a fact as whole numbers: bits for the values that are still possible.

A choice has a bit for each of its values; a fact of which nothing is known has all of them and one more. Numbers and
dates are cut wherever a rule or a decided case tells values apart; there is a bit for each cell between the cuts, so
that bounds, single values and lists of values are all exact. A set has two columns: the members known to be in it,
and those known not to be. Every test of a rule is then a question about bits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from caprev.columns.program import Program
from caprev.facts.conditions import Atom
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, Scalar, Subset
from caprev.facts.vocabulary import Fact

Cut = tuple[float, bool]  # a number, and whether the cut comes after it (or before)


@dataclass(frozen=True)
class Options:
    """One of a few values: a bit for each, and a last bit for a fact of which nothing is known."""

    fact: Fact
    values: tuple[Scalar, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """One column, of the fact's own name."""
        return (self.fact.name,)

    @property
    def widths(self) -> tuple[int, ...]:
        """A bit for each value that rules tell apart, and one for all others."""
        return (len(self.values) + 1,)

    @property
    def absent(self) -> tuple[int, ...]:
        """Every bit set: nothing is known, so anything may be."""
        return ((2 << len(self.values)) - 1,)

    def bits(self, values: Iterable[Scalar]) -> int:
        """Values as bits."""
        return sum(1 << self.values.index(value) for value in values)

    def encode(self, known: Knowledge) -> tuple[int, ...]:
        """The values that it may still have, as bits."""
        assert isinstance(known, Choice)
        return (self.bits(known.values),)

    def decide(self, program: Program, atom: Atom) -> tuple[int, int]:
        """The steps for true and for false of a test on the fact."""
        column, wanted = program.column(self.fact.name), self.bits(set(atom.values) & set(self.values))
        return _within(program, column, wanted, self.absent[0] >> 1, self.absent[0])


@dataclass(frozen=True)
class Numbers:
    """A number or a date: a bit for each cell between cuts, in as many columns as 62 bits require."""

    fact: Fact
    blocks: tuple[tuple[Cut, ...], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """A column for each block of cuts."""
        return tuple(f"{self.fact.name} {number}" for number in range(len(self.blocks)))

    @property
    def widths(self) -> tuple[int, ...]:
        """A bit for each cell between two cuts."""
        return tuple(len(cuts) + 1 for cuts in self.blocks)

    @property
    def absent(self) -> tuple[int, ...]:
        """Every cell possible, in each block."""
        return tuple((2 << len(cuts)) - 1 for cuts in self.blocks)

    def encode(self, known: Knowledge) -> tuple[int, ...]:
        """The cells in which the number may still lie, as bits."""
        if isinstance(known, Choice):
            values = [float(value) for value in known.values]
            return tuple(_union(1 << _cell(cuts, value) for value in values) for cuts in self.blocks)
        assert isinstance(known, Range)
        return tuple((2 << _cell(cuts, known.high)) - (1 << _cell(cuts, known.low)) for cuts in self.blocks)

    def decide(self, program: Program, atom: Atom) -> tuple[int, int]:
        """The steps for true and for false of a test on the number."""
        spans = [(atom.low, atom.high)] if atom.operator == "between" else [(v, v) for v in _numbers(atom)]
        block = next(number for number, cuts in enumerate(self.blocks) if set(_cuts(spans)) <= set(cuts))
        wanted = _union(self._cells(block, low, high) for low, high in spans)
        every = self.absent[block]
        return _within(program, program.column(self.columns[block]), wanted, every, every)

    def below(self, program: Program, number: float) -> int:
        """Step for: known to be less than the number."""
        return self._outside(program, (number, False), number, INFINITY)

    def beyond(self, program: Program, number: float) -> int:
        """Step for: known to be more than the number."""
        return self._outside(program, (number, True), -INFINITY, number)

    def _outside(self, program: Program, cut: Cut, low: float, high: float) -> int:
        if abs(cut[0]) == INFINITY:
            return program.constant(False)
        block = next(number for number, cuts in enumerate(self.blocks) if cut in cuts)
        return program.inverse(program.meets(program.column(self.columns[block]), self._cells(block, low, high)))

    def _cells(self, block: int, low: float, high: float) -> int:
        cuts = self.blocks[block]
        first = cuts.index((low, False)) + 1 if low > -INFINITY else 0
        last = cuts.index((high, True)) if high < INFINITY else len(cuts)
        return (2 << last) - (1 << first)


@dataclass(frozen=True)
class Members:
    """A set: the bits of the members known to be in it, and of those known not to be."""

    fact: Fact

    @property
    def columns(self) -> tuple[str, ...]:
        """Two columns: members known to be in, and known to be out."""
        return (f"{self.fact.name} +", f"{self.fact.name} -")

    @property
    def widths(self) -> tuple[int, ...]:
        """A bit for each value, twice."""
        return (len(self.fact.values),) * 2

    @property
    def absent(self) -> tuple[int, ...]:
        """No member known to be in, none known to be out."""
        return (0, 0)

    def bits(self, members: Iterable[Scalar]) -> int:
        """Members as bits."""
        return sum(1 << self.fact.values.index(str(member)) for member in members)

    def encode(self, known: Knowledge) -> tuple[int, ...]:
        """What is known to be in and to be out, as bits."""
        assert isinstance(known, Subset)
        return self.bits(known.included), self.bits(known.excluded)

    def decide(self, program: Program, atom: Atom) -> tuple[int, int]:
        """The steps for true and for false of a test on members."""
        has, lacks = (program.column(name) for name in self.columns)
        wanted = self.bits(atom.values)
        singles = [1 << place for place in range(len(self.fact.values)) if wanted >> place & 1]
        every = (1 << len(self.fact.values)) - 1
        if atom.operator == "includes_all":
            return program.every(program.meets(has, bit) for bit in singles), program.meets(lacks, wanted)
        if atom.operator == "only":
            beyond = program.meets(has, every & ~wanted)
            others = [program.meets(lacks, self.bits([member])) for member in sorted(atom.others)]
            anything = program.some([program.meets(has, every), program.meets(lacks, every)])
            return program.every([program.inverse(beyond), anything, *others]), beyond
        return program.meets(has, wanted), program.every(program.meets(lacks, bit) for bit in singles)


def _within(program: Program, column: int, wanted: int, known: int, absent: int) -> tuple[int, int]:
    """Steps for: all bits of the column are among those wanted, and none of them is. One comparison where one bit
    is left; `known` are the bits of values, `absent` the code of nothing known."""
    others = known & ~wanted
    if wanted.bit_count() == 1:
        true = program.equals(column, wanted)
    else:
        true = program.inverse(program.meets(column, absent & ~wanted))
    if others.bit_count() == 1:
        false = program.equals(column, others)
    else:
        false = program.inverse(program.meets(column, wanted))
    return true, false


def _union(bits: Iterable[int]) -> int:
    found = 0
    for bit in bits:
        found |= bit
    return found


def _numbers(atom: Atom) -> list[float]:
    return sorted(float(value) for value in atom.values)


def _cuts(spans: Iterable[tuple[float, float]]) -> list[Cut]:
    ends = [cut for low, high in spans for cut in ((low, False), (high, True))]
    return [cut for cut in ends if abs(cut[0]) < INFINITY]


def _cell(cuts: tuple[Cut, ...], value: float) -> int:
    """The cell that holds a value: how many cuts lie before it."""
    return bisect_left(cuts, (value, True))


Code = Options | Numbers | Members
"""How one fact is coded: in which columns, and which bits a test asks about."""


class Layout:
    """The code of every fact that rules or decided cases tell apart."""

    def __init__(
        self, facts: Mapping[str, Fact], atoms: Iterable[Atom], compared: Iterable[tuple[str, Cut]], bits: int = 62
    ) -> None:
        """`compared`: cuts at which decided cases compare numbers. `bits`: the most that one column may hold.

        Raises ValueError if one test alone needs more bits.
        """
        cuts: dict[str, list[list[Cut]]] = {}
        self.codes: dict[str, Code] = {}
        for atom in atoms:
            fact = facts[atom.fact]
            if fact.type == "set":
                self.codes[atom.fact] = Members(fact)
            elif fact.type in ("bool", "enum"):
                self.codes[atom.fact] = Options(fact, fact.values or (True, False))
            else:
                spans = [(atom.low, atom.high)] if atom.operator == "between" else [(v, v) for v in _numbers(atom)]
                cuts.setdefault(atom.fact, []).append(_cuts(spans))
        for name, cut in compared:
            cuts.setdefault(name, []).append([cut])
        for name, groups in cuts.items():
            self.codes[name] = Numbers(facts[name], _blocks(groups, bits - 1, name))

    @property
    def widths(self) -> dict[str, int]:
        """Bits of every column."""
        return {
            column: width
            for code in self.codes.values()
            for column, width in zip(code.columns, code.widths, strict=True)
        }

    def number(self, fact: str) -> Numbers:
        """The code of a fact that is a number or a date."""
        code = self.codes[fact]
        assert isinstance(code, Numbers)
        return code


def _blocks(groups: list[list[Cut]], most: int, fact: str) -> tuple[tuple[Cut, ...], ...]:
    """Cuts in sorted blocks; cuts of one test stay together."""
    blocks: list[set[Cut]] = [set()]
    for group in groups:
        if len(group) > most:
            raise ValueError(f"{fact}: one test tells more than {most} numbers apart")
        if len(blocks[-1] | set(group)) > most and not any(set(group) <= block for block in blocks):
            blocks.append(set())
        if not any(set(group) <= block for block in blocks):
            blocks[-1] |= set(group)
    return tuple(tuple(sorted(block)) for block in blocks)
