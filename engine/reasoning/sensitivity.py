"""What would change a conclusion: which facts are missing and what they could do, and which facts carry it.

What one answer could do is found by trying every answer that the fact may still have, with nothing else learnt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from operator import itemgetter

from caprev.facts import conditions
from caprev.facts.conditions import Atom
from caprev.facts.derivations import AS_AT, derive
from caprev.facts.knowledge import exact
from caprev.facts.matter import Given
from caprev.facts.vocabulary import worded
from caprev.law.models import NEUTRAL, Node
from caprev.law.rulebook import Rulebook
from caprev.reasoning.conclusion import Characterisation, Conclusion, decisive, probability, ruled
from caprev.reasoning.learning import Learning
from caprev.reasoning.weighing import route_balance


class Change(Enum):
    """What learning a fact could do to a conclusion; the value says it in words."""

    TURNS_TO = "could turn it to {side}"
    DECIDES = "could decide it"
    OPENS = "could leave it open"
    STRENGTH = "could change its strength"


@dataclass(frozen=True)
class Effect:
    """What learning a fact could do, and for which side where it could turn the conclusion to one."""

    change: Change
    side: Characterisation | None = None

    @property
    def telling(self) -> bool:
        """Whether it could change more than the strength of the conclusion."""
        return self.change is not Change.STRENGTH

    @property
    def words(self) -> str:
        """The effect as it is told: `could turn it to` a side."""
        return self.change.value.format(side=worded(self.side or ""))


@dataclass(frozen=True)
class Missing:
    """A fact that is not known, and what learning it could do.

    `low` and `high` are the least and the greatest probability of the pole `for` that one of its answers leads to, by
    itself; `factors` are those that wait on it, `partly` says something is known of the fact already, `evidence` what
    would prove it, `moves` that learning it could by itself move the conclusion, or its probability as it is printed,
    and `idle` that, with whatever else may be learnt, it can no longer change which side is concluded for.
    """

    fact: str
    _: KW_ONLY
    ask: str
    factors: tuple[str, ...]
    effect: Effect
    low: float
    high: float
    partly: bool
    moves: bool
    evidence: str = ""
    idle: bool = False


@dataclass(frozen=True)
class Bearing:
    """A known fact without which the conclusion would not stand."""

    given: Given
    without: Characterisation


_End = tuple[float, Characterisation]
"""A decisive balance, and what the rules conclude at it."""
_Place = tuple[int, float]
"""How far learning a fact could by itself take the conclusion, and the balance; what could most comes first."""


class Scale:
    """Recomputes the decisive balance of a conclusion for other sets of met factors."""

    def __init__(self, conclusion: Conclusion) -> None:
        self.weigher = conclusion.weigher
        self.book = self.weigher.book
        self.routes = decisive(self.book)
        self.met = frozenset(name for name, state in conclusion.states.items() if state == "met")
        self.totals = {
            name: f.balance
            for name, f in conclusion.findings.items()
            if f.detail is not None and self.book.nodes[name].kind != "indicator"
        }
        self._sizes = {
            node: [self.weigher.size(cluster, self.met) for cluster in self.weigher.clusters[node]]
            for node in self.totals
        }
        self._sums = {node: self.weigher.sums(node, sizes) for node, sizes in self._sizes.items()}
        self._found: dict[tuple[frozenset[str], frozenset[str]], _End] = {}

    def balance(self, more: frozenset[str] = frozenset(), less: frozenset[str] = frozenset()) -> float:
        """The decisive balance if the factors of `more` were met too, and those of `less` were not."""
        return self.found(more, less)[0]

    def side(self, more: frozenset[str] = frozenset(), less: frozenset[str] = frozenset()) -> Characterisation:
        """What the rules would conclude then."""
        return self.found(more, less)[1]

    def found(self, more: frozenset[str] = frozenset(), less: frozenset[str] = frozenset()) -> _End:
        """Both."""
        asked = more, less  # many facts bear on the same factors
        end = self._found.get(asked)
        if end is None:
            totals = self._weigh(more, less)
            balance = route_balance(self.weigher, self.routes, totals)
            end = self._found[asked] = balance, ruled(self.weigher, totals, balance)
        return end

    def _weigh(self, more: frozenset[str], less: frozenset[str]) -> dict[str, float]:
        weigher, before, totals = self.weigher, self._sizes, self.totals.copy()
        met = (self.met | more) - less if less else self.met | more
        moved: dict[str, dict[int, int]] = {}
        for factor in (*more, *less):
            for node, index, cluster in weigher.places.get(factor, ()):
                moved.setdefault(node, {})[index] = weigher.sized(cluster, cluster.names & met) - before[node][index]
        for node, sizes in moved.items():
            totals[node] = weigher.moved(node, self._sums[node], sizes)
        return totals


def missing(conclusion: Conclusion, known: Mapping[str, bool], scale: Scale | None = None) -> list[Missing]:
    """The unknown facts on which factors wait, those that could settle most first.

    A fact that is known not to apply, by what the vocabulary says of it, is not asked for.
    """
    book = conclusion.weigher.book
    scale = scale or Scale(conclusion)
    live, sizes, known_facts = open_factors(conclusion), _open_sizes(conclusion), conclusion.parcel.known
    found: list[tuple[_Place, frozenset[str], Missing]] = []
    reached: dict[frozenset[_End], _Reached] = {}  # many facts lead to the same ends
    unknown = frozenset(name for name, state in conclusion.states.items() if state == "unknown")
    learning = Learning(book, known_facts, known, unknown & conclusion.weigher.active)
    for_ = book.favouring[book.sides.for_.id]
    for fact, names in _waiting(conclusion, known, sizes).items():
        if book.applies(fact, known_facts) is False:
            continue
        together = frozenset(names)
        # An answer that cannot be, with what is known, shows nothing.
        ends = frozenset(scale.found(met) for met in learning.shown(fact) or [frozenset[str]()])
        if ends not in reached:
            reached[ends] = _reached(book, conclusion.characterisation, ends)
        told = reached[ends]
        asked = book.vocabulary[fact]
        item = Missing(
            fact,
            ask=asked.ask,
            factors=tuple(names),
            effect=told.effect,
            low=told.low,
            high=told.high,
            partly=fact in known_facts,
            moves=told.moves,
            evidence=asked.evidence,
            idle=fact not in sizes and live.isdisjoint(together),
        )
        found.append(((-told.reach, -told.span), together, item))
    alike = Counter([place for place, *_ in found])

    def then(item: Missing, together: frozenset[str]) -> tuple[float, float, int]:
        """What tells two apart that could move the balance alike: how far all that wait on a fact could move it, and
        with most at stake on what is still open."""
        waiting = scale.balance(together - for_) - scale.balance(together & for_)
        return waiting, -sum(book.weights[name] for name in item.factors if name in live), book.places[item.fact]

    rows = [((place, then(item, names) if alike[place] > 1 else ()), item) for place, names, item in found]
    return [item for _, item in sorted(rows, key=itemgetter(0))]


def _waiting(
    conclusion: Conclusion, known: Mapping[str, bool], sizes: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, None]]:
    """By fact that can be asked for, the unknown factors that wait on it; then those whose `sizes` do."""
    book, known_facts = conclusion.weigher.book, conclusion.parcel.known.keys()
    weighty = conclusion.weigher.active.difference(book.favouring.get(NEUTRAL, ()))
    asked: dict[str, tuple[str, ...]] = {}
    waiting: dict[str, dict[str, None]] = {}
    for name in [name for name, state in conclusion.states.items() if state == "unknown" and name in weighty]:
        waits = book.waits_on[name]
        if not known_facts.isdisjoint(book.facts_read[name]):
            waits = conditions.named(conditions.open_on(book.conditions[name], known))
        for wait in waits:
            if wait not in asked:
                asked[wait] = _askable(wait, conclusion)
            for fact in asked[wait]:
                waiting.setdefault(fact, {})[name] = None
    for fact, sized in sizes.items():
        waiting.setdefault(fact, dict.fromkeys(sized))
    return waiting


def open_factors(conclusion: Conclusion) -> frozenset[str]:
    """The unknown factors that, with whatever else may be learnt, could still change the characterisation.

    None is left out that could: a balance counts as open while its interval allows a change, a case while nothing
    known keeps it from binding, or from being taken away.
    """
    book, findings = conclusion.weigher.book, conclusion.findings
    if book.sides.neither:  # what leads to a conclusion of no side is not read off a balance
        return frozenset(n for n, state in conclusion.states.items() if state == "unknown" and not conclusion.robust)
    floor, ceiling = book.weighing.calibration.undetermined
    nodes: set[str] = set()
    if conclusion.rules == book.sides.against.id or conclusion.decided_by != "rules":
        nodes |= _movable(conclusion, lambda name: findings[name].high > floor, True)
    if conclusion.rules == book.sides.for_.id or conclusion.decided_by != "rules":
        nodes |= _movable(conclusion, lambda name: findings[name].low < ceiling, False)
    if conclusion.rules == "undetermined":
        nodes |= _movable(conclusion, lambda name: findings[name].high >= ceiling, True)
        nodes |= _movable(conclusion, lambda name: findings[name].low <= floor, False)
    found = {name for node in nodes for cluster in conclusion.weigher.clusters[node] for name, _ in cluster.rows}
    pack, governing = book.pack, conclusion.decided_by != "rules" or conclusion.guidance.constraint == "conflict"
    for comparison in conclusion.guidance.all:
        case = comparison.case
        if not (case.because and case.shown and case.on_subject(pack)):
            continue
        if case.level in pack.binding_levels or (case.level in pack.persuasive_levels and (nodes or governing)):
            if comparison.binds and governing:
                found |= {*comparison.unless, *case.because}
            elif not (comparison.missing or comparison.beyond):
                found |= set(comparison.unproved)
    return frozenset(name for name in found if conclusion.states[name] == "unknown")


def _open_sizes(conclusion: Conclusion) -> dict[str, list[str]]:
    """Numbers, not known exactly, that could show a governing case to have had more of what it rested on."""
    found: dict[str, list[str]] = {}
    book = conclusion.weigher.book
    if conclusion.decided_by != "rules" or conclusion.guidance.constraint == "conflict":
        for comparison in conclusion.guidance.all:
            for name in comparison.case.because if comparison.binds else ():
                magnitude = book.factors[name].magnitude
                if magnitude and magnitude.fact in comparison.case.parcel.facts:
                    for fact in _askable(magnitude.fact, conclusion):
                        given = conclusion.parcel.facts.get(fact)
                        if given is None or not exact(given.knowledge):
                            found.setdefault(fact, []).append(name)
    return found


def _movable(conclusion: Conclusion, may: Callable[[str], bool], upwards: bool) -> set[str]:
    """The weighed nodes whose balances could matter to the highest route's passing a threshold."""
    nodes = conclusion.weigher.book.nodes

    def below(names: Iterable[str], each: bool) -> set[str]:
        parts = list(names)
        able = [name for name in parts if may(name)]
        if each and len(able) < len(parts):
            return set()
        return {node for name in able for node in under(name)}

    def under(name: str) -> set[str]:
        node = nodes[name]
        if node.weighs:
            return {name}
        if node.none:  # moves against its parts: whatever they may do counts
            return _weighed_under(nodes, name)
        return below(node.parts, bool(node.all) == upwards)

    return below(decisive(conclusion.weigher.book), not upwards)


