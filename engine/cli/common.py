"""What commands share: the options that many of them take, the law they load, and how they print, write and end.

`@asking(...)` names the shared options of a command. The command gets them as one object, `Asked`, before what is its
own; bad input becomes a message and exit code 2; an `int` that the command returns is its exit code.
"""

from __future__ import annotations

import functools
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import caprev
from caprev.api import naming
from caprev.cli import choosing
from caprev.cli.printing import Unprinted
from caprev.documents.content import text as terminal
from caprev.errors import BadInput
from caprev.files import reading, saving, targets
from caprev.law import packs, rulebook
from caprev.law.rulebook import Rulebook
from caprev.once import cached_property
from caprev.reasoning.analysis import Assessment
from caprev.reasoning.assess import Assessor

if TYPE_CHECKING:
    from caprev.facts.matter import Matter
    from caprev.reasoning.conclusion import Conclusion

Command = Callable[..., Any]
UNDETERMINED = 3
INTERRUPTED = 130  # as a shell says of a program that was stopped from the keyboard
_COLOURS = ("green", "magenta", "cyan")  # against, for, of no side


@dataclass(frozen=True)
class Asked:
    """What the shared options of a command say, and which files it has written."""

    pack: str = packs.DEFAULT
    rules_dir: str | None = None
    cases_dir: str | None = None
    as_at: str = ""
    position: str = ""
    parcel: str = ""
    without: tuple[str, ...] = ()
    form: str = ""
    out: str | None = None
    written: list[str] = field(default_factory=list)

    @property
    def rules(self) -> Path:
        """The directory of the rulebook."""
        return Path(self.rules_dir or caprev.home("rules", self.pack))

    @property
    def cases(self) -> Path:
        """The directory of the case base: beside another rulebook, if there is one."""
        beside = packs.beside(self.rules_dir) if self.rules_dir and not self.cases_dir else None
        return Path(self.cases_dir or beside or caprev.home("cases", self.pack))

    @property
    def strict(self) -> bool:
        """Whether the law that is asked has strict rules only, for which commands do something of their own."""
        return packs.strict(self.rules)

    @property
    def mixed(self) -> bool:
        """Whether the law that is asked has strict rules beside a question that is weighed."""
        return packs.mixed(self.rules)

    @cached_property
    def book(self) -> Rulebook:
        """The rulebook alone, for commands that need no cases. Raises BadInput."""
        return rulebook.load(self.rules)

    @cached_property
    def assessor(self) -> Assessor:
        """The rulebook and the case base, compiled. Raises BadInput."""
        if self.pack == packs.DEFAULT and not (self.rules_dir or self.cases_dir):
            return caprev.load()
        return caprev.load(str(self.rules), str(self.cases))

    @property
    def paint(self) -> terminal.Paint:
        """Colour on a terminal, none in a file."""
        if not colourful() or self.out is not None:
            return terminal.plain
        if self.strict:
            return functools.partial(paint, {})
        poles = self.assessor.book.sides.poles
        return functools.partial(paint, {pole.id: _COLOURS[min(place, 2)] for place, pole in enumerate(poles)})

    def assess(self, file: str) -> Assessment:
        """A fact set assessed as asked. Raises BadInput."""
        return self.assessed(self.assessor.read(file))

    def assessed(self, matter: Matter) -> Assessment:
        """A matter assessed as asked. Raises BadInput."""
        return self.assessor.assess(matter, self.position, self.as_at, self.without, self.parcel)

    def check(self) -> None:
        """Raises BadInput for a date that is none and for a case that is not in the base."""
        if self.as_at:
            naming.whole_day(self.as_at, "--as-at")
        for name in self.without:
            naming.case(self.assessor, name)

    def write(self, output: str) -> None:
        """To standard output, or to a file that appears whole or not at all."""
        if self.out is None:
            click.echo(output, nl=False)
        else:
            self.save({self.out: output})

    def save(self, outputs: Mapping[str, bytes | str], folders: bool = False) -> None:
        """Files that appear whole and together, or not at all; the last vouches for the others."""
        saving.save(outputs, folders)
        self.written.extend(outputs)

    def tell(self, told: Iterable[tuple[str, Any]]) -> None:
        """Parcel by parcel: texts one after the other, or their data as one JSON list."""
        texts, records = zip(*told, strict=True)
        self.write(json.dumps(records, indent=2) + "\n" if self.form == "json" else "\n".join(texts))


def heading(assessment: Assessment, parcel: str) -> str:
    """The parcel's name where there are several."""
    several = len(assessment.matter.parcels) > 1
    return assessment.rulebook.pack.unit.titled(parcel, "") if several else ""


def ending(conclusions: Iterable[Conclusion]) -> int:
    """The exit code: 3 where a conclusion is undetermined, else 0."""
    return UNDETERMINED if any(c.characterisation == "undetermined" for c in conclusions) else 0


# --- options -------------------------------------------------------------------------------------------------

