"""The interview: plain answers, why, change, set aside, save after every answer, resume, stop."""

from __future__ import annotations

import json
import os
import random
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from caprev import BadInput, Problem
from caprev.facts.answers import Answer, parse
from caprev.facts.in_words import WIDTH
from caprev.facts.knowledge import Subset
from caprev.files import editing, reading, saving
from caprev.files.reading import textual
from caprev.interview.dialogue import Dialogue
from caprev.interview.fact_set import Written
from caprev.interview.questions import Interview, Unsaved

ROOT = Path(__file__).resolve().parents[2]
FARM = ROOT / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"
PARCELS = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "matter.yaml"


def lines(*typed: str) -> str:
    return "\n".join(typed) + "\n"


def facts_of(path: Path) -> dict[str, Any]:
    return cast(dict[str, Any], reading.read(path).data)


# --- answers in plain words ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fact", "said", "value"),
    [
        ("development.lots", "20", 20),
        ("development.lots", "about 20", {"at_least": 18, "at_most": 22}),
        ("development.lots", "not sure, about 20", {"at_least": 18, "at_most": 22}),
        ("development.lots", "20-30", {"at_least": 20, "at_most": 30}),
        ("development.lots", "between 20 and 30 lots", {"at_least": 20, "at_most": 30}),
        ("development.lots", "at least 5", {"at_least": 5}),
        ("development.lots", "more than 5", {"at_least": 6}),
        ("development.lots", "fewer than 5", {"at_most": 4}),
        ("development.lots", "12 or 13", {"one_of": [12, 13]}),
        ("development.lots", "a dozen", 12),
        ("development.lots", "none", 0),
        ("development.lots", "X lots", "X lots"),
        ("development.lots", "unknown", None),
        ("finance.amount", "$1.2m", 1200000),
        ("finance.amount", "1-2 million", {"at_least": 1000000, "at_most": 2000000}),
        ("holding.years", "6 months", 0.5),
        ("acquisition.date", "1988", "1988"),
        ("acquisition.date", "April 1988", "1988-04"),
        ("acquisition.date", "12/4/1988", "1988-04-12"),
        ("acquisition.date", "before 20 September 1985", {"at_most": "1985-09-19"}),
        ("acquisition.date", "about 1990", {"at_least": "1989-01-01", "at_most": "1991-12-31"}),
        ("acquisition.date", "the 1980s", {"at_least": "1980-01-01", "at_most": "1989-12-31"}),
        ("taxpayer.retired", "yes", True),
        ("taxpayer.retired", "don't know", None),
        ("taxpayer.kind", "2", "couple"),
        ("taxpayer.kind", "Co-owners", "co_owners"),
        ("taxpayer.kind", "company or trust", {"one_of": ["company", "trust"]}),
        ("acquisition.purposes", "farming, rental", {"includes": ["farming", "rental"]}),
        ("acquisition.purposes", "only farming", ["farming"]),
        ("acquisition.purposes", "farming, not resale", {"includes": ["farming"], "excludes": ["resale"]}),
        ("acquisition.purposes", "none", []),
    ],
)
def test_plain_answers(assessor, fact, said, value):
    """Words as people say them become values as fact sets hold them, and those the loader accepts."""
    known = assessor.book.vocabulary[fact]
    answer = parse(known, said)
    assert answer.value == value
    known.read(textual(answer.value))


def test_doubt_is_kept_as_a_note(assessor):
    """What was said stays beside what was made of it; a doubtful yes is an assumption."""
    vocabulary = assessor.book.vocabulary
    assert parse(vocabulary["development.lots"], "not sure, about 20").note == "answered: not sure, about 20"
    assert parse(vocabulary["taxpayer.retired"], "probably not") == Answer(False, "answered: probably not", "assumed")
    assert parse(vocabulary["development.lots"], "20") == Answer(20)


def test_also_and_not_add_to_what_is_known(assessor):
    """A second answer about a set adds to the first."""
    known = Subset(frozenset({"farming"}), frozenset())
    purposes = assessor.book.vocabulary["acquisition.purposes"]
    assert parse(purposes, "also rental", known).value == {"includes": ["farming", "rental"]}
    assert parse(purposes, "not resale", known).value == {"includes": ["farming"], "excludes": ["resale"]}


