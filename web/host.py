"""The engine as the desk uses it: one assessor for each body of law in this process, and what was worked out kept.

The only module here that knows `caprev`. Everything that it returns is data for pages; nothing of a page is here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import caprev
from caprev import record
from caprev.api import loading
from caprev.argument import open_points
from caprev.argument.tree import Argument
from caprev.documents.content import html as content_html
from caprev.documents.drafts import letters
from caprev.documents.reports import memorandum
from caprev.documents.words import phrases
from caprev.drawing import maps, svg
from caprev.errors import BadInput, Problem
from caprev.facts import answers
from caprev.facts.in_words import describe
from caprev.facts.knowledge import Knowledge
from caprev.facts.matter import Given, Matter
from caprev.facts.vocabulary import Fact, Vocabulary, worded
from caprev.files import reading, word
from caprev.files.reading import Source, textual
from caprev.interview import returned as filling
from caprev.law import citations, packs
from caprev.law.pack import Pack, Unit
from caprev.law.papers import Paper
from caprev.reasoning.analysis import Analysis, Assessment
from caprev.reasoning.assess import Assessor
from caprev.reasoning.sensitivity import Missing
from caprev.review import pages
from caprev.strict import book as books
from caprev.strict import matter as matters
from caprev.strict.book import Book

__all__ = ["BadInput", "Problem", "Standing", "Told", "assessed", "law", "read", "standing", "told", "vocabulary"]

KEPT = 64
"""Assessments that are kept in a process, the last used; one takes about 0.2 MB."""
SETS, FLIPS = 10, 25  # of answers that would settle it each way, and of changes, as many as a page tells
BEST = 3
"""How many reasons and questions are told beside the facts."""


@lru_cache
def strict(pack: str = "") -> bool:
    """Whether a body of law has strict rules only, for which pages do something of their own (see `web.strict`).

    Raises BadInput for one that there is not.
    """
    return packs.strict(packs.home("rules", packs.known(pack or packs.DEFAULT)))


@lru_cache(8)
def book(pack: str) -> Book:
    """The strict rules of a body of law, loaded once in a process. Raises BadInput."""
    return books.load(packs.home("rules", packs.known(pack)))


def events(pack: str = "") -> str:
    """The section of the facts of an event, where a body of law has events; else empty."""
    found = book(pack).pack.events if strict(pack) else None
    return found.section if found else ""


@lru_cache(1)
def tones() -> Mapping[str, str]:
    """How a side of any body of law is coloured: as the one `for` or the one `against`."""
    found: dict[str, str] = {}
    for name in packs.names():
        pack = packs.declared(name)
        if isinstance(pack, Pack):
            found |= {pack.sides.for_.id: "for", pack.sides.against.id: "against"}
    return found


@dataclass(frozen=True)
class Called:
    """The words of a body of law: what a matter may have several of, and where it weighs, what it concludes.

    `side` is the one that a probability is of, and `key` what data call that probability.
    """

    one: str
    many: str
    outcomes: tuple[str, ...] = ()
    side: str = ""
    key: str = ""


@lru_cache
def called(pack: str = "") -> Called:
    """What things are called under a body of law."""
    if strict(pack):
        parts = book(pack).pack.events or Unit()
        return Called(parts.one, parts.many)
    said = law(pack).book.pack
    return Called(said.unit.one, said.unit.many, said.sides.conclusions, worded(said.sides.for_.id), said.sides.key)


def documents(pack: str = "") -> Mapping[str, Paper]:
    """What can be written under a body of law, by name."""
    return (book(pack) if strict(pack) else law(pack).book).pack.documents


def law(pack: str = "") -> Assessor:
    """The assessor of a body of law, loaded once in a process. Raises BadInput for one that there is not."""
    found = loading.law(pack)
    _ = found.cases  # read with the rules, at the first call, so that no later one waits for them
    return found


def vocabulary(pack: str = "") -> Vocabulary:
    """Which facts a body of law knows."""
    return book(pack).vocabulary if strict(pack) else law(pack).book.vocabulary


@dataclass(frozen=True)
class Told:
    """What is wrong, in words, and the facts at which it is to be shown."""

    says: str
    facts: tuple[str, ...] = ()
    line: int = 0

    def as_data(self) -> dict[str, Any]:
        """As the database keeps it."""
        return {"says": self.says, "facts": list(self.facts)}


_NAME = re.compile(r"\b[a-z_]+\.[a-z_]+\b")


def told(problem: Problem, lines: bool = True) -> Told:
    """A problem for a page. A contradiction is shown at every fact that has a part in it; without
    `lines` for facts that stand in no file."""
    what = problem.what if lines else re.sub(r" \(line \d+\)", "", problem.what)
    facts = dict.fromkeys([problem.subject, *_NAME.findall(what.partition(":")[0])])
    text = str(Problem(what, "", 0, problem.subject, problem.allowed, problem.fix))
    line = problem.line if lines else 0
    return Told(f"Line {line}: {text}" if line else text, tuple(filter(None, facts)), line)


@dataclass(frozen=True)
class Read:
    """A fact set as the engine reads it: the matter (under strict rules, one of events), or what is wrong with it."""

    source: Source | None
    matter: Any
    problems: tuple[Told, ...] = ()


@lru_cache(KEPT)
def read(text: str, name: str = "fact set", pack: str = "", lines: bool = False) -> Read:
    """A fact set from text (YAML or JSON). Never raises: what is wrong with it is told."""
    source = None
    try:
        source = reading.parse(text, name)
        name = pack or packs.told(source.data)
        return Read(source, matters.read(source, book(name)) if strict(name) else law(name).matter(source))
    except BadInput as error:
        return Read(source, None, tuple(told(problem, lines) for problem in error.problems))


@lru_cache(KEPT)
def assessed(text: str, position: str = "", pack: str = "") -> Assessment:
    """A fact set assessed; the same facts under the same law are assessed once. Raises BadInput."""
    found = read(text, pack=pack)
    assessor = law(pack or packs.told(found.source.data if found.source else None))
    # What cannot be read is read again, for its problems as the engine has them.
    matter = found.matter or assessor.matter(reading.parse(text, "fact set"))
    return assessor.assess(matter, position)


def law_hash(pack: str = "") -> str:
    """The hash of every file of the rulebook."""
    return book(pack).sha256 if strict(pack) else law(pack).book.sha256


# --- what is told of a conclusion ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ground:
    """A factor that is met: what it says, its authority in short, and the facts that it rests on."""

    id: str
    text: str
    authority: str
    strength: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A fact that is not known and could change the conclusion."""

    fact: str
    ask: str
    effect: str
    low: float
    high: float
    evidence: str
    telling: bool
    partly: bool
    moves: bool
    parcel: str = ""


