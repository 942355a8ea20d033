"""What others rely on: commands, exit codes, the JSON of an assessment and the schema of fact sets (design, 8)."""

from __future__ import annotations

import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
import yaml
from click.testing import CliRunner, Result

import caprev
from caprev import Assessor, Problem
from caprev.cli import main
from caprev.files import reading
from caprev.review import pages

Run = Callable[..., Result]
Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "cases" / "au-land"
BAD = ROOT / "tests" / "bad"
SEED_RULING = CASES / "rulings" / "1052196215679.yaml"
TWO_PARCELS = CASES / "examples" / "two-parcels.yaml"
STEVENSON = CASES / "fca" / "stevenson-v-fct.yaml"
RULINGS = [path for path in sorted((CASES / "rulings").glob("*.yaml")) if path != SEED_RULING]
FACT_SETS = sorted(path for folder in ("rulings", "examples", "guidance") for path in (CASES / folder).glob("*.yaml"))

ids: dict[str, Any] = {"ids": lambda path: path.stem}


# --- the JSON of an assessment ------------------------------------------------------------------------------

TEXT = {"type": "string"}
NAMES = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
SIDE = {"enum": ["capital", "revenue"]}
SIDE_OR_EVEN = {"enum": ["capital", "revenue", "even"]}
SIDE_OR_NEITHER = {"enum": ["capital", "revenue", "neutral"]}
CHARACTERISATION = {"enum": ["capital", "revenue", "undetermined"]}
CONSTRAINT = {"enum": ["forced_capital", "forced_revenue", "free", "conflict"]}
FINDING = {"enum": ["satisfied", "not_satisfied", "undetermined"]}


def record(**properties: Any) -> Json:
    """An object with these keys at least: the contract is extended, never cut."""
    return {"type": "object", "required": list(properties), "properties": properties}


