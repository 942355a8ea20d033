"""What stands beside the rules (wordings, plan of measurement, comparators, examples), and whether it can be used."""

from __future__ import annotations

from collections.abc import Iterator

from caprev import record
from caprev.documents.words import phrases, proofreading
from caprev.errors import BadInput, Problem, listing
from caprev.evaluation import decided
from caprev.files import reading
from caprev.reasoning.assess import Assessor


def gaps(assessor: Assessor) -> Iterator[Problem]:
    """What a rulebook or a case base may do without, and what cannot be done without it."""
    rules, cases = assessor.rules_directory, assessor.cases_directory
    if not ((rules / "drafts").is_dir() or assessor.book.pack.papers):  # what is declared must have its wordings
        yield Problem("does not exist: 'draft' can write no document", str(rules / "drafts"))
    if not (rules / "evaluation.yaml").exists():
        what = "does not exist: 'evaluate' and 'calibrate' cannot be run"
        yield Problem(what, str(rules / "evaluation.yaml"))
    try:
        none = not assessor.cases.cases
    except BadInput:  # what is wrong with the cases is reported as errors
        none = False
    if none:
        yield Problem("holds no decided case: none can bind, be argued from, or be an exercise", str(cases))


def faults(assessor: Assessor) -> Iterator[Problem]:
    """What is wrong with the plan, the comparators and examples, and the wordings, so far as there are any."""
    for check in (_plan, _fact_sets, _wordings):
        try:
            yield from check(assessor)
        except BadInput as error:
            yield from error.problems


def _plan(assessor: Assessor) -> tuple[Problem, ...]:
    if (assessor.rules_directory / "evaluation.yaml").exists():
        decided.plan(assessor.rules_directory, assessor.book)
    return ()


def _fact_sets(assessor: Assessor) -> Iterator[Problem]:
    """Comparators and examples that cannot be read, and comparators that do not say how they were decided."""
    for folder in assessor.book.pack.folders:
        for path in sorted((assessor.cases_directory / folder).rglob("*.yaml")):
            try:
                found = reading.read(path)
                assessor.matter(found)
            except BadInput as error:
                yield from error.problems
                continue
            data = found.data if isinstance(found.data, dict) else {}
            if "comparator" in data:
                record = data["comparator"]
                outcome = record.get("outcome") if isinstance(record, dict) else None
                known = (*assessor.book.sides.conclusions[:-1], "mixed")
                if outcome not in known:
                    line = found.line(("comparator", "outcome"))
                    what = f"has the outcome '{outcome}'"
                    yield Problem(what, found.file, line, "comparator", ", ".join(known))


def _wordings(assessor: Assessor) -> Iterator[Problem]:
    """Wordings that name what does not exist; or else every document written once, to see what it lacks."""
    if lacking := list(_lacking(assessor)):
        yield from lacking
        return
    if not (assessor.rules_directory / "drafts").is_dir():
        return
    wordings = phrases.load(assessor.rules_directory, assessor.book)
    named = proofreading.faults(wordings, assessor.cases.cases)
    yield from named or _unwritten(assessor)


def _lacking(assessor: Assessor) -> Iterator[Problem]:
    """Documents that the pack declares and whose wordings are not there."""
    said, drafts = reading.read(assessor.rules_directory / "pack.yaml"), assessor.rules_directory / "drafts"
    for name, paper in assessor.book.pack.papers.items():
        files = [drafts / f"{file}.yaml" for file in phrases.files((paper,))] if drafts.is_dir() else [drafts]
        if missing := [str(file) for file in files if not file.exists()]:
            what = f"has no wordings: {listing(missing)} {'do' if missing[1:] else 'does'} not exist"
            yield Problem(what, said.file, said.line(("documents", name)), f"documents.{name}")


def _unwritten(assessor: Assessor) -> Iterator[Problem]:
    """What stops a document of an empty fact set from being written."""
    nothing = reading.parse("{}", "an empty fact set")
    assessment = assessor.assess(assessor.matter(nothing))
    told: dict[Problem, None] = {}
    for template, paper in assessor.book.pack.documents.items():
        for edited in (False, True)[: 1 + paper.edited]:
            request = record.requested(assessment, "draft", "md", template=template, edited=edited)
            try:
                record.drafted(assessor, nothing, request, assessment)
            except BadInput as error:
                told.update(dict.fromkeys(error.problems))
    yield from told
