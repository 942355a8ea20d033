"""Text as a format shows it unchanged, whatever a person wrote in it."""

from __future__ import annotations

import re

from caprev.characters import shown

_LINKED = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp|www)([:.])")
_ESCAPES = str.maketrans({character: "\\" + character for character in "\\`*_<>#|[]~"})


def escape(text: str) -> str:
    """Text that Markdown shows as it is, whatever a person wrote in it."""
    text = " ".join(shown(text).split()).translate(_ESCAPES)
    # An ampersand needs escaping only where it would begin an entity, and an address where some would make it a link.
    return _LINKED.sub(r"\1\\\2", re.sub(r"&(?=#?\w+;)", r"\\&", text))
