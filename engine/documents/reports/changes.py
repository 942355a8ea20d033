"""What would change a conclusion: flips, thresholds, missing facts; for a terminal and as data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from caprev.changes.alternatives import Change, together
from caprev.changes.families import Block, Clique, Family, blocks, cliques, families
from caprev.changes.flips import Flip, Sway
from caprev.changes.trials import Result
from caprev.documents.content.text import Paint, plain
from caprev.documents.words.grammar import second_person, upper_first
from caprev.documents.words.shares import effect
from caprev.documents.words.supposed import Supposed, stands
from caprev.facts.in_words import wrapped
from caprev.facts.vocabulary import Vocabulary, worded
from caprev.law.models import UNDETERMINED
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.sensitivity import Missing


def toned(side: str) -> str:
    """The style of what is said of a conclusion."""
    return side if side != UNDETERMINED else "open"


def flips(
    conclusion: Conclusion,
    shown: Sequence[Flip],
    found: int,
    up_to: int,
    sways: Sequence[Sway],
    supposed: Supposed,
    numbers: bool = False,
    heading: str = "",
    paint: Paint = plain,
) -> str:
    """The smallest changes that change the conclusion; with `numbers` also how far each fact could move the balance.

    `found` counts flips, shown or not.
    """
    lines = [paint(heading, "heading")] if heading else []
    lines += wrapped(f"As it is: {stands(conclusion)}.")
    lines.append("")
    size = f"{up_to} fact{'s' if up_to > 1 else ''}"
    if not found:
        lines += wrapped(f"No change of up to {size} changes the conclusion: every one was tried or excluded.")
    else:
        many = f"{found} smallest sets of changes" if found > 1 else "One smallest set of changes"
        lines += wrapped(
            f"{many}, of up to {size}, would change it; no part of any of them does as much. Each shown was confirmed "
            "by a full assessment."
        )
        lines += _blocks(shown, supposed, numbers, paint)
        if found > len(shown):
            lines += ["", f"... and {found - len(shown)} more (--all)"]
    vocabulary, now = conclusion.weigher.book.vocabulary, conclusion.characterisation
    spans = [sway for sway in sways if sway.number]
    told = [text for sway in spans for text in _turning(sway, supposed, now)]
    if numbers and spans:
        lines += ["", paint("Where a number alone would turn something", "heading")]
        for sway in spans:
            lines += wrapped(f"{sway.fact}: {'; '.join(_steps(sway, vocabulary))}.", "  ", 2)
    elif told:
        lines += ["", paint("Where a number alone would turn it", "heading")]
        for text in told:
            lines += wrapped(f"- {text}", "  ", 2)
    if numbers:
        lines += ["", paint("One fact at a time: how far each alone could move the decisive balance", "heading")]
        lines += _tornado(conclusion, sways)
    else:
        lines += ["", "In numbers, with every fact that could move the balance: --all"]
    return "\n".join(lines) + "\n"


def _turning(sway: Sway, supposed: Supposed, now: str) -> Iterator[str]:
    """The values of a number that turn the conclusion by themselves, those of one conclusion together."""
    rows = sorted(sway.results, key=lambda row: row[0].first)
    for side, group in groupby(rows, key=lambda row: row[1].characterisation):
        if side != now:
            yield f"If {supposed.change([change for change, _ in group])}, this would be {worded(side)}."


def _blocks(shown: Sequence[Flip], supposed: Supposed, numbers: bool, paint: Paint) -> Iterator[str]:
    heads = dict.fromkeys((len(flip.changes), flip.result.characterisation) for flip in shown)
    for size, side in heads:
        yield ""
        number = f"{size} fact{'s' if size > 1 else ''}"
        yield paint(f"{number} otherwise: {worded(side)}", toned(side))
        same = [f for f in shown if (len(f.changes), f.result.characterisation) == (size, side)]
        yield from _sets(same, supposed, f"this would be {worded(side)}", numbers)


def _sets(flips: Sequence[Flip], supposed: Supposed, would: str, numbers: bool) -> Iterator[str]:
    """Sets of changes, told together where they share much."""
    for flip in blocks(flip for flip in flips if len(flip.changes) == 1):
        yield from _family(Family((), (flip,)), supposed, would, numbers)
    groups, rest = cliques([flip for flip in flips if len(flip.changes) > 1])
    for group in groups:
        yield from wrapped(f"- If any two of these were so, {would}{_balances(group, numbers)}:", "  ", 2)
        for change in group.changes:
            yield from wrapped(f"- {supposed.change([change])}", "      ", 2)
    for family in families(blocks(rest)):
        yield from _family(family, supposed, would, numbers)


def _family(family: Family, supposed: Supposed, would: str, numbers: bool) -> Iterator[str]:
    """A set of changes, or several that share all but one."""
    if len(family.blocks) == 1:
        block = family.blocks[0]
        condition = supposed.condition(block.changes)
        yield from wrapped(f"- If {condition}, {would}{_balances(block, numbers)}.", "  ", 2)
        return
    shared = supposed.condition(family.shared)
    yield from wrapped(f"- If {shared}, {would} with any one of these:", "  ", 2)
    for block in family.blocks:
        yield from wrapped(f"- {supposed.change(family.rest(block))}{_balances(block, numbers)}", "      ", 2)


def _steps(sway: Sway, vocabulary: Vocabulary) -> Iterator[str]:
    """The values of a number in order, neighbours of one result as one."""
    rows = sorted(sway.results, key=lambda row: row[0].first)

    def result(row: tuple[Change, Result]) -> tuple[float, str]:
        return (row[1].balance, row[1].characterisation)

    for (balance, side), group in groupby(rows, key=result):
        yield f"{together(vocabulary[sway.fact], [change for change, _ in group])}: {balance:+.2f} {side}"


def _balances(block: Block | Clique, numbers: bool) -> str:
    low, high = block.low, block.high
    if not numbers:
        return ""
    return f" ({low:+.2f})" if low == high else f" ({low:+.2f} to {high:+.2f})"


def _tornado(conclusion: Conclusion, sways: Sequence[Sway]) -> Iterator[str]:
    """Bars around the present balance, the widest first."""
    if not sways:
        yield "  No fact alone moves it."
        return
    now = conclusion.balance
    reach = max(max(abs(s.low[1].balance - now), abs(s.high[1].balance - now)) for s in sways)
    for sway in sways:
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


# --- missing -------------------------------------------------------------------------------------------------


def missing(
    conclusion: Conclusion,
    items: Sequence[Missing],
    settling: Sequence[tuple[str, Sequence[Flip], int]],
    up_to: int,
    most: int,
    supposed: Supposed,
    numbers: bool = False,
    heading: str = "",
    paint: Paint = plain,
) -> str:
    """The unknown facts that bear on the matter, and the smallest sets of answers that settle it each way.

    With `numbers` facts and factors are named by their ids.
    """
    c, vocabulary = conclusion, conclusion.weigher.book.vocabulary
    sides = conclusion.weigher.book.sides
    lines = [paint(heading, "heading")] if heading else []
    lines += wrapped(f"As it is: {stands(c)}.")
    lines.append("")
    alive = [item for item in items if not item.idle]
    telling = [item for item in alive if item.moves]
    if not alive:
        lines += wrapped("No answer still missing could change the conclusion.")
    elif telling:
        one = "One fact not known in full could by itself move it:"
        many = f"{len(telling)} facts not known in full could by themselves move it, the most telling first:"
        lines += wrapped(one if len(telling) == 1 else many)
    for number, item in enumerate(telling[:most] if most else telling, 1):
        partly = " (known in part)" if item.partly else ""
        lines += wrapped(f"{number:>2}. {supposed.asked(item.fact)}{partly}", "  ", 4)
        could = f"{upper_first(effect(item, worded(sides.for_.id)))}."
        if numbers:
            could += f" {item.fact} bears on {', '.join(item.factors)}."
        lines += wrapped(could, "      ")
        if item.evidence:
            lines += wrapped(f"Proof: {second_person(item.evidence)}.", "      ")
    if most and len(telling) > most:
        lines.append(f"  ... and {len(telling) - most} more (--all)")
    if telling:
        lines.append("")
    lines += _together([item.fact for item in alive if not item.moves], most, supposed, numbers)
    idle = len(items) - len(alive)
    if idle:
        lines += ["", *wrapped(f"{idle} more bear on the reasons, but whatever they are the conclusion stays.")]
    proofs: list[str] = []
    for side, sets, found in settling:
        lines.append("")
        verb = "settle it for" if c.characterisation == "undetermined" else "turn it to"
        verb = "leave it" if side == "undetermined" else verb
        head = f"The smallest sets of answers that would {verb} {worded(side)}"
        lines.append(paint(head, toned(side)))
        if not found:
            lines.append(f"  None of up to {up_to} answers.")
        lines += _sets(sets, supposed, f"this would be {worded(side)}", numbers)
        used = dict.fromkeys(change.fact for flip in sets for change in flip.changes)
        proofs += [name for name in used if name not in proofs]
        if found > len(sets):
            lines.append(f"  ... and {found - len(sets)} more (--all)")
    shown_above = {item.fact for item in (telling[:most] if most else telling) if item.evidence}
    proofs = [name for name in proofs if vocabulary[name].evidence and (numbers or name not in shown_above)]
    if proofs:
        lines += ["", paint("What would prove them", "heading")]
        for name in proofs:
            what = f"{name}:" if numbers else supposed.asked(name)
            lines += wrapped(f"{what} {second_person(vocabulary[name].evidence)}{'' if numbers else '.'}", "  ", 4)
    return "\n".join(lines) + "\n"


def _together(facts: Sequence[str], most: int, supposed: Supposed, numbers: bool) -> list[str]:
    """The facts that could change the conclusion only together with others: their questions, or their names."""
    if not facts:
        return []
    shown = facts[:most] if most else facts
    lead = "could change it only together with others; none alone moves the probability by one in a hundred"
    if numbers:
        return wrapped(f"{len(facts)} {lead}: {', '.join(shown)}.")
    lines = wrapped(f"{len(facts)} {lead}:")
    for name in shown:
        lines += wrapped(f"- {supposed.asked(name)}", "  ", 2)
    return lines + ([f"  ... and {len(facts) - len(shown)} more (--all)"] if len(facts) > len(shown) else [])


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
                "moves": item.moves,
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
