"""The strict law of a pack as read from its folder, compiled and checked whole.

    pack.yaml            what the pack says of itself, and how its events are called
    vocabulary.yaml      the facts
    derived.yaml         what follows from facts (may be left out)
    authorities.yaml     what rules may cite
    parameters.yaml      numbers and tables by their days (may be left out)
    strict.yaml, strict/*.yaml   questions, rules, amounts, warnings, regimes, in one file or in many

Every problem of every file is reported together. Rules, outcomes, amounts and parameters share one set of names, since
formulas go by them. In which order files and rules stand says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from caprev.errors import BadInput, Problem, listing, nearest, stray
from caprev.facts import conditions, phrases, vocabulary
from caprev.facts import derivations as derived
from caprev.facts.conditions import AllOf, AnyOf, Atom, Condition, Met, Not
from caprev.facts.derivations import AS_AT, Derivations
from caprev.facts.knowledge import INFINITY, day
from caprev.facts.vocabulary import Fact, Vocabulary, worded
from caprev.files.reading import Path_, Source, Value
from caprev.law import authorities, packs, soundness
from caprev.law.authorities import Records
from caprev.law.faults import faults
from caprev.law.models import Cited, Model, Span
from caprev.law.reader import Reader
from caprev.law.strict import Amount, Answer, Parameter, Question, Regimes, Rule, Strict, Warning_
from caprev.once import cached_property
from caprev.strict import expressions, parameters
from caprev.strict.expressions import Call, Kind, Name, Node
from caprev.strict.parameters import Read

M = TypeVar("M", bound=Model)
HOLDS = "= "
"""How a comparison stands among the leaves of a condition: as a rule whose name is its text."""
GROUPS = ("questions", "rules", "amounts", "warnings", "regimes")
ABOUT = "about"
"""In a pack that also weighs: what `pack.yaml` says of strict rules elsewhere (events, dated_by, weighed)."""
EVENT_KEYS = ("id", "title", "of", "facts")
"""What an event says besides facts."""
RESERVED = ("events", "expect", "matter", "facts", "parcels", "set_aside")
_KINDS: dict[str, Kind] = {"bool": "truth", "int": "number", "number": "number", "date": "date", "enum": "text"}


@dataclass(frozen=True)
class Book:
    """All strict law of a pack, compiled and checked. `name` is that of the pack, if it is one shipped.

    `conditions` go by kind and id (`rule:ID`), `formulas` by the id of their amount or, of a comparison within a
    condition, by its text.
    """

    name: str
    pack: Strict
    vocabulary: Vocabulary
    derivations: Derivations
    authorities: Records
    parameters: Mapping[str, Read]
    questions: Mapping[str, Question]
    rules: Mapping[str, Rule]
    amounts: Mapping[str, Amount]
    warnings: Mapping[str, Warning_]
    regimes: Mapping[str, Regimes]
    files: Mapping[str, str]
    sha256: str
    conditions: dict[str, Condition] = field(default_factory=dict)
    formulas: dict[str, Node] = field(default_factory=dict)

    @cached_property
    def outcomes(self) -> Mapping[str, Answer]:
        """Every outcome of every question."""
        return {name: answer for question in self.questions.values() for name, answer in question.outcomes.items()}

    @cached_property
    def asked_in(self) -> Mapping[str, str]:
        """The question of each outcome."""
        return {name: key for key, question in self.questions.items() for name in question.outcomes}

    @cached_property
    def concluding(self) -> Mapping[str, tuple[str, ...]]:
        """The rules by which each outcome follows."""
        found: dict[str, tuple[str, ...]] = dict.fromkeys(self.outcomes, ())
        for rule in self.rules.values():
            if rule.then in found:
                found[rule.then] += (rule.id,)
        return found

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Every fact by name, also those that exist only by derivation."""
        return {**self.vocabulary.facts, **self.derivations.facts}

    def of(self, name: str) -> str:
        """Whether a question, rule, outcome, amount or warning is of each event or of the matter as a whole."""
        if self.pack.events is None:
            return "matter"
        name = self.asked_in.get(name, name)
        tables: tuple[Mapping[str, Any], ...] = (self.questions, self.rules, self.amounts, self.warnings)
        return next((table[name].of for table in tables if name in table), "matter")

    def askable(self, fact: str) -> tuple[str, ...]:
        """The facts a person can be asked for to learn one: a derived quantity is asked for by its operands."""
        if fact in self.vocabulary:
            return (fact,)
        return next((q.operands for q in self.derivations.quantities if q.target == fact), ())

    def label(self, name: str) -> str:
        """What an amount, a parameter, a fact or a rule is called in a sentence."""
        if name in self.amounts:
            return self.amounts[name].label
        if name in self.parameters:
            return self.parameters[name].label
        if name not in self.facts:
            return name
        section = name.partition(".")[0]
        own = self.pack.events is not None and section == self.pack.events.section
        return self.facts[name].words if own else worded(name.replace(".", " "))


