"""What goes with a ruling: what follows in law, and for the officer what is still to be asked, settled and checked."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase
from typing import Literal

from caprev.argument.reasons import in_short
from caprev.documents.content.model import Inline, Item, Listing, Paragraph, Run, Table, law_run
from caprev.documents.drafts.application import grounds_table
from caprev.documents.drafts.cases import case_tables
from caprev.documents.drafts.facts import long_notes, proof
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.pictures import illustrate
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.grammar import joined, lower_first, second_person, upper_first
from caprev.documents.words.sentences import ask
from caprev.grouping import grouped
from caprev.law import citations
from caprev.law.telling import told as as_told
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.answers import UNDETERMINED, Answer
from caprev.reasoning.consequences import Followed, Wait

Share = Literal["all", "ruled", "others"]


def consequences(writer: Writer, material: Material, level: int, share: Share = "all") -> None:
    """What follows from each conclusion as at the date of the event; parcels for which the same follows together.

    A ruling states only what applies, is law beyond doubt and belongs to what it rules on; the officer gets the rest.
    """
    phrases, book = material.phrases, material.book
    ruled_on = phrases.listed("ruling.consequences.ruled_on")

    def ruled(item: Followed) -> bool:
        sure = not item.rule.unverified and not any(citations.doubt(book, cited.mark) for cited in item.rule.authority)
        return sure and item.state == "applies" and not item.far and item.rule.question in ruled_on

    alike: dict[tuple[object, ...], list[tuple[Analysis, tuple[Followed, ...]]]] = {}
    for analysis in material.analyses:
        items = analysis.follows
        if material.edited:
            items = tuple(item for item in items if item.state == "applies")
        if share != "all":
            items = tuple(item for item in items if ruled(item) is (share == "ruled"))
        key = tuple((item.rule.id, item.state, item.finding, item.waits) for item in items)
        alike.setdefault(key, []).append((analysis, items))
    if not any(items for members in alike.values() for _, items in members):
        return
    writer.heading(level, phrases(f"ruling.consequences.headings.{share}"))
    writer.paragraph(phrases(f"ruling.consequences.leads.{share}"), note=law_run(book.questions.note))
    said: set[str] = set()
    listed: set[str] = set()  # by their titles alone, as far from applying
    before: dict[tuple[object, ...], Analysis] = {}
    for members in _apart(list(alike.values()), share):
        if len(alike) > 1:
            names = material.titles([analysis for analysis, _ in members])
            writer.paragraph(phrases("ruling.consequences.for"), "label", parcels=names)
        told: set[str] = set()
        again: list[str] = []
        for question, title in book.questions.questions.items():
            answers = _answers(members[0], question)
            told |= {item.rule.id for answer in answers if not answer.open for item in answer.by}
            chosen = [item for item in members[0][1] if item.rule.question == question and not item.far]
            if chosen:
                writer.heading(level + 1, "{title}", title=law_run(title))
                for answer in answers:
                    _answer(writer, members[0][0], answer)
            for item in sorted(chosen, key=lambda found: found.state != "applies"):
                if item.rule.id in told:
                    continue
                if _stands(item) in before:
                    again.append(item.rule.id)
                else:
                    _consequence(writer, material, item, members, said)
        far = [item for item in members[0][1] if item.far and item.rule.id not in told]
        known = [item.rule.id for item in far if _stands(item) in before or item.rule.id in listed]
        _further(writer, material, [item for item in far if item.rule.id not in known])
        again += known
        listed.update(item.rule.id for item in far)
        if again:
            first = material.title(next(iter(before.values())).parcel.id)
            count = law_run(f"{len(again)}")
            writer.paragraph(phrases("ruling.consequences.again"), rule=" ".join(again), count=count, parcel=first)
        before.update({_stands(item): members[0][0] for item in members[0][1] if _stands(item) not in before})


Member = tuple[Analysis, tuple[Followed, ...]]


def _stands(item: Followed) -> tuple[object, ...]:
    """How a consequence stands: what follows in the same way of several parcels has the same."""
    return item.rule.id, item.state, item.finding, item.waits, item.far, tuple(worked.value for worked in item.figures)


def _apart(alike: list[list[Member]], share: Share) -> list[list[Member]]:
    """In a ruling, what follows for all parcels alike first, then what is each one's own."""
    if share != "ruled" or len(alike) < 2:
        return alike

    shared = set.intersection(*({_stands(item) for item in members[0][1]} for members in alike))

    def those(members: list[Member], common: bool) -> list[Member]:
        return [(a, tuple(item for item in items if (_stands(item) in shared) is common)) for a, items in members]

    parts = [[member for members in alike for member in those(members, True)], *(those(m, False) for m in alike)]
    return [members for members in parts if members[0][1]]


