"""Strict law for reading: a line for each rule, one as it is written, pages of all, and what may mislead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from caprev.documents.content import markdown
from caprev.documents.content.model import Block, Item, Listing, Paragraph, coded, heading, sheet, table
from caprev.documents.reports.strict import cited
from caprev.errors import BadInput, Problem, nearest
from caprev.facts import conditions
from caprev.facts.conditions import Met
from caprev.files import reading
from caprev.grouping import grouped
from caprev.law import citations
from caprev.law.models import Cited
from caprev.strict import examples, expressions, parameters, words
from caprev.strict.book import HOLDS, Book
from caprev.strict.parameters import Read, Row

_GROUPS = ("questions", "rules", "amounts", "warnings", "regimes")


def listing(book: Book) -> Iterator[str]:
    """A line for everything that has an id: what it is, and what it says."""
    for name, question in book.questions.items():
        yield f"{name:40} {'question':10} {question.ask}"
        for outcome, told in question.outcomes.items():
            yield f"  {outcome:38} {'outcome':10} {told.title}. {told.says}"
    for rule in book.rules.values():
        yield f"{rule.id:40} {'rule':10} {rule.text}{f' [then: {rule.then}]' if rule.then else ''}"
    for amount in book.amounts.values():
        yield f"{amount.id:40} {'amount':10} {amount.label} = {amount.formula}"
    for read in book.parameters.values():
        yield f"{read.name:40} {'parameter':10} {read.label}"
    for warning in book.warnings.values():
        yield f"{warning.id:40} {warning.severity:10} {warning.text}"
    for regimes in book.regimes.values():
        yield f"{regimes.id:40} {'regimes':10} {regimes.title}"


def unread(book: Book) -> Iterator[str]:
    """What rests on text that was not read: pinpoints with the rules that cite them, and values of parameters."""
    left = ((name, item) for name, item in _cited(book) if item.mark in ("second_hand", "memory"))
    found = grouped(((item.mark, item.cite, item.pinpoint), name) for name, item in left)
    for (mark, cite, pinpoint), users in sorted(found.items(), key=lambda item: -len(item[1])):
        yield f"{len(users):3} {mark:12} {cite} {pinpoint}: {', '.join(users)}"
    for read in book.parameters.values():
        for row in read.rows:
            if row.mark in ("second_hand", "memory"):
                yield f"  1 {row.mark:12} {row.source}: {read.name} {_days(row)}"


def _cited(book: Book) -> Iterator[tuple[str, Cited]]:
    tables: tuple[Mapping[str, Any], ...] = (book.rules, book.amounts, book.warnings, book.regimes)
    for name, rule in chain.from_iterable(rules.items() for rules in tables):
        for item in rule.authority:
            yield name, item


def shown(book: Book, directory: str | Path, name: str) -> str:
    """A question, rule, amount, warning, parameter or regimes as it is written, with its authorities in full.

    Raises BadInput for a name that is none of them.
    """
    known = [*book.files]
    if name not in book.files:
        raise BadInput(Problem(f"there is no rule '{name}'", str(directory), fix=nearest(name, known)))
    source = reading.read(book.files[name])
    group = next((key for key in _GROUPS if name in getattr(book, key)), "")
    owner = book.asked_in.get(name, name)
    at = (group, name) if group else ("questions", owner) if name in book.outcomes else (name,)
    lines = source.text.splitlines()
    first = source.line(at) - 1
    deep = len(lines[first]) - len(lines[first].lstrip())
    last = first + 1
    while last < len(lines) and (not lines[last].strip() or len(lines[last]) - len(lines[last].lstrip()) > deep):
        last += 1
    told = [f"{book.files[name]}:{first + 1}", *(line.rstrip() for line in lines[first:last])]
    full = [citations.full(book, item.cite) for rule, item in _cited(book) if rule == name]
    return "\n".join([*told, *(f"  {text}" for text in dict.fromkeys(full))]).rstrip() + "\n"


def warnings(book: Book, cases: str | Path) -> Iterator[Problem]:
    """What may mislead: facts that nothing reads, rules and parameters that nothing uses, rules without examples."""
    read, used = set[str](), set[str]()
    for condition in book.conditions.values():
        for leaf in conditions.leaves(condition):
            if isinstance(leaf, Met):
                used.add(leaf.rule)
            else:
                read.add(leaf.fact)
    for name, tree in book.formulas.items():
        named = expressions.names(tree)
        read |= {other for other in named if "." in other}
        used |= {other for other in named if "." not in other}
        used.add(name if name.startswith(HOLDS) else "")
    events = book.pack.events
    read |= {f"{events.section}.{name}" for name in ("kind", "date")} if events else set()
    read |= {f"{events.section}.{carried.fact}" for carried in events.carries.values()} if events else set()
    read |= {fact for regimes in book.regimes.values() for way in regimes.options.values() for fact in way.facts}
    for derivation, _ in book.derivations.links:
        read |= derivation
    read |= {item.dated_by for table in (book.rules, book.amounts, book.warnings) for item in table.values()}
    for name in book.vocabulary.facts:
        if name not in read:
            yield Problem("is a fact that no rule and no formula reads", "vocabulary.yaml", subject=name)
    for rule in book.rules.values():
        if not rule.then and rule.id not in used:
            yield Problem("concludes nothing, and no rule or formula names it", book.files[rule.id], subject=rule.id)
    for name in book.parameters:
        if name not in used:
            yield Problem("is a parameter that no formula reads", book.files[name], subject=name)
    for name in book.outcomes:
        question = book.questions[book.asked_in[name]]
        if not book.concluding[name] and question.otherwise != name:
            yield Problem("is an outcome that no rule concludes", book.files[name], subject=name)
    if not examples.files(cases):
        yield Problem("has no matters to start from", str(Path(cases) / "examples"))


# --- pages -----------------------------------------------------------------------------------------------------------


def handbook(book: Book) -> dict[str, str]:
    """All of the law as Markdown pages, by their names; the index last, which vouches for the others."""
    pages = {
        "rules.md": ("Questions and rules", _rules(book)),
        "amounts.md": ("Amounts and the numbers of the law", _amounts(book)),
        "warnings.md": ("Warnings and ways compared", _warnings(book)),
        "facts.md": ("Facts", _facts(book)),
        "authorities.md": ("Authorities", _authorities(book)),
    }
    found = {name: markdown.render(sheet(title, blocks)) for name, (title, blocks) in pages.items()}
    links = "".join(f"- [{title}]({name})\n" for name, (title, _) in pages.items())
    index = f"# {book.pack.title}\n\n{book.pack.question}\n\n{links}\n{book.pack.disclaimer}\n"
    return {**found, "index.md": index}


def _rules(book: Book) -> Iterator[Block]:
    for name, question in book.questions.items():
        yield heading(1, f"{question.ask} ({name})")
        rows = [(told.title, outcome, told.says) for outcome, told in question.outcomes.items()]
        yield table(["Answer", "Id", "What it says"], rows)
        inside = [rule for rule in book.rules.values() if rule.then in question.outcomes]
        if inside:
            yield Listing(tuple(Item(coded(_rule(book, rule.id)), rule.id) for rule in inside))
    steps = [rule for rule in book.rules.values() if not rule.then]
    if steps:
        yield heading(1, "Steps that other rules name")
        yield Listing(tuple(Item(coded(_rule(book, rule.id)), rule.id) for rule in steps))


def _rule(book: Book, name: str) -> str:
    rule = book.rules[name]
    then = f" Then: {book.outcomes[rule.then].title}." if rule.then else ""
    days = f" In force {rule.in_force.words}." if rule.in_force.words else ""
    return f"`{name}`: {rule.text} ({cited(book, rule.authority)}){then}{days} {rule.limits}".rstrip()


def _amounts(book: Book) -> Iterator[Block]:
    items = [
        f"`{a.id}`: {a.label}, {a.unit}: {a.formula}{f' ({cited(book, a.authority)})' if a.authority else ''}"
        for a in book.amounts.values()
    ]
    yield Listing(tuple(Item(coded(text)) for text in items))
    for read in book.parameters.values():
        yield heading(1, f"{read.label} ({read.name})")
        yield table(
            ["Days", "Value", "Source", "Mark"], [(*_row(read, row), row.source, row.mark) for row in read.rows]
        )


def _days(row: Row) -> str:
    ends = [words.one("date", end, parameters.number("1"), 0) if end is not None else "" for end in (row.low, row.high)]
    return " ".join(f"{word} {day}" for word, day in zip(("from", "to"), ends, strict=True) if day) or "always"


def _row(read: Read, row: Row) -> tuple[str, str]:
    to = parameters.number("1/1000000")

    def one(value: Any, unit: str = "number") -> str:
        return words.one(unit, value, to, 0)

    share = "percent" if read.unit == "percent" else "number"
    if read.kind == "number":
        return _days(row), one(row.value, share)
    if read.kind == "table":
        return _days(row), "; ".join(f"{word}: {one(value, share)}" for word, value in row.table)
    rate = "percent" if read.kind == "brackets" else share
    return _days(row), "; ".join(f"over {one(over)}: {one(value, rate)}" for over, value in row.steps)


def _warnings(book: Book) -> Iterator[Block]:
    for warning in book.warnings.values():
        yield Paragraph(coded(f"{warning.severity}: {warning.text} ({cited(book, warning.authority)}) `{warning.id}`"))
    for regimes in book.regimes.values():
        yield heading(1, regimes.title)
        rows = [(option.title, " ".join(option.risks)) for option in regimes.options.values()]
        yield table(["Way", "Risks"], rows)


def _facts(book: Book) -> Iterator[Block]:
    rows = [(fact.name, fact.type, fact.ask, ", ".join(fact.values) or fact.unit) for fact in book.vocabulary]
    yield table(["Fact", "Type", "Question", "Values or unit"], rows)


def _authorities(book: Book) -> Iterator[Block]:
    for name in book.authorities:
        yield Paragraph(coded(f"`{name}`: {citations.full(book, name)}"))
