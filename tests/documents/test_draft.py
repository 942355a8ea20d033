"""Drafts: the order of a published ruling, sentences for every fact, citations, checks, four formats, fixed bytes."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.dom import minidom

import pytest
from click.testing import Result

import caprev
from caprev import Assessor, BadInput
from caprev.documents.content import docx, pdf
from caprev.documents.content.escaping import escape
from caprev.documents.content.model import (
    Blank,
    Document,
    Heading,
    Listing,
    Paragraph,
    Picture,
    Run,
    Table,
    notes_of,
    plain,
    remarks_of,
    rules_of,
    walk,
)
from caprev.documents.drafts import make
from caprev.documents.words import grammar, periods, phrases
from caprev.documents.words.citations import Cite, Citer
from caprev.documents.words.grounds import in_words
from caprev.documents.words.phrases import Phrases
from caprev.documents.words.sentences import Sentences
from caprev.facts import conditions
from caprev.facts.matter import Given
from caprev.facts.tense import Tense
from caprev.files import reading
from caprev.files.reading import Source
from caprev.reasoning import analysis, assess
from caprev.teaching import debate
from caprev.teaching.debate import Debate

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
EXAMPLES = sorted((ROOT / "cases" / "au-land" / "examples").glob("*.yaml"))
Run_ = Callable[..., Result]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="session")
def wordings(assessor: Assessor) -> Phrases:
    return phrases.load(caprev.home("rules"), assessor.book)


def drafted(
    assessor: Assessor, found: Source, form: str = "md", template: str = "ruling", **options: Any
) -> make.Draft:
    assessment = assessor.assess(assessor.matter(found), **options)

    def debates(shown: analysis.Assessment) -> list[Debate]:
        return debate.debate(assessor, shown, naming=in_words)

    return make.make(assessment, found, caprev.home("rules"), form, template, debates=debates)


def given(data: dict[str, Any]) -> Source:
    return reading.parse(json.dumps(data), "matter.json")


def base(**more: Any) -> dict[str, Any]:
    """The seed's facts as plain data, with changes."""
    found = json.loads(json.dumps(reading.read(SEED).data))
    found.pop("comparator")
    return {**found, **more}


def headings(document: Document, level: int = 1) -> list[str]:
    return [plain(b.inlines) for b in document.blocks if isinstance(b, Heading) and b.level == level]


def words_of(document: Document, part: str) -> str:
    """All running text of a part, lists and tables included."""
    parts = []
    for block in document.part(part):
        if isinstance(block, Listing):
            parts += [plain(item.inlines) for item in walk(block.items)]
        elif isinstance(block, Table):
            parts += [plain(cell) for row in block.rows for cell in row]
        elif isinstance(block, Picture):
            parts += [block.caption, *block.told]
        else:
            parts.append(plain(block.inlines))
    return "\n".join(parts)


# --- content -----------------------------------------------------------------------------------------------


def test_the_order_is_that_of_a_published_ruling(assessor: Assessor) -> None:
    """Subject, questions with answers, period, scheme, facts, provisions, reasons; then what is the officer's alone."""
    document = drafted(assessor, reading.read(SEED)).document
    assert headings(document) == [
        "Ruling",
        "Relevant facts and circumstances",
        "Assumptions",
        "Relevant legislative provisions",
        "Reasons for decision",
        "What follows",
        "Officer's worksheet (not part of the ruling)",
        "About this draft",
    ]
    assert [part.name for part in document.parts] == [
        "head",
        "questions",
        "period",
        "facts",
        "provisions",
        "reasons",
        "consequences",
        "attachments",
        "check",
        "disclaimer",
    ]
    period = words_of(document, "period")
    assert "year ending 30 June 2023" in period
    assert "16 December 2022" in period


def test_the_seeds_questions_are_answered_as_published(assessor: Assessor) -> None:
    """No to ordinary income, yes to the CGT provisions, each in the matter's own words."""
    questions = words_of(drafted(assessor, reading.read(SEED)).document, "questions")
    first, second = questions.split("Question 2")
    assert "section 6-5 of the ITAA 1997 to any extent?" in first
    assert "No." in first
    assert "Parts 3-1 and 3-3" in second
    assert "Yes." in second


def test_usual_questions_are_put_where_the_matter_asks_none(assessor: Assessor) -> None:
    """Section 15-15 is asked of land acquired before 20 September 1985 only."""
    recent = drafted(assessor, given(base(matter={}))).document
    old = base(matter={})
    old["acquisition"] = {**old["acquisition"], "pre_cgt": True, "date": "1980"}
    early = drafted(assessor, given(old)).document
    assert "15-15" not in words_of(recent, "questions")
    assert "section 15-15" in words_of(early, "questions")
    assert "Income Tax Assessment Act 1997 section 15-15" in words_of(early, "provisions")


def test_a_question_that_the_rules_do_not_know_is_left_to_the_officer(assessor: Assessor) -> None:
    """It is shown in its own words with a place for the answer, a comment, and a check that is not in order."""
    found = given(base(matter={"questions": [{"text": "Is stamp duty payable?", "asks": "stamp_duty"}]}))
    made = drafted(assessor, found)
    assert "[To be answered by the officer.]" in words_of(made.document, "questions")
    assert any("do not say what this question asks" in remark.comment for remark in remarks_of(made.document))
    assert not next(check for check in made.checks if check.name.startswith("Every question")).ok


@pytest.mark.parametrize(("text", "asks"), [("Is it ordinary income?", "No."), ("Is it a capital gain?", "Yes.")])
def test_a_question_is_known_by_its_words(assessor: Assessor, text: str, asks: str) -> None:
    """A question without `asks`, even as bare text, is answered by what it speaks of."""
    questions = words_of(drafted(assessor, given(base(matter={"questions": text}))).document, "questions")
    assert questions.split("Answer\n")[1].startswith(asks)


def test_facts_are_told_as_a_story(assessor: Assessor) -> None:
    """Numbered paragraphs of several facts a sentence, in the order of time; planned things are still to come."""
    facts = words_of(drafted(assessor, reading.read(SEED)).document, "facts").splitlines()
    told = facts[2:-2]
    assert len(told) == 10
    assert told[0].startswith("You are an individual and have retired from work")
    assert told[1].startswith("You purchased the land in 19[year to be inserted].")
    assert told[3].startswith("You tried to sell the land as a whole first, without success.")
    assert "is to plan the project" in told[6]
    assert not [line for line in told if line[:1].islower() or "which of these" in line or "is not said" in line]


