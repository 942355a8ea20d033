"""The law applied to the facts: each issue, its elements, and the matters weighed for them one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from caprev.documents.content.model import Inline, Item, Listing, Paragraph, Run, law_run, plain
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.grammar import lower_first, second_person, upper_first
from caprev.law.models import Node
from caprev.law.rulebook import Rulebook
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.weighing import Finding

_MAX_LEVEL = 5


class Application:
    """Applies the nodes of the rulebook to one parcel, in one document."""

    def __init__(self, writer: Writer, material: Material, analysis: Analysis) -> None:
        self.writer = writer
        self.material = material
        self.phrases = material.phrases
        self.analysis = analysis
        self.concluded: Conclusion = analysis.conclusion
        self.book = analysis.book
        self._cited: set[str] = set()

    def issue(self, name: str, level: int) -> None:
        """One issue: its elements or indicators, each with what points to it and away from it."""
        node = self.book.nodes[name]
        if node.none:
            return
        self._node(node, level)

    def _node(self, node: Node, level: int) -> None:
        if node.kind != "issue":
            self._headed(node, level)
            self.finding(node)
        if node.parts:
            below, unneeded = level + 1 if node.kind != "issue" else level, needless(node, self.concluded)
            for part in (self.book.nodes[name] for name in node.parts):
                if part.id in unneeded:
                    self._headed(part, below)
                    self.writer.paragraph(self.phrases("ruling.application.enough"), rule=part.id)
                else:
                    self._node(part, below)
            return
        indicators = self.book.indicators_of(node.id)
        if indicators:
            self._indicators(indicators)
        else:
            items = self.points(node, self.concluded.findings[node.id])
            self.writer.add(*([Listing(tuple(items))] if items else []))

    def _headed(self, node: Node, level: int) -> None:
        self.writer.heading(min(level, _MAX_LEVEL), "{title}", node.id, title=law_run(node.title))

    def _indicators(self, nodes: Sequence[Node]) -> None:
        """Matters one by one; those on which nothing that is known bears are named together."""
        items = [self.indicator(node) for node in nodes]
        blank = [item for item in items if not item.children]
        if len(blank) > 1:
            items = [item for item in items if item.children]
            lead = Run(self.phrases("ruling.application.none_of"), law=True)
            named = tuple(replace(item, inlines=item.inlines[:-1]) for item in blank)
            items.append(Item((lead,), children=named))
        self.writer.add(Listing(tuple(items)))

    def finding(self, node: Node) -> None:
        """What is found on a node, with its authority."""
        finding = self.concluded.findings[node.id]
        text = (Run(second_person(str(getattr(node, finding.state))), law=True),)
        done = list(self.writer.remark(text, self.not_known(finding)))
        self.writer.cited(done, node.authority)
        self.writer.add(Paragraph(tuple(done), rule=node.id))

    def indicator(self, node: Node) -> Item:
        """One matter: how it is named, what is found on it, and what it rests on."""
        finding = self.concluded.findings[node.id]
        named = upper_first(self.phrases.table("ruling.indicators").get(node.id) or lower_first(node.title))
        children = self.points(node, finding)
        lead = ""
        if len(children) == 1:
            # What points one way only needs no list of ways.
            lead, children = f" {plain(children[0].inlines)}", list(children[0].children)
        found = "" if children else " " + self.phrases("ruling.application.none")
        if finding.supports or finding.opposes:
            found = " " + second_person(str(getattr(node, finding.state)))
        label = law_run(f"{named}.", bold=True)
        return Item((*label, Run(found + lead, law=True)), node.id, children=tuple(children))

    def points(self, node: Node, finding: Finding) -> list[Item]:
        """The factors for and against a node, and those without weight."""
        context = [
            factor.id
            for factor in self.book.feeding[node.id]
            if factor.favours == "neutral" and self.concluded.states[factor.id] == "met"
        ]
        done = []
        for key, factors in (("for", finding.supports), ("against", finding.opposes), ("neutral", tuple(context))):
            if factors:
                lead = Run(f"{self.phrases(f'ruling.application.{key}')}:", law=True)
                done.append(Item((lead,), node.id, children=self.factors(factors)))
        return done

    def not_known(self, finding: Finding) -> str:
        """For the officer: what bears on a matter and is not known."""
        names = list(finding.open)
        # Where a finding stands, what is not known is for the schedule; here it matters where there is none.
        if not names or finding.state != "undetermined":
            return ""
        key = "not_known" if len(names) == 1 else "not_known_many"
        shown = [lower_first(second_person(self.analysis.told(name)).rstrip(".")) for name in names[:3]]
        return self.phrases(f"ruling.application.{key}").format(count=len(names), points="; ".join(shown))

    def factors(self, names: Sequence[str]) -> tuple[Item, ...]:
        """Factors as items; those that rest on the same facts are one."""
        alike: dict[tuple[str, ...], list[str]] = {}
        for name in names:
            facts = self.material.told(self.analysis, name)
            alike.setdefault(facts or (name,), []).append(name)
        return tuple(self.factor(*together) for together in alike.values())

    def factor(self, *names: str) -> Item:
        """Factors on the same facts, addressed to the owner; their authority where they are first named."""
        rules = [self.book.factors[name] for name in names]
        text = "; ".join(lower_first(second_person(self.analysis.told(name)).rstrip(".")) for name in names)
        done: list[Inline] = [Run(text, law=True), Run(f"{self.basis(names[0])}.", law=True)]
        fresh = [rule for rule in rules if rule.id not in self._cited]
        self._cited.update(names)
        self.writer.cited(done, dict.fromkeys(cited for rule in fresh for cited in rule.authority), says=True)
        return Item(tuple(done), names[0], self.material.resting(self.analysis, names[0]))

    def basis(self, factor: str) -> str:
        """What a factor rests on, in brackets: the numbers of its facts, and whether they are no more than said."""
        facts, names = self.concluded.parcel.facts, self.material.resting(self.analysis, factor)
        where = self.material.refer(self.concluded.parcel.id, names)
        parts = [where] if where else []
        for said in ("disputed", "assumed", "stated"):
            those = [name for name in names if facts[name].standing == said]
            if those:
                how = self.phrases(f"ruling.application.standing.{said}")
                which = "" if len(those) == len(names) else f"{self.material.refer(self.concluded.parcel.id, those)} "
                parts.append(f"{which}{how}")
        return f" ({', '.join(parts)})" if parts else ""

    def conclusion(self, name: str) -> None:
        """The conclusion on an issue, in the Commissioner's words."""
        if self.beside(name):
            return
        finding = self.concluded.findings[name]
        text = self.phrases.table("ruling.conclusions").get(name, {}).get(finding.state)
        if text:
            self.writer.paragraph(text, rule=name)
        else:
            self.finding(self.book.nodes[name])

    def beside(self, name: str) -> bool:
        """Says of an issue that is made out, but by which the conclusion does not go, that it does not."""
        made_out = self.concluded.findings[name].state == "satisfied"
        text = self.phrases.table("ruling.conclusions").get(name, {}).get("beside")
        if not (made_out and text and self.concluded.route) or name.replace("-", "_") == self.concluded.route:
            return False
        self.writer.paragraph(text, rule=name)
        return True


