"""The assessment as data: the JSON contract `caprev.assessment/1`."""

from __future__ import annotations

import json
from typing import Any

from caprev.argument import consequences
from caprev.argument.reasons import Fact, Reason, in_short
from caprev.argument.tree import Argument
from caprev.law import citations
from caprev.law.figures import Worked
from caprev.law.telling import told
from caprev.reasoning.analysis import Assessment
from caprev.reasoning.answers import Answer
from caprev.reasoning.consequences import Followed
from caprev.reasoning.findings import Finding

SCHEMA = "caprev.assessment/1"


def as_dict(assessment: Assessment, arguments: list[Argument]) -> dict[str, Any]:
    """One object for the matter; keys and order are fixed."""
    keys = ("id", "title", "questions", "period", "scheme", "notes")
    about = {key: assessment.matter.about.get(key) for key in keys}
    return headed(SCHEMA, assessment, about, [_parcel(argument) for argument in arguments])


def headed(schema: str, assessment: Assessment, about: dict[str, Any], parcels: list[dict[str, Any]]) -> dict[str, Any]:
    """What is told of parcels, with the matter and the law that it is told of."""
    matter, book = assessment.matter, assessment.rulebook
    return {
        "schema": schema,
        "matter": about,
        "as_at": matter.as_at,
        "law_as_at": assessment.as_at,
        "position": assessment.position,
        "rulebook": {"version": book.pack.version, "sha256": book.sha256},
        "facts_sha256": matter.sha256,
        "disclaimer": book.pack.disclaimer,
        "parcels": parcels,
    }


def render(assessment: Assessment, arguments: list[Argument]) -> str:
    """The object as text: two-space indent, characters as they are, a final newline."""
    return json.dumps(as_dict(assessment, arguments), indent=2, ensure_ascii=False) + "\n"


def _parcel(argument: Argument) -> dict[str, Any]:
    c, book, analysis = argument.conclusion, argument.book, argument.analysis
    guidance = c.guidance
    issues = {name: _issue(argument, name) for name, node in book.nodes.items() if node.kind == "issue"}
    return {
        "id": c.parcel.id,
        "title": c.parcel.title,
        "characterisation": c.characterisation,
        "route": c.route,
        "route_arguable": analysis.other_road.route if analysis.other_road else None,
        "strength": c.strength,
        book.sides.key: c.chance,
        "robust": c.robust,
        "balance": {"value": c.balance, "low": c.low, "high": c.high},
        "neutral": book.weighing.calibration.neutral,
        "strong": {
            "reached": c.earning.reached,
            "open": list(c.earning.waits_on),
            "lead": c.earning.lead,
            "lead_needed": c.earning.needed,
            "complete": c.earning.complete,
            "under_appeal": list(c.earning.appealed),
        },
        "decided_by": c.decided_by,
        "voices": {"rules": c.rules, "precedent": guidance.constraint, "analogy": guidance.analogy or "even"},
        "issues": {name.replace("-", "_"): issue for name, issue in issues.items()},
        "indicators": [
            {"id": name, "of": _parent(argument, name), "title": node.title, **_sides(c.findings[name])}
            for name, node in book.nodes.items()
            if node.kind == "indicator"
        ],
        "factors": [_factor(argument, name) for name in book.factors],
        "precedents": {
            "constraint": guidance.constraint,
            "by": [{"case": p.case.id, "outcome": p.case.outcome, "unless": list(p.unless)} for p in guidance.by],
            "persuaded_by": [p.case.id for p in guidance.persuaders],
            "on_point": [
                {
                    "case": p.case.id,
                    "name": p.case.name,
                    "outcome": p.case.outcome,
                    "court": p.case.court,
                    "shared": list(p.here),
                    "all_shared": [name for name in p.comparison.shared if name not in p.apart],
                    "distinguishing": list(p.apart),
                    "not_shown": list(p.unknown),
                    "grounds": [{"ground": s.factor, "degree": s.degree, "by": s.by} for s in p.grounds],
                }
                for p in analysis.near
            ],
        },
        "turns_on": analysis.turns_on,
        "unsettled": [
            {
                "point": item.point,
                "answer": item.answer,
                "otherwise": in_short(item.otherwise) if item.otherwise else "",
                "turns": item.turns,
            }
            for item in analysis.unsettled
        ],
        "rests_on": [
            {"fact": b.given.fact.name, "standing": b.given.standing, "without": b.without} for b in analysis.bearing
        ],
        "missing": [
            {
                "fact": item.fact,
                "ask": item.ask,
                "why": list(item.factors),
                "effect": item.effect.words,
                "probability_from": item.low,
                "probability_to": item.high,
                "moves": item.moves,
            }
            for item in analysis.missing
        ],
        "consequences": [_consequence(argument, item) for item in analysis.follows],
        **{subject: _answered(argument, parts) for subject, parts in analysis.answered.items()},
        "argument": _reason(argument.tree()),
    }


