"""The law as read from `rules/`, compiled and checked whole.

A rulebook is read once and never changed; every problem of every file is reported together. `--rules DIR`
reads another one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from caprev.errors import BadInput, Problem
from caprev.facts import conditions, phrases, vocabulary
from caprev.facts import derivations as derived
from caprev.facts.conditions import Atom, Condition, Met
from caprev.facts.derivations import Derivations
from caprev.facts.knowledge import Knowledge
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.files.reading import Path_, Source
from caprev.law import authorities, decisive, figures, packs, soundness
from caprev.law.authorities import Records
from caprev.law.decisive import Question
from caprev.law.models import (
    STRENGTHS,
    AskedPart,
    Cited,
    Consequence,
    Factor,
    Node,
    Outcome,
    Point,
    Position,
    Questions,
    Sign,
    Weighing,
)
from caprev.law.pack import Pack, Sides
from caprev.law.reader import Reader
from caprev.law.words import Wordbook
from caprev.once import cached_property

PLANNED = "words:planned"  # where the condition of the wordings stands among those of the rules
OTHER_FOLDERS = ("consequences", "drafts", "factors")  # every other folder holds nodes


@dataclass(frozen=True)
class Rulebook:
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

    @property
    def sides(self) -> Sides:
        """The two sides of the weighed question."""
        return self.pack.sides

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Every fact by name, also those that exist only by derivation."""
        return {**self.vocabulary.facts, **self.derivations.facts}

    @cached_property
    def feeding(self) -> Mapping[str, tuple[Factor, ...]]:
        """The factors that feed each node directly, in the order of the rulebook."""
        found: dict[str, list[Factor]] = {name: [] for name in self.nodes}
        for factor in self.factors.values():
            for node in factor.feeds:
                found[node].append(factor)
        return {name: tuple(factors) for name, factors in found.items()}

    @cached_property
    def weights(self) -> Mapping[str, float]:
        """What the strength of each factor weighs."""
        return {name: self.weighing.strengths[factor.strength] for name, factor in self.factors.items()}

    @cached_property
    def facts_read(self) -> Mapping[str, frozenset[str]]:
        """The facts that the condition of each factor reads."""
        return {name: frozenset(conditions.facts_of(self.conditions[name])) for name in self.factors}

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """Every test on a fact that the conditions of factors read, each once."""
        return _atoms(self.conditions[name] for name in self.factors)

    @cached_property
    def deciding(self) -> tuple[Atom, ...]:
        """Every test on a fact that decisive questions make, each once."""
        return _atoms(test for asked in self.decisive.values() for question in asked for test in question.tests)

    def decided(self, known: Mapping[str, Knowledge]) -> dict[str, bool]:
        """Every test that is decided by what is known of the facts, by its key."""
        return conditions.decided(self.atoms, known)

    def strongest(self, factors: Iterable[str]) -> list[str]:
        """Factors by the strength of their kind, and otherwise in the order given."""
        return sorted(factors, key=lambda name: -self.weights[name])

    def askable(self, fact: str) -> tuple[str, ...]:
        """The facts a person can be asked for to learn one: a derived quantity is asked for by its operands."""
        if fact in self.vocabulary:
            return (fact,)
        return next((q.operands for q in self.derivations.quantities if q.target == fact), ())

    def weighed_for(self, node: str) -> tuple[Factor, ...]:
        """Every factor that pushes a node, once, whichever of its indicators it feeds."""
        names = [node if part == "self" else part for part in self.nodes[node].weighs]
        wanted = {factor.id for name in names for factor in self.feeding[name]}
        return tuple(factor for factor in self.factors.values() if factor.id in wanted)

    def indicators_of(self, node: str) -> tuple[Node, ...]:
        """The indicators weighed together for a node, in their order."""
        return tuple(self.nodes[part] for part in self.nodes[node].weighs if part != "self")


def _atoms(read: Iterable[Condition]) -> tuple[Atom, ...]:
    """The tests on facts that conditions make, each once."""
    leaves = (leaf for condition in read for leaf in conditions.leaves(condition))
    return tuple({leaf.key: leaf for leaf in leaves if isinstance(leaf, Atom)}.values())


