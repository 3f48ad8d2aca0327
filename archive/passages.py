"""Passages of an article that an operator removed: known by their digests, taken out of every text.

The digest of a passage outlives it: whatever is read of the article later, the passage is taken out
again, and whoever has the passage can prove that it was removed.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from archive.records import Article, sha256

PASSAGES = "passages"
"""The name under which corrections hold the digests of removed passages."""

WITHDRAWN = "[…]"
"""The text in the place of a paragraph or heading that was removed."""

_PLACE = re.compile(r"s([0-9]{1,6})(?:\.([0-9]{1,6}))?|caption([0-9]{1,6})|lead", re.ASCII)


def passage_digest(text: str) -> str:
    """Return the SHA-256 of a passage, whatever blanks part its words."""
    return sha256(" ".join(text.split()).encode())


def passages_at(article: Article, place: str) -> tuple[str, ...]:
    """Return the texts at a place of an article; nothing where there is no such place.

    Args:
        article: the article.
        place: `s3` for a section with its heading, `s3.2` for its second paragraph, `lead`, or
            `caption1`.
    """
    match = _PLACE.fullmatch(place)
    if match is None:
        return ()
    if place == "lead":
        return tuple(filter(None, (article.lead,)))
    if match[3]:
        return tuple(caption.text for caption in article.captions[_at(match[3])])
    sections = article.sections[_at(match[1])]
    if match[2]:
        return tuple(text for section in sections for text in section.paragraphs[_at(match[2])])
    return tuple(
        text
        for section in sections
        for text in (section.heading, *section.paragraphs)
        if text and text != WITHDRAWN
    )


def without_passages(article: Article, digests: Collection[str]) -> Article:
    """Return an article without the passages of these digests."""
    if not digests:
        return article

    def left(text: str) -> str:
        return WITHDRAWN if text and passage_digest(text) in digests else text

    sections = tuple(
        replace(
            section,
            heading=left(section.heading),
            paragraphs=tuple(map(left, section.paragraphs)),
            page=0,
        )
        for section in article.sections
    )
    captions = tuple(
        caption for caption in article.captions if passage_digest(caption.text) not in digests
    )
    lead = "" if passage_digest(article.lead) in digests else article.lead
    # What a passage says stands on its page, and may stand in a picture or the words in its place.
    return replace(article, lead=lead, sections=sections, captions=captions, pictures=())


def _at(number: str) -> slice:
    """Return the slice of the one item with a number that counts from 1."""
    return slice(int(number) - 1, int(number)) if int(number) else slice(0, 0)
