"""The law applied to the facts: each issue, its elements, and the matters weighed for them, a paragraph each."""

from __future__ import annotations

from collections.abc import Sequence

from caprev.documents.content.model import Inline, Item, Listing, Paragraph, Run, law_run
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.writer import Writer
from caprev.documents.words.grammar import joined, lower_first, upper_first
from caprev.documents.words.grounds import Grounds
from caprev.documents.words.reasons import Reasons, loose
from caprev.law.models import Cited, Node
from caprev.law.rulebook import Rulebook
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.conclusion import Conclusion

_MAX_LEVEL = 5
_CITED = 3  # authorities of new grounds in one footnote, besides that of the matter itself


class Application:
    """Applies the nodes of the rulebook to one parcel, in one document.

    What was said `before`, of parcels with another outcome, and is so here on the same facts, is not said again. `own`
    names the wordings of a document that concludes in other words than a ruling.
    """

    def __init__(
        self, writer: Writer, material: Material, analysis: Analysis, before: Application | None = None, own: str = ""
    ) -> None:
        self.writer = writer
        self.own = own
        self.material = material
        self.phrases = material.phrases
        self.analysis = analysis
        self.concluded: Conclusion = analysis.conclusion
        self.book = analysis.book
        self.reasons = Reasons(analysis, self.basis, self.found if before else None)
        self.grounds = self.reasons.grounds
        self.before = before
        self.compared: set[str] = set(before.compared) if before else set()
        self._bases: dict[str, tuple[str, str]] = {}
        if before:
            self.grounds.before, self.reasons.turns = frozenset(before.grounds.together), before.reasons.turns
            said = (name for name in before.grounds.said if self.concluded.states[name] == "met")
            self.grounds.said.update(name for name in said if self.ground(name) == before.ground(name))

    def ground(self, name: str) -> tuple[str, str]:
        """A ground as it is told here, and where its facts stand."""
        if name not in self._bases:
            self._bases[name] = self.grounds.clause(name), self.basis([name])
        return self._bases[name]

    def alike(self, node: Node) -> bool:
        """Whether a matter was weighed before on the same grounds and facts, with the same result."""
        return self.before is not None and self._weighed(node) == self.before._weighed(node)

    def _weighed(self, node: Node) -> tuple[object, ...]:
        finding = self.concluded.findings[node.id]
        return finding.state, *(frozenset(map(self.ground, names)) for names in (finding.supports, finding.opposes))

    def _again(self, nodes: Sequence[Node]) -> None:
        """Matters that stand as they did before, in one sentence."""
        assert self.before is not None
        told = listed_titles(nodes)
        wording = self.writer.turn("ruling.application.again")
        names = dict.fromkeys(f for n in nodes for g in self._named(n) for f in self.material.resting(self.analysis, g))
        text = self.writer.text(wording, matters=law_run(told), parcel=self.first)
        self.writer.add(Paragraph(text, rule=" ".join(node.id for node in nodes), facts=tuple(names)))

    @property
    def first(self) -> str:
        """The parcel whose reasons stand before these, by its id alone; nothing where these are the first."""
        return self.book.pack.unit.titled(self.before.analysis.parcel.id, "").lower() if self.before else ""

    def found(self, node: Node, state: str) -> str:
        """What is found on a matter, unless the same was found before in the same words."""
        assert self.before is not None
        words, earlier = self.grounds.finding(node.id, state), self.before.concluded.findings[node.id].state
        if state != earlier or state == "undetermined" or words != self.before.grounds.finding(node.id, state):
            return words
        return self.writer.turn("ruling.application.same_result").format(parcel=self.first)

    def _named(self, node: Node) -> tuple[str, ...]:
        finding = self.concluded.findings[node.id]
        return *finding.supports, *finding.opposes

    def issue(self, name: str, level: int) -> None:
        """One issue: its elements or indicators, each weighed and concluded on."""
        node = self.book.nodes[name]
        if node.none:
            return
        if node.parts:
            for part in (self.book.nodes[below] for below in node.parts):
                self.writer.heading(min(level, _MAX_LEVEL), "{title}", part.id, title=law_run(part.title))
                self._element(part)
        else:
            self._indicators(self.book.indicators_of(name))
        self._indicators(loose(self.book, name))

    def _element(self, node: Node, blank: list[Node] | None = None) -> None:
        """An element: the matters weighed for it, or the alternatives beneath it, then what is found.

        Alternatives on which nothing known bears are named together, at the end of those of the whole element: an
        element within another leaves its own to that, in `blank`.
        """
        unneeded = needless(node, self.concluded)
        within, blank = blank is not None, [] if blank is None else blank
        if node.parts:
            parts = [self.book.nodes[name] for name in node.parts]
            self._indicators([part for part in parts if not part.parts and part.id not in unneeded], blank)
            for part in parts:
                if part.id in unneeded:
                    label = law_run(f"{part.title}.", bold=True)
                    enough = Run(f" {self.phrases('ruling.application.enough')}", law=True)
                    self.writer.add(Paragraph((*label, enough), rule=part.id))
                elif part.parts:
                    self._element(part, blank)
            self._silent([] if within else blank)
            self._found(node)
            return
        indicators = self.book.indicators_of(node.id)
        if indicators:
            self._indicators(indicators)
            self._found(node)
        else:
            self._indicators([node])

    def _indicators(self, nodes: Sequence[Node], unsaid: list[Node] | None = None) -> None:
        """Matters one by one; those on which nothing that is known bears are named together, or left to `unsaid`."""
        again = [node for node in nodes if self.alike(node)]
        blank = [node for node in nodes if not self.reasons.bears(node) and node not in again]
        for node in nodes:
            if node not in blank and node not in again:
                self._told(node)
        if again:
            self._again(again)
        if unsaid is None:
            self._silent(blank)
        else:
            unsaid += blank

    def _silent(self, nodes: Sequence[Node]) -> None:
        """Matters on which nothing that is known bears, in one sentence."""
        if nodes:
            self.writer.add(Paragraph(law_run(self.reasons.silent(nodes)), rule=" ".join(node.id for node in nodes)))

    def _told(self, node: Node) -> None:
        """One matter, with its authority and that of the grounds that are new."""
        weighed = self.reasons.matter(node)
        done: list[Inline] = [*law_run(f"{node.title}.", bold=True), Run(f" {weighed.text}", law=True)]
        self._cite(done, node.authority, weighed.fresh)
        names = (fact for name in weighed.named for fact in self.material.resting(self.analysis, name))
        self.writer.add(Paragraph(tuple(done), rule=node.id, facts=tuple(dict.fromkeys(names))))

    def _cite(self, done: list[Inline], authority: Sequence[Cited], fresh: Sequence[str]) -> None:
        """One footnote: the authority of the matter, and of the grounds that are new."""
        added = [cited for name in fresh for cited in self.book.factors[name].authority]
        known = {(cited.cite, cited.pinpoint): cited for cited in authority}
        for cited in added:
            if len(known) < len(authority) + _CITED and cited.cite not in {name for name, _ in known}:
                known[cited.cite, cited.pinpoint] = cited
        self.writer.cited(done, known.values())

    def _found(self, node: Node) -> None:
        """What is found on an element once all beneath it has been weighed, and why."""
        finding = self.concluded.findings[node.id]
        found = self.grounds.finding(node.id, finding.state)
        done: list[Inline] = list(law_run(found if node.parts else self.reasons.why(finding, found)))
        self.writer.cited(done, node.authority)
        self.writer.add(Paragraph(tuple(done), rule=node.id))

    def basis(self, factors: Sequence[str]) -> str:
        """Where the facts of grounds are told, in brackets, and whether they are disputed or assumed."""
        facts, parcel = self.concluded.parcel.facts, self.concluded.parcel.id
        names = list(dict.fromkeys(name for factor in factors for name in self.material.resting(self.analysis, factor)))
        where = self.material.refer(parcel, names)
        parts = [where] if where else []
        for said in ("disputed", "assumed"):
            those = [name for name in names if facts[name].standing == said]
            if those:
                key = said if len(those) == len(names) else f"{said}_in_part"
                parts.append(self.phrases(f"ruling.application.standing.{key}"))
        return f" ({', '.join(parts)})" if parts else ""

    def conclusion(self, name: str) -> None:
        """The conclusion on an issue, in the Commissioner's words, and why the balance falls."""
        if self.beside(name):
            return
        finding = self.concluded.findings[name]
        endings = self.phrases.table("ruling.conclusions").get(name, {})
        if self.own:
            endings = {**endings, **self.phrases.table(f"{self.own}.conclusions").get(name, {})}
        text = endings.get(finding.state)
        wanting = [self.concluded.findings[part].state == "not_satisfied" for part in self.book.nodes[name].all]
        if wanting and all(wanting):
            text = endings.get("neither", text)
        if not text:
            self._found(self.book.nodes[name])
            return
        told = str(text) if self.book.nodes[name].parts else self.reasons.why(finding, str(text))
        self.writer.add(Paragraph(self.writer.text(told), rule=name))

    def beside(self, name: str) -> bool:
        """Says of an issue that is made out, but by which the conclusion does not go, that it does not."""
        if not self.grounds.beside(self.book.nodes[name]):
            return False
        self.writer.add(Paragraph(law_run(self.grounds.finding(name, "beside")), rule=name))
        return True


