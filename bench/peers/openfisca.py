"""The column program on OpenFisca-core: a variable for every name of the program.

OpenFisca's whole numbers have 32 bits, so the program is compiled for 31.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from caprev.columns.program import Logistic, Program, Step

PERIOD = "2024"
Column = Any


class OpenFisca:
    """Some named steps of a program as a tax and benefit system."""

    def __init__(self, program: Program, names: Sequence[str]) -> None:
        from openfisca_core.entities import build_entity
        from openfisca_core.periods import DateUnit
        from openfisca_core.taxbenefitsystems import TaxBenefitSystem
        from openfisca_core.variables import Variable

        self.program, self.names = program, names
        row = build_entity(key="matter", plural="matters", label="", is_person=True)
        group = build_entity(
            key="group", plural="groups", label="", roles=[{"key": "member", "plural": "members", "label": ""}]
        )
        self.system = TaxBenefitSystem([row, group])
        needed = set(program.needed(names))
        self.inputs = [i for i in sorted(needed) if program.steps[i].kind == "column"]
        self.kept = set(program.names.values()) & needed - set(self.inputs)

        def add(index: int, formula: Callable[..., Column] | None) -> None:
            kind = bool if _is_bool(program.steps[index]) else int
            about = {"value_type": kind, "entity": row, "definition_period": DateUnit.YEAR, "label": f"v{index}"}
            self.system.add_variable(
                type(f"v{index}", (Variable,), {**about, **({"formula": formula} if formula else {})})
            )

        for index in self.inputs:
            add(index, None)
        for index in sorted(self.kept):
            add(index, self._formula(index))

    def _formula(self, index: int) -> Callable[..., Column]:
        def formula(matter: Any, period: Any, parameters: Any) -> Column:
            def value(step: int, top: bool = False) -> Column:
                if not top and (step in self.kept or step in self.inputs):
                    return matter(f"v{step}", period)
                found = self.program.steps[step]
                return _compute(found, [value(read) for read in found.reads], matter.count)

            return value(index, True)

        return formula

    def run(self, columns: Mapping[str, Column], rows: int) -> dict[str, Column]:
        from openfisca_core.simulations import SimulationBuilder

        simulation = SimulationBuilder().build_default_simulation(self.system, count=rows)
        for index in self.inputs:
            simulation.set_input(f"v{index}", PERIOD, columns[str(self.program.steps[index].data)])
        return {name: simulation.calculate(f"v{self.program.names[name]}", PERIOD) for name in self.names}


def _is_bool(step: Step) -> bool:
    return step.kind in ("constant", "meets", "is", "all", "any", "not", "at_least", "at_most", "above")


def _compute(step: Step, reads: list[Column], rows: int) -> Column:
    data = step.data
    if step.kind == "constant":
        return np.full(rows, bool(data))
    if isinstance(data, Logistic):
        x = np.clip(reads[0] / data.scale, -data.bound, data.bound)
        return np.floor(10_000 / (1 + np.exp(-(data.slope * x + data.intercept))) + 0.5).astype(np.int32)
    assert isinstance(data, tuple)
    match step.kind:
        case "meets":
            return (reads[0] & data[0]) != 0
        case "is":
            return reads[0] == data[0]
        case "all":
            return np.logical_and.reduce(reads)
        case "any":
            return np.logical_or.reduce(reads)
        case "not":
            return ~reads[0]
        case "count":
            found = np.zeros(rows, np.int32)
            for read, number in zip(reads, data, strict=True):
                found += read * np.int32(number)
            return found
        case "lookup":
            return np.array(data, np.int32).take(reads[0])
        case "sum":
            return sum(reads, np.full(rows, data[0], np.int32))
        case "field":
            return (reads[0] >> data[0]) & ((1 << data[1]) - 1)
        case "minus":
            return reads[0] - reads[1]
        case "negative":
            return -reads[0]
        case "least":
            return np.minimum.reduce([*reads, *(np.full(rows, number, np.int32) for number in data)])
        case "greatest":
            return np.maximum.reduce([*reads, *(np.full(rows, number, np.int32) for number in data)])
        case "at_least":
            return reads[0] >= data[0]
        case "at_most":
            return reads[0] <= data[0]
        case "above":
            return reads[0] > reads[1]
        case "state":
            return reads[0].astype(np.int32) + reads[1]
        case "choose":
            return np.select(reads, list(data[:-1]), data[-1]).astype(np.int32)
        case _:
            return np.select(reads[:-1:2], reads[1::2], reads[-1])
