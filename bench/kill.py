"""What is written, under kill -9 at random moments, two writers at once, a full disk and a read-only directory.

    python -m bench.kill [KILLS] [SEED]

Half of the kills come at any moment of a run, half within a few milliseconds of the first file that it makes. A file
is half-written if it is neither what stood there nor what an undisturbed run writes; an answer is lost if it was
acknowledged and is not in the file; a pair is mixed if its parts are of different runs: refused, if reading the
record says so, and else passed. Where there is no room, a command that ends with anything but exit code 2 and a
message counts as lost.
"""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from caprev import BadInput, record
from caprev.files import reading

ROOT = Path(__file__).resolve().parent.parent
CLI = [sys.executable, str(ROOT / "cli.py")]
FACTS = [ROOT / "cases" / "au-land" / "examples" / name for name in ("farm-subdivision.yaml", "two-parcels.yaml")]
ANSWERS = ("taxpayer.kind = couple", "development.lots = 24", "involvement.level = minor", "holding.years = 12")
SHARES = {"draft": 0.34, "assess": 0.26, "ask": 0.2, "batch": 0.12, "calibrate": 0.08}
Process = subprocess.Popen[str]
COLUMNS = ("done", "killed", "half-written", "lost", "mixed, refused", "mixed, passed", "left lying")


