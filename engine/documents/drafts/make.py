"""A draft: one content model, five kinds, four formats, checked and, where asked for, edited for publication."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from caprev.documents.content import docx, html, markdown, pdf
from caprev.documents.content.model import FORMATS, Document
from caprev.documents.drafts import advice, debate_sheet, edits, letters, problem, ruling
from caprev.documents.drafts.checks import Check, Checker, attach_check
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.publishing import NOTHING, published
from caprev.documents.edited.editor import Editor
from caprev.documents.words import phrases
from caprev.documents.words.citations import Citer
from caprev.documents.words.phrases import Phrases
from caprev.errors import BadInput, Problem, listing
from caprev.facts.matter import Matter
from caprev.files.reading import Source
from caprev.law.papers import Kind
from caprev.reasoning.analysis import Assessment
from caprev.teaching.debate import Debate

_BUILDERS: Mapping[Kind, Callable[[Material], tuple[Document, Citer]]] = {
    "ruling": ruling.build,
    "advice": advice.build,
    "debate": debate_sheet.build,
    "information": letters.information,
    "questionnaire": letters.questionnaire,
}
Again = Callable[[Matter], Assessment]
"""Assesses what may be published of a matter, as the matter itself was."""
Debates = Callable[[Assessment], Sequence[Debate]]
"""Holds the debate on every parcel of an assessment."""


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
    template: str = "",
    *,
    again: Again | None = None,
    debates: Debates | None = None,
    name: str = "",
) -> Draft:
    """A draft of an assessed fact set, or its edited version where it is said what assesses a matter `again`.

    `template` is the name of one of the pack's documents; without one it is the first.
    `debates` holds the debates of which a debate sheet tells, on what it shows; `name` is that of the draft's file,
    which is published with an edited version. Raises BadInput.
    """
    _, paper = assessment.rulebook.pack.document(template, edited=bool(again))
    wordings = phrases.load(rules, assessment.rulebook)
    build, held = _BUILDERS[paper.kind], debates if debates and paper.kind == "debate" else _no_debates
    report = ""
    if again:
        material, editor = Material(assessment, found, wordings), Editor(found, wordings)
        shown = again(published(assessment, found, editor))
        document, citer = build(Material(shown, NOTHING, wordings, held(shown), edited=True))
        checks = Checker(material, document, citer, edited=True).run() if paper.checks else []
        report = edits.report(editor, material, document, checks, Path(name).stem)
    else:
        material = Material(assessment, found, wordings, held(assessment))
        document, citer = build(material)
        checks = Checker(material, document, citer).run() if paper.checks else []
        document = _with_check(document, material, checks) if checks else document
    return Draft(render(document, form, wordings), document, tuple(checks), report)


def exercise(assessment: Assessment, found: Source, rules: str | Path, form: str, again: Again) -> tuple[bytes, bytes]:
    """A matter of one's own as an exercise, from what may be published: handout and answers. Raises BadInput."""
    wordings = phrases.load(rules, assessment.rulebook)
    shown = again(published(assessment, found, problem.Anonymous(found, wordings)))
    handout, answers = problem.sheets(Material(shown, NOTHING, wordings, edited=True))
    return render(handout, form, wordings), render(answers, form, wordings)


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


def _no_debates(_: Assessment) -> Sequence[Debate]:
    return ()


def _with_check(document: Document, material: Material, checks: list[Check]) -> Document:
    """The check stands with the attachments, before what is said about the draft."""
    parts = list(document.parts)
    place = next(index for index, part in enumerate(parts) if part.name == "attachments")
    parts.insert(place + 1, attach_check(material, checks))
    return replace(document, parts=tuple(parts))
