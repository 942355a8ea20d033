"""The law as read from `rules/`, compiled and checked whole.

A rulebook is read once and never changed; every problem of every file is reported together. `--rules DIR`
reads another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from caprev.errors import BadInput, Problem
from caprev.facts import conditions, phrases, vocabulary
from caprev.facts import derivations as derived
from caprev.facts.conditions import Atom, Condition, Met
from caprev.facts.derivations import Derivations, ReadBy
from caprev.facts.knowledge import INFINITY, Knowledge, Truth, day
from caprev.facts.vocabulary import Vocabulary
from caprev.files.reading import Path_
from caprev.grouping import grouped
from caprev.law import authorities, decisive, packs, references, soundness
from caprev.law.authorities import Records
from caprev.law.decisive import Question
from caprev.law.models import Consequence, Factor, Ground, Node, Outcome, Point, Position, Questions, Side, Weighing
from caprev.law.pack import Pack, Sides
from caprev.law.reader import Reader
from caprev.law.trials import Trials
from caprev.law.words import Wordbook
from caprev.once import cached_property

Dating = tuple[tuple[str, ...], float, float]
"""The facts of which the first that is known dates an event, and the days between which it has to lie; no facts where
any day will do."""
OTHER_FOLDERS = ("consequences", "drafts", "factors", "strict")  # every other folder holds nodes


@dataclass(frozen=True)
class Rulebook(ReadBy):
    """All the law that an assessment needs, compiled and checked. `name` is that of the pack, if it is one shipped."""

    vocabulary: Vocabulary
    derivations: Derivations
    pack: Pack
    factors: Mapping[str, Factor]
    nodes: Mapping[str, Node]
    outcomes: tuple[Outcome, ...]
    authorities: Records
    points: Mapping[str, Point]
    positions: Mapping[str, Position]
    weighing: Weighing
    conditions: Mapping[str, Condition]
    files: Mapping[str, str]
    sha256: str
    consequences: Mapping[str, Consequence]
    questions: Questions
    name: str = ""
    decisive: Mapping[str, tuple[Question, ...]] = field(default_factory=dict)
    words: Wordbook = field(default_factory=Wordbook)
    grounds: Mapping[str, Ground] = field(default_factory=dict)

    @cached_property
    def sides(self) -> Sides:
        """The two sides of the weighed question."""
        return self.pack.sides

    @cached_property
    def ground_of(self) -> Mapping[str, tuple[str, int]]:
        """The general ground of which a factor is a form, and how strong a form it is."""
        return {
            form: (name, step)
            for name, ground in self.grounds.items()
            for step, forms in enumerate(ground.forms)
            for form in forms
            if isinstance(form, str)
        }

    def holds(self, ground: str, step: int, index: int, known: Mapping[str, Knowledge]) -> bool:
        """Whether a form of a general ground that no factor says is known to be there."""
        condition = self.conditions[references.form_key(ground, step, index)]
        return conditions.holds(condition, known) is True

    @cached_property
    def feeding(self) -> Mapping[str, tuple[Factor, ...]]:
        """The factors that feed each node directly, in the order of the rulebook."""
        found = grouped((node, factor) for factor in self.factors.values() for node in factor.feeds)
        return {name: tuple(found.get(name, ())) for name in self.nodes}

    @cached_property
    def weighed_points(self) -> frozenset[str]:
        """The unsettled points on whose answers a factor hangs."""
        return frozenset(point for factor in self.factors.values() for point in factor.position)

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """What the strength of each factor weighs."""
        return {name: self.weighing.strengths[factor.strength] for name, factor in self.factors.items()}

    @cached_property
    def favours(self) -> Mapping[str, Side]:
        """The side that each factor favours, in the order of the rulebook."""
        return {name: factor.favours for name, factor in self.factors.items()}

    @cached_property
    def favouring(self) -> Mapping[str, frozenset[str]]:
        """The factors that favour each side."""
        found = grouped((side, name) for name, side in self.favours.items())
        return {side: frozenset(found.get(side, ())) for side in (*self.sides.ids, *found)}

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each fact stands in the vocabulary."""
        return {name: place for place, name in enumerate(self.vocabulary.facts)}

    @cached_property
    def facts_read(self) -> Mapping[str, frozenset[str]]:
        """The facts that the condition of each factor reads."""
        return {name: frozenset(conditions.facts_of(self.conditions[name])) for name in self.factors}

    @cached_property
    def waits_on(self) -> Mapping[str, tuple[str, ...]]:
        """The facts that each factor waits on where nothing is known of what it reads."""
        return {name: conditions.named(conditions.open_on(self.conditions[name], {})) for name in self.factors}

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Every test on a fact that the conditions of factors read, each once."""
        return _atoms(self.conditions[name] for name in self.factors)

    @cached_property
    def tests(self) -> Mapping[str, tuple[Atom, ...]]:
        """By fact, every test on it that the conditions of factors and derivations make."""
        derived = _atoms(rule.when for rule in self.derivations.implications)
        return conditions.by_fact(dict.fromkeys((*self.atoms, *derived)))

    @cached_property
    def testing(self) -> Mapping[str, tuple[str, ...]]:
        """By a test's key, the factors whose conditions make it."""
        found = grouped((atom.key, name) for name in self.factors for atom in _atoms([self.conditions[name]]))
        return {key: tuple(names) for key, names in found.items()}

    @cached_property
    def trials(self) -> Trials:
        """What the answers to single facts decide."""
        return Trials(self.vocabulary, self.tests, self.testing, self.conditions, self.derivations)

    @cached_property
    def deciding(self) -> tuple[Atom, ...]:
        """Every test on a fact that decisive questions make, each once."""
        return _atoms(test for asked in self.decisive.values() for question in asked for test in question.tests)

    @cached_property
    def _tests(self) -> Mapping[str, tuple[Atom, ...]]:
        return conditions.by_fact(self.atoms)

    @cached_property
    def _deciding(self) -> Mapping[str, tuple[Atom, ...]]:
        return conditions.by_fact(self.deciding)

    def decided(self, known: Mapping[str, Knowledge]) -> dict[str, bool]:
        """Every test that is decided by what is known of the facts, by its key."""
        return conditions.verdicts(self._tests, known)

    def answered(self, known: Mapping[str, Knowledge]) -> dict[str, bool]:
        """The same of the tests that decisive questions make."""
        return conditions.verdicts(self._deciding, known)

    def strongest(self, factors: Iterable[str]) -> list[str]:
        """Factors by the strength of their kind, and otherwise in the order given."""
        return sorted(factors, key=self.weights.__getitem__, reverse=True)

    def applies(self, fact: str, known: Mapping[str, Knowledge]) -> Truth:
        """Whether a fact is worth asking for where this much is known; only what is known speaks against it."""
        condition = self.conditions.get(references.asking_key(fact))
        if condition is None:
            return True
        return conditions.holds(condition, known)

    def weighed_for(self, node: str) -> tuple[Factor, ...]:
        """Every factor that pushes a node, once, whichever of its indicators it feeds."""
        names = [node if part == "self" else part for part in self.nodes[node].weighs]
        wanted = {factor.id for name in names for factor in self.feeding[name]}
        return tuple(factor for factor in self.factors.values() if factor.id in wanted)

    def indicators_of(self, node: str) -> tuple[Node, ...]:
        """The indicators weighed together for a node, in their order."""
        return tuple(self.nodes[part] for part in self.nodes[node].weighs if part != "self")

    @cached_property
    def fed(self) -> Mapping[str, frozenset[str]]:
        """By fact, the factors that an answer to it may decide: those that read it, or what follows from it."""
        found = {}
        for fact in self.vocabulary.facts:
            told = {fact, *self.derivations.after(fact)}
            found[fact] = frozenset(name for name, facts in self.facts_read.items() if not told.isdisjoint(facts))
        return found

    @cached_property
    def dating(self) -> Mapping[str, Dating]:
        """By consequence, when its event has to be for it to be law."""
        found = {}
        for name, rule in self.consequences.items():
            span = rule.in_force
            dating = (rule.dated_by or (self.questions.event,)) if span.start or span.end else ()
            first, last = day(span.start)[0] if span.start else -INFINITY, day(span.end)[1] if span.end else INFINITY
            found[name] = dating, first, last
        return found

    @cached_property
    def rests(self) -> Mapping[str, tuple[str, ...]]:
        """The nodes that each outcome rests on."""
        found = {outcome.id: conditions.leaves(self.conditions[outcome.id]) for outcome in self.outcomes}
        return {name: tuple(leaf.rule for leaf in leaves if isinstance(leaf, Met)) for name, leaves in found.items()}

    @cached_property
    def covers(self) -> Mapping[str, tuple[str, ...]]:
        """The factors that go without saying where another is said, by that one."""
        return {name: words.covers for name, words in self.words.factors.items() if words.covers}

    @cached_property
    def pushed(self) -> Mapping[str, frozenset[str]]:
        """By factor, the nodes that it pushes."""
        weighed = {node: {factor.id for factor in self.weighed_for(node)} for node in self.nodes}
        return {name: frozenset(node for node, names in weighed.items() if name in names) for name in self.factors}

    def leaders(self, node: str) -> tuple[str, ...]:
        """The nodes that say whether the outcome that rests on a node goes before others for its side."""
        led = [outcome for outcome in self.outcomes if outcome.led_by]
        return tuple(o.led_by for o in led if conditions.Met(node) in set(conditions.leaves(self.conditions[o.id])))


