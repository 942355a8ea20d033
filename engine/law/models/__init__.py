"""What a rule is: factors, indicators, elements, issues, outcomes, positions, and how they are weighed.

In: one file of rules as data, or a part of it.
Out: the same as a model, or what of its shape is at fault.
Must not know: any rule, for the law itself is in `rules/`; or whether the names in one point somewhere.
"""

from __future__ import annotations

from caprev.law.models.consequences import Applies, Concluded, Consequence, Figure, Sign, Signs, Supposed
from caprev.law.models.factors import Example, Factor, Form, Ground, Magnitude
from caprev.law.models.findings import Node, Outcome
from caprev.law.models.positions import Answer, Point, Position
from caprev.law.models.questions import Asked, AskedPart, Needs, Questions
from caprev.law.models.shapes import (
    MARKS,
    NEUTRAL,
    STRENGTHS,
    UNDETERMINED,
    Cited,
    Day,
    Mark,
    Model,
    Side,
    Span,
    Telling,
    Text,
)
from caprev.law.models.weighing import Calibration, Design, Group, Weighing

__all__ = [
    "MARKS",
    "NEUTRAL",
    "STRENGTHS",
    "UNDETERMINED",
    "Answer",
    "Applies",
    "Asked",
    "AskedPart",
    "Calibration",
    "Cited",
    "Concluded",
    "Consequence",
    "Day",
    "Design",
    "Example",
    "Factor",
    "Figure",
    "Form",
    "Ground",
    "Group",
    "Magnitude",
    "Mark",
    "Model",
    "Needs",
    "Node",
    "Outcome",
    "Point",
    "Position",
    "Questions",
    "Side",
    "Sign",
    "Signs",
    "Span",
    "Supposed",
    "Telling",
    "Text",
    "Weighing",
]  # fmt: skip