class Bench:
    """A directory to work in, and what was counted there, by what was attacked."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        self.counts: dict[str, Counter[str]] = {}

    def count(self, name: str, what: str, so_many: int = 1) -> None:
        self.counts.setdefault(name, Counter())[what] += so_many

    def place(self, name: str) -> Path:
        place = self.folder / name
        place.mkdir()
        return place

    # killing

    def kill(self, name: str, process: Process, place: Path, longest: float, seen: tuple[str, ...] = ("part",)) -> None:
        """Ends a process within the time it takes, or within a moment of the first file of some kind that it makes."""
        self.count(name, "done")
        if self.chance.random() < 0.5:
            watch(process, self.chance.uniform(0, longest))
        else:
            kind, before = self.chance.choice(seen), marks(place)
            watch(process, 2 * longest, lambda: any(name.endswith(kind) for name, *_ in marks(place) - before))
            watch(process, self.chance.choice([0, 0.0005, 0.002, 0.01, 0.03]) * self.chance.random())
        process.kill()
        self.count(name, "killed", process.wait() == -9)

    def pairs(self, name: str, kills: int, command: Callable[[int], list[str]], files: list[str], out: str) -> None:
        """Kills commands that write an output and its record, by turns of two kinds over the same files."""
        place = self.place(name)
        whole: dict[str, list[str | None]] = {file: [None] for file in files}
        started = time.monotonic()
        for kind in (0, 1):
            run(command(kind), place)
            for file in files:
                whole[file].append(digest(place / file))
        longest = (time.monotonic() - started) / 2
        before: dict[str, str | None] = {}
        for number in range(kills):
            self.kill(name, start(command(number % 2), place), place, longest, ("part", "lock"))
            found = {file: digest(place / file) for file in files}
            kinds = {file: whole[file].index(found[file]) if found[file] in whole[file] else -1 for file in files}
            *others, kept = files
            unfinished = refused(place / kept)
            for file in files:
                self.count(name, "half-written", kinds[file] < 0 and not (file == kept and unfinished))
            stands = {kinds[file] for file in others}
            if found != before and kinds[kept] and (unfinished or stands != {kinds[kept]}):
                said = unfinished or bool(record.beside(place / kept, place / out))
                self.count(name, "mixed, refused" if said else "mixed, passed")
            before = found
        run(command(0), place)
        self.count(name, "left lying", len(parts(place)))

    def draft(self, kills: int) -> None:
        """Kills drafts with their records and reports, by turns two templates."""
        kinds = ("ruling", "debate")
        self.pairs(
            "draft", kills,
            lambda kind: ["draft", str(FACTS[0]), "--to", "a.md", "--edited", "--template", kinds[kind]],
            ["a.md", "a.md.edits.md", "a.md.record.json"], "a.md",
        )  # fmt: skip

    def assess(self, kills: int) -> None:
        """Kills assessments with their records, by turns of two matters."""
        self.pairs(
            "assess --record", kills,
            lambda kind: ["assess", str(FACTS[kind]), "--out", "out.txt", "--record", "kept.json"],
            ["out.txt", "kept.json"], "out.txt",
        )  # fmt: skip

    def ask(self, kills: int) -> None:
        """Kills interviews; what was acknowledged must be in the file."""
        place = self.place("ask")
        for number in range(kills):
            file = place / f"{number}.yaml"
            process = start(["ask", str(file)], place, subprocess.PIPE)
            given = self.chance.randint(0, len(ANSWERS))
            heard = sum(answered(process, answer) for answer in ANSWERS[:given])
            if given < len(ANSWERS):
                send(process, ANSWERS[given])
            self.kill("ask", process, place, 0.2)
            process.stdin.close()  # type: ignore[union-attr]
            there = kept(file)
            self.count("ask", "half-written", there is None)
            self.count("ask", "lost", sum(answer not in (there or ()) for answer in ANSWERS[:heard]))
        run(["ask", str(place / "last.yaml")], place, "\n".join(ANSWERS))
        self.count("ask", "left lying", len(parts(place)))

    def batch(self, kills: int) -> None:
        """Kills portfolios, each going on with the parts of the one before; then one runs to its end."""
        place = self.place("batch")
        rows = [
            f'{{"id": "{row}", "taxpayer.kind": "couple", "development.lots": {row % 40}}}' for row in range(30_000)
        ]
        (place / "in.jsonl").write_text("\n".join(rows) + "\n")
        clean, out = place / "clean.csv", place / "out.csv"
        started = time.monotonic()
        run(["batch", "in.jsonl", "--out", "clean.csv"], place)
        longest = time.monotonic() - started
        for _ in range(kills):
            self.kill("batch", start(["batch", "in.jsonl", "--out", "out.csv"], place), place, longest)
            self.count("batch", "half-written", digest(out) not in (None, digest(clean)))
        run(["batch", "in.jsonl", "--out", "out.csv"], place)
        self.count("batch", "lost", digest(out) != digest(clean))
        self.count("batch", "left lying", len(parts(place)) + len(list(place.glob(".out*"))))

    def calibrate(self, kills: int) -> None:
        """Kills the fitting of a rulebook of one's own."""
        place = self.place("calibrate")
        shutil.copytree(ROOT / "rules" / "au-land", place / "rules")
        path = place / "rules" / "weighing.yaml"
        path.write_text(path.read_text("utf-8").replace("  slope: ", "  slope: 0.9  # was ", 1), "utf-8")
        before = path.read_bytes()
        started = time.monotonic()
        run(["calibrate", "--rules", "rules"], place)
        longest, after = time.monotonic() - started, path.read_bytes()
        for _ in range(kills):
            path.write_bytes(before)
            self.kill("calibrate", start(["calibrate", "--rules", "rules"], place), path.parent, longest)
            self.count("calibrate", "half-written", path.read_bytes() not in (before, after))
        run(["calibrate", "--rules", "rules"], place)
        self.count("calibrate", "left lying", len(parts(path.parent)))

    # other ways to fail

    def together(self, runs: int) -> None:
        """Two interviews on one file, the answers shared out between them."""
        place, name = self.place("together"), "two interviews at once"
        for number in range(runs):
            file = place / f"{number}.yaml"
            two = [start(["ask", str(file)], place, subprocess.PIPE) for _ in range(2)]
            for process, mine in zip(two, (ANSWERS[:2], ANSWERS[2:]), strict=True):
                for answer in mine:
                    send(process, answer)
            acknowledged: list[str] = []
            for process, mine in zip(two, (ANSWERS[:2], ANSWERS[2:]), strict=True):
                output = process.communicate()[0]
                acknowledged += mine[: output.count("Understood:")]
                self.count(name, "done")
                self.count(name, "half-written", process.returncode not in (0, 2, 3))
            self.count(name, "lost", sum(answer not in (kept(file) or ()) for answer in acknowledged))
        self.count(name, "left lying", len(parts(place)))

    def no_room(self, options: str, name: str) -> None:
        """Every command that writes, on a file system that is full or may not be written; needs the rights to mount."""
        place = self.place(name.replace(" ", "-"))
        with mounted(place, options) as there:
            if not there:
                return
            before = {path.name: digest(path) for path in place.iterdir()}
            facts = str(FACTS[0])
            for arguments in (
                ["draft", facts, "--to", f"{place}/a.md", "--edited"],
                ["assess", facts, "--out", f"{place}/a.txt", "--record", f"{place}/a.json"],
                ["assess", facts, "--out", f"{place}/old.txt"],
                ["plot", facts, "--out", f"{place}/a.svg"],
                ["schema", "--out", f"{place}/schema.json"],
                ["exercise", "--seed", "8", "--out", f"{place}/class"],
                ["rules", "docs", "--out", f"{place}/docs"],
                ["batch", str(self.folder / "one.jsonl"), "--out", f"{place}/a.csv"],
                ["ask", f"{place}/q.yaml"],
            ):
                done = run(arguments, self.folder, "\n".join(ANSWERS))
                self.count(name, "done")
                wrong = done.returncode != 2 or "Traceback" in done.stderr or "Saved" in done.stdout
                self.count(name, "lost", wrong)
            after = {path.name: digest(path) for path in place.iterdir()}
            self.count(name, "half-written", before != after)


