"""The bodies of law that are shipped: each is a folder of `rules/` and one of `cases/` with the same name.

A pack is there by being put there; nothing lists them but the folders.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from caprev.errors import BadInput, Problem, listing, nearest

if TYPE_CHECKING:
    from caprev.law.pack import Pack
    from caprev.law.strict import Strict

DEFAULT = "au-land"
"""The pack where none is chosen."""
_KINDS = ("rules", "cases")


def root(kind: str) -> Path:
    """The folder of all packs of `rules` or `cases`: beside the package in a checkout, inside it when installed."""
    here = Path(__file__).resolve().parents[1]
    beside = here.parent if (here.parent / "rules" / DEFAULT / "pack.yaml").is_file() else here / "_law"
    return beside / kind


def home(kind: str, name: str = DEFAULT) -> Path:
    """Where `rules` or `cases` of a pack are."""
    return root(kind) / name


def names() -> list[str]:
    """The packs there are, in the order of their names."""
    return sorted(path.parent.name for path in root("rules").glob("*/pack.yaml"))


def known(name: str, problem: Problem | None = None) -> str:
    """The name of a pack that is there. Raises BadInput, at the place of `problem`, for any other.

    >>> known("uk-share-options")
    'uk-share-options'
    """
    there = names()
    if name in there:
        return name
    at = problem or Problem("")
    what = f"there is no pack '{name}'"
    raise BadInput(Problem(what, at.file, at.line, at.subject, listing(there), nearest(name, there)))


def of(rules: str | Path) -> str:
    """The name of the shipped pack whose rules stand in a directory; empty for any other directory."""
    path = Path(rules).resolve()
    return path.name if path.parent == root("rules") else ""


def strict(rules: str | Path) -> bool:
    """Whether a directory of rules has strict rules and nothing that is weighed."""
    return _has_strict(Path(rules)) and not (Path(rules) / "weighing.yaml").exists()


def mixed(rules: str | Path) -> bool:
    """Whether a directory of rules has strict rules beside a question that is weighed."""
    return _has_strict(Path(rules)) and (Path(rules) / "weighing.yaml").exists()


def _has_strict(path: Path) -> bool:
    return (path / "strict.yaml").exists() or (path / "strict").is_dir()


def declared(name: str) -> Pack | Strict:
    """What a pack says of itself. Raises BadInput with what is wrong with it."""
    from caprev.law.reader import Reader  # here, with what it reads: what is kept of law is found without

    rules = home("rules", name)
    reader = Reader(rules)
    found: Pack | Strict | None
    if strict(rules):
        from caprev.law.strict import Strict

        found = reader.one("pack.yaml", Strict)
    else:
        from caprev.law.pack import Pack

        found = reader.one("pack.yaml", Pack)
    if found is None:
        raise BadInput(reader.problems)
    return found


def beside(rules: str | Path) -> Path | None:
    """The cases that belong to a directory of rules by standing beside it; none if none do.

    `cases` beside `rules`, or `cases/NAME` where the rules are `rules/NAME`.
    """
    path = Path(rules).absolute()
    places = (path.parent / "cases", path.parent.parent / "cases" / path.name)
    # A folder of packs is no case base; what stands in it is.
    found = (place for place in places if place.is_dir() and not (path.parent / "rules" / path.name).is_dir())
    return next((place for place in found if place != path), None)


def resolved(path: str, name: str) -> str:
    """A path as given, or, where nothing is there, the same path within the pack: `cases/x` for `cases/NAME/x`.

    So a path that was right before the law had a folder for each pack stays right.
    """
    if os.path.exists(path):
        return path
    parts = Path(path).parts
    for index, part in reversed(list(enumerate(parts))):
        within = os.path.join(*parts[: index + 1], name, *parts[index + 1 :])
        if part in _KINDS and os.path.exists(within):
            return within
    return path


def folder(directory: str, name: str) -> str:
    """A directory of rules or cases as given, or the pack's in it, where it holds one folder for each pack."""
    within = os.path.join(directory, name)
    whole = os.path.isfile(os.path.join(directory, "pack.yaml")) or not os.path.isdir(within)
    return directory if whole else within


def told(data: Any) -> str:
    """The pack that a fact set says it is of, or a record that it was made under; empty if none is said."""
    if not isinstance(data, Mapping):
        return ""
    about = data.get("rulebook") if "fact_set" in data else data.get("matter")
    found = about.get("pack") if isinstance(about, Mapping) else None
    return found.strip() if isinstance(found, str) else ""
