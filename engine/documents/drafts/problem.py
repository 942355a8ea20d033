"""A matter of one's own as an exercise: the facts as a story to advise on; for the trainer a model answer and marks.

Made from what may be published of the matter: names, dates and amounts are hidden as an edited version hides them, and
counts stay, since without them nobody could answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from caprev.documents.content.model import Document, Item, Listing, Paragraph, Run, Table, law_run
from caprev.documents.drafts.facts import state_facts
from caprev.documents.drafts.material import Group, Material
from caprev.documents.drafts.writer import Writer
from caprev.documents.edited.editor import Editor
from caprev.documents.words import grounds as composing
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.documents.words.grounds import Grounds, listed
from caprev.documents.words.sentences import ask
from caprev.facts.vocabulary import Fact, worded
from caprev.law import citations
from caprev.reasoning.analysis import Analysis

ANSWER, ROUTE, ISSUE, STRONG, GROUND, CASE, OPEN = 4, 2, 2, 2, 1, 2, 1
_FOR, _AGAINST, _OPEN = 6, 3, 3  # grounds each way, and open facts, for which there are marks


class Anonymous(Editor):
    """Hides what could identify, and shows how many."""

    def tells(self, fact: Fact) -> bool:
        """A count or a measure is told as it is; an amount of money by its placeholder."""
        return fact.type != "date" and not fact.currency


@dataclass(frozen=True)
class Mark:
    """What earns points, how many, and by which authority."""

    what: str
    points: int
    authority: str = ""


def sheets(material: Material) -> tuple[Document, Document]:
    """The handout, and the answers."""
    marks = {group.outcome: list(_marks(material, group)) for group in material.groups}
    most = sum(mark.points for rows in marks.values() for mark in rows)
    return _handout(material, most), _answers(material, marks, most)


def _handout(material: Material, most: int) -> Document:
    writer, book = Writer(material.phrases, comments=False), material.book
    writer.paragraph(
        "The facts are those of a real matter. Names, dates and amounts are hidden; what is not told is not known."
    )
    writer.heading(1, "Facts")
    state_facts(writer, material)
    writer.heading(1, "Questions")
    issues = [second_person(node.question) for node in book.nodes.values() if node.kind == "issue"]
    sides = upper_first(" or ".join(map(worded, book.sides.ids)))
    questions = [
        f"{sides}? Say by which route, and give your reasons.",
        f"Take each of these in turn, with the rule and its authority: {' '.join(issues)}",
        "What is the best argument for the other side, and on which decided case would it rest?",
        "Which facts that you are not told would you ask for first, and what could they change?",
    ]
    writer.add(Listing(tuple(Item(law_run(text)) for text in questions), start=1))
    writer.paragraph(f"{most} marks in all.")
    writer.paragraph(book.pack.disclaimer, "disclaimer")
    writer.part("handout")
    return writer.finish("Exercise: advise on these facts", "Exercise", material.assessment.as_at, "")


def _answers(material: Material, marks: dict[tuple[str, ...], list[Mark]], most: int) -> Document:
    writer = Writer(material.phrases, comments=False)
    writer.paragraph(
        "The model answer is what the rules make of these facts. No court has decided the matter: a reasoned answer "
        "that goes the other way earns the marks for what it deals with."
    )
    for group in material.groups:
        if len(material.groups) > 1:
            writer.heading(1, upper_first(material.titles(group.members)))
        writer.heading(2, "A model answer")
        for text in _model(material, group.first):
            writer.add(Paragraph(law_run(text)))
        writer.heading(2, "Marks")
        rows = [(mark.what, mark.authority, f"{mark.points}") for mark in marks[group.outcome]]
        shown = tuple(tuple((Run(cell, law=True),) for cell in row) for row in rows)
        writer.add(Table("", ("For saying that", "Authority", "Marks"), shown, (62, 28, 10), "marks"))
    writer.paragraph(f"{most} marks in all. Half of a mark's points for a ground without its facts or its authority.")
    writer.paragraph(material.book.pack.disclaimer, "disclaimer")
    writer.part("answers")
    return writer.finish("Answers: advise on these facts", "Answers", material.assessment.as_at, "")


def _sides(analysis: Analysis) -> tuple[list[str], list[str]]:
    """The grounds that carry the conclusion, and those that stand against it."""
    book, concluded = analysis.book, analysis.conclusion
    met = [name for name, state in concluded.states.items() if state == "met" and name in concluded.weigher.active]
    side = concluded.characterisation
    if side == "undetermined":
        side = book.sides.other(analysis.against.side)
    mine = [name for name in met if book.factors[name].favours == side]
    other = [name for name in met if book.factors[name].favours not in (side, "neutral")]
    grounds = Grounds(analysis)
    return grounds.distinct(mine, _FOR, 1), grounds.distinct(other, _AGAINST, 1)


def _model(material: Material, analysis: Analysis) -> Iterator[str]:
    """The answer in prose: what is concluded, each issue, why, what is against it, the cases, what is open."""
    book, concluded, grounds = material.book, analysis.conclusion, Grounds(analysis)
    yield concluded.outcome.says.strip() if concluded.outcome else material.phrases("advice.undetermined")
    mine, other = _sides(analysis)

    def told(names: Sequence[str]) -> str:
        tails = [f" ({where})" if (where := _where(material, analysis, name)) else "" for name in names]
        return " ".join(composing.sentences([grounds.clause(name) for name in names], book.words.subjects, tails))

    if mine:
        yield told(mine)
    if other:
        yield f"Against that, {lower_first(told(other))}"
    found = []
    for node in (node for node in book.nodes.values() if node.kind == "issue" and not node.none):
        cited = "; ".join(citations.short(book, item) for item in node.authority)
        found.append(f"{grounds.finding(node.id, concluded.findings[node.id].state)} [{cited}]")
    yield " ".join(found)
    for pole in book.sides.ids:
        closest = analysis.closest(pole)
        if closest:
            shared = grounds.distinct(closest.of("shared") or closest.told, 3)
            names = listed([grounds.short(name) for name in shared])
            common = f" It has in common with these facts {names}." if names else ""
            name = citations.full(book, closest.case.authority)
            yield f"Nearest for {worded(pole)} is {name}. {closest.case.ratio.strip()}{common}"
    asked = _open(material, analysis)
    if asked:
        yield f"Not told, and able to change the answer: {' '.join(asked)}"


def _where(material: Material, analysis: Analysis, name: str) -> str:
    return material.refer(analysis.parcel.id, material.resting(analysis, name))


def _open(material: Material, analysis: Analysis) -> list[str]:
    """The facts to ask for first."""
    items = [item for item in analysis.telling if item.effect.telling] or list(analysis.missing)
    return [ask(material.book.vocabulary[item.fact].ask) for item in items[:_OPEN]]


def _marks(material: Material, group: Group) -> Iterator[Mark]:
    """What earns points on the parcels of one outcome."""
    analysis = group.first
    book, concluded, grounds = material.book, analysis.conclusion, Grounds(analysis)
    side = worded(concluded.characterisation)
    yield Mark(f"the answer is {side}", ANSWER)
    if concluded.route:
        yield Mark(f"the route is {worded(concluded.route)}", ROUTE)
    for node in (node for node in book.nodes.values() if node.kind == "issue" and not node.none):
        question = lower_first(second_person(node.question))
        yield Mark(f"it has to be asked: {question}", ISSUE, _cited(analysis, [node.id]))
    mine, other = _sides(analysis)
    for name in mine:
        strong = book.factors[name].strength in ("strong", "near_decisive")
        yield Mark(grounds.clause(name), STRONG if strong else GROUND, _cited(analysis, [], name))
    for name in other:
        yield Mark(f"against it: {grounds.clause(name)}", GROUND, _cited(analysis, [], name))
    for pole in book.sides.ids:
        closest = analysis.closest(pole)
        if closest:
            short = str(book.authorities[closest.case.authority].get("short") or closest.case.name)
            yield Mark(f"{short} is near, for {worded(pole)}, and how far it goes", CASE)
    for text in _open(material, analysis):
        yield Mark(f"it should be asked: {lower_first(text)}", OPEN)


def _cited(analysis: Analysis, nodes: Iterable[str], factor: str = "") -> str:
    book = analysis.book
    cited = [item for node in nodes for item in book.nodes[node].authority]
    cited += book.factors[factor].authority if factor else []
    return "; ".join(dict.fromkeys(citations.short(book, item) for item in cited[:2]))
