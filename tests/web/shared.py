"""What the tests of the desk share."""

from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase for tests"
RULING = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"


def text(answer: Any) -> str:
    """What an answer of the desk says."""
    return str(answer.content.decode())
