"""The reader of PowerPoint presentations (PPTX): a section for each slide, with its notes."""

from __future__ import annotations

from lxml import etree

from archive.document_account import account_of_rest
from archive.errors import UnreadableError
from archive.records import Article, Origin
from indexer.intake.office.package_files import PackageFiles, open_package
from indexer.intake.office.package_metadata import read_core_properties
from indexer.intake.office.text_blocks import LINE_BREAK, RunBlock, article_of, row_blocks

READER = "pptx"
READER_VERSION = 1

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
    blocks: list[RunBlock] = []
    _read_shapes(root, blocks, 0)
    # Titles come first, wherever the shape stands among the others.
    blocks.sort(key=lambda block: not block.is_heading)
    for kind, target in files.relations(part).values():
        notes = files.xml(target) if kind == "notesSlide" else None
        if notes is not None:
            own: list[RunBlock] = []
            _read_shapes(notes, own, 0)
            for block in own:
                block.is_heading = False
            blocks += own
    return [block for block in blocks if block.runs]


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _read_shapes(element: etree._Element, blocks: list[RunBlock], depth: int) -> None:
    """Read the texts of the shapes and tables below an element."""
    if depth > _DEEPEST:
        raise UnreadableError("is nested too deeply")
    for child in element:
        name = _local(child)
        if name == "sp":
            place = child.find("{*}nvSpPr/{*}nvPr/{*}ph")
            kind = (place.get("type") or "") if place is not None else ""
            if kind not in _FURNITURE:
                blocks += _paragraphs(child, kind in _TITLES)
        elif name == "tr":
            blocks += row_blocks([_paragraphs(cell, False) for cell in child.iterfind("{*}tc")])
        elif name == "AlternateContent":
            choices = [part for part in child if _local(part) == "Choice"] or list(child)
            if choices:
                _read_shapes(choices[0], blocks, depth + 1)
        elif name:
            _read_shapes(child, blocks, depth + 1)


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
