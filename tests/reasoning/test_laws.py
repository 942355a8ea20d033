"""The laws of the reasoning (design, section 9), on random facts over the real vocabulary and rulebook."""

from __future__ import annotations

import dataclasses
import json
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import caprev
from caprev import Assessor, BadInput
from caprev.facts import conditions
from caprev.facts.knowledge import Choice, Knowledge, Range
from caprev.facts.matter import Parcel
from caprev.facts.vocabulary import Fact
from caprev.files import reading
from caprev.law import rulebook
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.findings import FactorState
from caprev.reasoning.precedents import Case, CaseBase

Run = Callable[..., Result]
States = dict[str, FactorState]

ROOT = Path(__file__).resolve().parents[2]
SEED_RULING = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
TWO_PARCELS = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"
VOCABULARY = rulebook.load(caprev.home("rules")).vocabulary
NOWHERE = Parcel("all", "", {})
TOWARDS_REVENUE = {"capital": 0, "undetermined": 1, "revenue": 2}


# --- random matters -----------------------------------------------------------------------------------------


def exact(fact: Fact) -> st.SearchStrategy[Any]:
    """One value of a fact, as a person would write it."""
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "enum":
        return st.sampled_from(fact.values)
    if fact.type == "set":
        return st.lists(st.sampled_from(fact.values), max_size=3, unique=True)
    if fact.type == "date":
        return st.dates(date(1950, 1, 1), date(2030, 12, 31)).map(str)
    if fact.unit == "AUD":
        return st.integers(1, 3_000_000)  # not 0: nothing is a multiple of land without value
    return st.integers(0, 40 if fact.unit == "years" else 30)


def weaker(fact: Fact, value: Any) -> st.SearchStrategy[Any]:
    """Less than a value: something that a person might know who does not know the value, but is not wrong."""
    others = exact(fact)
    if fact.type == "bool":
        return st.just({"one_of": [value]})
    if fact.type == "enum":
        return st.lists(others, max_size=3).map(lambda more: {"one_of": [value, *more]})
    if fact.type == "set":
        absent = [member for member in fact.values if member not in value]
        some = st.lists(st.sampled_from(absent), unique=True) if absent else st.just([])
        kept = st.lists(st.sampled_from(value), unique=True) if value else st.just([])
        return st.tuples(kept, some).map(lambda parts: {"includes": parts[0], "excludes": parts[1]})
    if fact.type == "date":
        masked = "19XX" if value < "2000" else "20XX"
        return st.sampled_from([value[:7], value[:4], masked, {"at_least": value}, {"at_most": value[:4]}])
    bounds = [{"at_least": value}, {"at_most": value}, {"at_least": max(value - 2, value and 1), "at_most": value + 3}]
    return st.sampled_from(bounds) | others.map(lambda other: {"one_of": [value, other]})


@st.composite
def fact_sets(draw: st.DrawFn, most: int = 50) -> dict[str, Any]:
    """A flat fact set with exact values; it may contradict itself."""
    names = draw(
        st.lists(
            st.sampled_from(list(VOCABULARY)),
            unique_by=lambda fact: fact.name,
            max_size=most,
            min_size=draw(st.sampled_from([0, 5, 15, 30])),
        )
    )
    return {fact.name: draw(exact(fact)) for fact in names}


@st.composite
def weakened(draw: st.DrawFn, full: Mapping[str, Any]) -> dict[str, Any]:
    """A fact set that knows less: facts left out, said to be unknown, or known in part."""
    less: dict[str, Any] = {}
    for name, value in full.items():
        change = draw(st.sampled_from(["keep", "keep", "drop", "unknown", "weaken"]))
        if change == "keep":
            less[name] = value
        elif change == "unknown":
            less[name] = "unknown"
        elif change == "weaken":
            less[name] = draw(weaker(VOCABULARY[name], value))
    return less


def parcel_of(assessor: Assessor, facts: Mapping[str, Any]) -> Parcel:
    return assessor.matter(reading.parse(json.dumps({"facts": facts}))).parcels[0]


def consistent(assessor: Assessor, facts: Mapping[str, Any]) -> Parcel:
    """The parcel, if the facts do not contradict one another; else another example is drawn."""
    try:
        return parcel_of(assessor, facts)
    except BadInput as error:
        if any("contradicts" not in problem.what for problem in error.problems):
            raise
    assume(False)
    raise AssertionError


# --- random states of the factors ---------------------------------------------------------------------------


