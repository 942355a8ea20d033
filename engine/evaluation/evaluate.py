"""How well conclusions agree with decided matters, beside what simpler methods make of the same matters.

No matter is weighed with numbers or cases that saw it. Matters of the set that the weighing is fitted to are weighed
with numbers fitted without their fold; all others with the weighing as shipped. A decided case is left out of the
base of precedents that its own matter is compared with.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from caprev.errors import BadInput, Problem
from caprev.evaluation import bands, metrics
from caprev.evaluation import decided as matters
from caprev.evaluation.agreement import (
    WORDS,
    Aim,
    Figures,
    Method,
    Reading,
    Report,
    Roads,
    kind,
    parts,
    said,
    taken,
    thirds,
    well,
)
from caprev.evaluation.baselines import LEAST, Learner, learners
from caprev.evaluation.calibrate import Calibrator, designed, with_weighing
from caprev.evaluation.decided import Decided, Plan
from caprev.evaluation.metrics import Estimate, Row
from caprev.grouping import grouped
from caprev.law.models import Weighing
from caprev.law.pack import ALL
from caprev.law.rulebook import Rulebook
from caprev.once import cached_property
from caprev.reasoning import sensitivity
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion, decisive
from caprev.reasoning.findings import Finding
from caprev.reasoning.precedents import CaseBase
from caprev.reasoning.weighing import Weigher

_NEW = -1  # the fold of matters that the weighing was not fitted to


class Evaluation:
    """Measures one rulebook and case base on sets of decided matters."""

    def __init__(self, assessor: Assessor, plan: Plan) -> None:
        self.assessor, self.plan = assessor, plan
        seen = matters.fitted(assessor, plan)
        self.seen = [] if matters.too_few(seen, assessor.book, plan.folds) else seen  # to so few nothing was fitted
        self._weighers: dict[tuple[int, str], Weigher] = {}  # each holds its weighing, so that ids stay unique

    @cached_property
    def calibrator(self) -> Calibrator:
        """Refits the weighing without each fold."""
        return Calibrator(self.assessor.book, self.seen, self.plan)

    @cached_property
    def _free(self) -> Weighing:
        """The weighing as shipped, but factors that say the same thing all count in full."""
        free = {"overlap": 1.0, "cluster_cap": 1000.0, "groups": {}, "group_caps": {}}
        return self.assessor.book.weighing.model_copy(update=free)

    @cached_property
    def _uncapped(self) -> Calibrator:
        """Refits that weighing without each fold."""
        return Calibrator(with_weighing(self.assessor.book, self._free), self.seen, self.plan)

    def uncapped(self, ident: str) -> Weighing:
        """The weighing without caps that never saw a matter."""
        return self._uncapped.weighing_for(ident) if self.seen else self._free

    def weighing(self, ident: str) -> Weighing:
        """The weighing that never saw a matter."""
        fitted = ident in self.calibrator.fold
        return self.calibrator.weighing_for(ident) if fitted else self.assessor.book.weighing

    @cached_property
    def plain(self) -> Weighing:
        """The weighing before any fitting or calibration: even odds at a balance of zero, and no band."""
        weighing = designed(self.assessor.book.weighing)
        none = {"slope": 1.0, "intercept": 0.0, "undetermined": (0.0, 0.0)}
        return weighing.model_copy(update={"calibration": weighing.calibration.model_copy(update=none)})

    @cached_property
    def _routes(self) -> frozenset[str]:
        """The routes to the pole `for`."""
        book = self.assessor.book
        return frozenset(outcome.route for outcome in book.outcomes if outcome.characterisation == book.sides.for_.id)

    @cached_property
    def _always(self) -> str:
        """The route that most matters of the set fitted to were decided by: what a baseline would say of all."""
        decided = (self.plan.routes.get(matter.route, matter.route) for matter in self.seen)
        counts = Counter(route for route in decided if route in self._routes)
        return min(counts, key=lambda route: (-counts[route], route), default="none")

    # one matter

    def conclude(self, matter: Decided, weighing: Weighing, cases: bool = True, own: bool = False) -> Conclusion:
        """A matter through the ordinary pipeline; `own` keeps a decided case among the precedents for itself."""
        weigher = self._weigher(matter.set, weighing)
        base = self.assessor.cases.cases.values() if cases else ()
        others = CaseBase((case for case in base if own or case.id != matter.id), weigher.book)
        return self.assessor.conclude_states(matter.parcel, matter.states, weigher, others)

    def _weigher(self, name: str, weighing: Weighing) -> Weigher:
        """The weigher of a set under a weighing."""
        position = self.plan.positions.get(name, self.assessor.book.pack.position)
        key = id(weighing), position
        if key not in self._weighers:
            book = with_weighing(self.assessor.book, weighing)
            self._weighers[key] = Weigher(book, book.positions[position].answers, book.pack.as_at)
        return self._weighers[key]

    def reading(self, matter: Decided, own: bool = False) -> Reading:
        """A matter concluded, with what led there."""
        conclusion = self.conclude(matter, self.weighing(matter.id), own=own)
        node = _turning(conclusion.weigher.book, conclusion.findings)
        sign = 1 if metrics.said_for(conclusion.probability) else -1
        pushes = [(push.factor, round(push.effect, 2)) for push in (node.detail.pushes if node.detail else ())]
        missing = sensitivity.missing(conclusion, self.assessor.known(matter.parcel))
        return Reading(
            matter,
            conclusion,
            node.node,
            tuple(push for push in pushes if push[1] * sign > 0),
            tuple(push for push in pushes if push[1] * sign < 0),
            tuple((item.fact, item.effect) for item in missing if item.effect.telling),
        )

    # one set

    def reports(self, name: str) -> list[Report]:
        """A set measured; `all` is each set by itself, less those in which nothing was decided one way. Raises BadInput
        if there is nothing to measure."""
        others = [part for part in self.assessor.book.pack.sets if part not in (ALL, self.plan.fitted_on)]
        names = (self.plan.fitted_on, *others) if name == ALL else (name,)
        sets = [self._kept(part) for part in names]
        if not any(kept for kept, _ in sets):
            what = "has no matter decided one way"
            raise BadInput(Problem(what, name, allowed=f"the outcome {' or '.join(self.assessor.book.sides.ids)}"))
        return [self._report(kept, apart) for kept, apart in sets if kept]

    def _kept(self, name: str) -> tuple[list[Decided], list[Decided]]:
        """The matters of a set that are measured, and those that are reported apart."""
        found = matters.load(self.assessor, name)
        apart = [m for m in found if name == self.plan.fitted_on and m.id in self.plan.apart]
        return [m for m in found if m not in apart], apart

    def _report(self, kept: Sequence[Decided], apart: Sequence[Decided]) -> Report:
        """One set measured."""
        readings = tuple(self.reading(matter) for matter in kept)
        system = self._method(
            "caprev", "system", [r.row for r in readings], [r.right if r.side else None for r in readings]
        )
        own = tuple(self.reading(m, own=True) for m in kept if m.id in self.assessor.cases.cases)
        label, seed, resamples = kept[0].set, self.plan.seed, self.plan.resamples
        roads = taken(readings, self.assessor.book.sides.for_.id, self.plan.routes, self._routes, self._always)
        return Report(
            label,
            self.plan.positions.get(label, self.assessor.book.pack.position),
            readings,
            tuple(map(self.reading, apart)),
            own,
            sum(m.id in self.calibrator.fold for m in kept),
            (system, *self._ablations(kept, system), *self._baselines(kept, system)),
            tuple(said(word, readings) for word in WORDS),
            tuple(metrics.tenths(system.rows)),
            metrics.chance_ece(system.rows, seed, resamples),
            tuple(metrics.risk_coverage(system.rows)),
            parts(readings, lambda r: kind(r.matter, self.plan.groups)),
            parts(readings, lambda r: r.matter.route),
            thirds(readings),
            roads,
            max(bands.shown(system.rows), key=lambda at: at.bound, default=None),
            self._aims(label, readings, own, system, roads),
        )

    def _method(
        self,
        name: str,
        kind: str,
        rows: Sequence[Row],
        right: Sequence[bool | None],
        system: Method | None = None,
        ranks: Sequence[float] = (),
    ) -> Method:
        """The figures of a method: whether each matter was concluded rightly (none: left open), ranked by `ranks`."""
        decided = [one for one in right if one is not None]
        ranked = [(outcome, rank) for (outcome, _), rank in zip(rows, ranks, strict=True)] if ranks else rows

        def interval(figure: Callable[[Sequence[Row]], float | None], rows: Sequence[Row] = rows) -> Estimate:
            return metrics.bootstrap(rows, figure, self.plan.seed, self.plan.resamples)

        figures = Figures(
            metrics.wilson(len(decided), len(rows)),
            metrics.wilson(sum(decided), len(decided)),
            metrics.wilson(sum(decided), len(rows)),
            metrics.wilson(sum(map(well, rows)), len(rows)),
            interval(metrics.balanced),
            interval(metrics.mcc),
            interval(metrics.brier),
            interval(metrics.auc, ranked),
            interval(metrics.ece),
        )
        split = metrics.paired(list(map(well, system.rows)), list(map(well, rows))) if system else (0, 0, 1.0)
        return Method(name, kind, figures, tuple(rows), *split)

    def _ablations(self, kept: Sequence[Decided], system: Method) -> list[Method]:
        def without(name: str, weighing: Callable[[str], Weighing], cases: bool = True) -> Method:
            done = [self.conclude(matter, weighing(matter.id), cases) for matter in kept]
            rows = [(m.positive, c.probability) for m, c in zip(kept, done, strict=True)]
            right = [
                None if c.characterisation == "undetermined" else c.characterisation == m.outcome
                for m, c in zip(kept, done, strict=True)
            ]
            return self._method(name, "ablation", rows, right, system)

        return [
            without("without precedents", self.weighing, cases=False),
            without("without caps", self.uncapped),
            without("without calibration", lambda _: self.plain),
        ]

    def _baselines(self, kept: Sequence[Decided], system: Method) -> list[Method]:
        found = []
        why_not = matters.too_few(self.seen, self.assessor.book, LEAST + 1)  # one fold is always held back
        for name, learner in learners(self.assessor.book, self.plan).items():
            if isinstance(learner, str) or why_not:
                found.append(Method(name, "baseline", None, why_not=why_not or str(learner)))
                continue
            given = self._unseen(learner, kept)
            rows = [(matter.positive, round(given[matter.id][1], 4)) for matter in kept]
            ranks = [given[matter.id][0] for matter in kept]
            found.append(self._method(name, "baseline", rows, list(map(well, rows)), system, ranks))
        return found

    def _unseen(self, learner: Learner, kept: Sequence[Decided]) -> dict[str, tuple[float, float]]:
        """Ranks and probabilities by a learner that was shown exactly the matters that the weighing was fitted to."""
        groups = grouped((self.calibrator.fold.get(matter.id, _NEW), matter) for matter in kept)
        given: dict[str, tuple[float, float]] = {}
        for fold, new in sorted(groups.items()):
            seen = [matter for matter in self.seen if self.calibrator.fold[matter.id] != fold]
            given |= zip((matter.id for matter in new), learner(seen, new), strict=True)
        return given

    def _aims(
        self, label: str, readings: Sequence[Reading], own: Sequence[Reading], system: Method, roads: Roads
    ) -> tuple[Aim, ...]:
        figures = system.figures
        assert figures is not None
        strong = [r for r in readings if r.conclusion.strength == "strong"]
        cases = self.assessor.cases.cases
        relied_on = [
            r for r in own if cases[r.matter.id].shown and cases[r.matter.id].on_subject(self.assessor.book.pack)
        ]
        measured: dict[str, float | None] = {
            "auc": figures.auc.value,
            "brier": figures.brier.value,
            "route": roads.right.value,
            "forced": figures.forced.value,
            "ece": figures.ece.value,
            "strong_right": sum(r.right for r in strong) / len(strong) if strong else None,
            "strong_share": len(strong) / len(readings),
            "strong_wrong": sum(not r.right for r in strong),
            "right": sum(r.right for r in readings),
            "wrong": sum(not r.right for r in readings),
            "own_wrong": sum(not r.right for r in relied_on),
        }
        wanted = self.plan.targets.get(label, {})
        return tuple(Aim(name, measured[name], target) for name, target in wanted.items() if name in measured)


def _turning(book: Rulebook, findings: Mapping[str, Finding]) -> Finding:
    """The weighed node whose balance is the decisive one: of the highest route, what that route turns on."""

    def beneath(name: str) -> Finding:
        node = book.nodes[name]
        if node.weighs:
            return findings[name]
        found = [beneath(part) for part in node.parts]
        return (min if node.all else max)(found, key=lambda finding: finding.balance)

    return beneath(max(decisive(book), key=lambda name: findings[name].balance))