def test_who_says_so_is_told_where_it_matters(assessor: Assessor) -> None:
    """What is in the owner's own mind is stated, what is disputed or assumed says so; sources are the officer's."""
    found = base(matter={})
    found["finance"]["borrowed"] = {"value": True, "standing": "disputed", "source": "Two letters"}
    document = drafted(assessor, given(found)).document
    facts = words_of(document, "facts")
    assert "You state that you acquired the land to let it" in facts
    assert "It is assumed that you acquired the land on or after 20 September 1985." in facts
    assert "It is disputed whether money is to be borrowed for the project; it is taken here to be so." in facts
    assert "Two letters" not in facts
    assert "Two letters; disputed" in words_of(document, "attachments")


def test_what_is_known_in_part_is_for_the_worksheet(assessor: Assessor) -> None:
    """Alternatives are no facts of a ruling, but are listed to be confirmed; what is ruled out is one if a reason rests
    on it."""
    document = drafted(assessor, reading.read(SEED)).document
    facts = words_of(document, "facts")
    assert "The main borrowing is not for the purchase of the land." in facts
    assert "something other than required works" not in facts
    told = "The main borrowing is not for the purchase of the land (to commence the development; not for the purchase)."
    assert told in words_of(document, "attachments")


def test_what_is_stated_in_free_words_is_told_and_weighs_nothing(assessor: Assessor) -> None:
    """Sentences of the matter stand first among the facts, as they were written, and move no finding."""
    plain_matter, said = base(matter={}), base(matter={"statements": ["The house was built in 1962.", "It has a dam."]})
    first, second = (assessor.assess(assessor.matter(given(found))) for found in (plain_matter, said))
    assert first.conclusions[0].balance == second.conclusions[0].balance
    facts = words_of(drafted(assessor, given(said)).document, "facts").splitlines()
    assert facts[2:4] == ["The house was built in 1962.", "It has a dam."]
    reasons = words_of(drafted(assessor, given(said)).document, "reasons")
    assert "(paragraph 6)" in reasons


@pytest.mark.parametrize("statements", [{"a": "b"}, [["x"]], [1.5]])
def test_statements_are_text(assessor: Assessor, statements: Any) -> None:
    """Anything else is a fault at its line."""
    if statements == [1.5]:
        statements = [{"x": "y"}]
    with pytest.raises(BadInput, match="statements"):
        assessor.matter(given(base(matter={"statements": statements})))


def test_a_ruling_is_short_and_says_nothing_twice(assessor: Assessor) -> None:
    """At most eight pages, fifteen comments, and two runs of six words in a hundred that stood before."""
    pytest.importorskip("pypdf")
    pytest.importorskip("typst")
    from bench import prose

    document = drafted(assessor, reading.read(SEED)).document
    found = prose.measured(prose.proper(document, "ruling"), ["owner-passive", "development.lots"])
    assert found.pages <= 8
    assert found.repeats < 0.02
    assert found.ids == 0
    assert 12 <= found.median <= 24
    assert len(remarks_of(document)) <= 15


def test_each_matter_is_weighed_and_concluded_on(assessor: Assessor) -> None:
    """A paragraph each: grounds with the paragraphs of their facts, what stands against them, and the finding."""
    reasons = words_of(drafted(assessor, reading.read(SEED)).document, "reasons")
    assert "Attempts to sell the land whole came to nothing (paragraph 4)." in reasons
    assert "Against that, the project needs borrowed money (paragraph 8), but on balance you dispose of land" in reasons
    assert "Most weight lies with your purpose of letting, " in reasons
    assert reasons.count("Attempts to sell the land whole") == 1


def test_every_indicator_and_matter_is_applied_not_only_listed(assessor: Assessor) -> None:
    """The seed's fault: TR 92/3 para 13 was listed and not applied. Every node has a block of its own."""
    document = drafted(assessor, reading.read(SEED)).document
    done = {rule for block in document.part("reasons") for rule in rules_of(block)}
    assert {node.id for node in assessor.book.nodes.values()} <= done


def test_every_block_of_the_reasons_traces_to_a_rule(assessor: Assessor) -> None:
    """Lists and tables of the reasons name the rules and cases that they come from."""
    known = {*assessor.book.factors, *assessor.book.nodes, *assessor.cases.cases}
    for block in drafted(assessor, reading.read(SEED)).document.part("reasons"):
        if isinstance(block, Listing):
            for item in walk(block.items):
                assert item.rule in known or not item.rule
        elif isinstance(block, Paragraph):
            assert set(block.rule.split()) <= known or block.rule.startswith(("question:", "conclusion:"))


def test_cases_are_compared_point_by_point(assessor: Assessor) -> None:
    """Each leading case has a paragraph in the reasons, and a table of its points in the worksheet."""
    document = drafted(assessor, reading.read(SEED)).document
    told = {block.rule for block in document.part("reasons") if isinstance(block, Paragraph)}
    cases = assessor.cases.cases
    tables = {
        block.rule: block for block in document.part("attachments") if isinstance(block, Table) and block.rule in cases
    }
    assert set(tables) <= told
    assert {"statham-v-fct", "casimaty-v-fct", "mccorkell-v-fct", "stevenson-v-fct"} <= set(tables)
    for name in ("statham-v-fct", "mccorkell-v-fct", "stevenson-v-fct"):
        assert {plain(row[-1]) for row in tables[name].rows} >= {"Shared", "Distinguishing"}
    assert all(assessor.cases.cases[name].level for name in tables)


