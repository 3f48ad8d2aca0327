"""The pictures in RTF: PNG and JPEG in hexadecimal digits, or as they are."""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.captured_picture import CapturedPicture
from archive.records import sha256
from indexer.intake.office.text_blocks import office_picture

SHAPE_VALUES = frozenset(("sp", "sv"))
"""Destinations whose words are no text of the document, and whose pictures are shown in it."""

_FORMATS = frozenset(("pngblip", "jpegblip"))
_SIDES = ("picwgoal", "pichgoal")
_TWIPS_PER_PIXEL = 15
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_KEY_LENGTH = 16


@dataclass(slots=True)
class RtfPicture:
    """A picture that is being read: its words, and its content piece by piece."""

    is_drawable: bool = False
    sides: dict[str, int] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)

    def obey(self, word: str, number: int | None) -> None:
        """Do what a control word in the group of a picture says."""
        if word in _FORMATS:
            self.is_drawable = True
        elif word in _SIDES and number is not None:
            self.sides[word] = max(0, number) // _TWIPS_PER_PIXEL

    def add_digits(self, text: str) -> None:
        """Add content in hexadecimal digits."""
        self.pieces.append(text.encode("ascii", "replace"))

    def add_bytes(self, data: bytes) -> None:
        """Add content as it is."""
        self.pieces.append(data.hex().encode())

    @property
    def content(self) -> bytes:
        """The picture; empty where it is none that is drawn, or damaged."""
        if not self.is_drawable:
            return b""
        digits = b"".join(self.pieces)
        try:
            content = bytes.fromhex(digits.decode())
        except ValueError:
            return b""
        return content if content.startswith(_SIGNATURES) else b""

    def placed(self, content: bytes) -> list[CapturedPicture]:
        """Return the picture of a content as a list; an empty one for an icon."""
        width, height = (self.sides.get(side, 0) for side in _SIDES)
        return office_picture(picture_key(content), "", (width, height))


def picture_key(content: bytes) -> str:
    """Return the key of the picture of a content."""
    return sha256(content)[:_KEY_LENGTH]
