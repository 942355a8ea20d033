"""An interview on strict rules: what happened, what is missing for it, what happened next; open questions first."""

from __future__ import annotations

import json
from dataclasses import dataclass

from caprev import limits
from caprev.errors import BadInput
from caprev.facts import phrases
from caprev.facts.vocabulary import Fact
from caprev.files.reading import Source, Value
from caprev.strict import matter
from caprev.strict.answer import Answer, answer
from caprev.strict.book import Book
from caprev.strict.matter import Setting, changed

_NEXT = "next"
SKIP = ("", "unknown", "skip", "?")


@dataclass(frozen=True)
class Question:
    """What to ask next: the fact, in which event (none: of the matter), and the words."""

    fact: Fact
    event: str
    text: str
    begins: bool = False
    """Whether an answer begins a new event."""


def _allowed(fact: Fact) -> str:
    return "yes or no" if fact.type == "bool" else fact.allowed


class Sitting:
    """A fact set that grows by answers. `text` is what it is so far, as JSON, which every command reads."""

    def __init__(self, book: Book, file: str, data: dict[str, Value], as_at: str = "") -> None:
        self.book, self._file, self._as_at = book, file, as_at
        self._passed: set[tuple[str, str]] = set()
        self._load(data)

    def _load(self, data: dict[str, Value]) -> None:
        text = json.dumps(data, indent=2, ensure_ascii=False)
        self._matter = matter.read(Source(self._file, data, text), self.book, self._as_at)
        self.answer: Answer = answer(self.book, self._matter)
        self.text = text + "\n"
        self._data = data

    def question(self) -> Question | None:
        """The next question: none where nothing is missing, or all that is was passed over."""
        events = self.book.pack.events
        if events and not self._matter.events and ("", "") not in self._passed:
            fact = self.book.vocabulary[f"{events.section}.kind"]
            return Question(fact, "event-1", f"{fact.ask} ({_allowed(fact)})")
        for unit in self._matter.events:  # when it was is asked of every event, whatever hangs on it
            assert events is not None
            fact = self.book.vocabulary[f"{events.section}.date"]
            if fact.name not in unit.known and (fact.name, unit.id) not in self._passed:
                return Question(fact, unit.id, f"{fact.ask} [{unit.id}] ({_allowed(fact)})")
        for part in sorted(self.answer.parts, key=lambda part: not part.open):
            for name in part.needs:
                fact = self.book.facts[name]
                own = bool(events) and name.startswith(f"{events.section}.") if events else False
                event = part.unit.id if own else ""
                if (name, event) not in self._passed and name in self.book.vocabulary:
                    where = f" [{event}]" if event else ""
                    return Question(fact, event, f"{fact.ask}{where} ({_allowed(fact)})")
        return self._next_event()

    def _next_event(self) -> Question | None:
        """What happened after the events there are, until it is said that nothing did."""
        events, place = self.book.pack.events, len(self._matter.events) + 1
        if events is None or place == 1 or place > limits.PARCELS or (_NEXT, "") in self._passed:
            return None
        taken = {unit.id for unit in self._matter.events}
        ident = next(name for number in range(place, 2 * place + 1) if (name := f"event-{number}") not in taken)
        fact = self.book.vocabulary[f"{events.section}.kind"]
        return Question(fact, ident, f"What happened next, if anything? ({_allowed(fact)}; nothing: press Enter)", True)

    def take(self, question: Question, said: str) -> str:
        """Takes an answer; what is wrong with it, or nothing."""
        if said.lower() in SKIP and question.begins:
            self._passed.add((_NEXT, ""))
            return ""
        if said.lower() in SKIP:
            self._passed.add((question.fact.name, question.event) if self._matter.events else ("", ""))
            self._passed.add((question.fact.name, question.event))
            return ""
        value = phrases.meant(question.fact, said) or said if question.fact.values else said
        try:
            question.fact.read([value] if question.fact.type == "set" else value)
            new: Value = [value] if question.fact.type == "set" else value
            events = self.book.pack.events
            if events and (question.begins or not self._matter.events):
                before = self._data.get("events")
                new_event: Value = {"id": question.event, "kind": value}
                self._load({**self._data, "events": [*(before if isinstance(before, list) else []), new_event]})
                return ""
            changed_ = changed(self._matter, self.book, [Setting(question.fact.name, new, question.event)])
            assert isinstance(changed_.source.data, dict)
            self._load(changed_.source.data)
        except ValueError as error:
            return str(error)
        except BadInput as error:
            return str(error)
        return ""