def test_parcels_of_one_outcome_share_their_reasons(assessor: Assessor) -> None:
    """Two outcomes are reasoned apart; parcels that stand alike are reasoned once, and others by their differences."""
    made = drafted(assessor, reading.read(ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml")).document
    reasons = words_of(made, "reasons")
    assert reasons.count("Is a business carried on?") == 2
    assert reasons.count("Application to your situation") == 1
    found = base(matter={})
    found["parcels"] = [
        {"id": "a"},
        {"id": "b"},
        {"id": "c", "facts": {"finance.borrowed": "false", "finance.borrowed_for": "unknown"}},
    ]
    for fact in ("finance.land_secures_developer", "finance.security", "finance.borrowed_for"):
        found["finance"].pop(fact.split(".")[1], None)
    reasons = words_of(drafted(assessor, given(found)).document, "reasons")
    assert reasons.count("Application to your situation") == 1
    assert "For parcel c the reasons given for parcel a hold as well, with these differences:" in reasons
    assert "Here also: nothing is to be borrowed" in reasons


def test_an_undetermined_matter_is_drafted_and_says_so(wide: Path, tmp_path: Path) -> None:
    """No answer is made up: the questions stay open, and the check says that nothing can be signed."""
    (tmp_path / "cases").mkdir()
    made = drafted(caprev.load(wide, tmp_path / "cases"), reading.read(SEED))
    assert "cannot be answered on what is known" in words_of(made.document, "questions")
    assert not next(check for check in made.checks if check.name.startswith("Every question")).ok


# --- what an officer would strike out ----------------------------------------------------------------------


def test_an_answer_on_a_fine_balance_is_not_to_be_signed(assessor: Assessor) -> None:
    """One known fact gives an answer, and beside it stands that it is not settled; in a strong matter nothing does."""
    thin = drafted(assessor, given({"development": {"kind": "subdivision", "dwellings_built": 0}})).document
    assert "No. [Finely balanced on what is known" in words_of(thin, "questions")
    assert "Finely balanced" not in words_of(drafted(assessor, reading.read(SEED)).document, "questions")
    assert "purpose for which the land was held did not change" not in words_of(thin, "reasons").split("Question 2")[-1]


def test_matters_on_which_nothing_bears_are_named_together(assessor: Assessor) -> None:
    """And not one by one with the same sentence; each is still traced to its rule."""
    thin = drafted(assessor, given({"development": {"kind": "subdivision"}}))
    reasons = words_of(thin.document, "reasons")
    said = reasons.count("Nothing stated bears on") + reasons.count("the facts are silent")
    assert said == 4  # of the indicators, of the course of a business, and of each element
    assert "Nothing stated shows that the land was ventured into a profit-making undertaking" in reasons
    assert "not ventured" not in reasons
    check = next(check for check in thin.checks if check.name.startswith("Every indicator"))
    assert not check.ok
    assert "Repetition and regularity" in check.found


@pytest.mark.parametrize("facts", [{}, {"sales": {"method": "whole"}}, {"development": {"kind": "subdivision"}}])
def test_no_table_is_empty(assessor: Assessor, facts: dict[str, Any]) -> None:
    """A case with which nothing known can be compared is left out; where none is left, that is said."""
    document = drafted(assessor, given({**facts, "taxpayer": {"kind": "trust"}} if facts else {})).document
    assert all(block.rows for block in document.blocks if isinstance(block, Table))
    if not facts:
        assert "No point that is known can be compared" in words_of(document, "reasons")


def test_a_gain_on_old_land_is_said_to_be_disregarded(assessor: Assessor) -> None:
    """The CGT answer of land acquired before 20 September 1985 says so; that of later land does not."""
    found = base(matter={})
    assert "disregarded" not in words_of(drafted(assessor, given(found)).document, "questions")
    found["acquisition"] = {**found["acquisition"], "pre_cgt": True, "date": "1980"}
    document = drafted(assessor, given(found)).document
    assert "Yes. A capital gain or loss on land acquired before 20 September 1985" in words_of(document, "questions")
    assert "a capital gain or loss from its sale is disregarded." in words_of(document, "reasons")


def test_an_alternative_is_not_reasoned_where_the_first_is_made_out(assessor: Assessor) -> None:
    """Land bought to develop needs no finding that it was ventured later."""
    made = drafted(assessor, reading.read(ROOT / "cases" / "au-land" / "examples" / "bought-to-develop.yaml"))
    reasons = words_of(made.document, "reasons")
    assert "undertaking after acquisition. This need not be considered" in reasons
    assert "was ventured into a profit-making undertaking after it was acquired" not in reasons
    assert "Land ventured" not in next(check for check in made.checks if check.name.startswith("Every indicator")).found


def test_a_ruling_states_no_law_that_was_not_confirmed(assessor: Assessor) -> None:
    """Reported law, other questions and what waits for facts are for the officer, and not part of the ruling."""
    document = drafted(assessor, reading.read(SEED)).document
    assert "CGT event A1" in words_of(document, "consequences")
    for text in ("a minimum tax replace", "Depends on", "GST"):
        assert text not in words_of(document, "consequences")
        assert text in words_of(document, "attachments")
    assert "Goods and Services" not in words_of(document, "provisions")


@pytest.mark.parametrize("template", ["ruling", "advice", "debate"])
@pytest.mark.parametrize("path", [SEED, *EXAMPLES], ids=lambda path: path.stem)
def test_sentences_are_well_formed(assessor: Assessor, path: Path, template: str) -> None:
    """No sentence begins small after another, no doubled mark, no raw name of a fact or rule, no caption twice."""
    made = drafted(assessor, reading.read(path), template=template)
    for part in made.document.parts:
        text = words_of(made.document, part.name)
        for fault in (r"[?.]\.(?!\.)", r",,|;\.| ,", r"[a-z]{3}\. section\b", r"\b[a-z]+_[a-z]+\b"):
            found = re.search(f".{{0,60}}(?:{fault}).{{0,20}}", text)
            assert not found, (part.name, found)
    previous = ""
    for block in made.document.blocks:
        assert not (isinstance(block, Table) and block.caption and block.caption == previous)
        previous = plain(block.inlines) if isinstance(block, Heading) else ""


def test_a_ruling_goes_by_one_road(assessor: Assessor) -> None:
    """Where both roads to income are made out, the one by which the answer does not go says so."""
    house = words_of(drafted(assessor, reading.read(SEED.with_name("1012519669251.yaml"))).document, "reasons")
    assert "satisfied that you carry on such a business" not in house
    assert "The profit is that of an isolated commercial transaction." in house
    bought = ROOT / "cases" / "au-land" / "examples" / "bought-to-develop.yaml"
    townhouses = words_of(drafted(assessor, reading.read(bought)).document, "reasons")
    assert "satisfied that you carry on such a business" in townhouses
    assert "The profit is that of an isolated commercial transaction." not in townhouses


def test_a_debate_sheet_names_factors_in_words(assessor: Assessor) -> None:
    """No id of a factor is on it."""
    document = drafted(assessor, reading.read(EXAMPLES[0]), template="debate").document
    text = words_of(document, "reasons")
    assert not [name for name in assessor.book.factors if name.count("-") > 1 and re.search(rf"\b{name}\b", text)]


def test_only_the_fact_that_is_disputed_reads_so(assessor: Assessor) -> None:
    """A point on several facts says that it is disputed in part."""
    made = drafted(assessor, reading.read(ROOT / "cases" / "au-land" / "examples" / "bought-to-develop.yaml"))
    reasons = words_of(made.document, "reasons")
    assert "(paragraphs 4 and 5, in part disputed, and taken here to be so)" in reasons


# --- the check ---------------------------------------------------------------------------------------------


def test_the_check_finds_the_seeds_own_faults(assessor: Assessor) -> None:
    """The period that misses the sales, the facts left unweighed; and it is attached to the document."""
    made = drafted(assessor, reading.read(SEED))
    checks = {check.name: check for check in made.checks}
    assert "lies outside year ending 30 June 2023" in checks["The period covers the events ruled on"].found
    unused = checks["Every fact stated that could count is relied on"]
    assert not unused.ok
    assert "uses" in unused.found
    for name in ("Every fact relied on appears in the facts", "The provisions listed are those relied on"):
        assert checks[name].ok, checks[name].found
    assert "lies outside year ending 30 June 2023" in words_of(made.document, "check")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("year ending 30 June 2023", "2022-07-01", "2023-06-30"),
        ("year ended 30 June 2013", "2012-07-01", "2013-06-30"),
        ("years ending 30 June 2024 to 30 June 2026", "2023-07-01", "2026-06-30"),
        ("1 July 2011 to 30 June 2012", "2011-07-01", "2012-06-30"),
        ("years 2009-2013", "2008-07-01", "2013-06-30"),
        ("years ending 30 June 2024 to 2025", "2023-07-01", "2025-06-30"),
        ("2024-25 income year", "2024-07-01", "2025-06-30"),
        ("year ending 29 February 2024", "2023-03-01", "2024-02-29"),
    ],
)
def test_periods_are_read_as_dates(text: str, first: str, last: str) -> None:
    """The forms that fact sets use."""
    from datetime import date

    found = periods.span_of(text)
    assert found is not None
    assert [date.fromordinal(int(end)).isoformat() for end in found] == [first, last]


