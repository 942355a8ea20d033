"""Productions run on durable-rules 2.0.28. No other module touches it.

The C engine is full of traps (`tests/reasoning/test_canaries.py` shows them). They are kept out by construction:

* Values. It tells names apart by a 32-bit hash only, fails on `1e-05`, takes `true` for `1`. No name or value
  of ours reaches it: a fact holds `t0`, `t1`, ... with 0 or 1; the tests show that their hashes differ.
* Joins and `$not` give wrong answers, `$or` fires once per combination of true branches, `$nex` matches
  hidden facts. None is used: a production is written out as clauses, which are alternative conjunctions, and
  every clause is a rule of one pattern. Where the clauses would be many, a part of the production becomes a
  helper, with rules of its own that run one pass earlier.
* Table sizes, checked late or never: 64 matches and 254 properties of one fact, 255 uses and 511 successors
  of one condition, 4,096 rules. The rules are cut into small rulesets, each run on one fact of its own.
* Sessions: at most 1,024, and deleting one in which nothing has fired frees uninitialised memory. A ruleset
  has one at a time, in it a boot rule fires first, and it is deleted whatever happens.
* Batches, events, timers, threads, actions in Python: not used.
* Threads and forks. It never lets go of Python's own lock, so that threads gain nothing by running two engines at
  once: one lock of this module serves all. A fork waits for it, so that no child is made in the middle of a session.
"""

from __future__ import annotations

import itertools
import json
import math
import os
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from caprev.reasoning.productions import Disj, Production, Signed, Tree, signed_atoms

try:
    import durable_rules_engine as durable
except ImportError as error:
    raise ImportError(
        "The inference engine, durable_rules 2.0.28, is missing or not made for this Python. "
        "It is built from source and needs a C compiler and Python 3.11 or 3.12."
    ) from error

MAX_RULES = 50  # of a ruleset, so that its fact cannot match more; durable-rules refuses 65
MAX_NAMES = 240  # of a ruleset, so that its fact has at most 243 properties; durable-rules refuses 255
MAX_CLAUSES = 16  # of a conjunction; beyond, its parts become helpers


_lock = threading.RLock()  # of the thread that runs an engine; a signal's handler may run, or fork, within it


class EngineError(RuntimeError):
    """Productions that cannot be compiled, input that is not truth values, or a failure of durable-rules."""


class Helper(NamedTuple):
    """A part of a production with rules of its own, to be tested in pass `ready` or later."""

    number: int
    ready: int


Name = str | Helper  # str: an atom or a finding of a lower stratum
Clause = tuple[tuple[Name, bool], ...]  # holds if every name has its value
Rule = tuple[Name, Clause]  # the id of the production, or the helper, that holds if the clause does


class Engine:
    """Productions, compiled once, to be run any number of times: from any thread, and after a fork in the child too.

    It may be kept, and is then compiled by durable-rules alone.
    """

    def __init__(self, productions: Sequence[Production]) -> None:
        """Raises EngineError, naming the production, if an id occurs twice, a test is for neither True nor
        False, or a condition is nested hundreds deep."""
        given = [production.id for production in productions]
        if len(set(given)) < len(given):
            raise EngineError(f"production '{max(given, key=given.count)}' is given more than once")
        self._strata: dict[int, tuple[list[str], list[_Ruleset]]] = {}
        for stratum in {production.stratum for production in productions}:
            members = [production for production in productions if production.stratum == stratum]
            rulesets = [_Ruleset(rules) for step in _passes(members) for rules in _portions(step)]
            self._strata[stratum] = [production.id for production in members], rulesets

    def run(self, stratum: int, known: Mapping[str, bool]) -> tuple[str, ...]:
        """The ids of the productions of that stratum that fire, each once, in the order they were given.

        A name not in `known` is unknown: no test on it holds. A name that no production tests is ignored. A
        stratum without productions fires none. Raises EngineError if a name is not text or a value is
        neither True nor False, before anything is run, and if durable-rules fails.
        """
        truths: dict[Name, bool] = dict(known.items())
        for name, value in truths.items():
            if not isinstance(name, str) or (value is not True and value is not False):
                raise EngineError(f"'{name}' is {value!r}; what is known is names that are True or False")
        ids, rulesets = self._strata.get(stratum, ([], []))
        fired: set[Name] = set()
        try:
            with _lock:
                for ruleset in rulesets:
                    concluded = ruleset.run(truths)
                    fired.update(concluded)
                    truths.update((name, True) for name in concluded if isinstance(name, Helper))
        except (durable.error, MemoryError) as error:
            raise EngineError(f"durable-rules failed in stratum {stratum}: {error}") from error
        return tuple(name for name in ids if name in fired)


def _hold() -> None:
    _lock.acquire()


def _release() -> None:
    _lock.release()


