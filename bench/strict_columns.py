"""Strict rules over columns beside one by one: the same rows, and what each takes, in one run.

    python -m bench.strict_columns                       # every strict pack, 10,000 random fact sets each: an hour
    python -m bench.strict_columns --rows 500 --pack us-share-options --seed 7

Every second fact set is a matter of the pack with a few facts changed, the others are made up; facts are left out,
known in part, or wrong, and events follow each other as they like. First the rows are compared, on everything that a
portfolio tells; then told are the seconds of reading, of answering one by one, and of columns. A second set of figures
is for whole fact sets: matters of the pack with other numbers and days, from file to rows, as `batch` does it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.rows import _exact, _odd, _thresholds
from caprev.columns.strict_rows import Writer
from caprev.files import reading
from caprev.law import packs
from caprev.strict import book, rows
from caprev.strict.book import Book

Row = dict[str, Any]
ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.strict_columns")
    parser.add_argument("--rows", type=int, default=10_000, help="random fact sets of each pack")
    parser.add_argument("--pack", action="append", help="one pack; may be given again")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--whole", type=int, default=2_000, help="fact sets of the second figures")
    asked = parser.parse_args()
    wrong = 0
    for name in asked.pack or strict():
        law, cases = book.load(ROOT / "rules" / name), ROOT / "cases" / name
        wrong += compared(name, law, lines(law, cases, asked.seed, asked.rows))
        if asked.whole:
            timed(name, law, varied(law, cases, asked.seed, asked.whole))
    return 1 if wrong else 0


def strict() -> list[str]:
    """The packs of strict rules."""
    found = sorted(path.name for path in (ROOT / "rules").iterdir() if path.is_dir())
    return [name for name in found if packs.strict(ROOT / "rules" / name)]


def compared(name: str, law: Book, text: list[str]) -> int:
    """How many fact sets columns answer otherwise than one by one; the first few are told."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "sets.jsonl"
        source.write_text("\n".join(text), "utf-8")
        started = time.perf_counter()
        entries = list(rows.entries(law, source))
        read = time.perf_counter()
    one = [list(rows.rows_of(law, entry)) for entry in entries]
    answered = time.perf_counter()
    writer = Writer(law)
    found = list(writer.rows(entries))
    done = time.perf_counter()
    wrong, at = 0, 0
    for number, expected in enumerate(one):
        mine = found[at : at + len(expected)]
        at += len(expected)
        if mine != expected:
            wrong += 1
            if wrong < 4:
                print(f"{name}: otherwise: {text[number]}")
                for a, b in zip(expected, mine, strict=True):
                    for key in a:
                        if a[key] != b.get(key):
                            print(f"  {a['event']} {key}: one by one {a[key]!r}, columns {b.get(key)!r}")
    counted = writer.counted
    print(
        f"{name}: {counted.sets:,} random fact sets, {counted.bad:,} bad, {counted.columns:,} answered by columns, "
        f"{wrong} otherwise; reading {read - started:.1f} s, one by one {answered - read:.1f} s, with columns "
        f"{done - answered:.1f} s"
    )
    print("  left most often: " + ", ".join(f"{what} {count:,}" for what, count in counted.left.most_common(5)))
    sys.stdout.flush()
    return wrong


