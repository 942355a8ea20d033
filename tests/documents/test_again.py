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
from caprev.files import reading

ROOT = Path(__file__).resolve().parents[2]
TWO = ROOT / "cases" / "au-land" / "examples" / "two-parcels.yaml"
RULING, MEMORANDUM = 0.1, 0.18  # of runs of six words; told in full of each parcel it was 0.2 and 0.27


def told(blocks) -> set[str]:
    """What blocks say, item by item."""
    found = set()
    for block in blocks:
        rows = walk(block.items) if isinstance(block, Listing) else [block]
        found |= {re.sub(r"^\d+\. ", "", plain(row.inlines)) for row in rows}
    return found


def test_a_memorandum_on_two_parcels_says_once_what_is_so_of_both(assessor):
    """Nothing is lost by it: whatever is said of a parcel by itself stands somewhere in the whole."""
    assessment = assessor.assess(assessor.read(TWO))
    whole = memorandum.render(assessment, arguments(assessment))
    flat = " ".join(whole.split())
    for analysis in assessment.analyses:
        alone = replace(assessment, conclusions=(analysis.conclusion,))
        for part in memorandum.short(alone, [Argument(replace(analysis, assessment=assessment))]).parts:
            lost = {text for text in map(" ".join, map(str.split, told(part.blocks))) if text not in flat}
            assert {text for text in lost if "as told above" not in flat or "for " not in text[:40]} == set()
    assert "As for parcel stage-1: " in flat
    short = memorandum.short(assessment, arguments(assessment))
    assert prose.repeated([text for text, is_prose in prose._texts(short) if is_prose]) < MEMORANDUM


def test_a_ruling_on_two_parcels_refers_back(assessor):
    """A matter weighed alike on the same facts is not weighed again, and every matter is still dealt with."""
    found = reading.read(TWO)
    made = make.make(assessor.assess(assessor.matter(found)), found, ROOT / "rules" / "au-land", "md")
    reasons = " ".join(text for text, _ in prose._texts(prose.proper(made.document, "ruling")))
    assert "what was said of parcel stage-1 (Nine vacant lots) holds here too" in reasons
    assert all(check.ok or "matter" not in check.name for check in made.checks if "addressed" in check.found.lower())
    texts = [text for text, is_prose in prose._texts(prose.proper(made.document, "ruling")) if is_prose]
    assert prose.repeated(texts) < RULING


def test_every_factor_has_words_of_its_own(assessor):
    """A factor that is told by its own text reads as a rule, not as a ground of this matter."""
    assert not [name for name in assessor.book.factors if name not in assessor.book.words.factors]
