"""Each matter weighed in a paragraph: what points which way, and what is concluded from it.

The set phrases are English and no law: what they join comes from the rules. Of several ways to say a thing each is used
in turn, so that no page says it in one way only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from caprev.documents.words import grounds as composing
from caprev.documents.words.grammar import joined, lower_first, upper_first
from caprev.documents.words.grounds import Grounds, listed, number
from caprev.law.models import Node
from caprev.law.rulebook import Rulebook
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.weighing import Finding

# What ends in `_one` is said of one thing, the others of several.
_SAYS: Mapping[str, tuple[str, ...]] = {
    "same": ("{grounds} point the same way.", "The same follows from {grounds}.", "{grounds} fit that."),
    "same_one": ("{grounds} points the same way.", "The same follows from {grounds}.", "{grounds} fits that."),
    "alone": ("{grounds} bear on this.", "{grounds} are to be weighed here."),
    "alone_one": ("{grounds} bears on this.", "{grounds} is to be weighed here."),
    "shows": ("{grounds} show that {finding}",),
    "shows_one": ("{grounds} shows that {finding}",),
    "against": ("Against that, {grounds}.",),
    "also_against": ("{grounds} add to this.",),
    "also_against_one": ("{grounds} adds to this.",),
    "against_short": ("{grounds} point the other way.", "Against this stand {grounds}."),
    "against_short_one": ("{grounds} points the other way.", "Against this stands {grounds}."),
    "on_balance": ("On balance, {finding}", "All in all, {finding}", "Weighed together, {finding}"),
    "even": ("These are about even, so that the matter inclines neither way.", "Neither side outweighs the other."),
    "little": ("That is too little to incline the matter either way.", "By itself this inclines nothing."),
    "most": ("Most weight lies with {grounds}.", "What turns the balance is the weight of {grounds}."),
    "most_one": ("Most weight lies with {grounds}.", "What turns the balance is the weight of {grounds}."),
    "most_same": ("The same grounds weigh most as above.",),
    "less": ("{grounds} weigh less.",),
    "less_one": ("{grounds} weighs less.",),
    "silent": ("Nothing stated bears on {matters}.", "On {matters} the facts are silent."),
}


@dataclass(frozen=True)
class Weighed:
    """A matter in words, the grounds named, and those of them that are named for the first time."""

    text: str
    named: tuple[str, ...]
    fresh: tuple[str, ...]


def _nowhere(_: Sequence[str]) -> str:
    return ""


class Reasons:
    """The matters of one parcel in the order in which they are told. `refer` says where facts of grounds stand."""

    def __init__(self, analysis: Analysis, refer: Callable[[Sequence[str]], str] = _nowhere) -> None:
        self.analysis = analysis
        self.grounds = Grounds(analysis)
        self.refer = refer
        self._turns: Counter[str] = Counter()
        self._most: set[str] = set()
        self._less: set[str] = set()

    def say(self, key: str, **values: str) -> str:
        """A set phrase, filled in."""
        ways = _SAYS[key]
        self._turns[key] += 1
        return ways[(self._turns[key] - 1) % len(ways)].format(**values)

    def bears(self, node: Node) -> bool:
        """Whether anything that is known bears on a matter."""
        finding = self.analysis.conclusion.findings[node.id]
        return bool(finding.supports or finding.opposes)

    def silent(self, nodes: Sequence[Node]) -> str:
        """The matters on which nothing bears, in one sentence."""
        return self.say("silent", matters=joined([f"'{lower_first(node.title)}'" for node in nodes], "or"))

    def matter(self, node: Node) -> Weighed:
        """One matter: what points which way, and what is concluded from it."""
        finding = self.analysis.conclusion.findings[node.id]
        before = set(self.grounds.said)
        mine, theirs = sides(finding)
        text, named = composing.weighed(self.grounds, mine, theirs, self.refer, self.say)
        fresh = tuple(name for name in named if name not in before)
        found = self.grounds.finding(node.id, finding.state)
        opposed = bool(mine and theirs)
        if finding.state == "undetermined":
            found = self.say("even" if opposed else "little") if text else found
        elif opposed:
            found = self.say("on_balance", finding=lower_first(found))
        elif not fresh and named:
            names = [self.grounds.short(name) for name in named]
            shown = self.say(f"shows{number(names)}", grounds=listed(names), finding=lower_first(found))
            text, found = "", upper_first(shown)
        return Weighed(f"{text} {found}".strip(), tuple(named), fresh)

    def why(self, finding: Finding) -> str:
        """Why a balance falls as it does: what weighs most, and what weighs less."""
        mine, theirs = sides(finding)
        first, second = self.grounds.distinct(mine, 3, 1), self.grounds.distinct(theirs, 2, 1)
        if not first:
            return ""
        self.grounds.said.update([*first, *second])
        names, others = ([self.grounds.short(name) for name in found] for found in (first, second))
        same = set(first) <= self._most
        text = self.say("most_same") if same else self.say(f"most{number(names)}", grounds=listed(names))
        self._most.update(first)
        fresh = [name for name in others if name not in self._less]
        self._less.update(others)
        if not fresh or finding.state == "undetermined":
            return text
        return f"{text} {upper_first(self.say(f'less{number(fresh)}', grounds=listed(fresh)))}"


def sides(finding: Finding) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The grounds for what is found, and those against it."""
    if finding.state == "not_satisfied":
        return finding.opposes, finding.supports
    return finding.supports, finding.opposes


def loose(book: Rulebook, issue: str) -> list[Node]:
    """The elements that stand by themselves after an issue: part of none, and asked beside it."""
    nodes = list(book.nodes.values())
    parts = {name for node in nodes for name in node.parts}
    following = nodes[[node.id for node in nodes].index(issue) + 1 :]
    found = []
    for node in following:
        if node.kind == "issue":
            break
        if node.kind == "element" and node.id not in parts:
            found.append(node)
    return found