def listed(material: Material, issue: str) -> list[str]:
    """The indicators of an issue, through its elements, as the law lists them."""
    book = material.book
    names = [item.id for item in book.indicators_of(issue)]
    for part in book.nodes[issue].parts:
        names += [item.id for item in book.indicators_of(part)] if book.nodes[part].kind == "element" else []
    table = material.phrases.table("ruling.indicators")
    return [str(table.get(name) or book.nodes[name].title) for name in names]


def needless(node: Node, c: Conclusion) -> set[str]:
    """The alternatives of a node that need not be considered, because one before them is made out."""
    made = [index for index, name in enumerate(node.any) if c.findings[name].state == "satisfied"]
    return set(node.any[made[0] + 1 :]) if made else set()


def passed_over(c: Conclusion, book: Rulebook) -> set[str]:
    """What is part of an alternative that need not be considered."""
    todo = [name for node in book.nodes.values() for name in needless(node, c)]
    done: set[str] = set()
    while todo:
        name = todo.pop()
        below = [*book.nodes[name].parts, *(item.id for item in book.indicators_of(name))]
        done.update(below)
        todo += below
    return done


def differences(writer: Writer, material: Material, first: Analysis, others: Sequence[Analysis]) -> None:
    """How the factors of other parcels with the same conclusion differ from those of the first."""
    phrases = material.phrases
    book, other = first.book, others[0]
    writer.paragraph(
        phrases("ruling.reasons.same_save"), parcels=material.titles(others), first=material.title(first.parcel.id)
    )
    application = Application(writer, material, other)
    items = []
    for name, factor in book.factors.items():
        was, now = first.conclusion.states[name], other.conclusion.states[name]
        if (
            factor.favours == "neutral"
            or name not in other.conclusion.weigher.active
            or "met" not in (was, now)
            or was == now
        ):
            continue
        if now == "met":
            facts, key = material.resting(other, name), "more_here"
            filled = lower_first(second_person(other.told(name)).rstrip(".")) + application.basis(name)
        else:
            facts, filled, key = (), lower_first(second_person(other.told(name)).rstrip(".")), "less_here"
        words = writer.text(phrases(f"ruling.reasons.{key}"), text=law_run(filled))
        items.append(Item((*words, Run(".")), name, facts))
    writer.add(*([Listing(tuple(items))] if items else []))
