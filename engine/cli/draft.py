"""One matter as a document."""

from __future__ import annotations

import click

from caprev import record
from caprev.cli.common import FILE, LAW, Asked, Named, asking
from caprev.documents.drafts import make as drafts
from caprev.files import reading, targets


@click.command(short_help="Write one of the documents of the law: a decision, an advice, a letter.")
@FILE
@click.option("--to", "to", required=True, metavar="OUT", help="The document to write: .docx, .pdf, .html or .md.")
@click.option(
    "--template", cls=Named, metavar="NAME", default="", help="What to write: {documents}.  [default: {document}]"
)
@click.option("--edited", is_flag=True, help="The de-identified form for publication, with a report of replacements.")
@click.option("--record", "record_to", metavar="FILE", help="Where the record goes.  [default: OUT.record.json]")
@asking(*LAW, "parcel", strictly="draft")
def draft(asked: Asked, file: str, to: str, template: str, edited: bool, record_to: str | None) -> None:
    """Write a draft from a fact set: one of the documents that the law asked for has, as --template lists them.

    Letters ask for what is missing: of an applicant, or of a client, whose answers come back as facts.

    With it goes a record (OUT.record.json) from which it can be reproduced. An edited version comes with a report of
    every replacement (OUT.edits.md); neither is for publication.

    Exit code 0: written; 2: bad input, nothing written.

    \b
    Examples:
      caprev draft cases/au-land/rulings/1052196215679.yaml --to ruling.docx
      caprev draft cases/au-land/rulings/1052196215679.yaml --to public.md --edited
      caprev draft matter.yaml --template advice --to advice.pdf
    """
    template, _ = asked.book.pack.document(template, edited)
    form = drafts.form_of(to)
    kept, edits = record_to or f"{to}.record.json", f"{to}.edits.md"
    targets.check([to, kept, edits] if edited else [to, kept], [file])
    found = reading.read(file)
    assessment = asked.assessed(asked.assessor.matter(found))
    request = record.requested(
        assessment, "draft", form, template=template, edited=edited, parcel=asked.parcel, without=asked.without
    )
    made = record.drafted(asked.assessor, found, request, assessment, to)
    report = {edits: made.report.encode("utf-8")} if edited else {}
    asked.save(
        {to: made.content} | report | {kept: record.make(asked.assessor, found, request, assessment, made.content)}
    )
    for check in made.checks:
        click.echo(f"[{'ok' if check.ok else '!!'}] {check.name}: {check.found}")
    click.echo(f"Written: {', '.join((to, kept, *report))}")
