"""One content model: what a document holds is shown by every format, and looks as each shows it."""

from __future__ import annotations

import io
import zipfile

import pytest

from caprev.documents.content import docx, html, markdown, model, text
from caprev.documents.content.model import Document, Heading, Item, Listing, Paragraph, Part, Picture, Run
from caprev.drawing.svg import Canvas
from caprev.law.pack import Sides

SIDES = Sides.model_validate({"against": {"id": "capital", "mark": "C"}, "for": {"id": "revenue", "mark": "R"}})
DRAWN = Canvas("x", "Drawn", SIDES).done(10)
WORDS = (
    "A title",
    "A heading",
    "A paragraph with",
    "command --now",
    "An item",
    "Beneath it",
    "Left",
    "12",
    "A caption",
)


@pytest.fixture
def sheet() -> Document:
    """A document with one of each."""
    nested = Item((Run("An item"),), children=(Item((Run("Beneath it"),)),))
    return model.sheet(
        "A title",
        [
            model.heading(1, "A heading"),
            *model.paragraphs("A paragraph with `command --now`.", ""),
            Listing((nested,)),
            model.table(("Name", "Number"), (("Left", "12"), ("Longer", "7")), numbers=True),
            Picture("A caption", ("A caption",), "<svg></svg>"),
        ],
    )


def word(document: Document) -> str:
    """The text of a Word file."""
    return zipfile.ZipFile(io.BytesIO(docx.render(document))).read("word/document.xml").decode()


@pytest.mark.parametrize("render", [text.render, markdown.render, html.render, word])
def test_every_format_shows_all_of_it(render, sheet: Document) -> None:
    """Headings, paragraphs, lists beneath lists, tables and pictures, in their order."""
    shown = render(sheet).replace("A TITLE", "A title")
    places = [shown.index(words) for words in WORDS]
    assert places == sorted(places)


def test_code_is_code_where_a_format_has_it(sheet: Document) -> None:
    """A command between backticks is code; on a terminal it stands as it is typed."""
    assert "`command --now`" in markdown.render(sheet)
    assert "<code>command --now</code>" in html.render(sheet)
    assert "with command --now." in text.render(sheet)


@pytest.mark.parametrize("said", ["a <b>", "tick ` tick", "`*`", "[x](y)"])
def test_what_is_no_name_is_no_code(said: str) -> None:
    """Markup between backticks is text, whoever wrote it."""
    page = model.sheet("T", [Paragraph((Run(said, code=True),)), *model.paragraphs(f"`{said}`")])
    assert not any(f"`{said}`" in line and "\\" not in line for line in markdown.render(page).splitlines())


def test_numbers_stand_right(sheet: Document) -> None:
    """Every column but the first, in each format that can."""
    assert "| --- | ---: |" in markdown.render(sheet)
    assert '<td>Left</td><td class="number">12</td>' in html.render(sheet)
    assert "  Left        12\n  Longer       7\n" in text.render(sheet)


def test_a_picture_beside_the_document_is_linked() -> None:
    """By its name, made safe as the target of a link."""
    page = model.sheet("T", [Picture("Risk", (), "<svg></svg>", file=name) for name in ("a-b.svg", "a b>.svg")])
    assert "![Risk](a-b.svg)" in markdown.render(page)
    assert "![Risk](<a b\\>.svg>)" in markdown.render(page)
    assert [picture.drawing for picture in page.pictures] == ["<svg></svg>"] * 2


def test_commands_to_a_terminal_are_shown_and_do_nothing() -> None:
    """In title, text, table and picture."""
    bad = "\x1b[2J"
    shown: list[model.Block] = [model.table((bad, bad), [(bad, bad)]), Picture(bad, (bad,), "")]
    blocks = [*model.paragraphs(bad), *shown]
    for render in (text.render, text.dense, markdown.render):
        assert "\x1b" not in render(model.sheet(bad, blocks))


def test_a_dense_text_has_its_parts_apart_and_colours_headings_only() -> None:
    """All stands indented below its heading; lines go in as far as their item says."""
    long = "word " * 30
    items = Listing((Item((Run(long),), hang=4), Item((Run("two"),), children=(Item((Run("three"),)),))))
    part = Part("", (Heading(2, (Run("1. Head"),), tone="capital"), Paragraph((Run("Said."),)), items))
    page = Document("Title", "id", "1980-01-01", "", (Part("", (Paragraph((Run("As at now"),)),)), part))
    lines = text.dense(page, lambda words, style: f"<{style}|{words}>").splitlines()
    assert lines[:5] == ["<title|Title>  [id]", "As at now", "", "<capital|1. Head>", "   Said."]
    assert lines[5].startswith("   word")
    assert lines[6].startswith("       word")
    assert lines[7:] == ["   two", "     three"]


def test_a_fragment_has_neither_frame_nor_styles_of_its_own(sheet: Document) -> None:
    """A page that forbids inline styles and scripts can show it, at the level of headings that it asks for."""
    page = Document(sheet.title, "", "1980-01-01", "", (*sheet.parts, Part("", (Picture("", (), DRAWN),))))
    part = html.fragment(page, level=3)
    assert "<h3>A heading</h3>" in part
    assert not [mark for mark in ("<html", "<body", "<style", " style=", "<script", "A title") if mark in part]
    assert "<svg" in part
    assert part.count("<p>") == html.render(page).count("<p>")
    assert ".caprev .cf-capital" in html.style(("capital", "revenue"))
