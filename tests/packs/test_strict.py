"""Strict rules, events and amounts on a toy pack: what follows, what does not, what is missing, and to the cent."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caprev.documents.reports import strict as told
from caprev.errors import BadInput
from caprev.facts import conditions
from caprev.facts.knowledge import day
from caprev.files import reading
from caprev.law import packs
from caprev.reasoning.inference import Engine
from caprev.reasoning.productions import MET, NOT_MET, Production
from caprev.strict import answer, book, changes, examples, expressions, matter, numbers, regimes, words
from caprev.strict.answer import Answer, Part
from caprev.strict.book import Book
from caprev.strict.evaluate import Sheet
from caprev.strict.numbers import Interval, Number

LOANS = Path(__file__).resolve().parent / "loans"


@pytest.fixture(scope="module")
def law() -> Book:
    """The toy pack: lending books."""
    return book.load(LOANS / "rules")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy of the toy pack that may be changed."""
    return Path(shutil.copytree(LOANS, tmp_path / "loans"))


def answered(law: Book, text: str) -> Answer:
    return answer.answer(law, matter.read(reading.parse(text, "matter.yaml"), law))


def amount(law: Book, part: Part, name: str) -> str:
    told = next(item for item in part.amounts if item.name == name)
    return "no" if told.applies is False else words.told(law, told.amount.unit, told.interval, told.unit)


def asked(part: Part) -> tuple[str, tuple[str, ...]]:
    return part.questions[0].state, part.questions[0].follows or part.questions[0].may


def faults(pack: Path, name: str, old: str, new: str) -> tuple[int, str]:
    """The first message about a changed file of the pack, and the line that was changed."""
    path = pack / "rules" / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(BadInput) as error:
        book.load(pack / "rules")
    return text[: text.index(old)].count("\n") + 1, str(error.value.problems[0])


# --- what follows ----------------------------------------------------------------------------------------------------


def test_examples_of_rules_and_matters_come_out_as_they_say(law):
    assert [*map(str, examples.rules(law)), *map(str, examples.folder(law, LOANS / "cases"))] == []


def test_a_rule_waits_on_what_is_not_known_and_says_what_is_missing(law):
    found = answered(law, "events: [{id: a, kind: return, date: 2022-01-30, lent: {date: 2022-01-01}}]")
    part = found.part("a")
    assert asked(part) == ("open", ("in-time", "late"))
    assert part.questions[0].trace.needs == ("book.reserved",)


def test_a_fact_that_cannot_matter_is_not_asked_for(law):
    """Beyond two months no prolongation helps: whether the book was reserved is then no question."""
    found = answered(law, "events: [{id: a, kind: return, date: 2022-03-02, lent: {date: 2022-01-01}}]")
    assert asked(found.part("a")) == ("answered", ("late",))


def test_a_rule_is_law_on_its_days_only(law):
    """Prolongation came in 2021: the same facts a year earlier are late."""
    text = "book: {{reserved: false}}\nevents: [{{id: a, kind: return, date: {}, lent: {{date: {}}}}}]"
    before, after = (answered(law, text.format(f"{y}-01-30", f"{y}-01-01")).part("a") for y in (2020, 2021))
    assert (asked(before)[1], asked(after)[1]) == (("late",), ("in-time",))


def test_a_day_known_to_the_month_decides_where_every_day_of_it_does(law):
    found = answered(law, "events: [{id: a, kind: return, date: 2022-06, lent: {date: 2022-01-01}}]")
    assert asked(found.part("a")) == ("answered", ("late",))
    assert amount(law, found.part("a"), "days-late") == "123 to 152 days"


def test_two_answers_of_one_question_are_a_contradiction_and_no_choice(pack):
    path = pack / "rules" / "strict.yaml"
    path.write_text(path.read_text("utf-8").replace("    unless: [back-in-time]\n", "", 1), "utf-8")
    changed = book.load(pack / "rules")
    found = answered(changed, "events: [{id: a, kind: return, date: 2022-01-02, lent: {date: 2022-01-01}}]")
    assert asked(found.part("a")) == ("conflict", ("in-time", "late"))


