"""The inference engine fires exactly the productions that hold, whatever their shape."""

from __future__ import annotations

import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import durable_rules_engine as durable
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.differential import compare
from caprev.reasoning import inference
from caprev.reasoning.inference import Engine, EngineError
from caprev.reasoning.productions import Conj, Disj, Production, Signed, Tree
from tests.reference import holds

ROOT = Path(__file__).resolve().parents[2]


def yes(name: str) -> Signed:
    return Signed(name, True)


def no(name: str) -> Signed:
    return Signed(name, False)


def conj(*parts: Tree) -> Conj:
    return Conj(parts)


def disj(*parts: Tree) -> Disj:
    return Disj(parts)


def fires(when: Tree, **known: bool) -> bool:
    return Engine([Production("p", 0, when)]).run(0, known) == ("p",)


# --- what a production means --------------------------------------------------------------------------------


def test_a_test_holds_of_a_known_value() -> None:
    """A test for True holds of a name known to be True, and of nothing else; likewise for False."""
    assert fires(yes("a"), a=True)
    assert not fires(yes("a"), a=False)
    assert fires(no("a"), a=False)
    assert not fires(no("a"), a=True)


def test_nothing_holds_of_an_unknown_name() -> None:
    """Absence is not falsehood: a name that is not known satisfies no test."""
    assert not fires(yes("a"))
    assert not fires(no("a"))
    assert not fires(conj(yes("a"), no("b")), a=True)
    assert fires(disj(yes("a"), no("a"), yes("b")), b=True)


def test_a_conjunction_needs_all_and_a_disjunction_one() -> None:
    """Conj and Disj mean all and any."""
    assert fires(conj(yes("a"), no("b")), a=True, b=False)
    assert not fires(conj(yes("a"), no("b")), a=True, b=True)
    assert fires(disj(yes("a"), no("b")), a=True, b=True)
    assert not fires(disj(yes("a"), no("b")), a=False, b=True)


def test_empty_conditions() -> None:
    """An empty conjunction always fires, an empty disjunction never; also inside other conditions."""
    assert fires(conj())
    assert fires(conj(), a=True)
    assert not fires(disj(), a=True)
    assert fires(conj(conj(), disj(conj(), yes("a"))))
    assert fires(disj(disj(), conj(yes("a"), conj())), a=True)
    assert not fires(conj(yes("a"), disj()), a=True)


def test_a_contradiction_never_fires() -> None:
    """No name is both True and False."""
    contradiction = conj(yes("a"), no("a"))
    for known in ({}, {"a": True}, {"a": False}):
        assert not fires(contradiction, **known)
    assert fires(disj(contradiction, yes("b")), a=True, b=True)


def test_repeated_tests_change_nothing() -> None:
    """A test given twice is the same test."""
    assert fires(conj(yes("a"), yes("a"), disj(yes("a"), yes("a"))), a=True)


def test_one_fact_may_satisfy_several_parts() -> None:
    """`a`, and `a` or `b`, holds when only `a` is known."""
    assert fires(conj(yes("a"), disj(yes("a"), yes("b"))), a=True)


# --- what a run returns -------------------------------------------------------------------------------------


def test_ids_come_in_the_given_order_and_once() -> None:
    """The order is that of the productions, and a production with many reasons fires once."""
    anything = disj(*(yes(f"n{number}") for number in range(10)))
    engine = Engine([Production(name, 0, anything) for name in "zebra"])
    assert engine.run(0, {f"n{number}": True for number in range(10)}) == tuple("zebra")


def test_strata_are_separate() -> None:
    """A run fires productions of its stratum only; a stratum without productions fires none."""
    engine = Engine([Production("low", -1, yes("a")), Production("high", 7, yes("a"))])
    assert engine.run(-1, {"a": True}) == ("low",)
    assert engine.run(7, {"a": True}) == ("high",)
    assert engine.run(0, {"a": True}) == ()
    assert Engine([]).run(0, {"a": True}) == ()


def test_unused_names_are_ignored() -> None:
    """Names that no production of the stratum tests make no difference."""
    engine = Engine([Production("p", 0, yes("a")), Production("q", 1, yes("b"))])
    assert engine.run(0, {"a": True, "b": True, "c": False}) == ("p",)