def random_states(rng: random.Random, names: list[str], open_share: float) -> States:
    """Each factor met, not met or unknown; about `open_share` of them unknown."""
    met_share = rng.choice([0.05, 0.2, 0.5, 0.9])

    def state() -> FactorState:
        if rng.random() < open_share:
            return "unknown"
        return "met" if rng.random() < met_share else "not_met"

    return {name: state() for name in names}


def concluded(assessor: Assessor, states: States, cases: CaseBase, parcel: Parcel = NOWHERE) -> Conclusion:
    weigher = assessor.weigher(assessor.book.pack.position, assessor.book.pack.as_at)
    return assessor.conclude_states(parcel, states, weigher, cases)


@pytest.fixture(scope="session")
def no_cases(assessor: Assessor) -> CaseBase:
    return assessor.cases.without(assessor.cases.cases)


seeds = st.integers(0, 2**32)


# --- a fact that favours a side never moves the conclusion away from it -------------------------------------


@pytest.mark.parametrize("with_cases", [False, True], ids=["rules alone", "with the decided cases"])
@pytest.mark.parametrize("side", ["capital", "revenue"])
@settings(max_examples=100)
@given(seed=seeds)
def test_one_more_factor_for_a_side_never_moves_towards_the_other(
    side: str, with_cases: bool, seed: int, assessor: Assessor, no_cases: CaseBase
) -> None:
    """Whatever else is known, one more factor for capital never raises the balance, the probability of revenue or
    the conclusion towards revenue; and the reverse."""
    rng = random.Random(seed)
    factors = assessor.book.factors
    before = random_states(rng, list(factors), rng.choice([0, 0.3, 0.8]))
    added = rng.choice([name for name in factors if factors[name].favours == side and before[name] != "met"] or [""])
    assume(added)
    cases = assessor.cases if with_cases else no_cases
    old, new = (concluded(assessor, states, cases) for states in (before, {**before, added: "met"}))
    towards = 1 if side == "revenue" else -1
    assert towards * (new.balance - old.balance) >= 0
    assert towards * (TOWARDS_REVENUE[new.characterisation] - TOWARDS_REVENUE[old.characterisation]) >= 0
    assert towards * (new.probability - old.probability) >= 0
    for name, finding in new.findings.items():
        sense = -towards if assessor.book.nodes[name].none else towards
        assert sense * (finding.balance - old.findings[name].balance) >= 0, name


@settings(max_examples=100)
@given(seed=seeds)
def test_a_neutral_factor_moves_nothing(seed: int, assessor: Assessor) -> None:
    """Context that the authorities record without letting it weigh changes no number and no conclusion."""
    rng = random.Random(seed)
    neutral = [name for name, factor in assessor.book.factors.items() if factor.favours == "neutral"]
    assume(neutral)
    before = random_states(rng, list(assessor.book.factors), 0.3)
    after: States = {**before, rng.choice(neutral): rng.choice(["met", "not_met", "unknown"])}
    old, new = (concluded(assessor, states, assessor.cases) for states in (before, after))
    assert (new.characterisation, new.balance, new.low, new.high, new.probability, new.strength, new.robust) == (
        old.characterisation, old.balance, old.low, old.high, old.probability, old.strength, old.robust
    )  # fmt: skip


# --- learning more never turns what is robust ---------------------------------------------------------------


@pytest.mark.parametrize("with_cases", [False, True], ids=["rules alone", "with the decided cases"])
@settings(max_examples=200)
@given(seed=seeds)
def test_learning_more_never_turns_what_is_robust(
    with_cases: bool, seed: int, assessor: Assessor, no_cases: CaseBase
) -> None:
    """However the unknown factors turn out, robust findings stay, and every balance stays within the interval given
    for it."""
    rng = random.Random(seed)
    states = random_states(rng, list(assessor.book.factors), rng.choice([0.02, 0.1, 0.3, 0.8]))
    unknown = [name for name, state in states.items() if state == "unknown"]
    learnt: States = {name: rng.choice(["met", "not_met"]) for name in unknown if rng.random() < rng.choice([0.2, 1])}
    cases = assessor.cases if with_cases else no_cases
    old, new = (concluded(assessor, known, cases) for known in (states, {**states, **learnt}))
    event(f"robust: {any(f.robust for f in old.findings.values())}")
    for name, finding in old.findings.items():
        now = new.findings[name]
        assert finding.low <= now.low <= now.balance <= now.high <= finding.high
        if finding.robust:
            assert (now.state, now.robust) == (finding.state, True)
    assert old.low <= new.balance <= old.high


