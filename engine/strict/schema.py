"""A JSON Schema of fact sets with events, so that editors complete and check as one types."""

from __future__ import annotations

from typing import Any

from caprev.facts import schema as schemas
from caprev.strict.book import Book


def schema(book: Book) -> dict[str, Any]:
    """A draft-07 schema of a fact set file of a pack of strict rules."""
    found = schemas.schema(book.vocabulary, book.pack.version)
    properties: dict[str, Any] = found["properties"]
    properties.pop("parcels")
    properties.pop("comparator")
    properties["expect"] = {"type": "object", "description": "What an example expects; checked by `rules lint`."}
    events = book.pack.events
    if events:
        own = properties[events.section]["properties"]
        others = {name: properties[name] for name in book.vocabulary.sections if name != events.section}
        named = {"id": {}, "title": {}, "of": {}, "facts": properties["facts"]}
        entry = {"type": "object", "additionalProperties": False, "properties": {**others, **own, **named}}
        properties["events"] = {"type": ["array", "null"], "minItems": 1, "items": entry}
    return found
