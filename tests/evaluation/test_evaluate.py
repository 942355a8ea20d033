"""Agreement with decided matters: figures are right, nothing is measured on what it saw, the page is current."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import Result
from hypothesis import given, settings
from hypothesis import strategies as st

import caprev
from caprev import Assessor
from caprev.documents.content import markdown
from caprev.documents.content import text as terminal
from caprev.documents.reports import evaluation
from caprev.evaluation import baselines, decided, evaluate, metrics
from caprev.evaluation.agreement import Aim, Report
from caprev.evaluation.decided import Decided, Plan, Target
from caprev.evaluation.metrics import Row

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
RULINGS = ROOT / "cases" / "au-land" / "rulings"
Run = Callable[..., Result]

rows_of = st.lists(st.tuples(st.booleans(), st.integers(0, 20).map(lambda n: n / 20)), min_size=1, max_size=40)


@pytest.fixture(scope="module")
def plan(assessor: Assessor) -> Plan:
    return decided.plan(caprev.home("rules"), assessor.book)


@pytest.fixture(scope="module")
def measured(assessor: Assessor, plan: Plan) -> evaluate.Evaluation:
    return evaluate.Evaluation(assessor, plan)


@pytest.fixture(scope="module")
def reports(measured: evaluate.Evaluation) -> dict[str, Report]:
    """All sets measured, once for this file."""
    return {report.name: report for report in measured.reports("all")}


# --- figures ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(8, 10, 0.490, 0.943), (0, 10, 0.0, 0.278), (27, 30, 0.744, 0.965)]
)
def test_wilson_intervals_are_those_of_the_textbook(right: int, of: int, low: float, high: float) -> None:
    """Known intervals; with no matters there is no share."""
    found = metrics.wilson(right, of)
    assert (round(found.low or 0.0, 3), round(found.high or 0.0, 3)) == (low, high)
    assert metrics.wilson(0, 0).value is None


@given(rows_of)
def test_auc_is_the_share_of_pairs_in_order(rows: list[Row]) -> None:
    """The fast sum and the definition agree, ties counting half."""
    pairs = [(p, q) for (one, p), (other, q) in product(rows, rows) if one and not other]
    share = sum((p > q) + (p == q) / 2 for p, q in pairs) / len(pairs) if pairs else None
    assert metrics.auc(rows) == (pytest.approx(share) if pairs else None)


@settings(max_examples=25)
@given(rows_of)
def test_figures_agree_with_scikit_learn(rows: list[Row]) -> None:
    """Balanced accuracy, MCC and Brier score are the usual ones."""
    score = pytest.importorskip("sklearn.metrics")
    outcomes, said = [row[0] for row in rows], [metrics.said_for(row[1]) for row in rows]
    if len(set(outcomes)) == 2:
        assert metrics.balanced(rows) == pytest.approx(score.balanced_accuracy_score(outcomes, said))
        assert metrics.mcc(rows) in (None, pytest.approx(score.matthews_corrcoef(outcomes, said)))
        assert metrics.brier(rows) == pytest.approx(score.brier_score_loss(outcomes, [row[1] for row in rows]))


@given(rows_of)
def test_tenths_hold_every_matter_once(rows: list[Row]) -> None:
    """The calibration error is the mean distance in the tenths, by their numbers."""
    tenths = metrics.tenths(rows)
    assert sum(tenth.share.of for tenth in tenths) == len(rows)
    apart = sum(tenth.share.of * abs(tenth.mean - (tenth.share.value or 0.0)) for tenth in tenths)
    assert metrics.ece(rows) == pytest.approx(apart / len(rows))


@given(rows_of)
def test_the_curve_ends_with_every_matter_decided(rows: list[Row]) -> None:
    """At full coverage the risk is the forced error, and coverage only grows."""
    curve = metrics.risk_coverage(rows)
    assert (curve[-1].coverage, curve[-1].of) == (1.0, len(rows))
    assert curve[-1].risk == pytest.approx(1 - metrics.forced(rows))
    assert [step.of for step in curve] == sorted({step.of for step in curve})


def test_bootstrap_intervals_are_the_same_on_every_run() -> None:
    """Seeded: the same bytes, and an interval about the figure."""
    rng = random.Random(1)
    rows = [(rng.random() < p, p) for p in [rng.random() for _ in range(60)]]
    found = metrics.bootstrap(rows, metrics.auc, 7, 300)
    assert found == metrics.bootstrap(rows, metrics.auc, 7, 300)
    assert (found.low or 0.0) < (found.value or 0.0) < (found.high or 0.0)
    assert metrics.bootstrap([(True, 0.5)], metrics.auc, 7, 10).value is None


def test_a_perfect_forecaster_still_shows_some_calibration_error() -> None:
    """With few matters in each tenth chance alone makes an error; with very many hardly any."""
    few, many = ([(True, (i % 100) / 100) for i in range(n)] for n in (80, 20_000))
    assert (metrics.chance_ece(few, 1, 200).value or 0.0) > 0.06
    assert (metrics.chance_ece(many, 1, 5).value or 0.0) < 0.02


def test_a_paired_split_is_judged_exactly() -> None:
    """McNemar: one against nine has a probability of 22 in 1024."""
    first, second = [True] * 9 + [False] + [True] * 5, [False] * 9 + [True] + [True] * 5
    better, worse, chance = metrics.paired(first, second)
    assert (better, worse) == (9, 1)
    assert math.isclose(chance, 22 / 1024)
    assert metrics.paired([True], [True]) == (0, 0, 1.0)


@pytest.mark.parametrize(
    ("measured_as", "target", "met"),
    [
        (0.83, Target(at_least=0.83), True),
        (0.82, Target(at_least=0.83), False),
        (0.0, Target(at_most=0), True),
        (1.0, Target(at_most=0), False),
        (None, Target(at_most=1), False),
    ],
)
def test_a_target_is_reached_or_not(measured_as: float | None, target: Target, met: bool) -> None:
    """At the bound it is reached; a figure that is not defined reaches nothing."""
    assert Aim("figure", measured_as, target).met is met


# --- nothing is measured on what it saw ---------------------------------------------------------------------


def test_learners_are_never_shown_what_they_are_asked(measured: evaluate.Evaluation) -> None:
    """Each matter of the fitted set is judged once, by a learner shown only matters of other folds."""
    asked: list[str] = []

    def spy(seen: Sequence[Decided], new: Sequence[Decided]) -> list[tuple[float, float]]:
        assert not {m.id for m in seen} & {m.id for m in new}
        assert len({measured.calibrator.fold[m.id] for m in new}) == 1
        asked.extend(m.id for m in new)
        return [(0.5, 0.5) for _ in new]

    measured._unseen(spy, measured.seen)
    assert sorted(asked) == sorted(m.id for m in measured.seen)


def test_other_sets_are_judged_by_what_was_fitted(measured: evaluate.Evaluation, assessor: Assessor) -> None:
    """A case is weighed as shipped, and learners are shown the whole fitted set."""
    cases = decided.load(assessor, "cases")

    def spy(seen: Sequence[Decided], new: Sequence[Decided]) -> list[tuple[float, float]]:
        assert {m.id for m in seen} == {m.id for m in measured.seen}
        return [(0.5, 0.5) for _ in new]

    measured._unseen(spy, cases)
    assert all(measured.weighing(case.id) is assessor.book.weighing for case in cases)


def test_a_case_is_not_among_its_own_precedents(reports: dict[str, Report]) -> None:
    """Left out for the figures, kept in the base only where the page says so."""
    report = reports["cases"]
    for reading in report.readings:
        assert reading.matter.id not in {c.case.id for c in reading.conclusion.guidance.all}
    for reading in report.own:
        assert reading.matter.id in {c.case.id for c in reading.conclusion.guidance.all}


def test_what_is_reported_apart_is_neither_fitted_nor_counted(
    measured: evaluate.Evaluation, reports: dict[str, Report]
) -> None:
    """The first real input was in view while the rules were written."""
    report, apart = reports[measured.plan.fitted_on], set(measured.plan.apart)
    assert {reading.matter.id for reading in report.apart} == apart
    assert not apart & {m.id for m in measured.seen}
    assert not apart & {reading.matter.id for reading in report.readings}


def test_matters_given_as_a_path_are_held_out_too(measured: evaluate.Evaluation) -> None:
    """The fitted set named by its directory is weighed by fold all the same."""
    found = decided.load(measured.assessor, str(RULINGS))
    known = [m for m in found if m.id in measured.calibrator.fold]
    assert len(known) == len(measured.seen) == len(found) - len(measured.plan.apart)
    assert all(measured.weighing(m.id) is not measured.assessor.book.weighing for m in known)


# --- what is reported ---------------------------------------------------------------------------------------


def test_baselines_and_ablations_stand_beside_every_set(reports: dict[str, Report]) -> None:
    """The same matters for every method, with an interval for every share."""
    for report in reports.values():
        assert [m.name.split(" (")[0] for m in report.methods] == [
            "caprev", "without precedents", "without caps", "without calibration", "majority", "one rule",
            "count of factors", "nearest neighbour", "logistic regression", "random forest",
        ]  # fmt: skip
        for method in report.methods:
            if method.figures is None:
                assert "not installed" in method.why_not
                continue
            assert [row[0] for row in method.rows] == [r.matter.outcome == "revenue" for r in report.readings]
            for share in (method.figures.coverage, method.figures.forced, method.figures.right_of_all):
                assert (share.low or 0.0) <= (share.value or 0.0) <= (share.high or 0.0)


def test_a_baseline_that_says_one_thing_ranks_nothing(reports: dict[str, Report]) -> None:
    """Leaving a fold out shifts the shares of the rest; that must not pass for ranking."""
    majority = next(m for m in reports["rulings"].methods if m.name == "majority")
    assert majority.figures
    assert majority.figures.auc.value == 0.5
    assert majority.figures.balanced.value == 0.5


def test_every_miss_names_what_led_there(reports: dict[str, Report], plan: Plan, assessor: Assessor) -> None:
    """Concluded against the outcome, or left open: each stands on the page with its node and its missing facts."""
    page = terminal.render(evaluation.page(list(reports.values()), plan, assessor.book))
    for report in reports.values():
        system = report.system.figures
        assert system
        assert len(report.misses) + len(report.open) == sum(not r.right for r in report.readings)
        for reading in (*report.misses, *report.open):
            assert f"{reading.matter.id}, {reading.matter.title}"[:60] in page
            pushed = sum(effect for _, effect in (*reading.led, *reading.against))
            detail = reading.conclusion.findings[reading.node].detail
            assert detail
            assert pushed == pytest.approx(detail.total - detail.start - detail.capped, abs=0.05)


def test_parts_add_up(reports: dict[str, Report]) -> None:
    """By taxpayer, by route and by facts known, every matter stands once."""
    for report in reports.values():
        for parts in (report.kinds, report.routes, report.known):
            assert sum(part.of for part in parts) == len(report.readings)


def test_guidance_comes_out_as_published(reports: dict[str, Report]) -> None:
    """Every answer that the public guidance gives is the system's too."""
    assert all(reading.right for reading in reports["guidance"].readings)


