"""The results, typed: what `--format json` prints, key by key. The contract of Python, HTTP and assistants alike.

In: the data of an answer, key by key.
Out: the same as attributes, which cannot be assigned; `to_dict()` gives the data as JSON has it.
Must not know: how an answer is come to, or which keys a later release adds, for those are kept.
"""

from __future__ import annotations

from caprev.api.contract.assessment import (
    Assessment,
    Balance,
    Binding,
    Consequence,
    Factor,
    Figure,
    Indicator,
    Issue,
    Matter,
    MissingFact,
    OnPoint,
    Parcel,
    Precedents,
    Reason,
    RestsOn,
    Sides,
    Sign,
    Strong,
    Unsettled,
    Voices,
)
from caprev.api.contract.beside import CaseBeside, Comparison, FactBeside, FactorBeside, FindingBeside, Found, Side
from caprev.api.contract.changes import Change, Flip, Flips, Missing, Settling, Sway, Swayed, Unknown
from caprev.api.contract.documents import Check, Checked, Debate, Draft, Move, ParcelDebate, Proposal, Quote, Unquoted
from caprev.api.contract.law import Case, Rule
from caprev.api.contract.strict import Answer, StrictAmount, StrictMissing, StrictPart, StrictQuestion, StrictRule
from caprev.api.contract.told import Rulebook, Told, UsedFact

__all__ = [
    "Answer", "Assessment", "Balance", "Binding", "Case", "CaseBeside", "Change", "Check", "Checked",
    "Comparison", "Consequence", "Debate", "Draft", "FactBeside", "Factor", "FactorBeside", "Figure",
    "FindingBeside", "Flip", "Flips", "Found", "Indicator", "Issue", "Matter", "Missing", "MissingFact", "Move",
    "OnPoint", "Parcel", "ParcelDebate", "Precedents", "Proposal", "Quote", "Reason", "RestsOn", "Rule",
    "Rulebook", "Settling", "Side", "Sides", "Sign", "StrictAmount", "StrictMissing", "StrictPart",
    "StrictQuestion", "StrictRule", "Strong", "Sway", "Swayed", "Told", "Unknown", "Unquoted", "Unsettled",
    "UsedFact", "Voices",
]  # fmt: skip
