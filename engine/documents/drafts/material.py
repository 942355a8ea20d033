"""What a document is made of: the analysis of each parcel, the facts numbered, and like parcels brought together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from caprev.documents.words.grammar import joined
from caprev.documents.words.narrative import Narrative
from caprev.documents.words.phrases import Phrases
from caprev.documents.words.sentences import Sentences
from caprev.facts.derivations import AS_AT
from caprev.facts.knowledge import Knowledge
from caprev.facts.matter import Given
from caprev.facts.tense import Tense
from caprev.files.reading import Source
from caprev.once import cached_property
from caprev.reasoning.analysis import Analysis, Assessment
from caprev.teaching.debate import Debate


@dataclass(frozen=True)
class Group:
    """Parcels with one characterisation and route; `likes` are those whose factors stand exactly alike."""

    characterisation: str
    route: str
    likes: tuple[tuple[Analysis, ...], ...]

    @property
    def first(self) -> Analysis:
        """The parcel that stands for the group."""
        return self.likes[0][0]

    @property
    def members(self) -> list[Analysis]:
        """All parcels of the group."""
        return [analysis for alike in self.likes for analysis in alike]

    @property
    def outcome(self) -> tuple[str, ...]:
        """The keys under which a wording for this outcome may stand, the most particular first."""
        return tuple(key for key in (self.route, self.characterisation) if key)


@dataclass(frozen=True)
class Numbered:
    """A fact as it stands in the facts of a document, under its number; `parcels` are empty where it holds for all."""

    number: int
    given: Given
    parcels: tuple[str, ...]


class Material:
    """Everything a template draws on, worked out once. For an edited version it is made from what may be published."""

    def __init__(
        self,
        assessment: Assessment,
        found: Source,
        phrases: Phrases,
        debates: Sequence[Debate] = (),
        edited: bool = False,
    ) -> None:
        self.assessment = assessment
        self.found = found
        self.phrases = phrases
        self.debates = debates
        self.edited = edited
        self.book = assessment.rulebook
        self.analyses = assessment.analyses
        self.several = len(self.analyses) > 1
        self._titles = self._parcel_titles()
        self._sentences = {item.parcel.id: Sentences(phrases, item.parcel.facts) for item in self.analyses}

    # parcels

    def _parcel_titles(self) -> dict[str, str]:
        """A name for each parcel."""
        parcels = [analysis.parcel for analysis in self.analyses]
        one = self.book.pack.unit.one
        return {item.id: f"{one} {f'{item.id} ({item.title})' if item.title else item.id}" for item in parcels}

    def title(self, parcel: str) -> str:
        """What a parcel is called in the document."""
        return self._titles[parcel]

    def titles(self, analyses: Iterable[Analysis]) -> str:
        """Parcels in words: one by its name, several by what identifies them."""
        return self.named([item.conclusion.parcel.id for item in analyses])

    def named(self, parcels: Sequence[str]) -> str:
        """Parcels in words, by their ids."""
        return self._titles[parcels[0]] if len(parcels) == 1 else f"{self.book.pack.unit.many} {joined(list(parcels))}"

    @cached_property
    def groups(self) -> list[Group]:
        """Parcels by outcome, and within that by the state of every factor, in the order of the fact set."""
        outcomes: dict[tuple[str, str], dict[tuple[object, ...], list[Analysis]]] = {}
        for analysis in self.analyses:
            c = analysis.conclusion
            alike = outcomes.setdefault((c.characterisation, c.route or ""), {})
            alike.setdefault((tuple(c.states.items()), c.decided_by), []).append(analysis)
        return [
            Group(side, route, tuple(tuple(members) for members in alike.values()))
            for (side, route), alike in outcomes.items()
        ]

    @property
    def known(self) -> Mapping[str, Knowledge]:
        """What is known of the first parcel, for wordings that depend on the facts."""
        return self.analyses[0].parcel.known

    # facts

    def sentence(self, row: Numbered) -> str:
        """A fact as it was written down, in words."""
        return self.said(row.given, row.parcels[0] if row.parcels else "")

    def said(self, given: Given, parcel: str = "") -> str:
        """The same of a fact of a parcel, or of the first."""
        words = self._sentences[parcel or self.analyses[0].parcel.id]
        return words.sentence(replace(given, knowledge=given.written or given.knowledge))

    @property
    def planned(self) -> bool:
        """Whether any sentence tells of what is only planned."""
        return any(sentences.told is Tense.PLANNED for sentences in self._sentences.values())

    def used(self, analysis: Analysis) -> dict[str, None]:
        """The facts on which the state of the met factors of a parcel rests, in the order of the factors."""
        names: dict[str, None] = {}
        for factor, state in analysis.conclusion.states.items():
            if state == "met":
                names.update(dict.fromkeys(self.resting(analysis, factor)))
        return names

    def resting(self, analysis: Analysis, factor: str) -> tuple[str, ...]:
        """The facts a factor's state rests on, but for the date of assessment."""
        return tuple(given.fact.name for given in analysis.rests_on(factor) if given.fact.name != AS_AT.name)

    def told(self, analysis: Analysis, factor: str) -> tuple[str, ...]:
        """Those facts on which a factor's state rests that are stated in the document."""
        parcel = analysis.parcel.id
        return tuple(name for name in self.resting(analysis, factor) if self.number(parcel, name))

    def narrative(self, parcel: str = "") -> Narrative:
        """The story of a parcel, or of the first."""
        return self._narratives[parcel or self.analyses[0].parcel.id]

    @cached_property
    def _narratives(self) -> dict[str, Narrative]:
        return {item.parcel.id: Narrative(self.phrases, item.parcel.facts, self.used(item)) for item in self.analyses}

    def _place(self, given: Given) -> tuple[int, bool, int, int]:
        """Where a fact stands: by paragraph, what is not proved last, then those named first, then the vocabulary."""
        names = (*self.book.vocabulary.facts, *self.book.derivations.facts)
        story, name = self.narrative(), given.fact.name
        unproved = bool(given.at) and given.standing in ("disputed", "assumed")
        return story.paragraph_of(name), unproved, story.place(name), names.index(name)

    @cached_property
    def rows(self) -> list[tuple[Given, tuple[str, ...]]]:
        """Every fact given, and what follows and is relied on: of all parcels, then of each; with whose it is."""
        place = {analysis.parcel.id: index for index, analysis in enumerate(self.analyses)}
        shared: list[Given] = []
        own: list[tuple[Given, tuple[str, ...]]] = []
        for name in (*self.book.vocabulary.facts, *self.book.derivations.facts):
            held: dict[tuple[object, ...], tuple[Given, list[str]]] = {}
            for analysis in self.analyses:
                given = analysis.parcel.facts.get(name)
                if given and (given.at or name in self._following):
                    key = (given.written or given.knowledge, given.source, given.standing, given.note)
                    held.setdefault(key, (given, []))[1].append(analysis.parcel.id)
            for given, parcels in held.values():
                if len(parcels) == len(self.analyses):
                    shared.append(given)
                else:
                    own.append((given, tuple(parcels)))
        done: list[tuple[Given, tuple[str, ...]]] = [(given, ()) for given in sorted(shared, key=self._place)]
        return done + sorted(own, key=lambda row: ([place[parcel] for parcel in row[1]], self._place(row[0])))

    @cached_property
    def _following(self) -> set[str]:
        """Facts that nobody wrote down, and that follow from others: those relied on, or always told."""
        used = {name for analysis in self.analyses for name in self.used(analysis)}
        return used | set(map(str, self.phrases.listed("facts.always_told")))

    @cached_property
    def numbered(self) -> list[Numbered]:
        """Every fact that is told, under the number of its paragraph; each parcel's own in a paragraph of its own."""
        done: list[Numbered] = []
        number = self.statements
        last: object = None
        for given, parcels in self.rows:
            if not self.narrative(parcels[0] if parcels else "").tells(given):
                continue
            key = (parcels, 0 if parcels else self.narrative().paragraph_of(given.fact.name))
            number += key != last
            last = key
            done.append(Numbered(number, given, parcels))
        return done

    @property
    def untold(self) -> list[Given]:
        """Facts known only in part, on which nothing rests: what is left to confirm."""
        told = {(row.given.fact.name, row.parcels) for row in self.numbered}
        return [given for given, parcels in self.rows if (given.fact.name, parcels) not in told]

    @cached_property
    def stated(self) -> tuple[str, ...]:
        """What was stated in free words: told as it is, and without weight."""
        found = self.assessment.matter.about.get("statements") or ()
        texts = [found] if isinstance(found, str) else found if isinstance(found, list) else []
        return tuple(" ".join(str(text).split()) for text in texts if str(text).strip())

    @property
    def statements(self) -> int:
        """How many paragraphs of free words stand before the facts."""
        return len(self.stated)

    @cached_property
    def _numbers(self) -> dict[tuple[str, str], int]:
        """The number of a fact in a parcel."""
        found = {}
        for row in self.numbered:
            for parcel in row.parcels or tuple(self._titles):
                found[parcel, row.given.fact.name] = row.number
        return found

    def number(self, parcel: str, fact: str) -> int:
        """The number under which a fact stands, or 0."""
        return self._numbers.get((parcel, fact), 0)

    def refer(self, parcel: str, facts: Iterable[str]) -> str:
        """Facts by their numbers: `fact 3`, `facts 3, 4 and 9`."""
        numbers = sorted({number for name in facts if (number := self.number(parcel, name))})
        key = "facts_one" if len(numbers) == 1 else "facts_many"
        words = joined([str(number) for number in numbers])
        return self.phrases(f"ruling.application.{key}").format(numbers=words) if numbers else ""
