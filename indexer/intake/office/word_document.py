"""The reader of Word documents (DOCX): text as it is printed, with the font of each run.

Deleted text, comments, heads and feet are left out; text boxes are read once, notes at the end.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from archive.captured_picture import CapturedPicture
from archive.errors import UnreadableError
from archive.records import Article, Origin
from indexer.intake.office.drawing_parts import attribute_of, pixels_of
from indexer.intake.office.package_files import PackageFiles, open_package
from indexer.intake.office.package_metadata import read_core_properties
from indexer.intake.office.text_blocks import (
    LINE_BREAK,
    RunBlock,
    article_of,
    office_picture,
    row_blocks,
)
from indexer.intake.office.word_styles import WordStyles

READER = "docx"
READER_VERSION = 3

DEEPEST = 200
"""Elements in one another that are read."""

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_SKIPPED = frozenset(
    "del moveFrom delText instrText delInstrText commentReference annotationRef rPr pPr tblPr "
    "tcPr trPr sectPr sdtPr sdtEndPr tblGrid footnoteRef endnoteRef Fallback rt".split()
)
_PICTURE_PARTS = frozenset(("extent", "docPr", "blip", "imagedata"))
_SIGNS = {
    "tab": " ",
    "ptab": " ",
    "br": LINE_BREAK,
    "cr": LINE_BREAK,
    "noBreakHyphen": "-",
    "softHyphen": "\u00ad",
}


def read_docx(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in a Word document.

    Raises:
        UnreadableError: it is damaged or encrypted.
        IntakeError: it holds no words.
    """
    with open_package(data) as files:
        part = _main_part(files)
        root = files.xml(part)
        if root is None:
            raise UnreadableError("is damaged (it has no text)")
        targets = files.relations(part)
        relations = {kind: target for kind, target in targets.values()}
        styles = WordStyles(files.xml(relations.get("styles", "word/styles.xml")))
        keys = {name: files.picture_key(target) for name, (_, target) in targets.items()}
        reader = _WordBlockReader(styles, keys)
        reader.read(root)
        reader.picture_keys = {}  # notes have relations of their own
        for kind in ("footnotes", "endnotes"):
            notes = files.xml(relations[kind]) if kind in relations else None
            for note in notes if notes is not None else ():
                if note.get(f"{{{_namespace(note)}}}type") is None:
                    reader.read(note)
        head = read_core_properties(files)
    return article_of(reader.blocks, head, Origin(source, READER, READER_VERSION))


def _main_part(files: PackageFiles) -> str:
    """Return the name of the part with the text."""
    targets = files.relations("").values()
    return next(
        (target for kind, target in targets if kind == "officeDocument"), "word/document.xml"
    )


def _namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def _name(element: etree._Element) -> str:
    """Return the name of an element of Word's or of a drawing; empty for an entity."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


class _WordBlockReader:
    """A reader of the blocks in one part after another.

    Attributes:
        blocks: The blocks so far.
        picture_keys: The keys of the part's pictures by the names of its relations.
    """

    def __init__(self, styles: WordStyles, picture_keys: dict[str, str]) -> None:
        self.blocks: list[RunBlock] = []
        self.picture_keys = picture_keys
        self._styles = styles
        self._pictures: list[CapturedPicture] = []
        self._alt, self._sides = "", (0, 0)

    def read(self, element: etree._Element, depth: int = 0) -> None:
        """Read the paragraphs and tables below an element."""
        if depth > DEEPEST:
            raise UnreadableError("is nested too deeply")
        for child in element:
            name = _name(child)
            if name == "p":
                self._read_paragraph(child, depth)
            elif name == "tbl":
                self._read_table(child, depth)
            elif name and name not in _SKIPPED:
                self.read(child, depth + 1)

    def _read_paragraph(self, paragraph: etree._Element, depth: int) -> None:
        block, boxes = self._paragraph_block(paragraph, depth)
        self.blocks.append(block)
        for box in boxes:
            self.read(box, depth + 1)

    def _paragraph_block(
        self, paragraph: etree._Element, depth: int
    ) -> tuple[RunBlock, list[etree._Element]]:
        """Return the block of a paragraph, and the text boxes that hang on it."""
        style = self._styles.of_paragraph(paragraph)
        block = RunBlock(is_heading=style.is_heading, is_title=style.is_title)
        boxes: list[etree._Element] = []
        for run, piece in self._pieces(paragraph, None, boxes, depth):
            font = self._styles.font_of(run, style) if run is not None else style.font
            block.add(font, piece)
        block.pictures, self._pictures = self._pictures, []
        return block, boxes

    def _pieces(
        self,
        element: etree._Element,
        run: etree._Element | None,
        boxes: list[etree._Element],
        depth: int,
    ) -> Iterator[tuple[etree._Element | None, str]]:
        """Yield the run and the text of every piece of text in a paragraph."""
        if depth > DEEPEST:
            raise UnreadableError("is nested too deeply")
        for child in element:
            name = _name(child)
            if name == "t":
                yield run, child.text or ""
            elif name in _SIGNS:
                yield run, _SIGNS[name]
            elif name == "sym":
                yield run, _symbol(child)
            elif name == "txbxContent":
                boxes.append(child)
            elif name in _PICTURE_PARTS:
                self._read_picture_part(child, name)
                yield from self._pieces(child, run, boxes, depth + 1)
            elif name == "AlternateContent":
                choices = [part for part in child if _name(part) == "Choice"] or list(child)
                yield from self._pieces(choices[0], run, boxes, depth + 1) if choices else ()
            elif name and name not in _SKIPPED:
                inner = child if name == "r" else run
                yield from self._pieces(child, inner, boxes, depth + 1)

    def _read_picture_part(self, element: etree._Element, name: str) -> None:
        """Take in the size, the description, or the picture of a drawing, which come in turn."""
        if name == "extent":
            self._sides = pixels_of(element.get("cx")), pixels_of(element.get("cy"))
        elif name == "docPr":
            self._alt = element.get("descr") or ""
        else:
            relation = "id" if name == "imagedata" else "embed"
            key = self.picture_keys.get(attribute_of(element, relation), "")
            self._pictures += office_picture(key, self._alt, self._sides)
            self._alt, self._sides = "", (0, 0)

    def _read_table(self, table: etree._Element, depth: int) -> None:
        """Read a table row by row; a row of longer cells cell by cell."""
        if depth > DEEPEST:
            raise UnreadableError("is nested too deeply")
        for row in table.iter("{*}tr"):
            if next(row.iterancestors("{*}tbl"), None) is not table:
                continue
            cells = []
            for cell in row.iter("{*}tc"):
                if next(cell.iterancestors("{*}tr"), None) is row:
                    inner = _WordBlockReader(self._styles, self.picture_keys)
                    inner.read(cell, depth + 1)
                    cells.append(inner.blocks)
            self.blocks += row_blocks(cells)


def _symbol(element: etree._Element) -> str:
    """Return the letter of a symbol, which may stand in the private use area."""
    try:
        return chr(int(attribute_of(element, "char"), 16))
    except (ValueError, OverflowError):
        return ""
