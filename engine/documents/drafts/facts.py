"""The facts of a document: numbered paragraphs that tell what happened, and for the officer how far each is proved."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from caprev.documents.content.model import Inline, Item, Listing, Run, Table
from caprev.documents.drafts.material import Material, Numbered
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.grammar import lower_first, upper_first
from caprev.facts.matter import Given

LONG_NOTE = 600


def state_facts(writer: Writer, material: Material) -> None:
    """What was stated in free words; then the facts of all parcels in paragraphs; then what is each parcel's own."""
    phrases = material.phrases
    if not material.numbered and not material.stated:
        writer.paragraph(phrases("ruling.missing.facts"))
    items = [Item((Run(text),)) for text in material.stated]
    for _, rows in groupby(material.numbered, lambda row: row.number):
        items.append(_paragraph(writer, material, list(rows)))
    if items:
        writer.add(Listing(tuple(items), start=1))


def _paragraph(writer: Writer, material: Material, rows: list[Numbered]) -> Item:
    """One paragraph, its sentences with comments on what is not proved and decides."""
    parcels = rows[0].parcels
    story = material.narrative(parcels[0] if parcels else "")
    done: list[Inline] = []
    if parcels:
        lead = material.phrases("ruling.parcel_lead").format(parcel=material.named(parcels))
        done.append(Run(f"{upper_first(lead)} "))
    by_name = {row.given.fact.name: row for row in rows}
    for text, names in story.told(story.clauses([row.given for row in rows])):
        done += [Run(" ")] if done and not plain_end(done) else []
        comment = " ".join(note for name in names for note in comments(material, by_name[name]))
        done += writer.remark((Run(upper_first(text)),), comment)
    names = tuple(row.given.fact.name for row in rows)
    return Item(tuple(done), names[0], names)


def plain_end(inlines: list[Inline]) -> bool:
    """Whether what is written so far ends with a space."""
    last = inlines[-1]
    return isinstance(last, Run) and last.text.endswith(" ")


def comments(material: Material, row: Numbered) -> Iterator[str]:
    """What the officer has to do about a fact before signing: one that is disputed or assumed, or that decides."""
    phrases, given = material.phrases, row.given
    members = [g for g in material.analyses if not row.parcels or g.parcel.id in row.parcels]
    relied = any(given.fact.name in material.used(analysis) for analysis in members)
    bearing = [b for g in members for b in g.bearing if b.given.fact.name == given.fact.name]
    if bearing or (relied and given.standing in ("disputed", "assumed")):
        papers = lower_first(given.fact.evidence) if given.fact.evidence else ""
        evidence = phrases("facts.proof.evidence").format(papers=papers) if papers else ""
        yield phrases(f"facts.proof.{given.standing}").format(evidence=evidence).strip()
        if bearing:
            yield phrases("facts.proof.decides").format(without=bearing[0].without)


def proof(writer: Writer, material: Material, level: int) -> None:
    """For the officer: every fact with its paragraph, where it comes from, and what would prove it."""
    phrases = material.phrases
    rows, names = [], []
    for row in material.numbered:
        given = row.given
        if not given.at:
            continue
        said = "; ".join(filter(None, (given.source, given.standing or "")))
        note = given.note.strip() if len(given.note) <= LONG_NOTE else phrases("facts.proof.note_long")
        note = f"{upper_first(note).rstrip('.')}." if note else ""
        last = " ".join(filter(None, (f"{upper_first(given.fact.evidence)}." if given.fact.evidence else "", note)))
        told = f"{upper_first(material.sentence(row))}."
        rows.append(tuple((Run(text),) for text in (str(row.number), told, said, last)))
        names.append(given.fact.name)
    if rows:
        writer.heading(level, phrases("ruling.labels.proof"))
        header = tuple(map(str, phrases.listed("ruling.worksheet.proof_header")))
        writer.add(Table("", header, tuple(rows), (6, 32, 28, 34), "proof", tuple(names)))
    partly = partly_known(material)
    if partly:
        writer.heading(level, phrases("ruling.labels.confirm"))
        writer.bullets(
            Item((Run(f"{upper_first(material.said(given))}{_noted(given.note)}."),), given.fact.name)
            for given in partly
        )


def partly_known(material: Material) -> list[Given]:
    """The facts that were given only in part, and are to be confirmed."""
    told = [row.given for row in material.numbered if _partly(material, row)]
    return [given for given in material.untold if given.at] + told


def _noted(note: str) -> str:
    return f" ({note.strip().rstrip('.')})" if note and len(note) <= LONG_NOTE else ""


def _partly(material: Material, row: Numbered) -> bool:
    """Whether a fact is told only so far as it is known."""
    known = row.given.written or row.given.knowledge
    whole = material.narrative(row.parcels[0] if row.parcels else "")
    return bool(row.given.at) and "is not" in whole.sentences.sentence(row.given) and known != row.given.fact.unknown


def long_notes(material: Material) -> list[tuple[str, str]]:
    """Notes too long for a table: the sentence of the fact, and the note."""
    return [
        (upper_first(material.sentence(row)) + ".", row.given.note)
        for row in material.numbered
        if len(row.given.note) > LONG_NOTE
    ]
