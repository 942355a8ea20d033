"""What is measured on a set of decided matters: the figures of each method, and every matter as it was concluded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from caprev.evaluation import metrics
from caprev.evaluation.bands import Shown
from caprev.evaluation.decided import Decided, Target
from caprev.evaluation.metrics import Estimate, Row, Step, Tenth
from caprev.facts.knowledge import Choice
from caprev.grouping import grouped
from caprev.law.models import Side
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.sensitivity import Effect

NOT_KNOWN = "not known"
WORDS = ("strong", "moderate", "finely_balanced")


@dataclass(frozen=True)
class Figures:
    """The figures of one method on one set. From `forced` on they are of all matters, by their probabilities."""

    coverage: Estimate
    right_of_decided: Estimate
    right_of_all: Estimate
    forced: Estimate
    balanced: Estimate
    mcc: Estimate
    brier: Estimate
    auc: Estimate
    ece: Estimate


@dataclass(frozen=True)
class Method:
    """A method on one set of matters: what it gave each, and how that agrees with the outcomes.

    `better` and `worse` count the matters that only the system, and only this method, got right when forced;
    `chance` is McNemar's exact probability of so uneven a split. `why_not` says why there are no figures.
    """

    name: str
    kind: str
    figures: Figures | None
    rows: tuple[Row, ...] = ()
    better: int = 0
    worse: int = 0
    chance: float = 1.0
    why_not: str = ""


@dataclass(frozen=True)
class Part:
    """Some of the matters: how many, the share right of those decided, and the share right when forced."""

    label: str
    of: int
    decided: Estimate
    forced: Estimate


@dataclass(frozen=True)
class Word:
    """A strength word: the share of all matters that it was said of, and the share of those that was right."""

    word: str
    share: Estimate
    right: Estimate


@dataclass(frozen=True)
class Reading:
    """One matter as the system concluded it, what it turned on, and what was not known.

    `node` is where the decisive balance was struck; `led` the factors that pushed it to the side it came out on,
    `against` those that pushed the other way; `missing` the unknown facts that could change the conclusion.
    """

    matter: Decided
    conclusion: Conclusion
    node: str
    led: tuple[tuple[str, float], ...]
    against: tuple[tuple[str, float], ...]
    missing: tuple[tuple[str, Effect], ...]

    @property
    def side(self) -> Side | None:
        """What was concluded; none if it was left undetermined."""
        side = self.conclusion.characterisation
        return None if side == "undetermined" else side

    @property
    def right(self) -> bool:
        """Whether the side said is the one decided."""
        return self.side == self.matter.outcome

    @property
    def row(self) -> Row:
        """Whether it was decided for the pole `for`, and how probable that was held."""
        return self.matter.positive, self.conclusion.probability


@dataclass(frozen=True)
class Roads:
    """How well the route agrees, of the matters decided for the pole `for` whose route is known.

    `known` counts them, `right` is of those concluded for that pole too, `of_all` of all of them; `majority` is what
    saying `always` of each would give. `rows` are the matters: its number, the route decided and the route concluded.
    """

    known: int
    right: Estimate
    of_all: Estimate
    always: str
    majority: Estimate
    rows: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Aim:
    """A figure and what it should reach."""

    name: str
    measured: float | None
    target: Target

    @property
    def met(self) -> bool:
        """Whether what was measured lies within the target."""
        if self.measured is None:
            return False
        least, most = self.target.at_least, self.target.at_most
        return (least is None or self.measured >= least) and (most is None or self.measured <= most)


@dataclass(frozen=True)
class Report:
    """One set of decided matters, measured. `own` holds decided cases with themselves among the precedents."""

    name: str
    position: str
    readings: tuple[Reading, ...]
    apart: tuple[Reading, ...]
    own: tuple[Reading, ...]
    refitted: int
    methods: tuple[Method, ...]
    words: tuple[Word, ...]
    tenths: tuple[Tenth, ...]
    chance_ece: Estimate
    curve: tuple[Step, ...]
    kinds: tuple[Part, ...]
    routes: tuple[Part, ...]
    known: tuple[Part, ...]
    roads: Roads
    best: Shown | None
    aims: tuple[Aim, ...]

    @property
    def system(self) -> Method:
        """The system itself, which stands first among the methods."""
        return self.methods[0]

    @property
    def misses(self) -> list[Reading]:
        """The matters concluded against their outcome, the most certain first."""
        wrong = [r for r in self.readings if r.side and not r.right]
        return sorted(wrong, key=lambda r: -abs(r.conclusion.probability - 0.5))

    @property
    def open(self) -> list[Reading]:
        """The matters left undetermined."""
        return [r for r in self.readings if r.side is None]


def well(row: Row) -> bool:
    """Whether the side of the probability is the outcome."""
    return metrics.said_for(row[1]) == row[0]


def taken(
    readings: Sequence[Reading], side: Side, routes: Mapping[str, str], names: Collection[str], always: str
) -> Roads:
    """How the routes concluded agree with those decided, of the matters decided for a side. `routes` says which route
    of the rulebook stands for another, `names` which routes lead to the side, `always` what the baseline says."""
    rows = []
    for reading in readings:
        decided = routes.get(reading.matter.route, reading.matter.route)
        if reading.matter.outcome == side and decided in names:
            rows.append((reading.matter.id, decided, str(reading.conclusion.route or "none")))
    reached = [row for row in rows if row[2] in names]
    right = sum(decided == concluded for _, decided, concluded in rows)
    return Roads(
        len(rows),
        metrics.wilson(right, len(reached)),
        metrics.wilson(right, len(rows)),
        always,
        metrics.wilson(sum(decided == always for _, decided, _ in rows), len(rows)),
        tuple(rows),
    )


def kind(matter: Decided, fact: str) -> str:
    """The value of a fact, if it is known."""
    given = matter.parcel.facts.get(fact)
    known = given.knowledge if given else None
    return str(next(iter(known.values))) if isinstance(known, Choice) and len(known.values) == 1 else NOT_KNOWN


def facts_known(matter: Decided) -> int:
    """How many facts are written of a matter."""
    return sum(not given.derived_from for given in matter.parcel.facts.values())


def parts(readings: Iterable[Reading], label: Callable[[Reading], str]) -> tuple[Part, ...]:
    """The matters by a label, the most frequent first."""
    groups = grouped((label(reading), reading) for reading in readings)
    return tuple(part(name, mine) for name, mine in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0])))


def thirds(readings: Sequence[Reading]) -> tuple[Part, ...]:
    """The matters in thirds by how many facts are known of them, the fewest first."""
    ordered = sorted(readings, key=lambda r: (facts_known(r.matter), r.matter.id))
    found = []
    for third in range(3):
        mine = ordered[third * len(ordered) // 3 : (third + 1) * len(ordered) // 3]
        if mine:
            found.append(part(f"{facts_known(mine[0].matter)} to {facts_known(mine[-1].matter)} facts", mine))
    return tuple(found)


def part(label: str, mine: Sequence[Reading]) -> Part:
    """Some of the matters, counted."""
    decided = [r for r in mine if r.side]
    forced = sum(well(r.row) for r in mine)
    return Part(
        label, len(mine), metrics.wilson(sum(r.right for r in decided), len(decided)), metrics.wilson(forced, len(mine))
    )


def said(word: str, readings: Sequence[Reading]) -> Word:
    """How often a strength word was said of a conclusion, and how often that was right."""
    mine = [r for r in readings if r.side and r.conclusion.strength == word]
    return Word(word, metrics.wilson(len(mine), len(readings)), metrics.wilson(sum(r.right for r in mine), len(mine)))
