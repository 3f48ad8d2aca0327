"""The blocks of an article's elements in reading order: paragraphs, headings, captions, bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from bs4.element import NavigableString, PreformattedString, Tag

from indexer.intake.html.class_patterns import (
    BLOCKS,
    HEADINGS,
    holds,
    inside,
    is_byline,
    is_caption,
    is_centred,
    is_credit,
    is_date,
    is_right,
)
from indexer.intake.html.text_density import Measures
from indexer.vietnamese.normalization import canonical

_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_HEADING = 200
_LONGEST_CAPTION = 600
_LONGEST_BYLINE = 120
_LONGEST_DATE = 60
_BOLD = frozenset(("strong", "b"))
_ITALIC = frozenset(("em", "i"))
_TIMES = frozenset(("time",))
_PICTURES = frozenset(("img", "picture", "amp-img"))
_BREAKS = BLOCKS | {"br"}


class BlockKind(Enum):
    """What a block of text is on its page."""

    PARAGRAPH = "paragraph"
    BOLD = "bold"
    HEADING = "heading"
    CAPTION = "caption"
    CREDIT = "credit"
    BYLINE = "byline"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of text on the page; `right` when it is set at the right, as names are."""

    kind: BlockKind
    text: str
    right: bool = False


def words_of(tag: Tag) -> str:
    """The text of an element in canonical form, blanks collapsed."""
    joint = " " if holds(tag, _BREAKS) else ""
    return " ".join(canonical(tag.get_text(joint)).split())


def read_blocks(container: Tag, measures: Measures, lead: Tag | None) -> Iterator[Block]:
    """The blocks of text inside an element; the lead's own element is passed over."""
    return _Reader(measures, lead).read(container)


class _Reader:
    """Walks an element; text that flows between blocks gathers until the next block."""

    def __init__(self, measures: Measures, lead: Tag | None) -> None:
        self._measures, self._lead = measures, lead
        self._inline: list[tuple[str, bool]] = []
        self._after_picture = False

    def read(self, container: Tag) -> Iterator[Block]:
        waiting: list[object] = [*reversed(container.contents)]
        while waiting:
            node = waiting.pop()
            if isinstance(node, PreformattedString) or node is self._lead:
                continue
            if node is _END:
                yield from self._flushed()
            elif isinstance(node, NavigableString):
                self._inline.append((str(node), False))
            elif isinstance(node, Tag):
                yield from self._tag(node, waiting)
        yield from self._flushed()

    def _tag(self, tag: Tag, waiting: list[object]) -> Iterator[Block]:
        if tag.name in ("br", "hr", "header"):
            yield from self._flushed()
        elif (named := self._named(tag)) is not None:
            yield from self._flushed()
            yield from named
        elif tag.name in BLOCKS:
            yield from self._flushed()
            if holds(tag, _BREAKS):
                waiting += [_END, *reversed(tag.contents)]
            else:
                yield from self._leaf(tag)
        elif holds(tag, BLOCKS):
            waiting += reversed(tag.contents)
        else:
            self._inline.append((tag.get_text(), tag.name in _BOLD))
            self._after_picture |= tag.name in _PICTURES or holds(tag, _PICTURES)

    def _named(self, tag: Tag) -> tuple[Block, ...] | None:
        """The block that an element's name or shape makes it, or None for ordinary text."""
        length = self._measures[tag].text
        if not 0 < length < _LONGEST_CAPTION:
            return None
        if is_credit(tag):
            return _made(BlockKind.CREDIT, tag)
        if _is_caption(tag):
            return _made(BlockKind.CAPTION, tag)
        if is_byline(tag) and length <= _LONGEST_BYLINE:
            return _made(BlockKind.BYLINE, tag)
        if _is_picture(tag, length):
            return _made(BlockKind.CAPTION, tag)
        return None

    def _leaf(self, tag: Tag) -> Iterator[Block]:
        text = words_of(tag)
        if not _LETTER.search(text):
            self._after_picture |= holds(tag, _PICTURES)
            return
        after_picture, self._after_picture = self._after_picture, False
        right = is_right(tag)
        if _wholly(tag, _TIMES) or (is_date(tag) and len(text) <= _LONGEST_DATE):
            return
        if len(text) <= _LONGEST_BYLINE and any(is_byline(one) for one in inside(tag)):
            yield Block(BlockKind.BYLINE, text)
        elif tag.name in HEADINGS:
            yield Block(BlockKind.HEADING, text)
        elif after_picture and len(text) < _LONGEST_CAPTION and _wholly(tag, _ITALIC):
            yield Block(BlockKind.CAPTION, text)
        elif after_picture and len(text) < _LONGEST_HEADING and is_centred(tag):
            yield Block(BlockKind.CAPTION, text)
        elif _wholly(tag, _BOLD):
            yield Block(BlockKind.BOLD, text, right)
        else:
            yield Block(BlockKind.PARAGRAPH, text, right)

    def _flushed(self) -> Iterator[Block]:
        """The text that has gathered, as a block."""
        pieces, self._inline = self._inline, []
        text = " ".join(canonical("".join(piece for piece, _ in pieces)).split())
        if _LETTER.search(text):
            bold = all(strong for piece, strong in pieces if piece.strip())
            yield Block(BlockKind.BOLD if bold else BlockKind.PARAGRAPH, text)
            self._after_picture = False


_END = object()


def _made(kind: BlockKind, tag: Tag) -> tuple[Block, ...]:
    text = words_of(tag)
    return (Block(kind, text),) if _LETTER.search(text) else ()


def _is_caption(tag: Tag) -> bool:
    if not is_caption(tag) or tag.name in ("img", "body", "main", "article", "section"):
        return False
    # A box around a picture and its caption and credit is opened, so that each is told apart.
    return not _holds_caption(tag)


def _holds_caption(tag: Tag) -> bool:
    return any(is_caption(inner) or is_credit(inner) for inner in islice(inside(tag), 30))


def _is_picture(tag: Tag, length: int) -> bool:
    """Whether an element holds a picture and a few words that can only be about it."""
    if tag.name not in ("table", "figure", "p", "div", "center") or not holds(tag, _PICTURES):
        return False
    if _holds_caption(tag):
        return False
    if tag.name in ("table", "figure"):
        return True
    return _wholly(tag, _ITALIC) or (tag.name == "p" and length < 200 and is_centred(tag))


def _wholly(tag: Tag, names: frozenset[str]) -> bool:
    """Whether all the text of an element stands inside elements of these names."""
    found = False
    for text in tag.descendants:
        if type(text) is not NavigableString or not _LETTER.search(text):
            continue
        found = True
        above = text.parent
        while above is not None and above.name not in names:
            if above is tag:
                return False
            above = above.parent
    return found
