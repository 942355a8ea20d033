"""Fitting the numbers of `weighing.yaml` under constraints, with shrinkage to the numbers of its design.

What is fitted: the strength words (their order holds), where balances start, and the map from balance to
probability. Clusters, caps, signs and what feeds what are law and are never fitted. The penalty pulls every
number towards the design, so that a few matters move it little. The map and the bands of the words are fitted
to balances out of fold: each matter's balance is taken under numbers that were fitted without its fold.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise

from caprev.errors import BadInput, Problem
from caprev.evaluation.bands import PULLS, bands, logistic, loss, probability_at, saturated, spread
from caprev.evaluation.decided import Decided, Plan, too_few
from caprev.evaluation.metrics import auc, brier, forced
from caprev.evaluation.sample import Sample
from caprev.files import reading
from caprev.law.models import STRENGTHS, Weighing
from caprev.law.rulebook import Rulebook

STEPS = (-0.2, 0.2, -0.1, 0.1, -0.05, 0.05)
PENALTY = 6.0  # how firmly the design holds each strength and start
ROUNDS = 4


def with_weighing(book: Rulebook, weighing: Weighing) -> Rulebook:
    """The same law with other numbers."""
    return dataclasses.replace(book, weighing=weighing)


def designed(weighing: Weighing) -> Weighing:
    """The weighing as judgement set it, before any fitting. Raises BadInput if the design does not match it."""
    design = weighing.design
    for table in ("strengths", "starts"):
        if getattr(design, table).keys() != getattr(weighing, table).keys():
            raise BadInput(Problem(f"the design has other {table} than the weighing", "weighing.yaml", subject=table))
    fit = {"slope": design.slope, "intercept": design.intercept, "fitted_on": "not fitted", "out_of_fold": {}}
    return weighing.model_copy(
        update={
            "strengths": dict(design.strengths),
            "starts": dict(design.starts),
            "calibration": weighing.calibration.model_copy(update=fit),
        }
    )


# --- fitting ------------------------------------------------------------------------------------------------


class Calibrator:
    """Fits a weighing to decided matters, to all of them or to all but some folds."""

    def __init__(self, book: Rulebook, matters: Sequence[Decided], plan: Plan) -> None:
        self.book = with_weighing(book, designed(book.weighing))
        self.plan = plan
        # In turn within each outcome, by number: every fold has its share of both.
        self.matters = sorted(matters, key=lambda matter: (matter.positive, matter.id))
        self.folds = [index % plan.folds for index in range(len(self.matters))]
        self.fold = dict(zip((matter.id for matter in self.matters), self.folds, strict=True))
        self.sample = Sample(self.book, self.matters, plan.positions)
        self.silent = Sample(
            self.book, [dataclasses.replace(matter, states={}) for matter in self.matters[:1]], plan.positions
        )
        self._numbers: dict[frozenset[int], tuple[Weighing, list[float]]] = {}
        self._weighings: dict[frozenset[int], Weighing] = {}

    def weighing_for(self, ident: str) -> Weighing:
        """The weighing that never saw a matter: fitted without its fold, or on everything if it is not among these."""
        return self.weighing(frozenset([self.fold[ident]]) if ident in self.fold else frozenset())

    def weighing(self, left_out: frozenset[int] = frozenset()) -> Weighing:
        """The whole weighing fitted without some folds."""
        if left_out not in self._weighings:
            numbers, _ = self._fitted(left_out)
            found, outcomes = self.out_of_fold(left_out)
            design = self.book.weighing.design
            slope, intercept = logistic(saturated(numbers, found), outcomes, (design.slope, design.intercept))
            fit = round(slope, 4), round(intercept, 4)
            (nothing,) = self.silent.balances(numbers)
            calibration = bands(
                found, outcomes, fit, numbers.calibration, self.plan.excluded, self.plan.strong, nothing
            )
            self._weighings[left_out] = numbers.model_copy(update={"calibration": calibration})
        return self._weighings[left_out]

    def out_of_fold(self, left_out: frozenset[int]) -> tuple[list[float], list[bool]]:
        """Balances and outcomes of the matters not left out, each under numbers fitted without its own fold too."""
        kept = [index for index, fold in enumerate(self.folds) if fold not in left_out]
        found = [self._fitted(left_out | {self.folds[index]})[1][index] for index in kept]
        return found, [self.sample.outcomes[index] for index in kept]

    def shipped(self) -> Weighing:
        """The weighing fitted on everything, saying what it was fitted on and how it does on what it has not seen.

        Raises BadInput if there are fewer matters of either outcome than folds.
        """
        why_not = too_few(self.matters, self.book, self.plan.folds)
        if why_not:
            raise BadInput(Problem(why_not, subject=self.plan.fitted_on, fix="Nothing was fitted and nothing written"))
        weighing = self.weighing()
        rows = []
        for index, fold in enumerate(self.folds):
            fit = self.weighing(frozenset([fold])).calibration
            (balance,) = saturated(weighing, [self._fitted(frozenset([fold]))[1][index]])
            rows.append((self.sample.outcomes[index], round(probability_at(fit.slope, fit.intercept, balance), 4)))
        count = Counter(matter.outcome for matter in self.matters)
        each = ", ".join(f"{count[side]} {side}" for side in self.book.sides.ids)
        about = {
            "fitted_on": f"{len(rows)} {self.plan.fitted_on} ({each})",
            "out_of_fold": {
                "auc": round(auc(rows) or 0.0, 3),
                "forced": round(forced(rows), 3),
                "brier": round(brier(rows), 3),
                **spread(
                    saturated(weighing, self.out_of_fold(frozenset())[0]),
                    weighing.calibration.slope,
                    weighing.calibration.intercept,
                ),
            },
        }
        return weighing.model_copy(update={"calibration": weighing.calibration.model_copy(update=about)})

    def _fitted(self, left_out: frozenset[int]) -> tuple[Weighing, list[float]]:
        """Strengths and starts fitted without some folds, and every matter's balance under them."""
        if left_out not in self._numbers:
            weighing = self._descend([index for index, fold in enumerate(self.folds) if fold not in left_out])
            self._numbers[left_out] = weighing, self.sample.balances(weighing)
        return self._numbers[left_out]

    def _descend(self, kept: Sequence[int]) -> Weighing:
        """Coordinate descent on the penalised likelihood, from the design, in steps that a reviewer can read."""
        design = self.book.weighing
        prior = design.design.slope, design.design.intercept
        outcomes = [self.sample.outcomes[index] for index in kept]
        names = [("strengths", name) for name in STRENGTHS] + [("starts", name) for name in design.starts]

        last = prior

        def objective(weighing: Weighing) -> float:
            nonlocal last
            balances = self.sample.balances(weighing)
            found = saturated(design, [balances[index] for index in kept])
            last = fit = logistic(found, outcomes, prior, last)
            moved = (getattr(weighing, table)[name] - getattr(design, table)[name] for table, name in names)
            pulled = math.fsum(pull * (now - was) ** 2 for pull, now, was in zip(PULLS, fit, prior, strict=True))
            return loss(found, outcomes, *fit) + PENALTY * math.fsum(step * step for step in moved) + pulled

        best, score = design, objective(design)
        for _ in range(ROUNDS):
            before = score
            for table, name in names:
                for step in STEPS:
                    values = {**getattr(best, table), name: round(getattr(best, table)[name] + step, 2)}
                    tried = best.model_copy(update={table: values})
                    # `last` is the fit of what the objective has just tried.
                    if _ordered(tried) and (result := objective(tried)) < score - 1e-6 and _asserted(tried, last):
                        best, score = tried, result
            if score == before:
                break
        return best


