"""What is known of each authority stands once and is printed, and the rules are checked beside one another."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

import caprev
from caprev import Assessor
from caprev.law import authorities, pinpoints
from caprev.law.authorities import Place
from caprev.law.citations import doubt
from caprev.review import lint
from caprev.review.linting import across

Run = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[2]
REPORTED = "[reported, text not read]"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rulebook that may be broken."""
    return Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules"))


def edit(rules: Path, name: str, old: str, new: str) -> Path:
    path = rules / name
    text = path.read_text("utf-8")
    assert old in text, f"{name} no longer has '{old}'"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def line_of(path: Path, words: str) -> int:
    """The line of a file in which words stand."""
    return path.read_text("utf-8").partition(words)[0].count("\n") + 1


def found(rules: Path) -> across.Found:
    """What the checks across rules find in a rulebook."""
    return across.check(Assessor(rules, ROOT / "cases" / "au-land"))


def told(problems: tuple[caprev.Problem, ...] | list[caprev.Problem]) -> str:
    return "\n".join(map(str, problems))


# --- marks ------------------------------------------------------------------------------------------------------


def test_every_citation_has_the_mark_of_its_place(assessor: Assessor) -> None:
    """No rule claims to know better than the record, and none is without a mark."""
    for name, cited in pinpoints.citations_of(assessor.book):
        assert cited.mark, name
        record = assessor.book.authorities[cited.cite]
        known = authorities.mark(record, cited.pinpoint)
        assert known, name
        assert not doubt(assessor.book, known) or doubt(assessor.book, cited.mark), name


def test_what_was_read_says_where_in_which_version_and_when(assessor: Assessor) -> None:
    """A place with a day of reading has its source and the version read; a second-hand one says who reports it."""
    read = 0
    for record in assessor.book.authorities.values():
        for place in map(Place.model_validate, (record.get("pinpoints") or {}).values()):
            assert bool(place.read) is bool(place.dated)
            assert place.source or not place.read
            assert place.source or place.mark != "second_hand"
            read += bool(place.read)
        if record.get("read"):
            assert record["source"]
            assert record["dated"]
            read += 1
    assert read >= 61


@pytest.mark.parametrize(
    ("authority", "pinpoint", "mark"),
    [
        ("itaa97-115-25", "s 115-25(1)", "seen"),
        ("itaa97-115-10", "", "seen"),
        ("itaa36-25a", "s 25A(1)", "seen"),
        ("td-92-161", "paras 1-4", "seen"),
        ("taa53-14zzk", "s 14ZZK(b)(i)", "seen"),
        ("itaa97-152-40", "s 152-40(4)(e)", "second_hand"),
        ("itaa97-26-102", "", "second_hand"),
        ("itaa97-108-85", "", "second_hand"),
        ("westfield", "", "second_hand"),
        ("mt-2006-1", "paras 262-302", "second_hand"),
        ("tr-92-3", "paras 41-42", "memory"),
    ],
)
def test_own_text_is_told_from_a_report_of_it(authority: str, pinpoint: str, mark: str, assessor: Assessor) -> None:
    """The Act or ruling itself, or a consolidation of it, is seen; a page about it is second-hand."""
    assert authorities.mark(assessor.book.authorities[authority], pinpoint) == mark


UNMARKED = [
    pytest.param(
        "authorities.yaml", "at 213: {mark: seed, says:", "at 213: {says:", "at 213: {says:",
        ("myer: pinpoint 'at 213' has no mark", "seed, seen, second_hand, memory"), id="a place without a mark"),
    pytest.param(
        "authorities.yaml", "at 213: {mark: seed, says:", "at 213: {mark: checked, says:", "at 213: {mark: checked",
        ("myer: pinpoint 'at 213'", "'second_hand'"), id="a mark that does not exist"),
    pytest.param(
        "authorities.yaml", "  mark: seed\n  in_force: {from: 1997-06", "  mark: read\n  in_force: {from: 1997-06",
        "  mark: read", ("tr-97-11: has the mark 'read'",), id="a record's mark that does not exist"),
    pytest.param(
        "authorities.yaml", ', source: "A third party\'s summary"}\n    para 2', "}\n    para 2", "paras 262-302: {",
        ("mt-2006-1: pinpoint 'paras 262-302'", "does not say who reports it"), id="a report by nobody"),
    pytest.param(
        "factors/acquisition/acquired-to-farm.yaml",
        "{cite: casimaty, says", "{cite: casimaty, pinpoint: at 5140, says", "at 5140",
        ("'at 5140' of casimaty has no mark", "in authorities.yaml"), id="a place no record has"),
    pytest.param(
        "consequences/capital-gain.yaml", "{cite: itaa97-110-25, says", "{cite: itaa97-110-25, mark: seen, says",
        "mark: seen", ("claims 'seen' for itaa97-110-25", "has it as 'memory'", "Leave the mark out"),
        id="a claim to have read"),
    pytest.param(
        "positions.yaml", "{cite: myer, pinpoint: at 213,", "{cite: myer,", "{cite: myer,",
        ("myer is cited without a pinpoint", "Cite a place (at 213)"), id="no place and no mark"),
    pytest.param(
        "pack.yaml", "  second_hand:\n", "  third_hand:\n", "  third_hand:", ("third_hand",), id="words for no mark"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "place", "fragments"), UNMARKED)