def test_the_order_of_rules_in_a_file_says_nothing(pack, law):
    path = pack / "rules" / "strict.yaml"
    text = path.read_text("utf-8")
    blocks = re.split(r"(?m)^(?=\w)", text)
    path.write_text("".join(reversed([block for block in blocks if block])), "utf-8")
    source = (LOANS / "cases" / "examples" / "two-books.yaml").read_text("utf-8")
    one, two = (answered(rules, source) for rules in (law, book.load(pack / "rules")))
    assert [asked(part) for part in one.parts if part.questions] == [
        asked(part) for part in two.parts if part.questions
    ]
    assert amount(law, one.part("matter"), "owed") == amount(law, two.part("matter"), "owed")


def test_the_order_of_keys_in_a_fact_set_says_nothing(law):
    def turned(value: Any) -> Any:
        if isinstance(value, list):
            return [turned(item) for item in value]
        return {key: turned(value[key]) for key in reversed(value)} if isinstance(value, dict) else value

    data = reading.read(LOANS / "cases" / "examples" / "two-books.yaml").data
    one, two = (answered(law, json.dumps(item)) for item in (data, turned(data)))
    assert told.data(one) == told.data(two)
    assert [turn.setting for turn in changes.flips(one)] == [turn.setting for turn in changes.flips(two)]


# --- events ----------------------------------------------------------------------------------------------------------

TWO = """
reader: {group: other}
events:
  - {id: b2, kind: return, of: b1, date: 2025-03-01}
  - {id: a1, kind: lending, date: 2025-01-01}
  - {id: b1, kind: lending, date: 2025-01-02}
  - {id: a2, kind: return, of: a1, date: 2025-02-02}
book: {reserved: true, value: 12}
"""


def test_events_are_answered_one_by_one_in_the_order_of_their_days(law):
    found = answered(law, TWO)
    assert [part.id for part in found.parts] == ["a1", "b1", "a2", "b2", "matter"]
    assert [amount(law, found.part(name), "fee") for name in ("a2", "b2")] == ["1.00 EUR", "7.50 EUR"]
    assert amount(law, found.part("b2"), "so-far") == "1.00 EUR"
    assert amount(law, found.part("matter"), "owed") == "8.50 EUR"
    assert [item.name for item in found.part("matter").warnings if item.state] == ["often-late"]


def test_two_hundred_events_that_build_on_each_other_are_worked_out(law):
    start = date(2025, 1, 1).toordinal()
    days = [date.fromordinal(start + number).isoformat() for number in range(200)]
    events = [{"id": f"e{n}", "kind": "return", "date": d, "lent": {"date": "2024-12-01"}} for n, d in enumerate(days)]
    text = json.dumps({"reader": {"group": "other"}, "book": {"reserved": "true"}, "events": events})
    late = sum(max(0, start + number - date(2024, 12, 1).toordinal() - 28) for number in range(200))
    assert amount(law, answered(law, text).part("matter"), "owed") == f"{late * 0.25:,.2f} EUR"


def test_an_event_that_could_follow_two_says_so(law):
    with pytest.raises(
        BadInput, match=r"matter.yaml:3: events: follows more than one event of kind lending on one day"
    ):
        answered(
            law,
            "events:\n  - {id: a, kind: lending, date: 2025-01-01}\n"
            "  - {id: c, kind: return, date: 2025-02-02}\n  - {id: b, kind: lending, date: 2025-01-01}\n",
        )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("events: [{id: a, kind: retrun}]", r"matter.yaml:1: event.kind: 'retrun' is not allowed.*Did you mean return"),
        ("events:\n  - {id: a, knd: return}", r"matter.yaml:2: event.knd: is not in the vocabulary. Did you mean"),
        ("events:\n  - {id: a}\n  - {id: a}", r"matter.yaml:3: events: the id 'a' is used twice"),
        ("events:\n  - {id: a, of: b}", r"matter.yaml:2: events: there is no event 'b'"),
        ("events: 3", "is not a list of events"),
        ("parcels: []", "parcels: is not known here"),
    ],
)
def test_events_with_faults_are_told_with_file_and_line(law, text, message):
    with pytest.raises(BadInput, match=message):
        answered(law, text)


# --- amounts ---------------------------------------------------------------------------------------------------------


