"""A small canvas that writes SVG: text, lines and marks, the same bytes everywhere, readable without colour.

What is against is a hatched circle or bar, what is for a solid square or bar; the letters of the sides stand with them
where there is room. Nothing is fetched, no script runs; a reader with a dark screen gets light lines on a dark ground.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as html_escape

from caprev.characters import shown
from caprev.law.pack import Sides

WIDTH = 800
SIZE = 12  # of text
_STYLE = re.compile(r"<style>([^<]*)</style>\n")
_LETTER = 0.6  # width of a letter in sizes, on the generous side
_LIGHT = {"ink": "#1a1a1a", "soft": "#5a5a5a", "ground": "#ffffff", "rule": "#b5b5b5", "band": "#ececec"}
_DARK = {"ink": "#eeeeee", "soft": "#bdbdbd", "ground": "#161616", "rule": "#555555", "band": "#2b2b2b"}
_SIDES = (("#1f5fa8", "#7db4f0"), ("#a8481f", "#f0a27d"))  # against and for, on a light and on a dark screen
_OPEN = ("#5a5a5a", "#bdbdbd")


def escape(text: str) -> str:
    """Text for XML; characters that XML does not allow are shown by their escapes."""
    return html_escape(shown(text).replace("\n", " ").replace("\t", " "))


def number(value: float) -> str:
    """A coordinate with at most two decimals, never minus nothing."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def wide(text: str, size: float = SIZE) -> float:
    """About how wide a text is."""
    return len(text) * size * _LETTER


def shortened(text: str, width: float, size: float = SIZE) -> str:
    """The text, cut with an ellipsis where it would not fit."""
    most = max(int(width / (size * _LETTER)), 4)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def lines(text: str, width: float, size: float = SIZE) -> list[str]:
    """The text broken at spaces into lines that fit."""
    most, rows, row = max(int(width / (size * _LETTER)), 8), [], ""
    for word in (shortened(word, width, size) for word in text.split()):
        if row and len(row) + 1 + len(word) > most:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return [*rows, row]


@dataclass(frozen=True)
class Drawing:
    """A finished picture: its title, what it shows in sentences, and the SVG, which holds both."""

    title: str
    told: tuple[str, ...]
    svg: str


