"""What is wrong with data that should be a model, in the words of those who write rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError

from caprev.errors import Problem, listing, nearest
from caprev.facts.vocabulary import worded
from caprev.files.reading import Path_, Source

_QUOTED = re.compile(r"'([^']*)'")
_NUMBERS = ("float_parsing", "int_parsing", "float_type", "int_type", "int_from_float")
_MAPPINGS = ("model_type", "dict_type", "model_attributes_type")
_LISTS = ("tuple_type", "list_type")


def faults(
    error: ValidationError, model: type[BaseModel], found: Source, at: Path_ = (), subject: str = ""
) -> Iterator[Problem]:
    """What is wrong with data that should be a model, each with its line; `at` says where in the file it stands."""
    told: set[tuple[int, str]] = set()
    for fault in error.errors(include_url=False):
        what, allowed, fix = words(fault, model)
        line = found.line((*at, *fault["loc"]))
        if (line, what) not in told:  # a list too short is missed item by item
            yield Problem(what, found.file, line, subject, allowed, fix)
        told.add((line, what))


def words(fault: Mapping[str, Any], model: type[BaseModel]) -> tuple[str, str, str]:
    """One fault as pydantic found it: what is wrong, what is allowed, and the next step."""
    at, kind, given = tuple(fault["loc"]), fault["type"], fault["input"]
    where = ".".join(map(str, at))
    above = _shape(model, at[:-1]) if at else model
    shape = _shape(model, at)
    if _pair(above) or (_pair(shape) and kind in ("too_long", *_LISTS)):
        name = where if _pair(shape) else ".".join(map(str, at[:-1]))
        return f"{name} needs two numbers, [low, high]", "", ""
    if kind == "extra_forbidden":
        known = [str(field.validation_alias or name) for name, field in getattr(above, "model_fields", {}).items()]
        return f"{where} is not a key known here", "", nearest(str(at[-1]), known)
    if kind == "missing":
        return f"has no {where}", "", ""
    if kind == "too_short":
        return _few(where, shape, fault["ctx"]), "", ""
    if kind == "literal_error":
        known = _QUOTED.findall(fault["ctx"]["expected"])
        return f"{where} is '{given}'", listing(known), nearest(str(given), known)
    if kind in _NUMBERS:
        return f"{where} is '{given}', which is not a number", "", ""
    if kind in _MAPPINGS:
        return f"{where} is not a mapping (key: value)".strip(), "", ""
    if kind in _LISTS:
        return f"{where} is not a list", "", "Write it in [ ], or one to a line with '-'"
    if kind == "string_type":
        return f"{where} is not text", "", ""
    message = str(fault["msg"]).removeprefix("Value error, ")
    return f"{where} {message[0].lower()}{message[1:]}".strip(), "", ""


def _few(where: str, shape: Any, counts: Mapping[str, Any]) -> str:
    """Too few of something; of examples, which there must be."""
    least, (item, *_) = counts["min_length"], (*get_args(shape), None)
    expect = getattr(item, "model_fields", {}).get("expect")
    states = [f"one {worded(state)}" for state in get_args(expect.annotation)] if expect else []
    return f"has {counts['actual_length']} {where}; write at least {least}" + (
        f": {', '.join(states)}" if states else ""
    )


def _pair(shape: Any) -> bool:
    """Whether two numbers are wanted."""
    return get_origin(shape) is tuple and get_args(shape) == (float, float)


def _shape(model: Any, at: Path_) -> Any:
    """What should stand at a place in a model; None where that cannot be told."""
    for step in at:
        fields = getattr(model, "model_fields", None)
        if fields is not None:
            named = {str(field.validation_alias or name): field.annotation for name, field in fields.items()}
            model = named.get(str(step))
        else:
            inner = get_args(model) if get_origin(model) is not Literal else ()
            model = next((arg for arg in reversed(inner) if arg is not Ellipsis and arg is not type(None)), None)
    return model
