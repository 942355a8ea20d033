"""Each matter weighed in a paragraph: what points which way, and what is concluded from it.

The set phrases are English and no law: what they join comes from the rules. Of several ways to say a thing each is used
in turn, so that no page says it in one way only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from caprev.documents.words import grounds as composing
from caprev.documents.words.grammar import joined, lower_first, upper_first
from caprev.documents.words.grounds import Grounds, listed, number
from caprev.law.models import Node
from caprev.law.rulebook import Rulebook
from caprev.reasoning.analysis import Analysis
from caprev.reasoning.findings import Finding

_FEW = 3
# What ends in `_one` is said of one thing, the others of several.
_SAYS: Mapping[str, tuple[str, ...]] = {
    "same": (
        "{grounds} point the same way.",
        "The same follows from {grounds}.",
        "{grounds} fit that.",
        "{grounds} bear that out.",
    ),
    "same_one": (
        "{grounds} points the same way.",
        "The same follows from {grounds}.",
        "{grounds} fits that.",
        "{grounds} bears that out.",
    ),
    "alone": ("{grounds} bear on this.", "{grounds} are to be weighed here."),
    "alone_one": ("{grounds} bears on this.", "{grounds} is to be weighed here."),
    "shows": (
        "{grounds} show that {finding}",
        "From {grounds} it follows that {finding}",
        "{grounds} mean that {finding}",
    ),
    "shows_one": (
        "{grounds} shows that {finding}",
        "From {grounds} it follows that {finding}",
        "{grounds} means that {finding}",
    ),
    "against": ("Against that, {grounds}.",),
    "also_against": ("{grounds} add to this.",),
    "also_against_one": ("{grounds} adds to this.",),
    "against_short": ("{grounds} point the other way.", "Against this stand {grounds}.", "{grounds} speak against it."),
    "against_short_one": (
        "{grounds} points the other way.",
        "Against this stands {grounds}.",
        "{grounds} speaks against it.",
    ),
    "on_balance": ("On balance, {finding}", "All in all, {finding}", "Weighed together, {finding}"),
    "but_on_balance": ("but on balance {finding}", "yet all in all {finding}", "but taken together {finding}"),
    "again": (
        "On {matters} what was said of {part} holds here too.",
        "As to {matters}, nothing is different from {part}.",
        "The reasons given for {part} hold here as well on {matters}.",
    ),
    "same_result": ("The result is the same as for {part}.", "It ends as it did for {part}."),
    "so": ("and so {finding}", "so that {finding}"),
    "so_that": ("so that {finding}",),
    "even": ("These are about even, so that the matter inclines neither way.", "Neither side outweighs the other."),
    "and_even": ("and neither side outweighs the other.", "so that the matter inclines neither way."),
    "little": ("That is too little to incline the matter either way.", "By itself this inclines nothing."),
    "and_little": ("which is too little to incline the matter either way.", "which by itself inclines nothing."),
    "most": (
        "Most weight lies with {grounds}",
        "What turns the balance is the weight of {grounds}",
        "The balance rests on {grounds}",
    ),
    "most_again": ("most weight lies with the grounds named on the first issue",),
    "for_same": ("{finding}, for the same reasons.", "{finding}, on the same grounds as before."),
    "chief_same": ("{finding}, and for the reasons that weighed most there.", "{finding}, and on the same footing."),
    "less": ("while {grounds} weigh less.",),
    "less_one": ("while {grounds} weighs less.",),
    "shares": (
        "It shares {grounds} with this matter.",
        "Common to both: {grounds}.",
        "Here as there one finds {grounds}.",
        "This matter has {grounds} as well.",
    ),
    "akin": (
        "Close to its other grounds: {grounds}.",
        "Its other grounds are matched by {grounds}.",
        "In the place of its other grounds one finds {grounds}.",
    ),
    "same_effect": ("To the same effect, {grounds}.", "In another form, here too {grounds}."),
    "as_before": ("What was said of it for {part} holds here too.", "It stands to this as it did to {part}."),
    "shares_some": ("They share {grounds} with this matter.",),
    "lacks_some": ("What told there is not found here: {grounds}.",),
    "shares_same": ("It shares the same grounds with this matter.", "The same grounds are common to both."),
    "only_there": (
        "There, and not here, {grounds}.",
        "It differs in that {grounds}.",
        "What is not so here: {grounds}.",
    ),
    "named_there": ("{grounds} are found there only.",),
    "named_there_one": ("{grounds} is found there only.",),
    "silent_again": ("On the rest the facts are as silent as for {part}.", "The rest stays as open as for {part}."),
    "silent_all": ("Nothing stated bears on any of its {count} matters.",),
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
    """The matters of one parcel in the order in which they are told. `refer` says where facts of grounds stand.

    `found` and `chief` are for a later parcel: what is found, and grounds that weigh most, by reference to an earlier.
    """

    def __init__(
        self,
        analysis: Analysis,
        refer: Callable[[Sequence[str]], str] = _nowhere,
        found: Callable[[Node, str], str] | None = None,
        chief: Collection[frozenset[str]] = (),
    ) -> None:
        self.analysis = analysis
        self.grounds = Grounds(analysis)
        self.refer = refer
        self.found = found
        self.turns: Counter[str] = Counter()
        self._shown: set[str] = set()  # the grounds named alone for the matter before
        self._most: set[str] = set()  # the grounds that were last said to weigh most
        self._chief: set[str] = set()  # and those that were first said to
        self._less: set[str] = set()
        self.chief = chief
        self.named: set[frozenset[str]] = set()  # the grounds, in their clauses, that were said to weigh most

    def say(self, key: str, **values: str) -> str:
        """A set phrase, filled in."""
        ways = _SAYS[key]
        self.turns[key] += 1
        return ways[(self.turns[key] - 1) % len(ways)].format(**values)

    def bears(self, node: Node) -> bool:
        """Whether anything that is known bears on a matter."""
        return self.analysis.conclusion.findings[node.id].borne_on

    def _finding(self, node: Node, state: str) -> str:
        return self.grounds.finding(node.id, state)

    def silent(self, nodes: Sequence[Node], whole: bool = False) -> str:
        """The matters on which nothing bears, in one sentence; `whole`: there are no others in their place."""
        if whole and len(nodes) > _FEW:
            return self.say("silent_all", count=str(len(nodes)))
        return self.say("silent", matters=joined([f"'{lower_first(node.title)}'" for node in nodes], "or"))

    def matter(self, node: Node) -> Weighed:
        """One matter: what points which way, and what is concluded from it."""
        finding = self.analysis.conclusion.findings[node.id]
        before, self.grounds.at = set(self.grounds.said), lower_first(node.title)
        mine, theirs = sides(finding)
        text, named = composing.weighed(self.grounds, mine, theirs, self.refer, self.say)
        self.grounds.told[self.grounds.at] = frozenset(named)
        fresh = tuple(name for name in named if name not in before)
        opposed = bool(mine and theirs)
        if not opposed and not fresh and named and finding.state != "undetermined":
            grounds = self.grounds.several(named, self.refer)
            shows = f"shows{number([self.grounds.short(name) for name in named])}"
            if set(named) == self._shown:
                grounds = "the same grounds" if len(named) > 1 else "the same ground"
                shows = "shows" if len(named) > 1 else "shows_one"
            self._shown = set(named)
            shown = self.say(shows, grounds=grounds, finding=lower_first(self._finding(node, finding.state)))
            return Weighed(upper_first(shown), tuple(named), fresh)
        self._shown = set()
        found = (self.found or self._finding)(node, finding.state)
        return Weighed(self._concluded(text, found, finding.state, opposed), tuple(named), fresh)

    def _concluded(self, text: str, found: str, state: str, opposed: bool) -> str:
        """What was weighed and what is found, which goes on with the last sentence where that can take it."""
        key = ("even" if opposed else "little") if state == "undetermined" else "on_balance" if opposed else ""
        if not text:
            return found
        before, last = composing.last(text)
        joint = {"even": "and_even", "little": "and_little", "on_balance": "but_on_balance"}.get(key, "so")
        joint = "so_that" if joint == "so" and ", and " in last else joint
        if composing.takes(last, found if key not in ("even", "little") else ""):
            more = self.say(joint, finding=lower_first(found))
            return f"{before}{last[:-1]}, {more}"
        return f"{text} {self.say(key, finding=lower_first(found)) if key else found}"

    def why(self, finding: Finding, found: str) -> str:
        """What is `found`, and why a balance falls as it does: what weighs most, and what weighs less."""
        mine, theirs = sides(finding)
        first, second = self.grounds.distinct(mine, 3, 1), self.grounds.distinct(theirs, 2, 1)
        if not first:
            return found
        self.grounds.said.update([*first, *second])
        first.sort(key=lambda name: name in self._chief)  # those that were not said to weigh most come first
        names, others = ([self.grounds.short(name) for name in names] for names in (first, second))
        same = set(first) <= self._most
        self._most = self._most if same else set(first)
        fresh = [name for name in others if name not in self._less]
        self._less.update(others)
        less = ""
        if fresh and finding.state != "undetermined":
            less = self.say(f"less{number(fresh)}", grounds=listed(fresh))
        if same:
            text = self.say("for_same", finding=found.rstrip("."))
            return f"{text[:-1]}, {less}" if less else text
        if set(first) == self._chief:
            most = self.say("most_again")
        else:
            clauses = frozenset(map(self.grounds.clause, first))
            self.named.add(clauses)
            if clauses in self.chief:
                text = self.say("chief_same", finding=found.rstrip("."))
                return f"{text[:-1]}, {less}" if less else text
            most = self.say("most", grounds=listed(names))
            self._chief = self._chief or set(first)
        settled = finding.state != "undetermined"
        joins = settled and composing.takes(found, most)
        lead = f"{found[:-1]}: {lower_first(most)}" if joins else f"{found} {upper_first(most)}"
        return f"{lead}, {less}" if less else f"{lead}."


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
