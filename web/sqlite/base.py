"""Django's SQLite, whose writers stand in a queue.

A connection that finds the database locked sleeps and tries again, up to 100 ms at a time, while others that came later
try sooner: with eight people the last twentieth of the saves took five times as long as the middle one. Here a
transaction first waits for its turn at a lock of the system, which wakes in the order of arrival and is free again when
its holder ends, however it ends. Where the system has none (Windows), everything works as SQLite does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that takes its turn before it begins to write."""

    _turn: Any = None
    _waits = True

    @contextmanager
    def derived(self) -> Iterator[None]:
        """For a transaction of nothing but what can be worked out again from what is saved: no one waits until it is on
        the disk. After a failure of power it may be gone; what was saved before it never is."""
        self._waits = False
        try:
            yield
        finally:
            self._waits = True
            if not self.in_atomic_block:
                self.cursor().execute("PRAGMA synchronous=FULL")

    def _start_transaction_under_autocommit(self) -> None:
        try:
            if fcntl and self._turn is None and not self.is_in_memory_db():
                # Held until the transaction ends.
                self._turn = open(f"{self.settings_dict['NAME']}-turn", "ab")  # noqa: SIM115
                fcntl.flock(self._turn, fcntl.LOCK_EX)
            # Said anew for every transaction, so that none is taken for what it is not.
            self.cursor().execute(f"PRAGMA synchronous={'FULL' if self._waits else 'NORMAL'}")
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.close()

    @contextmanager
    def _ending(self) -> Iterator[None]:
        try:
            yield
        finally:
            self._leave()

    def _commit(self) -> Any:
        with self._ending():
            return super()._commit()

    def _rollback(self) -> Any:
        with self._ending():
            return super()._rollback()

    def _close(self) -> Any:
        with self._ending():
            return super()._close()
