"""Parts of an article: one that is too long for a page is shown and sent in parts.

A part holds about `LONGEST_PART` characters of lead, sections and captions; a section that goes
on in the next part has its heading there, too, and a longer paragraph is split at blanks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from archive.records import Article, Caption, Section
from indexer.search.present.highlighter import MOST_TEXT

LONGEST_PART = MOST_TEXT
"""Characters of a part, about: hits are in what is searched for them, the first part."""

_PARAGRAPH_COST = 80
"""Characters that a paragraph costs besides its text: a page of short ones is long, too."""


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """One part of an article.

    Attributes:
        article: the article with the lead, sections and captions of the part alone.
        number: the number of the part, of `count`; they begin at 1.
        first_section: the number of its first section.
    """

    article: Article
    number: int = 1
    count: int = 1
    first_section: int = 1

    @property
    def contents(self) -> list[tuple[int, str, bool]]:
        """The number and the heading, or the locator, of each section that has one.

        The third value is whether it is an article (Điều) within a chapter of a legal document.
        """
        contents: list[tuple[int, str, bool]] = []
        is_inside = False
        for number, section in self.numbered_sections:
            is_part = bool(section.heading and not section.paragraphs)
            is_inside = bool(self.article.legal) and (is_inside or is_part)
            if heading := section.heading_line or section.locator:
                contents.append((number, heading, is_inside and not is_part))
        return contents

    @property
    def numbered_sections(self) -> Iterator[tuple[int, Section]]:
        """The sections with their numbers."""
        return enumerate(self.article.sections, self.first_section)


class _PartItem(NamedTuple):
    """One text of an article.

    Attributes:
        cost: the characters that it costs.
        section: the number of its section; 0 is the lead, and captions come after the last one.
        text: the text; None of a section without paragraphs.
        credit: that of a caption.
    """

    cost: int
    section: int
    text: str | None
    credit: str = ""


def article_part(article: Article, number: int = 1, section: int = 0) -> ArticlePart:
    """Return one part of an article; a number beyond the last is that of the last.

    Args:
        article: the whole article.
        number: the number of the part.
        section: the number of a section: the part in which it begins is returned instead.
    """
    items = list(_items(article))
    if sum(item.cost for item in items) <= LONGEST_PART:
        return ArticlePart(article)
    groups = list(_group(items))
    if section:
        sections = [max(item.section for item in group) for group in groups]
        number = next((place for place, last in enumerate(sections, 1) if section <= last), number)
    number = min(max(1, number), len(groups))
    return replace(_part(article, groups[number - 1]), number=number, count=len(groups))


def _items(article: Article) -> Iterator[_PartItem]:
    """Yield the texts of an article, none longer than a part."""
    for piece in _pieces(article.lead):
        yield _PartItem(len(piece), 0, piece)
    for number, section in enumerate(article.sections, 1):
        cost = len(section.heading_line) + _PARAGRAPH_COST
        if not section.paragraphs:
            yield _PartItem(cost, number, None)
        for piece in (piece for text in section.paragraphs for piece in _pieces(text)):
            yield _PartItem(cost + len(piece), number, piece)
            cost = _PARAGRAPH_COST
    for caption in article.captions:
        for piece in _pieces(caption.text):
            cost = len(piece) + len(caption.credit) + _PARAGRAPH_COST
            yield _PartItem(cost, len(article.sections) + 1, piece, caption.credit)


def _group(items: Sequence[_PartItem]) -> Iterator[list[_PartItem]]:
    """Yield the items of each part."""
    group: list[_PartItem] = []
    spent = 0
    for item in items:
        if group and spent + item.cost > LONGEST_PART:
            yield group
            group, spent = [], 0
        group.append(item)
        spent += item.cost
    yield group


def _part(article: Article, group: Sequence[_PartItem]) -> ArticlePart:
    """Return the part of an article with some of its texts."""
    texts = {number: list(items) for number, items in groupby(group, key=lambda item: item.section)}
    leads = texts.pop(0, [])
    captions = texts.pop(len(article.sections) + 1, [])
    sections = tuple(
        replace(
            article.sections[number - 1],
            paragraphs=tuple(item.text for item in items if item.text is not None),
        )
        for number, items in texts.items()
    )
    return ArticlePart(
        replace(
            article,
            lead=" ".join(item.text or "" for item in leads),
            sections=sections,
            captions=tuple(Caption(item.text or "", item.credit) for item in captions),
        ),
        first_section=min(texts, default=1 if leads else len(article.sections) + 1),
    )


def _pieces(text: str) -> list[str]:
    """Return a text in pieces that fit in a part, split at blanks where there are any."""
    pieces = []
    while len(text) > LONGEST_PART:
        end = text.rfind(" ", LONGEST_PART // 2, LONGEST_PART)
        cut = LONGEST_PART if end < 0 else end
        pieces.append(text[:cut])
        text = text[cut if end < 0 else end + 1 :]
    return [*pieces, text]
