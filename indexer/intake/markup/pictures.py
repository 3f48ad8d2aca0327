"""The pictures in the main content of a page, each with the caption that follows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from bs4.element import Tag

from archive.captured_picture import PLACE_LENGTH, CapturedPicture
from archive.passages import passage_digest
from archive.records import sha256
from indexer.vietnamese.normalization import canonical

MOST_PICTURES = 60
"""Pictures of one article that are kept."""

PICTURE_TAGS = frozenset(("img", "amp-img"))

LEAST_SIDE = 60
"""Pixels that a page gives a picture; what has less is an icon or counts visitors."""

_LONGEST_ADDRESS = 2000
LONGEST_ALT = 300
"""Characters of the text in the place of a picture that are kept."""

_MOST_ADDRESSES = 6
_KEY_LENGTH = 16
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
"""Where pages name a picture; those that a script of theirs would load come first."""

_CANDIDATES = ("data-srcset", "srcset")
_EMBEDDED = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp);base64,", re.IGNORECASE)
_SHORTEST_EMBEDDED = 800
"""Characters of an embedded picture; shorter ones hold a place until a script has run."""

_BLANKS = re.compile(r"(?:\s|%0[AaDd]|%20)+")


class PictureList:
    """The pictures of a page so far, in order; captions belong to those just before them.

    Attributes:
        pictures: The pictures.
    """

    def __init__(self) -> None:
        self.pictures: list[CapturedPicture] = []
        self._without_caption = 0
        self._last_text = ""

    def add_pictures(self, tag: Tag) -> None:
        """Add the pictures in an element, or the element itself."""
        tags = [tag] if tag.name in PICTURE_TAGS else tag.find_all(list(PICTURE_TAGS))
        for each in tags:
            picture = _read_picture(each)
            is_new = picture is not None and not self._has(picture)
            if picture is not None and is_new and len(self.pictures) < MOST_PICTURES:
                self.pictures.append(replace(picture, follows=picture_place(self._last_text)))

    def add_caption(self, text: str) -> None:
        """Give a caption to the pictures since the last text."""
        for place in range(self._without_caption, len(self.pictures)):
            if not self.pictures[place].caption:
                self.pictures[place] = replace(self.pictures[place], caption=text)

    def end_captions(self, text: str) -> None:
        """Note that other text follows: later captions are none of these pictures'."""
        self._without_caption = len(self.pictures)
        self._last_text = text

    def _has(self, picture: CapturedPicture) -> bool:
        """Tell whether a picture is among those so far, in this size or another."""
        names = {*picture.addresses, picture.embedded} - {""}
        return any(names & {*each.addresses, each.embedded} for each in self.pictures)


def picture_place(text: str) -> str:
    """Return what names the place below a text; empty for none."""
    return passage_digest(text)[:PLACE_LENGTH] if text else ""


def _read_picture(tag: Tag) -> CapturedPicture | None:
    """Return the picture of an element; None for icons and for what has no address."""
    width, height = _pixels(tag.get("width")), _pixels(tag.get("height"))
    if 0 < width < LEAST_SIDE or 0 < height < LEAST_SIDE:
        return None
    addresses = tuple(dict.fromkeys(_addresses(tag)))[:_MOST_ADDRESSES]
    embedded = next(filter(None, (embedded_key(_text(tag, name)) for name in _SOURCES)), "")
    if not addresses and not embedded:
        return None
    alt = " ".join(canonical(_text(tag, "alt")).split())[:LONGEST_ALT]
    has_sides = width and height
    return CapturedPicture(
        addresses, embedded, alt, "", width if has_sides else 0, height if has_sides else 0
    )


def embedded_key(address: str) -> str:
    """Return the key of a picture that an address holds itself; empty for any other address."""
    head = _EMBEDDED.match(address.strip()[:60])
    if head is None or len(address) < _SHORTEST_EMBEDDED:
        return ""
    return sha256(embedded_content(address).encode())[:_KEY_LENGTH]


def embedded_content(address: str) -> str:
    """Return the base64 of an address that holds a picture, without blanks."""
    return _BLANKS.sub("", address.partition(",")[2])


def _addresses(tag: Tag) -> Iterator[str]:
    candidates = [text.split() for name in _CANDIDATES for text in _text(tag, name).split(", ")]
    for name in _SOURCES:
        yield from _usable(_text(tag, name))
    # The last candidates are the largest.
    for parts in reversed(candidates[:50]):
        if parts:
            yield from _usable(parts[0].rstrip(","))


def _usable(address: str) -> Iterator[str]:
    address = address.strip()
    if address and len(address) <= _LONGEST_ADDRESS and address[:5].lower() != "data:":
        yield address


def _text(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return value if isinstance(value, str) else ""


def _pixels(value: object) -> int:
    """Return a number of pixels; 0 for shares and for what is no number."""
    text = value.strip().removesuffix("px") if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else 0
