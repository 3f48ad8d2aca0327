"""Names of the problems of reading, as commands say them."""

from __future__ import annotations

from collections.abc import Mapping

from web.cli.translated_output import number, translate

PROBLEM_KINDS = {
    "complete": "complete",
    "partial": "read in part",
    "needs-ocr": "without words (needs OCR)",
    "encrypted": "encrypted",
    "damaged": "damaged",
    "unsupported": "not supported",
    "text": "less than half of the prose kept",
    "dates": "dates not understood",
    "keys": "keys not read",
    "bytes": "bytes replaced",
}
"""Names of the problems of reading, by the kind that options and JSON have."""


def shown_counts(counts: Mapping[str, int]) -> str:
    """Return the counts of documents by the kind of their problem in one line."""
    return ", ".join(
        f"{translate(PROBLEM_KINDS.get(kind, kind))} {number(count)}"
        for kind, count in counts.items()
    )