def test_a_pinpoint_without_a_sound_mark_is_refused(
    file: str, old: str, new: str, place: str, fragments: tuple[str, ...], run: Run, rules: Path
) -> None:
    """Whether an authority was read is never left open: the message has file, line and remedy."""
    path = edit(rules, file, old, new)
    result = run("rules", "lint", "--rules", rules)
    assert result.exit_code == 2
    message = next(line for line in result.stderr.splitlines() if fragments[0] in line)
    assert message.startswith(f"caprev: {path}:{line_of(path, place)}: ")
    assert all(fragment in message for fragment in fragments)


def test_a_rule_may_be_more_cautious_than_its_record(run: Run, rules: Path) -> None:
    """What a rule takes from a case that was read in part may still be recalled, and prints so."""
    name = "factors/acquisition/acquired-to-farm.yaml"
    edit(rules, name, "{cite: casimaty, says", "{cite: casimaty, mark: memory, says")
    shown = run("rules", "show", "acquired-to-farm", "--rules", rules)
    assert "Casimaty [unverified]:" in shown.stdout


# --- in print ---------------------------------------------------------------------------------------------------


def test_a_report_prints_as_one_wherever_it_is_cited(run: Run, assessor: Assessor, tmp_path: Path) -> None:
    """The page of a rule, an explanation, the handbook, a draft and its footnotes use the words of the pack."""
    seed = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
    assert assessor.book.pack.marks["second_hand"].prints in REPORTED
    assert f"Morton {REPORTED}: " in run("rules", "show", "acquired-to-farm").stdout
    assert f"Morton, {REPORTED.strip('[]')}" in " ".join(run("assess", seed).stdout.split())  # within brackets
    out = tmp_path / "draft.md"
    assert run("draft", seed, "--to", out).exit_code == 0
    assert REPORTED in out.read_text("utf-8").replace("\\", "")
    assert run("rules", "docs", "--out", tmp_path / "pages").exit_code == 0
    pages = {path.name: path.read_text("utf-8") for path in (tmp_path / "pages").glob("*.md")}
    assert REPORTED in pages["factors-acquisition.md"].replace("\\", "")
    assert pinpoints.tally(assessor.book) in pages["index.md"].replace("\\", "")


