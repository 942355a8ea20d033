"""The rulebook and the case base as Markdown pages: what `rules docs` writes, and what stands in `docs/rules/`.

One page for each theme of factors, one for the issues, elements and indicators, one for each question that
consequences answer, one for unsettled points, one for each rank of court, the facts, the authorities, and an index.
Every rule is named by its id, and every mention of a rule leads to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from caprev.documents.content.escaping import escape
from caprev.facts.conditions import Condition
from caprev.facts.vocabulary import worded
from caprev.grouping import grouped
from caprev.law import citations, pinpoints
from caprev.law.figures import Sheet
from caprev.law.models import NEUTRAL, Cited, Consequence, Factor, Node, Point
from caprev.law.references import asking_key, condition_key
from caprev.reasoning.assess import Assessor
from caprev.reasoning.precedents import Case
from caprev.review import pages

MARK = "<!-- Written by `caprev rules docs`: change the rule, then write the pages anew. -->"


class Handbook:
    """The pages of one rulebook and case base; `pages` gives all of them by their file names."""

    def __init__(self, assessor: Assessor) -> None:
        self.book = book = assessor.book
        self.cases = {case.id: case for case in assessor.cases.cases.values()}
        self.themes = grouped((Path(book.files[name]).parent.name, rule) for name, rule in book.factors.items())
        self.asked = {
            question: [rule for rule in book.consequences.values() if rule.question == question]
            for question in book.questions.questions
        }
        ranks = {rank: [case for case in self.cases.values() if case.level == rank] for rank in book.pack.levels}
        self.ranks = {rank: found for rank, found in ranks.items() if found}
        self.page_of = {
            **{factor.id: f"factors-{theme}.md" for theme, found in self.themes.items() for factor in found},
            **dict.fromkeys(book.nodes, "findings.md"),
            **dict.fromkeys(book.points, "unsettled.md"),
            **{rule.id: self._asked_page(rule.question) for rule in book.consequences.values()},
            **{case.id: self._rank_page(case.level) for case in self.cases.values()},
        }

    def pages(self) -> dict[str, str]:
        """File names and their text."""
        found = {"index.md": self._index()}
        for theme, factors in self.themes.items():
            found[f"factors-{theme}.md"] = self._page(
                f"Factors: {theme}", (self._factor(factor) for factor in factors), factors
            )
        nodes = self.book.nodes.values()
        found["findings.md"] = self._page("Issues, elements and indicators", map(self._node, nodes), nodes)
        for question, rules in self.asked.items():
            title = f"What follows: {self.book.questions.questions[question]}"
            found[self._asked_page(question)] = self._page(title, map(self._consequence, rules), rules)
        found["unsettled.md"] = self._unsettled()
        for rank, cases in self.ranks.items():
            title = f"Decided cases: {worded(rank)}"
            found[self._rank_page(rank)] = self._page(title, map(self._case, cases), cases)
        return found | {"facts.md": self._facts(), "authorities.md": self._authorities()}

    # pages

    def _page(
        self, title: str, parts: Iterable[Iterator[str]], listed: Iterable[Factor | Node | Consequence | Case]
    ) -> str:
        lines = [MARK, "", f"# {escape(title)}", "", "[All pages](index.md)", ""]
        lines += [f"- {self._link(item.id)}{_tail(item)}" for item in listed]
        for part in parts:
            lines += ["", *part]
        return "\n".join(lines) + "\n"

    def _index(self) -> str:
        book = self.book
        lines = [MARK, "", "# The rules and the cases", "", escape(book.pack.disclaimer), ""]
        lines += [f"Rulebook {book.pack.version}; the law was checked to {book.pack.as_at}."]
        drafts = sum(factor.status == "draft" for factor in book.factors.values())
        drafts += sum(rule.status == "draft" for rule in book.consequences.values())
        lines += [
            f"{drafts} of {len(book.factors) + len(book.consequences)} factors and consequences are in draft. "
            + escape(pinpoints.tally(book)),
            "",
            "## Factors",
            "",
            "Small rules that read facts. Each favours one side, or neither.",
            "",
            f"| Theme | {' | '.join(f'For {worded(side)}' for side in book.sides.ids)} | Neutral |",
            "| --- | ---: | ---: | ---: |",
        ]
        columns = (*book.sides.ids, NEUTRAL)
        for theme, factors in self.themes.items():
            sides = [sum(factor.favours == side for factor in factors) for side in columns]
            lines.append(f"| [{theme}](factors-{theme}.md) | {' | '.join(map(str, sides))} |")
        lines += ["", "## What they decide, and what follows", "", "- [Issues, elements and indicators](findings.md)"]
        for question, title in book.questions.questions.items():
            lines.append(f"- [{escape(title)}]({self._asked_page(question)}): {len(self.asked[question])} rules")
        lines += [f"- [Unsettled points, and positions on them](unsettled.md): {len(book.points)} points"]
        lines += ["", "## Decided cases, by rank of court", ""]
        for rank, cases in self.ranks.items():
            lines.append(f"- [{worded(rank)}]({self._rank_page(rank)}): {len(cases)}")
        lines += ["", "## What they rest on", "", "- [Facts](facts.md): what may be said of a matter, and who reads it"]
        lines += ["- [Authorities](authorities.md): citations, and which rules name them"]
        return "\n".join(lines) + "\n"

    def _facts(self) -> str:
        readers = grouped((name, factor) for factor, facts in self.book.facts_read.items() for name in facts)
        lines = [MARK, "", "# Facts", "", "[All pages](index.md)"]
        for section, names in self.book.vocabulary.sections.items():
            lines += ["", f"## {section}"]
            for fact in (self.book.vocabulary[f"{section}.{name}"] for name in names):
                unit = f" ({fact.unit})" if fact.unit else ""
                lines += ["", f"### {fact.name}", "", escape(fact.ask), "", f"- Values: {escape(fact.allowed)}{unit}"]
                lines += [f"- Proof: {escape(fact.evidence)}"] if fact.evidence else []
                lines += [f"- Read by: {self._links(readers[fact.name])}"] if fact.name in readers else []
                if fact.name in self.book.vocabulary.applies:
                    asked = self.book.conditions[asking_key(fact.name)]
                    lines += ["- Asked unless it is known not to be so:", *(f"  {row}" for row in _condition(asked))]
        return "\n".join(lines) + "\n"

    def _authorities(self) -> str:
        tables = (self.book.factors, self.book.nodes, self.book.consequences)
        cited = ((item.cite, name) for rules in tables for name, rule in rules.items() for item in rule.authority)
        named = grouped(cited)
        lines = [MARK, "", "# Authorities", "", "[All pages](index.md)", ""]
        warned = [words for words in self.book.pack.marks.values() if words.prints]
        lines += ["; ".join(f"*{escape(words.prints)}*: {escape(words.means)}" for words in warned) + "."]
        for name in self.book.authorities:
            status = citations.status(self.book, name)
            lines += ["", f"## {name}", "", escape(citations.full(self.book, name))]
            lines += ["", escape(status)] if status else []
            lines += ["", f"- Named by: {self._links(dict.fromkeys(named[name]))}"] if name in named else []
        return "\n".join(lines) + "\n"

    def _unsettled(self) -> str:
        lines = [MARK, "", "# Unsettled points", "", "[All pages](index.md)", ""]
        for name, position in self.book.positions.items():
            lines.append(f"- Position `{name}`, {escape(position.title)}: {escape(position.note)}")
        for name, point in self.book.points.items():
            lines += ["", *self._point(name, point)]
        return "\n".join(lines) + "\n"

    # parts of pages

    def _factor(self, rule: Factor) -> Iterator[str]:
        yield f"## {rule.id}"
        yield from ("", f"**{escape(rule.text)}**", "")
        yield f"Favours {rule.favours}, {rule.strength.replace('_', '-')} (an engine weight, not law). {_state(rule)}"
        yield from ("", "Met when:", "", *_condition(self.book.conditions[rule.id]), "")
        for point, answers in rule.position.items():
            yield from (f"Only where the answer to {self._link(point)} is {' or '.join(answers)}.", "")
        yield f"- Feeds: {self._links(rule.feeds)}"
        yield f"- Counted together with others of the cluster: {rule.cluster}"
        if rule.magnitude:
            yield f"- Compared with cases by `{rule.magnitude.fact}`; {rule.magnitude.stronger} is stronger"
        if place := self.book.ground_of.get(rule.id):
            yield f"- A form of the ground: {escape(self.book.grounds[place[0]].says)}"
        yield from self._authority(rule.authority)
        yield f"- Limits: {escape(rule.limits)}"
        for word in ("because", "despite"):
            cases = [case.id for case in self.cases.values() if rule.id in getattr(case, word)]
            if cases:
                yield f"- {'Relied on' if word == 'because' else 'Overcome'} in: {self._links(cases)}"
        yield from ("", "Examples:", "")
        for example in rule.examples:
            asks = f"; asks {', '.join(f'`{name}`' for name in example.asks)}" if example.asks else ""
            yield f"- {worded(example.expect)}: {escape(example.name)}{asks}"
        yield from ("", f"File: `{pages.file(self.book, rule.id)}`")

    def _node(self, node: Node) -> Iterator[str]:
        yield f"## {node.id}"
        yield from ("", f"**{escape(node.title)}** ({node.kind}). {escape(node.question)}", "")
        for word, parts in (("all of", node.all), ("any of", node.any), ("none of", node.none)):
            if parts:
                yield f"- Satisfied when {word}: {self._links(parts)}"
        others = [part for part in node.weighs if part != "self"]
        if others:
            own = "its own factors and those of " if "self" in node.weighs else ""
            yield f"- Weighs {own}{self._links(others)}"
        yield from self._authority(node.authority)
        for word, said in (("Satisfied", node.satisfied), ("Not satisfied", node.not_satisfied)):
            yield f"- {word}: {escape(said)}"
        if node.limits:
            yield f"- Limits: {escape(node.limits)}"
        if node.unsettled:
            yield f"- Unsettled: {self._links(node.unsettled)}"
        for side in (*self.book.sides.ids, NEUTRAL):
            found = [factor.id for factor in self.book.feeding[node.id] if factor.favours == side]
            if found:
                yield f"- Fed by, for {worded(side)}: {self._links(found)}"

    def _consequence(self, rule: Consequence) -> Iterator[str]:
        yield f"## {rule.id}"
        unverified = " **Not verified as law.**" if rule.unverified else ""
        yield from ("", f"**{escape(rule.title)}**", "", f"{escape(rule.says)} {_state(rule)}{unverified}", "")
        after = (*rule.applies.characterisation, *rule.applies.route)
        yield f"- Follows from: {' or '.join(worded(name) for name in after) or 'any conclusion'}"
        dated = ", ".join(rule.dated_by or (self.book.questions.event,))
        yield f"- For events: {rule.in_force.words or 'of any date'}, dated by `{dated}`"
        for point, answer in rule.position.items():
            yield f"- Only where the answer to {self._link(point)} is {answer}"
        if rule.when is not None:
            yield from ("- When:", *(f"  {line}" for line in _condition(self.book.conditions[condition_key(rule)])))
        sheet, rounding = Sheet(self.book.vocabulary, {}), self.book.vocabulary.money.rounding
        for figure in rule.figures:
            formula = sheet.work(figure).formula.replace(" not given", "")
            yield f"- Figure: {escape(figure.label)} = {escape(formula)} (rounded {rounding})"
        for index, sign in enumerate(rule.signs.signs if rule.signs else ()):
            yield f"- Sign: {escape(sign.text)}"
            yield from (f"  {line}" for line in _condition(self.book.conditions[condition_key(rule, index)]))
        if rule.warning:
            yield f"- Warning: {escape(rule.warning)}"
        if rule.unsettled:
            yield f"- Unsettled: {self._links(rule.unsettled)}"
        yield from self._authority(rule.authority)
        yield f"- Limits: {escape(rule.limits)}"
        yield from ("", "Examples:", "")
        yield from (f"- {worded(item.expect)}: {escape(item.name)}" for item in rule.examples)
        yield from ("", f"File: `{pages.file(self.book, rule.id)}`")

    def _point(self, name: str, point: Point) -> Iterator[str]:
        yield f"## {name}"
        yield from ("", f"**{escape(point.question)}** {escape(point.turns_on)}", "")
        for answer, taken in point.answers.items():
            held = [key for key, position in self.book.positions.items() if position.answers.get(name) == answer]
            holders = f" (position: {', '.join(held)})" if held else ""
            yield f"- `{answer}`{holders}: {escape(taken.says)}"
            yield from (f"  {line}" for line in self._authority(taken.authority))
        if point.warning:
            yield f"- Warning: {escape(point.warning)}"

    def _case(self, case: Case) -> Iterator[str]:
        yield f"## {case.id}"
        yield from ("", f"**{escape(citations.full(self.book, case.authority))}**", "")
        shown = "" if case.shown else ", so not shown as authority"
        yield f"{escape(case.court)}, {case.decided}: {case.outcome}, {worded(case.route)}. "
        yield f"Confidence in this reading: {case.confidence}{shown}."
        yield from ("", escape(case.ratio))
        for word, names in (("Because", case.because), ("Despite", case.despite)):
            yield from ("", f"{word}:{'' if names else ' nothing selected.'}", "")
            yield from (f"- {self._link(name)}: {escape(self.book.factors[name].text)}" for name in names)
        status = citations.status(self.book, case.authority)
        if case.treatment or status:
            yield from ("", *(f"- Treatment: {escape(item)}" for item in case.treatment))
        if status:
            yield f"- Status: {escape(status)}"
        yield from ("", f"Facts: `caprev cases show {case.id}`")

    def _authority(self, authority: Iterable[Cited]) -> Iterator[str]:
        for item in authority:
            short = escape(citations.short(self.book, item))
            yield f"- Authority: [{short}](authorities.md#{anchor(item.cite)}): {escape(item.says)}"

    # links

    def _link(self, name: str) -> str:
        return f"[{name}]({self.page_of[name]}#{anchor(name)})"

    def _links(self, names: Iterable[str]) -> str:
        return ", ".join(map(self._link, names))

    def _asked_page(self, question: str) -> str:
        return f"follows-{question.replace('_', '-')}.md"

    def _rank_page(self, rank: str) -> str:
        return f"cases-{rank.replace('_', '-')}.md"


def anchor(heading: str) -> str:
    """The anchor that Markdown renderers give a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _tail(item: Factor | Node | Consequence | Case) -> str:
    """What a list at the top of a page says of an item."""
    if isinstance(item, Factor):
        return f" ({item.favours}, {item.strength.replace('_', '-')}): {escape(item.text)}"
    if isinstance(item, Case):
        return f" ({item.outcome}, {item.decided[:4]})"
    return f": {escape(item.title)}"


def _state(rule: Factor | Consequence) -> str:
    """Draft or reviewed, and the dates between which a factor is law."""
    words = f"; in force {rule.in_force.words}" if isinstance(rule, Factor) and rule.in_force.words else ""
    return f"Status: {rule.status}{words}."


def _condition(condition: Condition) -> Iterator[str]:
    """A condition as a nested list."""
    for line in pages.in_words(condition):
        words = line.lstrip()
        plain = words.endswith(":")  # all of, any of, not
        yield f"{line[: len(line) - len(words)]}- {words if plain else f'`{words}`'}"
