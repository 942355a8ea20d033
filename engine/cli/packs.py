"""The list of the bodies of law that can be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable

import click

from caprev.cli.common import FORMS, Asked, asking
from caprev.facts.vocabulary import worded
from caprev.law import packs as shipped

FIELDS = ("title", "question", "jurisdiction", "language", "currency", "version", "as_at")


@click.command(short_help="List the bodies of law that can be asked.")
@asking("out", forms=FORMS)
def packs(asked: Asked) -> None:
    """List the bodies of law that can be asked, with what each says of itself.

    One is chosen with --pack, with CAPREV_PACK, or by the matter itself (matter: {pack: NAME}).

    \b
    Example:
      caprev packs
    """
    found = [{"name": name, **shipped.declared(name).model_dump(include=set(FIELDS))} for name in shipped.names()]
    rows = [{key: row[key] for key in ("name", *FIELDS)} for row in found]
    if asked.form == "json":
        asked.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
    else:
        asked.write("\n".join("".join(_lines(row)) for row in rows))


def _lines(row: dict[str, str]) -> Iterable[str]:
    default = " (the default)" if row["name"] == shipped.DEFAULT else ""
    yield f"{row['name']}{default}\n"
    for key in FIELDS:
        yield f"  {worded(key):13} {row[key] or 'not said'}\n"
