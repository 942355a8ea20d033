"""Threads, forks and memory: an assessor is loaded once and used from anywhere, for as long as one likes."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
import sys
from pathlib import Path

import caprev
from caprev import Assessor
from caprev.reasoning.weighing import Weigher

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"

FORKS = """
import os, sys, threading, time
import caprev

facts, warm = sys.argv[1], sys.argv[2] == "warm"
expected = caprev.explain(caprev.assess(facts, loaded := caprev.load()))
assessor = loaded if warm else caprev.load()
failed = 0

def work():
    global failed
    while True:
        shared = assessor
        failed += caprev.explain(caprev.assess(facts, shared)) != expected

for _ in range(8):
    threading.Thread(target=work, daemon=True).start()
for _ in range(20 if warm else 6):
    if not warm:
        assessor = caprev.load()  # the threads are at their first assessment with it
    time.sleep(0.003)
    child = os.fork()
    if child == 0:
        try:
            os._exit(caprev.explain(caprev.assess(facts, assessor)) != expected)
        finally:
            os._exit(1)
    end = time.monotonic() + 30
    done = code = 0
    while not done and time.monotonic() < end:
        done, code = os.waitpid(child, os.WNOHANG)
        time.sleep(0.005)
    if not done:
        os.kill(child, 9)
        os.waitpid(child, 0)
    failed += not done or code != 0
    if failed:
        break
print(failed)
os._exit(0)
"""


def forked(state: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", FORKS, str(SEED), state]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300).stdout


def test_a_child_forked_while_threads_assess_can_assess(environment: dict[str, str]) -> None:
    """Twenty children beside eight threads: each comes to the same words, and none waits for a thread it has not."""
    assert forked("warm", environment) == "0\n"


def test_a_child_forked_while_the_law_is_first_used_can_assess(environment: dict[str, str]) -> None:
    """Nor for what a thread was working out for the first time."""
    assert forked("cold", environment) == "0\n"


def test_nothing_is_worked_out_under_a_lock_that_a_fork_could_take_along() -> None:
    """`functools.cached_property` has one on Python 3.11; `caprev.once` has none."""
    users = {
        path.name
        for path in (ROOT / "engine").rglob("*.py")
        if re.search(r"from functools import .*cached_property|functools\.cached_property", path.read_text("utf-8"))
    }
    assert users == {"once.py"}


def test_a_signal_may_fork_in_the_middle_of_an_assessment() -> None:
    """The lock is the thread's own: the fork does not wait for the very thread that forks."""
    code = f"""
import os, signal
import caprev
assessor = caprev.load()
expected = caprev.explain(caprev.assess({str(SEED)!r}, assessor))
codes = []
def handler(*_):
    child = os.fork()
    if child == 0:
        os._exit(0)
    codes.append(os.waitpid(child, 0)[1])
signal.signal(signal.SIGALRM, handler)
while len(codes) < 50:
    signal.setitimer(signal.ITIMER_REAL, 0.0005 + 0.0001 * len(codes))
    assert caprev.explain(caprev.assess({str(SEED)!r}, assessor)) == expected
os._exit(any(codes))
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=300).returncode == 0


def test_the_memory_does_not_grow_with_the_dates(tmp_path: Path) -> None:
    """Days on which the same law is in force share one weighing, and weigh as if each had its own."""
    rules = Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules"))
    path = rules / "factors" / "decision" / "failed-to-sell-whole.yaml"
    path.write_text(
        path.read_text().replace("status: draft", "in_force: {from: 2020-01-01, to: 2022-06-30}\nstatus: draft")
    )
    assessor = Assessor(rules, caprev.home("cases"))
    matter = assessor.read(SEED)
    first = datetime.date(2018, 1, 1)
    days = [str(first + datetime.timedelta(days=day)) for day in range(2_000)]
    before = len(assessor._weighers)
    for day in days:
        weigher = assessor.weigher("commissioner", day)
        fresh = "failed-to-sell-whole" in weigher.active
        assert fresh == ("2020-01-01" <= day <= "2022-06-30")
    assert len(assessor._weighers) - before <= 3
    for day in ("2019-12-31", "2020-01-01", "2022-06-30", "2022-07-01"):
        own = Weigher(assessor.book, assessor.book.positions["commissioner"].answers, day)
        shared = assessor.assess(matter, "commissioner", day).conclusions[0]
        assert assessor.conclude(matter.parcels[0], own, assessor.cases).findings == shared.findings
    assert len(assessor._weighers) - before <= 3
