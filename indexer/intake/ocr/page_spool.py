"""The spool of recognised pages: what a killed run leaves, so that no page is read twice.

A file for each original below `ocr/` in the home, with a line of JSON for each page; it is removed
once the document is in the catalogue. A line that a kill left torn is read as none.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from archive.errors import DamagedError, StoreError, write_failures_as
from archive.files.json_records import decode_json_record
from archive.files.plain_files import append_to_plain_file, open_plain_file
from indexer.intake.ocr.recognized_lines import RecognizedWords

FOLDER = "ocr"
"""The folder of the spool in the home."""

_LARGEST_FILE = 512 << 20


class SpooledPage(msgspec.Struct, frozen=True):
    """The outcome of one page.

    Attributes:
        number: From 1.
        program: What recognised it (`Tesseract.label`).
        words: Its words.
        failure: Why it could not be recognised; empty where it could.
    """

    number: int
    program: str
    words: RecognizedWords = RecognizedWords()
    failure: str = ""


class PageSpool:
    """The spooled pages of one original.

    Args:
        home: The archive's home.
        digest: The SHA-256 of the original.
        program: What recognises now: pages of another program are passed over.
    """

    def __init__(self, home: Path, digest: str, program: str) -> None:
        self._path, self._program = home / FOLDER / f"{digest}.jsonl", program

    def read(self) -> dict[int, SpooledPage]:
        """Return the pages by number."""
        try:
            with open_plain_file(self._path) as file:
                lines = file.read(_LARGEST_FILE).split(b"\n")
        except OSError:
            return {}
        pages = (_spooled_page(line) for line in lines)
        return {page.number: page for page in pages if page and page.program == self._program}

    def append(self, page: SpooledPage) -> None:
        """Append a page.

        Raises:
            StoreError: the disk refuses it.
        """
        with write_failures_as(StoreError, self._path, (OSError,)):
            self._path.parent.mkdir(exist_ok=True)
            with append_to_plain_file(self._path) as file:
                # What a kill left torn ends here, and is a line of its own.
                file.write(b"\n" + msgspec.json.encode(page) + b"\n")

    def remove(self) -> None:
        """Remove the pages: the catalogue has them."""
        self._path.unlink(missing_ok=True)


def remove_unused_spools(home: Path, digests: frozenset[str]) -> None:
    """Remove the spools of originals other than some, which wait no longer."""
    folder = home / FOLDER
    for name in os.listdir(folder) if folder.is_dir() else ():
        if name.endswith(".jsonl") and name.removesuffix(".jsonl") not in digests:
            (folder / name).unlink(missing_ok=True)


def _spooled_page(line: bytes) -> SpooledPage | None:
    try:
        return decode_json_record(line, SpooledPage) if line else None
    except DamagedError:
        return None
