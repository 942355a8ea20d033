"""The pages for officer, advisor and trainer show what the commands print, byte for byte.

A block of kind `console` in a page holds commands, each after `$ `, and what they print. They are run in order, in a
copy of the repository's cases, in this process: no shell takes part, and the few tools a page may pipe to are below.
A block headed `yaml NAME` is a file that the commands after it find. `pytest tests/test_docs.py --snapshot-update`
writes all outputs anew; then read the diff.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

import caprev
from caprev import Assessor
from caprev.cli import main
from caprev.review.handbook import Handbook, anchor

Run = Callable[..., Result]
ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = ("officer", "advisor", "trainer", "workshop", "assistants")
BLOCK = re.compile(r"^```(console|yaml \S+)\n(.*?)^```$", re.M | re.S)
Tool = Callable[[list[str], str], str]


class Session:
    """One sitting at a terminal, in the current directory."""

    def __init__(self) -> None:
        self.code = 0

    def run(self, line: str) -> str:
        """What a command prints, errors included, after the selections it is piped through."""
        words = shlex.shlex(line, posix=True, punctuation_chars="|")
        words.whitespace_split = True
        shown = ""
        for piped, part in groupby(words, lambda word: word == "|"):
            if not piped:
                name, *arguments = part
                shown = TOOLS[name](arguments, shown) if name in TOOLS else self._own(name, arguments, shown)
        return shown

    def _own(self, name: str, arguments: list[str], typed: str) -> str:
        if (name, arguments) == ("echo", ["$?"]):
            code, self.code = self.code, 0
            return f"{code}\n"
        assert name == "caprev", f"a page may not use {name}"
        assert self.code != 2, "a refusal is followed by `echo $?`"
        result = CliRunner().invoke(main.main, arguments, input=typed, prog_name="caprev")
        assert result.exception is None or isinstance(result.exception, SystemExit), (arguments, result.exception)
        self.code = result.exit_code
        return result.output


def selected(script: str, lines: list[str]) -> Iterator[str]:
    """`sed -n 'A,Bp'`, where A and B are a line number, a /pattern/ or $, and B may be +N."""
    match = re.fullmatch(r"(\d+|/.*?/)(?:,(\d+|/.*/|\$|\+\d+))?p", script)
    assert match, f"not a selection a page may use: {script}"
    assert not re.search(r"[(){}?]", script), "sed gives these another meaning"
    first, last = match[1], match[2] or "+0"
    end = -1

    def at(address: str, number: int, line: str) -> bool:
        return bool(re.search(address[1:-1], line)) if address.startswith("/") else address == str(number)

    for number, line in enumerate(lines, 1):
        if end < 0 and at(first, number, line):
            end = number + int(last) if last.startswith("+") else int(last) if last.isdigit() else len(lines)
            yield line
        elif end >= 0:
            yield line
            if last.startswith("/") and at(last, number, line):
                end = number
        if 0 <= end <= number:
            end = -1


def _lines(arguments: list[str], typed: str) -> list[str]:
    """The lines of the files named, or else of what comes through the pipe."""
    return (
        "".join(Path(name).read_text("utf-8") for name in arguments).splitlines() if arguments else typed.splitlines()
    )


def _grep(pattern: str, *names: str, typed: str) -> str:
    return _joined([line for line in _lines(list(names), typed) if re.search(pattern, line)])


def _joined(lines: Iterator[str] | list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


TOOLS: dict[str, Tool] = {
    "cat": lambda a, typed: _joined(_lines(a, typed)),
    "cp": lambda a, typed: shutil.copy(a[0], a[1])[:0],
    "grep": lambda a, typed: _grep(*(a[1:] if a[0] == "-E" else a), typed=typed),
    "head": lambda a, typed: _joined(_lines(a[1:], typed)[: int(a[0][1:])]),
    "ls": lambda a, typed: _joined(sorted(path.name for path in Path(*a).iterdir() if path.name[0] != ".")),
    "printf": lambda a, typed: _joined(a[1:]),  # only with the format %s\n
    "sed": lambda a, typed: _joined(selected(a[1], _lines(a[2:], typed))),
    "tail": lambda a, typed: _joined(_lines(a[1:], typed)[-int(a[0][1:]) :]),
}


def commands(block: str) -> Iterator[str]:
    """The commands of a block, each with the lines that continue it after a final `|` or backslash."""
    lines = iter(block.splitlines())
    for line in lines:
        if line.startswith("$ "):
            while line.endswith(("|", "\\")):
                line += "\n" + next(lines)
            yield line.removeprefix("$ ")


def played(page: str) -> str:
    """A page with every output as it is now, made in the current directory."""
    session = Session()

    def play(match: re.Match[str]) -> str:
        kind, body = match.groups()
        if kind != "console":
            Path(kind.removeprefix("yaml ")).write_text(body, "utf-8")
            return match[0]
        shown = ""
        for line in commands(body):
            output = session.run(line.replace("\\\n", " "))
            assert output or "--out" in line or line.startswith("cp "), f"shows nothing: {line}"
            assert str(ROOT) not in output, f"a path of this machine: {line}"
            shown += f"$ {line}\n{output}"
        return f"```{kind}\n{shown}```"

    new = BLOCK.sub(play, page)
    assert session.code in (0, 3), "the last command failed"
    return new


@pytest.mark.parametrize("name", PAGES)
def test_a_page_shows_what_the_commands_print(
    name: str, assessor: Assessor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Every command in the page, run in order, prints what stands below it."""
    for place in (".", "published") if name == "workshop" else ():
        shutil.copytree(ROOT / "rules", tmp_path / place / "rules")
        shutil.copytree(ROOT / "cases", tmp_path / place / "cases")
    for folder in ("examples", "rulings"):
        home = Path("cases", "au-land", folder)
        shutil.copytree(ROOT / home, tmp_path / home, dirs_exist_ok=True)
    load = caprev.load
    monkeypatch.setattr(caprev, "load", lambda rules=None, cases=None: load(rules, cases) if rules else assessor)
    monkeypatch.chdir(tmp_path)
    path = DOCS / f"{name}.md"
    page = path.read_text("utf-8")
    new = played(page)
    if request.config.getoption("--snapshot-update"):
        path.write_text(new, "utf-8")
    assert page == new or path.read_text("utf-8") == new, "run pytest tests/test_docs.py --snapshot-update; read it"