def _answers(shown: tuple[Analysis, tuple[Followed, ...]], question: str) -> list[Answer]:
    """The further questions that belong to a group of consequences of which any is shown."""
    analysis, items = shown
    subjects = [name for name, asked in analysis.book.questions.answered.items() if asked.question == question]
    if not any(item.rule.question == question for item in items):
        return []
    return [answer for name in subjects for answer in analysis.answered[name]]


def _answer(writer: Writer, analysis: Analysis, answer: Answer) -> None:
    """A further question with its answer and the rule that gives it, or what has to be known first."""
    by = () if answer.open else answer.by
    word = answer.asked.words.get(answer.answer, UNDETERMINED)
    done: list[Inline] = list(law_run(f"{answer.asked.ask} {upper_first(word)}.", bold=True))
    if answer.open and not answer.upon:
        done.append(Run(f" To be known first: {_asks(writer, answer.open[0].waits)}", law=True))
    elif by:
        done.append(Run(f" {second_person(by[0].rule.says)}", law=True))
        writer.cited(done, by[0].rule.authority)
    else:
        done.append(Run(f" {as_told(answer.unruled, analysis.tense)}", law=True))
    writer.add(Paragraph(tuple(done), rule=by[0].rule.id if by else ""))


def _further(writer: Writer, material: Material, items: Sequence[Followed]) -> None:
    """Points that are minor or far from applying, by their titles."""
    rows = tuple(Item(law_run(second_person(item.rule.title)), item.rule.id) for item in items)
    if rows:
        writer.paragraph(material.phrases("ruling.consequences.further"))
        writer.add(Listing(rows))


def _asks(writer: Writer, waits: Sequence[Wait]) -> str:
    """What is to be known first: each question in full with a letter, and where it was put before by that letter."""
    fresh, known = [], []
    for question, more in dict.fromkeys((ask(wait.question), wait.more) for wait in waits):
        if question in writer.asked:
            known.append(f"({writer.asked[question]})" + (f" ({lower_first(more.rstrip('.'))})" if more else ""))
        else:
            times, place = divmod(len(writer.asked), len(ascii_lowercase))
            writer.asked[question] = ascii_lowercase[place] * (times + 1)
            fresh.append(f"{question} ({writer.asked[question]}){f' {more}' if more else ''}")
    if known:
        also = "Also question" if fresh else "question"
        fresh.append(f"{also}{'s' if known[1:] else ''} {joined(known)} above.")
    return " ".join(fresh)


