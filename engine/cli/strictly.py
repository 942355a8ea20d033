"""Commands on a pack of strict rules: what follows, what is missing, when it turns."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from caprev import record, record_strict
from caprev.api import naming
from caprev.argument.tree import arguments
from caprev.cli.common import UNDETERMINED, Asked
from caprev.cli.common import ending as common_ending
from caprev.documents.content import text as terminal
from caprev.documents.content.model import Document
from caprev.documents.drafts import make as drafts
from caprev.documents.reports import memorandum
from caprev.documents.reports import strict as told
from caprev.documents.reports import strict_changes as changing
from caprev.documents.reports.forms import shown
from caprev.errors import BadInput, Problem, listing
from caprev.files import reading, targets
from caprev.files.reading import Value
from caprev.reasoning.analysis import Assessment
from caprev.review import editors
from caprev.review import strict_pages as pages
from caprev.strict import answer, asking, book, changes, examples, matter, rows
from caprev.strict import schema as schemas
from caprev.strict.answer import Answer
from caprev.strict.book import Book
from caprev.strict.matter import Setting


def refuse(asked: Asked, what: str) -> None:
    """Says of a command or an option that it does not apply. Raises BadInput."""
    raise BadInput(Problem(f"{what} does not apply: the pack has strict rules only", str(asked.rules)))


def law(asked: Asked) -> Book:
    """The strict rules that are asked. Raises BadInput."""
    return book.load(asked.rules)


def recorded(asked: Asked) -> record_strict.Law:
    """The strict rules that are asked, as records take them. Raises BadInput."""
    return record_strict.Law(law(asked), asked.rules, asked.cases)


def answered(asked: Asked, file: str) -> Answer:
    """A matter under the strict rules of a pack. Raises BadInput."""
    return record_strict.answered(recorded(asked), reading.read(file), _request(asked, "assess", asked.form))


def _request(asked: Asked, command: str, form: str, **options: Any) -> record.Request:
    for name, given in (("--position", asked.position), ("--without", asked.without)):
        if given:
            refuse(asked, name)
    return record_strict.requested(command, form, asked.as_at, parcel=asked.parcel, **options)


def ending(found: Answer) -> int:
    """The exit code: 3 where a question is open, else 0."""
    return UNDETERMINED if found.open else 0


def assess(asked: Asked, file: str, detail: bool, record_to: str | None) -> int:
    """The answers as text, JSON, Markdown or HTML, with a record of them if one is wanted; 3 where one is open."""
    under, source = recorded(asked), reading.read(file)
    request = _request(asked, "assess", asked.form, detail=detail)
    found = record_strict.answered(under, source, request)
    if record_to is not None:
        plain = record_strict.output(request, found)
        kept = record_strict.make(under, source, request, found, plain)
        asked.save(({asked.out: plain} if asked.out else {}) | {record_to: kept})
    if not (record_to and asked.out):
        asked.write(record_strict.shown(found, asked.form, detail, asked.paint))
    return ending(found)


def verify(asked: Asked, file: str, output: str | None) -> record.Verdict:
    """A record of strict rules, made again."""
    return record_strict.verify(file, recorded(asked), output)


def replay(asked: Asked, file: str) -> int:
    """The facts of a record under the strict rules of now, or as at another day."""
    if asked.position:
        refuse(asked, "--position")
    found, lines = record_strict.replay(file, recorded(asked), asked.as_at)
    click.echo("\n".join(lines))
    return ending(found)


def beside(asked: Asked, assessment: Assessment, source: reading.Source, detail: bool) -> int:
    """What was weighed, and then the strict rules of the same pack, to which it may answer a fact."""
    rules, concluded = law(asked), assessment.conclusions[0].characterisation
    found = answer.answer(rules, answer.beside(rules, matter.read(source, rules, asked.as_at), concluded))
    if asked.form == "json":
        weighed = json.loads(shown(assessment, "json", detail))
        asked.write(json.dumps({**weighed, "strict": told.data(found)}, indent=2, ensure_ascii=False) + "\n")
    elif asked.form == "text":
        page = told.document(found, detail)
        asked.write(f"{shown(assessment, 'text', detail, asked.paint)}\n{terminal.dense(page, asked.paint)}")
    else:
        page = memorandum.page(assessment, arguments(assessment))
        _write(asked, replace(page, parts=(*page.parts, *told.document(found, detail).parts)))
    return max(ending(found), common_ending(assessment.conclusions))


def _write(asked: Asked, page: Document, data: Any = None) -> None:
    if asked.form == "json":
        asked.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
    else:
        asked.write(record_strict.page(page, asked.form, asked.paint))


def missing(asked: Asked, file: str) -> int:
    """The facts not known that anything waits on."""
    found = answered(asked, file)
    items = changes.missing(found)
    _write(asked, changing.missing(found, items), changing.missing_data(items))
    return ending(found)


def flips(asked: Asked, file: str, fixed: Iterable[str], free: Iterable[str]) -> int:
    """The next day on which each event turns, and single facts that would move an answer."""
    found = answered(asked, file)
    held, freed = (naming.facts(found.book, names) for names in (fixed, free))
    days, turns = changes.turning_days(found), changes.flips(found, held, freed)
    _write(asked, changing.flips(found, days, turns, changes.YEARS), changing.flips_data(days, turns))
    return ending(found)


def whatif(asked: Asked, file: str, settings: Iterable[str]) -> int:
    """Both answers side by side, on the facts as they are and as supposed."""
    found = answered(asked, file)
    other = changes.supposed(found, [_setting(found, text) for text in settings])
    if asked.parcel:
        other = answer.only(other, asked.parcel)
    _write(asked, changing.compared(found, other), list(changing.differences(found, other)))
    return ending(other)


def compare(asked: Asked, left: str, right: str) -> int:
    """Two matters side by side: what is answered otherwise, event by event of the same name, and what only one has."""
    one, two = answered(asked, left), answered(asked, right)
    _write(asked, changing.compared(one, two, beside=True), list(changing.differences(one, two)))
    return max(ending(one), ending(two))


def _setting(found: Answer, text: str) -> Setting:
    """`section.fact=value`, or `EVENT:section.fact=value`. Raises BadInput."""
    name, sign, value = text.partition("=")
    event, colon, fact = name.rpartition(":")
    if not sign or not value.strip():
        raise BadInput(Problem(f"--set {text}: is not section.fact=value, or EVENT:section.fact=value"))
    if colon:
        found.part(event)
    fact = fact.strip()
    if fact not in found.book.vocabulary:
        raise BadInput(Problem(f"'{fact}' is not in the vocabulary", "--set", fix=found.book.vocabulary.nearest(fact)))
    written = reading.parse(value, "--set").data
    return Setting(fact, written, event)


def draft(asked: Asked, file: str, to: str, template: str, edited: bool, record_to: str | None) -> None:
    """The answers as a document, with every rule and authority, and its record."""
    under = recorded(asked)
    template, _ = under.book.pack.document(template, edited)
    form, kept = drafts.form_of(to), record_to or f"{to}.record.json"
    targets.check([to, kept], [file])
    source = reading.read(file)
    request = _request(asked, "draft", form, template=template)
    found = record_strict.answered(under, source, request)
    content = record_strict.output(request, found)
    asked.save({to: content, kept: record_strict.make(under, source, request, found, content)})
    click.echo(f"Written: {to}, {kept}")


def lint(asked: Asked) -> None:
    """Every fault of the law, and every example that does not come out."""
    rules = law(asked)
    faults = [*examples.rules(rules), *examples.folder(rules, asked.cases)]
    warnings = list(pages.warnings(rules, asked.cases))
    for problem in warnings:
        click.echo(f"warning: {problem}")
    if faults:
        raise BadInput(faults)
    counted = sum(len(rule.examples) for rule in rules.rules.values())
    click.echo(
        f"{len(rules.questions)} questions, {len(rules.rules)} rules, {len(rules.amounts)} amounts, "
        f"{len(rules.parameters)} parameters, {len(rules.warnings)} warnings, {counted} examples, "
        f"{len(examples.files(asked.cases))} matters: no errors, {len(warnings)} warnings."
    )


def list_rules(asked: Asked, unverified: bool) -> None:
    """Questions, rules, amounts, parameters, warnings and regimes, a line each."""
    rules = law(asked)
    click.echo("\n".join(pages.unread(rules) if unverified else pages.listing(rules)))


def show(asked: Asked, rule: str) -> None:
    """One of them as it stands."""
    click.echo(pages.shown(law(asked), asked.rules, rule), nl=False)


def docs(asked: Asked, folder: str) -> None:
    """All of it as Markdown pages."""
    found = pages.handbook(law(asked))
    asked.save({str(Path(folder) / name): page for name, page in found.items()}, folders=True)
    click.echo(f"{listing(found)}: {Path(folder) / 'index.md'}")


def schema(asked: Asked, what: str) -> None:
    """The schema of fact sets, or of what the pack says of itself."""
    if what not in ("facts", "pack"):
        refuse(asked, f"--of {what}")
    book = law(asked)
    found = schemas.schema(book) if what == "facts" else editors.declared(type(book.pack), book.pack.version)
    asked.write(json.dumps(found, indent=2) + "\n")


def batch(asked: Asked, source: str, target: str, kind: str, explain_top: int, by: str) -> None:
    """A row for each event of each fact set, by columns where they can tell for certain."""
    from caprev.columns.strict_rows import Writer  # here: no other command needs columns

    if kind != "polars" or explain_top or by:
        refuse(asked, "--engine, --explain-top or --by")
    rules = law(asked)
    writer = Writer(rules)
    found = list(writer.rows(rows.entries(rules, Path(source), asked.as_at)))
    asked.save({target: rows.rendered(rules, found, Path(target).suffix)})
    bad = sum(row["error"] is not None for row in found)
    click.echo(f"{len(found)} rows, {bad} with an error: {target}")
    click.echo(writer.counted.told)


def ask(asked: Asked, file: str, line: Callable[[str], str | None]) -> int:
    """Asks for what is missing until nothing is, or the input ends; saves after every answer."""
    rules = law(asked)
    path = Path(file)
    named: dict[str, Value] = {"pack": rules.name} if rules.name else {}
    data: dict[str, Value] = {"matter": {"id": path.stem, **named}}
    if path.exists():
        found = reading.read(path).data
        data = found if isinstance(found, dict) else data
    sitting = asking.Sitting(rules, file, data, asked.as_at)
    while (question := sitting.question()) is not None:
        click.echo(f"\n{question.text}")
        said = line("> ")
        if said is None or said.strip() in ("quit", "q"):
            break
        if wrong := sitting.take(question, said.strip()):
            click.echo(wrong)
            continue
        asked.save({file: sitting.text})
    click.echo(f"\n{terminal.dense(told.document(sitting.answer), asked.paint)}", nl=False)
    return ending(sitting.answer)