def load(directory: str | Path) -> Book:
    """Read and check the strict law in a folder. Raises BadInput with every problem of every file."""
    root = Path(directory)
    if not root.is_dir():
        raise BadInput(Problem("is not a directory of rules", str(root)))
    reader = Reader(root)
    tables = _Tables(reader)
    tables.read()
    pack = _said(reader, tables.about) if packs.mixed(root) else reader.one("pack.yaml", Strict)
    money = (pack.currencies, pack.currency) if pack else ({}, "")
    words = reader.by("vocabulary.yaml", lambda found: vocabulary.load(found, *money))
    if words:
        _words(words, reader)
    derivations: Derivations | None = Derivations((), ())
    if words and (root / "derived.yaml").is_file():
        derivations = reader.by("derived.yaml", lambda found: derived.load(found, words))
    records = reader.by("authorities.yaml", _records)
    if not (words and derivations and pack and records):
        raise BadInput(reader.problems)
    book = Book(
        packs.of(root),
        pack,
        words,
        derivations,
        records,
        tables.parameters,
        tables.found["questions"],
        tables.found["rules"],
        tables.found["amounts"],
        tables.found["warnings"],
        tables.found["regimes"],
        reader.files,
        reader.sha256,
    )
    _Checks(book, reader, tables.places).check()
    if reader.problems:
        raise BadInput(reader.problems)
    reader.keep()
    return _marked(book)


def _said(reader: Reader, about: Mapping[str, Value]) -> Strict | None:
    """What a pack that also weighs says of itself, with what its strict files say under `about`."""
    found = reader.source("pack.yaml")
    data = found.data if found and isinstance(found.data, dict) else {}
    shared = {key: value for key, value in data.items() if key in Strict.model_fields}
    try:
        return Strict.model_validate({**shared, **about})
    except ValidationError as error:
        reader.problems += faults(error, Strict, found or Source("pack.yaml", {}, " "))
        return None


def _records(found: Source) -> Records:
    records, problems = authorities.check(found)
    if problems:
        raise BadInput(problems)
    return records


def _words(words: Vocabulary, reader: Reader) -> None:
    file = reader.file("vocabulary.yaml")
    soundness.report(reader, file, soundness.sections(words))
    for fact in words:
        if wrong := phrases.clash(fact):
            reader.problems.append(Problem(wrong, file, subject=fact.name))
    for section in words.sections:
        if section in RESERVED:
            reader.fault(file, (section,), section, "cannot be a section of facts: fact sets use the word", "Rename it")


def _marked(book: Book) -> Book:
    """The book with every citation marked as its place is."""
    marked, records = authorities.marked, book.authorities
    for rules in (book.rules, book.amounts, book.warnings, book.regimes):
        table: dict[str, Any] = rules  # type: ignore[assignment]
        for name, rule in table.items():
            table[name] = marked(records, rule)
    return book


