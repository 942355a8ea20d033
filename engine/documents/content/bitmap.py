"""A drawing as a bitmap, for Word, which shows no SVG by itself: PNG, drawn by typst with its own fonts.

The same drawing gives the same bytes with the same typst, whatever fonts the machine has.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

# What a drawing says for dark screens; paper is light.
_SCREEN = re.compile(r"<style>.*?</style>", re.DOTALL)
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_DOTS = 150.0  # to the inch, at the width at which it is shown


@dataclass(frozen=True)
class Bitmap:
    """A PNG, and its width and height on paper in points."""

    png: bytes
    width: float
    height: float


def light(drawing: str) -> str:
    """A drawing as paper shows it."""
    return _SCREEN.sub("", drawing)


def shape(drawing: str) -> float:
    """How many times as wide as it is high a drawing is."""
    size = _VIEW.search(drawing)
    return float(size[1]) / float(size[2]) if size else 1.0


@lru_cache(maxsize=16)
def drawn(drawing: str, width: float, height: float) -> Bitmap | None:
    """The drawing as large as fits in so many points each way; None where typst is not set up or cannot draw it."""
    try:
        import typst
    except ImportError:
        return None
    ratio = shape(drawing)
    width = min(width, height * ratio)
    text = light(drawing).replace("\\", "\\\\").replace('"', '\\"')
    source = (
        f"#set page(width: {width:.2f}pt, height: {width / ratio:.2f}pt, margin: 0pt)\n"
        f'#image(bytes("{text}"), format: "svg", width: 100%)\n'
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            png = typst.compile(source.encode("utf-8"), format="png", ppi=_DOTS, ignore_system_fonts=True)
    except typst.TypstError:
        return None
    assert isinstance(png, bytes)
    return Bitmap(png, width, width / ratio)
