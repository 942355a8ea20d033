"""An interview: one matter, question by question, saved after every answer.

It begins with the story (`questions.yaml`): who, when, why, what was done. Then the next question is the one that could
settle most; it ends when no answer still missing could change the conclusion. Nothing entered is lost: an answer that
contradicts a later one is set aside in the file, and comes back when nothing speaks against it any more; what others
write into the file meanwhile stays, and what they said of the same fact is kept beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from caprev.changes import flips
from caprev.changes.alternatives import changed
from caprev.errors import BadInput, Problem, listing
from caprev.facts import conditions, derivations
from caprev.facts.answers import Answer, further, parse
from caprev.facts.conditions import Atom
from caprev.facts.derivations import AS_AT, Contradiction
from caprev.facts.in_words import describe
from caprev.facts.knowledge import Knowledge, Subset
from caprev.facts.matter import Given, Parcel
from caprev.facts.vocabulary import Fact, worded
from caprev.files.reading import textual
from caprev.interview.fact_set import Changed, Written
from caprev.law import citations
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.sensitivity import Missing

REASONS = 3
TRIES = 20  # to put an answer into a file that others keep changing


class Unsaved(BadInput):
    """An answer that was understood and could not be put into the file."""


@dataclass(frozen=True)
class Told:
    """What an answer did: earlier answers set aside or brought back, with the reason, and those that no longer bear.

    `meanwhile` is what somebody else had written of the same fact since it was last read, in words.
    """

    aside: tuple[tuple[str, str], ...]
    back: tuple[str, ...]
    idle: tuple[str, ...]
    meanwhile: str = ""


class Interview:
    """The state of one interview: a file, one parcel of it, and what was asked in this sitting."""

    def __init__(
        self, assessor: Assessor, path: str | Path, parcel: str = "", position: str = "", as_at: str = ""
    ) -> None:
        self.assessor, self.book = assessor, assessor.book
        self.position, self.as_at = position or self.book.pack.position, as_at or self.book.pack.as_at
        self.weigher = assessor.weigher(self.position, self.as_at)
        self.file = Written(path, parcel, assessor.book.name)
        self.history: list[str] = []
        self._own: dict[str, Any] = {}
        self.passed: dict[str, None] = {}
        self._load()

    def _load(self) -> None:
        matter = self.assessor.matter(self.file.source)
        self.parcel: Parcel = matter.parcels[self.file.parcel]
        alone = replace(matter, parcels=(self.parcel,))
        (self.analysis,) = self.assessor.assess(alone, self.position, self.as_at).analyses
        self.conclusion: Conclusion = self.analysis.conclusion

    # questions

    def open(self) -> list[Missing]:
        """The facts not known that could still change the conclusion, the most decisive first."""
        return [item for item in self.analysis.missing if not item.idle]

    def next(self) -> str | None:
        """The next fact to ask for, if any answer could still change the conclusion: the story, then the decisive."""
        left = [item.fact for item in self.open() if not self.declined(item.fact)]
        return next(iter(self.untold()), left[0]) if left else None

    def untold(self) -> list[str]:
        """The parts of the story of which nothing is known and that apply, in order."""
        known = self.parcel.known
        return [
            name
            for name in self.book.questions.story
            if name not in known and not self.declined(name) and self.book.applies(name, known) is not False
        ]

    def together(self) -> list[str]:
        """Two answers that would change the conclusion together, if two can."""
        cases = self.assessor.cases
        changes = flips.learnable(self.assessor, self.conclusion, cases)
        found = flips.flips(self.conclusion, cases, changes, 2)
        return [f"{change.fact}: {change.says}" for change in found[0].changes] if found else []

    def declined(self, name: str) -> bool:
        """Whether the fact was asked for in this sitting, or is on file as not known."""
        raw = self.file.raw(name)
        return name in self.passed or (raw.get("value") if isinstance(raw, dict) else raw) == "unknown"

    def fact(self, name: str) -> Fact:
        """A fact by name, or by its number among the answers. Raises ValueError."""
        answers = self.answers()
        if name.isdigit() and 1 <= int(name) <= len(answers):
            name = answers[int(name) - 1].fact.name
        short = [known for known in self.book.vocabulary.facts if known.split(".", 1)[1] == name]
        name = short[0] if len(short) == 1 else name
        if name not in self.book.vocabulary:
            raise ValueError(f"'{name}' is not a fact. {self.book.vocabulary.nearest(name)}".rstrip())
        return self.book.vocabulary[name]

    def answers(self) -> list[Given]:
        """What a person has written, in the order of the vocabulary."""
        order = {name: index for index, name in enumerate(self.book.vocabulary.facts)}
        return sorted((g for g in self.parcel.facts.values() if g.at), key=lambda g: order[g.fact.name])

    def why(self, name: str) -> Iterator[str]:
        """Why a fact is asked for: what it could do, which factors wait on it, their authority and what they serve."""
        item = next((item for item in self.analysis.missing if item.fact == name), None)
        fact = self.book.vocabulary[name]
        if item is None:
            names = [n for n in self.book.factors if name in self._reads(n)]
            yield "Nothing waits on it now." + (f" It is read by {listing(names, 6)}." if names else "")
        else:
            ends = f"{item.low:.0%} to {item.high:.0%}"
            if item.moves:
                yield f"It {item.effect.words}: with it the {self.book.sides.probability} could be {ends}."
            else:
                yield "Alone it would not move the matter; together with other answers it could."
            names = list(item.factors)
            if item.idle:
                yield "Whatever the answer, the side concluded for would stay the same."
        active = [self.book.factors[n] for n in names if n in self.weigher.active]
        active.sort(key=lambda factor: -self.book.weights[factor.id])
        for factor in active[:REASONS]:
            authority = "; ".join(citations.short(self.book, cited) for cited in factor.authority)
            serves = "; ".join(self.book.nodes[node].title for node in factor.feeds[:REASONS])
            more = f"; and {len(factor.feeds) - REASONS} more" if len(factor.feeds) > REASONS else ""
            strength = factor.strength.replace("_", "-")
            yield f"- For {worded(factor.favours)}, {strength}: {factor.text} [{authority}]"
            yield f"  It serves: {serves}{more}"
        if len(active) > REASONS:
            rest = len(active) - REASONS
            yield f"- and {rest} more {'rules wait' if rest > 1 else 'rule waits'} on it"
        if fact.evidence:
            yield f"What would prove it: {fact.evidence}."

    def _reads(self, factor: str) -> set[str]:
        """The facts that a person could be asked for on which a factor rests."""
        found = set()
        for leaf in conditions.leaves(self.book.conditions[factor]):
            if isinstance(leaf, Atom):
                quantities = [q for q in self.book.derivations.quantities if q.target == leaf.fact]
                found |= {leaf.fact, *(operand for q in quantities for operand in q.operands)}
        return found

    # answers

    def understood(self, fact: Fact, said: str) -> Answer:
        """An answer in plain words. Raises ValueError."""
        given = self.parcel.facts.get(fact.name)
        return parse(fact, said, (given.written or given.knowledge) if given else None)

    def partial(self, fact: Fact) -> Subset | None:
        """What is known of a set to which more may belong than was named."""
        given = self.parcel.facts.get(fact.name)
        known = given.knowledge if given else None
        if isinstance(known, Subset) and known.included and len(known.included | known.excluded) < len(fact.values):
            return known
        return None

    def understood_more(self, fact: Fact, said: str) -> Answer | None:
        """What is said to `anything else?` of a set known in part; None where that is not known. Raises ValueError."""
        given = self.parcel.facts[fact.name]
        known = given.written or given.knowledge
        assert isinstance(known, Subset)
        found = further(fact, said, known)
        if found is None:
            return None
        return replace(found, note=found.note or given.note, standing=found.standing or given.standing or "")

    def answer(self, fact: Fact, given: Answer) -> Told:
        """Takes an answer, sets aside what it contradicts, brings back what it allows, and saves. Raises BadInput if
        it cannot be so, Unsaved if the file cannot be read or written."""
        seen = self.file.raw(fact.name)
        for _ in range(TRIES):
            with suppress(Changed):
                return self._answer(fact, given, seen)
        raise Unsaved(Problem("is being changed all the time by another program", str(self.file.path)))

    def _answer(self, fact: Fact, given: Answer, seen: Any) -> Told:
        with _saved():
            self.file.read()
            self._load()
        bore, before = self.bearing, self.file.text
        meanwhile = ""
        if self.file.raw(fact.name) not in (seen, None) and fact.name in self.parcel.facts:
            meanwhile = describe(self.parcel.facts[fact.name])
        aside = self._contradicted(fact, fact.read(textual(given.value)))
        try:
            for name, reason in aside:
                self._set_aside(name, reason)
            self._write(fact, given)
            self._load()
            back = list(self._bring_back(fact.name))
            with _saved():
                self.file.save()
        except (BadInput, Changed):
            self.file.text = before
            self._load()
            raise
        self.passed[fact.name] = None
        self.history = [name for name in self.history if name != fact.name] + [fact.name]
        self._own[fact.name] = self.file.raw(fact.name)
        written = {g.fact.name for g in self.answers()} - {fact.name}
        return Told(tuple(aside), tuple(back), tuple(sorted((bore - self.bearing) & written)), meanwhile)

    def _write(self, fact: Fact, given: Answer) -> None:
        place, raw = self.file.place(fact.name), self.file.raw(fact.name)
        before = self.parcel.facts.get(fact.name)
        notes = [given.note] if given.note else []
        told = {}
        if isinstance(raw, dict) and "value" in raw:
            told = {key: str(raw[key]) for key in ("source", "standing", "note") if raw.get(key)}
        own = fact.name in self.history and raw == self._own.get(fact.name)
        if before and before.at == place and (told or not own):
            if before.knowledge == fact.read(textual(given.value)):
                given = Answer(given.value)  # the same answer again: all that was written of it stays
                if told:
                    return
            else:
                words = describe(Given(fact, before.written or before.knowledge))
                origin = "; ".join(text if key == "note" else f"{key}: {text}" for key, text in told.items())
                notes.append(f"before: {words} ({origin})" if origin else f"before: {words}")
        value: Any = "unknown" if given.value is None else given.value
        if notes or given.standing:
            entry = {"value": value, "standing": given.standing, "note": "; ".join(notes)}
            value = {key: item for key, item in entry.items() if item != ""}
        self.file.put(fact.name, value)

    def _contradicted(self, fact: Fact, knowledge: Knowledge) -> list[tuple[str, str]]:
        """Earlier answers that cannot stand beside a new one, with the reason."""
        try:
            changed(self.book, self.parcel, {fact.name: knowledge})
            return []
        except Contradiction as error:
            reason = error.step.says
        kept: dict[str, Knowledge] = {fact.name: knowledge}
        clock = {name: g.knowledge for name, g in self.parcel.facts.items() if name == AS_AT.name}
        found = []
        for given in self.answers():
            name = given.fact.name
            if name == fact.name:
                continue
            trial = {**kept, name: given.written or given.knowledge}
            try:
                derivations.derive(self.book.derivations, {**trial, **clock})
                kept = trial
            except Contradiction as error:
                reason = error.step.says
                found.append((name, reason))
        if not found:  # the answer contradicts itself or the date of assessment
            raise BadInput(Problem(f"cannot be so: {reason}", subject=fact.name))
        return found

    def _set_aside(self, name: str, reason: str) -> None:
        raw, given = self.file.raw(name), self.parcel.facts[name]
        if raw is None:  # the base has it; this parcel says that it is not known here
            entry: dict[str, Any] = {"value": describe(given), "inherited": "true"}
            self.file.put(name, "unknown")
        else:
            entry = dict(raw) if isinstance(raw, dict) and "value" in raw else {"value": raw}
            self.file.remove(name)
        self.file.set_aside(name, {**entry, "because": reason})

    def _bring_back(self, but: str) -> Iterator[str]:
        """Answers set aside as contradicted that can stand again."""
        for name, entry in list(self.file.aside.items()):
            if name == but or not isinstance(entry, dict) or name not in self.book.vocabulary:
                continue
            inherited = entry.get("inherited") == "true"
            if self.file.raw(name) is not None and not (inherited and self.file.raw(name) == "unknown"):
                continue  # answered anew meanwhile
            before = self.file.text
            if inherited:
                self.file.remove(name)
            else:
                told = {key: entry[key] for key in ("value", "source", "standing", "note") if key in entry}
                self.file.put(name, told if len(told) > 1 else told["value"])
            self.file.forget_aside(name)
            try:
                self._load()
            except BadInput:
                self.file.text = before
                self._load()
                continue
            yield name

    @property
    def bearing(self) -> set[str]:
        """The answers on which the state of some factor that counts rests."""
        found: set[str] = set()
        for name, state in self.conclusion.states.items():
            if state != "unknown" and name in self.weigher.active and self.book.factors[name].favours != "neutral":
                for given in self.analysis.resting(name):
                    found |= self._behind(given.fact.name)
        return {name for name in found if self.parcel.facts[name].at}

    def _behind(self, name: str) -> set[str]:
        """A fact and the known facts that it follows from."""
        found: set[str] = set()
        new = {name}
        while new:
            found |= new
            above = {other for given in map(self.parcel.facts.get, new) if given for other in given.derived_from}
            new = (above & set(self.parcel.facts)) - found
        return found


@contextmanager
def _saved() -> Iterator[None]:
    try:
        yield
    except BadInput as error:
        raise Unsaved(error.problems) from None
