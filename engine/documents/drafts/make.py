"""A draft: one content model, three templates, four formats, checked and, where asked for, edited for publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from caprev.documents.content import docx, html, markdown, pdf
from caprev.documents.content.model import FORMATS, Document, rewritten
from caprev.documents.drafts import advice, debate_sheet, edits, ruling
from caprev.documents.drafts.checks import Check, Checker, attach_check
from caprev.documents.drafts.material import Material
from caprev.documents.edited.editor import Editor
from caprev.documents.words import phrases
from caprev.documents.words.citations import Citer
from caprev.documents.words.phrases import Phrases
from caprev.errors import BadInput, Problem, listing
from caprev.files.reading import Source
from caprev.reasoning.analysis import Assessment
from caprev.teaching.debate import Debate

_BUILDERS: Mapping[str, Callable[[Material], tuple[Document, Citer]]] = {
    "ruling": ruling.build,
    "advice": advice.build,
    "debate": debate_sheet.build,
}


@dataclass(frozen=True)
class Draft:
    """A finished draft: its content, the model it was rendered from, its checks, and the report of replacements."""

    content: bytes
    document: Document
    checks: tuple[Check, ...]
    report: str


def form_of(target: str | Path) -> str:
    """The format that a file's name asks for. Raises BadInput."""
    form = Path(target).suffix.lower().removeprefix(".")
    if form not in FORMATS:
        allowed = listing(f".{name}" for name in FORMATS)
        raise BadInput(Problem("is not a kind of document that can be written", str(target), allowed=allowed))
    return form


def make(
    assessment: Assessment,
    found: Source,
    rules: str | Path,
    form: str,
    template: str = "ruling",
    edited: bool = False,
    debates: Sequence[Debate] = (),
) -> Draft:
    """A draft of an assessed fact set; a debate sheet needs the debate on every parcel. Raises BadInput."""
    wordings = phrases.load(rules, assessment.rulebook)
    editor = Editor(found, wordings) if edited else None
    material = Material(assessment, found, wordings, editor, debates)
    document, citer = _BUILDERS[template](material)
    checks: list[Check] = []
    if template == "ruling":
        checks = Checker(material, document, citer).run()
        if not edited:
            document = _with_check(document, material, checks)
    report = ""
    if editor:
        document = rewritten(document, editor.change, comments=False)
        report = edits.report(editor, material, document, checks)
    return Draft(render(document, form, wordings), document, tuple(checks), report)


def render(document: Document, form: str, wordings: Phrases) -> bytes:
    """A document in one of the formats."""
    comments, notes = wordings("ruling.labels.comments"), wordings("ruling.labels.footnotes")
    if form == "docx":
        return docx.render(document)
    if form == "pdf":
        return pdf.render(document, comments)
    if form == "html":
        return html.render(document, notes, comments).encode("utf-8")
    return markdown.render(document, comments).encode("utf-8")


def _with_check(document: Document, material: Material, checks: list[Check]) -> Document:
    """The check stands with the attachments, before what is said about the draft."""
    parts = list(document.parts)
    place = next(index for index, part in enumerate(parts) if part.name == "attachments")
    parts.insert(place + 1, attach_check(material, checks))
    return replace(document, parts=tuple(parts))
