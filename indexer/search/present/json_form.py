"""Pages of results as plain JSON values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from archive.records import iso_date
from indexer.search.search_records import ResultPage


def to_json(page: ResultPage) -> dict[str, Any]:
    """Return a page as plain JSON values; its numbers are rounded to what they can tell."""
    record: dict[str, Any] = msgspec.to_builtins(page, builtin_types=(datetime,), str_keys=True)
    record["took_ms"] = round(page.took_ms, 1)
    for hit in record["hits"]:
        hit["score"] = round(hit["score"], 4)
        for article in (hit, *hit["near"]):
            published = article["published"]
            precision = article["published_precision"]
            article["published"] = published and iso_date(published, precision)
    return record
