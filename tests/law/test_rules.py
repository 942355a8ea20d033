"""The rulebook does what its examples say, and a broken one is refused with every fault named."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import caprev
from caprev import Assessor
from caprev.cli import main
from caprev.review import lint
from tests.made_up import LOAN

Run = Callable[..., Result]

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "rules" / "au-land"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for every example of every factor, and one for every factor."""
    if {"example", "factor"} & set(metafunc.fixturenames):
        factors = caprev.load().book.factors
        if "example" in metafunc.fixturenames:
            pairs = [(name, i) for name, factor in factors.items() for i in range(len(factor.examples))]
            ids = [f"{name}: {factors[name].examples[i].name}" for name, i in pairs]
            metafunc.parametrize(("factor", "example"), pairs, ids=ids)
        else:
            metafunc.parametrize("factor", list(factors))


# --- what the rulebook says ---------------------------------------------------------------------------------


def test_an_example_comes_out_as_written(factor: str, example: int, assessor: Assessor) -> None:
    """On the example's facts the factor is met, not met or unknown as stated, and waits on the facts stated."""
    rule = assessor.book.factors[factor]
    shown = rule.examples[example]
    state, asks = lint.run_example(assessor.book, rule, shown, assessor)
    assert state == shown.expect
    assert asks == tuple(sorted(shown.asks))


def test_a_factor_shows_all_its_faces(factor: str, assessor: Assessor) -> None:
    """Every factor has examples in which it is met, not met and unknown, and no two examples of one name."""
    examples = assessor.book.factors[factor].examples
    assert {example.expect for example in examples} == {"met", "not_met", "unknown"}
    assert len({example.name for example in examples}) == len(examples)


def test_the_rulebook_is_free_of_faults(assessor: Assessor, run: Run) -> None:
    """`caprev rules lint` finds no error in the rulebook and the cases."""
    assert [str(problem) for problem in lint.errors(assessor)] == []
    result = run("rules", "lint")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert f"{len(assessor.book.factors)} factors" in result.stdout.splitlines()[-1]


def test_every_indicator_of_the_rulings_is_a_rule(assessor: Assessor) -> None:
    """The eight indicators of TR 97/11 para 13 and the eight matters of TR 92/3 para 13 are all there, and weighed."""
    for issue, ruling in (("business", "tr-97-11"), ("tr-92-3/commercial-character", "tr-92-3")):
        weighed = assessor.book.indicators_of(issue)
        assert len(weighed) == 8
        assert all(node.id.startswith(f"{ruling}/") and node.kind == "indicator" for node in weighed)
        assert all(any(cited.cite == ruling for cited in node.authority) for node in weighed)
        assert all(assessor.book.feeding[node.id] for node in weighed)


def test_all_faults_of_a_factor_are_told_in_one_run(run: Run, rules: Path) -> None:
    """Shape, names and examples together, in words and each at its line: what is sound of a file is looked at too."""
    faulty = LOAN.replace("favours: revenue", "favours: profit").replace("cluster: finance\n", "")
    faulty = faulty.replace("cite: tr-92-3", "cite: tr-92-33").replace("money-and-profit]", "money-and-profits]")
    faulty = faulty.replace("from_sales: true}, expect", "from_sales: maybe}, expect")
    faulty = faulty.replace("facts: {}, expect: unknown, asks: [finance.repaid_from_sales]", "facts: {}, expect: met")
    faulty = faulty.replace("  - {name: from wages, facts: {finance.repaid_from_sales: false}, expect: not_met}\n", "")
    path = put(rules, "factors/finance/loan-repaid-from-sales.yaml", faulty)
    told = [line.partition(": loan-repaid-from-sales: ") for line in refused(lint_of(run, rules))]
    assert {(place.removeprefix(f"caprev: {path}:"), what) for place, _, what in told if what} == {
        ("2", "favours is 'profit'. Allowed: capital, revenue, neutral."),
        ("1", "has no cluster."),
        ("11", "has 2 examples; write at least 3: one met, one not met, one unknown."),
        ("8", "node 'tr-92-3/money-and-profits' does not exist. Did you mean tr-92-3/money-and-profit?"),
        ("6", "authority 'tr-92-33' does not exist. Did you mean tr-92-3?"),
        ("12", "example 'from the sales': finance.repaid_from_sales: 'maybe' is not allowed; allowed: true or false."),
        ("13", "example 'silent': comes out unknown; the example expects met."),
    }
    edit(rules, "weighing.yaml", "  strong: not earned", "  strong: 0.5")
    assert "weighing.yaml:56: calibration.strong is not a list. Write it in [ ]" in lint_of(run, rules).stderr