@pytest.mark.parametrize("text", ["", "when the lots are sold", "31 April to 45 June"])
def test_a_period_that_is_no_dates_is_not_guessed(text: str) -> None:
    """Words and impossible days give no period."""
    assert periods.span_of(text) is None


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_is_drafted_in_every_template(assessor: Assessor, example: Path) -> None:
    """Facts relied on are stated, and the provisions listed are those relied on."""
    found = reading.read(example)
    made = drafted(assessor, found)
    checks = {check.name: check for check in made.checks}
    for name in ("Every fact relied on appears in the facts", "The provisions listed are those relied on"):
        assert checks[name].ok, checks[name].found
    assert len(drafted(assessor, found, template="advice").content) > 10_000
    assert "The owner" not in words_of(made.document, "facts")


def test_the_advice_has_what_an_advisor_needs(assessor: Assessor) -> None:
    """First what can be sent: answer, how sure, what changes it, steps, papers, tax; then all of it in an annex."""
    document = drafted(assessor, reading.read(SEED), template="advice").document
    assert headings(document) == [
        "The answer",
        "How sure, and why",
        "What would change the answer",
        "What to do now",
        "What to keep",
        "What it means in tax",
        "Annex: the reasons in full",
        "About this advice",
    ]
    annex = headings(document, 2)
    assert annex[:3] == ["Assumptions", "Facts", "Reasons"]
    assert {"The best argument against", "Evidence to gather", "Authorities"} < set(annex)
    assert headings(document, 4)[-4:] == ["Issue", "Rule", "Application", "Conclusion"]
    assert "This conclusion is moderate" in words_of(document, "why")
    assert "Agency agreement, advertisements" in words_of(document, "evidence")
    assert "private ruling" in words_of(document, "todo")


def test_both_answers_are_put_in_dollars_where_amounts_are_known(assessor: Assessor) -> None:
    """Capital and revenue stand side by side, each with its figures; without amounts it is said what is wanted."""
    found = base(matter={})
    none = words_of(drafted(assessor, given(found), template="advice").document, "money")
    assert "No amounts are known" in none
    found["sales"]["date"] = "2024-08-01"
    found["amounts"] = {"proceeds": "1000000", "cost": "150000", "cost_base": "200000", "works_cost": "100000",
                        "selling_costs": "20000"}  # fmt: skip
    (table,) = (
        block for block in drafted(assessor, given(found), template="advice").document.part("money")
        if isinstance(block, Table)
    )  # fmt: skip
    capital, revenue = (" ".join(plain(row[place]) for row in table.rows) for place in (1, 2))
    assert "$800,000" in capital
    assert "$" in revenue
    assert "No part of the proceeds is ordinary income" in capital


def test_the_debate_sheet_argues_both_sides(assessor: Assessor) -> None:
    """A motion, a case for each side, moves in a table, and the decision at the end."""
    document = drafted(assessor, reading.read(SEED), template="debate").document
    assert "capital account" in words_of(document, "head")
    assert {"The case for capital", "The case for revenue"} <= set(headings(document, 2))
    moves = [block for block in document.part("reasons") if isinstance(block, Heading) and block.rule == "move"]
    assert len(moves) > 3
    assert "Strength: moderate" in words_of(document, "decision")


# --- pictures ----------------------------------------------------------------------------------------------


def pictures(document: Document) -> dict[str, list[str]]:
    return {
        part.name: found
        for part in document.parts
        if (found := [block.rule for block in part.blocks if isinstance(block, Picture)])
    }


def test_pictures_stand_where_they_help(assessor: Assessor) -> None:
    """In an advice with what they show, on a debate sheet without telling the decision; none in the ruling proper."""
    found = reading.read(SEED)
    assert pictures(drafted(assessor, found).document) == {"attachments": ["balance"]}
    advice = pictures(drafted(assessor, found, template="advice").document)
    assert advice == {"reasons": ["balance", "cases"], "against": ["tornado"]}
    debate = pictures(drafted(assessor, found, template="debate").document)
    assert debate == {"reasons": ["cases"], "decision": ["graph"] * 3}


def test_an_advice_gives_its_reason_once(assessor: Assessor) -> None:
    """The reason stands with the answer, and is not said again beneath it; an open matter is not called settled."""
    example = ROOT / "cases" / "au-land" / "examples" / "bought-to-develop.yaml"
    answer = words_of(drafted(assessor, reading.read(example), "md", "advice").document, "questions")
    assert answer.count("Yes. The proceeds are ordinary income because a business of developing or dealing") == 1
    assert answer.count("business of developing or dealing in land") == 1
    why = words_of(drafted(assessor, given({}), "md", "advice").document, "why")
    assert "Nothing that is known speaks for either side." in why
    assert "Nothing that is known speaks against it." not in why


