"""The law as it stood: of a commit, taken out of git for as long as it is needed, or of another directory."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from caprev.errors import BadInput, Problem
from caprev.law import packs
from caprev.reasoning.assess import Assessor


@contextmanager
def law(named: str, rules: Path, cases: Path) -> Iterator[Assessor]:
    """The law of a directory that holds rules and cases, or of a commit of the repository in which both stand.

    Raises BadInput where there is none, and where it cannot be read.
    """
    folder = Path(named)
    if folder.is_dir():
        yield _loaded(named, folder, *_within(folder, rules, cases))
        return
    with tempfile.TemporaryDirectory(prefix="caprev-") as made:
        root = Path(made)
        yield _loaded(named, root, *_extracted(named, root, rules.resolve(), cases.resolve()))


def _within(folder: Path, rules: Path, cases: Path) -> tuple[Path, Path]:
    """Rules and cases of a directory: placed as those at hand, without packs, or the directory is rules alone."""
    shapes = (
        (f"rules/{rules.name}", f"cases/{cases.name}"),
        (f"rules/{packs.DEFAULT}", f"cases/{packs.DEFAULT}"),
        ("rules", "cases"),
        (rules.name, cases.name),
    )
    for law, decided in shapes:
        if (folder / law / "pack.yaml").is_file():
            there = folder / decided
            return folder / law, there if there.is_dir() else cases
    if (folder / "pack.yaml").is_file():
        return folder, cases
    raise BadInput(
        Problem("is not a directory of rules", str(folder), fix="Name a directory that holds 'rules' and 'cases'")
    )


def _loaded(named: str, root: Path, rules: Path, cases: Path) -> Assessor:
    """The earlier law, its faults told as those of what was named."""
    try:
        found = Assessor(rules, cases)
        _ = found.cases
        return found
    except BadInput as error:
        first = str(error.problems[0]).replace(f"{root}/", "")
        what = f"the law of '{named}' cannot be read by this version: {first}"
        raise BadInput(Problem(what, fix="Name a later commit with --against")) from None


def _extracted(ref: str, root: Path, rules: Path, cases: Path) -> tuple[Path, Path]:
    """Rules and cases of a commit, written below a directory. Raises BadInput."""
    try:
        top = Path(_git(rules, "rev-parse", "--show-toplevel").decode().strip())
    except subprocess.CalledProcessError:
        what = "is not kept in git, so that no commit can be compared with"
        raise BadInput(Problem(what, str(rules), fix="Name a directory: --against DIR")) from None
    if not cases.is_relative_to(top):
        raise BadInput(
            Problem(f"is not in the repository of {rules}", str(cases), fix="Name a directory: --against DIR")
        )
    parts = [path.relative_to(top).as_posix() for path in (rules, cases)]
    try:
        commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}").decode().strip()
    except subprocess.CalledProcessError:
        allowed = "a commit, a branch, a tag, or a directory with rules and cases"
        raise BadInput(Problem(f"'{ref}' is neither a commit nor a directory", "--against", allowed=allowed)) from None
    # Before there were packs, the law stood in what is now the folder of all of them.
    before = [path.parent.relative_to(top).as_posix() for path in (rules, cases)]
    if _has(top, commit, f"{before[0]}/pack.yaml"):
        parts = before
    try:
        packed = _git(top, "archive", "--format=tar", commit, "--", *parts)
    except subprocess.CalledProcessError:
        raise BadInput(Problem(f"the commit '{ref}' has no {' and '.join(parts)}", "--against")) from None
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(root, filter="data")
    return root / parts[0], root / parts[1]


def _has(top: Path, commit: str, path: str) -> bool:
    """Whether a commit holds a file."""
    try:
        _git(top, "cat-file", "-e", f"{commit}:{path}")
    except subprocess.CalledProcessError:
        return False
    return True


def _git(where: Path, *arguments: str) -> bytes:
    """What git answers. Raises CalledProcessError, and BadInput where there is no git."""
    try:
        return subprocess.run(["git", "-C", str(where), *arguments], check=True, capture_output=True).stdout
    except FileNotFoundError:
        what = "git is not installed, so that no commit can be compared with"
        raise BadInput(Problem(what, fix="Name a directory: --against DIR")) from None
