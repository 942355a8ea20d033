"""What would change a conclusion: flips, thresholds, missing facts; for a terminal and as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from caprev.changes.alternatives import Change, together
from caprev.changes.families import Block, Clique, Family, blocks, cliques, families
from caprev.changes.flips import Flip, Sway
from caprev.documents.content.text import Paint, plain
from caprev.documents.words.grammar import upper_first
from caprev.facts.in_words import wrapped
from caprev.facts.vocabulary import Vocabulary, worded
from caprev.law.models import UNDETERMINED
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.sensitivity import Missing


def toned(side: str) -> str:
    """The style of what is said of a conclusion."""
    return side if side != UNDETERMINED else "open"


def stands(conclusion: Conclusion) -> str:
    """One conclusion in a line."""
    c, book = conclusion, conclusion.weigher.book
    neutral, for_ = book.weighing.calibration.neutral, worded(book.sides.for_.id)
    strength = f", {worded(c.strength)}" if c.characterisation != "undetermined" else ""
    if c.chance is None:
        return f"{worded(c.characterisation).upper()}{strength}; by findings, whatever the balance ({c.balance:+.2f})"
    return (
        f"{worded(c.characterisation).upper()}{strength}; balance {c.balance:+.2f} (above {neutral:+.2f} favours "
        f"{for_}), {book.sides.probability} {c.chance:.0%}"
    )


# --- flips ---------------------------------------------------------------------------------------------------


def flips(
    conclusion: Conclusion,
    shown: Sequence[Flip],
    found: int,
    up_to: int,
    sways: Sequence[Sway],
    most: int,
    heading: str = "",
    paint: Paint = plain,
) -> str:
    """The smallest changes that change the conclusion, and the tornado. `found` counts flips, shown or not."""
    vocabulary = conclusion.weigher.book.vocabulary
    lines = [paint(heading, "heading")] if heading else []
    lines += [f"As it is: {stands(conclusion)}.", ""]
    size = f"{up_to} fact{'s' if up_to > 1 else ''}"
    if not found:
        lines += wrapped(f"No change of up to {size} changes the conclusion: every one was tried or excluded.")
    else:
        lines += wrapped(
            f"{found} smallest sets of changes, of up to {size}, change it; no part of any of them does as much. Each "
            "shown was confirmed by a full assessment. 'or' within a fact: any of these values will do."
        )
        lines += _blocks(shown, vocabulary, paint)
        if found > len(shown):
            lines += ["", f"... and {found - len(shown)} more (--all)"]
    lines += ["", paint("One fact at a time: how far each alone could move the decisive balance", "heading")]
    lines += _tornado(conclusion, sways, most)
    numbers = [sway for sway in sways if sway.number]
    if numbers:
        lines += ["", paint("Numbers: where each alone turns something", "heading")]
        for sway in numbers:
            steps = "; ".join(_steps(sway, vocabulary))
            lines += wrapped(f"{sway.fact} (now {conclusion.balance:+.2f}): {steps}", "  ", 2)
    return "\n".join(lines) + "\n"


def _blocks(shown: Sequence[Flip], vocabulary: Vocabulary, paint: Paint) -> Iterator[str]:
    heads = dict.fromkeys((len(flip.changes), flip.result.characterisation) for flip in shown)
    for size, side in heads:
        yield ""
        number = f"{size} fact{'s' if size > 1 else ''}"
        yield paint(f"{number} otherwise: {worded(side)}", toned(side))
        yield from _sets([f for f in shown if (len(f.changes), f.result.characterisation) == (size, side)], vocabulary)


def _sets(flips: Sequence[Flip], vocabulary: Vocabulary, marked: bool = True) -> Iterator[str]:
    """Sets of changes, told together where they share much; `marked` tells what is still possible from what is not."""
    for flip in blocks(flip for flip in flips if len(flip.changes) == 1):
        yield from _family(Family((), (flip,)), vocabulary, marked)
    groups, rest = cliques([flip for flip in flips if len(flip.changes) > 1])
    for group in groups:
        yield from wrapped(f"- any two of  ({_balances(group)})", "  ", 2)
        for change in group.changes:
            yield from wrapped(f"- {_changes([[change]], vocabulary, marked)}", "      ", 2)
    for family in families(blocks(rest)):
        yield from _family(family, vocabulary, marked)


def _family(family: Family, vocabulary: Vocabulary, marked: bool) -> Iterator[str]:
    """A set of changes, or several that share all but one."""
    if len(family.blocks) == 1:
        block = family.blocks[0]
        yield from wrapped(f"- {_changes(block.changes, vocabulary, marked)}  ({_balances(block)})", "  ", 2)
        return
    yield from wrapped(f"- {_changes(family.shared, vocabulary, marked)}; and one of", "  ", 2)
    for block in family.blocks:
        yield from wrapped(f"- {_changes([family.rest(block)], vocabulary, marked)}  ({_balances(block)})", "      ", 2)


def _changes(rows: Iterable[Sequence[Change]], vocabulary: Vocabulary, marked: bool) -> str:
    def mark(change: Change) -> str:
        return " [still possible]" if marked and change.open else ""

    return "; ".join(f"{row[0].fact}: {together(vocabulary[row[0].fact], row)}{mark(row[0])}" for row in rows)


def _steps(sway: Sway, vocabulary: Vocabulary) -> Iterator[str]:
    """The values of a number in order, neighbours of one result as one."""
    rows = sorted(sway.results, key=lambda row: row[0].first)
    for (balance, side), group in groupby(rows, key=lambda row: (row[1].balance, row[1].characterisation)):
        yield f"{together(vocabulary[sway.fact], [change for change, _ in group])}: {balance:+.2f} {worded(side)}"


def _balances(block: Block | Clique) -> str:
    low, high = block.low, block.high
    return f"{low:+.2f}" if low == high else f"{low:+.2f} to {high:+.2f}"


def _tornado(conclusion: Conclusion, sways: Sequence[Sway], most: int) -> Iterator[str]:
    """Bars around the present balance, the widest first."""
    if not sways:
        yield "  No fact alone moves it."
        return
    now = conclusion.balance
    reach = max(max(abs(s.low[1].balance - now), abs(s.high[1].balance - now)) for s in sways)
    for sway in sways[:most] if most else sways:
        low, high = min(sway.low[1].balance, now), max(sway.high[1].balance, now)
        left, right = round((now - low) / reach * 14), round((high - now) / reach * 14)
        bar = f"  {'-' * left:>14}|{'+' * right:<14} "
        told = []
        if low < now:
            told.append(f"{low:+.2f} {sway.low[0].says}")
        if high > now:
            told.append(f"{high:+.2f} {sway.high[0].says}")
        first, *rest = wrapped(f"{sway.fact}: {'; '.join(told)}", " " * len(bar), 2)
        yield bar + first.lstrip()
        yield from rest
    if most and len(sways) > most:
        yield f"  ... and {len(sways) - most} more (--all)"


# --- missing -------------------------------------------------------------------------------------------------


def missing(
    conclusion: Conclusion,
    items: Sequence[Missing],
    settling: Sequence[tuple[str, Sequence[Flip], int]],
    up_to: int,
    most: int,
    heading: str = "",
    paint: Paint = plain,
) -> str:
    """The unknown facts that bear on the matter, and the smallest sets of answers that settle it each way."""
    c, vocabulary = conclusion, conclusion.weigher.book.vocabulary
    lines = [paint(heading, "heading")] if heading else []
    lines += [f"As it is: {stands(c)}.", ""]
    alive = [item for item in items if not item.idle]
    telling = [item for item in alive if item.moves]
    if not alive:
        lines += wrapped("No answer still missing could change the conclusion.")
    elif telling:
        lines += wrapped(f"{len(telling)} facts not known in full could by themselves move it, the most telling first:")
    for number, item in enumerate(telling[:most] if most else telling, 1):
        partly = " (known in part)" if item.partly else ""
        lines += wrapped(f"{number:>2}. {item.fact}{partly}: {item.ask}", "  ", 4)
        lines += wrapped(
            f"{upper_first(item.effect.words)}; {c.weigher.book.sides.probability} {item.low:.0%} to {item.high:.0%}. "
            f"Bears on {', '.join(item.factors[:4])}{' and more' if len(item.factors) > 4 else ''}.",
            "      ",
        )
        if item.evidence:
            lines += wrapped(f"Proof: {item.evidence}.", "      ")
    if most and len(telling) > most:
        lines.append(f"  ... and {len(telling) - most} more (--all)")
    lines += _together([item.fact for item in alive if not item.moves], most)
    idle = len(items) - len(alive)
    if idle:
        lines += ["", *wrapped(f"{idle} more bear on the reasons, but whatever they are the conclusion stays.")]
    proofs: list[str] = []
    for side, sets, found in settling:
        lines.append("")
        verb = "settle it for" if c.characterisation == "undetermined" else "turn it to"
        verb = "leave it" if side == "undetermined" else verb
        lines.append(paint(f"The smallest sets of answers that would {verb} {worded(side)}", toned(side)))
        if not found:
            lines.append(f"  None of up to {up_to} answers.")
        lines += _sets(sets, vocabulary, marked=False)
        used = dict.fromkeys(change.fact for flip in sets for change in flip.changes)
        proofs += [name for name in used if name not in proofs]
        if found > len(sets):
            lines.append(f"  ... and {found - len(sets)} more (--all)")
    if proofs:
        lines += ["", paint("What would prove them", "heading")]
        lines += [line for name in proofs for line in wrapped(f"{name}: {vocabulary[name].evidence}", "  ", 4)]
    return "\n".join(lines) + "\n"


def _together(facts: Sequence[str], most: int) -> list[str]:
    """The facts that could change the conclusion only together with others, by name."""
    if not facts:
        return []
    shown = facts[:most] if most else facts
    more = f" and {len(facts) - len(shown)} more (--all)" if len(facts) > len(shown) else ""
    lead = "could change it only together with others; none alone moves the probability by one in a hundred"
    return ["", *wrapped(f"{len(facts)} {lead}: {', '.join(shown)}{more}.")]


def flips_data(conclusion: Conclusion, shown: Sequence[Flip], found: int, sways: Sequence[Sway]) -> dict[str, Any]:
    """Flips and tornado as data."""
    return {
        **_now(conclusion),
        "found": found,
        "flips": [_flip(flip) for flip in shown],
        "tornado": [
            {
                "fact": sway.fact,
                "values": [
                    {"to": change.says, "characterisation": result.characterisation, "balance": result.balance}
                    for change, result in sway.results
                ],
            }
            for sway in sways
        ],
    }


def missing_data(
    conclusion: Conclusion, items: Sequence[Missing], settling: Sequence[tuple[str, Sequence[Flip], int]]
) -> dict[str, Any]:
    """Missing facts and settling sets as data."""
    return {
        **_now(conclusion),
        "missing": [
            {
                "fact": item.fact,
                "ask": item.ask,
                "effect": item.effect.words,
                "probability_from": item.low,
                "probability_to": item.high,
                "why": list(item.factors),
                "evidence": item.evidence,
                "could_change_the_conclusion": not item.idle,
            }
            for item in items
        ],
        "settling": [{"to": side, "found": found, "sets": [_flip(flip) for flip in sets]}
                     for side, sets, found in settling],
    }  # fmt: skip


def _now(conclusion: Conclusion) -> dict[str, Any]:
    c = conclusion
    return {
        "parcel": c.parcel.id,
        "characterisation": c.characterisation,
        "balance": c.balance,
        c.weigher.book.sides.key: c.chance,
        "robust": c.robust,
    }


def _flip(flip: Flip) -> dict[str, Any]:
    return {
        "changes": [
            {"fact": c.fact, "to": c.says, "values": list(c.values), "still_possible": c.open} for c in flip.changes
        ],
        "characterisation": flip.result.characterisation,
        "balance": flip.result.balance,
    }
