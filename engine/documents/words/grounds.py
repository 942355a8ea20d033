"""Sentences composed of clauses: what has one subject is told together, what was said is named, in the tense it has.

A ground is said at length once in a document and afterwards by what it is called, so that no reader meets the same
sentence twice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set

from caprev.documents.words.grammar import joined, lower_first, second_person, upper_first
from caprev.facts import conditions
from caprev.law.models import Node
from caprev.law.rulebook import Rulebook, variant_key
from caprev.law.telling import told
from caprev.reasoning.analysis import Analysis

_IN_BRACKETS = re.compile(r" \([^()]*\)")
_AUXILIARY = re.compile(r"(?:is|are|was|were) (?=to )")
_LONG = 38  # words that a sentence of several clauses may have
_PAIR = 26  # words that two sentences joined may have
_LEADS = frozenset(
    {"Against", "On", "All", "Weighed", "Here", "Neither", "These", "But"}
)  # what begins a turn of thought


def _holds(analysis: Analysis, key: str) -> bool:
    condition = analysis.book.conditions.get(key)
    return condition is not None and conditions.holds(condition, analysis.parcel.known) is True


class Grounds:
    """The grounds of one parcel in words; `said` keeps those that were told at length."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.book: Rulebook = analysis.book
        self.said: set[str] = set()
        self.at = ""  # the matter that is told
        self._uses: Counter[str] = Counter()
        self._together: dict[frozenset[str], list[str]] = {}  # and the matters on which grounds were named together
        self.told: dict[str, frozenset[str]] = {}  # all grounds that were named on a matter
        self.before: frozenset[frozenset[str]] = frozenset()  # grounds that were named together of an earlier parcel
        self._clauses: dict[str, str] = {}
        self._shorts: dict[str, str] = {}

    def clause(self, name: str) -> str:
        """A ground as a clause, about "you"."""
        if name not in self._clauses:
            self._clauses[name] = self._clause(name)
        return self._clauses[name]

    def _clause(self, name: str) -> str:
        words = self.book.words.factors.get(name)
        if words is None:
            return lower_first(second_person(self.analysis.told(name)).rstrip("."))
        fitting = (
            variant.says
            for index, variant in enumerate(words.variants)
            if _holds(self.analysis, variant_key(name, index))
        )
        return told(next(fitting, words.says), self.analysis.tense)

    def short(self, name: str) -> str:
        """What a ground is called once it has been said."""
        if name not in self._shorts:
            words = self.book.words.factors.get(name)
            self._shorts[name] = told(words.short, self.analysis.tense) if words else f"that {self.clause(name)}"
        return self._shorts[name]

    def called(self, name: str, refer: Refer) -> str:
        """The same; the first time in the reasons with where its facts are told, if it was said before they began."""
        return self.short(name) + (refer([name]) if self._uses[name] == 1 else "")

    def several(self, names: Sequence[str], refer: Refer) -> str:
        """Grounds in a list; those that were listed so before in another order, and then by where that was."""
        called, places = [self.called(name, refer) for name in names], self._together.setdefault(frozenset(names), [])
        if len(names) < 2:
            return listed(called)
        if self.at not in places:
            places.append(self.at)
        times = places.index(self.at) + (frozenset(names) in self.before)
        alone = [place for place in places if self.told.get(place) == frozenset(names) and place != self.at]
        if times > 1 and alone:  # where no others were named beside them
            return f"the grounds named on '{alone[0]}'"
        return listed(called[::-1] if times % 2 else called)

    @property
    def together(self) -> Set[frozenset[str]]:
        """The grounds that were named together."""
        return self._together.keys()

    def theirs(self, name: str) -> str:
        """What a ground of a decided case is called, as that of its own owner."""
        return re.sub(r"\byour\b", "the owner's", re.sub(r"\byou\b", "the owner", self.short(name)))

    def beside(self, node: Node) -> bool:
        """Whether a node is made out, has words for the conclusion going by another of its side, and it does."""
        return bool(node.beside) and self.analysis.conclusion.beside(node.id)

    def finding(self, node: str, state: str) -> str:
        """What is found on a node, as a sentence about "you"."""
        return second_person(self.analysis.found(node, state))

    def distinct(self, names: Iterable[str], most: int, alike: int = 2) -> list[str]:
        """The grounds to name: of those on the same facts one, of one cluster `alike`, the strongest first."""
        names, rules = tuple(names), self.book.factors
        if not names:
            return []
        chosen: dict[tuple[str, ...], str] = {}
        clusters: dict[str, int] = {}
        covers = self.book.covers
        covered = {less for name in names if name in covers for less in covers[name]}
        for name in self.book.strongest([name for name in names if name not in covered] if covered else names):
            facts = self.analysis.rests_on_facts[name] or (name,)
            held = chosen.get(facts)
            cluster = rules[name].cluster
            if held:
                # Of two sizes of one thing the later in the rulebook is the larger.
                same = rules[held].strength == rules[name].strength
                if same and rules[held].cluster == cluster and name > held:
                    chosen[facts] = name
                continue
            if len(chosen) >= most or clusters.get(cluster, 0) >= alike:
                continue
            clusters[cluster] = clusters.get(cluster, 0) + 1
            chosen[facts] = name
        return list(chosen.values())

    def named(self, names: Iterable[str], most: int) -> tuple[list[str], list[str]]:
        """The grounds to name for one finding: up to three that were not said yet, and the least used of the others."""
        found = self.distinct(names, most + 2)
        if not found:
            return [], []
        known = sorted((name for name in found if name in self.said), key=lambda name: self._uses[name])
        unused = [name for name in known if not self._uses[name]][:2]  # told before the reasons began
        fresh = [name for name in found if name not in self.said][: min(3, most) - len(unused)]
        known = known[: max(most - len(fresh), 0 if fresh else 1)][: max(1, len(unused)) if fresh else 2]
        self.said.update(fresh)
        self._uses.update([*fresh, *known])
        return fresh, known


