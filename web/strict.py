"""Strict rules as the desk uses them: what follows event by event, why, what is missing, and what would change it.

Beside `host`, which is the engine where a question is weighed. An event stands on the desk where a parcel does: it is
a part of the matter with facts of its own. Everything that is returned is data for pages; nothing of a page is here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from caprev import record_strict
from caprev.documents.content import html
from caprev.documents.content.model import Document
from caprev.documents.reports import strict as told
from caprev.documents.reports import strict_changes as changing
from caprev.facts.in_words import describe
from caprev.files import reading
from caprev.law import packs
from caprev.strict import changes, regimes, words
from caprev.strict.answer import Answer, Asked, Part, answer
from caprev.strict.book import Book
from caprev.strict.matter import MATTER, Setting
from caprev_web import host

SEVERITIES = {"danger": "Danger", "caution": "Caution", "note": "Note"}


@lru_cache(8)
def law(pack: str) -> record_strict.Law:
    """The strict rules of a pack, and where they stand. Raises BadInput."""
    return record_strict.Law(host.book(pack), packs.home("rules", pack), packs.home("cases", pack))


@lru_cache(host.KEPT)
def answered(text: str, pack: str) -> Answer:
    """What follows on a fact set; the same facts are answered once. Raises BadInput."""
    found = host.read(text, pack=pack)
    if found.matter is None:
        record_strict.answered(law(pack), reading.parse(text, "fact set"), record_strict.requested("assess", "text"))
    return answer(host.book(pack), found.matter)


# --- what is told beside the facts ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """One question of an event as it stands; `state` is that of the answer."""

    ask: str
    state: str
    says: str


@dataclass(frozen=True)
class Standing:
    """Where one event stands, or the matter as a whole: its answers, amounts and warnings, and what is missing."""

    parcel: str
    title: str
    characterisation: str
    headline: str
    says: str
    verdicts: tuple[Verdict, ...] = ()
    amounts: tuple[tuple[str, str], ...] = ()
    warnings: tuple[tuple[str, str, str], ...] = ()
    questions: tuple[host.Question, ...] = ()
    id: str = ""

    def as_data(self) -> dict[str, Any]:
        """What a list of matters shows of it, as the database keeps it."""
        kept = ("parcel", "title", "characterisation", "headline", "says")
        return {name: getattr(self, name) for name in kept}


@lru_cache(host.KEPT)
def standing(text: str, pack: str) -> tuple[Standing, ...]:
    """Where every event stands, and the matter. Raises BadInput."""
    found = answered(text, pack)
    told = tuple(_standing(found, part) for part in found.parts)
    return tuple(
        item for item in told if item.parcel or item.verdicts or item.amounts or item.warnings or item.questions
    )


def _standing(found: Answer, part: Part) -> Standing:
    asked = [item for item in part.questions if item.state != "not_asked"]
    verdicts = tuple(Verdict(item.question.ask, item.state, _says(item)) for item in asked)
    amounts = tuple(
        (item.amount.label, _amount(found.book, item)) for item in part.amounts if item.amount.shown and item.applies
    )
    warnings = tuple(
        (item.name, SEVERITIES[item.warning.severity], item.warning.text) for item in part.warnings if item.state
    )
    is_open = part.open or (not verdicts and bool(part.needs))
    short = [changing.stands(item) for item in asked if item.state in ("answered", "conflict")]
    headline = "; ".join(short) or ("; ".join(f"{label}: {value}" for label, value in amounts[:1]))
    if any(item.state == "open" for item in asked):
        headline = f"{headline}; the rest is open" if headline else "Open"
    title = told.named(found, part) if found.matter.events else ""
    return Standing(
        part.unit.id,
        title,
        "open" if is_open else "follows",
        headline or ("Open" if is_open else "Nothing to answer"),
        " ".join(f"{verdict.ask} {verdict.says}" for verdict in verdicts),
        verdicts,
        amounts,
        warnings,
        tuple(_questions(found, part)),
        part.id,
    )


def _says(asked: Asked) -> str:
    outcomes = asked.question.outcomes
    if asked.state == "conflict":
        return f"The rules contradict each other: {' and '.join(outcomes[name].title for name in asked.follows)}."
    if asked.state == "none":
        return "None of the answers follows."
    found = [f"{outcomes[name].title}." for name in asked.follows]
    if asked.state == "open":
        may = ", or ".join(outcomes[name].title for name in asked.may)
        found.append(f"{'Also, perhaps' if found else 'Not known. Still possible'}: {may}.")
    return " ".join(found)


def _amount(book: Book, item: Any) -> str:
    return words.told(book, item.amount.unit, item.interval, item.unit)


def _questions(found: Answer, part: Part) -> Iterator[host.Question]:
    """What an event waits on: first what decides a question, then what an amount needs."""
    events = found.book.pack.events
    for name in part.needs:
        if name not in found.book.vocabulary:
            continue
        fact = found.book.vocabulary[name]
        own = events is not None and name.startswith(f"{events.section}.")
        if own and not part.unit.id:
            continue  # the event itself asks for it
        deciding = [item.question.ask for item in part.questions if item.state == "open" and name in item.trace.needs]
        amounts = [item.amount.label for item in part.amounts if not item.exact and name in item.trace.needs]
        effect = f"is needed to answer “{deciding[0]}”" if deciding else f"is needed to work out “{amounts[0]}”"
        partly = name in part.unit.known
        yield host.Question(
            name, fact.ask, effect, 0, 1, fact.evidence, bool(deciding), partly, bool(deciding),
            part.unit.id if own else "",
        )  # fmt: skip


def questions(found: Iterable[Standing], parcel: str, section: str) -> dict[str, host.Question]:
    """What is asked for on the page of an event, or of the matter (where facts of events are not)."""
    asked: dict[str, host.Question] = {}
    for item in sorted(found, key=lambda item: item.characterisation != "open"):
        for question in item.questions:
            own = bool(section) and question.fact.startswith(f"{section}.")
            if question.parcel == parcel if own else (not parcel or item.parcel == parcel):
                asked.setdefault(question.fact, question)
    return asked


def derived(matter: Any, pack: str, parcel: str) -> Mapping[str, host.Derived]:
    """What follows from other facts in an event, or is taken over from an earlier one, by name."""
    unit = next((unit for unit in matter.events if unit.id == parcel), matter.whole)
    vocabulary = host.vocabulary(pack)
    found = {}
    for name, given in unit.facts.items():
        if name not in vocabulary:
            continue
        if given.derived_from:
            found[name] = host.Derived(describe(given), given.derived_from, given.reason)
        elif parcel and name not in unit.shared and name not in matter.whole.facts:
            found[name] = host.Derived(describe(given), ("an earlier event",), "")
    return found


def why(text: str, pack: str, parcel: str, fact: str) -> host.Why:
    """Why a fact is asked for: the question that waits on it, and the rules that read it."""
    found = answered(text, pack)
    item = next((item for part in standing(text, pack) for item in part.questions if item.fact == fact), None)
    waiting: dict[str, host.Ground] = {}
    for part in found.parts:
        for asked in part.questions:
            if asked.state == "open" and fact in asked.trace.needs and parcel in ("", part.unit.id):
                for name in asked.trace.rules:
                    rule = found.book.rules[name]
                    authority = told.cited(found.book, rule.authority)
                    waiting.setdefault(name, host.Ground(name, rule.text, authority, "a rule", ()))
    kept = tuple(waiting.values())
    return host.Why(item, kept[: host.BEST], max(len(kept) - host.BEST, 0))


# --- reasons ----------------------------------------------------------------------------------------------------------


@lru_cache(host.KEPT)
def reasons(text: str, pack: str) -> tuple[str, ...]:
    """The answers with every rule, number and authority, as fragments of HTML that the engine wrote and escaped.

    One for each event, the ways compared, what is missing, and the numbers that were used. Raises BadInput.
    """
    document = told.document(answered(text, pack), detail=True)
    return tuple(
        _scrolled(html.fragment(Document("", "", "1980-01-01", "", (part,), document.language), level=2))
        for part in document.parts
    )


def _scrolled(text: str) -> str:
    """Tables that a narrow screen can move by themselves."""
    opening = '<div class="scroll" tabindex="0" role="region" aria-label="Side by side, {}"><table>'
    *before, last = text.replace("</table>", "</table></div>").split("<table>")
    named = [f"{part}{opening.format(place)}" for place, part in enumerate(before, 1)]
    return "".join([*named, last])


@lru_cache(host.KEPT)
def verdicts(text: str, pack: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Of ways compared: the title, and for each scenario which is better and by how much. Raises BadInput."""
    found = answered(text, pack)
    sides = ((way, regimes.compared(found, way)) for way in found.book.regimes.values())
    return tuple(
        (way.title, tuple((item.title, told.verdict(found, way, item)) for item in scenarios))
        for way, scenarios in sides
        if scenarios
    )