def test_an_unknown_input_gives_a_range_and_says_what_it_needs(law):
    text = "reader: {group: {one_of: [child, student]}}\nevents: [{id: a, kind: loss, date: 2025-01-01}]\n"
    part = answered(law, f"{text}book: {{value: 30}}").part("a")
    told = next(item for item in part.amounts if item.name == "price")
    assert amount(law, part, "price") == "15.00 to 30.00 EUR"
    assert told.trace.needs == ("event.damaged",)
    assert amount(law, answered(law, text).part("a"), "price") == "cannot be said"


def test_an_amount_takes_its_parameters_by_the_day_it_is_dated_by(pack):
    path = pack / "rules" / "strict.yaml"
    old = "    formula: days-late * fee-per-day"
    path.write_text(path.read_text("utf-8").replace(old, f"    dated_by: lent.date\n{old}"), "utf-8")
    changed = book.load(pack / "rules")
    text = "reader: {group: other}\nbook: {reserved: true}\n"
    text += "events: [{id: a, kind: return, date: 2025-02-01, lent: {date: 2024-12-30}}]"
    part = answered(changed, text).part("a")
    assert amount(changed, part, "fee") == "0.50 EUR"  # five days late, at the fee of the day of lending


def test_the_law_of_the_day_gives_the_rate_and_a_day_before_all_law_is_a_gap(law):
    text = "reader: {{group: other}}\nbook: {{reserved: true}}\n"
    text += "events: [{{id: a, kind: return, date: {}, lent: {{date: {}}}}}]"
    fees = [
        amount(law, answered(law, text.format(f"{year}-02-01", f"{year}-01-01")).part("a"), "fee")
        for year in (2024, 2025, 2019)
    ]
    assert fees == ["0.30 EUR", "0.75 EUR", "cannot be said"]
    part = answered(law, text.format("2019-02-01", "2019-01-01")).part("a")
    gaps = next(item for item in part.amounts if item.name == "fee").trace.gaps
    assert gaps == ("no value of The fee for each day for 2019-02-01",)


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        ("max(0, 7 - 2) * 3", "(the greater of 0 and (7 - 2)) x 3"),
        ("2 * if(3 > 2, 1 + 1, 0)", "2 x (1 + 1)"),
        ("9 - if(3 > 2, 1 + 1, 0)", "9 - (1 + 1)"),
        ("1 + if(3 > 2, 1 + 1, 0)", "1 + 1 + 1"),
        (
            "brackets(membership, min(40000, reader.income))",
            "the yearly fee by income on (the smaller of 40000 and reader income 900)",
        ),
        ("(1 > 2 or 2 > 1) and 3 > 2", "(1 > 2 or 2 > 1) and 3 > 2"),
        ("lookup(share, reader.group)", "the share that a group pays for reader group child"),
    ],
)
def test_a_formula_is_told_in_words_that_cannot_be_read_another_way(law, formula, told):
    desk = answer.answer(law, matter.read(reading.parse("reader: {group: child, income: 900}", "m"), law)).desk
    assert words.worked(desk.whole, expressions.parse(formula)) == told


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("0.1 + 0.2 - 0.3", 0),
        ("1/3 + 1/3 + 1/3", 1),
        ("2 ^ 10 * 50%", 512),
        ("-2 ^ 2", -4),
        ("round(2.345, 0.01)", Fraction(235, 100)),
        ("floor(1999, 1000)", 1000),
        ("ceil(0.001, 0.01)", Fraction(1, 100)),
        ("min(3, 2) + max(1, 5, 4)", 7),
        ("years(2016-02-29, 2017-02-27)", 0),
        ("years(2016-02-29, 2017-02-28)", 1),
        ("months(2020-01-31, 2020-02-29)", 1),
        ("days(2020-02-28, 2020-03-01)", 2),
        ("year(add_years(2007-01-01, 2))", 2009),
        ("tax_year(2016-04-05, 4, 6)", 2015),
        ("days(add_months(2024-01-31, 1), 2024-02-29)", 0),
        ("if(3 > 2 and not 1 = 2, 1, 0)", 1),
        ("brackets(membership, 40000)", 400),
    ],
)
def test_formulas_are_exact(law, formula, value):
    desk = answer.answer(law, matter.read(reading.parse("reader: {group: child}", "m"), law)).desk
    found, _ = desk.whole.evaluate(expressions.parse(formula))
    assert isinstance(found, Number)
    assert found.exact
    assert found.constant == value