@pytest.mark.parametrize("template", ["advice", "debate"])
def test_pictures_are_drawn_or_told(assessor: Assessor, template: str) -> None:
    """A page has the drawings themselves, with ids of their own; Markdown and Word say what they show."""
    found = reading.read(ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml")
    page = drafted(assessor, found, "html", template)
    drawn = [block for block in page.document.blocks if isinstance(block, Picture)]
    text = page.content.decode()
    assert text.count("<svg ") == text.count("<figure>") == len(drawn) > 3
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    plain_text = drafted(assessor, found, "md", template).content.decode()
    word = xml(drafted(assessor, found, "docx", template).content, "word/document.xml")
    for picture in drawn:
        for sentence in (picture.caption, *picture.told):
            assert escape(sentence) in plain_text
            assert docx.escape(sentence) in word


def test_a_pdf_draws_its_pictures_with_text(assessor: Assessor) -> None:
    """The letters of a picture are text in the PDF, and a figure of its structure has the words for it."""
    pypdf = pytest.importorskip("pypdf")
    pytest.importorskip("typst")
    made = drafted(assessor, reading.read(SEED), "pdf", "advice")
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(made.content)).pages]
    for label in (
        "your failed attempt to sell",
        "where it comes to",
        "this matter",
        "How many lots or dwellings were created?",
    ):
        assert any(label in page for page in pages), label
    assert b"/Alt" in made.content


# --- sentences and citations -------------------------------------------------------------------------------


def values_of(fact: Any) -> list[Any]:
    """Values of every kind that a fact may have, partial ones included."""
    if fact.type == "bool":
        return ["true", "false"]
    if fact.type == "enum":
        return [*fact.values, {"one_of": list(fact.values)[:2]}, {"one_of": list(fact.values)[:-1]}]
    if fact.type == "set":
        first, last = list(fact.values)[:2], list(fact.values)[-1:]
        return [first, first[:1], [], {"includes": first}, {"excludes": last}, {"includes": first, "excludes": last}]
    if fact.type == "date":
        return [
            "1988",
            "1988-04",
            "1988-04-05",
            {"at_least": "2001-02-03"},
            {"at_most": "2001"},
            {"at_least": "1990", "at_most": "1995"},
        ]
    return [
        "0",
        "1",
        "27",
        {"at_least": "23"},
        {"at_most": "9"},
        {"at_least": "2", "at_most": "5"},
        {"one_of": ["2", "3"]},
    ]


@pytest.mark.parametrize("planned", [False, True], ids=["done", "planned"])
def test_every_fact_has_a_plain_sentence_for_every_kind_of_value(
    assessor: Assessor, wordings: Phrases, planned: bool
) -> None:
    """No slot, no bracket, no underscore, no third person is left, whatever is known; no fallback is needed."""
    book = assessor.book
    sentences = Sentences(wordings, {})
    sentences.told = Tense(planned)
    told = wordings.table("facts.facts")
    derived = [fact for name, fact in book.derivations.facts.items() if name in told]
    for fact in (*book.vocabulary, *derived):
        assert fact.name in told, f"{fact.name} has no sentence in rules/drafts/facts.yaml"
        for value in values_of(fact):
            known = fact.read(value)
            if known == fact.unknown:
                continue
            sentence = sentences.sentence(Given(fact, known))
            assert re.fullmatch(r"[^_{}\[\]|]{12,}[^.]", sentence), (fact.name, value, sentence)
            assert not re.search(r"\bthe owner\b|  |(?<!of )\byou (is|was|has)\b", sentence, re.IGNORECASE), sentence


def test_a_fact_without_a_sentence_falls_back_on_its_question(assessor: Assessor, wordings: Phrases) -> None:
    """Adding a fact to the vocabulary needs no wording."""
    from dataclasses import replace

    fact = replace(
        assessor.book.vocabulary["taxpayer.retired"], name="taxpayer.left_handed", ask="Is the owner left-handed?"
    )
    sentence = Sentences(wordings, {}).sentence(Given(fact, fact.read("true")))
    assert sentence == "on the question 'Are you left-handed?' the answer is: yes"


def test_partial_knowledge_is_told_as_partial(assessor: Assessor, wordings: Phrases) -> None:
    """Bounds, alternatives and sets known in part."""
    sentences, facts = Sentences(wordings, {}), assessor.book.vocabulary

    def said(name: str, value: Any) -> str:
        return sentences.sentence(Given(facts[name], facts[name].read(value)))

    assert (
        said("holding.years", {"at_least": "23"})
        == "You held the land for at least 23 years before the sale or before work began"
    )
    assert (
        said("development.lots", {"at_least": "2", "at_most": "5"})
        == "The project created between 2 and 5 lots or dwellings"
    )
    assert "either nobody arranged" not in said("involvement.financing", {"one_of": ["owner", "developer"]})
    assert said("involvement.financing", {"one_of": ["owner", "developer"]}) == (
        "either you arranged the finance, or the developer or manager arranged the finance; "
        "which of these is so is not known"
    )
    assert said("holding.uses", {"includes": ["rental"]}) == (
        "The land was let to tenants while you held it; whether it was put to other uses as well is not said"
    )
    assert said("holding.rezoning", {"one_of": ["by_authority", "sought_by_owner"]}) == (
        "The land was rezoned for denser use, while you held it, either by the authority of its own motion or at your "
        "own instance; which of these is so is not known"
    )
    assert said("decision.reasons", ["planned_from_start"]) == (
        "Your only reason for selling or subdividing was that it had been planned from the start"
    )
    assert said("holding.years", "0.6") == "You held the land for about 7 months before the sale or before work began"
    assert "about 26.6 years" in said("holding.years", {"at_least": "26.56", "at_most": "26.65"})
    assert "for 26 years before" in said("holding.years", "26")
    assert said("acquisition.date", "1988-04") == "You acquired the land in April 1988"


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("The owner was retired.", "You were retired."),
        ("The land was the owner's home.", "The land was your home."),
        ("What else does the owner do?", "What else do you do?"),
        ("The owner gave little of their own time.", "You gave little of your own time."),
        ("The owner disposes of land.", "You dispose of land."),
        ("Papers show an intention.", "Papers show an intention."),
    ],
)
def test_the_rulebooks_words_are_addressed_to_the_owner(words: str, to: str) -> None:
    """Grammar only."""
    assert grammar.second_person(words) == to


def test_a_clause_after_a_lead_begins_small() -> None:
    """Except where it begins with an abbreviation or with a placeholder of an edited version."""
    told = ["You sold.", "A dam.", "GST is owed.", "Y lots are for sale.", "27 lots are for sale."]
    small = ["you sold.", "a dam.", "GST is owed.", "Y lots are for sale.", "27 lots are for sale."]
    assert [grammar.lower_first(text) for text in told] == small


