"""Column programs on NumPy: one generated function, run on as many rows at a time as the processor's cache holds.

The function is straight-line code, one or a few NumPy calls for each step, all of which write into buffers that are
made once and used again as soon as nobody reads them any more. A step is computed as soon as what it reads is there;
conjunctions, disjunctions and counts take in one part after the other, so that few buffers are held at a time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from caprev.columns.numpy_calls import Column, Statements, data_of
from caprev.columns.program import Program, Step
from caprev.grouping import grouped

ROWS = 32_768  # at a time

Columns = Mapping[str, Column]


class Function:
    """Some named steps of a program, compiled for NumPy."""

    def __init__(self, program: Program, names: Iterable[str], types: Mapping[str, str]) -> None:
        """`types`: the NumPy type of every input."""
        self.names = tuple(dict.fromkeys(names))
        writer = _Writer(program, self.names, types)
        self.inputs, self._registers = writer.inputs, writer.registers
        self._types = [writer.types[program.names[name]] for name in self.names]
        scope: dict[str, Any] = {"np": np, **writer.tables}
        exec(compile(writer.source, "<column program>", "exec"), scope)
        self._run: Callable[[Columns, list[Column], list[Column]], None] = scope["run"]
        self._kept: list[list[Column]] = []  # buffers of runs that are over

    def __call__(self, columns: Columns, rows: int) -> dict[str, Column]:
        """The named columns, of so many rows. `columns` holds the inputs, by name."""
        whole = self._kept.pop() if self._kept and rows >= ROWS else None
        whole = whole or [np.empty(min(rows, ROWS), kind) for kind in self._registers]
        found = self._outputs(rows)
        registers = whole
        for start in range(0, rows, ROWS):
            here = slice(start, min(start + ROWS, rows))
            if here.stop - start < len(registers[0]):
                registers = [register[: here.stop - start] for register in registers]
            part = {name: columns[name][here] for name in self.inputs}
            self._run(part, registers, [column[here] for column in found])
        if rows >= ROWS:
            self._kept.append(whole)
        return dict(zip(self.names, found, strict=True))

    def _outputs(self, rows: int) -> list[Column]:
        """Columns of one type stand in one block, which the system hands over in large pages."""
        blocks = {kind: iter(np.empty((self._types.count(kind), rows), kind)) for kind in set(self._types)}
        return [next(blocks[kind]) for kind in self._types]


class _Writer(Statements):
    """Writes the function: gives every step a type and a buffer, then its statements."""

    def __init__(self, program: Program, names: tuple[str, ...], inputs: Mapping[str, str]) -> None:
        super().__init__(program)
        self._input_types = inputs
        self.inputs: list[str] = []
        self.body: list[str] = []
        needed = program.needed(names)
        self._places = {program.steps[index].reads[0] for index in needed if program.steps[index].kind == "lookup"}
        self._fused = self._single_lookups(needed)
        self._outputs = {program.names[name]: f"o{place}" for place, name in reversed([*enumerate(names)])}
        self._readers: dict[int, list[int]] = {index: [] for index in needed}
        self._missing: dict[int, int] = {}
        for index in needed:
            self.types[index] = self._type(index, program.steps[index])
            if index not in self._fused:
                reads = dict.fromkeys(self._reads(index))
                self._missing[index] = len(reads)
                for read in reads:
                    self._readers[read].append(index)
        self._waiting = {index: len(readers) for index, readers in self._readers.items()}
        self._parts: dict[int, _Parts] = {}
        for index in [index for index in needed if self._missing.get(index) == 0]:
            self._follow(index)
        copies = [
            f"o{place}[:] = {self._held[program.names[name]]}"
            for place, name in enumerate(names)
            if self._held[program.names[name]] != f"o{place}"
        ]
        head = [
            "def run(columns, registers, outputs):",
            "".join(f"r{number}, " for number in range(len(self.registers))) + "= registers" if self.registers else "",
            "".join(f"o{number}, " for number in range(len(names))) + "= outputs",
            *(f"r{number}u = r{number}.view('u1')" for number, kind in enumerate(self.registers) if kind == "?"),
        ]
        self.source = "\n    ".join([*filter(None, head), *self.body, *copies])

    # the order of steps

    def _follow(self, index: int) -> None:
        """Write a step all of whose reads are there, and then all that becomes possible by it."""
        done = [index]
        self._write(index)
        while done:
            read = done.pop()
            following = []
            for reader in self._readers[read]:
                step = self.program.steps[reader]
                if step.kind in ("all", "any"):
                    self._join(reader, read, step)
                elif step.kind == "count":
                    self._add(reader, read, step)
                self._missing[reader] -= 1
                if not self._missing[reader]:
                    self._write(reader)
                    following.append(reader)
            done += reversed(following)

    def _write(self, index: int) -> None:
        step = self.program.steps[index]
        if step.kind == "column":
            self.inputs.append(str(step.data))
            self._held[index] = f"columns[{step.data!r}]"
        elif step.kind == "count":
            self._counted(index)
        elif step.kind not in ("all", "any"):
            out = self._held[index] = self._target(index)
            self.body += self._statements(step, out, [self._held[read] for read in self._reads(index)])
            for read in dict.fromkeys(self._reads(index)):
                self._release(read)

    def _join(self, index: int, read: int, step: Step) -> None:
        """Take one more part into a conjunction or disjunction; the first waits for the second."""
        function = "np.logical_and" if step.kind == "all" else "np.logical_or"
        if index in self._held:
            out = self._held[index]
            self.body.append(f"{function}({out}, {self._held[read]}, out={out})")
            self._release(read)
        elif index not in self._parts:
            self._parts[index] = _Parts([], read)
        else:
            first = self._parts[index].first
            both = f"{self._held[first]}, {self._held[read]}"
            self._release(first)
            self._release(read)
            self._held[index] = self._target(index)
            self.body.append(f"{function}({both}, out={self._held[index]})")

    def _add(self, index: int, read: int, step: Step) -> None:
        """Count one more condition, in whichever byte its number belongs to."""
        if index not in self._parts:
            self._parts[index] = _Parts(_bytes(data_of(step)), read)
        ones = self._ones(read)
        for part in self._parts[index].bytes:
            for place, number in part.numbers.items():
                if step.reads[place] == read:
                    if not part.held:
                        part.held = self._register("u1")
                        self.body.append(f"np.multiply({ones}, {number}, out={part.held})")
                    elif number == 1:
                        self.body.append(f"np.add({part.held}, {ones}, out={part.held})")
                    else:
                        scratch = self._scratch("u1")
                        self.body.append(f"np.multiply({ones}, {number}, out={scratch})")
                        self.body.append(f"np.add({part.held}, {scratch}, out={part.held})")
        self._release(read)

    def _counted(self, index: int) -> None:
        """The bytes of a count together."""
        kind = self.types[index]
        parts = self._parts[index].bytes if index in self._parts else []
        if len(parts) == 1 and kind == "u1" and parts[0].scale == 1 and index not in self._outputs:
            self._held[index] = parts[0].held
            return
        out = self._held[index] = self._target(index)
        if not parts:
            self.body.append(f"{out}[:] = 0")
        for number, part in enumerate(parts):
            if not number:
                self.body.append(f"np.multiply({part.held}, {part.scale}, out={out}, dtype='{kind}')")
            elif part.scale == 1:
                self.body.append(f"np.add({out}, {part.held}, out={out})")
            else:
                scratch = self._scratch(kind)
                self.body.append(f"np.multiply({part.held}, {part.scale}, out={scratch}, dtype='{kind}')")
                self.body.append(f"np.add({out}, {scratch}, out={out})")
            self._free["u1"].append(part.held)

    # buffers

    def _target(self, index: int) -> str:
        return self._outputs.get(index) or self._register(self.types[index])

    def _release(self, index: int) -> None:
        """One reader less; the buffer is free again after the last."""
        self._waiting[index] -= 1
        if not self._waiting[index] and self._held[index].startswith("r"):
            self._free[self.types[index]].append(self._held[index])

    def _single_lookups(self, needed: list[int]) -> set[int]:
        """The look-ups that one sum reads: they are made where they are added, and nothing else holds them."""
        steps = self.program.steps
        readers = grouped((read, index) for index in needed for read in steps[index].reads)
        alone = {index for index, found in readers.items() if steps[index].kind == "lookup" and len(found) == 1}
        return {
            index
            for index in alone
            if steps[readers[index][0]].kind == "sum" and set(steps[readers[index][0]].reads) <= alone
        }

    def _reads(self, index: int) -> list[int]:
        """The steps whose results a step reads, those of its own look-ups included."""
        found: list[int] = []
        for read in self.program.steps[index].reads:
            found += self.program.steps[read].reads if read in self._fused else (read,)
        return found

    def _type(self, index: int, step: Step) -> str:
        """Packed sums have 64 bits, balances 32 where they fit; places in tables are as NumPy wants an index."""
        match step.kind:
            case "column":
                return self._input_types[str(step.data)]
            case "lookup" | "logistic" | "pick":
                return "i8"
            case "count":
                most = sum(data_of(step))
                return "i8" if index in self._places or most >= 1 << 16 else "u1" if most < 1 << 8 else "u2"
            case "field":
                return "i4" if data_of(step)[1] < 28 else "i8"
            case "sum" | "minus" | "negative" | "least" | "greatest":
                kinds = [self.types[read] for read in step.reads]
                return max(kinds, key=["u1", "u2", "i4", "i8"].index) if kinds else "i4"
            case "state" | "choose":
                return "u1"
            case _:
                return "?"


class _Byte:
    """Conditions of a count, by their place, whose numbers add up to less than 256 units of a scale."""

    def __init__(self, scale: int, numbers: dict[int, int]) -> None:
        self.scale, self.numbers = scale, numbers
        self.held = ""


class _Parts:
    """A step that is not complete: the bytes of a count, or the first part of another."""

    def __init__(self, found: list[_Byte], first: int) -> None:
        self.bytes, self.first = found, first


def _bytes(numbers: tuple[int, ...]) -> list[_Byte]:
    """The numbers of a count in as few bytes as their sizes allow, the largest first."""
    left = sorted(enumerate(numbers), key=lambda pair: pair[1])
    found: list[_Byte] = []
    while left:
        scale = math.gcd(*(number for _, number in left))
        taken: dict[int, int] = {}
        while left and sum(taken.values()) + left[0][1] // scale < 256:
            place, number = left.pop(0)
            taken[place] = number // scale
        if not taken:  # numbers of very different sizes
            place, number = left.pop(0)
            scale, taken[place] = number, 1
        found.insert(0, _Byte(scale, taken))
    return found
