"""What of a matter may be published: nothing that a person typed, but for the free text that a document shows, edited.

An edited document is made from this and from nothing else, so that no template, format or move can show a source, a
note, a title or an id, whatever it prints: they are not there. Numbers and dates keep their values, on which the
conclusion rests, and are told by their placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from caprev.documents.drafts.questions import own
from caprev.documents.edited.editor import Editor, alpha
from caprev.documents.words.phrases import Phrases
from caprev.documents.words.sentences import Sentences
from caprev.facts.matter import Given, Matter, Parcel
from caprev.files.reading import Source
from caprev.reasoning.analysis import Assessment

NOTHING = Source("", None, "")
"""The file of what is published: none, as what was written in it is not published."""
_NOT_USUAL = "not a usual question"


def published(assessment: Assessment, found: Source, editor: Editor) -> Matter:
    """The same matter as it may be published, to be assessed anew. Raises BadInput for questions that are none."""
    parcels = tuple(_parcel(c.parcel, index, editor) for index, c in enumerate(assessment.conclusions))
    # What the facts hide comes first in the order of placeholders, in the order in which documents state it.
    for parcel in parcels:
        _state(parcel, editor)
    return Matter("", _about(assessment, found, editor), parcels, assessment.as_at, (), "")


def _parcel(parcel: Parcel, index: int, editor: Editor) -> Parcel:
    facts = {name: _given(given, editor) for name, given in parcel.facts.items()}
    return Parcel(alpha(index), "", facts)


def _given(given: Given, editor: Editor) -> Given:
    return replace(given, source=_kind_of_source(given.source, editor.phrases), note="", mask=editor)


def _kind_of_source(source: str, phrases: Phrases) -> str:
    """The rulebook's word for the kind of paper that a source is, on which the telling of a fact depends."""
    kinds = map(str, phrases.table("facts.agreement_when").get("source_has", ()))
    return next((kind for kind in kinds if kind in source.lower()), "")


def _state(parcel: Parcel, editor: Editor) -> None:
    sentences = Sentences(editor.phrases, parcel.facts)
    for name in editor.phrases.book.vocabulary.facts:
        given = parcel.facts.get(name)
        if given and given.at:
            sentences.sentence(replace(given, knowledge=given.written or given.knowledge))


def _about(assessment: Assessment, found: Source, editor: Editor) -> Mapping[str, Any]:
    """The free text that documents show: period, scheme, and questions that have no usual wording."""
    about, done = assessment.matter.about, dict[str, Any]()
    asked = own(assessment, found, editor.phrases)
    if asked:
        done["questions"] = [
            {"asks": kind} if kind else {"asks": _NOT_USUAL, "text": editor.text(text)} for text, kind in asked
        ]
    periods = about.get("period") or []
    done["period"] = [editor.text(str(text)) for text in (periods if isinstance(periods, list) else [periods])]
    stated = about.get("statements") or []
    done["statements"] = [editor.text(str(text)) for text in (stated if isinstance(stated, list) else [stated])]
    done["scheme"] = editor.text(str(about.get("scheme") or ""))
    return done
