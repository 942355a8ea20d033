"""The facts of a parcel as a story: paragraphs in the order of time, several facts a sentence, one subject a paragraph.

What is known only in part is told so far as it is known, where something rests on it; what more there is to find out is
for the worksheet. Paragraphs, pairs of facts that are told together and the facts that rest on what somebody says of
their own mind stand in `drafts/facts.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from caprev.documents.words.grammar import lower_first, upper_first
from caprev.documents.words.grounds import grouped
from caprev.documents.words.phrases import Phrases, of_facts
from caprev.documents.words.sentences import Sentences, ends
from caprev.facts.knowledge import INFINITY, Choice, Subset
from caprev.facts.matter import Given
from caprev.law.rulebook import Rulebook

_REST = re.compile(r"; whether [^;.]* is not said|; which of these is so is not known")
_SLOT = re.compile(r"\{([\w.]+)\}")


@dataclass(frozen=True)
class Clause:
    """A clause of the story, the facts that it tells, and how it is known if that has to be said."""

    text: str
    facts: tuple[str, ...]
    lead: str = ""


class Narrative:
    """The story of one parcel. `relied` are the facts on which something rests."""

    def __init__(self, phrases: Phrases, facts: Mapping[str, Given], relied: Collection[str]) -> None:
        self.phrases = phrases
        self.facts = facts
        self.relied = relied
        self.sentences = Sentences(phrases, facts)

    def paragraph_of(self, fact: str) -> int:
        """The place of the paragraph to which a fact belongs: by its own name, or by its section."""
        rows: list[list[str]] = self.phrases.value("facts.paragraphs") or []
        names = {name: place for place, row in enumerate(rows) for name in row}
        section = fact.split(".", 1)[0]
        return names.get(fact, names.get(section, len(rows)))

    def place(self, fact: str) -> int:
        """The place of a fact within its paragraph, before the order of the vocabulary: those named come first."""
        rows: list[list[str]] = self.phrases.value("facts.paragraphs") or []
        row = rows[self.paragraph_of(fact)] if self.paragraph_of(fact) < len(rows) else []
        return row.index(fact) if fact in row else row.index(fact.split(".", 1)[0]) if row else 0

    def tells(self, given: Given) -> bool:
        """Whether a fact has a place in the story: known in full, or known enough for what rests on it."""
        known = given.written or given.knowledge
        if isinstance(known, Choice) and len(known.values) > 1 and given.fact.type in ("bool", "enum"):
            return given.fact.name in self.relied or bool(self._common(given, known))
        return not (isinstance(known, Subset) and not known.included and not known.excluded)

    def clause(self, given: Given) -> str:
        """A fact as a clause, without what is not known of it."""
        known = given.written or given.knowledge
        if isinstance(known, Choice) and len(known.values) > 1 and given.fact.type in ("bool", "enum"):
            common = self._common(given, known)
            if common:
                return self.sentences.tense(common).rstrip(".")
        vague = self._vague(given, known)
        text = vague or self.sentences.sentence(replace(given, knowledge=known))
        return _REST.sub("", text)

    def _common(self, given: Given, known: Choice) -> str:
        """What is so whichever of its values a fact has."""
        forms = self.phrases.table("facts.facts").get(given.fact.name)
        form = forms.get("some") if isinstance(forms, dict) else None
        without = set(map(str, forms.get("some_without", ()))) if isinstance(forms, dict) else set()
        return form if isinstance(form, str) and not without & set(map(str, known.values)) else ""

    def _vague(self, given: Given, known: Any) -> str:
        """A number of which only is known that there are several, or a year of which only the century is."""
        forms = self.phrases.table("facts.facts").get(given.fact.name)
        if not isinstance(forms, dict) or given.hidden or isinstance(known, Subset):
            return ""
        many = forms.get("many")
        if not isinstance(many, str):
            return ""
        low, high = ends(known)
        words = self.phrases.table("facts.masked_words")
        if given.fact.type == "date":
            days = 365 * int(words.get("years", 30))
            mask = str(words.get("year", "")) if low > -INFINITY and high < INFINITY and high - low > days else ""
            if not mask:
                return ""
            text = many.replace("{when}", mask.replace("{century}", _century(low)))
        else:
            if not (high == INFINITY and low <= int(words.get("least", 2)) and given.fact.type == "int"):
                return ""
            unit = forms.get("unit") or ["", ""]
            text = many.replace("{n}", str(words.get("count", "")).replace("{unit}", str(unit[1])))
        return self.sentences.tense(upper_first(text)).rstrip(".")

    def clauses(self, givens: Sequence[Given]) -> list[Clause]:
        """The clauses of one paragraph: facts that are told together as one, the others each."""
        rows: list[Clause] = []
        left = {given.fact.name: given for given in givens}
        implied = {
            name: by for name, by in self.phrases.table("facts.implied").items() if self._implied(name, by, left)
        }
        left = {name: given for name, given in left.items() if name not in implied}
        known = {name: given.knowledge for name, given in self.facts.items()}
        pairs: dict[str, tuple[str, list[str]]] = {}
        absorbed: set[str] = set(implied)
        for entry in self.phrases.value("facts.together") or ():
            names = [*entry["facts"], *(name for name in entry.get("also", ()) if name in left)]
            if any(name not in left for name in entry["facts"]) or not self.phrases.holds(entry.get("when"), known):
                continue
            leads = {self._lead(left[name]) for name in names}
            if len(leads) > 1 or not leads <= {"", "asserted"}:
                continue
            pairs[names[0]] = str(entry["says"]), names
            absorbed.update(names[1:])
            left = {name: given for name, given in left.items() if name not in names}
        for given in givens:
            name = given.fact.name
            if name in absorbed:
                continue
            if name in pairs:
                says, names = pairs[name]
                text = _SLOT.sub(lambda slot: self._filled(slot[1]), self.sentences.tense(says))
                rows.append(Clause(lower_first(text.rstrip(".")), tuple(names), self._lead(given)))
            else:
                rows.append(Clause(lower_first(self.clause(given)), (name,), self._lead(given)))
        return [self._with(row, implied) for row in rows]

    def _implied(self, name: str, by: str, left: Mapping[str, Given]) -> bool:
        """Whether a value adds nothing to the one value that a set is known to have."""
        if name not in left or by not in left:
            return False
        chosen = left[by].knowledge
        return isinstance(chosen, Subset) and chosen.included == frozenset(
            map(str, getattr(left[name].knowledge, "values", ()))
        )

    def _with(self, row: Clause, implied: Mapping[str, str]) -> Clause:
        added = tuple(name for name, by in implied.items() if by in row.facts)
        return replace(row, facts=row.facts + added)

    def _filled(self, name: str) -> str:
        given = self.facts[name]
        known = given.written or given.knowledge
        if isinstance(known, Subset):
            return self.sentences.members(given.fact, known)
        forms = self.phrases.table("facts.facts").get(name) or {}
        vague = self._vague(given, given.written or given.knowledge)
        if vague and given.fact.type == "date":
            return vague.removeprefix(str(forms["many"]).split("{")[0])
        if vague:
            words = self.phrases.table("facts.masked_words")
            return str(words.get("count", "")).replace("{unit}", str((forms.get("unit") or ["", ""])[1]))
        return self.sentences.value(replace(given, knowledge=given.written or given.knowledge))

    def _lead(self, given: Given) -> str:
        """How a fact is known, where the story has to say so."""
        if given.standing in ("disputed", "assumed") and given.at:
            return given.standing
        asserted = self.phrases.value("facts.asserted") or ()
        return "asserted" if given.standing == "stated" and given.fact.name in asserted else ""

    def told(self, clauses: Sequence[Clause]) -> list[tuple[str, tuple[str, ...]]]:
        """Clauses as sentences, each with the facts that it tells."""
        done: list[tuple[str, tuple[str, ...]]] = []
        run: list[Clause] = []

        def close() -> None:
            place = 0
            for text, count in grouped([clause.text for clause in run], self.phrases.book.words.subjects):
                members = run[place : place + count]
                done.append((text, tuple(name for clause in members for name in clause.facts)))
                place += count
            run.clear()

        for clause in clauses:
            if clause.lead:
                close()
                text = self.phrases(f"facts.leads.{clause.lead}.one") + f" {clause.text}"
                if clause.lead == "disputed":
                    text += f"; {self.phrases('facts.disputed_tail')}"
                done.append((f"{text}.", clause.facts))
            else:
                run.append(clause)
        close()
        return done


def recap(rules: Path, book: Rulebook, facts: Mapping[str, Given]) -> list[str]:
    """What was told of a parcel as a story, a paragraph for each subject; nothing where the law has no words for it."""
    phrases = of_facts(rules, book)
    given = [facts[name] for name in book.vocabulary.facts if name in facts and facts[name].at]
    if phrases is None or not given:
        return []
    story = Narrative(phrases, facts, facts)
    told = sorted(
        filter(story.tells, given), key=lambda one: (story.paragraph_of(one.fact.name), story.place(one.fact.name))
    )
    rows = groupby(told, key=lambda one: story.paragraph_of(one.fact.name))
    return [" ".join(text for text, _ in story.told(story.clauses(list(members)))) for _, members in rows]


def _century(low: float) -> str:
    return str(date.fromordinal(int(low)).year // 100)