def by_sevens(value: Fraction) -> Fraction:
    return numbers.rounded(value, Fraction(7))


@given(st.integers(-50, 50), st.integers(0, 40), st.integers(-50, 50), st.integers(0, 40), st.data())
def test_a_range_holds_whatever_the_inputs_turn_out_to_be(low, wide, low2, wide2, data):
    """Interval arithmetic against the numbers themselves, for every operation."""
    x, y = data.draw(st.integers(low, low + wide)), data.draw(st.integers(low2, low2 + wide2))
    one = numbers.within("x", Interval(Fraction(low), Fraction(low + wide)))
    two = numbers.within("y", Interval(Fraction(low2), Fraction(low2 + wide2)))
    pairs: list[tuple[Number | None, Any]] = [
        (one.plus(two), x + y),
        (one.minus(two), x - y),
        (numbers.times(one, two), x * y),
        (numbers.divided(one, two), Fraction(x, y) if y else None),
        (numbers.least([one, two]), min(x, y)),
        (numbers.most([one, two]), max(x, y)),
        (numbers.times(one, two).minus(numbers.times(two, one)), 0),
        (
            numbers.stepped("r", one, lambda v: numbers.rounded(v, Fraction(7))),
            numbers.rounded(Fraction(x), Fraction(7)),
        ),
    ]
    for number, value in pairs:
        if number is None or value is None:
            continue
        bounds = number.interval
        assert bounds.low is None or bounds.low <= value
        assert bounds.high is None or value <= bounds.high


def test_an_input_on_both_sides_cancels():
    price = numbers.within("price", Interval(Fraction(0), None))
    gain = numbers.within("sale", Interval(Fraction(0), None)).minus(price).plus(price)
    assert gain.interval == Interval(Fraction(0), None)
    assert price.minus(price).exact


# --- beside the inference engine -------------------------------------------------------------------------------------


class Strata:
    """The rules of a pack as productions for durable-rules: each twice, above the rules that it names."""

    def __init__(self, law: Book) -> None:
        self.conditions = {name: law.conditions[f"rule:{name}"] for name in law.rules}
        for name in law.outcomes:
            question = law.questions[law.asked_in[name]]
            others = tuple(conditions.Not(conditions.Met(other)) for other in question.outcomes if other != name)
            left = (conditions.AllOf(others),) if question.otherwise == name else ()
            rules = tuple(conditions.Met(rule) for rule in law.concluding[name])
            self.conditions[name] = conditions.AnyOf((*rules, *left))
        self.depths: dict[str, int] = {}
        for name in self.conditions:
            self._depth(name)
        self.engine = Engine([
            Production(f"{name}{end}", self.depths[name], tree(condition))
            for name, condition in self.conditions.items()
            for end, tree in ((MET, conditions.met), (NOT_MET, conditions.not_met))
        ])  # fmt: skip

    def _depth(self, name: str) -> int:
        if name not in self.depths:
            named = [leaf.key for leaf in conditions.leaves(self.conditions[name]) if leaf.key in self.conditions]
            self.depths[name] = 1 + max(map(self._depth, named), default=-1)
        return self.depths[name]

    def states(self, sheet: Sheet) -> dict[str, bool | None]:
        """Every rule and outcome as durable-rules has it, the tests on facts and the comparisons being given."""
        every = [leaf for condition in self.conditions.values() for leaf in conditions.leaves(condition)]
        given = {leaf.key: sheet.leaf(leaf).truth for leaf in every if leaf.key not in self.conditions}
        known = {key: truth for key, truth in given.items() if truth is not None}
        for stratum in range(max(self.depths.values()) + 1):
            for fired in self.engine.run(stratum, known):
                name, _, end = fired.rpartition("/")
                known[name] = f"/{end}" == MET
        return {name: known.get(name) for name in self.conditions}


@pytest.fixture(scope="module")
def strata(law: Book) -> Strata:
    """The toy pack on durable-rules."""
    return Strata(law)


_DAYS = st.sampled_from(["2020-12-30", "2021-01-01", "2021-01-29", "2021-02-28", "2021-03-01", "2021-03-02", "2021"])