class Canvas:
    """Collects shapes; `done` gives the picture, described by the sentences of `told`."""

    def __init__(self, name: str, title: str, sides: Sides, told: Sequence[str] = ()) -> None:
        self.name = name  # distinguishes the ids of pictures on one page
        self.title = title
        self.sides = sides
        self._colours = {**dict(zip(sides.ids, _SIDES, strict=True)), "open": _OPEN}
        self.told = list(told)
        self.parts: list[str] = []

    def text(
        self,
        x: float,
        y: float,
        words: str,
        kind: str = "ink",
        anchor: str = "start",
        size: float = SIZE,
        bold: bool = False,
    ) -> None:
        """Text with its baseline at y."""
        weight = ' font-weight="600"' if bold else ""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        large = f' font-size="{number(size)}"' if size != SIZE else ""
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y)}" {self._fill(kind)}{place}{large}{weight}>{escape(words)}</text>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, kind: str = "rule", width: float = 1, dash: str = ""
    ) -> None:
        """A straight line."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<line x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" y2="{number(y2)}" {self._stroke(kind)} '
            f'stroke-width="{number(width)}"{dashes}/>'
        )

    def path(self, points: Sequence[tuple[float, float]], kind: str = "rule", dash: str = "") -> None:
        """Connected lines."""
        steps = " ".join(f"{number(x)},{number(y)}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(f'<polyline points="{steps}" fill="none" {self._stroke(kind)}{dashes}/>')

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        kind: str = "band",
        edge: str = "",
        stroke: float = 1,
        dash: str = "",
    ) -> None:
        """A rectangle, filled unless the kind is empty, with an edge if one is named."""
        fill = self._fill(kind) if kind else 'fill="none"'
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        border = f' {self._stroke(edge)} stroke-width="{number(stroke)}"{dashes}' if edge else ""
        self.parts.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0))}" height="{number(height)}" '
            f"{fill}{border}/>"
        )

    def bar(self, x: float, y: float, width: float, height: float, side: str) -> None:
        """A bar for a side: hatched for what is against, solid for what is for it, empty for what is open."""
        against, for_ = self.sides.ids
        fill = {against: f'fill="url(#{self.name}-hatch)"', for_: self._fill(for_)}.get(side, 'fill="none"')
        dash = "" if side in (against, for_) else ' stroke-dasharray="3 2"'
        self.parts.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 0.5))}" height="{number(height)}" {fill} '
            f"{self._stroke(side)}{dash}/>"
        )

    def mark(self, x: float, y: float, side: str, radius: float = 6) -> None:
        """A mark for a side: hatched circle, solid square, or a diamond for the matter itself."""
        if side == self.sides.against.id:
            self.parts.append(
                f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="url(#{self.name}-fine)" '
                f'{self._stroke(side)} stroke-width="1.5"/>'
            )
        elif side == self.sides.for_.id:
            self.parts.append(
                f'<rect x="{number(x - radius)}" y="{number(y - radius)}" width="{number(2 * radius)}" '
                f'height="{number(2 * radius)}" {self._fill(side)} {self._stroke(side)} stroke-width="1.5"/>'
            )
        else:
            corners = ((0, -1), (1, 0), (0, 1), (-1, 0))
            points = " ".join(f"{number(x + dx * radius)},{number(y + dy * radius)}" for dx, dy in corners)
            self.parts.append(f'<polygon points="{points}" {self._fill("ink")} {self._stroke("ground")}/>')

    def _hatch(self, name: str, size: int, stroke: float) -> str:
        line = self._stroke(self.sides.against.id)
        return (
            f'<pattern id="{self.name}-{name}" width="{size}" height="{size}" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="{size}" height="{size}" {self._fill("ground")}/>'
            f'<line x1="0" y1="0" x2="0" y2="{size}" {line} stroke-width="{number(stroke)}"/></pattern>'
        )

    def drawing(self, height: float) -> Drawing:
        """The picture with its words."""
        return Drawing(self.title, tuple(self.told), self.done(height))

    def done(self, height: float, width: float = WIDTH) -> str:
        """The whole picture."""
        size = f'viewBox="0 0 {number(width)} {number(height)}" width="{number(width)}"'
        told = " ".join(self.told)
        head = [
            f'<svg xmlns="http://www.w3.org/2000/svg" class="caprev" {size} role="img" lang="en-AU" xml:lang="en-AU" '
            f'aria-labelledby="{self.name}-title {self.name}-desc" font-family="system-ui, \'DejaVu Sans\', Arial, '
            f'sans-serif" font-size="{SIZE}">',
            f'<title id="{self.name}-title">{escape(self.title)}</title>',
            f'<desc id="{self.name}-desc">{escape(told)}</desc>',
            f"<style>{stylesheet(self.sides.ids)}</style>",
            f"<defs>{self._hatch('hatch', 5, 3)}{self._hatch('fine', 3, 1.5)}</defs>",
            f'<rect width="{number(width)}" height="{number(height)}" {self._fill("ground")}/>',
        ]
        return "\n".join([*head, *self.parts, "</svg>"]) + "\n"

    def _light(self, kind: str) -> str:
        return self._colours[kind][0] if kind in self._colours else _LIGHT[kind]

    def _fill(self, kind: str) -> str:
        return f'class="cf-{kind}" fill="{self._light(kind)}"'

    def _stroke(self, kind: str) -> str:
        return f'data-s="{kind}" stroke="{self._light(kind)}"'


def embedded(svg: str) -> str:
    """A picture for a page that has the `stylesheet` itself and allows no styles within."""
    return _STYLE.sub("", svg)


def styles(svg: str) -> str:
    """The styles that a picture carries, for a page that says them once."""
    return "".join(_STYLE.findall(svg))


def stylesheet(sides: Sequence[str]) -> str:
    """What a dark screen changes, in pictures whose sides are these, against first; all else is said by attributes."""
    dark = {**_DARK, **{side: colours[1] for side, colours in zip((*sides, "open"), (*_SIDES, _OPEN), strict=True)}}
    rules = "".join(
        f'.caprev .cf-{kind}{{fill:{colour}}}.caprev [data-s="{kind}"]{{stroke:{colour}}}'
        for kind, colour in dark.items()
    )
    return f"@media screen and (prefers-color-scheme: dark){{{rules}}}"
