"""Addresses of drawn pictures: with the digest of what is drawn, so that browsers keep them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flask import url_for

from archive.originals.picture_cache import PictureCache
from indexer.intake.pictures.picture_sizes import PictureSize, drawn_sides
from web.addresses.parameters import text_parameter
from web.services import current_archive

DIGEST_LENGTH = 16
"""Digits of a digest in the address of a picture."""

DRAWING_VERSION = 1
"""Raised when the same bytes are drawn otherwise: no picture of before is sent again."""

_LONGEST_SIDES = frozenset(size.longest_side for size in PictureSize)

PICTURE_DIGEST = text_parameter(
    "v",
    "The first digits of the digest of what is drawn.",
    allowed=re.compile("[0-9a-f]+").fullmatch,
)

A4_PAGE = (905, 1280)
"""Width and height of a large picture of a page whose own are not known yet."""


PHOTOGRAPH = (3, 2)
"""The sides of a picture whose own are not known yet."""


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture in a page: its address, and the width and height that it takes, in pixels."""

    url: str
    width: int
    height: int


def cached_name(digest: str, number: int, size: PictureSize) -> str:
    """Return the name of a picture in the cache; a number is that of a page, 0 for a picture."""
    return f"{digest[:40]}-{number}-{size.value}-{DRAWING_VERSION}.webp"


def page_picture(
    identifier: str, digest: str, number: int, size: PictureSize, version: int | None = None
) -> ShownPicture:
    """Return the picture of a page of a document.

    Args:
        identifier: The article.
        digest: The SHA-256 of its original.
        number: The page, from 1.
        size: How large.
        version: The version of the article; None is the newest.
    """
    url = url_for(
        "document_pages.picture",
        identifier=identifier,
        number=number,
        size=size.value,
        version=version,
        v=digest[:DIGEST_LENGTH],
        lang=None,
    )
    return _in_size(url, _sides(identifier, digest, number) or A4_PAGE, size)


def captured_picture(
    identifier: str,
    digest: str,
    number: int,
    size: PictureSize,
    ratio: tuple[int, int] | None = None,
    *,
    version: int | None = None,
) -> ShownPicture:
    """Return a picture of a saved page; as `page_picture`.

    Args:
        identifier: The article.
        digest: That of the picture.
        number: Its place among the article's pictures, from 1.
        size: How large.
        ratio: The sides that its page gives it, where it says so.
        version: The version of the article; None or 0 is the newest.
    """
    url = url_for(
        "article_pictures.picture",
        identifier=identifier,
        number=number,
        size=size.value,
        version=version or None,
        v=digest[:DIGEST_LENGTH],
        lang=None,
    )
    drawn = _sides(identifier, digest, 0)
    if drawn and max(drawn) < size.longest_side and max(drawn) not in _LONGEST_SIDES:
        return _scaled(url, drawn, 1)  # drawn smaller than it might be: the whole original
    shown = _in_size(url, drawn or ratio or PHOTOGRAPH, size)
    # No larger than the original has it.
    is_small = ratio is not None and ratio[0] < shown.width
    return replace(shown, width=ratio[0], height=ratio[1]) if ratio and is_small else shown


def _in_size(url: str, sides: tuple[int, int], size: PictureSize) -> ShownPicture:
    scale = size.longest_side / max(sides)
    return _scaled(url, sides, scale)


def _scaled(url: str, sides: tuple[int, int], scale: float) -> ShownPicture:
    return ShownPicture(url, max(1, round(sides[0] * scale)), max(1, round(sides[1] * scale)))


def is_undrawable(identifier: str, digest: str) -> bool:
    """Tell whether a picture of a saved page turned out to be none that can be drawn."""
    return b"" in _drawn_heads(identifier, digest, 0)


def _sides(identifier: str, digest: str, number: int) -> tuple[int, int] | None:
    """Return the sides of a picture that was drawn already, in any size."""
    sides = map(drawn_sides, _drawn_heads(identifier, digest, number))
    return next(filter(all, sides), None)


def _drawn_heads(identifier: str, digest: str, number: int) -> list[bytes]:
    """Return the first bytes of a picture in the sizes that it was drawn in, the largest first."""
    cache = PictureCache(current_archive().store.home)
    names = [cached_name(digest, number, size) for size in (PictureSize.LARGE, PictureSize.SMALL)]
    heads = [cache.read_head(identifier, name) for name in names]
    return [head for head in heads if head is not None]
