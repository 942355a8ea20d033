"""The pipeline: a matter in, a conclusion for every parcel out.

facts -> atoms -> productions (durable-rules) -> factor states -> weighing -> findings -> conclusion
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts import matter as facts
from caprev.facts.matter import Matter, Parcel
from caprev.files import reading
from caprev.law import packs, rulebook
from caprev.law.rulebook import Rulebook
from caprev.once import cached_property
from caprev.reasoning import casebook
from caprev.reasoning.analysis import Assessment
from caprev.reasoning.clusters import active
from caprev.reasoning.conclusion import Conclusion, InShort, conclude, state_from, states_from
from caprev.reasoning.findings import FactorState, Finding
from caprev.reasoning.inference import Engine
from caprev.reasoning.precedents import CaseBase, Guidance
from caprev.reasoning.productions import compile_rulebook
from caprev.reasoning.weighing import Weigher


class Assessor:
    """A rulebook and a case base, compiled once; assesses any number of matters."""

    def __init__(self, rules: str | Path, cases: str | Path) -> None:
        self.book: Rulebook = rulebook.load(rules)
        program = compile_rulebook(self.book)
        self.engine, self.last = Engine(program.productions), program.last
        self.rules_directory, self.cases_directory = Path(rules), Path(cases)
        self._weighers: dict[tuple[frozenset[str], tuple[tuple[str, str], ...]], Weigher] = {}
        self._start()

    def _start(self) -> None:
        """What belongs to this process."""
        self._weigher = lru_cache(maxsize=256)(self._found)  # which factors count on a day is asked again and again

    def __getstate__(self) -> dict[str, Any]:
        """What rests on the law alone, and may be kept."""
        state = {name: value for name, value in vars(self).items() if name != "_weigher"}
        return state | {name: str(state[name]) for name in ("rules_directory", "cases_directory")}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The same in another process."""
        vars(self).update(state)
        self.rules_directory, self.cases_directory = Path(self.rules_directory), Path(self.cases_directory)
        self._start()

    def ready(self) -> Assessor:
        """This assessor, with what most assessments need of the law worked out. Raises BadInput."""
        _ = self.cases
        position, as_at = self.book.pack.position, self.book.pack.as_at
        others = [{point: answer} for point in self.book.weighed_points for answer in self.book.points[point].answers]
        for other in ({}, *others):
            weigher = self.weigher(position, as_at, other)
            _ = weigher.places, [weigher.answers[node] for node in weigher.clusters]
        return self

    @cached_property
    def cases(self) -> CaseBase:
        """The precedents, each run through the rules."""
        return casebook.load(self.cases_directory, self.book, self.states)

    def read(self, path: str | Path) -> Matter:
        """A matter from a file. Raises BadInput."""
        return self.matter(reading.read(path))

    def matter(self, found: reading.Source) -> Matter:
        """A matter from parsed text. Raises BadInput."""
        if packs.mixed(self.rules_directory) and isinstance(found.data, dict):  # what only strict rules read
            weighed = {key: value for key, value in found.data.items() if key not in ("events", "expect")}
            found = reading.Source(found.file, weighed, found.text)
        return facts.load(found, self.book.vocabulary, self.book.derivations, self.book.pack.as_at, self.book.name)

    def known(self, parcel: Parcel) -> dict[str, bool]:
        """Every atom that is decided by what is known of a parcel."""
        return self.book.decided(parcel.known)

    def states(self, parcel: Parcel) -> dict[str, FactorState]:
        """The state of every factor on a parcel's facts."""
        return self._states(self.known(parcel))

    def _states(self, known: Mapping[str, bool]) -> dict[str, FactorState]:
        return states_from(self.book, frozenset(self.engine.run(0, known)))

    def weigher(self, position: str, as_at: str, answers: Mapping[str, str] | None = None) -> Weigher:
        """The weighing under a position; `answers` overrides single points of it. Raises BadInput.

        One is kept for each state of the law, not for each date: all days on which the same factors count share it.
        """
        if position not in self.book.positions:
            names = list(self.book.positions)
            raise BadInput(
                Problem(
                    f"the position '{position}' does not exist", allowed=listing(names), fix=nearest(position, names)
                )
            )
        chosen = {**self.book.positions[position].answers, **(answers or {})}
        return self._weigher(tuple(sorted(chosen.items())), as_at)

    def _found(self, answers: tuple[tuple[str, str], ...], as_at: str) -> Weigher:
        chosen = dict(answers)
        key = active(self.book, chosen, as_at), answers
        if key not in self._weighers:
            like = next(iter(self._weighers.values()), None)
            self._weighers.setdefault(key, Weigher(self.book, chosen, as_at, like))
        return self._weighers[key]

    def conclude(self, parcel: Parcel, weigher: Weigher, cases: CaseBase) -> Conclusion:
        """One parcel through all strata."""
        known = self.known(parcel)
        return self.conclude_states(parcel, self._states(known), weigher, cases, known)

    def conclude_states(
        self,
        parcel: Parcel,
        states: Mapping[str, FactorState],
        weigher: Weigher,
        cases: CaseBase,
        known: Mapping[str, bool] | None = None,
    ) -> Conclusion:
        """The strata above the factors. `known` are the atoms that are decided, where they were looked up already."""
        guidance = cases.guidance(states, parcel, weigher.active)
        known = self.known(parcel) if known is None else known
        return self._conclude(parcel, known, states, weigher.weighed(states), weigher, guidance)

    def conclude_like(self, before: Conclusion, parcel: Parcel, cases: CaseBase) -> Conclusion:
        """One parcel on whose facts every test comes out as it did before: all factors and findings are as they were,
        and only the cases, with more or less of what theirs are measured by, may tell the two apart."""
        guidance = cases.guidance(before.states, parcel, before.weigher.active)
        return conclude(parcel, before.known, before.states, before.findings, before.fired, before.weigher, guidance)

    def otherwise(self, conclusion: Conclusion, weigher: Weigher, cases: CaseBase) -> InShort:
        """The same parcel under another answer, for a comparison: only what that could make otherwise is worked out.

        A factor that is not met pushes nothing and keeps no case apart: whether it counts bears on how far the unknown
        ones could move a finding, which is not told here, and on which only the strength of what is of no side rests.
        """
        states, parcel = conclusion.states, conclusion.parcel
        if self.book.sides.neither:
            return self.conclude_states(parcel, states, weigher, cases).in_short
        changed = weigher.active ^ conclusion.weigher.active
        moved = frozenset(name for name in changed if states[name] == "met")
        if not moved:
            return conclusion.in_short
        findings = weigher.weighed_again(states, conclusion.findings, moved)
        guidance = cases.guidance_again(states, parcel, weigher.active, conclusion.guidance, moved)
        alike = all(finding.state == conclusion.findings[name].state for name, finding in findings.items())
        same = conclusion if alike else None
        return self._conclude(parcel, conclusion.known, states, findings, weigher, guidance, same).in_short

    def _conclude(
        self,
        parcel: Parcel,
        known: Mapping[str, bool],
        states: Mapping[str, FactorState],
        findings: dict[str, Finding],
        weigher: Weigher,
        guidance: Guidance,
        alike: Conclusion | None = None,
    ) -> Conclusion:
        """The strata above what is weighed; from `alike`, what rests on the states of findings that are the same."""
        fired = alike.fired if alike else self._fired(findings)
        pending = {node.id: node for node in self.book.nodes.values() if node.parts}
        while pending:
            ready = [node for node in pending.values() if all(part in findings for part in node.parts)]
            for node in ready:
                findings[node.id] = weigher.combined(node, state_from(node.id, fired), findings)
                del pending[node.id]
        ordered = {name: findings[name] for name in self.book.nodes if name in findings}
        return conclude(parcel, known, states, ordered, fired, weigher, guidance, alike)

    def _fired(self, findings: Mapping[str, Finding]) -> frozenset[str]:
        """The productions above the factors that fire."""
        settled = {name: f.state == "satisfied" for name, f in findings.items() if f.state != "undetermined"}
        fired: frozenset[str] = frozenset()
        combined = [node for node in self.book.nodes.values() if node.parts]
        for stratum in range(1, self.last + 1):
            fired |= frozenset(self.engine.run(stratum, settled))
            for node in combined:
                state = state_from(node.id, fired)
                if state != "undetermined":
                    settled[node.id] = state == "satisfied"
        return fired

    def assess(
        self, matter: Matter, position: str = "", as_at: str = "", without: Iterable[str] = (), parcel: str = ""
    ) -> Assessment:
        """Assess every parcel, or one. `without` leaves precedents out of the base. Raises BadInput."""
        position = position or self.book.pack.position
        as_at = as_at or self.book.pack.as_at
        weigher = self.weigher(position, as_at)
        left_out = set(without)
        cases = self.cases.without(left_out) if left_out else self.cases
        parcels = [item for item in matter.parcels if not parcel or item.id == parcel]
        if not parcels:
            names = [item.id for item in matter.parcels]
            raise BadInput(
                Problem(f"has no parcel '{parcel}'", matter.file, allowed=listing(names), fix=nearest(parcel, names))
            )
        done = tuple(self.conclude(item, weigher, cases) for item in parcels)

        def otherwise(conclusion: Conclusion, point: str, answer: str) -> InShort:
            other = self.weigher(position, as_at, {point: answer})
            return self.otherwise(conclusion, other, cases)

        return Assessment(
            matter,
            position=position,
            as_at=as_at,
            rulebook=self.book,
            cases=cases,
            conclusions=done,
            otherwise=otherwise,
            rules=self.rules_directory,
        )