@pytest.mark.parametrize("with_cases", [False, True], ids=["rules alone", "with the decided cases"])
@settings(max_examples=200)
@given(seed=seeds)
def test_no_one_answer_turns_what_is_robust(
    with_cases: bool, seed: int, assessor: Assessor, no_cases: CaseBase
) -> None:
    """However the factors turn out that an answer to one fact may decide, firm findings and robust conclusions stay."""
    rng = random.Random(seed)
    states = random_states(rng, list(assessor.book.factors), rng.choice([0.02, 0.1, 0.3, 0.8]))
    fact = rng.choice(sorted(assessor.book.fed))
    learnt: States = {
        name: rng.choice(["met", "not_met"]) for name in sorted(assessor.book.fed[fact]) if states[name] == "unknown"
    }
    cases = assessor.cases if with_cases else no_cases
    old, new = (concluded(assessor, known, cases) for known in (states, {**states, **learnt}))
    event(f"robust: {old.robust}")
    for name, finding in old.findings.items():
        assert finding.low <= finding.near[0] <= finding.balance <= finding.near[1] <= finding.high
        assert finding.firm or not finding.robust
        if assessor.book.nodes[name].kind != "indicator":
            assert finding.near[0] - 1e-9 <= new.findings[name].balance <= finding.near[1] + 1e-9
            assert not finding.firm or new.findings[name].state == finding.state
    if old.robust:
        assert new.characterisation == old.characterisation


@pytest.mark.parametrize("side", ["capital", "revenue"])
def test_what_is_plain_is_robust(side: str, assessor: Assessor, no_cases: CaseBase) -> None:
    """With every factor for one side met and none for the other, a few unknowns leave the conclusion robust; the law
    above is about something. Strong it is not: no decisive question is answered where no fact is given."""
    states: States = {
        name: "met" if factor.favours == side else "not_met" for name, factor in assessor.book.factors.items()
    }
    for name in list(states)[::40]:
        states[name] = "unknown"
    conclusion = concluded(assessor, states, no_cases)
    assert (conclusion.characterisation, conclusion.robust, conclusion.strength) == (side, True, "moderate")


@settings(max_examples=50)
@given(data=st.data())
def test_a_robust_conclusion_survives_more_facts(data: st.DataObject, assessor: Assessor) -> None:
    """The same, from facts: what is robust on a weaker fact set is so on a fuller one."""
    full = data.draw(fact_sets(60))
    fuller = consistent(assessor, full)
    weaker_states = assessor.states(parcel_of(assessor, data.draw(weakened(full))))
    old = concluded(assessor, weaker_states, assessor.cases)
    new = concluded(assessor, assessor.states(fuller), assessor.cases, fuller)
    for name, finding in old.findings.items():
        assert finding.low <= new.findings[name].balance <= finding.high
        assert not finding.robust or new.findings[name].state == finding.state


# --- unknown is never no ------------------------------------------------------------------------------------


def single(known: Knowledge | None) -> Knowledge | None:
    """A number known exactly has two forms; one of them."""
    if isinstance(known, Choice) and len(known.values) == 1:
        (value,) = known.values
        return Range(value, value) if isinstance(value, float) else known
    return known


@settings(max_examples=150)
@given(data=st.data())
def test_knowing_less_only_makes_factors_unknown(data: st.DataObject, assessor: Assessor) -> None:
    """Facts left out, said to be unknown or known in part never turn a factor from met to not met or back, never
    decide a factor, and never make a contradiction."""
    full = data.draw(fact_sets())
    fuller = consistent(assessor, full)
    before = assessor.states(fuller)
    parcel = parcel_of(assessor, data.draw(weakened(full)))
    after = assessor.states(parcel)
    assert {(before[name], after[name]) for name in before if after[name] not in (before[name], "unknown")} == set()
    for name, known in parcel.known.items():
        assert single(fuller.known[name].narrowed(known)) == single(fuller.known[name]), name


@settings(max_examples=80)
@given(facts=fact_sets())
def test_the_engine_agrees_with_the_reference_evaluator(facts: dict[str, Any], assessor: Assessor) -> None:
    """durable-rules finds each factor met, not met or unknown exactly as the definition of conditions does."""
    parcel = consistent(assessor, facts)
    known = assessor.known(parcel)
    words = {True: "met", False: "not_met", None: "unknown"}
    expected = {name: words[conditions.truth(assessor.book.conditions[name], known)] for name in assessor.book.factors}
    assert assessor.states(parcel) == expected


