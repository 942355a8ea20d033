"""Inputs drawn by the thousand from the vocabulary's grammar: each concludes or is refused, quickly and in words.

These are the same at every run; `python -m bench.fuzz` draws others, by the million. What it once found stands in
tests/files/test_bad_input.py and tests/portfolio/test_batch.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("polars")

from bench import fuzz
from bench.grammar import Draw


@pytest.fixture(scope="module")
def fuzzer(tmp_path_factory: pytest.TempPathFactory) -> fuzz.Fuzzer:
    # A test is not what tells how fast something is: here only an input that never ends is a fault.
    return fuzz.Fuzzer(tmp_path_factory.mktemp("fuzzed"), seconds=30.0)


@pytest.mark.parametrize(("kind", "inputs"), [("facts", 250), ("rules", 80), ("rows", 3_000)])
def test_no_input_does_anything_but_conclude_or_be_refused(kind: str, inputs: int, fuzzer: fuzz.Fuzzer) -> None:
    """Fact sets, changed rule files and portfolios; enough of each are good, so that it is not only the reader that is
    tested."""
    ends = fuzzer.tally.inputs
    tried = 0
    while sum(count for end, count in ends.items() if end.startswith(kind)) < inputs:
        fuzzer.try_one(kind, Draw.seeded(tried))
        tried += 1
    assert not fuzzer.tally.faults
    assert ends[f"{kind} concluded"] > inputs / 10
    assert ends[f"{kind} refused"] + ends[f"{kind} bad"] > inputs / 10


def test_a_fault_is_saved_and_can_be_tried_again(
    fuzzer: fuzz.Fuzzer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """An exception that is no refusal is a fault: told once for each place, with the input that does it."""
    monkeypatch.setattr(fuzzer, "save", tmp_path / "found")
    monkeypatch.setattr(fuzzer, "tally", fuzz.Tally())

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(fuzzer.trials, "facts", fails)
        for seed in range(3):
            fuzzer.try_one("facts", Draw.seeded(seed))
    (path,) = fuzzer.tally.faults.values()
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name, f"{path.name}.txt"]
    assert "ZeroDivisionError" in path.with_name(f"{path.name}.txt").read_text()
    assert fuzzer.again(path) in ("{'concluded': 1}", "{'refused': 1}")


def test_the_same_draws_give_the_same_input(fuzzer: fuzz.Fuzzer) -> None:
    """From a seed or from a guided fuzzer's bytes; bytes that run out end an input, and make none too long."""
    for make in (lambda: Draw.seeded(7), lambda: Draw.from_bytes(bytes(range(256)))):
        first, second = (fuzzer.grammar.written(draw, fuzzer.grammar.fact_set(draw)) for draw in (make(), make()))
        assert first == second
    assert fuzzer.grammar.fact_set(Draw.from_bytes(b"")) == {}
