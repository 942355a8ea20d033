"""The engine's handbook of rules and cases as pages of the desk.

The handbook is Markdown of few kinds: headings, lists, tables, paragraphs, bold, code, links and escapes. These, and
nothing else, become HTML here; every piece of text is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from django.urls import reverse

from caprev.review.handbook import Handbook, anchor
from caprev_web import host, strict_papers

_INLINE = re.compile(
    r"\\(?P<escaped>.)|`(?P<code>[^`]+)`|\*\*(?P<bold>.+?)\*\*|\*(?P<em>[^*]+)\*|\[(?P<text>(?:\\.|[^\]])+)\]\((?P<to>[^)]+)\)"
)
_PAGE = re.compile(r"(?P<file>[\w-]+)\.md(?:#(?P<anchor>[\w-]+))?")


@lru_cache(8)
def _pages(pack: str) -> dict[str, str]:
    pages = strict_papers.handbook(pack) if host.strict(pack) else Handbook(host.law(pack)).pages()
    return {name.removesuffix(".md"): text for name, text in pages.items()}


@lru_cache(8)
def chapters(pack: str = "") -> dict[str, str]:
    """The pages of the handbook by name, each with its title."""
    found = {}
    for name, text in _pages(pack).items():
        heading = re.search(r"^# (.+)$", text, flags=re.M)
        found[name] = re.sub(r"\\(.)", r"\1", heading[1]) if heading else name
    return found


@lru_cache(64)
def chapter(name: str, pack: str = "") -> str:
    """A page of the handbook as HTML, without its title."""
    return "\n".join(_blocks(_pages(pack)[name].splitlines(), pack, 1))


@lru_cache(256)
def rule(name: str, pack: str = "") -> str:
    """The part of the handbook about one rule as HTML, without its name."""
    if host.strict(pack):
        return f'<pre class="page">{escape(strict_papers.page(name, pack))}</pre>'
    book = Handbook(host.law(pack))
    text = _pages(pack)[book.page_of[name].removesuffix(".md")]
    lines = text.splitlines()
    begin = lines.index(f"## {name}") + 1
    end = next((place for place in range(begin, len(lines)) if lines[place].startswith("## ")), len(lines))
    return "\n".join(_blocks(lines[begin:end], pack, 1))


def _blocks(lines: list[str], pack: str, above: int) -> Iterator[str]:
    depth, paragraph = 0, list[str]()
    table, tables = False, 0
    for line in [*lines, ""]:
        item = re.match(r"(?P<indent> *)- (?P<text>.+)", line)
        level = len(item["indent"]) // 2 + 1 if item else 0
        if paragraph and (item or not line.strip() or line.startswith(("#", "|"))):
            yield f"<p>{_inline(' '.join(paragraph), pack)}</p>"
            paragraph = []
        while depth > level and line.strip():
            yield "</li></ul>"
            depth -= 1
        if table and not line.startswith("|"):
            yield "</tbody></table></div>"
            table = False
        if item:
            if level > depth:
                yield "<ul><li>" * (level - depth)
                depth = level
            else:
                yield "</li><li>"
            yield _inline(item["text"], pack)
        elif heading := re.match(r"(#+) (.+)", line):
            size = len(heading[1])
            if size > 1:
                name = re.sub(r"\\(.)", r"\1", heading[2])
                yield f'<h{size} id="{escape(anchor(name))}">{_inline(heading[2], pack)}</h{size}>'
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if all(set(cell) <= set("-: ") for cell in cells):
                continue
            if not table:
                head = "".join(f'<th scope="col">{_inline(cell, pack)}</th>' for cell in cells)
                tables += 1  # each region has a name of its own
                yield f'<div class="scroll" tabindex="0" role="region" aria-label="Table {tables}"><table class="list">'
                yield f"<thead><tr>{head}</tr></thead><tbody>"
                table = True
            else:
                yield "<tr>" + "".join(f"<td>{_inline(cell, pack)}</td>" for cell in cells) + "</tr>"
        elif line.strip() and not line.startswith("<!--"):
            paragraph.append(line.strip())
    while depth:
        yield "</li></ul>"
        depth -= 1


def _inline(text: str, pack: str) -> str:
    done, last = [], 0
    for match in _INLINE.finditer(text):
        done.append(escape(text[last : match.start()]))
        last = match.end()
        if match["escaped"]:
            done.append(escape(match["escaped"]))
        elif match["code"]:
            done.append(f"<code>{escape(match['code'])}</code>")
        elif match["bold"]:
            done.append(f"<strong>{_inline(match['bold'], pack)}</strong>")
        elif match["em"]:
            done.append(f"<em>{_inline(match['em'], pack)}</em>")
        else:
            done.append(_link(_inline(match["text"], pack), match["to"], pack))
    return "".join([*done, escape(text[last:])])


def _link(words: str, to: str, pack: str) -> str:
    found = _PAGE.fullmatch(to)
    if not found or found["file"] not in _pages(pack):
        return words
    place = f"#{found['anchor']}" if found["anchor"] else ""
    return f'<a href="{reverse("chapter", args=[found["file"]])}?pack={escape(pack)}{place}">{words}</a>'
