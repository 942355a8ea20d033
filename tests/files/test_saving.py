"""Writing: plain files only, whole, together or not at all, whoever else writes and whatever fails."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result

from bench import kill
from caprev import BadInput
from caprev.files import locking, saving, targets

Run = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
FARM = ROOT / "cases" / "au-land" / "examples" / "farm-subdivision.yaml"


def here(folder: Path) -> dict[str, bytes]:
    """Every file of a directory, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- what may be written to ----------------------------------------------------------------------------------


def taken(path: Path, kind: str) -> None:
    """Puts something that is no plain file where a file is to be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a directory":
        path.mkdir()
    elif kind == "a socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(os.path.relpath(path))  # a socket's path may not be long
    elif kind == "a device":
        try:
            os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
        except PermissionError:
            pytest.skip("only root makes devices")
    else:
        (path.parent / "elsewhere").write_text("kept")
        path.symlink_to("elsewhere")


WRITERS: dict[str, tuple[list[str | Path], str]] = {
    "assess --out": (["assess", FARM, "--out", "{x}"], "x.txt"),
    "assess --record": (["assess", FARM, "--record", "{x}"], "x.json"),
    "draft": (["draft", FARM, "--to", "{x}"], "x.md"),
    "draft --record": (["draft", FARM, "--to", "{tmp}/a.md", "--record", "{x}"], "x.json"),
    "draft --edited": (["draft", FARM, "--to", "{tmp}/a.md", "--edited"], "a.md.edits.md"),
    "missing": (["missing", FARM, "--out", "{x}"], "x.txt"),
    "flips": (["flips", FARM, "--out", "{x}"], "x.txt"),
    "whatif": (["whatif", FARM, "--set", "development.lots=2", "--out", "{x}"], "x.txt"),
    "compare": (["compare", FARM, "stevenson-v-fct", "--out", "{x}"], "x.txt"),
    "argue": (["argue", FARM, "--out", "{x}"], "x.txt"),
    "plot": (["plot", FARM, "--out", "{x}"], "x.svg"),
    "schema": (["schema", "--out", "{x}"], "x.json"),
    "evaluate": (["evaluate", "--format", "markdown", "--out", "{x}"], "x.md"),
    "exercise": (["exercise", "--seed", "8", "--out", "{tmp}"], "answers.md"),
    "rules docs": (["rules", "docs", "--out", "{tmp}"], "facts.md"),
    "calibrate": (["calibrate", "--rules", "{tmp}/rules"], "rules/weighing.yaml"),
    "batch": (["batch", "{tmp}/in.jsonl", "--out", "{x}"], "x.csv"),
    "batch --explain-top": (["batch", "{tmp}/in.jsonl", "--out", "{tmp}/a.csv", "--explain-top", "1"],
                            "a.explained.txt"),
    "ask": (["ask", "{x}"], "x.yaml"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["a pipe", "a symbolic link", "a device", "a directory", "a socket"])
@pytest.mark.parametrize("writer", WRITERS)
def test_only_plain_files_are_replaced(
    writer: str, kind: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else has the name stays as it is, no other file is written, and it is said what stands there."""
    if writer.startswith("batch"):
        pytest.importorskip("polars")
        (tmp_path / "in.jsonl").write_text('{"id": "a"}\n')
    arguments, name = WRITERS[writer]
    place = tmp_path / name
    monkeypatch.chdir(tmp_path)
    taken(place, kind)
    before, files = place.lstat(), here(tmp_path)
    filled = [str(argument).replace("{x}", str(place)).replace("{tmp}", str(tmp_path)) for argument in arguments]
    result = run(*filled, typed="taxpayer.kind = couple\nquit\n")
    assert result.exit_code == 2
    assert f"cannot be written (it is {kind}). Name" in result.stderr
    assert str(place) in result.stderr
    assert result.stdout == ""
    assert (place.lstat().st_ino, place.lstat().st_mode) == (before.st_ino, before.st_mode)
    assert here(tmp_path) == files


