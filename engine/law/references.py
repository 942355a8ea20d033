"""Names in a rulebook that point nowhere, sides that are none, and nodes that rest on themselves."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from caprev.errors import listing, nearest
from caprev.facts import conditions
from caprev.facts.conditions import Atom, Met
from caprev.files.reading import Path_
from caprev.law import authorities, figures, soundness
from caprev.law.models import NEUTRAL, STRENGTHS, AskedPart, Cited, Consequence, Factor, Form, Node, Sign
from caprev.law.reader import Reader

if TYPE_CHECKING:
    from caprev.law.rulebook import Rulebook

_TABLES = ("outcomes", "groups")  # whose entries are told by their own names


def condition_key(rule: Consequence, sign: int | None = None) -> str:
    """Where the condition of a consequence, or of one of its signs, stands among those of the rulebook."""
    return f"consequence:{rule.id}" + ("" if sign is None else f":{sign}")


def figures_key(rule: Consequence) -> str:
    """Where the condition under which a consequence has no figures stands among those of the rulebook."""
    return f"figures:{rule.id}"


def asking_key(fact: str) -> str:
    """Where the condition under which a fact is asked for stands among those of the rulebook."""
    return f"applies:{fact}"


def form_key(ground: str, step: int, index: int) -> str:
    """Where the condition of a form of a general ground stands among those of the rulebook."""
    return f"ground:{ground}:{step}:{index}"


def worded_forms(book: Rulebook) -> Iterator[tuple[str, int, int, Form]]:
    """The forms of general grounds that no factor says, with their places."""
    for name, ground in book.grounds.items():
        for step, forms in enumerate(ground.forms):
            for index, form in enumerate(forms):
                if isinstance(form, Form):
                    yield name, step, index, form


def circles(names: Iterable[str], beneath: Callable[[str], Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Every way down from a name that comes to one which it has passed already; that one stands last."""
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        if name in above:
            yield (*above, name)
        elif name not in done:
            for part in beneath(name):
                yield from visit(part, (*above, name))
        done.add(name)

    for name in names:
        yield from visit(name, ())


def signs(rule: Consequence) -> tuple[Sign, ...]:
    """The signs that a consequence counts, if it does."""
    return rule.signs.signs if rule.signs else ()