# --- the command --------------------------------------------------------------------------------------------


@pytest.fixture
def a_list(tmp_path: Path) -> Path:
    """Four matters in one file, one of them decided both ways."""
    found = []
    for path in sorted(RULINGS.glob("*.yaml"))[:4]:
        data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
        record = data.pop("comparator")
        data.pop("matter")
        found.append({"id": f"new-{path.stem}", "outcome": record["outcome"], "facts": data})
    found[0]["outcome"] = "mixed"
    path = tmp_path / "unseen.yaml"
    path.write_text(yaml.safe_dump(found), "utf-8")
    return path


def test_a_list_given_by_path_is_evaluated(run: Run, a_list: Path) -> None:
    """Matters that nobody saw are weighed as shipped; what was decided both ways is left out."""
    result = run("evaluate", "--set", a_list, "--json")
    assert result.exit_code == 0, result.output
    data = json.loads(result.output)
    (found,) = data["sets"]
    assert data["schema"] == "caprev.evaluation/1"
    assert (found["name"], found["of"], found["refitted"]) == ("unseen", 3, 0)
    assert all(matter["id"].startswith("new-") for matter in found["matters"])
    assert "not authority" in data["warning"]


def test_text_and_markdown_say_the_same(run: Run, a_list: Path, tmp_path: Path) -> None:
    """Both carry the warning and the figures; few matters make no picture."""
    out = tmp_path / "out" / "page.md"
    written = run("evaluate", "--set", a_list, "--format", "markdown", "--out", out)
    shown = run("evaluate", "--set", a_list)
    assert (written.exit_code, shown.exit_code) == (0, 0), written.output + shown.output
    assert [path.name for path in out.parent.iterdir()] == ["page.md"]
    for text in (out.read_text("utf-8"), shown.output):
        assert "They are not authority" in " ".join(text.split())
        assert "nearest neighbour" in text


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("- {id: a, facts: {}}\n", "is not a decided matter"),
        ("- {id: a, outcome: mixed, facts: {}}\n", "has no matter decided one way"),
        ("- {id: a, outcome: capital, facts: {taxpayer: {kin: trust}}}\n", "kind"),
    ],
)
def test_a_bad_set_is_refused(run: Run, tmp_path: Path, text: str, fragment: str) -> None:
    """With what is wrong, and no figures."""
    path = tmp_path / "set.yaml"
    path.write_text(text, "utf-8")
    result = run("evaluate", "--set", path)
    assert result.exit_code == 2
    assert fragment in result.stderr
    assert not result.stdout


