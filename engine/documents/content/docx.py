"""A document as Word: footnotes and comments are real ones, and the same document gives the same bytes.

Written part by part, because no library at hand writes footnotes, comments and fixed metadata together. Stored,
not compressed, so that the bytes do not depend on a compression library either.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from caprev.characters import shown
from caprev.documents.content.model import (
    Document,
    Heading,
    Item,
    Note,
    Paragraph,
    Picture,
    Remark,
    Run,
    Table,
    shortened,
)
from caprev.documents.content.walk import Rendering

_TEMPLATES = Path(__file__).with_name("templates") / "docx"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = {"quote": "Quote", "small": "Small", "label": "Label", "disclaimer": "Disclaimer"}
_WIDTH = 9638  # twentieths of a point between the margins
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PARTS = ("styles", "numbering", "settings", "footnotes", "comments", "header", "footer")


def render(document: Document) -> bytes:
    """The document as a .docx file."""
    return _Writer(document).file()


def escape(text: str) -> str:
    """Text as XML holds it; characters that XML does not allow are shown by their escapes."""
    return shown(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class _Writer(Rendering):
    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.body: list[str] = []
        self.footnotes: list[str] = []
        self.comments: list[str] = []
        self.starts: list[int] = []

    def file(self) -> bytes:
        self.body.append(_paragraph("Title", _run(Run(self.document.title))))
        self.body += self.blocks()
        files = {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relations(
                [
                    ("officeDocument", "word/document.xml", _TYPES),
                    ("metadata/core-properties", "docProps/core.xml", _TYPES.replace("officeDocument", "package", 1)),
                    ("extended-properties", "docProps/app.xml", _TYPES),
                ]
            ),
            "docProps/app.xml": _HEAD + '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
            'extended-properties"><Application>caprev</Application></Properties>',
            "docProps/core.xml": self._core(),
            "word/_rels/document.xml.rels": _relations([(name, f"{name}.xml", _TYPES) for name in _PARTS]),
            "word/document.xml": self._document(),
            "word/styles.xml": (_TEMPLATES / "styles.xml").read_text("utf-8").replace("@LANG@", self.document.language),
            "word/numbering.xml": self._numbering(),
            "word/settings.xml": _settings(self.document.language),
            "word/footnotes.xml": self._footnotes(),
            "word/comments.xml": f"{_HEAD}<w:comments {_W}>{''.join(self.comments)}</w:comments>",
            "word/header.xml": self._header(),
            "word/footer.xml": self._footer(),
        }
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, text in files.items():
                entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                entry.create_system = 0
                archive.writestr(entry, text.encode("utf-8"))
        return buffer.getvalue()

    # what things look like

    def heading(self, heading: Heading, text: str) -> str:
        page = "<w:pageBreakBefore/>" if heading.fresh else ""
        return _paragraph(f"Heading{min(heading.level, 6)}", text, page)

    def paragraph(self, paragraph: Paragraph, text: str) -> str:
        return _paragraph(_STYLES.get(paragraph.style, ""), text, "<w:keepNext/>" if paragraph.leads else "")

    def items(self, items: Iterable[Item], start: int, depth: int) -> str:
        # Every numbered list is an instance of its own, so that it starts where it should.
        self.starts += [start] if start else []
        return super().items(items, start, depth)

    def item(self, item: Item, text: str, below: str, number: int, depth: int) -> str:
        instance = 1 + len(self.starts) if number else 1
        level = f'<w:numPr><w:ilvl w:val="{min(depth, 3)}"/><w:numId w:val="{instance}"/></w:numPr>'
        return _paragraph("ListParagraph", text, level) + below

    def listing(self, items: list[str], start: int) -> str:
        return "".join(items)

    def table(self, table: Table, rows: list[list[str]]) -> str:
        total = sum(table.widths)
        widths = [_WIDTH * share // total for share in table.widths]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        header = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="E7E6E6"/>'
            f"</w:tcPr>{_paragraph('Cell', _run(Run(text, bold=True)))}</w:tc>"
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
            (_paragraph("Caption", _run(Run(table.caption))) if table.caption else "")
            + f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
            '<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
            f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{named}"/></w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{''.join(lines)}</w:tbl>" + _paragraph("Small", "")
        )

    def picture(self, picture: Picture) -> str:
        """In words: Word shows SVG only beside the same picture as a bitmap, which nothing here draws."""
        told = (self.item(Item(()), _run(Run(text)), "", 0, 0) for text in picture.told)
        return _paragraph("Caption", _run(Run(picture.caption))) + "".join(told)

    def run(self, run: Run) -> str:
        return _run(run)

    def note(self, note: Note) -> str:
        mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
        text = mark + _run(Run(" ")) + "".join(map(_run, note.runs))
        self.footnotes.append(f'<w:footnote w:id="{note.number}">{_paragraph("FootnoteText", text)}</w:footnote>')
        return (
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
            f'<w:footnoteReference w:id="{note.number}"/></w:r>'
        )

    def remark(self, remark: Remark, number: int) -> str:
        number -= 1
        self.comments.append(
            f'<w:comment w:id="{number}" w:author="caprev" w:date="{self.document.date}T00:00:00Z" w:initials="cr">'
            f"{_paragraph('CommentText', _run(Run(remark.comment)))}</w:comment>"
        )
        return (
            f'<w:commentRangeStart w:id="{number}"/>{"".join(map(_run, remark.runs))}'
            f'<w:commentRangeEnd w:id="{number}"/><w:r><w:rPr><w:rStyle w:val="CommentReference"/></w:rPr>'
            f'<w:commentReference w:id="{number}"/></w:r>'
        )

    # parts

    def _document(self) -> str:
        margins = 'w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="567" w:footer="567" w:gutter="0"'
        section = (
            '<w:sectPr><w:headerReference w:type="default" r:id="rId6"/><w:footerReference w:type="default" '
            f'r:id="rId7"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar {margins}/></w:sectPr>'
        )
        return f"{_HEAD}<w:document {_W} {_R}><w:body>{''.join(self.body)}{section}</w:body></w:document>"

    def _core(self) -> str:
        day = f"{self.document.date}T00:00:00Z"
        return (
            f'{_HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
            'core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
            f"<dc:title>{escape(self.document.title)}: {escape(self.document.subject)}</dc:title>"
            f"<dc:subject>{escape(self.document.subject)}</dc:subject><dc:creator>caprev</dc:creator>"
            f"<dc:language>{self.document.language}</dc:language><cp:lastModifiedBy>caprev</cp:lastModifiedBy>"
            f'<dcterms:created xsi:type="dcterms:W3CDTF">{day}</dcterms:created>'
            f'<dcterms:modified xsi:type="dcterms:W3CDTF">{day}</dcterms:modified></cp:coreProperties>'
        )

    def _footnotes(self) -> str:
        lines = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:pPr><w:spacing w:after="0" w:line="240" '
            f'w:lineRule="auto"/></w:pPr><w:r><w:{kind}/></w:r></w:p></w:footnote>'
            for kind, number in (("separator", -1), ("continuationSeparator", 0))
        )
        return f"{_HEAD}<w:footnotes {_W}>{lines}{''.join(self.footnotes)}</w:footnotes>"

    def _numbering(self) -> str:
        def level(depth: int, kind: str, text: str) -> str:
            indent = 397 * (depth + 1) + (170 if kind == "decimal" else 0)
            hanging = 567 if kind == "decimal" else 284
            return (
                f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
                f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{indent}" w:hanging="{hanging}"/></w:pPr></w:lvl>'
            )

        bullets = "".join(level(depth, "bullet", "\u2022\u2013\u2022\u2013"[depth]) for depth in range(4))
        numbers = level(0, "decimal", "%1.")
        instances = "".join(
            f'<w:num w:numId="{index + 2}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride '
            f'w:val="{start}"/></w:lvlOverride></w:num>'
            for index, start in enumerate(self.starts)
        )
        return (
            f'{_HEAD}<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="hybridMultilevel"/>'
            f'{bullets}</w:abstractNum><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="hybridMultilevel"/>'
            f'{numbers}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{instances}</w:numbering>'
        )

    def _header(self) -> str:
        about = _run(Run(shortened(self.document.subject, 70)))
        text = f"{_run(Run(self.document.mark, bold=True))}<w:r><w:tab/></w:r>{about}"
        return f"{_HEAD}<w:hdr {_W}>{_paragraph('Header', text)}</w:hdr>"

    def _footer(self) -> str:
        def field(name: str) -> str:
            return (
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> '
                f'{name} </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
                '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            )

        text = f"<w:r><w:tab/></w:r>{field('PAGE')}{_run(Run(' / '))}{field('NUMPAGES')}"
        return f"{_HEAD}<w:ftr {_W}>{_paragraph('Footer', text)}</w:ftr>"


def _paragraph(style: str, content: str, more: str = "") -> str:
    properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + more
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


def _run(run: Run) -> str:
    properties = ("<w:b/>" if run.bold else "") + ("<w:i/>" if run.italic else "")
    lead = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{lead}<w:t xml:space="preserve">{escape(run.text)}</w:t></w:r>'


def _relations(rows: list[tuple[str, str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="rId{index + 1}" Type="{base}/{kind}" Target="{target}"/>'
        for index, (kind, target, base) in enumerate(rows)
    )
    return f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}</Relationships>'


def _settings(language: str) -> str:
    return (
        f'{_HEAD}<w:settings {_W}><w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        f'</w:compat><w:themeFontLang w:val="{language}"/></w:settings>'
    )


def _content_types() -> str:
    word = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    kinds = {"document": "document.main", **{name: name for name in _PARTS}}
    overrides = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{word}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    return (
        f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/></Types>'
    )
