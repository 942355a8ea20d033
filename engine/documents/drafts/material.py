"""What a document is made of: the analysis of each parcel, the facts numbered, and like parcels brought together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from caprev.documents.words.grammar import joined
from caprev.documents.words.phrases import Phrases
from caprev.documents.words.sentences import Sentences
from caprev.facts.derivations import AS_AT
from caprev.facts.knowledge import Knowledge
from caprev.facts.matter import Given
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
        given = row.given
        parcel = row.parcels[0] if row.parcels else self.analyses[0].parcel.id
        return self._sentences[parcel].sentence(replace(given, knowledge=given.written or given.knowledge))

    @property
    def planned(self) -> bool:
        """Whether any sentence tells of what is only planned."""
        return any(sentences.planned for sentences in self._sentences.values())

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

    def lead(self, given: Given) -> str:
        """How a fact is told: the key of its lead, by its standing and source."""
        if not given.at:
            return "derived"
        if given.standing != "documented":
            return given.standing or "plain"
        rule = self.phrases.table("facts.agreement_when")
        section = given.fact.name.split(".", 1)[0]
        told = any(str(word) in given.source.lower() for word in rule.get("source_has", ()))
        told = told and section in rule.get("within", ())
        return "agreement" if told or section in rule.get("sections", ()) else "documented"

    def _place(self, given: Given) -> tuple[int, int, int]:
        """Where a fact stands: by section, then by how it is told, then in the order of the vocabulary."""
        names = (*self.book.vocabulary.facts, *self.book.derivations.facts)
        sections = list(self.book.vocabulary.sections)
        section = given.fact.name.split(".", 1)[0]
        leads = ("plain", "documented", "agreement", "stated", "disputed", "assumed", "derived")
        return (
            sections.index(section) if section in sections else len(sections),
            leads.index(self.lead(given)),
            names.index(given.fact.name),
        )

    @cached_property
    def numbered(self) -> list[Numbered]:
        """Every fact to be stated, numbered: those of all parcels, then each parcel's own; what follows comes last."""
        rows: list[tuple[Given, tuple[str, ...]]] = []
        place = {analysis.parcel.id: index for index, analysis in enumerate(self.analyses)}
        for derived in (False, True):
            shared: list[Given] = []
            own: list[tuple[Given, tuple[str, ...]]] = []
            for name in self._stated(derived):
                held: dict[tuple[object, ...], tuple[Given, list[str]]] = {}
                for analysis in self.analyses:
                    given = analysis.parcel.facts.get(name)
                    if given and bool(given.at) is not derived:
                        key = (given.written or given.knowledge, given.source, given.standing, given.note)
                        held.setdefault(key, (given, []))[1].append(analysis.parcel.id)
                for given, parcels in held.values():
                    if len(parcels) == len(self.analyses):
                        shared.append(given)
                    else:
                        own.append((given, tuple(parcels)))
            rows += [(given, ()) for given in sorted(shared, key=self._place)]
            # What is one parcel's own is little: it is told together, by how it is told.
            rows += sorted(
                own, key=lambda row: ([place[parcel] for parcel in row[1]], self._place(row[0])[1], self._place(row[0]))
            )
        return [Numbered(index + 1, given, parcels) for index, (given, parcels) in enumerate(rows)]

    def _stated(self, derived: bool) -> set[str]:
        """Facts written down; or facts that follow and that a met factor rests on."""
        names: set[str] = set()
        for analysis in self.analyses:
            facts = analysis.parcel.facts
            if derived:
                told = {*self.used(analysis), *map(str, self.phrases.listed("facts.always_told"))}
                names |= {name for name in told if name in facts and not facts[name].at}
            else:
                names |= {name for name, given in facts.items() if given.at}
        return names

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
