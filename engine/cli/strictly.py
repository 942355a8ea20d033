"""Commands on a pack of strict rules: what follows, what is missing, when it turns."""

from __future__ import annotations

from caprev.cli.common import UNDETERMINED, Asked
from caprev.documents.content import html, markdown
from caprev.documents.content import text as terminal
from caprev.documents.content.model import Document
from caprev.documents.reports import strict as told
from caprev.errors import BadInput, Problem
from caprev.files import reading
from caprev.strict import answer, book, matter
from caprev.strict.answer import Answer


def answered(asked: Asked, file: str) -> Answer:
    """A matter under the strict rules of a pack. Raises BadInput."""
    for name, given in (("--position", asked.position), ("--without", asked.without)):
        if given:
            raise BadInput(Problem(f"{name} does not apply: strict rules have no positions and no decided cases"))
    law = book.load(asked.rules)
    found = answer.answer(law, matter.read(reading.read(file), law, asked.as_at))
    return answer.only(found, asked.parcel) if asked.parcel else found


def assess(asked: Asked, file: str, detail: bool) -> int:
    """The answers as text, JSON, Markdown or HTML; 3 where one is open."""
    found = answered(asked, file)
    asked.write(told.render(found) if asked.form == "json" else shown(asked, told.document(found, detail)))
    return UNDETERMINED if found.open else 0


def shown(asked: Asked, page: Document) -> str:
    """A document in the form that was asked for."""
    if asked.form == "markdown":
        return markdown.render(page)
    return html.render(page) if asked.form == "html" else terminal.dense(page, asked.paint)