FILE = click.argument("file", type=click.Path())
FORMS = ("text", "json")
COUNT: dict[str, Any] = {"metavar": "N", "show_default": True}
LAW = ("as_at", "position", "without")
_SHARED: dict[str, dict[str, Any]] = {
    "as_at": {
        "metavar": "DATE", "default": "",
        "help": "Apply the law as at this day, YYYY-MM-DD.  [default: the rulebook's]",
    },
    "position": {
        "metavar": "NAME", "default": "",
        "help": "Whose answers to unsettled points: {positions}.  [default: the rulebook's, {position}]",
    },
    "parcel": {"metavar": "ID", "default": "", "help": "Only this parcel.  [default: all]"},
    "without": {"metavar": "CASE", "multiple": True, "help": "Leave a decided case out of the base; repeatable."},
    "out": {"metavar": "FILE", "help": "Write to a file.  [default: standard output]"},
    "pack": {
        "metavar": "NAME", "default": "", "is_eager": True,  # so that help after it is about it
        "help": f"Which body of law; see `caprev packs`.  [default: the matter's, else {packs.DEFAULT}]",
    },
    "rules_dir": {"metavar": "DIR", "type": click.Path(), "help": "Another rulebook.  [default: the one shipped]"},
    "cases_dir": {"metavar": "DIR", "type": click.Path(), "help": "Another case base.  [default: the one shipped]"},
}  # fmt: skip


class Named(click.Option):
    """An option whose help names what the pack has, the one asked or the default; it is read only for help."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option, and its help with the names."""
        written = self.help
        if written and "{" in written:
            with reporting():
                self.help = written.format_map(_said(choosing.so_far(ctx)))
        found = super().get_help_record(ctx)
        self.help = written  # the next help may be about another pack
        return found


def _said(name: str) -> dict[str, str]:
    """What help says of a pack: its positions and its documents, and which of each is the default. Raises BadInput."""
    pack, positions = packs.declared(name), packs.home("rules", name) / "positions.yaml"
    named: Any = reading.read(positions).data if positions.is_file() else {}
    return {
        "positions": ", ".join(named.get("positions") or ["none"]),
        "position": getattr(pack, "position", "none"),
        "documents": pack.listed,
        "document": next(iter(pack.documents)),
    }


def asking(*names: str, forms: Sequence[str] = (), strictly: str = "", **says: str) -> Callable[[Command], Command]:
    """Gives a command shared options by their names, `--format` of some forms, and the choice of pack, rules and cases.

    `strictly` is what of `cli/strictly` runs in its place under strict rules; `says` are words of help for a command to
    which an option means something of its own.
    """
    shared = {name: _SHARED[name] for name in (*names, "pack", "rules_dir", "cases_dir")}
    if forms:
        choice = click.Choice(list(forms))
        shared = {
            "form": {"type": choice, "default": forms[0], "show_default": True, "help": "How to show it."},
            **shared,
        }
    options = [
        click.option(_flag(name), name, cls=Named, **{**how, "help": says.get(name, how["help"])})
        for name, how in shared.items()
    ]

    def decorate(command: Command) -> Command:
        @functools.wraps(command)
        def run(**given: Any) -> None:
            with reporting():
                choosing.choose(given)
            asked = Asked(**{part.name: given.pop(part.name) for part in fields(Asked) if part.name in given})
            with reporting(asked):
                asked.check()
                read = [given[name] for name in ("file", "left", "right") if given.get(name)]
                targets.check([] if asked.out is None else [asked.out], read, folders=True)
                done = _strict_command(strictly) if strictly and asked.strict else command
                code = done(asked, **given)
            if code:
                sys.exit(code)

        for option in reversed(options):
            option(run)
        return run

    return decorate


def _strict_command(name: str) -> Command:
    """What a command does under strict rules: of the command's parameters it gets those that it takes."""
    from caprev.cli import strictly  # here: most packs are weighed

    found: Command = getattr(strictly, name)
    takes = inspect.signature(found).parameters
    return lambda asked, **given: found(asked, **{key: value for key, value in given.items() if key in takes})


def _flag(name: str) -> str:
    return "--format" if name == "form" else "--" + name.removesuffix("_dir").replace("_", "-")


@contextmanager
def reporting(asked: Asked | None = None) -> Iterator[None]:
    """Turns bad input into messages on stderr and exit code 2; output that cannot be printed says what was written."""
    try:
        yield
    except BadInput as error:
        for problem in error.problems:
            click.echo(f"caprev: {problem}", err=True)
        sys.exit(2)
    except Unprinted as error:
        raise Unprinted(error.error, asked.written if asked else []) from None
    except KeyboardInterrupt:
        click.echo("caprev: interrupted", err=True)
        sys.exit(INTERRUPTED)


# --- terminals -----------------------------------------------------------------------------------------------


def paint(colours: Mapping[str, str], words: str, style: str) -> str:
    """Colour for a terminal, by what is concluded; headings are bold."""
    if style in ("heading", "title"):
        return click.style(words, bold=True)
    return click.style(words, fg="yellow" if style == "open" else colours.get(style), bold=True)


def colourful() -> bool:
    """Colour only on a terminal, and never where NO_COLOR is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR")
