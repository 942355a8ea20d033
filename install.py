"""Set up caprev in `.venv`, saying plainly what is missing. Needs only Python and pip.

python3 install.py            what the program needs
python3 install.py test       and what its tests need (any extra of pyproject.toml)
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def missing():
    """What this machine lacks, each with the remedy; nothing if all is there."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 12):
        found = ".".join(map(str, sys.version_info[:2]))
        yield (
            f"Python 3.11 or 3.12 (this is {found}): the inference engine durable_rules 2.0.28 does not import on "
            "3.13 or later. Run this file with python3.11 or python3.12."
        )
    compiler = os.environ.get("CC") or (sysconfig.get_config_var("CC") or "cc").split()[0]
    if not any(shutil.which(name) for name in (compiler, "cc", "gcc", "clang")):
        yield (
            "a C compiler: durable_rules 2.0.28 is built from source. Debian and Ubuntu: apt-get install gcc; "
            "macOS: xcode-select --install."
        )
    if not (Path(sysconfig.get_path("include")) / "Python.h").is_file():
        yield "the Python headers (Python.h). Debian and Ubuntu: apt-get install python3-dev."


def main(extras):
    """Make the environment and install into it."""
    faults = list(missing())
    if faults:
        sys.exit("caprev cannot be set up here. Missing:\n" + "\n".join(f"  - {fault}" for fault in faults))
    target = ROOT / ".venv"
    python = target / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        venv.create(target, with_pip=True)
    wanted = f"{ROOT}[{','.join(extras)}]" if extras else str(ROOT)
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-e", wanted]
    if subprocess.run(command).returncode:
        sys.exit("caprev was not set up: pip could not install its packages (see its message above).")
    # Compiled now, so that it starts fast even where Python may not write beside its modules later.
    modules = [str(ROOT / name) for name in ("engine", "cli.py")]
    subprocess.run([str(python), "-m", "compileall", "-q", *modules])


if __name__ == "__main__":
    main(sys.argv[1:])
