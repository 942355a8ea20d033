"""Set up caprev: a line for each step, and where one fails, the one thing to do. Needs only Python and a C compiler.

python3 install.py                    all that a user meets, in `.venv` beside this file
python3 install.py test               and what an extra needs: test, evaluate, mcp, postgres, oidc, spark or bench
python3 install.py --target DIR       in an environment of its own at DIR; nothing is written beside this file

python3 install.py --wheelhouse DIR   only download what a set-up needs (name the same extras), and then, on a machine
python3 install.py --offline DIR      of the same kind, set up from there without a network

Every package is the release that `locks/` names, and is refused if its file has another hash.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOCKS = ROOT / "locks"
CODE = ("engine", "web", "cli.py")
EXAMPLE = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
# What pip says, and the one thing to do; the first that fits.
REMEDIES = {
    "No space left on device": "The disk is full. Free 1 GB (2 GB for the extra spark), and run this again.",
    "DO NOT MATCH THE HASHES": "A file is not the one that was locked, so it is not used. Run this again; if that does "
    "not help, ask whoever keeps your package index or wheelhouse.",
    r"Failed building wheel for (\S+)": "{} could not be compiled. Check your C compiler (Debian and Ubuntu: apt-get "
    "install build-essential python3-dev), and run this again.",
    "NewConnectionError|NameResolutionError|Timeout|ProxyError|SSLError|Max retries|ConnectionReset": "The package "
    "index was not reached. Check the network (a proxy: HTTPS_PROXY; an index of your own: PIP_INDEX_URL) and run this "
    "again, or set up from a wheelhouse (python3 install.py --help).",
    r"No matching distribution found for (\S+)": "There is no {} for this machine. If you set up from a wheelhouse, "
    "make it anew for this release of caprev, on the same kind of machine, with the same extras.",
}


def missing() -> Iterator[str]:
    """What this machine lacks, each with the remedy; nothing if all is there."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        found = ".".join(map(str, sys.version_info[:2]))
        yield (
            f"Python 3.11 or 3.12 (this is {found}): the inference engine durable_rules 2.0.28 does not import on "
            "3.13 or later. Run this file with python3.11 or python3.12."
        )
    if not importlib.util.find_spec("ensurepip"):
        yield "Python's venv and pip. Debian and Ubuntu: apt-get install python3-venv."
    compiler = os.environ.get("CC") or (sysconfig.get_config_var("CC") or "cc").split()[0]
    if not any(shutil.which(name) for name in (compiler, "cc", "gcc", "clang")):
        yield (
            "a C compiler: durable_rules 2.0.28 is built from source. Debian and Ubuntu: apt-get install gcc; "
            "macOS: xcode-select --install."
        )
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        yield "the Python headers (Python.h). Debian and Ubuntu: apt-get install python3-dev."


@contextmanager
def step(what: str) -> Iterator[None]:
    """Tell what is being done, and how long it took."""
    print(f"  {what} ...", end=" ", flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"done in {time.monotonic() - began:.0f} s", flush=True)