def load(directory: str | Path) -> Rulebook:
    """Read and check a rulebook. Raises BadInput with every problem of every file."""
    root = Path(directory)
    if not root.is_dir():
        raise BadInput(Problem("is not a directory of rules", str(root)))
    reader = Reader(root)
    words = reader.by("vocabulary.yaml", vocabulary.load)
    soundness.report(reader, reader.file("vocabulary.yaml"), soundness.sections(words) if words else iter(()))
    for fact in words or ():
        if wrong := phrases.clash(fact):
            reader.problems.append(Problem(wrong, reader.file("vocabulary.yaml"), subject=fact.name))
    derivations = reader.by("derived.yaml", lambda found: derived.load(found, words)) if words else None
    pack = reader.one("pack.yaml", Pack)
    factors = reader.many("factors", Factor, partly=True)
    nodes: dict[str, Node] = {}
    for folder in sorted(path.name for path in root.iterdir() if path.is_dir()):
        if folder not in OTHER_FOLDERS and not folder.startswith("."):
            nodes |= reader.many(folder, Node)
    outcomes = reader.tables("conclusion.yaml", outcomes=Outcome)["outcomes"]
    records = reader.by("authorities.yaml", _authorities)
    unsettled = reader.tables("positions.yaml", points=Point, positions=Position)
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
    )
    book = replace(book, words=wordings or Wordbook())
    book = replace(book, conditions=_conditions(book, reader), decisive=_decisive(book, reader))
    _References(book, reader).check()
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


def _authorities(found: Source) -> Records:
    """The records of authorities. Raises BadInput."""
    records, problems = authorities.check(found)
    if problems:
        raise BadInput(problems)
    return records


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

    for factor in book.factors.values():
        compiled(factor.id, factor.when, book.files[factor.id], ("when",))
        if factor.unless is not None:
            compiled(factor.id, factor.unless, book.files[factor.id], ("unless",))
    for index, outcome in enumerate(book.outcomes):
        compiled(outcome.id, outcome.when, reader.file("conclusion.yaml"), ("outcomes", index, "when"))
    for name, point in book.points.items():
        at: Path_ = ("points", name, "matters_when")
        compiled(f"point:{name}", point.matters_when, reader.file("positions.yaml"), at, name)
    if book.words.planned_when is not None:
        compiled(PLANNED, book.words.planned_when, reader.file("words.yaml"), ("planned_when",))
    for name, words in book.words.factors.items():
        for index, variant in enumerate(words.variants):
            at = ("factors", name, "variants", index, "when")
            compiled(variant_key(name, index), variant.when, reader.file("words.yaml"), at, name)
    for rule in book.consequences.values():
        if rule.when is not None:
            compiled(condition_key(rule), rule.when, book.files[rule.id], ("when",), rule.id)
        for index, sign in enumerate(_signs(rule)):
            at = ("signs", "signs", index, "when")
            compiled(condition_key(rule, index), sign.when, book.files[rule.id], at, rule.id)
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


