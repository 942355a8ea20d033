"""What of a free text is known to be law and stays: instruments and cases by name, and provisions that they have.

A number after a word of law may still be a lot, a telephone or a house. So a provision stays only where its instrument
is named beside it, or where the rulebook's records have it and no address is about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from caprev.documents.edited.spans import Settled, Span
from caprev.documents.words.phrases import Phrases
from caprev.once import cached_property

# 6-5, 118-B, 25A or 7, with up to three subsections in brackets: longer numbers are no provision's.
_PIN = (
    r"\d{1,3}(?:-(?:\d{1,3}[A-Z]{0,2}|[A-Z]{1,2})|[A-Z]{1,3})?"
    r"(?:\([\dA-Za-z]{1,5}\)){0,3}(?:-\([\dA-Za-z]{1,5}\))?(?![\w(]|[/$.-]\d)"
)
_JOINT = r"(?:, and |, | and | to | or )"
_BASE = re.compile(r"(?<![\w(-])\d{1,3}(?:-[\dA-Z]{1,5}|[A-Z]{1,3})")
_SUBSECTION = re.compile(r"(?<![\w(-])\d{1,3}\([\dA-Za-z]{1,5}\)")
_OF = re.compile(r" (?:of|in) (?:the )?")


class KeptLaw:
    """The law in free texts, as one rulebook knows it."""

    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases
        self.of_rulings = [str(word) for word in phrases.listed("citing.paragraphs")]
        words = sorted(map(str, (*phrases.listed("citing.references"), *self.of_rulings)), key=len, reverse=True)
        kinds = "|".join(f"(?i:{word})" if len(word) > 2 else word for word in words)
        self._references = re.compile(rf"(?<![\w-])(?P<word>{kinds}) (?P<pins>{_PIN}(?:{_JOINT}{_PIN}){{0,12}})")
        self._pins = re.compile(_PIN)
        lots = "|".join(map(str, phrases.listed("edited.lots")))
        self._address = re.compile(rf"(?i:\b(?:{lots})\b)|\d[ ,]{{0,2}}$")

    def settle(self, text: Settled) -> None:
        """Settles what is law as it stands."""
        named = list(self._named(text.text))
        text.add(named)
        starts, ends = {span.start for span in named}, {span.end for span in named}
        kept = []
        for match in text.found(self._references):
            end = self._end(text.text, match, starts, ends)
            if end:
                ends.add(end)
                kept.append(Span(match.start(), end, text.text[match.start() : end]))
        text.add(kept)

    # instruments and cases

    def _named(self, text: str) -> Iterator[Span]:
        """Names that are the law's, each as a whole word and the longest that stands there."""
        found = []
        for name in self._names:
            start = text.find(name)
            while start >= 0:
                end = start + len(name)
                if not text[max(0, start - 1) : start].isalnum() and not re.match(r"[\w-]|[./]\w", text[end : end + 2]):
                    found.append((start, end))
                start = text.find(name, end)
        last = 0
        for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
            if start >= last:
                yield Span(start, end, text[start:end])
                last = end

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """Names of instruments, and of cases in full or by their reports; a case's short name may be anybody's."""
        names = [str(name) for name in self.phrases.listed("edited.also_law")]
        for record in self.phrases.book.authorities.values():
            names += [str(record.get(key) or "") for key in ("short", "cite", "act")]
            name = str(record.get("name") or "")
            if " v " in name:
                names.append(name)
                names += [
                    name.replace(long, str(brief)) for long, brief in self.phrases.table("citing.ato_names").items()
                ]
            neutral = record.get("medium_neutral")
            reports = [neutral, *(record.get("reports") or [])] if isinstance(neutral, dict) else record.get("reports")
            names += [str(report["cite"]) for report in reports or []]
        names += [str(entry.get("short")) for entry in self.phrases.table("citing.acts").values()]
        known = {name for name in names if " " in name and (" v " in name or any(map(str.isdigit, name)))}
        return tuple(sorted(known, key=lambda name: (-len(name), name)))

    # provisions

    def _end(self, text: str, match: re.Match[str], starts: set[int], ends: set[int]) -> int:
        """Where a reference that is law ends, or 0. `starts` and `ends` are those of law already found."""
        before, after = match.start(), _after(text, match.end())
        following = text[after : after + 1]
        if (
            (following.isdigit() or following.isupper())
            and after not in starts
            and not self._references.match(text, after)
        ):
            return 0  # "paragraph 4, 12 Rose Street"
        of = _OF.match(text, match.end(), match.end() + 12)
        named = after in starts or bool(of and of.end() in starts) or bool({before - 1, before - 2} & ends)
        known = not (
            self._address.search(text, max(0, before - 30), before) or match["word"].lower() in self.of_rulings
        )
        end = 0
        for pin in self._pins.finditer(text, match.start("pins"), match.end("pins")):
            if not (named or (known and {pin[0], pin[0].partition("(")[0]} & self._known)):
                break
            end = pin.end()
        return end

    @cached_property
    def _known(self) -> frozenset[str]:
        """Provisions that the records have, by their numbers; a mere number may be anything's."""
        records = [record for record in self.phrases.book.authorities.values() if record.get("kind") == "provision"]
        places = [str(record.get("section") or "") for record in records]
        places += [str(place) for record in records for place in record.get("pinpoints") or ()]
        return frozenset(number for place in places for number in (*_BASE.findall(place), *_SUBSECTION.findall(place)))


def _after(text: str, position: int) -> int:
    """The place of what stands next, beyond a comma and a blank."""
    while text[position : position + 1] in (",", " "):
        position += 1
    return position
