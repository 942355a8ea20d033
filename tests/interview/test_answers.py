"""Answers as people give them are heard as they are meant, or asked back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from caprev.facts import phrases
from caprev.facts.answers import NO, YES, further, parse
from caprev.facts.knowledge import Subset
from caprev.facts.vocabulary import Fact

SAID: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "answers.yaml").read_text())
ANSWERS = [(fact, said, value) for fact, answers in SAID.items() for said, value in answers.items()]


@pytest.mark.parametrize(("fact", "said", "value"), ANSWERS)
def test_answers_as_people_give_them_are_heard(assessor, fact, said, value):
    """Synonyms, plurals, the question's own words; what does not answer is asked back and never guessed."""
    known = assessor.book.vocabulary[fact]
    if value == "asks back":
        with pytest.raises(ValueError, match=r"\w"):
            parse(known, said)
    else:
        assert parse(known, said).value == (None if value == "unknown" else value)


def test_there_are_two_hundred_answers():
    """Enough of them that a kind of fault shows."""
    assert len(ANSWERS) >= 200


def test_yes_and_no_never_name_a_value(assessor):
    """Where a question is not one of yes or no, a yes or a no is asked back."""
    for fact in assessor.book.vocabulary:
        for said in YES + NO if fact.type != "bool" else ():
            with pytest.raises(ValueError, match=r"\w"):
                parse(fact, said)


def test_a_synonym_of_two_values_is_refused():
    """Words that could mean two values of a fact would have to be guessed."""
    twice = Fact("a.b", "enum", ("one", "two"), "", "Which?", synonyms=(("one", ("homes",)), ("two", ("Home",))))
    assert phrases.clash(twice) == "has the synonym 'Home' for both one and two"
    name = Fact("a.b", "enum", ("one", "two"), "", "Which?", synonyms=(("one", ("two",)),))
    assert "both two and one" in phrases.clash(name)
    assert "synonyms of 'three'" in phrases.clash(
        Fact("a.b", "enum", ("one", "two"), "", "Which?", synonyms=(("three", ("x",)),))
    )


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("no", ["farming"]),
        ("No, that's all.", ["farming"]),
        ("nothing else", ["farming"]),
        ("that's it", ["farming"]),
        ("to live in", {"includes": ["main_residence", "farming"]}),
        ("home and rental", {"includes": ["main_residence", "farming", "rental"]}),
        ("not resale", {"includes": ["farming"], "excludes": ["resale"]}),
        ("no idea", None),
    ],
)
def test_what_is_said_to_anything_else_completes_or_adds(assessor, said, value):
    """A no is that nothing more belongs to the set; what is not known leaves it as it was."""
    purposes = assessor.book.vocabulary["acquisition.purposes"]
    answer = further(purposes, said, Subset(frozenset({"farming"}), frozenset()))
    assert (answer.value if answer else None) == value


def test_a_yes_to_anything_else_is_asked_back(assessor):
    """It says that there is more, and not what."""
    with pytest.raises(ValueError, match="leaves open which"):
        further(assessor.book.vocabulary["acquisition.purposes"], "yes", Subset(frozenset({"farming"}), frozenset()))
