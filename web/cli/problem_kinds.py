"""Names of the problems of reading, as commands say them."""

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