def _weighed_under(nodes: Mapping[str, Node], name: str) -> set[str]:
    node = nodes[name]
    return {name} if node.weighs else {leaf for part in node.parts for leaf in _weighed_under(nodes, part)}


def _askable(fact: str, conclusion: Conclusion) -> tuple[str, ...]:
    """What to ask for to learn a fact: itself, or those of its operands of which nothing is known."""
    book = conclusion.weigher.book
    if fact in book.vocabulary:
        return (fact,)
    asked = book.askable(fact)
    return tuple(name for name in asked if name in book.vocabulary and name not in conclusion.parcel.facts)


@dataclass(frozen=True)
class _Reached:
    """What becomes of a conclusion by the answers to one fact."""

    reach: int
    span: float
    effect: Effect
    moves: bool
    low: float
    high: float


def _reached(book: Rulebook, side: Characterisation, found: Collection[_End]) -> _Reached:
    balances = [balance for balance, _ in found]
    low, high = min(balances), max(balances)
    ends, least, most = {end for _, end in found}, probability(book, low), probability(book, high)
    effect = _effect(book, side, ends)
    moves = effect.telling or f"{least:.0%}" != f"{most:.0%}"
    return _Reached(_reach(side, ends), high - low, effect, moves, least, most)


def _reach(side: Characterisation, ends: set[Characterisation]) -> int:
    """How far learning the fact could take the conclusion: 2 to another, 1 to or from open, 0 neither."""
    if side == "undetermined":
        return len(ends - {"undetermined"})
    return 2 if ends - {side, "undetermined"} else 1 if "undetermined" in ends else 0