@dataclass(frozen=True)
class Side:
    """One side of the question and its best reasons."""

    id: str
    word: str
    grounds: tuple[Ground, ...]
    more: int


@dataclass(frozen=True)
class Standing:
    """Where one parcel stands: the conclusion, the best reasons each way, what could most change it."""

    parcel: str
    title: str
    characterisation: str
    strength: str
    probability: float
    balance: float
    low: float
    high: float
    robust: bool
    says: str
    notes: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    questions: tuple[Question, ...] = ()
    open: int = 0
    side: str = ""

    @property
    def headline(self) -> str:
        """The conclusion in two or three words."""
        return headline(self.characterisation, self.strength)

    def as_data(self) -> dict[str, Any]:
        """What a list of matters shows of it, as the database keeps it."""
        kept = ("parcel", "title", "characterisation", "strength", "probability", "robust", "says", "side")
        return {name: getattr(self, name) for name in kept} | {"headline": self.headline}


def headline(characterisation: str, strength: str) -> str:
    """A conclusion as it is headed: `Capital, strong`; one that is open has no strength."""
    if characterisation == "undetermined":
        return "Undetermined"
    return f"{characterisation.capitalize()}, {worded(strength)}"


@lru_cache(KEPT)
def standing(text: str, position: str = "", pack: str = "") -> tuple[Standing, ...]:
    """Where every parcel stands; for the same facts under the same law told once. Raises BadInput."""
    return tuple(map(_standing, assessed(text, position, pack).analyses))


@lru_cache(KEPT)
def open_questions(text: str, position: str = "", pack: str = "") -> tuple[tuple[str, tuple[Question, ...]], ...]:
    """What is asked for each parcel, by its id: facts not known that could change its conclusion. Raises BadInput."""
    found = assessed(text, position, pack).analyses
    return tuple(
        (analysis.parcel.id, tuple(question(item) for item in analysis.missing if not item.idle)) for analysis in found
    )


