"""The traps of durable_rules 2.0.28 that could touch us: each is still there, and the engine is not caught.

A `trap` test shows the C engine misbehaving, in a process of its own because it may crash, hang or corrupt
memory. It fails if durable-rules has changed: then the matching part of `engine/inference.py` can go. The
`engine` test that follows shows that `Engine` does not suffer from it. Only what is deterministic is
asserted; use of uninitialised memory is made so by MALLOC_PERTURB_ (glibc fills fresh memory with a byte).
"""

from __future__ import annotations

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import durable_rules_engine as durable
import pytest

from caprev.reasoning import inference
from caprev.reasoning.inference import Engine, EngineError
from caprev.reasoning.productions import Conj, Disj, Production, Signed

ROOT = Path(__file__).resolve().parents[2]
needs_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="MALLOC_PERTURB_ is of glibc")

THEIR_WORDS = """sid-s $s all any pri count cap dist name $and $or $m $eq $neq $lt $lte $gt $gte $ex $nex $mt
$imt $iall $iany $i $forward $add $sub $mul $div $l $r"""

DRIVER = """
import json, sys
import durable_rules_engine as durable

def compile(patterns, **options):  # name of the rule: its patterns
    rules = {name: {"all": list(pattern), **options} for name, pattern in patterns.items()}
    return durable.create_ruleset("t", json.dumps(rules))

def put(handle, sid="s", **fact):
    return durable.assert_fact(handle, json.dumps({**fact, "sid": sid}))

def agenda(handle, state):
    fired, started = [], durable.start_action_for_state(handle, state)
    match = started and started[1]
    while match:
        fired.append(match[2:match.index('"', 2)])
        match = durable.complete_and_start_action(handle, state)
    return fired

def fired(handle, *facts):
    for number, fact in enumerate(facts):
        code, state = put(handle, **{"id": str(number), **fact})
    return agenda(handle, state)

def fnv1a(text):
    value = 0x811C9DC5
    for byte in text.encode():
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value
"""

PRODUCTIONS = """
from caprev.reasoning.inference import Engine
from caprev.reasoning.productions import Conj, Disj, Production, Signed
"""