def test_a_case_must_name_what_it_overcame(run: Run, rules: Path) -> None:
    """A new factor that is met in a case that went the other way asks for a line in the case, named with its file."""
    put(rules, "factors/finance/loan-repaid-from-sales.yaml", LOAN)
    result = lint_of(run, rules)
    assert result.exit_code == 2
    (told,) = result.stderr.splitlines()
    assert "mccorkell-v-fct.yaml:23: mccorkell-v-fct: 'loan-repaid-from-sales' favours revenue and is met" in told
    assert "Add it under 'despite'" in told


HELD = [
    ("number: 8}                        # TR 97/11", "number: 9} # TR 97/11",
     "business: weighs 8 indicators that cite tr-97-11; its list has 9"),
    ("- statham-v-fct", "- statham-v-fc", "there is no decided case 'statham-v-fc'. Did you mean statham-v-fct?"),
    ("  kratzmann-v-fct: >", "  morton-v-fct: x\n  kratzmann-v-fct: >", "is not decided strongly otherwise"),
    ("grounds: 3", "grounds: 9", "fewer than 9, and does not say why. Name the others, or say in 'note'"),
    ("{profit_making_undertaking: isolated_transaction}", "{}", "decided by way of profit_making_undertaking"),
]  # fmt: skip
MISTAKEN = [("  kratzmann-v-fct: >", "  gauci-v-fct: >", "left out of the cases, it comes out strongly revenue")]


@pytest.mark.parametrize("edits", [HELD, MISTAKEN], ids=["five together", "one that takes the place of another"])
def test_what_the_law_is_held_to_is_held(edits: list[tuple[str, str, str]], run: Run, rules: Path) -> None:
    """`checks.yaml` is held to the cases, and the cases to it; every message has its file and line, all in one run."""
    for old, new, _ in edits:
        edit(rules, "checks.yaml", old, new)
    result = lint_of(run, rules)
    assert result.exit_code == 2
    for _, _, says in edits:
        assert any(says in line and ".yaml:" in line for line in result.stderr.splitlines()), says


# --- a broken rulebook --------------------------------------------------------------------------------------

FACTOR = """\
id: made-up
favours: capital
strength: slight
text: The land was cut into more than 9997 lots.
authority:
  - {cite: casimaty, mark: seed, says: nothing of the kind}
when: {development.lots: {more_than: 9997}}
feeds: [tr-97-11/hobby]
cluster: made-up
limits: Made up for a test.
status: draft
examples:
  - {name: many, facts: {development.lots: 9998}, expect: met}
  - {name: few, facts: {development.lots: 9997}, expect: not_met}
  - {name: silent, facts: {}, expect: unknown, asks: [development.lots]}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the rulebook that may be broken."""
    return Path(shutil.copytree(RULES, tmp_path / "rules"))


def lint_of(run: Run, rules: Path) -> Result:
    return run("rules", "lint", "--rules", rules)


def linted(rules: Path) -> Result:
    """The same, where many tests share what is said."""
    return CliRunner().invoke(main.main, ["rules", "lint", "--rules", str(rules)])


def refused(result: Result, *fragments: str) -> list[str]:
    """Checks that a rulebook was refused, and returns the messages. What may only mislead goes to stdout."""
    assert result.exit_code == 2
    assert all(line.startswith("warning: ") for line in result.stdout.splitlines())
    assert "Traceback" not in result.stderr
    for fragment in fragments:
        assert fragment in result.stderr
    return result.stderr.splitlines()


