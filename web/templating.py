"""Templates: Jinja2 with escaping always on, and the few things that every page needs."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.template.backends.utils import csrf_input
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from jinja2 import Environment, StrictUndefined

from caprev.facts import vocabulary
from caprev_web import access, host

PLACES = (
    ("matters", "Matters", "read"), ("cases", "Cases", "law"), ("rules", "Rules", "law"),
    ("classes", "Class room", "teach"),
    ("portfolios", "Portfolios", "portfolios"), ("people", "People", "administer"), ("audit", "Audit", "administer"),
    ("keeping", "Keeping", "administer"),
)  # fmt: skip
"""The places of the desk: route, words, and the action that opens each."""
TABS = (
    ("matter", "Facts"), ("ask", "Interview"), ("reasons", "Reasons"), ("changes", "What would change it"),
    ("near", "Cases"), ("papers", "Documents"), ("review", "Review"), ("history", "History"), ("about", "About"),
)  # fmt: skip
"""The pages of a matter."""


def environment(**options: Any) -> Environment:
    """The environment of all templates. A name that a template misspells is an error, not a gap."""
    made = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True})
    made.globals.update(static=static, url=_url, may=access.may)
    made.globals.update(places=PLACES, tabs_of_matter=TABS)
    made.filters.update(when=when, day=day, share=share, ask=ask, tone=tone)
    return made


def context(request: HttpRequest) -> dict[str, Any]:
    """What every page is given: who is signed in, and what is to be told."""
    from django.conf import settings

    user = getattr(request, "user", None)
    return {
        "me": user if user is not None and user.is_authenticated else None,
        "told": get_messages(request),
        "team_desk": settings.TEAM,
        "provider": settings.PROVIDER,
        "here": request.path,
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),  # Django's own is made anew for every form
    }


def _url(name: str, *parts: Any) -> str:
    return _reversed(get_script_prefix(), name, parts)


@lru_cache(2048)
def _reversed(_prefix: str, name: str, parts: tuple[Any, ...]) -> str:
    """The address of a page below the desk's own; a page of a matter asks for the same ones for every fact."""
    return reverse(name, args=parts)


def tone(word: str) -> str:
    """The class by which a conclusion is coloured: of a side, which of the two it is; else its own name."""
    return host.tones().get(word, word)


def when(moment: datetime | None) -> str:
    """A moment as it is told: `3 Dec 2026, 14:05`."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y, %H:%M}"


def day(moment: datetime | None) -> str:
    """The day of a moment: `3 Dec 2026`."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y}"


def ask(question: str) -> str:
    """A question as people read it: what its answers mean stands beside them, and a value is named in words."""
    asked = vocabulary.question(question) if vocabulary.meanings(question) else question
    return re.sub(r"(?<=[a-z0-9])_(?=[a-z0-9])", " ", asked)


def share(part: float | None) -> str:
    """A probability as it is told: `13%`; there is none where the conclusion is of no side."""
    return "none" if part is None else f"{part:.0%}"