def process(code: str, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def outcome(code: str) -> Any:
    """What the code, run on the bare C engine, prints last, or the error that ends it."""
    result = process(DRIVER + code)
    assert result.returncode >= 0, f"died of signal {-result.returncode}"
    return result.stderr.splitlines()[-1] if result.returncode else ast.literal_eval(result.stdout)


def run(*conditions: Any, **known: bool) -> tuple[str, ...]:
    return Engine([Production(str(number), 0, tree) for number, tree in enumerate(conditions)]).run(0, known)


# --- sessions -----------------------------------------------------------------------------------------------


@needs_glibc
def test_trap_deleting_an_unfired_session_crashes() -> None:
    """delete_state frees uninitialised pointers if no action ever started in the session."""
    code = "h = compile({'r': [{'a': {'x': 1}}, {'b': {'y': 1}}]}); put(h, x=1); durable.delete_state(h, 's')"
    assert process(DRIVER + code, MALLOC_PERTURB_="165").returncode < 0


@needs_glibc
def test_engine_deletes_sessions_in_which_nothing_fires() -> None:
    """A boot rule fires first in every session."""
    code = """
engine = Engine([Production("p", 0, Conj((Signed("a", True), Signed("b", True))))])
print([engine.run(0, {"a": True, "b": False}) for _ in range(200)] == [()] * 200)"""
    result = process(PRODUCTIONS + code, MALLOC_PERTURB_="165")
    assert (result.returncode, result.stdout) == (0, "True\n")


def test_trap_the_1025th_live_session_fails() -> None:
    """It is a MemoryError, although memory is free."""
    code = "h = compile({'r': [{'m': {'a': 1}}]})\nfor n in range(1025): print(n); put(h, sid=f's{n}', a=1)"
    result = process(DRIVER + code)
    assert (result.stdout.split()[-1], result.stderr.splitlines()[-1]) == ("1024", "MemoryError")


def test_engine_leaves_no_session() -> None:
    """More runs than there can be sessions."""
    engine = Engine([Production("p", 0, Signed("a", True))])
    assert [engine.run(0, {"a": True}) for _ in range(1100)] == [("p",)] * 1100


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads /proc")
def test_engine_memory_is_flat() -> None:
    """20,000 runs do not grow the process, nor do 300 engines that are made, used and dropped."""
    code = """
import gc, resource
def megabytes():
    return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 2**20
def engine():
    return Engine([Production(str(n), 0, Conj((Signed(f"a{n % 7}", True), Signed(f"b{n}", n % 2 == 0))))
                   for n in range(40)])
known = {f"{letter}{n}": n % 3 > 0 for n in range(40) for letter in "ab"}
one = engine()
for _ in range(500): one.run(0, known)
start = megabytes()
for _ in range(20_000): one.run(0, known)
runs = megabytes()
for _ in range(50): engine().run(0, known)
gc.collect(); start_of_engines = megabytes()
for _ in range(300): engine().run(0, known)
gc.collect()
print(runs - start, megabytes() - start_of_engines)"""
    of_runs, of_engines = map(float, process(PRODUCTIONS + code).stdout.split())
    assert of_runs < 2
    assert of_engines < 4


# --- one fact -----------------------------------------------------------------------------------------------


def test_trap_65_matches_of_one_fact_fail() -> None:
    """64 rules may match one fact; with 65 the fact is not taken (error 303)."""
    code = """
h = compile({str(n): [{'m': {f'f{n}': 1}}] for n in range(%d)})
print(len(fired(h, {f'f{n}': 1 for n in range(%d)})))"""
    assert outcome(code % (64, 64)) == 64
    assert "error code: 303" in outcome(code % (65, 65))


def test_engine_fires_any_number_at_once() -> None:
    """A ruleset has at most 50 rules, so no fact matches more."""
    assert len(run(*(Signed(f"n{n}", True) for n in range(300)), **{f"n{n}": True for n in range(300)})) == 300


def test_trap_a_fact_has_at_most_254_properties() -> None:
    """252 and id and sid; more is error 302."""
    code = "h = compile({'r': [{'m': {'f1': 1}}]}); print(fired(h, {f'f{n}': 1 for n in range(%d)}))"
    assert outcome(code % 252) == ["r"]
    assert "error code: 302" in outcome(code % 253)


def test_engine_takes_any_number_of_names() -> None:
    """Names no rule of a ruleset tests are not in its fact, and wide conjunctions are split."""
    names = [f"n{n}" for n in range(600)]
    assert run(Conj(tuple(Signed(name, True) for name in names)), **dict.fromkeys(names, True)) == ("0",)


# --- combinations -------------------------------------------------------------------------------------------


def test_trap_or_fires_once_per_combination_of_true_branches() -> None:
    """Twice for two true branches, 8**3 times for three conjoined disjunctions of eight."""
    code = "print(len(fired(compile({'r': [{'m': {'$or': [{'a': 1}, {'b': 1}]}}]}), {'a': 1, 'b': 1})))"
    assert outcome(code) == 2
    code = """
parts = [{'$or': [{f'f{row}{column}': 1} for column in range(8)]} for row in range(3)]
everything = {name: 1 for part in parts for branch in part['$or'] for name in branch}
print(len(fired(compile({'r': [{'m': {'$and': parts}}]}), everything)))"""
    assert outcome(code) == 512


def test_trap_16_connectives_in_a_pattern_fail() -> None:
    """15 `$and` and `$or` may occur in a pattern; with the 16th it does not compile (error 113)."""
    code = """
h = compile({'r': [{'m': {'$or': [{'$and': [{f'a{n}': 1}, {f'b{n}': 1}]} for n in range(%d)]}}]})
print(fired(h, {'a1': 1, 'b1': 1}))"""
    assert outcome(code % 14) == ["r"]
    assert "error code: 113" in outcome(code % 15)


def test_engine_combines_alternatives_freely() -> None:
    """Every production fires once; combinations that would be many become helpers."""
    rows = [[f"f{n} {m}" for m in range(8)] for n in range(6)]
    tree = Conj(tuple(Disj(tuple(Signed(name, True) for name in row)) for row in rows))
    everything = {name: True for row in rows for name in row}
    assert run(tree, **everything) == ("0",)
    assert run(tree, **everything | dict.fromkeys(rows[2], False)) == ()
    pairs = Disj(tuple(Conj((Signed(f"a{n}", True), Signed(f"b{n}", True))) for n in range(40)))
    assert run(pairs, a39=True, b39=True) == ("0",)


def test_trap_one_fact_does_not_fill_two_patterns() -> None:
    """Unless `dist` is 0, two patterns of a rule need two facts."""
    code = "print(fired(compile({'r': [{'x': {'a': 1}}, {'y': {'b': 1}}]}%s), {'a': 1, 'b': 1}))"
    assert outcome(code % "") == []
    assert outcome(code % ", dist=0") == ["r"]


def test_engine_has_rules_of_one_pattern() -> None:
    """Conjoined conditions on one fact fire."""
    both = Conj((Signed("a", True), Disj((Signed("a", True), Signed("b", True)))))
    assert run(both, a=True) == ("0",)


def test_trap_not_withdraws_too_little() -> None:
    """An activation is withdrawn by a later `$not` fact only if the pattern's name hashes to slot 0 of 16."""
    code = """
names = 'm', next(n for n in map(str, range(99)) if fnv1a(n) % 16 == 0)
rulesets = [compile({'r': [{name: {'f': 'Y'}}, {'no$not': {'f': 'X'}}]}) for name in names]
print([fired(h, {'f': 'Y'}, {'f': 'X'}) for h in rulesets])"""
    assert outcome(code) == [["r"], []]


def test_trap_not_withdraws_too_much() -> None:
    """Where withdrawal works it takes rules along that have no negation."""
    code = """
name = next(n for n in map(str, range(99)) if fnv1a(n) % 16 == 0)
h = compile({'A': [{name: {'f': 'Y'}}, {'no$not': {'f': 'X'}}], 'B': [{name: {'f': 'Y'}}]})
print(fired(h, {'f': 'Y'}, {'f': 'X'}))"""
    assert outcome(code) == []


def test_engine_tests_falsehood_positively() -> None:
    """`y` and not `x` fires exactly when `x` is known to be False, and disturbs no other production."""
    pair = Conj((Signed("y", True), Signed("x", False))), Signed("y", True)
    assert run(*pair, y=True, x=True) == ("1",)
    assert run(*pair, y=True, x=False) == ("0", "1")
    assert run(*pair, y=True) == ("1",)


def test_trap_nex_matches_hidden_facts() -> None:
    """Each session has a state fact, and a rule on the absence of a property fires on it."""
    assert outcome("print(fired(compile({'r': [{'m': {'$nex': {'x': 1}}}]}), {'x': 1}))") == ["r"]


def test_engine_fires_unconditional_productions_once() -> None:
    """They match our fact by its mark, not whatever is in the session."""
    assert run(Conj(())) == ("0",)
    assert run(Conj(()), x=True) == ("0",)


# --- names and values ---------------------------------------------------------------------------------------


def test_trap_names_with_equal_hashes_are_the_same_name() -> None:
    """A rule on one property is satisfied by another with the same 32-bit FNV-1a hash."""
    assert outcome("print(fnv1a('p_1549599') == fnv1a('p_1712382'))") is True
    assert outcome("print(fired(compile({'r': [{'m': {'p_1549599': 1}}]}), {'p_1712382': 1}))") == ["r"]


def test_engine_tells_names_with_equal_hashes_apart() -> None:
    """Names do not reach the C engine."""
    assert run(Signed("p_1549599", True), p_1712382=True) == ()
    assert run(Signed("p_1549599", True), Signed("p_1712382", False), p_1549599=True, p_1712382=True) == ("0",)


def test_engine_words_have_different_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """All words that do reach it, in the widest ruleset there can be, hash differently, also from its own."""
    texts: list[str] = []

    def spied(function: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
        def spy(name_or_handle: Any, text: str) -> Any:
            texts.append(text)
            return function(name_or_handle, text)

        return spy

    for name in ("create_ruleset", "assert_fact"):
        monkeypatch.setattr(durable, name, spied(getattr(durable, name)))
    names = [f"n{n}" for n in range(inference.MAX_NAMES)]
    assert run(Conj(tuple(Signed(name, True) for name in names)), **dict.fromkeys(names, True)) == ("0",)

    def words(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from value
            value = list(value.values())
        if isinstance(value, list):
            for part in value:
                yield from words(part)

    used = {word for text in texts for word in words(json.loads(text))}
    used |= set(THEIR_WORDS.split())
    assert {"boot", "fact", "t0", f"t{inference.MAX_NAMES - 1}", "id", "sid", "s", "0"} <= used
    assert outcome(f"print(len({{fnv1a(word) for word in {sorted(used)}}}))") == len(used)


def test_trap_numbers_as_json_writes_them_are_errors() -> None:
    """`1e-05` is error 204, and in a batch it silently ends the batch."""
    assert json.dumps(1e-05) == "1e-05"
    assert "error code: 204" in outcome("put(compile({'r': [{'m': {'k': 1}}]}), k=1, v=1e-05)")
    code = """
h = compile({'r': [{'m': {'k': 1}}]})
code, state = durable.assert_facts(h, json.dumps([{'k': 1, 'v': v, 'sid': 's'} for v in (1, 1e-05, 3)]))
print([code, len(agenda(h, state))])"""
    assert outcome(code) == [0, 1]


def test_trap_values_are_coerced() -> None:
    """true, 1 and "true" are equal."""
    code = """
rules = [compile({'r': [{'m': {'a': value}}]}) for value in (True, 1, 'true')]
print([fired(rules[0], {'a': 1}), fired(rules[1], {'a': True}), fired(rules[2], {'a': True})])"""
    assert outcome(code) == [["r"]] * 3


def test_engine_takes_truth_values_only() -> None:
    """Other values are refused before the C engine sees them; the next run is right."""
    engine = Engine([Production("p", 0, Signed("a", True))])
    for value in (1, "true", 1e-05):
        with pytest.raises(EngineError):
            engine.run(0, {"a": value})  # type: ignore[dict-item]
    assert engine.run(0, {"a": True}) == ("p",)


# --- tables -------------------------------------------------------------------------------------------------


def test_trap_513_successors_hang_the_compiler() -> None:
    """511 different first conditions work; with 513 create_ruleset never returns."""
    code = "h = compile({str(n): [{'m': {f'f{n}': 1}}] for n in range(%d)}); print(fired(h, {'f7': 1}))"
    assert outcome(code % 511) == ["7"]
    with pytest.raises(subprocess.TimeoutExpired):
        process(DRIVER + code % 513, timeout=2)


def test_trap_512_successors_break_matching() -> None:
    """They compile, but in the full table a search has no end: a property that is tested by no rule hangs,
    one that is tested matches again and again (error 303)."""
    code = "h = compile({str(n): [{'m': {f'f{n}': 1}}] for n in range(512)}); put(h, f7=1)"
    assert "error code: 303" in outcome(code)


def test_trap_256_uses_of_a_condition_overrun() -> None:
    """255 rules on one condition work. The 256th fills its list to the end, so that the list is read on into
    the next one, and a rule fires whose condition is false. Rules after that fail (error 108)."""
    code = """
rules = {str(n): [{'m': {'a': 1}}] for n in range(%d)}
h = compile({'first': rules.pop('0'), 'other': [{'m': {'b': 1}}], **rules})
result = fired(h, {'a': 1}); print([len(result), 'other' in result])"""
    assert outcome(code % 255) == [255, False]
    assert outcome(code % 256) == [257, True]
    assert "error code: 108" in outcome(code % 257)


def test_trap_4097_rules_fail() -> None:
    """4,096 rules are the most a ruleset holds (error 106)."""
    code = "compile({str(n): [{'m': {'$and': [{'g': n % 64}, {f'f{n // 64}': 1}]}}] for n in range(4097)})"
    assert "error code: 106" in outcome(code)


def test_engine_compiles_any_number_of_rules() -> None:
    """600 conditions, 600 uses of one, 4,200 rules: the rulesets stay small."""
    known = {f"n{n}": True for n in range(600)}
    assert len(run(*(Signed(f"n{n}", True) for n in range(600)), **known)) == 600
    assert len(run(*(Signed("a", True) for _ in range(600)), a=True)) == 600
    assert run(*(Signed(f"n{n}", True) for n in range(4200)), n4199=True) == ("4199",)
