"""What is written as conditions and formulas becomes trees, which say what they are of and give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from caprev.errors import nearest
from caprev.facts import conditions
from caprev.facts.conditions import AllOf, Atom, Condition, Not
from caprev.facts.knowledge import INFINITY, day
from caprev.files.reading import Path_, Value
from caprev.law.models import Span
from caprev.law.reader import Reader
from caprev.law.strict import Amount
from caprev.strict import expressions, parameters
from caprev.strict.book.law import HOLDS, Book, dating_of
from caprev.strict.expressions import Call, Kind, Name, Node

_KINDS: dict[str, Kind] = {"bool": "truth", "int": "number", "number": "number", "date": "date", "enum": "text"}


class Compiler:
    """Conditions and formulas as trees, with terms that fit what is done with them; they go into the book."""

    def __init__(self, book: Book, reader: Reader, places: Mapping[str, tuple[str, Path_]]) -> None:
        self.book, self.reader, self.places = book, reader, places

    def fault(self, name: str, at: Path_, what: str, fix: str = "") -> None:
        """Put a fault down at a place within what has this name."""
        file, place = self.places[name]
        self.reader.fault(file, (*place, *at), name, what, fix)

    def condition(self, kind: str, name: str, when: Any, unless: Any, in_force: Span, dated_by: str) -> None:
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
        if when is not None and (found := self.read(name, when, ("when",))):
            parts.append(found)
        if unless is not None:
            items = unless if isinstance(unless, list) else []
            listed: list[Any] = [{"met": item} if isinstance(item, str) else item for item in items]
            if found := self.read(name, {"any": listed} if listed else unless, ("unless",)):
                parts.append(Not(found))
        self.book.conditions[f"{kind}:{name}"] = AllOf(tuple(parts))

    def read(self, name: str, written: Value, at: Path_) -> Condition | None:
        """A condition that stands under a name, or none and its faults."""
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

    def amount(self, amount: Amount) -> None:
        """The formula of an amount."""
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