def _ordered(weighing: Weighing) -> bool:
    """The words keep their order, well apart, and no weight vanishes."""
    values = [weighing.strengths[name] for name in STRENGTHS]
    return values[0] >= 0.2 and all(b >= a * 1.3 for a, b in pairwise(values))


def _asserted(weighing: Weighing, fit: tuple[float, float]) -> bool:
    """Nothing is made out by silence: every balance starts below the one at which the chances are even."""
    slope, intercept = fit
    return all(start < -intercept / slope for start in weighing.starts.values())


def changes(before: Weighing, after: Weighing) -> list[str]:
    """What fitting changed, number by number beside the design's, and how the fit does on matters it has not seen."""
    design, fit = after.design, after.calibration
    lines = []
    for table in ("strengths", "starts"):
        for name, value in getattr(after, table).items():
            was, set_as = getattr(before, table)[name], getattr(design, table)[name]
            lines.append(f"{table:10} {name:34} {_number(was):>6} -> {_number(value):>6}   (design {_number(set_as)})")
    for name in ("slope", "intercept", "undetermined", "strong", "moderate"):
        was, now = (_told(getattr(calibration, name)) for calibration in (before.calibration, fit))
        lines.append(f"{'map':10} {name:34} {was} -> {now}")
    lines.append(f"fitted on {fit.fitted_on}; out of fold " + _flow(fit.out_of_fold).strip("{}"))
    return lines


# --- writing ------------------------------------------------------------------------------------------------

_ENTRY = re.compile(r"( *)([^\s#:{\[][^:]*):(?: +(.*?))?( +#.*)?")


def written(text: str, weighing: Weighing) -> str:
    """The text of a `weighing.yaml` with the fitted numbers in place of the old; all else stays. Raises BadInput."""
    fit = weighing.calibration
    wanted: dict[tuple[str, ...], str] = {("strengths",): _flow(weighing.strengths)}
    wanted |= {("starts", name): _number(value) for name, value in weighing.starts.items()}
    wanted |= {("calibration", name): _number(getattr(fit, name)) for name in ("slope", "intercept")}
    for name in ("undetermined", "strong", "moderate"):
        wanted["calibration", name] = _band(getattr(fit, name))
    wanted["calibration", "fitted_on"] = fit.fitted_on
    wanted["calibration", "out_of_fold"] = _flow(fit.out_of_fold)
    lines, above = [], ""
    given = Weighing.model_validate(reading.parse(text).data).calibration.model_fields_set
    for line in text.splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry:
            indent, key, value, remark = entry.groups()
            above = above if indent else key
            place = (above, key) if indent else (key,)
            if value is not None and place in wanted:
                line = f"{indent}{key}: {wanted.pop(place)}{remark or ''}"
                if key == "fitted_on" and "out_of_fold" not in given:  # a weighing never fitted may leave it out
                    line += f"\n{indent}out_of_fold: {wanted.pop((above, 'out_of_fold'))}"
        lines.append(line)
    result = "\n".join(lines) + "\n"
    if wanted or Weighing.model_validate(reading.parse(result).data) != weighing:
        names = ", ".join(".".join(place) for place in wanted) or "the file"
        raise BadInput(Problem(f"{names} cannot be rewritten", "weighing.yaml", fix="Give each number its own line"))
    return result


def _told(value: object) -> object:
    return "not earned" if value is None else value


def _band(ends: tuple[float, float] | None) -> str:
    return f"[{', '.join(map(_number, ends))}]" if ends else "not earned"


def _number(value: float) -> str:
    return repr(value + 0.0)  # never -0.0


def _flow(numbers: Mapping[str, float]) -> str:
    return "{" + ", ".join(f"{name}: {_number(value)}" for name, value in numbers.items()) + "}"
