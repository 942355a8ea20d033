"""What may be written to: a plain file or a new name, each for one output, and nothing that is read."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Hashable, Iterable
from pathlib import Path

from caprev.errors import BadInput, Problem

_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def check(outputs: Iterable[str], inputs: Iterable[str] = (), folders: bool = False) -> None:
    """Whether these files could be written; `folders`: directories that are not there would be made.

    A file that has other names too (hard links) may be written: those keep what it held. Raises BadInput for a name
    that is taken by anything but a plain file, that is given for two outputs, or that is another name of an input.
    """
    read = {identity(name): name for name in inputs}
    seen: set[Hashable] = set()
    for name in outputs:
        is_ = identity(name)
        if is_ in read:
            raise BadInput(Problem("would be written over", read[is_], fix="Name another file to write to"))
        if is_ in seen:
            raise BadInput(Problem("would be written over: two outputs have this name", name, fix="Name another file"))
        seen.add(is_)
        free(name)
        if not folders:
            _parent(name)


def free(name: str) -> os.stat_result | None:
    """The plain file that has the name now, if any. Raises BadInput if something else has it."""
    path = Path(name)
    if not path.name or name.endswith(("/", os.sep)):
        what = "it is a directory" if path.is_dir() else "it is not a file name"
        raise unwritten(name, what)
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise unwritten(name, error) from None
    if not stat.S_ISREG(found.st_mode):
        end = os.path.realpath(path)
        fix = "Name a plain file, or a name that is not taken"
        if stat.S_ISLNK(found.st_mode) and os.path.isfile(end):
            fix = f"Name the file itself ({end}), or a name that is not taken"
        raise unwritten(name, f"it is {_KINDS.get(stat.S_IFMT(found.st_mode), 'no plain file')}", fix)
    if not os.access(path, os.W_OK):
        fixed = hasattr(os, "statvfs") and os.statvfs(path).f_flag & os.ST_RDONLY
        raise unwritten(name, os.strerror(errno.EROFS if fixed else errno.EACCES), "Name another file")
    return found


def identity(name: str) -> Hashable:
    """The same for all names of one file, also before it is there: other spellings, links, another case."""
    path = Path(name)
    try:
        found = os.stat(path)
        return found.st_dev, found.st_ino
    except (OSError, ValueError):
        pass
    try:
        above = os.stat(path.parent)
        return above.st_dev, above.st_ino, path.name
    except (OSError, ValueError):
        return os.path.realpath(path.parent), path.name


def unwritten(name: str, why: OSError | ValueError | str, fix: str = "") -> BadInput:
    """That a file cannot be written, and why."""
    reason = why if isinstance(why, str) else getattr(why, "strerror", None) or str(why)
    return BadInput(Problem(f"cannot be written ({reason})", name, fix=fix))


def _parent(name: str) -> None:
    parent = Path(name).parent
    try:
        if not stat.S_ISDIR(os.stat(parent).st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except (OSError, ValueError) as error:
        raise unwritten(name, error) from None
