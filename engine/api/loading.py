"""The law, loaded: what every call needs, and a start of the command line needs alone."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from caprev.errors import BadInput, Problem
from caprev.files.compiled import Compiled
from caprev.files.reading import Source
from caprev.law import packs
from caprev.law.packs import home
from caprev.reasoning.assess import Assessor


def load(rules: str | Path | None = None, cases: str | Path | None = None, pack: str = packs.DEFAULT) -> Assessor:
    """An assessor for a rulebook and a case base, by default those of a pack that is shipped.

    Rules without cases take the cases that stand beside them, if any do. Raises BadInput.
    """
    name = packs.known(pack) if rules is None else pack
    places = rules or home("rules", name), cases or (packs.beside(rules) if rules else None) or home("cases", name)
    compiled = Compiled(*places) if (Path(places[0]) / "pack.yaml").is_file() else None
    found = compiled.read(Assessor) if compiled else None
    if found is None:
        found = Assessor(*places)
        if compiled and compiled.wanted:
            with suppress(BadInput):  # told when the cases are asked for
                compiled.keep(found.ready())
    return found


@lru_cache(maxsize=8)
def _shipped(pack: str) -> Assessor:
    """A pack that is shipped, looked for and loaded once. Threads that come at the same time may each load it; one is
    kept."""
    return load(pack=chosen(pack, None, strict=False))


def law(pack: str = "", found: Source | None = None) -> Assessor:
    """The shipped law that is asked for, else that which a matter says it is of, loaded once. Raises BadInput."""
    return _shipped(_named(pack, found))


def chosen(pack: str, found: Source | None, strict: bool) -> str:
    """The pack that is asked for, else the matter's. Raises BadInput where there is none, or it is the other kind."""
    name = packs.known(_named(pack, found))
    if packs.strict(home("rules", name)) == strict:
        return name
    if strict:
        raise BadInput(Problem(f"the pack '{name}' weighs, and has no strict rules", fix="Assess it"))
    raise BadInput(Problem(f"this does not apply: the pack '{name}' has strict rules only", fix="Ask for its answer"))


def _named(pack: str, found: Source | None) -> str:
    """The name that is asked for, else the matter's, else the usual one, whether or not there is such a pack."""
    return pack or (packs.told(found.data) if found else "") or packs.DEFAULT
