"""Standard output that says so when it cannot be written: full, closed, or its reader gone.

While a command runs, what it prints goes through `Output`, which takes a failure for what it is: not a fault of some
file, and no reason for a traceback. Messages to standard error that cannot be shown are dropped; the exit code stays.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import click

UNPRINTED = 4
GONE = 141  # as a shell says of a program that was stopped by SIGPIPE


class Unprinted(Exception):
    """Standard output could not be written. `written` are the files that were."""

    def __init__(self, error: OSError, written: Sequence[str] = ()) -> None:
        super().__init__(str(error))
        self.error, self.written = error, tuple(written)

    def __str__(self) -> str:
        """What happened, and what is there all the same."""
        why = "it is closed" if self.error.errno == errno.EBADF else self.error.strerror
        there = f" Written all the same: {', '.join(self.written)}." if self.written else ""
        return f"standard output cannot be written ({why}).{there}"


class _Output(io.FileIO):
    """The bytes below standard output. The first failure is told; after it nothing more is tried."""

    failed = False

    def write(self, data: Any) -> int:
        if not self.failed:
            try:
                return super().write(data)
            except OSError as error:
                self.failed = True
                raise Unprinted(error) from None
        return len(data)


class _Messages(io.FileIO):
    """The bytes below standard error."""

    def write(self, data: Any) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(data)


@contextmanager
def printing() -> Iterator[None]:
    """Runs a command: where its output cannot be written, it ends with a message and exit code 4, and silently with
    141 where nobody reads any more."""
    before = sys.stdin, sys.stdout, sys.stderr
    if sys.stdout is sys.__stdout__:  # and not what a test put there
        _plugged()
        sys.stdin = sys.stdin or os.fdopen(os.open(os.devnull, os.O_RDONLY))
        sys.stdout, sys.stderr = _through(_Output, sys.stdout, 1), _through(_Messages, sys.stderr, 2)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except Unprinted as error:
        if error.error.errno == errno.EPIPE:
            sys.exit(GONE)
        click.echo(f"caprev: {error}", err=True)
        sys.exit(UNPRINTED)
    finally:
        sys.stderr.flush()
        sys.stdin, sys.stdout, sys.stderr = before


def _plugged() -> None:
    """Opens the standard streams that are closed, for reading nothing: no file that is written may get their numbers,
    and to write to them fails as if they were closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)


def _through(kind: type[io.FileIO], stream: TextIO | None, number: int) -> TextIO:
    """The stream, its bytes going through `kind`; a stream that was closed from the start is one that cannot be
    written."""
    if stream is None:
        return io.TextIOWrapper(io.BufferedWriter(kind(os.open(os.devnull, os.O_RDONLY), "w")), "utf-8")
    raw = getattr(stream.buffer, "raw", stream.buffer)
    if type(raw) is not io.FileIO:  # such as a console of Windows
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(kind(number, "w", closefd=False)),
        stream.encoding,
        stream.errors,
        line_buffering=bool(stream.line_buffering),
        write_through=True,
    )
