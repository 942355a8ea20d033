"""What it means for a tree to hold: the definition against which the inference engine is tested."""

from __future__ import annotations

from collections.abc import Mapping

from caprev.reasoning.productions import Conj, Signed, Tree


def holds(tree: Tree, known: Mapping[str, bool]) -> bool:
    """A name that is absent is unknown: no test on it holds."""
    if isinstance(tree, Signed):
        return known.get(tree.name) is tree.value
    combine = all if isinstance(tree, Conj) else any
    return combine(holds(part, known) for part in tree.parts)
