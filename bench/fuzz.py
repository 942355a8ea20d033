"""Inputs by the thousand, none of which may do anything but conclude or be refused.

    python -m bench.fuzz [--kind facts|rules|rows|all] [--inputs N | --minutes N] [--seed S]
                         [--save DIR] [--guided] [--again FILE...]

`facts` are fact sets (YAML and JSON), `rules` the shipped rulebook with one file changed, `rows` portfolios, of which
every row counts. A fault is any exception but BadInput, more than two seconds of work, a message or an output that
holds a character that commands, a JSON document that is none, and a portfolio whose rows are not all in the output.
(Work is counted in processor seconds, which a busy machine stretches; the tests therefore allow thirty.)
Each is saved to DIR (`fuzzed/`) with what was raised; `--again` tries such a file anew. `--guided` lets the coverage of
the engine choose the inputs (atheris, `pip install atheris`); without it, or where atheris is not installed, they are
drawn from the seed, the same on every machine.

Exit code 0: no fault; 1: there are some.
"""

from __future__ import annotations

import argparse
import atexit
import hashlib
import importlib
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 2.0
KINDS = ("facts", "rules", "rows")
# What reads input, and so tells inputs apart; to follow the whole engine would take fifty times as long.
READERS = ("source", "facts", "vocabulary", "derived", "conditions", "figures", "reading", "rulebook", "columns.read",
           "columns.records", "columns.tables", "columns.files")  # fmt: skip


@dataclass
class Tally:
    """What was tried: inputs, and how they ended, by kind; the slowest; where faults were saved."""

    inputs: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    faults: dict[str, Path] = field(default_factory=dict)

    def __str__(self) -> str:
        ends = ", ".join(f"{count:,} {end}" for end, count in sorted(self.inputs.items()))
        return f"{ends}; slowest {self.slowest:.2f} s; {len(self.faults)} kinds of fault"


class Fuzzer:
    """Makes inputs, tries them, and saves those that did what none may."""

    def __init__(self, save: Path, *, seconds: float = SECONDS) -> None:
        from bench.grammar import Grammar
        from bench.trials import Trials

        self.save = save
        self.seconds = seconds
        self.trials = Trials()
        self.grammar = Grammar(self.trials.assessor.book.vocabulary)
        self.tally = Tally()

    def try_one(self, kind: str, draw: Any) -> None:
        """One input of a kind, or one portfolio of rows."""
        name, data, attempt = getattr(self, f"_{kind}")(draw)
        start = time.process_time()
        wrong = ""
        try:
            for end, count in attempt().items():
                self.tally.inputs[f"{kind} {end}"] += count
        except Exception as error:
            wrong = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
        spent = time.process_time() - start
        self.tally.slowest = max(self.tally.slowest, spent)
        if spent > self.seconds and not wrong:
            wrong = f"Slow: {spent:.1f} s of work"
        if wrong:
            self.tally.inputs[f"{kind} faulty"] += 1
            self._keep(kind, name, data, wrong)

    def _keep(self, kind: str, name: str, data: bytes, wrong: str) -> None:
        # One file for each place and kind of fault, which is the last line of the engine that stands in the traceback.
        places = [line.strip() for line in wrong.splitlines() if "engine" in line and line.strip().startswith("File")]
        key = hashlib.sha256((kind + wrong.partition(":")[0] + (places or [""])[-1]).encode()).hexdigest()[:10]
        if key not in self.tally.faults:
            self.save.mkdir(parents=True, exist_ok=True)
            path = self.save / f"{kind}-{key}-{name}"
            path.write_bytes(data)
            path.with_suffix(path.suffix + ".txt").write_text(wrong, "utf-8", "backslashreplace")
            self.tally.faults[key] = path
            print(f"FAULT {path}: {wrong.splitlines()[0][:160]}", flush=True)

    def _facts(self, draw: Any) -> tuple[str, bytes, Callable[[], dict[str, int]]]:
        from bench.grammar import encoded
        from bench.trials import ALL

        text = self.grammar.written(draw, self.grammar.fact_set(draw))
        depth = draw.below(ALL)
        return "facts.yaml", encoded(text), lambda: self.trials.facts(text, depth)

    def _rules(self, draw: Any) -> tuple[str, bytes, Callable[[], dict[str, int]]]:
        from bench.grammar import encoded
        from bench.trials import ALL

        file = draw.one_of(self.trials.rule_files)
        data = self.trials.rules_data[file]
        for _ in range(1 + draw.below(2)):
            data = self.grammar.changed(draw, data)
        text = self.grammar.written(draw, data)
        depth = draw.below(ALL)
        return file.replace("/", "__"), encoded(text), lambda: self.trials.rules(file, text, depth)

    def _rows(self, draw: Any) -> tuple[str, bytes, Callable[[], dict[str, int]]]:
        suffix, data, count = self.grammar.portfolio(draw, draw.one_of((1, 5, 40, 300)))
        return f"rows{suffix}", data, lambda: self.trials.rows(suffix, data, count)

    def again(self, path: Path) -> str:
        """What a saved input does now."""
        from bench.trials import ALL

        kind, _, name = path.name.split("-", 2)
        data = path.read_bytes()
        text = data.decode("utf-8", "surrogatepass")
        if kind == "facts":
            return str(self.trials.facts(text, ALL - 1))
        if kind == "rules":
            return str(self.trials.rules(name.replace("__", "/"), text, ALL - 1))
        return str(self.trials.rows(path.suffix, data, None))