def _consequence(
    writer: Writer,
    material: Material,
    item: Followed,
    members: Sequence[tuple[Analysis, tuple[Followed, ...]]],
    said: set[str],
) -> None:
    """One consequence with its figures; what the law says of those `said` for other parcels is not said again."""
    phrases, rule = material.phrases, item.rule
    analysis = members[0][0]
    ending = "" if rule.title.endswith(("?", ".")) else "."
    title: tuple[Inline, ...] = law_run(f"{second_person(rule.title)}{ending}", bold=True)
    warnings = [phrases("ruling.consequences.unverified")] if rule.unverified else []
    warnings += [rule.warning] if rule.warning else []
    done: list[Inline] = list(writer.remark(title, " ".join(warnings)))
    if item.state == "applies" and rule.id not in said:
        done.append(Run(f" {second_person(rule.says)}", law=True))
    said.add(rule.id)
    if item.finding:
        found = phrases("ruling.consequences.finding").format(finding=second_person(item.finding))
        done.append(Run(f" {found}", law=True))
    writer.cited(done, rule.authority)
    if item.waits:
        waits = phrases("ruling.consequences.waits").format(asks=_asks(writer, item.waits))
        done += [Run(" "), Run(waits, italic=True, law=True)]
    names = [given.fact.name for given in item.facts]
    facts = tuple(name for name in names if material.number(analysis.parcel.id, name))
    writer.add(Paragraph(tuple(done), rule=rule.id, facts=facts))
    if material.edited:
        return
    rows = []
    for other, items in members:
        same = next(found for found in items if found.rule.id == rule.id)
        for worked in same.figures:
            if worked.told:
                amount = worked.figure.label
                if material.several:
                    amount = f"{upper_first(material.title(other.parcel.id))}: {amount}"
                rows.append(tuple((Run(text),) for text in (amount, worked.formula, worked.value)))
    if rows:
        header = tuple(map(str, phrases.listed("ruling.consequences.figure_header")))
        caption = phrases("ruling.consequences.figures_of").format(title=rule.title)
        writer.add(Table(caption, header, tuple(rows), (30, 48, 22), rule.id))


# --- for the officer ---------------------------------------------------------------------------------------


def attach(writer: Writer, material: Material) -> None:
    """The officer's worksheet: what to check, prove and ask for, the grounds and cases in full, and the notes."""
    writer.heading(1, material.phrases("ruling.labels.attachments"), fresh=True)
    to_check(writer, material, 2)
    proof(writer, material, 2)
    schedule(writer, material, 2)
    grounds(writer, material, 2)
    cases(writer, material, 2)
    consequences(writer, material, 2, "others")
    unsettled(writer, material, 2)
    unweighed(writer, material, 2)
    notes(writer, material, 2)
    weighing(writer, material, 2)
    writer.part("attachments")


def to_check(writer: Writer, material: Material, level: int) -> None:
    """Citations and other points to look at before signing that have no comment of their own."""
    rows = list(writer.to_check)
    left = "; ".join(f"{name} {', '.join(cites)}" for name, cites in writer.left_out.items())
    rows += [material.phrases("ruling.comments.left_out").format(what=left)] if left else []
    for mark, names in writer.citer.unread.items():
        words = material.book.pack.words(mark)
        rows += [words.listed.format(names=", ".join(sorted(names)))] if words else []
    if rows:
        writer.heading(level, material.phrases("ruling.labels.to_check"))
        writer.bullets(Item(law_run(text)) for text in rows)


def grounds(writer: Writer, material: Material, level: int) -> None:
    """Every ground that is met, with its strength, its facts and its authorities."""
    header = tuple(map(str, material.phrases.listed("ruling.worksheet.grounds_header")))
    for group in material.groups:
        for alike in group.likes:
            rows = grounds_table(material, alike[0])
            if not rows:
                continue
            title = material.phrases("ruling.labels.grounds")
            if material.several:
                title = f"{title}: {material.titles(alike)}"
            writer.heading(level, "{title}", title=law_run(title))
            cells = tuple(tuple(law_run(text) for text in row) for row in rows)
            writer.add(Table("", header, cells, (46, 16, 12, 26), "grounds"))


def cases(writer: Writer, material: Material, level: int) -> None:
    """The decided cases point by point."""
    writer.heading(level, material.phrases("ruling.labels.cases"))
    for group in material.groups:
        if len(material.groups) > 1:
            writer.paragraph(
                material.phrases("ruling.consequences.for"), "label", parcels=material.titles(group.members)
            )
        case_tables(writer, material, group.first, level + 1)