def test_the_officer_gets_what_is_recalled_and_what_is_only_reported(run: Run, tmp_path: Path) -> None:
    """The checks list both kinds, and each has its comment at the place."""
    out = tmp_path / "draft.md"
    run("draft", ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml", "--to", out)
    text = out.read_text("utf-8").replace("\\", "")
    assert re.search(r"Reported, text not read: [^.]*MT 2006/1 paras 262-302", text)
    assert re.search(r"Recalled and not checked: [^.]*TR 92/3 paras 41-42", text)
    assert "- Reported, text not read: Morton, Westfield.\n" in text


# --- what is left to read ---------------------------------------------------------------------------------------


def test_what_is_left_to_read_is_listed_most_used_first(run: Run, assessor: Assessor) -> None:
    """How many rules rest on a pinpoint, how it is known, the pinpoint and the rules; then the sum."""
    *rows, last = run("rules", "list", "--unverified").stdout.splitlines()
    counts = [int(row.split()[0]) for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert {row.split()[1] for row in rows} == {"second_hand", "memory"}
    (row,) = [row for row in rows if " TR 92/3 paras 41-42: " in row]
    names = row.partition(": ")[2].split(", ")
    assert int(row.split()[0]) == len(names)
    assert {"committed-to-development", "tr-92-3/ventured", "venture-into-scheme/allowed"} <= set(names)
    left = pinpoints.unread(assessor.book)
    assert len(rows) == len(left)
    assert last.startswith(f"{len(left)} of {len(pinpoints.relied_on(assessor.book))} pinpoints left to read: ")


def test_what_is_left_to_read_is_not_chosen_by_side(run: Run) -> None:
    """Pinpoints have no side, so the two choices are refused together."""
    result = run("rules", "list", "--unverified", "--favours", "capital")
    assert result.exit_code == 2
    assert "--favours" in result.stderr


def test_the_readme_counts_what_was_read(assessor: Assessor) -> None:
    """The README's figures are those of the rulebook; where they are not, this prints the right sentence."""
    readme = " ".join((ROOT / "README.md").read_text("utf-8").split())
    sentence = pinpoints.tally(assessor.book)
    assert sentence in readme, f"Put into README.md: {sentence}"
    counts = pinpoints.counted(assessor.book)
    assert sum(counts.values()) == len(pinpoints.relied_on(assessor.book))


# --- across rules -----------------------------------------------------------------------------------------------


def test_the_law_has_nothing_to_answer(assessor: Assessor, run: Run) -> None:
    """No error and no note in the rulebook; its warnings are facts that no rule reads yet and one weak authority."""
    checked = across.check(assessor)
    assert told(checked.errors) == told(checked.notes) == told(checked.warnings) == ""
    assert told(lint.notes(assessor)) == ""
    assert run("rules", "lint").stdout.splitlines()[-1].endswith(" 0 notes.")


WRONG = [
    pytest.param(
        "consequences/isolated-loss.yaml", "limits: ", "limits: Section 8-2 is another matter. ",
        "isolated-loss: names s 8-2, which authorities.yaml does not have", id="a section no record has"),
    pytest.param(
        "consequences/isolated-loss.yaml", "limits: ", "limits: Division 77 is another matter. ",
        "isolated-loss: names Div 77, which authorities.yaml does not have", id="a Division no record has"),
    pytest.param(
        "consequences/isolated-loss.yaml", "limits: ", "limits: See s 106-5 of Part 3-3. ",
        "isolated-loss: puts s 106-5 under Part 3-3; it stands in Part 3-1 (itaa97-106-5)",
        id="a section in the wrong Part"),
    pytest.param(
        "consequences/isolated-loss.yaml", "limits: ", "limits: See Part 3-3, Division 106. ",
        "isolated-loss: puts Div 106 under Part 3-3; it stands in Part 3-1", id="a Division in the wrong Part"),
    pytest.param(
        "consequences/inherited-land.yaml", "(Division 128)", "(Division 106)",
        "inherited-land: puts Div 106 under Part 3-3; it stands in Part 3-1", id="a citation of the wrong Part"),
    pytest.param(
        "drafts/ruling.yaml", "  left_out: \"", "  left_out: \"See section 8-2. ",
        "names s 8-2, which authorities.yaml does not have", id="a section in a wording"),
    pytest.param(
        "drafts/questions.yaml", "{^myer at 213}", "{^myer at 214}",
        "'at 214' of myer has no mark", id="a place without a mark in a wording"),
    pytest.param(
        "drafts/questions.yaml", "{^myer at 213}", "{^meyer at 213}",
        "authority 'meyer' does not exist. Did you mean myer?", id="an authority no record has in a wording"),
    pytest.param(
        "authorities.yaml", "within: [Part 3-1, Div 108]", "within: [Part 3-3, Div 108]",
        "Div 108 of the Income Tax Assessment Act 1997 stands in Part 3-3", id="records that disagree"),
    pytest.param(
        "authorities.yaml",
        "    s 115-100(a)-(d):", "    s 115-25(4): {mark: memory, says: another}\n    s 115-100(a)-(d):",
        "itaa97-115-100: has a pinpoint in s 115-25, which has a record of its own. Move it to itaa97-115-25",
        id="a pinpoint of another record"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), WRONG)
def test_a_provision_is_where_the_records_have_it(file: str, old: str, new: str, message: str, rules: Path) -> None:
    """What a rule or a wording names exists in authorities.yaml and stands in its Part, with file and line."""
    path = edit(rules, file, old, new)
    errors = [str(problem) for problem in found(rules).errors]
    (error,) = [error for error in errors if message in error]
    assert re.match(rf"{re.escape(str(path))}:[1-9]\d*: ", error)


def test_two_rules_do_not_put_one_provision_in_two_parts(rules: Path) -> None:
    """Also where no record says in which Part it stands: the two rules are named together."""
    edit(
        rules,
        "authorities.yaml",
        "  section: 23\n",
        "  section: 23\n  pinpoints:\n    Div 7: {mark: memory, says: It.}\n",
    )
    edit(rules, "consequences/isolated-loss.yaml", "limits: ", "limits: Division 7 of Part 3-1 is apart. ")
    edit(rules, "consequences/isolated-net-profit.yaml", "limits: ", "limits: Division 7 of Part 3-3 is apart. ")
    errors = told(found(rules).errors)
    assert "isolated-loss: puts Div 7 under Part 3-1, and isolated-net-profit puts it under Part 3-3" in errors


def test_a_whole_part_is_no_place_to_check(rules: Path) -> None:
    """A Part cited without naming what in it is meant is a warning; `whole` says that all of it is."""
    assert found(rules).warnings == ()
    path = edit(rules, "consequences/inherited-land.yaml", " (Division 128)", "")
    (warning,) = found(rules).warnings
    assert str(warning).startswith(
        f"{path}:{line_of(path, 'itaa97-part-3-3')}: inherited-land: cites Part 3-3 and names"
    )


def test_names_and_years_are_no_sections(rules: Path) -> None:
    """A possessive before a year, a paragraph of a ruling and an act's year name no provision."""
    edit(
        rules,
        "consequences/isolated-loss.yaml",
        "limits: ",
        "limits: The council's 2023 plan and TR 92/3 para 6 stand. ",
    )
    assert found(rules).errors == ()


# --- rules that end ---------------------------------------------------------------------------------------------


def ended(rules: Path, keys: str) -> tuple[Path, list[str]]:
    """What is found of a rule for every owner that ends on 30 June 2020, with other keys beside its dates."""
    path = rules / "consequences" / "isolated-loss.yaml"
    text = re.sub(r"(?m)^(succeeded_by|lapses): .*\n", "", path.read_text("utf-8"))
    text = re.sub(r"(?m)^in_force: .*\n", f"in_force: {{from: 1997-07-01, to: 2020-06-30}}\n{keys}", text)
    path.write_text(text, "utf-8")
    return path, [str(problem) for problem in found(rules).errors]


def test_a_rule_that_ends_says_what_follows(rules: Path) -> None:
    """Else an event on the next day would have no answer, and nobody would see it."""
    path, (error,) = ended(rules, "")
    assert error.startswith(f"{path}:{line_of(path, 'in_force:')}: isolated-loss: ends on 2020-06-30")
    assert "2020-07-01 (succeeded_by)" in error
    assert ended(rules, "lapses: Losses are of no account any more.\n")[1] == []


def test_a_successor_is_in_force_on_the_next_day(rules: Path) -> None:
    """A rule of a later year leaves a gap, and one for another conclusion takes nothing over."""
    _, errors = ended(rules, "succeeded_by: [reform-companies-and-funds]\n")
    assert any(
        "succeeded by reform-companies-and-funds, which is not in force on 2020-07-01" in error for error in errors
    )
    _, errors = ended(rules, "succeeded_by: [business-loss]\n")
    assert any("none of its successors is for individual, couple" in error for error in errors)
    _, errors = ended(rules, "succeeded_by: [isolated-net-profit]\n")
    assert errors == []


def test_every_kind_of_owner_has_a_successor(rules: Path) -> None:
    """A successor for some owners leaves the others without an answer; saying why is an answer."""
    edit(
        rules,
        "consequences/isolated-net-profit.yaml",
        "applies:",
        "when: {taxpayer.kind: {in: [company, trust]}}\napplies:",
    )
    path, errors = ended(rules, "succeeded_by: [isolated-net-profit]\n")
    (error,) = [error for error in errors if "isolated-loss" in error]
    assert error.startswith(f"{path}:{line_of(path, 'succeeded_by:')}: ")
    assert (
        "from 2020-07-01 none of its successors is for individual, couple, co_owners, partnership, super_fund" in error
    )
    assert "company" not in error
    _, errors = ended(rules, "succeeded_by: [isolated-net-profit]\nlapses: Others have no such loss.\n")
    assert errors == []
    edit(rules, "questions.yaml", "owners: taxpayer.kind\n", "")  # a rulebook without kinds of owner
    _, errors = ended(rules, "succeeded_by: [isolated-net-profit]\n")
    assert errors == []


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("questions.yaml", "owners: taxpayer.kind", "owners: taxpayer.kin", "fact 'taxpayer.kin' does not exist"),
        (
            "consequences/isolated-loss.yaml",
            "status:",
            "succeeded_by: [isolated-los]\nstatus:",
            "'isolated-los' does not",
        ),
        (
            "consequences/isolated-loss.yaml",
            "status:",
            "untested: {taxpayer.kin: why}\nstatus:",
            "'taxpayer.kin' does not",
        ),
    ],
)
def test_what_a_rule_names_exists(file: str, old: str, new: str, message: str, run: Run, rules: Path) -> None:
    """Successors, kinds of owner and facts that are not tested are names like any other."""
    path = edit(rules, file, old, new)
    result = run("rules", "list", "--rules", rules)
    assert result.exit_code == 2
    assert f"caprev: {path}:" in result.stderr
    assert message in result.stderr


