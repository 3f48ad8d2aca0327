"""The reader of PowerPoint presentations (PPTX): a section for each slide, with its notes.

Pictures come below the text of their slide: the order of its shapes is that of their layers.
"""

from __future__ import annotations

from lxml import etree

from archive.document_account import account_of_rest
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

READER = "pptx"
READER_VERSION = 3

_DEEPEST = 200
_MOST_SLIDES = 5000
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("sldNum", "dt", "ftr", "hdr", "sldImg")


def read_presentation(data: bytes, source: str, _encoding: str = "") -> Article:
    """Read the article in a PowerPoint presentation.

    Raises:
        UnreadableError: it is damaged or encrypted.
        IntakeError: it holds no words.
    """
    with open_package(data) as files:
        root = files.xml("ppt/presentation.xml")
        if root is None:
            raise UnreadableError("is damaged (it has no list of slides)")
        relations = files.relations("ppt/presentation.xml")
        blocks: list[RunBlock] = []
        slides = root.findall("{*}sldIdLst/{*}sldId")
        for number, slide in enumerate(slides[:_MOST_SLIDES], 1):
            link = next((v for key, v in slide.attrib.items() if str(key).endswith("}id")), "")
            _, target = relations.get(str(link), ("", ""))
            own = _slide_blocks(files, target)
            for block in own:
                block.locator = f"trang chiếu {number}"
            if number == 1 and own:
                own[0].is_title = own[0].is_heading
            blocks += own
        head = read_core_properties(files)
    account = account_of_rest(_MOST_SLIDES, len(slides))
    return article_of(blocks, head, Origin(source, READER, READER_VERSION), account)


def _slide_blocks(files: PackageFiles, part: str) -> list[RunBlock]:
    """Return the blocks of a slide and of its notes."""
    root = files.xml(part)
    if root is None:
        return []
    relations = files.relations(part)
    reader = _ShapeReader({name: files.picture_key(to) for name, (_, to) in relations.items()})
    reader.read(root)
    # Titles come first, wherever the shape stands among the others, and pictures last.
    blocks = sorted(reader.blocks, key=lambda block: (not block.is_heading, not block.runs))
    for kind, target in relations.values():
        notes = files.xml(target) if kind == "notesSlide" else None
        if notes is not None:
            note_reader = _ShapeReader({})
            note_reader.read(notes)
            for block in note_reader.blocks:
                block.is_heading = False
            blocks += note_reader.blocks
    return [block for block in blocks if block.runs or block.pictures]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


class _ShapeReader:
    """A reader of the texts and pictures of the shapes of one slide.

    Attributes:
        blocks: The blocks so far.
    """

    def __init__(self, picture_keys: dict[str, str]) -> None:
        self.blocks: list[RunBlock] = []
        self._picture_keys = picture_keys

    def read(self, element: etree._Element, depth: int = 0) -> None:
        """Read the shapes, pictures and tables below an element."""
        if depth > _DEEPEST:
            raise UnreadableError("is nested too deeply")
        for child in element:
            name = _local(child)
            if name in ("sp", "pic"):
                self._read_shape(child)
            elif name == "tr":
                cells = [_paragraphs(cell, False) for cell in child.iterfind("{*}tc")]
                self.blocks += row_blocks(cells)
            elif name == "AlternateContent":
                choices = [part for part in child if _local(part) == "Choice"] or list(child)
                if choices:
                    self.read(choices[0], depth + 1)
            elif name:
                self.read(child, depth + 1)

    def _read_shape(self, shape: etree._Element) -> None:
        place = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
        kind = (place.get("type") or "") if place is not None else ""
        if kind in _FURNITURE:
            return
        self.blocks += _paragraphs(shape, kind in _TITLES)
        properties = shape.find("{*}*/{*}cNvPr")
        alt = (properties.get("descr") or "") if properties is not None else ""
        size = shape.find("{*}spPr/{*}xfrm/{*}ext")
        sides = (0, 0) if size is None else (pixels_of(size.get("cx")), pixels_of(size.get("cy")))
        for fill in shape.iterfind(".//{*}blipFill/{*}blip"):
            key = self._picture_keys.get(attribute_of(fill, "embed"), "")
            self.blocks.append(RunBlock(pictures=office_picture(key, alt, sides)))


def _paragraphs(shape: etree._Element, is_heading: bool) -> list[RunBlock]:
    """Return the paragraphs of a shape or a cell that hold something."""
    blocks = []
    for paragraph in shape.iter("{*}p"):
        block = RunBlock(is_heading=is_heading)
        for part in paragraph:
            name = _local(part)
            if name == "r":
                font = part.find("{*}rPr/{*}latin")
                block.add(
                    (font.get("typeface") or "") if font is not None else "",
                    part.findtext("{*}t") or "",
                )
            elif name == "br":
                block.add("", " " if is_heading else LINE_BREAK)
        if block.runs:
            blocks.append(block)
    return blocks
