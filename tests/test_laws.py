"""The laws of the reasoning (design, section 9), on random facts over the real vocabulary and rulebook."""

from __future__ import annotations

import dataclasses
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import engine
from engine import Assessor, BadInput, conditions, precedents, source
from engine.conclusion import Conclusion
from engine.facts import Parcel
from engine.precedents import LEVELS, Case, CaseBase
from engine.vocabulary import Fact
from engine.weighing import FactorState

Run = Callable[..., Result]
States = dict[str, FactorState]

ROOT = Path(__file__).resolve().parent.parent
SEED_RULING = ROOT / "cases" / "rulings" / "1052196215679.yaml"
TWO_PARCELS = ROOT / "cases" / "examples" / "two-parcels.yaml"
VOCABULARY = engine.rulebook.load(engine.home("rules")).vocabulary
NOWHERE = Parcel("all", "", {})
TOWARDS_REVENUE = {"capital": 0, "undetermined": 1, "revenue": 2}


# --- random matters -----------------------------------------------------------------------------------------


def exact(fact: Fact) -> st.SearchStrategy[Any]:
    """One value of a fact, as a person would write it."""
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "enum":
        return st.sampled_from(fact.values)
    if fact.type == "set":
        return st.lists(st.sampled_from(fact.values), max_size=3, unique=True)
    if fact.type == "date":
        return st.dates(min_value=DATES[0], max_value=DATES[1]).map(str)
    return st.integers(0, {"AUD": 3_000_000, "years": 40}.get(fact.unit, 30))


DATES = (__import__("datetime").date(1950, 1, 1), __import__("datetime").date(2030, 12, 31))


def weaker(fact: Fact, value: Any) -> st.SearchStrategy[Any]:
    """Less than a value: something that a person might know who does not know the value, but is not wrong."""
    others = exact(fact)
    if fact.type == "bool":
        return st.just({"one_of": [value]})
    if fact.type == "enum":
        return st.lists(others, max_size=3).map(lambda more: {"one_of": [value, *more]})
    if fact.type == "set":
        absent = [member for member in fact.values if member not in value]
        some = st.lists(st.sampled_from(absent), unique=True) if absent else st.just([])
        kept = st.lists(st.sampled_from(value), unique=True) if value else st.just([])
        return st.tuples(kept, some).map(lambda parts: {"includes": parts[0], "excludes": parts[1]})
    if fact.type == "date":
        masked = "19XX" if value < "2000" else "20XX"
        return st.sampled_from([value[:7], value[:4], masked, {"at_least": value}, {"at_most": value[:4]}])
    bounds = [{"at_least": value}, {"at_most": value}, {"at_least": max(value - 2, 0), "at_most": value + 3}]
    return st.sampled_from(bounds) | others.map(lambda other: {"one_of": [value, other]})


@st.composite
def fact_sets(draw: st.DrawFn, most: int = 50) -> dict[str, Any]:
    """A flat fact set with exact values; it may contradict itself."""
    names = draw(st.lists(st.sampled_from(list(VOCABULARY)), unique_by=lambda fact: fact.name, max_size=most,
                          min_size=draw(st.sampled_from([0, 5, 15, 30]))))
    return {fact.name: draw(exact(fact)) for fact in names}


@st.composite
def weakened(draw: st.DrawFn, full: Mapping[str, Any]) -> dict[str, Any]:
    """A fact set that knows less: facts left out, said to be unknown, or known in part."""
    less: dict[str, Any] = {}
    for name, value in full.items():
        change = draw(st.sampled_from(["keep", "keep", "drop", "unknown", "weaken"]))
        if change == "keep":
            less[name] = value
        elif change == "unknown":
            less[name] = "unknown"
        elif change == "weaken":
            less[name] = draw(weaker(VOCABULARY[name], value))
    return less


def parcel_of(assessor: Assessor, facts: Mapping[str, Any]) -> Parcel:
    return assessor.matter(source.parse(json.dumps({"facts": facts}))).parcels[0]


def consistent(assessor: Assessor, facts: Mapping[str, Any]) -> Parcel:
    """The parcel, if the facts do not contradict one another; else another example is drawn."""
    try:
        return parcel_of(assessor, facts)
    except BadInput as error:
        assert all("contradicts" in problem.what for problem in error.problems), str(error)
        assume(False)
        raise