@pytest.mark.parametrize(
    "line",
    ["head -3", "tail -2", "sed -n '2,4p'", "sed -n '/b/,/d/p'", "sed -n '/a/,+1p'", "sed -n '/c/,$p'", "sed -n '4p'",
     "grep 'a.*4'", "sed -n '/a/p'"],
)  # fmt: skip
def test_selections_are_those_of_a_shell(line: str, tmp_path: Path) -> None:
    """What a page selects with is what a reader's own tools select."""
    text = "".join(f"{letter} {number}\n" for number, letter in enumerate("abcdabcd"))
    real = subprocess.run(["sh", "-c", line], input=text, capture_output=True, text=True, check=True).stdout
    (tmp_path / "t").write_text(text)
    assert real
    assert Session().run(f"cat {tmp_path / 't'} | {line}") == real


def test_the_pages_of_the_rules_are_those_of_the_rules(
    assessor: Assessor, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`docs/rules` is what `caprev rules docs --out docs/rules` writes; that command writes it anew."""
    monkeypatch.setattr(caprev, "load", lambda *_: assessor)
    home = DOCS / "rules"
    out = home if request.config.getoption("--snapshot-update") else tmp_path / "pages"
    result = CliRunner().invoke(main.main, ["rules", "docs", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert {path.name for path in home.iterdir()} == {path.name for path in out.iterdir()}
    assert 15 <= len(list(out.iterdir())) <= 30
    stale = [path.name for path in sorted(out.iterdir()) if path.read_bytes() != (home / path.name).read_bytes()]
    assert not stale, f"{stale}: run caprev rules docs --out docs/rules; read the diff"


def test_the_pages_of_the_rules_hold_every_rule(assessor: Assessor) -> None:
    """Every factor, node, unsettled point, consequence, case, fact and authority has a heading of its own."""
    pages = Handbook(assessor).pages()
    headings = {line.lstrip("# ") for page in pages.values() for line in page.splitlines() if line.startswith("##")}
    book = assessor.book
    named = (book.factors, book.nodes, book.points, book.consequences, book.authorities, assessor.cases.cases)
    assert not {name for names in named for name in names} - headings
    assert not {fact.name for fact in book.vocabulary if not fact.name.startswith(("derived.", "matter."))} - headings
    assert "unverified" in pages["factors-finance.md"]


def test_pages_of_the_rules_are_written_whole_or_not_at_all(assessor: Assessor, run: Run, tmp_path: Path) -> None:
    """Where one page cannot be written, none is."""
    (tmp_path / "out" / "index.md").mkdir(parents=True)
    result = run("rules", "docs", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["index.md"]


def test_links_in_the_pages_lead_somewhere() -> None:
    """Every relative link of README and docs names a file that is there, and a heading that it has."""
    anchors = {
        path.resolve(): {anchor(line.lstrip("# ")) for line in path.read_text("utf-8").splitlines() if line[:1] == "#"}
        for path in DOCS.rglob("*.md")
    }
    for path in (ROOT / "README.md", *DOCS.rglob("*.md")):
        for link, heading in re.findall(r"\]\(([^)#:\s]+)(?:#([^)]*))?\)", path.read_text("utf-8")):
            target = (path.parent / link).resolve()
            assert target.exists(), (path.name, link)
            assert not heading or heading in anchors[target], (path.name, link, heading)


def test_the_readme_names_the_pages_and_the_commands() -> None:
    """A new user finds the page of their role, and every command, in the README."""
    readme = (ROOT / "README.md").read_text("utf-8")
    assert all(f"(docs/{name}.md)" in readme for name in PAGES)
    told = re.findall(r"^\| (`caprev .*?) \| ", readme, flags=re.M)
    named = {word for cell in told for word in re.findall(r"`(?:caprev )?(\w+)", cell)}
    second = {word for cell in told for word in re.findall(r" (\w+)`", cell)}
    context = click.Context(main.main)
    for name in main.main.list_commands(context):
        assert name in named, name
        command = main.main.get_command(context, name)
        assert set(getattr(command, "commands", {})) <= named | second, name
