"""The nearest decided cases, told to a reader: what each held, what is shared and what is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from caprev.documents.content.model import Block
from caprev.documents.reports.telling import Telling
from caprev.documents.words import grounds as composing
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.documents.words.grounds import listed
from caprev.facts.vocabulary import worded
from caprev.reasoning.likeness import HERE, Likeness, Standing
from caprev.reasoning.precedents import Comparison

_EACH = 3


class Nearest:
    """The decided cases beside one parcel."""

    def __init__(self, telling: Telling) -> None:
        self.telling = telling
        self.analysis, self.book, self.concluded = telling.analysis, telling.book, telling.concluded
        self.earlier = telling.earlier
        self.first, self.reasons, self.grounds = telling.first, telling.reasons, telling.grounds
        self._shared = ""  # what the case before shares

    def standing(self) -> str:
        """What binds, and which cases are nearest for either side."""
        guidance = self.concluded.guidance
        lead = {
            "free": "None binds here" if self.first else "None binds on the facts as known",
            "conflict": "Cases of equal rank point both ways",
        }.get(guidance.constraint, "")
        if guidance.by:
            by = guidance.by[:_EACH]
            governs = f"{'govern' if by[1:] else 'governs'} {'here' if self.first else 'on the facts as known'}"
            lead = f"{listed([self.name(c) for c in by])} {governs}"
        near = {side: [self.name(item) for item in self.near(side)] for side in self.book.sides.ids}
        told = [
            f"{listed(found)} {'stand' if found[1:] else 'stands'} nearest for {worded(side)}"
            if self.first
            else f"nearest for {worded(side)} {'are' if found[1:] else 'is'} {listed(found)}"
            for side, found in near.items()
            if found
        ]
        return upper_first("; ".join(filter(None, (lead, "; and ".join(told)))) + ".")

    def near(self, side: str) -> list[Likeness]:
        """The cases on the subject that were decided for a side, the nearest first."""
        found = self.analysis.near_for(side)
        return [item for item in found if item.case.on_subject(self.book.pack)][:_EACH]

    def name(self, comparison: Likeness | Comparison, more: str = "") -> str:
        """A case as it is named in running text."""
        return f"{self.called(comparison)} ({comparison.case.decided[:4]}{more})"

    def called(self, comparison: Likeness | Comparison) -> str:
        """A case by its short name."""
        case = comparison.case
        return str(self.book.authorities[case.authority].get("short") or case.name)

    def cases(self) -> Iterator[Block]:
        """The nearest cases of either side: what each held, what is shared, what is not; a point at length once."""
        side, said = self.concluded.characterisation, set[str]()
        near = [item for pole in sorted(self.book.sides.ids, key=lambda pole: pole != side) for item in self.near(pole)]
        apart = [item for item in near if item.case.id in self.earlier.cases and item.case.outcome != side]
        told = [" ".join(self.case(item, said)) for item in near if not (apart[1:] and item in apart)]
        if apart[1:]:
            told.append(" ".join(self.together(apart)))
        if told:
            yield self.telling.listing(told)

    def together(self, cases: Sequence[Likeness]) -> Iterator[str]:
        """Cases told of an earlier parcel that went the other way from this one: what each shares and what it lacks."""
        self.telling.compared.update(item.case.id for item in cases)
        names = listed([self.name(item) for item in cases])
        yield f"{names}, decided for {worded(cases[0].case.outcome)}, were told above."
        shared = {item.case.id: self.grounds.distinct(item.shared, 2) for item in cases}
        lacking = {item.case.id: self.book.strongest(item.of("absent"))[:2] for item in cases}
        for key, found, call in (
            ("shares_some", shared, self.grounds.short),
            ("lacks_some", lacking, self.grounds.theirs),
        ):
            pairs = [(call(name), self.called(item)) for item in cases for name in found[item.case.id]]
            if pairs:
                yield self.reasons.say(key, grounds=composing.of_each(pairs))

    def case(self, comparison: Likeness, said: set[str]) -> Iterator[str]:
        """One case; `said` are the points that were told at length."""
        case, grounds = comparison.case, self.grounds
        later = ", later" if case.decided[:10] > self.analysis.assessment.matter.as_at else ""
        held = f"{self.name(comparison, later)}, decided for {worded(case.outcome)}"
        ratio = case.ratio.strip()
        colon = f": {lower_first(ratio)}" if ":" not in ratio.partition(". ")[0] else f". {ratio}"
        again = f"{self.name(comparison, later)}, for {worded(case.outcome)} and told above."
        yield again if case.id in self.earlier.cases else f"{held}{colon}"
        self.earlier.cases.add(case.id)
        self.telling.compared.add(case.id)
        shared = grounds.distinct(comparison.shared or (() if comparison.here else comparison.told), 3)
        points = (*map(grounds.clause, shared), *(item.says or item.by for item in comparison.grounds))
        if self.earlier.points.setdefault(case.id, points) is not points and self.earlier.points[case.id] == points:
            yield self.reasons.say("as_before", part=self.first)
            return
        if shared:
            both = listed([grounds.short(name) for name in shared])
            if shared[2:] and frozenset(map(grounds.clause, shared)) in self.reasons.named:
                both = "the grounds that weigh most here"
            same = both == self._shared and shared[1:]
            yield self.reasons.say("shares_same" if same else "shares", grounds=both)
            self._shared = both
        forms = [item for item in comparison.grounds if item.degree in HERE and item.says and item.says not in said]
        if forms:
            said.update(item.says for item in forms[:2])
            akin = [grounds.short(item.by) for item in forms[:2] if item.by in grounds.said]
            new = [self.form(item) for item in forms[:2] if item.by not in grounds.said]
            if akin:
                yield self.reasons.say("akin", grounds=listed(list(dict.fromkeys(akin))))
            if new:
                yield self.reasons.say("same_effect", grounds=", and ".join(new))
        lacking = self.book.strongest(comparison.of("absent"))[:2]
        fresh, known = ([name for name in lacking if (name in said) is again] for again in (False, True))
        said.update(fresh)
        texts = [lower_first(self.book.factors[name].text.rstrip(".")) for name in fresh]
        names = [grounds.theirs(name) for name in known]
        if texts:
            yield self.reasons.say("only_there", grounds=", and ".join(texts))
        if names:
            yield upper_first(self.reasons.say(f"named_there{composing.number(names)}", grounds=listed(names)))

    def form(self, item: Standing) -> str:
        """A ground that is here in another form, as a clause; one with words of its own is said at length with it."""
        if item.by:
            self.grounds.said.add(item.by)
            return self.grounds.clause(item.by)
        return lower_first(second_person(item.says).rstrip("."))
