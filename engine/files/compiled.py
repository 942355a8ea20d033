"""The law as it was read, checked and compiled, kept from one start to the next: most starts find it as it was.

It is kept under the hash of every text it was made from and of that which made it, so that a text that was edited,
added or taken away is read and checked again with all the others; of law with faults nothing is kept. A file that
`caching` would not trust is as good as none, and so is one that asks for anything but the types that law is made of.
Those have no slots of their own: Python would fill one after the other.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pydantic
import yaml

from caprev.files import caching

_T = TypeVar("_T")
_SUFFIX = ".compiled"
_US = __name__.partition(".")[0]
_ROOMS = tuple(f"{_US}.{room}." for room in ("facts", "law", "reasoning"))  # which hold what is kept


class Compiled:
    """What is compiled of some directories, at this start or at an earlier one."""

    def __init__(self, *roots: str | Path) -> None:
        self._path = caching.place(_SUFFIX, *roots)
        self._made = _made(roots) if self._path else None

    @property
    def wanted(self) -> bool:
        """Whether it is of any use to keep something."""
        return self._made is not None

    def read(self, form: type[_T]) -> _T | None:
        """What an earlier start has kept, if nothing it was made from has changed."""
        if self._path is None or self._made is None:
            return None
        content = caching.kept(self._path, self._made)
        if content is None:
            return None
        try:
            found = _Ours(io.BytesIO(content)).load()
        except (pickle.UnpicklingError, AttributeError, ImportError, TypeError, EOFError):
            return None
        return found if isinstance(found, form) else None

    def keep(self, found: object) -> None:
        """Keeps what was compiled; to be called only of law without faults."""
        if self._path is not None and self._made is not None:
            caching.keep(self._path, self._made, pickle.dumps(found, pickle.HIGHEST_PROTOCOL), fresh=True)


class _Ours(pickle.Unpickler):
    """Makes nothing but what the law is made of."""

    def find_class(self, module: str, name: str) -> Any:
        """A type that one of these rooms defines; no function, which could do anything."""
        if module.startswith(_ROOMS) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of the law")


def _made(roots: tuple[str | Path, ...]) -> str | None:
    """The hash of all that was compiled and of what compiled it; none where the law is not there to be looked at."""
    digest = hashlib.sha256(f"{sys.version} {pydantic.VERSION} {yaml.__version__}".encode())
    package = Path(__file__).resolve().parents[1]
    try:
        # Our own code as Python itself tells whether what it has compiled is that of a file as it stands.
        for entry in _files(str(package), ".py"):
            about = entry.stat()
            digest.update(os.fsencode(f"{entry.path}\0{about.st_size} {about.st_mtime_ns}\n"))
        for root in roots:
            digest.update(os.fsencode(f"{os.fspath(root)}\0{os.path.realpath(root)}\n"))
            for entry in _files(os.fspath(root), ".yaml"):
                with open(entry.path, "rb") as stream:
                    digest.update(os.fsencode(f"{entry.path}\0") + hashlib.sha256(stream.read()).digest())
    except OSError:
        return None
    return digest.hexdigest()


def _files(root: str, suffix: str) -> Iterator[os.DirEntry[str]]:
    """The files below a directory, in the order of their names. Raises OSError, also where a directory is a link."""
    with os.scandir(root) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.endswith(suffix):
            yield entry
        elif entry.is_dir():
            if entry.is_symlink():
                raise OSError(f"{entry.path} is a link, and may lead anywhere")
            yield from _files(entry.path, suffix)
