"""The kinds of file that articles are exported as, by the extension of their name."""

from __future__ import annotations

CSV, JSON_LINES, BIBTEX, RIS = "csv", "jsonl", "bib", "ris"

TEXT_KINDS = (CSV, JSON_LINES, BIBTEX, RIS)
"""The kinds that the pages have, too: each is text, and sent while it is made."""

PARQUET = "parquet"
"""The kind that the command line alone has: no part of such a file is of use before its end."""

KINDS = (*TEXT_KINDS, PARQUET)
