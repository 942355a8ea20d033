"""JSON Schemas of the files of the law, so that editors complete names and underline slips as one types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from caprev.facts import schema as fact_sets
from caprev.facts.matter import RECORD_KEYS
from caprev.law.models import NEUTRAL, Consequence, Factor, Model
from caprev.law.pack import Pack
from caprev.law.papers import Writing
from caprev.law.rulebook import Rulebook

_DRAFT = {"$schema": "http://json-schema.org/draft-07/schema#"}
_ANY_TEXT = {"type": ["string", "number", "boolean"]}


def factor(book: Rulebook) -> dict[str, Any]:
    """A factor: its keys, and the names of authorities, nodes and facts."""
    found = _rule(Factor, book, "factor")
    found["properties"]["feeds"]["items"] = _among(book.nodes)
    _narrow(found["properties"], "favours", (*book.sides.ids, NEUTRAL))
    return found


def consequence(book: Rulebook) -> dict[str, Any]:
    """A consequence: its keys, and the names of authorities, questions and facts."""
    found = _rule(Consequence, book, "consequence")
    found["properties"]["question"] = _among(book.questions.questions)
    parts, concluded = found["definitions"], book.sides.conclusions
    _narrow(parts["Applies"]["properties"]["characterisation"], "items", concluded[:-1])
    _narrow(parts["Concluded"]["properties"], "characterisation", concluded)
    return found


def case(book: Rulebook) -> dict[str, Any]:
    """A decided case: a fact set that says how a court decided, and on which factors."""
    found = fact_sets.schema(book.vocabulary, book.pack.version)
    named = {"type": ["array", "null"], "items": _among(book.factors)}
    keys: dict[str, Any] = {key: {} for key in RECORD_KEYS}
    keys |= {
        "authority": _among(book.authorities),
        "level": _among(book.pack.levels),
        "because": named,
        "despite": named,
    }
    keys |= {"outcome": _among(book.sides.ids), "confidence": _among(("high", "medium", "low"))}
    found["title"] = f"caprev decided case, rulebook {book.pack.version}"
    found["properties"] = keys | found["properties"] | {"comparator": keys["comparator"]}
    found["required"] = ["id", "authority", "outcome", "route", "facts"]
    return found


def pack(book: Rulebook) -> dict[str, Any]:
    """What a pack says of itself: its keys, and the names of positions."""
    found = declared(Pack, book.pack.version)
    _narrow(found["properties"], "position", book.positions)
    return found


def declared(model: type[Writing], version: str) -> dict[str, Any]:
    """The keys of `pack.yaml`, where rules are weighed or where they are strict."""
    return _described(model) | {"title": f"caprev pack, rulebook {version}"}


FORMS: Mapping[str, Callable[[Rulebook], dict[str, Any]]] = {
    "factor": factor,
    "consequence": consequence,
    "case": case,
    "pack": pack,
}


def _rule(model: type[Model], book: Rulebook, word: str) -> dict[str, Any]:
    found = _described(model)
    parts: dict[str, Any] = found["definitions"]
    facts = fact_sets.schema(book.vocabulary, book.pack.version)["properties"]["facts"]
    for name, part in parts.items():
        if "facts" in part.get("properties", {}):
            part["properties"]["facts"] = facts
        if name == "Cited":
            part["properties"]["cite"] = _among(book.authorities)
            part["properties"]["pinpoint"] = _ANY_TEXT
    return found | {"title": f"caprev {word}, rulebook {book.pack.version}"}


def _described(model: type[Model]) -> dict[str, Any]:
    """A shape as a schema of the draft that editors know."""
    found = _DRAFT | model.model_json_schema(by_alias=True, ref_template="#/definitions/{model}")
    return found | {"definitions": found.pop("$defs", {})}


def _narrow(within: dict[str, Any], key: str, names: Iterable[str]) -> None:
    """Has a text be one of some names."""
    within[key] = _among(names) | within[key]


def _among(names: Iterable[str]) -> dict[str, Any]:
    return {"enum": list(names)}
