"""The rules as tools of an assistant, with the protocol's own client: in process, over stdio and over HTTP."""

from __future__ import annotations

import doctest
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest
import yaml

import caprev
from caprev import Assessor
from caprev.assistants.tools import Tools

mcp = pytest.importorskip("mcp", reason="python3 install.py mcp")

from caprev.assistants.server import server  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SEED = ROOT / "cases" / "au-land" / "rulings" / "1052196215679.yaml"
SEEDED = yaml.load(SEED.read_text("utf-8"), yaml.BaseLoader)
TEXT = "Letter\n\nI retired in 2019. I have had no part in the works.\n"
FACTS = {
    "taxpayer": {"retired": {"value": True, "source": 'Letter: "I retired in 2019"', "standing": "stated"}},
    "involvement": {"level": {"value": "none", "source": 'Letter: "no part in the works"', "standing": "stated"}},
}
NAMES = ["describe_facts", "check_facts", "assess", "missing", "what_would_change", "compare_with_case", "explain_rule",
         "search_cases", "draft"]  # fmt: skip
Work = Callable[[Any], Awaitable[None]]


@asynccontextmanager
async def client(transport: str, assessor: Assessor) -> AsyncIterator[Any]:
    """A client that is connected: in this process, over stdio, or over HTTP."""
    if transport == "in process":
        async with mcp.Client(server(assessor)) as connected:
            yield connected
    elif transport == "stdio":
        started = mcp.StdioServerParameters(command=sys.executable, args=[str(ROOT / "cli.py"), "mcp"], cwd=str(ROOT))
        async with mcp.Client(mcp.stdio_client(started)) as connected:
            yield connected
    else:
        with listening() as address:
            async with mcp.Client(address) as connected:
                yield connected


