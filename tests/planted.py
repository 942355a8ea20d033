"""A fact set in which every free text holds planted identifiers: of every fact of the vocabulary, of the matter, of its
parcels, and of whatever else a fact set may say."""

from __future__ import annotations

import json
from typing import Any

from caprev import Assessor, limits
from caprev.errors import BadInput
from caprev.facts.matter import RECORD_KEYS
from caprev.files import reading

MARK = "Zyx"
"""How every planted name begins."""
IDENTIFYING = (
    "zyx",
    "755123",
    "51 824",
    "0412 345",
    "9999 1234",
    "4,817,332",
    "forty-two thousand",
    "third of may",
    "ferny",
)
NUMBERS = ("143", "7", "1")
STANDINGS = ("disputed", "assumed", "stated", "documented")


def planted(field: str) -> str:
    """A text of every family of identifiers, with a name of its own for its field."""
    name = MARK + "".join(chr(ord("a") + ord(mark) % 26) for mark in field)
    small, large = name.lower(), name.upper()
    return (
        f"{name} of 14 Ferny {name} Street, Lot 3 DP 755123, ABN 51 824 753 556, TFN 123 456 782, 0412 345 678, "
        f"{small}@farm.example, $4,817,332, forty-two thousand dollars, third of May nineteen fifty, 30 June 1950; "
        f"{small} and {large}'s J R {name}, (02) 9999 1234"
    )


def planted_id(field: str) -> str:
    """The same, as long as an id may be."""
    return planted(field)[: limits.ID]


def fact_set(assessor: Assessor) -> tuple[reading.Source, set[str]]:
    """The fact set, and the names of the facts that it states: all that can stand together."""
    book = assessor.book
    facts: dict[str, Any] = {}
    for index, fact in enumerate(book.vocabulary):
        tried = {
            "bool": (True, False),
            "enum": fact.values,
            "set": [{"includes": [value]} for value in fact.values],
            "int": NUMBERS,
            "number": ("14817332", "438.6", "31"),
            "date": ("1987-11-19", "2018-10-06"),
        }[fact.type]
        told = {"source": planted(f"source{fact.name}"), "note": planted(f"note{fact.name}")}
        for value in tried:
            given = {"value": value, **told, "standing": STANDINGS[index % len(STANDINGS)]}
            if _stands(assessor, {**facts, fact.name: given}):
                facts[fact.name] = given
                break
    own = {name: facts.pop(name) for name in list(facts)[::5]}
    data = {
        **{key: planted(key) for key in RECORD_KEYS if key not in ("as_at", "comparator")},
        "comparator": {"unweighed": [planted("unweighed")], "number": planted("number")},
        "matter": {
            **{key: planted(key) for key in ("title", "period", "scheme", "notes")},
            "id": planted_id("id"),
            "as_at": "2019-08-23",
            "questions": [
                {"id": planted("qid"), "asks": "ordinary_income", "text": planted("usual")},
                {"id": planted("own"), "asks": planted("asks"), "text": planted("text")},
                planted("bare"),
            ],
        },
        "facts": facts,
        "set_aside": {"why": planted("aside")},
        "parcels": [
            {"id": planted_id("parcelone"), "title": planted("titleone"), "facts": own},
            {"id": planted_id("parceltwo"), "title": planted("titletwo"), "facts": {}},
        ],
    }
    return reading.parse(json.dumps(data), f"/home/{MARK}/{MARK}.json"), {*facts, *own}


def _stands(assessor: Assessor, facts: dict[str, Any]) -> bool:
    try:
        assessor.matter(reading.parse(json.dumps({"facts": facts})))
    except BadInput:
        return False
    return True