@given(
    st.sampled_from(["lending", "return", "loss", "unknown"]),
    _DAYS,
    _DAYS,
    st.sampled_from(["true", "false", "unknown"]),
)
def test_the_inference_engine_has_the_same_verdict_on_every_rule(law, strata, kind, lent, back, reserved):
    facts = {"event.kind": kind, "event.date": back, "lent.date": lent, "book.reserved": reserved}
    written = {"events": [{"id": "a", "facts": facts}]}
    desk = answer.answer(law, matter.read(reading.parse(json.dumps(written), "matter"), law)).desk
    sheet = desk.events[0]
    mine = {name: sheet.rule(name).truth for name in strata.conditions if law.of(name) == "event"}
    theirs = strata.states(sheet)
    assert mine == {name: theirs[name] for name in mine}


def test_the_inference_engine_has_the_same_verdicts_on_the_matters_of_a_pack():
    law = book.load(packs.home("rules", "us-share-options"))
    strata = Strata(law)
    for path in examples.files(packs.home("cases", "us-share-options")):
        for sheet in answer.answer(law, matter.read(reading.read(path), law)).desk.events:
            states = strata.states(sheet)
            assert {name: sheet.rule(name).truth for name in states} == states, (path, sheet.unit.id)


# --- faults in the law -----------------------------------------------------------------------------------------------


DUE = "formula: add_days(event.date, 28)"


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("strict.yaml", "met: prolonged}", "met: prolongd}", "there is no rule or outcome 'prolongd'. Did you mean"),
        ("strict.yaml", "    then: late", "    then: latte", "then is 'latte', which is no outcome of a question"),
        ("strict.yaml", "sum(fee) +", "fee +", "is of the matter, and 'fee' of each event"),
        ("strict.yaml", "days-late * fee-per-day", "days-late*fee-per-dya", "there is no amount, parameter or rule"),
        ("strict.yaml", DUE, "formula: event.date + event.date", "'add' is done with date"),
        ("strict.yaml", DUE, "formula: add_days(event.date", "ends too early"),
        ("strict.yaml", DUE, "formula: system(event.date)", "has no function 'system'"),
        ("strict.yaml", DUE, "formula: book.value", "gives a number, but the unit is date"),
        ("strict.yaml", 'pinpoint: "1", says: four weeks}]', 'pinpoint: "9", says: x}]', "'9' of house-rules has no"),
        ("strict.yaml", "when: {event.kind: loss}", "when: {event.kind: lost}", "'lost' is not a value of event.kind"),
        ("strict.yaml", "  gone:", "  late:", "is also the id of"),
        ("parameters.yaml", "to: 2024-12-31, ", "", "has two values for one day"),
        ("parameters.yaml", "value: 0.25", "value: a quarter", "'a quarter' is not a number"),
        ("vocabulary.yaml", "  damaged:", "  plan:", "is a fact of events and also a section"),
        ("pack.yaml", "fact: date}", "fact: dat}", "fact 'event.dat' does not exist"),
    ],
)  # fmt: skip
def test_faults_of_the_law_are_told_with_file_and_line(pack, name, old, new, message):
    line, told = faults(pack, name, old, new)
    place = re.search(r"\.yaml:(\d+):", told)
    assert message in told
    assert place is not None
    # An entry that holds a fault in what belongs to it is named by its own first line.
    assert abs(int(place.group(1)) - line) <= 12, told


def test_rules_that_rest_on_themselves_are_refused(pack):
    _, told = faults(pack, "strict.yaml", "unless: [back-in-time]", "unless: [late]")
    assert "rests on itself: back-late -> late -> back-late" in told


# --- ways compared ---------------------------------------------------------------------------------------------------


def ways(law: Book, text: str) -> regimes.Compared:
    found = answered(law, text)
    return regimes.compared(found, law.regimes["ticket"])[0]


def test_ways_are_compared_on_the_same_facts_with_the_difference(law):
    found = ways(law, "reader: {group: student, income: 0}\nplan: {visits: 30}")
    assert found.better == ("season",)
    assert found.gap == Interval(Fraction(3), Fraction(3))


def test_what_is_not_known_but_the_same_either_way_cancels(law):
    """The yearly fee hangs on an income that is not known; the difference does not."""
    found = ways(law, "reader: {group: student}\nplan: {visits: 30}")
    assert (found.better, found.gap) == (("season",), Interval(Fraction(3), Fraction(3)))


