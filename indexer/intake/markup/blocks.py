"""Text blocks of the main content in reading order: paragraphs, headings, captions, bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from bs4.element import NavigableString, PreformattedString, Tag

from indexer.intake.markup.class_patterns import (
    BLOCKS,
    BYLINE,
    CAPTION,
    CREDIT,
    DATE,
    HEADINGS,
    descendants,
    holds,
    is_centred,
    is_right,
)
from indexer.intake.markup.pictures import PictureList
from indexer.intake.markup.text_density import TextDensities
from indexer.vietnamese.normalization import canonical

_LETTER = re.compile(r"[^\W\d_]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LONGEST_CELL = 300
_MOST_PICTURE_ROWS = 3
"""Rows of a table that holds a picture and its caption, and is no table of figures."""

_CELLS = frozenset(("td", "th"))
_ITEMS = frozenset(("li", "td", "th", "dd", "dt"))
_NUMBERED = _ITEMS | HEADINGS | {"p", "blockquote", "pre"}
"""Tags whose text may be nothing but a number: a score, a telephone number."""

_LONGEST_HEADING = 200
_LONGEST_LINE = 100
_SHORTEST_PARAGRAPH = 80
_SENTENCE_ENDS = (".", "!", "…", ".”", '."', ".)")
_LONGEST_CAPTION = 600
_LONGEST_BYLINE = 120
_LONGEST_DATE = 60
_BOLD = frozenset(("strong", "b"))
_ITALIC = frozenset(("em", "i"))
_TIMES = frozenset(("time",))
_TABLES = frozenset(("table",))
_PICTURES = frozenset(("img", "picture", "amp-img"))
_BREAKS = BLOCKS | {"br"}


class BlockKind(Enum):
    """The part that a block of text plays on its page."""

    PARAGRAPH = "paragraph"
    BOLD = "bold"
    HEADING = "heading"
    CAPTION = "caption"
    CREDIT = "credit"
    BYLINE = "byline"


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A run of text between two breaks of a page.

    Attributes:
        kind: Its part.
        text: Its words.
        right: Whether it is set at the right, as names are.
        is_item: Whether it is an item of a list or a row of a table.
    """

    kind: BlockKind
    text: str
    right: bool = False
    is_item: bool = False


def words_of(tag: Tag) -> str:
    """Return the text of an element in canonical form, blanks collapsed."""
    joint = " " if holds(tag, _BREAKS) else ""
    return " ".join(canonical(tag.get_text(joint)).split())


def read_blocks(
    container: Tag, densities: TextDensities, lead: Tag | None, pictures: PictureList
) -> Iterator[TextBlock]:
    """Yield the blocks of text inside an element, without the lead's own element.

    Its pictures are added to a list on the way.
    """
    for block in _BlockReader(densities, lead, pictures).read(container):
        if block.kind is BlockKind.CAPTION:
            pictures.add_caption(block.text)
        elif block.kind is not BlockKind.CREDIT:
            pictures.end_captions(block.text)
        yield block