def run(kinds: tuple[str, ...], inputs: int, minutes: float, seed: int, save: Path) -> Tally:
    """So many inputs, or inputs for so many minutes, drawn from a seed."""
    from bench.grammar import Draw

    fuzzer = Fuzzer(save)
    end = time.monotonic() + minutes * 60 if minutes else float("inf")
    tried = 0
    while time.monotonic() < end and (minutes or fuzzer.tally.inputs.total() < inputs):
        fuzzer.try_one(kinds[tried % len(kinds)], Draw.seeded(seed * 1_000_003 + tried))
        tried += 1
        if tried % 5_000 == 0:
            print(fuzzer.tally, flush=True)
    return fuzzer.tally


def guided(kinds: tuple[str, ...], inputs: int, minutes: float, seed: int, save: Path) -> None:
    """The same, with inputs that coverage chooses; ends this process."""
    atheris = importlib.import_module("atheris")
    with atheris.instrument_imports(include=[f"engine.{name}" for name in READERS]):
        importlib.import_module("engine")
        fuzzer = Fuzzer(save)
    from bench.grammar import Draw

    def one(data: bytes) -> None:
        draw = Draw.from_bytes(data)
        fuzzer.try_one(draw.one_of(kinds), draw)
        total = sum(fuzzer.tally.inputs.values())
        if total // 1_000 != one.told:  # type: ignore[attr-defined]
            one.told = total // 1_000  # type: ignore[attr-defined]
            print(fuzzer.tally, flush=True)

    one.told = 0  # type: ignore[attr-defined]
    atexit.register(lambda: print(fuzzer.tally, flush=True))  # the fuzzer ends the process
    corpus = save / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number in range(64):  # from nothing, coverage would take long to find its way into a fact set
        (corpus / f"seed-{number}").write_bytes(random.Random(seed * 64 + number).randbytes(32 << number % 6))
    limit = f"-max_total_time={int(minutes * 60)}" if minutes else f"-runs={inputs}"
    atheris.Setup(
        [sys.argv[0], str(corpus), limit, f"-seed={seed + 1}", "-max_len=2048", "-len_control=0", "-timeout=60"], one
    )
    atheris.Fuzz()


def main() -> int:
    about = (__doc__ or "").splitlines()[0]
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=about)
    parser.add_argument("--kind", choices=[*KINDS, "all"], default="all")
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save", type=Path, default=Path("fuzzed"))
    parser.add_argument("--guided", action="store_true")
    parser.add_argument("--again", type=Path, nargs="+", default=[])
    asked = parser.parse_args()
    kinds = KINDS if asked.kind == "all" else (asked.kind,)
    if asked.again:
        fuzzer = Fuzzer(asked.save)
        for path in asked.again:
            print(path, fuzzer.again(path))
        return 0
    if asked.guided:
        try:
            guided(kinds, asked.inputs, asked.minutes, asked.seed, asked.save)
        except ModuleNotFoundError:
            print("atheris is not installed; inputs are drawn from the seed")
    tally = run(kinds, asked.inputs, asked.minutes, asked.seed, asked.save)
    print(tally)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