@pytest.mark.parametrize(
    ("fact", "said", "hint"),
    [
        ("taxpayer.kind", "compny", "Did you mean company?"),
        ("taxpayer.kind", "99", "not one of the answers"),
        ("development.lots", "lots and lots", "not understood"),
        ("development.lots", "2.5", "not a whole number"),
        ("acquisition.date", "31/2/1990", "is not a date"),
        ("taxpayer.retired", "oui", "not yes or no"),
    ],
)
def test_what_is_not_understood_is_said_with_what_would_be(assessor, fact, said, hint):
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=hint.replace("?", r"\?")):
        parse(assessor.book.vocabulary[fact], said)


def test_any_typing_is_an_answer_or_a_message(assessor):
    """Noise never breaks the reading of answers, and what is accepted the loader accepts."""
    chance = random.Random(5)
    words = ["about", "20", "-", "to", "or", "not", "only", "also", "farming", "$", "k", "1988", "/", "may", "yes", ","]
    for fact in assessor.book.vocabulary:
        for _ in range(40):
            said = " ".join(chance.choice(words) for _ in range(chance.randint(1, 4)))
            try:
                fact.read(textual(parse(fact, said).value))
            except ValueError:
                continue


# --- over a pipe ---------------------------------------------------------------------------------------------


def test_answers_from_a_pipe_are_saved_in_plain_form(run, file):
    """Each answer is in the file when the input ends, and the way back is named."""
    result = run(
        "ask", file, typed=lines("development.lots = about 20", "acquisition.mode = purchase", "taxpayer.kind = 2")
    )
    assert result.exit_code in (0, 3)
    assert f"Resume: caprev ask {file}" in result.output
    text = file.read_text()
    assert 'lots: {value: {at_least: 18, at_most: 22}, note: "answered: about 20"}' in text
    assert "mode: purchase" in text
    assert "kind: couple" in text


def test_the_story_is_asked_first_and_then_the_most_decisive_fact(assessor, file):
    """Who, when, how, why, what was done, as far as it applies; then the first of the missing facts."""
    interview = Interview(assessor, file)
    asked = []
    while interview.untold():
        asked.append(interview.next())
        interview.answer(interview.book.vocabulary[asked[-1] or ""], Answer(None))
    assert asked == list(interview.book.questions.story)
    for _ in range(4):
        name = interview.next()
        assert name == next(m.fact for m in interview.analysis.missing if not m.idle and not interview.declined(m.fact))
        interview.answer(interview.book.vocabulary[name], Answer(None))


def test_a_part_of_the_story_that_does_not_apply_is_not_asked(run, file):
    """Of land sold as it stood nobody asks how many dwellings and lots there were; of a duplex, dwellings first."""
    story = ("couple", "1988", "bought it", "only to live in", "home")
    output = run("ask", file, typed=lines(*story, "nothing", "quit")).output
    assert "[development.kind]" in output
    assert "[development.dwellings_built]" not in output
    assert "[development.lots]" not in output
    other = file.with_name("duplex.yaml")
    output = run("ask", other, typed=lines(*story, "a duplex", "2", "quit")).output
    assert output.index("[development.dwellings_built]") < output.index("[development.lots]")


def test_a_set_that_was_named_in_part_is_asked_whether_that_is_all(run, file):
    """Main residence and farming count as the whole purpose once nothing else is; until then perhaps more is kept."""
    output = run("ask", file, typed=lines("change acquisition.purposes", "home and farming", "no", "quit")).output
    assert "Anything else besides main residence, farming?" in output
    assert "+ for capital: The land was acquired to farm" in output
    assert facts_of(file)["acquisition"]["purposes"] == ["main_residence", "farming"]
    more = file.with_name("more.yaml")
    typed = ("acquisition.purposes = farming", "yes", "to rent out", "that's all", "quit")
    output = " ".join(run("ask", more, typed=lines(*typed)).output.split())
    assert "'yes' leaves open which it is" in output
    assert facts_of(more)["acquisition"]["purposes"] == ["farming", "rental"]
    open_ = file.with_name("open.yaml")
    output = run("ask", open_, typed=lines("acquisition.purposes = farming", "no idea", "quit")).output
    assert "Then it stays open whether there was more." in output
    assert facts_of(open_)["acquisition"]["purposes"] == {"includes": ["farming"]}


