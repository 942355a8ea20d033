"""The steps of a column program as NumPy calls that write into buffers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from caprev.columns.program import Logistic, Program, Step

Column = NDArray[Any]
_CALLS: dict[str, str] = {"not": "logical_not", "negative": "negative"}
_CALLS |= {"is": "equal", "at_least": "greater_equal", "at_most": "less_equal"}  # with a number
_CALLS |= {"above": "greater", "minus": "subtract"}  # with another step


class Statements:
    """Texts of calls, the buffers they write to and the tables they look up.

    A buffer is a register (`r0`), an output (`o0`) or an input. `_held` says which one has a step's result, `types` of
    which NumPy type it is, and `_fused` which look-ups are made only where they are added.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.tables: dict[str, Column] = {}
        self.registers: list[str] = []
        self.types: dict[int, str] = {}
        self._free: dict[str, list[str]] = {}
        self._held: dict[int, str] = {}
        self._fused: set[int] = set()

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

    def _ones(self, index: int) -> str:
        """A boolean as 0 and 1."""
        held = self._held[index]
        return f"{held}u" if held.startswith("r") else f"{held}.view('u1')"

    def _statements(self, step: Step, out: str, reads: list[str]) -> list[str]:
        first = reads[0] if reads else ""
        match step.kind:
            case "constant":
                return [f"{out}[:] = {step.data}"]
            case "meets":
                bits = self._scratch(self.types[step.reads[0]])
                return [
                    f"np.bitwise_and({first}, {data_of(step)[0]}, out={bits})",
                    f"np.not_equal({bits}, 0, out={out})",
                ]
            case kind if kind in _CALLS:
                return [f"np.{_CALLS[kind]}({', '.join([*reads, *map(str, data_of(step))])}, out={out})"]
            case "least" | "greatest":
                function = "np.minimum" if step.kind == "least" else "np.maximum"
                return _chain(function, [*reads, *map(str, data_of(step))], out)
            case "sum" if step.reads and set(step.reads) <= self._fused:
                return self._sum_of_lookups(step, out, reads)
            case "sum":
                start = data_of(step)[0]
                values = [*reads, str(start)] if start or len(reads) == 1 else reads
                return _chain("np.add", values, out) if reads else [f"{out}[:] = {start}"]
            case "lookup":
                table = f"t{len(self.tables)}"
                self.tables[table] = np.array(data_of(step), dtype=np.int64)
                return [f"{table}.take({first}, out={out}, mode='clip')"]
            case "field":
                return self._field(step, out, first)
            case "state":
                return [f"np.add({', '.join(map(self._ones, step.reads))}, out={out})"]
            case "choose":
                return self._choose(step, out)
            case "pick":
                chosen = reversed([*zip(reads[:-1:2], reads[1::2], strict=True)])
                return [f"{out}[:] = {reads[-1]}", *(f"np.copyto({out}, {v}, where={read})" for read, v in chosen)]
            case _:
                curve = step.data
                assert isinstance(curve, Logistic)
                return [
                    f"y = {first} / {curve.scale}",
                    f"x = np.clip(y, {-curve.bound!r}, {curve.bound!r})",
                    f"x = x + {curve.tail!r} * (y - x)",
                    f"x = 1.0 / (1.0 + np.exp(-({curve.slope!r} * x + {curve.intercept!r})))",
                    f"{out}[:] = np.floor(x * 10000.0 + 0.5)",
                ]

    def _choose(self, step: Step, out: str) -> list[str]:
        """By bits, which is ten times as fast as by masked assignment; the first condition is written last."""
        mask, other = self._register("u1"), self._scratch("u1")
        self._free["u1"].append(mask)
        lines = [f"{out}[:] = {data_of(step)[-1]}"]
        for read, number in reversed([*zip(step.reads, data_of(step)[:-1], strict=True)]):
            lines.append(f"np.negative({self._ones(read)}, out={mask})")
            lines.append(f"np.bitwise_xor({out}, {number}, out={other})")
            lines.append(f"np.bitwise_and({other}, {mask}, out={other})")
            lines.append(f"np.bitwise_xor({out}, {other}, out={out})")
        return lines

    def _sum_of_lookups(self, step: Step, out: str, places: list[str]) -> list[str]:
        part = self._scratch("i8")
        lines: list[str] = []
        for read, place in zip(step.reads, places, strict=True):
            lookup = self.program.steps[read]
            lines += self._statements(lookup, part if lines else out, [place])
            if part in lines[-1]:
                lines.append(f"{out} += {part}")
        return [*lines, f"{out} += {data_of(step)[0]}"] if data_of(step)[0] else lines

    def _field(self, step: Step, out: str, word: str) -> list[str]:
        """Halves of words are read where they stand (the machine is little-endian)."""
        shift, width = data_of(step)
        mask = (1 << width) - 1
        if width >= 28:
            return [f"np.right_shift({word}, {shift}, out={out})", f"{out} &= {mask}"]
        if shift % 32 == 0:
            return [f"np.bitwise_and({word}.view('<i4')[{shift // 32}::2], {mask}, out={out})"]
        shifted = self._scratch("i8")
        return [
            f"np.right_shift({word}, {shift}, out={shifted})",
            f"np.bitwise_and({shifted}.view('<i4')[::2], {mask}, out={out})",
        ]


def _chain(function: str, values: list[str], out: str) -> list[str]:
    """One function over many values, two at a time."""
    more = [f"{function}({out}, {value}, out={out})" for value in values[2:]]
    return [f"{function}({values[0]}, {values[1]}, out={out})", *more]


def data_of(step: Step) -> tuple[int, ...]:
    """What a step knows besides what it reads, where that is numbers."""
    assert isinstance(step.data, tuple)
    return step.data
