"""The command line: click commands only. What they do stands in `engine/`."""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import engine
from engine import citations, precedents, rulebook, source
from engine.assess import Assessment, Assessor
from engine.documents import text
from engine.documents.model import TEMPLATES
from engine.errors import BadInput, Problem, nearest
from engine.later import later

if TYPE_CHECKING:
    from engine import lint, pages, record, schema, sensitivity
    from engine.advising import compare, dialogue, flips, interview
    from engine.conclusion import Conclusion
    from engine.debating import coding, debate, drills, exercise
    from engine.documents import beside, blocks, evaluation, handbook, measured
    from engine.documents import changes as changed
    from engine.documents import debate as debates
    from engine.documents import exercise as exercises
    from engine.drawing import maps
    from engine.measuring import calibrate, evaluate, matters
else:  # most commands need few of these
    for _package, _modules in {
        "engine": ("lint", "pages", "record", "schema", "sensitivity"),
        "engine.advising": ("compare", "dialogue", "flips", "interview"),
        "engine.debating": ("coding", "debate", "drills", "exercise"),
        "engine.documents": ("beside", "blocks", "evaluation", "handbook", "measured"),
        "engine.drawing": ("maps",),
        "engine.measuring": ("calibrate", "evaluate", "matters"),
    }.items():
        for _name in _modules:
            globals()[_name] = later(f"{_package}.{_name}")
    changed = later("engine.documents.changes")
    debates = later("engine.documents.debate")
    exercises = later("engine.documents.exercise")

EXIT_UNDETERMINED = 3
_COLOURS = {"capital": "green", "revenue": "magenta", "open": "yellow"}


@contextmanager
def reporting() -> Iterator[None]:
    """Turns bad input into messages on stderr and exit code 2."""
    try:
        yield
    except BadInput as error:
        for problem in error.problems:
            click.echo(f"caprev: {problem}", err=True)
        sys.exit(2)