class References:
    """Names that point nowhere, and nodes that rest on themselves."""

    def __init__(self, book: Rulebook, reader: Reader) -> None:
        self.book = book
        self.reader = reader

    def check(self) -> None:
        """Puts every fault down, with file and line."""
        for factor in self.book.factors.values():
            self._factor(factor)
        for node in self.book.nodes.values():
            self._node(node)
        self._sides()
        self._circles()
        for index, outcome in enumerate(self.book.outcomes):
            at: Path_ = ("outcomes", index, "when")
            self._rests_on(
                outcome.id, self.book.nodes, self.reader.file("conclusion.yaml"), at, outcome.id, facts=False
            )
            if outcome.led_by:
                place: Path_ = ("outcomes", index, "led_by")
                file = self.reader.file("conclusion.yaml")
                self.reader.check("node", outcome.led_by, self.book.nodes, file, place, outcome.id)
        for rule in self.book.consequences.values():
            self._consequence(rule)
        self._asked()
        self._grounds()
        self._answered()
        self._positions()
        self._weighing()
        self._words()
        self._sound()

    def _sound(self) -> None:
        book, reader = self.book, self.reader
        found = {
            "conclusion.yaml": soundness.outcomes(book.outcomes, book.sides, book.nodes, book.conditions),
            "questions.yaml": chain(
                soundness.dates(book.questions, book.vocabulary, book.facts),
                soundness.further(book.questions, book.sides),
            ),
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

    def _side(self, name: str, known: Collection[str], file: str, at: Path_, subject: str) -> None:
        """A side is one of the pack's."""
        if name and name not in known:  # empty: the file has faults of form, and was told of
            key = ".".join(part for part in at if isinstance(part, str) and part not in _TABLES)
            self.reader.fault(file, at, subject, f"{key} is '{name}'", nearest(name, known), listing(known))

    def _sides(self) -> None:
        """Whatever is for a side, is concluded or follows from a conclusion names one of the pack's."""
        book, sides = self.book, self.book.sides
        concluded = sides.conclusions[:-1]
        for factor in book.factors.values():
            self._side(factor.favours, (*sides.ids, NEUTRAL), book.files[factor.id], ("favours",), factor.id)
        for index, outcome in enumerate(book.outcomes):
            at: Path_ = ("outcomes", index, "characterisation")
            self._side(outcome.characterisation, concluded, self.reader.file("conclusion.yaml"), at, outcome.id)
        for name, group in book.weighing.groups.items():
            self._side(group.side, sides.ids, self.reader.file("weighing.yaml"), ("groups", name, "side"), name)
        for rule in book.consequences.values():
            file = book.files[rule.id]
            for place, side in enumerate(rule.applies.characterisation):
                self._side(side, concluded, file, ("applies", "characterisation", place), rule.id)
            for index, example in enumerate(rule.examples):
                at = ("examples", index, "conclusion", "characterisation")
                self._side(example.conclusion.characterisation, sides.conclusions, file, at, rule.id)

    def _factor(self, factor: Factor) -> None:
        book, file = self.book, self.book.files[factor.id]
        self._rests_on(factor.id, (), file, ("when",), factor.id)
        for node in factor.feeds:
            self.reader.check("node", node, book.nodes, file, ("feeds",), factor.id)
        self._cited(factor.authority, file, ("authority",), factor.id)
        if factor.magnitude:
            numbers = [fact.name for fact in book.facts.values() if fact.type in ("int", "number", "date")]
            self.reader.check("numeric fact", factor.magnitude.fact, numbers, file, ("magnitude", "fact"), factor.id)
        for point, answers in factor.position.items():
            for answer in answers:
                self._answers({point: answer}, file, ("position",), factor.id)

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
        nodes = self.book.nodes
        for *above, name in circles(nodes, lambda name: nodes[name].parts if name in nodes else ()):
            last = nodes[above[-1]]
            key = "all" if last.all else "any" if last.any else "none"
            circle = " -> ".join((*above[above.index(name) :], name))
            what = f"rests on itself: {circle} is a circle of findings"
            self.reader.fault(self.book.files[last.id], (key,), last.id, what)

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
        for index in range(len(signs(rule))):
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

    def _asked(self) -> None:
        """The story is told in facts; when one is asked for rests on others, not on findings and not on itself."""
        questions = self.reader.file("questions.yaml")
        for index, name in enumerate(self.book.questions.story):
            self.reader.check("fact", name, self.book.vocabulary.facts, questions, ("story", index), "story")
        file = self.reader.file("vocabulary.yaml")
        for name in self.book.vocabulary.applies:
            at: Path_ = (*name.split(".", 1), "applies")
            self._rests_on(asking_key(name), (), file, at, name)
            if name in conditions.facts_of(self.book.conditions.get(asking_key(name), conditions.AllOf(()))):
                self.reader.fault(file, at, name, "says by its own value when it is asked for; allowed: other facts")

    def _grounds(self) -> None:
        """The forms of a general ground are factors for one side, each a form of one ground; others rest on facts."""
        book, file = self.book, self.reader.file("grounds.yaml")
        seen: dict[str, str] = {}
        for name, ground in book.grounds.items():
            sides: set[str] = set()
            for step, forms in enumerate(ground.forms):
                for index, form in enumerate(forms):
                    at: Path_ = ("grounds", name, "forms", step, index)
                    if not isinstance(form, str) or not self.reader.check("factor", form, book.factors, file, at, name):
                        continue
                    sides.add(book.factors[form].favours)
                    if form in seen:
                        self.reader.fault(file, at, name, f"has the form {form}, which is one of {seen[form]} already")
                    seen[form] = name
            if len(sides) > 1 or not sides <= set(book.sides.ids):
                what = f"has forms that favour {' and '.join(sorted(sides))}; allowed: those of one side"
                self.reader.fault(file, ("grounds", name, "forms"), name, what)
        for name, step, index, _ in worded_forms(book):
            self._rests_on(form_key(name, step, index), (), file, ("grounds", name, "forms", step, index, "when"), name)

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
        file = self.reader.file("words.yaml")
        for name, words in self.book.words.factors.items():
            at: Path_ = ("factors", name)
            self.reader.check("factor", name, self.book.factors, file, at, name)
            for covered in words.covers:
                self.reader.check("factor", covered, self.book.factors, file, (*at, "covers"), name)

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
