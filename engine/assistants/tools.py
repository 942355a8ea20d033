"""What each tool does, as plain functions: the same answers as the command line, cut to what an assistant can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import Field

import caprev
from caprev.api import lawbook
from caprev.assistants.words import LIMITS
from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts.vocabulary import Fact, Vocabulary
from caprev.law import citations
from caprev.reasoning.assess import Assessor

FactSet = Annotated[
    dict[str, Any],
    Field(
        description='A fact set: {"section": {"fact": value or {"value", "source", "standing", "note"}}}, or flat as '
        '{"facts": {"section.fact": ...}}; "matter": {"id", "title", "as_at": "YYYY-MM-DD"}. '
        "Give every fact its source, with the words of the text between quotation marks. Leave out what is "
        "not said."
    ),
]
AsAt = Annotated[str, Field(description="Apply the law as at this day, YYYY-MM-DD; empty for the rulebook's own.")]
Position = Annotated[str, Field(description="Whose answers to unsettled points; empty for the rulebook's own.")]
Section = Annotated[str, Field(description="Only this section; empty lists all facts in short.")]
Most = Annotated[int, Field(ge=1, le=50, description="At most so many.")]


class Tools:
    """The tools on one body of law. All raise BadInput, in words an assistant can act on."""

    def __init__(self, assessor: Assessor) -> None:
        self.assessor = assessor
        self.book = assessor.book
        self.limits = LIMITS.format(disclaimer=self.book.pack.disclaimer)

    @property
    def all(self) -> tuple[Callable[..., Any], ...]:
        """Every tool, in the order in which an assistant needs them."""
        return (
            self.describe_facts,
            self.check_facts,
            self.assess,
            self.missing,
            self.what_would_change,
            self.compare_with_case,
            self.explain_rule,
            self.search_cases,
            self.draft,
        )

    def describe_facts(self, section: Section = "") -> dict[str, Any]:
        """The facts there are: names, types, allowed values and the question each answers. Call this first.

        Without a section: every fact in short. With one: its facts with what may be written and the paper that proves
        each. Use these names and values only; a fact that the text does not state is left out, never guessed.
        """
        return described(self.book.vocabulary, section)

    def check_facts(
        self,
        facts: FactSet,
        text: Annotated[str, Field(description="The text the facts were taken from, whole and unchanged.")] = "",
    ) -> dict[str, Any]:
        """Check a fact set before it is assessed, and hold it against the text that it was taken from.

        Gives every problem with its place; each quotation that the text does not have; the facts without a quotation;
        and questions the text seems to answer that are left open. Mend the problems and the quotations. A proposal is
        no fact: put it to the user with its passage.
        """
        try:
            found = caprev.check(facts, text, self.assessor).to_dict()
        except BadInput as error:
            return {"usable": False, "problems": [problem.to_dict() for problem in error.problems]}
        told: dict[str, Any] = {"usable": True, "problems": [], "facts_sha256": found["facts_sha256"]}
        if text:
            quotes = found["quotes"]
            told["not_in_the_text"] = [quote for quote in quotes if not quote["line"]]
            told["in_the_text"] = [quote for quote in quotes if quote["line"]]
            told["seems_answered_but_open"] = found["proposals"]
        return told | {"without_a_quotation": found["unquoted"]}

    def assess(
        self,
        facts: FactSet,
        as_at: AsAt = "",
        position: Position = "",
        parcel: Annotated[str, Field(description="Only this one of several; empty for all.")] = "",
        whole: Annotated[bool, Field(description="Also the whole result as data; long.")] = False,
    ) -> dict[str, Any]:
        """The conclusion by the rules, with its reasons: a side, or undetermined. This decides; you do not.

        Call check_facts first. Show the user the conclusion together with its strength, whether it is robust, what it
        rests on, what could still change it, and `limits`; never the conclusion alone. The memorandum names rule,
        authority and facts of every step; quote it rather than reasoning anew.
        """
        found = caprev.assess(facts, self.assessor, as_at=as_at, position=position, parcel=parcel)
        told = {
            "law_as_at": found.law_as_at,
            "position": found.position,
            "rulebook": found.rulebook.to_dict(),
            "facts_sha256": found.facts_sha256,
            "parcels": [_brief(part.to_dict()) for part in found.parcels],
            "memorandum": caprev.explain(found),
            "limits": self.limits,
        }
        return told | ({"assessment": found.to_dict()} if whole else {})

    def missing(
        self, facts: FactSet, most: Most = 8, as_at: AsAt = "", position: Position = ""
    ) -> list[dict[str, Any]]:
        """For each parcel, the facts not known that could change the conclusion, the most telling first.

        Put these questions to the user as they are worded, with the paper that would prove each. Never answer them
        yourself. `settling` are the smallest sets of answers that would turn the conclusion.
        """
        found = caprev.missing(facts, self.assessor, up_to=1, most=most, as_at=as_at, position=position)
        return [_cut(part.to_dict(), most) for part in found]

    def what_would_change(
        self,
        facts: FactSet,
        suppose: Annotated[
            dict[str, Any] | None,
            Field(description='Facts supposed otherwise, {"section.fact": value}; left out, the smallest changes.'),
        ] = None,
        up_to: Annotated[int, Field(ge=1, le=3, description="Changes of at most so many facts together.")] = 1,
        most: Most = 10,
        as_at: AsAt = "",
        position: Position = "",
    ) -> list[dict[str, Any]]:
        """For each parcel, the smallest changes of facts that change the conclusion; or what facts supposed would do.

        A hypothesis, not the matter: say so. Never suggest that a fact be stated otherwise than it is.
        """
        asked: dict[str, Any] = {"as_at": as_at, "position": position}
        if suppose:
            return [part.to_dict() for part in caprev.whatif(facts, suppose, self.assessor, **asked)]
        found = caprev.flips(facts, self.assessor, up_to=up_to, most=most, **asked)
        return [_cut(part.to_dict(), most) for part in found]

    def compare_with_case(
        self,
        facts: FactSet,
        case: Annotated[str, Field(description="A decided case by its id or short name; search_cases finds them.")],
        as_at: AsAt = "",
        position: Position = "",
    ) -> list[dict[str, Any]]:
        """For each parcel, the matter beside a decided case: what is shared, what distinguishes it, whether it binds.

        Cite a case only as this and search_cases give it, with its pinpoints and their marks.
        """
        found = caprev.compare(facts, case, self.assessor, as_at=as_at, position=position, files=False)
        return [part.to_dict() for part in found]

    def explain_rule(
        self, rule: Annotated[str, Field(description="The id of a rule, an unsettled point or a decided case.")]
    ) -> str:
        """A rule or a decided case as it stands in the rulebook: text, conditions, authority with pinpoints, limits.

        A pinpoint marked unverified was not read; keep the mark when you cite it.
        """
        return caprev.page(rule, assessor=self.assessor)

    def search_cases(
        self,
        about: Annotated[str, Field(description="Words that all must occur in the case; empty for any.")] = "",
        facts: Annotated[
            dict[str, Any] | None, Field(description="A fact set: the cases most on point for it, for each side.")
        ] = None,
        most: Most = 5,
    ) -> dict[str, Any]:
        """Decided cases, by words or by a matter's facts; for a matter, the nearest for each side, with what is shared.

        These are all the cases there are here. Cite no other as if these tools had given it.
        """
        known = {case.id: case for case in caprev.cases(about, assessor=self.assessor)}
        if facts is None:
            return {"cases": [case.to_dict() for case in list(known.values())[:most]], "of": len(known)}
        near: dict[str, list[dict[str, Any]]] = {side: [] for side in self.book.sides.ids}
        for part in caprev.assess(facts, self.assessor).parcels:
            for found in part.precedents.on_point:
                if found.case in known and len(near[found.outcome]) < most:
                    citation = citations.full(self.book, self.assessor.cases.cases[found.case].authority)
                    near[found.outcome].append({"parcel": part.id, "citation": citation, **found.to_dict()})
        return {"nearest": near, "of": len(known)}

    def draft(
        self,
        facts: FactSet,
        template: Annotated[str, Field(description="Its name; empty: the first that there is.")] = "",
        edited: Annotated[bool, Field(description="The de-identified form.")] = False,
        as_at: AsAt = "",
        position: Position = "",
    ) -> dict[str, Any]:
        """A document as Markdown, with its checks: {documents}. Give it to the user as it is.

        It is for a person to settle: say so, and show every check that is not ok. Word and PDF come from
        `caprev draft FILE --to draft.docx`.
        """
        made = caprev.draft(
            facts, self.assessor, form="md", template=template, edited=edited, as_at=as_at, position=position
        )
        checks = [check.to_dict() for check in made.checks]
        report = {"replacements": made.report} if edited else {}
        return {"document": made.text, "checks": checks, **report, "limits": self.limits}

    # what resources show

    def schema(self) -> dict[str, Any]:
        """What a fact set may hold."""
        return lawbook.schema(assessor=self.assessor)

    def rules(self) -> str:
        """Every rule in a line: id, kind, what it says."""
        return "".join(f"{rule.id}  [{rule.kind}]  {rule.text}\n" for rule in lawbook.rules(assessor=self.assessor))

    def cases(self) -> str:
        """Every decided case in a line: id, outcome, citation."""
        return "".join(
            f"{case.id}  [{case.outcome}{'' if case.shown else ', not shown as authority'}]  {case.citation}\n"
            for case in lawbook.cases(assessor=self.assessor)
        )


def described(vocabulary: Vocabulary, section: str) -> dict[str, Any]:
    """The facts of a vocabulary in short, or those of a section in full. Raises BadInput for a section there is not."""
    sections = vocabulary.sections
    if section and section not in sections:
        what = f"there is no section '{section}'"
        raise BadInput(Problem(what, allowed=listing(sections), fix=nearest(section, sections)))
    shown = [fact for fact in vocabulary if not section or fact.name.startswith(f"{section}.")]
    return {
        "sections": list(sections),
        "facts": [_described(fact, bool(section)) for fact in shown],
        "partial_values": 'Not sure: {"one_of": [...]}, {"at_least": n, "at_most": n} for numbers and dates, '
        '{"includes": [...], "excludes": [...]} for sets that may have more. A date may be YYYY, YYYY-MM or '
        "YYYY-MM-DD.",
    }


def _described(fact: Fact, whole: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"name": fact.name, "type": fact.type, "ask": fact.ask}
    told |= {"values": list(fact.values)} if fact.values else {}
    told |= {"unit": fact.unit} if fact.unit else {}
    if whole:
        told |= {"evidence": fact.evidence} if fact.evidence else {}
        told |= {"synonyms": dict(fact.synonyms)} if fact.synonyms else {}
    return told


def _brief(parcel: Mapping[str, Any]) -> dict[str, Any]:
    """What of a parcel's conclusion must be shown."""
    kept = ("id", "title", "characterisation", "route", "strength", "robust", "voices", "turns_on")
    return {
        **{key: value for key, value in parcel.items() if key in kept or key.startswith("probability_")},
        "rests_on_what_was_only_said": parcel["rests_on"],
        "could_still_change_it": [item["ask"] for item in parcel["missing"][:5]],
        "facts_not_known": len(parcel["missing"]),
    }


def _cut(told: dict[str, Any], most: int) -> dict[str, Any]:
    """Lists no longer than asked for; what is left out is counted."""
    for key in ("missing", "flips", "tornado"):
        if key in told:
            told[f"{key}_in_all"] = len(told[key])
            told[key] = told[key][:most]
    for part in told.get("settling", ()):
        part["sets"] = part["sets"][:most]
    return told