def put(rules: Path, name: str, text: str) -> Path:
    path = rules / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def edit(rules: Path, name: str, old: str, new: str) -> Path:
    path = rules / name
    text = path.read_text("utf-8")
    assert text.count(old) >= 1, f"{name} no longer has '{old}'"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def test_a_sound_factor_is_accepted(run: Run, rules: Path) -> None:
    """A file is the whole of adding a factor; the breakages below are of this one."""
    put(rules, "factors/holding/made-up.yaml", FACTOR)
    result = lint_of(run, rules)
    assert result.exit_code == 0
    assert result.stderr == ""


def broken(name: str, old: str, new: str, line: int, *fragments: str) -> Any:
    """A breakage of the made-up factor: what is replaced, the line reported and the message."""
    return pytest.param(old, new, line, fragments, id=name)


BROKEN = [
    broken("unknown key", "status: draft", "status: draft\nlimit: no", 12, "limit is not a key", "mean limits?"),
    broken("missing field", "limits: Made up for a test.\n", "", 1, "has no limits"),
    broken("unknown side", "favours: capital", "favours: owner", 2, "favours is 'owner'. Allowed: capital, revenue,"),
    broken("unknown strength", "strength: slight", "strength: huge", 3, "strength", "near_decisive"),
    broken("unknown status", "status: draft", "status: ready", 11, "status", "reviewed"),
    broken("no authority", "\n  - {cite: casimaty, mark: seed, says: nothing of the kind}", " []", 5, "authority"),
    broken("unknown mark", "mark: seed", "mark: checked", 6, "mark", "memory"),
    broken("unknown authority", "cite: casimaty", "cite: casimati", 6, "'casimati'", "Did you mean casimaty?"),
    broken("unknown node", "[tr-97-11/hobby]", "[tr-97-11/hobbies]", 8, "'tr-97-11/hobbies'", "tr-97-11/hobby?"),
    broken("feeds nothing", "[tr-97-11/hobby]", "[]", 8, "feeds"),
    broken("unknown fact", "when: {development.lots:", "when: {development.lot:", 7, "'development.lot'",
           "Did you mean development.lots?"),
    broken("unknown operator", "more_than", "over", 7, "development.lots", "at_least, at_most, more_than, less_than"),
    broken("not a number", "more_than: 9997", "more_than: many", 7, "'many'", "a whole number"),
    broken("not a condition", "{development.lots: {more_than: 9997}}", "many lots", 7, "a condition is a mapping"),
    broken("unknown rule in condition", "when: {development.lots: {more_than: 9997}}", "when: {met: no-such-rule}", 7,
           "'no-such-rule'", "facts only"),
    broken("rule in exception", "feeds:", "unless: {met: business}\nfeeds:", 7, "'business'", "facts only"),
    broken("crossed bounds", "more_than: 9997", "at_least: 9, at_most: 8", 7, "development.lots",
           "greater than at_most"),
    broken("magnitude of a word", "feeds:", "magnitude: {fact: taxpayer.kind, stronger: more}\nfeeds:", 8,
           "numeric fact 'taxpayer.kind'"),
    broken("half a day", "limits:", "in_force: {from: 2023-7}\nlimits:", 10, "2023-7", "YYYY-MM-DD"),
    broken("span that ends first", "limits:", "in_force: {from: 2023-07-01, to: 2022-07-01}\nlimits:", 10,
           "2022-07-01"),
    broken("bad exception", "feeds:", "unless: {taxpayer.kind: person}\nfeeds:", 8, "'person'", "individual, couple"),
    broken("unknown point", "feeds:", "position: {atribution: attributed}\nfeeds:", 8, "'atribution'", "attribution?"),
    broken("unknown answer", "feeds:", "position: {attribution: always}\nfeeds:", 8, "'always'"),
    broken("unknown magnitude", "feeds:", "magnitude: {fact: development.lot, stronger: more}\nfeeds:", 8,
           "'development.lot'", "Did you mean development.lots?"),
    broken("id of another name", "id: made-up", "id: made-down", 1, "made-down", "is in a file named made-up-"),
    broken("two examples", "  - {name: few, facts: {development.lots: 9997}, expect: not_met}\n", "", 12, "examples"),
    broken("unknown expectation", "expect: not_met", "expect: unmet", 14, "expect", "not_met"),
    broken("not a mapping", FACTOR, "- a factor\n", 1, "is not a mapping"),
]  # fmt: skip