def test_nothing_known_is_undetermined(run: Run, tmp_path: Path) -> None:
    """Unknown is never no: a fact set without facts leaves the character open, with exit code 3."""
    path = tmp_path / "empty.yaml"
    path.write_text("{}\n")
    result = run("assess", path, "--format", "json")
    assert json.loads(result.stdout)["parcels"][0]["characterisation"] == "undetermined"
    assert result.exit_code == 3


# --- a precedent added never unforces -----------------------------------------------------------------------


def random_case(rng: random.Random, assessor: Assessor, matter: States, number: int) -> Case:
    """A case that may well bind the matter: it shares most of its factors, and overcame most of those against it."""
    book = assessor.book
    outcome = rng.choice(["capital", "revenue"])
    likely = rng.random() < 0.7
    states: States = {
        name: "met" if rng.random() < (0.95 if likely and matter[name] == "met" else 0.05) else "not_met"
        for name in book.factors
    }
    met = [name for name in states if states[name] == "met"]
    for_it = [name for name in met if book.factors[name].favours == outcome and (not likely or matter[name] == "met")]
    against = [name for name in met if book.factors[name].favours not in (outcome, "neutral")]
    like = next(iter(assessor.cases.cases.values()))
    return dataclasses.replace(
        like, id=f"made-up-{number}", level=rng.choice(book.pack.levels[:1] * 6 + book.pack.levels), outcome=outcome,
        states=states, parcel=NOWHERE, decided=f"{rng.randint(1900, 2025)}-01-01",
        subject=rng.choice(["land"] * 5 + ["shares"]), confidence=rng.choice(["high", "medium", "high", "low"]),
        overruled=rng.random() < 0.1, because=tuple(rng.sample(for_it, min(len(for_it), rng.randint(0, 4)))),
        despite=tuple(name for name in against if rng.random() < 0.97),
    )  # fmt: skip


def random_base(seed: int, assessor: Assessor) -> tuple[States, CaseBase, Case]:
    """A matter, a base of made-up cases, and one more case."""
    rng = random.Random(seed)
    few = rng.sample(list(assessor.book.factors), rng.randint(5, 14))
    matter: States = {
        name: "met" if name in few else rng.choice(["not_met", "unknown"]) for name in assessor.book.factors
    }
    cases = [random_case(rng, assessor, matter, number) for number in range(rng.randint(1, 7))]
    return matter, CaseBase(cases[1:], assessor.book), cases[0]


def forces(case: Case, assessor: Assessor) -> bool:
    """Whether a case can force at all: a court's decision about land, not overruled, in a sure reading, on enough
    grounds."""
    pack = assessor.book.pack
    return case.governs(pack) and case.level in pack.binding_levels


@settings(max_examples=400)
@given(seed=seeds)
def test_a_precedent_added_never_unforces(seed: int, assessor: Assessor) -> None:
    """A matter that decided cases force for a side stays forced when another case joins, unless that case binds for
    the other side in a court of the same rank (then they conflict) or a higher one (then it governs); it is never
    free again."""
    matter, base, added = random_base(seed, assessor)
    levels = assessor.book.pack.levels
    active = assessor.weigher(assessor.book.pack.position, assessor.book.pack.as_at).active
    more = CaseBase([*base.cases.values(), added], assessor.book)
    old, new = (cases.guidance(matter, NOWHERE, active) for cases in (base, more))
    (comparison,) = (c for c in new.all if c.case is added)
    binding = comparison.binds and forces(added, assessor)
    event(f"{old.constraint} to {new.constraint}, the added case {'binds' if binding else 'does not bind'}")
    if not binding:
        assert (new.constraint, [c.case.id for c in new.by]) == (old.constraint, [c.case.id for c in old.by])
    elif old.constraint == "free":
        assert new.constraint == f"forced_{added.outcome}"
    elif old.constraint.startswith("forced"):
        rank = min(levels.index(c.case.level) for c in old.by)
        same = old.constraint == f"forced_{added.outcome}"
        own = levels.index(added.level)
        assert new.constraint == (
            old.constraint if same or own > rank else "conflict" if own == rank else f"forced_{added.outcome}"
        )
    else:
        assert new.constraint != "free"