def test_no_factor_or_finding_keeps_the_third_person(assessor: Assessor) -> None:
    """Every text of a factor or finding can be addressed to the owner."""
    texts = [factor.text for factor in assessor.book.factors.values()]
    texts += [
        getattr(n, s) for n in assessor.book.nodes.values() for s in ("satisfied", "not_satisfied", "undetermined")
    ]
    for text in texts:
        said = grammar.second_person(text)
        assert not re.search(r"\b[Tt]he owner\b|\b[Yy]ou (was|is|has|does)\b", said), said


def said(runs: tuple[Run, ...] | list[Run]) -> str:
    return "".join(f"*{run.text}*" if run.italic else run.text for run in runs)


def test_running_text_cites_as_the_ato_does(wordings: Phrases) -> None:
    """Parallel reports and a short name at first, the short name after that; what was not checked is left out."""
    citer = Citer(wordings)
    assert (
        said(citer.in_text("statham"))
        == "*Statham & Anor v FC of T* [1988] FCA 463; (1988) 20 ATR 228; 89 ATC 4070 (*Statham*)"
    )
    assert said(citer.in_text("statham")) == "*Statham*"
    assert said(citer.in_text("itaa97-6-5")) == "section 6-5 of the Income Tax Assessment Act 1997 (ITAA 1997)"
    assert said(citer.in_text("itaa97-part-3-1")) == "Part 3-1 of the ITAA 1997"
    assert "355" not in said(citer.in_text("whitfords-beach"))
    assert citer.left_out("whitfords-beach") == ["(1982) 150 CLR 355", "(1982) 12 ATR 692"]


def test_footnotes_cite_as_aglc4_does(wordings: Phrases) -> None:
    """Full at first with the best checked report that holds the page, then Ibid or a cross-reference."""
    citer = Citer(wordings)

    def note(*cites: Cite) -> str:
        return said(citer.note(cites).runs)

    assert note(Cite("statham", "at 233")) == (
        "*Statham v Federal Commissioner of Taxation* (1988) 20 ATR 228, 233 ('*Statham*')."
    )
    assert note(Cite("statham", "at 229")) == "Ibid 229."
    assert note(Cite("myer", "at 213")) == (
        "*Federal Commissioner of Taxation v The Myer Emporium Ltd* (1987) 163 CLR 199, 213 ('*Myer*')."
    )
    assert note(Cite("statham", "at 233"), Cite("myer")) == "*Statham* (n 1) 233; *Myer* (n 3)."
    assert note(Cite("statham", "at 233"), Cite("mt-2006-1", "para 262"), Cite("mt-2006-1", "para 265")).endswith(
        "MT 2006/1 [262]; MT 2006/1 [265] [unverified]."
    )
    assert note(Cite("itaa97-6-5")) == "*Income Tax Assessment Act 1997* (Cth) s 6-5 ('*ITAA 1997*')."
    assert note(Cite("itaa97-part-3-1")) == "*ITAA 1997* pt 3-1."
    assert note(Cite("tr-97-11", "para 13")) == (
        "Commissioner of Taxation (Cth), *Income tax: am I carrying on a business of primary production?* "
        "(Taxation Ruling TR 97/11, 4 June 1997) [13]."
    )
    assert note(Cite("tr-92-3", "paras 41-42")).endswith("[41]\u2013[42] [unverified].")


def test_every_authority_can_be_cited(assessor: Assessor, wordings: Phrases) -> None:
    """Both styles, for every record of the rulebook."""
    citer = Citer(wordings)
    for name in assessor.book.authorities:
        for text in (said(citer.in_text(name)), said(citer.note([Cite(name)]).runs)):
            assert text.strip()
            assert "None" not in text
            assert "  " not in text


def test_what_was_not_checked_is_put_before_the_officer(assessor: Assessor) -> None:
    """Recalled pinpoints, recalled reports, decisions under appeal, and facts that are only stated."""
    document = drafted(assessor, reading.read(SEED)).document
    comments = " ".join(remark.comment for remark in remarks_of(document))
    worksheet = words_of(document, "attachments")
    assert "TR 92/3 paras 41-42" in worksheet
    assert "Whitfords Beach (1982) 150 CLR 355" in worksheet
    assert "Morton: The Commissioner appealed" in comments
    assert "Agency agreement, advertisements." in worksheet


# --- formats -----------------------------------------------------------------------------------------------


