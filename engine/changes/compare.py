"""Two conclusions side by side: which facts differ, which factors and findings moved, and why.

The second may be the same parcel with a few facts changed, another matter, or a decided case on its own facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from caprev.changes.alternatives import changed
from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts import conditions
from caprev.facts.answers import parse
from caprev.facts.derivations import AS_AT, Contradiction
from caprev.facts.in_words import describe
from caprev.facts.knowledge import Knowledge
from caprev.facts.matter import Matter, Parcel
from caprev.files import reading
from caprev.files.reading import textual
from caprev.reasoning import casebook
from caprev.reasoning.assess import Assessor
from caprev.reasoning.conclusion import Conclusion
from caprev.reasoning.findings import FactorState
from caprev.reasoning.precedents import Case, CaseBase, Comparison
from caprev.reasoning.weighing import Weigher


@dataclass(frozen=True)
class FactRow:
    """One fact on both sides, in words; None where it is not known."""

    fact: str
    left: str | None
    right: str | None


@dataclass(frozen=True)
class FactorRow:
    """One factor whose state differs, and the facts that make it what it is, or that it waits for, on either side."""

    factor: str
    favours: str
    strength: str
    left: FactorState
    right: FactorState
    facts: tuple[FactRow, ...]


@dataclass(frozen=True)
class NodeRow:
    """One finding on both sides, with its balance."""

    node: str
    title: str
    kind: str
    left: str
    right: str
    left_balance: float
    right_balance: float

    @property
    def moved(self) -> bool:
        """Whether the finding or its balance differs between the two."""
        return self.left != self.right or self.left_balance != self.right_balance


@dataclass(frozen=True)
class Differences:
    """Everything in which two conclusions differ. `alike` counts the facts that are known and the same."""

    left: Conclusion
    right: Conclusion
    facts: tuple[FactRow, ...]
    alike: tuple[FactRow, ...]
    factors: tuple[FactorRow, ...]
    nodes: tuple[NodeRow, ...]


def differences(assessor: Assessor, left: Conclusion, right: Conclusion) -> Differences:
    """What differs between two conclusions under one weighing."""
    book = assessor.book
    derived_facts = book.derivations.facts
    names = [*book.vocabulary.facts, *(name for name in derived_facts if name != AS_AT.name)]
    rows = [FactRow(name, _words(left.parcel, name), _words(right.parcel, name)) for name in names]
    known = [row for row in rows if row.left is not None or row.right is not None]
    left_known, right_known = assessor.known(left.parcel), assessor.known(right.parcel)
    active = left.weigher.active
    factors = [
        FactorRow(
            name,
            factor.favours,
            factor.strength,
            left.states[name],
            right.states[name],
            tuple(
                FactRow(fact, _words(left.parcel, fact), _words(right.parcel, fact))
                for fact in dict.fromkeys((*_rests(assessor, name, left_known), *_rests(assessor, name, right_known)))
            ),
        )
        for name, factor in book.factors.items()
        if left.states[name] != right.states[name] and name in active and factor.favours != "neutral"
    ]
    weights = book.weighing.strengths
    factors.sort(key=lambda row: ("met" not in (row.left, row.right), -weights[row.strength]))
    nodes = [
        NodeRow(
            name,
            node.title,
            node.kind,
            left.findings[name].state,
            right.findings[name].state,
            left.findings[name].balance,
            right.findings[name].balance,
        )
        for name, node in book.nodes.items()
        if node.kind != "indicator" or left.findings[name].state != right.findings[name].state
    ]
    return Differences(
        left,
        right,
        tuple(row for row in known if row.left != row.right),
        tuple(row for row in known if row.left == row.right),
        tuple(factors),
        tuple(nodes),
    )


def _words(parcel: Parcel, name: str) -> str | None:
    given = parcel.facts.get(name)
    return describe(given) if given else None


def _rests(assessor: Assessor, factor: str, known: Mapping[str, bool]) -> tuple[str, ...]:
    """The facts on which a factor's state rests, or those it waits for."""
    condition = assessor.book.conditions[factor]
    unknown = conditions.truth(condition, known) is None
    leaves = conditions.open_on(condition, known) if unknown else conditions.resting_on(condition, known)
    return conditions.named(leaves)


# --- what if -------------------------------------------------------------------------------------------------


def settings(assessor: Assessor, parcel: Parcel, written: Iterable[str]) -> dict[str, Knowledge]:
    """`section.fact=value` as knowledge: in plain words or as in a fact set. Raises BadInput with every fault."""
    problems: list[Problem] = []
    found: dict[str, Knowledge] = {}
    vocabulary = assessor.book.vocabulary
    for item in written:
        name, equals, text = (part.strip() for part in item.partition("="))
        if not equals:
            problems.append(Problem(f"'{item}' is not section.fact=value"))
        elif name not in vocabulary:
            problems.append(Problem("is not in the vocabulary", subject=name, fix=vocabulary.nearest(name)))
        elif name in found:
            problems.append(Problem("is set twice", subject=name, fix="Keep one of them"))
        else:
            fact, given = vocabulary[name], parcel.facts.get(name)
            try:
                if text[:1] in ("[", "{"):
                    found[name] = fact.read(reading.parse(text).data)
                else:
                    known = (given.written or given.knowledge) if given else None
                    found[name] = fact.read(textual(parse(fact, text, known).value))
            except BadInput as error:
                problems += [Problem(problem.what, subject=name) for problem in error.problems]
            except ValueError as error:
                problems.append(Problem(str(error), subject=name))
    if problems:
        raise BadInput(problems)
    return found