# --- limits -----------------------------------------------------------------------------------------------------


def test_a_limit_that_a_fact_could_test_is_told(run: Run, rules: Path) -> None:
    """A note names the words and the fact, and goes when the rule says why it does not test it."""
    path = edit(rules, "consequences/isolated-loss.yaml", "limits: ", "limits: Does not reach a foreign resident. ")
    (note,) = found(rules).notes
    assert str(note).startswith(f"{path}:{line_of(path, 'limits:')}: isolated-loss: limits speak of 'foreign resident'")
    assert "taxpayer.foreign_resident could test" in str(note)
    result = run("rules", "lint", "--rules", rules)
    assert result.exit_code == 0
    assert f"note: {note}" in result.stdout
    assert result.stdout.endswith(" 1 notes.\n")
    edit(
        rules,
        "consequences/isolated-loss.yaml",
        "status:",
        "untested:\n  taxpayer.foreign_resident: Not seen.\nstatus:",
    )
    assert found(rules).notes == ()


@pytest.mark.parametrize(
    "limits",
    [
        "A foreign resident is taxed on it as well.",  # shuts nothing out
        "Does not speak of losses.",  # names no fact
        "Another owner is not asked about.",  # a word of many facts
    ],
)
def test_a_limit_that_names_no_exclusion_is_quiet(limits: str, rules: Path) -> None:
    """Only a sentence that shuts something out, in words that mean one fact, is told."""
    edit(rules, "consequences/isolated-loss.yaml", "limits: ", f"limits: {limits} ")
    assert found(rules).notes == ()