def _parent(argument: Argument, indicator: str) -> str:
    return next((name for name, node in argument.book.nodes.items() if indicator in node.weighs), indicator)


def _sides(finding: Finding) -> dict[str, Any]:
    return {
        "finding": finding.state,
        "robust": finding.robust,
        "balance": finding.balance,
        "for": list(finding.supports),
        "against": list(finding.opposes),
        "open": list(finding.open),
    }


def _issue(argument: Argument, name: str) -> dict[str, Any]:
    node, findings = argument.book.nodes[name], argument.conclusion.findings
    found: dict[str, Any] = _sides(findings[name])
    elements = _elements(argument, name)
    if elements and not node.none:
        found["elements"] = elements
    return found


def _elements(argument: Argument, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for part in argument.book.nodes[name].parts:
        if argument.book.nodes[part].kind == "element":
            found[part] = _sides(argument.conclusion.findings[part])
            found |= _elements(argument, part)
    return found


def _factor(argument: Argument, name: str) -> dict[str, Any]:
    rule, state = argument.book.factors[name], argument.conclusion.states[name]
    return {
        "id": name,
        "state": state,
        "favours": rule.favours,
        "strength": rule.strength,
        "weight": argument.book.weights[rule.id] if rule.favours != "neutral" else 0.0,
        "counted": name in argument.conclusion.weigher.active,
        "authority": [citations.short(argument.book, cited) for cited in rule.authority],
        "facts": [fact_data(fact) for fact in (argument.grounds.facts_of(name) if state != "unknown" else ())],
    }


def fact_data(fact: Fact) -> dict[str, str]:
    """A fact that something rests on."""
    return {"fact": fact.name, "value": fact.value, "source": fact.source, "standing": fact.standing}


def _consequence(argument: Argument, item: Followed) -> dict[str, Any]:
    rule = item.rule
    return {
        "id": rule.id,
        "title": rule.title,
        "state": item.state,
        "says": rule.says,
        "question": rule.question,
        "authority": [citations.short(argument.book, cited) for cited in rule.authority],
        "unverified": rule.unverified,
        "facts": [fact_data(fact) for fact in consequences.facts_of(argument.grounds, item)],
        "depends_on": [wait.name for wait in item.waits],
        "ask": [wait.ask for wait in item.waits],
        "figures": [_figure(worked) for worked in item.figures],
        "signs": [
            {"sign": counted.sign.text, "present": counted.state, "facts": list(counted.facts)}
            for counted in item.signs
        ],
        "finding": item.finding,
        "unsettled": list(rule.unsettled),
        "warning": rule.warning,
        "limits": rule.limits,
    }


def _answered(argument: Argument, parts: tuple[Answer, ...]) -> dict[str, Any]:
    """A further question: the answer to each part, and why: the rule that gives it, or those that it waits on."""
    return {
        **{part.part: part.answer for part in parts},
        "why": [
            {
                "question": part.part,
                "rule": item.rule.id,
                "says": item.rule.says,
                "authority": [citations.short(argument.book, cited) for cited in item.rule.authority],
                "facts": [given.fact.name for given in item.facts],
                "depends_on": [wait.name for wait in item.waits],
                "ask": [wait.ask for wait in item.waits],
            }
            for part in parts
            for item in part.open or part.by
        ]
        + [
            {"question": part.part, "says": told(part.unruled, argument.analysis.tense)}
            for part in parts
            if not (part.open or part.by)
        ],
    }


def _figure(worked: Worked) -> dict[str, Any]:
    """A figure: one value, a range whose open end is null, or no value; and what is missing for it to be exact."""
    ends = [None if end is None else float(end) for end in (worked.low, worked.high)]
    value = None if not worked.told else ends[0] if ends[0] == ends[1] else ends
    return {
        "id": worked.figure.id,
        "label": worked.figure.label,
        "formula": worked.formula,
        "value": value,
        "rounding": worked.currency.rounding,
        "missing": list(worked.missing),
    }


def _reason(reason: Reason) -> dict[str, Any]:
    node: dict[str, Any] = {
        "kind": reason.kind.value,
        "heading": reason.heading,
        "text": reason.text,
        "rule": reason.rule,
        "side": reason.side,
        "verdict": reason.verdict,
        "authority": list(reason.authority),
        "facts": [fact.text for fact in reason.facts],
        "named": {named.words: list(named.ids) for named in reason.named},
        "notes": list(reason.notes),
        "children": [_reason(child) for child in reason.children],
    }
    return {key: value for key, value in node.items() if value}
