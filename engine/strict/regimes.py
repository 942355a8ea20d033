"""Ways that a person may choose between, side by side on the same facts: what each costs, risks, and what decides.

A difference is worked out before anything is rounded, so that an input which is not known but the same either way
cancels. Where the order is not known, told is which fact decides it, and from which value on.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from caprev.errors import BadInput
from caprev.facts.knowledge import Truth
from caprev.law.strict import Amount, Option, Regimes
from caprev.strict import words
from caprev.strict.answer import Answer
from caprev.strict.changes import supposed
from caprev.strict.matter import Setting
from caprev.strict.numbers import Interval, Number
from caprev.strict.traces import NOTHING, Worked


@dataclass(frozen=True)
class Way:
    """One way: whether it is open to be chosen, and its amounts in the order in which they are compared.

    `wrong` says why it cannot be worked out: its facts contradict others.
    """

    id: str
    option: Option
    open: Truth
    amounts: tuple[Worked, ...]
    wrong: str = ""


@dataclass(frozen=True)
class Compared:
    """All ways under one scenario (or none): which is better (more than one: they are equal), by how much, and on what
    that hangs where it is not known.

    `gap` is how far the next best way lies behind the best, or the second way of two behind the first.
    """

    scenario: str
    title: str
    ways: tuple[Way, ...]
    better: tuple[str, ...]
    gap: Interval | None
    decides: tuple[str, ...]
    needs: tuple[str, ...]


def compared(found: Answer, regimes: Regimes) -> list[Compared]:
    """Every scenario with all ways in it; none where what decides arises on no way, and there is nothing to compare."""
    scenarios = regimes.scenarios or {"": Option(title="As it is")}
    told = [_scenario(found, regimes, name, scenario) for name, scenario in scenarios.items()]
    worked = [way.amounts[0].applies for scenario in told for way in scenario.ways if way.amounts]
    return told if not worked or any(applies is not False for applies in worked) else []


def _scenario(found: Answer, regimes: Regimes, name: str, scenario: Option) -> Compared:
    ways = tuple(_way(found, regimes, scenario, key, option) for key, option in regimes.options.items())
    usable = [way for way in ways if way.open is not False and not way.wrong]
    title = scenario.title
    firsts = {way.id: way.amounts[0].value for way in usable}
    known = {key: value for key, value in firsts.items() if value is not None}
    needs = NOTHING.and_(*(way.amounts[0].trace for way in usable)).needs
    if len(known) < len(usable) or len(known) < 2:
        better = tuple(known) if len(usable) == 1 and known else ()
        return Compared(name, title, ways, better, None, (), needs)
    sign = Fraction(1 if regimes.better == "less" else -1)
    better = tuple(
        key
        for key, value in known.items()
        if all(_not_behind(value, other, sign) for rival, other in known.items() if rival != key)
    )
    if not better:
        pair = list(known.items())[:2]
        gap = pair[1][1].minus(pair[0][1]).interval if len(known) == 2 else None
        return Compared(name, title, ways, (), gap, _decides(found, regimes, known, sign), needs)
    others = [value for key, value in known.items() if key not in better]
    gaps = [other.minus(known[better[0]]).scaled(sign).interval for other in others]
    gap = min(gaps, key=lambda item: (item.low is None, item.low or 0)) if gaps else Interval(Fraction(0), Fraction(0))
    return Compared(name, title, ways, better, gap, (), needs if not gap.exact else ())


def _not_behind(value: Number, other: Number, sign: Fraction) -> bool:
    apart = other.minus(value).scaled(sign).interval
    return apart.low is not None and apart.low >= 0


def _way(found: Answer, regimes: Regimes, scenario: Option, key: str, option: Option) -> Way:
    settings = [Setting(fact, value) for fact, value in {**scenario.facts, **option.facts}.items()]
    try:
        other = supposed(found, settings)
    except BadInput as error:
        return Way(key, option, False, (), str(error.problems[0].what))
    condition = found.book.conditions.get(f"option:{regimes.id}:{key}")
    # Whether a way is open is asked of the facts as they are, with what happens in the scenario.
    is_open = other.desk.whole.condition(condition).truth if condition is not None else True
    return Way(key, option, is_open, tuple(other.desk.whole.amount(name) for name in regimes.compares))


def _decides(found: Answer, regimes: Regimes, known: dict[str, Number], sign: Fraction) -> tuple[str, ...]:
    """From which value of which unknown fact on another way is the better, where that is one number."""
    told = []
    keys = list(known)
    for place, first in enumerate(keys):
        for second in keys[place + 1 :]:
            apart = known[second].minus(known[first]).scaled(sign)
            if len(apart.inputs) != 1:
                continue
            name, (times, _) = next(iter(apart.inputs.items()))
            if name not in found.book.facts:
                continue
            at = -apart.constant / times
            above, below = (first, second) if times > 0 else (second, first)
            options = regimes.options
            fact = found.book.facts[name]
            value = words.one("date" if fact.type == "date" else "number", at, Fraction(1, 100), 2)
            told.append(
                f"{fact.words} ({name}): above {value}, {options[above].title} is better; below, {options[below].title}"
            )
    return tuple(told)


def told(found: Answer, amount: Amount, worked: Worked) -> str:
    """An amount in words."""
    interval = worked.value.interval if worked.value is not None else None
    return words.told(found.book, amount.unit, interval, words.unit_of(found.book, amount))
