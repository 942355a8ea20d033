"""What strict rules answer: event by event, as a document for every format, and as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from caprev.documents.content.model import (
    Block,
    Document,
    Inline,
    Item,
    Listing,
    Paragraph,
    Part,
    Run,
    coded,
    heading,
    table,
)
from caprev.facts.in_words import day, describe
from caprev.facts.vocabulary import worded
from caprev.law import citations
from caprev.law.models import Cited
from caprev.law.strict import SEVERITIES, Amount, Regimes
from caprev.strict import regimes as choices
from caprev.strict import words
from caprev.strict.answer import STATES, Answer, Asked, Told, Warned
from caprev.strict.answer import Part as Answered
from caprev.strict.book import Book
from caprev.strict.evaluate import Sheet
from caprev.strict.numbers import Interval
from caprev.strict.regimes import Compared, Way
from caprev.strict.traces import NOTHING, Worked

SCHEMA = "caprev.strict/1"
_SEVERITY = {"danger": "Danger", "caution": "Caution", "note": "Note"}
_HOLDS = {True: "holds", False: "does not hold", None: "is not known to hold"}


# --- in words --------------------------------------------------------------------------------------------------------


def document(answer: Answer, detail: bool = False) -> Document:
    """The answers as a document: what follows and why, the amounts with their numbers, warnings, what is missing.

    With `detail` told are also rules that do not hold, amounts that only serve others or do not arise, and warnings
    (those of danger always) that hang on what is not known.
    """
    book, matter = answer.book, answer.matter
    subject = str(matter.about.get("id") or "")
    head = f"{book.pack.title}. {book.pack.jurisdiction}; the pack's law as at {day(book.pack.as_at)}"
    parts = [Part("head", (Paragraph(coded(f"{head}; assessed as at {day(matter.as_at)}.")),))]
    for part in answer.parts:
        blocks = tuple(_part(answer, part, detail))
        if part.unit.id or len(blocks) > 1 or len(answer.parts) == 1:  # nothing may be asked of the whole
            parts.append(Part("section", blocks))
    for regimes in book.regimes.values():
        if found := choices.compared(answer, regimes):
            parts.append(Part("regimes", tuple(_regimes(answer, regimes, found))))
    parts += [Part(name, blocks) for name, blocks in _ends(answer) if blocks]
    parts.append(Part("disclaimer", (Paragraph(coded(book.pack.disclaimer), style="disclaimer"),)))
    title = matter.title
    return Document(title, subject if subject != title else "", "1980-01-01", "", tuple(parts), book.pack.language)


def _part(answer: Answer, part: Answered, detail: bool) -> Iterator[Block]:
    sheet, told = sheet_of(answer, part), set[str]()
    yield heading(1, named(answer, part))
    for asked in part.questions:
        if asked.state != "not_asked":
            yield Paragraph((*coded(f"{asked.question.ask} "), *_verdict(answer.book, asked)), rule=asked.name)
            items = [*_why(sheet, asked, detail, told)]
            if items:
                yield Listing(tuple(items))
    arising = [item for item in part.amounts if _telling(item) or (detail and item.applies is not False)]
    items = [_amount(sheet, item) for item in arising]
    idle = [item.amount.label for item in part.amounts if item.applies is False and item.amount.shown]
    if idle and detail:
        items.append(Item(coded(f"Does not arise: {'; '.join(idle)}.")))
    if items:
        yield Listing(tuple(items))
    given = [item for item in part.warnings if item.state or detail or item.warning.severity == "danger"]
    if given:
        ranked = sorted(given, key=lambda item: SEVERITIES.index(item.warning.severity))
        yield Listing(tuple(_warning(answer.book, sheet, item) for item in ranked))


def _telling(told: Told) -> bool:
    """Whether an amount is told at first: it arises, or it may, and then something can be said of it."""
    return told.amount.shown and (bool(told.applies) or (told.applies is None and told.interval is not None))


def named(answer: Answer, part: Answered) -> str:
    """An event by its day and kind, and by its id where that says more; the matter as what it is."""
    if not part.unit.id:
        return "The matter as a whole" if answer.matter.events else "Conclusion"
    events = answer.book.pack.events
    given = part.unit.facts.get(f"{events.section}.date") if events else None
    when = describe(given) if given else "day not known"
    what = part.unit.title or worded(part.unit.kind) or "kind not known"
    return f"{when}: {what}" if what == part.unit.id else f"{when}: {what} ({part.unit.id})"


def _verdict(book: Book, asked: Asked) -> tuple[Inline, ...]:
    outcomes = asked.question.outcomes
    if asked.state == "conflict":
        both = " and ".join(outcomes[name].title for name in asked.follows)
        return (Run(f"The rules contradict each other: {both}.", bold=True),)
    if asked.state == "none":
        return (Run("None of the answers follows.", bold=True),)
    told = [f"{outcomes[name].title}. {outcomes[name].says}" for name in asked.follows]
    runs = [Run(" ".join(told), bold=True)] if told else []
    if asked.state == "open":
        may = ", or ".join(outcomes[name].title for name in asked.may)
        text = f"{' Also, perhaps' if told else 'Not known. Still possible'}: {may}."
        runs.append(Run(text, bold=not told))
        if asked.trace.needs:
            runs.append(Run(f" Needs: {', '.join(_fact(book, name) for name in asked.trace.needs)}."))
    return tuple(runs)


def _fact(book: Book, name: str) -> str:
    return f"{book.label(name)} ({name})"


def _why(sheet: Sheet, asked: Asked, detail: bool, told: set[str]) -> Iterator[Item]:
    """The rules by which it follows, each once for an event; with detail, those too that do not hold."""
    book = sheet.book
    shown = asked.trace.rules if detail or asked.state in ("open", "conflict") else asked.rules
    concludes = any(book.rules[name].then in asked.follows for name in shown)
    for name in shown:
        rule = book.rules[name]
        # An outcome that is left over, because no other follows, needs no list of what does not hold.
        if name in told or not (detail or concludes or asked.state != "answered"):
            continue
        told.add(name)
        mine = sheet.of(name)
        found = mine.rule(name)
        with mine.dated(rule.dated_by):
            rests = words.grounds(mine, book.conditions[f"rule:{name}"])
        tail = f" {_HOLDS[found.truth].capitalize()}{': ' if rests else ''}{'; '.join(rests)}."
        limits = f" {rule.limits}" if detail and rule.limits else ""
        yield Item(coded(f"{rule.text} ({cited(book, rule.authority)}){tail}{limits}"), name, found.trace.facts)


def cited(book: Book, authority: tuple[Cited, ...]) -> str:
    """Authorities in running text."""
    return "; ".join(citations.short(book, item) for item in authority)


def _amount(sheet: Sheet, told: Told) -> Item:
    book, amount = sheet.book, told.amount
    value = words.told(book, amount.unit, told.interval, told.unit)
    text = words.workings(sheet, told.name)
    how = f" = {text}" if text != value else ""
    if told.applies is None:
        value = f"{value}, if it arises at all"
    needs = told.trace.needs if not told.exact else ()
    tail = f" Needs: {', '.join(_fact(book, name) for name in needs)}." if needs else ""
    gaps = f" The pack has {'; '.join(told.trace.gaps)}." if told.trace.gaps else ""
    law = f" ({cited(book, amount.authority)})" if amount.authority else ""
    runs = (*coded(f"{amount.label}: "), Run(value, bold=True), *coded(f"{how}{law}.{tail}{gaps}"))
    return Item(runs, told.name, told.trace.facts)


def _warning(book: Book, sheet: Sheet, item: Warned) -> Item:
    law = f" ({cited(book, item.warning.authority)})"
    if item.state is None:
        needs = ", ".join(_fact(book, name) for name in item.trace.needs)
        law += f" It hangs on what is not known: {needs}."
    return Item(
        (Run(f"{_SEVERITY[item.warning.severity]}: ", bold=True), *coded(f"{item.warning.text}{law}")), item.name
    )


def _regimes(answer: Answer, regimes: Regimes, found: list[Compared]) -> Iterator[Block]:
    """Ways side by side, which is better and by how much, what each risks, and what decides where it is not known."""
    book = answer.book
    law = f" ({cited(book, regimes.authority)})" if regimes.authority else ""
    yield heading(1, regimes.title)
    yield Paragraph(coded(f"{regimes.ask}{law}"))
    for compared in found:
        labels = [book.amounts[name].label for name in regimes.compares]
        rows = [
            [way.option.title, way.wrong, *(choices.told(answer, *pair) for pair in _pairs(answer, regimes, way))]
            for way in compared.ways
        ]
        rows = [[row[0], *(row[2:] or [row[1], *[""] * (len(labels) - 1)])] for row in rows]
        if compared.scenario:
            yield heading(2, compared.title)
        yield table(["Way", *labels], rows)
        yield Paragraph((Run(verdict(answer, regimes, compared), bold=True),))
        if compared.decides:
            yield Listing(tuple(Item(coded(text)) for text in compared.decides))
        if compared.needs:
            yield Paragraph(coded(f"Needs: {', '.join(_fact(book, name) for name in compared.needs)}."))
    risks = [f"{option.title}: {' '.join(option.risks)}" for option in regimes.options.values() if option.risks]
    if risks:
        yield Paragraph(coded("What each risks:"))
        yield Listing(tuple(Item(coded(text)) for text in risks))


def _pairs(answer: Answer, regimes: Regimes, way: Way) -> Iterator[tuple[Amount, Worked]]:
    return ((answer.book.amounts[name], worked) for name, worked in zip(regimes.compares, way.amounts, strict=False))


def verdict(answer: Answer, regimes: Regimes, compared: Compared) -> str:
    """Which way is better, and by how much, in a sentence."""
    book, amount = answer.book, answer.book.amounts[regimes.compares[0]]
    shut = [way.option.title for way in compared.ways if way.open is False and not way.wrong]
    perhaps = [way.option.title for way in compared.ways if way.open is None]
    tail = f" Not open here: {', '.join(shut)}." if shut else ""
    tail += f" Whether it is open is not known: {', '.join(perhaps)}." if perhaps else ""
    names = [regimes.options[name].title for name in compared.better]
    if not names:
        return f"Which is better cannot be said from what is known.{tail}"
    if len(names) > 1:
        return f"Equal: {', '.join(names)}.{tail}"
    gap = compared.gap
    by = f", by {words.told(book, amount.unit, gap, words.unit_of(book, amount))}" if gap is not None else ""
    return f"{names[0]}: {'less' if regimes.better == 'less' else 'more'}{by} ({amount.label}).{tail}"


def _ends(answer: Answer) -> Iterator[tuple[str, tuple[Block, ...]]]:
    yield "missing", tuple(_missing(answer))
    yield "sources", tuple(_sources(answer))


def _missing(answer: Answer) -> Iterator[Block]:
    if answer.waits:
        yield heading(1, "What is missing")
        facts = answer.book.facts
        asks = [f"{facts[name].ask} ({', '.join(parts)}; `{name}`)" for name, parts in answer.waits.items()]
        yield Listing(tuple(Item(coded(text)) for text in asks))


def _sources(answer: Answer) -> Iterator[Block]:
    traces = [told.trace for part in answer.parts for told in part.amounts if told.applies is not False]
    sources = NOTHING.and_(*traces).sources
    if sources:
        yield heading(1, "Numbers of the law that were used")
        yield Listing(tuple(Item(coded(text)) for text in sources))


def sheet_of(answer: Answer, part: Answered) -> Sheet:
    """The sheet of a part."""
    sheets = [sheet for sheet in answer.desk.events if sheet.unit.id == part.unit.id]
    return sheets[0] if sheets else answer.desk.whole


# --- as data ---------------------------------------------------------------------------------------------------------


def data(answer: Answer) -> dict[str, Any]:
    """One object for the matter; keys and order are fixed."""
    book, matter = answer.book, answer.matter
    return {
        "schema": SCHEMA,
        "pack": book.name,
        "matter": {key: matter.about.get(key) for key in ("id", "title", "notes")},
        "as_at": matter.as_at,
        "rulebook": {"version": book.pack.version, "sha256": book.sha256},
        "facts_sha256": matter.sha256,
        "disclaimer": book.pack.disclaimer,
        "open": answer.open,
        "parts": [_part_data(answer, part) for part in answer.parts],
        "regimes": [_regimes_data(answer, regimes) for regimes in book.regimes.values()],
        "missing": [{"fact": name, "ask": book.facts[name].ask, "of": of} for name, of in answer.waits.items()],
    }


def render(answer: Answer) -> str:
    """The object as text: two-space indent, characters as they are, a final newline."""
    return json.dumps(data(answer), indent=2, ensure_ascii=False) + "\n"


def _part_data(answer: Answer, part: Answered) -> dict[str, Any]:
    book = answer.book
    events, facts = book.pack.events, part.unit.facts
    date = facts.get(f"{events.section}.date") if events else None
    return {
        "id": part.id,
        "kind": part.unit.kind or None,
        "date": describe(date) if date and part.unit.id else None,
        "questions": [_question_data(book, asked) for asked in part.questions],
        "amounts": [_amount_data(answer, part, told) for told in part.amounts],
        "warnings": [
            {
                "id": item.name,
                "severity": item.warning.severity,
                "state": "given" if item.state else "unknown",
                "text": item.warning.text,
                "authority": _cited_data(item.warning.authority),
                "needs": list(item.trace.needs) if item.state is None else [],
            }
            for item in part.warnings
        ],
    }


def _question_data(book: Book, asked: Asked) -> dict[str, Any]:
    return {
        "id": asked.name,
        "ask": asked.question.ask,
        "state": asked.state,
        "follows": list(asked.follows),
        "may": list(asked.may),
        "outcomes": {name: STATES[found.truth] for name, found in asked.outcomes.items()},
        "rules": [
            {"id": name, "text": book.rules[name].text, "authority": _cited_data(book.rules[name].authority)}
            for name in asked.rules
        ],
        "facts": list(asked.trace.facts),
        "needs": list(asked.trace.needs) if asked.state == "open" else [],
    }


def _amount_data(answer: Answer, part: Answered, told: Told) -> dict[str, Any]:
    book, amount, interval = answer.book, told.amount, told.interval
    unit = book.pack.currency if amount.unit == "money" and book.pack.currency else amount.unit
    return {
        "id": told.name,
        "label": amount.label,
        "unit": unit,
        "arises": {True: "yes", False: "no", None: "unknown"}[told.applies],
        **_ends_data(book, amount, interval if told.applies is not False else None),
        "formula": amount.formula,
        "worked": words.workings(sheet_of(answer, part), told.name),
        "authority": _cited_data(amount.authority),
        "needs": [] if told.exact or told.applies is False else list(told.trace.needs),
        "gaps": list(told.trace.gaps),
    }


def _ends_data(book: Book, amount: Amount, interval: Interval | None) -> dict[str, Any]:
    """The value of an amount, or the ends between which it lies; null where they are open."""
    ends = (interval.low, interval.high) if interval is not None else (None, None)
    low, high = (words.plain(amount.unit, end, words.unit_of(book, amount), book.pack.decimals) for end in ends)
    return {"value": low if low == high else None, "low": low, "high": high}


def _regimes_data(answer: Answer, regimes: Regimes) -> dict[str, Any]:
    book = answer.book
    first = book.amounts[regimes.compares[0]]
    return {
        "id": regimes.id,
        "title": regimes.title,
        "better_is": regimes.better,
        "authority": _cited_data(regimes.authority),
        "scenarios": [
            {
                "id": compared.scenario or None,
                "title": compared.title,
                "ways": [
                    {
                        "id": way.id,
                        "open": {True: "yes", False: "no", None: "unknown"}[way.open],
                        "wrong": way.wrong or None,
                        "amounts": {
                            amount.id: _ends_data(
                                book, amount, worked.value.interval if worked.value is not None else None
                            )
                            for amount, worked in _pairs(answer, regimes, way)
                        },
                        "risks": list(way.option.risks),
                    }
                    for way in compared.ways
                ],
                "better": list(compared.better),
                "difference": _ends_data(book, first, compared.gap),
                "decides": list(compared.decides),
                "needs": list(compared.needs),
            }
            for compared in choices.compared(answer, regimes)
        ],
    }


def _cited_data(authority: tuple[Cited, ...]) -> list[dict[str, Any]]:
    return [{"cite": item.cite, "pinpoint": item.pinpoint, "mark": item.mark} for item in authority]