def test_a_set_that_is_not_there_is_refused(run: Run) -> None:
    """Neither a name nor a path."""
    result = run("evaluate", "--set", "ruling")
    assert result.exit_code == 2
    assert "cases, rulings, guidance, all" in result.stderr


def test_without_scikit_learn_its_rows_say_so(
    measured: evaluate.Evaluation, monkeypatch: pytest.MonkeyPatch, plan: Plan
) -> None:
    """The extra `evaluate` is not needed for anything else."""

    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("caprev.evaluation.baselines.importlib.import_module", absent)
    found = baselines.learners(measured.assessor.book, plan)
    told = {name: learner for name, learner in found.items() if isinstance(learner, str)}
    assert set(told) == {"logistic regression", "random forest"}
    assert all("install.py evaluate" in reason for reason in told.values())


def test_the_same_numbers_on_every_hash_seed(environment: dict[str, str]) -> None:
    """Byte for byte, in processes with different hash seeds."""
    command = [sys.executable, str(ROOT / "cli.py"), "evaluate", "--set", "guidance", "--json"]
    outputs = {
        subprocess.run(command, env={**environment, "PYTHONHASHSEED": seed}, capture_output=True, check=True).stdout
        for seed in ("0", "1")
    }
    assert len(outputs) == 1


# --- the page -----------------------------------------------------------------------------------------------


