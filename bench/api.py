"""What calling costs: `python -m bench.api [CALLS]`. Prints figures; asserts nothing.

One real ruling assessed: in this process, over HTTP (`caprev serve --api-only`), and by an assistant's tool over stdio
and over HTTP (`caprev mcp`), each on a server of its own; then by several threads at once, which take turns. Needs
what `python3 install.py test` sets up.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import mcp
import yaml

import caprev

ROOT = Path(__file__).resolve().parent.parent
RULING = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
COMMAND = [sys.executable, str(ROOT / "cli.py")]
FACTS = yaml.load(RULING.read_text("utf-8"), yaml.BaseLoader)


def timed(job: Callable[[], object], times: int) -> list[float]:
    """Seconds of each run of a job, after one that is not counted."""
    job()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return taken


def told(what: str, taken: Sequence[float]) -> None:
    """A line of figures, in milliseconds."""
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"{what:44} p50 {1e3 * statistics.median(ordered):7.1f} ms   p95 {1e3 * p95:7.1f} ms   n {len(ordered)}")


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command that serves, ended afterwards."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([*COMMAND, *arguments], text=True, **pipes)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def over_http() -> Iterator[tuple[httpx.Client, str]]:
    """A client of `caprev serve --api-only`, and where it is."""
    with tempfile.TemporaryDirectory() as data:
        adding = [*COMMAND, "clients", "add", "bench", "--scope", "assess", "--per-minute", "100000", "--data", data]
        token = subprocess.run(adding, capture_output=True, text=True, check=True).stdout.strip()
        with running("serve", "--api-only", "--port", "0", "--data", data) as process:
            assert process.stdout
            address = process.stdout.readline().strip().removesuffix("/openapi.json")
            with httpx.Client(headers={"Authorization": f"Bearer {token}"}, timeout=60) as client:
                yield client, address


@contextmanager
def listening() -> Iterator[str]:
    """`caprev mcp --http`, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with running("mcp", "--http", str(port)) as process:
        while process.poll() is None:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"


async def tool(server: Any, times: int) -> list[float]:
    """Seconds of each call of the tool assess."""
    taken = []
    async with mcp.Client(server) as client:
        for _ in range(times + 1):
            start = time.perf_counter()
            answer = await client.call_tool("assess", {"facts": FACTS})
            assert not answer.is_error
            taken.append(time.perf_counter() - start)
    return taken[1:]


def processor(job: Callable[[], object], times: int) -> float:
    """Milliseconds of processor time of one run, which hardly feel what else the machine does."""
    job()
    start = time.process_time()
    for _ in range(times):
        job()
    return 1e3 * (time.process_time() - start) / times


def together(job: Callable[[], object], threads: int, times: int) -> float:
    """Calls a second of several threads at once."""
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: job(), range(times)))
    return times / (time.perf_counter() - start)


def main(calls: int = 100) -> None:
    """Measure and print."""
    os.chdir(ROOT)
    run: Callable[[Callable[[], Awaitable[list[float]]]], list[float]] = anyio.run

    def here() -> None:
        caprev.assess(FACTS).to_dict()

    told("in process, with the whole result as data", timed(here, calls))
    print(f"{'  processor time of it':44} {processor(here, calls):.1f} ms")
    with over_http() as (client, address):

        def posted() -> None:
            client.post(f"{address}/assess", json={"facts": FACTS}).raise_for_status()

        told("over HTTP, POST /api/v1/assess", timed(posted, calls))
        print(f"{'  by 4 clients at once':44} {together(posted, 4, calls):.1f} calls a second")
    started = mcp.StdioServerParameters(command=COMMAND[0], args=[COMMAND[1], "mcp"])
    told("by an assistant over stdio, tool assess", run(lambda: tool(mcp.stdio_client(started), calls)))
    with listening() as address:
        told("by an assistant over HTTP, tool assess", run(lambda: tool(address, calls)))
    for threads in (1, 4):
        print(f"{f'in process, {threads} thread(s)':44} {together(here, threads, calls):.1f} calls a second")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