def supposed(
    assessor: Assessor, conclusion: Conclusion, changes: Mapping[str, Knowledge], file: str = ""
) -> Conclusion:
    """The conclusion on the parcel with other values for some facts. Raises BadInput where they contradict others."""
    try:
        parcel = changed(assessor.book, conclusion.parcel, changes)
    except Contradiction as error:
        step = error.step
        others = [name for name in (step.fact, *step.rests_on) if name in conclusion.parcel.facts or name in changes]
        free = [name for name in dict.fromkeys(others) if name not in changes and conclusion.parcel.facts[name].at]
        fix = f"Change them too, or make them unknown: {' '.join(f'--set {name}=unknown' for name in free)}"
        what = f"cannot stand together with what is supposed: {step.says}"
        raise BadInput(Problem(what, file, subject=listing(dict.fromkeys(others)), fix=fix if free else "")) from None
    return assessor.conclude(parcel, conclusion.weigher, assessor.cases)


# --- another matter, or a decided case -----------------------------------------------------------------------


@dataclass(frozen=True)
class Other:
    """What a matter is compared with: its name, its conclusions, and the decided case, if it is one."""

    title: str
    conclusions: tuple[Conclusion, ...]
    case: Case | None = None

    def only(self, conclusion: Conclusion) -> Other:
        """One of its parcels alone, named with the parcel where there are several."""
        title = f"{self.title}, {conclusion.parcel.id}" if len(self.conclusions) > 1 else self.title
        return Other(title, (conclusion,), self.case)


def other(assessor: Assessor, name: str, weigher: Weigher) -> Other:
    """A fact set by its file, a decided case by its id or short name, or a comparator by its number. Raises BadInput.

    A decided case is concluded with itself left out of the base: what the rules alone make of its facts.
    """
    if Path(name).is_file():
        return matter(assessor, assessor.read(name), weigher)
    if Path(name).suffix or "/" in name:
        assessor.read(name)  # says why it cannot be read
    return decided(assessor, name, weigher)


def decided(assessor: Assessor, name: str, weigher: Weigher) -> Other:
    """The same for a decided case or a comparator alone: no file is looked for by its name. Raises BadInput."""
    cases = assessor.cases.cases
    found = cases.get(name)
    if found is None:
        # A case is often remembered by one of its parties, or written as it is cited elsewhere.
        wanted = (name.lower(), name.lower().partition(" v ")[0])
        authorities = assessor.book.authorities
        named = [
            case
            for case in cases.values()
            if case.authority in wanted or str(authorities[case.authority].get("short", "")).lower() in wanted
        ]
        found = named[0] if len(named) == 1 else None
    if found:
        base = assessor.cases.without([found.id])
        return Other(found.name, (assessor.conclude(found.parcel, weigher, base),), found)
    files = casebook.others(assessor.cases_directory, assessor.book)
    if name in files:
        return matter(assessor, assessor.read(files[name]), weigher)
    raise BadInput(
        Problem(f"'{name}' is neither a file nor a decided case nor a comparator", fix=nearest(name, [*cases, *files]))
    )


def matter(assessor: Assessor, found: Matter, weigher: Weigher) -> Other:
    """A matter with the conclusions on its parcels."""
    done = tuple(assessor.conclude(parcel, weigher, assessor.cases) for parcel in found.parcels)
    return Other(str(found.about.get("title") or found.id or Path(found.file).stem), done)


def pairs(left: Other, right: Other, parcel: str = "") -> list[tuple[Conclusion, Conclusion]]:
    """The parcels to hold side by side: those of one id, or each with the only one of the other. Raises BadInput."""
    mine = [c for c in left.conclusions if not parcel or c.parcel.id == parcel]
    if not mine:
        names = [c.parcel.id for c in left.conclusions]
        what = f"{left.title} has no parcel '{parcel}'"
        raise BadInput(Problem(what, allowed=listing(names), fix=nearest(parcel, names)))
    theirs = {c.parcel.id: c for c in right.conclusions}
    if len(theirs) == 1:
        return [(c, right.conclusions[0]) for c in mine]
    same = [(c, theirs[c.parcel.id]) for c in mine if c.parcel.id in theirs]
    if same:
        return same
    what = f"{right.title} has several parcels, and none of the same id"
    raise BadInput(Problem(what, allowed=f"one parcel, or the same ids ({listing(theirs)})"))


def beside(cases: CaseBase, conclusion: Conclusion, case: Case) -> Comparison:
    """The matter beside the case, as the precedents see it."""
    return cases.beside(case, conclusion.states, conclusion.parcel, conclusion.weigher.active)