def test_a_link_is_refused_with_the_file_it_leads_to(tmp_path: Path) -> None:
    """Also one that leads nowhere; a directory may be reached through a link."""
    (tmp_path / "real.txt").write_text("real")
    (tmp_path / "link.txt").symlink_to("real.txt")
    (tmp_path / "lost.txt").symlink_to("nowhere")
    with pytest.raises(BadInput, match=rf"Name the file itself \({tmp_path}/real.txt\)"):
        saving.save({str(tmp_path / "link.txt"): "new"})
    with pytest.raises(BadInput, match="it is a symbolic link"):
        saving.save({str(tmp_path / "lost.txt"): "new"})
    (tmp_path / "folder").mkdir()
    (tmp_path / "short").symlink_to("folder")
    saving.save({str(tmp_path / "short" / "a.txt"): "new"})
    assert (tmp_path / "folder" / "a.txt").read_text() == "new"
    assert (tmp_path / "real.txt").read_text() == "real"
    assert not (tmp_path / "nowhere").exists()


def test_the_refusal_comes_before_the_work(run: Run, tmp_path: Path) -> None:
    """Before the facts are read."""
    taken(tmp_path / "a.md.record.json", "a pipe")
    assert "it is a pipe" in run("draft", "nowhere.yaml", "--to", tmp_path / "a.md").stderr


