"""Facts as plain sentences: what is known of each, by its wording in `rules/drafts/facts.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from caprev.documents.words.grammar import joined, lower_first, second_person, upper_first
from caprev.documents.words.phrases import Phrases
from caprev.facts.in_words import describe, month
from caprev.facts.knowledge import INFINITY, Choice, Knowledge, Range, Subset
from caprev.facts.matter import Given
from caprev.facts.vocabulary import Fact, question, worded
from caprev.law.telling import tensed


class Sentences:
    """The facts of one parcel in sentences."""

    def __init__(self, phrases: Phrases, facts: Mapping[str, Given]) -> None:
        self.phrases = phrases
        self.known = {name: given.knowledge for name, given in facts.items()}
        self.told = phrases.book.derivations.tense(self.known)

    def sentence(self, given: Given) -> str:
        """What is known of a fact, as a clause without its full stop."""
        # Names of facts hold a dot, so that a path cannot reach them.
        forms = self.phrases.table("facts.facts").get(given.fact.name)
        if isinstance(forms, dict):
            fitting = (own for own in forms.get("instead", ()) if self.phrases.holds(own["when"], self.known))
            forms = {**forms, **next(fitting, {})}
        text = self._form(given, forms) if isinstance(forms, dict) else ""
        return self.tense(text or self.fallback(given)).strip().rstrip(".")

    def worded(self, fact: Fact) -> bool:
        """Whether the rulebook has words of its own for a fact."""
        return fact.name in self.phrases.table("facts.facts")

    def tense(self, text: str) -> str:
        """`[done|planned]` as the project stands."""
        return tensed(text, self.told)

    def fallback(self, given: Given) -> str:
        """A fact without a wording of its own: its question and its value."""
        return self.phrases("facts.fallback").format(ask=ask(given.fact.ask), value=describe(given))

    def _form(self, given: Given, forms: Mapping[str, object]) -> str:
        fact, known = given.fact, given.knowledge
        if isinstance(known, Subset):
            return self._set(fact, known, forms)
        if fact.type in ("bool", "enum"):
            return self._choice(fact, known, forms)
        low, high = ends(known)
        if low == high and f"{low:g}" in ("0", "1"):
            exact = forms.get("zero" if low == 0 else "one")
            if isinstance(exact, str):
                return exact
        form = forms.get("many")
        if not isinstance(form, str):
            return ""
        value = self._value(given, forms)
        return upper_first(form.replace("{n}", value).replace("{when}", value))

    def value(self, given: Given) -> str:
        """A number or a date in words, with its unit: `27 lots`, `in April 1988`."""
        forms = self.phrases.table("facts.facts").get(given.fact.name)
        return self._value(given, forms if isinstance(forms, dict) else {})

    def _value(self, given: Given, forms: Mapping[str, object]) -> str:
        fact, known, mask = given.fact, given.knowledge, given.hidden
        if fact.type == "date":
            return mask.when(known) if mask else when(known)
        units = forms.get("unit")
        unit = units if isinstance(units, list) and len(units) == 2 else [fact.unit, fact.unit]
        if mask:
            return mask.number(fact, known, str(unit[1]))
        return self._rounded(known, str(unit[1])) or number(fact, known, str(unit[0]), str(unit[1]))

    def _rounded(self, known: Knowledge, unit: str) -> str:
        """A fraction of a unit as people say it, in a smaller unit where it is little; nothing for whole numbers."""
        low, high = ends(known)
        rule = self.phrases.table("facts.fractions").get(unit)
        if not rule or (low % 1 == 0 and high % 1 == 0) or not high - low < 0.25:
            return ""
        middle = (low + high) / 2
        told = f"{middle:.1f}".removesuffix(".0") + f" {unit}"
        if middle < float(rule["below"]):
            count = round(middle * int(rule["times"]))
            told = f"{count} {rule['unit'][0 if count == 1 else 1]}"
        return self.phrases("facts.about").format(n=told)

    def _choice(self, fact: Fact, known: Knowledge, forms: Mapping[str, object]) -> str:
        assert isinstance(known, Choice)
        order = {value: index for index, value in enumerate(fact.values)}
        left = [value for value in fact.values if value not in known.values]
        if len(left) == 1 and isinstance(other := forms.get(f"not_{left[0]}"), str):
            return other.strip().rstrip(".")
        values = sorted(known.values, key=lambda value: order.get(str(value), 0))
        names = [("yes" if value else "no") if isinstance(value, bool) else str(value) for value in values]
        texts = [forms.get(name) for name in names]
        sentences = [text.strip().rstrip(".") for text in texts if isinstance(text, str)]
        if len(sentences) != len(names) or len(sentences) > 4:
            return ""
        if len(sentences) == 1:
            return sentences[0]
        return self.either(sentences)

    def either(self, sentences: list[str]) -> str:
        """Of several sentences one; the words with which all begin, or with which all end, are said once."""
        alike = _alike(sentences)
        if alike:
            own = [text[len(alike) :] for text in sentences]
            ends = " or ".join(own) if len(own) == 2 else ", or ".join(own)
            return self.phrases("facts.either_alike").format(alike=alike.rstrip(), ends=ends)
        end = " ".join(_alike([" ".join(text.split()[::-1]) for text in sentences]).split()[::-1])
        first, *rest = (lower_first(text.removesuffix(end).rstrip()) for text in sentences)
        rest[-1] = f"{rest[-1]} {end}".rstrip()
        return self.phrases("facts.either").format(first=first, rest=", or ".join(rest))

    def members(self, fact: Fact, known: Subset) -> str:
        """The values that a set is known to have, in words."""
        forms = self.phrases.table("facts.facts").get(fact.name)
        members = forms.get("members") if isinstance(forms, dict) else None
        words = members if isinstance(members, dict) else {}
        return joined([str(words.get(v, worded(v))) for v in fact.values if v in known.included])

    def _set(self, fact: Fact, known: Subset, forms: Mapping[str, object]) -> str:
        members = forms.get("members")
        words = members if isinstance(members, dict) else {}

        def listed(chosen: frozenset[str], word: str) -> str:
            return joined([str(words.get(v, worded(v))) for v in fact.values if v in chosen], word)

        def form(key: str, chosen: frozenset[str], word: str = "and") -> str:
            return str(forms.get(key, "")).replace("{members}", listed(chosen, word)).rstrip(".")

        if len(known.included) + len(known.excluded) == len(fact.values):
            exactly = forms.get("exactly")
            if len(known.included) == 1 and isinstance(exactly, dict) and (text := exactly.get(*known.included)):
                return str(text)
            if len(known.included) == 1 and "single" in forms:
                return form("single", known.included)
            return form("complete", known.included) if known.included else form("none", known.included)
        parts = [form("includes", known.included)] if known.included else []
        parts += [form("excludes", known.excluded, "or")] if known.excluded else []
        return ". ".join(parts)


def _alike(sentences: list[str]) -> str:
    """The words with which all sentences begin, if they are many enough not to be said again."""
    words = [text.split(" ") for text in sentences]
    shared = 0
    while all(shared < len(row) - 1 and row[shared] == words[0][shared] for row in words):
        shared += 1
    return " ".join(words[0][:shared]) + " " if shared >= 5 else ""


def ask(text: str) -> str:
    """A question addressed to the owner, without its glossary."""
    return second_person(question(text))


def ends(known: Knowledge) -> tuple[float, float]:
    """The least and the greatest number a value may be."""
    if isinstance(known, Range):
        return known.low, known.high
    assert isinstance(known, Choice)
    numbers = [float(value) for value in known.values if not isinstance(value, str)]
    return min(numbers), max(numbers)


def figure(fact: Fact, value: float) -> str:
    """One number as written in a sentence."""
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")
    return fact.currency.written(text) if fact.currency else text


def number(fact: Fact, known: Knowledge, one: str, many: str) -> str:
    """A number with its unit: `27 lots`, `at least 23 years`, `between 2 and 5 hectares`, `2 or 3 stages`."""
    low, high = ends(known)

    def with_unit(value: float) -> str:
        unit = "" if fact.currency else one if value == 1 else many
        return f"{figure(fact, value)} {unit}".strip()

    if isinstance(known, Choice) and len(known.values) > 1:
        numbers = sorted(float(value) for value in known.values if not isinstance(value, str))
        return joined([figure(fact, value) for value in numbers[:-1]] + [with_unit(numbers[-1])], "or")
    if low == high:
        return with_unit(low)
    if fact.type == "int" and high == low + 1 and low > 0:
        return f"{figure(fact, low)} or {with_unit(high)}"
    if low > -INFINITY and high < INFINITY and low > 0:
        return f"between {figure(fact, low)} and {with_unit(high)}"
    return f"at least {with_unit(low)}" if high == INFINITY else f"at most {with_unit(high)}"


def when(known: Knowledge) -> str:
    """A date in a sentence: `on 14 May 2022`, `in April 1988`, `in 1955`, `on or after 1 July 2027`."""
    if isinstance(known, Choice) and len(known.values) > 1:
        return joined([f"on {day(int(value))}" for value in sorted(float(v) for v in known.values)], "or")
    return " ".join(dated(*ends(known)))


def dated(low: float, high: float) -> tuple[str, str]:
    """A date and the preposition it takes: `on` and `14 May 2022`, `in` and `April 1988`."""
    if low == high:
        return "on", day(int(low))
    if high == INFINITY:
        return "on or after", day(int(low))
    if low == -INFINITY:
        return "on or before", day(int(high))
    first, last = date.fromordinal(int(low)), date.fromordinal(int(high))
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        whole = first.year == last.year
        return ("in", str(first.year)) if whole else ("at some time from", f"{first.year} to {last.year}")
    if (first.year, first.month, first.day) == (last.year, last.month, 1) and last.day >= 28:
        return "in", f"{month(first)} {first.year}"
    return "at a time from", f"{day(int(low))} to {day(int(high))}"


def day(ordinal: int) -> str:
    """A day in words."""
    found = date.fromordinal(ordinal)
    return f"{found.day} {month(found)} {found.year}"