def test_a_value_named_within_a_sentence_is_offered_and_never_taken(run, file):
    """Did you mean subdivision? A yes takes it, a no asks which; what is denied or names two is not offered."""
    typed = ("development.kind = we subdivided it for the kids", "change development.kind", "x", "quit")
    output = " ".join(run("ask", file, typed=lines(*typed)).output.split())
    assert "Did you mean subdivision?" in output
    assert not file.exists()
    asked = (
        "change development.kind",
        "we subdivided it for the kids",
        "no",
        "it was subdivided last year",
        "yes",
        "quit",
    )
    output = " ".join(run("ask", file, typed=lines(*asked)).output.split())
    assert "then which?" in output
    assert facts_of(file)["development"] == {"kind": "subdivision"}
    other = file.with_name("other.yaml")
    asked = ("change development.kind", "we never subdivided it", "yes", "houses on land we subdivided", "yes", "quit")
    run("ask", other, typed=lines(*asked))
    assert not other.exists()


def test_the_question_whether_that_is_all_can_be_left(run, file):
    """Another question answered in its place, or a new answer to the whole, is heard as such."""
    typed = (
        "acquisition.purposes = farming",
        "development.lots = 5",
        "change acquisition.purposes",
        "only rental",
        "quit",
    )
    run("ask", file, typed=lines(*typed))
    assert facts_of(file)["development"] == {"lots": "5"}
    assert facts_of(file)["acquisition"]["purposes"] == ["rental"]


def test_why_names_factor_authority_rule_and_proof(run, file):
    """On request: what the answer could do, for which side, by whose authority, for which rule."""
    output = " ".join(run("ask", file, typed=lines("change development.lots", "?", "quit")).output.split())
    assert "- For revenue, strong: A thousand lots or more were created" in output
    assert "lots-by-the-thousand" not in output
    assert "[Statham at 233; Whitfords Beach Murphy J; TR 92/3 para 13(d)]" in output
    assert "It serves: Size, scale and permanency" in output
    assert "What would prove it: Approved or registered plan." in output


def test_the_standing_moves_and_says_why(run, file):
    """Every answer shows where the matter stands and which factors came to count."""
    output = run("ask", file, typed=lines("involvement.level = substantial")).output
    assert "Standing: " in output
    assert "+ for revenue: The owner put substantial time and decisions of their own into the project" in output
    assert "What you have told, to read over: You put substantial time" in " ".join(output.split())


def test_an_earlier_answer_can_be_changed(run, file):
    """By name, by its number in the list, or by going back; the new one counts."""
    typed = lines("development.lots = 25", "list", "change 1", "12", "back", "about 30")
    output = run("ask", file, typed=typed).output
    assert "  1 development.lots: 25" in output
    assert facts_of(file)["development"]["lots"]["value"] == {"at_least": "27", "at_most": "33"}


def test_answers_that_no_longer_fit_are_set_aside_and_come_back(run, file):
    """Nothing borrowed puts the amount aside, in words and in the file; borrowing again brings it back."""
    typed = ("finance.amount = 500k", "finance.borrowed_for = construction", "finance.borrowed = no")
    output = run("ask", file, typed=lines(*typed)).output
    assert "Set aside, and kept in the file: finance.amount, because nothing borrowed is an amount of" in output
    data = facts_of(file)
    assert data["finance"] == {"borrowed": "false"}
    assert data["set_aside"]["finance.amount"]["value"] == "500000"
    assert run("assess", file).exit_code in (0, 3)  # what is set aside does no harm
    output = run("ask", file, typed=lines("finance.borrowed = yes")).output
    assert "Brought back: finance.amount" in output
    data = facts_of(file)
    assert data["finance"].pop("borrowed") == {"value": "true", "note": "before: no"}
    assert data["finance"] == {"borrowed_for": "construction", "amount": "500000"}
    assert "set_aside" not in data


def test_answers_on_which_nothing_rests_any_more_are_named(run, file):
    """A change that makes an earlier answer irrelevant says so; the answer stays in the file."""
    typed = lines(
        "acquisition.mode = purchase", "acquisition.approval_in_place = yes", "acquisition.mode = inheritance", "list"
    )
    output = " ".join(run("ask", file, typed=typed).output.split())
    assert "Set aside, as nothing rests on it now (kept in the file): acquisition.approval_in_place." in output
    assert "acquisition.approval_in_place: yes (set aside: nothing rests on it now)" in output
    assert facts_of(file)["acquisition"] == {"mode": "inheritance", "approval_in_place": "true"}