def _atoms(read: Iterable[Condition]) -> tuple[Atom, ...]:
    """The tests on facts that conditions make, each once."""
    leaves = (leaf for condition in read for leaf in conditions.leaves(condition))
    return tuple({leaf.key: leaf for leaf in leaves if isinstance(leaf, Atom)}.values())


def load(directory: str | Path) -> Rulebook:
    """Read and check a rulebook. Raises BadInput with every problem of every file."""
    root = Path(directory)
    if not root.is_dir():
        raise BadInput(Problem("is not a directory of rules", str(root)))
    if packs.strict(root):
        what = "has strict rules only: nothing in it is weighed, and no decided case is argued from"
        raise BadInput(Problem(what, str(root), fix="What can be asked of it is listed in docs/packs/writing.md"))
    reader = Reader(root)
    pack = reader.one("pack.yaml", Pack)
    money = (pack.currencies, pack.currency) if pack else ({}, "")
    words = reader.by("vocabulary.yaml", lambda found: vocabulary.load(found, *money))
    soundness.report(reader, reader.file("vocabulary.yaml"), soundness.sections(words) if words else iter(()))
    for fact in words or ():
        if wrong := phrases.clash(fact):
            reader.problems.append(Problem(wrong, reader.file("vocabulary.yaml"), subject=fact.name))
    derivations = reader.by("derived.yaml", lambda found: derived.load(found, words)) if words else None
    factors = reader.many("factors", Factor, partly=True)
    nodes: dict[str, Node] = {}
    for folder in sorted(path.name for path in root.iterdir() if path.is_dir()):
        if folder not in OTHER_FOLDERS and not folder.startswith("."):
            nodes |= reader.many(folder, Node)
    outcomes = reader.tables("conclusion.yaml", outcomes=Outcome)["outcomes"]
    records = reader.by("authorities.yaml", authorities.read)
    unsettled = reader.tables("positions.yaml", points=Point, positions=Position)
    grounds = reader.tables("grounds.yaml", grounds=Ground)["grounds"] if (root / "grounds.yaml").exists() else {}
    weighing = reader.one("weighing.yaml", Weighing)
    consequences = reader.many("consequences", Consequence)
    questions = reader.one("questions.yaml", Questions)
    wordings = reader.one("words.yaml", Wordbook) if (root / "words.yaml").exists() else None
    for index, outcome in enumerate(outcomes.values()):
        reader.claim(outcome.id, reader.file("conclusion.yaml"), ("outcomes", index, "id"))
    for point in unsettled["points"]:
        reader.claim(point, reader.file("positions.yaml"), ("points", point))
    if not (words and derivations and pack and records and weighing and questions):
        raise BadInput(reader.problems)
    shape = list(reader.problems)
    book = Rulebook(
        words,
        derivations,
        pack,
        factors,
        dict(sorted(nodes.items(), key=lambda item: (item[1].order, item[0]))),
        tuple(outcomes.values()),
        records,
        unsettled["points"],
        unsettled["positions"],
        weighing,
        {},
        reader.files,
        reader.sha256,
        _in_order(consequences, list(questions.questions)),
        questions,
        packs.of(root),
        grounds=grounds,
    )
    book = replace(book, words=wordings or Wordbook())
    book = replace(book, conditions=_conditions(book, reader), decisive=_decisive(book, reader))
    references.References(book, reader).check()
    if reader.problems:
        raise Unsound([*shape, *_besides(shape, reader)], book)
    reader.keep()
    return _marked(book)


