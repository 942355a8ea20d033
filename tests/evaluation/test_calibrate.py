"""Fitting the weighing: within the law's bounds, near the design, from what it may see, and written without loss."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

import caprev
from caprev import Assessor
from caprev.errors import BadInput
from caprev.evaluation import bands, calibrate, decided
from caprev.evaluation.calibrate import Calibrator
from caprev.evaluation.decided import Decided, Plan
from caprev.evaluation.sample import Sample
from caprev.files import reading
from caprev.law.models import STRENGTHS, Weighing
from caprev.reasoning.conclusion import decisive
from caprev.reasoning.weighing import Weigher, route_balance

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "rules" / "au-land" / "weighing.yaml"
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def plan(assessor: Assessor) -> Plan:
    return decided.plan(caprev.home("rules"), assessor.book)


@pytest.fixture(scope="module")
def seen(assessor: Assessor, plan: Plan) -> list[Decided]:
    return decided.fitted(assessor, plan)


@pytest.fixture(scope="module")
def calibrator(assessor: Assessor, seen: list[Decided], plan: Plan) -> Calibrator:
    return Calibrator(assessor.book, seen, plan)


# --- balances -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
def test_the_sample_strikes_the_weighers_balances(assessor: Assessor, plan: Plan, seed: int) -> None:
    """Whatever the numbers, the quick sums are those of an assessment, under the position of each set."""
    rng, book = random.Random(seed), assessor.book
    everything = decided.load(assessor, "all")
    strengths = dict(zip(STRENGTHS, sorted(round(rng.uniform(0.2, 4), 2) for _ in STRENGTHS), strict=True))
    starts = {name: round(rng.uniform(-2, 1), 2) for name in book.weighing.starts}
    weighing = book.weighing.model_copy(update={"strengths": strengths, "starts": starts} if seed else {})
    found = Sample(book, everything, plan.positions).balances(weighing)
    changed = calibrate.with_weighing(book, weighing)
    for matter, balance in zip(everything, found, strict=True):
        weigher = Weigher(changed, book.positions[plan.positions[matter.set]].answers, book.pack.as_at)
        met = {name for name, state in matter.states.items() if state == "met"}
        totals = {
            name: weigher.summed(name, [weigher.size(cluster, met) for cluster in weigher.clusters[name]])[0]
            for name in weigher.clusters
        }
        assert balance == pytest.approx(route_balance(weigher, decisive(book), totals), abs=1e-9)


# --- what may be seen ---------------------------------------------------------------------------------------


def test_what_is_left_out_has_no_say(assessor: Assessor, seen: list[Decided], plan: Plan) -> None:
    """With the outcomes of a fold turned round, the weighing fitted without that fold is the same in every number."""
    left_out = frozenset([3])
    was = Calibrator(assessor.book, seen, plan).weighing(left_out)
    turned = Calibrator(assessor.book, seen, plan)
    turned.sample.outcomes = [
        (not outcome) if fold in left_out else outcome
        for outcome, fold in zip(turned.sample.outcomes, turned.folds, strict=True)
    ]
    assert turned.weighing(left_out) == was
    assert turned.weighing(frozenset([4])) != Calibrator(assessor.book, seen, plan).weighing(frozenset([4]))


def test_folds_are_alike_and_hold_every_matter_once(calibrator: Calibrator, seen: list[Decided], plan: Plan) -> None:
    """Each fold has its share of either side."""
    assert set(calibrator.fold) == {matter.id for matter in seen}
    for side in ("capital", "revenue"):
        sizes = [sum(calibrator.fold[m.id] == fold for m in seen if m.outcome == side) for fold in range(plan.folds)]
        assert max(sizes) - min(sizes) <= 1


def test_the_order_of_matters_and_what_is_shipped_change_nothing(
    assessor: Assessor, seen: list[Decided], plan: Plan, calibrator: Calibrator
) -> None:
    """Fitting starts from the design, not from the numbers that are shipped."""
    shuffled = random.Random(5).sample(seen, len(seen))
    other = assessor.book.weighing.model_copy(
        update={"strengths": {"slight": 1.0, "moderate": 2.0, "strong": 3.0, "near_decisive": 4.0}}
    )
    again = Calibrator(calibrate.with_weighing(assessor.book, other), shuffled, plan)
    assert again.weighing() == calibrator.weighing()


# --- bounds -------------------------------------------------------------------------------------------------


def test_words_keep_their_order_and_stay_near_the_design(calibrator: Calibrator) -> None:
    """Whatever is left out: few matters move a number little, and never out of order."""
    for fold in (frozenset[int](), frozenset([0]), frozenset([5])):
        fitted = calibrator.weighing(fold)
        values = [fitted.strengths[name] for name in STRENGTHS]
        assert values == sorted(values)
        assert all(b >= 1.3 * a for a, b in pairwise(values))
        for table in ("strengths", "starts"):
            for name, value in getattr(fitted.design, table).items():
                assert abs(getattr(fitted, table)[name] - value) <= 0.5


def test_only_numbers_are_fitted(calibrator: Calibrator, assessor: Assessor) -> None:
    """Overlap, caps, groups, the design and what governs against the weighing are never touched."""
    free = {"strengths", "starts", "calibration"}
    fitted, shipped = calibrator.weighing(), assessor.book.weighing
    assert fitted.model_dump(exclude=free) == shipped.model_dump(exclude=free)
    for name in ("saturation", "binding", "persuasive"):
        assert getattr(fitted.calibration, name) == getattr(shipped.calibration, name)


def test_a_side_is_never_concluded_against_its_probability(calibrator: Calibrator, plan: Plan) -> None:
    """The balance of even probability lies in the undetermined band, and the words lie beyond it in order."""
    for fold in range(plan.folds):
        fit = calibrator.weighing(frozenset([fold])).calibration
        even = -fit.intercept / fit.slope
        assert fit.undetermined[0] - 0.006 <= even <= fit.undetermined[1] + 0.006
        assert fit.moderate[0] < even < fit.moderate[1]
        assert fit.strong is None or (fit.strong[0] < fit.moderate[0] and fit.moderate[1] < fit.strong[1])


# --- statistics ---------------------------------------------------------------------------------------------


def test_conformal_sets_leave_out_no_more_than_they_may() -> None:
    """On new matters of the same kind, at most the declared share of either side is excluded from its set."""
    rng, level = random.Random(11), 0.2
    missed = {True: 0, False: 0}
    times = 2000
    for _ in range(times):
        outcomes = [index % 2 == 0 for index in range(38)]
        low, high = bands.conformal([rng.gauss(1.0 if one else -1.0, 1.5) for one in outcomes], outcomes, level)
        missed[True] += rng.gauss(1.0, 1.5) < low
        missed[False] += rng.gauss(-1.0, 1.5) > high
    assert all(0.15 < count / times <= level + 0.02 for count in missed.values())


def test_where_too_few_were_seen_nothing_is_excluded() -> None:
    """Three matters of a side cannot show that fewer than one in five lie beyond."""
    low, high = bands.conformal([-1.0, 0.0, 1.0], [True, True, True], 0.2)
    assert low == float("-inf")
    assert high == float("inf")


def test_strong_is_earned() -> None:
    """The least probability from which on enough are shown to be right; if none is shown, no probability is strong."""
    sure = [(True, 0.9)] * 30 + [(True, 0.8)] * 10 + [(False, 0.8)] * 10
    assert bands.earned(sure, 0.93) == 0.9
    assert bands.earned([(False, 0.1)] * 60, 0.93) == 0.9
    assert bands.earned([(True, 0.9), (False, 0.9), *[(True, 0.8)] * 20], 0.99) is None
    assert bands.earned([(True, 0.6)] * 40, 0.93) is None
    assert bands.earned([(True, 0.9)] * 22, 0.93) is None, "twenty-two right out of as many do not show 0.93"
    assert bands.earned([(True, 0.9)] * 23, 0.93) == 0.9


@given(st.lists(st.tuples(st.floats(-4, 4), st.booleans()), min_size=1, max_size=30))
def test_the_logistic_map_always_rises(rows: list[tuple[float, bool]]) -> None:
    """Whatever was decided, a greater balance never makes revenue less probable."""
    slope, intercept = bands.logistic([x for x, _ in rows], [one for _, one in rows], (0.6, 0.2))
    assert slope > 0
    assert bands.probability_at(slope, intercept, 1.0) > bands.probability_at(slope, intercept, -1.0)


def test_the_logistic_map_is_at_the_optimum() -> None:
    """No small step from it makes the penalised likelihood better."""
    rng, prior = random.Random(2), (0.6, 0.2)
    found = [rng.uniform(-3, 3) for _ in range(70)]
    outcomes = [rng.random() < bands.probability_at(0.9, -0.3, x) for x in found]

    def penalised(slope: float, intercept: float) -> float:
        pulls = zip(bands.PULLS, (slope, intercept), prior, strict=True)
        return bands.loss(found, outcomes, slope, intercept) + sum(k * (a - b) ** 2 for k, a, b in pulls)

    slope, intercept = bands.logistic(found, outcomes, prior)
    best = penalised(slope, intercept)
    for step in (-0.01, 0.01):
        assert penalised(slope + step, intercept) > best
        assert penalised(slope, intercept + step) > best


# --- the file -----------------------------------------------------------------------------------------------


def test_only_fitted_numbers_are_rewritten(calibrator: Calibrator) -> None:
    """Comments, order and everything else stay; writing again changes nothing; what is written is what was fitted."""
    before, fitted = FILE.read_text("utf-8"), calibrator.shipped()
    after = calibrate.written(before, fitted)
    assert Weighing.model_validate(reading.parse(after).data) == fitted
    assert calibrate.written(after, fitted) == after
    old, new = before.splitlines(), after.splitlines()
    assert len(old) == len(new)
    for was, now in zip(old, new, strict=True):
        if was != now:
            key = was.split(":")[0].strip()
            assert now.startswith(was.split(":")[0] + ":")
            assert key in {*fitted.starts, "strengths", "slope", "intercept", "undetermined", "strong", "moderate",
                           "fitted_on", "out_of_fold"}  # fmt: skip
    assert after[after.index("\ndesign:") :] == before[before.index("\ndesign:") :]


def test_a_remark_behind_a_number_stays(calibrator: Calibrator) -> None:
    """Also on a line that is rewritten."""
    text = FILE.read_text("utf-8").replace("  saturation:", "  # a remark\n  saturation:", 1)
    slope = next(line for line in text.splitlines() if line.startswith("  slope:"))
    text = text.replace(slope, f"{slope}  # why", 1)
    after = calibrate.written(text, calibrator.weighing())
    assert f"  slope: {calibrator.weighing().calibration.slope}  # why" in after
    assert "  # a remark\n" in after


def test_a_file_that_cannot_be_rewritten_is_refused(calibrator: Calibrator) -> None:
    """Numbers that share a line with others are named instead of lost."""
    text = FILE.read_text("utf-8")
    start = text.index("\nstarts:\n")
    end = text.index("\nindicator_band")
    table = ", ".join(line.strip() for line in text[start:end].splitlines()[2:])
    with pytest.raises(BadInput, match=r"starts\.\S+ cannot be rewritten"):
        calibrate.written(f"{text[:start]}\nstarts: {{{table}}}{text[end:]}", calibrator.weighing())


def test_a_design_that_does_not_match_is_refused(assessor: Assessor) -> None:
    """A start that the design lacks would be shrunk to nothing."""
    weighing = assessor.book.weighing
    design = weighing.design.model_copy(update={"starts": {}})
    with pytest.raises(BadInput, match="other starts"):
        calibrate.designed(weighing.model_copy(update={"design": design}))


def test_the_shipped_weighing_is_what_calibrate_writes(run: Run) -> None:
    """Else run `caprev calibrate`, and read the diff."""
    result = run("calibrate", "--check")
    assert result.exit_code == 0, result.output


def test_calibrate_writes_and_then_agrees(run: Run, tmp_path: Path) -> None:
    """From a file with other numbers it writes the fitted ones; --check tells the two apart and writes nothing."""
    rules = Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules"))
    path = rules / "weighing.yaml"
    path.write_text(path.read_text("utf-8").replace("  slope: ", "  slope: 0.9  # was ", 1), "utf-8")
    before = path.read_bytes()
    result = run("calibrate", "--check", "--rules", rules)
    assert result.exit_code == 1
    assert "out of fold" in result.output
    assert path.read_bytes() == before
    assert run("calibrate", "--rules", rules).exit_code == 0
    assert path.read_bytes() != before
    assert caprev.load(rules).book.weighing.calibration.fitted_on.endswith("revenue)")
