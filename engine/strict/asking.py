"""An interview on strict rules: what is missing is asked for, what opens a question first; nothing else is."""

from __future__ import annotations

import json
from dataclasses import dataclass

from caprev.errors import BadInput
from caprev.facts import phrases
from caprev.facts.vocabulary import Fact
from caprev.files.reading import Source, Value
from caprev.strict import matter
from caprev.strict.answer import Answer, answer
from caprev.strict.book import Book
from caprev.strict.matter import Setting, changed

SKIP = ("", "unknown", "skip", "?")


@dataclass(frozen=True)
class Question:
    """What to ask next: the fact, in which event (none: of the matter), and the words."""

    fact: Fact
    event: str
    text: str


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
            return Question(fact, "event-1", f"{fact.ask} ({fact.allowed})")
        for part in sorted(self.answer.parts, key=lambda part: not part.open):
            for name in part.needs:
                fact = self.book.facts[name]
                own = bool(events) and name.startswith(f"{events.section}.") if events else False
                event = part.unit.id if own else ""
                if (name, event) not in self._passed and name in self.book.vocabulary:
                    where = f" [{event}]" if event else ""
                    return Question(fact, event, f"{fact.ask}{where} ({fact.allowed})")
        return None

    def take(self, question: Question, said: str) -> str:
        """Takes an answer; what is wrong with it, or nothing."""
        if said.lower() in SKIP:
            self._passed.add((question.fact.name, question.event) if self._matter.events else ("", ""))
            self._passed.add((question.fact.name, question.event))
            return ""
        value = phrases.meant(question.fact, said) or said if question.fact.values else said
        try:
            question.fact.read([value] if question.fact.type == "set" else value)
            new: Value = [value] if question.fact.type == "set" else value
            events = self.book.pack.events
            if events and not self._matter.events:
                self._load({**self._data, "events": [{"id": question.event, "kind": value}]})
                return ""
            changed_ = changed(self._matter, self.book, [Setting(question.fact.name, new, question.event)])
            assert isinstance(changed_.source.data, dict)
            self._load(changed_.source.data)
        except ValueError as error:
            return str(error)
        except BadInput as error:
            return str(error)
        return ""