def test_unknown_is_kept_and_not_asked_again_and_skip_is(run, file):
    """What is not known stays so on resuming; what was skipped is asked for again."""
    first = run("ask", file, typed=lines("skip", "unknown", "quit")).output
    asked = [line.split("[")[1].split("]")[0] for line in first.splitlines() if line.endswith("]") and "[" in line]
    again = run("ask", file, typed=lines("quit")).output
    assert f"[{asked[0]}]" in again
    skipped, unknown = asked[0], asked[1]
    section, key = unknown.split(".")
    assert facts_of(file)[section][key] == "unknown"
    assert skipped.split(".")[1] not in facts_of(file).get(skipped.split(".")[0], {})


def test_a_wrong_answer_is_asked_for_again(run, file):
    """With the nearest name; what follows is still heard."""
    output = run("ask", file, typed=lines("taxpayer.kind = compny", "taxpayer.kind = company")).output
    assert "Did you mean company?" in output
    assert facts_of(file)["taxpayer"] == {"kind": "company"}


def test_an_answer_that_cannot_be_is_refused(run, file):
    """A purchase after the date of assessment contradicts the calendar, not an answer: it is refused or set right."""
    output = run("ask", file, typed=lines("change nosuch.fact", "acquisition.mode = purchase")).output
    assert "is not a fact" in output
    assert facts_of(file)["acquisition"] == {"mode": "purchase"}


def test_nothing_answered_saves_nothing(run, file):
    """Looking at the first question leaves no file behind."""
    output = run("ask", file, typed=lines("quit")).output
    assert "nothing was saved" in output
    assert not file.exists()


def test_without_a_file_it_is_interview_yaml_here(run, tmp_path, monkeypatch):
    """The default file is named."""
    monkeypatch.chdir(tmp_path)
    output = run("ask", typed=lines("taxpayer.kind = trust")).output
    assert "Saved in interview.yaml." in output
    assert (tmp_path / "interview.yaml").exists()


# --- it ends -------------------------------------------------------------------------------------------------


def test_it_stops_when_no_answer_could_change_the_conclusion(assessor, file):
    """One-sided answers end it early, and then no completion of what is missing changes the conclusion."""
    interview = Interview(assessor, file)
    said: list[str] = []

    def answers() -> Iterator[str]:
        while True:
            name = interview.next()
            yield worst(interview, name) if name else "quit"

    typed = answers()
    Dialogue(interview, lambda prompt: next(typed), said.append).run()
    assert "No answer still missing could change the conclusion." in said
    asked = len(interview.history)
    assert asked < len(assessor.book.vocabulary.facts) - 20
    chance = random.Random(3)
    side = interview.conclusion.characterisation
    base = {given.fact.name: interview.file.raw(given.fact.name) for given in interview.answers()}
    read = sorted({atom.fact for atom in assessor.book.atoms} & set(assessor.book.vocabulary.facts) - set(base))
    done = 0
    for _ in range(3_000):
        rest = {name: some(chance, assessor.book.vocabulary[name]) for name in read}
        try:
            matter = assessor.matter(reading.parse(json.dumps({"facts": {**base, **rest}})))
        except BadInput:
            continue
        done += 1
        then = assessor.conclude(matter.parcels[0], interview.weigher, assessor.cases)
        assert then.characterisation == side
    assert done > 10


def worst(interview: Interview, name: str) -> str:
    """The answer that speaks most for revenue, by trying each."""
    fact = interview.book.vocabulary[name]
    options = {"bool": ["yes", "no"], "enum": list(fact.values), "set": [f"only {v}" for v in fact.values]}
    tried = options.get(fact.type) or (["0", "1", "5", "60"] if fact.type != "date" else ["2020", "2021"])
    best, said = None, "unknown"
    from caprev.changes.alternatives import changed
    from caprev.facts.derivations import Contradiction

    for option in tried:
        knowledge = fact.read(textual(parse(fact, option).value))
        try:
            parcel = changed(interview.book, interview.parcel, {name: knowledge})
        except Contradiction:
            continue
        then = interview.assessor.conclude(parcel, interview.weigher, interview.assessor.cases)
        worth = then.low + then.balance
        if best is None or worth > best:
            best, said = worth, option
    return said


def some(chance: random.Random, fact) -> object:
    """Some value of a fact, as a fact set would have it."""
    if fact.type == "bool":
        return chance.random() < 0.5
    if fact.type == "enum":
        return chance.choice(fact.values)
    if fact.type == "set":
        return [value for value in fact.values if chance.random() < 0.2]
    return "2015-06-30" if fact.type == "date" else chance.choice([0, 1, 3, 12, 60])


