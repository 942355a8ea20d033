"""The words of an interview: it asks, takes answers and commands, and says where the matter stands.

`Read` gives one line, or None when the input has ended; `Say` shows lines; `Recap` tells what was answered in words.
The same serves a keyboard and a pipe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from caprev.errors import BadInput, listing
from caprev.facts.answers import NO, YES, Answer, Unheard
from caprev.facts.in_words import WIDTH, describe, wrapped
from caprev.facts.phrases import options
from caprev.facts.vocabulary import Fact, question, worded
from caprev.interview.questions import Interview, Told, Unsaved
from caprev.law.telling import told
from caprev.reasoning.conclusion import Conclusion

Read = Callable[[str], str | None]
Say = Callable[[str], None]
Recap = Callable[[], list[str]]

HELP = """\
An answer      yes, no; an option's number or name; 20, about 20, 20-30, at least 5; 1988, April 1988, before 1985;
               farming, rental (then: anything else?); only farming; also rental; not resale; none
unknown        it is not known; not asked again            skip     ask me later
? or why       why this is asked, which rule and authority it serves
back           the question before                        change FACT    another answer (FACT = section.fact, or a
list           all answers, numbered                                     number of the list); change FACT = answer
standing       where the matter stands                    quit     stop; every answer is saved already
"""
_LEFT = 8  # questions that are named at the end
_DIRECT = re.compile(r"(?:change\s+)?([a-z_]+\.[a-z_]+|(?<=change )\d+)\s*[=:]\s*(.+)", re.I)


class Dialogue:
    """One sitting at an interview. `unsaved` holds what was answered and could not be saved, by fact."""

    def __init__(self, interview: Interview, read: Read, say: Say, recap: Recap = list) -> None:
        self.interview, self.read, self.say, self.recap = interview, read, say, recap
        self.pending: list[str] = []
        self.skipped: dict[str, None] = {}
        self.unsaved: dict[str, str] = {}
        self.more: set[str] = set()  # sets of which some was named, and it is asked whether that is all
        self.offers: dict[str, str] = {}  # values that were offered where an answer was not one of the answers
        self.alone = False

    def run(self) -> None:
        """Asks until nothing is left that could change the conclusion, the input ends, or the person leaves."""
        self._opening()
        while True:
            name = self.pending.pop(0) if self.pending else self._next()
            if name is None:
                self._closing()
                return
            if not self._ask(self.interview.book.vocabulary[name]):
                self.leave()
                return

    def _opening(self) -> None:
        known = len(self.interview.answers())
        path = self.interview.file.path
        lead = f"Starting {path}." if self.interview.file.new else f"Going on with {path}: {known} facts known."
        self._wrap(
            f"{lead} Answer in plain words; ? says why a question is asked, help lists the rest. Every answer is saved "
            "at once."
        )
        if known:
            self.say(standing(self.interview.conclusion))
        self.say("")

    def _next(self) -> str | None:
        name = self.interview.next()
        if name is None:
            later = [skipped for skipped in self.skipped if any(m.fact == skipped for m in self.interview.open())]
            self.skipped.clear()
            for skipped in later:
                self.interview.passed.pop(skipped, None)
            name = self.interview.next() if later else None
            if name:
                self.say("Back to what was skipped.\n")
        untold = self.interview.untold()
        alone = any(item.effect.telling for item in self.interview.open())
        if name and not untold and not self.alone and self.interview.answers() and not alone:
            self.alone = True
            together = self.interview.together()
            such = f"; for instance {' with '.join(together)}" if together else ", more than two"
            self._wrap(
                f"No single answer could change the conclusion now. Several together could{such}. Go on, or quit: "
                f"{len(self.interview.open())} facts are open."
            )
            self.say("")
        return name

    # one question

    def _ask(self, fact: Fact) -> bool:
        """Asks until the fact is answered or passed; False when the person leaves."""
        self._question(fact)
        while True:
            line = self.read("> ")
            if line is None or line.strip().lower() in ("quit", "exit", "q"):
                return False
            said = line.strip()
            word = said.lower()
            if not said:
                continue
            if word == "skip":
                self.interview.passed[fact.name] = None
                self.skipped[fact.name] = None
                self.say("Later, then.\n")
                return True
            if self._command(fact, word):
                continue
            if word == "back" or word.startswith("change ") or _DIRECT.fullmatch(said):
                if self._elsewhere(fact, said):
                    return True
                continue
            if self._take(fact, said):
                return True

    def _command(self, fact: Fact, word: str) -> bool:
        if word in ("?", "why", "why?"):
            for line in self.interview.why(fact.name):
                self._wrap(line, "  ", 4 if line.startswith("  ") else 2)
        elif word in ("help", "h"):
            self.say(HELP)
        elif word in ("list", "answers"):
            self._list()
        elif word in ("standing", "where"):
            self.say(standing(self.interview.conclusion))
        else:
            return False
        return True

    def _elsewhere(self, fact: Fact, said: str) -> bool:
        """Another question than the one asked, with its answer or without; False if there is none such."""
        direct = _DIRECT.fullmatch(said)
        try:
            if said.lower() == "back":
                if not self.interview.history:
                    raise ValueError("there is no answer before this one in this sitting")
                before = self.interview.history.pop()
                self.more.discard(before)
                self.pending[:0] = [before, fact.name]
                return True
            other = self.interview.fact(direct.group(1) if direct else said.split(None, 1)[1].strip())
        except ValueError as error:
            self._wrap(f"{error}.".replace("?.", "?"))
            return False
        if direct is None:
            self.more.discard(other.name)
            self.pending[:0] = [other.name] if other.name == fact.name else [other.name, fact.name]
            return True
        done = self._take(other, direct.group(2))
        if done and other.name != fact.name:
            self.pending.insert(int(other.name in self.more), fact.name)
        return done

    def _take(self, fact: Fact, said: str) -> bool:
        before = self.interview.conclusion
        try:
            answer = self._heard(fact, said)
            if answer is None:
                self.more.discard(fact.name)
                self.say("Then it stays open whether there was more.\n")
                return True
            told = self.interview.answer(fact, answer)
        except ValueError as error:
            if isinstance(error, Unheard) and error.offer:
                self.offers[fact.name] = error.offer
            self._wrap(f"{str(error).rstrip('.')}.".replace("?.", "?"))
            return False
        except Unsaved as error:
            self.unsaved[fact.name] = said
            self._wrap(f"{error} This answer is not saved: mend that and answer again, or quit to see what to copy.")
            return False
        except BadInput as error:
            self._wrap(str(error))
            return False
        self.unsaved.pop(fact.name, None)
        given = self.interview.parcel.facts.get(fact.name)
        self.say(f"Understood: {fact.words}: {describe(given) if given else 'not known'}.")
        self._told(told)
        self.say(standing(self.interview.conclusion, before))
        for line in moved(before, self.interview.conclusion):
            self._wrap(line, "  ", 2)
        self.say("")
        # A question put back is not asked again if this answer settled it.
        self.pending = [n for n in self.pending if n not in self.interview.parcel.facts or n in self.interview.passed]
        self.more.discard(fact.name)
        if answer.value is not None and self.interview.partial(fact):
            self.more.add(fact.name)
            self.pending.insert(0, fact.name)
        return True

    def _heard(self, fact: Fact, said: str) -> Answer | None:
        """What was said of a fact, or None where it is not known whether there was more. Raises ValueError.

        A yes or a no right after a value was offered says whether that was meant.
        """
        offer, word = self.offers.pop(fact.name, ""), said.lower().rstrip(".!")
        if offer and word in NO:
            raise ValueError(f"then which? {options(fact)}")
        if offer and word in YES:
            said = offer
        if fact.name in self.more and self.interview.partial(fact):
            return self.interview.understood_more(fact, said)
        return self.interview.understood(fact, said)

    def _told(self, told: Told) -> None:
        if told.meanwhile:
            self._wrap(f"Meanwhile the file had come to say: {told.meanwhile}. That is kept beside your answer.", "", 2)
        for name, reason in told.aside:
            self._wrap(f"Set aside, and kept in the file: {name}, because {reason}.", "", 2)
        for name in told.back:
            self._wrap(f"Brought back: {name}, which nothing contradicts any more.", "", 2)
        if told.idle:
            self._wrap(f"Set aside, as nothing rests on it now (kept in the file): {', '.join(told.idle)}.", "", 2)

    # showing

    def _question(self, fact: Fact) -> None:
        given = self.interview.parcel.facts.get(fact.name)
        known = self.interview.partial(fact)
        if fact.name in self.more and known:
            named = worded(listing(value for value in fact.values if value in known.included))
            self._wrap(f"Anything else besides {named}? No if that is all, or what.  [{fact.name}]")
            return
        self._wrap(f"{fact.ask}  [{fact.name}]")
        if given:
            self._wrap(f"Known so far: {describe(given)}.", "  ")
        if fact.values:
            width = max(len(value) for value in fact.values) + 6
            cells = [f"{index:>2} {worded(value)}" for index, value in enumerate(fact.values, 1)]
            each = max(1, (WIDTH - 2) // width)
            for start in range(0, len(cells), each):
                self.say("  " + "".join(f"{cell:<{width}}" for cell in cells[start : start + each]).rstrip())
            if fact.type == "set":
                self.say("  one or more; none")
        else:
            self.say(f"  {options(fact)}")

    def _list(self) -> None:
        bearing = self.interview.bearing
        for number, given in enumerate(self.interview.answers(), 1):
            told = "; ".join(part for part in (given.source, given.standing or "", given.note) if part)
            idle = "" if given.fact.name in bearing else "  (set aside: nothing rests on it now)"
            self._wrap(f"{number:>3} {given.fact.name}: {describe(given)}{f' ({told})' if told else ''}{idle}", "", 4)
        for name, entry in self.interview.file.aside.items():
            because = entry.get("because", "") if isinstance(entry, dict) else ""
            self._wrap(f"  - {name}: set aside, because {because}", "", 4)
        if not self.interview.answers():
            self.say("  nothing yet")

    def _closing(self) -> None:
        if self.interview.open():
            asks = [question(item.ask) for item in self.interview.open()]
            self.say("All that could still change the conclusion is not known:")
            for ask in asks[:_LEFT]:
                self._wrap(f"- {ask}", "  ", 2)
            if asks[_LEFT:]:
                self.say(f"  - and {len(asks) - _LEFT} more")
        else:
            self.say("No answer still missing could change the conclusion.")
        self._retold()
        self.say(standing(self.interview.conclusion))
        self._where()

    def leave(self) -> None:
        """Says where the matter stands, where it is saved and how to go on."""
        self.say("")
        if self.interview.answers():
            self._retold()
            self.say(standing(self.interview.conclusion))
        self._where()

    def _retold(self) -> None:
        """What was answered, in words, to be read over."""
        told = self.recap()
        if told:
            self.say("What you have told, to read over:")
            for paragraph in told:
                self._wrap(paragraph, "  ")
            self.say("")

    def _where(self) -> None:
        if self.unsaved:
            self.say("These answers are in no file; each line can be given to `caprev ask` again:")
            for name, said in self.unsaved.items():
                self.say(f"{name} = {said}")
        elif self.interview.file.new:
            self.say("Nothing was answered, so nothing was saved.")
        else:
            self.say(f"Saved in {self.interview.file.path}.")
        if self.interview.file.new:
            return
        self.say(f"Resume: caprev ask {self.interview.file.path}")
        self.say(f"Reasons: caprev assess {self.interview.file.path}")

    def _wrap(self, text: str, indent: str = "", hang: int = 0) -> None:
        lead = text[: len(text) - len(text.lstrip())]
        for line in wrapped(text, indent + lead, hang - len(lead)):
            self.say(line)


def standing(conclusion: Conclusion, before: Conclusion | None = None) -> str:
    """Where the matter stands, and how that moved."""
    c = conclusion
    text = f"{worded(c.characterisation).upper()}, {worded(c.strength)}"
    if c.characterisation == "undetermined":
        text = "UNDETERMINED"
    earlier = before.chance if before else None
    change = f", was {earlier:.0%}" if earlier not in (None, c.chance) else ""
    was = (
        f" (was {worded(before.characterisation)})" if before and before.characterisation != c.characterisation else ""
    )
    firm = "; no one answer still missing would turn it" if c.robust else ""
    told = "" if c.chance is None else f"; {c.weigher.book.sides.probability} {c.chance:.0%}{change}"
    return f"Standing: {text}{was}{told}{firm}."


def moved(before: Conclusion, after: Conclusion) -> Iterable[str]:
    """The factors that came to count, or ceased to."""
    factors, active = after.weigher.book.factors, after.weigher.active
    tense = after.weigher.book.derivations.tense(after.parcel.known)
    for name, state in after.states.items():
        was = before.states[name]
        if name in active and factors[name].favours != "neutral" and "met" in (state, was) and state != was:
            sign = "+" if state == "met" else "-"
            yield f"{sign} for {worded(factors[name].favours)}: {told(factors[name].text, tense).rstrip('.')}"
