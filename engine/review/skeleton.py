"""A factor to be filled in: a file in the form of the others, with what each line is for."""

from __future__ import annotations

from pathlib import Path

from caprev.errors import BadInput, Problem, listing, nearest
from caprev.law.models import NEUTRAL, STRENGTHS
from caprev.law.rulebook import Rulebook

_FORM = """\
id: {id}
favours: {favours}                  # {sides}
strength: slight                    # {strengths}
text: ""                            # one sentence, as a memorandum says it; [was|is to be] where a plan differs
authority:                          # authorities.yaml has the names; a pinpoint says where
  - {{cite: "", pinpoint: "", says: ""}}
when: {{}}                            # section.fact: value, as in the other factors; see vocabulary.yaml
feeds: []                           # the indicators, elements or issues that it bears on
cluster: {theme}                    # factors of one cluster overlap, and count less beside one another
limits: ""                          # what it does not test, and where it could mislead
status: draft
examples:                           # one met, one not met, one unknown, which says what it asks
  - {{name: "", facts: {{}}, expect: met}}
  - {{name: "", facts: {{}}, expect: not_met}}
  - {{name: a silent file, facts: {{}}, expect: unknown, asks: []}}
"""


def factor(book: Rulebook, root: Path, ident: str, theme: str, favours: str) -> tuple[Path, str]:
    """The file of a new factor, and what it holds. Raises BadInput where the name or the file is taken."""
    themes = sorted(path.name for path in (root / "factors").iterdir() if path.is_dir())
    path = root / "factors" / theme / f"{ident}.yaml"
    problems: list[Problem] = []
    if theme not in themes:
        fix = nearest(theme, themes) or "Make its folder first, if it is a new one"
        problems.append(
            Problem(f"there is no theme '{theme}'", str(root / "factors"), allowed=listing(themes), fix=fix)
        )
    if not ident.replace("-", "").isalnum():
        problems.append(Problem(f"'{ident}' is not an id", allowed="letters, digits and '-'"))
    if ident in book.files:
        problems.append(Problem(f"is also the id of {book.files[ident]}", subject=ident, fix="Choose another"))
    elif path.exists():
        problems.append(Problem("is there already, and is left as it is", str(path)))
    if problems:
        raise BadInput(problems)
    sides = (*book.sides.ids, NEUTRAL)
    return path, _FORM.format(
        id=ident, favours=favours, theme=theme, sides=", ".join(sides), strengths=", ".join(STRENGTHS)
    )
