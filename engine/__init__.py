"""caprev: is a gain from land capital or revenue, with every reason named.

    import engine
    assessor = engine.load()
    assessment = engine.assess("matter.yaml", assessor)
    print(engine.explain(assessment))

The law is in `rules/` and `cases/`, a folder in each for every body of law; this package knows none.

An assessor may be used from any number of threads; they take turns, so that more of them assess no faster. For speed
use processes: a child may be forked at any time, also while threads assess, and goes on with the assessor it has;
`spawn` and `forkserver` load it anew (half a second). Only a signal's handler must not assess, nor a child that it
forks: it may have come in the middle of an assessment. `Columns` (`engine.columnar`) rests on Polars, which a forked
child must not use once its parent has; give every process its own. Memory does not grow with matters or dates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from caprev.argument.tree import Argument, arguments
from caprev.documents.reports import assessment_json, memorandum
from caprev.errors import BadInput, Problem
from caprev.files import reading
from caprev.law import packs
from caprev.law.packs import home
from caprev.reasoning.analysis import Assessment
from caprev.reasoning.assess import Assessor

__all__ = [
    "Argument",
    "Assessment",
    "Assessor",
    "BadInput",
    "Problem",
    "answer",
    "arguments",
    "as_dict",
    "assess",
    "explain",
    "home",
    "load",
]


def load(rules: str | Path | None = None, cases: str | Path | None = None, pack: str = packs.DEFAULT) -> Assessor:
    """An assessor for a rulebook and a case base, by default those of a pack that is shipped.

    Rules without cases take the cases that stand beside them, if any do. Raises BadInput.
    """
    name = packs.known(pack) if rules is None else pack
    found = cases or (packs.beside(rules) if rules else None) or home("cases", name)
    return Assessor(rules or home("rules", name), found)


def answer(
    fact_set: str | Path | Mapping[str, Any], rules: str | Path | None = None, pack: str = "", as_at: str = ""
) -> dict[str, Any]:
    """What the strict rules of a pack answer, as data (`caprev.strict/1`): a file, or a mapping of the same shape.

    The pack is the one named, or that of the fact set. Raises BadInput.
    """
    from caprev.documents.reports import strict as told  # here: most packs are weighed
    from caprev.strict import answer as answers
    from caprev.strict import book, matter

    found = _source(fact_set)
    law = book.load(rules or home("rules", packs.known(pack or packs.told(found.data) or packs.DEFAULT)))
    return told.data(answers.answer(law, matter.read(found, law, as_at)))


def _source(fact_set: str | Path | Mapping[str, Any]) -> reading.Source:
    if isinstance(fact_set, Mapping):
        return reading.parse(json.dumps(fact_set), "<fact set>")
    return reading.read(fact_set)


def assess(fact_set: str | Path | Mapping[str, Any], assessor: Assessor | None = None, **options: Any) -> Assessment:
    """Assess a fact set: a file, or a mapping of the same shape. Raises BadInput."""
    found = _source(fact_set)
    assessor = assessor or load(pack=packs.told(found.data) or packs.DEFAULT)
    return assessor.assess(assessor.matter(found), **options)


def as_dict(assessment: Assessment) -> dict[str, Any]:
    """The assessment as data, by the JSON contract."""
    return assessment_json.as_dict(assessment, arguments(assessment))


def explain(assessment: Assessment, detail: bool = False) -> str:
    """The assessment as a memorandum in plain text."""
    return memorandum.render(assessment, arguments(assessment), detail)
