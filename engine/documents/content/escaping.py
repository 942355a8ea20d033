"""Text as a format shows it unchanged, whatever a person wrote in it."""

from __future__ import annotations

import re

_ESCAPES = str.maketrans({character: "\\" + character for character in "\\`*_<>#|[]~"})


def escape(text: str) -> str:
    """Text that Markdown shows as it is, whatever a person wrote in it."""
    # An ampersand needs escaping only where it would begin an entity.
    return re.sub(r"&(?=#?\w+;)", r"\\&", " ".join(text.split()).translate(_ESCAPES))