class _Tables:
    """What stands in the files, entry by entry."""

    models: Mapping[str, type[Model]] = {
        "questions": Question, "rules": Rule, "amounts": Amount, "warnings": Warning_, "regimes": Regimes,
    }  # fmt: skip

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.found: dict[str, dict[str, Any]] = {group: {} for group in GROUPS}
        self.parameters: dict[str, Read] = {}
        self.about: dict[str, Value] = {}
        self.places: dict[str, tuple[str, Path_]] = {}

    def read(self) -> None:
        root = self.reader.root
        files = [Path("strict.yaml")] if (root / "strict.yaml").is_file() else []
        files += sorted(path.relative_to(root) for path in (root / "strict").rglob("*.yaml"))
        for file in files:
            source = self.reader.source(file.as_posix())
            if source is not None:
                self._file(source)
        if not self.found["questions"] and not self.found["amounts"] and not self.reader.problems:
            what = "has no questions and no amounts: nothing could be concluded"
            self.reader.problems.append(Problem(what, self.reader.file("strict.yaml")))
        if (root / "parameters.yaml").is_file():
            source = self.reader.source("parameters.yaml")
            if source is not None:
                self._parameters(source)

    def _file(self, source: Source) -> None:
        data = source.data if isinstance(source.data, dict) else {}
        about = data.get(ABOUT)
        if isinstance(about, dict) and packs.mixed(self.reader.root):
            self.about |= about
            data = {key: value for key, value in data.items() if key != ABOUT}
        for key in data or ([] if about else [""]):
            if key not in GROUPS:
                what = stray([key], GROUPS) if key else f"holds nothing; allowed: {listing(GROUPS)}"
                self.reader.fault(source.file, (key,), "", what)
                continue
            for name, entry in self._entries(data[key], source, (key,)):
                named = {**entry, "id": name} if key != "questions" else entry
                row = self._model(self.models[key], named, source, (key, name), name)
                if row is not None and self._claim(name, source, (key, name)):
                    self.found[key][name] = row
                    if isinstance(row, Question):
                        for outcome in row.outcomes:
                            self._claim(outcome, source, (key, name, "outcomes", outcome))

    def _entries(self, data: Value, source: Source, at: Path_) -> Iterator[tuple[str, dict[str, Value]]]:
        if not isinstance(data, dict):
            self.reader.fault(source.file, at, ".".join(map(str, at)), "is not a mapping of ids")
            return
        for name, entry in data.items():
            if isinstance(entry, dict):
                yield name, entry
            else:
                self.reader.fault(source.file, (*at, name), name, "is not a mapping (key: value)")

    def _model(self, model: type[M], data: Value, source: Source, at: Path_, name: str) -> M | None:
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self.reader.problems += faults(error, model, source, at, name)
            self.reader.unread.add(name)
            return None

    def _claim(self, name: str, source: Source, at: Path_) -> bool:
        before = len(self.reader.problems)
        self.reader.claim(name, source.file, at)
        if name in expressions.FUNCTIONS or name in ("and", "or", "not"):
            self.reader.fault(source.file, at, name, "is a word of formulas", "Choose another id")
        self.places[name] = source.file, at
        return len(self.reader.problems) == before

    def _parameters(self, source: Source) -> None:
        for name, entry in self._entries(source.data, source, ()):
            written = self._model(Parameter, entry, source, (name,), name)
            if written and self._claim(name, source, (name,)):
                self._parameter(name, written, source)

    def _parameter(self, name: str, written: Parameter, source: Source) -> None:
        try:
            self.parameters[name] = parameters.read(name, written)
        except ValueError as error:
            self.reader.fault(source.file, (name, "values"), name, str(error))
            self.reader.unread.add(name)


