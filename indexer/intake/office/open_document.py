"""The reader of OpenDocument files (ODT, ODS, ODP): texts, sheets and slides, with their fonts."""

from __future__ import annotations

import re

from lxml import etree

from archive.document_account import ReadingState
from archive.errors import UnreadableError
from archive.records import Article, Origin
from indexer.intake.office.package_files import PackageFiles, open_package, resolved
from indexer.intake.office.text_blocks import (
    LINE_BREAK,
    DocumentHead,
    RunBlock,
    article_of,
    office_picture,
    row_blocks,
)

READER = "odf"
READER_VERSION = 3

_DEEPEST = 200
_MOST_BLANKS = 100
_MOST_CELLS = 2000
_SKIPPED = frozenset(
    "tracked-changes annotation sequence-decls forms shapes notes ruby-text".split()
)
_UNITS = {"cm": 37.8, "mm": 3.78, "in": 96.0, "pt": 1.333, "px": 1.0}
_LENGTH = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)(cm|mm|in|pt|px)", re.ASCII)
_PLACES = {"page": "trang chiếu", "table": "trang tính"}


def read_open_document(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in an OpenDocument file.

    Raises:
        UnreadableError: it is damaged or encrypted.
        IntakeError: it holds no words.
    """
    with open_package(data) as files:
        manifest = files.read("META-INF/manifest.xml")
        if b"encryption-data" in manifest:
            raise UnreadableError("needs a password", ReadingState.ENCRYPTED)
        content = files.xml("content.xml")
        if content is None:
            raise UnreadableError("is damaged (it has no text)")
        fonts = _StyleFonts()
        for root in (files.xml("styles.xml"), content):
            if root is not None:
                fonts.read(root)
        body = next(content.iterfind("{*}body/*"), None)
        reader = _BodyReader(fonts, _local(body) if body is not None else "", files)
        if body is not None:
            reader.read(body)
        head = _head(files)
    blocks = [*reader.blocks, *reader.notes]
    return article_of(blocks, head, Origin(source, READER, READER_VERSION))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its name without namespace."""
    end = f"}}{name}"
    return next((str(v) for key, v in element.attrib.items() if str(key).endswith(end)), "")


def _pixels(length: str) -> int:
    """Return a length such as `12.5cm` as pixels; 0 for what is no length."""
    match = _LENGTH.fullmatch(length)
    return int(float(match[1]) * _UNITS[match[2]]) if match else 0


def _head(files: PackageFiles) -> DocumentHead:
    try:
        meta = files.xml("meta.xml")
    except UnreadableError:
        return DocumentHead()
    title = meta.find("{*}meta/{*}title") if meta is not None else None
    return DocumentHead((title.text or "") if title is not None else "")


class _StyleFonts:
    """The fonts of the styles by their names; a style without one has that of its parent."""

    def __init__(self) -> None:
        self._faces: dict[str, str] = {}
        self._styles: dict[str, tuple[str, str]] = {}
        self._default = ""

    def read(self, root: etree._Element) -> None:
        """Take in the fonts and the styles of a part."""
        for face in root.iterfind("{*}font-face-decls/{*}font-face"):
            self._faces[_attribute(face, "name")] = _attribute(face, "font-family")
        for group in ("styles", "automatic-styles"):
            for style in root.iterfind(f"{{*}}{group}/{{*}}*"):
                properties = style.find("{*}text-properties")
                font = ""
                if properties is not None:
                    named = _attribute(properties, "font-name")
                    font = self._faces.get(named, named) or _attribute(properties, "font-family")
                if _local(style) == "default-style" and _attribute(style, "family") == "paragraph":
                    self._default = font
                elif _local(style) == "style":
                    parent = _attribute(style, "parent-style-name")
                    self._styles[_attribute(style, "name")] = font, parent

    def font(self, style: str, inherited: str = "") -> str:
        """Return the font of a style, that of its surroundings where it has none."""
        for _ in range(20):
            font, style = self._styles.get(style, ("", ""))
            if font:
                return font
            if not style:
                break
        return inherited or self._default

    def is_title(self, style: str) -> bool:
        """Tell whether a style is that of titles, or based on it."""
        for _ in range(20):
            if style == "Title":
                return True
            style = self._styles.get(style, ("", ""))[1]
        return False


class _BodyReader:
    """A reader of the blocks in a body; notes are gathered apart."""

    def __init__(self, fonts: _StyleFonts, kind: str, files: PackageFiles) -> None:
        self.blocks: list[RunBlock] = []
        self.notes: list[RunBlock] = []
        self._fonts, self._kind, self._files = fonts, kind, files
        self._locator = ""
        self._pages = 0

    def read(self, element: etree._Element, depth: int = 0) -> None:
        """Read the paragraphs and tables below an element."""
        if depth > _DEEPEST:
            raise UnreadableError("is nested too deeply")
        for child in element:
            name = _local(child)
            if name in ("p", "h"):
                self._read_paragraph(child, name == "h", depth)
            elif name == "page" and self._kind == "presentation":
                self._pages += 1
                self._locator = f"{_PLACES[name]} {self._pages}"
                self.read(child, depth + 1)
            elif name == "table" and self._kind == "spreadsheet":
                self._locator = f"{_PLACES[name]} {_attribute(child, 'name')}".strip()
                self._read_rows(child, depth)
            elif name == "table":
                self._read_rows(child, depth)
            elif name == "image":
                self._read_image(child, element)
            elif name and name not in _SKIPPED:
                self.read(child, depth + 1)

    def _read_image(self, image: etree._Element, frame: etree._Element) -> None:
        """Take in a picture; it stands below the last block."""
        key = self._files.picture_key(resolved("content.xml", _attribute(image, "href")))
        described = frame.find("{*}desc")
        described = described if described is not None else frame.find("{*}title")
        alt = (described.text or "") if described is not None else ""
        sides = _pixels(_attribute(frame, "width")), _pixels(_attribute(frame, "height"))
        if not self.blocks:
            self.blocks.append(RunBlock(locator=self._locator))
        self.blocks[-1].pictures += office_picture(key, alt, sides)

    def _read_paragraph(self, paragraph: etree._Element, is_heading: bool, depth: int) -> None:
        style = _attribute(paragraph, "style-name")
        block = RunBlock(
            is_heading=is_heading, locator=self._locator, is_title=self._fonts.is_title(style)
        )
        boxes: list[etree._Element] = []
        self._add_runs(paragraph, self._fonts.font(style), block, boxes, depth)
        self.blocks.append(block)
        for box in boxes:
            self.read(box, depth + 1)

    def _add_runs(
        self,
        element: etree._Element,
        font: str,
        block: RunBlock,
        boxes: list[etree._Element],
        depth: int,
    ) -> None:
        """Add the runs of a paragraph or a span to a block."""
        if depth > _DEEPEST:
            raise UnreadableError("is nested too deeply")
        block.add(font, element.text or "")
        for child in element:
            name = _local(child)
            if name == "s":
                count = _attribute(child, "c")
                block.add(font, " " * min(int(count) if count.isdecimal() else 1, _MOST_BLANKS))
            elif name == "tab":
                block.add(font, " ")
            elif name == "line-break":
                block.add(font, LINE_BREAK)
            elif name == "note":
                self._read_note(child, depth)
            elif name in ("frame", "text-box", "custom-shape", "rect"):
                boxes.append(child)
            elif name and name not in _SKIPPED:
                inner = self._fonts.font(_attribute(child, "style-name"), font)
                self._add_runs(child, inner, block, boxes, depth + 1)
            block.add(font, child.tail or "")

    def _read_note(self, note: etree._Element, depth: int) -> None:
        reader = _BodyReader(self._fonts, self._kind, self._files)
        for body in note.iterfind("{*}note-body"):
            reader.read(body, depth + 1)
        self.notes += reader.blocks

    def _read_rows(self, table: etree._Element, depth: int) -> None:
        """Read a table row by row."""
        if depth > _DEEPEST:
            raise UnreadableError("is nested too deeply")
        for child in table:
            name = _local(child)
            if name == "table-row":
                cells = []
                for cell in list(child)[:_MOST_CELLS]:
                    if _local(cell) == "table-cell":
                        reader = _BodyReader(self._fonts, "text", self._files)
                        reader.read(cell, depth + 1)
                        self.notes += reader.notes
                        cells.append(reader.blocks)
                for block in row_blocks(cells):
                    block.locator = self._locator
                    self.blocks.append(block)
            elif name.startswith("table-"):
                self._read_rows(child, depth + 1)
