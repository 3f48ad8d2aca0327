"""Packages of office documents for tests; small ones with what real ones have."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: Mapping[str, bytes | str]) -> bytes:
    """A ZIP file; a part `mimetype` is stored as it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            entry = zipfile.ZipInfo(name, (2023, 4, 17, 8, 0, 0))
            package.writestr(entry, data, method)
    return packed.getvalue()


def relations(**targets: str) -> str:
    """The relations of a part: kind (with its number after `__`) and target."""
    rows = "".join(
        f'<Relationship Id="{kind}" Type="{_R}/{kind.partition("__")[0]}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}">{rows}</Relationships>'


def docx(body: str, styles: str = "", **parts: str) -> bytes:
    """A Word document; `styles` are style elements, `footnotes` note elements."""
    spaces = f'xmlns:w="{_W}" xmlns:mc="{_MC}" xmlns:wps="urn:wps" xmlns:v="urn:v"'
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/document.xml": f"<w:document {spaces}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relations(styles="styles.xml", footnotes="footnotes.xml"),
        "word/styles.xml": f"<w:styles {spaces}>{styles}</w:styles>",
        "word/footnotes.xml": f"<w:footnotes {spaces}>{parts.pop('footnotes', '')}</w:footnotes>",
    }
    return zipped(files | parts)


def run(text: str, font: str = "") -> str:
    """A run of a Word document."""
    fonts = f'<w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}"/></w:rPr>' if font else ""
    return f'<w:r>{fonts}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, style: str = "") -> str:
    """A paragraph of a Word document."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table of a Word document, of cells that are bodies."""
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def open_document(kind: str, body: str, styles: str = "", **parts: str) -> bytes:
    """An OpenDocument file of a kind: `text`, `spreadsheet` or `presentation`."""
    names = ("office", "text", "table", "draw", "style", "meta")
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in names)
    spaces += ' xmlns:fo="urn:fo" xmlns:svg="urn:svg" xmlns:dc="urn:dc"'
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}>"
        "</office:body></office:document-content>"
    )
    files = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content}
    return zipped(files | parts)


def epub(*chapters: str, title: str = "Sách", **parts: str) -> bytes:
    """An EPUB book of chapters, with a table of contents that is none of them."""
    items = "".join(
        f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="urn:dc"><metadata>'
        f"<dc:title>{title}</dc:title><dc:creator>Người Viết</dc:creator>"
        f"<dc:language>vi-VN</dc:language></metadata><manifest>{nav}{items}</manifest>"
        f'<spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OPS/book.opf"/>'
        "</rootfiles></container>",
        "OPS/book.opf": package,
        "OPS/nav.xhtml": "<html><body><p>Mục lục</p></body></html>",
    }
    files |= {
        f"OPS/c {number}.xhtml": f"<html><head><title>t</title></head><body>{body}</body></html>"
        for number, body in enumerate(chapters)
    }
    return zipped(files | parts)


def workbook(
    sheets: Mapping[str, str],
    strings: str = "",
    styles: str = "",
    comments: Mapping[str, str] | None = None,
) -> bytes:
    """An Excel workbook: rows of each sheet, shared strings, styles, and parts of the first sheet.

    Args:
        sheets: The rows of each sheet by its name.
        strings: The shared strings.
        styles: The styles.
        comments: What is in the part of each kind of comments on the first sheet.
    """
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" r:id="worksheet__{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    targets = {f"worksheet__{n}": f"worksheets/sheet{n}.xml" for n in range(1, len(sheets) + 1)}
    files = {
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": f'<workbook xmlns="{_S}" xmlns:r="{_R}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": relations(**targets),
        "xl/sharedStrings.xml": f'<sst xmlns="{_S}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{_S}">{styles}</styleSheet>',
    }
    for number, rows in enumerate(sheets.values(), 1):
        data = f'<worksheet xmlns="{_S}"><sheetData>{rows}</sheetData></worksheet>'
        files[f"xl/worksheets/sheet{number}.xml"] = data
    for kind, text in (comments or {}).items():
        files[f"xl/{kind}1.xml"] = f'<root xmlns="{_S}">{text}</root>'
    targets = {kind: f"../{kind}1.xml" for kind in comments or {}}
    files["xl/worksheets/_rels/sheet1.xml.rels"] = relations(**targets)
    return zipped(files)


def presentation(*slides: str, notes: str = "") -> bytes:
    """A PowerPoint presentation of slides, the first with notes."""
    spaces = f'xmlns:p="{_P}" xmlns:a="{_A}" xmlns:r="{_R}"'
    listed = "".join(f'<p:sldId id="{n}" r:id="slide__{n}"/>' for n in range(1, len(slides) + 1))
    # The order of the files is not that of the slides.
    numbers = range(1, len(slides) + 1)
    targets = {f"slide__{n}": f"slides/slide{len(slides) - n}.xml" for n in numbers}
    files = {
        "ppt/presentation.xml": f"<p:presentation {spaces}><p:sldIdLst>{listed}</p:sldIdLst>"
        "</p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(**targets),
        f"ppt/slides/_rels/slide{len(slides) - 1}.xml.rels": relations(
            notesSlide="../notesSlides/notes1.xml"
        ),
        "ppt/notesSlides/notes1.xml": f"<p:notes {spaces}>{notes}</p:notes>",
    }
    for number, shapes in enumerate(slides, 1):
        data = f"<p:sld {spaces}><p:cSld><p:spTree>{shapes}</p:spTree></p:cSld></p:sld>"
        files[f"ppt/slides/slide{len(slides) - number}.xml"] = data
    return zipped(files)


def shape(*paragraphs: str, kind: str = "") -> str:
    """A shape of a slide."""
    place = f'<p:ph type="{kind}"/>' if kind else ""
    texts = "".join(f"<a:p><a:r><a:t>{text}</a:t></a:r></a:p>" for text in paragraphs)
    return f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:txBody>{texts}</p:txBody></p:sp>"