def test_what_takes_the_name_meanwhile_is_refused_too(tmp_path: Path) -> None:
    """Looked at again when the file is put in its place."""
    for name in ("a", "b"):
        (tmp_path / name).write_text("old")

    def overtaken() -> None:
        with saving.saving([str(tmp_path / "a"), str(tmp_path / "b")]) as parts:
            for part in parts:
                part.write("new")
            (tmp_path / "b").unlink()
            taken(tmp_path / "b", "a pipe")

    with pytest.raises(BadInput, match="it is a pipe"):
        overtaken()
    assert (tmp_path / "a").read_text() == "old"
    assert stat.S_ISFIFO((tmp_path / "b").lstat().st_mode)
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["draft", "m.yaml", "--to", "a.md", "--record", "./a.md"], "./a.md"),
        (["draft", "m.yaml", "--to", "b.md", "--record", "b.md"], "b.md"),
        (["draft", "m.yaml", "--to", "a.md", "--record", "in/../a.md"], "in/../a.md"),
        (["draft", "m.yaml", "--to", "a.md", "--record", "a.md.edits.md", "--edited"], "a.md.edits.md"),
        (["draft", "m.yaml", "--to", "in/a.md", "--record", "out/a.md"], "out/a.md"),
        (["assess", "m.yaml", "--out", "x", "--record", "out/../x"], "out/../x"),
        (["draft", "m.yaml", "--to", "hard.md"], "m.yaml"),
        (["assess", "m.yaml", "--out", "in/../hard.md"], "m.yaml"),
        (["assess", "soft.yaml", "--out", "m.yaml"], "soft.yaml"),
    ],
    ids=lambda value: " ".join(value[2:]) if isinstance(value, list) else "",
)
def test_one_file_by_two_names_is_known_for_one(
    arguments: list[str], named: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other spellings, links of directories, hard links: refused before anything is written, with the right name."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(FARM, "m.yaml")
    Path("in").mkdir()
    Path("out").symlink_to("in")
    os.link("m.yaml", "hard.md")
    Path("soft.yaml").symlink_to("m.yaml")
    before = here(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert f"caprev: {named}: would be written over" in result.stderr
    assert here(tmp_path) == before


def test_names_that_turn_out_to_be_one_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the file system tells not a.txt from A.txt: nothing is written."""
    monkeypatch.setattr(targets, "identity", lambda name: name)
    (tmp_path / "a.txt").write_text("old")
    place = saving.Part.place

    def linked(part: saving.Part, others: object = ()) -> None:
        place(part, others)  # type: ignore[arg-type]
        if part.target.name == "a.txt":
            os.link(tmp_path / "a.txt", tmp_path / "A.txt")

    monkeypatch.setattr(saving.Part, "place", linked)
    with pytest.raises(BadInput, match="it is the file of another output"):
        saving.save({str(tmp_path / "a.txt"): "one", str(tmp_path / "A.txt"): "two"})
    assert (tmp_path / "a.txt").read_text() == "old"


def test_other_names_of_a_file_keep_what_it_held(tmp_path: Path) -> None:
    """A hard link is a name of its own: the file that is written gets the name, not what other names lead to."""
    (tmp_path / "a").write_text("old")
    os.link(tmp_path / "a", tmp_path / "backup")
    saving.save({str(tmp_path / "a"): "new"})
    assert ((tmp_path / "a").read_text(), (tmp_path / "backup").read_text()) == ("new", "old")


# --- on the way ----------------------------------------------------------------------------------------------


def test_a_planted_name_is_neither_followed_nor_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever guesses the name on the way gets nothing written through it, and the old name is no longer used."""
    victim = tmp_path / "victim"
    victim.write_text("kept")
    (tmp_path / ".a.md.part").symlink_to(victim)
    guessed = tmp_path / f".caprev-{'0' * 16}.part"
    guessed.symlink_to(victim)
    tokens = iter(["0" * 16, "1" * 16])
    monkeypatch.setattr("caprev.files.saving.secrets.token_hex", lambda size: next(tokens))
    monkeypatch.setattr(locking, "fcntl", None)  # so that the planted one is not taken away first
    saving.save({str(tmp_path / "a.md"): "new"})
    assert (tmp_path / "a.md").read_text() == "new"
    assert victim.read_text() == "kept"
    assert guessed.is_symlink()


def test_a_name_that_becomes_a_link_on_the_way_is_not_followed(tmp_path: Path) -> None:
    """Not even after it was made."""
    (tmp_path / "victim").write_text("kept")

    def overtaken() -> None:
        with saving.saving([str(tmp_path / "a")]) as (part,):
            part.path.unlink()
            part.path.symlink_to(tmp_path / "victim")
            part.write("new")

    with pytest.raises(BadInput, match="cannot be written"):
        overtaken()
    assert (tmp_path / "victim").read_text() == "kept"
    assert not (tmp_path / "a").exists()


def test_rights_are_those_of_the_file_replaced_or_of_any_new_one(tmp_path: Path) -> None:
    """And nobody else may look in before."""
    (tmp_path / "old").write_text("old")
    (tmp_path / "old").chmod(0o640)
    umask = os.umask(0o027)
    try:
        with saving.saving([str(tmp_path / "new"), str(tmp_path / "old")]) as parts:
            for part in parts:
                part.write("whole")
                assert stat.S_IMODE(part.path.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
        assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o640
    finally:
        os.umask(umask)


def test_what_a_killed_process_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    """But not what another is writing now, nor anything else."""
    for name in (f".caprev-{'a' * 16}.part", ".caprev.x.yaml.lock", ".caprev-mine.part", "b.part"):
        (tmp_path / name).write_text("")
    saving.save({str(tmp_path / "a"): "new"})
    assert sorted(os.listdir(tmp_path)) == [".caprev-mine.part", "a", "b.part"]
    with locking.alone(tmp_path / "y", "is busy"), saving.saving([str(tmp_path / "slow")]) as (part,):
        saving.save({str(tmp_path / "quick"): "new"})
        assert part.path.exists()
        assert (tmp_path / ".caprev.y.lock").exists()
    assert (tmp_path / "slow").exists()


# --- failures ------------------------------------------------------------------------------------------------


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file may grow beyond a size, as if the disk were full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("writer", ["assess --out", "draft", "plot", "schema", "exercise", "rules docs"])
def test_no_room_is_said_and_leaves_what_was(writer: str, run: Run, tmp_path: Path) -> None:
    """Exit code 2, the name and the reason; no half of anything, no directory, no traceback."""
    place = tmp_path / "new" if "{tmp}" in str(WRITERS[writer][0][-1]) else tmp_path
    old = place / WRITERS[writer][1]
    if place == tmp_path:
        old.write_text("old")
    arguments = [str(a).replace("{x}", str(old)).replace("{tmp}", str(place)) for a in WRITERS[writer][0]]
    before = here(tmp_path)
    with small_files(1_000):
        result = run(*arguments)
    assert result.exit_code == 2
    assert "cannot be written (File too large)" in result.stderr
    assert here(tmp_path) == before
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_any_refusal_of_the_system_is_a_message(
    call: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever it comes: at the making of the file, its writing, or its placing."""
    (tmp_path / "a").write_text("old")

    def fails(*arguments: object, **options: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fails)
        with pytest.raises(BadInput, match=os.strerror(code)):
            saving.save({str(tmp_path / "a"): "new"})
    assert here(tmp_path) == {"a": b"old"}


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    """Neither a file nor a part of one, nor the directories made for them."""
    (tmp_path / "a").write_text("old")

    def interrupted() -> None:
        with saving.saving([str(tmp_path / "a"), str(tmp_path / "d" / "e" / "b")], folders=True) as parts:
            parts[0].write("new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert here(tmp_path) == {"a": b"old"}
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("linkable", [True, False], ids=["links", "no links"])
@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()], ids=["fault", "^C"])
@pytest.mark.parametrize("failing", range(4))
def test_where_one_cannot_be_placed_all_stay_as_they_were(
    failing: int, error: BaseException, linkable: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that were placed before it make way again, also where a file can have only one name."""
    names = {name: str(tmp_path / name) for name in ("new", "old", "last")}
    for name in ("old", "last"):
        Path(names[name]).write_text(f"{name} before")
    before, replace, calls = here(tmp_path), os.replace, iter(range(100))

    def fails(*arguments: Path) -> None:
        if next(calls) == failing:
            raise error
        replace(*arguments)

    def no_links(*arguments: object, **options: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", fails)
        if not linkable:
            patch.setattr(os, "link", no_links)
        with pytest.raises((BadInput, KeyboardInterrupt)):
            saving.save({path: f"{name} now" for name, path in names.items()})
    assert here(tmp_path) == before


# --- several files -------------------------------------------------------------------------------------------


def dies(work: Callable[[], object], after: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """A process that does some work and is gone, without a word, instead of placing one more file; its exit code."""
    child = os.fork()
    if child == 0:
        calls, replace = iter(range(1_000)), os.replace
        try:
            with monkeypatch.context() as patch:
                patch.setattr(os, "replace", lambda *names: os._exit(9) if next(calls) == after else replace(*names))
                work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize("stood", [True, False], ids=["over another", "new"])
@pytest.mark.parametrize(
    ("arguments", "files"),
    [(["assess", "{facts}", "--out", "out.md", "--record", "kept.json"], 2),
     (["draft", "{facts}", "--to", "out.md", "--edited"], 3)],
    ids=["assess", "draft"],
)  # fmt: skip
def test_a_record_passes_only_beside_its_own_output(
    arguments: list[str], files: int, stood: bool, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each of the files is placed: the pair is of one run, or reading the record says that it is not."""
    kept = "kept.json" if arguments[0] == "assess" else "out.md.record.json"
    codes, refused = [], 0
    for after in range(files + stood + 1):
        folder = tmp_path / str(after)
        folder.mkdir()

        def command(*words: str, folder: Path = folder) -> Result:
            os.chdir(folder)
            return run(*words)

        def written(facts: Path, command: Callable[..., Result] = command) -> Result:
            return command(*(argument.replace("{facts}", str(facts)) for argument in arguments))

        if stood:
            written(FARM)
        codes.append(dies(lambda written=written: written(SEED), after, monkeypatch))  # type: ignore[misc]
        verified = command("record", "verify", kept, "--output", "out.md")
        if verified.exit_code == 2 and (folder / kept).exists():
            refused += 1
            assert "is not finished: caprev was stopped" in verified.stderr
            assert "Run the command again" in verified.stderr
            assert command("record", "replay", kept).exit_code == 2
        elif (folder / kept).exists():
            assert verified.stdout == "Reproduced byte for byte: record, findings and output.\n"
        written(SEED)  # run again, as it says: all is well, and nothing is left
        assert command("record", "verify", kept, "--output", "out.md").exit_code == 0
        assert not [name for name in os.listdir(folder) if name.startswith(".")]
    assert codes == [9] * (files + stood) + [0]
    assert refused == files * stood


def test_sheets_of_two_exercises_do_not_pass_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no record, the last file says that they are not finished."""
    names = [str(tmp_path / name) for name in ("handout.md", "answers.md")]
    saving.save(dict.fromkeys(names, "first"))
    assert dies(lambda: saving.save(dict.fromkeys(names, "second")), 2, monkeypatch) == 9
    assert Path(names[0]).read_text() == "second"
    assert Path(names[1]).read_text() == f"{saving.UNFINISHED}\n"


def test_two_writers_of_the_same_files_do_not_mix(tmp_path: Path) -> None:
    """Two processes save a pair, over and over: what stands at any end is of one of them."""
    names = [str(tmp_path / name) for name in ("a", "b")]
    for _ in range(10):
        children = []
        for kind in "xy":
            child = os.fork()
            if child == 0:
                try:
                    for _ in range(5):
                        saving.save(dict.fromkeys(names, kind * 10_000))
                    os._exit(0)
                finally:
                    os._exit(1)
            children.append(child)
        assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
        found = {Path(name).read_text() for name in names}
        assert len(found) == 1
        assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_a_lock_names_its_holder_and_goes_with_it(tmp_path: Path) -> None:
    """Refused while another has it, free when that has ended, however; what is no lock is not opened."""
    ready, go = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with locking.alone(tmp_path / "a", "is busy"):
                os.write(ready[1], b"x")
                os.read(go[0], 1)
                os._exit(0)  # as if killed: the file stays
        finally:
            os._exit(1)
    os.read(ready[0], 1)
    with pytest.raises(BadInput, match=rf"is busy \(process {child}\)"), locking.alone(tmp_path / "a", "is busy"):
        pass
    os.write(go[1], b"x")
    assert os.waitpid(child, 0)[1] == 0
    assert os.listdir(tmp_path) == [".caprev.a.lock"]
    with locking.alone(tmp_path / "a", "is busy"):
        pass
    assert os.listdir(tmp_path) == []
    (tmp_path / "victim").write_text("kept")
    (tmp_path / ".caprev.a.lock").symlink_to("victim")
    with pytest.raises(BadInput, match="cannot be written"), locking.alone(tmp_path / "a", "is busy"):
        pass
    assert (tmp_path / "victim").read_text() == "kept"


def test_parts_of_a_portfolio_are_not_put_where_others_can_write(run: Run, tmp_path: Path) -> None:
    """A directory that someone made in their place is neither used nor emptied."""
    pytest.importorskip("polars")
    (tmp_path / "in.jsonl").write_text('{"id": "a"}\n')
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "00000000.arrow").write_text("kept")
    (tmp_path / ".out.csv.parts").symlink_to(theirs)
    result = run("batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.csv")
    assert result.exit_code == 2
    assert "is not a directory that only you can change" in result.stderr
    assert here(theirs) == {"00000000.arrow": b"kept"}
    (tmp_path / ".out.csv.parts").unlink()
    theirs.rename(tmp_path / ".out.csv.parts")
    (tmp_path / ".out.csv.parts").chmod(0o777)
    assert run("batch", tmp_path / "in.jsonl", "--out", tmp_path / "out.csv").exit_code == 2


# --- standard output -----------------------------------------------------------------------------------------


def shell(line: str, environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of a shell, in which CAPREV is the command."""
    command = f"{sys.executable} {ROOT / 'cli.py'}"
    line = line.replace("CAPREV", command).replace("FARM", str(FARM))
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], env=environment, cwd=folder, capture_output=True, text=True
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("arguments", ["assess FARM", "rules list", "--help"])
def test_a_full_or_closed_standard_output_has_an_exit_code_of_its_own(
    arguments: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """4, with a message; neither a traceback nor the code of a record that is not reproduced."""
    full = shell(f"CAPREV {arguments} >/dev/full", environment, tmp_path)
    assert (full.returncode, full.stderr) == (
        4,
        "caprev: standard output cannot be written (No space left on device).\n",
    )
    closed = shell(f"CAPREV {arguments} >&-", environment, tmp_path)
    assert (closed.returncode, closed.stderr) == (4, "caprev: standard output cannot be written (it is closed).\n")
    assert shell(f"CAPREV {arguments} >/dev/full 2>/dev/full", environment, tmp_path).returncode == 4
    assert shell(f"CAPREV {arguments} <&- >&- 2>&-", environment, tmp_path).returncode == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_what_was_written_is_said_where_it_cannot_be_printed(environment: dict[str, str], tmp_path: Path) -> None:
    """The file of a portfolio is there though its summary is not; so are a draft and the answers of an interview."""
    pytest.importorskip("polars")
    (tmp_path / "in.jsonl").write_text('{"id": "a"}\n')
    for line, written in (
        ("CAPREV batch in.jsonl --out out.csv >/dev/full", ["out.csv"]),
        ("CAPREV draft FARM --to a.md >/dev/full", ["a.md", "a.md.record.json"]),
        ("cp FARM q.yaml; echo development.lots = 3 | CAPREV ask q.yaml >/dev/full", ["q.yaml"]),
    ):
        done = shell(line, environment, tmp_path)
        assert done.returncode == 4
        assert done.stderr.endswith(f"Written all the same: {', '.join(written)}.\n")
        assert all((tmp_path / name).exists() for name in written)


def test_what_needs_no_standard_output_does_not_miss_it(environment: dict[str, str], tmp_path: Path) -> None:
    """A file is written, whatever is closed, and holds what it should: nothing else gets into it."""
    done = shell("CAPREV assess FARM --out a.txt <&- >&- 2>&-; CAPREV assess FARM --out b.txt", environment, tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "a.txt").read_bytes() == (tmp_path / "b.txt").read_bytes()
    assert shell("CAPREV assess nowhere.yaml 2>&- >&-", environment, tmp_path).returncode == 2


def test_a_reader_that_has_gone_is_no_fault(environment: dict[str, str], tmp_path: Path) -> None:
    """Silence, and the code that a shell gives a program that was stopped so."""
    done = shell("(sleep 1; CAPREV rules list) | true", environment, tmp_path)
    assert (done.returncode, done.stderr) == (141, "")


def test_an_interruption_has_the_usual_exit_code(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """130, not that of a record that is not reproduced."""

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("caprev.cli.assess.shown", interrupted)
    assert run("assess", FARM).exit_code == 130


# --- all of it at once ---------------------------------------------------------------------------------------


def test_killed_at_any_moment_nothing_is_half_written_or_lost(tmp_path: Path) -> None:
    """A short run of `python -m bench.kill`, which says what it counts."""
    bench = kill.Bench(tmp_path, 5)
    bench.assess(5)
    bench.ask(3)
    bench.together(1)
    for name, found in bench.counts.items():
        for what in ("half-written", "lost", "mixed, passed", "left lying"):
            assert not found[what], (name, found)