def _standing(analysis: Analysis) -> Standing:
    c, book = analysis.conclusion, analysis.book
    named = len(analysis.assessment.matter.parcels) > 1
    met = [name for name, state in c.states.items() if state == "met" and name in c.weigher.active]
    sides = []
    for pole in (book.sides.against, book.sides.for_):
        best = book.strongest(name for name in met if book.factors[name].favours == pole.id)
        grounds = tuple(_ground(analysis, name) for name in best[:BEST])
        sides.append(Side(pole.id, worded(pole.id), grounds, len(best) - len(grounds)))
    asks = sorted((item for item in analysis.missing if not item.idle), key=lambda item: not item.moves)
    # The conclusion is told in the words of the reasons, so that page and document say the same.
    argument = Argument(analysis)
    says = " ".join((argument.says, *open_points.foremost(argument.grounds)))
    return Standing(
        c.parcel.id if named else "",
        (c.parcel.title or c.parcel.id) if named else "",
        c.characterisation,
        c.strength,
        c.probability,
        c.balance,
        c.low,
        c.high,
        c.robust,
        says,
        (),
        tuple(sides),
        tuple(map(question, asks[:BEST])),
        len(asks),
        worded(book.sides.for_.id),
    )


def _ground(analysis: Analysis, name: str) -> Ground:
    factor = analysis.book.factors[name]
    authority = "; ".join(citations.short(analysis.book, cited) for cited in factor.authority[:1])
    facts = tuple(given.fact.name for given in analysis.rests_on(name))
    return Ground(name, analysis.told(name), authority, worded(factor.strength), facts)


def question(item: Missing) -> Question:
    """A missing fact as a page tells it."""
    effect = item.effect.words if item.moves else "could matter together with others"
    return Question(
        item.fact,
        item.ask,
        effect,
        low=item.low,
        high=item.high,
        evidence=item.evidence,
        telling=item.effect.telling,
        partly=item.partly,
        moves=item.moves,
    )


# --- values in words -------------------------------------------------------------------------------------------


def in_words(fact: Fact, value: Any) -> str:
    """A written value in words; text that the fact cannot have is shown as it is."""
    if value is None:
        return ""
    try:
        knowledge = fact.read(textual(value))
    except ValueError:
        return str(value)
    return "not known" if knowledge == fact.unknown else describe(Given(fact, knowledge))


def knowledge(fact: Fact, value: Any) -> Knowledge:
    """What a written value says. Raises ValueError with what is wrong."""
    return fact.read(textual(value))


@dataclass(frozen=True)
class Derived:
    """What follows from other facts: in words, from which, and why."""

    words: str
    rests_on: tuple[str, ...]
    reason: str


def derived(matter: Matter, parcel: str = "") -> Mapping[str, Derived]:
    """The facts of a parcel that follow from others, by name."""
    chosen = next((item for item in matter.parcels if item.id == parcel), matter.parcels[0])
    return {
        name: Derived(describe(given), given.derived_from, given.reason)
        for name, given in chosen.facts.items()
        if given.derived_from and name in law_facts(matter)
    }


def law_facts(matter: Matter) -> Iterable[str]:
    """The names of the facts that the matter's vocabulary has."""
    return vocabulary(str(matter.about.get("pack") or "")).facts


@dataclass(frozen=True)
class Example:
    """A fact set that is shipped, to start from; `body` is what its body of law is called."""

    id: str
    title: str
    body: str
    text: str = field(repr=False)


@lru_cache
def examples() -> tuple[Example, ...]:
    """The examples of every body of law."""
    found = []
    for name, body in bodies():
        for path in sorted((packs.home("cases", name) / "examples").glob("*.yaml")):
            source = reading.read(path)
            about = source.data.get("matter") if isinstance(source.data, dict) else None
            title = str(about.get("title") or path.stem) if isinstance(about, dict) else path.stem
            found.append(Example(f"{name}/{path.stem}", title, body, source.text))
    return tuple(found)


@lru_cache
def bodies() -> tuple[tuple[str, str], ...]:
    """The bodies of law, each with its title; the usual one first."""
    names = sorted(packs.names(), key=lambda name: name != packs.DEFAULT)
    return tuple((name, str(packs.declared(name).title or name)) for name in names)


def question_of_default() -> str:
    """What the body of law that is used unless another is asked for answers."""
    return str(packs.declared(packs.DEFAULT).question)


@lru_cache
def weighed() -> tuple[tuple[str, str], ...]:
    """Those of them in which a question is weighed: only these have decided cases and classes here."""
    return tuple((name, title) for name, title in bodies() if not strict(name))


@lru_cache
def positions(pack: str = "") -> tuple[tuple[str, str], ...]:
    """Whose answers to unsettled points may be taken, each with its title."""
    if strict(pack):
        return ()
    return tuple((name, position.title) for name, position in law(pack).book.positions.items())


# --- why a fact is asked for -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Why:
    """Why a fact is asked for: what it could do, and the factors that wait on it, the strongest first."""

    question: Question | None
    waiting: tuple[Ground, ...]
    more: int