@pytest.fixture(scope="module")
def broken_together(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The rulebook with every broken factor, each in a file of its own, and what lint says of it."""
    rules = Path(shutil.copytree(RULES, tmp_path_factory.mktemp("broken") / "rules"))
    for number, (old, new, _, _) in enumerate(case.values for case in BROKEN):
        assert old in FACTOR
        text = FACTOR.replace(old, new, 1).replace("id: made-up", f"id: made-up-{number}")
        put(rules, f"factors/holding/made-up-{number}.yaml", text)
    return rules / "factors" / "holding", refused(linted(rules))


@pytest.mark.parametrize(
    ("number", "line", "fragments"),
    [pytest.param(number, *case.values[2:], id=case.id) for number, case in enumerate(BROKEN)],
)
def test_a_broken_factor_is_refused(
    number: int, line: int, fragments: tuple[str, ...], broken_together: tuple[Path, list[str]]
) -> None:
    """A fault of a file is told first of what is told of it, with the line and the remedy, whatever else is broken."""
    folder, messages = broken_together
    first = next(message for message in messages if f"made-up-{number}.yaml:" in message)
    assert first.startswith(f"caprev: {folder / f'made-up-{number}.yaml'}:{line}: ")
    assert all(fragment in first for fragment in fragments)


def test_what_is_sound_is_not_blamed_for_what_is_broken(broken_together: tuple[Path, list[str]]) -> None:
    """Nothing is said of any file but the broken ones."""
    folder, messages = broken_together
    assert all(message.startswith(f"caprev: {folder}/made-up-") for message in messages)


FAILING = [
    ("9998}, expect: met", "9900}, expect: met", "example 'many': comes out not met; the example expects met"),
    ("facts: {}, expect: unknown", "facts: {development.lots: 3}, expect: unknown",
     "comes out not met; the example expects unknown"),
    ("asks: [development.lots]", "asks: []", "example 'silent': asks development.lots, not nothing"),
    ("asks: [development.lots]", "asks: [holding.years]", "asks development.lots, not holding.years"),
    ("facts: {development.lots: 9997}", "facts: {development.lot: 9997}", "Did you mean development.lots?"),
    ("9997}, expect: not_met", "9999}, expect: met", "has no example that is not met"),
]  # fmt: skip


def test_an_example_that_does_not_hold_is_refused(run: Run, rules: Path) -> None:
    """A factor that does something else than its examples say is a fault of the rulebook; all are told in one run."""
    said = {}
    for number, (old, new, says) in enumerate(FAILING):
        assert old in FACTOR
        name = f"made-up-{number}"
        said[name] = says
        text = FACTOR.replace(old, new, 1).replace("id: made-up", f"id: {name}")
        put(rules, f"factors/holding/{name}.yaml", text)
    messages = refused(lint_of(run, rules))
    for name, says in said.items():
        place = re.escape(str(rules / "factors" / "holding" / name))
        mine = [message for message in messages if f"{name}.yaml" in message]
        assert any(says in message for message in mine), (says, mine)
        assert all(re.match(rf"caprev: {place}\.yaml:1[2-5]: {name}: ", message) for message in mine)
    assert all("made-up-" in message for message in messages)


@pytest.mark.parametrize(
    "text",
    ["", "# nothing\n", "id: [unclosed\n", FACTOR + "favours: revenue\n", FACTOR + "---\nid: second\n"],
    ids=["empty", "only comments", "broken YAML", "duplicate key", "second document"],
)
def test_an_unreadable_factor_is_one_fault(text: str, run: Run, rules: Path) -> None:
    """A file that cannot be parsed is reported once, not once for every field it would have had."""
    path = put(rules, "factors/holding/made-up.yaml", text)
    messages = refused(lint_of(run, rules))
    assert len(messages) == 1
    assert messages[0].startswith(f"caprev: {path}:")


def test_two_factors_of_one_id_are_refused(run: Run, rules: Path) -> None:
    """The message names both files."""
    first = put(rules, "factors/holding/made-up.yaml", FACTOR)
    second = put(rules, "factors/sales/made-up.yaml", FACTOR)
    (message,) = refused(lint_of(run, rules))
    assert message.startswith(f"caprev: {second}:1: made-up: is also the id of {first}")


def other(file: str, old: str, new: str, *fragments: str) -> object:
    """A breakage of a file other than a factor."""
    return pytest.param(file, old, new, fragments, id=f"{file}: {new.strip() or old}")


OTHERS = [
    other("vocabulary.yaml", "{type: int, ", "{type: integer, ", "'integer'", "bool, int, number, date, enum, set"),
    other("vocabulary.yaml", "{type: bool, ask:", "{type: bool, asks:", "has no question (ask)"),
    other("vocabulary.yaml", "{type: bool, ", "{type: enum, ", "needs values"),
    other("vocabulary.yaml", "unit: ha,", "units: ha,", "units", "mean unit?"),
    other("vocabulary.yaml", "fixed: true}", "fixed: yes}", "fixed: yes", "true or false"),
    other("vocabulary.yaml", "\ntaxpayer:\n", "\nowner: none\ntaxpayer:\n", "owner", "not a mapping"),
    other("derived.yaml", "when: {taxpayer.main_activity:", "when: {taxpayer.activity:", "'taxpayer.activity'"),
    other("derived.yaml", "then: {taxpayer.retired:", "then: {taxpayer.tired:", "'taxpayer.tired'", "retired?"),
    other("derived.yaml", "    says: an attempt to sell", "    say: an attempt to sell", "id, when, then and says"),
    other("derived.yaml", "first: acquisition.date", "first: [acquisition.date]", "not in the vocabulary"),
    other("derived.yaml", "{divide: [", "{quotient: [", "quotient", "divide"),
    other("derived.yaml", "[development.cost,", "[development.price,", "'development.price'"),
    other("derived.yaml", "\nimplications:", "\nimplication:", "implication", "mean implications?"),
    other("derived.yaml", "    unit: times\n", "    units: times\n", "units", "mean unit?"),
    other("derived.yaml", "{divide: [", "{divide: [sales.price, ", "divide", "int or number, int or number"),
    other("derived.yaml", "years_between: [acquisition.date,", "years_between: [sales.price,", "sales.price",
          "date, date"),
    other("derived.yaml", "when: {decision.whole_sale_failed: true}", "when: {met: business}", "'business'",
          "facts only"),
    other("derived.yaml", "    first: acquisition.date", "    first: acquisition.data", "acquisition.data",
          "acquisition.date?"),
    other("derived.yaml", "    first: acquisition.date", "    first: acquisition.mode", "acquisition.mode",
          "not a date"),
    other("weighing.yaml", "overlap:", "overlaps:", "overlaps is not a key", "has no overlap"),
    other("weighing.yaml", "strengths: {slight: ", "strengths: {sleight: ", "strength 'slight' does not exist"),
    other("weighing.yaml", "overlap: ", "overlap: half # ", "overlap", "is not a number"),
    other("weighing.yaml", "clusters: [", "clusters: [entry-capitol, ", "'entry-capitol'", "entry-capital?"),
    other("weighing.yaml", "group_caps:\n  business:", "group_caps:\n  busines:", "'busines'", "business?"),
    other("weighing.yaml", "{background: ", "{bakground: ", "'bakground'", "background?"),
    other("weighing.yaml", "design:\n  strengths: {slight:", "design:\n  strengths: {tiny: 1, slight:", "'tiny'"),
    other("conclusion.yaml", "when: {met: business}", "when: {met: busines}", "'busines'", "business?"),
    other("conclusion.yaml", "when: {met: business}", "when: {taxpayer.kin: trust}", "'taxpayer.kin'",
          "taxpayer.kind?"),
    other("conclusion.yaml", "when: {met: business}", "when: {taxpayer.kind: trust}", "taxpayer.kind", "findings only"),
    other("conclusion.yaml", "outcomes:", "outcome:", "'outcome'", "mean outcomes?"),
    other("conclusion.yaml", "route: business", "rout: business", "rout is not a key", "has no route"),
    other("positions.yaml", "      attribution: not_attributed", "      attribution: perhaps", "'perhaps'"),
    other("positions.yaml", "{cite: whitfords-beach,", "{cite: whitford-beach,", "'whitford-beach'",
          "whitfords-beach?"),
    other("positions.yaml", "    matters_when:\n", "    matters_when:\n      met: business\n", "'business'",
          "facts only"),
    other("authorities.yaml", "  name: Federal Commissioner", "  title: Federal Commissioner", "has no name"),
    other("positions.yaml", "      attribution: not_attributed", "      atribution: not_attributed", "'atribution'"),
    other("pack.yaml", "position: commissioner", "position: comissioner", "'comissioner'", "commissioner?"),
    other("pack.yaml", "disclaimer: >-", "disclamer: >-", "disclamer is not a key", "has no disclaimer"),
    other("tr-97-11/hobby.yaml", "kind: indicator", "kind: indicater", "kind", "indicator"),
    other("tr-97-11/hobby.yaml", "weighs: [self]", "weighs: [himself]", "'himself'"),
    other("tr-97-11/hobby.yaml", "weighs: [self]", "any: [business]\nweighs: [self]", "weigh factors or combine"),
    other("tr-97-11/hobby.yaml", "cite: tr-97-11", "cite: tr-97-12", "'tr-97-12'", "tr-97-11?"),
    other("tr-92-3/ventured.yaml", "all: [", "all: [tr-92-3/profit-purpose, ", "circle"),
    other("tr-92-3/ventured.yaml", "unsettled: [venture-into-scheme]", "unsettled: [venture-in-scheme]",
          "'venture-in-scheme'", "venture-into-scheme?"),
    other("tr-92-3/ventured.yaml", "all: [", "weightless: true\nany: [business]\nall: [", "weigh factors or combine"),
    other("vocabulary.yaml", "applies: {taxpayer.kind: super_fund}", "applies: {taxpayer.kin: super_fund}",
          "'taxpayer.kin'", "taxpayer.kind?"),
    other("vocabulary.yaml", "applies: {taxpayer.kind: super_fund}", "applies: {met: business}", "facts only"),
    other("vocabulary.yaml", "applies: {taxpayer.kind: super_fund}", "applies: {taxpayer.self_managed_fund: true}",
          "by its own value"),
    other("vocabulary.yaml", "{type: int, counted: [houses", "{type: number, counted: [houses", "counted"),
    other("questions.yaml", "- acquisition.mode", "- acquisition.mod", "'acquisition.mod'", "acquisition.mode?"),
    other("questions.yaml", "event: sales.date", "event: sale.date", "'sale.date'", "sales.date?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "fragments"), OTHERS)
def test_a_broken_rulebook_is_refused(
    file: str, old: str, new: str, fragments: tuple[str, ...], run: Run, rules: Path
) -> None:
    """A fault in any file of the rulebook is refused with a message that names file and line and says what is wrong."""
    path = edit(rules, file, old, new)
    messages = refused(lint_of(run, rules), *fragments)
    assert any(re.match(rf"caprev: {re.escape(str(path))}:[1-9]", message) for message in messages)


@pytest.mark.parametrize(
    "command", [["assess", "cases/au-land/examples/farm-subdivision.yaml"], ["rules", "list"],
                ["rules", "show", "business"], ["cases", "list"], ["schema"]], ids=" ".join,
)  # fmt: skip
def test_no_command_runs_on_a_broken_rulebook(command: list[str], run: Run, rules: Path) -> None:
    """Every command that needs the law refuses it with the same message."""
    edit(rules, "pack.yaml", "position: commissioner", "position: comissioner")
    path = rules / "pack.yaml"
    line = path.read_text("utf-8").partition("comissioner")[0].count("\n") + 1
    (message,) = refused(run(*command, "--rules", rules), "'comissioner'", "Did you mean commissioner?")
    assert message.startswith(f"caprev: {path}:{line}: ")


@pytest.mark.parametrize(
    "file",
    [
        "vocabulary.yaml",
        "derived.yaml",
        "pack.yaml",
        "weighing.yaml",
        "authorities.yaml",
        "positions.yaml",
        "conclusion.yaml",
    ],
)
def test_a_missing_file_is_named(file: str, run: Run, rules: Path) -> None:
    """A rulebook without one of its files says which."""
    (rules / file).unlink()
    refused(run("rules", "list", "--rules", rules), f"{rules / file}: cannot be read (No such file")


def test_all_faults_of_all_files_are_reported_together(run: Run, rules: Path) -> None:
    """Whoever edits several files mends them in one go."""
    for number, (old, new) in enumerate(
        [("strength: slight", "strength: huge"), ("status: draft\n", ""), ("limits:", "limit:")]
    ):
        put(
            rules,
            f"factors/holding/made-up-{number}.yaml",
            FACTOR.replace(old, new).replace("id: made-up", f"id: made-up-{number}"),
        )
    edit(rules, "weighing.yaml", "overlap:", "overlaps:")
    edit(rules, "vocabulary.yaml", "{type: int, ", "{type: integer, ")
    messages = refused(lint_of(run, rules))
    for name in ("vocabulary.yaml:", "made-up-0.yaml:3", "made-up-1.yaml:1", "made-up-2.yaml:10", "weighing.yaml:"):
        assert any(name in message for message in messages), name


def test_faults_of_rules_and_cases_are_reported_together(run: Run, rules: Path, tmp_path: Path) -> None:
    """A wrong example and a wrong case are both reported by one lint."""
    put(rules, "factors/holding/made-up.yaml", FACTOR.replace("9998}", "9900}"))
    cases = Path(shutil.copytree(ROOT / "cases" / "au-land", tmp_path / "cases"))
    path = cases / "fca" / "stevenson-v-fct.yaml"
    path.write_text(path.read_text("utf-8").replace("outcome: revenue", "outcome: income"), "utf-8")
    refused(run("rules", "lint", "--rules", rules, "--cases", cases), "'income'", "example 'many'")


def test_a_wrong_case_is_refused(run: Run, tmp_path: Path) -> None:
    """A case that rests on a factor its own facts do not meet is a fault, named with file, line and remedy."""
    cases = Path(shutil.copytree(ROOT / "cases" / "au-land", tmp_path / "cases"))
    path = cases / "fca" / "made-up.yaml"
    text = (cases / "fca" / "stevenson-v-fct.yaml").read_text("utf-8")
    for key in ("because", "despite"):
        head, _, rest = text.partition(f"\n{key}:")
        assert rest, f"the case has no {key}"
        lines = rest.split("\n")[1:]
        kept = next(i for i, line in enumerate(lines) if line and line[0] not in " -")
        text = head + "\n" + "\n".join(lines[kept:])
    text = text.replace("id: stevenson-v-fct", "id: made-up") + "because: [short-holding, farming-owner]\n"
    path.write_text(text, "utf-8")
    line = text.count("\n")
    messages = refused(run("rules", "lint", "--cases", cases), "'short-holding' is not met on the case's own facts")
    assert all(message.startswith(f"caprev: {path}:{line}: because: ") for message in messages)


# --- identity -----------------------------------------------------------------------------------------------


def test_the_rulebook_has_a_fingerprint_of_its_content(assessor: Assessor, rules: Path) -> None:
    """A copy elsewhere is the same rulebook; any change of any file, even of a comment, is another."""
    assert caprev.load(rules).book.sha256 == assessor.book.sha256
    path = rules / "weighing.yaml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
    assert caprev.load(rules).book.sha256 != assessor.book.sha256


def test_a_further_question_needs_only_what_an_earlier_part_may_answer(run: Run, rules: Path) -> None:
    """A part that is not there, or an answer it cannot have, is told at its line, and is no traceback."""
    edit(rules, "questions.yaml", "needs: {part: enterprise, answer:", "needs: {part: enterprize, answer:")
    told = lint_of(run, rules).stderr
    assert "earlier part 'enterprize' does not exist. Did you mean enterprise?" in told
    edit(rules, "questions.yaml", 'needs: {part: enterprize, answer: "yes"', 'needs: {part: enterprise, answer: "yess"')
    assert "answer 'yess' does not exist" in lint_of(run, rules).stderr