class _References:
    """Names that point nowhere, and nodes that rest on themselves."""

    def __init__(self, book: Rulebook, reader: Reader) -> None:
        self.book = book
        self.reader = reader

    def check(self) -> None:
        for factor in self.book.factors.values():
            self._factor(factor)
        for node in self.book.nodes.values():
            self._node(node)
        self._circles()
        for index, outcome in enumerate(self.book.outcomes):
            at: Path_ = ("outcomes", index, "when")
            self._rests_on(
                outcome.id, self.book.nodes, self.reader.file("conclusion.yaml"), at, outcome.id, facts=False
            )
        for rule in self.book.consequences.values():
            self._consequence(rule)
        self._answered()
        self._positions()
        self._weighing()
        self._words()
        self._sound()

    def _sound(self) -> None:
        book, reader = self.book, self.reader
        found = {
            "conclusion.yaml": soundness.outcomes(book.outcomes, book.nodes, book.conditions),
            "questions.yaml": soundness.dates(book.questions, book.vocabulary, book.facts),
            "pack.yaml": soundness.levels(book.pack),
            "weighing.yaml": soundness.numbers(book.weighing),
            "authorities.yaml": soundness.records(book.authorities),
        }
        for name, faults in found.items():
            soundness.report(reader, reader.file(name), faults)
        for node in book.nodes.values():
            soundness.report(reader, book.files[node.id], soundness.parts(node, book.nodes))
        for rule in book.consequences.values():
            soundness.report(reader, book.files[rule.id], soundness.dated(rule, book.facts))

    def _rests_on(
        self, key: str, nodes: Collection[str], file: str, at: Path_, subject: str, facts: bool = True
    ) -> None:
        """A condition may rest on findings on these nodes, and on facts unless it is said that it may not."""
        for leaf in conditions.leaves(self.book.conditions[key]) if key in self.book.conditions else ():
            if isinstance(leaf, Atom) and not facts:
                self.reader.fault(
                    file, at, subject, f"rests on the fact {leaf.fact}; an outcome rests on findings only"
                )
            elif isinstance(leaf, Met) and not nodes:
                self.reader.fault(file, at, subject, f"rests on '{leaf.rule}'; here a condition rests on facts only")
            elif isinstance(leaf, Met):
                self.reader.check("node", leaf.rule, nodes, file, at, subject)

    def _cited(self, authority: Iterable[Cited], file: str, at: Path_, subject: str) -> None:
        for index, cited in enumerate(authority):
            records, place = self.book.authorities, (*at, index)
            if self.reader.check("authority", cited.cite, records, file, (*place, "cite"), subject):
                fault = authorities.fault(records, cited)
                if fault:
                    self.reader.fault(file, (*place, fault[0]), subject, fault[1], fault[2])

    def _answers(self, answers: Mapping[str, str], file: str, at: Path_, subject: str) -> None:
        for point, answer in answers.items():
            if self.reader.check("unsettled point", point, self.book.points, file, (*at, point), subject):
                known = self.book.points[point].answers
                self.reader.check(f"answer to {point}", answer, known, file, (*at, point), subject)

    def _factor(self, factor: Factor) -> None:
        book, file = self.book, self.book.files[factor.id]
        self._rests_on(factor.id, (), file, ("when",), factor.id)
        for node in factor.feeds:
            self.reader.check("node", node, book.nodes, file, ("feeds",), factor.id)
        self._cited(factor.authority, file, ("authority",), factor.id)
        if factor.magnitude:
            numbers = [fact.name for fact in book.facts.values() if fact.type in ("int", "number", "date")]
            self.reader.check("numeric fact", factor.magnitude.fact, numbers, file, ("magnitude", "fact"), factor.id)
        self._answers(factor.position, file, ("position",), factor.id)

    def _node(self, node: Node) -> None:
        book, file = self.book, self.book.files[node.id]
        self._cited(node.authority, file, ("authority",), node.id)
        for key, parts in (("all", node.all), ("any", node.any), ("none", node.none), ("weighs", node.weighs)):
            for part in parts:
                if (key, part) != ("weighs", "self"):
                    self.reader.check("node", part, book.nodes, file, (key,), node.id)
        if sum(map(bool, (node.all, node.any, node.none, node.weighs))) != 1:
            what = "must either weigh factors or combine nodes: one of weighs, all, any and none"
            self.reader.fault(file, (), node.id, what)
        for point in node.unsettled:
            self.reader.check("unsettled point", point, book.points, file, ("unsettled",), node.id)

    def _circles(self) -> None:
        done: set[str] = set()

        def visit(name: str, above: tuple[str, ...]) -> None:
            if name in above:
                circle = (*above[above.index(name) :], name)
                key = "all" if self.book.nodes[above[-1]].all else "any" if self.book.nodes[above[-1]].any else "none"
                what = f"rests on itself: {' -> '.join(circle)} is a circle of findings"
                self.reader.fault(self.book.files[above[-1]], (key,), above[-1], what)
            elif name not in done and name in self.book.nodes:
                for part in self.book.nodes[name].parts:
                    visit(part, (*above, name))
            done.add(name)

        for name in self.book.nodes:
            visit(name, ())

    def _consequence(self, rule: Consequence) -> None:
        book, check, file, ident = self.book, self.reader.check, self.book.files[rule.id], rule.id
        check("question", rule.question, book.questions.questions, file, ("question",), ident)
        self._cited(rule.authority, file, ("authority",), ident)
        for route in rule.applies.route:
            check("route", route, [outcome.route for outcome in book.outcomes], file, ("applies", "route"), ident)
        for matter, answer in rule.settles.items():
            if check("matter", matter, book.questions.matters, file, ("settles", matter), ident):
                known = book.questions.matters[matter]
                check(f"answer to {matter}", answer, known, file, ("settles", matter), ident)
        parts = book.questions.parts
        for part, answer in rule.answers.items():
            if check("question", part, parts, file, ("answers", part), ident):
                check(f"answer to {part}", answer, parts[part].words, file, ("answers", part), ident)
        for successor in rule.succeeded_by:
            check("consequence", successor, book.consequences, file, ("succeeded_by",), ident)
        for fact in rule.untested:
            check("fact", fact, book.facts, file, ("untested", fact), ident)
        for fact in rule.dated_by:
            check("fact", fact, book.facts, file, ("dated_by",), ident)
        for point in rule.unsettled:
            check("unsettled point", point, book.points, file, ("unsettled",), ident)
        self._answers(rule.position, file, ("position",), ident)
        self._rests_on(condition_key(rule), book.nodes, file, ("when",), ident)
        for index in range(len(_signs(rule))):
            self._rests_on(condition_key(rule, index), book.nodes, file, ("signs", "signs", index, "when"), ident)
        for index, example in enumerate(rule.examples):
            at: Path_ = ("examples", index, "conclusion")
            for node in example.conclusion.findings:
                check("node", node, book.nodes, file, (*at, "findings", node), ident)
            self._answers(example.conclusion.answers, file, (*at, "answers"), ident)
        earlier: list[str] = []
        for index, figure in enumerate(rule.figures):
            try:
                list(figures.facts_of(figure.formula, book.vocabulary, earlier))
            except ValueError as error:
                self.reader.fault(file, ("figures", index), ident, f"figure '{figure.id}': {error}")
            earlier.append(figure.id)

    def _answered(self) -> None:
        """Further questions stand in a group, and need only what an earlier part of them may answer."""
        questions, check, file = self.book.questions, self.reader.check, self.reader.file("questions.yaml")
        for name, asked in questions.answered.items():
            check("question", asked.question, questions.questions, file, ("answered", name, "question"), name)
            before: dict[str, AskedPart] = {}
            for part, how in asked.parts.items():
                at: Path_ = ("answered", name, "parts", part, "needs")
                if (needs := how.needs) and check("earlier part", needs.part, before, file, (*at, "part"), part):
                    check("answer", needs.answer, before[needs.part].words, file, (*at, "answer"), part)
                    check("answer", needs.otherwise, how.words, file, (*at, "otherwise"), part)
                before[part] = how

    def _positions(self) -> None:
        book, file = self.book, self.reader.file("positions.yaml")
        for name, point in book.points.items():
            self._rests_on(f"point:{name}", (), file, ("points", name, "matters_when"), name)
            for key, answer in point.answers.items():
                self._cited(answer.authority, file, ("points", name, "answers", key, "authority"), name)
        for name, position in book.positions.items():
            self._answers(position.answers, file, ("positions", name, "answers"), name)
        self.reader.check(
            "position", book.pack.position, book.positions, self.reader.file("pack.yaml"), ("position",), "position"
        )
        for key in ("event", "otherwise", *(["owners"] if book.questions.owners else [])):
            fact = getattr(book.questions, key)
            self.reader.check("fact", fact, book.facts, self.reader.file("questions.yaml"), (key,), key)

    def _words(self) -> None:
        for name in self.book.words.factors:
            at: Path_ = ("factors", name)
            self.reader.check("factor", name, self.book.factors, self.reader.file("words.yaml"), at, name)

    def _weighing(self) -> None:
        book, check, file = self.book, self.reader.check, self.reader.file("weighing.yaml")
        weighing = book.weighing
        clusters = {factor.cluster for factor in book.factors.values()}
        for group, members in weighing.groups.items():
            for cluster in members.clusters:
                check("cluster", cluster, sorted(clusters), file, ("groups", group, "clusters"), group)
        for node, caps in weighing.group_caps.items():
            check("node", node, book.nodes, file, ("group_caps", node), "group_caps")
            for group in caps:
                check("group", group, weighing.groups, file, ("group_caps", node, group), "group_caps")
        tables = {("strengths",): weighing.strengths, ("design", "strengths"): weighing.design.strengths}
        for at, words in tables.items():
            for word in STRENGTHS:
                check("strength", word, words, file, at, "strengths")
            for word in words:
                check("strength", word, STRENGTHS, file, (*at, word), "strengths")
        for at, starts in ((("starts",), weighing.starts), (("design", "starts"), weighing.design.starts)):
            for node in starts:
                check("node", node, book.nodes, file, (*at, node), "starts")


def variant_key(factor: str, index: int) -> str:
    """Where the condition of a variant of a factor's words stands among those of the rulebook."""
    return f"words:{factor}:{index}"


def condition_key(rule: Consequence, sign: int | None = None) -> str:
    """Where the condition of a consequence, or of one of its signs, stands among those of the rulebook."""
    return f"consequence:{rule.id}" + ("" if sign is None else f":{sign}")


def _signs(rule: Consequence) -> tuple[Sign, ...]:
    return rule.signs.signs if rule.signs else ()


def _in_order(rules: Mapping[str, Consequence], questions: list[str]) -> dict[str, Consequence]:
    """Consequences by question, then by their order, then by id."""
    place = {question: index for index, question in enumerate(questions)}
    ranked = sorted(rules.values(), key=lambda rule: (place.get(rule.question, len(place)), rule.order, rule.id))
    return {rule.id: rule for rule in ranked}
