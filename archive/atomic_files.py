"""Small files replaced at once: after a crash they are the old ones or the new ones, whole."""

from __future__ import annotations

import os
from pathlib import Path

from archive.warc_files import sync_folder


def write_durably(path: Path, text: str) -> None:
    """Replace a file at once: after a crash it is the old one or the new one, whole."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)
