"""The debate: who says what of which case, on which footing, and where each precedent stops binding."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from caprev import Assessor
from caprev.documents.reports import debate as debates
from caprev.documents.words.grounds import in_words
from caprev.files import reading
from caprev.teaching import debate
from caprev.teaching.debate import Debate
from caprev.teaching.moves import Moves
from caprev.teaching.walks import standing

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "cases" / "au-land" / "examples"
FARM = EXAMPLES / "farm-subdivision.yaml"
SHARED_SALE = ROOT / "cases" / "au-land" / "rulings" / "1051408853082.yaml"  # the two positions part on it
MATTERS = [*sorted(EXAMPLES.glob("*.yaml")), *sorted((ROOT / "cases" / "au-land" / "rulings").glob("*.yaml"))[::20]]

Run = Callable[..., Result]


@functools.cache
def hold_all(assessor: Assessor, path: Path, position: str = "", parcel: str = "", **options: Any) -> list[Debate]:
    """The debates on the parcels of a file, or on the named one; held once for all that is asked of them."""
    return debate.debate(assessor, assessor.assess(assessor.read(path), position, parcel=parcel), **options)


def hold(assessor: Assessor, path: Path, position: str = "", parcel: str = "", **options: Any) -> Debate:
    """The debate on the first, or the named, parcel of a file."""
    return hold_all(assessor, path, position, parcel, **options)[0]


@pytest.mark.parametrize("path", MATTERS, ids=lambda path: path.stem)
def test_every_move_stands_on_something(assessor: Assessor, path: Path) -> None:
    """Numbers run on, answers point back to the other side, and each move names factors, authority or what is asked."""
    held = hold(assessor, path)
    book = assessor.book
    for index, move in enumerate(held.moves, 1):
        assert move.number == index
        assert 0 <= move.answers < index
        if move.answers:
            assert {move.side, held.moves[move.answers - 1].side} == {"capital", "revenue"}
        assert set(move.factors) <= set(book.factors)
        assert move.text
        assert move.kind == "concession" or (move.authority and (move.factors or move.kind == "hypothetical"))
    assert [move.kind for move in held.moves].count("close") == 1
    assert held.moves[-1].kind == "close"


@pytest.mark.parametrize("path", MATTERS, ids=lambda path: path.stem)
def test_only_firm_decided_cases_are_cited(assessor: Assessor, path: Path) -> None:
    """No case read with low confidence or overruled is put forward, and never an edited ruling."""
    for held in hold_all(assessor, path):
        for move in held.moves:
            if move.case:
                case = assessor.cases.cases[move.case]
                assert case.shown
                if move.kind in ("cite", "counter-example"):
                    assert case.outcome == move.side
                    assert set(move.factors) <= case.met
            words = " ".join((move.text, *move.points, *move.authority))
            assert not any(ruling.stem in words for ruling in (ROOT / "cases" / "au-land" / "rulings").glob("*.yaml"))


def test_the_opening_cite_is_the_most_on_point_case(assessor: Assessor) -> None:
    """The side concluded for opens, with the closest of its cases, for all the grounds of it that are here."""
    held = hold(assessor, FARM)
    first = held.moves[0]
    (analysis,) = assessor.assess(assessor.read(FARM)).analyses
    closest = analysis.closest("capital")
    assert closest
    assert (first.kind, first.side, first.case) == ("cite", "capital", closest.case.id)
    assert set(closest.here) <= set(first.factors)


def test_the_other_side_distinguishes_by_what_is_missing_and_what_is_beyond(assessor: Assessor) -> None:
    """The answer names exactly the distinctions of the comparison."""
    held = hold(assessor, FARM)
    (analysis,) = assessor.assess(assessor.read(FARM)).analyses
    for move in held.moves:
        if move.kind == "distinguish":
            near = next(item for item in analysis.beside if item.case.id == move.case)
            assert set(move.factors) == {*near.apart, *near.unknown}
            assert near.case.outcome != move.side


def test_a_counter_example_has_all_that_the_case_is_cited_for(assessor: Assessor) -> None:
    """Revenue opens on lots and borrowing; capital answers with a case that had both and went the other way."""
    held = hold(assessor, FARM, side="revenue")
    cited, counter = held.moves[0], next(move for move in held.moves if move.kind == "counter-example")
    assert counter.answers == cited.number
    (analysis,) = assessor.assess(assessor.read(FARM)).analyses
    near = next(item for item in analysis.beside if item.case.id == cited.case)
    assert set(near.here) <= assessor.cases.cases[counter.case].met
    assert assessor.cases.cases[counter.case].outcome == "capital"


def test_a_case_that_cannot_be_distinguished_is_conceded(assessor: Assessor) -> None:
    """Where a case binds, the other side says so, and names what could still take the matter out of it."""
    held = hold(assessor, EXAMPLES / "two-parcels.yaml", parcel="stage-1")
    binding = next(p for p in held.conclusion.guidance.all if standing(assessor.book, p) == "binds")
    cite, answer = held.moves[0], held.moves[1]
    assert cite.case == binding.case.id
    assert "binds" in cite.text
    assert (answer.kind, answer.side) == ("concession", "revenue")
    assert set(answer.factors) == set(binding.unless)


def test_downplaying_needs_an_indicator_in_common_and_no_weaker_factor(assessor: Assessor) -> None:
    """What stands in for a distinction is met, for the same side, at least as strong, and feeds the same indicator."""
    assessment = assessor.assess(assessor.read(FARM))
    moves = Moves(assessment.analyses[0])
    weights, factors = assessor.book.weighing.strengths, assessor.book.factors
    found = 0
    for name in factors:
        for side in ("capital", "revenue"):
            other, node = moves.terms.alike(name, moves.conclusion.weigher.active, side, moves.conclusion.states)
            if other and node:
                found += 1
                assert moves.conclusion.states[other] == "met"
                assert factors[other].favours == side
                assert node.id in set(factors[name].feeds) & set(factors[other].feeds)
                assert node.kind in ("indicator", "element")
                assert weights[factors[other].strength] >= weights[factors[name].strength]
    assert found > 20


def test_emphasis_names_an_indicator_that_pointed_the_other_way(assessor: Assessor) -> None:
    """The indicators named pointed to the case's side in the case and do not here."""
    held = hold(assessor, FARM)
    emphasised = [move for move in held.moves if move.kind == "emphasise"]
    assert emphasised
    for move in emphasised:
        case = assessor.cases.cases[move.case]
        theirs = held.conclusion.weigher.weighed(case.states)
        sign = 1 if case.outcome == "revenue" else -1
        for point in move.points:
            node = next(n for n in assessor.book.nodes.values() if point.startswith(f"{n.title}: "))
            assert theirs[node.id].balance * sign > 0
            assert held.conclusion.findings[node.id].balance * sign < theirs[node.id].balance * sign


