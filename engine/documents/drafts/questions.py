"""The questions of a document and their answers: those the matter asks, or the usual ones that its facts call for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from caprev.documents.content.model import Inline, Run
from caprev.documents.drafts.material import Group, Material
from caprev.documents.drafts.writer import Filling, Writer
from caprev.documents.words.phrases import Phrases
from caprev.documents.words.wordings import Addition, Question, Reply
from caprev.errors import BadInput, Problem
from caprev.files.reading import Source
from caprev.reasoning.analysis import Assessment

T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """One question: its number, the matter's own words for it if any, and the usual question it is, if it is one.

    `restated`: its own words do not speak of the usual question that it is answered as, so that yes to one may be no
    to the other; both are then put.
    """

    number: int
    text: str
    kind: str
    question: Question | None
    restated: bool = False

    def reply(self, phrases: Phrases, group: Group, because: str = "") -> Reply:
        """The answer for parcels of one outcome; `because` stands in the place of what it says besides yes or no."""
        if self.question is None:
            return Reply(answer=phrases("questions.unknown.answer"))
        found = _by_outcome(self.question.answers, group) or Reply(answer=phrases("questions.unknown.answer"))
        says = " ".join([because or found.says, *(added.answer for added in self._added(phrases, group))]).strip()
        return found.model_copy(update={"says": says})

    def conclusion(self, phrases: Phrases, group: Group) -> str:
        """The conclusion for parcels of one outcome."""
        found = _by_outcome(self.question.conclusions, group) if self.question else None
        text = found or phrases("questions.unknown.conclusion")
        return " ".join([text, *(added.conclusion for added in self._added(phrases, group))])

    def _added(self, phrases: Phrases, group: Group) -> list[Addition]:
        known = group.first.parcel.known
        adds = self.question.adds if self.question else ()
        return [added for added in adds if added.outcome in group.outcome and phrases.holds(added.when, known)]


def asked(material: Material) -> list[Asked]:
    """The questions in their order. Raises BadInput if the matter's own are not questions."""
    phrases = material.phrases
    found = own(material.assessment, material.found, phrases)
    if found:
        return [
            Asked(index, text, kind, phrases.questions.get(kind), bool(text) and _kind(phrases, "", text) != kind)
            for index, (text, kind) in enumerate(found, 1)
        ]
    usual = [
        name
        for name in map(str, phrases.listed("questions.usual"))
        if any(phrases.holds(phrases.questions[name].when, g.parcel.known) for g in material.analyses)
    ]
    return [Asked(index + 1, "", name, phrases.questions[name]) for index, name in enumerate(usual)]


def put(writer: Writer, question: Asked, sold: Filling) -> tuple[Inline, ...]:
    """A question in the matter's own words, or in the usual ones."""
    if question.question is not None and question.restated:
        usual = writer.text(question.question.text, object=sold)
        lead = Run(f" {writer.phrases('questions.restated')} ", italic=True, law=True)
        return (Run(question.text), lead, *usual)
    if question.text or question.question is None:
        return (Run(question.text),)
    return writer.text(question.question.text, object=sold)


def own(assessment: Assessment, source: Source, phrases: Phrases) -> list[tuple[str, str]]:
    """The matter's own questions: the words of each, and which usual question it is, if it is one. Raises BadInput."""
    done = []
    for entry in _entries(assessment, source):
        text = " ".join(str(entry.get("text") or "").split())
        done.append((text, _kind(phrases, str(entry.get("asks") or ""), text)))
    return done


def _entries(assessment: Assessment, source: Source) -> list[Mapping[str, Any]]:
    found = assessment.matter.about.get("questions")
    if found in (None, "", []):
        return []
    entries = [found] if isinstance(found, str) else found
    if not isinstance(entries, list) or not all(isinstance(entry, str | dict) for entry in entries):
        raise BadInput(
            Problem(
                "is not a list of questions",
                source.file,
                source.line(("matter", "questions")),
                "matter.questions",
                "a list of {id, asks, text}",
            )
        )
    return [{"text": entry} if isinstance(entry, str) else entry for entry in entries]


def _kind(phrases: Phrases, asks: str, text: str) -> str:
    """The usual question that is asked: by name, by another name for it, or by what its text speaks of."""
    asks = str(phrases.table("questions.aliases").get(asks, asks))
    if asks in phrases.questions:
        return asks
    if asks:
        return ""
    lowered = text.lower()
    # The longest hint is the most particular one.
    found = [
        (len(hint), name)
        for name, question in phrases.questions.items()
        for hint in question.hints
        if hint.lower() in lowered
    ]
    return max(found, key=lambda item: item[0])[1] if found else ""


def _by_outcome(table: Mapping[str, T], group: Group) -> T | None:
    return next((table[key] for key in group.outcome if key in table), None)


def subject(material: Material) -> str:
    """The subject line: the matter's own title, or one that its facts call for."""
    phrases = material.phrases
    title = " ".join(str(material.assessment.matter.about.get("title") or "").split())
    if not title:
        title = phrases.first("questions.subjects", material.known, "questions.subject_otherwise")
    return title + phrases("questions.subject_tail")


def sold(material: Material, group: Group | None = None) -> str:
    """What is sold, in words: the lots, the land; of one group of parcels, or what fits all of them."""
    of = group.members if group else material.analyses
    phrases = material.phrases
    found = {phrases.first("questions.objects", item.parcel.known, "questions.otherwise") for item in of}
    return found.pop() if len(found) == 1 else phrases("questions.otherwise")