def where(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that choose another rulebook or case base."""
    command = click.option("--cases", "cases_dir", type=click.Path(), help="Another case base (a directory).")(command)
    return click.option("--rules", "rules_dir", type=click.Path(), help="Another rulebook (a directory).")(command)


def paint(words: str, style: str) -> str:
    """Colour for a terminal; headings are bold."""
    if style in ("heading", "title"):
        return click.style(words, bold=True)
    return click.style(words, fg=_COLOURS.get(style), bold=True)


def colourful() -> bool:
    """Colour only on a terminal, and never where NO_COLOR is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def write(output: str, to: str | None) -> None:
    """To standard output, or to a file that appears whole or not at all."""
    if to is None:
        click.echo(output, nl=False)
        return
    target = Path(to)
    if not target.name:
        raise BadInput(Problem("cannot be written (it is not a file name)", to))
    temporary = target.with_name(f".{target.name}.part")
    try:
        temporary.write_text(output, encoding="utf-8")
        temporary.replace(target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise BadInput(Problem(f"cannot be written ({error.strerror})", to)) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="caprev", prog_name="caprev")
def main() -> None:
    """Is a gain from land capital or revenue? An explained conclusion from a fact set.

    Support for a person's judgement: not advice and not a ruling.
    """


@main.command()
@click.argument("file", type=click.Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="How to show it.",
)
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@click.option("--parcel", default="", help="Assess only this parcel.")
@click.option("--without", multiple=True, metavar="CASE", help="Leave a decided case out of the base; repeatable.")
@click.option("--detail", is_flag=True, help="Show everything: limits, numbers, full citations.")
@click.option("--out", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--record", "record_to", metavar="FILE", help="Write a record from which this can be reproduced.")
@where
def assess(
    file: str,
    form: str,
    as_at: str,
    position: str,
    parcel: str,
    without: tuple[str, ...],
    detail: bool,
    out: str | None,
    record_to: str | None,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Assess a fact set and explain the conclusion.

    Exit code 0: concluded; 3: undetermined; 2: bad input.
    """
    with reporting():
        _check_date(as_at)
        found = source.read(file)
        assessor = engine.load(rules_dir, cases_dir)
        matter = assessor.matter(found)
        for case in without:
            _known_case(assessor, case)
        assessment = assessor.assess(matter, position, as_at, without, parcel)
        shown = _rendered(assessor, assessment, form, detail, colourful() and out is None)
        if record_to:
            request = record.requested(assessment, "assess", form, detail=detail, parcel=parcel, without=without)
            plain = _rendered(assessor, assessment, form, detail, False).encode("utf-8")
            kept = record.make(_law(assessor, rules_dir, cases_dir), found, request, assessment, plain)
            save({record_to: kept} | ({out: plain} if out else {}))
        if not (record_to and out):
            write(shown, out)
    undetermined = any(c.characterisation == "undetermined" for c in assessment.conclusions)
    sys.exit(EXIT_UNDETERMINED if undetermined else 0)


def _rendered(assessor: Assessor, assessment: Assessment, form: str, detail: bool, colour: bool) -> str:
    return record.shown(assessor, assessment, form, detail, paint if colour else text.plain)


def _check_date(day: str) -> None:
    try:
        if day and len(day) != 10:
            raise ValueError
        if day:
            source_day(day)
    except ValueError:
        raise BadInput(Problem(f"--as-at '{day}' is not a date", allowed="YYYY-MM-DD")) from None


def source_day(day: str) -> None:
    """Raises ValueError unless `day` is a whole date."""
    from engine.knowledge import day as read_day

    read_day(day)


def _known_case(assessor: Assessor, case: str) -> precedents.Case:
    if case not in assessor.cases.cases:
        raise BadInput(Problem(f"there is no decided case '{case}'", fix=nearest(case, list(assessor.cases.cases))))
    return assessor.cases.cases[case]


@main.command("schema")
@click.option("--out", metavar="FILE", help="Write to a file instead of standard output.")
@where
def schema_command(out: str | None, rules_dir: str | None, cases_dir: str | None) -> None:
    """Print a JSON Schema of fact sets, for editors (VS Code's YAML extension and others)."""
    with reporting():
        book = rulebook.load(rules_dir or engine.home("rules"))
        write(json.dumps(schema.schema(book.vocabulary, book.pack.version), indent=2) + "\n", out)


@main.group()
def rules() -> None:
    """Look at the rules, and check them."""


@rules.command("lint")
@where
def rules_lint(rules_dir: str | None, cases_dir: str | None) -> None:
    """Check every rule, its examples and its authority; report all problems together."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        notes = lint.warnings(assessor)
        faults = lint.errors(assessor)
        for note in notes:
            click.echo(f"warning: {note}")
        if faults:
            raise BadInput(faults)
        examples = sum(len(factor.examples) for factor in assessor.book.factors.values())
        click.echo(
            f"{len(assessor.book.factors)} factors, {len(assessor.book.nodes)} indicators, elements and issues, "
            f"{examples} examples, {len(assessor.cases.cases)} cases: no errors, {len(notes)} warnings."
        )


@rules.command("list")
@click.option("--favours", type=click.Choice(["capital", "revenue", "neutral"]), help="Only factors for one side.")
@click.option("--feeds", default="", help="Only factors that feed this indicator, element or issue.")
@where
def rules_list(favours: str | None, feeds: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """List issues, elements, indicators and factors."""
    with reporting():
        book = rulebook.load(rules_dir or engine.home("rules"))
        if feeds and feeds not in book.nodes:
            raise BadInput(
                Problem(f"'{feeds}' is not an indicator, element or issue", fix=nearest(feeds, list(book.nodes)))
            )
        if not (favours or feeds):
            for node in book.nodes.values():
                click.echo(f"{node.id:40} {node.kind:10} {node.title}")
        for factor in book.factors.values():
            if favours in (None, factor.favours) and (not feeds or feeds in factor.feeds):
                click.echo(f"{factor.id:40} {factor.favours:8} {factor.strength:13} {factor.text}")


@rules.command("show")
@click.argument("rule")
@where
def rules_show(rule: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """Show one factor, indicator, element, issue or unsettled point as it stands in the rulebook."""
    with reporting():
        book = rulebook.load(rules_dir or engine.home("rules"))
        click.echo(pages.rule(book, rule), nl=False)


@rules.command("docs")
@click.option("--out", "folder", required=True, metavar="DIR", help="The directory to write the pages to.")
@where
def rules_docs(folder: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """Write all rules and decided cases as Markdown pages, with an index: by theme, by question, by court."""
    with reporting():
        found = handbook.Handbook(engine.load(rules_dir, cases_dir)).pages()
        write_all({str(Path(folder) / name): text for name, text in found.items()})
        click.echo(f"{len(found)} pages: {Path(folder) / 'index.md'}")


@main.group()
def cases() -> None:
    """Look at decided cases and comparators."""


@cases.command("list")
@where
def cases_list(rules_dir: str | None, cases_dir: str | None) -> None:
    """List the decided cases: outcome, route, court, year, confidence of the reading."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        for case in assessor.cases.cases.values():
            standing = "" if case.shown else "  not shown as authority"
            click.echo(
                f"{case.id:45} {case.outcome:8} {case.route:26} {case.decided[:4]} {case.level:18} "
                f"{case.confidence}{standing}"
            )


@cases.command("show")
@click.argument("case")
@where
def cases_show(case: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """Show a decided case, or a comparator by its number: facts, outcome, because, despite, treatment."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        click.echo(pages.case(assessor, case), nl=False)


@cases.command("nearest")
@click.argument("file", type=click.Path())
@click.option("--most", default=5, show_default=True, help="How many for each side.")
@where
def cases_nearest(file: str, most: int, rules_dir: str | None, cases_dir: str | None) -> None:
    """The decided cases most on point for a fact set, for each side."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        for conclusion in assessor.assess(assessor.read(file)).conclusions:
            for side in ("capital", "revenue"):
                found = [p for p in conclusion.guidance.on_point if p.case.outcome == side][:most]
                click.echo(f"{conclusion.parcel.id}, for {side}:" + ("" if found else " none on point"))
                for p in found:
                    click.echo(f"  {citations.full(assessor.book, p.case.authority)}")
                    click.echo(f"    shared: {', '.join(p.decisive)}")
                    click.echo(f"    distinguishing: {', '.join(p.distinguishing) or 'nothing known'}")


@main.command()
@click.argument("file", type=click.Path())
@click.option("--side", type=click.Choice(["capital", "revenue"]), help="Who opens; by default the side concluded for.")
@click.option("--moves", "most", type=click.IntRange(1), metavar="N", help="At most N moves; the close is the last.")
@click.option("--vary", multiple=True, metavar="FACT", help="Walk the hypotheticals along this number; repeatable.")
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@click.option("--parcel", default="", help="Argue only this parcel.")
@click.option("--without", multiple=True, metavar="CASE", help="Leave a decided case out of the base; repeatable.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True, help="Form."
)
@click.option("--out", metavar="FILE", help="Write to a file instead of standard output.")
@where
def argue(
    file: str,
    side: str | None,
    most: int | None,
    vary: tuple[str, ...],
    as_at: str,
    position: str,
    parcel: str,
    without: tuple[str, ...],
    form: str,
    out: str | None,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Argue both sides, move by move: cases cited, distinguished and answered, hypotheticals, and the close.

    Ends with what another position would change. Exit code 0: concluded; 3: undetermined; 2: bad input.
    """
    with reporting():
        _check_date(as_at)
        assessor = engine.load(rules_dir, cases_dir)
        matter = assessor.read(file)
        for case in without:
            _known_case(assessor, case)
        assessment = assessor.assess(matter, position, as_at, without, parcel)
        held = debate.debate(assessor, assessment, side or "", most or 0, vary, without)
        if form == "text":
            shown = debates.text(assessment, held, paint if colourful() and out is None else text.plain)
        else:
            shown = (debates.data if form == "json" else debates.as_markdown)(assessment, held)
        write(shown, out)
    undetermined = any(c.characterisation == "undetermined" for c in assessment.conclusions)
    sys.exit(EXIT_UNDETERMINED if undetermined else 0)


@main.command("exercise")
@click.option("--case", default="", help="The decided case; without it the seed draws one.")
@click.option("--seed", type=click.IntRange(0), metavar="N", help="What is drawn follows from it; printed.")
@click.option("--hypotheticals", "count", type=click.IntRange(0, 50), default=0, metavar="N", help="Variations to add.")
@click.option("--code", is_flag=True, help="Code the facts from the decision itself instead of predicting.")
@click.option("--coded", metavar="FILE", help="Compare this coding (a fact set) of the decision.")
@click.option("--out", "folder", metavar="DIR", help="Write a handout and an answer sheet instead of asking.")
@click.option(
    "--format", "form", type=click.Choice(["markdown", "html"]), default="markdown", show_default=True, help="Of files."
)
@where
def exercise_command(
    case: str,
    seed: int | None,
    count: int,
    code: bool,
    coded: str | None,
    folder: str | None,
    form: str,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """An exercise on a decided case: its facts without the outcome, your prediction, and a score that explains itself.

    Asks on the keyboard or over a pipe. With --out it writes handout and answers, the same bytes for the same seed.
    """
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        put = exercise.prepare(assessor, random.SystemRandom().randrange(1_000_000) if seed is None else seed, case)
        blind = exercise.blind(assessor, put)
        if coded or code:
            if not case:
                raise BadInput(Problem("coding needs the decision at hand", fix="Name it with --case"))
            click.echo(f"The decision: {exercise.full(assessor, put.case)}")
            matter = assessor.read(coded) if coded else coding.code(assessor, put, _ask)
            score = coding.compare(assessor, put, matter)
            concluded = assessor.assess(matter, without=[case]).conclusions[0]
            click.echo("\n".join(exercises.coded(assessor, put, score, concluded)))
            return
        decided, variations = drills.drills(assessor, put.case, count, put.seed)
        if folder or count:
            sheets = {
                "handout": exercises.handout(assessor, put, variations),
                "answers": exercises.answers(assessor, put, decided, blind, variations),
            }
            shown = {name: sheet.html() if form == "html" else sheet.markdown() for name, sheet in sheets.items()}
            if folder is None:
                click.echo("\n".join(shown.values()), nl=False)
                return
            suffix = "html" if form == "html" else "md"
            write_all({str(Path(folder) / f"{name}.{suffix}"): text for name, text in shown.items()})
            click.echo(f"Seed {put.seed}: {folder}/handout.{suffix}, {folder}/answers.{suffix}")
            return
        click.echo("\n".join(exercises.question(assessor, put)))
        prediction = exercise.predict(assessor, put, _ask)
        score = exercise.score(assessor, put, prediction)
        click.echo("\n".join(exercises.result(assessor, put, prediction, score)))


def _ask(prompt: str) -> str:
    """One answer from the keyboard or a pipe."""
    click.echo(prompt, nl=False)
    line = sys.stdin.readline()
    if not line:
        click.echo()
        raise BadInput(Problem("the answers ended before the last question; nothing was scored"))
    if not sys.stdin.isatty():
        click.echo(line.rstrip("\n"))
    return line.strip()


def write_all(outputs: dict[str, str]) -> None:
    """Files of one folder, which appear together or not at all."""
    parts: list[tuple[Path, Path]] = []
    try:
        for to, output in outputs.items():
            target = Path(to)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{target.name}.part")
            parts.append((part, target))
            part.write_text(output, encoding="utf-8", newline="\n")
        for part, target in parts:
            part.replace(target)
    except OSError as error:
        for part, _ in parts:
            part.unlink(missing_ok=True)
        raise BadInput(Problem(f"cannot be written ({error.strerror})", str(Path(to).parent))) from None


@main.command()
@click.argument("file", type=click.Path())
@click.option(
    "--kind",
    type=click.Choice(["balance", "cases", "tornado", "graph"]),
    default="balance",
    show_default=True,
    help="Which picture.",
)
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@click.option("--parcel", default="", help="Which parcel, where there are several.")
@click.option("--without", multiple=True, metavar="CASE", help="Leave a decided case out of the base; repeatable.")
@click.option("--out", metavar="FILE", help="Write to a file (.svg) instead of standard output.")
@where
def plot(
    file: str,
    kind: str,
    as_at: str,
    position: str,
    parcel: str,
    without: tuple[str, ...],
    out: str | None,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Draw a fact set as SVG: balance of factors, map of cases, tornado of facts, graph of the argument."""
    with reporting():
        _check_date(as_at)
        assessor = engine.load(rules_dir, cases_dir)
        matter = assessor.read(file)
        for case in without:
            _known_case(assessor, case)
        if len(matter.parcels) > 1 and not parcel:
            names = [item.id for item in matter.parcels]
            raise BadInput(Problem("has several parcels, and a picture is of one", file, allowed=", ".join(names)))
        assessment = assessor.assess(matter, position, as_at, without, parcel)
        write(maps.picture(kind, engine.arguments(assessor, assessment)[0]), out)


@main.command("evaluate")
@click.option(
    "--set",
    "name",
    metavar="SET",
    default="all",
    show_default=True,
    help="cases, rulings, guidance, all, or a path: a list of decided matters, or a directory of comparators.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How to show it.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--out", metavar="FILE", help="Write to a file; Markdown has its pictures (SVG) written beside it.")
@where
def evaluate_command(
    name: str, form: str, as_json: bool, out: str | None, rules_dir: str | None, cases_dir: str | None
) -> None:
    """Run decided matters through the system, and simpler methods on the same; every miss with its reasons.

    No matter is weighed with numbers or cases that saw it. Takes about half a minute for all sets.
    """
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        plan = matters.plan(rules_dir or engine.home("rules"))
        reports = evaluate.Evaluation(assessor, plan).reports(name)
        if as_json or form == "json":
            write(measured.render(reports, plan, assessor.book), out)
            return
        if form == "text":
            write(blocks.plain(evaluation.page(reports, plan, assessor.book)), out)
            return
        stem = Path(out).stem if out else ""
        page = blocks.markdown(evaluation.page(reports, plan, assessor.book, stem))
        if out is None:
            write(page, None)
            return
        pictures = evaluation.pictures(reports, stem)
        write_all({out: page, **{str(Path(out).parent / file): text for file, text in pictures.items()}})


@main.command("calibrate")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if weighing.yaml is not what would be written.")
@where
def calibrate_command(check: bool, rules_dir: str | None, cases_dir: str | None) -> None:
    """Fit the numbers of weighing.yaml to decided matters, within the law's bounds, and write them.

    Strengths keep their order, and all numbers are drawn to the design's. Exit code 0: written, or as it should be.
    """
    with reporting():
        home = rules_dir or engine.home("rules")
        assessor = engine.load(rules_dir, cases_dir)
        plan = matters.plan(home)
        fitted = calibrate.Calibrator(assessor.book, matters.fitted(assessor, plan), plan).shipped()
        path = Path(home) / "weighing.yaml"
        before = path.read_text("utf-8")
        after = calibrate.written(before, fitted)
        for line in calibrate.changes(assessor.book.weighing, fitted):
            click.echo(line)
        if not check:
            write(after, str(path))
    sys.exit(1 if check and after != before else 0)


@main.command()
@click.argument("file", type=click.Path(), required=False)
@click.option("--parcel", default="", help="Which parcel the answers are for, where the file has several.")
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@where
def ask(file: str | None, parcel: str, as_at: str, position: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """Ask for the facts in plain words, what matters most first; saves to FILE after every answer.

    Goes on with FILE if it exists (without FILE: interview.yaml here). Ends when no answer still missing could change
    the conclusion. Answers may also come from a pipe, one a line; `section.fact = answer` answers any question.
    Exit code 0: concluded as far as known; 3: undetermined; 2: bad input.
    """
    with reporting():
        _check_date(as_at)
        assessor = engine.load(rules_dir, cases_dir)
        sitting = interview.Interview(assessor, file or "interview.yaml", parcel, position, as_at)
        talk = dialogue.Dialogue(sitting, _line, click.echo)
        try:
            talk.run()
        except KeyboardInterrupt:
            talk.leave()
    sys.exit(EXIT_UNDETERMINED if sitting.conclusion.characterisation == "undetermined" else 0)


def _line(prompt: str) -> str | None:
    """One line from the keyboard or a pipe; None when the input has ended."""
    try:
        if sys.stdin.isatty():
            with suppress(ImportError):
                import readline  # noqa: F401  # lets the line be edited
            return input(prompt)
        line = sys.stdin.readline()
    except (EOFError, KeyboardInterrupt):
        return None
    except UnicodeDecodeError:
        raise BadInput(Problem("is not UTF-8 text", "<standard input>")) from None
    if line:
        click.echo(f"{prompt}{line.rstrip()}")
    return line or None


def concluded(file: str, parcel: str, as_at: str, position: str, assessor: Assessor) -> Assessment:
    """A fact set assessed, for commands that look at what would change it. Raises BadInput."""
    _check_date(as_at)
    return assessor.assess(assessor.read(file), position, as_at, parcel=parcel)


def looks(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options shared by the commands that look at what would change a conclusion."""
    for option in (
        click.option("--out", metavar="FILE", help="Write to a file instead of standard output."),
        click.option(
            "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Form."
        ),
        click.option("--parcel", default="", help="Only this parcel."),
        click.option("--position", default="", help="Answers to unsettled points: commissioner, courts."),
        click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD)."),
    ):
        command = option(command)
    return where(command)


def leave_with(conclusions: Iterable[Conclusion]) -> None:
    """Exit code 3 where a conclusion is undetermined, else 0."""
    undetermined = any(c.characterisation == "undetermined" for c in conclusions)
    sys.exit(EXIT_UNDETERMINED if undetermined else 0)


def brush(out: str | None) -> text.Paint:
    """Colour on a terminal."""
    return paint if colourful() and out is None else text.plain


@main.command("flips")
@click.argument("file", type=click.Path())
@click.option("--up-to", type=click.IntRange(1, 3), default=3, show_default=True, help="Change at most so many facts.")
@click.option("--fixed", multiple=True, metavar="FACT", help="Leave this fact or section as it is; repeatable.")
@click.option("--free", multiple=True, metavar="FACT", help="Change even this one, which is past and done; repeatable.")
@click.option("--most", default=100, show_default=True, type=click.IntRange(1), help="Show so many sets of changes.")
@click.option("--all", "every", is_flag=True, help="Show everything.")
@looks
def flips_command(
    file: str,
    up_to: int,
    fixed: tuple[str, ...],
    free: tuple[str, ...],
    most: int,
    every: bool,
    form: str,
    out: str | None,
    parcel: str,
    position: str,
    as_at: str,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """The smallest changes of known facts that would change the conclusion, and how far each fact could move it.

    Complete up to the size given; what is past and done (date and mode of acquisition) stays, unless freed.
    """
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        assessment = concluded(file, parcel, as_at, position, assessor)
        held, freed = _facts(assessor, fixed), _facts(assessor, free)
        parts, records = [], []
        for c in assessment.conclusions:
            changes = flips.known_changes(assessor, c, assessment.cases, held, freed)
            found = flips.flips(c, assessment.cases, changes, up_to)
            first = found if every or form == "json" else found[:most]
            shown = [flip for flip, _ in flips.verified(assessor, c, assessment.cases, first)]
            sways = flips.tornado(c, assessment.cases, changes)
            heading = parcel_heading(assessment, c.parcel.id)
            parts.append(changed.flips(c, shown, len(found), up_to, sways, 0 if every else 15, heading, brush(out)))
            records.append(changed.flips_data(c, shown, len(found), sways))
        write(json.dumps(records, indent=2) + "\n" if form == "json" else "\n".join(parts), out)
    leave_with(assessment.conclusions)


def _facts(assessor: Assessor, names: tuple[str, ...]) -> set[str]:
    """Facts by name, or all of a section. Raises BadInput."""
    vocabulary = assessor.book.vocabulary
    found: set[str] = set()
    problems = []
    for name in names:
        if name in vocabulary.sections:
            found |= {f"{name}.{fact}" for fact in vocabulary.sections[name]}
        elif name in vocabulary:
            found.add(name)
        else:
            problems.append(Problem("is not in the vocabulary", subject=name, fix=vocabulary.nearest(name)))
    if problems:
        raise BadInput(problems)
    return found


def parcel_heading(assessment: Assessment, parcel: str) -> str:
    """The parcel's name where there are several."""
    return f"Parcel {parcel}" if len(assessment.matter.parcels) > 1 else ""


@main.command("missing")
@click.argument("file", type=click.Path())
@click.option("--up-to", type=click.IntRange(1, 3), default=2, show_default=True, help="Sets of so many answers.")
@click.option("--most", default=12, show_default=True, type=click.IntRange(1), help="Show so many facts.")
@click.option("--all", "every", is_flag=True, help="Show everything.")
@looks
def missing_command(
    file: str,
    up_to: int,
    most: int,
    every: bool,
    form: str,
    out: str | None,
    parcel: str,
    position: str,
    as_at: str,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Which facts not known could change the conclusion, the smallest sets that settle it each way, and their proof."""
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        assessment = concluded(file, parcel, as_at, position, assessor)
        parts, records = [], []
        for c in assessment.conclusions:
            items = sensitivity.missing(c, assessor.known(c.parcel))
            found = flips.flips(c, assessment.cases, flips.learnable(assessor, c, assessment.cases), up_to)
            settling = []
            for side in ("capital", "revenue", "undetermined"):
                if side != c.characterisation:
                    sets = [flip for flip in found if flip.result.characterisation == side]
                    first = sets if every or form == "json" else sets[:100]
                    shown = [flip for flip, _ in flips.verified(assessor, c, assessment.cases, first)]
                    settling.append((side, shown, len(sets)))
            heading = parcel_heading(assessment, c.parcel.id)
            parts.append(changed.missing(c, items, settling, up_to, 0 if every else most, heading, brush(out)))
            records.append(changed.missing_data(c, items, settling))
        write(json.dumps(records, indent=2) + "\n" if form == "json" else "\n".join(parts), out)
    leave_with(assessment.conclusions)


@main.command("whatif")
@click.argument("file", type=click.Path())
@click.option("--set", "settings", multiple=True, required=True, metavar="FACT=VALUE", help="Suppose this; repeatable.")
@click.option("--all", "every", is_flag=True, help="Show everything, also what stays the same.")
@looks
def whatif_command(
    file: str,
    settings: tuple[str, ...],
    every: bool,
    form: str,
    out: str | None,
    parcel: str,
    position: str,
    as_at: str,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Suppose other facts: the two conclusions side by side, what moved and why.

    VALUE as in a fact set or in plain words: 25, 'about 20', 'also resale', '[farming, rental]', unknown.
    """
    with reporting():
        assessor = engine.load(rules_dir, cases_dir)
        assessment = concluded(file, parcel, as_at, position, assessor)
        parts, records, then = [], [], []
        for c in assessment.conclusions:
            supposed = compare.supposed(assessor, c, compare.settings(assessor, c.parcel, settings), file)
            diff = compare.differences(assessor, c, supposed)
            then.append(supposed)
            titles = parcel_heading(assessment, c.parcel.id) or "as it is", compare.Other("what if", (supposed,))
            parts.append(beside.compared(assessor, diff, *titles, every, brush(out)))
            records.append(beside.data(assessor, diff, *titles))
        write(json.dumps(records, indent=2) + "\n" if form == "json" else "\n".join(parts), out)
    leave_with(then)


@main.command("compare")
@click.argument("left")
@click.argument("right")
@click.option("--all", "every", is_flag=True, help="Show everything, also what is the same.")
@looks
def compare_command(
    left: str,
    right: str,
    every: bool,
    form: str,
    out: str | None,
    parcel: str,
    position: str,
    as_at: str,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Two matters side by side, or a matter and a decided case point by point.

    LEFT and RIGHT are fact sets, decided cases (stevenson-v-fct, or stevenson), or comparators by their number.
    """
    with reporting():
        _check_date(as_at)
        assessor = engine.load(rules_dir, cases_dir)
        pack = assessor.book.pack
        weigher = assessor.weigher(position or pack.position, as_at or pack.as_at)
        mine, theirs = (compare.other(assessor, name, weigher) for name in (left, right))
        parts, records = [], []
        for one, two in compare.pairs(mine, theirs, parcel):
            title = f"{mine.title}, {one.parcel.id}" if len(mine.conclusions) > 1 else mine.title
            named = compare.Other(
                f"{theirs.title}, {two.parcel.id}" if len(theirs.conclusions) > 1 else theirs.title, (two,), theirs.case
            )
            diff = compare.differences(assessor, one, two)
            parts.append(beside.compared(assessor, diff, title, named, every, brush(out)))
            records.append(beside.data(assessor, diff, title, named))
        write(json.dumps(records, indent=2) + "\n" if form == "json" else "\n".join(parts), out)


def _law(assessor: Assessor, rules_dir: str | None, cases_dir: str | None) -> record.Law:
    return record.Law(assessor, Path(rules_dir or engine.home("rules")), Path(cases_dir or engine.home("cases")))


def save(outputs: dict[str, bytes]) -> None:
    """Files that appear together, or not at all."""
    parts = [(Path(to).with_name(f".{Path(to).name}.part"), Path(to)) for to in outputs]
    to = ""
    try:
        for (part, target), content in zip(parts, outputs.values(), strict=True):
            to = str(target)
            if target.is_dir():
                raise IsADirectoryError(21, "it is a directory")
            part.write_bytes(content)
        for part, target in parts:
            to = str(target)
            part.replace(target)
    except OSError as error:
        for part, _ in parts:
            part.unlink(missing_ok=True)
        raise BadInput(Problem(f"cannot be written ({error.strerror})", to)) from None


@main.command("draft")
@click.argument("file", type=click.Path())
@click.option("--to", "to", required=True, metavar="OUT", help="The document to write: .docx, .pdf, .html or .md.")
@click.option("--template", type=click.Choice(TEMPLATES), default="ruling", show_default=True, help="What to write.")
@click.option("--edited", is_flag=True, help="The de-identified form for publication, with a report of replacements.")
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@click.option("--parcel", default="", help="Only this parcel.")
@click.option("--without", multiple=True, metavar="CASE", help="Leave a decided case out of the base; repeatable.")
@click.option("--record", "record_to", metavar="FILE", help="Where the record goes; by default beside OUT.")
@where
def draft_command(
    file: str,
    to: str,
    template: str,
    edited: bool,
    as_at: str,
    position: str,
    parcel: str,
    without: tuple[str, ...],
    record_to: str | None,
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Write a draft from a fact set: a private ruling, an advice, or a debate sheet.

    With it goes a record (OUT.record.json) from which it can be reproduced. An edited version comes with a report of
    every replacement (OUT.edits.md); neither is for publication. Exit code 0: written; 2: bad input, nothing written.
    """
    from engine.documents import draft  # here, because no other command needs it

    with reporting():
        _check_date(as_at)
        form = draft.form_of(to)
        found = source.read(file)
        assessor = engine.load(rules_dir, cases_dir)
        matter = assessor.matter(found)
        for case in without:
            _known_case(assessor, case)
        assessment = assessor.assess(matter, position, as_at, without, parcel)
        law = _law(assessor, rules_dir, cases_dir)
        made = draft.make(assessor, assessment, found, law.rules, form, template, edited, without)
        request = record.requested(
            assessment, "draft", form, template=template, edited=edited, parcel=parcel, without=without
        )
        kept = record_to or f"{to}.record.json"
        outputs = {to: made.content, kept: record.make(law, found, request, assessment, made.content)}
        if edited:
            outputs[f"{to}.edits.md"] = made.report.encode("utf-8")
        if len(outputs) < 2 + edited or any(Path(name).resolve() == Path(file).resolve() for name in outputs):
            raise BadInput(Problem("would be written over", file, fix="Name other files for --to and --record"))
        save(outputs)
        for check in made.checks:
            click.echo(f"[{'ok' if check.ok else '!!'}] {check.name}: {check.found}")
        click.echo(f"Written: {', '.join(outputs)}")


@main.group("record")
def record_group() -> None:
    """Reproduce what was recorded, or see what other law would change."""


@record_group.command("verify")
@click.argument("file", type=click.Path())
@where
def record_verify(file: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """Make a record again from its own fact set, and say what differs.

    Exit code 0: reproduced byte for byte; 1: not, and what differs is said; 2: not a record.
    """
    with reporting():
        record.read(file)
        verdict = record.verify(file, _law(engine.load(rules_dir, cases_dir), rules_dir, cases_dir))
        click.echo("\n".join(verdict.lines))
    sys.exit(0 if verdict.same else 1)


@record_group.command("replay")
@click.argument("file", type=click.Path())
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@where
def record_replay(file: str, as_at: str, position: str, rules_dir: str | None, cases_dir: str | None) -> None:
    """Run the fact set of a record under other law, and say what changes.

    Exit code 0: replayed; 2: not a record; 3: replayed, and the conclusion is undetermined.
    """
    with reporting():
        _check_date(as_at)
        record.read(file)
        law = _law(engine.load(rules_dir, cases_dir), rules_dir, cases_dir)
        assessment, lines = record.replay(file, law, as_at, position)
        click.echo("\n".join(lines))
    undetermined = any(c.characterisation == "undetermined" for c in assessment.conclusions)
    sys.exit(EXIT_UNDETERMINED if undetermined else 0)


@main.command("batch")
@click.argument("source", metavar="IN", type=click.Path())
@click.option("--out", required=True, metavar="OUT", help="A .parquet, .csv or .jsonl file; a row for each fact set.")
@click.option(
    "--engine",
    "kind",
    type=click.Choice(["polars", "duckdb", "spark"]),
    default="polars",
    show_default=True,
    help="Runs it.",
)
@click.option(
    "--explain-top", type=click.IntRange(0), default=0, metavar="N", help="Explain the N likeliest revenue rows."
)
@click.option("--by", metavar="FACT", default="", help="Count the summary by this fact; by default the first choice.")
@click.option("--spark-master", metavar="URL", default="local[*]", show_default=True, help="Where Spark runs.")
@click.option("--as-at", metavar="DATE", default="", help="Apply the law as at this date (YYYY-MM-DD).")
@click.option("--position", default="", help="Answers to unsettled points: commissioner, courts.")
@click.option("--without", multiple=True, metavar="CASE", help="Leave a decided case out of the base; repeatable.")
@where
def batch_command(
    source: str,
    out: str,
    kind: str,
    explain_top: int,
    by: str,
    spark_master: str,
    as_at: str,
    position: str,
    without: tuple[str, ...],
    rules_dir: str | None,
    cases_dir: str | None,
) -> None:
    """Assess every fact set of a .jsonl, .csv or .parquet file; see docs/portfolios.md.

    Bad rows are reported in their row. A run that was cut short goes on where it stopped.

    Exit code 0: it ran; 2: bad input.
    """
    with reporting():
        _check_date(as_at)
        try:
            from engine import batch, columnar
            from engine import spark as columns_spark

            spread = columns_spark.spread(spark_master) if kind == "spark" else None
            assessor = engine.load(rules_dir, cases_dir)
            for case in without:
                _known_case(assessor, case)
            columns = columnar.Columns(assessor, position, as_at, without, "duckdb" if kind == "duckdb" else "polars")
        except ImportError as error:
            fix = "pip install 'caprev[portfolio]'"
            raise BadInput(
                Problem(f"--engine {kind} needs {error.name or 'a package'}, not installed", fix=fix)
            ) from None
        shown = sys.stderr.isatty()

        def progress(rows: int, share: float) -> None:
            if shown:
                click.echo(f"\r{rows:,} rows, {share:4.0%}", nl=False, err=True)

        summary = batch.run(columns, Path(source), Path(out), explain_top, by, progress, spread)
        if shown:
            click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
    click.echo(batch.words(summary), nl=False)


if __name__ == "__main__":
    main()
