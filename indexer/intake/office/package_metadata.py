"""The statements of OOXML documents about themselves: `docProps/core.xml`."""

from __future__ import annotations

import re

from archive.errors import UnreadableError
from indexer.intake.office.package_files import PackageFiles
from indexer.intake.office.text_blocks import DocumentHead

_PROGRAM_TITLE = re.compile(
    r"^(?:microsoft|untitled|slide \d|powerpoint|presentation|bản trình bày)|"
    r"\.(?:docx?|pdf|rtf|odt|xlsx?|pptx?|txt)$|^\W*$",
    re.IGNORECASE,
)


def read_core_properties(files: PackageFiles) -> DocumentHead:
    """Return the title that a package states, unless a program made it up."""
    targets = files.relations("").values()
    part = next((target for kind, target in targets if kind == "core-properties"), "")
    try:
        root = files.xml(part) if part else None
    except UnreadableError:
        root = None
    stated = root.find("{*}title") if root is not None else None
    title = (stated.text or "").strip() if stated is not None else ""
    return DocumentHead("" if _PROGRAM_TITLE.search(title) else title)
