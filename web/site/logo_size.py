"""The size of an owner's logo, so that a page keeps its place while it loads."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from archive.errors import ArchiveError
from archive.files.plain_files import open_plain_file

LARGEST_LOGO = 1 << 20
"""Bytes of a logo that are read and sent."""

LOGO_HEIGHT = 32
"""Pixels that a logo is high on a page."""

_WIDEST = 40 * LOGO_HEIGHT
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(?:px|pt|mm|cm|in|pc)?\s*")


def logo_width(path: Path) -> int:
    """Return the pixels that a logo is wide where it is `LOGO_HEIGHT` high; 0 if it does not say.

    What cannot be read as a picture is shown as browsers show it.
    """
    try:
        with open_plain_file(path) as file:
            data = file.read(LARGEST_LOGO)
        width, height = _svg_sides(data) if path.suffix.lower() == ".svg" else _sides(data)
        shown = round(width * LOGO_HEIGHT / height) if width > 0 and height > 0 else 0
    except (OSError, ArchiveError, ValueError, SyntaxError, OverflowError):
        return 0
    return shown if shown <= _WIDEST else 0


def _sides(data: bytes) -> tuple[float, float]:
    # Imported where it is needed: the library takes its time, and most commands show no logo.
    from indexer.intake.pictures.stated_size import stated_sides

    return stated_sides(data)


def _svg_sides(data: bytes) -> tuple[float, float]:
    """Return the sides that a drawing states in one unit, else those of its view box."""
    _, root = next(ElementTree.iterparse(BytesIO(data), ["start"]))
    lengths = [_LENGTH.fullmatch(root.get(name, "")) for name in ("width", "height")]
    if all(lengths):
        width, height = (float(length[1]) for length in lengths if length)
        return width, height
    box = root.get("viewBox", "").replace(",", " ").split()
    return (float(box[2]), float(box[3])) if len(box) == 4 else (0, 0)