# --- nothing is lost -----------------------------------------------------------------------------------------


def test_a_killed_interview_loses_nothing_and_resumes(file, environment):
    """Killed without warning after three answers: all three are in the file, and the next sitting goes on."""
    command = [sys.executable, str(ROOT / "cli.py"), "ask", str(file)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=file.parent
    ) as process:
        assert process.stdin
        assert process.stdout
        for answer in ("taxpayer.kind = couple", "development.lots = 20-30", "involvement.level = minor"):
            process.stdin.write(answer + "\n")
            process.stdin.flush()
            while not process.stdout.readline().startswith("Standing:"):
                assert process.poll() is None
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    data = facts_of(file)
    assert data["taxpayer"] == {"kind": "couple"}
    assert data["development"] == {"lots": {"at_least": "20", "at_most": "30"}}
    assert data["involvement"] == {"level": "minor"}
    done = subprocess.run(command, input="quit\n", capture_output=True, text=True, env=environment)
    assert "Going on with" in done.stdout
    assert "3 facts known" in " ".join(done.stdout.split())


def test_a_file_of_ones_own_keeps_everything_else(assessor, tmp_path):
    """Comments, sources, notes and order stay; a changed answer keeps what was said of the one before."""
    path = tmp_path / "farm.yaml"
    path.write_text(FARM.read_text())
    path.chmod(0o640)
    interview = Interview(assessor, path)
    interview.answer(interview.fact("involvement.level"), Answer("substantial"))
    interview.answer(interview.fact("taxpayer.gst_registered"), Answer(False))
    before, after = FARM.read_text(), path.read_text()
    assert [line for line in before.splitlines() if line.startswith("#")] == [
        line for line in after.splitlines() if line.startswith("#")
    ]
    changed = {line for line in after.splitlines() if line not in before.splitlines()}
    assert changed == {
        '  level: {value: substantial, note: "before: minor (source: Interview of 4 February 2025; standing: stated; '
        'signed papers and met the surveyor now and then)"}',
        "  gst_registered: false",
    }
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_is_edited_meanwhile_is_kept(assessor, file):
    """A fact added in an editor during the interview survives the next answer."""
    interview = Interview(assessor, file)
    interview.answer(interview.fact("taxpayer.kind"), Answer("couple"))
    file.write_text(file.read_text() + "holding:\n  years: 12  # from the title\n")
    interview.answer(interview.fact("development.lots"), Answer(8))
    assert "years: 12  # from the title" in file.read_text()
    assert facts_of(file)["development"] == {"lots": "8"}


def test_answers_for_one_parcel_stay_with_it(run, tmp_path):
    """With several parcels the answers go to the one named, and override what holds for all."""
    path = tmp_path / "parcels.yaml"
    path.write_text(PARCELS.read_text())
    assert run("ask", path, typed=lines("quit")).exit_code == 2
    run("ask", path, "--parcel", "stage-1", typed=lines("involvement.level = moderate", "finance.borrowed = yes"))
    data = facts_of(path)
    assert data["involvement"] == {"level": "minor"}
    assert data["parcels"][0]["involvement"] == {"level": "moderate"}
    assert data["parcels"][0]["finance"] == {"borrowed": "true"}
    assert data["parcels"][1]["involvement"] == {"level": "substantial"}


def test_what_holds_for_all_parcels_is_set_aside_for_one_only(assessor, tmp_path):
    """An answer for one parcel that contradicts the common facts makes those unknown there, and nowhere else."""
    path = tmp_path / "parcels.yaml"
    path.write_text("finance: {borrowed: false}\nparcels:\n- {id: a}\n- {id: b}\n")
    interview = Interview(assessor, path, "a")
    told = interview.answer(interview.fact("finance.borrowed_for"), Answer("construction"))
    assert [name for name, _ in told.aside] == ["finance.borrowed"]
    first, second = assessor.read(path).parcels
    assert first.known["finance.borrowed"].values == {True}  # it follows from what was borrowed for
    assert second.known["finance.borrowed"].values == {False}
    told = interview.answer(interview.fact("finance.borrowed_for"), Answer(None))
    assert told.back == ("finance.borrowed",)
    assert assessor.read(path).parcels[0].known["finance.borrowed"].values == {False}


