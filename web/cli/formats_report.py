"""Printing the formats: which are read, by what, and what is missing for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass

from indexer.intake.containers.opening import CONTAINERS
from indexer.intake.media_types import NAMES
from indexer.intake.ocr.tesseract import OcrMissingError, find_tesseract
from indexer.intake.registry import READERS_BY_TYPE
from web.cli.printed_output import print_json, print_line
from web.cli.translated_output import say, translate

CONTAINER = "container"
CONTAINER_VERSION = 1
"""The reader of formats that only hold other documents."""

_UNSUPPORTED = "unsupported"
"""The reader that keeps documents without reading them."""


@dataclass(frozen=True, slots=True)
class FormatRow:
    """One format: its media type, what people call it, and its reader, if there is one.

    Attributes:
        reader: Empty where the format is known by its type and not read.
        version: That of the reader.
        missing: What is to be installed before the reader can run here.
        ocr: What recognises words in its pictures here, or is to be installed for that; empty for
            formats without pages.
    """

    media_type: str
    name: str
    reader: str = ""
    version: int = 0
    missing: tuple[str, ...] = ()
    ocr: str = ""


def print_formats(as_json: bool) -> None:
    """Print a line for each format that is read; as JSON also those that are not."""
    rows = sorted(_rows(), key=lambda row: (not row.reader, row.media_type))
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    for row in rows:
        if row.reader:
            state = translate(f"needs {', '.join(row.missing)}" if row.missing else "ready")
            state = translate("kept, not read") if row.reader == _UNSUPPORTED else state
            state = f"{state}; OCR: {translate(row.ocr)}" if row.ocr else state
            print_line(f"{row.media_type:<72} {row.reader:<10} {row.version:>2}  {state}")
    unread = sum(not row.reader for row in rows)
    say(f"{unread} other formats are known and skipped by their names; see --json")


def _rows() -> Iterator[FormatRow]:
    ocr = _describe_ocr()
    for media_type, name in NAMES.items():
        reader = READERS_BY_TYPE.get(media_type)
        if reader is None and media_type in CONTAINERS:
            yield FormatRow(media_type, name, CONTAINER, CONTAINER_VERSION)
        elif reader is None:
            yield FormatRow(media_type, name)
        else:
            pages = ocr if reader.page_counter else ""
            yield FormatRow(media_type, name, reader.name, reader.version, reader.missing, pages)


def _describe_ocr() -> str:
    """Return the program that recognises words in pictures here, or what is to be installed."""
    try:
        return find_tesseract().label
    except OcrMissingError as error:
        return f"needs {', '.join(error.missing)}"
