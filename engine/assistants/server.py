"""The server: tools, resources and prompts over the Model Context Protocol. Imported by its command alone."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from importlib import metadata
from typing import Any

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceNotFoundError, ToolError
from mcp.server.mcpserver.prompts import base
from mcp.types import ToolAnnotations

from caprev.assistants.strictly import StrictTools
from caprev.assistants.tools import Tools
from caprev.assistants.words import INSTRUCTIONS, PROMPTS
from caprev.errors import BadInput
from caprev.law.pack import Pack
from caprev.law.strict import Strict
from caprev.reasoning.assess import Assessor

# Nothing is written, nothing outside is asked, and the same facts have the same answer.
_HINTS = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def server(assessor: Assessor) -> MCPServer:
    """A server of one body of law that weighs, with its cases and a prompt for each kind of user."""
    tools = Tools(assessor)
    made = strict_server(tools, assessor.book.pack)
    made.resource("caprev://cases", title="All decided cases", mime_type="text/plain")(tools.cases)

    @made.resource("caprev://cases/{case}", title="One decided case", mime_type="text/plain")
    def one_case(case: str) -> str:
        """A decided case: facts, outcome, because, despite, treatment."""
        return _page(tools, case)

    for name, (title, description, asked) in PROMPTS.items():
        made.prompt(name, title=title, description=description)(_prompt(asked))
    return made


def strict_server(tools: Tools | StrictTools, pack: Pack | Strict) -> MCPServer:
    """A server of the tools and rules of any body of law."""
    made = MCPServer(
        "caprev",
        title=pack.title,
        instructions=INSTRUCTIONS.format(question=pack.question),
        version=metadata.version("caprev"),
        log_level="WARNING",
    )
    for tool in tools.all:
        told = (inspect.getdoc(tool) or "").replace("{documents}", pack.listed)
        made.tool(description=told, annotations=_HINTS)(_told(tool))
    _resources(made, tools)
    return made


def _told(tool: Callable[..., Any]) -> Callable[..., Any]:
    """A tool that refuses in words: what is wrong, where, and what is allowed."""

    @functools.wraps(tool)
    def run(*args: Any, **given: Any) -> Any:
        try:
            return tool(*args, **given)
        except BadInput as error:
            raise ToolError("\n".join(map(_problem, error.problems))) from None

    return run


def _problem(problem: Any) -> str:
    place = problem.path or problem.subject
    return f"{place}: {problem.message}" if place else problem.message


def _page(tools: Tools | StrictTools, name: str) -> str:
    try:
        return tools.explain_rule(name)
    except BadInput as error:
        raise ResourceNotFoundError(str(error)) from None


def _resources(made: MCPServer, tools: Tools | StrictTools) -> None:
    made.resource("caprev://rules", title="All rules", mime_type="text/plain")(tools.rules)

    @made.resource("caprev://schema", title="JSON Schema of a fact set", mime_type="application/schema+json")
    def schema() -> dict[str, Any]:
        """What a fact set may hold."""
        return tools.schema()

    @made.resource("caprev://limits", title="What every answer must show", mime_type="text/plain")
    def limits() -> str:
        """The limits of every answer."""
        return tools.limits

    @made.resource("caprev://rules/{+rule}", title="One rule", mime_type="text/plain")
    def one_rule(rule: str) -> str:
        """A factor, indicator, element, issue, unsettled point or consequence, with its authority and limits."""
        return _page(tools, rule)


def _prompt(asked: str) -> Callable[[str], list[base.Message]]:
    def prompt(text: str) -> list[base.Message]:
        return [base.UserMessage(f"{asked}{text}")]

    return prompt