def test_a_json_fact_set_stays_json(assessor, tmp_path):
    """What was JSON is JSON after it."""
    path = tmp_path / "matter.json"
    path.write_text('{\n  "development": {\n    "lots": 20\n  }\n}\n')
    interview = Interview(assessor, path)
    interview.answer(interview.fact("development.lots"), Answer({"at_least": 5}))
    interview.answer(interview.fact("taxpayer.retired"), Answer(True))
    data = json.loads(path.read_text())
    assert data["taxpayer"] == {"retired": True}
    assert data["development"]["lots"]["value"] == {"at_least": 5}


def test_values_are_put_into_any_layout(tmp_path):
    """Into every example and case: the value is there, everything else is as it was, comments included."""
    for path in sorted((ROOT / "cases" / "au-land").rglob("*.yaml"))[::9]:
        text = path.read_text()
        data = cast(dict[str, Any], reading.parse(text).data)
        for section, facts in data.items():
            for key in facts if isinstance(facts, dict) else ():
                new = editing.put(text, (section, key), {"at_least": 3})
                expected = {**data, section: {**facts, key: {"at_least": "3"}}}
                assert reading.parse(new).data == expected
                assert [s for s in text.splitlines() if s.startswith("#")] == [
                    s for s in new.splitlines() if s.startswith("#")
                ]
                gone = cast(dict[str, Any], reading.parse(editing.remove(text, (section, key))).data)
                assert key not in gone.get(section, {})


LAYOUTS = {
    "a list's first key": (
        "parcels:\n# one\n- sales:  # two\n    gst: x # three\n  id: '#a'\n",
        ("parcels", 0, "sales"),
    ),
    "the only fact": ("# one\n\n---\nsales: # two\n  gst: x  # three\n", ("sales", "gst")),
    "over several lines": ("? sales\n: # one\n  'gst # not': > # two\n    x # not\n# three\n", ("sales", "gst # not")),
}


@pytest.mark.parametrize(("text", "path"), LAYOUTS.values(), ids=LAYOUTS)
def test_a_layout_that_cannot_be_edited_keeps_its_comments(text, path):
    """The whole is written anew, and what a person wrote beside it stands above."""
    new = editing.remove(text, path)
    assert [line for line in new.splitlines() if line.startswith("#")] == ["# one", "# two", "# three"]
    assert "x" not in reading.parse(new).text.replace("# one", "")
    data = reading.parse(new).data
    assert data == ({"parcels": [{"id": "#a"}]} if path[0] == "parcels" else {})


@pytest.mark.parametrize(
    "text",
    [
        "a:\r\n  b: 1 # x\r\n  c: 2\r\nd: 3\r\n",
        "a: {b: 1,\n    c: 2,  # x\n    d: 3}\n",
        "a:\n  b: 1   # x\n  'c':  2\n  dd:   3\n# y\n",
        "a:\n    b: 1\n    c: long text\n      over lines\n    d: >\n      folded\n\n      text\n# x\ne: ~\n",
        '{\n    "a": {"b": 1, "c": [1,2]},\n    "d": "x"\n}\n',
        "# x\n---\na:\n  b: 1\n",
    ],
    ids=["line ends", "a mapping over lines", "columns", "folded text", "JSON", "a head"],
)
def test_only_the_characters_of_the_value_change(text):
    """Line ends, columns, folded text and comments of every layout stay, also in the section that is changed."""
    assert editing.put(text, ("a", "b"), 12345) == text.replace("1", "12345", 1)


def test_a_folder_that_cannot_be_written_is_said(run, tmp_path):
    """No half-written file, no traceback."""
    assert run("ask", tmp_path / "no" / "matter.yaml", typed=lines("1")).exit_code == 2
    bad = tmp_path / "bad.yaml"
    bad.write_text("taxpayer: {kind: emperor}\n")
    result = run("ask", bad, typed=lines("1"))
    assert result.exit_code == 2
    assert "emperor" in result.output
    assert yaml.safe_load(bad.read_text()) == {"taxpayer": {"kind": "emperor"}}


# --- others on the same file ---------------------------------------------------------------------------------


