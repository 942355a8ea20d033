"""The commands as functions. What each means, its limits and its words are those of the command of the same name.

    >>> import caprev
    >>> found = caprev.assess({"development": {"lots": 12}, "involvement": {"level": "minor"}})
    >>> found.parcels[0].characterisation
    'capital'

All take `pack` (which body of law), `as_at` (the law of which day, YYYY-MM-DD), `position` (whose answers to unsettled
points) and `parcel` (only this one); where one is not given, it is that of the matter, else of the pack. `assessor` is
law of your own, from `load`; law that is shipped is loaded at the first call and kept.

All raise BadInput, and nothing else, for what they are given; its `problems` say where, what and how to mend it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from caprev import record
from caprev.api import contract, naming
from caprev.api.given import Facts, is_text, placed, source
from caprev.api.loading import law
from caprev.argument.tree import arguments
from caprev.changes import compare as comparing
from caprev.changes import settling
from caprev.documents.content.model import FORMATS
from caprev.documents.reports import assessment_json, changes, comparison, memorandum
from caprev.documents.reports import debate as debates
from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts import against as holding
from caprev.reasoning import analysis
from caprev.reasoning.assess import Assessor
from caprev.teaching import debate as debating

_UP_TO = (1, 2, 3)


def assess(
    facts: Facts,
    assessor: Assessor | None = None,
    *,
    pack: str = "",
    as_at: str = "",
    position: str = "",
    parcel: str = "",
    without: Iterable[str] = (),
) -> contract.Assessment:
    """The conclusion on every parcel and its reasons. `without` leaves decided cases out of the base.

    >>> found = assess("cases/au-land/rulings/1052196215679.yaml")
    >>> parcel = found.parcels[0]
    >>> parcel.characterisation, parcel.route, parcel.strength
    ('capital', 'mere_realisation', 'moderate')
    >>> found.to_dict()["schema"]
    'caprev.assessment/1'
    """
    with placed():
        inner = _Asked(facts, assessor, pack, as_at, position, parcel, without).assessment
        done = contract.Assessment.model_validate(assessment_json.as_dict(inner, arguments(inner)))
    done._inner = inner
    return done


def as_dict(assessment: contract.Assessment | analysis.Assessment) -> dict[str, Any]:
    """The assessment as data, by the JSON contract."""
    if isinstance(assessment, contract.Assessment):
        return assessment.to_dict()
    return assessment_json.as_dict(assessment, arguments(assessment))


def explain(assessment: contract.Assessment | analysis.Assessment, detail: bool = False) -> str:
    """The assessment as a memorandum in plain text.

    >>> print(explain(assess("cases/au-land/rulings/1052196215679.yaml")).splitlines()[3])
    CONCLUSION: CAPITAL
    """
    inner = assessment.inner if isinstance(assessment, contract.Assessment) else assessment
    return memorandum.render(inner, arguments(inner), detail)


def missing(
    facts: Facts,
    assessor: Assessor | None = None,
    *,
    up_to: int = 2,
    most: int | None = None,
    pack: str = "",
    as_at: str = "",
    position: str = "",
    parcel: str = "",
) -> tuple[contract.Missing, ...]:
    """For each parcel: which facts not known could change the conclusion, and the smallest sets that settle it.

    Each set shown is confirmed by a full assessment, which is most of the work: `most` each way, or all of those found.

    >>> (found,) = missing("cases/au-land/rulings/1052196215679.yaml", up_to=1)
    >>> found.missing[0].ask != "" and found.settling[0].to
    'revenue'
    """
    with placed():
        _size(up_to, most)
        asked = _Asked(facts, assessor, pack, as_at, position, parcel)
        return tuple(
            contract.Missing.model_validate(
                changes.missing_data(
                    c := part.conclusion,
                    part.missing,
                    settling.settling(asked.assessor, c, asked.assessment.cases, up_to, most),
                )
            )
            for part in asked.assessment.analyses
        )


def flips(
    facts: Facts,
    assessor: Assessor | None = None,
    *,
    up_to: int = 3,
    most: int | None = None,
    fixed: Iterable[str] = (),
    free: Iterable[str] = (),
    pack: str = "",
    as_at: str = "",
    position: str = "",
    parcel: str = "",
) -> tuple[contract.Flips, ...]:
    """For each parcel: the smallest changes of known facts that change the conclusion, complete up to a size.

    `fixed` facts or sections stay as they are; `free` ones may change although they are past and done. Each change
    shown is confirmed by a full assessment: the first `most`, or all of those found.

    >>> (found,) = flips("cases/au-land/rulings/1052196215679.yaml", up_to=1)
    >>> all(len(flip.changes) == 1 for flip in found.flips)
    True
    """
    with placed():
        _size(up_to, most)
        asked = _Asked(facts, assessor, pack, as_at, position, parcel)
        held, freed = (naming.facts(asked.book, names) for names in (fixed, free))
        done = []
        for c in asked.assessment.conclusions:
            found = settling.turns(asked.assessor, c, asked.assessment.cases, held, freed, up_to, most)
            told = changes.flips_data(c, found.shown, found.count, found.sways)
            done.append(contract.Flips.model_validate(told))
        return tuple(done)


def whatif(
    facts: Facts,
    suppose: Mapping[str, Any],
    assessor: Assessor | None = None,
    *,
    pack: str = "",
    as_at: str = "",
    position: str = "",
    parcel: str = "",
) -> tuple[contract.Comparison, ...]:
    """For each parcel: the conclusion as it is beside that on other facts, what moved and why.

    Values as in a fact set, or in plain words (`"about 20"`); None or `"unknown"` supposes that it is not known.

    >>> (found,) = whatif("cases/au-land/rulings/1052196215679.yaml", {"involvement.level": "substantial"})
    >>> [(row.fact, row.left, row.right) for row in found.facts]
    [('involvement.level', 'none', 'substantial')]
    """
    with placed():
        asked = _Asked(facts, assessor, pack, as_at, position, parcel)
        written = [f"{name}={_written(value)}" for name, value in suppose.items()]
        done = []
        for c in asked.assessment.conclusions:
            settings = comparing.settings(asked.assessor, c.parcel, written)
            then = comparing.supposed(asked.assessor, c, settings, asked.found.file)
            diff = comparing.differences(asked.assessor, c, then)
            several = len(asked.assessment.matter.parcels) > 1
            title = asked.book.pack.unit.titled(c.parcel.id, "") if several else "as it is"
            told = comparison.data(asked.assessor.cases, diff, title, comparing.Other("what if", (then,)))
            done.append(contract.Comparison.model_validate(told))
        return tuple(done)


def compare(
    left: Facts,
    right: Facts,
    assessor: Assessor | None = None,
    *,
    pack: str = "",
    as_at: str = "",
    position: str = "",
    parcel: str = "",
    files: bool = True,
) -> tuple[contract.Comparison, ...]:
    """For each parcel: a matter beside another, or beside a decided case or a comparator, by its name.

    Without `files` a name is never looked for as a path: for names that somebody else gives.

    >>> from caprev import cases
    >>> case = cases()[0]
    >>> (found,) = compare("cases/au-land/rulings/1052196215679.yaml", case.id)
    >>> found.case.outcome == case.outcome, found.case.binds
    (True, False)
    """
    with placed():
        first = source(left) if isinstance(left, Mapping) or is_text(left) or Path(left).is_file() else None
        assessor = assessor or law(pack, first)
        as_at = as_at and naming.whole_day(as_at, "as_at")
        weigher = assessor.weigher(position or assessor.book.pack.position, as_at or assessor.book.pack.as_at)

        def other(facts: Facts) -> comparing.Other:
            if isinstance(facts, Mapping) or is_text(facts):
                made = comparing.matter(assessor, assessor.matter(source(facts)), weigher)
                return replace(made, title=made.title.strip("<>"))  # facts without a title have no file's name either
            named = comparing.other if files else comparing.decided
            return named(assessor, os.fspath(facts), weigher)

        mine, theirs = other(left), other(right)
        done = []
        for one, two in comparing.pairs(mine, theirs, parcel):
            diff = comparing.differences(assessor, one, two)
            told = comparison.data(assessor.cases, diff, mine.only(one).title, theirs.only(two))
            done.append(contract.Comparison.model_validate(told))
        return tuple(done)


def argue(
    facts: Facts,
    assessor: Assessor | None = None,
    *,
    side: str = "",
    moves: int = 0,
    vary: Iterable[str] = (),
    pack: str = "",
    as_at: str = "",
    position: str = "",
    parcel: str = "",
    without: Iterable[str] = (),
) -> contract.Debate:
    """Both sides argued, move by move. `side` opens; at most so many `moves`, if any number is given.

    >>> debate = argue("cases/au-land/rulings/1052196215679.yaml", moves=3)
    >>> [(move.number, move.kind) for move in debate.parcels[0].moves][-1]
    (3, 'close')
    """
    with placed():
        asked = _Asked(facts, assessor, pack, as_at, position, parcel, without)
        if side:
            naming.side(asked.book, side)
        if moves < 0:
            raise BadInput(Problem(f"{moves} is no number of moves", allowed="1 or more; 0 for all"))
        held = debating.debate(asked.assessor, asked.assessment, side, moves, tuple(vary), asked.without)
        return contract.Debate.model_validate_json(debates.data(asked.assessment, held))


def draft(
    facts: Facts,
    assessor: Assessor | None = None,
    *,
    form: str = "md",
    template: str = "",
    edited: bool = False,
    name: str = "",
    pack: str = "",
    as_at: str = "",
    position: str = "",
    parcel: str = "",
    without: Iterable[str] = (),
) -> contract.Draft:
    """One of the pack's documents as docx, pdf, html or md, with its checks and its record.

    `template` is its name in `pack.yaml`, without one the first: in au-land `ruling`, `advice`, `debate`, `information`
    and `questionnaire`. `edited` gives the de-identified form, with a report of what was hidden; `name` is that of its
    file, without which the report has none.

    >>> document = draft("cases/au-land/rulings/1052196215679.yaml", template="advice")
    >>> print(document.text.splitlines()[0])
    **DRAFT ADVICE**
    """
    with placed():
        if form not in FORMATS:
            wrong = f"there is no form '{form}'"
            raise BadInput(Problem(wrong, allowed=listing(FORMATS), fix=nearest(form, FORMATS)))
        asked = _Asked(facts, assessor, pack, as_at, position, parcel, without)
        template, _ = asked.book.pack.document(template, edited)
        request = record.requested(
            asked.assessment, "draft", form, template=template, edited=edited, parcel=parcel, without=asked.without
        )
        made = record.drafted(asked.assessor, asked.found, request, asked.assessment, name)
        kept = record.make(asked.assessor, asked.found, request, asked.assessment, made.content)
        checks = tuple(contract.Check(name=check.name, ok=check.ok, found=check.found) for check in made.checks)
        return contract.Draft(
            form=form,
            template=template,
            edited=edited,
            content=made.content,
            checks=checks,
            report=made.report,
            record=kept,
        )


def check(facts: Facts, against: str, assessor: Assessor | None = None, *, pack: str = "") -> contract.Checked:
    """A fact set held against the text that it was taken from: is what its sources quote there, which facts quote
    nothing, and which questions does the text seem to answer that the fact set leaves open? It decides nothing.

    >>> facts = {"taxpayer": {"retired": {"value": True, "source": 'Letter: "I retired in 2019"'}}}
    >>> [(quote.fact, quote.line) for quote in check(facts, "Dear Sir,\\nI RETIRED in\\n2019.").quotes]
    [('taxpayer.retired', 2)]
    """
    with placed():
        found = source(facts)
        assessor = assessor or law(pack, found)
        matter = assessor.matter(found)
        held = holding.check(matter, assessor.book.vocabulary, against)
        return contract.Checked(
            schema="caprev.check/1",
            facts_sha256=matter.sha256,
            quotes=tuple(contract.Quote(**vars(quote)) for quote in held.quotes),
            unquoted=tuple(contract.Unquoted(fact=fact, source=named) for fact, named in held.unquoted),
            proposals=tuple(contract.Proposal(**vars(proposal)) for proposal in held.proposals),
        )


# --- what is asked -------------------------------------------------------------------------------------------


class _Asked:
    """Facts, and what is asked of them, assessed."""

    def __init__(
        self,
        facts: Facts,
        assessor: Assessor | None,
        pack: str,
        as_at: str,
        position: str,
        parcel: str,
        without: Iterable[str] = (),
    ) -> None:
        self.found = source(facts)
        self.assessor = assessor or law(pack, self.found)
        self.book = self.assessor.book
        self.without = tuple(without)
        for name in self.without:
            naming.case(self.assessor, name)
        as_at = as_at and naming.whole_day(as_at, "as_at")
        matter = self.assessor.matter(self.found)
        self.assessment = self.assessor.assess(matter, position, as_at, self.without, parcel)


def _size(up_to: int, most: int | None) -> None:
    if up_to not in _UP_TO:
        raise BadInput(Problem(f"up_to is {up_to}", allowed=listing(map(str, _UP_TO))))
    if most is not None and most < 1:
        raise BadInput(Problem(f"most is {most}", allowed="1 or more, or None for all"))


def _written(value: Any) -> str:
    """A value as `--set` takes it."""
    if value is None:
        return "unknown"
    return value if isinstance(value, str) else json.dumps(value, default=str)