@settings(max_examples=200)
@given(seed=seeds)
def test_a_forced_matter_is_concluded_for_that_side(seed: int, assessor: Assessor) -> None:
    """What a court forces is the conclusion, whatever the weighing says; a free matter is left to the weighing."""
    matter, base, added = random_base(seed, assessor)
    conclusion = concluded(assessor, matter, CaseBase([*base.cases.values(), added], assessor.book))
    constraint = conclusion.guidance.constraint
    if constraint.startswith("forced"):
        assert constraint == f"forced_{conclusion.characterisation}"
        assert all(c.binds and forces(c.case, assessor) for c in conclusion.guidance.by)
    elif conclusion.rules != "undetermined":
        assert conclusion.characterisation == conclusion.rules


@settings(max_examples=200)
@given(seed=seeds)
def test_a_case_binds_a_fortiori(seed: int, assessor: Assessor) -> None:
    """A case that binds a matter binds every matter that is stronger for its side: more factors for, fewer against."""
    matter, base, added = random_base(seed, assessor)
    rng = random.Random(seed + 1)
    active = assessor.weigher(assessor.book.pack.position, assessor.book.pack.as_at).active
    cases = CaseBase([*base.cases.values(), added], assessor.book)
    for comparison in cases.comparisons(matter, NOWHERE, active):
        if comparison.binds:
            stronger = dict(matter)
            for name, factor in assessor.book.factors.items():
                if rng.random() < 0.3:
                    stronger[name] = "met" if factor.favours == comparison.case.outcome else "not_met"
            again = {c.case.id: c for c in cases.comparisons(stronger, NOWHERE, active)}
            assert again[comparison.case.id].binds


def test_made_up_cases_do_bind(assessor: Assessor) -> None:
    """Among the made-up bases above all constraints occur, and change: the laws are about something."""
    active = assessor.weigher(assessor.book.pack.position, assessor.book.pack.as_at).active
    seen = set()
    for seed in range(1000):
        matter, base, added = random_base(seed, assessor)
        more = CaseBase([*base.cases.values(), added], assessor.book)
        seen.add(tuple(cases.guidance(matter, NOWHERE, active).constraint for cases in (base, more)))
    assert {old for old, _ in seen} == {"free", "forced_capital", "forced_revenue", "conflict"}
    assert {old for old, new in seen if new == "conflict"} & {"forced_capital", "forced_revenue"}
    assert {new for old, new in seen if old == "free"} & {"forced_capital", "forced_revenue"}


def test_a_case_needs_what_it_rested_on(assessor: Assessor) -> None:
    """A case whose grounds do not count, under the position or at the date, binds no matter that lacks them."""
    book = assessor.book
    weigher = assessor.weigher(book.pack.position, book.pack.as_at)
    idle = [name for name in book.factors if name not in weigher.active and book.factors[name].favours == "capital"]
    assert idle, "no factor for capital depends on the position any more: choose another"
    case = dataclasses.replace(
        next(iter(assessor.cases.cases.values())), outcome="capital", because=(idle[0],), despite=(), level="high_court"
    )
    silent: States = dict.fromkeys(book.factors, "not_met")
    (comparison,) = CaseBase([case], book).comparisons(silent, NOWHERE, weigher.active)
    assert not comparison.binds


# --- order, seed and place change nothing -------------------------------------------------------------------


def shuffled(rng: random.Random, value: Any) -> Any:
    """The same data with the keys of every mapping in another order; lists keep theirs."""
    if isinstance(value, list):
        return [shuffled(rng, item) for item in value]
    if not isinstance(value, dict) or "asks" in value:  # questions: see below
        return value
    return {key: shuffled(rng, value[key]) for key in rng.sample(list(value), len(value))}


@pytest.mark.parametrize("path", [SEED_RULING, TWO_PARCELS], ids=["seed ruling", "two parcels"])
@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_the_order_of_keys_changes_no_byte(path: Path, form: str, run: Run, tmp_path: Path) -> None:
    """Sections and facts, of the matter and of its parcels, in any order, give the same document."""
    expected = run("assess", path, "--format", form, "--detail").stdout
    assert expected
    for seed in range(3):
        other = tmp_path / f"{seed}.json"
        other.write_text(json.dumps(shuffled(random.Random(seed), reading.read(path).data)))
        assert run("assess", other, "--format", form, "--detail").stdout == expected