def test_what_is_not_answered_is_conceded_with_the_rules_own_limits(assessor: Assessor) -> None:
    """Each side's concession prints the limits of what it relied on."""
    held = hold(assessor, FARM)
    conceded = [move for move in held.moves if move.kind == "concession"]
    assert {move.side for move in conceded} == {"capital", "revenue"}
    for move in conceded:
        limits = [point for point in move.points if point.startswith("Limits of ")]
        assert limits
        for point in limits:
            name, words = point.removeprefix("Limits of ").split(": ", 1)
            assert words == assessor.book.factors[name].limits


def test_a_walk_is_the_ordinary_assessment_of_the_changed_fact_set(assessor: Assessor, tmp_path: Path) -> None:
    """Every step gives what a fact set written with that value gives."""
    held = hold(assessor, FARM, vary=("development.lots",))
    (walk,) = held.walks
    assert {2, 4, 5, 19, 20, 200} <= {step.value for step in walk.steps}
    text = FARM.read_text()
    for step in walk.steps:
        path = tmp_path / "changed.yaml"
        path.write_text(text.replace("lots: {value: 27,", f"lots: {{value: {int(step.value)},"))
        if step.conclusion is None:
            continue
        written = assessor.assess(assessor.matter(reading.read(path))).conclusions[0]
        assert (written.characterisation, written.balance) == (
            step.conclusion.characterisation,
            step.conclusion.balance,
        )
        assert written.guidance.constraint == step.conclusion.guidance.constraint
        assert [p.missing for p in written.guidance.all] == [p.missing for p in step.conclusion.guidance.all]


def test_a_walk_shows_where_a_precedent_stops_binding(assessor: Assessor) -> None:
    """A case that governs nine bare lots stops where the number of lots becomes a factor against it."""
    held = hold(assessor, EXAMPLES / "two-parcels.yaml", parcel="stage-1", vary=("development.lots",))
    (walk,) = held.walks
    binding = {step.value: [p.case.id for p in c.guidance.by] for step, c in walk.possible}
    assert binding[9] == binding[19] != []
    assert binding[20] == []
    told = next(move for move in held.moves if move.kind == "hypothetical")
    assert "binds at" in told.text
    assert any("no longer binding" in point for point in told.points)


def test_a_value_that_cannot_be_is_said_to_be_impossible(assessor: Assessor) -> None:
    """Works that include dwellings rule out none built; the walk says so instead of assessing a contradiction."""
    held = hold(assessor, EXAMPLES / "duplex-hardship.yaml", vary=("development.dwellings_built",))
    assert [step.value for step in held.walks[0].steps if step.impossible] == [0]
    assert any("not possible" in point for move in held.moves for point in move.points)


def test_the_close_asks_for_the_findings_of_every_outcome(assessor: Assessor) -> None:
    """For each outcome the close names the findings it rests on, as the rulebook words them."""
    held = hold(assessor, FARM)
    points = " ".join(held.moves[-1].points)
    leaders = {outcome.led_by for outcome in assessor.book.outcomes}  # they say which of two routes, not whether
    for outcome in assessor.book.outcomes:
        assert f"For {outcome.characterisation}, {outcome.route.replace('_', ' ')}: " in points
    for node in assessor.book.nodes.values():
        if node.kind != "indicator" and node.id not in leaders:
            assert node.satisfied in points


