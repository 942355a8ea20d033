"""Column programs on NumPy: one generated function, run on as many rows at a time as the processor's cache holds.

The function is straight-line code, one or a few NumPy calls for each step, all of which write into buffers that are
made once and used again as soon as nobody reads them any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .program import Logistic, Program, Step

ROWS = 32_768  # at a time

Column = NDArray[Any]
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

    def __call__(self, columns: Columns, rows: int) -> dict[str, Column]:
        """The named columns, of so many rows. `columns` holds the inputs, by name."""
        registers = [np.empty(min(rows, ROWS), kind) for kind in self._registers]
        found = [np.empty(rows, kind) for kind in self._types]
        for start in range(0, rows, ROWS):
            here = slice(start, min(start + ROWS, rows))
            if here.stop - start < len(registers[0]):
                registers = [register[: here.stop - start] for register in registers]
            part = {name: columns[name][here] for name in self.inputs}
            self._run(part, registers, [column[here] for column in found])
        return dict(zip(self.names, found, strict=True))


class _Writer:
    """Writes the function: gives every step a type and a buffer, then its statements."""

    def __init__(self, program: Program, names: tuple[str, ...], inputs: Mapping[str, str]) -> None:
        self.program = program
        self.inputs: list[str] = []
        self.tables: dict[str, Column] = {}
        self.registers: list[str] = ["i8"]  # the first holds what is shifted out of a word
        self.types: dict[int, str] = {}
        self._input_types = inputs
        self._free: dict[str, list[str]] = {}
        needed = program.needed(names)
        self._places = {program.steps[index].reads[0] for index in needed if program.steps[index].kind == "lookup"}
        self._fused = self._single_lookups(needed)
        last = {read: index for index in needed for read in self._reads(index)}
        outputs = {program.names[name]: f"o{place}" for place, name in reversed([*enumerate(names)])}
        held: dict[int, str] = {}
        body: list[str] = []
        for index in needed:
            step = program.steps[index]
            kind = self.types[index] = self._type(index, step)
            if index in self._fused:
                continue
            reads = [held[read] for read in self._reads(index)]
            if step.kind == "column":
                self.inputs.append(str(step.data))
                held[index] = f"columns[{step.data!r}]"
                continue
            held[index] = outputs.get(index) or self._register(kind)
            body += self._statements(step, held[index], reads)
            for read in dict.fromkeys(self._reads(index)):
                if last[read] == index and held[read].startswith("r"):
                    self._free[self.types[read]].append(held[read])
        copies = [
            f"o{place}[:] = {held[program.names[name]]}"
            for place, name in enumerate(names)
            if held[program.names[name]] != f"o{place}"
        ]
        head = [
            "def run(columns, registers, outputs):",
            "".join(f"r{number}, " for number in range(len(self.registers))) + "= registers",
            "".join(f"o{number}, " for number in range(len(names))) + "= outputs",
        ]
        self.source = "\n    ".join([*head, *body, *copies])

    def _single_lookups(self, needed: list[int]) -> set[int]:
        """The look-ups that one sum reads: they are made where they are added, and nothing else holds them."""
        steps = self.program.steps
        readers: dict[int, list[int]] = {}
        for index in needed:
            for read in steps[index].reads:
                readers.setdefault(read, []).append(index)
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

    def _register(self, kind: str) -> str:
        free = self._free.setdefault(kind, [])
        if free:
            return free.pop()
        self.registers.append(kind)
        return f"r{len(self.registers) - 1}"

    def _scratch(self, kind: str) -> str:
        """A buffer that is free again after the statements of one step."""
        register = self._register(kind)
        self._free[kind].append(register)
        return register

    def _type(self, index: int, step: Step) -> str:
        """Packed sums have 64 bits, balances 32 where they fit; places in tables are as NumPy wants an index."""
        match step.kind:
            case "column":
                return self._input_types[str(step.data)]
            case "lookup" | "logistic" | "pick":
                return "i8"
            case "count":
                return "i8" if index in self._places else _small(step)
            case "field":
                return "i4" if _data(step)[1] < 28 else "i8"
            case "sum" | "minus" | "negative" | "least" | "greatest":
                kinds = [self.types[read] for read in step.reads]
                return max(kinds, key=["u1", "u2", "i4", "i8"].index) if kinds else "i4"
            case "state" | "choose":
                return "u1"
            case _:
                return "?"

    def _statements(self, step: Step, out: str, reads: list[str]) -> list[str]:
        first = reads[0] if reads else ""
        match step.kind:
            case "constant":
                return [f"{out}[:] = {step.data}"]
            case "meets":
                bits = self._scratch(self.types[step.reads[0]])
                return [f"np.bitwise_and({first}, {_data(step)[0]}, out={bits})", f"np.not_equal({bits}, 0, out={out})"]
            case "not":
                return [f"np.logical_not({first}, out={out})"]
            case "all":
                return _chain("np.logical_and", reads, out)
            case "any":
                return _chain("np.logical_or", reads, out)
            case "is":
                return [f"np.equal({first}, {_data(step)[0]}, out={out})"]
            case "at_least":
                return [f"np.greater_equal({first}, {_data(step)[0]}, out={out})"]
            case "at_most":
                return [f"np.less_equal({first}, {_data(step)[0]}, out={out})"]
            case "above":
                return [f"np.greater({first}, {reads[1]}, out={out})"]
            case "minus":
                return [f"np.subtract({first}, {reads[1]}, out={out})"]
            case "negative":
                return [f"np.negative({first}, out={out})"]
            case "least" | "greatest":
                function = "np.minimum" if step.kind == "least" else "np.maximum"
                return _chain(function, [*reads, *map(str, _data(step))], out)
            case "sum" if step.reads and set(step.reads) <= self._fused:
                return self._sum_of_lookups(step, out, reads)
            case "sum":
                start = _data(step)[0]
                values = [*reads, str(start)] if start or len(reads) == 1 else reads
                return _chain("np.add", values, out) if reads else [f"{out}[:] = {start}"]
            case "lookup":
                table = f"t{len(self.tables)}"
                self.tables[table] = np.array(_data(step), dtype=np.int64)
                return [f"{table}.take({first}, out={out}, mode='clip')"]
            case "count":
                return self._count(step, out, reads)
            case "field":
                return self._field(step, out, first)
            case "state":
                return [f"np.add({first}.view('u1'), {reads[1]}.view('u1'), out={out})"]
            case "choose":
                pairs = reversed([*zip(reads, _data(step)[:-1], strict=True)])
                return [f"{out}[:] = {_data(step)[-1]}", *(f"{out}[{read}] = {number}" for read, number in pairs)]
            case "pick":
                chosen = reversed([*zip(reads[:-1:2], reads[1::2], strict=True)])
                return [f"{out}[:] = {reads[-1]}", *(f"np.copyto({out}, {v}, where={read})" for read, v in chosen)]
            case _:
                curve = step.data
                assert isinstance(curve, Logistic)
                return [
                    f"x = np.clip({first} / {curve.scale}, {-curve.bound!r}, {curve.bound!r})",
                    f"x = 1.0 / (1.0 + np.exp(-({curve.slope!r} * x + {curve.intercept!r})))",
                    f"{out}[:] = np.floor(x * 10000.0 + 0.5)",
                ]

    def _sum_of_lookups(self, step: Step, out: str, places: list[str]) -> list[str]:
        part = self._scratch("i8")
        lines: list[str] = []
        for read, place in zip(step.reads, places, strict=True):
            lookup = self.program.steps[read]
            lines += self._statements(lookup, part if lines else out, [place])
            if part in lines[-1]:
                lines.append(f"{out} += {part}")
        return [*lines, f"{out} += {_data(step)[0]}"] if _data(step)[0] else lines

    def _field(self, step: Step, out: str, word: str) -> list[str]:
        """Halves of words are read where they stand (the machine is little-endian)."""
        shift, width = _data(step)
        mask = (1 << width) - 1
        if width >= 28:
            return [f"np.right_shift({word}, {shift}, out={out})", f"{out} &= {mask}"]
        if shift % 32 == 0:
            return [f"np.bitwise_and({word}.view('<i4')[{shift // 32}::2], {mask}, out={out})"]
        shifted = f"np.right_shift({word}, {shift}, out=r0)"
        return [shifted, f"np.bitwise_and(r0.view('<i4')[::2], {mask}, out={out})"]

    def _count(self, step: Step, out: str, reads: list[str]) -> list[str]:
        """Counted in as few bits as the largest sum needs."""
        kind = _small(step)
        held = self._register(kind)
        part = self._scratch(kind)
        self._free[kind].append(held)
        lines = [f"{held}[:] = 0"]
        for read, number in zip(reads, _data(step), strict=True):
            ones = f"{read}.view('u1')"
            if number == 1:
                lines.append(f"{held} += {ones}")
            else:
                lines += [f"np.multiply({ones}, {number}, out={part}, dtype='{kind}')", f"{held} += {part}"]
        return [*lines, f"{out}[:] = {held}"]


def _chain(function: str, values: list[str], out: str) -> list[str]:
    """One function over many values, two at a time."""
    more = [f"{function}({out}, {value}, out={out})" for value in values[2:]]
    return [f"{function}({values[0]}, {values[1]}, out={out})", *more]


def _data(step: Step) -> tuple[int, ...]:
    assert isinstance(step.data, tuple)
    return step.data


def _small(step: Step) -> str:
    most = sum(_data(step))
    return "u1" if most < 1 << 8 else "u2" if most < 1 << 16 else "i8"