# --- what would change it ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Turn:
    """A change that was tried: of which fact, in which event, to what, and what it moves, in words."""

    fact: str
    parcel: str
    where: str
    ask: str
    value: str
    words: str
    moves: tuple[str, ...]

    @property
    def trial(self) -> str:
        """As `what if` takes it."""
        return f"{self.parcel + ':' if self.parcel else ''}{self.fact}={self.value}"


@dataclass(frozen=True)
class Missing:
    """A fact that is not known: who waits on it, its proof, and what each of its values would settle."""

    fact: str
    ask: str
    evidence: str
    parcel: str
    waits: str
    turns: tuple[Turn, ...]


@lru_cache(host.KEPT)
def missing(text: str, pack: str) -> tuple[Missing, ...]:
    """The facts that answers and amounts wait on, those that settle a question first. Raises BadInput."""
    found = answered(text, pack)
    events = found.book.pack.events
    names = _names(found)
    items = []
    for item in changes.missing(found):
        own = events is not None and item.fact.name.startswith(f"{events.section}.")
        waits = ", ".join(names[part] for part in item.parts)
        turns = tuple(_turn(found, turn) for turn in item.turns if turn.moved)
        parcel = next((name for name in item.parts if name != MATTER), "") if own else ""
        items.append(Missing(item.fact.name, item.fact.ask, item.fact.evidence, parcel, waits, turns))
    return tuple(items)


