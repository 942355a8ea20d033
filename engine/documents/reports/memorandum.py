"""The argument as a memorandum: three screens of a terminal, all of it with detail, or a page for Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import Enum, auto

from caprev.argument.reasons import Kind, Pointing, Reason, names
from caprev.argument.tree import Argument
from caprev.documents.content import text as terminal
from caprev.documents.content.model import Block, Document, Heading, Item, Listing, Paragraph, Part, Picture, Run
from caprev.documents.content.text import Paint, plain
from caprev.documents.reports.again import Told
from caprev.documents.reports.brief import Brief
from caprev.documents.reports.telling import Earlier, heading, paragraph
from caprev.facts.in_words import day
from caprev.facts.vocabulary import worded
from caprev.law.pack import Sides
from caprev.reasoning.analysis import Analysis, Assessment

_MARK: Mapping[str, str] = {Pointing.FOR: "+", Pointing.AGAINST: "-", Pointing.OPEN: "?"}
_MOST = {Kind.ISSUE: 6, Kind.ELEMENT: 4, Kind.INDICATOR: 2, Kind.CASE: 3, Kind.OTHERS: 12}
"""How many of a list are named in short."""

Runs = tuple[Run, ...]


class Form(Enum):
    """How much is told: the chief things, all of them, or all of them on a page that has room for lists and facts."""

    SHORT = auto()
    DETAIL = auto()
    PAGE = auto()


def render(assessment: Assessment, arguments: list[Argument], detail: bool = False, paint: Paint = plain) -> str:
    """The memorandum for a terminal. `paint(text, style)` may colour verdicts; meaning never rests on colour."""
    return terminal.dense(_document(assessment, arguments, Form.DETAIL if detail else Form.SHORT), paint)


def short(assessment: Assessment, arguments: list[Argument]) -> Document:
    """The memorandum as a terminal has it, as a document."""
    return _document(assessment, arguments, Form.SHORT)


def page(assessment: Assessment, arguments: list[Argument], pictures: bool = False) -> Document:
    """The memorandum in full, as a document; with pictures of each parcel, where its format can show them."""
    return _document(assessment, arguments, Form.PAGE, pictures)


def fragment(analysis: Analysis, level: int = 2, full: bool = False) -> str:
    """The memorandum on one parcel with its pictures, as HTML for a page that has its own frame.

    Its chief headings are at `level`; `full` adds every rule by name. No styles and no scripts stand in it;
    `content.html.style` has its looks.
    """
    from caprev.documents.content import html  # here: a text needs no other format

    parts = tuple(_parcel(Argument(analysis), Form.PAGE, True, full))
    return html.fragment(Document("", "", "1980-01-01", "", parts), level=level)


def _document(assessment: Assessment, arguments: list[Argument], form: Form, pictures: bool = False) -> Document:
    matter, book = assessment.matter, assessment.rulebook
    title = next(filter(str.strip, (str(matter.about.get("title") or ""), matter.id)), "Matter")
    subject = matter.id if matter.id.strip() and matter.id != title else ""
    head = f"As at {day(matter.as_at)}; position: {book.positions[assessment.position].title}"
    last = [paragraph(book.pack.disclaimer)]
    if form is Form.PAGE:
        head = f"{f'Matter {matter.id}. ' if subject else ''}{head}; rulebook {book.pack.version} ({book.sha256[:12]})."
        last = [replace(last[0], style="disclaimer")]
    if form is Form.SHORT:
        last.append(paragraph("The rules by name, the weighing in numbers, limits and full citations: --detail"))
    parts = [Part("head", (paragraph(head),))]
    told, earlier = Told(), Earlier() if len(arguments) > 1 else None
    for argument in arguments:
        of_parcel = _parcel(argument, form, pictures, earlier=earlier)
        if form is not Form.DETAIL and len(arguments) > 1:
            of_parcel = told.parts(of_parcel, book.pack.unit.titled(argument.analysis.parcel.id, "").lower())
        parts += of_parcel
    return Document(title, subject, "1980-01-01", "", (*parts, Part("disclaimer", tuple(last))))


def _parcel(
    argument: Argument, form: Form, pictures: bool, full: bool = True, earlier: Earlier | None = None
) -> Iterator[Part]:
    """One parcel: told to a reader, in pictures, and in full with every rule by name, as the form has them, without
    what `earlier` parcels have said."""
    tree = argument.tree(whole=form is not Form.SHORT)
    if form is Form.DETAIL:
        yield from _Memorandum(form, argument.analysis.book.sides).conclusion(tree)
        return
    yield from Brief(argument.analysis, tree, form is Form.PAGE, earlier).parts()
    if pictures:
        from caprev.drawing import maps  # here: a text has no pictures

        drawn = (Picture("", (), maps.picture(kind, argument.analysis)) for kind in ("balance", "cases", "tornado"))
        yield Part("pictures", (heading(2, "In pictures"), *drawn))
    if form is Form.PAGE and full:
        first, *rest = _Memorandum(form, argument.analysis.book.sides).conclusion(tree)
        yield Part("conclusion", (heading(2, "In full, rule by rule"), *first.blocks[1:]))
        yield from (Part(part.name, tuple(map(_lower, part.blocks))) for part in rest)


def _lower(block: Block) -> Block:
    return replace(block, level=block.level + 1) if isinstance(block, Heading) else block


class _Memorandum:
    """The tree of reasons as blocks. A kind of reason is told in one place, whatever the form."""

    def __init__(self, form: Form, sides: Sides) -> None:
        self.mark = sides.mark
        self.detail = form is not Form.SHORT
        self.page = form is Form.PAGE

    def conclusion(self, reason: Reason) -> Iterator[Part]:
        if self.page:
            heads = [heading(1, f"{reason.heading or 'Conclusion'}: {reason.verdict}")]
        else:
            heads = [heading(1, reason.heading)] if reason.heading else []
            heads.append(heading(1, f"CONCLUSION: {reason.verdict.upper()}", reason.side or "open"))
        yield Part("conclusion", (*heads, *map(paragraph, (reason.text, *reason.notes))))
        for number, section in enumerate(filter(self._shown, reason.children), 1):
            yield Part("section", (self._headed(section, number), *filter(_says, self._section(section))))

    def _shown(self, reason: Reason) -> bool:
        return self.detail or not reason.detail

    def _headed(self, section: Reason, number: int) -> Heading:
        if self.page:
            return heading(2, section.heading + (f" ({section.verdict})" if section.verdict else ""))
        verdict = f" {section.verdict.upper()}" if section.verdict else ""
        return heading(2, f"{number}. {section.heading}{verdict}")

    def _section(self, section: Reason) -> Iterator[Block]:
        if section.kind == Kind.FOLLOWING and not self.detail:
            yield from _following(section)
            return
        if section.kind == Kind.CONTEXT and not self.detail:
            yield paragraph(f"{self._named(section)} (--detail)")
            return
        issue = section.kind == Kind.ISSUE
        yield paragraph(" ".join(filter(None, [section.text, self._named(section) if issue else ""])))
        if issue:
            yield Paragraph(self._provenance(section.rule, section.authority), "small" if self.page else "")
        if self.detail:
            yield from (paragraph(f"Limits: {note}") for note in section.notes)
        shown = [child for child in section.children if self._shown(child)]
        if shown and shown[0].kind == Kind.GROUP:
            for group in shown:
                yield from self._group(group)
        else:
            yield Listing(tuple(self._item(child, section.authority) for child in shown))
        hidden = len(section.children) - len(shown)
        named = any(child.kind == Kind.OTHERS for child in shown)  # what is hidden is named there
        if hidden and not section.side and not named:
            yield paragraph(f"... and {hidden} more (--detail)")

    def _group(self, group: Reason) -> Iterator[Block]:
        yield heading(3, group.heading)
        items = [self._item(child) for child in group.children if self._shown(child)]
        hidden = [child.rule for child in group.children if not self._shown(child)]
        yield Listing((*items, *([_item(f"and {names(hidden)} (--detail)")] if hidden else ())))

    def _item(self, reason: Reason, above: tuple[str, ...] = ()) -> Item:
        """A reason and what is beneath it; the authority `above`, which its parent has just named, is not repeated."""
        authority = tuple(name for name in reason.authority if name not in above)
        provenance = self._provenance(reason.rule, authority)
        facts = "" if self.page else "; ".join(fact.text for fact in reason.facts)
        beneath, hang = self._beneath(reason), 2
        says: tuple[Runs | str, ...]
        head: Runs
        if reason.kind == Kind.ELEMENT:
            says = (self._headline(reason, reason.verdict.upper()), reason.text, self._named(reason), provenance)
            beneath += tuple(self._item(child, authority) for child in reason.children)
        elif reason.kind == Kind.INDICATOR:
            weighed = [*(named.text(self._most(reason)) for named in reason.named), *reason.notes]
            if self.page:
                says, beneath = (self._headline(reason), reason.text, provenance), tuple(map(_item, weighed))
            else:
                says, hang = (f"[{_MARK[reason.verdict]}] {reason.heading}: {'; '.join(weighed)}", provenance), 4
        elif reason.kind == Kind.FACTOR:
            head = (self._rule(reason.rule), Run(f" ({reason.verdict}):"))
            side = "" if self.page else self.mark(reason.side)
            says = (side, head, reason.text, self._provenance("", reason.authority), facts)
        elif reason.kind == Kind.BRIEF:
            rule = self._rule(reason.rule)
            says = ((rule, Run(":")), reason.text) if self.page else ("-", (rule,), facts)
        elif reason.kind == Kind.CASE:
            head = (Run(f"{reason.verdict}: "), Run(reason.heading, bold=True), Run(f", {worded(reason.side)}."))
            says = (head, self._named(reason), reason.text)
        elif reason.kind == Kind.OTHERS:
            says = (self._named(reason),)
        elif reason.kind == Kind.MISSING:
            effect = "; ".join([reason.verdict, *reason.notes[: None if self.detail else 1]])
            says = ((self._rule(reason.rule), Run(f": {reason.text} [{effect}]")),)
        else:
            head = (Run(reason.heading, bold=True),) if reason.heading else ()
            verdict = f"({reason.verdict})" if reason.verdict else ""
            says = (head, reason.text, verdict, provenance, facts if self.detail else "")
        return Item(_joined(says), children=beneath, hang=hang)

    def _headline(self, reason: Reason, verdict: str = "") -> Runs:
        """What an element or an indicator is called, and what becomes of it."""
        if self.page:
            return (Run(reason.heading, bold=True), Run(f" ({reason.verdict}):"))
        return (Run(f"{reason.heading}: {verdict}."),)

    def _beneath(self, reason: Reason) -> tuple[Item, ...]:
        """The facts on a page, and the notes with detail, where the reason itself does not say them."""
        word = "Limits: " if reason.kind == Kind.FACTOR else ""
        notes = () if reason.kind in (Kind.ELEMENT, Kind.INDICATOR, Kind.MISSING, Kind.BRIEF) else reason.notes
        full = reason.authority if reason.kind == Kind.CASE else ()
        facts = [f"Fact: {fact.text}" for fact in reason.facts] if self.page else []
        told = [*facts, *full, *(f"{word}{note}" for note in notes)] if self.detail else []
        return tuple(_item(text, 0) for text in told)

    def _named(self, reason: Reason) -> str:
        return " ".join(f"{named.text(self._most(reason))}." for named in reason.named)

    def _most(self, reason: Reason) -> int:
        return 0 if self.detail else _MOST.get(reason.kind, 0)

    def _rule(self, rule: str) -> Run:
        return Run(rule, code=True)

    def _provenance(self, rule: str, authority: Sequence[str] = ()) -> Runs:
        """Rule and authority in brackets."""
        if not rule and not authority:
            return ()
        if not self.page:
            return (Run(f"[{'; '.join(filter(None, (rule, *authority)))}]"),)
        cited = Run("; ".join(authority))
        inside = (
            (Run(rule, code=True), Run("; "), cited) if rule and authority else (self._rule(rule) if rule else cited,)
        )
        return (Run("("), *inside, Run(")"))


def _following(section: Reason) -> Iterator[Block]:
    """What applies, a line each with its figures; what waits, under what it waits on; the others by name."""
    reasons = [child for group in section.children for child in group.children]
    figures = [reason.rule for reason in reasons if reason.kind == Kind.FIGURE]
    if figures:
        yield paragraph(section.text)
    items: list[Item] = []
    waiting: dict[tuple[str, ...], list[Item]] = {}
    for reason in reasons:
        if reason.detail:
            continue
        if reason.kind == Kind.ANSWER:
            cited = f" [{'; '.join((reason.rule, *reason.authority))}]" if reason.rule else ""
            items.append(_item(f"{reason.heading} {reason.text}{cited}"))
        elif reason.kind == Kind.FIGURE or not reason.named or reason.rule in figures:
            waits = f" (waits on {names(reason.named[0].ids)})" if reason.named else ""
            figure = reason.kind == Kind.FIGURE
            item = _item(
                f"{reason.text if figure else reason.heading}{waits} [{'; '.join((reason.rule, *reason.authority))}]"
            )
            items.append(Item((), children=(item,)) if figure else item)
        else:
            unverified = " (law not verified)" if reason.unverified else ""
            item = _item(f"{reason.heading}{unverified} [{reason.rule}]")
            waiting.setdefault(reason.named[0].ids, []).append(item)
    for ids, rows in waiting.items():
        items.append(replace(_item(f"Not yet clear, for want of {names(ids)}:"), children=tuple(rows)))
    rest = [reason.rule for reason in reasons if reason.detail]
    yield Listing((*items, *([_item(f"and {names(rest)} (--detail)")] if rest else ())))


def _says(block: Block) -> bool:
    """Whether there is anything in it."""
    return bool(block.items if isinstance(block, Listing) else not isinstance(block, Paragraph) or any(block.inlines))


def _joined(parts: Iterable[Runs | str]) -> Runs:
    """What says something, with spaces between."""
    runs = [(Run(part),) if isinstance(part, str) else part for part in parts if part]
    return tuple(run for index, part in enumerate(runs) for run in ((Run(" "), *part) if index else part))


def _item(text: str, hang: int = 2) -> Item:
    return Item((Run(text),), hang=hang)
