"""The same desk on PostgreSQL: a server of its own, on loopback, started by the tests; skipped where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.shared import ROOT

HOMES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
OWNER = "postgres" if os.name == "posix" and os.geteuid() == 0 else ""
pytestmark = [
    pytest.mark.skipif(not HOMES, reason="PostgreSQL is not installed: apt-get install postgresql"),
    pytest.mark.skipif(bool(OWNER) and not shutil.which("runuser"), reason="PostgreSQL does not run as root"),
]


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """The address of a new, empty database."""
    pytest.importorskip("psycopg", reason="python3 install.py postgres")
    home = HOMES[-1].parent
    place = Path(tempfile.mkdtemp(prefix="caprev-postgres-"))  # not pytest's, which is root's alone
    if OWNER:
        shutil.chown(place, OWNER)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*command: str | Path) -> None:
        lead = ["runuser", "-u", OWNER, "--"] if OWNER else []
        subprocess.run([*lead, *map(str, command)], check=True, capture_output=True, cwd="/")

    data, options = place / "data", f"-p {port} -k {place} -c listen_addresses=127.0.0.1 -c fsync=off"
    run(home / "initdb", "-D", data, "-A", "trust", "-U", "desk", "-E", "UTF8", "--locale=C.UTF-8")
    run(home / "pg_ctl", "-D", data, "-w", "-s", "-l", place / "log", "-o", options, "start")
    try:
        for name in ("desk", "races", "browser", "starts"):
            run(home / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "desk", name)
        yield f"postgresql://desk@127.0.0.1:{port}"
    finally:
        run(home / "pg_ctl", "-D", data, "-m", "fast", "-s", "stop")
        shutil.rmtree(place)


def test_saving_access_and_the_trail_hold_on_postgresql_too(database: str) -> None:
    tests = [ROOT / "tests" / "web" / "test_keeping.py", ROOT / "tests" / "web" / "test_security.py"]
    wanted = "test_keeping or trail or goes_for_good or guessing or session"
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", *map(str, tests), "-k", wanted]
    environment = os.environ | {"CAPREV_TEST_DATABASE": f"{database}/desk"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]


def test_of_many_writers_one_is_heard_on_postgresql_too(database: str, tmp_path: Path) -> None:
    from bench.web import Desk
    from tests.web.test_races import race

    desk = Desk(tmp_path, f"{database}/races")
    try:
        race(desk)
    finally:
        desk.stop()


def test_processes_that_start_at_one_moment_on_a_new_database_all_serve(database: str, tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from bench.web import Desk

    with ThreadPoolExecutor(3) as pool:
        desks = list(pool.map(lambda _: Desk(tmp_path, f"{database}/starts"), range(3)))
    try:
        assert all(desk.link.port for desk in desks)
    finally:
        for desk in desks:
            desk.stop()


def test_whole_paths_in_a_browser_hold_on_postgresql_too(database: str) -> None:
    """Those in which people wait for one another's rows: an officer and a reviewer, two on one fact, a class."""
    from tests.web.test_browser import CHROMIUM

    if CHROMIUM is None:
        pytest.skip("no Chromium: apt-get install chromium-headless-shell")
    paths = "(officer and no-scripts) or two_people or (codes_a_decision and no-scripts)"
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", "tests/web/test_browser.py"]
    environment = os.environ | {"CAPREV_TEST_DATABASE": f"{database}/browser"}
    done = subprocess.run([*command, "-k", paths], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
    assert done.stdout.startswith("..."), done.stdout  # none was skipped