def xml(content: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode("utf-8")


def test_word_has_real_footnotes_and_comments(assessor: Assessor) -> None:
    """Every reference in the text has its footnote or comment, all parts are well formed, the language is set."""
    made = drafted(assessor, reading.read(SEED), "docx")
    archive = zipfile.ZipFile(io.BytesIO(made.content))
    for name in archive.namelist():
        if name.endswith(".png"):
            assert archive.read(name).startswith(b"\x89PNG")
        else:
            minidom.parseString(archive.read(name))
    body, notes, comments = (xml(made.content, f"word/{name}.xml") for name in ("document", "footnotes", "comments"))
    assert re.findall(r'<w:footnoteReference w:id="(\d+)"', body) == re.findall(r'<w:footnote w:id="(\d+)"', notes)
    assert re.findall(r'<w:commentReference w:id="(\d+)"', body) == re.findall(r'<w:comment w:id="(\d+)"', comments)
    assert len(notes_of(made.document)) == notes.count('<w:footnote w:id="')
    assert '<w:lang w:val="en-AU"' in xml(made.content, "word/styles.xml")
    assert body.count("<w:tblHeader/>") == sum(isinstance(block, Table) for block in made.document.blocks)
    assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pdf_is_tagged_and_says_its_language(assessor: Assessor) -> None:
    """PDF/UA-1 by its own metadata, with structure: headings, tables with header cells, lists, notes."""
    pypdf = pytest.importorskip("pypdf")
    pytest.importorskip("typst")
    made = drafted(assessor, reading.read(SEED), "pdf")
    found = pypdf.PdfReader(io.BytesIO(made.content))
    root = found.trailer["/Root"]
    assert str(root["/Lang"]).lower() == "en-au"
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode("utf-8", "replace")
    kinds = set()
    todo = [root["/StructTreeRoot"]]
    while todo:
        node = todo.pop().get_object()
        if not isinstance(node, dict):
            continue
        kinds.add(str(node.get("/S")))
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            if not isinstance(child, int):
                todo.append(child)
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/L", "/LI", "/Note"} <= kinds
    text = " ".join(" ".join(page.extract_text().split()) for page in found.pages)
    assert "Relevant facts and circumstances" in text
    assert "Comments on this draft" in text


def test_html_stands_alone_and_is_navigable(assessor: Assessor) -> None:
    """A language, one h1, no skipped level, no script, and every link within the page has its target."""
    page = drafted(assessor, reading.read(SEED), "html").content.decode()
    assert '<html lang="en-AU">' in page
    assert "<script" not in page
    levels = [int(level) for level in re.findall(r"<h(\d)", page)]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    targets = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets
    assert '<th scope="col">' in page


@pytest.mark.parametrize("form", ["html", "md"])
def test_comments_are_numbered_as_they_stand(assessor: Assessor, form: str) -> None:
    """A comment on an item comes before those on the items below it, and the list at the end has the same order."""
    made = drafted(assessor, reading.read(SEED), form)
    text = made.content.decode().replace("\\", "")
    numbers = [int(number) for number in re.findall(r"\[C(\d+)\]", text)]
    many = len(remarks_of(made.document))
    assert numbers[:many] == list(range(1, many + 1))


def test_markdown_has_footnotes_for_every_reference(assessor: Assessor) -> None:
    """Each reference is defined once."""
    text = drafted(assessor, reading.read(SEED), "md").content.decode()
    defined = re.findall(r"^\[\^(\d+)\]:", text, flags=re.M)
    assert defined == re.findall(r"(?<!\n)\[\^(\d+)\]", text)


HOSTILE = {
    "matter": {
        "title": "A" * 300 + ' <b>Łódź</b> & "Sons" 北京 عمارة ✓ \\ #x $y',
        "notes": "\n\n".join(["word " * 250 + "& <tag> {@statham} *star*"] * 20),
        "questions": [{"text": "Is {name} *this* <script>alert(1)</script> ordinary income? #let x = 1 \\end"}],
    },
    "taxpayer": {"kind": {"value": "individual", "source": "x" * 400, "note": "note {^statham} " * 100}},
    "development": {"kind": "subdivision"},
}


@pytest.mark.parametrize("form", ["docx", "html", "md", "pdf"])
def test_hostile_text_is_shown_and_never_read(assessor: Assessor, form: str) -> None:
    """Markup of any kind in a fact set is text; long words, other scripts and 5,000 words of notes render."""
    if form == "pdf":
        pytest.importorskip("typst")
    content = drafted(assessor, given(HOSTILE), form).content
    if form == "docx":
        text = xml(content, "word/document.xml")
        minidom.parseString(text)
        assert "{name} *this* &lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert "北京" in text
    elif form == "html":
        assert b"<script" not in content
        assert b"&lt;script&gt;alert(1)" in content
    elif form == "md":
        assert "\\<script\\>alert(1)\\</script\\>" in content.decode() or "\\<script" in content.decode()
    else:
        assert content.startswith(b"%PDF")


@pytest.mark.parametrize("form", ["docx", "md"])
def test_a_draft_of_nothing_is_a_draft(assessor: Assessor, form: str) -> None:
    """No facts, no period, no scheme: places to fill in, and comments that say so."""
    made = drafted(assessor, given({"matter": {"id": "nothing"}}), form)
    assert "[Period to be inserted.]" in words_of(made.document, "period")
    assert "No facts were given." in words_of(made.document, "facts")
    assert not next(check for check in made.checks if check.name.startswith("The answer is more")).ok


def test_forty_parcels(assessor: Assessor) -> None:
    """A table of conclusions, own facts under each parcel, and reasons once."""
    found = base(matter={"title": "Forty lots"})
    found["parcels"] = [{"id": f"lot-{n}", "facts": {"sales.price": str(100_000 + n)}} for n in range(40)]
    made = drafted(assessor, given(found), "docx")
    assert words_of(made.document, "reasons").count("Application to your situation") == 1
    table = next(block for block in made.document.part("questions") if isinstance(block, Table))
    assert len(table.rows) == 40
    assert "The sale proceeds are to be $100,039." in words_of(made.document, "facts")


# --- the command -------------------------------------------------------------------------------------------


def test_the_same_bytes_every_time(tmp_path: Path, run: Run_) -> None:
    """This process and one with another hash seed make the same document and the same record, in every format."""
    forms = ["docx", "html", "md", "pdf"] if find_spec("typst") else ["docx", "html", "md"]
    script = (
        "import sys, cli\nfor to in sys.argv[2:]: cli.main(['draft', sys.argv[1], '--to', to], standalone_mode=False)"
    )
    folders = [tmp_path / "here", tmp_path / "there"]
    for folder in folders:
        folder.mkdir()
    for form in forms:
        assert run("draft", SEED, "--to", folders[0] / f"out.{form}").exit_code == 0
    targets = [str(folders[1] / f"out.{form}") for form in forms]
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT), "TZ": "Pacific/Auckland"}
    command = [sys.executable, "-c", script, str(SEED), *targets]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, env=environment)
    here, there = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert here == there
    assert set(here) == {name for form in forms for name in (f"out.{form}", f"out.{form}.record.json")}


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_drafting_does_its_work_once(
    tmp_path: Path, run: Run_, assessor: Assessor, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """The matter is concluded once, and once more for each other answer by which a met factor counts otherwise; the
    document is written once."""
    if form == "pdf":
        pytest.importorskip("typst")
    done: Counter[str] = Counter()

    def counting(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *given, **more: done.update([name]) or work(*given, **more)

    for place, name in ((assess, "conclude"), (pdf, "_compile"), (docx, "render")):
        monkeypatch.setattr(place, name, counting(name, getattr(place, name)))
    assert run("draft", SEED, "--to", tmp_path / f"a.{form}").exit_code == 0
    monkeypatch.undo()
    (found,) = assessor.assess(assessor.matter(reading.read(SEED))).analyses
    met = [assessor.book.factors[name] for name, state in found.conclusion.states.items() if state == "met"]
    others = sum(
        any((answer in counts) != (item.answer in counts) for counts in under)
        for item in found.unsettled
        for under in [[factor.position[item.point] for factor in met if item.point in factor.position]]
        for answer in assessor.book.points[item.point].answers
        if answer != item.answer
    )
    assert others
    written = {"render": 1} if form == "docx" else {"_compile": 2}  # its unusual words are first tried together
    assert done == {"conclude": 1 + others, **written}


def test_the_command_prints_the_check_and_exits_0(run: Run_, tmp_path: Path) -> None:
    """What is not in order is marked."""
    result = run("draft", SEED, "--to", tmp_path / "a.md")
    assert result.exit_code == 0
    assert "[!!] The period covers the events ruled on" in result.stdout
    assert "[ok] Every question is answered" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.yaml", "--to", "{tmp}/a.md"], "cannot be read"),
        ([str(SEED), "--to", "{tmp}/a.odt"], ".docx, .pdf, .html, .md"),
        ([str(SEED), "--to", "{tmp}/a"], ".docx, .pdf, .html, .md"),
        ([str(SEED), "--to", "{tmp}/none/a.md"], "cannot be written"),
        ([str(SEED), "--to", "{tmp}/a.md", "--parcel", "x"], "has no parcel 'x'"),
        ([str(SEED), "--to", "{tmp}/a.md", "--position", "couts"], "Did you mean courts?"),
        ([str(SEED), "--to", "{tmp}/a.md", "--as-at", "soon"], "is not a date"),
        ([str(SEED), "--to", "{tmp}/a.md", "--record", "{tmp}/a.md"], "written over"),
        (["tests/bad/unknown-fact.yaml", "--to", "{tmp}/a.md"], "Did you mean development.lots?"),
    ],
)
def test_bad_input_writes_nothing(run: Run_, tmp_path: Path, arguments: list[str], says: str) -> None:
    """Exit code 2, a message, and no file at all."""
    result = run("draft", *(argument.replace("{tmp}", str(tmp_path)) for argument in arguments))
    assert result.exit_code == 2
    assert says in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_questions_that_are_no_questions_are_refused(assessor: Assessor) -> None:
    """A mapping where a list should be."""
    with pytest.raises(BadInput, match="is not a list of questions"):
        drafted(assessor, given(base(matter={"questions": {"text": "x"}})))


