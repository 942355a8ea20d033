"""An evaluation as data (schema caprev.evaluation/1). Numbers are rounded, so that platforms agree on every byte."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from caprev.evaluation.agreement import Method, Reading, Report, facts_known
from caprev.evaluation.decided import Plan
from caprev.law.rulebook import Rulebook

DECIMALS = 4


def render(reports: Sequence[Report], plan: Plan, book: Rulebook) -> str:
    """The evaluation as JSON text."""
    return json.dumps(as_dict(reports, plan, book), indent=2, ensure_ascii=False) + "\n"


def as_dict(reports: Sequence[Report], plan: Plan, book: Rulebook) -> dict[str, Any]:
    """The evaluation as plain data."""
    return {
        "schema": "caprev.evaluation/1",
        "warning": book.pack.comparator_warning,
        "note": plan.note,
        "fitted_on": book.weighing.calibration.fitted_on,
        "folds": plan.folds,
        "seed": plan.seed,
        "resamples": plan.resamples,
        "sets": [_report(report) for report in reports],
    }


def _report(report: Report) -> dict[str, Any]:
    plain = ("words", "tenths", "chance_ece", "curve", "kinds", "routes", "known", "roads", "best")
    return {
        "name": report.name,
        "position": report.position,
        "of": len(report.readings),
        "refitted": report.refitted,
        "targets": [{**_plain(aim), "reached": aim.met} for aim in report.aims],
        "methods": [_method(method) for method in report.methods],
        **{name: _plain(getattr(report, name)) for name in plain},
        "matters": list(map(_reading, report.readings)),
        "apart": list(map(_reading, report.apart)),
        "with_itself": [{"id": r.matter.id, "concluded": r.conclusion.characterisation} for r in report.own],
    }


def _method(method: Method) -> dict[str, Any]:
    data: dict[str, Any] = _plain(method)
    del data["rows"]
    return data


def _reading(reading: Reading) -> dict[str, Any]:
    matter, conclusion = reading.matter, reading.conclusion
    return {
        "id": matter.id,
        "title": matter.title,
        "outcome": matter.outcome,
        "route": matter.route,
        "complete": matter.complete,
        "facts_known": facts_known(matter),
        "concluded": conclusion.characterisation,
        "concluded_route": conclusion.route,
        "strength": conclusion.strength,
        conclusion.weigher.book.sides.key: conclusion.probability,
        "balance": round(conclusion.balance, DECIMALS),
        "decided_by": conclusion.decided_by,
        "turned_on": reading.node,
        "led": [{"factor": name, "effect": effect} for name, effect in reading.led],
        "against": [{"factor": name, "effect": effect} for name, effect in reading.against],
        "missing": [{"fact": fact, "effect": effect.words} for fact, effect in reading.missing],
    }


def _plain(value: Any) -> Any:
    """Data classes, models and tuples as mappings and lists."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if hasattr(value, "model_dump"):
        return value.model_dump(exclude_none=True)
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
