"""A matter as a fact set, and a fact set as a matter: the form that the engine reads, and files hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import yaml

from caprev.facts.vocabulary import Fact, Vocabulary
from caprev_web import host
from caprev_web.models import Entry, Matter

KEYS = ("source", "standing", "note")
PART = ("id", "title", "of")
"""What is said of a parcel besides its facts; of an event also which one it follows."""


class Key(NamedTuple):
    """Where a fact stands: the parcel ("" is the whole matter), and its name."""

    parcel: str
    fact: str


def written(matter: Matter, entries: Iterable[Any]) -> dict[str, Any]:
    """The fact set of a matter and its entries, or of states of entries that are given as mappings."""
    whole: dict[str, Any] = {"matter": _about(matter)}
    parcels: dict[str, dict[str, Any]] = {
        str(parcel["id"]): {key: parcel[key] for key in PART if parcel.get(key)} for parcel in matter.parcels
    }
    for entry in sorted(map(_state, entries), key=lambda state: (state["parcel"], state["fact"])):
        home = parcels.get(entry["parcel"]) if entry["parcel"] else whole
        if home is None or entry["value"] is None:
            continue
        section, _, name = entry["fact"].partition(".")
        told = {key: entry[key] for key in KEYS if entry[key]}
        home.setdefault(section, {})[name] = {"value": entry["value"], **told} if told else entry["value"]
    if parcels:
        whole[parts_of(matter)] = list(parcels.values())
    return whole


def parts_of(matter: Matter) -> str:
    """What the parts of a matter are called in a fact set: parcels, or events."""
    return "events" if host.events(str(matter.about.get("pack") or "")) else "parcels"


def _about(matter: Matter) -> dict[str, Any]:
    head = {"id": matter.reference or str(matter.id)[:8], "title": matter.title}
    return head | {key: value for key, value in matter.about.items() if value not in (None, "")}


def _state(entry: Any) -> dict[str, Any]:
    if isinstance(entry, dict):
        return entry
    return state_of(entry)


def state(entry: Entry | None) -> dict[str, Any] | None:
    """An entry as the trail keeps it; None where there is none."""
    return None if entry is None else state_of(entry)


def state_of(entry: Entry) -> dict[str, Any]:
    """An entry as the trail keeps it."""
    kept = ("parcel", "fact", "value", "typed", "problem", *KEYS)
    return {name: getattr(entry, name) for name in kept}


def text(matter: Matter, entries: Iterable[Any]) -> str:
    """The fact set as the engine is given it: JSON, the same for the same facts."""
    return json.dumps(written(matter, entries), ensure_ascii=False, sort_keys=True)


def as_yaml(matter: Matter, entries: Iterable[Any]) -> str:
    """The fact set as a file for people."""
    whole = written(matter, entries)
    name = parts_of(matter)
    parcels = {name: whole.pop(name)} if name in whole else {}
    return yaml.safe_dump({**whole, **parcels}, allow_unicode=True, sort_keys=False, width=100)


class Taken(NamedTuple):
    """A fact set taken apart: what it says of the matter, its parcels, and a state of an entry for every fact."""

    title: str
    reference: str
    about: dict[str, Any]
    parcels: list[dict[str, str]]
    entries: list[dict[str, Any]]


def taken(data: Mapping[str, Any], vocabulary: Vocabulary, section: str = "") -> Taken:
    """A fact set that the engine has read, taken apart; `section` holds the facts of an event, if there are any."""
    about = dict(data.get("matter") or {})
    if data.get("as_at") and not about.get("as_at"):
        about["as_at"] = data["as_at"]
    title, reference = str(about.pop("title", "") or ""), str(about.pop("id", "") or data.get("id") or "")
    parcels, entries = [], list(_entries(data, "", vocabulary))
    for number, parcel in enumerate(data.get("parcels") or (), 1):
        ident = str(parcel.get("id") or f"parcel-{number}")
        parcels.append({"id": ident, "title": str(parcel.get("title") or "")})
        entries += _entries(parcel, ident, vocabulary)
    for number, event in enumerate((data.get("events") or ()) if section else (), 1):
        ident = str(event.get("id") or f"event-{number}")
        parcels.append({"id": ident} | {key: str(event[key]) for key in PART[1:] if event.get(key)})
        # What is no section, nor a name, is a fact of the event.
        own = {key: value for key, value in event.items() if key not in (*vocabulary.sections, *PART, "facts")}
        whole = {**event, section: {**(event.get(section) or {}), **own}}
        entries += _entries(whole, ident, vocabulary)
    return Taken(title, reference, about, parcels, entries)


def _entries(data: Mapping[str, Any], parcel: str, vocabulary: Vocabulary) -> Iterable[dict[str, Any]]:
    nested = dict(data.get("facts") or {})
    flat = {name: value for name, value in nested.items() if "." in name}
    both = [(name, {**(data.get(name) or {}), **(nested.get(name) or {})}) for name in vocabulary.sections]
    found = {f"{section}.{name}": value for section, facts in both for name, value in facts.items()} | flat
    for fact in sorted(found):
        value = found[fact]
        told = value if isinstance(value, dict) and "value" in value else {"value": value}
        plain = _plain(vocabulary[fact], told["value"])
        if plain is None:
            continue
        kept = {key: str(told.get(key) or "") for key in KEYS}
        yield {"parcel": parcel, "fact": fact, "value": plain, "typed": None, "problem": "", **kept}


def _plain(fact: Fact, value: Any) -> Any:
    """A value as the desk keeps it, which is as a form gives it: the strict reader leaves all as text."""
    if isinstance(value, dict):
        return {key: _plain(fact, item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(fact, item) for item in value]
    text = value.strip() if isinstance(value, str) else value
    if fact.type == "bool" and isinstance(text, str):
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if fact.type in ("int", "number") and isinstance(text, str) and re.fullmatch(r"-?\d{1,15}(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    return text
