"""The record of a picture that an article shows: what its page calls it, not its bytes."""

from __future__ import annotations

from dataclasses import dataclass

PLACE_LENGTH = 16
"""Digits of the digest of a passage that tell where a picture stands."""


@dataclass(frozen=True, slots=True)
class CapturedPicture:
    """A picture in the main content of a page, or in a document or an e-mail.

    Attributes:
        addresses: Its addresses as the page writes them, the likeliest first.
        embedded: The key of its bytes where the original itself holds them; else empty.
        alt: The text in its place.
        caption: The text of the article's caption that belongs to it; empty for none.
        width: Pixels that the page gives it; 0 where it says nothing.
        height: Likewise.
        follows: The first digits of the digest of the passage that it stands below; empty where
            that is unknown.
    """

    addresses: tuple[str, ...] = ()
    embedded: str = ""
    alt: str = ""
    caption: str = ""
    width: int = 0
    height: int = 0
    follows: str = ""