@contextmanager
def listening() -> Iterator[str]:
    """`caprev mcp --http PORT`, once it answers; ended afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(ROOT / "cli.py"), "mcp", "--http", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stderr=subprocess.PIPE, text=True)
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        process.wait(20)
        assert process.stderr
        process.stderr.close()


def converse(transport: str, assessor: Assessor, work: Work) -> None:
    async def run() -> None:
        async with client(transport, assessor) as connected:
            await work(connected)

    anyio.run(run)


@pytest.mark.parametrize("transport", ["in process", "stdio", "http"])
def test_an_assistant_goes_from_facts_to_a_draft(transport: str, assessor: Assessor) -> None:
    """The tools in the order of the instructions, with the answers of the engine, on every transport."""

    async def work(connected: Any) -> None:
        assert [tool.name for tool in (await connected.list_tools()).tools] == NAMES
        facts = (await connected.call_tool("describe_facts", {"section": "taxpayer"})).structured_content["facts"]
        assert {fact["name"] for fact in facts} == {fact.name for fact in assessor.book.vocabulary
                                                    if fact.name.startswith("taxpayer.")}  # fmt: skip
        found = (await connected.call_tool("check_facts", {"facts": FACTS, "text": TEXT})).structured_content
        assert found["usable"]
        assert [quote["line"] for quote in found["in_the_text"]] == [3, 3]
        assert not found["not_in_the_text"]
        found = (await connected.call_tool("assess", {"facts": SEEDED, "whole": True})).structured_content
        expected = caprev.assess(SEED, assessor)
        assert found["assessment"] == json.loads(json.dumps(expected.to_dict()))
        assert found["memorandum"] == caprev.explain(expected)
        assert assessor.book.pack.disclaimer in found["limits"]
        (missing,) = (await connected.call_tool("missing", {"facts": SEEDED, "most": 3})).structured_content["result"]
        assert len(missing["missing"]) == 3 < missing["missing_in_all"]
        (flips,) = (await connected.call_tool("what_would_change", {"facts": SEEDED})).structured_content["result"]
        assert flips["found"] == caprev.flips(SEED, assessor, up_to=1)[0].found
        drafted = (await connected.call_tool("draft", {"facts": SEEDED, "template": "advice"})).structured_content
        assert drafted["document"].startswith("**DRAFT ADVICE**")
        assert "by published rules" in connected.instructions

    converse(transport, assessor, work)


def test_cases_are_found_and_set_beside_a_matter(assessor: Assessor) -> None:
    """By words, and by facts; compared by a short name."""

    async def work(connected: Any) -> None:
        found = (await connected.call_tool("search_cases", {"about": "stevenson"})).structured_content
        assert [case["id"] for case in found["cases"]] == ["stevenson-v-fct"]
        found = (await connected.call_tool("search_cases", {"facts": SEEDED, "most": 2})).structured_content
        assert [len(found["nearest"][side]) for side in ("capital", "revenue")] == [2, 2]
        assert all(near["all_shared"] for side in found["nearest"].values() for near in side)
        found = (
            await connected.call_tool("compare_with_case", {"facts": SEEDED, "case": "stevenson"})
        ).structured_content
        assert found["result"][0]["case"]["id"] == "stevenson-v-fct"
        supposed = {"facts": SEEDED, "suppose": {"involvement.level": "substantial"}}
        (then,) = (await connected.call_tool("what_would_change", supposed)).structured_content["result"]
        assert then["facts"] == [{"fact": "involvement.level", "left": "none", "right": "substantial"}]

    converse("in process", assessor, work)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        (
            "assess",
            {"facts": {"development": {"lotz": 3}}},
            "/development/lotz: is not in the vocabulary. Did you mean",
        ),
        ("assess", {"facts": FACTS, "position": "court"}, "Did you mean courts?"),
        ("describe_facts", {"section": "taxpayr"}, "Did you mean taxpayer?"),
        ("explain_rule", {"rule": "bussiness"}, "Did you mean business?"),
        ("compare_with_case", {"facts": FACTS, "case": str(SEED)}, "neither a file nor a decided case"),
        ("draft", {"facts": FACTS, "template": "letter"}, "Allowed: ruling, advice, debate"),
        ("assess", {"facts": str(SEED)}, "valid dictionary"),
    ],
)
def test_a_tool_refuses_in_words_that_can_be_acted_on(
    tool: str, arguments: dict[str, Any], said: str, assessor: Assessor
) -> None:
    """With the place of the fact and the nearest name; and no file is read because somebody named it."""

    async def work(connected: Any) -> None:
        answer = await connected.call_tool(tool, arguments)
        assert answer.is_error
        assert said in answer.content[0].text

    converse("in process", assessor, work)


def test_problems_of_facts_are_an_answer_of_the_check(assessor: Assessor) -> None:
    """All at once, each with its place, so that an assistant mends them in one go."""

    async def work(connected: Any) -> None:
        wrong = {"taxpayer": {"retired": "perhaps"}, "facts": {"development.lots": -1}}
        found = (await connected.call_tool("check_facts", {"facts": wrong})).structured_content
        assert not found["usable"]
        assert [problem["path"] for problem in found["problems"]] == ["/taxpayer/retired", "/facts/development.lots"]

    converse("in process", assessor, work)


def test_rules_and_cases_are_resources_and_each_user_has_a_prompt(assessor: Assessor) -> None:
    """A rule with a slash in its id too; what is not there is not found."""

    async def work(connected: Any) -> None:
        assert {str(item.uri) for item in (await connected.list_resources()).resources} == {
            "caprev://rules", "caprev://cases", "caprev://schema", "caprev://limits",
        }  # fmt: skip
        for name in ("tr-97-11/commercial-purpose", "failed-to-sell-whole"):
            read = await connected.read_resource(f"caprev://rules/{name}")
            assert read.contents[0].text == caprev.page(name)
        read = await connected.read_resource("caprev://cases/stevenson-v-fct")
        assert read.contents[0].text == caprev.page("stevenson-v-fct")
        listed = (await connected.read_resource("caprev://rules")).contents[0].text
        assert not [name for name in assessor.book.factors if f"{name}  [factor]" not in listed]
        with pytest.raises(mcp.MCPError, match="there is no rule 'nobody-v-nobody'"):
            await connected.read_resource("caprev://cases/nobody-v-nobody")
        prompts = (await connected.list_prompts()).prompts
        assert [prompt.name for prompt in prompts] == ["officer", "advisor", "trainer"]
        for prompt in prompts:
            told = (await connected.get_prompt(prompt.name, {"text": "Mrs Lee sold."})).messages[0].content.text
            assert told.endswith("Mrs Lee sold.")
            named = {word.strip(".,:;()") for word in told.split()} & set(NAMES)
            assert {"describe_facts", "check_facts", "draft"} <= named

    converse("in process", assessor, work)


def test_every_tool_says_how_it_is_used(assessor: Assessor) -> None:
    """It reads only; its arguments are described; and what must hold of facts and answers stands where it is read."""

    async def work(connected: Any) -> None:
        for tool in (await connected.list_tools()).tools:
            assert tool.annotations.read_only_hint
            assert not tool.annotations.open_world_hint
            assert len(tool.description) > 100
            for name, schema in tool.input_schema["properties"].items():
                assert schema.get("description"), (tool.name, name)

    converse("in process", assessor, work)
    told = " ".join((Tools.describe_facts.__doc__ or "", Tools.assess.__doc__ or "", Tools.check_facts.__doc__ or ""))
    assert all(
        words in " ".join(told.split()) for words in ("never guessed", "never the conclusion alone", "no fact: put it")
    )


def test_strict_rules_have_tools_of_their_own(environment: dict[str, str]) -> None:
    """A pack that weighs nothing: the answer of the engine, open where it is open, and its rules as resources."""
    example = ROOT / "cases" / "us-share-options" / "examples" / "nso-held.yaml"
    facts = yaml.load(example.read_text("utf-8"), yaml.BaseLoader)
    facts.pop("expect", None)

    async def work() -> None:
        command = [str(ROOT / "cli.py"), "mcp", "--pack", "us-share-options"]
        started = mcp.StdioServerParameters(command=sys.executable, args=command, cwd=str(ROOT))
        async with mcp.Client(mcp.stdio_client(started)) as connected:
            names = [tool.name for tool in (await connected.list_tools()).tools]
            assert names == [
                "describe_facts", "check_facts", "assess", "missing", "what_would_change", "explain_rule",
            ]  # fmt: skip
            other = {"suppose": {"sale:event.date": "2008-03-02"}, "facts": facts}
            moved = (await connected.call_tool("what_would_change", other)).structured_content
            assert any(row["after"] == "Short-term" for row in moved["moves"])
            facts_open = {"matter": facts["matter"], "plan": facts["plan"], "events": facts["events"]}
            asked = (await connected.call_tool("missing", {"facts": facts_open})).structured_content
            assert "person.status" in json.dumps(asked)
            found = (await connected.call_tool("assess", {"facts": facts})).structured_content
            assert "Support for a person" in found.pop("limits")
            assert found == caprev.answer(example).to_dict()
            refused = (await connected.call_tool("check_facts", {"facts": {"evnt": {}}})).structured_content
            assert not refused["usable"]
            assert "as-nso" in (await connected.read_resource("caprev://rules")).contents[0].text

    anyio.run(work)


def test_an_answer_is_short_enough_to_be_read(assessor: Assessor) -> None:
    """Of a whole ruling, unless the whole is asked for."""
    tools = Tools(assessor)
    sizes = {
        "assess": len(json.dumps(tools.assess(SEEDED))),
        "missing": len(json.dumps(tools.missing(SEEDED))),
        "what_would_change": len(json.dumps(tools.what_would_change(SEEDED))),
        "describe_facts": len(json.dumps(tools.describe_facts())),
    }
    assert all(size < 40_000 for size in sizes.values()), sizes


def test_without_the_package_the_command_says_how_to_set_it_up(environment: dict[str, str]) -> None:
    """And nothing but this command needs it."""
    code = "import sys; sys.modules['mcp'] = None; import cli; cli.main(['mcp'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert "python3 install.py mcp" in done.stderr
    code = (
        f"import sys, cli; cli.main(['assess', {str(SEED)!r}], standalone_mode=False); assert 'mcp' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True).returncode == 0


def test_the_session_of_the_page_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it stands in docs/assistants.md."""
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "assistants.md"), module_relative=False)
    assert tried > 3
    assert not failed
