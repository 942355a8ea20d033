"""A document as Word: footnotes and comments are real ones, and the same document gives the same bytes.

Written part by part, because no library at hand writes footnotes, comments and fixed metadata together. Stored,
not compressed, so that the bytes do not depend on a compression library either.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from itertools import starmap
from pathlib import Path

from caprev.characters import shown
from caprev.documents.content import bitmap, model
from caprev.documents.content.walk import Rendering

_TEMPLATES = Path(__file__).with_name("templates") / "docx"
_STYLES = {"quote": "Quote", "small": "Small", "label": "Label", "disclaimer": "Disclaimer"}
_WIDTH = 9638  # twentieths of a point between the margins
_HIGH = 620.0  # points that a picture may be high, so that its caption stands on the same page
_EMU = 12_700  # units of a drawing in a point


_UNDRAWN = "The picture itself is not here: drawing it needs typst, which is not set up."


def render(document: model.Document) -> bytes:
    """The document as a .docx file."""
    return _Writer(document).file()


def escape(text: str) -> str:
    """Text as XML holds it; characters that XML does not allow are shown by their escapes."""
    return shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class _Writer(Rendering):
    def __init__(self, document: model.Document) -> None:
        super().__init__(document)
        self.body: list[str] = []
        self.footnotes: list[str] = []
        self.comments: list[str] = []
        self.starts: list[int] = []
        self.blanks = 0
        self.images: list[bytes] = []

    def file(self) -> bytes:
        self.body.append(_paragraph("Title", _run(model.Run(self.document.title))))
        self.body += self.blocks()
        about, day = self.document, f"{self.document.date}T00:00:00Z"
        title, subject = escape(about.title), escape(about.subject)
        instances = "".join(starmap(_instance, enumerate(self.starts, start=2)))
        shortly = _run(model.Run(model.shortened(about.subject, 70)))
        files = {
            "[Content_Types].xml": _part("content_types"),
            "_rels/.rels": _part("package"),
            "docProps/app.xml": _part("app"),
            "docProps/core.xml": _part("core", TITLE=title, SUBJECT=subject, LANG=about.language, DAY=day),
            "word/_rels/document.xml.rels": _part("relations", IMAGES="".join(map(_related, range(len(self.images))))),
            "word/document.xml": _part("document", BODY="".join(self.body)),
            "word/styles.xml": _part("styles", as_it_is=True, LANG=about.language),
            "word/numbering.xml": _part("numbering", INSTANCES=instances),
            "word/settings.xml": _part("settings", LANG=about.language),
            "word/footnotes.xml": _part("footnotes", NOTES="".join(self.footnotes)),
            "word/comments.xml": _part("comments", COMMENTS="".join(self.comments)),
            "word/header.xml": _part("header", MARK=_run(model.Run(about.mark, bold=True)), ABOUT=shortly),
            "word/footer.xml": _part("footer"),
        }
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            parts = {name: text.encode("utf-8") for name, text in files.items()}
            parts |= {f"word/media/{_image(place)}": png for place, png in enumerate(self.images)}
            for name, data in parts.items():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.create_system = 0
                archive.writestr(entry, data)
        return buffer.getvalue()

    # what things look like

    def heading(self, heading: model.Heading, text: str) -> str:
        page = "<w:pageBreakBefore/>" if heading.fresh else ""
        return _paragraph(f"Heading{min(heading.level, 6)}", text, page)

    def paragraph(self, paragraph: model.Paragraph, text: str) -> str:
        return _paragraph(_STYLES.get(paragraph.style, ""), text, "<w:keepNext/>" if paragraph.leads else "")

    def items(self, items: Iterable[model.Item], start: int, depth: int) -> str:
        # Every numbered list is an instance of its own, so that it starts where it should.
        self.starts += [start] if start else []
        return super().items(items, start, depth)

    def item(self, item: model.Item, text: str, below: str, number: int, depth: int) -> str:
        instance = 1 + len(self.starts) if number else 1
        level = f'<w:numPr><w:ilvl w:val="{min(depth, 3)}"/><w:numId w:val="{instance}"/></w:numPr>'
        return _paragraph("ListParagraph", text, level) + below

    def listing(self, items: list[str], start: int) -> str:
        return "".join(items)

    def table(self, table: model.Table, rows: list[list[str]]) -> str:
        total = sum(table.widths)
        widths = [_WIDTH * share // total for share in table.widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        header = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="E7E6E6"/>'
            f"</w:tcPr>{_paragraph('Cell', _run(model.Run(text, bold=True)))}</w:tc>"
            for text, width in zip(table.header, widths, strict=True)
        )
        named = escape(table.caption or ", ".join(table.header))
        lines = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{header}</w:tr>"]
        for row in rows:
            cells = "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph("Cell", cell)}</w:tc>'
                for cell, width in zip(row, widths, strict=True)
            )
            lines.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
        return (
            (_paragraph("Caption", _run(model.Run(table.caption))) if table.caption else "")
            + f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{named}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>" + _paragraph("Small", "")
        )

    def picture(self, picture: model.Picture) -> str:
        """As a bitmap, since Word shows no SVG by itself; in words, and saying so, where none can be drawn."""
        caption = _paragraph("Caption", _run(model.Run(picture.caption)))
        found = bitmap.drawn(picture.drawing, _WIDTH / 20, _HIGH)
        if found is None:
            told = (self.item(model.Item(()), _run(model.Run(text)), "", 0, 0) for text in (*picture.told, _UNDRAWN))
            return caption + "".join(told)
        self.images.append(found.png)
        words = escape(" ".join(picture.told))
        place, wide, high = len(self.images), round(found.width * _EMU), round(found.height * _EMU)
        name = escape(picture.caption)
        return caption + _paragraph(
            "", _part("picture", ID=str(place), NAME=name, WORDS=words, W=str(wide), H=str(high))
        )

    def blank(self, blank: model.Blank) -> str:
        """A content control: a list to choose from, a box to tick, or a place to write."""
        self.blanks += 1
        head = f'<w:tag w:val="{escape(blank.name[:64])}"/><w:id w:val="{self.blanks}"/>'
        if blank.tick:
            return (
                f'<w:sdt><w:sdtPr>{head}<w14:checkbox><w14:checked w14:val="0"/><w14:checkedState w14:val="2612" '
                'w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox>'
                '</w:sdtPr><w:sdtContent><w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:hAnsi="MS Gothic" '
                'w:eastAsia="MS Gothic" w:hint="eastAsia"/></w:rPr><w:t>\u2610</w:t></w:r></w:sdtContent></w:sdt>'
            )
        items = "".join(
            f'<w:listItem w:displayText="{escape(choice)}" w:value="{escape(choice)}"/>' for choice in blank.choices
        )
        kind = f"<w:comboBox>{items}</w:comboBox>" if items else "<w:text/>"
        return (
            f"<w:sdt><w:sdtPr>{head}<w:showingPlcHdr/>{kind}</w:sdtPr><w:sdtContent><w:r><w:rPr>"
            f'<w:rStyle w:val="PlaceholderText"/></w:rPr><w:t xml:space="preserve">{escape(blank.hint)}</w:t></w:r>'
            "</w:sdtContent></w:sdt>"
        )

    def run(self, run: model.Run) -> str:
        return _run(run)

    def note(self, note: model.Note) -> str:
        mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        text = mark + _run(model.Run(" ")) + "".join(map(_run, note.runs))
        self.footnotes.append(f'<w:footnote w:id="{note.number}">{_paragraph("FootnoteText", text)}</w:footnote>')
        return (
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
            f'<w:footnoteReference w:id="{note.number}"/></w:r>'
        )

    def remark(self, remark: model.Remark, number: int) -> str:
        number -= 1
        self.comments.append(
            f'<w:comment w:id="{number}" w:author="caprev" w:date="{self.document.date}T00:00:00Z" w:initials="cr">'
            f"{_paragraph('CommentText', _run(model.Run(remark.comment)))}</w:comment>"
        )
        return (
            f'<w:commentRangeStart w:id="{number}"/>{"".join(map(_run, remark.runs))}'
            f'<w:commentRangeEnd w:id="{number}"/><w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'
            f'<w:commentReference w:id="{number}"/></w:r>'
        )


def _part(name: str, as_it_is: bool = False, **values: str) -> str:
    """A part of the file: its template, with values where `@NAME@` stands. Lines of most templates stand apart only
    for reading."""
    head, _, rest = (_TEMPLATES / f"{name}.xml").read_text("utf-8").partition("\n")
    text = f"{head}\n{rest if as_it_is else rest.replace(chr(10), '')}"
    return re.sub(r"@([A-Z]+)@", lambda mark: values[mark[1]], text)


def _image(place: int) -> str:
    return f"image{place + 1}.png"


def _related(place: int) -> str:
    """That a picture belongs to the document."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    return f'<Relationship Id="rIdImage{place + 1}" Type="{kind}" Target="media/{_image(place)}"/>'


def _instance(number: int, start: int) -> str:
    """A numbered list of its own."""
    return (
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride '
        f'w:val="{start}"/></w:lvlOverride></w:num>'
    )


def _paragraph(style: str, content: str, more: str = "") -> str:
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + more
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def _run(run: model.Run) -> str:
    properties = ("<w:b/>" if run.bold else "") + ("<w:i/>" if run.italic else "")
    lead = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{lead}<w:t xml:space="preserve">{escape(run.text)}</w:t></w:r>'
