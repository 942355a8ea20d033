"""Many at one fact at one moment, against a real server: one is heard, the others are told; the trail has no gap."""

from __future__ import annotations

import gc
import re
import threading
import time
import weakref
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bench.web import FACT, Client, Desk

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

WRITERS = 8
HANGS = 30
"""Seconds after which something is taken never to come."""


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


@pytest.mark.skipif(fcntl is None, reason="the system has no such locks")
def test_a_writer_waits_for_its_turn_and_a_reader_does_not(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    done = threading.Event()
    try:
        client = Client(desk)
        client.enter()
        home = client.matter()
        client.ask("GET", f"{home}/reasons")  # a session keeps that it was told what was taken from the file
        answers: list[int] = []

        def write() -> None:
            fields = {"fact": FACT, "seen": "1", "how": "exactly", "first": "7"}
            answers.append(Client(desk, client.cookies).ask("POST", f"{home}/fact", fields, part=True)[0])
            done.set()

        with (tmp_path / "desk.sqlite3-turn").open("ab") as turn:  # as another process holds it
            fcntl.flock(turn, fcntl.LOCK_EX)
            writer = threading.Thread(target=write)
            writer.start()
            assert not done.wait(0.5)
            assert client.ask("GET", f"{home}/reasons")[0] == 200
            assert not answers
        writer.join(HANGS)
        assert answers == [200]
    finally:
        desk.stop()


@pytest.mark.usefixtures("_django")
def test_who_is_slow_keeps_the_others_waiting_for_a_moment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from caprev_web import middleware

    monkeypatch.setattr(middleware, "MOMENT", 0.01)
    go, started = threading.Event(), threading.Semaphore(0)

    def slow(request: object) -> str:
        started.release()
        return "late" if go.wait(HANGS) else "never"

    answer = middleware.in_turn(slow)
    threads = [threading.Thread(target=answer, args=(None,)) for _ in range(middleware.AT_A_TIME + 2)]
    for thread in threads:
        thread.start()
    for _ in threads:  # all have begun although none is done
        assert started.acquire(timeout=HANGS)
    go.set()
    for thread in threads:
        thread.join(HANGS)
        assert not thread.is_alive()
    monkeypatch.setattr(middleware, "MOMENT", HANGS)
    assert answer(None) == "late"  # whoever took a turn gave it back


@pytest.mark.usefixtures("_django")
def test_only_what_follows_from_what_is_saved_may_be_lost_with_the_power() -> None:
    from django.db import connection, transaction

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps all of it")

    def waits() -> bool:
        with connection.cursor() as cursor:
            return bool(cursor.execute("PRAGMA synchronous").fetchone() == (2,))

    found = [waits()]
    for fails in (False, True):
        with suppress(ZeroDivisionError), connection.derived(), transaction.atomic():
            assert not waits()
            assert 1 // (not fails)
        found.append(waits())
        with transaction.atomic():
            found.append(waits())
            with connection.derived(), transaction.atomic():
                found.append(waits())  # a part of what is saved
    assert all(found)


def test_a_turn_goes_to_who_has_waited_longest() -> None:
    from caprev_web.turns import Turns

    turns, asked, came = Turns(1), threading.Event(), threading.Event()

    def wait() -> None:
        asked.set()
        if turns.take(HANGS):
            came.set()

    assert turns.take(HANGS)
    waiting = threading.Thread(target=wait)
    waiting.start()
    assert asked.wait(HANGS)
    while not turns.waits:
        time.sleep(0.001)
    turns.leave()
    assert not turns.take(0)  # who comes just then does not take it
    assert came.wait(HANGS)
    turns.leave()
    assert turns.take(0)  # who waited in vain left nothing behind
    waiting.join(HANGS)


@pytest.mark.usefixtures("_django")
def test_a_desk_that_goes_on_lets_go_what_it_keeps_no_more() -> None:
    """The command line hardly looks for garbage, since it ends soon; a desk goes on for weeks."""
    from caprev.cli import main
    from caprev_web import host, server

    class Kept:
        """As large as an assessment and, as one, in a circle with itself."""

        def __init__(self) -> None:
            self.parts: list[Any] = [[self] for _ in range(3_600)]

    usual, made = gc.get_threshold(), 4 * host.KEPT
    cache, living = deque[Kept](maxlen=host.KEPT), weakref.WeakSet[Kept]()
    gc.set_threshold(*main._RARELY)
    try:
        server.ready()
        for _ in range(made):
            cache.append(Kept())
            living.add(cache[-1])
        assert len(living) < 3 * host.KEPT
    finally:
        gc.unfreeze()
        gc.set_threshold(*usual)


def test_a_backup_is_the_whole_desk_and_can_be_served(tmp_path: Path) -> None:
    desk, again = Desk(tmp_path / "one"), tmp_path / "two"
    try:
        client = Client(desk)
        client.enter()
        home = client.matter()
        assert client.ask("GET", home)[0] == 200
        assert client.connection.sock is not None  # a page does not end the connection
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