def test_the_order_of_the_keys_of_a_question_changes_no_byte(assessor: Assessor) -> None:
    """A question's text before or after its number is the same question."""
    forth, back = (
        caprev.as_dict(caprev.assess({"matter": {"questions": [question]}}, assessor))
        for question in ({"id": "1", "text": "Income?"}, {"text": "Income?", "id": "1"})
    )
    assert forth["facts_sha256"] == back["facts_sha256"]
    assert json.dumps(forth) == json.dumps(back)


def test_the_place_of_a_case_file_changes_no_byte(run: Run, tmp_path: Path) -> None:
    """Cases in other files, folders and order give the same assessment."""
    expected = run("assess", SEED_RULING, "--format", "json").stdout
    moved = tmp_path / "cases" / "all"
    moved.mkdir(parents=True)
    paths = [
        path
        for path in (ROOT / "cases" / "au-land").rglob("*.yaml")
        if path.parent.name not in ("rulings", "guidance", "examples")
    ]
    assert len(paths) > 20
    for number, path in enumerate(sorted(paths, reverse=True)):
        shutil.copy(path, moved / f"{number:03}.yaml")
    assert run("assess", SEED_RULING, "--format", "json", "--cases", moved.parent).stdout == expected


@settings(max_examples=20)
@given(seed=seeds)
def test_the_order_of_cases_changes_nothing(seed: int, assessor: Assessor) -> None:
    """A base built in another order guides alike."""
    matter, base, added = random_base(seed, assessor)
    active = assessor.weigher(assessor.book.pack.position, assessor.book.pack.as_at).active
    cases = [*base.cases.values(), added, *assessor.cases.cases.values()]
    orders = [cases, cases[::-1], random.Random(seed).sample(cases, len(cases))]
    first, *others = (CaseBase(order, assessor.book).guidance(matter, NOWHERE, active) for order in orders)
    assert all(other == first for other in others)


def test_the_folder_of_a_factor_changes_no_conclusion(assessor: Assessor, tmp_path: Path) -> None:
    """Themes are for readers: all factors in one folder, with the same decisions on every ruling."""
    rules = Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules"))
    for path in sorted((rules / "factors").rglob("*.yaml")):
        path.rename(rules / "factors" / path.name)
    flat = caprev.load(rules)
    assert list(flat.book.factors) != list(assessor.book.factors)
    for path in sorted((ROOT / "cases" / "au-land" / "rulings").glob("*.yaml"))[::6]:
        ones, others = (each.assess(each.read(path)).conclusions for each in (assessor, flat))
        for one, other in zip(ones, others, strict=True):
            for name in ("characterisation", "route", "strength", "probability", "robust", "balance", "low", "high"):
                assert getattr(one, name) == getattr(other, name), (path.stem, name)
            assert one.guidance.constraint == other.guidance.constraint
            for node, finding in one.findings.items():
                assert finding.state == other.findings[node].state
                assert set(finding.supports) == set(other.findings[node].supports)


EVERYTHING = """
import sys
from click.testing import CliRunner
import cli
for path in sys.argv[1:]:
    for form in ("text", "json", "markdown", "html"):
        result = CliRunner().invoke(cli.main, ["assess", path, "--format", form, "--detail"])
        assert result.exit_code in (0, 3), result.output
        sys.stdout.buffer.write(result.stdout_bytes)
"""


def test_every_process_prints_the_same_bytes(environment: dict[str, str]) -> None:
    """The hash seed of Python changes nothing in any format, of a ruling, a decided case and a matter of parcels."""
    paths = [SEED_RULING, ROOT / "cases" / "au-land" / "fca" / "stevenson-v-fct.yaml", TWO_PARCELS]

    def documents(seed: str) -> bytes:
        command = [sys.executable, "-c", EVERYTHING, *map(str, paths)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**environment, "PYTHONHASHSEED": seed},
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    with ThreadPoolExecutor(3) as pool:
        first, *others = pool.map(documents, ["0", "1", "20241121"])
    assert len(first) > 100_000
    assert all(other == first for other in others)


@settings(max_examples=25)
@given(facts=fact_sets())
def test_assessing_twice_gives_the_same(facts: dict[str, Any], assessor: Assessor) -> None:
    """Nothing of one assessment is left in the next, whatever was assessed between."""
    consistent(assessor, facts)
    first = caprev.as_dict(caprev.assess({"facts": facts}, assessor))
    caprev.assess(SEED_RULING, assessor, position="courts")
    assert caprev.as_dict(caprev.assess({"facts": facts}, assessor)) == first
