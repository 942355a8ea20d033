"""Speed of the main job: `python -m bench.assess [RUNS]`. Prints figures; asserts nothing.

In one process: load, and the median of one assessment with its full explanation. As a process: `caprev assess`
whole, with the law parsed at an earlier start, and without. Memory: resident size before and after many assessments.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import caprev

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"


def median(job: Callable[[], object], times: int) -> float:
    """Median seconds of one run of `job`."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def process(command: list[str], environment: dict[str, str], times: int) -> tuple[float, float]:
    """Median seconds of a process, by the clock and of processor time; the second hardly feels what else runs."""
    used = []

    def job() -> None:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)

    return median(job, times), statistics.median(used)


def resident() -> float:
    """Resident memory of this process in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def main(runs: int = 100_000) -> None:
    """Measure and print."""
    start = time.perf_counter()
    assessor = caprev.load()
    _ = assessor.cases
    print(f"load rulebook and case base      {1e3 * (time.perf_counter() - start):8.1f} ms")
    matter = assessor.read(SEED)
    print(f"assess, no explanation, median   {1e3 * median(lambda: assessor.assess(matter), 300):8.2f} ms")
    explained = median(lambda: caprev.explain(assessor.assess(matter)), 300)
    print(f"assess and explain, median       {1e3 * explained:8.2f} ms   (target 6 ms)")
    command = [sys.executable, str(ROOT / "cli.py"), "assess", str(SEED)]
    for name, more in (("caprev assess, whole process", {}), ("the same, law parsed anew", {"CAPREV_CACHE": "off"})):
        whole, processor = process(command, {**os.environ, **more}, 9)
        print(f"{name:33}{1e3 * whole:8.1f} ms   (target 400 ms; processor {1e3 * processor:.0f} ms)")
    for _ in range(200):
        assessor.assess(matter)
    before = resident()
    start = time.perf_counter()
    for _ in range(runs):
        assessor.assess(matter)
    rate = runs / (time.perf_counter() - start)
    print(f"memory over {runs:,} assessments  {before:.1f} MB -> {resident():.1f} MB   ({rate:,.0f} a second)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
