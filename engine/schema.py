"""A JSON Schema for fact sets, made from the vocabulary, so that editors complete and check as one types."""

from __future__ import annotations

from typing import Any, get_args

from .facts import MATTER_KEYS, Standing
from .vocabulary import Fact, Vocabulary

_PLAIN: dict[str, dict[str, Any]] = {
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "number": {"type": "number"},
    # An editor reads an unquoted year as an integer.
    "date": {"type": ["string", "integer"], "pattern": r"^(\d{4}(-\d{2}(-\d{2})?)?|(1[89]|20)[A-Z]{2})$"},
}


def schema(vocabulary: Vocabulary, version: str) -> dict[str, Any]:
    """A draft-07 schema of a fact set file."""
    sections = {
        section: {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: _fact(vocabulary[f"{section}.{name}"]) for name in names},
        }
        for section, names in vocabulary.sections.items()
    }
    matter: dict[str, Any] = {key: {} for key in MATTER_KEYS}
    flat = {fact.name: _fact(fact) for fact in vocabulary}
    aside = {"type": "object", "description": "Answers kept but not counted: an interview sets them aside."}
    parcel = {"id": {"type": ["string", "integer"]}, "title": {"type": "string"}, **sections, "set_aside": aside}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"caprev fact set, vocabulary of rulebook {version}",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "matter": {"type": "object", "additionalProperties": False, "properties": matter},
            **sections,
            "facts": {"type": "object", "additionalProperties": False, "properties": {**flat, **sections}},
            "parcels": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "object", "additionalProperties": False, "properties": parcel},
            },
            "set_aside": aside,
            "comparator": {"type": "object"},
        },
    }


def _fact(fact: Fact) -> dict[str, Any]:
    value = {"anyOf": _forms(fact), "description": _description(fact)}
    told = {
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {
            "value": {"anyOf": _forms(fact)},
            "source": {"type": "string"},
            "note": {"type": "string"},
            "standing": {"enum": list(get_args(Standing))},
        },
    }
    return {"description": value["description"], "anyOf": [*value["anyOf"], told]}


def _description(fact: Fact) -> str:
    return f"{fact.ask} ({fact.unit})" if fact.unit else fact.ask


def _forms(fact: Fact) -> list[dict[str, Any]]:
    """Every way the value of a fact may be written."""
    unknown = {"enum": [None, "unknown"]}
    if fact.type == "set":
        members = {"type": "array", "uniqueItems": True, "items": {"enum": list(fact.values)}}
        partial = {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {"includes": members, "excludes": members},
        }
        return [members, partial, unknown]
    plain = {"enum": list(fact.values)} if fact.type == "enum" else _PLAIN[fact.type]
    forms = [plain, _object({"one_of": {"type": "array", "minItems": 1, "items": plain}}), unknown]
    if fact.type in ("int", "number"):
        forms.append({"type": "string", "pattern": "[Xx]"})  # masked, as in published rulings: "X lots"
    if fact.type in ("int", "number", "date"):
        forms.append(_object({"at_least": plain, "at_most": plain}))
    return forms


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": properties}
