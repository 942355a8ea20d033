"""The facts of a document: numbered sentences that show who says so, with comments on what has to be proved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from caprev.documents.content.model import Item, Listing, Run
from caprev.documents.drafts.material import Material, Numbered
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.grammar import lower_first, upper_first

LONG_NOTE = 600


def state_facts(writer: Writer, material: Material, level: int) -> None:
    """Every fact under the heading of its section; then what holds for some parcels only, then what follows."""
    phrases = material.phrases
    if not any(row.given.at for row in material.numbered):
        writer.paragraph(phrases("ruling.missing.facts"))
    for (derived, parcels), rows in groupby(material.numbered, lambda row: (not row.given.at, row.parcels)):
        if parcels:
            names = material.named(parcels)
            if derived:
                writer.paragraph(phrases("ruling.parcel_lead"), parcel=names)
            else:
                writer.heading(level, "{name}", name=upper_first(names))
        for section, told in groupby(rows, _section):
            if not parcels:
                writer.heading(level, phrases(f"facts.sections.{section}", section))
            for lead, together in groupby(told, lambda row: material.lead(row.given)):
                _told(writer, material, lead, list(together))


def _section(row: Numbered) -> str:
    """The section of the document a fact stands in; what is one parcel's own is not divided."""
    if row.parcels:
        return ""
    return row.given.fact.name.split(".", 1)[0] if row.given.at else "derived"


def _told(writer: Writer, material: Material, lead: str, rows: list[Numbered]) -> None:
    """Facts of one standing: a lead and a list, or one sentence."""
    phrases = material.phrases
    together = len(rows) > 1
    if together:
        writer.paragraph(phrases(f"facts.leads.{lead}.many"))
    items = [_item(writer, material, lead, row, together) for row in rows]
    writer.add(Listing(tuple(items), start=rows[0].number))


def _item(writer: Writer, material: Material, lead: str, row: Numbered, together: bool) -> Item:
    phrases, given = material.phrases, row.given
    clause = material.sentence(row)
    opening = "" if together else phrases(f"facts.leads.{lead}.one")
    if together or opening:
        clause = lower_first(clause)
    text = f"{opening} {clause}".strip()
    if lead == "disputed":
        text += f"; {phrases('facts.disputed_tail')}"
    if lead == "derived":
        parcel = row.parcels[0] if row.parcels else material.analyses[0].parcel.id
        origin = material.refer(parcel, given.derived_from)
        text += f" ({f'{origin}: ' if origin else ''}{given.reason})"
    text += "."
    told = Run(text if together else upper_first(text))
    sentence = writer.remark((told,), " ".join(comments(material, row)))
    source = (Run(f" [{given.source}]"),) if given.source and not material.edited else ()
    return Item((*sentence, *source), given.fact.name, (given.fact.name,))


def comments(material: Material, row: Numbered) -> Iterator[str]:
    """What the officer has to know of a fact: whether it is proved, whether it decides, and what is noted of it."""
    phrases, given = material.phrases, row.given
    members = [g for g in material.analyses if not row.parcels or g.parcel.id in row.parcels]
    relied = any(given.fact.name in material.used(analysis) for analysis in members)
    if relied and given.standing in ("stated", "disputed", "assumed"):
        papers = lower_first(given.fact.evidence) if given.fact.evidence else ""
        evidence = phrases("facts.proof.evidence").format(papers=papers) if papers else ""
        yield phrases(f"facts.proof.{given.standing}").format(evidence=evidence).strip()
        bearing = [b for g in members for b in g.bearing if b.given.fact.name == given.fact.name]
        if bearing:
            yield phrases("facts.proof.decides").format(without=bearing[0].without)
    if given.note:
        long = len(given.note) > LONG_NOTE
        yield phrases("facts.proof.note_long" if long else "facts.proof.note").format(note=given.note.strip())


def long_notes(material: Material) -> list[tuple[str, str]]:
    """Notes too long for a comment: the sentence of the fact, and the note."""
    return [
        (upper_first(material.sentence(row)) + ".", row.given.note)
        for row in material.numbered
        if len(row.given.note) > LONG_NOTE
    ]