def test_where_the_order_is_not_known_the_deciding_fact_and_value_are_told(law):
    found = ways(law, "reader: {group: student, income: 0}\nplan: {visits: {at_least: 10, at_most: 40}}")
    assert found.better == ()
    assert found.decides == ("visits (plan.visits): above 24, Season ticket is better; below, By the day",)


def test_a_way_that_is_not_open_does_not_win(law):
    found = ways(law, "reader: {group: child, income: 0}\nplan: {visits: 30}")
    assert [way.open for way in found.ways] == [True, False]
    assert found.better == ("by-day",)


# --- what would change it --------------------------------------------------------------------------------------------


def test_what_is_missing_is_told_with_what_each_answer_settles(law):
    found = answered(law, "events: [{id: a, kind: return, date: 2022-01-30, lent: {date: 2022-01-01}}]")
    first = changes.missing(found)[0]
    assert first.fact.name == "book.reserved"
    settled = {turn.setting.value: turn.moved[0].after.follows for turn in first.turns}
    assert settled == {"true": ("late",), "false": ("in-time",)}


@pytest.mark.parametrize("reserved", ["true", "false"])
@pytest.mark.parametrize("lent", ["2022-01-01", "2022-12-30", "2024-01-31"])
def test_the_next_day_that_turns_is_the_one_that_trying_every_day_finds(law, reserved, lent):
    start = day(lent)[0] + 3
    text = f"book: {{reserved: {reserved}}}\nevents: [{{id: a, kind: return, date: {date.fromordinal(start)}"
    found = answered(law, f"{text}, lent: {{date: {lent}}}}}]")
    turn = changes.turning_days(found)[0]
    before = asked(found.part("a"))
    for ordinal in range(start + 1, start + 100):
        now = date.fromordinal(ordinal).isoformat()
        if asked(changes.supposed(found, [matter.Setting("event.date", now, "a")]).part("a")) != before:
            break
    assert turn.setting.value == now


def test_single_facts_that_turn_an_answer_are_found_and_fixed_ones_are_left(law):
    found = answered(law, (LOANS / "cases" / "examples" / "two-books.yaml").read_text("utf-8"))
    turns = {(turn.setting.fact, turn.setting.value) for turn in changes.flips(found)}
    assert ("book.reserved", "false") in turns
    assert not any(fact == "reader.group" for fact, _ in turns)


# --- commands --------------------------------------------------------------------------------------------------------


@pytest.fixture
def on(run: Callable[..., Any]) -> Callable[..., Any]:
    """A command on the toy pack."""
    return lambda *arguments, **more: run(*arguments, "--rules", LOANS / "rules", "--cases", LOANS / "cases", **more)


FILE = LOANS / "cases" / "examples" / "two-books.yaml"


def test_an_assessment_tells_what_follows_why_and_how_much(on):
    told = on("assess", FILE).output
    assert "Late. A fee is owed for each day." in told
    assert "1.25 EUR = days beyond the four weeks 10 x the fee for each day 0.25" in told
    assert "probab" not in told


def test_an_assessment_as_data_has_states_needs_and_exact_numbers(on):
    found = json.loads(on("assess", FILE, "--format", "json").output)
    back = next(part for part in found["parts"] if part["id"] == "back")
    assert back["questions"][0]["outcomes"] == {
        "in-time": "does_not_follow",
        "late": "follows",
        "lost": "does_not_follow",
    }
    assert next(item["value"] for item in back["amounts"] if item["id"] == "fee") == "1.25"


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_an_assessment_has_the_same_words_in_other_formats(on, form):
    told = on("assess", FILE, "--format", form).output
    assert "A fee is owed for each day." in told


def test_an_open_question_ends_with_code_three(on, tmp_path):
    path = tmp_path / "open.yaml"
    path.write_text("events: [{id: a, kind: return, date: 2022-01-30, lent: {date: 2022-01-01}}]", "utf-8")
    result = on("assess", path)
    assert result.exit_code == 3
    assert "Has somebody else asked for the book?" in result.output