def listed_titles(nodes: Sequence[Node]) -> str:
    """Matters by their names, in words."""
    return joined([f"'{lower_first(node.title)}'" for node in nodes])


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
        filled = application.grounds.clause(name)
        facts, key = (material.resting(other, name), "more_here") if now == "met" else ((), "less_here")
        filled += application.basis([name]) if now == "met" else ""
        words = writer.text(phrases(f"ruling.reasons.{key}"), text=law_run(filled))
        items.append(Item((*words, Run(".")), name, facts))
    writer.add(*([Listing(tuple(items))] if items else []))


def grounds_table(material: Material, analysis: Analysis) -> list[tuple[str, str, str, str]]:
    """For the officer: every ground that is met, for which side and how strongly, its paragraphs and authorities."""
    from caprev.law import citations

    words, rows = Grounds(analysis), []
    for name in analysis.book.strongest(name for name, state in analysis.conclusion.states.items() if state == "met"):
        factor = analysis.book.factors[name]
        where = material.refer(analysis.parcel.id, material.resting(analysis, name))
        cited = "; ".join(dict.fromkeys(citations.short(analysis.book, item) for item in factor.authority))
        side = f"{factor.favours}, {factor.strength.replace('_', '-')}"
        rows.append((f"{upper_first(words.clause(name))}.", side, where, cited))
    return rows
