"""The report of an edited version: every replacement, what was left out, and every place a person should check."""

from __future__ import annotations

from collections.abc import Iterator

from caprev.documents.content.escaping import escape
from caprev.documents.content.model import Document, inlines_of, runs_of
from caprev.documents.drafts.checks import Check
from caprev.documents.drafts.material import Material
from caprev.documents.edited.editor import Editor


def report(editor: Editor, material: Material, document: Document, checks: list[Check], name: str) -> str:
    """The whole report, as Markdown, on a document in a file of that name. It is not for publication."""
    phrases = editor.phrases

    def words(key: str) -> str:
        return phrases(f"edited.report.{key}")

    lines = [f"# {escape(words('title').format(title=document.subject))}", "", escape(words("lead")), ""]
    lines += [f"## {escape(words('replaced'))}", ""]
    rows = list(editor.replacements.values())
    if rows:
        header = list(map(str, phrases.listed("edited.report.header")))
        lines += [f"| {' | '.join(header)} |", f"|{'---|' * len(header)}"]
        lines += [
            f"| {row.kind} | {escape(row.original)} | {escape(row.placeholder)} | {escape(row.where)} |" for row in rows
        ]
    else:
        lines.append(words("nothing"))
    left = list(_left_out(material, words))
    lines += ["", f"## {escape(words('left_out'))}", ""]
    lines += [f"- {escape(what)}: {count}" for what, count in left] or [words("nothing")]
    lines += ["", f"## {escape(words('check'))}", ""]
    lines += [f"- {escape(text)}" for text in _to_check(editor, material, document, name)]
    lines += [f"- {escape(check.name)}: {escape(check.found)}" for check in checks if not check.ok]
    return "\n".join(lines) + "\n"


def _left_out(material: Material, words: object) -> Iterator[tuple[str, int]]:
    """Free text of the fact set that the edited version does not show at all."""
    assert callable(words)
    about = material.assessment.matter.about
    rows = material.numbered
    questions = about.get("questions")
    counts = {
        "sources": sum(bool(row.given.source) for row in rows),
        "notes": sum(bool(row.given.note) for row in rows),
        "matter_notes": int(bool(about.get("notes"))),
        "title_own": int(bool(about.get("title"))),
        "questions": len(questions) if isinstance(questions, list) else int(bool(questions)),
        "parcels": len(material.analyses) if material.several else 0,
    }
    for key, count in counts.items():
        if count:
            yield words(key), count


def _to_check(editor: Editor, material: Material, document: Document, name: str) -> Iterator[str]:
    """The places where a person has to decide."""
    phrases = editor.phrases

    def words(key: str) -> str:
        return phrases(f"edited.report.checks.{key}")

    yield " ".join(words("read").split())
    facts = [row.given.fact.words for row in material.numbered if row.given.at]
    telling = editor.telling(name)
    if telling:
        yield words("file").format(words=", ".join(telling))
    yield words("combination").format(facts=", ".join(facts))
    for text in editor.texts:
        yield words("text").format(text=text)
    runs = (run for block in document.blocks for found in inlines_of(block) for run in runs_of(found))
    law = " ".join(run.text for run in runs if run.law)
    for value in dict.fromkeys(row.original for row in editor.replacements.values()):
        if len(value) > 3 and value in law:
            yield words("coincidence").format(value=value)
    years = [row.placeholder for row in editor.replacements.values() if row.kind == "date"]
    if years:
        yield words("year").format(years=", ".join(dict.fromkeys(years)))
    yield words("counts")
