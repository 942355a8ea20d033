"""How like a decided case a matter is, ground by ground, and which case is the closest.

A ground that is not here may be here in another form of the same general ground (`grounds.yaml`), stronger or weaker.
Nothing is decided here: whether a case binds is asked of the factors themselves (`precedents`). Everything that tells
of cases takes its comparison from here, so that all name the same closest case and no factor is told twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Literal

from caprev.once import cached_property
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.precedents import Case, CaseBase, Comparison, Forms

Degree = Literal["shared", "stronger", "other_form", "weaker", "absent", "unknown"]
HERE: tuple[Degree, ...] = ("shared", "stronger", "other_form")
APART: tuple[Degree, ...] = ("weaker", "absent")
_WEAKER: tuple[Degree, ...] = ("weaker",)


@dataclass(frozen=True)
class Standing:
    """A ground of a case as it stands in a matter.

    Where it is here in another form, `by` is the factor that is here in its place, or empty where no factor is, `says`
    the words of that form, and `general` what the two have in common.
    """

    factor: str
    degree: Degree
    by: str = ""
    says: str = ""
    general: str = ""


@dataclass(frozen=True)
class Likeness:
    """A matter beside a decided case. Each factor stands in one list only.

    `grounds` are what the case rested on; `beyond` speaks against the case's side and was not overcome there in any
    form as strong, `overcome` was; `besides` is shared and no ground. `weight` is that of the grounds that are here,
    `partly` that of those that are here in a weaker form.
    """

    comparison: Comparison
    _: KW_ONLY
    grounds: tuple[Standing, ...]
    beyond: tuple[str, ...]
    overcome: tuple[str, ...]
    besides: tuple[str, ...]
    weight: float
    partly: float

    @property
    def case(self) -> Case:
        """The decided case."""
        return self.comparison.case

    def of(self, *degrees: Degree) -> tuple[str, ...]:
        """The grounds that stand in some degree."""
        return tuple(standing.factor for standing in self.grounds if standing.degree in degrees)

    @property
    def here(self) -> tuple[str, ...]:
        """The grounds that are here, in their own form or in one no weaker."""
        return self.of(*HERE)

    @property
    def unknown(self) -> tuple[str, ...]:
        """The grounds of which it is not known whether they are here."""
        return self.of("unknown")

    @property
    def apart(self) -> tuple[str, ...]:
        """What distinguishes the case: grounds that are weaker here or absent, and what it did not overcome."""
        return self.of(*APART) + self.beyond

    @property
    def shared(self) -> tuple[str, ...]:
        """The grounds that are here in their own form, as strong as there or stronger."""
        return tuple(item.factor for item in self.grounds if item.degree in HERE and not item.says)

    @cached_property
    def told(self) -> tuple[str, ...]:
        """What the two have in common, as it is here: grounds in their own form or in the one that stands for it,
        else what is shared besides, else grounds that are weaker here."""
        return self._met(HERE) or self.besides or self.overcome or self._met(_WEAKER)

    def _met(self, degrees: Collection[Degree]) -> tuple[str, ...]:
        """The factors that are met here of grounds that stand in some degree."""
        named = (item.by or ("" if item.says else item.factor) for item in self.grounds if item.degree in degrees)
        return tuple(filter(None, named))

    @cached_property
    def standing(self) -> Mapping[str, Standing]:
        """How each ground stands, by its factor."""
        return {standing.factor: standing for standing in self.grounds}


def like(cases: CaseBase, conclusion: Conclusion, comparison: Comparison) -> Likeness:
    """A matter beside one case."""
    return _Beside(cases, conclusion, comparison, Forms(cases.book, conclusion.states, conclusion.parcel)).likeness()


def nearest(cases: CaseBase, conclusion: Conclusion) -> tuple[Likeness, ...]:
    """The cases that may be shown, from the closest on.

    Those that govern come first, then those on the subject; then by the weight of the grounds that are here, of those
    that are here in a weaker form and of all that is shared; then by how little distinguishes them, rank and date.
    """
    guidance, pack = conclusion.guidance, cases.book.pack
    governing = [comparison.case.id for comparison in (*guidance.by, *guidance.persuaders)]
    here = Forms(cases.book, conclusion.states, conclusion.parcel)
    shown = (c for c in guidance.all if c.case.shown and c.case.because)
    found = [_Beside(cases, conclusion, c, here).likeness() for c in shown]

    def rank(item: Likeness) -> tuple[object, ...]:
        case = item.case
        return (
            governing.index(case.id) if case.id in governing else len(governing),
            not case.on_subject(pack),
            -item.weight,
            -item.partly,
            -item.comparison.likeness,
            len(item.apart),
            pack.levels.index(case.level),
            case.latest_first,
            case.id,
        )

    return tuple(sorted(found, key=rank))


class _Beside:
    """Compares one matter with one case. `here` are the forms of general grounds in the matter."""

    def __init__(self, cases: CaseBase, conclusion: Conclusion, comparison: Comparison, here: Forms) -> None:
        self.cases, self.book, self.comparison = cases, cases.book, comparison
        self.states, self.parcel = conclusion.states, conclusion.parcel
        self.here = here

    def likeness(self) -> Likeness:
        """All points of the comparison."""
        comparison, case = self.comparison, self.comparison.case
        favouring = self.book.favouring[case.outcome]
        standings = self._standings()
        grounds = tuple(standings[name] for name in case.because)
        overcome = self.cases.overcome_in(case)
        reformed = [name for name in comparison.beyond if name not in case.met and name in overcome]
        own = [name for name in comparison.shared if name not in comparison.beyond]
        named = {*case.because, *[item.by for item in grounds]}
        return Likeness(
            comparison,
            grounds=grounds,
            beyond=tuple([name for name in comparison.beyond if name not in reformed]),
            overcome=(*[name for name in own if name not in favouring], *reformed),
            besides=tuple([name for name in own if name in favouring and name not in named]),
            weight=self.cases.weight([item.factor for item in grounds if item.degree in HERE]),
            partly=self.cases.weight([item.factor for item in grounds if item.degree == "weaker"]),
        )

    def _standings(self) -> dict[str, Standing]:
        """Every ground: by itself, else by another form, which stands for one ground only."""
        case = self.comparison.case
        found: dict[str, Standing] = {}
        spent: set[str] = set()
        for name in self.book.strongest(case.because):
            standing = self._standing(name, spent)
            spent.add(standing.says)
            found[name] = standing
        return found

    def _standing(self, name: str, spent: Collection[str]) -> Standing:
        case, comparison = self.comparison.case, self.comparison
        if self.states[name] == "met":
            if name in comparison.missing:
                return Standing(name, "weaker")
            return Standing(name, "stronger" if self.cases.more(name, self.parcel, case) else "shared")
        place = self.book.ground_of.get(name)
        if place:
            ground, step = place
            for here, by, says in self.here[ground]:
                if by in case.because or says in spent:
                    continue
                degree: Degree = "stronger" if here > step else "other_form" if here == step else "weaker"
                return Standing(name, degree, by, says, self.book.grounds[ground].says)
        return Standing(name, "unknown" if self.states[name] == "unknown" else "absent")