def test_two_interviews_on_one_file_lose_no_answer(run, tmp_path):
    """Twenty times two at once: what either acknowledged is in the file, and one that is refused says who has it."""
    answers = ("taxpayer.kind = couple", "development.lots = 24", "involvement.level = minor", "holding.years = 12")
    run("ask", tmp_path / "warm.yaml", typed="quit\n")
    for number in range(20):
        path = tmp_path / f"{number}.yaml"
        heard = []
        for mine in (answers[:2], answers[2:]):
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                try:
                    result = run("ask", path, typed=lines(*mine))
                    os.write(write, f"{result.exit_code} {result.output}".encode())
                finally:
                    os._exit(0)
            os.close(write)
            heard.append((child, read, mine))
        there = set()
        for child, read, mine in heard:
            with os.fdopen(read) as stream:
                said = stream.read()
            os.waitpid(child, 0)
            if "is being answered by another interview (process " in said:
                assert said.startswith("2 ")
                assert "Understood" not in said
            else:
                assert said[0] in "03"
                assert said.count("Understood") == 2
                there |= set(mine)
        facts = facts_of(path)
        assert there
        assert there == {f"{section}.{key} = {value}" for section in facts if section != "matter"
                         for key, value in facts[section].items()}  # fmt: skip
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".")]


