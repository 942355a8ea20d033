"""The desk under load, on loopback: `python -m bench.web [--seconds 20] [--clients 8] [--users 0] [--workers 1]`.

It starts a desk of its own in a directory that is removed, and talks to no other. Every client has a matter; of ten of
its requests seven save one fact (a part of the page comes back, with where the matter stands), two open the matter, one
opens the reasons. With `--users N` that many clients wait a second between requests; `--workers N` starts that many
processes, and `--database URL` puts them on a PostgreSQL that is empty. `--requests N` goes on until so many were made,
and tells the memory after every tenth of them. `--kill N` kills the server in mid-save N times and looks whether
anything that was acknowledged is gone.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

EXAMPLE = Path(__file__).resolve().parent.parent / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
FACT = "development.lots"


class Desk:
    """A desk of its own, in a process that can be killed and started again."""

    def __init__(self, data: Path, database: str = "") -> None:
        self.data, self.database = data, database
        self.start()

    def start(self) -> None:
        """Starts it; `link` is the address that lets in."""
        command = [sys.executable, "-m", "caprev.cli.main", "serve", "--port", "0", "--data", str(self.data)]
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("CAPREV_DESK", "DJANGO"))}
        clean |= {"CAPREV_DATABASE": self.database} if self.database else {}
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=clean
        )
        assert self.process.stdout is not None
        self.link = urlsplit(self.process.stdout.readline().strip())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it."""
        self.process.send_signal(how)
        self.process.wait(20)

    @property
    def memory(self) -> float:
        """Its resident memory in MiB."""
        status = Path(f"/proc/{self.process.pid}/status")
        found = re.search(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else None
        return int(found[1]) / 1024 if found else float("nan")

    @property
    def worked(self) -> float:
        """Seconds of processor time that it took so far, which other work on the machine does not change much."""
        status = Path(f"/proc/{self.process.pid}/stat")
        fields = status.read_text().rpartition(")")[2].split() if status.exists() else ["nan"] * 13
        return (float(fields[11]) + float(fields[12])) / os.sysconf("SC_CLK_TCK")


class Client:
    """Somebody at a browser, over one connection."""

    def __init__(self, desk: Desk, cookies: dict[str, str] | None = None) -> None:
        self.desk, self.cookies = desk, dict(cookies or {})
        self.connection = http.client.HTTPConnection(desk.link.hostname or "", desk.link.port or 0, timeout=60)

    def ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, part: bool = False
    ) -> tuple[int, str, str]:
        """Status, text and where it leads."""
        content = self.raw(method, path, fields, part)
        return self.answer.status, content.decode(), self.answer.headers.get("Location") or ""

    def raw(self, method: str, path: str, fields: dict[str, str] | None = None, part: bool = False) -> bytes:
        """What comes back, as bytes; `answer` has the rest."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        headers |= {"HX-Request": "true"} if part else {}
        body = None
        if fields is not None:
            body = urlencode(fields | {"csrfmiddlewaretoken": self.cookies.get("desk-csrf", "")})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        self.answer = self.connection.getresponse()
        content = self.answer.read()
        for told in self.answer.headers.get_all("Set-Cookie") or []:
            name, _, value = told.partition(";")[0].partition("=")
            self.cookies[name] = value
        return content

    def enter(self) -> None:
        """Comes in by the link, and takes a token."""
        self.ask("GET", self.desk.link.path)
        self.ask("GET", "/matters/new")

    def matter(self) -> str:
        """A matter of its own, with the facts of a published ruling."""
        _, _, at = self.ask("POST", "/matters/new", {"title": "Load", "way": "blank"})
        home = at.rpartition("/")[0] if at.endswith("/ask") else at
        status, _, _ = self.ask("POST", f"{home}/upload", {"text": EXAMPLE.read_text(), "do": "take"})
        assert status == 302, status
        return home

    def example(self) -> str:
        """A matter of its own, from an example."""
        fields = {"title": "Load", "way": "example", "example": "au-land/farm-subdivision"}
        status, _, at = self.ask("POST", "/matters/new", fields)
        assert status == 302, status
        return at


def load(
    desks: list[Desk], clients: int, seconds: float, wait: float, most: int = 0
) -> tuple[list[tuple[str, float, int]], list[float]]:
    """What every request took (its kind, seconds, status), and the memory of all processes after every tenth of `most`
    requests, if so many are to be made."""
    first = Client(desks[-1])  # a desk that starts ends the links of those before it
    first.enter()
    homes = [first.example() for _ in range(clients)]
    taken: list[tuple[str, float, int]] = []
    memory: list[float] = []
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        client = Client(desks[number % len(desks)], first.cookies)
        draw, home = random.Random(number), homes[number]
        seen = 1
        while time.monotonic() < until and (not most or len(taken) < most):
            kind = draw.choices(("save", "matter", "reasons"), (7, 2, 1))[0]
            began = time.perf_counter()
            if kind == "save":
                fields = {"fact": FACT, "seen": str(seen), "how": "exactly", "first": str(draw.randrange(1, 99))}
                status, text, _ = client.ask("POST", f"{home}/fact", fields, part=True)
                found = re.search(r'name="seen" value="(\d+)"', text)
                seen = int(found[1]) if found else seen
            else:
                path = f"{home}/facts/development" if kind == "matter" else f"{home}/reasons"
                status, _, _ = client.ask("GET", path)
            taken.append((kind, time.perf_counter() - began, status))
            if most and len(taken) * 10 // most > len(memory):
                memory.append(sum(desk.memory for desk in desks))
            if wait:
                time.sleep(wait)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken, memory


def killed(times: int) -> str:
    """Kills the server while it saves, so often; says what was lost of what it had acknowledged."""
    with tempfile.TemporaryDirectory() as folder:
        desk, lost, acknowledged = Desk(Path(folder)), 0, 0
        client = Client(desk)
        client.enter()
        home, seen, last = client.matter(), 1, ""
        for attempt in range(times):
            killer = threading.Timer(random.Random(attempt).uniform(0.0, 0.3), desk.process.kill)
            try:
                for number in range(1000):
                    value = str(1 + attempt * 1000 + number)
                    fields = {"fact": FACT, "seen": str(seen), "how": "exactly", "first": value}
                    status, text, _ = client.ask("POST", f"{home}/fact", fields, part=True)
                    assert status == 200, status
                    seen = int(re.findall(r'name="seen" value="(\d+)"', text)[0])
                    last, acknowledged = value, acknowledged + 1
                    if number == 0:  # not before it saves
                        killer.start()
            except (OSError, http.client.HTTPException):
                pass
            killer.join()
            desk.process.wait()
            desk.start()
            client = Client(desk)
            client.enter()
            text = client.ask("GET", f"{home}/facts/development")[1]
            form = text.split('id="development-lots"')[1].split("</form>")[0]
            now = re.findall(r'name="first" value="(\d*)"', form)[0]
            seen = int(re.findall(r'name="seen" value="(\d+)"', form)[0])
            # The save under way when it was killed may have arrived; one that was acknowledged must have.
            lost += bool(last) and int(now) < int(last)
        desk.stop()
    return f"killed {times} times in mid-save: {acknowledged} saves acknowledged, {lost} lost"


def main() -> None:
    """Measures, and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--users", type=int, default=0, help="clients that wait a second between requests, instead")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--database", default="", metavar="URL")
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--kill", type=int, default=0)
    asked = parser.parse_args()
    if asked.kill:
        print(killed(asked.kill))
        return
    clients, wait = (asked.users, 1.0) if asked.users else (asked.clients, 0.0)
    with tempfile.TemporaryDirectory() as folder:
        desks: list[Desk] = []
        try:
            desks += [Desk(Path(folder), asked.database) for _ in range(asked.workers)]
            began, before = time.monotonic(), sum(desk.worked for desk in desks)
            seconds = asked.seconds if asked.requests else min(asked.seconds, 120)
            taken, soaked = load(desks, min(clients, 60), seconds, wait, asked.requests)
            spent, memory = time.monotonic() - began, sum(desk.memory for desk in desks)
            worked = sum(desk.worked for desk in desks) - before
        finally:
            for desk in desks:
                desk.stop()
    print(f"{clients} clients, {asked.workers} processes, load average {os.getloadavg()[0]:.0f}")
    print(f"{len(taken)} requests in {spent:.0f} s: {len(taken) / spent:.1f}/s; {memory:.0f} MiB")
    print(f"processor time, with making the matters: {1000 * worked / max(len(taken) + clients, 1):.0f} ms a request")
    if soaked:
        print(f"MiB after every {asked.requests // 10}: {', '.join(f'{held:.0f}' for held in soaked)}")
    print(f"{'':10}{'n':>6}{'p50':>8}{'p95':>8}{'p99':>8}  ms")
    for kind in ("save", "matter", "reasons"):
        times = sorted(1000 * took for what, took, _ in taken if what == kind)
        if len(times) > 1:
            cuts = statistics.quantiles(times, n=100)
            print(f"{kind:10}{len(times):6}{cuts[49]:8.0f}{cuts[94]:8.0f}{cuts[98]:8.0f}")
    wrong = [status for _, _, status in taken if status not in (200, 302, 409)]
    print(f"errors: {len(wrong)}; conflicts told: {sum(status == 409 for _, _, status in taken)}")


if __name__ == "__main__":
    main()
