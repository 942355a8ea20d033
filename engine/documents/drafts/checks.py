"""The consistency check of a draft: period against events, questions against answers, facts, provisions, cases.

What is looked at is the finished document, not what the builder meant to write.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from caprev.documents.content.model import (
    Block,
    Document,
    Heading,
    Listing,
    Note,
    Paragraph,
    Part,
    Run,
    Table,
    facts_of,
    inlines_of,
    law_run,
    notes_of,
    plain,
    rules_of,
)
from caprev.documents.drafts.application import passed_over
from caprev.documents.drafts.material import Material
from caprev.documents.drafts.questions import Asked, asked
from caprev.documents.words.citations import Citer
from caprev.documents.words.grammar import joined
from caprev.documents.words.periods import span_of
from caprev.documents.words.sentences import ends, when
from caprev.reasoning.analysis import Analysis

_EDITED_RULING = re.compile(r"\b10[15]\d{10}\b")
_NUMBER = re.compile(r"\d[\dA-Z]*(?:-\d+[A-Z]*)?")


@dataclass(frozen=True)
class Check:
    """One check: its name, whether it is in order, and what was found."""

    name: str
    ok: bool
    found: str


class Checker:
    """Checks one document against the material it was made from; an `edited` one against what is not edited there."""

    def __init__(self, material: Material, document: Document, citer: Citer, edited: bool = False) -> None:
        self.material = material
        self.document = document
        self.citer = citer
        self.edited = edited
        self.phrases = material.phrases

    def run(self) -> list[Check]:
        """Every check, in the order of the rulebook's list."""
        found = {
            "period": self.period(),
            "questions": self.questions(),
            "facts_used": self.facts_used(),
            "facts_unused": self.facts_unused(),
            "provisions": self.provisions(),
            "matters": self.matters(),
            "cases": self.cases(),
            "citations": self.citations(),
            "basis": self.basis(),
            "label": self.label(),
        }
        return [Check(self.phrases(f"ruling.check.items.{name}"), ok, text) for name, (ok, text) in found.items()]

    def say(self, key: str, **values: object) -> str:
        """What a check found, in the words of the rulebook."""
        return self.phrases(f"ruling.check.found.{key}").format(**values)

    # period

    def period(self) -> tuple[bool, str]:
        """Whether a period is stated, and covers the events ruled on."""
        about = self.material.assessment.matter.about
        stated = about.get("period")
        text = "; ".join(map(str, stated)) if isinstance(stated, list) else str(stated or "")
        if not text:
            return False, self.say("period_none")
        span = span_of(text)
        if span is None:
            return False, self.say("period_unread", period=text)
        events = list(self._events())
        if not events:
            return False, self.say("period_no_event")
        verdicts = []
        for event, low, high in events:
            inside = span[0] <= low and high <= span[1]
            apart = high < span[0] or low > span[1]
            key = "period_covers" if inside else "period_outside" if apart else "period_partly"
            verdicts.append((inside, self.say(key, event=event, period=text)))
        return all(ok for ok, _ in verdicts), " ".join(dict.fromkeys(said for _, said in verdicts))

    def _events(self) -> Iterator[tuple[str, float, float]]:
        """The events ruled on: the sales, on every parcel where their date is known."""
        for analysis in self.material.analyses:
            given = analysis.parcel.facts.get(self.phrases("ruling.check.event"))
            if given:
                low, high = ends(given.knowledge)
                yield self.say("event_sales", when=when(given.knowledge)), low, high

    # questions

    def questions(self) -> tuple[bool, str]:
        """Whether every question is answered, and no two answers disagree."""
        asks = asked(self.material)
        blank = [item for item in asks if item.question is None]
        if blank:
            return False, " ".join(self.say("question_open", number=item.number) for item in blank)
        clash = [item.number for item in asks if self._meanings(item) - self._concluded()]
        if clash:
            return False, self.say("questions_clash", numbers=joined([str(number) for number in clash]))
        if any(group.characterisation == "undetermined" for group in self.material.groups):
            return False, self.say("undetermined")
        rules = [rule for block in self.document.part("questions") for rule in rules_of(block)]
        answers = [rule for rule in rules if rule.startswith("answer:")]
        if len(answers) != len(asks) * len(self.material.groups):
            return False, self.say("question_open", number=len(answers) + 1)
        return True, self.say("questions_ok", count=len(asks))

    def _concluded(self) -> set[str]:
        return {group.characterisation for group in self.material.groups}

    def _meanings(self, item: Asked) -> set[str]:
        """The characterisations that an answer is only true of."""
        found = set()
        for group in self.material.groups:
            reply = item.reply(self.phrases, group)
            if reply.yes and item.question:
                found.add(item.question.yes_means)
        return found

    # facts

    def stated(self) -> set[str]:
        """The facts that the facts section states."""
        return {name for block in self.document.part("facts") for name in facts_of(block)}

    def relied(self) -> set[str]:
        """The facts on which reasons and consequences rest."""
        return {
            name
            for part in ("reasons", "consequences")
            for block in self.document.part(part)
            for name in facts_of(block)
        }

    def facts_used(self) -> tuple[bool, str]:
        """Whether every fact relied on is stated."""
        relied, missing = self.relied(), self.relied() - self.stated()
        if missing:
            return False, self.say("facts_used_missing", facts=self._named(missing))
        return True, self.say("facts_used_ok", count=len(relied))

    def facts_unused(self) -> tuple[bool, str]:
        """Whether the facts stated that some ground could rest on are relied on; of the others that they are told."""
        stated, unused = self.stated(), self.stated() - self.relied()
        weighty = {name for name in unused if any(name in read for read in self.material.book.facts_read.values())}
        weighty -= {name for analysis in self.material.analyses for name in self._pointless(analysis)}
        if weighty:
            return False, self.say("facts_unused_found", facts=self._named(weighty))
        return True, self.say("facts_unused_ok", count=len(stated), told=len(unused))

    def _pointless(self, analysis: Analysis) -> set[str]:
        """Facts whose every ground is decided against: what they say was asked, and points no way."""
        met = {"met", "unknown"}
        book, states = self.material.book, analysis.conclusion.states
        live = {name for factor, names in book.facts_read.items() if states[factor] in met for name in names}
        return set(analysis.parcel.facts) - live

    def _named(self, names: set[str]) -> str:
        """Facts by number and in words, in their order."""
        rows = [row for row in self.material.numbered if row.given.fact.name in names]
        known = {row.given.fact.name for row in rows}
        told = [f"{row.number} ({row.given.fact.words})" for row in rows]
        return ", ".join([*told, *sorted(names - known)])

    # provisions

    def provisions(self) -> tuple[bool, str]:
        """Whether the provisions listed are those that the text relies on."""
        words = [str(word) for word in self.phrases.listed("citing.references")]
        listed = {match for block in self.document.part("provisions") for match in references(self._text(block), words)}
        named = ("questions", "reasons", "consequences")
        parts = [block for part in named for block in self.document.part(part) if not isinstance(block, Heading)]
        # Further points are only named there.
        further = [block for block in self.document.part("consequences") if isinstance(block, Listing)]
        parts = [block for block in parts if block not in further]
        used = {match for block in parts for match in references(self._text(block), words)}
        noted = {match for block in parts for match in references(self._text(block, notes=True), words)}
        missing, extra = used - listed, listed - used - noted
        if missing:
            return False, self.say("provisions_missing", provisions=", ".join(sorted(missing)))
        if extra:
            return False, self.say("provisions_extra", provisions=", ".join(sorted(extra)))
        return True, self.say("provisions_ok", count=len(listed))

    def _text(self, block: Block, notes: bool = False) -> str:
        """The law in a block, or in its footnotes: what the document itself says, and not the comments."""
        return " ".join(
            run.text
            for inlines in inlines_of(block)
            for inline in inlines
            if isinstance(inline, Note) is notes
            for run in ((inline,) if isinstance(inline, Run) else inline.runs)
            if run.law
        )

    # matters, cases, citations

    def matters(self) -> tuple[bool, str]:
        """Whether every indicator and element is weighed, passed over for a reason, or has nothing that bears on it."""
        nodes = self.material.book.nodes
        skipped = set.intersection(
            *(passed_over(analysis.conclusion, self.material.book) for analysis in self.material.analyses)
        )
        wanted = [node.id for node in nodes.values() if node.kind in ("indicator", "element")]
        wanted = [name for name in wanted if name not in skipped]
        done = {rule for block in self.document.part("reasons") for rule in rules_of(block)}
        missing = [nodes[name].title for name in wanted if name not in done]
        if missing:
            return False, self.say("matters_missing", matters="; ".join(missing))
        bare = [nodes[name].title for name in wanted if nodes[name].kind == "indicator" and self._bare(name)]
        weighed = len(wanted) - len(bare)
        if bare:
            return False, self.say("matters_bare", count=weighed, matters="; ".join(bare))
        return True, self.say("matters_ok", count=weighed)

    def _bare(self, node: str) -> bool:
        """Whether nothing that is known bears on a matter, on any parcel."""
        findings = (analysis.conclusion.findings[node] for analysis in self.material.analyses)
        return not any(finding.supports or finding.opposes for finding in findings)

    def cases(self) -> tuple[bool, str]:
        """Whether the point-by-point table of each case that is compared has what is shared and what is not."""
        parts = [block for name in ("attachments", "reasons") for block in self.document.part(name)]
        tables = [block for block in parts if isinstance(block, Table) and block.rule in self._compared()]
        if not self._compared():
            return False, self.say("cases_none")
        shared, different = self.phrases("ruling.cases.shared"), self.phrases("ruling.cases.distinguishing")
        besides = self.phrases("ruling.cases.besides").split("{")[0]
        prose = [block for block in parts if isinstance(block, Paragraph)]
        told = {block.rule for block in prose if plain(block.inlines).startswith(besides)}
        one_sided = []
        for table in tables:
            found = {plain(row[-1]) for row in table.rows} | ({different} if table.rule in told else set())
            if not {shared, different} <= found:
                one_sided.append(table.rule)
        if one_sided:
            names = (self._case_name(name) for name in dict.fromkeys(one_sided))
            return False, self.say("cases_one_sided", cases=", ".join(names))
        return True, self.say("cases_ok", count=len(self._compared()))

    def _compared(self) -> list[str]:
        """The cases that the reasons compare."""
        cases = self.material.assessment.cases.cases
        found = (rule for block in self.document.part("reasons") for rule in rules_of(block))
        return list(dict.fromkeys(rule for rule in found if rule in cases))

    def _case_name(self, name: str) -> str:
        return self._short(self.material.assessment.cases.cases[name].authority)

    def citations(self) -> tuple[bool, str]:
        """Whether any authority is out of date, or was not read."""
        alarming = [self._short(name) for name in self.citer.cited if self.citer.alarm(name)]
        parts = [self.say("citations_status", names=", ".join(alarming))] if alarming else []
        for mark, words in self.material.book.pack.marks.items():
            if mark in self.citer.unread:
                parts.append(words.listed.format(names=", ".join(sorted(self.citer.unread[mark]))))
        if parts:
            return False, " ".join(parts)
        return True, self.say("citations_ok", count=len(self.citer.cited))

    def _short(self, authority: str) -> str:
        record = self.material.book.authorities[authority]
        return str(record.get("short") or record["name"])

    def basis(self) -> tuple[bool, str]:
        """Whether the answer is more than finely balanced, and does not hang on a fact that is not proved."""
        weak = [g for g in self.material.analyses if g.conclusion.strength == "finely_balanced"]
        bearing = {b.given.fact.name for g in self.material.analyses for b in g.bearing}
        parts = []
        if weak:
            parts.append(self.say("basis_weak", parcels=self.material.titles(weak) if self.material.several else ""))
        if bearing:
            parts.append(self.say("disputed", facts=self._named(bearing)))
        if parts:
            return False, " ".join(parts)
        told = [row.given for row in self.material.numbered if row.given.at]
        proved = sum(given.standing == "documented" for given in told)
        return bool(proved), self.say("basis_ok" if proved else "basis_unproved", proved=proved, count=len(told))

    def label(self) -> tuple[bool, str]:
        """Whether it is labelled a draft, with its disclaimer, and rests on no edited ruling."""
        parts = {part.name for part in self.document.parts}
        missing = [] if self.document.mark else ["mark"]
        missing += [] if "disclaimer" in parts or self.edited else ["disclaimer"]
        notes = " ".join(run.text for note in notes_of(self.document) for run in note.runs)
        missing += [self.say("label_ruling", number=found) for found in _EDITED_RULING.findall(notes)]
        return not missing, self.say("label_missing", what=", ".join(missing)) if missing else self.say("label_ok")


def attach_check(material: Material, checks: list[Check]) -> Part:
    """The check as a part of the document."""
    phrases = material.phrases
    header = tuple(map(str, phrases.listed("ruling.check.header")))
    rows = tuple(
        ((Run(check.name),), (Run(phrases(f"ruling.check.{'ok' if check.ok else 'look'}")),), (Run(check.found),))
        for check in checks
    )
    heading = Heading(2, law_run(phrases("ruling.labels.check")))
    return Part("check", (heading, Table("", header, rows, (34, 16, 50), "check")))


def references(text: str, words: Iterable[str]) -> Iterator[str]:
    """The provisions that a text names, by their numbers, after any of these words; a former one is not relied on."""
    numbers = r"((?:\d[\dA-Z]*(?:-\d+[A-Z]*)?(?:\([\dA-Za-z]+\))*(?:, | and | to |\u2013)?)+)"
    for match in re.finditer(rf"(?<!former )\b(?:{'|'.join(words)}) {numbers}", text):
        yield from _NUMBER.findall(re.sub(r"\([\dA-Za-z]+\)", "", match[1]))
