"""What people are told of where an original came from."""

from __future__ import annotations

from pathlib import PurePosixPath

from archive.changes import Version


def original_name(version: Version) -> str:
    """The original's name without its folders: they are the operator's business."""
    return PurePosixPath(version.origin.source.replace("\\", "/")).name
