"""What files of law say, parsed, kept from one start to the next: there are hundreds, and they hardly ever change.

Kept is what `reading` makes of a text, under the hash of that text, so that a file which was edited is parsed anew and
the others are not; nothing of a matter. Whatever judges the law runs at every start as if nothing were kept, and a
message finds its line in the file. One file for each directory of law stands in the user's cache directory (none with
`CAPREV_CACHE=off`). It may be deleted at any time. One that is damaged, of another release or another user's is as good
as none, and where none can be written, nothing is kept.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

import yaml

from caprev import characters, limits
from caprev.errors import BadInput
from caprev.files import reading, saving
from caprev.files.reading import Source

MOST = 16
"""So many directories of law are kept; the one written longest ago makes way."""
_LONGEST = 1 << 26  # bytes; the law that is shipped takes less than one hundredth of it
_HEAD = 256  # bytes; more than the first line has
_SUFFIX = ".parsed"


class Folder:
    """The files of one directory, parsed now or at an earlier start."""

    def __init__(self, root: Path) -> None:
        self._path = place(_SUFFIX, root)
        self._before = _parsed(self._path) if self._path else {}
        self._now: dict[str, str] = {}

    def read(self, path: Path) -> Source:
        """What `reading.read` gives. Raises BadInput."""
        text = reading.contents(path)
        key = _sha(text.encode())
        if key in self._before:
            self._now[key] = self._before[key]
            return Source(str(path), json.loads(self._before[key]), text)
        found = reading.parse(text, str(path))
        self._now[key] = json.dumps(found.data)  # as it is now, whatever becomes of the data
        return found

    def keep(self) -> None:
        """Keeps what was read, if anything is new or gone; to be called once the law has no faults."""
        if self._path is None or self._now.keys() == self._before.keys():
            return
        lines = "".join(f"{key} {data}\n" for key, data in self._now.items()).encode("ascii")
        keep(self._path, _parser(), lines, fresh=not self._before)


def place(suffix: str, *roots: str | Path) -> Path | None:
    """Where something of these directories is kept; nowhere if the user wants none, or has no place for it."""
    if os.environ.get("CAPREV_CACHE") == "off":
        return None
    home = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME", "")
    with suppress(RuntimeError, OSError):  # a user without a home; a directory that is gone
        usual = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
        folder = Path(home) if os.path.isabs(home) else Path(usual).expanduser()
        named = b"\0".join(os.fsencode(os.path.realpath(root)) for root in roots)
        return folder / "caprev" / f"{_sha(named)[:32]}{suffix}"
    return None


def kept(path: Path, made: str) -> bytes | None:
    """What a file keeps that `made`, a hash, has made; nothing where it cannot be trusted to the last byte."""
    try:
        with open(path, "rb", opener=_opened) as stream:
            about = os.fstat(stream.fileno())
            mine = not hasattr(os, "geteuid") or about.st_uid == os.geteuid()
            if not stat.S_ISREG(about.st_mode) or not mine or about.st_mode & stat.S_IWOTH:
                return None
            head = stream.readline(_HEAD)
            content = stream.read(_LONGEST)
    except (OSError, ValueError):
        return None
    return content if head == _head(made, content) else None


def keep(path: Path, made: str, content: bytes, fresh: bool = False) -> None:
    """Keeps what `made` has made, if it can be written; `fresh`: what stands there was not trusted."""
    with suppress(BadInput, OSError):
        path.parent.mkdir(0o700, parents=True, exist_ok=True)
        if fresh and not path.is_dir():  # a new one has not the rights of what was not trusted
            path.unlink(missing_ok=True)
        saving.save({str(path): _head(made, content) + content})
        for old in sorted(path.parent.glob(f"*{path.suffix}"), key=lambda path: path.stat().st_mtime)[:-MOST]:
            old.unlink()


def _parsed(path: Path) -> dict[str, str]:
    """What was parsed, as JSON by the hash of a text."""
    lines = kept(path, _parser()) or b""
    return dict(line.split(" ", 1) for line in lines.decode("ascii").split("\n")[:-1])


def _opened(path: str, flags: int) -> int:
    """Opens a file, but no link, and waits for no pipe."""
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def _head(made: str, content: bytes) -> bytes:
    """The first line: what made the rest, and the hash of the rest."""
    return f"{made} {_sha(content)}\n".encode("ascii")


@functools.cache
def _parser() -> str:
    """The fingerprint of all that a parsed text depends on beside the text."""
    code = [Path(str(module.__file__)).read_bytes() for module in (reading, characters, limits)]
    with_c = getattr(yaml, "__with_libyaml__", False)
    return _sha(b"\0".join([*code, f"{yaml.__version__} {with_c} {sys.version}".encode()]))


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