class _Checks:
    """Compiles conditions and formulas, and finds names that point nowhere, terms that do not fit, and circles."""

    def __init__(self, book: Book, reader: Reader, places: Mapping[str, tuple[str, Path_]]) -> None:
        self.book, self.reader, self.places = book, reader, places
        self.sources: dict[str, list[str]] = {}

    def fault(self, name: str, at: Path_, what: str, fix: str = "") -> None:
        file, place = self.places[name]
        self.reader.fault(file, (*place, *at), name, what, fix)

    def check(self) -> None:
        book = self.book
        self._events()
        self._weighed()
        for name, question in book.questions.items():
            self._condition("question", name, question.when, None, Span(), "")
            if question.otherwise and question.otherwise not in question.outcomes:
                what = f"otherwise is '{question.otherwise}', which is none of its outcomes"
                self.fault(name, ("otherwise",), what, nearest(question.otherwise, question.outcomes))
        for rule in book.rules.values():
            self._condition("rule", rule.id, rule.when, rule.unless, rule.in_force, rule.dated_by)
            self._cited(rule.id, rule.authority)
            if rule.then:
                self._concludes(rule)
        for amount in book.amounts.values():
            self._condition("amount", amount.id, amount.when, None, amount.in_force, amount.dated_by)
            self._cited(amount.id, amount.authority)
            self._amount(amount)
        for warning in book.warnings.values():
            self._condition("warning", warning.id, warning.when, None, warning.in_force, warning.dated_by)
            self._cited(warning.id, warning.authority)
        for regimes in book.regimes.values():
            self._regimes(regimes)
        self._circles()

    def _weighed(self) -> None:
        weighed, file = self.book.pack.weighed, self.reader.file("pack.yaml")
        if weighed is None:
            return
        if self.reader.check("fact", weighed.fact, self.book.vocabulary.facts, file, (), "weighed"):
            for side, value in weighed.values.items():
                try:
                    self.book.vocabulary[weighed.fact].read(value)
                except ValueError as error:
                    self.reader.fault(file, (), "weighed", f"{side}: {error}")

    def _events(self) -> None:
        book, file = self.book, self.reader.file("pack.yaml")
        events, facts = book.pack.events, book.vocabulary
        if book.pack.dating not in book.facts or book.facts[book.pack.dating].type != "date":
            self.reader.fault(file, ("dated_by",), "dated_by", f"'{book.pack.dating}' is not a date of the vocabulary")
        if events is None:
            return
        for name, kind in (("kind", "enum"), ("date", "date")):
            full = f"{events.section}.{name}"
            if full not in facts or facts[full].type != kind:
                what = f"needs the fact {full} of type {kind} in the vocabulary"
                self.reader.fault(file, ("events", "section"), "events", what)
        for name in facts.sections.get(events.section, ()):
            if name in (*facts.sections, *EVENT_KEYS):
                what = f"is a fact of events and also {'a section' if name in facts.sections else 'a key of theirs'}"
                place = self.reader.file("vocabulary.yaml")
                self.reader.fault(place, (events.section, name), f"{events.section}.{name}", what, "Rename one")
        for name, carried in events.carries.items():
            at: Path_ = ("events", "carries", name)
            source = f"{events.section}.{carried.fact}"
            for fact in (name, source):
                self.reader.check("fact", fact, facts.facts, file, at, "events")
            kinds = facts[f"{events.section}.kind"].values if f"{events.section}.kind" in facts else ()
            self.reader.check("kind of event", carried.kind, kinds, file, (*at, "from"), "events")
            if name in facts and source in facts and facts[name].type != facts[source].type:
                self.reader.fault(file, at, "events", f"{name} is not of the type of {source}")

    def _concludes(self, rule: Rule) -> None:
        book = self.book
        if rule.then not in book.outcomes:
            if rule.then not in self.reader.unread:
                what = f"then is '{rule.then}', which is no outcome of a question"
                self.fault(rule.id, ("then",), what, nearest(rule.then, list(book.outcomes)))
        elif book.of(rule.id) != book.of(rule.then):
            what = f"is of the {book.of(rule.id)}, and its outcome '{rule.then}' of the {book.of(rule.then)}"
            self.fault(rule.id, ("then",), what, "Give both the same `of`")

    def _cited(self, name: str, authority: tuple[Cited, ...]) -> None:
        file, place = self.places[name]
        for index, cited in enumerate(authority):
            at: Path_ = (*place, "authority", index)
            if self.reader.check("authority", cited.cite, self.book.authorities, file, (*at, "cite"), name):
                wrong = authorities.fault(self.book.authorities, cited)
                if wrong:
                    self.reader.fault(file, (*at, wrong[0]), name, wrong[1], wrong[2])

    # --- conditions ------------------------------------------------------------------------------------------

    def _condition(self, kind: str, name: str, when: Any, unless: Any, in_force: Span, dated_by: str) -> None:
        """What must hold, what must not, and the days between which it is law, as one condition."""
        parts: list[Condition] = []
        if in_force.words:
            dating = dated_by or dating_of(self.book, self._of(name))
            if dating in self.book.facts and self.book.facts[dating].type == "date":
                low = day(in_force.start)[0] if in_force.start else -INFINITY
                high = day(in_force.end)[1] if in_force.end else INFINITY
                parts.append(Atom(dating, "between", frozenset(), low, high, f"{in_force.words}"))
            else:
                self.fault(name, ("dated_by",), f"'{dating}' is not a date of the vocabulary")
        elif dated_by and (dated_by not in self.book.facts or self.book.facts[dated_by].type != "date"):
            self.fault(name, ("dated_by",), f"'{dated_by}' is not a date of the vocabulary")
        if when is not None and (found := self._read(name, when, ("when",))):
            parts.append(found)
        if unless is not None:
            items = unless if isinstance(unless, list) else []
            listed: list[Any] = [{"met": item} if isinstance(item, str) else item for item in items]
            if found := self._read(name, {"any": listed} if listed else unless, ("unless",)):
                parts.append(Not(found))
        self.book.conditions[f"{kind}:{name}"] = AllOf(tuple(parts))

    def _read(self, name: str, written: Value, at: Path_) -> Condition | None:
        book = self.book
        try:
            found = conditions.read(plain(written), book.vocabulary, book.derivations.facts)
        except ValueError as error:
            self.fault(name, at, str(error))
            return None
        for leaf in conditions.leaves(found):
            try:
                if isinstance(leaf, Atom):
                    self._level(name, leaf.fact)
                elif leaf.rule.startswith(HOLDS):
                    tree = expressions.parse(leaf.rule.removeprefix(HOLDS))
                    book.formulas[leaf.rule] = tree
                    if (kind := self._kind(name, tree)) != "truth":
                        raise ValueError(f"'{leaf.rule[2:]}' is a {kind}; a condition needs a comparison")
                elif leaf.rule not in book.rules and leaf.rule not in book.outcomes:
                    if leaf.rule not in self.reader.unread:
                        near = nearest(leaf.rule, [*book.rules, *book.outcomes])
                        raise ValueError(f"there is no rule or outcome '{leaf.rule}'. {near}".rstrip())
                else:
                    self._level(name, leaf.rule)
            except ValueError as error:
                self.fault(name, at, str(error))
        return found

    # --- formulas --------------------------------------------------------------------------------------------

    def _amount(self, amount: Amount) -> None:
        try:
            tree = expressions.parse(amount.formula)
            kind = self._kind(amount.id, tree)
            if kind not in ("number", "date") or (kind == "date") != (amount.unit == "date"):
                raise ValueError(f"gives a {kind}, but the unit is {amount.unit}")
            if amount.round:
                unit = parameters.number(amount.round)
                if unit <= 0 or kind == "date":
                    raise ValueError("has a round that is not a number above nought, or is a date")
        except ValueError as error:
            self.fault(amount.id, ("formula",), str(error))
            return
        self.book.formulas[amount.id] = tree

    def _kind(self, name: str, tree: Node) -> Kind:
        summed = {
            id(node.terms[0])
            for node in expressions.nodes(tree)
            if isinstance(node, Call) and node.function in ("sum", "sum_before", "count") and node.terms
        }
        for node in expressions.nodes(tree):
            if isinstance(node, Name) and id(node) in summed:
                self._summed(name, node.name)
            elif isinstance(node, Name):
                self._level(name, node.name)
        return expressions.kind(tree, self._named)

    def _named(self, name: str) -> Kind:
        book = self.book
        if "." in name:
            if name not in book.facts:
                raise ValueError(f"'{name}' is not in the vocabulary. {book.vocabulary.nearest(name)}".rstrip())
            if book.facts[name].type not in _KINDS:
                raise ValueError(f"'{name}' is a set; name a rule that tests it")
            return _KINDS[book.facts[name].type]
        if name in book.amounts:
            return "date" if book.amounts[name].unit == "date" else "number"
        if name in book.parameters:
            return book.parameters[name].kind
        if name in book.rules or name in book.outcomes:
            return "truth"
        known = [*book.amounts, *book.parameters, *book.rules, *book.outcomes]
        if name in self.reader.unread:
            return "number"
        near = nearest(name, known)
        spaced = " A minus needs a blank on either side." if "-" in name else ""
        raise ValueError(f"there is no amount, parameter or rule '{name}'.{spaced} {near}".rstrip())

    def _level(self, user: str, name: str) -> None:
        """What is asked of the matter as a whole cannot rest on what differs from event to event."""
        events = self.book.pack.events
        if events is None or self._of(user) == "event":
            return
        if name.startswith(f"{events.section}.") or ("." not in name and self.book.of(name) == "event"):
            what = f"is of the matter, and '{name}' of each {events.one}"
            raise ValueError(f"{what}; sum(...) and count(...) go over all {events.many}")

    def _of(self, user: str) -> str:
        return "matter" if user in self.book.regimes else self.book.of(user)

    def _summed(self, user: str, name: str) -> None:
        if "." in name or self.book.of(name) != "event":
            raise ValueError(f"sums '{name}', which is not of each event")

    # --- regimes and circles ---------------------------------------------------------------------------------

    def _regimes(self, regimes: Regimes) -> None:
        book = self.book
        self._cited(regimes.id, regimes.authority)
        for index, amount in enumerate(regimes.compares):
            if amount not in book.amounts or book.of(amount) != "matter":
                what = f"compares '{amount}', which is not an amount of the matter (of: matter)"
                self.fault(regimes.id, ("compares", index), what, nearest(amount, list(book.amounts)))
        for group in ("options", "scenarios"):
            for key, option in getattr(regimes, group).items():
                for fact, value in option.facts.items():
                    at: Path_ = (group, key, "facts", fact)
                    if fact not in book.vocabulary:
                        self.fault(regimes.id, at, f"'{fact}' is not in the vocabulary", book.vocabulary.nearest(fact))
                        continue
                    try:
                        book.vocabulary[fact].read(value)
                    except ValueError as error:
                        self.fault(regimes.id, at, f"{fact} {error}")
                if option.when is not None and (found := self._read(regimes.id, option.when, (group, key, "when"))):
                    book.conditions[f"option:{regimes.id}:{key}"] = found

    def _circles(self) -> None:
        done: set[str] = set()

        def visit(name: str, above: tuple[str, ...]) -> None:
            if name in above:
                circle = " -> ".join((*above[above.index(name) :], name))
                user = next(step for step in reversed(above) if step in self.places)
                self.fault(user, (), f"rests on itself: {circle}")
            elif name not in done:
                for part in rests_on(self.book, name):
                    visit(part, (*above, name))
            done.add(name)

        for name in (*self.book.rules, *self.book.outcomes, *self.book.amounts):
            visit(name, ())