class Environment:
    """A virtual environment, and its pip, whose words go to a log in it."""

    def __init__(self, target: Path, index: list[str]) -> None:
        self.target, self.index = target, index
        self.scripts = target / ("Scripts" if os.name == "nt" else "bin")

    def make(self) -> None:
        """Make it, unless one is there that works and is of this Python; any other is replaced."""
        if self._works():
            return
        try:
            if self.target.exists() and any(self.target.iterdir()):
                if not (self.target / "pyvenv.cfg").exists():
                    sys.exit(f"{self.target} holds other things. Name a new or empty directory.")
                print("(in place of one that is broken, or of another Python)", end=" ", flush=True)
            venv.create(self.target, clear=True, with_pip=True, symlinks=os.name != "nt")
        except (OSError, subprocess.CalledProcessError) as error:
            advice = "Name a directory that you may write to: python3 install.py --target DIR"
            sys.exit(f"No environment can be made in {self.target} ({error}). {advice}")

    def _works(self) -> bool:
        code = "import sys, pip; print(*sys.version_info[:2])"
        try:
            done = subprocess.run([self.scripts / "python", "-I", "-c", code], capture_output=True, text=True)
        except OSError:
            return False
        return done.returncode == 0 and done.stdout.split() == [str(part) for part in sys.version_info[:2]]

    def pip(self, verb: str, *arguments: str | Path) -> None:
        """Run pip; where it fails, say what to do and stop."""
        # What is built is built with the locked tools, and -I keeps out what lies elsewhere on this machine.
        command: list[str | Path] = [self.scripts / "python", "-I", "-m", "pip", verb, *self.index, *arguments]
        command += ["--no-input", "--disable-pip-version-check", "--use-pep517", "--no-build-isolation"]
        done = subprocess.run(
            command, env={**os.environ, "PIP_USER": "0"}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        said = done.stdout.decode(errors="replace")
        if done.returncode:
            log = self.target / "install.log"
            log.write_text(said, "utf-8", "replace")
            sys.exit(f"\ncaprev was not set up. {remedy(said)}\nAll that pip said: {log}")


def remedy(said: str) -> str:
    """The one thing to do about what pip said."""
    found = ((re.search(pattern, said), text) for pattern, text in REMEDIES.items())
    known = next((text.format(*match.groups()) for match, text in found if match), "")
    return known or "pip failed:\n" + "\n".join(said.strip().splitlines()[-5:])


def asked(arguments: list[str]) -> argparse.Namespace:
    """What the command line asks for."""
    form = argparse.RawDescriptionHelpFormatter
    usage = "python3 install.py [EXTRA ...] [--target DIR] [--wheelhouse DIR | --offline DIR]"
    parser = argparse.ArgumentParser(usage=usage, description=__doc__, formatter_class=form)
    parser.add_argument("extras", nargs="*", help=argparse.SUPPRESS)
    where = parser.add_mutually_exclusive_group()
    for group, option in ((parser, "--target"), (where, "--wheelhouse"), (where, "--offline")):
        group.add_argument(option, type=lambda name: Path(name).absolute(), help=argparse.SUPPRESS)
    parsed = parser.parse_args(arguments)
    extras = sorted(path.stem for path in LOCKS.glob("*.txt") if path.stem not in ("build", "caprev"))
    if unknown := sorted(set(parsed.extras) - set(extras)):
        sys.exit(f"No extra is called {', '.join(unknown)}; there are {', '.join(extras)}.")
    if parsed.offline and not parsed.offline.is_dir():
        sys.exit(f"{parsed.offline} is no directory. Make one with --wheelhouse where there is a network.")
    return parsed


def shown(path: Path) -> str:
    """A path as one would type it here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def main(arguments: list[str]) -> None:
    """Check the machine, take the steps, and say what to try next."""
    wanted = asked(arguments)
    if faults := list(missing()):
        sys.exit("caprev cannot be set up here. Missing:\n" + "\n".join(f"  - {fault}" for fault in faults))
    index = ["--no-index", "--find-links", str(wanted.offline)] if wanted.offline else []
    home = Environment(wanted.target or ROOT / ".venv", index)
    build: list[str | Path] = ["--require-hashes", "-r", LOCKS / "build.txt"]
    packages: list[str | Path] = [part for name in ("caprev", *wanted.extras) for part in ("-r", LOCKS / f"{name}.txt")]
    with step(f"environment {shown(home.target)}"):
        home.make()
    with step("build tools"):
        home.pip("install", *build)
    with step(" + ".join(["packages (about 180 MB the first time)", *wanted.extras])):
        if wanted.wheelhouse:
            home.pip("download", "--dest", wanted.wheelhouse, *build, *packages)
        else:
            home.pip("install", "--require-hashes", *packages)
    if wanted.wheelhouse:
        again = " ".join(["python3 install.py", *wanted.extras, "--offline", shown(wanted.wheelhouse)])
        print(f"On a machine of the same kind, with {shown(wanted.wheelhouse)} copied there: {again}")
        return
    with step("caprev"):
        # An environment of its own holds everything; the one beside this file runs what stands here.
        home.pip("install", "--force-reinstall", "--no-deps", *([] if wanted.target else ["--editable"]), ROOT)
        if not wanted.target:
            # Compiled now, so that it starts fast even where Python may not write beside its modules later.
            modules = [ROOT / name for name in CODE]
            subprocess.run([home.scripts / "python", "-m", "compileall", "-q", *modules])
    caprev, example = shown(home.scripts / "caprev"), shown(EXAMPLE)
    print(
        "Try next, or read docs/officer.md, docs/advisor.md or docs/trainer.md:\n"
        f"    {caprev} assess {example}\n    {caprev} draft {example} --to ruling.pdf\n    {caprev} --help",
        flush=True,
    )


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Stopped. Run it again to go on.")