@lru_cache(host.KEPT)
def days(text: str, pack: str) -> tuple[tuple[str, Turn | None], ...]:
    """For each event, the next day on which it would be answered otherwise. Raises BadInput."""
    found = answered(text, pack)
    turns = {turn.setting.event: _turn(found, turn) for turn in changes.turning_days(found)}
    names = _names(found)
    return tuple((names[unit.id], turns.get(unit.id)) for unit in found.matter.events)


@lru_cache(host.KEPT)
def flips(text: str, pack: str) -> tuple[Turn, ...]:
    """Single known facts that would change an answer. Raises BadInput."""
    found = answered(text, pack)
    return tuple(_turn(found, turn) for turn in changes.flips(found, (), ()))


def _names(found: Answer) -> dict[str, str]:
    return {part.id: told.named(found, part) for part in found.parts}


def _turn(found: Answer, turn: changes.Turn) -> Turn:
    setting, names = turn.setting, _names(found)
    fact = found.book.facts[setting.fact]
    moved = tuple(changing.moves(turn.moved, names))
    where, value = names.get(setting.event, ""), str(setting.value)
    return Turn(setting.fact, setting.event, where, fact.ask, value, changing.supposed(found, turn), moved)


@dataclass(frozen=True)
class Difference:
    """What is otherwise in the second of two answers: of which event, what, before and after."""

    of: str
    label: str
    before: str
    after: str


def whatif(text: str, pack: str, suppose: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What moves where facts are supposed: `section.fact` or `EVENT:section.fact`. Raises BadInput."""
    found = answered(text, pack)
    settings = []
    for name, value in suppose.items():
        event, _, fact = name.rpartition(":")
        settings.append(Setting(fact, reading.textual(value), event))
    other, names = changes.supposed(found, settings), _names(found)
    rows = changing.differences(found, other)
    return tuple(Difference(names[row["of"]], row["label"], row["before"], row["after"]) for row in rows)
