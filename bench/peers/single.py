"""Other engines that decide the rulebook's factors for one matter: which are met, and which are not.

All are given the tests on facts that are decided (`a0`, `a1`, ...; unknown ones are left out) and answer with the
productions that fire. What they are built from is `productions.compile_rulebook`, the same as the inference engine's.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

from caprev.facts.conditions import Conj, Signed, Tree
from caprev.reasoning.inference import Engine
from caprev.reasoning.productions import Production

Case = dict[str, bool]
Peer = Callable[[Case], set[str]]


class Names:
    """Short names for what productions test."""

    def __init__(self, productions: Sequence[Production], atoms: Sequence[str]) -> None:
        self.productions = productions
        self.atoms = {key: f"a{place}" for place, key in enumerate(atoms)}


def durable(names: Names) -> Peer:
    """durable-rules, as caprev uses it."""

    def short(tree: Tree) -> Tree:
        if isinstance(tree, Signed):
            return Signed(names.atoms[tree.name], tree.value)
        return type(tree)(tuple(map(short, tree.parts)))

    engine = Engine([Production(p.id, p.stratum, short(p.when)) for p in names.productions])
    return lambda case: set(engine.run(0, case))


def closures(names: Names) -> Peer:
    """A nest of Python functions for each production."""

    def build(tree: Tree) -> Callable[[Callable[[str], bool | None]], bool]:
        if isinstance(tree, Signed):
            name, value = names.atoms[tree.name], tree.value
            return lambda get: get(name) is value
        parts = [build(part) for part in tree.parts]
        if isinstance(tree, Conj):
            return lambda get: all(part(get) for part in parts)
        return lambda get: any(part(get) for part in parts)

    built = [(production.id, build(production.when)) for production in names.productions]
    return lambda case: {ident for ident, holds in built if holds(case.get)}


def generated(names: Names) -> Peer:
    """One generated Python function."""

    def text(tree: Tree) -> str:
        if isinstance(tree, Signed):
            return f"{names.atoms[tree.name]} is {tree.value}"
        word = " and " if isinstance(tree, Conj) else " or "
        return f"({word.join(text(part) for part in tree.parts)})"

    lines = ["def run(case):", " get, fired = case.get, []"]
    lines += [f" {short} = get({short!r})" for short in names.atoms.values()]
    lines += [f" if {text(production.when)}: fired.append({production.id!r})" for production in names.productions]
    scope: dict[str, Any] = {}
    exec("\n".join([*lines, " return set(fired)"]), scope)
    peer: Peer = scope["run"]
    return peer


def clips(names: Names) -> Peer:
    """CLIPS, by clipspy: one fact with a slot for each test, a rule for each way a production can hold."""
    import clips

    environment = clips.Environment()
    slots = " ".join(f"(slot {short} (default nil))" for short in names.atoms.values())
    environment.build(f"(deftemplate case {slots})")
    fired: list[int] = []
    environment.define_function(fired.append, name="fire")
    for number, production in enumerate(names.productions):
        for place, clause in enumerate(_clauses(production.when)):
            tests = " ".join(f"({names.atoms[name]} {'TRUE' if value else 'FALSE'})" for name, value in clause.items())
            environment.build(f"(defrule r{number}-{place} (case {tests}) => (fire {number}))")
    template = environment.find_template("case")
    symbols = {True: clips.Symbol("TRUE"), False: clips.Symbol("FALSE")}
    ids = [production.id for production in names.productions]

    def run(case: Case) -> set[str]:
        environment.reset()
        fired.clear()
        template.assert_fact(**{name: symbols[value] for name, value in case.items()})
        environment.run()
        return {ids[number] for number in fired}

    return run


def _clauses(tree: Tree) -> list[dict[str, bool]]:
    """Alternative conjunctions of tests."""
    if isinstance(tree, Signed):
        return [{tree.name: tree.value}]
    parts = [_clauses(part) for part in tree.parts]
    if not isinstance(tree, Conj):
        return [clause for part in parts for clause in part]
    found = []
    for choice in itertools.product(*parts):
        merged: dict[str, bool] = {}
        if all(merged.setdefault(name, value) is value for part in choice for name, value in part.items()):
            found.append(merged)
    return found


def zen(names: Names) -> Peer:
    """zen-engine (GoRules): one expression node."""
    import zen

    def text(tree: Tree) -> str:
        if isinstance(tree, Signed):
            return f"({names.atoms[tree.name]} == {str(tree.value).lower()})"
        word = " and " if isinstance(tree, Conj) else " or "
        return f"({word.join(text(part) for part in tree.parts)})"

    ids = {f"p{number}": production.id for number, production in enumerate(names.productions)}
    expressions = [
        {"id": key, "key": key, "value": text(production.when)}
        for key, production in zip(ids, names.productions, strict=True)
    ]
    content = {"expressions": expressions, "passThrough": False, "inputField": None, "outputPath": None}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "x", "type": "expressionNode", "name": "x", "content": {**content, "executionMode": "single"}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "1", "type": "edge", "sourceId": "in", "targetId": "x"},
        {"id": "2", "type": "edge", "sourceId": "x", "targetId": "out"},
    ]
    graph = {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    blank = dict.fromkeys(names.atoms.values())

    def run(case: Case) -> set[str]:
        result = decision.evaluate({**blank, **case})["result"]
        return {ident for key, ident in ids.items() if result[key]}

    return run


def datalogic(names: Names) -> Peer:
    """datalogic-py (JSONLogic): one list of expressions."""
    import datalogic_py

    def logic(tree: Tree) -> Any:
        if isinstance(tree, Signed):
            return {"===": [{"var": names.atoms[tree.name]}, tree.value]}
        return {"and" if isinstance(tree, Conj) else "or": [logic(part) for part in tree.parts]}

    program = datalogic_py.Engine().compile([logic(production.when) for production in names.productions])
    ids = [production.id for production in names.productions]
    return lambda case: {ident for ident, holds in zip(ids, program.evaluate(case), strict=True) if holds}


PEERS: dict[str, Callable[[Names], Peer]] = {
    "caprev/durable-rules": durable,
    "plain Python closures": closures,
    "generated Python": generated,
    "clipspy": clips,
    "zen-engine": zen,
    "datalogic-py": datalogic,
}
