"""Characters that command instead of being read: shown as their escapes, so that they are seen and do nothing.

They command terminals, turn the direction of text, or hide in it: control characters but tab and line feed, the line
separators of Unicode, marks and overrides of direction, the byte order mark, annotations, tags, halves of surrogate
pairs, and the code points that Unicode keeps for no character. Fact sets and rules pass through here when they are
read, portfolios when their ids are, messages when they are written, and documents once more when they are made.
"""

from __future__ import annotations

import re

_PLANES = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
_COMMANDS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb"
    f"\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e007f{_PLANES}]"
)


def shown(text: str) -> str:
    """Text that does nothing but be read; a line that ends in CR LF ends in LF.

    >>> shown("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    if text.isprintable():  # none of them is
        return text
    return _COMMANDS.sub(_escape, text.replace("\r\n", "\n"))


def is_text(text: str) -> bool:
    """Whether there is nothing in it that UTF-8 cannot say: bytes that were no text, and halves of pairs."""
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no text
        return f"\\x{code - 0xDC00:02x}"
    return found[0].encode("unicode_escape", "surrogatepass").decode()
