"""Strict law checked whole: what each part says of another is so."""

from __future__ import annotations

from collections.abc import Mapping

from caprev.errors import nearest
from caprev.files.reading import Path_
from caprev.law import authorities
from caprev.law.models import Cited, Span
from caprev.law.reader import Reader
from caprev.law.references import circles
from caprev.law.strict import Regimes, Rule
from caprev.strict.book.compiling import Compiler
from caprev.strict.book.law import Book, rests_on

EVENT_KEYS = ("id", "title", "of", "facts")
"""What an event says besides facts."""


class Checks:
    """Finds names that point nowhere, events that cannot be told apart, regimes that compare nothing, and circles."""

    def __init__(self, book: Book, reader: Reader, places: Mapping[str, tuple[str, Path_]]) -> None:
        self.book, self.reader, self.places = book, reader, places
        self.trees = Compiler(book, reader, places)
        self.fault = self.trees.fault

    def check(self) -> None:
        """Compile all of it; every fault goes to the reader."""
        book = self.book
        self._events()
        self._weighed()
        for name, question in book.questions.items():
            self.trees.condition("question", name, question.when, None, Span(), "")
            if question.otherwise and question.otherwise not in question.outcomes:
                what = f"otherwise is '{question.otherwise}', which is none of its outcomes"
                self.fault(name, ("otherwise",), what, nearest(question.otherwise, question.outcomes))
        for rule in book.rules.values():
            self.trees.condition("rule", rule.id, rule.when, rule.unless, rule.in_force, rule.dated_by)
            self._cited(rule.id, rule.authority)
            if rule.then:
                self._concludes(rule)
        for amount in book.amounts.values():
            self.trees.condition("amount", amount.id, amount.when, None, amount.in_force, amount.dated_by)
            self._cited(amount.id, amount.authority)
            self.trees.amount(amount)
        for warning in book.warnings.values():
            self.trees.condition("warning", warning.id, warning.when, None, warning.in_force, warning.dated_by)
            self._cited(warning.id, warning.authority)
        for regimes in book.regimes.values():
            self._regimes(regimes)
        self._circles()

    def _weighed(self) -> None:
        weighed, file = self.book.pack.weighed, self.reader.file("pack.yaml")
        if weighed is None:
            return
        if self.reader.check("fact", weighed.fact, self.book.vocabulary.facts, file, (), "weighed"):
            for side, value in weighed.values.items():
                try:
                    self.book.vocabulary[weighed.fact].read(value)
                except ValueError as error:
                    self.reader.fault(file, (), "weighed", f"{side}: {error}")

    def _events(self) -> None:
        book, file = self.book, self.reader.file("pack.yaml")
        events, facts = book.pack.events, book.vocabulary
        if book.pack.dating not in book.facts or book.facts[book.pack.dating].type != "date":
            self.reader.fault(file, ("dated_by",), "dated_by", f"'{book.pack.dating}' is not a date of the vocabulary")
        if events is None:
            return
        for name, kind in (("kind", "enum"), ("date", "date")):
            full = f"{events.section}.{name}"
            if full not in facts or facts[full].type != kind:
                what = f"needs the fact {full} of type {kind} in the vocabulary"
                self.reader.fault(file, ("events", "section"), "events", what)
        for name in facts.sections.get(events.section, ()):
            if name in (*facts.sections, *EVENT_KEYS):
                what = f"is a fact of events and also {'a section' if name in facts.sections else 'a key of theirs'}"
                place = self.reader.file("vocabulary.yaml")
                self.reader.fault(place, (events.section, name), f"{events.section}.{name}", what, "Rename one")
        for name, carried in events.carries.items():
            at: Path_ = ("events", "carries", name)
            source = f"{events.section}.{carried.fact}"
            for fact in (name, source):
                self.reader.check("fact", fact, facts.facts, file, at, "events")
            kinds = facts[f"{events.section}.kind"].values if f"{events.section}.kind" in facts else ()
            self.reader.check("kind of event", carried.kind, kinds, file, (*at, "from"), "events")
            if name in facts and source in facts and facts[name].type != facts[source].type:
                self.reader.fault(file, at, "events", f"{name} is not of the type of {source}")

    def _concludes(self, rule: Rule) -> None:
        book = self.book
        if rule.then not in book.outcomes:
            if rule.then not in self.reader.unread:
                what = f"then is '{rule.then}', which is no outcome of a question"
                self.fault(rule.id, ("then",), what, nearest(rule.then, list(book.outcomes)))
        elif book.of(rule.id) != book.of(rule.then):
            what = f"is of the {book.of(rule.id)}, and its outcome '{rule.then}' of the {book.of(rule.then)}"
            self.fault(rule.id, ("then",), what, "Give both the same `of`")

    def _cited(self, name: str, authority: tuple[Cited, ...]) -> None:
        file, place = self.places[name]
        for index, cited in enumerate(authority):
            at: Path_ = (*place, "authority", index)
            if self.reader.check("authority", cited.cite, self.book.authorities, file, (*at, "cite"), name):
                wrong = authorities.fault(self.book.authorities, cited)
                if wrong:
                    self.reader.fault(file, (*at, wrong[0]), name, wrong[1], wrong[2])

    def _regimes(self, regimes: Regimes) -> None:
        book = self.book
        self._cited(regimes.id, regimes.authority)
        for index, amount in enumerate(regimes.compares):
            if amount not in book.amounts or book.of(amount) != "matter":
                what = f"compares '{amount}', which is not an amount of the matter (of: matter)"
                self.fault(regimes.id, ("compares", index), what, nearest(amount, list(book.amounts)))
        for group in ("options", "scenarios"):
            for key, option in getattr(regimes, group).items():
                for fact, value in option.facts.items():
                    at: Path_ = (group, key, "facts", fact)
                    if fact not in book.vocabulary:
                        self.fault(regimes.id, at, f"'{fact}' is not in the vocabulary", book.vocabulary.nearest(fact))
                        continue
                    try:
                        book.vocabulary[fact].read(value)
                    except ValueError as error:
                        self.fault(regimes.id, at, f"{fact} {error}")
                if option.when is not None and (
                    found := self.trees.read(regimes.id, option.when, (group, key, "when"))
                ):
                    book.conditions[f"option:{regimes.id}:{key}"] = found

    def _circles(self) -> None:
        book = self.book
        for *above, name in circles((*book.rules, *book.outcomes, *book.amounts), lambda name: rests_on(book, name)):
            user = next(step for step in reversed(above) if step in self.places)
            self.fault(user, (), f"rests on itself: {' -> '.join((*above[above.index(name) :], name))}")