def test_runs_are_independent() -> None:
    """Nothing of one run is left in the next."""
    engine = Engine([Production("p", 0, conj(yes("a"), yes("b"))), Production("q", 0, yes("b"))])
    for _ in range(3):
        assert engine.run(0, {"a": True, "b": True}) == ("p", "q")
        assert engine.run(0, {"a": True}) == ()
        assert engine.run(0, {}) == ()
        assert engine.run(0, {"b": True}) == ("q",)


def test_engines_are_independent() -> None:
    """Several engines live in one process, also with the same ids and names."""
    engines = [Engine([Production("p", 0, Signed("a", value))]) for value in (True, False) * 5]
    assert [engine.run(0, {"a": True}) for engine in engines] == [("p",), ()] * 5


def test_one_engine_serves_many_threads() -> None:
    """Runs in different threads do not disturb each other."""
    engine = Engine([Production(f"p{number}", 0, yes(f"n{number}")) for number in range(100)])

    def serve(number: int) -> bool:
        return engine.run(0, {f"n{number % 100}": True}) == (f"p{number % 100}",)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(serve, range(1000)))


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [1, 0, None, "true", 1e-05, [], {}])
def test_only_truth_values_are_accepted(value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anything but True and False is refused before the C engine sees it, even for a name nothing tests."""
    engine = Engine([Production("p", 0, yes("a"))])
    monkeypatch.setattr(inference, "durable", SimpleNamespace(error=durable.error))
    with pytest.raises(EngineError, match=r"'b' is .*True or False"):
        engine.run(0, {"a": True, "b": value})


def test_only_text_names_are_accepted() -> None:
    """A name that is not text is a mistake of the caller."""
    with pytest.raises(EngineError, match="'3' is True"):
        Engine([]).run(0, {3: True})  # type: ignore[dict-item]


def test_an_id_given_twice_is_refused() -> None:
    """Firings could not be told apart."""
    with pytest.raises(EngineError, match="'q' is given more than once"):
        Engine([Production(name, stratum, yes("a")) for stratum, name in enumerate("pqrq")])


@pytest.mark.parametrize("value", [1, None, "True"])
def test_a_test_for_another_value_is_refused(value: Any) -> None:
    """The error names the production."""
    with pytest.raises(EngineError, match="'p'"):
        Engine([Production("p", 0, conj(yes("a"), Signed("b", value)))])


def test_absurd_nesting_is_refused_by_name() -> None:
    """100 levels are fine; what Python cannot walk is an EngineError that names the production."""
    tree: Tree = yes("a")
    for level in range(100):
        tree = conj(yes("a"), tree) if level % 2 else disj(no("a"), tree)
    assert fires(tree, a=True)
    assert not fires(tree)
    for _ in range(5000):
        tree = conj(tree)
    with pytest.raises(EngineError, match="'p' is nested too deeply"):
        Engine([Production("p", 0, tree)])


# --- when the C engine fails --------------------------------------------------------------------------------


class Faulty:
    """The C module, with one function that misbehaves the first time."""

    def __init__(self, function: str, misbehave: Any) -> None:
        self._function, self._misbehave = function, misbehave

    def __getattr__(self, name: str) -> Any:
        if name == self._function and self._misbehave:
            misbehave, self._misbehave = self._misbehave, None
            return misbehave
        return getattr(durable, name)


def raising(error: BaseException) -> Any:
    def function(*_: object) -> None:
        raise error

    return function


@pytest.mark.parametrize("error", [durable.error("code 303"), MemoryError("full"), KeyboardInterrupt()])
def test_an_error_during_a_run_leaves_no_trace(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors of the C engine are EngineErrors; after any error or interruption the next run is right."""
    engine = Engine([Production("p", 0, yes("a")), Production("q", 0, no("a"))])
    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else EngineError
    monkeypatch.setattr(inference, "durable", Faulty("complete_and_start_action", raising(error)))
    with pytest.raises(expected):
        engine.run(0, {"a": True})
    assert engine.run(0, {"a": False}) == ("q",)


def test_a_refused_fact_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Return codes other than 0 (matched) and 1 (matched nothing) are not passed over."""
    engine = Engine([Production("p", 0, yes("a"))])
    monkeypatch.setattr(inference, "durable", Faulty("assert_fact", lambda *_: (2, 1)))
    with pytest.raises(EngineError, match="return code 2"):
        engine.run(0, {"a": True})


def test_a_session_that_cannot_be_deleted_stops_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the boot rule does not fire, deleting the session could crash: the engine refuses to go on."""
    engine = Engine([Production("p", 0, yes("a"))])
    monkeypatch.setattr(inference, "durable", Faulty("start_action_for_state", lambda *_: None))
    with pytest.raises(EngineError, match="cannot be used any more"):
        engine.run(0, {"a": True})
    with pytest.raises(EngineError, match="return code 2"):
        engine.run(0, {"a": True})


def test_a_ruleset_that_does_not_compile_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the productions."""
    monkeypatch.setattr(inference, "durable", Faulty("create_ruleset", raising(durable.error("code 108"))))
    with pytest.raises(EngineError, match=r"'p'.*code 108"):
        Engine([Production("p", 0, yes("a"))])


def test_a_missing_engine_is_explained() -> None:
    """Without the C module the import says what is needed."""
    code = "import sys; sys.modules['durable_rules_engine'] = None; import caprev.reasoning.inference"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False)
    assert b"ImportError: The inference engine, durable_rules 2.0.28" in result.stderr
    assert b"C compiler and Python 3.11 or 3.12" in result.stderr


def test_no_other_module_touches_durable() -> None:
    """The traps can leak through one module only."""
    modules = {path.name: path.read_text("utf-8") for path in Path(inference.__file__).parent.rglob("*.py")}
    importing = [name for name, text in modules.items() if "import durable" in text or "from durable" in text]
    assert importing == ["inference.py"]


# --- shapes beyond the tables of the C engine ---------------------------------------------------------------


def test_hundreds_of_productions_may_fire_at_once() -> None:
    """300 productions match together, on the same name and on a name each."""
    shared = Engine([Production(f"p{number}", 0, yes("a")) for number in range(300)])
    assert len(shared.run(0, {"a": True})) == 300
    apart = Engine([Production(f"p{number}", 0, yes(f"n{number}")) for number in range(300)])
    assert len(apart.run(0, {f"n{number}": True for number in range(300)})) == 300


def test_a_name_may_be_used_by_hundreds_of_productions() -> None:
    """One name in 600 productions, first and not first."""
    productions = [
        Production(f"p{number}", 0, conj(yes("a"), Signed(f"n{number % 7}", number % 2 == 0))) for number in range(600)
    ]
    engine = Engine(productions)
    for known in ({"a": True, "n0": True, "n1": False}, {"n0": True}, {"a": True}):
        assert engine.run(0, known) == tuple(p.id for p in productions if holds(p.when, known))


def test_a_production_may_have_dozens_of_alternatives() -> None:
    """40 disjuncts, alone and in a conjunction: none true, each true, all true."""
    names = [f"n{number}" for number in range(40)]
    alternatives = disj(*map(yes, names))
    engine = Engine([Production("p", 0, alternatives), Production("q", 0, conj(yes("a"), alternatives))])
    assert engine.run(0, {"a": True}) == ()
    for name in names:
        assert engine.run(0, {name: True, "a": False}) == ("p",)
    assert engine.run(0, dict.fromkeys([*names, "a"], True)) == ("p", "q")


@pytest.mark.parametrize(("rows", "columns"), [(10, 10), (30, 2), (2, 200)])
def test_alternatives_do_not_multiply(rows: int, columns: int) -> None:
    """A conjunction of ten disjunctions of ten has 10**10 combinations; multiplied out, it would not end."""
    names = [[f"n{row} {column}" for column in range(columns)] for row in range(rows)]
    tree = conj(*(disj(*map(yes, row)) for row in names))
    engine = Engine([Production("p", 0, tree)])
    everything = dict.fromkeys(itertools.chain(*names), True)
    assert engine.run(0, everything) == ("p",)
    assert engine.run(0, everything | dict.fromkeys(names[1], False)) == ()
    assert engine.run(0, {row[number % columns]: True for number, row in enumerate(names)}) == ("p",)


def test_helpers_of_helpers() -> None:
    """Conjunctions and disjunctions of five, alternating to depth 6, against the reference."""

    def nested(depth: int, path: str) -> Tree:
        if depth == 0:
            return yes(path)
        parts = tuple(nested(depth - 1, f"{path}{number}") for number in range(5 if depth > 4 else 2))
        return Conj(parts) if depth % 2 == 0 else Disj(parts)

    tree = conj(*(nested(6, name) for name in "ab"))
    names = ["".join(path) for path in itertools.product("ab", "01234", "01234", *["01"] * 4)]
    engine = Engine([Production("p", 0, tree)])
    outcomes = set()
    for missing in range(0, len(names), 3):
        known = {name: (number * 7919) % len(names) >= missing for number, name in enumerate(names)}
        outcomes.add(holds(tree, known))
        assert engine.run(0, known) == (("p",) if holds(tree, known) else ())
    assert outcomes == {True, False}


@pytest.mark.parametrize("width", [239, 240, 241, 252, 600, 3000])
def test_a_conjunction_may_be_wider_than_a_fact(width: int) -> None:
    """Hundreds of names in one conjunction: all must hold."""
    names = [f"n{number}" for number in range(width)]
    engine = Engine([Production("p", 0, conj(*map(yes, names))), Production("q", 0, disj(*map(no, names)))])
    assert engine.run(0, dict.fromkeys(names, True)) == ("p",)
    assert engine.run(0, dict.fromkeys(names, True) | {names[-1]: False}) == ("q",)
    assert engine.run(0, dict.fromkeys(names[1:], True)) == ()


def test_a_stratum_may_have_thousands_of_productions() -> None:
    """5,000 productions over 3,000 names in one stratum."""
    productions = [
        Production(f"p{number}", 0, conj(yes(f"n{number % 3000}"), disj(yes("a"), no(f"n{number // 2}"))))
        for number in range(5000)
    ]
    engine = Engine(productions)
    known = {f"n{number}": number % 5 != 0 for number in range(3000)}
    expected = tuple(production.id for production in productions if holds(production.when, known))
    assert 100 < len(expected) < 4000
    assert engine.run(0, known) == expected


ODD_NAMES = [
    "", " ", "a b", "größe", "日本", "💥", "q\"uote", "it's", "back\\slash", "new\nline", "nul\0", "\ud800",
    "$and", "$not", "$s", "id", "sid", "boot", "fact", "t0", "m", "a.b", "null", "true", "1",
    "1e-05", "{", "}]", "x" * 65_536, "x" * 65_537, "y" * 65_536, "x" * 1_000_000,
    "p_1549599", "p_1712382", "case-478212", "case-1221200", "t439599", "t622382",
]  # fmt: skip


def test_any_text_is_a_name_and_an_id() -> None:
    """Unicode, quotes, words of the C engine, huge names and names with equal hashes are all just names."""
    engine = Engine([Production(name, 0, yes(name)) for name in ODD_NAMES])
    for name in ODD_NAMES:
        assert engine.run(0, {name: True}) == (name,)
    assert engine.run(0, dict.fromkeys(ODD_NAMES, True)) == tuple(ODD_NAMES)


# --- against the reference evaluator ------------------------------------------------------------------------


def test_random_productions_agree_with_the_reference() -> None:
    """100,000 decisions on random productions: no mismatch, and both outcomes are common."""
    tally = list(compare(100_000, seed=20_240_601))[-1]
    assert tally.decisions >= 100_000
    assert tally.mismatches == []
    assert 0.1 < tally.fired / tally.decisions < 0.9


literals = st.builds(Signed, st.sampled_from("abcd"), st.booleans())
trees = st.recursive(
    literals,
    lambda parts: st.builds(
        lambda kind, some: kind(tuple(some)), st.sampled_from([Conj, Disj]), st.lists(parts, max_size=5)
    ),
    max_leaves=30,
)


@settings(deadline=None, max_examples=300)
@given(st.lists(trees, max_size=5), st.dictionaries(st.sampled_from("abcd"), st.booleans()))
def test_any_productions_agree_with_the_reference(conditions: list[Tree], known: dict[str, bool]) -> None:
    """The same as a property, so that a counterexample is made small."""
    productions = [Production(f"p{number}", 0, tree) for number, tree in enumerate(conditions)]
    expected = tuple(production.id for production in productions if holds(production.when, known))
    assert Engine(productions).run(0, known) == expected