def test_an_interview_holds_its_file_until_it_ends(run, file, environment):
    """A second one is told which process has it; after the first has ended, however, it goes on."""
    command = [sys.executable, str(ROOT / "cli.py"), "ask", str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as first:
        assert first.stdout
        assert "Starting" in first.stdout.readline()
        result = run("ask", file, typed=lines("taxpayer.kind = couple"))
        assert result.exit_code == 2
        assert f"{file}: is being answered by another interview (process {first.pid})" in result.stderr
        assert not file.exists()
        first.kill()
    assert run("ask", file, typed=lines("taxpayer.kind = couple")).exit_code in (0, 3)
    assert facts_of(file)["taxpayer"] == {"kind": "couple"}
    assert os.listdir(file.parent) == [file.name]


def edited(file: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else writes the file between the reading and the saving of the next answer."""
    save, texts = Written.save, iter([text])

    def meanwhile(written: Written) -> None:
        for new in texts:
            file.write_text(new)
        save(written)

    monkeypatch.setattr(Written, "save", meanwhile)


def test_what_another_writes_while_an_answer_is_saved_is_merged(assessor, file, monkeypatch):
    """Facts that do not collide stand side by side, also where there was no file before."""
    interview = Interview(assessor, file)
    edited(file, "holding: {years: 12}  # from the title\n", monkeypatch)
    told = interview.answer(interview.fact("development.lots"), Answer(8))
    assert "# from the title" in file.read_text()
    assert facts_of(file) == {"holding": {"years": "12"}, "development": {"lots": "8"}}
    assert told.meanwhile == ""


@pytest.mark.parametrize("theirs", ["7", "{value: 7, source: Plan}"])
def test_what_another_says_of_the_same_fact_is_kept_beside_the_answer(run, assessor, file, theirs, monkeypatch):
    """Both stand in the file, and it is said; even where the fact was answered here before."""
    run("ask", file, typed=lines("development.lots = 5"))
    edited(file, f"development: {{lots: {theirs}}}\n", monkeypatch)
    output = " ".join(run("ask", file, typed=lines("development.lots = 5", "development.lots = 8")).output.split())
    assert "Meanwhile the file had come to say: 7. That is kept beside your answer." in output
    lots = facts_of(file)["development"]["lots"]
    assert lots["value"] == "8"
    assert "before: 7" in lots["note"]


def test_a_value_written_over_an_answer_of_this_sitting_is_kept(assessor, file):
    """An editor changes what was just answered; the next answer keeps that too."""
    interview = Interview(assessor, file)
    interview.answer(interview.fact("development.lots"), Answer(5))
    file.write_text(file.read_text().replace("lots: 5", "lots: 7"))
    told = interview.answer(interview.fact("development.lots"), Answer(8))
    assert told.meanwhile == "7"
    assert facts_of(file)["development"]["lots"] == {"value": "8", "note": "before: 7"}
    told = interview.answer(interview.fact("development.lots"), Answer(9))
    assert told.meanwhile == ""


def test_an_answer_stays_with_its_parcel_where_the_parcels_are_moved(assessor, tmp_path):
    """By its name, whatever its place is now; where it is gone, the answer is not put with another."""
    path = tmp_path / "parcels.yaml"
    path.write_text("parcels:\n- {id: a}\n- {id: b}\n")
    interview = Interview(assessor, path, "b")
    path.write_text("parcels:\n- {id: b}\n- {id: a}\n")
    interview.answer(interview.fact("development.lots"), Answer(8))
    assert facts_of(path)["parcels"] == [{"id": "b", "development": {"lots": "8"}}, {"id": "a"}]
    path.write_text("parcels:\n- {id: a}\n")
    with pytest.raises(Unsaved, match="has no parcel 'b'"):
        interview.answer(interview.fact("development.lots"), Answer(9))
    assert interview.next()
    assert path.read_text() == "parcels:\n- {id: a}\n"


@pytest.mark.parametrize("stood", [True, False])
def test_answers_that_cannot_be_saved_are_shown_and_never_called_saved(run, file, stood, monkeypatch):
    """On a full disk: exit code 2, each answer as it can be given again, and the file as it was."""
    if stood:
        run("ask", file, typed=lines("taxpayer.kind = couple"))
    before = file.read_bytes() if stood else None

    def full(outputs: dict[str, bytes | str]) -> None:
        raise BadInput(Problem("cannot be written (No space left on device)", next(iter(outputs))))

    typed = ("development.lots = about 20", "holding.years = 12", "development.lots = 24", "quit")
    with monkeypatch.context() as patch:
        patch.setattr(saving, "save", full)
        result = run("ask", file, typed=lines(*typed))
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert said.count("cannot be written (No space left on device). This answer is not saved") == 3
    assert "Saved" not in result.output
    assert "Understood" not in result.output
    listed = "These answers are in no file; each line can be given to `caprev ask` again:\n"
    assert f"{listed}development.lots = 24\nholding.years = 12\n" in result.output
    assert f"caprev: {file}: 2 of the answers could not be saved; they are listed above." in result.stderr
    assert (file.read_bytes() if file.exists() else None) == before
    again = result.output.split(listed)[1].split("\nResume")[0].split("\ncaprev:")[0]
    run("ask", file, typed=again + "\n")
    assert facts_of(file)["development"] == {"lots": "24"}
    assert facts_of(file)["holding"] == {"years": "12"}


def test_an_answer_that_is_saved_in_the_end_is_not_listed(run, file, monkeypatch):
    """Room was made, and the same answer given again."""
    save, fails = saving.save, iter([True])

    def once(outputs: dict[str, bytes | str]) -> None:
        for _ in fails:
            raise BadInput(Problem("cannot be written (No space left on device)", next(iter(outputs))))
        save(outputs)

    monkeypatch.setattr(saving, "save", once)
    result = run("ask", file, typed=lines("development.lots = 20", "development.lots = 20", "quit"))
    assert result.exit_code in (0, 3)
    assert f"Saved in {file}." in result.output
    assert "in no file" not in result.output


def test_an_answer_to_a_file_that_was_broken_meanwhile_is_shown(run, assessor, file, monkeypatch):
    """What cannot be read is not written over; the answer is listed."""
    edited(file, "development: {lots: ", monkeypatch)
    result = run("ask", file, typed=lines("taxpayer.kind = couple", "quit"))
    assert result.exit_code == 2
    assert "taxpayer.kind = couple" in result.output.split("in no file")[1]
    assert file.read_text() == "development: {lots: "


def test_with_a_keyboard_it_prompts_and_heeds_interruption(file, environment):
    """On a terminal the question comes before the prompt; control-D leaves with everything saved."""
    import pty

    master, slave = pty.openpty()
    command = [sys.executable, str(ROOT / "cli.py"), "ask", str(file)]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env={**environment, "TERM": "dumb"})
    os.close(slave)
    heard = b""

    def hear(what: bytes) -> None:
        nonlocal heard
        while what not in heard:
            heard += os.read(master, 4096)
        heard = heard.split(what, 1)[1]

    hear(b"\n> ")
    os.write(master, b"taxpayer.kind = couple\n")
    hear(b"Standing:")
    hear(b"\n> ")
    os.write(master, b"\x04")
    hear(b"Resume: caprev ask")
    process.wait(20)
    os.close(master)
    assert facts_of(file)["taxpayer"] == {"kind": "couple"}


def test_questions_are_as_wide_as_all_other_text(run, tmp_path):
    """One width for what is printed: no line of words is longer, and none is broken much before."""
    said = run("ask", tmp_path / "new.yaml", typed=lines("change development.kind", "?", "quit")).output.splitlines()
    long = [len(line) for line in said if line.startswith("    It serves") or line.endswith("townhouses;")]
    assert max(long) <= WIDTH
    assert max(long) > WIDTH - 8
