"""The law as read from `rules/`, compiled and checked whole.

A rulebook is read once and never changed; every problem of every file is reported together. `--rules DIR`
reads another one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from . import conditions, derived, figures, source, vocabulary
from .conditions import Condition, Met
from .derived import Derivations
from .errors import BadInput, Problem, nearest
from .law import STRENGTHS, Consequence, Factor, Model, Node, Outcome, Pack, Point, Position, Questions, Sign, Weighing
from .source import Source
from .vocabulary import Vocabulary

M = TypeVar("M", bound=Model)
Check = Callable[[str, str, Iterable[str], str, str], None]  # kind, name, known names, file, subject


@dataclass(frozen=True)
class Rulebook:
    """All the law that an assessment needs, compiled and checked."""

    vocabulary: Vocabulary
    derivations: Derivations
    pack: Pack
    factors: Mapping[str, Factor]
    nodes: Mapping[str, Node]
    outcomes: tuple[Outcome, ...]
    authorities: Mapping[str, Mapping[str, Any]]
    points: Mapping[str, Point]
    positions: Mapping[str, Position]
    weighing: Weighing
    conditions: Mapping[str, Condition]
    files: Mapping[str, str]
    sha256: str
    consequences: Mapping[str, Consequence]
    questions: Questions

    @cached_property
    def feeding(self) -> Mapping[str, tuple[Factor, ...]]:
        """The factors that feed each node directly, in the order of the rulebook."""
        found: dict[str, list[Factor]] = {name: [] for name in self.nodes}
        for factor in self.factors.values():
            for node in factor.feeds:
                found[node].append(factor)
        return {name: tuple(factors) for name, factors in found.items()}

    @cached_property
    def facts_read(self) -> Mapping[str, frozenset[str]]:
        """The facts that the condition of each factor reads."""
        return {name: frozenset(conditions.facts_of(self.conditions[name])) for name in self.factors}

    def weighed_for(self, node: str) -> tuple[Factor, ...]:
        """Every factor that pushes a node, once, whichever of its indicators it feeds."""
        names = [node if part == "self" else part for part in self.nodes[node].weighs]
        wanted = {factor.id for name in names for factor in self.feeding[name]}
        return tuple(factor for factor in self.factors.values() if factor.id in wanted)

    def indicators_of(self, node: str) -> tuple[Node, ...]:
        """The indicators weighed together for a node, in their order."""
        return tuple(self.nodes[part] for part in self.nodes[node].weighs if part != "self")


def load(directory: str | Path) -> Rulebook:
    """Read and check a rulebook. Raises BadInput with every problem of every file."""
    return _Loader(Path(directory)).rulebook()


class _Loader:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.problems: list[Problem] = []
        self.digest = hashlib.sha256()

    def rulebook(self) -> Rulebook:
        if not self.root.is_dir():
            raise BadInput(Problem("is not a directory of rules", str(self.root)))
        words = vocabulary.load(self._read(self.root / "vocabulary.yaml"))
        derivations = derived.load(self._read(self.root / "derived.yaml"), words)
        pack = self._one("pack.yaml", Pack)
        factors, factor_files = self._many("factors", Factor)
        nodes: dict[str, Node] = {}
        for folder in ("tr-97-11", "tr-92-3", "mere-realisation"):
            nodes |= self._many(folder, Node)[0]
        nodes = dict(sorted(nodes.items(), key=lambda item: (item[1].order, item[0])))
        conclusion = self._source("conclusion.yaml")
        outcomes = [
            self._model(Outcome, entry, conclusion, ("outcomes", index))
            for index, entry in enumerate(_list(conclusion, "outcomes"))
        ]
        authorities = self._source("authorities.yaml").data
        unsettled = self._source("positions.yaml")
        points = self._table(unsettled, "points", Point)
        positions = self._table(unsettled, "positions", Position)
        weighing = self._one("weighing.yaml", Weighing)
        consequences, consequence_files = self._many("consequences", Consequence)
        questions = self._one("questions.yaml", Questions)
        if self.problems or pack is None or weighing is None or questions is None or not isinstance(authorities, dict):
            raise BadInput(self.problems or [Problem("is incomplete", str(self.root))])
        book = Rulebook(
            words,
            derivations,
            pack,
            factors,
            nodes,
            tuple(o for o in outcomes if o),
            authorities,  # type: ignore[arg-type]
            points,
            positions,
            weighing,
            {},
            {**consequence_files, **factor_files},
            self.digest.hexdigest(),
            _in_order(consequences, list(questions.questions)),
            questions,
        )
        book = replace(book, conditions=dict(self._conditions(book)))
        self._references(book)
        if self.problems:
            raise BadInput(self.problems)
        return book

    # reading

    def _read(self, path: Path) -> Source:
        found = source.read(path)
        self.digest.update(f"{path.relative_to(self.root).as_posix()}\0".encode() + path.read_bytes())
        return found

    def _source(self, name: str) -> Source:
        try:
            return self._read(self.root / name)
        except BadInput as error:
            self.problems.extend(error.problems)
            return Source(name, {}, "{}")

    def _one(self, name: str, model: type[M]) -> M | None:
        found = self._source(name)
        return self._model(model, found.data, found, ())

    def _many(self, folder: str, model: type[M]) -> tuple[dict[str, M], dict[str, str]]:
        rules: dict[str, M] = {}
        files: dict[str, str] = {}
        for path in sorted((self.root / folder).rglob("*.yaml")):
            found = self._source(str(path.relative_to(self.root)))
            rule = self._model(model, found.data, found, ())
            if rule is None:
                continue
            ident: str = rule.id  # type: ignore[attr-defined]
            if ident.rsplit("/", 1)[-1] != path.stem:
                self._fault(found, ("id",), ident, f"is in a file named {path.name}", "Name the file after the id")
            if ident in rules:
                self._fault(found, ("id",), ident, f"is also the id of {files[ident]}", "Choose another")
            rules[ident], files[ident] = rule, found.file
        return rules, files

    def _table(self, found: Source, key: str, model: type[M]) -> dict[str, M]:
        entries = found.data.get(key) if isinstance(found.data, dict) else None
        rows = {
            name: self._model(model, entry, found, (key, name))
            for name, entry in (entries.items() if isinstance(entries, dict) else ())
        }
        return {name: row for name, row in rows.items() if row}

    def _model(self, model: type[M], data: Any, found: Source, at: source.Path_) -> M | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            subject = str(data.get("id", "")) if isinstance(data, dict) else ""
            for fault in error.errors(include_url=False):
                where = ".".join(str(part) for part in fault["loc"])
                known = [str(field.validation_alias or name) for name, field in model.model_fields.items()]
                hint = nearest(str(fault["loc"][-1]), known) if fault["type"] == "extra_forbidden" else ""
                message = "is not a key known here" if fault["type"] == "extra_forbidden" else fault["msg"].lower()
                self._fault(found, (*at, *fault["loc"]), subject, f"{where} {message}", hint)
            return None

    def _fault(self, found: Source, path: source.Path_, subject: str, what: str, fix: str = "") -> None:
        self.problems.append(Problem(what, found.file, found.line(path), subject, fix=fix))

    # checking across files

    def _conditions(self, book: Rulebook) -> Iterator[tuple[str, Condition]]:
        """Every condition of the rulebook, compiled, by the id of its rule (points as `point:id`)."""
        entries = [(f.id, f.when, f.unless, book.files[f.id]) for f in book.factors.values()]
        entries += [(o.id, o.when, None, "conclusion.yaml") for o in book.outcomes]
        entries += [(f"point:{name}", p.matters_when, None, "positions.yaml") for name, p in book.points.items()]
        for rule in book.consequences.values():
            tests = {condition_key(rule): rule.when} if rule.when is not None else {}
            tests |= {condition_key(rule, index): sign.when for index, sign in enumerate(_signs(rule))}
            entries += [(key, when, None, book.files[rule.id]) for key, when in tests.items()]
        for ident, when, unless, file in entries:
            try:
                condition = conditions.read(when, book.vocabulary, book.derivations.facts)
                if unless is not None:
                    exception = conditions.read(unless, book.vocabulary, book.derivations.facts)
                    condition = conditions.All((condition, conditions.Not(exception)))
                yield ident, condition
            except ValueError as error:
                self.problems.append(Problem(str(error), file, subject=ident))

    def _references(self, book: Rulebook) -> None:
        """Names that point nowhere: authorities, nodes, positions, clusters."""

        def check(kind: str, name: str, known: Iterable[str], file: str, subject: str) -> None:
            known = list(known)
            if name not in known:
                self.problems.append(
                    Problem(f"{kind} '{name}' does not exist", file, subject=subject, fix=nearest(name, known))
                )

        for factor in book.factors.values():
            file = book.files[factor.id]
            for node in factor.feeds:
                check("node", node, book.nodes, file, factor.id)
            for cited in factor.authority:
                check("authority", cited.cite, book.authorities, file, factor.id)
            if factor.magnitude and factor.magnitude.fact not in book.derivations.facts:
                check("fact", factor.magnitude.fact, book.vocabulary.facts, file, factor.id)
            for point, answer in factor.position.items():
                check("unsettled point", point, book.points, file, factor.id)
                if point in book.points:
                    check(f"answer to {point}", answer, book.points[point].answers, file, factor.id)
        for rule in book.nodes.values():
            where = f"rules for {rule.id}"
            for cited in rule.authority:
                check("authority", cited.cite, book.authorities, where, rule.id)
            for part in (*rule.parts, *(part for part in rule.weighs if part != "self")):
                check("node", part, book.nodes, where, rule.id)
            if bool(rule.parts) == bool(rule.weighs):
                self.problems.append(Problem("must either weigh factors or combine nodes", where, subject=rule.id))
        for ident, outcome in ((o.id, o) for o in book.outcomes):
            for leaf in conditions.leaves(conditions.read(outcome.when, book.vocabulary)):
                if isinstance(leaf, Met):
                    check("node", leaf.rule, book.nodes, "conclusion.yaml", ident)
        for consequence in book.consequences.values():
            self._consequence(book, consequence, check)
        for name, position in book.positions.items():
            for point, answer in position.answers.items():
                check("unsettled point", point, book.points, "positions.yaml", name)
                if point in book.points:
                    check(f"answer to {point}", answer, book.points[point].answers, "positions.yaml", name)
        check("position", book.pack.position, book.positions, "pack.yaml", "position")
        clusters = {factor.cluster for factor in book.factors.values()}
        for group, members in book.weighing.groups.items():
            for cluster in members.clusters:
                check("cluster", cluster, clusters, "weighing.yaml", group)
        for strength in STRENGTHS:
            check("strength", strength, book.weighing.strengths, "weighing.yaml", "strengths")
        for level in book.weighing.starts:
            check("node", level, book.nodes, "weighing.yaml", "starts")

    def _consequence(self, book: Rulebook, rule: Consequence, check: Check) -> None:
        """Names and formulas of a consequence that point nowhere."""
        file, ident = book.files[rule.id], rule.id
        if ident in book.factors or ident in book.nodes:
            self.problems.append(Problem("is also the id of another rule", file, subject=ident))
        check("question", rule.question, book.questions.questions, file, ident)
        for cited in rule.authority:
            check("authority", cited.cite, book.authorities, file, ident)
        for route in rule.applies.route:
            check("route", route, (outcome.route for outcome in book.outcomes), file, ident)
        for fact in (*rule.dated_by, book.questions.event, book.questions.otherwise):
            check("fact", fact, (*book.vocabulary.facts, *book.derivations.facts), file, ident)
        for point in (*rule.unsettled, *rule.position):
            check("unsettled point", point, book.points, file, ident)
        for point, answer in rule.position.items():
            check(f"answer to {point}", answer, book.points[point].answers if point in book.points else (), file, ident)
        nodes = [name for example in rule.examples for name in example.conclusion.findings]
        keys = [condition_key(rule), *(condition_key(rule, index) for index in range(len(_signs(rule))))]
        for condition in (book.conditions[key] for key in keys if key in book.conditions):
            nodes += [leaf.rule for leaf in conditions.leaves(condition) if isinstance(leaf, Met)]
        for node in dict.fromkeys(nodes):
            check("node", node, book.nodes, file, ident)
        earlier: list[str] = []
        for figure in rule.figures:
            try:
                list(figures.facts_of(figure.formula, book.vocabulary, earlier))
            except ValueError as error:
                self.problems.append(Problem(f"figure '{figure.id}': {error}", file, subject=ident))
            earlier.append(figure.id)


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


def _list(found: Source, key: str) -> list[Any]:
    entries = found.data.get(key) if isinstance(found.data, dict) else None
    return entries if isinstance(entries, list) else []
