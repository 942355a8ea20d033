"""Files that appear whole, together, or not at all.

Each is written beside its target under a name that nobody can guess, and then takes its place; what stood there is
never opened. Several take their places one after another, and the last of them vouches for the others: from before
the first until all stand it is not there, or says in a line that it is not finished. So a process that is killed in
between leaves nothing that passes for whole.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from caprev.files import locking, targets

UNFINISHED = "Not finished: caprev was stopped while it wrote this file and others with it. Run the command again."
_LEFT = re.compile(r"\.caprev-[0-9a-f]{16}\.part")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)


def save(outputs: Mapping[str, bytes | str], folders: bool = False) -> None:
    """Writes every file or none; `folders` makes the directories they stand in. Raises BadInput."""
    with saving(list(outputs), folders) as parts:
        for part, content in zip(parts, outputs.values(), strict=True):
            part.write(content)


@contextmanager
def saving(names: Sequence[str], folders: bool = False) -> Iterator[list[Part]]:
    """Files to be filled, which take their places when the block ends and vanish if it fails. Raises BadInput."""
    targets.check(names, folders=folders)
    with ExitStack() as stack:
        for parent, name in {Path(name).parent: name for name in names}.items():
            with _telling(name):
                if folders:
                    stack.callback(_unmade, _made(parent))
            stack.enter_context(_swept(parent))
        parts = [stack.enter_context(Part(name)) for name in names]
        yield parts
        for part in parts:
            part.finish()
        _place(parts)


class Part:
    """A file on its way: `path` is to be filled, and then takes the place of the target."""

    def __init__(self, name: str) -> None:
        self.name, self.target = name, Path(name)
        self.placed: os.stat_result | None = None

    def __enter__(self) -> Part:
        self.replaced = targets.free(self.name)
        with _telling(self.name):
            self.path, self.mode = _created(self.target.parent)
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError):
            self.path.unlink()

    def write(self, content: bytes | str) -> None:
        """Fills the file. Raises BadInput."""
        with _telling(self.name), open(self.path, "wb", opener=_there) as stream:
            stream.write(content.encode("utf-8") if isinstance(content, str) else content)

    def finish(self) -> None:
        """Gives it the owner and the rights of the file it replaces, and has it on the disk. Raises BadInput."""
        with _telling(self.name), open(self.path, "r+b", opener=_there) as stream:
            if self.replaced and hasattr(os, "fchown"):
                with suppress(OSError):  # only root may give a file away
                    os.fchown(stream.fileno(), self.replaced.st_uid, self.replaced.st_gid)
            _allow(stream.fileno(), self.replaced.st_mode & 0o777 if self.replaced else self.mode)
            _synced(stream.fileno())

    def place(self, others: Iterable[Part] = ()) -> None:
        """Puts it in the place of its target, if none of the others stands there. Raises BadInput."""
        with _telling(self.name):
            now = targets.free(self.name)
            if now and any(other.placed and os.path.samestat(now, other.placed) for other in others):
                raise FileExistsError(errno.EEXIST, "it is the file of another output")
            placed = os.lstat(self.path)
            os.replace(self.path, self.target)
            self.placed = placed


def _place(parts: Sequence[Part]) -> None:
    """All of them, or none: where one cannot be placed, those before it make way again for what they replaced."""
    *others, last = parts
    if not others:
        last.place()
        _settle(parts)
        return
    with locking.alone(last.target, "is being written by another process", tries=locking.PATIENCE):
        before: dict[Part, Path] = {}
        noted = False
        try:
            for part in parts:
                if kept := _kept(part):
                    before[part] = kept
            if last in before:
                noted = True
                with Part(last.name) as note:
                    note.write(f"{UNFINISHED}\n")
                    note.finish()
                    note.place()
                _settle([note])
            for part in others:
                part.place(others)
            _settle(others)
            last.place(others)
            _settle([last])
        except BaseException:
            for part in parts:
                with suppress(OSError):
                    if part in before and (part.placed or (part is last and noted)):
                        os.replace(before[part], part.target)
                    elif part.placed:
                        part.target.unlink()
            raise
        finally:
            for path in before.values():
                with suppress(OSError):
                    path.unlink()


def _kept(part: Part) -> Path | None:
    """Another name for what stands in the place of a file, or a copy where the file system knows no such names."""
    with _telling(part.name):
        if targets.free(part.name) is None:
            return None
        path, _ = _created(part.target.parent)
        path.unlink()
        try:
            os.link(part.target, path)
        except OSError:
            shutil.copy2(part.target, path, follow_symlinks=False)
        return path


@contextmanager
def _telling(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise targets.unwritten(name, error) from None


def _created(folder: Path) -> tuple[Path, int]:
    """A new file, for nobody else yet, and the rights that a new file is given here."""
    while True:
        path = folder / f".caprev-{secrets.token_hex(8)}.part"
        with suppress(FileExistsError):
            descriptor = os.open(path, _NEW, 0o666)
            try:
                mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
                _allow(descriptor, 0o600)
            finally:
                os.close(descriptor)
            return path, mode


def _there(path: str, flags: int) -> int:
    """Opens a file that was made before; never makes one, never follows a link."""
    return os.open(path, flags & ~os.O_CREAT | getattr(os, "O_NOFOLLOW", 0))


def _allow(descriptor: int, mode: int) -> None:
    """Gives an open file rights, where the file system knows any."""
    if hasattr(os, "fchmod"):
        with suppress(OSError):
            os.fchmod(descriptor, mode)


def _synced(descriptor: int) -> None:
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # there are file systems that cannot
            raise


def _settle(parts: Iterable[Part]) -> None:
    """Has the names of files on the disk, where a directory can be opened for that."""
    for parent in {part.target.parent for part in parts}:
        with suppress(OSError):
            descriptor = os.open(parent, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _made(folder: Path) -> list[Path]:
    """Makes a directory and those above it; which were not there, the innermost first."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return new


def _unmade(folders: Iterable[Path]) -> None:
    """Takes directories away that nothing was put into."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


@contextmanager
def _swept(folder: Path) -> Iterator[None]:
    """While it runs, no other process takes what is on its way into a directory for what a killed one left there.

    Such leavings are removed when nothing else is on its way into it.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # such as on a system that cannot open directories
        yield
        return
    try:
        if locking.held(descriptor):
            locking.sweep(folder)
            for path in folder.iterdir():
                if _LEFT.fullmatch(path.name):
                    with suppress(OSError):
                        path.unlink()
        locking.held(descriptor, shared=True, tries=locking.PATIENCE)
        yield
    finally:
        os.close(descriptor)