class Unsound(BadInput):
    """A rulebook with faults, and what of it could be read: factors whose conditions are known."""

    def __init__(self, problems: Iterable[Problem], book: Rulebook) -> None:
        super().__init__(problems)
        self.book = replace(
            book, factors={name: rule for name, rule in book.factors.items() if name in book.conditions}
        )


def _besides(shape: list[Problem], reader: Reader) -> list[Problem]:
    """Faults found in what could be read. Where a file has faults of shape, what it lacks is no further fault."""
    faulty = {problem.file for problem in shape} - set(reader.files.values())
    faulty |= {reader.file(name) for name in ("conclusion.yaml", "positions.yaml")} & {
        problem.file for problem in shape
    }
    return [problem for problem in reader.problems[len(shape) :] if problem.file not in faulty]


def _marked(book: Rulebook) -> Rulebook:
    """The rulebook with every citation marked as its place is."""
    records = book.authorities
    return replace(
        book,
        factors={name: authorities.marked(records, rule) for name, rule in book.factors.items()},
        nodes={name: authorities.marked(records, rule) for name, rule in book.nodes.items()},
        consequences={name: authorities.marked(records, rule) for name, rule in book.consequences.items()},
        points={name: authorities.marked_point(records, point) for name, point in book.points.items()},
    )


