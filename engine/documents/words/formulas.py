"""Formulas told one after the other: what has been given its amount once is called by its name afterwards."""

from __future__ import annotations

import re

from caprev.documents.words.grammar import lower_first

_AMOUNT = r"(?:[^\s\w(]?[\d,.]+(?: to [^\s\w(]?[\d,.]+)?(?: \([^()]*\))?|not given)"
_OPERAND = re.compile(
    rf"((?:(?<=[-+(] )|(?<=[(=*])|(?<=[=*] )|(?<=% of ))[a-z][a-z ]*?) (?={_AMOUNT}(?:[ ,.);]|$))({_AMOUNT})"
)


class Formulas:
    """The formulas of one document in their order."""

    def __init__(self) -> None:
        self.told: set[str] = set()

    def short(self, text: str) -> str:
        """`Label = price $10.00 - cost $4.00 = $6.00.` without the amounts that earlier formulas gave."""
        label, _, rest = text.partition(" = ")
        formula, worked, value = rest.rpartition(" = ")
        if not worked:
            return text

        def operand(found: re.Match[str]) -> str:
            again = found[0] in self.told
            self.told.add(found[0])
            return found[1] if again else found[0]

        done = _OPERAND.sub(operand, f"= {formula}")[2:]
        self.told.add(f"{lower_first(label)} {value.rstrip('.')}")
        return f"{label} = {done} = {value}"