def without_scikit_learn(line: str) -> bool:
    """Lines that do not depend on it; where it is missing, blank lines stand otherwise."""
    return bool(line) and "scikit-learn" not in line and not line.startswith("The strongest baseline")


def test_the_page_is_what_the_command_writes(
    measured: evaluate.Evaluation, reports: dict[str, Report], plan: Plan, assessor: Assessor
) -> None:
    """docs/evaluation.md and its pictures, byte for byte; else run
    `caprev evaluate --format markdown --out docs/evaluation.md`, and read the diff."""
    stem, found = "evaluation", list(reports.values())
    document = evaluation.page(found, plan, assessor.book, stem)
    page = markdown.render(document)
    shipped = (DOCS / f"{stem}.md").read_bytes().decode()
    versions = {m.name for r in found for m in r.methods if "scikit-learn" in m.name}
    if not versions or not all(name in shipped for name in versions):  # another release may grow other trees
        page, shipped = ("\n".join(filter(without_scikit_learn, text.splitlines())) for text in (page, shipped))
    assert page == shipped
    pictures = {picture.file: picture.drawing for picture in document.pictures}
    assert {path.name for path in DOCS.glob(f"{stem}-*.svg")} == set(pictures)
    for name, picture in pictures.items():
        assert picture == (DOCS / name).read_bytes().decode()
