"""caprev: is a gain from land capital or revenue, with every reason named.

    import caprev
    found = caprev.assess("matter.yaml")          # a path, a mapping, or the text of a fact set
    found.parcels[0].characterisation             # 'capital'
    print(caprev.explain(found))

Each command is a function: `assess`, `missing`, `flips`, `whatif`, `compare`, `argue`, `draft`, `check`, `schema`,
`cases`, `rules`, `page`, and `answer` for strict rules; docs/python.md goes through them. What they cannot use they
refuse with BadInput. The law is in `rules/` and `cases/`, a folder in each for every body of law; this package knows
none.

An assessor may be used from any number of threads; they take turns, so that more of them assess no faster. For speed
use processes: a child may be forked at any time, also while threads assess, and goes on with the assessor it has;
`spawn` and `forkserver` load it anew (half a second). Only a signal's handler must not assess, nor a child that it
forks: it may have come in the middle of an assessment. `Columns` (`caprev.columns`) rests on Polars, which a forked
child must not use once its parent has; give every process its own. Memory does not grow with matters or dates.

Importing this takes no time: each name is read from its module when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from caprev.api.calls import argue, as_dict, assess, check, compare, draft, explain, flips, missing, whatif
    from caprev.api.contract import Answer, Assessment, Case, Checked, Comparison, Debate, Draft, Flips, Missing, Rule
    from caprev.api.lawbook import cases, page, rules, schema
    from caprev.api.loading import load
    from caprev.api.strictly import answer
    from caprev.argument.tree import Argument, arguments
    from caprev.errors import BadInput, Problem
    from caprev.law.packs import home
    from caprev.reasoning.assess import Assessor

__all__ = [
    "Answer", "Argument", "Assessment", "Assessor", "BadInput", "Case", "Checked", "Comparison", "Debate", "Draft",
    "Flips", "Missing", "Problem", "Rule", "answer", "argue", "arguments", "as_dict", "assess", "cases", "check",
    "compare", "draft", "explain", "flips", "home", "load", "missing", "page", "rules", "schema", "whatif",
]  # fmt: skip
_CONTRACT = ("Answer", "Assessment", "Case", "Checked", "Comparison", "Debate", "Draft", "Flips", "Missing", "Rule")
_ELSEWHERE = {
    "Argument": "argument.tree",
    "Assessor": "reasoning.assess",
    "BadInput": "errors",
    "Problem": "errors",
    "arguments": "argument.tree",
    "home": "law.packs",
    "answer": "api.strictly",
    "load": "api.loading",
    **dict.fromkeys(_CONTRACT, "api.contract"),
    **dict.fromkeys(("cases", "page", "rules", "schema"), "api.lawbook"),
}


def __getattr__(name: str) -> Any:
    """A public name, from its module."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_ELSEWHERE.get(name, 'api.calls')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names."""
    return __all__
