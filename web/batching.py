"""A portfolio's run, in a process of its own: `python -m caprev_web.batching FOLDER`.

In the folder stand the input (`in.csv`, ...), what is asked (`asked.json`), how far it is (`progress.json`), and at the
end the result (`out.csv`). A run that was cut short goes on where it stopped when it is started again.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

SUFFIXES = (".csv", ".jsonl", ".ndjson", ".parquet")


def start(folder: Path) -> None:
    """Starts the run, or goes on with it; it outlives the page, and this process."""
    command = [sys.executable, "-m", "caprev_web.batching", str(folder)]
    _tell(folder, rows=0, share=0.0, state="running")
    quiet = subprocess.DEVNULL
    subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


def progress(folder: Path) -> dict[str, Any]:
    """How far a run is: its state (running, done, failed, stopped), rows, share, and at the end the summary."""
    try:
        found: dict[str, Any] = json.loads((folder / "progress.json").read_text())
    except (OSError, ValueError):
        return {"state": "stopped", "rows": 0, "share": 0.0}
    if found["state"] == "running" and found.get("process") and not _alive(found["process"]):
        found["state"] = "stopped"
    return found


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    # A child of ours that ended is a zombie until it is waited for.
    try:
        return os.waitpid(process, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return True


def _tell(folder: Path, **said: Any) -> None:
    """Writes the progress whole, or not at all."""
    beside = folder / "progress.new"
    beside.write_text(json.dumps(said))
    beside.replace(folder / "progress.json")


def run(folder: Path) -> None:
    """Assesses every row."""
    import caprev
    from caprev.columns.assess import Columns
    from caprev.errors import BadInput
    from caprev.law import packs
    from caprev.portfolio import batch

    asked = json.loads((folder / "asked.json").read_text())
    process = os.getpid()
    if packs.strict(packs.home("rules", packs.known(asked["pack"] or packs.DEFAULT))):
        _run_strict(folder, asked, process)
        return

    def told(rows: int, share: float) -> None:
        _tell(folder, state="running", process=process, rows=rows, share=share)

    told(0, 0.0)
    try:
        columns = Columns(caprev.load(pack=asked["pack"]), asked["position"], "", ())
        summary = batch.run(columns, folder / f"in{asked['suffix']}", folder / "out.csv", 0, "", told)
    except BadInput as error:
        problems = [str(problem).replace(f"{folder}{os.sep}", "") for problem in error.problems]
        _tell(folder, state="failed", rows=0, share=0.0, problems=problems)
        return
    words = batch.words(summary)
    counts = {"characterisations": dict(summary.characterisations), "strengths": dict(summary.strengths)}
    _tell(folder, state="done", rows=summary.rows, share=1.0, errors=summary.errors, words=words, **counts)


def _run_strict(folder: Path, asked: dict[str, Any], process: int) -> None:
    """Answers every fact set under strict rules: a row for each event."""
    from caprev.columns.strict_rows import Writer
    from caprev.errors import BadInput
    from caprev.law import packs
    from caprev.strict import book, rows

    _tell(folder, state="running", process=process, rows=0, share=0.0)
    try:
        law = book.load(packs.home("rules", asked["pack"]))
        writer, found = Writer(law), list[dict[str, Any]]()
        source = folder / f"in{asked['suffix']}"
        # The row says its line; where the desk keeps files is its own affair.
        place = re.compile(rf"{re.escape(str(source))}(:\d+)*: ")
        for row in writer.rows(rows.entries(law, source)):
            found.append(row | {"error": place.sub("", row["error"])} if row["error"] else row)
            if len(found) % 2_000 == 0:
                _tell(folder, state="running", process=process, rows=len(found), share=0.0)
        beside = folder / "out.new"
        beside.write_text(rows.rendered(law, found, ".csv"), encoding="utf-8")
        beside.replace(folder / "out.csv")
    except BadInput as error:
        problems = [str(problem).replace(f"{folder}{os.sep}", "") for problem in error.problems]
        _tell(folder, state="failed", rows=0, share=0.0, problems=problems)
        return
    questions = list(law.questions)
    kinds = Counter(standing(row, questions) for row in found)
    errors = kinds.pop("error", 0)
    _tell(
        folder, state="done", rows=len(found), share=1.0, errors=errors, words=writer.counted.told,
        characterisations=dict(sorted(kinds.items())), strengths={}, questions=questions,
    )  # fmt: skip


def standing(row: Mapping[str, Any], questions: Iterable[str]) -> str:
    """Whether an event is answered, open, or could not be read."""
    if row["error"]:
        return "error"
    return "open" if any(row.get(name) == "open" for name in questions) else "answered"


if __name__ == "__main__":
    run(Path(sys.argv[1]))