def _conditions(book: Rulebook, reader: Reader) -> dict[str, Condition]:
    """Every condition of the rulebook, compiled, by the id of its rule (points as `point:id`)."""
    found: dict[str, Condition] = {}

    def compiled(key: str, written: Any, file: str, at: Path_, subject: str = "") -> None:
        try:
            condition = conditions.read(written, book.vocabulary, book.derivations.facts)
        except ValueError as error:
            reader.fault(file, at, subject or key, str(error))
            return
        found[key] = conditions.AllOf((found[key], conditions.Not(condition))) if key in found else condition

    for name, written in book.vocabulary.applies.items():
        at: Path_ = (*name.split(".", 1), "applies")
        compiled(references.asking_key(name), written, reader.file("vocabulary.yaml"), at, name)
    for factor in book.factors.values():
        compiled(factor.id, factor.when, book.files[factor.id], ("when",))
        if factor.unless is not None:
            compiled(factor.id, factor.unless, book.files[factor.id], ("unless",))
    for index, outcome in enumerate(book.outcomes):
        compiled(outcome.id, outcome.when, reader.file("conclusion.yaml"), ("outcomes", index, "when"))
    for name, point in book.points.items():
        at = ("points", name, "matters_when")
        compiled(f"point:{name}", point.matters_when, reader.file("positions.yaml"), at, name)
    for name, words in book.words.factors.items():
        for index, variant in enumerate(words.variants):
            at = ("factors", name, "variants", index, "when")
            compiled(variant_key(name, index), variant.when, reader.file("words.yaml"), at, name)
    for name, step, index, form in references.worded_forms(book):
        at = ("grounds", name, "forms", step, index, "when")
        compiled(references.form_key(name, step, index), form.when, reader.file("grounds.yaml"), at, name)
    for rule in book.consequences.values():
        if rule.when is not None:
            compiled(references.condition_key(rule), rule.when, book.files[rule.id], ("when",), rule.id)
        if rule.figures_unless is not None:
            compiled(
                references.figures_key(rule), rule.figures_unless, book.files[rule.id], ("figures_unless",), rule.id
            )
        for index, sign in enumerate(references.signs(rule)):
            at = ("signs", "signs", index, "when")
            compiled(references.condition_key(rule, index), sign.when, book.files[rule.id], at, rule.id)
    return found


def _decisive(book: Rulebook, reader: Reader) -> dict[str, tuple[Question, ...]]:
    """The decisive questions of every node."""
    found: dict[str, tuple[Question, ...]] = {}
    for node in book.nodes.values():
        questions = []
        for index, written in enumerate(node.decisive):
            try:
                questions.append(decisive.read(written, book.vocabulary, book.derivations.facts))
            except ValueError as error:
                reader.fault(book.files[node.id], ("decisive", index), node.id, str(error))
        found[node.id] = tuple(questions)
    return found


def variant_key(factor: str, index: int) -> str:
    """Where the condition of a variant of a factor's words stands among those of the rulebook."""
    return f"words:{factor}:{index}"


def _in_order(rules: Mapping[str, Consequence], questions: list[str]) -> dict[str, Consequence]:
    """Consequences by question, then by their order, then by id."""
    place = {question: index for index, question in enumerate(questions)}
    ranked = sorted(rules.values(), key=lambda rule: (place.get(rule.question, len(place)), rule.order, rule.id))
    return {rule.id: rule for rule in ranked}
