"""One process at a time, by a lock on a file that lies beside what it guards and goes when the work is done.

The system lets go of a lock when its process ends, however it ends; a file that was left behind is no lock, and the
next who takes it takes it away. Where the system has no such locks, all may work at once.
"""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from caprev.errors import BadInput, Problem
from caprev.files.targets import unwritten

try:
    import fcntl
except ImportError:  # no such locks on this system
    fcntl = None  # type: ignore[assignment]

BRIEF, PATIENCE = 20, 1_000  # tries, ten milliseconds apart: while leavings are looked through, or a file is written
NAME = ".caprev.{}.lock"
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


def held(descriptor: int, shared: bool = False, tries: int = 1) -> bool | None:
    """Locks an open file, alone or with others who share; None if there are no locks here, False if another has it.

    `tries` is how often it tries.
    """
    if fcntl is None:
        return None
    for left in reversed(range(tries)):
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if left:
                threading.Event().wait(0.01)
        except OSError:
            return None
    return False


class Lock:
    """A lock file, to be taken and let go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: int | None = None

    @property
    def taken(self) -> bool:
        """Whether this process has it."""
        return self._held is not None

    def take(self, busy: Problem, tries: int = BRIEF) -> None:
        """Takes the lock. Raises BadInput with `busy`, and the process that has it, if another has it all the time."""
        while self._held is None:
            descriptor = self._opened(busy.file)
            if held(descriptor, tries=tries) is False:
                os.close(descriptor)
                owner = self._owner()
                what = busy.what + (f" (process {owner})" if owner else "")
                raise BadInput(Problem(what, busy.file, fix=busy.fix))
            if self._is(descriptor):
                self._held = descriptor
                with suppress(OSError):  # a full disk: the lock holds, whoever has it
                    os.ftruncate(descriptor, 0)
                    os.write(descriptor, str(os.getpid()).encode())
            else:
                os.close(descriptor)  # the one who had it took the file away

    def _opened(self, name: str) -> int:
        try:
            descriptor = os.open(self.path, _FLAGS, 0o600)
        except OSError as error:
            raise unwritten(name, error, f"Its lock would be {self.path}") from None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise unwritten(str(self.path), "it is no plain file", "Remove it")
        return descriptor

    def free(self) -> None:
        """Lets go, and takes the file away."""
        if self._held is not None:
            if self._is(self._held):
                with suppress(OSError):
                    self.path.unlink()
            os.close(self._held)
            self._held = None

    def _is(self, descriptor: int) -> bool:
        """Whether the name still leads to the file that was opened."""
        try:
            return os.path.samestat(os.fstat(descriptor), os.lstat(self.path))
        except OSError:
            return False

    def _owner(self) -> str:
        with suppress(OSError, ValueError):
            return str(int(self.path.read_bytes()[:20] or b"0") or "")
        return ""


@contextmanager
def alone(target: str | Path, what: str, fix: str = "", tries: int = BRIEF) -> Iterator[None]:
    """Keeps other processes from doing the same to a file: `what` is being done to it. Raises BadInput."""
    path = Path(target)
    lock = Lock(path.with_name(NAME.format(path.name)))
    lock.take(Problem(what, str(target), fix=fix), tries)
    try:
        yield
    finally:
        lock.free()


def sweep(folder: Path) -> None:
    """Removes the lock files that killed processes left in a directory."""
    for path in folder.glob(NAME.format("*")):
        with suppress(BadInput):
            lock = Lock(path)
            lock.take(Problem("is in use", str(path)), tries=1)
            lock.free()