def _effect(book: Rulebook, side: Characterisation, found: set[Characterisation]) -> Effect:
    ends = found - {side}
    if not ends:
        return Effect(Change.STRENGTH)
    if side == "undetermined":
        return Effect(Change.DECIDES)
    turned = next((other for other in book.sides.conclusions[:-1] if other in ends), None)
    return Effect(Change.TURNS_TO, turned) if turned else Effect(Change.OPENS)


def bearing(conclusion: Conclusion, known: Mapping[str, bool], scale: Scale | None = None) -> list[Bearing]:
    """Known facts that are only stated, disputed or assumed, and without which the rules would say otherwise."""
    scale = scale or Scale(conclusion)
    book = conclusion.weigher.book
    found = []
    for name, given in sorted(conclusion.parcel.facts.items()):
        if given.at and given.standing in ("stated", "disputed", "assumed"):
            at_stake = scale.met & book.fed[name]
            if not _could_turn(scale, conclusion.rules, at_stake):
                continue
            side = scale.side(less=_lost(conclusion, name, at_stake, known))
            if side != conclusion.rules:
                found.append(Bearing(given, side))
    return found


def _could_turn(scale: Scale, side: Characterisation, factors: frozenset[str]) -> bool:
    """Whether losing some of these met factors could change what the rules conclude.

    A balance falls only when factors for the pole `for` are lost, and rises only when others are.
    """
    book = scale.book
    if book.sides.neither:  # a conclusion of no side has no balance that only rises or only falls
        return True
    pushing = factors & book.favouring[book.sides.for_.id]
    return any(scale.side(less=lost) != side for lost in (pushing, factors - pushing))