def schedule(writer: Writer, material: Material, level: int) -> None:
    """What is still to be asked, the most telling first; parcels for which the same is missing together.

    What would not move a matter alone is counted only, unless nothing would.
    """
    phrases = material.phrases
    writer.heading(level, phrases("ruling.labels.schedule"))
    asked = grouped(
        (tuple((item.fact, item.effect) for item in analysis.telling or analysis.missing), analysis)
        for analysis in material.analyses
    )
    if not any(asked):
        writer.paragraph(phrases("ruling.schedule.none"))
        return
    telling = any(analysis.telling for analysis in material.analyses)
    writer.paragraph(phrases(f"ruling.schedule.{'lead' if telling else 'lead_together'}"))
    most = phrases.number("ruling.schedule.most")
    header = tuple(map(str, phrases.listed("ruling.schedule.header")))
    for members in asked.values():
        missing = members[0].telling or members[0].missing
        if len(asked) > 1 and missing:
            writer.paragraph(phrases("ruling.schedule.for"), "label", parcels=material.titles(members))
        rows = []
        for number, item in enumerate(missing[:most]):
            fact = material.book.vocabulary[item.fact]
            rows.append((f"{number + 1}", ask(fact.ask), upper_first(item.effect.words), fact.evidence))
        if rows:
            shown = tuple(tuple(law_run(text) for text in row) for row in rows)
            facts = tuple(item.fact for item in missing[:most])
            writer.add(Table("", header, shown, (6, 46, 20, 28), "schedule", rules=facts))
        rest = len(members[0].missing) - len(missing[:most])
        if rest:
            writer.paragraph(phrases("ruling.schedule.rest"), count=str(rest))


def unsettled(writer: Writer, material: Material, level: int) -> None:
    """The unsettled points that are live: the answer taken, and what another would change."""
    phrases, book = material.phrases, material.book
    rows: dict[str, tuple[str, str, list[str]]] = {}
    for analysis in material.analyses:
        for item in analysis.unsettled:
            point = book.points[item.point]
            taken = point.answers.get(item.answer)
            entry = rows.setdefault(item.point, (point.question, taken.says if taken else "", []))
            said = in_short(item.otherwise) if item.otherwise else phrases("ruling.points.none")
            entry[2].append(f"{said} {phrases('ruling.points.turns')}" if item.turns else said)
    if not rows:
        return
    writer.heading(level, phrases("ruling.labels.points"))
    position = book.positions[material.assessment.position]
    writer.paragraph(phrases("ruling.points.lead"), position=law_run(position.title))
    cells = []
    for name, (question, says, others) in rows.items():
        warning = book.points[name].warning
        first = writer.remark(law_run(question), warning)
        cells.append((first, law_run(says), law_run(joined(list(dict.fromkeys(others)), "or"))))
    header = tuple(map(str, phrases.listed("ruling.points.header")))
    writer.add(Table("", header, tuple(cells), (38, 38, 24), "points", rules=tuple(rows)))


def unweighed(writer: Writer, material: Material, level: int) -> None:
    """What a published decision on this very matter left unweighed. Never authority."""
    found = material.assessment.matter.unweighed
    if found:
        writer.heading(level, material.phrases("ruling.labels.unweighed"))
        writer.paragraph("{text}", "disclaimer", text=law_run(material.book.pack.comparator_warning))
        writer.add(Listing(tuple(Item((Run(" ".join(text.split())),)) for text in found)))


def weighing(writer: Writer, material: Material, level: int) -> None:
    """How the factors were weighed, in one picture for each outcome."""
    writer.heading(level, material.phrases("ruling.labels.weighing"))
    for group in material.groups:
        illustrate(writer, material, group.first, "balance")


def notes(writer: Writer, material: Material, level: int) -> None:
    """The notes of the matter, and of facts whose notes are too long for a comment."""
    own = str(material.assessment.matter.about.get("notes") or "").strip()
    longer = long_notes(material)
    if not (own or longer):
        return
    writer.heading(level, material.phrases("ruling.labels.notes"))
    _prose(writer, own)
    for sentence, note in longer:
        writer.add(Paragraph((Run(sentence, bold=True),)))
        _prose(writer, note)


def _prose(writer: Writer, text: str) -> None:
    """What a person wrote, in its own paragraphs."""
    for paragraph in text.split("\n\n"):
        words = " ".join(paragraph.split())
        if words:
            writer.add(Paragraph((Run(words),)))