def sentences(clauses: Sequence[str], subjects: Sequence[str], tails: Sequence[str] = ()) -> list[str]:
    """Clauses as sentences: neighbours of one subject as one, as long as it stays readable.

    `tails` go after the clauses, as references in brackets do; equal ones of one sentence stand at its end.
    """
    return paired([text for text, _ in grouped(clauses, subjects, tails)])


def paired(texts: Sequence[str]) -> list[str]:
    """Short sentences joined two by two, where each says one thing: a page of them would read as a list."""
    done: list[str] = []
    joins = False  # whether the last sentence may take another
    for text in texts:
        simple = _simple(text)
        if joins and simple and len(f"{done[-1]} {text}".split()) <= _PAIR:
            done[-1] = f"{done[-1][:-1]}, and {lower_first(text)}"
            joins = False
        else:
            done.append(text)
            joins = simple
    return done


def last(text: str) -> tuple[str, str]:
    """What stands before the last sentence of a text, and that sentence."""
    place = text[:-1].rfind(". ") + 1
    return (f"{text[:place]} ", text[place + 1 :]) if place else ("", text)


def takes(sentence: str, found: str) -> bool:
    """Whether a sentence can go on with what is found from it, and stays readable."""
    bare = _IN_BRACKETS.sub("", sentence)
    few = len(f"{bare} {found}".split()) <= _LONG - 2
    return few and "; " not in bare and ": " not in bare and not bare.endswith("etc.") and bare.count(", and ") < 2


def _simple(text: str) -> bool:
    """Whether a sentence is one clause that another can follow or go before."""
    bare = _IN_BRACKETS.sub("", text)
    if _divided(bare) or " and " in bare or not text.endswith(".") or text.endswith("etc."):
        return False
    words = bare.split()
    return bool(words) and words[0] not in _LEADS and len(words) <= _PAIR * 2 // 3


def grouped(
    clauses: Sequence[str], subjects: Sequence[str], tails: Sequence[str] = (), most: int = 3
) -> list[tuple[str, int]]:
    """The same, each sentence with the number of clauses that it tells."""
    done: list[tuple[str, int]] = []
    rows = list(zip(clauses, tails or [""] * len(clauses), strict=True))
    while rows:
        group = [rows.pop(0)]
        subject = "" if _divided(group[0][0]) else _subject(group[0][0], subjects)
        while rows and subject and _subject(rows[0][0], subjects) == subject and len(group) < most:
            long = sum(len(clause.split()) for clause, _ in [*group, rows[0]]) > _LONG
            if long or _divided(rows[0][0]):
                break
            group.append(rows.pop(0))
        done.append((_sentence([clause for clause, _ in group], [tail for _, tail in group], subject), len(group)))
    return done


def _sentence(clauses: list[str], tails: list[str], subject: str) -> str:
    """Clauses of one subject as one sentence."""
    rest = [clause[len(subject) :].strip() for clause in clauses] if subject and len(clauses) > 1 else []
    together = len({*tails}) == 1
    marks = [""] * len(clauses) if together else tails
    if rest:
        if all(_AUXILIARY.match(part) for part in rest):
            rest = [rest[0], *(_AUXILIARY.sub("", part, count=1) for part in rest[1:])]
        parts = [f"{part}{mark}" for part, mark in zip(rest, marks, strict=True)]
        text = f"{clauses[0][: len(subject)]} {listed(parts)}"
    else:
        text = listed([f"{clause}{mark}" for clause, mark in zip(clauses, marks, strict=True)])
    return f"{upper_first(text)}{tails[0] if together else ''}."


def listed(parts: Sequence[str], word: str = "and") -> str:
    """A list in words; parts that hold a comma or an `and` of their own are kept apart by a comma before the last."""
    if len(parts) < 2:
        return "".join(parts)
    if any(", " in part or f" {word} " in part for part in parts):
        return f"{', '.join(parts[:-1])}, {word} {parts[-1]}"
    return joined(list(parts), word)


def of_each(pairs: Iterable[tuple[str, str]]) -> str:
    """Grounds in a list, each once, with the cases that it is of in brackets."""
    cases: dict[str, list[str]] = {}
    for ground, case in pairs:
        cases.setdefault(ground, []).append(case)
    return joined([f"{ground} ({listed(those)})" for ground, those in cases.items()])


def number(names: Sequence[str]) -> str:
    """The ending of a set phrase for what is one: `_one`; nothing for several, or for one that is a plural."""
    head = re.split(
        r",| (?:of|for|on|in|by|that|which|to|from|at|since|before|beyond|beside|over|with|around|there)\b", names[0]
    )[0]
    last = head.split()[-1]
    return "" if len(names) > 1 or (last.endswith("s") and not last.endswith(("ss", "'s"))) else "_one"


def _subject(clause: str, subjects: Sequence[str]) -> str:
    """The longest of the subjects that a clause begins with."""
    small = clause.lower()
    fitting = [subject for subject in subjects if small.startswith(f"{subject.lower()} ")]
    return max(fitting, key=len, default="")


def _divided(clause: str) -> bool:
    """Whether a clause is one of several parts, to which no other is added."""
    return ", " in clause or "; " in clause or ": " in clause


def in_words(analysis: Analysis) -> Callable[[str], str]:
    """How grounds are named in a debate: in words, as those of "the owner"."""
    return Grounds(analysis).theirs


Refer = Callable[[Sequence[str]], str]
"""Where the facts of grounds are told: a reference in brackets with a space before it, or nothing."""


def weighed(
    grounds: Grounds,
    supports: Sequence[str],
    opposes: Sequence[str],
    refer: Refer,
    words: Callable[..., str],
    most: int = 4,
) -> tuple[str, list[str]]:
    """What speaks for a finding and what against it, in two or three sentences, and the grounds that are named.

    New grounds are said at length, those said before by their names. `words` fills in the set phrases.
    """
    fresh, known = grounds.named(supports, most)
    text = []
    if fresh:
        text += sentences(
            [grounds.clause(name) for name in fresh], grounds.book.words.subjects, [refer([name]) for name in fresh]
        )
    if known:
        key = f"{'same' if fresh else 'alone'}{number([grounds.short(name) for name in known])}"
        text.append(upper_first(words(key, grounds=grounds.several(known, refer))))
    first, second = grounds.named(opposes, 2)
    text = [*paired(text), *against(grounds, first, second, refer, words)]
    return " ".join(text), [*fresh, *known, *first, *second]


def against(
    grounds: Grounds, fresh: Sequence[str], known: Sequence[str], refer: Refer, words: Callable[..., str]
) -> list[str]:
    """What stands against a finding, as one sentence or two."""
    text = []
    if fresh:
        clauses = listed([f"{grounds.clause(name)}{refer([name])}" for name in fresh])
        text.append(words("against", grounds=clauses))
    if known:
        key = f"{'also_against' if fresh else 'against_short'}{number([grounds.short(name) for name in known])}"
        text.append(upper_first(words(key, grounds=grounds.several(known, refer))))
    return text