def why(analysis: Analysis, fact: str) -> Why:
    """Why a fact is asked for, or that nothing waits on it now."""
    item = next((item for item in analysis.missing if item.fact == fact), None)
    book = analysis.book
    names = list(item.factors) if item else [name for name in book.factors if fact in book.facts_read[name]]
    active = book.strongest(name for name in names if name in analysis.conclusion.weigher.active)
    waiting = []
    for name in active[:BEST]:
        factor = book.factors[name]
        authority = "; ".join(citations.short(book, cited) for cited in factor.authority)
        strength = f"for {factor.favours}, {worded(factor.strength)}"
        waiting.append(Ground(name, analysis.told(name), authority, strength, ()))
    return Why(question(item) if item else None, tuple(waiting), len(active) - len(waiting))


def story(analysis: Analysis) -> tuple[str, ...]:
    """The facts that an interview begins with, in order: those of which nothing is known, and that apply."""
    book, known = analysis.book, analysis.parcel.known
    return tuple(name for name in book.questions.story if name not in known and book.applies(name, known) is not False)


# --- reasons ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reasoned:
    """The reasons for one parcel as a fragment of HTML that the engine wrote and escaped."""

    parcel: str
    title: str
    headline: str
    characterisation: str
    html: str = field(repr=False)


@lru_cache(KEPT)
def reasons(text: str, position: str = "", pack: str = "") -> tuple[Reasoned, ...]:
    """The reasons for every parcel, at length. Raises BadInput."""
    found = []
    for analysis in assessed(text, position, pack).analyses:
        c = analysis.conclusion
        title = c.parcel.title or ("" if c.parcel.id == "all" else c.parcel.id)
        html = memorandum.fragment(analysis, level=3)
        found.append(Reasoned(c.parcel.id, title, headline(c.characterisation, c.strength), c.characterisation, html))
    return tuple(found)


def style() -> str:
    """The sheet of styles of what the engine writes as HTML."""
    return content_html.style(law().book.sides.ids)


def picture(text: str, kind: str, parcel: str, position: str = "", pack: str = "") -> str:
    """A drawing of a parcel as SVG. Raises BadInput, and KeyError for a kind that there is not."""
    return svg.embedded(maps.picture(kind, _analysis(text, parcel, position, pack)))


def _analysis(text: str, parcel: str, position: str, pack: str) -> Analysis:
    """The parcel of that name, else the first. Raises BadInput."""
    found = assessed(text, position, pack).analyses
    return next((item for item in found if item.parcel.id == parcel), found[0])


# --- what would change it --------------------------------------------------------------------------------------


@lru_cache(KEPT)
def missing(text: str, position: str = "", pack: str = "", up_to: int = 2) -> tuple[caprev.Missing, ...]:
    """Which facts not known could change the conclusion on each parcel, and the smallest sets that settle it."""
    return caprev.missing(json.loads(text), law(pack), up_to=up_to, most=SETS, position=position)


@lru_cache(KEPT)
def flips(text: str, position: str = "", pack: str = "", up_to: int = 2) -> tuple[caprev.Flips, ...]:
    """The smallest changes of known facts that would change the conclusion on each parcel."""
    return caprev.flips(json.loads(text), law(pack), up_to=up_to, most=FLIPS, position=position)


def whatif(
    text: str, suppose: Mapping[str, Any], position: str = "", pack: str = "", parcel: str = ""
) -> tuple[caprev.Comparison, ...]:
    """The conclusion as it is beside that on other facts. Raises BadInput where these cannot be supposed."""
    return caprev.whatif(json.loads(text), suppose, law(pack), position=position, parcel=parcel)


def compared(text: str, other: Any, position: str = "", pack: str = "") -> tuple[caprev.Comparison, ...]:
    """A matter beside another (its fact set), or beside a decided case by its name."""
    return caprev.compare(json.loads(text), other, law(pack), position=position)


@lru_cache
def cases(about: str = "", pack: str = "") -> tuple[caprev.Case, ...]:
    """The decided cases that have all the words."""
    return caprev.cases(about, assessor=law(pack))


@lru_cache
def rules(pack: str = "") -> tuple[caprev.Rule, ...]:
    """Every rule in short."""
    return caprev.rules(assessor=law(pack))


def page(name: str, pack: str = "") -> str:
    """A rule or a case as text. Raises BadInput for a name that there is not."""
    return caprev.page(name, assessor=law(pack))


def draft(text: str, template: str, form: str, edited: bool, position: str, pack: str, parcel: str) -> caprev.Draft:
    """A document with its checks and its record. Raises BadInput."""
    return caprev.draft(
        text,
        law(pack),
        form=form,
        template=template,
        edited=edited,
        position=position,
        parcel=parcel,
        name=f"draft.{form}",
    )


