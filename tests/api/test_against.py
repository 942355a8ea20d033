"""A fact set held against the text it was taken from: quotations, what quotes nothing, what the text leaves to ask."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import caprev

Run = Callable[..., Result]
TEXT = """Statement of facts

1. Mrs Lee, a retired teacher, bought 18 hectares of rural land in April 1978 to run sheep. She had never
carried out a subdivision before.

2. In 2019 she listed the whole farm with a local agent for eight months. There was no offer, and she tried to sell the
whole again in 2021. She paid $1,200 for it.

3. Under clause 7 of the Development Agreement "the Manager shall do everything that is neces-
sary to obtain the approval, and the Owner shall have no part in the works".

4. The approval is for 24 lots; two are kept for her children. No money was borrowed for the project.
There is a business plan that the Manager prepared. She kept a separate bank account.
"""


def facts(quotation: str, fact: str = "involvement.level", value: Any = "none") -> dict[str, Any]:
    return {"facts": {fact: {"value": value, "source": f"Statement: {quotation}", "standing": "stated"}}}


@pytest.mark.parametrize(
    ("quotation", "line"),
    [
        ('"the Owner shall have no part in the works"', 10),
        ('"THE OWNER shall have\n no part, in the works."', 10),
        ("\u201cshall do everything that is necessary to obtain the approval\u201d", 9),
        ("\u00abretired teacher\u00bb", 3),
        ("'a retired teacher'", 3),
        ('"bought 18 hectares \u2026 to run sheep"', 3),
        ('"bought 18 hectares [of land] in April 1978"', 3),
        ('"bought 18 hectares [...] in April 1978"', 3),
        ('"paid $1200 for it"', 7),
        ('"to run sheep ... bought 18 hectares"', 0),
        ('"the owner shall have a part in the works"', 0),
        ('"art in the works"', 0),
        ('"\u2026"', 0),
    ],
)
def test_a_quotation_is_found_by_its_words(quotation: str, line: int) -> None:
    """Case, marks, line ends and what is left out say nothing; another word, half a word or another order does."""
    found = caprev.check(facts(quotation), TEXT)
    assert [quote.line for quote in found.quotes] == [line]


def test_what_is_not_there_is_shown_beside_what_is_nearest() -> None:
    """So that a slip of the pen is told from an invention."""
    slip = caprev.check(facts('"the Manager must do everything that is necessary to obtain the approval"'), TEXT)
    assert slip.astray[0].nearest.startswith("line 9: the Manager shall do everything that is necessary to obtain")
    invented = caprev.check(facts('"the Owner directed the builders day by day"'), TEXT)
    assert invented.astray[0].nearest == ""


def test_a_fact_without_a_quotation_is_named_with_its_source() -> None:
    """A reference is no quotation, and an apostrophe opens none; what follows from other facts asks for none."""
    given = {"facts": {
        "taxpayer.kind": "individual",
        "involvement.level": {"value": "none", "source": "The owners' agreement and the manager's letter, para 4"},
        "acquisition.date": 1978,
    }}  # fmt: skip
    found = caprev.check(given, TEXT)
    assert not found.quotes
    assert [(item.fact, item.source) for item in found.unquoted] == [
        ("taxpayer.kind", ""),
        ("involvement.level", "The owners' agreement and the manager's letter, para 4"),
        ("acquisition.date", ""),
    ]


def test_open_questions_that_the_text_seems_to_answer_are_proposed() -> None:
    """By the vocabulary's own words, with the passage; a question that is answered is not asked again."""
    found = {item.fact: item for item in caprev.check({"taxpayer": {"kind": "individual"}}, TEXT).proposals}
    assert found["decision.tried_to_sell_whole"].line == 6
    assert found["development.lots"].passage.startswith("The approval is for 24 lots")
    assert found["arrangement.kind"].value == "development_agreement"
    assert found["organisation.separate_account"].line == 13
    assert {"finance.borrowed", "organisation.business_plan", "taxpayer.retired"} <= set(found)
    assert not {"sales.date", "finance.security", "sales.pre_sales", "taxpayer.kind"} & set(found)
    known = caprev.check(facts("", "development.lots", 24), TEXT).proposals
    assert "development.lots" not in {item.fact for item in known}


def test_a_text_about_something_else_answers_nothing() -> None:
    """Words that every text has are no answer."""
    text = (
        "The committee met in 2019. Three members of staff were thanked, and the minutes were kept with others.\n" * 3
    )
    assert not caprev.check({}, text).proposals


def test_parcels_that_share_a_fact_hold_it_once() -> None:
    """And a parcel's own is named with the parcel."""
    shared = facts('"a retired teacher"', "taxpayer.retired", True)
    own = {"facts": {"development.lots": {"value": 24, "source": '"24 lots"'}}}
    found = caprev.check({**shared, "parcels": [{"id": "a"}, {"id": "b", **own}]}, TEXT)
    assert [(quote.fact, quote.parcel) for quote in found.quotes] == [
        ("taxpayer.retired", "a"),
        ("development.lots", "b"),
    ]
    assert "development.lots" in {item.fact for item in found.proposals}  # not known of parcel a


def test_the_command_says_it_and_ends_with_1_where_a_quotation_is_not_there(run: Run, tmp_path: Path) -> None:
    """So that a script can tell; as JSON it is what Python gives."""
    (tmp_path / "text.txt").write_text(TEXT)
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(facts('"a retired teacher"', "taxpayer.retired", True)))
    bad.write_text(json.dumps(facts('"a retiring teacher"', "taxpayer.retired", True)))
    done = run("facts", "check", good, "--against", tmp_path / "text.txt")
    assert done.exit_code == 0
    assert "ok taxpayer.retired: line 3" in done.stdout
    done = run("facts", "check", bad, "--against", tmp_path / "text.txt")
    assert done.exit_code == 1
    assert "!! taxpayer.retired: not in the text" in done.stdout
    done = run("facts", "check", good, "--against", tmp_path / "text.txt", "--format", "json")
    assert json.loads(done.stdout) == caprev.check(good, TEXT).to_dict()
    done = run("facts", "check", good, "--against", tmp_path / "txt.txt")
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr
