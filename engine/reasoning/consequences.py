"""What follows in law from a conclusion: which rules apply at the date of their event, and with which amounts.

A consequence applies, does not apply, or depends on something that is not known: a fact, a finding, the
conclusion itself, the date, or the answer taken to an unsettled point. Which it is follows by Kleene logic from
its conclusion, its dates, its condition and its position; the law itself stands in `rules/consequences/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field, replace
from typing import Literal

from caprev.facts import conditions, derivations
from caprev.facts import matter as facts
from caprev.facts.conditions import Atom, Met
from caprev.facts.derivations import Contradiction
from caprev.facts.knowledge import Range, Truth, all_of, exact
from caprev.facts.matter import Given, Parcel
from caprev.facts.vocabulary import question, worded
from caprev.law.figures import Sheet, Worked
from caprev.law.models import Consequence, Sign
from caprev.law.references import condition_key, figures_key
from caprev.law.rulebook import Rulebook
from caprev.once import cached_property
from caprev.reasoning.conclusion import Conclusion

State = Literal["applies", "does_not_apply", "depends"]
CONCLUSION = "conclusion"
_ANY_DAY = Range()
_SUPPOSED = "not given; the date of assessment stands for it"


@dataclass(frozen=True)
class Setting:
    """What consequences are tested against: a parcel, what is concluded of it, and the answers taken.

    `findings` holds the findings that are not undetermined.
    """

    book: Rulebook
    parcel: Parcel
    characterisation: str
    route: str
    findings: Mapping[str, bool]
    answers: Mapping[str, str]

    def look(self, leaf: Atom | Met) -> Truth:
        """What is known of a part of a condition."""
        return conditions.holds(leaf, self.parcel.known, self.findings)


@dataclass(frozen=True)
class Wait:
    """Something not known on which a consequence depends: what to ask, and for which answers or days it matters."""

    name: str
    question: str
    more: str = ""

    @property
    def ask(self) -> str:
        """What to ask, with the glossary of its answers."""
        return f"{self.question} {self.more}".rstrip()

    @property
    def short(self) -> str:
        """The same without the glossary."""
        return f"{question(self.question)} {self.more}".rstrip()


@dataclass(frozen=True)
class Counted:
    """A sign as it stands: present, absent or not known, and the facts that decide it."""

    sign: Sign
    state: Truth
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Followed:
    """A consequence as it stands. What it rests on and waits on, its figures and its signs are worked out when they are
    told: most of what waits on something is only counted."""

    rule: Consequence
    state: State
    _: KW_ONLY
    where: Setting = field(repr=False, compare=False)

    @cached_property
    def _standing(self) -> tuple[tuple[str, ...], tuple[Wait, ...]]:
        return _standing(self.where, self.rule)

    @property
    def resting(self) -> tuple[str, ...]:
        """The known facts by which it is law and applies, or does not."""
        return self._standing[0]

    @property
    def waits(self) -> tuple[Wait, ...]:
        """What it waits on."""
        return self._standing[1]

    @cached_property
    def far(self) -> bool:
        """Minor, or far from applying: it waits on more than two things, or on the conclusion and any other, or on
        anything if it is rare."""
        if self.rule.minor or (self.rule.rare and self.state != "applies"):
            return True
        names = [wait.name for wait in self.waits]
        return len(names) > (1 if CONCLUSION in names else 2)

    @cached_property
    def signs(self) -> tuple[Counted, ...]:
        """The signs of a rule that counts some."""
        return () if self.state == "does_not_apply" else tuple(_counted(self.where, self.rule))

    @property
    def finding(self) -> str:
        """What these come to."""
        return "" if self.state == "does_not_apply" else _finding(self.rule, self.signs)

    @cached_property
    def figures(self) -> tuple[Worked, ...]:
        """The figures that are shown: what is known of the amounts."""
        worked = [] if self.state == "does_not_apply" else _worked(self.where, self.rule)
        return tuple(item for item in worked if item.figure.shown and not (item.missing and item.figure.optional))

    @property
    def facts(self) -> tuple[Given, ...]:
        """The known facts it rests on."""
        counted = (name for sign in self.signs for name in sign.facts)
        used = (name for item in self.figures for name in item.used)
        return tuple(self.where.parcel.facts[name] for name in dict.fromkeys((*self.resting, *counted, *used)))


def setting(conclusion: Conclusion) -> Setting:
    """The setting of a parcel's conclusion."""
    findings = {name: f.state == "satisfied" for name, f in conclusion.findings.items() if f.state != "undetermined"}
    book = conclusion.weigher.book
    return Setting(
        book,
        with_event(book, conclusion.parcel),
        conclusion.characterisation,
        conclusion.route or "",
        findings,
        conclusion.weigher.position,
    )


def with_event(book: Rulebook, parcel: Parcel) -> Parcel:
    """The parcel with the date of the event, if only supposed, so that one date counts throughout."""
    name, otherwise = book.questions.event, book.questions.otherwise
    if name in parcel.facts or otherwise not in parcel.facts:
        return parcel
    fact, day_of = book.vocabulary[name], parcel.facts[otherwise].knowledge
    dated = replace(parcel, facts={**parcel.facts, name: Given(fact, day_of, _SUPPOSED, "assumed")})
    try:
        steps = derivations.derive(book.derivations, dated.known)
    except Contradiction:  # the day of assessment stands before other facts; the event is then not dated
        return parcel
    return facts.followed(dated, steps, book.derivations, book.vocabulary, {})


def follow(where: Setting, rules: Iterable[Consequence] | None = None) -> tuple[Followed, ...]:
    """Every consequence that applies or may apply, in the order of the rulebook; or those among some `rules`."""
    asked = where.book.consequences.values() if rules is None else rules
    found = (decide(where, rule) for rule in asked)
    return tuple(item for item in found if item.state != "does_not_apply")


def decide(where: Setting, rule: Consequence) -> Followed:
    """One consequence. It waits on every part of it that is not known, unless another part rules it out."""
    truth = all_of(_truths(where, rule))
    return Followed(rule, "applies" if truth else "depends" if truth is None else "does_not_apply", where=where)


def _truths(where: Setting, rule: Consequence) -> Iterator[Truth]:
    """How the parts of a consequence stand, one at a time, those that rule most out first."""
    yield _concluded(where, rule)[0]
    yield _in_force(where, rule)[0]
    condition = where.book.conditions.get(condition_key(rule))
    yield condition is None or conditions.holds(condition, where.parcel.known, where.findings)
    for point, answer in rule.position.items():
        yield _answered(where, point, answer)[0]


def _standing(where: Setting, rule: Consequence) -> tuple[tuple[str, ...], tuple[Wait, ...]]:
    """The known facts that a consequence rests on, and what it waits on; of one that is ruled out, by what it is."""
    resting: list[str] = []
    waits: dict[str, Wait] = {}
    for truth, names, found in _parts(where, rule):
        if truth is False:
            return names, ()
        resting += names
        for wait in found:
            waits.setdefault(wait.name, wait)  # what is asked for twice is asked for once
    return tuple(resting), tuple(waits.values())


def _worked(where: Setting, rule: Consequence) -> list[Worked]:
    """The figures of a rule, unless it has none here."""
    if not rule.figures or (rule.figures_unless is not None and _condition(where, figures_key(rule))[0] is True):
        return []
    sheet = Sheet(where.book.vocabulary, where.parcel.known)
    return [sheet.work(figure) for figure in rule.figures]


# Each part is a truth, the known facts it rests on, and what it waits on if it is not known.
Part = tuple[Truth, tuple[str, ...], tuple[Wait, ...]]


def _parts(where: Setting, rule: Consequence) -> Iterator[Part]:
    """The parts of a consequence, one at a time, those that rule most out first."""
    yield _concluded(where, rule)
    yield _dated(where, rule)
    yield _condition(where, condition_key(rule))
    for point, answer in rule.position.items():
        yield _answered(where, point, answer)


def _concluded(where: Setting, rule: Consequence) -> Part:
    sides, routes = rule.applies.characterisation, rule.applies.route
    if where.characterisation == "undetermined":
        if not (sides or routes):
            return True, (), ()
        wanted = " or ".join(worded(name) for name in (routes or sides))
        return None, (), (Wait(CONCLUSION, f"The conclusion is open; this follows only from {wanted}."),)
    verdict = (not sides or where.characterisation in sides) and (not routes or where.route in routes)
    return verdict, (), ()


def _dated(where: Setting, rule: Consequence) -> Part:
    """Whether the rule is law at the date of its event, the fact that says so, and what to ask."""
    truth, name = _in_force(where, rule)
    resting = (name,) if name in where.parcel.facts else ()
    if truth is not None:
        return truth, resting, ()
    return truth, resting, (_wait(where, name, f"The rule is for events {rule.in_force.told}."),)


def _in_force(where: Setting, rule: Consequence) -> tuple[Truth, str]:
    """Whether the rule is law at the date of its event, as far as that is known, and which fact is that date."""
    dating, low, high = where.book.dating[rule.id]
    if not dating:
        return True, ""
    known = where.parcel.known
    name = dating[0] if len(dating) == 1 else next((fact for fact in dating if fact in known), dating[0])
    return known.get(name, _ANY_DAY).between(low, high), name  # type: ignore[union-attr]


def _condition(where: Setting, key: str) -> Part:
    condition = where.book.conditions.get(key)
    if condition is None:
        return True, (), ()
    truth, resting, waiting = conditions.standing(condition, where.look)
    waits: list[Wait] = []
    for leaf in waiting:
        names = _askable(where, leaf.fact) if isinstance(leaf, Atom) else (leaf.rule,)
        waits += [_wait(where, name) for name in names]
    return truth, conditions.named(resting), tuple(waits)


def _answered(where: Setting, point: str, answer: str) -> Part:
    """An answer not taken here does not rule the consequence out: the point is unsettled."""
    if where.answers.get(point) == answer:
        return True, (), ()
    more = f"This follows only from the answer: {worded(answer)}."
    return None, (), (Wait(point, where.book.points[point].question, more),)


def _askable(where: Setting, name: str) -> tuple[str, ...]:
    """What to ask for to learn a fact: the askable facts that are not known exactly."""
    if name in where.book.vocabulary:
        return (name,)
    given = where.parcel.facts
    asked = where.book.askable(name)
    return tuple(fact for fact in asked if fact not in given or not exact(given[fact].knowledge)) or (name,)


def _wait(where: Setting, name: str, more: str = "") -> Wait:
    node = where.book.nodes.get(name)
    return Wait(name, node.question if node else where.book.facts[name].ask, more)


def _counted(where: Setting, rule: Consequence) -> Iterator[Counted]:
    for index, sign in enumerate(rule.signs.signs if rule.signs else ()):
        truth, resting, _ = _condition(where, condition_key(rule, index))
        yield Counted(sign, truth, resting if truth is not None else ())


def _finding(rule: Consequence, signs: tuple[Counted, ...]) -> str:
    if rule.signs is None:
        return ""
    lead = sum(item.state is True for item in signs) - sum(item.state is False for item in signs)
    if abs(lead) < rule.signs.lead:
        return rule.signs.unclear
    return rule.signs.present if lead > 0 else rule.signs.absent
