"""The command line: the commands of `commands/`, put together. What they do stands in `engine/`."""

from __future__ import annotations

import io
import sys
from typing import Any

import click

from caprev.cli import changing, many, matters, printing, rules, teaching


class Program(click.Group):
    """All commands; what they print is known to have been printed when they end."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Runs one and ends with its exit code."""
        with printing.printing():
            return super().main(*arguments, **options)


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="caprev", prog_name="caprev")
def main() -> None:
    """Is a gain from land capital or revenue? An explained conclusion from a fact set.

    Support for a person's judgement: not advice and not a ruling. A path through it stands in docs/officer.md,
    docs/advisor.md and docs/trainer.md.

    \b
    Begin with:
      caprev assess cases/rulings/1052196215679.yaml
      caprev ask my-matter.yaml

    \b
    Exit codes:
      0    done
      1    a record that is not reproduced
      2    bad input: a message, and nothing is written
      3    done, and the conclusion is undetermined
      4    standard output could not be written (a full disk, a closed stream)
      130  interrupted from the keyboard
      141  nobody reads standard output any more (`caprev ... | head`)
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # the same bytes in every locale; a terminal is told what it can show
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")


for command in (
    *(matters.assess, matters.ask, matters.draft, matters.records),
    *(changing.missing, changing.flips, changing.whatif, changing.compare),
    *(teaching.argue, teaching.exercise, teaching.plot),
    *(rules.schema, rules.rules, rules.cases),
    *(many.batch, many.evaluate, many.calibrate),
):
    main.add_command(command)

if __name__ == "__main__":
    main()