def is_office(head: bytes) -> bool:
    """Whether a file of which these are the first bytes is no text but of an office: Word's, of now or of old."""
    return head.startswith((b"PK", b"\xd0\xcf\x11\xe0"))


def returned(text: str, content: bytes, name: str, parcel: str) -> filling.Filled:
    """A fact set with the answers of a questionnaire that came back as a Word file. Raises BadInput."""
    with TemporaryDirectory() as folder:
        facts, form = Path(folder) / "facts.yaml", Path(folder) / "form.docx"
        facts.write_text(text, encoding="utf-8")
        form.write_bytes(content)
        assessor = law(packs.told(reading.parse(text, "fact set").data))
        wordings = phrases.load(assessor.rules_directory, assessor.book)
        try:
            office = word.read(form)
            office.file = name  # for the answers' source; nothing is opened by it
            return filling.fill(assessor, facts, office, letters.terms(wordings), parcel)
        except BadInput as error:
            raise BadInput([replace(problem, file="") for problem in error.problems]) from None


def supposed_value(fact: Fact, text: str, before: Any = None) -> Any:
    """A value in plain words, or as a fact set has it, in the form of a fact set. Raises ValueError.

    `before` is the value that words such as `also resale` add to.
    """
    if text[:1] in ("[", "{"):
        return reading.parse(text).data
    answer = answers.parse(fact, text, knowledge(fact, before) if before is not None else None)
    return "unknown" if answer.value is None else answer.value


def trial(fact: Fact, to: str, values: Iterable[Any]) -> str:
    """A change that would turn a conclusion, in words that can be supposed: `from 3 on` is `at least 3`."""
    if fact.type == "set":
        return re.sub(r"^without\b", "not", re.sub(r"^with\b", "also", to))
    found = list(values)
    if found and fact.type in ("bool", "enum"):
        return in_words(fact, found[0] if len(found) == 1 else {"one_of": found})
    return re.sub(r"^from (.+) on$", "from \\1" if fact.type == "date" else "at least \\1", to)


# --- cases near a matter ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Near:
    """A decided case beside a parcel of a matter."""

    id: str
    name: str
    court: str
    decided: str
    outcome: str
    binds: bool
    shared: tuple[str, ...]
    distinguishing: tuple[str, ...]


def near(text: str, parcel: str, position: str = "", pack: str = "", most: int = 8) -> list[Near]:
    """The cases most on point for a parcel, as the reasons name them. Raises BadInput."""
    analysis = _analysis(text, parcel, position, pack)
    found = []
    for beside in analysis.near[:most]:
        case = beside.case
        shared, other = (tuple(map(analysis.told, names)) for names in (beside.told, beside.apart))
        binds = beside.comparison.binds
        found.append(Near(case.id, case.name, case.court, case.decided, case.outcome, binds, shared, other))
    return found


def verified(record_bytes: bytes, content: bytes, pack: str = "") -> tuple[bool, list[str]]:
    """Whether a document is what its record says, and can be made again byte for byte; and what differs."""
    with TemporaryDirectory() as folder:
        kept, output = Path(folder) / "output.record.json", Path(folder) / "output"
        kept.write_bytes(record_bytes)
        output.write_bytes(content)
        try:
            verdict = record.verify(kept, law(pack), output)
        except BadInput as error:
            return False, [str(problem) for problem in error.problems]
    return verdict.same, [line.replace(folder + "/", "") for line in verdict.lines]


def replayed(record_bytes: bytes, position: str, pack: str = "") -> list[str]:
    """What changes if the facts of a record are put under the law of now, and another position. Raises BadInput."""
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "output.record.json"
        kept.write_bytes(record_bytes)
        _, lines = record.replay(kept, law(pack), "", position)
    return [line.replace(folder + "/", "") for line in lines]


def case_facts(name: str, pack: str = "") -> list[tuple[Fact, str, str]]:
    """The facts of a decided case: each with its value in words and where it is known from."""
    found = law(pack).cases.cases[name].parcel
    order = {fact: place for place, fact in enumerate(vocabulary(pack).facts)}
    givens = sorted((given for given in found.facts.values() if given.at), key=lambda given: order[given.fact.name])
    return [(given.fact, describe(given), "; ".join(filter(None, [given.source, given.note]))) for given in givens]


def rule_file(name: str, pack: str = "") -> str:
    """Where a rule is written, from the root of the project."""
    return pages.file(law(pack).book, name)