def plain(written: Value) -> Value:
    """A condition in which every comparison (`holds: text`) stands as a rule of that name."""
    if isinstance(written, list):
        return [plain(item) for item in written]
    if not isinstance(written, dict):
        return written
    parts: list[Value] = []
    for key, item in written.items():
        if key == "holds":
            if not isinstance(item, str):
                raise ValueError("'holds' needs a comparison as text")
            parts.append({"met": HOLDS + item})
        else:
            parts.append({key: plain(item) if key in ("all", "any", "not") else item})
    return parts[0] if len(parts) == 1 else {"all": parts}


def rests_on(book: Book, name: str) -> tuple[str, ...]:
    """The rules, outcomes and amounts that one rests on directly; what earlier events sum up to is not among them."""
    found: list[str] = []
    if name in book.outcomes:
        question = book.questions[book.asked_in[name]]
        found += book.concluding[name]
        if question.otherwise == name:
            found += [other for other in question.outcomes if other != name]
    for kind in ("rule", "amount"):
        for leaf in conditions.leaves(book.conditions.get(f"{kind}:{name}", AnyOf(()))):
            if isinstance(leaf, Met):
                found += _named(book, book.formulas.get(leaf.rule)) if leaf.rule.startswith(HOLDS) else [leaf.rule]
    found += _named(book, book.formulas.get(name))
    tables: tuple[Mapping[str, Any], ...] = (book.rules, book.outcomes, book.amounts)
    return tuple(dict.fromkeys(item for item in found if any(item in table for table in tables)))


def _named(book: Book, tree: Node | None) -> Iterator[str]:
    if isinstance(tree, Name):
        yield tree.name
    elif isinstance(tree, Call) and tree.function != "sum_before":
        for term in tree.terms:
            yield from _named(book, term)


def dating_of(book: Book, of: str) -> str:
    """The fact that tells which day's law counts, for what is of each event or of the matter."""
    events, dating = book.pack.events, book.pack.dating
    return AS_AT.name if of == "matter" and events and dating.startswith(f"{events.section}.") else dating
