"""The command line: all commands, each read from its module only when it runs, so that every start is fast."""

from __future__ import annotations

import atexit
import gc
import importlib
import io
import sys
from typing import Any

import click

from caprev.cli import choosing, printing
from caprev.law import packs

COMMANDS = {
    "argue": ("teaching:argue", "Argue both sides, move by move."),
    "ask": ("ask:ask", "Ask for the facts in plain words, what matters most first."),
    "assess": ("assess:assess", "Assess a fact set and explain the conclusion."),
    "batch": ("many:batch", "Assess many fact sets: JSON Lines, CSV, Parquet."),
    "calibrate": ("many:calibrate", "Fit the weights to decided matters."),
    "cases": ("rules:cases", "Look at decided cases and comparators."),
    "clients": ("caprev_web.command:clients", "The programs that may call the API."),
    "compare": ("changing:compare", "Two matters, or a matter and a decided case, side by side."),
    "draft": ("draft:draft", "Write one of the documents of the law: a decision, an advice, a letter."),
    "evaluate": ("many:evaluate", "Agreement with decided matters, beside simpler methods."),
    "exercise": ("teaching:exercise", "A decided case, or a matter of your own, as an exercise with answers."),
    "facts": ("facts:facts", "Hold a fact set against its text; take in a questionnaire that came back."),
    "flips": ("changing:flips", "The smallest changes of facts that change the conclusion."),
    "mcp": ("assistants:mcp", "Serve the rules to an assistant (MCP)."),
    "missing": ("changing:missing", "Which unknown facts could change it, and their proof."),
    "packs": ("packs:packs", "List the bodies of law that can be asked."),
    "plot": ("teaching:plot", "Draw factors, cases, facts or the argument as SVG."),
    "record": ("records:records", "Reproduce a record, or run it under other law."),
    "rules": ("rules:rules", "Look at the rules, check them, and write them as pages."),
    "schema": ("rules:schema", "Print a JSON Schema of fact sets, or of files of the law, for editors."),
    "serve": ("caprev_web.command:serve", "The desk on the web, for one person or a team."),
    "users": ("caprev_web.command:users", "The people of a team's desk."),
    "whatif": ("changing:whatif", "Suppose other facts: both conclusions side by side."),
}
"""Where each command is (module and name), and its short help, which `caprev --help` shows without reading it.

A module with a dot is not of this package: the desk is known here by its name alone, and nothing imports it.
"""

_RARELY = (200_000, 20, 100)
"""How rarely garbage is looked for: not before there are more objects than the law is made of, which is none. Looking
through it takes a sixth of a start."""


class Program(click.Group):
    """All commands; what they print is known to have been printed when they end."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, from its module."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        place = module if "." in module else f"caprev.cli.{module}"
        found: click.Command = getattr(importlib.import_module(place), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Their list, from what stands for them here."""
        click.Group(commands=self.commands).format_commands(ctx, formatter)

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Runs one as a process of its own."""
        gc.set_threshold(*_RARELY)
        atexit.register(gc.freeze)  # nor when the process ends: all that it holds goes with it
        return super().__call__(*arguments, **options)

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Runs one and ends with its exit code."""
        with printing.printing():
            return super().main(*arguments, **options)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="caprev", prog_name="caprev")
@click.option(
    "--pack",
    metavar="NAME",
    default="",
    help=f"The body of law; also CAPREV_PACK.  [default: the matter's, else {packs.DEFAULT}]",
)
def main(pack: str) -> None:
    """Is a gain from land capital or revenue? An explained conclusion from a fact set.

    Support for a person's judgement: not advice and not a ruling. A path through it stands in docs/officer.md,
    docs/advisor.md and docs/trainer.md.

    \b
    Begin with:
      caprev assess cases/au-land/rulings/1052196215679.yaml
      caprev ask my-matter.yaml

    \b
    Exit codes:
      0    done
      1    a record that is not reproduced, or a quotation that the text has not
      2    bad input: a message, and nothing is written
      3    done, and the conclusion is undetermined
      4    standard output could not be written (a full disk, a closed stream)
      130  interrupted from the keyboard
      141  nobody reads standard output any more (`caprev ... | head`)
    """
    choosing.remember(pack)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # the same bytes in every locale; a terminal is told what it can show
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


for command, (_, short) in COMMANDS.items():  # what stands for each in lists and suggestions
    main.add_command(click.Command(command, short_help=short))

if __name__ == "__main__":
    main()