def _lost(conclusion: Conclusion, fact: str, met: frozenset[str], known: Mapping[str, bool]) -> frozenset[str]:
    """The met factors that would not be met if nothing were known of a fact, nor what follows from it."""
    book, facts = conclusion.weigher.book, conclusion.parcel.facts
    left = {name: g.written or g.knowledge for name, g in facts.items() if g.at and name != fact}
    if book.derivations.involve(fact):
        clock = {name: g.knowledge for name, g in facts.items() if name == AS_AT.name}
        left |= {step.fact: step.knowledge for step in derive(book.derivations, {**left, **clock})}
    else:
        left |= {name: g.knowledge for name, g in facts.items() if name != fact}
    changed = {name for name, g in facts.items() if left.get(name) != g.knowledge and name != AS_AT.name}
    lost = set()
    for name in met:
        condition = book.conditions[name]
        atoms = [leaf for leaf in conditions.leaves(condition) if isinstance(leaf, Atom) and leaf.fact in changed]
        if atoms:
            without = dict(known)
            for atom in atoms:
                without.pop(atom.key, None)
                truth = atom.decide(left[atom.fact]) if atom.fact in left else None
                if truth is not None:
                    without[atom.key] = truth
            if conditions.truth(condition, without) is not True:
                lost.add(name)
    return frozenset(lost)
