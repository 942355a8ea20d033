"""What rules and matters say of themselves, held against what the law makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts.knowledge import day
from caprev.files import reading
from caprev.files.reading import Source, Value
from caprev.strict import matter as matters
from caprev.strict import numbers, parameters, words
from caprev.strict.answer import STATES, Answer, Asked, Part, Told, answer
from caprev.strict.book import Book
from caprev.strict.evaluate import Desk
from caprev.strict.numbers import Interval

_OTHER = ("needs", "warnings")


def rules(book: Book) -> Iterator[Problem]:
    """Examples beside rules that do not come out as they say."""
    for rule in book.rules.values():
        for example in rule.examples:
            file = book.files[rule.id]
            try:
                found = matters.read(_source(book, rule.of, example.facts, example.as_at, file), book)
            except BadInput as error:
                wrong = "; ".join(problem.what for problem in error.problems)
                yield Problem(f"example '{example.name}': {wrong}", file, subject=rule.id)
                continue
            desk = Desk(book, found)
            sheet = desk.events[0] if book.of(rule.id) == "event" else desk.whole
            state = sheet.rule(rule.id)
            if STATES[state.truth] != example.expect:
                what = f"example '{example.name}' says {example.expect}, but it {STATES[state.truth]}"
                yield Problem(what, file, subject=rule.id)
            elif missed := set(example.asks) - set(state.trace.needs):
                what = f"example '{example.name}' asks {listing(sorted(missed))}; it waits on"
                yield Problem(f"{what} {listing(state.trace.needs) or 'nothing'}", file, subject=rule.id)


def _source(book: Book, of: str, facts: dict[str, Any], as_at: str, file: str) -> Source:
    about: Value = {"as_at": as_at} if as_at else {}
    if book.pack.events and of == "event":
        return Source(file, {"matter": about, "events": [{"id": "example", "facts": facts}]}, " ")
    return Source(file, {"matter": about, "facts": facts}, " ")


def folder(book: Book, cases: str | Path) -> Iterator[Problem]:
    """Matters to start from that cannot be read, or do not come out as they expect."""
    for path in files(cases):
        try:
            found = matters.read(reading.read(path), book)
        except BadInput as error:
            yield from error.problems
            continue
        yield from expected(answer(book, found))


FOLDER = "examples"
"""The folder of cases in which they stand."""


def files(cases: str | Path) -> list[Path]:
    """The matters to start from of a pack."""
    return sorted((Path(cases) / FOLDER).rglob("*.yaml"))


def expected(found: Answer) -> Iterator[Problem]:
    """Where an answer is not what its matter expects."""
    matter = found.matter
    parts = {part.id: part for part in found.parts}
    for name, said in matter.expected.items():
        at = ("expect", name)
        if name not in parts or not isinstance(said, dict):
            fix = nearest(name, parts)
            what = f"expects something of '{name}', which is no event" if name not in parts else "is not a mapping"
            yield Problem(what, matter.file, matter.source.line(at), "expect", listing(parts), fix)
            continue
        for key, value in said.items():
            if wrong := _compared(found.book, parts[name], key, value):
                yield Problem(wrong, matter.file, matter.source.line((*at, key)), f"{name}.{key}")


def _compared(book: Book, part: Part, key: str, value: Value) -> str:
    """What is wrong with one thing that is expected, or nothing."""
    asked = {item.name: item for item in part.questions}
    told = {item.name: item for item in part.amounts}
    if key in asked:
        return _question(asked[key], value)
    if key in told:
        try:
            return _amount(book, told[key], value)
        except ValueError as error:
            return f"expects {value}: {error}"
    if key in _OTHER:
        have = part.needs if key == "needs" else tuple(item.name for item in part.warnings if item.state)
        wanted = value if isinstance(value, list) else [value]
        return (
            "" if set(map(str, wanted)) == set(have) else f"expects {listing(map(str, wanted))}; it is {listing(have)}"
        )
    known = [*asked, *told, *_OTHER]
    return f"is neither a question nor an amount here; allowed: {listing(known)}. {nearest(key, known)}".rstrip()


def _question(asked: Asked, value: Value) -> str:
    wanted = sorted(map(str, value)) if isinstance(value, list) else [str(value)]
    is_ = {"open": ["unknown"], "none": ["none"], "not_asked": ["not_asked"], "conflict": ["conflict"]}
    found = is_.get(asked.state, sorted(asked.follows))
    return "" if wanted == found else f"expects {listing(wanted)}; it is {listing(found)}"


def _amount(book: Book, told: Told, value: Value) -> str:
    unit, interval = told.amount.unit, told.interval
    if told.applies is False or interval is None or value in ("no", "unknown"):
        is_ = "no" if told.applies is False else "unknown" if not told.exact else "known"
        return "" if value == is_ else f"expects {value}; it is {is_}"
    # What may not arise at all may be nothing.
    within = interval.joined(Interval(Fraction(0), Fraction(0))) if told.applies is None else interval
    ends = [within.low, within.high]
    wanted = [value, value]
    if isinstance(value, dict):
        wanted = [value.get("at_least"), value.get("at_most")]
    read = [None if item is None else _number(unit, str(item)) for item in wanted]
    have = [None if end is None else numbers.rounded(end, told.unit) for end in ends]
    if read == have:
        return ""
    return f"expects {value}; it is {words.told(book, unit, within, told.unit)}"


def _number(unit: str, text: str) -> Fraction:
    return Fraction(day(text)[0]) if unit == "date" else parameters.number(text)
