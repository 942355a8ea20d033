"""Files that appear whole, together, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from caprev.errors import BadInput, Problem


def save(outputs: Mapping[str, bytes | str], folders: bool = False) -> None:
    """Writes every file or none; `folders` makes the directories they stand in. Raises BadInput."""
    parts: list[tuple[Path, Path]] = []
    at = ""
    try:
        for to, content in outputs.items():
            at, target = to, Path(to)
            if not target.name or target.is_dir():
                raise IsADirectoryError(21, "it is a directory" if target.name else "it is not a file name")
            if folders:
                target.parent.mkdir(parents=True, exist_ok=True)
            parts.append((target.with_name(f".{target.name}.part"), target))
            parts[-1][0].write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        for part, target in parts:
            at = str(target)
            part.replace(target)
    except OSError as error:
        for part, _ in parts:
            part.unlink(missing_ok=True)
        raise BadInput(Problem(f"cannot be written ({error.strerror})", at)) from None