def timed(name: str, law: Book, text: list[str]) -> None:
    """What fact sets take from file to rows, one by one and by columns. Of one by one a tenth is measured."""
    with tempfile.TemporaryDirectory() as folder:
        source, some = Path(folder) / "sets.jsonl", Path(folder) / "some.jsonl"
        source.write_text("\n".join(text), "utf-8")
        tenth = text[: max(len(text) // 10, 1)]
        some.write_text("\n".join(tenth), "utf-8")
        started = time.perf_counter()
        for entry in rows.entries(law, some):
            list(rows.rows_of(law, entry))
        single = (time.perf_counter() - started) / len(tenth)
        writer = Writer(law)
        started = time.perf_counter()
        for _ in writer.rows(rows.entries(law, source)):
            pass
        many = (time.perf_counter() - started) / len(text)
    share = writer.counted.columns / max(writer.counted.sets - writer.counted.bad, 1)
    print(
        f"  {len(text):,} whole fact sets, file to rows: one by one {1000 * single:.2f} ms each, columns "
        f"{1000 * many:.3f} ms, {single / many:.0f} times as fast; {share:.1%} answered by columns"
    )
    sys.stdout.flush()


# --- fact sets ---------------------------------------------------------------------------------------------------


def lines(law: Book, cases: Path, seed: int, count: int) -> list[str]:
    """So many random fact sets, as lines of JSON."""
    rng, known, thresholds = random.Random(seed), matters(law, cases), _thresholds(law)  # type: ignore[arg-type]
    return [json.dumps(_random(law, rng, known, thresholds, number)) for number in range(count)]


def matters(law: Book, cases: Path) -> list[Row]:
    """The matters of a pack as they are written, flat."""
    found = []
    for path in sorted(cases.rglob("*.yaml")):
        data: Any = reading.read(path).data
        events = [_flat(law, entry) for entry in data.get("events") or []]
        told = {"matter": data["matter"], "facts": _flat(law, data)["facts"], "events": events}
        found.append({key: value for key, value in told.items() if value})
    return found


def _flat(law: Book, data: Row) -> Row:
    sections, facts = law.vocabulary.sections, {}
    for key, value in data.items():
        if key in sections and isinstance(value, dict):
            facts.update({f"{key}.{name}": item for name, item in value.items()})
        elif key == "facts":
            facts.update(value)
        elif law.pack.events and f"{law.pack.events.section}.{key}" in law.vocabulary:
            facts[f"{law.pack.events.section}.{key}"] = value
    return {**{key: data[key] for key in ("id", "title", "of") if key in data}, "facts": facts}


def _random(law: Book, rng: random.Random, known: list[Row], thresholds: Any, number: int) -> Row:
    start: Row = json.loads(json.dumps(rng.choice(known))) if number % 2 else {"matter": {}, "facts": {}}
    start["matter"] = {"id": f"set-{number}"}
    share = rng.choice([0, 0.03, 0.1]) if number % 2 else rng.choice([0.2, 0.5, 0.8, 1])
    odd = rng.choice([0, 0, 0.2, 0.5])
    own = f"{law.pack.events.section}." if law.pack.events else "."

    def strewn(into: Row, mine: bool) -> None:
        for fact in law.vocabulary:
            if fact.name.startswith(own) == mine and rng.random() < share:
                into[fact.name] = (_odd if rng.random() < odd else _exact)(fact, rng, thresholds)
            elif fact.name in into and rng.random() < share / 2:
                del into[fact.name]

    strewn(start.setdefault("facts", {}), False)
    if law.pack.events:
        events = start.get("events") or [{"id": f"e{at}", "facts": {}} for at in range(rng.choice([0, 1, 1, 2, 3, 6]))]
        for event in events:
            strewn(event["facts"], True)
            if rng.random() < 0.1:
                strewn(event["facts"], False)
        if events:
            start["events"] = events
    return start


def varied(law: Book, cases: Path, seed: int, count: int) -> list[str]:
    """Matters of the pack with other amounts and days: nothing that was known is left out."""
    rng, known = random.Random(seed), matters(law, cases)
    return [json.dumps(_other(law, rng, rng.choice(known), number)) for number in range(count)]


def _other(law: Book, rng: random.Random, start: Row, number: int) -> Row:
    found: Row = json.loads(json.dumps(start))
    found["matter"] = {"id": f"set-{number}"}
    for facts in (found.get("facts") or {}, *(event["facts"] for event in found.get("events") or [])):
        for name, value in facts.items():
            fact = law.vocabulary.facts.get(name)
            text = str(value).replace(",", "")
            if fact and fact.unit and fact.type in ("int", "number") and text.isdigit() and int(text) > 100:
                facts[name] = rng.randint(int(text) // 2, int(text) * 2)
    return found


def generated(law: Book, cases: Path, seed: int, count: int) -> Iterator[str]:
    """Random fact sets for tests: every kind of the above."""
    yield from lines(law, cases, seed, count)
    yield from varied(law, cases, seed, count // 4)


if __name__ == "__main__":
    sys.exit(main())