def test_another_position_and_what_it_changes(assessor: Assessor) -> None:
    """The debate under one position names the points, factors and moves that the other would change, both ways."""
    here, there = (hold(assessor, SHARED_SALE, position) for position in ("commissioner", "courts"))
    assert here.conclusion.characterisation != there.conclusion.characterisation
    (difference,) = here.differences
    (mirror,) = there.differences
    assert difference.position == "courts"
    assert difference.conclusion.characterisation == there.conclusion.characterisation
    assert difference.points
    assert difference.uncounted
    assert difference.counted == mirror.uncounted
    assert difference.uncounted == mirror.counted
    assert difference.gone or difference.new or difference.changed


def test_the_difference_is_shown(run: Run) -> None:
    """The text says what the other position would conclude and which moves change."""
    shown = run("argue", SHARED_SALE).output
    tail = shown[shown.index("WHAT ANOTHER POSITION WOULD CHANGE") :]
    assert "The decided cases (courts): undetermined" in tail
    assert "Not counted there: " in tail
    assert "Changes: " in tail


def test_moves_are_limited_and_the_close_is_kept(run: Run) -> None:
    """--moves N gives the first moves and always the close."""
    whole = json.loads(run("argue", FARM, "--format", "json").output)["parcels"][0]["moves"]
    for most in (1, 2, 5):
        short = json.loads(run("argue", FARM, "--format", "json", "--moves", most).output)["parcels"][0]["moves"]
        assert len(short) == most
        assert short[:-1] == whole[: most - 1]
        assert short[-1]["kind"] == "close"


def test_a_side_without_a_case_says_so(run: Run, tmp_path: Path) -> None:
    """With nothing known neither side has a case, and the debate says that instead of citing one."""
    path = tmp_path / "bare.yaml"
    path.write_text("matter: {id: bare}\n")
    moves = json.loads(run("argue", path, "--format", "json").output)["parcels"][0]["moves"]
    assert [move["kind"] for move in moves[:2]] == ["concession", "concession"]
    assert not any(move["case"] for move in moves)


def test_formats_agree(run: Run) -> None:
    """Text, Markdown and JSON hold the same moves; the JSON names its schema."""
    data = json.loads(run("argue", FARM, "--format", "json").output)
    assert data["schema"] == debates.SCHEMA
    text, markdown = run("argue", FARM).output, run("argue", FARM, "--format", "markdown").output
    for move in data["parcels"][0]["moves"]:
        assert f"\n{move['number']}. {move['side'].upper()}, {move['kind'].upper()}" in text
        assert f"### {move['number']}. {move['side']}, {move['kind']}" in markdown


def test_markdown_shows_hostile_text_as_it_is(run: Run, tmp_path: Path) -> None:
    """What a person wrote is escaped."""
    path = tmp_path / "odd.yaml"
    path.write_text('matter: {id: odd, title: "<b>[x](y)</b>"}\n')
    assert r"\<b\>\[x\](y)\</b\>" in run("argue", path, "--format", "markdown").output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--vary", "development.lotts"], "Did you mean development.lots?"),
        (["--vary", "taxpayer.kind"], "is not a number"),
        (["--without", "casimaty"], "casimaty-v-fct"),
        (["--position", "court"], "courts"),
        (["--side", "both"], "both"),
        (["--moves", "0"], "0"),
    ],
)
def test_bad_arguments_are_refused(run: Run, arguments: list[str], words: str) -> None:
    """Exit code 2, nothing on standard output, and the way out named."""
    result = run("argue", FARM, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr


def test_a_case_left_out_is_not_cited(run: Run) -> None:
    """--without takes a case out of the exchange, the walks and the other positions."""
    shown = run("argue", FARM, "--without", "mccorkell-v-fct").output
    assert "McCorkell v Federal Commissioner" not in shown


def test_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Two processes with different hash seeds write the same debate."""
    outputs = set()
    for seed in ("0", "4711"):
        command = [sys.executable, "cli.py", "argue", str(SHARED_SALE), "--format", "json"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        outputs.add(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)
    assert len(outputs) == 1


def test_a_debate_on_paper_names_factors_in_words(assessor: Assessor) -> None:
    """The same moves, with every factor named in words, also where the law refers to it."""
    by_id, worded = hold(assessor, FARM), hold(assessor, FARM, naming=in_words)
    assert [(m.side, m.kind, m.case, m.factors) for m in by_id.moves] == [
        (m.side, m.kind, m.case, m.factors) for m in worded.moves
    ]
    ids = {name for name in assessor.book.factors if "-" in name}
    told = " ".join(text for move in worded.moves if move.kind != "close" for text in (move.text, *move.points))
    assert not ids & set(re.findall(r"\b[a-z]+(?:-[a-z]+)+\b", told)) - {"one-off"}
    assert "the owner's passive part" in told
