"""The law itself as functions: what `caprev schema`, `rules` and `cases` tell.

`pack` says which body of law, if not the usual one; `assessor` is law of your own, from `load`. All raise BadInput, and
nothing else, for what they are given.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from caprev.api import contract
from caprev.api.loading import law
from caprev.errors import BadInput, Problem, listing, nearest
from caprev.facts import schema as schemas
from caprev.law import citations
from caprev.law.models import Cited
from caprev.reasoning.assess import Assessor
from caprev.review import editors, pages

SCHEMAS = ("facts", *editors.FORMS)


def schema(of: str = "facts", *, pack: str = "", assessor: Assessor | None = None) -> dict[str, Any]:
    """A JSON Schema of fact sets, or of a file of the law: factor, consequence, case or pack.

    >>> schema()["$schema"]
    'http://json-schema.org/draft-07/schema#'
    """
    if of not in SCHEMAS:
        raise BadInput(Problem(f"there is no schema of '{of}'", allowed=listing(SCHEMAS), fix=nearest(of, SCHEMAS)))
    book = (assessor or law(pack)).book
    return schemas.schema(book.vocabulary, book.pack.version) if of == "facts" else editors.FORMS[of](book)


def rules(*, pack: str = "", assessor: Assessor | None = None) -> tuple[contract.Rule, ...]:
    """Every issue, element, indicator, factor, unsettled point and consequence, in short; `page` tells one in full.

    >>> {rule.kind for rule in rules()} >= {"issue", "indicator", "factor", "point", "consequence"}
    True
    """
    book = (assessor or law(pack)).book

    def cited(authority: Iterable[Cited]) -> tuple[str, ...]:
        return tuple(citations.short(book, item) for item in authority)

    rows: list[dict[str, Any]] = [
        {"id": n.id, "kind": n.kind, "text": n.title, "authority": cited(n.authority)} for n in book.nodes.values()
    ]
    rows += [
        {"id": f.id, "kind": "factor", "text": f.text, "favours": f.favours, "strength": f.strength}
        | {"authority": cited(f.authority)}
        for f in book.factors.values()
    ]
    rows += [{"id": name, "kind": "point", "text": point.question} for name, point in book.points.items()]
    rows += [
        {"id": c.id, "kind": "consequence", "text": c.title, "authority": cited(c.authority)}
        for c in book.consequences.values()
    ]
    blank = {"favours": None, "strength": None, "authority": ()}
    return tuple(contract.Rule.model_validate(blank | row) for row in rows)


def cases(about: str = "", *, pack: str = "", assessor: Assessor | None = None) -> tuple[contract.Case, ...]:
    """The decided cases, in short; `about` keeps those that have all of its words. `page` tells one in full.

    >>> {case.outcome for case in cases("revenue")} >= {"revenue"}
    True
    """
    assessor = assessor or law(pack)
    texts = {name: factor.text for name, factor in assessor.book.factors.items()}
    found = []
    for case in assessor.cases.cases.values():
        told = contract.Case(
            id=case.id,
            citation=citations.full(assessor.book, case.authority),
            court=case.court,
            decided=case.decided,
            outcome=case.outcome,
            route=case.route,
            confidence=case.confidence,
            shown=case.shown,
            ratio=case.ratio,
            because=case.because,
            despite=case.despite,
        )
        words = " ".join((*map(str, told.to_dict().values()), *(texts[name] for name in case.because + case.despite)))
        if all(word in words.lower() for word in about.lower().split()):
            found.append(told)
    return tuple(found)


def page(name: str, *, pack: str = "", assessor: Assessor | None = None) -> str:
    """A rule, or a decided case, as `caprev rules show` and `caprev cases show` print it.

    >>> print(page("works-limited-to-approval").splitlines()[0])
    works-limited-to-approval: favours capital, strong (engine weight, not law); draft
    """
    assessor = assessor or law(pack)
    return pages.case(assessor, name) if name in assessor.cases.cases else pages.rule(assessor.book, name)
