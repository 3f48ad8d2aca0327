"""Readers' comments that only their heading tells: `Ý kiến bạn đọc (30)`, `12 bình luận`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from bs4.element import Tag

from indexer.intake.markup.class_patterns import BLOCKS, BODY
from indexer.intake.markup.text_density import TextDensities

_WORDS = (
    r"(?:ý kiến|bình luận|nhận xét|phản hồi)(?: (?:của )?(?:bạn đọc|độc giả|người đọc))?"
    r"|comments?|responses?|replies|kommentare?|commentaires?|comentarios?"
)
_COUNTED = re.compile(
    rf"(?:(?:tất cả )?\d{{1,6}}\s(?:{_WORDS})"
    rf"|(?:{_WORDS})\s{{0,2}}[(\[:]\s?\d{{1,6}}\s?[)\]]?)\s?:?",
    re.IGNORECASE,
)
_UNCOUNTED = re.compile(rf"(?:{_WORDS})\s?:?", re.IGNORECASE)
_ANSWERS = re.compile(
    r"(?:trả lời|thích|reply|like|antworten|répondre|responder)(?:\s\(?\d{1,6}\)?)?", re.IGNORECASE
)
"""The buttons below a comment."""

_LONGEST_HEADING = 40
_MOST_HEADINGS = 20
_MOST_TEXTS = 400
_LEAST_ANSWERS = 2
_LEAST_BEFORE = 100
"""Characters of prose above comments without which they are the page itself."""


def remove_discussions(densities: TextDensities) -> None:
    """Remove readers' comments below a heading that counts them, or that buttons show to be so.

    They stand below the article: what holds the page's heading or its named body stays.
    """
    headings = islice(_headings(densities), _MOST_HEADINGS)
    for heading, is_counted in list(headings):
        if densities[heading].is_removed or _prose_before(heading, densities) < _LEAST_BEFORE:
            continue
        parts = _parts_below(heading, densities)
        if parts and (is_counted or _has_answers(parts)):
            for part in parts:
                densities.remove(part)


def _headings(densities: TextDensities) -> Iterator[tuple[Tag, bool]]:
    """Yield the elements that hold nothing but such a heading, and whether it has a count."""
    for string in densities.strings:
        text = " ".join(string.split()) if len(string) <= 2 * _LONGEST_HEADING else ""
        if not 0 < len(text) <= _LONGEST_HEADING or string.parent is None:
            continue
        tag = string.parent
        while tag.parent is not None and tag.name not in BLOCKS:
            tag = tag.parent
        if tag.name == "a" or densities[tag].text > _LONGEST_HEADING:
            continue
        if len(text) < densities[tag].text:
            text = " ".join(tag.get_text(" ").split())
        if _COUNTED.fullmatch(text):
            yield tag, True
        elif _UNCOUNTED.fullmatch(text):
            yield tag, False


def _prose_before(heading: Tag, densities: TextDensities) -> int:
    """Return the prose of a page above an element."""
    order = densities[heading].order
    return sum(density.own for tag in densities.tags if (density := densities[tag]).order < order)


def _parts_below(heading: Tag, densities: TextDensities) -> list[Tag]:
    """Return a heading's box and what follows in the same box; none if that is the article."""
    box = heading
    while box.parent is not None and _begins(box.parent, box):
        box = box.parent
    parts = [box]
    if box is heading:
        parts += (part for part in heading.next_siblings if isinstance(part, Tag))
    content = {densities[tag].order for tag in densities.tagged("h1")}
    content |= {densities[tag].order for tag in densities.named(BODY)}
    for part in parts:
        density = densities[part]
        if part.name in ("body", "html", "main") or any(
            density.order <= order <= density.last for order in content
        ):
            return []
    return parts


def _begins(box: Tag, inner: Tag) -> bool:
    """Tell whether an element is the first in a box that shows anything."""
    before = (part for part in inner.previous_siblings)
    return box.name not in ("body", "html", "main", "article") and not any(
        part.get_text().strip() if isinstance(part, Tag) else str(part).strip() for part in before
    )


def _has_answers(parts: list[Tag]) -> bool:
    """Tell whether there are buttons below comments, as no text has them."""
    texts = (text for part in parts for text in part.stripped_strings)
    answers = sum(_ANSWERS.fullmatch(text) is not None for text in islice(texts, _MOST_TEXTS))
    return answers >= _LEAST_ANSWERS
