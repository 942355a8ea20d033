"""An assessment in the form that is asked for, each form read from its module only where it is."""

from __future__ import annotations

from caprev.argument.tree import arguments
from caprev.documents.content import text as terminal
from caprev.documents.reports import memorandum
from caprev.reasoning.analysis import Assessment


def shown(assessment: Assessment, form: str, detail: bool, paint: terminal.Paint = terminal.plain) -> str:
    """An assessment as text, JSON, Markdown or HTML."""
    reasons = arguments(assessment)
    if form == "json":
        from caprev.documents.reports import assessment_json  # here: a text needs no other format, and no pictures

        return assessment_json.render(assessment, reasons)
    if form == "markdown":
        from caprev.documents.content import markdown

        return markdown.render(memorandum.page(assessment, reasons))
    if form == "html":
        from caprev.documents.content import html

        return html.render(memorandum.page(assessment, reasons, pictures=True))
    return memorandum.render(assessment, reasons, detail, paint)
