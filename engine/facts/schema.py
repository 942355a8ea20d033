"""A JSON Schema for fact sets, made from the vocabulary, so that editors complete and check as one types."""

from __future__ import annotations

import re
from typing import Any, get_args

from caprev.facts.matter import MATTER_KEYS, Standing
from caprev.facts.vocabulary import DIGITS, LARGEST, MASKED_NUMBER, MASKED_YEAR, Fact, Vocabulary

# Numbers, words and dates are all text to the loader, so that an editor may read them as either.
_TEXT: dict[str, Any] = {"type": ["string", "number", "boolean", "null"]}
_YEAR = {"type": "integer", "minimum": 1000, "maximum": 9999}
_DATE = r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"


def schema(vocabulary: Vocabulary, version: str) -> dict[str, Any]:
    """A draft-07 schema of a fact set file."""
    sections = {
        section: {
            "type": ["object", "null"],
            "additionalProperties": False,
            "properties": {name: _fact(vocabulary[f"{section}.{name}"]) for name in names},
        }
        for section, names in vocabulary.sections.items()
    }
    matter: dict[str, Any] = {key: {} for key in MATTER_KEYS}
    matter |= dict.fromkeys(("id", "title", "period", "scheme", "pack"), _TEXT)
    matter["as_at"] = {"anyOf": [_YEAR, _text(_DATE), {"type": "null"}]}
    flat = {fact.name: _fact(fact) for fact in vocabulary}
    facts = {"type": ["object", "null"], "additionalProperties": False, "properties": {**flat, **sections}}
    aside = {"type": "object", "description": "Answers kept but not counted: an interview sets them aside."}
    parcel = {"id": _TEXT, "title": _TEXT, **sections, "facts": facts, "set_aside": aside}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"caprev fact set, vocabulary of rulebook {version}",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "matter": {"type": ["object", "null"], "additionalProperties": False, "properties": matter},
            **sections,
            "facts": facts,
            "parcels": {
                "type": ["array", "null"],
                "minItems": 1,
                "items": {"type": "object", "additionalProperties": False, "properties": parcel},
            },
            "set_aside": aside,
            "comparator": {"type": "object"},
        },
    }


def _fact(fact: Fact) -> dict[str, Any]:
    described = f"{fact.ask} ({fact.unit})" if fact.unit else fact.ask
    told = {
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {
            "value": {"anyOf": _forms(fact)},
            "source": _TEXT,
            "note": _TEXT,
            "standing": {"enum": [*get_args(Standing), None]},
        },
    }
    return {"description": described, "anyOf": [*_forms(fact), told]}


def _forms(fact: Fact) -> list[dict[str, Any]]:
    """Every way the value of a fact may be written."""
    unknown = [{"type": "null"}, _text(_any_case("unknown"))]
    if fact.type == "set":
        members = {"type": "array", "items": {"enum": list(fact.values)}}
        partial = {"anyOf": [members, {"type": "null"}]}
        return [members, _object({"includes": partial, "excludes": partial}), *unknown]
    plain = _plain(fact)
    forms = [*plain, _object({"one_of": {"type": "array", "minItems": 1, "items": {"anyOf": plain}}}), *unknown]
    if fact.type in ("int", "number", "date"):
        forms.append(_object({"at_least": {"anyOf": plain}, "at_most": {"anyOf": plain}}))
    return forms


def _plain(fact: Fact) -> list[dict[str, Any]]:
    """Every way one value of a fact may be written, as `Fact.read` takes it."""
    if fact.type == "enum":
        return [{"enum": list(fact.values)}]
    if fact.type == "bool":
        return [{"type": "boolean"}, _text("|".join(map(_any_case, ("true", "false", "yes", "no"))))]
    if fact.type == "date":
        return [_YEAR, _text(f"{_DATE}|{MASKED_YEAR}")]
    ends = {"exclusiveMinimum": -LARGEST} if fact.signed else {"minimum": 0}
    sign = "-?" if fact.signed else ""
    if fact.currency and fact.currency.symbol:
        sign += f"(?:{re.escape(fact.currency.symbol)})?" if fact.currency.symbol[1:] else rf"\{fact.currency.symbol}?"
    rest = r"(?:\.0+)?(?:[eE]\+?TEN)?" if fact.type == "int" else r"(?:\.[0-9]+)?(?:[eE](?:\+?TEN|-[0-9]+))?"
    rest = rest.replace("TEN", "(?:[0-9]|1[0-4])")  # as far as `LARGEST`
    number = {"type": "integer" if fact.type == "int" else "number", **ends, "exclusiveMaximum": LARGEST}
    return [number, _text(f"{sign}{DIGITS}{rest}|{MASKED_NUMBER}")]


def _text(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": rf"^\s*(?:{pattern})\s*$"}


def _any_case(word: str) -> str:
    return "".join(f"[{letter.upper()}{letter}]" for letter in word)


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "minProperties": 1, "properties": properties}