COMMANDS = [
    ("missing {file}", "How often will the reader come?"),
    ("flips {file}", "book.reserved no instead of yes: back, Did the book come back in time? In time (now late)"),
    ("whatif {file} --set book.reserved=false", "Fee for being late: 1.25 EUR -> does not arise"),
    ("whatif {file} --set back:event.date=2025-01-02", "Fee for being late: 1.25 EUR -> 0.50 EUR"),
    ("schema", '"events"'),
    ("rules lint", "no errors, 0 warnings"),
    ("rules list", "back-late"),
    ("rules list --unverified", "house-rules 2: prolonged"),
    ("rules show fee", "days-late * fee-per-day"),
    ("rules docs --out {tmp}/pages", "index.md"),
    ("draft {file} --template advice --to {tmp}/a.docx", "Written"),
    ("draft {file} --template advice --to {tmp}/a.pdf", "Written"),
    ("draft {file} --template advice --to {tmp}/a.md", "Written"),
    ("assess {file} --parcel back", "Late. A fee is owed"),
]


@pytest.mark.parametrize(("command", "says"), COMMANDS)
def test_every_command_that_makes_sense_runs(on, tmp_path, command, says):
    result = on(*(part.format(file=FILE, tmp=tmp_path) for part in command.split()))
    assert result.exit_code == 0, result.output
    assert says in result.output


def test_an_interview_asks_what_is_missing_and_saves(on, tmp_path):
    path = tmp_path / "asked.json"
    said = "return\n2025-01-08\n2024-12-01\nyes\nstudent\nquit\n"
    result = on("ask", path, typed=said)
    assert "Has somebody else asked for the book?" in result.output
    assert "Fee for being late: 1.25 EUR" in result.output
    assert json.loads(path.read_text("utf-8"))["book"]["reserved"] == "yes"


def test_a_portfolio_has_a_row_for_each_event_and_a_bad_row_harms_no_other(on, tmp_path):
    source, target = tmp_path / "in.jsonl", tmp_path / "out.csv"
    good = {"matter": {"id": "m"}, "book": {"reserved": True}, "reader": {"group": "other"}}
    good["events"] = [{"id": "a", "kind": "return", "date": "2025-02-01", "lent": {"date": "2025-01-01"}}]
    source.write_text(f'{json.dumps(good)}\n{{"bok": 1}}\n{json.dumps(good)}\n', "utf-8")
    assert on("batch", source, "--out", target).exit_code == 0
    found = list(csv.DictReader(target.read_text("utf-8").splitlines()))
    assert [(row["event"], row["return"], row["fee"]) for row in found[:2]] == [("a", "late", "0.75"), ("", "", "")]
    assert "bok: is not a section" in found[2]["error"]
    assert found[3] == found[0]


def test_a_record_is_made_again_byte_for_byte_and_says_what_other_law_or_facts_move(on, tmp_path):
    out, kept = tmp_path / "a.md", tmp_path / "a.md.record.json"
    assert on("draft", FILE, "--template", "advice", "--to", out).exit_code == 0
    assert "byte for byte" in on("record", "verify", kept).output
    memo = tmp_path / "memo.json"
    assert on("assess", FILE, "--record", memo, "--out", tmp_path / "memo.txt", "--parcel", "back").exit_code == 0
    assert on("record", "verify", memo, "--output", tmp_path / "memo.txt").exit_code == 0
    found = json.loads(kept.read_text("utf-8"))
    back = next(item for item in found["findings"] if item["part"] == "back")
    assert (back["questions"]["return"], back["amounts"]["fee"]) == ("late", "5/4")
    assert "No answer moved." in on("record", "replay", kept).output
    out.write_text("changed", "utf-8")
    told = on("record", "verify", kept)
    assert told.exit_code == 1
    assert "is not the output of this record" in told.output
    text = found["fact_set"]["text"]
    found["fact_set"]["text"] = text.replace("reserved: true", "reserved: false")
    kept.write_text(json.dumps(found), "utf-8")
    told = on("record", "verify", kept)
    assert told.exit_code == 1
    assert "back: question return was late, is in-time." in told.output


@pytest.mark.parametrize("command", ["argue {file}", "plot {file} --kind balance --out {tmp}/x.svg", "evaluate"])
def test_what_does_not_apply_to_strict_rules_says_so(on, tmp_path, command):
    result = on(*(part.format(file=FILE, tmp=tmp_path) for part in command.split()))
    assert result.exit_code == 2
    assert "has strict rules only" in result.stderr


