"""Documents under strict rules with their records, and the law itself as pages: the engine as the desk uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import caprev
from caprev import record_strict
from caprev.api.contract import Check
from caprev.errors import BadInput
from caprev.files import reading
from caprev.law import citations, packs
from caprev.review import strict_pages
from caprev.strict.answer import Answer
from caprev_web import host
from caprev_web.strict import law

# --- documents --------------------------------------------------------------------------------------------------------


def draft(text: str, template: str, form: str, pack: str, parcel: str = "") -> caprev.Draft:
    """An advice with what is to be checked, and its record. Raises BadInput."""
    source = reading.parse(text, "fact set")
    request = record_strict.requested("draft", form, template=template, parcel=parcel)
    found = record_strict.answered(law(pack), source, request)
    content = record_strict.output(request, found)
    kept = record_strict.make(law(pack), source, request, found, content)
    return caprev.Draft(
        form=form,
        template=template,
        edited=False,
        content=content,
        checks=tuple(_checks(found)),
        report="",
        record=kept,
    )


def _checks(found: Answer) -> Iterator[Check]:
    """What a careful adviser looks at before an advice leaves."""
    facts = {name: given for part in found.parts for name, given in part.unit.facts.items()}
    missing = found.waits
    asks = "; ".join(f"{found.book.facts[name].ask} ({name})" for name in missing)
    yield Check(name="Nothing is missing", ok=not missing, found=asks or "every question is answered")
    loose = [name for name, given in facts.items() if given.standing in ("assumed", "disputed")]
    yield Check(name="Facts assumed or disputed", ok=not loose, found=", ".join(loose) or "none")
    given = [item.warning for part in found.parts for item in part.warnings if item.state]
    grave = list(dict.fromkeys(item.text for item in given if item.severity == "danger"))
    yield Check(name="Warnings of danger", ok=not grave, found=" ".join(grave) or "none")
    rules = dict.fromkeys(name for part in found.parts for asked in part.questions for name in asked.rules)
    unread = dict.fromkeys(
        citations.short(found.book, cited)
        for name in rules
        for cited in found.book.rules[name].authority
        if cited.mark in ("memory", "second_hand")
    )
    yield Check(name="Authorities whose text was not read", ok=not unread, found="; ".join(unread) or "none")


def verified(record_bytes: bytes, content: bytes, pack: str) -> tuple[bool, list[str]]:
    """Whether a document is what its record says, and can be made again byte for byte; and what differs."""
    with TemporaryDirectory() as folder:
        kept, output = Path(folder) / "output.record.json", Path(folder) / "output"
        kept.write_bytes(record_bytes)
        output.write_bytes(content)
        try:
            verdict = record_strict.verify(kept, law(pack), output)
        except BadInput as error:
            return False, [str(problem) for problem in error.problems]
    return verdict.same, [line.replace(folder + "/", "") for line in verdict.lines]


def replayed(record_bytes: bytes, as_at: str, pack: str) -> list[str]:
    """What changes if the facts of a record are put under the law of now, or as at another day. Raises BadInput."""
    with TemporaryDirectory() as folder:
        kept = Path(folder) / "output.record.json"
        kept.write_bytes(record_bytes)
        _, lines = record_strict.replay(kept, law(pack), as_at)
    return [line.replace(folder + "/", "") for line in lines]


# --- the law, readable ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rule:
    """A question, rule, amount, parameter, warning or comparison, in a line."""

    id: str
    kind: str
    text: str
    authority: tuple[str, ...] = ()
    favours: str = ""
    strength: str = ""


@lru_cache
def rules(pack: str) -> tuple[Rule, ...]:
    """All of the law of a pack in short."""
    book = host.book(pack)

    def cited(rule: Any) -> tuple[str, ...]:
        return tuple(citations.short(book, item) for item in rule.authority)

    found = [Rule(name, "question", item.ask) for name, item in book.questions.items()]
    found += [Rule(item.id, "rule", item.text, cited(item)) for item in book.rules.values()]
    found += [Rule(item.id, "amount", f"{item.label} = {item.formula}", cited(item)) for item in book.amounts.values()]
    found += [Rule(item.name, "parameter", item.label) for item in book.parameters.values()]
    found += [Rule(item.id, f"warning: {item.severity}", item.text, cited(item)) for item in book.warnings.values()]
    return (*found, *(Rule(item.id, "ways compared", item.title, cited(item)) for item in book.regimes.values()))


def page(name: str, pack: str) -> str:
    """One of them as it is written. Raises BadInput."""
    text = strict_pages.shown(host.book(pack), packs.home("rules", pack), name)
    return re.sub(rf"^.*?(?={re.escape(pack)}/)", "", text)


def handbook(pack: str) -> dict[str, str]:
    """All of it as pages of Markdown."""
    return strict_pages.handbook(host.book(pack))
