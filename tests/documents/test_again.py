"""What holds of several parcels alike is told once, and what differs is told of each."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from bench import prose
from caprev.argument.tree import Argument, arguments
from caprev.documents.content.model import Listing, plain, walk
from caprev.documents.drafts import make
from caprev.documents.reports import memorandum
from caprev.documents.words.grounds import Grounds
from caprev.files import reading

ROOT = Path(__file__).resolve().parents[2]
TWO = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"
RULING, MEMORANDUM = 0.02, 0.02  # of runs of six words; told in full of each parcel it was 0.2 and 0.27


def told(blocks) -> set[str]:
    """What blocks say, item by item."""
    found = set()
    for block in blocks:
        rows = walk(block.items) if isinstance(block, Listing) else [block]
        found |= {re.sub(r"^\d+\. ", "", plain(row.inlines)) for row in rows}
    return found


def test_a_memorandum_on_two_parcels_says_once_what_is_so_of_both(assessor):
    """Nothing is lost by it: every ground, matter, finding, case, question and consequence of a parcel by itself stands
    somewhere in the whole, and what is found of the second in the words of the first refers to it."""
    assessment = assessor.assess(assessor.read(TWO))
    flat = " ".join(memorandum.render(assessment, arguments(assessment)).split())
    low = flat.lower()
    for analysis in assessment.analyses:
        book, grounds = assessment.rulebook, Grounds(analysis)
        alone = memorandum.short(
            replace(assessment, conclusions=(analysis.conclusion,)),
            [Argument(replace(analysis, assessment=assessment))],
        )
        says = " ".join(text for text, _ in prose._texts(alone)).lower()
        for name, state in analysis.conclusion.states.items():
            if state == "met" and (clause := grounds.clause(name).lower()) in says:
                assert clause in low, name
        for node in book.nodes.values():
            found = grounds.finding(node.id, analysis.conclusion.findings[node.id].state).lower().rstrip(".")
            assert node.title.lower() not in says or node.title.lower() in low
            assert found not in says or found in low, node.id
        for text in (text for part in alone.parts[-4:] for text in told(part.blocks)):
            bare = re.sub(r" \[.*\]\.?$| \([a-z, ]+\)\.?$|\.$|^(- )?\([a-z]\) ", "", " ".join(text.split()))
            bare = bare.rpartition(" Taken together ")[2].partition(" It would rest on ")[0]  # on grounds as above
            assert bare in flat or "above" in bare or "questions" in bare, bare
    assert "As for parcel stage-1: " in flat
    assert "what was said of parcel stage-1 holds here too" in flat
    short = memorandum.short(assessment, arguments(assessment))
    assert prose.repeated([text for text, is_prose in prose._texts(short) if is_prose]) < MEMORANDUM


def test_a_ruling_on_two_parcels_refers_back(assessor):
    """A matter weighed alike on the same facts is not weighed again, and every matter is still dealt with."""
    found = reading.read(TWO)
    made = make.make(assessor.assess(assessor.matter(found)), found, ROOT / "rules" / "au-land", "md")
    reasons = " ".join(text for text, _ in prose._texts(prose.proper(made.document, "ruling")))
    assert "what was said of parcel stage-1 holds here too" in reasons
    assert all(check.ok or "matter" not in check.name for check in made.checks if "addressed" in check.found.lower())
    texts = [text for text, is_prose in prose._texts(prose.proper(made.document, "ruling")) if is_prose]
    assert prose.repeated(texts) < RULING


def test_every_factor_has_words_of_its_own(assessor):
    """A factor that is told by its own text reads as a rule, not as a ground of this matter."""
    assert not [name for name in assessor.book.factors if name not in assessor.book.words.factors]


def test_what_a_ground_is_called_again_is_short(assessor):
    """A name of six words, met wherever its ground is weighed again, reads as the same sentence over and over."""
    long = [name for name, words in assessor.book.words.factors.items() if len(words.short.split()) > 5]
    assert not long
