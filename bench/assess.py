"""Speed of the main job: `python -m bench.assess [RUNS]`. Prints figures; asserts nothing.

In one process: load, and the median of one assessment with its full explanation. As a process: `caprev assess`
whole. Memory: resident size before and after many assessments.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import caprev

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "cases" / "rulings" / "1052196215679.yaml"


def median(job: Callable[[], object], times: int) -> float:
    """Median seconds of one run of `job`."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


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
    print(f"assess and explain, median       {1e3 * explained:8.2f} ms   (target 10 ms)")
    command = [sys.executable, str(ROOT / "cli.py"), "assess", str(SEED)]
    whole = median(lambda: subprocess.run(command, capture_output=True, check=True), 9)
    print(f"caprev assess, whole process     {1e3 * whole:8.1f} ms   (target 600 ms)")
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
