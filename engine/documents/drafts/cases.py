"""The decided cases beside the matter, point by point: what is shared, what distinguishes, what is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from caprev.documents.content.model import Inline, Paragraph, Run, Table, law_run
from caprev.documents.drafts.application import Application
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.citations import Cite
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.documents.words.grounds import Grounds, listed, number, of_each
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.likeness import APART, HERE, Likeness, Standing

WIDTHS = (46, 16, 20, 18)
MOST = 4  # points that a case is silent on, named before the rest are counted


def chosen(material: Material, analysis: Analysis) -> list[Likeness]:
    """The cases to compare, from the closest on: what governs, the leading ones, and the closest for either side."""
    guidance = analysis.conclusion.guidance
    most = material.phrases.number("ruling.cases.most")
    names = [comparison.case.id for comparison in (*guidance.by, *guidance.persuaders)]
    names += [str(name) for name in material.phrases.listed("ruling.cases.leading")]
    for pole in material.book.sides.ids:
        closest = analysis.closest(pole)
        names += [closest.case.id] if closest else []
        # Beside the closest a ruling argues from courts: tribunals and foreign courts only where they persuade or lead.
        fresh = [item.case.id for item in analysis.near_for(pole) if _court(material, item)]
        names += [name for name in fresh if name not in names][:most]
    side = analysis.conclusion.characterisation
    found = [item for item in analysis.beside if item.case.id in names]
    return sorted(found, key=lambda item: item.case.outcome != side) if side != "undetermined" else found


def compare_cases(writer: Writer, material: Material, application: Application) -> None:
    """Every chosen case in a paragraph: what it held, what is shared, what is not, and why it matters.

    A case with which no known point can be compared is left out.
    """
    compared = list(_compared(material, application.analysis))
    if application.before is None or not compared:
        writer.paragraph(material.phrases(f"ruling.cases.{'lead' if compared else 'lead_none'}"))
    said: set[str] = set()
    together = [[item for item, _ in compared if _again(application, item) is way] for way in (True, False)]
    together = [items for items in together if items[1:]]
    for comparison, rows in compared:
        if any(comparison in items for items in together):
            continue
        _told(writer, material, application, comparison, rows, said)
    for items in together:
        _together(writer, material, application, items, said)
    side = application.concluded.characterisation
    near = [_short_name(material, c) for c, _ in compared if c.case.outcome == side and c.here]
    far = [_short_name(material, c) for c, _ in compared if c.case.outcome != side]
    if near and far and side != "undetermined" and not together[1:]:  # these say it themselves
        writer.paragraph(
            material.phrases("ruling.cases.nearer"), near=law_run(listed(near)), far=law_run(listed(far, "or"))
        )


def _compared(material: Material, analysis: Analysis) -> Iterator[tuple[Likeness, list[_Row]]]:
    for comparison in chosen(material, analysis):
        rows = _joined(_rows(material, analysis, comparison))
        if rows:
            yield comparison, rows


def _told(
    writer: Writer,
    material: Material,
    application: Application,
    comparison: Likeness,
    rows: Sequence[_Row],
    said: set[str],
) -> None:
    """One case; `said` are the points of the cases and of this matter alone that earlier ones have named."""
    phrases, case, grounds, analysis = material.phrases, comparison.case, application.grounds, application.analysis
    later = case.decided[:10] > analysis.assessment.matter.as_at
    again = case.id in application.compared
    application.compared.add(case.id)
    told = list(
        writer.text(
            writer.turn("ruling.cases.again" if again else "ruling.cases.summary"),
            name=writer.text(f"{{@{case.authority}}}"),
            court=law_run(case.court.partition(" (")[0]),
            year=law_run(f"{case.decided[:4]}{phrases('ruling.cases.later') if later else ''}"),
            held=law_run(phrases(f"ruling.cases.held.{case.outcome}")),
            ratio=law_run(case.ratio.strip()),
        )
    )
    if not again:
        writer.cite(told, [Cite(case.authority)])
    own = comparison.of("shared")
    shared = grounds.distinct(own or (() if comparison.here else comparison.told), 3)
    lacking = _without(material, comparison)
    beyond = grounds.distinct(comparison.beyond, 2)
    beyond = [name for name in beyond if f"here {name}" not in said]
    said.update(f"here {name}" for name in beyond)
    parts = []
    if shared:
        parts.append(
            writer.turn("ruling.cases.shares").format(grounds=listed([grounds.short(name) for name in shared]))
        )
    for degree, key in (("stronger", "told_stronger"), ("other_form", "told_other")):
        items = [item for item in comparison.grounds if item.degree == degree and item.says and item.says not in said]
        forms = [_form(grounds, item) for item in items[:2]]
        said.update(item.says for item in items[:2] if not item.by)
        if forms:
            nouns = all(item.by in grounds.said for item in items[:2])  # else some are clauses
            parts.append(writer.turn(f"ruling.cases.{key}").format(forms=listed(forms) if nouns else "; ".join(forms)))
    if not (comparison.here or shared):
        parts.append(writer.turn("ruling.cases.shares_nothing"))
    if lacking:
        fresh, known = ([n for n in lacking if (n in said) is named] for named in (False, True))
        said.update(fresh)
        if fresh:
            texts = [lower_first(material.book.factors[name].text.rstrip(".")) for name in fresh]
            parts.append(writer.turn("ruling.cases.only_there").format(grounds="; ".join(texts)))
        if known:
            texts = [grounds.theirs(name) for name in known]
            named = phrases(f"ruling.cases.named_there{number(texts)}").format(grounds=listed(texts))
            parts.append(upper_first(named))
    if beyond:
        names = [grounds.short(name) for name in beyond]
        parts.append(upper_first(phrases(f"ruling.cases.only_here{number(names)}").format(grounds=listed(names))))
    side = analysis.conclusion.characterisation
    key = "compared"
    if side not in ("undetermined", case.outcome):
        key = "distinguished" if lacking else "distinguished_by_more"
    elif side == case.outcome:
        key = "followed" if comparison.here else "same_way"
    if comparison.comparison in analysis.conclusion.guidance.by:
        key = "binds"
    parts.append(writer.turn(f"ruling.cases.{key}").format(name=_short_name(material, comparison)))
    facts = dict.fromkeys(fact for row in rows for name in row.factors for fact in material.told(analysis, name))
    writer.add(Paragraph((*told, *law_run(f" {' '.join(filter(None, parts))}")), "", case.id, tuple(facts)))


def _again(application: Application, comparison: Likeness) -> bool | None:
    """Whether a case went the way of this matter, where it was told for parcels with another outcome; else None."""
    c = application.concluded
    told = application.before is not None and comparison.case.id in application.before.compared
    if not told or comparison.comparison in (*c.guidance.by, *c.guidance.persuaders):
        return None
    return None if c.characterisation == "undetermined" else c.characterisation == comparison.case.outcome


def _together(
    writer: Writer, material: Material, application: Application, cases: Sequence[Likeness], said: set[str]
) -> None:
    """Cases told before that went one way, in one paragraph: what each shares, and what of it is not here."""
    phrases, grounds, analysis = material.phrases, application.grounds, application.analysis
    shared: list[tuple[str, str]] = []
    lacking: list[tuple[str, str]] = []
    beyond: dict[str, None] = {}
    for comparison in cases:
        name = _short_name(material, comparison)
        shared += [(grounds.short(ground), name) for ground in grounds.distinct(comparison.of("shared"), 2)]
        lacking += [(grounds.theirs(ground), name) for ground in _without(material, comparison)]
        beyond.update(dict.fromkeys(grounds.distinct(comparison.beyond, 2)))
    application.compared.update(comparison.case.id for comparison in cases)
    names: list[Inline] = []
    for index, comparison in enumerate(cases):
        between = "" if not index else " and " if index == len(cases) - 1 else ", "
        names += [Run(between)] if between else []
        names += writer.text(f"{{@{comparison.case.authority}}}")
    held = law_run(phrases(f"ruling.cases.held.{cases[0].case.outcome}"))
    followed = cases[0].case.outcome == application.concluded.characterisation
    key = "together_followed" if followed else "together"
    done = list(writer.text(phrases(f"ruling.cases.{key}"), names=names, held=held))
    parts = []
    for key, told in (("together_shared", shared), ("together_lacking", lacking)):
        if told:
            parts.append(phrases(f"ruling.cases.{key}").format(grounds=of_each(told)))
    fresh = [grounds.short(name) for name in beyond if f"here {name}" not in said][:3]
    said.update(f"here {name}" for name in beyond)
    if fresh:
        parts.append(upper_first(phrases(f"ruling.cases.only_here{number(fresh)}").format(grounds=listed(fresh))))
    rule = " ".join(comparison.case.id for comparison in cases)
    rested = (name for comparison in cases for name in comparison.of("shared"))
    facts = dict.fromkeys(fact for name in rested for fact in material.told(analysis, name))
    writer.add(Paragraph((*done, *law_run(f" {' '.join(parts)}")), "", rule, tuple(facts)))


def _form(grounds: Grounds, standing: Standing) -> str:
    """The form in which a ground of a case is here, as a clause."""
    if standing.by:
        return grounds.short(standing.by) if standing.by in grounds.said else grounds.clause(standing.by)
    return lower_first(second_person(standing.says).rstrip("."))


def _short_name(material: Material, comparison: Likeness) -> str:
    return str(material.book.authorities[comparison.case.authority].get("short") or comparison.case.name)


def _without(material: Material, comparison: Likeness, most: int = 2) -> list[str]:
    """What a case rested on and is absent here, the strongest first, one for each cluster."""
    found: dict[str, str] = {}
    for name in material.book.strongest(comparison.of("absent")):
        found.setdefault(material.book.factors[name].cluster, name)
    return list(found.values())[:most]


def case_tables(writer: Writer, material: Material, analysis: Analysis, level: int) -> None:
    """For the officer: every compared case point by point."""
    for comparison, rows in _compared(material, analysis):
        phrases, case = material.phrases, comparison.case
        short = _short_name(material, comparison)
        header = [text.format(short=short) for text in phrases.listed("ruling.cases.header")]
        facts = dict.fromkeys(fact for row in rows for name in row.factors for fact in material.told(analysis, name))
        writer.add(
            Table(
                phrases("ruling.cases.caption").format(short=short),
                (*header[:3], phrases("ruling.cases.result")),
                tuple(tuple(law_run(text) for text in (row.point, row.there, row.here, row.makes)) for row in rows),
                WIDTHS,
                case.id,
                tuple(facts),
                tuple(name for row in rows for name in row.factors),
            )
        )
        besides = [name for name in comparison.beyond if case.states[name] == "unknown"]
        if besides:
            told = second_person(points(material, besides))
            writer.add(Paragraph(writer.text(phrases("ruling.cases.besides"), points=law_run(told)), "", case.id))
        if comparison.unknown:
            named = law_run(points(material, comparison.unknown))
            writer.paragraph(phrases("ruling.cases.unknown"), rule=case.id, points=named)
        writer.paragraph(_shown(material, comparison), rule=case.id)


def points(material: Material, names: Sequence[str]) -> str:
    """Factors in one line, the strongest first; the rest are counted."""
    factors, order = material.book.factors, material.book.weighing.strengths
    ranked = sorted(names, key=lambda name: -order[factors[name].strength])[:MOST]
    points = [lower_first(factors[name].text).rstrip(".") for name in ranked]
    if len(names) > MOST:
        points.append(material.phrases("ruling.cases.rest").format(count=len(names) - MOST))
    return "; ".join(points)


class _Row(NamedTuple):
    """A point compared: the factors it is made of, in words, how it stood there and here, and what that makes of it.

    `facts` are the numbers of the facts it rests on here, where they are told.
    """

    factors: tuple[str, ...]
    point: str
    there: str
    here: str
    makes: str
    facts: str = ""


def _joined(rows: Iterable[_Row]) -> list[_Row]:
    """Points that stand alike on the same facts are one row."""
    done: dict[tuple[str, ...], _Row] = {}
    for row in rows:
        alike = (row.there, row.here, row.makes) if row.facts else row.factors
        earlier = done.get(alike)
        if earlier:
            point = f"{earlier.point.rstrip('.')}; {lower_first(row.point)}"
            row = row._replace(factors=earlier.factors + row.factors, point=point)
        done[alike] = row
    return list(done.values())


def _rows(material: Material, analysis: Analysis, comparison: Likeness) -> Iterator[_Row]:
    """Factors, point, how it stood there, how it stands here, and what that makes of it."""
    words = material.phrases
    case, states = comparison.case, analysis.conclusion.states

    def word(key: str) -> str:
        return words(f"ruling.cases.{key}")

    def row(factor: str, there: str, makes: str, lacking: bool = False) -> _Row:
        where = material.refer(analysis.parcel.id, material.resting(analysis, factor))
        key = ("here_not" if where else "here_no") if lacking else ("here_yes" if where else "here_plain")
        if lacking and states[factor] == "met":
            key, where = "less", ""
        here = word(key).format(facts=where)
        return _Row((factor,), material.book.factors[factor].text, word(there), here, word(makes), where)

    def formed(ground: Standing, makes: str) -> _Row:
        """A ground that is here in another form: the form, and the facts on which that rests."""
        where = material.refer(analysis.parcel.id, material.resting(analysis, ground.by)) if ground.by else ""
        here = word(ground.degree).format(form=ground.says.rstrip("."), facts=where or word("form_plain"))
        return _Row(
            (ground.factor,), material.book.factors[ground.factor].text, word("relied"), here, word(makes), where
        )

    told: set[tuple[str, ...]] = set()
    for ground in comparison.grounds:
        if ground.degree in HERE:
            yield formed(ground, "shared") if ground.says else row(ground.factor, "relied", "shared")
    for name in (*comparison.besides, *comparison.overcome):
        if name in case.met:
            yield row(name, "overcome" if name in case.despite else "there", "shared")
    for ground in comparison.grounds:
        if ground.degree in APART:
            told.add(material.resting(analysis, ground.factor))
            if ground.says:
                yield formed(ground, "distinguishing")
            else:
                yield row(ground.factor, "relied", "distinguishing", lacking=True)
    for name in comparison.beyond:
        # What the case rested on and is not so here has been said; its opposite says it again.
        if case.states[name] == "unknown" or material.resting(analysis, name) in told:
            continue
        yield row(name, "more" if name in case.met else "absent", "distinguishing")


def _court(material: Material, comparison: Likeness) -> bool:
    return comparison.case.on_subject(material.book.pack) and comparison.case.level in material.book.pack.binding_levels


def _shown(material: Material, comparison: Likeness) -> str:
    """How many of the points on which a case rested are shown here."""
    of, count = len(comparison.case.because), len(comparison.here)
    key = "shown_none" if count == 0 else "shown_one" if of == 1 else "shown"
    return material.phrases(f"ruling.cases.{key}").format(count=count, of=of)
