"""Places that are taken in the order in which they were asked for."""

from __future__ import annotations

import threading
from collections import deque


class Turns:
    """A few places. One that is left goes to who has waited longest: with `threading.Semaphore` who comes just then may
    take it, and who was woken for it waits again, behind all others."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._waiting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @property
    def waits(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def take(self, seconds: float) -> bool:
        """Waits for a place, so long at most; whether it came."""
        with self._lock:
            if self._free:
                self._free -= 1
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._lock:
            if mine not in self._waiting:  # it came at this moment
                return True
            self._waiting.remove(mine)
            return False

    def leave(self) -> None:
        """Gives a place back."""
        with self._lock:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1
