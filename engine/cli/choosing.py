"""Which body of law a command is about: named on the command line, by the matter, or by the environment."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click

from caprev.errors import BadInput, Problem
from caprev.files import reading
from caprev.law import packs

VARIABLE = "CAPREV_PACK"
FILES = ("file", "left", "right", "source", "coded", "against", "name")
"""The parameters of commands that name, or may name, a file."""
_META = "caprev.pack"


def remember(name: str) -> None:
    """Keeps what was chosen before the name of the command."""
    click.get_current_context().meta[_META] = name


def so_far(ctx: click.Context) -> str:
    """The pack that help is about: the one named before it, else of the environment, else the default."""
    named = ctx.params.get("pack") or ctx.meta.get(_META) or os.environ.get(VARIABLE, "")
    return named if named in packs.names() else packs.DEFAULT


def choose(given: dict[str, Any]) -> None:
    """Settles pack, rules and cases among the parameters of a command, and where its files are. Raises BadInput.

    A name on the command line, else that of the matter, else of the environment, else the default.
    """
    before, own = click.get_current_context().meta.get(_META, ""), given.get("pack") or ""
    if before and own and before != own:
        what = f"is '{before}' before the command and '{own}' after it"
        raise BadInput(Problem(what, subject="--pack", fix="Ask for one pack"))
    asked = own or before
    usual = asked or os.environ.get(VARIABLE, "") or packs.DEFAULT
    for name in FILES:
        if isinstance(given.get(name), str):
            given[name] = packs.resolved(given[name], usual)
    rules, cases = given.get("rules_dir"), given.get("cases_dir")
    if rules is None:
        usual = _of_matter(given, asked) or usual
        packs.known(usual, Problem("", VARIABLE if not asked and os.environ.get(VARIABLE) == usual else ""))
    given["pack"] = usual
    given["rules_dir"] = rules and packs.folder(rules, usual)
    given["cases_dir"] = cases and packs.folder(cases, usual)


def _of_matter(given: dict[str, Any], asked: str) -> str:
    """The pack that the files of a command are of, if they say so. Raises BadInput where they contradict."""
    said = ""
    for name in ("file", "left", "right"):
        found = _source(given.get(name))
        pack = packs.told(found.data) if found else ""
        if not found or not pack:
            continue
        at: reading.Path_ = ("rulebook" if "fact_set" in found.data else "matter", "pack")  # type: ignore[operator]
        place = Problem("", found.file, found.line(at), ".".join(map(str, at)))
        packs.known(pack, place)
        if pack != (asked or said or pack):
            what = f"is '{pack}', but '{asked or said}' is asked for"
            raise BadInput(Problem(what, place.file, place.line, place.subject, fix="Ask for one pack"))
        said = pack
    return said


def _source(path: Any) -> reading.Source | None:
    """A file that may say its pack, read; none where it cannot be: the command says why."""
    if not isinstance(path, str) or not path:
        return None
    try:
        text = reading.contents(path)
        if "pack" not in text:
            return None
        if Path(path).suffix == ".json" and '"fact_set"' in text:
            return reading.Source(path, json.loads(text), text)  # a record
        return reading.parse(text, path)
    except (BadInput, ValueError, RecursionError):
        return None
