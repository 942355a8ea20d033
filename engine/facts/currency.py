"""How amounts of money are written: what a body of law says of each currency that its facts are in."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Currency(BaseModel):
    """One currency: its sign, before the number; how many decimals count; what it and its smallest part are called.

    `words` and `part` are given for one and for many: `[dollar, dollars]`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    symbol: str = ""
    decimals: Annotated[int, Field(ge=0, le=4)] = 2
    words: tuple[str, ...] = ()
    part: tuple[str, ...] = ()

    @property
    def rounding(self) -> str:
        """How amounts are rounded, in words."""
        least = self.part if self.decimals else self.words
        return f"to {f'the {least[0]}' if least else f'{self.decimals} decimals'}, half up, once at the end"

    def rounded(self, amount: Fraction) -> Decimal:
        """To the decimals that count; half of the last away from zero, and never minus nothing."""
        parts = floor(abs(amount) * 10**self.decimals + Fraction(1, 2))
        return Decimal(parts if amount >= 0 else -parts).scaleb(-self.decimals)

    def written(self, number: str) -> str:
        """A number as an amount: the sign stands behind a minus."""
        return f"-{self.symbol}{number[1:]}" if number.startswith("-") else f"{self.symbol}{number}"

    def amount(self, amount: Decimal) -> str:
        """An amount in full: all its decimals, thousands parted by commas."""
        return self.written(f"{amount:,.{self.decimals}f}")
