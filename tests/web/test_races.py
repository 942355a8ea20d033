"""Many at one fact at one moment, against a real server: one is heard, the others are told; the trail has no gap."""

from __future__ import annotations

import re
import threading
from pathlib import Path

from bench.web import FACT, Client, Desk

WRITERS = 8


def race(desk: Desk) -> None:
    """Holds it of a desk."""
    first = Client(desk)
    first.enter()
    home = first.matter()
    statuses: list[int] = []
    ready = threading.Barrier(WRITERS)

    def write(number: int) -> None:
        client = Client(desk, first.cookies)
        ready.wait()
        fields = {"fact": FACT, "seen": "1", "how": "exactly", "first": str(100 + number)}
        statuses.append(client.ask("POST", f"{home}/fact", fields, part=True)[0])

    threads = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * (WRITERS - 1)
    text = first.ask("GET", f"{home}/history?fact={FACT}")[1]
    assert len(re.findall(r"Undo<span", text)) == 2  # from the file, and the one that was heard
    assert "tampered" not in text


def test_of_many_writers_one_is_heard_and_all_others_are_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    try:
        race(desk)
    finally:
        desk.stop()


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path) -> None:
    from bench.web import killed

    assert re.fullmatch(r"killed 3 times in mid-save: [1-9]\d* saves acknowledged, 0 lost", killed(3))


def test_a_backup_is_the_whole_desk_and_can_be_served(tmp_path: Path) -> None:
    desk, again = Desk(tmp_path / "one"), tmp_path / "two"
    try:
        client = Client(desk)
        client.enter()
        home = client.matter()
        answer = client.raw("POST", "/keeping/backup", {})
    finally:
        desk.stop()
    assert answer.startswith(b"SQLite format 3")
    again.mkdir()
    (again / "desk.sqlite3").write_bytes(answer)
    restored = Desk(again)
    try:
        client = Client(restored)
        client.enter()
        status, page, _ = client.ask("GET", home)
        assert status == 200
        assert "Load" in page
    finally:
        restored.stop()