def test_a_fact_set_is_never_written_over(run: Run_, tmp_path: Path) -> None:
    """Neither by the document nor by its record."""
    own = tmp_path / "matter.md"
    own.write_bytes(SEED.read_bytes())
    result = run("draft", own, "--to", own)
    assert result.exit_code == 2
    assert own.read_bytes() == SEED.read_bytes()


# --- one analysis -------------------------------------------------------------------------------------------


def test_draft_and_memorandum_agree_on_what_is_far_from_applying(assessor: Assessor) -> None:
    """While the conclusion is open, a consequence that waits on more than it is listed by title in both."""
    found = reading.read(ROOT / "cases" / "au-land" / "rulings" / "1012374807662.yaml")
    assessment = assessor.assess(assessor.matter(found))
    document = make.make(assessment, found, caprev.home("rules"), "md").document
    (argument,) = caprev.arguments(assessment)
    groups = next(section for section in argument.tree().children if section.kind == "following").children
    told = [reason for group in groups for reason in group.children if reason.kind == "consequence"]
    in_full = {block.rule for block in document.blocks if isinstance(block, Paragraph)}
    listed = {item.rule for block in document.blocks if isinstance(block, Listing) for item in walk(block.items)}
    assert sum(reason.detail for reason in told) > 20
    for reason in told:
        assert reason.rule in (listed if reason.detail else in_full)
        assert reason.rule not in (in_full if reason.detail else listed)


def test_what_a_factor_rests_on_is_looked_up_once(assessor: Assessor, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a document asks: at most once for each factor of a parcel, memorandum and draft together."""
    found = reading.read(SEED)
    assessment = assessor.assess(assessor.matter(found))
    asked: list[object] = []
    look = conditions.resting_on

    def counted(condition: conditions.Condition, known: dict[str, bool]) -> object:
        asked.append(condition)
        return look(condition, known)

    monkeypatch.setattr("caprev.reasoning.analysis.conditions.resting_on", counted)
    whole = {id(condition) for name, condition in assessor.book.conditions.items() if name in assessor.book.factors}
    caprev.explain(assessment)
    make.make(assessment, found, caprev.home("rules"), "md")
    make.make(assessment, found, caprev.home("rules"), "md", "advice")
    times = Counter(id(condition) for condition in asked if id(condition) in whole)
    assert times
    assert max(times.values()) == 1


# --- further questions, and questions in the matter's own words ---------------------------------------------


def test_a_draft_answers_gst_with_its_reason_and_names_the_rule_once(assessor: Assessor) -> None:
    """Yes or no stands first in its group with the rule that gives it; the rule is not told again below."""
    made = drafted(assessor, reading.read(ROOT / "cases" / "au-land" / "examples" / "bought-to-develop.yaml"))
    text = words_of(made.document, "attachments")
    assert "Is the land sold in the course of an enterprise? Yes. What makes the profit income" in text
    assert text.count("What makes the profit income") == 1
    assert "Is the sale a taxable supply? Undetermined. To be known first: Are you registered for GST" in text


def test_yes_is_never_said_to_a_question_that_asks_the_opposite(assessor: Assessor) -> None:
    """A question in words that speak of something else is put again as the one that is answered."""
    found = base(matter={"questions": [{"asks": "ordinary_income", "text": "Is the whole profit CGT?"}]})
    questions = words_of(drafted(assessor, given(found)).document, "questions")
    assert "Is the whole profit CGT? This is answered as the question: Will any part of the proceeds" in questions
    found["matter"]["questions"][0]["text"] = "Is the profit ordinary income?"
    questions = words_of(drafted(assessor, given(found)).document, "questions")
    assert "This is answered as" not in questions


# --- letters ------------------------------------------------------------------------------------------------


def test_a_letter_asks_an_applicant_for_what_is_missing(assessor: Assessor) -> None:
    """What could move the answer first, with the papers that would show it; then what was told only in part."""
    document = drafted(assessor, reading.read(SEED), template="information").document
    asked, confirm = words_of(document, "asked"), words_of(document, "confirm")
    assert "Who arranged finance?" in confirm
    assert "Papers that would show it: " in asked
    assert "Please reply by" in words_of(document, "closing")
    assert not re.search(r"\bthe owner\b|[a-z]+\.[a-z]+_", words_of(document, "asked"))


def test_a_questionnaire_names_what_each_answer_is(assessor: Assessor) -> None:
    """Questions in words, a place for every answer, and the name under which it comes back."""
    document = drafted(assessor, reading.read(EXAMPLES[0]), template="questionnaire").document
    rows = [row for block in document.blocks if isinstance(block, Table) for row in block.rows if len(row) == 4]
    names = [name for block in document.blocks if isinstance(block, Table) for name in block.rules]
    assert len(names) > 5
    assert set(names) <= set(assessor.book.vocabulary.facts)
    for name, (_, asked, answer, known) in zip(names, rows, strict=True):
        assert plain(asked).endswith(f"[{name}]")
        places = [inline for inline in answer if isinstance(inline, Blank)]
        assert places
        assert all(place.name.endswith(name) or place.tick for place in places)
        assert [inline.name for inline in known if isinstance(inline, Blank)] == [f"how {name}"]