def test_a_reason_for_not_testing_what_is_tested_is_told(rules: Path) -> None:
    """An answer left behind when the rule came to read the fact would mislead."""
    edit(rules, "consequences/discount-half.yaml", "status:", "untested: {taxpayer.kind: Not seen.}\nstatus:")
    assert "discount-half: says why taxpayer.kind is not tested, and tests it" in told(found(rules).notes)


def test_all_levels_are_told_in_one_run(run: Run, rules: Path) -> None:
    """Warnings and notes do not hide behind errors, nor one error behind another."""
    edit(
        rules,
        "consequences/isolated-loss.yaml",
        "limits: ",
        "limits: Section 8-2 and section 8-3 except a foreign resident. ",
    )
    edit(rules, "consequences/inherited-land.yaml", " (Division 128)", "")
    ended_rule = "in_force: {from: 1997-07-01}"
    edit(rules, "consequences/isolated-net-profit.yaml", ended_rule, "in_force: {from: 1997-07-01, to: 2020-06-30}")
    result = run("rules", "lint", "--rules", rules)
    assert result.exit_code == 2
    for part in ("names s 8-2", "names s 8-3", "isolated-net-profit: ends on 2020-06-30"):
        assert part in result.stderr
    assert "warning: " in result.stdout
    assert "note: " in result.stdout
