"""Work that is counted and not timed: calls of functions, the same on every machine and under any load."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


def calls(job: Callable[[], object]) -> int:
    """How many functions are called while a job is done, those written in C too."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        job()
    finally:
        sys.setprofile(before)
    return count


def grows(job: Callable[[int], Callable[[], object]], size: int) -> float:
    """How much more work twice the size is: 2 if work grows as the size does, 4 if as its square."""
    small, large = job(size), job(2 * size)
    small(), large()  # what is made once is not counted
    return calls(large) / calls(small)