def _renew() -> None:
    """A lock for which no thread waits that the child does not have."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold, after_in_parent=_release, after_in_child=_renew)


class _Ruleset:
    """Rules in durable-rules, and the fact they are matched against."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        slots: dict[Name, str] = {}
        definitions: dict[str, Any] = {"boot": {"all": [{"m": {"boot": 1}}]}}
        for number, (_, clause) in enumerate(rules):
            tests = [{slots.setdefault(name, f"t{len(slots)}"): int(value)} for name, value in clause]
            definitions[f"{number}"] = {"all": [{"m": {"$and": [{"fact": 1}, *tests]}}]}
        self._properties = {name: (f',"{slot}":0', f',"{slot}":1') for name, slot in slots.items()}
        self._concludes = [name for name, _ in rules]
        self._unconditional = not all(clause for _, clause in rules)
        self._definitions = json.dumps(definitions)
        self._start()

    def _start(self) -> None:
        """The rules in the durable-rules of this process."""
        try:
            self._handle = durable.create_ruleset(f"caprev{id(self)}", self._definitions)
        except (durable.error, MemoryError) as error:
            raise EngineError(f"durable-rules cannot compile {set(self._concludes)}: {error}") from error
        weakref.finalize(self, durable.delete_ruleset, self._handle)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_handle"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._start()

    def run(self, truths: Mapping[Name, bool]) -> list[Name]:
        """What the rules conclude."""
        given = self._properties.items()
        properties = "".join([pair[value] for name, pair in given if (value := truths.get(name)) is not None])
        if not properties and not self._unconditional:
            return []  # every clause tests something, and nothing that is tested here is known
        state = self._assert('{"boot":1,"id":"boot","sid":"s"}')
        if not durable.start_action_for_state(self._handle, state):
            # The session must not be deleted. As it lives, the next boot fact is refused: no run, no crash.
            raise EngineError("durable-rules did not fire the boot rule; this engine cannot be used any more")
        try:
            durable.complete_and_start_action(self._handle, state)
            self._assert(f'{{"fact":1,"id":"fact","sid":"s"{properties}}}')
            _, match = durable.start_action_for_state(self._handle, state) or ("", "")
            concluded = []
            while match:  # {"17":{"m":{...}}}
                concluded.append(self._concludes[int(match[2 : match.index('"', 2)])])
                match = durable.complete_and_start_action(self._handle, state)
            return concluded
        finally:
            durable.delete_state(self._handle, "s")

    def _assert(self, fact: str) -> int:
        """The session's state, after a fact that matches rules (0) or none (1)."""
        code, state = durable.assert_fact(self._handle, fact)
        if code not in (0, 1):
            raise EngineError(f"durable-rules did not accept the fact {fact}: return code {code}")
        return int(state)


def _passes(productions: Iterable[Production]) -> list[list[Rule]]:
    """The rules of a stratum, in passes; a pass tests only helpers of earlier passes."""
    helpers: dict[tuple[Clause, ...], Helper] = {}
    rules: list[Rule] = []
    for production in productions:
        try:
            if any(type(test.value) is not bool for test in signed_atoms(production.when)):
                raise EngineError(f"production '{production.id}' has a test for neither True nor False")
            rules += [(production.id, clause) for clause in _clauses(production.when, helpers)]
        except RecursionError:
            raise EngineError(f"production '{production.id}' is nested too deeply") from None
    rules += [(helper, clause) for clauses, helper in helpers.items() for clause in clauses]
    steps = {rule: _step(rule[1]) for rule in rules}
    return [[rule for rule in rules if steps[rule] == step] for step in sorted(set(steps.values()))]


def _step(clause: Clause) -> int:
    """The first pass in which every helper of the clause is decided."""
    return max((name.ready for name, _ in clause if isinstance(name, Helper)), default=0)


def _clauses(tree: Tree, helpers: dict[tuple[Clause, ...], Helper]) -> tuple[Clause, ...]:
    """The clauses of which one must hold. New helpers are added to `helpers`, with their clauses."""

    def helper(clauses: tuple[Clause, ...]) -> Clause:
        new = Helper(len(helpers), ready=1 + max(map(_step, clauses)))
        return ((helpers.setdefault(clauses, new), True),)

    if isinstance(tree, Signed):
        return (((tree.name, tree.value),),)
    parts = [_clauses(part, helpers) for part in tree.parts]
    if isinstance(tree, Disj):
        return tuple(dict.fromkeys(itertools.chain.from_iterable(parts)))
    if math.prod(map(len, parts)) > MAX_CLAUSES:
        parts = [part if len(part) == 1 else (helper(part),) for part in parts]
    clauses = []
    for choice in itertools.product(*parts):
        clause = tuple(dict.fromkeys(itertools.chain.from_iterable(choice)))
        while len(clause) > MAX_NAMES:
            clause = (*clause[MAX_NAMES:], *helper((clause[:MAX_NAMES],)))
        clauses.append(clause)
    return tuple(clauses)


def _portions(rules: Iterable[Rule]) -> Iterator[list[Rule]]:
    """The rules in order, cut where there would be too many rules or names."""
    portion: list[Rule] = []
    names: set[Name] = set()
    for rule in rules:
        names.update(name for name, _ in rule[1])
        if len(portion) == MAX_RULES or len(names) > MAX_NAMES:
            yield portion
            portion, names = [], {name for name, _ in rule[1]}
        portion.append(rule)
    if portion:
        yield portion