class _BlockReader:
    """A walk through an element that gathers the text between blocks until the next block.

    The stack holds the nodes to visit, the next one last; `_BLOCK_END` closes a block element, and
    `_BOLD_END` one that is set in bold over several lines.
    """

    def __init__(self, densities: TextDensities, lead: Tag | None, pictures: PictureList) -> None:
        self._densities, self._lead, self._pictures = densities, lead, pictures
        self._inline: list[tuple[str, bool]] = []
        self._bold = 0
        self._is_broken = False
        self._after_picture = False

    def read(self, container: Tag) -> Iterator[TextBlock]:
        stack: list[object] = [*reversed(container.contents)]
        while stack:
            node = stack.pop()
            if isinstance(node, PreformattedString) or node is self._lead:
                continue
            if node is _BLOCK_END:
                yield from self._flush()
                self._is_broken = False
            elif node is _BOLD_END:
                self._bold -= 1
            elif isinstance(node, NavigableString):
                self._inline.append((str(node), self._bold > 0))
            elif isinstance(node, Tag):
                yield from self._read_tag(node, stack)
        yield from self._flush()

    def _read_tag(self, tag: Tag, stack: list[object]) -> Iterator[TextBlock]:
        if tag.name in ("br", "hr", "header"):
            self._is_broken |= tag.name == "br"
            yield from self._flush()
            if tag.name == "header":
                yield from self._read_header(tag)
        elif (kind := self._named_kind(tag)) is not None:
            yield from self._flush()
            self._see_pictures(tag)
            text = words_of(tag)
            if _LETTER.search(text):
                yield TextBlock(kind, text)
        elif tag.name == "tr" and (row := _row_text(tag, self._densities)):
            yield from self._flush()
            yield TextBlock(BlockKind.PARAGRAPH, row, is_item=True)
        elif tag.name in BLOCKS:
            yield from self._flush()
            self._is_broken = False
            if holds(tag, _BREAKS):
                stack += [_BLOCK_END, *reversed(tag.contents)]
            else:
                self._see_pictures(tag)
                yield from self._read_leaf(tag)
        elif holds(tag, _BREAKS):
            if tag.name in _BOLD:
                self._bold += 1
                stack.append(_BOLD_END)
            stack += reversed(tag.contents)
        else:
            self._inline.append((tag.get_text(), self._bold > 0 or tag.name in _BOLD))
            self._see_pictures(tag)
            self._after_picture |= tag.name in _PICTURES or holds(tag, _PICTURES)

    def _read_header(self, header: Tag) -> Iterator[TextBlock]:
        """Yield the paragraphs in a header: of an article they are its first; a frame has none."""
        for tag in descendants(header):
            density = self._densities[tag]
            is_prose = tag.name == "p" and density.own >= _SHORTEST_PARAGRAPH
            if is_prose and not density.linked and tag is not self._lead and not _is_named(tag):
                yield TextBlock(BlockKind.PARAGRAPH, words_of(tag))

    def _see_pictures(self, tag: Tag) -> None:
        if tag.name in _PICTURES or holds(tag, _PICTURES):
            self._pictures.add_pictures(tag)

    def _named_kind(self, tag: Tag) -> BlockKind | None:
        """Return the kind of an element that is a caption, credit or byline, else None."""
        length = self._densities[tag].text
        if not 0 < length < _LONGEST_CAPTION:
            return None
        if CREDIT.matches(tag):
            return BlockKind.CREDIT
        if _is_caption(tag):
            return BlockKind.CAPTION
        if BYLINE.matches(tag) and length <= _LONGEST_BYLINE:
            return BlockKind.BYLINE
        return BlockKind.CAPTION if _is_captioned_picture(tag, length) else None

    def _read_leaf(self, tag: Tag) -> Iterator[TextBlock]:
        text = words_of(tag)
        pattern = _LETTER_OR_DIGIT if tag.name in _NUMBERED else _LETTER
        if not pattern.search(text):
            self._after_picture |= holds(tag, _PICTURES)
            return
        after_picture, self._after_picture = self._after_picture, False
        right = is_right(tag)
        if _is_wholly(tag, _TIMES) or (DATE.matches(tag) and len(text) <= _LONGEST_DATE):
            return
        if len(text) <= _LONGEST_BYLINE and any(map(BYLINE.matches, descendants(tag))):
            yield TextBlock(BlockKind.BYLINE, text)
        elif tag.name in HEADINGS and not _is_sentence(text):
            yield TextBlock(BlockKind.HEADING, text)
        elif after_picture and (
            (len(text) < _LONGEST_CAPTION and _is_wholly(tag, _ITALIC))
            or (len(text) < _LONGEST_HEADING and is_centred(tag))
        ):
            yield TextBlock(BlockKind.CAPTION, text)
        elif _is_wholly(tag, _BOLD):
            yield TextBlock(BlockKind.BOLD, text, right, tag.name in _ITEMS)
        else:
            yield TextBlock(BlockKind.PARAGRAPH, text, right, tag.name in _ITEMS)

    def _flush(self) -> Iterator[TextBlock]:
        """Yield the gathered text as a block, unless it holds no letter; nor a digit on a line."""
        pieces, self._inline = self._inline, []
        text = " ".join(canonical("".join(piece for piece, _ in pieces)).split())
        if (_LETTER_OR_DIGIT if self._is_broken else _LETTER).search(text):
            bold = all(strong for piece, strong in pieces if piece.strip())
            yield TextBlock(BlockKind.BOLD if bold else BlockKind.PARAGRAPH, text)
            self._after_picture = False


_BLOCK_END, _BOLD_END = object(), object()


def _is_named(tag: Tag) -> bool:
    """Tell whether an element is named as a caption, credit, byline or date."""
    return any(pattern.matches(tag) for pattern in (CAPTION, CREDIT, BYLINE, DATE))


def _is_sentence(text: str) -> bool:
    """Tell whether a heading is a paragraph that is only set as one."""
    return len(text) > _LONGEST_LINE and text.endswith(_SENTENCE_ENDS)


def _row_text(row: Tag, densities: TextDensities) -> str:
    """Return a row of a table of figures as one line; empty if its cells hold more than that."""
    cells = [cell for cell in row.contents if isinstance(cell, Tag) and cell.name in _CELLS]
    texts = [densities[cell].text for cell in cells]
    if len(cells) < 2 or max(texts) > _LONGEST_CELL or sum(map(bool, texts)) < 2:
        return ""
    if holds(row, _TABLES) or any(densities[cell].paragraphs for cell in cells):
        return ""
    line = " | ".join(words_of(cell) for cell in cells)
    return " ".join(line.split()) if _LETTER_OR_DIGIT.search(line) else ""


def _is_caption(tag: Tag) -> bool:
    is_named = CAPTION.matches(tag) and tag.name not in (
        "img",
        "body",
        "main",
        "article",
        "section",
    )
    # A box around a picture, its caption and its credit is opened to keep them apart.
    return is_named and not _holds_caption(tag)


def _holds_caption(tag: Tag) -> bool:
    return any(
        CAPTION.matches(inner) or CREDIT.matches(inner) for inner in islice(descendants(tag), 30)
    )


def _is_captioned_picture(tag: Tag, length: int) -> bool:
    """Tell whether an element holds a picture and a few words that can only be its caption."""
    is_box = tag.name in ("table", "figure", "p", "div", "center")
    if not is_box or not holds(tag, _PICTURES) or _holds_caption(tag):
        return False
    if tag.name == "table":
        return len(tag.find_all("tr", limit=_MOST_PICTURE_ROWS + 1)) <= _MOST_PICTURE_ROWS
    if tag.name == "figure":
        return True
    return _is_wholly(tag, _ITALIC) or (tag.name == "p" and length < 200 and is_centred(tag))


def _is_wholly(tag: Tag, names: frozenset[str]) -> bool:
    """Tell whether all the text of an element is inside elements of these tag names."""
    has_text = False
    for text in tag.descendants:
        if type(text) is not NavigableString or not _LETTER.search(text):
            continue
        has_text = True
        ancestor = text.parent
        while ancestor is not None and ancestor.name not in names:
            if ancestor is tag:
                return False
            ancestor = ancestor.parent
    return has_text