SIDES = {"finding": FINDING, "for": NAMES, "against": NAMES, "open": NAMES}
ASSESSMENT = record(
    schema={"const": "caprev.assessment/1"},
    matter=record(id={"type": ["string", "null"]}, title={"type": ["string", "null"]}),
    as_at={"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d)?)?$"},
    position={"enum": ["commissioner", "courts"]},
    rulebook=record(version={"type": "string", "pattern": r"^\d+\.\d+\.\d+$"}, sha256={"pattern": "^[0-9a-f]{64}$"}),
    facts_sha256={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    parcels={
        "type": "array", "minItems": 1,
        "items": record(
            id={"type": "string", "minLength": 1},
            characterisation=CHARACTERISATION,
            route={"enum": ["mere_realisation", "business", "isolated_transaction", None]},
            strength={"enum": ["strong", "moderate", "finely_balanced"]},
            probability_revenue=SHARE,
            robust={"type": "boolean"},
            voices=record(rules=CHARACTERISATION, precedent=CONSTRAINT, analogy=SIDE_OR_EVEN),
            issues=record(
                business=record(**SIDES),
                isolated_transaction=record(
                    **SIDES, elements={"type": "object", "minProperties": 2, "additionalProperties": record(**SIDES)}
                ),
                mere_realisation=record(**SIDES),
            ),
            indicators={"type": "array", "minItems": 16, "maxItems": 16, "items": record(id=TEXT, **SIDES)},
            factors={
                "type": "array",
                "items": record(
                    id=TEXT, state={"enum": ["met", "not_met", "unknown"]}, favours=SIDE_OR_NEITHER,
                    strength={"enum": ["slight", "moderate", "strong", "near_decisive"]},
                    weight={"type": "number", "minimum": 0}, authority={**NAMES, "minItems": 1},
                    facts={"type": "array", "items": record(fact=TEXT, value=TEXT, source=TEXT, standing=TEXT)},
                ),
            },
            precedents=record(
                constraint=CONSTRAINT,
                by={"type": "array", "items": record(case=TEXT, outcome=SIDE)},
                on_point={
                    "type": "array",
                    "items": record(case=TEXT, outcome=SIDE, shared=NAMES, distinguishing=NAMES),
                },
            ),
            turns_on=NAMES,
            missing={
                "type": "array",
                "items": record(
                    fact={"type": "string", "pattern": r"^[a-z]+\.[a-z_]+$"}, ask={"type": "string", "pattern": r"\?"},
                    why={**NAMES, "minItems": 1}, effect={"type": "string", "pattern": "^could "},
                ),
            },
            consequences={"type": "array"},
        ),
    },
)  # fmt: skip


@pytest.mark.parametrize("path", [*(CASES / "examples").glob("*.yaml"), STEVENSON, SEED_RULING, *RULINGS[::5]], **ids)
def test_the_assessment_keeps_its_contract(path: Path, run: Run, assessor: Assessor) -> None:
    """The JSON has the keys and values that other programs rely on, and agrees with itself."""
    result = run("assess", path, "--format", "json")
    data = json.loads(result.stdout)
    jsonschema.validate(data, ASSESSMENT)
    characters = {parcel["characterisation"] for parcel in data["parcels"]}
    assert result.exit_code == (3 if "undetermined" in characters else 0)
    assert result.stderr == ""
    for parcel in data["parcels"]:
        factors = {factor["id"]: factor for factor in parcel["factors"]}
        assert set(factors) == set(assessor.book.factors)
        assert (parcel["route"] is None) is (parcel["characterisation"] == "undetermined")
        assert (parcel["route"] == "mere_realisation") is (parcel["characterisation"] == "capital")
        assert parcel["precedents"]["constraint"] == parcel["voices"]["precedent"]
        issues = parcel["issues"]
        for finding in [*issues.values(), *issues["isolated_transaction"]["elements"].values(), *parcel["indicators"]]:
            for_it, against, still_open = (set(finding[key]) for key in ("for", "against", "open"))
            assert all(factors[name]["state"] == "met" for name in for_it | against)
            assert all(factors[name]["state"] == "unknown" for name in still_open)
            assert not for_it & against
        for factor in factors.values():
            assert bool(factor["facts"]) is (factor["state"] != "unknown"), factor["id"]


def test_probability_goes_with_the_conclusion(assessor: Assessor) -> None:
    """Where the rules decide, revenue is more probable in every matter found to be revenue than in any other."""
    shares: dict[str, list[float]] = {"capital": [], "revenue": [], "undetermined": []}
    for path in FACT_SETS:
        for conclusion in assessor.assess(assessor.read(path)).conclusions:
            if conclusion.decided_by == "rules":
                shares[conclusion.characterisation].append(conclusion.probability)
    assert max(shares["capital"]) < min(shares["revenue"])
    assert all(max(shares["capital"]) <= share <= min(shares["revenue"]) for share in shares["undetermined"])


def test_python_and_the_command_line_agree(run: Run, assessor: Assessor) -> None:
    """`caprev.as_dict` and `caprev.explain` are what `caprev assess` prints."""
    assessment = caprev.assess(SEED_RULING, assessor)
    assert json.loads(run("assess", SEED_RULING, "--format", "json").stdout) == caprev.as_dict(assessment)
    assert run("assess", SEED_RULING).stdout == caprev.explain(assessment)


# --- options ------------------------------------------------------------------------------------------------


def parcels(run: Run, path: Path, *options: str) -> dict[str, Json]:
    data = json.loads(run("assess", path, "--format", "json", *options).stdout)
    return {parcel["id"]: parcel for parcel in data["parcels"]}


def test_one_parcel_alone_is_as_among_the_others(run: Run) -> None:
    """--parcel leaves the other parcels out and changes nothing in the one."""
    both = parcels(run, TWO_PARCELS)
    assert list(both) == ["stage-1", "stage-2"]
    assert both["stage-1"]["characterisation"] != both["stage-2"]["characterisation"]
    for name, parcel in both.items():
        assert parcels(run, TWO_PARCELS, "--parcel", name) == {name: parcel}


def test_a_case_left_out_is_nowhere(run: Run) -> None:
    """--without takes a case out of the constraint and of the cases on point; others stay."""
    with_it = parcels(run, STEVENSON)["all"]["precedents"]
    assert "stevenson-v-fct" in [point["case"] for point in with_it["on_point"]]
    without = parcels(run, STEVENSON, "--without", "stevenson-v-fct", "--without", "crow-v-fct")["all"]["precedents"]
    left = {point["case"] for point in without["on_point"]} | {one["case"] for one in without["by"]}
    assert not left & {"stevenson-v-fct", "crow-v-fct"}
    assert len(without["on_point"]) >= len(with_it["on_point"]) - 2


def test_a_position_answers_the_unsettled_points(run: Run, assessor: Assessor) -> None:
    """--position picks the answers; the data say which; commissioner is the default."""
    for position in ("commissioner", "courts"):
        result = json.loads(run("assess", SEED_RULING, "--format", "json", "--position", position).stdout)
        assert result["position"] == position
        answers = assessor.book.positions[position].answers
        live = result["parcels"][0]["unsettled"]
        assert live
        assert all(point["answer"] == answers.get(point["point"], "") for point in live)
    default = run("assess", SEED_RULING, "--format", "json").stdout
    assert default == run("assess", SEED_RULING, "--format", "json", "--position", "commissioner").stdout


def test_the_law_is_taken_as_at_a_day(run: Run, tmp_path: Path) -> None:
    """--as-at leaves out what was not law on that day, and the data say which day it was."""
    rules = Path(shutil.copytree(ROOT / "rules" / "au-land", tmp_path / "rules"))
    path = rules / "factors" / "involvement" / "owner-passive.yaml"
    text = path.read_text("utf-8")
    assert "in_force" not in text
    path.write_text(text + "in_force: {from: 1990-07-01, to: 2000-06-30}\n", "utf-8")
    for day, counted in (("1990-06-30", False), ("1990-07-01", True), ("2000-06-30", True), ("2000-07-01", False)):
        data = json.loads(run("assess", SEED_RULING, "--format", "json", "--as-at", day, "--rules", rules).stdout)
        (factor,) = (f for f in data["parcels"][0]["factors"] if f["id"] == "owner-passive")
        assert (data["law_as_at"], factor["state"], factor["counted"]) == (day, "met", counted)
        balance = data["parcels"][0]["issues"]["business"]
        assert ("owner-passive" in balance["against"]) is counted


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_out_writes_what_would_be_printed(form: str, run: Run, tmp_path: Path) -> None:
    """--out replaces a file whole, prints nothing, and leaves nothing else behind."""
    out = tmp_path / "memo"
    out.write_text("older")
    result = run("assess", SEED_RULING, "--format", form, "--out", out)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert out.read_bytes() == run("assess", SEED_RULING, "--format", form).stdout_bytes
    assert list(tmp_path.iterdir()) == [out]


# --- exit codes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_an_undetermined_matter_exits_with_three(form: str, run: Run, wide: Path, tmp_path: Path) -> None:
    """Done, but undetermined: the whole document is written, and the exit code is 3."""
    cases = tmp_path / "cases"
    cases.mkdir()
    result = run("assess", SEED_RULING, "--format", form, "--rules", wide, "--cases", cases)
    assert result.exit_code == 3
    assert result.stderr == ""
    assert "undetermined" in result.stdout.lower()
    if form == "json":
        data = json.loads(result.stdout)
        jsonschema.validate(data, ASSESSMENT)
        (parcel,) = data["parcels"]
        assert (parcel["characterisation"], parcel["route"], parcel["strength"]) == (
            "undetermined",
            None,
            "finely_balanced",
        )
        assert not parcel["robust"]


def test_one_undetermined_parcel_exits_with_three(run: Run, wide: Path, tmp_path: Path) -> None:
    """A matter of which a part is undetermined is not done."""
    cases = tmp_path / "cases"
    cases.mkdir()
    assert run("assess", TWO_PARCELS, "--rules", wide, "--cases", cases).exit_code == 3
    assert run("assess", TWO_PARCELS).exit_code == 0


def test_a_case_base_may_be_empty(run: Run, tmp_path: Path) -> None:
    """Without decided cases the rules still conclude, and say that nothing binds."""
    cases = tmp_path / "cases"
    cases.mkdir()
    result = run("assess", SEED_RULING, "--format", "json", "--cases", cases)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["parcels"][0]["precedents"]["constraint"] == "free"


# --- the schema of fact sets --------------------------------------------------------------------------------


class Core(yaml.SafeLoader):
    """YAML 1.2, as editors read it: dates and yes and no are text."""


Core.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|True|TRUE|false|False|FALSE"), list("tTfF"))


def typed(text: str) -> Any:
    return yaml.load(text, Core)


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    """The schema as `caprev schema` prints it."""
    schema = json.loads(CliRunner().invoke(main.main, ["schema"]).stdout)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


@pytest.mark.parametrize("path", FACT_SETS, **ids)
def test_the_schema_accepts_every_fact_set(path: Path, validator: jsonschema.Draft7Validator) -> None:
    """What the engine reads, an editor does not underline."""
    errors = [
        f"{'/'.join(map(str, e.absolute_path))}: {e.message[:200]}"
        for e in validator.iter_errors(typed(path.read_text("utf-8")))
    ]
    assert errors == []


# Faults in the meaning of values, which no schema of shapes can see, and of the file, which stop the parser.
INVISIBLE = {
    "set-includes-and-excludes.yaml", "at-least-above-at-most.yaml", "date-that-never-was.yaml",
    "bad-parcel-id-twice.yaml",
    "fact-given-twice.yaml", "pre-cgt-1990.yaml", "not-pre-cgt-1980.yaml", "lots-zero-three-stages.yaml",
    "more-for-sale-than-created.yaml", "failed-sale-never-tried.yaml", "sold-before-bought.yaml", "merge-key.yaml",
    "anchor.yaml", "duplicate-key.yaml", "duplicate-section.yaml",
}  # fmt: skip
UNPARSABLE = {
    "broken-yaml.yaml", "unclosed-quote.yaml", "tab-indented.yaml", "colon-in-text.yaml", "list-as-key.yaml",
    "alias.yaml",
    "tag.yaml", "deep-nesting.yaml", "two-documents.yaml", "not-utf8.yaml", "utf-16.yaml", "nul-byte.yaml",
    "unclosed-object.json", "empty.yaml", "only-spaces.yaml", "only-comments.yaml",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted({path.name for path in BAD.iterdir()} - INVISIBLE - UNPARSABLE))
def test_the_schema_refuses_what_it_can_see(name: str, validator: jsonschema.Draft7Validator) -> None:
    """A misspelt fact, a wrong value or a wrong shape is underlined while one types."""
    assert not validator.is_valid(typed((BAD / name).read_text("utf-8")))


@pytest.mark.parametrize("name", sorted(INVISIBLE))
def test_only_what_no_schema_can_see_is_passed(name: str, validator: jsonschema.Draft7Validator) -> None:
    """The list of faults invisible to the schema is no longer than it must be."""
    assert validator.is_valid(typed((BAD / name).read_text("utf-8")))


@pytest.mark.parametrize(
    "facts",
    [
        "acquisition.date: 19PP", "acquisition.date: 20XX", "acquisition.date: 1955", "acquisition.date: 1955-08",
        "acquisition.date: {at_least: 1955-08-01, at_most: 19XX}", "acquisition.date: {one_of: [1984, 1985]}",
        "development.lots: X lots", "development.cost: $XXX,XXX", "development.lots: {one_of: [2, 3]}",
        "development.lots: unknown", "holding.uses: unknown", "holding.uses: []", "holding.uses: {includes: [farming]}",
        "taxpayer.retired: {value: true, source: a, standing: stated, note: b}", "taxpayer.kind: {one_of: [trust]}",
        "taxpayer.retired:",
        "acquisition.date: June 20XX", "development.lots: '1,200'", "development.cost: $1,250,000",
        "development.lots: Y lots", "acquisition.date: 19PP/20", "development.lots: about XX lots",
        "development.lots: 1e3", "development.lots: '12.0'", "acquisition.area_ha: 36.5",
        "acquisition.area_ha: '1,036.5'", "sales.price: '1.5e6'",
        "sales.profit: -40000", "sales.profit: '-$40,000'", "sales.profit: {at_most: 0}", "taxpayer.retired: yes",
        "taxpayer.retired: 'No'", "taxpayer.retired: Unknown", "holding.uses: UNKNOWN", "holding.uses: {includes: }",
        "holding.uses: [farming, farming]", "taxpayer.kind: {value: , source: 7, standing: , note: }",
        "acquisition.date: '0001'", "development.cost: {one_of: [X, 3]}", "taxpayer:", "taxpayer: {kind: trust}",
    ],
)  # fmt: skip
def test_schema_and_engine_accept_the_same_forms(
    facts: str, validator: jsonschema.Draft7Validator, assessor: Assessor
) -> None:
    """Every form in which the engine takes a value is a form that an editor accepts, and the reverse."""
    text = f"facts:\n  {facts}\n"
    assessor.matter(reading.parse(text))
    assert validator.is_valid(typed(text))


@pytest.mark.parametrize(
    "facts",
    [
        "acquisition.date: 12", "development.lots: maximum", "development.lots: {one_of: [2, 3], at_least: 2}",
        "taxpayer.kind: [trust]", "acquisition.date: 85", "acquisition.date: 12345", "acquisition.date: 2020-13",
        "acquisition.date: 2020-1-1", "acquisition.date: 17PP", "development.lots: 2.5", "development.lots: -1",
        "development.lots: '2.5'", "development.lots: $12", "development.cost: -1", "development.cost: .inf",
        "development.cost: '12,34'", "development.cost: 1e15", "development.cost: \u0663",
        "acquisition.date: \u0661\u0669\u0669\u0660", "taxpayer.retired: 1", "taxpayer.retired: maybe",
        "taxpayer.kind: Trust",
        "development.lots: {one_of: []}", "development.lots: {one_of: [2, unknown]}", "development.lots: {at_least: }",
        "development.lots: {at_least: unknown}", "development.lots: {}", "holding.uses: farming", "holding.uses: {}",
        "holding.uses: [unknown]", "taxpayer.kind: {at_least: trust}",
        "taxpayer.kind: {value: trust, standing: proven}", "taxpayer.kind: {value: trust, source: [a]}",
    ],
)  # fmt: skip
def test_schema_and_engine_refuse_the_same_forms(
    facts: str, validator: jsonschema.Draft7Validator, assessor: Assessor
) -> None:
    """What the engine will refuse is underlined while one types."""
    text = f"facts:\n  {facts}\n"
    with pytest.raises(caprev.BadInput):
        assessor.matter(reading.parse(text))
    assert not validator.is_valid(typed(text))


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("matter: {id: 7, title: , as_at: 1986, questions: [a]}", True), ("matter:", True), ("parcels:", True),
        ("parcels: [{id: 1, facts: {taxpayer.kind: trust, taxpayer: {retired: true}}, taxpayer: }]", True),
        ("matter: {title: [a]}", False), ("matter: {as_at: 12}", False),
        ("matter: {as_at: unknown}", False), ("matter: {as_at: 20XX}", False), ("matter: {as_at: [2020]}", False),
        ("matter: {as_at: }", True), ("parcels: [{id: [a]}]", False), ("parcels: [{title: {a: b}}]", False),
        ("parcels: []", False),
        ("parcels: [a]", False), ("parcels: [{matter: {id: a}}]", False),
        ("parcels: [{facts: {taxpayer.kin: trust}}]", False),
    ],
)  # fmt: skip
def test_schema_and_engine_agree_on_the_frame(
    text: str, fine: bool, validator: jsonschema.Draft7Validator, assessor: Assessor
) -> None:
    """Around the facts too, an editor underlines what the engine refuses and nothing else."""
    problems: list[Problem] = []
    try:
        assessor.matter(reading.parse(text))
    except caprev.BadInput as refused:
        problems += refused.problems
    assert (not problems, validator.is_valid(typed(text))) == (fine, fine)