def start(arguments: list[str], place: Path, stdin: int = subprocess.DEVNULL) -> Process:
    return subprocess.Popen(
        [*CLI, *arguments], cwd=place, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def run(arguments: list[str], place: Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CLI, *arguments], cwd=place, input=typed, capture_output=True, text=True)


def watch(process: Process, seconds: float, seen: Callable[[], bool] = lambda: False) -> None:
    """Waits until something is seen, the time is over, or the process is."""
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end and not seen():
        time.sleep(0.0002)


def parts(place: Path) -> list[Path]:
    """Files on their way to their places, and locks."""
    return [*place.glob(".caprev-*.part"), *place.glob(".caprev.*.lock")]


def marks(place: Path) -> set[tuple[str, int, int]]:
    """Such files, each as it is at the moment: what a killed process left does not look like what is made now."""
    found = set()
    for path in parts(place):
        with suppress(FileNotFoundError):
            about = path.stat()
            found.add((path.name, about.st_ino, about.st_mtime_ns))
    return found


def digest(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def refused(path: Path) -> bool:
    """Whether a record says itself that it is not finished."""
    try:
        return path.exists() and not record.read(path)
    except BadInput as error:
        return "not finished" in str(error)


def send(process: Process, answer: str) -> None:
    assert process.stdin
    try:
        process.stdin.write(f"{answer}\n")
        process.stdin.flush()
    except BrokenPipeError:  # it was refused
        pass


def answered(process: Process, answer: str) -> bool:
    """Gives an answer and waits until it is acknowledged."""
    send(process, answer)
    assert process.stdout
    return any(line.startswith("Understood:") for line in iter(process.stdout.readline, ""))


def kept(file: Path) -> list[str] | None:
    """The answers in a file; None if it is there and cannot be read."""
    try:
        data = reading.read(file).data if file.exists() else {}
    except BadInput:
        return None
    assert isinstance(data, dict)
    return [f"{section}.{key} = {value}" for section, facts in data.items() for key, value in facts.items()]  # type: ignore[union-attr]


@contextmanager
def mounted(place: Path, options: str) -> Iterator[bool]:
    """A file system in memory with one old file, full or for reading only; whether it could be had."""
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16k", "caprev", place], capture_output=True)
    if made.returncode:
        yield False
        return
    try:
        (place / "old.txt").write_text("old")
        if options == "full":
            (place / "fill").write_bytes(bytes(12_000))
            assert run(["schema", "--out", f"{place}/x"], place).returncode == 2
        else:
            subprocess.run(["mount", "-o", f"remount,{options}", place], check=True)
        yield True
    finally:
        subprocess.run(["umount", place], check=True)


def main(kills: int, seed: int) -> int:
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), seed)
        (bench.folder / "one.jsonl").write_text('{"id": "a", "taxpayer.kind": "couple"}\n')
        for name, share in SHARES.items():
            getattr(bench, name)(max(1, round(kills * share)))
        bench.together(20)
        bench.no_room("full", "full disk")
        bench.no_room("ro", "read-only directory")
    counts = bench.counts
    print(f"{'':24}" + "".join(f"{column:>16}" for column in COLUMNS))
    for name, found in counts.items():
        print(f"{name:24}" + "".join(f"{found[column]:>16}" for column in COLUMNS))
    print(
        f"{sum(found['killed'] for found in counts.values())} killed, seed {seed}, {time.monotonic() - started:.0f} s"
    )
    return any(found[what] for found in counts.values() for what in ("half-written", "lost", "mixed, passed"))


if __name__ == "__main__":
    given = [int(argument.replace(",", "")) for argument in sys.argv[1:]]
    sys.exit(main(*(given + [500, 1][len(given) :])))