# --- beside a question that is weighed -------------------------------------------------------------------------------

REWARD = """
about:
  events: {section: event}
  weighed: {fact: reward.keeps, values: {retained: "true", returned: "false"}}
questions:
  reward:
    of: matter
    ask: Is a reward owed?
    outcomes:
      owed: {title: Owed, says: The owner owes a tenth.}
      not-owed: {title: Not owed, says: Who keeps the thing is owed nothing.}
    otherwise: not-owed
rules:
  to-the-finder:
    of: matter
    text: A finder who gives the thing back is owed a tenth.
    when: {reward.keeps: "false"}
    then: owed
    authority: [{cite: AUTHORITY, says: a tenth}]
amounts:
  tenth: {of: matter, label: Reward, when: {met: owed}, formula: reward.value / 10}
"""


@pytest.fixture
def both(tmp_path: Path) -> Path:
    """The toy pack of found things, which weighs, with strict rules beside."""
    pack = Path(shutil.copytree(LOANS.parent / "found-things", tmp_path / "both"))
    words = pack / "rules" / "vocabulary.yaml"
    facts = 'reward:\n  keeps: {type: bool, ask: "Does the finder keep it?"}\n  value: {type: number, ask: "Worth?"}\n'
    facts += 'event:\n  kind: {type: enum, values: [found], ask: "What?"}\n  date: {type: date, ask: "When?"}\n'
    words.write_text(words.read_text("utf-8") + facts, "utf-8")
    cite = next(iter(reading.read(pack / "rules" / "authorities.yaml").data or {}))
    (pack / "rules" / "strict.yaml").write_text(REWARD.replace("AUTHORITY", str(cite)), "utf-8")
    return pack


WANTED: dict[str, tuple[list[str], str]] = {
    "retained": (["not-owed"], "no"),
    "returned": (["owed"], "yes"),
    "halved": ([], "unknown"),
}


@pytest.mark.parametrize(
    ("facts", "side"),
    [
        ("{marked: true}\nfinder: {reported: true, days_waited: 2}", "returned"),
        ("{marked: false}\nfinder: {reported: true, days_waited: 90}", "retained"),
        ("{hidden: true, marked: false}\nfinder: {reported: true}", "halved"),
    ],
)
def test_a_weighed_question_answers_a_fact_of_the_strict_rules_beside_it(run, both, tmp_path, facts, side):
    path = tmp_path / "m.yaml"
    text = f"thing: {facts}\nreward: {{value: 30}}\nevents: [{{id: e, kind: found, date: 2026-01-01}}]\n"
    path.write_text(text, "utf-8")
    law = ("--rules", both / "rules", "--cases", both / "cases")
    found = json.loads(run("assess", path, "--format", "json", *law).output)
    whole = found["strict"]["parts"][-1]
    assert found["parcels"][0]["characterisation"] == side
    assert (whole["questions"][0]["follows"], whole["amounts"][0]["arises"]) == WANTED[side]
    for form in ("text", "markdown", "html"):
        assert "Is a reward owed?" in run("assess", path, "--format", form, *law).output


def test_what_hangs_on_two_unknowns_does_not_cancel(pack):
    """Two answers that are not known may differ, though both are one of the same two numbers."""
    path = pack / "rules" / "strict.yaml"
    amounts = (
        "amounts:\n  odds: {of: matter, label: Odds, "
        "formula: \"if(book.reserved, 0, 5) - if(reader.group = 'child', 0, 5)\"}\n"
        '  days-apart: {label: Apart, formula: "at(fee-per-day, event.date) - at(fee-per-day, lent.date)"}\n'
    )
    path.write_text(path.read_text("utf-8").replace("amounts:\n", amounts, 1), "utf-8")
    changed = book.load(pack / "rules")
    event = "{id: a, kind: return, date: {one_of: [2024-06-01, 2025-06-01]}, "
    text = f"events: [{event}lent: {{date: {{one_of: [2024-05-01, 2025-05-01]}}}}}}]"
    found = answered(changed, text)
    assert amount(changed, found.part("matter"), "odds") == "-5.00 to 5.00 EUR"
    assert amount(changed, found.part("a"), "days-apart") == "-0.15 to 0.15 EUR"