def test_the_schema_asks_the_questions(validator: jsonschema.Draft7Validator, assessor: Assessor) -> None:
    """An editor shows, for every fact, the question and the unit of the vocabulary."""
    for fact in assessor.book.vocabulary:
        section, name = fact.name.split(".")
        described = validator.schema["properties"][section]["properties"][name]["description"]
        assert described.startswith(fact.ask)
        assert fact.unit in described


def test_the_schema_can_be_written_to_a_file(run: Run, tmp_path: Path) -> None:
    """--out writes the same schema."""
    assert run("schema", "--out", tmp_path / "schema.json").exit_code == 0
    assert (tmp_path / "schema.json").read_text("utf-8") == run("schema").stdout


# --- the command itself -------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["assess", str(SEED_RULING)], ["schema"], ["--version"], ["rules", "list"]])
def test_the_command_runs_from_anywhere(arguments: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    """`python cli.py` and the installed `caprev` print the same, from any directory."""
    installed = Path(sys.executable).parent / "caprev"
    if not installed.exists():
        pytest.skip("caprev is not installed in this environment")
    outputs = [
        subprocess.run(
            [*command, *arguments], cwd=directory, env=environment, capture_output=True, timeout=300, check=True
        ).stdout
        for command, directory in (
            ([sys.executable, str(ROOT / "cli.py")], tmp_path),
            ([str(installed)], tmp_path),
            ([sys.executable, "cli.py"], ROOT),
        )
    ]
    assert outputs[0]
    assert outputs[0] == outputs[1] == outputs[2]


def test_the_version_is_that_of_the_package(run: Run) -> None:
    """`caprev --version` tells what is installed."""
    assert run("--version").stdout == f"caprev, version {importlib.metadata.version('caprev')}\n"


def test_every_command_has_help(run: Run) -> None:
    """-h and --help say what each command does, and each option what it is for."""

    def walk(command: Any, path: tuple[str, ...]) -> None:
        assert run(*path, "-h").stdout == run(*path, "--help").stdout
        assert command.help, path
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or parameter.help, (path, parameter.name)
        for name, child in below(command):
            walk(child, (*path, name))

    walk(main.main, ())


def below(command: Any) -> list[tuple[str, Any]]:
    """The commands of a group, read from their modules; none of a command that is no group."""
    context = click.Context(command)
    names = command.list_commands(context) if isinstance(command, click.Group) else ()
    return [(name, command.get_command(context, name)) for name in names]


def commands(command: Any = main.main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with its path."""
    for name, child in below(command):
        yield from commands(child, (*path, name))
    if not isinstance(command, click.Group):
        yield path, command


def test_what_help_lists_is_what_the_commands_say(run: Run) -> None:
    """The list of commands is shown without reading their modules; every command of a module is in it."""
    listed = {name: short for name, (_, short) in main.COMMANDS.items()}
    assert {name: child.get_short_help_str(200) for name, child in below(main.main)} == listed
    assert list(listed) == sorted(listed)
    text = " ".join(run("--help").stdout.split())
    assert all(f"{name} {short}" in text for name, short in listed.items())
    grouped = {command for _, child in below(main.main) for _, command in below(child)}
    for path in Path(main.__file__).parent.glob("*.py"):
        module = importlib.import_module(f"caprev.cli.{path.stem}")
        own = {value for value in vars(module).values() if isinstance(value, click.Command)} - grouped - {main.main}
        if path.stem != "main":
            assert own <= {child for _, child in below(main.main)}, path


def test_a_command_reads_only_what_it_needs(environment: dict[str, str]) -> None:
    """The list of commands reads none of them; the main job draws, drafts, asks and evaluates nothing."""
    idle = ["numpy"] + [f"caprev.{room}" for room in ("interview", "teaching", "evaluation", "review")]
    for argument, names in {
        "--help": [*idle, "caprev.record", "caprev.cli.common"],
        "assess": [*idle, "caprev.drawing.balance", "caprev.documents.drafts.make"],
    }.items():
        arguments = [argument] if argument == "--help" else [argument, str(SEED_RULING)]
        code = (
            "import sys\nfrom caprev.cli.main import main\n"
            f"main({arguments!r}, standalone_mode=False)\nprint(sorted({set(names)} & set(sys.modules)))"
        )
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.splitlines()[-1] == "[]", argument


def test_help_says_values_and_defaults(run: Run, assessor: Assessor) -> None:
    """An option that takes one value is required, or says its default, or that it is only a filter."""
    filters = {"--favours", "--feeds", "--coded", "--moves", "--record", "--parcel"}
    for path, command in commands():
        text = " " + " ".join(run(*path, "--help").stdout.split("Options:")[1].split())
        for option in command.params:
            if option.param_type_name == "argument" or option.is_flag or option.multiple:
                continue
            said = text.split(f" {option.opts[0]} ", 1)[1].split(" --", 1)[0]
            assert "[default" in said or "[required]" in said or option.opts[0] in filters, (path, option.opts)
            if option.opts[0] == "--position":
                assert all(name in said for name in assessor.book.positions), path


def test_examples_in_help_are_commands(run: Run) -> None:
    """The main commands show how they are used, with options that they have."""
    shown = set()
    for path, command in commands():
        for line in re.findall(r"^    .*\bcaprev (.+)$", run(*path, "--help").stdout, flags=re.M):
            assert line.startswith(" ".join(path)), line
            shown.add(path)
            known = {flag for option in command.params for flag in option.opts}
            assert set(re.findall(r"--[a-z-]+", line)) <= known, line
    assert {path for path, _ in commands()} - shown <= {("rules", "lint"), ("cases", "list"), ("calibrate",)}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["asses", SEED_RULING], "No such command 'asses'"),
        (["assess", SEED_RULING, "--formt", "text"], "--format"),
        (["assess", CASES / "examples" / "two-parcls.yaml"], "Did you mean two-parcels.yaml?"),
        (["assess", SEED_RULING, "--format", "txt"], "'text', 'json', 'markdown', 'html'"),
        (["assess", SEED_RULING, "--position", "court"], "Did you mean courts?"),
        (["assess", TWO_PARCELS, "--parcel", "stage1"], "Did you mean stage-1?"),
        (["flips", SEED_RULING, "--fixed", "development.lts"], "Did you mean development.lots?"),
        (["whatif", SEED_RULING, "--set", "development.lts=2"], "Did you mean development.lots?"),
        (["compare", SEED_RULING, "stevensn"], "Did you mean stevenson-v-fct?"),
        (["cases", "show", "statham"], "Did you mean statham-v-fct?"),
        (["rules", "show", "dwelings-built"], "Did you mean dwellings-built?"),
        (["rules", "show", "TR-92-3"], "Did you mean one of tr-92-3/"),
        (["rules", "list", "--feeds", "tr-92-3/timng"], "Did you mean tr-92-3/timing?"),
        (["evaluate", "--set", "ruling"], "Did you mean rulings?"),
        (["plot", SEED_RULING, "--out", "x.png"], "Allowed: .svg."),
        (["draft", SEED_RULING, "--to", "x.doc"], "Allowed: .docx"),
        (
            ["draft", SEED_RULING, "--to", "x.md", "--template", "advce"],
            "Allowed: ruling, advice, debate, information, questionnaire. Did you mean advice?",
        ),
        (["exercise", "--case", "statham"], "Did you mean statham-v-fct?"),
        (["rules", "docs"], "Missing option '--out'"),
    ],
    ids=lambda value: " ".join(map(str, value[:2])) if isinstance(value, list) else "",
)
def test_a_slip_is_refused_with_what_was_meant(arguments: list[str | Path], said: str, run: Run) -> None:
    """Wrong names and values end with exit code 2, and say what is allowed or nearest; nothing is printed."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "arguments",
    [
        ["assess", "m.yaml", "--out", "m.yaml"],
        ["assess", "m.yaml", "--record", "./m.yaml"],
        ["assess", "m.yaml", "--record", "r", "--out", "r"],
        ["argue", "m.yaml", "--out", "m.yaml"],
        ["flips", "m.yaml", "--out", "m.yaml", "--up-to", "1"],
        ["compare", SEED_RULING, "m.yaml", "--out", "m.yaml"],
        ["draft", "m.yaml", "--to", "m.md", "--record", "m.yaml"],
    ],
    ids=lambda arguments: " ".join(map(str, arguments[2:])),
)
def test_what_is_read_is_never_written_over(
    arguments: list[str | Path], run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An output with the name of a fact set that is read is refused, and the fact set stays."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(TWO_PARCELS, "m.yaml")
    result = run(*arguments)
    assert result.exit_code == 2
    assert "would be written over" in result.stderr
    assert Path("m.yaml").read_bytes() == TWO_PARCELS.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["m.yaml"]


@pytest.mark.parametrize(
    "command",
    [["rules", "list"], ["rules", "list", "--favours", "capital"], ["rules", "list", "--feeds", "tr-92-3/timing"],
     ["cases", "list"], ["cases", "show", "stevenson-v-fct"], ["cases", "show", "1052196215679"],
     ["cases", "nearest", str(SEED_RULING)], ["rules", "show", "business"], ["rules", "show", "attribution"]],
    ids=" ".join,
)  # fmt: skip
def test_every_listing_prints_and_exits_with_zero(command: list[str], run: Run) -> None:
    """The tools for looking at rules and cases print something and report nothing."""
    result = run(*command)
    assert result.exit_code == 0
    assert result.stderr == ""
    assert len(result.stdout.splitlines()) >= 2


@pytest.mark.parametrize("issue", ["business", "tr-92-3/commercial-character"])
def test_the_factors_of_an_issue_can_be_listed(issue: str, run: Run, assessor: Assessor) -> None:
    """`rules list --feeds` names the factors weighed for an issue, also through its indicators."""
    listed = {line.split()[0] for line in run("rules", "list", "--feeds", issue).stdout.splitlines()}
    assert listed == {factor.id for factor in assessor.book.weighed_for(issue)}


def test_lists_are_filtered(run: Run, assessor: Assessor) -> None:
    """`rules list --favours` lists the factors of one side, and all of them."""
    for side in ("capital", "revenue", "neutral"):
        listed = [line.split()[0] for line in run("rules", "list", "--favours", side).stdout.splitlines()]
        assert listed == [factor.id for factor in assessor.book.factors.values() if factor.favours == side]


def test_every_rule_and_case_has_a_page(assessor: Assessor) -> None:
    """Every factor, node, unsettled point, case and comparator can be shown, by its name."""
    book = assessor.book
    for name in (*book.factors, *book.nodes, *book.points):
        assert name in pages.rule(book, name)
    for name, case in assessor.cases.cases.items():
        assert case.court in pages.case(assessor, name)
    for path in FACT_SETS:
        assert "facts" in pages.case(assessor, path.stem)
